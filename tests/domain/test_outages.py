from datetime import UTC, timedelta

import pytest
from msgspec.structs import replace

from portal.domain.equipment import ABLE, UNABLE, UNKNOWN
from portal.domain.outages import Outage, at_point, check_outage, with_outages

from .. import records
from ..people import NGORO, NOW, PUNGGING, TODAY

HOUR = timedelta(hours=1)
OUTAGE = Outage(0, NGORO, "power", NOW - HOUR, None)


def test_an_outage_of_the_district_hits_every_point_and_one_of_a_point_only_that():
    district = replace(OUTAGE, id=2, point_code=None, began_at=NOW - 2 * HOUR)
    assert at_point([OUTAGE, district], NGORO, NOW) == [district, OUTAGE]
    assert at_point([OUTAGE, district], PUNGGING, NOW) == [district]
    assert at_point([replace(OUTAGE, withdrawn=True)], NGORO, NOW) == []


def test_it_lasts_from_its_first_moment_up_to_its_last():
    ended = replace(OUTAGE, ended_at=NOW)
    assert ended.lasts(NOW - HOUR)
    assert ended.lasts(NOW - timedelta(seconds=1))
    assert not ended.lasts(NOW)
    assert not ended.lasts(NOW - HOUR - timedelta(seconds=1))
    assert OUTAGE.lasts(NOW + 900 * HOUR)


@pytest.mark.parametrize(
    ("stops", "expected"), [("both", (UNABLE, UNABLE)), ("record", (UNABLE, UNKNOWN)), ("print", (ABLE, UNABLE))]
)
def test_a_point_can_do_no_more_than_its_outage_lets_it(stops, expected):
    before = {NGORO: (ABLE, UNKNOWN), PUNGGING: (ABLE, ABLE)}
    found = with_outages(before, [replace(OUTAGE, stops=stops)], NOW, UNABLE)
    assert found == {NGORO: expected, PUNGGING: (ABLE, ABLE)}
    assert with_outages(before, [OUTAGE], NOW - 2 * HOUR, UNABLE) == before


@pytest.mark.parametrize(
    ("over", "fields"),
    [
        ({}, []),
        ({"point_code": None}, []),
        ({"ended_at": NOW}, []),
        ({"cause": "hujan"}, ["cause"]),
        ({"stops": "makan"}, ["stops"]),
        ({"point_code": "kec-0"}, ["point"]),
        ({"began_at": NOW + HOUR}, ["began"]),
        ({"began_at": NOW - timedelta(days=61)}, ["began"]),
        ({"ended_at": NOW - HOUR}, ["ended"]),
        ({"ended_at": NOW + HOUR}, ["ended"]),
        ({"expected_back": TODAY - timedelta(days=1)}, ["expected_back"]),
        ({"note": "NIK 3516051203070001"}, ["note"]),
    ],
)
def test_an_outage_that_cannot_be_is_told_at_its_box(over, fields):
    assert [p.field for p in check_outage(replace(OUTAGE, **over), records.office(), NOW)] == fields


def test_the_day_an_outage_began_is_the_offices_own():
    at_six = replace(OUTAGE, began_at=NOW.replace(hour=6).astimezone(UTC))
    found = check_outage(replace(at_six, expected_back=TODAY - timedelta(days=1)), records.office(), NOW)
    assert [p.field for p in found] == ["expected_back"]
    assert check_outage(replace(at_six, expected_back=TODAY), records.office(), NOW) == []


def test_the_same_outage_is_told_once():
    kept = replace(OUTAGE, id=5)

    def told(**over):
        return [p.field for p in check_outage(replace(OUTAGE, **over), records.office(), NOW, [kept])]

    assert told() == ["cause"]
    assert told(began_at=NOW - 3 * HOUR, ended_at=NOW - HOUR) == []
    assert told(began_at=NOW - 3 * HOUR, ended_at=NOW) == ["cause"]
    assert told(cause="network") == told(point_code=PUNGGING) == told(point_code=None) == []
