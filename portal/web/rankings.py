"""The kabupaten's place in published rankings: the list, a new one, a correction."""

from typing import Any

from flask import Response, request, url_for
from wtforms import StringField

from ..actions import figures as deeds
from ..domain.calendar import office_day
from ..domain.problems import EXISTS, OTHER_BODY, Conflict, Invalid, Problem, Unknown, _
from ..domain.rankings import SCOPES, Ranking, check_ranking
from ..storage import figures
from .door import account, deed, now, reading, sender, typed, writing
from .figures import routes
from .forms import NOT_A_NUMBER, CountField, DayField, PortalForm, errors, merged, text_of
from .language import gettext
from .pages import page, received


class RankingForm(PortalForm):
    """A place in a ranking as it was published."""

    scope = StringField()
    subject = StringField()
    as_of = DayField()
    rank = CountField(_("Peringkat"))
    of_count = CountField(_("Dari berapa daerah"))
    rate = StringField()
    source = StringField()
    note = StringField()


@routes.get("/ranking")
@deed("figures.see")
def rankings() -> Response:
    """Places in rankings, the newest first; under each what stood before it was corrected."""
    groups: dict[tuple[str, str, Any], list[Ranking]] = {}
    for one in figures.rankings(reading()):
        groups.setdefault((one.scope, one.subject, one.as_of), []).append(one)
    return page(
        "figures/rankings.html",
        groups=list(groups.values()),
        scopes=SCOPES,
        may_write=account().may("figures.write"),
        may_compare=account().may("summary.see"),
    )


@routes.route("/ranking/new", methods=["GET", "POST"])
@deed("figures.write")
def rank() -> Any:
    """Enter a place in a ranking."""
    return _edit(None)


@routes.route("/ranking/<int(max=2147483647):ranking_id>/correct", methods=["GET", "POST"])
@deed("figures.write")
def rank_again(ranking_id: int) -> Any:
    """Let a new row stand in place of one; the old one stays readable."""
    found = next((one for one in figures.rankings(reading()) if one.id == ranking_id), None)
    kept = found and figures.standing_ranking(reading(), found.scope, found.subject, found.as_of)
    if kept is None:
        raise Unknown(ranking_id)
    return _edit(kept)


def _edit(kept: Ranking | None) -> Any:
    data = {name: getattr(kept, name) for name in RANKED} | {"version": kept.revision} if kept else {}
    form: Any = RankingForm(typed(), data=data)
    problems: list[Problem] = []
    status, theirs = 200, None
    if request.method == "POST":
        status = 422
        problems = [*form.unknown(request.form), *form.unreadable(NOT_A_NUMBER)]
        wanted = _wanted(form, kept)
        rules = check_ranking(today=office_day(now()), **wanted)
        try:
            if problems or rules:
                raise Invalid(merged(problems, rules))
            revision = None if kept is None else form.version.data or 0
            with writing() as tx:
                said = (text_of(form, "submission_id"), Ranking(**wanted), revision, text_of(form, "reason"))
                sent = deeds.rank(tx, sender(), *said)
            return received(sent, url_for("figures.rankings"))
        except Invalid as error:
            problems = error.problems
        except Conflict as error:
            status = 409
            problems = [Problem("", _CONFLICTS.get(error.why, _("Peringkat ini baru saja diganti orang lain.")))]
            theirs = error.kept if isinstance(error.kept, Ranking) else None
            if theirs and error.why != EXISTS:
                form.version.process_data(theirs.revision)
    wrong = errors(problems, {f.name for f in form})
    return page(
        "figures/ranking.html",
        status,
        kept=kept,
        theirs=theirs,
        form=form,
        scopes=[(code, gettext(text)) for code, text in SCOPES.items()],
        scope_names=SCOPES,
        errors=wrong.summary,
        wrong=wrong.by_field,
    )


RANKED = ("scope", "subject", "as_of", "rank", "of_count", "rate", "source", "note")
_CONFLICTS = {
    EXISTS: _("Peringkat dengan hal dan tanggal yang sama sudah dicatat. Ganti yang tersimpan dengan alasannya."),
    OTHER_BODY: _("Formulir ini sudah dikirim dengan angka lain. Buka lagi halamannya."),
}


def _wanted(form: Any, kept: Ranking | None) -> dict[str, Any]:
    """What was typed; of a correction, what is ranked and when stays as it is kept."""
    said = {name: text_of(form, name) for name in ("scope", "subject", "rate", "source", "note")}
    said |= {name: form[name].data for name in ("as_of", "rank", "of_count")}
    if kept is not None:
        said |= {name: getattr(kept, name) for name in ("scope", "subject", "as_of")}
    return said
