"""The office sets its numbers and its letterhead: bounded, written down, never over somebody else's change."""

import pytest
from msgspec.structs import replace

from portal.actions import settings as action
from portal.domain.identity import Identity
from portal.domain.limits import LIMIT, LIMITS
from portal.domain.problems import OTHER_BODY, STALE, Conflict, Invalid, NotPermitted
from portal.storage import areas, ledger

from .. import people, records
from ..digest import digest

SIGNER = Identity("Jl. R.A. Basuni 17", "Mojokerto", "Kepala Dinas", "Ibu Kepala", "197001011995031001")


def standing(database):
    with database.reading() as tx:
        return action.standing(tx)


def change(database, limits=None, identity=None, *, who=people.supervisor, seen=None, id=None):
    kept = standing(database)
    wanted = {**kept.limits, **(limits or {})}
    with database.writing() as tx:
        return action.change(
            tx, people.sending(who), id or records.submission_id(), seen or kept.mark, wanted, identity or kept.identity
        )


def test_unset_limits_stand_at_their_defaults(database):
    assert standing(database).limits == {limit.name: limit.default for limit in LIMITS}
    assert standing(database).identity == Identity()


def test_what_is_set_holds_at_once_and_is_written_down(database):
    with database.reading() as tx:
        before = ledger.versions(tx)[ledger.LISTS]
    change(database, {"kit_day": 80}, SIGNER)
    with database.reading() as tx:
        assert areas.office(tx).limit("kit_day") == 80
        assert areas.office(tx).limit("absence_pct") == LIMIT["absence_pct"].default
        assert action.identity(tx) == SIGNER
        assert ledger.versions(tx)[ledger.LISTS] == before + 1
        (entry,) = ledger.history(tx, action.KIND, action.OBJECT)
    assert entry.changes["limit.kit_day"] == [100, 80]
    assert entry.changes["office.signer_name"] == ["", "Ibu Kepala"]
    assert set(entry.changes) == {
        "limit.kit_day",
        *(f"office.{n}" for n in ("address", "signer_title")),
        *(f"office.{n}" for n in ("signer_name", "signer_nip")),
    }


def test_the_same_settings_again_change_nothing(database):
    change(database, {"kit_day": 80})
    with database.reading() as tx:
        before = ledger.versions(tx)
    change(database)
    with database.reading() as tx:
        assert {**before, ledger.DATA: 0} == {**ledger.versions(tx), ledger.DATA: 0}
        assert len(ledger.history(tx, action.KIND, action.OBJECT)) == 1


@pytest.mark.parametrize("limit", LIMITS, ids=lambda x: x.name)
def test_every_limit_keeps_its_bounds(database, limit):
    before = digest(database)
    for value in (limit.least - 1, limit.most + 1, None):
        with pytest.raises(Invalid) as found:
            change(database, {limit.name: value})
        assert [p.field for p in found.value.problems] == [limit.name]
    with pytest.raises(Invalid):
        change(database, {limit.name: limit.least}, replace(SIGNER, signer_nip="1"))
    assert digest(database) == before
    for value in (limit.least, limit.most):
        change(database, {limit.name: value})
        assert standing(database).limits[limit.name] == value


def test_an_older_page_overwrites_nothing(database):
    old = standing(database).mark
    change(database, {"kit_day": 80})
    with pytest.raises(Conflict) as found:
        change(database, {"kit_day": 90}, seen=old)
    assert (found.value.why, found.value.kept.limits["kit_day"]) == (STALE, 80)
    assert standing(database).limits["kit_day"] == 80


def test_the_same_form_twice_is_kept_once(database):
    id, mark = records.submission_id(), standing(database).mark
    first = change(database, {"kit_day": 80}, id=id, seen=mark)
    with database.writing() as tx:
        limits = {limit.name: limit.default for limit in LIMITS} | {"kit_day": 80}
        again = action.change(tx, people.sending(people.supervisor), id, mark, limits, Identity())
        assert again.number == first.number
        with pytest.raises(Conflict) as found:
            action.change(tx, people.sending(people.supervisor), id, mark, limits | {"kit_day": 70}, Identity())
    assert found.value.why == OTHER_BODY


@pytest.mark.parametrize("who", [people.clerk, people.liaison, people.reader], ids=lambda x: x.username)
def test_others_may_not(database, who):
    before = digest(database)
    with pytest.raises(NotPermitted):
        change(database, {"kit_day": 80}, who=who)
    assert digest(database) == before
    change(database, {"kit_day": 80}, who=people.administrator)
