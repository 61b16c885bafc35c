import random
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.actions import periodic as action
from portal.actions import publications as daily
from portal.actions import recordings as recording_action
from portal.actions import verify
from portal.actions import visits as visit_action
from portal.actions.accounts import TooMany
from portal.domain.accounts import THROTTLE_ADDRESS
from portal.domain.calendar import days
from portal.domain.periodic import MONTHLY, WEEKLY, Report, period_of
from portal.domain.problems import STALE, Conflict, Invalid, NotPermitted
from portal.domain.publications import NOTHING
from portal.storage import ledger, periodic, publications, recordings
from portal.storage.tables import publication

from .. import people, records
from ..digest import digest
from ..people import NGORO, NOW, PUNGGING, TODAY

START = records.START
SUNDAY = TODAY - timedelta(days=1)


class Desk:
    """A supervisor who publishes days, weeks and months, and the reports around him."""

    def __init__(self, database, office):
        self.database, self.office = database, office

    def day(self, day, at=NOW):
        with self.database.writing() as tx:
            mark = daily.draft(tx, self.office, day, at).mark
            sender = people.sending(people.supervisor, at)
            return int(daily.publish(tx, sender, self.office, records.submission_id(), day, mark).object_id)

    def period(self, kind=WEEKLY, day=SUNDAY, at=NOW, who=people.supervisor, mark=None):
        with self.database.writing() as tx:
            if mark is None:
                mark = action.draft(tx, self.office, kind, day, at).mark
            sender = people.sending(who, at)
            sent = action.publish(tx, sender, self.office, records.submission_id(), kind, day, mark)
            return periodic.find(tx, int(sent.object_id))

    def report(self, entry, point=NGORO, day=TODAY, version=0, at=NOW, reason="salah ketik"):
        with self.database.writing() as tx:
            sender = people.sending(people.supervisor, at)
            recording_action.send(tx, sender, self.office, records.submission_id(), point, day, entry, version, reason)

    def payloads(self):
        with self.database.reading() as tx:
            return {row.number: (row.payload, row.sha256) for row in tx.execute(select(publication))}


@pytest.fixture
def desk(database, office):
    return Desk(database, office)


@pytest.fixture
def week(desk):
    """Friday and Monday were told and published; the week before today is whole."""
    desk.report(records.entry(34), day=date(2024, 10, 17))
    desk.report(records.nihil("jaringan_server"), PUNGGING, date(2024, 10, 18))
    desk.day(date(2024, 10, 17))
    desk.day(SUNDAY)
    return desk


def test_a_week_is_made_of_published_days_and_says_which(week):
    week.report(records.entry(99), PUNGGING, date(2024, 10, 16))  # after the summaries: told by none
    kept = week.period()
    found = kept.periodic
    assert (kept.number, found.previous, found.recorded, found.cumulative) == (3, 0, 34, 34)
    assert [(s.number, s.own) for s in found.days] == [(1, False)] * 3 + [(1, True)] + [(2, False)] * 2 + [(2, True)]
    assert (found.causes, found.verified) == ({"jaringan_server": 1}, 0)
    assert found.reports == 2 < found.owed
    with week.database.reading() as tx:
        (line,) = ledger.history(tx, daily.KIND, "3")
    assert line.changes["sha256"] == [None, kept.sha256]


def test_what_changes_later_is_a_correction_of_the_next_and_the_old_bytes_stay(week):
    week.period()
    before = week.payloads()
    later = NOW + timedelta(minutes=5)
    week.report(records.entry(43), day=date(2024, 10, 17), version=1, at=later, reason="dihitung ulang")
    week.report(records.entry(20), at=later)
    week.day(SUNDAY + timedelta(days=7), at=later + timedelta(days=7))
    kept = week.period(day=SUNDAY + timedelta(days=7), at=later + timedelta(days=7))
    found = kept.periodic
    assert [(c.day.day, c.change, c.reason) for c in found.corrections] == [(17, 9, "dihitung ulang")]
    assert found.cumulative == 34 + 20 + 9
    assert {n: week.payloads()[n] for n in before} == before
    with week.database.reading() as tx:
        first = periodic.find(tx, 3)
        assert [c.change for c in action.corrected_since(tx, first)] == [9]
        assert action.corrected_since(tx, kept) == []


def test_both_books_add_up_to_what_was_published(desk):
    """Whose resident: of the office and the visit together, whoever was not split apart, and a number that moved after
    its summary told of nobody, because its homes are those of another number."""
    friday, homes = date(2024, 10, 18), {"35.16.05": 20, "luar": 3}
    desk.report(records.entry(34, homes), day=date(2024, 10, 17))
    desk.report(records.entry(10, {"35.16.06": 9}), PUNGGING, friday)
    with desk.database.writing() as tx:
        plan = records.plan(visit_date=friday)
        sent = visit_action.plan(tx, people.sending(people.clerk), desk.office, records.submission_id(), plan)
        visit_action.close(
            tx,
            people.sending(people.clerk),
            desk.office,
            records.submission_id(),
            int(sent.object_id),
            1,
            records.result({"35.16.05": 30, "35.16.06": 5}),
        )
    desk.day(SUNDAY)
    with desk.database.reading() as tx:
        drawn = action.draft(tx, desk.office, WEEKLY, SUNDAY, NOW).periodic
    assert drawn.homes == {"35.16.05": 50, "35.16.06": 14, "luar": 3}
    assert (drawn.recorded, drawn.unsplit) == (34 + 10 + 42, 86 - 67)

    later = NOW + timedelta(minutes=5)
    desk.report(records.entry(11, {"35.16.06": 11}), PUNGGING, friday, 1, later)
    kept = desk.period(at=later)
    assert kept.periodic.homes == {"35.16.05": 50, "35.16.06": 5, "luar": 3}
    assert (kept.periodic.recorded, kept.periodic.unsplit) == (86, 28)


def test_a_period_that_is_not_wholly_published_or_was_reported_is_refused(desk):
    desk.day(SUNDAY - timedelta(days=1))
    for day in (SUNDAY, TODAY):
        with pytest.raises(Invalid):
            desk.period(day=day, mark="x")
    desk.day(SUNDAY)
    desk.period()
    with pytest.raises(Invalid):
        desk.period(mark="x")


def test_it_is_published_as_it_was_seen_by_a_supervisor_or_not_at_all(week):
    before = digest(week.database)
    with pytest.raises(Conflict) as conflict:
        week.period(mark="another")
    assert (conflict.value.why, conflict.value.kept.periodic.recorded) == (STALE, 34)
    for who in (people.clerk, people.liaison, people.reader, people.administrator):
        with pytest.raises(NotPermitted):
            week.period(who=who, mark="x")
    assert digest(week.database) == before


def test_a_paper_is_compared_and_wrong_codes_are_slowed_down_by_address(week):
    kept = week.period()

    def compare(code, number=kept.number, address="203.0.113.9"):
        return verify.compare(week.database, number, code, NOW, address)

    assert compare(kept.check_code) == kept
    assert compare("0000-0000") is compare(kept.check_code, number=99) is None
    for _n in range(THROTTLE_ADDRESS - 2):
        assert compare("0000-0000") is None
    with pytest.raises(TooMany):
        compare(kept.check_code)
    assert compare(kept.check_code, address="203.0.113.10") == kept


@pytest.mark.parametrize("seed", range(1))
def test_all_three_kinds_say_the_same_in_any_history(desk, seed):
    """Random histories: each kind continues its own line, ends at what the summaries say, and nothing old changes."""
    chance, clock, versions, seen = random.Random(seed), NOW, {}, {}
    last: dict[str, Report] = {}
    for day in days(START, START + timedelta(days=60)):
        clock = max(clock, NOW + (day - TODAY))
        for _n in range(chance.randrange(3)):
            clock += timedelta(minutes=1)
            point, on = chance.choice([NGORO, PUNGGING]), day - timedelta(days=chance.choice([0, 0, 1, 9]))
            if on < START:
                continue
            recorded = chance.randrange(60)
            split = {"35.16.05": chance.randrange(recorded + 1)} if chance.random() < 0.7 else {}
            entry = records.nihil() if chance.random() < 0.2 else records.entry(recorded, split)
            desk.report(entry, point, on, versions.get((point, on), 0), clock)
            with desk.database.reading() as tx:
                versions[point, on] = recordings.find(tx, point, on).version
        if chance.random() < 0.4:
            clock += timedelta(minutes=1)
            desk.day(day, clock)
        for kind in (WEEKLY, MONTHLY):
            wanted = period_of(kind, day).first - timedelta(days=1)
            with desk.database.reading() as tx:
                problems = action.problems_of(tx, desk.office, kind, wanted)
            if problems or chance.random() < 0.3:
                continue
            clock += timedelta(minutes=1)
            kept = desk.period(kind, wanted, clock)
            found, before = kept.periodic, last.get(kind)
            with desk.database.reading() as tx:
                told = periodic.published(tx, START, found.last)
                said = periodic.reported(tx, kind)
                summary = publications.newest(tx)[0]
            assert found.cumulative == sum(value.total for value in told.values())
            assert {k: v for k, v in said.items() if v != NOTHING} == {k: v for k, v in told.items() if v != NOTHING}
            assert found.unsplit >= 0, "no day adds more homes than people who were published"
            assert found.previous == (before.number if before else 0)
            if before:
                assert found.cumulative_before == before.periodic.cumulative
            if summary.daily.day == found.last:
                assert found.cumulative == summary.daily.cumulative
            last[kind] = kept
        now = desk.payloads()
        assert {number: now[number] for number in seen} == seen
        seen = now
    assert set(last) == {WEEKLY, MONTHLY}
    assert sorted(seen) == list(range(1, len(seen) + 1)), "one row of numbers for all kinds"
