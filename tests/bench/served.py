"""A program under gunicorn as shipped, seen from outside: its CPU, its memory, how soon it answers."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from portal.config import ROOT

from .client import Browser

TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE_SECONDS = 60


class Served:
    """One running gunicorn with its workers."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self._process, self.port = process, port

    def _tree(self) -> list[int]:
        first = self._process.pid
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        return [first, *map(int, children)]

    def cpu(self) -> float:
        """CPU seconds used so far by gunicorn and its workers."""
        total = 0
        for pid in self._tree():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += int(fields[11]) + int(fields[12])
        return total / TICKS

    def memory(self) -> float:
        """Proportional set size of gunicorn and its workers together, in MiB."""
        total = 0
        for pid in self._tree():
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        return total / 1024


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def get(path: str, cookie: str = "", more: Mapping[str, str] | None = None) -> bytes:
    """A GET as a browser sends it."""
    lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", "Accept: text/html", "Accept-Language: id"]
    lines += [f"Cookie: {cookie}"] if cookie else []
    lines += [f"{name}: {value}" for name, value in (more or {}).items()]
    return "\r\n".join([*lines, "", ""]).encode()


@contextmanager
def serving(app: str, settings: Mapping[str, str], log: Path) -> Iterator[Served]:
    """``app`` under gunicorn as shipped, on a free port; stopped with the block. Not yet known to answer."""
    port = free_port()
    # Installed programs have their bytecode: who forbids this one to keep it would measure Python's compiler.
    environment = {
        k: v for k, v in os.environ.items() if not k.startswith("PORTAL_") and k != "PYTHONDONTWRITEBYTECODE"
    }
    environment |= {"PORT": str(port), **settings}
    gunicorn = Path(sys.executable).parent / "gunicorn"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(gunicorn), "--config", str(ROOT / "gunicorn.conf.py"), app],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=output,
        )
    try:
        yield Served(process, port)
    finally:
        process.terminate()
        try:
            process.wait(25)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(served: Served, path: str, log: Path) -> float:
    """Seconds until ``path`` is answered with 200; raises RuntimeError with the server's words when it never is."""
    begun = time.perf_counter()
    while time.perf_counter() - begun < PATIENCE_SECONDS:
        browser = Browser(served.port)
        try:
            if browser.ask(get(path))[0] == 200:
                return time.perf_counter() - begun
        except OSError:
            time.sleep(0.005)
        finally:
            browser.close()
    raise RuntimeError(f"no answer to {path}: {log.read_text()[-2000:]}")
