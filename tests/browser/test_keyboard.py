"""A clerk's whole day without a mouse, and with few taps."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from .office import DESK, TODAY, Office, Visitor, heading, stand_by

Meet = Callable[..., Visitor]

FEW = 25
"""Taps for a normal day's report on a phone."""

BOXES = {
    "recorded": 14,
    "printed_prr": 9,
    "printed_replacement": 4,
    "blanks_received": 0,
    "blanks_spoiled": 1,
    "blanks_left": 52,
}


def tab_to(page: Page, selector: str, key: str = "Tab") -> None:
    """Press Tab until the element has the focus, and see that one sees it."""
    for _press in range(80):
        page.keyboard.press(key)
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            outline = page.evaluate(
                "() => { const e = document.activeElement; const c = e.closest('.choice') || e;"
                " return getComputedStyle(c).outlineStyle }"
            )
            assert outline != "none", f"{selector} has no focus ring"
            return
    raise AssertionError(f"{selector} cannot be reached with {key}")


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.name || document.activeElement.id"))


def test_a_clerk_without_a_mouse(office: Office, meet: Meet) -> None:
    page = meet(viewport=DESK).open("/sign-in")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Langsung ke isi halaman")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, "#username")
    page.keyboard.type("trawas")
    tab_to(page, "#password")
    page.keyboard.type("mojokerto-demo")
    page.keyboard.press("Enter")
    heading(page, "Hari ini")

    tab_to(page, "a[href$='/edit']")
    page.keyboard.press("Enter")
    heading(page, re.compile("Laporan harian"))
    tab_to(page, "[name=kind]")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#nihil_reason")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#nihil_reason")).to_be_hidden()
    page.keyboard.press("Tab")
    for name, number in BOXES.items():
        assert focused(page) == name
        page.keyboard.type(str(number))
        page.keyboard.press("Enter")
    assert focused(page) == "note"
    page.keyboard.type("Ramai sejak pagi.")
    tab_to(page, "details#homes > summary", "Shift+Tab")
    page.keyboard.press("Enter")
    tab_to(page, "[name='home-35.16.04']")
    page.keyboard.type("11")
    tab_to(page, ".send-bar button")
    page.keyboard.press("Enter")
    stand_by(page)
    expect(page.locator("#flashes")).to_contain_text("Tanda terima")
    assert office.rows(
        "SELECT recorded, blanks_left, note FROM report WHERE point_code = 'kec-35.16.04' AND service_date = ?", TODAY
    ) == [(14, 52, "Ramai sejak pagi.")]

    tab_to(page, ".menu a[href='/equipment/']", "Shift+Tab")
    page.keyboard.press("Enter")
    heading(page, "Alat perekaman")
    tab_to(page, "form[hx-post] button")
    page.keyboard.press("Enter")
    expect(page.locator("#kit-KIT-TRW-1")).to_contain_text("dikonfirmasi hari ini")
    expect(page.locator("#kit-KIT-TRW-1")).to_be_focused()
    tab_to(page, "a.button[href='/equipment/KIT-TRW-1']")
    page.keyboard.press("Enter")
    heading(page, "Alat Trawas 1")
    tab_to(page, "a[href='/equipment/KIT-TRW-1/ups']")
    page.keyboard.press("Enter")
    heading(page, "UPS – Alat Trawas 1")
    tab_to(page, "[name=status]")
    page.keyboard.press("ArrowDown")
    tab_to(page, "#cause")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#cause")).not_to_have_value("")
    tab_to(page, ".send-bar button")
    page.keyboard.press("Enter")
    expect(page.locator("#flashes, #error-summary").filter(visible=True)).to_contain_text("Tanda terima")

    tab_to(page, ".account summary", "Shift+Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator(".account summary")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, "form[action='/sign-out'] button")
    page.keyboard.press("Enter")
    heading(page, "Masuk")


def test_few_taps(meet: Meet) -> None:
    """From the home page to the receipt: taps, and the next key of the keyboard on the screen."""
    page = meet("bangsal", has_touch=True).open("/today")
    boxes = BOXES | {"blanks_left": 89}  # what was there on Friday, less what was printed and spoiled
    taps = 0

    def tap(target: str) -> None:
        nonlocal taps
        page.locator(target).tap()
        taps += 1

    tap("a[href$='/edit'].button")
    heading(page, re.compile("Laporan harian"))
    tap(f"#{next(iter(boxes))}")
    for name, number in boxes.items():
        assert focused(page) == name
        page.keyboard.type(str(number))
        if name != list(boxes)[-1]:
            page.keyboard.press("Enter")
            taps += 1
    tap(".send-bar button")
    expect(page.locator("#flashes")).to_contain_text("Tanda terima")
    assert taps <= FEW
