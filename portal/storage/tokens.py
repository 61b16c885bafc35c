"""Keys of other programs: what each may read, of which area, until when. Only the SHA-256 of each is kept."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, func, insert, select, update

from ..domain.tokens import Scope, Token
from . import ledger
from .database import Tx
from .ledger import AREAS
from .tables import account, api_token, audit, data_version

KIND = "api_token"
READ = "api.read"
"""The ledger's kind of a token, and the deed under which what it took is written down."""

_TOKEN = select(api_token, account.c.name.label("maker")).join(account, account.c.id == api_token.c.account_id)
_BY_HASH = select(
    api_token,
    account.c.name.label("maker"),
    *(select(data_version.c.value).where(data_version.c.area == area).scalar_subquery().label(area) for area in AREAS),
).join(account, account.c.id == api_token.c.account_id)
_BY_HASH = _BY_HASH.where(api_token.c.token_hash == bindparam("token_hash"))
"""What a key opens, and how fresh the data is, in one question: every answer begins with it."""

_LAST_READS = (
    select(audit.c.object_id, func.max(audit.c.at).label("at"))
    .where(audit.c.object_kind == KIND, audit.c.deed == READ)
    .group_by(audit.c.object_id)
)


def _token(row: Any) -> Token:
    return Token(
        row.id,
        row.name,
        row.purpose,
        Scope(row.scope_kind, row.scope_code),
        frozenset(row.resources.split(",")),
        row.expires_at,
        row.made_at,
        row.maker,
        row.revoked_at,
    )


def find(tx: Tx, token_hash: str) -> tuple[Token, dict[str, int]] | None:
    """The token with this SHA-256, also one that ended, with the present data versions."""
    row = tx.execute(_BY_HASH, {"token_hash": token_hash}).one_or_none()
    return None if row is None else (_token(row), {area: row._mapping[area] for area in AREAS})


def by_id(tx: Tx, token_id: int) -> Token | None:
    """One token, also one that ended."""
    row = tx.execute(_TOKEN.where(api_token.c.id == token_id)).one_or_none()
    return None if row is None else _token(row)


def newest(tx: Tx, limit: int) -> list[Token]:
    """The tokens made last, the newest first."""
    return [_token(row) for row in tx.execute(_TOKEN.order_by(api_token.c.id.desc()).limit(limit))]


def last_reads(tx: Tx) -> dict[int, datetime]:
    """Token → when the ledger last says that it took something: right to the day, as a day is noted once."""
    return {int(row.object_id): row.at for row in tx.execute(_LAST_READS)}


def add(tx: Tx, record: Token, token_hash: str, account_id: int) -> int:
    """Keep a new token; returns its id."""
    values = {
        "name": record.name,
        "purpose": record.purpose,
        "scope_kind": record.scope.kind,
        "scope_code": record.scope.code,
        "resources": ",".join(sorted(record.resources)),
        "token_hash": token_hash,
        "expires_at": record.expires_at,
        "account_id": account_id,
        "made_at": record.made_at,
    }
    token_id: int = tx.execute(insert(api_token).values(values).returning(api_token.c.id)).scalar_one()
    return token_id


def revoke(tx: Tx, token_id: int, at: datetime) -> bool:
    """End a token; False when it was ended already."""
    query = update(api_token).where(api_token.c.id == token_id, api_token.c.revoked_at.is_(None))
    return tx.execute(query.values(revoked_at=at)).rowcount == 1


def read_since(tx: Tx, token_id: int, resource: str, since: datetime) -> bool:
    """Whether the ledger says that a token took these data at ``since`` or later."""
    entry = exists().where(
        audit.c.object_kind == KIND,
        audit.c.object_id == str(token_id),
        audit.c.deed == READ,
        audit.c.reason == resource,
        audit.c.at >= since,
    )
    return bool(tx.execute(select(entry)).scalar())


def note_read(tx: Tx, hand: ledger.Hand, token_id: int, resource: str) -> None:
    """Write into the ledger that a token took these data."""
    ledger.note(tx, hand, READ, KIND, str(token_id), reason=resource)
