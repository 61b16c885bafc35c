"""Service days, deadlines and whether a report was in time.

Method: reporting rates as DHIS2 counts them, but expected days come from a calendar, on time, in grace, late and
missing exclude each other, and a report beyond the duty counts nowhere, so that no rate passes 100 %.

Instants are aware and in UTC; a service day is the date in Mojokerto (Asia/Jakarta), whatever the server's zone.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from msgspec import Struct

from .figures import Percentage
from .problems import _

WIB = ZoneInfo("Asia/Jakarta")
DEADLINE = time(16, 0)
GRACE_END = time(9, 0)
"""Until when a report is on time, and until when of the next service day in grace, where the office said nothing
else; proposals of the portal."""

ON_TIME = "on_time"
IN_GRACE = "in_grace"
LATE = "late"
MISSING = "missing"
NOT_DUE = "not_due"
NOT_REQUIRED = "not_required"
EXTRA = "extra"

REPORTED = frozenset({ON_TIME, IN_GRACE, LATE})
DUE = REPORTED | {MISSING}

POINT = "point"
EVERYBODY = "everybody"
HOLIDAY = "holiday"
WEEKDAY = "weekday"
"""Whose word decides whether a day is served, the most particular first."""


def office_day(instant: datetime) -> date:
    """The service day at ``instant``: its date in western Indonesian time."""
    return instant.astimezone(WIB).date()


def office_instant(day: date, at: time) -> datetime:
    """The UTC instant of a wall-clock time in Mojokerto."""
    return datetime.combine(day, at, WIB).astimezone(UTC)


def days(first: date, last: date) -> Iterator[date]:
    """Every date from ``first`` to ``last``, both included; nothing when they are the wrong way round."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


class Holiday(Struct, frozen=True):
    """A public holiday, with the decree it comes from."""

    day: date
    name: str
    kind: str
    source: str


class Election(Struct, frozen=True):
    """A polling day and who may vote in it: born on or before ``birth_cutoff``, or married earlier."""

    code: str
    name: str
    polling_day: date
    birth_cutoff: date
    first_service_day: date
    source: str
    target_kind: str = "places"
    """Whom its target counts: one of ``domain/pace.TARGET_KINDS``."""
    version: int = 1


class Timetable(Struct, frozen=True):
    """Which days of the week a point serves, and since when; days of its own come before everybody's calendar.

    A mask begins on Monday ("1111100"). ``weeks`` are the masks that replaced the first, each from a date on, so that
    a change leaves the days before it as they were.
    """

    weekdays: str
    weeks: tuple[tuple[date, str], ...] = ()
    opened: frozenset[date] = frozenset()
    closed: frozenset[date] = frozenset()

    def mask(self, day: date) -> str:
        """The weekday mask that holds on ``day``."""
        return next((mask for since, mask in reversed(self.weeks) if since <= day), self.weekdays)


DISTRICT = Timetable("1111100")
"""The days on which the district's offices serve, where no single point is meant (days left to polling day)."""


class Hours(Struct, frozen=True):
    """For service days from ``since`` on: until when a report is on time, and until when of the next service day it is
    in grace."""

    since: date
    deadline: time
    grace_end: time


class Calendar(Struct, frozen=True, dict=True):
    """Which days a point serves: its timetable, less the public holidays and the days on which everybody is closed,
    plus the days on which everybody serves. The more particular word wins: point, district, holiday, weekday."""

    holidays: Mapping[date, str]
    opened: frozenset[date] = frozenset()
    closed: frozenset[date] = frozenset()
    hours: tuple[Hours, ...] = ()
    """Deadlines that replaced the portal's own, each from a day on: the days before it stay as they were."""

    @cached_property
    def _worked_out(self) -> dict[tuple[Timetable, date], tuple[datetime, datetime] | None]:
        return {}

    @cached_property
    def _served(self) -> dict[tuple[Timetable, date], bool]:
        return {}

    @cached_property
    def _later(self) -> dict[tuple[Timetable, date, int], date]:
        return {}

    def serves(self, timetable: Timetable, day: date) -> bool:
        """Whether a point with this timetable serves on ``day``; worked out once."""
        key = (timetable, day)
        if key not in self._served:
            self._served[key] = self.word(timetable, day)[0]
        return self._served[key]

    def word(self, timetable: Timetable, day: date) -> tuple[bool, str]:
        """(whether a point with this timetable serves on ``day``, whose word that is)."""
        if day in timetable.opened or day in timetable.closed:
            return day in timetable.opened, POINT
        if day in self.opened or day in self.closed:
            return day in self.opened, EVERYBODY
        if day in self.holidays:
            return False, HOLIDAY
        return timetable.mask(day)[day.weekday()] == "1", WEEKDAY

    def service_days(self, timetable: Timetable, first: date, last: date) -> int:
        """Number of service days from ``first`` to ``last``, both included."""
        return sum(self.serves(timetable, day) for day in days(first, last))

    def next_service_day(self, timetable: Timetable, day: date) -> date:
        """The first service day after ``day``; the day after when none comes within a year."""
        for later in days(day + timedelta(days=1), day + timedelta(days=366)):
            if self.serves(timetable, later):
                return later
        return day + timedelta(days=1)

    def later_service_day(self, timetable: Timetable, day: date, number: int) -> date:
        """The ``number``-th service day after ``day``. Worked out once."""
        key = (timetable, day, number)
        if key not in self._later:
            last = day
            for _step in range(number):
                last = self.next_service_day(timetable, last)
            self._later[key] = last
        return self._later[key]

    def service_days_since(self, timetable: Timetable, since: date, today: date) -> int:
        """Service days begun after ``since`` up to and with ``today``: 0 when confirmed today."""
        return self.service_days(timetable, since + timedelta(days=1), today)

    def report_state(self, timetable: Timetable, day: date, received: datetime | None, now: datetime) -> str:
        """Where the report of ``day`` stands at ``now``."""
        return report_state(self.limits(timetable, day), received, now)

    def limits(self, timetable: Timetable, day: date) -> tuple[datetime, datetime] | None:
        """(deadline, end of grace) of the report of ``day``; None when no service is due. Worked out once."""
        key = (timetable, day)
        if key not in self._worked_out:
            self._worked_out[key] = self._limits(timetable, day) if self.serves(timetable, day) else None
        return self._worked_out[key]

    def _limits(self, timetable: Timetable, day: date) -> tuple[datetime, datetime]:
        deadline, grace_end = self.hours_on(day)
        return office_instant(day, deadline), office_instant(self.next_service_day(timetable, day), grace_end)

    def hours_on(self, day: date) -> tuple[time, time]:
        """(deadline, end of grace) of the reports of ``day``, as wall-clock times in Mojokerto."""
        found = next((h for h in reversed(self.hours) if h.since <= day), None)
        return (found.deadline, found.grace_end) if found else (DEADLINE, GRACE_END)

    def deadline(self, day: date) -> datetime:
        """The instant until which a report of ``day`` is on time."""
        return office_instant(day, self.hours_on(day)[0])


def report_state(limits: tuple[datetime, datetime] | None, received: datetime | None, now: datetime) -> str:
    """Where a report with these limits stands at ``now``; the first receipt decides, later edits never.

    Only a day whose grace (in the next service day) has passed can be missing.
    """
    if limits is None:
        return EXTRA if received is not None else NOT_REQUIRED
    deadline, grace_end = limits
    if received is None:
        return MISSING if now >= grace_end else NOT_DUE
    if received <= deadline:
        return ON_TIME
    return IN_GRACE if received < grace_end else LATE


class Completeness(Struct, frozen=True):
    """How many due reports came, and how many came in time. Never above the number due."""

    due: int
    on_time: int
    in_grace: int
    late: int
    missing: int

    @property
    def received(self) -> int:
        """Due reports that came, however late."""
        return self.on_time + self.in_grace + self.late

    @property
    def completeness(self) -> Percentage:
        """*Kelengkapan*: the due reports that came, however late."""
        return Percentage(self.received, self.due, _("laporan wajib"), "", "")

    @property
    def timeliness(self) -> Percentage:
        """*Ketepatan*: the due reports that came in time or in grace."""
        return Percentage(self.on_time + self.in_grace, self.due, _("laporan wajib"), "", "")

    def __add__(self, other: "Completeness") -> "Completeness":
        return Completeness(
            self.due + other.due,
            self.on_time + other.on_time,
            self.in_grace + other.in_grace,
            self.late + other.late,
            self.missing + other.missing,
        )


def completeness(states: Iterable[str]) -> Completeness:
    """Count states: on time + in grace + late + missing = due; days outside the duty count nowhere."""
    tally = dict.fromkeys(DUE, 0)
    for state in states:
        if state in tally:
            tally[state] += 1
    return Completeness(sum(tally.values()), tally[ON_TIME], tally[IN_GRACE], tally[LATE], tally[MISSING])
