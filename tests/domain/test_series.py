from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from portal.domain.calendar import MISSING, NOT_REQUIRED, ON_TIME, office_instant
from portal.domain.daysheets import DaySheet, Visited
from portal.domain.duty import Period
from portal.domain.outages import CENTRAL_SERVER, PRINTING, Outage, stopped
from portal.domain.recordings import FLOWS
from portal.domain.series import PointDay, Side, check_pair, compare, series, spread
from portal.domain.summary import BY_WORK, WorkLine

from ..people import NGORO, PUNGGING
from .test_rollup import AFTER, OFFICE, WEEK, facts, mark, summarise

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (date(2024, 10, 14 + n) for n in range(5))
SERVER = Outage(1, None, CENTRAL_SERVER, office_instant(TUESDAY, time(9)), office_instant(WEDNESDAY, time(0)))


def sheet(day, recorded=None, visited=None, nihil=None):
    kind = "angka" if nihil is None else "nihil"
    marks = [] if recorded is None else [replace(mark(NGORO, day, kind=kind, recorded=recorded), nihil_reason=nihil)]
    flows = {} if recorded is None else {NGORO: tuple(recorded if name == "recorded" else None for name in FLOWS)}
    return DaySheet(marks, flows, {} if visited is None else {NGORO: Visited(1, visited, visited, visited)})


def test_a_gap_is_no_zero_and_nihil_is_a_zero_with_a_cause():
    sheets = {
        MONDAY: sheet(MONDAY, 12, visited=30),
        TUESDAY: sheet(TUESDAY, 0, nihil="jaringan_server"),
        THURSDAY: sheet(THURSDAY, 0, visited=8, nihil="alat_rusak"),
    }
    found = series(OFFICE, Period(MONDAY, date(2024, 10, 19)), sheets, [SERVER], AFTER)[NGORO]
    assert [day.value for day in found] == [42, 0, None, 8, None, None]
    assert [day.state for day in found] == [ON_TIME, ON_TIME, MISSING, ON_TIME, MISSING, NOT_REQUIRED]
    assert [day.nihil for day in found] == ["", "jaringan_server", "", "", "", ""], "who visited recorded somebody"
    assert [day.stopped_by for day in found] == [(), (CENTRAL_SERVER,), (), (), (), ()]
    told = spread(found)
    assert (told.days, told.least, told.most) == (2, 8, 42)
    assert series(OFFICE, WEEK, sheets, [], AFTER)[PUNGGING][0].value is None


def test_a_report_left_out_of_the_sums_is_neither_a_gap_nor_a_day_off():
    told = sheet(MONDAY, 12)
    left_out = DaySheet([replace(told.marks[0], excluded=True)], {}, {}, {})
    monday, tuesday = series(OFFICE, Period(MONDAY, TUESDAY), {MONDAY: left_out}, [], AFTER)[NGORO]
    assert (monday.value, monday.left_out, monday.counted) == (None, True, False)
    assert (tuesday.state, tuesday.left_out) == (MISSING, False)
    assert not series(OFFICE, Period(MONDAY, MONDAY), {MONDAY: told}, [], AFTER)[NGORO][0].left_out


def test_an_outage_touches_the_days_on_which_it_stopped_recording_and_no_other():
    assert [day for day in (MONDAY, TUESDAY, WEDNESDAY) if stopped([SERVER], day)] == [TUESDAY]
    lasting = replace(SERVER, ended_at=None)
    assert stopped([lasting], FRIDAY) == [lasting]
    assert not stopped([replace(SERVER, stops=PRINTING)], TUESDAY)
    assert not stopped([replace(SERVER, withdrawn=True)], TUESDAY)


@given(st.lists(st.integers(0, 999), min_size=1, max_size=40))
def test_the_five_numbers_stand_in_order_and_an_ordinary_day_stays_under_the_highest(values):
    found = spread([PointDay(MONDAY, value, ON_TIME) for value in values])
    assert list(found.five) == sorted(found.five)
    assert (found.least, found.most, found.days) == (min(values), max(values), len(values))
    assert found.high <= found.usual_most <= found.most or found.usual_most == found.most


def test_days_that_nobody_counted_spread_nowhere():
    gap, nihil = PointDay(MONDAY, None, MISSING), PointDay(TUESDAY, 0, ON_TIME, "alat_rusak")
    assert spread([gap, nihil]) is None
    assert spread([gap, PointDay(WEDNESDAY, 7, ON_TIME)]).five == (7,) * 5


def test_two_periods_are_compared_by_line_and_by_what_a_report_brought():
    def summary(period, ngoro):
        marks = [mark(NGORO, day, recorded=10) for day in (period.first, period.last)]
        lines = [WorkLine(NGORO, "mojosari", {"office": ngoro, "recorded": ngoro})]
        return summarise(OFFICE, period, BY_WORK, facts(work=lines, marks=marks), AFTER)

    before, after = summary(Period(MONDAY, TUESDAY), 30), summary(Period(WEDNESDAY, FRIDAY), 45)
    lines, whole = compare(before, after)
    ngoro = next(line for line in lines if line.row.code == NGORO)
    assert (ngoro.before.recorded, ngoro.after.recorded, ngoro.change) == (30, 45, 15)
    assert (ngoro.before.per_report, ngoro.after.per_report) == (15, 22.5)
    silent = next(line for line in lines if line.row.code == PUNGGING)
    assert (silent.before, silent.after, silent.change, silent.after.per_report) == (Side(), Side(), None, None)
    assert (whole.before.recorded, whole.after.recorded) == (30, 45)
    for side in ("before", "after"):
        sides = [getattr(line, side) for line in lines]
        assert sum(s.recorded or 0 for s in sides) == getattr(whole, side).recorded
        assert sum(s.reports for s in sides) == getattr(whole, side).reports
    assert len({line.row.code for line in lines}) == len(lines) == len(OFFICE.points)


@pytest.mark.parametrize(
    ("first", "second", "sound"),
    [
        (Period(MONDAY, TUESDAY), Period(WEDNESDAY, FRIDAY), True),
        (Period(WEDNESDAY, FRIDAY), Period(MONDAY, TUESDAY), True),
        (Period(MONDAY, WEDNESDAY), Period(WEDNESDAY, FRIDAY), False),
        (Period(MONDAY, FRIDAY), Period(TUESDAY, TUESDAY), False),
    ],
)
def test_compared_periods_share_no_day(first, second, sound):
    assert (not check_pair(first, second)) is sound
