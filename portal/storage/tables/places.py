"""How many people each place expects to see recorded, as told on a day: batches are added, never overwritten.

A file waits between preview and confirmation as the rows that were read from it, one a person and kind.
"""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint

from ...domain.places import BUCKETS
from .columns import Instant, db, own_id, source

target_batch = db.Table(
    "target_batch",
    own_id(),
    Column("place_code", ForeignKey("place.code"), nullable=False),
    Column("as_of", Date, nullable=False),
    *(Column(name, Integer, nullable=False) for name in BUCKETS),
    Column("election_code", ForeignKey("election.code")),
    source(),
    Column("file_hash", String(64), nullable=False, server_default=""),
    Column("state", String(10), nullable=False),
    Column("account_id", ForeignKey("account.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("decided_by_id", ForeignKey("account.id")),
    Column("decided_at", Instant),
    Column("reason", Text, nullable=False, server_default=""),
    Index("ix_target_batch_place_code_as_of", "place_code", "as_of"),
    Index("ix_target_batch_state", "state"),
    CheckConstraint("state IN ('proposed', 'confirmed', 'declined')", "state"),
    *(CheckConstraint(f"{name} >= 0", name) for name in BUCKETS),
)
upload = db.Table(
    "upload",
    own_id(),
    Column("account_id", ForeignKey("account.id"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("token", String(64), nullable=False),
    Column("name", String(120), nullable=False),
    Column("rows", Text, nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("account_id", "kind"),
)
