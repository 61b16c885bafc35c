"""The facts of a period, added up by the database: the number of queries never grows with rows."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, case, func, literal, or_, select
from sqlalchemy.sql import ColumnElement

from ..domain.areas import NO_HUB, OUTSIDE
from ..domain.calendar import office_instant
from ..domain.duty import Period
from ..domain.equipment import Kit
from ..domain.figures import Figure
from ..domain.recordings import FLOWS
from ..domain.summary import TREND_DAYS, Facts, HomeLine, WorkLine
from ..domain.visits import FINISHED, OWING
from . import areas, equipment, outages, recordings
from .database import Tx
from .tables import hub_member, hub_point, report, report_home, service_point, visit, visit_home

OPTIONAL = ("re_recorded", "failed", "printed_prr", "printed_replacement", "handed_over")
"""Flows whose boxes are often left empty: how many were filled is told beside their sums."""


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


def _within(day: ColumnElement[Any]) -> ColumnElement[bool]:
    return day.between(bindparam("first"), bindparam("last"))


_HUB = _hub().label("hub")
RECORDED_ON_VISIT = visit.c.recorded_from_list + visit.c.walk_in
REPORT_STANDS = report.c.cancelled_at.is_(None)
REPORT_SUMMED = and_(REPORT_STANDS, report.c.excluded == 0)
"""What a supervisor took out of the sums stands, and counts as received."""
VISIT_STANDS = visit.c.state.in_(FINISHED)

# Built once: building a statement costs more than running it.
_REPORTS_BY_POINT = (
    select(
        report.c.point_code,
        _HUB,
        *(func.sum(report.c[name]).label(name) for name in FLOWS),
        *(func.count(report.c[name]).label(f"{name}_filled") for name in OPTIONAL),
        func.sum(case((report.c.kind == "angka", literal(1)), else_=literal(0))).label("counted"),
    )
    .join(service_point, service_point.c.code == report.c.point_code)
    .outerjoin(hub_point, hub_point.c.point_code == report.c.point_code)
    .outerjoin(hub_member, _member_on(service_point.c.kecamatan_code, report.c.service_date))
    .where(_within(report.c.service_date), REPORT_SUMMED)
    .group_by(report.c.point_code, _HUB)
)
_VISITS_BY_POINT = (
    select(
        visit.c.point_code,
        _HUB,
        func.count().label("visits"),
        func.sum(RECORDED_ON_VISIT).label("recorded"),
        func.sum(visit.c.eligible - visit.c.outside - visit.c.not_yet_16).label("able"),
        func.sum(visit.c.recorded_from_list + visit.c.already).label("reached"),
    )
    .join(service_point, service_point.c.code == visit.c.point_code)
    .outerjoin(hub_point, hub_point.c.point_code == visit.c.point_code)
    .outerjoin(hub_member, _member_on(service_point.c.kecamatan_code, visit.c.visit_date))
    .where(_within(visit.c.visit_date), VISIT_STANDS)
    .group_by(visit.c.point_code, _HUB)
)


def _by_home(homes: Any, parent: Any, key: Any, day: Any, stands: Any) -> Any:
    hub = func.coalesce(hub_member.c.hub_code, NO_HUB).label("hub")
    return (
        select(homes.c.home_code, hub, func.sum(homes.c.recorded).label("recorded"))
        .join(parent, parent.c.id == key)
        .outerjoin(hub_member, _member_on(homes.c.home_code, day))
        .where(_within(day), stands)
        .group_by(homes.c.home_code, hub)
    )


_BY_HOME = (
    _by_home(report_home, report, report_home.c.report_id, report.c.service_date, REPORT_SUMMED),
    _by_home(visit_home, visit, visit_home.c.visit_id, visit.c.visit_date, VISIT_STANDS),
)
_OWED_VISITS = select(func.count()).select_from(visit).where(_within(visit.c.visit_date), visit.c.state.in_(OWING))
_TREND = (
    select(
        report.c.service_date,
        func.sum(case((report.c.excluded == 0, report.c.recorded))).label("recorded"),
        func.count().label("reports"),
        func.sum(case((report.c.kind == "nihil", literal(1)), else_=literal(0))).label("nihil"),
    )
    .where(_within(report.c.service_date), REPORT_STANDS)
    .group_by(report.c.service_date)
)
_TREND_CAUSES = (
    select(report.c.service_date, report.c.nihil_reason, func.count().label("reports"))
    .where(_within(report.c.service_date), REPORT_STANDS, report.c.nihil_reason.is_not(None))
    .group_by(report.c.service_date, report.c.nihil_reason)
    .order_by(func.count().desc(), report.c.nihil_reason)
)
_TREND_OF_VISITS = (
    select(visit.c.visit_date, func.sum(RECORDED_ON_VISIT).label("recorded"))
    .where(_within(visit.c.visit_date), VISIT_STANDS)
    .group_by(visit.c.visit_date)
)


def facts(tx: Tx, period: Period, kits: Sequence[Kit] | None = None, figures: Sequence[Figure] | None = None) -> Facts:
    """Everything known about a period. A hub counts the days on which a kecamatan belonged to it.

    ``kits`` and ``figures`` are what the caller remembers of them; they are read when it remembers none.
    """
    days = {"first": period.first, "last": period.last}
    midnight = office_instant(period.last, time())
    month = {"first": period.last - timedelta(days=TREND_DAYS - 1), "last": period.last}
    work: dict[tuple[str, str], dict[str, int | None]] = defaultdict(dict)
    reached, filled = [0, 0], dict.fromkeys(("counted", *OPTIONAL), 0)
    for row in tx.execute(_REPORTS_BY_POINT, days):
        sums = row._mapping
        filled["counted"] += row.counted
        for name in OPTIONAL:
            filled[name] += sums[f"{name}_filled"]
        printed = [sums["printed_prr"], sums["printed_replacement"]]
        work[row.point_code, row.hub] |= {name: sums[name] for name in FLOWS} | {
            "office": sums["recorded"],
            "printed": sum(n or 0 for n in printed) if any(n is not None for n in printed) else None,
        }
    for row in tx.execute(_VISITS_BY_POINT, days):
        work[row.point_code, row.hub] |= {"visits": row.recorded, "visits_done": row.visits}
        reached[0] += row.able
        reached[1] += row.reached
    causes: dict[date, dict[str, int]] = defaultdict(dict)
    for row in tx.execute(_TREND_CAUSES, month):
        causes[row.service_date][row.nihil_reason] = row.reports
    return Facts(
        work=[WorkLine(point, hub, sums) for (point, hub), sums in work.items()],
        homes=homes(tx, period),
        marks=recordings.marks(tx, period),
        trend={r.service_date: (r.recorded, r.reports, r.nihil) for r in tx.execute(_TREND, month)},
        trend_visits={row.visit_date: row.recorded for row in tx.execute(_TREND_OF_VISITS, month)},
        kits=equipment.kits(tx) if kits is None else kits,
        figures=areas.figures(tx) if figures is None else figures,
        reached=(reached[0], reached[1]),
        owed_visits=tx.execute(_OWED_VISITS, days).scalar_one(),
        filled=filled,
        trend_causes=causes,
        outages=outages.between(tx, midnight, midnight + timedelta(days=1)),
    )


def homes(tx: Tx, period: Period) -> list[HomeLine]:
    """Recordings of a period by home area, for each hub that its kecamatan belonged to on those days."""
    days = {"first": period.first, "last": period.last}
    found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for index, query in enumerate(_BY_HOME):
        for row in tx.execute(query, days):
            found[row.home_code, OUTSIDE if row.home_code == OUTSIDE else row.hub][index] += row.recorded
    return [HomeLine(code, hub_code, office, visits) for (code, hub_code), (office, visits) in found.items()]


def _crossed(homes: Any, parent: Any, key: Any, day: Any, stands: Any) -> Any:
    return (
        select(parent.c.point_code, homes.c.home_code, func.sum(homes.c.recorded).label("recorded"))
        .join(parent, parent.c.id == key)
        .where(_within(day), stands)
        .where(or_(parent.c.point_code == bindparam("point"), homes.c.home_code == bindparam("home")))
        .group_by(parent.c.point_code, homes.c.home_code)
    )


_CROSSED = (
    _crossed(report_home, report, report_home.c.report_id, report.c.service_date, REPORT_SUMMED),
    _crossed(visit_home, visit, visit_home.c.visit_id, visit.c.visit_date, VISIT_STANDS),
)


def crossed(tx: Tx, period: Period, *, point: str = "", home: str = "") -> dict[tuple[str, str], tuple[int, int]]:
    """(point, home area) → recorded (at the office, during visits): of one point, or of one home area's residents."""
    found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    which = {"first": period.first, "last": period.last, "point": point, "home": home}
    for index, query in enumerate(_CROSSED):
        for row in tx.execute(query, which):
            found[row.point_code, row.home_code][index] += row.recorded
    return {key: (office, visits) for key, (office, visits) in found.items()}
