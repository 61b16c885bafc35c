"""The public page: a word a point, nothing that is nobody's business, kept for a minute by anybody."""

import json
import re

from .. import people
from ..people import NGORO
from .test_downtime import stop


def words(page):
    return {li.all("span")[0].text: li.text for li in page.root.all("li")}


def test_everybody_sees_what_works_as_of_now(portal):
    page = portal.browser().get("/status")
    assert (page.status, page.heading) == (200, "Di mana bisa rekam KTP-el sekarang")
    assert "Keadaan Sen 21 Okt, 13.00 WIB. Jam layanan 08.00–16.00 WIB" in page.text
    assert "bisa rekam ▲ bisa cetak" in words(page)["Ngoro"]
    assert "tidak ada perekaman Rekam di" in words(page)["Kutorejo"]
    assert "Kantor Kecamatan Mojosari" in words(page)["Kutorejo"]
    assert "Tanyakan tempat rekam kepada dinas." in words(page)["Dlanggu"]
    assert len(words(page)) == 20


def test_what_is_broken_or_stopped_or_not_confirmed_is_said(portal):
    portal.break_part("iris")
    assert "tidak bisa rekam ▲ bisa cetak" in words(portal.browser().get("/status"))["Ngoro"]
    stop(portal, people.NOW.replace(hour=12), None, None, people.supervisor, "central_server")
    portal.clock.pass_by(minutes=2)
    assert "tidak bisa rekam ▼ tidak bisa cetak" in words(portal.browser().get("/status"))["Pungging"]


def test_silence_is_grey_and_never_green(portal):
    portal.clock.pass_by(days=3)
    found = words(portal.browser().get("/status"))
    assert found["Ngoro"] == "Ngoro – belum dikonfirmasi"
    assert "▲" not in found["Ngoro"]


def test_a_closed_hour_says_when_it_opens(portal):
    portal.clock.pass_by(hours=4)
    assert "tutup Buka lagi Sel 22 Okt, 08.00 WIB" in words(portal.browser().get("/status"))["Ngoro"]
    portal.clock.moment = people.NOW.replace(month=11, day=27)
    assert "Buka lagi Kam 28 Nov, 08.00 WIB (" in words(portal.browser().get("/status"))["Ngoro"]


def test_no_kit_no_person_and_no_number_is_told(portal):
    portal.report()
    for path in ("/status", "/status.json"):
        for browser in (portal.browser(), portal.browser(people.supervisor)):
            text = browser.get(path).data.decode()
            assert len(text.encode()) < 20_000
            for secret in ("kit-", "Petugas", "Pengawas", "serial", "csrf", "<script", "<form"):
                assert secret not in text, secret
            assert not re.search(r">\s*\d[\d.]*\s*<", text)


def test_it_is_kept_by_anybody_and_the_same_for_all(portal):
    first = portal.browser().get("/status")
    assert first.headers["Cache-Control"] == "public, max-age=60"
    assert "Set-Cookie" not in first.headers
    again = portal.browser(people.supervisor).get("/status")
    assert again.data == first.data
    assert again.headers["ETag"] == first.headers["ETag"]
    for path in ("/status", "/status.json"):
        tag = portal.browser().get(path).headers["ETag"]
        same = portal.browser().get(path, **{"If-None-Match": tag})
        assert (same.status, same.data) == (304, b"")
    portal.break_part("iris")
    assert portal.browser().get("/status", **{"If-None-Match": first.headers["ETag"]}).status == 200


def test_the_twin_says_the_same(portal):
    portal.break_part("printer")
    told = json.loads(portal.browser().get("/status.json").data)
    assert told["as_of"] == "2024-10-21T13:00+07:00"
    assert told["hours"] == "08.00–16.00 WIB"
    found = {p["name"]: p for p in told["points"]}
    ngoro = found["Kantor Kecamatan Ngoro"]
    assert (ngoro["open"], ngoro["record"], ngoro["print"], ngoro["opens_at"]) == (True, "able", "unable", None)
    assert ngoro["words"] == "bisa rekam, tidak bisa cetak"
    page = portal.browser().get("/status")
    assert len(found) == len(words(page))
    portal.clock.pass_by(hours=5)
    closed = {p["name"]: p for p in json.loads(portal.browser().get("/status.json").data)["points"]}
    assert closed["Kantor Kecamatan Ngoro"]["record"] is None
    assert closed["Kantor Kecamatan Ngoro"]["opens_at"] == "2024-10-22T08:00+07:00"
    assert NGORO not in json.dumps(told)


def test_it_speaks_english_to_whoever_asks(portal):
    page = portal.browser().get("/status?language=en")
    assert page.root.all("html")[0]["lang"] == "en-GB"
    assert portal.browser().get("/status").root.all("html")[0]["lang"] == "id"
