"""What becomes of a visit: confirmed, tried the day before, gone on, its result that must add up, cancelled."""

from functools import lru_cache
from typing import Any

from flask import flash, redirect, request, url_for
from wtforms import StringField, TextAreaField

from ..actions import visits as deeds
from ..domain.areas import OUTSIDE
from ..domain.calendar import office_day
from ..domain.kit_checks import CHECKS, kits_to_check, latest_checks, mark_name
from ..domain.problems import Conflict, Invalid, Problem, Unknown, _
from ..domain.visits import (
    AGES,
    CANCEL_REASONS,
    CANCELLED,
    DONE,
    EXPLAINED,
    FAILED_REASONS,
    FINISHED,
    PARTLY,
    PROPOSED,
    RESULTS,
    STATES,
    STEPS,
    Result,
    check_result,
    step,
    steps,
)
from ..storage import visits
from .asking import Both, compared, pressed_late
from .door import account, deed, now, office, reading, sender, stop_reading, typed, writing
from .formats import label
from .forms import NOT_A_NUMBER, PortalForm, errors, merged, text_of
from .history import home_label
from .language import gettext
from .pages import page, received
from .report_form import home_codes, name_homes
from .visits import clash_of, kept_visit, kit_names, routes, shown

OUTCOMES = {
    DONE: _("Ya, semua yang datang sudah dilayani"),
    PARTLY: _("Belum, masih ada yang belum terlayani"),
}


class CancelForm(PortalForm):
    """Why a visit does not take place."""

    cancel_reason = StringField()
    note = TextAreaField()


@lru_cache(maxsize=4)
def result_form(homes: tuple[str, ...]) -> type[PortalForm]:
    """The result sheet for these home areas."""
    boxes = {**RESULTS, **{f"home-{code}": code for code in homes}, **AGES, "undetailed": _("Domisili tidak diketahui")}
    fields = {"failed_reason": StringField(), "outcome": StringField(default=DONE)}
    return type("ResultForm", (PortalForm,), fields | {"boxes": boxes})


@routes.route("/<int(max=2147483647):visit_id>/result", methods=["GET", "POST"])
@deed("visits.run")
def result(visit_id: int) -> Any:
    """Enter what a visit found; every eligible person must be explained."""
    kept, place = kept_visit(visit_id)
    if kept.state in (CANCELLED, PROPOSED) and request.method == "GET":
        raise Unknown(visit_id)
    lists = office()
    homes = home_codes(lists)
    data = {
        "version": kept.version,
        **kept.result.counts,
        **{f"home-{c}": n for c, n in kept.result.homes.items()},
        "undetailed": kept.result.undetailed or None,
        "failed_reason": kept.result.failed_reason,
        **kept.result.ages,
        "outcome": kept.state if kept.state in FINISHED else DONE,
    }
    form: Any = name_homes(result_form(homes)(typed(), data=data), lists)
    found = Result(
        {name: form[name].data for name in RESULTS},
        {code: form[f"home-{code}"].data for code in homes if form[f"home-{code}"].data},
        form["undetailed"].data,
        text_of(form, "failed_reason"),
        {name: form[name].data for name in AGES},
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
                        text_of(form, "outcome"),
                    )
                return received(sent, url_for("visits.show", visit_id=int(sent.object_id)))
            except Invalid as error:
                problems = error.problems
            except Conflict as error:
                status, theirs, problems = clash_of(error, form, kept)
    wrong = errors(problems, {f.name for f in form} | {"homes", "ages"})
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
        ages=AGES,
        election=lists.election(kept.plan.visit_date),
        recorded=found.recorded if found.counts.get("recorded_from_list") is not None else None,
        theirs=theirs,
        outside=OUTSIDE,
        failed_reasons=[(code, gettext(text)) for code, text in FAILED_REASONS.items()],
        outcomes=[(code, gettext(text)) for code, text in OUTCOMES.items()],
        errors=wrong.summary,
        wrong=wrong.by_field,
    )


@routes.route("/<int(max=2147483647):visit_id>/cancel", methods=["GET", "POST"])
@deed("visits.write")
def cancel(visit_id: int) -> Any:
    """Cancel a visit, with a reason."""
    kept, place = kept_visit(visit_id)
    deeds.require_step(sender(), "cancel", kept)
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
            status, theirs, problems = clash_of(error, form, kept)
    wrong = errors(problems, {"cancel_reason", "note"})
    return page(
        "visits/cancel.html",
        status,
        visit=kept,
        place=place,
        form=form,
        reasons=[(code, gettext(text)) for code, text in CANCEL_REASONS.items()],
        theirs=theirs,
        states=STATES,
        errors=wrong.summary,
        wrong=wrong.by_field,
    )


class StepForm(PortalForm):
    """Which step a visit takes, and the words that it needs."""

    deed = StringField()
    comment = TextAreaField()


STEPPED = {
    "accept": _("Usulan diterima. Kunjungan ini sekarang direncanakan."),
    "confirm": _("Kunjungan dikonfirmasi."),
    "unconfirm": _("Konfirmasi dicabut. Kunjungan ini kembali menjadi rencana."),
    "start": _("Kunjungan dimulai. Hasilnya diisi bila selesai."),
}


@routes.post("/<int(max=2147483647):visit_id>/step")
@deed("visits.run")
def advance(visit_id: int) -> Any:
    """Accept, confirm, take back the confirmation, or start."""
    kept_visit(visit_id)
    form: Any = StepForm(request.form)
    wanted, comment = text_of(form, "deed"), text_of(form, "comment")
    problems = form.unknown(request.form)
    if wanted not in STEPPED:
        problems.append(Problem("", _("Langkah ini tidak dikenal.")))
    if problems:
        return shown(visit_id, 422, problems, comment)
    try:
        with writing() as tx:
            deeds.advance(tx, sender(), visit_id, form.version.data or 0, wanted, comment)
    except Invalid as error:
        return shown(visit_id, 422, error.problems, comment)
    except Conflict:
        stop_reading()
        return pressed_late(form, url_for("visits.show", visit_id=visit_id), _both(visit_id, wanted, comment))
    flash(gettext(STEPPED[wanted]), "good")
    return redirect(url_for("visits.show", visit_id=visit_id), 303)


def _both(visit_id: int, wanted: str, comment: str) -> Both:
    """A visit as kept, and after the step that was wanted, which may follow no longer."""
    kept, place = kept_visit(visit_id)
    follows = step(wanted, account().role, kept.state) is not None
    (after,) = next(one.after for one in STEPS if one.deed == wanted)
    pairs = [(gettext("Keadaan"), label(STATES, kept.state), label(STATES, after))]
    if comment:
        pairs.append((gettext("Alasan"), "", comment))
    return Both(place.name, compared(pairs), kept.version if follows else None)


@lru_cache(maxsize=16)
def check_form(kits: tuple[str, ...]) -> type[PortalForm]:
    """The check list of the day before, kit by kit: works or not, and what is wrong."""
    lines = [(kit, item, text) for kit in kits for item, text in CHECKS.items()]
    fields: dict[str, Any] = {mark_name("check", kit, item): StringField(text) for kit, item, text in lines}
    fields |= {mark_name("note", kit, item): StringField(text) for kit, item, text in lines}
    return type("CheckForm", (PortalForm,), fields)


@routes.route("/<int(max=2147483647):visit_id>/check", methods=["GET", "POST"])
@deed("visits.run")
def check(visit_id: int) -> Any:
    """Try each kit the day before; what fails offers another kit or another day."""
    kept, place = kept_visit(visit_id)
    if "close" not in steps(account().role, kept.state) and request.method == "GET":
        raise Unknown(visit_id)
    kits = kits_to_check(kept.plan.kits)
    tried = latest_checks(visits.checks(reading(), [visit_id])[visit_id])
    form: Any = check_form(kits)(typed())
    problems: list[Problem] = []
    status, theirs = 200, None
    if request.method == "POST":
        status = 422
        problems = form.unknown(request.form)
        try:
            if problems:
                raise Invalid(problems)
            with writing() as tx:
                sent = deeds.check(tx, sender(), text_of(form, "submission_id"), visit_id, _marks(form, kits))
            return received(sent, url_for("visits.show", visit_id=visit_id, _anchor="checks"))
        except Invalid as error:
            problems = error.problems
        except Conflict as error:
            status, theirs, problems = clash_of(error, form, kept)
    wrong = errors(problems, {f.name for f in form})
    return page(
        "visits/check.html",
        status,
        visit=kept,
        place=place,
        form=form,
        kits=[
            (
                name,
                [
                    (mark_name("check", kit, item), mark_name("note", kit, item), gettext(text), tried.get((kit, item)))
                    for item, text in CHECKS.items()
                ],
            )
            for kit, name in kit_names(kits)
        ],
        theirs=theirs,
        states=STATES,
        errors=wrong.summary,
        wrong=wrong.by_field,
    )


def _marks(form: Any, kits: tuple[str, ...]) -> dict[str, dict[str, tuple[bool, str]]]:
    """What was ticked, kit by kit; a line that nobody tried is missing."""
    found: dict[str, dict[str, tuple[bool, str]]] = {}
    for kit in kits:
        for item in CHECKS:
            how = _said(form, mark_name("check", kit, item))
            if how in ("ok", "failed"):
                found.setdefault(kit, {})[item] = how == "ok", _said(form, mark_name("note", kit, item))
    return found


def _said(form: Any, name: str) -> str:
    """A field of the check list, whose name is no Python name."""
    return (form[name].data or "").strip()
