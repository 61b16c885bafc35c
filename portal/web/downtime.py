"""Since when what stood still, what it cost, and whether every zero has its cause."""

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from msgspec import Struct

from ..actions import downtime as deeds
from ..domain.accounts import require_point
from ..domain.availability import Downtime, measure, seen
from ..domain.calendar import days, office_day, office_instant
from ..domain.duty import Period, check_period
from ..domain.equipment import PRINT, RECORD
from ..domain.intervals import length
from ..domain.output import (
    FEWEST_DAYS,
    JOINED,
    STATED,
    UNEXPLAINED,
    Loss,
    PointOutput,
    Zero,
    baseline,
    output,
    zeros_without_kit,
)
from ..domain.problems import Problem, Unknown, _
from ..storage import downtime, ledger, outages, recordings
from . import downloads
from .asking import sections
from .door import account, deed, now, office, reading, sender, services, writing
from .downtime_words import WORDS, availability, causes_of, hours, loss_words, rates_words
from .formats import moment, plain_day
from .forms import NOT_A_DAY, errors, read_day
from .kept_answers import kept_file
from .language import gettext
from .pages import page, remembered

MINUTE = timedelta(minutes=1)

routes = Blueprint("downtime", __name__, url_prefix="/downtime")

WORKS = {RECORD: _("Rekam"), PRINT: _("Cetak")}
PRESETS = ("month", "before", "quarter", "custom")
LATELY_DAYS = 30
"""Days over which the supervisor's morning and the plan of new kits look back."""
MORNING_LINES = 5


class Wanted(Struct, frozen=True):
    """What the address asks for: the days, the work, the name of the period."""

    period: Period
    work: str
    name: str

    def address(self, **other: str) -> dict[str, str]:
        """The same again as an address names it, with other values where given."""
        first, last = self.period.first.isoformat(), self.period.last.isoformat()
        return {"work": self.work, "period": self.name, "first": first, "last": last} | other


def preset(name: str, today: date, start: date) -> Period:
    """The days of a named period; the month to date when the name is unknown."""
    month = today.replace(day=1)
    first, last = {
        "before": ((month - timedelta(days=1)).replace(day=1), month - timedelta(days=1)),
        "quarter": (today - timedelta(days=89), today),
    }.get(name, (month, today))
    last = max(last, min(start, today))
    return Period(min(max(first, start), last), last)


def wanted() -> tuple[Wanted, list[Problem]]:
    """What the address asks for, with what is wrong with it; the month to date when it says nonsense."""
    today, start = office_day(now()), office().start()
    work, name = request.args.get("work", RECORD), request.args.get("period", "month")
    work, name = work if work in WORKS else RECORD, name if name in PRESETS else "month"
    usual = Wanted(preset("month", today, start), work, "month")
    if name != "custom":
        return Wanted(preset(name, today, start), work, name), []
    first, last = (read_day(request.args.get(field, "")) for field in ("first", "last"))
    if first is None or last is None:
        return usual, [Problem("first" if first is None else "last", NOT_A_DAY)]
    problems = check_period(Period(first, last), today)
    return (usual if problems else Wanted(Period(first, last), work, name)), problems


class Found(Struct, frozen=True):
    """Everything the pages and the downloads show, worked out once."""

    hours: Downtime
    points: Sequence[PointOutput]
    zeros: Sequence[Zero]

    @property
    def loss(self) -> Loss:
        """All points together."""
        return sum((o.loss for o in self.points), Loss())

    @property
    def shared(self) -> tuple[timedelta, int, Loss]:
        """What hit the whole district: (hours of all points, points, what it cost)."""
        hit = [o for o in self.points if o.line.shared]
        spent = sum((length(o.line.shared) for o in hit), timedelta())
        return spent, len(hit), sum((o.shared for o in hit), Loss())

    @property
    def open_word(self) -> str:
        """What to say of a standstill without an end: it goes on, or went on when the period ended."""
        return gettext("masih berhenti") if self.hours.until == now() else gettext("berhenti sampai akhir rentang")

    @property
    def repairs(self) -> list[PointOutput]:
        """Points that stood still for a cause of their own, the one to mend first first."""
        return [o for o in self.points if o.line.own]

    @property
    def unexplained(self) -> int:
        """Zeros and dips without a cause."""
        return sum(zero.standing == UNEXPLAINED for zero in self.zeros)

    def of(self, code: str) -> PointOutput | None:
        """One point; None where no kit stood."""
        return next((o for o in self.points if o.line.code == code), None)


def build(period: Period, work: str, *, confirmed: bool = True) -> Found:
    """The district, or the part of it a person sees, over a period; what came after it is not looked at.

    ``confirmed`` False leaves confirmations unread, for pages that ask only what was down.
    """
    lists, tx, who, longer = office(), reading(), account(), baseline(period)
    begin, at = (
        office_instant(longer.first, time()),
        min(now(), office_instant(period.last + timedelta(days=1), time())),
    )
    halts = outages.between(tx, begin, at)
    changes = downtime.stories(tx, begin, at, changes_only=True)
    told = downtime.stories(tx, office_instant(period.first, time()), at) if confirmed else changes
    found = measure(lists, told, halts, period, at, work)
    if not who.sees_district:
        found = seen(found, who.points)
    marks = [m for m in recordings.marks(tx, longer) if who.sees_point(m.point_code)] if work == RECORD else []
    points = output(lists, found, measure(lists, changes, halts, longer, at, work), marks, period)
    zeros = [zero for o in points for zero in o.zeros] + zeros_without_kit(lists, found, marks, period)
    order = {UNEXPLAINED: 0, JOINED: 1, STATED: 2}
    return Found(found, points, sorted(zeros, key=lambda z: (order[z.standing], z.day, z.point_code)))


# --- pages --------------------------------------------------------------------------------------


@routes.get("/")
@deed("downtime.see")
@remembered
def index() -> Response:
    """Every point and kit over a period, the dearest standstill first."""
    chosen, problems = wanted()
    found, lists, shown = build(chosen.period, chosen.work), office(), errors(problems)
    return page(
        "downtime/index.html",
        422 if problems else 200,
        sections=sections(),
        found=found,
        chosen=chosen,
        works=WORKS,
        recording=chosen.work == RECORD,
        points=lists.points,
        opened=[
            (h.opens, h.closes, h.valid_from)
            for h in dict.fromkeys(lists.hours_on(day) for day in days(chosen.period.first, chosen.period.last))
        ],
        fewest=FEWEST_DAYS,
        kits=sorted(found.hours.kits, key=lambda line: (-line.tally.down, line.kit.code)),
        part_of_district=not account().sees_district,
        may_plan=account().may("rollout.see"),
        typed={f: request.args.get(f, chosen.address()[f]) for f in ("first", "last")},
        errors=shown.summary,
        wrong=shown.by_field,
        length=length,
        **WORDS,
    )


@routes.get("/<code>")
@deed("downtime.see")
@remembered
def show(code: str) -> Response:
    """One point: each time it stood still, its kits, and its zeros with their causes."""
    lists = office()
    if code not in lists.points:
        raise Unknown(code)
    require_point(account(), "downtime.see", code)
    chosen, problems = wanted()
    found = build(chosen.period, chosen.work)
    own = found.of(code)
    return page(
        "downtime/show.html",
        422 if problems else 200,
        point=lists.points[code],
        own=own,
        open_word=found.open_word,
        rates=rates_words(own) if own else [],
        kits=[line for line in found.hours.kits if code in line.kit.points_on(office_day(now()))],
        zeros=[zero for zero in found.zeros if zero.point_code == code],
        chosen=chosen,
        works=WORKS,
        recording=chosen.work == RECORD,
        errors=errors(problems).summary,
        **WORDS,
    )


@routes.get("/download.<kind>")
@deed("downtime.see")
@kept_file
def download(kind: str) -> Any:
    """The points of the same page as xlsx or csv, written down in the ledger as taken."""
    if kind not in downloads.KINDS:
        raise Unknown(kind)
    chosen, problems = wanted()
    if problems:
        return redirect(f"{url_for('downtime.index')}?{request.query_string.decode()}", 303)
    table = _table(build(chosen.period, chosen.work), chosen)
    version = ledger.versions(reading())[ledger.EQUIPMENT]
    with writing() as tx:
        deeds.note_download(tx, sender(), chosen.period, chosen.work, kind)
    response = Response(downloads.KINDS[kind](table), content_type=downloads.TYPES[kind])
    kept_apart = "data-contoh_" if services().settings.demo else ""
    name = f"{kept_apart}ketersediaan_{chosen.work}_{chosen.period.first}_{chosen.period.last}_v{version}.{kind}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _table(found: Found, chosen: Wanted) -> downloads.Table:
    """One row a point; times in whole minutes of service, so that a spreadsheet can add them up."""
    lists = office()
    recording = chosen.work == RECORD
    header = [
        gettext("Kode"),
        gettext("Titik layanan"),
        gettext("Menit bisa"),
        gettext("Menit berhenti"),
        gettext("Menit tidak diketahui"),
        gettext("Menit tanpa alat"),
        gettext("Menit karena gangguan saja"),
        gettext("Kali berhenti"),
        *([gettext("Tidak terekam, paling sedikit"), gettext("Tidak terekam, paling banyak")] if recording else []),
        gettext("Sebab"),
    ]
    rows: list[list[downloads.Cell]] = []
    for own in found.points:
        line = own.line
        lost: list[downloads.Cell] = [None, None]
        if own.loss.counted and not own.loss.unknown:
            lost = [round(own.loss.low), round(own.loss.high)]
        rows.append(
            [
                line.code,
                lists.points[line.code].name,
                *(round(t / MINUTE) for t in (line.tally.up, line.tally.down, line.tally.unknown)),
                round(line.absent / MINUTE),
                round(line.by_stops / MINUTE),
                len(line.spells),
                *(lost if recording else []),
                "; ".join(causes_of(line, line.down)),
            ]
        )
    notes = [
        (gettext("Isi"), gettext(WORKS[chosen.work])),
        (gettext("Tanggal pelayanan"), f"{plain_day(chosen.period.first)} – {plain_day(chosen.period.last)}"),
        (gettext("Diambil"), moment(now())),
        (gettext("Ketersediaan"), availability(found.hours.total)),
        (gettext("Sel kosong"), gettext("tidak diketahui, bukan nol")),
    ]
    if services().settings.demo:
        notes.insert(0, (gettext("Data contoh"), gettext("Angka karangan untuk peragaan, bukan angka resmi")))
    sheet = gettext("Data contoh") if services().settings.demo else gettext("Ketersediaan")
    return downloads.Table(gettext("Ketersediaan"), sheet, header, rows, notes)


def lately() -> Period:
    """The days over which a morning, or a plan, adds up what a standstill cost."""
    today = office_day(now())
    return Period(max(office().start(), today - timedelta(days=LATELY_DAYS - 1)), today)


def morning(cards: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """For the supervisor's day: the kits that are down, those of the dearest standstill first, and what it cost."""
    found, today = build(lately(), RECORD, confirmed=False), office_day(now())
    place = {own.line.code: number for number, own in enumerate(found.repairs)}

    def rank(card: dict[str, Any]) -> tuple[int, str]:
        kit = card["kit"]
        return place.get(kit.point_on(today) or kit.point_code, len(place)), kit.code

    return {
        "cards": sorted(cards, key=rank),
        "stopped": [
            (own, office().points[own.line.code].short, hours(length(own.line.own)), loss_words(own.own))
            for own in found.repairs[:MORNING_LINES]
        ],
        "days": LATELY_DAYS,
    }
