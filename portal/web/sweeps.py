"""The state of the sweeps: by place, kind, kecamatan or hub, on the screen and as a file, from the same rows."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, request
from msgspec import Struct

from ..actions import sweeps as deeds
from ..domain.areas import NO_HUB, Office
from ..domain.calendar import office_day
from ..domain.places import PLACE_KINDS, TargetBatch
from ..domain.problems import Unknown
from ..domain.sweeps import (
    BY_HUB,
    BY_KECAMATAN,
    BY_KIND,
    BY_PLACE,
    GROUPINGS,
    Row,
    Standing,
    grouped,
    in_order,
    row,
    shown,
)
from ..storage import ledger, sweeps
from . import downloads
from .asking import visit_sections
from .door import account, deed, now, office, reading, sender, services, writing
from .formats import label, moment, number, percent, plain_day, share
from .kept_answers import kept_file
from .language import gettext
from .pages import page, remembered
from .summary import hub_name

routes = Blueprint("sweeps", __name__, url_prefix="/visits/summary")

FILE_NAMES = {BY_PLACE: "tempat", BY_KIND: "jenis", BY_KECAMATAN: "kecamatan", BY_HUB: "hub"}


class Line(Struct, frozen=True):
    """A row with its name, and for a single place its kecamatan."""

    row: Row
    name: str
    where: str


def source_of(batches: list[TargetBatch]) -> str:
    """Whose lists stand behind a row: that one source, or how many lists."""
    sources = {batch.source for batch in batches}
    return sources.pop() if len(sources) == 1 else gettext("%(number)s daftar", number=number(len(batches)))


def _name(code: str, by: str, lists: Office) -> str:
    if by == BY_HUB:
        return hub_name(code, lists)
    if not code:
        return gettext("belum tercatat")
    return label(PLACE_KINDS, code) if by == BY_KIND else lists.home_name(code)


def build() -> tuple[str, list[Line], Row]:
    """(grouping, its lines, the sum) of the reader's own area: the one object for screen and file."""
    lists, today = office(), office_day(now())
    by = request.args.get("by", BY_PLACE)
    by = by if by in GROUPINGS else BY_PLACE
    found = shown(sweeps.standings(reading(), account(), today))
    total = row("", found, source_of)
    if by == BY_PLACE:
        return by, [_of_place(standing, lists) for standing in in_order(found)], total
    groups = grouped(found, by, lists, today)
    return by, [Line(row(code, own, source_of), _name(code, by, lists), "") for code, own in groups.items()], total


def _of_place(standing: Standing, lists: Office) -> Line:
    place = standing.place
    where = lists.home_name(place.kecamatan_code) if place.kecamatan_code else gettext("belum tercatat")
    return Line(row(place.code, [standing], source_of), place.name, where)


@routes.get("/")
@deed("visits.see")
@remembered
def index() -> Response:
    """Where the sweeps stand, those first where pupils wait whom nobody ever visited."""
    by, lines, total = build()
    blank = [line for line in lines if by == BY_PLACE and line.row.blank]
    return page(
        "sweeps/index.html",
        sections=visit_sections(),
        by=by,
        groupings=GROUPINGS,
        by_place=BY_PLACE,
        lines=[line for line in lines if line not in blank] if blank else lines,
        blank=sorted(blank, key=lambda line: (line.where, line.name)),
        total=total,
        percent=_percent,
        known=total.places - total.unknown,
        today=office_day(now()),
        no_hub=NO_HUB,
    )


def _percent(found: Any) -> tuple[str, str]:
    """(kind, percentage) of a share as a table shows it; what lies above 100 % is never good."""
    if found is None or found.percent is None:
        return "unknown", "–"
    return found.tone, percent(found.percent)


def _day(day: date | None) -> str | None:
    return plain_day(day) if day else None


@routes.get("/download.<kind>")
@deed("visits.see")
@kept_file
def download(kind: str) -> Response:
    """The same rows as xlsx or csv, written down in the ledger as taken."""
    if kind not in downloads.KINDS:
        raise Unknown(kind)
    by, lines, total = build()
    version = ledger.versions(reading())[ledger.DATA]
    demo = services().settings.demo
    content = downloads.KINDS[kind](table_of(by, lines, total, version, demo=demo))
    with writing() as tx:
        deeds.note_download(tx, sender(), by, kind)
    response = Response(content, content_type=downloads.TYPES[kind])
    name = f"{'data-contoh_' if demo else ''}penyisiran_{FILE_NAMES[by]}_{office_day(now())}_v{version}.{kind}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def table_of(by: str, lines: list[Line], total: Row, version: int, *, demo: bool) -> downloads.Table:
    """The rows as a table of cells; what is not known stays empty."""
    header = [
        gettext("Kode"),
        gettext("Nama"),
        gettext("Kecamatan"),
        gettext("Tempat"),
        gettext("Belum ada daftar"),
        gettext("Belum pernah dikunjungi"),
        gettext("Sasaran"),
        gettext("Sudah 17 tahun"),
        gettext("16 tahun, genap 17 sampai hari pemungutan suara"),
        gettext("16 tahun, genap 17 sesudah pemungutan suara"),
        gettext("Sudah rekam dari daftar"),
        gettext("Dapat memilih dan sudah rekam, paling sedikit"),
        gettext("Dapat memilih dan sudah rekam, paling banyak"),
        gettext("Direkam saat kunjungan"),
        gettext("Datang tanpa daftar, direkam"),
        gettext("Direkam: sudah 17 tahun"),
        gettext("Direkam: 16 tahun, genap 17 sampai hari pemungutan suara"),
        gettext("Direkam: 16 tahun, genap 17 sesudah pemungutan suara"),
        gettext("Direkam: umur belum dirinci"),
        gettext("Tidak hadir atau gagal, belum selesai"),
        gettext("Sisa"),
        gettext("Tanggal daftar"),
        gettext("Sumber daftar"),
        gettext("Kunjungan terakhir"),
        gettext("Kunjungan berikutnya"),
    ]
    rows = [_cells(line.row, line.name, line.where) for line in lines]
    rows.append(_cells(total, gettext("Jumlah"), ""))
    notes = [
        (gettext("Isi"), gettext("Keadaan penyisiran") + ": " + gettext(GROUPINGS[by])),
        (gettext("Diambil"), moment(now())),
        (gettext("Versi data"), str(version)),
        (gettext("Sel kosong"), gettext("tidak diketahui, bukan nol")),
    ]
    if total.share is not None:
        notes.append((gettext("Sudah rekam"), share(total.share)))
    if total.readiness is not None:
        notes.append((gettext("Kesiapan pemilu"), gettext("paling sedikit %(share)s", share=share(total.readiness))))
    if demo:
        notes.insert(0, (gettext("Data contoh"), gettext("Angka karangan untuk peragaan, bukan angka resmi")))
    sheet = gettext("Data contoh") if demo else gettext("Penyisiran")
    return downloads.Table(gettext("Keadaan penyisiran"), sheet, header, rows, notes)


def _cells(found: Row, name: str, where: str) -> list[downloads.Cell]:
    target = found.target
    return [
        found.code,
        name,
        where,
        found.places,
        found.unknown,
        found.never_visited,
        target.total if target else None,
        target.grown if target else None,
        target.priority if target else None,
        target.later if target else None,
        found.reached if target else None,
        found.ready[0] if target else None,
        found.ready[1] if target else None,
        found.recorded,
        found.walked_in,
        found.ages.grown if found.ages else None,
        found.ages.priority if found.ages else None,
        found.ages.later if found.ages else None,
        found.untold,
        found.absent,
        found.left,
        found.as_of or None,
        found.source if target else None,
        _day(found.last_visit),
        _day(found.next_visit),
    ]
