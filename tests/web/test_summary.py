"""The district summary: one set of numbers on screen, in csv and in xlsx, in both books, and honest about gaps."""

import csv
import io
import re
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook

from portal.actions import outages
from portal.domain.figures import Percentage
from portal.domain.outages import Outage
from portal.storage import ledger, recordings
from portal.web.formats import percent, share

from .. import people, records
from ..people import NOW, TODAY

YESTERDAY = TODAY - timedelta(days=3)


def screen(page):
    """Name → its row's numbers, from the last table of the page; dashes are None."""
    table = page.root.all("table")[-1]
    header = [th.text for th in table.all("thead")[0].all("th")]
    return {
        row[0]: {name: whole(text) for name, text in zip(header, row, strict=True)}
        for row in ([c.text for c in tr.all("th", "td")] for tr in table.all("tr")[1:])
    }


def whole(text):
    """1.204 as 1204; anything else as it stands."""
    if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})*", text):
        return int(text.replace(".", ""))
    return None if text == "–" else text


def from_csv(page):
    """(rows by name, notes) of a csv file."""
    assert page.data.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in page.data
    rows = list(csv.reader(io.StringIO(page.data.decode("utf-8-sig")), delimiter=";"))
    end = rows.index([])
    header = rows[0]
    found = {
        row[1]: {n: int(c) if c.isdigit() else c or None for n, c in zip(header, row, strict=True)}
        for row in rows[1:end]
    }
    notes = rows[end + 1 :]
    return found, dict(notes[: notes.index([])] if [] in notes else notes)


def from_xlsx(page):
    """The same of a workbook."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(page.data))
    sheet, about = (book.get_sheet_by_index(n).to_python() for n in (0, 1))
    found = {
        row[1]: {n: int(c) if isinstance(c, float) else c or None for n, c in zip(sheet[0], row, strict=True)}
        for row in sheet[1:]
    }
    return found, {row[0]: row[1] for row in about}


@pytest.mark.parametrize("book", ["work", "home"])
def test_screen_and_files_say_the_same(busy, book):
    supervisor = busy.browser(people.supervisor)
    page = supervisor.get(f"/summary/?period=month&book={book}")
    csv_page, xlsx_page = (supervisor.get(page.link(f"Unduh {kind}")) for kind in ("csv", "xlsx"))
    header = page.root.all("table")[-1].all("thead")[0].text
    assert ("Laporan" in header) == (book == "work")
    assert csv_page.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert csv_page.headers["Content-Disposition"].startswith('attachment; filename="rekam_')
    seen = screen(page)
    (in_csv, csv_notes), (in_xlsx, xlsx_notes) = from_csv(csv_page), from_xlsx(xlsx_page)
    assert in_csv == in_xlsx
    assert csv_notes == xlsx_notes
    assert csv_notes["Sel kosong"] == "tidak diketahui, bukan nol"
    total = in_csv["Jumlah kabupaten"]
    only_of_work = {"Laporan masuk", "Laporan wajib", "Alat rekam", "Alat cetak"}
    assert only_of_work & set(total) == (only_of_work if book == "work" else set())
    columns = [name for name in total if name in seen["Kabupaten"] and name != "Nama"]
    assert len(columns) >= 3
    for name in columns:
        assert seen["Kabupaten"][name] == total[name], name
    compared = 0
    for name, numbers in in_csv.items():
        if name in seen and not name.startswith("Jumlah"):
            assert {c: numbers[c] for c in columns} == {c: seen[name][c] for c in columns}
            compared += 1
    assert compared >= 18
    lines = [row for name, row in in_csv.items() if not name.startswith("Jumlah")]
    subtotals = [row for name, row in in_csv.items() if name.startswith("Jumlah ") and name != "Jumlah kabupaten"]
    for rows in (lines, subtotals):
        assert sum(row[columns[0]] or 0 for row in rows) == total[columns[0]]


def test_both_books_have_the_same_total(busy):
    supervisor = busy.browser(people.supervisor)
    totals = {}
    for book in ("work", "home"):
        found, _notes = from_csv(supervisor.get(f"/summary/download.csv?period=month&book={book}"))
        totals[book] = found["Jumlah kabupaten"]["Jumlah rekam"]
    assert totals["work"] == totals["home"] == 11 + 22 + 33 + 3000 + 66 + 42 + 40
    home = screen(supervisor.get("/summary/?period=month&book=home"))
    assert home["Pungging"]["Jumlah rekam"] == 3 * 4 + 12
    assert home["Luar kabupaten"]["Jumlah rekam"] == 3 * 2
    assert home["Belum dirinci"]["Jumlah rekam"] == totals["home"] - 24 - 6


def test_what_is_unknown_is_a_dash_and_never_nought(busy):
    page = busy.browser(people.supervisor).get("/summary/?period=today&book=work")
    seen = screen(page)
    silent = next(row for name, row in seen.items() if name.endswith("Trawas"))
    nihil = next(row for name, row in seen.items() if name.endswith("Gondang"))
    assert (silent["Jumlah rekam"], nihil["Jumlah rekam"]) == (None, 0)
    assert nihil["Laporan"] == "1/1"
    assert silent["Laporan"] == "0/0"  # today's is not due before 16.00


def test_gaps_stand_beside_the_total(busy):
    supervisor = busy.browser(people.supervisor)
    first = TODAY - timedelta(days=5)
    page = supervisor.get(f"/summary/?period=custom&first={first}&last={first + timedelta(days=1)}")
    assert re.search(r"2 dari 18 kecamatan", page.text)
    assert "16 dari 18" not in page.text
    assert "belum lapor" in page.text
    assert [li for li in page.root.all("li") if "Trawas" in li.text and "2 hari belum lapor" in li.text]


def lines_of(page, words):
    """The lines of a page's lists and of its rows with these words."""
    return [n.text for n in page.root.all("li", "tr") if words in n.text]


def test_what_is_awaited_is_told_and_not_called_complete(portal):
    friday = TODAY - timedelta(days=3)
    portal.clock.moment = NOW.replace(hour=8, minute=59)
    supervisor = portal.browser(people.supervisor)
    path = f"/summary/?period=custom&first={friday}&last={TODAY}"
    page = supervisor.get(path)
    assert "40 laporan masih ditunggu" in page.text
    assert "laporan belum masuk" not in page.text
    assert "angka sementara" in page.text
    (row,) = [line for line in lines_of(page, "masih dalam tenggang") if line.startswith("Ngoro")]
    assert "1 hari masih dalam tenggang" in row
    assert "0 dari 18 kecamatan lengkap" in page.text
    _rows, notes = from_csv(supervisor.get(page.link("Unduh csv")))
    assert notes["Kelengkapan"] == "0 dari 18 kecamatan lengkap; 40 laporan masih ditunggu"

    portal.clock.pass_by(minutes=1)
    page = supervisor.get(path)
    assert "20 laporan belum masuk · 20 laporan masih ditunggu" in page.text
    assert [line for line in lines_of(page, "1 hari belum lapor") if line.startswith("Ngoro")]


@pytest.mark.parametrize("first", ["2024-10-19", "2024-09-02"], ids=["weekend", "before the start"])
def test_days_on_which_nothing_is_owed_are_not_complete(portal, first):
    supervisor = portal.browser(people.supervisor)
    second = first[:-1] + str(int(first[-1]) + 1) if first != "2024-10-19" else "2024-10-20"
    for book in ("work", "home"):
        page = supervisor.get(f"/summary/?period=custom&book={book}&first={first}&last={second}")
        card = next(li.text for li in page.root.all("li") if li.text.startswith("Direkam"))
        assert "tidak ada jadwal pelayanan" in card
        assert "tidak ada jadwal" in card.replace("tidak ada jadwal pelayanan", "")
        assert "lengkap" not in card
        assert "angka sementara" not in card
        assert "Tidak ada jadwal pelayanan dalam rentang ini." in page.text
        assert not [s for s in page.by_id("table").parent.parent.all("span") if "good" in s["class"].split()]
        _rows, notes = from_csv(supervisor.get(page.link("Unduh csv")))
        assert notes["Kelengkapan"].startswith("tidak ada jadwal pelayanan")
    assert ("data mulai 8 Oktober 2024" in page.text) == (first < "2024-10-08")


def everybody_reports(portal, day, but=()):
    with portal.database.writing() as tx:
        for code in portal.office().points:
            if code not in but:
                recordings.add(tx, code, day, records.entry(1), people.clerk.id, NOW)


def test_the_districts_own_office_and_an_owed_visit_keep_a_day_open(portal):
    supervisor = portal.browser(people.supervisor)
    path = f"/summary/?period=custom&first={YESTERDAY}&last={YESTERDAY}"

    def card():
        portal.clock.pass_by(minutes=2)
        page = supervisor.get(path)
        return next(li.text for li in page.root.all("li") if li.text.startswith("Direkam"))

    everybody_reports(portal, YESTERDAY, but={"dinas"})
    assert "18 dari 18 kecamatan lengkap · 1 laporan belum masuk" in card()
    assert "angka sementara" in card()
    with portal.database.writing() as tx:
        recordings.add(tx, "dinas", YESTERDAY, records.nihil(recorded=0), people.clerk.id, NOW)
        ledger.touch(tx, ledger.DATA)
    assert card().count("lengkap") == 2
    assert "angka sementara" not in card()
    number = portal.visit(visit_date=YESTERDAY)
    assert "1 kunjungan belum ada hasilnya" in card()
    assert "angka sementara" in card()
    portal.cancel_visit(number)
    assert "angka sementara" not in card()


def test_boxes_left_empty_are_told_on_screen_and_in_files(busy):
    supervisor = busy.browser(people.supervisor)
    page = supervisor.get("/summary/?period=month")
    assert "Gagal rekam: diisi pada 3 dari 6 laporan." in page.text
    assert "Rekam ulang: diisi pada 0 dari 6 laporan." in page.text
    assert "Gagal rekam" not in supervisor.get("/summary/?period=month&book=home").text
    for kind in ("csv", "xlsx"):
        found = supervisor.get(page.link(f"Unduh {kind}"))
        _rows, notes = from_xlsx(found) if kind == "xlsx" else from_csv(found)
        assert "Sebagian diisi" in notes


def test_a_month_begun_before_the_programme_says_since_when(portal):
    page = portal.browser(people.supervisor).get("/summary/?period=custom&first=2024-10-01&last=2024-10-21")
    assert "data mulai 8 Oktober 2024" in page.text
    assert "data mulai" not in portal.browser(people.supervisor).get("/summary/?period=month").text


def test_kits_colour_only_periods_that_end_today(portal):
    portal.break_part("iris")
    supervisor = portal.browser(people.supervisor)
    for path, told in (
        ("/summary/?period=week", True),
        (f"/summary/?period=custom&first={YESTERDAY}&last={YESTERDAY}", False),
    ):
        page = supervisor.get(path)
        queue = page.by_id("missing").parent.parent.text
        assert ("tidak bisa rekam" in queue) == told
        rows, _notes = from_csv(supervisor.get(page.link("Unduh csv")))
        assert {rows["Ngoro"]["Alat rekam"], rows["Ngoro"]["Alat cetak"]} == (
            {"tidak bisa", "bisa"} if told else {None}
        )


def test_a_point_that_only_an_outage_stops_names_its_cause(portal):
    told = Outage(0, people.NGORO, "power", NOW - timedelta(hours=1), None)
    with portal.database.writing() as tx:
        outages.tell(tx, people.sending(people.clerk), portal.office(), records.submission_id(), told)
    queue = portal.browser(people.supervisor).get("/summary/?period=week").by_id("missing").parent.parent.text
    assert "gangguan di luar alat: listrik" in queue


def test_nearly_all_is_not_all(portal):
    with portal.app.test_request_context():
        said = share(Percentage(889_123, 889_124, "wajib KTP", "2025-12-04", "Dispendukcapil"))
        assert said.startswith("99,99% dari wajib KTP (889.124;")
        assert [percent(p, d) for p, d in ((99.9999, 1), (99.9999, 2), (100, 2), (99.94, 1), (100.004, 2))] == [
            "99,9%",
            "99,99%",
            "100,00%",
            "99,9%",
            "100,00%",
        ]


def test_a_percentage_comes_with_its_base_date_and_source(portal):
    page = portal.browser(people.reader).get("/summary/?period=today")
    card = next(li for li in page.root.all("li") if "Sudah rekam menurut SIAK" in li.text)
    assert "870.399" in card.text
    assert "21 Oktober 2024" in card.text
    assert "102,93% dari" in card.text
    assert "845.655" in card.text
    assert "kelompok berbeda" in card.text
    assert "good" not in card.all("a", "div")[0]["class"].split()
    assert not [s for s in card.all("span") if "good" in s["class"].split()]
    sources = page.by_id("sources").parent.text
    assert "20 September 2024" in sources
    for found in re.findall(r"[0-9.,]+%[^%]{0,60}", page.text):
        assert re.search(r"% dari .* \([0-9.]+", found + ")"), found
    assert "Cakupan wajib KTP" in sources


@pytest.mark.parametrize(
    ("query", "field", "message"),
    [
        ("first=2024-02-31&last=2024-10-21", "first", "Isi tanggal yang ada di kalender, misalnya 21-10-2024."),
        ("first=2024-10-20", "last", "Isi tanggal yang ada di kalender, misalnya 21-10-2024."),
        ("first=2024-10-21&last=2024-10-08", None, None),
        ("first=2024-10-08&last=2024-10-22", None, None),
        ("first=0001-01-01&last=9999-12-31", None, None),
        ("first=0001-01-01&last=0001-01-01", "first", "Isi tanggal yang ada di kalender, misalnya 21-10-2024."),
        ("first=2024-10-21&last=9999-12-31", "last", "Isi tanggal yang ada di kalender, misalnya 21-10-2024."),
        ("first=%3Cscript%3E&last=x", "first", "Isi tanggal yang ada di kalender, misalnya 21-10-2024."),
    ],
)
def test_a_period_that_is_none_is_told(portal, query, field, message):
    supervisor = portal.browser(people.supervisor)
    page = supervisor.get(f"/summary/?period=custom&{query}")
    assert (page.status, len(page.errors)) == (422, 1)
    if field:
        assert (page.errors, page.error_at(field)) == ([message], f"Kesalahan: {message}")
    for below in ("", "/residents"):
        down = supervisor.get(f"/summary/kecamatan/35.16.05{below}?period=custom&{query}")
        assert (down.status, len(down.errors)) == (422, 1)
    for kind in ("csv", "xlsx"):
        download = supervisor.get(f"/summary/download.{kind}?period=custom&{query}")
        assert (download.status, download.location.split("?")[0]) == (303, "/summary/")


def test_the_widest_days_an_address_can_name_are_answered(portal_anywhere):
    supervisor = portal_anywhere.browser(people.supervisor)
    for first, last, status in (
        ("2000-01-01", "2000-01-01", 200),
        ("2000-01-01", "2000-12-31", 200),
        ("2100-12-31", "2100-12-31", 422),
        ("0001-01-01", "0001-01-01", 422),
        ("9999-12-31", "9999-12-31", 422),
    ):
        query = f"?period=custom&first={first}&last={last}"
        for path in ("/summary/", "/summary/kecamatan/35.16.05", "/summary/kecamatan/35.16.05/residents"):
            assert supervisor.get(path + query).status == status, path + query
        for kind in ("csv", "xlsx"):
            assert supervisor.get(f"/summary/download.{kind}{query}").status == (200 if status == 200 else 303)


def test_an_unknown_period_or_book_is_the_month_of_work(portal):
    supervisor = portal.browser(people.supervisor)
    assert "8 Oktober 2024 – 21 Oktober 2024" in supervisor.get("/summary/?period=abad&book=merah").text
    assert "21 Oktober 2024" in supervisor.get("/summary/?period=custom&first=21/10/2024&last=21-10-2024").text


@pytest.mark.parametrize("moment", [NOW, NOW.replace(day=8, hour=0), NOW.replace(month=11, day=1), NOW.replace(day=7)])
def test_every_preset_stands_on_every_day(portal, moment):
    portal.clock.moment = moment
    supervisor = portal.browser(people.supervisor)
    for period in ("today", "yesterday", "week", "month"):
        assert supervisor.get(f"/summary/?period={period}").status == 200
        assert supervisor.get(f"/summary/download.csv?period={period}").status == 200
    assert supervisor.get("/today").status == 200


def test_a_new_report_appears_at_once_and_for_everybody(portal):
    supervisor, reader = portal.browser(people.supervisor), portal.browser(people.reader)
    path = "/summary/?period=today"
    assert screen(supervisor.get(path))["Kabupaten"]["Jumlah rekam"] is None
    assert screen(reader.get(path))["Kabupaten"]["Jumlah rekam"] is None
    portal.report(records.entry(777))
    for browser in (supervisor, reader):
        for _twice in range(2):
            page = browser.get(path)
            assert screen(page)["Kabupaten"]["Jumlah rekam"] == 777
            name = "Pembaca Kabupaten" if browser is reader else "Pengawas Kabupaten"
            other = "Pengawas Kabupaten" if browser is reader else "Pembaca Kabupaten"
            assert name in page.html
            assert other not in page.html
    portal.cancel_report()
    assert screen(reader.get(path))["Kabupaten"]["Jumlah rekam"] is None


def test_a_remembered_page_carries_each_readers_own_token(portal):
    first, second = portal.browser(people.supervisor), portal.browser(people.supervisor)
    tokens = set()
    for browser in (first, second, first, second):
        page = browser.get("/summary/?period=today")
        tokens.add(re.search(r'name="csrf_token" value="([^"]+)"', page.html)[1])
        assert browser.post("/language", {"language": "id", "next": "/today"}).status == 303
    assert len(tokens) >= 2
    assert "message" in first.get("/today").html


def test_english_shows_english_numbers_and_keeps_the_cache_apart(portal):
    portal.report(records.entry(1204))
    indonesian, english = portal.browser(people.supervisor), portal.browser(people.supervisor)
    assert "1.204" in indonesian.get("/summary/?period=today").text
    english.post("/language", {"language": "en", "next": "/summary/"})
    page = english.get("/summary/?period=today")
    assert page.root.all("html")[0]["lang"] == "en-GB"
    assert "1,204" in page.text
    assert "1.204" in indonesian.get("/summary/?period=today").text


def test_a_filter_swaps_the_content_of_a_whole_page(portal):
    supervisor = portal.browser(people.supervisor)
    boosted = supervisor.get("/summary/?period=week", HX_Request="true", HX_Boosted="true")
    assert boosted.heading == supervisor.get("/summary/?period=week").heading
    swapping = [node for node in boosted.root.all("a", "form") if node["hx-boost"]]
    assert {node["hx-target"] for node in swapping} == {"#main"}
    assert {node.tag for node in swapping} == {"a", "form"}
    assert all(node["id"] for node in swapping if node.tag == "a"), "focus comes back by id"


def test_a_download_is_written_down(portal):
    reader = portal.browser(people.reader)
    reader.get("/summary/download.xlsx?period=today&book=home")
    with portal.database.reading() as tx:
        entry = next(iter(ledger.newest_entries(tx, 1)))
    assert (entry.deed.split(".")[0], entry.account) == ("summary", "pembaca")


PAGES = ["/today", "/recordings/", "/visits/", "/equipment/", "/summary/?period=month", "/summary/kecamatan/35.16.05"]


def test_no_page_asks_more_questions_when_there_is_more_to_show(portal):
    def questions():
        portal.clock.pass_by(minutes=2)
        found = {}
        for who in (people.clerk, people.supervisor, people.liaison):
            browser = portal.browser(who)
            for path in PAGES:
                page = browser.get(path)
                if page.status == 200:
                    found[who.username, path] = len(page.statements)
        return found

    portal.report(records.entry(3), day=TODAY - timedelta(days=1))
    portal.visit(result=records.result())
    portal.visit(visit_date=TODAY + timedelta(days=1))
    portal.visit(visit_date=TODAY - timedelta(days=4))
    few = questions()
    for back in range(2, 13):
        for who in (people.clerk, people.colleague, people.stranger):
            portal.report(records.entry(back), who=who, day=TODAY - timedelta(days=back))
        portal.visit(visit_date=TODAY - timedelta(days=back), place_code=f"desa-35.16.05.{2000 + back}")
        portal.visit(visit_date=TODAY + timedelta(days=back), result=None, place_code="desa-35.16.05.2001")
    many = questions()
    assert {key: n for key, n in many.items() if n > few[key]} == {}
    assert max(n for (_who, path), n in many.items() if path != "/today") <= 20
    assert max(many.values()) <= 52, "Hari ini asks each feature once what waits there, and is kept for a minute"
