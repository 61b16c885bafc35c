import random
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import func, select

from portal.actions import publications as action
from portal.actions import recordings as recording_action
from portal.actions import visits as visit_action
from portal.actions.reviews import seen, step
from portal.domain.calendar import days
from portal.domain.duty import Period
from portal.domain.problems import OTHER_BODY, STALE, Conflict, Invalid, NotPermitted
from portal.domain.publications import NOTHING, Value, said_of
from portal.domain.review import EXCLUDE, SEND_BACK
from portal.storage import areas, ledger, publications, recordings, summary, visits
from portal.storage.tables import publication

from .. import people, records
from ..digest import digest
from ..people import NGORO, NOW, PUNGGING, TODAY

START = records.START


class Desk:
    """A supervisor who publishes, and the reports and visits of the district around him."""

    def __init__(self, database, office):
        self.database, self.office = database, office

    def draft(self, day=TODAY, at=NOW):
        with self.database.reading() as tx:
            return action.draft(tx, self.office, day, at)

    def publish(self, day=TODAY, at=NOW, who=people.supervisor, mark=None, id=None):
        mark = self.draft(day, at).mark if mark is None else mark
        with self.database.writing() as tx:
            sender, id = people.sending(who, at), id or records.submission_id()
            sent = action.publish(tx, sender, self.office, id, day, mark)
            return publications.find(tx, int(sent.object_id))

    def report(self, entry, point=NGORO, day=TODAY, version=0, at=NOW, reason="salah ketik"):
        with self.database.writing() as tx:
            sender, id = people.sending(people.supervisor, at), records.submission_id()
            recording_action.send(tx, sender, self.office, id, point, day, entry, version, reason)

    def exclude(self, point, day, at):
        """Send a report back and take it out of the sums."""
        with self.database.writing() as tx:
            for deed in (SEND_BACK, EXCLUDE):
                shown = seen(recordings.find(tx, point, day))
                step(tx, people.sending(people.supervisor, at), shown, deed, "recorded", "tidak masuk akal")

    def pending(self):
        with self.database.reading() as tx:
            return action.pending(tx)


@pytest.fixture
def desk(database, office):
    return Desk(database, office)


def test_what_was_published_stays_and_what_changed_is_a_correction_of_the_next(desk):
    yesterday = TODAY - timedelta(days=1)
    desk.report(records.entry(34), day=yesterday)
    first = desk.publish(yesterday)
    assert (first.number, first.daily.previous, first.daily.cumulative) == (1, 0, 34)
    before = first.sha256, first.daily

    later = NOW + timedelta(minutes=5)
    desk.report(records.entry(43), day=yesterday, version=1, at=later)
    desk.report(records.entry(9), point=PUNGGING, day=yesterday, at=later)
    assert [(c.point_code, c.before, c.after, c.change) for c in desk.pending()] == [
        (NGORO, Value(34), Value(43), 9),
        (PUNGGING, NOTHING, Value(9), 9),
    ]
    desk.report(records.entry(20), at=later)
    second = desk.publish(at=later + timedelta(minutes=1))
    assert (second.number, second.daily.previous) == (2, 1)
    assert [(c.point_code, c.change, c.reason) for c in second.daily.corrections] == [
        (NGORO, 9, "salah ketik"),
        (PUNGGING, 9, "salah ketik"),
    ]
    assert second.daily.cumulative == 34 + 20 + 18
    with desk.database.reading() as tx:
        kept = publications.find(tx, 1)
    assert (kept.sha256, kept.daily) == before
    assert desk.pending() == []


def test_a_missing_report_told_later_as_nihil_corrects_no_sum(desk):
    friday = TODAY - timedelta(days=3)
    desk.report(records.entry(34), day=friday)
    desk.publish(friday)
    desk.report(records.nihil("jaringan_server"), point=PUNGGING, day=friday, at=NOW + timedelta(minutes=1))
    (correction,) = desk.pending()
    assert (correction.before, correction.after, correction.change) == (NOTHING, Value(0), 0)
    second = desk.publish(at=NOW + timedelta(minutes=2))
    assert second.daily.cumulative == 34
    assert len(second.daily.corrections) == 1


def test_days_between_two_publications_are_told_apart(desk):
    friday, saturday, sunday = (TODAY - timedelta(days=n) for n in (3, 2, 1))
    desk.report(records.entry(10), day=friday)
    desk.publish(friday)
    desk.report(records.entry(5), day=saturday)
    second = desk.publish(TODAY)
    assert [(d.day, d.total) for d in second.daily.between] == [(saturday, 5)]
    assert second.daily.corrections == []
    with desk.database.reading() as tx:
        assert publications.published_at(tx, sunday) == NOW
        assert publications.published_at(tx, TODAY + timedelta(days=1)) is None


def test_it_is_published_as_it_was_seen_or_not_at_all(desk):
    desk.report(records.entry(10))
    mark = desk.draft().mark
    desk.report(records.entry(11), version=1)
    before = digest(desk.database)
    with pytest.raises(Conflict) as conflict:
        desk.publish(mark=mark)
    assert conflict.value.why == STALE
    assert conflict.value.kept.daily.recorded == 11
    assert digest(desk.database) == before


def test_the_same_press_again_publishes_once(desk):
    id, mark = records.submission_id(), desk.draft().mark
    first = desk.publish(id=id, mark=mark)
    before = digest(desk.database)
    assert desk.publish(id=id, mark=mark, at=NOW + timedelta(days=7)) == first
    with pytest.raises(Conflict) as conflict:
        desk.publish(id=id, mark="another")
    assert conflict.value.why == OTHER_BODY
    assert digest(desk.database) == before


def test_a_day_is_published_once_and_in_order(desk):
    desk.publish()
    for day in (TODAY, TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(Invalid):
            desk.publish(day, at=NOW + timedelta(hours=1))


@pytest.mark.parametrize("who", [people.clerk, people.liaison, people.reader, people.administrator])
def test_only_a_supervisor_publishes(desk, who):
    before = digest(desk.database)
    with pytest.raises(NotPermitted):
        desk.publish(who=who)
    assert digest(desk.database) == before


def test_it_is_written_down_with_its_number_and_digest(desk):
    kept = desk.publish()
    with desk.database.reading() as tx:
        (line,) = ledger.history(tx, action.KIND, "1")
    assert (line.deed, line.account) == ("publications.publish", "pengawas")
    assert line.changes["sha256"] == [None, kept.sha256]


@pytest.mark.parametrize("seed", range(6))
def test_publications_taken_together_say_what_is_known_now(desk, seed):
    """Random histories: every publication continues the one before, and the last says what the sums say."""
    chance, clock, versions = random.Random(seed), NOW - timedelta(days=14), {}
    with desk.database.reading() as tx:
        places = [place.code for place in areas.schools(tx)]
    said, opened = {}, False
    for day in days(TODAY - timedelta(days=13), TODAY):
        clock = max(clock, NOW - (TODAY - day) - timedelta(hours=4))
        for _n in range(chance.randrange(6)):
            clock += timedelta(minutes=1)
            point, on = chance.choice([NGORO, PUNGGING, "dinas"]), day - timedelta(days=chance.choice([0, 0, 1, 4]))
            if on < START:
                continue
            entry = records.nihil() if chance.random() < 0.2 else records.entry(chance.randrange(60))
            if chance.random() < 0.15 and versions.get((point, on)):
                with desk.database.writing() as tx:
                    recording_action.cancel(
                        tx,
                        people.sending(people.supervisor, clock),
                        desk.office,
                        point,
                        on,
                        versions[point, on],
                        "salah hari",
                    )
                versions[point, on] = 0
            else:
                desk.report(entry, point, on, versions.get((point, on), 0), clock)
            with desk.database.reading() as tx:
                kept = recordings.find(tx, point, on)
            if kept.stands and chance.random() < 0.2:
                desk.exclude(point, on, clock)
            versions[point, on] = kept.version if kept.stands else 0
        if chance.random() < 0.6:
            clock += timedelta(minutes=1)
            wanted = records.plan(place_code=chance.choice(places), visit_date=day, point_code=NGORO)
            with desk.database.writing() as tx:
                sender, id = people.sending(people.supervisor, clock), records.submission_id()
                number = int(visit_action.plan(tx, sender, desk.office, id, wanted).object_id)
                result = records.result(recorded_from_list=chance.randrange(40))
                visit_action.close(tx, sender, desk.office, records.submission_id(), number, 1, result)
                if chance.random() < 0.3:
                    version = visits.find(tx, people.supervisor, number).version
                    visit_action.cancel(tx, sender, number, version, "sekolah", "")
        if chance.random() < 0.5 or day == TODAY:
            clock += timedelta(minutes=1)
            with desk.database.reading() as tx:
                light = {(c.point_code, c.day): c.after for c in action.pending(tx)}
            drawn = desk.draft(day, clock)
            assert {(c.point_code, c.day): c.after for c in drawn.daily.corrections} == light, "both ways agree"
            kept = desk.publish(day, at=clock)
            said |= said_of(kept.daily) if opened else {**drawn.opening, **said_of(kept.daily)}
            opened = True
            with desk.database.reading() as tx:
                known = publications.values(tx, START, day)
                facts = summary.facts(tx, Period(START, day))
            total = sum(value.total for value in known.values())
            assert kept.daily.cumulative == total
            assert total == sum((w.sums.get("office") or 0) + (w.sums.get("visits") or 0) for w in facts.work)
            assert {k: v for k, v in said.items() if v != NOTHING} == known
    with desk.database.reading() as tx:
        kept = publications.newest(tx, 99)
        assert tx.execute(select(func.count()).select_from(publication)).scalar_one() == len(kept) == kept[0].number
    for after, before in pairwise(kept):
        daily = after.daily
        assert daily.previous == before.number
        assert daily.cumulative_before == before.daily.cumulative
