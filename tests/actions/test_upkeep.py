from datetime import timedelta

import pytest

from portal.actions import inventory, spares, upkeep
from portal.domain.problems import Conflict, Invalid, NotPermitted, Unknown
from portal.domain.spares import SpareMove
from portal.domain.upkeep import Upkeep
from portal.storage import areas, equipment, faults
from portal.storage import inventory as kept_inventory
from portal.storage import spares as kept_spares
from portal.storage import upkeep as kept_upkeep

from .. import people, records
from ..digest import digest
from ..people import NGORO, NOW, TODAY

KIT = f"kit-{NGORO}"
CARE = Upkeep(0, KIT, None, "", "inspection", 12, None, TODAY)


class Desk:
    def __init__(self, database):
        self.database = database
        with database.reading() as tx:
            self.office = areas.office(tx)

    def do(self, deed, *args, who=people.supervisor, id=None):
        with self.database.writing() as tx:
            return deed(tx, people.sending(who, NOW), id or records.submission_id(), *args)

    def move(self, kind, number, note="", who=people.supervisor, id=None, item=1):
        wanted = SpareMove(0, kind, 0, TODAY, None, None, note)
        with self.database.writing() as tx:
            sender = people.sending(who, NOW)
            return spares.move(tx, sender, self.office, id or records.submission_id(), item, number, wanted)

    def left(self):
        with self.database.reading() as tx:
            return kept_spares.find(tx, 1).balance

    def care(self):
        with self.database.reading() as tx:
            return kept_upkeep.planned(tx, [KIT])


@pytest.fixture
def desk(database):
    return Desk(database)


def test_care_comes_round_after_it_was_done(desk):
    number = int(desk.do(upkeep.plan, CARE).object_id)
    desk.do(upkeep.done, number, 1, TODAY - timedelta(days=1), "bersih", who=people.clerk)
    (care,) = desk.care()
    assert (care.last_on, care.due_on, care.version) == (TODAY - timedelta(days=1), TODAY.replace(2025, 10, 20), 2)
    with pytest.raises(Conflict):
        desk.do(upkeep.done, number, 1, TODAY, "")
    with pytest.raises(Invalid):
        desk.do(upkeep.done, number, 2, TODAY + timedelta(days=1), "")
    desk.do(upkeep.withdraw, number, 2)
    assert desk.care() == []
    desk.do(upkeep.plan, CARE)


def test_care_is_planned_once_by_the_district_for_a_kit_there_is(desk):
    desk.do(upkeep.plan, CARE)
    before = digest(desk.database)
    for who, care, error in (
        (people.supervisor, CARE, Invalid),
        (people.clerk, CARE, NotPermitted),
        (people.supervisor, Upkeep(0, "KIT-0", None, "", "inspection", 12, None, TODAY), Invalid),
        (people.supervisor, Upkeep(0, KIT, 999, "", "inspection", 12, None, TODAY), Invalid),
    ):
        with pytest.raises(error):
            desk.do(upkeep.plan, care, who=who)
    with pytest.raises(Unknown):
        desk.do(upkeep.done, 1, 1, TODAY, "", who=people.colleague)
    assert digest(desk.database) == before


def test_the_store_is_a_ledger_that_never_falls_below_nothing(desk):
    desk.do(spares.add, "Pita  warna", "ribbon", "gulung", 2)
    assert desk.left() == 0
    desk.move("in", 5)
    desk.move("out", 4)
    with pytest.raises(Invalid):
        desk.move("out", 2)
    desk.move("lost", 1, "sobek")
    with pytest.raises(Invalid):
        desk.move("counted", 3)
    desk.move("counted", 3, "salah hitung")
    assert desk.left() == 3
    with desk.database.reading() as tx:
        assert [m.quantity for m in kept_spares.moves(tx, 1)] == [3, -1, -4, 5]
    id = records.submission_id()
    desk.move("in", 1, id=id)
    desk.move("in", 1, id=id)
    assert desk.left() == 4


def test_a_thing_has_one_name_and_only_the_district_keeps_the_store(desk):
    desk.do(spares.add, "Pita", "ribbon", "gulung", 2)
    for deed in (
        lambda: desk.do(spares.add, "PITA", "film", "gulung", 2),
        lambda: desk.do(spares.add, "Film", "film", "gulung", None),
        lambda: desk.move("in", None),
        lambda: desk.do(spares.set_limit, 1, 1, -1),
    ):
        with pytest.raises(Invalid):
            deed()
    with pytest.raises(NotPermitted):
        desk.move("in", 1, who=people.clerk)
    with pytest.raises(Unknown):
        desk.move("in", 1, item=99)
    desk.do(spares.set_limit, 1, 1, 9)
    with pytest.raises(Conflict):
        desk.do(spares.set_limit, 1, 1, 8)


def test_what_was_not_found_is_missing_at_once_and_what_was_seen_confirms_nothing(desk):
    with desk.database.reading() as tx:
        part = equipment.find(tx, KIT).components[0]
    desk.do(inventory.check, part.id, "seen", "", "", who=people.clerk)
    desk.do(inventory.check, part.id, "moved", "Gudang", "", who=people.clerk)
    with desk.database.reading() as tx:
        same = equipment.part(tx, part.id)
        assert kept_inventory.latest(tx)[part.id].place == "Gudang"
    assert (same.status, same.confirmed_at, same.version) == (part.status, part.confirmed_at, part.version)
    desk.do(inventory.check, part.id, "missing", "", "", who=people.clerk)
    with desk.database.reading() as tx:
        gone = equipment.part(tx, part.id)
        (fault,) = faults.waiting(tx)
        assert [c.result for c in kept_inventory.of_part(tx, part.id)] == ["missing", "moved", "seen"]
    assert (gone.status, gone.reason, fault.component_id) == ("missing", "hilang", part.id)
    with pytest.raises(Unknown):
        desk.do(inventory.check, part.id, "seen", "", "", who=people.colleague)
    with pytest.raises(Invalid):
        desk.do(inventory.check, part.id, "moved", "", "", who=people.clerk)
    with pytest.raises(Unknown):
        desk.do(inventory.check, 999, "seen", "", "", who=people.clerk)
