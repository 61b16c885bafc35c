"""Kits, their parts, and the append-only history of what state they were in."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from ..domain.equipment import COMPONENTS, GOOD, Component, Kit, StatusEvent
from .database import Tx
from .tables import account, component, kit, status_event

_ORDER = {kind: n for n, kind in enumerate(COMPONENTS)}


_KITS = (
    select(
        kit.c.code.label("code"),
        kit.c.name.label("kit_name"),
        kit.c.point_code,
        component,
        account.c.name.label("by"),
    )
    .outerjoin(component, component.c.kit_code == kit.c.code)
    .outerjoin(account, account.c.id == component.c.account_id)
    .order_by(kit.c.code)
)


def kits(tx: Tx, points: Iterable[str] | None = None) -> list[Kit]:
    """Kits with their parts, at all points or at some: one query."""
    query = _KITS if points is None else _KITS.where(kit.c.point_code.in_(list(points)))
    return _kits(tx.execute(query))


def find(tx: Tx, code: str) -> Kit | None:
    """One kit with its parts."""
    found = _kits(tx.execute(_KITS.where(kit.c.code == code)))
    return found[0] if found else None


def _kits(rows: Iterable[Any]) -> list[Kit]:
    found: dict[str, tuple[str, str, list[Component]]] = {}
    for row in rows:
        parts = found.setdefault(row.code, (row.kit_name, row.point_code, []))[2]
        if row.id is not None:
            parts.append(
                Component(
                    row.id,
                    row.kit_code,
                    row.kind,
                    row.status,
                    row.reason,
                    row.note,
                    row.since,
                    row.confirmed_at,
                    row.by,
                    row.version,
                )
            )
    return [
        Kit(code, name, point, tuple(sorted(parts, key=lambda c: _ORDER[c.kind])))
        for code, (name, point, parts) in found.items()
    ]


def add_kit(tx: Tx, code: str, name: str, point_code: str, kinds: Iterable[str], account_id: int, at: datetime) -> None:
    """Keep a new kit whose parts all work."""
    tx.execute(insert(kit).values(code=code, name=name, point_code=point_code))
    for kind in kinds:
        values = {
            "kit_code": code,
            "kind": kind,
            "status": GOOD,
            "reason": "",
            "note": "",
            "since": at,
            "confirmed_at": at,
            "account_id": account_id,
            "version": 1,
        }
        component_id = tx.execute(insert(component).values(values).returning(component.c.id)).scalar_one()
        _event(tx, component_id, GOOD, "", "", account_id, at, confirmed_only=False)


def set_status(tx: Tx, part: Component, status: str, reason: str, note: str, account_id: int, at: datetime) -> bool:
    """Give a part a new status if it still has ``part.version``; False when somebody was faster."""
    since = at if (status, reason) != (part.status, part.reason) else part.since
    query = (
        update(component)
        .where(component.c.id == part.id, component.c.version == part.version)
        .values(
            status=status,
            reason=reason,
            note=note,
            since=since,
            confirmed_at=at,
            account_id=account_id,
            version=part.version + 1,
        )
    )
    if tx.execute(query).rowcount != 1:
        return False
    _event(tx, part.id, status, reason, note, account_id, at, confirmed_only=False)
    return True


def confirm(tx: Tx, kept: Kit, account_id: int, at: datetime) -> None:
    """Note that every part of a kit was looked at and found unchanged."""
    tx.execute(update(component).where(component.c.kit_code == kept.code).values(confirmed_at=at))
    for part in kept.components:
        _event(tx, part.id, part.status, part.reason, "", account_id, at, confirmed_only=True)


def _event(
    tx: Tx,
    component_id: int,
    status: str,
    reason: str,
    note: str,
    account_id: int,
    at: datetime,
    *,
    confirmed_only: bool,
) -> None:
    tx.execute(
        insert(status_event).values(
            component_id=component_id,
            status=status,
            reason=reason,
            note=note,
            at=at,
            account_id=account_id,
            confirmed_only=int(confirmed_only),
        )
    )


def events(tx: Tx, kit_code: str, limit: int = 60) -> list[StatusEvent]:
    """The newest lines of a kit's history, newest first."""
    query = (
        select(status_event, component.c.kind, account.c.name.label("by"))
        .join(component, component.c.id == status_event.c.component_id)
        .join(account, account.c.id == status_event.c.account_id)
        .where(component.c.kit_code == kit_code)
        .order_by(status_event.c.id.desc())
        .limit(limit)
    )
    return [
        StatusEvent(row.kind, row.status, row.reason, row.note, row.at, row.by, bool(row.confirmed_only))
        for row in tx.execute(query)
    ]
