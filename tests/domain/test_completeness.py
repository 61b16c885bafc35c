"""The month of a point: what is counted, what is excused, and that NIHIL changes coverage but never a sum."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from portal.domain.calendar import DUE, LATE, MISSING, days, office_instant
from portal.domain.completeness import EXCUSABLE, DayLine, Excuse, Tally, causes, check_excuse, lines_of, tally
from portal.domain.duty import Period, ReportMark
from portal.domain.recordings import NIHIL_REASONS, NIHIL_SHORT

from .. import records
from ..people import NGORO, NOW, PUNGGING, TODAY
from ..records import START

OFFICE = records.office()
PERIOD = Period(START, TODAY)


def mark(day, hours=0, recorded=10, reason=None, point=NGORO):
    at = office_instant(day, time(15, 0)) + timedelta(hours=hours)
    return ReportMark(point, day, at, "nihil" if reason else "angka", reason, 0 if reason else recorded)


def excuse(day, point=NGORO):
    return Excuse(1, point, day, "jaringan putus", "Pengawas", NOW)


def test_every_cause_has_a_letter_of_its_own_and_a_short_word():
    assert set(NIHIL_SHORT) == set(NIHIL_REASONS)
    letters = [letter for letter, _word in NIHIL_SHORT.values()]
    assert len(set(letters)) == len(letters)


@pytest.mark.parametrize("state", [*sorted(DUE), "extra", "not_due", "not_required", ""])
def test_only_late_and_missing_are_excused_and_only_with_a_reason(state):
    excusable = state in (LATE, MISSING)
    assert [p.field for p in check_excuse(state, "banjir")] == ([] if excusable else [""])
    assert [p.field for p in check_excuse(state, " ")] == (["reason"] if excusable else ["", "reason"])


def test_an_excuse_moves_no_state_and_no_rate():
    monday, tuesday, wednesday = (date(2024, 10, n) for n in (14, 15, 16))
    marks = [mark(monday, 24), mark(tuesday)]
    plain = lines_of(OFFICE, PERIOD, marks, [], NOW)[NGORO]
    forgiven = lines_of(OFFICE, PERIOD, marks, [excuse(monday), excuse(wednesday), excuse(tuesday)], NOW)[NGORO]
    assert [line.state for line in plain] == [line.state for line in forgiven]
    before, after = tally(plain), tally(forgiven)
    assert before.due == after.due
    assert before.due.completeness == after.due.completeness
    assert before.due.timeliness == after.due.timeliness
    assert (before.excused, after.excused) == (0, 2)
    assert (after.excused_late, after.excused_missing) == (1, 1)
    by_day = {line.day: line for line in forgiven}
    assert by_day[tuesday].excuse is None  # in time: there is nothing to forgive
    assert (by_day[monday].state, by_day[monday].excuse.reason) == (LATE, "jaringan putus")


def test_rates_carry_their_base_and_days_beyond_the_duty_count_nowhere():
    saturday = date(2024, 10, 12)
    found = tally(lines_of(OFFICE, PERIOD, [mark(saturday, recorded=7), mark(START, 48)], [], NOW)[NGORO])
    assert (found.extra, found.reports, found.recorded) == (1, 2, 17)
    assert (found.due.due, found.due.received, found.not_due) == (9, 1, 1)
    assert (found.due.completeness.part, found.due.completeness.base) == (1, 9)
    assert (found.due.timeliness.part, found.due.timeliness.base) == (0, 9)
    assert Tally().due.completeness.percent is None


def test_causes_are_counted_the_most_frequent_first():
    marks = [
        mark(START + timedelta(days=n), reason=reason)
        for n, reason in enumerate(["alat_rusak", "tak_ada_pemohon", "jaringan_server", "alat_rusak", None])
    ]
    assert list(causes(marks).items()) == [("alat_rusak", 2), ("jaringan_server", 1), ("tak_ada_pemohon", 1)]
    assert causes([]) == {}


def test_no_report_at_all_is_not_a_sum_of_nought():
    silent = tally(lines_of(OFFICE, PERIOD, [], [], NOW)[NGORO])
    assert silent.recorded is None
    assert (silent + silent).recorded is None
    assert (silent + tally([DayLine(START, "on_time", mark(START, recorded=0))])).recorded == 0


reports = st.dictionaries(
    st.integers(0, 13), st.tuples(st.integers(0, 99), st.integers(-5, 90), st.sampled_from([None, *NIHIL_REASONS]))
)


def arranged(said):
    return [mark(START + timedelta(days=n), hours, count, reason) for n, (count, hours, reason) in said.items()]


@given(reports, st.sets(st.integers(0, 13)))
def test_all_that_is_due_is_on_time_in_grace_late_or_missing_and_never_above_it(said, forgiven):
    excuses = [excuse(START + timedelta(days=n)) for n in forgiven]
    lines = lines_of(OFFICE, PERIOD, arranged(said), excuses, NOW)[NGORO]
    found = tally(lines)
    due = found.due
    assert due.on_time + due.in_grace + due.late + due.missing == due.due
    assert due.timeliness.part <= due.completeness.part <= due.due
    assert due.due + found.extra + found.not_due == len([x for x in lines if x.state != "not_required"])
    assert found.excused_late <= due.late
    assert found.excused_missing <= due.missing
    assert sum((found.nihil or {}).values()) == sum(reason is not None for _c, _h, reason in said.values())
    assert all(line.state in EXCUSABLE for line in lines if line.excuse)


@given(reports, st.integers(0, 13), st.sampled_from(list(NIHIL_REASONS)))
def test_silence_that_becomes_nihil_changes_coverage_and_no_sum(said, n, reason):
    day = START + timedelta(days=n)
    without = arranged({k: v for k, v in said.items() if k != n})
    before = tally(lines_of(OFFICE, PERIOD, without, [], NOW)[NGORO])
    after = tally(lines_of(OFFICE, PERIOD, [*without, mark(day, reason=reason)], [], NOW)[NGORO])
    assert (after.recorded or 0) == (before.recorded or 0)
    assert after.reports == before.reports + 1
    assert sum(after.nihil.values()) == sum(before.nihil.values()) + 1


def test_months_of_points_add_up_to_the_district():
    marks = [mark(d, point=p, recorded=n) for n, d in enumerate(days(START, TODAY)) for p in (NGORO, PUNGGING)]
    found = [tally(lines) for lines in lines_of(OFFICE, PERIOD, marks, [], NOW).values()]
    total = sum(found, Tally())
    assert total.recorded == sum(m.recorded for m in marks)
    assert total.reports == len(marks)
    assert total.due.due == sum(t.due.due for t in found)


def test_a_report_after_a_point_has_ended_stands_beyond_the_duty():
    last = TODAY - timedelta(days=4)
    points = {**OFFICE.points, NGORO: replace(OFFICE.points[NGORO], active_to=last)}
    late = last + timedelta(days=1)
    lines = lines_of(replace(OFFICE, points=points), PERIOD, [mark(last), mark(late, recorded=7)], [], NOW)[NGORO]
    assert [(line.day, line.state) for line in lines if line.mark] == [(last, "on_time"), (late, "extra")]
    found = tally(lines)
    assert (lines[-1].day, found.extra, found.due.due) == (late, 1, tally(lines[:-1]).due.due)
    assert found.reports == 2
