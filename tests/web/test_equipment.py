"""Kits at the desk: what is broken is said with a reason, and the summary knows at once."""

from datetime import timedelta

import pytest

from .. import people
from ..digest import digest
from ..pages import values_of
from ..people import NGORO, TODAY

KIT = f"kit-{NGORO}"


def test_a_broken_iris_scanner_stops_the_point(portal_anywhere):
    portal = portal_anywhere
    clerk, supervisor = portal.browser(people.clerk), portal.browser(people.supervisor)
    assert "tidak bisa rekam" not in supervisor.get("/summary/?period=today").by_id("table").parent.parent.text
    form = clerk.get(f"/equipment/{KIT}/iris")
    before = digest(portal.database)
    silent = clerk.send(form, status="broken", note="mati sejak pagi")
    assert (silent.status, silent.error_at("cause")) == (422, "Kesalahan: Pilih sebabnya.")
    assert (silent.typed("status"), silent.typed("note")) == ("broken", "mati sejak pagi")
    unfit = clerk.send(form, status="broken", cause="garansi")
    assert unfit.error_at("cause") == "Kesalahan: Sebab ini tidak cocok dengan keadaan yang dipilih."
    assert clerk.send(form, status="good", cause="garansi").status == 422
    assert clerk.send(form, status="melayang").error_at("status") == "Kesalahan: Pilih keadaan alat."
    assert clerk.send(form, status="broken", cause="tidak_menyala", note="3516-0512-0307-0001").status == 422
    assert digest(portal.database) == before

    sent = clerk.send(silent, cause="tidak_menyala")
    assert (sent.status, sent.location) == (303, f"/equipment/{KIT}")
    shown = clerk.get(sent.location)
    assert sent.headers["X-Portal-Receipt"] in shown.text
    assert "Pemindai iris: rusak – tidak menyala" in shown.text
    assert "Tidak bisa rekam" in shown.text
    assert "Bisa cetak" in shown.text
    assert "mati sejak pagi" in shown.text

    summary = supervisor.get("/summary/?period=today")
    assert "tidak bisa rekam" in summary.text
    assert "1 titik tidak bisa rekam" in summary.text
    assert "Pemindai iris: rusak – tidak menyala" in summary.text
    assert KIT in supervisor.get("/today").text


def test_two_who_change_the_same_part_meet(portal):
    clerk, supervisor = portal.browser(people.clerk), portal.browser(people.supervisor)
    form = clerk.get(f"/equipment/{KIT}/printer")
    change = {"status": "attention", "cause": "hasil_menurun", "note": "bergaris"}
    assert supervisor.send(supervisor.get(f"/equipment/{KIT}/printer"), change).status == 303
    before = portal.digest()
    answer = clerk.send(form, status="repair", cause="dinas", note="dibawa Joko")
    assert (answer.status, answer.typed("note"), answer.typed("status")) == (409, "dibawa Joko", "repair")
    table = {what: both for what, *both in answer.table()}
    assert table["Keadaan sekarang (berbeda)"] == ["Baik, perlu perhatian", "Dikirim perbaikan"]
    assert table["Sebab (berbeda)"] == ["Hasil menurun", "Diperiksa dinas"]
    assert table["Catatan (berbeda)"] == ["bergaris", "dibawa Joko"]
    assert "perlu perhatian" in answer.text
    assert "Pengawas Kabupaten" in answer.text
    assert portal.digest() == before
    assert clerk.send(answer).status == 303


def test_a_change_sent_twice_is_kept_once(portal):
    clerk = portal.browser(people.clerk)
    form = clerk.get(f"/equipment/{KIT}/ups")
    change = {"status": "missing", "cause": "hilang"}
    first = clerk.send(form, change)
    before = portal.digest()
    again = clerk.send(form, change)
    assert (again.status, again.headers["X-Portal-Receipt"]) == (303, first.headers["X-Portal-Receipt"])
    assert portal.digest() == before


def test_still_the_same_is_one_tap(portal):
    clerk = portal.browser(people.clerk)
    portal.clock.pass_by(days=7, minutes=-20)
    clerk = portal.browser(people.clerk)
    stale = clerk.get("/equipment/")
    assert "dikonfirmasi 5 hari layanan lalu" in stale.text
    assert "belum dikonfirmasi" in stale.text
    assert clerk.send(stale, part="/confirm").status == 303
    fresh = clerk.get("/equipment/")
    assert "dikonfirmasi hari ini" in fresh.text
    assert "dikonfirmasi masih sama" in fresh.text
    assert "masih sama" in clerk.get(f"/equipment/{KIT}").text


def test_with_htmx_only_the_card_comes_back(portal):
    clerk = portal.browser(people.clerk)
    page = clerk.get("/equipment/")
    form = page.form("/confirm")
    card = clerk.post(form["hx-post"], page.values("/confirm"), HX_Request="true")
    assert card.status == 200
    assert not card.root.all("html", "h1")
    roots = [node for node in card.root.children if not isinstance(node, str)]
    assert [node["id"] for node in roots] == [form["hx-target"].removeprefix("#")]
    assert "Dikonfirmasi" in card.root.text
    before = portal.digest()
    assert clerk.post(form["hx-post"], page.values("/confirm"), HX_Request="true").status == 200
    assert portal.digest() == before
    boosted = clerk.post(form["hx-post"], page.values("/confirm"), HX_Request="true", HX_Boosted="true")
    assert boosted.status == 303


def test_a_confirmation_with_the_id_of_another_kit_is_refused(portal):
    supervisor = portal.browser(people.supervisor)
    fields = supervisor.get(f"/equipment/{KIT}").values("/confirm")
    assert supervisor.post(f"/equipment/{KIT}/confirm", fields).status == 303
    before = portal.digest()
    other = f"/equipment/kit-{people.PUNGGING}/confirm"
    assert supervisor.post(other, fields, HX_Request="true").status == 409
    assert supervisor.post(other, fields).status == 409
    assert portal.digest() == before


def test_a_kit_that_changed_since_the_page_was_drawn_is_not_confirmed(portal_anywhere):
    portal = portal_anywhere
    clerk = portal.browser(people.clerk)
    page, one = clerk.get("/equipment/"), clerk.get(f"/equipment/{KIT}")
    form = page.form("/confirm")
    portal.break_part("iris", who=people.supervisor)
    before = portal.digest()
    words = f"Keadaan {KIT} baru saja diubah. Periksa, lalu konfirmasi lagi."
    card = clerk.post(form["hx-post"], page.values("/confirm"), HX_Request="true")
    assert card.status == 409
    assert not card.root.all("html", "h1")
    roots = [node for node in card.root.children if not isinstance(node, str)]
    assert [node["id"] for node in roots] == [form["hx-target"].removeprefix("#")]
    assert words in card.root.text
    assert "Pemindai iris: rusak" in card.root.text
    assert "Tidak bisa rekam" in card.root.text

    for stale in (page, one):
        plain = clerk.send(stale, part="/confirm")
        assert plain.status == 409
        assert ["Pemindai iris (berbeda)", "rusak – tidak menyala", "masih sama"] in plain.table()
        assert plain.link("Pakai yang tersimpan") == f"/equipment/{KIT}"
    for version in (None, "", "x", "-1", "9" * 30, "0"):
        fields = {k: v for k, v in page.values("/confirm").items() if k != "version"}
        fields |= {"version": version} if version is not None else {}
        assert clerk.post(form["hx-post"], fields, HX_Request="true").status == 409
    assert portal.digest() == before

    again = clerk.post(form["hx-post"], card_values(card), HX_Request="true")
    assert again.status == 200
    assert "Dikonfirmasi 13.00 WIB" in again.root.text


def card_values(card):
    """What the form on the card would send."""
    return values_of(card.root.all("form")[0])


def test_a_confirmation_sent_again_says_when_it_was(portal):
    clerk = portal.browser(people.clerk)
    page = clerk.get("/equipment/")
    address, fields = page.form("/confirm")["hx-post"], page.values("/confirm")
    clerk.post(address, fields, HX_Request="true")
    portal.break_part("iris")
    before = portal.digest("login_session")
    portal.clock.pass_by(minutes=20)
    again = clerk.post(address, fields, HX_Request="true")
    assert again.status == 200
    assert "Dikonfirmasi 13.00 WIB" in again.root.text
    assert "Pemindai iris: rusak" in again.root.text
    assert portal.digest("login_session") == before


def test_signed_out_htmx_is_sent_to_the_sign_in_page(portal):
    page = portal.browser().post(
        f"/equipment/{KIT}/confirm", {}, HX_Request="true", HX_Current_URL="https://portal.test/equipment/?x=1"
    )
    assert (page.status, page.headers["HX-Redirect"]) == (401, "/sign-in?next=/equipment/&pressed=1")


@pytest.mark.parametrize("kind", ["iris", "fingerprint", "camera", "pc", "printer", "signature_pad", "network"])
def test_a_reader_sees_and_does_not_change(portal, kind):
    portal.break_part(kind)
    reader = portal.browser(people.reader)
    page = reader.get(f"/equipment/{KIT}")
    assert not page.forms()
    assert ("Tidak bisa rekam" in page.text) == (kind != "printer")
    assert ("Tidak bisa cetak" in page.text) == (kind in ("pc", "printer"))


def test_silence_makes_a_kit_grey_and_never_green(portal):
    portal.clock.pass_by(days=8)
    supervisor = portal.browser(people.supervisor)
    assert "Rekam: belum dikonfirmasi" in supervisor.get("/equipment/").text
    portal.break_part("iris")
    assert "Tidak bisa rekam" in supervisor.get("/equipment/").text
    assert supervisor.get(f"/summary/?period=custom&first={TODAY}&last={TODAY + timedelta(days=8)}").status == 200
