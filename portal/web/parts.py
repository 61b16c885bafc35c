"""One part of a kit: what its label's QR code opens, its papers, and its way from kit to kit."""

import uuid
from typing import Any

from flask import Blueprint, Response, request, url_for
from wtforms import StringField

from ..actions import inventory as inventory_deeds
from ..actions import parts as deeds
from ..actions.equipment import looks_after
from ..domain.accounts import Foreign, require
from ..domain.calendar import office_day
from ..domain.equipment import COMPONENTS, ESSENTIAL, Component, Kit
from ..domain.inventory import RESULTS
from ..domain.papers import Papers, plain_serial
from ..domain.problems import Problem, Unknown, _
from ..storage import equipment, faults, inventory
from .asking import Both, Rows, ask, compared, nothing_asked, optional_day, press
from .door import account, deed, now, reading, typed
from .equipment import STATUS_KIND, event_words, own_kit, part_words, state_words
from .formats import label, moment, number, plain_day
from .forms import CountField, DayField, PortalForm, errors, text_of
from .language import gettext
from .pages import page, received

routes = Blueprint("parts", __name__, url_prefix="/equipment")

NOT_RUPIAH = _("Isi harga dengan bilangan bulat, misalnya 12.500.000.")


class PapersForm(PortalForm):
    """What stands on a part and on its bill."""

    kind = StringField()
    serial = StringField()
    bought = DayField()
    price_rp = CountField()
    warranty_until = DayField()
    essential = StringField()


class CheckForm(PortalForm):
    """What was found of a part, and where."""

    result = StringField()
    place = StringField()
    note = StringField()


def read_papers(form: Any, prefix: str = "") -> tuple[Papers, list[Problem]]:
    """Papers as they were typed, and what of them cannot be read."""
    field = {name: form[f"{prefix}{name}"] for name in ("serial", "bought", "price_rp", "warranty_until", "essential")}
    problems = [p for name in ("bought", "warranty_until") for p in optional_day(field[name], f"{prefix}{name}")]
    if field["price_rp"].unreadable:
        problems.append(Problem(f"{prefix}price_rp", NOT_RUPIAH))
    return Papers(
        plain_serial(field["serial"].data or ""),
        field["bought"].data,
        field["price_rp"].data,
        field["warranty_until"].data,
        field["essential"].data or "",
    ), problems


def essentials() -> list[tuple[str, str]]:
    """What a part can be needed for, in words."""
    return [(name, gettext(word)) for name, word in ESSENTIAL.items()]


def _part(component_id: int, deed_name: str) -> tuple[Component, Kit]:
    part = equipment.part(reading(), component_id)
    kit = equipment.find(reading(), part.kit_code) if part else None
    if part is None or kit is None:
        raise Unknown(component_id)
    require(account(), deed_name)
    if not looks_after(account(), kit, office_day(now())):
        raise Foreign(str(component_id), deed_name)
    return part, kit


@routes.route("/part/<int(max=2147483647):component_id>", methods=["GET", "POST"])
@deed("equipment.see")
def show(component_id: int) -> Any:
    """One part: its state, its papers, and with a phone in the hand: seen, moved or missing."""
    part, kit = _part(component_id, "equipment.see")
    form: Any = CheckForm(typed())
    status, problems = nothing_asked()
    if request.method == "POST":
        require(account(), "equipment.write")
        said = text_of(form, "result"), text_of(form, "place"), text_of(form, "note")
        sent, status, problems, _kept = ask(
            lambda tx, who: inventory_deeds.check(tx, who, text_of(form, "submission_id"), component_id, *said),
            form,
            form.unknown(request.form),
        )
        if sent is not None:
            return received(sent, url_for("parts.show", component_id=component_id))
    wrong = errors(problems, {f.name for f in form})
    fault, checks = faults.open_of(reading(), component_id), inventory.of_part(reading(), component_id)
    found = checks[0] if checks else None
    return page(
        "parts/show.html",
        status,
        rows=compared(
            [
                (gettext("Apa yang ditemukan"), label(RESULTS, found.result), label(RESULTS, text_of(form, "result"))),
                (gettext("Ditemukan di"), found.place, text_of(form, "place")),
                (gettext("Catatan"), found.note, text_of(form, "note")),
            ]
        )
        if status == 409 and found
        else [],
        part=part,
        kit=kit,
        name=label(COMPONENTS, part.kind),
        state=(STATUS_KIND.get(part.status, "unknown"), part_words(part)),
        facts=[
            (gettext("Nomor seri"), part.serial or "–"),
            (gettext("Keperluan"), label(ESSENTIAL, part.needed_for)),
            (gettext("Dibeli"), plain_day(part.bought)),
            (gettext("Harga"), f"Rp{number(part.price_rp)}" if part.price_rp is not None else "–"),
            (gettext("Garansi sampai"), plain_day(part.warranty_until)),
            (gettext("Sejak"), moment(part.since)),
            (gettext("Perkiraan kembali"), plain_day(part.expected_back)),
        ],
        fault=fault,
        checks=[
            {
                "when": moment(c.at),
                "who": c.by,
                "text": " · ".join(filter(None, (label(RESULTS, c.result), c.place, c.note))),
            }
            for c in checks
        ],
        events=[
            {"when": moment(e.at), "who": e.by, "text": event_words(e)}
            for e in equipment.part_events(reading(), component_id, 30)
        ],
        results=[(name, gettext(word)) for name, word in RESULTS.items()],
        form=form,
        in_use=part.removed_at is None,
        may_write=part.removed_at is None and account().may("equipment.write"),
        may_add=part.removed_at is None and account().may("equipment.add"),
        out_id=str(uuid.uuid4()),
        errors=wrong.summary,
        wrong=wrong.by_field,
    )


@routes.route("/part/<int(max=2147483647):component_id>/papers", methods=["GET", "POST"])
@deed("equipment.add")
def papers(component_id: int) -> Any:
    """A part's papers."""
    part = _in_use(component_id)
    kept = deeds.papers_of(part)
    data = {"version": part.version, "serial": kept.serial, "bought": kept.bought, "price_rp": kept.price_rp}
    form: Any = PapersForm(typed(), data=data | {"warranty_until": kept.warranty_until, "essential": kept.essential})

    def keep(tx: Any, who: Any, said: Papers) -> Any:
        return deeds.set_papers(tx, who, text_of(form, "submission_id"), component_id, form.version.data or 0, said)

    return _edit(part, form, keep, gettext("Surat-surat %(part)s", part=label(COMPONENTS, part.kind)))


@routes.route("/part/<int(max=2147483647):component_id>/replace", methods=["GET", "POST"])
@deed("equipment.add")
def replace(component_id: int) -> Any:
    """Another device in a part's place."""
    part = _in_use(component_id)
    form: Any = PapersForm(typed(), data={"version": part.version, "essential": part.needed_for})

    def keep(tx: Any, who: Any, said: Papers) -> Any:
        id = text_of(form, "submission_id")
        return deeds.replace_device(tx, who, id, component_id, form.version.data or 0, said)

    return _edit(part, form, keep, gettext("Ganti unit %(part)s", part=label(COMPONENTS, part.kind)))


@routes.route("/<code>/part/new", methods=["GET", "POST"])
@deed("equipment.add")
def add(code: str) -> Any:
    """A part that a kit did not have."""
    kit = own_kit(code, "equipment.add")
    has = {c.kind for c in kit.components}
    kinds = [(kind, gettext(word)) for kind, word in COMPONENTS.items() if kind not in has]
    form: Any = PapersForm(typed())

    def keep(tx: Any, who: Any, said: Papers) -> Any:
        return deeds.add(tx, who, text_of(form, "submission_id"), code, text_of(form, "kind"), said)

    return _edit(None, form, keep, gettext("Tambah bagian – %(kit)s", kit=kit.name), kit, kinds)


def _in_use(component_id: int) -> Component:
    """A part whose page can be opened; what is sent of one that is out the deed answers, for it may be sent again."""
    part, _kit = _part(component_id, "equipment.add")
    if part.removed_at is not None and request.method != "POST":
        raise Unknown(component_id)
    return part


def _edit(
    part: Component | None, form: Any, keep: Any, title: str, kit: Kit | None = None, kinds: Any = ()
) -> Response:
    status, problems = nothing_asked()
    rows: Rows = []
    back = (
        url_for("parts.show", component_id=part.id) if part else url_for("equipment.show", code=kit.code if kit else "")
    )
    if request.method == "POST":
        said, problems = read_papers(form)
        problems = [*form.unknown(request.form), *problems]
        sent, status, problems, kept = ask(lambda tx, who: keep(tx, who, said), form, problems)
        if sent is not None:
            return received(sent, url_for("parts.show", component_id=int(sent.object_id)))
        if isinstance(kept, Component):
            rows = _both(kept, form)
    wrong = errors(problems, {f.name for f in form})
    return page(
        "parts/papers.html",
        status,
        rows=rows,
        title=title,
        back=back,
        back_name=label(COMPONENTS, part.kind) if part else kit.name if kit else "",
        form=form,
        kinds=kinds,
        essentials=essentials(),
        errors=wrong.summary,
        wrong=wrong.by_field,
    )


def _both(part: Component, form: Any) -> Rows:
    """A part's papers as kept and as typed, line by line."""
    kept = deeds.papers_of(part)

    def day_typed(field: DayField) -> str:
        return plain_day(field.data) if field.data else field.text

    price = form.price_rp
    return compared(
        [
            (gettext("Nomor seri"), kept.serial, plain_serial(form.serial.data or "")),
            (gettext("Dibeli"), plain_day(kept.bought), day_typed(form.bought) or "–"),
            (
                gettext("Harga"),
                number(kept.price_rp),
                number(price.data) if price.data is not None else price.text or "–",
            ),
            (gettext("Garansi sampai"), plain_day(kept.warranty_until), day_typed(form.warranty_until) or "–"),
            (gettext("Keperluan"), label(ESSENTIAL, kept.essential), label(ESSENTIAL, form.essential.data or "")),
        ]
    )


class TransferForm(PortalForm):
    """Into which kit a part goes."""

    kit = StringField()


@routes.route("/part/<int(max=2147483647):component_id>/transfer", methods=["GET", "POST"])
@deed("equipment.add")
def transfer(component_id: int) -> Any:
    """A part goes into another kit."""
    part = _in_use(component_id)
    form: Any = TransferForm(typed(), data={"version": part.version})
    status, problems = nothing_asked()
    rows: Rows = []
    if request.method == "POST":
        version, wanted = form.version.data or 0, text_of(form, "kit")
        sent, status, problems, _kept = ask(
            lambda tx, who: deeds.transfer(tx, who, text_of(form, "submission_id"), component_id, version, wanted),
            form,
            form.unknown(request.form),
        )
        if sent is not None:
            return received(sent, url_for("parts.show", component_id=int(sent.object_id)))
        if status == 409:
            rows = _beside(_part(component_id, "equipment.add")[0], wanted)
    wrong = errors(problems, {"kit"})
    without = [k for k in equipment.kits(reading()) if all(c.kind != part.kind for c in k.components)]
    return page(
        "parts/transfer.html",
        status,
        rows=rows,
        part=part,
        name=label(COMPONENTS, part.kind),
        form=form,
        kits=[(k.code, f"{k.name} ({k.code})") for k in without],
        errors=wrong.summary,
        wrong=wrong.by_field,
    )


@routes.post("/part/<int(max=2147483647):component_id>/out")
@deed("equipment.add")
def take_out(component_id: int) -> Any:
    """A part is in its kit no longer."""
    part = _in_use(component_id)
    form: Any = PortalForm(request.form)
    version = form.version.data or 0

    def both() -> Both:
        kept, _kit = _part(component_id, "equipment.add")
        return Both(
            label(COMPONENTS, kept.kind),
            _beside(kept, gettext("dikeluarkan dari alat")),
            None if kept.removed_at else kept.version,
        )

    return press(
        lambda tx, who: deeds.take_out(tx, who, text_of(form, "submission_id"), component_id, version),
        form,
        url_for("equipment.show", code=part.kit_code),
        both,
    )


def _beside(kept: Component, where: str) -> Rows:
    """Where a part is and how, as kept; and where a form would have it."""
    there = gettext("dikeluarkan dari alat") if kept.removed_at else kept.kit_code
    return compared([(gettext("Alat"), there, where), (gettext("Keadaan"), state_words(kept), state_words(kept))])
