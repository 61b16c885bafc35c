"""Keys of other programs: what each may read and until when. Of the key itself only the SHA-256 is kept."""

from sqlalchemy import CheckConstraint, Column, ForeignKey, String

from .columns import Instant, db, own_id

api_token = db.Table(
    "api_token",
    own_id(),
    Column("name", String(80), nullable=False),
    Column("purpose", String(200), nullable=False),
    Column("scope_kind", String(10), nullable=False),
    Column("scope_code", String(40), nullable=False),
    Column("resources", String(200), nullable=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("expires_at", Instant, nullable=False),
    Column("account_id", ForeignKey("account.id"), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    CheckConstraint("scope_kind IN ('all', 'kecamatan', 'hub')", "scope_kind"),
    CheckConstraint("(scope_kind = 'all') = (scope_code = '')", "scope_code"),
)
