"""Sweep visits, with the homes of the recorded beside them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, delete, insert, or_, select, update

from ..domain.accounts import CLERK, LIAISON, Account
from ..domain.duty import Period
from ..domain.visits import CANCELLED, DONE, PLANNED, RESULTS, Plan, Result, Visit
from .database import Tx
from .tables import account, place, visit, visit_home

_author = account.alias("author")
_editor = account.alias("editor")

_VISIT: Select[Any] = (
    select(visit, _author.c.name.label("author"), _editor.c.name.label("editor"))
    .join(_author, _author.c.id == visit.c.author_id)
    .join(_editor, _editor.c.id == visit.c.editor_id)
    .join(place, place.c.code == visit.c.place_code)
)


def _within(query: Select[Any], who: Account) -> Select[Any]:
    """Only what lies in a person's area: by kecamatan of the place, by the point that goes, or by named school."""
    if who.role == LIAISON:
        return query.where(visit.c.place_code.in_(who.places))
    if who.role == CLERK:
        return query.where(or_(place.c.kecamatan_code.in_(who.kecamatan), visit.c.point_code.in_(who.points)))
    return query


def find(tx: Tx, who: Account, visit_id: int) -> Visit | None:
    """A visit in a person's area."""
    row = tx.execute(_within(_VISIT.where(visit.c.id == visit_id), who)).one_or_none()
    if row is None:
        return None
    homes = select(visit_home.c.home_code, visit_home.c.recorded).where(visit_home.c.visit_id == visit_id)
    return _visit(row, {code: number for code, number in tx.execute(homes)})


def standing(tx: Tx, place_code: str, visit_date: date, but: int = 0) -> Visit | None:
    """The visit that already holds a place and day, if any."""
    row = tx.execute(
        _VISIT.where(
            visit.c.place_code == place_code,
            visit.c.visit_date == visit_date,
            visit.c.state != CANCELLED,
            visit.c.id != but,
        )
    ).one_or_none()
    return None if row is None else _visit(row, {})


def _visit(row: Any, homes: dict[str, int]) -> Visit:
    counts = {name: row._mapping[name] for name in RESULTS}
    return Visit(
        row.id,
        Plan(row.place_code, row.visit_date, row.point_code, row.team, row.note),
        row.state,
        Result(counts, dict(sorted(homes.items()))),
        row.cancel_reason,
        row.version,
        row.received_at,
        row.changed_at,
        row.author,
        row.editor,
    )


def in_period(tx: Tx, who: Account, period: Period, states: Sequence[str] = (PLANNED, DONE, CANCELLED)) -> list[Visit]:
    """Visits of a period in a person's area, by day; without the split by home."""
    query = _VISIT.where(visit.c.visit_date.between(period.first, period.last), visit.c.state.in_(states))
    rows = tx.execute(_within(query, who).order_by(visit.c.visit_date, visit.c.id))
    return [_visit(row, {}) for row in rows]


def overdue(tx: Tx, who: Account, today: date) -> list[Visit]:
    """All visits whose day has passed without a result, oldest first."""
    query = _VISIT.where(visit.c.visit_date < today, visit.c.state == PLANNED)
    rows = tx.execute(_within(query, who).order_by(visit.c.visit_date, visit.c.id))
    return [_visit(row, {}) for row in rows]


def add(tx: Tx, plan: Plan, account_id: int, at: datetime) -> int:
    """Keep a planned visit; returns its id."""
    values = _plan(plan) | {
        "state": PLANNED,
        "version": 1,
        "received_at": at,
        "changed_at": at,
        "author_id": account_id,
        "editor_id": account_id,
    }
    visit_id: int = tx.execute(insert(visit).values(values).returning(visit.c.id)).scalar_one()
    return visit_id


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        "place_code": plan.place_code,
        "visit_date": plan.visit_date,
        "point_code": plan.point_code,
        "team": plan.team,
        "note": plan.note,
    }


def change_plan(tx: Tx, kept: Visit, plan: Plan, account_id: int, at: datetime) -> bool:
    """Replace the plan if the visit still has ``kept.version``; False when somebody was faster."""
    return _versioned(tx, kept, at, _plan(plan) | {"editor_id": account_id})


def keep_result(tx: Tx, kept: Visit, result: Result, account_id: int, at: datetime) -> bool:
    """Keep what a visit found and close it as done; False when somebody was faster."""
    values = {name: result.counts.get(name) for name in RESULTS}
    if not _versioned(tx, kept, at, values | {"state": DONE, "cancel_reason": "", "editor_id": account_id}):
        return False
    tx.execute(delete(visit_home).where(visit_home.c.visit_id == kept.id))
    rows = [{"visit_id": kept.id, "home_code": code, "recorded": n} for code, n in result.homes.items() if n]
    if rows:
        tx.execute(insert(visit_home), rows)
    return True


def cancel(tx: Tx, kept: Visit, reason: str, note: str, account_id: int, at: datetime) -> bool:
    """Cancel a visit with a reason, keeping it; False when somebody was faster."""
    values = {"state": CANCELLED, "cancel_reason": reason, "note": note, "editor_id": account_id}
    return _versioned(tx, kept, at, values)


def _versioned(tx: Tx, kept: Visit, at: datetime, values: dict[str, Any]) -> bool:
    query = (
        update(visit)
        .where(visit.c.id == kept.id, visit.c.version == kept.version)
        .values(values | {"version": kept.version + 1, "changed_at": at})
    )
    return tx.execute(query).rowcount == 1
