"""The calendar as the supervisor changed it: weeks from a day on and single days, each with who decided it and why."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, Table, bindparam, insert, or_, select, update

from ..domain.calendar import Holiday
from ..domain.duty import Period
from ..domain.schedule import DAY, WEEK, Decision, Entry, Opening, Week
from .database import Tx
from .tables import account, holiday, service_day, service_week

_TABLES = {WEEK: service_week, DAY: service_day}


def _entries(table: Table) -> Select[Any]:
    return select(table, account.c.name.label("by")).join(account, account.c.id == table.c.account_id)


# Built once: building a statement costs more than running it.
_WEEKS = _entries(service_week).order_by(service_week.c.valid_from, service_week.c.id)
_DAYS = (
    _entries(service_day)
    .where(service_day.c.day.between(bindparam("first"), bindparam("last")))
    .order_by(service_day.c.day, service_day.c.id)
)
_ONE = {name: _entries(table).where(table.c.id == bindparam("of")) for name, table in _TABLES.items()}
_ADD = {name: insert(table).returning(table.c.id) for name, table in _TABLES.items()}
_WITHDRAW = {
    name: update(table).where(table.c.id == bindparam("of"), table.c.withdrawn_at.is_(None))
    for name, table in _TABLES.items()
}
_HOLIDAYS = select(holiday).where(holiday.c.day.between(bindparam("first"), bindparam("last"))).order_by(holiday.c.day)


def _entry(row: Any) -> Entry:
    values = row._mapping
    what: Week | Opening
    if "weekdays" in values:
        what = Week(row.point_code, row.valid_from, row.weekdays)
    else:
        what = Opening(row.point_code, row.day, bool(row.opens))
    return Entry(row.id, what, Decision(row.reason, row.by, row.at, row.withdrawn_at))


def weeks(tx: Tx, points: Sequence[str] | None = None) -> list[Entry]:
    """Every change of a week, withdrawn ones included, by the day from which it holds; of all points or of some."""
    query = _WEEKS if points is None else _WEEKS.where(service_week.c.point_code.in_(points))
    return [_entry(row) for row in tx.execute(query)]


def openings(tx: Tx, period: Period, point: str | None = None) -> list[Entry]:
    """Days of a period that were opened or closed, withdrawn ones included; with ``point`` its own and everybody's."""
    query = _DAYS
    if point is not None:
        query = query.where(or_(service_day.c.point_code.is_(None), service_day.c.point_code == point))
    return [_entry(row) for row in tx.execute(query, {"first": period.first, "last": period.last})]


def standing(tx: Tx, point: str | None, day: date) -> Entry | None:
    """What was last said of this very day for this very point (None: for everybody), unless withdrawn."""
    whose = service_day.c.point_code.is_(None) if point is None else service_day.c.point_code == point
    query = _entries(service_day).where(whose, service_day.c.day == day, service_day.c.withdrawn_at.is_(None))
    row = tx.execute(query.order_by(service_day.c.id.desc()).limit(1)).one_or_none()
    return None if row is None else _entry(row)


def find(tx: Tx, kind: str, entry_id: int) -> Entry | None:
    """One entry, a withdrawn one included; ``kind`` is WEEK or DAY."""
    row = tx.execute(_ONE[kind], {"of": entry_id}).one_or_none()
    return None if row is None else _entry(row)


def add(tx: Tx, what: Week | Opening, reason: str, account_id: int, at: datetime) -> int:
    """Keep a change; returns its id."""
    values: dict[str, Any] = {"point_code": what.point_code, "reason": reason, "account_id": account_id, "at": at}
    if isinstance(what, Week):
        values |= {"valid_from": what.valid_from, "weekdays": what.weekdays}
    else:
        values |= {"day": what.day, "opens": int(what.opens)}
    made: int = tx.execute(_ADD[WEEK if isinstance(what, Week) else DAY], values).scalar_one()
    return made


def withdraw(tx: Tx, kind: str, entry_id: int, at: datetime) -> bool:
    """Take an entry back, keeping it; False when it was taken back already."""
    return tx.execute(_WITHDRAW[kind], {"of": entry_id, "withdrawn_at": at}).rowcount == 1


def holidays(tx: Tx, period: Period) -> list[Holiday]:
    """The public holidays of a period, each with its decree."""
    rows = tx.execute(_HOLIDAYS, {"first": period.first, "last": period.last})
    return [Holiday(row.day, row.name, row.kind, row.source) for row in rows]
