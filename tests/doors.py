"""The two doors to a test's database; small, because other programs start with it."""

from sqlalchemy import create_engine

from portal.storage.database import Database, engine_options


def connect(url: str) -> Database:
    """The two doors to the database at ``url``, without a web application."""
    reader, writer = (create_engine(url, **engine_options(url, read_only=only)) for only in (True, False))
    return Database(reader, writer)
