"""The shape of the database: which migration it stands at, and how it gets to the newest.

Alembic is loaded only to migrate: a server that merely asks where the database stands starts faster without it.
"""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from .database import Tx

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"

_REVISION = re.compile(r'^(down_)?revision = ["\']?(\w+)["\']?$', re.MULTILINE)


def _chain() -> dict[str, str]:
    """Every revision this program knows, with the one before it."""
    chain = {}
    for path in sorted((MIGRATIONS / "versions").glob("*.py")):
        found = {before: name for before, name in _REVISION.findall(path.read_text(encoding="utf-8"))}
        chain[found[""]] = found["down_"]
    return chain


def newest() -> str:
    """The one head revision of this program."""
    chain = _chain()
    (head,) = chain.keys() - set(chain.values())
    return head


def known(revision: str) -> bool:
    """Whether this program has heard of ``revision``; a newer program's is unknown."""
    return revision in _chain()


def present(tx: Tx) -> str | None:
    """The revision the database stands at; None for an empty one."""
    if not inspect(tx).has_table("alembic_version"):
        return None
    return tx.execute(text("SELECT version_num FROM alembic_version")).scalar()


def config(tx: Tx | None = None) -> "Config":
    """What Alembic needs to find the migrations, and to run them inside ``tx``."""
    from alembic.config import Config

    found = Config()
    found.set_main_option("script_location", str(MIGRATIONS))
    found.attributes["connection"] = tx
    return found


def upgrade(tx: Tx) -> None:
    """Bring the database to the newest revision inside the given transaction. Running it again changes nothing."""
    from alembic import command

    command.upgrade(config(tx), "head")
