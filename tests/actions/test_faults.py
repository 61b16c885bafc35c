import threading
from datetime import timedelta

import pytest

from portal.actions import equipment as status_deeds
from portal.actions import faults as action
from portal.domain.faults import Step
from portal.domain.problems import Conflict, Invalid, NotPermitted, Unknown
from portal.storage import equipment, faults, ledger

from .. import people, records
from ..people import NGORO, NOW, TODAY

KIT = f"kit-{NGORO}"
HOUR = timedelta(hours=1)


class Desk:
    def __init__(self, database):
        self.database = database
        self.hours = 0

    def say(self, status, reason="", *, who=people.clerk, at=None, told=None, **more):
        self.hours += 1
        version = self.part().version
        with self.database.writing() as tx:
            sender = people.sending(who, at or NOW + self.hours * HOUR)
            id = records.submission_id()
            return status_deeds.set_status(tx, sender, id, KIT, "iris", version, status, reason, "", at=told, **more)

    def step(self, state, *, who=people.clerk, version=None, id=None, number=None, **said):
        self.hours += 1
        with self.database.writing() as tx:
            kept = self.fault() if number is None else None
            number = number or kept.id
            version = version if version is not None else kept.version if kept else 1
            sender = people.sending(who, NOW + self.hours * HOUR)
            return action.step(tx, sender, id or records.submission_id(), number, version, Step(state, **said))

    def part(self):
        with self.database.reading() as tx:
            return next(c for c in equipment.find(tx, KIT).components if c.kind == "iris")

    def fault(self):
        with self.database.reading() as tx:
            waiting = faults.waiting(tx)
            return waiting[0] if waiting else None

    def closed(self):
        with self.database.reading() as tx:
            return faults.closed(tx, 20)

    def steps(self, number):
        with self.database.reading() as tx:
            return [s.state for s in reversed(faults.steps(tx, number))]


@pytest.fixture
def desk(database):
    return Desk(database)


def test_saying_that_a_part_is_broken_opens_its_fault_and_good_closes_it(desk):
    desk.say("broken", "tidak_menyala")
    fault = desk.fault()
    assert (fault.state, fault.component_kind, fault.kit_code, fault.by) == ("reported", "iris", KIT, people.clerk.name)
    desk.say("repair", "servis_resmi", expected_back=TODAY + timedelta(days=7))
    assert (desk.fault().state, desk.fault().due) == ("sent", TODAY + timedelta(days=7))
    assert desk.part().expected_back == TODAY + timedelta(days=7)
    desk.say("good")
    assert desk.fault() is None
    (closed,) = desk.closed()
    assert (closed.id, closed.state) == (fault.id, "back")
    assert desk.steps(fault.id) == ["reported", "sent", "back"]
    assert desk.part().expected_back is None


def test_a_step_of_the_fault_is_the_parts_status(desk):
    desk.say("broken", "tidak_menyala")
    boss, due = people.supervisor.id, TODAY + timedelta(days=3)
    desk.step("examined", note="kabel", owner_id=boss, due=due)
    assert desk.part().status == "broken"
    assert (desk.fault().owner, desk.fault().due) == (people.supervisor.name, due)
    desk.step("sent", owner_id=boss, due=due)
    part = desk.part()
    assert (part.status, part.reason, part.expected_back) == ("repair", "servis_resmi", due)
    desk.step("back", parts="sensor", cost_rp=1_250_000)
    assert (desk.part().status, desk.fault()) == ("good", None)
    (closed,) = desk.closed()
    assert (closed.parts, closed.cost_rp) == ("sensor", 1_250_000)
    with desk.database.reading() as tx:
        deeds = [entry.deed for entry in ledger.history(tx, "fault", str(closed.id))]
    assert deeds == ["faults.step"] * 3


def test_a_status_told_late_changes_neither_the_present_nor_a_fault(desk):
    with pytest.raises(Invalid) as caught:
        desk.say("broken", "tidak_menyala", told=NOW - 3 * HOUR)
    assert [p.field for p in caught.value.problems] == ["agreed"]
    before = desk.part()
    desk.say("broken", "tidak_menyala", told=NOW - 3 * HOUR, agreed=True)
    part = desk.part()
    assert (part.status, part.since, part.confirmed_at) == (before.status, before.since, before.confirmed_at)
    assert desk.fault() is None
    with desk.database.reading() as tx:
        late = equipment.part_events(tx, part.id)[-1]
    assert (late.status, late.at, late.recorded_at) == ("broken", NOW - 3 * HOUR, NOW + 2 * HOUR)


def test_a_status_before_now_but_after_what_is_known_is_the_present_one(desk):
    desk.say("broken", "tidak_menyala", at=NOW + 5 * HOUR, told=NOW + 2 * HOUR)
    part = desk.part()
    assert (part.status, part.since, part.confirmed_at) == ("broken", NOW + 2 * HOUR, NOW + 2 * HOUR)
    desk.say("broken", "fisik_rusak", at=NOW + 6 * HOUR, told=NOW + HOUR, agreed=True)
    assert (desk.part().status, desk.part().reason, desk.part().since) == ("broken", "tidak_menyala", NOW + 2 * HOUR)
    desk.say("broken", "tidak_menyala", at=NOW + 6 * HOUR, told=NOW + 1.5 * HOUR, agreed=True)
    assert desk.part().since == NOW + 1.5 * HOUR


@pytest.mark.parametrize(
    ("state", "said", "fields"),
    [
        ("back", {}, ["state"]),
        ("terbang", {}, ["state"]),
        ("sent", {"owner_id": people.reader.id}, ["owner_id"]),
        ("sent", {"owner_id": people.colleague.id}, ["owner_id"]),
        ("sent", {"owner_id": 999}, ["owner_id"]),
        ("sent", {"cost_rp": -1}, ["cost_rp"]),
        ("sent", {"due": TODAY - timedelta(days=9)}, ["due"]),
    ],
)
def test_a_step_that_cannot_be_changes_nothing(desk, state, said, fields):
    desk.say("broken", "tidak_menyala")
    before = desk.fault(), desk.part()
    with pytest.raises(Invalid) as caught:
        desk.step(state, **said)
    assert [p.field for p in caught.value.problems] == fields
    assert (desk.fault(), desk.part()) == before


def test_only_those_who_look_after_the_kit_see_to_its_fault(desk):
    desk.say("broken", "tidak_menyala")
    number = desk.fault().id
    for who, error in (
        (people.colleague, Unknown),
        (people.reader, NotPermitted),
        (people.administrator, NotPermitted),
    ):
        with pytest.raises(error):
            desk.step("examined", who=who)
    with pytest.raises(Unknown):
        desk.step("examined", number=999)
    assert desk.steps(number) == ["reported"]


def test_two_who_close_a_fault_at_once_are_one_deed_and_one_conflict(desk):
    desk.say("broken", "tidak_menyala")
    number, results = desk.fault().id, []

    def close():
        try:
            results.append(desk.step("repaired", number=number, version=1).object_id)
        except Conflict as error:
            results.append(error.why)

    threads = [threading.Thread(target=close) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [str(number), "stale"]
    assert desk.steps(number) == ["reported", "repaired"]
