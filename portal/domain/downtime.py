"""Since when what does not work, in hours in which somebody would have been served.

Method: up, down and unknown as uptime monitors tell them apart (features of Open mSupply and Uptime Kuma: time that
nobody confirmed is neither up nor down), over the service hours of the office's own calendar. Down wins over unknown,
unknown over up: a kit is as able as its weakest part, a point as able as its best kit.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import fmean

from .areas import Office, ServicePoint
from .calendar import DISTRICT, Calendar, Timetable, days, office_day, office_instant
from .duty import Period
from .equipment import ATTENTION, GOOD, STALE_AFTER
from .intervals import NOTHING, Span, Spans, difference, intersection, length, spans, union

WORKING = frozenset({GOOD, ATTENTION})


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody said of a part: in which state it is, since when, and when this was said."""

    since: datetime
    at: datetime
    status: str
    reason: str = ""

    @property
    def works(self) -> bool:
        """Whether the part does its job in this state."""
        return self.status in WORKING


@dataclass(frozen=True, slots=True)
class Stay:
    """A kit stood at a point from ``begin`` to ``end``; without an end it stands there now."""

    point_code: str
    begin: datetime
    end: datetime | None = None

    def span(self, until: datetime) -> Spans:
        """The time of the stay up to ``until``."""
        return spans([(self.begin, min(self.end or until, until))])


@dataclass(frozen=True, slots=True)
class KitStory:
    """A kit with everything told of its parts, and where it stood when. Kind of part → what was told."""

    code: str
    name: str
    parts: Mapping[str, Sequence[Told]]
    stays: Sequence[Stay]


@dataclass(frozen=True, slots=True)
class Stop:
    """An outage that no kit is to blame for: of one point, or of all when ``point_code`` is None.

    Without an end it goes on. ``records`` and ``prints`` say which work it stops.
    """

    kind: str
    point_code: str | None
    begin: datetime
    end: datetime | None
    records: bool = True
    prints: bool = True

    def span(self, until: datetime) -> Spans:
        """The time of the outage up to ``until``."""
        return spans([(self.begin, min(self.end or until, until))])


@dataclass(frozen=True, slots=True)
class Condition:
    """When a thing was up and when down. The two share no moment; what is in neither is not known."""

    up: Spans = NOTHING
    down: Spans = NOTHING


@dataclass(frozen=True, slots=True)
class Tally:
    """Service hours by what was the case in them: up + down + unknown are all there were, exactly."""

    up: timedelta = timedelta()
    down: timedelta = timedelta()
    unknown: timedelta = timedelta()

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.up + other.up, self.down + other.down, self.unknown + other.unknown)

    @property
    def whole(self) -> timedelta:
        """All service hours looked at."""
        return self.up + self.down + self.unknown

    @property
    def known(self) -> timedelta:
        """The base of the availability: hours known to be up or down."""
        return self.up + self.down

    @property
    def availability(self) -> float | None:
        """Percent up of the hours that are known; None when none is."""
        return 100 * (self.up / self.known) if self.known else None

    @property
    def unknown_share(self) -> float | None:
        """Percent of all service hours of which nothing is known; None when there were no hours."""
        return 100 * (self.unknown / self.whole) if self.whole else None


def tally(found: Condition, hours: Spans) -> Tally:
    """A condition cut to service hours."""
    up, down = length(intersection(found.up, hours)), length(intersection(found.down, hours))
    return Tally(up, down, length(hours) - up - down)


# --- service hours ------------------------------------------------------------------------------


def opening(office: Office, day: date) -> Span:
    """From when to when a point that serves on ``day`` is open. No opening hours are published: two limits."""
    return (
        office_instant(day, time(office.limit("opens_hour"))),
        office_instant(day, time(office.limit("closes_hour"))),
    )


def service_hours(office: Office, point: ServicePoint, period: Period, until: datetime) -> Spans:
    """The hours in which a point served in a period, up to ``until``."""
    open_days = (
        day
        for day in days(period.first, min(period.last, office_day(until)))
        if point.active(day) and office.calendar.serves(point.timetable, day)
    )
    opened = (opening(office, day) for day in open_days)
    return spans((begin, min(end, until)) for begin, end in opened)


def known_until(calendar: Calendar, timetable: Timetable, at: datetime) -> datetime:
    """Until when a look at ``at`` says that a thing works: the beginning of the third service day after it.

    The same rule as on the page of a kit (``equipment.known_ability``), so that the two never differ.
    """
    day = office_day(at)
    for _again in range(STALE_AFTER + 1):
        day = calendar.next_service_day(timetable, day)
    return office_instant(day, time())


# --- what was the case --------------------------------------------------------------------------


def part_condition(told: Iterable[Told], fresh_until: Callable[[datetime], datetime], until: datetime) -> Condition:
    """When a part worked and when not, up to ``until``.

    Each word holds from its ``since`` to the next one's. *Works* is believed as long as somebody looked lately; *does
    not work* holds until somebody says otherwise: silence repairs nothing. Before the first word nothing is known.
    """
    ordered = sorted(told, key=lambda t: (t.since, t.at))
    up, down = [], []
    for index, word in enumerate(ordered):
        end = min(ordered[index + 1].since if index + 1 < len(ordered) else until, until)
        if word.works:
            up.append((word.since, min(end, fresh_until(max(word.since, word.at)))))
        else:
            down.append((word.since, end))
    return Condition(spans(up), spans(down))


def kit_condition(parts: Iterable[Condition]) -> Condition:
    """A kit is down while any of the parts it needs is, and up only while all of them are known to be."""
    parts = list(parts)
    if not parts:
        return Condition()
    up = parts[0].up
    for part in parts[1:]:
        up = intersection(up, part.up)
    return Condition(up, union(*(part.down for part in parts)))


def point_condition(kits: Iterable[tuple[Condition, Spans]], stops: Spans) -> tuple[Condition, Spans]:
    """(condition, presence) of a point whose kits stood there at certain times.

    It is up while any kit there is, down while all there are, and down during an outage whatever its kits do.
    Presence is the time in which a kit stood there at all: where none does, nothing can break down.
    """
    kits = list(kits)
    presence = union(*(there for _found, there in kits))
    up = union(*(intersection(found.up, there) for found, there in kits))
    not_down = union(*(difference(there, found.down) for found, there in kits))
    stopped = intersection(stops, presence)
    return Condition(difference(up, stopped), union(difference(presence, not_down), stopped)), presence


# --- spells -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Spell:
    """One uninterrupted time down, and how many service hours of it fell into the period; ``ended`` is None now."""

    begin: datetime
    ended: datetime | None
    hours: timedelta


def spells(down: Spans, hours: Spans, until: datetime) -> list[Spell]:
    """The times down that cost service hours, oldest first. A night between two days of one fault does not split it."""
    found = []
    for span in down:
        cost = length(intersection((span,), hours))
        if cost:
            found.append(Spell(span[0], None if span[1] >= until else span[1], cost))
    return found


def mean_repair(found: Iterable[Spell]) -> timedelta | None:
    """Mean service hours from failure to repair, of the spells that have ended; None when none has."""
    ended = [spell.hours.total_seconds() for spell in found if spell.ended is not None]
    return timedelta(seconds=fmean(ended)) if ended else None


# --- the whole district -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cause:
    """What was down: a part of a kit (with its status), or, without a kit, an outage of a kind."""

    kit_code: str
    what: str
    status: str
    down: Spans


@dataclass(frozen=True, slots=True)
class KitLine:
    """A kit over a period, by the weakest of the parts that a work needs."""

    code: str
    name: str
    point_code: str
    tally: Tally
    spells: Sequence[Spell]
    parts: Mapping[str, Tally]


@dataclass(frozen=True, slots=True)
class PointLine:
    """A point over a period. ``by_stops`` are the hours down that only an outage explains, its kits being able."""

    code: str
    tally: Tally
    absent: timedelta
    by_stops: timedelta
    spells: Sequence[Spell]
    down: Spans
    causes: Sequence[Cause]
    months: Mapping[date, Tally]
    present: bool


@dataclass(frozen=True, slots=True)
class Downtime:
    """A district over a period. Points without a kit in it have no line: nothing there could break down."""

    period: Period
    until: datetime
    points: Mapping[str, PointLine]
    kits: Sequence[KitLine]
    kinds: Mapping[str, Tally]
    """Kind of part → hours of all such parts together."""
    months: Mapping[date, Tally]
    """First day of a month → hours of all points together."""

    @property
    def total(self) -> Tally:
        """All points together."""
        return sum((line.tally for line in self.points.values()), Tally())


def months(period: Period) -> list[Period]:
    """The period cut at the ends of months."""
    found, first = [], period.first
    while first <= period.last:
        following = (first.replace(day=1) + timedelta(days=32)).replace(day=1)
        found.append(Period(first, min(following - timedelta(days=1), period.last)))
        first = following
    return found


def measure(
    office: Office,
    stories: Sequence[KitStory],
    stops: Sequence[Stop],
    period: Period,
    now: datetime,
    needs: frozenset[str],
) -> Downtime:
    """Up, down and unknown of every point, kit and kind of part that serves a work, up to ``now``.

    A kit that lacks a part the work needs was never meant for it and is left out.
    """
    hours = {code: service_hours(office, point, period, now) for code, point in office.points.items()}
    kits, kinds = [], {kind: Tally() for kind in sorted(needs)}
    there: dict[str, list[tuple[Condition, Spans]]] = {code: [] for code in office.points}
    causes: dict[str, list[Cause]] = {code: [] for code in office.points}
    for story in stories:
        if not needs <= story.parts.keys():
            continue
        parts = {kind: part_condition(story.parts[kind], _fresh(office, story), now) for kind in sorted(needs)}
        whole, at = kit_condition(parts.values()), _presence(office, story, now)
        own = union(*(intersection(span, hours[code]) for code, span in at.items()))
        lines = {kind: tally(condition, own) for kind, condition in parts.items()}
        for kind, line in lines.items():
            kinds[kind] += line
        if own:
            last = max(at, key=lambda code: at[code][-1][1])
            kits.append(KitLine(story.code, story.name, last, tally(whole, own), spells(whole.down, own, now), lines))
        for code, span in at.items():
            there[code].append((whole, span))
            causes[code] += _part_causes(story, span, needs, now)
    points = {}
    for code, found in there.items():
        halts = [s for s in stops if s.point_code in (None, code)]
        stopped = union(*(s.span(now) for s in halts))
        condition, presence = point_condition(found, stopped)
        base = intersection(hours[code], presence)
        if not base:
            continue
        kit_down = point_condition(found, NOTHING)[0].down
        outages = [Cause("", s.kind, "", intersection(s.span(now), presence)) for s in halts]
        points[code] = PointLine(
            code,
            tally(condition, base),
            length(hours[code]) - length(base),
            length(difference(intersection(condition.down, base), kit_down)),
            spells(condition.down, base, now),
            intersection(condition.down, base),
            [c for c in (*causes[code], *outages) if intersection(c.down, base)],
            {
                month.first.replace(day=1): tally(
                    condition, intersection(service_hours(office, office.points[code], month, now), presence)
                )
                for month in months(period)
            },
            bool(presence) and presence[-1][1] >= now,
        )
    return Downtime(
        period,
        now,
        points,
        kits,
        {kind: line for kind, line in kinds.items() if line.whole},
        {
            month.first.replace(day=1): sum(
                (line.months[month.first.replace(day=1)] for line in points.values()), Tally()
            )
            for month in months(period)
        },
    )


def _presence(office: Office, story: KitStory, until: datetime) -> dict[str, Spans]:
    """Point → when the kit stood there; other places (a car, a school, the store) have no opening hours."""
    at: dict[str, Spans] = {}
    for stay in story.stays:
        if stay.point_code in office.points and (span := stay.span(until)):
            at[stay.point_code] = union(at.get(stay.point_code, NOTHING), span)
    return at


def _fresh(office: Office, story: KitStory) -> Callable[[datetime], datetime]:
    """Until when a look at this kit holds, by the service days of the point where it stood then."""

    def until(at: datetime) -> datetime:
        code = next((s.point_code for s in story.stays if s.begin <= at and (s.end is None or at < s.end)), "")
        timetable = office.points[code].timetable if code in office.points else DISTRICT
        return known_until(office.calendar, timetable, at)

    return until


def _part_causes(story: KitStory, span: Spans, needs: frozenset[str], until: datetime) -> list[Cause]:
    """What was down of a kit while it stood somewhere: a line for each part and status."""
    found: dict[tuple[str, str], Spans] = {}
    for kind in sorted(needs):
        ordered = sorted(story.parts[kind], key=lambda t: (t.since, t.at))
        for index, word in enumerate(ordered):
            if not word.works:
                end = min(ordered[index + 1].since if index + 1 < len(ordered) else until, until)
                down = intersection(spans([(word.since, end)]), span)
                found[kind, word.status] = union(found.get((kind, word.status), NOTHING), down)
    return [Cause(story.code, kind, status, down) for (kind, status), down in found.items() if down]
