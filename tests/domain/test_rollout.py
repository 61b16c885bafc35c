from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from portal.actions.rollout import label_points
from portal.domain.areas import Place, straight_km
from portal.domain.availability import PointLine
from portal.domain.downtime import Tally
from portal.domain.figures import Figure
from portal.domain.output import WEEKDAY, WEEKEND, Loss, PointOutput, Usual
from portal.domain.places import CONFIRMED, Buckets, TargetBatch
from portal.domain.rollout import (
    BY_LIST,
    FACTORS,
    UNRECORDED,
    Candidate,
    Range,
    Stage,
    added,
    allot,
    check_plan,
    check_weights,
    days_left,
    expected,
    kit_day,
    left_at_places,
    newest_of,
    scores,
    stages,
)
from portal.domain.sweeps import Standing

from .. import people, records
from ..people import GONDANG, NGORO
from ..records import POLLING_DAY

OFFICE = records.office()
USUAL = {f.name: f.weight for f in FACTORS}
NO_WEIGHT = dict.fromkeys(USUAL, 0)
MONDAY = date(2024, 10, 21)


def candidate(code="35.16.05", left=1000, days=20, distance=5.0, hub_load=2.0, down_share=10.0, kits=0):
    return Candidate(code, left, days, distance, hub_load, down_share, kits)


CODES = ("35.16.02", "35.16.05", "35.16.06", "35.16.08", "35.16.09")


def maybe(strategy):
    return st.none() | strategy


numbers = st.floats(0, 5000).map(lambda x: round(x, 1))
some = st.lists(
    st.builds(
        Candidate,
        st.sampled_from(CODES),
        maybe(st.integers(0, 5000)),
        st.integers(0, 60),
        maybe(numbers),
        maybe(numbers),
        maybe(numbers),
        st.integers(0, 4),
    ),
    max_size=5,
    unique_by=lambda c: c.code,
)
weights = st.fixed_dictionaries({f.name: st.integers(0, 10) for f in FACTORS})
ranges = st.lists(st.floats(0, 100), min_size=3, max_size=3).map(lambda x: Range(*sorted(x)))


# --- scores -------------------------------------------------------------------------------------


def test_the_most_needy_in_everything_scores_a_hundred():
    worst, best = candidate(), candidate("35.16.02", 0, 20, 0.0, 0.0, 0.0)
    found = scores([best, worst], USUAL)
    assert [(s.candidate.code, s.low, s.high) for s in found] == [("35.16.05", 100, 100), ("35.16.02", 0, 0)]


def test_what_is_unknown_is_never_a_number():
    unknown = candidate("35.16.09", left=None, hub_load=None)
    score = next(s for s in scores([candidate(), unknown], USUAL) if s.candidate is unknown)
    assert (score.shares["left"], score.shares["pace"], score.shares["hub"]) == (None, None, None)
    assert score.low == pytest.approx(30)
    assert score.high == pytest.approx(100)
    assert candidate(days=0).value("pace") is None


@given(some, weights)
def test_a_score_is_the_sum_of_its_shares_and_stays_within_its_bounds(candidates, weight):
    found = scores(candidates, weight)
    for score in found:
        assert sum(share or 0 for share in score.shares.values()) == pytest.approx(score.low)
        assert -1e-9 <= score.low <= score.high + 1e-9 <= 100 + 1e-6
        missing = any(share is None and weight[name] for name, share in score.shares.items())
        assert missing or score.high == pytest.approx(score.low)
    assert [s.low for s in found] == sorted((s.low for s in found), reverse=True)


@given(some, st.randoms())
def test_without_weights_and_in_ties_the_code_decides(candidates, rng):
    mixed = list(candidates)
    rng.shuffle(mixed)
    found = scores(mixed, NO_WEIGHT)
    assert [s.candidate.code for s in found] == sorted(c.code for c in candidates)
    assert allot(found, len(candidates)) == sorted(c.code for c in candidates)


@given(some, weights, st.integers(0, 12), st.randoms())
def test_a_plan_is_the_same_whatever_the_order_and_the_beginning_of_a_larger_one(candidates, weight, kits, rng):
    mixed = list(candidates)
    rng.shuffle(mixed)
    order = allot(scores(candidates, weight), kits)
    assert order == allot(scores(mixed, weight), kits)
    assert allot(scores(candidates, weight), kits + 1)[:kits] == order
    assert len(order) == (kits if candidates else 0)


def test_a_kit_that_stands_there_already_weighs_against_the_next():
    many, none = candidate("35.16.02", 1900, kits=2), candidate("35.16.05", 1000)
    assert allot(scores([many, none], USUAL), 3) == ["35.16.05", "35.16.05", "35.16.02"]


# --- stages and what they change ----------------------------------------------------------------


def test_stages_begin_on_service_days_and_count_what_is_left():
    found = stages(OFFICE, ["35.16.05", "35.16.02", "35.16.05"], date(2024, 10, 26), 2, 2, POLLING_DAY)
    assert [(s.number, s.day) for s in found] == [(1, date(2024, 10, 28)), (2, date(2024, 11, 11))]
    assert [code for code, _days in found[0].kits] == ["35.16.05", "35.16.02"]
    assert found[0].kits[0][1] == days_left(OFFICE, "35.16.05", date(2024, 10, 28), POLLING_DAY) == 22


def test_a_kit_set_up_after_polling_day_changes_nothing():
    late = stages(OFFICE, ["35.16.05"], POLLING_DAY + timedelta(days=1), 1, 1, POLLING_DAY)
    assert late[0].kits == [("35.16.05", 0)]
    assert added(late, Range(10, 20, 30), {}) == Range()


def test_new_kits_record_no_more_people_than_are_known_to_be_left():
    plan = [Stage(1, MONDAY, [("a", 10), ("a", 10), ("b", 10)])]
    assert added(plan, Range(5, 10, 20), {"a": 150, "b": None}) == Range(150, 250, 350)
    assert added(plan, Range(5, 10, 20), {"a": 0, "b": 0}) == Range()
    assert added(plan, Range(5, 10, 20), {}, 0.5) == Range(75, 150, 300)


@given(some, weights, ranges, st.integers(0, 12), st.integers(1, 4), st.integers(1, 3), st.floats(0, 1))
def test_more_kits_never_lower_what_would_be_recorded(candidates, weight, rate, kits, per_stage, weeks, share):
    order = allot(scores(candidates, weight), kits + 1)
    left = {c.code: c.left for c in candidates}
    less, more = (
        added(stages(OFFICE, order[:number], MONDAY, per_stage, weeks, POLLING_DAY), rate, left, share)
        for number in (kits, kits + 1)
    )
    assert less.low <= more.low + 1e-6
    assert less.middle <= more.middle + 1e-6
    assert less.high <= more.high + 1e-6
    assert more.low <= more.middle + 1e-6 <= more.high + 2e-6


def test_outages_never_raise_what_would_be_recorded():
    plan = [Stage(1, MONDAY, [("a", 10)])]
    assert added(plan, Range(5, 10, 20), {}, 0.8).middle < added(plan, Range(5, 10, 20), {}).middle


# --- what the present kits do -------------------------------------------------------------------


def point(code=NGORO, rate=(1.0, 2.0, 3.0), up=30, down=10, weekend=None):
    hours = Tally(timedelta(hours=up), timedelta(hours=down))
    line = PointLine(code, hours, timedelta(), timedelta(), (), (), (), (), {})
    usual = Usual(9, *rate) if rate else None
    return PointOutput(line, {WEEKDAY: usual, WEEKEND: weekend}, Loss(), Loss(), ())


def test_the_present_kits_go_on_as_usual_with_and_without_outages():
    first, last = date(2024, 10, 21), date(2024, 10, 25)
    steady, unknown = expected(OFFICE, [point()], first, last, outages=False)
    assert (steady, unknown) == (Range(40, 80, 120), [])
    assert expected(OFFICE, [point()], first, last, outages=True)[0] == Range(30, 60, 90)
    assert expected(OFFICE, [point(up=0, down=0)], first, last, outages=True)[0] == steady


def test_a_point_that_was_always_down_adds_nothing_when_outages_go_on():
    assert expected(OFFICE, [point(up=0, down=40)], MONDAY, MONDAY, outages=True)[0] == Range()


def test_points_of_which_too_little_is_known_are_named():
    found = expected(OFFICE, [point(rate=None), point(GONDANG)], MONDAY, MONDAY, outages=False)
    assert found == (Range(8, 16, 24), [NGORO])
    closed = date(2024, 10, 26)
    assert expected(OFFICE, [point(rate=None)], closed, closed, outages=False) == (Range(), [])


def test_a_kit_s_day_is_the_middle_point_s_divided_by_its_kits():
    points = [point(rate=(1, 2, 3)), point(GONDANG, rate=(2, 4, 6)), point("dinas", rate=(9, 9, 9))]
    assert kit_day(OFFICE, MONDAY, points, {NGORO: 1, GONDANG: 2, "dinas": 1}) == Range(8, 16, 24)
    assert kit_day(OFFICE, MONDAY, [point(rate=None)], {}) is None


# --- figures, places, boxes ---------------------------------------------------------------------


def test_the_newest_published_reading_counts_and_none_from_later():
    def figure(value, as_of):
        return Figure("kecamatan", "35.16.05", UNRECORDED, value, "person", as_of, "", "", "x", "")

    known = [figure(2023, date(2023, 5, 31)), figure(900, date(2024, 10, 1)), figure(1, date(2024, 12, 1))]
    assert newest_of(known, UNRECORDED, MONDAY)["35.16.05"].value == 900
    assert newest_of(known, UNRECORDED, date(2023, 1, 1)) == {}
    assert newest_of([replace(f, metric="dpt") for f in known], UNRECORDED, MONDAY) == {}


def test_distances_are_straight_lines_over_the_earth():
    where = label_points()
    assert len(where) == 18
    assert straight_km(where["35.16.05"], where["35.16.05"]) == 0
    assert straight_km((0, 0), (0, 1)) == pytest.approx(111.19, abs=0.01)
    assert straight_km(where["35.16.17"], where["35.16.04"]) == pytest.approx(
        straight_km(where["35.16.04"], where["35.16.17"])
    )
    assert all(-8 < lat < -7 and 112 < lon < 113 for lat, lon in where.values())


def test_the_points_of_the_map_are_the_office_s_kecamatan():
    assert set(CODES) < set(label_points())


@pytest.mark.parametrize(
    ("kits", "stage", "weeks", "wrong"),
    [
        (6, 2, 1, set()),
        (0, 1, 1, set()),
        (None, 0, 13, {"kits", "stage", "weeks"}),
        (61, 21, 0, {"kits", "stage", "weeks"}),
    ],
)
def test_a_budget_has_bounds(kits, stage, weeks, wrong):
    assert {p.field for p in check_plan(kits, stage, weeks)} == wrong


def test_a_weight_lies_between_nothing_and_ten():
    assert check_weights(USUAL) == []
    assert [p.field for p in check_weights(USUAL | {"left": None, "hub": 11})] == ["left", "hub"]
    assert BY_LIST == "list"


def standing(code, counts=None, as_of=MONDAY, **since):
    place = Place(code, "sekolah", code, "35.16.05", "", "SMA")
    if counts is None:
        return Standing(place, None, {})
    batch = TargetBatch(1, code, as_of, Buckets(*counts), "pilkada-2024", "daftar", CONFIRMED, "a", people.NOW)
    return Standing(place, batch, since)


def test_a_list_less_its_recorded_comes_before_what_a_visit_left_behind():
    day = MONDAY - timedelta(days=9)
    found = left_at_places(
        [standing("a", (40, 30, 20), recorded_from_list=35), standing("b"), standing("c")],
        {"a": (99, day), "b": (6, day)},
    )
    assert (found.people, len(found.lists), found.visited, found.unknown) == (55 + 6, 1, 1, 1)
    assert (found.oldest, found.newest) == (day, MONDAY)


def test_places_without_list_and_visit_are_unknown_and_a_list_that_is_done_is_zero():
    assert left_at_places([standing("a"), standing("b")], {}) is None
    assert left_at_places([], {}) is None
    done = left_at_places([standing("a", (5, 0, 0), recorded_from_list=5)], {})
    assert (done.people, done.unknown) == (0, 0)
    assert left_at_places([standing("a")], {"a": (0, MONDAY)}).people == 0


def test_a_visit_that_is_too_old_says_nothing_any_more():
    behind = {"a": (9, MONDAY - timedelta(days=181)), "b": (6, MONDAY - timedelta(days=180))}
    since = MONDAY - timedelta(days=180)
    found = left_at_places([standing("a"), standing("b"), standing("c")], behind, since)
    assert (found.people, found.visited, found.old, found.unknown) == (6, 1, 1, 1)
    assert found.visited_on == since
    assert left_at_places([standing("a")], behind, since) is None


COUNT = st.integers(0, 60)


@given(st.lists(st.tuples(COUNT, COUNT, COUNT, COUNT), min_size=1, max_size=5))
def test_who_turns_17_after_polling_day_is_never_counted(rows):
    found = left_at_places([standing(str(n), row[:3], recorded_from_list=row[3]) for n, row in enumerate(rows)], {})
    assert 0 <= found.people <= sum(grown + priority for grown, priority, *_rest in rows)
    assert found.people <= sum(max(0, sum(row[:3]) - row[3]) for row in rows)
