"""The two doors to a test's database; small, because other programs start with it."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import create_engine, event, make_url

from portal.storage.database import Database, engine_options


def connect(url: str) -> Database:
    """The two doors to the database at ``url``, without a web application."""
    reader, writer = (create_engine(url, **engine_options(url, read_only=only)) for only in (True, False))
    return Database(reader, writer)


_idle: dict[str, list["_Kept"]] = defaultdict(list)


@contextmanager
def kept_doors(url: str) -> Iterator[Database]:
    """The same, by engines that led to other databases before, for a database whose tables are as the program's.

    Their connections are new. What stays is how each statement is written down and which server it is: half of what
    a test of a page or two otherwise waits for.
    """
    idle = _idle[make_url(url).get_backend_name()]
    found = idle.pop() if idle else _Kept(url)
    found.lead_to(url)
    yield found
    found.forget_connections()
    idle.append(found)


class _Kept(Database):
    def __init__(self, url: str) -> None:
        engines = [create_engine(url, **engine_options(url, read_only=only)) for only in (True, False)]
        super().__init__(*engines)
        for engine in engines:
            event.listen(engine, "do_connect", self._redirect)

    def lead_to(self, url: str) -> None:
        self._url = make_url(url)
        self._line_file = f"{self._url.database}-line" if self.is_sqlite else None

    def _redirect(self, dialect: Any, _record: Any, arguments: list[Any], named: dict[str, Any]) -> None:
        there, by_name = dialect.create_connect_args(self._url)
        arguments[:] = there
        named.update(by_name)
