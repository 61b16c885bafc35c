"""Letter, chat message, empty sheet and the week's plan: Indonesian, complete, and no person on them but the signer."""

from datetime import timedelta

import pytest

from portal.actions import settings
from portal.domain.identity import Identity
from portal.domain.visits import AGES, EXPLAINED, RESULTS

from .. import people, records
from ..lists import listed
from ..people import PUNGGING, PUNGGING_SCHOOL, TODAY

SIGNER = Identity("Jl. R.A. Basuni 17", "Mojokerto", "Kepala Dinas", "Ibu Kepala", "197001011995031001")


@pytest.fixture
def visit(portal):
    listed(portal.database)
    return portal.visit(visit_date=TODAY + timedelta(days=2), note="aula", kits=(f"kit-{people.NGORO}",))


def signed(portal):
    with portal.database.writing() as tx:
        kept = settings.standing(tx)
        who = people.sending(people.administrator)
        settings.change(tx, who, records.submission_id(), kept.mark, kept.limits, SIGNER)


def test_the_letter_says_when_who_comes_and_what_to_bring(portal, visit):
    signed(portal)
    page = portal.browser(people.clerk).get(f"/visits/{visit}/letter?number=470/12/2024")
    letter = page.root.all("article")[0].text
    for words in (
        "Jl. R.A. Basuni 17",
        "Mojokerto, 21 Oktober 2024",
        "Nomor 470/12/2024",
        "Yth. Kepala SMAN 1 Ngoro",
        "Rabu, 23 Oktober 2024",
        "Sehari penuh",
        "Kantor Kecamatan Ngoro",
        "90 orang menurut daftar 1 Oktober 2024 (daftar sekolah)",
        "fotokopi Kartu Keluarga",
        "Perekaman tidak dipungut biaya",
        "Kepala Dinas",
        "Ibu Kepala",
        "NIP 197001011995031001",
    ):
        assert words in letter
    assert "Petugas Ngoro" not in letter
    assert "aula" not in letter


def test_what_the_office_has_not_set_is_a_line_to_write_on(portal, visit):
    page = portal.browser(people.supervisor).get(f"/visits/{visit}/letter")
    letter = page.root.all("article")[0].text
    assert "Nomor ……" in letter
    assert "NIP ……" in letter
    assert page.link("Lengkapi di Pengaturan") == "/settings/#paper"
    clerk = portal.browser(people.clerk).get(f"/visits/{visit}/letter")
    assert "belum lengkap" in clerk.text
    assert "/settings/" not in clerk.html


def test_a_number_that_is_somebodys_is_refused(portal, visit):
    page = portal.browser(people.clerk).get(f"/visits/{visit}/letter?number=3516051212900001")
    assert page.status == 422
    assert "3516051212900001" not in page.root.all("article")[0].text
    assert "Jangan tulis NIK" in page.error_at("number")


def test_the_message_can_be_copied_and_is_indonesian_in_english_too(portal, visit):
    browser = portal.browser(people.liaison)
    own = portal.visit(people.clerk, visit_date=TODAY + timedelta(days=5))
    before = browser.get(f"/visits/{own}/letter").by_id("chat-text").text
    assert "Yth. Bapak/Ibu SMAN 1 Ngoro" in before
    assert "Sabtu, 26 Oktober 2024" in before
    browser.post("/language", {"language": "en"})
    page = browser.get(f"/visits/{own}/letter")
    assert page.by_id("chat-text").text == before
    assert "Rabu, 23 Oktober 2024" in browser.get(f"/visits/{visit}/sheet").root.all("article")[0].text


def test_the_sheet_has_the_boxes_of_the_screen_in_its_order(portal, visit):
    clerk = portal.browser(people.clerk)
    sheet = clerk.get(f"/visits/{visit}/sheet")
    rows = [row[0] for row in sheet.table(0)[1:-1]]
    assert rows == [RESULTS["eligible"], *(RESULTS[name] for name in EXPLAINED)]
    assert [row[0] for row in sheet.table(1)[1:]] == [RESULTS["walk_in"]]
    assert [row[0] for row in sheet.table(2)[1:]] == list(AGES.values())
    homes = [cell for row in sheet.table(3)[1:] for cell in row[::2] if cell]
    assert len(homes) == 19
    screen = portal.visit(visit_date=TODAY - timedelta(days=1))
    form = clerk.get(f"/visits/{screen}/result").form()
    boxes = [n["name"] for n in form.walk() if n.tag == "input" and n["name"] in RESULTS]
    assert boxes == ["eligible", *EXPLAINED, "walk_in"]
    assert f"kit-{people.NGORO}" in sheet.text


def test_the_weeks_plan_has_every_visit_of_the_readers_area(portal, visit):
    portal.visit(people.colleague, place_code=PUNGGING_SCHOOL, point_code=PUNGGING, visit_date=TODAY)
    gone = portal.visit(visit_date=TODAY + timedelta(days=3))
    portal.cancel_visit(gone)
    clerk, supervisor = portal.browser(people.clerk), portal.browser(people.supervisor)
    page = clerk.get("/visits/week/2024-10-24")
    assert "Senin, 21 Oktober 2024 – Minggu, 27 Oktober 2024" in page.text
    names = [row[0] for row in page.table() if len(row) > 1][1:]
    assert names == ["SMAN 1 Ngoro"]
    assert [
        "SMAN 1 Ngoro",
        "Sehari penuh",
        "Ngoro",
        "Ngoro · Tim 1",
        f"kit-{people.NGORO}",
        "90",
        "Rencana",
    ] in page.table()
    assert [row[0] for row in supervisor.get("/visits/week/2024-10-21").table() if len(row) > 1][1:] == [
        "SMKN 1 Pungging",
        "SMAN 1 Ngoro",
    ]
    assert "Belum ada kunjungan" in clerk.get("/visits/week/2024-12-30").text
