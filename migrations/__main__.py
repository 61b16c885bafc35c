"""Write the next migration: the difference between the newest schema and the tables as they are."""

import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import create_engine

from portal.storage import schema
from portal.storage.database import Database, engine_options


def write(message: str) -> None:
    """Upgrade an empty database, compare it with the tables, and write what is missing as a revision."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'empty.db'}"
        options = engine_options(url, read_only=False)
        database = Database(create_engine(url, **options), create_engine(url, **options))
        with database.writing() as tx:
            schema.upgrade(tx)
            number = f"{len(list((schema.MIGRATIONS / 'versions').glob('[0-9]*.py'))) + 1:04}"
            command.revision(schema.config(tx), message, autogenerate=True, rev_id=number)


if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1].strip():
        sys.exit('Say what the migration is for: make migration M="what and why"')
    write(sys.argv[1].strip())
