"""Service points with their active days and what they can do, as the supervisor keeps them; ended, never deleted."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, request, url_for
from msgspec.structs import replace
from wtforms import StringField, TextAreaField

from ..actions import lists as words
from ..actions import points as deeds
from ..domain.areas import Office, ServicePoint
from ..domain.calendar import office_day
from ..domain.lists import CAPABILITIES, NO, YES, Change, Word, check_word, mark
from ..domain.points import POINT_KINDS, check_point, new_code
from ..domain.problems import Problem, _
from ..storage import ledger
from . import history
from .asking import optional_day
from .door import deed, now, office, reading, typed
from .formats import label, plain_day
from .forms import NOT_A_DAY, DayField, PortalForm, errors, merged, text_of
from .language import gettext
from .list_changes import WordForm, attempt, known_code, sections, told, words_of
from .pages import page

routes = Blueprint("points", __name__, url_prefix="/settings/points")

CAN, CANNOT = "1", "0"
"""What a form sends: an empty choice is none made."""


class PointForm(PortalForm):
    """A point's name, kind and place, from when to when it is in the duty roll, and who says so."""

    name = StringField()
    kind = StringField()
    kecamatan_code = StringField()
    hub = StringField()
    active_from = DayField()
    active_to = DayField()
    reason = TextAreaField()
    seen = StringField()
    back = StringField()


class CapabilityForm(WordForm):
    """From which day on a point can do something, or cannot."""

    capability = StringField()


def _activity(point: ServicePoint, today: date) -> tuple[str, str]:
    """(kind, word) of whether a point is in the duty roll."""
    if point.active_from > today:
        return "info", gettext("mulai %(day)s", day=plain_day(point.active_from))
    if not point.active(today):
        return "unknown", gettext("berakhir %(day)s", day=plain_day(point.active_to))
    if point.active_to is not None:
        return "attention", gettext("sampai %(day)s", day=plain_day(point.active_to))
    return "good", gettext("aktif")


@routes.get("/")
@deed("settings.write")
def index() -> Response:
    """Every point, ended ones included, with what it can do today."""
    known, today = office(), office_day(now())
    can: dict[str, list[str]] = {}
    for name in CAPABILITIES:
        for c in known.capabilities:
            if c.capability == name and c.holds(today):
                can.setdefault(c.point_code, []).append(label(CAPABILITIES, name))
    rows = [(p, label(POINT_KINDS, p.kind), _activity(p, today), can.get(p.code, [])) for p in known.points.values()]
    return page("points/index.html", sections=sections(), rows=rows)


@routes.get("/<code>")
@deed("settings.write")
def show(code: str) -> Response:
    """One point: what is known, what it can do and since when, and everything that was changed."""
    known, today = office(), office_day(now())
    point = known.points[known_code(code, known.points)]
    changes = _changes(code)
    own = sorted((c for c in known.capabilities if c.point_code == code), key=lambda c: (c.capability, c.valid_from))
    return page(
        "points/show.html",
        point=point,
        kind=label(POINT_KINDS, point.kind),
        kecamatan=known.home_name(point.kecamatan_code) if point.kecamatan_code else gettext("tanpa kecamatan"),
        hub=known.hubs.get(known.hub_of_point(code, today), gettext("belum ditetapkan")),
        activity=_activity(point, today),
        capabilities=[(label(CAPABILITIES, c.capability), c, c.holds(today)) for c in own],
        changes=told(changes, known),
        past=history.lines(ledger.history(reading(), words.KIND, f"point/{code}"), known),
    )


def _changes(code: str) -> list[Change]:
    return words.changes_of(reading(), next(iter(CAPABILITIES)), code)


@routes.route("/new", methods=["GET", "POST"])
@deed("settings.write")
def new() -> Any:
    """Add a point; the portal makes its code."""
    return _edit(None)


@routes.route("/<code>/edit", methods=["GET", "POST"])
@deed("settings.write")
def edit(code: str) -> Any:
    """Change a point's name, and from when to when it is in the duty roll."""
    return _edit(office().points[known_code(code, office().points)])


def _edit(kept: ServicePoint | None) -> Any:
    known, today = office(), office_day(now())
    data: dict[str, Any] = {"active_from": today, "version": 0}
    if kept is not None:
        data = {name: getattr(kept, name) for name in ("name", "active_from", "active_to", "version")}
    form: Any = PointForm(typed(), data=data)
    status, problems, theirs = 200, list[Problem](), None
    if request.method == "POST" and not form.back.data:
        answer, status, problems, theirs = _keep(form, kept)
        if answer is not None:
            return answer
        if theirs is not None:
            form.version.process_data(theirs.version)
    wrong = errors(problems, {f.name for f in form})
    return page(
        "points/edit.html",
        status,
        point=kept,
        form=form,
        kinds=[(kind, gettext(word)) for kind, word in POINT_KINDS.items()],
        kecamatan=[(k.code, k.name) for k in known.kecamatan.values()],
        hubs=list(known.hubs.items()),
        differing=_differing(theirs, form) if theirs is not None else [],
        errors=wrong.summary,
        wrong=wrong.by_field,
    )


def _keep(form: Any, kept: ServicePoint | None) -> Any:
    """Add or change the point that was typed, as ``attempt`` says."""
    known, today = office(), office_day(now())
    problems = [*form.unknown(request.form), *optional_day(form.active_to, "active_to")]
    if form.active_from.unreadable:
        problems.append(Problem("active_from", NOT_A_DAY))
    fields = text_of(form, "kind"), text_of(form, "kecamatan_code"), form.active_from.data or today
    asked = deeds.wanted_point(text_of(form, "name"), *fields, form.active_to.data)
    reason, hub, seen = text_of(form, "reason"), text_of(form, "hub"), text_of(form, "seen")
    id = text_of(form, "submission_id")
    if kept is not None:
        asked = replace(kept, name=asked.name, active_from=asked.active_from, active_to=asked.active_to)
        asked = replace(asked, version=form.version.data or 0)
        title = gettext("%(name)s: aktif %(days)s", name=asked.name, days=_days(asked))
        more = {kept.code: asked}
    else:
        title = gettext("Titik baru %(name)s: aktif %(days)s", name=asked.name, days=_days(asked))
        more = {new_code(known.points, asked.kecamatan_code): asked}
    if problems:
        problems = merged(problems, check_point(asked, "" if kept else hub, reason, known, today, kept))
    return attempt(
        form,
        lambda tx, who: (
            deeds.change(tx, who, id, kept.code, asked, reason, seen)
            if kept is not None
            else deeds.add(tx, who, id, asked, hub, reason, seen)
        ),
        problems,
        lambda sent: url_for("points.show", code=sent.object_id),
        lambda: title,
        more,
    )


def _days(point: ServicePoint) -> str:
    since, until = plain_day(point.active_from), plain_day(point.active_to)
    if point.active_to is None:
        return gettext("sejak %(day)s", day=since)
    return gettext("%(first)s sampai %(last)s", first=since, last=until)


def _differing(theirs: ServicePoint, form: Any) -> list[tuple[str, str, str, bool]]:
    """(field, as kept now, as typed, whether they differ), after somebody else was faster."""
    days = [
        (name, text, plain_day(getattr(theirs, name)), plain_day(form[name].data))
        for name, text in (("active_from", gettext("Hari pertama")), ("active_to", gettext("Hari terakhir")))
    ]
    rows = [("name", gettext("Nama"), theirs.name, text_of(form, "name")), *days]
    return [(text, kept, said or "–", kept != said) for _name, text, kept, said in rows]


@routes.route("/<code>/capability", methods=["GET", "POST"])
@deed("settings.write")
def capability(code: str) -> Any:
    """From a day on a point can do something, or cannot any longer."""
    known, today = office(), office_day(now())
    point = known.points[known_code(code, known.points)]
    changes = _changes(code)
    form: Any = CapabilityForm(typed(), data={"valid_from": today, "drawn": mark(changes)})
    status, problems, differing = 200, list[Problem](), []
    if request.method == "POST" and not form.back.data:
        answer, status, problems, theirs = _say(form, code)
        if answer is not None:
            return answer
        if theirs is not None:
            form.drawn.data = mark(_changes(code))
            differing = _standing(form, code, office())
    wrong = errors(problems, {f.name for f in form})
    return page(
        "points/capability.html",
        status,
        point=point,
        form=form,
        names=[(name, gettext(word)) for name, word in CAPABILITIES.items()],
        choices=[(CAN, gettext("Bisa")), (CANNOT, gettext("Tidak bisa"))],
        differing=differing,
        errors=wrong.summary,
        wrong=wrong.by_field,
    )


def _say(form: Any, code: str) -> Any:
    """Let a point be able to do what was chosen or not, as ``attempt`` says."""
    name, value, reason = text_of(form, "capability"), text_of(form, "value"), text_of(form, "reason")
    today = office_day(now())
    problems = form.unknown(request.form)
    if form.valid_from.unreadable:
        problems.append(Problem("valid_from", NOT_A_DAY))
    if name not in CAPABILITIES:
        problems.append(Problem("capability", _("Pilih kemampuan dari daftar.")))
    if value not in (CAN, CANNOT):
        problems.append(Problem("value", _("Pilih bisa atau tidak.")))
    what = Word(name, code, form.valid_from.data or today, YES if value == CAN else NO)
    if problems and name in CAPABILITIES:
        problems = merged(problems, check_word(what, reason, office(), today, _changes(code)))
    given = what, reason, text_of(form, "drawn"), text_of(form, "seen")
    return attempt(
        form,
        lambda tx, who: words.change(tx, who, text_of(form, "submission_id"), *given),
        problems,
        lambda _sent: url_for("points.show", code=code),
        lambda: words_of(what, office()),
    )


def _standing(form: Any, code: str, known: Office) -> list[tuple[str, str, str, bool]]:
    """(capability, as kept now, as typed, whether they differ), after somebody else was faster."""
    day, name = form.valid_from.data or office_day(now()), text_of(form, "capability")
    own = (c for c in known.capabilities if (c.point_code, c.capability) == (code, name))
    kept, said = any(c.holds(day) for c in own), text_of(form, "value") == CAN
    yes_no = {True: gettext("Bisa"), False: gettext("Tidak bisa")}
    return [(label(CAPABILITIES, name), yes_no[kept], yes_no[said], kept != said)]
