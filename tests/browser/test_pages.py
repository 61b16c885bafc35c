"""Every page in its states: nothing axe complains about, nothing that makes the page itself run sideways."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from .office import DESK, PHONE, TODAY, Office, Visitor, fill, heading

Meet = Callable[..., Visitor]
Look = Callable[[str, str], Page]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ALL = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
LAYOUT = {
    "runOnly": ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"],
    "resultTypes": ["violations"],
}
"""What another size can break: the elements are the same."""
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"], "resultTypes": ["violations"]}
"""What a dark scheme can break: the elements are the same."""

WIDTHS = (320, 390, 768, 1280)

NGORO = "kec-35.16.05"
REPORTED = "/recordings/kec-35.16.05/2024-10-18"
PLANNED, DONE, CANCELLED, OVERDUE, FAILED_CHECK, PROPOSED = 11, 1, 3, 10, 12, 18
SCHOOL = "/places/npsn-20502730"


def violations(page: Page) -> list[str]:
    """What axe finds on a phone, what a desk's layout breaks besides, and the dark, whose colours are the same at any
    size; the whole page is in view."""
    page.evaluate(AXE_SCRIPT)
    found = []
    for size, looks in ((PHONE, (("light", ALL),)), (DESK, (("light", LAYOUT), ("dark", COLOURS)))):
        page.set_viewport_size(size)
        tall = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": size["width"], "height": tall + 1})
        for scheme, options in looks:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            for broken in page.evaluate("options => axe.run(document, options)", options)["violations"]:
                nodes = "; ".join(
                    node["html"][:150] + " " + node["failureSummary"][:400] for node in broken["nodes"][:4]
                )
                found.append(f"{size['width']} {scheme} {broken['id']}: {nodes}")
    page.emulate_media(color_scheme="light")
    return found


def sideways(page: Page) -> dict[int, int]:
    """By how much the page is wider than the window, at each width where it is."""
    found = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        more = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if more > 0:
            found[width] = more
    return found


def is_sound(page: Page) -> None:
    """No complaint in any size and scheme."""
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = part.className != 'account')")
    assert (violations(page), sideways(page)) == ([], {})


READ = {
    "sign in": ("", "/sign-in"),
    "not found": ("ngoro", "/recordings/nowhere/2024-10-21"),
    "not permitted": ("penghubung", "/summary/"),
    "home of a clerk": ("ngoro", "/today"),
    "home of a clerk with days to report": ("gondang", "/today"),
    "home of a liaison": ("penghubung", "/today"),
    "home of a supervisor": ("pengawas", "/today"),
    "home of a reader": ("pembaca", "/today"),
    "home of an administrator": ("admin", "/today"),
    "reports": ("pengawas", "/recordings/"),
    "own reports": ("ngoro", "/recordings/"),
    "report": ("pengawas", REPORTED),
    "report with corrections": ("sooko", "/recordings/kec-35.16.13/2024-10-15"),
    "report that is missing": ("gondang", "/recordings/kec-35.16.02/2024-10-16"),
    "NIHIL report": ("pacet", "/recordings/kec-35.16.03/2024-10-17"),
    "daily form": ("ngoro", f"/recordings/{NGORO}/{TODAY}/edit"),
    "correction": ("ngoro", f"{REPORTED}/edit"),
    "cancelling a report": ("ngoro", f"{REPORTED}/cancel"),
    "review": ("pengawas", "/reviews/"),
    "review to read": ("pembaca", "/reviews/"),
    "reviewing a report": ("pengawas", "/reviews/kec-35.16.11/2024-10-16"),
    "report sent back": ("puri", "/recordings/kec-35.16.11/2024-10-16"),
    "form sent back": ("puri", "/recordings/kec-35.16.11/2024-10-16/edit"),
    "form of a day that has closed": ("gondang", "/recordings/kec-35.16.02/2024-10-09/edit"),
    "lock exceptions": ("pengawas", "/locks/"),
    "late proposals": ("ngoro", "/proposals/"),
    "visits": ("pengawas", "/visits/"),
    "own visits": ("penghubung", "/visits/"),
    "visit planned": ("penghubung", f"/visits/{PLANNED}"),
    "visit done": ("penghubung", f"/visits/{DONE}"),
    "visit cancelled": ("pengawas", f"/visits/{CANCELLED}"),
    "planning a visit": ("pengawas", "/visits/new"),
    "proposing a visit": ("penghubung", "/visits/new"),
    "visit proposed": ("ngoro", f"/visits/{PROPOSED}"),
    "visit whose kit failed": ("pungging", f"/visits/{FAILED_CHECK}"),
    "changing a proposal": ("penghubung", f"/visits/{PROPOSED}/edit"),
    "changing a plan": ("ngoro", f"/visits/{PLANNED}/edit"),
    "check list": ("ngoro", f"/visits/{PLANNED}/check"),
    "coming back": ("sooko", "/visits/new?revisit_of=2"),
    "people to come back for": ("sooko", "/visits/follow-ups/2"),
    "result of a visit": ("sooko", f"/visits/{OVERDUE}/result"),
    "correcting a result": ("ngoro", f"/visits/{DONE}/result"),
    "cancelling a visit": ("ngoro", f"/visits/{PLANNED}/cancel"),
    "places": ("pengawas", "/places/?kecamatan=35.16.13"),
    "own places": ("penghubung", "/places/"),
    "place": ("sooko", SCHOOL),
    "changing a place": ("sooko", f"{SCHOOL}/edit"),
    "new target": ("penghubung", f"{SCHOOL}/target"),
    "places from a file": ("pengawas", "/places/import"),
    "kits": ("pengawas", "/equipment/"),
    "kit": ("ngoro", "/equipment/KIT-NGO-1"),
    "kit with a broken part": ("pembaca", "/equipment/KIT-PCT-1"),
    "state of a part": ("ngoro", "/equipment/KIT-NGO-1/iris"),
    "summary by place of work": ("pengawas", "/summary/?period=month"),
    "pace of the district": ("pengawas", "/pace/"),
    "pace of a kecamatan": ("pembaca", "/pace/?area=kecamatan:35.16.03"),
    "contacts of an office": ("pengawas", "/contacts/kec-35.16.15"),
    "elections": ("pengawas", "/settings/elections/"),
    "an election": ("pengawas", "/settings/elections/pilkada-2024"),
    "target of an election": ("pengawas", "/settings/elections/pilkada-2024/target"),
    "summary by home": ("pengawas", "/summary/?period=month&book=home"),
    "summary of a day off": ("pembaca", "/summary/?period=custom&first=2024-10-20&last=2024-10-20"),
    "all points side by side": ("pengawas", "/summary/panels/?period=month"),
    "a hub": ("pembaca", "/summary/hub/mojosari?period=month"),
    "two periods": ("pengawas", "/summary/comparison/"),
    "map of completeness": ("pengawas", "/summary/?period=month&measure=completeness"),
    "data for others": ("pengawas", "/open-data/"),
    "one kecamatan": ("pengawas", "/summary/kecamatan/kec-35.16.13?period=month"),
    "published figures": ("pengawas", "/figures/"),
    "a new figure": ("pengawas", "/figures/new"),
    "growth beside reports": ("pengawas", "/figures/reconcile"),
    "accounts": ("admin", "/accounts/"),
    "new account": ("admin", "/accounts/new"),
    "an account": ("admin", "/accounts/5"),
    "own account": ("ngoro", "/account"),
    "own password": ("ngoro", "/account/password"),
}


@pytest.mark.parametrize("name", READ)
def test_a_page_to_read(look: Look, name: str) -> None:
    username, path = READ[name]
    is_sound(look(username, path))


REFUSED: dict[str, tuple[str, str, dict[str, Any], str]] = {
    "report": ("ngoro", f"/recordings/{NGORO}/{TODAY}/edit", {"recorded": "1,5", "home_06": "-3"}, "Kirim laporan"),
    "cancelling a report": ("ngoro", f"{REPORTED}/cancel", {}, "Batalkan laporan"),
    "plan": ("ngoro", "/visits/new", {}, "Simpan rencana"),
    "proposal": ("penghubung", "/visits/new", {}, "Kirim usulan"),
    "target": ("penghubung", f"{SCHOOL}/target", {"grown": "x"}, "Kirim usulan"),
    "place": ("sooko", "/places/new", {"npsn": "12"}, "Simpan tempat"),
    "check list": ("ngoro", f"/visits/{PLANNED}/check", {}, "Simpan daftar periksa"),
    "line": ("sooko", "/visits/follow-ups/2", {}, "Tutup daftar ini"),
    "result": ("sooko", f"/visits/{OVERDUE}/result", {"eligible": 9, "walk_in": "x"}, "Kirim hasil"),
    "cancelling a visit": ("ngoro", f"/visits/{PLANNED}/cancel", {}, "Batalkan kunjungan"),
    "account": ("admin", "/accounts/new", {"username": "A b"}, "Tambah dan buat kode"),
    "password": ("ngoro", "/account/password", {"password": "x"}, "Simpan sandi"),
    "period": ("pengawas", "/summary/", {"first": "2024-10-21", "last": "2024-10-08"}, "Tampilkan"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_form_that_is_refused(meet: Meet, name: str) -> None:
    username, path, values, button = REFUSED[name]
    page = meet(username).open(path)
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    fill(page, **values)
    page.get_by_role("button", name=button).click()
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page).to_have_title(re.compile("^Kesalahan:"))
    for link in page.locator("#error-summary a").all():
        link.click()
        expect(page.locator(":focus")).to_have_id(str(link.get_attribute("href"))[1:])
    is_sound(page)


def test_a_state_without_a_cause(meet: Meet) -> None:
    page = meet("ngoro").open("/equipment/KIT-NGO-1/iris")
    page.get_by_label("Rusak").check()
    page.get_by_role("button", name="Simpan keadaan").click()
    expect(page.locator("#error-summary")).to_be_focused()
    is_sound(page)


def test_a_wrong_password(meet: Meet) -> None:
    page = meet().open("/sign-in")
    fill(page, username="ngoro", password="not this one")
    page.get_by_role("button", name="Masuk", exact=True).click()
    expect(page.locator("#error-summary")).to_be_focused()
    is_sound(page)


CONFLICTS: dict[str, tuple[str, str, dict[str, Any], str]] = {
    "report": (
        "pungging",
        "/recordings/kec-35.16.06/2024-10-21/edit",
        {"recorded": 25, "reason": "Salah."},
        "Kirim perbaikan",
    ),
    "plan": ("ngoro", f"/visits/{PLANNED}/edit", {"team": "Tim 9"}, "Simpan rencana"),
    "result": (
        "ngoro",
        f"/visits/{DONE}/result",
        {"absent": 16, "refused": 1, "reason": "Salah."},
        "Kirim perbaikan",
    ),
    "state": ("puri", "/equipment/KIT-PRI-1/ups", {"note": "Berbunyi."}, "Simpan keadaan"),
}


@pytest.mark.parametrize("name", CONFLICTS)
def test_two_people_at_once(meet: Meet, name: str) -> None:
    username, path, values, button = CONFLICTS[name]
    first, second = (meet(username).open(path) for _person in range(2))
    for page, number in ((first, 1), (second, 2)):
        for field, value in values.items():
            fill(page, **{field: f"{value} {number}" if field in ("team", "note", "reason") else value})
    first.get_by_role("button", name=button).click()
    expect(first.locator("#flashes")).to_contain_text("Tanda terima")
    if name == "report":
        fill(second, recorded=26)
    with second.expect_response(lambda answer: answer.request.method == "POST") as answer:
        second.get_by_role("button", name=button).click()
    assert answer.value.status == 409
    expect(second.locator("#error-summary")).to_be_focused()
    is_sound(second)


def test_a_new_person_comes_in(office: Office, meet: Meet) -> None:
    """The slip with the code, the password one must choose, and a home where nothing is listed yet."""
    page = meet("admin").open("/accounts/new")
    fill(page, username="baru", name="Guru Baru")
    page.get_by_label("Penghubung sekolah").check()
    page.get_by_text("Buka daftar").locator("visible=true").click()
    page.locator("[name=places]").first.check()
    page.get_by_role("button", name="Tambah dan buat kode").click()
    heading(page, re.compile("Kode masuk untuk Guru Baru"))
    code = page.locator("#code").inner_text().strip()
    is_sound(page)

    newcomer = meet()
    page = newcomer.open("/sign-in")
    fill(page, username="baru", password=code)
    page.get_by_role("button", name="Masuk", exact=True).click()
    heading(page, "Buat sandi sendiri")
    is_sound(page)
    fill(page, present=code, password="kebun pisang dekat sungai", again="kebun pisang dekat sungai")
    page.get_by_role("button", name="Simpan sandi").click()
    heading(page, "Hari ini")
    is_sound(page)
    is_sound(newcomer.open("/visits/"))


def test_nothing_yet(office: Office, meet: Meet) -> None:
    """A clerk of an office without kits."""
    office.do("UPDATE kit SET point_code = 'mpp' WHERE code = 'KIT-GED-1'")
    office.do("UPDATE kit_place SET point_code = 'mpp' WHERE kit_code = 'KIT-GED-1'")
    page = meet("gedeg").open("/equipment/")
    expect(page.locator(".empty")).to_be_visible()
    is_sound(page)
    is_sound(meet("gedeg").open("/today"))


def test_an_old_form(meet: Meet) -> None:
    """A form whose sign of origin is gone offers itself again."""
    page = meet("ngoro").open("/visits/new")
    page.evaluate("document.querySelector('main [name=csrf_token]').value = 'old'")
    page.get_by_role("button", name="Simpan rencana").click()
    heading(page, "Permintaan tidak dapat dibaca")
    is_sound(page)
    page.get_by_role("link", name="Buka lagi isian saya").click()
    heading(page, "Rencanakan kunjungan")


def test_a_draft_that_is_back(meet: Meet) -> None:
    """The note over a form that was left while typing."""
    page = meet("ngoro").open(f"/recordings/{NGORO}/{TODAY}/edit")
    fill(page, recorded=6)
    page.reload()
    expect(page.get_by_role("button", name="Kosongkan")).to_be_visible()
    is_sound(page)


def test_words_after_a_deed(meet: Meet) -> None:
    """The message after a deed, and the panel of the account."""
    page = meet("jetis").open("/equipment/")
    page.locator(".account summary").click()
    expect(page.get_by_role("button", name="Keluar")).to_be_visible()
    assert violations(page) == []
    page.goto("/equipment/KIT-JTS-1")
    page.get_by_role("button", name="Semua masih sama").click()
    expect(page.locator("#flashes .message")).to_be_visible()
    is_sound(page)


@pytest.mark.parametrize(
    ("path", "region"), [("/summary/?period=month", "Rekap per hub"), ("/reviews/", "Laporan tanpa")]
)
def test_a_wide_table_on_a_phone_shows_what_fits_until_asked_for_the_whole(meet: Meet, path: str, region: str) -> None:
    page = meet("pengawas").open(path)
    table = page.get_by_role("region", name=region)
    more = "part => part.scrollWidth - part.clientWidth"
    head = table.get_by_role("columnheader")
    shown = head.count()
    assert table.evaluate(more) <= 0
    page.get_by_role("checkbox", name="Semua kolom").check()
    assert head.count() > shown
    page.set_viewport_size(DESK)
    expect(page.get_by_role("checkbox", name="Semua kolom")).to_have_count(0)
    assert table.evaluate(more) <= 0


def test_a_long_list_on_a_phone_shows_the_worst_until_asked_for_the_whole(meet: Meet) -> None:
    page = meet("pengawas").open("/downtime/")
    kits = page.get_by_role("region", name="Per alat").get_by_role("rowheader")
    assert kits.count() == 5
    expect(kits.first).to_have_text("Alat Pacet 1")
    page.get_by_role("checkbox", name="Semua 27 alat").check()
    assert kits.count() == 27
    page.get_by_role("checkbox", name="Semua 27 alat").uncheck()
    page.set_viewport_size(DESK)
    assert kits.count() == 27
