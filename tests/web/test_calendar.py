"""The calendar in the browser: seen by the district, changed by the supervisor, never silently in the past."""

from datetime import date

from .. import people, records
from ..people import NGORO

DAY = "/calendar/day"
WEEK = "/calendar/week"
SATURDAY = "2024-10-12"
COMING = "2024-10-26"
REASON = "Surat Kadis 12/2024"


def filled(**over):
    return {"day": COMING, "opens": "1", "point": "all", "reason": REASON} | over


def test_a_coming_saturday_is_opened_and_stands_in_the_calendar(portal_anywhere):
    portal = portal_anywhere
    supervisor = portal.browser(people.supervisor)
    form = supervisor.get(supervisor.get("/calendar/").link("Buka atau tutup hari"))
    sent = supervisor.send(form, filled())
    assert (sent.status, sent.location) == (303, "/calendar/?month=2024-10")
    shown = supervisor.get(sent.location)
    assert "Tersimpan di server 13.00 WIB" in shown.text
    assert "Sabtu, 26 Oktober 2024: buka, semua titik" in shown.text
    assert f"{REASON} oleh Pengawas Kabupaten" in " ".join(shown.text.split())
    assert "20/20 buka" in shown.table(0)[4][5]
    assert "khusus" in shown.table(0)[4][5]
    assert "0/20 buka" in shown.table(0)[3][5]
    reader = portal.browser(people.reader).get("/calendar/?month=2024-10")
    assert "Sabtu, 26 Oktober 2024: buka, semua titik" in reader.text
    assert "Cabut" not in reader.text


def test_a_saturday_that_is_gone_is_kept_only_from_the_second_page(portal_anywhere):
    portal = portal_anywhere
    portal.report(records.entry(9), who=people.colleague, day=date(2024, 10, 12))
    supervisor, clerk = portal.browser(people.supervisor), portal.browser(people.clerk)
    form = supervisor.get(DAY)
    before = portal.digest()
    told = supervisor.send(form, filled(day=SATURDAY))
    assert (told.status, told.heading) == (409, "Perubahan ini mengubah hari yang sudah lewat")
    assert "20 hari laporan akan berubah keadaannya" in told.text
    words = " ".join(told.text.split())
    assert "Sabtu, 12 Oktober 2024" in words
    assert "tambahan → menjadi terlambat: Pungging" in words
    assert "bukan hari layanan → menjadi belum lapor: Dispendukcapil" in words
    rows = {row[0]: row[1:] for row in told.table(0)[1:]}
    assert rows["Wajib"] == ["180", "200"]
    assert rows["Terlambat"] == ["0", "1"]
    assert rows["Belum lapor"] == ["180", "199"]
    assert rows["Kelengkapan"][1].split() == ["0,5%", "1", "dari", "200"]
    assert portal.digest() == before

    back = supervisor.send(told, back="1")
    assert (back.status, back.typed("day"), back.typed("reason")) == (200, SATURDAY, REASON)
    assert portal.digest() == before

    kept = supervisor.send(told)
    assert (kept.status, kept.location) == (303, "/calendar/?month=2024-10")
    assert "belum lapor" in clerk.get("/recordings/").text
    again = portal.digest()
    assert supervisor.send(told).headers["X-Portal-Receipt"] == kept.headers["X-Portal-Receipt"]
    assert portal.digest() == again


def test_what_changed_meanwhile_is_shown_again(portal):
    supervisor = portal.browser(people.supervisor)
    told = supervisor.send(supervisor.get(DAY), filled(day=SATURDAY))
    portal.report(records.entry(9), day=date(2024, 10, 12))
    before = portal.digest()
    again = supervisor.send(told)
    assert again.status == 409
    assert "Sementara itu ada laporan atau kalender yang berubah" in again.text
    assert "Ngoro" in again.text
    assert portal.digest() == before
    assert supervisor.send(again).status == 303


def test_an_unsound_change_is_told_at_its_box_and_what_was_typed_is_kept(portal, unchanged):
    supervisor = portal.browser(people.supervisor)
    form = supervisor.get(DAY)
    unchanged()
    answer = supervisor.send(form, day="31-02-2024", opens=None, reason="")
    assert answer.status == 422
    assert answer.error_at("day") == "Kesalahan: Isi tanggal yang ada di kalender, misalnya 21-10-2024."
    assert answer.error_at("opens") == "Kesalahan: Pilih buka atau tutup."
    assert answer.error_at("reason").startswith("Kesalahan: Tulis alasan")
    assert answer.typed("day") == "31-02-2024"
    far = supervisor.send(form, filled(day="2024-10-07", point="kec-99", reason="NIK 3516051203070001"))
    assert far.error_at("day").startswith("Kesalahan: Pilih tanggal dari 08-10-2024 sampai 22-10-2025")
    assert far.error_at("point") == "Kesalahan: Pilih titik layanan."
    assert "NIK" in far.error_at("reason")
    assert far.typed("reason") == "NIK 3516051203070001"
    assert supervisor.send(form, filled(), stray="1").status == 422
    assert supervisor.send(form, filled(), submission_id="").status == 422


def test_a_week_is_changed_from_a_day_on(portal):
    supervisor = portal.browser(people.supervisor)
    form = supervisor.get(f"{WEEK}?point={NGORO}")
    assert form.values().getlist("weekdays") == ["0", "1", "2", "3", "4"]
    none = supervisor.send(form, valid_from=COMING, weekdays=(), reason=REASON)
    assert none.error_at("group-weekdays").startswith("Kesalahan: Pilih paling sedikit satu hari.")
    wrong = supervisor.send(form, valid_from=COMING, weekdays=["0", "7"], reason=REASON)
    assert wrong.error_at("group-weekdays") == "Kesalahan: Pilih hari layanan, Senin sampai Minggu."
    sent = supervisor.send(form, valid_from=COMING, weekdays=list("012345"), reason=REASON)
    assert (sent.status, sent.location) == (303, f"/calendar/?point={NGORO}&month=2024-10")
    shown = supervisor.get(sent.location)
    assert "Senin–Sabtu sejak 26 Oktober 2024" in shown.text
    assert "Hari layanan: semula Senin–Jumat → menjadi Senin–Sabtu" in " ".join(shown.text.split())
    assert shown.table(0)[4][5].split() == ["26", "buka"]
    assert shown.table(0)[3][5].split() == ["19", "tutup"]


def test_an_entry_is_withdrawn_with_a_reason(portal):
    number = portal.open_day(date(2024, 10, 26), NGORO)
    supervisor = portal.browser(people.supervisor)
    page = supervisor.get(supervisor.get(f"/calendar/?point={NGORO}").link("Cabut"))
    assert "Sabtu, 26 Oktober 2024: buka, Kantor Kecamatan Ngoro" in page.text
    silent = supervisor.send(page)
    assert (silent.status, bool(silent.error_at("reason"))) == (422, True)
    sent = supervisor.send(silent, reason="salah hari")
    assert (sent.status, sent.location) == (303, f"/calendar/?point={NGORO}")
    shown = supervisor.get(sent.location)
    assert "dicabut Sen 21 Okt, 13.00 WIB" in shown.text
    assert "Alasan: salah hari" in shown.text
    gone = supervisor.get(f"/calendar/days/{number}/withdraw")
    assert "Sudah dicabut" in gone.text
    assert gone.forms() == []


def test_withdrawing_what_is_gone_shows_its_effect_first(portal):
    supervisor = portal.browser(people.supervisor)
    told = supervisor.send(supervisor.get(DAY), filled(day=SATURDAY, point=NGORO))
    assert supervisor.send(told).status == 303
    page = supervisor.get(supervisor.get(f"/calendar/?point={NGORO}").link("Cabut"))
    effect = supervisor.send(page, reason="ternyata tutup")
    assert effect.status == 409
    assert "belum lapor → menjadi bukan hari layanan: Ngoro" in " ".join(effect.text.split())
    assert supervisor.send(effect).status == 303
    assert "dicabut" in supervisor.get(f"/calendar/?point={NGORO}").text


def test_a_month_that_is_not_one_is_the_present_one(portal):
    supervisor = portal.browser(people.supervisor)
    for month in ("", "2024-13", "1999-01", "2030-01", "oktober", "2024-1", "2024-10-01"):
        page = supervisor.get(f"/calendar/?month={month}")
        assert (page.status, page.by_id("month").text) == (200, "Oktober 2024")


def test_holidays_stand_with_their_decree(portal):
    page = portal.browser(people.reader).get(f"/calendar/?month=2024-11&point={NGORO}")
    assert "Rabu, 27 November 2024" in page.text
    assert "Pemungutan suara Pilkada Serentak 2024" in page.text
    assert "Keppres" in page.text
    assert page.table(0)[5][2].split() == ["27*", "(khusus)", "libur"]
