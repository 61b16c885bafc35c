"""The staff list at the administrator's desk, and what happens when the database is away."""

import pysqlite3.dbapi2 as sqlite
import pytest
from sqlalchemy import select

from portal.storage.tables import metadata

from .. import people
from ..people import NGORO, PASSWORD, TODAY

EDIT = f"/recordings/{NGORO}/{TODAY}/edit"
SOUND = {"username": "ngoro2", "name": "Petugas Kedua", "phone": "0800-1", "role": "clerk", "points": [NGORO]}


@pytest.mark.parametrize(
    ("boxes", "field", "message"),
    [
        (
            {"username": "N"},
            "username",
            "Nama pengguna: 3–40 huruf kecil, angka, titik atau strip, diawali huruf.",
        ),
        ({"username": "ngoro"}, "username", "Nama pengguna ini sudah dipakai."),
        ({"name": ""}, "name", "Isi nama petugas, paling banyak 80 huruf, tanpa nomor."),
        ({"name": "Ani 3516051203070001"}, "name", "Isi nama petugas, paling banyak 80 huruf, tanpa nomor."),
        ({"name": "Ani 3516 0512.0307-0001"}, "name", "Isi nama petugas, paling banyak 80 huruf, tanpa nomor."),
        ({"name": "Ani \u202enirA"}, "name", "Isi nama petugas, paling banyak 80 huruf, tanpa nomor."),
        ({"name": "a" * 81}, "name", "Isi nama petugas, paling banyak 80 huruf, tanpa nomor."),
        ({"role": None}, "role", "Pilih peran."),
        ({"role": "raja"}, "role", "Pilih peran."),
        ({"points": None}, "group-points", "Pilih paling sedikit satu titik layanan."),
        ({"points": ["kec-99"]}, "group-points", "Titik layanan tidak dikenal."),
        ({"role": "liaison", "places": ["npsn-0"]}, "group-places", "Sekolah tidak dikenal."),
        ({"phone": "<b>"}, "phone", "Nomor telepon: paling banyak 15 angka, boleh kosong."),
    ],
)
def test_an_account_that_cannot_be_is_told(quiet, boxes, field, message):
    admin = quiet.desk(people.administrator)
    form = admin.get("/accounts/new")
    answer = admin.send(form, SOUND | boxes)
    assert (answer.status, answer.errors) == (422, [message])
    assert answer.error_at(field) == f"Kesalahan: {message}"
    sent = SOUND | boxes
    for name in ("username", "name", "phone"):
        assert answer.typed(name).lower() == sent[name].lower()
    assert set(answer.values().getlist("points")) <= set(sent["points"] or ())


def test_markup_in_a_name_is_shown_as_it_was_typed(portal):
    admin = portal.browser(people.administrator)
    assert admin.send(admin.get("/accounts/3"), name="<b>Siti</b> & co").status == 303
    for path in ("/accounts/", "/accounts/3"):
        page = admin.get(path)
        assert "<b>Siti</b> & co" in page.text
        assert not page.root.all("b")


def test_what_an_account_may_not_say_about_itself_is_not_read(portal):
    admin = portal.browser(people.administrator)
    admin.send(admin.get("/accounts/3"), {"name": "Baru", "username": "gondang2", "must_change": "1", "id": "1"})
    assert "Baru" in admin.get("/accounts/3").text
    assert portal.browser().sign_in("gondang2").status == 422
    assert portal.browser(people.stranger).get("/today").status == 200


@pytest.fixture
def locked(portal):
    """Somebody else holds the database: nobody can write, everybody can read."""
    other = sqlite.connect(portal.services.settings.sqlite_path, isolation_level=None)
    yield lambda: other.execute("BEGIN IMMEDIATE"), lambda: other.execute("ROLLBACK")
    other.close()


def test_what_cannot_be_kept_now_is_kept_on_the_page(portal, locked):
    lock, unlock = locked
    clerk = portal.browser(people.clerk)
    form = clerk.get(EDIT)
    before = portal.digest()
    lock()
    data = {**form.values(), "recorded": "24", "note": "<b>ramai</b>"}
    told = clerk.ask("POST", EDIT, data=data, checked=False)
    assert (told.status, told.headers["Retry-After"], told.heading) == (503, "5", "Belum tersimpan")
    assert told.nesting == []
    assert (told.typed("recorded"), told.typed("note")) == ("24", "<b>ramai</b>")
    assert clerk.get("/today").status == 200
    secret = portal.browser().ask("POST", "/sign-in", data={"username": "ngoro", "password": PASSWORD}, checked=False)
    assert PASSWORD not in secret.html
    unlock()
    assert portal.digest() == before
    assert clerk.send(told).status == 303
    assert portal.kept_report().entry.recorded == 24


def test_static_files_are_kept_by_the_browser_and_pages_are_not(portal):
    browser = portal.browser()
    sheet = next(n["href"] for n in browser.get("/sign-in").root.all("link") if n["rel"] == "stylesheet")
    assert browser.get(sheet).headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert browser.get(sheet.split("?")[0]).headers["Cache-Control"] == "no-cache"
    assert browser.get("/static/missing.css?v=1").headers["Cache-Control"] != "public, max-age=31536000, immutable"
    for path in ("/static/../portal/config.py", "/static/%2e%2e/setup.cfg", "/static/vendor/..%2f..%2f..%2fsetup.cfg"):
        assert browser.get(path).status == 404


def test_a_stale_form_does_not_open_a_closed_account_again(portal):
    one, other = portal.browser(people.administrator), portal.browser(people.administrator)
    form = one.get(f"/accounts/{people.clerk.id}")
    assert other.send(other.get(f"/accounts/{people.clerk.id}"), active=None, phone="0800-9").status == 303
    before = portal.digest()
    told = one.send(form, name="Petugas Baru")
    assert (told.status, portal.digest()) == (409, before)
    assert told.errors == ["Akun ini baru saja diubah. Isian Anda belum tersimpan: bandingkan dengan yang tersimpan."]
    stored = told.root.all("dl")[0].text
    assert "Tidak aktif" in stored
    assert "0800-9" in stored
    assert told.typed("name") == "Petugas Baru"
    assert one.send(told, active=None).status == 303
    assert "Petugas Baru" in one.get("/accounts/").text
    assert portal.browser().sign_in(people.clerk).status == 422


def test_a_form_sent_twice_is_told_as_saved(portal):
    admin = portal.browser(people.administrator)
    form = admin.get(f"/accounts/{people.clerk.id}")
    for _press in range(2):
        assert admin.send(form, name="Petugas Baru").location == "/accounts/"


def test_a_new_telephone_is_on_the_pages_at_once(portal):
    supervisor, admin = portal.browser(people.supervisor), portal.browser(people.administrator)
    assert "0800-000-000" in supervisor.get("/today").html
    assert admin.send(admin.get(f"/accounts/{people.stranger.id}"), phone="0811-222-333").status == 303
    assert "0811-222-333" in supervisor.get("/today").html


@pytest.mark.parametrize("version", ["2147483648", "99999999999999999999"])
def test_a_version_that_no_database_holds_is_an_older_form(portal_anywhere, version):
    admin = portal_anywhere.browser(people.administrator)
    told = admin.send(admin.get(f"/accounts/{people.clerk.id}"), version=version, name="Petugas Baru")
    assert (told.status, told.typed("name")) == (409, "Petugas Baru")
    assert told.typed("version") == "1"


def test_an_account_sent_twice_is_made_once_and_says_how_to_get_a_new_slip(portal_anywhere):
    portal = portal_anywhere
    admin = portal.browser(people.administrator)
    form = admin.get("/accounts/new")
    slip = admin.send(form, SOUND)
    code = slip.by_id("code").text
    before = portal.digest()
    again = admin.send(form, SOUND)
    assert (again.status, portal.digest()) == (303, before)
    made = admin.get(again.location)
    assert (made.heading, made.typed("phone")) == (SOUND["name"], SOUND["phone"])
    assert "Slip dengan kodenya tampil sekali saja." in made.text
    assert code not in made.html
    new = admin.send(made, part="/reset").by_id("code").text
    assert portal.browser().sign_in("ngoro2", code).status == 422
    assert portal.browser().sign_in("ngoro2", new).status == 303


def test_a_form_that_made_an_account_makes_another_only_when_both_were_seen(portal):
    admin = portal.browser(people.administrator)
    form = admin.get("/accounts/new")
    assert admin.send(form, SOUND).status == 200
    before = portal.digest()
    told = admin.send(form, SOUND | {"username": "ngoro3", "name": "Petugas Ketiga"})
    assert (told.status, portal.digest()) == (409, before)
    assert told.errors[0].startswith("Formulir ini sudah dikirim dengan isi lain.")
    assert "ngoro2" in told.root.all("dl")[0].text
    assert (told.typed("username"), told.typed("name")) == ("ngoro3", "Petugas Ketiga")
    assert admin.send(told).by_id("code").text
    assert "Petugas Ketiga" in admin.get("/accounts/").text


def test_a_one_time_code_is_kept_nowhere(portal):
    admin = portal.browser(people.administrator)
    code = admin.send(admin.get("/accounts/new"), SOUND).by_id("code").text
    with portal.database.reading() as tx:
        everything = [str(tuple(row)) for table in metadata.sorted_tables for row in tx.execute(select(table))]
    assert "ngoro2" in "".join(everything)
    assert code not in "".join(everything)
