from datetime import timedelta

import pytest
from sqlalchemy import text

from portal.domain.duty import Period
from portal.domain.review import NEEDS_MENDING, SENT, VERIFIED
from portal.storage import recordings, reviews

from .. import people, records
from ..people import GONDANG, NGORO, NOW, PUNGGING, TODAY

PERIOD = Period(TODAY - timedelta(days=1), TODAY)


@pytest.fixture
def kept(database):
    """A report of today at three points, and one of long ago."""
    with database.writing() as tx:
        for point in (NGORO, PUNGGING, GONDANG):
            recordings.add(tx, point, TODAY, records.entry(24, {"luar": 3}), people.clerk.id, NOW)
        recordings.add(tx, NGORO, TODAY - timedelta(days=9), records.entry(9), people.clerk.id, NOW, NOW)
    return database


def step(tx, point, state, day=TODAY, **more):
    report = recordings.find(tx, point, day)
    values = {"excluded": False} | more
    return reviews.step(tx, report, state, people.supervisor.id, NOW + timedelta(hours=1), **values)


def test_a_step_is_kept_once_for_those_who_saw_the_same(kept):
    with kept.writing() as tx:
        seen = recordings.find(tx, NGORO, TODAY)
        values = {"field": "recorded", "reason": "tidak mungkin", "excluded": True}
        assert reviews.step(tx, seen, NEEDS_MENDING, people.supervisor.id, NOW, **values)
        assert not reviews.step(tx, seen, VERIFIED, people.supervisor.id, NOW, excluded=False)
        found = recordings.find(tx, NGORO, TODAY)
        assert (found.review_state, found.review_field, found.review_reason) == (
            NEEDS_MENDING,
            *list(values.values())[:2],
        )
        assert (found.excluded, found.summed, found.reviewer, found.reviewed_at) == (
            True,
            False,
            people.supervisor.name,
            NOW,
        )
        assert (found.version, found.review_version, found.changed_at) == (1, 1, NOW)
        assert recordings.change(tx, found, records.entry(25), people.clerk.id, NOW)
        assert not reviews.step(tx, found, VERIFIED, people.supervisor.id, NOW, excluded=False)


def test_the_queue_holds_what_stands_and_is_not_verified(kept):
    with kept.writing() as tx:
        step(tx, NGORO, VERIFIED)
        recordings.cancel(tx, recordings.find(tx, GONDANG, TODAY), "salah hari", people.clerk.id, NOW)
        assert [(r.point_code, r.review_state) for r in reviews.unverified(tx, PERIOD)] == [(PUNGGING, SENT)]


def test_what_was_sent_back_is_found_however_old_and_only_where_it_is_asked(kept):
    old = TODAY - timedelta(days=9)
    with kept.writing() as tx:
        step(tx, NGORO, NEEDS_MENDING, old)
        step(tx, PUNGGING, NEEDS_MENDING)
        assert [(r.point_code, r.service_date) for r in reviews.sent_back(tx)] == [(NGORO, old), (PUNGGING, TODAY)]
        assert [r.point_code for r in reviews.sent_back(tx, [NGORO])] == [NGORO]
        assert reviews.sent_back(tx, []) == []
        recordings.cancel(tx, recordings.find(tx, NGORO, old), "salah hari", people.clerk.id, NOW)
        assert [r.point_code for r in reviews.sent_back(tx)] == [PUNGGING]


def test_looking_for_what_was_sent_back_does_not_read_years_of_reports(kept):
    if not kept.is_sqlite:
        return  # a server plans by what it counted, and four rows are quicker read than looked up
    with kept.reading() as tx:
        query = str(reviews._SENT_BACK.compile(tx.engine))
        plan = " ".join(row.detail for row in tx.execute(text(f"EXPLAIN QUERY PLAN {query}")))
    assert "ix_report_sent_back" in plan


def test_when_it_was_filled_in_is_kept(kept):
    with kept.reading() as tx:
        assert recordings.find(tx, NGORO, TODAY).captured_at is None
        assert recordings.find(tx, NGORO, TODAY - timedelta(days=9)).captured_at == NOW
