"""Whom the last visit to a place left behind: what is known of a place that has no list."""

from datetime import date, timedelta

from sqlalchemy import bindparam, case, func, select

from ..domain.follow_ups import CLOSED
from ..domain.visits import FINISHED
from .database import Tx
from .tables import follow_up, visit

YEAR = timedelta(days=366)

_RANKED = (
    select(
        visit.c.id,
        visit.c.place_code,
        visit.c.visit_date,
        (visit.c.absent + visit.c.failed).label("behind"),
        func.row_number()
        .over(partition_by=visit.c.place_code, order_by=(visit.c.visit_date.desc(), visit.c.id.desc()))
        .label("newest"),
    )
    .where(visit.c.visit_date.between(bindparam("first"), bindparam("last")), visit.c.state.in_(FINISHED))
    .subquery()
)
# Visits older than the lines they leave have none: what such a visit left behind is taken as still open.
_BEHIND = (
    select(
        _RANKED.c.place_code,
        _RANKED.c.visit_date,
        case((follow_up.c.state == CLOSED, 0), else_=_RANKED.c.behind).label("people"),
    )
    .outerjoin(follow_up, follow_up.c.visit_id == _RANKED.c.id)
    .where(_RANKED.c.newest == 1)
)


def left_behind(tx: Tx, today: date) -> dict[str, tuple[int, date]]:
    """Place → (absent and failed of its last visit within a year who are not settled since, the day of the visit)."""
    rows = tx.execute(_BEHIND, {"first": today - YEAR, "last": today})
    return {r.place_code: (r.people or 0, r.visit_date) for r in rows}
