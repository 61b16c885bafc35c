"""Databases to test on: made once with schema, reference lists and cast, then copied for each test."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import settings

from portal.actions.office import load_reference
from portal.domain.areas import Office
from portal.storage import areas, equipment, ledger, schema
from portal.storage.database import Database

from . import people, postgres
from .doors import connect, kept_doors

settings.register_profile("portal", deadline=None, max_examples=60)
settings.load_profile("portal")

# Commits wait for the disk, thousands of times; pytest asks this variable where its folders go.
if folder := postgres.memory():
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", folder)


def furnish(url: str) -> None:
    """Schema, reference lists, the cast, and a kit that works at Ngoro and at Pungging."""
    database = connect(url)
    with database.writing() as tx:
        schema.upgrade(tx)
        ledger.begin_versions(tx)
        load_reference(tx, ledger.Hand(None, "init", people.NOW - timedelta(days=30)))
        people.store(tx)
        for point in (people.NGORO, people.PUNGGING):
            name = f"kit-{point}"
            equipment.add_kit(tx, name, name, point, equipment.COMPONENTS, people.clerk.id, people.NOW)
    database.forget_connections()


@pytest.fixture(scope="session")
def furnished_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("furnished") / "portal.db"
    furnish(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    with ExitStack() as running:
        try:
            url = running.enter_context(postgres.postgres_url())
        except postgres.Missing as missing:
            pytest.skip(str(missing))
        yield url


@pytest.fixture(scope="session")
def furnished_template(postgres_server: str) -> Iterator[str]:
    with postgres.fresh_database(postgres_server) as url:
        furnish(url)
        yield url


BOTH = [
    pytest.param("sqlite"),
    pytest.param("postgresql", marks=pytest.mark.postgres),
]


@pytest.fixture(params=BOTH)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        with postgres.fresh_database(request.getfixturevalue("postgres_server")) as url:
            yield url


@pytest.fixture
def empty_database(empty_url: str) -> Iterator[Database]:
    found = connect(empty_url)
    yield found
    found.forget_connections()


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A furnished database of the test's own."""
    if request.param == "sqlite":
        path = shutil.copy(request.getfixturevalue("furnished_file"), tmp_path / "portal.db")
        yield f"sqlite:///{path}"
    else:
        template = request.getfixturevalue("furnished_template")
        with postgres.fresh_database(template, template) as url:
            yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with kept_doors(database_url) as found:
        yield found


@pytest.fixture
def office(database: Database) -> Office:
    with database.reading() as tx:
        return areas.office(tx)
