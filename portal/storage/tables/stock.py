"""Blanks, ribbon and film on their way between points."""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Text

from .columns import db, kept, own_id

stock_transfer = db.Table(
    "stock_transfer",
    own_id(),
    Column("item", String(10), nullable=False),
    Column("from_point", ForeignKey("service_point.code"), nullable=False),
    Column("to_point", ForeignKey("service_point.code"), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("sent_date", Date, nullable=False),
    Column("received_date", Date),
    Column("state", String(10), nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    *kept(),
    CheckConstraint("from_point <> to_point", "sides"),
    CheckConstraint("quantity > 0", "quantity"),
    CheckConstraint("state IN ('sent', 'received', 'cancelled')", "state"),
    CheckConstraint("state <> 'received' OR received_date >= sent_date", "received"),
    Index(None, "from_point", "sent_date"),
    Index(None, "to_point", "received_date"),
)
