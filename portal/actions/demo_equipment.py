"""The demo's equipment beyond its kits: papers of parts, a loan, a kit that left service, outages, care that is due,
a store, an inventory."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta

from ..domain.accounts import Account
from ..domain.areas import Office
from ..domain.calendar import office_day, office_instant
from ..domain.diary import VAN, VISIT, KitPlace
from ..domain.faults import EXAMINED, Step
from ..domain.outages import Outage
from ..domain.papers import Papers
from ..domain.spares import IN, OUT, SpareMove
from ..domain.upkeep import INSPECTION, PREVENTIVE, Upkeep
from ..storage import equipment
from ..storage import faults as kept_faults
from ..storage.database import Tx
from . import diary, faults, inventory, outages, parts, retirement, spares, upkeep
from .equipment import add
from .sending import Sender

At = Callable[[datetime, Callable[[], object]], None]
NewId = Callable[[], str]

BOUGHT = {"dinas": date(2019, 3, 11), "mpp": date(2022, 6, 20)}
BOUGHT_OTHERS = date(2024, 10, 1)
"""The kits of October 2024 came with the trial; the dinas and the MPP had theirs before."""
WARRANTY = timedelta(days=730)
PRICES = {
    "iris": 32_000_000,
    "fingerprint": 14_500_000,
    "camera": 8_750_000,
    "pc": 18_000_000,
    "printer": 62_000_000,
    "signature_pad": 4_250_000,
    "card_reader": 2_500_000,
    "ups": 3_000_000,
    "network": 15_000_000,
}
"""Invented prices that add up to the Rp160 million of one set."""

PLACES = (
    ("KIT-NGO-1", VISIT, "npsn-20502725", "Tim 1 Ngoro", date(2024, 10, 23), date(2024, 10, 23)),
    ("KIT-DNS-3", VAN, None, "Petugas Dispendukcapil", date(2024, 10, 21), date(2024, 10, 22)),
)
RETIRED = ("KIT-DNS-4", "Alat Dispendukcapil 4", "dinas", "menunggu_hapus", "Printer lama, BA 14/2024.")
"""The one kit that left service, on the Friday of the first week."""
OUTAGES = (
    (None, "central_server", (15, 9, 20), (15, 11, 5), "Pusat tidak dapat dihubungi."),
    ("kec-35.16.04", "power", (17, 8, 0), (17, 13, 30), "Pemadaman bergilir."),
    ("kec-35.16.10", "operator_login", (21, 8, 5), None, "Sandi operator kedaluwarsa, minta ke dinas."),
)
STORE = (
    ("Pita warna YMCKO", "ribbon", "gulung", 10, 24, 9),
    ("Film laminasi", "film", "gulung", 10, 18, 10),
    ("Alat pembersih printer", "cleaning_kit", "kotak", 4, 6, 1),
    ("Kabel USB pemindai", "part", "buah", 3, 5, 0),
)
CARE = (
    ("KIT-PCT-1", PREVENTIVE, 3, date(2024, 10, 14)),
    ("KIT-NGO-1", PREVENTIVE, 3, date(2024, 10, 28)),
    ("KIT-DNS-1", INSPECTION, 12, date(2025, 3, 11)),
    ("KIT-MPP-1", INSPECTION, 12, date(2024, 11, 4)),
)


def _moment(day: int, hour: int, minute: int) -> datetime:
    return office_instant(date(2024, 10, day), time(hour, minute))


def plan_equipment(tx: Tx, office: Office, staff: Mapping[str, Account], at: At, new_id: NewId) -> None:
    """Put these deeds among the demo's others, each at its moment."""
    admin, boss = staff["admin"], staff["pengawas"]
    opened = _moment(7, 8, 30)
    at(opened, lambda: add(tx, Sender(admin, opened), office, *RETIRED[:3]))
    left, left_id = _moment(11, 9, 0), new_id()
    at(left, lambda: _left_service(tx, Sender(boss, left), left_id))
    at(opened, lambda: _papers(tx, Sender(admin, opened), new_id))
    for (code, kind, place, holder, first, last), id in zip(PLACES, [new_id() for _p in PLACES], strict=True):
        wanted = KitPlace(0, code, kind, None, place, holder, first, last)
        at(_moment(18, 14, 0), _moving(tx, office, Sender(boss, _moment(18, 14, 0)), id, wanted))
    for point, cause, began, ended, note in OUTAGES:
        told = Outage(0, point, cause, _moment(*began), None, note=note)
        _outage(tx, office, boss, at, new_id, told, ended)
    for n, thing in enumerate(STORE):
        _store(tx, office, boss, at, new_id, n, thing)
    for code, kind, months, due in CARE:
        care = Upkeep(0, code, None, "", kind, months, None, due)
        at(opened, _caring(tx, Sender(boss, opened), new_id(), care))
    seen = _moment(16, 10, 0)
    at(seen, lambda: _seen(tx, Sender(boss, seen), new_id))
    looked = _moment(18, 9, 30)
    at(looked, lambda: _examined(tx, Sender(boss, looked), new_id()))


def _papers(tx: Tx, sender: Sender, new_id: NewId) -> None:
    number = 20_400
    for kit in equipment.kits(tx):
        bought = BOUGHT.get(kit.point_code, BOUGHT_OTHERS)
        for part in kit.components:
            number += 7
            papers = Papers(f"{part.kind[:2].upper()}-{number}", bought, PRICES[part.kind], bought + WARRANTY)
            parts.set_papers(tx, sender, new_id(), part.id, part.version, papers)


def _left_service(tx: Tx, sender: Sender, id: str) -> None:
    code, _name, _point, *why = RETIRED
    kit = equipment.find(tx, code)
    assert kit is not None
    retirement.retire(tx, sender, id, code, kit.version, office_day(sender.at), *why)


def _moving(tx: Tx, office: Office, sender: Sender, id: str, wanted: KitPlace) -> Callable[[], object]:
    return lambda: diary.move(tx, sender, office, id, wanted)


def _outage(
    tx: Tx,
    office: Office,
    boss: Account,
    at: At,
    new_id: NewId,
    told: Outage,
    ended: tuple[int, int, int] | None,
) -> None:
    made: list[int] = []
    first, second = new_id(), new_id()
    began = told.began_at + timedelta(minutes=4)

    def tell() -> None:
        made.append(int(outages.tell(tx, Sender(boss, began), office, first, told).object_id))

    at(began, tell)
    if ended is not None:
        over = _moment(*ended)
        at(over, lambda: outages.end(tx, Sender(boss, over), second, made[0], 1))


def _store(
    tx: Tx,
    office: Office,
    boss: Account,
    at: At,
    new_id: NewId,
    n: int,
    thing: tuple[str, str, str, int, int, int],
) -> None:
    name, kind, unit, limit, came, went = thing
    ids = [new_id() for _each in range(3)]
    opened, later = _moment(7, 9, n), _moment(14, 9, n)
    made: list[int] = []

    def move(moment: datetime, id: str, kind: str, number: int, point: str | None) -> object:
        wanted = SpareMove(0, kind, 0, moment.date(), point, None, "")
        return spares.move(tx, Sender(boss, moment), office, id, made[0], number, wanted)

    def fill() -> None:
        made.append(int(spares.add(tx, Sender(boss, opened), ids[0], name, kind, unit, limit).object_id))
        move(opened, ids[1], IN, came, None)

    at(opened, fill)
    if went:
        at(later, lambda: move(later, ids[2], OUT, went, "kec-35.16.08"))


def _caring(tx: Tx, sender: Sender, id: str, care: Upkeep) -> Callable[[], object]:
    return lambda: upkeep.plan(tx, sender, id, care)


def _seen(tx: Tx, sender: Sender, new_id: NewId) -> None:
    """The supervisor walked round at the dinas with a phone."""
    for code in ("KIT-DNS-1", "KIT-DNS-2"):
        kit = equipment.find(tx, code)
        assert kit is not None
        for part in kit.components:
            moved = (code, part.kind) == ("KIT-DNS-2", "ups")
            place = "Ruang server" if moved else ""
            inventory.check(tx, sender, new_id(), part.id, "moved" if moved else "seen", place, "")


def _examined(tx: Tx, sender: Sender, id: str) -> None:
    """The iris scanner of Pacet has somebody who sees to it."""
    kept = next(f for f in kept_faults.waiting(tx) if f.kit_code == "KIT-PCT-1")
    said = Step(EXAMINED, "Kabel dan driver sudah dicoba.", sender.account.id, date(2024, 10, 25), "sensor iris")
    faults.step(tx, sender, id, kept.id, kept.version, said)
