"""Kits in the browser: what works, what does not, since when; and saying so."""

import uuid
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from wtforms import StringField, TextAreaField

from ..actions import equipment as deeds
from ..domain.accounts import require_point
from ..domain.areas import Office
from ..domain.calendar import office_day
from ..domain.equipment import (
    ABLE,
    COMPONENTS,
    GOOD,
    REASONS,
    STATUSES,
    UNABLE,
    UNKNOWN,
    Component,
    Kit,
    known,
)
from ..domain.problems import Conflict, Invalid, Problem, Unknown, _
from ..domain.texts import read_count
from ..storage import equipment
from .door import account, deed, now, office, reading, sender, stop_reading, typed, writing
from .formats import clock, label, moment, short_day
from .forms import PortalForm, errors, text_of
from .language import gettext, ngettext
from .pages import page, received, remembered, wants_fragment

routes = Blueprint("equipment", __name__, url_prefix="/equipment")

STATUS_KIND = {"good": "good", "attention": "attention", "broken": "bad", "repair": "bad", "missing": "bad"}
ABILITY_KIND = {ABLE: "good", UNABLE: "bad", UNKNOWN: "unknown"}
CONDITION = {
    "good": _("Baik"),
    "attention": _("Perlu perhatian"),
    "bad": _("Terganggu"),
    "unknown": _("Belum dikonfirmasi"),
}
CAN_RECORD = {ABLE: _("Bisa rekam"), UNABLE: _("Tidak bisa rekam"), UNKNOWN: _("Rekam: belum dikonfirmasi")}
CAN_PRINT = {ABLE: _("Bisa cetak"), UNABLE: _("Tidak bisa cetak"), UNKNOWN: _("Cetak: belum dikonfirmasi")}


class StatusForm(PortalForm):
    """In what state a part is, and why."""

    status = StringField()
    cause = StringField()
    note = TextAreaField()


def age_words(age: int) -> str:
    """How long ago somebody looked, in service days."""
    if age == 0:
        return gettext("dikonfirmasi hari ini")
    return ngettext("dikonfirmasi %(num)s hari layanan lalu", "dikonfirmasi %(num)s hari layanan lalu", age)


def part_words(part: Component) -> str:
    """A part's state with its cause."""
    words = f"{label(COMPONENTS, part.kind)}: {label(STATUSES, part.status).lower()}"
    reason = label(REASONS[part.status], part.reason)
    return f"{words} – {reason.lower()}" if reason else words


def card(kit: Kit, lists: Office, at: datetime) -> dict[str, Any]:
    """A kit as its card shows it; a kit nobody confirmed for over two service days is grey, never green."""
    point, found = lists.points[kit.point_code], known(lists, kit, at)
    age, record, printing = found.age, found.record, found.printing
    weakest = kit.weakest
    kind = ABILITY_KIND[record]
    if kind == "good" and weakest is not None and weakest.status != GOOD:
        kind = "bad" if printing == UNABLE else "attention"
    return {
        "kit": kit,
        "name": kit.name,
        "place": point.name,
        "kind": kind,
        "word": gettext(CONDITION[kind]),
        "can": [
            (ABILITY_KIND[record], gettext(CAN_RECORD[record])),
            (ABILITY_KIND[printing], gettext(CAN_PRINT[printing])),
        ],
        "weakest": part_words(weakest) if weakest and weakest.status != GOOD else gettext("Semua bagian baik"),
        "since": short_day(office_day(weakest.since)) if weakest and weakest.status != GOOD else "",
        "confirmed": f"{age_words(age)}, {clock(kit.confirmed_at)}" if kit.confirmed_at else "",
        "age": age,
        "record": record,
        "href": url_for("equipment.show", code=kit.code),
        "submission_id": str(uuid.uuid4()),
    }


def _kit(code: str, deed_name: str) -> Kit:
    kit = equipment.find(reading(), code)
    if kit is None:
        raise Unknown(code)
    require_point(account(), deed_name, kit.point_code)
    return kit


@routes.get("/")
@deed("equipment.see")
@remembered
def index() -> Response:
    """Every kit in one's area, the ones that cannot record first."""
    lists, who = office(), account()
    points = None if who.sees_district else [p for p in lists.points if who.sees_point(p)]
    cards = [card(kit, lists, now()) for kit in equipment.kits(reading(), points)]
    order = {"bad": 0, "unknown": 1, "attention": 2, "good": 3}
    cards.sort(key=lambda c: (order[c["kind"]], c["kit"].code))
    able = sum(c["record"] == ABLE for c in cards)
    return page("equipment/index.html", cards=cards, able=able, may_write=who.may("equipment.write"))


@routes.get("/<code>")
@deed("equipment.see")
def show(code: str) -> Response:
    """One kit: its parts, and what ever happened to them."""
    kit = _kit(code, "equipment.see")
    return page(
        "equipment/show.html",
        kit=kit,
        card=card(kit, office(), now()),
        parts=[(c, STATUS_KIND.get(c.status, "unknown"), part_words(c)) for c in kit.components],
        events=[
            {
                "when": moment(e.at),
                "who": e.by,
                "text": gettext("%(part)s masih sama", part=label(COMPONENTS, e.component_kind))
                if e.confirmed_only
                else f"{label(COMPONENTS, e.component_kind)}: {label(STATUSES, e.status)}"
                + (f" – {label(REASONS[e.status], e.reason)}" if e.reason else "")
                + (f" ({e.note})" if e.note else ""),
            }
            for e in equipment.events(reading(), code)
        ],
        may_write=account().may("equipment.write"),
    )


@routes.post("/<code>/confirm")
@deed("equipment.write")
def confirm(code: str) -> Any:
    """*Masih sama*: the kit was looked at, nothing changed."""
    _kit(code, "equipment.write")
    version = read_count(request.form.get("version", "")) or 0
    status = 200
    try:
        with writing() as tx:
            sent = deeds.confirm(tx, sender(), request.form.get("submission_id", ""), code, version)
        words = gettext("Alat %(name)s dikonfirmasi masih sama, %(time)s.", name=code, time=clock(sent.at))
    except Invalid:
        abort(400)
    except Conflict:
        status, words = 409, gettext("Keadaan %(name)s baru saja diubah. Periksa, lalu konfirmasi lagi.", name=code)
    if wants_fragment():
        kit = equipment.find(reading(), code)
        assert kit is not None
        told = gettext("Dikonfirmasi %(time)s", time=clock(sent.at)) if status == 200 else words
        return page(
            "equipment/_card.html",
            status,
            card=card(kit, office(), now()),
            may_write=True,
            told=told,
            done=status == 200,
        )
    flash(words, "good" if status == 200 else "attention")
    return redirect(url_for("equipment.index") if status == 200 else url_for("equipment.show", code=code), 303)


@routes.route("/<code>/<kind>", methods=["GET", "POST"])
@deed("equipment.write")
def status(code: str, kind: str) -> Any:
    """Say in what state a part is."""
    kit = _kit(code, "equipment.write")
    part = next((c for c in kit.components if c.kind == kind), None)
    if part is None:
        raise Unknown(kind)
    form: Any = StatusForm(
        typed(),
        data={"status": part.status, "cause": part.reason, "note": part.note, "version": part.version},
    )
    problems: list[Problem] = []
    code_of_answer = 200
    if request.method == "POST":
        code_of_answer = 422
        cause = form.cause.data or ""
        try:
            with writing() as tx:
                sent = deeds.set_status(
                    tx,
                    sender(),
                    text_of(form, "submission_id"),
                    code,
                    kind,
                    form.version.data or 0,
                    form.status.data or "",
                    cause,
                    form.note.data or "",
                )
            return received(sent, url_for("equipment.show", code=code))
        except Invalid as error:
            problems = [Problem("cause", p.text, p.values) if p.field == "reason" else p for p in error.problems]
        except Conflict:
            code_of_answer = 409
            stop_reading()
            part = next(c for c in _kit(code, "equipment.write").components if c.kind == kind)
            problems = [Problem("", _("Keadaan bagian ini baru saja diubah orang lain. Yang tersimpan ada di bawah."))]
            form.version.process_data(part.version)
            form.submission_id.data = str(uuid.uuid4())
    shown = errors(problems, {"status", "cause", "note"})
    return page(
        "equipment/status.html",
        code_of_answer,
        kit=kit,
        part=part,
        part_name=label(COMPONENTS, kind),
        kept=part_words(part),
        kept_by=part.by,
        form=form,
        statuses=[(s, gettext(word)) for s, word in STATUSES.items()],
        causes=[
            (gettext(STATUSES[s]), [(r, gettext(word)) for r, word in reasons.items()], f"status={s}")
            for s, reasons in REASONS.items()
            if reasons
        ],
        errors=shown.summary,
        wrong=shown.by_field,
    )
