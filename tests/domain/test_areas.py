from datetime import date, timedelta

import pytest

from portal.domain.areas import NO_HUB, HubMember, overlapping
from portal.domain.calendar import Election

from .. import records
from ..people import NGORO, TODAY
from ..records import START


def test_dlanggu_is_under_no_hub():
    assert records.office().hub_of("35.16.09", TODAY) == NO_HUB
    assert records.office().hub_of("35.16.05", TODAY) == "mojosari"
    assert records.office().hub_of("35.16.05", START - timedelta(days=1)) == NO_HUB


def test_a_hub_changes_from_a_date_and_earlier_days_stay():
    turn = date(2024, 10, 15)
    members = (
        HubMember("35.16.05", "mojosari", START, turn - timedelta(days=1)),
        HubMember("35.16.05", "gondang", turn, None),
    )
    for order in (members, members[::-1]):
        office = records.office(members=order)
        assert office.hub_of("35.16.05", START) == "mojosari"
        assert office.hub_of("35.16.05", turn - timedelta(days=1)) == "mojosari"
        assert office.hub_of("35.16.05", turn) == "gondang"


@pytest.mark.parametrize(
    ("ends", "begins", "overlap"),
    [(9, 10, False), (10, 10, True), (31, 10, True), (None, 10, True), (8, 10, False)],
)
def test_no_kecamatan_is_under_two_hubs_on_a_day(ends, begins, overlap):
    earlier = HubMember("35.16.05", "mojosari", date(2024, 10, 1), ends and date(2024, 10, ends))
    later = HubMember("35.16.05", "gondang", date(2024, 10, begins), None)
    other = HubMember("35.16.06", "gondang", date(2024, 10, 1), None)
    for order in ([earlier, other, later], [later, earlier, other]):
        assert overlapping(order) == ((earlier, later) if overlap else None)


@pytest.mark.parametrize(
    ("day", "active"),
    [(START - timedelta(days=1), False), (START, True), (TODAY, True), (TODAY + timedelta(days=1), False)],
)
def test_a_point_is_in_the_roll_while_it_is_active(day, active):
    assert records.point(NGORO, "35.16.05", active_to=TODAY).active(day) is active


def test_names_and_offices_are_found_by_code():
    office = records.office()
    assert office.home_name("35.16.06") == "Pungging"
    assert office.home_name("luar") == "luar"
    assert office.point_of("35.16.05").code == NGORO
    assert office.point_of("35.16.18") is None
    assert office.start() == START
    assert records.office(points={}).start() == date.max


def test_the_next_election_is_the_one_that_matters():
    def election(code, day):
        return Election(code, code, day, day, day, "")

    past, soon, later = (election(str(y), date(y, 11, 27)) for y in (2020, 2024, 2029))
    office = records.office(elections=(later, past, soon))
    assert office.election(date(2024, 11, 27)) is soon
    assert office.election(date(2024, 11, 28)) is later
    assert office.election(date(2030, 1, 1)) is later
    assert records.office(elections=()).election(TODAY) is None
