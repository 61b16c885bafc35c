"""The district summary: four figures, map, trend, table; a kecamatan's days; the same numbers to take away."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for

from ..actions import summary as deeds
from ..domain.areas import NO_HUB, OUTSIDE, Office
from ..domain.calendar import DISTRICT, office_day
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
    Row,
    Summary,
    TrendDay,
)
from ..domain.texts import read_day
from ..storage import ledger, summary
from . import charts, downloads
from .door import deed, now, office, reading, sender, services, versions, writing
from .equipment import part_words
from .formats import nihil_words, number, plain_day, short_day
from .forms import NOT_A_DAY, errors
from .history import home_label
from .language import INDONESIAN, gettext, language
from .pace_words import card
from .pages import drawn_once, page, remembered, wants_fragment

routes = Blueprint("summary", __name__, url_prefix="/summary")

FILE_NAMES = {BY_WORK: "tempat-rekam", BY_HOME: "domisili"}

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
    facts = summary.facts(tx, period, services().kits(tx, fresh), services().figures(tx, fresh))
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
    body = drawn_once(("summary", period, book), lambda: _body(period, book))
    if wants_fragment():
        return page("summary/_fragment.html", 422 if problems else 200, body=body, errors=shown.summary)
    response = page(
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
    return response


def _body(period: Period, book: str) -> str:
    found, lists = build(period, book), office()
    lines = _trend_lines(found)
    election = lists.election(period.last)
    days_left = None
    if election is not None and election.polling_day >= office_day(now()):
        days_left = lists.calendar.service_days(DISTRICT, office_day(now()), election.polling_day)
    response = page(
        "summary/_body.html",
        found=found,
        period=period,
        book=book,
        by_work=BY_WORK,
        by_home=BY_HOME,
        lists=lists,
        names={row.code: row_name(row, lists) for g in found.groups for row in g.rows},
        hubs={g.code: hub_name(g.code, lists) for g in found.groups},
        state=row_state,
        gaps=gaps(found),
        unfilled=unfilled(found) if book == BY_WORK else [],
        tiles=charts.tile_maps(_tiles(found, lists), gettext("Peta petak 18 kecamatan")),
        trend=charts.trends([line[0] for line in lines], "." if language() == INDONESIAN else ","),
        lines=lines,
        part_words=part_words,
        outage_causes=CAUSES,
        election=election,
        days_left=days_left,
        pace=card(),
        days=_days(period),
        nihil_reasons=NIHIL_REASONS,
        largest=max((row.values["recorded"] or 0 for g in found.groups for row in g.rows), default=0),
        today=office_day(now()),
    )
    return response.get_data(as_text=True)


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


def _tiles(found: Summary, lists: Office) -> list[charts.Tile]:
    """A tile for each kecamatan; one that changed its hub within the period has several rows."""
    rows: dict[str, list[Row]] = {}
    for row in (row for group in found.groups for row in group.rows):
        if row.kecamatan_code:
            rows.setdefault(row.kecamatan_code, []).append(row)
    tiles = []
    below = "/residents" if found.book == BY_HOME else ""
    for kecamatan in lists.kecamatan.values():
        if kecamatan.code not in rows:
            continue
        own = rows[kecamatan.code]
        kind, word = row_state(own[-1]) if found.book == BY_WORK else ("info", gettext("penduduk terekam"))
        known = [n for n in (row.values["recorded"] for row in own) if n is not None]
        value = number(sum(known) if known else None)
        tiles.append(
            charts.Tile(
                kecamatan.tile_column,
                kecamatan.tile_row,
                kecamatan.abbr,
                kecamatan.name,
                value,
                "warn" if kind == "attention" else kind,
                f"/summary/kecamatan/{kecamatan.code}{below}?{_days(found.period)}",
                f"{kecamatan.name}: {value}, {word}",
            )
        )
    return tiles


def _days(period: Period) -> str:
    """A period as the address names it."""
    return f"period=custom&first={period.first}&last={period.last}"


def _trend_state(day: TrendDay) -> str:
    if day.recorded is None:
        return "missing" if day.expected else "off"
    if day.reports and day.nihil == day.reports and not day.recorded:
        return "nihil"
    return "warn" if day.reports < day.expected else "info"


def _trend_lines(found: Summary) -> list[tuple[charts.Day, str, TrendDay]]:
    """Each day as it is drawn, with its name and figures for the table under the drawing."""
    lines = []
    for day in found.trend:
        text = gettext(
            "%(number)s direkam, %(reports)s dari %(expected)s laporan",
            number=number(day.recorded),
            reports=day.reports,
            expected=day.expected,
        )
        if day.causes:
            text += f"; {nihil_words(day.causes)}"
        name, href = short_day(day.day), f"/summary/?{_days(Period(day.day, day.day))}"
        drawn = charts.Day(str(day.day.day), day.recorded, _trend_state(day), href, f"{name}: {text}")
        lines.append((drawn, name, day))
    return lines


@routes.get("/download.<kind>")
@deed("summary.see")
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
