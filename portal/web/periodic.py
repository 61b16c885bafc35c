"""The week's and the month's report in the browser: what would be published, and publishing it."""

from datetime import date
from typing import Any

from flask import Response, redirect, request, url_for

from ..actions import periodic as deeds
from ..domain.calendar import office_day
from ..domain.periodic import KINDS, MONTHLY, WEEKLY, period_of
from ..domain.problems import Conflict, Invalid, Problem, _
from ..domain.publications import DAILY
from ..domain.texts import read_day
from ..storage import publications
from .door import deed, now, office, reading, sender, typed, writing
from .formats import signed, words
from .forms import NOT_A_DAY, errors, text_of
from .language import gettext
from .pages import page, received
from .paper import draft_paper
from .publications import PublishForm, routes

KIND_CHOICE = {WEEKLY: _("Terbitkan laporan mingguan"), MONTHLY: _("Terbitkan laporan bulanan")}


@routes.route("/new-report", methods=["GET", "POST"])
@deed("publications.write")
def new_report() -> Any:
    """What would be published of a week or a month, and publishing it."""
    form: Any = PublishForm(typed())
    posted = request.method == "POST"
    given = request.form if posted else request.args
    kind = given.get("kind", WEEKLY)
    if kind not in KIND_CHOICE:
        return redirect(url_for("publications.new"), 303)
    usual = deeds.newest_possible(office(), kind, now())
    asked = given.get("day", "" if posted else usual.isoformat())
    day = read_day(asked)
    problems = [Problem("day", NOT_A_DAY)] if day is None else deeds.problems_of(reading(), office(), kind, day)
    stale = False
    if posted and day is not None:
        try:
            with writing() as tx:
                mark = request.form.get("mark", "")
                sent = deeds.publish(tx, sender(), office(), text_of(form, "submission_id"), kind, day, mark)
            return received(sent, url_for("publications.show", number=int(sent.object_id)))
        except Invalid as error:
            problems = error.problems
        except Conflict:
            stale, problems = True, []
            form = PublishForm()
    return _form_page(form, kind, asked, day, problems, stale)


def _form_page(form: Any, kind: str, asked: str, day: date | None, problems: list[Problem], stale: bool) -> Response:
    drawn = None if problems or day is None else deeds.draft(reading(), office(), kind, day, now())
    shown = errors(problems, {"day"})
    if stale:
        shown = errors([Problem("", _("Angkanya berubah sejak halaman dibuka. Periksa lagi, lalu terbitkan."))])
    paper = draft_paper(drawn.periodic, office()) if drawn else None
    asked_for = request.method == "POST" or "day" in request.args
    until = period_of(kind, day).last if day else None
    newest = publications.newest_day(reading())
    lacking = until is not None and problems and until <= office_day(now()) and (newest is None or newest < until)
    return page(
        "publications/new_report.html",
        409 if stale else 422 if problems and asked_for else 200,
        form=form,
        kind=kind,
        kinds=_tabs(kind),
        title=gettext(KIND_CHOICE[kind]),
        typed_day=asked,
        latest=office_day(now()),
        paper=paper,
        periodic=drawn.periodic if drawn else None,
        corrections=paper.corrections if paper else [],
        corrected=signed(paper.corrected) if paper else "",
        mark=drawn.mark if drawn else "",
        number=publications.next_number(reading()),
        lacking=until if lacking else None,
        errors=shown.summary if asked_for else [],
        wrong=shown.by_field if asked_for else {},
        waiting=[] if asked_for else [words(problem) for problem in problems],
    )


def _tabs(kind: str) -> list[tuple[str, str, bool]]:
    daily = (gettext(KINDS[DAILY]), url_for("publications.new"), False)
    own = ((gettext(KINDS[k]), url_for("publications.new_report", kind=k), k == kind) for k in KIND_CHOICE)
    return [daily, *own]
