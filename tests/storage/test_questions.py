"""What the books say around a day: only this point's, only what stands, only the days asked for."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from portal.actions import recordings, visits
from portal.domain.doubts import Flag
from portal.storage import questions, stock
from portal.storage import recordings as kept
from portal.storage.tables import stock_transfer

from .. import people, records
from ..people import NGORO, NOW, PUNGGING, TODAY

FRIDAY = TODAY - timedelta(days=3)
SINCE = TODAY - timedelta(days=12)


def report(tx, office, day, entry, who=people.clerk, point=NGORO, flags=()):
    id = records.submission_id()
    return recordings.send(tx, people.sending(who), office, id, point, day, entry, 0, "", flags)


def transfer(tx, from_point, to_point, quantity, sent, received=None, returned=None):
    state = "received" if received else "cancelled" if returned else "sent"
    tx.execute(
        insert(stock_transfer).values(
            item="blanks",
            from_point=from_point,
            to_point=to_point,
            quantity=quantity,
            sent_date=sent,
            received_date=received,
            received_quantity=quantity if received else None,
            returned_date=returned,
            state=state,
            version=1,
            received_at=NOW,
            changed_at=NOW,
            author_id=people.supervisor.id,
            editor_id=people.supervisor.id,
        )
    )


def test_past_days_are_this_points_standing_ones_newest_first(database, office):
    with database.writing() as tx:
        report(tx, office, FRIDAY, records.entry(12, blanks_left=0))
        report(tx, office, FRIDAY - timedelta(days=1), records.nihil("jaringan_server"))
        report(tx, office, FRIDAY - timedelta(days=2), records.entry(9))
        recordings.cancel(tx, people.sending(people.clerk), office, NGORO, FRIDAY - timedelta(days=2), 1, "salah hari")
        report(tx, office, TODAY, records.entry(30))
        report(tx, office, FRIDAY, records.entry(99), people.colleague, PUNGGING)
    with database.reading() as tx:
        found = questions.past(tx, NGORO, SINCE, TODAY)
        assert questions.past(tx, NGORO, FRIDAY, TODAY) == found[:1]
    assert [p.day for p in found] == [FRIDAY, FRIDAY - timedelta(days=1)]
    assert (found[0].entry.recorded, found[0].entry.counts["blanks_left"]) == (12, 0)
    assert found[0].entry.counts["failed"] is None
    assert found[1].entry.nihil_reason == "jaringan_server"


def test_visits_are_those_of_the_points_team_that_stand(database, office):
    with database.writing() as tx:
        sender = people.sending(people.clerk)
        for day, over in ((FRIDAY, {}), (TODAY, {}), (TODAY, {"place_code": "desa-35.16.05.2001"})):
            visits.plan(tx, sender, office, records.submission_id(), records.plan(visit_date=day, **over))
        visits.close(tx, sender, office, records.submission_id(), 2, 1, records.result())
        visits.cancel(tx, sender, 1, 1, "sekolah", "")
    with database.reading() as tx:
        found = questions.visits(tx, NGORO, SINCE, TODAY)
        assert questions.visits(tx, PUNGGING, SINCE, TODAY) == {}
    assert {day: sorted(n, key=str) for day, n in found.items()} == {TODAY: [42, None]}


@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        ([], (0, 0)),
        ([(PUNGGING, NGORO, 50, FRIDAY, TODAY)], (50, 0)),
        ([(PUNGGING, NGORO, 50, FRIDAY, FRIDAY)], (0, 0)),
        ([(PUNGGING, NGORO, 50, TODAY, None)], (0, 0)),
        ([(NGORO, PUNGGING, 20, TODAY, None), (NGORO, PUNGGING, 5, TODAY, TODAY)], (0, 25)),
        ([(NGORO, PUNGGING, 20, TODAY, None, TODAY)], (20, 20)),
        ([(NGORO, PUNGGING, 20, FRIDAY, None, TODAY)], (20, 0)),
        ([(NGORO, PUNGGING, 20, FRIDAY, TODAY)], (0, 0)),
    ],
)
def test_blanks_move_when_they_are_sent_and_when_they_come(database, moves, expected):
    with database.writing() as tx:
        for move in moves:
            transfer(tx, *move)
    with database.reading() as tx:
        assert stock.moved(tx, NGORO, FRIDAY + timedelta(days=1), TODAY) == expected


def test_flags_are_kept_with_the_version_of_the_report_that_they_are_about(database, office):
    flags = [
        Flag("outlier", "recorded", 240, 12, 32, True, "rombongan"),
        Flag("nihil_kit_good", "nihil_reason", None, None, None, False),
    ]
    with database.writing() as tx:
        report(tx, office, TODAY, records.entry(240), flags=flags)
    with database.reading() as tx:
        found = kept.find(tx, NGORO, TODAY)
        assert questions.flags_of(tx, found.id, 1) == flags
        assert questions.flags_of(tx, found.id, 2) == []
