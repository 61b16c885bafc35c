"""The page that takes a kit out of service as a whole, and the one that takes it back."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, request, url_for
from wtforms import StringField, TextAreaField

from ..actions import retirement as deeds
from ..domain.calendar import office_day
from ..domain.problems import Problem
from ..domain.retirement import RETIRED_REASONS, Retirement
from ..storage import retirement
from .asking import ask, nothing_asked
from .door import deed, now, reading, typed
from .equipment import beside, own_kit
from .formats import label, moment, short_day
from .forms import NOT_A_DAY, DayField, PortalForm, errors, text_of
from .language import gettext
from .pages import page, received

routes = Blueprint("retirement", __name__, url_prefix="/equipment")


class RetireForm(PortalForm):
    """From which day on a kit is out of service, and why."""

    since = DayField()
    reason = StringField()
    note = TextAreaField()


class BackForm(PortalForm):
    """Whether the parts of a kit that comes back were looked at."""

    looked_at = StringField()
    note = TextAreaField()


def lines(past: list[Retirement]) -> list[dict[str, Any]]:
    """Every time a kit left service and came back, as lines of its story, newest first."""
    found = []
    for line in past:
        words = gettext("Tidak lagi dipakai sejak %(day)s", day=short_day(line.since))
        words += f" – {label(RETIRED_REASONS, line.reason).lower()}" + (f" ({line.note})" if line.note else "")
        found.append({"when": moment(line.at), "who": line.by, "text": words, "at": line.at, "day": line.since})
        if line.until is not None and line.until_at is not None:
            words = gettext("Dipakai lagi sejak %(day)s", day=short_day(line.until))
            words += f" ({line.until_note})" if line.until_note else ""
            back = {"when": moment(line.until_at), "who": line.until_by, "text": words, "at": line.until_at}
            found.append(back | {"day": line.until})
    return sorted(found, key=lambda line: line["at"], reverse=True)


@routes.route("/<code>/retire", methods=["GET", "POST"])
@deed("equipment.retire")
def retire(code: str) -> Any:
    """Take a kit out of service as a whole."""
    kit = own_kit(code, "equipment.retire")
    today = office_day(now())
    form: Any = RetireForm(typed(), data={"version": kit.version, "since": today})
    status, problems = nothing_asked()
    if request.method == "POST":
        since: date | None = form.since.data
        problems = [*form.unknown(request.form), *([] if since else [Problem("since", NOT_A_DAY)])]
        said = since, text_of(form, "reason"), text_of(form, "note")
        version = form.version.data or 0
        sent, status, problems, _kept = ask(
            lambda tx, who: deeds.retire(tx, who, text_of(form, "submission_id"), code, version, *said), form, problems
        )
        if sent is not None:
            return received(sent, url_for("equipment.show", code=code))
    wanted = gettext("tidak dipakai sejak %(day)s", day=short_day(form.since.data))
    return _answer(code, form, status, problems, "retirement/retire.html", (wanted, gettext("tidak dipakai")))


@routes.route("/<code>/take-back", methods=["GET", "POST"])
@deed("equipment.retire")
def take_back(code: str) -> Any:
    """Take a kit back into service."""
    kit = own_kit(code, "equipment.retire")
    form: Any = BackForm(typed(), data={"version": kit.version})
    status, problems = nothing_asked()
    if request.method == "POST":
        note, seen, version = text_of(form, "note"), text_of(form, "looked_at") == "1", form.version.data or 0
        sent, status, problems, _kept = ask(
            lambda tx, who: deeds.take_back(
                tx, who, text_of(form, "submission_id"), code, version, note, looked_at=seen
            ),
            form,
            form.unknown(request.form),
        )
        if sent is not None:
            return received(sent, url_for("equipment.show", code=code))
    part = gettext("baik") if form.looked_at.data == "1" else gettext("tidak dipakai")
    return _answer(code, form, status, problems, "retirement/take_back.html", (gettext("dipakai"), part))


def _answer(
    code: str, form: Any, status: int, problems: list[Problem], template: str, wanted: tuple[str, str]
) -> Response:
    """The page again; after a conflict with the kit as it is now beside what was ``wanted`` of it and of its parts."""
    kit = own_kit(code, "equipment.retire")
    wrong = errors(problems, {f.name for f in form})
    past = retirement.of_kits(reading(), code).get(code, [])
    return page(
        template,
        status,
        kit=kit,
        rows=beside(kit, *wanted) if status == 409 else [],
        form=form,
        reasons=[(name, gettext(word)) for name, word in RETIRED_REASONS.items()],
        latest=office_day(now()).isoformat(),
        past=lines(past),
        errors=wrong.summary,
        wrong=wrong.by_field,
    )
