"""Published daily summaries, and what the newest of them says of each point and day."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select

from ..domain.publications import DAILY, PointDay, Publication, Value, read
from .database import Tx
from .daysheets import RECORDED_ON_VISIT, REPORT_SUMMED, VISIT_STANDS
from .tables import publication, published_day, report, visit

_NEWEST = select(publication).where(publication.c.kind == DAILY).order_by(publication.c.number.desc())
_NEWEST_DAY = select(func.max(publication.c.day)).where(publication.c.kind == DAILY)
_LAST_NUMBER = select(func.max(publication.c.number))
_OF_NUMBER = select(publication).where(publication.c.number == bindparam("number"), publication.c.kind == DAILY)
_COVERING = (
    select(publication.c.as_of)
    .where(publication.c.kind == DAILY, publication.c.day >= bindparam("day"))
    .order_by(publication.c.day)
    .limit(1)
)
_OFFICE = select(report.c.point_code, report.c.service_date, report.c.recorded).where(
    report.c.service_date.between(bindparam("first"), bindparam("last")), REPORT_SUMMED
)
_VISITS = (
    select(visit.c.point_code, visit.c.visit_date, func.sum(RECORDED_ON_VISIT))
    .where(visit.c.visit_date.between(bindparam("first"), bindparam("last")), VISIT_STANDS)
    .group_by(visit.c.point_code, visit.c.visit_date)
)
_CHANGED = (
    select(report.c.point_code, report.c.service_date).where(
        report.c.changed_at > bindparam("since"), report.c.service_date <= bindparam("last")
    ),
    select(report.c.point_code, report.c.service_date).where(  # taken out of the sums, or put back
        report.c.reviewed_at > bindparam("since"), report.c.service_date <= bindparam("last")
    ),
    select(visit.c.point_code, visit.c.visit_date).where(
        visit.c.changed_at > bindparam("since"), visit.c.visit_date <= bindparam("last")
    ),
)
_PUBLISHED = select(published_day.c.point_code, published_day.c.day, published_day.c.office, published_day.c.visits)
_OF_DAY = _PUBLISHED.where(published_day.c.point_code == bindparam("point"), published_day.c.day == bindparam("of"))
_FORGET = delete(published_day).where(
    published_day.c.point_code == bindparam("point"), published_day.c.day == bindparam("of")
)


def newest(tx: Tx, limit: int = 1, skip: int = 0) -> list[Publication]:
    """The newest publications, the last one first."""
    return [_publication(row) for row in tx.execute(_NEWEST.limit(limit).offset(skip))]


def newest_day(tx: Tx) -> date | None:
    """Up to which day summaries were published; None before the first."""
    return tx.execute(_NEWEST_DAY).scalar()


def next_number(tx: Tx) -> int:
    """The number of the next publication: daily, weekly and monthly ones share one row of numbers, so that a paper's
    number alone names it."""
    return (tx.execute(_LAST_NUMBER).scalar() or 0) + 1


def find(tx: Tx, number: int) -> Publication | None:
    """One daily summary, as it was published."""
    row = tx.execute(_OF_NUMBER, {"number": number}).one_or_none()
    return None if row is None else _publication(row)


def published_at(tx: Tx, day: date) -> datetime | None:
    """When what was known of a day was published; None while it was not."""
    return tx.execute(_COVERING, {"day": day}).scalar()


def _publication(row: Any) -> Publication:
    return read(row.payload, row.sha256)


def values(tx: Tx, first: date, last: date) -> dict[PointDay, Value]:
    """What is known now of each point and day; days of which nothing is known are left out."""
    days = {"first": first, "last": last}
    office = {(code, day): n for code, day, n in tx.execute(_OFFICE, days)}
    visits = {(code, day): n for code, day, n in tx.execute(_VISITS, days)}
    return {key: Value(office.get(key), visits.get(key)) for key in office.keys() | visits.keys()}


def published(tx: Tx) -> dict[PointDay, Value]:
    """What the publications, taken together, say of each point and day."""
    return {(row.point_code, row.day): Value(row.office, row.visits) for row in tx.execute(_PUBLISHED)}


def changed_since(tx: Tx, since: datetime, last: date) -> tuple[dict[PointDay, Value], dict[PointDay, Value]]:
    """(published, known now) of points and days up to ``last`` whose reports or visits were touched since.

    What was touched and says the same as before is among them; the work grows with what was touched, not with years.
    """
    touched = {(code, day) for query in _CHANGED for code, day in tx.execute(query, {"since": since, "last": last})}
    said: dict[PointDay, Value] = {}
    known: dict[PointDay, Value] = {}
    for code, day in sorted(touched):
        row = tx.execute(_OF_DAY, {"point": code, "of": day}).one_or_none()
        if row is not None:
            said[code, day] = Value(row.office, row.visits)
        now = values(tx, day, day).get((code, day))
        if now is not None:
            known[code, day] = now
    return said, known


def add(tx: Tx, number: int, day: date, as_of: datetime, payload: str, sha256: str, account_id: int) -> None:
    """Keep a publication for ever."""
    row = {"number": number, "kind": DAILY, "day": day, "as_of": as_of, "payload": payload, "sha256": sha256}
    tx.execute(insert(publication).values(row | {"account_id": account_id}))


def remember(tx: Tx, said: Mapping[PointDay, Value]) -> None:
    """From now on this is what was published of these points and days."""
    keys = [{"point": code, "of": day} for code, day in said]
    if keys:
        tx.execute(_FORGET, keys)
        rows = [
            {"point_code": code, "day": day, "office": v.office, "visits": v.visits} for (code, day), v in said.items()
        ]
        tx.execute(insert(published_day), rows)


def verified(tx: Tx, day: date) -> dict[str, tuple[str, bool]]:
    """Point → (cause of a NIHIL or "", whether somebody verified it) of the reports that stand for a day."""
    query = select(report.c.point_code, report.c.nihil_reason, report.c.review_state).where(
        report.c.service_date == day, report.c.cancelled_at.is_(None)
    )
    return {row.point_code: (row.nihil_reason or "", row.review_state == "verified") for row in tx.execute(query)}
