"""Excusing a late or missing report, and taking that back: no state and no rate moves, the excused are counted."""

from datetime import date

from ..domain.accounts import require_point
from ..domain.areas import Office
from ..domain.completeness import check_excuse
from ..domain.problems import EXISTS, STALE, Conflict, Invalid, Unknown
from ..domain.submissions import Submission
from ..storage import completeness, ledger, recordings
from ..storage.database import Tx
from .recordings import KIND, object_id
from .sending import Sender, once

DEED = "completeness.excuse"
EXCUSE = "excuse"


def excuse(
    tx: Tx, sender: Sender, office: Office, submission_id: str, point_code: str, day: date, reason: str
) -> Submission:
    """Keep why the report of a point and day is forgiven; it is written down in the report's own history.

    Raises NotPermitted, Unknown for no such point, Invalid when the day is neither late nor missing or no reason is
    given, Conflict(EXISTS) with the excuse that stands already.
    """
    require_point(sender.account, DEED, point_code)
    point = office.points.get(point_code)
    if point is None:
        raise Unknown(point_code)
    reason = reason.strip()

    def make() -> str:
        kept = recordings.find(tx, point_code, day)
        received = kept.first_received_at if kept is not None and kept.stands else None
        state = office.calendar.report_state(point.timetable, day, received, sender.at) if point.active(day) else ""
        if problems := check_excuse(state, reason):
            raise Invalid(problems)
        standing = completeness.find(tx, point_code, day)
        if standing is not None:
            raise Conflict(EXISTS, standing)
        completeness.add(tx, point_code, day, reason, sender.account.id, sender.at)
        ledger.note(tx, sender.hand, DEED, KIND, object_id(point_code, day), {"excused": (False, True)}, reason)
        return object_id(point_code, day)

    return once(tx, sender, submission_id, EXCUSE, {"point": point_code, "day": day, "reason": reason}, make)


def withdraw(tx: Tx, sender: Sender, point_code: str, day: date, excuse_id: int) -> None:
    """Take the excuse of a day back. Taking back twice changes nothing; Conflict(STALE) when another stands by now."""
    require_point(sender.account, DEED, point_code)
    standing = completeness.find(tx, point_code, day)
    if standing is None:
        return
    if standing.id != excuse_id or not completeness.withdraw(tx, excuse_id, sender.at):
        raise Conflict(STALE, standing)
    ledger.touch(tx, ledger.DATA)
    ledger.note(tx, sender.hand, "completeness.withdraw", KIND, object_id(point_code, day), {"excused": (True, False)})
