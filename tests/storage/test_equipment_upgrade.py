"""Kits that were registered before parts had papers keep everything, and stand where they stood."""

from datetime import UTC, date, datetime

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal.storage import equipment, schema

ROWS = (
    "INSERT INTO account (id, username, name, role, password_hash, must_change, active, created_at, version) "
    "VALUES (1, 'ngoro', 'Petugas Ngoro', 'clerk', 'x', 0, 1, '2024-10-01 00:00:00', 1)",
    "INSERT INTO service_point (code, name, kind, active_from, weekdays, source) "
    "VALUES ('p', 'Titik', 'office', '2024-10-01', '1111100', 'x')",
    "INSERT INTO kit (code, name, point_code) VALUES ('KIT-1', 'Alat', 'p')",
    *(
        "INSERT INTO component (id, kit_code, kind, status, reason, note, since, confirmed_at, account_id, version) "
        f"VALUES ({n}, 'KIT-1', '{kind}', 'good', '', '', '2024-10-09 20:00:00', '2024-10-09 20:00:00', 1, 3)"
        for n, kind in ((4, "pc"), (7, "iris"), (9, "ups"))
    ),
    "INSERT INTO status_event (id, component_id, status, reason, note, at, account_id, confirmed_only) "
    "VALUES (1, 4, 'good', '', '', '2024-10-07 20:00:00', 1, 0)",
    "INSERT INTO status_event (id, component_id, status, reason, note, at, account_id, confirmed_only) "
    "VALUES (2, 4, 'good', '', '', '2024-10-09 20:00:00', 1, 0)",
)


@pytest.fixture
def upgraded(empty_database):
    with empty_database.writing() as tx:
        command.upgrade(schema.config(tx), "0002")
        for row in ROWS:
            tx.execute(text(row))
    with empty_database.writing() as tx:
        schema.upgrade(tx)
    return empty_database


def test_parts_keep_their_numbers_and_their_history(upgraded):
    with upgraded.reading() as tx:
        (kit,) = equipment.kits(tx)
        assert [(c.id, c.kind, c.essential, c.version) for c in kit.components] == [
            (7, "iris", "record", 3),
            (4, "pc", "both", 3),
            (9, "ups", "neither", 3),
        ]
        added = {c.kind: c.added_at for c in kit.components}
        assert added["pc"] == datetime(2024, 10, 7, 20, tzinfo=UTC)
        assert added["iris"] == datetime(2024, 10, 9, 20, tzinfo=UTC)
        assert len(equipment.events(tx, "KIT-1")) == 2
    with upgraded.writing() as tx:
        tx.execute(text("UPDATE component SET note = 'x' WHERE id = 4"))
    with pytest.raises(IntegrityError), upgraded.writing() as tx:
        tx.execute(text("DELETE FROM component WHERE id = 4"))
    with pytest.raises(DBAPIError, match="append-only"), upgraded.writing() as tx:
        tx.execute(text("DELETE FROM status_event"))


def test_a_kit_stood_at_its_point_since_the_day_it_was_registered_in_mojokerto(upgraded):
    with upgraded.reading() as tx:
        (kit,) = equipment.kits(tx)
    (place,) = kit.places
    assert (place.kind, place.point_code, place.valid_from, place.valid_to) == ("point", "p", date(2024, 10, 8), None)
    assert kit.point_on(date(2024, 11, 1)) == "p"


def test_one_of_a_kind_in_use_and_no_serial_number_twice(upgraded):
    again = (
        "INSERT INTO component (kit_code, kind, status, since, confirmed_at, account_id, version, essential, serial, "
        "added_at, removed_at) VALUES ('KIT-1', :kind, 'good', '2024-10-09', '2024-10-09', 1, 1, 'both', :serial, "
        "'2024-10-09', {removed})"
    )
    taken_out = "'2024-10-10'"
    with upgraded.writing() as tx:
        tx.execute(text(again.format(removed=taken_out)), {"kind": "iris", "serial": "A1"})
        tx.execute(text(again.format(removed="NULL")), {"kind": "camera", "serial": "A1"})
    for kind, serial in (("iris", ""), ("camera", "A2")):
        with pytest.raises(IntegrityError), upgraded.writing() as tx:
            tx.execute(text(again.format(removed="NULL")), {"kind": kind, "serial": serial})
