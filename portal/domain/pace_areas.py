"""Whose target is whose work: the lines and areas of an election, from what storage knows of it.

Three kinds of target, three sets of people. Of the office's targets and of published lists everything recorded at a
kecamatan's points counts, by place of work. Of lists of schools and places only visits to them do, because only these
people are on the lists; what is recorded there and who is left make the target together, so that it moves with them.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import asdict

from .areas import NO_HUB, Office
from .calendar import DISTRICT as TIMETABLE
from .calendar import MISSING, Election, Timetable, days, office_day
from .figures import Figure
from .output import EQUIPMENT_REASONS
from .pace import DISTRICT, HUB, KECAMATAN, KIND, LIST, PLACES, Area, Line
from .places import TargetBatch
from .rollout import UNRECORDED
from .sweeps import BY_HUB, BY_KECAMATAN, BY_KIND, Standing, grouped, shown

WHOLE = "district"
"""The code of the district itself."""


class SetTarget(Struct, frozen=True):
    """A target of the office: for whom, from when, how many, who says so. Added, never overwritten."""

    id: int
    election_code: str
    level: str
    code: str
    valid_from: date
    people: int
    source: str
    author: str = ""
    at: datetime | None = None


class ReportDay(Struct, frozen=True):
    """A report that stands, as far as a pace needs it."""

    point_code: str
    day: date
    recorded: int
    nihil_reason: str | None = None
    excluded: bool = False


class VisitDay(Struct, frozen=True):
    """Recorded on the finished visits of a team to a place on a day; None while the result is still owed."""

    place_code: str
    point_code: str
    day: date
    recorded: int | None


class Facts(Struct, frozen=True):
    """What storage knows of the days from an election's start up to today or polling day."""

    reports: Sequence[ReportDay]
    visits: Sequence[VisitDay]
    targets: Sequence[SetTarget] = ()
    figures: Sequence[Figure] = ()
    standings: Sequence[Standing] = ()


class Board(Struct, frozen=True):
    """Every area of an election with the lines that work for them; ``kinds`` are the school types of the lists."""

    areas: Sequence[Area]
    kinds: Sequence[Area]
    lines: Mapping[str, Line]


def point_lines(
    office: Office,
    election: Election,
    facts: Facts,
    now: datetime,
    stopped: Mapping[str, Collection[date]] | None = None,
) -> dict[str, Line]:
    """Every service point. ``stopped`` are the days on which an outage stopped recording at a point."""
    until = min(office_day(now), election.polling_day)
    reports: dict[str, dict[date, ReportDay]] = {}
    for report in facts.reports:
        reports.setdefault(report.point_code, {})[report.day] = report
    visited: dict[str, dict[date, int]] = {}
    for visit in facts.visits:
        by_day = visited.setdefault(visit.point_code, {})
        by_day[visit.day] = by_day.get(visit.day, 0) + (visit.recorded or 0)
    found = {}
    for point in office.points.values():
        own, done = reports.get(point.code, {}), dict(visited.get(point.code, {}))
        for day, report in own.items():
            if not report.excluded:
                done[day] = done.get(day, 0) + report.recorded
        known = frozenset(day for day, report in own.items() if not report.excluded)
        outages = {day for day, report in own.items() if report.nihil_reason in EQUIPMENT_REASONS}
        outages.update((stopped or {}).get(point.code, ()))
        silent = (
            day
            for day in days(max(election.first_service_day, point.active_from), until)
            if day not in own
            and point.active(day)
            and office.calendar.report_state(point.timetable, day, None, now) == MISSING
        )
        found[point.code] = Line(
            point.code,
            point.timetable,
            point.active_from,
            point.active_to or date.max,
            done,
            known,
            known & outages,
            frozenset(silent),
            until in own,
        )
    return found


def visit_line(
    office: Office, election: Election, code: str, timetable: Timetable, visits: Iterable[VisitDay], today: date
) -> Line:
    """The visits to some places. A past service day without a visit is a known nothing; one whose result is owed is
    not known."""
    until = min(today, election.polling_day)
    done: dict[date, int] = {}
    owed: set[date] = set()
    for visit in visits:
        if visit.recorded is None:
            owed.add(visit.day)
        else:
            done[visit.day] = done.get(visit.day, 0) + visit.recorded
    past = (day for day in days(election.first_service_day, until) if day < today or day in done)
    known = frozenset(day for day in past if day not in owed)
    return Line(code, timetable, done=done, known=known, told_today=today in done)


def board(
    office: Office,
    election: Election,
    facts: Facts,
    now: datetime,
    source_of: Callable[[Sequence[TargetBatch]], str],
    stopped: Mapping[str, Collection[date]] | None = None,
) -> Board:
    """Every area of an election: the district, its hubs as they are now, its kecamatan, and the school types."""
    today = office_day(now)
    lines = point_lines(office, election, facts, now, stopped)
    found = shown(facts.standings)
    kinds = _visit_areas(office, election, facts, today, found, KIND, source_of, lines)
    if election.target_kind == PLACES:
        areas = [
            area
            for level in (DISTRICT, HUB, KECAMATAN)
            for area in _visit_areas(office, election, facts, today, found, level, source_of, lines)
        ]
    else:
        steps = _steps_of_list(office, election, facts, lines) if election.target_kind == LIST else _steps(facts)
        areas = _point_areas(office, steps, min(today, election.polling_day), election, _sources(facts, election))
    return Board(areas, kinds, lines)


# --- targets of the office, and published lists -------------------------------------------------

Steps = Mapping[tuple[str, str], Sequence[tuple[date, int]]]


def _steps(facts: Facts) -> dict[tuple[str, str], list[tuple[date, int]]]:
    """(level, code) → its dated targets; of two from one day the later kept counts."""
    by_day: dict[tuple[str, str], dict[date, int]] = {}
    for one in sorted(facts.targets, key=lambda t: (t.valid_from, t.id)):
        by_day.setdefault((one.level, one.code), {})[one.valid_from] = one.people
    return {key: sorted(steps.items()) for key, steps in by_day.items()}


def _steps_of_list(
    office: Office, election: Election, facts: Facts, lines: Mapping[str, Line]
) -> dict[tuple[str, str], list[tuple[date, int]]]:
    """A published number of those not yet recorded, as a target: they, and who was recorded from the start until
    then."""
    found: dict[tuple[str, str], dict[date, int]] = {}
    for figure in sorted(facts.figures, key=lambda f: f.as_of):
        if figure.metric != UNRECORDED or figure.election != election.code:
            continue
        level = KECAMATAN if figure.code in office.kecamatan else DISTRICT
        code = figure.code if level == KECAMATAN else WHOLE
        point = office.point_of(figure.code) if level == KECAMATAN else None
        own = lines.values() if level == DISTRICT else [lines[point.code]] if point else []
        before = sum(
            number
            for line in own
            for day, number in line.done.items()
            if election.first_service_day <= day <= figure.as_of
        )
        found.setdefault((level, code), {})[figure.as_of] = figure.value + before
    return {key: sorted(steps.items()) for key, steps in found.items()}


def _sources(facts: Facts, election: Election) -> dict[tuple[str, str, date], str]:
    """(level, code, from) → who says so."""
    if election.target_kind == LIST:
        return {(KECAMATAN, f.code, f.as_of): f.source for f in facts.figures if f.metric == UNRECORDED}
    return {(t.level, t.code, t.valid_from): t.source for t in facts.targets}


def _point_areas(
    office: Office, steps: Steps, on: date, election: Election, sources: Mapping[tuple[str, str, date], str]
) -> list[Area]:
    def own(level: str, code: str, points: Sequence[str]) -> Area:
        known = tuple(steps.get((level, code), ()))
        area = Area(level, code, known, points, points, 1, 0 if known else 1)
        since = area.since(on)
        return area if since is None else _with(area, source=sources.get((level, code, since), ""))

    kecamatan = {
        code: own(KECAMATAN, code, [p.code for p in office.points.values() if p.kecamatan_code == code])
        for code in office.kecamatan
    }

    def whole(level: str, code: str, parts: Sequence[Area], points: Sequence[str]) -> Area:
        begin = max(on, election.first_service_day)
        told = [area for area in parts if area.target(begin) is not None]
        mine = own(level, code, points)
        if mine.target(begin) is not None:
            together = sum(area.target(begin) or 0 for area in told) if len(told) == len(parts) and parts else None
            return _with(mine, members=len(parts), without=0, parts=together)
        if not told:
            return _with(mine, members=len(parts), without=len(parts))
        changes = sorted({since for area in told for since, _people in area.steps})
        summed = [(since, sum(area.target(since) or 0 for area in told)) for since in changes]
        lines = [line for area in told for line in area.lines]
        return Area(level, code, summed, lines, lines, len(parts), len(parts) - len(told))

    everybody = list(kecamatan.values())
    areas = [whole(DISTRICT, WHOLE, everybody, list(office.points))]
    for hub in (*office.hubs, NO_HUB):
        parts = [area for code, area in kecamatan.items() if office.hub_of(code, on) == hub]
        points = [p for area in parts for p in area.points]
        points += [code for code in (office.seats_of(hub, on) if hub != NO_HUB else ()) if code not in points]
        if parts:
            areas.append(whole(HUB, hub, parts, points))
    return areas + everybody


def _with(area: Area, **over: object) -> Area:
    values = asdict(area) | over
    return Area(**values)


# --- lists of schools and places ----------------------------------------------------------------


def _visit_areas(
    office: Office,
    election: Election,
    facts: Facts,
    today: date,
    found: Sequence[Standing],
    level: str,
    source_of: Callable[[Sequence[TargetBatch]], str],
    lines: dict[str, Line],
) -> list[Area]:
    """The groups of a level, each with its own line of visits, which is put among ``lines``."""
    by = {KIND: BY_KIND, HUB: BY_HUB, KECAMATAN: BY_KECAMATAN}.get(level)
    groups = {WHOLE: list(found)} if by is None else grouped(found, by, office, today)
    if level == KECAMATAN:
        groups = {code: groups.get(code, []) for code in office.kecamatan} | groups
    by_place: dict[str, list[VisitDay]] = {}
    for visit in facts.visits:
        by_place.setdefault(visit.place_code, []).append(visit)
    areas = []
    for code, own in groups.items():
        visits = [visit for standing in own for visit in by_place.get(standing.place.code, ())]
        point = office.point_of(code) if level == KECAMATAN else None
        name = f"{level}/{code}"
        lines[name] = visit_line(office, election, name, point.timetable if point else TIMETABLE, visits, today)
        batches = [s.batch for s in own if s.batch is not None]
        recorded = sum(visit.recorded or 0 for visit in visits)
        people = recorded + sum(s.voters_left for s in own)
        areas.append(
            Area(
                level,
                code,
                ((election.first_service_day, people),) if batches and people else (),
                (name,),
                _points(office, level, code, today),
                len(own),
                len(own) - len(batches),
                source=source_of(batches) if batches else "",
                owed=sum(visit.recorded is None for visit in visits),
            )
        )
    return areas


def _points(office: Office, level: str, code: str, today: date) -> list[str]:
    """The points whose kits go there; of a school type every kit can."""
    if level == KECAMATAN:
        return [p.code for p in office.points.values() if p.kecamatan_code == code]
    if level == HUB:
        members = [k for k in office.kecamatan if office.hub_of(k, today) == code]
        return [p.code for p in office.points.values() if p.kecamatan_code in members]
    return list(office.points)
