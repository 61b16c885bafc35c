"""Transfers of blanks in the browser: starting one, saying what arrived and correcting that, taking one back."""

import uuid
from datetime import date
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from wtforms import StringField, TextAreaField

from ..actions import stock as deeds
from ..domain.areas import Office
from ..domain.calendar import office_day
from ..domain.problems import WITHDRAWN, Conflict, Invalid, NotPermitted, Problem, Unknown, _
from ..domain.texts import read_count
from ..domain.transfers import RECEIVED, SENT, STATES, Receipt, Return, Shipment, Transfer
from ..storage import ledger, stock
from . import history
from .door import account, deed, now, office, reading, sender, typed, writing
from .formats import label, number, short_day, words
from .forms import NOT_A_DAY, NOT_A_NUMBER, CountField, DayField, PortalForm, errors, text_of
from .language import gettext
from .pages import page, received
from .stock import points_of, stocks_of, transfers_now
from .stock_words import line, row

routes = Blueprint("transfers", __name__, url_prefix="/stock/transfers")


class ShipmentForm(PortalForm):
    """What leaves which point for which other."""

    from_point = StringField()
    to_point = StringField()
    quantity = CountField(_("Jumlah keping"))
    sent_date = DayField()
    note = TextAreaField()


class ReceiptForm(PortalForm):
    """What arrived, and when; corrected with a reason."""

    received_date = DayField()
    quantity = CountField(_("Keping yang tiba"))
    note = TextAreaField()


class ReturnForm(PortalForm):
    """Why a transfer does not go on, and when its blanks were back."""

    returned_date = DayField()
    reason = TextAreaField()


def _transfer(transfer_id: int) -> Transfer:
    kept = stock.find(reading(), account(), transfer_id)
    if kept is None:
        raise Unknown(transfer_id)
    return kept


def _names(lists: Office) -> dict[str, str]:
    return {code: point.name for code, point in lists.points.items()}


def _rows(*fields: tuple[str, str, str]) -> list[tuple[str, str, str, bool]]:
    """Kept and typed side by side, for the page of a conflict."""
    return [(gettext(name), kept, mine, kept != mine) for name, kept, mine in fields]


@routes.route("/new", methods=["GET", "POST"])
@deed("stock.write")
def new() -> Any:
    """Write down that blanks left a point for another; a proposal's address fills the form in."""
    lists, today = office(), office_day(now())
    asked = {
        "from_point": request.args.get("from", ""),
        "to_point": request.args.get("to", ""),
        "quantity": read_count(request.args.get("quantity", "")),
        "sent_date": today,
    }
    form: Any = ShipmentForm(typed(), data=asked)
    problems: list[Problem] = []
    status, theirs = 200, None
    if request.method == "POST":
        problems = _unread(form, "sent_date")
        status = 422
        try:
            if problems:
                raise Invalid(problems)
            wanted = Shipment(
                form.from_point.data or "",
                form.to_point.data or "",
                form.quantity.data,
                form.sent_date.data,
                form.note.data or "",
            )
            with writing() as tx:
                sent = deeds.send(tx, sender(), lists, text_of(form, "submission_id"), wanted)
            return received(sent, url_for("transfers.show", transfer_id=int(sent.object_id)))
        except Invalid as error:
            problems = error.problems
        except Conflict as error:
            status, theirs, problems = _clash(error, form)
    shown = errors(problems, {f.name for f in form})
    return page(
        "stock/new.html",
        status,
        form=form,
        givers=[(p.code, p.name) for p in points_of(lists, today)],
        receivers=[(p.code, p.name) for p in lists.points.values() if p.active(today)],
        giver=_giver(form.from_point.data or "", lists, today),
        theirs=theirs,
        rows=_shipment_rows(theirs, form, lists) if theirs else [],
        today=today,
        errors=shown.summary,
        wrong=shown.by_field,
    )


def _unread(form: Any, day: str) -> list[Problem]:
    """What cannot be read as a number or a day, and what the form does not have."""
    problems = [*form.unknown(request.form), *form.unreadable(NOT_A_NUMBER)]
    return [*problems, Problem(day, NOT_A_DAY)] if form[day].unreadable else problems


def _giver(code: str, lists: Office, today: date) -> dict[str, Any] | None:
    """The giving point's stock, so that nobody gives away what is not there; the only own point when none is named."""
    own = points_of(lists, today)
    points = [p for p in own if p.code == code] or (own if len(own) == 1 else [])
    if not points:
        return None
    (found,) = stocks_of(points, lists, today, transfers_now(today))
    return row(found, points[0], lists.limit("stock_days"))


def _shipment_rows(kept: Transfer, form: Any, lists: Office) -> list[tuple[str, str, str, bool]]:
    names = _names(lists)
    return _rows(
        (_("Dari"), names.get(kept.from_point, kept.from_point), names.get(form.from_point.data or "", "–")),
        (_("Ke"), names.get(kept.to_point, kept.to_point), names.get(form.to_point.data or "", "–")),
        (_("Jumlah keping"), number(kept.quantity), number(form.quantity.data)),
        (_("Tanggal kirim"), short_day(kept.sent_date), short_day(form.sent_date.data)),
        (_("Catatan"), kept.note or "–", text_of(form, "note") or "–"),
    )


def _clash(error: Conflict, form: Any) -> tuple[int, Transfer | None, list[Problem]]:
    """What to show when something else is kept: the transfer as it is now, and a form that may be sent again."""
    form.submission_id.data = str(uuid.uuid4())
    kept = error.kept
    if not isinstance(kept, Transfer):
        kept = stock.find(reading(), account(), int(kept.object_id))
    if kept is not None:
        form.version.process_data(kept.version)
    if error.why == WITHDRAWN:
        text = _("Kiriman ini sudah dibatalkan sesudah tercatat. Isian Anda tidak dihitung.")
    else:
        text = _("Yang tersimpan sudah berbeda. Bandingkan di bawah sebelum mengirim lagi.")
    return 409, kept, [Problem("", text)]


@routes.get("/<int(max=2147483647):transfer_id>")
@deed("stock.see")
def show(transfer_id: int) -> Response:
    """One transfer: both sides, where it stands, and everything done to it."""
    kept, lists = _transfer(transfer_id), office()
    may_correct = kept.state == RECEIVED and deeds.may_receive(account(), kept)
    closed = _closed(kept) if may_correct else []
    return page(
        "stock/transfer.html",
        transfer=kept,
        line=line(kept, lists, office_day(now())),
        names=_names(lists),
        received=RECEIVED,
        sent=SENT,
        may_receive=kept.state == SENT and deeds.may_receive(account(), kept),
        may_cancel=kept.state == SENT and deeds.may_cancel(account(), kept),
        may_correct=may_correct and not closed,
        closed=closed,
        past=history.lines(ledger.history(reading(), deeds.KIND, str(transfer_id)), lists),
    )


@routes.route("/<int(max=2147483647):transfer_id>/receive", methods=["GET", "POST"])
@deed("stock.write")
def receive(transfer_id: int) -> Any:
    """Say what arrived, and on which day."""
    kept, today = _transfer(transfer_id), office_day(now())
    if not deeds.may_receive(account(), kept):
        raise NotPermitted("stock.write")
    form: Any = ReceiptForm(typed(), data={"version": kept.version, "received_date": today})

    def send(submission_id: str, version: int) -> Any:
        with writing() as tx:
            return deeds.receive(tx, sender(), submission_id, transfer_id, version, _receipt(form))

    return _end(kept, form, "received_date", send, lambda theirs: _receipt_rows(theirs, form), "stock/receive.html")


def _receipt(form: Any) -> Receipt:
    return Receipt(form.received_date.data, form.quantity.data, form.note.data or "")


def _receipt_rows(theirs: Transfer, form: Any) -> list[tuple[str, str, str, bool]]:
    return _rows(
        (_("Keadaan"), label(STATES, theirs.state), label(STATES, RECEIVED)),
        (_("Tanggal tiba"), short_day(theirs.ended_date), short_day(form.received_date.data)),
        (_("Keping yang tiba"), number(theirs.arrived), number(form.quantity.data)),
        (_("Catatan"), theirs.end_note or "–", text_of(form, "note") or "–"),
    )


def _closed(kept: Transfer) -> list[str]:
    """Why a received transfer can no longer be corrected by this person; empty while it can."""
    days = [kept.ended_date] if kept.ended_date else []
    return [words(p) for p in deeds.closed_sides(reading(), office(), account(), kept, days, now())]


@routes.route("/<int(max=2147483647):transfer_id>/correct", methods=["GET", "POST"])
@deed("stock.write")
def correct(transfer_id: int) -> Any:
    """Put right what was said to have arrived, with a reason, while both sides' days are open."""
    kept = _transfer(transfer_id)
    if not deeds.may_receive(account(), kept):
        raise NotPermitted("stock.write")
    said = {"received_date": kept.ended_date, "quantity": kept.arrived, "note": kept.end_note}
    form: Any = ReceiptForm(typed(), data={"version": kept.version, **said})

    def send(submission_id: str, version: int) -> Any:
        with writing() as tx:
            reason = text_of(form, "reason")
            return deeds.correct(tx, sender(), office(), submission_id, transfer_id, version, _receipt(form), reason)

    if request.method == "GET" and _closed(kept):
        return redirect(url_for("transfers.show", transfer_id=kept.id), 303)
    both = (send, lambda theirs: _receipt_rows(theirs, form))
    return _end(kept, form, "received_date", *both, "stock/receive.html", RECEIVED)


@routes.route("/<int(max=2147483647):transfer_id>/cancel", methods=["GET", "POST"])
@deed("stock.write")
def cancel(transfer_id: int) -> Any:
    """Take a transfer that is on its way back, with a reason."""
    kept, today = _transfer(transfer_id), office_day(now())
    if not deeds.may_cancel(account(), kept):
        raise NotPermitted("stock.write")
    form: Any = ReturnForm(typed(), data={"version": kept.version, "returned_date": today})

    def send(submission_id: str, version: int) -> Any:
        back = Return(form.returned_date.data, text_of(form, "reason"))
        with writing() as tx:
            return deeds.cancel(tx, sender(), submission_id, transfer_id, version, back)

    def compare(theirs: Transfer) -> list[tuple[str, str, str, bool]]:
        return _rows(
            (_("Keadaan"), label(STATES, theirs.state), label(STATES, "cancelled")),
            (_("Tanggal kembali"), short_day(theirs.ended_date), short_day(form.returned_date.data)),
            (_("Alasan"), theirs.end_note or "–", text_of(form, "reason") or "–"),
        )

    return _end(kept, form, "returned_date", send, compare, "stock/cancel.html")


def _end(kept: Transfer, form: Any, day: str, send: Any, compare: Any, template: str, state: str = SENT) -> Any:
    """The page that ends a transfer in ``state``, or corrects its end: asked, told what is wrong, or shown what
    somebody else said meanwhile."""
    if request.method == "GET" and kept.state != state:
        return redirect(url_for("transfers.show", transfer_id=kept.id), 303)
    problems: list[Problem] = []
    status, theirs = 200, None
    if request.method == "POST":
        problems = _unread(form, day)
        status = 422
        try:
            if problems:
                raise Invalid(problems)
            sent = send(text_of(form, "submission_id"), form.version.data or 0)
            return received(sent, url_for("transfers.show", transfer_id=kept.id))
        except Invalid as error:
            problems = error.problems
        except Conflict as error:
            status, theirs, problems = _clash(error, form)
    lists = office()
    shown = errors(problems, {f.name for f in form})
    return page(
        template,
        status,
        transfer=theirs or kept,
        line=line(theirs or kept, lists, office_day(now())),
        names=_names(lists),
        over=(theirs or kept).state != state,
        correcting=state == RECEIVED,
        form=form,
        rows=compare(theirs) if theirs else [],
        errors=shown.summary,
        wrong=shown.by_field,
    )
