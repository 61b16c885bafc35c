"""The month of a point and of the district, excuses, and NIHIL with its cause on every page and in every file."""

import io
from datetime import date, timedelta

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import update

from portal.storage import ledger
from portal.storage.tables import report

from .. import people, records
from ..people import NGORO, NOW, PUNGGING, TODAY

MONTH = "/completeness/2024-10"
NGOROS = f"{MONTH}/{NGORO}"
MISSED = date(2024, 10, 17)
EXCUSE = f"/completeness/{NGORO}/{MISSED}/excuse"


@pytest.fixture
def month(portal_anywhere):
    """Ngoro's month: a late report, two NIHIL days, an extra Saturday, and silence."""
    portal = portal_anywhere
    portal.report(records.entry(20), day=date(2024, 10, 8))
    portal.report(records.nihil("alat_rusak"), day=date(2024, 10, 9))
    portal.report(records.nihil("lain", "listrik padam"), day=date(2024, 10, 10))
    portal.report(records.entry(7), day=date(2024, 10, 12))
    portal.report(records.entry(33), day=TODAY)
    return portal


def cell(page, day):
    """The calendar's cell of a day, by what it says aloud."""
    (found,) = [a["aria-label"] for a in page.root.all("a") if f"/{day}" in a["href"] and a["aria-label"]]
    return found


def test_the_month_of_a_point_says_what_each_day_was(month):
    clerk = month.browser(people.clerk)
    page = clerk.get(clerk.get(clerk.get("/recordings/").link("Kelengkapan sebulan")).link("Ngoro"))
    assert page.heading == "Kantor Kecamatan Ngoro, Oktober 2024"
    assert "60 · 4 dari 10 hari · 1 hari tambahan" in page.text
    assert "NIHIL 2: alat 1, lain-lain 1" in page.text
    assert cell(page, "2024-10-09") == "Rab 9 Okt: NIHIL: Alat rusak, terlambat"
    assert cell(page, "2024-10-12") == "Sab 12 Okt: 7, tambahan"
    assert cell(page, "2024-10-21") == "Sen 21 Okt: 33, tepat waktu"
    assert cell(page, "2024-10-17") == "Kam 17 Okt: belum lapor"
    grid = page.table(0)
    assert grid[2][2].replace(" ", "") == "9NaL"
    assert grid[2][3].replace(" ", "") == "10NxL"
    assert "listrik padam" in page.text
    assert "Maafkan" not in page.text
    assert "4 dari 10 laporan wajib" in page.text
    assert "3 terlambat, 0 dimaafkan · 6 belum lapor, 0 dimaafkan" in page.text


def test_the_grid_of_fourteen_days_shows_the_cause(month):
    page = month.browser(people.clerk).get("/recordings/")
    assert cell(page, "2024-10-09") == "Kantor Kecamatan Ngoro, Rab 9 Okt: NIHIL: Alat rusak, terlambat"
    assert page.table(0)[1][2] == "NaL"
    assert "Nx Lain-lain (jelaskan di catatan)" in page.text


def test_the_district_sees_every_point_and_a_clerk_his_own(month):
    page = month.browser(people.supervisor).get(MONTH)
    rows = {row[0]: row[1:] for row in page.table(0)}
    assert rows["Ngoro"][0].split() == ["60", "4", "dari", "10", "laporan"]
    assert rows["Ngoro"][1].split() == ["40,0%", "4/10"]
    assert rows["Ngoro"][2].split() == ["10,0%", "1/10"]
    assert rows["Ngoro"][3:10] == ["1", "0", "3", "6", "0", "1", "NIHIL 2: alat 1, lain-lain 1"]
    assert rows["Jumlah"][1].split() == ["2,2%", "4/181"]
    assert rows["Pungging"][0].split()[0] == "–"
    clerk = month.browser(people.clerk).get("/completeness/")
    assert [row[0] for row in clerk.table(0)[1:]] == ["Ngoro", "Jumlah"]
    assert clerk.html.count("Pungging") == 0


def test_an_excuse_is_counted_beside_the_figures(month):
    supervisor = month.browser(people.supervisor)
    page = supervisor.get(NGOROS)
    (address,) = [a["href"] for a in page.root.all("a") if a["href"] == EXCUSE]
    form = supervisor.get(address)
    silent = supervisor.send(form)
    assert (silent.status, silent.error_at("reason")[:25]) == (422, "Kesalahan: Tulis alasan, ")
    wrong = supervisor.send(form, reason="NIK 3516051203070001")
    assert (wrong.status, wrong.typed("reason")) == (422, "NIK 3516051203070001")
    sent = supervisor.send(wrong, reason="jaringan kecamatan putus")
    assert (sent.status, sent.location) == (303, NGOROS)
    shown = supervisor.get(NGOROS)
    assert "6 belum lapor, 1 dimaafkan" in shown.text
    assert "4 dari 10 laporan wajib" in shown.text
    assert cell(shown, MISSED) == "Kam 17 Okt: belum lapor, dimaafkan: jaringan kecamatan putus"
    assert "Dimaafkan: jaringan kecamatan putus (Pengawas Kabupaten)" in shown.text
    clerk = month.browser(people.clerk)
    assert "dimaafkan: jaringan kecamatan putus" in cell(clerk.get("/recordings/"), MISSED)
    history = clerk.get(f"/recordings/{NGORO}/{MISSED}").text
    assert "Dimaafkan" in history
    assert "Alasan: jaringan kecamatan putus" in history

    standing = supervisor.get(EXCUSE)
    taken = supervisor.send(standing, part="withdraw")
    assert (taken.status, taken.location) == (303, NGOROS)
    assert "6 belum lapor, 0 dimaafkan" in supervisor.get(NGOROS).text
    assert supervisor.send(standing, part="withdraw").location == NGOROS


def test_two_who_excuse_the_same_day_meet(portal):
    supervisor = portal.browser(people.supervisor)
    form = supervisor.get(EXCUSE)
    assert supervisor.send(supervisor.get(EXCUSE), reason="banjir").status == 303
    before = portal.digest()
    answer = supervisor.send(form, reason="listrik")
    assert (answer.status, answer.heading) == (409, "Yang tersimpan sudah berubah")
    assert answer.table()[1:] == [
        ["Dimaafkan", "Sen 21 Okt, 13.00 WIB, Pengawas Kabupaten", "Sen 21 Okt, 13.00 WIB, Pengawas Kabupaten"],
        ["Alasan (berbeda)", "banjir", "listrik"],
    ]
    assert not answer.forms(), "one excuse stands already: there is nothing left to send"
    assert answer.link("Pakai yang tersimpan") == EXCUSE
    assert portal.digest() == before


def test_an_excuse_that_another_took_the_place_of_is_taken_back_only_if_that_is_meant(portal):
    supervisor = portal.browser(people.supervisor)
    form = supervisor.get(EXCUSE)
    assert supervisor.send(form, reason="banjir").status == 303
    old = supervisor.get(EXCUSE)
    assert supervisor.send(old, part="withdraw").status == 303
    again = supervisor.send(form, reason="listrik")
    assert (again.status, again.typed("reason")) == (409, "listrik")
    assert again.table()[1:][0][1] == "tidak dimaafkan"
    assert supervisor.send(again).status == 303
    before = portal.digest()
    late = supervisor.send(old, part="withdraw")
    assert (late.status, portal.digest()) == (409, before)
    assert [row[1:] for row in late.table()[1:]] == [
        ["Sen 21 Okt, 13.00 WIB, Pengawas Kabupaten", "tidak dimaafkan"],
        ["listrik", "–"],
    ]
    assert supervisor.send(late).location == NGOROS
    assert "dimaafkan: listrik" not in supervisor.get(NGOROS).text


def test_a_day_that_is_not_late_has_no_form_to_excuse_it(portal):
    supervisor = portal.browser(people.supervisor)
    for day in (TODAY, date(2024, 10, 19)):
        page = supervisor.get(f"/completeness/{NGORO}/{day}/excuse")
        assert page.status == 200
        assert page.forms() == []
        assert "tidak ada yang perlu dimaafkan" in page.text


@pytest.mark.parametrize("month", ["2024-09", "2024-11", "2024-13", "2024-1", "x", "2024-10-01"])
def test_a_month_nobody_could_report_in_is_not_found(quiet, month):
    clerk = quiet.desk(people.clerk)
    assert clerk.get(f"/completeness/{month}").status == 404
    assert clerk.get(f"/completeness/{month}/{NGORO}").status == 404


def test_a_stranger_and_a_liaison_see_no_month(portal):
    assert portal.browser(people.clerk).get(f"{MONTH}/{PUNGGING}").status == 404
    assert portal.browser(people.liaison).get(NGOROS).status == 403
    assert portal.browser(people.reader).get(EXCUSE).status == 403


def test_what_was_filled_in_without_signal_says_both_moments(portal):
    portal.report(day=TODAY)
    with portal.database.writing() as tx:
        tx.execute(update(report).values(captured_at=NOW - timedelta(hours=20)))
        ledger.touch(tx, ledger.DATA)
    page = portal.browser(people.clerk).get(NGOROS)
    assert "diisi Min 20 Okt, 17.00 WIB, terkirim Sen 21 Okt, 13.00 WIB" in page.text
    with portal.database.writing() as tx:
        tx.execute(update(report).values(captured_at=NOW - timedelta(hours=2)))
        ledger.touch(tx, ledger.DATA)
    assert "diisi 11.00 WIB, terkirim Sen 21 Okt, 13.00 WIB" in portal.browser(people.clerk).get(NGOROS).text


def test_from_month_to_month(portal):
    portal.clock.pass_by(days=30)
    supervisor = portal.browser(people.supervisor)
    november = supervisor.get("/completeness/")
    assert "November 2024" in november.text
    october = supervisor.get(november.link("Oktober 2024"))
    assert october.link("November 2024") == "/completeness/2024-11"
    assert "Desember 2024" not in october.text


# --- NIHIL on every path ---------------------------------------------------------------------------------


def test_screen_and_files_name_every_nihil_day_with_its_cause(month):
    supervisor = month.browser(people.supervisor)
    told = "NIHIL 2: alat 1, lain-lain 1"
    summary = supervisor.get("/summary/?period=month")
    assert told in summary.by_id("nihil").parent.text
    rows = [row for n in range(len(summary.root.all("table"))) for row in summary.table(n)]
    assert ["Ngoro", "Kam 10 Okt", "Lain-lain (jelaskan di catatan)", "listrik padam"] in rows
    titles = [t.text for t in summary.root.all("title")]
    assert "Rab 9 Okt: 0 direkam, 1 dari 20 laporan; NIHIL 1: alat 1" in titles
    assert told in supervisor.get(f"/summary/kecamatan/{NGORO}?period=month").text
    assert "Alat rusak" in supervisor.get(f"/summary/kecamatan/{NGORO}?period=month").text
    for book in ("work", "home"):
        csv = supervisor.get(f"/summary/download.csv?period=month&book={book}").data.decode("utf-8-sig")
        lines = csv.split("\r\n")
        assert f"Hari NIHIL;{told}" in lines
        assert f"{NGORO};Kantor Kecamatan Ngoro;2024-10-10;Lain-lain (jelaskan di catatan);listrik padam" in lines
        xlsx = supervisor.get(f"/summary/download.xlsx?period=month&book={book}")
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(xlsx.data))
        assert workbook.sheet_names == ["Ringkasan", "Keterangan", "Hari NIHIL"]
        assert [row[:4] for row in workbook.get_sheet_by_name("Hari NIHIL").to_python()[1:]] == [
            [NGORO, "Kantor Kecamatan Ngoro", "2024-10-09", "Alat rusak"],
            [NGORO, "Kantor Kecamatan Ngoro", "2024-10-10", "Lain-lain (jelaskan di catatan)"],
        ]


def test_without_a_nihil_day_it_says_so(portal):
    supervisor = portal.browser(people.supervisor)
    page = supervisor.get("/summary/?period=today")
    assert "tidak ada hari NIHIL" in page.by_id("nihil").parent.text
