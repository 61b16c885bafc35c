"""The store of spares and consumables: how many are left, and every movement."""

from typing import Any

from flask import Blueprint, request, url_for
from wtforms import StringField

from ..actions import spares as deeds
from ..domain.accounts import require
from ..domain.calendar import office_day
from ..domain.problems import Problem, Unknown
from ..domain.spares import MOVES, SPARE_KINDS, SpareItem, SpareMove
from ..storage import equipment, spares
from .asking import ask, compared, nothing_asked, sections
from .door import account, deed, now, office, reading, typed
from .formats import label, number, short_day
from .forms import NOT_A_DAY, NOT_A_NUMBER, CountField, DayField, PortalForm, errors, text_of
from .language import gettext
from .pages import page, received

routes = Blueprint("spares", __name__, url_prefix="/spares")


class ItemForm(PortalForm):
    """A thing that is kept in the store."""

    name = StringField()
    kind = StringField()
    unit = StringField()
    low_limit = CountField()


class MoveForm(PortalForm):
    """What came, went, was lost or counted."""

    kind = StringField()
    number = CountField()
    day = DayField()
    point = StringField()
    kit = StringField()
    note = StringField()


def _state(item: SpareItem) -> tuple[str, str]:
    if item.balance == 0:
        return "bad", gettext("habis")
    return ("attention", gettext("pesan lagi")) if item.low else ("good", gettext("cukup"))


@routes.route("/", methods=["GET", "POST"])
@deed("equipment.see")
def index() -> Any:
    """Everything in the store, what must be ordered first."""
    form: Any = ItemForm(typed())
    status, problems = nothing_asked()
    if request.method == "POST":
        require(account(), "equipment.add")
        problems = form.unknown(request.form)
        if form.low_limit.unreadable:
            problems.append(Problem("low_limit", NOT_A_NUMBER, {"label": gettext("Batas pesan")}))
        said = text_of(form, "name"), text_of(form, "kind"), text_of(form, "unit"), form.low_limit.data
        sent, status, problems, _kept = ask(
            lambda tx, who: deeds.add(tx, who, text_of(form, "submission_id"), *said), form, problems
        )
        if sent is not None:
            return received(sent, url_for("spares.show", item_id=int(sent.object_id)))
    items = spares.items(reading())
    wrong = errors(problems, {f.name for f in form})
    return page(
        "spares/index.html",
        status,
        items=[
            {
                "item": item,
                "state": _state(item),
                "kind": label(SPARE_KINDS, item.kind),
                "left": f"{number(item.balance)} {item.unit}",
            }
            for item in sorted(items, key=lambda i: (not i.low, i.kind, i.name))
        ],
        low=sum(item.low for item in items),
        kinds=[(kind, gettext(word)) for kind, word in SPARE_KINDS.items()],
        form=form,
        sections=sections(),
        may_add=account().may("equipment.add"),
        errors=wrong.summary,
        wrong=wrong.by_field,
    )


@routes.route("/<int(max=2147483647):item_id>", methods=["GET", "POST"])
@deed("equipment.see")
def show(item_id: int) -> Any:
    """One thing: how many are left, every movement, and the form that adds one."""
    item = spares.find(reading(), item_id)
    if item is None:
        raise Unknown(item_id)
    form: Any = MoveForm(typed(), data={"day": office_day(now())})
    status, problems = nothing_asked()
    if request.method == "POST":
        require(account(), "equipment.add")
        problems = form.unknown(request.form)
        if form.number.unreadable:
            problems.append(Problem("number", NOT_A_NUMBER, {"label": gettext("Jumlah")}))
        if form.day.data is None:
            problems.append(Problem("day", NOT_A_DAY))
        wanted = SpareMove(
            0,
            text_of(form, "kind"),
            0,
            form.day.data or office_day(now()),
            text_of(form, "point") or None,
            text_of(form, "kit") or None,
            text_of(form, "note"),
        )
        sent, status, problems, _kept = ask(
            lambda tx, who: deeds.move(
                tx, who, office(), text_of(form, "submission_id"), item_id, form.number.data, wanted
            ),
            form,
            problems,
        )
        if sent is not None:
            return received(sent, url_for("spares.show", item_id=item_id))
        item = spares.find(reading(), item_id) or item
    wrong = errors(problems, {f.name for f in form})
    may_add = account().may("equipment.add")
    return page(
        "spares/show.html",
        status,
        item=item,
        state=_state(item),
        kind=label(SPARE_KINDS, item.kind),
        moves=[_line(move, item) for move in spares.moves(reading(), item_id)],
        move_kinds=[(kind, gettext(word)) for kind, word in MOVES.items()],
        points=[(code, point.name) for code, point in office().points.items()],
        kits=[(kit.code, f"{kit.name} ({kit.code})") for kit in equipment.kits(reading())] if may_add else [],
        form=form,
        may_add=may_add,
        today=office_day(now()).isoformat(),
        errors=wrong.summary,
        wrong=wrong.by_field,
    )


def _line(move: SpareMove, item: SpareItem) -> dict[str, Any]:
    point = office().points.get(move.point_code or "")
    to = [point.name] if point else []
    to += [move.kit_code] if move.kit_code else []
    sign = "+" if move.quantity > 0 else "−"
    return {
        "day": short_day(move.day),
        "kind": label(MOVES, move.kind),
        "quantity": f"{sign}{number(abs(move.quantity))}",
        "unit": item.unit,
        "to": ", ".join(to),
        "note": move.note,
        "by": move.by,
    }


class LimitForm(PortalForm):
    """Below how many a thing is ordered."""

    low_limit = CountField()


@routes.route("/<int(max=2147483647):item_id>/limit", methods=["GET", "POST"])
@deed("equipment.add")
def limit(item_id: int) -> Any:
    """Below how many a thing is ordered."""
    item = spares.find(reading(), item_id)
    if item is None:
        raise Unknown(item_id)
    form: Any = LimitForm(typed(), data={"version": item.version, "low_limit": item.low_limit})
    status, problems = nothing_asked()
    rows: list[tuple[str, str, str, bool]] = []
    if request.method == "POST":
        version, wanted = form.version.data or 0, form.low_limit.data
        sent, status, problems, kept = ask(
            lambda tx, who: deeds.set_limit(tx, who, text_of(form, "submission_id"), item_id, version, wanted),
            form,
            form.unknown(request.form),
        )
        if sent is not None:
            return received(sent, url_for("spares.show", item_id=item_id))
        if isinstance(kept, SpareItem):
            rows = compared([(gettext("Batas pesan"), number(kept.low_limit), form.low_limit.text)])
    wrong = errors(problems, {"low_limit"})
    return page(
        "spares/limit.html", status, item=item, form=form, rows=rows, errors=wrong.summary, wrong=wrong.by_field
    )
