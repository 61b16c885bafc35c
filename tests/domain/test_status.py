from datetime import date, datetime, timedelta

import pytest

from portal.domain.calendar import WIB, Timetable
from portal.domain.equipment import ABLE, UNABLE
from portal.domain.hours import Hours
from portal.domain.status import NOT_HERE, next_opening, public_status

from .. import records
from ..people import GONDANG, NGORO

OFFICE = records.office()


def at(day: int, hour: int, minute: int = 0, month: int = 10) -> datetime:
    return datetime(2024, month, day, hour, minute, tzinfo=WIB)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (at(21, 7, 59), at(21, 8)),
        (at(21, 8), None),
        (at(21, 15, 59), None),
        (at(21, 16), at(22, 8)),
        (at(25, 17), at(28, 8)),
        (at(26, 10), at(28, 8)),
        (at(27, 10, month=11), at(28, 8, month=11)),
    ],
)
def test_a_closed_day_or_hour_says_when_it_opens_next(now, opens):
    assert next_opening(OFFICE, OFFICE.points[NGORO], now) == opens


def test_a_point_closes_at_its_own_hour():
    office = records.office(hours=(Hours(date.min, 8, 14),))
    assert next_opening(office, office.points[NGORO], at(21, 14)) == at(22, 8)


def test_a_holiday_says_its_name_and_a_weekend_does_not():
    polling = next(s for s in public_status(OFFICE, {}, at(27, 10, month=11)) if s.point.code == NGORO)
    saturday = next(s for s in public_status(OFFICE, {}, at(26, 10)) if s.point.code == NGORO)
    assert (polling.why_closed, polling.open) == ("Pilkada", False)
    assert (saturday.why_closed, saturday.open) == ("", False)


def test_every_active_point_has_its_words_and_no_kit_is_no_fault():
    found = {s.point.code: s for s in public_status(OFFICE, {NGORO: (UNABLE, ABLE), GONDANG: (ABLE, ABLE)}, at(21, 9))}
    assert (found[NGORO].record, found[NGORO].printing) == (UNABLE, ABLE)
    assert found["kec-35.16.06"].record == NOT_HERE
    assert [p.code for p in found["kec-35.16.06"].instead] == ["kec-35.16.08"]
    assert found["kec-35.16.09"].instead == []
    assert found[NGORO].instead == ()


def test_a_point_that_is_not_in_the_duty_roll_is_not_shown():
    later = records.point(NGORO, "35.16.05", active_from=date(2024, 11, 1), timetable=Timetable("1111100"))
    office = records.office(points={NGORO: later})
    assert public_status(office, {}, at(21, 9)) == []
    assert len(public_status(office, {}, at(21, 9) + timedelta(days=20))) == 1
