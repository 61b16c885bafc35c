"""Until when a report is in time, and until when in grace: from a day on, so that earlier days stay as they were."""

from typing import Any

from flask import Blueprint, request, url_for
from wtforms import StringField

from ..actions import lists as deeds
from ..domain.calendar import DEADLINE, GRACE_END, office_day
from ..domain.lists import EVERY_REPORT, HOURS, Change, Word, check_word, hours_value, mark
from ..domain.problems import Problem
from ..storage import ledger
from . import history
from .asking import NOT_A_CLOCK, read_clock
from .door import deed, now, office, reading, typed
from .forms import NOT_A_DAY, errors, merged, text_of
from .language import gettext
from .list_changes import WordForm, attempt, sections, told, words_of
from .pages import page

routes = Blueprint("deadlines", __name__, url_prefix="/settings/deadlines")


class HoursForm(WordForm):
    """From which day on which deadline and which end of grace hold."""

    deadline = StringField()
    grace_end = StringField()


@routes.route("/", methods=["GET", "POST"])
@deed("settings.write")
def index() -> Any:
    """What holds today, every change with who decided it, and the form that makes one."""
    known, today = office(), office_day(now())
    changes = deeds.changes_of(reading(), HOURS, EVERY_REPORT)
    deadline, grace_end = known.calendar.hours_on(today)
    data = {"deadline": f"{deadline:%H.%M}", "grace_end": f"{grace_end:%H.%M}", "drawn": mark(changes)}
    form: Any = HoursForm(typed(), data=data | {"valid_from": today})
    status, problems, differing = 200, list[Problem](), []
    if request.method == "POST" and not form.back.data:
        answer, status, problems, theirs = _set(form, changes)
        if answer is not None:
            return answer
        if theirs is not None:
            known, changes = office(), theirs
            form.drawn.data = mark(theirs)
            differing = _differing(form)
    wrong = errors(
        [Problem("deadline", p.text, p.values) if p.field == "value" else p for p in problems], {f.name for f in form}
    )
    return page(
        "deadlines/index.html",
        status,
        sections=sections(),
        today=today,
        deadline=deadline,
        grace_end=grace_end,
        first=(DEADLINE, GRACE_END),
        changes=told(changes, known),
        differing=differing,
        form=form,
        past=history.lines(ledger.history(reading(), deeds.KIND, HOURS), known),
        errors=wrong.summary,
        wrong=wrong.by_field,
    )


def _set(form: Any, changes: list[Change]) -> Any:
    """Let the hours that were typed hold from a day on, as ``attempt`` says."""
    problems = form.unknown(request.form)
    if form.valid_from.unreadable:
        problems.append(Problem("valid_from", NOT_A_DAY))
    clocks = {name: read_clock(text_of(form, name)) for name in ("deadline", "grace_end")}
    problems += [Problem(name, NOT_A_CLOCK) for name, clock in clocks.items() if clock is None]
    today, reason = office_day(now()), text_of(form, "reason")
    value = hours_value(clocks["deadline"] or DEADLINE, clocks["grace_end"] or GRACE_END)
    what = Word(HOURS, EVERY_REPORT, form.valid_from.data or today, value)
    if problems:
        problems = merged(problems, check_word(what, reason, office(), today, changes))
    given = what, reason, text_of(form, "drawn"), text_of(form, "seen")
    return attempt(
        form,
        lambda tx, who: deeds.change(tx, who, text_of(form, "submission_id"), *given),
        problems,
        lambda _sent: url_for("deadlines.index"),
        lambda: words_of(what, office()),
    )


def _differing(form: Any) -> list[tuple[str, str, str, bool]]:
    """(what, as it is kept now, as typed, whether they differ), after somebody else was faster."""
    kept = office().calendar.hours_on(form.valid_from.data or office_day(now()))
    rows = []
    for name, text, clock in zip(
        ("deadline", "grace_end"), (gettext("Batas lapor"), gettext("Akhir tenggang")), kept, strict=True
    ):
        said = text_of(form, name)
        rows.append((text, f"{clock:%H.%M}", said or "–", read_clock(said) != clock))
    return rows
