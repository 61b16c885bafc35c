"""The district summary: one object for screen, print and download, so that all paths show the same numbers.

Two books from the same entries: by service point (work done) and by home kecamatan (whose residents). Both add
up to the same district total; what nobody split stands as *belum dirinci*, people from elsewhere as *luar
kabupaten*. Flows are summed, readings never; a day without a report is a gap, not a zero.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from .areas import NO_HUB, OUTSIDE, Office
from .calendar import (
    DUE,
    MISSING,
    NOT_DUE,
    NOT_REQUIRED,
    REPORTED,
    Completeness,
    completeness,
    days,
    office_day,
)
from .duty import Period, ReportMark, point_states
from .equipment import ABLE, UNABLE, Component, Kit, known, point_abilities
from .figures import DPT, RECORDED_TOTAL, Figure, Percentage, coverage, latest
from .problems import _

BY_WORK = "work"
BY_HOME = "home"
BOOKS = {BY_WORK: _("Menurut tempat rekam"), BY_HOME: _("Menurut domisili")}

UNSPLIT = "unsplit"
TREND_DAYS = 30


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the summary table, on screen and in every download."""

    name: str
    label: str


COLUMNS: Mapping[str, Sequence[Column]] = {
    BY_WORK: (
        Column("recorded", _("Jumlah rekam")),
        Column("office", _("Di kantor")),
        Column("visits", _("Saat kunjungan")),
        Column("visits_done", _("Kunjungan selesai")),
        Column("re_recorded", _("Rekam ulang")),
        Column("failed", _("Gagal")),
        Column("printed", _("Cetak")),
        Column("handed_over", _("Diserahkan")),
    ),
    BY_HOME: (
        Column("recorded", _("Jumlah rekam")),
        Column("office", _("Di kantor")),
        Column("visits", _("Saat kunjungan")),
    ),
}


@dataclass(frozen=True, slots=True)
class WorkLine:
    """What storage adds up for a point (and the hub it belonged to on those days)."""

    point_code: str
    hub_code: str
    sums: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class HomeLine:
    """Recordings of residents of one home area, at offices and during visits."""

    home_code: str
    hub_code: str
    office: int
    visits: int


@dataclass(frozen=True, slots=True)
class TrendDay:
    """One day of the district: None when nobody reported. ``reports`` of ``expected`` came."""

    day: date
    recorded: int | None
    visits: int
    reports: int
    expected: int
    nihil: int


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything storage knows about a period, before any judgement."""

    work: Sequence[WorkLine]
    homes: Sequence[HomeLine]
    marks: Sequence[ReportMark]
    trend: Mapping[date, tuple[int, int, int]]
    """Day → (recorded at offices, reports, nihil)."""
    trend_visits: Mapping[date, int]
    kits: Sequence[Kit]
    figures: Sequence[Figure]
    pupils: tuple[int, int]
    """(eligible, recorded from list or before) of the visits done in the period."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line: a point, a home area, a hub's subtotal or the district."""

    code: str
    name: str
    hub_code: str
    kecamatan_code: str | None
    values: Mapping[str, int | None]
    completeness: Completeness | None = None
    state: str = ""
    can_record: str = ""
    can_print: str = ""
    weakest: Component | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A hub with its rows and their subtotal."""

    code: str
    name: str
    rows: Sequence[Row]
    total: Row


@dataclass(frozen=True, slots=True)
class Summary:
    """The roll-up of a period in one book."""

    period: Period
    book: str
    groups: Sequence[Group]
    total: Row
    reporting: tuple[int, int]
    """(kecamatan without a gap, all kecamatan)."""
    missing: Sequence[tuple[str, date]]
    """Due reports that never came: (point, day), oldest first."""
    awaited: Sequence[str]
    """Points whose report of the last day may still come."""
    trend: Sequence[TrendDay]
    kits_recording: tuple[int, int]
    points_down: Sequence[Row]
    coverage: Percentage | None
    recorded_total: Figure | None
    dpt: Percentage | None
    pupils: Percentage
    data_from: date

    @property
    def columns(self) -> Sequence[Column]:
        """The columns of this book."""
        return COLUMNS[self.book]

    @property
    def rows(self) -> list[Row]:
        """All lines in the order they are printed, subtotals after their rows, without the district's."""
        return [row for group in self.groups for row in (*group.rows, group.total)]


def _add(values: Iterable[Mapping[str, int | None]], names: Iterable[str]) -> dict[str, int | None]:
    """Sum what is known; None where nothing is."""
    values = list(values)
    total: dict[str, int | None] = {}
    for name in names:
        known = [v[name] for v in values if v.get(name) is not None]
        total[name] = sum(n for n in known if n is not None) if known else None
    return total


def summarise(office: Office, period: Period, book: str, facts: Facts, now: datetime) -> Summary:
    """Judge the facts of a period: rows by hub, gaps, equipment and percentages with their bases."""
    states = point_states(office, period, facts.marks, now)
    abilities = point_abilities(office, facts.kits, now)
    work = _work_rows(office, facts, states, abilities, period)
    if book == BY_WORK:
        groups = _groups(office, work, book)
    else:
        groups = [*_groups(office, _home_rows(office, facts, period.last), book), _remainders(facts)]
    names = [c.name for c in COLUMNS[book]]
    total = Row(
        "",
        "",
        "",
        None,
        _add((g.total.values for g in groups), names),
        sum((r.completeness for r in work if r.completeness), Completeness(0, 0, 0, 0, 0)),
    )
    missing = sorted(
        ((code, day) for code, by_day in states.items() for day, state in by_day.items() if state == MISSING),
        key=lambda gap: (gap[1], gap[0]),
    )
    recording = sum(known(office, kit, now).record == ABLE for kit in facts.kits)
    newest = latest(facts.figures, RECORDED_TOTAL, period.last)
    return Summary(
        period=period,
        book=book,
        groups=groups,
        total=total,
        reporting=_reporting(office, states, period, now),
        missing=missing,
        awaited=[code for code, by_day in states.items() if by_day.get(period.last) == NOT_DUE],
        trend=_trend(office, facts, period.last, now),
        kits_recording=(recording, len(facts.kits)),
        points_down=[row for row in {r.code: r for r in work}.values() if row.can_record == UNABLE],
        coverage=_coverage(facts.figures, period.last),
        recorded_total=newest,
        dpt=_against_dpt(newest, facts.figures, period.last),
        pupils=Percentage(facts.pupils[1], facts.pupils[0], _("sasaran"), "", ""),
        data_from=office.start(),
    )


def _work_rows(
    office: Office,
    facts: Facts,
    states: Mapping[str, Mapping[date, str]],
    abilities: Mapping[str, tuple[str, str, Component | None]],
    period: Period,
) -> list[Row]:
    lines = {(line.point_code, line.hub_code): line for line in facts.work}
    by_hub: dict[tuple[str, str], list[str]] = defaultdict(list)
    for code, by_day in states.items():
        for day, state in by_day.items():
            by_hub[code, _point_hub(office, code, day)].append(state)
    for code, hub in by_hub:
        lines.setdefault((code, hub), WorkLine(code, hub, {}))
    rows = []
    for (code, hub), line in lines.items():
        point = office.points[code]
        record, printing, weakest = abilities.get(code, ("", "", None))
        sums = {**line.sums, "recorded": _both(line.sums)}
        rows.append(
            Row(
                code,
                point.name,
                hub,
                point.kecamatan_code,
                {c.name: sums.get(c.name) for c in COLUMNS[BY_WORK]},
                completeness(by_hub[code, hub]),
                states[code].get(period.last, NOT_REQUIRED),
                record,
                printing,
                weakest,
            )
        )
    return rows


def _point_hub(office: Office, point_code: str, day: date) -> str:
    if point_code in office.hub_points and office.points[point_code].kecamatan_code is None:
        return office.hub_points[point_code]
    kecamatan = office.points[point_code].kecamatan_code
    return office.hub_of(kecamatan, day) if kecamatan else NO_HUB


def _home_rows(office: Office, facts: Facts, on: date) -> list[Row]:
    """Residents of each kecamatan: 0 when others were recorded, None when the district knows nothing at all."""
    done = _add((line.sums for line in facts.work), ("office", "visits"))
    lines = [line for line in facts.homes if line.home_code in office.kecamatan]
    seen = {line.home_code for line in lines}
    lines += [HomeLine(code, office.hub_of(code, on), 0, 0) for code in office.kecamatan if code not in seen]
    rows = []
    for line in lines:
        given = {"office": line.office, "visits": line.visits}
        values = {part: None if done[part] is None else given[part] for part in given}
        values["recorded"] = _both(values)
        name = office.home_name(line.home_code)
        rows.append(Row(line.home_code, name, line.hub_code, line.home_code, values))
    return rows


def _groups(office: Office, rows: Sequence[Row], book: str) -> list[Group]:
    names = [c.name for c in COLUMNS[book]]
    order = {code: n for n, code in enumerate([*office.hubs, NO_HUB])}
    by_hub: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_hub[row.hub_code].append(row)
    groups = []
    for code in sorted(by_hub, key=lambda c: order.get(c, len(order))):
        members = sorted(by_hub[code], key=lambda r: (r.kecamatan_code or "~", r.code))
        total = Row(
            code,
            office.hubs.get(code, ""),
            code,
            None,
            _add((r.values for r in members), names),
            sum((r.completeness for r in members if r.completeness), Completeness(0, 0, 0, 0, 0)),
        )
        groups.append(Group(code, total.name, members, total))
    return groups


def _remainders(facts: Facts) -> Group:
    """The last lines of the book by home: people from outside, and recordings whose home area nobody gave.

    With them the book's total equals the district total of the book by work.
    """
    parts = ("office", "visits")
    done = _add((line.sums for line in facts.work), parts)
    outside = next((line for line in facts.homes if line.home_code == OUTSIDE), None)
    named = _add(({"office": line.office, "visits": line.visits} for line in facts.homes), parts)
    from_outside = {"office": outside.office if outside else 0, "visits": outside.visits if outside else 0}
    rows = [
        _remainder(OUTSIDE, {p: None if done[p] is None else from_outside[p] for p in parts}),
        _remainder(UNSPLIT, {p: None if done[p] is None else (done[p] or 0) - (named[p] or 0) for p in parts}),
    ]
    names = [c.name for c in COLUMNS[BY_HOME]]
    return Group(OUTSIDE, "", rows, Row(OUTSIDE, "", OUTSIDE, None, _add((r.values for r in rows), names)))


def _remainder(code: str, values: dict[str, int | None]) -> Row:
    return Row(code, code, OUTSIDE, None, values | {"recorded": _both(values)})


def _both(values: Mapping[str, int | None]) -> int | None:
    """Office and visits together; None when neither is known."""
    known = [n for n in (values.get("office"), values.get("visits")) if n is not None]
    return sum(known) if known else None


def _reporting(
    office: Office, states: Mapping[str, Mapping[date, str]], period: Period, now: datetime
) -> tuple[int, int]:
    """Kecamatan that have reported every expected day. Today counts as expected only when it is all there is."""
    today = office_day(now)
    whole = [p.code for p in office.points.values() if p.kecamatan_code and states.get(p.code)]
    complete = 0
    for code in whole:
        asked = {d: s for d, s in states[code].items() if s in DUE or (s == NOT_DUE and len(period) == 1)}
        if all(s in REPORTED for d, s in asked.items() if d < today or len(period) == 1):
            complete += 1
    return complete, len(whole)


def _trend(office: Office, facts: Facts, last: date, now: datetime) -> list[TrendDay]:
    first = max(last - timedelta(days=TREND_DAYS - 1), office.start())
    result = []
    for day in days(first, last):
        expected = sum(1 for p in office.points.values() if p.active(day) and office.calendar.serves(p.weekdays, day))
        recorded, reports, nihil = facts.trend.get(day, (0, 0, 0))
        visits = facts.trend_visits.get(day, 0)
        known = reports > 0 or visits > 0
        result.append(TrendDay(day, recorded + visits if known else None, visits, reports, expected, nihil))
    return result


def _coverage(figures: Sequence[Figure], on: date) -> Percentage | None:
    pair = coverage(figures, on)
    if pair is None:
        return None
    return Percentage(pair[0].value, pair[1].value, _("wajib KTP"), pair[1].as_of_text, pair[1].source)


def _against_dpt(recorded: Figure | None, figures: Sequence[Figure], on: date) -> Percentage | None:
    roll = latest(figures, DPT, on)
    if recorded is None or roll is None:
        return None
    return Percentage(recorded.value, roll.value, "DPT", roll.as_of_text, roll.source, same_population=False)
