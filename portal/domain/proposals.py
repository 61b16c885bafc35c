"""What was typed for a day that had closed meanwhile: kept as a late proposal until a supervisor decides."""

from datetime import date, datetime

from msgspec import Struct

from .problems import Problem, _
from .recordings import Entry
from .texts import check_text

WAITING = "waiting"
ACCEPTED = "accepted"
DECLINED = "declined"

STATES = {WAITING: _("menunggu keputusan"), ACCEPTED: _("diterima"), DECLINED: _("ditolak")}


class Proposal(Struct, frozen=True):
    """An entry handed in too late. ``reason`` is its writer's, ``answer`` the supervisor's."""

    id: int
    point_code: str
    service_date: date
    entry: Entry
    reason: str
    captured_at: datetime | None
    account_id: int
    author: str
    at: datetime
    state: str = WAITING
    answer: str = ""
    decided_at: datetime | None = None
    decided_by: str = ""


def check_answer(answer: str, *, declined: bool) -> list[Problem]:
    """A decision: whoever declines says why."""
    return check_text("answer", answer, required=_("Tulis alasan penolakan.") if declined else "")
