"""Elections as the supervisor keeps them: added and changed, never deleted."""

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from ..domain.calendar import Election
from .database import Tx
from .tables import election

NAMES = ("name", "polling_day", "birth_cutoff", "first_service_day", "source", "target_kind")


def every(tx: Tx) -> list[Election]:
    """All elections and campaigns, the latest polling day first."""
    rows = tx.execute(select(election).order_by(election.c.polling_day.desc(), election.c.code))
    return [_election(row) for row in rows]


def find(tx: Tx, code: str) -> Election | None:
    """One of them."""
    row = tx.execute(select(election).where(election.c.code == code)).one_or_none()
    return None if row is None else _election(row)


def values_of(wanted: Election) -> dict[str, Any]:
    """What can be edited of an election."""
    return {name: getattr(wanted, name) for name in NAMES}


def add(tx: Tx, wanted: Election, account_id: int, at: datetime) -> None:
    """Keep a new election."""
    edited = {"code": wanted.code, "version": 1, "editor_id": account_id, "changed_at": at}
    tx.execute(insert(election).values(values_of(wanted) | edited))


def change(tx: Tx, kept: Election, wanted: Election, account_id: int, at: datetime) -> bool:
    """Replace an election if it still has ``kept.version``; False when somebody was faster."""
    query = (
        update(election)
        .where(election.c.code == kept.code, election.c.version == kept.version)
        .values(values_of(wanted) | {"version": kept.version + 1, "editor_id": account_id, "changed_at": at})
    )
    return tx.execute(query).rowcount == 1


def _election(row: Any) -> Election:
    names = ("code", "name", "polling_day", "birth_cutoff", "first_service_day", "source", "target_kind", "version")
    return Election(*(getattr(row, name) for name in names))
