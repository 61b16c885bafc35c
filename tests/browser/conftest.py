"""One Chromium and one demo office for all browser tests; each module works on a copy of the office."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from .office import LOOKED_FOR, PHONE, Office, Visitor, chromium_path, command, served

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives Chromium."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = chromium_path(playwright.chromium.executable_path)
        if path is None:
            pytest.skip(f"no Chromium: none of {', '.join(LOOKED_FOR)} on PATH, none of playwright's own")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def demo_office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    database = tmp_path_factory.mktemp("demo") / "portal.db"
    command(database, "init")
    command(database, "demo")
    return database


@pytest.fixture(scope="module")
def office(chromium: Browser, demo_office: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with served(demo_office, tmp_path_factory.mktemp("office"), chromium.new_context) as running:
        yield running


@pytest.fixture(scope="module")
def onlookers(office: Office) -> Iterator[dict[str, Visitor]]:
    """Those who only look, by name: their windows stay open from test to test."""
    found: dict[str, Visitor] = {}
    yield found
    for visitor in found.values():
        visitor.context.close()


@pytest.fixture
def look(office: Office, onlookers: dict[str, Visitor]) -> Iterator[Callable[[str, str], Page]]:
    """Open a page on a phone as this person, only to look at it; it must not complain or look elsewhere.

    A window of its own for each of a hundred and sixty pages would be a new process of Chromium each time.
    """

    def open_page(username: str, path: str) -> Page:
        visitor = onlookers.get(username)
        if visitor is None:
            visitor = onlookers[username] = office.new_page(username)
        visitor.page.set_viewport_size(PHONE)
        return visitor.open(path)

    yield open_page
    faults = {name: visitor.faults[:] for name, visitor in onlookers.items() if visitor.faults}
    for name in faults:
        onlookers.pop(name).context.close()  # the next starts from nothing
    assert faults == {}


@pytest.fixture
def meet(office: Office) -> Iterator[Callable[..., Visitor]]:
    """Open pages; when the test is over none of them may have complained or looked elsewhere."""
    met: list[Visitor] = []

    def open_page(username: str = "", **more: object) -> Visitor:
        visitor = office.new_page(username, **more)
        met.append(visitor)
        return visitor

    yield open_page
    faults = [fault for visitor in met for fault in visitor.faults]
    for visitor in met:
        visitor.context.close()
    assert faults == []
