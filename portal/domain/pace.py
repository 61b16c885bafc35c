"""Pace to a polling day: what should be done by now, what a day must bring, and where the present pace ends.

Method: target, done, expected by today and needed per day as users of Survey Solutions (#4941) and CHT (#6685) asked
for them, counted in service days. T is the target that holds on the day, R what was recorded since the start, W(a, b)
the service days from a to b, each times its weight (a weekend day that serves counts less, by a limit of the office):

    expected = T · W(start, yesterday) / W(start, polling day)        difference = R − expected
    needed   = ceil(max(0, T − R) / W(today, polling day))            today counts until its report is in
    ending   = R + pace · W(today, polling day)                       pace: median of the last ten reported service days

The pace is told twice: of all reported days, and without the days on which an outage stopped recording. What nobody
reported is in no sum and no pace: it makes a figure preliminary, never a zero.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from math import ceil
from statistics import median, quantiles

from msgspec import Struct, field

from .areas import Office
from .calendar import Election, Timetable, days
from .problems import _
from .rollout import Range

PLACES = "places"
OFFICE = "office"
LIST = "list"
TARGET_KINDS = {
    PLACES: _("Sasaran kunjungan menurut daftar sekolah dan tempat"),
    OFFICE: _("Sasaran yang ditetapkan kantor per kecamatan"),
    LIST: _("DP4 yang belum rekam menurut angka terbit"),
}
"""Whom an election's target counts. They are different sets and are never added up."""

DISTRICT = "district"
HUB = "hub"
KECAMATAN = "kecamatan"
KIND = "kind"

LAST_DAYS = 10
"""Reported service days of which a pace is the median."""
FEWEST_JUDGED = 5
"""Reported service days below which nobody is told that the pace is too slow. Source: a proposal of the portal."""
TOLERANCE = Fraction(5, 100)
"""How far below the expected somebody is still on course."""

DONE = "done"
PARTLY = "partly"
OVER = "over"
ON_COURSE = "on_course"
BEHIND = "behind"
OUT_OF_REACH = "out_of_reach"
USED_UP = "used_up"
NOT_BEGUN = "not_begun"
NO_TARGET = "no_target"
WORDS = {
    DONE: ("good", _("selesai")),
    PARTLY: ("attention", _("selesai sejauh diketahui")),
    OVER: ("attention", _("melebihi sasaran, periksa sasarannya")),
    ON_COURSE: ("good", _("sesuai jalur")),
    BEHIND: ("attention", _("tertinggal")),
    OUT_OF_REACH: ("bad", _("tidak tercapai dengan laju sekarang")),
    USED_UP: ("bad", _("hari kerja habis")),
    NOT_BEGUN: ("info", _("belum mulai")),
    NO_TARGET: ("unknown", _("belum ada sasaran")),
}
"""Word → (kind, text). Above its target nobody is done or green: two sets were mixed, or the target is old."""


WHOLE_DAY = 100
"""Weights are percent of a working day: whole numbers add up exactly, and fast."""


def weight(office: Office, timetable: Timetable, day: date) -> int:
    """Percent of a working day that ``day`` is: 100, the office's share for a weekend day that serves, or 0."""
    if not office.calendar.serves(timetable, day):
        return 0
    return office.limit("weekend_weight") if day.weekday() >= 5 else WHOLE_DAY


# --- one whose work is followed -----------------------------------------------------------------


class Line(Struct, frozen=True):
    """Whose work is followed: a service point, or the visits to some places.

    ``done`` is what was recorded a day, ``known`` the days that can make a pace, ``stopped`` those of them on which an
    outage stopped recording, ``silent`` the due days nobody reported. ``told_today``: today's report is in.
    """

    code: str
    timetable: Timetable
    active_from: date = date.min
    active_to: date = date.max
    done: Mapping[date, int] = field(default_factory=dict)
    known: frozenset[date] = frozenset()
    stopped: frozenset[date] = frozenset()
    silent: frozenset[date] = frozenset()
    told_today: bool = False

    def weight(self, office: Office, day: date) -> int:
        """The day's weight here; nothing while it is not in the duty roll."""
        return weight(office, self.timetable, day) if self.active_from <= day <= self.active_to else 0


class Rate(Struct, frozen=True):
    """People recorded on a full working day: the middle half of the last reported days, their median, and the best
    (90th percentile of all ``days`` reported)."""

    days: int
    low: float
    middle: float
    high: float
    best: float

    def __add__(self, other: "Rate") -> "Rate":
        return Rate(
            min(self.days, other.days),
            self.low + other.low,
            self.middle + other.middle,
            self.high + other.high,
            self.best + other.best,
        )


def rate(values: Sequence[float]) -> Rate | None:
    """The pace of daily values, oldest first; None when nobody reported. One day alone is its own range."""
    if not values:
        return None
    last = list(values[-LAST_DAYS:])
    if len(values) == 1:
        return Rate(1, last[0], last[0], last[0], last[0])
    low, _middle, high = quantiles(last, n=4, method="inclusive") if len(last) > 1 else (last[0],) * 3
    return Rate(len(values), low, median(last), high, quantiles(values, n=10, method="inclusive")[-1])


class Course(Struct, frozen=True):
    """A line as far as it has come: the weights of its service days gone, in all and left, what it recorded, and its
    two paces."""

    line: Line
    gone: int
    whole: int
    left: int
    recorded: int
    usual: Rate | None
    steady: Rate | None
    """The pace without the days on which an outage stopped recording."""


def courses_of(office: Office, election: Election, lines: Iterable[Line], today: date) -> dict[str, Course]:
    """Every line by its code; lines that serve the same days share their weights."""
    shared: dict[tuple[Timetable, date, date], dict[date, int]] = {}
    found = {}
    for line in lines:
        key = (line.timetable, line.active_from, line.active_to)
        if key not in shared:
            campaign = days(election.first_service_day, election.polling_day)
            shared[key] = {day: line.weight(office, day) for day in campaign}
        found[line.code] = _course(election, line, today, shared[key])
    return found


def _course(election: Election, line: Line, today: date, weights: Mapping[date, int]) -> Course:
    """Where a line stands on ``today``; after polling day as it stood at its end."""
    first, last = election.first_service_day, election.polling_day
    until = min(today, last)
    counted = [day for day in sorted(line.known) if weights.get(day) and day <= until]
    every, running = (
        [line.done.get(day, 0) * WHOLE_DAY / weights[day] for day in counted if day not in out]
        for out in (frozenset[date](), line.stopped)
    )
    return Course(
        line,
        sum(w for day, w in weights.items() if day < today),
        sum(weights.values()),
        sum(w for day, w in weights.items() if day > today or (day == today and not line.told_today)),
        sum(n for day, n in line.done.items() if first <= day <= until),
        rate(every),
        rate(running),
    )


# --- the formulas -------------------------------------------------------------------------------


def expected(target: int, gone: Fraction, whole: Fraction) -> Fraction | None:
    """How many should be recorded by yesterday; None where there never was a service day."""
    return target * gone / whole if whole else None


def needed(target: int, recorded: int, left: Fraction) -> int | None:
    """How many each service day left must bring; None when no day is left."""
    return ceil(max(0, target - recorded) / left) if left else None


def ending(recorded: int, courses: Iterable[tuple[Rate | None, int]]) -> Range | None:
    """Where the paces of some lines end, each over the weight of its own days left; None when no pace is known."""
    known = [(found, left) for found, left in courses if found is not None]
    if not known:
        return None
    total = Range(recorded, recorded, recorded)
    for found, left in known:
        total += Range(found.low, found.middle, found.high) * (left / WHOLE_DAY)
    return total


class Area(Struct, frozen=True):
    """What a target is set for, with the lines that work towards it.

    ``steps`` are (from, people), oldest first: a target that changes leaves the days before as they were. ``without``
    of ``members`` have no target; their work is in no figure. ``parts`` is the sum of the parts where an area has a
    target of its own, ``source`` who says so and of when. ``estimated``: the target follows lists, so it moves.
    """

    level: str
    code: str
    steps: Sequence[tuple[date, int]]
    lines: Sequence[str]
    points: Sequence[str] = ()
    members: int = 0
    without: int = 0
    parts: int | None = None
    source: str = ""
    owed: int = 0

    def target(self, day: date) -> int | None:
        """The target that holds on ``day``; None where none does."""
        return next((people for since, people in reversed(self.steps) if since <= day), None)

    def since(self, day: date) -> date | None:
        """From when the target of ``day`` holds."""
        return next((since for since, _people in reversed(self.steps) if since <= day), None)


class Kits(Struct, frozen=True):
    """Recording kits at the points of an area: those that can record now, and all that stand there."""

    working: int = 0
    standing: int = 0


class Pace(Struct, frozen=True):
    """An area on a day, as every page shows it. A value of None is not known, or does not exist."""

    area: Area
    on: date
    target: int | None
    recorded: int
    gone: Fraction
    whole: Fraction
    left: Fraction
    expected: Fraction | None
    needed: int | None
    usual: Rate | None
    steady: Rate | None
    ending: Range | None
    ending_steady: Range | None
    silent: int
    paceless: int
    """Lines of whose pace nothing is known: they add nothing to an ending."""
    word: str
    kits: Kits = Kits()

    @property
    def difference(self) -> int | None:
        """People ahead of (or, below zero, behind) the expected."""
        return None if self.expected is None else round(self.recorded - self.expected)

    @property
    def share(self) -> float | None:
        """The difference in percent of the expected; None where nothing was expected yet."""
        return float(100 * (self.recorded - self.expected) / self.expected) if self.expected else None

    @property
    def remaining(self) -> int | None:
        """Who is still to be recorded."""
        return None if self.target is None else max(0, self.target - self.recorded)

    @property
    def per_kit(self) -> int | None:
        """What each working kit must record a day; None without a working kit or a day."""
        return None if self.needed is None or not self.kits.working else -(-self.needed // self.kits.working)

    @property
    def best_per_kit(self) -> int | None:
        """What a kit recorded on the best days so far, over all kits that stand there."""
        return round(self.usual.best / self.kits.standing) if self.usual and self.kits.standing else None

    @property
    def provisional(self) -> bool:
        """Whether a report or a result that is still to come can change it."""
        return bool(self.silent or self.area.owed)


def word(
    target: int | None,
    recorded: int,
    due: Fraction | None,
    need: int | None,
    usual: Rate | None,
    *,
    begun: bool,
    partly: bool,
) -> str:
    """The one word for where somebody stands; the first that fits, the most certain first."""
    if target is None:
        return NO_TARGET
    if recorded >= target:
        return OVER if recorded > target else PARTLY if partly else DONE
    if need is None:
        return USED_UP
    if not begun:
        return NOT_BEGUN
    if usual is not None and usual.days >= FEWEST_JUDGED and need > usual.best:
        return OUT_OF_REACH
    return ON_COURSE if due is None or recorded >= due * (1 - TOLERANCE) else BEHIND


def pace(
    election: Election, area: Area, courses: Mapping[str, Course], today: date, kits: Mapping[str, Kits] | None = None
) -> Pace:
    """An area on ``today``: its lines added up, their service days as the mean of their weights."""
    own = [courses[code] for code in area.lines]
    on = min(today, election.polling_day)
    target = area.target(max(on, election.first_service_day))
    gone, whole, left = (
        Fraction(sum(getattr(c, name) for c in own), WHOLE_DAY * max(len(own), 1)) for name in ("gone", "whole", "left")
    )
    recorded = sum(c.recorded for c in own)
    usual, steady = (_together(getattr(c, name) for c in own) for name in ("usual", "steady"))
    due = None if target is None else expected(target, gone, whole)
    need = None if target is None else needed(target, recorded, left)
    standing = [kits.get(code, Kits()) for code in area.points] if kits else []
    return Pace(
        area,
        on,
        target,
        recorded,
        gone,
        whole,
        left,
        due,
        need,
        usual,
        steady,
        ending(recorded, ((c.usual, c.left) for c in own)),
        ending(recorded, ((c.steady, c.left) for c in own)),
        sum(len(c.line.silent) for c in own),
        sum(c.usual is None for c in own),
        word(
            target,
            recorded,
            due,
            need,
            usual,
            begun=today >= election.first_service_day,
            partly=area.without > 0,
        ),
        Kits(sum(k.working for k in standing), sum(k.standing for k in standing)),
    )


def _together(rates: Iterable[Rate | None]) -> Rate | None:
    known = [found for found in rates if found is not None]
    return sum(known[1:], known[0]) if known else None
