"""One booking, several small places: shared as long as it fits, handed on when it does not, and never doubled."""

import threading
from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from portal.actions import visits as action
from portal.domain.kit_checks import CHECKS, latest_checks, tried
from portal.domain.problems import Conflict, Invalid
from portal.domain.visits import AFTERNOON, AGES, BOOKED, MORNING
from portal.storage import sweeps, visits
from portal.storage.tables import visit_kit, visit_team

from .. import people, records
from ..digest import digest
from ..people import NGORO, OTHER_SCHOOL, SCHOOL, TODAY
from .test_visits import Desk

KIT = f"kit-{NGORO}"
OTHER_KIT = f"kit-{people.PUNGGING}"
VILLAGE = "desa-35.16.05.2001"
HOST = {"session": MORNING, "kits": (KIT,), "team": "Tim 1"}


@pytest.fixture
def desk(database, office):
    return Desk(database, office)


def shared(desk, *more):
    """A visit of a morning, and one that shares its booking; and more of them."""
    host = desk.plan(records.plan(**HOST))
    return host, *(
        desk.plan(records.plan(place_code=code, session=MORNING, joined_to=host)) for code in (OTHER_SCHOOL, *more)
    )


def held(desk, table=visit_kit):
    """visit → half days that it holds."""
    found = {}
    with desk.database.reading() as tx:
        for row in tx.execute(select(table).where(table.c.held == 1).order_by(table.c.slot)):
            found.setdefault(row.visit_id, []).append(row.slot)
    return found


def test_two_places_share_kits_and_team_and_each_has_its_own_result(desk):
    host, other = shared(desk)
    assert held(desk) == held(desk, visit_team) == {host: [MORNING]}
    kept = desk.kept(other).plan
    assert (kept.kits, kept.team, kept.joined_to) == ((KIT,), "Tim 1", host)
    desk.close(host, records.result(recorded_from_list=12, walk_in=0))
    desk.close(
        other, replace(records.result(recorded_from_list=7, walk_in=1), ages=dict(zip(AGES, (5, 2, 1), strict=True)))
    )
    (work,) = desk.facts().work
    assert (work.sums["visits"], work.sums["visits_done"]) == (12 + 8, 2)
    with desk.database.reading() as tx:
        booked = sweeps.bookings(tx, [KIT], TODAY, TODAY)
        found = {v.plan.place_code: v.plan.kits for v in visits.in_period(tx, people.clerk, desk_period())}
    assert booked == {KIT: {(TODAY, MORNING)}}, "one kit, one half day, however many places"
    assert found == {SCHOOL: (KIT,), OTHER_SCHOOL: (KIT,)}


def desk_period():
    from portal.domain.duty import Period

    return Period(TODAY, TODAY)


def test_what_is_tried_for_one_is_tried_for_both(desk):
    host, other = shared(desk)
    with desk.database.writing() as tx:
        marks = {KIT: dict.fromkeys(CHECKS, (True, ""))}
        action.check(tx, people.sending(people.clerk), records.submission_id(), host, marks)
    with desk.database.reading() as tx:
        said = visits.checks(tx, [host, other])
    assert [tried(latest_checks(said[n]), (KIT,))[0] for n in (host, other)] == [len(CHECKS)] * 2


def test_another_kit_or_team_of_the_host_goes_to_both(desk):
    host, other = shared(desk)
    desk.plan(
        records.plan(**HOST | {"kits": (OTHER_KIT,), "team": "Tim 2"}), who=people.supervisor, visit_id=host, version=1
    )
    kept = desk.kept(other).plan
    assert (kept.kits, kept.team, kept.joined_to) == ((OTHER_KIT,), "Tim 2", host)


@pytest.mark.parametrize("how", ["cancelled", "moved"])
def test_when_the_host_goes_the_next_holds_the_booking(desk, how):
    host, other, third = shared(desk, VILLAGE)
    if how == "cancelled":
        desk.cancel(host)
    else:
        desk.plan(records.plan(**HOST | {"visit_date": TODAY + timedelta(days=1)}), visit_id=host, version=1)
    still = {} if how == "cancelled" else {host: [MORNING]}
    assert held(desk) == held(desk, visit_team) == {**still, other: [MORNING]}
    plans = [desk.kept(number).plan for number in (other, third)]
    assert [(p.kits, p.team, p.joined_to) for p in plans] == [((KIT,), "Tim 1", None), ((KIT,), "Tim 1", other)]


def test_a_host_that_needs_the_half_day_of_another_is_told(desk):
    """The host would go to the afternoon only, and its place is kept by who shared the morning: no conflict. But a
    third visit in its way is one, and then nothing is handed on."""
    host, other = shared(desk)
    desk.plan(records.plan(place_code=VILLAGE, session=AFTERNOON, kits=(KIT,)))
    before = digest(desk.database)
    with pytest.raises(Conflict) as conflict:
        desk.plan(records.plan(**HOST | {"session": AFTERNOON}), visit_id=host, version=1)
    assert conflict.value.why == BOOKED
    assert digest(desk.database) == before
    assert desk.kept(other).plan.joined_to == host


def test_only_what_fits_is_shared(desk):
    host, _other = shared(desk)
    before = digest(desk.database)
    tomorrow = TODAY + timedelta(days=1)
    for wrong in ({"session": AFTERNOON}, {"session": "day"}, {"visit_date": tomorrow, "session": MORNING}):
        with pytest.raises(Invalid) as invalid:
            desk.plan(records.plan(place_code=VILLAGE, joined_to=host, **wrong))
        assert [p.field for p in invalid.value.problems] == ["joined_to"]
    assert digest(desk.database) == before


def test_who_moves_away_has_a_booking_of_its_own_again(desk):
    host, other = shared(desk)
    moved = records.plan(place_code=OTHER_SCHOOL, session=AFTERNOON, joined_to=host, kits=(KIT,), team="Tim 1")
    desk.plan(moved, visit_id=other, version=1)
    assert held(desk) == held(desk, visit_team) == {host: [MORNING], other: [AFTERNOON]}
    assert desk.kept(other).plan.joined_to is None


# --- the database itself holds it -------------------------------------------------------------------


def test_the_database_takes_no_team_and_no_kit_twice(desk):
    """Even a program that asked nothing before is refused: one row holds a kit, and one a team, in a half day."""
    first = desk.plan(records.plan(**HOST))
    second = desk.plan(records.plan(place_code=OTHER_SCHOOL, session=MORNING))
    day = {"visit_id": second, "slot": MORNING, "visit_date": TODAY, "held": 1}
    for table, more in (
        (visit_kit, {"kit_code": KIT}),
        (visit_team, {"point_code": NGORO, "team_key": "tim 1"}),
    ):
        with pytest.raises(IntegrityError), desk.database.writing() as tx:
            tx.execute(insert(table).values(day | more))
        assert held(desk, table) == {first: [MORNING]}
    desk.cancel(first)
    with desk.database.writing() as tx:
        tx.execute(insert(visit_team).values(day | {"point_code": NGORO, "team_key": "tim 1"}))
    with pytest.raises(IntegrityError), desk.database.writing() as tx:
        tx.execute(update(visit_team).where(visit_team.c.visit_id == first).values(held=1))


def test_of_many_plans_for_one_team_at_once_one_stands(desk):
    """Eight people send the same team, written in their own way, to eight places of one morning."""
    with desk.database.reading() as tx:
        codes = [p for p in places_of_ngoro(tx)][:8]
    together, ended = threading.Barrier(len(codes)), []

    def plan(number, code):
        wanted = records.plan(place_code=code, session=MORNING, team=("Tim 1", " TIM  1")[number % 2])
        together.wait()
        try:
            desk.plan(wanted)
            ended.append("planned")
        except Conflict as conflict:
            ended.append(conflict.why)

    threads = [threading.Thread(target=plan, args=pair) for pair in enumerate(codes)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ended) == [BOOKED] * (len(codes) - 1) + ["planned"]
    assert len(held(desk, visit_team)) == 1


def places_of_ngoro(tx):
    from portal.storage import areas

    return sorted(p.code for p in areas.places(tx, kecamatan=["35.16.05"]))
