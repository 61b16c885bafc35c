"""The week suggested: reasons in plain words, one press takes a line up, and nothing happens by itself."""

import pytest

from .. import people
from ..lists import listed
from ..people import OTHER_SCHOOL, PUNGGING_SCHOOL, SCHOOL

WEEK = "/planner/?week=2024-10-21&kits=all"
PUNGGING_NAME = "SMKN 1 Pungging"


@pytest.fixture
def waiting(portal):
    """Two schools at Ngoro and one at Pungging have told how many wait."""
    listed(portal.database)
    listed(portal.database, OTHER_SCHOOL, (3, 0, 0))
    listed(portal.database, PUNGGING_SCHOOL, (150, 60, 30))
    return portal


def errands(page):
    return [n for n in page.root.all("li") if "errand" in n["class"]]


def press(browser, page, name=""):
    """Take up the first line, or the first of a place: its form as it stands."""
    form = next(n for n in errands(page) if name in n.text).all("form")[0]
    return browser.post(form["action"], {i["name"]: i["value"] for i in form.all("input") if i["name"] != "csrf_token"})


def test_each_line_says_why(waiting):
    page = waiting.browser(people.clerk).get(WEEK)
    assert page.status == 200
    first, second = (n.text for n in errands(page))
    assert "SMAN 1 Ngoro" in first
    assert "90 diundang, 70 di antaranya dapat memilih; diperkirakan hadir 72" in first
    assert "Belum pernah dikunjungi" in first
    assert "Tidak hadir diperkirakan 20%, belum ada angka tempat ini" in first
    assert "kecamatan yang sama" in first
    assert "satu-satunya alat titik ini" in first
    assert "3 diundang" in second
    assert "Selasa, 22 Oktober 2024" in page.text


def test_looking_changes_nothing_and_one_press_plans_once(waiting):
    clerk = waiting.browser(people.clerk)
    page = clerk.get(WEEK)
    before = waiting.digest()
    clerk.get(WEEK)
    assert waiting.digest() == before
    made = press(clerk, page)
    assert (made.status, made.location) == (303, "/planner/?week=2024-10-21&kits=all")
    after = waiting.digest()
    again = press(clerk, page)
    assert again.headers["X-Portal-Receipt"] == made.headers["X-Portal-Receipt"]
    assert waiting.digest() == after
    left = clerk.get(WEEK)
    assert not any("SMAN 1 Ngoro" in n.text for n in errands(left))
    kept = waiting.kept_visit(1)
    assert (kept.plan.place_code, kept.plan.kits, kept.plan.session) == (SCHOOL, (f"kit-{people.NGORO}",), "day")
    assert kept.plan.note == "Usul perencana: undang 90 orang, diperkirakan hadir 72."


def test_a_large_school_waits_for_its_second_session_after_the_first_is_taken_up(waiting):
    supervisor = waiting.browser(people.supervisor)
    lines = [n.text for n in errands(supervisor.get(WEEK)) if PUNGGING_NAME in n.text]
    assert len(lines) == 2
    assert "Sesi 1 dari 2" in lines[0]
    press(supervisor, supervisor.get(WEEK), PUNGGING_NAME)
    lines = [n.text for n in errands(supervisor.get(WEEK)) if PUNGGING_NAME in n.text]
    assert len(lines) == 1
    assert "115 diundang" in lines[0]


def test_a_suggestion_that_changed_meanwhile_is_shown_anew(waiting):
    clerk, supervisor = waiting.browser(people.clerk), waiting.browser(people.supervisor)
    old = clerk.get(WEEK)
    listed(waiting.database, counts=(1, 1, 1), as_of=people.TODAY)
    before = waiting.digest()
    answer = press(clerk, old)
    assert answer.status == 409
    assert answer.errors == [
        "Usul ini berubah sejak halaman dibuka. Periksa usul yang baru di bawah, lalu terima lagi."
    ]
    assert waiting.digest() == before
    assert "3 diundang, 2 di antaranya dapat memilih" in answer.text
    assert supervisor.post("/planner/accept", {"submission_id": "x", "key": "no.such.line"}).status == 409
    assert waiting.digest() == before


def test_each_sees_their_own_area(waiting):
    clerk = waiting.browser(people.clerk).get(WEEK)
    assert PUNGGING_NAME not in clerk.text
    supervisor = waiting.browser(people.supervisor).get(WEEK)
    assert PUNGGING_NAME in supervisor.text
    reader = waiting.browser(people.reader).get(WEEK)
    assert PUNGGING_NAME in reader.text
    assert reader.forms() == [f for f in reader.forms() if f["method"] != "post"]
    key = press_key(supervisor, PUNGGING_NAME)
    before = waiting.digest()
    foreign = waiting.desk(people.clerk).post("/planner/accept", {"submission_id": "x", "key": key})
    assert foreign.status == 409
    assert PUNGGING_NAME not in foreign.text
    assert waiting.digest("login_session", "audit") == {
        k: v for k, v in before.items() if k not in ("login_session", "audit")
    }


def press_key(page, name):
    line = next(n for n in errands(page) if name in n.text)
    return next(i["value"] for i in line.all("input") if i["name"] == "key")


def test_who_is_not_reached_is_listed_with_what_would_help(waiting):
    listed(waiting.database, PUNGGING_SCHOOL, (9000, 0, 0), as_of=people.TODAY)
    page = waiting.browser(people.supervisor).get(WEEK)
    assert "Tidak terjangkau sampai 26 November 2024" in page.text
    assert "Satu alat lagi di Pungging" in page.text
    assert "Hari Sabtu ikut dibuka" in page.text
    (row,) = page.table(-1)[1:]
    assert row[0] == PUNGGING_NAME
    assert int(row[2].replace(".", "")) > 1000


def test_no_list_no_kit_no_line(portal):
    page = portal.browser(people.supervisor).get("/planner/?week=bukan-tanggal&kits=x")
    assert errands(page) == []
    assert "Tidak ada usul untuk minggu ini" in page.text
    assert "belum punya daftar sasaran" in page.text
    listed(portal.database)
    portal.break_part("iris")
    assert "Tidak ada alat yang bisa dibawa" in portal.browser(people.clerk).get(WEEK).text


def test_a_holiday_is_never_suggested(waiting):
    for back in range(6):
        listed(waiting.database, SCHOOL, (900 + back, 0, 0), as_of=people.TODAY)
    clerk = waiting.browser(people.clerk)
    for week in ("2024-10-21", "2024-11-18", "2024-11-25"):
        text = clerk.get(f"/planner/?week={week}").text
        assert "Sabtu," not in text
        assert "Minggu, " not in text
        assert "27 November 2024" not in text
