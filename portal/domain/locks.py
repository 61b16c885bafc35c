"""Until when a day's report may be written, by whom, and what opens it again for a while.

Method: expiry, approval lock and lock exceptions as DHIS2 has them, but the cause is always named, and an exception
ends by itself.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from msgspec import Struct

from .accounts import CLERK, Account
from .areas import Office, ServicePoint
from .calendar import office_day, office_instant
from .limits import check_limit
from .problems import Conflict, Problem, _
from .recordings import Report
from .review import NEEDS_MENDING
from .review import VERIFIED as IS_VERIFIED
from .texts import check_text

OPEN = "open"
FUTURE = "future"
TOO_OLD = "too_old"
VERIFIED = "verified"
PUBLISHED = "published"
NOT_YOURS = "not_yours"
INACTIVE = "inactive"

LOCKED = "locked"
LONGEST_EXCEPTION = 31
"""Days that one exception may open: whoever needs more is told to look at what went wrong."""


class EditState(Struct, frozen=True):
    """Whether a report may be written now. ``until``: when an open one closes, or a future one opens; else None."""

    state: str
    until: datetime | None = None

    @property
    def open(self) -> bool:
        """Whether it may be written."""
        return self.state == OPEN


class LockException(Struct, frozen=True):
    """A supervisor opens days of a point again, for a while and for a reason."""

    id: int
    point_code: str
    first: date
    last: date
    expires_at: datetime
    reason: str
    by: str
    at: datetime
    withdrawn_at: datetime | None = None

    def runs(self, now: datetime) -> bool:
        """Whether it has neither ended nor been taken back."""
        return self.withdrawn_at is None and now < self.expires_at

    def opens(self, point_code: str, day: date, now: datetime) -> bool:
        """Whether it lets a day of a point be written at ``now``."""
        return self.point_code == point_code and self.first <= day <= self.last and self.runs(now)


class Locked(Conflict):
    """The day is locked for this person; nothing is kept, and what was typed may become a proposal."""

    def __init__(self, state: EditState, kept: Report | None) -> None:
        super().__init__(LOCKED, kept)
        self.state = state


def closes(office: Office, point: ServicePoint, day: date, account: Account) -> datetime:
    """When a day closes for a person: at the end of the n-th service day of the point after it.

    n is the office's limit ``clerk_days`` or ``supervisor_days``.
    """
    number = office.limit("clerk_days" if account.role == CLERK else "supervisor_days")
    last = office.calendar.later_service_day(point.timetable, day, number)
    return office_instant(last + timedelta(days=1), time(0))


def edit_state(
    office: Office,
    account: Account,
    point: ServicePoint,
    day: date,
    report: Report | None,
    published: datetime | None,
    exceptions: Iterable[LockException],
    now: datetime,
) -> EditState:
    """Whether ``account`` may write the report of a point and day at ``now``, and until when.

    A verified report, and one that already stood when its day was published, is locked for the clerk, not for a
    supervisor. A first report of a published day is still taken: it shows in the next publication as a correction.
    An exception opens the day to both, whatever locked it, and never beyond its end. Sending a report back is one
    for that report: whoever is asked to mend it has ``exception_hours`` for it, counted from the last word on it.
    """
    if not (account.may("recordings.write") and account.sees_point(point.code)):
        return EditState(NOT_YOURS)
    today = office_day(now)
    if day > today:
        return EditState(FUTURE, office_instant(day, time(0)) if point.active(day) else None)
    if not point.active(day):
        return EditState(INACTIVE)
    until = closes(office, point, day, account)
    state = OPEN if now < until else TOO_OLD
    stood = report is not None and report.stands
    if account.role == CLERK and report is not None and stood:
        if report.review_state == IS_VERIFIED:
            state = VERIFIED
        elif published is not None and report.first_received_at <= published:
            state = PUBLISHED
    ends = [e.expires_at for e in exceptions if e.opens(point.code, day, now)]
    if report is not None and stood and report.review_state == NEEDS_MENDING and report.reviewed_at is not None:
        asked_until = report.reviewed_at + timedelta(hours=office.limit("exception_hours"))
        ends += [asked_until] if now < asked_until else []
    if state == OPEN:
        return EditState(OPEN, max([until, *ends]))
    return EditState(OPEN, max(ends)) if ends else EditState(state)


def check_exception(
    office: Office, point_code: str, first: date, last: date, hours: int | None, reason: str, today: date
) -> list[Problem]:
    """A new exception: a point that there is, days that have come, an end within two weeks, and a reason."""
    problems = []
    if point_code not in office.points:
        problems.append(Problem("point_code", _("Pilih titik layanan.")))
    if first > last:
        problems.append(Problem("first", _("Tanggal awal harus sebelum tanggal akhir.")))
    elif last > today:
        problems.append(Problem("last", _("Tanggal akhir belum tiba.")))
    elif (last - first).days >= LONGEST_EXCEPTION:
        text = _("Rentang paling panjang %(days)s hari.")
        problems.append(Problem("first", text, {"days": LONGEST_EXCEPTION}))
    return (
        problems
        + check_limit("exception_hours", hours)
        + check_text("reason", reason, required=_("Tulis alasan pengecualian."))
    )
