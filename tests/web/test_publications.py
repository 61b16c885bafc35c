"""The frozen daily summary: published as it was seen, printed as it was published."""

import re
from datetime import timedelta

import pytest

from portal.storage import publications

from .. import people, records
from ..people import NGORO, PUNGGING, TODAY

DAY = TODAY.isoformat()


@pytest.fixture
def worked(portal):
    """Two points told something of today, one of them NIHIL."""
    portal.report(records.entry(24, {"35.16.05": 20, "luar": 1}))
    portal.report(records.nihil("jaringan_server"), who=people.colleague)
    return portal


def kept(portal):
    with portal.database.reading() as tx:
        return publications.newest(tx, 9)


def test_a_supervisor_publishes_what_he_sees(worked):
    browser = worked.browser(people.supervisor)
    shown = browser.get(f"/publications/new?day={DAY}")
    assert shown.status == 200
    assert "NIHIL: Jaringan atau server pusat" in shown.text
    assert kept(worked) == []
    fields = shown.values()
    done = browser.post("/publications/new", fields)
    assert (done.status, done.location) == (303, "/publications/1")
    assert re.fullmatch(r"M-1021-\d+", done.headers["X-Portal-Receipt"])
    (publication,) = kept(worked)
    page = browser.get(done.location)
    assert publication.check_code in page.text
    table = page.root.all("table")[1]
    rows = {tr.all("th")[0].text: [td.text for td in tr.all("td")] for tr in table.all("tr")[1:]}
    assert rows["Ngoro"][:3] == ["24", "–", "24"]
    assert rows["Pungging"][:3] == ["0", "–", "0"]
    assert rows["Gondang"][:3] == ["–", "–", "–"]
    assert rows["Kabupaten"][2] == "24"
    again = browser.post("/publications/new", fields)
    assert (again.status, again.location) == (303, "/publications/1")
    assert len(kept(worked)) == 1


def test_numbers_that_moved_meanwhile_are_shown_before_they_are_published(worked):
    browser = worked.browser(people.supervisor)
    fields = browser.get(f"/publications/new?day={DAY}").values()
    worked.report(records.entry(30), version=1, reason="salah ketik")
    again = browser.post("/publications/new", fields)
    assert again.status == 409
    assert "Angkanya berubah" in again.text
    assert kept(worked) == []
    fresh = again.values()
    assert fresh["mark"] != fields["mark"]
    assert browser.post("/publications/new", fresh).status == 303
    assert kept(worked)[0].daily.recorded == 30


def test_the_printed_page_never_changes_and_the_next_tells_the_correction(worked):
    browser = worked.browser(people.supervisor)
    worked.publish(at=people.NOW)
    before = browser.get("/publications/1").root.all("main")[0].text
    worked.clock.pass_by(minutes=5)
    worked.report(records.entry(43), version=1, reason="buku tamu dihitung ulang", at=worked.clock.now())
    assert browser.get("/publications/1").root.all("main")[0].text == before
    index = browser.get("/publications/")
    assert "buku tamu dihitung ulang" in index.text
    row = next(tr for tr in index.root.all("tr") if tr.all("th")[0].text == "Ngoro")
    assert [td.text for td in row.all("td")][1:4] == ["24", "43", "+19"]
    worked.clock.pass_by(days=1)
    browser = worked.browser(people.supervisor)
    tomorrow = TODAY + timedelta(days=1)
    fields = browser.get(f"/publications/new?day={tomorrow}").values()
    assert browser.post("/publications/new", fields).status == 303
    page = browser.get("/publications/2")
    assert "buku tamu dihitung ulang" in page.text
    newest = kept(worked)[0].daily
    assert newest.cumulative == newest.cumulative_before + newest.recorded + newest.corrected == 43


@pytest.mark.parametrize("day", ["", "31-02-2024", "2024-10-22", "2024-10-01", "x" * 500])
def test_a_day_that_cannot_be_published_is_told(worked, day):
    browser = worked.browser(people.supervisor)
    shown = browser.get(f"/publications/new?day={day}")
    assert shown.status == 422
    fields = {"submission_id": records.submission_id(), "mark": "x", "day": day}
    assert browser.post("/publications/new", fields).status == 422
    assert kept(worked) == []


def test_the_recap_says_the_published_numbers_in_under_900_characters(worked):
    browser = worked.browser(people.reader)
    worked.publish()
    text = browser.get("/publications/1").by_id("recap-text").text
    daily = kept(worked)[0].daily
    assert len(text) < 900
    assert f"rekam {daily.recorded}" in text
    assert f"{daily.reports} dari {len(daily.lines)} titik lapor" in text
    assert "Pungging (jaringan atau server pusat)" in text
    assert kept(worked)[0].check_code in text


def test_a_reader_reads_and_cannot_publish(worked):
    browser = worked.browser(people.reader)
    assert "Terbitkan rekap" not in browser.get("/publications/").text
    fields = {"submission_id": records.submission_id(), "mark": "x", "day": DAY}
    assert browser.post("/publications/new", fields).status == 403
    assert kept(worked) == []


def test_screen_and_publication_agree_with_the_summary(busy):
    """The published day says what the summary of that day says, in both books."""
    browser = busy.browser(people.supervisor)
    busy.publish()
    daily = kept(busy)[0].daily
    for book in ("work", "home"):
        page = browser.get(f"/summary/?period=today&book={book}")
        total = page.root.all("tfoot")[-1].all("td")[0].text
        assert total == f"{daily.recorded:,}".replace(",", ".")
    assert {NGORO, PUNGGING} <= {line.point_code for line in daily.lines}
