"""Hubs, points and deadlines in the browser: to come at once, gone only from the second page, nobody overwritten."""

from datetime import date

from msgspec.structs import replace

from .. import people, records
from ..people import NGORO
from . import arranged

HUB = "/settings/hubs/35.16.05"
DLANGGU = "/settings/hubs/35.16.09"
DEADLINES = "/settings/deadlines/"
REASON = "SK 3/2024"


def words(page):
    return " ".join(page.text.split())


def test_dlanggu_is_given_a_hub_and_it_is_taken_back(portal_anywhere):
    portal = portal_anywhere
    supervisor = portal.browser(people.supervisor)
    page = supervisor.get(supervisor.get("/settings/hubs/").link("Dlanggu"))
    assert "Hub belum ditetapkan" in page.text
    sent = supervisor.send(page, value="mojosari", valid_from="2024-11-04", reason=REASON)
    assert (sent.status, sent.location) == (303, DLANGGU)
    shown = supervisor.get(DLANGGU)
    assert shown.table(0)[1] == ["Hub Mojosari", "4 November 2024", "seterusnya"]
    assert "Hub: semula belum ditetapkan → menjadi Mojosari" in words(shown)
    assert "Dlanggu: Hub Mojosari sejak 4 November 2024" in words(supervisor.get("/settings/hubs/"))
    silent = supervisor.send(supervisor.get(shown.link("Cabut")))
    assert (silent.status, bool(silent.error_at("reason"))) == (422, True)
    assert supervisor.send(silent, reason="salah surat").location == DLANGGU
    assert "dicabut" in supervisor.get(DLANGGU).text
    assert portal.office().hub_of("35.16.09", date(2024, 11, 4)) == ""


def test_a_hub_from_a_day_that_is_gone_shows_what_moves_before_it_is_kept(portal):
    portal.report(records.entry(24, {"35.16.05": 9}), day=date(2024, 10, 17))
    supervisor = portal.browser(people.supervisor)
    form, before = supervisor.get(HUB), portal.digest()
    told = supervisor.send(form, value="gondang", valid_from="2024-10-14", reason=REASON)
    assert (told.status, told.heading) == (409, "Perubahan ini mengubah hari yang sudah lewat")
    assert "8 hari akan dihitung di hub lain" in told.text
    assert "Direkam titiknya 24 Warganya direkam 9" in words(told)
    rows = [[" ".join(cell.split()) for cell in row] for row in told.table(0)[1:]]
    assert rows == [
        ["Hub Mojosari", "24", "–"],
        ["Hub Gondang", "–", "24"],
        ["Kabupatentidak berubah", "24", "24"],
    ]
    assert portal.digest() == before
    back = supervisor.send(told, back="1")
    assert (back.status, back.typed("valid_from"), back.typed("reason")) == (200, "2024-10-14", REASON)
    kept = supervisor.send(told)
    assert (kept.status, kept.location) == (303, HUB)
    assert supervisor.send(told).headers["X-Portal-Receipt"] == kept.headers["X-Portal-Receipt"]
    assert "13 Oktober 2024" in supervisor.get(HUB).table(0)[2][2]


def test_who_was_slower_sees_both_and_keeps_what_was_typed(portal):
    supervisor = portal.browser(people.supervisor)
    form = supervisor.get(HUB)
    arranged.hub_to_come(portal)
    late = supervisor.send(form, value="jetis", valid_from="2024-11-05", reason=REASON)
    assert late.status == 409
    assert ["Hub pada 5 November 2024 (berbeda)", "Hub Gondang", "Hub Jetis"] in late.table(0)
    assert late.typed("reason") == REASON
    assert supervisor.send(late).status == 303
    wrong = supervisor.send(supervisor.get(HUB), value="", valid_from="31-02-2024", reason="")
    assert [bool(wrong.error_at(n)) for n in ("value", "valid_from", "reason")] == [True] * 3
    assert supervisor.send(supervisor.get(HUB), value="-", valid_from="2024-10-21", reason=REASON).status == 303


def test_the_administrator_puts_a_hubs_seat_right_and_the_pages_follow(portal):
    admin = portal.browser(people.administrator)
    listed = admin.get("/settings/hubs/")
    assert listed.link("Kantor Kecamatan Gondang") == "/settings/hubs/seat/kec-35.16.02"
    form = admin.get(admin.get(f"/settings/points/{NGORO}").link("Ubah kedudukan hub"))
    assert "bukan kedudukan hub" in form.text
    slower = admin.get(f"/settings/hubs/seat/{NGORO}")
    sent = admin.send(form, value="mojosari", valid_from="2024-10-21", reason=REASON)
    assert (sent.status, sent.location) == (303, f"/settings/hubs/seat/{NGORO}")
    shown = admin.get(sent.location)
    assert shown.table(0)[1] == ["Hub Mojosari", "21 Oktober 2024", "seterusnya"]
    assert "Kedudukan hub: semula tidak → menjadi Mojosari" in words(shown)
    seats = words(admin.get("/settings/hubs/"))
    assert "Hub Mojosari Kantor Kecamatan Ngoro, Kantor Kecamatan Mojosari" in seats
    late = admin.send(slower, value="gondang", valid_from="2024-11-04", reason=REASON)
    assert late.status == 409
    assert ["Hub pada 4 November 2024 (berbeda)", "Hub Mojosari", "Hub Gondang"] in late.table(0)
    assert admin.send(late).status == 303
    assert "Kantor Kecamatan Ngoro: kedudukan Hub Gondang sejak 4 November 2024" in words(admin.get("/settings/hubs/"))

    at_dinas = replace(people.clerk, points=frozenset({"dinas"}))
    portal.report(records.entry(24), at_dinas, date(2024, 10, 17))
    told = admin.send(admin.get("/settings/hubs/seat/dinas"), value="gondang", valid_from="2024-10-14", reason=REASON)
    assert (told.status, told.heading) == (409, "Perubahan ini mengubah hari yang sudah lewat")
    assert "Direkam titiknya 24" in words(told)
    assert "Warganya" not in told.text
    assert admin.send(told).location == "/settings/hubs/seat/dinas"
    ended = admin.send(admin.get("/settings/hubs/seat/dinas"), value="-", valid_from="2024-11-04", reason=REASON)
    assert ended.status == 303
    dinas = admin.get("/settings/hubs/seat/dinas")
    assert [row[0] for row in dinas.table(0)[1:]] == ["Hub Gondang", "Hub Dispendukcapil/MPP"]
    assert "bukan lagi kedudukan hub sejak 4 November 2024" in words(dinas)


def test_a_deadline_holds_for_days_to_come_and_the_pages_say_it(portal):
    supervisor, clerk = portal.browser(people.supervisor), portal.browser(people.clerk)
    form = supervisor.get(DEADLINES)
    wrong = supervisor.send(form, deadline="jam 3", grace_end="17.00", reason=REASON)
    assert [bool(wrong.error_at(n)) for n in ("deadline", "grace_end")] == [True, True]
    same = supervisor.send(form, reason=REASON)
    assert same.error_at("deadline") == "Kesalahan: Ini sudah berlaku pada tanggal itu."
    assert supervisor.send(form, deadline="15.30", reason=REASON).location == DEADLINES
    shown = supervisor.get(DEADLINES)
    assert "tepat waktu sampai 15.30 WIB" in shown.text
    assert "semula 16.00–09.00 → menjadi 15.30–09.00" in words(shown)
    assert "Batas 15.30 WIB" in clerk.get("/today").text
    assert "batas lapor 15.30 WIB" in clerk.get(f"/recordings/{NGORO}/2024-10-21/edit").text
    assert "batas lapor 16.00 WIB" in clerk.get(f"/recordings/{NGORO}/2024-10-18/edit").text


def test_a_point_is_added_ended_and_told_what_it_can_do(portal):
    portal.report(day=date(2024, 10, 17))
    supervisor = portal.browser(people.supervisor)
    form = supervisor.get(supervisor.get("/settings/points/").link("Tambah titik"))
    refused = supervisor.send(form, name="Gerai", kind="titik", kecamatan_code="35.16.05", reason=REASON)
    assert refused.error_at("kecamatan_code").startswith("Kesalahan: Kecamatan ini sudah punya titik layanan: Kantor")
    sent = supervisor.send(refused, kecamatan_code="", active_from="2024-11-04", hub="mojosari")
    assert (sent.status, sent.location) == (303, "/settings/points/titik-1")
    assert "mulai 4 November 2024" in supervisor.get(sent.location).text

    told = supervisor.send(supervisor.get(f"/settings/points/{NGORO}/edit"), active_to="2024-10-16", reason=REASON)
    assert told.status == 409
    assert "terlambat → menjadi tambahan: Ngoro" in words(told)
    assert supervisor.send(told).location == f"/settings/points/{NGORO}"
    assert "berakhir 16 Oktober 2024" in supervisor.get("/settings/points/").text
    assert "tambahan" in supervisor.get("/summary/kecamatan/35.16.05").text

    can, slower = (supervisor.get(f"/settings/points/{NGORO}/capability") for _n in range(2))
    assert supervisor.send(can, capability="rekam", value="1", valid_from="2024-10-21", reason=REASON).status == 303
    shown = words(supervisor.get(f"/settings/points/{NGORO}"))
    assert "Rekam: semula tidak bisa → menjadi bisa" in shown
    stale = supervisor.send(slower, capability="cetak", value="1", valid_from="2024-10-22", reason=REASON)
    assert (stale.status, stale.table(0)[1]) == (409, ["Cetak (berbeda)", "Tidak bisa", "Bisa"])
