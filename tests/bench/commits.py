"""The measure of a durable write: one row a transaction, with the library, the settings and the line of the portal."""

import resource
import sys
import threading
import time

import pysqlite3.dbapi2 as driver

from portal.storage.database import safe_journal, sqlite_version

ROW = "x" * 120


def _connect(path: str) -> driver.Connection:
    journal, synchronous = safe_journal(sqlite_version())
    connection = driver.connect(path, check_same_thread=False, isolation_level=None)
    connection.execute("PRAGMA busy_timeout=10000")
    connection.execute(f"PRAGMA journal_mode={journal}")
    connection.execute(f"PRAGMA synchronous={synchronous}")
    return connection


def prepare(path: str) -> None:
    """An empty table to write to."""
    connection = _connect(path)
    connection.execute("CREATE TABLE line (id INTEGER PRIMARY KEY, text TEXT NOT NULL)")
    connection.close()


def write(path: str, threads: int, seconds: float) -> tuple[int, float]:
    """(commits, CPU seconds of this process): each thread keeps a connection and stands in line, as in the portal."""
    line, connections, done = threading.Lock(), [_connect(path) for _ in range(threads)], [0] * threads
    until = time.perf_counter() + seconds
    begun = _cpu()

    def live(number: int) -> None:
        connection = connections[number]
        while time.perf_counter() < until:
            with line:
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("INSERT INTO line (text) VALUES (?)", (ROW,))
                connection.execute("COMMIT")
            done[number] += 1

    started = [threading.Thread(target=live, args=(n,)) for n in range(threads)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()
    used = _cpu() - begun
    for connection in connections:
        connection.close()
    return sum(done), used


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    print(*write(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))
