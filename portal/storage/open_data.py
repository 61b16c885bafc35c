"""Rows that others read: reports, visits and publications piece by piece, so that ten years take no more memory."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, or_, select

from ..domain.duty import Period
from ..domain.publications import DAILY, Publication, read
from .database import Tx
from .daysheets import REPORT_STANDS
from .tables import place, publication, report, visit

BLOCK_DAYS = 31
BLOCK_ROWS = 500
"""How much is read at once."""

_REPORTS = (
    select(report)
    .where(report.c.service_date.between(bindparam("first"), bindparam("last")), REPORT_STANDS)
    .order_by(report.c.service_date, report.c.point_code)
)
_VISITS = (
    select(visit, place.c.kecamatan_code, place.c.name.label("place_name"), place.c.kind.label("place_kind"))
    .join(place, place.c.code == visit.c.place_code)
    .where(visit.c.visit_date.between(bindparam("first"), bindparam("last")))
    .where(
        or_(
            visit.c.visit_date > bindparam("day"),
            and_(visit.c.visit_date == bindparam("day"), visit.c.id > bindparam("number")),
        )
    )
    .order_by(visit.c.visit_date, visit.c.id)
    .limit(BLOCK_ROWS)
)
_PUBLICATIONS = (
    select(publication.c.payload, publication.c.sha256)
    .where(publication.c.kind == DAILY, publication.c.number > bindparam("number"))
    .order_by(publication.c.number)
    .limit(20)
)


def reports(tx: Tx, period: Period) -> Iterator[tuple[Period, dict[tuple[date, str], Any]]]:
    """The period in blocks of a month, each with its standing reports by day and point, as the columns name them."""
    first = period.first
    while first <= period.last:
        last = min(first + timedelta(days=BLOCK_DAYS - 1), period.last)
        rows = tx.execute(_REPORTS, {"first": first, "last": last})
        yield Period(first, last), {(row.service_date, row.point_code): row._mapping for row in rows}
        first = last + timedelta(days=1)


def visits(tx: Tx, period: Period, after: tuple[date, int]) -> Iterator[Any]:
    """Every visit of a period after (day, number), by day and number, with its place; cancelled ones included."""
    day, number = after
    while True:
        given = {"first": period.first, "last": period.last, "day": day, "number": number}
        rows = tx.execute(_VISITS, given).all()
        for row in rows:
            yield row._mapping
        if len(rows) < BLOCK_ROWS:
            return
        day, number = rows[-1].visit_date, rows[-1].id


def publications(tx: Tx, after: int) -> Iterator[Publication]:
    """Every published daily summary after a number, by number, as it was published."""
    while rows := tx.execute(_PUBLICATIONS, {"number": after}).all():
        for row in rows:
            found = read(row.payload, row.sha256)
            yield found
            after = found.number
