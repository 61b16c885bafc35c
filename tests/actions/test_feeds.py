"""A secret calendar address: shown once, kept as a hash, revocable, and worth no more than its owner's account."""

from msgspec.structs import replace

from portal.actions import accounts as account_action
from portal.actions import feeds as action
from portal.actions.accounts import token_hash
from portal.storage import feeds, ledger

from .. import people
from ..digest import digest


def make(database, who=people.clerk):
    with database.writing() as tx:
        return action.make(tx, people.sending(who))


def owner(database, token):
    with database.reading() as tx:
        return feeds.owner(tx, token_hash(token))


def test_the_address_names_its_owner_and_is_kept_nowhere(database):
    token = make(database)
    assert owner(database, token).username == people.clerk.username
    assert owner(database, token).kecamatan == people.clerk.kecamatan
    assert owner(database, token[:-1]) is None
    assert len(token) >= 43
    with database.reading() as tx:
        (entry,) = ledger.history(tx, action.KIND, str(people.clerk.id))
        assert token not in str(entry)
        assert feeds.made_at(tx, people.clerk.id) == people.NOW
        rows = tx.exec_driver_sql("SELECT token_hash FROM calendar_feed").scalars().all()
    assert rows == [token_hash(token)]


def test_a_new_address_ends_the_old_one(database):
    old, new = make(database), make(database)
    assert old != new
    assert owner(database, old) is None
    assert owner(database, new) is not None


def test_a_revoked_address_is_nobodys_and_others_stay(database):
    token, theirs = make(database), make(database, people.colleague)
    with database.writing() as tx:
        assert action.revoke(tx, people.sending(people.clerk))
    before = digest(database)
    with database.writing() as tx:
        assert not action.revoke(tx, people.sending(people.clerk))
    assert digest(database) == before
    assert owner(database, token) is None
    assert owner(database, theirs).username == people.colleague.username


def test_who_may_no_longer_sign_in_has_no_feed(database, office):
    token = make(database, people.stranger)
    with database.writing() as tx:
        gone = replace(people.stranger, active=False)
        account_action.change(tx, people.sending(people.administrator), office, gone)
    assert owner(database, token) is None
