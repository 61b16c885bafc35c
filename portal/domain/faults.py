"""A fault from the moment it is told until the part works again: one step tells the fault, its repair and the status.

Source: staff who had to write a repair and a status separately left one of them out (Snipe-IT, issue 1282), so here
a step of the fault is the status, and a status is a step of the fault.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from msgspec import Struct

from .calendar import office_day
from .equipment import ATTENTION, BROKEN, GOOD, MISSING, REPAIR
from .problems import Problem, _
from .texts import check_text

REPORTED = "reported"
EXAMINED = "examined"
REPAIRED = "repaired"
SENT = "sent"
BACK = "back"

FAULT_STATES = {
    REPORTED: _("Dilaporkan"),
    EXAMINED: _("Diperiksa"),
    REPAIRED: _("Diperbaiki di tempat"),
    SENT: _("Dikirim perbaikan"),
    BACK: _("Kembali"),
}
CLOSED = frozenset({REPAIRED, BACK})

NEXT: Mapping[str, tuple[str, ...]] = {
    REPORTED: (EXAMINED, REPAIRED, SENT),
    EXAMINED: (EXAMINED, REPAIRED, SENT),
    SENT: (SENT, BACK, EXAMINED),
    REPAIRED: (),
    BACK: (),
}
"""State → the states that may follow it; one that follows itself changes owner, due date, parts or cost only. What
came back and still does not work is examined again."""

OPENS = frozenset({ATTENTION, BROKEN, REPAIR, MISSING})
"""Statuses that are a fault: one is opened with them when none is open."""

MAX_COST_RP = 2_000_000_000
"""Twelve times the price of a whole kit: no repair costs more."""
PARTS_LIMIT = 200
LATEST_DUE = timedelta(days=366)


class Fault(Struct, frozen=True):
    """One fault of one part. ``owner`` sees to it until ``due``; ``cost_rp`` is unknown (None) until somebody says."""

    id: int
    component_id: int
    kit_code: str
    component_kind: str
    state: str
    opened_at: datetime
    closed_at: datetime | None
    by: str
    owner_id: int | None = None
    owner: str = ""
    due: date | None = None
    parts: str = ""
    cost_rp: int | None = None
    warranty: bool = False
    note: str = ""
    version: int = 1

    @property
    def open(self) -> bool:
        """Whether the part is still waiting."""
        return self.closed_at is None

    def overdue(self, today: date) -> bool:
        """Whether it should have been done by now."""
        return self.open and self.due is not None and self.due < today


class Step(Struct, frozen=True):
    """What is said of a fault at one moment: the state it comes to, who sees to it, until when, at what cost."""

    state: str
    note: str = ""
    owner_id: int | None = None
    due: date | None = None
    parts: str = ""
    cost_rp: int | None = None
    warranty: bool = False
    at: datetime | None = None
    by: str = ""
    owner: str = ""


def state_for(status: str, fault: Fault | None) -> str | None:
    """The state a fault comes to when its part is said to have this status; None when the status is no news of it."""
    if fault is None:
        return {REPAIR: SENT}.get(status, REPORTED) if status in OPENS else None
    if status == GOOD:
        return BACK if fault.state == SENT else REPAIRED
    if status == REPAIR:
        return SENT
    return EXAMINED if fault.state == SENT and status in OPENS else None


def status_for(state: str, before: str) -> tuple[str, str] | None:
    """(status, reason) of a part whose fault comes to ``state``; None where the status stays as it is."""
    if state in CLOSED:
        return GOOD, ""
    if state == SENT:
        return None if before == REPAIR else (REPAIR, "servis_resmi")
    return (BROKEN, "belum_diketahui") if before == REPAIR else None


def check_step(fault: Fault, step: Step, today: date) -> list[Problem]:
    """A step that may follow: a state of the row of states, a due day that can be, a cost, words without numbers."""
    problems = check_text("note", step.note) + check_text("parts", step.parts, PARTS_LIMIT)
    if step.state not in NEXT[fault.state]:
        problems.append(Problem("state", _("Langkah ini tidak dapat menyusul keadaan sekarang. Pilih langkah lain.")))
    if step.due is not None and not office_day(fault.opened_at) <= step.due <= today + LATEST_DUE:
        problems.append(Problem("due", _("Tanggal selesai: sesudah kerusakan dilaporkan dan dalam satu tahun.")))
    if step.cost_rp is not None and not 0 <= step.cost_rp <= MAX_COST_RP:
        problems.append(Problem("cost_rp", _("Biaya dalam rupiah, paling banyak %(limit)s."), {"limit": MAX_COST_RP}))
    if step.warranty and step.cost_rp:
        problems.append(Problem("cost_rp", _("Perbaikan dengan garansi tidak berbiaya. Kosongkan salah satunya.")))
    return problems
