"""What every request passes through: a reader never stands in a writer's way."""

from pathlib import Path

from portal.storage.database import safe_journal, sqlite_version

from .. import people, records
from ..people import NGORO

POSTS = 300
LARGEST_LOG = 5_000_000
"""Bytes: SQLite folds its log back at 1,000 pages of 4 kB, unless a reader holds on to an older state."""


def test_the_write_ahead_log_stays_small_however_much_is_posted(portal):
    clerk = portal.browser(people.clerk)
    kit = f"/equipment/kit-{NGORO}"
    fields = clerk.get(kit).values("/confirm")
    database = Path(portal.services.settings.database_url.removeprefix("sqlite:///"))
    log = database.with_name(f"{database.name}-wal")
    for _n in range(POSTS):
        fields["submission_id"] = records.submission_id()
        assert clerk.ask("POST", f"{kit}/confirm", data=fields, checked=False).status == 303
    assert log.exists() == (safe_journal(sqlite_version())[0] == "WAL")
    assert not log.exists() or log.stat().st_size < LARGEST_LOG
