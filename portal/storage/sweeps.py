"""Where the sweeps stand, place by place: a fixed number of questions, however many places and years there are."""

from collections.abc import Callable, Collection
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, select

from ..domain.accounts import CLERK, LIAISON, Account
from ..domain.areas import Place
from ..domain.follow_ups import BY_OFFICE, BY_TRANSFER, BY_VISIT, OPEN
from ..domain.places import BUCKETS, CONFIRMED, Buckets, TargetBatch
from ..domain.sweeps import Standing, Told
from ..domain.visits import AGES, CANCELLED, FINISHED, OWING, PROPOSED, RESULTS
from . import areas, places
from .database import Tx
from .tables import account, follow_up, place, target_batch, visit, visit_kit

Narrow = Callable[[Select[Any]], Select[Any]]

AHEAD = (PROPOSED, *OWING)
"""States of a visit that is still to come, or whose result is."""


class Closed(NamedTuple):
    """Of those whom a place's visits left behind: recorded at an office, handed over to one, to be come back for."""

    recorded: int
    handed_over: int
    come_back: int


def _narrowing(who: Account, only: str) -> Narrow:
    """Only places in a person's area: a clerk's by kecamatan, a liaison's by name; with ``only`` that one place."""
    wanted: list[ColumnElement[bool]] = []
    if who.role == LIAISON:
        wanted.append(place.c.code.in_(who.places))
    elif who.role == CLERK:
        wanted.append(place.c.kecamatan_code.in_(who.kecamatan))
    if only:
        wanted.append(place.c.code == only)
    return lambda query: query.where(*wanted)


def _newest_lists(today: date) -> Any:
    """Each place's newest confirmed list: of two of a day, the one kept later. As ``domain/places.latest``."""
    rank = func.row_number().over(
        partition_by=target_batch.c.place_code, order_by=(target_batch.c.as_of.desc(), target_batch.c.id.desc())
    )
    lists = select(target_batch, rank.label("rank")).where(
        target_batch.c.state == CONFIRMED, target_batch.c.as_of <= today
    )
    return lists.subquery("lists")


def standings(tx: Tx, who: Account, today: date, only: str = "") -> list[Standing]:
    """Every place in a person's area that can be visited today, with its list, its visits and what is open.

    With ``only`` that one place, if it lies there.
    """
    lists = _newest_lists(today)
    narrowed = _narrowing(who, only)
    batches = _batches(tx, narrowed(_named(lists)))
    counted = _counted(tx, narrowed, lists, today)
    ahead = _ahead(tx, narrowed, today)
    open_lines, closed = _follow_ups(tx, narrowed, lists, today)
    found = []
    for one in _places(tx, who, only):
        if not one.active(today):
            continue
        seen = counted.get(one.code)
        found.append(
            Standing(
                one,
                batches.get(one.code),
                {name: int(getattr(seen, name) or 0) for name in RESULTS} if seen else {},
                (int(seen.ever_eligible or 0), int(seen.ever_absent or 0)) if seen else (0, 0),
                seen.visits if seen else 0,
                seen.last_visit if seen else None,
                ahead.get(one.code),
                *open_lines.get(one.code, (0, None)),
                settled_elsewhere=closed[one.code].recorded if one.code in closed else 0,
                told=_told(seen),
                handed_over=closed[one.code].handed_over if one.code in closed else 0,
                already_later=int(seen.already_later or 0) if seen else 0,
                come_back=closed[one.code].come_back if one.code in closed else 0,
            )
        )
    return found


def _places(tx: Tx, who: Account, only: str) -> list[Place]:
    if not only:
        return places.in_area(tx, who)
    one = areas.place(tx, only)
    return [one] if one is not None and who.sees_place(one.code, one.kecamatan_code) else []


def _named(lists: Any) -> Select[Any]:
    return (
        select(lists, account.c.name.label("author"))
        .join(account, account.c.id == lists.c.account_id)
        .join(place, place.c.code == lists.c.place_code)
        .where(lists.c.rank == 1)
    )


def _batches(tx: Tx, query: Select[Any]) -> dict[str, TargetBatch]:
    return {
        r.place_code: TargetBatch(
            r.id,
            r.place_code,
            r.as_of,
            Buckets(*(getattr(r, name) for name in BUCKETS)),
            r.election_code,
            r.source,
            r.state,
            r.author,
            r.at,
        )
        for r in tx.execute(query)
    }


def _span(lists: Any, today: date) -> Any:
    """Each place's first and last finished visit since its list; neither without one."""
    since = case((visit.c.visit_date >= lists.c.as_of, visit.c.visit_date))
    days = (
        select(visit.c.place_code, func.min(since).label("first"), func.max(since).label("last"))
        .outerjoin(lists, and_(lists.c.place_code == visit.c.place_code, lists.c.rank == 1))
        .where(visit.c.state.in_(FINISHED), visit.c.visit_date <= today)
    )
    return days.group_by(visit.c.place_code).subquery("span")


def _counted(tx: Tx, narrowed: Narrow, lists: Any, today: date) -> dict[str, Any]:
    """Place → sums of its finished visits since its list, and over all of them."""
    since = case((lists.c.as_of.is_(None), 1), (visit.c.visit_date >= lists.c.as_of, 1), else_=0)
    told = and_(since == 1, visit.c.recorded_grown.is_not(None))
    span = _span(lists, today)
    voters, listed = visit.c.recorded_grown + visit.c.recorded_priority, visit.c.recorded_from_list
    least = case((voters > visit.c.walk_in, voters - visit.c.walk_in), else_=0)
    most = case((voters < listed, voters), else_=listed)
    query = (
        select(
            visit.c.place_code,
            func.count().label("visits"),
            func.max(visit.c.visit_date).label("last_visit"),
            func.sum(visit.c.eligible).label("ever_eligible"),
            func.sum(visit.c.absent).label("ever_absent"),
            *(func.sum(case((since == 1, visit.c[name]), else_=0)).label(name) for name in RESULTS),
            *(func.sum(case((told, visit.c[name]))).label(name) for name in AGES),
            func.sum(case((visit.c.visit_date > span.c.first, visit.c.already))).label("already_later"),
            func.sum(case((told, listed), else_=0)).label("told_listed"),
            func.sum(case((told, least), else_=0)).label("told_least"),
            func.sum(case((told, most), else_=0)).label("told_most"),
        )
        .join(place, place.c.code == visit.c.place_code)
        .outerjoin(lists, and_(lists.c.place_code == visit.c.place_code, lists.c.rank == 1))
        .outerjoin(span, span.c.place_code == visit.c.place_code)
        .where(visit.c.state.in_(FINISHED), visit.c.visit_date <= today)
        .group_by(visit.c.place_code)
    )
    return {r.place_code: r for r in tx.execute(narrowed(query))}


def _told(seen: Any) -> Told | None:
    if seen is None or seen.recorded_grown is None:
        return None
    ages = Buckets(*(int(getattr(seen, name)) for name in AGES))
    return Told(ages, int(seen.told_listed), int(seen.told_least), int(seen.told_most))


def _ahead(tx: Tx, narrowed: Narrow, today: date) -> dict[str, date]:
    query = (
        select(visit.c.place_code, func.min(visit.c.visit_date).label("next"))
        .join(place, place.c.code == visit.c.place_code)
        .where(visit.c.state.in_(AHEAD), visit.c.visit_date >= today)
        .group_by(visit.c.place_code)
    )
    return {r.place_code: r.next for r in tx.execute(narrowed(query))}


def _follow_ups(
    tx: Tx, narrowed: Narrow, lists: Any, today: date
) -> tuple[dict[str, tuple[int, date | None]], dict[str, Closed]]:
    """(place → (people of its open lines, the earliest day by which they are due), place → what became of those left
    behind since its list)."""
    people = follow_up.c.absent + follow_up.c.failed
    still = (
        select(follow_up.c.place_code, func.sum(people).label("people"), func.min(follow_up.c.due).label("due"))
        .join(place, place.c.code == follow_up.c.place_code)
        .where(follow_up.c.state == OPEN)
        .group_by(follow_up.c.place_code)
    )
    span = _span(lists, today)

    def of(*which: ColumnElement[bool]) -> Any:
        return func.coalesce(func.sum(case((and_(*which), people))), 0)

    left = (
        select(
            follow_up.c.place_code,
            of(follow_up.c.closed_by == BY_OFFICE).label("recorded"),
            of(follow_up.c.closed_by == BY_TRANSFER).label("handed_over"),
            of(follow_up.c.closed_by.in_(("", BY_VISIT)), visit.c.visit_date < span.c.last).label("come_back"),
        )
        .join(place, place.c.code == follow_up.c.place_code)
        .join(visit, visit.c.id == follow_up.c.visit_id)
        .outerjoin(lists, and_(lists.c.place_code == follow_up.c.place_code, lists.c.rank == 1))
        .outerjoin(span, span.c.place_code == follow_up.c.place_code)
        .where(lists.c.as_of.is_(None) | (visit.c.visit_date >= lists.c.as_of))
        .group_by(follow_up.c.place_code)
    )
    return (
        {r.place_code: (int(r.people), r.due) for r in tx.execute(narrowed(still))},
        {r.place_code: Closed(*map(int, (r.recorded, r.handed_over, r.come_back))) for r in tx.execute(narrowed(left))},
    )


def planned(tx: Tx, first: date, last: date) -> dict[str, list[tuple[date, str]]]:
    """Place → (day, session) of its visits from ``first`` to ``last`` that are planned and not cancelled."""
    query = select(visit.c.place_code, visit.c.visit_date, visit.c.session).where(
        visit.c.visit_date.between(first, last), visit.c.state != CANCELLED
    )
    found: dict[str, list[tuple[date, str]]] = {}
    for r in tx.execute(query.order_by(visit.c.visit_date)):
        found.setdefault(r.place_code, []).append((r.visit_date, r.session))
    return found


def bookings(tx: Tx, kits: Collection[str], first: date, last: date) -> dict[str, frozenset[tuple[date, str]]]:
    """Kit → the half days (day, slot) on which it is booked for a visit."""
    query = select(visit_kit.c.kit_code, visit_kit.c.visit_date, visit_kit.c.slot).where(
        visit_kit.c.kit_code.in_(list(kits)),
        visit_kit.c.visit_date.between(first, last),
        visit_kit.c.held == 1,
    )
    found: dict[str, set[tuple[date, str]]] = {}
    for r in tx.execute(query):
        found.setdefault(r.kit_code, set()).add((r.visit_date, r.slot))
    return {code: frozenset(slots) for code, slots in found.items()}
