"""Service days as they stand, read once: a day is read again when one of its rows has changed.

No row is ever deleted, and every change raises its version; so a day whose rows have the same numbers and versions as
before is the same day. What it costs to ask is one covering index, however much was written in the meantime.
"""

from collections import defaultdict
from datetime import date
from typing import Any

from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.sql import ColumnElement

from ..domain.daysheets import DaySheet, Visited
from ..domain.duty import Period, ReportMark
from ..domain.recordings import FLOWS
from ..domain.visits import FINISHED, OWING
from .database import Tx
from .recordings import MARK_COLUMNS
from .tables import report, report_home, visit, visit_home

LARGEST_MEMORY = 800
"""Days: two years and a bit, which is more than the longest period that can be asked for."""

NOTHING = DaySheet()
"""A day of whose rows none stands."""


def _within(day: ColumnElement[Any]) -> ColumnElement[bool]:
    return day.between(bindparam("first"), bindparam("last"))


REPORT_STANDS = report.c.cancelled_at.is_(None)
REPORT_SUMMED = and_(REPORT_STANDS, report.c.excluded == 0)
"""What a supervisor took out of the sums stands, and counts as received."""
VISIT_STANDS = visit.c.state.in_(FINISHED)
RECORDED_ON_VISIT = visit.c.recorded_from_list + visit.c.walk_in

# Built once: building a statement costs more than running it.
_REPORT_VERSIONS = (
    select(report.c.service_date, func.count(), func.sum(report.c.version), func.sum(report.c.review_version))
    .where(_within(report.c.service_date))
    .group_by(report.c.service_date)
)
_VISIT_VERSIONS = (
    select(visit.c.visit_date, visit.c.id, visit.c.version)
    .where(_within(visit.c.visit_date))
    .order_by(visit.c.visit_date, visit.c.id)
)
_REPORTS = (
    select(*MARK_COLUMNS, *(report.c[name] for name in FLOWS))
    .where(_within(report.c.service_date), REPORT_STANDS)
    .order_by(report.c.service_date, report.c.point_code)
)
_VISITS = (
    select(
        visit.c.visit_date,
        visit.c.point_code,
        func.count(),
        func.sum(RECORDED_ON_VISIT),
        func.sum(visit.c.eligible - visit.c.outside - visit.c.not_yet_16),
        func.sum(visit.c.recorded_from_list + visit.c.already),
    )
    .where(_within(visit.c.visit_date), VISIT_STANDS)
    .group_by(visit.c.visit_date, visit.c.point_code)
)
_OWED = (
    select(visit.c.visit_date, func.count())
    .where(_within(visit.c.visit_date), visit.c.state.in_(OWING))
    .group_by(visit.c.visit_date)
)


def _by_home(homes: Any, parent: Any, key: Any, day: Any, stands: Any) -> Any:
    return (
        select(day, homes.c.home_code, func.sum(homes.c.recorded))
        .join(parent, parent.c.id == key)
        .where(_within(day), stands)
        .group_by(day, homes.c.home_code)
    )


_HOMES = (
    _by_home(report_home, report, report_home.c.report_id, report.c.service_date, REPORT_SUMMED),
    _by_home(visit_home, visit, visit_home.c.visit_id, visit.c.visit_date, VISIT_STANDS),
)


class DayMemory:
    """Sheets of the days that were asked for, each with what its rows were when it was read."""

    def __init__(self) -> None:
        self._known: dict[date, tuple[Any, DaySheet]] = {}

    def sheets(self, tx: Tx, period: Period) -> dict[date, DaySheet]:
        """The sheet of every day of a period that has rows, as this transaction sees them."""
        marks, known = _versions(tx, period), self._known
        # Each is taken once: another thread, whose transaction is older, may put its own in the same place meanwhile.
        held = {day: known.get(day) for day in marks}
        found = {day: kept[1] for day, kept in held.items() if kept is not None and kept[0] == marks[day]}
        stale = marks.keys() - found.keys()
        if stale:
            fresh = read(tx, Period(min(stale), max(stale)))
            if len(known) + len(stale) > LARGEST_MEMORY:
                self._known = known = {day: (marks[day], sheet) for day, sheet in found.items()}
            for day in stale:
                found[day] = fresh.get(day, NOTHING)
                known[day] = (marks[day], found[day])
        return found


def _versions(tx: Tx, period: Period) -> dict[date, Any]:
    """What the rows of each day are, so that any change of one of them, or another in its place, is another value."""
    asked = {"first": period.first, "last": period.last}
    found: dict[date, Any] = {row[0]: tuple(row[1:]) for row in tx.execute(_REPORT_VERSIONS, asked)}
    visits: dict[date, list[tuple[int, int]]] = defaultdict(list)
    for day, visit_id, version in tx.execute(_VISIT_VERSIONS, asked):
        visits[day].append((visit_id, version))
    return {day: (found.get(day), visits.get(day)) for day in {**found, **visits}}


def read(tx: Tx, period: Period) -> dict[date, DaySheet]:
    """The sheet of every day of a period that has rows: five questions, however many rows and days."""
    asked = {"first": period.first, "last": period.last}
    marks: dict[date, list[ReportMark]] = defaultdict(list)
    flows: dict[date, dict[str, tuple[int | None, ...]]] = defaultdict(dict)
    for row in tx.execute(_REPORTS, asked):
        mark = ReportMark(*row[:9], excluded=bool(row.excluded))
        marks[mark.day].append(mark)
        if not mark.excluded:
            flows[mark.day][mark.point_code] = tuple(row[len(MARK_COLUMNS) :])
    visited: dict[date, dict[str, Visited]] = defaultdict(dict)
    for day, point, *sums in tx.execute(_VISITS, asked):
        visited[day][point] = Visited(*sums)
    owed = {day: number for day, number in tx.execute(_OWED, asked)}
    split = homes(tx, period)
    return {
        day: DaySheet(
            marks.get(day, ()), flows.get(day, {}), visited.get(day, {}), split.get(day, {}), owed.get(day, 0)
        )
        for day in {*marks, *visited, *owed, *split}
    }


def homes(tx: Tx, period: Period) -> dict[date, dict[str, tuple[int, int]]]:
    """Day → home area → recorded (at offices, on visits)."""
    asked = {"first": period.first, "last": period.last}
    found: dict[date, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    for index, query in enumerate(_HOMES):
        for day, code, recorded in tx.execute(query, asked):
            found[day][code][index] += recorded
    return {day: {code: (both[0], both[1]) for code, both in codes.items()} for day, codes in found.items()}
