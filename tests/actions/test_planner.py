"""One press takes up a line: once, whole or not at all, within one's area, and never over another's booking."""

import threading
from datetime import timedelta

import pytest
from msgspec.structs import replace

from portal.actions import planner as action
from portal.actions import visits as visit_action
from portal.domain.accounts import Foreign
from portal.domain.areas import Place
from portal.domain.follow_ups import CLOSED
from portal.domain.planner import DAY, Line, Team, Waiting
from portal.domain.planning import Errand
from portal.domain.problems import Conflict, NotPermitted, Unknown
from portal.domain.visits import AFTERNOON, MORNING, PLANNED
from portal.storage import areas, follow_ups, ledger, visits

from .. import people, records
from ..digest import digest
from ..people import NGORO, OTHER_SCHOOL, PUNGGING_SCHOOL, SCHOOL, TODAY
from .test_visits import Desk

DAY_AFTER = TODAY + timedelta(days=1)
KIT = f"kit-{NGORO}"
THIRD = "desa-35.16.05.2001"


def errand(database, *codes, point=NGORO, kit=KIT, session=DAY, day=DAY_AFTER):
    """A suggested errand to these places."""
    with database.reading() as tx:
        places = [areas.place(tx, code) for code in codes]
    assert all(isinstance(place, Place) for place in places)
    team = Team(kit, kit, point, "35.16.05")
    lines = [
        Line(
            Waiting(place, 10, 5, 20),
            day,
            session,
            team,
            15,
            10,
            12,
            1,
            1,
            n,
            tuple(p for p in places if p != place),
            0,
        )
        for n, place in enumerate(places, start=1)
    ]
    return Errand(tuple(lines))


def accept(database, office, wanted, *, who=people.clerk, id=None):
    with database.writing() as tx:
        note = {line.place.code: "Usul perencana" for line in wanted.lines}
        return action.accept(tx, people.sending(who), office, id or records.submission_id(), wanted, note)


def kept(database, number):
    with database.reading() as tx:
        return visits.find(tx, people.supervisor, number)


def test_a_line_becomes_a_planned_visit_with_its_kit(database, office):
    made = accept(database, office, errand(database, SCHOOL))
    found = kept(database, int(made.object_id))
    assert found.state == PLANNED
    assert found.plan == records.plan(
        visit_date=DAY_AFTER, team="", note="Usul perencana", kits=(KIT,), point_code=NGORO, session=DAY
    )
    with database.reading() as tx:
        assert [e.deed for e in ledger.history(tx, visit_action.KIND, made.object_id)] == ["visits.plan"]


def test_the_same_press_again_changes_nothing(database, office):
    id, wanted = records.submission_id(), errand(database, SCHOOL)
    first = accept(database, office, wanted, id=id)
    before = digest(database)
    assert accept(database, office, wanted, id=id).number == first.number
    assert digest(database) == before
    with database.reading() as tx:
        assert action.accepted(tx, people.clerk, id, wanted.key).number == first.number
        assert action.accepted(tx, people.clerk, id, wanted.key + "x") is None
        assert action.accepted(tx, people.colleague, id, wanted.key) is None


def test_who_was_missed_is_come_back_for(database, office):
    """A place that is suggested because people were missed there: the visit that was accepted closes their line."""
    desk = Desk(database, office)
    missed = desk.plan(records.plan(visit_date=TODAY - timedelta(days=3)))
    desk.close(missed)
    made = int(accept(database, office, errand(database, SCHOOL)).object_id)
    found = kept(database, made)
    assert (found.plan.revisit_of, found.wave) == (missed, 2)
    desk.close(made, at=people.NOW + timedelta(days=1))
    with database.reading() as tx:
        line = follow_ups.of_visit(tx, missed)
    assert (line.state, line.closing_visit_id) == (CLOSED, made)


def test_three_small_places_share_a_kits_day(database, office):
    accept(database, office, errand(database, SCHOOL, OTHER_SCHOOL, THIRD))
    with database.reading() as tx:
        found = [visits.standing(tx, code, DAY_AFTER).plan for code in (SCHOOL, OTHER_SCHOOL, THIRD)]
    assert [(p.session, p.kits) for p in found] == [(MORNING, (KIT,)), (MORNING, (KIT,)), (AFTERNOON, (KIT,))]


def test_a_joined_day_is_taken_up_whole_or_not_at_all(database, office):
    accept(
        database,
        office,
        errand(database, THIRD, session=MORNING, kit=f"kit-{people.PUNGGING}", point=people.PUNGGING),
        who=people.supervisor,
    )
    before = digest(database)
    with pytest.raises(Conflict):
        accept(database, office, errand(database, SCHOOL, OTHER_SCHOOL, THIRD))
    assert digest(database) == before


def test_a_kit_booked_meanwhile_is_not_booked_again(database, office):
    accept(database, office, errand(database, SCHOOL, session=MORNING))
    before = digest(database)
    with pytest.raises(Conflict):
        accept(database, office, errand(database, OTHER_SCHOOL, session=MORNING))
    assert digest(database) == before
    accept(database, office, errand(database, OTHER_SCHOOL, session=AFTERNOON))


def test_two_presses_at_once_book_once(database, office):
    wanted = [errand(database, SCHOOL), errand(database, OTHER_SCHOOL)]
    ended = []

    def press(one):
        try:
            accept(database, office, one, who=people.supervisor)
            ended.append("made")
        except Conflict:
            ended.append("refused")

    threads = [threading.Thread(target=press, args=(one,)) for one in wanted]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == ["made", "refused"]


def test_only_staff_and_only_within_their_area(database, office):
    before = digest(database)
    for who in (people.liaison, people.reader, people.administrator):
        with pytest.raises(NotPermitted):
            accept(database, office, errand(database, SCHOOL), who=who)
    with pytest.raises((Unknown, Foreign)):
        accept(database, office, errand(database, PUNGGING_SCHOOL))
    with pytest.raises(Unknown):
        accept(database, office, errand(database, SCHOOL, point=people.PUNGGING))
    assert digest(database) == before


def test_what_is_pressed_is_told_by_its_size(database):
    one = errand(database, SCHOOL)
    other = Errand((replace(one.first, invited=16),))
    assert one.key != other.key
