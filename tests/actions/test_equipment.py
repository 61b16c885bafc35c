import threading
from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select

from portal.actions import equipment as action
from portal.domain.equipment import ABLE, COMPONENTS, GOOD, STATUSES, UNABLE
from portal.domain.problems import OTHER_BODY, STALE, Conflict, Invalid, NotPermitted, Unknown
from portal.storage import areas, equipment, ledger
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

    def confirm(self, *, who=people.clerk, kit=KIT, id=None, at=LATER, version=None):
        """``version`` is the kit's when the page was drawn: as it is now, unless told."""
        version = (self.kit().version if kit == KIT else 0) if version is None else version
        with self.database.writing() as tx:
            return action.confirm(tx, people.sending(who, at), id or records.submission_id(), kit, version)

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


def test_nothing_unseen_is_confirmed(desk):
    drawn = desk.kit().version
    desk.say()
    before = digest(desk.database)
    for version in (drawn, drawn + 2, 0, -1):
        with pytest.raises(Conflict) as conflict:
            desk.confirm(version=version, who=people.supervisor)
        assert (conflict.value.why, conflict.value.kept) == (STALE, desk.kit())
    assert digest(desk.database) == before
    desk.confirm(version=drawn + 1)
    assert desk.kit().version == drawn + 1, "confirming changes no part"
    desk.confirm(version=drawn + 1, at=LATER + timedelta(hours=1))


def test_a_confirmation_sent_again_after_a_change_is_the_same_receipt_and_confirms_nothing(desk):
    id, drawn = records.submission_id(), desk.kit().version
    first = desk.confirm(id=id, version=drawn)
    desk.say(at=LATER + timedelta(minutes=5))
    before = digest(desk.database)
    assert desk.confirm(id=id, version=drawn, at=LATER + timedelta(days=1)) == first
    assert digest(desk.database) == before
    with pytest.raises(Conflict) as conflict:
        desk.confirm(id=id, version=drawn + 1)
    assert conflict.value.why == OTHER_BODY
    assert digest(desk.database) == before


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


def register(database, who=people.supervisor, code="KIT-NGO-2", name=" Alat Ngoro 2 ", point=NGORO, **over):
    with database.writing() as tx:
        action.add(tx, people.sending(who, LATER), areas.office(tx), code, name, point, **over)


@pytest.mark.parametrize("who", [people.supervisor, people.administrator], ids=lambda w: w.username)
def test_a_kit_is_registered_with_parts_that_work(database, who):
    with database.reading() as tx:
        before = ledger.versions(tx)
    register(database, who)
    with database.reading() as tx:
        kit = equipment.find(tx, "KIT-NGO-2")
        events = equipment.events(tx, "KIT-NGO-2")
        after = ledger.versions(tx)
        line = ledger.history(tx, "kit", "KIT-NGO-2")[0]
    assert (kit.name, kit.point_code, [c.kind for c in kit.components]) == ("Alat Ngoro 2", NGORO, list(COMPONENTS))
    assert {(c.status, c.since, c.confirmed_at, c.by) for c in kit.components} == {(GOOD, LATER, LATER, who.name)}
    assert len(events) == len(COMPONENTS)
    assert {area for area in after if after[area] != before[area]} == {ledger.DATA, ledger.EQUIPMENT}
    assert (line.deed, line.account) == ("equipment.add", who.username)
    assert line.changes == {
        "name": [None, "Alat Ngoro 2"],
        "point": [None, NGORO],
        "parts": [None, list(COMPONENTS)],
    }


def test_a_kit_may_lack_a_part(database):
    register(database, kinds={"network", "iris", "pc"})
    with database.reading() as tx:
        kit = equipment.find(tx, "KIT-NGO-2")
    assert [c.kind for c in kit.components] == ["iris", "pc", "network"]
    assert kit.can_record == UNABLE


@pytest.mark.parametrize(
    ("over", "fields"),
    [
        ({"code": "kit ngoro", "name": " ", "point": "kec-0", "kinds": ["palu"]}, {"code", "name", "point", "kinds"}),
        ({"code": "KIT-NGO-1"}, {"code"}),
    ],
)
def test_a_kit_that_cannot_be_is_refused(database, over, fields):
    register(database, code="KIT-NGO-1")
    before = digest(database)
    with pytest.raises(Invalid) as invalid:
        register(database, **over)
    assert {p.field for p in invalid.value.problems} == fields
    assert digest(database) == before


@pytest.mark.parametrize(
    "who",
    [people.clerk, people.liaison, people.reader, replace(people.supervisor, active=False)],
    ids=lambda w: w.username,
)
def test_only_who_answers_for_kits_registers_one(database, who):
    before = digest(database)
    with pytest.raises(NotPermitted):
        register(database, who)
    assert digest(database) == before


def test_kits_are_found_by_point_with_their_parts_in_order(desk):
    with desk.database.reading() as tx:
        (mine,) = equipment.kits(tx, [NGORO])
        assert [k.point_code for k in equipment.kits(tx)] == [NGORO, people.PUNGGING]
        assert equipment.kits(tx, []) == []
        assert tx.execute(select(func.count()).select_from(status_event)).scalar() == 2 * len(COMPONENTS)
    assert [c.kind for c in mine.components] == list(COMPONENTS)
