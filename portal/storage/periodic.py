"""Published weekly and monthly reports, and what the newest of each kind say of points and days."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select

from ..domain.periodic import MONTHLY, WEEKLY, Report, read_report
from ..domain.publications import DAILY, PointDay, Publication, Value, read
from ..domain.visits import CANCELLED, FINISHED, RESULTS
from .database import Tx
from .daysheets import REPORT_SUMMED, VISIT_STANDS
from .tables import publication, published_day, report, report_home, reported_day, visit, visit_home

_NEWEST = select(publication).where(publication.c.kind == bindparam("of")).order_by(publication.c.number.desc())
_FIND = select(publication).where(publication.c.number == bindparam("wanted"))
_SUMMARIES = (
    select(publication.c.number, publication.c.day)
    .where(publication.c.kind == DAILY, publication.c.day >= bindparam("first"))
    .order_by(publication.c.day)
    .limit(32)  # a month has 31 days, and the first summary after it tells of the last
)
_REPORTED = select(reported_day.c.point_code, reported_day.c.day, reported_day.c.office, reported_day.c.visits).where(
    reported_day.c.kind == bindparam("of")
)
_PUBLISHED = select(published_day.c.point_code, published_day.c.day, published_day.c.office, published_day.c.visits)
_WITHIN = _PUBLISHED.where(published_day.c.day.between(bindparam("first"), bindparam("last")))
_FORGET = delete(reported_day).where(
    reported_day.c.kind == bindparam("of"),
    reported_day.c.point_code == bindparam("point"),
    reported_day.c.day == bindparam("on"),
)
_STANDING = select(report.c.point_code, report.c.service_date, report.c.nihil_reason, report.c.review_state).where(
    report.c.service_date.between(bindparam("first"), bindparam("last")), report.c.cancelled_at.is_(None)
)
_VISITS = (
    select(visit.c.state, func.count().label("visits"), *(func.sum(visit.c[name]).label(name) for name in RESULTS))
    .where(visit.c.visit_date.between(bindparam("first"), bindparam("last")))
    .group_by(visit.c.state)
)


def _split(homes: Any, key: Any, parent: Any, day: Any, stands: Any) -> Any:
    return (
        select(parent.c.point_code, day, homes.c.home_code, func.sum(homes.c.recorded))
        .join(parent, parent.c.id == key)
        .where(day.between(bindparam("first"), bindparam("last")), stands)
        .group_by(parent.c.point_code, day, homes.c.home_code)
    )


_OFFICE_HOMES = _split(report_home, report_home.c.report_id, report, report.c.service_date, REPORT_SUMMED)
_VISIT_HOMES = _split(visit_home, visit_home.c.visit_id, visit, visit.c.visit_date, VISIT_STANDS)


def newest(tx: Tx, kind: str, limit: int = 1) -> list[Report]:
    """The newest weekly or monthly reports, the last one first."""
    return [_report(row) for row in tx.execute(_NEWEST.limit(limit), {"of": kind})]


def find(tx: Tx, number: int) -> Publication | Report | None:
    """What was published under a number, of whatever kind, as it was published."""
    row = tx.execute(_FIND, {"wanted": number}).one_or_none()
    if row is None:
        return None
    return _report(row) if row.kind in (WEEKLY, MONTHLY) else read(row.payload, row.sha256)


def _report(row: Any) -> Report:
    return read_report(row.payload, row.sha256)


def summaries(tx: Tx, first: date) -> list[tuple[int, date]]:
    """(number, day) of the daily summaries of ``first`` and later, oldest first, as many as a month can need."""
    return [(row.number, row.day) for row in tx.execute(_SUMMARIES, {"first": first})]


def reported(tx: Tx, kind: str) -> dict[PointDay, Value]:
    """What the reports of a kind, taken together, say of each point and day."""
    return _values(tx.execute(_REPORTED, {"of": kind}))


def published(tx: Tx, first: date, last: date) -> dict[PointDay, Value]:
    """What the daily summaries, taken together, say of each point and day of a period."""
    return _values(tx.execute(_WITHIN, {"first": first, "last": last}))


def _values(rows: Any) -> dict[PointDay, Value]:
    return {(row.point_code, row.day): Value(row.office, row.visits) for row in rows}


def add(
    tx: Tx, number: int, kind: str, first: date, as_of: datetime, payload: str, sha256: str, account_id: int
) -> None:
    """Keep a report for ever."""
    row = {"number": number, "kind": kind, "day": first, "as_of": as_of, "payload": payload, "sha256": sha256}
    tx.execute(insert(publication).values(row | {"account_id": account_id}))


def remember(tx: Tx, kind: str, said: Mapping[PointDay, Value]) -> None:
    """From now on this is what the reports of a kind say of these points and days."""
    if not said:
        return
    tx.execute(_FORGET, [{"of": kind, "point": code, "on": day} for code, day in said])
    rows = [
        {"kind": kind, "point_code": code, "day": day, "office": v.office, "visits": v.visits}
        for (code, day), v in said.items()
    ]
    tx.execute(insert(reported_day), rows)


def standing(tx: Tx, first: date, last: date) -> dict[PointDay, tuple[str, bool]]:
    """Point and day → (cause of a NIHIL or "", whether somebody verified it) of the reports that stand."""
    rows = tx.execute(_STANDING, {"first": first, "last": last})
    return {
        (row.point_code, row.service_date): (row.nihil_reason or "", row.review_state == "verified") for row in rows
    }


def homes(tx: Tx, first: date, last: date) -> tuple[dict[PointDay, dict[str, int]], dict[PointDay, dict[str, int]]]:
    """Point and day → home area → recorded, (at offices, on visits), as it stands now."""
    found: tuple[dict[PointDay, dict[str, int]], dict[PointDay, dict[str, int]]] = ({}, {})
    for kept, query in zip(found, (_OFFICE_HOMES, _VISIT_HOMES), strict=True):
        for point, day, home, recorded in tx.execute(query, {"first": first, "last": last}):
            kept.setdefault((point, day), {})[home] = recorded
    return found


def visit_results(tx: Tx, first: date, last: date) -> dict[str, int]:
    """``done`` and ``cancelled`` visits of a period, those ``open`` still, and the sums of the results of the done."""
    found = {"done": 0, "cancelled": 0, "open": 0} | dict.fromkeys(RESULTS, 0)
    for row in tx.execute(_VISITS, {"first": first, "last": last}):
        state = "done" if row.state in FINISHED else "cancelled" if row.state == CANCELLED else "open"
        found[state] += row.visits
        if state == "done":
            for name in RESULTS:
                found[name] += int(getattr(row, name) or 0)
    return found
