"""Lines of people to come back for, how one of them is closed by hand, and what of the sweeps waits today."""

from datetime import timedelta
from typing import Any

from flask import flash, redirect, request, url_for
from wtforms import StringField, TextAreaField

from ..actions import follow_ups as deeds
from ..domain.calendar import office_day
from ..domain.duty import Period
from ..domain.follow_ups import BY_HAND, CLOSINGS, OPEN
from ..domain.kit_checks import latest_checks, tried
from ..domain.problems import Conflict, Invalid, Problem, Unknown
from ..domain.visits import CONFIRMED, PLANNED, PROPOSED
from ..storage import follow_ups, places, visits
from .asking import Both, compared, pressed_late
from .door import account, deed, now, reading, sender, stop_reading, typed, writing
from .formats import label, number
from .forms import PortalForm, errors, text_of
from .language import gettext
from .pages import page
from .visits import place_names, routes


class ClosingForm(PortalForm):
    """How those who were missed were served after all."""

    closed_by = StringField()
    note = TextAreaField()


@routes.route("/follow-ups/<int(max=2147483647):follow_up_id>", methods=["GET", "POST"])
@deed("visits.run")
def follow_up(follow_up_id: int) -> Any:
    """One line: come back with a visit, or close it because they were served elsewhere."""
    kept = follow_ups.find(reading(), account(), follow_up_id)
    if kept is None:
        raise Unknown(follow_up_id)
    form: Any = ClosingForm(typed(), data={"version": kept.version})
    problems: list[Problem] = []
    status = 200
    if request.method == "POST":
        status = 422
        problems = form.unknown(request.form)
        try:
            if problems:
                raise Invalid(problems)
            with writing() as tx:
                deeds.close(
                    tx,
                    sender(),
                    follow_up_id,
                    form.version.data or 0,
                    text_of(form, "closed_by"),
                    text_of(form, "note"),
                )
            flash(gettext("Daftar kembali ini ditutup."), "good")
            return redirect(url_for("visits.show", visit_id=kept.visit_id), 303)
        except Invalid as error:
            problems = error.problems
        except Conflict:
            stop_reading()
            return pressed_late(form, request.path, _both(follow_up_id, form))
    visit = visits.find(reading(), account(), kept.visit_id)
    found = errors(problems, {"closed_by", "note"})
    return page(
        "visits/follow_up.html",
        status,
        line=kept,
        visit=visit,
        place=place_names(reading(), [], [kept.place_code])[kept.place_code],
        form=form,
        is_open=kept.state == OPEN,
        closed_how=gettext(CLOSINGS[kept.closed_by]) if kept.closed_by else "",
        ways=[(code, gettext(CLOSINGS[code])) for code in BY_HAND],
        today=office_day(now()),
        errors=found.summary,
        wrong=found.by_field,
    )


def _both(follow_up_id: int, form: Any) -> Both:
    """A line as kept, and closed as it was sent."""
    kept = follow_ups.find(reading(), account(), follow_up_id)
    if kept is None:
        raise Unknown(follow_up_id)
    place = place_names(reading(), [], [kept.place_code])[kept.place_code].name
    left = gettext("tidak hadir %(absent)s, gagal %(failed)s", absent=number(kept.absent), failed=number(kept.failed))
    so_far = kept.closed_by if kept.state != OPEN else ""
    rows = compared(
        [
            (gettext("Yang tertinggal"), left, left),
            (
                gettext("Bagaimana selesainya"),
                label(CLOSINGS, so_far) if so_far else gettext("terbuka"),
                label(CLOSINGS, text_of(form, "closed_by")),
            ),
            (gettext("Catatan"), kept.note, text_of(form, "note")),
        ]
    )
    return Both(gettext("Perlu kembali ke %(place)s", place=place), rows, kept.version if kept.state == OPEN else None)


def sweeps() -> dict[str, Any]:
    """What of the sweeps waits for this person today: proposals, figures, tomorrow's check lists, people to come
    back for."""
    who, today = account(), office_day(now())
    proposed = visits.in_states(reading(), who, (PROPOSED,), today)
    figures = places.proposed(reading(), who)
    left = follow_ups.open_lines(reading(), who)
    near = visits.in_period(reading(), who, Period(today, today + timedelta(days=1)), (PLANNED, CONFIRMED))
    checks = visits.checks(reading(), [visit.id for visit in near])
    state = [(visit, tried(latest_checks(checks[visit.id]), visit.plan.kits)) for visit in near]
    return {
        "proposed": proposed,
        "figures": figures,
        "left": left,
        "unready": [(visit, done, failed, lines) for visit, (done, failed, lines) in state if done < lines or failed],
        "names": place_names(
            reading(), [*proposed, *near], [*(b.place_code for b in figures), *(line.place_code for line in left)]
        ),
        "today": today,
    }
