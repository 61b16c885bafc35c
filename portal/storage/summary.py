"""The facts of a period, added up by the database: the number of queries never grows with rows."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from sqlalchemy import and_, case, func, literal, or_, select
from sqlalchemy.sql import ColumnElement

from ..domain.areas import NO_HUB, OUTSIDE
from ..domain.duty import Period
from ..domain.recordings import FLOWS
from ..domain.summary import TREND_DAYS, Facts, HomeLine, WorkLine
from ..domain.visits import DONE
from . import areas, equipment, recordings
from .database import Tx
from .tables import hub_member, hub_point, report, report_home, service_point, visit, visit_home


def _member_on(kecamatan_code: ColumnElement[Any], day: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(
        hub_member.c.kecamatan_code == kecamatan_code,
        hub_member.c.valid_from <= day,
        or_(hub_member.c.valid_to.is_(None), hub_member.c.valid_to >= day),
    )


def _hub() -> ColumnElement[str]:
    return case(
        (service_point.c.kecamatan_code.is_(None), func.coalesce(hub_point.c.hub_code, NO_HUB)),
        else_=func.coalesce(hub_member.c.hub_code, NO_HUB),
    )


def facts(tx: Tx, period: Period) -> Facts:
    """Everything known about a period. A hub counts the days on which a kecamatan belonged to it."""
    work: dict[tuple[str, str], dict[str, int | None]] = defaultdict(dict)
    for row in tx.execute(_reports_by_point(period)):
        sums = row._mapping
        printed = [sums["printed_prr"], sums["printed_replacement"]]
        work[row.point_code, row.hub] |= {name: sums[name] for name in FLOWS} | {
            "office": sums["recorded"],
            "printed": sum(n or 0 for n in printed) if any(n is not None for n in printed) else None,
        }
    pupils = [0, 0]
    for row in tx.execute(_visits_by_point(period)):
        work[row.point_code, row.hub] |= {"visits": row.recorded, "visits_done": row.visits}
        pupils[0] += row.eligible
        pupils[1] += row.reached
    trend_period = Period(period.last - timedelta(days=TREND_DAYS - 1), period.last)
    return Facts(
        work=[WorkLine(point, hub, sums) for (point, hub), sums in work.items()],
        homes=_homes(tx, period),
        marks=recordings.marks(tx, period),
        trend=_trend(tx, trend_period),
        trend_visits=_trend_visits(tx, trend_period),
        kits=equipment.kits(tx),
        figures=areas.figures(tx),
        pupils=(pupils[0], pupils[1]),
    )


def _reports_by_point(period: Period) -> Any:
    hub = _hub().label("hub")
    return (
        select(report.c.point_code, hub, *(func.sum(report.c[name]).label(name) for name in FLOWS))
        .join(service_point, service_point.c.code == report.c.point_code)
        .outerjoin(hub_point, and_(hub_point.c.point_code == report.c.point_code))
        .outerjoin(hub_member, _member_on(service_point.c.kecamatan_code, report.c.service_date))
        .where(report.c.service_date.between(period.first, period.last), report.c.cancelled_at.is_(None))
        .group_by(report.c.point_code, hub)
    )


def _recorded_on_visit() -> ColumnElement[int]:
    return visit.c.recorded_from_list + visit.c.walk_in


def _visits_by_point(period: Period) -> Any:
    hub = _hub().label("hub")
    return (
        select(
            visit.c.point_code,
            hub,
            func.count().label("visits"),
            func.sum(_recorded_on_visit()).label("recorded"),
            func.sum(visit.c.eligible).label("eligible"),
            func.sum(visit.c.recorded_from_list + visit.c.already).label("reached"),
        )
        .join(service_point, service_point.c.code == visit.c.point_code)
        .outerjoin(hub_point, hub_point.c.point_code == visit.c.point_code)
        .outerjoin(hub_member, _member_on(service_point.c.kecamatan_code, visit.c.visit_date))
        .where(visit.c.visit_date.between(period.first, period.last), visit.c.state == DONE)
        .group_by(visit.c.point_code, hub)
    )


def _homes(tx: Tx, period: Period) -> list[HomeLine]:
    found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    hub = func.coalesce(hub_member.c.hub_code, NO_HUB).label("hub")
    sources = (
        (
            report_home,
            report,
            report_home.c.report_id,
            report.c.service_date,
            report.c.cancelled_at.is_(None),
        ),
        (visit_home, visit, visit_home.c.visit_id, visit.c.visit_date, visit.c.state == DONE),
    )
    for index, (homes, parent, key, day, stands) in enumerate(sources):
        query = (
            select(homes.c.home_code, hub, func.sum(homes.c.recorded).label("recorded"))
            .join(parent, parent.c.id == key)
            .outerjoin(hub_member, _member_on(homes.c.home_code, day))
            .where(day.between(period.first, period.last), stands)
            .group_by(homes.c.home_code, hub)
        )
        for row in tx.execute(query):
            found[row.home_code, OUTSIDE if row.home_code == OUTSIDE else row.hub][index] += row.recorded
    return [HomeLine(code, hub_code, office, visits) for (code, hub_code), (office, visits) in found.items()]


def _trend(tx: Tx, period: Period) -> dict[date, tuple[int, int, int]]:
    query = (
        select(
            report.c.service_date,
            func.sum(report.c.recorded).label("recorded"),
            func.count().label("reports"),
            func.sum(case((report.c.kind == "nihil", literal(1)), else_=literal(0))).label("nihil"),
        )
        .where(report.c.service_date.between(period.first, period.last), report.c.cancelled_at.is_(None))
        .group_by(report.c.service_date)
    )
    return {row.service_date: (row.recorded, row.reports, row.nihil) for row in tx.execute(query)}


def _trend_visits(tx: Tx, period: Period) -> dict[date, int]:
    query = (
        select(visit.c.visit_date, func.sum(_recorded_on_visit()).label("recorded"))
        .where(visit.c.visit_date.between(period.first, period.last), visit.c.state == DONE)
        .group_by(visit.c.visit_date)
    )
    return {row.visit_date: row.recorded for row in tx.execute(query)}
