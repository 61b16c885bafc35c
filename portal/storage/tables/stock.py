"""Blanks on their way between points."""

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
    Column("returned_date", Date),
    Column("received_quantity", Integer),
    Column("state", String(10), nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("end_note", Text, nullable=False, server_default=""),
    *kept(),
    CheckConstraint("from_point <> to_point", "sides"),
    CheckConstraint("quantity > 0", "quantity"),
    CheckConstraint("state IN ('sent', 'received', 'cancelled')", "state"),
    CheckConstraint("(state = 'received') = (received_date IS NOT NULL)", "received"),
    CheckConstraint("(state = 'received') = (received_quantity IS NOT NULL)", "arrived"),
    CheckConstraint("(state = 'cancelled') = (returned_date IS NOT NULL)", "returned"),
    CheckConstraint("received_quantity BETWEEN 0 AND quantity", "received_quantity"),
    CheckConstraint("received_date >= sent_date AND returned_date >= sent_date", "order"),
    Index(None, "from_point", "sent_date"),
    Index(None, "to_point", "received_date"),
    Index(None, "received_date"),
    Index(None, "returned_date"),
    Index(None, "state"),
)
