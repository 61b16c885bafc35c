"""The supervisor and the calendar: by keyboard and on a phone, with the past shown before it is changed."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from .office import Visitor, heading
from .test_pages import is_sound

Meet = Callable[..., Visitor]
Look = Callable[[str, str], Page]

NGORO = "kec-35.16.05"
GONDANG = "kec-35.16.02"

READ = {
    "calendar": ("pengawas", "/calendar/"),
    "calendar of a point": ("pembaca", f"/calendar/?point={NGORO}&month=2024-11"),
    "days of the week": ("pengawas", f"/calendar/week?point={NGORO}"),
    "one day": ("pengawas", "/calendar/day"),
    "month of the district": ("pengawas", "/completeness/"),
    "month of a point with NIHIL": ("pacet", "/completeness/2024-10/kec-35.16.03"),
    "month of a point with gaps": ("pengawas", f"/completeness/2024-10/{GONDANG}"),
    "excuse": ("pengawas", f"/completeness/{GONDANG}/2024-10-16/excuse"),
}


@pytest.mark.parametrize("name", READ)
def test_a_page_to_read(look: Look, name: str) -> None:
    who, path = READ[name]
    is_sound(look(who, path))


@pytest.mark.parametrize("script", [True, False])
def test_a_day_that_is_gone_is_changed_knowingly_and_taken_back(meet: Meet, script: bool) -> None:
    page = meet("pengawas", script=script).open("/calendar/day")
    page.get_by_label("Hari", exact=True).fill("2024-10-12")
    page.get_by_label("Buka", exact=True).check()
    page.get_by_label("Berlaku untuk").select_option(label="Kantor Kecamatan Ngoro")
    page.get_by_label("Alasan").fill("Layanan Sabtu, SK 12/2024")
    page.get_by_role("button", name="Simpan hari").click()
    heading(page, "Perubahan ini mengubah hari yang sudah lewat")
    expect(page.get_by_text("Belum disimpan. 1 hari laporan akan berubah keadaannya.")).to_be_visible()
    if script:
        is_sound(page)
    page.get_by_role("button", name="Ubah lagi").click()
    expect(page.get_by_label("Alasan")).to_have_value("Layanan Sabtu, SK 12/2024")
    page.get_by_role("button", name="Simpan hari").click()
    page.get_by_role("button", name="Saya tahu, simpan perubahan").click()
    heading(page, "Kalender layanan")
    page.get_by_role("link", name="Cabut").first.click()
    page.get_by_label("Alasan pencabutan").fill("Ternyata tutup")
    page.get_by_role("button", name="Cabut").click()
    page.get_by_role("button", name="Saya tahu, simpan perubahan").click()
    heading(page, "Kalender layanan")
    expect(page.get_by_text("dicabut").first).to_be_visible()


def test_a_missing_day_is_excused_by_keyboard(meet: Meet) -> None:
    page = meet("pengawas").open(f"/completeness/2024-10/{GONDANG}")
    page.get_by_role("link", name="Maafkan Rab 16 Okt").focus()
    page.keyboard.press("Enter")
    heading(page, "Maafkan laporan Kantor Kecamatan Gondang")
    page.get_by_label("Alasan").focus()
    page.keyboard.type("Jaringan kecamatan putus")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    heading(page, "Kantor Kecamatan Gondang, Oktober 2024")
    expect(page.get_by_text("2 belum lapor, 1 dimaafkan")).to_be_visible()
    is_sound(page)
