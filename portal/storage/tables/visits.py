"""Sweep visits: plan, kits, check list, result with the homes of those recorded, and what is left to come back for."""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Text

from ...domain.visits import AGES, RESULTS
from .columns import Instant, db, kept, own_id, partial

visit = db.Table(
    "visit",
    own_id(),
    Column("place_code", ForeignKey("place.code"), nullable=False),
    Column("visit_date", Date, nullable=False),
    Column("session", String(10), nullable=False, server_default="day"),
    Column("point_code", ForeignKey("service_point.code"), nullable=False),
    Column("team", String(80), nullable=False, server_default=""),
    Column("contact", String(80), nullable=False, server_default=""),
    Column("note", Text, nullable=False, server_default=""),
    Column("state", String(10), nullable=False),
    Column("cancel_reason", String(20), nullable=False, server_default=""),
    Column("revisit_of", ForeignKey("visit.id"), index=True),
    Column("wave", Integer, nullable=False, server_default="1"),
    *(Column(name, Integer) for name in RESULTS),
    *(Column(name, Integer) for name in AGES),
    Column("joined_to", ForeignKey("visit.id"), index=True),
    Column("failed_reason", String(20), nullable=False, server_default=""),
    *kept(),
    Index("ix_visit_visit_date_state", "visit_date", "state"),
    Index(None, "changed_at"),
    Index(None, "point_code", "visit_date"),
    partial("uq_visit_place_code_visit_date", "place_code", "visit_date", unique=True, where="state <> 'cancelled'"),
    CheckConstraint(
        "state IN ('proposed', 'planned', 'confirmed', 'under_way', 'done', 'partly', 'cancelled')", "state"
    ),
    CheckConstraint("session IN ('morning', 'afternoon', 'day')", "session"),
    CheckConstraint(
        "state NOT IN ('done', 'partly') OR (recorded_from_list IS NOT NULL AND walk_in IS NOT NULL)", "done"
    ),
    *(CheckConstraint(f"{name} >= 0", name) for name in AGES),
    CheckConstraint(
        "(recorded_grown IS NULL) = (recorded_priority IS NULL) "
        "AND (recorded_grown IS NULL) = (recorded_later IS NULL) "
        "AND (recorded_grown IS NULL "
        "OR recorded_grown + recorded_priority + recorded_later = recorded_from_list + walk_in)",
        "ages",
    ),
)
visit_home = db.Table(
    "visit_home",
    Column("visit_id", ForeignKey("visit.id"), primary_key=True),
    Column("home_code", String(20), primary_key=True),
    Column("recorded", Integer, nullable=False),
    CheckConstraint("recorded > 0", "recorded"),
)
visit_kit = db.Table(
    "visit_kit",
    Column("visit_id", ForeignKey("visit.id"), primary_key=True),
    Column("kit_code", ForeignKey("kit.code"), primary_key=True),
    Column("slot", String(10), primary_key=True),
    Column("visit_date", Date, nullable=False),
    Column("held", Integer, nullable=False),
    partial("uq_visit_kit_kit_code_visit_date_slot", "kit_code", "visit_date", "slot", unique=True, where="held = 1"),
    CheckConstraint("slot IN ('morning', 'afternoon')", "slot"),
    CheckConstraint("held IN (0, 1)", "held"),
)
visit_team = db.Table(
    "visit_team",
    Column("visit_id", ForeignKey("visit.id"), primary_key=True),
    Column("slot", String(10), primary_key=True),
    Column("point_code", ForeignKey("service_point.code"), nullable=False),
    Column("team_key", String(240), nullable=False),
    Column("visit_date", Date, nullable=False),
    Column("held", Integer, nullable=False),
    partial(
        "uq_visit_team_point_code_team_key_visit_date_slot",
        "point_code",
        "team_key",
        "visit_date",
        "slot",
        unique=True,
        where="held = 1",
    ),
    CheckConstraint("slot IN ('morning', 'afternoon')", "slot"),
    CheckConstraint("held IN (0, 1)", "held"),
    CheckConstraint("team_key <> ''", "team_key"),
)
visit_check = db.Table(
    "visit_check",
    own_id(),
    Column("visit_id", ForeignKey("visit.id"), nullable=False, index=True),
    Column("item", String(20), nullable=False),
    Column("ok", Integer, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("account_id", ForeignKey("account.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("kit_code", ForeignKey("kit.code")),
    CheckConstraint("ok IN (0, 1)", "ok"),
)
follow_up = db.Table(
    "follow_up",
    own_id(),
    Column("place_code", ForeignKey("place.code"), nullable=False, index=True),
    Column("visit_id", ForeignKey("visit.id"), nullable=False, unique=True),
    Column("absent", Integer, nullable=False),
    Column("failed", Integer, nullable=False),
    Column("due", Date, nullable=False),
    Column("state", String(10), nullable=False),
    Column("closed_by", String(10), nullable=False, server_default=""),
    Column("closing_visit_id", ForeignKey("visit.id")),
    Column("note", Text, nullable=False, server_default=""),
    *kept(),
    Index("ix_follow_up_state_due", "state", "due"),
    CheckConstraint("state IN ('open', 'closed')", "state"),
    CheckConstraint("(state = 'closed') = (closed_by <> '')", "closed"),
    CheckConstraint("closed_by IN ('', 'visit', 'office', 'transfer', 'result')", "closed_by"),
    CheckConstraint("absent >= 0 AND failed >= 0", "counts"),
)
calendar_feed = db.Table(
    "calendar_feed",
    own_id(),
    Column("account_id", ForeignKey("account.id"), nullable=False, index=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("made_at", Instant, nullable=False),
    Column("revoked_at", Instant),
)
