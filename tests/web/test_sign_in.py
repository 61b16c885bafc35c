"""Who comes in, how long they stay, and that nothing typed is lost when they had to go."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from portal.domain.accounts import IDLE_OTHERS
from portal.web.headers import HEADERS

from .. import people, records
from ..people import NGORO, PASSWORD, TODAY

EDIT = f"/recordings/{NGORO}/{TODAY}/edit"
WRONG = "Nama pengguna atau sandi tidak cocok."


def test_everybody_signs_in_and_out_through_the_form(portal_anywhere):
    portal = portal_anywhere
    for who in people.CAST:
        browser = portal.browser(who)
        home = browser.get("/today")
        assert (home.status, home.heading) == (200, "Hari ini")
        assert who.name in home.html
        copied = browser.cookie
        out = browser.post("/sign-out")
        assert (out.status, out.location, out.headers["Clear-Site-Data"]) == (303, "/sign-in", '"cache"')
        assert browser.get("/today").location == "/sign-in?next=/today"
        thief = portal.browser()
        thief.take_cookie(copied)
        assert thief.get("/today").status == 303


def test_the_cookie_is_for_this_host_only_and_new_at_sign_in(portal):
    browser = portal.browser()
    browser.get("/sign-in")
    before = browser.cookie
    answer = browser.sign_in(people.clerk)
    (cookie,) = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-portal=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
    assert "Domain" not in cookie
    assert browser.cookie != before


def test_the_demo_shows_its_password_and_works_without_https(demo_portal):
    browser = demo_portal.browser()
    page = browser.get("/sign-in")
    assert "mojokerto-demo" in page.text
    assert browser.sign_in(people.clerk).status == 303
    assert browser.get("/today").status == 200


def test_a_real_office_shows_no_password(portal):
    page = portal.browser().get("/sign-in")
    assert "Akun contoh" not in page.text
    assert "Data contoh" not in page.html


def test_wrong_answers_sound_alike(portal):
    browser = portal.browser()
    answers = [
        browser.sign_in(name, password)
        for name, password in [("ngoro", "salah"), ("tidak.ada", PASSWORD), ("", ""), ("NGORO", PASSWORD.upper())]
    ]
    for answer in answers:
        assert (answer.status, answer.errors) == (422, [WRONG])
        assert answer.values()["username"] in ("ngoro", "tidak.ada", "", "NGORO")
        assert "password" not in [name for name, value in answer.values().items() if value]
    assert browser.sign_in(" Ngoro ").status == 303


def test_a_disabled_account_stays_outside(portal):
    clerk, admin = portal.browser(people.clerk), portal.browser(people.administrator)
    assert admin.send(admin.get(f"/accounts/{people.clerk.id}"), active=None).status == 303
    assert clerk.get("/today").status == 303
    answer = portal.browser().sign_in(people.clerk)
    assert (answer.status, answer.errors) == (422, [WRONG])


def test_who_guesses_must_wait(portal):
    browser = portal.browser()
    for _n in range(10):
        assert browser.sign_in("ngoro", "tebak").status == 422
    told = browser.sign_in(people.clerk)
    assert (told.status, told.headers["Retry-After"]) == (429, "31")
    assert "Coba lagi dalam 31 detik." in told.text
    assert told.values()["username"] == "ngoro"
    assert portal.browser(people.colleague).get("/today").status == 200
    portal.clock.pass_by(seconds=31)
    assert browser.sign_in(people.clerk).status == 303
    assert portal.browser(people.clerk).get("/today").status == 200


def test_who_guesses_many_names_from_one_address_must_wait(portal):
    browser = portal.browser(address="203.0.113.9")
    for n in range(30):
        assert browser.sign_in(f"nama{n}", "tebak").status == 422
    told = browser.sign_in(people.clerk)
    assert told.status == 429
    assert int(told.headers["Retry-After"]) > 0
    assert portal.browser(people.clerk, address="203.0.113.10").get("/today").status == 200


def test_a_one_time_code_is_changed_before_anything_else(portal):
    admin, browser = portal.browser(people.administrator), portal.browser()
    slip = admin.send(admin.get("/accounts/new"), username="Ngoro2", name="Petugas Kedua", role="clerk", points=[NGORO])
    assert slip.status == 200
    code = slip.by_id("code").text
    assert browser.sign_in("ngoro2", code).status == 303
    for path in ("/today", EDIT, "/summary/", "/visits/new"):
        assert browser.get(path).location == f"/account/password?next={path}"
    assert browser.post(EDIT, {"recorded": "1"}).location == "/account/password"
    page = browser.get("/account/password")
    assert not page.root.all("nav")
    counted = ("audit", "sign_in_failure")
    before = portal.digest(*counted)
    weak = browser.send(page, present=code, password="mojokerto2024", again="mojokerto2024")
    assert (weak.status, len(weak.errors)) == (422, 1)
    assert not [box["value"] for box in weak.root.all("input") if box["type"] == "password" and box["value"]]
    assert browser.send(page, present="salah", password=PASSWORD, again=PASSWORD).status == 422
    assert browser.send(page, present=code, password=PASSWORD, again=PASSWORD + "x").status == 422
    assert browser.send(page, present=code, password=code, again=code).status == 422
    assert portal.digest(*counted) == before
    assert browser.send(page, present=code, password="kopi sore di pendopo", again="kopi sore di pendopo").status == 303
    assert browser.get("/today").status == 200
    assert portal.browser().sign_in("ngoro2", code).status == 422


def test_a_changed_password_ends_every_other_browser_and_every_copied_cookie(portal):
    here, there, copied = portal.browser(people.clerk), portal.browser(people.clerk), portal.browser()
    copied.take_cookie(here.cookie)
    assert copied.get("/today").status == 200
    new = "kopi sore di pendopo"
    page = here.get("/account/password")
    assert here.send(page, present=PASSWORD, password=new, again=new).location == "/today"
    assert here.get("/today").status == 200
    assert there.get("/today").status == copied.get("/today").status == 303
    assert here.send(here.get("/recordings/" + f"{NGORO}/{people.TODAY}/edit"), recorded="24").status == 303


def test_a_reset_gives_a_code_once_and_ends_the_sessions(portal):
    clerk, admin = portal.browser(people.clerk), portal.browser(people.administrator)
    slip = admin.send(admin.get(f"/accounts/{people.clerk.id}"), part="/reset")
    code = slip.by_id("code").text
    assert clerk.get("/today").status == 303
    assert portal.browser().sign_in(people.clerk).status == 422
    assert portal.browser().sign_in(people.clerk, code).status == 303
    assert code not in admin.get(f"/accounts/{people.clerk.id}").html


@pytest.mark.parametrize(
    "change", [{"role": "reader", "points": None}, {"points": [people.PUNGGING]}, {"role": "liaison"}, {"name": ""}]
)
def test_a_new_role_or_area_ends_the_sessions(portal, change):
    clerk, admin = portal.browser(people.clerk), portal.browser(people.administrator)
    answer = admin.send(admin.get(f"/accounts/{people.clerk.id}"), change)
    sound = answer.status == 303
    assert sound == (change not in ({"role": "liaison"}, {"name": ""}))
    assert clerk.get("/today").status == (303 if sound else 200)


def test_an_administrator_does_not_lock_himself_out(portal, unchanged):
    admin = portal.browser(people.administrator)
    page = admin.get(f"/accounts/{people.administrator.id}")
    unchanged()
    assert admin.send(page, role="reader").status == 422
    assert admin.send(page, active=None).status == 422


def test_one_sees_and_ends_ones_own_browsers(portal):
    here, there = portal.browser(people.clerk), portal.browser(people.clerk)
    page = here.get("/account")
    assert "Chrome di Android" in page.text
    assert here.send(page, part="/end").location == "/account"
    assert there.get("/today").status == 303
    assert here.get("/today").status == 200


@pytest.mark.parametrize(
    ("who", "minutes"), [(people.clerk, 30), (people.liaison, 30), (people.supervisor, 15), (people.administrator, 15)]
)
def test_who_does_nothing_is_asked_again(portal, who, minutes):
    browser = portal.browser(who)
    portal.clock.pass_by(minutes=minutes)
    assert browser.get("/today").status == 200
    portal.clock.pass_by(minutes=minutes, seconds=1)
    assert browser.get("/today").status == 303


def test_after_twelve_hours_everybody_is_asked_again(portal):
    browser = portal.browser(people.clerk)
    for _n in range(24):
        portal.clock.pass_by(minutes=30)
        assert browser.get("/today").status == 200
    portal.clock.pass_by(minutes=1)
    assert browser.get("/today").status == 303


@pytest.fixture
def expired(portal_anywhere):
    """A clerk who filled the report in, was called away, and sends it an hour later."""
    portal = portal_anywhere
    clerk = portal.browser(people.clerk)
    form = clerk.get(EDIT)
    portal.clock.pass_by(seconds=IDLE_OTHERS.total_seconds() + 60)
    before = portal.digest()
    asked = clerk.send(form, {"recorded": "1.2o4", "note": "<b>ramai</b>", "home-luar": "3", "kind": "angka"})
    assert portal.digest() == before
    return portal, clerk, form, asked


def test_what_was_typed_survives_the_end_of_the_session(expired):
    portal, clerk, form, asked = expired
    assert (asked.status, asked.heading) == (401, "Masuk")
    assert "1.2o4" not in asked.text
    back = clerk.send(asked, username="ngoro", password=PASSWORD)
    assert back.status == 303
    assert back.location.startswith(f"{EDIT}?kept=")
    again = clerk.get(back.location)
    assert [again.typed(n) for n in ("recorded", "note", "home-luar")] == ["1.2o4", "<b>ramai</b>", "3"]
    assert again.typed("submission_id") == form.typed("submission_id")
    assert portal.kept_report() is None
    sent = clerk.send(clerk.send(again, recorded="1.204"))  # asked whether so many, and told yes
    assert sent.status == 303
    assert portal.kept_report().entry.recorded == 1204


def test_a_wrong_password_in_between_does_not_lose_it(expired):
    _portal, clerk, _form, asked = expired
    wrong = clerk.send(asked, username="ngoro", password="salah")
    assert wrong.status == 422
    back = clerk.send(wrong, username="ngoro", password=PASSWORD)
    assert clerk.get(back.location).typed("recorded") == "1.2o4"


def test_somebody_else_does_not_get_it(expired):
    _portal, clerk, _form, asked = expired
    back = clerk.send(asked, username="pungging", password=PASSWORD)
    assert (back.status, back.location) == (303, "/today")
    clerk.signed_in = True
    assert "1.2o4" not in clerk.get("/today").html


def test_a_kept_form_is_its_owners_only(expired):
    portal, clerk, _form, asked = expired
    location = clerk.send(asked, username="ngoro", password=PASSWORD).location
    supervisor = portal.browser(people.supervisor)
    assert supervisor.get(location).typed("recorded") == ""
    assert clerk.get(location.replace(str(TODAY), str(TODAY - timedelta(days=3)))).typed("recorded") == ""
    assert clerk.get(f"{EDIT}?kept=' or 1=1").typed("recorded") == ""


def test_a_forged_kept_form_is_not_opened(portal):
    browser = portal.browser()
    for kept in ("x", "eyJhIjoxfQ.x.y", "a" * 100_000):
        page = browser.get("/sign-in")
        answer = browser.send(page, username="ngoro", password=PASSWORD, kept=kept)
        assert (answer.status, answer.location) == (303, "/")
        browser = portal.browser()


def test_passwords_are_never_kept(portal):
    clerk = portal.browser(people.clerk)
    page = clerk.get("/account/password")
    portal.clock.pass_by(hours=1)
    asked = clerk.send(page, present=PASSWORD, password="kopi sore di pendopo", again="kopi sore di pendopo")
    assert (asked.status, asked.values().get("kept")) == (401, "")
    assert "kopi" not in asked.html


FINE = ["/visits/", "/summary/?period=week&book=home", f"/recordings/{NGORO}/2024-10-21", "/today?x=1+2"]
NASTY = re.findall(
    r"[^ \n]+",
    """
//evil.example ///evil.example ////evil.example /\\evil.example \\\\evil.example \\evil.example /\\/evil.example
http://evil.example https:evil.example https:/evil.example https:///evil.example HTTPS://evil.example
javascript:alert(1) JaVaScRiPt:alert(1) data:text/html,x vbscript:x ftp://evil.example mailto:x@evil.example
evil.example www.evil.example @evil.example .evil.example ..//evil.example ./evil.example ?next=//evil.example
#//evil.example /%09/evil.example /%5Cevil.example%5C.. /today#evil /today;//evil /<script> /"onmouseover="x
/%2F%2Fevil.example/%0d%0aSet-Cookie:x=1 /%0aLocation:x %2f%2fevil.example %5c%5cevil.example
http:/\\evil.example //evil.example@portal.test //portal.test@evil.example /․evil．example
//portal.test
""",
)
NASTY += ["/\tevil.example", "/ /evil.example", " //evil.example", "/\r\nX: 1", "/\x00", "", "/\u2028/evil.example"]


@pytest.mark.parametrize("target", FINE)
def test_one_comes_back_to_where_one_was_going(portal, target):
    browser = portal.browser()
    page = browser.get(target)
    assert urlsplit(page.location).path == "/sign-in"
    form = browser.get(page.location)
    assert browser.send(form, username="pengawas", password=PASSWORD).location == target


def test_nobody_is_led_astray(portal):
    assert len(NASTY) >= 40
    clerk = portal.browser(people.clerk)
    for target in NASTY:
        for page in (
            clerk.ask("GET", "/sign-in", query_string={"next": target}),
            clerk.post("/language", {"language": "id", "next": target}),
        ):
            assert page.status == 303
            parts = urlsplit(page.location)
            assert not parts.scheme, target
            assert not parts.netloc, target
            assert page.location.startswith("/"), target
            assert page.location[1:2] not in ("/", "\\"), target
            assert page.location == "/today" or "evil" not in page.location or "%" in target, target


def test_english_is_one_tap_away_and_stays(portal):
    browser = portal.browser()
    page = browser.get("/sign-in")
    answer = browser.post("/language", {"language": "en", "next": "/sign-in"})
    assert answer.location == "/sign-in"
    page = browser.get("/sign-in")
    assert page.root.all("html")[0]["lang"] == "en-GB"
    browser.sign_in(people.clerk)
    assert browser.get("/today").root.all("html")[0]["lang"] == "en-GB"
    browser.post("/language", {"language": "id", "next": "/today"})
    assert browser.get("/today").heading == "Hari ini"


def test_another_host_is_not_answered(portal):
    browser = portal.browser()
    answer = browser.client.get("/sign-in", base_url="https://evil.example")
    assert answer.status_code == 400
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    assert "evil.example" not in answer.text


def test_a_health_check_needs_no_account(portal):
    assert portal.browser().get("/healthz").text == "ok\n"
    assert portal.browser().get("/readyz").text == "ready\n"


def test_a_hint_of_the_future_is_not_shown_to_the_wrong_person(portal):
    portal.report(records.entry(4711))
    for who in (None, people.stranger, people.colleague, people.liaison):
        browser = portal.browser(who)
        for path in (EDIT, EDIT.removesuffix("/edit"), "/recordings/", "/today", "/summary/"):
            assert "4.711" not in browser.get(path).html
