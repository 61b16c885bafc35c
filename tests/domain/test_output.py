from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.availability import measure
from portal.domain.calendar import WIB, days
from portal.domain.downtime import KitStory, PartStory, Told
from portal.domain.duty import Period, ReportMark
from portal.domain.equipment import BROKEN, GOOD, RECORD, RECORDS_WITH, Kit
from portal.domain.outages import Outage
from portal.domain.output import (
    JOINED,
    STATED,
    UNEXPLAINED,
    WEEKDAY,
    WEEKEND,
    Loss,
    baseline,
    loss,
    output,
    usual,
    usual_of,
    zeros,
    zeros_without_kit,
)

from .. import records
from ..people import GONDANG, NGORO

OFFICE = records.office()
NOW = datetime(2024, 11, 4, 8, 0, tzinfo=WIB)
PERIOD = Period(date(2024, 10, 8), date(2024, 11, 3))
WEEKDAYS = [d for d in days(PERIOD.first, PERIOD.last) if d.weekday() < 5]


def at(day: int, hour: int) -> datetime:
    return datetime(2024, 10, day, hour, tzinfo=WIB)


def mark(day: date, recorded: int = 24, reason: str | None = None, point: str = NGORO) -> ReportMark:
    moment = datetime(day.year, day.month, day.day, 15, tzinfo=WIB)
    return ReportMark(point, day, moment, "nihil" if reason else "angka", reason, 0 if reason else recorded)


def story(words, point=NGORO):
    looked = [Told(at(8, 7) + timedelta(days=n), GOOD) for n in (0, 30)]
    told = {kind: looked for kind in RECORDS_WITH} | {"iris": [*looked, *words]}
    parts = [PartStory(kind, "record", own) for kind, own in told.items()]
    return KitStory(Kit(f"K-{point}", "K", point), at(8, 0), parts)


def found(*words, outages=(), point=NGORO, period=PERIOD):
    return measure(OFFICE, [story(words, point)], outages, period, NOW, RECORD)


BROKEN_ON_22 = (Told(at(22, 8), BROKEN), Told(at(22, 13), GOOD))


def test_the_usual_output_is_the_middle_half_of_at_least_eight_days():
    assert usual([1.0] * 7) is None
    told = usual([1, 2, 3, 4, 5, 6, 7, 8, 9])
    assert (told.days, told.low, told.middle, told.high) == (9, 3, 5, 7)


def test_days_that_were_down_or_nihil_say_nothing_about_the_usual_output():
    line = found(*BROKEN_ON_22).points[NGORO]
    marks = [mark(d) for d in WEEKDAYS] + [mark(date(2024, 10, 26), 80)]
    marks = [m if m.day.day != 22 else mark(m.day, 3) for m in marks]
    marks = [m if m.day != date(2024, 10, 23) else mark(m.day, reason="lain") for m in marks]
    known = usual_of(OFFICE, line.down, marks)
    assert known[WEEKDAY].days == len(WEEKDAYS) - 2
    assert known[WEEKDAY].middle == 3
    assert known[WEEKEND] is None


def test_lost_recordings_are_hours_down_times_the_usual_hour():
    line = found(*BROKEN_ON_22).points[NGORO]
    rates = {WEEKDAY: usual([2.0, 2, 2, 3, 3, 3, 4, 4, 4]), WEEKEND: None}
    lost = loss(OFFICE, line.down, rates, PERIOD)
    assert (lost.low, lost.middle, lost.high) == (5 * 2, 5 * 3, 5 * 4)
    assert lost.unknown == timedelta(0)
    assert lost.counted


def test_hours_of_which_too_little_is_known_stay_unknown_and_are_no_zero():
    line = found(*BROKEN_ON_22).points[NGORO]
    lost = loss(OFFICE, line.down, {WEEKDAY: None, WEEKEND: None}, PERIOD)
    assert lost == Loss(unknown=timedelta(hours=5))
    assert not lost.counted


def test_loss_counts_only_days_of_the_period():
    line = found(*BROKEN_ON_22).points[NGORO]
    rates = {WEEKDAY: usual([3.0] * 8)}
    assert loss(OFFICE, line.down, rates, Period(date(2024, 10, 23), date(2024, 10, 30))) == Loss()


@pytest.mark.parametrize(
    ("day", "told", "standing"),
    [
        (22, {"reason": "alat_rusak"}, JOINED),
        (22, {"recorded": 2}, JOINED),
        (22, {"reason": "tak_ada_pemohon"}, JOINED),
        (23, {"reason": "alat_rusak"}, UNEXPLAINED),
        (23, {"reason": "jaringan_server"}, UNEXPLAINED),
        (23, {"reason": "tak_ada_pemohon"}, STATED),
        (23, {"recorded": 0}, UNEXPLAINED),
        (23, {"recorded": 11}, UNEXPLAINED),
        (23, {"recorded": 12}, None),
    ],
)
def test_every_zero_or_dip_is_joined_to_an_event_or_said_to_be_unexplained(day, told, standing):
    line = found(*BROKEN_ON_22).points[NGORO]
    rates = {WEEKDAY: usual([3.0] * 8)}
    lines = zeros(OFFICE, NGORO, line, rates, [mark(date(2024, 10, day), **told)], PERIOD)
    assert [z.standing for z in lines] == ([standing] if standing else [])


def test_an_event_names_what_was_down_and_for_how_long():
    line = found(*BROKEN_ON_22, outages=[Outage(1, None, "central_server", at(22, 9), at(22, 10))]).points[NGORO]
    (zero,) = zeros(OFFICE, NGORO, line, {}, [mark(date(2024, 10, 22), reason="alat_rusak")], PERIOD)
    assert [(c.what, hours) for c, hours in zero.causes] == [
        ("iris", timedelta(hours=5)),
        ("central_server", timedelta(hours=1)),
    ]
    assert zero.expected is None


def test_a_point_without_a_kit_has_its_zeros_too():
    marks = [mark(date(2024, 10, 22), reason="alat_rusak"), mark(date(2024, 10, 22), 0, point=GONDANG)]
    (zero,) = zeros_without_kit(OFFICE, found(point=GONDANG), marks, PERIOD)
    assert (zero.point_code, zero.standing) == (NGORO, UNEXPLAINED)


def test_points_are_ranked_by_what_their_standstill_cost():
    down = Told(at(22, 8), BROKEN), Told(at(23, 16), GOOD)
    kits = [story(down, code) for code in (GONDANG, NGORO)]
    whole = measure(OFFICE, kits, (), PERIOD, NOW, RECORD)
    marks = [mark(d, 8) for d in WEEKDAYS] + [mark(d, 40, point=GONDANG) for d in WEEKDAYS]
    lines = output(OFFICE, whole, whole, marks, PERIOD)
    assert [(o.line.code, o.loss.middle) for o in lines] == [(GONDANG, 80), (NGORO, 16)]
    assert baseline(Period(date(2024, 11, 1), date(2024, 11, 3))).first == date(2024, 8, 6)


def test_what_hit_the_whole_district_is_priced_apart_from_a_point_s_own_standstill():
    server = Outage(1, None, "central_server", at(22, 12), at(22, 15))
    whole = found(*BROKEN_ON_22, outages=[server])
    (line,) = output(OFFICE, whole, whole, [mark(d, 24) for d in WEEKDAYS if d.day != 22], PERIOD)
    assert (line.own.middle, line.shared.middle, line.loss.middle) == (4 * 3, 3 * 3, 7 * 3)
    assert line.line.tally.down == timedelta(hours=7)


def test_what_is_still_down_comes_before_what_cost_more():
    kits = [story([Told(at(22, 8), BROKEN), Told(at(23, 16), GOOD)]), story([Told(at(30, 15), BROKEN)], GONDANG)]
    until = datetime(2024, 10, 30, 16, tzinfo=WIB)
    whole = measure(OFFICE, kits, (), PERIOD, until, RECORD)
    lines = output(OFFICE, whole, whole, [mark(d, 24) for d in WEEKDAYS], PERIOD)
    assert [(o.line.code, o.still, o.own.middle) for o in lines] == [(GONDANG, True, 0), (NGORO, False, 48)]


@given(st.lists(st.floats(0, 40), min_size=8, max_size=30), st.integers(8, 16), st.integers(8, 16))
def test_the_range_holds_the_middle_and_grows_with_the_hours(rates, begin, end):
    words = (Told(at(22, begin), BROKEN), Told(at(22, end), GOOD)) if begin < end else ()
    line = found(*words).points[NGORO]
    known = usual(rates)
    lost = loss(OFFICE, line.down, {WEEKDAY: known}, PERIOD)
    hours = max(end - begin, 0)
    assert 0 <= lost.low <= lost.middle <= lost.high
    assert lost.middle == pytest.approx(hours * known.middle)
    assert lost.high <= hours * max(rates) + 1e-9
