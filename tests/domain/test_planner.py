"""The planner: never beyond a kit's day, never twice, never on a closed day, always the same; and how good it is."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.domain.areas import Place, straight_km
from portal.domain.planner import (
    AFTERNOON,
    DAY,
    HALVES,
    JOINED,
    MORNING,
    MOST_ABSENT,
    REACH_KM,
    VOTER_WEIGHT,
    Team,
    Waiting,
    expected,
    invites,
    propose,
    sessions,
)
from portal.domain.planning import Change, gained, remaining, with_one_kit_more

MONDAY = date(2024, 10, 21)
AREAS = ("35.16.02", "35.16.05", "35.16.06")
KM = {AREAS[0]: 0.0, AREAS[1]: 8.0, AREAS[2]: 31.0}


def km(one, other):
    """Three kecamatan on a line."""
    return None if one is None or other is None else abs(KM[one] - KM[other])


def week(number=1):
    """The working days of so many weeks."""
    return [MONDAY + timedelta(days=7 * n + d) for n in range(number) for d in range(5)]


def always(_team, _day):
    return True


def place(code, kecamatan=AREAS[1]):
    return Place(code, "sekolah", f"Sekolah {code}", kecamatan, "")


def waiting(code="a", voters=0, later=0, absence=20, kecamatan=AREAS[1], **more):
    return Waiting(place(code, kecamatan), voters, later, absence, **more)


def team(code="K1", kecamatan=AREAS[1], **more):
    return Team(code, code, f"kec-{kecamatan}", kecamatan, **more)


def plan(found, teams=None, days=None, serves=always, capacity=100):
    return propose(found, teams or [team()], week() if days is None else days, serves, capacity, km)


# --- one place -------------------------------------------------------------------------------------------


def test_a_large_school_is_cut_into_sessions_of_a_kits_day():
    """240 on the list, a fifth stays away: 192 come, which are two days of a kit for 100."""
    lines = plan([waiting(voters=240)]).lines
    assert [(x.day, x.session, x.invited, x.expected, x.part, x.parts) for x in lines] == [
        (MONDAY, DAY, 125, 100, 1, 2),
        (MONDAY + timedelta(days=1), DAY, 115, 92, 2, 2),
    ]


def test_those_who_can_vote_are_invited_to_the_earliest_session():
    """Whichever session found its day first: here the small rest of a large school comes on Monday afternoon."""
    busy = frozenset((day, MORNING) for day in week()[:1]) | frozenset((day, AFTERNOON) for day in week()[1:2])
    found = plan([waiting(voters=150, later=30)], [team(busy=busy)], days=week()[:3]).lines
    assert [(x.part, x.invited, x.voters) for x in found] == [(1, 55, 55), (2, 125, 95)]
    assert sum(x.voters for x in found) == 150


def test_what_fits_half_a_day_takes_half_a_day():
    lines = plan([waiting("a", voters=60), waiting("b", voters=62)]).lines
    assert [(x.place.code, x.session, x.expected) for x in lines] == [("b", MORNING, 50), ("a", AFTERNOON, 48)]
    assert {x.day for x in lines} == {MONDAY}


def test_three_small_schools_of_one_kecamatan_make_a_day():
    small = [waiting(code, voters=3) for code in "abc"] + [waiting("z", voters=3, kecamatan=AREAS[0])]
    lines = [x for x in plan(small).lines if x.place.code != "z"]
    assert [(x.day, x.team.kit_code, x.session, x.order) for x in lines] == [(MONDAY, "K1", DAY, n) for n in (1, 2, 3)]
    assert [p.code for p in lines[0].joined] == ["b", "c"]


def test_small_places_whose_kecamatan_is_not_known_are_not_joined():
    lines = plan([waiting(code, voters=3, kecamatan=None) for code in "abc"]).lines
    assert [x.joined for x in lines] == [()] * 3
    assert [x.km for x in lines] == [None] * 3


# --- which comes first -------------------------------------------------------------------------------------


def first_of(*found, **more):
    return plan(found, days=[MONDAY], **more).lines[0].place.code


def test_who_can_vote_comes_before_who_turns_17_later():
    assert first_of(waiting("a", later=100), waiting("b", voters=30)) == "b"


def test_an_overdue_follow_up_rises():
    usual, late = waiting("a", voters=50), waiting("b", voters=40)
    assert first_of(usual, late) == "a"
    assert first_of(usual, waiting("b", voters=40, overdue=True)) == "b"


def test_of_equals_the_one_visited_longest_ago_comes_first():
    ago = waiting("a", voters=50, last_visit=MONDAY - timedelta(days=3))
    assert first_of(ago, waiting("b", voters=50, last_visit=MONDAY - timedelta(days=30))) == "b"
    assert first_of(ago, waiting("c", voters=50)) == "c"


def test_a_follow_up_waits_for_its_day_and_a_visited_day_is_left_alone():
    thursday = MONDAY + timedelta(days=3)
    assert plan([waiting(voters=9, not_before=thursday)]).lines[0].day == thursday
    taken = frozenset(week()[:2])
    assert plan([waiting(voters=9, taken=taken)]).lines[0].day == MONDAY + timedelta(days=2)


# --- which kit -----------------------------------------------------------------------------------------


def test_the_nearest_free_kit_goes():
    kits = [team("K1", AREAS[0]), team("K2", AREAS[1])]
    (line,) = plan([waiting(voters=9)], kits).lines
    assert (line.team.kit_code, line.km) == ("K2", 0)


def test_a_kit_from_afar_goes_only_when_no_nearer_one_is_free():
    far = team("K2", AREAS[0])
    assert km(AREAS[0], AREAS[2]) > REACH_KM
    both = [waiting("a", voters=100, kecamatan=AREAS[2]), waiting("b", voters=90, kecamatan=AREAS[2])]
    near = team("K1", AREAS[2])
    assert [x.team.kit_code for x in plan(both, [far, near]).lines] == ["K1", "K1"]
    assert [x.team.kit_code for x in plan(both, [far, near], days=[MONDAY]).lines] == ["K2", "K1"]


def test_in_the_afternoon_a_kit_goes_on_from_where_it_was():
    kits = [team("K1", AREAS[0]), team("K2", AREAS[1])]
    found = [waiting(code, voters=n, kecamatan=AREAS[1]) for code, n in (("a", 60), ("b", 60))]
    assert {(x.team.kit_code, x.km) for x in plan(found, kits, days=[MONDAY]).lines} == {("K2", 0)}


def test_of_two_equally_near_the_one_that_leaves_nobody_without_goes():
    kits = [team("K1", only=True), team("K2")]
    assert plan([waiting(voters=9)], kits).lines[0].team.kit_code == "K2"


# --- what is left ---------------------------------------------------------------------------------------


def test_who_is_not_reached_is_named_and_counted():
    proposal = plan([waiting("a", voters=300, later=10)], days=[MONDAY])
    assert proposal.unreached == {"a": (175, 10)}
    assert (proposal.missed, proposal.invited) == ((175, 10), 125)


def test_what_one_kit_or_a_saturday_more_would_change():
    found = [waiting("a", voters=300, kecamatan=AREAS[2]), waiting("b", later=20, kecamatan=AREAS[0])]
    before = plan(found, days=[MONDAY])
    where, change = with_one_kit_more(before, found, lambda more: plan(found, [team(), more], days=[MONDAY]))
    assert (where, change) == (AREAS[2], Change(0, 20))
    saturday = MONDAY + timedelta(days=5)
    assert gained(before, plan(found, days=[MONDAY, saturday])) == Change(125, 0)
    everybody = plan(found, [team(f"K{n}") for n in range(9)])
    assert with_one_kit_more(everybody, found, lambda more: everybody) is None


def test_a_planned_visit_is_not_planned_again():
    found = waiting(voters=150, later=90)
    tuesday = MONDAY + timedelta(days=1)
    left = remaining(found, [(tuesday, DAY)], 100)
    assert (left.voters, left.later, left.taken) == (25, 90, frozenset({tuesday}))
    left = remaining(found, [(tuesday, DAY), (MONDAY, MORNING)], 100)
    assert (left.voters, left.later) == (0, 53)
    assert remaining(found, [(tuesday, ""), (MONDAY, DAY)], 100).left == 0


# --- arithmetic -----------------------------------------------------------------------------------------


@given(st.integers(1, 1000), st.integers(0, 100))
def test_those_expected_of_the_most_invited_fit(capacity, absence):
    most = invites(capacity, absence)
    assert expected(most, absence) <= capacity < expected(most + 1, absence)
    assert most <= capacity * 100 / (100 - MOST_ABSENT)


@given(st.integers(0, 3000), st.integers(1, 300), st.integers(0, 100))
def test_sessions_are_all_of_them_and_none_too_large(left, capacity, absence):
    cut = sessions(left, capacity, absence)
    assert sum(number for number, _halves in cut) == left
    for number, halves in cut:
        assert 0 < expected(number, absence) <= (capacity if halves == 2 else capacity // 2)


def test_kilometres_are_those_of_a_sphere():
    assert straight_km((-7.5, 112.4), (-7.5, 112.4)) == 0
    assert straight_km((0, 0), (0, 1)) == pytest.approx(111.19, abs=0.01)
    assert straight_km((0, 0), (1, 0)) == straight_km((1, 0), (0, 0))


# --- whatever the facts --------------------------------------------------------------------------------

HALF_DAYS = st.tuples(st.sampled_from(week(2)), st.sampled_from((MORNING, AFTERNOON)))


@st.composite
def facts(draw):
    """A district of any kind: places, kits with bookings, closed days of each kit's point, a capacity."""
    found = [
        waiting(
            f"p{n}",
            draw(st.integers(0, 260)),
            draw(st.integers(0, 120)),
            draw(st.integers(0, 100)),
            draw(st.sampled_from([*AREAS, None])),
            overdue=draw(st.booleans()),
            last_visit=draw(st.none() | st.just(MONDAY - timedelta(days=9))),
            not_before=draw(st.none() | st.sampled_from(week(2))),
            taken=draw(st.frozensets(st.sampled_from(week(2)), max_size=3)),
        )
        for n in range(draw(st.integers(0, 9)))
    ]
    teams = [
        team(f"K{n}", draw(st.sampled_from([*AREAS, None])), busy=draw(st.frozensets(HALF_DAYS, max_size=6)))
        for n in range(draw(st.integers(0, 4)))
    ]
    closed = {t.kit_code: draw(st.frozensets(st.sampled_from(week(2)), max_size=4)) for t in teams}
    return found, teams, closed, draw(st.integers(1, 150))


@given(facts())
@settings(max_examples=120)
def test_a_plan_never_asks_too_much_and_never_twice(given_facts):
    found, teams, closed, capacity = given_facts
    proposal = propose(found, teams, week(2), lambda t, d: d not in closed[t.kit_code], capacity, km)
    kit_day, half_days = Counter(), defaultdict(list)
    for line in proposal.lines:
        assert line.invited > 0
        assert line.day not in closed[line.team.kit_code]
        assert not {(line.day, half) for half in HALVES[line.session]} & line.team.busy
        assert line.day >= (line.waiting.not_before or line.day)
        assert line.day not in line.waiting.taken
        assert line.expected == expected(line.invited, line.waiting.absence)
        kit_day[line.team.kit_code, line.day] += line.expected
        assert line.expected <= (capacity if line.session == DAY else capacity // 2)
        for half in HALVES[line.session]:
            half_days[line.team.kit_code, line.day, half].append(line)
    assert all(number <= capacity for number in kit_day.values())
    for lines in half_days.values():  # a half day has one line, or the three of a joined day
        assert len(lines) == 1 or (len(lines) == JOINED and len({x.place.kecamatan_code for x in lines}) == 1)
        assert all(len(x.joined) == len(lines) - 1 for x in lines)
    assert len({(x.place.code, x.day) for x in proposal.lines}) == len(proposal.lines)
    for one in found:
        lines = [x for x in proposal.lines if x.place.code == one.place.code]
        voters, later = proposal.unreached.get(one.place.code, (0, 0))
        assert sum(x.invited for x in lines) + voters + later == one.left
        assert sum(x.voters for x in lines) + voters == one.voters


@given(facts(), st.randoms(use_true_random=False))
def test_the_same_facts_give_the_same_plan_in_any_order(given_facts, shuffled):
    found, teams, closed, capacity = given_facts

    def serves(one, day):
        return day not in closed[one.kit_code]

    once = propose(found, teams, week(2), serves, capacity, km)
    shuffled.shuffle(found)
    shuffled.shuffle(teams)
    assert propose(found, teams, list(reversed(week(2))), serves, capacity, km) == once


@given(facts())
def test_who_is_left_out_found_no_free_half_day(given_facts):
    """Where a place is left out altogether, no kit has a whole day on which it could have come."""
    found, teams, closed, capacity = given_facts
    proposal = propose(found, teams, week(2), lambda t, d: d not in closed[t.kit_code], capacity, km)
    used = {(x.team.kit_code, x.day) for x in proposal.lines}
    visited = {x.place.code for x in proposal.lines}
    for one in found:
        if one.place.code not in proposal.unreached or one.place.code in visited:
            continue
        for t in teams:
            for day in week(2):
                free = day not in closed[t.kit_code] and not {(day, h) for h in HALVES[DAY]} & t.busy
                could = day not in one.taken and day >= (one.not_before or day)
                others = [w for w in found if w.place.kecamatan_code == one.place.kecamatan_code]
                alone = len(others) < JOINED  # else it may wait with others whose days are taken
                assert not (free and could and alone and (t.kit_code, day) not in used)


# --- how good --------------------------------------------------------------------------------------------


def worth(found, invited):
    """What so many invited (place → people) are worth; voters come first."""
    total = 0
    for one in found:
        number = min(invited.get(one.place.code, 0), one.left)
        voters = min(number, one.voters)
        total += (3 if one.overdue else 2) * (VOTER_WEIGHT * voters + number - voters)
    return total


def best(found, kits, days, capacity):
    """The most that any plan could be worth: every way to give each half day of each kit to a place, or a whole day
    to three small ones. A place has one kit a day, as in the planner; distances are no matter."""
    codes = [one.place.code for one in found]
    absent = {one.place.code: one.absence for one in found}
    small = [one.place.code for one in found if expected(one.left, one.absence) <= capacity // JOINED]
    choices = list(product([None, *codes], repeat=2))
    tours = [tuple(small[:JOINED])] if len(small) >= JOINED else []
    most = 0
    for given_out in product([*choices, *tours], repeat=len(kits) * len(days)):
        invited, seen, sound = Counter(), set(), True
        for at, choice in enumerate(given_out):
            day = at // len(kits)
            where = {code for code in choice if code}
            if any((code, day) in seen for code in where):
                sound = False
                break
            seen |= {(code, day) for code in where}
            for code in where:
                if len(choice) == JOINED or choice.count(code) == 2:
                    invited[code] += invites(capacity, absent[code])
                else:
                    invited[code] += invites(capacity // 2, absent[code])
        if sound:
            most = max(most, worth(found, invited))
    return most


WORST_RATIO = 0.74
"""The worst of the 120 cases below: the plan is worth 74 percent of the best one. The mean is
above 95 percent."""


def test_the_plan_is_near_the_best_one():
    random = Random(20241127)
    ratios = []
    for _case in range(120):
        capacity = random.choice((10, 20, 100))
        found = [
            waiting(
                f"p{n}",
                random.randint(0, capacity * 2),
                random.randint(0, capacity),
                random.choice((0, 20, 40)),
                overdue=random.random() < 0.2,
            )
            for n in range(random.randint(2, 4))
        ]
        kits, days = random.choice((([team("K1")], week()[:2]), ([team("K1"), team("K2")], week()[:1])))
        proposal = plan(found, kits, days, capacity=capacity)
        most = best(found, kits, days, capacity)
        invited = Counter[str]()
        for line in proposal.lines:
            invited[line.place.code] += line.invited
        got = worth(found, invited)
        assert got <= most
        ratios.append(got / most if most else 1.0)
    assert min(ratios) >= WORST_RATIO
    assert sum(ratios) / len(ratios) > 0.95
