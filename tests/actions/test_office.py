import csv
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, text, update

from portal.actions.checks import checks
from portal.actions.office import REFERENCE, BadList, initialise, load_reference, read_lists, readiness
from portal.config import BadSettings, Settings
from portal.storage import accounts, areas, ledger, schema, tables
from portal.storage.database import Database
from tests import people
from tests.conftest import connect
from tests.digest import digest

HAND = ledger.Hand(None, "caretaker", datetime(2024, 10, 8, 1, 0, tzinfo=UTC))
NOW = datetime(2024, 10, 21, 6, 0, tzinfo=UTC)
SETTINGS = Settings("unguessable-and-quite-long-secret-key", "sqlite:///x.db", ("portal.example",))


@pytest.fixture
def empty(empty_url):
    found = connect(empty_url)
    yield found
    found.forget_connections()


@pytest.fixture
def prepared(empty):
    initialise(empty, HAND)
    return empty


@pytest.fixture
def lists(tmp_path) -> Path:
    return Path(shutil.copytree(REFERENCE, tmp_path / "reference"))


@pytest.fixture
def migrations(tmp_path, monkeypatch) -> Path:
    """A copy of the migrations that a test may add to."""
    folder = Path(shutil.copytree(schema.MIGRATIONS, tmp_path / "migrations"))
    monkeypatch.setattr(schema, "MIGRATIONS", folder)
    return folder


def add_migration(folder: Path, *lines: str) -> None:
    body = "".join(f"    {line}\n" for line in lines)
    (folder / "versions" / "9999_next.py").write_text(
        "from alembic import op\nrevision = '9999'\n"
        f"down_revision = '{schema.newest()}'\nbranch_labels = depends_on = None\n\ndef upgrade():\n{body}"
    )


def change_cell(folder: Path, name: str, line: int, column: str, value: str) -> None:
    path = folder / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    rows[line - 1][rows[0].index(column)] = value
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


# --- the lists ----------------------------------------------------------------------------------


def test_every_list_is_loaded_once(empty):
    first = initialise(empty, HAND)
    with empty.reading() as tx:
        counts, versions = areas.counts(tx), ledger.versions(tx)
        entries = list(ledger.every_entry(tx))
    assert counts | {"kecamatan": 18, "desa": 304, "service_points": 20, "hub_members": 17} == counts
    assert counts["places"] == 112 + 304 + 18
    assert counts == {name: added for name, (added, _changed) in first.items()}
    assert [e.deed for e in entries] == ["office.load"]

    assert set(initialise(empty, HAND).values()) == {(0, 0)}
    with empty.reading() as tx:
        assert ledger.versions(tx) == versions
        assert len(list(ledger.every_entry(tx))) == 1


def test_the_office_reads_as_published(prepared):
    with prepared.reading() as tx:
        office, figures = areas.office(tx), areas.figures(tx)
        desa = areas.place(tx, "desa-35.16.08.1004")
        homes = areas.place(tx, "rumah-35.16.05")
    assert list(office.hubs) == ["mojosari", "gondang", "jetis", "dinas-mpp"]
    assert office.hub_of("35.16.09", NOW.date()) == ""
    assert [f.as_of.isoformat() for f in figures if f.metric == "dpt"] == ["2020-12-31", "2024-09-20"]
    assert "national_recording_target_pct" not in {f.metric for f in figures}
    assert desa is not None
    assert desa.name == "Kelurahan Kauman"
    assert homes is not None
    assert homes.name == "Rumah warga – Kecamatan Ngoro"


def test_a_changed_row_is_changed_and_noted(prepared, lists):
    change_cell(lists, "kecamatan", 2, "name", "Jatirejo Baru")
    with prepared.writing() as tx:
        before = ledger.versions(tx)
        done = load_reference(tx, HAND, lists)
        assert done.pop("kecamatan") == (0, 1)
        # the made place is named after its kecamatan
        assert done.pop("places") == (0, 1)
        assert set(done.values()) == {(0, 0)}
        assert ledger.versions(tx)["lists"] == before["lists"] + 1
        newest = ledger.newest_entries(tx, 1)[0]
    assert newest.deed == "office.load"
    assert newest.changes == {"kecamatan.changed": [0, 1], "places.changed": [0, 1]}


@pytest.mark.parametrize(
    ("name", "line", "column", "value"),
    [
        ("holidays", 3, "date", "2024-02-31"),
        ("figures", 5, "value", "1.5"),
        ("figures", 5, "as_of", "Oktober"),
        ("kecamatan", 4, "tile_row", ""),
        ("desa", 7, "kecamatan_code", "35.16.99"),
        ("desa", 7, "code", "35.16.01.2001"),
        ("service_points", 2, "active_from", "8/10/2024"),
        ("places", 9, "source", ""),
        ("hub_members", 5, "valid_to", "2024-10-07"),
    ],
)
def test_a_bad_row_is_named(lists, name, line, column, value):
    change_cell(lists, name, line, column, value)
    with pytest.raises(BadList, match=rf"^{name}\.csv, line {line}: "):
        read_lists(lists)


def add_member(folder: Path, *row: str) -> None:
    with (folder / "hub_members.csv").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerow(row)


def overlap(database: Database, folder: Path) -> str:
    before = digest(database)
    with pytest.raises(BadList) as refused, database.writing() as tx:
        load_reference(tx, HAND, folder)
    assert digest(database) == before
    return str(refused.value)


def test_two_hubs_on_one_day_are_refused(prepared, lists):
    add_member(lists, "35.16.05", "gondang", "2024-10-15", "", "test")
    said = overlap(prepared, lists)
    assert said.startswith("hub_members.csv: 35.16.05 ")
    assert "mojosari from 2024-10-08 to further notice and gondang from 2024-10-15" in said
    change_cell(lists, "hub_members", 6, "valid_to", "2024-10-15")
    assert "mojosari from 2024-10-08 to 2024-10-15" in overlap(prepared, lists)
    change_cell(lists, "hub_members", 6, "valid_to", "2024-10-14")
    with prepared.writing() as tx:
        assert load_reference(tx, HAND, lists)["hub_members"] == (1, 1)
        assert areas.office(tx).hub_of("35.16.05", NOW.date()) == "gondang"


def test_a_membership_already_kept_counts_as_well(prepared, lists):
    """A row whose beginning is rewritten in the file is a new row beside the kept one."""
    change_cell(lists, "hub_members", 6, "valid_from", "2024-11-01")
    said = overlap(prepared, lists)
    assert "35.16.05" in said
    assert "from 2024-10-08 to further notice and mojosari from 2024-11-01" in said


def test_a_missing_column_or_file_is_named(lists):
    (lists / "hubs.csv").write_text("code,title,source\na,b,c\n")
    with pytest.raises(BadList, match=r"^hubs\.csv: no column name"):
        read_lists(lists)
    (lists / "desa.csv").unlink()
    with pytest.raises(BadList, match=r"^desa\.csv: cannot be read"):
        read_lists(lists)


# --- setting up ---------------------------------------------------------------------------------


def test_several_may_set_up_at_once(empty_url):
    doors = [connect(empty_url) for _n in range(4)]
    with ThreadPoolExecutor(len(doors)) as pool:
        found = list(pool.map(lambda door: initialise(door, HAND)["desa"], doors))
    for door in doors:
        door.forget_connections()
    assert sorted(found) == [(0, 0), (0, 0), (0, 0), (304, 0)]


def test_an_interrupted_migration_leaves_nothing_and_can_be_repeated(empty, migrations):
    add_migration(migrations, "op.execute('CREATE TABLE half (id INTEGER)')", "raise RuntimeError('power cut')")
    with pytest.raises(RuntimeError, match="power cut"):
        initialise(empty, HAND)
    with empty.reading() as tx:
        assert schema.present(tx) is None
    shutil.rmtree(migrations / "versions" / "__pycache__", ignore_errors=True)
    (migrations / "versions" / "9999_next.py").unlink()
    add_migration(migrations, "op.execute('CREATE TABLE half (id INTEGER)')")
    initialise(empty, HAND)
    with empty.reading() as tx:
        assert schema.present(tx) == "9999"


# --- fit to be served? --------------------------------------------------------------------------


def refusal(database: Database, *, demo: bool = False) -> str:
    with pytest.raises(BadSettings) as refused:
        readiness(database, demo)
    return str(refused.value)


def test_a_prepared_database_is_ready(prepared):
    readiness(prepared, demo=False)


def test_an_empty_database_is_refused(empty):
    assert "never set up" in refusal(empty)


def test_an_old_schema_is_refused_until_it_is_brought_up(prepared, migrations):
    add_migration(migrations, "op.execute('CREATE TABLE next_thing (id INTEGER)')")
    assert "schema is old" in refusal(prepared)
    initialise(prepared, HAND)
    readiness(prepared, demo=False)


def test_a_newer_schema_is_refused_by_serving_and_by_setting_up(prepared):
    with prepared.writing() as tx:
        tx.execute(text("UPDATE alembic_version SET version_num = '8888'"))
    assert "newer than this program" in refusal(prepared)
    with pytest.raises(BadSettings, match="newer than this program"):
        initialise(prepared, HAND)


@pytest.mark.parametrize(
    "url", ["sqlite:////nowhere/at/all/portal.db", "postgresql+psycopg://nobody@127.0.0.1:1/nothing"]
)
def test_an_unreachable_database_is_refused_at_once(url):
    database = connect(url)
    assert "cannot be used" in refusal(database)
    with pytest.raises(BadSettings, match="cannot be used"):
        initialise(database, HAND)


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "portal.db").write_text("Laporan harian " * 500)
    assert "not a database" in refusal(connect(f"sqlite:///{tmp_path / 'portal.db'}"))


def test_demo_and_real_office_do_not_mix(prepared):
    assert "no demo office yet" in refusal(prepared, demo=True)
    with prepared.writing() as tx:
        accounts.add(tx, people.clerk, "x", NOW)
    assert "not the demo's own" in refusal(prepared, demo=True)
    with pytest.raises(BadSettings, match="not the demo's own"):
        initialise(prepared, HAND, demo=True)
    with prepared.writing() as tx:
        areas.set_setting(tx, "demo", "1")
    readiness(prepared, demo=True)
    assert "demo office's database" in refusal(prepared)
    with pytest.raises(BadSettings, match="demo office's database"):
        initialise(prepared, HAND)


# --- portal check -------------------------------------------------------------------------------


def wrong(database: Database, settings: Settings = SETTINGS, now: datetime = NOW) -> set[str]:
    return {check.name for check in checks(database, settings, now) if not check.ok}


def test_a_good_portal_passes_every_check(prepared):
    found = checks(prepared, SETTINGS, NOW)
    assert {c.name for c in found if not c.ok} == set()
    assert len(found) == 9


def test_checks_find_an_unprepared_database(empty):
    assert wrong(empty) == {"database"}


def test_checks_find_a_weak_key(prepared):
    assert wrong(prepared, Settings("a" * 40, "sqlite:///x.db")) == {"secret key"}


@pytest.mark.parametrize(
    "now", [NOW.replace(tzinfo=None), datetime(1970, 1, 2, tzinfo=UTC), HAND.at - timedelta(minutes=1)]
)
def test_checks_find_a_wrong_clock(prepared, now):
    assert wrong(prepared, now=now) - {"calendar"} == {"clock"}


def test_checks_find_missing_rows(prepared):
    with prepared.writing() as tx:
        tx.execute(delete(tables.holiday))
    assert wrong(prepared) == {"lists", "calendar"}


@pytest.mark.parametrize(
    ("now", "missing"),
    [
        (datetime(2026, 12, 1, 16, 59, tzinfo=UTC), ""),
        (datetime(2026, 12, 1, 17, 0, tzinfo=UTC), "2027"),
        (datetime(2027, 1, 1, 1, 0, tzinfo=UTC), "2027"),
        (datetime(2027, 12, 15, tzinfo=UTC), "2027 and 2028"),
    ],
)
def test_checks_find_the_end_of_the_calendar(prepared, now, missing):
    (found,) = (check for check in checks(prepared, SETTINGS, now) if check.name == "calendar")
    assert (found.ok, missing in found.text) == (not missing, True)
    assert wrong(prepared, now=now) == ({"calendar"} if missing else set())


def test_checks_find_a_changed_log(prepared):
    with prepared.writing() as tx:
        if prepared.is_sqlite:
            tx.execute(text("DROP TRIGGER audit_no_update"))
        else:
            tx.execute(text("DROP TRIGGER audit_append_only ON audit"))
        tx.execute(update(tables.audit).values(account="somebody"))
    assert wrong(prepared) == {"audit"}


def test_checks_find_a_database_that_cannot_be_written(prepared, empty_url):
    other = connect(empty_url)
    with other.writing():
        assert wrong(prepared) == {"writing"}
    other.forget_connections()
