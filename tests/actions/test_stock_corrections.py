"""A received transfer put right: both sides balance, nothing is changed that has closed, nobody is overwritten."""

from datetime import timedelta

import pytest

from portal.actions import locks, recordings, reviews
from portal.actions import stock as action
from portal.domain.problems import OTHER_BODY, STALE, Conflict, Invalid, NotPermitted, Unknown
from portal.domain.transfers import RECEIVED, Receipt
from portal.storage import recordings as kept_recordings

from .. import people, records
from ..digest import digest
from ..people import NGORO, PUNGGING, TODAY
from .test_stock import DAY, Desk


class Corrector(Desk):
    """The same desk, with corrections; three of fifty were said to be broken."""

    def correct(self, number, quantity=48, *, who=people.colleague, version=2, id=None, at=people.NOW, **over):
        said = {"day": TODAY, "note": "Dua patah.", "reason": " Salah hitung. "} | over
        id = id or records.submission_id()
        receipt = Receipt(said["day"], quantity, said["note"])
        with self.database.writing() as tx:
            who = people.sending(who, at)
            return action.correct(tx, who, self.office, id, number, version, receipt, said["reason"])

    def received(self, **over):
        number = self.send(**over)
        self.receive(number, 47, note="Tiga patah.")
        return number

    def digest(self):
        return digest(self.database)


@pytest.fixture
def desk(database, office):
    return Corrector(database, office)


def test_what_arrived_is_put_right_on_both_sides(desk):
    number = desk.received(sent_date=TODAY - 3 * DAY)
    desk.correct(number)
    kept = desk.kept(number)
    assert (kept.state, kept.quantity, kept.arrived, kept.lost, kept.in_transit) == (RECEIVED, 50, 48, 2, 0)
    assert (kept.end_note, kept.version, kept.editor) == ("Dua patah.", 3, "Petugas Pungging")
    assert (desk.moved(NGORO, TODAY - 3 * DAY), desk.moved(PUNGGING)) == ((0, 50), (48, 0))
    line = desk.history(number)[0]
    assert (line.deed, line.account, line.reason) == ("stock.correct", "pungging", "Salah hitung.")
    assert line.changes == {"arrived": [47, 48], "lost": [3, 2], "note": ["Tiga patah.", "Dua patah."]}
    desk.correct(number, version=3, day=TODAY - DAY, who=people.supervisor)
    assert desk.moved(PUNGGING) == (0, 0)
    assert desk.moved(PUNGGING, TODAY - DAY, TODAY - DAY) == (48, 0)


def test_what_breaks_a_rule_is_not_kept(desk):
    number = desk.received()
    before = desk.digest()
    for quantity, over, field in (
        (51, {}, "quantity"),
        (-1, {}, "quantity"),
        (None, {}, "quantity"),
        (48, {"note": ""}, "note"),
        (48, {"reason": " "}, "reason"),
        (48, {"reason": "3516051203070001"}, "reason"),
        (48, {"day": TODAY + DAY}, "received_date"),
        (48, {"day": TODAY - DAY}, "received_date"),
        (47, {"note": "Tiga patah."}, ""),
    ):
        with pytest.raises(Invalid) as invalid:
            desk.correct(number, quantity, **over)
        assert [p.field for p in invalid.value.problems] == [field], (quantity, over)
    assert desk.digest() == before


def test_the_same_correction_again_changes_nothing(desk):
    number, id = desk.received(), records.submission_id()
    receipt = desk.correct(number, id=id)
    before = desk.digest()
    assert desk.correct(number, id=id, reason="Salah hitung.") == receipt
    with pytest.raises(Conflict) as conflict:
        desk.correct(number, 49, id=id)
    assert conflict.value.why == OTHER_BODY
    assert desk.digest() == before


def test_nobody_is_overwritten(desk):
    number = desk.received()
    desk.correct(number, 49, who=people.supervisor)
    on_its_way, back = desk.send(), desk.send()
    desk.cancel(back)
    before = desk.digest()
    for stale, version in ((number, 2), (on_its_way, 1), (back, 2)):
        with pytest.raises(Conflict) as conflict:
            desk.correct(stale, version=version)
        assert (conflict.value.why, conflict.value.kept.id) == (STALE, stale)
    assert desk.digest() == before
    assert desk.kept(number).arrived == 49


def test_only_the_receiving_side_corrects(desk):
    number = desk.received()
    before = desk.digest()
    for who, refusal in (
        (people.clerk, NotPermitted),
        (people.reader, NotPermitted),
        (people.administrator, NotPermitted),
        (people.liaison, NotPermitted),
        (people.stranger, Unknown),
    ):
        with pytest.raises(refusal):
            desk.correct(number, who=who)
    assert desk.digest() == before


def verified(desk, point, who):
    with desk.database.writing() as tx:
        id = records.submission_id()
        recordings.send(tx, people.sending(who), desk.office, id, point, TODAY, records.entry(20), 0)
        kept = kept_recordings.find(tx, point, TODAY)
        seen = reviews.Seen(point, TODAY, kept.version, kept.review_version)
        reviews.step(tx, people.sending(people.supervisor), seen, "verify", "", "")


def opened(desk, point, day, at=people.NOW):
    """A supervisor opens one day of a point again."""
    with desk.database.writing() as tx:
        given = (records.submission_id(), point, day, day, 48, "server pusat padam")
        locks.give_exception(tx, people.sending(people.supervisor, at), desk.office, *given)


@pytest.mark.parametrize(("point", "who"), [(NGORO, people.clerk), (PUNGGING, people.colleague)], ids=["from", "to"])
def test_a_side_that_was_verified_is_corrected_by_the_district_only(desk, point, who):
    number = desk.received()
    verified(desk, point, who)
    before = desk.digest()
    with pytest.raises(Invalid) as invalid:
        desk.correct(number)
    (problem,) = invalid.value.problems
    assert "sudah diverifikasi" in str(problem)
    assert desk.office.points[point].name in str(problem)
    assert desk.digest() == before
    desk.correct(number, who=people.supervisor)
    assert desk.kept(number).arrived == 48


@pytest.mark.parametrize("point", [NGORO, PUNGGING])
def test_a_side_that_has_closed_opens_by_an_exception_to_its_lock(desk, point):
    number = desk.received()
    late = people.NOW + timedelta(days=14)
    with pytest.raises(Invalid) as invalid:
        desk.correct(number, at=late)
    assert [p.values["point"] for p in invalid.value.problems] == [
        desk.office.points[p].name for p in (NGORO, PUNGGING)
    ]
    opened(desk, point, TODAY, late)
    with pytest.raises(Invalid) as invalid:
        desk.correct(number, at=late)
    (other,) = {NGORO, PUNGGING} - {point}
    assert [p.values["point"] for p in invalid.value.problems] == [desk.office.points[other].name]
    opened(desk, other, TODAY, late)
    desk.correct(number, at=late)
    assert desk.kept(number).arrived == 48


def test_a_closed_day_cannot_be_moved_into(desk):
    """Neither out of an open day into a closed one: the day of arrival that is wanted is judged as well."""
    long_ago = TODAY - timedelta(days=13)
    number = desk.received(sent_date=long_ago)
    opened(desk, NGORO, long_ago)
    with pytest.raises(Invalid) as invalid:
        desk.correct(number, day=long_ago)
    assert [p.values for p in invalid.value.problems] == [{"point": desk.office.points[PUNGGING].name, "day": long_ago}]
    desk.correct(number)
