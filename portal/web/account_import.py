"""Many accounts from one file: chosen, shown, kept whole or not at all, and the codes on slips shown this once."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for

from ..actions import account_file as deeds
from ..actions import sheets
from ..domain.account_file import COLUMNS, MOST_NEW, Preview
from ..domain.accounts import CLERK, LIAISON, ROLES, Account
from ..domain.place_files import STATUSES
from ..domain.problems import Conflict, Invalid, Problem, _
from ..storage import areas
from .door import deed, now, office, reading, sender, stop_reading, takes_file, writing
from .formats import label
from .forms import CountField, PortalForm, errors, text_of
from .language import gettext
from .list_changes import sections
from .pages import page
from .sent_files import ConfirmForm, sent_file, told_faults

routes = Blueprint("account_import", __name__, url_prefix="/accounts/import")

FIELDS = {
    "name": _("Nama"),
    "role": _("Peran"),
    "phone": _("Telepon"),
    "points": _("Titik layanan"),
    "places": _("Sekolah dan pesantren"),
}
EXAMPLE = (
    COLUMNS,
    ("ngoro2", "Siti Aminah", "petugas", "Ngoro", "0812-0000-0001"),
    ("pengganti1", "Budi Santoso", "petugas", "Ngoro, Pungging", ""),
    ("sman1ngoro", "Wakasek SMAN 1 Ngoro", "penghubung", "20502725", ""),
    ("pengawas2", "Dewi Lestari", "pengawas", "", ""),
)


@routes.route("/", methods=["GET", "POST"])
@deed("accounts.manage")
@takes_file
def bring() -> Any:
    """Choose a file; what it would do is shown before anything is kept."""
    problems: list[Problem] = []
    if request.method == "POST":
        name, content = sent_file()
        try:
            sheet, lists = sheets.read(name, content), office()
            with writing() as tx:
                preview = deeds.look(tx, sender(), lists, name, sheet)
            return _preview(sheet.token, name, preview)
        except Invalid as error:
            problems = error.problems
    return _choose(problems)


def _choose(problems: list[Problem]) -> Response:
    wrong = errors(problems, {"file"})
    return page(
        "account_import/choose.html",
        422 if problems else 200,
        sections=sections(),
        columns=COLUMNS,
        roles=[gettext(word) for word in ROLES.values()],
        most=MOST_NEW,
        errors=wrong.summary,
        wrong=wrong.by_field,
    )


def _preview(token: str, name: str, preview: Preview, status: int = 200, text: str = "") -> Response:
    """What the file would do: faults by row and column, or the tally with a button that does it."""
    faults = len(preview.problems)
    return page(
        "account_import/preview.html",
        422 if faults else status,
        token=token,
        name=name,
        form=PortalForm(),
        preview=preview,
        statuses=STATUSES,
        lines=[] if faults else _lines(preview),
        text=gettext(text) if text else "",
        **told_faults(preview.problems),
    )


def _lines(preview: Preview) -> list[dict[str, Any]]:
    """The rows of a file as people read them, with what each would change."""
    names = _area_names([line.record for line in preview.lines] + [line.kept for line in preview.lines if line.kept])
    return [
        {
            "row": line.row,
            "name": line.record.name,
            "username": line.record.username,
            "phone": line.record.phone,
            "status": line.status,
            "role": label(ROLES, line.record.role),
            "area": area_of(line.record, names),
            "changes": [
                (label(FIELDS, field), _value(field, old, names), _value(field, new, names))
                for field, (old, new) in line.changes.items()
            ],
        }
        for line in preview.lines
    ]


def _area_names(people: list[Account]) -> dict[str, str]:
    """Code → name of every point and of the schools that these people have."""
    codes = sorted({code for person in people for code in person.places})
    schools = {p.code: p.name for p in areas.places(reading(), codes=codes)} if codes else {}
    return {code: point.name for code, point in office().points.items()} | schools


def area_of(person: Account, names: dict[str, str]) -> str:
    """Somebody's area in words."""
    if person.role not in (CLERK, LIAISON):
        return gettext("seluruh kabupaten")
    return ", ".join(names.get(code, code) for code in sorted(person.points | person.places))


def _value(field: str, value: Any, names: dict[str, str]) -> str:
    if isinstance(value, frozenset):
        return ", ".join(names.get(code, code) for code in sorted(value)) or "–"
    return label(ROLES, value) if field == "role" else value or "–"


class CountedForm(ConfirmForm):
    """The preview that was seen, and how many codes it needs."""

    new = CountField()


@routes.post("/confirm")
@deed("accounts.manage")
def confirm() -> Any:
    """Do what the preview said; the answer is the slips with the one-time codes, shown this once."""
    form: Any = CountedForm(request.form)
    token, lists = text_of(form, "token"), office()
    try:
        if problems := form.unknown(request.form):
            raise Invalid(problems)
        made = deeds.codes(min(form.new.data or 0, MOST_NEW))
        given = text_of(form, "submission_id"), token, text_of(form, "seen"), made
        with writing() as tx:
            sent, slips = deeds.bring_in(tx, sender(), lists, *given)
    except Invalid as error:
        stop_reading()
        return _choose(error.problems)
    except Conflict as error:
        stop_reading()
        if not isinstance(error.kept, Preview):
            return redirect(url_for("account_import.bring"), 303)
        text = _("Daftar akun berubah sejak pratinjau dibuat. Periksa lagi sebelum menyimpan.")
        return _preview(token, "", error.kept, 409, text)
    if not slips:
        flash(gettext("Akun dari berkas ini tersimpan. Tanda terima %(receipt)s.", receipt=sent.receipt), "good")
        return redirect(url_for("accounts.index"), 303)
    names = _area_names([slip.record for slip in slips])
    return page(
        "account_import/slips.html",
        slips=[(s.record, s.code, label(ROLES, s.record.role), area_of(s.record, names)) for s in slips],
        receipt=sent.receipt,
        at=now(),
    )


@routes.get("/example.csv")
@deed("accounts.manage")
def example() -> Response:
    """A file with its headings and a row of each kind, as Excel in Indonesia opens it."""
    body = "\ufeff" + "".join(";".join(row) + "\r\n" for row in EXAMPLE)
    response = Response(body.encode(), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="contoh_akun.csv"'
    return response
