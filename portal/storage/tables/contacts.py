"""Who called which office about its reports, when, how, and what was said: it only grows."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Text

from .columns import Instant, db, own_id

contact = db.Table(
    "contact",
    own_id(),
    Column("point_code", ForeignKey("service_point.code"), nullable=False),
    Column("how", String(10), nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("account_id", ForeignKey("account.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "point_code", "at"),
    CheckConstraint("how IN ('whatsapp', 'telephone', 'in_person', 'other')", "how"),
)
