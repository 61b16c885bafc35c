"""Bad files one by one: each is refused before anything is parsed that should not be, and says what to do."""

import io
import time
import zipfile
from datetime import date

import pytest
import xlsxwriter

from portal.actions import sheets
from portal.domain.problems import Invalid

HEADER = ["npsn", "nama", "sudah_17"]


def book(*rows, **sheet):
    """An xlsx with these rows."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        page = made.add_worksheet()
        day = made.add_format({"num_format": "yyyy-mm-dd"})
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if isinstance(value, date):
                    page.write_datetime(r, c, value, day)
                elif isinstance(value, str):
                    page.write_string(r, c, value)
                elif value is not None:
                    page.write(r, c, value)
        for place, value in sheet.items():
            page.write(place, value)
    return out.getvalue()


def package(**parts):
    """A zip with an xlsx's parts replaced by these."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book(HEADER, ["1", "a", 1]))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, parts.pop(name, None) or old.read(name))
        for name, body in parts.items():
            new.writestr(name, body)
    return out.getvalue()


def refused(name, content):
    with pytest.raises(Invalid) as invalid:
        sheets.read(name, content)
    (problem,) = invalid.value.problems
    assert problem.field == "file"
    return str(problem)


def test_a_workbook_is_read_as_somebody_would_type_it():
    found = sheets.read("a.xlsx", book(HEADER, [20502725, " SMAN 1 ", 12.0], ["x", date(2024, 10, 21), 12.5]))
    assert found.header == tuple(HEADER)
    assert found.rows == ((2, ("20502725", "SMAN 1", "12")), (3, ("x", "2024-10-21", "12,5")))
    assert len(found.token) == 64


def test_rows_keep_the_numbers_that_the_sheet_gives_them():
    found = sheets.read("a.xlsx", book([], HEADER, ["1", "a", "7"], [], ["2", "b", 8]))
    assert [(n, row[0]) for n, row in found.rows] == [(3, "1"), (4, ""), (5, "2")]
    assert (3, 2) in found.text_numbers
    assert (5, 2) not in found.text_numbers


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_csv_in_utf_8(delimiter, mark):
    text = mark + "\r\n".join(delimiter.join(row) for row in (HEADER, ["1", '"a; b, c"', "1.200"]))
    found = sheets.read("a.csv", text.encode())
    assert found.header == tuple(HEADER)
    assert found.rows == ((2, ("1", "a; b, c", "1.200")),)


@pytest.mark.parametrize(
    "content",
    ["npsn;nama\n1;Pérak\n".encode("latin-1"), "npsn;nama\n".encode("utf-16"), b"npsn;nama\n1;\x00\n"],
)
def test_another_encoding_is_told_how_to_save(content):
    assert "UTF-8" in refused("a.csv", content)


def test_nothing_and_emptiness():
    assert "Pilih berkas" in refused("", b"")
    assert "kosong" in refused("a.csv", b"\n;;\n")
    assert "kosong" in refused("a.xlsx", book())


def test_other_kinds_of_files():
    assert "xlsx" in refused("a.xls", b"\xd0\xcf\x11\xe0" + bytes(600))
    assert "xlsx" in refused("a.ods", b"whatever")
    assert "rusak" in refused("a.xlsx", b"PK\x03\x04" + b"x" * 200)
    assert "rusak" in refused("a.xlsx", book(HEADER, ["1"])[:-60])
    assert "kutip" in refused("a.csv", b'npsn;nama\n1;"a\n')


def test_too_large_a_file():
    assert "5 MB" in refused("a.csv", b"a;b\n" * (sheets.LARGEST_FILE // 4 + 1))


def test_too_many_rows_and_columns():
    assert "5.000" in refused("a.csv", b"a;b\n" * 5_012)
    assert "40" in refused("a.csv", b";".join([b"a"] * 41) + b"\n")
    assert "5.000" in refused("a.xlsx", book(HEADER, *([["1"]] * 5_011)))
    assert "40" in refused("a.xlsx", book([*HEADER, *["x"] * 40]))
    whole = sheets.read("a.csv", b"a;b\n" * 5_001)
    assert len(whole.rows) == 5_000


def test_a_bomb_is_never_unpacked():
    started = time.monotonic()
    bomb = package(**{"xl/worksheets/sheet1.xml": b"<row/>" + b" " * (300 * 1024 * 1024)})
    packed = time.monotonic() - started
    assert len(bomb) < 1024 * 1024
    started = time.monotonic()
    assert "8 MB" in refused("a.xlsx", bomb)
    assert time.monotonic() - started < 5 + packed


@pytest.mark.parametrize("cell", ["XFD1", "A1048576", "AO1"])
def test_one_cell_far_out_makes_no_huge_sheet(cell):
    assert "terlalu panjang" in refused("a.xlsx", book(HEADER, ["1"], **{cell: 1}))


def test_empty_rows_by_the_hundred_thousand():
    sheet = b"<worksheet><sheetData>" + b"<row/>" * 100_000 + b"</sheetData></worksheet>"
    assert "terlalu panjang" in refused("a.xlsx", package(**{"xl/worksheets/sheet1.xml": sheet}))


@pytest.mark.parametrize(
    "head",
    [
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a/>',
        b'<?xml version="1.0" encoding="UTF-16"?><a/>',
    ],
)
def test_entities_and_other_encodings_inside_are_refused(head):
    assert "tidak diterima" in refused("a.xlsx", package(**{"xl/workbook.xml": head}))


def test_too_many_parts():
    assert "terlalu panjang" in refused("a.xlsx", package(**{f"xl/media/{n}.xml": b"<a/>" for n in range(70)}))


def test_a_cell_that_is_a_letter_of_its_own():
    assert "sel" in refused("a.csv", b"npsn;nama\n1;" + b"a" * 1_001 + b"\n")
