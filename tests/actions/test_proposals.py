"""Locks as actions keep them: exceptions, late proposals, and what each leaves in the ledger. On both databases."""

import threading
from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from portal.actions import locks as locking
from portal.actions import proposals as action
from portal.actions import recordings as sending
from portal.domain.locks import LOCKED, PUBLISHED, TOO_OLD, Locked
from portal.domain.problems import EXISTS, STALE, Conflict, Invalid, NotPermitted, Unknown
from portal.domain.proposals import ACCEPTED, DECLINED, WAITING
from portal.storage import ledger, locks, proposals, publications, recordings, reviews
from portal.storage.tables import publication

from .. import people, records
from ..digest import digest
from ..people import NGORO, NOW, PUNGGING, TODAY

OLD = date(2024, 10, 9)
OLDER_THAN_ALL = NOW + timedelta(days=60)


class Desk:
    """People who come too late and those who decide, each deed in a transaction of its own."""

    def __init__(self, database, office):
        self.database, self.office = database, office

    def send(self, entry=None, who=people.clerk, day=OLD, version=0, reason="", at=NOW, id=None):
        given = (id or records.submission_id(), NGORO, day, entry or records.entry(31), version, reason)
        with self.database.writing() as tx:
            return sending.send(tx, people.sending(who, at), self.office, *given)

    def hand_in(self, entry=None, who=people.clerk, point=NGORO, day=OLD, reason="sinyal putus", id=None, at=NOW):
        given = (id or records.submission_id(), point, day, entry or records.entry(31), reason)
        with self.database.writing() as tx:
            return int(action.hand_in(tx, people.sending(who, at), self.office, *given).object_id)

    def accept(self, number, version=0, who=people.supervisor, id=None, answer="", at=NOW):
        given = (id or records.submission_id(), number, version, answer)
        with self.database.writing() as tx:
            return action.accept(tx, people.sending(who, at), self.office, *given)

    def decline(self, number, answer="sudah ada", who=people.supervisor):
        with self.database.writing() as tx:
            return action.decline(tx, people.sending(who), number, answer)

    def open(self, first=OLD, last=OLD, hours=48, reason="server padam", who=people.supervisor, at=NOW, id=None):
        given = (id or records.submission_id(), NGORO, first, last, hours, reason)
        with self.database.writing() as tx:
            return int(locking.give_exception(tx, people.sending(who, at), self.office, *given).object_id)

    def withdraw(self, number, who=people.supervisor, at=NOW):
        with self.database.writing() as tx:
            locking.withdraw_exception(tx, people.sending(who, at), number)

    def kept(self, day=OLD):
        with self.database.reading() as tx:
            return recordings.find(tx, NGORO, day)

    def proposal(self, number):
        with self.database.reading() as tx:
            return proposals.find(tx, number)

    def history(self, day=OLD):
        with self.database.reading() as tx:
            return ledger.history(tx, sending.KIND, sending.object_id(NGORO, day))


@pytest.fixture
def desk(database, office):
    return Desk(database, office)


def test_a_day_that_has_closed_takes_nothing_and_keeps_the_database_as_it_was(desk):
    before = digest(desk.database)
    with pytest.raises(Locked) as locked:
        desk.send()
    assert (locked.value.why, locked.value.state.state, locked.value.kept) == (LOCKED, TOO_OLD, None)
    with pytest.raises(Invalid) as invalid:
        desk.send(records.entry(None))
    assert [p.field for p in invalid.value.problems] == ["recorded"], "broken rules are told before the lock"
    with pytest.raises(Locked):
        desk.send(who=people.supervisor, at=OLDER_THAN_ALL)
    assert digest(desk.database) == before


def test_what_was_received_in_time_keeps_its_receipt_after_the_day_closed(desk):
    id = records.submission_id()
    sent = desk.send(id=id, at=NOW - timedelta(days=11))
    assert desk.send(id=id) == sent


def test_a_published_day_takes_a_first_report_but_no_correction_by_the_clerk(desk):
    friday, later = TODAY - timedelta(days=3), NOW + timedelta(hours=1)
    with desk.database.writing() as tx:
        for number, day, as_of in ((1, friday, later), (2, TODAY, NOW)):
            tx.execute(insert(publication).values(records.publication_row(number=number, day=day, as_of=as_of)))
    with desk.database.reading() as tx:
        told = [publications.published_at(tx, day) for day in (OLD, friday, TODAY, TODAY + timedelta(days=1))]
    assert told == [later, later, NOW, None], "a day that was not published by itself is told in the next"
    desk.send(day=TODAY, at=NOW + timedelta(minutes=1))
    desk.send(day=TODAY, version=1, reason="satu terlewat", at=NOW + timedelta(minutes=2))
    desk.send(day=friday)
    with pytest.raises(Locked) as locked:
        desk.send(day=friday, version=1, reason="satu terlewat")
    assert locked.value.state.state == PUBLISHED
    desk.send(day=friday, version=1, reason="satu terlewat", who=people.supervisor)


def test_an_exception_opens_a_day_for_a_while_and_ends_by_itself(desk):
    number = desk.open()
    desk.send(at=NOW + timedelta(hours=47))
    with pytest.raises(Locked):
        desk.send(version=1, reason="satu terlewat", at=NOW + timedelta(hours=48))
    with pytest.raises(Locked):
        desk.send(day=OLD + timedelta(days=1))
    with desk.database.reading() as tx:
        (line,) = ledger.history(tx, locking.KIND, str(number))
        (kept,) = locks.exceptions_of(tx, NGORO, OLD)
        assert locks.latest_exceptions(tx, 5, [NGORO]) == [kept]
        assert locks.latest_exceptions(tx, 5, [PUNGGING]) == locks.exceptions_of(tx, PUNGGING, OLD) == []
    assert (kept.reason, kept.by, kept.expires_at) == (
        "server padam",
        people.supervisor.name,
        NOW + timedelta(hours=48),
    )
    assert (line.deed, line.account, line.reason) == ("locks.open", "pengawas", "server padam")


def test_an_exception_that_is_taken_back_opens_nothing_any_more(desk):
    number = desk.open()
    desk.withdraw(number)
    before = digest(desk.database)
    desk.withdraw(number)
    with pytest.raises(Unknown):
        desk.withdraw(999)
    with pytest.raises(Locked):
        desk.send()
    assert digest(desk.database) == before


def test_an_exception_lets_a_supervisor_in_as_well_when_his_own_time_is_over(desk):
    desk.open(at=OLDER_THAN_ALL)
    desk.send(who=people.supervisor, at=OLDER_THAN_ALL)


@pytest.mark.parametrize("who", [people.clerk, people.liaison, people.reader, people.administrator])
def test_only_a_supervisor_opens_days_and_decides(desk, who):
    number, opened = desk.hand_in(), desk.open(TODAY, TODAY)
    before = digest(desk.database)
    for do in (
        lambda: desk.open(who=who),
        lambda: desk.withdraw(opened, who),
        lambda: desk.accept(number, who=who),
        lambda: desk.decline(number, who=who),
    ):
        with pytest.raises(NotPermitted):
            do()
    assert digest(desk.database) == before


def test_a_proposal_is_in_no_total_until_it_is_accepted_in_its_writers_name(desk):
    number = desk.hand_in(records.entry(31, {"luar": 3}, note=" hujan ", blanks_left=7))
    found = desk.proposal(number)
    assert (found.state, found.author, found.reason) == (WAITING, people.clerk.name, "sinyal putus")
    assert (found.entry.recorded, found.entry.homes, found.entry.note) == (31, {"luar": 3}, "hujan")
    assert desk.kept() is None
    sent = desk.accept(number, answer="sesuai buku")
    kept = desk.kept()
    assert (kept.author, kept.editor, kept.version) == (people.clerk.name, people.clerk.name, 1)
    assert (kept.entry.recorded, kept.entry.counts["blanks_left"], kept.entry.homes) == (31, 7, {"luar": 3})
    assert desk.proposal(number).state == ACCEPTED
    assert [(e.deed, e.account, e.reason) for e in desk.history()] == [
        ("proposals.accept", "pengawas", "sinyal putus; sesuai buku"),
        ("proposals.hand_in", "ngoro", "sinyal putus"),
    ]
    with desk.database.reading() as tx:
        assert ledger.find_submission(tx, people.clerk.id, sent.id) == sent, "the receipt is the writer's"
        assert reviews.written_by(tx, "ngoro", [f"{NGORO}/{OLD}"]) == {f"{NGORO}/{OLD}"}
        assert reviews.written_by(tx, "pengawas", [f"{NGORO}/{OLD}"]) == set()


def test_handing_in_and_accepting_twice_is_once(desk):
    id, other = records.submission_id(), records.submission_id()
    number = desk.hand_in(id=id)
    assert desk.hand_in(id=id) == number
    first = desk.accept(number, id=other)
    before = digest(desk.database)
    assert desk.accept(number, id=other) == first
    with pytest.raises(Conflict) as conflict:
        desk.accept(number, version=1)
    assert (conflict.value.why, conflict.value.kept.state) == (STALE, ACCEPTED)
    with pytest.raises(Conflict):
        desk.decline(number)
    assert digest(desk.database) == before


def test_of_two_supervisors_who_decide_at_once_one_does(desk):
    number, together, outcomes = desk.hand_in(), threading.Barrier(2), []

    def at_once(do):
        together.wait()
        try:
            do()
            outcomes.append("kept")
        except Conflict as conflict:
            outcomes.append(conflict.why)

    both = [
        threading.Thread(target=at_once, args=[do])
        for do in (lambda: desk.accept(number), lambda: desk.decline(number))
    ]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(outcomes) == ["kept", STALE]
    assert (desk.proposal(number).state == ACCEPTED) is (desk.kept() is not None)


def test_a_proposal_that_was_declined_stays_with_its_reason(desk):
    number = desk.hand_in()
    for bad in ("", " ", "NIK 3516051203070001"):
        with pytest.raises(Invalid):
            desk.decline(number, bad)
    desk.decline(number)
    before = digest(desk.database)
    desk.decline(number, "lagi")
    assert digest(desk.database) == before
    found = desk.proposal(number)
    assert (found.state, found.answer, found.decided_by) == (DECLINED, "sudah ada", people.supervisor.name)
    assert desk.history()[0].deed == "proposals.decline"
    with desk.database.reading() as tx:
        assert proposals.waiting(tx) == []
        assert proposals.decided(tx, 5, [NGORO]) == [found]
        assert proposals.decided(tx, 5, [PUNGGING]) == []


def test_a_proposal_for_a_report_that_stands_needs_a_reason_and_its_present_version(desk):
    desk.send(records.entry(30), at=NOW - timedelta(days=11))
    with pytest.raises(Invalid):
        desk.hand_in(reason="")
    number = desk.hand_in()
    before = digest(desk.database)
    with pytest.raises(Conflict) as conflict:
        desk.accept(number, version=0)
    assert (conflict.value.why, conflict.value.kept.entry.recorded) == (EXISTS, 30)
    assert digest(desk.database) == before
    desk.accept(number, version=1)
    assert (desk.kept().entry.recorded, desk.kept().version) == (31, 2)
    assert desk.history()[0].changes["recorded"] == [30, 31]


@pytest.mark.parametrize(
    ("over", "refused"),
    [
        ({"day": TODAY}, Conflict),
        ({"who": people.stranger}, Unknown),
        ({"who": people.liaison}, NotPermitted),
        ({"point": "kec-99.99.99", "who": people.supervisor}, Unknown),
        ({"entry": records.entry(None)}, Invalid),
        ({"entry": records.entry(5, note="NIK 3516051203070001")}, Invalid),
        ({"day": TODAY + timedelta(days=1)}, Invalid),
        ({"reason": "NIK 3516051203070001"}, Invalid),
    ],
)
def test_what_cannot_be_proposed_is_refused(desk, over, refused):
    before = digest(desk.database)
    with pytest.raises(refused):
        desk.hand_in(**over)
    assert digest(desk.database) == before
