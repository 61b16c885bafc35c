from datetime import timedelta

import pytest
from msgspec.structs import replace

from portal.actions import outages as action
from portal.domain.outages import Outage
from portal.domain.problems import Conflict, Invalid, NotPermitted, Unknown
from portal.storage import areas, ledger, outages

from .. import people, records
from ..people import GONDANG, NGORO, NOW, PUNGGING

HOUR = timedelta(hours=1)
OUTAGE = Outage(0, NGORO, "power", NOW - HOUR, None)


class Desk:
    def __init__(self, database):
        self.database = database
        with database.reading() as tx:
            self.office = areas.office(tx)

    def tell(self, who=people.clerk, id=None, at=NOW, **over):
        with self.database.writing() as tx:
            told = replace(OUTAGE, **over)
            return action.tell(tx, people.sending(who, at), self.office, id or records.submission_id(), told)

    def end(self, number, version=1, who=people.clerk, ended=None, at=NOW):
        with self.database.writing() as tx:
            return action.end(tx, people.sending(who, at), records.submission_id(), number, version, ended)

    def withdraw(self, number, version=1, who=people.clerk):
        with self.database.writing() as tx:
            return action.withdraw(tx, people.sending(who), records.submission_id(), number, version)

    def lasting(self, points=None, at=NOW):
        with self.database.reading() as tx:
            return [(o.point_code, o.cause) for o in outages.lasting(tx, at, points)]


@pytest.fixture
def desk(database):
    return Desk(database)


def test_an_outage_of_the_district_is_told_once_and_hits_every_point(desk):
    desk.tell(people.supervisor, point_code=None, cause="central_server")
    desk.tell()
    for point, more in ((NGORO, [(NGORO, "power")]), (PUNGGING, []), (GONDANG, [])):
        assert sorted(desk.lasting([point]), key=str) == sorted([(None, "central_server"), *more], key=str)
    with desk.database.reading() as tx:
        assert ledger.versions(tx)["equipment"] > 1


def test_it_ends_once_and_a_late_end_is_told_with_its_moment(desk):
    number = int(desk.tell().object_id)
    desk.end(number, ended=NOW - HOUR / 2)
    assert desk.lasting() == []
    assert desk.lasting(at=NOW - HOUR * 0.75) == [(NGORO, "power")]
    with pytest.raises(Conflict):
        desk.end(number, version=2)


def test_one_taken_back_counts_nowhere(desk):
    number = int(desk.tell().object_id)
    desk.withdraw(number)
    assert desk.lasting() == []
    with pytest.raises(Conflict):
        desk.withdraw(number, version=2)
    desk.tell()
    assert desk.lasting() == [(NGORO, "power")]


@pytest.mark.parametrize(
    ("who", "over", "error"),
    [
        (people.clerk, {"point_code": None}, NotPermitted),
        (people.clerk, {"point_code": PUNGGING}, Unknown),
        (people.reader, {}, NotPermitted),
        (people.liaison, {}, NotPermitted),
        (people.clerk, {"point_code": "kec-0"}, Invalid),
        (people.clerk, {"cause": "hujan"}, Invalid),
        (people.clerk, {"began_at": NOW + HOUR}, Invalid),
        (people.clerk, {"ended_at": NOW - 2 * HOUR}, Invalid),
    ],
)
def test_what_is_not_theirs_or_cannot_be_is_refused(desk, who, over, error):
    with pytest.raises(error):
        desk.tell(who, **over)
    assert desk.lasting() == []


def test_the_districts_outage_is_ended_by_the_district_and_told_once(desk):
    number = int(desk.tell(people.supervisor, point_code=None).object_id)
    for who, error in ((people.clerk, NotPermitted), (people.reader, NotPermitted)):
        with pytest.raises(error):
            desk.end(number, who=who)
    with pytest.raises(Invalid):
        desk.tell(people.supervisor, point_code=None)
    with pytest.raises(Invalid):
        desk.end(number, who=people.supervisor, ended=NOW + HOUR)
    with pytest.raises(Unknown):
        desk.end(999, who=people.supervisor)
    desk.end(number, who=people.supervisor)
    assert desk.lasting() == []


def test_sent_twice_it_is_told_once(desk):
    id = records.submission_id()
    assert desk.tell(id=id) == desk.tell(id=id)
    just_now = {"cause": "network", "id": records.submission_id()}
    assert desk.tell(began_at=NOW, **just_now) == desk.tell(began_at=NOW + HOUR, at=NOW + HOUR, **just_now)
    assert sorted(desk.lasting()) == [(NGORO, "network"), (NGORO, "power")]
