"""A broken scanner told from a phone in a few taps; and every page of the equipment sound in all sizes and schemes."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .office import PHONE, Office, Visitor, fill, heading
from .test_pages import is_sound

Meet = Callable[..., Visitor]
Look = Callable[[str, str], Page]


@pytest.mark.parametrize(
    ("script", "username"),
    [(True, "sooko"), (False, "gedeg")],
    ids=["with-script", "without-script"],
)
def test_a_fault_is_told_in_four_taps_from_the_home_page(
    office: Office, meet: Meet, script: bool, username: str
) -> None:
    """The home page, the part, what happened, send: four taps, none of them on something smaller than a thumb."""
    visitor = meet(script=script, viewport=PHONE)
    page = visitor.sign_in(username)
    taps = 0
    began = time.monotonic()

    def tap(target: Any) -> None:
        nonlocal taps
        box = target.bounding_box()
        assert box["height"] >= 24, box
        target.click()
        taps += 1

    tap(page.get_by_role("link", name="Laporkan kerusakan"))
    heading(page, "Laporkan kerusakan")
    choices = page.locator(".choice")
    assert min(box["height"] for box in (c.bounding_box() for c in choices.all()) if box) >= 44
    tap(choices.filter(has_text="Pemindai sidik jari"))
    tap(choices.filter(has_text="Rusak: tidak terbaca komputer"))
    tap(page.get_by_role("button", name="Laporkan"))
    expect(page.locator("#flashes")).to_contain_text("Tanda terima")
    expect(page.locator("#main")).to_contain_text("Tidak bisa rekam")
    assert taps == 4
    assert time.monotonic() - began < 30
    found = office.rows(
        "SELECT fault.state, component.status FROM fault JOIN component ON component.id = fault.component_id "
        "WHERE component.kit_code LIKE ? AND component.kind = 'fingerprint'",
        office.rows("SELECT code FROM kit WHERE point_code IN (SELECT code FROM account_scope JOIN account ON "
                    "account.id = account_id WHERE username = ?)", username)[0][0],
    )  # fmt: skip
    assert found == [("reported", "broken")]


READ = {
    "faults": ("pengawas", "/faults/"),
    "telling a fault": ("ngoro", "/faults/new"),
    "telling a fault, which kit": ("pengawas", "/faults/new"),
    "fault": ("pengawas", "/faults/4"),
    "outages": ("pengawas", "/outages/"),
    "outage": ("pengawas", "/outages/3"),
    "upkeep": ("pengawas", "/upkeep/"),
    "inventory": ("ngoro", "/inventory/"),
    "store": ("pengawas", "/spares/"),
    "thing in the store": ("pengawas", "/spares/1"),
    "limit of a thing": ("pengawas", "/spares/1/limit"),
    "diary": ("pengawas", "/equipment/KIT-NGO-1/diary"),
    "own diary": ("ngoro", "/equipment/KIT-NGO-1/diary"),
    "part": ("pengawas", "/equipment/part/1"),
    "papers": ("pengawas", "/equipment/part/1/papers"),
    "transfer": ("pengawas", "/equipment/part/1/transfer"),
    "labels": ("pengawas", "/equipment/labels?kit=KIT-PCT-1"),
    "new kit": ("pengawas", "/kits/new"),
    "import": ("pengawas", "/kits/import"),
    "home with an outage": ("bangsal", "/today"),
}


@pytest.mark.parametrize("name", READ)
def test_a_page_of_the_equipment(look: Look, name: str) -> None:
    username, path = READ[name]
    is_sound(look(username, path))


REFUSED: dict[str, tuple[str, str, dict[str, Any], str]] = {
    "fault": ("ngoro", "/faults/new", {"note": "a" * 501}, "Laporkan"),
    "step": ("pengawas", "/faults/4", {"cost_rp": "1,5"}, "Simpan langkah"),
    "outage": ("ngoro", "/outages/", {"began_clock": "25.00"}, "Catat gangguan"),
    "move": ("ngoro", "/equipment/KIT-NGO-1/diary", {}, "Pindahkan"),
    "papers": ("pengawas", "/equipment/part/1/papers", {"price_rp": "x"}, "Simpan"),
    "kit": ("pengawas", "/kits/new", {"iris-price_rp": "1,5"}, "Daftarkan alat"),
    "thing": ("pengawas", "/spares/", {"low_limit": "x"}, "Tambah barang"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_form_of_the_equipment_that_is_refused(meet: Meet, name: str) -> None:
    username, path, values, button = REFUSED[name]
    page = meet(username).open(path)
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    for field, value in values.items():
        page.locator(f"[name='{field}']").first.fill(str(value))
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page).to_have_title(re.compile("^Kesalahan:"))
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    for link in page.locator("#error-summary a").all():
        link.click()
        expect(page.locator(":focus")).to_have_id(str(link.get_attribute("href"))[1:])
    is_sound(page)


def test_a_part_is_found_with_the_phone(office: Office, meet: Meet) -> None:
    """What the label's code opens asks to sign in first, and three taps later the part was seen."""
    visitor = meet(viewport=PHONE)
    page = visitor.open("/equipment/part/1")
    heading(page, "Masuk")
    fill(page, username="jatirejo", password="mojokerto-demo")
    page.get_by_role("button", name="Masuk", exact=True).click()
    heading(page, re.compile("Pemindai iris"))
    page.locator(".choice").filter(has_text="Ada di tempat").first.click()
    page.get_by_role("button", name="Simpan pemeriksaan").click()
    expect(page.locator("#flashes")).to_contain_text("Tanda terima")
    assert office.rows("SELECT result FROM inventory_check WHERE component_id = 1") == [("seen",)]
