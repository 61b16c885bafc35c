"""Each measure: rounds of the portal and of its divisor in turn, and the row that comes of them.

Reads are compared by answers per second of the server's CPU, which a busy machine hardly moves.
"""

import gzip
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random

from portal.actions.accounts import hash_password, matches
from portal.config import ROOT
from portal.domain.calendar import office_day

from .. import postgres
from . import client, commits, data
from .client import Browser, Outcome
from .data import PASSWORD, Signed
from .rows import Row, median_ratio, percentile, tail
from .served import Served, get, serving, wait_for

CLIENTS = 8
RECEIPT = {"status": 303, "header": "x-portal-receipt"}


@dataclass
class Pace:
    """How long and how often: the whole run, or a breath of it for the smoke test."""

    rounds: int = 5
    seconds: float = 1.5
    posts: int = 240
    renders: int = 50
    crowd: int = 32
    crowd_posts: int = 640
    spike_seconds: float = 5.0
    spike: int = 72
    slow_rounds: int = 3
    clerks: int = 4
    districts: int = 38
    district_days: int = 3 * 365


BREATH = Pace(1, 0.2, 16, 2, 12, 24, 0.5, 12, 1, 1, 2, 8)


@dataclass
class Stage:
    """Everything that runs and everybody who is signed in while measuring."""

    bare: Served
    portal: Served
    old: Served
    database: str
    old_database: str
    folder: Path
    log: Path
    people: Executor
    supervisor: Signed
    old_supervisor: Signed
    clerks: dict[str, list[Signed]]
    unsent: Iterator[bytes]
    settings: dict[str, str]
    pace: Pace
    wrong: list[str] = field(default_factory=list)

    def lanes(self, number: int, each: int) -> list[list[bytes]]:
        """New reports for so many clients."""
        return [list(islice(self.unsent, each)) for _ in range(number)]

    def crowd(self, served: Served, lanes: list[list[bytes]], **how: object) -> tuple[Outcome, float]:
        """What the clients lived through, and the CPU seconds it cost the server."""
        before = served.cpu()
        found: Outcome = self.people.submit(client.crowd, served.port, lanes, **how).result()  # type: ignore[arg-type]
        self.wrong += found.wrong
        return found, served.cpu() - before

    def rate(self, served: Served, request: bytes, status: int = 200) -> float:
        """Answers to the same request per CPU second, asked by eight clients."""
        found, cpu = self.crowd(served, [[request]] * CLIENTS, seconds=self.pace.seconds, status=status)
        return len(found.latencies) / cpu if cpu else 0.0


def _form_path(stage: Stage) -> tuple[Signed, str]:
    point, signed = next(iter(stage.clerks.items()))
    day = office_day(datetime.now(UTC))
    return signed[0], f"/recordings/{point}/{day - timedelta(days=1)}/edit"


def warm(stage: Stage) -> list[Row]:
    """Every worker has drawn every page once before anything is counted."""
    signed, form = _form_path(stage)
    asked = {
        stage.bare: [get("/")],
        stage.portal: [stage.supervisor.get("/summary/"), signed.get(form)],
        stage.old: [stage.old_supervisor.get("/summary/")],
    }
    for served, lane in asked.items():
        for _ in range(2):
            stage.crowd(served, [lane] * CLIENTS)
    return []


def age(stage: Stage) -> list[Row]:
    """The summary drawn anew, at sixty days and at ten years of data."""
    portal: list[float] = []
    old: list[float] = []
    bare: list[float] = []
    for _ in range(stage.pace.rounds):
        bare.append(stage.rate(stage.bare, get("/")))
        for served, who, path, found in (
            (stage.portal, stage.supervisor, stage.database, portal),
            (stage.old, stage.old_supervisor, stage.old_database, old),
        ):
            before = served.cpu()
            asked = (served.port, who.get("/summary/"), path, stage.pace.renders)
            outcome = stage.people.submit(client.after_writes, *asked).result()
            stage.wrong += outcome.wrong
            found.append(max(served.cpu() - before, 0.001) / stage.pace.renders)
    note = "one client; a report is corrected before each request"
    return [
        Row(
            "summary after a write ÷ bare Flask",
            median_ratio([1 / s for s in portal], bare),
            "ratio",
            0.12,
            0.20,
            note=note,
        ),
        Row("summary after a write, CPU", statistics.median(portal) * 1000, "ms", higher_is_better=False),
        Row("summary CPU: 10 years ÷ 60 days", median_ratio(old, portal), "ratio", 1.15, 1.05, False),
    ]


def districts(stage: Stage) -> list[Row]:
    """A district whose database stands among those of all of East Java, each as old, beside a young one alone."""
    name = f"summary CPU: one of {stage.pace.districts} districts × {stage.pace.district_days} days ÷ 60 days"
    try:
        with ExitStack() as running:
            server = running.enter_context(postgres.postgres_url())
            young, old = (running.enter_context(postgres.fresh_database(server)) for _ in range(2))
            for url, age in ((young, min(data.SHORT_DAYS, stage.pace.district_days)), (old, stage.pace.district_days)):
                data.make(url, age)
            alone = _redrawn(stage, young)
            for _ in range(stage.pace.districts - 1):
                running.enter_context(postgres.fresh_database(server, old))
            among = _redrawn(stage, old)
    except postgres.Missing as missing:
        return [Row(name, None, "ratio", 1.15, 1.05, False, str(missing))]
    note = "a database is one office; medians of the CPU of gunicorn and its workers, and of what a reader waits"
    return [
        Row(name, among[0] / alone[0], "ratio", 1.15, 1.05, False, note),
        Row("the same, what a reader waits", among[1] / alone[1], "ratio", higher_is_better=False),
    ]


def _redrawn(stage: Stage, url: str) -> tuple[float, float]:
    """(CPU seconds of a summary drawn anew, seconds that its reader waits) over this database."""
    with serving("wsgi:app", data.settings(url), stage.log) as served:
        wait_for(served, "/sign-in", stage.log)
        asked = (served.port, data.sign_in(served.port, data.SUPERVISOR).get("/summary/"), url)
        spent, waits = [], []
        for turn in range(stage.pace.rounds + 1):
            before = served.cpu()
            found = stage.people.submit(client.after_writes, *asked, stage.pace.renders).result()
            stage.wrong += found.wrong
            if turn or stage.pace.rounds == 1:  # the first round draws for the first time
                spent.append(max(served.cpu() - before, 0.001) / stage.pace.renders)
                waits += found.latencies
        return statistics.median(spent), statistics.median(waits)


def reads(stage: Stage) -> list[Row]:
    """The two pages that are read most, nothing having changed."""
    signed, form = _form_path(stage)
    browser = Browser(stage.portal.port)
    tag = browser.ask(stage.supervisor.get("/summary/"))[1].get("etag", "")
    browser.close()
    found: dict[str, list[float]] = {"bare": [], "summary": [], "form": [], "tag": []}
    for _ in range(stage.pace.rounds):
        found["bare"].append(stage.rate(stage.bare, get("/")))
        found["summary"].append(stage.rate(stage.portal, stage.supervisor.get("/summary/")))
        found["form"].append(stage.rate(stage.portal, signed.get(form)))
        if tag:
            again = stage.supervisor.get("/summary/", {"If-None-Match": tag})
            found["tag"].append(stage.rate(stage.portal, again, 304))
    ratio = {name: median_ratio(values, found["bare"]) for name, values in found.items() if values}
    bare = statistics.median(found["bare"])
    return [
        Row("bare Flask", bare, "req/CPU-s"),
        Row("summary unchanged ÷ bare Flask", ratio["summary"], "ratio", 0.40, 0.55),
        Row(
            "summary answered 304 ÷ bare Flask",
            ratio.get("tag"),
            "ratio",
            0.40 if tag else None,
            0.55 if tag else None,
            note="" if tag else "no ETag is offered",
        ),
        Row("entry form ÷ bare Flask", ratio["form"], "ratio", 0.25, 0.40),
    ]


def _commits(stage: Stage) -> tuple[float, float]:
    """(commits per CPU second, commits per second) of two processes with four threads each."""
    path = stage.folder / "raw.db"
    if not path.exists():
        commits.prepare(str(path))
    asked = [sys.executable, "-m", "tests.bench.commits", str(path), str(CLIENTS // 2), str(stage.pace.seconds)]
    running = [subprocess.Popen(asked, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    answers = [process.communicate(timeout=60)[0].split() for process in running]
    done = sum(int(number) for number, _cpu in answers)
    return done / sum(float(cpu) for _number, cpu in answers), done / stage.pace.seconds


def posts(stage: Stage) -> list[Row]:
    """Accepted reports against bare durable commits, and how long the unlucky wait."""
    raw_cpu, raw_wall, cpu, wall = [], [], [], []
    eight: list[float] = []
    many: list[float] = []
    for _ in range(stage.pace.rounds):
        per_cpu, per_second = _commits(stage)
        raw_cpu.append(per_cpu)
        raw_wall.append(per_second)
        found, used = stage.crowd(stage.portal, stage.lanes(CLIENTS, stage.pace.posts // CLIENTS), **RECEIPT)
        cpu.append(len(found.latencies) / max(used, 0.001))
        wall.append(len(found.latencies) / found.seconds)
        eight += found.latencies
    for _ in range(stage.pace.slow_rounds):
        each = stage.pace.crowd_posts // stage.pace.crowd
        many += stage.crowd(stage.portal, stage.lanes(stage.pace.crowd, each), **RECEIPT)[0].latencies
    note = "by the clock, round beside round: both wait for the disk, which CPU time leaves out"
    return [
        Row("raw commits, 8 clients", statistics.median(raw_wall), "commits/s"),
        Row("accepted reports, 8 clients", statistics.median(wall), "posts/s"),
        Row("accepted report ÷ raw commits", median_ratio(wall, raw_wall), "ratio", 0.15, 0.22, note=note),
        Row("raw commits by CPU", statistics.median(raw_cpu), "commits/CPU-s"),
        Row("accepted reports by CPU", statistics.median(cpu), "posts/CPU-s"),
        Row("accepted report ÷ raw commits, by CPU", median_ratio(cpu, raw_cpu), "ratio"),
        Row("accepted report, p50 at 8 clients", statistics.median(eight) * 1000, "ms", higher_is_better=False),
        Row("accepted report, p99 ÷ p50 at 8 clients", tail(eight), "ratio", 4, 2, False),
        Row(f"accepted report, p99 ÷ p50 at {stage.pace.crowd} clients", tail(many), "ratio", 4, 2, False),
    ]


def together(stage: Stage) -> list[Row]:
    """How much of the reading is left while reports come in at 5 and at 50 a second (their cost included)."""
    request = stage.supervisor.get("/summary/")
    found: dict[int, list[float]] = {0: [], 5: [], 50: []}
    seconds = stage.pace.seconds * 4 / 3
    for _ in range(stage.pace.slow_rounds):
        for a_second, rates in found.items():
            before, sending = stage.portal.cpu(), None
            if a_second:
                batch = list(islice(stage.unsent, max(1, round(a_second * seconds))))
                asked = (stage.portal.port, batch, float(a_second), RECEIPT["status"], RECEIPT["header"])
                sending = stage.people.submit(client.paced, *asked)
            read, _cpu = stage.crowd(stage.portal, [[request]] * CLIENTS, seconds=seconds)
            _finish(stage, sending)
            rates.append(len(read.latencies) / max(stage.portal.cpu() - before, 0.001))
    return [
        Row("cached reads kept under 5 reports/s", median_ratio(found[5], found[0]), "ratio", 0.85, 0.90),
        Row("cached reads kept under 50 reports/s", median_ratio(found[50], found[0]), "ratio", 0.60, 0.75),
    ]


def _finish(stage: Stage, sending: Future[Outcome] | None) -> None:
    if sending is not None:
        stage.wrong += sending.result().wrong


def spike(stage: Stage) -> list[Row]:
    """Four clerks of each of eighteen kecamatan at 15.59, the minute pressed into five seconds."""
    rng, latencies, wrong = Random(1559), [], 0
    for _ in range(stage.pace.slow_rounds):
        starts = [rng.uniform(0, stage.pace.spike_seconds) for _ in range(stage.pace.spike)]
        found, _cpu = stage.crowd(stage.portal, stage.lanes(stage.pace.spike, 1), starts=starts, **RECEIPT)
        latencies += found.latencies
        wrong += len(found.wrong)
    note = f"{stage.pace.spike} new connections in {stage.pace.spike_seconds:g} s, {stage.pace.slow_rounds} times"
    return [
        Row("15.59: 18 × 4 clerks at once, errors", wrong, "errors", 0, 0, False),
        Row("15.59: p99 ÷ p50", tail(latencies), "ratio", 5, 5, False, note),
        Row("15.59: p99", percentile(latencies, 0.99) * 1000, "ms", higher_is_better=False),
    ]


def sign_in(stage: Stage) -> list[Row]:
    """What checking one password costs."""
    hashed, spent = hash_password(PASSWORD), []
    for _ in range(stage.pace.rounds * 3):
        begun = time.process_time()
        assert matches(hashed, PASSWORD)
        spent.append(time.process_time() - begun)
    return [Row("sign-in, CPU of the password hash", statistics.median(spent) * 1000, "ms", 60, 40, False)]


def start(stage: Stage) -> list[Row]:
    """From the command to the first page, the portal and the bare app in turn."""
    took: dict[str, list[float]] = {"wsgi:app": [], "tests.bench.bare:app": []}
    for _ in range(stage.pace.rounds):
        for app, path in (("tests.bench.bare:app", "/"), ("wsgi:app", "/sign-in")):
            with serving(app, stage.settings if app == "wsgi:app" else {}, stage.log) as served:
                took[app].append(wait_for(served, path, stage.log))
    value = median_ratio(took["wsgi:app"], took["tests.bench.bare:app"])
    return [
        Row("start to first page ÷ bare Flask", value, "ratio", 2.5, 2.0, False),
        Row("start to first page", statistics.median(took["wsgi:app"]), "s", higher_is_better=False),
    ]


def memory(stage: Stage) -> list[Row]:
    """What gunicorn and its two workers hold after all this work."""
    portal, bare = stage.portal.memory(), stage.bare.memory()
    return [
        Row("memory of 2 workers ÷ bare Flask", portal / bare, "ratio", 1.8, 1.2, False),
        Row("memory of 2 workers (PSS)", portal, "MiB", higher_is_better=False),
    ]


def size(stage: Stage) -> list[Row]:
    """What a browser fetches for the summary, compressed as a proxy does it: first time, then on reload."""
    browser = Browser(stage.portal.port)
    _status, headers, html = browser.ask(stage.supervisor.get("/summary/"))
    links = re.findall(r'<(?:link|script)\b[^>]*\b(?:href|src)="(/[^"]+)"', html.decode())
    sizes, again = [_packed(html)], 0 if headers.get("etag") else _packed(html)
    for link in links:
        status, about, body = browser.ask(stage.supervisor.get(link))
        stage.wrong += [] if status == 200 else [f"{link}: {status}"]
        sizes.append(_packed(body))
        if "immutable" not in about.get("cache-control", ""):
            again += 300
    browser.close()
    return [
        Row("summary page: requests", len(sizes), "requests", 5, 3, False),
        Row("summary page: compressed, first time", sum(sizes) / 1024, "KB", 50, 20, False),
        Row("summary page: compressed, on reload", again / 1024, "KB", 12, 1, False),
        Row("summary page: HTML uncompressed", len(html) / 1024, "KB", higher_is_better=False),
    ]


def _packed(body: bytes) -> int:
    return len(gzip.compress(body, 6, mtime=0))


ALL = (warm, age, districts, reads, posts, together, spike, sign_in, start, memory, size)
