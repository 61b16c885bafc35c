from datetime import datetime

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from portal.domain.recordings import MEASURES
from portal.domain.visits import RESULTS
from portal.storage import recordings
from portal.storage.tables import APPEND_ONLY, metadata, report, setting, sign_in_failure, visit

from .. import people, records
from ..digest import digest
from ..people import NGORO, NOW, TODAY


def row(**over):
    values = {
        "point_code": NGORO,
        "service_date": TODAY,
        "kind": "angka",
        "nihil_reason": None,
        "recorded": 24,
        "version": 1,
        "received_at": NOW,
        "changed_at": NOW,
        "author_id": 1,
        "editor_id": 1,
    }
    return values | over


@pytest.mark.parametrize(
    "over",
    [
        {"recorded": None},
        {"recorded": -1},
        {"recorded": 10_000},
        {"ribbon_pct": 101},
        {"kind": "x"},
        {"kind": "nihil"},
        {"kind": "nihil", "nihil_reason": "alat_rusak"},
        {"kind": "nihil", "nihil_reason": "alat_rusak", "recorded": None},
        {"nihil_reason": "alat_rusak"},
        {"point_code": "kec-99.99.99"},
        {"author_id": 999},
    ],
)
def test_the_database_itself_refuses_a_report_that_cannot_be(database, over):
    before = digest(database)
    with pytest.raises(IntegrityError), database.writing() as tx:
        tx.execute(insert(report).values(row(**over)))
    assert digest(database) == before


def test_one_report_a_point_and_day(database):
    with database.writing() as tx:
        tx.execute(insert(report).values(row()))
    with pytest.raises(IntegrityError), database.writing() as tx:
        tx.execute(insert(report).values(row()))
    with database.writing() as tx:
        tx.execute(insert(report).values(row(point_code=people.PUNGGING)))


def test_one_standing_visit_a_place_and_day(database):
    values = row(place_code=people.SCHOOL, visit_date=TODAY, state="cancelled")
    values = {name: value for name, value in values.items() if name in visit.c}
    with database.writing() as tx:
        for state in ("cancelled", "cancelled", "planned"):
            tx.execute(insert(visit).values(values | {"state": state}))
    with pytest.raises(IntegrityError), database.writing() as tx:
        tx.execute(insert(visit).values(values | {"state": "done", "recorded_from_list": 1, "walk_in": 0}))
    with pytest.raises(IntegrityError), database.writing() as tx:
        tx.execute(insert(visit).values(values | {"state": "done", "place_code": people.OTHER_SCHOOL}))


def test_a_report_comes_back_as_it_was_kept(database):
    entry = records.entry(24, {"35.16.05": 20, "luar": 3}, note="“ñ” – 1.200", failed=0, ribbon_pct=100)
    with database.writing() as tx:
        number = recordings.add(tx, NGORO, TODAY, entry, people.clerk.id, NOW)
    with database.reading() as tx:
        kept = recordings.find(tx, NGORO, TODAY)
        assert recordings.find(tx, people.PUNGGING, TODAY) is None
    assert (kept.id, kept.version, kept.first_received_at) == (number, 1, NOW)
    assert kept.first_received_at.utcoffset().total_seconds() == 0
    assert {n: v for n, v in kept.entry.counts.items() if v is not None} == dict(entry.counts)
    assert (kept.entry.homes, kept.entry.note) == (entry.homes, entry.note)


def test_an_instant_without_a_zone_is_refused(database):
    naive = datetime(2024, 10, 21)  # noqa: DTZ001
    with pytest.raises(StatementError, match="time zone"), database.writing() as tx:
        tx.execute(insert(sign_in_failure).values(at=naive, name_mark="", address=""))


def test_an_instant_comes_back_to_the_microsecond(database):
    moment = NOW.replace(microsecond=123456)
    with database.writing() as tx:
        tx.execute(insert(sign_in_failure).values(at=moment, name_mark="a", address=""))
    with database.reading() as tx:
        assert tx.execute(select(sign_in_failure.c.at)).scalar_one() == moment


def test_columns_follow_the_lists_of_measures_and_results():
    assert {m.name for m in MEASURES} <= set(report.c.keys())
    assert set(RESULTS) <= set(visit.c.keys())
    assert all(report.c[m.name].nullable for m in MEASURES)
    assert set(APPEND_ONLY) <= set(metadata.tables)


def test_foreign_keys_hold(database):
    with pytest.raises(IntegrityError), database.writing() as tx:
        tx.execute(text("DELETE FROM kecamatan"))
    with database.writing() as tx:
        tx.execute(insert(setting).values(name="a", value="b"))
