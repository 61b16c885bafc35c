"""After the day's report one tap says that the kit is the same; a list of kits may come as xlsx."""

import io

import xlsxwriter

from .. import people
from ..people import NGORO, TODAY

REPORT = f"/recordings/{NGORO}/{TODAY}"


def test_the_kit_is_confirmed_from_the_report_of_the_day(portal):
    portal.clock.pass_by(days=1)
    day = TODAY.replace(day=TODAY.day + 1)
    portal.report(day=day, at=portal.clock.now())
    clerk = portal.browser(people.clerk)
    page = clerk.get(f"/recordings/{NGORO}/{day}")
    assert "Belum dikonfirmasi hari ini" in page.text
    done = clerk.send(page, part="/confirm")
    assert done.status == 303
    assert "Belum dikonfirmasi hari ini" not in clerk.get(f"/recordings/{NGORO}/{day}").text


def test_nobody_is_asked_on_another_day_or_without_the_right(portal):
    portal.report()
    assert "Belum dikonfirmasi hari ini" not in portal.browser(people.clerk).get(REPORT).text
    portal.clock.pass_by(days=1)
    assert "Belum dikonfirmasi hari ini" not in portal.browser(people.clerk).get(REPORT).text
    assert "Belum dikonfirmasi hari ini" not in portal.browser(people.reader).get(REPORT).text


def workbook(rows, first=0):
    """An xlsx file with these rows."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows, start=first):
            sheet.write_row(number, 0, row)
    return file.getvalue()


ROWS = [["kode", "nama", "titik", "bagian", "seri"], ["KIT-NGO-9", "Alat Ngoro 9", NGORO, "iris", "IR-9"]]


def sent(browser, content):
    page = browser.get("/kits/import")
    data = page.values().to_dict() | {"file": (io.BytesIO(content), "alat.xlsx")}
    return browser.ask("POST", "/kits/import", data=data, content_type="multipart/form-data")


def test_a_workbook_of_kits_is_shown_and_then_kept(portal):
    browser = portal.browser(people.supervisor)
    shown = sent(browser, workbook(ROWS))
    assert shown.status == 200
    assert "KIT-NGO-9" in shown.text
    assert "KIT-NGO-9" not in browser.get("/equipment/").text
    assert browser.send(shown, step="keep").status == 303
    assert "Alat Ngoro 9" in browser.get("/equipment/").text


def test_pasted_text_is_read_by_the_same_reader_and_names_the_row_as_the_file_does(portal):
    browser = portal.browser(people.supervisor)
    page = browser.get("/kits/import")
    moved = browser.send(page, content="\n" + "\n".join(";".join(row) for row in ROWS))
    assert (moved.status, "baris pertama" in moved.text) == (422, True)
    apart = browser.send(page, content=";".join(ROWS[0]) + "\n\n" + ";".join([*ROWS[1][:3], "sepatu", "IR-9"]))
    assert (apart.status, "Baris 3, kolom bagian" in apart.text) == (422, True)


def test_a_workbook_that_cannot_be_read_by_row_is_refused(portal):
    browser = portal.browser(people.supervisor)
    moved = sent(browser, workbook(ROWS, first=2))
    assert (moved.status, "baris pertama" in moved.text) == (422, True)
    wrong = sent(browser, workbook([ROWS[0], [*ROWS[1][:3], "sepatu", "IR-9"]]))
    assert wrong.status == 422
    assert "Bagian tidak dikenal" in wrong.text
