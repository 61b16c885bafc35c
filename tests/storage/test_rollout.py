"""Who the last visits left unrecorded, by kecamatan."""

from datetime import date, timedelta

from portal.storage import rollout, visits

from .. import people, records
from ..people import NOW, PUNGGING, PUNGGING_SCHOOL, SCHOOL, TODAY


def visit(tx, day, result=None, **over):
    found = visits.add(tx, records.plan(visit_date=day, **over), people.supervisor.id, NOW)
    if result is not None:
        assert visits.keep_result(tx, visits.find(tx, people.supervisor, found), result, people.supervisor.id, NOW)


def test_the_last_visit_to_a_place_says_who_is_left(database):
    with database.writing() as tx:
        visit(tx, TODAY - timedelta(days=6), records.result(absent=30))
        visit(tx, TODAY - timedelta(days=3), records.result(absent=10, failed=2, refused=1))
        visit(tx, TODAY - timedelta(days=1), records.result(absent=4), place_code=PUNGGING_SCHOOL, point_code=PUNGGING)
        visit(tx, TODAY + timedelta(days=1))
    with database.reading() as tx:
        found = rollout.left_at_schools(tx, TODAY)
    assert {code: (left.people, left.places) for code, left in found.items()} == {
        "35.16.05": (13, 1),
        "35.16.06": (4, 1),
    }
    assert found["35.16.05"].oldest == found["35.16.05"].newest == TODAY - timedelta(days=3)


def test_what_is_older_than_a_year_or_not_yet_done_says_nothing(database):
    with database.writing() as tx:
        visit(tx, date(2023, 10, 9), records.result(absent=30), place_code=SCHOOL)
        visit(tx, TODAY)
    with database.reading() as tx:
        assert rollout.left_at_schools(tx, TODAY) == {}
