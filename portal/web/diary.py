"""The diary of a kit: one page that says where it was, is and will be, and what happened to it."""

import uuid
from datetime import date
from typing import Any

from flask import Blueprint, request, url_for
from wtforms import StringField, TextAreaField

from ..actions import diary as deeds
from ..domain.accounts import require
from ..domain.calendar import office_day
from ..domain.diary import HOLDER, PLACE_KINDS, POINT, VAN, VISIT, KitPlace, of_the_district
from ..domain.equipment import COMPONENTS
from ..domain.faults import FAULT_STATES
from ..domain.inventory import RESULTS
from ..domain.problems import NotPermitted, Problem
from ..domain.upkeep import UPKEEP_KINDS
from ..storage import areas, diary, equipment, faults, inventory, retirement, upkeep
from .asking import Both, ask, compared, nothing_asked, optional_day, places_near, press
from .door import account, deed, now, office, reading, typed
from .equipment import own_kit, place_words, story
from .formats import label, moment, short_day
from .forms import NOT_A_DAY, DayField, PortalForm, errors, text_of
from .language import gettext
from .pages import page, received
from .retirement import lines as retirement_lines

routes = Blueprint("diary", __name__, url_prefix="/equipment")

OF_A_CLERK = (VISIT, VAN, HOLDER)
"""Where a kit's own clerk takes it for some days; the rest the district says."""


class MoveForm(PortalForm):
    """Where a kit goes, and from when until when."""

    kind = StringField()
    point = StringField()
    place = StringField()
    holder = StringField()
    valid_from = DayField()
    valid_to = DayField()
    note = TextAreaField()


@routes.route("/<code>/diary", methods=["GET", "POST"])
@deed("equipment.see")
def show(code: str) -> Any:
    """A kit's whole story on one page, and the form that moves it."""
    kit = own_kit(code, "equipment.see")
    today, who, lists = office_day(now()), account(), office()
    form: Any = MoveForm(typed(), data={"valid_from": today})
    status, problems = nothing_asked()
    if request.method == "POST":
        require(who, "equipment.move")
        wanted, problems = _wanted(form, code)
        if not who.may("equipment.add") and wanted.kind == POINT:
            raise NotPermitted("equipment.add")
        if not who.may("equipment.add") and wanted.standing and not problems:
            problems = [Problem("valid_to", NOT_A_DAY)]
        sent, status, problems, _kept = ask(
            lambda tx, sender: deeds.move(tx, sender, lists, text_of(form, "submission_id"), wanted), form, problems
        )
        if sent is not None:
            return received(sent, url_for("diary.show", code=code))
    places = diary.places(reading(), code)
    names = _names(places)
    near = lists.points[kit.point_code].kecamatan_code
    wrong = errors(problems, {f.name for f in form})
    kinds = PLACE_KINDS if who.may("equipment.add") else OF_A_CLERK
    return page(
        "diary/show.html",
        status,
        kit=kit,
        here=place_words(kit.place(today), kit.point_code, lists, names),
        coming=[_place_line(p, names, today) for p in places if p.valid_from > today],
        story=_story(code, places, names, today),
        form=form,
        kinds=[(kind, label(PLACE_KINDS, kind)) for kind in kinds],
        points=[(p, point.name) for p, point in lists.points.items()] if who.may("equipment.add") else [],
        visits=places_near(near) if who.may("equipment.move") else [],
        may_move=kit.retired_on is None and who.may("equipment.move"),
        may_add=who.may("equipment.add"),
        errors=wrong.summary,
        wrong=wrong.by_field,
    )


def _wanted(form: Any, code: str) -> tuple[KitPlace, list[Problem]]:
    problems = [*form.unknown(request.form), *optional_day(form.valid_to, "valid_to")]
    if form.valid_from.data is None:
        problems.append(Problem("valid_from", NOT_A_DAY))
    kind = text_of(form, "kind")
    return KitPlace(
        0,
        code,
        kind,
        (text_of(form, "point") or None) if kind == POINT else None,
        (text_of(form, "place") or None) if kind == VISIT else None,
        text_of(form, "holder"),
        form.valid_from.data or date.min,
        form.valid_to.data,
        text_of(form, "note"),
    ), problems


def _names(places: list[KitPlace]) -> dict[str, str]:
    codes = sorted({p.place_code for p in places if p.place_code})
    return {p.code: p.name for p in areas.places(reading(), codes=codes)} if codes else {}


def _place_line(place: KitPlace, names: dict[str, str], today: date) -> dict[str, Any]:
    lists = office()
    words = place_words(place, place.point_code or "", lists, names)
    if place.holder:
        words += f" · {place.holder}"
    if place.note:
        words += f" ({place.note})"
    may = account().may("equipment.add") or (account().may("equipment.move") and not of_the_district(place))
    return {
        "id": place.id,
        "text": words,
        "when": short_day(place.valid_from),
        "who": place.by,
        "may_withdraw": may and (place.valid_from > today or (place.valid_to is not None and place.valid_to >= today)),
        "submission_id": str(uuid.uuid4()),
    }


def _story(code: str, places: list[KitPlace], names: dict[str, str], today: date) -> list[dict[str, Any]]:
    """Everything that happened to a kit, newest first: places, states, faults, care, inventory."""
    tx = reading()
    found: list[tuple[Any, dict[str, Any]]] = []
    for place in places:
        if place.valid_from <= today:
            line = _place_line(place, names, today)
            found.append(((place.valid_from, 0), line | {"text": gettext("Di %(place)s", place=line["text"])}))
    kit = own_kit(code, "equipment.see")
    for line in story(equipment.events(tx, code), len(kit.components)):
        found.append(((office_day(line["at"]), line["at"].timestamp()), line))
    for line in retirement_lines(retirement.of_kits(tx, code).get(code, [])):
        found.append(((line["day"], line["at"].timestamp()), line))
    for fault in faults.of_kit(tx, code):
        part = label(COMPONENTS, fault.component_kind)
        if fault.closed_at is not None:
            words = gettext("Kerusakan %(part)s selesai: %(state)s", part=part, state=label(FAULT_STATES, fault.state))
            key = (office_day(fault.closed_at), fault.closed_at.timestamp() + 1)
            found.append((key, _line(moment(fault.closed_at), fault.owner, words)))
    for care in upkeep.planned(tx, [code]):
        if care.last_on is not None:
            words = gettext("%(care)s dikerjakan", care=label(UPKEEP_KINDS, care.kind))
            found.append(((care.last_on, 1), _line(short_day(care.last_on), "", words)))
    kinds = {c.id: c.kind for c in kit.components}
    for component_id, check in inventory.latest(tx, [code]).items():
        part = label(COMPONENTS, kinds.get(component_id, ""))
        words = f"{part}: {label(RESULTS, check.result).lower()}" + (f" – {check.place}" if check.place else "")
        found.append(((office_day(check.at), check.at.timestamp()), _line(moment(check.at), check.by, words)))
    found.sort(key=lambda pair: pair[0], reverse=True)
    return [line for _key, line in found]


def _line(when: str, who: str, text: str) -> dict[str, Any]:
    return {"when": when, "who": who, "text": text}


@routes.post("/<code>/diary/<int(max=2147483647):place_id>/withdraw")
@deed("equipment.move")
def withdraw(code: str, place_id: int) -> Any:
    """It was not there, or will not go there."""
    own_kit(code, "equipment.move")
    form: Any = PortalForm(request.form)

    def both() -> Both:
        kept = next((p for p in diary.places(reading(), code) if p.id == place_id), None)
        lists, names = office(), _names([kept] if kept else [])
        what = place_words(kept, kept.point_code or "", lists, names) if kept else gettext("sudah dihapus")
        return Both(code, compared([(gettext("Catatan tempat"), what, gettext("dihapus"))]), 0 if kept else None)

    return press(
        lambda tx, who: deeds.withdraw(tx, who, text_of(form, "submission_id"), code, place_id),
        form,
        url_for("diary.show", code=code),
        both,
    )
