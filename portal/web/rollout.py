"""Where the next kit belongs: the kecamatan ranked with reasons, what a budget changes, and the plan on paper."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from flask import Blueprint, Response, request
from msgspec import Struct

from ..actions import settings
from ..actions.rollout import label_points
from ..domain.areas import NO_HUB, Office, straight_km
from ..domain.calendar import DISTRICT, Election, office_day
from ..domain.downtime import Tally
from ..domain.equipment import ABLE, RECORD, UNABLE, Kit, known, point_abilities
from ..domain.figures import Figure
from ..domain.outages import with_outages
from ..domain.output import PointOutput
from ..domain.problems import Problem, _
from ..domain.rollout import (
    BASES,
    BY_LIST,
    BY_SCHOOLS,
    DISTANCE,
    FACTORS,
    LEFT,
    PRICE,
    UNRECORDED,
    Candidate,
    LeftAtPlaces,
    Range,
    Score,
    Stage,
    added,
    allot,
    check_plan,
    check_weights,
    days_left,
    expected,
    kit_day,
    left_at_places,
    newest_of,
    scores,
    share_up,
    stages,
)
from ..domain.sweeps import BY_KECAMATAN, grouped, shown
from ..domain.texts import read_count
from ..storage import outages, rollout, sweeps
from .door import account, deed, now, office, reading, services, versions
from .downtime import build, lately
from .downtime_words import decimal
from .formats import DASH, as_of, month_name, number, plain_day
from .forms import NOT_A_DAY, errors, read_day
from .language import gettext, ngettext
from .pages import page, remembered
from .sweeps import source_of

routes = Blueprint("rollout", __name__, url_prefix="/rollout")

NOT_AHEAD = _("Pilih tanggal sesudah hari ini, paling jauh satu tahun.")
DEFAULTS = {"kits": 6, "stage": 2, "weeks": 1}


class Wanted(Struct, frozen=True):
    """What the address asks for: whose absence weighs, how much each reason does, how many kits and when."""

    basis: str
    weights: Mapping[str, int]
    kits: int
    stage: int
    weeks: int
    first: date

    def address(self, **other: str) -> dict[str, str]:
        """The same again as an address names it, with other values where given."""
        plain = {"basis": self.basis, "first": self.first.isoformat()}
        plain |= {f.name: str(self.weights[f.name]) for f in FACTORS}
        return plain | {name: str(getattr(self, name)) for name in DEFAULTS} | other


def wanted() -> tuple[Wanted, list[Problem]]:
    """What the address asks for, with what is wrong with it; where it says nonsense, the usual values."""
    given, today, lists = request.args, office_day(now()), office()
    typed = {name: read_count(given.get(name, str(usual))) for name, usual in DEFAULTS.items()}
    weights = {f.name: read_count(given.get(f.name, str(f.weight))) for f in FACTORS}
    soonest = lists.calendar.next_service_day(DISTRICT, today)
    first = read_day(given["first"]) if "first" in given else soonest
    problems = [*check_plan(typed["kits"], typed["stage"], typed["weeks"]), *check_weights(weights)]
    if first is None or not today < first <= today + timedelta(days=366):
        problems.append(Problem("first", NOT_A_DAY if first is None else NOT_AHEAD))
        first = soonest
    wrong = {p.field for p in problems}
    basis = given.get("basis", BY_LIST)
    plan = {name: DEFAULTS[name] if name in wrong else typed[name] or 0 for name in DEFAULTS}
    return Wanted(
        basis if basis in BASES else BY_LIST,
        {f.name: f.weight if f.name in wrong else weights[f.name] or 0 for f in FACTORS},
        plan["kits"],
        plan["stage"],
        plan["weeks"],
        first,
    ), problems


class Line(Struct, frozen=True):
    """A kecamatan as the page shows it: its score, whose people are left as who says so, and where they go now."""

    score: Score
    listed: Figure | None
    schools: LeftAtPlaces | None
    nearest: str
    hub: str


class Plan(Struct, frozen=True):
    """Everything the page and the paper show."""

    lines: Sequence[Line]
    stages: Sequence[Stage]
    election: Election | None
    days: int
    a_kit_day: Range | None
    before: tuple[Range, Range]
    """What the present kits would record by polling day: (running on, with outages as lately)."""
    more: tuple[Range, Range] | None
    """What the new kits would add: (running on, with outages as lately); None when no rate is known."""
    unknown: Sequence[str]
    price: Figure | None


def _plan(chosen: Wanted) -> Plan:
    lists, today, found = office(), office_day(now()), build(lately(), RECORD)
    kits = services().kits(reading(), versions())
    at_point: dict[str, int] = {}
    for kit in kits:
        code = kit.point_on(today)
        if code is not None:
            at_point[code] = at_point.get(code, 0) + 1
    figures = services().figures(reading(), versions())
    listed = newest_of(figures, UNRECORDED, today)
    schools = _at_places(lists, today) if chosen.basis == BY_SCHOOLS else {}
    election = lists.election(today)
    last = election.polling_day if election is not None and election.polling_day >= today else today
    able = _able(lists, kits)
    lines = {}
    for code in lists.kecamatan:
        left = _left(chosen.basis, listed.get(code), schools.get(code))
        nearest, far = _nearest(lists, code, able)
        hub = lists.hub_of(code, today)
        candidate = Candidate(
            code,
            left,
            days_left(lists, code, today + timedelta(days=1), last),
            far,
            _load(lists, hub, today, at_point),
            _down_share(lists, code, hub, today, found.points),
            at_point.get(point.code, 0) if (point := lists.point_of(code)) else 0,
        )
        lines[code] = (candidate, listed.get(code), schools.get(code), nearest, hub)
    ranked = scores([line[0] for line in lines.values()], chosen.weights)
    plan = stages(lists, allot(ranked, chosen.kits), chosen.first, chosen.stage, chosen.weeks, last)
    tomorrow = today + timedelta(days=1)
    rate, up = kit_day(lists, tomorrow, found.points, at_point), share_up(found.hours.total)
    (steady, unknown), (disturbed, _names) = (
        expected(lists, found.points, tomorrow, last, outages=outage) for outage in (False, True)
    )
    people = {line[0].code: line[0].left for line in lines.values()}
    return Plan(
        [Line(score, *lines[score.candidate.code][1:]) for score in ranked],
        plan,
        election,
        lists.calendar.service_days(DISTRICT, tomorrow, last),
        rate,
        (steady, disturbed),
        None if rate is None else (added(plan, rate, people), added(plan, rate, people, up)),
        unknown,
        next(iter(newest_of(figures, PRICE, today).values()), None),
    )


def _able(lists: Office, kits: Sequence[Kit]) -> list[str]:
    """Kecamatan whose own office can record now, outages included."""
    abilities = point_abilities([(kit, known(lists, kit, now())) for kit in kits])
    both = {code: (record, printing) for code, (record, printing, _part) in abilities.items()}
    seen = with_outages(both, outages.lasting(reading(), now()), now(), UNABLE)
    return [
        code
        for code in lists.kecamatan
        if (point := lists.point_of(code)) and seen.get(point.code, (UNABLE, UNABLE))[0] == ABLE
    ]


def _at_places(lists: Office, today: date) -> dict[str, LeftAtPlaces | None]:
    """Kecamatan → who is left at its places, from the same standings as the summary of the sweeps."""
    found = shown(sweeps.standings(reading(), account(), today))
    behind = rollout.left_behind(reading(), today)
    since = today - timedelta(days=lists.limit("left_days"))
    by_kecamatan = grouped(found, BY_KECAMATAN, lists, today)
    return {code: left_at_places(own, behind, since) for code, own in by_kecamatan.items()}


def _left(basis: str, listed: Figure | None, schools: LeftAtPlaces | None) -> int | None:
    if basis == BY_SCHOOLS:
        return schools.people if schools else None
    return listed.value if listed else None


def _nearest(lists: Office, code: str, able: Sequence[str]) -> tuple[str, float | None]:
    """(name, km) of the nearest kecamatan whose office can record; its own is 0 km away."""
    where = label_points()
    reach = sorted((straight_km(where[code], where[other]), other) for other in able if other in where)
    return (lists.home_name(reach[0][1]), reach[0][0]) if reach and code in where else ("", None)


def _load(lists: Office, hub: str, today: date, at_point: Mapping[str, int]) -> float | None:
    """Kecamatan that a hub serves for each kit at its points; unknown without a hub or without a kit there."""
    kits = sum(n for code, n in at_point.items() if lists.seat_of(code, today) == hub)
    members = sum(lists.hub_of(code, today) == hub for code in lists.kecamatan)
    return members / kits if hub != NO_HUB and kits else None


def _down_share(lists: Office, code: str, hub: str, today: date, points: Sequence[PointOutput]) -> float | None:
    """Percent of the known hours in which the points that serve a kecamatan were down: its own, else its hub's."""
    own = lists.point_of(code)
    at_own = [o.line.tally for o in points if own and o.line.code == own.code]
    at_hub = [o.line.tally for o in points if hub != NO_HUB and lists.seat_of(o.line.code, today) == hub]
    up = sum(at_own or at_hub, Tally()).availability
    return None if up is None else 100 - up


# --- pages --------------------------------------------------------------------------------------


def range_words(found: Range) -> str:
    """1.204–1.640."""
    low, high = round(found.low), round(found.high)
    return number(low) if low == high else f"{number(low)}–{number(high)}"


def published(text: str) -> str:
    """A date as it was published, also one that is only a month: Mei 2023."""
    whole = re.fullmatch(r"(\d{4})-(\d{2})", text)
    return month_name(date(int(whole[1]), int(whole[2]), 1)) if whole else as_of(text)


def left_words(found: LeftAtPlaces) -> str:
    """Of which days, by whose lists or which visits, and of how many places nothing is known."""
    first, last = plain_day(found.oldest), plain_day(found.newest)
    told = [last if first == last else f"{first} – {last}"]
    if found.lists:
        told.append(source_of(list(found.lists)))
    if found.visited_on is not None:
        words = ngettext(
            "%(num)s tempat dari kunjungan terakhir", "%(num)s tempat dari kunjungan terakhir", found.visited
        )
        ago = (office_day(now()) - found.visited_on).days
        told.append(
            words + ", " + (gettext("paling lama %(days)s hari lalu", days=ago) if ago else gettext("hari ini"))
        )
    if found.old:
        told.append(
            ngettext(
                "%(num)s tempat tidak diketahui: kunjungan terakhirnya lebih dari %(days)s hari lalu",
                "%(num)s tempat tidak diketahui: kunjungan terakhirnya lebih dari %(days)s hari lalu",
                found.old,
                days=office().limit("left_days"),
            )
        )
    if found.unknown:
        told.append(ngettext("%(num)s tempat tidak diketahui", "%(num)s tempat tidak diketahui", found.unknown))
    return "; ".join(told)


def value_words(line: Line, factor: str) -> str:
    """A measured value as it stands in the table."""
    value = line.score.candidate.value(factor)
    if value is None:
        return gettext("tidak diketahui")
    if factor == DISTANCE and value == 0:
        return gettext("di sini")
    return number(round(value)) if factor == LEFT else decimal(value)


def reasons(line: Line) -> str:
    """The two reasons that weigh most, each with its points; what is unknown is named."""
    shares = [(share, f) for f in FACTORS if (share := line.score.shares[f.name]) is not None and share >= 0.5]
    shares.sort(key=lambda pair: -pair[0])
    told = [
        f"{gettext(f.label).lower()} {value_words(line, f.name)} (+{number(round(share))})" for share, f in shares[:2]
    ]
    gaps = [gettext(f.label).lower() for f in FACTORS if line.score.shares[f.name] is None]
    if gaps:
        told.append(gettext("tidak diketahui: %(names)s", names=", ".join(gaps)))
    return "; ".join(told) or DASH


def _show(template: str) -> Response:
    chosen, problems = wanted()
    found, lists, shown = _plan(chosen), office(), errors(problems)
    return page(
        template,
        422 if problems else 200,
        plan=found,
        chosen=chosen,
        typed={name: request.args.get(name, text) for name, text in chosen.address().items()},
        factors=FACTORS,
        bases=BASES,
        lists=lists,
        given=[code for stage in found.stages for code, _number in stage.kits],
        unknown_names=[lists.points[code].short for code in found.unknown],
        range_words=range_words,
        value_words=value_words,
        reasons=reasons,
        published=published,
        left_words=left_words,
        today=office_day(now()),
        identity=settings.identity(reading()),
        errors=shown.summary,
        wrong=shown.by_field,
    )


@routes.get("/")
@deed("rollout.see")
@remembered
def index() -> Response:
    """The ranking, its weights as a form, and what a budget changes; the address is the bookmark."""
    return _show("rollout/index.html")


@routes.get("/plan")
@deed("rollout.see")
@remembered
def plan() -> Response:
    """The same as a plan in stages on A4, to be signed."""
    return _show("rollout/plan.html")
