import threading
from datetime import timedelta

import pytest

from portal.actions import diary as action
from portal.actions import equipment as status_deeds
from portal.domain.diary import POINT, SPARE, VAN, VISIT, KitPlace
from portal.domain.problems import Conflict, Invalid, NotPermitted, Unknown
from portal.storage import areas, equipment

from .. import people, records
from ..digest import digest
from ..people import NGORO, NOW, PUNGGING, SCHOOL, TODAY

KIT = f"kit-{NGORO}"
DAY = timedelta(days=1)


class Desk:
    def __init__(self, database):
        self.database = database
        with database.reading() as tx:
            self.office = areas.office(tx)

    def move(self, kind=VAN, first=TODAY, last=TODAY, *, who=people.supervisor, kit=KIT, id=None, at=NOW, **over):
        place = KitPlace(0, kit, kind, over.get("point"), over.get("place"), over.get("holder", ""), first, last)
        with self.database.writing() as tx:
            sender = people.sending(who, at)
            return action.move(tx, sender, self.office, id or records.submission_id(), place)

    def withdraw(self, place_id, *, who=people.supervisor, kit=KIT, at=NOW):
        with self.database.writing() as tx:
            return action.withdraw(tx, people.sending(who, at), records.submission_id(), kit, place_id)

    def kit(self, code=KIT):
        with self.database.reading() as tx:
            return equipment.find(tx, code)

    def codes(self, point, today=TODAY):
        with self.database.reading() as tx:
            return [k.code for k in equipment.kits(tx, [point], today)]


@pytest.fixture
def desk(database):
    return Desk(database)


def test_a_new_kit_stands_at_its_point_from_the_first_day(desk):
    (place,) = desk.kit().places
    assert (place.kind, place.point_code, place.valid_from, place.valid_to) == (POINT, NGORO, TODAY, None)


def test_a_clerk_takes_the_kit_along_and_it_comes_back(desk):
    desk.move(VISIT, TODAY + DAY, TODAY + 2 * DAY, who=people.clerk, place=SCHOOL, holder="Tim 1")
    kit = desk.kit()
    assert [kit.point_on(TODAY + n * DAY) for n in range(4)] == [NGORO, None, None, NGORO]
    assert kit.place(TODAY + DAY).holder == "Tim 1"


def test_a_kit_lent_to_another_point_is_looked_after_by_both(desk):
    desk.move(POINT, TODAY, TODAY + DAY, point=PUNGGING)
    assert desk.codes(PUNGGING) == [KIT, f"kit-{PUNGGING}"]
    assert desk.codes(PUNGGING, TODAY + 2 * DAY) == [f"kit-{PUNGGING}"]
    assert KIT in desk.codes(NGORO)
    kit = desk.kit()
    with desk.database.writing() as tx:
        sender = people.sending(people.colleague)
        status_deeds.confirm(tx, sender, records.submission_id(), KIT, kit.version)
    with pytest.raises(Unknown), desk.database.writing() as tx:
        status_deeds.confirm(
            tx, people.sending(people.colleague, NOW + 3 * DAY), records.submission_id(), KIT, kit.version
        )


def test_moved_for_good_it_belongs_to_the_other_point(desk):
    desk.move(POINT, TODAY - DAY, None, point=PUNGGING)
    kit = desk.kit()
    assert (kit.point_code, kit.point_on(TODAY)) == (NGORO, NGORO)  # what was said of today stands before yesterday's
    desk.move(POINT, TODAY + DAY, None, point=PUNGGING, at=NOW + DAY)
    assert desk.kit().point_code == PUNGGING
    assert desk.codes(NGORO, TODAY + DAY) == []
    desk.withdraw(max(p.id for p in desk.kit().places), at=NOW + DAY)
    assert desk.kit().point_code == NGORO


@pytest.mark.parametrize(
    ("who", "kind", "last", "error"),
    [
        (people.clerk, SPARE, None, NotPermitted),
        (people.clerk, POINT, TODAY, NotPermitted),
        (people.colleague, VAN, TODAY, Unknown),
        (people.reader, VAN, TODAY, NotPermitted),
        (people.liaison, VAN, TODAY, NotPermitted),
        (people.administrator, SPARE, None, None),
    ],
)
def test_who_may_move_a_kit_where(desk, who, kind, last, error):
    before = digest(desk.database)
    if error is None:
        desk.move(kind, TODAY + DAY, last, who=who)
        assert desk.kit().place(TODAY + DAY).kind == kind
        return
    with pytest.raises(error):
        desk.move(kind, TODAY + DAY, last, who=who, point=PUNGGING if kind == POINT else None)
    assert digest(desk.database) == before


def test_a_school_of_another_kecamatan_is_not_a_clerks_to_choose(desk):
    with pytest.raises(Invalid) as caught:
        desk.move(VISIT, who=people.clerk, place=people.PUNGGING_SCHOOL)
    assert [p.field for p in caught.value.problems] == ["place"]


def test_two_who_want_the_kit_on_one_day_at_once_get_it_once(desk):
    results = []

    def move(kind):
        try:
            desk.move(kind, TODAY + DAY, TODAY + 3 * DAY, who=people.clerk, place=SCHOOL if kind == VISIT else None)
            results.append("moved")
        except Invalid as error:
            results.append(error.problems[0].field)

    threads = [threading.Thread(target=move, args=(kind,)) for kind in (VAN, VISIT)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["moved", "valid_from"]
    assert len([place for place in desk.kit().places if not place.standing]) == 1


def test_a_place_taken_back_frees_its_days_and_the_first_stays(desk):
    desk.move(VAN, TODAY + DAY, TODAY + 3 * DAY, who=people.clerk)
    with pytest.raises(Invalid):
        desk.move(VAN, TODAY + 2 * DAY, TODAY + 2 * DAY)
    (first, lent) = (p.id for p in desk.kit().places)
    with pytest.raises(Unknown):
        desk.withdraw(lent, who=people.colleague)
    desk.withdraw(lent, who=people.clerk)
    desk.move(VAN, TODAY + 2 * DAY, TODAY + 2 * DAY)
    with pytest.raises(Conflict):
        desk.withdraw(lent)
    with pytest.raises(NotPermitted):
        desk.withdraw(first, who=people.clerk)
    with pytest.raises(Invalid):
        desk.withdraw(first)


def test_what_the_district_lends_no_clerk_takes_back(desk):
    desk.move(POINT, TODAY, TODAY + DAY, point=PUNGGING)
    lent = max(place.id for place in desk.kit().places)
    for who in (people.clerk, people.colleague):
        with pytest.raises(NotPermitted):
            desk.withdraw(lent, who=who)
    assert desk.kit().point_on(TODAY) == PUNGGING
    desk.withdraw(lent)
    assert desk.kit().point_on(TODAY) == NGORO


def test_sent_twice_it_moves_once(desk):
    id = records.submission_id()
    assert desk.move(id=id) == desk.move(id=id)
    assert len(desk.kit().places) == 2
