"""The last word before a period and those within it, on both databases; never the whole history."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from portal.domain.availability import measure
from portal.domain.calendar import office_instant
from portal.domain.downtime import Told
from portal.domain.duty import Period
from portal.domain.equipment import BROKEN, COMPONENTS, GOOD, MISSING, RECORD
from portal.domain.outages import Outage
from portal.domain.papers import Papers
from portal.storage import downtime, equipment, outages

from .. import people
from ..people import NGORO, NOW, TODAY

KIT = f"kit-{NGORO}"
DAY = timedelta(days=1)


def part(tx, kind="iris"):
    return next(c for c in equipment.find(tx, KIT).components if c.kind == kind)


def tell(tx, status, at, kind="iris"):
    assert equipment.set_status(tx, part(tx, kind), status, "", "", people.clerk.id, at)


def told(tx, first, last, kind="iris", **how):
    story = next(s for s in downtime.stories(tx, first, last, **how) if s.kit.code == KIT)
    return next(p for p in story.parts if p.kind == kind).told


def words(found: list[Told]):
    return [(t.status, t.since) for t in sorted(found, key=lambda t: (t.since, t.number))]


def test_the_last_word_before_and_all_within_are_told(database):
    with database.writing() as tx:
        for days, status in enumerate((BROKEN, GOOD, BROKEN, GOOD)):
            tell(tx, status, NOW + (days + 1) * DAY)
    with database.reading() as tx:
        assert words(told(tx, NOW + 2.5 * DAY, NOW + 3.5 * DAY)) == [(GOOD, NOW + 2 * DAY), (BROKEN, NOW + 3 * DAY)]
        assert words(told(tx, NOW - DAY, NOW + 1.5 * DAY)) == [(GOOD, NOW), (BROKEN, NOW + DAY)]
        assert words(told(tx, NOW - 2 * DAY, NOW - DAY)) == []


def test_what_was_told_late_takes_its_own_place(database):
    with database.writing() as tx:
        tell(tx, GOOD, NOW + 4 * DAY)
        assert equipment.set_status(
            tx, part(tx), BROKEN, "", "", people.clerk.id, NOW + 2 * DAY, recorded_at=NOW + 4 * DAY
        )
    with database.reading() as tx:
        assert words(told(tx, NOW + 3 * DAY, NOW + 5 * DAY)) == [(BROKEN, NOW + 2 * DAY), (GOOD, NOW + 4 * DAY)]


def test_confirmations_can_be_left_out(database):
    with database.writing() as tx:
        equipment.confirm(tx, equipment.find(tx, KIT), people.clerk.id, NOW + DAY)
        tell(tx, BROKEN, NOW + 2 * DAY)
    with database.reading() as tx:
        first, last = NOW + 0.5 * DAY, NOW + 3 * DAY
        assert [status for status, _since in words(told(tx, first, last))] == [GOOD, GOOD, BROKEN]
        assert [status for status, _since in words(told(tx, first, last, changes_only=True))] == [GOOD, BROKEN]


def test_a_part_taken_out_is_missing_until_another_comes(database):
    with database.writing() as tx:
        assert equipment.take_out(tx, part(tx), NOW + DAY)
    with database.reading() as tx:
        assert words(told(tx, NOW, NOW + 3 * DAY))[-1] == (MISSING, NOW + DAY)
    with database.writing() as tx:
        equipment.add_part(tx, KIT, "iris", Papers(), people.clerk.id, NOW + 2 * DAY)
    with database.reading() as tx:
        assert words(told(tx, NOW + 2 * DAY, NOW + 3 * DAY))[-1] == (GOOD, NOW + 2 * DAY)
        story = next(s for s in downtime.stories(tx, NOW, NOW + 3 * DAY) if s.kit.code == KIT)
        assert sorted(p.kind for p in story.parts) == sorted(COMPONENTS)


def test_a_stop_of_the_district_costs_each_point_its_hours_once(database, office):
    later = NOW + DAY
    begin = office_instant((TODAY + DAY), NOW.time().replace(hour=9))
    with database.writing() as tx:
        for point in (None, NGORO):
            outages.add(tx, Outage(0, point, "network", begin, begin + timedelta(hours=2)), people.supervisor.id, later)
    with database.reading() as tx:
        period = Period(TODAY, TODAY + DAY)
        told_by = downtime.stories(tx, office_instant(TODAY, NOW.time().min), later)
        halts = outages.between(tx, NOW - DAY, later)
        found = measure(office, told_by, halts, period, later, RECORD)
    assert {code: line.by_stops for code, line in found.points.items()} == dict.fromkeys(
        (NGORO, people.PUNGGING), timedelta(hours=2)
    )
    assert found.total.up == 2 * (timedelta(hours=3) + timedelta(hours=5 - 2))
    assert found.total.unknown == timedelta(0)


@pytest.fixture
def asked(database):
    """The statements that a block asks of the database."""
    found = []

    def listen(_connection, _cursor, statement, parameters, *_rest):
        found.append((statement, parameters))

    event.listen(database._reader, "before_cursor_execute", listen)
    yield found
    event.remove(database._reader, "before_cursor_execute", listen)


def test_years_of_history_are_not_read(database, asked):
    """The last word before the period is looked up in an index, part by part."""
    with database.writing() as tx:
        for days in range(1, 60):
            equipment.confirm(tx, equipment.find(tx, KIT), people.clerk.id, NOW + days * DAY)
    with database.reading() as tx:
        assert len(told(tx, NOW + 50.5 * DAY, NOW + 55.5 * DAY)) == 6
        queries = len(asked)
        assert queries <= 6
        if database.is_sqlite:
            before = next((s, p) for s, p in asked if "LIMIT" in s)
            plan = " ".join(row.detail for row in tx.exec_driver_sql("EXPLAIN QUERY PLAN " + before[0], before[1]))
            assert "ix_status_event_component_id_status_event_at" in plan
            assert "SCAN status_event" not in plan
