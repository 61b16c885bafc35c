"""Whom the last visit to a place left behind."""

from datetime import date, timedelta

from portal.domain.follow_ups import BY_OFFICE
from portal.storage import follow_ups, rollout, visits

from .. import people, records
from ..people import NOW, PUNGGING, PUNGGING_SCHOOL, SCHOOL, TODAY


def visit(tx, day, result=None, **over):
    found = visits.add(tx, records.plan(visit_date=day, **over), people.supervisor.id, NOW)
    if result is not None:
        assert visits.keep_result(tx, visits.find(tx, people.supervisor, found), result, people.supervisor.id, NOW)
    return found


def test_the_last_visit_to_a_place_says_who_was_left_behind(database):
    before = TODAY - timedelta(days=3)
    with database.writing() as tx:
        visit(tx, TODAY - timedelta(days=6), records.result(absent=30))
        visit(tx, before, records.result(absent=10, failed=2, refused=1))
        visit(tx, TODAY - timedelta(days=1), records.result(absent=4), place_code=PUNGGING_SCHOOL, point_code=PUNGGING)
        visit(tx, TODAY + timedelta(days=1))
    with database.reading() as tx:
        assert rollout.left_behind(tx, TODAY) == {
            SCHOOL: (12, before),
            PUNGGING_SCHOOL: (4, TODAY - timedelta(days=1)),
        }


def test_whoever_was_settled_at_an_office_since_is_no_longer_left(database):
    day = TODAY - timedelta(days=3)
    with database.writing() as tx:
        number = visit(tx, day, records.result(absent=10))
        line = follow_ups.add(tx, SCHOOL, number, (10, 0), TODAY, people.supervisor.id, NOW)
    with database.reading() as tx:
        assert rollout.left_behind(tx, TODAY) == {SCHOOL: (10, day)}
    with database.writing() as tx:
        kept = follow_ups.find(tx, people.supervisor, line)
        assert follow_ups.close(tx, kept, BY_OFFICE, "", people.supervisor.id, NOW)
    with database.reading() as tx:
        assert rollout.left_behind(tx, TODAY) == {SCHOOL: (0, day)}


def test_what_is_older_than_a_year_or_not_yet_done_says_nothing(database):
    with database.writing() as tx:
        visit(tx, date(2023, 10, 9), records.result(absent=30), place_code=SCHOOL)
        visit(tx, TODAY)
    with database.reading() as tx:
        assert rollout.left_behind(tx, TODAY) == {}
