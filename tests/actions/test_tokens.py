"""Tokens: shown once, kept as a hash, ended at once, and what they take is written down once a day."""

from datetime import timedelta

import pytest

from portal.actions import tokens as action
from portal.actions.accounts import token_hash
from portal.domain.problems import Invalid, NotPermitted, Unknown
from portal.domain.tokens import WHOLE
from portal.storage import ledger, tokens

from .. import people, records
from ..digest import digest
from ..people import NOW, TODAY


def make(database, office, who=people.supervisor, submission_id=None, **over):
    given = {"name": "Dasbor", "purpose": "papan", "scope": WHOLE, "resources": ["days"], "last": TODAY} | over
    with database.writing() as tx:
        id = submission_id or records.submission_id()
        return action.make(tx, people.sending(who), office, id, *given.values())


def found(database, token):
    with database.reading() as tx:
        return tokens.find(tx, token_hash(token))


def test_a_token_is_kept_nowhere_and_written_down(database, office):
    sent, token = make(database, office)
    record, versions = found(database, token)
    assert (str(record.id), record.maker, record.resources) == (sent.object_id, "Pengawas Kabupaten", {"days"})
    assert record.valid(NOW)
    assert found(database, token[:-1]) is None
    assert len(token) >= 43
    with database.reading() as tx:
        assert versions == ledger.versions(tx)
        (entry,) = ledger.history(tx, tokens.KIND, sent.object_id)
        assert token not in str(entry)
        assert tx.exec_driver_sql("SELECT token_hash FROM api_token").scalars().all() == [token_hash(token)]


def test_the_same_form_sent_twice_makes_one_token_and_shows_it_once(database, office):
    id = records.submission_id()
    first, shown = make(database, office, submission_id=id)
    before = digest(database)
    again, hidden = make(database, office, submission_id=id)
    assert (first.object_id, bool(shown), hidden) == (again.object_id, True, "")
    assert digest(database) == before


def test_revoking_ends_it_once_and_others_stay(database, office):
    (sent, token), (_other, theirs) = make(database, office), make(database, office, people.administrator)
    by = people.sending(people.administrator)
    with database.writing() as tx:
        assert action.revoke(tx, by, int(sent.object_id))
    before = digest(database)
    with database.writing() as tx:
        assert not action.revoke(tx, by, int(sent.object_id))
        with pytest.raises(Unknown):
            action.revoke(tx, by, 999)
    assert digest(database) == before
    assert not found(database, token)[0].valid(NOW)
    assert found(database, theirs)[0].valid(NOW)


def test_who_may_not_makes_none_and_a_bad_one_is_not_kept(database, office):
    before = digest(database)
    for who in (people.clerk, people.liaison, people.reader):
        with pytest.raises(NotPermitted):
            make(database, office, who)
        with pytest.raises(NotPermitted), database.writing() as tx:
            action.revoke(tx, people.sending(who), 1)
    with pytest.raises(Invalid):
        make(database, office, resources=[])
    assert digest(database) == before


def test_what_a_token_takes_is_written_down_once_a_day(database, office):
    _sent, token = make(database, office, last=TODAY + timedelta(days=9))
    record = found(database, token)[0]
    for hours, resource in ((0, "days"), (1, "days"), (2, "summary"), (10, "days"), (12, "days")):
        at = NOW + timedelta(hours=hours)  # NOW is 13.00: eleven hours later the next day begins
        action.note_read(database, action.hand_of(record, at, "192.0.2.9", "r"), record, resource)
    with database.reading() as tx:
        entries = [e for e in ledger.history(tx, tokens.KIND, str(record.id)) if e.deed == tokens.READ]
        assert [(e.reason, e.account) for e in entries] == [(r, "api:1") for r in ("days", "summary", "days")]
        assert tokens.last_reads(tx) == {record.id: NOW + timedelta(hours=12)}
