"""Hubs with dates: which kecamatan belongs to which hub, and from which day on to another."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, request, url_for

from ..actions import lists as deeds
from ..domain.areas import NO_HUB, HubMember, Office
from ..domain.calendar import office_day
from ..domain.lists import HUB, Change, Word, check_word, mark
from ..domain.problems import Problem, _
from ..storage import ledger, lists
from . import history
from .door import deed, now, office, reading, typed
from .formats import plain_day
from .forms import NOT_A_DAY, errors, merged, text_of
from .language import gettext
from .list_changes import WordForm, attempt, known_code, sections, told, words_of
from .pages import page
from .summary import hub_name

routes = Blueprint("hubs", __name__, url_prefix="/settings/hubs")

NONE = "-"
"""What a form sends for no hub: an empty choice is none made."""


@routes.get("/")
@deed("settings.write")
def index() -> Response:
    """Every kecamatan under its hub of today, those without one first, with what is to come."""
    known, today = office(), office_day(now())
    coming = [c for c in lists.changes(reading(), HUB) if c.decided.stands and c.what.valid_from > today]
    by_hub: dict[str, list[Any]] = {code: [] for code in (NO_HUB, *known.hubs)}
    for kecamatan in known.kecamatan.values():
        hub = known.hub_of(kecamatan.code, today)
        since = next(
            (m.valid_from for m in known.members if m.kecamatan_code == kecamatan.code and m.holds(today)), None
        )
        ahead = [words_of(c.what, known) for c in coming if c.what.subject == kecamatan.code]
        by_hub[hub].append((kecamatan, since, ahead))
    return page(
        "hubs/index.html",
        sections=sections(),
        groups=[(code, hub_name(code, known), rows) for code, rows in by_hub.items() if rows or code != NO_HUB],
        today=today,
    )


@routes.route("/<code>", methods=["GET", "POST"])
@deed("settings.write")
def show(code: str) -> Any:
    """One kecamatan: its hubs in time, who decided them, and the form that gives it another."""
    known, today = office(), office_day(now())
    kecamatan = known.kecamatan[known_code(code, known.kecamatan)]
    changes = deeds.changes_of(reading(), HUB, code)
    form: Any = WordForm(typed(), data={"valid_from": today, "drawn": mark(changes)})
    status, problems, stale = 200, list[Problem](), False
    if request.method == "POST" and not form.back.data:
        answer, status, problems, theirs = _give(form, code, changes)
        if answer is not None:
            return answer
        stale = theirs is not None
        if stale:
            known, changes = office(), theirs
            form.drawn.data = mark(theirs)
    wrong = errors(problems, {f.name for f in form})
    return page(
        "hubs/show.html",
        status,
        sections=sections(),
        kecamatan=kecamatan,
        now_hub=hub_name(known.hub_of(code, today), known),
        spans=_spans(known, code, changes),
        changes=told(changes, known),
        hubs=[*((hub, name) for hub, name in known.hubs.items()), (NONE, gettext("Tanpa hub (belum ditetapkan)"))],
        differing=_differing(form, known, code, today) if stale else [],
        form=form,
        past=history.lines(ledger.history(reading(), deeds.KIND, f"hub/{code}"), known),
        errors=wrong.summary,
        wrong=wrong.by_field,
    )


def _give(form: Any, code: str, changes: list[Change]) -> Any:
    """Give a kecamatan to the hub that was chosen, as ``attempt`` says."""
    hub, reason = text_of(form, "value"), text_of(form, "reason")
    day = form.valid_from.data or office_day(now())
    problems = form.unknown(request.form)
    if form.valid_from.unreadable:
        problems.append(Problem("valid_from", NOT_A_DAY))
    if not hub:
        problems.append(Problem("value", _("Pilih hub dari daftar.")))
    what = Word(HUB, code, day, NO_HUB if hub == NONE else hub)
    if problems:
        problems = merged(problems, check_word(what, reason, office(), office_day(now()), changes))
    given = what, reason, text_of(form, "drawn"), text_of(form, "seen")
    return attempt(
        form,
        lambda tx, who: deeds.change(tx, who, text_of(form, "submission_id"), *given),
        problems,
        lambda _sent: url_for("hubs.show", code=code),
        lambda: words_of(what, office()),
    )


def _spans(known: Office, code: str, changes: Sequence[Change]) -> list[tuple[HubMember, str, str]]:
    """A kecamatan's memberships, the newest first: (membership, hub, who announced or decided it)."""
    announced = lists.sources_of_members(reading())
    decided = {c.what.valid_from: c.decided.reason for c in changes if c.decided.stands}
    own = sorted((m for m in known.members if m.kecamatan_code == code), key=lambda m: m.valid_from, reverse=True)
    return [
        (m, hub_name(m.hub_code, known), decided.get(m.valid_from) or announced.get((code, m.valid_from), ""))
        for m in own
    ]


def _differing(form: Any, known: Office, code: str, today: Any) -> list[tuple[str, str, str, bool]]:
    """(what, as it is kept now, as typed, whether they differ), after somebody else was faster."""
    day = form.valid_from.data or today
    hub = text_of(form, "value")
    kept, wanted = known.hub_of(code, day), NO_HUB if hub == NONE else hub
    typed_name = hub_name(wanted, known) if wanted in known.hubs or wanted == NO_HUB else "–"
    return [(gettext("Hub pada %(day)s", day=plain_day(day)), hub_name(kept, known), typed_name, kept != wanted)]
