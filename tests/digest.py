"""A fingerprint of everything that is kept: two equal digests mean that nothing at all was changed."""

import hashlib

from portal.storage.database import Database
from portal.storage.tables import metadata


def digest(database: Database) -> dict[str, str]:
    """Table → SHA-256 over all its rows."""
    with database.reading() as tx:
        return {
            table.name: hashlib.sha256(
                repr(sorted(repr(tuple(row)) for row in tx.exec_driver_sql(f'SELECT * FROM "{table.name}"'))).encode()
            ).hexdigest()
            for table in metadata.sorted_tables
        }
