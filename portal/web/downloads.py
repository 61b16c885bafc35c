"""The summary as a file: xlsx for people who calculate, csv for Indonesian Excel. Sums equal the screen's."""

import csv
import io
import re
from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec import Struct

from ..domain.areas import Office
from ..domain.equipment import ABLE, UNABLE, UNKNOWN
from ..domain.problems import _
from ..domain.recordings import NIHIL_REASONS
from ..domain.summary import BOOKS, BY_WORK, Row, Summary
from .formats import as_of, label, moment, nihil_words, number, plain_day, share
from .language import gettext

Cell = str | int | None

ABILITIES = {ABLE: _("bisa"), UNABLE: _("tidak bisa"), UNKNOWN: _("belum dikonfirmasi")}


class Table(Struct, frozen=True):
    """Rows of cells under a header, and what a reader must know about them."""

    title: str
    sheet: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[tuple[str, str]]
    nihil: Sequence[Sequence[Cell]] = ()
    """Every NIHIL day: its header and its rows, a sheet of their own; nothing when there was none."""


def table_of(
    found: Summary,
    lists: Office,
    at: datetime,
    version: int,
    *,
    demo: bool,
    row_name: Callable[[Row, Office], str],
    hub_name: Callable[[str, Office], str],
    gaps: Sequence[str],
    unfilled: Sequence[str],
) -> Table:
    """The summary in the order of the screen: rows by hub, subtotals, the district last."""
    header = [
        gettext("Kode"),
        gettext("Nama"),
        gettext("Hub"),
        *(gettext(c.label) for c in found.columns),
        *([gettext("Laporan masuk"), gettext("Laporan wajib")] if found.book == BY_WORK else []),
        *([gettext("Laporan terverifikasi"), gettext("Laporan ada")] if found.book == BY_WORK else []),
        *([gettext("Alat rekam"), gettext("Alat cetak")] if found.book == BY_WORK else []),
    ]
    rows: list[list[Cell]] = []
    for group in found.groups:
        hub = hub_name(group.code, lists)
        rows += [_cells(row, row_name(row, lists), hub, found) for row in group.rows]
        rows.append(_cells(group.total, gettext("Jumlah %(hub)s", hub=hub), hub, found, code=""))
    rows.append(_cells(found.total, gettext("Jumlah kabupaten"), "", found, code=""))
    sheet = gettext("Data contoh") if demo else gettext("Ringkasan")
    notes = _notes(found, at, version, demo, gaps, unfilled)
    return Table(gettext(BOOKS[found.book]), sheet, header, rows, notes, _nihil(found, lists))


def _nihil(found: Summary, lists: Office) -> list[list[Cell]]:
    if not found.nihil_days:
        return []
    header = (_("Kode"), _("Titik layanan"), _("Tanggal pelayanan"), _("Sebab"), _("Catatan"))
    days: list[list[Cell]] = [
        [
            mark.point_code,
            lists.points[mark.point_code].name,
            mark.day.isoformat(),
            label(NIHIL_REASONS, mark.nihil_reason or "lain"),
            mark.note or None,
        ]
        for mark in found.nihil_days
    ]
    return [[gettext(text) for text in header], *days]


def _cells(row: Row, name: str, hub: str, found: Summary, code: str | None = None) -> list[Cell]:
    cells = [row.code if code is None else code, name, hub, *(row.values.get(c.name) for c in found.columns)]
    if found.book == BY_WORK:
        done = row.completeness
        cells += [done.received if done else None, done.due if done else None]
        cells += [row.reviewed.verified, row.reviewed.reports]
        cells += [label(ABILITIES, ability) or None for ability in (row.can_record, row.can_print)]
    return cells


def _notes(
    found: Summary, at: datetime, version: int, demo: bool, gaps: Sequence[str], unfilled: Sequence[str]
) -> list[tuple[str, str]]:
    notes = [
        (gettext("Isi"), gettext(BOOKS[found.book])),
        (gettext("Tanggal pelayanan"), f"{plain_day(found.period.first)} – {plain_day(found.period.last)}"),
        (gettext("Diambil"), moment(at)),
        (gettext("Versi data"), str(version)),
        (gettext("Kelengkapan"), "; ".join(gaps)),
        (gettext("Hari NIHIL"), nihil_words(found.causes) if found.causes else gettext("tidak ada hari NIHIL")),
        (gettext("Sel kosong"), gettext("tidak diketahui, bukan nol")),
    ]
    notes += [(gettext("Sebagian diisi"), line) for line in unfilled]
    if demo:
        notes.insert(0, (gettext("Data contoh"), gettext("Angka karangan untuk peragaan, bukan angka resmi")))
    if found.recorded_total is not None:
        figure = found.recorded_total
        notes.append(
            (
                gettext("Sudah rekam (SIAK)"),
                f"{number(figure.value)} ({as_of(figure.as_of_text)}; {figure.source})",
            )
        )
    if found.dpt is not None:
        caution = gettext("kelompok berbeda, bukan cakupan")
        notes.append((gettext("Terhadap DPT"), f"{share(found.dpt)} – {caution}"))
    if found.coverage is not None:
        notes.append((gettext("Cakupan"), share(found.coverage)))
    return notes


def as_xlsx(table: Table) -> bytes:
    """A workbook: numbers as numbers, codes as text, nothing as a formula; a sheet that says where it is from."""
    import xlsxwriter  # loaded with the first download: no other page needs it

    target = io.BytesIO()
    book = xlsxwriter.Workbook(
        target,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    count = book.add_format({"num_format": "#,##0"})
    sheet = book.add_worksheet(table.sheet)
    for column, text in enumerate(table.header):
        sheet.write_string(0, column, text, bold)
    for line, cells in enumerate(table.rows, start=1):
        for column, cell in enumerate(cells):
            if isinstance(cell, int):
                sheet.write_number(line, column, cell, count)
            elif cell is not None:
                sheet.write_string(line, column, cell)
    sheet.freeze_panes(1, 2)
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 32)
    sheet.set_column(2, 2, 22)
    sheet.set_column(3, len(table.header), 12)
    about = book.add_worksheet(gettext("Keterangan"))
    for line, (name, text) in enumerate(table.notes):
        about.write_string(line, 0, name)
        about.write_string(line, 1, text)
    about.set_column(0, 0, 22)
    about.set_column(1, 1, 100)
    if table.nihil:
        days = book.add_worksheet(gettext("Hari NIHIL"))
        for line, cells in enumerate(table.nihil):
            for column, cell in enumerate(cells):
                if cell is not None:
                    days.write_string(line, column, str(cell), *([] if line else [bold]))
        days.freeze_panes(1, 0)
        days.set_column(0, 0, 14)
        days.set_column(1, 4, 32)
    book.close()
    return target.getvalue()


_RISKY = re.compile(r"(^|[;,\t\r\n\"])(?=[=+\-@\t\r\n])")


def safe(text: str) -> str:
    """A text cell that no spreadsheet takes for a formula, not even one that splits the line elsewhere."""
    return _RISKY.sub(r"\1'", text)


def as_csv(table: Table) -> bytes:
    """Semicolons, a byte order mark and CRLF, as Excel in Indonesia opens them; notes and NIHIL days follow."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerow([safe(text) for text in table.header])
    for cells in table.rows:
        writer.writerow(["" if c is None else safe(c) if isinstance(c, str) else c for c in cells])
    writer.writerow([])
    for name, text in table.notes:
        writer.writerow([safe(name), safe(text)])
    for cells in ([], *table.nihil) if table.nihil else ():
        writer.writerow(["" if c is None else safe(str(c)) for c in cells])
    return b"\xef\xbb\xbf" + target.getvalue().encode()


KINDS: dict[str, Callable[[Table], bytes]] = {"xlsx": as_xlsx, "csv": as_csv}
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
