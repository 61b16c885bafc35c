"""A sweep at the desk: holidays asked, kits clashing, steps pressed, the day before, and who is to be come back for."""

from datetime import timedelta

import pytest

from .. import people, records
from ..people import NGORO, OTHER_SCHOOL, SCHOOL, TODAY
from .test_visits import SHEET

KIT = "kit-kec-35.16.05"
TOMORROW = TODAY + timedelta(days=1)


def test_a_holiday_is_asked_and_answered_by_a_tick(portal):
    clerk = portal.browser(people.clerk)
    form = clerk.get("/visits/new")
    assert "hari libur itu" not in form.text
    before = portal.digest()
    asked = clerk.send(form, place_code=SCHOOL, visit_date="25-12-2024", team="Tim 1")
    assert asked.status == 422
    assert "hari libur" in asked.error_at("holiday_ok")
    assert asked.typed("team") == "Tim 1"
    assert portal.digest() == before
    assert clerk.send(asked, holiday_ok="1").status == 303


@pytest.mark.parametrize(
    ("boxes", "words"), [({"kits": KIT}, "sudah dipakai"), ({"team": " tim 1"}, "sudah berangkat")]
)
def test_a_kit_or_team_in_two_places_is_a_conflict_with_both(portal, boxes, words):
    number = portal.visit(kits=(KIT,))
    clerk = portal.browser(people.clerk)
    before = portal.digest()
    answer = clerk.send(
        clerk.get("/visits/new"), {"place_code": OTHER_SCHOOL, "visit_date": TODAY, "note": "aula"} | boxes
    )
    assert answer.status == 409
    assert any(words in text for text in answer.errors)
    assert answer.link("Lihat kunjungan itu") == f"/visits/{number}"
    both = {row[0].split(" (")[0]: row[1:] for row in answer.table()}
    assert both["Tempat"][0] == "SMAN 1 Ngoro" != both["Tempat"][1], "both visits, side by side"
    assert (both["Alat"], both["Catatan"]) == ([KIT, boxes.get("kits", "–")], ["–", "aula"])
    assert (answer.typed("place_code"), answer.typed("note")) == (OTHER_SCHOOL, "aula")
    assert portal.digest() == before
    assert clerk.send(answer, {"session": "morning", "visit_date": TOMORROW}).status == 303


def test_a_kit_of_a_visit_one_does_not_see_is_told_without_the_place(portal):
    """The supervisor lends Ngoro's kit to Pungging's team: Ngoro's clerk learns that it is gone, not where to."""
    wanted = {"place_code": people.PUNGGING_SCHOOL, "point_code": people.PUNGGING, "kits": (KIT,)}
    portal.visit(people.supervisor, **wanted)
    clerk = portal.browser(people.clerk)
    answer = clerk.send(clerk.get("/visits/new"), {"place_code": SCHOOL, "visit_date": TODAY, "kits": KIT})
    assert answer.status == 409
    assert any("sudah dipakai" in text for text in answer.errors)
    assert "Pungging" not in answer.text


def test_steps_are_pressed_and_a_stale_one_is_told(portal):
    number = portal.visit(people.liaison)
    clerk, supervisor = portal.browser(people.clerk), portal.browser(people.supervisor)
    shown = clerk.get(f"/visits/{number}")
    for name in ("Terima usulan", "Ubah rencana", "Batalkan"):
        assert name in shown.text
    assert "Isi hasil" not in shown.text
    step = {"deed": "accept", "version": "1"}
    assert clerk.post(f"/visits/{number}/step", step).status == 303
    before = portal.digest()
    assert supervisor.post(f"/visits/{number}/step", step).status == 303, "accepted already"
    stale = supervisor.post(f"/visits/{number}/step", {"deed": "confirm", "version": "1"})
    assert (stale.status, stale.heading) == (409, "Yang tersimpan sudah berubah")
    assert stale.table()[1:] == [["Keadaan (berbeda)", "Rencana", "Dikonfirmasi"]]
    for deed in ("fly", "close", ""):
        assert supervisor.post(f"/visits/{number}/step", {"deed": deed, "version": "2"}).status == 422
    assert portal.digest() == before
    assert supervisor.send(stale).location == f"/visits/{number}"
    over = clerk.post(f"/visits/{number}/step", step)
    assert (over.status, over.table()[1:]) == (409, [["Keadaan (berbeda)", "Dikonfirmasi", "Rencana"]])
    assert not over.forms(), "it is more than accepted: there is nothing left to send"
    silent = clerk.post(f"/visits/{number}/step", {"deed": "unconfirm", "version": "3"})
    assert (silent.status, silent.error_at("comment")) == (422, "Kesalahan: Tulis alasannya.")
    words = {"deed": "unconfirm", "version": "3", "comment": "ujian mendadak"}
    early = clerk.post(f"/visits/{number}/step", words | {"version": "2"})
    assert early.table()[1:][1] == ["Alasan (berbeda)", "–", "ujian mendadak"]
    assert clerk.post(f"/visits/{number}/step", words).status == 303
    assert "ujian mendadak" in clerk.get(f"/visits/{number}").text


def test_a_failed_check_offers_another_kit_or_day(portal):
    number = portal.visit(visit_date=TOMORROW, kits=(KIT,))
    clerk = portal.browser(people.clerk)
    assert "alat belum diperiksa" in clerk.get("/today").text
    form = clerk.get(f"/visits/{number}/check")
    before = portal.digest()
    assert clerk.send(form).errors == ["Tandai paling sedikit satu baris."]
    answer = clerk.send(form, {f"check-{KIT}-iris": "failed", f"check-{KIT}-login": "ok"})
    assert (answer.status, answer.error_at(f"note-{KIT}-iris")) == (422, "Kesalahan: Tulis apa yang tidak berfungsi.")
    assert portal.digest() == before
    assert clerk.send(answer, {f"note-{KIT}-iris": "gelap"}).status == 303
    shown = clerk.get(f"/visits/{number}")
    assert "gelap" in shown.text
    swap = shown.link(f"Ganti {KIT}")
    assert swap == f"/visits/{number}/edit?swap={KIT}#kits"
    assert clerk.get(f"/visits/{number}/edit").values().getlist("kits") == [KIT]
    assert clerk.get(swap.split("#")[0]).values().getlist("kits") == []
    assert shown.link("Pindah tanggal") == f"/visits/{number}/edit#visit_date"
    assert "alat tidak berfungsi" in clerk.get("/today").text
    assert "alat tidak berfungsi" in portal.browser(people.supervisor).get("/today").text


def test_who_was_missed_waits_until_somebody_closes_it(portal):
    number = portal.visit(visit_date=TODAY - timedelta(days=12), result=records.result(failed=2))
    clerk, reader = portal.browser(people.clerk), portal.browser(people.reader)
    for page in (clerk.get("/today"), clerk.get("/visits/"), reader.get("/visits/")):
        assert "tidak hadir 10 · gagal 2" in page.text
        assert "lewat batas" in page.text
    line = portal.line_of(number)
    boss = portal.browser(people.supervisor)
    form, theirs = (desk.get(f"/visits/follow-ups/{line}") for desk in (clerk, boss))
    before = portal.digest()
    assert clerk.send(form).errors == ["Pilih bagaimana daftar ini selesai."]
    answer = clerk.send(form, closed_by="transfer")
    assert (answer.status, answer.error_at("note")) == (422, "Kesalahan: Tulis dialihkan ke mana.")
    assert portal.digest() == before
    assert clerk.send(answer, note="Kantor Pungging").location == f"/visits/{number}"
    assert "tidak hadir 10" not in clerk.get("/visits/").text
    late = boss.send(theirs, closed_by="office", note="Sabtu")
    assert (late.status, late.heading) == (409, "Yang tersimpan sudah berubah")
    assert late.table()[1:] == [
        ["Yang tertinggal", "tidak hadir 10, gagal 2", "tidak hadir 10, gagal 2"],
        ["Bagaimana selesainya (berbeda)", "Dialihkan ke kantor lain", "Sudah direkam di kantor"],
        ["Catatan (berbeda)", "Kantor Pungging", "Sabtu"],
    ]
    assert not late.forms(), "it is closed: there is nothing left to send"


def test_a_line_that_a_correction_changed_is_closed_only_if_that_is_meant(portal):
    number = portal.visit(visit_date=TODAY, result=records.result(failed=2))
    clerk = portal.browser(people.clerk)
    form = clerk.get(f"/visits/follow-ups/{portal.line_of(number)}")
    result = clerk.get(f"/visits/{number}/result")
    changed = {"failed": "1", "absent": "11", "reason": "salah hitung"}
    assert clerk.send(result, changed).status == 303
    before = portal.digest()
    late = clerk.send(form, closed_by="office", note="Sabtu")
    assert (late.status, portal.digest()) == (409, before)
    assert [row[1:] for row in late.table()[1:]] == [
        ["tidak hadir 11, gagal 1", "tidak hadir 11, gagal 1"],
        ["terbuka", "Sudah direkam di kantor"],
        ["–", "Sabtu"],
    ]
    assert clerk.send(late).location == f"/visits/{number}"
    assert "tidak hadir 11" not in clerk.get("/visits/").text


def test_coming_back_begins_with_the_place_and_closes_the_line(portal):
    first = portal.visit(visit_date=TODAY - timedelta(days=5), result=records.result())
    clerk = portal.browser(people.clerk)
    form = clerk.get(clerk.get("/visits/").link("Rencanakan kunjungan ulang"))
    assert form.typed("place_code") == SCHOOL
    planned = clerk.send(form, visit_date=TODAY)
    number = int(planned.location.rsplit("/", 1)[1])
    kept = portal.kept_visit(number)
    assert (kept.plan.revisit_of, kept.wave, kept.plan.point_code) == (first, 2, NGORO)
    assert clerk.send(clerk.get(f"/visits/{number}/result"), SHEET | {"absent": "11", "failed": "0"}).status == 303
    assert "ditutup" in clerk.get(f"/visits/{first}").text


def test_partly_done_and_the_sum_of_the_homes(portal):
    number = portal.visit()
    clerk = portal.browser(people.clerk)
    form = clerk.get(f"/visits/{number}/result")
    before = portal.digest()
    short = clerk.send(form, SHEET | {"undetailed": "20"})
    assert short.errors == ["Rincian domisili berjumlah 35, kurang 7 dari yang direkam (42)."]
    silent = clerk.send(form, SHEET | {"failed_reason": ""})
    assert silent.error_at("failed_reason") == "Kesalahan: Pilih sebab gagal rekam."
    assert clerk.send(form, SHEET | {"outcome": "cancelled"}).status == 422
    assert portal.digest() == before
    assert clerk.send(form, SHEET | {"outcome": "partly"}).status == 303
    assert portal.kept_visit(number).state == "partly"
    again = clerk.get(f"/visits/{number}/result")
    assert (again.typed("undetailed"), again.typed("failed_reason")) == ("27", "alat")
    total = portal.browser(people.supervisor).get("/summary/?period=today").root.all("tfoot")[-1].text
    assert "42" in total


def test_without_javascript_the_form_says_what_is_unexplained(portal):
    number = portal.visit()
    clerk = portal.browser(people.clerk)
    answer = clerk.send(clerk.get(f"/visits/{number}/result"), SHEET | {"absent": "4"})
    assert "Sisa belum terjelaskan: 6" in answer.text


def test_without_javascript_the_form_says_how_far_the_splits_go(portal):
    number = portal.visit()
    clerk = portal.browser(people.clerk)
    form = clerk.get(f"/visits/{number}/result")
    assert "Isi dulu jumlah yang direkam di atas." in form.text
    short = clerk.send(form, SHEET | {"undetailed": "24"})
    assert "Domisili: 39 dari 42 dirinci, 3 belum" in short.text
    assert "Umur belum dirinci. Direkam seluruhnya: 42" in short.text
    aged = clerk.send(form, SHEET | {"recorded_grown": "30", "recorded_later": "9"})
    assert aged.errors == ["Rincian umur berjumlah 39, kurang 3 dari yang direkam (42)."]
    assert "Umur: 39 dari 42 dirinci, 3 belum" in aged.text
    assert "Domisili: 42 dari 42 dirinci, cocok" in aged.text
    assert aged.typed("recorded_later") == "9"
    over = clerk.send(form, SHEET | {"undetailed": "30"})
    assert "Domisili: 45 dirinci, lebih 3 dari yang direkam (42)" in over.text


def test_a_result_by_age_is_kept_shown_and_corrected(portal):
    number = portal.visit()
    clerk = portal.browser(people.clerk)
    ages = {"recorded_grown": "25", "recorded_priority": "8", "recorded_later": "9"}
    assert clerk.send(clerk.get(f"/visits/{number}/result"), SHEET | ages).status == 303
    shown = clerk.get(f"/visits/{number}")
    table = next(t for t in shown.root.all("table") if "genap 17 sesudah" in t.text)
    assert table.all("tfoot")[0].text.split() == ["Calon", "pemilih", "33"]
    again = clerk.get(f"/visits/{number}/result")
    assert [again.typed(name) for name in ages] == ["25", "8", "9"]
    gone = dict.fromkeys(ages, "") | {"reason": "umur ternyata tidak dicatat"}
    assert clerk.send(again, gone).status == 303
    assert portal.kept_visit(number).result.by_age is None


def test_a_team_in_the_way_may_be_shared(portal):
    """The second small school of a morning: refused at first, then joined by a tick, each with a result of its own."""
    host = portal.visit(kits=(KIT,), session="morning")
    clerk = portal.browser(people.clerk)
    wanted = {"place_code": OTHER_SCHOOL, "visit_date": TODAY, "kits": KIT, "session": "morning", "team": "Tim 1"}
    refused = clerk.send(clerk.get("/visits/new"), wanted)
    assert refused.status == 409
    made = clerk.send(refused, joined_to=str(host))
    assert made.status == 303
    other = int(made.location.rsplit("/", 1)[1])
    for one, name in ((host, people.OTHER_SCHOOL), (other, SCHOOL)):
        shown = clerk.get(f"/visits/{one}")
        assert f"/visits/{other if one == host else host}" in {a["href"] for a in shown.root.all("a")}, name
        assert KIT in shown.text
    assert clerk.get(f"/visits/{other}/edit").values()["joined_to"] == str(host)
    clerk.send(clerk.get(f"/visits/{other}/check"), {f"check-{KIT}-iris": "failed", f"note-{KIT}-iris": "gelap"})
    swap = f"/visits/{host}/edit?swap={KIT}#kits"
    assert [clerk.get(f"/visits/{one}").link(f"Ganti {KIT}") for one in (host, other)] == [swap, swap]
    for one in (host, other):
        assert clerk.send(clerk.get(f"/visits/{one}/result"), SHEET).status == 303
    week = clerk.get(f"/visits/week/{TODAY}")
    assert [row[4] for row in week.table() if KIT in row] == [KIT, KIT]
    calendar = clerk.get(f"/visits/calendar/{TODAY}.ics").text.replace("\r\n ", "")
    assert calendar.count(f"Alat: {KIT}") == calendar.count("BEGIN:VEVENT") == 2
    total = portal.browser(people.supervisor).get("/summary/?period=today").root.all("tfoot")[-1].text
    assert "84" in total, "42 and 42, once each"


TABS = {
    "/visits/": "Jadwal",
    "/places/": "Tempat",
    "/planner/": "Perencana",
    "/visits/summary/": "Keadaan",
}


@pytest.mark.parametrize("path", TABS)
def test_every_page_of_the_section_says_where_one_stands(portal, path):
    page = portal.browser(people.supervisor).get(path)
    marked = [a.text for a in page.root.all("a") if a["aria-current"] == "page"]
    assert marked[:2] == ["Kunjungan", TABS[path]]


def test_a_liaison_has_no_tab_that_is_closed_to_her(portal):
    page = portal.browser(people.liaison).get("/visits/")
    assert "/planner/" not in {a["href"] for a in page.root.all("a")}
    assert page.link("Tempat") == "/places/"


def test_a_place_shows_its_visits_and_who_must_be_come_back_for(portal):
    number = portal.visit()
    clerk = portal.browser(people.clerk)
    clerk.send(clerk.get(f"/visits/{number}/result"), SHEET)
    place = clerk.get(f"/places/{SCHOOL}")
    assert place.link("tidak hadir 10, gagal 1") == place.link("Senin, 21 Oktober 2024") == f"/visits/{number}"
