"""Where kits were said to be."""

from datetime import datetime

from sqlalchemy import insert, select, update

from ..domain.diary import KitPlace
from .database import Tx
from .equipment import place_of
from .tables import account, kit, kit_place

_PLACE = select(kit_place, account.c.name.label("by")).join(account, account.c.id == kit_place.c.account_id)


def places(tx: Tx, kit_code: str) -> list[KitPlace]:
    """Every place of a kit, by its first day; what was taken back is not among them."""
    query = _PLACE.where(kit_place.c.kit_code == kit_code, kit_place.c.withdrawn_at.is_(None))
    return [place_of(row) for row in tx.execute(query.order_by(kit_place.c.valid_from, kit_place.c.id))]


def find(tx: Tx, kit_code: str, place_id: int) -> KitPlace | None:
    """One place of a kit, even when it was taken back."""
    row = tx.execute(_PLACE.where(kit_place.c.kit_code == kit_code, kit_place.c.id == place_id)).one_or_none()
    return None if row is None else place_of(row)


def add(tx: Tx, place: KitPlace, account_id: int, at: datetime) -> int:
    """Keep a place; returns its id."""
    values = {
        "kit_code": place.kit_code,
        "kind": place.kind,
        "point_code": place.point_code,
        "place_code": place.place_code,
        "holder": place.holder,
        "valid_from": place.valid_from,
        "valid_to": place.valid_to,
        "note": place.note,
        "account_id": account_id,
        "at": at,
    }
    place_id: int = tx.execute(insert(kit_place).values(values).returning(kit_place.c.id)).scalar_one()
    return place_id


def withdraw(tx: Tx, place_id: int, at: datetime) -> bool:
    """Take a place back; False when that was done already."""
    query = update(kit_place).where(kit_place.c.id == place_id, kit_place.c.withdrawn_at.is_(None))
    return tx.execute(query.values(withdrawn_at=at)).rowcount == 1


def belong_to(tx: Tx, kit_code: str, point_code: str) -> None:
    """From now on a kit belongs to this point."""
    tx.execute(update(kit).where(kit.c.code == kit_code).values(point_code=point_code))
