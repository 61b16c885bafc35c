"""Signing in and out, passwords, and who is on the staff."""

import hashlib
import secrets
from dataclasses import replace
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ..domain.accounts import (
    ADMINISTRATOR,
    CLERK,
    LIAISON,
    THROTTLE_ACCOUNT,
    THROTTLE_ADDRESS,
    THROTTLE_WINDOW,
    Account,
    check_account,
    check_password,
    require,
    sign_in_wait,
)
from ..domain.areas import Office
from ..domain.audit import difference
from ..domain.problems import Invalid, Problem, Unknown, _
from ..storage import accounts, areas, ledger
from ..storage.database import Database, Tx
from .sending import Sender

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_NOBODYS_HASH = "$argon2id$v=19$m=19456,t=2,p=1$zRaPcD9f/Lx/JozsVe358g$umoOiUohXtuTzy+AS41AvHBUv1IHJ6K2u9yeixxNCSk"
"""The hash of a password nobody knows, so that an unknown user name takes as long to refuse as a known one."""

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


def sign_in(
    database: Database, username: str, password: str, at: datetime, address: str, agent: str, request_id: str
) -> tuple[str, Account] | None:
    """A new session's token and its account; None when user name or password is wrong (never saying which).

    The one action that opens its own transactions: a failure must be kept, and hashing takes too long to hold the
    writers up. Raises TooMany after too many failures for the account or the address.
    """
    username = "".join(c if c.isprintable() else "\ufffd" for c in username.strip().lower()[:40])
    with database.reading() as tx:
        since = at - THROTTLE_WINDOW
        wait = max(
            sign_in_wait(accounts.failures(tx, since, username=username), THROTTLE_ACCOUNT, at)
            if username
            else sign_in_wait([], 1, at),
            sign_in_wait(accounts.failures(tx, since, address=address), THROTTLE_ADDRESS, at),
        )
        found = accounts.find(tx, username)
        hashed = accounts.password_hash(tx, found.id) if found else _NOBODYS_HASH
    if wait:
        raise TooMany(int(wait.total_seconds()) + 1)
    good = matches(hashed, password[:1000]) and found is not None and found.active
    hand = ledger.Hand(found.id if found else None, username, at, address, request_id)
    with database.writing() as tx:
        if not good or found is None:
            accounts.keep_failure(tx, username, address, at)
            ledger.note(tx, hand, "accounts.refused", "account", username)
            return None
        accounts.forget_failures(tx, username)
        token = secrets.token_urlsafe(32)
        accounts.open_session(tx, found.id, token_hash(token), at, agent)
        ledger.note(tx, hand, "accounts.sign_in", "account", username)
    return token, found


def sign_out(tx: Tx, sender: Sender, session_id: int) -> None:
    """End one of the person's own sessions."""
    accounts.end_sessions(tx, sender.account.id, sender.at, only=session_id)
    ledger.note(tx, sender.hand, "accounts.sign_out", "account", sender.account.username)


def change_own_password(tx: Tx, sender: Sender, session_id: int, present: str, new: str, again: str) -> None:
    """Replace one's own password; every other session of the account ends. Raises Invalid."""
    require(sender.account, "accounts.own")
    problems = check_password(new, sender.account.username)
    if not matches(accounts.password_hash(tx, sender.account.id), present):
        problems.append(Problem("present", _("Sandi sekarang tidak cocok.")))
    if new != again:
        problems.append(Problem("again", _("Kedua sandi baru tidak sama.")))
    if not problems and new == present:
        problems.append(Problem("password", _("Sandi baru harus lain dari yang sekarang.")))
    if problems:
        raise Invalid(problems)
    accounts.set_password(tx, sender.account.id, hash_password(new), must_change=False)
    accounts.end_sessions(tx, sender.account.id, sender.at, but=session_id)
    ledger.note(tx, sender.hand, "accounts.password", "account", sender.account.username)


def one_time_code() -> str:
    """A code to print on a slip: 16 letters without look-alikes, 80 bits."""
    return "-".join("".join(secrets.choice(CODE_LETTERS) for _n in range(4)) for _group in range(4))


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


def add(tx: Tx, hand: ledger.Hand, office: Office, record: Account) -> str:
    """Keep a new account and return its one-time code, which must be changed at the first sign-in."""
    record = _check(tx, office, replace(record, username=record.username.strip().lower(), must_change=True))
    if accounts.find(tx, record.username) is not None:
        raise Invalid([Problem("username", _("Nama pengguna ini sudah dipakai."))])
    code = one_time_code()
    accounts.add(tx, record, hash_password(code), hand.at)
    ledger.note(tx, hand, "accounts.add", "account", record.username, difference({}, _shown(record)))
    return code


def _shown(record: Account) -> dict[str, object]:
    return {
        "name": record.name,
        "role": record.role,
        "points": record.points,
        "places": record.places,
        "active": record.active,
    }


def change(tx: Tx, sender: Sender, office: Office, record: Account) -> None:
    """Change an account's name, role, scope or state; its sessions end. Nobody changes his own role or state."""
    require(sender.account, "accounts.manage")
    kept = accounts.by_id(tx, record.id)
    if kept is None:
        raise Unknown(record.id)
    record = _check(tx, office, replace(record, username=kept.username))
    if kept.id == sender.account.id and (record.role != ADMINISTRATOR or not record.active):
        raise Invalid([Problem("role", _("Peran dan keadaan akun sendiri diubah oleh administrator lain."))])
    accounts.change(tx, record)
    accounts.end_sessions(tx, record.id, sender.at)
    ledger.note(tx, sender.hand, "accounts.change", "account", kept.username, difference(_shown(kept), _shown(record)))


def reset(tx: Tx, hand: ledger.Hand, username: str) -> str:
    """Give an account a new one-time code; its sessions end. The caller has checked who asks."""
    kept = accounts.find(tx, username)
    if kept is None:
        raise Unknown(username)
    code = one_time_code()
    accounts.set_password(tx, kept.id, hash_password(code), must_change=True)
    accounts.end_sessions(tx, kept.id, hand.at)
    ledger.note(tx, hand, "accounts.reset", "account", username)
    return code
