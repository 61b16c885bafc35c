"""The planner in the browser: a week suggested, each line with its reasons, taken up with one press."""

import uuid
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, request, url_for

from ..actions import planner as deeds
from ..domain.accounts import CLERK
from ..domain.calendar import DISTRICT, office_day
from ..domain.planner import MOST_ABSENT, Line
from ..domain.planning import Change, Errand, Suggestion, horizon, suggest, teams_of
from ..domain.problems import STALE, Conflict, Invalid, Problem, _
from ..domain.submissions import Submission
from ..domain.texts import NOTE_LIMIT
from ..domain.visits import SESSIONS, WHOLE_DAY
from ..storage import equipment, sweeps
from .asking import visit_sections
from .door import account, deed, now, office, reading, sender, writing
from .formats import number, plain_day
from .forms import errors, read_day
from .language import INDONESIAN, gettext, speaking
from .pages import page, received

routes = Blueprint("planner", __name__, url_prefix="/planner")

SPARE = "spare"
ALL = "all"
KITS = {ALL: _("Semua alat yang bisa rekam"), SPARE: _("Hanya alat cadangan: satu tetap di tiap titik")}

CHANGED = _("Usul ini berubah sejak halaman dibuka. Periksa usul yang baru di bawah, lalu terima lagi.")
TAKEN = _("Tempat atau alat ini sudah terpakai pada hari itu. Usul di bawah sudah memperhitungkannya.")


def _chosen() -> str:
    """Which kits go along: as chosen, else a clerk's own and for the district the spare ones, so that no office is
    left without."""
    asked = request.values.get("kits")
    return asked if asked in KITS else ALL if account().role == CLERK else SPARE


def build() -> Suggestion:
    """The suggestion for the reader's own area, as things stand: a fixed number of questions."""
    tx, who, lists = reading(), account(), office()
    first, last, _polling_day = horizon(lists, now())
    kits = equipment.kits(tx, who.points if who.role == CLERK else None)
    bookings = sweeps.bookings(tx, [kit.code for kit in kits], first, last)
    teams = teams_of(lists, kits, bookings, now(), keep_one=_chosen() == SPARE)
    standings = sweeps.standings(tx, who, office_day(now()))
    return suggest(lists, now(), standings, sweeps.planned(tx, first, last), teams)


def _monday(found: Suggestion) -> date:
    """The week that is shown: the one asked for, within the days planned; else that of the first line."""
    asked = read_day(request.values.get("week", ""))
    lines = found.proposal.lines
    day = asked or (lines[0].day if lines else found.first)
    day = min(max(day, found.first), found.last)
    return day - timedelta(days=day.weekday())


def _address(monday: date | None = None) -> str:
    return url_for("planner.index", week=monday.isoformat() if monday else None, kits=_chosen())


@routes.get("/")
@deed("planner.see")
def index() -> Response:
    """A week suggested, and what does not fit in before polling day."""
    return _shown(build(), [], 200)


def _shown(found: Suggestion, problems: list[Problem], status: int) -> Response:
    lists, monday = office(), _monday(found)
    sunday = monday + timedelta(days=6)
    errands = found.errands(monday, sunday)
    by_day: dict[date, list[dict[str, Any]]] = {}
    for errand in errands:
        by_day.setdefault(errand.first.day, []).append(_card(errand))
    earlier, later = monday - timedelta(days=7), monday + timedelta(days=7)
    return page(
        "planner/index.html",
        status,
        sections=visit_sections(),
        found=found,
        monday=monday,
        sunday=sunday,
        days=list(by_day.items()),
        visits=sum(len(e.lines) for e in errands),
        invited=sum(line.invited for e in errands for line in e.lines),
        voters=sum(line.voters for e in errands for line in e.lines),
        earlier=_address(earlier) if earlier + timedelta(days=6) >= found.first else "",
        later=_address(later) if later <= found.last else "",
        week_plan=url_for("visit_papers.week", day=monday.isoformat()),
        service_days=lists.calendar.service_days(DISTRICT, found.first, found.last),
        missed=_missed(found),
        help=_helps(found),
        kits=[(code, gettext(text)) for code, text in KITS.items()],
        chosen=_chosen(),
        may_write=account().may("planner.write"),
        capacity=lists.limit("kit_day"),
        errors=errors(problems, {""}).summary,
    )


def _card(errand: Errand) -> dict[str, Any]:
    first = errand.first
    return {
        "key": errand.key,
        "id": str(uuid.uuid4()),
        "lines": [(line.place, _of(line), _why(line)) for line in errand.lines],
        "session": gettext(SESSIONS[first.session]),
        "kit": first.team.kit_name,
        "point": office().points[first.team.point_code].name,
        "way": _way(first),
        "joined": bool(first.joined),
        "only": first.team.only,
        "expected": sum(line.expected for line in errand.lines),
        "capacity": office().limit("kit_day") // (1 if first.session == WHOLE_DAY else 2),
    }


def _of(line: Line) -> str:
    """How many, in words."""
    return gettext(
        "%(invited)s diundang, %(voters)s di antaranya dapat memilih; diperkirakan hadir %(expected)s",
        invited=number(line.invited),
        voters=number(line.voters),
        expected=number(line.expected),
    )


def _why(line: Line) -> list[str]:
    """Why this place, on this day: the facts that the plan was made from."""
    found, told = line.waiting, []
    if found.overdue:
        told.append(gettext("Tindak lanjut yang tidak hadir atau gagal sudah lewat waktunya"))
    if line.parts > 1:
        told.append(
            gettext(
                "Sesi %(part)s dari %(parts)s: %(left)s orang tidak muat dalam sehari satu alat",
                part=line.part,
                parts=line.parts,
                left=number(found.left),
            )
        )
    if found.last_visit is None:
        told.append(gettext("Belum pernah dikunjungi"))
    else:
        told.append(gettext("Terakhir dikunjungi %(day)s", day=plain_day(found.last_visit)))
    share = min(found.absence, MOST_ABSENT)
    if found.own_absence:
        told.append(gettext("Tidak hadir %(share)s%%, menurut kunjungan sebelumnya di sini", share=share))
    else:
        told.append(gettext("Tidak hadir diperkirakan %(share)s%%, belum ada angka tempat ini", share=share))
    return told


def _way(line: Line) -> str:
    """From where the kit comes, in words."""
    if line.km is None:
        return gettext("jarak tidak diketahui")
    if line.km < 0.5:
        return gettext("kecamatan yang sama")
    return gettext("sekitar %(km)s km garis lurus antarkecamatan", km=round(line.km))


def _missed(found: Suggestion) -> list[tuple[str, str, str, int, int]]:
    """(place, its name, kecamatan, voters, later) that no plan reaches before polling day, the most voters first."""
    lists = office()
    rows = []
    for code, (voters, later) in found.proposal.unreached.items():
        place = found.waiting[code].place
        where = lists.home_name(place.kecamatan_code) if place.kecamatan_code else gettext("belum tercatat")
        rows.append((code, place.name, where, voters, later))
    return sorted(rows, key=lambda row: (-row[3], -row[4], row[1]))


def _helps(found: Suggestion) -> list[str]:
    """What one kit or the Saturdays more would change, in words."""
    told = []
    if found.one_kit_more is not None:
        code, change = found.one_kit_more
        told.append(
            gettext("Satu alat lagi di %(place)s: %(gain)s.", place=office().home_name(code), gain=_gain(change))
        )
    if found.saturdays is not None:
        told.append(gettext("Hari Sabtu ikut dibuka: %(gain)s.", gain=_gain(found.saturdays)))
    return told


def _gain(change: Change) -> str:
    if change.voters + change.later <= 0:
        return gettext("tidak menambah yang terjangkau")
    return gettext(
        "%(all)s orang lagi terjangkau, %(voters)s di antaranya dapat memilih",
        all=number(change.voters + change.later),
        voters=number(change.voters),
    )


@routes.post("/accept")
@deed("planner.write")
def accept() -> Any:
    """Take up one errand: its visits are planned, with the kit booked. The same press again changes nothing."""
    submission_id, key = request.form.get("submission_id", ""), request.form.get("key", "")
    known = deeds.accepted(reading(), account(), submission_id, key)
    if known is not None:
        return _received(known)
    found = build()
    errand = next((e for e in found.errands(found.first, found.last) if e.key == key), None)
    if errand is None:
        return _shown(found, [Problem("", CHANGED)], 409)
    who, lists = sender(), office()
    try:
        with writing() as tx:
            made = deeds.accept(tx, who, lists, submission_id, errand, {x.place.code: _note(x) for x in errand.lines})
        return _received(made)
    except Conflict as error:
        return _shown(build(), [Problem("", CHANGED if error.why == STALE else TAKEN)], 409)
    except Invalid as error:
        return _shown(build(), error.problems, 422)


def _received(sent: Submission) -> Response:
    monday = read_day(request.form.get("week", ""))
    return received(sent, _address(monday))


def _note(line: Line) -> str:
    """What stands on the visit that an accepted line makes, in Indonesian: whom to invite, who shares the kit."""
    with speaking(INDONESIAN):
        told = f"Usul perencana: undang {number(line.invited)} orang, diperkirakan hadir {number(line.expected)}."
    if line.joined:
        names = ", ".join(place.name for place in line.joined)
        told += f" Sehari digabung dengan {names}, alat {line.team.kit_name}."
    return told[:NOTE_LIMIT]
