"""Standstill in the browser: its hours, its price, its causes; each figure the same on screen and in a file."""

import csv
import io
from datetime import datetime, timedelta

import pytest

from portal.actions import equipment, outages
from portal.domain.calendar import WIB
from portal.domain.outages import Outage
from portal.storage import equipment as kept

from .. import people, records
from ..people import NGORO, PUNGGING, TODAY

KIT = f"kit-{NGORO}"


def at(day, hour, minute=0, month=10):
    return datetime(2024, month, day, hour, minute, tzinfo=WIB)


def set_part(portal, status, moment, reason="tidak_menyala", kind="iris", kit=KIT, who=people.clerk):
    with portal.database.writing() as tx:
        version = next(c.version for c in kept.find(tx, kit).components if c.kind == kind)
        equipment.set_status(
            tx, people.sending(who, moment), records.submission_id(), kit, kind, version, status, reason, ""
        )


def confirm(portal, moment, kit=KIT, who=people.clerk):
    with portal.database.writing() as tx:
        version = kept.find(tx, kit).version
        equipment.confirm(tx, people.sending(who, moment), records.submission_id(), kit, version)


def stop(portal, begin, end=None, point=NGORO, who=people.clerk, cause="network"):
    with portal.database.writing() as tx:
        told = Outage(0, point, cause, begin, end)
        moment = (end or begin) + timedelta(minutes=1)
        outages.tell(tx, people.sending(who, moment), portal.office(), records.submission_id(), told)


@pytest.fixture
def week(portal_anywhere):
    """Ngoro's iris broke on Tuesday 22 October at ten and worked again on Wednesday at noon; it is Friday, four."""
    portal = portal_anywhere
    set_part(portal, "broken", at(22, 10))
    set_part(portal, "good", at(23, 12), reason="")
    for day in (24, 25):
        confirm(portal, at(day, 8))
    portal.clock.moment = at(25, 16)
    return portal


PERIOD = "/downtime/?period=custom&first=2024-10-22&last=2024-10-25"


def rows(page):
    """The table of points: name → its cells."""
    table = next(t for t in page.root.all("table") if "Kali berhenti" in t.text)
    return {r[0]: r[1:] for r in ([c.text for c in tr.all("th", "td")] for tr in table.all("tr")[1:])}


def test_hours_up_down_and_unknown_of_a_point(week):
    page = week.browser(people.supervisor).get(PERIOD)
    assert rows(page)["Ngoro"] == ["22 jam", "10 jam", "0 jam", "68,8% dari 32 jam", "1", "10 jam", "0 jam"]
    assert rows(page)["Pungging"][:4] == ["16 jam", "0 jam", "16 jam", "100,0% dari 16 jam"]
    assert rows(page)["Jumlah"][:4] == ["38 jam", "10 jam", "16 jam", "79,2% dari 48 jam"]
    assert "tidak terekam: tidak diketahui (kurang dari 8 hari pembanding)" in page.text
    assert "Pemindai iris rusak, 10 jam" in page.text


def test_the_file_shows_the_same_minutes(week):
    page = week.browser(people.supervisor).get(PERIOD.replace("/downtime/", "/downtime/download.csv"))
    lines = list(csv.reader(io.StringIO(page.data.decode("utf-8-sig")), delimiter=";"))
    told = {row[1]: dict(zip(lines[0], row, strict=True)) for row in lines[1 : lines.index([])]}
    assert told["Kantor Kecamatan Ngoro"]["Menit berhenti"] == "600"
    assert told["Kantor Kecamatan Ngoro"]["Menit bisa"] == str(22 * 60)
    assert told["Kantor Kecamatan Pungging"]["Menit tidak diketahui"] == str(16 * 60)
    assert told["Kantor Kecamatan Ngoro"]["Tidak terekam, paling banyak"] == ""
    assert week.browser(people.supervisor).get("/downtime/download.xlsx").status == 200


def test_a_taken_file_is_written_down(week):
    week.browser(people.clerk).get("/downtime/download.csv")
    with week.database.reading() as tx:
        from portal.storage import ledger

        entry = ledger.newest_entries(tx, 1)[0]
    assert (entry.deed, entry.account, entry.object_id) == (
        "downtime.download",
        "ngoro",
        "record/2024-10-08/2024-10-25",
    )


def test_an_outage_of_the_district_is_counted_once_and_named(week):
    stop(week, at(24, 9), at(24, 11), None, people.supervisor, "central_server")
    stop(week, at(24, 10), at(24, 12))
    browser = week.browser(people.supervisor)
    assert rows(browser.get(PERIOD))["Ngoro"][1] == "13 jam"
    assert rows(browser.get(PERIOD))["Pungging"][1] == "2 jam"
    section = next(n for n in browser.get(PERIOD).root.all("section") if n["aria-labelledby"] == "repair")
    assert [li.all("a")[0].text for li in section.all("li")] == ["Ngoro"]
    assert "11 jam berhenti" in section.text
    assert "Gangguan seluruh kabupaten: 2 titik, jumlahnya 4 jam" in section.text
    page = browser.get(f"/downtime/{NGORO}?period=custom&first=2024-10-22&last=2024-10-25")
    assert "13 jam, 3 jam karena gangguan saja" in page.text
    assert "Server pusat, 2 jam" in page.text


def test_printing_has_hours_of_its_own(week):
    page = week.browser(people.supervisor).get(PERIOD + "&work=print")
    assert rows(page)["Ngoro"][1] == "0 jam"
    assert "Tidak terekam" not in page.text


@pytest.fixture
def priced(week):
    """Twelve ordinary days of 24 recordings before, so that an hour of Ngoro's is known to be three."""
    week.clock.moment = at(25, 16)
    for day in (8, 9, 10, 11, 14, 15, 16, 17, 18, 21):
        week.report(records.entry(24), day=at(day, 8).date(), at=at(25, 15))
    week.report(records.entry(6), day=at(22, 8).date(), at=at(25, 15))
    week.report(records.nihil("alat_rusak"), day=at(23, 8).date(), at=at(25, 15))
    week.report(records.nihil("jaringan_server"), day=at(24, 8).date(), at=at(25, 15))
    week.report(records.nihil("tak_ada_pemohon"), day=at(25, 8).date(), at=at(25, 15))
    return week


def test_standstill_has_its_price(priced):
    page = priced.browser(people.supervisor).get(PERIOD)
    assert "10 jam berhenti, tidak terekam: ≈ 30 orang" in page.text
    one = priced.browser(people.supervisor).get(f"/downtime/{NGORO}?period=custom&first=2024-10-22&last=2024-10-25")
    assert "hari kerja: 3–3 per jam, tengah 3 (n = 10 hari)" in one.text


def test_every_zero_has_its_cause_or_says_that_it_has_none(priced):
    page = priced.browser(people.supervisor).get(f"/downtime/{NGORO}?period=custom&first=2024-10-22&last=2024-10-25")
    section = next(n for n in page.root.all("section") if n["aria-labelledby"] == "zeros")
    told = {li.all("a")[0].text: li.text for li in section.all("li")}
    assert "ada kejadian" in told["Sel 22 Okt"]
    assert "6 direkam, biasanya sekitar 24 sehari · Pemindai iris rusak, 6 jam" in told["Sel 22 Okt"]
    assert "ada kejadian" in told["Rab 23 Okt"]
    assert "belum dijelaskan" in told["Kam 24 Okt"]
    assert "menurut laporan: tidak ada pemohon" in told["Jum 25 Okt"]
    assert next(iter(told)) == "Kam 24 Okt"


def test_the_supervisor_s_morning_puts_the_dearest_standstill_first(priced):
    set_part(priced, "broken", at(25, 15), kind="camera")
    set_part(priced, "broken", at(23, 9), kind="camera", kit=f"kit-{PUNGGING}", who=people.colleague)
    page = priced.browser(people.supervisor).get("/today")
    section = next(n for n in page.root.all("section") if n["aria-labelledby"] == "down")
    told = [li.text for li in section.all("li")]
    assert told[0].startswith(f"kit-{NGORO}")
    assert told[1].startswith(f"kit-{PUNGGING}")
    assert "11 jam berhenti, tidak terekam: ≈ 33 orang" in section.text


def test_a_clerk_sees_what_is_hers_only(week):
    page = week.browser(people.clerk).get(PERIOD)
    assert set(rows(page)) == {"Ngoro", "Jumlah"}
    assert "Pungging" not in page.root.all("main")[0].text
    file = week.browser(people.clerk).get("/downtime/download.csv")
    assert "Pungging" not in file.data.decode()


def test_a_past_period_does_not_look_beyond_its_end(week):
    browser = week.browser(people.supervisor)
    past = "?period=custom&first=2024-10-22&last=2024-10-22"
    page = browser.get(f"/downtime/{NGORO}{past}")
    assert "berhenti sampai akhir rentang" in page.text
    assert "masih berhenti" not in page.text
    assert rows(browser.get(f"/downtime/{past}"))["Ngoro"] == [
        "2 jam",
        "6 jam",
        "0 jam",
        "25,0% dari 8 jam",
        "1",
        "–",
        "0 jam",
    ]


def test_an_empty_period_is_one_friendly_sentence(portal):
    page = portal.browser(people.supervisor).get("/downtime/?period=before")
    assert "Tidak ada titik dengan alat pada hari layanan dalam rentang ini." in page.text
    assert "Tidak ada titik yang berhenti dalam rentang ini." in page.text


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("first=2024-10-99&last=2024-10-21", "Isi tanggal yang ada di kalender, misalnya 21-10-2024."),
        ("first=2024-10-21&last=x", "Isi tanggal yang ada di kalender, misalnya 21-10-2024."),
        ("first=2024-10-21&last=2024-10-09", "Tanggal awal harus sebelum tanggal akhir."),
        ("first=2024-10-21&last=2024-10-22", "Tanggal akhir belum tiba."),
        ("first=2020-10-21&last=2024-10-20", "Rentang paling panjang 366 hari."),
    ],
)
def test_a_period_that_is_none_is_told_and_its_text_kept(quiet, query, message):
    page = quiet.desk(people.administrator).get(f"/downtime/?period=custom&{query}")
    assert (page.status, page.errors) == (422, [message])
    assert page.by_id("last")["value"] == query.split("last=")[1]


def test_nonsense_in_the_address_shows_the_month(quiet):
    browser = quiet.desk(people.administrator)
    assert browser.get("/downtime/?period=%21&work=terbang").status == 200
    assert f"8 Oktober 2024 – {TODAY.day} Oktober 2024" in browser.get("/downtime/?period=x").text


def test_an_opening_hour_that_the_office_set_changes_the_hours(week):
    from portal.storage import areas, ledger

    with week.database.writing() as tx:
        areas.set_setting(tx, "limit.opens_hour", "9")
        ledger.touch(tx, ledger.LISTS)
    page = week.browser(people.supervisor).get(PERIOD)
    assert rows(page)["Ngoro"][1] == "9 jam"
    assert "pukul 09.00–16.00 WIB" in page.text
