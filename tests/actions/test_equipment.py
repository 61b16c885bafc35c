import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.actions import equipment as action
from portal.domain.equipment import ABLE, COMPONENTS, GOOD, STATUSES, UNABLE
from portal.domain.problems import OTHER_BODY, STALE, Conflict, Invalid, NotPermitted, Unknown
from portal.storage import equipment, ledger
from portal.storage.tables import status_event

from .. import people, records
from ..digest import digest
from ..people import NGORO, NOW

KIT = f"kit-{NGORO}"
LATER = NOW + timedelta(hours=1)


class Desk:
    """Somebody looking after a kit, each deed in a transaction of its own."""

    def __init__(self, database):
        self.database = database

    def say(
        self, status="broken", reason="tidak_menyala", note="", *, who=people.clerk, kit=KIT, kind="iris", version=1,
        id=None, at=LATER,
    ):  # fmt: skip
        id = id or records.submission_id()
        with self.database.writing() as tx:
            sender = people.sending(who, at)
            return action.set_status(tx, sender, id, kit, kind, version, status, reason, note)

    def confirm(self, *, who=people.clerk, kit=KIT, id=None, at=LATER):
        with self.database.writing() as tx:
            return action.confirm(tx, people.sending(who, at), id or records.submission_id(), kit)

    def kit(self):
        with self.database.reading() as tx:
            return equipment.find(tx, KIT)

    def part(self, kind="iris"):
        return next(c for c in self.kit().components if c.kind == kind)

    def events(self):
        with self.database.reading() as tx:
            return equipment.events(tx, KIT, limit=100)


@pytest.fixture
def desk(database):
    return Desk(database)


def test_a_broken_part_stops_the_kit_and_is_remembered(desk):
    assert desk.kit().can_record == ABLE
    desk.say(note=" lampu mati ")
    part = desk.part()
    assert (part.status, part.reason, part.note, part.version) == ("broken", "tidak_menyala", "lampu mati", 2)
    assert (part.since, part.confirmed_at, part.by) == (LATER, LATER, people.clerk.name)
    assert (desk.kit().can_record, desk.kit().can_print, desk.kit().weakest.kind) == (UNABLE, ABLE, "iris")
    newest = desk.events()[0]
    assert (newest.component_kind, newest.status, newest.reason) == ("iris", "broken", "tidak_menyala")
    assert not newest.confirmed_only
    with desk.database.reading() as tx:
        line = ledger.history(tx, "kit", KIT)[0]
    assert line.deed == "equipment.status"
    assert line.changes == {
        "iris.status": ["good", "broken"],
        "iris.reason": ["", "tidak_menyala"],
        "iris.note": ["", "lampu mati"],
    }


@pytest.mark.parametrize("status", [*STATUSES, "meledak"])
def test_the_reason_is_forced_here_whatever_the_form_let_through(desk, status):
    before = digest(desk.database)
    reason = "tidak_menyala" if status == GOOD else ""
    with pytest.raises(Invalid) as invalid:
        desk.say(status, reason)
    assert [p.field for p in invalid.value.problems] == (["status"] if status == "meledak" else ["reason"])
    with pytest.raises(Invalid):
        desk.say(status, "dicuri", "NIK 3516051203070001")
    assert digest(desk.database) == before


def test_the_same_sending_again_is_the_same_receipt(desk):
    id = records.submission_id()
    first = desk.say(id=id)
    before = digest(desk.database)
    assert desk.say(id=id, at=LATER + timedelta(days=1)) == first
    with pytest.raises(Conflict) as conflict:
        desk.say("repair", "dinas", id=id)
    assert conflict.value.why == OTHER_BODY
    with pytest.raises(Conflict):
        desk.confirm(id=id)
    assert digest(desk.database) == before


def test_a_stale_form_is_told_what_the_part_is_now(desk):
    desk.say()
    before = digest(desk.database)
    with pytest.raises(Conflict) as conflict:
        desk.say("good", "", version=1, who=people.supervisor)
    assert (conflict.value.why, conflict.value.kept.status) == (STALE, "broken")
    assert digest(desk.database) == before
    desk.say("good", "", version=2)
    assert desk.kit().can_record == ABLE


def test_of_two_at_once_one_wins(desk):
    together = threading.Barrier(2)
    outcomes = []

    def say(status, reason):
        together.wait()
        try:
            desk.say(status, reason)
            outcomes.append(status)
        except Conflict as conflict:
            outcomes.append(conflict.why)

    pairs = [("broken", "petir_listrik"), ("repair", "dinas")]
    threads = [threading.Thread(target=say, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert STALE in outcomes
    assert desk.part().status in outcomes
    assert desk.part().version == 2


def test_since_stays_while_the_state_is_the_same(desk):
    desk.say(at=LATER)
    desk.say(note="sudah dicoba lagi", version=2, at=LATER + timedelta(hours=2))
    part = desk.part()
    assert (part.since, part.confirmed_at) == (LATER, LATER + timedelta(hours=2))
    desk.say("broken", "petir_listrik", version=3, at=LATER + timedelta(hours=3))
    assert desk.part().since == LATER + timedelta(hours=3)


def test_still_the_same_confirms_every_part_and_changes_none(desk):
    desk.say()
    before = desk.kit()
    id = records.submission_id()
    tomorrow = NOW + timedelta(days=1)
    first = desk.confirm(id=id, at=tomorrow)
    after = desk.kit()
    assert {c.confirmed_at for c in after.components} == {tomorrow}
    assert after.confirmed_at == tomorrow
    assert [(c.status, c.reason, c.since, c.version) for c in after.components] == [
        (c.status, c.reason, c.since, c.version) for c in before.components
    ]
    newest = desk.events()[: len(COMPONENTS)]
    assert all(e.confirmed_only and e.at == tomorrow for e in newest)
    state = digest(desk.database)
    assert desk.confirm(id=id, at=tomorrow + timedelta(days=1)) == first
    assert digest(desk.database) == state


@pytest.mark.parametrize(
    ("who", "refused"),
    [
        (people.stranger, Unknown),
        (people.colleague, Unknown),
        (people.liaison, NotPermitted),
        (people.reader, NotPermitted),
        (people.administrator, NotPermitted),
    ],
    ids=lambda w: getattr(w, "username", ""),
)
def test_somebody_elses_kit_is_not_touched(desk, who, refused):
    before = digest(desk.database)
    with pytest.raises(refused):
        desk.say(who=who)
    with pytest.raises(refused):
        desk.confirm(who=who)
    assert digest(desk.database) == before


def test_what_is_not_there_is_unknown(desk):
    for over in ({"kit": "kit-x"}, {"kind": "palu"}):
        with pytest.raises(Unknown):
            desk.say(**over)
    with pytest.raises(Unknown):
        desk.confirm(kit="kit-x")


def test_kits_are_found_by_point_with_their_parts_in_order(desk):
    with desk.database.reading() as tx:
        (mine,) = equipment.kits(tx, [NGORO])
        assert [k.point_code for k in equipment.kits(tx)] == [NGORO, people.PUNGGING]
        assert equipment.kits(tx, []) == []
        assert tx.execute(select(func.count()).select_from(status_event)).scalar() == 2 * len(COMPONENTS)
    assert [c.kind for c in mine.components] == list(COMPONENTS)
