"""Places in the browser: the list with its targets, one place, figures proposed and decided."""

import uuid
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from msgspec.structs import asdict
from wtforms import StringField, TextAreaField

from ..actions import places as deeds
from ..domain.accounts import CLERK
from ..domain.areas import Place
from ..domain.calendar import office_day
from ..domain.follow_ups import CLOSINGS
from ..domain.places import BATCH_STATES, BUCKETS, CONFIRMED, DECLINED, PLACE_KINDS, Buckets, check_target
from ..domain.problems import EXISTS, Conflict, Invalid, Problem, _
from ..domain.visits import STATES
from ..storage import follow_ups, ledger, places, visits
from . import history
from .asking import visit_sections
from .door import account, deed, now, office, reading, sender, typed, writing
from .formats import label
from .forms import NOT_A_DAY, NOT_A_NUMBER, SENT_BEFORE, CountField, DayField, PortalForm, errors, merged, text_of
from .language import gettext
from .pages import page, received
from .visits import STATE_KIND

routes = Blueprint("places", __name__, url_prefix="/places")


class PlaceForm(PortalForm):
    """What is known of a place."""

    kind = StringField()
    name = StringField()
    level = StringField()
    npsn = StringField()
    kecamatan_code = StringField()
    address = StringField()
    contact = StringField()
    source = StringField()
    active_from = DayField()
    active_to = DayField()


class TargetForm(PortalForm):
    """How many are expected, by age, on which day, and who says so."""

    as_of = DayField()
    source = StringField()
    grown = CountField(BUCKETS["grown"])
    priority = CountField(BUCKETS["priority"])
    later = CountField(BUCKETS["later"])


class DecisionForm(PortalForm):
    """Whether a proposed figure counts."""

    state = StringField()
    comment = TextAreaField()


@routes.get("/")
@deed("places.see")
def index() -> Response:
    """Places of a kecamatan (or one's own) with the target that counts, and figures that wait for a decision."""
    lists, who, today = office(), account(), office_day(now())
    chosen = request.args.get("kecamatan")
    if who.sees_district and chosen != "" and chosen not in lists.kecamatan:
        chosen = next(iter(lists.kecamatan), "")
    kind = request.args.get("kind", "")
    kind = kind if kind in PLACE_KINDS else ""
    found = places.in_area(reading(), who, chosen if who.sees_district else None, kind)
    targets = places.latest_targets(reading(), today, [p.code for p in found])
    waiting = places.proposed(reading(), who)
    return page(
        "places/index.html",
        sections=visit_sections(),
        groups=[
            (gettext(text), [(p, targets.get(p.code)) for p in found if p.kind == code])
            for code, text in PLACE_KINDS.items()
            if any(p.kind == code for p in found)
        ],
        waiting=waiting,
        names={p.code: p for p in places.in_area(reading(), who)} if waiting else {},
        lists=lists,
        kecamatan=chosen,
        kind=kind,
        kinds=[(code, gettext(text)) for code, text in PLACE_KINDS.items()],
        all_kecamatan=list(lists.kecamatan.values()) if who.sees_district else [],
        today=today,
        may_write=who.may("places.write"),
        may_import=who.may("places.import"),
    )


@routes.get("/<code>")
@deed("places.see")
def show(code: str) -> Response:
    """One place: what is known, its targets of every date, its visits and who is still to be recorded."""
    return _shown(code)


def _shown(code: str, status: int = 200, problems: list[Problem] | None = None, comment: str = "") -> Response:
    who, today = account(), office_day(now())
    kept = deeds.find(reading(), who, code)
    lists = office()
    wrong = errors(problems or [], {"comment"})
    return page(
        "places/show.html",
        status,
        place=kept,
        kind=label(PLACE_KINDS, kept.kind),
        lists=lists,
        target=places.latest_target(reading(), code, today),
        batches=places.batches(reading(), code),
        buckets=[(name, gettext(text)) for name, text in BUCKETS.items()],
        batch_states=BATCH_STATES,
        election=lists.election(today),
        visits=visits.of_place(reading(), who, code),
        lines=follow_ups.of_place(reading(), who, code),
        closings=CLOSINGS,
        states=STATES,
        state_kind=STATE_KIND,
        past=history.lines(ledger.history(reading(), deeds.KIND, code), lists),
        today=today,
        may_write=who.may("places.write"),
        may_propose=who.may("places.propose"),
        may_visit=who.may("visits.write"),
        comment=comment,
        errors=wrong.summary,
        wrong=wrong.by_field,
    )


@routes.route("/new", methods=["GET", "POST"])
@deed("places.write")
def new() -> Any:
    """Add a place."""
    return _edit(None)


@routes.route("/<code>/edit", methods=["GET", "POST"])
@deed("places.write")
def edit(code: str) -> Any:
    """Change what is known of a place."""
    return _edit(deeds.find(reading(), account(), code))


def _edit(kept: Place | None) -> Any:
    lists, who = office(), account()
    data: dict[str, Any] = asdict(kept) if kept else {"version": 0}
    form: Any = PlaceForm(typed(), data=data)
    problems: list[Problem] = []
    status, theirs = 200, None
    if request.method == "POST":
        status = 422
        problems = form.unknown(request.form)
        problems += [
            Problem(field.name, NOT_A_DAY)
            for field in (form.active_from, form.active_to)
            if field.text.strip() and field.data is None
        ]
        try:
            if problems:
                raise Invalid(problems)
            said = (lists, text_of(form, "submission_id"), _wanted(form, kept), form.version.data or 0)
            with writing() as tx:
                sent = deeds.keep(tx, sender(), *said)
            return received(sent, url_for("places.show", code=sent.object_id))
        except Invalid as error:
            problems = error.problems
        except Conflict as error:
            status, theirs = 409, error.kept if isinstance(error.kept, Place) else kept
            if kept is not None:  # a new place sent with other words is not to become a second one
                form.submission_id.data = str(uuid.uuid4())
            problems = [_conflict(error)]
            if error.why != EXISTS and theirs is not None:
                form.version.process_data(theirs.version)
    wrong = errors(problems, {f.name for f in form})
    return page(
        "places/edit.html",
        status,
        place=kept,
        form=form,
        theirs=theirs,
        kinds=[(code, gettext(text)) for code, text in PLACE_KINDS.items()],
        kecamatan=[(k.code, k.name) for k in lists.kecamatan.values() if who.role != CLERK or k.code in who.kecamatan],
        names={k.code: k.name for k in lists.kecamatan.values()},
        kind_names=PLACE_KINDS,
        errors=wrong.summary,
        wrong=wrong.by_field,
    )


def _wanted(form: Any, kept: Place | None) -> Place:
    return Place(
        kept.code if kept else "",
        form.kind.data or "",
        form.name.data or "",
        form.kecamatan_code.data or None,
        form.npsn.data or "",
        form.level.data or "",
        form.address.data or "",
        form.contact.data or "",
        form.active_from.data,
        form.active_to.data,
        form.source.data or (kept.source if kept else "") or "",
    )


def _conflict(error: Conflict) -> Problem:
    if error.why == EXISTS:
        return Problem("npsn", _("NPSN ini sudah dipakai %(name)s."), {"name": error.kept.name})
    return Problem("", _("Tempat ini baru saja diubah orang lain. Bandingkan dengan yang tersimpan, lalu kirim lagi."))


@routes.route("/<code>/target", methods=["GET", "POST"])
@deed("places.propose")
def target(code: str) -> Any:
    """Give a new figure beside the older ones; a liaison's waits for staff."""
    who, today = account(), office_day(now())
    kept = deeds.find(reading(), who, code)
    form: Any = TargetForm(typed(), data={"as_of": today})
    problems: list[Problem] = []
    status = 200
    if request.method == "POST":
        status = 422
        problems = [*form.unknown(request.form), *form.unreadable(NOT_A_NUMBER)]
        problems += [Problem("as_of", NOT_A_DAY)] if form.as_of.data is None else []
        buckets = Buckets(*(form[name].data for name in BUCKETS))
        source = text_of(form, "source")
        if problems:
            problems = merged(problems, check_target(buckets, form.as_of.data or today, source, today))
        else:
            try:
                said = (office(), text_of(form, "submission_id"), code, buckets, form.as_of.data, source)
                with writing() as tx:
                    sent = deeds.propose(tx, sender(), *said)
                return received(sent, url_for("places.show", code=code))
            except Invalid as error:
                problems = error.problems
            except Conflict:
                status = 409
                form.submission_id.data = str(uuid.uuid4())
                problems = [Problem("", SENT_BEFORE)]
    wrong = errors(problems, {f.name for f in form})
    return page(
        "places/target.html",
        status,
        place=kept,
        form=form,
        buckets=[(name, gettext(text)) for name, text in BUCKETS.items()],
        current=places.latest_target(reading(), code, today),
        election=office().election(today),
        proposes=not who.may("places.write"),
        errors=wrong.summary,
        wrong=wrong.by_field,
    )


@routes.post("/<code>/target/<int(max=2147483647):batch_id>")
@deed("places.write")
def decide(code: str, batch_id: int) -> Any:
    """Let a proposed figure count, or decline it with a reason."""
    deeds.find(reading(), account(), code)
    form: Any = DecisionForm(request.form)
    problems = form.unknown(request.form)
    try:
        if problems:
            raise Invalid(problems)
        with writing() as tx:
            deeds.decide(tx, sender(), code, batch_id, text_of(form, "state"), text_of(form, "comment"))
    except Invalid as error:
        named = [Problem("comment", p.text, p.values) if p.field == "reason" else p for p in error.problems]
        return _shown(code, 422, named, text_of(form, "comment"))
    except Conflict:
        text = _("Usulan ini sudah diputuskan orang lain. Beginilah keadaannya sekarang.")
        return _shown(code, 409, [Problem("", text)])
    said = {CONFIRMED: _("Sasaran diterima dan berlaku."), DECLINED: _("Usulan ditolak. Angkanya tetap dapat dibaca.")}
    flash(gettext(said[text_of(form, "state")]), "good")
    return redirect(url_for("places.show", code=code), 303)
