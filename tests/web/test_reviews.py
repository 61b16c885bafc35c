"""Tinjauan, locks and proposals in the browser: the supervisor's morning and the clerk who comes too late."""

import re
from datetime import timedelta

import pytest

from portal.domain.review import CHANGED, MENDED, NEEDS_MENDING, SENT, VERIFIED

from .. import people, records
from ..people import NGORO, PUNGGING, TODAY
from . import arranged
from .arranged import LONG_AGO

MINE = f"/recordings/{NGORO}/{TODAY}"
REVIEW = f"/reviews/{NGORO}/{TODAY}"
OLD = f"/recordings/{NGORO}/{LONG_AGO}"


def rows_of(page):
    return re.findall(r'name="row" value="([^"]+)"', page.html)


def filled(**over):
    values = {"submission_id": records.submission_id(), "version": "0", "kind": "angka", "recorded": "31"}
    return values | {"note": "hujan", "reason": ""} | over


def test_the_supervisors_morning(portal):
    portal.report()
    portal.report(who=people.colleague)
    portal.report(who=people.stranger)
    arranged.flagged(portal, PUNGGING)
    supervisor = portal.desk(people.supervisor)
    assert "3 laporan" in supervisor.get("/today").text
    page = supervisor.get("/reviews/")
    assert len(rows_of(page)) == 2
    assert "Jauh dari biasanya: Jumlah rekam 240, biasanya 14–34 – “dihitung dua kali”" in page.text
    assert "terverifikasi 0/3 laporan" in page.text
    portal.report(records.entry(99), who=people.stranger, version=1, reason="salah ketik")
    answer = supervisor.post("/reviews/verify", {"row": rows_of(page)})
    assert answer.status == 303
    page = supervisor.get("/reviews/")
    assert "1 laporan diverifikasi." in page.text
    assert "Tidak ikut diverifikasi karena berubah sementara itu: " in page.text
    assert "terverifikasi 1/3 laporan" in page.text
    assert portal.kept_report().review_state == VERIFIED
    assert portal.kept_report(PUNGGING).review_state == SENT
    summary = supervisor.get("/summary/?period=today")
    assert "terverifikasi 1/3 laporan" in summary.text


def test_a_flagged_one_cannot_be_slipped_in_with_the_clean_ones(portal):
    portal.report()
    arranged.flagged(portal)
    supervisor = portal.desk(people.supervisor)
    assert rows_of(supervisor.get("/reviews/")) == []
    supervisor.post("/reviews/verify", {"row": [f"{NGORO}/{TODAY}/1/0"]})
    assert "perlu dilihat satu per satu" in supervisor.get("/reviews/").text
    assert portal.kept_report().review_state == SENT


@pytest.mark.parametrize(
    "row", ["", "x", f"{NGORO}/{TODAY}", f"{NGORO}/{TODAY}/x/0", f"{NGORO}/31-02/1/0", "kec-9/2024-10-21/1/0"]
)
def test_a_row_that_cannot_be_is_not_found(portal, unchanged, row):
    portal.report()
    supervisor = portal.desk(people.supervisor)
    unchanged()
    assert supervisor.post("/reviews/verify", {"row": [row]}).status == 404


def test_a_report_sent_back_stands_on_the_clerks_page_and_beside_its_box(portal):
    portal.report(records.entry(240))
    supervisor, clerk = portal.desk(people.supervisor), portal.desk(people.clerk)
    page = supervisor.get(f"/reviews/{NGORO}/{TODAY}")
    said = {"version": "1", "review_version": "0", "deed": "send_back", "field": "recorded", "comment": ""}
    refused = supervisor.post(REVIEW, said)
    assert (refused.status, "Tulis alasannya" in refused.text) == (422, True)
    assert supervisor.post(REVIEW, said | {"comment": "240 tidak mungkin"}).status == 303
    today = clerk.get("/today").text
    assert "Perlu diperbaiki" in today
    assert "Jumlah rekam: 240 tidak mungkin" in today
    form = clerk.get(f"{MINE}/edit")
    assert "Diminta diperbaiki: 240 tidak mungkin" in form.error_at("recorded")
    clerk.post(f"{MINE}/edit", filled(version="1", recorded="24", reason="salah ketik"))
    assert portal.kept_report().review_state == MENDED
    page = supervisor.get(f"/reviews/{NGORO}/{TODAY}")
    assert "Jumlah rekam: semula 240 → menjadi 24" in page.text
    history = clerk.get(MINE).text
    assert "Dikirim balik untuk diperbaiki" in history
    assert "Alasan: 240 tidak mungkin" in history


def test_a_review_of_an_older_report_is_answered_with_both_values(portal):
    portal.report(records.entry(240))
    supervisor = portal.desk(people.supervisor)
    portal.report(records.entry(24), version=1, reason="salah ketik")
    said = {
        "version": "1",
        "review_version": "0",
        "deed": "send_back",
        "comment": "240 tidak mungkin",
        "field": "recorded",
    }
    page = supervisor.post(f"/reviews/{NGORO}/{TODAY}", said)
    assert page.status == 409
    assert "Jumlah rekam: semula 240 → menjadi 24" in page.text
    assert "240 tidak mungkin" in page.html, "what was typed is kept"
    assert 'name="version" value="2"' in page.html
    assert portal.kept_report().review_state == SENT


def test_an_edit_after_verification_shows_its_difference(portal):
    portal.report()
    arranged.reviewed(portal, "verify")
    supervisor = portal.desk(people.supervisor)
    page = supervisor.get(MINE)
    assert "diverifikasi" in page.text
    supervisor.post(f"{MINE}/edit", filled(version="1", recorded="25", note="", reason="satu terlewat"))
    assert portal.kept_report().review_state == CHANGED
    words = supervisor.get(MINE).text
    assert "berubah setelah diverifikasi" in words
    assert "Berubah sejak ditinjau: Jumlah rekam: semula 24 → menjadi 25" in words
    page = supervisor.get(f"/reviews/{NGORO}/{TODAY}")
    assert 'value="verify"' not in page.html, "nobody verifies what he edited himself"
    refused = supervisor.post(REVIEW, {"version": "2", "review_version": "1", "deed": "verify"})
    assert (refused.status, "diverifikasi oleh pengawas lain" in refused.text) == (422, True)


def test_what_is_left_out_says_so_wherever_it_is_missing(portal):
    portal.report(records.entry(240))
    portal.report(records.entry(10), who=people.colleague)
    arranged.reviewed(portal, "send_back", "tidak mungkin", "recorded")
    arranged.reviewed(portal, "exclude", "menunggu hitung ulang")
    supervisor = portal.desk(people.supervisor)
    for path in (
        "/summary/?period=today",
        "/summary/?period=today&book=home",
        f"/summary/kecamatan/{NGORO}?period=today",
    ):
        assert "1 laporan dikeluarkan dari jumlah" in supervisor.get(path).text, path
    csv = supervisor.get("/summary/download.csv?period=today").text
    assert "terverifikasi 0/2 laporan; 1 laporan dikeluarkan dari jumlah" in csv
    assert "dikeluarkan dari semua jumlah" in portal.desk(people.clerk).get(MINE).text
    assert portal.kept_report().review_state == NEEDS_MENDING


def test_the_form_says_until_when_it_is_open(portal):
    clerk = portal.desk(people.clerk)
    assert "Terbuka sampai Kam 24 Okt, 23.59 WIB." in clerk.get(f"{MINE}/edit").text
    old = clerk.get(f"{OLD}/edit").text
    assert "Batas waktu mengisi atau memperbaiki laporan ini sudah lewat." in old
    arranged.exception(portal)
    assert "Terbuka sampai Rab 23 Okt, 12.59 WIB." in clerk.get(f"{OLD}/edit").text
    portal.clock.pass_by(hours=48)
    assert "sudah lewat" in portal.browser(people.clerk).get(f"{OLD}/edit").text


def test_a_published_day_is_closed_for_what_stood_then_and_open_for_what_did_not(portal):
    portal.report(at=people.NOW - timedelta(hours=1))
    arranged.published(portal)
    clerk, colleague = portal.desk(people.clerk), portal.desk(people.colleague)
    refused = clerk.post(f"{MINE}/edit", filled(version="1", reason="hitung ulang"))
    assert (refused.status, "Angka hari ini sudah diterbitkan." in refused.text) == (409, True)
    assert colleague.post(f"/recordings/{PUNGGING}/{TODAY}/edit", filled()).status == 303


def test_what_came_too_late_is_kept_as_a_proposal_and_sent_when_it_is_accepted(portal):
    clerk, supervisor = portal.desk(people.clerk), portal.desk(people.supervisor)
    locked = clerk.post(f"{OLD}/edit", filled(**{"home-luar": "3"}))
    assert locked.status == 409
    assert portal.kept_report(day=LONG_AGO) is None
    assert "Batas waktu" in locked.text
    carried = locked.values().to_dict()
    assert (carried["recorded"], carried["home-luar"], carried["note"]) == ("31", "3", "hujan")
    portal.clock.pass_by(minutes=5)
    path = f"/proposals/{NGORO}/{LONG_AGO}"
    answer = clerk.post(path, carried | {"reason": "sinyal putus"})
    assert (answer.status, answer.location) == (303, "/proposals/")
    assert clerk.post(path, carried | {"reason": "sinyal putus"}).status == 303, "pressed twice it is one"
    waiting = supervisor.get("/proposals/")
    assert waiting.html.count('href="/proposals/1"') == 1
    assert "usulan terlambat, diserahkan" in clerk.get("/today").text
    page = supervisor.get("/proposals/1")
    assert "sinyal putus" in page.text
    said = {"submission_id": records.submission_id(), "version": "0", "decision": "accept", "answer": "sesuai buku"}
    assert supervisor.post("/proposals/1", said).status == 303
    kept = portal.kept_report(day=LONG_AGO)
    assert (kept.author, kept.entry.recorded, kept.entry.homes) == (people.clerk.name, 31, {"luar": 3})
    assert kept.captured_at == people.NOW
    assert kept.first_received_at == portal.clock.now()
    assert supervisor.post("/proposals/1", said).status == 303, "pressed twice it is one"
    words = clerk.get(OLD).text
    for told in (
        "Usulan terlambat diserahkan",
        "diterima dan dikirim atas nama pengusul",
        "Alasan: sinyal putus; sesuai buku",
    ):
        assert told in words
    assert portal.kept_report(day=LONG_AGO).version == 1


def test_a_proposal_is_declined_with_a_reason_and_stays_readable(portal):
    arranged.proposal(portal)
    clerk, supervisor = portal.desk(people.clerk), portal.desk(people.supervisor)
    said = {"submission_id": records.submission_id(), "version": "0", "decision": "decline", "answer": ""}
    refused = supervisor.post("/proposals/1", said)
    assert (refused.status, "Tulis alasan penolakan." in refused.text) == (422, True)
    assert supervisor.post("/proposals/1", said | {"answer": "sudah dihitung"}).status == 303
    assert "sudah dihitung" in clerk.get("/proposals/").text
    assert "Usulan terlambat ditolak" in clerk.get(OLD).text
    late = supervisor.post("/proposals/1", said | {"decision": "accept", "submission_id": records.submission_id()})
    assert late.status == 409
    assert portal.kept_report(day=LONG_AGO) is None


def test_a_proposal_compared_with_an_older_report_is_not_let_in(portal):
    arranged.proposal(portal, records.entry(31))
    portal.report(records.entry(30), day=LONG_AGO)
    supervisor = portal.desk(people.supervisor)
    said = {"submission_id": records.submission_id(), "version": "0", "decision": "accept", "answer": "lebih lengkap"}
    page = supervisor.post("/proposals/1", said)
    assert page.status == 409
    assert re.search(r"<td class=\"differs\">30</td><td class=\"differs\">31</td>", page.html), "both values"
    assert "lebih lengkap" in page.html
    assert supervisor.post("/proposals/1", said | {"version": "1"}).status == 303
    assert portal.kept_report(day=LONG_AGO).entry.recorded == 31


def test_a_neighbour_sees_nothing_of_a_proposal(portal):
    arranged.proposal(portal, reason="hanya untuk Ngoro")
    assert "hanya untuk Ngoro" not in portal.desk(people.stranger).get("/proposals/").text


def test_what_was_typed_survives_a_session_that_ended_on_the_locked_page(portal):
    clerk = portal.desk(people.clerk)
    locked = clerk.post(f"{OLD}/edit", filled())
    carried = locked.values().to_dict()
    path = f"/proposals/{NGORO}/{LONG_AGO}"
    portal.clock.pass_by(minutes=31)
    answer = clerk.post(path, carried | {"reason": "sinyal putus"})
    assert answer.status == 401
    again = clerk.send(answer, username=people.clerk.username, password=people.PASSWORD)
    page = clerk.get(again.location)
    assert again.location.startswith(path)
    assert (page.typed("recorded"), page.typed("reason")) == ("31", "sinyal putus")
    assert clerk.send(page, part="/proposals/").status == 303


def test_an_exception_is_given_listed_told_in_the_history_and_withdrawn(portal):
    supervisor, clerk = portal.desk(people.supervisor), portal.desk(people.clerk)
    said = {"submission_id": records.submission_id(), "point_code": NGORO, "first": "2024-10-09", "last": "9/10/2024"}
    bad = supervisor.post("/locks/", said | {"exception_hours": "1,5", "reason": "server padam"})
    assert (bad.status, "server padam" in bad.html) == (422, True)
    assert supervisor.post("/locks/", said | {"exception_hours": "48", "reason": "server padam"}).status == 303
    other = supervisor.post("/locks/", said | {"exception_hours": "24", "reason": "server padam lagi"})
    assert (other.status, other.by_id("exception_hours")["value"]) == (409, "24")
    assert "server padam lagi" in other.html
    assert said["submission_id"] not in other.html
    assert "server padam" in supervisor.get("/locks/").text
    assert "server padam" in supervisor.get("/today").text
    assert "Pengecualian kunci diberikan" in clerk.get(OLD).text
    asked = clerk.post(f"{OLD}/edit", filled())
    assert "laporan pertama untuk hari yang sudah lewat" in asked.text
    assert clerk.send(asked).status == 303
    assert supervisor.post("/locks/1/withdraw").status == 303
    assert clerk.post(f"{OLD}/edit", filled(version="1", reason="lupa satu")).status == 409
    words = clerk.get(OLD).text
    assert "Pengecualian kunci dicabut" in words
    assert "Ajukan usulan terlambat" in words


def test_a_locked_report_is_not_cancelled_either(portal):
    portal.report()
    arranged.reviewed(portal, "verify")
    clerk = portal.desk(people.clerk)
    page = clerk.post(f"{MINE}/cancel", {"version": "1", "reason": "salah hari"})
    assert (page.status, "sudah diverifikasi pengawas" in page.text, "salah hari" in page.html) == (409, True, True)
    assert portal.kept_report().stands
