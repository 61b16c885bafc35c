"""Saying in what state a part of a kit is, and what somebody else said meanwhile."""

import uuid
from typing import Any

from flask import request, url_for
from wtforms import StringField, TextAreaField

from ..actions import equipment as deeds
from ..domain.calendar import office_day
from ..domain.equipment import ATTENTION, COMPONENTS, GOOD, REASONS, STATUSES, Component
from ..domain.problems import Conflict, Invalid, Problem, Unknown, _
from .asking import compared, optional_day, read_moment
from .door import deed, now, sender, stop_reading, typed, writing
from .equipment import own_kit, part_words, routes
from .formats import label, moment, plain_day
from .forms import DayField, PortalForm, errors, text_of
from .language import gettext
from .pages import page, received


class StatusForm(PortalForm):
    """In what state a part is, and why."""

    status = StringField()
    cause = StringField()
    note = TextAreaField()
    at = DayField()
    at_clock = StringField()
    expected_back = DayField()
    agreed = StringField()


def _unasked(form: Any, part: Component) -> bool:
    """Whether the day of return is only what stood there before, while the part works again."""
    return form.status.data in (GOOD, ATTENTION) and form.expected_back.data == part.expected_back


def _both(part: Component, form: Any) -> list[tuple[str, str, str, bool]]:
    """A part's state as kept and as typed, line by line."""
    status, cause = form.status.data or "", form.cause.data or ""
    back, typed_back = part.expected_back, form.expected_back
    return compared(
        [
            (gettext("Keadaan sekarang"), label(STATUSES, part.status), label(STATUSES, status)),
            (
                gettext("Sebab"),
                label(REASONS[part.status], part.reason),
                next((label(of, cause) for of in REASONS.values() if cause in of), cause),
            ),
            (
                gettext("Perkiraan kembali"),
                plain_day(back),
                plain_day(typed_back.data) if typed_back.data else typed_back.text,
            ),
            (gettext("Catatan"), part.note, form.note.data or ""),
            (
                gettext("Sejak"),
                moment(part.since),
                f"{form.at.text} {form.at_clock.data or ''}".strip() or gettext("sekarang"),
            ),
        ]
    )


@routes.route("/<code>/<kind>", methods=["GET", "POST"])
@deed("equipment.write")
def status(code: str, kind: str) -> Any:
    """Say in what state a part is."""
    kit = own_kit(code, "equipment.write")
    part = next((c for c in kit.components if c.kind == kind), None)
    if part is None:
        raise Unknown(kind)
    form: Any = StatusForm(
        typed(),
        data={
            "status": part.status,
            "cause": part.reason,
            "note": part.note,
            "version": part.version,
            "expected_back": part.expected_back,
        },
    )
    problems: list[Problem] = []
    rows: list[tuple[str, str, str, bool]] = []
    code_of_answer = 200
    if request.method == "POST":
        code_of_answer = 422
        cause = form.cause.data or ""
        at, problems = read_moment(form.at, form.at_clock.data or "", "at")
        problems += optional_day(form.expected_back, "expected_back")
        try:
            if problems:
                raise Invalid(problems)
            with writing() as tx:
                sent = deeds.set_status(
                    tx,
                    sender(),
                    text_of(form, "submission_id"),
                    code,
                    kind,
                    form.version.data or 0,
                    form.status.data or "",
                    cause,
                    form.note.data or "",
                    at=at,
                    expected_back=None if _unasked(form, part) else form.expected_back.data,
                    agreed=form.agreed.data == "1",
                )
            return received(sent, url_for("equipment.show", code=code))
        except Invalid as error:
            problems = [Problem("cause", p.text, p.values) if p.field == "reason" else p for p in error.problems]
        except Conflict:
            code_of_answer = 409
            stop_reading()
            part = next(c for c in own_kit(code, "equipment.write").components if c.kind == kind)
            problems = [Problem("", _("Keadaan bagian ini baru saja diubah orang lain. Yang tersimpan ada di bawah."))]
            rows = _both(part, form)
            form.version.process_data(part.version)
            form.submission_id.data = str(uuid.uuid4())
    shown = errors(problems, {"status", "cause", "note", "at", "at_clock", "expected_back", "agreed"})
    return page(
        "equipment/status.html",
        code_of_answer,
        kit=kit,
        part=part,
        part_name=label(COMPONENTS, kind),
        rows=rows,
        kept=part_words(part),
        kept_by=part.by,
        latest=office_day(now()).isoformat(),
        form=form,
        statuses=[(s, gettext(word)) for s, word in STATUSES.items()],
        causes=[
            (gettext(STATUSES[s]), [(r, gettext(word)) for r, word in reasons.items()], f"status={s}")
            for s, reasons in REASONS.items()
            if reasons
        ],
        errors=shown.summary,
        wrong=shown.by_field,
    )
