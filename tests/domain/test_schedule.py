"""The calendar as the supervisor changes it: which words are sound, and what they do to days that are gone."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from portal.domain.calendar import MISSING, NOT_REQUIRED, WIB, Calendar, Timetable, days, office_instant
from portal.domain.duty import Period, ReportMark
from portal.domain.schedule import (
    Decision,
    Effect,
    Entry,
    Opening,
    Week,
    check_change,
    days_of,
    effect,
    month_after,
    month_before,
    reach,
    rows_of_month,
    weeks_of,
)

from .. import records
from ..people import NGORO, NOW, PUNGGING, TODAY
from ..records import START

OFFICE = records.office()
SATURDAY = date(2024, 10, 12)
FRIDAY = date(2024, 10, 11)


def fields(what, reason="SK 12/2024", standing=None):
    return [p.field for p in check_change(what, reason, OFFICE, TODAY, standing)]


WRONG = [
    (Week(NGORO, TODAY, "1111100"), ["weekdays"]),
    (Week(NGORO, TODAY, "0000000"), ["weekdays"]),
    (Week(NGORO, TODAY, "111110"), ["weekdays"]),
    (Week(NGORO, TODAY, "11111２0"), ["weekdays"]),
    (Week(NGORO, TODAY, "1111102"), ["weekdays"]),
    (Week(NGORO, TODAY, "?"), ["weekdays"]),
    (Week("kec-99", TODAY, "1111110"), ["point"]),
    (Week("", START - timedelta(days=1), ""), ["point", "valid_from", "weekdays"]),
    (Opening(NGORO, START - timedelta(days=1), True), ["day"]),
    (Opening(None, TODAY + timedelta(days=367), True), ["day"]),
    (Opening("kec-99", TODAY, False), ["point"]),
]


@pytest.mark.parametrize(("what", "wrong"), WRONG)
def test_a_change_that_cannot_be_is_told_where(what, wrong):
    assert fields(what) == wrong


def test_a_sound_change_needs_a_reason_without_a_number_of_somebody():
    for what in (Week(NGORO, TODAY, "1111110"), Opening(None, SATURDAY, True), Opening(NGORO, TODAY, False)):
        assert fields(what) == []
        assert fields(what, "  ") == ["reason"]
        assert fields(what, "NIK 3516051203070001") == ["reason"]
        assert fields(what, "x" * 501) == ["reason"]


def test_what_was_last_said_of_a_day_is_not_said_again():
    standing = Entry(1, Opening(None, SATURDAY, True), Decision("SK", "Pengawas", NOW))
    assert fields(Opening(None, SATURDAY, True), standing=standing) == ["day"]
    assert fields(Opening(None, SATURDAY, False), standing=standing) == []


@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from(["1111100", "1111110", "1000001"])), max_size=8))
def test_the_newest_word_for_a_date_counts_and_a_later_week_leaves_earlier_days_alone(changes):
    entries = [("p", START + timedelta(days=n), mask) for n, mask in changes]
    timetable = Timetable("1111111", weeks_of(entries).get("p", ()))
    for day in days(START - timedelta(days=2), START + timedelta(days=12)):
        before = [(since, n) for n, (_p, since, _m) in enumerate(entries) if since <= day]
        expected = entries[max(before)[1]][2] if before else "1111111"
        assert timetable.mask(day) == expected


def test_the_newest_word_for_a_day_counts():
    said = [(None, SATURDAY, True), ("p", SATURDAY, False), (None, SATURDAY, False), ("p", FRIDAY, True)]
    assert days_of(said) == {None: {SATURDAY: False}, "p": {SATURDAY: False, FRIDAY: True}}


def with_day(office, point, day, *, opens):
    """The office after one day was opened or closed."""
    sets = {"opened" if opens else "closed": frozenset({day})}
    if point is None:
        return replace(office, calendar=Calendar(office.calendar.holidays, **sets))
    own = office.points[point]
    changed = replace(own, timetable=replace(own.timetable, **sets))
    return replace(office, points={**office.points, point: changed})


def mark(point, day, at=time(15, 0)):
    return ReportMark(point, day, office_instant(day, at), "angka", None, 10)


def test_opening_a_saturday_that_is_gone_makes_silence_missing_and_what_came_due():
    after = with_day(OFFICE, None, SATURDAY, opens=True)
    period = reach(OFFICE, after, SATURDAY, NOW)
    assert period == Period(date(2024, 10, 1), TODAY)
    found = effect(OFFICE, after, period, [mark(PUNGGING, SATURDAY)], NOW)
    assert {(m.point_code, m.day, m.before, m.after) for m in found.days} == {
        (code, SATURDAY, *(("extra", "on_time") if code == PUNGGING else (NOT_REQUIRED, MISSING)))
        for code in OFFICE.points
    }
    (month,) = found.months
    assert month.first == date(2024, 10, 1)
    assert month.after.due == month.before.due + len(OFFICE.points)
    assert month.after.received == month.before.received + 1


def test_the_grace_of_the_service_day_before_moves_with_the_day_after_it():
    """Monday's report came on Tuesday at noon: late, unless Tuesday was no service day."""
    monday, tuesday = date(2024, 9, 30), date(2024, 10, 1)
    office = records.office(points={NGORO: records.point(NGORO, "35.16.05", active_from=date(2024, 9, 2))})
    came = ReportMark(NGORO, monday, office_instant(tuesday, time(12, 0)), "angka", None, 10)
    after = with_day(office, NGORO, tuesday, opens=False)
    period = reach(office, after, tuesday, NOW)
    assert period.first == date(2024, 9, 1)
    found = effect(office, after, period, [came], NOW)
    assert [(m.day, m.before, m.after) for m in found.days] == [
        (monday, "late", "in_grace"),
        (tuesday, MISSING, NOT_REQUIRED),
    ]
    assert [m.first for m in found.months] == [date(2024, 9, 1), date(2024, 10, 1)]
    assert found.months[0].before.late == 1
    assert found.months[0].after.in_grace == 1


def test_a_change_of_days_to_come_alters_nothing():
    tomorrow = TODAY + timedelta(days=1)
    after = with_day(OFFICE, None, tomorrow, opens=False)
    assert effect(OFFICE, after, reach(OFFICE, after, tomorrow, NOW), [], NOW) == Effect()
    assert not Effect()


def test_another_effect_has_another_fingerprint():
    after = with_day(OFFICE, NGORO, SATURDAY, opens=True)
    period = reach(OFFICE, after, SATURDAY, NOW)
    silent = effect(OFFICE, after, period, [], NOW)
    assert silent.fingerprint == effect(OFFICE, after, period, [], NOW).fingerprint
    assert silent.fingerprint != effect(OFFICE, after, period, [mark(NGORO, SATURDAY)], NOW).fingerprint
    # The same days move, but what else stands in the month is not what was shown.
    assert silent.fingerprint != effect(OFFICE, after, period, [mark(PUNGGING, FRIDAY)], NOW).fingerprint


@given(
    st.sampled_from([None, NGORO]),
    st.integers(0, 20),
    st.booleans(),
    st.lists(st.tuples(st.sampled_from([NGORO, PUNGGING]), st.integers(0, 13), st.integers(0, 72)), max_size=12),
)
def test_nothing_before_the_reach_of_a_change_moves(point, offset, opens, came):
    """Whatever a change alters is in its effect: a longer look back finds no more."""
    day = START + timedelta(days=offset)
    marks = [
        ReportMark(p, d, datetime.combine(d, time(9), WIB) + timedelta(hours=h), "angka", None, 1)
        for p, n, h in came
        if (d := START + timedelta(days=n))
    ]
    after = with_day(OFFICE, point, day, opens=opens)
    found = effect(OFFICE, after, reach(OFFICE, after, day, NOW), marks, NOW)
    whole = effect(OFFICE, after, Period(START - timedelta(days=60), TODAY), marks, NOW)
    assert found.days == whole.days


def test_a_month_is_whole_weeks_from_monday():
    rows = rows_of_month(date(2024, 10, 1))
    assert [len(row) for row in rows] == [7] * 5
    assert rows[0][:2] == [None, date(2024, 10, 1)]
    assert rows[-1][-3:] == [None, None, None]
    assert [d for row in rows for d in row if d] == list(days(date(2024, 10, 1), date(2024, 10, 31)))
    assert month_before(date(2025, 1, 1)) == date(2024, 12, 1)
    assert month_after(date(2024, 12, 1)) == date(2025, 1, 1)
    assert len(rows_of_month(date(2021, 2, 1))) == 4
