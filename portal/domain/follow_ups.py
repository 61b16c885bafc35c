"""What a visit left behind: its absent and failed are one line that stays until somebody closes it."""

from datetime import date, datetime, timedelta

from msgspec import Struct

from .areas import Office
from .problems import Problem, _
from .texts import check_text
from .visits import Result

OPEN = "open"
CLOSED = "closed"
FOLLOW_UP_STATES = {OPEN: _("Terbuka"), CLOSED: _("Ditutup")}

BY_VISIT = "visit"
BY_OFFICE = "office"
BY_TRANSFER = "transfer"
BY_RESULT = "result"
CLOSINGS = {
    BY_VISIT: _("Kunjungan berikutnya"),
    BY_OFFICE: _("Sudah direkam di kantor"),
    BY_TRANSFER: _("Dialihkan ke kantor lain"),
    BY_RESULT: _("Hasil diperbaiki: tidak ada lagi yang tertinggal"),
}
BY_HAND = (BY_OFFICE, BY_TRANSFER)
"""What a person may close a line with; the others follow from a visit's result."""


class FollowUp(Struct, frozen=True):
    """The absent and failed of one visit, when to come back for them, and how that ended."""

    id: int
    place_code: str
    visit_id: int
    absent: int
    failed: int
    due: date
    state: str
    closed_by: str
    closing_visit_id: int | None
    note: str
    version: int
    changed_at: datetime
    editor: str

    @property
    def left(self) -> int:
        """People to come back for."""
        return self.absent + self.failed

    def overdue(self, today: date) -> bool:
        """Open, and the day by which it should have been closed is past."""
        return self.state == OPEN and self.due < today


def left_behind(result: Result) -> tuple[int, int]:
    """(absent, failed) of a result: who is still to be recorded."""
    return result.counts.get("absent") or 0, result.counts.get("failed") or 0


def due_day(visit_date: date, office: Office) -> date:
    """By when the line of a visit should be closed: within the office's limit, and before polling day."""
    due = visit_date + timedelta(days=office.limit("follow_up_days"))
    election = office.election(visit_date)
    if election is None or election.polling_day <= visit_date:
        return due
    return max(visit_date, min(due, election.polling_day - timedelta(days=1)))


def check_closing(how: str, note: str) -> list[Problem]:
    """Closing by hand: at the office, or handed over, and then to whom."""
    if how not in BY_HAND:
        return [Problem("closed_by", _("Pilih bagaimana daftar ini selesai."))]
    required = _("Tulis dialihkan ke mana.") if how == BY_TRANSFER else ""
    return check_text("note", note, required=required)
