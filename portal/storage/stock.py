"""What reports tell of blanks, ribbon and film, and the transfers between points."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, insert, or_, select, update

from ..domain.accounts import CLERK, Account
from ..domain.duty import Period
from ..domain.recordings import NIHIL
from ..domain.stock import Told
from ..domain.transfers import BLANKS, CANCELLED, RECEIVED, SENT, Receipt, Return, Shipment, Transfer
from .database import Tx
from .daysheets import REPORT_SUMMED
from .prepared import Prepared
from .tables import account, report, stock_transfer

_author = account.alias("author")
_editor = account.alias("editor")

# Statements are built once: building one costs more than running it.
_TOLD = (
    select(
        report.c.point_code,
        report.c.service_date,
        report.c.kind,
        report.c.blanks_left,
        report.c.blanks_received,
        report.c.printed_prr,
        report.c.printed_replacement,
        report.c.blanks_spoiled,
        report.c.ribbon_pct,
        report.c.film_pct,
        report.c.prr,
    )
    .where(
        report.c.service_date.between(bindparam("first"), bindparam("last")),
        REPORT_SUMMED,
        report.c.point_code.in_(bindparam("points", expanding=True)),
    )
    .order_by(report.c.point_code, report.c.service_date)
)
_TRANSFER: Select[Any] = (
    select(stock_transfer, _author.c.name.label("author"), _editor.c.name.label("editor"))
    .join(_author, _author.c.id == stock_transfer.c.author_id)
    .join(_editor, _editor.c.id == stock_transfer.c.editor_id)
)
_FIND = _TRANSFER.where(stock_transfer.c.id == bindparam("wanted"))
_ADD = insert(stock_transfer).returning(stock_transfer.c.id)
_CHANGE = update(stock_transfer).where(
    stock_transfer.c.id == bindparam("kept_id"), stock_transfer.c.version == bindparam("kept_version")
)


def told(tx: Tx, period: Period, points: Sequence[str]) -> dict[str, list[Told]]:
    """Point → what its standing reports of a period tell of the stock, oldest first; one query for all points."""
    found: dict[str, list[Told]] = {code: [] for code in points}
    for row in tx.execute(_TOLD, {"first": period.first, "last": period.last, "points": list(points)}):
        found[row.point_code].append(
            Told(
                row.point_code,
                row.service_date,
                served=row.kind != NIHIL,
                left=row.blanks_left,
                came=row.blanks_received,
                printed=_printed(row),
                spoiled=row.blanks_spoiled,
                ribbon_pct=row.ribbon_pct,
                film_pct=row.film_pct,
                prr=row.prr,
            )
        )
    return found


def _printed(row: Any) -> int | None:
    """All prints of a day. A NIHIL day has none; a day on which one of both boxes stayed empty does not say."""
    if row.kind == NIHIL:
        return 0
    first, replaced = row.printed_prr, row.printed_replacement
    return None if first is None or replaced is None else first + replaced


def _within(query: Select[Any], who: Account) -> Select[Any]:
    """Only what leaves or reaches a person's own points."""
    if who.role == CLERK:
        return query.where(or_(stock_transfer.c.from_point.in_(who.points), stock_transfer.c.to_point.in_(who.points)))
    return query


def find(tx: Tx, who: Account, transfer_id: int) -> Transfer | None:
    """A transfer of which a person's area is one side."""
    row = tx.execute(_within(_FIND, who), {"wanted": transfer_id}).one_or_none()
    return None if row is None else _transfer(row)


def since(tx: Tx, who: Account, first: date) -> list[Transfer]:
    """Transfers in a person's area that ended on ``first`` or later, newest first, after all on their way."""
    query = _TRANSFER.where(
        or_(
            stock_transfer.c.state == SENT,
            stock_transfer.c.received_date >= first,
            stock_transfer.c.returned_date >= first,
        )
    ).order_by(stock_transfer.c.state != SENT, stock_transfer.c.sent_date.desc(), stock_transfer.c.id.desc())
    return [_transfer(row) for row in tx.execute(_within(query, who))]


def awaited(tx: Tx, points: Sequence[str]) -> list[Transfer]:
    """What is on its way to some points, oldest first."""
    query = _TRANSFER.where(stock_transfer.c.state == SENT, stock_transfer.c.to_point.in_(points))
    return [_transfer(row) for row in tx.execute(query.order_by(stock_transfer.c.sent_date, stock_transfer.c.id))]


def _of_point(pieces: Any, point: Any, day: Any) -> Any:
    return (
        select(func.coalesce(func.sum(pieces), 0))
        .where(point == bindparam("point"), day.between(bindparam("first"), bindparam("last")))
        .scalar_subquery()
    )


_MOVED = Prepared(
    select(
        _of_point(stock_transfer.c.received_quantity, stock_transfer.c.to_point, stock_transfer.c.received_date),
        _of_point(stock_transfer.c.quantity, stock_transfer.c.from_point, stock_transfer.c.returned_date),
        _of_point(stock_transfer.c.quantity, stock_transfer.c.from_point, stock_transfer.c.sent_date),
    )
)


def moved(tx: Tx, point_code: str, first: date, last: date) -> tuple[int, int]:
    """Blanks that transfers brought to a point and took from it from ``first`` to ``last``, both included.

    A cancelled transfer left on the day it was sent and was back on the day it came back.
    """
    back, returned, out = _MOVED.row(tx, {"point": point_code, "first": first, "last": last})
    return back + returned, out


def _transfer(row: Any) -> Transfer:
    return Transfer(
        row.id,
        row.from_point,
        row.to_point,
        row.quantity,
        row.sent_date,
        row.note,
        row.state,
        row.received_date or row.returned_date,
        row.received_quantity,
        row.end_note,
        row.version,
        row.received_at,
        row.changed_at,
        row.author,
        row.editor,
    )


def add(tx: Tx, wanted: Shipment, account_id: int, at: datetime) -> int:
    """Keep a transfer that is on its way; returns its id."""
    values = {
        "item": BLANKS,
        "from_point": wanted.from_point,
        "to_point": wanted.to_point,
        "quantity": wanted.quantity,
        "sent_date": wanted.sent_date,
        "note": wanted.note,
        "state": SENT,
        "version": 1,
        "received_at": at,
        "changed_at": at,
        "author_id": account_id,
        "editor_id": account_id,
    }
    transfer_id: int = tx.execute(_ADD, values).scalar_one()
    return transfer_id


def receive(tx: Tx, kept: Transfer, receipt: Receipt, account_id: int, at: datetime) -> bool:
    """Keep what arrived; False when somebody was faster."""
    values = {
        "state": RECEIVED,
        "received_date": receipt.received_date,
        "received_quantity": receipt.quantity,
        "end_note": receipt.note,
    }
    return _versioned(tx, kept, at, values | {"editor_id": account_id})


def cancel(tx: Tx, kept: Transfer, back: Return, account_id: int, at: datetime) -> bool:
    """Take a transfer back to where it came from, keeping it; False when somebody was faster."""
    values = {"state": CANCELLED, "returned_date": back.returned_date, "end_note": back.reason}
    return _versioned(tx, kept, at, values | {"editor_id": account_id})


def _versioned(tx: Tx, kept: Transfer, at: datetime, values: dict[str, Any]) -> bool:
    which = {"kept_id": kept.id, "kept_version": kept.version}
    return tx.execute(_CHANGE, which | values | {"version": kept.version + 1, "changed_at": at}).rowcount == 1
