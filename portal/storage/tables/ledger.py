"""Sendings that were accepted, the chained log of deeds, and how fresh the data is."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Text, UniqueConstraint

from .columns import Instant, code, db

submission = db.Table(
    "submission",
    Column("number", Integer, primary_key=True),
    Column("id", String(36), nullable=False),
    Column("account_id", ForeignKey("account.id"), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("object_kind", String(20), nullable=False),
    Column("object_id", String(60), nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("account_id", "id"),
)
audit = db.Table(
    "audit",
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("account", String(40), nullable=False),
    Column("deed", String(40), nullable=False),
    Column("object_kind", String(20), nullable=False),
    Column("object_id", String(60), nullable=False),
    Column("changes", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("address", String(45), nullable=False),
    Column("request_id", String(36), nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index(None, "object_kind", "object_id"),
)
data_version = db.Table(
    "data_version",
    code("area"),
    Column("value", Integer, nullable=False),
)
