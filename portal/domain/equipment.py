"""Recording kits and their parts.

Method: statuses with reasons bound to them, as Open mSupply keeps cold-chain equipment; parts as the device form of
Disdukcapil Sulawesi Tengah names them.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct

from .areas import Office
from .calendar import office_day
from .diary import POINT, KitPlace, place_on
from .problems import Problem, _
from .texts import check_text

GOOD = "good"
ATTENTION = "attention"
BROKEN = "broken"
REPAIR = "repair"
MISSING = "missing"
NOT_IN_USE = "not_in_use"

STATUSES = {
    GOOD: _("Baik"),
    ATTENTION: _("Baik, perlu perhatian"),
    BROKEN: _("Rusak"),
    REPAIR: _("Dikirim perbaikan"),
    MISSING: _("Hilang"),
    NOT_IN_USE: _("Tidak dipakai"),
}

_UNKNOWN_CAUSE = ("belum_diketahui", _("Belum diketahui"))

REASONS: Mapping[str, Mapping[str, str]] = {
    GOOD: {},
    ATTENTION: dict(
        [
            ("perlu_servis", _("Perlu servis atau dibersihkan")),
            ("hasil_menurun", _("Hasil menurun")),
            ("sering_putus", _("Kadang putus")),
        ]
    ),
    BROKEN: dict(
        [
            ("tidak_menyala", _("Tidak menyala")),
            ("tidak_terbaca", _("Tidak terbaca komputer")),
            ("fisik_rusak", _("Fisik rusak")),
            ("petir_listrik", _("Petir atau listrik")),
            ("perlu_suku_cadang", _("Perlu suku cadang")),
            ("aplikasi", _("Aplikasi atau driver")),
            ("akun_operator", _("Akun atau sandi operator")),
            ("jaringan_putus", _("Jaringan putus")),
            _UNKNOWN_CAUSE,
        ]
    ),
    REPAIR: dict([("servis_resmi", _("Servis resmi")), ("dinas", _("Diperiksa dinas")), ("garansi", _("Garansi"))]),
    MISSING: dict([("hilang", _("Hilang")), ("belum_kembali", _("Dipinjam, belum kembali"))]),
    NOT_IN_USE: dict(
        [
            ("disimpan", _("Disimpan")),
            ("cadangan", _("Cadangan")),
            ("menunggu_hapus", _("Menunggu penghapusan")),
        ]
    ),
}
"""Status → the reasons that fit it. Every status but *baik* needs one of its own."""

COMPONENTS = {
    "iris": _("Pemindai iris"),
    "fingerprint": _("Pemindai sidik jari"),
    "camera": _("Kamera"),
    "pc": _("Komputer"),
    "printer": _("Printer KTP-el"),
    "signature_pad": _("Alat tanda tangan"),
    "card_reader": _("Pembaca kartu"),
    "ups": _("UPS"),
    "network": _("Jaringan"),
}

RECORDS_WITH = frozenset({"iris", "fingerprint", "camera", "pc", "signature_pad", "network"})
"""A kit records only when all of these work: in 2016-2019 offices stopped for want of any one of them."""

PRINTS_WITH = frozenset({"pc", "printer"})

RECORD = "record"
PRINT = "print"
BOTH = "both"
NEITHER = "neither"
ESSENTIAL = {
    RECORD: _("Perlu untuk rekam"),
    PRINT: _("Perlu untuk cetak"),
    BOTH: _("Perlu untuk rekam dan cetak"),
    NEITHER: _("Tidak menghentikan apa pun"),
}
"""What stops when a part does not work. Each kit may differ: some have a camera to spare."""


def usually_essential(kind: str) -> str:
    """What a part of this kind is needed for where nobody said otherwise."""
    return {(True, True): BOTH, (True, False): RECORD, (False, True): PRINT}.get(
        (kind in RECORDS_WITH, kind in PRINTS_WITH), NEITHER
    )


STALE_AFTER = 2
"""Service days without a confirmation after which a status is no longer known."""

ABLE = "able"
UNABLE = "unable"
UNKNOWN = "unknown"

NAME_LIMIT = 80

_WORKS = frozenset({GOOD, ATTENTION})
_SEVERITY = (GOOD, ATTENTION, REPAIR, NOT_IN_USE, BROKEN, MISSING)
_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{1,18}[A-Z0-9]", re.ASCII)


class Component(Struct, frozen=True):
    """One named part of a kit with its present status, since when, and when somebody last looked."""

    id: int
    kit_code: str
    kind: str
    status: str
    reason: str
    note: str
    since: datetime
    confirmed_at: datetime
    by: str
    version: int
    essential: str = ""
    serial: str = ""
    bought: date | None = None
    price_rp: int | None = None
    warranty_until: date | None = None
    expected_back: date | None = None
    added_at: datetime | None = None
    removed_at: datetime | None = None

    @property
    def works(self) -> bool:
        """Whether the part does its job, if only just."""
        return self.status in _WORKS

    @property
    def needed_for(self) -> str:
        """What stops without it: as this kit says, or as is usual for its kind."""
        return self.essential or usually_essential(self.kind)

    @property
    def records(self) -> bool:
        """Whether recording needs it."""
        return self.needed_for in (RECORD, BOTH)

    @property
    def prints(self) -> bool:
        """Whether printing needs it."""
        return self.needed_for in (PRINT, BOTH)


class Kit(Struct, frozen=True):
    """A recording kit (Rp160 million, October 2024), the service point it belongs to, and where it was said to be."""

    code: str
    name: str
    point_code: str
    components: tuple[Component, ...] = ()
    places: tuple[KitPlace, ...] = ()
    retired_on: date | None = None
    """From this day on it is out of service as a whole; None while it serves."""

    def place(self, day: date) -> KitPlace | None:
        """Where it is on ``day``; None when nobody said, which means at its own point."""
        return place_on(self.places, day)

    def point_on(self, day: date) -> str | None:
        """The service point it serves on ``day``; None while it is in the store, on the road or at a school."""
        place = self.place(day)
        if place is None:
            return self.point_code
        return place.point_code if place.kind == POINT else None

    def points_on(self, day: date) -> frozenset[str]:
        """The points whose clerks look after it: the one it belongs to and the one it serves."""
        return frozenset(code for code in (self.point_code, self.point_on(day)) if code)

    @property
    def can_record(self) -> str:
        """Ability to record, from the weakest part."""
        needed = [c for c in self.components if c.records]
        return self._ability(needed, RECORDS_WITH)

    @property
    def can_print(self) -> str:
        """Ability to print, from the weakest part."""
        needed = [c for c in self.components if c.prints]
        return self._ability(needed, PRINTS_WITH)

    def _ability(self, needed: Sequence[Component], kinds: frozenset[str]) -> str:
        """ABLE when every needed part works and none that is usual is lacking altogether; UNABLE otherwise."""
        lacking = kinds - {c.kind for c in self.components}
        return ABLE if not lacking and all(c.works for c in needed) else UNABLE

    @property
    def weakest(self) -> Component | None:
        """The part that stops recording, else one that stops printing, else the worst; None without parts."""
        return max(self.components, key=_weakness, default=None)

    @property
    def version(self) -> int:
        """Grows with every change of a part: what a page that was drawn earlier is recognised by."""
        return sum(c.version for c in self.components)

    @property
    def confirmed_at(self) -> datetime | None:
        """When the kit as a whole was last confirmed: the oldest confirmation among its parts."""
        return min((c.confirmed_at for c in self.components), default=None)


def _weakness(part: Component) -> tuple[bool, bool, int, bool]:
    needed_for = part.records, part.prints
    stops_recording, stops_printing = (not part.works and needed for needed in needed_for)
    return stops_recording, stops_printing, _SEVERITY.index(part.status), any(needed_for)


def known_ability(ability: str, service_days_since: int) -> str:
    """An ability as it may be shown: not known when nobody confirmed the kit for over two service days.

    A broken kit stays broken: silence repairs nothing.
    """
    return UNKNOWN if ability == ABLE and service_days_since > STALE_AFTER else ability


def best(abilities: Iterable[str]) -> str:
    """A point is as able as its best kit; not known when it has none."""
    found = set(abilities)
    for ability in (ABLE, UNKNOWN, UNABLE):
        if ability in found:
            return ability
    return UNKNOWN


class Known(Struct, frozen=True):
    """What is known of a kit at a moment: its abilities, how many service days ago somebody looked, whom it serves."""

    age: int
    record: str
    printing: str
    point_code: str | None = None
    """The point it serves that day; None while it is in the store, on the road or at a school."""


def known(office: Office, kit: Kit, now: datetime) -> Known:
    """A kit as it may be shown at ``now``; one that nobody ever confirmed is not known at all."""
    today = office_day(now)
    serves = kit.point_on(today)
    if kit.confirmed_at is None:
        return Known(0, UNKNOWN, UNKNOWN, serves)
    timetable = office.points[kit.point_code].timetable
    age = office.calendar.service_days_since(timetable, office_day(kit.confirmed_at), today)
    return Known(age, known_ability(kit.can_record, age), known_ability(kit.can_print, age), serves)


def point_abilities(states: Iterable[tuple[Kit, Known]]) -> dict[str, tuple[str, str, Component | None]]:
    """For every point that kits serve (can record, can print, weakest part of the kit that records best).

    A kit in the store, on the road or at a school makes no point able.
    """
    at_point: dict[str, list[tuple[Known, Kit]]] = defaultdict(list)
    for kit, state in states:
        if state.point_code is not None:
            at_point[state.point_code].append((state, kit))
    result: dict[str, tuple[str, str, Component | None]] = {}
    for code, found in at_point.items():
        record = best(state.record for state, _kit in found)
        kit = next(kit for state, kit in found if state.record == record)
        result[code] = (record, best(state.printing for state, _kit in found), kit.weakest)
    return result


class StatusEvent(Struct, frozen=True):
    """One line of a part's history: a change, or a confirmation that nothing changed.

    ``at`` is when it was so, ``recorded_at`` when it was written down (None: at the same moment).
    """

    component_kind: str
    status: str
    reason: str
    note: str
    at: datetime
    by: str
    confirmed_only: bool
    component_id: int = 0
    expected_back: date | None = None
    recorded_at: datetime | None = None
    id: int = 0


def in_order(events: Iterable[StatusEvent]) -> list[StatusEvent]:
    """Events as they happened: by their moment, those of one moment as they were written down."""
    return sorted(events, key=lambda e: (e.at, e.id))


def state_since(events: Sequence[StatusEvent]) -> tuple[StatusEvent, datetime, datetime]:
    """(last event, since when the part is in its state, when it was last looked at) of a history in any order.

    An event told late takes its own place: it is the present state only when nothing is known after it.
    """
    ordered = in_order(events)
    last = ordered[-1]
    since = last.at
    for event in reversed(ordered):
        if (event.status, event.reason) != (last.status, last.reason):
            break
        since = event.at
    return last, since, last.at


EARLIEST_BACK = timedelta(days=60)
"""How far back a status may be told late."""
LATEST_RETURN = timedelta(days=366)


def check_kit(code: str, name: str, point_code: str, kinds: Collection[str], office: Office) -> list[Problem]:
    """A new kit: a code that fits on a sticker, a name, a point of the office, parts that there are."""
    problems = check_text("name", name, NAME_LIMIT, required=_("Isi nama alat."))
    if not problems and not name.isprintable():
        problems.append(Problem("name", _("Ada tanda yang tidak dapat disimpan. Ketik ulang dengan huruf biasa.")))
    if not _CODE.fullmatch(code):
        problems.append(Problem("code", _("Kode alat: 3–20 huruf besar, angka atau strip, misalnya KIT-NGO-1.")))
    else:
        problems += check_text("code", code)
    if point_code not in office.points:
        problems.append(Problem("point", _("Titik layanan tidak dikenal.")))
    if not kinds or not set(kinds) <= COMPONENTS.keys():
        problems.append(Problem("kinds", _("Pilih bagian alat dari daftar, paling sedikit satu.")))
    return problems


def check_status(status: str, reason: str, note: str) -> list[Problem]:
    """A status with a reason of its own table, forced here so that no door can forget it."""
    if status not in STATUSES:
        return [Problem("status", _("Pilih keadaan alat."))]
    problems = check_text("note", note)
    allowed = REASONS[status]
    if allowed and not reason:
        problems.append(Problem("reason", _("Pilih sebabnya.")))
    elif reason and reason not in allowed:
        problems.append(Problem("reason", _("Sebab ini tidak cocok dengan keadaan yang dipilih.")))
    return problems


def check_moment(at: datetime, now: datetime, after: datetime | None, *, agreed: bool) -> list[Problem]:
    """When a status began: never in the future, and before what is known already only when one says so.

    ``after`` is the moment of the newest event; ``agreed`` that the person knows it will stand before that.
    """
    if at > now:
        return [Problem("at", _("Keadaan alat tidak dapat dicatat sebelum terjadi."))]
    if at < now - EARLIEST_BACK:
        return [Problem("at", _("Terlalu lama: paling jauh 60 hari ke belakang."))]
    if after is not None and at < after and not agreed:
        words = _("Sesudah waktu itu sudah ada catatan. Centang di bawah bila ini memang kejadian sebelumnya.")
        return [Problem("agreed", words)]
    return []


def check_return(status: str, expected_back: date | None, at: date) -> list[Problem]:
    """The day a part is expected back: only of one that does not work, not before it failed, within a year."""
    if expected_back is None:
        return []
    if status in _WORKS:
        return [Problem("expected_back", _("Alat yang bekerja tidak ditunggu kembali. Kosongkan tanggalnya."))]
    if not at <= expected_back <= at + LATEST_RETURN:
        return [Problem("expected_back", _("Perkiraan kembali: sesudah kejadian dan dalam satu tahun."))]
    return []


def out_of_service(kit: Kit) -> list[Problem]:
    """Nothing is said of a kit that left service, and nothing done with it, until it is taken back."""
    if kit.retired_on is None:
        return []
    words = _("Alat ini tidak dipakai lagi sejak %(day)s. Yang boleh memakainya lagi adalah pengawas.")
    return [Problem("", words, {"day": f"{kit.retired_on:%d-%m-%Y}"})]
