"""Completeness and timeliness in the browser: the month of a point and of the district, and excuses."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from wtforms import StringField, TextAreaField

from ..actions import completeness as deeds
from ..domain.accounts import require_point
from ..domain.areas import Office, ServicePoint
from ..domain.calendar import NOT_REQUIRED, office_day
from ..domain.completeness import EXCUSABLE, DayLine, Excuse, Tally, lines_of, tally
from ..domain.duty import Period
from ..domain.problems import Conflict, Invalid, Problem, Unknown, _
from ..domain.recordings import NIHIL, NIHIL_REASONS, NIHIL_SHORT
from ..domain.schedule import last_of_month, month_after, month_before, rows_of_month
from ..storage import completeness, recordings
from .asking import Both, Rows, compared, pressed_late
from .door import account, deed, now, office, reading, sender, stop_reading, typed, writing
from .formats import clock, moment, number, office_date, weekday
from .forms import PortalForm, errors, read_month, text_of
from .language import gettext
from .pages import page, received, remembered

routes = Blueprint("completeness", __name__, url_prefix="/completeness")


class ExcuseForm(PortalForm):
    """Why a late or missing report is forgiven."""

    reason = TextAreaField()


class WithdrawForm(PortalForm):
    """Which excuse is taken back."""

    excuse = StringField()


def _month(text: str, lists: Office) -> date:
    """The month of an address: from the first in which anybody could report up to the present one."""
    first = read_month(text)
    if first is None or not lists.start().replace(day=1) <= first <= office_day(now()):
        raise Unknown(text)
    return first


def _lines(lists: Office, first: date, points: Iterable[ServicePoint]) -> dict[str, list[DayLine]]:
    """The days of a month up to today, of some points: two queries."""
    codes = [p.code for p in points]
    period = Period(max(first, lists.start()), min(last_of_month(first), office_day(now())))
    marks = recordings.marks(reading(), period, codes)
    excuses = completeness.in_period(reading(), period, codes)
    found = lines_of(lists, period, marks, excuses, now())
    return {code: found[code] for code in codes}


@routes.get("/")
@deed("recordings.see")
@remembered
def index() -> Response:
    """The present month."""
    return _district(office_day(now()).replace(day=1))


@routes.get("/<month>")
@deed("recordings.see")
@remembered
def district(month: str) -> Response:
    """A month of every point in the reader's area."""
    return _district(_month(month, office()))


def _district(first: date) -> Response:
    lists, who = office(), account()
    points = [p for p in lists.points.values() if who.sees_point(p.code)]
    tallies = {code: tally(lines) for code, lines in _lines(lists, first, points).items()}
    total = sum(tallies.values(), Tally())
    return page(
        "completeness/index.html",
        first=first,
        rows=[(p, tallies[p.code]) for p in points],
        total=total,
        excuse_words=excuse_words(total),
        **_neighbours(first, lists),
    )


def _neighbours(first: date, lists: Office) -> dict[str, Any]:
    return {
        "before": month_before(first) if first > lists.start().replace(day=1) else None,
        "after": month_after(first) if month_after(first) <= office_day(now()) else None,
    }


@routes.get("/<month>/<code>")
@deed("recordings.see")
@remembered
def show(month: str, code: str) -> Response:
    """A month of one point: each day's state, number or NIHIL cause, and what that makes together."""
    point, lists = _point(code, "recordings.see"), office()
    first = _month(month, lists)
    lines = _lines(lists, first, [point])[code]
    by_day = {line.day: line for line in lines}
    return page(
        "completeness/show.html",
        point=point,
        first=first,
        heads=[weekday(date(2024, 1, 1 + n)) for n in range(7)],
        rows=[[day and (day, by_day.get(day)) for day in row] for row in rows_of_month(first)],
        lines=[line for line in reversed(lines) if line.state != NOT_REQUIRED or line.mark],
        tally=tally(lines),
        holidays=lists.calendar.holidays,
        nihil=NIHIL,
        nihil_reasons=NIHIL_REASONS,
        letters=NIHIL_SHORT,
        excusable=EXCUSABLE,
        received=_received,
        excuse_words=excuse_words(tally(lines)),
        may_excuse=account().may(deeds.DEED),
        today=office_day(now()),
        **_neighbours(first, lists),
    )


def _received(line: DayLine) -> str:
    """When a report came; what was filled in without a connection says both moments: diisi 15.40, terkirim 08.05."""
    if line.mark is None:
        return "–"
    came, filled = line.mark.received_at, line.mark.captured_at
    if filled is None:
        return moment(came)
    if office_date(filled) == office_date(came):
        return gettext("diisi %(filled)s, terkirim %(sent)s", filled=clock(filled), sent=moment(came))
    return gettext("diisi %(filled)s, terkirim %(sent)s", filled=moment(filled), sent=moment(came))


def _point(code: str, deed_name: str) -> ServicePoint:
    require_point(account(), deed_name, code)
    point = office().points.get(code)
    if point is None:
        raise Unknown(code)
    return point


def excuse_words(found: Tally) -> str:
    """3 terlambat, 1 dimaafkan · 2 belum lapor, 0 dimaafkan; nothing when nothing is late or missing."""
    told = []
    if found.due.late:
        text = _("%(late)s terlambat, %(excused)s dimaafkan")
        told.append(gettext(text, late=number(found.due.late), excused=number(found.excused_late)))
    if found.due.missing:
        text = _("%(missing)s belum lapor, %(excused)s dimaafkan")
        told.append(gettext(text, missing=number(found.due.missing), excused=number(found.excused_missing)))
    return " · ".join(told)


# --- excuses ---------------------------------------------------------------------------------------------


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Unknown(text) from None
    first = _month(text[:7], office())
    if day.isoformat() != text or not first <= day <= office_day(now()):
        raise Unknown(text)
    return day


@routes.route("/<code>/<day>/excuse", methods=["GET", "POST"])
@deed("completeness.excuse")
def excuse(code: str, day: str) -> Any:
    """Excuse a late or missing report, or see the excuse that stands."""
    point, service_date, lists = _point(code, deeds.DEED), _day(day), office()
    form: Any = ExcuseForm(typed())
    problems: list[Problem] = []
    status = 200
    if request.method == "POST":
        try:
            if problems := form.unknown(request.form):
                raise Invalid(problems)
            with writing() as tx:
                sent = deeds.excuse(
                    tx, sender(), lists, text_of(form, "submission_id"), code, service_date, text_of(form, "reason")
                )
            return received(sent, url_for("completeness.show", month=day[:7], code=code))
        except Invalid as error:
            problems, status = error.problems, 422
        except Conflict:
            stop_reading()
            standing = completeness.find(reading(), code, service_date)
            sent_so = f"{moment(now())}, {account().name}", text_of(form, "reason")
            found = Both(point.name, _beside(standing, *sent_so), None if standing else 0)
            return pressed_late(form, request.path, found, gettext("Alasan"))
    shown = errors(problems, {"reason"})
    line = next((x for x in _lines(lists, service_date.replace(day=1), [point])[code] if x.day == service_date), None)
    return page(
        "completeness/excuse.html",
        status,
        point=point,
        day=service_date,
        line=line,
        excusable=line is not None and line.state in EXCUSABLE,
        received=_received,
        form=form,
        back=url_for("completeness.show", month=day[:7], code=code),
        errors=shown.summary,
        wrong=shown.by_field,
    )


def _beside(standing: Excuse | None, when: str, reason: str) -> Rows:
    """The excuse that stands for a day, and what was sent."""
    kept_so = f"{moment(standing.at)}, {standing.by}" if standing else gettext("tidak dimaafkan")
    return compared(
        [(gettext("Dimaafkan"), kept_so, when), (gettext("Alasan"), standing.reason if standing else "", reason)]
    )


@routes.post("/<code>/<day>/excuse/withdraw")
@deed("completeness.excuse")
def withdraw(code: str, day: str) -> Any:
    """Take an excuse back."""
    point, service_date = _point(code, deeds.DEED), _day(day)
    form: Any = WithdrawForm(request.form)
    number_of = text_of(form, "excuse")
    try:
        with writing() as tx:
            excuse_id = int(number_of) if number_of.isascii() and number_of.isdigit() else 0
            deeds.withdraw(tx, sender(), code, service_date, excuse_id)
        flash(gettext("Tidak dimaafkan lagi. Alasan semula tetap ada di riwayat laporan."), "good")
    except Conflict:
        stop_reading()
        standing = completeness.find(reading(), code, service_date)
        form.excuse.data = str(standing.id) if standing else ""
        found = Both(point.name, _beside(standing, gettext("tidak dimaafkan"), ""), 0 if standing else None)
        return pressed_late(form, url_for("completeness.excuse", code=code, day=day), found)
    return redirect(url_for("completeness.show", month=day[:7], code=code), 303)
