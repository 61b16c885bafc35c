"""Laju: where each election stands for the district, a hub, a kecamatan or a school type, and what would change it."""

from collections.abc import Sequence
from datetime import date, timedelta

from flask import Blueprint, Response, request, url_for

from ..domain.areas import Office
from ..domain.calendar import DISTRICT as TIMETABLE
from ..domain.calendar import Election, office_day
from ..domain.equipment import RECORD
from ..domain.outlook import Day, day_by_day, one_kit_more, open_saturdays
from ..domain.pace import DISTRICT, HUB, KECAMATAN, KIND, LAST_DAYS, TARGET_KINDS, Area, Pace
from ..domain.places import PLACE_KINDS
from ..domain.problems import Unknown
from . import pace_chart
from .door import account, deed, now, office
from .downtime import build as downtime
from .downtime import lately
from .formats import label, short_day
from .language import INDONESIAN, gettext, language
from .pace_words import (
    View,
    ahead_words,
    build,
    ending_words,
    gap_words,
    kit_words,
    next_election,
    rate_words,
    service_days,
    word_of,
)
from .pages import page, remembered
from .summary import hub_name
from .sweeps import source_of

routes = Blueprint("pace", __name__, url_prefix="/pace")


def area_name(area: Area, lists: Office) -> str:
    """What an area is called."""
    if area.level == DISTRICT:
        return gettext("Kabupaten")
    if area.level == HUB:
        return hub_name(area.code, lists)
    if area.level == KIND:
        return label(PLACE_KINDS, area.code) if area.code else gettext("belum tercatat")
    return lists.home_name(area.code) if area.code else gettext("belum tercatat")


def _election(lists: Office) -> Election | None:
    """The one the address names, else the next; Unknown for none of the list."""
    code = request.args.get("election", "")
    if not code:
        return next_election()
    found = next((e for e in lists.elections if e.code == code), None)
    if found is None:
        raise Unknown(code)
    return found


def _chosen(view: View) -> Pace:
    """The area the address names (``hub:mojosari``), else the district."""
    level, _colon, code = request.args.get("area", "").partition(":")
    if not level:
        return view.district
    found = view.of(level, code)
    if found is None:
        raise Unknown(code)
    return found


@routes.get("/")
@deed("pace.see")
@remembered
def index() -> Response:
    """One election, one area in depth, and all areas in a table; the address is the bookmark."""
    lists, today = office(), office_day(now())
    election = _election(lists)
    if election is None:
        return page("pace/index.html", election=None, may_set=account().may("settings.write"))
    points = downtime(lately(), RECORD, confirmed=False).points if election.polling_day >= today else ()
    view = build(election, source_of, points)
    chosen = _chosen(view)
    days = day_by_day(lists, election, chosen.area, view.courses, today)
    weeks = _weeks(days, min(today, election.polling_day))
    return page(
        "pace/index.html",
        election=election,
        elections=[(e.code, e.name) for e in sorted(lists.elections, key=lambda e: e.polling_day, reverse=True)],
        target_kind=TARGET_KINDS[election.target_kind],
        chosen=chosen,
        title=area_name(chosen.area, lists),
        state=word_of(chosen),
        rows=_rows(view, lists),
        kinds=[(p, area_name(p.area, lists), address(election, p.area), False) for p in view.kinds],
        drawing=pace_chart.courses(days, today, _labels(days, today), "." if language() == INDONESIAN else ","),
        weeks=weeks,
        kit_more=one_kit_more(chosen),
        saturdays=open_saturdays(lists, election, chosen, view.courses),
        served_on_polling_day=chosen.area.points
        and any(
            lists.calendar.serves(lists.points[code].timetable, election.polling_day) for code in chosen.area.points
        ),
        past=election.polling_day < today,
        days_left=lists.calendar.service_days(TIMETABLE, max(today, election.first_service_day), election.polling_day),
        today=today,
        since=chosen.area.since(max(chosen.on, election.first_service_day)),
        back=address(election) if chosen.area.level != DISTRICT else "",
        last_days=LAST_DAYS,
        weekend=lists.limit("weekend_weight"),
        may_set=account().may("settings.write"),
        word_of=word_of,
        ahead_words=ahead_words,
        rate_words=rate_words,
        ending_words=ending_words,
        gap_words=gap_words,
        kit_words=kit_words,
        service_days=service_days,
    )


def address(election: Election, area: Area | None = None) -> str:
    """The page of an area of an election."""
    named = None if area is None or area.level == DISTRICT else f"{area.level}:{area.code}"
    return url_for("pace.index", election=election.code, area=named)


def _rows(view: View, lists: Office) -> list[tuple[Pace, str, str, bool]]:
    """(pace, name, address, whether it is a sum): each hub with its kecamatan under it, the district last."""
    found = []
    members: dict[str, list[Pace]] = {}
    for p in view.paces:
        if p.area.level == KECAMATAN:
            members.setdefault(lists.hub_of(p.area.code, p.on), []).append(p)
    hubs = [p for p in view.paces if p.area.level == HUB]
    for hub in hubs:
        for p in (hub, *members.pop(hub.area.code, ())):
            found.append((p, area_name(p.area, lists), address(view.election, p.area), p is hub))
    for rest in members.values():
        found += [(p, area_name(p.area, lists), address(view.election, p.area), False) for p in rest]
    district = view.district
    return [*found, (district, area_name(district.area, lists), address(view.election), True)]


def _weeks(days: Sequence[Day], today: date) -> list[Day]:
    """The days that stand in the table: each Friday, today, and polling day."""
    last = days[-1].day if days else None
    return [day for day in days if day.day.weekday() == 4 or day.day in (today, last)]


def _labels(days: Sequence[Day], today: date) -> dict[date, str]:
    """What is written under the drawing: the first day, today where there is room, the last day."""
    if not days:
        return {}
    first, last = days[0].day, days[-1].day
    room = (last - first) / 5
    found = {first: short_day(first), last: short_day(last)}
    if room < today - first and room < last - today and timedelta() < room:
        found[today] = gettext("hari ini")
    return found
