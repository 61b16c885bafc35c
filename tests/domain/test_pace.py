"""The pace to a polling day: the formulas, day by day and at their edges."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from portal.domain.calendar import Calendar, Timetable, days
from portal.domain.outlook import day_by_day, one_kit_more, open_saturdays
from portal.domain.pace import (
    BEHIND,
    DISTRICT,
    DONE,
    LAST_DAYS,
    NO_TARGET,
    NOT_BEGUN,
    ON_COURSE,
    OUT_OF_REACH,
    OVER,
    PARTLY,
    USED_UP,
    WORDS,
    Area,
    Kits,
    Line,
    courses_of,
    needed,
    pace,
    rate,
    weight,
)

from .. import records
from ..records import POLLING_DAY, START

OFFICE = records.office()
ELECTION = OFFICE.elections[0]
WEEKDAYS = Timetable("1111100")
TODAY = date(2024, 10, 21)
SERVED = [day for day in days(START, POLLING_DAY) if OFFICE.calendar.serves(WEEKDAYS, day)]
GONE = [day for day in SERVED if day < TODAY]


def line(done=None, *, code="a", silent=(), stopped=(), timetable=WEEKDAYS):
    done = done or {}
    return Line(code, timetable, done=done, known=frozenset(done), stopped=frozenset(stopped), silent=frozenset(silent))


def area(target=None, lines=("a",), **over):
    steps = () if target is None else ((START, target),)
    return replace(Area(DISTRICT, "district", steps, tuple(lines), tuple(lines), len(lines)), **over)


def course(office, election, one, today):
    return courses_of(office, election, [one], today)[one.code]


def found(lines, target=None, today=TODAY, office=OFFICE, election=ELECTION, kits=None, **over):
    courses = courses_of(office, election, lines, today)
    return pace(election, area(target, [one.code for one in lines], **over), courses, today, kits)


def test_every_formula_on_one_example():
    done = dict.fromkeys(GONE, 10)
    it = found([line(done)], 360)
    assert (len(GONE), len(SERVED)) == (9, 36)
    assert (it.gone, it.whole, it.left) == (9, 36, 27)
    assert (it.recorded, it.expected, it.difference, it.share) == (90, 90, 0, 0)
    assert (it.needed, it.remaining) == (10, 270)
    assert (it.usual.middle, it.usual.days) == (10, 9)
    assert (it.ending.low, it.ending.middle, it.ending.high) == (360, 360, 360)
    assert it.word == ON_COURSE


def test_today_counts_until_its_report_is_in():
    done = dict.fromkeys([*GONE, TODAY], 10)
    waiting, told = (found([replace(line(done), told_today=told)], 360) for told in (False, True))
    assert (waiting.left, told.left) == (27, 26)
    assert (waiting.needed, told.needed) == (10, 10)  # 260 left: 9,6 and 10 a day, rounded up


def test_no_day_left_says_how_many_are_left_over():
    done = dict.fromkeys(SERVED, 5)
    over = found([line(done)], 200, today=POLLING_DAY + timedelta(days=30))
    assert (over.left, over.needed, over.remaining, over.word) == (0, None, 20, USED_UP)
    assert (over.on, over.recorded) == (POLLING_DAY, 180)
    assert over.ending.middle == 180
    last = found([replace(line(done), told_today=True)], 200, today=SERVED[-1])
    assert (last.left, last.word) == (0, USED_UP)


def test_polling_day_is_a_service_day_only_when_the_calendar_opens_it():
    assert POLLING_DAY not in SERVED
    opened = replace(OFFICE, calendar=Calendar({POLLING_DAY: "Pilkada"}, opened=frozenset({POLLING_DAY})))
    assert found([line()], 360, office=opened).whole == 37
    assert found([line()], 360, today=POLLING_DAY, office=opened).needed == 360


def test_a_holiday_has_no_weight_and_a_weekend_that_serves_has_the_offices():
    saturday = date(2024, 10, 12)
    closed = replace(OFFICE, calendar=Calendar({POLLING_DAY: "Pilkada", GONE[0]: "Libur"}))
    assert found([line()], 360, office=closed).gone == 8
    all_week = line(timetable=Timetable("1111110"))
    assert weight(OFFICE, all_week.timetable, saturday) == 50
    heavy = replace(OFFICE, limits={"weekend_weight": 100})
    assert weight(heavy, all_week.timetable, saturday) == 100
    assert found([all_week]).gone == 10  # two Saturdays have gone, each half a day


def test_a_weekend_days_work_counts_at_its_weight_in_the_pace():
    saturday = date(2024, 10, 19)
    it = course(OFFICE, ELECTION, line({saturday: 10}, timetable=Timetable("1111110")), TODAY)
    assert it.usual.middle == 20


def test_without_a_target_nothing_is_expected():
    it = found([line(dict.fromkeys(GONE, 10))])
    assert (it.target, it.expected, it.needed, it.difference, it.remaining) == (None, None, None, None, None)
    assert (it.word, it.recorded) == (NO_TARGET, 90)


def test_nobody_reported_is_no_pace_and_no_zero():
    it = found([line(silent=GONE)], 360)
    assert (it.usual, it.steady, it.ending, it.silent) == (None, None, None, 9)
    assert it.provisional
    assert it.word == BEHIND


def test_one_report_is_its_own_range_and_judges_nobody():
    it = found([line({GONE[0]: 1})], 360)
    assert (it.usual.low, it.usual.middle, it.usual.high, it.usual.best) == (1, 1, 1, 1)
    assert it.needed > it.usual.best
    assert it.word == BEHIND


def test_words_fit_where_somebody_stands():
    done = dict.fromkeys(GONE, 10)
    assert found([line(done)], 90).word == DONE
    assert found([line(done)], 90, without=1).word == PARTLY
    assert found([line(done)], 89).word == OVER
    assert found([line(done)], 2000).word == OUT_OF_REACH
    done |= {GONE[0]: 30}  # 110 recorded, the best day of all 14
    assert found([line(done)], 460).word == ON_COURSE  # 115 expected, 109,25 is 5 % below
    assert found([line(done)], 470).word == BEHIND  # 117,5 expected, 111,6 is 5 % below
    assert found([line()], 360, today=START - timedelta(days=3)).word == NOT_BEGUN


def test_above_its_target_nobody_is_green():
    assert WORDS[OVER][0] != "good"
    assert WORDS[PARTLY][0] != "good"


def test_an_outage_is_told_apart():
    done = dict(zip(GONE, [10, 10, 10, 10, 0, 0, 10, 10, 0], strict=True))
    it = found([line(done, stopped=[day for day, n in done.items() if not n])], 360)
    assert it.usual.low == 0
    assert (it.steady.low, it.steady.middle, it.steady.days) == (10, 10, 6)
    assert it.ending_steady.low > it.ending.low


def test_only_the_last_ten_reported_days_make_the_pace():
    many = {day: 100 if n < 5 else 10 for n, day in enumerate(SERVED[:15])}
    it = course(OFFICE, ELECTION, line(many), SERVED[15])
    assert (it.usual.low, it.usual.high, it.usual.days) == (10, 10, 15)
    assert it.usual.best > 10


def test_a_target_that_changes_leaves_earlier_days_alone():
    steps = ((START, 360), (date(2024, 10, 15), 720))
    one = line(dict.fromkeys(GONE, 10))
    courses = {"a": course(OFFICE, ELECTION, one, TODAY)}
    by_day = {d.day: d for d in day_by_day(OFFICE, ELECTION, area(steps=steps), courses, TODAY)}
    assert by_day[date(2024, 10, 14)].expected == 50
    assert by_day[date(2024, 10, 15)].expected == 120
    assert by_day[TODAY - timedelta(days=1)].recorded == 90
    assert by_day[TODAY].ahead is None
    last = by_day[POLLING_DAY]
    assert (last.recorded, last.expected, round(last.ahead.middle)) == (None, 720, 360)


def test_kits_share_what_is_needed():
    kits = {"a": Kits(3, 4)}
    it = found([line(dict.fromkeys(GONE, 74))], 666 + 27 * 183, kits=kits)
    assert (it.needed, it.per_kit, it.best_per_kit) == (183, 61, 18)
    more = one_kit_more(it)
    assert (more.per_kit, round(more.gain.middle)) == (46, round(74 / 4 * 27))
    assert one_kit_more(replace(it, kits=Kits(4, 4))) is None
    assert found([line()], 100, kits={"a": Kits(0, 2)}).per_kit is None


def test_open_saturdays_add_days_at_their_weight():
    one = line(dict.fromkeys(GONE, 10))
    courses = {"a": course(OFFICE, ELECTION, one, TODAY)}
    it = pace(ELECTION, area(720), courses, TODAY)
    more = open_saturdays(OFFICE, ELECTION, it, courses)
    assert more.days == Fraction(5, 2)  # 26 Oct, 2, 9, 16 and 23 Nov
    assert (it.needed, more.needed, more.gain.middle) == (24, 22, 25)
    assert open_saturdays(replace(OFFICE, limits={"weekend_weight": 0}), ELECTION, it, courses) is None


counts = st.lists(st.integers(0, 300), min_size=0, max_size=len(GONE))


@given(counts, st.integers(0, len(GONE) - 1), st.integers(1, 200), st.integers(1, 9000))
def test_more_recorded_never_lowers_an_ending_nor_raises_a_need(values, at, more, target):
    done = dict(zip(GONE, values, strict=False))
    risen = done | {GONE[at]: done[GONE[at]] + more} if GONE[at] in done else done
    before, after = (found([line(it)], target) for it in (done, risen))
    assert after.needed <= before.needed
    if before.ending is not None:
        for edge in ("low", "middle", "high"):
            assert getattr(after.ending, edge) >= getattr(before.ending, edge)


@given(st.lists(st.lists(st.integers(0, 99), min_size=1, max_size=9), min_size=1, max_size=4))
@settings(max_examples=40)
def test_a_district_is_the_sum_of_its_points(by_point):
    lines = [line(dict(zip(GONE, own, strict=False)), code=f"p{n}") for n, own in enumerate(by_point)]
    whole, parts = found(lines, 5000), [found([one], 5000) for one in lines]
    assert whole.recorded == sum(p.recorded for p in parts)
    assert whole.ending.middle == pytest.approx(sum(p.ending.middle for p in parts))
    assert whole.usual.middle == pytest.approx(sum(p.usual.middle for p in parts))


@given(st.lists(st.integers(0, 500), min_size=1, max_size=40))
def test_a_pace_lies_within_what_was_recorded(values):
    it = rate([float(n) for n in values])
    assert min(values[-LAST_DAYS:]) <= it.low <= it.middle <= it.high <= max(values[-LAST_DAYS:])
    assert it.best <= max(values)
    assert it.days == len(values)


@given(st.integers(0, 5000), st.integers(0, 5000), st.integers(1, 80))
def test_what_is_needed_is_enough_and_no_more(target, recorded, halves):
    left = Fraction(halves, 2)
    need = needed(target, recorded, left)
    assert recorded + need * left >= target or need == 0
    assert need == 0 or recorded + (need - 1) * left < target
