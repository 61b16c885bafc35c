"""Migrations: one way, forward, to exactly the tables the program speaks of."""

import re

import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, insert, inspect, select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal.actions import recordings as recording_action
from portal.config import ROOT
from portal.storage import areas, recordings, schema
from portal.storage.tables import APPEND_ONLY, metadata

from . import people, records
from .digest import digest


def script():
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    return ScriptDirectory.from_config(config)


def test_there_is_one_head_and_one_root():
    assert script().get_heads() == [schema.newest()]
    assert len(script().get_bases()) == 1
    assert schema.known(schema.newest())
    assert not schema.known("9999")


def test_every_migration_goes_forward_only():
    for revision in script().walk_revisions():
        assert not hasattr(revision.module, "downgrade"), revision.revision
        assert revision.module.__doc__


def difference(tx):
    return compare_metadata(MigrationContext.configure(tx, opts={"compare_type": True}), metadata)


def test_an_empty_database_becomes_what_the_program_speaks_of(empty_database):
    database = empty_database
    with database.reading() as tx:
        assert schema.present(tx) is None
        assert difference(tx) != []
    with database.writing() as tx:
        schema.upgrade(tx)
    with database.reading() as tx:
        assert schema.present(tx) == schema.newest()
        assert difference(tx) == []
        assert set(inspect(tx).get_table_names()) == {*metadata.tables, "alembic_version"}
        found = checks(tx)
    expected = written_checks()
    assert {table: set(rules) for table, rules in found.items()} == {t: set(r) for t, r in expected.items()}
    if database.is_sqlite:  # PostgreSQL gives them back in words of its own
        assert found == expected


def checks(tx):
    """Table → name → text of its CHECK rules, which the comparison above does not look at."""
    inspector = inspect(tx)
    return {
        table: {rule["name"]: rule["sqltext"] for rule in inspector.get_check_constraints(table)}
        for table in metadata.tables
    }


def written_checks():
    return {
        name: {str(c.name): str(c.sqltext) for c in table.constraints if isinstance(c, CheckConstraint)}
        for name, table in metadata.tables.items()
    }


def test_the_readme_says_how_a_new_measure_gets_its_check(database):
    """The line it gives works on a table whose rows others point to, and is what the tables ask for."""
    line = re.search(r"`(sa\.Column\(.*\))`", (ROOT / "README.md").read_text())[1]
    with database.writing() as tx:
        assert recordings.add(tx, people.NGORO, people.TODAY, records.entry(20, {"35.16.05": 9}), 1, people.NOW)
    with database.writing() as tx:
        op = Operations(MigrationContext.configure(tx))
        with op.batch_alter_table("report") as batch_op:
            batch_op.add_column(eval(line, {"sa": sqlalchemy, "op": op}))
    with database.reading() as tx:
        assert set(checks(tx)["report"]) - set(written_checks()["report"]) == {"ck_report_name"}
        assert tx.execute(text("SELECT count(*) FROM report_home")).scalar() == 1
    with pytest.raises(IntegrityError), database.writing() as tx:
        tx.execute(text("UPDATE report SET name = -1"))


def triggers(database):
    query = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
        if database.is_sqlite
        else "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname"
    )
    with database.reading() as tx:
        return [tuple(row) for row in tx.execute(text(query))]


def test_running_it_again_changes_nothing(database):
    before, guards = digest(database), triggers(database)
    with database.writing() as tx:
        schema.upgrade(tx)
    assert digest(database) == before
    assert triggers(database) == guards
    assert {table for table in APPEND_ONLY if any(table in name for name, _sql in guards)} == set(APPEND_ONLY)


def appended(database):
    """A row of each table that only grows, made through the doors of the house."""
    sender, id = people.sending(people.clerk), records.submission_id()
    with database.reading() as tx:
        office = areas.office(tx)
    with database.writing() as tx:
        recording_action.send(tx, sender, office, id, people.NGORO, people.TODAY, records.entry(), 0)
        tx.execute(insert(metadata.tables["publication"]).values(records.publication_row()))
        for table, row in records.growing_rows().items():
            tx.execute(insert(metadata.tables[table]).values(row))
    with database.reading() as tx:
        rows = {name: tx.execute(select(metadata.tables[name])).mappings().all() for name in APPEND_ONLY}
    return {name: dict(found[-1]) for name, found in rows.items()}


def test_what_only_grows_cannot_be_replaced(database):
    """INSERT OR REPLACE deletes a row without firing SQLite's delete triggers; ON CONFLICT updates one."""
    kept, before = appended(database), digest(database)
    keys = {
        "audit": [["seq"]],
        "contact": [["id"]],
        "election_target": [["id"]],
        "fault_step": [["id"]],
        "inventory_check": [["id"]],
        "publication": [["number"], ["kind", "day"]],
        "spare_move": [["id"]],
        "status_event": [["id"]],
        "submission": [["number"], ["account_id", "id"]],
    }
    assert set(keys) == set(kept)
    for name, ways in keys.items():
        table = metadata.tables[name]
        for way in ways:
            values = dict(kept[name])
            if "number" in values and "number" not in way:
                values["number"] += 1000
            changed = next(c for c in ("reason", "fingerprint", "payload", "note", "source") if c in values)
            values[changed] = "forged"
            if database.is_sqlite:
                statements = [insert(table).prefix_with(f"OR {verb}").values(values) for verb in ("REPLACE", "IGNORE")]
            else:
                taken = postgresql.insert(table).values(values)
                statements = [taken.on_conflict_do_update(index_elements=way, set_={changed: "forged"})]
            for statement in statements:
                with pytest.raises(DBAPIError, match="append-only"), database.writing() as tx:
                    tx.execute(statement)
    assert digest(database) == before


def test_an_upgrade_that_fails_leaves_nothing(empty_database):
    database = empty_database
    try:
        with database.writing() as tx:
            schema.upgrade(tx)
            raise ZeroDivisionError
    except ZeroDivisionError:
        pass
    with database.reading() as tx:
        assert inspect(tx).get_table_names() == []
    with database.writing() as tx:
        schema.upgrade(tx)
    with database.reading() as tx:
        assert schema.present(tx) == schema.newest()
