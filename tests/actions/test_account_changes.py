"""Changing an account: what another administrator did meanwhile, what is sent twice, and what ends with the account."""

import pytest
from msgspec.structs import replace

from portal.actions import accounts as action
from portal.actions import feeds as feed_action
from portal.domain.accounts import ADMINISTRATOR, READER, Account
from portal.domain.problems import Conflict, NotPermitted
from portal.storage import feeds, ledger

from .. import people
from ..digest import digest
from .test_accounts import Door

SECOND = Account(0, "admin2", "Admin Kedua", ADMINISTRATOR)


@pytest.fixture
def door(database, office):
    return Door(database, office)


def test_of_two_administrators_who_shut_each_other_out_one_stays(door):
    door.add(SECOND)
    second = door.find("admin2")
    door.change(replace(second, role=READER))
    before = digest(door.database)
    for deed in (
        lambda: door.change(replace(people.administrator, active=False), who=second),
        lambda: door.add(replace(SECOND, username="admin3"), who=second),
        lambda: door.reset("admin", who=second),
    ):
        with pytest.raises(NotPermitted):
            deed()
    assert digest(door.database) == before


def test_the_same_form_sent_twice_changes_once_and_a_later_edit_stays(door):
    form = replace(people.clerk, phone="0800-1", points=frozenset({people.PUNGGING}))
    door.change(form)
    before = digest(door.database)
    door.change(form)
    assert digest(door.database) == before
    door.change(replace(form, phone="0800-2", version=2))
    before = digest(door.database)
    with pytest.raises(Conflict):
        door.change(form)
    assert digest(door.database) == before


def test_another_name_or_telephone_sends_nobody_out(door):
    token, _found = door.sign_in()
    door.change(replace(people.clerk, name="Petugas Baru", phone="0800-1"))
    assert door.session(token).account.name == "Petugas Baru"


@pytest.mark.parametrize("how", ["closed", "reset"])
def test_a_calendar_address_ends_with_the_account_and_does_not_come_back(door, how):
    with door.database.writing() as tx:
        token = feed_action.make(tx, people.sending(people.clerk))
        theirs = feed_action.make(tx, people.sending(people.colleague))
    if how == "closed":
        door.change(replace(people.clerk, active=False))
        door.change(replace(people.clerk, version=2))
    else:
        door.reset("ngoro")
    with door.database.reading() as tx:
        assert feeds.owner(tx, action.token_hash(token)) is None
        assert feeds.owner(tx, action.token_hash(theirs)).username == "pungging"
        assert [line.deed for line in ledger.history(tx, "feed", str(people.clerk.id))][:1] == ["feeds.revoke"]
