"""Who called which office: noted once, never changed, and out of the way after the office's next report."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select

from ..domain.contacts import Contact
from .database import Tx
from .tables import account, contact, report

_CONTACT = select(contact, account.c.name.label("by")).join(account, account.c.id == contact.c.account_id)
_OF_POINT = (
    _CONTACT.where(contact.c.point_code == bindparam("point"))
    .order_by(contact.c.at.desc(), contact.c.id.desc())
    .limit(bindparam("most"))
)
_ANSWERED = (
    select(func.max(report.c.received_at))
    .where(
        report.c.point_code == contact.c.point_code,
        report.c.service_date >= bindparam("since"),
        report.c.cancelled_at.is_(None),
    )
    .correlate(contact)
    .scalar_subquery()
)
_OPEN = _CONTACT.where(contact.c.at >= bindparam("moment"), _ANSWERED.is_(None) | (contact.c.at > _ANSWERED)).order_by(
    contact.c.at, contact.c.id
)
_ADD = insert(contact).returning(contact.c.id)


def latest(tx: Tx, since: datetime) -> dict[str, Contact]:
    """Point → the last contact since a moment that no report of the point has come in after: one query."""
    rows = tx.execute(_OPEN, {"moment": since, "since": since.date()})
    return {row.point_code: _contact(row) for row in rows}


def of_point(tx: Tx, point_code: str, most: int = 50) -> list[Contact]:
    """The last contacts with a point, newest first, answered or not."""
    return [_contact(row) for row in tx.execute(_OF_POINT, {"point": point_code, "most": most})]


def add(tx: Tx, point_code: str, how: str, note: str, account_id: int, at: datetime) -> int:
    """Keep a contact; returns its id."""
    values = {"point_code": point_code, "how": how, "note": note, "account_id": account_id, "at": at}
    made: int = tx.execute(_ADD, values).scalar_one()
    return made


def _contact(row: Any) -> Contact:
    return Contact(row.id, row.point_code, row.how, row.note, row.by, row.at)
