"""The store of spares and consumables: what is kept there, and every movement."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from ..domain.spares import SpareItem, SpareMove
from .database import Tx
from .tables import account, spare_item, spare_move

_BALANCE = (
    select(func.coalesce(func.sum(spare_move.c.quantity), 0))
    .where(spare_move.c.item_id == spare_item.c.id)
    .correlate(spare_item)
    .scalar_subquery()
    .label("balance")
)
_ITEMS = select(spare_item, _BALANCE).where(spare_item.c.active == 1).order_by(spare_item.c.kind, spare_item.c.name)


def _item(row: Any) -> SpareItem:
    return SpareItem(row.id, row.name, row.kind, row.unit, row.low_limit, int(row.balance), row.version)


def items(tx: Tx) -> list[SpareItem]:
    """Everything kept in the store, with how many there are."""
    return [_item(row) for row in tx.execute(_ITEMS)]


def find(tx: Tx, item_id: int) -> SpareItem | None:
    """One thing of the store."""
    row = tx.execute(_ITEMS.where(spare_item.c.id == item_id)).one_or_none()
    return None if row is None else _item(row)


def named(tx: Tx, name: str) -> int | None:
    """The id of what has this name, whatever its capitals."""
    query = select(spare_item.c.id).where(func.lower(spare_item.c.name) == name.lower())
    found: int | None = tx.execute(query.limit(1)).scalar()
    return found


def add(tx: Tx, name: str, kind: str, unit: str, low_limit: int) -> int:
    """Keep a new thing; returns its id."""
    values = {"name": name, "kind": kind, "unit": unit, "low_limit": low_limit, "version": 1}
    item_id: int = tx.execute(insert(spare_item).values(values).returning(spare_item.c.id)).scalar_one()
    return item_id


def set_limit(tx: Tx, kept: SpareItem, low_limit: int) -> bool:
    """Keep a new limit below which the thing must be ordered; False when somebody was faster."""
    query = update(spare_item).where(spare_item.c.id == kept.id, spare_item.c.version == kept.version)
    return tx.execute(query.values(low_limit=low_limit, version=kept.version + 1)).rowcount == 1


def move(tx: Tx, item_id: int, record: SpareMove, account_id: int, at: datetime) -> int:
    """Keep a movement; returns its id."""
    values = {
        "item_id": item_id,
        "kind": record.kind,
        "quantity": record.quantity,
        "day": record.day,
        "point_code": record.point_code,
        "kit_code": record.kit_code,
        "note": record.note,
        "at": at,
        "account_id": account_id,
    }
    move_id: int = tx.execute(insert(spare_move).values(values).returning(spare_move.c.id)).scalar_one()
    return move_id


def moves(tx: Tx, item_id: int, limit: int | None = 100) -> list[SpareMove]:
    """The newest movements of a thing, as they were written down, newest first."""
    query = (
        select(spare_move, account.c.name.label("by"))
        .join(account, account.c.id == spare_move.c.account_id)
        .where(spare_move.c.item_id == item_id)
        .order_by(spare_move.c.id.desc())
        .limit(limit)
    )
    return [
        SpareMove(r.id, r.kind, r.quantity, r.day, r.point_code, r.kit_code, r.note, r.at, r.by)
        for r in tx.execute(query)
    ]
