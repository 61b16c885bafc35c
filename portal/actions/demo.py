"""The demo office: invented people, kits and two weeks of work, made through the same actions as real."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from random import Random
from uuid import UUID

from ..config import BadSettings
from ..domain.accounts import ADMINISTRATOR, CLERK, LIAISON, READER, SUPERVISOR, Account
from ..domain.areas import Office
from ..domain.audit import difference
from ..domain.calendar import DISTRICT, days, office_instant
from ..storage import accounts, areas, equipment, ledger
from ..storage.database import Database, Tx
from . import demo_calendar, demo_figures, demo_pace, demo_reports, demo_stock, recordings
from .accounts import hash_password, matches
from .demo_days import FIRST, Sent, reports
from .demo_equipment import plan_equipment
from .demo_reviews import deeds as reviewing
from .demo_visits import Sweeps
from .equipment import add, confirm, set_status
from .office import DEMO_MARK, is_demo, patiently
from .publications import draft, publish
from .sending import Sender

SEED = 20241021
HASH = "demo.password"
OPENED = office_instant(date(2024, 10, 7), time(8, 0))
"""The demo office was set up on the Monday before the trial began."""

MARK = "Data contoh: dibuat oleh program, bukan keterangan kantor"

LIAISON_SCHOOLS = (
    "npsn-20502725",  # SMAN 1 Ngoro
    "npsn-20555782",  # SMKS Industri Ngoro
    "npsn-20502727",  # SMAN 1 Sooko
    "npsn-20502730",  # SMKN 1 Sooko Mojokerto
    "npsn-20502715",  # SMKS Raden Patah Mojosari
)
KITS = {"dinas": 3, "mpp": 2, "kec-35.16.08": 2, "kec-35.16.16": 2, "kec-35.16.02": 2}

LAST_PUBLISHED = date(2024, 10, 18)
PUBLISHED_AT = time(17, 30)

STALE_KITS = frozenset({"KIT-TRW-1"})
"""Nobody has looked at these since 14 October."""

LEFT_ON_FRIDAY = frozenset({"KIT-NGO-1", "KIT-JTR-1", "KIT-DLG-1"})
"""Last confirmed on 18 October: their clerks have not come to it today."""

FAULTS = (
    ("KIT-KTR-1", "printer", "attention", "hasil_menurun", "Cetakan bergaris tipis.", (16, 10, 20)),
    ("KIT-PCT-1", "iris", "broken", "tidak_terbaca", "Tidak terbaca komputer sejak pagi.", (17, 7, 52)),
    ("KIT-JTS-2", "printer", "repair", "servis_resmi", "Dibawa ke servis resmi.", (15, 9, 10)),
    ("KIT-DNS-3", "ups", "attention", "perlu_servis", "Baterai lekas habis.", (14, 13, 5)),
    ("KIT-DWR-1", "network", "broken", "jaringan_putus", "Tiang jaringan roboh di jalan.", (21, 8, 14)),
)


def make_demo(database: Database, password: str) -> bool:
    """Fill an unused database with the demo office and mark it as its own; True when it was made now.

    A demo that is already there keeps its data; only unchanged passwords follow ``password``. Everything is
    one transaction. Raises BadSettings when the database holds somebody else's accounts.
    """

    def deed(tx: Tx) -> bool:
        if is_demo(tx):
            _follow_password(tx, password)
            return False
        if accounts.number(tx):
            raise BadSettings("PORTAL_DEMO: this database holds accounts that are not the demo's. Nothing was made.")
        hashed = hash_password(password)
        areas.set_setting(tx, DEMO_MARK, "1")
        areas.set_setting(tx, HASH, hashed)
        _Demo(tx, hashed).make()
        return True

    return patiently(database, deed)


def _follow_password(tx: Tx, password: str) -> None:
    before = areas.setting(tx, HASH) or ""
    if matches(before, password):
        return
    hashed = hash_password(password)
    for account in accounts.everyone(tx):
        if accounts.password_hash(tx, account.id) == before:
            accounts.set_password(tx, account.id, hashed, must_change=False)
    areas.set_setting(tx, HASH, hashed)


def people(office: Office) -> list[Account]:
    """The demo's accounts, without ids; their telephone numbers cannot exist."""
    staff = [
        (point.code, office.kecamatan[point.kecamatan_code].name)
        for point in office.points.values()
        if point.kecamatan_code
    ]
    clerks = [(name.lower(), f"Petugas {name}", code) for code, name in staff]
    clerks += [("dinas", "Petugas Dispendukcapil", "dinas"), ("mpp", "Petugas MPP", "mpp")]
    found = [Account(0, user, name, CLERK, points=frozenset({code})) for user, name, code in clerks]
    found += [
        Account(0, "penghubung", "Penghubung Sekolah", LIAISON, places=frozenset(LIAISON_SCHOOLS)),
        Account(0, "pengawas", "Pengawas Kabupaten", SUPERVISOR),
        Account(0, "pembaca", "Pembaca Laporan", READER),
        Account(0, "admin", "Administrator Portal", ADMINISTRATOR),
    ]
    return [
        Account(0, a.username, a.name, a.role, a.points, a.places, phone=f"0800-0000-{number:02}")
        for number, a in enumerate(found, start=1)
    ]


@dataclass(order=True)
class _Deed:
    at: datetime
    order: int
    do: Callable[[], object] = field(compare=False)


class _Demo:
    """One making of the demo: deeds are collected first and done in the order of their moments."""

    def __init__(self, tx: Tx, hashed: str) -> None:
        self._tx, self._hashed = tx, hashed
        self._rng = Random(SEED)
        self._deeds: list[_Deed] = []
        self._caretaker = ledger.Hand(None, "caretaker", OPENED)

    def make(self) -> None:
        self._capabilities()
        self._office = areas.office(self._tx)
        self._hire()
        self._buy_kits()
        self._plan_reports()
        self._plan_visits()
        self._plan_kits()
        self._plan_publications()
        for at, do in reviewing(self._tx, self._staff["pengawas"]):
            self._at(at, do)
        for moment, do in demo_stock.deeds(self._tx, self._office, self._staff, self._clerk, self._id):
            self._at(moment, do)
        plan_equipment(self._tx, self._office, self._staff, self._at, self._id)
        demo_calendar.plan(self._at, self._tx, self._office, self._staff["pengawas"], self._id)
        demo_figures.plan(self._at, self._tx, self._office, self._staff["pengawas"], Random(SEED))
        for moment, do in demo_pace.deeds(self._tx, self._office, self._staff, self._id):
            self._at(moment, do)
        demo_reports.plan(self._at, self._tx, self._office, self._staff["pengawas"], self._id)
        for deed in sorted(self._deeds):
            deed.do()
        ledger.touch(self._tx, *ledger.AREAS)

    def _at(self, moment: datetime, do: Callable[[], object]) -> None:
        self._deeds.append(_Deed(moment, len(self._deeds), do))

    def _id(self) -> str:
        """A submission id as a browser makes it, but the same in every demo."""
        return str(UUID(int=self._rng.getrandbits(128), version=4))

    def _capabilities(self) -> None:
        """In the demo every office records and prints; who really does is in the reference list."""
        office = areas.office(self._tx)
        held = {(c.point_code, c.capability) for c in office.capabilities}
        rows = [
            {
                "point_code": code,
                "capability": capability,
                "valid_from": FIRST,
                "valid_to": None,
                "source": MARK,
            }
            for code in office.points
            for capability in ("rekam", "cetak")
            if (code, capability) not in held
        ]
        areas.load(self._tx, "capabilities", rows)
        ledger.note(self._tx, self._caretaker, "demo.make", "office", "demo", {"capabilities.added": (0, len(rows))})

    def _hire(self) -> None:
        self._staff: dict[str, Account] = {}
        for person in people(self._office):
            account_id = accounts.add(self._tx, person, self._hashed, OPENED)
            shown = {
                "name": person.name,
                "role": person.role,
                "points": person.points,
                "places": person.places,
            }
            ledger.note(self._tx, self._caretaker, "accounts.add", "account", person.username, difference({}, shown))
            kept = accounts.by_id(self._tx, account_id)
            assert kept is not None
            self._staff[person.username] = kept
        self._clerk = {code: a for a in self._staff.values() for code in a.points}

    def _buy_kits(self) -> None:
        sender = Sender(self._staff["admin"], OPENED)
        self._kits: dict[str, str] = {}
        for point in self._office.points.values():
            kecamatan = self._office.kecamatan.get(point.kecamatan_code or "")
            mark = kecamatan.abbr if kecamatan else {"dinas": "DNS"}.get(point.code, point.code.upper())
            place = kecamatan.name if kecamatan else point.name
            for number in range(1, KITS.get(point.code, 1) + 1):
                code = f"KIT-{mark}-{number}"
                add(self._tx, sender, self._office, code, f"Alat {place} {number}", point.code)
                self._kits[code] = point.code

    def _plan_reports(self) -> None:
        for sent in reports(self._office, self._rng):
            self._at(sent.at, self._sending(sent))

    def _sending(self, sent: Sent) -> Callable[[], object]:
        submission_id = self._id()
        # What was published the evening before is corrected by the supervisor, on the clerk's word.
        sender = Sender(self._staff["pengawas"] if sent.version else self._clerk[sent.point_code], sent.at)
        said = (sent.point_code, sent.day, sent.entry, sent.version, sent.reason)
        return lambda: recordings.send(self._tx, sender, self._office, submission_id, *said)

    def _plan_publications(self) -> None:
        """Every evening of a service day its summary is published; what comes later is a correction of the next."""
        for day in days(FIRST, LAST_PUBLISHED):
            if self._office.calendar.serves(DISTRICT, day):
                moment = office_instant(day, PUBLISHED_AT)
                self._at(moment, self._publication(moment, day))

    def _publication(self, moment: datetime, day: date) -> Callable[[], object]:
        submission_id, sender = self._id(), Sender(self._staff["pengawas"], moment)

        def do() -> object:
            mark = draft(self._tx, self._office, day, moment).mark
            return publish(self._tx, sender, self._office, submission_id, day, mark)

        return do

    def _plan_kits(self) -> None:
        for code, kind, status, reason, note, (day, hour, minute) in FAULTS:
            moment = office_instant(date(2024, 10, day), time(hour, minute))
            self._at(moment, self._fault(moment, code, kind, status, reason, note))
        for code in self._kits:
            for day in self._looked_at(code):
                moment = office_instant(date(2024, 10, day), time(7, self._rng.randint(31, 59)))
                self._at(moment, self._confirmation(moment, code))

    def _looked_at(self, code: str) -> Iterable[int]:
        if code in STALE_KITS:
            return (14,)
        return (14, 18) if code in LEFT_ON_FRIDAY else (14, 21)

    def _fault(
        self, moment: datetime, code: str, kind: str, status: str, reason: str, note: str
    ) -> Callable[[], object]:
        submission_id = self._id()

        def do() -> object:
            kit = equipment.find(self._tx, code)
            assert kit is not None
            version = next(c.version for c in kit.components if c.kind == kind)
            sender = Sender(self._clerk[kit.point_code], moment)
            return set_status(self._tx, sender, submission_id, code, kind, version, status, reason, note)

        return do

    def _confirmation(self, moment: datetime, code: str) -> Callable[[], object]:
        submission_id = self._id()
        sender = Sender(self._clerk[self._kits[code]], moment)

        def do() -> object:
            kit = equipment.find(self._tx, code)
            assert kit is not None
            return confirm(self._tx, sender, submission_id, code, kit.version)

        return do

    def _plan_visits(self) -> None:
        for at, do in Sweeps(self._tx, self._office, self._staff, self._kits, self._id).deeds():
            self._at(at, do)
