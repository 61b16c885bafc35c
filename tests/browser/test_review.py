"""The supervisor's morning: clean reports verified together, one sent back, one that came too late let in."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from .office import DESK, Office, Visitor, fill, heading, served
from .test_pages import is_sound

Meet = Callable[..., Visitor]

PURI = "kec-35.16.11"


@pytest.fixture
def office(chromium: Browser, demo_office: Path, tmp_path: Path) -> Iterator[Office]:
    """An office of each test's own: what is verified once is verified."""
    with served(demo_office, tmp_path, chromium.new_context) as running:
        yield running


def state_of(office: Office, point: str, day: str) -> tuple[str, int]:
    ((state, excluded),) = office.rows(
        "SELECT review_state, excluded FROM report WHERE point_code = ? AND service_date = ?", point, day
    )
    return state, excluded


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_the_supervisors_morning(meet: Meet, office: Office, script: bool) -> None:
    supervisor = meet("pengawas", script=script, viewport=DESK)
    page = supervisor.open("/today")
    page.get_by_role("link", name="Laporan menunggu tinjauan").click()
    heading(page, "Tinjauan laporan")
    page.get_by_role("button", name="Verifikasi semua yang bersih").click()
    expect(page.locator("#flashes")).to_contain_text("laporan diverifikasi.")
    expect(page.get_by_role("button", name="Verifikasi semua yang bersih")).to_have_count(0)
    assert state_of(office, "kec-35.16.05", "2024-10-18") == ("verified", 0)

    page.get_by_role("link", name="Puri, Rab 16 Okt").click()
    heading(page, "Tinjau laporan Kantor Kecamatan Puri")
    fill(page, comment="menunggu buku tamu")
    page.get_by_role("button", name="Keluarkan dari jumlah").click()
    expect(page.locator("#flashes")).to_contain_text("Tinjauan disimpan.")
    assert state_of(office, PURI, "2024-10-16") == ("needs_mending", 1)
    page.goto("/summary/?period=month")
    expect(page.locator("#main")).to_contain_text("1 laporan dikeluarkan dari jumlah")

    clerk = meet("puri", script=script).open("/today")
    clerk.get_by_role("link", name="Rabu, 16 Oktober 2024").click()
    expect(clerk.locator("#recorded-error")).to_contain_text("Hitung lagi.")
    fill(clerk, recorded=24, reason="salah ketik, buku tamu 24")
    clerk.get_by_role("button", name="Kirim perbaikan").click()
    expect(clerk.locator("#flashes")).to_contain_text("Tersimpan di server")
    assert state_of(office, PURI, "2024-10-16") == ("mended", 0)


def test_what_came_too_late_is_handed_in_and_let_in(meet: Meet, office: Office) -> None:
    clerk = meet("puri").open(f"/recordings/{PURI}/2024-10-10/edit")
    fill(clerk, recorded=33, reason="satu buku terselip")
    clerk.get_by_role("button", name="Kirim perbaikan").click()
    heading(clerk, "Laporan terkunci, isian Anda belum tersimpan")
    is_sound(clerk)
    clerk.get_by_role("button", name="Serahkan sebagai usulan terlambat").click()
    expect(clerk.locator("#flashes")).to_contain_text("Tersimpan di server")

    page = meet("pengawas", viewport=DESK).open("/proposals/")
    page.get_by_role("link", name="Kantor Kecamatan Puri, Kam 10 Okt").click()
    is_sound(page)
    page.get_by_role("button", name="Terima dan kirim atas nama pengusul").click()
    expect(page.locator("#flashes")).to_contain_text("Keputusan disimpan.")
    assert office.rows(
        "SELECT recorded, editor.username FROM report JOIN account editor ON editor.id = editor_id "
        "WHERE point_code = ? AND service_date = '2024-10-10'",
        PURI,
    ) == [(33, "puri")]
    assert state_of(office, PURI, "2024-10-10") == ("changed", 0)
