"""The migration that lets seats of hubs be said: what was said of lists before comes along."""

import pytest
from alembic import command
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from portal.domain.lists import HUB, SEAT, Word
from portal.storage import lists, schema

from . import people


def test_what_was_said_comes_along_and_a_seat_can_be_said(empty_database):
    database = empty_database
    said = (
        "INSERT INTO list_change (id, kind, subject, valid_from, value, reason, account_id, at) "
        "VALUES (:id, :kind, 'x', '2024-10-14', 'gondang', 'SK 3', 1, '2024-10-14 00:00:00')"
    )
    with database.writing() as tx:
        command.upgrade(schema.config(tx), "0013")
        tx.execute(
            text(
                "INSERT INTO account "
                "(id, username, name, role, password_hash, active, must_change, version, created_at) "
                "VALUES (1, 'a', 'A', 'supervisor', 'x', 1, 0, 1, '2024-10-14 00:00:00')"
            )
        )
        tx.execute(text(said), {"id": 7, "kind": HUB})
    with database.writing() as tx:
        schema.upgrade(tx)
        tx.execute(text(said), {"id": 8, "kind": SEAT})
    with database.reading() as tx:
        assert [(w, reason) for w, reason in lists.words(tx)] == [
            (Word(kind, "x", people.TODAY.replace(day=14), "gondang"), "SK 3") for kind in (HUB, SEAT)
        ]
        assert "ix_list_change_kind_subject" in {index["name"] for index in inspect(tx).get_indexes("list_change")}
    with pytest.raises(IntegrityError), database.writing() as tx:
        tx.execute(text(said), {"id": 9, "kind": "sepatu"})
