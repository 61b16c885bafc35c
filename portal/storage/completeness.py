"""Excuses: why a late or missing report was forgiven. One stands for a point and day at most; withdrawn ones stay."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from ..domain.completeness import Excuse
from ..domain.duty import Period
from .database import Tx
from .tables import account, report_excuse

# Built once: building a statement costs more than running it.
_STANDING = (
    select(report_excuse, account.c.name.label("by"))
    .join(account, account.c.id == report_excuse.c.account_id)
    .where(report_excuse.c.withdrawn_at.is_(None))
)
_OF_DAY = _STANDING.where(
    report_excuse.c.point_code == bindparam("point"), report_excuse.c.service_date == bindparam("day")
)
_OF_PERIOD = _STANDING.where(report_excuse.c.service_date.between(bindparam("first"), bindparam("last"))).order_by(
    report_excuse.c.service_date, report_excuse.c.point_code
)
_ADD = insert(report_excuse).returning(report_excuse.c.id)
_WITHDRAW = update(report_excuse).where(report_excuse.c.id == bindparam("of"), report_excuse.c.withdrawn_at.is_(None))


def _excuse(row: Any) -> Excuse:
    return Excuse(row.id, row.point_code, row.service_date, row.reason, row.by, row.at)


def find(tx: Tx, point: str, day: date) -> Excuse | None:
    """The excuse that stands for a point and day."""
    row = tx.execute(_OF_DAY, {"point": point, "day": day}).one_or_none()
    return None if row is None else _excuse(row)


def in_period(tx: Tx, period: Period, points: Iterable[str] | None = None) -> list[Excuse]:
    """The excuses that stand for the days of a period, at all points or at some."""
    query = _OF_PERIOD if points is None else _OF_PERIOD.where(report_excuse.c.point_code.in_(list(points)))
    return [_excuse(row) for row in tx.execute(query, {"first": period.first, "last": period.last})]


def add(tx: Tx, point: str, day: date, reason: str, account_id: int, at: datetime) -> int:
    """Keep an excuse; returns its id."""
    values = {"point_code": point, "service_date": day, "reason": reason, "account_id": account_id, "at": at}
    made: int = tx.execute(_ADD, values).scalar_one()
    return made


def withdraw(tx: Tx, excuse_id: int, at: datetime) -> bool:
    """Take an excuse back, keeping it; False when it was taken back already."""
    return tx.execute(_WITHDRAW, {"of": excuse_id, "withdrawn_at": at}).rowcount == 1
