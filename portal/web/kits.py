"""A new kit from a template, and many kits from a file."""

from functools import cache
from typing import Any

from flask import Blueprint, request, url_for
from wtforms import StringField, TextAreaField

from ..actions import equipment as deeds
from ..actions import kit_file
from ..domain.equipment import COMPONENTS
from ..domain.kit_file import COLUMNS, Change
from ..domain.papers import Papers, plain_serial
from ..domain.problems import Invalid, Problem, _
from .asking import ask, nothing_asked, optional_day
from .door import deed, office, reading, sender, takes_file, typed
from .formats import label
from .forms import CountField, DayField, PortalForm, errors, text_of
from .language import gettext
from .pages import page, received
from .parts import NOT_RUPIAH

routes = Blueprint("kits", __name__, url_prefix="/kits")

EXAMPLE = (
    ("kode", "nama", "titik", "bagian", "seri", "dibeli", "harga", "garansi", "perlu_untuk"),
    ("KIT-NGO-2", "Alat Ngoro 2", "kec-35.16.05", "iris", "IR-20411", "01-10-2024", "32.000.000", "01-10-2026", ""),
    ("KIT-NGO-2", "", "", "printer", "PR-8830", "01-10-2024", "48.000.000", "01-10-2025", "cetak"),
)


@cache
def kit_form() -> type[PortalForm]:
    """The sheet of a new kit: what it is called, where it stands, and a row a part."""
    fields: dict[str, Any] = {
        "code": StringField(),
        "name": StringField(),
        "point": StringField(),
        "bought": DayField(),
        "warranty_until": DayField(),
    }
    for kind in COMPONENTS:
        fields[f"{kind}-has"] = StringField()
        fields[f"{kind}-serial"] = StringField()
        fields[f"{kind}-price_rp"] = CountField(COMPONENTS[kind])
    return type("KitForm", (PortalForm,), fields)


@routes.route("/new", methods=["GET", "POST"])
@deed("equipment.add")
def new() -> Any:
    """A kit from the template: all nine parts are there until one is taken off the list."""
    filled, lists = typed(), office()
    form: Any = kit_form()(filled, data={} if filled else {f"{kind}-has": "1" for kind in COMPONENTS})
    status, problems = nothing_asked()
    if request.method == "POST":
        papers, problems = _papers(form)
        code, name, point = text_of(form, "code").upper(), text_of(form, "name"), text_of(form, "point")
        sent, status, problems, _kept = ask(
            lambda tx, who: deeds.register(tx, who, lists, text_of(form, "submission_id"), code, name, point, papers),
            form,
            problems,
        )
        if sent is not None:
            return received(sent, url_for("equipment.show", code=sent.object_id))
        problems = [_at_the_box(p) for p in problems]
    wrong = errors(problems, {f.name for f in form} | {"kinds"})
    return page(
        "kits/new.html",
        status,
        form=form,
        kinds=[(kind, gettext(word)) for kind, word in COMPONENTS.items()],
        points=[(code, point.name) for code, point in lists.points.items()],
        errors=wrong.summary,
        wrong=wrong.by_field,
    )


def _papers(form: Any) -> tuple[dict[str, Papers], list[Problem]]:
    problems = [*form.unknown(request.form), *optional_day(form.bought, "bought")]
    problems += optional_day(form.warranty_until, "warranty_until")
    papers = {}
    for kind in COMPONENTS:
        price = form[f"{kind}-price_rp"]
        if form[f"{kind}-has"].data != "1":
            continue
        if price.unreadable:
            problems.append(Problem(f"{kind}-price_rp", NOT_RUPIAH))
        serial = plain_serial(form[f"{kind}-serial"].data or "")
        papers[kind] = Papers(serial, form.bought.data, price.data, form.warranty_until.data)
    return papers, problems


def _at_the_box(problem: Problem) -> Problem:
    """A problem of the days of one part stands at the one box that is meant for all."""
    _kind, _dash, field = problem.field.partition("-")
    return Problem(field, problem.text, problem.values) if field in ("bought", "warranty_until") else problem


class FileForm(PortalForm):
    """A list of kits: chosen as a file, or carried along from the page that showed it."""

    content = TextAreaField()
    step = StringField()


@routes.route("/import", methods=["GET", "POST"])
@deed("equipment.add")
@takes_file
def take_in() -> Any:
    """A list of kits from a file: shown first, then kept whole or not at all."""
    form: Any = FileForm(request.form if request.method == "POST" else None)
    status, problems = nothing_asked()
    change = None
    if request.method == "POST":
        try:
            rows = _rows(form)
            form.content.data = kit_file.as_text(rows)
            if form.step.data == "keep":
                sent, status, problems, _kept = ask(
                    lambda tx, who: kit_file.take_in(tx, who, office(), text_of(form, "submission_id"), rows), form, []
                )
                if sent is not None:
                    return received(sent, url_for("equipment.index"))
            else:
                change = kit_file.preview(reading(), sender(), office(), rows)
        except Invalid as error:
            status, problems = 422, list(error.problems)
    listed = errors(Problem("", p.text, p.values) for p in problems).summary
    return page(
        "kits/take_in.html",
        status,
        form=form,
        change=_shown(change) if change else None,
        columns=[(name, gettext(word)) for name, word in COLUMNS.items()],
        example="\n".join(";".join(cells) for cells in EXAMPLE),
        kinds=", ".join(COMPONENTS),
        errors=listed,
    )


PASTED = "tempelan.csv"
"""As what pasted text is read."""


def _rows(form: Any) -> list[list[str]]:
    """The rows of the file that was chosen (xlsx or csv), or of the text that was pasted or carried along."""
    file = request.files.get("file")
    if file is not None and file.filename:
        return kit_file.rows_of(file.filename, file.read())
    text = form.content.data or ""
    if not text.strip():
        raise Invalid([Problem("file", _("Pilih berkas xlsx atau csv, atau tempel isinya."))])
    return kit_file.rows_of(PASTED, text.encode())


def _shown(change: Change) -> dict[str, Any]:
    """What a file would change, in lines to read before saying yes."""
    names = office().points
    return {
        "kits": [
            {
                "code": code,
                "name": next((x.kit_name for x in lines if x.kit_name), ""),
                "point": next((names[x.point_code].name for x in lines if x.point_code in names), ""),
                "parts": ", ".join(label(COMPONENTS, x.kind) for x in lines),
            }
            for code, lines in change.new_kits.items()
        ],
        "parts": [(x.kit_code, label(COMPONENTS, x.kind), x.papers.serial) for x in change.new_parts],
        "papers": [(x.kit_code, label(COMPONENTS, x.kind), x.papers.serial) for x, _part in change.new_papers],
        "same": change.same,
        "nothing": not (change.new_kits or change.new_parts or change.new_papers),
    }
