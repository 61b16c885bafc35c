"""Points, kits and kinds of part over a period: when each could do its work, and what stopped it.

One measure for pages, downloads and estimates, so that all show the same hours.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta

from msgspec import Struct
from msgspec.structs import replace

from .areas import Office
from .calendar import days, office_day, office_instant
from .downtime import (
    Condition,
    KitStory,
    PartStory,
    Spell,
    Tally,
    in_order,
    kit_condition,
    known_until,
    part_condition,
    point_condition,
    service_hours,
    spells,
    tally,
)
from .duty import Period
from .equipment import RECORD, Kit
from .intervals import NOTHING, Span, Spans, difference, intersection, length, spans, union
from .outages import Outage


class Cause(Struct, frozen=True):
    """What was down: a part of a kit (with its status), or, without a kit, an outage of a kind."""

    kit_code: str
    what: str
    status: str
    down: Spans


class KitLine(Struct, frozen=True):
    """A kit over a period, by the weakest of the parts that a work needs."""

    kit: Kit
    tally: Tally
    spells: Sequence[Spell]
    parts: Mapping[str, Tally]


class PointLine(Struct, frozen=True):
    """A point over a period. ``by_stops`` are the hours down that only an outage explains, its kits being able.

    ``shared`` is what of its time down an outage of the whole district explains: nothing at the point can mend that.
    """

    code: str
    tally: Tally
    absent: timedelta
    by_stops: timedelta
    spells: Sequence[Spell]
    down: Spans
    shared: Spans
    causes: Sequence[Cause]
    months: Mapping[date, Tally]

    @property
    def own(self) -> Spans:
        """Its time down but for what hit the whole district."""
        return difference(self.down, self.shared)


class Downtime(Struct, frozen=True):
    """A district over a period. Points without a kit in it have no line: nothing there could break down."""

    period: Period
    until: datetime
    points: Mapping[str, PointLine]
    kits: Sequence[KitLine]

    @property
    def total(self) -> Tally:
        """All points together."""
        return sum((line.tally for line in self.points.values()), Tally())

    @property
    def kinds(self) -> dict[str, Tally]:
        """Kind of part → hours of all such parts together."""
        found: dict[str, Tally] = {}
        for line in self.kits:
            for kind, own in line.parts.items():
                found[kind] = found.get(kind, Tally()) + own
        return found

    @property
    def months(self) -> dict[date, Tally]:
        """First day of a month → hours of all points together."""
        found = {month.first.replace(day=1): Tally() for month in months(self.period)}
        for line in self.points.values():
            for first, own in line.months.items():
                found[first] += own
        return found


def months(period: Period) -> list[Period]:
    """The period cut at the ends of months."""
    found, first = [], period.first
    while first <= period.last:
        following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        found.append(Period(first, min(following - timedelta(days=1), period.last)))
        first = following
    return found


def measure(
    office: Office, stories: Sequence[KitStory], outages: Sequence[Outage], period: Period, now: datetime, work: str
) -> Downtime:
    """Up, down and unknown of every point, kit and kind of part that serves a work (RECORD or PRINT), up to ``now``.

    A kit that never had a part the work needs was not meant for it and is left out.
    """
    hours = {code: service_hours(office, point, period, now) for code, point in office.points.items()}
    kits: list[KitLine] = []
    there: dict[str, list[tuple[Condition, Spans]]] = {code: [] for code in office.points}
    causes: dict[str, list[Cause]] = {code: [] for code in office.points}
    for story in stories:
        if not story.meant_for(work):
            continue
        needed = [part for part in story.parts if part.needed(work)]
        fresh = _fresh(office, story.kit)
        parts = {part.kind: part_condition(part.told, fresh, now) for part in needed}
        whole, at = kit_condition(parts.values()), _presence(story, period, now)
        own = union(*(intersection(span, hours[code]) for code, span in at.items()))
        lines = {kind: tally(condition, own) for kind, condition in parts.items()}
        if own:
            kits.append(KitLine(story.kit, tally(whole, own), spells(whole.down, own, now), lines))
        for code, span in at.items():
            there[code].append((whole, span))
            causes[code] += _part_causes(story.kit.code, needed, span, now)
    halting = [o for o in outages if (o.stops_recording if work == RECORD else o.stops_printing)]
    points: dict[str, PointLine] = {}
    for code, found in there.items():
        own_line = _point(
            office, code, found, [o for o in halting if o.hits(code)], causes[code], hours[code], period, now
        )
        if own_line is not None:
            points[code] = own_line
    return Downtime(period, now, points, kits)


def seen(found: Downtime, points: Collection[str]) -> Downtime:
    """The same, of some points and their kits only."""
    day = office_day(found.until)
    return replace(
        found,
        points={code: line for code, line in found.points.items() if code in points},
        kits=[line for line in found.kits if line.kit.points_on(day).intersection(points)],
    )


def _point(
    office: Office,
    code: str,
    kits: Sequence[tuple[Condition, Spans]],
    outages: Sequence[Outage],
    causes: Sequence[Cause],
    hours: Spans,
    period: Period,
    now: datetime,
) -> PointLine | None:
    lasted = {o.id: spans([(o.began_at, min(o.ended_at or now, now))]) for o in outages}
    condition, presence = point_condition(kits, union(*lasted.values()))
    base = intersection(hours, presence)
    if not base:
        return None
    kit_down = point_condition(kits, NOTHING)[0].down
    halts = [Cause("", o.cause, "", intersection(lasted[o.id], presence)) for o in outages]
    down = intersection(condition.down, base)
    return PointLine(
        code,
        tally(condition, base),
        length(hours) - length(base),
        length(difference(down, kit_down)),
        spells(condition.down, base, now),
        down,
        intersection(down, union(*(lasted[o.id] for o in outages if o.point_code is None))),
        [cause for cause in (*causes, *halts) if intersection(cause.down, base)],
        {
            month.first.replace(day=1): tally(
                condition, intersection(service_hours(office, office.points[code], month, now), presence)
            )
            for month in months(period)
        },
    )


def _presence(story: KitStory, period: Period, until: datetime) -> dict[str, Spans]:
    """Point → when the kit stood there; other places (a car, a school, the store) have no opening hours."""
    at: dict[str, list[Span]] = {}
    for day in days(period.first, min(period.last, office_day(until))):
        code = story.kit.point_on(day) if story.serving(day) else None
        if code is not None:
            begin, end = office_instant(day, time()), office_instant(day + timedelta(days=1), time())
            at.setdefault(code, []).append((max(begin, story.since), min(end, until)))
    return {code: span for code, found in at.items() if (span := spans(found))}


def _fresh(office: Office, kit: Kit) -> Callable[[datetime], datetime]:
    """Until when a look at this kit holds, by the service days of the point it belongs to; each day worked out once."""
    timetable, found = office.points[kit.point_code].timetable, dict[date, datetime]()

    def until(at: datetime) -> datetime:
        day = office_day(at)
        if day not in found:
            found[day] = known_until(office.calendar, timetable, at)
        return found[day]

    return until


def _part_causes(kit_code: str, parts: Iterable[PartStory], span: Spans, until: datetime) -> list[Cause]:
    """What was down of a kit while it stood somewhere: a line for each part and status."""
    found: dict[tuple[str, str], Spans] = {}
    for part in parts:
        ordered = in_order(part.told)
        for index, word in enumerate(ordered):
            if not word.works:
                end = min(ordered[index + 1].since if index + 1 < len(ordered) else until, until)
                down = intersection(spans([(word.since, end)]), span)
                found[part.kind, word.status] = union(found.get((part.kind, word.status), NOTHING), down)
    return [Cause(kit_code, kind, status, down) for (kind, status), down in found.items() if down]
