"""What standing still cost in recordings, and whether every zero has its cause.

Rule: hours down × the point's own recordings per service hour on days of the same kind, without NIHIL days and without
days on which it was down. The range is the middle half of those days (25th to 75th percentile); fewer than eight such
days say nothing, and nothing is then said.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from statistics import median, quantiles

from msgspec import Struct

from .areas import Office
from .availability import Cause, Downtime, PointLine
from .calendar import office_day
from .downtime import opening
from .duty import Period, ReportMark
from .intervals import NOTHING, Spans, intersection, length
from .problems import _
from .recordings import NIHIL, NIHIL_REASONS

FEWEST_DAYS = 8
LOOK_BACK = 90
"""Days before the end of a period from which a point's usual output is taken."""

WEEKDAY = "weekday"
WEEKEND = "weekend"
DAY_KINDS = {WEEKDAY: _("hari kerja"), WEEKEND: _("akhir pekan")}

EQUIPMENT_REASONS = frozenset({"alat_rusak", "jaringan_server"})
"""NIHIL causes that an equipment or outage event must bear out."""

JOINED = "joined"
STATED = "stated"
UNEXPLAINED = "unexplained"
STANDINGS = {
    JOINED: _("ada kejadian"),
    STATED: _("menurut laporan"),
    UNEXPLAINED: _("belum dijelaskan"),
}


def day_kind(day: date) -> str:
    """Saturdays and Sundays on which a point opens see other crowds than working days."""
    return WEEKEND if day.weekday() >= 5 else WEEKDAY


class Usual(Struct, frozen=True):
    """A point's recordings per service hour on days of one kind: the middle half of ``days`` days, and their median."""

    days: int
    low: float
    middle: float
    high: float


class Loss(Struct, frozen=True):
    """People not recorded, as a range; ``unknown`` are hours down on kinds of day of which too little is known."""

    low: float = 0
    middle: float = 0
    high: float = 0
    unknown: timedelta = timedelta()

    def __add__(self, other: "Loss") -> "Loss":
        return Loss(
            self.low + other.low,
            self.middle + other.middle,
            self.high + other.high,
            self.unknown + other.unknown,
        )

    @property
    def counted(self) -> bool:
        """Whether any of it could be estimated."""
        return self.high > 0 or not self.unknown


def usual(rates: Sequence[float]) -> Usual | None:
    """The middle half of some daily rates; None when there are fewer than eight."""
    if len(rates) < FEWEST_DAYS:
        return None
    low, _middle, high = quantiles(rates, n=4, method="inclusive")
    return Usual(len(rates), low, median(rates), high)


def usual_of(office: Office, down: Spans, marks: Iterable[ReportMark]) -> dict[str, Usual | None]:
    """Kind of day → what the point usually records in an hour, from the days on which it served undisturbed."""
    rates: dict[str, list[float]] = {kind: [] for kind in DAY_KINDS}
    for mark in marks:
        opened = (opening(office, mark.day),)
        if mark.kind == NIHIL or intersection(down, opened):
            continue
        rates[day_kind(mark.day)].append(mark.recorded / (length(opened) / timedelta(hours=1)))
    return {kind: usual(found) for kind, found in rates.items()}


def loss(office: Office, down: Spans, known: Mapping[str, Usual | None], period: Period) -> Loss:
    """What a time down within a period cost a point that usually does what is ``known``."""
    total = Loss()
    for day in {office_day(begin) for begin, _end in down}:
        if not period.first <= day <= period.last:
            continue
        lost = length(intersection(down, (opening(office, day),)))
        rate, hours = known.get(day_kind(day)), lost / timedelta(hours=1)
        if rate is None:
            total += Loss(unknown=lost)
        else:
            total += Loss(hours * rate.low, hours * rate.middle, hours * rate.high)
    return total


class Zero(Struct, frozen=True):
    """A day with nothing, or with less than half of what the point usually does, and what explains it."""

    point_code: str
    day: date
    recorded: int
    nihil_reason: str | None
    expected: float | None
    causes: Sequence[tuple[Cause, timedelta]]

    @property
    def standing(self) -> str:
        """JOINED to an event; STATED by the report, where no event need bear it out; UNEXPLAINED otherwise."""
        if self.causes:
            return JOINED
        stated = self.nihil_reason in NIHIL_REASONS and self.nihil_reason not in EQUIPMENT_REASONS
        return STATED if stated else UNEXPLAINED


def zeros(
    office: Office,
    point_code: str,
    line: PointLine | None,
    known: Mapping[str, Usual | None],
    marks: Iterable[ReportMark],
    period: Period,
) -> list[Zero]:
    """The NIHIL days and dips of a point within a period, oldest first, each with the events of its service hours.

    A dip is a day below half of the median of its kind of day; where that is not known, only a zero is one.
    """
    found = []
    for mark in sorted(marks, key=lambda m: m.day):
        if not period.first <= mark.day <= period.last:
            continue
        opened = (opening(office, mark.day),)
        rate = known.get(day_kind(mark.day))
        expected = None if rate is None else rate.middle * (length(opened) / timedelta(hours=1))
        if mark.kind != NIHIL and mark.recorded and (expected is None or mark.recorded >= expected / 2):
            continue
        causes = [(c, length(intersection(c.down, opened))) for c in (line.causes if line else ())]
        found.append(
            Zero(
                point_code,
                mark.day,
                mark.recorded,
                mark.nihil_reason,
                expected,
                sorted(((c, hours) for c, hours in causes if hours), key=lambda pair: -pair[1]),
            )
        )
    return found


class PointOutput(Struct, frozen=True):
    """A point's downtime with its price: of its own standstill, and of what hit the whole district.

    ``known`` names the days on which the price rests.
    """

    line: PointLine
    known: Mapping[str, Usual | None]
    own: Loss
    shared: Loss
    zeros: Sequence[Zero]

    @property
    def loss(self) -> Loss:
        """All of it; own and shared have no hour in common."""
        return self.own + self.shared

    @property
    def still(self) -> bool:
        """Whether it is down now."""
        return any(spell.ended is None for spell in self.line.spells)


def output(
    office: Office, found: Downtime, longer: Downtime, marks: Iterable[ReportMark], period: Period
) -> list[PointOutput]:
    """Every point with a kit: those still down first, then by what their own standstill cost, by its hours, by code.

    ``longer`` is the same measured over the days from which the usual output is taken, ``marks`` their reports.
    """
    by_point = _by_point(marks)
    lines = []
    for code, line in found.points.items():
        own = by_point.get(code, [])
        known = usual_of(office, longer.points.get(code, line).down, own)
        price, shared = (loss(office, spans, known, period) for spans in (line.own, line.shared))
        lines.append(PointOutput(line, known, price, shared, zeros(office, code, line, known, own, period)))
    return sorted(lines, key=lambda o: (not (o.still and o.line.own), -o.own.middle, -length(o.line.own), o.line.code))


def zeros_without_kit(office: Office, found: Downtime, marks: Iterable[ReportMark], period: Period) -> list[Zero]:
    """The zeros and dips of points at which no kit stood in the period: nothing there can explain them."""
    return [
        zero
        for code, own in _by_point(marks).items()
        if code not in found.points
        for zero in zeros(office, code, None, usual_of(office, NOTHING, own), own, period)
    ]


def _by_point(marks: Iterable[ReportMark]) -> dict[str, list[ReportMark]]:
    found: dict[str, list[ReportMark]] = {}
    for mark in marks:
        found.setdefault(mark.point_code, []).append(mark)
    return found


def baseline(period: Period) -> Period:
    """The days from which the usual output of a period is taken, the period itself included."""
    return Period(min(period.first, period.last - timedelta(days=LOOK_BACK - 1)), period.last)
