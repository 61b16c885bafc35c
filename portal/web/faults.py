"""A fault told from a phone in three taps, and seen to until the part works again."""

from typing import Any

from flask import Blueprint, Response, request, url_for
from msgspec.structs import replace
from wtforms import StringField, TextAreaField

from ..actions import equipment as status_deeds
from ..actions import faults as deeds
from ..domain.accounts import Foreign, require
from ..domain.calendar import office_day
from ..domain.equipment import ATTENTION, BROKEN, COMPONENTS, MISSING, REASONS, STATUSES, Component, Kit
from ..domain.faults import EXAMINED, FAULT_STATES, NEXT, SENT, Fault, Step
from ..domain.problems import Problem, Unknown, _
from ..domain.texts import read_count
from ..storage import accounts, equipment, faults
from .asking import Rows, ask, compared, optional_day, sections
from .door import account, deed, now, reading, typed
from .equipment import STATUS_KIND, own_kit, own_kits, part_words, state_words
from .formats import label, moment, number, plain_day, short_day
from .forms import CountField, DayField, PortalForm, errors, text_of
from .language import gettext
from .pages import page, received

routes = Blueprint("faults", __name__, url_prefix="/faults")

TOLD = (BROKEN, ATTENTION, MISSING)
STATE_KIND = {"reported": "bad", "examined": "attention", "sent": "attention", "repaired": "good", "back": "good"}
CLOSED_SHOWN = 20
BACK_NOT_WORKING = _("Kembali, belum bekerja")
CHANGED = _("Ubah penanggung jawab, tanggal atau biaya")


class ReportForm(PortalForm):
    """Which part, what is wrong with it, and a word about it."""

    part = StringField()
    trouble = StringField()
    note = TextAreaField()


class StepForm(PortalForm):
    """What happens to a fault now."""

    state = StringField()
    owner_id = StringField()
    due = DayField()
    parts = StringField()
    cost_rp = CountField()
    warranty = StringField()
    note = TextAreaField()


def line(fault: Fault) -> dict[str, Any]:
    """A fault as a list shows it."""
    today = office_day(now())
    late = fault.overdue(today)
    meta = [gettext("sejak %(day)s", day=short_day(office_day(fault.opened_at)))]
    if fault.owner:
        meta.append(fault.owner)
    if fault.due:
        meta.append(gettext("selesai %(day)s", day=short_day(fault.due)))
    return {
        "what": f"{label(COMPONENTS, fault.component_kind)} – {fault.kit_code}",
        "meta": " · ".join(meta),
        "href": url_for("faults.show", fault_id=fault.id),
        "kind": "bad" if late else STATE_KIND[fault.state],
        "word": gettext("lewat tanggal") if late else label(FAULT_STATES, fault.state),
    }


@routes.get("/")
@deed("equipment.see")
def index() -> Response:
    """Faults that wait, the oldest first, and those closed lately."""
    codes = None if account().sees_district else [kit.code for kit in own_kits()]
    waiting = faults.waiting(reading(), codes)
    closed = faults.closed(reading(), CLOSED_SHOWN, codes)
    return page(
        "faults/index.html",
        waiting=[line(f) for f in waiting],
        late=sum(f.overdue(office_day(now())) for f in waiting),
        closed=[line(f) for f in closed],
        sections=sections(),
        may_write=account().may("equipment.write"),
    )


@routes.route("/new", methods=["GET", "POST"])
@deed("equipment.write")
def new() -> Any:
    """Tell a fault: the part, what is wrong, send."""
    kits = own_kits()
    chosen = request.args.get("kit", "")
    shown_kits = [k for k in kits if k.code == chosen] or (kits if len(kits) <= 3 else [])
    form: Any = ReportForm(typed(), data={"part": request.args.get("part", "")})
    problems: list[Problem] = []
    rows: Rows = []
    status = 200
    if request.method == "POST":
        kit, part, version = _told(form.part.data or "")
        state, _dot, reason = (form.trouble.data or "").partition(".")
        problems = form.unknown(request.form)
        if part is None or kit is None:
            problems.append(Problem("part", _("Pilih bagian yang rusak.")))
        if state not in TOLD or reason not in REASONS[state]:
            problems.append(Problem("trouble", _("Pilih apa yang terjadi.")))
        sent, status, problems, kept = ask(
            lambda tx, who: status_deeds.set_status(
                tx,
                who,
                text_of(form, "submission_id"),
                kit.code if kit else "",
                part.kind if part else "",
                version,
                state,
                reason,
                form.note.data or "",
            ),
            form,
            problems,
        )
        if sent is not None and kit is not None:
            return received(sent, url_for("equipment.show", code=kit.code))
        if kit is not None:
            shown_kits = [k for k in own_kits() if k.code == kit.code]
        if isinstance(kept, Component):
            form.part.data = f"{kept.id}.{kept.version}"
        if status == 409 and kit is not None and part is not None:
            now_so = next(c for c in own_kit(kit.code, "equipment.write").components if c.kind == part.kind)
            told = replace(now_so, status=state, reason=reason)
            rows = compared(
                [
                    (label(COMPONENTS, part.kind), state_words(now_so), state_words(told)),
                    (gettext("Catatan"), now_so.note, text_of(form, "note")),
                ]
            )
    wrong = errors(problems, {f.name for f in form})
    return page(
        "faults/new.html",
        status,
        rows=rows,
        form=form,
        kits=[(k, [(f"{c.id}.{c.version}", *_choice(c)) for c in k.components]) for k in shown_kits],
        all_kits=kits if not shown_kits else [],
        troubles=[
            (f"{state}.{reason}", _trouble(label(STATUSES, state), gettext(word)))
            for state in TOLD
            for reason, word in REASONS[state].items()
        ],
        errors=wrong.summary,
        wrong=wrong.by_field,
    )


def _trouble(status: str, reason: str) -> str:
    """What happened, as one choice; said once where status and reason are the same word."""
    return status if status == reason else f"{status}: {reason.lower()}"


def _choice(part: Component) -> tuple[str, str]:
    """A part to choose, with its state beside it when it is not simply good."""
    return label(COMPONENTS, part.kind), "" if part.status == "good" else label(STATUSES, part.status)


def _told(text: str) -> tuple[Kit | None, Component | None, int]:
    """The kit and part that ``<id>.<version>`` names, of those the reader looks after, and that version."""
    number_text, _dot, version = text.partition(".")
    wanted, seen = read_count(number_text), read_count(version)
    if wanted is None or seen is None or wanted > 2**31 - 1:
        return None, None, 0
    part = equipment.part(reading(), wanted)
    if part is None or part.removed_at is not None:
        return None, None, 0
    return own_kit(part.kit_code, "equipment.write"), part, seen


def _fault(fault_id: int, deed_name: str) -> tuple[Fault, Component, Kit]:
    kept = faults.find(reading(), fault_id)
    part = equipment.part(reading(), kept.component_id) if kept else None
    kit = equipment.find(reading(), kept.kit_code) if kept else None
    if kept is None or part is None or kit is None:
        raise Unknown(fault_id)
    require(account(), deed_name)
    if not status_deeds.looks_after(account(), kit, office_day(now())):
        raise Foreign(str(fault_id), deed_name)
    return kept, part, kit


@routes.route("/<int(max=2147483647):fault_id>", methods=["GET", "POST"])
@deed("equipment.see")
def show(fault_id: int) -> Any:
    """One fault: where it stands, each step so far, and the next one."""
    if request.method == "POST":
        return _step(fault_id)
    kept, part, kit = _fault(fault_id, "equipment.see")
    return _page(kept, part, kit, _form(kept), 200, [])


def _step(fault_id: int) -> Any:
    require(account(), "equipment.write")
    kept, part, kit = _fault(fault_id, "equipment.write")
    form = _form(kept)
    owner = text_of(form, "owner_id")
    problems = [*form.unknown(request.form), *form.unreadable(_("Isi dengan bilangan bulat, misalnya 250.000."))]
    problems += optional_day(form.due, "due")
    owner_id = read_count(owner) if owner else None
    if owner and (owner_id is None or owner_id > 2**31 - 1):
        problems.append(Problem("owner_id", _("Pilih penanggung jawab dari daftar.")))
    said = Step(
        text_of(form, "state"),
        text_of(form, "note"),
        owner_id,
        form.due.data,
        text_of(form, "parts"),
        form.cost_rp.data,
        form.warranty.data == "1",
    )
    sent, status, problems, _kept = ask(
        lambda tx, who: deeds.step(tx, who, text_of(form, "submission_id"), fault_id, form.version.data or 0, said),
        form,
        problems,
    )
    if sent is not None:
        return received(sent, url_for("faults.show", fault_id=fault_id))
    kept, part, kit = _fault(fault_id, "equipment.write")
    return _page(kept, part, kit, form, status, problems, _both(kept, form) if status == 409 else [])


def _form(kept: Fault) -> Any:
    filled = typed()
    return StepForm(
        filled,
        data={
            "version": kept.version,
            "owner_id": str(kept.owner_id or ""),
            "due": kept.due,
            "parts": kept.parts,
            "cost_rp": kept.cost_rp,
            "warranty": "1" if kept.warranty and filled is None else "",
        },
    )


def _both(kept: Fault, form: Any) -> Rows:
    """A fault as kept and the step as typed, line by line."""
    owner, cost = text_of(form, "owner_id"), form.cost_rp
    names = {str(a.id): a.name for a in accounts.everyone(reading())}
    newest = next(iter(faults.steps(reading(), kept.id)), None)
    yes = gettext("ya")
    return compared(
        [
            (gettext("Keadaan"), label(FAULT_STATES, kept.state), label(FAULT_STATES, text_of(form, "state"))),
            (gettext("Penanggung jawab"), kept.owner, names.get(owner, owner)),
            (gettext("Selesai paling lambat"), kept.due.isoformat() if kept.due else "", form.due.text),
            (gettext("Suku cadang"), kept.parts, text_of(form, "parts")),
            (
                gettext("Biaya"),
                _rupiah(kept.cost_rp),
                _rupiah(cost.data) if cost.data is not None else cost.text or "–",
            ),
            (gettext("Garansi"), yes if kept.warranty else "", yes if form.warranty.data == "1" else ""),
            (gettext("Catatan"), newest.note if newest else "", text_of(form, "note")),
        ]
    )


def _page(
    kept: Fault,
    part: Component,
    kit: Kit,
    form: Any,
    status: int,
    problems: list[Problem],
    rows: Rows | None = None,
) -> Response:
    wrong = errors(problems, {f.name for f in form})
    owners = _owners(kept, kit) if kept.open and account().may("equipment.write") else []
    if form.owner_id.data not in {"", *(number for number, _name in owners)}:
        form.owner_id.data = str(kept.owner_id or "")  # a list without the one that is chosen would say: nobody
    return page(
        "faults/show.html",
        status,
        fault=kept,
        rows=rows or [],
        part=part,
        kit=kit,
        name=label(COMPONENTS, part.kind),
        state=(STATE_KIND[kept.state], label(FAULT_STATES, kept.state)),
        part_state=(STATUS_KIND.get(part.status, "unknown"), part_words(part)),
        facts=_facts(kept, part),
        steps=[{"when": moment(s.at), "who": s.by, "text": _said(s)} for s in faults.steps(reading(), kept.id)],
        choices=[(state, _choice_words(kept.state, state)) for state in NEXT[kept.state]],
        owners=owners,
        form=form,
        may_write=kept.open and account().may("equipment.write"),
        errors=wrong.summary,
        wrong=wrong.by_field,
    )


def _owners(kept: Fault, kit: Kit) -> list[tuple[str, str]]:
    """Who may see to a fault: those who look after the kit, and who sees to it now even if that one no longer does."""
    today = office_day(now())
    found = [(str(a.id), a.name) for a in accounts.everyone(reading()) if deeds.minds(a, kit, today)]
    if kept.owner_id is not None and str(kept.owner_id) not in dict(found):
        found.append((str(kept.owner_id), gettext("%(name)s (tidak lagi mengurus alat ini)", name=kept.owner)))
    return found


def _choice_words(now_state: str, state: str) -> str:
    if now_state == state:
        return gettext(CHANGED)
    return gettext(BACK_NOT_WORKING) if (now_state, state) == (SENT, EXAMINED) else label(FAULT_STATES, state)


def _rupiah(cost: int | None) -> str:
    return f"Rp{number(cost)}" if cost is not None else "–"


def _facts(kept: Fault, part: Component) -> list[tuple[str, str]]:
    found = [
        (gettext("Dilaporkan"), f"{moment(kept.opened_at)}, {kept.by}"),
        (gettext("Penanggung jawab"), kept.owner or "–"),
        (gettext("Selesai paling lambat"), plain_day(kept.due)),
        (gettext("Suku cadang"), kept.parts or "–"),
        (gettext("Biaya"), gettext("garansi") if kept.warranty else _rupiah(kept.cost_rp)),
    ]
    if part.warranty_until:
        found.append((gettext("Garansi sampai"), plain_day(part.warranty_until)))
    if kept.closed_at:
        found.append((gettext("Selesai"), moment(kept.closed_at)))
    return found


def _said(said: Step) -> str:
    words = [label(FAULT_STATES, said.state)]
    if said.owner:
        words.append(said.owner)
    if said.due:
        words.append(gettext("selesai %(day)s", day=short_day(said.due)))
    if said.parts:
        words.append(said.parts)
    if said.warranty:
        words.append(gettext("garansi"))
    elif said.cost_rp is not None:
        words.append(_rupiah(said.cost_rp))
    if said.note:
        words.append(said.note)
    return " · ".join(words)
