"""Accounts, their scope, sign-ins and forms kept for somebody whose session ended."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from ..domain.accounts import CLERK, Account, LoginSession
from .database import Tx
from .ledger import AREAS
from .prepared import Prepared
from .tables import (
    account,
    account_scope,
    audit,
    data_version,
    kept_form,
    login_session,
    service_point,
    sign_in_failure,
)

POINT = "point"
PLACE = "place"
KEPT_FOR = timedelta(days=1)


_SCOPE = (
    select(
        func.string_agg(
            account_scope.c.kind + ":" + account_scope.c.code + ":" + func.coalesce(service_point.c.kecamatan_code, ""),
            ",",
        )
    )
    .outerjoin(service_point, service_point.c.code == account_scope.c.code)
    .where(account_scope.c.account_id == account.c.id)
    .correlate(account)
    .scalar_subquery()
)
_ACCOUNT = (
    account.c.id.label("account_id"),
    account.c.username,
    account.c.name,
    account.c.role,
    account.c.phone,
    account.c.active,
    account.c.must_change,
    account.c.version,
    _SCOPE.label("scope"),
)


def _account(row: Any) -> Account:
    scope = [part.split(":") for part in row.scope.split(",")] if row.scope else []
    return Account(
        row.account_id,
        row.username,
        row.name,
        row.role,
        frozenset(code for kind, code, _kecamatan in scope if kind == POINT),
        frozenset(code for kind, code, _kecamatan in scope if kind == PLACE),
        frozenset(kecamatan for kind, _code, kecamatan in scope if kind == POINT and kecamatan),
        row.phone,
        bool(row.active),
        bool(row.must_change),
        row.version,
    )


def find(tx: Tx, username: str) -> Account | None:
    """The account with this user name."""
    row = tx.execute(select(*_ACCOUNT).where(account.c.username == username)).one_or_none()
    return None if row is None else _account(row)


def by_id(tx: Tx, account_id: int) -> Account | None:
    """The account with this id."""
    row = tx.execute(select(*_ACCOUNT).where(account.c.id == account_id)).one_or_none()
    return None if row is None else _account(row)


def everyone(tx: Tx) -> list[Account]:
    """All accounts by role and name."""
    rows = tx.execute(select(*_ACCOUNT).order_by(account.c.role, account.c.username)).all()
    return [_account(row) for row in rows]


def names_of(tx: Tx, usernames: Iterable[str]) -> dict[str, str]:
    """User name → name, of those that have an account."""
    query = select(account.c.username, account.c.name).where(account.c.username.in_(set(usernames)))
    return {row.username: row.name for row in tx.execute(query)}


def clerks_of(tx: Tx, points: Iterable[str]) -> dict[str, Account]:
    """For each point one clerk to call: the first by user name."""
    query = (
        select(*_ACCOUNT, account_scope.c.code)
        .join(account_scope, account_scope.c.account_id == account.c.id)
        .where(
            account.c.role == CLERK,
            account.c.active == 1,
            account_scope.c.kind == POINT,
            account_scope.c.code.in_(list(points)),
        )
        .order_by(account.c.username.desc())
    )
    return {
        row.code: Account(row.account_id, row.username, row.name, row.role, phone=row.phone)
        for row in tx.execute(query)
    }


def password_hash(tx: Tx, account_id: int) -> str:
    """The Argon2id hash of an account's password."""
    query = select(account.c.password_hash).where(account.c.id == account_id)
    hashed: str = tx.execute(query).scalar_one()
    return hashed


def add(tx: Tx, record: Account, hashed: str, at: datetime) -> int:
    """Keep a new account; returns its id."""
    values = {
        "username": record.username,
        "name": record.name,
        "role": record.role,
        "phone": record.phone,
        "password_hash": hashed,
        "must_change": int(record.must_change),
        "active": 1,
        "created_at": at,
        "version": 1,
    }
    account_id: int = tx.execute(insert(account).values(values).returning(account.c.id)).scalar_one()
    _set_scope(tx, account_id, record)
    return account_id


def _set_scope(tx: Tx, account_id: int, record: Account) -> None:
    tx.execute(delete(account_scope).where(account_scope.c.account_id == account_id))
    rows = [{"account_id": account_id, "kind": POINT, "code": code} for code in sorted(record.points)]
    rows += [{"account_id": account_id, "kind": PLACE, "code": code} for code in sorted(record.places)]
    if rows:
        tx.execute(insert(account_scope), rows)


def change(tx: Tx, record: Account) -> bool:
    """Keep an account's name, role, telephone, state and scope as given; False when it is at another version."""
    changed = tx.execute(
        update(account)
        .where(account.c.id == record.id, account.c.version == record.version)
        .values(
            name=record.name,
            role=record.role,
            phone=record.phone,
            active=int(record.active),
            version=record.version + 1,
        )
    )
    if changed.rowcount != 1:
        return False
    _set_scope(tx, record.id, record)
    return True


def set_password(tx: Tx, account_id: int, hashed: str, *, must_change: bool) -> None:
    """Replace an account's password."""
    tx.execute(
        update(account).where(account.c.id == account_id).values(password_hash=hashed, must_change=int(must_change))
    )


# --- sessions -----------------------------------------------------------------------------------

_SESSION = Prepared(
    select(
        login_session.c.id,
        login_session.c.created_at,
        login_session.c.seen_at,
        *_ACCOUNT,
        *(
            select(data_version.c.value).where(data_version.c.area == area).scalar_subquery().label(area)
            for area in AREAS
        ),
    )
    .join(account, account.c.id == login_session.c.account_id)
    .where(
        login_session.c.ended_at.is_(None),
        account.c.active == 1,
        login_session.c.token_hash == bindparam("token_hash"),
    )
)
"""Who asks, and how fresh the data is, in one question: every page begins with it."""


def find_session(tx: Tx, token_hash: str) -> tuple[LoginSession, dict[str, int]] | None:
    """The session of a token, with the present data versions, if it was not ended and the account is active.

    Whether it has expired is the caller's question.
    """
    row = _SESSION.row(tx, {"token_hash": token_hash})
    if row is None:
        return None
    versions = {area: getattr(row, area) for area in AREAS}
    return LoginSession(row.id, _account(row), row.created_at, row.seen_at), versions


def sessions_of(tx: Tx, account_id: int) -> list[Any]:
    """Open sessions of a person, newest first: id, created_at, seen_at, agent."""
    query = (
        select(login_session.c.id, login_session.c.created_at, login_session.c.seen_at, login_session.c.agent)
        .where(login_session.c.account_id == account_id, login_session.c.ended_at.is_(None))
        .order_by(login_session.c.id.desc())
    )
    return list(tx.execute(query))


def open_session(tx: Tx, account_id: int, token_hash: str, at: datetime, agent: str) -> None:
    """Remember that a browser signed in."""
    tx.execute(
        insert(login_session).values(
            token_hash=token_hash, account_id=account_id, created_at=at, seen_at=at, agent=agent[:120]
        )
    )


def see_session(tx: Tx, session_id: int, at: datetime) -> None:
    """Note that a session is in use."""
    tx.execute(update(login_session).where(login_session.c.id == session_id).values(seen_at=at))


def end_sessions(tx: Tx, account_id: int, at: datetime, *, only: int | None = None) -> None:
    """End a person's sessions: all, or ``only`` one."""
    query = update(login_session).where(login_session.c.account_id == account_id, login_session.c.ended_at.is_(None))
    if only is not None:
        query = query.where(login_session.c.id == only)
    tx.execute(query.values(ended_at=at))


# --- failed sign-ins ----------------------------------------------------------------------------


def failures(
    tx: Tx, since: datetime, *, name_mark: str | None = None, address: str | None = None
) -> Sequence[datetime]:
    """Moments of failed sign-ins after ``since`` for a name, an address, or a name from an address."""
    query = select(sign_in_failure.c.at).where(sign_in_failure.c.at > since)
    if name_mark is not None:
        query = query.where(sign_in_failure.c.name_mark == name_mark)
    if address is not None:
        query = query.where(sign_in_failure.c.address == address)
    return list(tx.execute(query).scalars())


def keep_failure(tx: Tx, name_mark: str, address: str, at: datetime) -> int:
    """Count an attempt as failed and return its number; counts older than a day are let go."""
    tx.execute(delete(sign_in_failure).where(sign_in_failure.c.at < at - timedelta(days=1)))
    values = {"at": at, "name_mark": name_mark, "address": address}
    number: int = tx.execute(insert(sign_in_failure).values(values).returning(sign_in_failure.c.id)).scalar_one()
    return number


def take_failure_back(tx: Tx, number: int) -> None:
    """The attempt was a good one after all."""
    tx.execute(delete(sign_in_failure).where(sign_in_failure.c.id == number))


def forget_failures(tx: Tx, name_mark: str, address: str) -> None:
    """A good sign-in clears the account's count at this address (the address keeps its own)."""
    tx.execute(
        update(sign_in_failure)
        .where(sign_in_failure.c.name_mark == name_mark, sign_in_failure.c.address == address)
        .values(name_mark="")
    )


def addresses_since(tx: Tx, username: str, since: datetime) -> Sequence[str]:
    """Addresses from which a person signed in after ``since``."""
    query = select(audit.c.address).where(
        audit.c.object_kind == "account",
        audit.c.object_id == username,
        audit.c.deed == "accounts.sign_in",
        audit.c.at > since,
    )
    return list(tx.execute(query.distinct()).scalars())


def refused_since(tx: Tx, username: str, deed: str, wanted: str, since: datetime) -> bool:
    """Whether such a refusal of this person was written down after ``since``."""
    query = select(audit.c.seq).where(
        audit.c.object_kind == "account",
        audit.c.object_id == username,
        audit.c.deed == deed,
        audit.c.reason == wanted,
        audit.c.at > since,
    )
    return tx.execute(query.limit(1)).one_or_none() is not None


# --- forms kept over an ended session -----------------------------------------------------------


def keep_form(tx: Tx, key: str, account_id: int, path: str, fields: Sequence[tuple[str, str]], at: datetime) -> None:
    """Keep what somebody typed, so that it can be shown again after signing in."""
    forget_forms(tx, at)
    tx.execute(insert(kept_form).values(code=key, account_id=account_id, path=path, fields=json.dumps(fields), at=at))


def forget_forms(tx: Tx, at: datetime) -> None:
    """Let go of kept forms that are older than a day."""
    tx.execute(delete(kept_form).where(kept_form.c.at <= at - KEPT_FOR))


def kept_fields(tx: Tx, key: str, account_id: int, path: str, at: datetime) -> list[tuple[str, str]] | None:
    """What this very person typed on this very page within the last day; None otherwise."""
    row = tx.execute(
        select(kept_form.c.fields).where(
            kept_form.c.code == key,
            kept_form.c.account_id == account_id,
            kept_form.c.path == path,
            kept_form.c.at > at - KEPT_FOR,
        )
    ).one_or_none()
    return None if row is None else [(name, value) for name, value in json.loads(row.fields)]


def number(tx: Tx) -> int:
    """How many accounts there are."""
    return tx.execute(select(func.count()).select_from(account)).scalar_one()
