"""Late proposals in the browser: handed in from the page that says why a day is locked, decided by a supervisor."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from wtforms import StringField

from ..actions import proposals as deeds
from ..actions.sending import Sender
from ..domain.accounts import require_point
from ..domain.areas import ServicePoint
from ..domain.locks import EditState
from ..domain.problems import Conflict, Invalid, Problem, Unknown, _
from ..domain.proposals import STATES, WAITING, Proposal
from ..domain.recordings import Report, as_kept
from ..storage import proposals, recordings
from . import locks
from .door import account, deed, now, office, reading, sender, typed, writing
from .forms import NOT_A_NUMBER, PortalForm, errors, text_of
from .language import gettext
from .pages import page, received
from .recordings import day_of, point_of
from .report_form import compared, entry_of, form_class, home_codes, name_homes

routes = Blueprint("proposals", __name__, url_prefix="/proposals")

DECIDED = 20


def _locked_page(
    state: EditState,
    point: ServicePoint,
    day: date,
    filled: MultiDict[str, str],
    status: int,
    problems: Sequence[Problem] = (),
) -> Response:
    homes = home_codes(office())
    form: Any = form_class(homes)(filled)
    kept = recordings.find(reading(), point.code, day)
    rows = compared(kept, as_kept(entry_of(form, homes)), office())
    return locks.hand_in_page(state, point, day, filled, kept, rows, status, problems)


@routes.route("/<code>/<day>", methods=["GET", "POST"])
@deed("proposals.write")
def hand_in(code: str, day: str) -> Any:
    """Keep what was typed for a day that has closed."""
    point, service_date, lists = point_of(code, "proposals.write"), day_of(day), office()
    filled = typed()
    if filled is None:  # there is nothing to hand in but from the form
        return redirect(url_for("recordings.edit", code=code, day=day), 303)
    state = locks.standing(point, service_date, recordings.find(reading(), code, service_date))
    if request.method != "POST":
        return _locked_page(state, point, service_date, filled, 200)
    homes = home_codes(lists)
    said = MultiDict([(k, v) for k, v in filled.items(multi=True) if k != "captured_at"])
    form: Any = name_homes(form_class(homes)(said), lists)
    problems = [*form.unknown(said), *form.unreadable(NOT_A_NUMBER)]
    if problems:
        return _locked_page(state, point, service_date, filled, 422, problems)
    who = sender()
    hand = Sender(who.account, who.at, who.address, who.request_id, captured_at=_moment(filled.get("captured_at", "")))
    try:
        with writing() as tx:
            given = (text_of(form, "submission_id"), code, service_date, entry_of(form, homes), text_of(form, "reason"))
            sent = deeds.hand_in(tx, hand, lists, *given)
    except Invalid as error:
        return _locked_page(state, point, service_date, filled, 422, error.problems)
    except Conflict:
        text = _("Hari ini terbuka lagi, atau isian ini sudah terkirim. Buka laporannya dan bandingkan.")
        return _locked_page(state, point, service_date, filled, 409, [Problem("", text)])
    return received(sent, url_for("proposals.index"))


def _moment(text: str) -> datetime | None:
    """When the form says it was filled in; None for what cannot be, a moment to come included."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None and found <= now() else None


@routes.get("/")
@deed("proposals.see")
def index() -> Response:
    """What waits for a decision in the person's area, and what was decided last."""
    who, lists = account(), office()
    points = None if who.sees_district else who.points
    return page(
        "proposals/index.html",
        waiting=proposals.waiting(reading(), points),
        decided=proposals.decided(reading(), DECIDED, points),
        points=lists.points,
        states=STATES,
        may_decide=who.may("proposals.decide"),
    )


class DecisionForm(PortalForm):
    """Accepted or declined, with an answer to its writer."""

    decision = StringField()
    answer = StringField()


@routes.route("/<int(max=2147483647):proposal_id>", methods=["GET", "POST"])
@deed("proposals.decide")
def decide(proposal_id: int) -> Any:
    """Compare a proposal with what is kept; send it in its writer's name, or decline it with a reason."""
    found = proposals.find(reading(), proposal_id)
    if found is None:
        raise Unknown(proposal_id)
    require_point(account(), "proposals.decide", found.point_code)
    if request.method != "POST":
        return _decision_page(found, DecisionForm(typed()) if typed() is not None else None)
    form: Any = DecisionForm(request.form)
    problems = [*form.unknown(request.form), *form.unreadable(NOT_A_NUMBER)]
    if not problems and text_of(form, "decision") not in ("accept", "decline"):
        problems = [Problem("", _("Pilih: terima atau tolak."))]
    if problems:
        return _decision_page(found, form, problems)
    answer = text_of(form, "answer")
    try:
        with writing() as tx:
            if text_of(form, "decision") == "decline":
                deeds.decline(tx, sender(), proposal_id, answer)
            else:
                given = (text_of(form, "submission_id"), proposal_id, form.version.data or 0, answer)
                deeds.accept(tx, sender(), office(), *given)
    except Invalid as error:
        return _decision_page(found, form, error.problems)
    except Conflict as error:
        return _decision_page(found, form, [Problem("", _overtaken(error))], 409)
    flash(gettext("Keputusan disimpan."), "good")
    return redirect(url_for("proposals.index"), 303)


def _overtaken(error: Conflict) -> str:
    if isinstance(error.kept, Proposal):
        return _("Usulan ini baru saja diputuskan orang lain.")
    return _("Laporan hari itu baru saja berubah. Bandingkan lagi, lalu putuskan.")


def _decision_page(found: Proposal, form: Any = None, problems: Sequence[Problem] = (), status: int = 422) -> Response:
    lists = office()
    found = proposals.find(reading(), found.id) or found
    kept: Report | None = recordings.find(reading(), found.point_code, found.service_date)
    standing = kept if kept and kept.stands else None
    form = form or DecisionForm()
    # What was just compared is what is kept now: the next press speaks of that.
    form.version.process_data(kept.version if kept else 0)
    shown = errors(problems, {"answer"})
    return page(
        "proposals/decide.html",
        status if problems else 200,
        proposal=found,
        waiting=found.state == WAITING,
        states=STATES,
        point=lists.points[found.point_code],
        report=standing,
        rows=compared(standing, found.entry, lists),
        form=form,
        errors=shown.summary,
        wrong=shown.by_field,
    )
