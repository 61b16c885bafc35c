"""All points side by side on one scale: their days as small drawings, and how those days spread."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, url_for
from msgspec.structs import replace

from ..domain.areas import NO_HUB, Office, ServicePoint
from ..domain.calendar import MISSING, NOT_DUE
from ..domain.duty import Period
from ..domain.problems import Problem, Unknown
from ..domain.recordings import NIHIL_REASONS
from ..domain.series import PointDay, series, spread
from ..domain.summary import BY_WORK
from ..storage import summary
from . import charts
from .door import deed, now, office, reading, services
from .formats import label, number, short_day
from .forms import errors
from .language import gettext
from .pages import page, remembered
from .summary import WITHOUT_HUB, hub_name, named_days, stop_words, table_lines, wanted
from .summary import build as summary_of

routes = Blueprint("panels", __name__, url_prefix="/summary")


def _series(period: Period, hub_code: str | None = None) -> dict[str, list[PointDay]]:
    """The days of every point; of a hub those days on which a point belonged to it."""
    lists = office()
    sheets, outages = summary.days(reading(), period, services().days)
    found = series(lists, period, sheets, outages, now())
    if hub_code is None:
        return found
    return {code: [d for d in days if lists.hub_of_point(code, d.day) == hub_code] for code, days in found.items()}


def drawn(point: ServicePoint, days: list[PointDay]) -> list[charts.Day]:
    """A point's days as they are drawn, each with its words."""
    return [
        charts.Day(
            str(day.day.day),
            day.value,
            _state(day),
            url_for("recordings.show", code=point.code, day=day.day),
            f"{short_day(day.day)}: {day_words(day)}",
            bool(day.stopped_by),
        )
        for day in days
    ]


def _state(day: PointDay) -> str:
    if day.nihil:
        return "nihil"
    if day.value is None:
        return "missing" if day.left_out or day.state in (MISSING, NOT_DUE) else "off"
    return "info"


def day_words(day: PointDay) -> str:
    """What a day of a point says: a number, NIHIL with its cause, or why there is none; and what stopped it."""
    if day.nihil:
        told = f"NIHIL, {label(NIHIL_REASONS, day.nihil)}"
    elif day.value is not None:
        told = number(day.value)
    elif day.left_out:
        told = gettext("di luar jumlah")
    else:
        told = {MISSING: gettext("belum lapor"), NOT_DUE: gettext("masih ditunggu")}.get(
            day.state, gettext("tidak ada jadwal")
        )
    return f"{told}; {stop_words(day.stopped_by)}" if day.stopped_by else told


def _panels(points: list[ServicePoint], found: dict[str, list[PointDay]], period: Period) -> list[dict[str, Any]]:
    """For each point its drawing, its numbers and how its days spread, all on the scale of the highest day."""
    spreads = {point.code: spread(found.get(point.code, [])) for point in points}
    highest = charts.ceiling(round(s.usual_most) for s in spreads.values() if s)
    most = charts.ceiling(s.most for s in spreads.values() if s)
    shown = []
    for point in points:
        days, spread_of = found.get(point.code, []), spreads[point.code]
        told = [day.value for day in days if day.value is not None]
        shown.append(
            {
                "point": point,
                "href": f"/summary/kecamatan/{point.code}?{named_days(period)}",
                "drawing": charts.panel(drawn(point, days), highest),
                "days": days,
                "total": sum(told) if told else None,
                "told": len(told),
                "owed": len(told) + sum(day.value is None and day.state == MISSING for day in days),
                "nihil": sum(bool(day.nihil) for day in days),
                "stopped": sum(bool(day.stopped_by) for day in days),
                "cut": [day for day in days if day.value is not None and day.value > highest],
                "spread": spread_of,
                "strip": charts.strip(*spread_of.five, most) if spread_of else "",
            }
        )
    return shown


def _table(panels: list[dict[str, Any]]) -> list[tuple[date, list[str]]]:
    """Each day with what every point said of it, newest first: the drawings as numbers."""
    by_day: dict[date, dict[str, str]] = {}
    for shown in panels:
        for day in shown["days"]:
            by_day.setdefault(day.day, {})[shown["point"].code] = _cell(day)
    codes = [shown["point"].code for shown in panels]
    return [(day, [cells.get(code, "") for code in codes]) for day, cells in sorted(by_day.items(), reverse=True)]


def _cell(day: PointDay) -> str:
    if day.nihil:
        return "NIHIL"
    if day.left_out:
        return gettext("di luar jumlah")
    if day.value is None and day.state not in (MISSING, NOT_DUE):
        return ""
    return number(day.value)


def _shown(template: str, points: list[ServicePoint], period: Period, problems: list[Problem], **more: Any) -> Response:
    panels = _panels(points, _series(period, more.get("code")), period)
    wrong = errors(problems)
    return page(
        template,
        422 if problems else 200,
        panels=panels,
        period=period,
        days=named_days(period),
        table=_table(panels),
        stopped=any(shown["stopped"] for shown in panels),
        cut=any(shown["cut"] for shown in panels),
        errors=wrong.summary,
        **more,
    )


@routes.get("/panels/")
@deed("summary.see")
@remembered
def index() -> Response:
    """Every point of the district on one scale."""
    period, _book, name, problems = wanted()
    return _shown("panels/index.html", list(office().points.values()), period, problems, name=name)


@routes.get("/hub/<code>")
@deed("summary.see")
@remembered
def hub(code: str) -> Response:
    """A hub for a period: its points on the days on which they belonged to it, added up and side by side."""
    lists = office()
    if code not in lists.hubs and code != WITHOUT_HUB:
        raise Unknown(code)
    code = NO_HUB if code == WITHOUT_HUB else code
    period, _book, name, problems = wanted()
    found = summary_of(period, BY_WORK)
    group = next((g for g in found.groups if g.code == code), None)
    lines = table_lines(found, group, lists) if group else []
    members = [lists.points[row.code] for row in group.rows] if group else []
    return _shown(
        "panels/hub.html",
        members,
        period,
        problems,
        name=name,
        hub=hub_name(code, lists),
        code=code,
        lines=[*lines[1:], *([replace(lines[0], scope="row", name=gettext("Jumlah"), href="")] if lines else [])],
        columns=found.columns,
        total=group.total if group else None,
        moved=_moved(lists, code, period),
    )


def _moved(lists: Office, code: str, period: Period) -> list[tuple[str, date, date | None]]:
    """Kecamatan whose membership of this hub began or ended within the period: their other days count elsewhere."""
    return [
        (lists.home_name(m.kecamatan_code), m.valid_from, m.valid_to)
        for m in lists.members
        if m.hub_code == code
        and (period.first < m.valid_from <= period.last or (m.valid_to and period.first <= m.valid_to < period.last))
    ]
