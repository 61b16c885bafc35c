"""The version stands in the WHERE of every update: a second write from the same reading is refused."""

from datetime import timedelta

from portal.storage import equipment, recordings, visits

from .. import people, records
from ..digest import digest
from ..people import NGORO, NOW, TODAY

LATER = NOW + timedelta(hours=1)
WHO = people.clerk.id


def once_only(database, *deeds):
    """The first of the deeds succeeds; after it each of them is refused and changes nothing."""
    with database.writing() as tx:
        assert deeds[0](tx) is True
    before = digest(database)
    with database.writing() as tx:
        assert [deed(tx) for deed in deeds] == [False] * len(deeds)
    assert digest(database) == before


def test_a_report(database):
    with database.writing() as tx:
        recordings.add(tx, NGORO, TODAY, records.entry(240, {"luar": 3}), WHO, NOW)
        kept = recordings.find(tx, NGORO, TODAY)
    once_only(
        database,
        lambda tx: recordings.change(tx, kept, records.entry(24), WHO, LATER),
        lambda tx: recordings.cancel(tx, kept, "salah hari", WHO, LATER),
    )


def test_a_visit(database):
    with database.writing() as tx:
        number = visits.add(tx, records.plan(), WHO, NOW)
        kept = visits.find(tx, people.clerk, number)
    once_only(
        database,
        lambda tx: visits.keep_result(tx, kept, records.result({"luar": 2}), WHO, LATER),
        lambda tx: visits.change_plan(tx, kept, records.plan(team="Tim 2"), WHO, LATER),
        lambda tx: visits.cancel(tx, kept, "tim", "", WHO, LATER),
    )


def test_a_part(database):
    with database.reading() as tx:
        part = equipment.find(tx, f"kit-{NGORO}").components[0]
    once_only(database, lambda tx: equipment.set_status(tx, part, "broken", "tidak_menyala", "", WHO, LATER))
