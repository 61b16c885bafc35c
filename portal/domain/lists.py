"""What is said of the office's lists from a day on: whose hub, its seat, what a point can do, until when to report.

A word holds from its day until the next one begins, whoever said that; nothing is written over. Taken back, it is as
if it had never been said. What was announced with the reference lists are the first words of a subject.
"""

import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, time, timedelta
from itertools import zip_longest

from msgspec import Struct

from .areas import NO_HUB, Capability, HubMember, Office, Seat
from .calendar import DEADLINE, GRACE_END, Hours
from .daysheets import DaySheet, add_up, total
from .duty import Period
from .problems import Problem, _
from .schedule import Decision, check_day
from .summary import Facts
from .texts import SAME_DAY, check_text

HUB = "hub"
"""A kecamatan's hub; the value is the hub's code, or NO_HUB."""
CAPABILITIES: Mapping[str, str] = {
    "adminduk": _("Adminduk"),
    "rekam": _("Rekam"),
    "cetak": _("Cetak"),
}
"""What a point can do; the value is YES or NO. A kind of word each."""
HOURS = "hours"
"""Until when reports are in time and in grace; the value is "16:00-09:00", the subject everybody."""
SEAT = "seat"
"""Of which hub a point is a seat; the value is the hub's code, or NO_HUB. A point that belongs to no kecamatan works
under that hub."""
KINDS = (HUB, *CAPABILITIES, HOURS, SEAT)
YES, NO = "1", ""
EVERY_REPORT = ""

EARLIEST_DEADLINE, LATEST_DEADLINE = time(10, 0), time(23, 59)
EARLIEST_GRACE, LATEST_GRACE = time(0, 1), time(16, 0)
"""A deadline lies within or after the day's service, the end of grace in the next service day: a proposal."""


class Word(Struct, frozen=True):
    """From ``valid_from`` on ``value`` holds for a subject, as far as this kind of words goes."""

    kind: str
    subject: str
    valid_from: date
    value: str


class Change(Struct, frozen=True):
    """A word as the office keeps it."""

    id: int
    what: Word
    decided: Decision


def mark(changes: Sequence[Change]) -> str:
    """By what a form that was drawn earlier is recognised: changes with every word said or taken back."""
    return f"{len(changes)}.{sum(not c.decided.stands for c in changes)}"


# --- what words make of the lists -----------------------------------------------------------------------


class Stretch(Struct, frozen=True):
    """From ``first`` to ``last`` (None: until further notice) a value holds, and who says so."""

    first: date
    last: date | None
    value: str
    source: str = ""


def timeline(announced: Iterable[Stretch], said: Iterable[Stretch]) -> tuple[Stretch, ...]:
    """One value a day at most, in order: each stretch ends the day before the next begins.

    A word of a day on which something was announced stands in its place; of two words for one day the later counts.
    """
    begins: dict[date, Stretch] = {}
    for stretch in (*announced, *said):
        begins[stretch.first] = stretch
    ordered = [begins[day] for day in sorted(begins)]
    cut = []
    for stretch, following in zip_longest(ordered, ordered[1:]):
        last = stretch.last
        if following is not None and (last is None or last >= following.first):
            last = following.first - timedelta(days=1)
        cut.append(Stretch(stretch.first, last, stretch.value, stretch.source))
    return tuple(cut)


def _by_subject(words: Iterable[tuple[Word, str]], kind: str) -> dict[str, list[Stretch]]:
    found: dict[str, list[Stretch]] = {}
    for word, source in words:
        if word.kind == kind:
            found.setdefault(word.subject, []).append(Stretch(word.valid_from, None, word.value, source))
    return found


def members_of(announced: Iterable[HubMember], words: Sequence[tuple[Word, str]]) -> tuple[HubMember, ...]:
    """Memberships as they hold: never two of one kecamatan on a day. ``words`` are those that stand, with their
    reasons, in the order in which they were said."""
    first: dict[str, list[Stretch]] = {}
    for m in announced:
        first.setdefault(m.kecamatan_code, []).append(Stretch(m.valid_from, m.valid_to, m.hub_code))
    said = _by_subject(words, HUB)
    return tuple(
        HubMember(code, s.value, s.first, s.last)
        for code in sorted({*first, *said})
        for s in timeline(first.get(code, ()), said.get(code, ()))
        if s.value != NO_HUB
    )


def capabilities_of(announced: Iterable[Capability], words: Sequence[tuple[Word, str]]) -> tuple[Capability, ...]:
    """What points can do as it holds, each with who says so."""
    first: dict[tuple[str, str], list[Stretch]] = {}
    for c in announced:
        first.setdefault((c.point_code, c.capability), []).append(Stretch(c.valid_from, c.valid_to, YES, c.source))
    said = {(point, name): stretches for name in CAPABILITIES for point, stretches in _by_subject(words, name).items()}
    return tuple(
        Capability(*key, s.first, s.last, s.source)
        for key in sorted({*first, *said})
        for s in timeline(first.get(key, ()), said.get(key, ()))
        if s.value == YES
    )


def seats_of(words: Sequence[tuple[Word, str]]) -> tuple[Seat, ...]:
    """Seats that were put right, by day; of two words for one day the later said counts."""
    said = [Seat(word.subject, word.value, word.valid_from) for word, _source in words if word.kind == SEAT]
    return tuple(sorted(said, key=lambda seat: seat.valid_from))


def hours_of(words: Sequence[tuple[Word, str]]) -> tuple[Hours, ...]:
    """Deadlines and ends of grace, each from a day on."""
    stretches = timeline((), _by_subject(words, HOURS).get(EVERY_REPORT, ()))
    return tuple(Hours(s.first, *read_hours(s.value)) for s in stretches)


_HOURS = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-3]):([0-5][0-9])", re.ASCII)


def read_hours(value: str) -> tuple[time, time]:
    """(deadline, end of grace) of a value; the portal's own where it cannot be read."""
    found = _HOURS.fullmatch(value)
    if found is None:
        return DEADLINE, GRACE_END
    return time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))


def hours_value(deadline: time, grace_end: time) -> str:
    """The value that says these two."""
    return f"{deadline:%H:%M}-{grace_end:%H:%M}"


# --- the rules ------------------------------------------------------------------------------------------


def standing_value(what: Word, office: Office) -> str:
    """What holds on the day of a word without it."""
    if what.kind == HUB:
        return office.hub_of(what.subject, what.valid_from)
    if what.kind == SEAT:
        return office.seat_of(what.subject, what.valid_from)
    if what.kind == HOURS:
        return hours_value(*office.calendar.hours_on(what.valid_from))
    own = (c for c in office.capabilities if (c.point_code, c.capability) == (what.subject, what.kind))
    return YES if any(c.holds(what.valid_from) for c in own) else NO


def check_word(what: Word, reason: str, office: Office, today: date, changes: Sequence[Change]) -> list[Problem]:
    """Every rule a word breaks: a subject there is, a value there is that does not hold already, a day within a year,
    no other word of that very day, a reason. ``changes`` are those of the same subject."""
    problems = check_day("valid_from", what.valid_from, office, today)
    problems += _check_value(what, office)
    same = (c for c in changes if c.what.kind == what.kind and c.what.valid_from == what.valid_from)
    if any(c.decided.stands for c in same):
        problems.append(Problem("valid_from", SAME_DAY))
    elif not problems and standing_value(what, office) == what.value:
        problems.append(Problem("value", _("Ini sudah berlaku pada tanggal itu.")))
    return problems + check_text("reason", reason, required=REASON_NEEDED)


REASON_NEEDED = _("Tulis alasan, misalnya nomor surat atau pengumumannya.")


def _check_value(what: Word, office: Office) -> list[Problem]:
    if what.kind in (HUB, SEAT):
        among = office.kecamatan if what.kind == HUB else office.points
        known = what.subject in among and (what.value == NO_HUB or what.value in office.hubs)
        return [] if known else [Problem("value", _("Pilih hub dari daftar."))]
    if what.kind in CAPABILITIES:
        known = what.subject in office.points and what.value in (YES, NO)
        return [] if known else [Problem("value", _("Pilih bisa atau tidak."))]
    deadline, grace_end = read_hours(what.value)
    problems = []
    if not _HOURS.fullmatch(what.value) or not EARLIEST_DEADLINE <= deadline <= LATEST_DEADLINE:
        problems.append(Problem("deadline", _("Batas lapor: pilih jam dari 10.00 sampai 23.59.")))
    if not _HOURS.fullmatch(what.value) or not EARLIEST_GRACE <= grace_end <= LATEST_GRACE:
        problems.append(Problem("grace_end", _("Akhir tenggang: pilih jam dari 00.01 sampai 16.00.")))
    return problems


# --- what a change of hub does to days that are gone ----------------------------------------------------


class HubMove(Struct, frozen=True):
    """Days of a kecamatan, or of a point that belongs to none (``point_code``), that count under another hub after the
    change, with what was recorded on them; None where nothing is known. ``recorded`` is the work of its points,
    ``residents`` the people who live there."""

    kecamatan_code: str
    first: date
    last: date
    before: str
    after: str
    recorded: int | None
    residents: int | None
    point_code: str = ""


class HubTotal(Struct, frozen=True):
    """What a hub's points recorded in the period that a change reaches into, as it was and as it would be."""

    hub_code: str
    before: int | None
    after: int | None


class HubEffect(Struct, frozen=True):
    """Everything a change of hub alters up to today: days that move, hubs that gain or lose, and the district's total,
    which is the same either way."""

    moves: tuple[HubMove, ...] = ()
    totals: tuple[HubTotal, ...] = ()
    district: tuple[int | None, int | None] = (None, None)

    def __bool__(self) -> bool:
        return bool(self.moves)

    @property
    def size(self) -> int:
        """Number of days that move."""
        return sum(len(Period(m.first, m.last)) for m in self.moves)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the effect: whoever keeps the change says which effect was shown to them."""
        said = json.dumps([repr(self.moves), repr(self.totals), repr(self.district)])
        return hashlib.sha256(said.encode()).hexdigest()


def hub_effect(before: Office, after: Office, period: Period, sheets: Mapping[date, DaySheet]) -> HubEffect:
    """What becomes of the days of a period when memberships turn from those of ``before`` into those of ``after``.

    ``sheets`` are the day sheets of the period; a day without one has no rows.
    """
    moves = []
    for code in before.kecamatan:
        for first, last, old, new in _moved(Office.hub_of, before, after, code, period):
            facts = add_up(before, Period(first, last), sheets, (), (), ())
            own = [p.code for p in before.points.values() if p.kecamatan_code == code]
            moves.append(HubMove(code, first, last, old, new, _done(facts, own), _residents(facts, code)))
    for point in (p for p in before.points.values() if p.kecamatan_code is None):
        for first, last, old, new in _moved(Office.hub_of_point, before, after, point.code, period):
            facts = add_up(before, Period(first, last), sheets, (), (), ())
            moves.append(HubMove("", first, last, old, new, _done(facts, [point.code]), None, point.code))
    if not moves:
        return HubEffect()
    then, there = (_by_hub(add_up(office, period, sheets, (), (), ())) for office in (before, after))
    order = [*before.hubs, NO_HUB]
    touched = {hub for move in moves for hub in (move.before, move.after)}
    totals = tuple(HubTotal(hub, then.get(hub), there.get(hub)) for hub in order if hub in touched)
    return HubEffect(tuple(moves), totals, (total(then.values()), total(there.values())))


def _moved(
    hub: Callable[[Office, str, date], str], before: Office, after: Office, code: str, period: Period
) -> list[tuple[date, date, str, str]]:
    """Runs of days on which a kecamatan or point is under another hub: (first, last, hub before, hub after)."""
    runs: list[tuple[date, date, str, str]] = []
    for number in range(len(period)):
        day = period.first + timedelta(days=number)
        old, new = hub(before, code, day), hub(after, code, day)
        if old == new:
            continue
        if runs and runs[-1][1] == day - timedelta(days=1) and runs[-1][2:] == (old, new):
            runs[-1] = (runs[-1][0], day, old, new)
        else:
            runs.append((day, day, old, new))
    return runs


def _by_hub(facts: Facts) -> dict[str, int | None]:
    found: dict[str, int | None] = {}
    for line in facts.work:
        found[line.hub_code] = total([found.get(line.hub_code), line.sums.get("office"), line.sums.get("visits")])
    return found


def _done(facts: Facts, points: Collection[str]) -> int | None:
    own = [line for line in facts.work if line.point_code in points]
    return total(line.sums.get(part) for line in own for part in ("office", "visits"))


def _residents(facts: Facts, code: str) -> int | None:
    return total(line.office + line.visits for line in facts.homes if line.home_code == code)
