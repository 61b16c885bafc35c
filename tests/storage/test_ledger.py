import json
from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import delete, text, update

from portal.domain.audit import CONTENT, GAP, LINK, chained, content, first_broken
from portal.storage import ledger
from portal.storage.tables import audit

from .. import people
from ..people import NOW

HAND = people.sending(people.clerk).hand


def write(database):
    """Five lines more; returns the number of the first."""
    with database.writing() as tx:
        first = 1 + len(list(ledger.every_entry(tx)))
        for n in range(1, 6):
            ledger.note(
                tx,
                people.sending(people.clerk, NOW + timedelta(minutes=n, microseconds=n)).hand,
                "recordings.correct",
                "report",
                f"kec-35.16.05/{n}",
                {"recorded": (n, n + 1), "note": ("", "“ñ” – 1.200"), "points": (None, frozenset("ab"))},
                "salah ketik",
            )
    return first


def broken(database):
    """(number, why) of the first entry that does not hold."""
    with database.reading() as tx:
        found = first_broken(ledger.every_entry(tx))
    return found and (found.entry.seq, found.why)


def tamper(database, *statements):
    """What somebody with the database in hand could do: take the triggers away, then change things."""
    with database.writing() as tx:
        if database.is_sqlite:
            tx.execute(text("DROP TRIGGER audit_no_update"))
            tx.execute(text("DROP TRIGGER audit_no_delete"))
        else:
            tx.execute(text("DROP TRIGGER audit_append_only ON audit"))
        for statement in statements:
            tx.execute(statement)


def test_an_untouched_log_holds(database):
    first = write(database)
    assert broken(database) is None
    with database.reading() as tx:
        assert [e.seq for e in ledger.every_entry(tx)] == list(range(1, first + 5))
        (entry,) = ledger.history(tx, "report", "kec-35.16.05/2")
        assert entry.changes["recorded"] == [2, 3]
        assert entry.at == NOW + timedelta(minutes=2, microseconds=2)
        assert ledger.last_moment(tx) == NOW + timedelta(minutes=5, microseconds=5)


def test_an_empty_log_holds(database):
    tamper(database, delete(audit))
    assert broken(database) is None
    with database.reading() as tx:
        assert ledger.last_moment(tx) is None
    assert write(database) == 1
    assert broken(database) is None


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", NOW - timedelta(days=1)),
        ("account", "pungging"),
        ("deed", "recordings.send"),
        ("object_kind", "visit"),
        ("object_id", "kec-35.16.06/3"),
        ("changes", "{}"),
        ("reason", ""),
        ("address", "192.0.2.8"),
        ("request_id", "x"),
        ("previous_hash", "0" * 64),
        ("hash", "0" * 64),
    ],
)
def test_a_changed_line_is_named(database, column, value):
    third = write(database) + 2
    tamper(database, update(audit).where(audit.c.seq == third).values({column: value}))
    assert broken(database) == (third, CONTENT)


def test_a_missing_line_shows_at_the_next(database):
    third = write(database) + 2
    tamper(database, delete(audit).where(audit.c.seq == third))
    assert broken(database) == (third + 1, GAP)


def test_lines_that_changed_places_are_found(database):
    third = write(database) + 2
    swap = [(third, 999), (third + 1, third), (999, third + 1)]
    tamper(database, *(update(audit).where(audit.c.seq == old).values(seq=new) for old, new in swap))
    assert broken(database) == (third, CONTENT)


def rehashed(database, number, **values):
    """The row that a careful forger would write: changed, and its own hash worked out anew."""
    with database.reading() as tx:
        entry = next(e for e in ledger.every_entry(tx) if e.seq == number)
    forged = replace(entry, **values)
    forged = replace(forged, hash=chained(content(forged), forged.previous_hash))
    row = content(forged) | {"changes": json.dumps(dict(forged.changes)), "hash": forged.hash}
    return update(audit).where(audit.c.seq == number).values(row | {"previous_hash": forged.previous_hash})


def test_a_line_rewritten_with_a_hash_of_its_own_shows_at_the_next(database):
    third = write(database) + 2
    tamper(database, rehashed(database, third, reason="tidak pernah ditulis"))
    assert broken(database) == (third + 1, LINK)


def test_a_line_put_in_the_place_of_a_missing_one_does_not_fit(database):
    third = write(database) + 2
    moved = rehashed(database, third + 1, seq=third)
    tamper(database, delete(audit).where(audit.c.seq == third), moved)
    assert broken(database) == (third, LINK)


def test_a_sending_is_found_by_person_and_id(database):
    with database.writing() as tx:
        first = ledger.keep_submission(tx, HAND, "an-id", "f" * 64, "report", "kec-35.16.05/2024-10-21")
        other = ledger.keep_submission(
            tx, people.sending(people.colleague).hand, "an-id", "e" * 64, "report", "kec-35.16.06/2024-10-21"
        )
    assert first.number != other.number
    with database.reading() as tx:
        assert ledger.find_submission(tx, people.clerk.id, "an-id") == first
        assert ledger.find_submission(tx, people.colleague.id, "an-id") == other
        assert ledger.find_submission(tx, people.stranger.id, "an-id") is None


def test_versions_grow_with_what_they_stand_for(database):
    with database.writing() as tx:
        ledger.begin_versions(tx)
        before = ledger.versions(tx)
        ledger.touch(tx, ledger.DATA)
        ledger.touch(tx, ledger.DATA, ledger.LISTS)
        after = ledger.versions(tx)
        ledger.begin_versions(tx)
        assert ledger.versions(tx) == after
    assert (after["data"] - before["data"], after["lists"] - before["lists"]) == (2, 1)
