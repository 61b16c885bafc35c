"""Steps, kits and teams, the day before, partly gone, and the lines that somebody must close."""

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from portal.actions import follow_ups as lines
from portal.actions import visits as action
from portal.domain.follow_ups import CLOSED, OPEN
from portal.domain.kit_checks import CHECKS, latest_checks
from portal.domain.problems import STALE, Conflict, Invalid, NotPermitted, Unknown
from portal.domain.visits import AFTERNOON, BOOKED, CANCELLED, CONFIRMED, MORNING, PARTLY, PLANNED, PROPOSED, UNDER_WAY
from portal.storage import follow_ups, ledger, visits
from portal.storage.tables import visit_kit

from .. import people, records
from ..digest import digest
from ..people import NOW, OTHER_SCHOOL, PUNGGING_SCHOOL, TODAY
from .test_visits import Desk

KIT = "kit-kec-35.16.05"
FOREIGN_KIT = "kit-kec-35.16.06"
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def desk(database, office):
    return Desk(database, office)


def line_of(desk, visit_id):
    with desk.database.reading() as tx:
        return follow_ups.of_visit(tx, visit_id)


def close_line(desk, line, how="office", note="", who=people.clerk, version=None):
    with desk.database.writing() as tx:
        return lines.close(tx, people.sending(who), line.id, version or line.version, how, note)


# --- steps ------------------------------------------------------------------------------------------


def test_a_proposal_becomes_a_visit_step_by_step(desk):
    number = desk.plan(who=people.liaison)
    assert desk.kept(number).state == PROPOSED
    for version, (deed, state) in enumerate([("accept", PLANNED), ("confirm", CONFIRMED), ("start", UNDER_WAY)], 1):
        desk.advance(number, deed, version=version)
        assert desk.kept(number).state == state
    once = digest(desk.database)
    desk.advance(number, "start", version=3)
    assert digest(desk.database) == once, "pressed twice"
    desk.close(number, version=4)
    with desk.database.reading() as tx:
        deeds = [e.deed for e in ledger.history(tx, "visit", str(number))]
    assert deeds == ["visits.close", "visits.start", "visits.confirm", "visits.accept", "visits.propose"]


def test_a_result_waits_until_the_proposal_is_accepted(desk):
    number = desk.plan(who=people.liaison)
    before = digest(desk.database)
    with pytest.raises(Invalid):
        desk.close(number)
    assert digest(desk.database) == before


def test_steps_that_are_not_in_the_table(desk):
    number = desk.plan()
    proposal = desk.plan(records.plan(visit_date=TOMORROW), who=people.liaison)
    before = digest(desk.database)
    for deed in ("confirm", "unconfirm", "start"):
        with pytest.raises(Conflict):
            desk.advance(proposal, deed, comment="x")
    desk.advance(number, "unconfirm")  # it is a plan already
    for deed in ("plan", "cancel", "close", "fly"):
        with pytest.raises(Unknown):
            desk.advance(number, deed)
    with pytest.raises(Conflict):
        desk.advance(number, "confirm", version=7)
    with pytest.raises(Unknown):
        desk.advance(number, "confirm", who=people.stranger)
    for who in (people.liaison, people.reader, people.administrator):
        with pytest.raises(NotPermitted):
            desk.advance(number, "confirm", who=who)
    assert digest(desk.database) == before


def test_a_visit_starts_on_its_day(desk):
    number = desk.plan(records.plan(visit_date=TOMORROW))
    with pytest.raises(Invalid):
        desk.advance(number, "start")


def test_another_day_asks_the_place_again(desk):
    number = desk.plan(records.plan(visit_date=TOMORROW))
    desk.advance(number, "confirm")
    desk.plan(records.plan(visit_date=TOMORROW, team="Tim 2"), visit_id=number, version=2)
    assert desk.kept(number).state == CONFIRMED
    desk.plan(records.plan(visit_date=TOMORROW, team="Tim 2", session=MORNING), visit_id=number, version=3)
    assert desk.kept(number).state == PLANNED
    desk.advance(number, "confirm", version=4)
    with pytest.raises(Invalid):
        desk.advance(number, "unconfirm", version=5)
    desk.advance(number, "unconfirm", version=5, comment="ujian mendadak")
    assert desk.kept(number).state == PLANNED


def test_a_liaison_withdraws_only_her_proposal(desk):
    own = desk.plan(who=people.liaison)
    desk.cancel(own, who=people.liaison)
    assert desk.kept(own).state == CANCELLED
    planned = desk.plan()
    with pytest.raises(NotPermitted):
        desk.cancel(planned, who=people.liaison)


def test_a_holiday_is_asked_about_once(desk):
    christmas = date(2024, 12, 25)
    before = digest(desk.database)
    with pytest.raises(Invalid) as invalid:
        desk.plan(records.plan(visit_date=christmas))
    assert [p.field for p in invalid.value.problems] == ["holiday_ok"]
    assert digest(desk.database) == before
    with desk.database.writing() as tx:
        wanted = records.plan(visit_date=christmas)
        sent = action.plan(
            tx, people.sending(people.clerk), desk.office, records.submission_id(), wanted, holiday_ok=True
        )
    desk.plan(records.plan(visit_date=christmas, note="aula"), visit_id=int(sent.object_id), version=1)


# --- kits and teams ---------------------------------------------------------------------------------


def elsewhere(**over):
    return records.plan(**{"place_code": OTHER_SCHOOL, "kits": (KIT,)} | over)


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [
        ("day", "morning", True),
        ("morning", "day", True),
        ("morning", "morning", True),
        ("morning", "afternoon", False),
        ("day", "day", True),
    ],
)
def test_a_kit_is_in_one_place_a_half_day(desk, first, second, clash):
    number = desk.plan(records.plan(kits=(KIT,), session=first))
    assert desk.kept(number).plan.kits == (KIT,)
    before = digest(desk.database)
    if not clash:
        desk.plan(elsewhere(session=second))
        return
    with pytest.raises(Conflict) as conflict:
        desk.plan(elsewhere(session=second))
    assert (conflict.value.why, conflict.value.kept.visit.id, conflict.value.kept.kits) == (BOOKED, number, (KIT,))
    assert digest(desk.database) == before


def test_a_kit_is_free_on_another_day_and_after_a_cancellation(desk):
    number = desk.plan(records.plan(kits=(KIT,)))
    desk.plan(elsewhere(visit_date=TOMORROW))
    desk.cancel(number)
    assert desk.kept(number).plan.kits == (KIT,), "what it was to take stays readable"
    other = desk.plan(elsewhere())
    with pytest.raises(Conflict):
        desk.plan(records.plan(kits=(KIT,), session=AFTERNOON))
    desk.plan(elsewhere(kits=()), visit_id=other, version=1)
    desk.plan(records.plan(kits=(KIT,), session=AFTERNOON))


def test_a_team_is_in_one_place_a_half_day(desk):
    number = desk.plan(records.plan(session=MORNING))
    with pytest.raises(Conflict) as conflict:
        desk.plan(elsewhere(team=" tim  1", kits=()))
    assert (conflict.value.why, conflict.value.kept.visit.id, conflict.value.kept.team) == (BOOKED, number, "tim  1")
    desk.plan(elsewhere(team="Tim 1", kits=(), session=AFTERNOON))
    far = records.plan(place_code=PUNGGING_SCHOOL, point_code=people.PUNGGING, team="Tim 1")
    desk.plan(far, who=people.colleague)  # another office's team of that name


def test_two_requests_for_one_kit_at_once_make_one_visit(desk):
    together = threading.Barrier(2)
    outcomes = []

    def plan(wanted, who):
        together.wait()
        try:
            desk.plan(wanted, who=who)
            outcomes.append("planned")
        except Conflict as conflict:
            outcomes.append(conflict.why)

    wishes = [(records.plan(kits=(KIT,)), people.clerk), (elsewhere(session=MORNING), people.supervisor)]
    threads = [threading.Thread(target=plan, args=wish) for wish in wishes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [BOOKED, "planned"]
    assert desk.rows() == 1


def test_the_database_itself_lends_a_kit_once(desk):
    desk.plan(records.plan(kits=(KIT,), session=MORNING))
    other = desk.plan(elsewhere(kits=()))
    row = {"visit_id": other, "kit_code": KIT, "slot": MORNING, "visit_date": TODAY}
    with pytest.raises(IntegrityError), desk.database.writing() as tx:
        tx.execute(insert(visit_kit).values(row | {"held": 1}))
    with desk.database.writing() as tx:
        tx.execute(insert(visit_kit).values(row | {"held": 0}))
    with desk.database.reading() as tx:
        assert len(tx.execute(select(visit_kit)).all()) == 2


def test_a_foreign_kit_is_unknown_and_a_lent_one_stays(desk):
    before = digest(desk.database)
    for kit in (FOREIGN_KIT, "kit-x"):
        with pytest.raises(Unknown):
            desk.plan(records.plan(kits=(kit,)))
    assert digest(desk.database) == before
    number = desk.plan(records.plan(kits=(FOREIGN_KIT,)), who=people.supervisor)
    desk.plan(records.plan(kits=(FOREIGN_KIT,), note="aula"), visit_id=number, version=1)
    assert desk.kept(number).plan.kits == (FOREIGN_KIT,)


# --- the day before ---------------------------------------------------------------------------------


def check(desk, number, marks, who=people.clerk, id=None):
    with desk.database.writing() as tx:
        return action.check(tx, people.sending(who), id or records.submission_id(), number, marks)


def test_a_check_list_keeps_every_try(desk):
    number, id = desk.plan(records.plan(visit_date=TOMORROW)), records.submission_id()
    check(desk, number, {"": {"iris": (False, " gelap "), "login": (True, "")}}, id=id)
    once = digest(desk.database)
    check(desk, number, {"": {"iris": (False, "gelap"), "login": (True, "")}}, id=id)
    assert digest(desk.database) == once
    check(desk, number, {"": dict.fromkeys(CHECKS, (True, ""))})
    with desk.database.reading() as tx:
        tried = visits.checks(tx, [number])[number]
    assert len(tried) == 2 + len(CHECKS)
    assert tried[0].note == "gelap"
    assert all(c.ok for c in latest_checks(tried).values())


def test_a_check_list_is_the_staffs_and_ends_with_the_visit(desk):
    number = desk.plan()
    before = digest(desk.database)
    for who, error in ((people.liaison, NotPermitted), (people.reader, NotPermitted), (people.stranger, Unknown)):
        with pytest.raises(error):
            check(desk, number, {"": {"iris": (True, "")}}, who)
    for marks in ({}, {"": {"iris": (False, "")}}, {"": {"iris": (True, "3516051203070001")}}):
        with pytest.raises(Invalid):
            check(desk, number, marks)
    assert digest(desk.database) == before
    desk.close(number)
    with pytest.raises(Conflict) as conflict:
        check(desk, number, {"": {"iris": (True, "")}})
    assert conflict.value.why == STALE


# --- what is left -----------------------------------------------------------------------------------


def close_partly(desk, number, result, version=1, reason=""):
    with desk.database.writing() as tx:
        said = (number, version, result, reason, PARTLY)
        action.close(tx, people.sending(people.clerk), desk.office, records.submission_id(), *said)


def test_a_visit_that_went_partly_counts_and_leaves_a_line(desk):
    number = desk.plan()
    close_partly(desk, number, records.result(failed=3))
    assert desk.kept(number).state == PARTLY
    assert [w.sums["visits"] for w in desk.facts().work] == [42]
    line = line_of(desk, number)
    assert (line.state, line.absent, line.failed, line.due) == (OPEN, 10, 3, TODAY + timedelta(days=10))


def test_nobody_missed_leaves_no_line(desk):
    number = desk.plan()
    desk.close(number, records.result(absent=0))
    assert line_of(desk, number) is None


@pytest.mark.parametrize("said", [True, False])
def test_a_later_visit_closes_the_line_and_leaves_its_own(desk, said):
    """Whether it was planned as a visit for those left behind, or simply as the next one of the place."""
    first = desk.plan()
    desk.close(first)
    again = desk.plan(records.plan(visit_date=TOMORROW, revisit_of=first if said else None))
    assert desk.kept(again).wave == 2
    desk.close(again, records.result(absent=2), at=NOW + timedelta(days=1))
    closed, own = line_of(desk, first), line_of(desk, again)
    assert (closed.state, closed.closed_by, closed.closing_visit_id) == (CLOSED, "visit", again)
    assert (own.state, own.absent) == (OPEN, 2)
    desk.cancel(again, version=2)
    assert line_of(desk, first).state == OPEN
    assert line_of(desk, again).state == CLOSED


def test_coming_back_goes_to_the_same_place_after_that_visit(desk):
    first = desk.plan()
    before = digest(desk.database)
    with pytest.raises(Invalid):
        desk.plan(records.plan(visit_date=TOMORROW, revisit_of=first))
    with pytest.raises(Unknown):
        desk.plan(records.plan(visit_date=TOMORROW, revisit_of=999))
    assert digest(desk.database) == before
    desk.close(first)
    with pytest.raises(Invalid):
        desk.plan(records.plan(place_code=OTHER_SCHOOL, revisit_of=first))


def test_a_correction_changes_the_line(desk):
    number = desk.plan()
    desk.close(number)
    line = line_of(desk, number)
    close_line(desk, line)
    desk.close(number, records.result(absent=10, refused=1), version=2, reason="satu menolak")
    assert line_of(desk, number).state == CLOSED, "as many are left as before"
    desk.close(number, records.result(absent=12), version=3, reason="dua lagi")
    again = line_of(desk, number)
    assert (again.state, again.absent, again.version) == (OPEN, 12, 3)
    desk.close(number, records.result(absent=0), version=4, reason="semua hadir")
    assert (line_of(desk, number).state, line_of(desk, number).closed_by) == (CLOSED, "result")
    desk.close(number, records.result(absent=12), version=5, reason="keliru lagi")
    assert line_of(desk, number).state == OPEN


def test_closing_a_line_by_hand(desk):
    number = desk.plan()
    desk.close(number)
    line = line_of(desk, number)
    before = digest(desk.database)
    for how, note in (("visit", ""), ("transfer", ""), ("office", "3516051203070001")):
        with pytest.raises(Invalid):
            close_line(desk, line, how, note)
    for who, error in (
        (people.liaison, NotPermitted),
        (people.administrator, NotPermitted),
        (people.stranger, Unknown),
    ):
        with pytest.raises(error):
            close_line(desk, line, who=who)
    with pytest.raises(Conflict):
        close_line(desk, line, version=9)
    assert digest(desk.database) == before
    close_line(desk, line, "transfer", " Kantor Pungging ")
    once = digest(desk.database)
    close_line(desk, line, "transfer", "Kantor Pungging")
    assert digest(desk.database) == once
    with pytest.raises(Conflict):
        close_line(desk, line)
    kept = line_of(desk, number)
    assert (kept.closed_by, kept.note) == ("transfer", "Kantor Pungging")


def test_the_longest_overdue_line_comes_first(desk):
    for back, place in ((9, OTHER_SCHOOL), (13, people.SCHOOL)):
        number = desk.plan(records.plan(place_code=place, visit_date=TODAY - timedelta(days=back)))
        desk.close(number)
    with desk.database.reading() as tx:
        assert [line.place_code for line in follow_ups.open_lines(tx, people.clerk)] == [people.SCHOOL, OTHER_SCHOOL]
        assert [line.place_code for line in follow_ups.open_lines(tx, people.liaison)] == [people.SCHOOL]
        assert follow_ups.open_lines(tx, people.colleague) == []
