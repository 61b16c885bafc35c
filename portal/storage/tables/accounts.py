"""People, their sessions, and what they typed and could not send."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Text

from .columns import Instant, code, db, own_id

account = db.Table(
    "account",
    own_id(),
    Column("username", String(40), nullable=False, unique=True),
    Column("name", String(80), nullable=False),
    Column("role", String(20), nullable=False),
    Column("phone", String(20), nullable=False, server_default=""),
    Column("password_hash", Text, nullable=False),
    Column("must_change", Integer, nullable=False),
    Column("active", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
)
account_scope = db.Table(
    "account_scope",
    Column("account_id", ForeignKey("account.id"), primary_key=True),
    Column("kind", String(10), primary_key=True),
    Column("code", String(40), primary_key=True),
)
login_session = db.Table(
    "login_session",
    own_id(),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("account_id", ForeignKey("account.id"), nullable=False, index=True),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("agent", String(120), nullable=False),
)
sign_in_failure = db.Table(
    "sign_in_failure",
    own_id(),
    Column("at", Instant, nullable=False),
    Column("name_mark", String(64), nullable=False),
    Column("address", String(45), nullable=False),
    Index(None, "name_mark", "at"),
    Index(None, "address", "at"),
)
kept_form = db.Table(
    "kept_form",
    code(),
    Column("account_id", ForeignKey("account.id"), nullable=False),
    Column("path", String(200), nullable=False),
    Column("fields", Text, nullable=False),
    Column("at", Instant, nullable=False),
)
