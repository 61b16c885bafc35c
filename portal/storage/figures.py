"""Published figures and rankings: added row by row, never overwritten; and what was logged between two readings."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, exists, func, insert, select

from ..domain.desa_sums import DesaSum
from ..domain.duty import Period
from ..domain.figures import DESA, KABUPATEN, KECAMATAN, Figure, Sum
from ..domain.rankings import Ranking
from ..domain.reconcile import Logged
from .areas import FIGURES, PUBLISHED_KEYS, STANDING_FIGURES, figure_of
from .database import Tx
from .daysheets import RECORDED_ON_VISIT, REPORT_SUMMED, VISIT_STANDS, homes
from .tables import account, figure, ranking, report, report_home, visit, visit_home

LISTED = 300
"""Figures that one page lists; the older ones are found by kind and area."""
DATES = 60
"""Readings of other days that one page offers."""
DESA_DATES = 12
"""Readings of desa among which the newest whole one is looked for."""

_KEPT = (
    *("level", "code", "metric", "value", "unit", "as_of", "as_of_text", "election", "source", "note"),
    *("valid_from", "revision", "reason", "file_hash"),
)
_newer = ranking.alias("newer")
_RANKINGS: Select[Any] = select(ranking, account.c.name.label("author")).outerjoin(
    account, account.c.id == ranking.c.account_id
)
_OF_KEY = FIGURES.where(
    figure.c.code == bindparam("code"),
    figure.c.metric.in_(bindparam("metrics", expanding=True)),
    figure.c.as_of == bindparam("as_of"),
    figure.c.election == bindparam("election"),
).order_by(figure.c.revision.desc(), figure.c.id)
_ON = STANDING_FIGURES.where(
    figure.c.metric.in_(bindparam("metrics", expanding=True)),
    figure.c.as_of == bindparam("as_of"),
    figure.c.election == bindparam("election"),
)
_AT_LEVEL = STANDING_FIGURES.where(
    figure.c.level == bindparam("level"),
    figure.c.metric.in_(bindparam("metrics", expanding=True)),
    figure.c.as_of.in_(bindparam("days", expanding=True)),
)
_ELECTIONS = select(figure.c.election).where(figure.c.level == KABUPATEN, figure.c.election != "").distinct()
_DAYS = (
    select(figure.c.as_of)
    .where(
        figure.c.level.in_(bindparam("levels", expanding=True)),
        figure.c.metric.in_(bindparam("metrics", expanding=True)),
        figure.c.as_of <= bindparam("until"),
    )
    .distinct()
    .order_by(figure.c.as_of.desc())
    .limit(bindparam("most"))
)

_of_desa = STANDING_FIGURES.where(
    figure.c.level == DESA,
    figure.c.metric.in_(bindparam("metrics", expanding=True)),
    figure.c.as_of.in_(bindparam("days", expanding=True)),
).subquery()
_kecamatan = func.substr(_of_desa.c.code, 1, len("35.16.05")).label("kecamatan")
_DESA_SUMS = select(
    _kecamatan,
    _of_desa.c.metric,
    _of_desa.c.as_of,
    _of_desa.c.election,
    func.count().label("known"),
    func.sum(_of_desa.c.value).label("total"),
    func.min(_of_desa.c.source).label("said"),
).group_by(_kecamatan, _of_desa.c.metric, _of_desa.c.as_of, _of_desa.c.election)


def listed(tx: Tx, codes: Sequence[str], metrics: Sequence[str]) -> list[Figure]:
    """The figures of some areas and kinds that stand, the newest first; at most ``LISTED``."""
    query = STANDING_FIGURES.where(figure.c.code.in_(codes), figure.c.metric.in_(metrics))
    rows = tx.execute(query.order_by(figure.c.as_of.desc(), figure.c.metric, figure.c.code).limit(LISTED))
    return [figure_of(row) for row in rows]


def find(tx: Tx, figure_id: int) -> Figure | None:
    """One figure, whether it stands or not."""
    row = tx.execute(FIGURES.where(figure.c.id == figure_id)).one_or_none()
    return None if row is None else figure_of(row)


def of_key(tx: Tx, code: str, metrics: Sequence[str], as_of: date, election: str) -> list[Figure]:
    """Every row about one area, day and kind, the newest first: what stands, and what stood before it."""
    values = {"code": code, "metrics": list(metrics), "as_of": as_of, "election": election}
    return [figure_of(row) for row in tx.execute(_OF_KEY, values)]


def on(tx: Tx, metrics: Sequence[str], as_of: date, election: str) -> dict[tuple[str, str], Figure]:
    """(area, metric) → the figure of a day that stands."""
    rows = tx.execute(_ON, {"metrics": list(metrics), "as_of": as_of, "election": election})
    return {(row.code, row.metric): figure_of(row) for row in rows}


def at_level(tx: Tx, level: str, metrics: Sequence[str], days: Iterable[date]) -> list[Figure]:
    """The figures of a level, some kinds and some days that stand."""
    values = {"level": level, "metrics": list(metrics), "days": sorted(set(days))}
    return [figure_of(row) for row in tx.execute(_AT_LEVEL, values)]


def days(
    tx: Tx, metrics: Sequence[str], until: date, levels: Sequence[str] = (KECAMATAN, DESA), most: int = DATES
) -> list[date]:
    """Days of which kecamatan or their desa have a reading of some metrics, the newest first."""
    values = {"levels": list(levels), "metrics": list(metrics), "until": until, "most": most}
    return list(tx.execute(_DAYS, values).scalars())


def desa_sums(tx: Tx, metrics: Sequence[str], days: Iterable[date], desa: Mapping[str, int]) -> list[DesaSum]:
    """What the desa of each kecamatan add up to on some days, with how many they are of the ``desa`` it has."""
    values = {"metrics": list(metrics), "days": sorted(set(days))}
    return [
        DesaSum(row.kecamatan, row.metric, row.as_of, row.election, row.known, desa[row.kecamatan], row.total, row.said)
        for row in tx.execute(_DESA_SUMS, values)
    ]


def newest(tx: Tx, metrics: Sequence[str], until: date) -> dict[tuple[str, str], Figure]:
    """(kecamatan, metric) → its newest figure up to a day."""
    standing = STANDING_FIGURES.where(
        figure.c.level == KECAMATAN, figure.c.metric.in_(metrics), figure.c.as_of <= until
    ).subquery()
    rank = func.row_number().over(
        partition_by=(standing.c.code, standing.c.metric), order_by=(standing.c.as_of.desc(), standing.c.id.desc())
    )
    ranked = select(standing, rank.label("rank")).subquery()
    rows = tx.execute(select(ranked).where(ranked.c.rank == 1))
    return {(row.code, row.metric): figure_of(row) for row in rows}


def sums(tx: Tx, metrics: Sequence[str], days: Sequence[date]) -> list[Sum]:
    """What kecamatan add up to on some days, by kind and election, the newest first, beside the kabupaten's own."""
    standing = STANDING_FIGURES.where(figure.c.metric.in_(metrics), figure.c.as_of.in_(days)).subquery()
    key = (standing.c.metric, standing.c.as_of, standing.c.election)
    below = (
        select(*key, func.count().label("known"), func.sum(standing.c.value).label("total"))
        .where(standing.c.level == KECAMATAN)
        .group_by(*key)
        .subquery()
    )
    own = standing.alias("own")
    query = (
        select(below, own.c.value.label("district"))
        .outerjoin(
            own,
            and_(own.c.level == KABUPATEN, *(own.c[n] == below.c[n] for n in ("metric", "as_of", "election"))),
        )
        .order_by(below.c.as_of.desc(), below.c.metric)
    )
    return [Sum(row.metric, row.as_of, row.election, row.known, row.total, row.district) for row in tx.execute(query)]


def elections(tx: Tx) -> list[str]:
    """Elections that published figures name, the office's own calendar aside."""
    return list(tx.execute(_ELECTIONS).scalars())


def add(tx: Tx, figures: Sequence[Figure], account_id: int, at: datetime) -> None:
    """Keep rows beside the older ones."""
    if figures:
        by = {"account_id": account_id, "at": at}
        tx.execute(insert(figure), [{name: getattr(one, name) for name in _KEPT} | by for one in figures])


# --- rankings -------------------------------------------------------------------------------------------------


def _ranking(row: Any) -> Ranking:
    return Ranking(
        row.scope,
        row.subject,
        row.as_of,
        row.rank,
        row.of_count,
        row.rate,
        row.source,
        row.note,
        row.id,
        row.revision,
        row.author or "",
        row.at,
        row.reason,
    )


def rankings(tx: Tx, limit: int = LISTED) -> list[Ranking]:
    """Places in rankings, those that were superseded too, the newest first."""
    query = _RANKINGS.order_by(ranking.c.as_of.desc(), ranking.c.scope, ranking.c.subject, ranking.c.revision.desc())
    return [_ranking(row) for row in tx.execute(query.limit(limit))]


def standing_ranking(tx: Tx, scope: str, subject: str, as_of: date) -> Ranking | None:
    """The place of a day and subject that stands."""
    query = _RANKINGS.where(
        ranking.c.scope == scope,
        ranking.c.subject == subject,
        ranking.c.as_of == as_of,
        ~exists().where(
            *(_newer.c[name] == ranking.c[name] for name in PUBLISHED_KEYS["rankings"]),
            _newer.c.revision > ranking.c.revision,
        ),
    )
    row = tx.execute(query).one_or_none()
    return None if row is None else _ranking(row)


def add_ranking(tx: Tx, one: Ranking, account_id: int, at: datetime) -> int:
    """Keep a place beside the older ones; returns its id."""
    names = ("scope", "subject", "as_of", "rank", "of_count", "rate", "source", "note", "revision", "reason")
    values = {name: getattr(one, name) for name in names} | {"account_id": account_id, "at": at}
    made: int = tx.execute(insert(ranking).values(values).returning(ranking.c.id)).scalar_one()
    return made


# --- what was logged ------------------------------------------------------------------------------------------


def _by_point(parent: Any, day: Any, stands: Any, recorded: Any) -> Any:
    within = day.between(bindparam("first"), bindparam("last"))
    return select(parent.c.point_code, func.sum(recorded)).where(within, stands).group_by(parent.c.point_code)


def _split(child: Any, key: Any, parent: Any, day: Any, stands: Any) -> Any:
    query = _by_point(parent, day, stands, child.c.recorded)
    return query.select_from(child.join(parent, parent.c.id == key))


_WORK = (
    _by_point(report, report.c.service_date, REPORT_SUMMED, report.c.recorded),
    _by_point(visit, visit.c.visit_date, VISIT_STANDS, RECORDED_ON_VISIT),
)
_SPLIT = (
    _split(report_home, report_home.c.report_id, report, report.c.service_date, REPORT_SUMMED),
    _split(visit_home, visit_home.c.visit_id, visit, visit.c.visit_date, VISIT_STANDS),
)


def logged(tx: Tx, period: Period) -> Logged:
    """What the portal knows of the days of a period, at offices and on visits together: seven sums, however many
    rows."""
    if period.first > period.last:
        return Logged({}, {}, {})
    within = {"first": period.first, "last": period.last}
    work: dict[str, int] = {}
    split: dict[str, int] = defaultdict(int)
    home: dict[str, int] = defaultdict(int)
    for query in _WORK:
        for point, recorded in tx.execute(query, within):
            if recorded is not None:
                work[point] = work.get(point, 0) + recorded
    for query in _SPLIT:
        for point, recorded in tx.execute(query, within):
            split[point] += recorded or 0
    for by_home in homes(tx, period).values():
        for code, both in by_home.items():
            home[code] += sum(both)
    return Logged(work, dict(split), dict(home))
