"""A published report as a file: xlsx laid out like the paper, csv for Indonesian Excel, PDF like the print."""

import csv
import io
from typing import Any

from flask import Response, render_template

from ..actions import publications as deeds
from ..domain.problems import Unknown
from ..storage import periodic
from .door import deed, office, reading, sender, services, writing
from .downloads import TYPES, Cell, safe
from .formats import moment, office_date, plain_day
from .kept_answers import kept_file
from .language import gettext
from .pages import page
from .paper import Paper, paper_of
from .pdf import as_pdf, pdf_is_made
from .publications import printed, routes

LARGEST = "/<int(max=2147483647):number>"
GOVERNMENT = "PEMERINTAH KABUPATEN MOJOKERTO"
AGENCY = "DINAS KEPENDUDUKAN DAN PENCATATAN SIPIL"


@routes.get(f"{LARGEST}/report.xlsx")
@deed("publications.see")
@kept_file
def as_workbook(number: int) -> Response:
    """The report as a workbook, written down in the ledger as taken."""
    return _taken(number, "xlsx", as_xlsx(_paper(number), demo=services().settings.demo), TYPES["xlsx"])


@routes.get(f"{LARGEST}/report.csv")
@deed("publications.see")
@kept_file
def as_table(number: int) -> Response:
    """The report as csv, written down in the ledger as taken."""
    return _taken(number, "csv", as_csv(_paper(number), demo=services().settings.demo), TYPES["csv"])


@routes.get(f"{LARGEST}/report.pdf")
@deed("publications.see")
@kept_file
def as_paper(number: int) -> Response:
    """The report as PDF; without the library, in words what the caretaker installs."""
    shown = printed(number)
    content = as_pdf(render_template("publications/show.html", **shown)) if pdf_is_made() else None
    if content is None:
        return page("publications/no_pdf.html", number=number)
    return _taken(number, "pdf", content, "application/pdf")


def _paper(number: int) -> Paper:
    kept = periodic.find(reading(), number)
    if kept is None:
        raise Unknown(number)
    return paper_of(kept, office())


def _taken(number: int, kind: str, content: bytes, content_type: str) -> Response:
    drawn = _paper(number)
    with writing() as tx:
        deeds.note_download(tx, sender(), number, kind)
    kept_apart = "data-contoh_" if services().settings.demo else ""
    response = Response(content, content_type=content_type)
    name = f"{kept_apart}rekam_{drawn.kind}_{drawn.span}_no{number}.{kind}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def correction_rows(drawn: Paper) -> list[list[Cell]]:
    """The corrections with their header; nothing when there are none."""
    if not drawn.corrections:
        return []
    head: list[Cell] = [
        gettext("Titik layanan"),
        gettext("Hari"),
        gettext("Terbit"),
        gettext("Kini"),
        gettext("Selisih"),
        gettext("Alasan"),
    ]
    names = ("before", "after", "change", "reason")
    return [head, *([c["point"], c["day"].isoformat(), *(c[name] for name in names)] for c in drawn.corrections)]


def home_lines(drawn: Paper) -> list[list[Cell]]:
    """The book of whose residents were recorded with its header and its total; nothing where it was not published."""
    if not drawn.homes:
        return []
    head: list[Cell] = [gettext("Domisili"), gettext("Jumlah rekam")]
    lines: list[list[Cell]] = [[name, n] for name, n in (*drawn.homes, (gettext("Kabupaten"), drawn.recorded))]
    return [head, *lines]


def origin(drawn: Paper, demo: bool) -> list[tuple[str, str]]:
    """Where the numbers are from: number, moment, author, code."""
    told = [
        (gettext("Terbitan"), f"no. {drawn.number}"),
        (gettext("Diterbitkan"), f"{moment(drawn.as_of)}, {drawn.by}"),
        (gettext("Kode periksa"), drawn.check_code),
        (gettext("Data sejak"), drawn.data_from),
        (gettext("Sel kosong"), gettext("tidak diketahui, bukan nol")),
    ]
    if demo:
        told.insert(0, (gettext("Data contoh"), gettext("Angka karangan untuk peragaan, bukan angka resmi")))
    return told


def as_csv(drawn: Paper, *, demo: bool) -> bytes:
    """Both books, then the way to the cumulative number, the corrections and where it is all from."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")

    def write(cells: Any) -> None:
        writer.writerow(["" if c is None else safe(c) if isinstance(c, str) else c for c in cells])

    write([f"{c.head} {c.note}".strip() for c in drawn.columns])
    for cells in (*drawn.rows, drawn.total):
        write(cells)
    for block in (
        home_lines(drawn),
        [*drawn.steps, (gettext("Kumulatif terbitan ini"), drawn.cumulative)],
        correction_rows(drawn),
        [*drawn.facts, *((gettext("Catatan"), note) for note in drawn.notes)],
        [(gettext("Isi"), f"{drawn.title}, {drawn.period}"), *origin(drawn, demo)],
    ):
        if block:
            write([])
        for line in block:
            write(line)
    return b"\xef\xbb\xbf" + target.getvalue().encode()


def as_xlsx(drawn: Paper, *, demo: bool) -> bytes:
    """A workbook of one sheet laid out and set to print as the paper is, and a sheet that says where it is from."""
    import xlsxwriter  # loaded with the first download: no other page needs it

    target = io.BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(target, {"in_memory": True, **plain})
    sheet = book.add_worksheet(gettext("Data contoh") if demo else gettext("Laporan"))
    letter = book.add_format({"bold": True, "align": "center"})
    title = book.add_format({"bold": True, "align": "center", "font_size": 14})
    middle = book.add_format({"align": "center"})
    head = book.add_format({"bold": True, "border": 1, "text_wrap": True, "valign": "top", "bg_color": "#EEEEEE"})
    text = book.add_format({"border": 1})
    count = book.add_format({"border": 1, "num_format": "#,##0"})
    last = len(drawn.columns) - 1
    line = 0

    def across(words: str, form: Any) -> None:
        nonlocal line
        sheet.merge_range(line, 0, line, last, words, form)
        line += 1

    def write(cells: Any, form: Any = text) -> None:
        nonlocal line
        for column, cell in enumerate(cells):
            if isinstance(cell, int):
                sheet.write_number(line, column, cell, count)
            else:
                sheet.write_string(line, column, cell or "", form)
        line += 1

    across(GOVERNMENT, letter)
    across(AGENCY, letter)
    if drawn.signer.get("address"):
        across(drawn.signer["address"], middle)
    line += 1
    across(drawn.title, title)
    across(drawn.period, middle)
    line += 1
    header = line
    write([f"{c.head} {c.note}".strip() for c in drawn.columns], head)
    for cells in (*drawn.rows, drawn.total):
        write(cells)
    steps = [*drawn.steps, (gettext("Kumulatif terbitan ini"), drawn.cumulative)]
    for block in (home_lines(drawn), steps, correction_rows(drawn)):
        line += bool(block)
        for cells in block:
            write(cells)
    line += 1
    for name, fact in (*drawn.facts, *((gettext("Catatan"), note) for note in drawn.notes)):
        across(f"{name}: {fact}", book.add_format({"text_wrap": True, "valign": "top"}))
    line += 1
    for words in signature(drawn):
        sheet.write_string(line, max(last - 2, 0), words)
        line += 1
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, last, 7 if drawn.wide else 14)
    sheet.freeze_panes(header + 1, 1)
    sheet.repeat_rows(header)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    if drawn.wide:
        sheet.set_landscape()
    sheet.set_footer(f"&L{gettext('Kode periksa')} {drawn.check_code}&R&P / &N")
    about = book.add_worksheet(gettext("Keterangan"))
    for row, (name, said) in enumerate([(gettext("Isi"), f"{drawn.title}, {drawn.period}"), *origin(drawn, demo)]):
        about.write_string(row, 0, name)
        about.write_string(row, 1, said)
    about.set_column(0, 0, 22)
    about.set_column(1, 1, 100)
    book.close()
    return target.getvalue()


def signature(drawn: Paper) -> list[str]:
    """Place and day, title, name and NIP of who signs; nothing while nobody is set."""
    signer = drawn.signer
    if not signer.get("signer_name") or drawn.as_of is None:
        return []
    return [
        ", ".join(part for part in (signer.get("place", ""), plain_day(office_date(drawn.as_of))) if part),
        signer.get("signer_title", ""),
        "",
        "",
        signer["signer_name"],
        f"NIP {signer.get('signer_nip', '–')}",
    ]
