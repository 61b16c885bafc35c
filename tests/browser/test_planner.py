"""Planning with a browser: a line taken up without JavaScript and by keyboard, and pages that nobody stumbles over."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .office import DESK, Office, Visitor, heading
from .test_pages import is_sound

Meet = Callable[..., Visitor]
Look = Callable[[str, str], Page]

LETTER = "/visits/11/letter"

READ = {
    "suggestion of the district": ("pengawas", "/planner/"),
    "suggestion with every kit": ("pengawas", "/planner/?kits=all"),
    "suggestion of a clerk": ("ngoro", "/planner/"),
    "state of the sweeps": ("pengawas", "/visits/summary/"),
    "state by hub": ("pembaca", "/visits/summary/?by=hub"),
    "settings": ("admin", "/settings/"),
    "letter": ("pengawas", LETTER),
    "letter with a refused number": ("pengawas", f"{LETTER}?number=3516051212900001"),
    "empty sheet": ("penghubung", "/visits/11/sheet"),
    "week's plan": ("pengawas", "/visits/week/2024-10-21"),
    "calendar": ("ngoro", "/visits/feed"),
}


@pytest.mark.parametrize("name", READ)
def test_a_page_is_sound(look: Look, name: str) -> None:
    username, path = READ[name]
    is_sound(look(username, path))


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_one_press_takes_a_line_up(meet: Meet, office: Office, script: bool) -> None:
    before = office.rows("SELECT count(*) FROM visit")[0][0]
    page = meet("pengawas", script=script).open("/planner/")
    heading(page, "Usul kunjungan")
    line = page.locator(".errand").first
    places = line.locator(".stops > li").count()
    line.get_by_role("button", name="Terima").click()
    expect(page.locator("#flashes")).to_contain_text("Tersimpan di server")
    heading(page, "Usul kunjungan")
    assert office.rows("SELECT count(*) FROM visit")[0][0] == before + places


def test_a_line_is_taken_up_by_keyboard(meet: Meet, office: Office) -> None:
    page = meet("pengawas", viewport=DESK).open("/planner/")
    page.locator(".errand button").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#flashes")).to_contain_text("Tersimpan di server")


def test_the_calendar_address_is_shown_once(meet: Meet) -> None:
    page = meet("ngoro").open("/visits/feed")
    page.get_by_role("button", name=re.compile("alamat kalender")).click()
    address = page.locator("#address")
    expect(address).to_have_text(re.compile(r"/feeds/[\w-]{43}\.ics$"))
    is_sound(page)
    page.goto("/visits/feed")
    expect(address).to_have_count(0)


@pytest.mark.parametrize("path", [LETTER, "/visits/11/sheet"])
def test_a_paper_fits_one_sheet(meet: Meet, path: str) -> None:
    """A4 less its margins is 180 × 264 mm: at 96 dots an inch 680 × 997."""
    page = meet("pengawas").open(path)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 680, "height": 500})
    assert page.evaluate("document.documentElement.scrollWidth") <= 680
    assert page.evaluate("document.documentElement.scrollHeight") <= 997
