"""The office's own numbers, and its name on paper: one page, one form."""

import uuid
from functools import cache
from typing import Any

from flask import Blueprint, request, url_for
from wtforms import HiddenField, StringField

from ..actions import settings as deeds
from ..domain.identity import FIELDS, tidy
from ..domain.limits import LIMIT, LIMITS
from ..domain.problems import Conflict, Invalid, Problem, _
from ..storage import ledger
from . import history
from .door import deed, office, reading, sender, typed, writing
from .formats import number
from .forms import NOT_A_NUMBER, CountField, PortalForm, errors, merged, text_of
from .language import gettext
from .list_changes import sections
from .pages import page, received

routes = Blueprint("settings", __name__, url_prefix="/settings")

HINTS = {
    "address": _("Tercetak di bawah kop surat."),
    "place": _("Tercetak sebelum tanggal surat."),
    "signer_title": _("Misalnya Kepala Dinas atau a.n. Kepala Dinas."),
    "signer_nip": _("18 angka; boleh dengan spasi."),
}
CHANGED = _("Pengaturan ini baru saja diubah orang lain. Bandingkan dengan yang tersimpan, lalu kirim lagi.")


@cache
def settings_form() -> type[PortalForm]:
    """A box for every limit and every line of the identity."""
    fields: dict[str, Any] = {name: CountField(limit.label) for name, limit in LIMIT.items()}
    fields |= {name: StringField(text) for name, text in FIELDS.items()}
    return type("SettingsForm", (PortalForm,), fields | {"seen": HiddenField()})


@routes.route("/", methods=["GET", "POST"])
@deed("settings.write")
def index() -> Any:
    """Every limit with its bounds and the source of its default, and who signs the office's letters."""
    kept = deeds.standing(reading())
    stored = {name: getattr(kept.identity, name) for name in FIELDS}
    form: Any = settings_form()(typed(), data={"seen": kept.mark, **kept.limits, **stored})
    status, problems, theirs = 200, [], None
    if request.method == "POST":
        status = 422
        limits = {name: form[name].data for name in LIMIT}
        wanted = tidy({name: text_of(form, name) for name in FIELDS})
        problems = [*form.unknown(request.form), *form.unreadable(NOT_A_NUMBER)]
        try:
            if problems:
                raise Invalid(merged(problems, deeds.problems_of(limits, wanted)))
            with writing() as tx:
                sent = deeds.change(tx, sender(), text_of(form, "submission_id"), form.seen.data or "", limits, wanted)
            return received(sent, url_for("settings.index"))
        except Invalid as error:
            problems = error.problems
        except Conflict as error:
            status, problems = 409, [Problem("", CHANGED)]
            form.submission_id.data = str(uuid.uuid4())
            if isinstance(error.kept, deeds.Standing):
                theirs = error.kept
                form.seen.data = theirs.mark
    shown = errors(problems, {f.name for f in form})
    return page(
        "settings/index.html",
        status,
        sections=sections(),
        form=form,
        limits=LIMITS,
        fields=FIELDS,
        hints=HINTS,
        differing=_differing(theirs, form) if theirs else [],
        stale=status == 409,
        past=history.lines(ledger.history(reading(), deeds.KIND, deeds.OBJECT), office()),
        errors=shown.summary,
        wrong=shown.by_field,
    )


def _differing(theirs: deeds.Standing, form: Any) -> list[tuple[str, str, str, bool]]:
    """(setting, as kept, as typed, True) where the two differ."""
    rows = []
    for name, limit in LIMIT.items():
        if theirs.limits[name] != form[name].data:
            rows.append((gettext(limit.label), number(theirs.limits[name]), form[name].text or "–", True))
    for name, text in FIELDS.items():
        kept = getattr(theirs.identity, name)
        if kept != text_of(form, name):
            rows.append((gettext(text), kept or "–", text_of(form, name) or "–", True))
    return rows
