"""The metadata on which every table stands, and the columns that many tables share."""

from datetime import UTC, datetime
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
    text,
)
from sqlalchemy.engine import Dialect

db = SQLAlchemy(
    metadata=MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
)
metadata = db.metadata


class Instant(TypeDecorator[datetime]):
    """A moment, kept in UTC and always aware; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value if value.tzinfo else value.replace(tzinfo=UTC)
        return moment.astimezone(UTC)


def partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index over the rows for which ``where`` holds.

    Naming PostgreSQL here as well would load its dialect into every program, 2 MiB of each worker; on both databases
    it is the migrations that make the index.
    """
    return Index(name, *columns, unique=unique, sqlite_where=text(where))


def code(name: str = "code", **kw: Any) -> Column[str]:
    """A key in the office's own words."""
    return Column(name, String(40), primary_key=True, **kw)


def own_id() -> Column[int]:
    """A key that the database counts up."""
    return Column("id", Integer, primary_key=True)


def source() -> Column[str]:
    """Who says so."""
    return Column("source", Text, nullable=False)


def decided() -> list[Column[Any]]:
    """Who decided a thing, when and why; what is taken back stays, with the moment."""
    return [
        Column("reason", Text, nullable=False),
        Column("account_id", ForeignKey("account.id"), nullable=False),
        Column("at", Instant, nullable=False),
        Column("withdrawn_at", Instant),
    ]


def kept() -> list[Column[Any]]:
    """Who wrote a row and when; version is what a stale form is recognised by."""
    return [
        Column("version", Integer, nullable=False),
        Column("received_at", Instant, nullable=False),
        Column("changed_at", Instant, nullable=False),
        Column("author_id", ForeignKey("account.id"), nullable=False),
        Column("editor_id", ForeignKey("account.id"), nullable=False),
    ]
