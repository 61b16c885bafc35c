from datetime import date, datetime, time, timedelta

import pytest

from portal.domain.calendar import IN_GRACE, MISSING, NOT_DUE, NOT_REQUIRED, ON_TIME, WIB, office_instant
from portal.domain.duty import Period, ReportMark, check_period, point_states

from .. import records
from ..people import NGORO, PUNGGING, TODAY


@pytest.mark.parametrize(
    ("first", "last", "at"),
    [
        (TODAY, TODAY, []),
        (TODAY - timedelta(days=365), TODAY, []),
        (TODAY, TODAY - timedelta(days=1), ["first"]),
        (TODAY, TODAY + timedelta(days=1), ["last"]),
        (TODAY - timedelta(days=366), TODAY, ["first"]),
    ],
)
def test_a_period_that_can_be_summed(first, last, at):
    assert [p.field for p in check_period(Period(first, last), TODAY)] == at


def test_every_active_day_up_to_today_has_a_state():
    friday, now = date(2024, 10, 18), datetime(2024, 10, 21, 8, tzinfo=WIB)
    points = dict(records.office().points) | {NGORO: records.point(NGORO, "35.16.05", active_from=friday)}
    received = [
        ReportMark(NGORO, friday, office_instant(friday, time(15)), "angka", None, 5),
        ReportMark(PUNGGING, friday, office_instant(friday, time(17)), "angka", None, 5),
    ]
    period = Period(date(2024, 10, 17), TODAY + timedelta(days=3))
    states = point_states(records.office(points=points), period, received, now)
    assert [states[NGORO][day] for day in sorted(states[NGORO])] == [ON_TIME, NOT_REQUIRED, NOT_REQUIRED, NOT_DUE]
    assert [states[PUNGGING][day] for day in sorted(states[PUNGGING])][:2] == [MISSING, IN_GRACE]
    assert max(states[PUNGGING]) == TODAY
