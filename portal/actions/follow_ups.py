"""Who was missed becomes a line that somebody must close: by a later visit, at the office, or by handing it over."""

from ..domain.accounts import require
from ..domain.areas import Office
from ..domain.audit import Changes
from ..domain.follow_ups import BY_RESULT, BY_VISIT, CLOSED, OPEN, FollowUp, check_closing, due_day, left_behind
from ..domain.problems import STALE, Conflict, Invalid, Unknown
from ..domain.visits import Result, Visit
from ..storage import follow_ups, ledger
from ..storage.database import Tx
from .sending import Sender

KIND = "follow_up"


def settle(tx: Tx, sender: Sender, office: Office, visit: Visit, result: Result) -> None:
    """After a visit's result was kept: its own absent and failed are a line, and the line it came back for is closed.

    A correction changes the line; whoever closed it before did so for other counts, so it is open again.
    """
    left = left_behind(result)
    own = follow_ups.of_visit(tx, visit.id)
    if own is None and any(left):
        due = due_day(visit.plan.visit_date, office)
        made = follow_ups.add(tx, visit.plan.place_code, visit.id, left, due, sender.account.id, sender.at)
        changes: Changes = {"absent": (None, left[0]), "failed": (None, left[1]), "due": (None, due)}
        ledger.note(tx, sender.hand, "follow_ups.open", KIND, str(made), changes)
    elif own is not None and not any(left):
        _close(tx, sender, own, BY_RESULT)
    elif own is not None and ((own.absent, own.failed) != left or own.closed_by == BY_RESULT):
        follow_ups.reopen(tx, own, left, sender.account.id, sender.at)
        changes = {"absent": (own.absent, left[0]), "failed": (own.failed, left[1]), "state": (own.state, OPEN)}
        ledger.note(tx, sender.hand, "follow_ups.change", KIND, str(own.id), changes)
    if visit.plan.revisit_of is not None:
        earlier = follow_ups.of_visit(tx, visit.plan.revisit_of)
        if earlier is not None:
            _close(tx, sender, earlier, BY_VISIT, visit.id)


def withdraw(tx: Tx, sender: Sender, visit: Visit) -> None:
    """After a visit was cancelled: what it left is no line any more, and what it had closed is open again."""
    own = follow_ups.of_visit(tx, visit.id)
    if own is not None:
        _close(tx, sender, own, BY_RESULT)
    earlier = follow_ups.of_visit(tx, visit.plan.revisit_of) if visit.plan.revisit_of is not None else None
    if earlier is not None and earlier.closing_visit_id == visit.id:
        follow_ups.reopen(tx, earlier, (earlier.absent, earlier.failed), sender.account.id, sender.at)
        ledger.note(tx, sender.hand, "follow_ups.change", KIND, str(earlier.id), {"state": (CLOSED, OPEN)})


def _close(tx: Tx, sender: Sender, line: FollowUp, how: str, visit_id: int | None = None) -> None:
    if line.state == CLOSED:
        return
    follow_ups.close(tx, line, how, line.note, sender.account.id, sender.at, visit_id)
    changes = {"state": (OPEN, CLOSED), "closed_by": ("", how)}
    ledger.note(tx, sender.hand, "follow_ups.close", KIND, str(line.id), changes)


def close(tx: Tx, sender: Sender, follow_up_id: int, version: int, how: str, note: str) -> FollowUp:
    """Close a line by hand: recorded at the office, or handed over. Closing it twice changes nothing.

    Raises Unknown outside the person's area, Invalid, Conflict with the line as it is now.
    """
    require(sender.account, "visits.run")
    kept = follow_ups.find(tx, sender.account, follow_up_id)
    if kept is None:
        raise Unknown(follow_up_id)
    if problems := check_closing(how, note):
        raise Invalid(problems)
    if kept.state == CLOSED and (kept.closed_by, kept.note) == (how, note.strip()):
        return kept
    if kept.state == CLOSED or kept.version != version:
        raise Conflict(STALE, kept)
    if not follow_ups.close(tx, kept, how, note.strip(), sender.account.id, sender.at):
        raise Conflict(STALE, kept)
    ledger.touch(tx, ledger.DATA, ledger.SWEEPS)
    changes = {"state": (OPEN, CLOSED), "closed_by": ("", how)}
    ledger.note(tx, sender.hand, "follow_ups.close", KIND, str(follow_up_id), changes, note.strip())
    return kept
