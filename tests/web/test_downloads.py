"""Files to take away: nothing in them becomes a formula, and an example is called one."""

import csv
import io
import re
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook

from portal.web.downloads import Table, as_csv, as_xlsx

from .. import people, records
from .test_summary import from_csv, from_xlsx

RISKY = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "a;=1",
    'a"=1',
    "a,@b",
    "a\n-1",
    "a\t+1",
    "<b>&amp;",
    "1.204",
    "00123",
]


@pytest.mark.parametrize("text", RISKY)
def test_a_text_never_becomes_a_formula(text):
    table = Table("t", "Ringkasan", ["Kode", "Nama"], [[text, 5]], [("Isi", text)])
    rows = CalamineWorkbook.from_filelike(io.BytesIO(as_xlsx(table))).get_sheet_by_index(0).to_python()
    assert rows[1][1] == 5
    assert isinstance(rows[1][0], str)
    assert rows[1][0].replace("\r\n", "\n") in (text, text.replace("\r", "\n"), text.strip())
    line = as_csv(table).decode("utf-8-sig").split("\r\n", 1)[1]
    assert not re.search(r"(?:^|[;,\t\r\n\"])[=+\-@]", line)
    (cell, *_rest) = next(csv.reader(io.StringIO(line, newline=""), delimiter=";"))
    assert cell.replace("'", "") == text


def test_the_demo_says_so_on_every_page_and_file(demo_portal):
    demo_portal.report(records.entry(5))
    supervisor = demo_portal.browser(people.supervisor)
    for path in ("/today", "/summary/", "/recordings/", "/visits/", "/equipment/", "/account", "/nothing"):
        assert "Data contoh" in supervisor.get(path).html
    assert "Data contoh" in demo_portal.browser().get("/sign-in").html
    for kind, read in (("csv", from_csv), ("xlsx", from_xlsx)):
        page = supervisor.get(f"/summary/download.{kind}")
        name = page.headers["Content-Disposition"]
        assert name.startswith('attachment; filename="data-contoh_rekam_tempat-rekam_2024-10-08_2024-10-21_v')
        _rows, notes = read(page)
        assert "Data contoh" in notes
    assert sheets(supervisor.get("/summary/download.xlsx?book=home")) == ["Data contoh", "Keterangan"]


def sheets(page):
    return CalamineWorkbook.from_filelike(io.BytesIO(page.data)).sheet_names


def test_a_real_office_is_not_called_an_example(portal):
    page = portal.browser(people.supervisor).get("/summary/download.xlsx")
    assert page.headers["Content-Disposition"].startswith(
        'attachment; filename="rekam_tempat-rekam_2024-10-08_2024-10-21_v'
    )
    assert sheets(page) == ["Ringkasan", "Keterangan"]
    assert "Data contoh" not in str(from_xlsx(page))


FILES = (
    "/summary/download.csv?period=month",
    "/visits/summary/download.csv",
    "/stock/download.xlsx",
    "/downtime/download.csv",
    "/publications/1/report.csv",
)


def test_a_file_that_is_still_right_is_neither_sent_nor_noted_again(busy):
    number = busy.publish()
    supervisor, reader = busy.browser(people.supervisor), busy.browser(people.reader)
    tags = {}
    for file in FILES:
        path = file.replace("/1/", f"/{number}/")
        first = supervisor.get(path)
        assert (first.status, first.headers["Cache-Control"]) == (200, "private, no-cache"), path
        before, tags[file] = busy.digest(), first.headers["ETag"]
        again = supervisor.get(path, If_None_Match=tags[file])
        assert (again.status, again.data, busy.digest()) == (304, b"", before), path
        assert reader.get(path, If_None_Match=tags[file]).status == 200, "another reader's tag is another"
        assert busy.browser().get(path, If_None_Match="*").status == 303
    busy.visit(visit_date=people.TODAY + timedelta(days=5))
    assert supervisor.get(FILES[0], If_None_Match=tags[FILES[0]]).status == 200
