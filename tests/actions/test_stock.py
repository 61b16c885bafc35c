"""Transfers at the desk: who may, what is kept, and what two people at once do to each other."""

import threading
from datetime import timedelta

import pytest

from portal.actions import stock as action
from portal.domain.problems import OTHER_BODY, STALE, WITHDRAWN, Conflict, Invalid, NotPermitted, Unknown
from portal.domain.transfers import CANCELLED, RECEIVED, SENT, Receipt, Return, Shipment
from portal.storage import ledger, stock

from .. import people, records
from ..digest import digest
from ..people import GONDANG, NGORO, NOW, PUNGGING, TODAY

DAY = timedelta(days=1)


class Desk:
    """Somebody sending, receiving and cancelling, each in a transaction of its own."""

    def __init__(self, database, office):
        self.database, self.office = database, office

    def send(self, *, who=people.clerk, id=None, **over):
        values = {"from_point": NGORO, "to_point": PUNGGING, "quantity": 50, "sent_date": TODAY} | over
        id = id or records.submission_id()
        with self.database.writing() as tx:
            sent = action.send(tx, people.sending(who), self.office, id, Shipment(**values))
        return int(sent.object_id)

    def receive(self, number, quantity=50, *, who=people.colleague, version=1, day=TODAY, note="", id=None):
        id = id or records.submission_id()
        with self.database.writing() as tx:
            return action.receive(tx, people.sending(who), id, number, version, Receipt(day, quantity, note))

    def cancel(self, number, *, who=people.clerk, version=1, day=TODAY, reason="Tidak jadi.", id=None):
        id = id or records.submission_id()
        with self.database.writing() as tx:
            return action.cancel(tx, people.sending(who), id, number, version, Return(day, reason))

    def kept(self, number, who=people.supervisor):
        with self.database.reading() as tx:
            return stock.find(tx, who, number)

    def history(self, number):
        with self.database.reading() as tx:
            return ledger.history(tx, action.KIND, str(number))

    def moved(self, point, first=TODAY, last=TODAY):
        with self.database.reading() as tx:
            return stock.moved(tx, point, first, last)


@pytest.fixture
def desk(database, office):
    return Desk(database, office)


def test_a_transfer_is_on_its_way_and_arrives(desk):
    number = desk.send(note=" lewat kurir ")
    kept = desk.kept(number)
    assert (kept.state, kept.quantity, kept.in_transit, kept.lost, kept.note) == (SENT, 50, 50, 0, "lewat kurir")
    assert (kept.author, kept.version, kept.sent_at) == ("Petugas Ngoro", 1, NOW)
    assert (desk.moved(NGORO), desk.moved(PUNGGING)) == ((0, 50), (0, 0))
    desk.receive(number)
    kept = desk.kept(number)
    assert (kept.state, kept.arrived, kept.ended_date, kept.in_transit, kept.lost) == (RECEIVED, 50, TODAY, 0, 0)
    assert (kept.version, kept.editor) == (2, "Petugas Pungging")
    assert (desk.moved(NGORO), desk.moved(PUNGGING)) == ((0, 50), (50, 0))
    assert [e.deed for e in desk.history(number)] == ["stock.receive", "stock.send"]


def test_what_did_not_arrive_is_told_as_lost(desk):
    number = desk.send()
    before = digest(desk.database)
    with pytest.raises(Invalid) as invalid:
        desk.receive(number, 47)
    assert [p.field for p in invalid.value.problems] == ["note"]
    assert digest(desk.database) == before
    desk.receive(number, 47, note=" Tiga patah. ")
    kept = desk.kept(number)
    assert (kept.arrived, kept.lost, kept.end_note) == (47, 3, "Tiga patah.")
    line = desk.history(number)[0]
    assert line.changes["lost"] == [0, 3]
    assert line.changes["arrived"] == [None, 47]
    assert line.reason == "Tiga patah."
    assert desk.moved(PUNGGING) == (47, 0)


def test_a_cancelled_transfer_comes_back(desk):
    number = desk.send(sent_date=TODAY - DAY)
    desk.cancel(number, reason=" Kendaraan mogok. ")
    kept = desk.kept(number)
    assert (kept.state, kept.ended_date, kept.end_note, kept.arrived) == (CANCELLED, TODAY, "Kendaraan mogok.", None)
    assert desk.moved(NGORO) == (50, 0)
    assert desk.moved(NGORO, TODAY - DAY) == (50, 50)
    assert desk.moved(PUNGGING, TODAY - DAY) == (0, 0)
    assert [e.deed for e in desk.history(number)] == ["stock.cancel", "stock.send"]
    assert desk.history(number)[0].reason == "Kendaraan mogok."


def test_what_breaks_a_rule_is_not_kept(desk):
    number = desk.send()
    before = digest(desk.database)
    for over in ({"quantity": 0}, {"to_point": NGORO}, {"sent_date": TODAY + DAY}, {"note": "3516051203070001"}):
        with pytest.raises(Invalid):
            desk.send(**over)
    for attempt in (
        lambda: desk.receive(number, 51),
        lambda: desk.receive(number, day=TODAY - DAY),
        lambda: desk.cancel(number, reason=" "),
        lambda: desk.send(from_point="", who=people.supervisor),
        lambda: desk.send(from_point="kec-99.99.99", who=people.supervisor),
        lambda: desk.send(to_point="kec-99.99.99"),
    ):
        with pytest.raises(Invalid):
            attempt()
    assert digest(desk.database) == before


def test_the_same_sending_again_changes_nothing(desk):
    ids = [records.submission_id() for _n in range(3)]
    number = desk.send(id=ids[0])
    receipt = desk.receive(number, 49, note="Satu patah.", id=ids[1])
    other = desk.send()
    back = desk.cancel(other, id=ids[2])
    before = digest(desk.database)
    assert desk.send(id=ids[0]) == number
    assert desk.receive(number, 49, note="Satu patah. ", id=ids[1]) == receipt
    assert desk.cancel(other, id=ids[2]) == back
    assert digest(desk.database) == before
    for attempt in (
        lambda: desk.send(id=ids[0], quantity=51),
        lambda: desk.receive(number, 48, note="Satu patah.", id=ids[1]),
        lambda: desk.cancel(other, id=ids[2], reason="Lain."),
    ):
        with pytest.raises(Conflict) as conflict:
            attempt()
        assert conflict.value.why == OTHER_BODY
    assert digest(desk.database) == before


def test_a_transfer_that_was_cancelled_is_not_told_as_sent(desk):
    id = records.submission_id()
    number = desk.send(id=id)
    desk.cancel(number, who=people.supervisor)
    before = digest(desk.database)
    with pytest.raises(Conflict) as conflict:
        desk.send(id=id)
    assert (conflict.value.why, conflict.value.kept.object_id) == (WITHDRAWN, str(number))
    assert digest(desk.database) == before


def test_what_ended_does_not_end_again(desk):
    arrived, back = desk.send(), desk.send()
    desk.receive(arrived)
    desk.cancel(back)
    before = digest(desk.database)
    for number in (arrived, back):
        for version in (1, 2):
            for attempt in (desk.receive, desk.cancel):
                with pytest.raises(Conflict) as conflict:
                    attempt(number, version=version)
                assert (conflict.value.why, conflict.value.kept.id) == (STALE, number)
    assert digest(desk.database) == before


def test_of_receiving_and_cancelling_at_once_one_wins(desk):
    number = desk.send()
    together, outcomes = threading.Barrier(2), []

    def end(attempt):
        together.wait()
        try:
            attempt(number)
            outcomes.append("kept")
        except Conflict as conflict:
            outcomes.append(conflict.why)

    threads = [threading.Thread(target=end, args=(a,)) for a in (desk.receive, desk.cancel)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["kept", STALE]
    assert len(desk.history(number)) == 2


# --- whose transfers ------------------------------------------------------------------------------------------


def test_a_transfer_between_others_is_unknown_and_untouched(desk):
    number = desk.send()
    before = digest(desk.database)
    for attempt in (
        lambda: desk.receive(number, who=people.stranger),
        lambda: desk.cancel(number, who=people.stranger),
        lambda: desk.receive(999),
        lambda: desk.cancel(999),
        lambda: desk.send(who=people.stranger),
        lambda: desk.send(who=people.stranger, to_point=GONDANG),
        lambda: desk.send(from_point="kec-99.99.99"),
    ):
        with pytest.raises(Unknown):
            attempt()
    assert desk.kept(number, people.stranger) is None
    assert digest(desk.database) == before


def test_each_side_does_its_own_part(desk):
    number = desk.send()
    before = digest(desk.database)
    for attempt in (lambda: desk.receive(number, who=people.clerk), lambda: desk.cancel(number, who=people.colleague)):
        with pytest.raises(NotPermitted):
            attempt()
    assert digest(desk.database) == before
    assert desk.kept(number, people.clerk) == desk.kept(number, people.colleague)
    desk.receive(number, who=people.supervisor)
    other = desk.send(from_point=GONDANG, who=people.supervisor)
    desk.cancel(other, who=people.stranger)


@pytest.mark.parametrize("who", [people.reader, people.administrator, people.liaison], ids=lambda w: w.username)
def test_who_only_reads_does_not_write(desk, who):
    number = desk.send()
    before = digest(desk.database)
    for attempt in (
        lambda: desk.send(who=who),
        lambda: desk.receive(number, who=who),
        lambda: desk.cancel(number, who=who),
    ):
        with pytest.raises(NotPermitted):
            attempt()
    assert digest(desk.database) == before


def test_a_download_is_written_down(desk):
    with desk.database.writing() as tx:
        action.note_download(tx, people.sending(people.reader), TODAY, "csv")
        (line,) = ledger.history(tx, "stock", TODAY.isoformat())
    assert (line.deed, line.account, line.reason) == ("stock.download", "pembaca", "csv")
    with pytest.raises(NotPermitted), desk.database.writing() as tx:
        action.note_download(tx, people.sending(people.liaison), TODAY, "csv")
