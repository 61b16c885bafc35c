"""Spares and consumables in the store: a ledger of movements whose sum is what is there, never below nothing."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from msgspec import Struct

from .areas import Office
from .problems import Problem, _
from .texts import check_text

RIBBON = "ribbon"
FILM = "film"
CLEANING_KIT = "cleaning_kit"
PART = "part"
SPARE_KINDS = {
    RIBBON: _("Pita cetak"),
    FILM: _("Film"),
    CLEANING_KIT: _("Alat pembersih"),
    PART: _("Suku cadang"),
}

IN = "in"
OUT = "out"
LOST = "lost"
COUNTED = "counted"
MOVES = {
    IN: _("Masuk"),
    OUT: _("Dipakai atau dikirim"),
    LOST: _("Rusak atau hilang"),
    COUNTED: _("Selisih hitung fisik"),
}
SIGN: Mapping[str, int] = {IN: 1, OUT: -1, LOST: -1}
"""Movement → its sign; a difference found at counting has the sign it has."""

LARGEST = 99_999
OLDEST = timedelta(days=60)


class SpareItem(Struct, frozen=True):
    """Something kept in the store, how many there are, and below how many it must be ordered."""

    id: int
    name: str
    kind: str
    unit: str
    low_limit: int
    balance: int = 0
    version: int = 1

    @property
    def low(self) -> bool:
        """Whether so few are left that it must be ordered."""
        return self.balance <= self.low_limit


class SpareMove(Struct, frozen=True):
    """One line of the ledger: so many (signed) came or went on a day, where to and for which kit."""

    id: int
    kind: str
    quantity: int
    day: date
    point_code: str | None
    kit_code: str | None
    note: str
    at: datetime | None = None
    by: str = ""


def balance(moves: Iterable[SpareMove]) -> int:
    """What the ledger says is there."""
    return sum(move.quantity for move in moves)


def signed(kind: str, number: int, counted_before: int) -> int:
    """A typed number as the ledger keeps it; for a count the difference to what should have been there."""
    return number - counted_before if kind == COUNTED else SIGN.get(kind, 1) * number


def check_item(name: str, kind: str, unit: str, low_limit: int | None) -> list[Problem]:
    """A thing for the store: a name, a kind of the list, a unit to count in, and a limit."""
    problems = check_text("name", name, 80, required=_("Isi nama barang."))
    problems += check_text("unit", unit, 20, required=_("Isi satuan, misalnya gulung atau kotak."))
    if kind not in SPARE_KINDS:
        problems.append(Problem("kind", _("Pilih jenis barang.")))
    if low_limit is None or not 0 <= low_limit <= LARGEST:
        problems.append(Problem("low_limit", _("Isi batas pesan dari 0 sampai %(limit)s."), {"limit": LARGEST}))
    return problems


def check_move(item: SpareItem, move: SpareMove, office: Office, today: date) -> list[Problem]:
    """A movement that can be: something came or went, on a day that has come, and no more went than was there."""
    problems = check_text("note", move.note)
    if move.kind not in MOVES:
        return [*problems, Problem("kind", _("Pilih jenis gerakan."))]
    if move.quantity == 0 and move.kind == COUNTED:
        problems.append(Problem("number", _("Hitungan sama dengan catatan. Tidak ada yang perlu disimpan.")))
    elif move.quantity == 0 or abs(move.quantity) > LARGEST:
        problems.append(Problem("number", _("Isi jumlah dari 1 sampai %(limit)s."), {"limit": LARGEST}))
    elif item.balance + move.quantity < 0:
        problems.append(Problem("number", _("Di gudang hanya ada %(balance)s."), {"balance": item.balance}))
    if move.kind in (LOST, COUNTED) and not move.note.strip():
        problems.append(Problem("note", _("Tulis sebabnya, supaya selisih dapat dijelaskan.")))
    if move.day > today:
        problems.append(Problem("day", _("Tanggal tidak boleh di masa depan.")))
    elif move.day < today - OLDEST:
        problems.append(Problem("day", _("Terlalu lama: paling jauh 60 hari ke belakang.")))
    if move.point_code is not None and move.point_code not in office.points:
        problems.append(Problem("point", _("Pilih titik layanan dari daftar.")))
    return problems
