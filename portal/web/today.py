"""Hari ini: what waits for this very person, by role."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, redirect, url_for

from ..domain.accounts import CLERK, LIAISON
from ..domain.calendar import DEADLINE, MISSING, NOT_DUE, office_day, office_instant
from ..domain.duty import Period, point_states
from ..domain.equipment import STALE_AFTER, UNABLE
from ..domain.summary import BY_WORK
from ..domain.visits import PLANNED
from ..storage import accounts, areas, equipment, recordings, visits
from .door import PUBLIC, account, deed, now, office, reading, services, versions
from .downtime import morning
from .equipment import cards_of, needs_today
from .pages import page, remembered
from .summary import build
from .visits import place_names

routes = Blueprint("today", __name__)

OWN_DAYS = 14
LOOK_AHEAD = 2
LOOK_BACK = 30
"""Days within which a missing report still calls for a telephone call; older ones stand in the summary."""
LOW_BLANKS = 100
"""Blanks at a point below which it is shown: about three ordinary days' prints."""


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
    own = [m.recorded for m in marks]
    kits = cards_of(equipment.kits(reading(), [p.code for p in points], today), lists, now())
    week = Period(today, today + timedelta(days=6))
    coming = visits.in_period(reading(), who, week, (PLANNED,))
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
        past_deadline=now() > office_instant(today, DEADLINE),
    )


def _liaison() -> Any:
    who, today = account(), office_day(now())
    late = visits.overdue(reading(), who, today)
    coming = visits.in_period(reading(), who, Period(today, today + timedelta(days=60)), (PLANNED,))
    done = visits.in_period(reading(), who, Period(today - timedelta(days=60), today), ("done",))
    return page(
        "today/liaison.html",
        schools=areas.places(reading(), codes=sorted(who.places)),
        late=late,
        coming=coming,
        done=list(reversed(done)),
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
    coming = visits.in_period(reading(), who, Period(today, today + timedelta(days=LOOK_AHEAD)), (PLANNED,))
    late = visits.overdue(reading(), who, today)
    kits = cards_of(all_kits, lists, now())
    readings = recordings.latest_readings(reading(), list(lists.points), today)
    blanks = sorted(
        ((code, *values["blanks_left"]) for code, values in readings.items() if "blanks_left" in values),
        key=lambda item: item[1],
    )
    return page(
        "today/district.html",
        today=today,
        found=found,
        silent=sorted(silent.items(), key=lambda item: (-len(item[1]), item[0])),
        awaited=[code for code, day in found.awaited if day == today],
        in_grace=[(code, day) for code, day in found.awaited if day < today],
        past_deadline=now() > office_instant(today, DEADLINE),
        callers=accounts.clerks_of(reading(), {*silent, *(code for code, _day in found.awaited)}),
        points=lists.points,
        standstill=morning([k for k in kits if UNABLE in (k["record"], k["printing"])]),
        stale=[k for k in kits if k["age"] > STALE_AFTER],
        coming=coming,
        late=late,
        names=place_names(reading(), [*coming, *late]),
        blanks=[b for b in blanks if b[1] <= LOW_BLANKS],
        low=LOW_BLANKS,
        gear=needs_today(),
    )
