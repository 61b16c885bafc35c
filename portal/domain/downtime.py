"""Since when what does not work, in hours in which somebody would have been served.

Method: up, down and unknown as uptime monitors tell them apart (features of Open mSupply and Uptime Kuma: time that
nobody confirmed is neither up nor down), over the service hours of the office's own calendar. Down wins over unknown,
unknown over up: a kit is as able as its weakest part, a point as able as its best kit.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from statistics import fmean

from msgspec import Struct

from .areas import Office, ServicePoint
from .calendar import Calendar, Timetable, days, office_day, office_instant
from .duty import Period
from .equipment import ATTENTION, BOTH, GOOD, PRINT, PRINTS_WITH, RECORD, RECORDS_WITH, STALE_AFTER, Kit
from .intervals import NOTHING, Span, Spans, difference, intersection, length, spans, union
from .retirement import Retirement

WORKING = frozenset({GOOD, ATTENTION})
USUAL = {RECORD: RECORDS_WITH, PRINT: PRINTS_WITH}
"""Work → the kinds of part without which no kit does it."""


class Told(Struct, frozen=True):
    """What somebody said of a part: in which state it is, and since when. ``number`` tells two of one moment apart."""

    since: datetime
    status: str
    number: int = 0

    @property
    def works(self) -> bool:
        """Whether the part does its job in this state."""
        return self.status in WORKING


class PartStory(Struct, frozen=True):
    """The parts of one kind that a kit ever had, one after the other, as one story."""

    kind: str
    needed_for: str
    told: Sequence[Told]

    def needed(self, work: str) -> bool:
        """Whether the kit does without it what the work asks."""
        return self.needed_for in (work, BOTH)


class KitStory(Struct, frozen=True):
    """A kit with everything told of its parts; it was registered at ``since`` and its places are the kit's own."""

    kit: Kit
    since: datetime
    parts: Sequence[PartStory]
    retirements: Sequence[Retirement] = ()

    def serving(self, day: date) -> bool:
        """Whether it was in service on ``day``: a kit that left is neither up nor down, nor unknown."""
        return not any(r.since <= day and (r.until is None or day < r.until) for r in self.retirements)

    def meant_for(self, work: str) -> bool:
        """Whether it ever had every kind of part that the work usually needs."""
        return USUAL[work] <= {part.kind for part in self.parts}


class Condition(Struct, frozen=True):
    """When a thing was up and when down. The two share no moment; what is in neither is not known."""

    up: Spans = NOTHING
    down: Spans = NOTHING


class Tally(Struct, frozen=True):
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
    """From when to when a point that serves on ``day`` is open, by the hours that held on that day."""
    hours = office.hours_on(day)
    return office_instant(day, time(hours.opens)), office_instant(day, time(hours.closes))


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


def in_order(told: Iterable[Told]) -> list[Told]:
    """Words by what they speak of; those of one moment as they were written down."""
    return sorted(told, key=lambda word: (word.since, word.number))


def part_condition(told: Iterable[Told], fresh_until: Callable[[datetime], datetime], until: datetime) -> Condition:
    """When a part worked and when not, up to ``until``.

    Each word holds from its ``since`` to the next one's, in whatever order they were written down. *Works* is believed
    as long as somebody looked lately; *does not work* holds until somebody says otherwise: silence repairs nothing.
    Before the first word nothing is known.
    """
    ordered = in_order(told)
    up, down = [], []
    for index, word in enumerate(ordered):
        end = min(ordered[index + 1].since if index + 1 < len(ordered) else until, until)
        if word.works:
            up.append((word.since, min(end, fresh_until(word.since))))
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


class Spell(Struct, frozen=True):
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
