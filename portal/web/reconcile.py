"""SIAK's growth between two readings beside what was logged, and SIAK until its next reading as an estimate."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from flask import Response, request

from ..actions.area_codes import area_codes
from ..domain import desa_sums
from ..domain.areas import OUTSIDE
from ..domain.calendar import office_day
from ..domain.desa_sums import DesaSum
from ..domain.duty import Period, check_period, point_states
from ..domain.figures import DESA, DISTRICT_CODE, DPT, KECAMATAN, MUST_HOLD_KTP, RECORDED_TOTAL, Figure, latest
from ..domain.problems import Problem
from ..domain.reconcile import DIRECTIONS, LOOK_BACK, Estimate, Left, Reconciled, by_need, reconcile
from ..domain.texts import read_day
from ..storage import figures, recordings
from .door import deed, now, office, reading, services, versions
from .figures import routes
from .formats import plain_day, short_day, words
from .forms import errors
from .pages import page

DIRECTION_KINDS = {"equal": "good", "siak_more": "attention", "portal_more": "attention", "not_known": "unknown"}


@routes.get("/reconcile")
@deed("summary.see")
def compare() -> Response:
    """Two readings of SIAK chosen, the newest two when none is; with who is left, and an estimate until today."""
    lists, today, tx = office(), office_day(now()), reading()
    days = figures.days(tx, [RECORDED_TOTAL], today)
    first, last = _chosen(days)
    problems: list[Problem] = []
    found: Reconciled | None = None
    chosen = {d for d in (first, last) if d}
    added = figures.desa_sums(tx, [RECORDED_TOTAL], chosen, _desa())
    read = desa_sums.readings(figures.at_level(tx, KECAMATAN, [RECORDED_TOTAL], chosen), added)
    values = _values(read)
    if first and last:
        period = Period(first + timedelta(days=1), last)
        problems = check_period(period, today)
        if not problems:
            found = _reconciled(period, values.get(first, {}), values.get(last, {}), desa_sums.partial(added, read))
    newest, lacking = _newest(today)
    estimates, since = _estimates(newest, today)
    wrong = errors(problems, {"first", "last"})
    return page(
        "figures/reconcile.html",
        422 if problems else 200,
        days=[(day.isoformat(), plain_day(day)) for day in days],
        first=first,
        last=last,
        found=found,
        lists=lists,
        directions=DIRECTIONS,
        direction_kinds=DIRECTION_KINDS,
        causes=_causes(found),
        left=by_need(_left(code, newest) for code in lists.kecamatan),
        lacking=lacking,
        added=added,
        estimates=estimates,
        district=_district(today),
        since=since,
        sources=_sources(newest),
        today=today,
        errors=wrong.summary,
        wrong=wrong.by_field,
    )


def _chosen(days: list[date]) -> tuple[date | None, date | None]:
    """(first, last) reading as the address says, else the newest two."""
    asked = [read_day(request.args.get(name, "")) for name in ("first", "last")]
    if all(day in days for day in asked):
        return asked[0], asked[1]
    return (days[1], days[0]) if len(days) > 1 else (None, days[0] if days else None)


def _values(found: list[Figure]) -> dict[date, dict[str, int]]:
    values: dict[date, dict[str, int]] = {}
    for figure in found:
        values.setdefault(figure.as_of, {})[figure.code] = figure.value
    return values


def _desa() -> Mapping[str, int]:
    """Kecamatan → how many desa it has."""
    return Counter(code.rsplit(".", 1)[0] for code in area_codes().below(DESA))


def _newest(today: date) -> tuple[dict[tuple[str, str], Figure], dict[tuple[str, str], DesaSum]]:
    """((kecamatan, metric) → its newest reading, published or added up from all its desa; → the newest sum that lacks
    desa, where there is no reading at all)."""
    tx, metrics = reading(), [RECORDED_TOTAL, MUST_HOLD_KTP, DPT]
    days = figures.days(tx, metrics, today, [DESA], figures.DESA_DATES)
    added = figures.desa_sums(tx, metrics, days, _desa())
    found = desa_sums.newest(figures.newest(tx, metrics, today), added)
    partial = {(s.code, s.metric): s for s in desa_sums.partial(added, ()) if (s.code, s.metric) not in found}
    return found, partial


def _reconciled(
    period: Period, before: Mapping[str, int], after: Mapping[str, int], partial: Sequence[DesaSum]
) -> Reconciled:
    marks = recordings.marks(reading(), Period(period.first - timedelta(days=LOOK_BACK), period.last))
    states = point_states(office(), period, marks, now())
    return reconcile(office(), period, before, after, figures.logged(reading(), period), states, marks, partial)


def _causes(found: Reconciled | None) -> dict[str, list[str]]:
    """Kecamatan → what may explain its difference, in words; days by name."""
    if found is None:
        return {}
    return {line.code: [_in_words(cause) for cause in line.causes] for line in found.lines}


def _in_words(cause: Problem) -> str:
    values: dict[str, Any] = {k: short_day(v) if isinstance(v, date) else v for k, v in cause.values.items()}
    return words(Problem("", cause.text, values))


def _left(code: str, newest: Mapping[tuple[str, str], Figure]) -> Left:
    """Who is left: both readings only where they are of one day."""
    must, done, roll = (newest.get((code, metric)) for metric in (MUST_HOLD_KTP, RECORDED_TOTAL, DPT))
    same = must is not None and done is not None and must.as_of == done.as_of
    return Left(
        code,
        must.value if must else None,
        done.value if done and same else None,
        must.as_of if must else None,
        roll.value if roll else None,
        roll.as_of if roll else None,
    )


def _estimates(newest: Mapping[tuple[str, str], Figure], today: date) -> tuple[list[Estimate], date | None]:
    """(estimate of each kecamatan read on the newest day of all, that day): others would begin on another day."""
    readings = [figure for (_code, metric), figure in newest.items() if metric == RECORDED_TOTAL]
    last = max((figure.as_of for figure in readings), default=None)
    if last is None:
        return [], None
    since = figures.logged(reading(), Period(last + timedelta(days=1), today))
    made = [
        Estimate(f.code, f.value, f.as_of, since.home.get(f.code, 0) if since.work else None, since.unsplit)
        for f in sorted(readings, key=lambda f: f.code)
        if f.as_of == last
    ]
    return made, last


def _district(today: date) -> Estimate | None:
    """The kabupaten's own last reading and its residents recorded since; None when it was never read."""
    last = latest(services().figures(reading(), versions()), RECORDED_TOTAL, today)
    if last is None:
        return None
    since = figures.logged(reading(), Period(last.as_of + timedelta(days=1), today))
    named = sum(n for code, n in since.home.items() if code != OUTSIDE)
    return Estimate(DISTRICT_CODE, last.value, last.as_of, named if since.work else None, since.unsplit)


def _sources(newest: Mapping[tuple[str, str], Figure]) -> list[tuple[str, date, str]]:
    """(metric, day, source) of every reading that the page shows, each once."""
    return sorted({(metric, figure.as_of, figure.source) for (_code, metric), figure in newest.items()})
