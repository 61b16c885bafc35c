"""Kits that were out of service, and are."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from ..domain.retirement import Retirement
from .database import Tx
from .tables import account, kit_retirement, visit_kit

RETIRED = select(kit_retirement.c.kit_code).where(kit_retirement.c.until.is_(None))
"""The codes of kits that are out of service."""
_BACK = account.alias("back")
_RETIREMENTS = (
    select(kit_retirement, account.c.name.label("by"), _BACK.c.name.label("until_by"))
    .join(account, account.c.id == kit_retirement.c.account_id)
    .outerjoin(_BACK, _BACK.c.id == kit_retirement.c.until_account_id)
    .order_by(kit_retirement.c.since, kit_retirement.c.id)
)


def _retirement(row: Any) -> Retirement:
    return Retirement(
        row.id,
        row.kit_code,
        row.since,
        row.reason,
        row.note,
        row.by,
        row.at,
        row.until,
        row.until_note,
        row.until_by or "",
        row.until_at,
    )


def of_kits(tx: Tx, kit_code: str | None = None) -> dict[str, list[Retirement]]:
    """Kit → every time that it was out of service, oldest first; of all kits or of one."""
    query = _RETIREMENTS if kit_code is None else _RETIREMENTS.where(kit_retirement.c.kit_code == kit_code)
    found: dict[str, list[Retirement]] = {}
    for row in tx.execute(query):
        found.setdefault(row.kit_code, []).append(_retirement(row))
    return found


def begin(tx: Tx, kit_code: str, since: date, reason: str, note: str, account_id: int, at: datetime) -> int:
    """A kit is out of service from a day on; returns the line's id. The table holds one open line a kit."""
    values = {"kit_code": kit_code, "since": since, "reason": reason, "note": note}
    query = insert(kit_retirement).values(values | {"account_id": account_id, "at": at})
    made: int = tx.execute(query.returning(kit_retirement.c.id)).scalar_one()
    return made


def end(tx: Tx, retirement_id: int, until: date, note: str, account_id: int, at: datetime) -> bool:
    """A kit is in service again; False when that was said already."""
    query = update(kit_retirement).where(kit_retirement.c.id == retirement_id, kit_retirement.c.until.is_(None))
    values = {"until": until, "until_note": note, "until_account_id": account_id, "until_at": at}
    return tx.execute(query.values(values)).rowcount == 1


def booked_until(tx: Tx, kit_code: str) -> date | None:
    """The last day on which a kit is held for a visit; None when it is for none."""
    query = select(func.max(visit_kit.c.visit_date)).where(visit_kit.c.kit_code == kit_code, visit_kit.c.held == 1)
    found: date | None = tx.execute(query).scalar()
    return found
