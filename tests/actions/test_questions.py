"""What is asked about a report, from the books as they are: on both databases."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from portal.actions import equipment, questions, recordings
from portal.domain.doubts import asked
from portal.storage import equipment as kept_kits

from .. import people, records
from ..pages import watch
from ..people import NGORO, NOW, TODAY

FIGURES = (18, 22, 25, 19, 30, 21, 24, 20, 23)


def service_days(count, before=TODAY):
    found, day = [], before
    while len(found) < count:
        day -= timedelta(days=1)
        if day.weekday() < 5:
            found.append(day)
    return found


class Desk:
    """A clerk of Ngoro with the office's books at hand."""

    def __init__(self, database, office):
        self.database, self.office = database, office

    def send(self, entry, day=TODAY, version=0, reason="", flags=(), at=NOW):
        with self.database.writing() as tx:
            who = (
                people.clerk if TODAY - day < timedelta(days=4) else people.supervisor
            )  # past days have closed for clerks
            id, sender = records.submission_id(), people.sending(who, at)
            return recordings.send(tx, sender, self.office, id, NGORO, day, entry, version, reason, flags)

    def doubts(self, entry, day=TODAY, version=0, reason="", at=NOW):
        with self.database.reading() as tx:
            kits, sender = kept_kits.kits(tx), people.sending(people.clerk, at)
            point = self.office.points[NGORO]
            return questions.doubts(tx, sender, self.office, kits, point, day, entry, version, reason)

    def rules(self, *args, **more):
        return [doubt.rule for doubt in self.doubts(*args, **more)]


@pytest.fixture
def desk(database, office):
    return Desk(database, office)


@pytest.fixture
def worked(desk):
    for day, number in zip(service_days(9), FIGURES, strict=True):
        desk.send(records.entry(number, blanks_left=100), day)
    return desk


def test_a_typo_is_doubted_and_an_ordinary_day_is_not(worked):
    outlier, capacity = worked.doubts(records.entry(240))
    assert (outlier.found.low, outlier.found.high) == (12, 32)
    assert (capacity.rule, capacity.found.high) == ("capacity", 100)
    assert asked([outlier, capacity]) == [outlier]
    assert worked.doubts(records.entry(24)) == []
    assert worked.rules(records.entry(1)) == ["outlier"]


def test_the_days_own_report_does_not_judge_its_correction(worked):
    worked.send(records.entry(240))
    assert worked.rules(records.entry(24), version=1, reason="salah ketik") == []
    assert worked.rules(records.entry(240), version=1, reason="salah ketik") == ["outlier", "capacity"]


def test_the_capacity_is_the_offices_own_limit(desk):
    assert desk.rules(records.entry(101)) == ["capacity"]
    desk.office = replace(desk.office, limits={"kit_day": 120})
    assert desk.rules(records.entry(101)) == []


def test_what_will_be_refused_is_not_asked_about(worked):
    assert worked.doubts(records.entry(240, recorded_male=300)) == []
    assert worked.doubts(records.entry(240), day=TODAY + timedelta(days=1)) == []
    assert worked.doubts(records.entry(240), version=1, reason=" ") == []


def test_a_kit_that_broke_today_is_believed_and_one_that_broke_before_is_not(desk):
    with desk.database.writing() as tx:
        id, sender = records.submission_id(), people.sending(people.clerk)
        equipment.set_status(tx, sender, id, f"kit-{NGORO}", "iris", 1, "broken", "tidak_menyala", "")
    assert desk.rules(records.entry(20)) == []
    tomorrow = TODAY + timedelta(days=1)
    assert desk.rules(records.entry(20), day=tomorrow, at=NOW + timedelta(days=1)) == ["all_down"]
    assert desk.rules(records.nihil("alat_rusak")) == []


def test_a_first_report_long_after_its_day_is_asked_about_and_a_correction_is_not(desk):
    day = service_days(4)[-1]
    assert desk.rules(records.entry(20), day=day) == ["late_first"]
    desk.send(records.entry(20), day=day)
    assert desk.rules(records.entry(21), day=day, version=1, reason="lupa satu") == []


def test_the_books_are_asked_three_times_however_long_they_are(worked):
    with worked.database.reading() as tx:
        watch.forget()
        point = worked.office.points[NGORO]
        around = questions.circumstances(tx, worked.office, (), point, TODAY, TODAY, first=True)
        asked_for = [s for s in watch.statements if s.lstrip().upper().startswith("SELECT")]
    assert len(asked_for) == 3
    assert len(around.past) == 9
    assert around.service_days[0] == service_days(1)[0]


def test_flags_belong_to_the_sending_and_its_replay_adds_none(worked):
    doubts = worked.doubts(records.entry(240))
    kept, wrong = questions.answered(doubts, {doubts[0].key: " rombongan "})
    assert wrong == []
    assert [(f.rule, f.asked, f.note) for f in kept] == [("outlier", True, "rombongan"), ("capacity", False, "")]
    _flags, wrong = questions.answered(doubts, {doubts[0].key: "a" * 501})
    assert [problem.field for problem in wrong] == ["passed-note-1"]
