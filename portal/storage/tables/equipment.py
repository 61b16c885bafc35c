"""Kits, their parts, and the states these were in."""

from sqlalchemy import Column, ForeignKey, Integer, String, Text, UniqueConstraint

from .columns import Instant, code, db, own_id

kit = db.Table(
    "kit",
    code(),
    Column("name", String(80), nullable=False),
    Column("point_code", ForeignKey("service_point.code"), nullable=False, index=True),
)
component = db.Table(
    "component",
    own_id(),
    Column("kit_code", ForeignKey("kit.code"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("status", String(20), nullable=False),
    Column("reason", String(20), nullable=False, server_default=""),
    Column("note", Text, nullable=False, server_default=""),
    Column("since", Instant, nullable=False),
    Column("confirmed_at", Instant, nullable=False),
    Column("account_id", ForeignKey("account.id"), nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("kit_code", "kind"),
)
status_event = db.Table(
    "status_event",
    own_id(),
    Column("component_id", ForeignKey("component.id"), nullable=False, index=True),
    Column("status", String(20), nullable=False),
    Column("reason", String(20), nullable=False),
    Column("note", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("account_id", ForeignKey("account.id"), nullable=False),
    Column("confirmed_only", Integer, nullable=False),
)
