"""Until when a day may be written, asked with what is kept about it; opening it again for a while."""

from datetime import date, datetime, timedelta

from ..domain.accounts import CLERK, Account, require, require_point
from ..domain.areas import Office, ServicePoint
from ..domain.calendar import office_day
from ..domain.locks import EditState, check_exception, edit_state
from ..domain.problems import Invalid, Unknown
from ..domain.recordings import Report
from ..domain.submissions import Submission
from ..storage import ledger, locks, publications
from ..storage.database import Tx
from .sending import Sender, once

KIND = "lock_exception"


def lock_of(
    tx: Tx, office: Office, account: Account, point: ServicePoint, day: date, kept: Report | None, now: datetime
) -> EditState:
    """``edit_state`` of the domain, asking the database only for what can change the answer.

    A first report in time, which is nearly every one, asks nothing.
    """
    published = None
    if account.role == CLERK and kept is not None and kept.stands:
        published = publications.published_at(tx, day)
    found = edit_state(office, account, point, day, kept, published, (), now)
    if found.open:
        return found
    given = locks.exceptions_of(tx, point.code, day)
    return edit_state(office, account, point, day, kept, published, given, now) if given else found


def give_exception(
    tx: Tx,
    sender: Sender,
    office: Office,
    submission_id: str,
    point_code: str,
    first: date,
    last: date,
    hours: int | None,
    reason: str,
) -> Submission:
    """Open days of a point again for ``hours``; it ends by itself. Raises Invalid with every broken rule."""
    require(sender.account, "locks.write")
    body = {"point": point_code, "first": first, "last": last, "hours": hours, "reason": reason.strip()}

    def make() -> str:
        problems = check_exception(office, point_code, first, last, hours, reason, office_day(sender.at))
        if problems or hours is None:
            raise Invalid(problems)
        ends = sender.at + timedelta(hours=hours)
        given = (point_code, first, last, ends, reason.strip(), sender.account.id, sender.at)
        made = str(locks.add_exception(tx, *given))
        changes = {"point_code": (None, point_code), "first": (None, first), "last": (None, last)}
        ledger.note(tx, sender.hand, "locks.open", KIND, made, changes | {"expires_at": (None, ends)}, reason.strip())
        return made

    return once(tx, sender, submission_id, KIND, body, make)


def withdraw_exception(tx: Tx, sender: Sender, exception_id: int) -> None:
    """Take an exception back before its end; taking it back twice changes nothing. Raises Unknown."""
    require(sender.account, "locks.write")
    found = locks.find_exception(tx, exception_id)
    if found is None:
        raise Unknown(exception_id)
    require_point(sender.account, "locks.write", found.point_code)
    if not found.runs(sender.at) or not locks.withdraw_exception(tx, exception_id, sender.at):
        return
    ledger.touch(tx, ledger.DATA)
    ledger.note(tx, sender.hand, "locks.withdraw", KIND, str(exception_id), {"withdrawn": (False, True)})
