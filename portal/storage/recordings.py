"""Daily reports: one row a point and a day, with the homes of the recorded beside it."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, bindparam, case, delete, insert, literal, select, update

from ..domain.duty import Period, ReportMark
from ..domain.recordings import MEASURES, NIHIL, Entry, Report
from ..domain.review import after_edit
from .database import Tx
from .prepared import Prepared
from .tables import account, report, report_home

_author = account.alias("author")
_editor = account.alias("editor")
_reviewer = account.alias("reviewer")

_REPORT: Select[Any] = (
    select(
        report,
        _author.c.name.label("author"),
        _editor.c.name.label("editor"),
        _reviewer.c.name.label("reviewer"),
    )
    .join(_author, _author.c.id == report.c.author_id)
    .join(_editor, _editor.c.id == report.c.editor_id)
    .outerjoin(_reviewer, _reviewer.c.id == report.c.reviewer_id)
)
EVERY = _REPORT
"""Every report with the names of its people: what a list of reports narrows down."""

_OF_DAY = Prepared(
    _REPORT.where(report.c.point_code == bindparam("point_code"), report.c.service_date == bindparam("service_date"))
)
_LAST_BEFORE = Prepared(
    _REPORT.where(
        report.c.point_code == bindparam("point_code"),
        report.c.service_date < bindparam("service_date"),
        report.c.cancelled_at.is_(None),
    )
    .order_by(report.c.service_date.desc())
    .limit(1)
)


_HOMES = Prepared(
    select(report_home.c.home_code, report_home.c.recorded).where(report_home.c.report_id == bindparam("of"))
)
_SAID = ("kind", "nihil_reason", "note", *(m.name for m in MEASURES))
_SENT = ("captured_at", "point_code", "service_date", "version", "received_at", "changed_at", "author_id", "editor_id")
_ADD = Prepared(insert(report).returning(report.c.id), (*_SAID, *_SENT))
_ADD_HOMES = Prepared(insert(report_home), report_home.columns.keys())
_CLEAR_HOMES = delete(report_home).where(report_home.c.report_id == bindparam("of"))
_CHANGE = update(report).where(report.c.id == bindparam("kept_id"), report.c.version == bindparam("kept_version"))


def find(tx: Tx, point_code: str, service_date: date) -> Report | None:
    """The report of a point and day, a cancelled one included."""
    row = _OF_DAY.row(tx, {"point_code": point_code, "service_date": service_date})
    if row is None:
        return None
    return _report(row, {code: number for code, number in _HOMES.rows(tx, {"of": row.id})})


def _report(row: Any, homes: dict[str, int]) -> Report:
    entry = Entry(
        row.kind,
        row.nihil_reason,
        {m.name: getattr(row, m.name) for m in MEASURES},
        dict(sorted(homes.items())),
        row.note,
    )
    return Report(
        row.id,
        row.point_code,
        row.service_date,
        entry,
        row.version,
        row.received_at,
        row.changed_at,
        row.author,
        row.editor,
        row.cancelled_at,
        row.cancel_reason,
        row.captured_at,
        row.review_state,
        row.review_field,
        row.review_reason,
        row.reviewed_at,
        row.reviewer or "",
        row.review_version,
        bool(row.excluded),
    )


def without_homes(rows: Iterable[Any]) -> list[Report]:
    """Rows of ``EVERY`` as reports, for lists that do not show the split by home."""
    return [_report(row, {}) for row in rows]


def _values(entry: Entry) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "nihil_reason": entry.nihil_reason,
        "note": entry.note,
        **{m.name: entry.counts.get(m.name) for m in MEASURES},
    }


def add(
    tx: Tx,
    point_code: str,
    service_date: date,
    entry: Entry,
    account_id: int,
    at: datetime,
    captured_at: datetime | None = None,
) -> int:
    """Keep a first report; returns its id. ``captured_at`` is when it was filled in, where that was earlier."""
    values = _values(entry) | {
        "captured_at": captured_at,
        "point_code": point_code,
        "service_date": service_date,
        "version": 1,
        "received_at": at,
        "changed_at": at,
        "author_id": account_id,
        "editor_id": account_id,
    }
    report_id: int = _ADD.row(tx, values).id
    _set_homes(tx, report_id, entry)
    return report_id


def change(
    tx: Tx, kept: Report, entry: Entry, account_id: int, at: datetime, captured_at: datetime | None = None
) -> bool:
    """Replace what a report says if it still has ``kept.version``; False when somebody was faster.

    Its review goes on from there: what was sent back is mended and in the sums again.
    """
    values = _values(entry) | {"editor_id": account_id, "cancelled_at": None, "cancel_reason": ""}
    values |= {"review_state": after_edit(kept.review_state, stood=kept.stands), "excluded": 0}
    if not kept.stands:
        # What was taken back was never received in time; who sends again is the one who sent it.
        values |= {"received_at": at, "author_id": account_id, "captured_at": captured_at}
    changed = _versioned(tx, kept, at, values)
    if changed:
        tx.execute(_CLEAR_HOMES, {"of": kept.id})
        _set_homes(tx, kept.id, entry)
    return changed


def cancel(tx: Tx, kept: Report, reason: str, account_id: int, at: datetime) -> bool:
    """Take a report out of every total, keeping it; False when somebody was faster."""
    return _versioned(tx, kept, at, {"cancelled_at": at, "cancel_reason": reason, "editor_id": account_id})


def _versioned(tx: Tx, kept: Report, at: datetime, values: dict[str, Any]) -> bool:
    which = {"kept_id": kept.id, "kept_version": kept.version}
    return tx.execute(_CHANGE, which | values | {"version": kept.version + 1, "changed_at": at}).rowcount == 1


def _set_homes(tx: Tx, report_id: int, entry: Entry) -> None:
    rows = [{"report_id": report_id, "home_code": code, "recorded": n} for code, n in entry.homes.items() if n]
    if rows:
        _ADD_HOMES.changes(tx, rows)


MARK_COLUMNS = (
    report.c.point_code,
    report.c.service_date,
    report.c.received_at,
    report.c.kind,
    report.c.nihil_reason,
    report.c.recorded,
    report.c.captured_at,
    case((report.c.kind == NIHIL, report.c.note), else_=literal("")).label("note"),
    report.c.review_state,
    report.c.excluded,
)
_MARKS = (
    select(*MARK_COLUMNS)
    .where(report.c.service_date.between(bindparam("first"), bindparam("last")), report.c.cancelled_at.is_(None))
    .order_by(report.c.service_date)
)


def marks(tx: Tx, period: Period, points: Iterable[str] | None = None) -> list[ReportMark]:
    """Which reports stand for the days of a period, at all points or at some."""
    query = _MARKS if points is None else _MARKS.where(report.c.point_code.in_(list(points)))
    found = tx.execute(query, {"first": period.first, "last": period.last})
    return [ReportMark(*row[:9], excluded=bool(row.excluded)) for row in found]


def before(tx: Tx, point_code: str, service_date: date) -> Report | None:
    """The last standing report before a day: what the form shows under each box as the figure of then."""
    row = _LAST_BEFORE.row(tx, {"point_code": point_code, "service_date": service_date})
    return None if row is None else _report(row, {})


def in_period(tx: Tx, period: Period, points: Sequence[str]) -> list[Report]:
    """The standing reports of some points, by day and point, with their homes: two queries, however many rows."""
    where = (
        report.c.service_date.between(period.first, period.last),
        report.c.cancelled_at.is_(None),
        report.c.point_code.in_(points),
    )
    homes: dict[int, dict[str, int]] = {}
    for report_id, code, number in tx.execute(
        select(report_home.c.report_id, report_home.c.home_code, report_home.c.recorded)
        .join(report, report.c.id == report_home.c.report_id)
        .where(*where)
    ):
        homes.setdefault(report_id, {})[code] = number
    rows = tx.execute(_REPORT.where(*where).order_by(report.c.service_date.desc(), report.c.point_code))
    return [_report(row, homes.get(row.id, {})) for row in rows]
