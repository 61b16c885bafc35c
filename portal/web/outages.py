"""What stops a point without a kit being broken: told once, ended by one tap."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, request, url_for
from wtforms import StringField, TextAreaField

from ..actions import outages as deeds
from ..domain.accounts import Foreign, require
from ..domain.calendar import office_day
from ..domain.outages import BOTH, CAUSES, STOPS, Outage
from ..domain.problems import Problem, Unknown, _
from ..storage import outages
from .asking import Both, Rows, ask, compared, nothing_asked, optional_day, press, read_moment, sections
from .door import account, deed, now, office, reading, typed
from .formats import label, moment, plain_day
from .forms import DayField, PortalForm, errors, text_of
from .language import gettext
from .pages import page, received

routes = Blueprint("outages", __name__, url_prefix="/outages")

SHOWN = timedelta(days=60)
DISTRICT = "district"


class OutageForm(PortalForm):
    """Where, why, since when, and what stands still."""

    point = StringField()
    cause = StringField()
    stops = StringField(default=BOTH)
    began = DayField()
    began_clock = StringField()
    ended = DayField()
    ended_clock = StringField()
    expected_back = DayField()
    note = TextAreaField()


class EndForm(PortalForm):
    """When it was over; empty is now."""

    ended = DayField()
    ended_clock = StringField()


def place_of(outage: Outage) -> str:
    """Where an outage is, in words."""
    if outage.point_code is None:
        return gettext("Seluruh kabupaten")
    point = office().points.get(outage.point_code)
    return point.name if point else outage.point_code


def line(outage: Outage) -> dict[str, Any]:
    """An outage as a list shows it."""
    lasts = outage.lasts(now())
    ended = gettext("sampai %(when)s", when=moment(outage.ended_at)) if outage.ended_at else ""
    since = gettext("sejak %(day)s", day=moment(outage.began_at))
    return {
        "what": f"{label(CAUSES, outage.cause)} – {place_of(outage)}",
        "meta": " ".join(part for part in (since, ended) if part) + f" · {label(STOPS, outage.stops)}",
        "href": url_for("outages.show", outage_id=outage.id),
        "kind": "bad" if lasts else "unknown",
        "word": gettext("masih berlangsung") if lasts else gettext("selesai"),
    }


def _points() -> list[tuple[str, str]]:
    who = account()
    own = [(code, point.name) for code, point in office().points.items() if who.sees_point(code)]
    return [(DISTRICT, gettext("Seluruh kabupaten")), *own] if who.sees_district else own


@routes.route("/", methods=["GET", "POST"])
@deed("equipment.see")
def index() -> Any:
    """Outages of the last two months, and the form that tells of one."""
    points = _points()
    form: Any = OutageForm(typed(), data={"point": points[0][0] if len(points) == 1 else "", "stops": BOTH})
    status, problems = nothing_asked()
    if request.method == "POST":
        require(account(), "equipment.write")
        told, problems = _told(form)
        sent, status, problems, _kept = ask(
            lambda tx, who: deeds.tell(tx, who, office(), text_of(form, "submission_id"), told), form, problems
        )
        if sent is not None:
            return received(sent, url_for("outages.show", outage_id=int(sent.object_id)))
    codes = None if account().sees_district else [code for code, _name in points]
    found = outages.between(reading(), now() - SHOWN, now(), codes)
    wrong = errors(problems, {f.name for f in form})
    return page(
        "outages/index.html",
        status,
        lasting=[line(o) for o in found if o.lasts(now())],
        past=[line(o) for o in found if not o.lasts(now())],
        form=form,
        points=points,
        causes=[(c, gettext(word)) for c, word in CAUSES.items()],
        stops=[(s, gettext(word)) for s, word in STOPS.items()],
        sections=sections(),
        may_write=account().may("equipment.write"),
        today=office_day(now()).isoformat(),
        errors=wrong.summary,
        wrong=wrong.by_field,
    )


def _told(form: Any) -> tuple[Outage, list[Problem]]:
    began, problems = read_moment(form.began, form.began_clock.data or "", "began")
    ended, more = read_moment(form.ended, form.ended_clock.data or "", "ended")
    problems = [*form.unknown(request.form), *problems, *more, *optional_day(form.expected_back, "expected_back")]
    point = text_of(form, "point")
    if not point:
        problems.append(Problem("point", _("Pilih titik layanan dari daftar.")))
    told = Outage(
        0,
        None if point == DISTRICT else point,
        text_of(form, "cause"),
        began or now(),
        ended,
        text_of(form, "stops"),
        form.expected_back.data,
        text_of(form, "note"),
    )
    return told, problems


def _own(outage_id: int, deed_name: str) -> Outage:
    kept = outages.find(reading(), outage_id)
    if kept is None:
        raise Unknown(outage_id)
    require(account(), deed_name)
    if kept.point_code is not None and not account().sees_point(kept.point_code):
        raise Foreign(str(outage_id), deed_name)
    return kept


@routes.get("/<int(max=2147483647):outage_id>")
@deed("equipment.see")
def show(outage_id: int) -> Response:
    """One outage: where, why, how long, and its end by one tap."""
    return _page(outage_id, EndForm())


def _page(outage_id: int, form: Any, problems: Sequence[Problem] = ()) -> Response:
    kept = _own(outage_id, "equipment.see")
    wrong = errors(problems)
    mine = account().may("equipment.write") and (kept.point_code is not None or account().sees_district)
    return page(
        "outages/show.html",
        422 if problems else 200,
        outage=kept,
        title=_title(kept),
        lasts=kept.lasts(now()),
        facts=[
            (gettext("Yang terhenti"), label(STOPS, kept.stops)),
            (gettext("Mulai"), moment(kept.began_at)),
            (gettext("Pulih"), moment(kept.ended_at) if kept.ended_at else gettext("belum")),
            (gettext("Perkiraan pulih"), plain_day(kept.expected_back)),
            (gettext("Catatan"), kept.note or "–"),
            (gettext("Dicatat oleh"), kept.by),
        ],
        form=form,
        today=office_day(now()).isoformat(),
        errors=wrong.summary,
        wrong=wrong.by_field,
        withdraw_id=str(uuid.uuid4()),
        may_end=mine and kept.ended_at is None and not kept.withdrawn,
        may_withdraw=mine and not kept.withdrawn,
    )


@routes.post("/<int(max=2147483647):outage_id>/end")
@deed("equipment.write")
def end(outage_id: int) -> Any:
    """It is over."""
    _own(outage_id, "equipment.write")
    form: Any = EndForm(request.form)
    ended, problems = read_moment(form.ended, form.ended_clock.data or "", "ended")
    version = form.version.data or 0

    def both() -> Both:
        kept = _own(outage_id, "equipment.write")
        rows = _beside(kept, gettext("selesai"), moment(ended) if ended else gettext("sekarang"))
        lasts = kept.ended_at is None and not kept.withdrawn
        return Both(_title(kept), rows, kept.version if lasts else None)

    return press(
        lambda tx, who: deeds.end(tx, who, text_of(form, "submission_id"), outage_id, version, ended),
        form,
        url_for("outages.show", outage_id=outage_id),
        both,
        problems,
        lambda found: _page(outage_id, form, found),
    )


def _title(outage: Outage) -> str:
    return f"{label(CAUSES, outage.cause)} – {place_of(outage)}"


def _beside(kept: Outage, state: str, ended: str) -> Rows:
    """An outage as kept and as a button would have it."""
    now_so = gettext("ditarik kembali") if kept.withdrawn else gettext("selesai")
    return compared(
        [
            (gettext("Keadaan"), gettext("masih berlangsung") if kept.lasts(now()) else now_so, state),
            (gettext("Pulih"), moment(kept.ended_at) if kept.ended_at else gettext("belum"), ended),
        ]
    )


@routes.post("/<int(max=2147483647):outage_id>/withdraw")
@deed("equipment.write")
def withdraw(outage_id: int) -> Any:
    """It was none."""
    _own(outage_id, "equipment.write")
    form: Any = PortalForm(request.form)
    version = form.version.data or 0

    def both() -> Both:
        kept = _own(outage_id, "equipment.write")
        rows = _beside(kept, gettext("ditarik kembali"), "")
        return Both(_title(kept), rows, None if kept.withdrawn else kept.version)

    return press(
        lambda tx, who: deeds.withdraw(tx, who, text_of(form, "submission_id"), outage_id, version),
        form,
        url_for("outages.index"),
        both,
    )
