"""What the soft rules ask of the books, and the flags that are kept with a report."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import bindparam, insert, select

from ..domain.doubts import Flag
from ..domain.outliers import PastDay
from ..domain.recordings import MEASURES, Entry
from ..domain.visits import FINISHED, OWING
from .database import Tx
from .daysheets import REPORT_SUMMED
from .prepared import Prepared
from .tables import report, report_flag, visit

_PAST = Prepared(
    select(report.c.service_date, report.c.kind, report.c.nihil_reason, *(report.c[m.name] for m in MEASURES))
    .where(
        report.c.point_code == bindparam("point_code"),
        report.c.service_date >= bindparam("since"),
        report.c.service_date < bindparam("day"),
        REPORT_SUMMED,
    )
    .order_by(report.c.service_date.desc())
)
_NAMES = tuple(m.name for m in MEASURES)


def past(tx: Tx, point_code: str, since: date, day: date) -> list[PastDay]:
    """The reports of a point that are in the sums, from ``since`` to the day before ``day``, newest first; no homes."""
    rows = _PAST.rows(tx, {"point_code": point_code, "since": since, "day": day})
    return [
        PastDay(day, Entry(kind, reason, dict(zip(_NAMES, counts, strict=True)))) for day, kind, reason, *counts in rows
    ]


_VISITS = Prepared(
    select(visit.c.visit_date, visit.c.recorded_from_list + visit.c.walk_in).where(
        visit.c.visit_date.between(bindparam("since"), bindparam("day")),
        visit.c.point_code == bindparam("point_code"),
        visit.c.state.in_((*OWING, *FINISHED)),
    )
)


def visits(tx: Tx, point_code: str, since: date, day: date) -> dict[date, tuple[int | None, ...]]:
    """The standing visits of a point's team by day, both ends included: how many each recorded, None without result."""
    found: dict[date, tuple[int | None, ...]] = {}
    for visit_date, recorded in _VISITS.rows(tx, {"point_code": point_code, "since": since, "day": day}):
        found[visit_date] = (*found.get(visit_date, ()), recorded)
    return found


_FLAG = Prepared(insert(report_flag), [column.key for column in report_flag.columns if column.key != "id"])
_FLAGS = (
    select(
        report_flag.c.rule,
        report_flag.c.field,
        report_flag.c.value,
        report_flag.c.low,
        report_flag.c.high,
        report_flag.c.asked,
        report_flag.c.note,
    )
    .where(report_flag.c.report_id == bindparam("of"), report_flag.c.version == bindparam("in_version"))
    .order_by(report_flag.c.id)
)


def keep_flags(tx: Tx, report_id: int, version: int, flags: Sequence[Flag], account_id: int, at: datetime) -> None:
    """Keep what was doubtful about this version of a report, and what its sender said to it."""
    rows = [
        {
            "report_id": report_id,
            "version": version,
            "rule": flag.rule,
            "field": flag.field,
            "value": flag.value,
            "low": flag.low,
            "high": flag.high,
            "asked": int(flag.asked),
            "note": flag.note,
            "account_id": account_id,
            "at": at,
        }
        for flag in flags
    ]
    if rows:
        _FLAG.changes(tx, rows)


def flags_of(tx: Tx, report_id: int, version: int) -> list[Flag]:
    """What was doubtful about a version of a report, the gravest first."""
    rows = tx.execute(_FLAGS, {"of": report_id, "in_version": version})
    return [
        Flag(rule, field, value, low, high, bool(asked), note) for rule, field, value, low, high, asked, note in rows
    ]
