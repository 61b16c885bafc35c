"""English is complete: on no page is a text left for which the catalogue has an English one."""

from collections.abc import Callable

import pytest
from babel.messages.pofile import read_po
from playwright.sync_api import Page, expect

from portal.config import ROOT

from .office import TODAY, Visitor

Meet = Callable[..., Visitor]

SCHOOL = "/places/npsn-20502730"
CATALOGUE = ROOT / "portal" / "translations" / "en_GB" / "LC_MESSAGES" / "messages.po"

PATHS = {
    "ngoro": (
        "/today",
        "/recordings/",
        f"/recordings/kec-35.16.05/{TODAY}/edit",
        "/recordings/kec-35.16.05/2024-10-18",
        "/recordings/kec-35.16.05/2024-10-18/cancel",
        "/equipment/KIT-NGO-1",
        "/equipment/KIT-NGO-1/iris",
        "/account",
        "/account/password",
        "/recordings/nowhere/2024-10-21",
    ),
    "penghubung": ("/today", "/visits/new", "/visits/18/cancel", "/visits/18/edit", "/places/", f"{SCHOOL}/target"),
    "sooko": ("/visits/10/result", "/visits/10/check", "/visits/new?revisit_of=2", "/places/new", SCHOOL),
    "pengawas": (
        "/today",
        "/visits/",
        "/visits/1",
        "/visits/12",
        "/visits/18",
        "/visits/follow-ups/2",
        "/places/import",
        "/equipment/",
        "/summary/?period=month",
        "/summary/?period=month&book=home",
        "/summary/kecamatan/kec-35.16.13?period=month",
    ),
    "admin": ("/accounts/", "/accounts/new", "/accounts/5"),
}


@pytest.fixture(scope="module")
def indonesian() -> set[str]:
    """Texts of the pages that read otherwise in English."""
    with CATALOGUE.open("rb") as file:
        entries = [entry for entry in read_po(file) if entry.id and isinstance(entry.id, str)]
    return {str(entry.id) for entry in entries if entry.string != entry.id}


def said(page: Page) -> set[str]:
    """Every piece of text on the page, shown or read aloud."""
    return set(
        page.evaluate(
            """() => {
                const texts = [document.title.split(' – ')[0]];
                const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
                while (walk.nextNode()) if (!walk.currentNode.parentElement.closest('[lang=id]'))
                    texts.push(walk.currentNode.data.trim());
                for (const part of document.querySelectorAll('[aria-label], [data-busy], [data-copied]'))
                    texts.push(part.getAttribute('aria-label'), part.dataset.busy, part.dataset.copied);
                return texts.filter(Boolean);
            }"""
        )
    )


@pytest.mark.parametrize("username", PATHS)
def test_no_indonesian_is_left(meet: Meet, indonesian: set[str], username: str) -> None:
    page = meet(username).open("/today")
    assert said(page) & indonesian, "an Indonesian page says what the catalogue knows"
    page.locator(".account summary").click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en-GB")
    left = {}
    for path in PATHS[username]:
        page.goto(path)
        if found := said(page) & indonesian:
            left[path] = found
    assert left == {}
    page.locator(".account summary").click()
    page.get_by_role("button", name="Bahasa Indonesia").click()
    expect(page.locator("html")).to_have_attribute("lang", "id")


def test_the_language_may_be_chosen_before_signing_in(meet: Meet) -> None:
    page = meet().open("/sign-in")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_label("Password", exact=True)).to_be_visible()
    page.locator("[name=username]").fill("pembaca")
    page.locator("[name=password]").fill("mojokerto-demo")
    page.locator("main form button").click()
    expect(page.locator(".menu")).to_contain_text("Summary")
