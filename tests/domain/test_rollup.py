from collections import Counter
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from portal.domain.areas import NO_HUB, OUTSIDE, HubMember
from portal.domain.calendar import WIB, Timetable, days, office_instant
from portal.domain.duty import Period, ReportMark
from portal.domain.equipment import ABLE, BROKEN, COMPONENTS, GOOD, UNABLE, UNKNOWN, Component, Kit
from portal.domain.figures import DPT, RECORDED_TOTAL
from portal.domain.rollup import summarise
from portal.domain.summary import (
    AWAITED,
    BOOKS,
    BY_HOME,
    BY_WORK,
    COMPLETE,
    DOWN,
    GAPS,
    NOTHING_OWED,
    STILL_OPEN,
    UNCONFIRMED,
    UNSPLIT,
    Facts,
    HomeLine,
    WorkLine,
)

from .. import records
from ..people import GONDANG, NGORO, NOW, PUNGGING, TODAY
from ..records import START
from .test_figures import PUBLISHED
from .test_figures import figure as published

OFFICE = records.office()
DLANGGU = "kec-35.16.09"
WEEK = Period(date(2024, 10, 14), date(2024, 10, 18))
AFTER = datetime(2024, 10, 21, 13, 0, tzinfo=WIB)


def mark(point, day, at=time(15, 0), kind="angka", recorded=10):
    return ReportMark(point, day, office_instant(day, at), kind, None, recorded)


def facts(**over):
    values = {
        "work": [],
        "homes": [],
        "marks": [],
        "trend": {},
        "trend_visits": {},
        "kits": [],
        "figures": PUBLISHED,
    }
    return Facts(**values | over)


def work(point, hub, office=None, visits=None, **sums):
    return WorkLine(point, hub, {"office": office, "visits": visits, **sums})


def of(summary, code):
    (row,) = [row for group in summary.groups for row in group.rows if row.code == code]
    return row


def summed(rows, name):
    known = [row.values[name] for row in rows if row.values[name] is not None]
    return sum(known) if known else None


# --- the two books ------------------------------------------------------------------------------

sums = st.none() | st.integers(0, 500)
works = st.dictionaries(st.sampled_from(sorted(OFFICE.points)), st.tuples(sums, sums))
shares = st.dictionaries(
    st.sampled_from([*OFFICE.kecamatan, OUTSIDE]), st.tuples(st.integers(0, 40), st.integers(0, 40))
)


def hub(point):
    kecamatan = OFFICE.points[point].kecamatan_code
    return OFFICE.hub_of(kecamatan, TODAY) if kecamatan else OFFICE.hub_points.get(point, NO_HUB)


@given(works, shares)
def test_both_books_add_up_to_the_same_district_total(done, homes):
    lines = [work(point, hub(point), office, visits) for point, (office, visits) in done.items()]
    left = [summed_pairs(done, part) or 0 for part in (0, 1)]
    shared = []
    for code, pair in homes.items():
        office, visits = (min(n, left[part]) for part, n in enumerate(pair))  # nobody is named who was not recorded
        left = [left[0] - office, left[1] - visits]
        shared.append(HomeLine(code, NO_HUB if code == OUTSIDE else OFFICE.hub_of(code, TODAY), office, visits))
    known = facts(work=lines, homes=shared)
    by_work, by_home = (summarise(OFFICE, WEEK, book, known, AFTER) for book in BOOKS)
    for name in ("office", "visits", "recorded"):
        assert by_work.total.values[name] == by_home.total.values[name]
        for book in (by_work, by_home):
            rows = [row for group in book.groups for row in group.rows]
            assert summed(rows, name) == book.total.values[name]
            for group in book.groups:
                assert summed(group.rows, name) == group.total.values[name]
    assert by_work.total.values["office"] == summed_pairs(done, 0)
    assert by_work.total.values["visits"] == summed_pairs(done, 1)


def summed_pairs(done, index):
    known = [pair[index] for pair in done.values() if pair[index] is not None]
    return sum(known) if known else None


def test_what_nobody_split_and_people_from_elsewhere_stand_in_their_own_lines():
    known = facts(
        work=[work(NGORO, "mojosari", 30, 12), work(PUNGGING, "mojosari", 10)],
        homes=[
            HomeLine("35.16.05", "mojosari", 15, 9),
            HomeLine("35.16.06", "mojosari", 6, 0),
            HomeLine(OUTSIDE, NO_HUB, 2, 1),
        ],
    )
    found = summarise(OFFICE, WEEK, BY_HOME, known, AFTER)
    assert of(found, OUTSIDE).values == {"office": 2, "visits": 1, "recorded": 3}
    assert of(found, UNSPLIT).values == {"office": 17, "visits": 2, "recorded": 19}
    assert of(found, "35.16.05").values == {"office": 15, "visits": 9, "recorded": 24}
    assert of(found, "35.16.06").values == {"office": 6, "visits": None, "recorded": 6}
    assert of(found, "35.16.09").values == {"office": None, "visits": None, "recorded": None}
    assert found.total.values == {"office": 40, "visits": 12, "recorded": 52}


def test_a_kecamatan_nobody_named_is_nought_only_when_every_recording_is_split():
    lines = [work(NGORO, "mojosari", 30, 12)]
    named = [HomeLine("35.16.05", "mojosari", 25, 9), HomeLine(OUTSIDE, NO_HUB, 5, 0)]
    found = summarise(OFFICE, WEEK, BY_HOME, facts(work=lines, homes=named), AFTER)
    assert of(found, UNSPLIT).values == {"office": 0, "visits": 3, "recorded": 3}
    assert of(found, "35.16.09").values == {"office": 0, "visits": None, "recorded": 0}
    one_short = [HomeLine("35.16.05", "mojosari", 24, 12), HomeLine(OUTSIDE, NO_HUB, 5, 0)]
    found = summarise(OFFICE, WEEK, BY_HOME, facts(work=lines, homes=one_short), AFTER)
    assert of(found, UNSPLIT).values == {"office": 1, "visits": 0, "recorded": 1}
    assert of(found, "35.16.09").values == {"office": None, "visits": 0, "recorded": 0}


def test_residents_have_no_reports_of_their_own():
    marks = [mark(NGORO, day) for day in days(WEEK.first, WEEK.last)]
    found = summarise(OFFICE, WEEK, BY_HOME, facts(marks=marks), AFTER)
    assert {row.completeness for row in found.rows} == {None}
    assert found.total.completeness.due == 30
    assert {group.total.completeness for group in found.groups} == {None}


def test_nothing_known_stays_nothing_and_never_becomes_zero():
    for book in BOOKS:
        found = summarise(OFFICE, WEEK, book, facts(), AFTER)
        assert {value for row in (*found.rows, found.total) for value in row.values.values()} == {None}
    only_visits = facts(work=[work(NGORO, "mojosari", None, 42)])
    for book in BOOKS:
        found = summarise(OFFICE, WEEK, book, only_visits, AFTER)
        assert (found.total.values["office"], found.total.values["visits"]) == (None, 42)
    row = of(summarise(OFFICE, WEEK, BY_WORK, facts(work=[work(NGORO, "mojosari", 5)]), AFTER), NGORO)
    assert row.values["office"] == row.values["recorded"] == 5
    assert row.values["visits"] is row.values["printed"] is row.values["failed"] is None


# --- gaps ---------------------------------------------------------------------------------------


def test_a_missing_day_that_becomes_nihil_changes_coverage_but_no_sum():
    lines = [work(NGORO, "mojosari", 40)]
    marks = [mark(NGORO, day) for day in days(WEEK.first, WEEK.last) if day != WEEK.last]
    gap = summarise(OFFICE, WEEK, BY_WORK, facts(work=lines, marks=marks), AFTER)
    nihil = [*marks, mark(NGORO, WEEK.last, kind="nihil", recorded=0)]
    told = summarise(OFFICE, WEEK, BY_WORK, facts(work=lines, marks=nihil), AFTER)
    assert [row.values for row in gap.rows] == [row.values for row in told.rows]
    assert gap.total.values == told.total.values
    before, after = of(gap, NGORO).completeness, of(told, NGORO).completeness
    assert (before.due, before.missing, before.on_time) == (5, 1, 4)
    assert (after.due, after.missing, after.on_time) == (5, 0, 5)
    assert (NGORO, WEEK.last) in gap.missing
    assert (NGORO, WEEK.last) not in told.missing
    assert (gap.reporting, told.reporting) == ((0, 5), (1, 5))


def test_due_reports_that_never_came_are_listed_oldest_first():
    marks = [mark(point, day) for point in OFFICE.points for day in days(WEEK.first, WEEK.last)]
    gone = {(PUNGGING, date(2024, 10, 15)), (NGORO, date(2024, 10, 15)), (DLANGGU, date(2024, 10, 14))}
    known = facts(marks=[m for m in marks if (m.point_code, m.day) not in gone])
    found = summarise(OFFICE, WEEK, BY_WORK, known, AFTER)
    assert found.missing == sorted(gone, key=lambda gap: (gap[1], gap[0]))
    assert found.reporting == (2, 5)
    assert found.total.completeness.due == 30
    assert found.total.completeness.missing == 3


def test_today_is_awaited_and_not_missing():
    period = Period(date(2024, 10, 18), TODAY)
    marks = [mark(point, date(2024, 10, 18)) for point in OFFICE.points]
    found = summarise(OFFICE, period, BY_WORK, facts(marks=[*marks, mark(NGORO, TODAY, time(11))]), NOW)
    assert found.awaited == sorted((code, TODAY) for code in set(OFFICE.points) - {NGORO})
    assert found.missing == []
    assert (found.reporting, found.complete) == ((5, 5), False)
    assert {of(found, code).standing for code in OFFICE.points} == {AWAITED, COMPLETE}
    today_only = summarise(OFFICE, Period(TODAY, TODAY), BY_WORK, facts(marks=[mark(NGORO, TODAY, time(11))]), NOW)
    assert today_only.reporting == (1, 5)


FRIDAY = date(2024, 10, 18)
GRACE = datetime(2024, 10, 21, 8, 59, tzinfo=WIB)


def test_before_nine_the_reports_of_the_last_service_day_may_still_come():
    period = Period(WEEK.first, TODAY)
    marks = [mark(point, day) for point in OFFICE.points for day in days(WEEK.first, FRIDAY)]
    marks = [m for m in marks if (m.point_code, m.day) not in {(NGORO, FRIDAY), ("dinas", FRIDAY)}]
    found = summarise(OFFICE, period, BY_WORK, facts(marks=marks), GRACE)
    assert (found.missing, found.complete) == ([], False)
    assert found.awaited[:2] == [("dinas", FRIDAY), (NGORO, FRIDAY)]
    assert {day for _code, day in found.awaited[2:]} == {TODAY}
    assert found.reporting == (4, 5)
    assert (of(found, NGORO).standing, of(found, NGORO).standing_days) == (STILL_OPEN, 1)
    assert of(found, PUNGGING).standing == AWAITED

    at_nine = summarise(OFFICE, period, BY_WORK, facts(marks=marks), GRACE + timedelta(minutes=1))
    assert at_nine.missing == [("dinas", FRIDAY), (NGORO, FRIDAY)]
    assert (of(at_nine, NGORO).standing, of(at_nine, NGORO).standing_days) == (GAPS, 1)


def test_a_point_that_serves_on_sundays_is_in_grace_on_monday_morning():
    office = replace(OFFICE, points={NGORO: records.point(NGORO, "35.16.05", timetable=Timetable("1111111"))})
    marks = [mark(NGORO, day) for day in days(WEEK.first, date(2024, 10, 19))]
    found = summarise(office, Period(WEEK.first, TODAY), BY_WORK, facts(marks=marks), GRACE)
    assert (of(found, NGORO).standing, of(found, NGORO).standing_days) == (STILL_OPEN, 1)
    assert found.awaited == [(NGORO, date(2024, 10, 20)), (NGORO, TODAY)]


def full(period, but=()):
    """Every report of a period, except some."""
    owed = ((point, day) for point in OFFICE.points for day in days(period.first, period.last))
    return [mark(point, day) for point, day in owed if (point, day) not in but]


def test_a_period_with_everything_in_it_is_complete():
    found = summarise(OFFICE, WEEK, BY_WORK, facts(marks=full(WEEK)), AFTER)
    assert (found.complete, found.reporting) == (True, (5, 5))
    assert {of(found, code).standing for code in OFFICE.points} == {COMPLETE}


def test_the_districts_own_office_is_owed_too():
    gone = {("dinas", WEEK.last)}
    found = summarise(OFFICE, WEEK, BY_WORK, facts(marks=full(WEEK, gone)), AFTER)
    assert (found.complete, found.reporting) == (False, (5, 5))
    assert found.missing == [("dinas", WEEK.last)]


def test_a_visit_without_its_result_leaves_a_period_open():
    for book in BOOKS:
        found = summarise(OFFICE, WEEK, book, facts(marks=full(WEEK), owed_visits=1), AFTER)
        assert (found.complete, found.owed_visits, found.missing) == (False, 1, [])


@pytest.mark.parametrize(
    "period",
    [
        Period(date(2024, 10, 19), date(2024, 10, 20)),
        Period(date(2024, 9, 2), date(2024, 9, 6)),
        Period(records.POLLING_DAY, records.POLLING_DAY),
    ],
    ids=["weekend", "before the start", "holiday"],
)
def test_where_nothing_is_owed_nothing_is_complete(period):
    for book in BOOKS:
        now = office_instant(max(period.last, TODAY), time(13))
        found = summarise(OFFICE, period, book, facts(), now)
        assert (found.complete, found.reporting, found.missing, found.awaited) == (None, (0, 0), [], [])
    by_work = summarise(OFFICE, period, BY_WORK, facts(), now)
    assert {row.standing for group in by_work.groups for row in group.rows} <= {NOTHING_OWED}
    assert summarise(OFFICE, period, BY_WORK, facts(owed_visits=1), now).complete is False


received = st.sets(st.tuples(st.sampled_from(sorted(OFFICE.points)), st.integers(0, 13)))


@given(received, st.integers(0, 20))
def test_rows_hubs_and_district_count_the_same_gaps(sent, hours):
    period = Period(START, START + timedelta(days=13))
    now = office_instant(period.last, time(8)) + timedelta(hours=hours)
    known = facts(marks=[mark(point, START + timedelta(days=n), time(7)) for point, n in sent])
    found = summarise(OFFICE, period, BY_WORK, known, now)
    total = found.total.completeness
    rows = [row.completeness for group in found.groups for row in group.rows]
    assert sum((c for c in rows[1:]), rows[0]) == total
    assert sum(group.total.completeness.due for group in found.groups) == total.due
    assert total.missing == len(found.missing)
    assert total.received + total.missing == total.due


# --- hubs ---------------------------------------------------------------------------------------


def test_the_kecamatan_without_a_hub_stands_last():
    found = summarise(OFFICE, WEEK, BY_WORK, facts(), AFTER)
    assert [group.code for group in found.groups] == ["mojosari", "gondang", "dinas-mpp", NO_HUB]
    assert [row.code for row in found.groups[-1].rows] == [DLANGGU]
    by_home = summarise(OFFICE, WEEK, BY_HOME, facts(), AFTER)
    assert [group.code for group in by_home.groups] == ["mojosari", "gondang", NO_HUB, OUTSIDE]


def test_a_hub_changed_from_a_date_leaves_earlier_days_alone():
    turn = date(2024, 10, 16)
    others = tuple(m for m in OFFICE.members if m.kecamatan_code != "35.16.05")
    moved = (
        HubMember("35.16.05", "mojosari", START, turn - timedelta(days=1)),
        HubMember("35.16.05", "gondang", turn, None),
    )
    office = replace(OFFICE, members=others + moved)
    marks = [mark(NGORO, day) for day in days(WEEK.first, turn - timedelta(days=1))]
    known = facts(work=[work(NGORO, "mojosari", 20)], marks=marks)

    before = Period(WEEK.first, turn - timedelta(days=1))
    assert (
        summarise(office, before, BY_WORK, known, AFTER).groups
        == summarise(OFFICE, before, BY_WORK, known, AFTER).groups
    )

    found = summarise(office, WEEK, BY_WORK, known, AFTER)
    rows = {row.hub_code: row for group in found.groups for row in group.rows if row.code == NGORO}
    assert set(rows) == {"mojosari", "gondang"}
    assert (rows["mojosari"].completeness.due, rows["mojosari"].completeness.missing) == (2, 0)
    assert (rows["gondang"].completeness.due, rows["gondang"].completeness.missing) == (3, 3)
    assert rows["gondang"].values["recorded"] is None
    assert found.total.completeness.missing == len(found.missing)


# --- trend, kits, percentages -------------------------------------------------------------------


def test_a_day_without_a_report_is_a_gap_in_the_trend():
    monday, tuesday, wednesday = date(2024, 10, 14), date(2024, 10, 15), date(2024, 10, 16)
    known = facts(trend={monday: (30, 4, 1), wednesday: (0, 1, 1)}, trend_visits={tuesday: 42, monday: 5})
    trend = {day.day: day for day in summarise(OFFICE, WEEK, BY_WORK, known, AFTER).trend}
    assert list(trend) == list(days(START, WEEK.last))
    assert (trend[monday].recorded, trend[monday].visits, trend[monday].nihil) == (35, 5, 1)
    assert (trend[monday].reports, trend[monday].expected) == (4, 6)
    assert (trend[tuesday].recorded, trend[tuesday].reports) == (42, 0)
    assert trend[wednesday].recorded == 0
    assert trend[WEEK.last].recorded is None
    assert trend[date(2024, 10, 12)].expected == 0


def kit(point, broken="", confirmed_at=AFTER):
    parts = tuple(
        Component(n, f"kit-{point}", kind, BROKEN if kind == broken else GOOD, "", "", AFTER, confirmed_at, "x", 1)
        for n, kind in enumerate(COMPONENTS)
    )
    return Kit(f"kit-{point}", "Alat", point, parts)


def test_kits_that_record_and_points_that_cannot():
    known = facts(
        kits=[
            kit(NGORO, broken="iris"),
            kit(PUNGGING, broken="printer"),
            kit(GONDANG, confirmed_at=AFTER - timedelta(days=10)),
            kit(DLANGGU, broken="iris", confirmed_at=AFTER - timedelta(days=10)),
            replace(kit(DLANGGU), code="kit-2"),
        ]
    )
    found = summarise(OFFICE, Period(WEEK.first, TODAY), BY_WORK, known, AFTER)
    assert found.kits_recording == (2, 5)
    assert [row.code for row in found.points_down] == [NGORO]
    assert of(found, NGORO).weakest.kind == "iris"
    able = {
        code: (of(found, code).can_record, of(found, code).can_print) for code in (NGORO, PUNGGING, GONDANG, DLANGGU)
    }
    assert able == {
        NGORO: (UNABLE, ABLE),
        PUNGGING: (ABLE, UNABLE),
        GONDANG: (UNKNOWN, UNKNOWN),
        DLANGGU: (ABLE, ABLE),
    }
    assert of(found, "dinas").can_record == ""


def test_kits_colour_no_day_that_is_gone():
    """What a kit can do is known for now only."""
    kits = [kit(NGORO, broken="iris"), kit(PUNGGING, confirmed_at=NOW - timedelta(days=20))]
    known = facts(marks=full(WEEK), kits=kits)
    gone = summarise(OFFICE, WEEK, BY_WORK, known, AFTER)
    assert {(of(gone, code).can_record, of(gone, code).weakest) for code in OFFICE.points} == {("", None)}
    assert {of(gone, code).standing for code in OFFICE.points} == {COMPLETE}
    assert gone.points_down == []
    assert gone.kits_recording == (0, 2), "told as of now"
    ends_today = summarise(OFFICE, Period(TODAY, TODAY), BY_WORK, replace(known, marks=full(Period(TODAY, TODAY))), NOW)
    assert of(ends_today, NGORO).standing == DOWN
    assert of(ends_today, PUNGGING).standing == UNCONFIRMED
    assert of(ends_today, GONDANG).standing == COMPLETE


def test_the_most_pressing_thing_is_said_of_a_line():
    broken, old = kit(NGORO, broken="iris"), kit(NGORO, confirmed_at=NOW - timedelta(days=20))
    period = Period(WEEK.first, TODAY)
    whole, but_today = full(period), full(WEEK)

    def standing(marks, kits, now=NOW):
        row = of(summarise(OFFICE, period, BY_WORK, facts(marks=marks, kits=kits), now), NGORO)
        return row.standing, row.standing_days

    assert standing([], [broken]) == (GAPS, 5)
    assert standing(but_today, [broken]) == (DOWN, 0)
    assert standing([m for m in but_today if m.day < FRIDAY], [old], GRACE) == (STILL_OPEN, 1)
    assert standing(but_today, [old]) == (AWAITED, 0)
    assert standing(whole, [old]) == (UNCONFIRMED, 0)
    assert standing(whole, [kit(NGORO)]) == (COMPLETE, 0)


def test_percentages_carry_their_base_date_and_source():
    found = summarise(OFFICE, Period(TODAY, TODAY), BY_WORK, facts(reached=(50, 42)), NOW)
    assert found.recorded_total.value == 870_399
    assert (found.dpt.part, found.dpt.base, found.dpt.tone) == (870_399, 845_655, "attention")
    assert found.dpt.as_of == "2024-09-20"
    assert found.dpt.source
    assert (found.coverage.part, found.coverage.base, found.coverage.as_of) == (839_458, 858_332, "2018-08-31")
    assert (found.reached.part, found.reached.base, found.reached.percent) == (42, 50, 84)
    assert found.reached.as_of == str(TODAY)
    assert found.data_from == START
    bare = summarise(OFFICE, WEEK, BY_WORK, facts(figures=[published(DPT, 1, START)]), AFTER)
    assert bare.coverage is bare.dpt is bare.recorded_total is None
    assert bare.reached.percent is None


ROLL = published(DPT, 845_655, date(2024, 9, 20), election="pilkada-2024")


@pytest.mark.parametrize(
    ("read_on", "last", "shown"),
    [
        (date(2024, 9, 19), TODAY, False),
        (date(2024, 9, 20), TODAY, True),
        (TODAY, TODAY, True),
        (records.POLLING_DAY, records.POLLING_DAY, True),
        (records.POLLING_DAY + timedelta(days=1), date(2024, 12, 31), False),
        (date(2024, 9, 20), date(2024, 9, 20), True),
    ],
)
def test_the_roll_stands_only_beside_readings_between_its_date_and_polling_day(read_on, last, shown):
    known = facts(figures=[ROLL, published(RECORDED_TOTAL, 870_399, read_on)])
    period = Period(last, last)
    found = summarise(OFFICE, period, BY_WORK, known, office_instant(last, time(18)))
    assert found.recorded_total.as_of == read_on
    assert (found.dpt is not None) is shown


def test_a_roll_of_another_election_or_of_none_is_no_base():
    for election in ("pilkada-2020", ""):
        roll = published(DPT, 845_655, date(2024, 9, 20), election=election)
        known = facts(figures=[roll, published(RECORDED_TOTAL, 870_399, TODAY)])
        assert summarise(OFFICE, Period(TODAY, TODAY), BY_WORK, known, NOW).dpt is None
    older = published(DPT, 1, date(2024, 9, 1), election="pilkada-2024")
    known = facts(figures=[older, ROLL, published(RECORDED_TOTAL, 870_399, TODAY)])
    assert summarise(OFFICE, Period(TODAY, TODAY), BY_WORK, known, NOW).dpt.base == 845_655


def test_boxes_left_empty_are_told_and_full_ones_are_not():
    known = facts(filled={"counted": 5, "failed": 3, "handed_over": 5, "re_recorded": 0})
    found = summarise(OFFICE, WEEK, BY_WORK, known, AFTER)
    assert found.filled == {"failed": (3, 5), "re_recorded": (0, 5)}
    assert summarise(OFFICE, WEEK, BY_WORK, facts(filled={"counted": 0, "failed": 0}), AFTER).filled == {}
    assert summarise(OFFICE, WEEK, BY_WORK, facts(), AFTER).filled == {}


def test_a_point_is_judged_only_while_it_is_active():
    points = dict(OFFICE.points) | {
        NGORO: records.point(NGORO, "35.16.05", active_from=date(2024, 10, 17)),
        PUNGGING: records.point(PUNGGING, "35.16.06", active_to=date(2024, 10, 14)),
    }
    found = summarise(replace(OFFICE, points=points), WEEK, BY_WORK, facts(), AFTER)
    gaps = Counter(code for code, _day in found.missing)
    assert (gaps[NGORO], gaps[PUNGGING], gaps[GONDANG]) == (2, 1, 5)
    assert (of(found, GONDANG).standing, of(found, GONDANG).standing_days) == (GAPS, 5)
