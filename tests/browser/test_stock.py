"""The stock in the browser: every page of it in its states, and blanks that go from one point to another."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .office import Visitor, fill, heading
from .test_pages import is_sound

Meet = Callable[..., Visitor]
Look = Callable[[str, str], Page]

ARRIVED, COMING, BACK = 1, 2, 3

READ = {
    "district": ("pengawas", "/stock/"),
    "district for a reader": ("pembaca", "/stock/"),
    "own point": ("ngoro", "/stock/"),
    "point with a gap": ("pengawas", "/stock/kec-35.16.02"),
    "sending": ("ngoro", "/stock/transfers/new"),
    "sending what was proposed": ("pengawas", "/stock/transfers/new?from=mpp&to=dinas&quantity=330"),
    "on its way": ("ngoro", f"/stock/transfers/{COMING}"),
    "arrived": ("kemlagi", f"/stock/transfers/{ARRIVED}"),
    "cancelled": ("jetis", f"/stock/transfers/{BACK}"),
    "receiving": ("ngoro", f"/stock/transfers/{COMING}/receive"),
    "cancelling": ("dinas", f"/stock/transfers/{COMING}/cancel"),
}


@pytest.mark.parametrize("name", READ)
def test_a_page_to_read(look: Look, name: str) -> None:
    username, path = READ[name]
    is_sound(look(username, path))


REFUSED = {
    "sending": ("ngoro", "/stock/transfers/new", {"quantity": "1,5"}, "Simpan kiriman"),
    "receiving": ("ngoro", f"/stock/transfers/{COMING}/receive", {"quantity": 61}, "Simpan penerimaan"),
    "cancelling": ("dinas", f"/stock/transfers/{COMING}/cancel", {}, "Batalkan kiriman"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_form_that_is_refused(meet: Meet, name: str) -> None:
    username, path, values, button = REFUSED[name]
    page = meet(username).open(path)
    fill(page, **values)
    page.get_by_role("button", name=button).click()
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page).to_have_title(re.compile("^Kesalahan:"))
    is_sound(page)


def test_blanks_go_from_one_point_to_another_and_two_say_so_at_once(meet: Meet) -> None:
    """A proposal becomes a transfer; the clerk counts it; the supervisor, who did not see that, meets it."""
    supervisor, clerk = meet("pengawas").open("/stock/"), meet("ngoro")
    supervisor.get_by_role("link", name="Siapkan kiriman").first.click()
    heading(supervisor, "Catat kiriman blangko")
    supervisor.get_by_role("button", name="Simpan kiriman").click()
    expect(supervisor.locator("#flashes")).to_contain_text("Tanda terima")
    expect(supervisor.locator("main")).to_contain_text("Dalam perjalanan")

    late = meet("pengawas").open(f"/stock/transfers/{COMING}/receive")
    home = clerk.open("/today")
    home.get_by_role("link", name="Konfirmasi terima").first.click()
    heading(home, "Konfirmasi terima kiriman")
    fill(home, quantity=59, note="Satu keping patah.")
    home.get_by_role("button", name="Simpan penerimaan").click()
    expect(home.locator("main")).to_contain_text("1 keping tidak tiba")
    is_sound(home)

    fill(late, quantity=60)
    with late.expect_response(lambda answer: answer.request.method == "POST") as answer:
        late.get_by_role("button", name="Simpan penerimaan").click()
    assert answer.value.status == 409
    expect(late.locator("#error-summary")).to_be_focused()
    expect(late.locator("main")).to_contain_text("59")
    is_sound(late)
