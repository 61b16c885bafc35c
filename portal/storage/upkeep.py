"""Care that comes round, and when it is due."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from ..domain.upkeep import Upkeep
from .database import Tx
from .retirement import RETIRED
from .tables import component, maintenance

_UPKEEP = select(maintenance, func.coalesce(component.c.kind, "").label("component_kind")).outerjoin(
    component, component.c.id == maintenance.c.component_id
)


def _upkeep(row: Any) -> Upkeep:
    return Upkeep(
        row.id,
        row.kit_code,
        row.component_id,
        row.component_kind,
        row.kind,
        row.every_months,
        row.last_on,
        row.due_on,
        row.note,
        row.version,
        row.withdrawn_at is not None,
    )


def planned(tx: Tx, kits: Iterable[str] | None = None) -> list[Upkeep]:
    """All care that is planned for kits in service, or that of some kits, the earliest due first."""
    theirs = maintenance.c.kit_code
    query = _UPKEEP.where(
        maintenance.c.withdrawn_at.is_(None), theirs.not_in(RETIRED) if kits is None else theirs.in_(list(kits))
    )
    query = query.order_by(maintenance.c.due_on, maintenance.c.kit_code, maintenance.c.id)
    return [_upkeep(row) for row in tx.execute(query)]


def find(tx: Tx, upkeep_id: int) -> Upkeep | None:
    """One care, planned still or withdrawn."""
    row = tx.execute(_UPKEEP.where(maintenance.c.id == upkeep_id)).one_or_none()
    return None if row is None else _upkeep(row)


def add(tx: Tx, record: Upkeep, account_id: int, at: datetime) -> int:
    """Keep a new plan; returns its id."""
    values = {
        "kit_code": record.kit_code,
        "component_id": record.component_id,
        "kind": record.kind,
        "every_months": record.every_months,
        "due_on": record.due_on,
        "note": record.note,
        "account_id": account_id,
        "at": at,
        "version": 1,
    }
    upkeep_id: int = tx.execute(insert(maintenance).values(values).returning(maintenance.c.id)).scalar_one()
    return upkeep_id


def done(tx: Tx, kept: Upkeep, done_on: date, due_on: date, note: str) -> bool:
    """It was done, and is due again; False when somebody was faster."""
    return _versioned(tx, kept, {"last_on": done_on, "due_on": due_on, "note": note})


def withdraw(tx: Tx, kept: Upkeep, at: datetime) -> bool:
    """It is planned no longer; False when somebody was faster."""
    return _versioned(tx, kept, {"withdrawn_at": at})


def _versioned(tx: Tx, kept: Upkeep, values: dict[str, Any]) -> bool:
    query = (
        update(maintenance)
        .where(maintenance.c.id == kept.id, maintenance.c.version == kept.version)
        .values(values | {"version": kept.version + 1})
    )
    return tx.execute(query).rowcount == 1
