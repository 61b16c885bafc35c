"""The shape of the database: which migration it stands at, and how it gets to the newest."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from .database import Tx

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def config(tx: Tx | None = None) -> Config:
    """What Alembic needs to find the migrations, and to run them inside ``tx``."""
    found = Config()
    found.set_main_option("script_location", str(MIGRATIONS))
    found.attributes["connection"] = tx
    return found


def newest() -> str:
    """The one head revision of this program."""
    head = ScriptDirectory.from_config(config()).get_current_head()
    assert head is not None, "migrations are part of the program"
    return head


def known(revision: str) -> bool:
    """Whether this program has heard of ``revision``; a newer program's is unknown."""
    return any(script.revision == revision for script in ScriptDirectory.from_config(config()).walk_revisions())


def present(tx: Tx) -> str | None:
    """The revision the database stands at; None for an empty one."""
    return MigrationContext.configure(tx).get_current_revision()


def upgrade(tx: Tx) -> None:
    """Bring the database to the newest revision inside the given transaction. Running it again changes nothing."""
    command.upgrade(config(tx), "head")
