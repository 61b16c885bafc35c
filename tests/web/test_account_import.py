"""Accounts from a file at the administrator's desk: a preview, then all of it, and the codes on slips shown once."""

from .. import people

FILE = """username;nama;peran;wilayah;telepon
ngoro2;Siti Aminah;petugas;Ngoro, Pungging;0812-0000-0001
pungging;Petugas Baru;;;
"""


def upload(browser, text):
    """Send a file as a browser does."""
    parts = {"csrf_token": (b"", browser.token.encode()), "file": (b'; filename="akun.csv"', text.encode())}
    body = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n' % (part.encode(), more, value)
        for part, (more, value) in parts.items()
    )
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    return browser.ask("POST", "/accounts/import/", data=body + b"--x--\r\n", headers=kind)


def test_a_file_is_shown_kept_and_its_codes_let_people_in_once(portal_anywhere):
    portal = portal_anywhere
    administrator = portal.browser(people.administrator)
    shown = upload(administrator, FILE)
    assert (shown.status, "1 baru" in shown.text, "1 berubah" in shown.text) == (200, True, True)
    assert "Nama: Petugas Pungging → Petugas Baru" in shown.text
    slips = administrator.send(shown)
    assert slips.status == 200
    assert "Kantor Kecamatan Ngoro, Kantor Kecamatan Pungging" in slips.text
    code = slips.root.all("strong")[-1].text.strip()
    again = administrator.send(shown)
    assert (again.status, again.location) == (303, "/accounts/")
    assert code not in administrator.get("/accounts/").text
    newcomer = portal.browser()
    form = newcomer.get("/sign-in")
    assert newcomer.send(form, username="ngoro2", password=code).status == 303
    assert newcomer.get("/today").location.startswith("/account/password")


def test_faults_are_told_by_row_and_column_and_nothing_is_kept(portal):
    administrator = portal.browser(people.administrator)
    before = portal.digest()
    told = upload(administrator, FILE + "baru1;Budi;kepala;;\nadmin;;pembaca;;\n")
    assert told.status == 422
    assert [row[:3] for row in told.table(0)[1:]] == [["4", "peran", "kepala"], ["5", "peran", "pembaca"]]
    assert portal.digest() == before
