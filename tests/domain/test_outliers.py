"""What a point usually writes: a typo never hides itself, days of another kind and of an outage say nothing."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.outliers import (
    LEAST_DAYS,
    OFFICE_DAY,
    SCHOOL_DAY,
    WEEKEND,
    PastDay,
    Usual,
    day_type,
    usual,
    usual_of_day,
)

from .. import records
from ..people import TODAY

NEAR_TWENTY = [18, 22, 25, 19, 30, 21, 24, 20, 23]


def weekdays(count, before=TODAY):
    found, day = [], before
    while len(found) < count:
        day -= timedelta(days=1)
        if day.weekday() < 5:
            found.append(day)
    return found


def past(figures, days=None):
    days = days or weekdays(len(figures))
    return tuple(PastDay(day, records.entry(n)) for day, n in zip(days, figures, strict=True))


def test_a_typo_among_days_near_twenty_is_far_off():
    found = usual(NEAR_TWENTY)
    assert found == Usual(12, 32)  # median 22, MAD 2: 22 ± 10,38
    assert 240 not in found
    assert all(n in found for n in NEAR_TWENTY)
    assert 2 not in found  # the low ones as well


def test_nothing_is_usual_before_the_eighth_day():
    assert usual(NEAR_TWENTY[: LEAST_DAYS - 1]) is None
    assert usual(NEAR_TWENTY[:LEAST_DAYS]) is not None


def test_the_edge_is_where_the_score_passes_three_and_a_half():
    figures = [100, 110, 90, 105, 95, 100, 120, 80]  # median 100, MAD 7,5: 3,5 · 7,5 / 0,6745 = 38,9
    assert usual(figures) == Usual(62, 138)
    for value in (62, 138):
        assert 0.6745 * abs(value - 100) / 7.5 <= 3.5
    for value in (61, 139):
        assert 0.6745 * abs(value - 100) / 7.5 > 3.5


def test_days_that_are_mostly_the_same_fall_back_on_the_mean_deviation():
    figures = [20] * 7 + [28]  # median 20, MAD 0, mean deviation 1: 3,5 · 1,2533 = 4,4
    assert usual(figures) == Usual(16, 24)


@pytest.mark.parametrize(("figure", "range_"), [(20, Usual(0, 40)), (4, Usual(0, 14)), (0, Usual(0, 10))])
def test_days_that_are_all_the_same_leave_room_for_ten_or_as_much_again(figure, range_):
    assert usual([figure] * 8) == range_


def test_a_big_figure_on_a_day_at_school_is_held_against_days_at_school():
    days = weekdays(20)
    school = set(days[::2]) | {TODAY}
    books = past([250 if day in school else 20 for day in days], days)
    assert day_type(TODAY, school) == SCHOOL_DAY
    assert 250 in usual_of_day(books, TODAY, school)["recorded"]
    assert 250 not in usual_of_day(books, TODAY, school - {TODAY})["recorded"]
    few = set(days[:3]) | {TODAY}
    assert usual_of_day(books, TODAY, few) == {}  # too few of its kind: nothing is usual


def test_a_weekend_is_a_kind_of_its_own():
    saturday = date(2024, 10, 19)
    assert (day_type(saturday, ()), day_type(TODAY, ())) == (WEEKEND, OFFICE_DAY)
    assert usual_of_day(past(NEAR_TWENTY), saturday, ()) == {}


def test_a_box_left_empty_is_no_zero():
    assert set(usual_of_day(past(NEAR_TWENTY), TODAY, ())) == {"recorded"}


figures = st.lists(st.integers(0, 60), min_size=LEAST_DAYS, max_size=28)


@given(figures, st.integers(0, 27))
def test_a_typo_never_hides_itself(given_figures, at):
    """A digit too many on one day: what is usual is worked out without the day, and even with it stays below."""
    typo = 10 * max(given_figures) + 900
    assert typo not in usual(given_figures)
    spoiled = [*given_figures, *given_figures]
    spoiled[at % len(spoiled)] = typo
    assert typo not in usual(spoiled)


@given(figures, st.randoms())
def test_the_order_of_the_days_does_not_matter(given_figures, random):
    mixed = list(given_figures)
    random.shuffle(mixed)
    assert usual(mixed) == usual(given_figures)


@given(figures)
def test_the_middle_is_always_usual_and_nothing_is_below_zero(given_figures):
    found = usual(given_figures)
    assert sorted(given_figures)[len(given_figures) // 2] in found or len(given_figures) % 2 == 0
    assert 0 <= found.low <= found.high


@given(figures, st.sampled_from(["alat_rusak", "jaringan_server", "petugas_tidak_ada", "blangko_habis", "lain"]))
def test_a_day_that_an_outage_closed_changes_nothing(given_figures, reason):
    days = weekdays(len(given_figures) + 1)
    books = past(given_figures, days[1:])
    outage = PastDay(days[0], records.nihil(reason, recorded=0))
    assert usual_of_day((outage, *books), TODAY, ()) == usual_of_day(books, TODAY, ())


def test_a_day_on_which_nobody_came_is_a_zero_like_any_other():
    nobody = PastDay(weekdays(9)[0], records.nihil("tak_ada_pemohon", recorded=0))
    books = past(NEAR_TWENTY[:7], weekdays(8)[1:])
    assert usual_of_day(books, TODAY, ()) == {}
    assert 0 in usual_of_day((nobody, *past([0] * 8, weekdays(9)[1:])), TODAY, ())["recorded"]
    assert usual_of_day((nobody, *books), TODAY, ())["recorded"] == usual([0, *NEAR_TWENTY[:7]])
