"""Who called which office: one press on *Hari ini*, or with what was said on the office's own page."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, request, url_for
from wtforms import StringField, TextAreaField

from ..actions import contacts as deeds
from ..domain.areas import ServicePoint
from ..domain.contacts import WAYS, WHATSAPP
from ..domain.problems import Conflict, Invalid, Problem, Unknown
from ..domain.submissions import Submission
from ..storage import accounts, contacts
from .asking import compared, conflict_page
from .door import account, deed, now, office, reading, sender, typed, writing
from .formats import label
from .forms import SENT_BEFORE, PortalForm, errors, text_of
from .language import gettext
from .pages import page, received

routes = Blueprint("contacts", __name__, url_prefix="/contacts")

CALLED_WITHIN = 30
"""Days within which an office without a report since still counts as called."""


class ContactForm(PortalForm):
    """How an office was reached, and what was said."""

    how = StringField()
    note = TextAreaField()
    back = StringField()


def _point(code: str) -> ServicePoint:
    point = office().points.get(code)
    if point is None:
        raise Unknown(code)
    return point


@routes.get("/<code>")
@deed("contacts.see")
def show(code: str) -> Response:
    """Everybody who called an office lately, and a form for the next call."""
    return _page(_point(code), ContactForm(typed(), data={"how": WHATSAPP}), [], 200)


@routes.post("/<code>")
@deed("contacts.write")
def note(code: str) -> Any:
    """Note a call. From *Hari ini* it is one press, and leads back there."""
    point = _point(code)
    form: Any = ContactForm(request.form)
    try:
        if problems := form.unknown(request.form):
            raise Invalid(problems)
        with writing() as tx:
            sent = deeds.note(
                tx,
                sender(),
                office(),
                text_of(form, "submission_id"),
                code,
                text_of(form, "how"),
                text_of(form, "note"),
            )
    except Invalid as error:
        return _page(point, form, error.problems, 422)
    except Conflict as error:
        return _used(point, form, error.kept)
    here = url_for("contacts.show", code=code)
    return received(sent, url_for("today.home", _anchor="silent") if text_of(form, "back") == "today" else here)


def _used(point: ServicePoint, form: Any, before: Submission) -> Response:
    """What the same form said before, beside what it says now; both can be noted."""
    noted = next((one for one in contacts.of_point(reading(), point.code) if one.at == before.at), None)
    form.submission_id.data = str(uuid.uuid4())
    return conflict_page(
        gettext("Menghubungi %(point)s", point=point.name),
        "",
        compared(
            [
                (
                    gettext("Dihubungi lewat"),
                    label(WAYS, noted.how) if noted else "",
                    label(WAYS, text_of(form, "how")),
                ),
                (gettext("Yang dikatakan"), noted.note if noted else "", text_of(form, "note")),
            ]
        ),
        form,
        told=gettext(SENT_BEFORE),
        caption=gettext("Yang tersimpan dan yang Anda kirim"),
        action=request.path,
        again=gettext("Tetap kirim"),
        keep=url_for("contacts.show", code=point.code),
    )


def _page(point: ServicePoint, form: Any, problems: list[Problem], status: int) -> Response:
    shown = errors(problems, {"how", "note"})
    caller = accounts.clerks_of(reading(), {point.code}).get(point.code)
    return page(
        "contacts/show.html",
        status,
        point=point,
        caller_account=caller,
        past=contacts.of_point(reading(), point.code),
        ways=WAYS,
        choices=[(code, gettext(text)) for code, text in WAYS.items()],
        form=form,
        may_write=account().may(deeds.DEED),
        errors=shown.summary,
        wrong=shown.by_field,
    )


def calls(silent: Mapping[str, Sequence[date]]) -> list[dict[str, Any]]:
    """Whom to call about reports that never came: who owes most first, and last those somebody called already.

    ``silent`` is point → the days that are missing.
    """
    lists, since = office(), now() - timedelta(days=CALLED_WITHIN)
    clerks = accounts.clerks_of(reading(), silent)
    called = contacts.latest(reading(), since)
    found = [
        {
            "code": code,
            "point": lists.points[code],
            "days": sorted(missing),
            "caller": clerks.get(code),
            "contact": called.get(code),
        }
        for code, missing in silent.items()
    ]
    return sorted(found, key=lambda line: (line["contact"] is not None, -len(line["days"]), line["code"]))
