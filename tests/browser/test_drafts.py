"""What was typed and not received is there again: after a lost line, a wrong turn, a wrong choice; for nobody else."""

import json
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from .office import TODAY, Office, Visitor, fill, heading, stand_by

Meet = Callable[..., Visitor]

BROUGHT_BACK = "Isian yang belum terkirim dipulihkan."


def daily_form(kecamatan: str) -> str:
    return f"/recordings/kec-35.16.{kecamatan}/{TODAY}/edit"


def reports(office: Office, kecamatan: str) -> list[tuple[int, int]]:
    return office.rows(
        "SELECT recorded, version FROM report WHERE point_code = ? AND service_date = ?",
        f"kec-35.16.{kecamatan}",
        TODAY,
    )


def drafts(page: Page) -> dict[str, Any]:
    """What this tab keeps."""
    kept = page.evaluate(
        "Object.fromEntries(Object.entries(sessionStorage).filter(([key]) => key.startsWith('draft:')))"
    )
    return {key: json.loads(text) for key, text in kept.items()}


def no_draft_is_left(page: Page) -> bool:
    """Whether the drafts are gone once the page's script has run, which comes after its first words."""
    for _turn in range(50):
        if drafts(page) == {}:
            return True
        page.wait_for_timeout(100)
    return False


def send(page: Page) -> None:
    page.get_by_role("button", name="Kirim laporan").click()
    stand_by(page)


def without_line(visitor: Visitor) -> None:
    """Tap the button where no signal is, meet the browser's own error page, and go back when the signal is there."""
    page, form = visitor.page, visitor.page.url
    visitor.cut("**/*")
    with page.expect_event("requestfailed"):
        page.get_by_role("button", name="Kirim laporan").click(no_wait_after=True)
    expect(page.locator("main")).to_have_count(0)
    page.unroute("**/*")
    page.go_back()
    if page.url != form:  # the error page took the form's place in the history
        page.goto(form)


def test_a_line_that_is_lost_under_the_tap(office: Office, meet: Meet) -> None:
    visitor = meet("jatirejo")
    page = visitor.open("/today")
    page.goto(daily_form("01"))
    fill(page, recorded=66, note="Sinyal hilang.")
    page.locator("#homes summary").click()
    fill(page, home_05=4)
    number = page.locator("main form [name=submission_id]").input_value()
    without_line(visitor)
    expect(page.locator("#flashes")).to_contain_text(BROUGHT_BACK)
    for name, value in {"recorded": "66", "note": "Sinyal hilang.", "home-35.16.05": "4"}.items():
        expect(page.locator(f"[name='{name}']")).to_have_value(value)
    expect(page.locator("[name='home-35.16.05']")).to_be_visible()
    expect(page.locator("main form [name=submission_id]")).to_have_value(number)
    send(page)
    expect(page.locator("#flashes")).to_contain_text("Tanda terima")
    assert reports(office, "01") == [(66, 1)]
    assert no_draft_is_left(page)
    page.goto(daily_form("01"))
    expect(page.locator("#flashes")).to_be_empty()


def test_an_answer_that_is_lost_is_no_second_report(office: Office, meet: Meet) -> None:
    """The report did arrive: the form that opens again is of the kept one, and the draft is past."""
    visitor = meet("gondang")
    page = visitor.open(daily_form("02"))
    fill(page, recorded=12)
    posted = page.locator("main form").evaluate("form => Object.fromEntries(new FormData(form))")
    answer = visitor.context.request.post(page.url, form=posted, max_redirects=0)
    assert answer.status == 303
    without_line(visitor)
    expect(page.locator("main")).to_contain_text("Laporan hari ini sudah ada")
    expect(page.locator("#flashes")).not_to_contain_text(BROUGHT_BACK)
    expect(page.locator("[name=recorded]")).to_have_value("12")
    assert reports(office, "02") == [(12, 1)]
    assert no_draft_is_left(page)


def test_a_link_of_the_menu_and_back(meet: Meet) -> None:
    page = meet("pacet").open(daily_form("03"))
    fill(page, recorded=21)
    page.get_by_role("radio", name="NIHIL").check()
    page.get_by_role("link", name="Alat", exact=True).click()
    heading(page, "Alat perekaman")
    page.go_back()
    expect(page.locator("#flashes")).to_contain_text(BROUGHT_BACK)
    expect(page.get_by_role("radio", name="NIHIL")).to_be_checked()
    page.get_by_label("Ada pelayanan").check()
    expect(page.locator("[name=recorded]")).to_have_value("21")
    page.get_by_role("button", name="Kosongkan").click()
    expect(page.locator("#flashes")).to_be_empty()
    expect(page.locator("[name=recorded]")).to_have_value("")
    page.reload()
    expect(page.locator("[name=recorded]")).to_have_value("")
    expect(page.locator("#flashes")).to_be_empty()
    assert no_draft_is_left(page)


def test_nihil_by_mistake(office: Office, meet: Meet) -> None:
    page = meet("trawas").open(daily_form("04"))
    fill(page, recorded=33, failed=2, blanks_left=70)
    page.get_by_role("radio", name="NIHIL").check()
    send(page)
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.locator("#flashes")).to_be_empty()
    page.get_by_label("Ada pelayanan").check()
    for name, value in {"recorded": "33", "failed": "2", "blanks_left": "70"}.items():
        expect(page.locator(f"[name={name}]")).to_have_value(value)
    send(page)
    expect(page.locator("#flashes")).to_contain_text("Tanda terima")
    assert reports(office, "04") == [(33, 1)]


def test_the_other_forms(meet: Meet) -> None:
    page = meet("sooko").open("/visits/10/result")
    fill(page, eligible=40, absent=4)
    page.goto("/visits/new")
    fill(page, team="Tim 8")
    page.goto("/visits/10/result")
    expect(page.locator("#flashes")).to_contain_text(BROUGHT_BACK)
    expect(page.locator("output[data-sum-target=eligible]")).to_have_text("Sisa belum terjelaskan: 36")
    page.goto("/visits/new")
    expect(page.locator("[name=team]")).to_have_value("Tim 8")
    page = meet("ngoro").open("/equipment/KIT-NGO-1/iris")
    page.get_by_label("Rusak").check()
    page.locator("[name=cause]").select_option("tidak_terbaca")
    page.reload()
    expect(page.get_by_label("Rusak")).to_be_checked()
    expect(page.locator("[name=cause]")).to_have_value("tidak_terbaca")
    page.get_by_role("button", name="Simpan keadaan").click()
    expect(page.locator("#flashes")).to_contain_text("Tanda terima")
    assert no_draft_is_left(page)


def test_a_draft_of_what_has_changed_since(office: Office, meet: Meet) -> None:
    page = meet("bangsal").open("/recordings/kec-35.16.10/2024-10-18/edit")
    fill(page, recorded=99)
    assert len(drafts(page)) == 1
    office.do("UPDATE report SET version = version + 1 WHERE point_code = 'kec-35.16.10'")
    office.do("UPDATE data_version SET value = value + 1")
    page.reload()
    expect(page.locator("[name=recorded]")).not_to_have_value("99")
    expect(page.locator("#flashes")).to_be_empty()
    assert no_draft_is_left(page)


def test_a_draft_ends_with_signing_out(meet: Meet) -> None:
    visitor = meet()
    page = visitor.sign_in("dlanggu")
    page.goto(daily_form("09"))
    fill(page, recorded=5)
    assert len(drafts(page)) == 1
    page.locator(".account summary").click()
    page.get_by_role("button", name="Keluar").click()
    heading(page, "Masuk")
    assert no_draft_is_left(page)
    visitor.sign_in("dlanggu")
    page.goto(daily_form("09"))
    expect(page.locator("[name=recorded]")).to_have_value("")


def test_a_draft_is_for_nobody_else(office: Office, meet: Meet) -> None:
    """Two people at one machine; the first one's session ended without signing out."""
    visitor = meet()
    page = visitor.sign_in("puri")
    page.goto(daily_form("11"))
    fill(page, recorded=5, note="Milik petugas Puri.")
    ((key, kept),) = drafts(page).items()
    assert "csrf_token" not in kept
    assert "Petugas" not in key
    assert "puri" not in key
    visitor.context.clear_cookies()
    visitor.sign_in("admin")
    assert no_draft_is_left(page)
    visitor.context.clear_cookies()
    visitor.sign_in("puri")
    page.goto(daily_form("11"))
    expect(page.locator("[name=recorded]")).to_have_value("")


def test_a_store_that_is_forbidden_or_full(office: Office, meet: Meet) -> None:
    """Without the store the form is as it was."""
    visitor = meet("kutorejo")
    full = "Storage.prototype.setItem = () => { throw new DOMException('', 'QuotaExceededError'); };"
    visitor.page.add_init_script(full)
    page = visitor.open(daily_form("07"))
    fill(page, recorded=8)
    send(page)
    expect(page.locator("#flashes")).to_contain_text("Tanda terima")
    assert reports(office, "07") == [(8, 1)]
