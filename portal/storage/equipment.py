"""Kits, their parts, and the append-only history of what state they were in."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from msgspec.structs import asdict
from sqlalchemy import ColumnElement, func, insert, select, update

from ..domain.calendar import office_day
from ..domain.diary import POINT, KitPlace
from ..domain.equipment import COMPONENTS, GOOD, Component, Kit, StatusEvent, state_since, usually_essential
from ..domain.papers import Papers
from .database import Tx
from .tables import account, component, kit, kit_place, kit_retirement, status_event

_ORDER = {kind: n for n, kind in enumerate(COMPONENTS)}


_KITS = (
    select(
        kit.c.code.label("code"),
        kit.c.name.label("kit_name"),
        kit.c.point_code,
        kit_retirement.c.since.label("retired_on"),
        component,
        account.c.name.label("by"),
    )
    .outerjoin(kit_retirement, (kit_retirement.c.kit_code == kit.c.code) & kit_retirement.c.until.is_(None))
    .outerjoin(component, (component.c.kit_code == kit.c.code) & component.c.removed_at.is_(None))
    .outerjoin(account, account.c.id == component.c.account_id)
    .order_by(kit.c.code)
)
_IN_SERVICE = _KITS.where(kit_retirement.c.id.is_(None))
_PLACES = (
    select(kit_place, account.c.name.label("by"))
    .join(account, account.c.id == kit_place.c.account_id)
    .where(kit_place.c.withdrawn_at.is_(None))
    .order_by(kit_place.c.valid_from, kit_place.c.id)
)


def kits(tx: Tx, points: Iterable[str] | None = None, today: date | None = None, *, retired: bool = False) -> list[Kit]:
    """Kits with the parts in use and where they were said to be, all of them or those of some points: two queries.

    Kits out of service are among them only when ``retired`` asks for them too.

    Those of a point are the kits that belong to it and, when ``today`` is given, the kits it has today. Stays that
    ended before ``today`` are left out.
    """
    query, places = _KITS if retired else _IN_SERVICE, _PLACES
    if today is not None:
        places = places.where(kit_place.c.valid_to.is_(None) | (kit_place.c.valid_to >= today))
    if points is not None:
        codes = list(points)
        theirs: ColumnElement[bool] = kit.c.point_code.in_(codes)
        if today is not None:
            theirs |= kit.c.code.in_(select(kit_place.c.kit_code).where(kit_place.c.point_code.in_(codes)))
        query = query.where(theirs)
        places = places.where(kit_place.c.kit_code.in_(select(kit.c.code).where(theirs)))
    found = _kits(tx.execute(query), tx.execute(places))
    if points is None or today is None:
        return found
    return [k for k in found if k.points_on(today).intersection(codes)]


def find(tx: Tx, code: str) -> Kit | None:
    """One kit with the parts in use and every place it ever stood at."""
    found = _kits(tx.execute(_KITS.where(kit.c.code == code)), tx.execute(_PLACES.where(kit_place.c.kit_code == code)))
    return found[0] if found else None


def _kits(rows: Iterable[Any], place_rows: Iterable[Any]) -> list[Kit]:
    found: dict[str, tuple[str, str, date | None, list[Component]]] = {}
    for row in rows:
        parts = found.setdefault(row.code, (row.kit_name, row.point_code, row.retired_on, []))[3]
        if row.id is not None:
            parts.append(part_of(row))
    places: dict[str, list[KitPlace]] = {}
    for row in place_rows:
        places.setdefault(row.kit_code, []).append(place_of(row))
    return [
        Kit(
            code,
            name,
            point,
            tuple(sorted(parts, key=lambda c: _ORDER[c.kind])),
            tuple(places.get(code, ())),
            retired_on,
        )
        for code, (name, point, retired_on, parts) in found.items()
    ]


def part_of(row: Any) -> Component:
    """A part out of a row that holds its table's columns and the name of whoever spoke last, as ``by``."""
    return Component(
        row.id,
        row.kit_code,
        row.kind,
        row.status,
        row.reason,
        row.note,
        row.since,
        row.confirmed_at,
        row.by,
        row.version,
        row.essential,
        row.serial,
        row.bought,
        row.price_rp,
        row.warranty_until,
        row.expected_back,
        row.added_at,
        row.removed_at,
    )


def place_of(row: Any) -> KitPlace:
    """A place out of a row that holds its table's columns and the name of whoever wrote it down, as ``by``."""
    return KitPlace(
        row.id,
        row.kit_code,
        row.kind,
        row.point_code,
        row.place_code,
        row.holder,
        row.valid_from,
        row.valid_to,
        row.note,
        row.by,
        row.at,
    )


def part(tx: Tx, component_id: int) -> Component | None:
    """One part, in use or taken out."""
    query = select(component, account.c.name.label("by")).join(account, account.c.id == component.c.account_id)
    row = tx.execute(query.where(component.c.id == component_id)).one_or_none()
    return None if row is None else part_of(row)


def add_kit(
    tx: Tx,
    code: str,
    name: str,
    point_code: str,
    kinds: Iterable[str],
    account_id: int,
    at: datetime,
    papers: Mapping[str, Papers] | None = None,
) -> None:
    """Keep a new kit whose parts all work and which stands at its point from that day on."""
    tx.execute(insert(kit).values(code=code, name=name, point_code=point_code))
    values = {"kit_code": code, "kind": POINT, "point_code": point_code, "valid_from": office_day(at)}
    tx.execute(insert(kit_place).values(values | {"account_id": account_id, "at": at}))
    for kind in kinds:
        add_part(tx, code, kind, (papers or {}).get(kind, Papers()), account_id, at)


def add_part(
    tx: Tx,
    kit_code: str,
    kind: str,
    papers: Papers,
    account_id: int,
    at: datetime,
    like: Component | None = None,
) -> int:
    """Keep a part that is in a kit from now on; it works, or is in the state of the part it was until now."""
    values = {
        "kit_code": kit_code,
        "kind": kind,
        "status": like.status if like else GOOD,
        "reason": like.reason if like else "",
        "note": like.note if like else "",
        "expected_back": like.expected_back if like else None,
        "since": like.since if like else at,
        "confirmed_at": at,
        "account_id": account_id,
        "version": 1,
        "added_at": at,
        **_papers(kind, papers),
    }
    component_id: int = tx.execute(insert(component).values(values).returning(component.c.id)).scalar_one()
    _event(tx, component_id, values, at)
    return component_id


def _papers(kind: str, papers: Papers) -> dict[str, Any]:
    return {**asdict(papers), "essential": papers.essential or usually_essential(kind)}


def set_papers(tx: Tx, kept: Component, papers: Papers) -> bool:
    """Keep a part's papers if it still has ``kept.version``; False when somebody was faster."""
    return _versioned(tx, kept, _papers(kept.kind, papers))


def take_out(tx: Tx, kept: Component, at: datetime) -> bool:
    """The part is in its kit no longer; False when somebody was faster. The kit's version goes on growing: another
    part takes over the number of changes of the one that left."""
    if not _versioned(tx, kept, {"removed_at": at}):
        return False
    left = select(func.min(component.c.id)).where(
        component.c.kit_code == kept.kit_code, component.c.removed_at.is_(None)
    )
    tx.execute(
        update(component)
        .where(component.c.id == left.scalar_subquery())
        .values(version=component.c.version + kept.version + 1)
    )
    return True


def with_serial(tx: Tx, kind: str, serial: str) -> Component | None:
    """The part in use of this kind with this serial number."""
    query = select(component, account.c.name.label("by")).join(account, account.c.id == component.c.account_id)
    query = query.where(component.c.kind == kind, component.c.serial == serial, component.c.removed_at.is_(None))
    row = tx.execute(query).one_or_none()
    return None if row is None else part_of(row)


def _versioned(tx: Tx, kept: Component, values: dict[str, Any]) -> bool:
    query = (
        update(component)
        .where(component.c.id == kept.id, component.c.version == kept.version)
        .values(values | {"version": kept.version + 1})
    )
    return tx.execute(query).rowcount == 1


def set_status(
    tx: Tx,
    part: Component,
    status: str,
    reason: str,
    note: str,
    account_id: int,
    at: datetime,
    *,
    expected_back: date | None = None,
    recorded_at: datetime | None = None,
) -> bool:
    """Note that a part had a status from ``at`` on, if it still has ``part.version``; False when somebody was faster.

    Told late (``recorded_at``), it takes its place in the history; the part's present state follows from that.
    """
    said = {
        "status": status,
        "reason": reason,
        "note": note,
        "expected_back": expected_back,
        "account_id": account_id,
    }
    if at < part.confirmed_at:
        _event(tx, part.id, said, at, recorded_at=recorded_at)
        _last, since, _seen = state_since(part_events(tx, part.id))
        return _versioned(tx, part, {"since": since})
    since = at if (status, reason) != (part.status, part.reason) else part.since
    if not _versioned(tx, part, said | {"since": since, "confirmed_at": at}):
        return False
    _event(tx, part.id, said, at, recorded_at=recorded_at)
    return True


def confirm(tx: Tx, kept: Kit, account_id: int, at: datetime) -> None:
    """Note that every part of a kit was looked at and found unchanged."""
    ids = [part.id for part in kept.components]
    tx.execute(update(component).where(component.c.id.in_(ids)).values(confirmed_at=at))
    for part in kept.components:
        said = {"status": part.status, "reason": part.reason, "expected_back": part.expected_back}
        _event(tx, part.id, said | {"note": "", "account_id": account_id}, at, confirmed_only=True)


def _event(
    tx: Tx,
    component_id: int,
    said: Mapping[str, Any],
    at: datetime,
    *,
    recorded_at: datetime | None = None,
    confirmed_only: bool = False,
) -> None:
    tx.execute(
        insert(status_event).values(
            component_id=component_id,
            status=said["status"],
            reason=said["reason"],
            note=said["note"],
            expected_back=said["expected_back"],
            account_id=said["account_id"],
            at=at,
            recorded_at=recorded_at if recorded_at != at else None,
            confirmed_only=int(confirmed_only),
        )
    )


_EVENTS = (
    select(status_event, component.c.kind, account.c.name.label("by"))
    .join(component, component.c.id == status_event.c.component_id)
    .join(account, account.c.id == status_event.c.account_id)
)


def events(tx: Tx, kit_code: str, limit: int = 60) -> list[StatusEvent]:
    """The newest lines of a kit's history, the latest to happen first."""
    query = (
        _EVENTS.where(component.c.kit_code == kit_code)
        .order_by(status_event.c.at.desc(), status_event.c.id.desc())
        .limit(limit)
    )
    return [_event_of(row) for row in tx.execute(query)]


def part_events(tx: Tx, component_id: int, limit: int | None = None) -> list[StatusEvent]:
    """The history of one part, the latest to happen first."""
    query = (
        _EVENTS.where(status_event.c.component_id == component_id)
        .order_by(status_event.c.at.desc(), status_event.c.id.desc())
        .limit(limit)
    )
    return [_event_of(row) for row in tx.execute(query)]


def _event_of(row: Any) -> StatusEvent:
    return StatusEvent(
        row.kind,
        row.status,
        row.reason,
        row.note,
        row.at,
        row.by,
        bool(row.confirmed_only),
        row.component_id,
        row.expected_back,
        row.recorded_at,
        row.id,
    )
