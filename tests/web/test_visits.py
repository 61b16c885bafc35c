"""A visit at the desk: planned, closed when everybody is explained, corrected, cancelled, counted once."""

from datetime import timedelta

import pytest

from .. import people, records
from ..people import NGORO, SCHOOL, TODAY

SHEET = {
    "eligible": "52",
    "already": "0",
    "recorded_from_list": "40",
    "absent": "10",
    "refused": "1",
    "failed": "1",
    "outside": "0",
    "not_yet_16": "0",
    "walk_in": "2",
    "home-35.16.06": "12",
    "home-luar": "3",
    "undetailed": "27",
    "failed_reason": "alat",
}


def test_a_liaison_proposes_staff_accept_and_carry_out(portal_anywhere):
    portal = portal_anywhere
    liaison, clerk, supervisor = (portal.browser(w) for w in (people.liaison, people.clerk, people.supervisor))
    school = liaison.get(liaison.get("/today").link("SMAN 1 Ngoro"))
    form = liaison.get(school.link("Usulkan kunjungan"))
    assert form.typed("place_code") == SCHOOL
    planned = liaison.send(form, visit_date="21-10-2024", team="Tim Ngoro", note="aula")
    assert planned.status == 303
    shown = liaison.get(planned.location)
    assert planned.headers["X-Portal-Receipt"] in shown.text
    assert "Kantor Kecamatan Ngoro" in shown.text
    assert "Isi hasil" not in shown.text
    number = int(planned.location.rsplit("/", 1)[1])
    kept = portal.kept_visit(number)
    assert (kept.state, kept.plan.point_code) == ("proposed", NGORO)
    assert clerk.get(f"/visits/{number}/result").status == 404
    assert clerk.post(f"/visits/{number}/step", {"deed": "accept", "version": "1"}).status == 303
    assert portal.kept_visit(number).state == "planned"
    assert liaison.get(f"/visits/{number}/edit").status == 403

    before = portal.digest()
    short = clerk.send(clerk.get(f"/visits/{number}/result"), SHEET | {"absent": "7"})
    assert (short.status, short.error_at("eligible")) == (422, "Kesalahan: Masih 3 dari sasaran belum terjelaskan.")
    assert (short.typed("absent"), short.typed("home-luar")) == ("7", "3")
    over = clerk.send(short, absent="11")
    assert (over.status, over.error_at("eligible")) == (422, "Kesalahan: Rinciannya lebih 1 dari sasaran.")
    assert portal.digest() == before

    closed = clerk.send(over, absent="10")
    assert (closed.status, closed.location) == (303, planned.location)
    kept = portal.kept_visit(number)
    assert (kept.state, kept.result.recorded, kept.result.homes) == ("done", 42, {"35.16.06": 12, "luar": 3})
    assert "42" in supervisor.get(planned.location).text
    assert "Direkam 42 orang" in liaison.get(planned.location).text
    assert "SMAN 1 Ngoro" in liaison.get("/visits/").text

    work = supervisor.get("/summary/?period=today&book=work")
    home = supervisor.get("/summary/?period=today&book=home")
    for book in (work, home):
        assert book.root.all("tfoot")[-1].text.startswith("Kabupaten")
        assert "42" in book.root.all("tfoot")[-1].text
    row = next(r for r in work.table(1) if r[0].endswith("Ngoro"))
    assert "42" in row
    assert "12" in next(r for r in home.table(1) if r[0] == "Pungging")
    assert "3" in next(r for r in home.table(1) if r[0] == "Luar kabupaten")
    assert "27" in next(r for r in home.table(1) if r[0] == "Belum dirinci")


def test_the_office_report_and_the_visit_of_a_day_are_added_once(portal):
    portal.report(records.entry(20, {"35.16.06": 5}))
    portal.visit(result=records.result({"35.16.06": 12}))
    page = portal.browser(people.supervisor).get("/summary/?period=today&book=home")
    assert "17" in next(r for r in page.table(1) if r[0] == "Pungging")
    assert "62" in page.root.all("tfoot")[-1].text


def test_every_box_of_the_result_is_asked_for(portal, unchanged):
    number = portal.visit()
    clerk = portal.browser(people.clerk)
    form = clerk.get(f"/visits/{number}/result")
    unchanged()
    answer = clerk.send(form, eligible="10", absent="1,5", walk_in="-1")
    assert answer.status == 422
    assert answer.error_at("failed") == "Kesalahan: Isi jumlahnya. Bila tidak ada, tulis 0."
    for name in ("absent", "walk_in"):
        assert "isi dengan bilangan bulat, misalnya 24." in answer.error_at(name)
    assert [answer.typed(n) for n in ("eligible", "absent", "walk_in")] == ["10", "1,5", "-1"]
    answer = clerk.send(form, SHEET | {"home-luar": "31"})
    assert answer.errors == ["Rincian domisili berjumlah 70, lebih 28 dari yang direkam (42)."]


def test_the_result_waits_for_the_day(portal, unchanged):
    number = portal.visit(visit_date=TODAY + timedelta(days=1))
    clerk = portal.browser(people.clerk)
    form = clerk.get(f"/visits/{number}/result")
    unchanged()
    answer = clerk.send(form, SHEET)
    assert answer.errors == ["Kunjungan ini belum tiba harinya. Hasil diisi mulai hari kunjungan."]
    assert answer.typed("recorded_from_list") == "40"


def test_a_result_sent_twice_is_kept_once_and_a_correction_needs_a_reason(portal):
    number = portal.visit()
    clerk = portal.browser(people.clerk)
    form = clerk.get(f"/visits/{number}/result")
    first = clerk.send(form, SHEET)
    before = portal.digest()
    assert clerk.send(form, SHEET).headers["X-Portal-Receipt"] == first.headers["X-Portal-Receipt"]
    other = clerk.send(form, SHEET | {"walk_in": "3"})
    assert (other.status, other.typed("walk_in")) == (409, "3")
    again = clerk.get(f"/visits/{number}/result")
    assert again.typed("recorded_from_list") == "40"
    silent = clerk.send(again, walk_in="3", undetailed="28")
    assert (silent.status, silent.error_at("reason")) == (422, "Kesalahan: Tulis alasan perbaikan.")
    assert portal.digest() == before
    assert clerk.send(again, walk_in="3", undetailed="28", reason="satu orang terlewat").status == 303
    assert portal.kept_visit(number).result.recorded == 43
    history = portal.browser(people.reader).get(f"/visits/{number}").text
    assert "satu orang terlewat" in history
    assert "semula 2 → menjadi 3" in history


def test_a_place_is_visited_once_a_day(portal):
    number = portal.visit()
    clerk = portal.browser(people.clerk)
    form = clerk.get("/visits/new")
    before = portal.digest()
    answer = clerk.send(form, place_code=SCHOOL, visit_date=TODAY, team="Tim 2", note="aula")
    assert answer.status == 409
    assert "SMAN 1 Ngoro" in answer.text
    assert answer.link("Lihat kunjungan itu") == f"/visits/{number}"
    assert [answer.typed(n) for n in ("place_code", "team", "note")] == [SCHOOL, "Tim 2", "aula"]
    assert portal.digest() == before
    assert clerk.send(answer, visit_date=TODAY + timedelta(days=1)).status == 303


def test_a_plan_changed_meanwhile_shows_both(portal):
    number = portal.visit()
    clerk, supervisor = portal.browser(people.clerk), portal.browser(people.supervisor)
    form = clerk.get(f"/visits/{number}/edit")
    assert supervisor.send(supervisor.get(f"/visits/{number}/edit"), team="Tim 9").status == 303
    before = portal.digest()
    answer = clerk.send(form, note="bawa UPS")
    assert answer.status == 409
    assert ["Petugas (berbeda)", "Tim 9", "Tim 1"] in answer.table()
    assert answer.typed("note") == "bawa UPS"
    assert portal.digest() == before
    assert clerk.send(answer).status == 303
    kept = portal.kept_visit(number)
    assert (kept.version, kept.plan.team, kept.plan.note) == (3, "Tim 1", "bawa UPS")


def test_a_plan_sent_before_with_other_words_can_be_sent_after_both_were_seen(portal):
    visit = portal.visit()
    clerk = portal.browser(people.clerk)
    mine = clerk.get(f"/visits/{visit}/edit")
    assert clerk.send(mine, note="bawa UPS").status == 303  # the answer was lost
    both = clerk.send(mine, note="bawa dua UPS")
    assert (both.status, both.typed("note")) == (409, "bawa dua UPS")
    assert clerk.send(both).status == 303
    assert portal.kept_visit(visit).plan.note == "bawa dua UPS"


def test_a_result_on_a_visit_changed_meanwhile_is_a_conflict(portal):
    number = portal.visit()
    clerk, other = portal.browser(people.clerk), portal.browser(people.supervisor)
    form, hers = clerk.get(f"/visits/{number}/result"), other.get(f"/visits/{number}/result")
    other.send(hers, SHEET)
    before = portal.digest()
    answer = clerk.send(form, SHEET | {"absent": "9", "eligible": "51"})
    assert (answer.status, answer.typed("absent")) == (409, "9")
    assert any(row[1:] == ["10", "9"] for row in answer.table())
    assert portal.digest() == before
    assert clerk.send(answer, reason="daftar hadir").status == 303


def test_a_visit_is_cancelled_with_a_reason_and_counts_nowhere(portal):
    number = portal.visit(result=records.result())
    clerk = portal.browser(people.clerk)
    form = clerk.get(f"/visits/{number}/cancel")
    before = portal.digest()
    assert clerk.send(form).errors == ["Pilih sebab pembatalan."]
    answer = clerk.send(form, cancel_reason="lain")
    assert answer.errors == ["Jelaskan sebab pembatalan di catatan."]
    assert clerk.send(form, cancel_reason="sekolah", version="1").status == 409
    assert portal.digest() == before
    assert clerk.send(answer, note="dihitung dua kali").location == f"/visits/{number}"
    assert portal.kept_visit(number).state == "cancelled"
    total = portal.browser(people.supervisor).get("/summary/?period=today").root.all("tfoot")[-1].text
    assert "42" not in total
    planned = clerk.send(clerk.get("/visits/new"), place_code=SCHOOL, visit_date=TODAY)
    assert planned.status == 303


@pytest.mark.parametrize("fate", ["cancelled", "done"])
def test_a_plan_of_a_visit_that_was_ended_meanwhile_is_shown_with_everything_typed(portal, fate):
    number = portal.visit()
    clerk, supervisor = portal.browser(people.clerk), portal.browser(people.supervisor)
    form = clerk.get(f"/visits/{number}/edit")
    if fate == "done":
        assert supervisor.send(supervisor.get(f"/visits/{number}/result"), SHEET).status == 303
    else:
        portal.cancel_visit(number)
    before = portal.digest()
    typed = {"visit_date": "2024-10-24", "team": "Tim 7", "note": "bawa UPS"}
    answer = clerk.send(form, typed)
    assert (answer.status, answer.heading) == (409, "Ubah rencana kunjungan")
    assert {name: answer.typed(name) for name in typed} == typed
    assert "Kunjungan ini sudah selesai atau dibatalkan" in answer.text
    assert clerk.send(answer).status == 409
    assert portal.digest() == before
    assert clerk.get(f"/visits/{number}/edit").status == 404


def test_a_result_of_a_visit_that_was_cancelled_meanwhile_is_shown_with_everything_typed(portal):
    number = portal.visit()
    clerk = portal.browser(people.clerk)
    form = clerk.get(f"/visits/{number}/result")
    portal.cancel_visit(number)
    before = portal.digest()
    for answer in (clerk.send(form, SHEET), clerk.send(form, SHEET | {"absent": "99"})):
        assert answer.status == 409
        assert "Kunjungan ini sudah dibatalkan, jadi hasilnya tidak dapat disimpan." in answer.text
        assert {n: answer.typed(n) for n in SHEET if n != "absent"} == {n: v for n, v in SHEET.items() if n != "absent"}
    assert answer.typed("absent") == "99"
    assert portal.digest() == before
    assert clerk.get(f"/visits/{number}/result").status == 404


def test_a_result_sent_again_after_the_visit_was_cancelled_is_not_told_as_kept(portal_anywhere):
    portal = portal_anywhere
    number = portal.visit()
    clerk = portal.browser(people.clerk)
    form = clerk.get(f"/visits/{number}/result")
    assert clerk.send(form, SHEET).status == 303
    portal.cancel_visit(number, version=2)
    before = portal.digest()
    answer = clerk.send(form, SHEET)
    assert (answer.status, answer.typed("walk_in"), answer.typed("home-luar")) == (409, "2", "3")
    assert "X-Portal-Receipt" not in answer.headers
    assert portal.digest() == before


def test_the_words_of_a_plan_are_changed_without_moving_the_work(portal):
    """Ngoro's team goes to Pungging's school: both clerks may write who goes, and the point stays Ngoro's."""
    plan = {"place_code": people.PUNGGING_SCHOOL, "point_code": NGORO}
    number = portal.visit(people.supervisor, **plan)
    for who, team in ((people.colleague, "Bu Sri"), (people.clerk, "Pak Budi")):
        clerk = portal.browser(who)
        form = clerk.get(f"/visits/{number}/edit")
        assert form.typed("place_code") == people.PUNGGING_SCHOOL
        assert form.typed("point_code") == NGORO
        assert clerk.send(form, team=team).status == 303
        kept = portal.kept_visit(number).plan
        assert (kept.point_code, kept.place_code, kept.team) == (NGORO, people.PUNGGING_SCHOOL, team)
    ngoro = portal.browser(people.clerk)
    form = ngoro.get(f"/visits/{number}/edit")
    assert ngoro.send(form, point_code=people.PUNGGING).status == 404
    assert ngoro.send(form, place_code=SCHOOL, point_code=people.PUNGGING).status == 404


@pytest.mark.parametrize("who", [people.colleague, people.stranger])
def test_a_foreign_visit_cannot_be_touched(portal, unchanged, who):
    number = portal.visit()
    clerk, other = portal.browser(people.clerk), portal.browser(who)
    form = clerk.get(f"/visits/{number}/result")
    unchanged()
    assert other.post(f"/visits/{number}/result", {**form.values(), **SHEET}).status == 404
    assert other.post(f"/visits/{number}/cancel", {"cancel_reason": "sekolah", "version": "1"}).status == 404
    assert str(number) not in [a["href"].rsplit("/", 1)[-1] for a in other.get("/visits/").root.all("a")]


def test_the_supervisor_chooses_the_kecamatan_first(portal):
    supervisor = portal.browser(people.supervisor)
    page = supervisor.get("/visits/new?kecamatan=35.16.06")
    names = [o["value"] for o in page.by_id("place_code").all("option")]
    assert people.PUNGGING_SCHOOL in names
    assert SCHOOL not in names
    sent = supervisor.send(page, place_code=people.PUNGGING_SCHOOL, visit_date="2024-10-22", point_code="dinas")
    assert sent.status == 303
    assert supervisor.get("/visits/new?kecamatan=").status == 200


def test_what_is_overdue_waits_on_the_start_page(portal):
    portal.visit(visit_date=TODAY - timedelta(days=3))
    for who in (people.clerk, people.liaison, people.supervisor):
        assert "SMAN 1 Ngoro" in portal.browser(who).get("/today").text
    assert "Hasil belum diisi" in portal.browser(people.reader).get("/visits/").text


def test_a_plan_sent_again_after_its_visit_was_cancelled_is_not_told_as_kept(portal):
    clerk = portal.browser(people.clerk)
    form = clerk.get("/visits/new")
    planned = clerk.send(form, place_code=SCHOOL, visit_date=TODAY)
    number = int(planned.location.rsplit("/", 1)[1])
    portal.cancel_visit(number)
    before = portal.digest()
    answer = clerk.send(form, place_code=SCHOOL, visit_date=TODAY)
    assert answer.status == 409
    assert "sudah dibatalkan" in answer.text
    assert "X-Portal-Receipt" not in answer.headers
    assert portal.digest() == before
