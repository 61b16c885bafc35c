"""Sets the stage (data, servers, people signed in), runs the measures, and clears everything away."""

import multiprocessing
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from . import data, measures
from .measures import Pace, Stage
from .rows import Row
from .served import serving, wait_for


@contextmanager
def staged(pace: Pace, long_days: int = data.LONG_DAYS) -> Iterator[Stage]:
    """A young and an old office under gunicorn, the bare app beside them, everybody signed in."""
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        young, old, log = folder / "young.db", folder / "old.db", folder / "server.log"
        office = data.make(data.sqlite(young), data.SHORT_DAYS)
        data.make(data.sqlite(old), long_days)
        people = running.enter_context(ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")))
        bare = running.enter_context(serving("tests.bench.bare:app", {}, log))
        first = running.enter_context(serving("wsgi:app", data.settings(data.sqlite(young)), log))
        second = running.enter_context(serving("wsgi:app", data.settings(data.sqlite(old)), log))
        for served, path in ((bare, "/"), (first, "/sign-in"), (second, "/sign-in")):
            wait_for(served, path, log)
        clerks = {
            point: [data.sign_in(first.port, name) for name in names[: pace.clerks]]
            for point, names in data.usernames(office).items()
        }
        yield Stage(
            bare=bare,
            portal=first,
            old=second,
            database=data.sqlite(young),
            old_database=data.sqlite(old),
            folder=folder,
            log=log,
            people=people,
            supervisor=data.sign_in(first.port, data.SUPERVISOR),
            old_supervisor=data.sign_in(second.port, data.SUPERVISOR),
            clerks=clerks,
            unsent=data.reports_to_send(office, clerks),
            settings=data.settings(data.sqlite(young)),
            pace=pace,
        )


def measure(
    pace: Pace, long_days: int = data.LONG_DAYS, tell: Callable[[str], object] = lambda _text: None
) -> tuple[list[Row], list[str]]:
    """Every row, and every answer that was not the one asked for."""
    rows: list[Row] = []
    tell("making data, starting servers, signing in")
    with staged(pace, long_days) as stage:
        for one in measures.ALL:
            tell(f"measuring {one.__name__}")
            rows += one(stage)
        return rows, stage.wrong
