"""The pages around a kit: what they say, what they refuse, and that what was typed stays."""

import io
from datetime import timedelta

import pytest

from .. import people, records
from ..people import NGORO, PUNGGING, SCHOOL, TODAY

KIT, OTHER = f"kit-{NGORO}", f"kit-{PUNGGING}"


def id():
    return {"submission_id": records.submission_id()}


def test_a_fault_is_told_on_one_page_and_shows_everywhere(portal):
    clerk, boss = portal.desk(people.clerk), portal.desk(people.supervisor)
    page = clerk.get("/faults/new")
    assert page.text.count("Pemindai iris") >= 1
    page = clerk.post("/faults/new", {**id(), "part": "1.1", "trouble": "broken.tidak_menyala", "note": "lampu mati"})
    assert (page.status, page.location) == (303, f"/equipment/{KIT}")
    kit = clerk.get(f"/equipment/{KIT}")
    assert "Tidak bisa rekam" in kit.text
    assert "Kerusakan sedang ditangani" in kit.text
    assert "lampu mati" in boss.get("/faults/1").text
    assert "Pemindai iris" in boss.get("/faults/").text
    assert "Pemindai iris" not in portal.desk(people.colleague).get("/faults/").text


@pytest.mark.parametrize(
    ("over", "told"),
    [
        ({"part": ""}, "Pilih bagian yang rusak."),
        ({"part": "x.y"}, "Pilih bagian yang rusak."),
        ({"part": "99999.1"}, "Pilih bagian yang rusak."),
        ({"part": "99999999999.1"}, "Pilih bagian yang rusak."),
        ({"trouble": ""}, "Pilih apa yang terjadi."),
        ({"trouble": "broken"}, "Pilih apa yang terjadi."),
        ({"trouble": "broken.servis_resmi"}, "Pilih apa yang terjadi."),
        ({"trouble": "good.x"}, "Pilih apa yang terjadi."),
        ({"note": "NIK 3516051203070001"}, "Jangan tulis NIK"),
        ({"sepatu": "1"}, "Isian tidak dikenal"),
    ],
)
def test_a_fault_without_part_or_reason_is_refused_and_what_was_typed_stays(portal, unchanged, over, told):
    clerk = portal.desk(people.clerk)
    unchanged()
    sent = {**id(), "part": "1.1", "trouble": "broken.tidak_menyala", "note": "lampu mati"} | over
    page = clerk.post("/faults/new", sent)
    assert page.status == 422
    assert told in page.text
    if "note" not in over:
        assert "lampu mati" in page.text


def test_a_fault_of_another_area_and_of_a_stale_page_is_not_told(portal):
    clerk = portal.desk(people.clerk)
    sent = {**id(), "part": "10.1", "trouble": "broken.tidak_menyala"}
    assert clerk.post("/faults/new", sent).status == 404
    portal.break_part("iris")
    page = clerk.post("/faults/new", {**id(), "part": "1.1", "trouble": "broken.fisik_rusak"})
    assert page.status == 409
    assert "baru saja diubah" in page.text
    again = clerk.post("/faults/new", {**id(), "part": "1.2", "trouble": "broken.fisik_rusak"})
    assert again.status == 303


def test_a_step_closes_the_fault_and_the_part_works(portal):
    portal.break_part("iris")
    clerk = portal.desk(people.clerk)
    page = clerk.post(
        "/faults/1", {**id(), "version": "1", "state": "repaired", "cost_rp": "250.000", "parts": "kabel"}
    )
    assert page.status == 303
    page = clerk.get("/faults/1")
    assert "Rp250.000" in page.text
    assert "Simpan langkah" not in page.text
    assert "Bisa rekam" in clerk.get(f"/equipment/{KIT}").text
    stale = clerk.post("/faults/1", {**id(), "version": "1", "state": "sent", "parts": "lensa", "cost_rp": "1.000"})
    assert stale.status == 409
    told = stale.text  # the fault is closed and its form gone, but nothing that was typed is
    assert all(word in told for word in ("Isian Anda", "lensa", "Rp1.000", "kabel", "Rp250.000"))


def test_only_who_can_open_a_fault_can_be_given_it(portal):
    portal.break_part("iris")
    clerk = portal.desk(people.clerk)
    page = clerk.get("/faults/1")
    offered = {option["value"] for option in page.by_id("owner_id").all("option")}
    assert offered == {"", str(people.clerk.id), str(people.supervisor.id)}
    refused = clerk.send(page, state="examined", owner_id=people.colleague.id)
    assert (refused.status, refused.errors) == (422, ["Pilih penanggung jawab dari daftar."])
    assert portal.desk(people.colleague).get("/faults/1").status == 404
    assert clerk.send(refused, owner_id=people.supervisor.id).status == 303


def test_who_sees_to_a_fault_stays_in_the_choice_when_he_no_longer_looks_after_the_kit(portal):
    portal.break_part("iris")
    boss, admin = portal.desk(people.supervisor), portal.desk(people.administrator)
    here = str(people.clerk.id)
    assert boss.send(boss.get("/faults/1"), state="examined", owner_id=here).status == 303
    early = boss.get("/faults/1")
    assert admin.send(admin.get(f"/accounts/{here}"), points=[PUNGGING]).status == 303

    def chosen(page):
        return {o["value"]: o.text for o in page.by_id("owner_id").all("option") if "selected" in o}

    told = {here: f"{people.clerk.name} (tidak lagi mengurus alat ini)"}
    page = boss.get("/faults/1")
    assert chosen(page) == told
    refused = boss.send(page, state="sent", cost_rp="x")
    assert (refused.status, chosen(refused)) == (422, told)
    assert boss.send(refused, cost_rp="").status == 303
    assert chosen(boss.get("/faults/1")) == told
    assert boss.send(boss.get("/faults/1"), state="sent", owner_id=people.supervisor.id).status == 303
    late = boss.send(early, state="sent")
    assert (late.status, chosen(late)) == (409, {str(people.supervisor.id): people.supervisor.name})
    assert boss.send(late, owner_id=here).errors == ["Pilih penanggung jawab dari daftar."]
    assert boss.send(late, owner_id="").status == 303
    assert chosen(boss.get("/faults/1")) == {}


@pytest.mark.parametrize(
    ("over", "told"),
    [
        ({"state": ""}, "Langkah ini tidak dapat menyusul"),
        ({"cost_rp": "1,5"}, "Isi dengan bilangan bulat"),
        ({"cost_rp": "9999999999"}, "paling banyak"),
        ({"due": "31-02-2024"}, "Isi tanggal yang ada di kalender"),
        ({"owner_id": "sepatu"}, "Pilih penanggung jawab"),
        ({"cost_rp": "5", "warranty": "1"}, "garansi tidak berbiaya"),
    ],
)
def test_a_step_that_cannot_be_is_refused_and_what_was_typed_stays(portal, unchanged, over, told):
    portal.break_part("iris")
    clerk = portal.desk(people.clerk)
    unchanged()
    sent = {**id(), "version": "1", "state": "sent", "parts": "sensor", **over}
    page = clerk.post("/faults/1", sent)
    assert page.status == 422
    assert told in page.text
    assert page.typed("parts") == "sensor"


def test_an_outage_of_the_district_makes_every_point_unable_and_its_end_able_again(portal):
    boss, clerk = portal.desk(people.supervisor), portal.desk(people.clerk)
    sent = {**id(), "point": "district", "cause": "central_server", "stops": "both"}
    assert boss.post("/outages/", sent).location == "/outages/1"
    for page in (clerk.get("/equipment/"), clerk.get("/today"), portal.desk(people.colleague).get("/equipment/")):
        assert "Gangguan server pusat" in page.text
        assert "Tidak bisa rekam" in page.text
    assert clerk.post("/outages/1/end", {**id(), "version": "1"}).status == 403
    portal.clock.pass_by(minutes=10)
    assert boss.post("/outages/1/end", {**id(), "version": "1"}).status == 303
    assert "Bisa rekam" in clerk.get("/equipment/").text


@pytest.mark.parametrize(
    ("over", "box", "told"),
    [
        ({"ended_clock": "25.00"}, "ended_clock", "Isi jam seperti 08.15."),
        ({"ended": "31-02-2024"}, "ended", "Isi tanggal yang ada di kalender"),
        ({"ended": "2024-10-20"}, "ended", "sesudah gangguan mulai"),
        ({"ended": "2024-10-22"}, "ended", "tidak boleh di masa depan"),
    ],
)
def test_an_end_that_cannot_be_is_told_beside_the_box_and_what_was_typed_stays(portal, over, box, told):
    clerk = portal.desk(people.clerk)
    assert clerk.post("/outages/", {**id(), "point": NGORO, "cause": "power", "stops": "both"}).status == 303
    portal.clock.pass_by(minutes=30)
    asked, shown = {"ended": "2024-10-21", "ended_clock": "13.20"} | over, clerk.get("/outages/1")
    before = portal.digest()
    page = clerk.send(shown, asked, part="/end")
    assert (page.status, told in page.error_at(box), portal.digest()) == (422, True, before)
    assert {name: page.typed(name) for name in asked} == asked
    mended = clerk.send(page, {"ended": "2024-10-21", "ended_clock": "13.20"}, part="/end")
    assert (mended.status, mended.location) == (303, "/outages/1")


@pytest.mark.parametrize(
    ("over", "told"),
    [
        ({"cause": ""}, "Pilih sebab gangguan."),
        ({"stops": ""}, "Pilih apa yang terhenti."),
        ({"began": "2024-10-21"}, "Isi jam seperti 08.15."),
        ({"began": "2024-10-21", "began_clock": "25.00"}, "Isi jam seperti 08.15."),
        ({"began": "31-02-2024", "began_clock": "08.15"}, "Isi tanggal yang ada di kalender"),
        ({"began": "2024-10-22", "began_clock": "08.15"}, "sebelum terjadi"),
        ({"ended": "2024-10-20", "ended_clock": "08.15"}, "sesudah gangguan mulai"),
        ({"note": "NIK 3516051203070001"}, "Jangan tulis NIK"),
    ],
)
def test_an_outage_that_cannot_be_is_refused_and_what_was_typed_stays(portal, unchanged, over, told):
    clerk = portal.desk(people.clerk)
    unchanged()
    page = clerk.post("/outages/", {**id(), "point": NGORO, "cause": "power", "stops": "both", "note": "tiang"} | over)
    assert page.status == 422
    assert told in page.text
    if "note" not in over:
        assert "tiang" in page.text


def test_a_clerk_tells_no_outage_of_another_point_or_of_the_district(portal):
    clerk = portal.desk(people.clerk)
    before = portal.digest("audit")
    for point, status in (("district", 403), (PUNGGING, 404), ("kec-0", 422)):
        assert clerk.post("/outages/", {**id(), "point": point, "cause": "power", "stops": "both"}).status == status
    assert portal.digest("audit") == before


def test_a_kit_goes_to_a_school_and_its_diary_says_so(portal):
    clerk = portal.desk(people.clerk)
    day = (TODAY + timedelta(days=1)).isoformat()
    sent = {"kind": "visit", "place": SCHOOL, "holder": "Tim 1", "valid_from": day, "valid_to": day}
    assert clerk.post(f"/equipment/{KIT}/diary", {**id(), **sent}).status == 303
    page = clerk.get(f"/equipment/{KIT}/diary")
    assert "SMAN 1 Ngoro" in page.text
    clash = clerk.post(f"/equipment/{KIT}/diary", {**id(), **sent, "note": "jam 8"})
    assert clash.status == 422
    assert "sudah tercatat di tempat lain" in clash.text
    assert "jam 8" in clash.text
    portal.clock.pass_by(days=1)
    assert "Kunjungan: SMAN 1 Ngoro" in portal.desk(people.supervisor).get("/equipment/").text


def test_a_back_dated_status_is_asked_about_first(portal):
    portal.clock.pass_by(hours=2)
    clerk = portal.desk(people.clerk)
    sent = {"version": "1", "status": "broken", "cause": "tidak_menyala", "at": TODAY.isoformat(), "at_clock": "08.15"}
    page = clerk.post(f"/equipment/{KIT}/iris", {**id(), **sent})
    assert page.status == 422
    assert "sudah ada catatan" in page.text
    assert clerk.post(f"/equipment/{KIT}/iris", {**id(), **sent, "agreed": "1"}).status == 303
    kit = clerk.get(f"/equipment/{KIT}")
    assert "dicatat" in kit.text
    assert "Bisa rekam" in kit.text
    future = {**sent, "version": "2", "at_clock": "23.59"}
    assert "sebelum terjadi" in clerk.post(f"/equipment/{KIT}/iris", {**id(), **future}).text


def test_a_kit_from_the_template_and_a_serial_number_twice(portal):
    boss = portal.desk(people.supervisor)
    page = boss.get("/kits/new")
    assert page.text.count("Nomor seri") == 9
    sent = {"code": "kit-baru-1", "name": "Alat baru", "point": NGORO, "iris-has": "1", "iris-serial": "ir 1"}
    assert boss.post("/kits/new", {**id(), **sent}).location == "/equipment/KIT-BARU-1"
    again = boss.post("/kits/new", {**id(), **sent, "code": "KIT-BARU-2"})
    assert again.status == 422
    assert "Nomor seri ini sudah dipakai di alat KIT-BARU-1" in again.text
    taken = boss.post("/kits/new", {**id(), **sent, "iris-serial": "", "iris-price_rp": "1,5"})
    assert "Isi harga dengan bilangan bulat" in taken.text
    assert boss.post("/kits/new", {**id(), "code": "KIT-X-9", "name": "A", "point": NGORO}).status == 422


def test_a_file_is_shown_first_and_kept_when_one_says_so(portal):
    boss = portal.desk(people.supervisor)
    content = f"kode;nama;titik;bagian;seri\nKIT-F-1;Alat berkas;{NGORO};iris;IR-77\n"
    shown = boss.post("/kits/import", {**id(), "content": content})
    assert shown.status == 200
    assert "KIT-F-1" in shown.text
    assert boss.get("/equipment/KIT-F-1").status == 404
    assert boss.post("/kits/import", {**id(), "content": content, "step": "keep"}).status == 303
    assert "IR-77" in boss.get("/equipment/KIT-F-1").text
    wrong = boss.post("/kits/import", {**id(), "content": content.replace("iris", "palu")})
    assert wrong.status == 422
    assert "Baris 2, kolom bagian, isi “palu”: Bagian tidak dikenal." in wrong.text
    assert "KIT-F-1" in wrong.text


def test_a_label_opens_its_part_at_this_very_house(portal):
    boss = portal.desk(people.supervisor)
    page = boss.get(f"/equipment/labels?kit={KIT}")
    assert page.text.count("Dispendukcapil · ") == 9
    assert "Sepatu" not in page.text
    answer = portal.browser().get("/equipment/part/1")
    assert (answer.status, answer.location) == (303, "/sign-in?next=/equipment/part/1")


def test_a_phone_in_the_hand_finds_a_part_or_not(portal):
    clerk = portal.desk(people.clerk)
    assert "belum diperiksa" in clerk.get("/inventory/").text
    assert clerk.post("/equipment/part/1", {**id(), "result": "seen"}).status == 303
    assert "Ada di tempat" in clerk.get("/inventory/").text
    nowhere = clerk.post("/equipment/part/1", {**id(), "result": "moved"})
    assert (nowhere.status, "Isi di mana" in nowhere.text) == (422, True)
    assert clerk.post("/equipment/part/1", {**id(), "result": "missing"}).status == 303
    assert "Pemindai iris: hilang" in clerk.get(f"/equipment/{KIT}").text


def test_the_store_says_what_must_be_ordered(portal):
    boss = portal.desk(people.supervisor)
    made = boss.post("/spares/", {**id(), "name": "Pita", "kind": "ribbon", "unit": "gulung", "low_limit": "2"})
    assert made.location == "/spares/1"
    move = {"kind": "in", "number": "5", "day": TODAY.isoformat()}
    assert boss.post("/spares/1", {**id(), **move}).status == 303
    too_many = boss.post("/spares/1", {**id(), **move, "kind": "out", "number": "6"})
    assert (too_many.status, "hanya ada 5" in too_many.text) == (422, True)
    for text, told in (("1,5", "bilangan bulat"), ("-3", "bilangan bulat"), ("", "bilangan bulat"), ("0", "dari 1")):
        page = boss.post("/spares/1", {**id(), **move, "number": text})
        assert (page.status, told in page.text) == (422, True), text
    assert boss.post("/spares/1", {**id(), **move, "kind": "out", "number": "3"}).status == 303
    assert "pesan lagi" in boss.get("/spares/").text
    assert "Barang gudang perlu dipesan" in boss.get("/today").text
    assert boss.post("/spares/1/limit", {**id(), "version": "1", "low_limit": "1"}).status == 303


def test_care_is_planned_done_and_due_again(portal):
    boss, clerk = portal.desk(people.supervisor), portal.desk(people.clerk)
    sent = {"kit": KIT, "kind": "preventive", "every_months": "3", "due_on": TODAY.isoformat()}
    assert boss.post("/upkeep/", {**id(), **sent}).status == 303
    assert "segera jatuh tempo" in clerk.get("/upkeep/").text
    assert clerk.post("/upkeep/1/done", {**id(), "version": "1", "done_on": TODAY.isoformat()}).status == 303
    assert "jatuh tempo 21 Januari 2025" in clerk.get("/upkeep/").text
    for over in ({"every_months": "0"}, {"every_months": "x"}, {"due_on": ""}, {"kind": ""}, {"kit": ""}):
        assert boss.post("/upkeep/", {**id(), **sent, **over}).status == 422, over


@pytest.mark.parametrize(
    ("over", "field", "told"),
    [
        ({"note": "NIK 3516051203070001"}, "note", "Jangan tulis NIK"),
        ({"done_on": "2024-10-22"}, "done_on", "Tanggal pengerjaan tidak boleh di masa depan."),
        ({"done_on": "besok"}, "done_on", "Isi tanggal yang ada di kalender"),
    ],
)
def test_care_that_cannot_be_done_so_is_told_beside_the_box_and_what_was_typed_stays(portal, over, field, told):
    boss = portal.desk(people.supervisor)
    for kind in ("inspection", "preventive"):
        sent = {**id(), "kit": KIT, "kind": kind, "every_months": "12", "due_on": TODAY.isoformat()}
        assert boss.post("/upkeep/", sent).status == 303
    page = boss.get("/upkeep/")
    before = portal.digest()
    typed = {"note": "oli diganti", "done_on": "2024-10-20"} | over
    refused = boss.send(page, typed, part="/upkeep/2/done")
    assert (refused.status, portal.digest()) == (422, before)
    assert [told in line for line in refused.errors] == [True]
    assert told in refused.error_at(f"u2-{field}")
    assert refused.html.count('class="error"') == 1
    assert {name: refused.values("/upkeep/2/done")[name] for name in typed} == typed
    assert refused.values("/upkeep/1/done")["note"] == ""
    mended = boss.send(refused, note="oli diganti", done_on="2024-10-20", part="/upkeep/2/done")
    assert mended.status == 303
    later = boss.post(refused.forms()[-1]["action"], {**id(), "kit": OTHER, "kind": "inspection", "every_months": "1"})
    assert (later.status, "Isi tanggal" in later.text) == (422, True)


def test_papers_a_new_unit_and_another_kit(portal):
    boss = portal.desk(people.supervisor)
    sent = {"version": "1", "serial": "ir-5", "price_rp": "32.000.000", "essential": "record"}
    assert boss.post("/equipment/part/1/papers", {**id(), **sent}).status == 303
    assert "Rp32.000.000" in boss.get("/equipment/part/1").text
    stale = boss.post("/equipment/part/1/papers", {**id(), **sent, "serial": "IR-77"})
    assert (stale.status, stale.typed("serial")) == (409, "IR-77")
    assert "IR-5" in stale.text
    twice = boss.post("/equipment/part/10/papers", {**id(), **sent})
    assert (twice.status, "sudah dipakai" in twice.text) == (422, True)
    replaced = boss.post("/equipment/part/1/replace", {**id(), "version": "2", "serial": "IR-6"})
    assert replaced.status == 303
    assert "sudah tidak ada di alat" in boss.get("/equipment/part/1").text
    assert boss.get("/equipment/part/1/papers").status == 404
    assert boss.post("/equipment/part/10/transfer", {**id(), "version": "1", "kit": KIT}).status == 422
    assert boss.post("/equipment/part/10/out", {**id(), "version": "1"}).status == 303
    assert boss.post(f"/equipment/{OTHER}/part/new", {**id(), "kind": "iris", "serial": "IR-8"}).status == 303


def test_an_upload_in_another_encoding_is_refused_in_words(portal):
    boss = portal.desk(people.supervisor)
    file = (io.BytesIO("kode;bagian\nKIT-Ñ;iris\n".encode("latin-1")), "alat.csv")
    page = boss.ask("POST", "/kits/import", data={**id(), "csrf_token": boss.token, "file": file})
    assert page.status == 422
    assert "CSV UTF-8" in page.text


def test_a_day_that_is_taken_is_named_as_people_write_it(portal):
    clerk, day = portal.desk(people.clerk), TODAY.isoformat()
    sent = {"kind": "van", "valid_from": day, "valid_to": day}
    assert clerk.post(f"/equipment/{KIT}/diary", {**id(), **sent}).status == 303
    taken = clerk.post(f"/equipment/{KIT}/diary", {**id(), **sent})
    assert taken.errors[0].startswith("Alat ini sudah tercatat di tempat lain pada 21 Oktober 2024.")


def test_what_takes_a_thing_away_is_told_the_same_when_it_is_sent_again(portal):
    boss = portal.desk(people.supervisor)
    boss.post("/upkeep/", {**id(), "kit": KIT, "kind": "inspection", "every_months": "12", "due_on": TODAY.isoformat()})
    for path, more in (
        ("/upkeep/1/withdraw", {}),
        ("/equipment/part/1/replace", {"essential": "record"}),
        ("/equipment/part/3/out", {}),
    ):
        sent = {**id(), "version": "1", **more}
        first, again = boss.post(path, sent), boss.post(path, sent)
        assert (first.status, again.status, again.location) == (303, 303, first.location), path
        assert again.headers["X-Portal-Receipt"] == first.headers["X-Portal-Receipt"]
    assert boss.post("/equipment/part/3/out", {**id(), "version": "2"}).status == 404
    assert boss.get("/equipment/part/3/papers").status == 404
