"""Daily reports in the browser: whose turn it is, the form, the report with its history, and conflicts."""

import json
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for

from ..actions import recordings as deeds
from ..domain.accounts import require_point
from ..domain.areas import Office, ServicePoint
from ..domain.calendar import DUE, days, office_day
from ..domain.completeness import EXCUSABLE
from ..domain.doubts import Flag
from ..domain.duty import Period, point_states
from ..domain.locks import Locked
from ..domain.problems import Conflict, Invalid, Problem, Unknown, _
from ..domain.recordings import COUNTED, GROUPS, MEASURES, NIHIL_REASONS, NIHIL_SHORT, Entry, Report
from ..domain.rule_data import as_data
from ..domain.rules import RULE
from ..domain.texts import FIRST_YEAR, LAST_YEAR
from ..storage import completeness, equipment, questions, recordings
from . import history, locks, report_form
from .door import account, deed, now, office, reading, sender, typed, writing
from .equipment import cards_of
from .formats import number
from .forms import PortalForm, errors, text_of
from .language import gettext, language
from .pages import page, remembered

routes = Blueprint("recordings", __name__, url_prefix="/recordings")

WINDOW = 14


def point_of(code: str, deed_name: str) -> ServicePoint:
    """The point of an address, fetched with permission; raises Unknown, Foreign or NotPermitted."""
    require_point(account(), deed_name, code)
    point = office().points.get(code)
    if point is None:
        raise Unknown(code)
    return point


def day_of(text: str) -> date:
    """The day of an address: one way of writing it, so that a report has one address."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Unknown(text) from None
    if day.isoformat() != text or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Unknown(text)
    return day


@routes.get("/")
@deed("recordings.see")
@remembered
def index() -> Response:
    """Each point's last fourteen days: what came, when, and what is awaited."""
    lists, who, today = office(), account(), office_day(now())
    points = [p for p in lists.points.values() if who.sees_point(p.code)]
    period = Period(max(lists.start(), today - timedelta(days=WINDOW - 1)), today)
    codes = None if who.sees_district else [p.code for p in points]
    marks = recordings.marks(reading(), period, codes)
    states = point_states(lists, period, marks, now())
    excused = completeness.in_period(reading(), period, codes)
    return page(
        "recordings/index.html",
        points=points,
        shown=list(days(period.first, period.last)),
        states=states,
        marks={(m.point_code, m.day): m for m in marks},
        excuses={(e.point_code, e.day): e for e in excused if states[e.point_code].get(e.day) in EXCUSABLE},
        letters=NIHIL_SHORT,
        nihil_reasons=NIHIL_REASONS,
        may_see_calendar=who.may("calendar.see"),
        may_write=who.may("recordings.write"),
        today=today,
    )


@routes.get("/rules.json")
@deed("recordings.see")
def rules() -> Response:
    """The rules of the daily form, for a form that has to judge without a signal; 304 while they are the same."""
    response = Response(_rules(language()), mimetype="application/json")
    response.add_etag()
    return response.make_conditional(request)  # type: ignore[return-value]


@lru_cache(maxsize=4)
def _rules(_language: str) -> str:
    return json.dumps(as_data(gettext), ensure_ascii=False, separators=(",", ":"))


@routes.get("/<code>/<day>")
@deed("recordings.see")
def show(code: str, day: str) -> Response:
    """One report: what it says, and everything that was ever done to it."""
    point, service_date, lists = point_of(code, "recordings.see"), day_of(day), office()
    kept = recordings.find(reading(), code, service_date)
    state = lists.calendar.report_state(
        point.timetable, service_date, kept.first_received_at if kept and kept.stands else None, now()
    )
    return page(
        "recordings/show.html",
        lock=locks.note(point, service_date, kept) if account().may("recordings.write") else None,
        open=locks.standing(point, service_date, kept).open,
        review=history.review_of(kept, lists) if kept else None,
        may_review=account().may("reviews.write"),
        point=point,
        day=service_date,
        report=kept,
        state=state,
        due=state in DUE,
        nihil_reasons=NIHIL_REASONS,
        groups=_groups(kept.entry, lists) if kept else [],
        homes=[(history.home_label(c, lists), n) for c, n in kept.entry.homes.items()] if kept else [],
        sexes_unsplit=_sexes_unsplit(kept.entry) if kept and kept.entry.kind == COUNTED else None,
        flags=_flags(kept) if kept else [],
        unconfirmed=_unconfirmed(code) if service_date == office_day(now()) else [],
        past=history.lines(history.of_report(code, service_date), lists),
        may_write=account().may("recordings.write") and service_date <= office_day(now()),
    )


def _unconfirmed(code: str) -> list[dict[str, Any]]:
    """The point's kits that nobody looked at today: whoever has sent the day says with one tap that they are the same.

    After the report and not inside its form, so that no tap can cost what is typed there.
    """
    if not account().may("equipment.write"):
        return []
    cards = cards_of(equipment.kits(reading(), [code], office_day(now())), office(), now())
    return [card for card in cards if card["age"] > 0]


def _flags(kept: Report) -> list[tuple[str, str, Flag]]:
    """What was doubtful about the report as it stands: the doubt, the box, and what was found and answered."""
    return [
        (gettext(RULE[flag.rule].name) if flag.rule in RULE else flag.rule, history.doubted_label(flag.field), flag)
        for flag in questions.flags_of(reading(), kept.id, kept.version)
    ]


def _groups(entry: Entry, lists: Office) -> list[tuple[str, list[tuple[str, str, str]]]]:
    return [
        (
            gettext(title),
            [
                (gettext(m.label), number(entry.counts.get(m.name)), gettext(m.unit) if m.unit else "")
                for m in MEASURES
                if m.group == group
            ],
        )
        for group, title in GROUPS.items()
    ]


@routes.route("/<code>/<day>/edit", methods=["GET", "POST"])
@deed("recordings.write")
def edit(code: str, day: str) -> Any:
    """The day's form: empty for a first report, filled in for a correction."""
    point, service_date = point_of(code, "recordings.write"), day_of(day)
    if request.method == "POST":
        return report_form.answer(point, service_date)
    return _fresh_page(code, day) if typed() is None else report_form.form_page(point, service_date)


@remembered
def _fresh_page(code: str, day: str) -> Response:
    """The form nobody has typed into: what it shows changes with the data only."""
    return report_form.form_page(point_of(code, "recordings.write"), day_of(day))


def _sexes_unsplit(entry: Entry) -> int:
    return entry.recorded - sum(entry.counts.get(name) or 0 for name in ("recorded_male", "recorded_female"))


@routes.route("/<code>/<day>/cancel", methods=["GET", "POST"])
@deed("recordings.write")
def cancel(code: str, day: str) -> Any:
    """Take a report out of the totals, with a reason."""
    point, service_date = point_of(code, "recordings.write"), day_of(day)
    kept = recordings.find(reading(), code, service_date)
    if kept is None:
        raise Unknown(day)
    if not kept.stands:  # pressed twice: it is done
        return redirect(url_for("recordings.show", code=code, day=day), 303)
    form: Any = PortalForm(typed(), data={"version": kept.version})
    problems: list[Problem] = []
    if request.method == "POST":
        try:
            with writing() as tx:
                deeds.cancel(
                    tx, sender(), office(), code, service_date, form.version.data or 0, text_of(form, "reason")
                )
            flash(gettext("Laporan dibatalkan. Isinya tetap dapat dibaca di riwayat."), "good")
            return redirect(url_for("recordings.show", code=code, day=day), 303)
        except Invalid as error:
            problems = error.problems
        except Conflict as error:
            text = _("Laporan ini baru saja diubah orang lain. Baca lagi sebelum membatalkan.")
            if isinstance(error, Locked):
                text = locks.WHY[error.state.state]
            problems = [Problem("", text)]
            form.version.process_data(kept.version)
    shown = errors(problems)
    status = 200 if request.method == "GET" else 409 if problems and not problems[0].field else 422
    return page(
        "recordings/cancel.html",
        status,
        point=point,
        day=service_date,
        report=kept,
        form=form,
        errors=shown.summary,
        wrong=shown.by_field,
    )
