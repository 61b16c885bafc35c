import random
from collections import defaultdict
from datetime import date, timedelta

import pytest
from sqlalchemy import insert, select

from portal.actions import recordings as recording_action
from portal.actions import visits as visit_action
from portal.domain.areas import OUTSIDE
from portal.domain.calendar import days
from portal.domain.daysheets import OPTIONAL
from portal.domain.recordings import FLOWS
from portal.domain.rollup import summarise
from portal.domain.summary import BOOKS, BY_HOME, BY_WORK, Period
from portal.storage import areas, daysheets, recordings, summary, visits
from portal.storage.daysheets import DayMemory
from portal.storage.tables import hub_member, report, report_home

from .. import people, records
from ..pages import watch
from ..people import NGORO, NOW, TODAY

START = records.START
PERIOD = Period(date(2024, 10, 10), date(2024, 10, 18))


def invent(database, office, seed):
    """A random history, kept through the same doors as a real one; returns what was said, and the visits still open."""
    chance = random.Random(seed)
    reports, sweeps, planned = [], [], []
    homes = [*office.kecamatan, OUTSIDE]
    with database.reading() as tx:
        places = areas.schools(tx)
    with database.writing() as tx:
        for day in days(START, TODAY):
            for point in office.points:
                if chance.random() < 0.4:
                    continue
                recorded = chance.randrange(0, 60)
                left, split = recorded, {}
                for code in chance.sample(homes, 4):
                    split[code] = chance.randrange(0, left + 1)
                    left -= split[code]
                flows = {n: chance.randrange(0, 20) for n in FLOWS if n != "recorded" and chance.random() < 0.4}
                flows = {n: v for n, v in flows.items() if not n.startswith("recorded_")}
                entry = records.entry(recorded, split, blanks_left=chance.randrange(9), **flows)
                if chance.random() < 0.2:
                    entry = records.nihil()
                sender = people.sending(people.supervisor)
                recording_action.send(tx, sender, office, str(records.submission_id()), point, day, entry, 0)
                if chance.random() < 0.1:
                    recording_action.cancel(tx, sender, office, point, day, 1, "salah")
                else:
                    reports.append((point, day, entry))
            for place in chance.sample(places, 2):
                point = chance.choice(sorted(office.points))
                wanted = records.plan(place_code=place.code, visit_date=day, point_code=point)
                sender = people.sending(people.supervisor)
                made = visit_action.plan(tx, sender, office, records.submission_id(), wanted)
                number = int(made.object_id)
                result = records.result(
                    {chance.choice(homes): 7, OUTSIDE: 2},
                    absent=chance.randrange(20),
                    already=chance.randrange(9),
                    outside=chance.randrange(5),
                    not_yet_16=chance.randrange(5),
                )
                fate = chance.random()
                if fate < 0.6:
                    visit_action.close(tx, sender, office, records.submission_id(), number, 1, result)
                    sweeps.append((point, day, result))
                elif fate < 0.8:
                    visit_action.cancel(tx, sender, number, 1, "tim", "")
                else:
                    planned.append(day)
    return reports, sweeps, planned


def hub(office, point, day):
    kecamatan = office.points[point].kecamatan_code
    return office.hub_of(kecamatan, day) if kecamatan else office.hub_points.get(point, "")


def move_a_hub(database):
    """Ngoro is served by Gondang from 15 October on."""
    with database.writing() as tx:
        ngoro = hub_member.c.kecamatan_code == "35.16.05"
        tx.execute(hub_member.update().where(ngoro).values(valid_to=date(2024, 10, 14)))
        tx.execute(
            insert(hub_member).values(
                kecamatan_code="35.16.05", hub_code="gondang", valid_from=date(2024, 10, 15), source="test"
            )
        )
    with database.reading() as tx:
        return areas.office(tx)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_database_adds_up_what_was_said(database, seed):
    office = move_a_hub(database)
    reports, sweeps, planned = invent(database, office, seed)
    work = defaultdict(lambda: defaultdict(int))
    homes = defaultdict(lambda: [0, 0])
    trend = defaultdict(lambda: [0, 0, 0])
    trend_visits = defaultdict(int)
    reached = [0, 0]
    filled = dict.fromkeys(("counted", *OPTIONAL), 0)
    trend_first = PERIOD.last - timedelta(days=29)
    for point, day, entry in reports:
        if trend_first <= day <= PERIOD.last:
            trend[day][0] += entry.recorded
            trend[day][1] += 1
            trend[day][2] += entry.kind == "nihil"
        if not (PERIOD.first <= day <= PERIOD.last):
            continue
        sums = work[point, hub(office, point, day)]
        sums["office"] += entry.recorded
        filled["counted"] += entry.kind == "angka"
        for name in OPTIONAL:
            filled[name] += entry.counts.get(name) is not None
        for name in FLOWS:
            if entry.counts.get(name) is not None:
                sums[name] += entry.counts[name]
        if entry.printed is not None:
            sums["printed"] += entry.printed
        if entry.kind == "nihil":
            sums["recorded"] += 0
        for code, number in entry.homes.items():
            if number:
                homes[code, OUTSIDE if code == OUTSIDE else office.hub_of(code, day)][0] += number
    for point, day, result in sweeps:
        if trend_first <= day <= PERIOD.last:
            trend_visits[day] += result.recorded
        if not (PERIOD.first <= day <= PERIOD.last):
            continue
        sums = work[point, hub(office, point, day)]
        sums["visits"] += result.recorded
        sums["visits_done"] += 1
        away = result.counts["outside"] + result.counts["not_yet_16"]
        reached[0] += result.counts["eligible"] - away
        reached[1] += result.counts["recorded_from_list"] + result.counts["already"]
        for code, number in result.homes.items():
            homes[code, OUTSIDE if code == OUTSIDE else office.hub_of(code, day)][1] += number

    with database.reading() as tx:
        found = summary.facts(tx, PERIOD)
    assert {(w.point_code, w.hub_code): known(w.sums) for w in found.work} == {
        key: dict(sums) for key, sums in work.items()
    }
    assert {(h.home_code, h.hub_code): [h.office, h.visits] for h in found.homes} == homes
    assert found.trend == {day: tuple(numbers) for day, numbers in trend.items()}
    assert found.trend_visits == trend_visits
    assert found.reached == tuple(reached)
    assert found.owed_visits == sum(PERIOD.first <= day <= PERIOD.last for day in planned) > 0
    assert found.filled == filled
    assert 0 < filled["failed"] < filled["counted"]
    assert {(m.point_code, m.day, m.recorded) for m in found.marks} == {
        (point, day, entry.recorded) for point, day, entry in reports if PERIOD.first <= day <= PERIOD.last
    }

    said = defaultdict(lambda: [0, 0])
    for part, done in enumerate((reports, sweeps)):
        for point, day, what in done:
            for code, number in what.homes.items():
                if number and PERIOD.first <= day <= PERIOD.last:
                    said[point, code][part] += number
    with database.reading() as tx:
        for which, wanted in ((0, NGORO), (0, "dinas"), (1, "35.16.05"), (1, OUTSIDE)):
            where = {"point": wanted} if which == 0 else {"home": wanted}
            expected = {key: tuple(numbers) for key, numbers in said.items() if key[which] == wanted}
            assert summary.crossed(tx, PERIOD, **where) == expected
            if which:
                both = [sum(pair[part] for pair in expected.values()) for part in (0, 1)]
                assert both == [sum(n[part] for (c, _hub), n in homes.items() if c == wanted) for part in (0, 1)]

    by_work, by_home = (summarise(office, PERIOD, book, found, NOW) for book in BOOKS)
    total = sum(sums["office"] + sums["visits"] for sums in work.values())
    assert by_work.total.values["recorded"] == by_home.total.values["recorded"] == total
    ngoro = [row for group in by_work.groups for row in group.rows if row.code == NGORO]
    assert {row.hub_code for row in ngoro} == {"mojosari", "gondang"}
    assert sum(row.completeness.due for row in ngoro) == 7


def known(sums):
    return {name: number for name, number in sums.items() if number is not None}


def test_readings_are_never_summed(database, office):
    with database.writing() as tx:
        for n, (prr, left) in enumerate([(40, 500), (30, None), (None, 420)]):
            day = date(2024, 10, 14) + timedelta(days=n)
            recordings.add(tx, NGORO, day, records.entry(1, prr=prr, blanks_left=left), people.clerk.id, NOW)
    with database.reading() as tx:
        (line,) = summary.facts(tx, PERIOD).work
        assert not {"prr", "blanks_left", "ribbon_pct"} & set(line.sums)


def test_missing_that_becomes_nihil_changes_coverage_and_no_sum(database, office):
    day = date(2024, 10, 15)
    with database.writing() as tx:
        recordings.add(tx, NGORO, date(2024, 10, 14), records.entry(20), people.clerk.id, NOW)
    with database.reading() as tx:
        gap = summarise(office, PERIOD, BY_WORK, summary.facts(tx, PERIOD), NOW)
    with database.writing() as tx:
        sender = people.sending(people.supervisor)
        recording_action.send(tx, sender, office, records.submission_id(), NGORO, day, records.nihil(), 0)
    with database.reading() as tx:
        told = summarise(office, PERIOD, BY_WORK, summary.facts(tx, PERIOD), NOW)
    assert gap.total.values == told.total.values
    assert told.total.completeness.received == gap.total.completeness.received + 1
    assert {d.day: d.recorded for d in gap.trend}[day] is None
    assert {d.day: d.recorded for d in told.trend}[day] == 0


def test_an_empty_office_knows_nothing(database, office):
    with database.reading() as tx:
        found = summary.facts(tx, PERIOD)
    assert (found.work, found.homes, found.marks, found.trend, found.trend_visits) == ([], [], [], {}, {})
    for book in (BY_WORK, BY_HOME):
        assert set(summarise(office, PERIOD, book, found, NOW).total.values.values()) == {None}


def fill(tx, office, number):
    """Standing reports with homes, oldest first."""
    points = list(office.points)
    for n in range(number):
        made = recordings.add(
            tx,
            points[n % len(points)],
            START + timedelta(days=n // len(points)),
            records.entry(20, {"35.16.05": 9, "luar": 1}),
            people.clerk.id,
            NOW,
        )
        assert made


def test_no_number_of_queries_grows_with_rows(database, office):
    period = Period(START, TODAY)
    queries = {
        "facts": lambda tx: summary.facts(tx, period, office=office),
        "reports": lambda tx: recordings.in_period(tx, period, list(office.points)),
        "marks": lambda tx: recordings.marks(tx, period),
        "visits": lambda tx: visits.in_period(tx, people.supervisor, period),
        "overdue": lambda tx: visits.overdue(tx, people.supervisor, TODAY),
        "office": areas.office,
    }

    def count():
        spoken = {}
        for name, query in queries.items():
            with database.reading() as tx:
                watch.forget()
                query(tx)
                spoken[name] = len(watch.statements)
        return spoken

    with database.writing() as tx:
        fill(tx, office, 1)
    few = count()
    with database.writing() as tx:
        tx.execute(report_home.delete())
        tx.execute(report.delete())
        fill(tx, office, 200)
    assert count() == few
    assert max(few.values()) <= 15, few
    assert min(few.values()) > 0
    with database.reading() as tx:
        assert len(tx.execute(select(report.c.id)).all()) == 200


def test_a_day_read_by_an_older_transaction_is_never_taken_for_the_present_one(database, office, monkeypatch):
    """Another thread puts back what it saw before, just while this one reads a day that changed."""
    memory, period = DayMemory(), Period(START, START + timedelta(days=1))
    with database.writing() as tx:
        fill(tx, office, 1)
    with database.reading() as tx:
        (kept,) = memory.sheets(tx, period).values()
        fill_next = len(office.points) + 1
    with database.writing() as tx:
        tx.execute(report_home.delete())
        tx.execute(report.delete())
        fill(tx, office, fill_next)
    with database.reading() as tx:
        fresh = DayMemory().sheets(tx, period)
        memory.sheets(tx, Period(START, START))
        honest = daysheets.read

        def meanwhile(tx, wanted):
            memory._known[START] = ("older", kept)
            return honest(tx, wanted)

        monkeypatch.setattr(daysheets, "read", meanwhile)
        assert memory.sheets(tx, period) == fresh
