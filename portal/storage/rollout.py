"""Pupils and others who were on a visit's list and were not recorded, by kecamatan."""

from datetime import date, timedelta

from sqlalchemy import bindparam, func, select

from ..domain.rollout import LeftAtSchools
from ..domain.visits import DONE
from .database import Tx
from .tables import place, visit

YEAR = timedelta(days=366)

_NEWEST = (
    select(
        visit.c.visit_date,
        place.c.kecamatan_code,
        (visit.c.absent + visit.c.failed + visit.c.refused).label("left"),
        func.row_number()
        .over(partition_by=visit.c.place_code, order_by=(visit.c.visit_date.desc(), visit.c.id.desc()))
        .label("newest"),
    )
    .join(place, place.c.code == visit.c.place_code)
    .where(visit.c.visit_date.between(bindparam("first"), bindparam("last")), visit.c.state == DONE)
    .subquery()
)
_LEFT = (
    select(
        _NEWEST.c.kecamatan_code,
        func.sum(_NEWEST.c.left).label("people"),
        func.count().label("places"),
        func.min(_NEWEST.c.visit_date).label("oldest"),
        func.max(_NEWEST.c.visit_date).label("newest"),
    )
    .where(_NEWEST.c.newest == 1, _NEWEST.c.kecamatan_code.is_not(None))
    .group_by(_NEWEST.c.kecamatan_code)
)


def left_at_schools(tx: Tx, today: date) -> dict[str, LeftAtSchools]:
    """Kecamatan → those the last visit to each of its places within a year found and did not record."""
    rows = tx.execute(_LEFT, {"first": today - YEAR, "last": today})
    return {r.kecamatan_code: LeftAtSchools(r.people or 0, r.places, r.oldest, r.newest) for r in rows}
