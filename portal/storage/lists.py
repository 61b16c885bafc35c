"""What the supervisor said of the office's lists, each from a day on; and the service points as they were edited."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, bindparam, insert, select, update

from ..domain.areas import ServicePoint
from ..domain.lists import Change, Word
from ..domain.schedule import Decision
from .database import Tx
from .tables import account, hub_member, hub_point, list_change, service_point

# Built once: building a statement costs more than running it.
_EVERY: Select[Any] = (
    select(list_change, account.c.name.label("by"))
    .join(account, account.c.id == list_change.c.account_id)
    .order_by(list_change.c.valid_from, list_change.c.id)
)
_STANDING = (
    select(
        list_change.c.kind, list_change.c.subject, list_change.c.valid_from, list_change.c.value, list_change.c.reason
    )
    .where(list_change.c.withdrawn_at.is_(None))
    .order_by(list_change.c.id)
)
_ADD = insert(list_change).returning(list_change.c.id)
_WITHDRAW = update(list_change).where(list_change.c.id == bindparam("of"), list_change.c.withdrawn_at.is_(None))
_CHANGE_POINT = update(service_point).where(
    service_point.c.code == bindparam("of"), service_point.c.version == bindparam("kept_version")
)


def words(tx: Tx) -> list[tuple[Word, str]]:
    """Every word that stands, with its reason, in the order in which they were said."""
    return [(Word(r.kind, r.subject, r.valid_from, r.value), r.reason) for r in tx.execute(_STANDING)]


def _change(row: Any) -> Change:
    what = Word(row.kind, row.subject, row.valid_from, row.value)
    return Change(row.id, what, Decision(row.reason, row.by, row.at, row.withdrawn_at))


def changes(tx: Tx, kind: str, subject: str | None = None) -> list[Change]:
    """Every word of a kind, withdrawn ones included, by the day from which it holds; of all subjects or of one."""
    query = _EVERY.where(list_change.c.kind == kind)
    if subject is not None:
        query = query.where(list_change.c.subject == subject)
    return [_change(row) for row in tx.execute(query)]


def find(tx: Tx, change_id: int) -> Change | None:
    """One word, a withdrawn one included."""
    row = tx.execute(_EVERY.where(list_change.c.id == change_id)).one_or_none()
    return None if row is None else _change(row)


def add(tx: Tx, what: Word, reason: str, account_id: int, at: datetime) -> int:
    """Keep a word; returns its id."""
    values = {
        "kind": what.kind,
        "subject": what.subject,
        "valid_from": what.valid_from,
        "value": what.value,
        "reason": reason,
        "account_id": account_id,
        "at": at,
    }
    made: int = tx.execute(_ADD, values).scalar_one()
    return made


def withdraw(tx: Tx, change_id: int, at: datetime) -> bool:
    """Take a word back, keeping it; False when it was taken back already."""
    return tx.execute(_WITHDRAW, {"of": change_id, "withdrawn_at": at}).rowcount == 1


def sources_of_members(tx: Tx) -> dict[tuple[str, date], str]:
    """(kecamatan, first day) → who announced a membership of the reference lists."""
    rows = tx.execute(select(hub_member.c.kecamatan_code, hub_member.c.valid_from, hub_member.c.source))
    return {(row.kecamatan_code, row.valid_from): row.source for row in rows}


def sources_of_seats(tx: Tx) -> dict[str, str]:
    """Point → who announced that it is a seat of its hub."""
    return {row.point_code: row.source for row in tx.execute(select(hub_point.c.point_code, hub_point.c.source))}


def add_point(tx: Tx, point: ServicePoint, hub_code: str, source: str, account_id: int, at: datetime) -> None:
    """Keep a new service point, under ``hub_code`` when it belongs to no kecamatan."""
    values = {
        "code": point.code,
        "name": point.name,
        "kind": point.kind,
        "kecamatan_code": point.kecamatan_code,
        "active_from": point.active_from,
        "active_to": point.active_to,
        "weekdays": point.timetable.weekdays,
        "source": source,
        "version": 1,
        "changed_at": at,
        "editor_id": account_id,
    }
    tx.execute(insert(service_point).values(values))
    if hub_code:
        tx.execute(insert(hub_point).values(hub_code=hub_code, point_code=point.code, source=source))


def change_point(tx: Tx, point: ServicePoint, account_id: int, at: datetime) -> bool:
    """Keep name and active days of a point as given; False when it is at another version than ``point`` says."""
    values = {
        "name": point.name,
        "active_from": point.active_from,
        "active_to": point.active_to,
        "version": point.version + 1,
        "changed_at": at,
        "editor_id": account_id,
    }
    which = {"of": point.code, "kept_version": point.version}
    return tx.execute(_CHANGE_POINT, which | values).rowcount == 1
