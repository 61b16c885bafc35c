"""Target lists of places, arranged for a test."""

from datetime import date

from portal.domain.places import CONFIRMED, Buckets, TargetBatch
from portal.storage import ledger, places
from portal.storage.database import Database

from . import people

LISTED = date(2024, 10, 1)


def listed(
    database: Database,
    place: str = people.SCHOOL,
    counts: tuple[int, int, int] = (40, 30, 20),
    as_of: date = LISTED,
    state: str = CONFIRMED,
) -> None:
    """A place has told how many wait: 17 already, 17 by polling day, 17 later."""
    batch = TargetBatch(0, place, as_of, Buckets(*counts), "pilkada-2024", "daftar sekolah", state, "", people.NOW)
    with database.writing() as tx:
        places.add_batch(tx, batch, people.supervisor.id)
        ledger.touch(tx, ledger.DATA)
