"""Daily reports, what was asked and decided about them, and what was published of them."""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint

from ...domain.recordings import MEASURES
from .columns import Instant, db, decided, kept, own_id, partial

SENT_BACK = "review_state = 'needs_mending'"
"""The few rows that wait for their clerk: an index of these costs an ordinary report nothing."""

REVIEWED = "reviewed_at IS NOT NULL"

report = db.Table(
    "report",
    own_id(),
    Column("point_code", ForeignKey("service_point.code"), nullable=False),
    Column("service_date", Date, nullable=False),
    Column("kind", String(5), nullable=False),
    Column("nihil_reason", String(20)),
    *(Column(m.name, Integer) for m in MEASURES),
    Column("note", Text, nullable=False, server_default=""),
    *kept(),
    Column("cancelled_at", Instant),
    Column("cancel_reason", Text, nullable=False, server_default=""),
    Column("captured_at", Instant),
    Column("review_state", String(20), nullable=False, server_default="sent"),
    Column("review_field", String(40), nullable=False, server_default=""),
    Column("review_reason", Text, nullable=False, server_default=""),
    Column("reviewed_at", Instant),
    Column("reviewer_id", ForeignKey("account.id")),
    Column("review_version", Integer, nullable=False, server_default="0"),
    Column("excluded", Integer, nullable=False, server_default="0"),
    UniqueConstraint("point_code", "service_date"),
    Index("ix_report_service_date_point", "service_date", "point_code"),
    Index(None, "changed_at"),
    partial("ix_report_reviewed_at", "reviewed_at", where=REVIEWED),
    partial("ix_report_sent_back", "service_date", "point_code", where=SENT_BACK),
    CheckConstraint("kind <> 'nihil' OR (nihil_reason IS NOT NULL AND recorded IS NOT NULL AND recorded = 0)", "nihil"),
    CheckConstraint("kind <> 'angka' OR (nihil_reason IS NULL AND recorded IS NOT NULL)", "angka"),
    CheckConstraint("kind IN ('angka', 'nihil')", "kind"),
    *(CheckConstraint(f"{m.name} BETWEEN 0 AND {m.limit}", m.name) for m in MEASURES),
)
report_home = db.Table(
    "report_home",
    Column("report_id", ForeignKey("report.id"), primary_key=True),
    Column("home_code", String(20), primary_key=True),
    Column("recorded", Integer, nullable=False),
    CheckConstraint("recorded > 0", "recorded"),
)
report_flag = db.Table(
    "report_flag",
    own_id(),
    Column("report_id", ForeignKey("report.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("rule", String(40), nullable=False),
    Column("field", String(40), nullable=False),
    Column("value", Integer),
    Column("low", Integer),
    Column("high", Integer),
    Column("asked", Integer, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("account_id", ForeignKey("account.id"), nullable=False),
    Column("at", Instant, nullable=False),
    UniqueConstraint("report_id", "version", "rule", "field"),
)
report_excuse = db.Table(
    "report_excuse",
    own_id(),
    Column("point_code", ForeignKey("service_point.code"), nullable=False),
    Column("service_date", Date, nullable=False),
    *decided(),
    Index(None, "service_date", "point_code"),
)
lock_exception = db.Table(
    "lock_exception",
    own_id(),
    Column("point_code", ForeignKey("service_point.code"), nullable=False, index=True),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("expires_at", Instant, nullable=False),
    *decided(),
    CheckConstraint("first <= last", "order"),
)
late_proposal = db.Table(
    "late_proposal",
    own_id(),
    Column("point_code", ForeignKey("service_point.code"), nullable=False),
    Column("service_date", Date, nullable=False),
    Column("body", Text, nullable=False),
    Column("captured_at", Instant),
    Column("account_id", ForeignKey("account.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("state", String(10), nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("decided_at", Instant),
    Column("decided_by_id", ForeignKey("account.id")),
    Index(None, "state", "point_code"),
    CheckConstraint("state IN ('waiting', 'accepted', 'declined')", "state"),
)
publication = db.Table(
    "publication",
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(10), nullable=False),
    Column("day", Date, nullable=False),
    Column("as_of", Instant, nullable=False),
    Column("payload", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("account_id", ForeignKey("account.id"), nullable=False),
    UniqueConstraint("kind", "day"),
)
published_day = db.Table(
    "published_day",
    Column("point_code", ForeignKey("service_point.code"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("office", Integer),
    Column("visits", Integer),
)
reported_day = db.Table(
    "reported_day",
    Column("kind", String(10), primary_key=True),
    Column("point_code", ForeignKey("service_point.code"), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("office", Integer),
    Column("visits", Integer),
)
