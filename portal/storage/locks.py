"""Exceptions to the lock of a day."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, bindparam, insert, select, update

from ..domain.locks import LockException
from .database import Tx
from .prepared import Prepared
from .tables import account, lock_exception

_EXCEPTION: Select[Any] = select(lock_exception, account.c.name.label("by")).join(
    account, account.c.id == lock_exception.c.account_id
)
_OF_DAY = Prepared(
    _EXCEPTION.where(
        lock_exception.c.point_code == bindparam("point"),
        lock_exception.c.first <= bindparam("day"),
        lock_exception.c.last >= bindparam("day"),
    ).order_by(lock_exception.c.id)
)
_ONE = _EXCEPTION.where(lock_exception.c.id == bindparam("of"))
_LATEST = _EXCEPTION.order_by(lock_exception.c.id.desc()).limit(bindparam("most"))
_ADD = insert(lock_exception).returning(lock_exception.c.id)
_WITHDRAW = (
    update(lock_exception)
    .where(lock_exception.c.id == bindparam("of"), lock_exception.c.withdrawn_at.is_(None))
    .values(withdrawn_at=bindparam("moment"))
)


def exceptions_of(tx: Tx, point_code: str, day: date) -> list[LockException]:
    """Every exception ever given for a day of a point, oldest first; those that ended or were taken back as well."""
    return [_exception(row) for row in _OF_DAY.rows(tx, {"point": point_code, "day": day})]


def latest_exceptions(tx: Tx, most: int, points: Collection[str] | None = None) -> list[LockException]:
    """The exceptions given last, newest first, for all points or some."""
    query = _LATEST if points is None else _LATEST.where(lock_exception.c.point_code.in_(points))
    return [_exception(row) for row in tx.execute(query, {"most": most})]


def find_exception(tx: Tx, exception_id: int) -> LockException | None:
    """One exception."""
    row = tx.execute(_ONE, {"of": exception_id}).one_or_none()
    return None if row is None else _exception(row)


def add_exception(
    tx: Tx, point_code: str, first: date, last: date, expires_at: datetime, reason: str, account_id: int, at: datetime
) -> int:
    """Keep an exception; returns its id."""
    values = {"point_code": point_code, "first": first, "last": last, "expires_at": expires_at}
    made: int = tx.execute(_ADD, values | {"reason": reason, "account_id": account_id, "at": at}).scalar_one()
    return made


def withdraw_exception(tx: Tx, exception_id: int, at: datetime) -> bool:
    """Take an exception back, keeping it; False when it was taken back already."""
    return tx.execute(_WITHDRAW, {"of": exception_id, "moment": at}).rowcount == 1


def _exception(row: Any) -> LockException:
    return LockException(
        row.id, row.point_code, row.first, row.last, row.expires_at, row.reason, row.by, row.at, row.withdrawn_at
    )
