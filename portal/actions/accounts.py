"""Signing in and out, passwords, and who is on the staff."""

import hashlib
import hmac
import secrets
from contextlib import suppress
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from msgspec import Struct
from msgspec.structs import replace

from ..domain.accounts import (
    ADMINISTRATOR,
    CLERK,
    LIAISON,
    THROTTLE_ACCOUNT,
    THROTTLE_ADDRESS,
    THROTTLE_ANYWHERE,
    THROTTLE_KNOWN,
    THROTTLE_WINDOW,
    Account,
    LoginSession,
    check_account,
    check_password,
    require,
    sign_in_wait,
    throttle_address,
)
from ..domain.areas import Office
from ..domain.audit import difference
from ..domain.problems import STALE, Conflict, Invalid, Problem, Unknown, _
from ..domain.submissions import Submission
from ..storage import accounts, areas, feeds, ledger
from ..storage.database import Database, Tx, Unavailable
from .sending import Sender, once

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODYS_HASH = "$argon2id$v=19$m=19456,t=2,p=1$zRaPcD9f/Lx/JozsVe358g$umoOiUohXtuTzy+AS41AvHBUv1IHJ6K2u9yeixxNCSk"
"""The hash of a password nobody knows, so that an unknown user name takes as long to refuse as a known one."""

KIND = "account"
REFUSALS_EVERY = timedelta(minutes=1)
CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


class TooMany(Exception):
    """Too many failed sign-ins; ``seconds`` until the next may be tried."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def hash_password(password: str) -> str:
    """Argon2id with 19 MiB, two rounds (OWASP)."""
    return _hasher.hash(password)


def token_hash(token: str) -> str:
    """What is stored of a session's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def matches(hashed: str, password: str) -> bool:
    """Whether a password is the one that was hashed."""
    try:
        return _hasher.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


UNKNOWN = "tidak dikenal"
"""What is written down for a user name that does not exist: people type passwords and numbers there."""


class Throttle(Struct, frozen=True):
    """Failures are counted for a name, which only ``key`` tells from another, at an address, up to ``at``."""

    key: str
    username: str
    address: str
    at: datetime

    @property
    def name_mark(self) -> str:
        """What is stored of the name."""
        return hmac.new(self.key.encode(), f"sign-in {self.username}".encode(), hashlib.sha256).hexdigest()

    def attempt(self, tx: Tx) -> int:
        """Count an attempt as failed before it is tried, so that a burst cannot overshoot; raises TooMany."""
        address, since = throttle_address(self.address), self.at - THROTTLE_WINDOW
        counted = [
            (THROTTLE_ACCOUNT, accounts.failures(tx, since, name_mark=self.name_mark, address=address)),
            (THROTTLE_ADDRESS, accounts.failures(tx, since, address=address)),
        ]
        lately = accounts.addresses_since(tx, self.username, self.at - THROTTLE_KNOWN)
        if address not in map(throttle_address, lately):
            counted.append((THROTTLE_ANYWHERE, accounts.failures(tx, since, name_mark=self.name_mark)))
        wait = max(sign_in_wait(failures, limit, self.at) for limit, failures in counted)
        if wait:
            raise TooMany(int(wait.total_seconds()) + 1)
        return accounts.keep_failure(tx, self.name_mark, address, self.at)

    def succeeded(self, tx: Tx, attempt: int) -> None:
        """Take the counted attempt back, and those before it."""
        accounts.take_failure_back(tx, attempt)
        accounts.forget_failures(tx, self.name_mark, throttle_address(self.address))


def note_refusal(tx: Tx, hand: ledger.Hand, deed: str, wanted: str, what: str = "") -> None:
    """Write a refusal down, at most once a minute for each account and deed that was wanted."""
    if not accounts.refused_since(tx, hand.username, deed, wanted, hand.at - REFUSALS_EVERY):
        changes = {"wanted": (None, what)} if what else {}
        ledger.note(tx, hand, deed, "account", hand.username, changes, wanted)


def _note_throttled(database: Database, hand: ledger.Hand, wanted: str) -> None:
    with suppress(Unavailable), database.writing() as tx:  # a full disk must not change the answer
        note_refusal(tx, hand, "refused.throttle", wanted)


def sign_in(
    database: Database,
    key: str,
    username: str,
    password: str,
    at: datetime,
    address: str,
    agent: str,
    request_id: str,
    replaced: LoginSession | None = None,
) -> tuple[str, Account] | None:
    """A new session's token and its account; None when user name or password is wrong (never saying which).

    Opens its own transactions, as ``change_own_password`` does: a failure must be kept, and hashing takes too long
    to hold the writers up. Raises TooMany after too many failures for the account or the address. ``replaced`` is
    the session this browser had until now; it ends.
    """
    username = "".join(c if c.isprintable() else "\ufffd" for c in username.strip().lower()[:40])
    throttle = Throttle(key, username, address, at)
    with database.reading() as tx:
        found = accounts.find(tx, username)
        hashed = accounts.password_hash(tx, found.id) if found else _NOBODYS_HASH
    name = found.username if found else UNKNOWN
    hand = ledger.Hand(found.id if found else None, name, at, address, request_id)
    try:
        with database.writing() as tx:
            attempt = throttle.attempt(tx)
    except TooMany:
        _note_throttled(database, hand, "accounts.sign_in")
        raise
    good = matches(hashed, password[:1000])
    with database.writing() as tx:
        found = accounts.find(tx, username)  # as it is now: it may have been closed or reset meanwhile
        if not good or found is None or not found.active or accounts.password_hash(tx, found.id) != hashed:
            ledger.note(tx, hand, "accounts.refused", "account", name)
            return None
        throttle.succeeded(tx, attempt)
        accounts.forget_forms(tx, at)
        if replaced is not None:
            accounts.end_sessions(tx, replaced.account.id, at, only=replaced.id)
        token = secrets.token_urlsafe(32)
        accounts.open_session(tx, found.id, token_hash(token), at, agent)
        ledger.note(tx, hand, "accounts.sign_in", "account", name)
    return token, found


def sign_out(tx: Tx, sender: Sender, session_id: int) -> None:
    """End one of the person's own sessions."""
    accounts.end_sessions(tx, sender.account.id, sender.at, only=session_id)
    ledger.note(tx, sender.hand, "accounts.sign_out", "account", sender.account.username)


def change_own_password(
    database: Database, key: str, sender: Sender, agent: str, present: str, new: str, again: str
) -> str:
    """Replace one's own password; every session of the account ends. The token of a new one, because somebody may
    have copied the cookie of this very browser. Raises Invalid, or TooMany as ``sign_in``.

    Opens its own transactions, as ``sign_in`` does.
    """
    require(sender.account, "accounts.own")
    person, at = sender.account, sender.at
    throttle = Throttle(key, person.username, sender.address, at)
    try:
        with database.writing() as tx:
            attempt = throttle.attempt(tx)
            hashed = accounts.password_hash(tx, person.id)
    except TooMany:
        _note_throttled(database, sender.hand, "accounts.password")
        raise
    good = matches(hashed, present[:1000])
    problems = check_password(new, person.username)
    if not good:
        problems.append(Problem("present", _("Sandi sekarang tidak cocok.")))
    if new != again:
        problems.append(Problem("again", _("Kedua sandi baru tidak sama.")))
    if not problems and new == present:
        problems.append(Problem("password", _("Sandi baru harus lain dari yang sekarang.")))
    fresh = "" if problems else hash_password(new)
    token = secrets.token_urlsafe(32)
    with database.writing() as tx:
        if not problems and accounts.password_hash(tx, person.id) != hashed:
            problems.append(Problem("present", _("Sandi sekarang tidak cocok.")))
        if good:
            throttle.succeeded(tx, attempt)
        else:
            ledger.note(tx, sender.hand, "accounts.refused", "account", person.username, reason="accounts.password")
        if not problems:
            accounts.set_password(tx, person.id, fresh, must_change=False)
            accounts.end_sessions(tx, person.id, at)
            accounts.open_session(tx, person.id, token_hash(token), at, agent)
            ledger.note(tx, sender.hand, "accounts.password", "account", person.username)
    if problems:
        raise Invalid(problems)
    return token


def one_time_code() -> str:
    """A code to print on a slip: 16 letters without look-alikes, 80 bits."""
    return "-".join("".join(secrets.choice(CODE_LETTERS) for _n in range(4)) for _group in range(4))


def _fresh_code() -> tuple[str, str]:
    code = one_time_code()
    return code, hash_password(code)


def _check(tx: Tx, office: Office, record: Account) -> Account:
    record = replace(
        record,
        points=record.points if record.role == CLERK else frozenset(),
        places=record.places if record.role == LIAISON else frozenset(),
    )
    problems = check_account(record.username, record.name, record.role, record.points, record.places, record.phone)
    if not record.points <= office.points.keys():
        problems.append(Problem("points", _("Titik layanan tidak dikenal.")))
    if record.places and len(areas.places(tx, codes=sorted(record.places))) != len(record.places):
        problems.append(Problem("places", _("Sekolah tidak dikenal.")))
    if problems:
        raise Invalid(problems)
    return record


def _permitted(tx: Tx, by: Sender | ledger.Hand) -> ledger.Hand:
    """A person may if the role says so, as it is now: of two administrators who take each other's role away at once,
    one keeps his. The caretaker at the machine, who is nobody's account, may anyway."""
    if isinstance(by, Sender):
        require(accounts.by_id(tx, by.account.id) or by.account, "accounts.manage")
        return by.hand
    assert by.account_id is None
    return by


def add(tx: Tx, by: Sender | ledger.Hand, office: Office, record: Account, made: tuple[str, str] | None = None) -> str:
    """Keep a new account and return its one-time code, which must be changed at the first sign-in.

    ``made`` is a code with its hash that was made before, where many are kept in one transaction.
    """
    hand = _permitted(tx, by)
    record = _check(tx, office, replace(record, username=record.username.strip().lower(), must_change=True))
    if accounts.find(tx, record.username) is not None:
        raise Invalid([Problem("username", _("Nama pengguna ini sudah dipakai."))])
    code, hashed = made or _fresh_code()
    accounts.add(tx, record, hashed, hand.at)
    ledger.touch(tx, ledger.DATA)
    ledger.note(tx, hand, "accounts.add", "account", record.username, difference({}, _shown(record)))
    return code


def add_once(tx: Tx, sender: Sender, office: Office, submission_id: str, record: Account) -> tuple[Submission, str]:
    """Keep a new account: (receipt for its number, its one-time code). Sent again, the receipt is the same and there is
    no code (""): it is told once, and only its hash is kept."""
    _permitted(tx, sender)
    code = ""

    def make() -> str:
        nonlocal code
        code = add(tx, sender, office, record)
        made = accounts.find(tx, record.username.strip().lower())
        assert made is not None
        return str(made.id)

    said = {"username": record.username, **_shown(record)}
    sent = once(tx, sender, submission_id, KIND, said, make, touched=())
    return sent, code


def _shown(record: Account) -> dict[str, object]:
    return {
        "name": record.name,
        "role": record.role,
        "phone": record.phone,
        "points": record.points,
        "places": record.places,
        "active": record.active,
    }


def change(tx: Tx, sender: Sender, office: Office, record: Account) -> None:
    """Change an account's name, role, telephone, scope or state; with another role, scope or state its sessions end,
    and when it is closed its calendar address too. What stands already is not changed, and nobody is sent out.

    Nobody changes his own role or state. Raises Unknown, Invalid, or Conflict(STALE) with the account as it stands
    when ``record`` is of another version.
    """
    hand = _permitted(tx, sender)
    kept = accounts.by_id(tx, record.id)
    if kept is None:
        raise Unknown(record.id)
    record = _check(tx, office, replace(record, username=kept.username))
    if kept.id == sender.account.id and (record.role != ADMINISTRATOR or not record.active):
        raise Invalid([Problem("role", _("Peran dan keadaan akun sendiri diubah oleh administrator lain."))])
    changes = difference(_shown(kept), _shown(record))
    if not changes:  # the same form, sent twice
        return
    if kept.version != record.version or not accounts.change(tx, record):
        raise Conflict(STALE, kept)
    if changes.keys() - {"name", "phone"}:
        accounts.end_sessions(tx, record.id, hand.at)
    if not record.active:
        _end_feed(tx, hand, record.id)
    ledger.touch(tx, ledger.DATA)
    ledger.note(tx, hand, "accounts.change", "account", kept.username, changes)


def _end_feed(tx: Tx, hand: ledger.Hand, account_id: int) -> None:
    """End a person's calendar address for good: it must not open again with the account."""
    if feeds.revoke(tx, account_id, hand.at):
        ledger.note(tx, hand, "feeds.revoke", "feed", str(account_id))


def reset(tx: Tx, by: Sender | ledger.Hand, username: str) -> str:
    """Give an account a new one-time code; its sessions and its calendar address end."""
    hand = _permitted(tx, by)
    kept = accounts.find(tx, username)
    if kept is None:
        raise Unknown(username)
    code = one_time_code()
    accounts.set_password(tx, kept.id, hash_password(code), must_change=True)
    accounts.end_sessions(tx, kept.id, hand.at)
    _end_feed(tx, hand, kept.id)
    ledger.note(tx, hand, "accounts.reset", "account", username)
    return code
