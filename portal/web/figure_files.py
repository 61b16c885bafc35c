"""A sheet of published figures in the browser: described, shown row by row, then kept whole or not at all."""

from typing import Any

from flask import Response, redirect, request, url_for
from wtforms import StringField, TextAreaField

from ..actions import figure_files as deeds
from ..actions import sheets
from ..actions.figures import elections
from ..domain.figure_files import EMPTY, Preview
from ..domain.figure_sheets import SHEETS, SIAK
from ..domain.figures import KINDS, SEXES, kind_of
from ..domain.place_files import CHANGED, NEW, SAME, STATUSES
from ..domain.problems import OTHER_BODY, Conflict, Invalid, Problem, Unknown, _
from .door import deed, office, reading, sender, takes_file, typed, writing
from .figures import area_name, election_names, routes
from .formats import label
from .forms import DayField, PortalForm, errors, merged, text_of
from .language import gettext
from .pages import page, received
from .sent_files import ConfirmForm, sent_file, told_faults

SHOWN_NOTES = 50


class SheetForm(PortalForm):
    """What is said of a file: what it holds, of which day, and who published it."""

    sheet = StringField()
    as_of = DayField()
    election = StringField()
    source = StringField()


@routes.route("/import", methods=["GET", "POST"])
@deed("figures.write")
@takes_file
def bring() -> Any:
    """Choose a file and say what it is; what it would do is shown before anything is kept."""
    form: Any = SheetForm(typed(), data={"sheet": SIAK})
    problems: list[Problem] = []
    if request.method == "POST":
        lists = office()
        name, content = sent_file()
        said = (text_of(form, "sheet"), form.as_of.data, text_of(form, "source"), text_of(form, "election"))
        problems = [*form.unknown(request.form), *deeds.unsaid(reading(), sender(), lists, *said)]
        try:
            sheet = sheets.read(name, content)
            with writing() as tx:
                token, preview = deeds.look(tx, sender(), lists, name, sheet, *said)
                if problems:
                    raise Invalid(problems)
            return _preview(token, name, preview, ReasonedForm())
        except Invalid as error:
            problems = merged(problems, error.problems)
    return _choose(form, problems)


def _choose(form: Any, problems: list[Problem]) -> Response:
    lists = office()
    wrong = errors(problems, {f.name for f in form} | {"file"})
    return page(
        "figures/import.html",
        422 if problems else 200,
        form=form,
        sheets=[(code, gettext(text)) for code, text in SHEETS.items()],
        elections=election_names(elections(reading(), lists), lists),
        errors=wrong.summary,
        wrong=wrong.by_field,
    )


class ReasonedForm(ConfirmForm):
    """The preview that was seen, and why figures are asked about or change."""

    reason = TextAreaField()


def metric_name(metric: str) -> str:
    """*Wajib KTP, laki-laki*."""
    kind, ending = kind_of(metric)
    return f"{label(KINDS, kind)}, {gettext(SEXES[ending]).lower()}" if ending else label(KINDS, kind)


def _preview(
    token: str, name: str, preview: Preview, form: Any, status: int = 200, text: str = "", wrong: str = ""
) -> Response:
    """What the file would do: faults by row and column, or the tally with a button that does it."""
    faults = told_faults(preview.problems)
    if wrong and not preview.problems:
        faults["errors"] = [("reason", wrong)]
    lists = office()
    said = preview.said
    return page(
        "figures/preview.html",
        422 if preview.problems or wrong else status,
        token=token,
        name=name,
        preview=preview,
        form=form,
        notes=preview.notes[:SHOWN_NOTES],
        sheets=SHEETS,
        election=dict(election_names([said.election], lists))[said.election] if said.election else "",
        kinds=list(dict.fromkeys(kind_of(metric)[0] for metric in preview.metrics)),
        kind_names=KINDS,
        statuses={**STATUSES, EMPTY: _("Kosong")},
        status_kinds={NEW: "good", CHANGED: "attention", SAME: "unknown"},
        area_name=area_name,
        metric_name=metric_name,
        text=text,
        reason_error=wrong,
        **faults,
    )


@routes.post("/import/confirm")
@deed("figures.write")
def confirm() -> Any:
    """Do what the preview said, all of it or nothing."""
    form: Any = ReasonedForm(request.form)
    token, reason = text_of(form, "token"), text_of(form, "reason")
    seen = text_of(form, "seen")
    try:
        if problems := form.unknown(request.form):
            raise Invalid(problems)
        with writing() as tx:
            sent = deeds.bring_in(tx, sender(), text_of(form, "submission_id"), token, seen, reason)
        return received(sent, url_for("figures.index", area="kecamatan"))
    except Unknown:
        text = _("Berkas ini sudah disimpan atau diganti berkas lain. Kirim berkasnya lagi.")
        return _choose(SheetForm(data={"sheet": SIAK}), [Problem("file", text)])
    except Invalid as error:
        waiting = deeds.waiting(reading(), sender(), token)
        unsaid = errors(error.problems).by_field.get("reason", "")
        if waiting is None or not unsaid:
            return _choose(SheetForm(data={"sheet": SIAK}), error.problems)
        return _preview(token, *waiting, form, wrong=unsaid)
    except Conflict as error:
        if error.why == OTHER_BODY or not isinstance(error.kept, Preview):
            return redirect(url_for("figures.bring"), 303)
        text = gettext("Data berubah sejak pratinjau dibuat. Periksa lagi sebelum menyimpan.")
        again = ReasonedForm(data={"reason": reason})
        return _preview(token, "", error.kept, again, 409, text)


@routes.get("/import/example.csv")
@deed("figures.write")
def example() -> Response:
    """A blank SIAK sheet with its headings and one example row, as Excel in Indonesia opens it."""
    groups = ("WKTP", "REKAM", "BLM_REKAM")
    headings = ["KODE", "NAMA", *(f"{group}_{sex}" for group in groups for sex in ("L", "P", "JML"))]
    row = ["35.16.05", "Ngoro", "100", "102", "202", "90", "92", "182", "10", "10", "20"]
    body = "\ufeff" + "".join(";".join(line) + "\r\n" for line in (headings, row))
    response = Response(body.encode(), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="contoh_agregat_siak.csv"'
    return response
