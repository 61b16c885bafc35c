"""The stock at the desk: unknown is told as unknown, each total with its points, and letters that can be sent."""

import re
from datetime import timedelta

import pytest

from portal.storage import areas, ledger
from portal.web.stock_words import signed

from .. import people, records
from ..people import GONDANG, NGORO, PUNGGING, TODAY
from .test_summary import from_csv, from_xlsx

DAY = timedelta(days=1)
WEEK = (7, 6, 5, 4, 3)


def served(left, printed=20, **more):
    """A full report: so many blanks left after so many prints."""
    boxes = {"blanks_received": 0, "blanks_spoiled": 0, "printed_prr": printed, "printed_replacement": 0}
    return records.entry(printed + 5, **boxes | {"blanks_left": left} | more)


def a_week(portal, who=people.clerk, start=200, printed=20, **more):
    """The five days of last week, honestly counted; what is left on Friday."""
    for n, back in enumerate(WEEK, start=1):
        portal.report(served(start - n * printed, printed, **more), who, TODAY - back * DAY)
    return start - 5 * printed


def figure(page, name):
    return next(
        n.text for n in page.root.walk() if n.tag in ("div", "a") and "figure" in n["class"].split() and name in n.text
    )


def test_the_card_tells_difference_gap_and_unknown(portal):
    a_week(portal)
    portal.cancel_report(day=TODAY - 5 * DAY)
    portal.report(served(57), day=TODAY)
    page = portal.browser(people.clerk).get(f"/stock/{NGORO}")
    rows = {row[0]: row[1:] for row in page.table()[1:]}
    assert rows["Sen 14 Okt"] == ["–", "180", "–", "–", "0", "0", "20", "0", "0"]
    assert rows["Sel 15 Okt"][:3] == ["▲ cocok", "160", "160"]
    assert rows["Rab 16 Okt"][:3] == ["– tanpa laporan", "–", "–"]
    assert rows["Kam 17 Okt"][0] == rows["Kam 17 Okt"][3] == "–"
    assert rows["Jum 18 Okt"][0] == "▲ cocok"
    assert rows["Sen 21 Okt"] == ["■ −23", "57", "80", "100", "0", "0", "20", "0", "0"]
    assert not any(day.startswith(("Sab", "Min")) for day in rows)


def test_an_empty_box_is_a_dash_and_never_zero(portal):
    portal.report(records.entry(24, blanks_left=100), day=TODAY - 3 * DAY)
    portal.report(records.entry(24, blanks_left=90, printed_prr=10), day=TODAY)
    page = portal.browser(people.clerk).get(f"/stock/{NGORO}")
    rows = {row[0]: row[1:] for row in page.table()[1:]}
    assert rows["Sen 21 Okt"] == ["–", "90", "–", "100", "–", "0", "–", "–", "0"]
    assert "cetak biasanya belum diketahui" in figure(page, "Cukup untuk")
    assert "–" in figure(page, "Cukup untuk")
    assert "belum pernah dibaca" in figure(page, "Sisa ribbon")
    letter = page.by_id("letter-text").text
    assert "Lama cukupnya belum dapat dihitung" in letter
    assert "PRR (siap cetak): belum diketahui." in letter


def test_nobody_told_anything(portal):
    page = portal.browser(people.supervisor).get("/stock/")
    assert "dari 0 dari 20 titik" in figure(page, "Blangko sekabupaten")
    assert "belum diketahui" in figure(page, "Blangko sekabupaten")
    assert "–" in figure(page, "Blangko sekabupaten")
    assert all("Belum diketahui" in row[0] for row in page.table()[1:-1])
    assert "Tidak ada pemindahan yang perlu diusulkan." in page.text
    assert "–" in page.by_id("letter-text").text


def test_days_left_and_warnings_follow_the_offices_limits(portal):
    a_week(portal)
    clerk, supervisor = portal.browser(people.clerk), portal.browser(people.supervisor)
    assert figure(clerk.get(f"/stock/{NGORO}"), "Cukup untuk").startswith("Cukup untuk (hari cetak) 5 ")
    assert any("Ngoro" in row[0] and "Cukup" in row[0] for row in supervisor.get("/stock/").table())
    home = supervisor.get("/today")
    assert "Tidak ada titik yang diketahui menipis (batas 3 hari cetak)." in home.text
    assert "sejauh diketahui di batas 1.000 keping atau kurang" in home.text
    with portal.database.writing() as tx:
        areas.set_setting(tx, "limit.stock_days", "5")
        areas.set_setting(tx, "limit.blanks_district", "99")
        ledger.touch(tx, ledger.LISTS)
    home = supervisor.get("/today")
    stock = home.by_id("stock").parent.parent
    assert "5 hari cetak" in stock.text
    assert "PRR –, blangko 100" in stock.text
    assert "di atas batas 99 keping" in stock.text
    assert "dari 1 dari 20 titik, terlama 1 hari layanan lalu" in stock.text
    assert "Menipis" in supervisor.get("/stock/").table()[1][0]


def test_an_old_reading_is_grey_but_a_warning_stays(portal):
    a_week(portal)
    a_week(portal, people.colleague, start=120)
    portal.clock.pass_by(days=2)
    table = portal.browser(people.supervisor).get("/stock/").table()
    assert table[1][0].startswith("Pungging")
    assert "Menipis" in table[1][0]
    ngoro = next(row for row in table if row[0].startswith("Ngoro"))
    assert "Bacaan lama" in ngoro[0]
    assert "3 hari layanan lalu" in ngoro[2]


def test_stock_is_never_summed_over_days(portal):
    left = a_week(portal) + a_week(portal, people.colleague, start=700, printed=30)
    page = portal.browser(people.supervisor).get("/stock/")
    assert figure(page, "Blangko sekabupaten").split()[2] == str(left) == "650"
    assert page.table()[-1][2].startswith("650")
    assert "dari 2 dari 20 titik, terlama 1 hari layanan lalu" in page.table()[-1][2]


def test_a_transfer_shows_on_both_sides_and_never_doubles_the_district(portal):
    a_week(portal)
    a_week(portal, people.stranger, start=700, printed=10)
    supervisor = portal.browser(people.supervisor)

    def told():
        page = supervisor.get("/stock/")
        return figure(page, "Blangko sekabupaten").split()[2], figure(page, "Dalam perjalanan").split()[2]

    assert told() == ("750", "0")
    number = portal.transfer()
    assert told() == ("700", "50")
    clerk = portal.browser(people.clerk).get(f"/stock/{NGORO}")
    assert "dibaca 100, kiriman sesudahnya −50" in figure(clerk, "Sisa blangko")
    gondang = portal.browser(people.stranger).get(f"/stock/{GONDANG}")
    assert "dalam perjalanan ke sini 50" in figure(gondang, "Sisa blangko")
    portal.receive(number, quantity=48, note="Dua patah.")
    assert told() == ("748", "0")
    page = supervisor.get("/stock/")
    assert "tidak tiba dalam 60 hari: 2" in figure(page, "Dalam perjalanan")
    card = portal.browser(people.stranger).get(f"/stock/{GONDANG}").table()
    assert card[1][6] == "48"


def test_a_proposal_is_one_press_from_a_form_filled_in(portal):
    a_week(portal, start=110)
    a_week(portal, people.stranger, start=700)
    supervisor = portal.browser(people.supervisor)
    page = supervisor.get("/stock/")
    assert "290 keping dari Gondang ke Ngoro" in page.text
    assert "Gondang: 30 hari cetak menjadi 15 hari cetak; Ngoro: 0 hari cetak menjadi 15 hari cetak" in page.text
    before = portal.digest()
    form = supervisor.get(page.link("Siapkan kiriman"))
    assert [form.typed(n) for n in ("from_point", "to_point", "quantity", "sent_date")] == [
        GONDANG,
        NGORO,
        "290",
        TODAY.isoformat(),
    ]
    assert "Gondang: sisa 600 keping" in form.text
    assert portal.digest() == before, "nothing moves by itself"
    sent = supervisor.send(form)
    assert (sent.status, sent.location) == (303, "/stock/transfers/1")
    assert "Tanda terima" in supervisor.get(sent.location).text
    assert "Tidak ada pemindahan yang perlu diusulkan." in supervisor.get("/stock/").text
    assert "Siapkan kiriman" not in portal.browser(people.reader).get("/stock/").text


def test_the_letters_have_numbers_dates_and_days(portal):
    a_week(portal, prr=70, ribbon_pct=40)
    letter = portal.browser(people.clerk).get(f"/stock/{NGORO}").by_id("letter-text").text
    assert "permintaan blangko KTP-el Kantor Kecamatan Ngoro" in letter
    assert "Sisa blangko: 100 keping (dihitung 18 Oktober 2024)." in letter
    assert "Cetak biasanya 20 keping sehari (median 5 hari terakhir), jadi cukup untuk 5 hari cetak." in letter
    assert "PRR (siap cetak): 70 (dibaca 18 Oktober 2024)." in letter
    assert "Sisa ribbon: 40% (dibaca 18 Oktober 2024)." in letter
    assert "Mohon tambahan 100 keping" in letter
    district = portal.browser(people.supervisor).get("/stock/").by_id("letter-text").text
    assert "100 keping, dari 1 dari 20 titik, terlama 1 hari layanan lalu." in district
    assert "PRR (siap cetak): 70, menurut 1 dari 20 titik layanan." in district
    assert "Cukup untuk 5 hari cetak, menurut 1 dari 20 titik layanan." in district
    assert "Mohon alokasi 100 keping" in district


def test_a_letter_is_indonesian_for_a_reader_of_english_too(portal):
    a_week(portal)
    clerk = portal.browser(people.clerk)
    words = clerk.get(f"/stock/{NGORO}").by_id("letter-text").text
    clerk.post("/language", {"language": "en", "next": "/account"})
    page = clerk.get(f"/stock/{NGORO}")
    assert [n["lang"] for n in page.root.walk() if n.tag == "html"] == ["en-GB"]
    assert page.by_id("letter-text").text == words
    assert page.by_id("letter-text")["lang"] == "id"


# --- sending, receiving, cancelling ---------------------------------------------------------------------------


def test_blanks_go_and_arrive(portal_anywhere):
    portal = portal_anywhere
    clerk, stranger = portal.browser(people.clerk), portal.browser(people.stranger)
    form = clerk.get("/stock/transfers/new")
    assert form.typed("from_point") == NGORO
    sent = clerk.send(form, to_point=GONDANG, quantity="1.200", note="lewat kurir")
    assert sent.status == 303
    assert "Dalam perjalanan" in clerk.get(sent.location).text
    home = stranger.get("/today")
    assert "Kiriman yang ditunggu" in home.text
    assert "1.200 keping dikirim Sen 21 Okt" in home.text
    receive = stranger.get(home.link("Konfirmasi terima"))
    assert receive.typed("quantity") == "", "it is counted, not agreed to"
    short = stranger.send(receive, quantity="1199")
    assert (short.status, short.typed("quantity")) == (422, "1199")
    assert "jelaskan di mana sisanya" in short.error_at("note")
    done = stranger.send(short, note="Satu patah.")
    assert (done.status, done.location) == (303, sent.location)
    shown = clerk.get(done.location)
    assert "1 keping tidak tiba dan dicatat sebagai hilang di jalan." in shown.text
    assert "Kiriman diterima" in shown.text
    assert "Satu patah." in shown.text
    assert "Kiriman yang ditunggu" not in stranger.get("/today").text


def test_what_was_typed_stays_when_it_is_refused(portal, unchanged):
    supervisor = portal.browser(people.supervisor)
    form = supervisor.get("/stock/transfers/new")
    unchanged()
    typed = {"from_point": NGORO, "to_point": PUNGGING, "quantity": "dua", "sent_date": "2024-10-20", "note": "kurir"}
    page = supervisor.send(form, typed)
    assert page.status == 422
    assert {name: page.typed(name) for name in typed} == typed
    assert "bilangan bulat" in page.error_at("quantity")
    for over, field in (
        ({"quantity": "0"}, "quantity"),
        ({"quantity": "-3"}, "quantity"),
        ({"quantity": ""}, "quantity"),
        ({"quantity": "5", "to_point": NGORO}, "to_point"),
        ({"quantity": "5", "to_point": ""}, "to_point"),
        ({"quantity": "5", "sent_date": "2024-02-31"}, "sent_date"),
        ({"quantity": "5", "sent_date": "2024-10-22"}, "sent_date"),
        ({"quantity": "5", "note": "3516 0512 0307 0001"}, "note"),
    ):
        page = supervisor.send(form, typed | over)
        assert page.status == 422, over
        assert page.error_at(field), over


@pytest.mark.parametrize("point", [PUNGGING, "kec-99.99.99"])
def test_a_clerk_gives_away_only_what_is_in_the_own_area(portal, point):
    clerk = portal.browser(people.clerk)
    form = clerk.get("/stock/transfers/new")
    before = portal.digest("audit")
    assert clerk.send(form, from_point=point, to_point=GONDANG, quantity=5).status == 404
    assert portal.digest("audit") == before
    assert clerk.get(f"/stock/transfers/new?from={PUNGGING}").typed("from_point") == NGORO


def test_two_who_end_a_transfer_meet(portal):
    number = portal.transfer()
    clerk, stranger = portal.browser(people.clerk), portal.browser(people.stranger)
    cancel, receive = (b.get(f"/stock/transfers/{number}/{w}") for b, w in ((clerk, "cancel"), (stranger, "receive")))
    assert clerk.send(cancel, reason="Kendaraan mogok.").status == 303
    before = portal.digest()
    late = stranger.send(receive, quantity="50", note="semua utuh")
    assert late.status == 409
    assert (late.typed("quantity"), late.typed("note")) == ("50", "semua utuh")
    assert [row[1:] for row in late.table()[1:]] == [
        ["Dibatalkan", "Diterima"],
        ["Sen 21 Okt", "Sen 21 Okt"],
        ["–", "50"],
        ["Kendaraan mogok.", "semua utuh"],
    ]
    assert "Petugas Ngoro" in late.text
    assert stranger.send(late).status == 409, "it ended: sending again does not change that"
    assert portal.digest() == before
    assert stranger.get(f"/stock/transfers/{number}/receive").location == f"/stock/transfers/{number}"


def test_the_same_form_twice_is_one_transfer_and_changed_it_is_told(portal):
    clerk = portal.browser(people.clerk)
    form = clerk.get("/stock/transfers/new")
    first = clerk.send(form, to_point=GONDANG, quantity=30)
    before = portal.digest()
    assert clerk.send(form, to_point=GONDANG, quantity=30).location == first.location
    other = clerk.send(form, to_point=PUNGGING, quantity=31)
    assert (other.status, other.typed("quantity")) == (409, "31")
    rows = other.table()[1:]
    assert ["Jumlah keping (berbeda)", "30", "31"] in rows
    assert ["Ke (berbeda)", "Kantor Kecamatan Gondang", "Kantor Kecamatan Pungging"] in rows
    assert portal.digest() == before
    assert clerk.send(other).location == "/stock/transfers/2", "sent on purpose it is another one"


def test_a_cancelled_sending_is_not_told_as_kept(portal):
    clerk = portal.browser(people.clerk)
    form = clerk.get("/stock/transfers/new")
    sent = clerk.send(form, to_point=GONDANG, quantity=30)
    cancel = clerk.get(f"{sent.location}/cancel")
    silent = clerk.send(cancel, reason="")
    assert (silent.status, silent.error_at("reason")) == (422, "Kesalahan: Tulis alasan pembatalan.")
    assert clerk.send(silent, reason="Salah titik.").status == 303
    again = clerk.send(form, to_point=GONDANG, quantity=30)
    assert again.status == 409
    assert "sudah dibatalkan sesudah tercatat" in again.text


def test_what_arrived_is_corrected_and_two_who_do_meet(portal):
    number = portal.transfer()
    portal.receive(number, quantity=47, note="Tiga patah.")
    address = f"/stock/transfers/{number}"
    stranger, supervisor = portal.browser(people.stranger), portal.browser(people.supervisor)
    assert "Perbaiki penerimaan" not in portal.browser(people.clerk).get(address).text, "the giving side does not"
    mine, theirs = (b.get(b.get(address).link("Perbaiki penerimaan")) for b in (stranger, supervisor))
    assert [mine.typed(n) for n in ("quantity", "received_date", "note")] == ["47", TODAY.isoformat(), "Tiga patah."]
    silent = stranger.send(mine, quantity="49", note="Satu patah.")
    assert (silent.status, silent.typed("quantity")) == (422, "49")
    assert "Tulis alasan perbaikan." in silent.error_at("reason")
    done = stranger.send(silent, reason="Salah hitung.")
    assert (done.status, done.location) == (303, address)
    shown = stranger.get(address)
    assert "1 keping tidak tiba dan dicatat sebagai hilang di jalan." in shown.text
    past = shown.by_id("past").parent.text
    assert "Penerimaan diperbaiki" in past
    assert "Alasan: Salah hitung." in past
    assert "Yang tiba: semula 47 → menjadi 49" in past
    assert "Tidak tiba: semula 3 → menjadi 1" in past
    before = portal.digest()
    late = supervisor.send(theirs, quantity="48", note="Dua patah.", reason="Dihitung ulang.")
    assert (late.status, late.typed("quantity"), late.typed("reason")) == (409, "48", "Dihitung ulang.")
    assert ["Keping yang tiba (berbeda)", "49", "48"] in late.table()
    assert "Petugas Gondang" in late.text
    assert portal.digest() == before
    assert supervisor.send(late).status == 303, "seen and meant, it is kept"


def test_a_receipt_that_has_closed_tells_why_it_stays(portal):
    number = portal.transfer()
    portal.receive(number)
    portal.clock.pass_by(days=14)
    address, stranger = f"/stock/transfers/{number}", portal.browser(people.stranger)
    shown = stranger.get(address)
    assert "Kantor Kecamatan Ngoro, 21 Oktober 2024: batas waktunya sudah lewat." in shown.text
    assert "Perbaiki penerimaan" not in shown.text
    assert stranger.get(f"{address}/correct").location == address
    assert stranger.post(f"{address}/correct", {"quantity": "4"}).status == 422


# --- taking it away ----------------------------------------------------------------------------------------


def test_the_file_says_what_the_screen_says(portal):
    a_week(portal, prr=70)
    a_week(portal, people.colleague, start=120)
    supervisor = portal.browser(people.supervisor)
    for kind, read in (("csv", from_csv), ("xlsx", from_xlsx)):
        page = supervisor.get(f"/stock/download.{kind}")
        name = page.headers["Content-Disposition"]
        assert re.fullmatch(rf'attachment; filename="stok_2024-10-21_v\d+\.{kind}"', name)
        rows, notes = read(page)
        assert len(rows) == 21
        ngoro = rows["Kantor Kecamatan Ngoro"]
        assert (ngoro["Kode"], ngoro["Keadaan"], ngoro["Sisa blangko"], ngoro["PRR"]) == (NGORO, "Cukup", 100, 70)
        assert (ngoro["Cukup untuk (hari cetak)"], ngoro["Ribbon (%)"]) == (5, None)
        assert rows["Kantor Kecamatan Pungging"]["Keadaan"] == "Menipis"
        pacet = rows["Kantor Kecamatan Pacet"]
        assert {pacet[n] for n in ("Sisa blangko", "Cukup untuk (hari cetak)", "PRR", "Ribbon (%)")} == {None}
        assert rows["Jumlah yang diketahui"]["Sisa blangko"] == 120
        assert notes["Kelengkapan"] == "dari 2 dari 20 titik, terlama 1 hari layanan lalu"
    own, _notes = from_csv(portal.browser(people.clerk).get("/stock/download.csv"))
    assert set(own) == {"Kantor Kecamatan Ngoro", "Jumlah yang diketahui"}
    assert own["Jumlah yang diketahui"]["Keadaan"] == "dari 1 dari 1 titik, terlama 1 hari layanan lalu"


def test_a_difference_carries_its_sign():
    assert [signed(n) for n in (3, -3, 0, None, -1200)] == ["+3", "−3", "0", "–", "−1.200"]
