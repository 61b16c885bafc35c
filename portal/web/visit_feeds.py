"""The visits in one's own calendar: a week to download, and a secret address that a calendar program reads."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for

from ..actions import feeds as deeds
from ..actions.accounts import token_hash
from ..domain.accounts import Account
from ..domain.calendar import office_day
from ..domain.duty import Period
from ..domain.problems import Unknown
from ..domain.visits import CONFIRMED, DONE, OWING, PARTLY, PROPOSED, SESSIONS, STATES, UNDER_WAY, Visit
from ..storage import feeds, visits
from . import icalendar
from .asking import visit_sections
from .door import PUBLIC, account, deed, now, office, reading, sender, writing
from .forms import read_day
from .language import INDONESIAN, gettext, speaking
from .pages import page
from .visits import place_names

routes = Blueprint("visit_feeds", __name__)

BEFORE, AFTER = timedelta(days=14), timedelta(days=120)
"""What a feed shows around today."""

SHOWN = (PROPOSED, *OWING, DONE, PARTLY)
FIXED = frozenset({CONFIRMED, UNDER_WAY, DONE, PARTLY})
"""States in which a visit's day is agreed with the place."""


def _events(found: Iterable[Visit]) -> list[icalendar.Event]:
    """Visits as events: place, office, session, state; neither people nor notes, as the address needs no sign-in."""
    found = list(found)
    lists, names = office(), place_names(reading(), found)
    events = []
    for visit in found:
        place = names[visit.plan.place_code]
        where = lists.home_name(place.kecamatan_code) if place.kecamatan_code else ""
        kits = ", ".join(visit.plan.kits)
        point = lists.points[visit.plan.point_code].name
        told = [f"Tim dari {point}", f"Keadaan: {STATES[visit.state]}", *([f"Alat: {kits}"] if kits else [])]
        events.append(
            icalendar.Event(
                f"kunjungan-{visit.id}@{request.host.split(':')[0]}",
                visit.plan.visit_date,
                f"Perekaman KTP-el {place.name} ({SESSIONS[visit.plan.session]})",
                f"{place.name}, Kecamatan {where}" if where else place.name,
                "\n".join(told),
                visit.state in FIXED,
                visit.changed_at,
                visit.version,
            )
        )
    return events


def _file(found: Iterable[Visit], name: str) -> Response:
    with speaking(INDONESIAN):
        content = icalendar.calendar("Kunjungan perekaman KTP-el", _events(found))
    response = Response(content, content_type=icalendar.TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return response


def _of(who: Account, period: Period) -> list[Visit]:
    return visits.in_period(reading(), who, period, SHOWN)


@routes.get("/visits/calendar/<day>.ics")
@deed("visits.see")
def week(day: str) -> Response:
    """The visits of the week of a day, for one's own calendar."""
    monday = monday_of(day)
    return _file(_of(account(), Period(monday, monday + timedelta(days=6))), f"kunjungan_{monday}")


def monday_of(text: str) -> date:
    """The Monday of the week of a day in an address; what is no day is not found."""
    day = read_day(text)
    if day is None:
        raise Unknown(text)
    return day - timedelta(days=day.weekday())


@routes.get("/visits/feed")
@deed("visits.see")
def index() -> Response:
    """Whether one's feed stands, and how to make or revoke it."""
    since = feeds.made_at(reading(), account().id)
    return page("visit_feeds/index.html", since=since, address="", sections=visit_sections())


@routes.post("/visits/feed")
@deed("visits.see")
def make() -> Response:
    """Make one's feed anew; its address is shown this once, and an earlier one ends."""
    with writing() as tx:
        token = deeds.make(tx, sender())
    address = url_for("visit_feeds.feed", token=token, _external=True)
    return page("visit_feeds/index.html", since=now(), address=address, sections=visit_sections())


@routes.post("/visits/feed/revoke")
@deed("visits.see")
def revoke() -> Any:
    """End one's feed."""
    with writing() as tx:
        ended = deeds.revoke(tx, sender())
    flash(gettext("Alamat kalender dicabut.") if ended else gettext("Tidak ada alamat kalender yang berlaku."), "good")
    return redirect(url_for("visit_feeds.index"), 303)


@routes.get("/feeds/<token>.ics")
@deed(PUBLIC)
def feed(token: str) -> Response:
    """What the owner of this secret address sees of the visits, no more: their area as it is now."""
    who = feeds.owner(reading(), token_hash(token))
    if who is None or not who.may("visits.see"):
        raise Unknown("feed")
    today = office_day(now())
    return _file(_of(who, Period(today - BEFORE, today + AFTER)), "kunjungan")
