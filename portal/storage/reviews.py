"""What waits for review, what was asked about it, and the supervisor's word on it."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, literal_column, select, update

from ..domain.doubts import Flag
from ..domain.duty import Period
from ..domain.recordings import Report
from ..domain.review import AWAITING, NEEDS_MENDING, SAID, VERIFIED
from . import recordings
from .database import Tx
from .tables import audit, report, report_flag

# The state stands in the statement itself: SQLite uses an index of some rows only where it can see that they are meant.
_SENT_BACK = recordings.EVERY.where(
    report.c.review_state == literal_column(f"'{NEEDS_MENDING}'"), report.c.cancelled_at.is_(None)
).order_by(report.c.service_date, report.c.point_code)
_UNVERIFIED = recordings.EVERY.where(
    report.c.service_date.between(bindparam("first"), bindparam("last")),
    report.c.review_state != VERIFIED,
    report.c.cancelled_at.is_(None),
).order_by(report.c.service_date, report.c.point_code)
_FLAGS = (
    select(report_flag)
    .join(report, (report.c.id == report_flag.c.report_id) & (report.c.version == report_flag.c.version))
    .order_by(report_flag.c.id)
)
_FLAGS_OF = _FLAGS.where(report.c.id == bindparam("of"))
_FLAGS_WITHIN = _FLAGS.where(report.c.service_date.between(bindparam("first"), bindparam("last")))
_UNSEEN = (
    select(report.c.point_code, report.c.service_date, report_flag)
    .join(report, (report.c.id == report_flag.c.report_id) & (report.c.version == report_flag.c.version))
    .where(
        report.c.service_date.between(bindparam("first"), bindparam("last")),
        report.c.review_state.in_(sorted(AWAITING)),
        report.c.cancelled_at.is_(None),
    )
    .order_by(report.c.service_date, report.c.point_code, report_flag.c.id)
)
_STEP = update(report).where(
    report.c.id == bindparam("kept_id"),
    report.c.version == bindparam("kept_version"),
    report.c.review_version == bindparam("kept_review"),
)


def unverified(tx: Tx, period: Period) -> list[Report]:
    """The standing reports of a period that are not verified, oldest first; without the split by home."""
    return recordings.without_homes(tx.execute(_UNVERIFIED, {"first": period.first, "last": period.last}))


def sent_back(tx: Tx, points: Collection[str] | None = None) -> list[Report]:
    """Every report that waits for its clerk, at all points or at some, oldest first."""
    query = _SENT_BACK if points is None else _SENT_BACK.where(report.c.point_code.in_(points))
    return recordings.without_homes(tx.execute(query))


def flags(tx: Tx, report_id: int) -> list[Flag]:
    """What the soft rules asked about the present version of a report."""
    return [_flag(row) for row in tx.execute(_FLAGS_OF, {"of": report_id})]


def flags_within(tx: Tx, period: Period) -> dict[int, list[Flag]]:
    """The same for every report of a period, by the report's id."""
    found: dict[int, list[Flag]] = {}
    for row in tx.execute(_FLAGS_WITHIN, {"first": period.first, "last": period.last}):
        found.setdefault(row.report_id, []).append(_flag(row))
    return found


def unseen_flags(tx: Tx, period: Period) -> dict[tuple[str, date], list[Flag]]:
    """(point, day) → what was asked about a report of a period that nobody has looked at yet, the oldest first."""
    found: dict[tuple[str, date], list[Flag]] = {}
    for row in tx.execute(_UNSEEN, {"first": period.first, "last": period.last}):
        found.setdefault((row.point_code, row.service_date), []).append(_flag(row))
    return found


def _flag(row: Any) -> Flag:
    return Flag(row.rule, row.field, row.value, row.low, row.high, bool(row.asked), row.note)


def written_by(tx: Tx, username: str, object_ids: Iterable[str]) -> set[str]:
    """Of these reports (as the ledger names them) those whose figures this person ever stated."""
    query = select(audit.c.object_id).where(
        audit.c.object_kind == "report",
        audit.c.object_id.in_(list(object_ids)),
        audit.c.account == username,
        audit.c.deed.in_(sorted(SAID)),
    )
    return set(tx.execute(query).scalars())


def step(
    tx: Tx,
    kept: Report,
    state: str,
    account_id: int,
    at: datetime,
    *,
    field: str = "",
    reason: str = "",
    excluded: bool,
) -> bool:
    """Put a report into a state of its review if nobody wrote to it or reviewed it since; False otherwise."""
    values = {
        "review_state": state,
        "review_field": field,
        "review_reason": reason,
        "reviewed_at": at,
        "reviewer_id": account_id,
        "review_version": kept.review_version + 1,
        "excluded": int(excluded),
    }
    which = {"kept_id": kept.id, "kept_version": kept.version, "kept_review": kept.review_version}
    return tx.execute(_STEP, which | values).rowcount == 1
