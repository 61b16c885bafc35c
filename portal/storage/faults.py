"""Faults of parts, and the steps by which they were seen to."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from ..domain.faults import CLOSED, Fault, Step
from .database import Tx
from .retirement import RETIRED
from .tables import account, component, fault, fault_step

_owner = account.alias("owner")
_FAULTS = (
    select(
        fault,
        component.c.kit_code,
        component.c.kind.label("component_kind"),
        account.c.name.label("by"),
        func.coalesce(_owner.c.name, "").label("owner"),
    )
    .join(component, component.c.id == fault.c.component_id)
    .join(account, account.c.id == fault.c.account_id)
    .outerjoin(_owner, _owner.c.id == fault.c.owner_id)
)


def _fault(row: Any) -> Fault:
    return Fault(
        row.id,
        row.component_id,
        row.kit_code,
        row.component_kind,
        row.state,
        row.opened_at,
        row.closed_at,
        row.by,
        row.owner_id,
        row.owner,
        row.due,
        row.parts,
        row.cost_rp,
        bool(row.warranty),
        row.note,
        row.version,
    )


def find(tx: Tx, fault_id: int) -> Fault | None:
    """One fault."""
    row = tx.execute(_FAULTS.where(fault.c.id == fault_id)).one_or_none()
    return None if row is None else _fault(row)


def open_of(tx: Tx, component_id: int) -> Fault | None:
    """The fault of a part that is not closed yet; there is one at most."""
    row = tx.execute(_FAULTS.where(fault.c.component_id == component_id, fault.c.closed_at.is_(None))).one_or_none()
    return None if row is None else _fault(row)


def waiting(tx: Tx, kits: Iterable[str] | None = None) -> list[Fault]:
    """Every fault that is not closed of kits in service, or those of some kits, the oldest first."""
    query = _FAULTS.where(fault.c.closed_at.is_(None))
    if kits is None:
        query = query.where(component.c.kit_code.not_in(RETIRED))
    else:
        query = query.where(component.c.kit_code.in_(list(kits)))
    return [_fault(row) for row in tx.execute(query.order_by(fault.c.opened_at, fault.c.id))]


def closed(tx: Tx, limit: int, kits: Iterable[str] | None = None) -> list[Fault]:
    """The faults that were closed last, of all kits or of some."""
    query = _FAULTS.where(fault.c.closed_at.is_not(None))
    if kits is not None:
        query = query.where(component.c.kit_code.in_(list(kits)))
    query = query.order_by(fault.c.closed_at.desc(), fault.c.id.desc()).limit(limit)
    return [_fault(row) for row in tx.execute(query)]


def of_kit(tx: Tx, kit_code: str, limit: int = 60) -> list[Fault]:
    """The newest faults of a kit, open or closed."""
    query = _FAULTS.where(component.c.kit_code == kit_code).order_by(fault.c.opened_at.desc(), fault.c.id.desc())
    return [_fault(row) for row in tx.execute(query.limit(limit))]


def steps(tx: Tx, fault_id: int) -> list[Step]:
    """What was done about a fault, newest first."""
    query = (
        select(fault_step, account.c.name.label("by"), func.coalesce(_owner.c.name, "").label("owner"))
        .join(account, account.c.id == fault_step.c.account_id)
        .outerjoin(_owner, _owner.c.id == fault_step.c.owner_id)
        .where(fault_step.c.fault_id == fault_id)
        .order_by(fault_step.c.id.desc())
    )
    return [
        Step(r.state, r.note, r.owner_id, r.due, r.parts, r.cost_rp, bool(r.warranty), r.at, r.by, r.owner)
        for r in tx.execute(query)
    ]


def begin(tx: Tx, component_id: int, step: Step, account_id: int, at: datetime) -> int:
    """Keep a new fault with its first step; returns its id."""
    values = _said(step) | {
        "component_id": component_id,
        "opened_at": at,
        "account_id": account_id,
        "version": 1,
    }
    fault_id: int = tx.execute(insert(fault).values(values).returning(fault.c.id)).scalar_one()
    _keep_step(tx, fault_id, step, account_id, at)
    return fault_id


def advance(tx: Tx, kept: Fault, step: Step, account_id: int, at: datetime) -> bool:
    """Bring a fault to its next state if it still has ``kept.version``; False when somebody was faster."""
    values = _said(step) | {"closed_at": at if step.state in CLOSED else None, "version": kept.version + 1}
    query = update(fault).where(fault.c.id == kept.id, fault.c.version == kept.version).values(values)
    if tx.execute(query).rowcount != 1:
        return False
    _keep_step(tx, kept.id, step, account_id, at)
    return True


def follow_part(tx: Tx, kept: Fault, component_id: int) -> None:
    """The fault goes with its part into another kit."""
    tx.execute(update(fault).where(fault.c.id == kept.id).values(component_id=component_id, version=kept.version + 1))


def _said(step: Step) -> dict[str, Any]:
    return {
        "state": step.state,
        "note": step.note,
        "owner_id": step.owner_id,
        "due": step.due,
        "parts": step.parts,
        "cost_rp": step.cost_rp,
        "warranty": int(step.warranty),
    }


def _keep_step(tx: Tx, fault_id: int, step: Step, account_id: int, at: datetime) -> None:
    tx.execute(insert(fault_step).values(_said(step) | {"fault_id": fault_id, "at": at, "account_id": account_id}))
