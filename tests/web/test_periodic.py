"""Weekly and monthly reports: published as seen, equal on every way out, and compared with what is on a paper."""

import csv
import io
from datetime import timedelta

import pytest
from msgspec.structs import replace
from python_calamine import CalamineWorkbook

from portal.domain.equipment import UNABLE
from portal.domain.periodic import MONTHLY, WEEKLY, Ability, Blanks, Circumstances, PointPeriod, Stop
from portal.domain.publications import DAILY, Value
from portal.domain.recordings import NIHIL_REASONS
from portal.storage import periodic
from portal.web import pdf, publication_files
from portal.web.paper import paper_of

from .. import people, records
from ..people import TODAY

SUNDAY = TODAY - timedelta(days=1)
FRIDAY = TODAY - timedelta(days=3)
HOMES = {"35.16.06": 1001, "35.16.05": 20, "luar": 5}
BOOK = {"Ngoro": "20", "Pungging": "1001", "Luar kabupaten": "5", "Belum dirinci": "4", "Kabupaten": "1030"}
"""HOMES and who was not split, as a report of the week tells them."""


@pytest.fixture
def worked(portal):
    """A week with a number, a NIHIL and silence; corrected after the first summary, published up to its Sunday."""
    portal.report(records.entry(1024, {"35.16.05": 1}), day=FRIDAY)
    portal.report(records.nihil("jaringan_server"), who=people.colleague, day=FRIDAY)
    portal.publish(FRIDAY)
    portal.clock.pass_by(minutes=5)
    portal.report(records.entry(1030, HOMES), day=FRIDAY, version=1, reason="dihitung ulang", at=portal.clock.now())
    portal.publish(SUNDAY, portal.clock.now())
    return portal


def publish(portal, kind, day):
    """Have the supervisor publish what he sees; the number."""
    browser = portal.browser(people.supervisor)
    fields = browser.get(f"/publications/new-report?kind={kind}&day={day}").values()
    done = browser.post("/publications/new-report", fields)
    assert done.status == 303, done.text
    return int(done.location.rpartition("/")[2])


def kept(portal, number):
    with portal.database.reading() as tx:
        return periodic.find(tx, number)


def test_a_supervisor_publishes_the_week_he_sees_once(worked):
    number = publish(worked, WEEKLY, SUNDAY)
    assert kept(worked, number).periodic.recorded == 1030
    browser = worked.browser(people.supervisor)
    assert "Belum ada laporan" in browser.get("/publications/?kind=monthly").text
    again = browser.get(f"/publications/new-report?kind=weekly&day={SUNDAY}")
    assert again.status == 422
    assert "sudah terbit" in again.text
    listed = browser.get("/publications/?kind=weekly")
    assert f"No. {number} – 14–20 Oktober 2024" in listed.text
    assert f"No. {number} –" not in browser.get("/publications/").text


def test_a_week_that_is_not_wholly_published_says_what_to_publish_first(portal):
    browser = portal.browser(people.supervisor)
    page = browser.get(f"/publications/new-report?kind=weekly&day={SUNDAY}")
    assert page.status == 422
    assert "Terbitkan dulu rekap harian sampai 20-10-2024" in page.text
    assert any(a["href"] == f"/publications/new?day={SUNDAY}" for a in page.root.all("a"))
    assert browser.get("/publications/new-report?kind=monthly").status == 200


def test_a_day_of_no_period_is_told_and_kept(worked):
    browser = worked.browser(people.supervisor)
    for day in ("", "31-02-2024", "x" * 300, "2031-01-01", "1990-01-01"):
        fields = {"submission_id": records.submission_id(), "mark": "x", "kind": WEEKLY, "day": day}
        answer = browser.post("/publications/new-report", fields)
        assert answer.status == 422
        assert answer.by_id("day")["value"] == day


def test_numbers_that_moved_meanwhile_are_shown_before_they_are_published(worked):
    browser = worked.browser(people.supervisor)
    fields = browser.get(f"/publications/new-report?kind=weekly&day={SUNDAY}").values()
    worked.clock.pass_by(minutes=5)
    worked.report(records.entry(900), day=FRIDAY, version=2, reason="salah", at=worked.clock.now())
    worked.publish(TODAY, worked.clock.now())
    moved = browser.post("/publications/new-report", fields)
    assert moved.status == 409
    assert "Angkanya berubah" in moved.text
    assert browser.post("/publications/new-report", moved.values()).status == 303


# --- one object, six ways out ---------------------------------------------------------------------


def plain(cells):
    return [str(int(c)) if isinstance(c, (int, float)) else str(c).replace(".", "") for c in cells]


def on_screen(page):
    return [[c.text for c in tr.children if c.tag in ("th", "td")] for tr in page.root.all("tr")]


def in_workbook(data):
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def in_csv(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def on_paper(html):
    """Rows of every table as they are set out on the sheets."""
    document = pdf.laid_out(html)
    if document is None:
        pytest.skip("WeasyPrint needs Pango, which is not on this machine")
    found = []
    for sheet in document.pages:
        for box in sheet._page_box.descendants():
            if type(box).__name__ == "TableRowBox":
                cells = ["".join(b.text for b in cell.descendants() if hasattr(b, "text")) for cell in box.children]
                found.append(cells)
    return found


def told(rows, names, column):
    """(row → its total, cumulative) of a table, whatever it was read from."""
    lines = [plain(line) for line in rows if line]
    totals: dict[str, str] = {}
    for line in lines:
        if line[0] in names and len(line) > column:
            totals.setdefault(line[0], line[column])
    cumulative = next(line[1] for line in lines if line[0] in ("Kumulatif laporan ini", "Kumulatif terbitan ini"))
    return totals, cumulative


def by_home(rows):
    """Home → recorded, of the table whose head is Domisili."""
    lines = [plain([cell for cell in line if cell not in (None, "")]) for line in rows]
    start = next(n for n, line in enumerate(lines) if line[:1] == ["Domisili"]) + 1
    end = next(n for n, line in enumerate(lines) if n >= start and line[:1] == ["Kabupaten"]) + 1
    return dict(line for line in lines[start:end] if line[0] != "Domisili")  # the head stands on every sheet


def test_screen_print_pdf_xlsx_csv_and_message_say_the_same_for_all_kinds(worked):
    if not pdf.pdf_is_made():
        pytest.skip("WeasyPrint is not installed (extra pdf)")
    numbers = {DAILY: 2, WEEKLY: publish(worked, WEEKLY, SUNDAY)}
    worked.clock.pass_by(days=14)
    worked.publish(TODAY.replace(day=31), worked.clock.now())
    numbers[MONTHLY] = publish(worked, MONTHLY, SUNDAY)
    browser = worked.browser(people.reader)
    for kind, number in numbers.items():
        publication = kept(worked, number)
        content = publication.daily if kind == DAILY else publication.periodic
        page = browser.get(f"/publications/{number}")
        column = 3 if kind == DAILY else len(content.days) + 1
        names = {"Ngoro", "Pungging", "Gondang", "Kabupaten"}
        assert not any(
            "no-print" in a.attributes.get("class", "") for t in page.root.all("table") for a in t.ancestors()
        )
        totals, cumulative = told(on_screen(page), names, column)
        assert totals["Kabupaten"] == str(content.recorded)
        assert cumulative == str(content.cumulative) == "1030"
        if kind != DAILY:
            assert (totals["Ngoro"], totals["Pungging"], totals["Gondang"]) == ("1030", "0", "–")
        book = by_home(on_screen(page))
        assert book == (BOOK if kind != DAILY else {"Luar kabupaten": "0", "Belum dirinci": "0", "Kabupaten": "0"})
        assert book["Kabupaten"] == totals["Kabupaten"], "both books add up to the same"
        shown = {name: text.replace("–", "") for name, text in totals.items()}
        for way, rows in {
            "pdf": on_paper(page.html),
            "xlsx": in_workbook(browser.get(f"/publications/{number}/report.xlsx").data),
            "csv": in_csv(browser.get(f"/publications/{number}/report.csv").data),
        }.items():
            found, sum_of_it = told(rows, names, column)
            assert ({n: t.replace("–", "") for n, t in found.items()}, sum_of_it) == (shown, cumulative), (kind, way)
            assert by_home(rows) == book, (kind, way)
        recap = page.by_id("recap-text").text
        assert len(recap) < 900
        assert f"rekam {content.recorded:,} · kumulatif {content.cumulative:,} ".replace(",", ".") in recap
        assert publication.check_code in recap
        told_homes = "domisili: Pungging 1.001, Ngoro 20, Luar kabupaten 5, Belum dirinci 4"
        assert (told_homes in recap) == (kind != DAILY)
    answer = browser.get(f"/publications/{numbers[WEEKLY]}/report.pdf")
    assert (answer.headers["Content-Type"], answer.data[:5]) == ("application/pdf", b"%PDF-")


def test_nobody_from_outside_is_none_only_where_every_recording_was_split(worked):
    """Among those whose home nobody wrote there may be people from outside: that is not known, and no zero."""
    found = kept(worked, publish(worked, WEEKLY, SUNDAY))
    told = {}
    with worked.app.test_request_context("/"):
        worked.app.preprocess_request()
        for unsplit in (0, 4):
            homes = {"35.16.05": found.periodic.recorded - unsplit}
            drawn = paper_of(replace(found, periodic=replace(found.periodic, homes=homes)), worked.office())
            outside = next(
                line for line in publication_files.as_csv(drawn, demo=False).decode().split("\r\n") if "Luar" in line
            )
            told[unsplit] = dict(drawn.homes)["Luar kabupaten"], outside, drawn.recap.split("Luar kabupaten ")[1][0]
    assert told == {0: (0, "Luar kabupaten;0", "0"), 4: (None, "Luar kabupaten;", "–")}


def test_a_report_that_was_published_without_the_book_of_homes_shows_none(worked):
    """What was published before stays as it was: no line is made up for it."""
    found = kept(worked, publish(worked, WEEKLY, SUNDAY))
    old = replace(found, periodic=replace(found.periodic, homes=None))
    with worked.app.test_request_context("/"):
        worked.app.preprocess_request()
        drawn = paper_of(old, worked.office())
        assert (drawn.homes, "domisili" in drawn.recap) == ([], False)
        assert "Domisili" not in publication_files.as_csv(drawn, demo=False).decode()


def test_the_message_stays_short_when_everything_is_broken(worked):
    found = kept(worked, publish(worked, WEEKLY, SUNDAY))
    lists = worked.office()
    codes = list(lists.points)
    causes = dict.fromkeys(NIHIL_REASONS, 9)
    around = Circumstances(
        [Ability(code, UNABLE, UNABLE, "fingerprint") for code in codes],
        [Stop(code, "operator_login", "both", "2024-10-20") for code in codes],
        [Blanks(code, 10_000, 1) for code in codes],
        1,
        {"done": 0},
    )
    lines = [PointPeriod(code, {FRIDAY.isoformat(): Value(9999)}, 7, 7, 7, causes) for code in codes]
    homes = dict.fromkeys(lists.kecamatan, 9999)
    worst = replace(found, periodic=replace(found.periodic, around=around, lines=lines, homes=homes))
    with worked.app.test_request_context("/"):
        worked.app.preprocess_request()
        assert len(paper_of(worst, lists).recap) < 900


def test_a_pdf_asks_nobody_for_anything():
    for address in (
        "http://example.org/x.css",
        "file:///etc/passwd",
        "https://portal.invalid/static/../portal/config.py",
        "https://portal.invalid/wsgi.py",
        "https://portal.invalid/static/portal.js",
        "data:text/css,a{}",
    ):
        with pytest.raises(pdf.NotOurs):
            pdf.static_file(address)
    assert pdf.static_file("https://portal.invalid/static/css/portal.css?v=1")[1] == "text/css"


def test_without_the_library_the_button_is_gone_and_the_address_says_what_to_install(worked, monkeypatch):
    monkeypatch.setattr("portal.web.publications.pdf_is_made", lambda: False)
    monkeypatch.setattr("portal.web.publication_files.pdf_is_made", lambda: False)
    browser = worked.browser(people.reader)
    assert "Unduh PDF" not in browser.get("/publications/1").text
    page = browser.get("/publications/1/report.pdf")
    assert "make install PDF=1" in page.text


# --- the public question --------------------------------------------------------------------------


def test_anybody_compares_a_paper_and_learns_that_it_was_corrected(worked):
    first = kept(worked, 1)
    stranger = worked.browser()
    form = stranger.get(f"/verify?number=1&code={first.check_code}")
    assert form.typed("code") == first.check_code
    page = stranger.post("/verify", {"number": "1", "code": first.check_code.upper()})
    assert page.status == 200
    assert "Nomor dan kode ini cocok" in page.text
    assert "Rekap harian no. 1" in page.text
    assert "1.024" in page.text
    assert "+6. Jumlah yang berlaku kini 1.030" in page.text
    assert "Ngoro" not in page.text, "counts only"
    second = kept(worked, 2)
    assert "Tidak ada terbitan kemudian" in stranger.post("/verify", {"number": "2", "code": second.check_code}).text


def test_a_wrong_code_and_an_unknown_number_are_told_in_the_same_words(worked):
    stranger = worked.browser()
    answers = [stranger.post("/verify", {"number": n, "code": "0000-0000"}) for n in ("1", "99")]
    assert [a.status for a in answers] == [422, 422]
    assert all("Tidak ditemukan." in a.text for a in answers)
    assert answers[0].by_id("error-summary").text == answers[1].by_id("error-summary").text
    assert stranger.post("/verify", {"number": "x", "code": "12"}).typed("number") == "x"
