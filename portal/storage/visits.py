"""Sweep visits, with the kits and the team they hold, the homes of the recorded and their check lists.

A kit and a named team are in one place a half day: unique indexes over ``visit_kit`` and ``visit_team`` hold that
whatever the program believes. A visit that is joined to another holds nothing itself: it has the other's kits and team.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, delete, func, insert, or_, select, update

from ..domain.accounts import CLERK, LIAISON, Account
from ..domain.duty import Period
from ..domain.kit_checks import Check, Marks
from ..domain.visits import AGES, CANCELLED, OWING, RESULTS, STATES, Booked, Plan, Result, Visit
from .database import Tx
from .tables import account, place, visit, visit_check, visit_home, visit_kit, visit_team

_author = account.alias("author")
_editor = account.alias("editor")
_host = visit.alias("host")

_VISIT: Select[Any] = (
    select(visit, _author.c.name.label("author"), _editor.c.name.label("editor"), _host.c.team.label("team_joined"))
    .join(_author, _author.c.id == visit.c.author_id)
    .join(_editor, _editor.c.id == visit.c.editor_id)
    .join(place, place.c.code == visit.c.place_code)
    .outerjoin(_host, _host.c.id == visit.c.joined_to)
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
    return _visit(row, _kits(tx, [row])[visit_id], {code: number for code, number in tx.execute(homes)})


def joined(tx: Tx, visit_id: int) -> list[Visit]:
    """The visits that share the booking of another and are not cancelled, the one planned first first."""
    query = _VISIT.where(visit.c.joined_to == visit_id, visit.c.state != CANCELLED)
    return _visits(tx, query.order_by(visit.c.id))


def standing(tx: Tx, place_code: str, visit_date: date, but: int = 0) -> Visit | None:
    """The visit that already holds a place and day, if any."""
    query = _VISIT.where(
        visit.c.place_code == place_code,
        visit.c.visit_date == visit_date,
        visit.c.state != CANCELLED,
        visit.c.id != but,
    )
    found = _visits(tx, query)
    return found[0] if found else None


def booked(tx: Tx, plan: Plan, but: int = 0) -> Booked | None:
    """The first visit that holds one of the plan's kits, or its team, in one of its half days; None when all are free.

    A team is known by its name at its point; a visit without a team's name holds none. Visits that share one booking
    are no conflict, as long as they still fit together.
    """
    query = _VISIT.where(visit.c.visit_date == plan.visit_date, visit.c.state != CANCELLED, visit.c.id != but)
    for other in _visits(tx, query.order_by(visit.c.id)):
        if set(other.plan.slots).isdisjoint(plan.slots) or _together(plan, other, but):
            continue
        kits = tuple(code for code in plan.kits if code in other.plan.kits)
        same = plan.team_key and (other.plan.point_code, other.plan.team_key) == (plan.point_code, plan.team_key)
        if kits or same:
            return Booked(other, kits, plan.team if same else "")
    return None


def _together(plan: Plan, other: Visit, but: int) -> bool:
    """Whether a plan (kept as visit ``but``) and another visit share one booking."""
    if other.plan.joined_to is not None and other.plan.joined_to == but:
        return other.plan.fits(plan)
    return plan.joined_to is not None and plan.joined_to in (other.id, other.plan.joined_to)


def _visits(tx: Tx, query: Select[Any]) -> list[Visit]:
    """Visits with their kits, in two questions however many there are; without the split by home."""
    rows = tx.execute(query).all()
    kits = _kits(tx, rows)
    return [_visit(row, kits[row.id], {}) for row in rows]


def _kits(tx: Tx, rows: Collection[Any]) -> Mapping[int, tuple[str, ...]]:
    """Visit → its kits: those it holds, or those of the visit that it is joined to."""
    holder = {row.id: row.joined_to or row.id for row in rows}
    held: dict[int, tuple[str, ...]] = defaultdict(tuple)
    if holder:
        wanted = visit_kit.c.visit_id.in_(sorted(set(holder.values())))
        query = select(visit_kit.c.visit_id, visit_kit.c.kit_code).where(wanted).distinct()
        for visit_id, kit_code in tx.execute(query.order_by(visit_kit.c.kit_code)):
            held[visit_id] = (*held[visit_id], kit_code)
    return {visit_id: held[holding] for visit_id, holding in holder.items()}


def _visit(row: Any, kits: tuple[str, ...], homes: dict[str, int]) -> Visit:
    counts = {name: row._mapping[name] for name in RESULTS}
    recorded = (row.recorded_from_list or 0) + (row.walk_in or 0)
    return Visit(
        row.id,
        Plan(
            row.place_code,
            row.visit_date,
            row.point_code,
            row.team if row.joined_to is None else row.team_joined,
            row.note,
            row.session,
            row.contact,
            kits,
            row.revisit_of,
            row.joined_to,
        ),
        row.state,
        Result(
            counts,
            dict(sorted(homes.items())),
            recorded - sum(homes.values()) if homes else None,
            row.failed_reason,
            {name: row._mapping[name] for name in AGES},
        ),
        row.cancel_reason,
        row.version,
        row.received_at,
        row.changed_at,
        row.author,
        row.editor,
        row.wave,
    )


def in_period(tx: Tx, who: Account, period: Period, states: Sequence[str] = tuple(STATES)) -> list[Visit]:
    """Visits of a period in a person's area, by day; without the split by home."""
    query = _VISIT.where(visit.c.visit_date.between(period.first, period.last), visit.c.state.in_(states))
    return _visits(tx, _within(query, who).order_by(visit.c.visit_date, visit.c.id))


def overdue(tx: Tx, who: Account, today: date) -> list[Visit]:
    """All visits whose day has passed without a result, oldest first."""
    query = _VISIT.where(visit.c.visit_date < today, visit.c.state.in_(OWING))
    return _visits(tx, _within(query, who).order_by(visit.c.visit_date, visit.c.id))


def of_place(tx: Tx, who: Account, place_code: str, limit: int = 20) -> list[Visit]:
    """The newest visits of a place, as far as a person sees them."""
    query = _within(_VISIT.where(visit.c.place_code == place_code), who)
    return _visits(tx, query.order_by(visit.c.visit_date.desc(), visit.c.id.desc()).limit(limit))


def in_states(tx: Tx, who: Account, states: Sequence[str], since: date) -> list[Visit]:
    """Visits of some states from a day on, by day."""
    query = _VISIT.where(visit.c.state.in_(states), visit.c.visit_date >= since)
    return _visits(tx, _within(query, who).order_by(visit.c.visit_date, visit.c.id))


def add(tx: Tx, plan: Plan, account_id: int, at: datetime, state: str = "planned", wave: int = 1) -> int:
    """Keep a visit that is planned or proposed, with the kits it holds; returns its id."""
    values = _plan(plan) | {
        "state": state,
        "wave": wave,
        "version": 1,
        "received_at": at,
        "changed_at": at,
        "author_id": account_id,
        "editor_id": account_id,
    }
    visit_id: int = tx.execute(insert(visit).values(values).returning(visit.c.id)).scalar_one()
    _hold(tx, visit_id, plan)
    return visit_id


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        "place_code": plan.place_code,
        "visit_date": plan.visit_date,
        "session": plan.session,
        "point_code": plan.point_code,
        "team": plan.team,
        "contact": plan.contact,
        "note": plan.note,
        "revisit_of": plan.revisit_of,
        "joined_to": plan.joined_to,
    }


def _hold(tx: Tx, visit_id: int, plan: Plan) -> None:
    """Book kits and team for the half days of a plan, and nothing else any more; a joined visit books nothing."""
    for held in (visit_kit, visit_team):
        tx.execute(delete(held).where(held.c.visit_id == visit_id))
    if plan.joined_to is not None:
        return
    rows = [
        {"visit_id": visit_id, "kit_code": code, "slot": slot, "visit_date": plan.visit_date, "held": 1}
        for code in plan.kits
        for slot in plan.slots
    ]
    if rows:
        tx.execute(insert(visit_kit), rows)
    if plan.team_key:
        team = {"visit_id": visit_id, "point_code": plan.point_code, "team_key": plan.team_key}
        dated = {"visit_date": plan.visit_date, "held": 1}
        tx.execute(insert(visit_team), [{**team, **dated, "slot": slot} for slot in plan.slots])


def change_plan(tx: Tx, kept: Visit, plan: Plan, account_id: int, at: datetime, state: str = "") -> bool:
    """Replace the plan if the visit still has ``kept.version``; False when somebody was faster."""
    if not _versioned(tx, kept, at, _plan(plan) | {"state": state or kept.state, "editor_id": account_id}):
        return False
    _hold(tx, kept.id, plan)
    return True


def set_state(tx: Tx, kept: Visit, state: str, account_id: int, at: datetime) -> bool:
    """Bring a visit to another state; False when somebody was faster."""
    return _versioned(tx, kept, at, {"state": state, "editor_id": account_id})


def keep_result(tx: Tx, kept: Visit, result: Result, account_id: int, at: datetime, state: str = "done") -> bool:
    """Keep what a visit found and close it as done or partly done; False when somebody was faster."""
    values: dict[str, Any] = {name: result.counts.get(name) for name in RESULTS}
    told = result.by_age
    values |= (
        dict.fromkeys(AGES) if told is None else dict(zip(AGES, (told.grown, told.priority, told.later), strict=True))
    )
    values |= {"state": state, "cancel_reason": "", "failed_reason": result.failed_reason, "editor_id": account_id}
    if not _versioned(tx, kept, at, values):
        return False
    tx.execute(delete(visit_home).where(visit_home.c.visit_id == kept.id))
    rows = [{"visit_id": kept.id, "home_code": code, "recorded": n} for code, n in result.homes.items() if n]
    if rows:
        tx.execute(insert(visit_home), rows)
    return True


def cancel(tx: Tx, kept: Visit, reason: str, note: str, account_id: int, at: datetime) -> bool:
    """Cancel a visit with a reason, keeping it; its kits and team are free again. False when somebody was faster."""
    values = {"state": CANCELLED, "cancel_reason": reason, "note": note, "editor_id": account_id}
    if not _versioned(tx, kept, at, values):
        return False
    for held in (visit_kit, visit_team):
        tx.execute(update(held).where(held.c.visit_id == kept.id).values(held=0))
    return True


def _versioned(tx: Tx, kept: Visit, at: datetime, values: dict[str, Any]) -> bool:
    query = (
        update(visit)
        .where(visit.c.id == kept.id, visit.c.version == kept.version)
        .values(values | {"version": kept.version + 1, "changed_at": at})
    )
    return tx.execute(query).rowcount == 1


def keep_checks(tx: Tx, visit_id: int, marks: Marks, account_id: int, at: datetime) -> None:
    """Add what was tried of the check list; earlier tries stay."""
    values = {"visit_id": visit_id, "account_id": account_id, "at": at}
    tx.execute(
        insert(visit_check),
        [
            values | {"kit_code": kit or None, "item": item, "ok": int(ok), "note": note}
            for kit, lines in marks.items()
            for item, (ok, note) in lines.items()
        ],
    )


def checks(tx: Tx, visit_ids: Iterable[int]) -> dict[int, list[Check]]:
    """Everything tried before some visits, oldest first. What was tried for one of those that share a booking is tried
    for all of them: the kits are the same."""
    holder = func.coalesce(visit.c.joined_to, visit.c.id)
    held_by = {
        number: by for number, by in tx.execute(select(visit.c.id, holder).where(visit.c.id.in_(list(visit_ids))))
    }
    wanted = set(held_by.values())
    query = (
        select(visit_check, account.c.name.label("by"), holder.label("holder"))
        .join(account, account.c.id == visit_check.c.account_id)
        .join(visit, visit.c.id == visit_check.c.visit_id)
        .where(or_(visit.c.id.in_(wanted), visit.c.joined_to.in_(wanted)))
        .order_by(visit_check.c.id)
    )
    found: dict[int, list[Check]] = defaultdict(list)
    for row in tx.execute(query):
        found[row.holder].append(Check(row.item, bool(row.ok), row.note, row.by, row.at, row.kit_code or ""))
    return {number: found[by] for number, by in held_by.items()}
