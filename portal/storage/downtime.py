"""What was told of kits within some days, and the last word before them: never the whole history."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, or_, select

from ..domain.calendar import office_day
from ..domain.downtime import KitStory, PartStory, Told
from ..domain.equipment import MISSING
from . import equipment, retirement
from .database import Tx
from .tables import component, status_event

_TOLD = (status_event.c.component_id, status_event.c.at, status_event.c.status, status_event.c.id)
_STILL_THERE = or_(component.c.removed_at.is_(None), component.c.removed_at >= bindparam("first"))

# Built once: building a statement costs more than running it.
_PARTS = select(
    component.c.id,
    component.c.kit_code,
    component.c.kind,
    component.c.essential,
    component.c.added_at,
    component.c.removed_at,
).order_by(component.c.added_at, component.c.id)
_LAST_BEFORE = (
    select(status_event.c.id)
    .where(status_event.c.component_id == component.c.id, status_event.c.at < bindparam("first"))
    .order_by(status_event.c.at.desc(), status_event.c.id.desc())
    .limit(1)
    .correlate(component)
    .scalar_subquery()
)
_BEFORE = (
    select(*_TOLD).select_from(component).join(status_event, status_event.c.id == _LAST_BEFORE).where(_STILL_THERE)
)
_WITHIN = (
    select(*_TOLD)
    .select_from(component)
    .join(
        status_event,
        and_(
            status_event.c.component_id == component.c.id,
            status_event.c.at.between(bindparam("first"), bindparam("last")),
        ),
    )
    .where(_STILL_THERE)
)
_CHANGES_WITHIN = _WITHIN.where(status_event.c.confirmed_only == 0)


def stories(tx: Tx, first: datetime, last: datetime, *, changes_only: bool = False) -> list[KitStory]:
    """Every kit with what was told of its parts from ``first`` to ``last``, and the last word on each before that.

    ``changes_only`` leaves confirmations out: enough to know when a thing was down, not when it was up. A part that
    was taken out counts as missing until another of its kind comes.
    """
    told: dict[int, list[Told]] = {}
    for query in (_BEFORE, _CHANGES_WITHIN if changes_only else _WITHIN):
        for row in tx.execute(query, {"first": first, "last": last}):
            told.setdefault(row.component_id, []).append(Told(row.at, row.status, row.id))
    parts: dict[str, list[Any]] = {}
    for part in tx.execute(_PARTS):
        parts.setdefault(part.kit_code, []).append(part)
    gone = retirement.of_kits(tx)
    return [
        KitStory(kit, parts[kit.code][0].added_at, _part_stories(parts[kit.code], told), gone.get(kit.code, ()))
        for kit in equipment.kits(tx, None, office_day(first), retired=True)
        if kit.code in parts
    ]


def _part_stories(rows: Iterable[Any], told: dict[int, list[Told]]) -> list[PartStory]:
    """The parts of a kit by kind; of several of one kind the newest says what it is needed for."""
    words: dict[str, list[Told]] = {}
    needed: dict[str, str] = {}
    for row in rows:
        own = words.setdefault(row.kind, [])
        own += told.get(row.id, [])
        needed[row.kind] = row.essential
        if row.removed_at is not None:
            own.append(Told(row.removed_at, MISSING))
    return [PartStory(kind, needed[kind], own) for kind, own in words.items()]
