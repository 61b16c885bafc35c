"""Two doors to one database: one that can only read, one whose writers stand in line.

Measured reasons: SQLAlchemy's default transaction lost 300 of 400 read-then-write updates without an error, so every
writing transaction begins with BEGIN IMMEDIATE (SQLite) or one advisory lock (PostgreSQL); WAL + FULL lost nothing
at a simulated power cut where the library has the WAL-reset fix, DELETE + EXTRA where it has not.
"""

import fcntl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import pysqlite3.dbapi2 as sqlite_driver
from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection, Dialect, ExceptionContext, make_url
from sqlalchemy.exc import DatabaseError, DataError, OperationalError

Tx = Connection
"""A transaction opened at the door; actions pass it on and never open their own."""

BUSY_SECONDS = 2
PATIENCE_SECONDS = 2
CACHE_KIB = 512
"""A dozen connections a process, each with a cache of its own: the kernel's holds the file once for all of them."""
_WRITERS_LOCK = 351600


class Unavailable(Exception):
    """The database could not be used just now: nothing of this transaction is kept, and it may be tried again."""


class Unstorable(Exception):
    """A value that no column holds, such as a number of twenty digits: nothing of this transaction is kept."""


def safe_journal(version: tuple[int, int, int]) -> tuple[str, str]:
    """(journal_mode, synchronous) that survives a power cut with this SQLite library.

    The WAL-reset fault is mended from 3.51.3 on, and in 3.50.7 and 3.44.6.
    """
    mended = version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51, 0) or (3, 44, 6) <= version < (3, 45, 0)
    return ("WAL", "FULL") if mended else ("DELETE", "EXTRA")


def sqlite_version() -> tuple[int, int, int]:
    """Version of the SQLite library in use (the driver brings its own, not the system's)."""
    major, minor, patch = sqlite_driver.sqlite_version_info
    return major, minor, patch


def engine_options(url: str, *, read_only: bool) -> dict[str, Any]:
    """Options with which an engine for ``url`` is made. Each connection kept costs megabytes; writers stand in line.

    A reader sees one state of the data however many questions it asks: SQLite gives that by itself, PostgreSQL with
    REPEATABLE READ.
    """
    pool = 4 if read_only else 1
    if make_url(url).get_backend_name() == "sqlite":
        return {"module": sqlite_driver, "connect_args": {"check_same_thread": False}, "pool_size": pool}
    settings = f"-c lock_timeout={BUSY_SECONDS}s -c timezone=UTC"
    if read_only:
        settings += r" -c default_transaction_read_only=on -c default_transaction_isolation=repeatable\ read"
    return {"connect_args": {"options": settings}, "pool_pre_ping": True, "pool_size": pool}


class Database:
    """The reading and the writing engine of one database."""

    def __init__(self, reader: Engine, writer: Engine) -> None:
        self._reader, self._writer = reader, writer
        self._line = threading.Lock()
        self.is_sqlite = writer.dialect.name == "sqlite"
        path = writer.url.database if self.is_sqlite else None
        self._line_file = f"{path}-line" if path and path != ":memory:" else None
        if self.is_sqlite:
            _prepare_sqlite(reader, read_only=True)
            _prepare_sqlite(writer, read_only=False)
        else:
            event.listen(writer, "begin", _wait_for_writers)
        for engine in (reader, writer):
            event.listen(engine, "handle_error", _in_own_words)

    @contextmanager
    def reading(self) -> Iterator[Tx]:
        """A transaction in which every write fails, and which sees the data as they were at its first question."""
        with self._reader.connect() as tx:
            yield tx

    @contextmanager
    def writing(self, patience: float = PATIENCE_SECONDS) -> Iterator[Tx]:
        """A transaction that is committed, durably, when the block ends well, and undone otherwise.

        Raises Unavailable when other writers leave no room for ``patience`` seconds.
        """
        with self._turn(patience), self._writer.begin() as tx:
            yield tx

    @contextmanager
    def _turn(self, patience: float) -> Iterator[None]:
        """One writer at a time: first among this process's threads, then, for SQLite, among processes.

        Left to SQLite's busy loop, which is not fair, 32 clients made some wait for more than two seconds.
        """
        until = time.monotonic() + patience
        if not self._line.acquire(timeout=patience):
            raise Unavailable("too many writers waiting")
        try:
            if self._line_file is None:
                yield
                return
            with self._line_opened(self._line_file) as line:
                while not _first_in_line(line.fileno()):
                    if time.monotonic() > until:
                        raise Unavailable("another program is writing")
                    time.sleep(0.001)
                yield
        finally:
            self._line.release()

    @staticmethod
    def _line_opened(path: str) -> BinaryIO:
        try:
            return open(path, "ab")
        except OSError as error:
            raise Unavailable(f"unable to open the file beside the database: {error.strerror}") from error

    def forget_connections(self) -> None:
        """Close pooled connections: nothing opened before a fork may be used after it."""
        self._reader.dispose()
        self._writer.dispose()


def _first_in_line(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def own_word(told: BaseException | None, original: BaseException, dialect: Dialect) -> Exception | None:
    """The house's own word for an error of the driver and what SQLAlchemy tells of it; None where it has none.

    It has one where the database is out of order, and where a value is brought that no column holds. SQLite says it of
    a damaged file with the plain error, and of too large a number with Python's.
    """
    if isinstance(told, DataError) or isinstance(original, OverflowError):
        return Unstorable(type(original).__name__)
    damaged = type(told) is DatabaseError and dialect.name == "sqlite"
    return Unavailable(str(original)) if isinstance(told, OperationalError) or damaged else None


def _in_own_words(context: ExceptionContext) -> None:
    if word := own_word(context.sqlalchemy_exception, context.original_exception, context.dialect):
        raise word from context.original_exception


def _prepare_sqlite(engine: Engine, *, read_only: bool) -> None:
    journal, synchronous = safe_journal(sqlite_version())

    @event.listens_for(engine, "connect")
    def _settings(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions are begun below, in words
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
        if read_only:
            cursor.execute("PRAGMA query_only=ON")
        else:
            cursor.execute(f"PRAGMA journal_mode={journal}")
        cursor.execute(f"PRAGMA synchronous={synchronous}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        begin = "BEGIN" if read_only else "BEGIN IMMEDIATE"
        try:
            connection.connection.driver_connection.execute(begin)  # type: ignore[union-attr]
        except sqlite_driver.OperationalError as error:
            raise Unavailable(str(error)) from error


def _wait_for_writers(connection: Connection) -> None:
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITERS_LOCK})")
