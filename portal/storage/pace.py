"""What is known of the days from an election's start: reports, visits, targets, lists; a fixed number of queries."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, case, func, insert, literal, select

from ..domain.accounts import Account
from ..domain.calendar import Election, office_day
from ..domain.duty import Period
from ..domain.figures import Figure
from ..domain.pace import OFFICE, PLACES
from ..domain.pace_areas import Facts, ReportDay, SetTarget, VisitDay
from ..domain.visits import FINISHED, OWING
from . import sweeps
from .database import Tx
from .daysheets import RECORDED_ON_VISIT
from .tables import account, election_target, report, visit

# Built once: building a statement costs more than running it.
_VISITS = (
    select(
        visit.c.place_code,
        visit.c.point_code,
        visit.c.visit_date,
        func.sum(case((visit.c.state.in_(FINISHED), RECORDED_ON_VISIT), else_=literal(0))).label("recorded"),
        func.sum(case((visit.c.state.in_(OWING), literal(1)), else_=literal(0))).label("owed"),
    )
    .where(
        visit.c.visit_date.between(bindparam("first"), bindparam("last")),
        visit.c.state.in_(FINISHED) | (visit.c.state.in_(OWING) & (visit.c.visit_date < bindparam("today"))),
    )
    .group_by(visit.c.place_code, visit.c.point_code, visit.c.visit_date)
)
_REPORTS = select(
    report.c.point_code, report.c.service_date, report.c.recorded, report.c.nihil_reason, report.c.excluded
).where(report.c.service_date.between(bindparam("first"), bindparam("last")), report.c.cancelled_at.is_(None))
_TARGETS = (
    select(election_target, account.c.name.label("author"))
    .join(account, account.c.id == election_target.c.account_id)
    .order_by(election_target.c.valid_from.desc(), election_target.c.id.desc())
)
_TARGETS_OF = _TARGETS.where(election_target.c.election_code == bindparam("of"))
_ADD = insert(election_target).returning(election_target.c.id)


def facts(
    tx: Tx, election: Election, figures: list[Figure], who: Account, now: datetime, *, whole: bool = True
) -> Facts:
    """Everything of the days from the start up to now or polling day. ``figures`` are what the caller remembers.

    Without ``whole`` only what the election's own kind of target needs: no reports where lists of places are the
    target, no lists where they are not.
    """
    by_places = election.target_kind == PLACES
    period = Period(election.first_service_day, min(office_day(now), election.polling_day))
    return Facts(
        reports(tx, period) if whole or not by_places else (),
        visits(tx, period, office_day(now)),
        targets(tx, election.code) if whole or election.target_kind == OFFICE else (),
        figures,
        sweeps.standings(tx, who, period.last) if whole or by_places else (),
    )


def reports(tx: Tx, period: Period) -> list[ReportDay]:
    """The reports that stand for the days of a period."""
    found = tx.execute(_REPORTS, {"first": period.first, "last": period.last})
    return [ReportDay(r.point_code, r.service_date, r.recorded, r.nihil_reason, bool(r.excluded)) for r in found]


def visits(tx: Tx, period: Period, today: date) -> list[VisitDay]:
    """What was recorded on visits, by place, team and day; None where a result of an earlier day is still owed."""
    days = {"first": period.first, "last": period.last, "today": today}
    return [
        VisitDay(r.place_code, r.point_code, r.visit_date, None if r.owed else int(r.recorded or 0))
        for r in tx.execute(_VISITS, days)
    ]


def targets(tx: Tx, election_code: str) -> list[SetTarget]:
    """Every target that the office ever set for an election, the newest first."""
    return [_target(row) for row in tx.execute(_TARGETS_OF, {"of": election_code})]


def add_target(tx: Tx, target: SetTarget, account_id: int, at: datetime) -> int:
    """Keep a target beside the older ones; returns its id."""
    names = ("election_code", "level", "code", "valid_from", "people", "source")
    values = {name: getattr(target, name) for name in names} | {"account_id": account_id, "at": at}
    made: int = tx.execute(_ADD, values).scalar_one()
    return made


def _target(row: Any) -> SetTarget:
    return SetTarget(
        row.id,
        row.election_code,
        row.level,
        row.code,
        row.valid_from,
        row.people,
        row.source,
        row.author,
        row.at,
    )
