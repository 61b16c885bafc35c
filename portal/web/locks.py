"""Why a day cannot be written any more, until when it can, and the exceptions that open it again."""

import uuid
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from wtforms import StringField

from ..actions import locks as deeds
from ..domain.areas import ServicePoint
from ..domain.calendar import office_day
from ..domain.locks import FUTURE, INACTIVE, NOT_YOURS, OPEN, PUBLISHED, TOO_OLD, VERIFIED, EditState
from ..domain.problems import Conflict, Invalid, Problem, _
from ..domain.recordings import Report
from ..storage import locks
from .door import account, deed, now, office, reading, sender, typed, writing
from .formats import label, moment
from .forms import NOT_A_DAY, NOT_A_NUMBER, SENT_BEFORE, CountField, DayField, PortalForm, errors, merged, text_of
from .language import gettext
from .pages import page, received

routes = Blueprint("locks", __name__, url_prefix="/locks")

SHOWN = 50
"""Exceptions that the list shows: the latest; each report shows all of its own."""

CARRIED = frozenset({"csrf_token", "reason", "captured_at"})
"""Fields of the daily form that the locked page writes itself."""

WHY = {
    FUTURE: _("Hari ini belum tiba."),
    TOO_OLD: _("Batas waktu mengisi atau memperbaiki laporan ini sudah lewat."),
    VERIFIED: _("Laporan ini sudah diverifikasi pengawas."),
    PUBLISHED: _("Angka hari ini sudah diterbitkan."),
    NOT_YOURS: _("Laporan ini bukan wilayah Anda."),
    INACTIVE: _("Titik layanan ini tidak aktif pada tanggal itu."),
}


def standing(point: ServicePoint, day: date, kept: Report | None) -> EditState:
    """Whether the person may write this report now."""
    return deeds.lock_of(reading(), office(), account(), point, day, kept, now())


def words(state: EditState) -> str:
    """Where a lock stands, in one sentence."""
    if state.state == OPEN and state.until is not None:
        # It closes at midnight; people name the last minute of the day before.
        return gettext("Terbuka sampai %(until)s.", until=moment(state.until - timedelta(minutes=1)))
    return label(WHY, state.state)


def note(point: ServicePoint, day: date, kept: Report | None) -> tuple[str, str]:
    """(kind, sentence) of the lock for the form: that it is open and until when, or what becomes of what is typed."""
    state = standing(point, day, kept)
    if state.open:
        return "info", words(state)
    if state.state in (FUTURE, INACTIVE):
        return "attention", words(state)
    more = gettext("Isian Anda tidak hilang: setelah dikirim, dapat Anda serahkan sebagai usulan terlambat.")
    return "attention", f"{words(state)} {more}"


def hand_in_page(
    state: EditState,
    point: ServicePoint,
    day: date,
    filled: MultiDict[str, str],
    kept: Report | None,
    rows: Sequence[tuple[str, str, str, bool]],
    status: int = 409,
    problems: Sequence[Problem] = (),
) -> Response:
    """Why the day is locked, what was typed beside what is kept, and the one button that keeps it as a proposal."""
    shown = errors(problems, {"reason"})
    return page(
        "proposals/hand_in.html",
        status,
        why=words(state),
        open=state.open,
        point=point,
        day=day,
        report=kept if kept and kept.stands else None,
        rows=rows,
        fields=[(name, text) for name, text in filled.items() if name not in CARRIED],
        captured=filled.get("captured_at") or now().isoformat(),
        reason=filled.get("reason", ""),
        errors=shown.summary,
        wrong=shown.by_field,
    )


class ExceptionForm(PortalForm):
    """Which days of which point, for how long."""

    point_code = StringField()
    first = DayField()
    last = DayField()
    exception_hours = CountField(_("Berlaku (jam)"))


@routes.get("/")
@deed("locks.see")
def index() -> Response:
    """The exceptions given last, running ones first, and the form for a new one."""
    return _page(typed())


@routes.post("/")
@deed("locks.write")
def give() -> Any:
    """Open days of a point again for a while."""
    form: Any = ExceptionForm(request.form)
    unread = [*form.unknown(request.form), *form.unreadable(NOT_A_NUMBER)]
    unread += [Problem(name, NOT_A_DAY) for name in ("first", "last") if form[name].data is None]
    if unread:
        return _page(request.form, unread)
    days = (form.first.data, form.last.data)
    try:
        with writing() as tx:
            sent = deeds.give_exception(
                tx,
                sender(),
                office(),
                text_of(form, "submission_id"),
                text_of(form, "point_code"),
                *days,
                form.exception_hours.data,
                text_of(form, "reason"),
            )
    except Invalid as error:
        return _page(request.form, merged(unread, error.problems))
    except Conflict:  # the first sending gave another exception: the list above the form shows it
        filled = MultiDict(request.form)
        filled["submission_id"] = str(uuid.uuid4())
        return _page(filled, [Problem("", SENT_BEFORE)], 409)
    return received(sent, url_for("locks.index"))


@routes.post("/<int(max=2147483647):exception_id>/withdraw")
@deed("locks.write")
def withdraw(exception_id: int) -> Any:
    """Take an exception back."""
    with writing() as tx:
        deeds.withdraw_exception(tx, sender(), exception_id)
    flash(gettext("Pengecualian dicabut."), "good")
    return redirect(url_for("locks.index"), 303)


def _page(filled: Any = None, problems: Sequence[Problem] = (), status: int = 422) -> Response:
    lists, today = office(), office_day(now())
    blank = {"first": today, "last": today, "exception_hours": lists.limit("exception_hours")}
    if filled is None and request.args.get("point", "") in lists.points:
        blank["point_code"] = request.args["point"]
    form: Any = ExceptionForm(filled) if filled is not None else ExceptionForm(data=blank)
    shown = errors(problems, {f.name for f in form})
    given = locks.latest_exceptions(reading(), SHOWN)
    return page(
        "locks/index.html",
        status if problems else 200,
        form=form,
        running=[e for e in given if e.runs(now())],
        ended=[e for e in given if not e.runs(now())],
        points=lists.points,
        options=[(p.code, p.name) for p in lists.points.values()],
        limits=(lists.limit("clerk_days"), lists.limit("supervisor_days")),
        may_write=account().may("locks.write"),
        errors=shown.summary,
        wrong=shown.by_field,
    )
