"""Sweep visits in the browser: the week, one visit, proposing and planning."""

import uuid
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, request, url_for
from msgspec.structs import asdict
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, SelectMultipleField, StringField, TextAreaField

from ..actions import visits as deeds
from ..domain.accounts import CLERK, LIAISON
from ..domain.areas import Office, Place
from ..domain.calendar import office_day
from ..domain.duty import Period
from ..domain.kit_checks import CHECKS, Check, kits_to_check, latest_checks
from ..domain.places import PLACE_KINDS
from ..domain.problems import EXISTS, WITHDRAWN, Conflict, Invalid, Problem, Unknown, _
from ..domain.visits import (
    AGES,
    BOOKED,
    CANCEL_REASONS,
    CANCELLED,
    CONFIRMED,
    DONE,
    FAILED_REASONS,
    OWING,
    PARTLY,
    PLANNED,
    PROPOSED,
    RESULTS,
    SESSIONS,
    STATES,
    UNDER_WAY,
    WHOLE_DAY,
    Plan,
    Visit,
    holiday,
    steps,
)
from ..storage import areas, follow_ups, ledger, places, visits
from ..storage.database import Tx
from . import history
from .asking import visit_sections
from .door import account, deed, now, office, reading, sender, services, typed, versions, writing
from .formats import label, number
from .forms import NOT_A_DAY, CountField, DayField, PortalForm, errors, text_of
from .history import home_label
from .language import gettext
from .pages import page, received

routes = Blueprint("visits", __name__, url_prefix="/visits")

STATE_KIND = {
    PROPOSED: "attention",
    PLANNED: "info",
    CONFIRMED: "good",
    UNDER_WAY: "info",
    DONE: "good",
    PARTLY: "attention",
    CANCELLED: "unknown",
}
BACK, AHEAD = 21, 34


class PlanForm(PortalForm):
    """Where and when a visit goes."""

    place_code = StringField()
    visit_date = DayField()
    point_code = StringField()
    team = StringField()
    note = TextAreaField()
    session = StringField(default=WHOLE_DAY)
    contact = StringField()
    kits = SelectMultipleField(validate_choice=False)
    revisit_of = CountField()
    joined_to = CountField()
    holiday_ok = BooleanField()


def place_names(tx: Tx, found: Iterable[Visit], more: Iterable[str] = ()) -> dict[str, Place]:
    """The places of some visits, and some more, by code."""
    return {p.code: p for p in areas.places(tx, codes=sorted({*more, *(v.plan.place_code for v in found)}))}


def kept_visit(visit_id: int) -> tuple[Visit, Place]:
    """A visit in the person's area, with its place."""
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
    proposed = visits.in_states(reading(), account(), (PROPOSED,), today - timedelta(days=BACK))
    left = follow_ups.open_lines(reading(), account())
    return page(
        "visits/index.html",
        sections=visit_sections(),
        weeks=sorted(weeks.items()),
        this_week=monday,
        late=late,
        proposed=proposed,
        left=left,
        names=place_names(reading(), [*found, *late, *proposed], (line.place_code for line in left)),
        owing=OWING,
        sessions=SESSIONS,
        is_liaison=account().role == LIAISON,
        may_run=account().may("visits.run"),
        states=STATES,
        state_kind=STATE_KIND,
        lists=office(),
        today=today,
        may_write=account().may("visits.write"),
    )


@routes.get("/<int(max=2147483647):visit_id>")
@deed("visits.see")
def show(visit_id: int) -> Response:
    """One visit: plan, check list, result, home areas, what it left, and everything done to it."""
    return shown(visit_id)


def shown(visit_id: int, status: int = 200, problems: Iterable[Problem] = (), comment: str = "") -> Response:
    """The page of a visit; with problems, what kept a step from being taken."""
    kept, place = kept_visit(visit_id)
    lists, who = office(), account()
    found = errors(problems, {"comment"})
    tried = latest_checks(visits.checks(reading(), [visit_id])[visit_id])
    together = _together(kept)
    line = follow_ups.of_visit(reading(), visit_id)
    return page(
        "visits/show.html",
        status,
        visit=kept,
        place=place,
        lists=lists,
        state=(STATE_KIND[kept.state], gettext(STATES[kept.state])),
        kind=label(PLACE_KINDS, place.kind),
        session=label(SESSIONS, kept.plan.session),
        kits=[name for _code, name in kit_names(kept.plan.kits)],
        together=together,
        names=place_names(reading(), together),
        reason=label(CANCEL_REASONS, kept.cancel_reason),
        failed_reason=label(FAILED_REASONS, kept.result.failed_reason),
        results=[(gettext(text), number(kept.result.counts.get(name))) for name, text in RESULTS.items()],
        homes=[(home_label(code, lists), n) for code, n in kept.result.homes.items()],
        ages=[(name, gettext(text)) for name, text in AGES.items()],
        checks=_checks(kept, tried),
        owing=kept.state in OWING,
        line=line,
        origin=visits.find(reading(), who, kept.plan.revisit_of) if kept.plan.revisit_of else None,
        target=places.latest_target(reading(), place.code, kept.plan.visit_date),
        past=history.lines(ledger.history(reading(), deeds.KIND, str(visit_id)), lists),
        today=office_day(now()),
        steps=steps(who.role, kept.state),
        may_write=who.may("visits.write"),
        may_run=who.may("visits.run"),
        comment=comment,
        errors=found.summary,
        wrong=found.by_field,
    )


def kit_names(kits: Iterable[str]) -> list[tuple[str, str]]:
    """(code, name) of some kits, in their order; a kit that is not known any more is called by its code."""
    known = {kit.code: kit.name for kit in services().every_kit(reading(), versions())}
    return [(code, known.get(code, code)) for code in kits]


def _together(kept: Visit) -> list[Visit]:
    """The other visits of one booking, as far as the reader sees them: the one that holds it first."""
    tx, holder = reading(), kept.plan.joined_to or kept.id
    host = [visits.find(tx, account(), holder)] if holder != kept.id else []
    sharing = [visits.find(tx, account(), one.id) for one in visits.joined(tx, holder) if one.id != kept.id]
    return [one for one in (*host, *sharing) if one is not None]


def _checks(kept: Visit, tried: dict[tuple[str, str], Check]) -> list[dict[str, Any]]:
    """The check list of each kit that goes: its lines with the newest word, how many were tried and how many fail."""
    found = []
    for code, name in kit_names(kits_to_check(kept.plan.kits)):
        lines = [(gettext(text), tried.get((code, item))) for item, text in CHECKS.items()]
        done = [check for _text, check in lines if check]
        failed = sum(not check.ok for check in done)
        found.append({"code": code, "name": name, "lines": lines, "done": len(done), "failed": failed})
    return found


@routes.route("/new", methods=["GET", "POST"])
@deed("visits.write")
def new() -> Any:
    """Plan a visit."""
    return _plan(None)


@routes.route("/<int(max=2147483647):visit_id>/edit", methods=["GET", "POST"])
@deed("visits.write")
def edit(visit_id: int) -> Any:
    """Change the plan of a visit that has not taken place."""
    kept, _place = kept_visit(visit_id)
    deeds.require_step(sender(), "change", kept)
    if "change" not in steps(account().role, kept.state) and request.method == "GET":
        raise Unknown(visit_id)
    return _plan(kept)


def _shown_plan(kept: Visit | None) -> dict[str, Any]:
    """What the form begins with: the kept plan, or the place and the visit that the address names."""
    if kept is not None:
        plan = kept.plan
        swapped = request.args.get("swap", "")
        begun = asdict(plan) | {"version": kept.version}
        return begun | {"kits": [code for code in plan.kits if code != swapped]}
    begun = {"version": 0, "place_code": request.args.get("place", "")}
    again = request.args.get("revisit_of", "")
    origin = visits.find(reading(), account(), int(again)) if again.isdecimal() and len(again) < 10 else None
    if origin is not None:
        begun |= {
            "place_code": origin.plan.place_code,
            "point_code": origin.plan.point_code,
            "contact": origin.plan.contact,
            "revisit_of": origin.id,
        }
    return begun


def _plan(kept: Visit | None) -> Any:
    lists, who, filled = office(), account(), typed()
    data = _shown_plan(kept)
    kecamatan = _chosen_kecamatan(data["place_code"], lists, filled)
    places = _places(kept, kecamatan, data["place_code"])
    form: Any = PlanForm(filled, data=data)
    problems: list[Problem] = []
    status, clash = 200, None
    if request.method == "POST":
        status = 422
        problems = form.unknown(request.form)
        if form.visit_date.data is None:
            problems.append(Problem("visit_date", NOT_A_DAY))
        try:
            if problems:
                raise Invalid(problems)
            with writing() as tx:
                sent = deeds.plan(
                    tx,
                    sender(),
                    lists,
                    text_of(form, "submission_id"),
                    _wanted(form),
                    kept.id if kept else 0,
                    form.version.data or 0,
                    holiday_ok=form.holiday_ok.data,
                )
            return received(sent, url_for("visits.show", visit_id=int(sent.object_id)))
        except Invalid as error:
            problems = error.problems
        except Conflict as error:
            status, clash, problems = clash_of(error, form, kept)
    shown = errors(problems, {f.name for f in form})
    sharing = _sharing(form, kept, clash)
    return page(
        "visits/edit.html",
        status,
        sharing=sharing,
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
        kits=[
            (kit.code, kit.name, kit.can_record)
            for kit in services().kits(reading(), versions())
            if who.sees_point(kit.point_code) or (kept and kit.code in kept.plan.kits)
        ],
        sessions=[(code, gettext(text)) for code, text in SESSIONS.items()],
        session_names=SESSIONS,
        is_liaison=who.role == LIAISON,
        changeable="change" in steps(who.role, clash.state) if clash else True,
        clash=clash,
        clash_names=place_names(reading(), [one for one in (clash, sharing) if one]),
        errors=shown.summary,
        wrong=shown.by_field,
        today=office_day(now()),
        holidays=lists.calendar.holidays,
        asked="holiday_ok" in shown.by_field
        or (form.visit_date.data is not None and holiday(lists.calendar, form.visit_date.data) is not None),
    )


def _sharing(form: Any, kept: Visit | None, clash: Visit | None) -> Visit | None:
    """The visit whose kits and team this one shares, or may share: the one it is joined to, or the one in the way."""
    number = kept.plan.joined_to if kept else None
    if clash is not None and (kept is None or clash.id != kept.id):
        number = clash.plan.joined_to or clash.id
    found = visits.find(reading(), account(), number) if number else None
    already = kept is not None and found is not None and kept.plan.joined_to == found.id
    return found if found is not None and (already or _wanted(form).fits(found.plan)) else None


def _wanted(form: Any) -> Plan:
    return Plan(
        form.place_code.data or "",
        form.visit_date.data,
        form.point_code.data or "",
        form.team.data or "",
        form.note.data or "",
        form.session.data or "",
        form.contact.data or "",
        tuple(form.kits.data or ()),
        form.revisit_of.data,
        form.joined_to.data,
    )


def clash_of(error: Conflict, form: Any, kept: Visit | None) -> tuple[int, Visit | None, list[Problem]]:
    """(409, what is kept now, the problem in words); the form gets a new id and the version that it now faces."""
    form.submission_id.data = str(uuid.uuid4())
    if error.why == EXISTS:
        return 409, error.kept, [Problem("visit_date", _("Tempat ini sudah punya kunjungan pada tanggal itu."))]
    if error.why == BOOKED:
        return 409, visits.find(reading(), account(), error.kept.visit.id), [_booked(error)]
    now_kept = error.kept if isinstance(error.kept, Visit) else kept
    if now_kept is not None:
        form.version.process_data(now_kept.version)
    if error.why == WITHDRAWN:
        text = _("Kunjungan ini sudah dibatalkan sesudah terkirim. Isian Anda tidak dihitung.")
    else:
        text = _("Kunjungan ini baru saja diubah orang lain. Bandingkan dengan yang tersimpan, lalu kirim lagi.")
    return 409, now_kept, [Problem("", text)]


def _booked(error: Conflict) -> Problem:
    """Which kit or team is taken, and for which half day."""
    values = {
        "kits": ", ".join(k.name for k in services().every_kit(reading(), versions()) if k.code in error.kept.kits),
        "team": error.kept.team,
        "session": gettext(SESSIONS[error.kept.visit.plan.session]).lower(),
    }
    if error.kept.kits:
        return Problem("kits", _("%(kits)s sudah dipakai kunjungan lain hari itu (%(session)s)."), values)
    return Problem("team", _("%(team)s sudah berangkat ke kunjungan lain hari itu (%(session)s)."), values)


def _chosen_kecamatan(begun: str, lists: Office, filled: MultiDict[str, str] | None) -> str:
    """The kecamatan whose places a district person chooses from; "" for those whose kecamatan is not known."""
    if not account().sees_district:
        return ""
    wanted = request.args.get("kecamatan")
    if wanted is not None and (wanted in lists.kecamatan or not wanted):
        return wanted
    said = filled.get("place_code") if filled else None
    code = said or begun
    place = areas.place(reading(), code) if code else None
    return place.kecamatan_code or "" if place else next(iter(lists.kecamatan))


def _places(kept: Visit | None, kecamatan: str, begun: str) -> list[Place]:
    """The places a person chooses from: those in use, and the one that the form began with."""
    who, today = account(), office_day(now())
    if who.role == LIAISON:
        found = areas.places(reading(), codes=sorted(who.places))
    else:
        wanted = sorted(who.kecamatan) if who.role == CLERK else [kecamatan]
        codes = [kept.plan.place_code] if kept else []
        if who.sees_district and not kecamatan:
            codes += [p.code for p in areas.schools(reading()) if p.kecamatan_code is None]
        found = areas.places(reading(), codes=codes, kecamatan=wanted)
    return [p for p in found if p.active(today) or p.code == begun]


def _grouped(places: list[Place]) -> list[tuple[str, list[tuple[str, str]]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for place in places:
        groups.setdefault(place.kind, []).append((place.code, place.name))
    return [(gettext(PLACE_KINDS.get(kind, kind)), groups[kind]) for kind in PLACE_KINDS if kind in groups]
