"""A file of places and their lists in the browser: chosen, shown with what it would do, then brought in or not."""

from typing import Any

from flask import Response, redirect, request, url_for

from ..actions import places as deeds
from ..actions import sheets
from ..domain.place_files import COLUMNS, STATUSES, Preview
from ..domain.problems import Conflict, Invalid, Problem, _
from .door import deed, office, sender, takes_file, writing
from .forms import PortalForm, errors, text_of
from .language import gettext
from .pages import page, received
from .places import routes
from .sent_files import ConfirmForm, sent_file, told_faults


@routes.route("/import", methods=["GET", "POST"])
@deed("places.import")
@takes_file
def bring() -> Any:
    """Choose a file; what it would do is shown before anything is kept."""
    problems: list[Problem] = []
    if request.method == "POST":
        name, content = sent_file()
        try:
            sheet = sheets.read(name, content)
            lists = office()
            with writing() as tx:
                preview = deeds.look(tx, sender(), lists, name, sheet)
            return _preview(sheet.token, name, preview, PortalForm())
        except Invalid as error:
            problems = error.problems
    return _choose(problems)


def _choose(problems: list[Problem]) -> Response:
    wrong = errors(problems, {"file"})
    return page(
        "places/import.html",
        422 if problems else 200,
        columns=list(COLUMNS.values()),
        errors=wrong.summary,
        wrong=wrong.by_field,
    )


def _preview(token: str, name: str, preview: Preview, form: Any, status: int = 200, text: str = "") -> Response:
    """What the file would do: faults by row and column, or the tally with a button that does it."""
    return page(
        "places/preview.html",
        422 if preview.problems else status,
        token=token,
        name=name,
        preview=preview,
        form=form,
        statuses=STATUSES,
        fields=COLUMNS,
        text=gettext(text) if text else "",
        **told_faults(preview.problems),
    )


@routes.post("/import/confirm")
@deed("places.import")
def confirm() -> Any:
    """Do what the preview said, all of it or nothing."""
    form: Any = ConfirmForm(request.form)
    token = text_of(form, "token")
    seen, lists = text_of(form, "seen"), office()
    try:
        if problems := form.unknown(request.form):
            raise Invalid(problems)
        with writing() as tx:
            sent = deeds.bring_in(tx, sender(), lists, text_of(form, "submission_id"), token, seen)
        return received(sent, url_for("places.index"))
    except Invalid as error:
        wrong = errors(error.problems, {"file"})
        return page(
            "places/import.html", 422, columns=list(COLUMNS.values()), errors=wrong.summary, wrong=wrong.by_field
        )
    except Conflict as error:
        if not isinstance(error.kept, Preview):
            return redirect(url_for("places.bring"), 303)
        text = _("Data berubah sejak pratinjau dibuat. Periksa lagi sebelum menyimpan.")
        return _preview(token, "", error.kept, PortalForm(), 409, text)


@routes.get("/import/example.csv")
@deed("places.import")
def example() -> Response:
    """The blank file with its headings and one example row, as Excel in Indonesia opens it."""
    row = {
        "npsn": "20502725",
        "name": "SMAN 1 Ngoro",
        "kind": "sekolah",
        "level": "SMA",
        "kecamatan_code": "35.16.05",
        "kecamatan": "Ngoro",
        "as_of": "2024-10-01",
        "grown": "60",
        "priority": "40",
        "later": "20",
        "source": "Daftar siswa sekolah",
    }
    lines = [";".join(COLUMNS.values()), ";".join(row.get(name, "") for name in COLUMNS)]
    body = "\ufeff" + "".join(line + "\r\n" for line in lines)
    response = Response(body.encode(), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="contoh_tempat_sasaran.csv"'
    return response
