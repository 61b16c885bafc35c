"""Where the next recording kit belongs, why, and what it would change by polling day.

A suggestion with its reasons, never a decision: five measured factors, each divided by the largest among the
kecamatan, times a weight that the reader sets. What is not known is said to be unknown: it adds nothing to the lower
end of a score and everything to the upper end.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from statistics import median

from msgspec import Struct

from .areas import Office
from .calendar import DISTRICT, Timetable, days
from .downtime import Tally
from .figures import Figure
from .output import DAY_KINDS, WEEKDAY, PointOutput, day_kind
from .places import TargetBatch
from .problems import Problem, _
from .sweeps import Standing

LEFT = "left"
PACE = "pace"
DISTANCE = "distance"
HUB = "hub"
DOWN = "down"

MOST_KITS = 60
MOST_STAGE = 20
MOST_WEEKS = 12
MOST_WEIGHT = 10


class Factor(Struct, frozen=True):
    """One reason for a kit: its name in the address, what it is called, and its weight unless the reader sets one."""

    name: str
    label: str
    rule: str
    weight: int


FACTORS = (
    Factor(LEFT, _("Belum terekam"), _("orang yang belum terekam, menurut dasar yang dipilih"), 4),
    Factor(PACE, _("Perlu per hari"), _("orang yang belum terekam ÷ hari layanan tersisa"), 2),
    Factor(DISTANCE, _("Jarak"), _("km garis lurus ke titik terdekat yang bisa rekam"), 2),
    Factor(HUB, _("Beban hub"), _("kecamatan yang dilayani hub ÷ alat yang ada di hub"), 1),
    Factor(DOWN, _("Berhenti"), _("persen jam layanan yang diketahui, saat titik yang melayani tidak bisa rekam"), 1),
)
"""Every factor, once: form, table, reasons and plan loop over this list."""


BY_LIST = "list"
BY_SCHOOLS = "schools"
BASES = {
    BY_LIST: _("DP4 yang belum rekam"),
    BY_SCHOOLS: _("sisa sasaran kunjungan"),
}
"""Two readings of who is left. They are different sets of different dates and are never added up."""

UNRECORDED = "dp4_unrecorded"
PRICE = "kit_price_idr"


class LeftAtPlaces(Struct, frozen=True):
    """Who is still to be recorded at the places of a kecamatan, as far as that is known.

    A place with a list counts at most so many of those left as may vote (``Standing.voters_left``); one without counts
    whom its last visit left behind, of any age, because a result is not split by age: ``visited`` counts these, the
    earliest of ``visited_on``. ``old`` places were visited too long ago to say, ``unknown`` ones have neither; both
    add nothing. From ``oldest`` to ``newest`` are the days of lists and visits.
    """

    people: int
    lists: Sequence[TargetBatch]
    visited: int
    unknown: int
    oldest: date
    newest: date
    old: int = 0
    visited_on: date | None = None


def left_at_places(
    found: Iterable[Standing], behind: Mapping[str, tuple[int, date]], since: date = date.min
) -> LeftAtPlaces | None:
    """The sum over some places; ``behind`` is place → (left behind by its last visit, its day).

    A visit before ``since`` says nothing any more. None where no place has a list or such a visit: unknown, not zero.
    """
    found = list(found)
    listed = [(s.voters_left, s.batch) for s in found if s.batch is not None]
    others = [behind.get(s.place.code) for s in found if s.batch is None]
    visited = [last for last in others if last is not None and last[1] >= since]
    old = sum(last is not None and last[1] < since for last in others)
    dates = [batch.as_of for _left, batch in listed] + [day for _left, day in visited]
    if not dates:
        return None
    people = sum(left for left, _batch in listed) + sum(left for left, _day in visited)
    lists = [batch for _left, batch in listed]
    unknown, first = len(others) - len(visited) - old, min((day for _left, day in visited), default=None)
    return LeftAtPlaces(people, lists, len(visited), unknown, min(dates), max(dates), old, first)


def newest_of(figures: Iterable[Figure], metric: str, on: date) -> dict[str, Figure]:
    """Area → the newest published reading of a metric on or before ``on``."""
    found: dict[str, Figure] = {}
    for figure in figures:
        if figure.metric == metric and figure.begins <= on:
            kept = found.get(figure.code)
            if kept is None or figure.as_of >= kept.as_of:
                found[figure.code] = figure
    return found


class Candidate(Struct, frozen=True):
    """A kecamatan as far as it is known. ``days`` are its service days left; a value of None is not known."""

    code: str
    left: int | None
    days: int
    distance: float | None
    hub_load: float | None
    down_share: float | None
    kits: int

    def value(self, factor: str) -> float | None:
        """The measured value of a factor; None when it is not known."""
        if factor == PACE:
            return None if self.left is None or not self.days else self.left / self.days
        found: float | None = {
            LEFT: self.left,
            DISTANCE: self.distance,
            HUB: self.hub_load,
            DOWN: self.down_share,
        }[factor]
        return found


class Score(Struct, frozen=True):
    """From 0 to 100. ``low`` counts what is unknown as nothing, ``high`` as the most; ``shares`` add up to ``low``."""

    candidate: Candidate
    low: float
    high: float
    shares: Mapping[str, float | None]


def scores(candidates: Sequence[Candidate], weights: Mapping[str, int]) -> list[Score]:
    """Every kecamatan with its score, the highest first; equal ones by code."""
    whole = sum(weights.get(f.name, 0) for f in FACTORS)
    most = {f.name: max((c.value(f.name) or 0 for c in candidates), default=0) for f in FACTORS}
    found = []
    for candidate in candidates:
        shares: dict[str, float | None] = {}
        for factor in FACTORS:
            value, weight = candidate.value(factor.name), weights.get(factor.name, 0)
            if value is None:
                shares[factor.name] = None
            else:
                part = value / most[factor.name] if most[factor.name] else 0
                shares[factor.name] = 100 * part * weight / whole if whole else 0
        low = sum(share or 0 for share in shares.values())
        gaps = sum(weights.get(name, 0) for name, share in shares.items() if share is None)
        found.append(Score(candidate, low, low + (100 * gaps / whole if whole else 0), shares))
    return sorted(found, key=lambda s: (-s.low, s.candidate.code))


def allot(found: Sequence[Score], kits: int) -> list[str]:
    """To which kecamatan each of ``kits`` new kits goes, in order: every time to where a kit still weighs most.

    A score counts less with each kit that stands there or was just given: it is divided by one more than these. Equal
    ones go to whoever was given fewest, then by code. The first n of a larger plan are the plan of n.
    """
    given = {score.candidate.code: 0 for score in found}
    order: list[str] = []
    if not found:
        return order
    for _kit in range(kits):
        best = min(
            found,
            key=lambda s: (
                -s.low / (1 + s.candidate.kits + given[s.candidate.code]),
                given[s.candidate.code],
                s.candidate.code,
            ),
        )
        given[best.candidate.code] += 1
        order.append(best.candidate.code)
    return order


class Stage(Struct, frozen=True):
    """Kits that are set up on one day, and the service days each of them has left."""

    number: int
    day: date
    kits: Sequence[tuple[str, int]]


def stages(office: Office, order: Sequence[str], first: date, per_stage: int, weeks: int, last: date) -> list[Stage]:
    """The plan cut into stages of ``per_stage`` kits, ``weeks`` apart, each moved to a service day.

    ``last`` is polling day; a kit set up after it has no service days left.
    """
    calendar, found = office.calendar, []
    for number, begin in enumerate(range(0, len(order), per_stage)):
        day = first + timedelta(weeks=number * weeks)
        if not calendar.serves(DISTRICT, day):
            day = calendar.next_service_day(DISTRICT, day)
        kits = [(code, days_left(office, code, day, last)) for code in order[begin : begin + per_stage]]
        found.append(Stage(number + 1, day, kits))
    return found


def days_left(office: Office, kecamatan_code: str, first: date, last: date) -> int:
    """Service days of a kecamatan's own office from ``first`` to ``last``, both included."""
    point = office.point_of(kecamatan_code)
    return office.calendar.service_days(point.timetable if point else DISTRICT, first, last)


# --- what it would change -----------------------------------------------------------------------


class Range(Struct, frozen=True):
    """A number that is not known exactly: the middle half of what happened so far, and its middle."""

    low: float = 0
    middle: float = 0
    high: float = 0

    def __add__(self, other: "Range") -> "Range":
        return Range(self.low + other.low, self.middle + other.middle, self.high + other.high)

    def __mul__(self, times: float) -> "Range":
        return Range(self.low * times, self.middle * times, self.high * times)

    def at_most(self, limit: "Range") -> "Range":
        """This, but at no end more than the limit."""
        return Range(min(self.low, limit.low), min(self.middle, limit.middle), min(self.high, limit.high))

    def less(self, taken: "Range") -> "Range":
        """What is left of this at each end."""
        return Range(self.low - taken.low, self.middle - taken.middle, self.high - taken.high)


def hours_of_kind(office: Office, timetable: Timetable, first: date, last: date) -> dict[str, int]:
    """Kind of day → how many hours such service days are open from ``first`` to ``last``."""
    found = dict.fromkeys(DAY_KINDS, 0)
    for day in days(first, last):
        if office.calendar.serves(timetable, day):
            found[day_kind(day)] += office.hours_on(day).long
    return found


def share_up(found: Tally) -> float:
    """The share of the known hours in which something worked, from 0 to 1; 1 where nothing is known of it."""
    return 1.0 if found.availability is None else found.availability / 100


def expected(
    office: Office, points: Iterable[PointOutput], first: date, last: date, *, outages: bool
) -> tuple[Range, list[str]]:
    """(what the present kits would record from ``first`` to ``last``, points of which too little is known).

    Every point goes on as it usually does on days of the kind; with ``outages`` only for the share of hours in which
    it was up lately, where that is known.
    """
    total, unknown = Range(), []
    for own in points:
        timetable = office.points[own.line.code].timetable
        share = share_up(own.line.tally) if outages else 1.0
        for kind, hours in hours_of_kind(office, timetable, first, last).items():
            rate = own.known.get(kind)
            if rate is not None:
                total += Range(rate.low, rate.middle, rate.high) * (hours * share)
            elif hours and own.line.code not in unknown:
                unknown.append(own.line.code)
    return total, unknown


def kit_day(office: Office, day: date, points: Iterable[PointOutput], kits: Mapping[str, int]) -> Range | None:
    """What one kit of the district records on a working day as long as ``day``: the middle point's, each by its kits.

    None when no point has enough undisturbed days. ``kits`` counts the kits at a point.
    """
    rates = [
        Range(rate.low, rate.middle, rate.high) * (office.hours_on(day).long / max(kits.get(own.line.code, 1), 1))
        for own in points
        if (rate := own.known.get(WEEKDAY)) is not None
    ]
    if not rates:
        return None
    return Range(median(r.low for r in rates), median(r.middle for r in rates), median(r.high for r in rates))


def added(plan: Iterable[Stage], a_day: Range, left: Mapping[str, int | None], share_up: float = 1) -> Range:
    """What new kits would record by polling day.

    Each records what a kit of the district records on a service day, times the share of hours in which kits work; all
    in one kecamatan together no more people than are known to be left there.
    """
    taken: dict[str, Range] = {}
    total = Range()
    for stage in plan:
        for code, remaining in stage.kits:
            work = a_day * (remaining * share_up)
            people = left.get(code)
            if people is not None:
                before = taken.get(code, Range())
                work = work.at_most(Range(people, people, people).less(before))
                taken[code] = before + work
            total += work
    return total


def check_plan(kits: int | None, per_stage: int | None, weeks: int | None) -> list[Problem]:
    """A budget that can be planned: how many kits, how many at a time, how many weeks apart."""
    return [
        *_check("kits", kits, 0, MOST_KITS),
        *_check("stage", per_stage, 1, MOST_STAGE),
        *_check("weeks", weeks, 1, MOST_WEEKS),
    ]


def check_weights(weights: Mapping[str, int | None]) -> list[Problem]:
    """Weights from 0 to 10."""
    return [p for f in FACTORS for p in _check(f.name, weights.get(f.name), 0, MOST_WEIGHT)]


def _check(field: str, value: int | None, least: int, most: int) -> list[Problem]:
    if value is not None and least <= value <= most:
        return []
    text = _("Isi dengan bilangan bulat dari %(least)s sampai %(most)s.")
    return [Problem(field, text, {"least": least, "most": most})]
