"""Sweep visits in the browser: the week, planning, the result that must add up, cancelling."""

import uuid
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from wtforms import StringField, TextAreaField

from ..actions import visits as deeds
from ..domain.accounts import CLERK, LIAISON
from ..domain.areas import OUTSIDE, Office, Place
from ..domain.calendar import office_day
from ..domain.duty import Period
from ..domain.places import PLACE_KINDS
from ..domain.problems import EXISTS, WITHDRAWN, Conflict, Invalid, Problem, Unknown, _
from ..domain.visits import (
    CANCEL_REASONS,
    CANCELLED,
    DONE,
    EXPLAINED,
    PLANNED,
    RESULTS,
    STATES,
    Plan,
    Result,
    Visit,
    check_result,
)
from ..storage import areas, ledger, visits
from ..storage.database import Tx
from . import history
from .door import account, deed, now, office, reading, sender, typed, writing
from .formats import label, number
from .forms import NOT_A_DAY, NOT_A_NUMBER, CountField, DayField, PortalForm, errors, merged, text_of
from .history import home_label
from .language import gettext
from .pages import page, received
from .recordings import home_codes, name_homes

routes = Blueprint("visits", __name__, url_prefix="/visits")

STATE_KIND = {PLANNED: "info", DONE: "good", CANCELLED: "unknown"}
BACK, AHEAD = 21, 34


class PlanForm(PortalForm):
    """Where and when a visit goes."""

    place_code = StringField()
    visit_date = DayField()
    point_code = StringField()
    team = StringField()
    note = TextAreaField()


class CancelForm(PortalForm):
    """Why a visit does not take place."""

    cancel_reason = StringField()
    note = TextAreaField()


@lru_cache(maxsize=4)
def result_form(homes: tuple[str, ...]) -> type[PortalForm]:
    """The result sheet for these home areas."""
    fields: dict[str, Any] = {name: CountField(text) for name, text in RESULTS.items()}
    fields |= {f"home-{code}": CountField(code) for code in homes}
    return type("ResultForm", (PortalForm,), fields)


def place_names(tx: Tx, found: Iterable[Visit]) -> dict[str, Place]:
    """The places of some visits, by code."""
    return {p.code: p for p in areas.places(tx, codes=sorted({v.plan.place_code for v in found}))}


def _visit(visit_id: int) -> tuple[Visit, Place]:
    kept = visits.find(reading(), account(), visit_id)
    if kept is None:
        raise Unknown(visit_id)
    place = areas.place(reading(), kept.plan.place_code)
    assert place is not None
    return kept, place


@routes.get("/")
@deed("visits.see")
def index() -> Response:
    """Visits around today by week, and those whose result is still owed."""
    today = office_day(now())
    monday = today - timedelta(days=today.weekday())
    found = visits.in_period(
        reading(), account(), Period(monday - timedelta(days=BACK), monday + timedelta(days=AHEAD))
    )
    weeks: dict[date, list[Visit]] = {}
    for visit in found:
        weeks.setdefault(visit.plan.visit_date - timedelta(days=visit.plan.visit_date.weekday()), []).append(visit)
    late = visits.overdue(reading(), account(), today)
    return page(
        "visits/index.html",
        weeks=sorted(weeks.items()),
        this_week=monday,
        late=late,
        names=place_names(reading(), [*found, *late]),
        states=STATES,
        state_kind=STATE_KIND,
        lists=office(),
        today=today,
        may_write=account().may("visits.write"),
    )


@routes.get("/<int(max=2147483647):visit_id>")
@deed("visits.see")
def show(visit_id: int) -> Response:
    """One visit: plan, result, home areas, and everything done to it."""
    kept, place = _visit(visit_id)
    lists = office()
    return page(
        "visits/show.html",
        visit=kept,
        place=place,
        lists=lists,
        state=(STATE_KIND[kept.state], gettext(STATES[kept.state])),
        kind=label(PLACE_KINDS, place.kind),
        reason=label(CANCEL_REASONS, kept.cancel_reason),
        results=[(gettext(text), number(kept.result.counts.get(name))) for name, text in RESULTS.items()],
        homes=[(home_label(code, lists), n) for code, n in kept.result.homes.items()],
        past=history.lines(ledger.history(reading(), deeds.KIND, str(visit_id)), lists),
        today=office_day(now()),
        may_write=account().may("visits.write"),
    )


@routes.route("/new", methods=["GET", "POST"])
@deed("visits.write")
def new() -> Any:
    """Plan a visit."""
    return _plan(None)


@routes.route("/<int(max=2147483647):visit_id>/edit", methods=["GET", "POST"])
@deed("visits.write")
def edit(visit_id: int) -> Any:
    """Change the plan of a visit that has not taken place."""
    kept, _place = _visit(visit_id)
    if kept.state != PLANNED and request.method == "GET":
        raise Unknown(visit_id)
    return _plan(kept)


def _plan(kept: Visit | None) -> Any:
    lists, who, filled = office(), account(), typed()
    kecamatan = _chosen_kecamatan(kept, lists, filled)
    places = _places(kept, kecamatan)
    data: dict[str, Any] = {
        "version": kept.version if kept else 0,
        "place_code": request.args.get("place", ""),
    }
    if kept:
        data |= {
            "place_code": kept.plan.place_code,
            "visit_date": kept.plan.visit_date,
            "point_code": kept.plan.point_code,
            "team": kept.plan.team,
            "note": kept.plan.note,
        }
    form: Any = PlanForm(filled, data=data)
    problems: list[Problem] = []
    status, clash = 200, None
    if request.method == "POST":
        status = 422
        if form.visit_date.data is None:
            problems = [*form.unknown(request.form), Problem("visit_date", NOT_A_DAY)]
        else:
            wanted = Plan(
                form.place_code.data or "",
                form.visit_date.data,
                form.point_code.data or "",
                form.team.data or "",
                form.note.data or "",
            )
            problems = form.unknown(request.form)
            try:
                if problems:
                    raise Invalid(problems)
                with writing() as tx:
                    sent = deeds.plan(
                        tx,
                        sender(),
                        lists,
                        text_of(form, "submission_id"),
                        wanted,
                        kept.id if kept else 0,
                        form.version.data or 0,
                    )
                return received(sent, url_for("visits.show", visit_id=int(sent.object_id)))
            except Invalid as error:
                problems = error.problems
            except Conflict as error:
                status, clash, problems = _clash(error, form, kept)
    shown = errors(problems, {f.name for f in form})
    return page(
        "visits/edit.html",
        status,
        visit=kept,
        form=form,
        places=_grouped(places),
        kecamatan=kecamatan,
        all_kecamatan=list(lists.kecamatan.values()) if who.sees_district else [],
        points=[
            (code, point.name)
            for code, point in lists.points.items()
            if who.sees_point(code) or (kept and code == kept.plan.point_code)
        ],
        is_liaison=who.role == LIAISON,
        clash=clash,
        clash_names=place_names(reading(), [clash] if clash else []),
        errors=shown.summary,
        wrong=shown.by_field,
        today=office_day(now()),
        holidays=lists.calendar.holidays,
    )


def _clash(error: Conflict, form: Any, kept: Visit | None) -> tuple[int, Visit | None, list[Problem]]:
    form.submission_id.data = str(uuid.uuid4())
    if error.why == EXISTS:
        return (
            409,
            error.kept,
            [Problem("visit_date", _("Tempat ini sudah punya kunjungan pada tanggal itu."))],
        )
    if isinstance(error.kept, Visit):
        form.version.process_data(error.kept.version)
    if error.why == WITHDRAWN:
        text = _("Kunjungan ini sudah dibatalkan sesudah terkirim. Isian Anda tidak dihitung.")
    else:
        text = _("Kunjungan ini baru saja diubah orang lain. Bandingkan dengan yang tersimpan, lalu kirim lagi.")
    return 409, error.kept if isinstance(error.kept, Visit) else kept, [Problem("", text)]


def _chosen_kecamatan(kept: Visit | None, lists: Office, filled: MultiDict[str, str] | None) -> str:
    """The kecamatan whose places a district person chooses from; "" for those whose kecamatan is not known."""
    if not account().sees_district:
        return ""
    wanted = request.args.get("kecamatan")
    if wanted is not None and (wanted in lists.kecamatan or not wanted):
        return wanted
    said = filled.get("place_code") if filled else None
    code = said or request.args.get("place") or (kept.plan.place_code if kept else "")
    place = areas.place(reading(), code) if code else None
    return place.kecamatan_code or "" if place else next(iter(lists.kecamatan))


def _places(kept: Visit | None, kecamatan: str) -> list[Place]:
    who = account()
    if who.role == LIAISON:
        return areas.places(reading(), codes=sorted(who.places))
    wanted = sorted(who.kecamatan) if who.role == CLERK else [kecamatan]
    codes = [kept.plan.place_code] if kept else []
    if who.sees_district and not kecamatan:
        codes += [p.code for p in areas.schools(reading()) if p.kecamatan_code is None]
    return areas.places(reading(), codes=codes, kecamatan=wanted)


def _grouped(places: list[Place]) -> list[tuple[str, list[tuple[str, str]]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for place in places:
        groups.setdefault(place.kind, []).append((place.code, place.name))
    return [(gettext(PLACE_KINDS.get(kind, kind)), groups[kind]) for kind in PLACE_KINDS if kind in groups]


@routes.route("/<int(max=2147483647):visit_id>/result", methods=["GET", "POST"])
@deed("visits.write")
def result(visit_id: int) -> Any:
    """Enter what a visit found; every eligible person must be explained."""
    kept, place = _visit(visit_id)
    if kept.state == CANCELLED and request.method == "GET":
        raise Unknown(visit_id)
    lists = office()
    homes = home_codes(lists)
    data = {
        "version": kept.version,
        **kept.result.counts,
        **{f"home-{c}": n for c, n in kept.result.homes.items()},
    }
    form: Any = name_homes(result_form(homes)(typed(), data=data), lists)
    found = Result(
        {name: form[name].data for name in RESULTS},
        {code: form[f"home-{code}"].data for code in homes if form[f"home-{code}"].data},
    )
    problems: list[Problem] = []
    status, theirs = 200, None
    if request.method == "POST":
        status = 422
        problems = [*form.unknown(request.form), *form.unreadable(NOT_A_NUMBER)]
        if problems:
            problems = merged(problems, check_result(found, kept.plan.visit_date, office_day(now()), homes))
        else:
            try:
                with writing() as tx:
                    sent = deeds.close(
                        tx,
                        sender(),
                        lists,
                        text_of(form, "submission_id"),
                        visit_id,
                        form.version.data or 0,
                        found,
                        text_of(form, "reason"),
                    )
                return received(sent, url_for("visits.show", visit_id=int(sent.object_id)))
            except Invalid as error:
                problems = error.problems
            except Conflict as error:
                status, theirs, problems = _clash(error, form, kept)
    shown = errors(problems, {f.name for f in form} | {"homes"})
    return page(
        "visits/result.html",
        status,
        visit=kept,
        place=place,
        form=form,
        results=RESULTS,
        explained=EXPLAINED,
        unexplained=found.unexplained if found.counts.get("eligible") is not None else None,
        homes=[(f"home-{c}", home_label(c, lists)) for c in homes],
        theirs=theirs,
        outside=OUTSIDE,
        errors=shown.summary,
        wrong=shown.by_field,
    )


@routes.route("/<int(max=2147483647):visit_id>/cancel", methods=["GET", "POST"])
@deed("visits.write")
def cancel(visit_id: int) -> Any:
    """Cancel a visit, with a reason."""
    kept, place = _visit(visit_id)
    if kept.state == CANCELLED:
        return redirect(url_for("visits.show", visit_id=visit_id), 303)
    form: Any = CancelForm(typed(), data={"version": kept.version, "note": kept.plan.note})
    problems: list[Problem] = []
    status, theirs = 200, None
    if request.method == "POST":
        status = 422
        try:
            with writing() as tx:
                deeds.cancel(
                    tx,
                    sender(),
                    visit_id,
                    form.version.data or 0,
                    form.cancel_reason.data or "",
                    form.note.data or "",
                )
            flash(gettext("Kunjungan dibatalkan. Rencananya tetap dapat dibaca."), "good")
            return redirect(url_for("visits.show", visit_id=visit_id), 303)
        except Invalid as error:
            problems = error.problems
        except Conflict as error:
            status, theirs, problems = _clash(error, form, kept)
    shown = errors(problems, {"cancel_reason", "note"})
    return page(
        "visits/cancel.html",
        status,
        visit=kept,
        place=place,
        form=form,
        reasons=[(code, gettext(text)) for code, text in CANCEL_REASONS.items()],
        theirs=theirs,
        states=STATES,
        errors=shown.summary,
        wrong=shown.by_field,
    )
