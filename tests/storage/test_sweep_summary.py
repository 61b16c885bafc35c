"""The state of the sweeps, asked of both databases: as the domain says it, in a fixed number of questions."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from portal.actions import visits as action
from portal.domain.follow_ups import BY_OFFICE, BY_TRANSFER
from portal.domain.places import PROPOSED, Buckets
from portal.domain.sweeps import Told
from portal.domain.visits import AFTERNOON, AGES, MORNING, Result
from portal.storage import follow_ups, sweeps

from .. import people, records
from ..lists import LISTED, listed
from ..pages import watch
from ..people import NOW, OTHER_SCHOOL, PUNGGING_SCHOOL, SCHOOL, TODAY


class Desk:
    """Visits arranged through their action."""

    def __init__(self, database, office):
        self.database, self.office = database, office

    def visit(self, result=None, **plan):
        with self.database.writing() as tx:
            who = people.sending(people.supervisor)
            sent = action.plan(tx, who, self.office, records.submission_id(), records.plan(**plan), holiday_ok=True)
            number = int(sent.object_id)
            if result:
                action.close(tx, who, self.office, records.submission_id(), number, 1, result)
        return number

    def settle(self, visit, how):
        with self.database.writing() as tx:
            line = follow_ups.of_visit(tx, visit)
            assert follow_ups.close(tx, line, how, "", people.supervisor.id, NOW)

    def of(self, place=SCHOOL, who=people.supervisor, only=""):
        with self.database.reading() as tx:
            return {s.place.code: s for s in sweeps.standings(tx, who, TODAY, only)}.get(place)


@pytest.fixture
def desk(database, office):
    return Desk(database, office)


def test_a_place_without_list_or_visit_is_not_known(desk):
    found = desk.of()
    assert (found.batch, found.left, found.visits, found.last_visit, found.since) == (None, None, 0, None, {})


def test_the_newest_confirmed_list_counts(desk):
    listed(desk.database, counts=(9, 9, 9), as_of=LISTED - timedelta(days=9))
    listed(desk.database, counts=(1, 1, 1))
    listed(desk.database, counts=(40, 30, 20))
    listed(desk.database, counts=(99, 0, 0), as_of=TODAY, state=PROPOSED)
    listed(desk.database, counts=(99, 0, 0), as_of=TODAY + timedelta(days=1))
    found = desk.of()
    assert (found.batch.as_of, found.left, found.voters_left) == (LISTED, 90, 70)
    assert found.batch.source == "daftar sekolah"


def test_visits_since_the_list_count_and_older_ones_only_for_absence(desk):
    desk.visit(records.result(), visit_date=TODAY - timedelta(days=4))
    listed(desk.database, as_of=TODAY - timedelta(days=2))
    desk.visit(records.result(recorded_from_list=20, absent=5, already=3, walk_in=2))
    found = desk.of()
    assert found.since["recorded_from_list"] == 20
    assert (found.reached, found.recorded, found.left) == (23, 22, 67)
    assert found.ever == (50 + 28, 15)
    assert (found.visits, found.last_visit) == (2, TODAY)


def test_ages_that_were_told_are_summed_and_walk_ins_leave_their_share_open(desk):
    desk.visit(replace(records.result(), ages=ages(40, 2, 0)), visit_date=TODAY - timedelta(days=4))
    listed(desk.database, as_of=TODAY - timedelta(days=3))
    assert desk.of().told is None, "before the list"
    desk.visit(replace(records.result(), ages=ages(20, 12, 10)), visit_date=TODAY - timedelta(days=1))
    desk.visit(replace(records.result(recorded_from_list=5, walk_in=0), ages=ages(0, 0, 5)))
    found = desk.of()
    assert found.told == Told(Buckets(20, 12, 15), 45, 30, 32)
    assert found.ready == (30, 32)
    desk.visit(records.result(recorded_from_list=6, absent=0, walk_in=0), visit_date=TODAY - timedelta(days=2))
    assert (desk.of().told.listed, desk.of().ready) == (45, (31, 38))


def ages(*counts):
    return dict(zip(AGES, counts, strict=True))


def test_follow_ups_open_and_settled_elsewhere(desk):
    listed(desk.database)
    number = desk.visit(records.result())
    found = desk.of()
    assert (found.open_left, found.settled_elsewhere, found.left) == (10, 0, 50)
    assert found.open_due > TODAY
    with desk.database.writing() as tx:
        line = follow_ups.of_visit(tx, number)
        assert follow_ups.close(tx, line, BY_OFFICE, "", people.supervisor.id, NOW)
    found = desk.of()
    assert (found.open_left, found.open_due, found.settled_elsewhere, found.left, found.reached) == (
        0,
        None,
        10,
        40,
        50,
    )


def test_who_was_absent_then_at_the_office_and_met_again_counts_once(desk):
    """The list names 90: 60 recorded and 10 absent at first, then 15 recorded, those 10 met again, 5 absent."""
    listed(desk.database)
    first = desk.visit(counts(70, 60, 0, 10), visit_date=TODAY - timedelta(days=4))
    assert (desk.of().already_later, desk.of().come_back) == (0, 0)
    desk.settle(first, BY_OFFICE)
    desk.visit(counts(30, 15, 10, 5), visit_date=TODAY - timedelta(days=1))
    found = desk.of()
    assert (found.settled_elsewhere, found.already_later, found.come_back, found.met_again) == (10, 10, 0, 10)
    assert (found.reached, found.left, found.open_left) == (85, 5, 5)


def test_a_second_visit_with_the_whole_list_counts_nobody_twice(desk):
    listed(desk.database)
    desk.visit(counts(90, 80, 0, 10), visit_date=TODAY - timedelta(days=4))
    desk.visit(counts(90, 8, 80, 2), visit_date=TODAY - timedelta(days=1))
    found = desk.of()
    assert (found.come_back, found.met_again) == (10, 80)
    assert (found.reached, found.left, found.open_left) == (88, 2, 2)


def test_a_second_visit_for_those_left_behind_counts_whoever_was_recorded_meanwhile(desk):
    listed(desk.database)
    desk.visit(counts(90, 80, 0, 10), visit_date=TODAY - timedelta(days=4))
    desk.visit(counts(10, 7, 2, 1), visit_date=TODAY - timedelta(days=1))
    found = desk.of()
    assert (found.met_again, found.reached, found.left) == (0, 89, 1)


def test_who_was_handed_over_has_no_recording_yet(desk):
    listed(desk.database)
    desk.settle(desk.visit(counts(90, 80, 0, 10)), BY_TRANSFER)
    found = desk.of()
    assert (found.handed_over, found.settled_elsewhere, found.reached, found.left) == (10, 0, 80, 0)


def counts(eligible, recorded, already, absent):
    zero = {"refused": 0, "outside": 0, "not_yet_16": 0, "failed": 0, "walk_in": 0}
    given = {"eligible": eligible, "recorded_from_list": recorded, "already": already, "absent": absent}
    return Result({**zero, **given})


def test_the_next_visit_is_one_that_is_still_to_come(desk):
    later = TODAY + timedelta(days=3)
    desk.visit(visit_date=later + timedelta(days=1))
    number = desk.visit(visit_date=later)
    assert desk.of().next_visit == later
    with desk.database.writing() as tx:
        action.cancel(tx, people.sending(people.supervisor), number, 1, "sekolah", "")
    assert desk.of().next_visit == later + timedelta(days=1)


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        (people.clerk, {SCHOOL: True, PUNGGING_SCHOOL: False}),
        (people.liaison, {SCHOOL: True, OTHER_SCHOOL: False}),
        (people.reader, {SCHOOL: True, PUNGGING_SCHOOL: True}),
    ],
    ids=lambda x: getattr(x, "username", ""),
)
def test_each_sees_only_their_area(desk, who, sees):
    for place in (SCHOOL, PUNGGING_SCHOOL):
        listed(desk.database, place)
        desk.visit(records.result(), place_code=place)
    for place, seen in sees.items():
        assert (desk.of(place, who) is not None) == seen
        assert (desk.of(place, who, only=place) is not None) == seen


def test_one_place_is_told_as_among_all(desk):
    listed(desk.database)
    desk.visit(records.result())
    assert desk.of(only=SCHOOL) == desk.of()


def test_the_questions_do_not_grow_with_the_places(desk):
    def count():
        watch.forget()
        with desk.database.reading() as tx:
            sweeps.standings(tx, people.supervisor, TODAY)
        return len(watch.statements)

    few = count()
    for number, place in enumerate((SCHOOL, OTHER_SCHOOL, PUNGGING_SCHOOL)):
        listed(desk.database, place)
        desk.visit(records.result(), place_code=place, visit_date=TODAY - timedelta(days=number))
    assert count() == few <= 6


def test_bookings_and_planned_days(desk):
    day, kit = TODAY + timedelta(days=1), f"kit-{people.NGORO}"
    number = desk.visit(visit_date=day, session=MORNING, kits=(kit,))
    with desk.database.reading() as tx:
        assert sweeps.planned(tx, TODAY, day) == {SCHOOL: [(day, MORNING)]}
        assert sweeps.bookings(tx, [kit, "other"], TODAY, day) == {kit: frozenset({(day, MORNING)})}
        assert sweeps.bookings(tx, [kit], TODAY, TODAY) == {}
    desk.visit(place_code=OTHER_SCHOOL, visit_date=day, session=AFTERNOON, kits=(kit,))
    with desk.database.writing() as tx:
        action.cancel(tx, people.sending(people.supervisor), number, 1, "sekolah", "")
    with desk.database.reading() as tx:
        assert sweeps.bookings(tx, [kit], TODAY, day) == {kit: frozenset({(day, AFTERNOON)})}
        assert sweeps.planned(tx, TODAY, day) == {OTHER_SCHOOL: [(day, AFTERNOON)]}
