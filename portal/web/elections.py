"""Elections and campaigns in the settings: added and changed by the supervisor, with their dated targets."""

import uuid
from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import Blueprint, Response, request, url_for
from wtforms import StringField, TextAreaField

from ..actions import elections as deeds
from ..domain.areas import Office
from ..domain.calendar import Election, office_day
from ..domain.elections import AltersFigures, check_election, check_target, code_of, fingerprint
from ..domain.pace import DISTRICT, HUB, KECAMATAN, OFFICE, TARGET_KINDS, Area
from ..domain.pace_areas import WHOLE, SetTarget
from ..domain.problems import STALE, Conflict, Invalid, Problem, Unknown, _
from ..storage import elections, ledger
from ..storage import pace as kept_targets
from . import history
from .door import deed, now, office, reading, sender, typed, writing
from .forms import NOT_A_DAY, NOT_A_NUMBER, CountField, DayField, PortalForm, errors, merged, text_of
from .language import gettext
from .list_changes import sections
from .pace import area_name
from .pace_words import service_days
from .pages import page, received

routes = Blueprint("elections", __name__, url_prefix="/settings/elections")

UNSAID = ("csrf_token", "seen", "back")
"""Fields that the second page puts in anew."""
DAYS = ("polling_day", "first_service_day", "birth_cutoff")
_SENT_ALREADY = _("Formulir ini sudah dikirim dengan isi lain. Muat ulang halaman, lalu isi lagi.")
_STALE = _("Baru saja diubah orang lain. Bandingkan dengan yang tersimpan, lalu kirim lagi.")


class ElectionForm(PortalForm):
    """An election or campaign: its days, whom it counts, and who says so."""

    name = StringField()
    polling_day = DayField()
    first_service_day = DayField()
    birth_cutoff = DayField()
    target_kind = StringField()
    source = TextAreaField()
    seen = StringField()
    back = StringField()


class TargetForm(PortalForm):
    """How many people an area has to record, from which day on."""

    area = StringField()
    people = CountField(_("Orang"))
    valid_from = DayField()
    source = TextAreaField()
    drawn = CountField()
    seen = StringField()
    back = StringField()


@routes.get("/")
@deed("settings.write")
def index() -> Response:
    """Every election and campaign, the latest polling day first."""
    return page(
        "elections/index.html",
        sections=sections(),
        elections=elections.every(reading()),
        kinds=TARGET_KINDS,
        today=office_day(now()),
    )


@routes.route("/new", methods=["GET", "POST"])
@deed("settings.write")
def new() -> Any:
    """Add one."""
    form: Any = ElectionForm(typed(), data={"target_kind": OFFICE})
    return _edit(form, None)


@routes.route("/<code>", methods=["GET", "POST"])
@deed("settings.write")
def edit(code: str) -> Any:
    """Change one, see its targets and what was done to it."""
    kept = _election(code)
    form: Any = ElectionForm(typed(), data=elections.values_of(kept) | {"version": kept.version})
    return _edit(form, kept)


def _election(code: str) -> Election:
    found = elections.find(reading(), code)
    if found is None:
        raise Unknown(code)
    return found


def _wanted(form: Any, kept: Election | None) -> Election:
    polling, born, first = (form[n].data or date.min for n in ("polling_day", "birth_cutoff", "first_service_day"))
    name, kind = text_of(form, "name"), text_of(form, "target_kind")
    code, version = (kept.code, form.version.data or 0) if kept else (code_of(name), 1)
    return Election(code, name, polling, born, first, text_of(form, "source"), kind, version)


def _edit(form: Any, kept: Election | None) -> Any:
    problems: list[Problem] = []
    status, theirs = 200, None
    if request.method == "POST" and not form.back.data:
        wanted = _wanted(form, kept)
        problems = form.unknown(request.form)
        problems += [Problem(name, NOT_A_DAY) for name in DAYS if form[name].unreadable]
        try:
            if problems:
                raise Invalid(merged(problems, check_election(wanted)))
            with writing() as tx:
                id, seen = text_of(form, "submission_id"), text_of(form, "seen")
                if kept is None:
                    sent = deeds.add(tx, sender(), id, wanted)
                else:
                    sent = deeds.change(tx, sender(), id, wanted, seen)
            return received(sent, url_for("elections.edit", code=sent.object_id))
        except AltersFigures as error:
            return _confirm(error, form, wanted.name, wanted)
        except Invalid as error:
            problems, status = error.problems, 422
        except Conflict as error:
            status = 409
            problems = [Problem("", _STALE if error.why == STALE else _SENT_ALREADY)]
            form.submission_id.data = str(uuid.uuid4())
            if isinstance(error.kept, Election):
                theirs = error.kept
                form.version.process_data(theirs.version)
    shown = errors(problems, {f.name for f in form})
    lists = office()
    targets = kept_targets.targets(reading(), kept.code) if kept else []
    return page(
        "elections/edit.html",
        status,
        election=kept,
        form=form,
        kinds=[(kind, gettext(text)) for kind, text in TARGET_KINDS.items()],
        targets=[(t, area_name(_area(t), lists)) for t in targets],
        past=history.lines(ledger.history(reading(), deeds.KIND, kept.code), lists) if kept else [],
        differing=_differing(theirs, form, elections.NAMES) if theirs else [],
        errors=shown.summary,
        wrong=shown.by_field,
    )


def _differing(theirs: Election | SetTarget, form: Any, names: Iterable[str]) -> list[tuple[str, str, str, bool]]:
    """(field, as kept, as typed, True) where the two differ."""
    rows = []
    for name in names:
        old, new = _plain(getattr(theirs, name)), _plain(form[name].data)
        if old != new:
            told = history.field_label(name, office())
            rows.append((told, history.field_text(name, old), history.field_text(name, new), True))
    return rows


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value.strip() if isinstance(value, str) else "" if value is None else value


def _area(target: SetTarget) -> Area:
    return Area(target.level, target.code, (), ())


def _areas(lists: Office) -> list[tuple[str, str]]:
    """What a target can be set for, as the form offers it."""
    found = [(DISTRICT, WHOLE), *((HUB, code) for code in lists.hubs), *((KECAMATAN, code) for code in lists.kecamatan)]
    return [(f"{level}:{code}", area_name(Area(level, code, (), ()), lists)) for level, code in found]


@routes.route("/<code>/target", methods=["GET", "POST"])
@deed("settings.write")
def target(code: str) -> Any:
    """Set a target of an area from a day on; the older ones stay."""
    kept, lists = _election(code), office()
    area = request.args.get("area", "")
    newest = max((t.id for t in kept_targets.targets(reading(), code)), default=0)
    form: Any = TargetForm(typed(), data={"area": area, "valid_from": office_day(now()), "drawn": newest})
    problems: list[Problem] = []
    status, theirs = 200, None
    if request.method == "POST" and not form.back.data:
        level, _colon, of = text_of(form, "area").partition(":")
        people = form.people.data
        wanted = SetTarget(0, code, level, of, form.valid_from.data or date.min, people or 0, text_of(form, "source"))
        problems = [*form.unknown(request.form), *form.unreadable(NOT_A_NUMBER)]
        if form.valid_from.unreadable:
            problems.append(Problem("valid_from", NOT_A_DAY))
        try:
            if problems:
                raise Invalid(merged(problems, check_target(wanted, people, lists, kept)))
            with writing() as tx:
                id, seen = text_of(form, "submission_id"), text_of(form, "seen")
                sent = deeds.set_target(tx, sender(), lists, id, wanted, people, seen, form.drawn.data or 0)
            return received(sent, url_for("elections.edit", code=code))
        except AltersFigures as error:
            return _confirm(error, form, area_name(_area(wanted), lists), kept)
        except Invalid as error:
            problems, status = error.problems, 422
        except Conflict as error:
            problems, status = [Problem("", _STALE if error.why == STALE else _SENT_ALREADY)], 409
            form.submission_id.data = str(uuid.uuid4())
            if isinstance(error.kept, SetTarget):
                theirs = error.kept
                form.drawn.process_data(theirs.id)
    shown = errors(problems, {f.name for f in form})
    return page(
        "elections/target.html",
        status,
        election=kept,
        form=form,
        areas=_areas(lists),
        counts=kept.target_kind == OFFICE,
        differing=_differing(theirs, form, ("people", "valid_from", "source")) if theirs else [],
        errors=shown.summary,
        wrong=shown.by_field,
    )


def _confirm(error: AltersFigures, form: Any, title: str, wanted: Election) -> Response:
    """The second page: which figures of days gone the change alters. It is kept only from here, knowing it."""
    lists = office()
    return page(
        "elections/confirm.html",
        409,
        what=title,
        election=wanted,
        moved=[(m, area_name(Area(m.level, m.code, (), ()), lists)) for m in error.moved],
        fields=[(name, value) for name, value in request.form.items(multi=True) if name not in UNSAID],
        seen=fingerprint(error.moved),
        again=error.shown,
        service_days=service_days,
    )
