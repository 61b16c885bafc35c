"""What stopped points without being a kit's fault."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import insert, or_, select, update

from ..domain.outages import Outage
from .database import Tx
from .tables import account, outage

_OUTAGES = (
    select(outage, account.c.name.label("by"))
    .join(account, account.c.id == outage.c.account_id)
    .order_by(outage.c.began_at.desc(), outage.c.id.desc())
)


def _outage(row: Any) -> Outage:
    return Outage(
        row.id,
        row.point_code,
        row.cause,
        row.began_at,
        row.ended_at,
        row.stops,
        row.expected_back,
        row.note,
        row.by,
        row.withdrawn_at is not None,
        row.version,
    )


def between(tx: Tx, first: datetime, last: datetime, points: Iterable[str] | None = None) -> list[Outage]:
    """Outages that lasted at any moment from ``first`` to ``last``, newest first; of some points with the district's.

    What was taken back is not among them.
    """
    query = _OUTAGES.where(
        outage.c.withdrawn_at.is_(None),
        outage.c.began_at <= last,
        or_(outage.c.ended_at.is_(None), outage.c.ended_at > first),
    )
    if points is not None:
        query = query.where(or_(outage.c.point_code.is_(None), outage.c.point_code.in_(list(points))))
    return [_outage(row) for row in tx.execute(query)]


def lasting(tx: Tx, at: datetime, points: Iterable[str] | None = None) -> list[Outage]:
    """Outages going on at ``at``, newest first."""
    return [o for o in between(tx, at, at, points) if o.lasts(at)]


def find(tx: Tx, outage_id: int) -> Outage | None:
    """One outage, also one that was taken back."""
    row = tx.execute(_OUTAGES.where(outage.c.id == outage_id)).one_or_none()
    return None if row is None else _outage(row)


def add(tx: Tx, record: Outage, account_id: int, at: datetime) -> int:
    """Keep an outage; returns its id."""
    values = {
        "point_code": record.point_code,
        "cause": record.cause,
        "stops": record.stops,
        "began_at": record.began_at,
        "ended_at": record.ended_at,
        "expected_back": record.expected_back,
        "note": record.note,
        "account_id": account_id,
        "at": at,
        "version": 1,
    }
    outage_id: int = tx.execute(insert(outage).values(values).returning(outage.c.id)).scalar_one()
    return outage_id


def end(tx: Tx, kept: Outage, ended_at: datetime) -> bool:
    """Say when an outage ended, if it still has ``kept.version``; False when somebody was faster."""
    return _versioned(tx, kept, {"ended_at": ended_at})


def withdraw(tx: Tx, kept: Outage, at: datetime) -> bool:
    """Take an outage back: it counts nowhere any more, and stays; False when somebody was faster."""
    return _versioned(tx, kept, {"withdrawn_at": at})


def _versioned(tx: Tx, kept: Outage, values: dict[str, Any]) -> bool:
    query = (
        update(outage)
        .where(outage.c.id == kept.id, outage.c.version == kept.version)
        .values(values | {"version": kept.version + 1})
    )
    return tx.execute(query).rowcount == 1
