"""Bad input is answered in plain words beside the box; what was typed stays, and nothing is kept."""

import csv
import io
from datetime import timedelta

import pytest

from .. import people, records
from ..people import NGORO, PUNGGING, SCHOOL, TODAY

DAY = f"/recordings/{NGORO}/{TODAY}"
EDIT = f"{DAY}/edit"
NUMBER = "isi dengan bilangan bulat, misalnya 24."
RANGE = "Isi dengan bilangan bulat dari 0 sampai 9.999."


@pytest.mark.parametrize("typed", ["1.200", "1 200", "1200", " 1200 ", "1\u00a0200", "01200"])
def test_a_number_is_read_as_people_write_it(portal, typed):
    clerk = portal.browser(people.clerk)
    passed = {"passed-1": "capacity:recorded:1200"}
    assert clerk.send(clerk.get(EDIT), passed, recorded=typed).status == 303
    assert portal.kept_report().entry.recorded == 1200


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("1,5", f"Jumlah rekam: {NUMBER}"),
        ("-3", f"Jumlah rekam: {NUMBER}"),
        ("１２", f"Jumlah rekam: {NUMBER}"),
        ("٣", f"Jumlah rekam: {NUMBER}"),
        ("1e3", f"Jumlah rekam: {NUMBER}"),
        ("1_0", f"Jumlah rekam: {NUMBER}"),
        ("NaN", f"Jumlah rekam: {NUMBER}"),
        ("12.00", f"Jumlah rekam: {NUMBER}"),
        ("0x10", f"Jumlah rekam: {NUMBER}"),
        ("dua puluh", f"Jumlah rekam: {NUMBER}"),
        ("<script>alert(1)</script>", f"Jumlah rekam: {NUMBER}"),
        ("9" * 10_000, f"Jumlah rekam: {NUMBER}"),
        ("1\x00", f"Jumlah rekam: {NUMBER}"),
        (str(10**12), RANGE),
        ("10000", RANGE),
        ("", "Isi jumlah rekam. Bila tidak ada, tulis 0 atau pilih NIHIL."),
    ],
    ids=lambda text: text[:12],
)
def test_what_is_no_count_is_told_beside_the_box(quiet, typed, message):
    clerk = quiet.desk(people.clerk)
    form = clerk.get(EDIT)
    answer = clerk.send(form, {"recorded": typed, "failed": "2", "note": "dari buku tamu", "home-luar": "1"})
    assert answer.status == 422
    assert answer.errors[0] == message
    assert answer.error_at("recorded") == f"Kesalahan: {message}"
    assert answer.by_id("recorded")["aria-invalid"] == "true"
    assert answer.typed("recorded") == typed
    assert [answer.typed(n) for n in ("failed", "note", "home-luar")] == ["2", "dari buku tamu", "1"]
    assert answer.typed("submission_id") == form.typed("submission_id")


@pytest.mark.parametrize(
    ("boxes", "field", "message"),
    [
        (
            {"recorded": "20", "recorded_male": "15", "recorded_female": "6"},
            "recorded_male",
            "Laki-laki dan perempuan berjumlah 21, lebih besar dari jumlah rekam 20.",
        ),
        (
            {"recorded": "20", "recorded_first_time": "21"},
            "recorded_first_time",
            "Pemula berjumlah 21, lebih besar dari jumlah rekam 20.",
        ),
        (
            {"recorded": "20", "home-35.16.06": "12", "home-luar": "9"},
            "homes",
            "Rincian domisili berjumlah 21, lebih besar dari jumlah rekam 20.",
        ),
        ({"recorded": "20", "home-35.16.06": "-1"}, "home-35.16.06", f"Pungging: {NUMBER}"),
        ({"recorded": "20", "ribbon_pct": "101"}, "ribbon_pct", "Isi dengan bilangan bulat dari 0 sampai 100."),
        (
            {"kind": "nihil", "nihil_reason": "alat_rusak", "recorded": "5"},
            "recorded",
            "Hari NIHIL tidak dapat berisi jumlah. Kosongkan, atau pilih “Ada pelayanan”.",
        ),
        (
            {"kind": "nihil", "nihil_reason": "alat_rusak", "home-luar": "5"},
            "homes",
            "Hari NIHIL tidak dapat berisi rincian domisili.",
        ),
        ({"kind": "nihil", "nihil_reason": "malas"}, "nihil_reason", "Pilih sebab NIHIL."),
        ({"kind": "libur", "recorded": "5"}, "kind", "Pilih: ada pelayanan, atau NIHIL."),
        ({"recorded": "5", "note": "a" * 10_000}, "note", "Terlalu panjang: paling banyak 500 huruf."),
        (
            {"recorded": "5", "note": "NIK 3516 0512.0307-0001 kembali besok"},
            "note",
            "Jangan tulis NIK atau nomor KK: ada 16 angka berurutan. Portal ini hanya menyimpan jumlah.",
        ),
        (
            {"recorded": "5", "note": "a\x00b"},
            "note",
            "Ada tanda yang tidak dapat disimpan. Ketik ulang dengan huruf biasa.",
        ),
        ({"recorded": "5", "surat_pindah": "3"}, "", "Isian tidak dikenal: surat_pindah."),
        ({"recorded": "5", "home-35.16.99": "3"}, "", "Isian tidak dikenal: home-35.16.99."),
        ({"recorded": "5", "point_code": PUNGGING}, "", "Isian tidak dikenal: point_code."),
        ({"recorded": "5", "service_date": "2024-10-09"}, "", "Isian tidak dikenal: service_date."),
    ],
)
def test_what_does_not_fit_together_is_told(quiet, boxes, field, message):
    clerk = quiet.desk(people.clerk)
    form = clerk.get(EDIT)
    answer = clerk.send(form, boxes)
    assert answer.status == 422
    assert message in answer.errors
    if field == "homes":
        assert message in answer.by_id("homes").text
    elif field:
        assert answer.error_at(field) == f"Kesalahan: {message}"
    for name, text in boxes.items():
        if answer.values().get(name) is not None and name != "nihil_reason":
            assert answer.typed(name) == text


@pytest.mark.parametrize(
    ("day", "message"),
    [
        (TODAY + timedelta(days=1), "Tanggal pelayanan belum tiba. Pilih hari ini atau sebelumnya."),
        (records.START - timedelta(days=1), "Tanggal pelayanan sebelum pencatatan dimulai (08-10-2024)."),
    ],
)
def test_a_day_outside_the_programme_is_not_kept(quiet, day, message):
    clerk = quiet.desk(people.clerk)
    form = clerk.get(EDIT)
    answer = clerk.post(EDIT.replace(str(TODAY), str(day)), {**form.values(), "recorded": "24"})
    assert (answer.status, answer.errors, answer.typed("recorded")) == (422, [message], "24")


NO_DAY = ["2024-02-31", "kemarin", "2024-10-21T00:00", "20241021", "2024-W43-1", "0000-00-00"]
OUT_OF_REACH = ["9999-12-31", "0001-01-01", "2101-01-01", "1999-12-31"]


@pytest.mark.parametrize("day", [*NO_DAY, *OUT_OF_REACH])
def test_a_day_that_is_none_is_not_found(quiet, day):
    clerk = quiet.desk(people.clerk)
    for path in (f"/recordings/{NGORO}/{day}", f"/recordings/{NGORO}/{day}/edit"):
        assert clerk.get(path).status == 404
    assert clerk.post(f"/recordings/{NGORO}/{day}/edit", {"recorded": "24"}).status == 404


@pytest.mark.parametrize("day", ["2000-01-01", "2100-12-31"])
def test_a_day_far_away_is_a_day_without_a_report(portal_anywhere, day):
    supervisor = portal_anywhere.browser(people.supervisor)
    for end in ("", "/edit"):
        assert supervisor.get(f"/recordings/{NGORO}/{day}{end}").status == 200
    form = supervisor.get(f"/recordings/{NGORO}/{day}/edit")
    assert supervisor.send(form, recorded="24").status == 422
    assert supervisor.get(f"/recordings/{NGORO}/9999-12-31").status == 404
    assert supervisor.get("/visits/99999999999999999999").status == 404


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "31-12-9999", "01/01/0001"])
def test_a_visit_on_a_day_beyond_the_calendar_is_refused(quiet, day):
    clerk = quiet.desk(people.clerk)
    answer = clerk.send(clerk.get("/visits/new"), place_code=SCHOOL, visit_date=day, team="Tim 1")
    assert (answer.status, answer.typed("visit_date"), answer.typed("team")) == (422, day, "Tim 1")
    assert answer.errors == ["Isi tanggal yang ada di kalender, misalnya 21-10-2024."]


def test_another_kecamatans_point_is_not_there(portal):
    clerk = portal.browser(people.clerk)
    form = clerk.get(EDIT)
    answer = clerk.post(EDIT.replace(NGORO, PUNGGING), {**form.values(), "recorded": "24"})
    assert (answer.status, answer.heading) == (404, "Tidak ditemukan")


def test_a_form_without_its_sign_of_origin_is_offered_again(portal):
    clerk = portal.browser(people.clerk)
    form = clerk.get(EDIT)
    before = portal.digest("kept_form")
    for token in ({}, {"csrf_token": "x"}, {"csrf_token": ""}):
        fields = {k: v for k, v in form.values().items() if k != "csrf_token"} | {"recorded": "2４", "note": "<b>tebal"}
        answer = clerk.post(EDIT, {**fields, **token}, token=False)
        assert (answer.status, answer.heading) == (400, "Permintaan tidak dapat dibaca")
        again = clerk.get(answer.link("Buka lagi isian saya"))
        assert (again.typed("recorded"), again.typed("note")) == ("2４", "<b>tebal")
        assert again.typed("submission_id") == form.typed("submission_id")
    assert portal.digest("kept_form") == before
    assert clerk.send(again, recorded="24").status == 303


def test_a_form_from_another_site_is_refused(portal, unchanged):
    clerk = portal.browser(people.clerk)
    fields = {**clerk.get(EDIT).values(), "recorded": "24"}
    unchanged()
    assert clerk.post(EDIT, fields, Sec_Fetch_Site="cross-site").status == 403
    for path in ("/sign-in", "/language", "/sign-out", f"{DAY}/cancel", "/nothing"):
        assert clerk.post(path, {}, Sec_Fetch_Site="cross-site").status in (403, 404)


@pytest.mark.parametrize("path", [EDIT, "/visits/new", "/sign-in", "/language", "/account/password"])
def test_a_body_of_five_megabytes_is_too_large(quiet, path):
    clerk = quiet.desk(people.clerk)
    token = clerk.token
    answer = clerk.ask("POST", path, data={"csrf_token": token, "note": "a" * 5_000_000})
    assert (answer.status, answer.heading) == (413, "Kiriman terlalu besar")


def test_a_hundred_thousand_boxes_are_not_repeated(portal, unchanged):
    clerk = portal.browser(people.clerk)
    boxes = {f"n{i}": "1" for i in range(100_000)}
    form = clerk.get(EDIT)
    unchanged()
    assert len(clerk.send(form, boxes).data) < 100_000
    assert clerk.post(EDIT, boxes, token=False).status == 400


def test_odd_bodies_are_refused_without_falling_over(quiet):
    clerk = quiet.desk(people.clerk)
    token = clerk.token
    for type, body in [
        ("application/json", b'{"recorded": 3}'),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\n1"),
        ("multipart/form-data", b"nothing"),
        ("application/x-www-form-urlencoded", b"\xff\xfe=%ZZ&recorded=\xff"),
        ("text/plain; charset=wrong", b"recorded=3"),
    ]:
        answer = clerk.ask("POST", EDIT, data=body, headers={"Content-Type": type, "X-CSRFToken": token})
        assert answer.status in (400, 422), (type, answer.status)


def test_markup_in_a_note_is_shown_as_it_was_typed(portal):
    note = '<script>alert("1")</script> & <b>tebal</b> {{ 7*7 }}'
    clerk, supervisor = portal.browser(people.clerk), portal.browser(people.supervisor)
    clerk.send(clerk.get(EDIT), recorded="24", note="biasa")
    clerk.send(clerk.get(EDIT), note=note, reason="<i>miring</i>")
    visit = portal.visit(note=note, team="<u>Tim</u>")
    for path in (DAY, EDIT, f"/visits/{visit}", f"/visits/{visit}/edit"):
        page = clerk.ask("GET", path, checked=False)
        assert note in page.root.raw
        assert not page.root.all("b", "i", "u")
        assert len([s for s in page.root.all("script") if s.raw]) == 0
    assert "Alasan: <i>miring</i>" in supervisor.ask("GET", DAY, checked=False).text


def test_names_cannot_become_formulas_in_a_download(portal):
    admin, supervisor = portal.browser(people.administrator), portal.browser(people.supervisor)
    answer = admin.send(admin.get("/accounts/3"), name="=HYPERLINK(1)")
    assert answer.status == 303
    portal.report(who=people.stranger)
    text = supervisor.get("/summary/download.csv").data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_messages_are_escaped_too(quiet):
    clerk = quiet.desk(people.clerk)
    answer = clerk.send(clerk.get(EDIT), {"recorded": "2", "<img src=x onerror=alert(1)>": "1"})
    assert answer.errors == ["Isian tidak dikenal: <img src=x onerror=alert(1)>."]
    assert "<img" not in answer.html


@pytest.mark.parametrize(
    ("boxes", "message"),
    [
        ({"visit_date": "2024-02-31"}, "Isi tanggal yang ada di kalender, misalnya 21-10-2024."),
        ({"visit_date": ""}, "Isi tanggal yang ada di kalender, misalnya 21-10-2024."),
        ({"visit_date": "2024-10-07"}, "Tanggal kunjungan sebelum pencatatan dimulai (08-10-2024)."),
        ({"visit_date": "2025-10-23"}, "Tanggal kunjungan lebih dari setahun lagi."),
        ({"place_code": ""}, "Pilih tempat yang dikunjungi."),
        ({"place_code": "npsn-0"}, "Pilih tempat yang dikunjungi."),
        ({"team": "a" * 81}, "Terlalu panjang: paling banyak 80 huruf."),
        (
            {"note": "KK 3516051203070001"},
            "Jangan tulis NIK atau nomor KK: ada 16 angka berurutan. Portal ini hanya menyimpan jumlah.",
        ),
        ({"state": "done"}, "Isian tidak dikenal: state."),
    ],
)
def test_a_plan_that_cannot_be_is_told(quiet, boxes, message):
    clerk = quiet.desk(people.clerk)
    form = clerk.get("/visits/new")
    whole = {"place_code": SCHOOL, "visit_date": "22/10/2024", "team": "Tim 1", "note": "bawa UPS"} | boxes
    answer = clerk.send(form, whole)
    assert answer.status == 422
    assert answer.errors == [message]
    for name in ("visit_date", "team", "note"):
        assert answer.typed(name) == whole[name]


def test_another_kecamatans_point_or_place_posted_is_not_there(portal):
    clerk, liaison = portal.browser(people.clerk), portal.browser(people.liaison)
    form, own = clerk.get("/visits/new"), liaison.get("/visits/new")
    before = portal.digest("audit")
    sound = {"place_code": SCHOOL, "visit_date": "2024-10-22", "point_code": NGORO}
    assert clerk.send(form, sound | {"point_code": PUNGGING}).status == 404
    assert clerk.send(form, sound | {"place_code": people.PUNGGING_SCHOOL}).status == 404
    assert liaison.send(own, sound | {"place_code": people.OTHER_SCHOOL}).status == 404
    assert portal.digest("audit") == before


def test_a_code_with_a_sign_that_no_database_keeps_is_refused(portal_anywhere):
    portal = portal_anywhere
    clerk = portal.browser(people.clerk)
    form, before = clerk.get("/visits/new"), portal.digest("audit")
    for field in ("place_code", "swap", "submission_id"):
        sent = {"place_code": SCHOOL, "visit_date": "2024-10-22", "point_code": NGORO} | {field: "a\0b"}
        assert clerk.send(form, sent).status in (400, 404, 422), field
    assert portal.digest("audit") == before
