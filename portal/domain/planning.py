"""From what is known of places and kits to a suggestion: whom it reaches by polling day, and what would help."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from .areas import Office, straight_km
from .calendar import DISTRICT, office_day
from .calendar import days as every_day
from .equipment import UNABLE, Kit, known
from .planner import DAY, HALVES, VOTER_WEIGHT, Line, Proposal, Team, Waiting, invites, propose
from .sweeps import ALWAYS, Standing

REST_DAYS = 3
"""Days after a visit in which a place is not suggested again. Source: a proposal of the portal."""

WITHOUT_ELECTION = 27
"""Days that are planned ahead when no polling day is to come."""

SATURDAY = 5


class Change(Struct, frozen=True):
    """What one thing more would change: how many more (voters, later) a plan would then reach."""

    voters: int
    later: int


def with_one_kit_more(
    proposal: Proposal, waiting: Collection[Waiting], again: Callable[[Team], Proposal]
) -> tuple[str, Change] | None:
    """(kecamatan, change) of one kit more, standing where most people would be left; None when nobody is left.

    ``again`` plans anew with the kit it is given.
    """
    places = {found.place.code: found.place for found in waiting}
    left: dict[str, int] = defaultdict(int)
    for code, (voters, later) in proposal.unreached.items():
        if kecamatan := places[code].kecamatan_code:
            left[kecamatan] += VOTER_WEIGHT * voters + later
    if not left:
        return None
    kecamatan = min(left, key=lambda code: (-left[code], code))
    more = again(Team("~", "", "~", kecamatan))
    return kecamatan, gained(proposal, more)


def gained(before: Proposal, after: Proposal) -> Change:
    """How many more people the second plan reaches than the first; below zero when it reaches fewer."""
    (voters, later), (voters_then, later_then) = before.missed, after.missed
    return Change(voters - voters_then, later - later_then)


def remaining(found: Waiting, booked: Iterable[tuple[date, str]], capacity: int) -> Waiting:
    """A place less those whom its planned visits (day, session) will already invite; voters come first.

    A visit for which no session was agreed takes a day.
    """
    invited = 0
    days = set(found.taken)
    for day, session in booked:
        halves = len(HALVES.get(session, HALVES[DAY]))
        invited += invites(capacity if halves == 2 else capacity // 2, found.absence)
        days.add(day)
    voters = max(0, found.voters - invited)
    return replace(found, voters=voters, later=max(0, found.left - invited) - voters, taken=frozenset(days))


class Errand(Struct, frozen=True):
    """What one press accepts: one visit, or the three of a joined day, with one kit."""

    lines: tuple[Line, ...]

    @property
    def first(self) -> Line:
        """The line that names day, kit and session."""
        return self.lines[0]

    @property
    def key(self) -> str:
        """What tells this errand from every other of a plan, and from itself with another size."""
        return ".".join([self.first.key, *(f"{line.place.code}-{line.invited}" for line in self.lines)])


class Suggestion(Struct, frozen=True):
    """A plan from ``first`` to ``last`` (the day before polling day), and what stands around it.

    ``unlisted`` counts schools and pesantren of which nobody told how many wait; ``no_kit`` says that no kit can go.
    ``one_kit_more`` and ``saturdays`` say what would help, when somebody is not reached.
    """

    first: date
    last: date
    polling_day: date | None
    proposal: Proposal
    waiting: Mapping[str, Waiting]
    unlisted: int
    no_kit: bool
    one_kit_more: tuple[str, Change] | None = None
    saturdays: Change | None = None

    @property
    def left(self) -> tuple[int, int]:
        """(voters, later) whom no planned visit invites yet."""
        found = self.waiting.values()
        return sum(w.voters for w in found), sum(w.later for w in found)

    def errands(self, first: date, last: date) -> list[Errand]:
        """What is suggested from ``first`` to ``last``, by day."""
        wanted = [line for line in self.proposal.lines if first <= line.day <= last]
        groups = groupby(wanted, key=lambda x: (x.day, x.team.kit_code, x.session, "" if x.joined else x.place.code))
        return [Errand(tuple(lines)) for _key, lines in groups]


def waiting_of(
    standings: Iterable[Standing], planned: Mapping[str, Sequence[tuple[date, str]]], office: Office, today: date
) -> dict[str, Waiting]:
    """Every place where somebody waits whom no planned visit will invite, by code."""
    found = {}
    for standing in standings:
        absence, own = standing.absence(office.limit("absence_pct"))
        voters = standing.voters_left
        one = Waiting(
            standing.place,
            voters,
            (standing.left or 0) - voters,
            absence,
            own,
            standing.last_visit,
            standing.last_visit + timedelta(days=REST_DAYS) if standing.last_visit else None,
            standing.open_due is not None and standing.open_due < today,
        )
        one = remaining(one, planned.get(standing.place.code, ()), office.limit("kit_day"))
        if one.left:
            found[standing.place.code] = one
    return found


def teams_of(
    office: Office,
    kits: Iterable[Kit],
    bookings: Mapping[str, frozenset[tuple[date, str]]],
    now: datetime,
    *,
    keep_one: bool,
) -> list[Team]:
    """The kits that may go out: those not known to be unable to record; with ``keep_one`` all but one at each point."""
    able = [kit for kit in kits if known(office, kit, now).record != UNABLE]
    at_point = Counter(kit.point_code for kit in able)
    found, kept = [], set()
    for kit in sorted(able, key=lambda k: k.code):
        if keep_one and kit.point_code not in kept:
            kept.add(kit.point_code)
            continue
        point = office.points[kit.point_code]
        only = at_point[kit.point_code] == 1
        found.append(
            Team(kit.code, kit.name, point.code, point.kecamatan_code, bookings.get(kit.code, frozenset()), only)
        )
    return found


def horizon(office: Office, now: datetime) -> tuple[date, date, date | None]:
    """(first day to plan, last, polling day): from tomorrow to the day before polling day, where one is to come."""
    first = office_day(now) + timedelta(days=1)
    election = office.election(first)
    if election is None or election.polling_day <= first:
        return first, first + timedelta(days=WITHOUT_ELECTION), None
    return first, election.polling_day - timedelta(days=1), election.polling_day


def suggest(
    office: Office,
    now: datetime,
    standings: Sequence[Standing],
    planned: Mapping[str, Sequence[tuple[date, str]]],
    teams: Sequence[Team],
) -> Suggestion:
    """The suggestion for these places and kits, as things stand at ``now``. The same facts give the same."""
    first, last, polling_day = horizon(office, now)
    span = list(every_day(first, last))
    waiting = waiting_of(standings, planned, office, office_day(now))

    def serves(team: Team, day: date, *, saturdays: bool = False) -> bool:
        if saturdays and day.weekday() == SATURDAY and day not in office.calendar.holidays:
            return True
        point = office.points.get(team.point_code)
        return office.calendar.serves(point.timetable if point else DISTRICT, day)

    def km(one: str | None, other: str | None) -> float | None:
        here, there = office.centroids.get(one or ""), office.centroids.get(other or "")
        return straight_km(here, there) if here and there else None

    def planned_with(teams: Sequence[Team], *, saturdays: bool = False) -> Proposal:
        return propose(
            waiting.values(),
            teams,
            span,
            lambda team, day: serves(team, day, saturdays=saturdays),
            office.limit("kit_day"),
            km,
        )

    proposal = planned_with(teams)
    unlisted = sum(s.place.kind in ALWAYS and s.batch is None for s in standings)
    found = Suggestion(first, last, polling_day, proposal, waiting, unlisted, not teams)
    if not proposal.unreached:
        return found
    return replace(
        found,
        one_kit_more=with_one_kit_more(proposal, waiting.values(), lambda kit: planned_with([*teams, kit])),
        saturdays=gained(proposal, planned_with(teams, saturdays=True)),
    )
