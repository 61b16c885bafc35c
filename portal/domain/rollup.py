"""How a summary is worked out from the facts: rows by hub, gaps, equipment, and percentages with their bases."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from .areas import NO_HUB, OUTSIDE, Office
from .calendar import DUE, MISSING, NOT_DUE, REPORTED, Completeness, completeness, days, office_day
from .completeness import causes
from .duty import Period, ReportMark, point_states
from .equipment import ABLE, UNABLE, UNKNOWN, Component, Kit, Known, known, point_abilities
from .figures import DPT, RECORDED_TOTAL, Figure, Percentage, coverage, latest
from .outages import at_point, stopped, with_outages
from .problems import _
from .recordings import NIHIL
from .review import Reviewed, counted
from .summary import (
    AWAITED,
    BY_HOME,
    BY_WORK,
    COLUMNS,
    COMPLETE,
    DOWN,
    GAPS,
    NOTHING_OWED,
    STILL_OPEN,
    TREND_DAYS,
    UNCONFIRMED,
    UNSPLIT,
    Facts,
    Group,
    HomeLine,
    Row,
    Summary,
    TrendDay,
    WorkLine,
)


def _add(values: Iterable[Mapping[str, int | None]], names: Iterable[str]) -> dict[str, int | None]:
    """Sum what is known; None where nothing is."""
    values = list(values)
    total: dict[str, int | None] = {}
    for name in names:
        known = [v[name] for v in values if v.get(name) is not None]
        total[name] = sum(n for n in known if n is not None) if known else None
    return total


def _abilities(
    facts: Facts, kits: Sequence[tuple[Kit, Known]], now: datetime
) -> dict[str, tuple[str, str, Component | None]]:
    """What points can do now: what their kits can, less what an outage stops; a part is named only where it is why."""
    found = point_abilities(kits)
    able = with_outages({code: found[code][:2] for code in found}, facts.outages, now, UNABLE)
    return {
        code: (*able[code], part if able[code] == (record, printing) else None)
        for code, (record, printing, part) in found.items()
    }


def _records(state: Known, facts: Facts, now: datetime) -> bool:
    """Whether a kit can record now, where it stands: an outage stops a sound kit as well."""
    code = state.point_code
    if code is None:
        return state.record == ABLE
    return with_outages({code: (state.record, state.printing)}, facts.outages, now, UNABLE)[code][0] == ABLE


def summarise(office: Office, period: Period, book: str, facts: Facts, now: datetime) -> Summary:
    """Judge the facts of a period: rows by hub, gaps, equipment and percentages with their bases."""
    states = point_states(office, period, facts.marks, now)
    kits = [(kit, known(office, kit, now)) for kit in facts.kits]
    # What a kit can do is known for now only: it must not colour days that are gone.
    abilities = _abilities(facts, kits, now) if period.last >= office_day(now) else {}
    work = _work_rows(office, facts, states, abilities, now)
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
        reviewed=counted(facts.marks),
    )
    recording = sum(_records(state, facts, now) for _kit, state in kits)
    newest = latest(facts.figures, RECORDED_TOTAL, period.last)
    return Summary(
        period=period,
        book=book,
        groups=groups,
        total=total,
        reporting=_reporting(office, states, period, now),
        missing=_days_in(states, MISSING),
        awaited=_days_in(states, NOT_DUE),
        owed_visits=facts.owed_visits,
        trend=_trend(office, facts, period.last),
        kits_recording=(recording, len(facts.kits)),
        points_down=[row for row in {r.code: r for r in work}.values() if row.can_record == UNABLE],
        coverage=_coverage(facts.figures, period.last),
        recorded_total=newest,
        dpt=_against_dpt(office, newest, facts.figures, period.last),
        reached=_reached(facts, period),
        data_from=office.start(),
        filled=_filled(facts),
        nihil_days=sorted((m for m in facts.marks if m.kind == NIHIL), key=lambda m: (m.day, m.point_code)),
        causes=causes(facts.marks),
        reviewed=total.reviewed,
    )


def _work_rows(
    office: Office,
    facts: Facts,
    states: Mapping[str, Mapping[date, str]],
    abilities: Mapping[str, tuple[str, str, Component | None]],
    now: datetime,
) -> list[Row]:
    lines = {(line.point_code, line.hub_code): line for line in facts.work}
    by_hub: dict[tuple[str, str], dict[date, str]] = defaultdict(dict)
    for code, by_day in states.items():
        for day, state in by_day.items():
            by_hub[code, office.hub_of_point(code, day)][day] = state
    marks: dict[tuple[str, str], list[ReportMark]] = defaultdict(list)
    for mark in facts.marks:
        marks[mark.point_code, office.hub_of_point(mark.point_code, mark.day)].append(mark)
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
                completeness(by_hub[code, hub].values()),
                *_standing(by_hub[code, hub], record, office_day(now)),
                record,
                printing,
                weakest,
                counted(marks[code, hub]),
                _stopped_by(facts, code, now) if record == UNABLE and weakest is None else (),
            )
        )
    return rows


def _stopped_by(facts: Facts, point_code: str, now: datetime) -> tuple[str, ...]:
    """Each cause once of what stops recording at a point now, the longest-lasting first."""
    return tuple(dict.fromkeys(o.cause for o in at_point(facts.outages, point_code, now) if o.stops_recording))


def _standing(states: Mapping[date, str], can_record: str, today: date) -> tuple[str, int]:
    """The one thing to say of a line, the most pressing first, with a number of days where it counts days."""
    missing = sum(state == MISSING for state in states.values())
    waiting = [day for day, state in states.items() if state == NOT_DUE]
    late = sum(day < today for day in waiting)
    if missing:
        return GAPS, missing
    if can_record == UNABLE:
        return DOWN, 0
    if late:
        return STILL_OPEN, late
    if waiting:
        return AWAITED, 0
    if can_record == UNKNOWN:
        return UNCONFIRMED, 0
    return (COMPLETE, 0) if any(state in DUE for state in states.values()) else (NOTHING_OWED, 0)


def _home_rows(office: Office, facts: Facts, on: date) -> list[Row]:
    """Residents of each kecamatan: what was named. Nobody named is 0 only when every recording was split."""
    parts = ("office", "visits")
    done = _add((line.sums for line in facts.work), parts)
    named = _add(({"office": line.office, "visits": line.visits} for line in facts.homes), parts)
    lines = [line for line in facts.homes if line.home_code in office.kecamatan]
    seen = {line.home_code for line in lines}
    lines += [HomeLine(code, office.hub_of(code, on), 0, 0) for code in office.kecamatan if code not in seen]
    rows = []
    for line in lines:
        given = {"office": line.office, "visits": line.visits}
        values = _as_named(given, done, named)
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
            sum((r.completeness for r in members if r.completeness), Completeness(0, 0, 0, 0, 0))
            if book == BY_WORK
            else None,
            reviewed=sum((r.reviewed for r in members), Reviewed()),
        )
        groups.append(Group(code, total.name, members, total))
    return groups


def _as_named(
    given: Mapping[str, int], done: Mapping[str, int | None], named: Mapping[str, int | None]
) -> dict[str, int | None]:
    """What was named of a home area; nobody named is 0 only when every recording was split, else not known."""
    return {
        part: n if n or (done[part] is not None and done[part] == (named[part] or 0)) else None
        for part, n in given.items()
    }


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
        _remainder(OUTSIDE, _as_named(from_outside, done, named)),
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


def _days_in(states: Mapping[str, Mapping[date, str]], wanted: str) -> list[tuple[str, date]]:
    """(point, day) of every report in a state, oldest first."""
    found = ((code, day) for code, by_day in states.items() for day, state in by_day.items() if state == wanted)
    return sorted(found, key=lambda gap: (gap[1], gap[0]))


def _reached(facts: Facts, period: Period) -> Percentage:
    able, recorded = facts.reached
    of = _("sasaran yang dapat direkam")
    return Percentage(recorded, able, of, period.last.isoformat(), _("hasil kunjungan"))


def _filled(facts: Facts) -> dict[str, tuple[int, int]]:
    counted = facts.filled.get("counted", 0)
    return {name: (n, counted) for name, n in facts.filled.items() if name != "counted" and n < counted}


def _reporting(
    office: Office, states: Mapping[str, Mapping[date, str]], period: Period, now: datetime
) -> tuple[int, int]:
    """(kecamatan that have reported every day they owed, kecamatan that owed one).

    A report of today that may still come is owed only when the period is today: otherwise no month would be whole
    before the evening.
    """
    today = office_day(now)
    complete = owing = 0
    for point in office.points.values():
        if point.kecamatan_code is None:
            continue
        owed = [
            state
            for day, state in states.get(point.code, {}).items()
            if state in DUE or (state == NOT_DUE and (day < today or len(period) == 1))
        ]
        owing += bool(owed)
        complete += bool(owed) and all(state in REPORTED for state in owed)
    return complete, owing


def _trend(office: Office, facts: Facts, last: date) -> list[TrendDay]:
    first = max(last - timedelta(days=TREND_DAYS - 1), office.start())
    result = []
    for day in days(first, last):
        recorded, reports, nihil = facts.trend.get(day, (None, 0, 0))
        visits = facts.trend_visits.get(day, 0)
        total = (recorded or 0) + visits if recorded is not None or visits > 0 else None
        why = facts.trend_causes.get(day, {})
        serving, by = office.serving(day), stopped(facts.outages, day) if facts.outages else []
        hit = serving if any(o.point_code is None for o in by) else len({o.point_code for o in by})
        causes = tuple(dict.fromkeys(o.cause for o in by))
        result.append(TrendDay(day, total, visits, reports, serving, nihil, why, hit, causes))
    return result


def _coverage(figures: Sequence[Figure], on: date) -> Percentage | None:
    pair = coverage(figures, on)
    if pair is None:
        return None
    return Percentage(pair[0].value, pair[1].value, _("wajib KTP"), pair[1].as_of_text, pair[1].source)


def _against_dpt(office: Office, recorded: Figure | None, figures: Sequence[Figure], on: date) -> Percentage | None:
    """The recorded beside the voter roll of the election they were recorded for; None when no roll fits the date."""
    roll = latest(figures, DPT, on)
    if recorded is None or roll is None or recorded.as_of < roll.as_of:
        return None
    polling_days = [e.polling_day for e in office.elections if e.code == roll.election]
    if not polling_days or recorded.as_of > polling_days[0]:
        return None
    return Percentage(recorded.value, roll.value, "DPT", roll.as_of_text, roll.source, same_population=False)
