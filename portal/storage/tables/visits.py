"""Sweep visits and the homes of those recorded."""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Text, text

from ...domain.visits import RESULTS
from .columns import db, kept, own_id

visit = db.Table(
    "visit",
    own_id(),
    Column("place_code", ForeignKey("place.code"), nullable=False),
    Column("visit_date", Date, nullable=False),
    Column("point_code", ForeignKey("service_point.code"), nullable=False),
    Column("team", String(80), nullable=False, server_default=""),
    Column("note", Text, nullable=False, server_default=""),
    Column("state", String(10), nullable=False),
    Column("cancel_reason", String(20), nullable=False, server_default=""),
    *(Column(name, Integer) for name in RESULTS),
    *kept(),
    Index("ix_visit_visit_date_state", "visit_date", "state"),
    Index(None, "changed_at"),
    Index(None, "point_code", "visit_date"),
    Index(
        "uq_visit_place_code_visit_date",
        "place_code",
        "visit_date",
        unique=True,
        sqlite_where=text("state <> 'cancelled'"),
        postgresql_where=text("state <> 'cancelled'"),
    ),
    CheckConstraint("state IN ('planned', 'done', 'cancelled')", "state"),
    CheckConstraint("state <> 'done' OR (recorded_from_list IS NOT NULL AND walk_in IS NOT NULL)", "done"),
)
visit_home = db.Table(
    "visit_home",
    Column("visit_id", ForeignKey("visit.id"), primary_key=True),
    Column("home_code", String(20), primary_key=True),
    Column("recorded", Integer, nullable=False),
    CheckConstraint("recorded > 0", "recorded"),
)
