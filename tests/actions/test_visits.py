import threading
from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select

from portal.actions import visits as action
from portal.domain.duty import Period
from portal.domain.problems import EXISTS, OTHER_BODY, STALE, WITHDRAWN, Conflict, Invalid, NotPermitted, Unknown
from portal.domain.visits import CANCELLED, DONE, PLANNED, PROPOSED
from portal.storage import ledger, summary, visits
from portal.storage.tables import visit

from .. import people, records
from ..digest import digest
from ..people import NGORO, NOW, PUNGGING, PUNGGING_SCHOOL, SCHOOL, TODAY

PERIOD = Period(TODAY, TODAY)


class Desk:
    """Somebody planning, closing and cancelling visits, each in a transaction of its own."""

    def __init__(self, database, office):
        self.database, self.office = database, office

    def plan(self, wanted=None, *, who=people.clerk, visit_id=0, version=0, id=None, at=NOW):
        id = id or records.submission_id()
        wanted = wanted or records.plan()
        with self.database.writing() as tx:
            sent = action.plan(tx, people.sending(who, at), self.office, id, wanted, visit_id, version)
        return int(sent.object_id)

    def close(self, visit_id, result=None, *, who=people.clerk, version=1, reason="", id=None, at=NOW):
        id = id or records.submission_id()
        result = result or records.result()
        with self.database.writing() as tx:
            return action.close(tx, people.sending(who, at), self.office, id, visit_id, version, result, reason)

    def cancel(self, visit_id, *, who=people.clerk, version=1, reason="sekolah", note=""):
        with self.database.writing() as tx:
            return action.cancel(tx, people.sending(who), visit_id, version, reason, note)

    def advance(self, visit_id, deed, *, who=people.clerk, version=1, comment=""):
        with self.database.writing() as tx:
            return action.advance(tx, people.sending(who), visit_id, version, deed, comment)

    def kept(self, visit_id, who=people.supervisor):
        with self.database.reading() as tx:
            return visits.find(tx, who, visit_id)

    def rows(self):
        with self.database.reading() as tx:
            return tx.execute(select(func.count()).select_from(visit)).scalar_one()

    def facts(self):
        with self.database.reading() as tx:
            return summary.facts(tx, PERIOD)


@pytest.fixture
def desk(database, office):
    return Desk(database, office)


def test_a_visit_is_planned_and_closed_and_counts_once(desk):
    number = desk.plan(records.plan(team=" Tim 1 ", note=" bawa UPS "))
    kept = desk.kept(number)
    assert (kept.state, kept.version, kept.plan.team, kept.plan.note) == (PLANNED, 1, "Tim 1", "bawa UPS")
    assert desk.facts().work == []

    desk.close(number, records.result({"35.16.06": 12, "luar": 1, "35.16.05": 0}))
    kept = desk.kept(number)
    assert (kept.state, kept.version, kept.result.recorded) == (DONE, 2, 42)
    assert kept.result.homes == {"35.16.06": 12, "luar": 1}
    found = desk.facts()
    assert [(w.point_code, w.sums["visits"], w.sums["visits_done"]) for w in found.work] == [(NGORO, 42, 1)]
    assert {(h.home_code, h.office, h.visits) for h in found.homes} == {("35.16.06", 0, 12), ("luar", 0, 1)}
    assert found.reached == (50, 40)
    assert found.trend_visits == {TODAY: 42}
    with desk.database.reading() as tx:
        assert [e.deed for e in ledger.history(tx, "visit", str(number))] == ["visits.close", "visits.plan"]


def test_the_identity_is_forced(desk):
    number = desk.plan()
    before = digest(desk.database)
    for result in (records.result(eligible=56), records.result(eligible=44), records.result(absent=None)):
        with pytest.raises(Invalid):
            desk.close(number, result)
    with pytest.raises(Invalid):
        desk.close(number, records.result({"luar": 43}))
    assert digest(desk.database) == before


def test_the_same_sending_again_is_the_same_receipt(desk):
    ids = records.submission_id(), records.submission_id()
    number = desk.plan(id=ids[0])
    first = desk.close(number, id=ids[1])
    before = digest(desk.database)
    assert desk.plan(id=ids[0]) == number
    assert desk.close(number, id=ids[1]) == first
    assert digest(desk.database) == before
    with pytest.raises(Conflict) as conflict:
        desk.close(number, records.result(absent=11), id=ids[1])
    assert conflict.value.why == OTHER_BODY


def test_a_place_is_visited_once_a_day(desk):
    number = desk.plan()
    before = digest(desk.database)
    for who, point in ((people.clerk, NGORO), (people.supervisor, PUNGGING), (people.liaison, NGORO)):
        with pytest.raises(Conflict) as conflict:
            desk.plan(records.plan(point_code=point, team="Tim 2"), who=who)
        assert conflict.value.why == EXISTS
        assert conflict.value.kept.id == number
    assert digest(desk.database) == before
    other = desk.plan(records.plan(visit_date=TODAY + timedelta(days=1)))
    with pytest.raises(Conflict) as conflict:
        desk.plan(visit_id=other, version=1)
    assert conflict.value.why == EXISTS
    assert desk.plan(records.plan(team="Tim 3"), visit_id=number, version=1) == number


def test_two_plans_for_one_place_at_once_make_one_visit(desk):
    together = threading.Barrier(2)
    outcomes = []

    def plan(who):
        together.wait()
        try:
            desk.plan(who=who)
            outcomes.append("planned")
        except Conflict as conflict:
            outcomes.append(conflict.why)

    threads = [threading.Thread(target=plan, args=(w,)) for w in (people.clerk, people.supervisor)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [EXISTS, "planned"]
    assert desk.rows() == 1


def test_a_cancelled_visit_counts_nowhere_and_frees_the_day(desk):
    number = desk.plan()
    desk.close(number, records.result({"luar": 2}))
    desk.cancel(number, version=2, reason="lain", note="salah sekolah")
    kept = desk.kept(number)
    assert (kept.state, kept.cancel_reason, kept.version) == (CANCELLED, "lain", 3)
    assert kept.result.recorded == 42
    found = desk.facts()
    assert (found.work, found.homes, found.trend_visits, found.reached) == ([], [], {}, (0, 0))
    again = desk.plan()
    assert again != number
    assert desk.rows() == 2
    once = digest(desk.database)
    desk.cancel(number, version=2)
    assert digest(desk.database) == once


def test_cancelling_needs_a_reason_of_the_list_and_the_present_version(desk):
    number = desk.plan()
    before = digest(desk.database)
    for reason, note in (("", ""), ("malas", ""), ("lain", ""), ("sekolah", "NIK 3516051203070001")):
        with pytest.raises(Invalid):
            desk.cancel(number, reason=reason, note=note)
    with pytest.raises(Conflict) as conflict:
        desk.cancel(number, version=2)
    assert conflict.value.why == STALE
    assert digest(desk.database) == before


def test_a_result_is_corrected_with_a_reason_and_keeps_what_was_said(desk):
    number = desk.plan()
    desk.close(number, records.result({"luar": 2}))
    before = digest(desk.database)
    with pytest.raises(Invalid) as invalid:
        desk.close(number, records.result(absent=9), version=2)
    assert [p.field for p in invalid.value.problems] == ["reason"]
    assert digest(desk.database) == before
    desk.close(number, records.result(absent=9), version=2, reason="satu datang sore")
    with desk.database.reading() as tx:
        line = ledger.history(tx, "visit", str(number))[0]
    assert (line.deed, line.reason) == ("visits.correct", "satu datang sore")
    assert line.changes == {"absent": [10, 9], "eligible": [50, 49], "home-luar": [2, None]}


def test_a_reason_is_read_on_a_first_result_too(desk):
    number = desk.plan()
    with pytest.raises(Invalid):
        desk.close(number, reason="NIK 3516051203070001")


def test_a_stale_form_is_told(desk):
    number = desk.plan()
    desk.plan(records.plan(team="Tim 2"), visit_id=number, version=1)
    before = digest(desk.database)
    for attempt in (
        lambda: desk.plan(records.plan(team="Tim 3"), visit_id=number, version=1),
        lambda: desk.close(number, version=1),
    ):
        with pytest.raises(Conflict) as conflict:
            attempt()
        assert (conflict.value.why, conflict.value.kept.plan.team) == (STALE, "Tim 2")
    desk.cancel(number, version=2)
    for attempt in (
        lambda: desk.plan(visit_id=number, version=3),
        lambda: desk.close(number, version=3),
    ):
        with pytest.raises(Conflict):
            attempt()
    assert digest(desk.database) != before


def test_a_result_of_a_visit_that_was_cancelled_is_not_told_as_kept(desk):
    id = records.submission_id()
    number = desk.plan()
    desk.close(number, id=id)
    desk.cancel(number, version=2)
    before = digest(desk.database)
    with pytest.raises(Conflict) as conflict:
        desk.close(number, id=id)
    assert (conflict.value.why, conflict.value.kept.id) == (WITHDRAWN, id)
    with pytest.raises(Conflict) as conflict:
        desk.close(number, records.result(absent=11), id=id)
    assert conflict.value.why == OTHER_BODY
    with pytest.raises(Conflict) as conflict:
        desk.close(number, version=3)
    assert (conflict.value.why, conflict.value.kept.state) == (STALE, CANCELLED)
    assert digest(desk.database) == before


def test_a_result_waits_for_the_day(desk):
    number = desk.plan(records.plan(visit_date=TODAY + timedelta(days=1)))
    with pytest.raises(Invalid):
        desk.close(number)
    desk.close(number, at=NOW + timedelta(days=1))


def test_of_two_results_at_once_one_wins(desk):
    number = desk.plan()
    together = threading.Barrier(2)
    outcomes = []

    def close(absent):
        together.wait()
        try:
            desk.close(number, records.result(absent=absent))
            outcomes.append(absent)
        except Conflict as conflict:
            outcomes.append(conflict.why)

    threads = [threading.Thread(target=close, args=(n,)) for n in (3, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = [o for o in outcomes if o != STALE]
    assert STALE in outcomes
    assert desk.kept(number).result.counts["absent"] == winner


# --- whose visits -------------------------------------------------------------------------------


@pytest.mark.parametrize("who", [people.stranger, people.colleague], ids=lambda w: w.username)
def test_a_strangers_visit_is_unknown_and_untouched(desk, who):
    number = desk.plan()
    before = digest(desk.database)
    own = records.plan(point_code=next(iter(who.points)))
    for attempt in (
        lambda: desk.plan(own, who=who),
        lambda: desk.plan(own, who=who, visit_id=number, version=1),
        lambda: desk.close(number, who=who),
        lambda: desk.cancel(number, who=who),
        lambda: desk.close(999, who=who),
    ):
        with pytest.raises(Unknown):
            attempt()
    assert desk.kept(number, who) is None
    assert digest(desk.database) == before


@pytest.mark.parametrize("who", [people.reader, people.administrator], ids=lambda w: w.username)
def test_who_only_reads_does_not_write(desk, who):
    number = desk.plan()
    before = digest(desk.database)
    for attempt in (
        lambda: desk.plan(records.plan(visit_date=TODAY + timedelta(days=1)), who=who),
        lambda: desk.close(number, who=who),
        lambda: desk.cancel(number, who=who),
    ):
        with pytest.raises(NotPermitted):
            attempt()
    assert desk.kept(number, who) is not None
    assert digest(desk.database) == before


def test_a_liaison_plans_only_the_own_schools_and_the_office_of_the_kecamatan_goes(desk):
    number = desk.plan(records.plan(point_code=PUNGGING, kits=("kit-kec-35.16.06",)), who=people.liaison)
    kept = desk.kept(number, people.liaison)
    assert (kept.state, kept.plan.point_code, kept.plan.kits) == (PROPOSED, NGORO, ())
    desk.plan(records.plan(note="aula"), who=people.liaison, visit_id=number, version=1)
    elsewhere = desk.plan(records.plan(place_code=people.OTHER_SCHOOL))
    before = digest(desk.database)
    for attempt in (
        lambda: desk.plan(records.plan(place_code=people.OTHER_SCHOOL), who=people.liaison),
        lambda: desk.plan(records.plan(place_code=PUNGGING_SCHOOL), who=people.liaison),
        lambda: desk.plan(records.plan(place_code=PUNGGING_SCHOOL), who=people.liaison, visit_id=number, version=2),
        lambda: desk.cancel(elsewhere, who=people.liaison),
    ):
        with pytest.raises(Unknown):
            attempt()
    for attempt in (
        lambda: desk.close(number, who=people.liaison, version=2),
        lambda: desk.advance(number, "accept", who=people.liaison, version=2),
    ):
        with pytest.raises(NotPermitted):
            attempt()
    assert digest(desk.database) == before
    with desk.database.reading() as tx:
        assert [v.id for v in visits.in_period(tx, people.liaison, PERIOD)] == [number]
        assert {v.id for v in visits.in_period(tx, people.clerk, PERIOD)} == {number, elsewhere}
        assert visits.in_period(tx, people.stranger, PERIOD) == []


def test_a_clerk_sends_only_the_own_team_and_only_to_the_own_kecamatan(desk):
    before = digest(desk.database)
    with pytest.raises(Unknown):
        desk.plan(records.plan(point_code=PUNGGING))
    with pytest.raises(Unknown):
        desk.plan(records.plan(place_code=PUNGGING_SCHOOL))
    for wrong in ({"place_code": "npsn-00000000"}, {"point_code": "kec-99.99.99"}):
        with pytest.raises(Invalid):
            desk.plan(records.plan(**wrong))
    assert digest(desk.database) == before


def test_changing_the_words_of_a_plan_leaves_its_team_and_place(desk):
    """The team of Ngoro goes to a school of Pungging: both offices see the visit, and neither moves it by saving."""
    wanted = records.plan(place_code=PUNGGING_SCHOOL, team="Tim 1")
    number = desk.plan(wanted, who=people.supervisor)
    desk.plan(replace(wanted, team=" Bu Sri "), who=people.colleague, visit_id=number, version=1)
    desk.plan(replace(wanted, note=" bawa UPS "), who=people.clerk, visit_id=number, version=2)
    plan = desk.kept(number).plan
    assert (plan.point_code, plan.place_code, plan.team, plan.note) == (NGORO, PUNGGING_SCHOOL, "Tim 1", "bawa UPS")
    before = digest(desk.database)
    for who, moved in (
        (people.clerk, replace(wanted, point_code=PUNGGING)),
        (people.clerk, replace(wanted, place_code=people.OTHER_SCHOOL, point_code=PUNGGING)),
        (people.colleague, replace(wanted, point_code=people.GONDANG)),
        (people.colleague, replace(wanted, place_code=SCHOOL)),
    ):
        with pytest.raises(Unknown):
            desk.plan(moved, who=who, visit_id=number, version=3)
    assert digest(desk.database) == before
    desk.plan(replace(wanted, point_code=PUNGGING), who=people.colleague, visit_id=number, version=3)
    assert desk.kept(number).plan.point_code == PUNGGING


def test_a_liaison_changes_only_proposals_and_another_office_still_goes(desk):
    number = desk.plan(records.plan(point_code=PUNGGING), who=people.supervisor)
    before = digest(desk.database)
    with pytest.raises(NotPermitted):  # staff have planned it
        desk.plan(records.plan(point_code="", note="aula"), who=people.liaison, visit_id=number, version=1)
    assert digest(desk.database) == before
    own = desk.plan(records.plan(visit_date=TODAY + timedelta(days=1)), who=people.liaison)
    moved = records.plan(visit_date=TODAY + timedelta(days=1), point_code=PUNGGING)
    desk.plan(moved, who=people.supervisor, visit_id=own, version=1)
    desk.plan(replace(moved, point_code="", note="aula"), who=people.liaison, visit_id=own, version=2)
    kept = desk.kept(own)
    assert (kept.plan.point_code, kept.plan.note, kept.version, kept.state) == (PUNGGING, "aula", 3, PROPOSED)


def test_a_school_without_a_kecamatan_is_the_districts(desk):
    wanted = records.plan(place_code=people.SCHOOL_WITHOUT_KECAMATAN)
    with pytest.raises(Unknown):
        desk.plan(wanted)
    number = desk.plan(wanted, who=people.supervisor)
    assert desk.kept(number, people.clerk) is not None, "his team goes there"
    assert desk.kept(number, people.stranger) is None


def test_overdue_visits_are_those_without_a_result(desk):
    yesterday = TODAY - timedelta(days=3)
    number = desk.plan(records.plan(visit_date=yesterday))
    closed = desk.plan(records.plan(visit_date=yesterday, place_code=people.OTHER_SCHOOL))
    desk.close(closed)
    with desk.database.reading() as tx:
        assert [v.id for v in visits.overdue(tx, people.clerk, TODAY)] == [number]
        assert visits.overdue(tx, people.colleague, TODAY) == []
        assert visits.overdue(tx, people.clerk, yesterday) == []


def test_no_overdue_visit_is_left_out(desk):
    with desk.database.writing() as tx:
        for n in range(60):
            wanted = records.plan(visit_date=TODAY - timedelta(days=60 - n))
            visits.add(tx, wanted, people.clerk.id, people.NOW)
    with desk.database.reading() as tx:
        found = [v.plan.visit_date for v in visits.overdue(tx, people.supervisor, TODAY)]
    assert found == [TODAY - timedelta(days=60 - n) for n in range(60)]


def test_the_places_own_office_is_offered_first(desk):
    with desk.database.reading() as tx:
        place = visits_place(tx)
    everywhere = action.going_points(frozenset(), True, desk.office, place)
    assert everywhere[0] == NGORO
    assert set(everywhere) == set(desk.office.points)
    assert action.going_points(people.clerk.points, False, desk.office, place) == [NGORO]
    assert action.going_points(people.colleague.points, False, desk.office, place) == [PUNGGING]


def visits_place(tx):
    from portal.storage import areas

    return areas.place(tx, SCHOOL)
