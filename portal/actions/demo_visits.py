"""The demo office's sweep visits of October 2024: real schools and desa, invented dates and numbers."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta

from msgspec import Struct, field

from ..domain.accounts import LIAISON, Account
from ..domain.areas import OUTSIDE, Office
from ..domain.calendar import office_instant
from ..domain.follow_ups import BY_OFFICE
from ..domain.kit_checks import CHECKS
from ..domain.places import Buckets
from ..domain.visits import AFTERNOON, AGES, DONE, MORNING, PARTLY, RESULTS, WHOLE_DAY, Plan, Result
from ..storage import areas
from ..storage import follow_ups as kept_lines
from ..storage.database import Tx
from . import follow_ups, places, visits
from .sending import Sender


class Trip(Struct, frozen=True):
    """One visit: who planned it when, and what came of it. ``counts`` follow the order of the paper sheet."""

    place_code: str
    day: date
    by: str
    point_code: str = ""
    team: str = ""
    note: str = ""
    counts: Iterable[int] = ()
    homes: Mapping[str, int] = field(default_factory=dict)
    ages: tuple[int, ...] = ()
    """The recorded by age, where the team wrote it down."""
    cancelled: tuple[str, str] | None = None
    outcome: str = DONE
    session: str = WHOLE_DAY
    confirmed: bool = False
    takes_kit: bool = False
    checks: Mapping[str, str] | None = None
    """What failed at the check of the day before, with words; None when nobody tried yet."""
    revisits: str = ""
    """The place whose earlier visit this one comes back for."""
    joins: str = ""
    """The place whose visit of the day this one shares kits and team with."""
    proposed_on: date | None = None
    """A proposal of that day, which nobody has answered."""

    @property
    def planned_at(self) -> datetime:
        """Some working days before, but not before the trial."""
        if self.proposed_on:
            return office_instant(self.proposed_on, time(8, 40))
        ahead = max(self.day - timedelta(days=4), date(2024, 10, 8))
        return office_instant(min(ahead, date(2024, 10, 18)), time(9, 5 + self.day.day))

    @property
    def ended_at(self) -> datetime:
        """When the result, or the cancellation, was written down."""
        return office_instant(self.day, time(8, 50) if self.cancelled else time(15, self.day.day))

    @property
    def result(self) -> Result | None:
        """What the visit found; None for one without a result."""
        counts = dict(zip(RESULTS, self.counts, strict=False))
        if not counts:
            return None
        recorded = counts["recorded_from_list"] + counts["walk_in"]
        undetailed = recorded - sum(self.homes.values()) if self.homes else None
        ages = dict(zip(AGES, self.ages, strict=False))
        return Result(counts, self.homes, undetailed, "biometrik" if counts["failed"] else "", ages)


def _day(number: int) -> date:
    return date(2024, 10, number)


TRIPS = (
    # counts: eligible, recorded from the list, already, absent, refused, failed, outside, not yet 16, walk-in
    Trip(
        "npsn-20502725",
        _day(9),
        "penghubung",
        team="Tim 1",
        counts=(120, 67, 22, 17, 0, 2, 3, 9, 5),
        homes={"35.16.05": 49, "35.16.06": 12, OUTSIDE: 4},
    ),
    Trip(
        "npsn-20502727",
        _day(10),
        "penghubung",
        team="Tim 2",
        counts=(160, 75, 40, 21, 1, 3, 6, 14, 3),
        ages=(44, 24, 10),
        homes={"35.16.13": 38, "35.16.11": 11, "35.16.12": 9, "35.16.16": 2, OUTSIDE: 15},
    ),
    Trip(
        "npsn-20549916",
        _day(11),
        "kemlagi",
        "kec-35.16.15",
        cancelled=("jaringan", "Jaringan putus sejak pagi. Dijadwalkan lagi 23 Oktober."),
    ),
    Trip(
        "desa-35.16.01.2001",
        _day(12),
        "jatirejo",
        "kec-35.16.01",
        note="Di balai desa.",
        counts=(46, 27, 10, 8, 0, 1, 0, 0, 6),
        homes={"35.16.01": 33},
    ),
    Trip(
        "tanpa-amanatul-ummah-pacet",
        _day(13),
        "pacet",
        "kec-35.16.03",
        note="Hari Minggu, agar tidak mengganggu pelajaran.",
        counts=(180, 63, 48, 12, 0, 4, 31, 22, 0),
        homes={"35.16.03": 6, "35.16.02": 3, OUTSIDE: 54},
    ),
    Trip(
        "npsn-20502715",
        _day(14),
        "mojosari",
        "kec-35.16.08",
        team="Tim 1",
        note="Satu dari lima siswa tidak hadir.",
        counts=(150, 79, 24, 30, 1, 3, 4, 9, 4),
        ages=(45, 22, 16),
        homes={"35.16.08": 41, "35.16.06": 17, "35.16.05": 9, "35.16.10": 6, "35.16.07": 5, OUTSIDE: 5},
    ),
    Trip(
        "rumah-35.16.15",
        _day(15),
        "kemlagi",
        "kec-35.16.15",
        note="Lansia dan warga sakit.",
        counts=(6, 4, 1, 1, 0, 0, 0, 0, 0),
        homes={"35.16.15": 4},
    ),
    Trip(
        "npsn-20563907",
        _day(16),
        "trowulan",
        "kec-35.16.12",
        counts=(140, 72, 31, 19, 0, 2, 5, 11, 2),
        homes={"35.16.12": 47, "35.16.13": 12, OUTSIDE: 10},
    ),
    Trip(
        "npsn-20502731",
        _day(17),
        "jetis",
        "kec-35.16.16",
        note="Listrik padam pukul 11.00.",
        outcome=PARTLY,
        counts=(132, 66, 27, 24, 2, 1, 4, 8, 1),
        homes={"35.16.16": 36, "35.16.14": 11, "35.16.15": 9, "35.16.17": 6, OUTSIDE: 5},
    ),
    Trip("npsn-20502730", _day(18), "penghubung", team="Tim 2"),
    Trip(
        "npsn-20555782",
        _day(22),
        "penghubung",
        team="Tim 1",
        note="Pukul 08.00 di aula.",
        session=MORNING,
        confirmed=True,
        takes_kit=True,
        checks={},
    ),
    Trip(
        "npsn-20502706",
        _day(22),
        "pungging",
        "kec-35.16.06",
        takes_kit=True,
        checks={"signature": "Papan tanda tangan tidak terbaca."},
    ),
    Trip(
        "npsn-20549916",
        _day(23),
        "kemlagi",
        "kec-35.16.15",
        note="Pengganti 11 Oktober.",
        confirmed=True,
        revisits="npsn-20549916",
    ),
    Trip("desa-35.16.17.2001", _day(23), "dawarblandong", "kec-35.16.17", session=AFTERNOON),
    Trip(
        "npsn-20502726",
        _day(24),
        "puri",
        "kec-35.16.11",
        team="Tim 1",
        note="Siangnya ke sekolah di jalan yang sama.",
        takes_kit=True,
    ),
    Trip("npsn-20552127", _day(24), "puri", "kec-35.16.11", session=AFTERNOON, joins="npsn-20502726"),
    Trip("npsn-20502729", _day(24), "dlanggu", "kec-35.16.09"),
    Trip("tanpa-riyadlul-jannah-pacet", _day(25), "pacet", "kec-35.16.03"),
    Trip("npsn-20502725", _day(29), "penghubung", note="Usul sekolah: sesudah upacara.", proposed_on=_day(21)),
)

CLOSED_AT_THE_OFFICE = {"rumah-35.16.15": "Dilayani di kantor kecamatan 18 Oktober."}
"""Lines that were closed by hand on the Friday after."""

TARGETS = (
    # place, list of which day, by whom, (17 and over, 16 and 17 by polling day, 16 and 17 later)
    ("npsn-20502725", date(2024, 9, 30), "ngoro", (70, 52, 31)),
    ("npsn-20502725", date(2024, 10, 18), "ngoro", (14, 9, 30)),
    ("npsn-20502727", date(2024, 9, 30), "sooko", (98, 60, 44)),
    ("npsn-20502730", date(2024, 10, 1), "sooko", (120, 84, 51)),
    ("npsn-20555782", date(2024, 10, 2), "ngoro", (66, 41, 25)),
    ("npsn-20502715", date(2024, 9, 30), "mojosari", (88, 47, 36)),
    ("npsn-20502706", date(2024, 10, 3), "pungging", (54, 39, 22)),
    ("npsn-20502726", date(2024, 10, 4), "puri", (61, 35, 28)),
    ("npsn-20502729", date(2024, 10, 4), "dlanggu", (43, 37, 19)),
    ("npsn-20502730", date(2024, 10, 20), "penghubung", (111, 80, 51)),
)
SAID_BY = "Daftar siswa sekolah (data contoh)"

Deed = tuple[datetime, Callable[[], object]]


class Sweeps:
    """The demo's visits as deeds: who proposed, planned, tried and went, each at its moment."""

    def __init__(
        self,
        tx: Tx,
        office: Office,
        staff: Mapping[str, Account],
        kits: Mapping[str, str],
        new_id: Callable[[], str],
    ) -> None:
        self._tx, self._office, self._staff, self._new_id = tx, office, staff, new_id
        self._clerk = {code: person for person in staff.values() for code in person.points}
        self._kit_of = {point: code for code, point in reversed(list(kits.items()))}
        self._made: dict[str, int] = {}

    def deeds(self) -> Iterator[Deed]:
        """Everything that was done, with its moment."""
        for trip in TRIPS:
            yield from self._trip(trip)
        for place_code, as_of, by, counts in TARGETS:
            yield self._target(place_code, as_of, self._staff[by], Buckets(*counts))
        for place_code, note in CLOSED_AT_THE_OFFICE.items():
            yield self._closing(place_code, note)

    def _point(self, trip: Trip) -> str:
        if trip.point_code:
            return trip.point_code
        place = areas.place(self._tx, trip.place_code)
        own = self._office.point_of(place.kecamatan_code) if place and place.kecamatan_code else None
        assert own is not None
        return own.code

    def _trip(self, trip: Trip) -> Iterator[Deed]:
        tx, office, ids = self._tx, self._office, [self._new_id() for _n in range(4)]
        planner, clerk = self._staff[trip.by], self._clerk[self._point(trip)]
        proposes = planner.role == LIAISON
        state = {"id": 0, "version": 1}

        def wanted() -> Plan:
            point, kits = self._point(trip), (self._kit_of[self._point(trip)],) if trip.takes_kit else ()
            before = self._made[trip.revisits] if trip.revisits else None
            host = self._made[trip.joins] if trip.joins else None
            session = trip.session
            return Plan(trip.place_code, trip.day, point, trip.team, trip.note, session, "", kits, before, host)

        def plan() -> None:
            sent = visits.plan(tx, Sender(planner, trip.planned_at), office, ids[0], wanted())
            state["id"] = int(sent.object_id)
            self._made.setdefault(trip.place_code, state["id"])

        def advance(deed: str, at: datetime) -> Callable[[], object]:
            def do() -> None:
                visits.advance(tx, Sender(clerk, at), state["id"], state["version"], deed)
                state["version"] += 1

            return do

        yield trip.planned_at, plan
        if trip.proposed_on:
            return
        if proposes:
            at = trip.planned_at + timedelta(minutes=25)
            yield at, advance("accept", at)
            if trip.takes_kit:
                at += timedelta(minutes=2)
                yield at, self._take_kit(state, Sender(clerk, at), ids[1], wanted)
        if trip.confirmed:
            at = trip.planned_at + timedelta(hours=2)
            yield at, advance("confirm", at)
        if trip.checks is not None:
            at = office_instant(trip.day - timedelta(days=1), time(10, trip.day.day))
            marks = {item: (item not in trip.checks, trip.checks.get(item, "")) for item in CHECKS}
            kit = self._kit_of[self._point(trip)] if trip.takes_kit else ""
            yield at, lambda: visits.check(tx, Sender(clerk, at), ids[2], state["id"], {kit: marks})
        yield trip.ended_at, self._end(trip, state, Sender(clerk, trip.ended_at), ids[3])

    def _take_kit(
        self, state: dict[str, int], sender: Sender, submission_id: str, wanted: Callable[[], Plan]
    ) -> Callable[[], object]:
        def do() -> None:
            visits.plan(self._tx, sender, self._office, submission_id, wanted(), state["id"], state["version"])
            state["version"] += 1

        return do

    def _end(self, trip: Trip, state: dict[str, int], sender: Sender, submission_id: str) -> Callable[[], object]:
        def do() -> None:
            if trip.cancelled:
                visits.cancel(self._tx, sender, state["id"], state["version"], *trip.cancelled)
            elif trip.result:
                said = (state["id"], state["version"], trip.result, "", trip.outcome)
                visits.close(self._tx, sender, self._office, submission_id, *said)

        return do

    def _target(self, place_code: str, as_of: date, by: Account, buckets: Buckets) -> Deed:
        at = office_instant(max(as_of, date(2024, 10, 8)), time(8, 5))
        if by.role == LIAISON:
            at = office_instant(date(2024, 10, 21), time(8, 50))
        id = self._new_id()
        said = (place_code, buckets, as_of, SAID_BY)
        return at, lambda: places.propose(self._tx, Sender(by, at), self._office, id, *said)

    def _closing(self, place_code: str, note: str) -> Deed:
        at = office_instant(date(2024, 10, 18), time(14, 20))

        def do() -> None:
            line = kept_lines.of_visit(self._tx, self._made[place_code])
            place = areas.place(self._tx, place_code)
            own = self._office.point_of(place.kecamatan_code) if place and place.kecamatan_code else None
            assert line is not None
            assert own is not None
            follow_ups.close(self._tx, Sender(self._clerk[own.code], at), line.id, line.version, BY_OFFICE, note)

        return at, do
