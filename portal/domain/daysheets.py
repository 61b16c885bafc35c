"""Service days as sheets, and how the facts of a period are added up from them: whatever is summed is summed here.

A sheet does not know to which hub its points belonged: the office's lists say so for each day when it is added up.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from msgspec import Struct

from .areas import OUTSIDE, Office
from .duty import Period, ReportMark
from .equipment import Kit
from .figures import Figure
from .outages import Outage
from .recordings import COUNTED, FLOWS, NIHIL
from .summary import TREND_DAYS, Facts, HomeLine, WorkLine

OPTIONAL = ("re_recorded", "failed", "printed_prr", "printed_replacement", "handed_over")
"""Flows whose boxes are often left empty: how many were filled is told beside their sums."""

RECORDED = FLOWS.index("recorded")
PRINTED = (FLOWS.index("printed_prr"), FLOWS.index("printed_replacement"))

Known = int | None


class Visited(Struct, frozen=True):
    """The finished visits that a point made on a day: people recorded, able to be recorded, reached in the end."""

    visits: int
    recorded: int
    able: int
    reached: int


class DaySheet(Struct, frozen=True):
    """What stands of one service day: every report, what those in the sums counted, finished visits, homes."""

    marks: Sequence[ReportMark] = ()
    flows: Mapping[str, tuple[Known, ...]] | None = None
    """Point → its FLOWS; a report that a supervisor took out of the sums has a mark and no flows."""
    visited: Mapping[str, Visited] | None = None
    homes: Mapping[str, tuple[int, int]] | None = None
    """Home area → recorded (at offices, on visits)."""
    owed_visits: int = 0
    """Visits of the day that have no result yet."""


def window(period: Period) -> Period:
    """The days that the facts of a period are made of: its own, and those of the trend that ends with it."""
    return Period(min(period.first, period.last - timedelta(days=TREND_DAYS - 1)), period.last)


def add_up(
    office: Office,
    period: Period,
    sheets: Mapping[date, DaySheet],
    kits: Sequence[Kit],
    figures: Sequence[Figure],
    outages: Sequence[Outage],
) -> Facts:
    """The facts of a period. ``sheets`` are those of its ``window``; a day without one has no rows."""
    own = {day: sheet for day, sheet in sorted(sheets.items()) if period.first <= day <= period.last}
    month = {day: sheet for day, sheet in sheets.items() if day > period.last - timedelta(days=TREND_DAYS)}
    visited = [(day, point, v) for day, sheet in own.items() for point, v in (sheet.visited or {}).items()]
    work, filled = _work(office, own, visited)
    return Facts(
        work=work,
        homes=home_lines(office, {day: sheet.homes for day, sheet in own.items() if sheet.homes}),
        marks=[mark for sheet in own.values() for mark in sheet.marks],
        trend={day: _trend(sheet) for day, sheet in month.items() if sheet.marks},
        trend_visits={d: sum(v.recorded for v in s.visited.values()) for d, s in month.items() if s.visited},
        kits=kits,
        figures=figures,
        reached=(sum(v.able for _day, _point, v in visited), sum(v.reached for _day, _point, v in visited)),
        owed_visits=sum(sheet.owed_visits for sheet in own.values()),
        filled=filled,
        trend_causes={day: causes for day, sheet in month.items() if (causes := _causes(sheet))},
        outages=outages,
    )


def total(values: Iterable[Known]) -> Known:
    """The sum of what is known; None where nothing is."""
    known = [n for n in values if n is not None]
    return sum(known) if known else None


def _work(
    office: Office, own: Mapping[date, DaySheet], visited: Sequence[tuple[date, str, Visited]]
) -> tuple[list[WorkLine], dict[str, int]]:
    rows: dict[tuple[str, str], list[tuple[Known, ...]]] = defaultdict(list)
    seen: dict[tuple[str, str], list[Visited]] = defaultdict(list)
    for day, sheet in own.items():
        for point, flows in (sheet.flows or {}).items():
            rows[point, office.hub_of_point(point, day)].append(flows)
    for day, point, visits in visited:
        seen[point, office.hub_of_point(point, day)].append(visits)
    lines: dict[tuple[str, str], dict[str, Known]] = defaultdict(dict)
    filled = dict.fromkeys(("counted", *OPTIONAL), 0)
    for key, days in rows.items():
        columns = dict(zip(FLOWS, zip(*days, strict=True), strict=True))
        for name in OPTIONAL:
            filled[name] += len(days) - columns[name].count(None)
        sums = {name: sum(c) if None not in c else total(c) for name, c in columns.items()}
        printed = total(sums[FLOWS[place]] for place in PRINTED)
        lines[key] |= {**sums, "office": sums["recorded"], "printed": printed}
    filled["counted"] = sum(
        mark.kind == COUNTED and not mark.excluded for sheet in own.values() for mark in sheet.marks
    )
    for key, found in seen.items():
        lines[key] |= {"visits": sum(v.recorded for v in found), "visits_done": sum(v.visits for v in found)}
    return [WorkLine(point, hub, sums) for (point, hub), sums in lines.items()], filled


def home_lines(office: Office, homes: Mapping[date, Mapping[str, tuple[int, int]]]) -> list[HomeLine]:
    """Recordings by home area, for each hub that its kecamatan belonged to on those days."""
    found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for day, by_home in homes.items():
        for code, (at_office, on_visits) in by_home.items():
            line = found[code, OUTSIDE if code == OUTSIDE else office.hub_of(code, day)]
            line[0] += at_office
            line[1] += on_visits
    return [HomeLine(code, hub, *both) for (code, hub), both in found.items()]


def _trend(sheet: DaySheet) -> tuple[Known, int, int]:
    """(recorded at offices, reports, NIHIL); None recorded when every report of the day is out of the sums."""
    recorded = total(flows[RECORDED] for flows in (sheet.flows or {}).values())
    return recorded, len(sheet.marks), sum(mark.kind == NIHIL for mark in sheet.marks)


def _causes(sheet: DaySheet) -> dict[str, int]:
    """Cause → NIHIL reports of the day, the most frequent first."""
    found: dict[str, int] = defaultdict(int)
    for mark in sheet.marks:
        if mark.nihil_reason is not None:
            found[mark.nihil_reason] += 1
    return dict(sorted(found.items(), key=lambda cause: (-cause[1], cause[0])))
