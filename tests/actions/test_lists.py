"""Hubs, capabilities, deadlines and points at the supervisor's desk: earlier days move only with their effect known."""

from datetime import date, time, timedelta

import pytest
from msgspec.structs import replace

from portal.actions import lists as action
from portal.actions import points
from portal.actions.office import load_reference
from portal.domain.areas import NO_HUB, overlapping
from portal.domain.lists import EVERY_REPORT, HOURS, HUB, NO, SEAT, YES, Word, hours_value, mark
from portal.domain.problems import OTHER_BODY, STALE, Conflict, Invalid, NotPermitted, Unknown
from portal.domain.schedule import AltersPast
from portal.storage import areas, ledger, lists, recordings

from .. import people, records
from ..digest import digest
from ..people import NGORO, NOW, PUNGGING, TODAY

AREA = "35.16.05"
DLANGGU = "35.16.09"
MOJOSARI = "kec-35.16.08"
COMING = date(2024, 11, 4)
MONDAY = date(2024, 10, 14)


class Desk:
    """The supervisor changing the lists, each deed in a transaction of its own."""

    def __init__(self, database):
        self.database = database

    def change(self, what, seen="", *, who=people.supervisor, id=None, drawn=None, reason="SK 3/2024"):
        with self.database.writing() as tx:
            drawn = mark(action.changes_of(tx, what.kind, what.subject)) if drawn is None else drawn
            id = id or records.submission_id()
            return action.change(tx, people.sending(who), id, what, reason, drawn, seen)

    def withdraw(self, change_id, seen="", *, reason="salah surat", who=people.supervisor):
        with self.database.writing() as tx:
            return action.withdraw(tx, people.sending(who), records.submission_id(), change_id, reason, seen)

    def add(self, wanted, hub="", seen="", *, who=people.supervisor):
        with self.database.writing() as tx:
            return points.add(tx, people.sending(who), records.submission_id(), wanted, hub, "SK 8/2024", seen)

    def edit(self, code, seen="", *, id=None, **over):
        asked = replace(self.office().points[code], **over)
        with self.database.writing() as tx:
            id = id or records.submission_id()
            return points.change(tx, people.sending(people.supervisor), id, code, asked, "SK 9/2024", seen)

    def effect_of(self, deed, *args, **more):
        before = digest(self.database)
        with pytest.raises(AltersPast) as told:
            deed(*args, **more)
        assert digest(self.database) == before
        return told.value

    def office(self):
        with self.database.reading() as tx:
            return areas.office(tx)

    def changes(self, kind, subject):
        with self.database.reading() as tx:
            return lists.changes(tx, kind, subject)

    def history(self, of):
        with self.database.reading() as tx:
            return ledger.history(tx, action.KIND, of)

    def report(self, point, day, n=24):
        with self.database.writing() as tx:
            recordings.add(tx, point, day, records.entry(n), people.clerk.id, NOW)

    def versions(self):
        with self.database.reading() as tx:
            return ledger.versions(tx)


@pytest.fixture
def desk(database):
    return Desk(database)


def test_dlanggu_gets_a_hub_from_a_day_to_come_and_it_can_be_taken_back(desk):
    before = desk.versions()
    sent = desk.change(Word(HUB, DLANGGU, COMING, "mojosari"))
    assert (sent.object_kind, sent.object_id) == ("list", f"hub/{DLANGGU}")
    office = desk.office()
    assert office.hub_of(DLANGGU, COMING - timedelta(days=1)) == NO_HUB
    assert office.hub_of(DLANGGU, COMING) == "mojosari"
    assert desk.versions()["lists"] > before["lists"]
    (line,) = desk.history(f"hub/{DLANGGU}")
    assert (line.deed, line.reason, line.account) == ("lists.change", "SK 3/2024", "pengawas")
    assert line.changes == {"valid_from": [None, "2024-11-04"], "hub": ["", "mojosari"]}

    (kept,) = desk.changes(HUB, DLANGGU)
    with pytest.raises(Invalid):
        desk.withdraw(kept.id, reason=" ")
    desk.withdraw(kept.id)
    assert desk.office().hub_of(DLANGGU, COMING) == NO_HUB
    assert not desk.changes(HUB, DLANGGU)[0].decided.stands
    told = len(desk.history(f"hub/{DLANGGU}"))
    desk.withdraw(kept.id)
    assert len(desk.history(f"hub/{DLANGGU}")) == told
    with pytest.raises(Unknown):
        desk.withdraw(999)


def test_a_hub_from_a_day_that_is_gone_is_kept_only_by_who_has_seen_what_moves(desk):
    desk.report(NGORO, date(2024, 10, 11), 30)
    desk.report(NGORO, date(2024, 10, 16), 12)
    what = Word(HUB, AREA, MONDAY, "gondang")
    told = desk.effect_of(desk.change, what)
    (move,) = told.effect.moves
    assert (move.first, move.last, move.before, move.after, move.recorded) == (MONDAY, TODAY, "mojosari", "gondang", 12)
    assert [(t.hub_code, t.before, t.after) for t in told.effect.totals] == [
        ("mojosari", 12, None),
        ("gondang", None, 12),
    ]
    assert told.effect.district == (12, 12)
    desk.report(NGORO, date(2024, 10, 17), 5)
    again = desk.effect_of(desk.change, what, told.effect.fingerprint)
    assert (again.shown, again.effect.district) == (True, (17, 17))
    desk.change(what, again.effect.fingerprint)
    office = desk.office()
    assert office.hub_of(AREA, date(2024, 10, 11)) == "mojosari"
    assert office.hub_of(AREA, MONDAY) == "gondang"
    assert overlapping(office.members) is None
    assert desk.history(f"hub/{AREA}")[0].changes["altered_days"] == [0, 8]
    back = desk.effect_of(desk.withdraw, desk.changes(HUB, AREA)[0].id)
    assert back.effect.moves[0].after == "mojosari"


def test_a_seat_is_put_right_from_a_day_on_and_the_past_stands(desk):
    desk.change(Word(SEAT, NGORO, COMING, "mojosari"), who=people.administrator)
    desk.change(Word(SEAT, MOJOSARI, COMING, NO_HUB), who=people.administrator)
    office = desk.office()
    assert office.seats_of("mojosari", COMING - timedelta(days=1)) == [MOJOSARI]
    assert office.seats_of("mojosari", COMING) == [NGORO]
    assert desk.history(f"point/{NGORO}")[0].changes["seat"] == ["", "mojosari"]
    desk.withdraw(desk.changes(SEAT, MOJOSARI)[0].id, who=people.administrator)
    assert desk.office().seats_of("mojosari", COMING) == [NGORO, MOJOSARI]
    desk.change(Word(SEAT, PUNGGING, MONDAY, "gondang"))  # nothing that was counted moves with a kecamatan's office
    for who in (people.clerk, people.liaison, people.reader):
        with pytest.raises(NotPermitted):
            desk.change(Word(SEAT, NGORO, TODAY, "gondang"), who=who)


def test_a_seat_that_moves_work_of_days_that_are_gone_is_kept_only_by_who_has_seen_it(desk):
    desk.report("dinas", date(2024, 10, 16), 12)
    what = Word(SEAT, "dinas", MONDAY, "gondang")
    told = desk.effect_of(desk.change, what)
    (move,) = told.effect.moves
    assert (move.point_code, move.before, move.after, move.recorded) == ("dinas", "dinas-mpp", "gondang", 12)
    desk.change(what, told.effect.fingerprint)
    office = desk.office()
    assert office.hub_of_point("dinas", MONDAY - timedelta(days=1)) == "dinas-mpp"
    assert office.hub_of_point("dinas", MONDAY) == "gondang"
    assert desk.history("point/dinas")[0].changes["altered_days"] == [0, 8]
    with pytest.raises(Conflict) as stale:
        desk.change(replace(what, valid_from=COMING), drawn="0.0")
    assert stale.value.why == STALE


def test_lists_loaded_again_leave_what_the_supervisor_said(desk):
    desk.change(Word(HUB, AREA, COMING, "gondang"))
    desk.edit(NGORO, name="Kantor Ngoro Baru")
    with desk.database.writing() as tx:
        done = load_reference(tx, ledger.Hand(None, "init", NOW))
    assert not any(any(numbers) for numbers in done.values())
    office = desk.office()
    assert (office.hub_of(AREA, COMING), office.points[NGORO].name) == ("gondang", "Kantor Ngoro Baru")


def test_who_was_faster_is_not_overwritten_and_the_same_sending_counts_once(desk):
    what, id = Word(HUB, AREA, COMING, "gondang"), records.submission_id()
    first = desk.change(what, id=id, drawn="0.0")
    before = digest(desk.database)
    assert desk.change(what, id=id, drawn="0.0") == first
    with pytest.raises(Conflict) as other:
        desk.change(replace(what, value="jetis"), id=id, drawn="0.0")
    assert other.value.why == OTHER_BODY
    with pytest.raises(Conflict) as stale:
        desk.change(replace(what, value="jetis", valid_from=TODAY), drawn="0.0")
    assert (stale.value.why, [c.what for c in stale.value.kept]) == (STALE, [what])
    with pytest.raises(Invalid):
        desk.change(replace(what, value="jetis"))  # a word for that very day is there
    for who in (people.clerk, people.liaison, people.reader):
        with pytest.raises(NotPermitted):
            desk.change(Word(HUB, AREA, TODAY, NO_HUB), who=who)
        with pytest.raises(NotPermitted):
            desk.withdraw(desk.changes(HUB, AREA)[0].id, who=who)
    assert digest(desk.database) == before


def test_a_capability_ends_and_begins_with_its_source(desk):
    desk.change(Word("adminduk", NGORO, COMING, NO))
    desk.change(Word("rekam", NGORO, COMING, YES), reason="SK 5/2024")
    own = {c.capability: c for c in desk.office().capabilities if c.point_code == NGORO}
    assert own["adminduk"].valid_to == COMING - timedelta(days=1)
    assert (own["rekam"].valid_from, own["rekam"].source) == (COMING, "SK 5/2024")


def test_a_deadline_of_days_that_are_gone_tells_each_report_it_alters(desk):
    desk.report(PUNGGING, TODAY - timedelta(days=3))  # received today at 13.00: in grace would have been 09.00
    value = hours_value(time(16), time(14))
    told = desk.effect_of(desk.change, Word(HOURS, EVERY_REPORT, MONDAY, value))
    moved = {(m.point_code, m.day): (m.before, m.after) for m in told.effect.days}
    assert moved[PUNGGING, date(2024, 10, 18)] == ("late", "in_grace")
    assert {day for _code, day in moved} == {date(2024, 10, 18)}
    desk.change(Word(HOURS, EVERY_REPORT, MONDAY, value), told.effect.fingerprint)
    calendar = desk.office().calendar
    assert calendar.hours_on(MONDAY) == (time(16), time(14))
    assert calendar.hours_on(date(2024, 10, 11)) == (time(16), time(9))
    desk.change(Word(HOURS, EVERY_REPORT, COMING, "15:00-09:00"))


def test_a_new_point_gets_a_code_and_owes_reports_from_its_first_day(desk):
    wanted = points.wanted_point(" Gerai  Pasar ", "titik", "", COMING, None)
    sent = desk.add(wanted, "mojosari")
    office = desk.office()
    point = office.points[sent.object_id]
    assert (point.code, point.name, point.kecamatan_code) == ("titik-1", "Gerai Pasar", None)
    assert office.hub_of_point("titik-1", COMING) == "mojosari"
    told = desk.effect_of(desk.add, points.wanted_point("Gerai Lama", "titik", "", MONDAY, None))
    assert {(m.point_code, m.after) for m in told.effect.days} == {("titik-2", "missing"), ("titik-2", "not_due")}
    desk.add(points.wanted_point("Gerai Lama", "titik", "", MONDAY, None), "", told.effect.fingerprint)
    for unsound in (
        points.wanted_point("Kedua", "titik", AREA, COMING, None),
        points.wanted_point("Gerai Pasar", "titik", "", COMING, None),
        points.wanted_point("", "x", "35.16.99", COMING, COMING - timedelta(days=1)),
    ):
        with pytest.raises(Invalid):
            desk.add(unsound)


def test_an_ended_point_keeps_its_reports_and_they_stand_beyond_the_duty(desk):
    desk.report(NGORO, date(2024, 10, 17))
    told = desk.effect_of(desk.edit, NGORO, active_to=date(2024, 10, 16))
    moved = {m.day.day: (m.before, m.after) for m in told.effect.days}
    assert moved == {17: ("late", "extra"), 18: ("missing", "not_required"), 21: ("not_due", "not_required")}
    before = desk.office().points[NGORO]
    desk.edit(NGORO, told.effect.fingerprint, active_to=date(2024, 10, 16))
    with desk.database.reading() as tx:
        assert recordings.find(tx, NGORO, date(2024, 10, 17)) is not None
    assert desk.history(f"point/{NGORO}")[0].changes["active_to"] == [None, "2024-10-16"]
    with pytest.raises(Conflict) as stale:
        desk.edit(NGORO, name="Lain", version=before.version)
    assert stale.value.kept.active_to == date(2024, 10, 16)
