"""The calendar at the supervisor's desk: what is to come is kept at once, what is gone only with its effect known."""

from datetime import date, timedelta

import pytest

from portal.actions import calendar as action
from portal.domain.problems import OTHER_BODY, Conflict, Invalid, NotPermitted, Unknown
from portal.domain.schedule import DAY, AltersPast, Opening, Week
from portal.storage import areas, calendar, ledger, recordings

from .. import people, records
from ..digest import digest
from ..people import NGORO, NOW, PUNGGING, TODAY

SATURDAY = date(2024, 10, 12)
COMING = date(2024, 10, 26)


class Desk:
    """The supervisor changing the calendar, each deed in a transaction of its own."""

    def __init__(self, database):
        self.database = database

    def change(self, what, reason="SK 12/2024", seen="", *, who=people.supervisor, id=None, at=NOW):
        with self.database.writing() as tx:
            return action.change(tx, people.sending(who, at), id or records.submission_id(), what, reason, seen)

    def withdraw(self, kind, entry_id, reason="salah tanggal", seen="", *, who=people.supervisor, id=None):
        with self.database.writing() as tx:
            id = id or records.submission_id()
            return action.withdraw(tx, people.sending(who), id, kind, entry_id, reason, seen)

    def effect_of(self, deed, *args, **more):
        with pytest.raises(AltersPast) as told:
            deed(*args, **more)
        return told.value

    def office(self):
        with self.database.reading() as tx:
            return areas.office(tx)

    def entry(self, what):
        with self.database.reading() as tx:
            return calendar.standing(tx, what.point_code, what.day)

    def history(self, of="all"):
        with self.database.reading() as tx:
            return ledger.history(tx, action.KIND, of)

    def report(self, point, day):
        with self.database.writing() as tx:
            recordings.add(tx, point, day, records.entry(), people.clerk.id, NOW)

    def versions(self):
        with self.database.reading() as tx:
            return ledger.versions(tx)


@pytest.fixture
def desk(database):
    return Desk(database)


def test_a_day_to_come_is_kept_at_once_and_known_at_once(desk):
    before = desk.versions()
    sent = desk.change(Opening(None, COMING, True), " SK 12/2024 ")
    assert (sent.object_kind, sent.object_id) == (action.KIND, "all")
    office = desk.office()
    assert all(office.calendar.serves(p.timetable, COMING) for p in office.points.values())
    after = desk.versions()
    assert after["lists"] > before["lists"]
    assert after["data"] > before["data"]
    (line,) = desk.history()
    assert (line.deed, line.reason, line.account) == ("calendar.change", "SK 12/2024", "pengawas")
    assert line.changes == {"service_day": [None, "2024-10-26"], "opens": [None, True]}


def test_a_week_says_in_the_ledger_what_it_was(desk):
    desk.change(Week(NGORO, COMING, "1111110"))
    assert desk.office().points[NGORO].timetable.mask(COMING) == "1111110"
    (line,) = desk.history(NGORO)
    assert line.changes == {"valid_from": [None, "2024-10-26"], "weekdays": ["1111100", "1111110"]}


def test_of_two_who_set_a_week_from_one_day_the_second_is_told(desk):
    desk.change(Week(NGORO, COMING, "1111110"))
    with pytest.raises(Invalid) as refused:
        desk.change(Week(NGORO, COMING, "1111000"))
    assert [p.field for p in refused.value.problems] == ["valid_from"]
    assert desk.office().points[NGORO].timetable.mask(COMING) == "1111110"


def test_a_day_that_is_gone_is_kept_only_by_who_has_seen_what_it_alters(desk):
    desk.report(PUNGGING, SATURDAY)
    before = digest(desk.database)
    told = desk.effect_of(desk.change, Opening(None, SATURDAY, True))
    assert digest(desk.database) == before
    assert not told.shown
    moved = {m.point_code: (m.before, m.after) for m in told.effect.days}
    assert moved[NGORO] == ("not_required", "missing")
    assert moved[PUNGGING] == ("extra", "late")
    assert len(moved) == len(desk.office().points)
    desk.change(Opening(None, SATURDAY, True), seen=told.effect.fingerprint)
    assert desk.entry(Opening(None, SATURDAY, True)) is not None
    assert desk.history()[0].changes["altered_days"] == [0, len(moved)]


def test_what_changed_meanwhile_is_shown_again(desk):
    what = Opening(None, SATURDAY, True)
    seen = desk.effect_of(desk.change, what).effect.fingerprint
    desk.report(PUNGGING, SATURDAY)
    before = digest(desk.database)
    again = desk.effect_of(desk.change, what, seen=seen)
    assert again.shown
    assert again.effect.fingerprint != seen
    assert digest(desk.database) == before
    desk.change(what, seen=again.effect.fingerprint)


def test_a_week_from_a_day_that_is_gone_tells_every_day_it_alters(desk):
    told = desk.effect_of(desk.change, Week(NGORO, date(2024, 10, 8), "1111111"))
    assert {m.point_code for m in told.effect.days} == {NGORO}
    assert [m.day.day for m in told.effect.days] == [12, 13, 19, 20]


def test_withdrawn_is_as_if_it_had_not_been_said_and_stays_readable(desk):
    what = Opening(NGORO, COMING, True)
    desk.change(what)
    entry = desk.entry(what)
    with pytest.raises(Invalid) as invalid:
        desk.withdraw(DAY, entry.id, " ")
    assert [p.field for p in invalid.value.problems] == ["reason"]
    desk.withdraw(DAY, entry.id)
    assert not desk.office().calendar.serves(desk.office().points[NGORO].timetable, COMING)
    line = desk.history(NGORO)[0]
    assert (line.deed, line.reason) == ("calendar.withdraw", "salah tanggal")
    assert line.changes == {"service_day": ["2024-10-26", None], "opens": [True, None]}
    told = len(desk.history(NGORO))
    desk.withdraw(DAY, entry.id)
    assert len(desk.history(NGORO)) == told


def test_withdrawing_what_is_gone_needs_its_effect_known_too(desk):
    what = Opening(NGORO, SATURDAY, True)
    desk.change(what, seen=desk.effect_of(desk.change, what).effect.fingerprint)
    entry = desk.entry(what)
    told = desk.effect_of(desk.withdraw, DAY, entry.id)
    assert [(m.before, m.after) for m in told.effect.days] == [("missing", "not_required")]
    assert desk.entry(what).decided.stands
    desk.withdraw(DAY, entry.id, seen=told.effect.fingerprint)
    assert desk.entry(what) is None


def test_only_the_supervisor_changes_the_calendar(desk):
    desk.change(Opening(None, COMING, True))
    entry, before = desk.entry(Opening(None, COMING, True)), digest(desk.database)
    for who in (people.clerk, people.liaison, people.reader, people.administrator):
        with pytest.raises(NotPermitted):
            desk.change(Opening(NGORO, COMING, False), who=who)
        with pytest.raises(NotPermitted):
            desk.withdraw(DAY, entry.id, who=who)
    assert digest(desk.database) == before


def test_what_cannot_be_leaves_nothing(desk):
    before = digest(desk.database)
    for what in (Week(NGORO, COMING, "0000000"), Opening("kec-99", COMING, True), Opening(None, date.min, True)):
        with pytest.raises(Invalid):
            desk.change(what)
    with pytest.raises(Invalid):
        desk.change(Opening(None, COMING, True), "NIK 3516051203070001")
    with pytest.raises(Unknown):
        desk.withdraw(DAY, 999)
    assert digest(desk.database) == before


def test_the_same_sending_again_is_the_same_receipt(desk):
    id = records.submission_id()
    first = desk.change(Opening(None, COMING, True), id=id)
    before = digest(desk.database)
    assert desk.change(Opening(None, COMING, True), id=id, at=NOW + timedelta(hours=1)) == first
    with pytest.raises(Conflict) as conflict:
        desk.change(Opening(None, COMING, False), id=id)
    assert conflict.value.why == OTHER_BODY
    assert digest(desk.database) == before
    with pytest.raises(Invalid):
        desk.change(Opening(None, COMING, True))  # said already


def test_a_day_may_be_said_otherwise_later(desk):
    desk.change(Opening(None, COMING, True))
    desk.change(Opening(None, COMING, False))
    office = desk.office()
    assert not office.calendar.serves(office.points[NGORO].timetable, COMING)
    assert TODAY < COMING
