"""Care that comes round: what is due, what is overdue, and saying that it was done."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Response, request, url_for
from wtforms import StringField

from ..actions import upkeep as deeds
from ..domain.accounts import require
from ..domain.calendar import office_day
from ..domain.equipment import COMPONENTS
from ..domain.problems import Problem, Unknown, _
from ..domain.texts import read_count
from ..domain.upkeep import DUE_SOON, IN_TIME, OVERDUE, UPKEEP_KINDS, Upkeep, months_after
from ..storage import upkeep
from .asking import Both, ask, compared, nothing_asked, optional_day, press, sections
from .door import account, deed, now, reading, typed
from .equipment import own_kit, own_kits
from .formats import label, plain_day
from .forms import NOT_A_DAY, NOT_A_NUMBER, CountField, DayField, PortalForm, errors, text_of
from .language import gettext, ngettext
from .pages import page, received

routes = Blueprint("upkeep", __name__, url_prefix="/upkeep")

STATES = {
    OVERDUE: ("bad", _("lewat jatuh tempo")),
    DUE_SOON: ("attention", _("segera jatuh tempo")),
    IN_TIME: ("good", _("terjadwal")),
}


EVERY_QUARTER = {"every_months": 3}


class PlanForm(PortalForm):
    """What care a kit needs, how often, and when first."""

    kit = StringField()
    kind = StringField()
    every_months = CountField(_("Berapa bulan sekali"))
    due_on = DayField()
    note = StringField()


class DoneForm(PortalForm):
    """When care was done."""

    done_on = DayField()
    note = StringField()


def _line(care: Upkeep, tried: Any = None) -> dict[str, Any]:
    """Care as the list shows it, with the form that says it was done; ``tried`` is that form as it was refused."""
    form = tried or DoneForm(data={"version": care.version, "done_on": office_day(now())})
    kind, word = STATES[care.state(office_day(now()))]
    part = f" – {label(COMPONENTS, care.component_kind)}" if care.component_id else ""
    every = ngettext("tiap %(num)s bulan", "tiap %(num)s bulan", care.every_months)
    last = gettext("terakhir %(day)s", day=plain_day(care.last_on)) if care.last_on else gettext("belum pernah")
    return {
        "id": care.id,
        "version": care.version,
        "form": form,
        "tried": tried is not None,
        "what": f"{label(UPKEEP_KINDS, care.kind)} {care.kit_code}{part}",
        "meta": " · ".join((gettext("jatuh tempo %(day)s", day=plain_day(care.due_on)), every, last)),
        "href": url_for("equipment.show", code=care.kit_code),
        "kind": kind,
        "word": gettext(word),
        "withdraw_id": str(uuid.uuid4()),
    }


@routes.route("/", methods=["GET", "POST"])
@deed("equipment.see")
def index() -> Any:
    """All planned care by the day it is due, and the form that plans more."""
    form: Any = PlanForm(typed(), data=EVERY_QUARTER)
    status, problems = nothing_asked()
    if request.method == "POST":
        require(account(), "equipment.add")
        problems = [*form.unknown(request.form), *form.unreadable(NOT_A_NUMBER)]
        if form.due_on.data is None:
            problems.append(Problem("due_on", NOT_A_DAY))
        code, _dot, part = text_of(form, "kit").partition(" ")
        wanted = Upkeep(
            0,
            code,
            read_count(part) if part else None,
            "",
            text_of(form, "kind"),
            form.every_months.data or 0,
            None,
            form.due_on.data or office_day(now()),
            text_of(form, "note"),
        )
        sent, status, problems, _kept = ask(
            lambda tx, who: deeds.plan(tx, who, text_of(form, "submission_id"), wanted), form, problems
        )
        if sent is not None:
            return received(sent, url_for("upkeep.index"))
    wrong = errors(problems, {f.name for f in form})
    return _page(status, form, wrong.summary, wrong.by_field)


def _page(
    status: int,
    form: Any,
    summary: Sequence[tuple[str, str]],
    wrong: dict[str, str],
    tried: tuple[int, Any] = (0, None),
) -> Response:
    """All planned care with the form that plans more; ``wrong`` stands at the boxes of that form, or of the ``tried``
    one: the care it is about, and what was typed."""
    kits = own_kits()
    planned = upkeep.planned(reading(), None if account().sees_district else [k.code for k in kits])
    lines = [_line(care, tried[1] if care.id == tried[0] else None) for care in planned]
    return page(
        "upkeep/index.html",
        status,
        lines=lines,
        late=sum(line["kind"] == "bad" for line in lines),
        form=form,
        kits=[
            (
                k.name,
                [
                    (k.code, gettext("seluruh alat")),
                    *((f"{k.code} {c.id}", label(COMPONENTS, c.kind)) for c in k.components),
                ],
            )
            for k in kits
        ]
        if account().may("equipment.add")
        else [],
        kinds=[(kind, gettext(word)) for kind, word in UPKEEP_KINDS.items()],
        sections=sections(),
        today=office_day(now()).isoformat(),
        may_write=account().may("equipment.write"),
        may_add=account().may("equipment.add"),
        errors=summary,
        wrong={} if tried[0] else wrong,
        wrong_done=wrong if tried[0] else {},
    )


def _own(upkeep_id: int, deed_name: str) -> Upkeep:
    """Care of a kit of their own; it may be planned no longer, for what ended it may be sent again."""
    kept = upkeep.find(reading(), upkeep_id)
    if kept is None:
        raise Unknown(upkeep_id)
    own_kit(kept.kit_code, deed_name)
    return kept


@routes.post("/<int(max=2147483647):upkeep_id>/done")
@deed("equipment.write")
def done(upkeep_id: int) -> Any:
    """Care was done: today, or on the day that is given."""
    _own(upkeep_id, "equipment.write")
    form: Any = DoneForm(request.form)
    day = form.done_on.data or office_day(now())
    version, note = form.version.data or 0, text_of(form, "note")
    return press(
        lambda tx, who: deeds.done(tx, who, text_of(form, "submission_id"), upkeep_id, version, day, note),
        form,
        url_for("upkeep.index"),
        lambda: _both(upkeep_id, day, note),
        optional_day(form.done_on, "done_on"),
        lambda problems: _refused(upkeep_id, form, problems),
    )


def _refused(upkeep_id: int, form: Any, problems: list[Problem]) -> Response:
    """The list once more, with what is wrong beside the boxes of the care that was said to be done."""
    wrong = errors(problems, {f.name for f in form})
    summary = [(f"u{upkeep_id}-{name}" if name else "", text) for name, text in wrong.summary]
    return _page(422, PlanForm(data=EVERY_QUARTER), summary, wrong.by_field, (upkeep_id, form))


def _both(upkeep_id: int, done_on: date | None, note: str = "") -> Both:
    """Care as kept, and done on a day, or (None) planned no longer."""
    kept, gone = _own(upkeep_id, "equipment.write"), gettext("dihapus dari jadwal")
    due = plain_day(months_after(done_on, kept.every_months)) if done_on else gone
    rows = compared(
        [
            (gettext("Terakhir dikerjakan"), plain_day(kept.last_on), plain_day(done_on)),
            (gettext("Jatuh tempo berikut"), gone if kept.withdrawn else plain_day(kept.due_on), due),
            (gettext("Catatan"), kept.note, note),
        ]
    )
    return Both(_line(kept)["what"], rows, None if kept.withdrawn else kept.version)


@routes.post("/<int(max=2147483647):upkeep_id>/withdraw")
@deed("equipment.add")
def withdraw(upkeep_id: int) -> Any:
    """Care is planned no longer."""
    _own(upkeep_id, "equipment.add")
    form: Any = PortalForm(request.form)
    version = form.version.data or 0
    return press(
        lambda tx, who: deeds.withdraw(tx, who, text_of(form, "submission_id"), upkeep_id, version),
        form,
        url_for("upkeep.index"),
        lambda: _both(upkeep_id, None),
    )
