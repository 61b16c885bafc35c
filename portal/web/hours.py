"""The opening hours in the browser: since when they hold, and what a change alters before it is kept."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, request, url_for
from wtforms import StringField, TextAreaField

from ..actions import hours as deeds
from ..domain.calendar import office_day
from ..domain.hours import CLOSES_LIMITS, OPENS_LIMITS, Hours, RecountsPast, fingerprint
from ..domain.problems import Problem, Unknown
from ..storage import hours
from .asking import ask
from .door import deed, now, office, reading, typed
from .formats import plain_day
from .forms import CountField, DayField, PortalForm, errors, text_of
from .language import gettext
from .pages import page, received

routes = Blueprint("hours", __name__, url_prefix="/calendar/hours")

UNSAID = ("csrf_token", "seen", "back")
"""Fields that the second page puts in anew."""


class HoursForm(PortalForm):
    """From which day on points are open from when to when, and why."""

    valid_from = DayField()
    opens = CountField()
    closes = CountField()
    reason = TextAreaField()
    seen = StringField()
    back = StringField()


class WithdrawForm(PortalForm):
    """Why a change is taken back."""

    reason = TextAreaField()
    seen = StringField()
    back = StringField()


def hours_words(what: Hours) -> str:
    """08.00–16.00 WIB."""
    return f"{what.opens:02d}.00–{what.closes:02d}.00 WIB"


@routes.route("", methods=["GET", "POST"])
@deed("calendar.write")
def index() -> Any:
    """The hours as they hold today, every change of them, and the form of another."""
    lists, today = office(), office_day(now())
    kept = lists.hours_on(today)
    form: Any = HoursForm(typed(), data={"opens": kept.opens, "closes": kept.closes})
    status, problems = 200, list[Problem]()
    if request.method == "POST" and not form.back.data:
        problems = form.unknown(request.form)
        said = form.valid_from.data, form.opens.data, form.closes.data, text_of(form, "reason"), text_of(form, "seen")
        try:
            sent, status, problems, _kept = ask(
                lambda tx, who: deeds.change(tx, who, text_of(form, "submission_id"), *said), form, problems
            )
        except RecountsPast as error:
            what = Hours(form.valid_from.data or date.min, form.opens.data or 0, form.closes.data or 0)
            words = gettext("%(hours)s sejak %(day)s", hours=hours_words(what), day=plain_day(what.valid_from))
            return _confirm(error, form, words)
        if sent is not None:
            return received(sent, url_for("hours.index"))
    wrong = errors(problems, {f.name for f in form})
    return page(
        "hours/index.html",
        status,
        form=form,
        now_open=hours_words(kept),
        first=hours_words(lists.hours[0]),
        entries=[(e, hours_words(e.what), plain_day(e.what.valid_from)) for e in hours.entries(reading())],
        opens_limits=OPENS_LIMITS,
        closes_limits=CLOSES_LIMITS,
        errors=wrong.summary,
        wrong=wrong.by_field,
    )


@routes.route("/<int(max=2147483647):hours_id>/withdraw", methods=["GET", "POST"])
@deed("calendar.write")
def withdraw(hours_id: int) -> Any:
    """Take a change back; what held before it holds again."""
    entry = next((e for e in hours.entries(reading()) if e.id == hours_id), None)
    if entry is None:
        raise Unknown(hours_id)
    form: Any = WithdrawForm(typed())
    status, problems = 200, list[Problem]()
    words = gettext("%(hours)s sejak %(day)s", hours=hours_words(entry.what), day=plain_day(entry.what.valid_from))
    if request.method == "POST" and not form.back.data:
        try:
            sent, status, problems, _kept = ask(
                lambda tx, who: deeds.withdraw(
                    tx, who, text_of(form, "submission_id"), hours_id, text_of(form, "reason"), text_of(form, "seen")
                ),
                form,
                form.unknown(request.form),
            )
        except RecountsPast as error:
            return _confirm(error, form, gettext("Dicabut: %(what)s", what=words))
        if sent is not None:
            return received(sent, url_for("hours.index"))
    wrong = errors(problems, {"reason"})
    return page(
        "hours/withdraw.html", status, entry=entry, what=words, form=form, errors=wrong.summary, wrong=wrong.by_field
    )


def _confirm(error: RecountsPast, form: Any, what: str) -> Response:
    """The second page: which days that are gone are counted anew, and how. It is kept only from here, knowing it."""
    return page(
        "hours/confirm.html",
        409,
        what=what,
        reason=text_of(form, "reason"),
        effect=error.effect,
        days=sum(month.days for month in error.effect),
        mark=fingerprint(error.effect),
        fields=[(name, value) for name, value in request.form.items(multi=True) if name not in UNSAID],
        again=bool(text_of(form, "seen")),
    )
