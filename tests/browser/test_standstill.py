"""Standstill, the next kit and the public page: sound in every size and scheme, by keyboard, and on paper."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .office import DESK, PHONE, Visitor, heading
from .test_pages import is_sound

Meet = Callable[..., Visitor]
Look = Callable[[str, str], Page]

READ = {
    "standstill": ("pengawas", "/downtime/"),
    "standstill of printing": ("pembaca", "/downtime/?work=print"),
    "own standstill": ("ngoro", "/downtime/"),
    "no standstill": ("pengawas", "/downtime/?period=before"),
    "a period that is none": ("pengawas", "/downtime/?period=custom&first=2024-10-21&last=2024-10-09"),
    "standstill of a point": ("pengawas", "/downtime/kec-35.16.03"),
    "the next kit": ("pengawas", "/rollout/"),
    "a budget that cannot be": ("pembaca", "/rollout/?kits=999&left=x"),
    "the plan on paper": ("admin", "/rollout/plan"),
    "public status": ("", "/status"),
    "public status in English": ("", "/status?language=en"),
}


@pytest.mark.parametrize("name", READ)
def test_a_page_to_read(look: Look, name: str) -> None:
    username, path = READ[name]
    is_sound(look(username, path))


def test_weights_are_changed_by_keyboard_and_stay_in_the_address(meet: Meet) -> None:
    page = meet("pengawas").open("/rollout/")
    page.set_viewport_size(PHONE)
    page.locator("#left").focus()
    page.keyboard.press("Control+a")
    page.keyboard.type("0")
    page.keyboard.press("Enter")
    page.wait_for_url("**left=0**")
    expect(page.locator("#left")).to_have_value("0")
    heading(page, "Alat berikutnya ke mana?")


def test_the_public_page_needs_no_script_and_no_cookie(meet: Meet) -> None:
    page = meet("").open("/status")
    page.set_viewport_size(DESK)
    assert page.locator("script").count() == 0
    assert page.context.cookies() == []
    assert page.evaluate("performance.getEntriesByType('resource').length") <= 2
    page.emulate_media(media="print")
    expect(page.locator("h1")).to_be_visible()
