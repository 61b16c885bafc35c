"""Blanks on their way from one point to another: one row tells both sides, so that they always balance.

Sent = received + lost. While it is on its way a transfer is nobody's stock and is told as such; a cancelled one comes
back to the point that sent it, on the day it came back.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from msgspec import Struct

from .areas import Office, ServicePoint
from .locks import FUTURE, INACTIVE, PUBLISHED, TOO_OLD, VERIFIED, EditState
from .problems import Problem, _
from .stock import Moved
from .texts import check_text

BLANKS = "blangko"
"""The one item that is moved in pieces: ribbon and film are reported in percent, so that nobody could count them."""

SENT, RECEIVED, CANCELLED = "sent", "received", "cancelled"
STATES = {SENT: _("Dalam perjalanan"), RECEIVED: _("Diterima"), CANCELLED: _("Dibatalkan")}

LARGEST = 99_999
"""As the daily form's limit for blanks received."""

CLOSED = {
    TOO_OLD: _("%(point)s, %(day)s: batas waktunya sudah lewat. Minta pengawas membuka kunci hari itu."),
    VERIFIED: _("%(point)s, %(day)s: laporannya sudah diverifikasi. Minta pengawas membuka kunci hari itu."),
    PUBLISHED: _("%(point)s, %(day)s: angkanya sudah diterbitkan. Minta pengawas membuka kunci hari itu."),
    INACTIVE: _("%(point)s, %(day)s: titik layanan tidak aktif pada tanggal itu."),
}
"""Why one side of a received transfer can no longer be corrected."""

EXPECTED_WITHIN = timedelta(days=3)
"""A transfer on its way for longer than this calls for a telephone call. A proposal of this portal."""


class Shipment(Struct, frozen=True):
    """What leaves which point for which other, how many pieces, on what day."""

    from_point: str
    to_point: str
    quantity: int | None
    sent_date: date
    note: str = ""


class Receipt(Struct, frozen=True):
    """What arrived, and when; ``note`` tells where the rest is when fewer arrived."""

    received_date: date
    quantity: int | None
    note: str = ""


class Return(Struct, frozen=True):
    """Why a transfer does not go on, and on what day its blanks were back where they came from."""

    returned_date: date
    reason: str


class Transfer(Struct, frozen=True):
    """A transfer as the office keeps it. ``ended_date`` is the day of receipt, or of return when cancelled."""

    id: int
    from_point: str
    to_point: str
    quantity: int
    sent_date: date
    note: str
    state: str
    ended_date: date | None
    arrived: int | None
    end_note: str
    version: int
    sent_at: datetime
    changed_at: datetime
    author: str
    editor: str

    @property
    def in_transit(self) -> int:
        """Pieces on their way."""
        return self.quantity if self.state == SENT else 0

    @property
    def lost(self) -> int:
        """Pieces that were sent and did not arrive: 0 until somebody says what arrived."""
        return self.quantity - self.arrived if self.state == RECEIVED and self.arrived is not None else 0

    def overdue(self, today: date) -> bool:
        """Whether it has been on its way for too long."""
        return self.state == SENT and today - self.sent_date > EXPECTED_WITHIN


def moves(transfers: Iterable[Transfer]) -> dict[str, dict[date, Moved]]:
    """Point → day → what transfers brought and took. A cancelled one leaves and comes back."""
    found: dict[str, dict[date, Moved]] = defaultdict(lambda: defaultdict(Moved))
    for transfer in transfers:
        found[transfer.from_point][transfer.sent_date] += Moved(outwards=transfer.quantity)
        if transfer.ended_date is None:
            continue
        if transfer.state == RECEIVED:
            found[transfer.to_point][transfer.ended_date] += Moved(inwards=transfer.arrived or 0)
        elif transfer.state == CANCELLED:
            found[transfer.from_point][transfer.ended_date] += Moved(inwards=transfer.quantity)
    return {point: dict(days) for point, days in found.items()}


def check_shipment(wanted: Shipment, office: Office, today: date) -> list[Problem]:
    """Two different points that are open, a number of pieces, a day that has come, plain words."""
    problems = []
    for name, code in (("from_point", wanted.from_point), ("to_point", wanted.to_point)):
        if code not in office.points:
            problems.append(Problem(name, _("Pilih titik layanan.")))
        elif not office.points[code].active(wanted.sent_date):
            problems.append(Problem(name, _("Titik layanan ini tidak aktif pada tanggal itu.")))
    if not problems and wanted.from_point == wanted.to_point:
        problems.append(Problem("to_point", _("Pilih titik lain: kiriman tidak dapat menuju titik asalnya.")))
    if wanted.quantity is None or not 1 <= wanted.quantity <= LARGEST:
        problems.append(Problem("quantity", _("Isi jumlah keping, dari 1 sampai %(limit)s."), {"limit": LARGEST}))
    if wanted.sent_date > today:
        problems.append(Problem("sent_date", _("Tanggal kirim belum tiba. Pilih hari ini atau sebelumnya.")))
    elif wanted.sent_date < office.start():
        problems.append(Problem("sent_date", _("Tanggal kirim sebelum pencatatan dimulai.")))
    return problems + check_text("note", wanted.note)


def check_receipt(kept: Transfer, receipt: Receipt, today: date) -> list[Problem]:
    """A day between sending and today, no more pieces than were sent, and words for those that did not arrive."""
    problems = _check_end("received_date", receipt.received_date, kept, today)
    required = ""
    if receipt.quantity is None or not 0 <= receipt.quantity <= kept.quantity:
        text = _("Isi jumlah yang tiba, dari 0 sampai %(sent)s (yang dikirim).")
        problems.append(Problem("quantity", text, {"sent": kept.quantity}))
    elif receipt.quantity < kept.quantity:
        required = _("Kurang dari yang dikirim: jelaskan di mana sisanya.")
    return problems + check_text("note", receipt.note, required=required)


def check_correction(kept: Transfer, receipt: Receipt, reason: str, today: date) -> list[Problem]:
    """A receipt that is sound as a first one is, that differs from what is kept, and why it is corrected."""
    problems = check_receipt(kept, receipt, today)
    if not problems and receipt == Receipt(kept.ended_date or today, kept.arrived, kept.end_note):
        problems = [Problem("", _("Tidak ada yang berubah."))]
    return problems + check_text("reason", reason, required=_("Tulis alasan perbaikan."))


def check_open(point: ServicePoint, day: date, lock: EditState) -> list[Problem]:
    """Whether a side of a received transfer may still be corrected; a day to come is told by ``check_receipt``."""
    if lock.open or lock.state == FUTURE:
        return []
    return [Problem("", CLOSED[lock.state], {"point": point.name, "day": day})]


def check_return(kept: Transfer, back: Return, today: date) -> list[Problem]:
    """A reason, and a day of return between sending and today."""
    problems = _check_end("returned_date", back.returned_date, kept, today)
    return problems + check_text("reason", back.reason, required=_("Tulis alasan pembatalan."))


def _check_end(name: str, day: date, kept: Transfer, today: date) -> list[Problem]:
    if day > today:
        return [Problem(name, _("Tanggal itu belum tiba. Pilih hari ini atau sebelumnya."))]
    if day < kept.sent_date:
        return [Problem(name, _("Tanggal itu sebelum tanggal kirim (%(day)s)."), {"day": f"{kept.sent_date:%d-%m-%Y}"})]
    return []
