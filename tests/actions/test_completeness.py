"""Excuses at the supervisor's desk: counted beside the figures, never in them."""

from datetime import date, timedelta

import pytest

from portal.actions import completeness as action
from portal.domain.completeness import lines_of, tally
from portal.domain.duty import Period
from portal.domain.problems import EXISTS, STALE, Conflict, Invalid, NotPermitted, Unknown
from portal.storage import completeness, ledger, recordings

from .. import people, records
from ..digest import digest
from ..people import NGORO, NOW, PUNGGING, TODAY

MISSED = date(2024, 10, 17)
IN_TIME = date(2024, 10, 16)
PERIOD = Period(date(2024, 10, 8), TODAY)


class Desk:
    """Somebody excusing a day, each deed in a transaction of its own."""

    def __init__(self, database, office):
        self.database, self.office = database, office

    def excuse(self, reason="jaringan putus", *, point=NGORO, day=MISSED, who=people.supervisor, id=None):
        with self.database.writing() as tx:
            id = id or records.submission_id()
            return action.excuse(tx, people.sending(who), self.office, id, point, day, reason)

    def withdraw(self, excuse_id, *, day=MISSED, who=people.supervisor):
        with self.database.writing() as tx:
            action.withdraw(tx, people.sending(who), NGORO, day, excuse_id)

    def standing(self, day=MISSED):
        with self.database.reading() as tx:
            return completeness.find(tx, NGORO, day)

    def tally(self):
        with self.database.reading() as tx:
            marks, excuses = recordings.marks(tx, PERIOD), completeness.in_period(tx, PERIOD)
        return tally(lines_of(self.office, PERIOD, marks, excuses, NOW)[NGORO])

    def report(self, day, at):
        with self.database.writing() as tx:
            recordings.add(tx, NGORO, day, records.entry(), people.clerk.id, at)


@pytest.fixture
def desk(database, office):
    return Desk(database, office)


def test_a_missing_day_is_excused_and_stays_missing(desk):
    before = desk.tally()
    sent = desk.excuse(" jaringan putus ")
    after = desk.tally()
    assert after.due == before.due
    assert (before.excused_missing, after.excused_missing) == (0, 1)
    assert sent.object_id == f"{NGORO}/{MISSED}"
    with desk.database.reading() as tx:
        (line,) = ledger.history(tx, "report", f"{NGORO}/{MISSED}")
    assert (line.deed, line.reason) == ("completeness.excuse", "jaringan putus")
    assert line.changes == {"excused": [False, True]}


def test_a_report_that_comes_after_all_is_late_and_excused(desk):
    desk.excuse()
    desk.report(MISSED, NOW)
    found = desk.tally()
    assert (found.due.late, found.excused_late, found.excused_missing) == (1, 1, 0)


def test_what_is_in_time_or_not_owed_needs_no_excuse(desk):
    desk.report(IN_TIME, NOW - timedelta(days=5, hours=1))
    before = digest(desk.database)
    for day in (IN_TIME, TODAY, date(2024, 10, 19), date(2024, 10, 1)):
        with pytest.raises(Invalid) as invalid:
            desk.excuse(day=day)
        assert [p.field for p in invalid.value.problems] == [""]
    for reason in ("", "  ", "NIK 3516051203070001"):
        with pytest.raises(Invalid) as invalid:
            desk.excuse(reason)
        assert [p.field for p in invalid.value.problems] == ["reason"]
    with pytest.raises(Unknown):
        desk.excuse(point="kec-99")
    assert digest(desk.database) == before


def test_a_day_is_excused_once(desk):
    id = records.submission_id()
    first = desk.excuse(id=id)
    before = digest(desk.database)
    assert desk.excuse(id=id) == first
    with pytest.raises(Conflict) as conflict:
        desk.excuse("alasan lain")
    assert (conflict.value.why, conflict.value.kept.reason) == (EXISTS, "jaringan putus")
    assert digest(desk.database) == before


def test_an_excuse_is_taken_back_and_may_be_given_anew(desk):
    desk.excuse()
    first = desk.standing().id
    desk.withdraw(first)
    assert desk.standing() is None
    assert desk.tally().excused == 0
    before = digest(desk.database)
    desk.withdraw(first)
    assert digest(desk.database) == before
    desk.excuse("banjir")
    with pytest.raises(Conflict) as conflict:
        desk.withdraw(first)
    assert conflict.value.why == STALE
    assert desk.standing().reason == "banjir"


def test_only_the_supervisor_excuses(desk):
    desk.excuse()
    kept, before = desk.standing(), digest(desk.database)
    for who in (people.clerk, people.liaison, people.reader, people.administrator):
        with pytest.raises(NotPermitted):
            desk.excuse(point=PUNGGING, who=who)
        with pytest.raises(NotPermitted):
            desk.withdraw(kept.id, who=who)
    assert digest(desk.database) == before
