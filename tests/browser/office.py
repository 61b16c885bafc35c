"""The demo office as a browser meets it: where it answers, who signs in, and what a page must never do."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page, expect

from portal.config import ROOT
from tests.bench.served import serving, wait_for

PASSWORD = "mojokerto-demo"
TODAY = "2024-10-21"
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}

PATIENCE = 30_000
"""Milliseconds until something that does not come is a failure: a busy machine must not make one."""
expect.set_options(timeout=PATIENCE)

LOOKED_FOR = ("chromium", "chromium-browser", "google-chrome")


def chromium_path(own: str) -> str | None:
    """A Chromium on PATH, else playwright's own where it was downloaded; None when there is neither."""
    found = next(filter(None, map(shutil.which, LOOKED_FOR)), None)
    return found or (own if Path(own).exists() else None)


def command(database: Path, *words: str) -> str:
    """What a caretaker's command says about the office in ``database``."""
    portal = Path(sys.executable).parent / "portal"
    done = subprocess.run(
        [str(portal), *words], cwd=ROOT, env=surroundings(database), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def settings(database: Path) -> dict[str, str]:
    """The demo office's settings."""
    return {"PORTAL_DEMO": "1", "PORTAL_DATABASE_URL": f"sqlite:///{database}"}


def surroundings(database: Path) -> dict[str, str]:
    """The environment of a caretaker's command."""
    return {k: v for k, v in os.environ.items() if not k.startswith("PORTAL_")} | settings(database)


class Office:
    """One demo office, served by gunicorn as shipped."""

    def __init__(self, url: str, database: Path, contexts: Callable[..., BrowserContext]) -> None:
        self.url, self.database, self._contexts = url, database, contexts
        self._cookies: dict[str, Any] = {}

    def new_page(self, username: str = "", *, script: bool = True, viewport: Any = None, **more: Any) -> "Visitor":
        """A page in a browser of its own; with ``username`` signed in, through the form at the first time."""
        context = self._contexts(
            base_url=self.url,
            viewport=viewport or PHONE,
            java_script_enabled=script,
            locale="id-ID",
            timezone_id="Asia/Jakarta",
            reduced_motion="reduce",
            storage_state=self._cookies.get(username),
            **more,
        )
        visitor = Visitor(self, context)
        if username and username not in self._cookies:
            visitor.sign_in(username)
            self._cookies[username] = context.storage_state()
        return visitor

    def rows(self, question: str, *values: object) -> list[Any]:
        """What the database answers."""
        with self._database() as connection:
            return connection.execute(question, values).fetchall()

    def do(self, statement: str, *values: object) -> None:
        """Change something behind the portal's back."""
        with self._database() as connection, connection:
            connection.execute(statement, values)

    @contextmanager
    def _database(self) -> Iterator[sqlite3.Connection]:
        connection = sqlite3.connect(self.database, timeout=10)
        try:
            yield connection
        finally:
            connection.close()


class Visitor:
    """A browser with one page, and everything about it that would be a fault."""

    def __init__(self, office: Office, context: BrowserContext) -> None:
        self.office, self.context = office, context
        self.page: Page = context.new_page()
        self.page.set_default_timeout(PATIENCE)
        self.faults: list[str] = []
        self._cut: list[str] = []
        self.page.on("console", self._said)
        self.page.on("crash", lambda _page: self.faults.append("crashed"))
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("request", self._asked)

    def _said(self, message: Any) -> None:
        answered = "the server responded with a status of 4" in message.text and "/static/" not in message.text
        lost = bool(self._cut) and re.search(r"net::ERR_FAILED|htmx:(sendError|afterRequest)", message.text)
        if message.type in ("error", "warning") and not answered and not lost:
            self.faults.append(f"console: {message.text}")

    def _asked(self, request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https") and f"{parts.scheme}://{parts.netloc}" != self.office.url:
            self.faults.append(f"asks another host: {request.url}")

    def cut(self, addresses: str) -> None:
        """From now on these addresses cannot be reached, and the browser may say so."""
        self._cut.append(addresses)
        self.page.route(addresses, lambda route: route.abort())

    def open(self, path: str) -> Page:
        """Go to an address of the office."""
        self.page.goto(path)
        return self.page

    def sign_in(self, username: str, password: str = PASSWORD, path: str = "/sign-in") -> Page:
        """Fill in the sign-in form and wait for what comes after it."""
        page = self.open(path)
        page.get_by_label("Nama pengguna").fill(username)
        page.get_by_label("Sandi", exact=True).fill(password)
        page.get_by_role("button", name="Masuk", exact=True).click()
        expect(page.get_by_label("Menu utama")).to_be_visible()
        return page


def heading(page: Page, text: str | re.Pattern[str]) -> None:
    """The page is the one with this heading."""
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def fill(page: Page, **values: str | int) -> None:
    """Type into boxes by name, opening the fold that a box lies in; ``home_05`` is the box of kecamatan 35.16.05."""
    for name, value in values.items():
        field = f"home-35.16.{name[5:]}" if name.startswith("home_") else name
        box = page.locator(f"[name='{field}']")
        fold = page.locator("details:not([open])").filter(has=box)
        if fold.count():
            fold.locator("summary").click()
        box.fill(str(value))


def stand_by(page: Page) -> None:
    """Pass the questions about what was sent, if there are any."""
    page.locator("[data-accepted], [name=passed-1], #error-summary").first.wait_for(state="attached")
    button = page.get_by_role("button", name=re.compile("ini benar$"))
    if button.count():
        button.click()


@contextmanager
def served(template: Path, folder: Path, contexts: Callable[..., BrowserContext]) -> Iterator[Office]:
    """A copy of the demo office, answering on a free port until the block ends."""
    database, log = Path(shutil.copy(template, folder / "portal.db")), folder / "gunicorn.log"
    with serving("wsgi:app", settings(database), log) as running:
        wait_for(running, "/readyz", log)
        yield Office(f"http://127.0.0.1:{running.port}", database, contexts)
