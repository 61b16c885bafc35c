"""The opening hours as the office set them, each change from a day on."""

from datetime import date, datetime

from sqlalchemy import insert, select, update

from ..domain.hours import CLOSES, OPENS, Hours, HoursEntry
from .database import Tx
from .tables import account, service_hours, setting

_FIRST = {"limit.opens_hour": OPENS, "limit.closes_hour": CLOSES}
"""Where hours were kept before they were dated: what was set there holds for all days before the first change."""
_STANDING = select(service_hours).where(service_hours.c.withdrawn_at.is_(None)).order_by(service_hours.c.id)
_ENTRIES = (
    select(service_hours, account.c.name.label("by"))
    .join(account, account.c.id == service_hours.c.account_id)
    .where(service_hours.c.withdrawn_at.is_(None))
    .order_by(service_hours.c.valid_from.desc(), service_hours.c.id.desc())
)


def known(tx: Tx) -> tuple[Hours, ...]:
    """The first hours, and every change in the order in which it was kept."""
    rows = tx.execute(select(setting).where(setting.c.name.in_(list(_FIRST))))
    first = _FIRST | {row.name: int(row.value) for row in rows}
    changes = [Hours(r.valid_from, r.opens, r.closes) for r in tx.execute(_STANDING)]
    return (Hours(date.min, first["limit.opens_hour"], first["limit.closes_hour"]), *changes)


def entries(tx: Tx) -> list[HoursEntry]:
    """Every change that stands, the latest to begin first."""
    return [HoursEntry(r.id, Hours(r.valid_from, r.opens, r.closes), r.reason, r.by) for r in tx.execute(_ENTRIES)]


def add(tx: Tx, what: Hours, reason: str, account_id: int, at: datetime) -> int:
    """Keep a change; returns its id."""
    values = {"valid_from": what.valid_from, "opens": what.opens, "closes": what.closes, "reason": reason}
    query = insert(service_hours).values(values | {"account_id": account_id, "at": at})
    made: int = tx.execute(query.returning(service_hours.c.id)).scalar_one()
    return made


def withdraw(tx: Tx, hours_id: int, at: datetime) -> bool:
    """Take a change back; False when that was done already."""
    query = update(service_hours).where(service_hours.c.id == hours_id, service_hours.c.withdrawn_at.is_(None))
    return tx.execute(query.values(withdrawn_at=at)).rowcount == 1
