"""What a visit needs on paper and in a chat: the letter to the school, the message, the empty sheet, the week's plan.

Papers of the office are Indonesian in whatever language the reader works: their words stand in the templates.
"""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, request, url_for

from ..actions import settings
from ..domain.areas import Place
from ..domain.calendar import office_day
from ..domain.duty import Period
from ..domain.places import SCHOOL
from ..domain.problems import Unknown
from ..domain.sweeps import Standing
from ..domain.texts import check_text
from ..domain.visits import AGES, CANCELLED, EXPLAINED, OWING, PROPOSED, RESULTS, SESSIONS, STATES, Visit
from ..storage import areas, sweeps, visits
from .asking import visit_sections
from .door import account, deed, now, office, reading
from .formats import long_day, number, plain_day
from .forms import errors
from .history import home_label
from .language import INDONESIAN, speaking
from .pages import page
from .report_form import home_codes
from .visit_feeds import monday_of
from .visits import place_names

routes = Blueprint("visit_papers", __name__, url_prefix="/visits")

STILL = (PROPOSED, *OWING)
NUMBER_LIMIT = 60
"""Characters of a letter's number."""


def _visit(visit_id: int) -> tuple[Visit, Place]:
    """A visit that is still to come about, in the reader's area: a cancelled one gets no papers."""
    kept = visits.find(reading(), account(), visit_id)
    if kept is None or kept.state == CANCELLED:
        raise Unknown(visit_id)
    place = areas.place(reading(), kept.plan.place_code)
    assert place is not None
    return kept, place


def _standing(place: Place) -> Standing | None:
    found = sweeps.standings(reading(), account(), office_day(now()), only=place.code)
    return found[0] if found else None


def _where(place: Place) -> str:
    """A place's address as the office knows it, in Indonesian."""
    kecamatan = f"Kecamatan {office().home_name(place.kecamatan_code)}" if place.kecamatan_code else ""
    return ", ".join(part for part in (place.address, kecamatan) if part)


def _list(standing: Standing | None) -> str:
    """How many wait, with the day and the source of the list; "" when nobody told."""
    if standing is None or standing.batch is None or standing.left is None:
        return ""
    batch = standing.batch
    return f"{number(standing.left)} orang menurut daftar {plain_day(batch.as_of)} ({batch.source})"


@routes.get("/<int(max=2147483647):visit_id>/letter")
@deed("visits.see")
def letter(visit_id: int) -> Response:
    """The letter that announces a visit to its place, and the same as a message to send by chat."""
    kept, place = _visit(visit_id)
    said = " ".join(request.args.get("number", "").split())
    problems = check_text("number", said, NUMBER_LIMIT)
    shown = errors(problems, {"number"})
    with speaking(INDONESIAN):
        day, listed, today = long_day(kept.plan.visit_date), _list(_standing(place)), plain_day(office_day(now()))
        text = message(kept, place, day, _where(place), office().points[kept.plan.point_code].name)
    return page(
        "visit_papers/letter.html",
        422 if problems else 200,
        visit=kept,
        place=place,
        is_school=place.kind == SCHOOL,
        where=_where(place),
        day=day,
        today=today,
        session=SESSIONS[kept.plan.session],
        listed=listed,
        point=office().points[kept.plan.point_code].name,
        office=settings.identity(reading()),
        number="" if problems else said,
        typed=said,
        text=text,
        may_set=account().may("settings.write"),
        errors=shown.summary,
        wrong=shown.by_field,
    )


def message(visit: Visit, place: Place, day: str, where: str, point: str) -> str:
    """The announcement as a chat message in Indonesian: no names, no numbers of people."""
    who = "siswa" if place.kind == SCHOOL else "warga"
    lines = [
        f"Yth. Bapak/Ibu {place.name},",
        "",
        f"Tim perekaman KTP-el {point} (Dispendukcapil Kabupaten Mojokerto) merencanakan perekaman di tempat Anda:",
        f"Hari: {day} ({SESSIONS[visit.plan.session].lower()})",
        f"Tempat: {place.name}" + (f", {where}" if where else ""),
        "",
        f"Mohon disiapkan: ruang dengan meja, kursi dan listrik; daftar {who} usia 16 tahun ke atas yang belum rekam; "
        f"{who} membawa fotokopi Kartu Keluarga. Yang sudah pernah rekam tidak perlu ikut. "
        "Perekaman tidak dipungut biaya.",
        "",
        "Bila tanggal ini tidak sesuai, mohon segera mengabari kami. Terima kasih.",
    ]
    return "\n".join(lines)


@routes.get("/<int(max=2147483647):visit_id>/sheet")
@deed("visits.see")
def sheet(visit_id: int) -> Response:
    """The result sheet, empty, in the order of the screen: for a place without signal."""
    kept, place = _visit(visit_id)
    lists = office()
    with speaking(INDONESIAN):
        day, listed = long_day(kept.plan.visit_date), _list(_standing(place))
        homes = [home_label(code, lists) for code in home_codes(lists)]
    return page(
        "visit_papers/sheet.html",
        visit=kept,
        place=place,
        where=_where(place),
        day=day,
        session=SESSIONS[kept.plan.session],
        listed=listed,
        point=lists.points[kept.plan.point_code].name,
        eligible=RESULTS["eligible"],
        explained=[RESULTS[name] for name in EXPLAINED],
        walk_in=RESULTS["walk_in"],
        ages=list(AGES.values()),
        homes=homes,
    )


@routes.get("/week/<day>")
@deed("visits.see")
def week(day: str) -> Response:
    """Every visit of a week in the reader's area, to print and pin up."""
    monday = monday_of(day)
    sunday = monday + timedelta(days=6)
    found = visits.in_period(reading(), account(), Period(monday, sunday), tuple(s for s in STATES if s != CANCELLED))
    names = place_names(reading(), found)
    standings = {s.place.code: s for s in sweeps.standings(reading(), account(), office_day(now()))} if found else {}
    by_day: dict[Any, list[Any]] = {}
    for visit in found:
        standing = standings.get(visit.plan.place_code)
        by_day.setdefault(visit.plan.visit_date, []).append(
            (visit, names[visit.plan.place_code], standing.left if standing else None)
        )
    return page(
        "visit_papers/week.html",
        sections=visit_sections(),
        monday=monday,
        sunday=sunday,
        days=sorted(by_day.items()),
        number_of=len(found),
        lists=office(),
        states=STATES,
        sessions=SESSIONS,
        office=settings.identity(reading()),
        earlier=url_for("visit_papers.week", day=monday - timedelta(days=7)),
        later=url_for("visit_papers.week", day=monday + timedelta(days=7)),
    )
