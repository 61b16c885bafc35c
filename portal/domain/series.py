"""A point's days one after the other, how they spread, and two periods beside each other.

A day without a report is a gap and not a zero; NIHIL is a zero with a cause. Spread and pace are told of days that
were counted, never of days that nobody reported.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from statistics import quantiles

from msgspec import Struct

from .areas import Office
from .calendar import EXTRA, NOT_REQUIRED, REPORTED, days, office_day
from .daysheets import RECORDED, DaySheet, total
from .duty import Period, ReportMark, point_states
from .outages import Outage, stopped
from .problems import Problem, _
from .recordings import NIHIL
from .summary import Row, Summary


class PointDay(Struct, frozen=True):
    """One day of a point: recorded at the office and on visits together; None where nothing was told."""

    day: date
    value: int | None
    state: str
    """Where its report stands: a state of ``calendar``."""
    nihil: str = ""
    """Why a NIHIL day was one; empty for any other."""
    stopped_by: tuple[str, ...] = ()
    """Causes of the outages that stopped recording at some moment of the day."""

    @property
    def left_out(self) -> bool:
        """Whether a report came whose number a supervisor took out of the sums: neither a gap nor a day off."""
        return self.value is None and not self.nihil and self.state in REPORTED | {EXTRA}

    @property
    def counted(self) -> bool:
        """Whether the day says how much a point records when it can: a number was told, and it is no NIHIL."""
        return self.value is not None and not self.nihil


class Spread(Struct, frozen=True):
    """How the counted days of a point spread: five numbers, of ``days`` days."""

    days: int
    least: int
    low: float
    middle: float
    high: float
    most: int

    @property
    def five(self) -> tuple[float, float, float, float, float]:
        """Least, quarter, middle, three quarters, most."""
        return self.least, self.low, self.middle, self.high, self.most

    @property
    def usual_most(self) -> float:
        """What an ordinary day stays under: the upper quarter and one and a half times the width of the middle half
        (Tukey's fence), and never more than the highest day there was."""
        return min(self.most, self.high + 1.5 * (self.high - self.low))


def series(
    office: Office, period: Period, sheets: Mapping[date, DaySheet], outages: Sequence[Outage], now: datetime
) -> dict[str, list[PointDay]]:
    """For every point its days of the period up to today, oldest first. ``sheets`` are those of the period's days."""
    marks = {(m.point_code, d): m for d, sheet in sheets.items() for m in sheet.marks}
    states = point_states(office, period, marks.values(), now)
    last = min(period.last, office_day(now))
    by_day = {day: stopped(outages, day) for day in days(period.first, last)}
    return {
        code: [
            _point_day(code, day, own.get(day, NOT_REQUIRED), sheets.get(day), marks.get((code, day)), by_day[day])
            for day in days(period.first, last)
        ]
        for code, own in states.items()
    }


def _point_day(
    code: str, day: date, state: str, sheet: DaySheet | None, mark: ReportMark | None, outages: Sequence[Outage]
) -> PointDay:
    flows = (sheet.flows or {}).get(code) if sheet else None
    visited = (sheet.visited or {}).get(code) if sheet else None
    value = total((flows[RECORDED] if flows else None, visited.recorded if visited else None))
    nihil = mark.nihil_reason or "" if mark is not None and mark.kind == NIHIL and not value else ""
    causes = tuple(dict.fromkeys(o.cause for o in outages if o.hits(code)))
    return PointDay(day, value, state, nihil, causes)


def spread(found: Iterable[PointDay]) -> Spread | None:
    """How the counted days spread; None when there is none."""
    values = sorted(day.value for day in found if day.counted and day.value is not None)
    if not values:
        return None
    low, middle, high = quantiles(values, n=4, method="inclusive") if len(values) > 1 else (values[0],) * 3
    return Spread(len(values), values[0], low, middle, high, values[-1])


class Side(Struct, frozen=True):
    """One period of a line: recorded in all, recorded at the office, and the reports that the latter came from."""

    recorded: int | None = None
    office: int | None = None
    reports: int = 0

    @property
    def per_report(self) -> float | None:
        """Recorded at the office a report; None where nobody reported."""
        return self.office / self.reports if self.office is not None and self.reports else None

    def __add__(self, other: "Side") -> "Side":
        recorded, office = total((self.recorded, other.recorded)), total((self.office, other.office))
        return Side(recorded, office, self.reports + other.reports)


class Compared(Struct, frozen=True):
    """A line of two periods."""

    row: Row
    before: Side
    after: Side

    @property
    def change(self) -> int | None:
        """Recorded after less recorded before; None where one of them is not known."""
        if self.before.recorded is None or self.after.recorded is None:
            return None
        return self.after.recorded - self.before.recorded


def compare(before: Summary, after: Summary) -> tuple[list[Compared], Compared]:
    """(a line for each point or home area, the district's): two periods of one book, whatever hub they belonged to."""
    one, other = _by_code(before), _by_code(after)
    named = {row.code: row for summary in (before, after) for group in summary.groups for row in group.rows}
    lines = [Compared(row, one.get(code, Side()), other.get(code, Side())) for code, row in named.items()]
    return lines, Compared(after.total, _side(before.total), _side(after.total))


def _side(row: Row) -> Side:
    return Side(row.values["recorded"], row.values["office"], row.reviewed.reports - row.reviewed.excluded)


def _by_code(found: Summary) -> dict[str, Side]:
    """Row → its numbers: one that changed its hub within the period stands once."""
    lines: dict[str, Side] = {}
    for row in (row for group in found.groups for row in group.rows):
        lines[row.code] = lines.get(row.code, Side()) + _side(row)
    return lines


def check_pair(before: Period, after: Period) -> list[Problem]:
    """Two periods that can be compared: they share no day."""
    if before.first <= after.last and after.first <= before.last:
        return [Problem("second_first", _("Kedua rentang tidak boleh memuat hari yang sama."))]
    return []
