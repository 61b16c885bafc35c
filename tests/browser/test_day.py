"""The trial's day from end to end, on a phone: report, visit, broken part, summary; with and without JavaScript."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from python_calamine import CalamineWorkbook

from .office import TODAY, Office, Visitor, fill, heading, served, stand_by

Meet = Callable[..., Visitor]

NGORO, PUNGGING, SOOKO = "35.16.05", "35.16.06", "35.16.13"
SCHOOL = "npsn-20502727"  # SMAN 1 Sooko
RECORDED, OF_PUNGGING, OF_NGORO = 17, 6, 9
FROM_LIST, WALK_IN, SCHOOL_OF_SOOKO = 21, 3, 20


@pytest.fixture(params=[True, False], ids=["with-script", "without-script"])
def script(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def office(chromium: Browser, demo_office: Path, tmp_path: Path) -> Iterator[Office]:
    """An office of each test's own: the same day is entered twice."""
    with served(demo_office, tmp_path, chromium.new_context) as running:
        yield running


def test_the_day_on_a_phone(meet: Meet, script: bool) -> None:
    supervisor = meet("pengawas", script=script)
    before = {book: _downloaded(supervisor, book, "csv") for book in ("work", "home")}

    _report(meet("ngoro", script=script))
    proposed = _propose(meet("penghubung", script=script))
    _visit(meet("sooko", script=script), proposed, script)
    _break_iris(meet("ngoro", script=script))

    after = {book: _downloaded(supervisor, book, "csv") for book in ("work", "home")}
    recorded = RECORDED + FROM_LIST + WALK_IN
    assert _grown(before["work"], after["work"]) == {
        f"kec-{NGORO}": RECORDED,
        f"kec-{SOOKO}": FROM_LIST + WALK_IN,
        "Jumlah kabupaten": recorded,
    }
    assert _grown(before["home"], after["home"]) == {
        NGORO: OF_NGORO,
        PUNGGING: OF_PUNGGING,
        SOOKO: SCHOOL_OF_SOOKO,
        "unsplit": recorded - OF_NGORO - OF_PUNGGING - SCHOOL_OF_SOOKO,
        "Jumlah kabupaten": recorded,
    }
    for book, table in after.items():
        assert _downloaded(supervisor, book, "xlsx") == table
    _read(supervisor, after["work"])


def _report(clerk: Visitor) -> None:
    page = clerk.open("/today")
    page.get_by_role("link", name="Isi laporan hari ini").click()
    heading(page, re.compile("Laporan harian"))
    fill(page, recorded=RECORDED, recorded_male=8, recorded_female=9, failed=1, printed_prr=5, blanks_left=410)
    page.locator("#homes summary").click()
    fill(page, home_05=OF_NGORO, home_06=OF_PUNGGING)
    page.get_by_role("button", name="Kirim laporan").click()
    stand_by(page)
    _received(page)
    expect(page.get_by_role("row", name="Jumlah rekam")).to_contain_text(str(RECORDED))
    expect(page.get_by_role("row", name=re.compile("^Belum dirinci"))).to_contain_text("2")


def _propose(liaison: Visitor) -> str:
    page = liaison.open("/today")
    page.get_by_role("region", name="Sekolah saya").get_by_role("link", name="SMAN 1 Sooko").click()
    page.get_by_role("link", name="Usulkan kunjungan").click()
    heading(page, "Usulkan kunjungan")
    expect(page.locator("[name=place_code]")).to_have_value(SCHOOL)
    fill(page, visit_date=TODAY, team="Tim 3")
    page.get_by_role("button", name="Kirim usulan").click()
    _received(page)
    expect(page.get_by_role("link", name="Isi hasil")).to_have_count(0)
    return page.url


def _visit(clerk: Visitor, proposed: str, script: bool) -> None:
    page = clerk.open(proposed)
    page.get_by_role("button", name="Terima usulan").click()
    expect(page.locator("#flashes")).to_contain_text("Usulan diterima")
    page.get_by_role("link", name="Isi hasil").click()
    fill(page, eligible=40, recorded_from_list=FROM_LIST, already=9, absent=5, refused=0, failed=1, outside=1)
    total = page.locator("output[data-sum-target=eligible]")
    if script:
        expect(total).to_contain_text("Sisa belum terjelaskan: 3")
    fill(page, not_yet_16=3, walk_in=WALK_IN)
    page.locator("[name=failed_reason]").select_option("biometrik")
    if script:
        expect(total).to_contain_text("Semua sasaran sudah terjelaskan")
    page.locator("#homes summary").click()
    fill(page, home_13=SCHOOL_OF_SOOKO, undetailed=FROM_LIST + WALK_IN - SCHOOL_OF_SOOKO)
    page.get_by_role("button", name="Kirim hasil").click()
    _received(page)
    expect(page.get_by_role("row", name="Seluruh yang direkam").first).to_contain_text(str(FROM_LIST + WALK_IN))


def _break_iris(clerk: Visitor) -> None:
    page = clerk.open("/equipment/")
    page.get_by_role("link", name="Ubah keadaan").first.click()
    page.get_by_role("link", name=re.compile("Ubah Pemindai iris")).click()
    page.locator("input[name=status][value=broken]").check()
    page.locator("[name=cause]").select_option("tidak_terbaca")
    fill(page, note="Lampu pemindai mati.")
    page.get_by_role("button", name="Simpan keadaan").click()
    _received(page)
    expect(page.get_by_text("Tidak bisa rekam")).to_be_visible()


def _received(page: Page) -> None:
    expect(page.locator("#flashes")).to_contain_text(re.compile(r"Tersimpan di server \d\d\.\d\d.*Tanda terima \S+"))


def _downloaded(supervisor: Visitor, book: str, kind: str) -> dict[str, int]:
    """People recorded today by row, as a downloaded file says; the last row is the district's."""
    page = supervisor.open(f"/summary/?period=today&book={book}")
    with page.expect_download() as download:
        page.get_by_role("link", name=f"Unduh {kind}").click()
    path = Path(download.value.path())
    assert download.value.suggested_filename.endswith(f".{kind}")
    if kind == "csv":
        header, *lines = csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig")), delimiter=";")
    else:
        header, *lines = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    column = next(n for n, name in enumerate(header) if name in ("Direkam", "Jumlah rekam"))
    found = {}
    for cells in lines:
        if not cells:
            break
        with suppress(ValueError):
            found[str(cells[0] or cells[1])] = int(cells[column])
    return found


def _grown(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    """What was added to each row, hubs aside."""
    return {
        code: number - before.get(code, 0)
        for code, number in after.items()
        if number != before.get(code, 0) and (not code.startswith("Jumlah") or code == "Jumlah kabupaten")
    }


def _read(supervisor: Visitor, work: dict[str, int]) -> None:
    """All three are on the summary's page, and each leads one level down."""
    page = supervisor.open("/summary/?period=today")
    expect(page.locator(".figure").first).to_contain_text(str(work["Jumlah kabupaten"]))
    calls = page.get_by_role("region", name="Perlu dihubungi")
    expect(calls.get_by_role("listitem").filter(has_text="Ngoro")).to_contain_text("tidak bisa rekam")
    row = page.get_by_role("region", name="Rekap per hub").get_by_role("row", name="Ngoro")
    expect(row).to_contain_text(str(RECORDED))
    row.get_by_role("link").click()
    heading(page, re.compile("Ngoro"))
    expect(page.get_by_role("row", name="Pungging")).to_contain_text(str(OF_PUNGGING))
    page.get_by_role("region", name="Laporan per hari").get_by_role("link").first.click()
    heading(page, re.compile("Laporan .*Ngoro"))
    expect(page.get_by_role("row", name="Pungging")).to_contain_text(str(OF_PUNGGING))
    expect(page.get_by_role("region", name="Riwayat")).to_contain_text("Petugas Ngoro")
    page.go_back()
    page.go_back()
    row = page.get_by_role("region", name="Rekap per hub").get_by_role("row", name="Sooko")
    expect(row).to_contain_text(str(FROM_LIST + WALK_IN))
    row.get_by_role("link").click()
    page.get_by_role("link", name="SMAN 1 Sooko").click()
    expect(page.get_by_text(f"Direkam {FROM_LIST + WALK_IN} orang")).to_be_visible()
