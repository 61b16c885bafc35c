"""What the pages of the settings share: their tabs, words that are kept only when their effect on the past is known,
and taking such a word back."""

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, Response, request, url_for
from wtforms import StringField, TextAreaField

from ..actions import lists as deeds
from ..domain.areas import NO_HUB, Office, ServicePoint
from ..domain.lists import CAPABILITIES, HOURS, HUB, SEAT, Change, HubEffect, Word, read_hours
from ..domain.problems import STALE, Conflict, Invalid, Problem, Unknown, _
from ..domain.schedule import AltersPast
from ..domain.submissions import Submission
from ..storage.database import Tx
from .calendar import UNSAID
from .calendar import confirm as confirm_states
from .door import account, deed, office, reading, sender, stop_reading, typed, writing
from .formats import label, plain_day
from .forms import DayField, PortalForm, errors, text_of
from .language import gettext
from .pages import page, received
from .summary import hub_name

routes = Blueprint("list_changes", __name__, url_prefix="/settings/changes")

SECTIONS = (
    ("settings.index", "settings.write", _("Batas dan kop")),
    ("deadlines.index", "settings.write", _("Batas lapor")),
    ("hubs.index", "settings.write", _("Hub")),
    ("points.index", "settings.write", _("Titik layanan")),
    ("elections.index", "settings.write", _("Pemilihan")),
    ("account_import.bring", "accounts.manage", _("Akun massal")),
)
FASTER = _("Orang lain baru saja mengubahnya. Isian Anda belum tersimpan: bandingkan, lalu kirim lagi.")
SENT_ALREADY = _("Formulir ini sudah dikirim dengan isi lain. Muat ulang halaman, lalu isi lagi.")


class WordForm(PortalForm):
    """From which day on what holds, and who says so; with what the form showed, and the effect that was seen."""

    valid_from = DayField()
    value = StringField()
    reason = TextAreaField()
    drawn = StringField()
    seen = StringField()
    back = StringField()


def sections() -> list[tuple[str, str, bool]]:
    """The tabs of the settings: (word, address, whether it is this page)."""
    return [
        (gettext(word), url_for(endpoint), (request.blueprint or "") == endpoint.split(".")[0])
        for endpoint, wanted, word in SECTIONS
        if account().may(wanted)
    ]


Deed = Callable[[Tx, Any], Submission]


def attempt(
    form: Any,
    deed: Deed,
    problems: Sequence[Problem],
    address: Callable[[Submission], str],
    title: Callable[[], str],
    more: dict[str, ServicePoint] | None = None,
) -> tuple[Response | None, int, list[Problem], Any]:
    """Do a deed that may reach into the past: (the answer, 200, [], None) when it is kept or its effect must be known
    first, else (None, 422 or 409, problems, what is kept now). ``more`` are points that only the deed makes."""
    try:
        if problems:
            raise Invalid(problems)
        with writing() as tx:
            sent = deed(tx, sender())
        return received(sent, address(sent)), 200, [], None
    except AltersPast as error:
        stop_reading()
        return _confirm(error, form, title(), more or {}), 200, [], None
    except Invalid as error:
        stop_reading()
        return None, 422, list(error.problems), None
    except Conflict as error:
        stop_reading()
        form.submission_id.data = str(uuid.uuid4())
        if error.why != STALE:
            return None, 409, [Problem("", SENT_ALREADY)], None
        return None, 409, [Problem("", FASTER)], error.kept


def _confirm(error: AltersPast, form: Any, title: str, more: dict[str, ServicePoint]) -> Response:
    """The second page: what a change alters in days that are gone. It is kept only from here, knowing it."""
    if not isinstance(error.effect, HubEffect):
        return confirm_states(error, form, title, {**office().points, **more})
    return page(
        "list_changes/confirm.html",
        409,
        what=title,
        reason=text_of(form, "reason"),
        effect=error.effect,
        lists=office(),
        hub_name=lambda code: hub_name(code, office()),
        fields=[(name, value) for name, value in request.form.items(multi=True) if name not in UNSAID],
        again=error.shown,
    )


def words_of(what: Word, lists: Office) -> str:
    """A word about the lists: of whom, what, since when."""
    since = plain_day(what.valid_from)
    if what.kind == HUB:
        name = lists.home_name(what.subject)
        return gettext("%(name)s: %(hub)s sejak %(day)s", name=name, hub=hub_name(what.value, lists), day=since)
    if what.kind == SEAT:
        text = _("%(name)s: kedudukan %(hub)s sejak %(day)s")
        if what.value == NO_HUB:
            text = _("%(name)s: bukan lagi kedudukan hub sejak %(day)s")
        return gettext(text, name=_point_name(what.subject, lists), hub=hub_name(what.value, lists), day=since)
    if what.kind == HOURS:
        deadline, grace_end = read_hours(what.value)
        return gettext(
            "Batas lapor %(deadline)s, tenggang sampai %(grace)s, sejak %(day)s",
            deadline=f"{deadline:%H.%M}",
            grace=f"{grace_end:%H.%M}",
            day=since,
        )
    name = _point_name(what.subject, lists)
    text = _("%(name)s: bisa %(what)s sejak %(day)s") if what.value else _("%(name)s: tidak %(what)s sejak %(day)s")
    return gettext(text, name=name, what=label(CAPABILITIES, what.kind).lower(), day=since)


def _point_name(code: str, lists: Office) -> str:
    return lists.points[code].name if code in lists.points else code


def told(changes: Sequence[Change], lists: Office) -> list[tuple[Change, str]]:
    """Words with how they are read, the newest day first."""
    return [(change, words_of(change.what, lists)) for change in reversed(changes)]


def home_of(what: Word) -> str:
    """The page on which a word stands."""
    if what.kind == HUB:
        return url_for("hubs.show", code=what.subject)
    if what.kind == SEAT:
        return url_for("hubs.seat", code=what.subject)
    return url_for("deadlines.index") if what.kind == HOURS else url_for("points.show", code=what.subject)


class WithdrawForm(PortalForm):
    """Why a word is taken back."""

    reason = TextAreaField()
    seen = StringField()
    back = StringField()


@routes.route("/<int(max=2147483647):change_id>/withdraw", methods=["GET", "POST"])
@deed("settings.write")
def withdraw(change_id: int) -> Any:
    """Take a word back; what held before it holds again."""
    kept = deeds.find(reading(), change_id)
    form: Any = WithdrawForm(typed())
    status, problems = 200, list[Problem]()
    said = words_of(kept.what, office())
    if request.method == "POST" and not form.back.data:
        given = change_id, text_of(form, "reason"), text_of(form, "seen")
        answer, status, problems, _kept = attempt(
            form,
            lambda tx, who: deeds.withdraw(tx, who, text_of(form, "submission_id"), *given),
            form.unknown(request.form),
            lambda _sent: home_of(kept.what),
            lambda: gettext("Dicabut: %(what)s", what=said),
        )
        if answer is not None:
            return answer
    wrong = errors(problems, {"reason"})
    return page(
        "list_changes/withdraw.html",
        status,
        change=kept,
        what=said,
        home=home_of(kept.what),
        form=form,
        errors=wrong.summary,
        wrong=wrong.by_field,
    )


def known_code(code: str, among: Any) -> str:
    """``code`` when it stands in the list; raises Unknown otherwise."""
    if code not in among:
        raise Unknown(code)
    return code
