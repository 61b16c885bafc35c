"""The page a person starts the day on: what is missing, what may still come, and in which words."""

from datetime import date, timedelta

from portal.storage import recordings

from .. import people, records
from ..people import NGORO, NOW, TODAY
from . import arranged

FRIDAY = TODAY - timedelta(days=3)


def section(page, id):
    return page.by_id(id).parent


def test_on_the_first_of_a_month_the_last_months_gaps_are_still_there(portal):
    portal.clock.moment = NOW.replace(month=11, day=1)
    page = portal.browser(people.supervisor).get("/today")
    silent = section(page, "silent").text
    assert "Kantor Kecamatan Jatirejo" in silent
    assert "Semua 20" in silent
    assert "Sel 8 Okt" in silent
    assert "Kam 31 Okt" in silent
    assert "sejak 8 Oktober 2024" in page.text


def test_the_supervisor_looks_thirty_days_back(portal):
    portal.clock.moment = NOW.replace(month=11, day=20)
    first = date(2024, 10, 22)
    page = portal.browser(people.supervisor).get("/today")
    silent = section(page, "silent").text
    assert "sejak 22 Oktober 2024" in page.text
    assert "Sel 22 Okt" in silent
    assert "Sen 21 Okt" not in silent
    served = [day for n in range(29) if (day := first + timedelta(days=n)).weekday() < 5]
    assert f"{len(served)} hari belum lapor" in silent


def test_what_may_still_come_stands_apart_from_what_is_missing(portal):
    portal.clock.moment = NOW.replace(hour=8, minute=59)
    portal.report(day=FRIDAY)
    with portal.database.writing() as tx:
        for code in portal.office().points:
            if code != NGORO:
                for back in range(4, 14):
                    recordings.add(tx, code, TODAY - timedelta(days=back), records.entry(1), people.clerk.id, NOW)
    supervisor = portal.browser(people.supervisor)
    page = supervisor.get("/today")
    awaited = section(page, "awaited")
    assert "Masih dalam tenggang:" in awaited.text
    links = [a["href"] for a in awaited.all("a")]
    assert f"/recordings/kec-35.16.06/{FRIDAY}" in links
    assert f"/recordings/{NGORO}/{FRIDAY}" not in links
    assert f"/recordings/{NGORO}/{TODAY}" in links
    assert "Kantor Kecamatan Jatirejo" not in section(page, "silent").text

    portal.clock.pass_by(minutes=1)
    page = supervisor.get("/today")
    assert "Masih dalam tenggang:" not in page.text
    assert "Kantor Kecamatan Jatirejo" in section(page, "silent").text


def test_after_four_the_words_say_that_the_deadline_has_passed(portal):
    late = "Batas 16.00 WIB sudah lewat; masih diterima dalam tenggang sampai 09.00 WIB hari layanan berikut."
    portal.clock.moment = NOW.replace(hour=16)
    clerk, supervisor = portal.browser(people.clerk), portal.browser(people.supervisor)
    assert "Laporan hari ini belum dikirim. Batas 16.00 WIB." in clerk.get("/today").text
    assert "belum jatuh tempo" in supervisor.get("/today").text
    portal.clock.pass_by(minutes=1)
    page = clerk.get("/today")
    assert late in page.text
    assert "Batas 16.00 WIB. " not in page.text
    told = supervisor.get("/today").text
    assert "batas lewat, masih dalam tenggang" in told
    assert "belum jatuh tempo" not in told


def test_a_clerk_sees_the_day_that_is_still_in_grace(portal):
    for hour, words in ((8, "masih dalam tenggang"), (9, "belum lapor")):
        portal.clock.moment = NOW.replace(hour=hour)
        lines = portal.browser(people.clerk).get("/today").root.all("li")
        assert [words in li.text for li in lines if "18 Oktober" in li.text] == [True]


def test_a_visit_whose_kit_wants_a_check_stands_once(portal):
    number = portal.visit(visit_date=TODAY + timedelta(days=1))
    for who, rest in ((people.supervisor, "visits"), (people.clerk, "coming")):
        page = portal.browser(who).get("/today")
        assert f"/visits/{number}" in str([a["href"] for a in section(page, "sweeps").all("a")])
        assert f"/visits/{number}" not in str([a["href"] for a in section(page, rest).all("a")])
    liaison = portal.browser(people.liaison).get("/today")
    assert [a["href"] for a in liaison.root.all("a")].count(f"/visits/{number}") == 1


def test_a_report_that_is_not_mended_waits_longer_every_day_and_what_was_asked_is_told(portal):
    portal.report(day=FRIDAY)
    portal.report()
    arranged.flagged(portal)
    arranged.reviewed(portal, "send_back", "hitung lagi", "recorded", day=FRIDAY)
    supervisor = portal.browser(people.supervisor)
    page = supervisor.get("/today")
    assert "baru dikirim balik" in section(page, "mending").text
    asked = section(page, "reviews")
    assert "pertanyaan belum dilihat" in asked.text
    assert f"/reviews/{NGORO}/{TODAY}" in [a["href"] for a in asked.all("a")]
    portal.clock.pass_by(days=2)
    page = portal.browser(people.supervisor).get("/today")
    assert "2 hari belum diperbaiki" in section(page, "mending").text
    assert "laporan Jumat, 18 Oktober 2024 dikirim balik: hitung lagi" in section(page, "mending").text


def test_a_kit_that_is_down_says_for_how_many_days_once_they_are_more_than_two(portal):
    portal.break_part("iris")
    assert "sudah" not in section(portal.browser(people.supervisor).get("/today"), "down").text
    portal.clock.pass_by(days=3)
    assert "sudah 3 hari" in section(portal.browser(people.supervisor).get("/today"), "down").text
