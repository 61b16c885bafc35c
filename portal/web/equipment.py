"""Kits in the browser: what works, what does not, since when; and saying so."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for

from ..actions import equipment as deeds
from ..domain.accounts import Foreign, require
from ..domain.areas import Office
from ..domain.calendar import office_day
from ..domain.diary import PLACE_KINDS, KitPlace
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
    StatusEvent,
    known,
)
from ..domain.outages import CAUSES, Outage, at_point
from ..domain.problems import Conflict, Invalid, Unknown, _
from ..storage import areas, equipment, faults, outages, spares, upkeep
from .asking import Both, Rows, compared, pressed_late, sections
from .door import account, deed, now, office, reading, sender, stop_reading, writing
from .formats import clock, label, moment, short_day
from .forms import PortalForm, text_of
from .language import gettext, ngettext
from .pages import page, remembered, wants_fragment

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


def age_words(age: int) -> str:
    """How long ago somebody looked, in service days."""
    if age == 0:
        return gettext("dikonfirmasi hari ini")
    return ngettext("dikonfirmasi %(num)s hari layanan lalu", "dikonfirmasi %(num)s hari layanan lalu", age)


def part_words(part: Component) -> str:
    """A part with its state and its cause."""
    return f"{label(COMPONENTS, part.kind)}: {state_words(part)}"


def state_words(part: Component) -> str:
    """A part's state with its cause."""
    words = label(STATUSES, part.status).lower()
    reason = label(REASONS[part.status], part.reason)
    return f"{words} – {reason.lower()}" if reason else words


def place_words(place: KitPlace | None, point_code: str, lists: Office, names: Mapping[str, str]) -> str:
    """Where a kit is, in words: its point, or what is said of the day."""
    if place is None:
        return lists.points[point_code].name
    if place.point_code is not None:
        words = lists.points[place.point_code].name
    elif place.place_code is not None and place.place_code in names:
        words = f"{label(PLACE_KINDS, place.kind)}: {names[place.place_code]}"
    else:
        words = label(PLACE_KINDS, place.kind)
    if place.valid_to is not None:
        words = gettext("%(place)s, sampai %(day)s", place=words, day=short_day(place.valid_to))
    return words


def visited(kits: Sequence[Kit], at: datetime) -> dict[str, str]:
    """The names of the places that kits are visiting."""
    today = office_day(at)
    codes = sorted({p.place_code for p in (k.place(today) for k in kits) if p is not None and p.place_code})
    return {p.code: p.name for p in areas.places(reading(), codes=codes)} if codes else {}


def card(
    kit: Kit, lists: Office, at: datetime, lasting: Sequence[Outage] = (), names: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """A kit as its card shows it; a kit nobody confirmed for over two service days is grey, never green.

    An outage that is ``lasting`` at the point it serves stops it however well its parts work.
    """
    found, place = known(lists, kit, at), kit.place(office_day(at))
    hit = at_point(lasting, found.point_code, at) if found.point_code else []
    age = found.age
    record = UNABLE if any(o.stops_recording for o in hit) else found.record
    printing = UNABLE if any(o.stops_printing for o in hit) else found.printing
    weakest = kit.weakest
    kind = ABILITY_KIND[record]
    if kind == "good" and (printing == UNABLE or (weakest is not None and weakest.status != GOOD)):
        kind = "bad" if printing == UNABLE else "attention"
    reasons = [part_words(weakest)] if weakest and weakest.status != GOOD else []
    since = [office_day(weakest.since)] if weakest and weakest.status != GOOD else []
    back = weakest.expected_back if weakest and weakest.status != GOOD else None
    if hit:
        told = ", ".join(label(CAUSES, o.cause).lower() for o in hit)
        reasons.insert(0, gettext("Gangguan %(causes)s", causes=told))
        since, back = [office_day(hit[0].began_at)], hit[0].expected_back
    return {
        "kit": kit,
        "name": kit.name,
        "place": place_words(place, kit.point_code, lists, names or {}),
        "holder": place.holder if place else "",
        "kind": kind,
        "word": gettext(CONDITION[kind]),
        "can": [
            (ABILITY_KIND[record], gettext(CAN_RECORD[record])),
            (ABILITY_KIND[printing], gettext(CAN_PRINT[printing])),
        ],
        "weakest": " · ".join(reasons) or gettext("Semua bagian baik"),
        "since": short_day(since[0]) if since else "",
        "days": (office_day(at) - since[0]).days if since else 0,
        "back": short_day(back) if back else "",
        "confirmed": f"{age_words(age)}, {clock(kit.confirmed_at)}" if kit.confirmed_at else "",
        "age": age,
        "record": record,
        "printing": printing,
        "point_code": found.point_code,
        "href": url_for("equipment.show", code=kit.code),
        "submission_id": str(uuid.uuid4()),
    }


def cards_of(kits: Sequence[Kit], lists: Office, at: datetime) -> list[dict[str, Any]]:
    """Cards of kits with what hits their points now: three queries, however many kits."""
    lasting, names = outages.lasting(reading(), at), visited(kits, at)
    return [card(kit, lists, at, lasting, names) for kit in kits]


def own_kit(code: str, deed_name: str) -> Kit:
    """A kit the reader looks after; raises Unknown or, outside their area, Foreign."""
    kit = equipment.find(reading(), code)
    if kit is None:
        raise Unknown(code)
    require(account(), deed_name)
    if not deeds.looks_after(account(), kit, office_day(now())):
        raise Foreign(code, deed_name)
    return kit


def own_kits(*, retired: bool = False) -> list[Kit]:
    """Every kit the reader looks after today, with those out of service when asked for."""
    lists, who = office(), account()
    points = None if who.sees_district else [p for p in lists.points if who.sees_point(p)]
    return equipment.kits(reading(), points, office_day(now()), retired=retired)


_ORDER = {"bad": 0, "unknown": 1, "attention": 2, "good": 3}


@routes.get("/")
@deed("equipment.see")
@remembered
def index() -> Response:
    """Every kit in one's area by the place where it is, the ones that cannot record first."""
    lists, who = office(), account()
    kits = own_kits(retired=True)
    cards = cards_of([kit for kit in kits if kit.retired_on is None], lists, now())
    cards.sort(key=lambda c: (_ORDER[c["kind"]], c["kit"].code))
    able = sum(c["record"] == ABLE for c in cards)
    points = None if who.sees_district else [p for p in lists.points if who.sees_point(p)]
    return page(
        "equipment/index.html",
        cards=cards,
        able=able,
        printing=sum(c["printing"] == ABLE for c in cards),
        retired=[kit for kit in kits if kit.retired_on is not None],
        silent=sum(c["record"] == UNKNOWN for c in cards),
        lasting=outages.lasting(reading(), now(), points),
        causes=CAUSES,
        points=lists.points,
        sections=sections(),
        may_write=who.may("equipment.write"),
        may_add=who.may("equipment.add"),
    )


@routes.get("/<code>")
@deed("equipment.see")
def show(code: str) -> Response:
    """One kit: its parts, and what ever happened to them."""
    kit = own_kit(code, "equipment.see")
    (shown,) = cards_of([kit], office(), now())
    waiting = {f.component_id: f for f in faults.waiting(reading(), [code])}
    return page(
        "equipment/show.html",
        kit=kit,
        card=shown,
        parts=[(c, STATUS_KIND.get(c.status, "unknown"), part_words(c), waiting.get(c.id)) for c in kit.components],
        events=story(equipment.events(reading(), code), len(kit.components)),
        may_write=kit.retired_on is None and account().may("equipment.write"),
        may_add=kit.retired_on is None and account().may("equipment.add"),
        may_retire=account().may("equipment.retire"),
    )


def story(events: Sequence[StatusEvent], parts: int) -> list[dict[str, Any]]:
    """A kit's history in lines, newest first; what was said of many parts at once is one line."""
    lines: list[dict[str, Any]] = []
    for _said, group in groupby(
        events, lambda e: (e.at, e.by, e.confirmed_only, not e.confirmed_only and e.status, e.note)
    ):
        told = list(group)
        first, text = told[0], event_words(told[0])
        if len(told) > 1:
            named = ", ".join(label(COMPONENTS, e.component_kind) for e in reversed(told))
            names = gettext("Semua bagian") if len(told) >= parts else named
            said = gettext("%(part)s masih sama", part=names)
            text = said if first.confirmed_only else f"{names}: {label(STATUSES, first.status)}"
        lines.append({"when": moment(first.at), "who": first.by, "text": text, "at": first.at})
    return lines


def event_words(event: StatusEvent) -> str:
    """One line of a part's history in words; one that was told late says when."""
    part = label(COMPONENTS, event.component_kind)
    if event.confirmed_only:
        return gettext("%(part)s masih sama", part=part)
    words = f"{part}: {label(STATUSES, event.status)}"
    if event.reason:
        words += f" – {label(REASONS[event.status], event.reason)}"
    if event.note:
        words += f" ({event.note})"
    if event.expected_back:
        words += f", {gettext('perkiraan kembali %(day)s', day=short_day(event.expected_back))}"
    if event.recorded_at:
        words += f", {gettext('dicatat %(when)s', when=moment(event.recorded_at))}"
    return words


@routes.post("/<code>/confirm")
@deed("equipment.write")
def confirm(code: str) -> Any:
    """*Masih sama*: the kit was looked at, nothing changed."""
    own_kit(code, "equipment.write")
    form: Any = PortalForm(request.form)
    version = form.version.data or 0
    status = 200
    try:
        with writing() as tx:
            sent = deeds.confirm(tx, sender(), text_of(form, "submission_id"), code, version)
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
            card=cards_of([kit], office(), now())[0],
            may_write=True,
            told=told,
            done=status == 200,
        )
    if status == 409:
        stop_reading()
        kit = own_kit(code, "equipment.write")
        found = Both(kit.name, beside(kit, gettext("dipakai"), gettext("masih sama")), kit.version)
        return pressed_late(form, url_for("equipment.show", code=code), found)
    flash(words, "good")
    return redirect(url_for("equipment.index"), 303)


def beside(kit: Kit, whole: str, part: str) -> Rows:
    """A kit and each of its parts as kept, beside what was said of the whole and of every part."""
    used = gettext("dipakai")
    if kit.retired_on is not None:
        used = gettext("tidak dipakai sejak %(day)s", day=short_day(kit.retired_on))
    parts = [(label(COMPONENTS, c.kind), state_words(c), part) for c in kit.components]
    return compared([(gettext("Alat"), used, whole), *parts])


def needs_today() -> dict[str, Any]:
    """What wants somebody today: outages that last, faults and care past their day, things to order."""
    who, today = account(), office_day(now())
    lists = office()
    points = None if who.sees_district else [p for p in lists.points if who.sees_point(p)]
    codes = None if points is None else [kit.code for kit in own_kits()]
    return {
        "lasting": outages.lasting(reading(), now(), points),
        "causes": CAUSES,
        "points": lists.points,
        "late_faults": sum(f.overdue(today) for f in faults.waiting(reading(), codes)),
        "late_care": sum(care.due_on < today for care in upkeep.planned(reading(), codes)),
        "low": sum(item.low for item in spares.items(reading())) if who.sees_district else 0,
        "may_write": who.may("equipment.write"),
    }
