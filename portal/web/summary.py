"""The district summary: four figures, map, trend, table; a kecamatan's days; the same numbers to take away."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from msgspec import Struct

from ..actions import summary as deeds
from ..domain.areas import NO_HUB, OUTSIDE, Office
from ..domain.calendar import DISTRICT, Completeness, office_day
from ..domain.duty import Period, check_period
from ..domain.outages import CAUSES
from ..domain.problems import Problem, Unknown
from ..domain.recordings import MEASURE, NIHIL_REASONS
from ..domain.review import Reviewed
from ..domain.rollup import summarise
from ..domain.summary import (
    AWAITED,
    BOOKS,
    BY_HOME,
    BY_WORK,
    COMPLETE,
    DOWN,
    GAPS,
    NOTHING_OWED,
    STILL_OPEN,
    UNCONFIRMED,
    UNSPLIT,
    Group,
    Row,
    Summary,
    TrendDay,
)
from ..domain.texts import read_day
from ..storage import ledger, summary
from . import charts, downloads, figures, tile_map
from .door import deed, now, office, reading, sender, services, versions, writing
from .equipment import part_words
from .formats import label, nihil_words, number, plain_day, short_day
from .forms import NOT_A_DAY, errors
from .history import home_label
from .kept_answers import kept_file
from .language import INDONESIAN, gettext, language
from .pace_words import card
from .pages import drawn_once, page, remembered

routes = Blueprint("summary", __name__, url_prefix="/summary")

FILE_NAMES = {BY_WORK: "tempat-rekam", BY_HOME: "domisili"}

WITHOUT_HUB = "none"
"""How an address names the kecamatan that no hub was announced for."""

PRESETS = ("today", "yesterday", "week", "month", "custom")


def preset(name: str, today: date, start: date) -> Period:
    """The days of a named period; the month to date when the name is unknown."""
    yesterday = today - timedelta(days=1)
    first = {
        "today": today,
        "yesterday": yesterday,
        "week": today - timedelta(days=6),
    }.get(name, today.replace(day=1))
    last = yesterday if name == "yesterday" else today
    return Period(min(max(first, start), last), last)


def wanted() -> tuple[Period, str, str, list[Problem]]:
    """(period, book, name of the period, problems) as the address says; the month to date when it says nonsense."""
    today, lists = office_day(now()), office()
    name = request.args.get("period", "month")
    book = request.args.get("book", BY_WORK)
    book = book if book in BOOKS else BY_WORK
    if name not in PRESETS:
        name = "month"
    if name != "custom":
        return preset(name, today, lists.start()), book, name, []
    first, last = (read_day(request.args.get(field, "")) for field in ("first", "last"))
    if first is None or last is None:
        field = "first" if first is None else "last"
        return preset("month", today, lists.start()), book, name, [Problem(field, NOT_A_DAY)]
    period = Period(first, last)
    problems = check_period(period, today)
    return (preset("month", today, lists.start()) if problems else period), book, name, problems


def build(period: Period, book: str) -> Summary:
    """The one object from which screen, print and downloads are made."""
    tx, fresh = reading(), versions()
    known = services()
    facts = summary.facts(tx, period, known.kits(tx, fresh), known.figures(tx, fresh), office(), known.days)
    return summarise(office(), period, book, facts, now())


def row_name(row: Row, lists: Office) -> str:
    """What a line is called."""
    if row.code == OUTSIDE:
        return home_label(OUTSIDE, lists)
    if row.code == UNSPLIT:
        return gettext("Belum dirinci")
    return lists.home_name(row.kecamatan_code) if row.kecamatan_code else row.name


def hub_name(code: str, lists: Office) -> str:
    """What a hub is called; a kecamatan without one stands under *belum ditetapkan*."""
    if code == OUTSIDE:
        return gettext("Tanpa kecamatan domisili")
    return gettext("Hub %(name)s", name=lists.hubs[code]) if code != NO_HUB else gettext("Hub belum ditetapkan")


@routes.get("/")
@deed("summary.see")
@remembered
def index() -> Response:
    """The district at a glance for a period, in one of the two books."""
    period, book, name, problems = wanted()
    address = {
        "period": name,
        "book": book,
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
    }
    shown = errors(problems)
    measure = tile_map.chosen(request.args.get("measure", ""), book)
    body = drawn_once(("summary", period, book, measure), lambda: _body(period, book, measure))
    return page(
        "summary/index.html",
        422 if problems else 200,
        body=body,
        period=period,
        book=book,
        books=BOOKS,
        name=name,
        address=address,
        typed={f: request.args.get(f, address[f]) for f in ("first", "last")},
        errors=shown.summary,
        wrong=shown.by_field,
    )


def _body(period: Period, book: str, measure: str) -> str:
    found, lists = build(period, book), office()
    lines = _trend_lines(found)
    election = lists.election(period.last)
    days_left = None
    if election is not None and election.polling_day >= office_day(now()):
        days_left = lists.calendar.service_days(DISTRICT, office_day(now()), election.polling_day)
    response = page(
        "summary/_body.html",
        found=found,
        measure=measure,
        measures=tile_map.measures(book),
        legend_of=tile_map.legend(measure),
        map_tabs=[
            (gettext(text), f"/summary/?{named_days(period)}&book={book}&measure={name}", name == measure)
            for name, text in tile_map.measures(book).items()
        ],
        period=period,
        book=book,
        by_work=BY_WORK,
        by_home=BY_HOME,
        lists=lists,
        table=[table_lines(found, group, lists) for group in found.groups],
        whole=_line(found, found.total, gettext("Kabupaten")),
        gaps=gaps(found),
        unfilled=unfilled(found) if book == BY_WORK else [],
        tiles=charts.tile_map(tile_map.tiles(found, lists, measure, row_state), gettext("Peta petak 18 kecamatan")),
        trend=charts.trend([line.drawn for line in lines], "." if language() == INDONESIAN else ","),
        lines=lines,
        part_words=part_words,
        outage_causes=CAUSES,
        election=election,
        days_left=days_left,
        days=named_days(period),
        pace=card(),
        nihil_reasons=NIHIL_REASONS,
        today=office_day(now()),
        bases=figures.bases(found),
    )
    return response.get_data(as_text=True)


class Line(Struct, frozen=True):
    """A row of the table as it is drawn; ``largest`` is what a full bar stands for, None where there is no bar."""

    name: str
    numbers: tuple[int | None, ...]
    scope: str = "row"
    href: str = ""
    largest: int | None = None
    duty: Completeness | None = None
    reviewed: Reviewed | None = None
    kind: str = ""
    word: str = ""


def _line(found: Summary, row: Row, name: str, **more: Any) -> Line:
    numbers = tuple(row.values[column.name] for column in found.columns)
    duty = (row.completeness, row.reviewed) if found.book == BY_WORK else (None, None)
    return Line(name, numbers, duty=duty[0], reviewed=duty[1], **more)


def table_lines(found: Summary, group: Group, lists: Office) -> list[Line]:
    """A hub's subtotal and its rows, each a link one level down."""
    below, days = "/residents" if found.book == BY_HOME else "", named_days(found.period)
    largest = max((row.values["recorded"] or 0 for g in found.groups for row in g.rows), default=0)
    hub = f"/summary/hub/{group.code or WITHOUT_HUB}?{days}" if found.book == BY_WORK else ""
    drawn = [_line(found, group.total, hub_name(group.code, lists), scope="rowgroup", href=hub)]
    for row in group.rows:
        more: dict[str, Any] = {"largest": largest}
        if found.book == BY_WORK:
            more["kind"], more["word"] = row_state(row)
        if row.kecamatan_code or found.book == BY_WORK:
            more["href"] = f"/summary/kecamatan/{row.code}{below}?{days}"
        drawn.append(_line(found, row, row_name(row, lists), **more))
    return drawn


STANDINGS = {
    GAPS: "bad",
    DOWN: "bad",
    STILL_OPEN: "attention",
    AWAITED: "info",
    UNCONFIRMED: "attention",
    COMPLETE: "good",
    NOTHING_OWED: "unknown",
}


def row_state(row: Row) -> tuple[str, str]:
    """(kind, word) of a line's standing."""
    words = {
        GAPS: gettext("%(days)s hari belum lapor", days=number(row.standing_days)),
        DOWN: gettext("alat tidak bisa rekam"),
        STILL_OPEN: gettext("%(days)s hari masih dalam tenggang", days=number(row.standing_days)),
        AWAITED: gettext("hari ini belum masuk"),
        UNCONFIRMED: gettext("alat belum dikonfirmasi"),
        COMPLETE: gettext("lengkap"),
        NOTHING_OWED: gettext("tidak ada jadwal"),
    }
    return STANDINGS[row.standing], words[row.standing]


def gaps(found: Summary) -> list[str]:
    """What is still missing from the figures of a period, in words, for the page and for every download."""
    whole, owing = found.reporting
    told = []
    if owing:
        told.append(gettext("%(whole)s dari %(all)s kecamatan lengkap", whole=number(whole), all=number(owing)))
    elif found.complete is None:
        told.append(gettext("tidak ada jadwal pelayanan"))
    if found.missing:
        told.append(gettext("%(number)s laporan belum masuk", number=number(len(found.missing))))
    if found.awaited:
        told.append(gettext("%(number)s laporan masih ditunggu", number=number(len(found.awaited))))
    if found.owed_visits:
        told.append(gettext("%(number)s kunjungan belum ada hasilnya", number=number(found.owed_visits)))
    told += review_words(found.reviewed)
    if found.period.first < found.data_from:
        told.append(gettext("data mulai %(day)s", day=plain_day(found.data_from)))
    return told


def review_words(found: Reviewed) -> list[str]:
    """How far a total is verified, and what a supervisor took out of it; nothing where nobody reported."""
    told = []
    if found.reports:
        both = {"verified": number(found.verified), "reports": number(found.reports)}
        told.append(gettext("terverifikasi %(verified)s/%(reports)s laporan", **both))
    if found.excluded:
        told.append(gettext("%(number)s laporan dikeluarkan dari jumlah", number=number(found.excluded)))
    return told


def unfilled(found: Summary) -> list[str]:
    """Boxes that some reports left empty, with how many filled them: their sums are of those reports only."""
    return [
        gettext(
            "%(label)s: diisi pada %(filled)s dari %(counted)s laporan",
            label=gettext(MEASURE[name].label),
            filled=number(filled),
            counted=number(counted),
        )
        for name, (filled, counted) in found.filled.items()
    ]


def named_days(period: Period) -> str:
    """A period as the address names it."""
    return f"period=custom&first={period.first}&last={period.last}"


def _trend_state(day: TrendDay) -> str:
    if day.recorded is None:
        return "missing" if day.expected else "off"
    if day.reports and day.nihil == day.reports and not day.recorded:
        return "nihil"
    return "warn" if day.reports < day.expected else "info"


def stop_words(causes: Iterable[str]) -> str:
    """Gangguan: server pusat, listrik."""
    return gettext("gangguan: %(causes)s", causes=", ".join(label(CAUSES, cause).lower() for cause in causes))


class TrendLine(Struct, frozen=True):
    """A day as it is drawn, with its name and figures for the table under the drawing."""

    drawn: charts.Day
    name: str
    recorded: int | None
    visits: int
    reports: int
    expected: int
    nihil: int
    causes: str
    stopped: int
    stopped_by: str


def _trend_lines(found: Summary) -> list[TrendLine]:
    lines = []
    for day in found.trend:
        text = gettext(
            "%(number)s direkam, %(reports)s dari %(expected)s laporan",
            number=number(day.recorded),
            reports=day.reports,
            expected=day.expected,
        )
        causes = str(nihil_words(day.causes)) if day.causes else ""
        if causes:
            text += f"; {causes}"
        name, href = short_day(day.day), f"/summary/?{named_days(Period(day.day, day.day))}"
        told = stop_words(day.stopped_by) if day.stopped else ""
        if told:
            text += f"; {told}"
        drawn = charts.Day(
            str(day.day.day), day.recorded, _trend_state(day), href, f"{name}: {text}", bool(day.stopped)
        )
        lines.append(
            TrendLine(
                drawn, name, day.recorded, day.visits, day.reports, day.expected, day.nihil, causes, day.stopped, told
            )
        )
    return lines


@routes.get("/download.<kind>")
@deed("summary.see")
@kept_file
def download(kind: str) -> Any:
    """The same summary as xlsx or csv, written down in the ledger as taken."""
    if kind not in downloads.KINDS:
        raise Unknown(kind)
    period, book, _name, problems = wanted()
    if problems:
        return redirect(f"{url_for('summary.index')}?{request.query_string.decode()}", 303)
    found, lists = build(period, book), office()
    version = ledger.versions(reading())[ledger.DATA]
    table = downloads.table_of(
        found,
        lists,
        now(),
        version,
        demo=services().settings.demo,
        row_name=row_name,
        hub_name=hub_name,
        gaps=gaps(found),
        unfilled=unfilled(found),
    )
    with writing() as tx:
        deeds.note_download(tx, sender(), period, book, kind)
    content = downloads.KINDS[kind](table)
    response = Response(content, content_type=downloads.TYPES[kind])
    kept_apart = "data-contoh_" if services().settings.demo else ""
    name = f"{kept_apart}rekam_{FILE_NAMES[book]}_{period.first}_{period.last}_v{version}.{kind}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
