from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError

import pytest
from argon2 import Type, extract_parameters
from msgspec.structs import replace
from sqlalchemy import select

from portal.actions import accounts as action
from portal.domain.accounts import CLERK, LIAISON, READER, SUPERVISOR, Account
from portal.domain.problems import Conflict, Invalid, NotPermitted, Unknown
from portal.storage import accounts, ledger
from portal.storage.tables import metadata

from .. import people
from ..digest import digest
from ..people import NOW, PASSWORD

NEW_PASSWORD = "perahu kertas warna jingga"
ADDRESS = "192.0.2.7"
KEY = "a key for tests only"


class Door:
    """Somebody at the sign-in page, and the administrator behind it."""

    def __init__(self, database, office):
        self.database, self.office = database, office

    def sign_in(self, username="ngoro", password=PASSWORD, *, at=NOW, address=ADDRESS):
        return action.sign_in(self.database, KEY, username, password, at, address, "Firefox", "request-1")

    def session(self, token):
        with self.database.reading() as tx:
            found = accounts.find_session(tx, action.token_hash(token))
        return found and found[0]

    def add(self, record, who=people.administrator):
        with self.database.writing() as tx:
            return action.add(tx, people.sending(who), self.office, record)

    def change(self, record, who=people.administrator):
        with self.database.writing() as tx:
            action.change(tx, people.sending(who), self.office, record)

    def reset(self, username, who=people.administrator):
        with self.database.writing() as tx:
            return action.reset(tx, people.sending(who), username)

    def new_password(self, present, new, again, who=people.clerk):
        return action.change_own_password(self.database, KEY, people.sending(who), "Firefox", present, new, again)

    def failures(self, **of):
        with self.database.reading() as tx:
            return len(accounts.failures(tx, NOW - timedelta(hours=1), **of))

    def find(self, username):
        with self.database.reading() as tx:
            return accounts.find(tx, username)

    def newest_line(self):
        with self.database.reading() as tx:
            return list(ledger.every_entry(tx))[-1]


@pytest.fixture
def door(database, office):
    return Door(database, office)


def fields(invalid):
    return [p.field for p in invalid.value.problems]


# --- signing in ---------------------------------------------------------------------------------


def test_a_good_sign_in_opens_a_session_whose_token_is_kept_nowhere(door):
    token, found = door.sign_in(" Ngoro ")
    assert found == people.clerk
    session = door.session(token)
    assert session.account == people.clerk
    assert session.created_at == session.seen_at == NOW
    assert door.session(token[:-1] + "x") is None
    assert (door.newest_line().deed, door.newest_line().address) == ("accounts.sign_in", ADDRESS)
    assert door.sign_in()[0] != token
    with door.database.reading() as tx:
        kept = [s.id for s in accounts.sessions_of(tx, people.clerk.id)]
    assert len(kept) == 2


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("ngoro", "salah"),
        ("ngoro", ""),
        ("ngoro", PASSWORD.upper()),
        ("ngoro", PASSWORD + "x" * 10_000),
        ("nobody", PASSWORD),
        ("", PASSWORD),
        ("' OR 1=1 --", PASSWORD),
        ("ngoro\x00", PASSWORD),
        ("n" * 10_000, PASSWORD),
    ],
    ids=lambda t: repr(t[:12]),
)
def test_a_wrong_user_name_and_a_wrong_password_are_answered_alike(door, username, password):
    assert door.sign_in(username, password) is None
    line = door.newest_line()
    assert (line.deed, line.changes) == ("accounts.refused", {})
    assert door.failures(address=ADDRESS) == 1


def test_an_unknown_user_costs_as_much_work_as_a_known_one(door, monkeypatch):
    """One hash is tried for either, and what it costs to try one stands in it."""
    tried = []

    def tell(hashed, password):
        tried.append(hashed)
        return matches(hashed, password)

    matches = action.matches
    monkeypatch.setattr(action, "matches", tell)
    code = door.add(NEWCOMER)
    for username in (NEWCOMER.username, "nobody"):
        assert door.sign_in(username, "salah sandi ini") is None
    known, unknown = map(extract_parameters, tried)
    assert unknown == known
    assert (known.type, known.memory_cost, known.time_cost) == (Type.ID, 19 * 1024, 2)
    assert door.sign_in(NEWCOMER.username, code) is not None


def fail(door, number, username="ngoro", at=NOW, address=ADDRESS):
    with door.database.writing() as tx:
        for _n in range(number):
            accounts.keep_failure(tx, action.Throttle(KEY, username, address, at).name_mark, address, at)


@pytest.mark.parametrize("username", ["ngoro", "nobody"])
def test_after_ten_failures_an_account_waits_and_each_further_one_waits_longer(door, username):
    fail(door, 9, username)
    assert door.sign_in(username, "salah") is None
    waits = []
    at = NOW
    for _n in range(3):
        with pytest.raises(action.TooMany) as wait:
            door.sign_in(username, PASSWORD, at=at)
        waits.append(wait.value.seconds)
        at += timedelta(seconds=wait.value.seconds)
        assert door.sign_in(username, "salah", at=at) is None
    assert waits == [31, 61, 121]


def test_after_the_wait_the_right_password_opens_and_clears_the_account(door):
    fail(door, 10)
    with pytest.raises(action.TooMany):
        door.sign_in()
    later = NOW + timedelta(seconds=31)
    assert door.sign_in(at=later) is not None
    assert door.sign_in("ngoro", "salah", at=later) is None
    assert door.sign_in(at=later) is not None


def test_after_thirty_failures_an_address_waits_whoever_is_named(door):
    for n in range(10):
        fail(door, 3, f"person{n}")
    with pytest.raises(action.TooMany):
        door.sign_in()
    assert door.sign_in(address="198.51.100.9") is not None
    with pytest.raises(action.TooMany):
        door.sign_in()
    assert door.sign_in(at=NOW + timedelta(minutes=16)) is not None


def test_a_stranger_does_not_lock_an_account_from_elsewhere_but_many_together_are_slowed(door):
    fail(door, 49, address="198.51.100.1")
    assert door.sign_in() is not None
    fail(door, 1, address="198.51.100.2")
    with pytest.raises(action.TooMany):
        door.sign_in(address="198.51.100.3")


def test_many_strangers_together_do_not_lock_an_account_where_it_signed_in_lately(door):
    address = "2001:db8:0:1::7"
    assert door.sign_in(address=address) is not None
    later = NOW + timedelta(days=29)
    for n in range(10):
        fail(door, 9, at=later, address=f"198.51.100.{n}")
    with pytest.raises(action.TooMany):
        door.sign_in(at=later, address="2001:db8:0:2::7")
    assert door.sign_in(at=later, address="2001:db8:0:1::8") is not None
    fail(door, 10, at=later, address="2001:db8:0:1::/64")
    with pytest.raises(action.TooMany):
        door.sign_in(at=later, address=address)


def test_a_whole_ipv6_net_is_one_address(door):
    for n in range(30):
        assert door.sign_in(f"person{n}", "salah", address=f"2001:db8:0:1:{n:x}::7") is None
    with pytest.raises(action.TooMany):
        door.sign_in(address="2001:db8:0:1:ffff::1")
    assert door.sign_in(address="2001:db8:0:2::1") is not None


def test_a_burst_does_not_pass_the_limit(door, monkeypatch):
    together = Barrier(10)
    tried = []

    def slowly(hashed, password):
        tried.append(password)
        with suppress(BrokenBarrierError):
            together.wait(5)
        return False

    monkeypatch.setattr(action, "matches", slowly)

    def guess(n):
        try:
            return door.sign_in(password=f"tebak{n}")
        except action.TooMany:
            return "wait"

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(guess, range(12)))
    assert (len(tried), answers.count("wait"), answers.count(None)) == (10, 2, 10)


def test_while_waiting_nothing_is_tried_and_the_refusal_is_noted_once_a_minute(door):
    fail(door, 10)
    before = digest(door.database)
    for _n in range(3):
        with pytest.raises(action.TooMany):
            door.sign_in()
    after = digest(door.database)
    assert {name for name in after if after[name] != before[name]} == {"audit"}
    line = door.newest_line()
    assert (line.deed, line.object_id, line.reason) == ("refused.throttle", "ngoro", "accounts.sign_in")
    with door.database.reading() as tx:
        assert [e.deed for e in ledger.every_entry(tx)].count("refused.throttle") == 1


def test_what_was_typed_for_an_unknown_user_name_is_kept_nowhere(door):
    assert door.sign_in("3516051203070001", "x") is None
    assert door.newest_line().object_id == door.newest_line().account == action.UNKNOWN
    with door.database.reading() as tx:
        kept = [str(tuple(row)) for table in metadata.sorted_tables for row in tx.execute(select(table))]
    assert not [row for row in kept if "3516051203070001" in row]
    mark = action.Throttle(KEY, "3516051203070001", ADDRESS, NOW).name_mark
    assert door.failures(name_mark=mark) == 1
    assert action.Throttle("another key", "3516051203070001", ADDRESS, NOW).name_mark != mark


def test_a_good_sign_in_leaves_no_failure_behind(door):
    assert door.sign_in("ngoro", "salah") is None
    assert door.sign_in() is not None
    assert door.failures(name_mark=action.Throttle(KEY, "ngoro", ADDRESS, NOW).name_mark) == 0
    assert door.failures(address=ADDRESS) == 1


def test_signing_in_over_an_open_session_ends_it(door):
    here, _found = door.sign_in("gondang")
    elsewhere, _found = door.sign_in("gondang")
    found = door.session(here)
    action.sign_in(door.database, KEY, "ngoro", PASSWORD, NOW, ADDRESS, "Firefox", "request-2", found)
    assert door.session(here) is None
    assert door.session(elsewhere) is not None


# --- sessions -----------------------------------------------------------------------------------


def test_signing_out_ends_this_session_only(door):
    here, _found = door.sign_in()
    there, _found = door.sign_in()
    with door.database.writing() as tx:
        action.sign_out(tx, people.sending(people.clerk), door.session(here).id)
    assert door.session(here) is None
    assert door.session(there) is not None


def test_nobody_ends_somebody_elses_session(door):
    token, _found = door.sign_in()
    with door.database.writing() as tx:
        action.sign_out(tx, people.sending(people.stranger), door.session(token).id)
    assert door.session(token) is not None


def test_a_new_password_ends_every_session_and_opens_a_new_one(door):
    here, _found = door.sign_in()
    there, _found = door.sign_in()
    strangers, _found = door.sign_in("gondang")
    fresh = door.new_password(PASSWORD, NEW_PASSWORD, NEW_PASSWORD)
    assert door.session(fresh).account.username == "ngoro"
    assert door.session(here) is door.session(there) is None
    assert door.session(strangers) is not None
    assert door.sign_in() is None
    assert door.sign_in(password=NEW_PASSWORD) is not None


@pytest.mark.parametrize(
    ("present", "new", "again", "at"),
    [
        ("salah", NEW_PASSWORD, NEW_PASSWORD, ["present"]),
        (PASSWORD, NEW_PASSWORD, NEW_PASSWORD + "x", ["again"]),
        (PASSWORD, "pendek", "pendek", ["password"]),
        (PASSWORD, PASSWORD, PASSWORD, ["password"]),
        ("salah", "pendek", "beda", ["password", "present", "again"]),
    ],
)
def test_a_new_password_is_checked(door, present, new, again, at):
    before = digest(door.database)
    with pytest.raises(Invalid) as invalid:
        door.new_password(present, new, again)
    assert fields(invalid) == at
    after = digest(door.database)
    wrong = {"audit", "sign_in_failure"} if present != PASSWORD else set()
    assert {name for name in after if after[name] != before[name]} == wrong


def test_who_guesses_the_present_password_must_wait(door):
    for _n in range(10):
        with pytest.raises(Invalid):
            door.new_password("tebak", NEW_PASSWORD, NEW_PASSWORD)
    assert (door.newest_line().deed, door.newest_line().reason) == ("accounts.refused", "accounts.password")
    with pytest.raises(action.TooMany):
        door.new_password(PASSWORD, NEW_PASSWORD, NEW_PASSWORD)
    with pytest.raises(action.TooMany):
        door.sign_in()


def test_no_password_is_hashed_while_writers_wait(door, monkeypatch):
    def writable(real):
        def look(*given):
            with door.database.writing():  # another writer would wait here for ever
                return real(*given)

        return look

    for name in ("matches", "hash_password"):
        monkeypatch.setattr(action, name, writable(getattr(action, name)))
    assert door.sign_in() is not None
    door.new_password(PASSWORD, NEW_PASSWORD, NEW_PASSWORD)
    assert door.sign_in(password=NEW_PASSWORD) is not None


# --- the staff ----------------------------------------------------------------------------------

NEWCOMER = Account(0, "Budi.S", "Budi S.", CLERK, points=frozenset({people.NGORO, people.PUNGGING}))


def test_a_new_account_signs_in_with_its_code_and_must_change_it(door):
    code = door.add(NEWCOMER)
    assert len(code) == 19
    found = door.find("budi.s")
    assert (found.role, found.must_change, found.active) == (CLERK, True, True)
    assert found.points == NEWCOMER.points
    assert found.kecamatan == {"35.16.05", "35.16.06"}
    assert door.sign_in("budi.s", code) is not None
    door.new_password(code, NEW_PASSWORD, NEW_PASSWORD, found)
    assert door.find("budi.s").must_change is False
    assert door.sign_in("budi.s", code) is None
    assert len({action.one_time_code() for _n in range(50)}) == 50


@pytest.mark.parametrize(
    ("record", "at"),
    [
        (replace(NEWCOMER, username="ngoro"), ["username"]),
        (replace(NEWCOMER, username="a b"), ["username"]),
        (replace(NEWCOMER, points=frozenset()), ["points"]),
        (replace(NEWCOMER, points=frozenset({"kec-99.99.99"})), ["points"]),
        (replace(NEWCOMER, role=LIAISON), ["places"]),
        (replace(NEWCOMER, role=LIAISON, places=frozenset({"npsn-00000000"})), ["places"]),
        (replace(NEWCOMER, role="raja", name=""), ["name", "role"]),
        (replace(NEWCOMER, phone="0812 3456 7890 1234 5678"), ["phone"]),
        (replace(NEWCOMER, phone="3516051203070001"), ["phone"]),
    ],
)
def test_an_unsound_account_is_refused(door, record, at):
    before = digest(door.database)
    with pytest.raises(Invalid) as invalid:
        door.add(record)
    assert fields(invalid) == at
    assert digest(door.database) == before


def test_a_role_carries_only_the_scope_it_needs(door):
    door.add(replace(NEWCOMER, role=READER, places=frozenset({people.SCHOOL})))
    found = door.find("budi.s")
    assert (found.points, found.places, found.sees_district) == (frozenset(), frozenset(), True)


@pytest.mark.parametrize(
    "changed",
    [
        replace(people.clerk, role=READER),
        replace(people.clerk, points=frozenset({people.PUNGGING})),
        replace(people.clerk, active=False),
    ],
    ids=["role", "scope", "state"],
)
def test_a_changed_role_scope_or_state_ends_the_sessions(door, changed):
    token, _found = door.sign_in()
    door.change(changed)
    assert door.session(token) is None
    found = door.find("ngoro")
    assert (found.role, found.active) == (changed.role, changed.active)
    assert found.points == (changed.points if changed.role == CLERK else frozenset())
    line = door.newest_line()
    assert (line.deed, line.object_id) == ("accounts.change", "ngoro")
    assert line.changes


def test_a_disabled_account_does_not_sign_in(door):
    door.change(replace(people.clerk, active=False))
    assert door.sign_in() is None
    door.change(replace(people.clerk, version=2))
    assert door.sign_in() is not None


def test_an_older_form_does_not_open_a_closed_account(door):
    door.change(replace(people.clerk, active=False))
    before = digest(door.database)
    with pytest.raises(Conflict) as conflict:
        door.change(replace(people.clerk, name="Baru"))
    assert (conflict.value.kept.active, conflict.value.kept.version) == (False, 2)
    assert digest(door.database) == before


def test_a_new_telephone_is_written_down_and_outdates_remembered_pages(door):
    with door.database.reading() as tx:
        before = ledger.versions(tx)
    door.change(replace(people.clerk, phone="0800-1"))
    assert door.newest_line().changes == {"phone": ["0800-000-000", "0800-1"]}
    with door.database.reading() as tx:
        assert ledger.versions(tx) != before


@pytest.mark.parametrize("who", [p for p in people.CAST if p is not people.administrator], ids=lambda p: p.username)
def test_only_an_administrator_changes_accounts(door, who):
    before = digest(door.database)
    with pytest.raises(NotPermitted):
        door.change(replace(people.clerk, role=SUPERVISOR), who)
    with pytest.raises(NotPermitted):
        door.add(NEWCOMER, who)
    with pytest.raises(NotPermitted):
        door.reset("admin", who)
    assert digest(door.database) == before


def test_nobody_takes_the_own_keys_away(door):
    for changed in (
        replace(people.administrator, role=SUPERVISOR),
        replace(people.administrator, active=False),
    ):
        with pytest.raises(Invalid):
            door.change(changed)
    with pytest.raises(Unknown):
        door.change(replace(people.clerk, id=999))
    door.change(replace(people.administrator, name="Admin Baru"))
    assert door.find("admin").name == "Admin Baru"


def test_a_user_name_stays(door):
    door.change(replace(people.clerk, username="admin2"))
    assert door.find("ngoro").id == people.clerk.id
    assert door.find("admin2") is None


def test_a_reset_gives_a_code_and_ends_the_sessions(door):
    token, _found = door.sign_in()
    code = door.reset("ngoro")
    assert door.session(token) is None
    assert door.sign_in() is None
    assert door.sign_in(password=code)[1].must_change
    with pytest.raises(Unknown):
        door.reset("nobody")


def test_only_the_caretaker_may_without_an_account(door):
    with door.database.writing() as tx:
        assert action.reset(tx, ledger.Hand(None, "caretaker", NOW), "ngoro")
    with pytest.raises(AssertionError), door.database.writing() as tx:
        action.reset(tx, people.sending(people.clerk).hand, "ngoro")
