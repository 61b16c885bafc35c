"""Places and targets at the desk, and a file brought in: a preview first, then all of it or nothing."""

from portal.domain.place_files import COLUMNS

from .. import people
from ..people import OTHER_SCHOOL, PUNGGING_SCHOOL, SCHOOL

NGORO = {"npsn": "20502725", "name": "SMAN 1 Ngoro", "kind": "sekolah", "kecamatan_code": "35.16.05"}
TARGET = {"as_of": "2024-10-01", "grown": "60", "priority": "40", "later": "20", "source": "sekolah"}
FRESH = {"npsn": "69999999", "name": "SMA Baru", "kind": "sekolah", "kecamatan_code": "35.16.06"}


def csv(*rows):
    lines = [COLUMNS.values(), *([row.get(name, "") for name in COLUMNS] for row in rows)]
    return "\r\n".join(";".join(line) for line in lines).encode()


def upload(browser, content, name="a.csv"):
    """Send a file as a browser does. Written out here: the test client would keep a large body in a file of its own."""
    parts = {"csrf_token": (b"", browser.token.encode()), "file": (f'; filename="{name}"'.encode(), content)}
    body = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n' % (part.encode(), more, value)
        for part, (more, value) in parts.items()
    )
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    return browser.ask("POST", "/places/import", data=body + b"--x--\r\n", headers=kind)


def test_a_liaison_proposes_a_figure_and_staff_let_it_count(portal_anywhere):
    portal = portal_anywhere
    liaison, clerk = portal.browser(people.liaison), portal.browser(people.clerk)
    place = liaison.get(f"/places/{SCHOOL}")
    assert "Jumlahnya belum diketahui" in place.text
    form = liaison.get(place.link("Usulkan sasaran"))
    before = portal.digest()
    answer = liaison.send(form, grown="60", priority="1,5", later="", source="")
    assert answer.status == 422
    assert "isi dengan bilangan bulat" in answer.error_at("priority")
    assert answer.error_at("later") == "Kesalahan: Isi jumlahnya. Bila tidak ada, tulis 0."
    assert [answer.typed(n) for n in ("grown", "priority")] == ["60", "1,5"]
    assert portal.digest() == before
    assert liaison.send(answer, priority="40", later="20", source="Daftar siswa").status == 303
    assert "Jumlahnya belum diketahui" in liaison.get(f"/places/{SCHOOL}").text
    assert "usulan sasaran" in clerk.get("/today").text
    shown = clerk.get(f"/places/{SCHOOL}")
    silent = clerk.post(f"/places/{SCHOOL}/target/1", {"state": "declined"})
    assert (silent.status, silent.error_at("comment")) == (422, "Kesalahan: Tulis alasan penolakan.")
    assert "Terima" in shown.text
    assert clerk.post(f"/places/{SCHOOL}/target/1", {"state": "confirmed"}).status == 303
    assert "Jumlahnya belum diketahui" not in liaison.get(f"/places/{SCHOOL}").text
    late = clerk.post(f"/places/{SCHOOL}/target/1", {"state": "declined", "comment": "lama"})
    assert late.status == 409
    assert ["100", "20"] in [row[1:3] for row in clerk.get("/places/").table()]


def test_the_list_shows_ones_own_places_only(portal):
    liaison, clerk, supervisor = (portal.browser(w) for w in (people.liaison, people.clerk, people.supervisor))
    for browser, there in ((liaison, [SCHOOL]), (clerk, [SCHOOL, OTHER_SCHOOL])):
        links = {a["href"].rsplit("/", 1)[-1] for a in browser.get("/places/").root.all("a")}
        assert set(there) <= links
        assert PUNGGING_SCHOOL not in links
    assert "SMAN 1 Ngoro" in supervisor.get("/places/?kecamatan=35.16.05&kind=sekolah").text
    assert "Desa" not in supervisor.get("/places/?kecamatan=35.16.05&kind=sekolah").root.all("tbody")[0].text
    assert supervisor.get("/places/?kecamatan=&kind=x").status == 200


def test_a_place_is_added_and_changed(portal):
    clerk = portal.browser(people.clerk)
    form = clerk.get("/places/new")
    before = portal.digest()
    answer = clerk.send(form, name="Al Hikmah", kind="pesantren", npsn="123", active_to="31-02-2025")
    assert answer.status == 422
    assert "tanggal" in answer.error_at("active_to")
    answer = clerk.send(answer, active_to="", kecamatan_code="35.16.05")
    assert "8 angka" in answer.error_at("npsn")
    clash = clerk.send(answer, npsn="20502725")
    assert clash.status == 409
    assert "SMAN 1 Ngoro" in clash.text
    assert portal.digest() == before
    kept = clerk.send(clash, npsn="")
    assert (kept.status, kept.location) == (303, "/places/tanpa-al-hikmah")
    mine, theirs = clerk.get("/places/tanpa-al-hikmah/edit"), portal.browser(people.supervisor)
    assert theirs.send(theirs.get("/places/tanpa-al-hikmah/edit"), contact="pengurus").status == 303
    stale = clerk.send(mine, address="Jalan Raya")
    assert stale.status == 409
    assert ["Narahubung (berbeda)", "pengurus", "–"] in stale.table()
    assert stale.typed("address") == "Jalan Raya"
    assert clerk.send(stale).status == 303
    again = clerk.send(stale, address="Jalan Raya 2")  # the answer was lost, and then an address was mended
    assert (again.status, again.typed("address")) == (409, "Jalan Raya 2")
    assert clerk.send(again).status == 303


def test_a_file_is_shown_first_and_then_kept(portal_anywhere):
    portal = portal_anywhere
    supervisor = portal.browser(people.supervisor)
    supervisor.get("/places/import")
    before = portal.digest()
    shown = upload(supervisor, csv(NGORO | TARGET, FRESH))
    assert shown.status == 200
    for word in ("1 baru", "1 berubah", "0 sama", "SMA Baru"):
        assert word in shown.text
    after = portal.digest()
    assert {n for n in after if after[n] != before[n]} == {"upload"}
    kept = supervisor.send(shown)
    assert (kept.status, kept.location) == (303, "/places/")
    assert supervisor.get("/places/npsn-69999999").status == 200
    assert portal.browser(people.clerk).get(f"/places/{SCHOOL}").status == 200
    again = upload(supervisor, csv(NGORO | TARGET, FRESH))
    assert "2 sama" in again.text


def test_a_bad_file_names_row_column_and_value_and_keeps_nothing(portal):
    supervisor = portal.browser(people.supervisor)
    rows = (NGORO | TARGET | {"grown": "enam"}, FRESH | {"npsn": "123"}, FRESH | TARGET | {"later": ""})
    before = portal.digest("upload")
    answer = upload(supervisor, csv(*rows))
    assert answer.status == 422
    told = [row[:3] for row in answer.table()]
    for line in (["2", "sudah_17", "enam"], ["3", "npsn", "123"], ["4", "sesudah_17", "(kosong)"]):
        assert line in told
    assert "Simpan semua" not in answer.text
    assert portal.digest("upload") == before


def test_a_file_that_cannot_be_read_is_told(portal, unchanged):
    supervisor = portal.browser(people.supervisor)
    supervisor.get("/places/import")
    unchanged()
    for content, name, words in (
        (b"", "", "Pilih berkas"),
        ("npsn;nama\n1;Pérak\n".encode("latin-1"), "a.csv", "UTF-8"),
        (b"PK\x03\x04" + b"x" * 300, "a.xlsx", "rusak"),
        (b"a;b\n" * 5_100, "a.csv", "5.000"),
    ):
        answer = upload(supervisor, content, name)
        assert (answer.status, words in answer.error_at("file")) == (422, True), words


def test_only_a_file_may_be_large(portal, unchanged):
    supervisor = portal.browser(people.supervisor)
    supervisor.get("/places/import")
    unchanged()
    large = b"a;b\n" * 500_000
    assert upload(supervisor, large).status == 422
    assert upload(supervisor, large * 3).status == 413
    assert supervisor.post("/places/new", {"name": "x" * 2_000_000}).status == 413


def test_a_token_of_nobody_is_not_found(portal, unchanged):
    supervisor, administrator = portal.browser(people.supervisor), portal.browser(people.administrator)
    shown = upload(supervisor, csv(FRESH))
    unchanged()
    token = shown.typed("token")
    for browser in (administrator, supervisor):
        said = {"token": token if browser is administrator else "0" * 64, "seen": shown.typed("seen")}
        said["submission_id"] = shown.typed("submission_id")
        assert browser.post("/places/import/confirm", said).status == 404


def test_the_example_file_is_itself_sound(portal):
    supervisor = portal.browser(people.supervisor)
    example = supervisor.get("/places/import/example.csv")
    assert "attachment" in example.headers["Content-Disposition"]
    answer = upload(supervisor, example.data)
    assert answer.status == 200
    assert "1 berubah" in answer.text
