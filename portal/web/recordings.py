"""Daily reports in the browser: whose turn it is, the form, the report with its history, and conflicts."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import StringField, TextAreaField

from ..actions import recordings as deeds
from ..domain.accounts import require_point
from ..domain.areas import OUTSIDE, Office, ServicePoint
from ..domain.calendar import DUE, days, office_day
from ..domain.duty import Period, point_states
from ..domain.problems import EXISTS, Conflict, Invalid, Problem, Unknown, _
from ..domain.recordings import (
    COUNTED,
    GROUPS,
    MEASURE,
    MEASURES,
    NIHIL,
    NIHIL_REASONS,
    SPLITS,
    Entry,
    Report,
    as_kept,
    check,
)
from ..domain.texts import FIRST_YEAR, LAST_YEAR
from ..storage import ledger, recordings
from . import history
from .door import account, deed, now, office, reading, sender, typed, writing
from .formats import label, number, short_day
from .forms import NOT_A_NUMBER, CountField, PortalForm, errors, merged, text_of
from .language import gettext, language
from .pages import NEW_ID, page, received, remembered

routes = Blueprint("recordings", __name__, url_prefix="/recordings")

WINDOW = 14


def home_codes(lists: Office) -> tuple[str, ...]:
    """Home areas in the order of the form: the kecamatan, then people from outside."""
    return (*lists.kecamatan, OUTSIDE)


@lru_cache(maxsize=4)
def form_class(homes: tuple[str, ...]) -> type[PortalForm]:
    """The daily form for these home areas: a box for each measure of the one list."""
    fields: dict[str, Any] = {
        "kind": StringField(),
        "nihil_reason": StringField(),
        "note": TextAreaField(),
        "reason": StringField(),
    }
    fields |= {m.name: CountField(m.label) for m in MEASURES}
    fields |= {f"home-{code}": CountField(code) for code in homes}
    return type("ReportForm", (PortalForm,), fields)


@lru_cache(maxsize=16)
def _blank_form(homes: tuple[str, ...], version: int) -> Any:
    """The form before anything is typed: only ever shown, so one serves everybody. Its id is made by the page."""
    return form_class(homes)(data={"version": version, "kind": COUNTED, "submission_id": ""})


def name_homes(form: Any, lists: Office) -> Any:
    """The form with its home boxes called by name, for the messages that speak of them."""
    for code in home_codes(lists):
        form[f"home-{code}"].label.text = history.home_label(code, lists)
    return form


def entry_of(form: Any, homes: Iterable[str]) -> Entry:
    """What the form says; boxes that were left empty stay missing."""
    counts = {m.name: getattr(form, m.name).data for m in MEASURES}
    split = {code: getattr(form, f"home-{code}").data for code in homes}
    return Entry(
        kind=form.kind.data or "",
        nihil_reason=form.nihil_reason.data or None,
        counts=counts,
        homes={code: n for code, n in split.items() if n},
        note=form.note.data or "",
    )


def _form(lists: Office, kept: Report | None, filled: MultiDict[str, str] | None) -> Any:
    cls = form_class(home_codes(lists))
    if filled is not None:
        return cls(filled)
    if kept is None or not kept.stands:
        return _blank_form(home_codes(lists), kept.version if kept else 0)
    entry = kept.entry
    data = {
        "kind": entry.kind,
        "nihil_reason": entry.nihil_reason,
        "note": entry.note,
        "version": kept.version,
    }
    if entry.kind == COUNTED:
        data |= dict(entry.counts)
    else:
        data |= {name: value for name, value in entry.counts.items() if MEASURE[name].group in ("siak", "stock")}
    return cls(data=data | {f"home-{code}": n for code, n in entry.homes.items()})


def fields_of(entry: Entry, lists: Office) -> list[tuple[str, str, str]]:
    """An entry as (field, label, text), for the report, for two versions side by side, and for its history."""
    rows = [("kind", gettext("Jenis"), gettext("Ada pelayanan") if entry.kind == COUNTED else "NIHIL")]
    if entry.nihil_reason:
        rows.append(("nihil_reason", gettext("Sebab NIHIL"), label(NIHIL_REASONS, entry.nihil_reason)))
    rows += [(m.name, gettext(m.label), number(entry.counts.get(m.name))) for m in MEASURES]
    rows += [(f"home-{code}", history.home_label(code, lists), number(n)) for code, n in entry.homes.items()]
    return [*rows, ("note", gettext("Catatan"), entry.note or "–")]


def _point(code: str, deed_name: str) -> ServicePoint:
    require_point(account(), deed_name, code)
    point = office().points.get(code)
    if point is None:
        raise Unknown(code)
    return point


def _day(text: str) -> date:
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
    marks = recordings.marks(reading(), period, None if who.sees_district else [p.code for p in points])
    states = point_states(lists, period, marks, now())
    return page(
        "recordings/index.html",
        points=points,
        shown=list(days(period.first, period.last)),
        states=states,
        marks={(m.point_code, m.day): m for m in marks},
        may_write=who.may("recordings.write"),
        today=today,
    )


@routes.get("/<code>/<day>")
@deed("recordings.see")
def show(code: str, day: str) -> Response:
    """One report: what it says, and everything that was ever done to it."""
    point, service_date, lists = _point(code, "recordings.see"), _day(day), office()
    kept = recordings.find(reading(), code, service_date)
    state = lists.calendar.report_state(
        point.timetable, service_date, kept.first_received_at if kept and kept.stands else None, now()
    )
    return page(
        "recordings/show.html",
        point=point,
        day=service_date,
        report=kept,
        state=state,
        due=state in DUE,
        nihil_reasons=NIHIL_REASONS,
        groups=_groups(kept.entry, lists) if kept else [],
        homes=[(history.home_label(c, lists), n) for c, n in kept.entry.homes.items()] if kept else [],
        sexes_unsplit=_sexes_unsplit(kept.entry) if kept and kept.entry.kind == COUNTED else None,
        past=history.lines(ledger.history(reading(), deeds.KIND, deeds.object_id(code, service_date)), lists),
        may_write=account().may("recordings.write") and service_date <= office_day(now()),
    )


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
    point, service_date, lists = _point(code, "recordings.write"), _day(day), office()
    if request.method != "POST":
        return _fresh_page(code, day) if typed() is None else _edit_page(point, service_date, lists)
    homes = home_codes(lists)
    form: Any = name_homes(form_class(homes)(request.form), lists)
    entry = entry_of(form, homes)
    problems = [*form.unknown(request.form), *form.unreadable(NOT_A_NUMBER)]
    if problems:
        return _edit_page(point, service_date, lists, form, merged(problems, check(entry, homes)))
    submission_id, version, reason = text_of(form, "submission_id"), form.version.data or 0, text_of(form, "reason")
    try:
        with writing() as tx:
            sent = deeds.send(tx, sender(), lists, submission_id, code, service_date, entry, version, reason)
    except Invalid as error:
        return _edit_page(point, service_date, lists, form, error.problems)
    except Conflict as error:
        return _conflict(error, point, service_date, entry, reason, lists)
    return received(sent, url_for("recordings.show", code=code, day=day))


@remembered
def _fresh_page(code: str, day: str) -> Response:
    """The form nobody has typed into: what it shows changes with the data only."""
    return _edit_page(_point(code, "recordings.write"), _day(day), office())


def _edit_page(
    point: ServicePoint, day: date, lists: Office, form: Any = None, problems: Sequence[Problem] = ()
) -> Response:
    kept = recordings.find(reading(), point.code, day)
    before = recordings.before(reading(), point.code, day)
    if form is None:
        form = _form(lists, kept, typed())
    shown = errors(problems, {f.name for f in form} | {"homes"})
    return page(
        "recordings/edit.html",
        422 if problems else 200,
        point=point,
        day=day,
        form=form,
        submission_id=(form.submission_id.data if typed() is not None else NEW_ID),
        report=kept if kept and kept.stands else None,
        groups=_boxes(language()),
        reason_options=[(code, gettext(text)) for code, text in NIHIL_REASONS.items()],
        homes=_homes(form, lists, shown.by_field),
        before_texts={m: number(n) for m, n in before.entry.counts.items() if n is not None} if before else {},
        before_word=_before_word(before, day),
        errors=shown.summary,
        wrong=shown.by_field,
    )


@lru_cache(maxsize=4)
def _boxes(_language: str) -> list[tuple[str, str, list[tuple[str, str, str, str, int, bool]]]]:
    """The groups of the form with their boxes, in the reader's words."""
    return [
        (
            group,
            gettext(title),
            [
                (m.name, gettext(m.label), gettext(m.hint), gettext(m.unit), m.limit, m.name in SPLITS)
                for m in MEASURES
                if m.group == group
            ],
        )
        for group, title in GROUPS.items()
    ]


def _homes(form: Any, lists: Office, wrong: dict[str, str]) -> Markup:
    """The nineteen boxes of the split by home: drawn once a language while nothing is typed into them."""
    names = tuple((f"home-{code}", history.home_label(code, lists)) for code in home_codes(lists))
    boxes = tuple((name, label, form[name].text) for name, label in names)
    if not wrong and not any(text for _name, _label, text in boxes):
        return _empty_homes(boxes, language())
    touched = "homes" in wrong or any(text or name in wrong for name, _label, text in boxes)
    return Markup(render_template("recordings/_homes.html", homes=boxes, wrong=wrong, open=touched))


@lru_cache(maxsize=8)
def _empty_homes(boxes: tuple[tuple[str, str, str], ...], _language: str) -> Markup:
    return Markup(render_template("recordings/_homes.html", homes=boxes, wrong={}, open=False))


def _sexes_unsplit(entry: Entry) -> int:
    return entry.recorded - sum(entry.counts.get(name) or 0 for name in ("recorded_male", "recorded_female"))


def _before_word(before: Report | None, day: date) -> str:
    if before is None:
        return ""
    return gettext("kemarin") if before.service_date == day - timedelta(days=1) else short_day(before.service_date)


def _conflict(error: Conflict, point: ServicePoint, day: date, entry: Entry, reason: str, lists: Office) -> Response:
    """Both versions side by side; what was typed goes on from the version that is kept now, if its sender says so."""
    kept = error.kept
    if not isinstance(kept, Report):
        kept = recordings.find(reading(), point.code, day)
    mine = as_kept(entry)
    theirs = {f: (name, text) for f, name, text in fields_of(kept.entry, lists)} if kept else {}
    yours = {f: (name, text) for f, name, text in fields_of(mine, lists)}
    rows = []
    for field in [*yours, *(f for f in theirs if f not in yours)]:
        name = (yours.get(field) or theirs[field])[0]
        old, new = theirs.get(field, ("", "–"))[1], yours.get(field, ("", "–"))[1]
        if (old, new) != ("–", "–"):
            rows.append((name, old, new, old != new))
    form = form_class(home_codes(lists))(
        data={
            "kind": mine.kind,
            "nihil_reason": mine.nihil_reason,
            "note": mine.note,
            "reason": reason,
            "version": kept.version if kept else 0,
            **_typed_counts(mine),
            **{f"home-{code}": n for code, n in mine.homes.items()},
        }
    )
    return page(
        "recordings/conflict.html",
        409,
        why=error.why,
        exists=EXISTS,
        point=point,
        day=day,
        report=kept,
        rows=rows,
        form=form,
    )


def _typed_counts(entry: Entry) -> dict[str, int | None]:
    if entry.kind == NIHIL:
        return {m.name: entry.counts.get(m.name) for m in MEASURES if m.group in ("siak", "stock")}
    return dict(entry.counts)


@routes.route("/<code>/<day>/cancel", methods=["GET", "POST"])
@deed("recordings.write")
def cancel(code: str, day: str) -> Any:
    """Take a report out of the totals, with a reason."""
    point, service_date = _point(code, "recordings.write"), _day(day)
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
                deeds.cancel(tx, sender(), code, service_date, form.version.data or 0, text_of(form, "reason"))
            flash(gettext("Laporan dibatalkan. Isinya tetap dapat dibaca di riwayat."), "good")
            return redirect(url_for("recordings.show", code=code, day=day), 303)
        except Invalid as error:
            problems = error.problems
        except Conflict:
            text = _("Laporan ini baru saja diubah orang lain. Baca lagi sebelum membatalkan.")
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
