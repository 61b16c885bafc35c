"""Late proposals: what was typed for a day that had closed, word for word, until it is decided."""

import json
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, bindparam, insert, select, update

from ..domain.proposals import WAITING, Proposal
from ..domain.recordings import Entry
from .database import Tx
from .tables import account, late_proposal

_author = account.alias("author")
_decider = account.alias("decider")

_PROPOSAL: Select[Any] = (
    select(late_proposal, _author.c.name.label("author"), _decider.c.name.label("decider"))
    .join(_author, _author.c.id == late_proposal.c.account_id)
    .outerjoin(_decider, _decider.c.id == late_proposal.c.decided_by_id)
)
_ONE = _PROPOSAL.where(late_proposal.c.id == bindparam("of"))
_WAITING = _PROPOSAL.where(late_proposal.c.state == WAITING).order_by(late_proposal.c.id)
_DECIDED = (
    _PROPOSAL.where(late_proposal.c.state != WAITING).order_by(late_proposal.c.id.desc()).limit(bindparam("most"))
)
_ADD = insert(late_proposal).returning(late_proposal.c.id)
_DECIDE = update(late_proposal).where(late_proposal.c.id == bindparam("of"), late_proposal.c.state == WAITING)


def add(
    tx: Tx,
    point_code: str,
    service_date: date,
    entry: Entry,
    reason: str,
    captured_at: datetime | None,
    account_id: int,
    at: datetime,
) -> int:
    """Keep a proposal; returns its id."""
    said = {
        "kind": entry.kind,
        "nihil_reason": entry.nihil_reason,
        "counts": {name: n for name, n in entry.counts.items() if n is not None},
        "homes": dict(entry.homes),
        "note": entry.note,
        "reason": reason,
    }
    values = {
        "point_code": point_code,
        "service_date": service_date,
        "body": json.dumps(said, ensure_ascii=False),
        "captured_at": captured_at,
        "account_id": account_id,
        "at": at,
        "state": WAITING,
    }
    made: int = tx.execute(_ADD, values).scalar_one()
    return made


def find(tx: Tx, proposal_id: int) -> Proposal | None:
    """One proposal."""
    row = tx.execute(_ONE, {"of": proposal_id}).one_or_none()
    return None if row is None else _proposal(row)


def waiting(tx: Tx, points: Collection[str] | None = None) -> list[Proposal]:
    """Every proposal that waits for a decision, oldest first, at all points or at some."""
    return _at(tx, _WAITING, points, {})


def decided(tx: Tx, most: int, points: Collection[str] | None = None) -> list[Proposal]:
    """The proposals decided last, newest first."""
    return _at(tx, _DECIDED, points, {"most": most})


def _at(tx: Tx, query: Any, points: Collection[str] | None, values: dict[str, Any]) -> list[Proposal]:
    query = query if points is None else query.where(late_proposal.c.point_code.in_(points))
    return [_proposal(row) for row in tx.execute(query, values)]


def decide(tx: Tx, proposal_id: int, state: str, answer: str, account_id: int, at: datetime) -> bool:
    """Close a waiting proposal; False when somebody decided already."""
    values = {"state": state, "reason": answer, "decided_at": at, "decided_by_id": account_id}
    return tx.execute(_DECIDE, {"of": proposal_id} | values).rowcount == 1


def _proposal(row: Any) -> Proposal:
    said = json.loads(row.body)
    return Proposal(
        row.id,
        row.point_code,
        row.service_date,
        Entry(said["kind"], said["nihil_reason"], said["counts"], said["homes"], said["note"]),
        said["reason"],
        row.captured_at,
        row.account_id,
        row.author,
        row.at,
        row.state,
        row.reason,
        row.decided_at,
        row.decider or "",
    )
