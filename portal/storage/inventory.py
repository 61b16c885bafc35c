"""Who saw which part where."""

from collections.abc import Iterable

from sqlalchemy import func, insert, select

from ..domain.inventory import Check
from .database import Tx
from .tables import account, component, inventory_check

_CHECKS = select(inventory_check, account.c.name.label("by")).join(
    account, account.c.id == inventory_check.c.account_id
)


def add(tx: Tx, check: Check, account_id: int) -> int:
    """Keep what was found; returns its id."""
    values = {
        "component_id": check.component_id,
        "result": check.result,
        "place": check.place,
        "note": check.note,
        "at": check.at,
        "account_id": account_id,
    }
    check_id: int = tx.execute(insert(inventory_check).values(values).returning(inventory_check.c.id)).scalar_one()
    return check_id


def latest(tx: Tx, kits: Iterable[str] | None = None) -> dict[int, Check]:
    """Part → the newest look at it, of the parts in use of all kits or of some."""
    newest = select(func.max(inventory_check.c.id)).join(component, component.c.id == inventory_check.c.component_id)
    newest = newest.where(component.c.removed_at.is_(None)).group_by(inventory_check.c.component_id)
    if kits is not None:
        newest = newest.where(component.c.kit_code.in_(list(kits)))
    rows = tx.execute(_CHECKS.where(inventory_check.c.id.in_(newest)))
    return {r.component_id: Check(r.component_id, r.result, r.place, r.note, r.at, r.by) for r in rows}


def of_part(tx: Tx, component_id: int, limit: int = 20) -> list[Check]:
    """The newest looks at one part, newest first."""
    query = _CHECKS.where(inventory_check.c.component_id == component_id).order_by(inventory_check.c.id.desc())
    return [Check(r.component_id, r.result, r.place, r.note, r.at, r.by) for r in tx.execute(query.limit(limit))]
