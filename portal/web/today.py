"""Hari ini: what waits for this very person, by role."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, redirect, url_for

from ..domain.accounts import CLERK, LIAISON
from ..domain.calendar import MISSING, NOT_DUE, office_day
from ..domain.contacts import WAYS
from ..domain.duty import Period, point_states
from ..domain.equipment import STALE_AFTER, UNABLE
from ..domain.summary import BY_WORK
from ..domain.visits import FINISHED, OWING, Visit
from ..storage import areas, equipment, recordings, visits
from .contacts import calls
from .door import PUBLIC, account, deed, now, office, reading, services, versions
from .downtime import morning
from .equipment import cards_of, needs_today
from .follow_ups import sweeps
from .pace_words import furthest_behind
from .pages import NEW_ID, page, remembered
from .publications import since_published
from .reviews import today_of_clerk, today_of_district
from .stock import awaited, low_points
from .summary import build
from .visits import place_names

routes = Blueprint("today", __name__)

OWN_DAYS = 14
LOOK_AHEAD = 2
LOOK_BACK = 30
"""Days within which a missing report still calls for a telephone call; older ones stand in the summary."""


@routes.get("/")
@deed(PUBLIC)
def root() -> Any:
    """The site's root leads home."""
    return redirect(url_for("today.home"), 303)


@routes.get("/today")
@deed("today.see")
@remembered
def home() -> Any:
    """The page a person starts the day on."""
    role = account().role
    if role == CLERK:
        return _clerk()
    return _liaison() if role == LIAISON else _district()


def _clerk() -> Any:
    lists, who, today = office(), account(), office_day(now())
    points = [p for p in lists.points.values() if who.sees_point(p.code)]
    period = Period(max(lists.start(), today - timedelta(days=OWN_DAYS - 1)), today)
    marks = recordings.marks(reading(), period, [p.code for p in points])
    states = point_states(lists, period, marks, now())
    by_point = {(m.point_code, m.day): m for m in marks}
    own = [m.recorded for m in marks if not m.excluded]
    kits = cards_of(equipment.kits(reading(), [p.code for p in points], today), lists, now())
    week = Period(today, today + timedelta(days=6))
    waiting = sweeps()
    coming = _others(visits.in_period(reading(), who, week, OWING), waiting)
    late = visits.overdue(reading(), who, today)
    return page(
        "today/clerk.html",
        points=points,
        today=today,
        sent={p.code: by_point.get((p.code, today)) for p in points},
        states=states,
        missing=[(p, day) for p in points for day, state in sorted(states[p.code].items()) if state == MISSING],
        open_days=[
            (p, day)
            for p in points
            for day, state in sorted(states[p.code].items())
            if state == NOT_DUE and day < today
        ],
        kits=kits,
        gear=needs_today(),
        to_confirm=[k for k in kits if k["age"] > 0],
        coming=coming,
        late=late,
        names=place_names(reading(), [*coming, *late]),
        own_total=sum(own) if own else None,
        own_days=len(own),
        since=period.first,
        may_write=who.may("recordings.write"),
        shipments=awaited(points, lists, today),
        may_receive=who.may("stock.write"),
        sweeps=waiting,
        past_deadline=now() > lists.calendar.deadline(today),
        hours=[f"{clock:%H.%M}" for clock in lists.calendar.hours_on(today)],
        review=today_of_clerk([p.code for p in points]),
    )


def _others(coming: Sequence[Visit], waiting: Mapping[str, Any]) -> list[Visit]:
    """The visits to come without those whose kits want a check: these stand above, once."""
    above = {visit.id for visit, *_checks in waiting["unready"]}
    return [visit for visit in coming if visit.id not in above]


def _liaison() -> Any:
    who, today = account(), office_day(now())
    late = visits.overdue(reading(), who, today)
    coming = visits.in_period(reading(), who, Period(today, today + timedelta(days=60)), OWING)
    done = visits.in_period(reading(), who, Period(today - timedelta(days=60), today), FINISHED)
    return page(
        "today/liaison.html",
        schools=areas.places(reading(), codes=sorted(who.places)),
        late=late,
        coming=coming,
        done=list(reversed(done)),
        sweeps=sweeps() | {"unready": []},
        names=place_names(reading(), [*late, *coming, *done]),
        today=today,
    )


def _district() -> Any:
    lists, who, today = office(), account(), office_day(now())
    period = Period(max(lists.start(), today - timedelta(days=LOOK_BACK - 1)), today)
    found, all_kits = build(period, BY_WORK), services().kits(reading(), versions())
    silent: dict[str, list[Any]] = {}
    for code, day in found.missing:
        silent.setdefault(code, []).append(day)
    waiting = sweeps()
    coming = _others(
        visits.in_period(reading(), who, Period(today, today + timedelta(days=LOOK_AHEAD)), OWING), waiting
    )
    late = visits.overdue(reading(), who, today)
    kits = cards_of(all_kits, lists, now())
    return page(
        "today/district.html",
        today=today,
        found=found,
        calls=calls(silent),
        ways=WAYS,
        new_id=NEW_ID,
        may_call=who.may("contacts.write"),
        may_excuse=who.may("completeness.excuse"),
        may_review=who.may("reviews.write"),
        behind=furthest_behind(),
        points_of={code: kecamatan.name for code, kecamatan in lists.kecamatan.items()},
        awaited=[code for code, day in found.awaited if day == today],
        in_grace=[(code, day) for code, day in found.awaited if day < today],
        past_deadline=now() > lists.calendar.deadline(today),
        hours=[f"{clock:%H.%M}" for clock in lists.calendar.hours_on(today)],
        points=lists.points,
        active=sum(p.active(today) for p in lists.points.values()),
        standstill=morning([k for k in kits if UNABLE in (k["record"], k["printing"])]),
        stale=[k for k in kits if k["age"] > STALE_AFTER],
        coming=coming,
        late=late,
        names=place_names(reading(), [*coming, *late]),
        published=since_published(lists),
        review=today_of_district(),
        stock=low_points(lists, today),
        sweeps=waiting | {"folded": True},
        gear=needs_today(),
    )
