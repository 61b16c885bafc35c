import json
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from portal.domain.duty import Period
from portal.domain.figures import Percentage
from portal.domain.periodic import (
    MONTHLY,
    WEEKLY,
    Ability,
    Blanks,
    Circumstances,
    DaySource,
    Periodic,
    PointPeriod,
    Stop,
    check_report,
    own_days,
    period_of,
    read_report,
    said_of,
    sources,
)
from portal.domain.publications import NOTHING, Correction, DayBetween, Value, digest, payload
from portal.domain.verify import read_code, read_number

from .. import records
from ..people import NGORO, NOW, PUNGGING, TODAY

MONDAY = date(2024, 10, 14)
SUNDAY = date(2024, 10, 20)
OFFICE = records.office()
WEEK = Periodic(
    kind=WEEKLY,
    first=MONDAY,
    last=SUNDAY,
    days=[DaySource(MONDAY + timedelta(days=n), 5, n == 0) for n in range(7)],
    lines=[
        PointPeriod(NGORO, {"2024-10-14": Value(24, 40), "2024-10-15": Value(0)}, 5, 2, 1, {"alat_rusak": 1}),
        PointPeriod(PUNGGING, {}, 5),
    ],
    between=[DayBetween(date(2024, 10, 9), {NGORO: Value(7)})],
    corrections=[Correction(NGORO, date(2024, 10, 8), Value(34), Value(43), "salah ketik")],
    previous=3,
    cumulative_before=100,
    data_from=records.START,
    around=Circumstances(
        [Ability(NGORO, "able", "unable", "printer")],
        [Stop("", "network", "both", "2024-10-20")],
        [Blanks(NGORO, 90, 4), Blanks(PUNGGING, None, None)],
        4,
        {"done": 1},
        [Percentage(859_821, 870_399, "wajib KTP", "2024-10-01", "dinas")],
    ),
    homes={"35.16.05": 50, "luar": 4},
)


def test_a_week_adds_up_and_what_nobody_told_is_no_zero():
    assert (WEEK.recorded, WEEK.at_offices, WEEK.on_visits, WEEK.passed, WEEK.corrected) == (64, 24, 40, 7, 9)
    assert WEEK.cumulative == 100 + 7 + 64 + 9
    assert (WEEK.reports, WEEK.owed, WEEK.verified, WEEK.causes) == (2, 10, 1, {"alat_rusak": 1})
    assert [WEEK.lines[1].total, WEEK.lines[0].on(date(2024, 10, 16)), WEEK.on(date(2024, 10, 15))] == [None, None, 0]
    assert (WEEK.unsplit, sum(WEEK.homes.values()) + WEEK.unsplit) == (10, WEEK.recorded)
    assert (WEEK.around.blanks_left, WEEK.around.blanks_known) == (90, 1)


def test_what_was_published_is_read_as_it_was_written():
    text = payload(14, WEEK, NOW, "Pengawas", {"signer_name": "Nama"})
    kept = read_report(text, digest(text))
    assert (kept.number, kept.periodic, kept.as_of, kept.by) == (14, WEEK, NOW, "Pengawas")
    assert kept.check_code == f"{digest(text)[:4]}-{digest(text)[4:8]}"
    assert digest(payload(14, replace(WEEK, cumulative_before=99), NOW, "Pengawas", {})) != digest(text)


def test_a_report_published_before_there_was_a_book_of_homes_is_read_without_one():
    body = json.loads(payload(14, WEEK, NOW, "Pengawas", {}))
    del body["homes"]
    assert read_report(json.dumps(body), "0" * 64).periodic == replace(WEEK, homes=None)


def test_it_says_its_own_days_the_days_between_and_its_corrections():
    assert said_of(WEEK) == {
        (NGORO, MONDAY): Value(24, 40),
        (NGORO, date(2024, 10, 15)): Value(0),
        (NGORO, date(2024, 10, 9)): Value(7),
        (NGORO, date(2024, 10, 8)): Value(43),
    }
    assert own_days(WEEK)[PUNGGING, SUNDAY] == NOTHING
    assert len(own_days(WEEK)) == 14


@settings(max_examples=60)
@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_every_day_lies_in_one_week_and_one_month(day):
    for kind in (WEEKLY, MONTHLY):
        period = period_of(kind, day)
        assert period.first <= day <= period.last
        assert period_of(kind, period.first) == period_of(kind, period.last) == period
        assert period_of(kind, period.last + timedelta(days=1)).first == period.last + timedelta(days=1)
    assert len(period_of(WEEKLY, day)) == 7
    assert period_of(MONTHLY, day).first.day == 1


def test_a_day_without_its_own_summary_is_told_by_the_next():
    found = sources(
        Period(MONDAY, MONDAY + timedelta(days=3)), [(8, MONDAY), (9, MONDAY + timedelta(days=2)), (11, TODAY)]
    )
    assert [(s.number, s.own) for s in found] == [(8, True), (9, False), (9, True), (11, False)]


def test_a_period_is_reported_whole_once_and_in_order():
    def told(published, reported=None, period=None):
        period = period or Period(MONDAY, SUNDAY)
        return [p.field for p in check_report(WEEKLY, period, published, reported, OFFICE)]

    assert told(SUNDAY) == told(TODAY) == told(TODAY, MONDAY - timedelta(days=1)) == []
    assert told(None) == told(SUNDAY - timedelta(days=1)) == told(TODAY, SUNDAY) == ["day"]
    assert told(TODAY, period=Period(date(2024, 9, 30), date(2024, 10, 6))) == ["day"]


@pytest.mark.parametrize(
    ("typed", "number"),
    [("14", 14), (" no. 14 ", 14), ("No 14", 14), ("0", None), ("", None), ("14a", None), ("2147483648", None)],
)
def test_a_number_is_read_off_the_paper(typed, number):
    assert read_number(typed) == number


@pytest.mark.parametrize("typed", ["3fa9-07bc", "3FA907BC", " 3fa9 07bc", "3fa9–07bc"])
def test_a_code_is_read_however_it_was_typed(typed):
    assert read_code(typed) == "3fa9-07bc"


@pytest.mark.parametrize("typed", ["", "3fa9-07b", "3fa9-07bcd", "zzzz-zzzz", "３fa9-07bc"])
def test_what_is_no_code_is_none(typed):
    assert read_code(typed) is None
