"""What people do to forms: tapping thrice, being signed out while typing, going back, choosing and choosing again."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from .office import TODAY, Office, Visitor, command, fill, heading, stand_by

Meet = Callable[..., Visitor]


def daily_form(kecamatan: str, day: str = TODAY) -> str:
    return f"/recordings/kec-35.16.{kecamatan}/{day}/edit"


def reports(office: Office, kecamatan: str) -> list[tuple[int, int]]:
    return office.rows(
        "SELECT recorded, version FROM report WHERE point_code = ? AND service_date = ?",
        f"kec-35.16.{kecamatan}",
        TODAY,
    )


@pytest.mark.parametrize(("script", "kecamatan", "username"), [(True, "01", "jatirejo"), (False, "02", "gondang")])
def test_three_taps_are_one_report(office: Office, meet: Meet, script: bool, kecamatan: str, username: str) -> None:
    page = meet(username, script=script).open(daily_form(kecamatan))
    fill(page, recorded=31)
    posted = []
    page.on("request", lambda request: posted.append(request.url) if request.method == "POST" else None)
    page.get_by_role("button", name="Kirim laporan").click(click_count=3, no_wait_after=True)
    expect(page.locator("#flashes")).to_contain_text("Tanda terima")
    assert reports(office, kecamatan) == [(31, 1)]
    if script:
        assert len(posted) == 1


def test_back_after_signing_out(meet: Meet) -> None:
    visitor = meet()
    page = visitor.sign_in("mojosari")
    page.goto("/recordings/")
    page.locator(".account summary").click()
    page.get_by_role("button", name="Keluar").click()
    heading(page, "Masuk")
    page.go_back()
    heading(page, "Masuk")
    expect(page.locator("body")).not_to_contain_text("Petugas Mojosari")
    visitor.sign_in("dlanggu")
    page.go_back()
    expect(page.locator("body")).not_to_contain_text("Petugas Mojosari")


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_signed_out_while_typing(office: Office, meet: Meet, script: bool) -> None:
    """What was typed is in the form again after signing in, and can be sent."""
    visitor = meet(script=script)
    page = visitor.sign_in("bangsal")
    page.goto(daily_form("10"))
    fill(page, recorded=23, failed=2, note="Antre sampai sore.")
    page.locator("#homes summary").click()
    fill(page, home_06=4)
    office.do("DELETE FROM login_session WHERE account_id = (SELECT id FROM account WHERE username = 'bangsal')")
    page.get_by_role("button", name=re.compile("Kirim")).click()
    heading(page, "Masuk")
    expect(page.get_by_text("Isian tadi tidak hilang")).to_be_visible()
    fill(page, username="bangsal", password="mojokerto-demo")
    page.get_by_role("button", name="Masuk", exact=True).click()
    heading(page, re.compile("Laporan harian"))
    for name, value in {"recorded": "23", "failed": "2", "note": "Antre sampai sore.", "home-35.16.06": "4"}.items():
        expect(page.locator(f"[name='{name}']")).to_have_value(value)
    if not script:
        page.get_by_role("button", name="Kirim laporan").click()
        stand_by(page)
        expect(page.locator("#flashes")).to_contain_text("Tanda terima")
        assert reports(office, "10") == [(23, 1)]


def test_a_new_code_ends_the_session(office: Office, meet: Meet) -> None:
    """The caretaker's command signs a person out wherever they are."""
    page = meet("kutorejo").open(daily_form("07"))
    fill(page, recorded=3)
    code = re.search(r"one-time code: (\S+)", command(office.database, "user", "reset", "kutorejo"))
    assert code
    page.get_by_role("button", name="Kirim laporan").click()
    fill(page, username="kutorejo", password=code[1])
    page.get_by_role("button", name="Masuk", exact=True).click()
    heading(page, "Buat sandi sendiri")


def test_the_summary_of_errors_leads_to_the_boxes(meet: Meet) -> None:
    page = meet("dlanggu").open(daily_form("09"))
    fill(page, recorded="1,5", blanks_left="banyak")
    page.locator("#homes summary").click()
    fill(page, home_09="x")
    page.get_by_role("button", name="Kirim laporan").click()
    summary = page.locator("#error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_be_in_viewport()
    for name in ("recorded", "blanks_left", "home-35.16.09"):
        summary.locator(f"a[href='#{name}']").click()
        box = page.locator(f"[name='{name}']")
        expect(box).to_be_focused()
        expect(box).to_be_in_viewport()
        expect(box).to_have_attribute("aria-invalid", "true")
    expect(page.locator("[name=recorded]")).to_have_value("1,5")


def test_a_nihil_day_hides_what_it_cannot_have(office: Office, meet: Meet) -> None:
    page = meet("puri").open(daily_form("11"))
    fill(page, recorded=12, blanks_left=80)
    page.get_by_role("radio", name="NIHIL").check()
    expect(page.locator("[name=recorded]")).to_be_hidden()
    expect(page.locator("[name=blanks_left]")).to_be_visible()
    page.get_by_label("Ada pelayanan").check()
    expect(page.locator("[name=nihil_reason]")).to_be_hidden()
    expect(page.locator("[name=recorded]")).to_have_value("12")
    page.get_by_role("radio", name="NIHIL").check()
    page.locator("[name=nihil_reason]").select_option("jaringan_server")
    page.get_by_role("button", name="Kirim laporan").click()
    stand_by(page)
    expect(page.locator("#flashes")).to_contain_text("Tanda terima")
    kept = office.rows(
        "SELECT kind, nihil_reason, recorded, blanks_left FROM report "
        "WHERE point_code = 'kec-35.16.11' AND service_date = ?",
        TODAY,
    )
    assert kept == [("nihil", "jaringan_server", 0, 80)]


def test_still_the_same_swaps_one_card(meet: Meet) -> None:
    page = meet("mojosari").open("/equipment/")
    page.evaluate("document.body.dataset.kept = 'yes'")
    other = page.locator("#kit-KIT-MJS-2").inner_html()
    page.locator("#kit-KIT-MJS-1").get_by_role("button", name="Masih sama").click()
    expect(page.locator("#kit-KIT-MJS-1")).to_contain_text("Dikonfirmasi")
    expect(page.locator("#kit-KIT-MJS-1 button")).to_have_count(0)
    expect(page.locator("#kit-KIT-MJS-1")).to_be_focused()
    assert page.evaluate("document.body.dataset.kept") == "yes"
    assert page.locator("#kit-KIT-MJS-2").inner_html() == other


LOADED = """new Promise((done, fail) => {
    let looks = 200
    const look = () => window.htmx ? done() : looks-- ? setTimeout(look, 50) : fail("htmx is not there")
    look()
})"""


def test_htmx_is_fetched_when_a_hand_comes_near_what_swaps(meet: Meet) -> None:
    """Whoever only reads the summary does not pay for it; whoever chooses another period keeps the page."""
    page = meet("pengawas").page
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/summary/?period=month")
    page.get_by_role("link", name="Semua titik").hover()
    assert [url for url in asked if "htmx" in url] == []
    tab = page.get_by_role("link", name="7 hari")
    tab.hover()
    # Playwright's own waiting asks with eval, which the content policy forbids from the second time on.
    page.evaluate(LOADED)
    page.evaluate("document.body.dataset.kept = 'yes'")
    tab.click()
    expect(page.get_by_role("link", name="7 hari")).to_have_attribute("aria-current", "page")
    assert page.evaluate("document.body.dataset.kept") == "yes"


def test_an_unreachable_server_is_said_aloud(meet: Meet) -> None:
    visitor = meet("mojosari")
    page = visitor.open("/equipment/")
    visitor.cut("**/confirm")
    page.locator("#kit-KIT-MJS-2").get_by_role("button", name="Masih sama").click()
    expect(page.locator("#live")).to_contain_text("Tidak tersambung ke server")
    expect(page.locator("#kit-KIT-MJS-2").get_by_role("button")).not_to_have_attribute("aria-disabled", "true")


def test_a_visit_adds_up_while_typing(meet: Meet) -> None:
    page = meet("sooko").open("/visits/10/result")
    total = page.locator("output[data-sum-target=eligible]")
    fill(page, eligible="1.200", recorded_from_list=1000, already=190)
    expect(total).to_have_text("Sisa belum terjelaskan: 10")
    fill(page, absent=10)
    expect(total).to_have_text("Semua sasaran sudah terjelaskan.")
    fill(page, refused=2)
    expect(total).to_have_text("Rinciannya lebih 2 dari sasaran.")
    fill(page, refused="dua")
    expect(total).to_have_text("Ada isian yang bukan bilangan bulat.")


def test_the_splits_of_a_visit_add_up_while_typing(meet: Meet) -> None:
    page = meet("sooko").open("/visits/10/result")
    homes, ages = (page.locator(f"#{part} output") for part in ("homes", "ages"))
    fill(page, recorded_from_list=12, walk_in=3)
    page.locator("#homes summary").click()
    page.locator("#ages summary").click()
    expect(homes).to_have_text("Domisili belum dirinci. Direkam seluruhnya: 15")
    page.locator("[name='home-35.16.13']").fill("11")
    page.locator("[name='home-luar']").fill("1")
    expect(homes).to_have_text("Domisili: 12 dari 15 dirinci, 3 belum")
    fill(page, undetailed=3)
    expect(homes).to_have_text("Domisili: 15 dari 15 dirinci, cocok")
    fill(page, walk_in="")
    expect(homes).to_have_text("Domisili: 15 dirinci, lebih 3 dari yang direkam (12)")
    fill(page, recorded_grown=7)
    expect(ages).to_have_text("Umur: 7 dari 12 dirinci, 5 belum")


@pytest.mark.parametrize("files", ["**/static/portal.js*", "**/static/vendor/*", "**/static/**/*.js*"])
def test_a_script_that_does_not_arrive(meet: Meet, files: str) -> None:
    """On a bad line the page works without what did not come."""
    visitor = meet("pacet")
    visitor.cut(files)
    page = visitor.open("/equipment/")
    page.locator("#kit-KIT-PCT-1").get_by_role("button", name="Masih sama").click()
    expect(page.locator("#kit-KIT-PCT-1")).to_contain_text("dikonfirmasi hari ini")
    visitor.open(daily_form("03"))
    page.get_by_role("radio", name="NIHIL").check()
    page.locator("[name=nihil_reason]").select_option("alat_rusak")
    if page.locator("[name=reason]").count():
        fill(page, reason="Dibetulkan.")
    fill(page, prr=4)
    page.get_by_role("button", name=re.compile("Kirim")).click()
    stand_by(page)
    expect(page.locator("#flashes")).to_contain_text("Tanda terima")
