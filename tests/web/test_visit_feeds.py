"""The visits as a calendar: a file as RFC 5545 writes it, and an address that shows its owner's area and no person."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.web.icalendar import LONGEST_LINE, Event, calendar, escaped, folded

from .. import people
from ..people import PUNGGING, PUNGGING_SCHOOL, TODAY

# --- the file --------------------------------------------------------------------------------------------

TEXTS = st.text(max_size=200)


def unfolded(content):
    return content.replace("\r\n ", "")


def plain(value):
    """What a calendar program reads out of a value."""
    found, letters = [], iter(value)
    for letter in letters:
        if letter == "\\":
            following = next(letters)
            found.append("\n" if following == "n" else following)
        else:
            found.append(letter)
    return "".join(found)


@given(TEXTS)
def test_a_text_comes_out_as_it_went_in(text):
    kept = "\n".join("".join(c for c in line if c.isprintable()) for line in text.splitlines())
    assert plain(escaped(text)) == kept
    assert "\n" not in escaped(text)
    assert "\r" not in escaped(text)


@given(TEXTS)
def test_no_line_is_longer_than_75_octets_and_nothing_is_lost(text):
    line = f"SUMMARY:{escaped(text)}"
    lines = folded(line).split("\r\n")
    assert all(len(part.encode()) <= LONGEST_LINE for part in lines)
    assert all(part.startswith(" ") for part in lines[1:])
    assert unfolded(folded(line)) == line


def test_special_signs_are_marked():
    assert escaped("a;b,c\\d\ne") == "a\\;b\\,c\\\\d\\ne"


def event(**over):
    values = {
        "uid": "kunjungan-1@portal.test",
        "day": date(2024, 10, 31),
        "summary": "Perekaman; SMAN 1, Ngoro",
        "location": "Ngoro",
        "description": "Tim dari Ngoro\nKeadaan: Rencana",
        "confirmed": False,
        "changed_at": datetime(2024, 10, 21, 13, tzinfo=UTC),
        "version": 3,
    }
    return Event(**values | over)


def test_an_event_is_a_whole_day_with_a_stable_name_and_a_version():
    content = calendar("Kunjungan", [event(), event(uid="kunjungan-2@portal.test", confirmed=True)]).decode()
    assert content.endswith("END:VCALENDAR\r\n")
    assert "\n" not in content.replace("\r\n", "")
    lines = unfolded(content).split("\r\n")
    assert lines[:3] == ["BEGIN:VCALENDAR", "VERSION:2.0", lines[2]]
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 2
    for wanted in (
        "UID:kunjungan-1@portal.test",
        "DTSTAMP:20241021T130000Z",
        "DTSTART;VALUE=DATE:20241031",
        "DTEND;VALUE=DATE:20241101",
        "SEQUENCE:2",
        "SUMMARY:Perekaman\\; SMAN 1\\, Ngoro",
        "DESCRIPTION:Tim dari Ngoro\\nKeadaan: Rencana",
        "STATUS:TENTATIVE",
        "STATUS:CONFIRMED",
    ):
        assert wanted in lines


# --- the addresses -----------------------------------------------------------------------------------------


@pytest.fixture
def busy(portal):
    """A visit at Ngoro, one at Pungging, one cancelled."""
    portal.visit(visit_date=TODAY + timedelta(days=1), team="Bu Sari", note="ruang guru", contact="Pak Joko")
    portal.visit(people.colleague, place_code=PUNGGING_SCHOOL, point_code=PUNGGING, visit_date=TODAY)
    portal.cancel_visit(portal.visit(visit_date=TODAY + timedelta(days=2)))
    return portal


def summaries(page):
    return [line for line in unfolded(page.text).split("\r\n") if line.startswith("SUMMARY:")]


def test_a_week_to_download(busy):
    page = busy.browser(people.clerk).get("/visits/calendar/2024-10-23.ics")
    assert page.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert page.headers["Content-Disposition"] == 'attachment; filename="kunjungan_2024-10-21.ics"'
    assert summaries(page) == ["SUMMARY:Perekaman KTP-el SMAN 1 Ngoro (Sehari penuh)"]
    assert len(summaries(busy.browser(people.reader).get("/visits/calendar/2024-10-21.ics"))) == 2


def make(browser):
    page = browser.post("/visits/feed")
    assert page.status == 200
    address = page.by_id("address").text
    assert address.startswith("https://portal.test/feeds/")
    return address.removeprefix("https://portal.test")


def test_a_feed_needs_no_sign_in_and_shows_the_owners_area_without_people(busy):
    address = make(busy.browser(people.clerk))
    page = busy.browser().get(address)
    assert page.status == 200
    assert summaries(page) == ["SUMMARY:Perekaman KTP-el SMAN 1 Ngoro (Sehari penuh)"]
    for word in ("Sari", "Joko", "ruang guru", "Petugas"):
        assert word not in page.text
    assert "UID:kunjungan-1@portal.test" in page.text
    assert len(summaries(busy.browser().get(make(busy.browser(people.supervisor))))) == 2
    assert len(summaries(busy.browser().get(make(busy.browser(people.liaison))))) == 1


def test_the_address_is_shown_once_and_can_be_revoked(busy):
    clerk = busy.browser(people.clerk)
    assert "Belum ada alamat kalender" in clerk.get("/visits/feed").text
    address = make(clerk)
    shown = clerk.get("/visits/feed")
    assert address not in shown.html
    assert "Alamat kalender berlaku sejak" in shown.text
    assert clerk.post("/visits/feed/revoke").status == 303
    assert busy.browser().get(address).status == 404
    assert "Alamat kalender dicabut." in clerk.get("/visits/feed").text


def test_a_new_address_ends_the_old_one_and_a_guess_finds_nothing(busy):
    clerk = busy.browser(people.clerk)
    old, new = make(clerk), make(clerk)
    assert (busy.browser().get(old).status, busy.browser().get(new).status) == (404, 200)
    for guess in ("x", "0" * 43, new[len("/feeds/") : -len(".ics") - 1]):
        assert busy.browser().get(f"/feeds/{guess}.ics").status == 404


def test_a_feed_is_read_and_never_writes(busy):
    address = make(busy.browser(people.clerk))
    before = busy.digest()
    busy.browser().get(address)
    assert busy.digest() == before
