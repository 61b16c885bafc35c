from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.calendar import (
    DUE,
    EVERYBODY,
    EXTRA,
    HOLIDAY,
    IN_GRACE,
    LATE,
    MISSING,
    NOT_DUE,
    NOT_REQUIRED,
    ON_TIME,
    POINT,
    WEEKDAY,
    WIB,
    Calendar,
    Timetable,
    completeness,
    days,
    office_day,
    office_instant,
)

WEEKDAYS = Timetable("1111100")
MONDAY = date(2024, 10, 21)
FRIDAY = date(2024, 10, 18)
POLLING_DAY = date(2024, 11, 27)
CALENDAR = Calendar({POLLING_DAY: "Pilkada", date(2024, 12, 25): "Natal", date(2024, 12, 26): "Cuti bersama"})


def wib(day, text):
    return datetime.combine(day, time.fromisoformat(text), WIB)


def test_the_office_day_is_the_date_in_mojokerto():
    assert office_day(datetime(2024, 10, 20, 16, 59, 59, tzinfo=UTC)) == date(2024, 10, 20)
    assert office_day(datetime(2024, 10, 20, 17, 0, 0, tzinfo=UTC)) == MONDAY
    assert office_instant(MONDAY, time(16, 0)) == datetime(2024, 10, 21, 9, 0, tzinfo=UTC)


TUESDAY = MONDAY + timedelta(days=1)
LAST_BEFORE_POLLING = POLLING_DAY - timedelta(days=1)
AFTER_POLLING = POLLING_DAY + timedelta(days=1)
CHRISTMAS_EVE = date(2024, 12, 24)
FRIDAY_AFTER_CHRISTMAS = date(2024, 12, 27)

RECEIVED = [
    (MONDAY, MONDAY, "00:00:00", ON_TIME),
    (MONDAY, MONDAY, "16:00:00", ON_TIME),
    (MONDAY, MONDAY, "16:00:01", IN_GRACE),
    (MONDAY, MONDAY, "23:59:59", IN_GRACE),
    (MONDAY, TUESDAY, "08:59:59", IN_GRACE),
    (MONDAY, TUESDAY, "09:00:00", LATE),
    (FRIDAY, FRIDAY, "16:00:00", ON_TIME),
    (FRIDAY, FRIDAY + timedelta(days=1), "12:00:00", IN_GRACE),
    (FRIDAY, FRIDAY + timedelta(days=2), "23:00:00", IN_GRACE),
    (FRIDAY, MONDAY, "08:59:00", IN_GRACE),
    (FRIDAY, MONDAY, "09:00:00", LATE),
    (LAST_BEFORE_POLLING, POLLING_DAY, "20:00:00", IN_GRACE),
    (LAST_BEFORE_POLLING, AFTER_POLLING, "08:59:59", IN_GRACE),
    (LAST_BEFORE_POLLING, AFTER_POLLING, "09:00:00", LATE),
    (CHRISTMAS_EVE, FRIDAY_AFTER_CHRISTMAS, "08:59:59", IN_GRACE),
    (CHRISTMAS_EVE, FRIDAY_AFTER_CHRISTMAS, "09:00:00", LATE),
    (POLLING_DAY, POLLING_DAY, "10:00:00", EXTRA),
    (FRIDAY + timedelta(days=1), MONDAY, "10:00:00", EXTRA),
]


@pytest.mark.parametrize(("day", "received_on", "at", "state"), RECEIVED)
def test_the_first_receipt_decides(day, received_on, at, state):
    received = wib(received_on, at)
    assert CALENDAR.report_state(WEEKDAYS, day, received, received) == state
    assert CALENDAR.report_state(WEEKDAYS, day, received, received + timedelta(days=400)) == state


SILENT = [
    (MONDAY, MONDAY, "08:00:00", NOT_DUE),
    (MONDAY, MONDAY, "18:00:00", NOT_DUE),
    (MONDAY, TUESDAY, "08:59:59", NOT_DUE),
    (MONDAY, TUESDAY, "09:00:00", MISSING),
    (FRIDAY, FRIDAY + timedelta(days=2), "22:00:00", NOT_DUE),
    (FRIDAY, MONDAY, "09:00:00", MISSING),
    (LAST_BEFORE_POLLING, POLLING_DAY, "12:00:00", NOT_DUE),
    (LAST_BEFORE_POLLING, AFTER_POLLING, "09:00:00", MISSING),
    (POLLING_DAY, AFTER_POLLING, "12:00:00", NOT_REQUIRED),
    (FRIDAY + timedelta(days=1), MONDAY, "12:00:00", NOT_REQUIRED),
]


@pytest.mark.parametrize(("day", "today", "at", "state"), SILENT)
def test_silence_is_missing_only_after_the_grace(day, today, at, state):
    assert CALENDAR.report_state(WEEKDAYS, day, None, wib(today, at)) == state


def test_a_point_that_also_serves_on_saturday_owes_a_report_for_it():
    saturday = FRIDAY + timedelta(days=1)
    assert CALENDAR.report_state(Timetable("1111110"), saturday, None, wib(MONDAY, "09:00")) == MISSING
    assert CALENDAR.report_state(Timetable("1111110"), FRIDAY, None, wib(saturday, "09:00")) == MISSING


def test_service_days_leave_out_weekends_and_holidays():
    assert CALENDAR.service_days(WEEKDAYS, date(2024, 11, 25), date(2024, 12, 1)) == 4
    assert CALENDAR.service_days(WEEKDAYS, MONDAY, FRIDAY) == 0
    assert CALENDAR.next_service_day(WEEKDAYS, CHRISTMAS_EVE) == FRIDAY_AFTER_CHRISTMAS
    assert CALENDAR.next_service_day(Timetable("0000000"), MONDAY) == TUESDAY
    assert CALENDAR.service_days_since(WEEKDAYS, FRIDAY, MONDAY) == 1
    assert CALENDAR.service_days_since(WEEKDAYS, MONDAY, MONDAY) == 0
    assert list(days(TUESDAY, MONDAY)) == []


offsets = st.none() | st.integers(0, 10 * 24 * 60)
histories = st.lists(offsets, min_size=1, max_size=40)


@given(histories, st.integers(0, 60 * 24 * 60), st.sets(st.integers(0, 40), max_size=6))
def test_on_time_in_grace_late_and_missing_are_all_that_is_due(history, minutes_to_now, holidays):
    start = date(2024, 10, 8)
    calendar = Calendar({start + timedelta(days=n): "libur" for n in holidays})
    now = wib(start, "00:00") + timedelta(minutes=minutes_to_now)
    states = []
    for number, offset in enumerate(history):
        day = start + timedelta(days=number)
        received = None if offset is None else wib(day, "00:00") + timedelta(minutes=offset)
        if received is not None and received > now:
            received = None
        states.append(calendar.report_state(WEEKDAYS, day, received, now))
    found = completeness(states)
    assert found.on_time + found.in_grace + found.late + found.missing == found.due
    assert found.received + found.missing == found.due
    assert found.received <= found.due <= calendar.service_days(WEEKDAYS, start, days_end(start, history))
    assert found.due == sum(s in DUE for s in states)
    assert found + completeness([EXTRA, NOT_DUE, NOT_REQUIRED]) == found


def days_end(start, history):
    return start + timedelta(days=len(history) - 1)


# --- whose word decides ----------------------------------------------------------------------------------

SATURDAY = FRIDAY + timedelta(days=1)


def test_the_more_particular_word_wins():
    """Point before everybody, everybody before a holiday, a holiday before the week."""
    assert CALENDAR.word(WEEKDAYS, MONDAY) == (True, WEEKDAY)
    assert CALENDAR.word(WEEKDAYS, SATURDAY) == (False, WEEKDAY)
    assert CALENDAR.word(WEEKDAYS, POLLING_DAY) == (False, HOLIDAY)
    everybody = Calendar({POLLING_DAY: "Pilkada"}, opened=frozenset({POLLING_DAY}), closed=frozenset({MONDAY}))
    assert everybody.word(WEEKDAYS, POLLING_DAY) == (True, EVERYBODY)
    assert everybody.word(WEEKDAYS, MONDAY) == (False, EVERYBODY)
    own = Timetable("1111100", opened=frozenset({MONDAY}), closed=frozenset({POLLING_DAY}))
    assert everybody.word(own, MONDAY) == (True, POINT)
    assert everybody.word(own, POLLING_DAY) == (False, POINT)


def test_polling_day_opened_is_due_like_any_other():
    opened = Calendar({POLLING_DAY: "Pilkada"}, opened=frozenset({POLLING_DAY}))
    now = wib(AFTER_POLLING, "09:00")
    assert CALENDAR.report_state(WEEKDAYS, POLLING_DAY, wib(POLLING_DAY, "15:00"), now) == EXTRA
    assert opened.report_state(WEEKDAYS, POLLING_DAY, wib(POLLING_DAY, "15:00"), now) == ON_TIME
    assert opened.report_state(WEEKDAYS, POLLING_DAY, None, now) == MISSING
    # and the grace of the day before ends that morning
    assert opened.report_state(WEEKDAYS, LAST_BEFORE_POLLING, None, wib(POLLING_DAY, "09:00")) == MISSING


masks = st.text("01", min_size=7, max_size=7)
spans = st.sets(st.integers(0, 27), max_size=8)


@given(masks, st.lists(st.tuples(st.integers(0, 27), masks), max_size=5), spans, spans, spans, spans, spans)
def test_one_word_holds_for_every_day(mask, changes, opened, closed, all_opened, all_closed, holidays):
    first = date(2024, 10, 7)

    def on(offsets):
        return frozenset(first + timedelta(days=n) for n in offsets)

    weeks = tuple(sorted(((first + timedelta(days=n), m) for n, m in changes), key=lambda w: w[0]))
    timetable = Timetable(mask, weeks, on(opened), on(closed))
    calendar = Calendar(dict.fromkeys(on(holidays), "libur"), on(all_opened), on(all_closed))
    for n in range(28):
        day = first + timedelta(days=n)
        if n in opened or n in closed:
            expected = n in opened
        elif n in all_opened or n in all_closed:
            expected = n in all_opened
        elif n in holidays:
            expected = False
        else:
            holding = [m for since, m in weeks if since <= day]
            expected = (holding[-1] if holding else mask)[day.weekday()] == "1"
        assert calendar.serves(timetable, day) == expected


@given(masks, st.lists(st.tuples(st.integers(0, 27), masks), max_size=5), st.integers(0, 27), masks)
def test_a_later_mask_leaves_earlier_days_alone(mask, changes, since, new):
    first = date(2024, 10, 7)
    weeks = sorted(((first + timedelta(days=n), m) for n, m in changes), key=lambda w: w[0])
    turn = first + timedelta(days=since)
    before = Timetable(mask, tuple(weeks))
    after = Timetable(mask, tuple(sorted([*weeks, (turn, new)], key=lambda w: w[0])))
    for day in days(first - timedelta(days=7), turn - timedelta(days=1)):
        assert CALENDAR.serves(before, day) == CALENDAR.serves(after, day)
    following = next((w for w, _m in weeks if w > turn), turn + timedelta(days=7))
    for day in days(turn, following - timedelta(days=1)):
        assert after.mask(day) == new
