"""Nothing typed is lost, and nobody gets what somebody else typed: forms over ended, changed and broken sessions."""

import re
from datetime import timedelta

import pysqlite3.dbapi2 as sqlite
import pytest
from sqlalchemy import select

from portal.domain.accounts import IDLE_OTHERS
from portal.storage import accounts, ledger
from portal.storage.tables import kept_form

from .. import people, records
from ..people import NGORO, PASSWORD, PUNGGING, TODAY

EDIT = f"/recordings/{NGORO}/{TODAY}/edit"
KIT = f"/equipment/kit-{NGORO}"
TYPED = {"recorded": "1.2o4", "note": "<b>ramai</b>"}


def expire(portal):
    portal.clock.pass_by(seconds=IDLE_OTHERS.total_seconds() + 60)


def typed_too_late(portal, **more):
    """A clerk's report, sent an hour after the session ended: the browser and the sign-in page it was given."""
    clerk = portal.browser(people.clerk)
    form = clerk.get(EDIT)
    expire(portal)
    return clerk, clerk.send(form, TYPED | more)


def log(portal):
    with portal.database.reading() as tx:
        return list(ledger.every_entry(tx))


# --- the sign-in page holds on to it ---------------------------------------------------------------------


def test_a_sign_in_form_that_grew_old_keeps_what_it_holds(portal):
    clerk, asked = typed_too_late(portal)
    fields = {**asked.values(), "username": "ngoro", "password": PASSWORD, "csrf_token": "old", "next": "/visits/"}
    again = clerk.post("/sign-in", fields, token=False)
    assert (again.status, again.errors) == (400, ["Formulir masuk sudah lama. Isi sandi sekali lagi."])
    assert (again.typed("username"), again.typed("password"), again.typed("next")) == ("ngoro", "", "/visits/")
    back = clerk.send(again, password=PASSWORD)
    assert clerk.get(back.location).typed("recorded") == "1.2o4"


def test_who_signed_in_meanwhile_in_another_tab_gets_the_kept_form(portal):
    clerk, asked = typed_too_late(portal)
    assert clerk.sign_in(people.clerk).status == 303
    back = clerk.send(asked, username="Ngoro", password=PASSWORD)
    assert back.status == 303
    assert clerk.get(back.location).typed("recorded") == "1.2o4"


def test_an_old_sign_in_form_of_somebody_else_does_not_work_as_who_is_signed_in(portal):
    clerk, asked = typed_too_late(portal)
    assert clerk.sign_in(people.colleague).status == 303
    again = clerk.send(asked, username="ngoro", password=PASSWORD)
    assert (again.status, again.typed("username")) == (400, "ngoro")
    back = clerk.send(again, password=PASSWORD)
    assert clerk.get(back.location).typed("recorded") == "1.2o4"


def test_no_language_is_chosen_while_a_form_is_held(portal):
    clerk, asked = typed_too_late(portal)
    assert not [f for f in asked.root.all("form") if f["action"] == "/language"]
    assert [f for f in clerk.get("/sign-in").root.all("form") if f["action"] == "/language"]


def test_a_database_that_is_away_at_sign_in_loses_nothing(portal):
    clerk, asked = typed_too_late(portal)
    other = sqlite.connect(portal.services.settings.sqlite_path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    data = {**asked.values(), "username": "ngoro", "password": PASSWORD}
    told = clerk.ask("POST", "/sign-in", data=data, checked=False)
    other.execute("ROLLBACK")
    other.close()
    assert (told.status, told.headers["Retry-After"]) == (503, "5")
    assert PASSWORD not in told.html
    back = clerk.send(told, password=PASSWORD)
    assert clerk.get(back.location).typed("recorded") == "1.2o4"


def test_a_form_waits_behind_a_one_time_code(portal):
    clerk = portal.browser(people.clerk)
    form = clerk.get(EDIT)
    admin = portal.browser(people.administrator)
    code = admin.send(admin.get(f"/accounts/{people.clerk.id}"), part="/reset").by_id("code").text
    asked = clerk.send(form, TYPED)
    assert asked.status == 401
    kept = clerk.send(asked, username="ngoro", password=code).location
    page = clerk.get(clerk.get(kept).location)
    wrong = clerk.send(page, present=code, password="pendek", again="pendek")
    new = "kopi sore di pendopo"
    done = clerk.send(wrong, present=code, password=new, again=new)
    assert done.location == kept
    assert clerk.get(done.location).typed("recorded") == "1.2o4"


def test_an_unexpected_failure_offers_to_send_again_but_never_a_password(portal, monkeypatch):
    clerk = portal.browser(people.clerk)
    form, password = clerk.get(EDIT), clerk.get("/account/password")

    def fall(*_given, **_more):
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr("portal.web.recordings.deeds.send", fall)
        broken.setattr("portal.web.own_account.deeds.change_own_password", fall)
        broken.setitem(portal.app.config, "PROPAGATE_EXCEPTIONS", False)
        data = {**form.values(), "recorded": "24", "note": "<b>ramai</b>"}
        told = clerk.ask("POST", EDIT, data=data, checked=False)
        secret = {**password.values(), "present": PASSWORD, "again": "kopi sore"}
        told_less = clerk.ask("POST", "/account/password", data=secret, checked=False)
    assert (told.status, told_less.status) == (500, 500)
    assert PASSWORD not in told_less.html
    assert "kopi sore" not in told_less.html
    assert clerk.send(told).status == 303
    assert portal.kept_report().entry.recorded == 24


# --- whose it is -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("cookie_lost", [False, True])
def test_a_form_is_its_readers_even_when_the_session_is_gone(portal, cookie_lost):
    clerk = portal.browser(people.clerk)
    form = clerk.get(EDIT)
    if cookie_lost:
        clerk.take_cookie("")
    else:
        clerk.post("/sign-out")
    asked = clerk.send(form, TYPED)
    assert asked.status == 401
    other = clerk.send(asked, username="pungging", password=PASSWORD)
    assert other.location == "/today"
    assert "Isian petugas lain tidak dibuka." in clerk.get("/today").text
    with portal.database.reading() as tx:
        assert not tx.execute(select(kept_form)).all()


def test_a_form_whose_reader_cannot_be_told_goes_to_who_signs_in(portal):
    clerk = portal.browser(people.clerk)
    fields = {**clerk.get(EDIT).values(), **TYPED, "csrf_token": "x"}
    clerk.take_cookie("")
    asked = clerk.post(EDIT, fields, token=False)
    back = clerk.send(asked, username="ngoro", password=PASSWORD)
    assert clerk.get(back.location).typed("recorded") == "1.2o4"


def test_an_old_tab_of_one_person_is_not_kept_for_the_next(portal):
    shared = portal.browser(people.supervisor)
    form = shared.get(EDIT)
    shared.post("/sign-out")
    assert shared.sign_in(people.clerk).status == 303
    told = shared.send(form, TYPED)
    assert told.status == 400
    assert "Buka lagi isian saya" not in told.text
    assert shared.send(shared.get(EDIT), recorded="24").status == 303


def test_the_last_receipt_is_not_shown_to_the_next_person(portal):
    clerk = portal.browser(people.clerk)
    assert clerk.send(clerk.get(EDIT), recorded="24").status == 303
    expire(portal)
    page = clerk.get("/sign-in")
    assert "Tersimpan" not in page.text


def test_signing_in_over_somebody_ends_that_session(portal):
    browser = portal.browser(people.clerk)
    before = browser.cookie
    assert browser.post("/sign-in", {"username": "pungging", "password": PASSWORD}).status == 303
    assert browser.cookie != before
    thief = portal.browser()
    thief.take_cookie(before)
    assert thief.get("/today").status == 303


# --- what is kept, and for how long ----------------------------------------------------------------------


def test_a_number_of_sixteen_digits_is_not_kept(portal):
    clerk, asked = typed_too_late(portal, note="Ani 3516 0512 0307 0001")
    back = clerk.send(asked, username="ngoro", password=PASSWORD)
    with portal.database.reading() as tx:
        (kept,) = tx.execute(select(kept_form.c.fields)).scalars()
    assert "0307" not in kept
    again = clerk.get(back.location)
    assert (again.typed("recorded"), again.typed("note")) == ("1.2o4", "")
    assert again.typed("submission_id")


def test_a_kept_form_is_shown_for_a_day(portal):
    clerk, asked = typed_too_late(portal)
    location = clerk.send(asked, username="ngoro", password=PASSWORD).location
    path, key = location.split("?kept=")
    at = portal.clock.now()

    def kept(later):
        with portal.database.reading() as tx:
            return accounts.kept_fields(tx, key, people.clerk.id, path, at + later)

    assert kept(timedelta(hours=23))
    assert kept(timedelta(hours=25)) is None
    portal.clock.pass_by(hours=25)
    portal.browser(people.colleague)
    with portal.database.reading() as tx:
        assert not tx.execute(select(kept_form)).all()


# --- buttons without a page ------------------------------------------------------------------------------


def test_a_button_pressed_too_late_is_to_be_pressed_again(portal):
    clerk = portal.browser(people.clerk)
    expire(portal)
    asked = clerk.post(f"{KIT}/confirm", {"submission_id": records.submission_id()}, token=False)
    assert asked.status == 401
    assert "tekan sekali lagi" in asked.text
    back = clerk.send(asked, username="ngoro", password=PASSWORD)
    assert back.location == KIT
    assert "Yang tadi Anda tekan belum tersimpan. Tekan sekali lagi." in clerk.get(back.location).text
    with portal.database.reading() as tx:
        assert not tx.execute(select(kept_form)).all()


def test_a_button_pressed_too_late_through_htmx_is_to_be_pressed_again(portal):
    clerk = portal.browser(people.clerk)
    expire(portal)
    current = "https://portal.test/equipment/"
    sent = clerk.post(f"{KIT}/confirm", {}, token=False, HX_Request="true", HX_Current_URL=current)
    asked = clerk.get(sent.headers["HX-Redirect"])
    back = clerk.send(asked, username="ngoro", password=PASSWORD)
    assert back.location == "/equipment/"
    assert "Tekan sekali lagi." in clerk.get(back.location).text


# --- refusals are written down ---------------------------------------------------------------------------


def test_refusals_are_written_down_once_a_minute(portal):
    clerk = portal.browser(people.clerk)
    for _n in range(3):
        assert clerk.get("/summary/").status == 403
        assert clerk.get(f"/recordings/{PUNGGING}/{TODAY}").status == 404
        assert clerk.get("/recordings/kec-99.99.99/2024-10-21").status == 404
    refused = [e for e in log(portal) if re.match("refused", e.deed)]
    assert [(e.account, e.deed, e.reason, e.changes) for e in refused] == [
        ("ngoro", "refused.role", "summary.see", {}),
        ("ngoro", "refused.area", "recordings.see", {"wanted": [None, PUNGGING]}),
    ]
    portal.clock.pass_by(seconds=61)
    assert clerk.get("/summary/").status == 403
    assert log(portal)[-1].deed == "refused.role"


def test_a_refusal_that_cannot_be_written_down_is_a_refusal_all_the_same(portal):
    clerk = portal.browser(people.clerk)
    other = sqlite.connect(portal.services.settings.sqlite_path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert clerk.get("/summary/").status == 403
    other.execute("ROLLBACK")
    other.close()


def test_guessing_the_present_password_must_wait(portal):
    clerk = portal.browser(people.clerk)
    page = clerk.get("/account/password")
    new = {"password": "kopi sore di pendopo", "again": "kopi sore di pendopo"}
    for _n in range(10):
        assert clerk.send(page, new, present="tebak").status == 422
    told = clerk.send(page, new, present=PASSWORD)
    assert (told.status, told.headers["Retry-After"]) == (429, "31")
    assert told.errors == ["Terlalu banyak percobaan. Coba lagi dalam 31 detik."]
    assert log(portal)[-1].deed == "refused.throttle"
