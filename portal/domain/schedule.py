"""What the supervisor changes in the calendar, and what a change does to days that are gone.

A change is a dated word of its own that can be withdrawn; nothing is written over. One that reaches into the past
alters who owed a report there, so its effect is worked out first and must be known to whoever keeps it.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from msgspec import Struct

from .areas import Office
from .calendar import (
    EXTRA,
    NOT_REQUIRED,
    Calendar,
    Completeness,
    Timetable,
    completeness,
    days,
    office_day,
)
from .duty import LONGEST, Period, ReportMark, point_states
from .problems import Problem, _
from .texts import SAME_DAY, check_text

WEEK = "week"
DAY = "day"

_MASK = re.compile(r"[01]{7}", re.ASCII)


class Decision(Struct, frozen=True):
    """Who decided an entry of the calendar, when and why; withdrawn, it stays readable and holds no longer."""

    reason: str
    by: str
    at: datetime
    withdrawn_at: datetime | None = None

    @property
    def stands(self) -> bool:
        """Whether the entry still holds."""
        return self.withdrawn_at is None


class Week(Struct, frozen=True):
    """From ``valid_from`` on a point serves on the weekdays of a mask that begins on Monday ("1111100")."""

    point_code: str
    valid_from: date
    weekdays: str


class Opening(Struct, frozen=True):
    """One day on which a point, or with None every point, serves or does not, whatever the week says."""

    point_code: str | None
    day: date
    opens: bool


class Entry(Struct, frozen=True):
    """A change as the office keeps it."""

    id: int
    what: Week | Opening
    decided: Decision

    @property
    def kind(self) -> str:
        """Whether it is of a week or of a day."""
        return WEEK if isinstance(self.what, Week) else DAY


def first_day(what: Week | Opening) -> date:
    """The first day that a change speaks of."""
    return what.valid_from if isinstance(what, Week) else what.day


def check_change(
    what: Week | Opening, reason: str, office: Office, today: date, standing: Entry | None = None
) -> list[Problem]:
    """Every rule a change breaks: a point there is, a day within a year of today, a week with a day, a reason.

    ``standing`` is what was last said of this very day: saying it again is refused, not kept twice.
    """
    problems = []
    field = "valid_from" if isinstance(what, Week) else "day"
    code = what.point_code
    if code is not None and code not in office.points:
        problems.append(Problem("point", _("Pilih titik layanan.")))
    problems += check_day(field, first_day(what), office, today)
    if isinstance(what, Week):
        problems += _check_week(what, office)
    elif standing is not None and standing.what == what:
        text = _("Hari ini sudah dicatat buka.") if what.opens else _("Hari ini sudah dicatat tutup.")
        problems.append(Problem(field, text))
    return problems + check_reason(reason)


def check_reason(reason: str) -> list[Problem]:
    """A change of the calendar, and its withdrawal, always say why."""
    return check_text("reason", reason, required=_("Tulis alasan, misalnya nomor surat atau pengumumannya."))


def check_day(field: str, day: date, office: Office, today: date) -> list[Problem]:
    """A day from which something may change: since the office began, and within a year of today."""
    earliest = max(office.start(), today - timedelta(days=LONGEST))
    latest = today + timedelta(days=LONGEST)
    if earliest <= day <= latest:
        return []
    values = {"first": f"{earliest:%d-%m-%Y}", "last": f"{latest:%d-%m-%Y}"}
    return [Problem(field, _("Pilih tanggal dari %(first)s sampai %(last)s."), values)]


def _check_week(what: Week, office: Office) -> list[Problem]:
    if not _MASK.fullmatch(what.weekdays):
        return [Problem("weekdays", _("Pilih hari layanan, Senin sampai Minggu."))]
    if "1" not in what.weekdays:
        text = _("Pilih paling sedikit satu hari. Titik yang berhenti melayani ditutup per hari.")
        return [Problem("weekdays", text)]
    point = office.points.get(what.point_code)
    if point is not None and any(since == what.valid_from for since, _mask in point.timetable.weeks):
        return [Problem("valid_from", SAME_DAY)]
    if point is not None and point.timetable.mask(what.valid_from) == what.weekdays:
        return [Problem("weekdays", _("Hari layanan ini sudah berlaku pada tanggal itu."))]
    return []


# --- what entries make of the calendar ------------------------------------------------------------------


def weeks_of(entries: Iterable[tuple[str, date, str]]) -> dict[str, tuple[tuple[date, str], ...]]:
    """Point → the masks that replaced its first, by the day from which they hold; the newest word for a day last.

    ``entries`` are (point, day, mask) in the order in which they were kept.
    """
    found: dict[str, tuple[tuple[date, str], ...]] = {}
    for point_code, since, mask in sorted(entries, key=lambda entry: entry[1]):
        found[point_code] = (*found.get(point_code, ()), (since, mask))
    return found


def days_of(entries: Iterable[tuple[str | None, date, bool]]) -> dict[str | None, dict[date, bool]]:
    """Point (None for all) → day → whether it is opened or closed; the newest word for a day counts."""
    found: dict[str | None, dict[date, bool]] = {}
    for point_code, day, opens in entries:
        found.setdefault(point_code, {})[day] = opens
    return found


# --- what a change does to days that are gone -----------------------------------------------------------


class Moved(Struct, frozen=True):
    """The report of a point and day stands elsewhere after the change."""

    point_code: str
    day: date
    before: str
    after: str


class MovedMonth(Struct, frozen=True):
    """How the district's completeness of a month (named by its first day) moves."""

    first: date
    before: Completeness
    after: Completeness


class Effect(Struct, frozen=True):
    """Everything a change alters up to today: reports that stand elsewhere, oldest first, and months that move."""

    days: tuple[Moved, ...] = ()
    months: tuple[MovedMonth, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.days)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the effect: whoever keeps the change says which effect was shown to them."""
        said = [[m.point_code, m.day.isoformat(), m.before, m.after] for m in self.days]
        said += [[m.first.isoformat(), repr(m.before), repr(m.after), ""] for m in self.months]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


class AltersPast(Exception):
    """A change reaches into the past and was not kept, because whoever made it has not seen this effect."""

    def __init__(self, effect: Any, *, shown: bool) -> None:
        super().__init__("alters the past")
        self.effect = effect
        self.shown = shown
        """Whether another effect had been shown: something changed meanwhile."""


def reach(before: Office, after: Office, changed: date, now: datetime) -> Period:
    """The whole months up to today in which a change from ``changed`` on can alter a state.

    It begins at the service day before, because the next service day ends that one's grace.
    """
    calendars = [(office.calendar, point.timetable) for office in (before, after) for point in office.points.values()]
    first = min((_service_day_before(*pair, changed) for pair in calendars), default=changed)
    return Period(first.replace(day=1), office_day(now))


def _service_day_before(calendar: Calendar, timetable: Timetable, day: date) -> date:
    for back in range(1, LONGEST):
        if calendar.serves(timetable, day - timedelta(days=back)):
            return day - timedelta(days=back)
    return day


def effect(before: Office, after: Office, period: Period, marks: Sequence[ReportMark], now: datetime) -> Effect:
    """What becomes of the reports of a period when the office's lists turn from ``before`` into ``after``.

    A day on which a point is not active owes nothing; a report of such a day is one beyond the duty.
    """
    then, there = (point_states(office, period, marks, now) for office in (before, after))
    received = {(m.point_code, m.day) for m in marks}
    moved = []
    for code in {**then, **there}:
        old, new = then.get(code, {}), there.get(code, {})
        for day in {**old, **new}:
            beyond = EXTRA if (code, day) in received else NOT_REQUIRED
            if old.get(day, beyond) != new.get(day, beyond):
                moved.append(Moved(code, day, old.get(day, beyond), new.get(day, beyond)))
    moved.sort(key=lambda m: (m.day, m.point_code))
    months = sorted({m.day.replace(day=1) for m in moved})
    return Effect(
        tuple(moved), tuple(MovedMonth(first, _of_month(then, first), _of_month(there, first)) for first in months)
    )


def _of_month(states: Mapping[str, Mapping[date, str]], first: date) -> Completeness:
    return completeness(
        state for by_day in states.values() for day, state in by_day.items() if day.replace(day=1) == first
    )


def last_of_month(first: date) -> date:
    """The last day of the month that begins on ``first``."""
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def rows_of_month(first: date) -> list[list[date | None]]:
    """The weeks of the month that begins on ``first``, Monday first; None where a day is of another month."""
    whole = [*[None] * first.weekday(), *days(first, last_of_month(first))]
    whole += [None] * (-len(whole) % 7)
    return [whole[n : n + 7] for n in range(0, len(whole), 7)]


def month_before(first: date) -> date:
    """The first day of the month before the one that begins on ``first``."""
    return (first - timedelta(days=1)).replace(day=1)


def month_after(first: date) -> date:
    """The first day of the month after the one that begins on ``first``."""
    return last_of_month(first) + timedelta(days=1)
