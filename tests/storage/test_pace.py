"""What is known of the days from an election's start, and who was called and not heard of since."""

from datetime import date, timedelta

from sqlalchemy import update

from portal.domain.duty import Period
from portal.domain.pace_areas import SetTarget, VisitDay
from portal.storage import contacts, pace, recordings, reviews, visits
from portal.storage.tables import report

from .. import people, records
from ..people import NGORO, NOW, PUNGGING, PUNGGING_SCHOOL, SCHOOL, TODAY

SINCE = NOW - timedelta(days=30)


def visit(tx, day, result=None, **over):
    found = visits.add(tx, records.plan(visit_date=day, **over), people.supervisor.id, NOW)
    if result is not None:
        assert visits.keep_result(tx, visits.find(tx, people.supervisor, found), result, people.supervisor.id, NOW)


def test_visits_are_added_up_by_place_team_and_day_and_owed_results_are_unknown(database):
    before = TODAY - timedelta(days=1)
    with database.writing() as tx:
        visit(tx, before, records.result(recorded_from_list=40, walk_in=2))
        visit(tx, before, place_code=PUNGGING_SCHOOL, point_code=PUNGGING)
        visit(tx, TODAY)
        visit(tx, TODAY - timedelta(days=40), records.result())
    with database.reading() as tx:
        found = pace.visits(tx, Period(TODAY - timedelta(days=7), TODAY), TODAY)
    assert sorted(found, key=lambda v: v.place_code) == sorted(
        [VisitDay(SCHOOL, NGORO, before, 42), VisitDay(PUNGGING_SCHOOL, PUNGGING, before, None)],
        key=lambda v: v.place_code,
    )


def test_targets_are_kept_beside_the_older_ones_the_newest_first(database):
    with database.writing() as tx:
        for since, number in ((TODAY, 300), (date(2024, 10, 8), 200), (TODAY, 310)):
            target = SetTarget(0, "pilkada-2024", "kecamatan", "35.16.05", since, number, "SK")
            pace.add_target(tx, target, people.supervisor.id, NOW)
    with database.reading() as tx:
        found = pace.targets(tx, "pilkada-2024")
        assert [(t.people, t.author) for t in found] == [
            (310, people.supervisor.name),
            (300, people.supervisor.name),
            (200, people.supervisor.name),
        ]
        assert pace.targets(tx, "pilkada-1955") == []


def test_a_call_stands_until_the_points_next_report_comes_in(database):
    hour = timedelta(hours=1)
    with database.writing() as tx:
        recordings.add(tx, NGORO, TODAY - timedelta(days=1), records.entry(), people.clerk.id, NOW - 5 * hour)
        contacts.add(tx, NGORO, "whatsapp", "", people.supervisor.id, NOW - 6 * hour)
        contacts.add(tx, PUNGGING, "telephone", "besok", people.supervisor.id, NOW - 40 * 24 * hour)
    with database.reading() as tx:
        assert contacts.latest(tx, SINCE) == {}
    with database.writing() as tx:
        contacts.add(tx, NGORO, "whatsapp", "", people.supervisor.id, NOW - 4 * hour)
        contacts.add(tx, NGORO, "telephone", "sore ini", people.supervisor.id, NOW - 3 * hour)
    with database.reading() as tx:
        (found,) = contacts.latest(tx, SINCE).values()
        assert (found.point_code, found.note, found.by) == (NGORO, "sore ini", people.supervisor.name)
        assert [c.how for c in contacts.of_point(tx, NGORO)] == ["telephone", "whatsapp", "whatsapp"]
    with database.writing() as tx:
        recordings.add(tx, NGORO, TODAY, records.entry(), people.clerk.id, NOW)
    with database.reading() as tx:
        assert contacts.latest(tx, SINCE) == {}


def test_a_cancelled_report_answers_no_call(database):
    with database.writing() as tx:
        contacts.add(tx, NGORO, "whatsapp", "", people.supervisor.id, NOW - timedelta(hours=2))
        recordings.add(tx, NGORO, TODAY, records.entry(), people.clerk.id, NOW)
        kept = recordings.find(tx, NGORO, TODAY)
        assert recordings.cancel(tx, kept, "salah hari", people.clerk.id, NOW)
    with database.reading() as tx:
        assert set(contacts.latest(tx, SINCE)) == {NGORO}


def test_questions_are_unseen_until_somebody_looked_at_the_report(database):
    row = {"version": 1, "rule": "outlier", "field": "recorded", "value": 240, "low": 14, "high": 34}
    row |= {"asked": 1, "note": "", "account_id": people.clerk.id, "at": NOW}
    with database.writing() as tx:
        recordings.add(tx, NGORO, TODAY, records.entry(240), people.clerk.id, NOW)
        kept = recordings.find(tx, NGORO, TODAY)
        tx.execute(report.metadata.tables["report_flag"].insert().values(row | {"report_id": kept.id}))
    week = Period(TODAY - timedelta(days=6), TODAY)
    with database.reading() as tx:
        found = reviews.unseen_flags(tx, week)
        assert [(key, [f.value for f in flags]) for key, flags in found.items()] == [((NGORO, TODAY), [240])]
        assert reviews.unseen_flags(tx, Period(week.first, TODAY - timedelta(days=1))) == {}
    for state in ("verified", "needs_mending"):
        with database.writing() as tx:
            tx.execute(update(report).values(review_state=state))
        with database.reading() as tx:
            assert reviews.unseen_flags(tx, week) == {}
