"""The day's report at the desk: sent, sent twice, corrected, cancelled, and every way in which two people meet."""

from datetime import timedelta

import pytest

from portal.domain.submissions import valid_id

from .. import people, records
from ..people import NGORO, TODAY

DAY = f"/recordings/{NGORO}/{TODAY}"
EDIT = f"{DAY}/edit"
FILLED = {
    "kind": "angka",
    "recorded": "1.204",
    "recorded_male": "600",
    "failed": "0",
    "blanks_left": "310",
    "ribbon_pct": "40",
    "home-35.16.06": "12",
    "home-luar": "3",
    "note": "Antre sejak pukul tujuh.",
    "passed-1": "capacity:recorded:1204",
}


def test_a_report_is_sent_and_stands_there(portal_anywhere):
    portal = portal_anywhere
    clerk = portal.browser(people.clerk)
    form = clerk.get(clerk.get("/today").link("Isi laporan hari ini"))
    assert [form.typed(name) for name in ("recorded", "blanks_left", "home-luar", "note")] == ["", "", "", ""]
    sent = clerk.send(form, FILLED)
    assert (sent.status, sent.location) == (303, DAY)
    receipt = sent.headers["X-Portal-Receipt"]
    assert receipt.startswith("M-1021-")
    shown = clerk.get(DAY)
    assert f"Tersimpan di server 13.00 WIB. Tanda terima {receipt}." in shown.text
    for row in (["Jumlah rekam", "1.204"], ["Gagal rekam", "0"], ["Perempuan", "–"], ["Sisa ribbon", "40 %"]):
        assert row in [r for n in range(len(shown.root.all("table"))) for r in shown.table(n)]
    assert "Antre sejak pukul tujuh." in shown.text
    assert "Belum dirinci 1.189" in shown.text
    assert "Tersimpan" not in clerk.get(DAY).text
    kept = portal.kept_report()
    assert (kept.entry.recorded, kept.entry.homes) == (1204, {"35.16.06": 12, "luar": 3})
    assert "1.204" in clerk.get("/recordings/").text
    assert "Sudah dikirim 13.00 WIB" in clerk.get("/today").text


def test_yesterday_stands_under_the_boxes(portal):
    portal.report(records.entry(31, blanks_left=118), day=TODAY - timedelta(days=1))
    form = portal.browser(people.clerk).get(EDIT)
    assert form.by_id("recorded-seen").text.split() == ["kemarin", "31"]
    assert form.by_id("blanks_left-seen").text.split() == ["kemarin", "118"]
    assert form.typed("recorded") == ""


def test_sent_twice_is_kept_once(portal_anywhere):
    portal = portal_anywhere
    clerk = portal.browser(people.clerk)
    form = clerk.get(EDIT)
    first = clerk.send(form, FILLED)
    before = portal.digest()
    portal.clock.pass_by(seconds=20)
    again = clerk.send(form, FILLED)
    assert (again.status, again.location) == (303, DAY)
    assert again.headers["X-Portal-Receipt"] == first.headers["X-Portal-Receipt"]
    assert portal.digest() == before


def test_a_form_without_its_id_is_not_kept(portal, unchanged):
    clerk = portal.browser(people.clerk)
    form = clerk.get(EDIT)
    unchanged()
    for id in (None, "", "1", "0" * 36):
        answer = clerk.send(form, FILLED, submission_id=id)
        assert (answer.status, answer.typed("recorded")) == (422, "1.204")
        assert answer.errors == ["Formulir ini tidak lengkap. Muat ulang halaman, lalu kirim lagi."]


def test_the_same_form_with_other_numbers_is_a_conflict(portal_anywhere):
    portal = portal_anywhere
    clerk = portal.browser(people.clerk)
    form = clerk.get(EDIT)
    clerk.send(form, FILLED)
    before = portal.digest()
    answer = clerk.send(form, FILLED | {"recorded": "1.240"})
    assert (answer.status, answer.heading) == (409, "Formulir ini sudah terkirim")
    assert ["Jumlah rekam (berbeda)", "1.204", "1.240"] in answer.table()
    values = answer.values("/edit")
    assert (values["recorded"], values["home-luar"], values["note"]) == ("1240", "3", FILLED["note"])
    assert values["submission_id"] != form.typed("submission_id")
    assert portal.digest() == before


def test_a_report_that_is_there_already_may_be_replaced_with_a_reason(portal_anywhere):
    portal = portal_anywhere
    clerk, supervisor = portal.browser(people.clerk), portal.browser(people.supervisor)
    form = clerk.get(EDIT)
    portal.report(records.entry(20, {"luar": 1}), at=people.NOW + timedelta(minutes=2))
    portal.clock.pass_by(minutes=5)
    before = portal.digest("login_session")
    answer = clerk.send(form, FILLED)
    assert (answer.status, answer.heading) == (409, "Laporan hari ini sudah ada")
    assert ["Jumlah rekam (berbeda)", "20", "1.204"] in answer.table()
    assert "Petugas Ngoro, Sen 21 Okt, 13.02 WIB" in answer.text
    assert portal.digest("login_session") == before

    silent = clerk.send(answer, reason="")
    assert (silent.status, silent.error_at("reason")) == (422, "Kesalahan: Tulis alasan perbaikan.")
    assert (silent.typed("recorded"), silent.typed("version")) == ("1204", "1")
    assert portal.digest("login_session") == before

    sent = clerk.send(answer, reason="buku dihitung ulang")
    assert (sent.status, sent.location) == (303, DAY)
    kept = portal.kept_report()
    assert (kept.version, kept.entry.recorded, kept.entry.homes) == (2, 1204, {"35.16.06": 12, "luar": 3})
    assert "Alasan: buku dihitung ulang" in supervisor.get(DAY).text
    assert "Jumlah rekam: semula 20 → menjadi 1.204" in supervisor.get(DAY).text


def test_a_stale_correction_shows_what_changed_meanwhile(portal):
    clerk = portal.browser(people.clerk)
    portal.report(records.entry(20))
    form = clerk.get(EDIT)
    assert (form.heading, form.typed("recorded")) == ("Perbaiki laporan Kantor Kecamatan Ngoro", "20")
    portal.report(records.entry(21), version=1, reason="salah ketik")
    before = portal.digest()
    answer = clerk.send(form, recorded="22", reason="buku tamu")
    assert (answer.status, answer.heading) == (409, "Laporan ini sudah berubah")
    assert ["Jumlah rekam (berbeda)", "21", "22"] in answer.table()
    assert answer.typed("reason") == "buku tamu"
    assert portal.digest() == before
    assert clerk.send(answer).status == 303
    assert (portal.kept_report().version, portal.kept_report().entry.recorded) == (3, 22)


def test_a_correction_needs_a_reason(portal, unchanged):
    portal.report(records.entry(20))
    clerk = portal.browser(people.clerk)
    form = clerk.get(EDIT)
    unchanged()
    answer = clerk.send(form, recorded="200", reason="  ")
    assert (answer.status, answer.error_at("reason")) == (422, "Kesalahan: Tulis alasan perbaikan.")
    assert answer.typed("recorded") == "200"


def test_a_report_is_cancelled_with_a_reason_and_may_be_sent_again(portal):
    portal.report(records.entry(20))
    clerk = portal.browser(people.clerk)
    form = clerk.get(clerk.get(DAY).link("Batalkan"))
    before = portal.digest()
    answer = clerk.send(form)
    assert (answer.status, answer.error_at("reason")) == (422, "Kesalahan: Tulis alasan pembatalan.")
    stale = clerk.send(form, version="7", reason="salah hari")
    assert (stale.status, stale.typed("reason"), stale.typed("version")) == (409, "salah hari", "1")
    assert portal.digest() == before

    assert clerk.send(form, reason="salah hari").location == DAY
    shown = clerk.get(DAY)
    assert "Laporan ini dibatalkan Sen 21 Okt, 13.00 WIB: salah hari. Isinya tidak dihitung." in shown.text
    assert not portal.kept_report().stands
    once = portal.digest()
    for tap in (lambda: clerk.send(form, reason="salah hari"), lambda: clerk.get(f"{DAY}/cancel")):
        answer = tap()
        assert (answer.status, answer.location) == (303, DAY)
    assert portal.digest() == once
    again = clerk.send(clerk.get(EDIT), FILLED)
    assert (again.status, portal.kept_report().entry.recorded) == (303, 1204)


def test_a_report_that_was_cancelled_is_not_told_as_kept_when_it_is_sent_again(portal_anywhere):
    """A phone that was out of reach sends the same form once more after the report was taken back."""
    portal = portal_anywhere
    clerk, supervisor = portal.browser(people.clerk), portal.browser(people.supervisor)
    form = clerk.get(EDIT)
    assert clerk.send(form, FILLED).status == 303
    supervisor.send(supervisor.get(f"{DAY}/cancel"), reason="salah hari")
    before = portal.digest()
    answer = clerk.send(form, FILLED)
    assert (answer.status, answer.heading) == (409, "Laporan ini sudah dibatalkan")
    assert "X-Portal-Receipt" not in answer.headers
    values = answer.values("/edit")
    assert (values["recorded"], values["home-35.16.06"], values["note"]) == ("1204", "12", FILLED["note"])
    assert values["submission_id"] != form.typed("submission_id")
    assert portal.digest() == before

    portal.clock.pass_by(minutes=10)
    assert clerk.send(answer, reason="dikirim ulang").status == 303
    kept = portal.kept_report()
    assert (kept.stands, kept.entry.recorded, kept.entry.homes) == (True, 1204, {"35.16.06": 12, "luar": 3})
    assert kept.first_received_at == portal.clock.moment


def test_a_report_sent_again_after_it_was_cancelled_is_judged_by_its_new_moment(portal):
    friday = TODAY - timedelta(days=3)
    path = f"/recordings/{NGORO}/{friday}"
    portal.report(records.entry(20), day=friday, at=people.NOW - timedelta(days=3))
    supervisor = portal.browser(people.supervisor)
    assert "tepat waktu" in supervisor.get(path).text
    assert "Diterima Jum 18 Okt, 13.00 WIB" in supervisor.get(path).text
    portal.cancel_report(day=friday)
    assert supervisor.send(supervisor.get(f"{path}/edit"), FILLED).status == 303
    shown = supervisor.get(path).text
    assert "terlambat" in shown
    assert "Diterima Sen 21 Okt, 13.00 WIB" in shown
    assert "Pengirim Pengawas Kabupaten" in shown


def test_a_day_without_recordings_is_nihil_with_a_reason(portal):
    clerk = portal.browser(people.clerk)
    form = clerk.get(EDIT)
    assert clerk.send(form, kind="nihil").error_at("nihil_reason") == "Kesalahan: Pilih sebab NIHIL."
    answer = clerk.send(form, kind="nihil", nihil_reason="lain")
    assert answer.error_at("note") == "Kesalahan: Jelaskan sebab NIHIL di catatan."
    portal.break_part("iris")
    sent = clerk.send(form, kind="nihil", nihil_reason="alat_rusak", blanks_left="300")
    assert sent.status == 303
    shown = clerk.get(DAY)
    assert "NIHIL: Alat rusak" in shown.text
    kept = portal.kept_report()
    assert (kept.entry.recorded, kept.entry.counts["recorded"], kept.entry.counts["blanks_left"]) == (0, 0, 300)
    corrected = clerk.get(EDIT)
    assert [corrected.typed(name) for name in ("kind", "recorded", "blanks_left")] == ["nihil", "", "300"]


def test_a_first_report_of_yesterday_is_late_and_says_so(portal):
    clerk = portal.browser(people.clerk)
    friday = TODAY - timedelta(days=3)
    assert "belum lapor" in clerk.get("/today").text
    assert clerk.send(clerk.get(f"/recordings/{NGORO}/{friday}/edit"), FILLED).status == 303
    assert "terlambat" in clerk.get(f"/recordings/{NGORO}/{friday}").text


def test_the_history_names_who_when_why(portal):
    portal.report(records.entry(14), day=TODAY)
    portal.report(records.entry(140), who=people.clerk, version=1, reason="salah ketik", at=people.NOW)
    page = portal.browser(people.reader).get(DAY)
    assert "Laporan diperbaiki" in page.text
    assert "Jumlah rekam: semula 14 → menjadi 140" in page.text
    assert "salah ketik" in page.text
    assert not [a for a in page.root.all("main")[0].all("a") if a["href"].endswith(("/edit", "/cancel"))]


@pytest.mark.parametrize("who", [people.clerk, people.supervisor])
def test_the_grid_shows_only_ones_own_points(portal, who):
    portal.report(records.entry(77), who=people.colleague)
    rows = portal.browser(who).get("/recordings/").table()
    assert len(rows) - 1 == (1 if who is people.clerk else 20)
    assert ("77" in str(rows)) == (who is people.supervisor)


def test_every_opening_of_the_form_has_an_id_of_its_own(portal):
    clerk = portal.browser(people.clerk)
    ids = [clerk.get(path).typed("submission_id") for path in (EDIT, EDIT, f"{EDIT}?kept=gone", EDIT)]
    assert len(set(ids)) == 4
    assert all(valid_id(one) for one in ids)
