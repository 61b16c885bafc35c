"""Hubs with dates: which kecamatan belongs to which hub, at which points it sits, and from which day on otherwise."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Response, request

from ..actions import lists as deeds
from ..domain.areas import NO_HUB, Office
from ..domain.calendar import office_day
from ..domain.lists import HUB, SEAT, Change, Stretch, Word, check_word, mark, standing_value, timeline
from ..domain.problems import Problem, _
from ..storage import areas, ledger, lists
from . import history
from .door import deed, now, office, reading, typed
from .formats import plain_day
from .forms import NOT_A_DAY, errors, merged, text_of
from .language import gettext
from .list_changes import WordForm, attempt, home_of, known_code, sections, told, words_of
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
    moving = [c for c in lists.changes(reading(), SEAT) if c.decided.stands and c.what.valid_from > today]
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
        seats=[(hub_name(hub, known), [known.points[p] for p in known.seats_of(hub, today)]) for hub in known.hubs],
        moving=[words_of(c.what, known) for c in moving],
        today=today,
    )


@routes.route("/<code>", methods=["GET", "POST"])
@deed("settings.write")
def show(code: str) -> Any:
    """One kecamatan: its hubs in time, who decided them, and the form that gives it another."""
    known = office()
    return _page(HUB, code, known.kecamatan[known_code(code, known.kecamatan)].name)


@routes.route("/seat/<code>", methods=["GET", "POST"])
@deed("settings.write")
def seat(code: str) -> Any:
    """One point: of which hub it was the seat in time, who decided that, and the form that puts it right from a day."""
    known = office()
    return _page(SEAT, code, known.points[known_code(code, known.points)].name)


def _page(kind: str, code: str, name: str) -> Any:
    known, today = office(), office_day(now())
    changes = deeds.changes_of(reading(), kind, code)
    form: Any = WordForm(typed(), data={"valid_from": today, "drawn": mark(changes)})
    status, problems, stale = 200, list[Problem](), False
    if request.method == "POST" and not form.back.data:
        answer, status, problems, theirs = _give(form, kind, code, changes)
        if answer is not None:
            return answer
        stale = theirs is not None
        if stale:
            known, changes = office(), theirs
            form.drawn.data = mark(theirs)
    wrong = errors(problems, {f.name for f in form})
    none = gettext("Bukan kedudukan hub") if kind == SEAT else gettext("Tanpa hub (belum ditetapkan)")
    return page(
        "hubs/show.html",
        status,
        sections=sections(),
        seat=kind == SEAT,
        name=name,
        now_hub=_called(kind, standing_value(Word(kind, code, today, ""), known), known),
        spans=_spans(kind, known, code, changes),
        changes=told(changes, known),
        hubs=[*((hub, text) for hub, text in known.hubs.items()), (NONE, none)],
        differing=_differing(form, kind, known, code, today) if stale else [],
        form=form,
        past=history.lines(ledger.history(reading(), deeds.KIND, deeds.object_id(Word(kind, code, today, ""))), known),
        errors=wrong.summary,
        wrong=wrong.by_field,
    )


def _called(kind: str, hub: str, known: Office) -> str:
    """A hub by name; what none is called, for a kecamatan and for a point."""
    return gettext("bukan kedudukan hub") if kind == SEAT and hub == NO_HUB else hub_name(hub, known)


def _give(form: Any, kind: str, code: str, changes: list[Change]) -> Any:
    """Give a kecamatan, or a point as seat, to the hub that was chosen, as ``attempt`` says."""
    hub, reason = text_of(form, "value"), text_of(form, "reason")
    day = form.valid_from.data or office_day(now())
    problems = form.unknown(request.form)
    if form.valid_from.unreadable:
        problems.append(Problem("valid_from", NOT_A_DAY))
    if not hub:
        problems.append(Problem("value", _("Pilih hub dari daftar.")))
    what = Word(kind, code, day, NO_HUB if hub == NONE else hub)
    if problems:
        problems = merged(problems, check_word(what, reason, office(), office_day(now()), changes))
    given = what, reason, text_of(form, "drawn"), text_of(form, "seen")
    return attempt(
        form,
        lambda tx, who: deeds.change(tx, who, text_of(form, "submission_id"), *given),
        problems,
        lambda _sent: home_of(what),
        lambda: words_of(what, office()),
    )


def _spans(kind: str, known: Office, code: str, changes: Sequence[Change]) -> list[tuple[str, Stretch]]:
    """Hubs of a kecamatan or point in time, the newest first: (hub, from when until when, who announced or decided)."""
    said = [
        Stretch(c.what.valid_from, None, c.what.value, c.decided.reason)
        for c in sorted(changes, key=lambda c: c.id)
        if c.decided.stands
    ]
    if kind == SEAT:
        source, hub = lists.sources_of_seats(reading()).get(code, ""), known.hub_points.get(code, NO_HUB)
        announced = [Stretch(known.points[code].active_from, None, hub, source)] if hub != NO_HUB else []
    else:
        sources = lists.sources_of_members(reading())
        announced = [
            Stretch(m.valid_from, m.valid_to, m.hub_code, sources.get((code, m.valid_from), ""))
            for m in areas.members(reading())
            if m.kecamatan_code == code
        ]
    found = timeline(sorted(announced, key=lambda s: s.first), said)
    return [(_called(kind, s.value, known), s) for s in reversed(found) if s.value != NO_HUB]


def _differing(form: Any, kind: str, known: Office, code: str, today: date) -> list[tuple[str, str, str, bool]]:
    """(what, as it is kept now, as typed, whether they differ), after somebody else was faster."""
    day = form.valid_from.data or today
    hub = text_of(form, "value")
    kept, wanted = standing_value(Word(kind, code, day, ""), known), NO_HUB if hub == NONE else hub
    typed_name = _called(kind, wanted, known) if wanted in known.hubs or wanted == NO_HUB else "–"
    return [(gettext("Hub pada %(day)s", day=plain_day(day)), _called(kind, kept, known), typed_name, kept != wanted)]
