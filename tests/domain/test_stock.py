"""Stock: what is not known is never zero, days left are whole and cautious, and a proposal keeps everything."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from portal.domain.calendar import days
from portal.domain.stock import (
    EMPTY,
    ENOUGH,
    FEWEST,
    LOW,
    NOTHING,
    UNKNOWN,
    WINDOW,
    Consumable,
    Moved,
    Reading,
    Stock,
    Told,
    card,
    district,
    expected_left,
    fall_per_print,
    in_order,
    missing,
    needed,
    proposals,
    stock_of,
    usual_prints,
)

MONDAY = date(2024, 10, 14)
POINT = "kec-35.16.05"


def weekday(day):
    return day.weekday() < 5


def told(offset, left=None, printed=None, came=0, spoiled=0, **more):
    return Told(POINT, MONDAY + timedelta(days=offset), left=left, came=came, printed=printed, spoiled=spoiled, **more)


def week(reports, moves=None, length=8):
    return card(reports, moves or {}, days(MONDAY, MONDAY + timedelta(days=length - 1)), weekday)


def stock(code=POINT, left=None, usual=None, coming=0, age=0, prr=None, moved=NOTHING):
    return Stock(
        code,
        None if left is None else Reading(left, MONDAY, age),
        moved,
        coming,
        None if usual is None else Fraction(usual),
        10,
        None if prr is None else Reading(prr, MONDAY, age),
    )


counts = st.integers(0, 500)
maybe = st.none() | counts


@given(maybe, maybe, maybe, maybe, counts, counts)
def test_what_should_be_left_is_known_only_when_every_part_is(before, came, printed, spoiled, inwards, outwards):
    found = expected_left(before, came, printed, spoiled, inwards, outwards)
    if None in (before, came, printed, spoiled):
        assert found is None
    else:
        assert found == before + came + inwards - printed - spoiled - outwards


def test_the_card_of_a_week():
    reports = [told(0, 100, 20), told(1, 75, 20, spoiled=2), told(2, 130, 20, came=80)]
    lines = week(reports)
    assert [(e.day.day, e.before, e.expected, e.left, e.difference) for e in lines] == [
        (14, None, None, 100, None),
        (15, 100, 78, 75, -3),
        (16, 75, 135, 130, -5),
        (17, 130, None, None, None),
        (18, None, None, None, None),
        (21, None, None, None, None),
    ]
    assert [e.due for e in lines] == [True] * 6


def test_a_day_without_a_report_is_a_gap_and_the_day_after_has_no_beginning():
    lines = week([told(0, 100, 20), told(2, 60, 20), told(3, 40, 20)])
    assert [(e.before, e.expected, e.difference) for e in lines[1:4]] == [
        (100, None, None),
        (None, None, None),
        (60, 40, 0),
    ]


@pytest.mark.parametrize("empty", ["left", "came", "printed", "spoiled"])
def test_an_empty_box_makes_the_difference_unknown_and_never_zero(empty):
    second = replace(told(1, 80, 20), **{empty: None})
    assert week([told(0, 100, 20), second])[1].difference is None
    assert week([told(0, 100, 20), told(1, 80, 20)])[1].difference == 0


def test_a_weekend_is_no_gap_and_a_transfer_on_it_still_counts():
    friday, monday = told(4, 100, 20), told(7, 110, 20)
    saturday = MONDAY + timedelta(days=5)
    lines = week([friday, monday], {saturday: Moved(inwards=30)})
    assert [(e.day.weekday(), e.before, e.expected, e.difference) for e in lines[-3:]] == [
        (4, None, None, None),
        (5, 100, 130, None),
        (0, 130, 110, 0),
    ]
    assert lines[-2].told is None
    assert not lines[-2].due
    assert len(week([friday, monday])) == len(lines) - 1


def test_a_report_on_a_day_that_was_not_due_counts():
    lines = week([told(4, 100, 20), told(5, 90, 10), told(7, 70, 20)])
    assert [(e.day.weekday(), e.difference) for e in lines[-3:]] == [(4, None), (5, 0), (0, 0)]


@given(st.lists(st.tuples(counts, counts, counts, counts, counts), min_size=1, max_size=12), counts)
def test_an_honest_card_has_no_difference_whatever_moved(flows, start):
    shelf, reports, moves = start, [told(0, start, 0)], {}
    for n, (came, printed, spoiled, inwards, outwards) in enumerate(flows, start=1):
        there = shelf + came + inwards
        printed, spoiled, outwards = min(printed, there), min(spoiled, max(0, there - printed)), outwards
        outwards = min(outwards, there - printed - spoiled)
        shelf = there - printed - spoiled - outwards
        reports.append(told(n, shelf, printed, came, spoiled))
        moves[MONDAY + timedelta(days=n)] = Moved(inwards, outwards)
    lines = card(reports, moves, days(MONDAY, MONDAY + timedelta(days=len(flows))), lambda day: True)
    assert [e.difference for e in lines] == [None] + [0] * len(flows)
    for n in range(1, len(reports)):
        wrong = [replace(r, left=r.left + 7) if k == n else r for k, r in enumerate(reports)]
        found = card(wrong, moves, days(MONDAY, MONDAY + timedelta(days=len(flows))), lambda day: True)
        assert found[n].difference == 7


# --- how long it lasts ---------------------------------------------------------------------------------------


def test_usual_prints_are_the_median_of_served_days_with_prints_known():
    reports = [told(n, printed=p) for n, p in enumerate([500] * 5 + list(range(10, 20)))]
    assert usual_prints(reports) == (Fraction(29, 2), WINDOW)
    nihil = told(20, printed=0, left=5)
    closed = [replace(nihil, day=nihil.day + timedelta(days=n), served=False) for n in range(10)]
    silent = [told(40 + n, printed=None) for n in range(10)]
    assert usual_prints([*reports, *closed, *silent]) == usual_prints(reports)
    assert usual_prints(reports[: FEWEST - 1]) == (None, FEWEST - 1)
    assert usual_prints([]) == (None, 0)


@pytest.mark.parametrize(
    ("left", "usual", "found", "level"),
    [
        (100, 24, 4, ENOUGH),
        (95, 24, 3, LOW),
        (72, "49/2", 2, LOW),
        (0, 24, 0, EMPTY),
        (0, None, 0, EMPTY),
        (100, None, None, UNKNOWN),
        (100, 0, None, UNKNOWN),
        (None, 24, None, UNKNOWN),
    ],
)
def test_days_left_are_whole_and_rounded_down(left, usual, found, level):
    assert stock(left=left, usual=usual).days == found
    assert stock(left=left, usual=usual).level(3) == level


def test_an_old_reading_is_never_enough_and_a_warning_stays_one():
    assert stock(left=500, usual=10, age=2).level(3) == ENOUGH
    assert stock(left=500, usual=10, age=3).level(3) == UNKNOWN
    assert stock(left=20, usual=10, age=30).level(3) == LOW
    assert stock(left=0, usual=10, age=30).level(3) == EMPTY


def test_more_that_left_than_was_read_is_not_known():
    assert stock(left=50, usual=10, moved=Moved(10, 30)).shelf == 30
    gone = stock(left=50, usual=10, moved=Moved(0, 80))
    assert (gone.shelf, gone.days, gone.level(3)) == (None, None, UNKNOWN)
    assert district([gone], 80, 0).total is None


def test_the_last_reading_stands_with_its_age_and_what_moved_after_it():
    reports = [
        told(0, 100, 20, ribbon_pct=80, film_pct=90, prr=7),
        told(1, None, 20, ribbon_pct=78),
        told(2, 70, None, ribbon_pct=76),
        told(3, None, 30, ribbon_pct=73, prr=9),
        told(4, None, None),
    ]
    moves = {r.day: Moved(5, n) for n, r in enumerate(reports)}
    found = stock_of(POINT, reports, moves, 11, lambda d: (date(2024, 10, 18) - d).days, lambda a, b: True)
    assert found.read == Reading(70, MONDAY + timedelta(days=2), 2)
    assert found.moved == Moved(10, 7)
    assert (found.shelf, found.coming) == (73, 11)
    assert found.prr == Reading(9, MONDAY + timedelta(days=3), 1)
    assert (found.usual, found.usual_days) == (20, 3)
    assert found.consumables["film_pct"] == Consumable(Reading(90, MONDAY, 4), None)
    assert found.consumable_days("film_pct") is None
    assert found.consumables["ribbon_pct"].read.value == 73


def test_how_long_a_ribbon_lasts_comes_from_its_fall_per_print():
    percent = [90, 86, 82, 100, 96]
    reports = [told(n, printed=20, left=900, ribbon_pct=p) for n, p in enumerate(percent)]
    fall = fall_per_print(reports, "ribbon_pct", lambda a, b: True)
    assert fall == Fraction(12, 60), "the new roll is left out"
    found = stock_of(POINT, reports, {}, 0, lambda d: 0, lambda a, b: True)
    assert found.consumable_days("ribbon_pct") == 24
    assert fall_per_print(reports[:3], "ribbon_pct", lambda a, b: True) is None, "two pairs are no habit"
    assert fall_per_print(reports, "ribbon_pct", lambda a, b: a.day != 15) is None, "a gap hides what was used"
    still = [replace(r, ribbon_pct=50) for r in reports]
    assert fall_per_print(still, "ribbon_pct", lambda a, b: True) is None
    dry = [replace(r, printed=None) for r in reports]
    assert fall_per_print(dry, "ribbon_pct", lambda a, b: True) is None


# --- the district ------------------------------------------------------------------------------------------


stocks = st.lists(
    st.builds(
        stock,
        left=st.none() | st.integers(0, 2_000),
        usual=st.none() | st.integers(0, 120) | st.integers(1, 240).map(lambda n: Fraction(n, 2)),
        coming=st.integers(0, 200),
        age=st.integers(0, 9),
        prr=st.none() | st.integers(0, 900),
    ),
    max_size=8,
).map(lambda found: [replace(s, point_code=f"p{n}") for n, s in enumerate(found)])


@given(stocks)
def test_the_districts_sum_says_of_how_many_points_it_speaks(found):
    whole = district(found, 5, 2)
    known = [s for s in found if s.read]
    assert (whole.known, whole.points) == (len(known), len(found))
    assert whole.total == (sum(s.read.value for s in known) if known else None)
    assert whole.oldest == (max(s.read.age for s in known) if known else None)
    assert (whole.in_transit, whole.lost) == (5, 2)
    assert whole.prr_known == sum(s.prr is not None for s in found)
    both = [s for s in known if s.usual is not None]
    assert whole.days_known == len(both)
    a_day = sum(s.usual for s in both)
    assert whole.days == (sum(s.read.value for s in both) // a_day if a_day else None)


def test_the_limit_of_the_district_counts_from_itself_down():
    assert district([stock(left=1000)], 0, 0).low(1000)
    assert not district([stock(left=1001)], 0, 0).low(1000)
    assert not district([stock()], 0, 0).low(1000), "nobody told: that is unknown, not low"


@given(stocks, st.integers(0, 6))
def test_warnings_come_first_and_nobody_is_left_out(found, limit):
    ordered = list(in_order(found, limit))
    assert sorted(s.point_code for s in ordered) == sorted(s.point_code for s in found)
    rank = [[EMPTY, LOW, UNKNOWN, ENOUGH].index(s.level(limit)) for s in ordered]
    assert rank == sorted(rank)
    low = [s.days for s in ordered if s.level(limit) == LOW]
    assert low == sorted(low)
    assert [s.point_code for s in in_order(reversed(found), limit)] == [s.point_code for s in ordered]


@given(stocks, st.integers(0, 6))
def test_a_proposal_moves_what_is_there_and_leaves_the_giver_no_poorer_than_the_receiver(found, limit):
    here = {s.point_code: s.shelf for s in found}
    there = {s.point_code: s.shelf + s.coming for s in found if s.shelf is not None}
    usual = {s.point_code: s.usual for s in found}
    total = sum(there.values())
    moved = proposals(found, limit)
    for move in moved:
        assert move.giver != move.receiver
        assert 0 < move.quantity <= here[move.giver]
        assert there[move.receiver] // usual[move.receiver] <= limit
        longest = max(n / usual[c] for c, n in here.items() if n is not None and usual[c] and c != move.receiver)
        assert here[move.giver] / usual[move.giver] == longest
        assert move.giver_days[0] == here[move.giver] // usual[move.giver]
        here[move.giver] -= move.quantity
        there[move.giver] -= move.quantity
        there[move.receiver] += move.quantity
        assert here[move.giver] / usual[move.giver] >= there[move.receiver] / usual[move.receiver]
        assert here[move.giver] // usual[move.giver] == move.giver_days[1] > limit
        assert there[move.receiver] // usual[move.receiver] == move.receiver_days[1]
    assert sum(there.values()) == total
    assert len({m.receiver for m in moved}) == len(moved)
    assert proposals(list(reversed(found)), limit) == moved


def test_a_proposal_goes_from_the_longest_to_the_shortest():
    rich, poor, middle = stock("rich", 400, 20), stock("poor", 20, 20), stock("middle", 200, 20)
    (found,) = proposals([middle, poor, rich], 3)
    assert (found.giver, found.receiver, found.quantity) == ("rich", "poor", 190)
    assert (found.giver_days, found.receiver_days) == ((20, 10), (1, 10))
    assert proposals([middle, rich], 3) == [], "nobody runs out"
    assert proposals([middle, rich, replace(poor, coming=300)], 3) == [], "help is on its way"
    assert proposals([poor], 3) == []
    assert proposals([poor, stock("unknown", None, 20), stock("unused", 900, None)], 3) == []
    assert proposals([poor, stock("hardly", 80, 20)], 3) == [], "it would run out itself"


@given(stocks)
def test_what_is_asked_for_fills_the_need_and_no_more(found):
    known = [s for s in found if s.shelf is not None and needed(s) is not None]
    asked = missing(found)
    if not known:
        assert asked is None
        return
    need = sum(needed(s) for s in known)
    there = sum(s.shelf + s.coming for s in known)
    assert asked == max(0, need - there)
    assert all(needed(s) >= (s.prr.value if s.prr else 0) for s in known)
    assert all(needed(s) >= 10 * s.usual for s in known if s.usual)
