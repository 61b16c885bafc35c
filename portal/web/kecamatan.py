"""One level below the summary: a point's days, and where the residents of a kecamatan were recorded."""

from typing import Any

from flask import Blueprint, Response

from ..domain.areas import Office, ServicePoint
from ..domain.calendar import EXTRA, NOT_REQUIRED, days
from ..domain.completeness import causes
from ..domain.duty import point_states
from ..domain.lists import CAPABILITIES
from ..domain.problems import Unknown
from ..domain.recordings import NIHIL_REASONS
from ..domain.review import counted
from ..domain.visits import FINISHED
from ..storage import recordings, summary, visits
from .door import account, deed, now, office, reading
from .formats import label, plain_day
from .forms import errors
from .history import home_label
from .language import gettext
from .pages import page, remembered
from .summary import hub_name, review_words, wanted
from .visits import place_names

routes = Blueprint("kecamatan", __name__, url_prefix="/summary/kecamatan")


def _point(code: str, lists: Office) -> ServicePoint:
    point = lists.points.get(code) or (lists.point_of(code) if code in lists.kecamatan else None)
    if point is None:
        raise Unknown(code)
    return point


@routes.get("/<code>")
@deed("summary.see")
@remembered
def show(code: str) -> Response:
    """The days of a point, its visits, what it was announced to offer, and whose residents it recorded."""
    lists = office()
    point = _point(code, lists)
    period, _book, _name, problems = wanted()
    reports = recordings.in_period(reading(), period, [point.code])
    marks = recordings.marks(reading(), period, [point.code])
    states = point_states(lists, period, marks, now())[point.code]
    found = [v for v in visits.in_period(reading(), account(), period) if v.plan.point_code == point.code]
    kept = {r.service_date: r for r in reports}
    visited: dict[Any, int] = {}
    for visit in found:
        if visit.state in FINISHED:
            day = visit.plan.visit_date
            visited[day] = visited.get(day, 0) + visit.result.recorded
    homes = summary.crossed(reading(), period, point=point.code)
    named = [sum(split[part] for split in homes.values()) for part in (0, 1)]
    summed = [r.entry.recorded for r in reports if r.summed]
    office_total = sum(summed) if summed else None
    visit_total = sum(visited.values()) if visited else None
    return page(
        "kecamatan/show.html",
        422 if problems else 200,
        point=point,
        hub=hub_name(lists.hub_of(point.kecamatan_code, period.last), lists) if point.kecamatan_code else "",
        period=period,
        lines=[
            (day, states.get(day, EXTRA if day in kept else NOT_REQUIRED), kept.get(day), visited.get(day))
            for day in reversed(list(days(period.first, period.last)))
            if day in kept or day in visited or states.get(day, NOT_REQUIRED) != NOT_REQUIRED
        ],
        office_total=office_total,
        nihil=causes(marks),
        nihil_reasons=NIHIL_REASONS,
        reviewed=review_words(counted(reports)),
        visit_total=visit_total,
        visits=found,
        names=place_names(reading(), found),
        homes=sorted(
            ((home_label(home, lists), *split) for (_code, home), split in homes.items()),
            key=lambda line: -sum(line[1:]),
        ),
        unsplit=[
            None if total is None else total - split
            for total, split in zip((office_total, visit_total), named, strict=True)
        ],
        capabilities=[
            (label(CAPABILITIES, c.capability), plain_day(c.valid_from), c.source)
            for c in lists.capabilities
            if c.point_code == point.code and c.holds(period.last)
        ],
        errors=errors(problems, {""}).summary,
    )


@routes.get("/<code>/residents")
@deed("summary.see")
@remembered
def residents(code: str) -> Response:
    """Where the residents of a kecamatan were recorded, as far as their home area was written down."""
    lists = office()
    if code not in lists.kecamatan:
        raise Unknown(code)
    period, _book, _name, problems = wanted()
    found = summary.crossed(reading(), period, home=code)
    return page(
        "kecamatan/residents.html",
        422 if problems else 200,
        kecamatan=lists.kecamatan[code],
        period=period,
        lines=[
            (lists.points[point].name, point, *split)
            for (point, _home), split in sorted(found.items(), key=lambda line: -sum(line[1]))
        ],
        total=gettext("Jumlah"),
        errors=errors(problems, {""}).summary,
    )
