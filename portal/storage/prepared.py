"""Statements that are asked with nearly every request: their text and conversions are worked out once.

SQLAlchemy works both out anew at each execution, which costs ten times what SQLite needs to answer. On PostgreSQL
the way over the network is what costs, and a statement goes SQLAlchemy's own way.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import pysqlite3.dbapi2 as sqlite_driver
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError

from .database import Tx, own_word

Convert = Callable[[Any], Any]


class _Made(NamedTuple):
    """A statement for SQLite: what is sent in the order of its marks, and how the answer is read."""

    sql: str
    marks: Sequence[tuple[str, Any, Convert | None]]
    columns: Sequence[tuple[int, Convert]]
    row: Any

    def sent(self, given: Mapping[str, Any]) -> list[Any]:
        """The values for the marks; what a statement says itself stands in it already."""
        values = []
        for name, own, convert in self.marks:
            value = given.get(name, own)
            values.append(value if convert is None else convert(value))
        return values

    def read(self, raw: Sequence[Any]) -> Any:
        """A row of the answer, its columns to be had by place or by name."""
        if not self.columns:
            return self.row(raw)
        values = list(raw)
        for place, convert in self.columns:
            values[place] = convert(values[place])
        return self.row(values)


class Prepared:
    """One statement of SQLAlchemy Core with named parameters; ``columns`` are those that an INSERT fills."""

    def __init__(self, statement: Any, columns: Sequence[str] | None = None) -> None:
        self._statement, self._filled = statement, columns
        self._made: _Made | None = None

    def rows(self, tx: Tx, given: Mapping[str, Any]) -> Sequence[Any]:
        """All rows of the answer."""
        made = self._for(tx)
        if made is None:
            return tx.execute(self._statement, given).all()
        return [made.read(raw) for raw in self._run(tx, made.sql, made.sent(given)).fetchall()]

    def row(self, tx: Tx, given: Mapping[str, Any]) -> Any:
        """The one row of the answer, or None; a statement that may find more says which one it wants."""
        rows = self.rows(tx, given)
        return rows[0] if rows else None

    def change(self, tx: Tx, given: Mapping[str, Any]) -> int:
        """How many rows were changed."""
        made = self._for(tx)
        if made is None:
            return tx.execute(self._statement, given).rowcount
        changed: int = self._run(tx, made.sql, made.sent(given)).rowcount
        return changed

    def changes(self, tx: Tx, given: Sequence[Mapping[str, Any]]) -> None:
        """The same for each of some."""
        made = self._for(tx)
        if made is None:
            tx.execute(self._statement, given)
        else:
            self._run(tx, made.sql, [made.sent(one) for one in given], many=True)

    def _for(self, tx: Tx) -> _Made | None:
        if tx.dialect.name != "sqlite":
            return None
        if self._made is None:
            self._made = _made(self._statement, self._filled, tx.dialect)
        return self._made

    @staticmethod
    def _run(tx: Tx, sql: str, values: Sequence[Any], *, many: bool = False) -> Any:
        if not tx.in_transaction():
            tx.begin()
        connection: Any = tx.connection.driver_connection
        try:
            return (connection.executemany if many else connection.execute)(sql, values)
        except (sqlite_driver.Error, OverflowError) as error:
            told = DBAPIError.instance(sql, None, error, sqlite_driver.Error, dialect=tx.dialect)
            raise own_word(told, error, tx.dialect) or told from error


def _made(statement: Any, filled: Sequence[str] | None, dialect: Dialect) -> _Made:
    compiled = statement.compile(dialect=dialect, column_keys=filled)
    wanted = {bind.key: None for bind in compiled.binds.values() if bind.required}
    state = compiled.construct_expanded_state(wanted)  # a list of words has a mark for each
    sent_as = dict(state.processors)
    for bind in compiled.binds.values():
        sent_as.setdefault(bind.key, bind.type.dialect_impl(dialect).bind_processor(dialect))
    marks = [(name, state.parameters[name], sent_as.get(name)) for name in state.positiontup or ()]
    columns = list(getattr(statement, "exported_columns", ()) or ())
    reads = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
    kept = [(place, convert) for place, convert in enumerate(reads) if convert is not None]
    names: Any = namedtuple("Row", [column.key for column in columns], rename=True)  # type: ignore[misc]
    return _Made(state.statement, marks, kept, names._make)
