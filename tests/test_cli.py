"""The caretaker's commands, as they are typed."""

import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from portal import cli
from portal.config import ROOT
from portal.storage import accounts, ledger
from portal.web.start import SHARED
from tests.conftest import connect

KEY = "unguessable-and-quite-long-secret-key"


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'office' / 'portal.db'}"


@pytest.fixture
def variables(monkeypatch, url):
    """A real office's environment."""
    for name in [n for n in os.environ if n.startswith("PORTAL_") or n == "PORT"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PORTAL_SECRET_KEY", KEY)
    monkeypatch.setenv("PORTAL_DATABASE_URL", url)
    monkeypatch.setenv("PORTAL_TRUSTED_HOSTS", "portal.example")
    return monkeypatch


@pytest.fixture
def portal(variables, capsys):
    """Run a command; returns (exit code, output, errors)."""

    def run(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            cli.main(words)
        said = capsys.readouterr()
        return int(left.value.code or 0), said.out, said.err

    return run


def test_a_real_office_begins(portal):
    code, out, _err = portal("init")
    assert (code, "976 rows added, 0 changed" in out) == (0, True)
    code, out, _err = portal("init")
    assert (code, "0 rows added, 0 changed" in out) == (0, True)
    code, out, _err = portal("check")
    bad = [line.split()[1] for line in out.splitlines() if line.startswith("BAD")]
    assert bad in ([], ["calendar:"]), "the real calendar may have come to its end"
    assert code == len(bad)
    code, out, _err = portal("audit", "verify")
    assert (code, out) == (0, "1 entries, none changed, none missing.\n")


def test_the_first_account_is_made_before_anybody_exists(portal, url):
    portal("init")
    code, out, _err = portal("user", "add", "kepala", "--name", "Kepala Dinas", "--role", "administrator")
    assert code == 0
    first = out.split("code: ")[1].split()[0]
    code, out, _err = portal("user", "add", "Ngoro", "--name", "Petugas", "--role", "clerk", "--point", "kec-35.16.05")
    assert code == 0
    code, out, _err = portal("user", "list")
    assert [line.split()[0] for line in out.splitlines()] == ["kepala", "ngoro"]
    code, out, _err = portal("user", "reset", "kepala")
    assert code == 0
    assert out.split("code: ")[1].split()[0] != first
    with connect(url).reading() as tx:
        assert accounts.find(tx, "kepala").must_change
        assert [(e.account, e.deed) for e in ledger.every_entry(tx)][-3:] == [
            ("caretaker", "accounts.add"),
            ("caretaker", "accounts.add"),
            ("caretaker", "accounts.reset"),
        ]


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        (("user", "reset", "nobody"), "no account nobody"),
        (("user", "add", "x", "--name", "Siti", "--role", "reader"), "username: "),
        (("user", "add", "siti", "--name", "Siti", "--role", "clerk"), "points: "),
        (("user", "add", "siti", "--name", "Siti", "--role", "clerk", "--point", "kec-0"), "points: "),
        (("user", "add", "siti", "--name", "Siti", "--role", "liaison", "--place", "npsn-0"), "places: "),
        (("demo",), "PORTAL_DEMO=1"),
        (("kit", "add", "KIT-1", "--name", "Alat", "--point", "dinas", "--by", "nobody"), "no account nobody"),
    ],
)
def test_a_refusal_is_one_line(portal, words, cause):
    portal("init")
    code, out, err = portal(*words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("portal: ")
    assert cause in err


@pytest.mark.parametrize("words", [("serve",), ("audit", "verify"), ("user", "list")])
def test_nothing_works_before_init(portal, variables, url, words):
    Path(url.removeprefix("sqlite:///")).parent.mkdir()
    code, _out, err = portal(*words)
    assert code == 2
    assert "Run: portal init" in err


def test_an_office_registers_its_kits(portal, url):
    portal("init")
    portal("user", "add", "kepala", "--name", "Kepala Dinas", "--role", "administrator")
    portal("user", "add", "siti", "--name", "Siti", "--role", "reader")
    add = ("kit", "add", "KIT-NGO-1", "--name", "Alat Ngoro 1", "--point", "kec-35.16.05")
    code, out, err = portal(*add, "--by", "siti")
    assert (code, out, err) == (2, "", "portal: --by: siti is not an active supervisor or administrator.\n")
    code, out, _err = portal(*add, "--by", "Kepala", "--without", "printer", "--without", "ups")
    assert (code, out) == (0, "Kit KIT-NGO-1 registered at kec-35.16.05 with 7 parts.\n")
    code, _out, err = portal(*add, "--by", "kepala")
    assert (code, "code: " in err) == (2, True)
    code, out, _err = portal("kit", "list")
    assert code == 0
    assert " ".join(out.split()) == "KIT-NGO-1 kec-35.16.05 Alat Ngoro 1 record able, print unable"
    with connect(url).reading() as tx:
        newest = list(ledger.every_entry(tx))[-1]
    assert (newest.account, newest.deed, newest.address) == ("kepala", "equipment.add", "caretaker")


def test_a_list_of_kits_is_shown_and_kept_whole_or_not_at_all(portal, url, tmp_path):
    portal("init")
    portal("user", "add", "kepala", "--name", "Kepala Dinas", "--role", "administrator")
    portal("user", "add", "siti", "--name", "Siti", "--role", "reader")
    good = tmp_path / "alat.csv"
    good.write_text("kode;nama;titik;bagian;seri\nKIT-1;Alat 1;kec-35.16.05;iris;IR-1\nKIT-1;;;printer;PR-1\n")
    bad = tmp_path / "salah.csv"
    bad.write_text(good.read_text() + "KIT-2;Alat 2;kec-35.16.06;iris;IR-1\nKIT-2;;;sepatu;\n")

    def kits():
        return portal("kit", "list")[1]

    code, _out, err = portal("kit", "import", str(bad), "--by", "kepala", "--yes")
    assert (code, kits()) == (1, "")
    assert "Baris 4, kolom seri, isi “IR-1”: Nomor seri ini sudah dipakai." in err
    assert "Baris 5, kolom bagian, isi “sepatu”: Bagian tidak dikenal." in err
    code, out, _err = portal("kit", "import", str(good), "--by", "kepala")
    assert (code, kits()) == (0, "")
    assert out.startswith("Would keep: 1 new kits, 0 new parts, 0 changed parts, 0 as they are.")
    assert portal("kit", "import", str(good), "--by", "siti", "--yes")[0] == 2
    assert portal("kit", "import", str(tmp_path / "tidak-ada.csv"), "--by", "kepala")[0] == 2
    code, out, _err = portal("kit", "import", str(good), "--by", "kepala", "--yes")
    assert (code, out) == (0, "Kept: 1 new kits, 0 new parts, 0 changed parts, 0 as they are.\n")
    assert "KIT-1" in kits()
    assert "2 as they are" in portal("kit", "import", str(good), "--by", "kepala")[1]


def test_what_postgresql_needs_is_said(portal, variables):
    variables.setenv("PORTAL_DATABASE_URL", "postgresql+psycopg://portal@127.0.0.1:1/portal")
    variables.setitem(sys.modules, "psycopg", None)
    code, _out, err = portal("check")
    assert (code, "make install DATABASE=postgres" in err) == (2, True)


def test_bad_settings_are_named(portal, variables):
    variables.setenv("PORTAL_COLOUR", "red")
    code, _out, err = portal("check")
    assert (code, "PORTAL_COLOUR" in err) == (2, True)
    variables.delenv("PORTAL_COLOUR")
    variables.setenv("PORTAL_DATABASE_URL", "sqlite:////proc/none/portal.db")
    code, _out, err = portal("init")
    assert (code, "no folder /proc/none" in err) == (2, True)


def test_check_says_what_is_wrong(portal, url):
    Path(url.removeprefix("sqlite:///")).parent.mkdir()
    code, out, _err = portal("check")
    assert code == 1
    assert "BAD  database: " in out


def test_verify_finds_the_changed_entry(portal, url):
    portal("init")
    portal("user", "add", "siti", "--name", "Siti", "--role", "reader")
    database = connect(url)
    with database.writing() as tx:
        tx.execute(text("DROP TRIGGER audit_no_update"))
        tx.execute(text("UPDATE audit SET object_id = 'budi' WHERE seq = 2"))
    database.forget_connections()
    code, out, _err = portal("audit", "verify")
    assert code == 1
    assert "The log is broken at entry 2: its content was changed.\n" in out
    assert re.search(r"^Entry 2: \d{4}-\d\d-\d\dT[\d:]+\+00:00, caretaker, accounts.add, account budi$", out, re.M)


def test_verify_says_that_an_entry_is_missing(portal, url):
    portal("init")
    for name in ("siti", "budi"):
        portal("user", "add", name, "--name", "Siti", "--role", "reader")
    database = connect(url)
    with database.writing() as tx:
        tx.execute(text("DROP TRIGGER audit_no_delete"))
        tx.execute(text("DELETE FROM audit WHERE seq = 2"))
    database.forget_connections()
    code, out, _err = portal("audit", "verify")
    assert (code, "The log is broken at entry 3: an entry before it is missing.\n" in out) == (1, True)


def test_the_demo_is_made_once_and_never_over_a_real_office(portal, variables, tmp_path):
    variables.setenv("PORTAL_DEMO", "1")
    variables.setenv("PORTAL_DATABASE_URL", f"sqlite:///{tmp_path / 'demo.db'}")
    assert portal("init")[0] == 0
    assert "no demo office yet" in portal("serve")[2]
    assert "made" in portal("demo")[1]
    assert "kept" in portal("demo")[1]
    assert portal("init")[0] == 0
    assert portal("check")[0] == 0
    variables.delenv("PORTAL_DEMO")
    assert "demo office's database" in portal("init")[2]


def test_serve_tells_where_to_go_and_serves(portal, variables, tmp_path):
    variables.setenv("PORTAL_DEMO", "1")
    variables.setenv("PORTAL_DATABASE_URL", f"sqlite:///{tmp_path / 'demo.db'}")
    portal("init")
    portal("demo")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    variables.setenv("PORT", str(port))
    command = [sys.executable, "-m", "portal.cli", "serve"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert answers(port)
        finally:
            server.terminate()
        out, _err = server.communicate(timeout=30)
    assert f"http://127.0.0.1:{port}" in out
    assert "mojokerto-demo" in out
    assert "dawarblandong" in out


def answers(port: int) -> bool:
    for _attempt in range(100):
        with socket.socket() as asking:
            if asking.connect_ex(("127.0.0.1", port)) == 0:
                asking.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                return asking.recv(100).startswith(b"HTTP/1.1 200")
        time.sleep(0.1)
    return False


def test_serve_refuses_a_bad_port(portal, variables):
    portal("init")
    variables.setenv("PORT", "http")
    code, _out, err = portal("serve")
    assert (code, "PORT: is 'http'" in err) == (2, True)


def test_gunicorn_is_told_why_it_must_not_start(variables, url):
    ran = subprocess.run([sys.executable, "-c", "import wsgi"], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert ran.returncode != 0
    assert ran.stderr.startswith("portal: PORTAL_DATABASE_URL")
    assert ran.stderr.count("\n") == 1


COUNTED = """
import pathlib, tempfile, jinja2
compiled = []
at_once = jinja2.Environment._compile
jinja2.Environment._compile = lambda *given: compiled.append(1) or at_once(*given)
import wsgi
kept = pathlib.Path(tempfile.gettempdir()).rglob("portal-*")
print(len(compiled), len(list(kept)), *{name.split("/")[0] for _loader, name in wsgi.app.jinja_env.cache.keys()})
"""


def test_where_no_compiled_templates_are_kept_a_child_compiles_them(portal, variables, tmp_path):
    """What compiling leaves behind would stay with the program until its end."""
    portal("init")
    variables.setenv("TMPDIR", str(tmp_path))
    for _start in ("after an update", "the next"):
        ran = subprocess.run([sys.executable, "-c", COUNTED], cwd=ROOT, capture_output=True, text=True, timeout=60)
        compiled, kept, *features = ran.stdout.split()
        assert (int(compiled), int(kept) > len(SHARED)) == (0, True)
        assert {*features} >= {*SHARED}


CHILDREN_IGNORED = "import signal; signal.signal(signal.SIGCHLD, signal.SIG_IGN)"
INTERRUPTED = """
import os
from portal.web import start
here, draw = os.getpid(), start._draw
def interrupted(app):
    if os.getpid() != here:
        raise KeyboardInterrupt
    draw(app)
start._draw = interrupted
"""


@pytest.mark.parametrize("before", [CHILDREN_IGNORED, INTERRUPTED], ids=["children ignored", "child interrupted"])
def test_it_starts_whatever_becomes_of_the_child(portal, variables, tmp_path, before):
    portal("init")
    variables.setenv("TMPDIR", str(tmp_path))
    program = f"{before}\nimport wsgi\nprint('started')"
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (ran.stdout, ran.stderr) == ("started\n", "")
