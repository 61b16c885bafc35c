"""The migration that widens the visits, on a database whose visits have homes: nothing is lost, every rule holds."""

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from portal.storage import schema

from .people import NOW, TODAY

OLD_ROWS = (
    "INSERT INTO kecamatan VALUES ('35.16.05', 'Ngoro', 'NGO', 7, 4, 't')",
    "INSERT INTO service_point VALUES ('kec', 'Kantor', 'kecamatan', '35.16.05', '2024-10-08', NULL, '1111100', 't')",
    "INSERT INTO place (code, kind, name, kecamatan_code, source) VALUES ('s', 'sekolah', 'SMAN 1', '35.16.05', 't')",
    "INSERT INTO account (id, username, name, role, password_hash, must_change, active, created_at, version) "
    "VALUES (1, 'ngoro', 'Ngoro', 'clerk', 'x', 0, 1, :now, 1)",
    *(
        "INSERT INTO visit (id, place_code, visit_date, point_code, team, note, state, cancel_reason, "
        "recorded_from_list, walk_in, version, received_at, changed_at, author_id, editor_id) "
        f"VALUES ({number}, 's', :today, 'kec', 'Tim 1', 'aula', '{state}', '{reason}', {counts}, "
        "3, :now, :now, 1, 1)"
        for number, state, reason, counts in (
            (7, "done", "", "40, 2"),
            (8, "cancelled", "sekolah", "NULL, NULL"),
            (9, "cancelled", "tim", "NULL, NULL"),
        )
    ),
    "INSERT INTO visit_home VALUES (7, '35.16.05', 30), (7, 'luar', 5)",
)


@pytest.fixture
def widened(empty_database):
    """A database with three visits of the old kind, brought to the newest revision."""
    with empty_database.writing() as tx:
        command.upgrade(schema.config(tx), "0002")
        for statement in OLD_ROWS:
            tx.execute(text(statement), {"now": NOW, "today": TODAY} if ":now" in statement else {})
    with empty_database.writing() as tx:
        schema.upgrade(tx)
    return empty_database


def test_no_visit_and_no_home_is_lost(widened):
    with widened.reading() as tx:
        visits = tx.execute(text("SELECT id, state, cancel_reason, recorded_from_list, walk_in, version FROM visit"))
        assert sorted(map(tuple, visits)) == [
            (7, "done", "", 40, 2, 3),
            (8, "cancelled", "sekolah", None, None, 3),
            (9, "cancelled", "tim", None, None, 3),
        ]
        homes = tx.execute(text("SELECT visit_id, home_code, recorded FROM visit_home"))
        assert sorted(map(tuple, homes)) == [(7, "35.16.05", 30), (7, "luar", 5)]
        fresh = tx.execute(text("SELECT DISTINCT session, contact, wave, revisit_of, failed_reason FROM visit"))
        assert [tuple(row) for row in fresh] == [("day", "", 1, None, "")]
        assert schema.present(tx) == schema.newest()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE visit SET state = 'unheard'",
        "UPDATE visit SET session = 'night'",
        "UPDATE visit SET state = 'partly', recorded_from_list = NULL WHERE id = 7",
        "UPDATE visit SET state = 'planned' WHERE id > 7",  # two standing visits of a place and day
        "UPDATE visit SET revisit_of = 99 WHERE id = 8",
        "UPDATE visit SET place_code = 'none' WHERE id = 7",
        "UPDATE visit_home SET visit_id = 99 WHERE visit_id = 7",
        "DELETE FROM visit WHERE id = 7",  # its homes point to it
        "UPDATE place SET editor_id = 99",
        "UPDATE visit SET recorded_grown = 42 WHERE id = 7",  # the other ages are not told
        "UPDATE visit SET recorded_grown = 40, recorded_priority = 1, recorded_later = 0 WHERE id = 7",  # 42 recorded
        "UPDATE visit SET joined_to = 99 WHERE id = 7",
    ],
)
def test_every_rule_holds_over_the_rows_that_were_there(widened, statement):
    with pytest.raises(IntegrityError), widened.writing() as tx:
        tx.execute(text(statement))


@pytest.mark.parametrize("state", ["proposed", "planned", "confirmed", "under_way", "partly"])
def test_the_new_states_are_taken(widened, state):
    with widened.writing() as tx:
        tx.execute(text("UPDATE visit SET state = :state, revisit_of = 8, wave = 2 WHERE id = 7"), {"state": state})


def test_ages_that_agree_are_taken(widened):
    with widened.writing() as tx:
        tx.execute(text("UPDATE visit SET recorded_grown = 30, recorded_priority = 8, recorded_later = 4 WHERE id = 7"))


TEAMS = (
    *(row for row in OLD_ROWS if "INTO visit" not in row),
    "INSERT INTO place (code, kind, name, source) VALUES ('t', 'desa', 'Desa', 't'), ('u', 'desa', 'Desa', 't')",
    *(
        "INSERT INTO visit (id, place_code, visit_date, session, point_code, team, state, version, received_at, "
        f"changed_at, author_id, editor_id) VALUES ({number}, '{place}', :today, '{session}', 'kec', '{team}', "
        f"'{state}', 1, :now, :now, 1, 1)"
        for number, place, session, team, state in (
            (1, "s", "day", " Tim  1 ", "planned"),
            (2, "t", "afternoon", "TIM 1", "planned"),  # never let in, but an older database may have it
            (3, "u", "morning", "Tim 1", "cancelled"),
        )
    ),
    "INSERT INTO kit (code, name, point_code) VALUES ('a', 'A', 'kec'), ('b', 'B', 'kec')",
    "INSERT INTO visit_kit (visit_id, kit_code, slot, visit_date, held) VALUES (1, 'a', 'morning', :today, 1), "
    "(1, 'a', 'afternoon', :today, 1), (2, 'b', 'afternoon', :today, 1), (3, 'a', 'morning', :today, 0), "
    "(3, 'b', 'morning', :today, 0)",
    "INSERT INTO visit_check (visit_id, item, ok, account_id, at) VALUES (1, 'iris', 1, 1, :now), "
    "(3, 'iris', 1, 1, :now)",
)


def test_teams_hold_their_half_days_and_checks_find_their_kit(empty_database):
    with empty_database.writing() as tx:
        command.upgrade(schema.config(tx), "0006")
        for statement in TEAMS:
            given = {"now": NOW, "today": TODAY}
            tx.execute(text(statement), {name: value for name, value in given.items() if f":{name}" in statement})
    with empty_database.writing() as tx:
        schema.upgrade(tx)
    with empty_database.reading() as tx:
        teams = tx.execute(text("SELECT visit_id, slot, team_key, held FROM visit_team"))
        assert sorted(map(tuple, teams)) == [
            (1, "afternoon", "tim 1", 1),
            (1, "morning", "tim 1", 1),
            (2, "afternoon", "tim 1", 0),
            (3, "morning", "tim 1", 0),
        ]
        tried = tx.execute(text("SELECT visit_id, kit_code FROM visit_check"))
        assert sorted(map(tuple, tried)) == [(1, "a"), (3, None)], "of two kits nobody knows which was tried"
