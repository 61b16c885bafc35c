"""Browsers that hurry: kept-alive HTTP/1.1 over plain sockets, run in a process of their own.

Nothing here imports the portal, and what the clients burn is never counted: the server's CPU is read from outside.
"""

import socket
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import psycopg

Answer = tuple[int, dict[str, str], bytes]
TIMEOUT_SECONDS = 30


class Browser:
    """One kept-alive connection; opened again when the server closed it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None
        self._left = b""

    def ask(self, request: bytes) -> Answer:
        """Send one request and read its whole answer: status, headers in small letters, body."""
        fresh = self._socket is None
        try:
            return self._exchange(request)
        except ConnectionError:
            self.close()
            if fresh:
                raise
            return self._exchange(request)

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            self._socket.close()
        self._socket, self._left = None, b""

    def _exchange(self, request: bytes) -> Answer:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=TIMEOUT_SECONDS)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(request)
        while b"\r\n\r\n" not in self._left:
            self._receive()
        head, self._left = self._left.split(b"\r\n\r\n", 1)
        lines = head.decode("latin-1").split("\r\n")
        headers: dict[str, str] = {}
        for line in lines[1:]:
            name, _, value = line.partition(": ")
            headers[name.lower()] = f"{headers[name.lower()]}\n{value}" if name.lower() in headers else value
        size = int(headers.get("content-length", 0))
        while len(self._left) < size:
            self._receive()
        body, self._left = self._left[:size], self._left[size:]
        if headers.get("connection", "").lower() == "close":
            self.close()
        return int(lines[0].split(" ", 2)[1]), headers, body

    def _receive(self) -> None:
        assert self._socket is not None
        piece = self._socket.recv(262_144)
        if not piece:
            raise ConnectionError("the server hung up")
        self._left += piece


@dataclass
class Outcome:
    """What a crowd lived through; latencies in seconds, wrong answers as text."""

    latencies: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0


def _expect(answer: Answer, status: int, header: str) -> str:
    if answer[0] == status and (not header or header in answer[1]):
        return ""
    return f"{answer[0]} instead of {status}: {answer[2][:200].decode('utf-8', 'replace')}"


def crowd(
    port: int,
    lanes: list[list[bytes]],
    seconds: float = 0.0,
    starts: list[float] | None = None,
    status: int = 200,
    header: str = "",
) -> Outcome:
    """One thread a lane. With ``seconds`` each goes round its lane until time is up, otherwise once through.

    With ``starts`` lane number n sends its first request that many seconds after the beginning.
    """
    found, lock, gate = Outcome(), threading.Lock(), threading.Barrier(len(lanes) + 1)

    def live(number: int, lane: list[bytes]) -> None:
        browser, latencies, wrong = Browser(port), [], []
        gate.wait()
        begun = time.perf_counter()
        if starts is not None:
            time.sleep(starts[number])
        turn = 0
        while time.perf_counter() - begun < seconds if seconds else turn < len(lane):
            sent = time.perf_counter()
            try:
                trouble = _expect(browser.ask(lane[turn % len(lane)]), status, header)
            except (OSError, ValueError) as error:
                trouble = repr(error)
            latencies.append(time.perf_counter() - sent)
            if trouble:
                wrong.append(trouble)
            turn += 1
        browser.close()
        with lock:
            found.latencies += latencies
            found.wrong += wrong

    return _run(found, gate, [(live, (n, lane)) for n, lane in enumerate(lanes)])


def _run(
    found: Outcome, gate: threading.Barrier, lives: list[tuple[Callable[..., None], tuple[object, ...]]]
) -> Outcome:
    threads = [threading.Thread(target=live, args=given) for live, given in lives]
    for thread in threads:
        thread.start()
    gate.wait()
    begun = time.perf_counter()
    for thread in threads:
        thread.join()
    found.seconds = time.perf_counter() - begun
    return found


def paced(port: int, requests: list[bytes], a_second: float, status: int, header: str) -> Outcome:
    """Requests at a steady rate over four connections, whatever each takes."""
    lanes: list[list[bytes]] = [requests[n::4] for n in range(4)]
    found, lock, gate = Outcome(), threading.Lock(), threading.Barrier(5)

    def live(number: int, lane: list[bytes]) -> None:
        browser = Browser(port)
        gate.wait()
        begun = time.perf_counter()
        for turn, request in enumerate(lane):
            due = begun + (turn * 4 + number) / a_second
            time.sleep(max(0.0, due - time.perf_counter()))
            sent = time.perf_counter()
            trouble = _expect(browser.ask(request), status, header)
            with lock:
                found.latencies.append(time.perf_counter() - sent)
                if trouble:
                    found.wrong.append(trouble)
        browser.close()

    return _run(found, gate, [(live, (n, lane)) for n, lane in enumerate(lanes)])


CORRECTION = (
    "UPDATE report SET recorded = (recorded + 1) % 60, version = version + 1"
    " WHERE id = (SELECT max(id) FROM report WHERE kind = 'angka')",
    "UPDATE data_version SET value = value + 1 WHERE area = 'data'",
)


def after_writes(port: int, request: bytes, database: str, times: int) -> Outcome:
    """One browser that finds newer data at every turn: a report is corrected (outside the server), then it asks."""
    found, browser, writer = Outcome(), Browser(port), _writer(database)
    begun = time.perf_counter()
    for _ in range(times):
        for statement in CORRECTION:
            writer.execute(statement)
        sent = time.perf_counter()
        trouble = _expect(browser.ask(request), 200, "")
        found.latencies.append(time.perf_counter() - sent)
        if trouble:
            found.wrong.append(trouble)
    found.seconds = time.perf_counter() - begun
    writer.close()
    browser.close()
    return found


def _writer(url: str) -> Any:
    """A connection of its own to a database, which commits each statement."""
    if url.startswith("sqlite:///"):
        return sqlite3.connect(url.removeprefix("sqlite:///"), timeout=10, isolation_level=None)
    return psycopg.connect(url.replace("+psycopg", ""), autocommit=True)
