"""Which school next: a suggestion for the weeks to polling day, never more than a suggestion.

Method: a plain greedy. What waits is cut into sessions that one kit can do in half a day or a day; three small places
of one kecamatan make one day. Sessions are placed in the order of what half a day of a kit achieves there, each on the
earliest free day and with the nearest free kit; kits farther than ``REACH_KM`` come only when no nearer one is free.
People who can vote on polling day count four times as much as those who turn 17 later, and overdue follow-ups half as
much again. Against the best plan, found by trying all on 120 small cases, it was worth 74 percent at worst and above
95 percent on average (tests/domain/test_planner.py).
"""

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from math import inf

from msgspec import Struct
from msgspec.structs import replace

from .areas import Place

MORNING = "morning"
AFTERNOON = "afternoon"
DAY = "day"
HALVES: Mapping[str, tuple[str, ...]] = {MORNING: (MORNING,), AFTERNOON: (AFTERNOON,), DAY: (MORNING, AFTERNOON)}
"""Session → the half days of a kit that it takes."""

REACH_KM = 20
"""Straight kilometres beyond which a kit is sent only when no nearer one is free. Source: a proposal of the portal;
the district measures some 40 km across."""

JOINED = 3
"""Small places of one kecamatan that one kit visits in a day. Source: the office's own wish for small schools."""

MOST_ABSENT = 50
"""Percent: a place where more than this stayed away is no ground for inviting still more people to one kit."""

VOTER_WEIGHT = 4
"""How much more a person counts who can vote on polling day than one who turns 17 later."""


class Waiting(Struct, frozen=True):
    """A place where people are still to be recorded.

    ``voters`` can vote on polling day (17 already, or 16 and 17 by then); ``later`` turn 17 after it. ``absence`` is
    the share expected to stay away, in percent, and ``own_absence`` whether earlier visits here say so. ``not_before``
    is the day proposed for a follow-up; ``taken`` are days on which the place has a visit already.
    """

    place: Place
    voters: int
    later: int
    absence: int
    own_absence: bool = False
    last_visit: date | None = None
    not_before: date | None = None
    overdue: bool = False
    taken: frozenset[date] = frozenset()

    @property
    def left(self) -> int:
        """All who are still to be recorded here."""
        return self.voters + self.later


class Team(Struct, frozen=True):
    """A kit that may go out, and from where. ``busy`` are the half days on which it is booked or not to be had;
    ``only`` says that its point records nobody while it is away."""

    kit_code: str
    kit_name: str
    point_code: str
    kecamatan_code: str | None
    busy: frozenset[tuple[date, str]] = frozenset()
    only: bool = False


class Line(Struct, frozen=True):
    """One visit suggested: who is invited, by which kit, when, and the facts that speak for it.

    ``part`` of ``parts`` numbers the sessions of a large place; ``joined`` names the other places of the same day.
    ``km`` is the straight line from where the kit comes, None when that is not known.
    """

    waiting: Waiting
    day: date
    session: str
    team: Team
    invited: int
    voters: int
    expected: int
    part: int
    parts: int
    order: int
    joined: tuple[Place, ...]
    km: float | None

    @property
    def place(self) -> Place:
        """The place visited."""
        return self.waiting.place

    @property
    def key(self) -> str:
        """What tells this line from every other of a plan."""
        return f"{self.place.code}.{self.day}.{self.session}.{self.team.kit_code}"


class Proposal(Struct, frozen=True):
    """A plan up to a day: its lines by day, and how many of each place it does not reach (voters, later)."""

    lines: tuple[Line, ...]
    unreached: Mapping[str, tuple[int, int]]

    @property
    def missed(self) -> tuple[int, int]:
        """(voters, later) whom the plan does not reach."""
        return sum(v for v, _l in self.unreached.values()), sum(n for _v, n in self.unreached.values())

    @property
    def invited(self) -> int:
        """All who are invited by some line."""
        return sum(line.invited for line in self.lines)


def expected(invited: int, absence: int) -> int:
    """Of so many invited, how many come when ``absence`` percent stay away; rounded up, so that a day suffices."""
    return -(-invited * (100 - min(absence, MOST_ABSENT)) // 100)


def invites(capacity: int, absence: int) -> int:
    """The most people to invite so that those expected do not pass ``capacity``."""
    return capacity * 100 // (100 - min(absence, MOST_ABSENT))


def sessions(left: int, capacity: int, absence: int) -> list[tuple[int, int]]:
    """(invited, half days) of each session that ``left`` people need: days, and a half day where that does."""
    day, half = invites(capacity, absence), invites(capacity // 2, absence)
    found = []
    while left > 0:
        number, halves = (left, 1) if left <= half else (min(left, day), 2)
        found.append((number, halves))
        left -= number
    return found


class _Stop(Struct, frozen=True):
    waiting: Waiting
    invited: int
    voters: int

    @property
    def expected(self) -> int:
        return expected(self.invited, self.waiting.absence)

    @property
    def value(self) -> int:
        weight = 3 if self.waiting.overdue else 2
        return weight * (VOTER_WEIGHT * self.voters + self.invited - self.voters)


class _Errand(Struct, frozen=True):
    """What a kit does in half a day (``halves`` 1) or a day (2): one session, or three small places."""

    stops: tuple[_Stop, ...]
    halves: int

    @property
    def rank(self) -> tuple[float, date, str]:
        """Best first: what half a day achieves, then who was visited longest ago, then the code."""
        longest = min(s.waiting.last_visit or date.min for s in self.stops)
        return -sum(s.value for s in self.stops) / self.halves, longest, self.stops[0].waiting.place.code

    @property
    def kecamatan(self) -> str | None:
        return self.stops[0].waiting.place.kecamatan_code

    @property
    def not_before(self) -> date:
        return max(s.waiting.not_before or date.min for s in self.stops)

    def halved(self, capacity: int) -> "list[_Errand]":
        """The same work in half days, for when no whole day is free: some of it may still be done."""
        if self.halves == 1 or capacity < 2:
            return []
        if len(self.stops) > 1:
            return [_Errand((stop,), 1) for stop in self.stops]
        (stop,) = self.stops
        most, parts, left, voters = invites(capacity // 2, stop.waiting.absence), [], stop.invited, stop.voters
        while left:
            invited = min(most, left)
            part = _Stop(stop.waiting, invited, min(voters, invited))
            parts.append(_Errand((part,), 1))
            left, voters = left - invited, voters - part.voters
        return parts


def _errands(waiting: Iterable[Waiting], capacity: int) -> list[_Errand]:
    errands: list[_Errand] = []
    small: dict[str, list[_Stop]] = defaultdict(list)
    for found in waiting:
        cut = sessions(found.left, capacity, found.absence)
        voters = found.voters
        for invited, halves in cut:
            stop = _Stop(found, invited, min(voters, invited))
            voters -= stop.voters
            code = found.place.kecamatan_code
            if len(cut) == 1 and code and stop.expected <= capacity // JOINED:
                small[code].append(stop)
            else:
                errands.append(_Errand((stop,), halves))
    for stops in small.values():
        stops.sort(key=lambda s: (-s.value, s.waiting.place.code))
        whole = len(stops) - len(stops) % JOINED
        errands += [_Errand(tuple(stops[at : at + JOINED]), 2) for at in range(0, whole, JOINED)]
        errands += [_Errand((s,), 1 if s.expected <= capacity // 2 else 2) for s in stops[whole:]]
    return errands


@dataclass(slots=True)
class _Diary:
    """What is still free, day by day: kit → its free half days, and where it goes in the others."""

    teams: Mapping[str, Team]
    free: dict[date, dict[str, tuple[str, ...]]]
    there: dict[tuple[date, str], str | None] = field(default_factory=dict)

    def slots(self, day: date, halves: int) -> Iterator[tuple[str, str]]:
        """(kit, session) that can still be had on ``day``; a half day in the morning before one in the afternoon."""
        for code, free in self.free[day].items():
            if halves == 2 and len(free) == 2:
                yield code, DAY
            elif halves == 1:
                yield code, free[0]

    def comes_from(self, day: date, code: str) -> str | None:
        """The kecamatan from which a kit comes: that of its other half day, else its own point's."""
        return self.there.get((day, code), self.teams[code].kecamatan_code)

    def take(self, day: date, code: str, session: str, kecamatan: str | None) -> None:
        """Book a kit."""
        left = tuple(half for half in self.free[day][code] if half not in HALVES[session])
        self.there[day, code] = kecamatan
        if left:
            self.free[day][code] = left
        else:
            del self.free[day][code]


def propose(
    waiting: Collection[Waiting],
    teams: Collection[Team],
    days: Sequence[date],
    serves: Callable[[Team, date], bool],
    capacity: int,
    km: Callable[[str | None, str | None], float | None],
) -> Proposal:
    """A plan for ``days``: no kit beyond ``capacity`` a day nor twice in a half day, nobody invited twice.

    ``serves`` says whether a kit's point works on a day; ``km`` gives the straight line between two kecamatan.
    The same facts always give the same plan.
    """
    known = {team.kit_code: team for team in sorted(teams, key=lambda t: t.kit_code)}
    diary = _Diary(known, {day: _free(known.values(), day, serves) for day in sorted(days)})
    taken = {found.place.code: set(found.taken) for found in waiting}
    lines: list[Line] = []
    left_out: list[_Errand] = []
    numbers = count()
    waiting_line = [(e.rank, next(numbers), e) for e in _errands(sorted(waiting, key=_code), capacity)]
    heapq.heapify(waiting_line)
    while waiting_line:
        _rank, _number, errand = heapq.heappop(waiting_line)
        slot = _earliest(errand, diary, taken, REACH_KM, km) or _earliest(errand, diary, taken, inf, km)
        if slot is None:
            smaller = errand.halved(capacity)
            for part in smaller:
                heapq.heappush(waiting_line, (part.rank, next(numbers), part))
            left_out += [] if smaller else [errand]
            continue
        day, code, session, distance = slot
        diary.take(day, code, session, errand.kecamatan)
        lines += _lines(errand, day, session, known[code], distance)
        for stop in errand.stops:
            taken[stop.waiting.place.code].add(day)
    unreached: dict[str, tuple[int, int]] = {}
    for stop in (stop for errand in left_out for stop in errand.stops):
        voters, later_born = unreached.get(stop.waiting.place.code, (0, 0))
        unreached[stop.waiting.place.code] = (voters + stop.voters, later_born + stop.invited - stop.voters)
    order = {MORNING: 0, DAY: 1, AFTERNOON: 2}
    lines.sort(key=lambda a: (a.day, a.team.point_code, a.team.kit_code, order[a.session], a.order))
    return Proposal(tuple(_numbered(lines)), unreached)


def _code(found: Waiting) -> str:
    return found.place.code


def _numbered(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines with the sessions of each place counted in the order of their days; those who can vote come first."""
    lines = list(lines)
    parts, part, voters = Counter(line.place.code for line in lines), Counter[str](), Counter[str]()
    for line in lines:
        voters[line.place.code] += line.voters
    for line in lines:
        code = line.place.code
        part[code] += 1
        invited = min(voters[code], line.invited)
        voters[code] -= invited
        yield replace(line, part=part[code], parts=parts[code], voters=invited)


def _free(teams: Iterable[Team], day: date, serves: Callable[[Team, date], bool]) -> dict[str, tuple[str, ...]]:
    found = {}
    for team in teams:
        halves = tuple(half for half in HALVES[DAY] if (day, half) not in team.busy)
        if halves and serves(team, day):
            found[team.kit_code] = halves
    return found


def _earliest(
    errand: _Errand,
    diary: _Diary,
    taken: Mapping[str, set[date]],
    reach: float,
    km: Callable[[str | None, str | None], float | None],
) -> tuple[date, str, str, float | None] | None:
    """(day, kit, session, km) of the earliest free day, there the nearest kit; None when nothing is free in reach.

    An unknown distance comes after every known one, and only where no reach is asked for.
    """
    not_before = errand.not_before
    for day in diary.free:
        if day < not_before or any(day in taken[s.waiting.place.code] for s in errand.stops):
            continue
        best = None
        for code, session in diary.slots(day, errand.halves):
            distance = km(diary.comes_from(day, code), errand.kecamatan)
            order = (inf if distance is None else distance, diary.teams[code].only, code)
            if (order[0] <= reach) and (best is None or order < best[0]):
                best = order, code, session, distance
        if best is not None:
            return day, *best[1:]
    return None


def _lines(errand: _Errand, day: date, session: str, team: Team, distance: float | None) -> list[Line]:
    places = [stop.waiting.place for stop in errand.stops]
    return [
        Line(
            stop.waiting,
            day,
            session,
            team,
            stop.invited,
            stop.voters,
            stop.expected,
            1,
            1,
            number,
            tuple(place for place in places if place is not stop.waiting.place),
            distance,
        )
        for number, stop in enumerate(errand.stops, start=1)
    ]
