"""Secret addresses under which a person's calendar program reads their visits. Only the SHA-256 of each is kept."""

from datetime import datetime

from sqlalchemy import insert, select, update

from ..domain.accounts import Account
from . import accounts
from .database import Tx
from .tables import calendar_feed


def add(tx: Tx, account_id: int, token_hash: str, at: datetime) -> None:
    """Keep a new feed."""
    tx.execute(insert(calendar_feed).values(account_id=account_id, token_hash=token_hash, made_at=at))


def made_at(tx: Tx, account_id: int) -> datetime | None:
    """Since when a person's feed stands; None when there is none."""
    query = select(calendar_feed.c.made_at).where(
        calendar_feed.c.account_id == account_id, calendar_feed.c.revoked_at.is_(None)
    )
    return tx.execute(query.order_by(calendar_feed.c.id.desc()).limit(1)).scalar()


def revoke(tx: Tx, account_id: int, at: datetime) -> bool:
    """End every feed of a person; False when there was none."""
    query = (
        update(calendar_feed)
        .where(calendar_feed.c.account_id == account_id, calendar_feed.c.revoked_at.is_(None))
        .values(revoked_at=at)
    )
    return tx.execute(query).rowcount > 0


def owner(tx: Tx, token_hash: str) -> Account | None:
    """Whose feed this is, with their area as it is now; None for a revoked one and for whoever may not sign in."""
    query = select(calendar_feed.c.account_id).where(
        calendar_feed.c.token_hash == token_hash, calendar_feed.c.revoked_at.is_(None)
    )
    account_id = tx.execute(query).scalar()
    found = accounts.by_id(tx, account_id) if account_id is not None else None
    return found if found is not None and found.active else None
