"""Lines of people to come back for: made by a visit's result, kept until somebody closes them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, insert, or_, select, update

from ..domain.accounts import CLERK, LIAISON, Account
from ..domain.follow_ups import CLOSED, OPEN, FollowUp
from .database import Tx
from .tables import account, follow_up, place, visit

_LINE: Select[Any] = (
    select(follow_up, account.c.name.label("editor"))
    .join(account, account.c.id == follow_up.c.editor_id)
    .join(place, place.c.code == follow_up.c.place_code)
    .join(visit, visit.c.id == follow_up.c.visit_id)
)


def _within(query: Select[Any], who: Account) -> Select[Any]:
    """Only the lines of visits in a person's area."""
    if who.role == LIAISON:
        return query.where(follow_up.c.place_code.in_(who.places))
    if who.role == CLERK:
        return query.where(or_(place.c.kecamatan_code.in_(who.kecamatan), visit.c.point_code.in_(who.points)))
    return query


def _line(row: Any) -> FollowUp:
    return FollowUp(
        row.id,
        row.place_code,
        row.visit_id,
        row.absent,
        row.failed,
        row.due,
        row.state,
        row.closed_by,
        row.closing_visit_id,
        row.note,
        row.version,
        row.changed_at,
        row.editor,
    )


def open_lines(tx: Tx, who: Account) -> list[FollowUp]:
    """Every open line in a person's area; the longest overdue first."""
    query = _within(_LINE.where(follow_up.c.state == OPEN), who).order_by(follow_up.c.due, follow_up.c.id)
    return [_line(row) for row in tx.execute(query)]


def of_place(tx: Tx, who: Account, place_code: str, limit: int = 20) -> list[FollowUp]:
    """The lines of a place in a person's area: open ones first, by the day they are due; then the newest closed."""
    query = _within(_LINE.where(follow_up.c.place_code == place_code), who)
    order = (follow_up.c.state != OPEN, follow_up.c.due.desc(), follow_up.c.id.desc())
    return [_line(row) for row in tx.execute(query.order_by(*order).limit(limit))]


def most_urgent(tx: Tx, place_code: str) -> FollowUp | None:
    """The open line of a place that is due first, whoever sees it; None when nobody has to be come back for."""
    query = _LINE.where(follow_up.c.place_code == place_code, follow_up.c.state == OPEN)
    row = tx.execute(query.order_by(follow_up.c.due, follow_up.c.id).limit(1)).one_or_none()
    return None if row is None else _line(row)


def find(tx: Tx, who: Account, follow_up_id: int) -> FollowUp | None:
    """A line in a person's area."""
    row = tx.execute(_within(_LINE.where(follow_up.c.id == follow_up_id), who)).one_or_none()
    return None if row is None else _line(row)


def of_visit(tx: Tx, visit_id: int) -> FollowUp | None:
    """The line that a visit left, if any."""
    row = tx.execute(_LINE.where(follow_up.c.visit_id == visit_id)).one_or_none()
    return None if row is None else _line(row)


def add(tx: Tx, place_code: str, visit_id: int, left: tuple[int, int], due: date, account_id: int, at: datetime) -> int:
    """Keep a new open line: (absent, failed) of a visit; returns its id."""
    values = {
        "place_code": place_code,
        "visit_id": visit_id,
        "absent": left[0],
        "failed": left[1],
        "due": due,
        "state": OPEN,
        "version": 1,
        "received_at": at,
        "changed_at": at,
        "author_id": account_id,
        "editor_id": account_id,
    }
    line_id: int = tx.execute(insert(follow_up).values(values).returning(follow_up.c.id)).scalar_one()
    return line_id


def reopen(tx: Tx, kept: FollowUp, left: tuple[int, int], account_id: int, at: datetime) -> bool:
    """Other counts than before, to come back for again; False when somebody was faster."""
    values = {"absent": left[0], "failed": left[1], "state": OPEN, "closed_by": "", "closing_visit_id": None}
    return _versioned(tx, kept, values, account_id, at)


def close(
    tx: Tx, kept: FollowUp, how: str, note: str, account_id: int, at: datetime, visit_id: int | None = None
) -> bool:
    """Close a line, saying how; False when somebody was faster."""
    values = {"state": CLOSED, "closed_by": how, "closing_visit_id": visit_id, "note": note}
    return _versioned(tx, kept, values, account_id, at)


def _versioned(tx: Tx, kept: FollowUp, values: dict[str, Any], account_id: int, at: datetime) -> bool:
    query = (
        update(follow_up)
        .where(follow_up.c.id == kept.id, follow_up.c.version == kept.version)
        .values(values | {"version": kept.version + 1, "editor_id": account_id, "changed_at": at})
    )
    return tx.execute(query).rowcount == 1
