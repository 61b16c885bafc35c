import os
import signal
import subprocess
import sys
import threading
from contextlib import ExitStack, nullcontext
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import DBAPIError

from portal.storage import areas, ledger
from portal.storage.database import Unavailable, Unstorable, safe_journal, sqlite_version
from portal.storage.tables import APPEND_ONLY, metadata, publication, setting

from .. import people, records
from ..digest import digest
from ..doors import connect

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("version", "journal"),
    [
        ((3, 40, 1), "DELETE"),
        ((3, 44, 5), "DELETE"),
        ((3, 44, 6), "WAL"),
        ((3, 45, 0), "DELETE"),
        ((3, 50, 6), "DELETE"),
        ((3, 50, 7), "WAL"),
        ((3, 51, 0), "DELETE"),
        ((3, 51, 2), "DELETE"),
        ((3, 51, 3), "WAL"),
        ((3, 53, 4), "WAL"),
    ],
)
def test_write_ahead_only_with_a_library_that_survives_a_power_cut(version, journal):
    assert safe_journal(version) == (journal, {"WAL": "FULL", "DELETE": "EXTRA"}[journal])


def test_every_connection_is_set_up_to_be_durable(database):
    durable = {("WAL", "FULL"): ("wal", 2), ("DELETE", "EXTRA"): ("delete", 3)}
    with database.writing() as tx:
        if database.is_sqlite:
            found = tuple(tx.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous"))
            assert found == durable[safe_journal(sqlite_version())]
            assert tx.execute(text("PRAGMA foreign_keys")).scalar() == 1
            assert 0 < tx.execute(text("PRAGMA busy_timeout")).scalar() <= 2000
        else:
            assert tx.execute(text("SHOW lock_timeout")).scalar() == "2s"
            assert tx.execute(text("SHOW timezone")).scalar() == "UTC"


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO setting (name, value) VALUES ('a', 'b')",
        "UPDATE kecamatan SET name = 'x'",
        "DELETE FROM figure",
        "DROP TABLE holiday",
        "CREATE TABLE mine (a integer)",
    ],
)
def test_a_page_cannot_write(database, statement):
    before = digest(database)
    with pytest.raises((Unavailable, DBAPIError)), database.reading() as tx:
        tx.execute(text(statement))
    assert digest(database) == before


def test_a_reader_sees_what_was_there_when_it_began_to_look(database):
    with database.reading() as tx:
        assert areas.setting(tx, "greeting") is None
    with database.writing() as tx:
        areas.set_setting(tx, "greeting", "selamat pagi")
        areas.set_setting(tx, "greeting", "selamat siang")
        with database.reading() as other:
            assert areas.setting(other, "greeting") is None
    with database.reading() as tx:
        assert areas.setting(tx, "greeting") == "selamat siang"


def test_a_page_sees_one_state_of_the_data(database):
    with database.writing() as tx:
        areas.set_setting(tx, "first", "old")
        areas.set_setting(tx, "second", "old")
    with database.reading() as page:
        assert areas.setting(page, "first") == "old"
        with database.writing() as tx:
            areas.set_setting(tx, "first", "new")
            areas.set_setting(tx, "second", "new")
        assert (areas.setting(page, "first"), areas.setting(page, "second")) == ("old", "old")
    with database.reading() as tx:
        assert (areas.setting(tx, "first"), areas.setting(tx, "second")) == ("new", "new")


def test_a_writer_sees_what_was_kept_while_it_waited(database):
    if database.is_sqlite:
        return
    with database.writing() as tx:
        assert tx.execute(text("SHOW transaction_isolation")).scalar() == "read committed"


def test_what_ends_badly_leaves_nothing(database):
    before = digest(database)

    def fail():
        with database.writing() as tx:
            areas.set_setting(tx, "half", "done")
            ledger.touch(tx, ledger.DATA)
            ledger.note(tx, people.sending(people.clerk).hand, "today.see", "page", "1")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert digest(database) == before
    with database.writing() as tx:
        areas.set_setting(tx, "whole", "done")


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE"])
def test_what_was_written_down_cannot_be_changed(database, table, verb):
    hand = people.sending(people.clerk).hand
    with database.writing() as tx:
        ledger.note(tx, hand, "today.see", "page", "1")
        ledger.keep_submission(tx, hand, "an-id", "f" * 64, "report", "1")
        tx.execute(insert(publication).values(records.publication_row()))
        for name, row in records.growing_rows().items():
            tx.execute(insert(metadata.tables[name]).values(row))
    before = digest(database)
    with database.reading() as tx:
        assert tx.execute(text(f"SELECT count(*) FROM {table}")).scalar() > 0
    first = next(iter(metadata.tables[table].c)).name
    change = f"DELETE FROM {table}" if verb == "DELETE" else f"UPDATE {table} SET {first} = {first}"
    with pytest.raises(DBAPIError, match="append-only"), database.writing() as tx:
        tx.execute(text(change))
    assert digest(database) == before


def test_read_then_write_loses_no_update(database):
    with database.writing() as tx:
        tx.execute(insert(setting).values(name="count", value="0"))

    def count():
        for _n in range(10):
            with database.writing() as tx:
                value = int(tx.execute(select(setting.c.value).where(setting.c.name == "count")).scalar_one())
                tx.execute(update(setting).where(setting.c.name == "count").values(value=str(value + 1)))

    threads = [threading.Thread(target=count) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as tx:
        assert areas.setting(tx, "count") == "40"


def test_two_programs_lose_no_update(database_url, database):
    program = (
        "import sys, time; from tests.doors import connect; from portal.storage import areas\n"
        "database = connect(sys.argv[1])\n"
        "print('ready', flush=True); sys.stdin.readline()\n"
        "for n in range(10):\n"
        "    with database.writing() as tx:\n"
        "        value = int(areas.setting(tx, 'count'))\n"
        "        time.sleep(0.005)\n"
        "        areas.set_setting(tx, 'count', str(value + 1))\n"
    )
    with database.writing() as tx:
        areas.set_setting(tx, "count", "0")
    command = [sys.executable, "-c", program, database_url]
    with ExitStack() as both:
        running = [
            both.enter_context(
                subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            )
            for _n in range(2)
        ]
        assert [p.stdout.readline() for p in running] == ["ready\n"] * 2
        for program_running in running:
            program_running.stdin.write("go\n")
            program_running.stdin.flush()
        assert [p.wait(30) for p in running] == [0, 0]
    with database.reading() as tx:
        assert areas.setting(tx, "count") == "20"


def test_a_writer_that_waits_too_long_is_told_to_try_again(database_url, database, monkeypatch):
    monkeypatch.setattr("portal.storage.database.BUSY_SECONDS", 0.2)
    other = connect(database_url)
    with database.writing(), pytest.raises(Unavailable), database.writing():
        pass
    with other.writing() as tx:
        areas.set_setting(tx, "free", "again")
    other.forget_connections()


def test_what_was_acknowledged_survives_kill_9(database_url, database):
    program = (
        "import os, signal, sys; from tests.doors import connect; from portal.storage import areas\n"
        "database = connect(sys.argv[1])\n"
        "with database.writing() as tx:\n"
        "    areas.set_setting(tx, 'kept', 'yes')\n"
        "print('acknowledged', flush=True)\n"
        "with database.writing() as tx:\n"
        "    areas.set_setting(tx, 'half', 'yes')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, database_url], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, "acknowledged\n"), done.stderr
    with database.reading() as tx:
        assert areas.setting(tx, "kept") == "yes"
        assert areas.setting(tx, "half") is None
    with database.writing() as tx:
        areas.set_setting(tx, "after", "yes")


def test_a_database_that_is_not_there_is_unavailable(tmp_path):
    nowhere = connect(f"sqlite:///{tmp_path / 'no' / 'such' / 'folder.db'}")
    for door in (nowhere.reading, nowhere.writing):
        with pytest.raises(Unavailable), door():
            pass
    assert os.listdir(tmp_path) == []


def test_what_no_column_holds_is_told_as_that(database):
    query = text("SELECT count(*) FROM account WHERE version = CAST(:value AS INTEGER)")
    with pytest.raises(Unstorable), database.reading() as tx:
        tx.execute(query, {"value": 10**20})
    with nullcontext() if database.is_sqlite else pytest.raises(Unstorable), database.writing() as tx:
        areas.set_setting(tx, "sign", "a\0b")
    with database.writing() as tx:
        areas.set_setting(tx, "sign", "c")
