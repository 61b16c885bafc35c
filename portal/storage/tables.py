"""Every table, once. One definition serves SQLite and PostgreSQL; the migrations are generated from it."""

from datetime import UTC, datetime
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine import Dialect

from ..domain.recordings import MEASURES
from ..domain.visits import RESULTS

db = SQLAlchemy(
    metadata=MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
)
metadata = db.metadata


class Instant(TypeDecorator[datetime]):
    """A moment, kept in UTC and always aware; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value if value.tzinfo else value.replace(tzinfo=UTC)
        return moment.astimezone(UTC)


def _code(name: str = "code", **kw: Any) -> Column[str]:
    return Column(name, String(40), primary_key=True, **kw)


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True)


def _source() -> Column[str]:
    return Column("source", Text, nullable=False)


# --- the office's lists -------------------------------------------------------------------------

kecamatan = db.Table(
    "kecamatan",
    _code(),
    Column("name", String(80), nullable=False),
    Column("abbr", String(3), nullable=False, unique=True),
    Column("tile_column", Integer, nullable=False),
    Column("tile_row", Integer, nullable=False),
    _source(),
)
desa = db.Table(
    "desa",
    _code(),
    Column("name", String(80), nullable=False),
    Column("kecamatan_code", ForeignKey("kecamatan.code"), nullable=False, index=True),
    Column("kind", String(10), nullable=False),
    _source(),
)
service_point = db.Table(
    "service_point",
    _code(),
    Column("name", String(80), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("kecamatan_code", ForeignKey("kecamatan.code"), unique=True),
    Column("active_from", Date, nullable=False),
    Column("active_to", Date),
    Column("weekdays", String(7), nullable=False),
    _source(),
)
capability = db.Table(
    "capability",
    Column("point_code", ForeignKey("service_point.code"), primary_key=True),
    Column("capability", String(10), primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("valid_to", Date),
    _source(),
)
hub = db.Table("hub", _code(), Column("name", String(80), nullable=False), Column("position", Integer), _source())
hub_point = db.Table(
    "hub_point",
    Column("hub_code", ForeignKey("hub.code"), nullable=False),
    Column("point_code", ForeignKey("service_point.code"), primary_key=True),
    _source(),
)
hub_member = db.Table(
    "hub_member",
    Column("kecamatan_code", ForeignKey("kecamatan.code"), primary_key=True),
    Column("hub_code", ForeignKey("hub.code"), nullable=False),
    Column("valid_from", Date, primary_key=True),
    Column("valid_to", Date),
    _source(),
)
place = db.Table(
    "place",
    _code(),
    Column("kind", String(10), nullable=False),
    Column("name", String(120), nullable=False),
    Column("level", String(10), nullable=False, server_default=""),
    Column("npsn", String(8), nullable=False, server_default=""),
    Column("kecamatan_code", ForeignKey("kecamatan.code"), index=True),
    Column("address", Text, nullable=False, server_default=""),
    _source(),
)
figure = db.Table(
    "figure",
    _id(),
    Column("level", String(10), nullable=False),
    Column("code", String(20), nullable=False),
    Column("metric", String(40), nullable=False),
    Column("value", Integer, nullable=False),
    Column("unit", String(20), nullable=False),
    Column("as_of", Date, nullable=False),
    Column("as_of_text", String(60), nullable=False),
    Column("election", String(20), nullable=False),
    _source(),
    Column("note", Text, nullable=False, server_default=""),
    UniqueConstraint("code", "metric", "as_of", "election"),
)
election = db.Table(
    "election",
    _code(),
    Column("name", String(80), nullable=False),
    Column("polling_day", Date, nullable=False),
    Column("birth_cutoff", Date, nullable=False),
    Column("first_service_day", Date, nullable=False),
    _source(),
)
holiday = db.Table(
    "holiday",
    Column("day", Date, primary_key=True),
    Column("name", String(120), nullable=False),
    Column("kind", String(20), nullable=False),
    _source(),
)
setting = db.Table("setting", _code("name"), Column("value", Text, nullable=False))

# --- people -------------------------------------------------------------------------------------

account = db.Table(
    "account",
    _id(),
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
    _id(),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("account_id", ForeignKey("account.id"), nullable=False, index=True),
    Column("created_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("agent", String(120), nullable=False),
)
sign_in_failure = db.Table(
    "sign_in_failure",
    _id(),
    Column("at", Instant, nullable=False),
    Column("name_mark", String(64), nullable=False),
    Column("address", String(45), nullable=False),
    Index(None, "name_mark", "at"),
    Index(None, "address", "at"),
)
kept_form = db.Table(
    "kept_form",
    _code(),
    Column("account_id", ForeignKey("account.id"), nullable=False),
    Column("path", String(200), nullable=False),
    Column("fields", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

# --- the three logs -----------------------------------------------------------------------------


def _kept() -> list[Column[Any]]:
    """Who wrote a row and when; version is what a stale form is recognised by."""
    return [
        Column("version", Integer, nullable=False),
        Column("received_at", Instant, nullable=False),
        Column("changed_at", Instant, nullable=False),
        Column("author_id", ForeignKey("account.id"), nullable=False),
        Column("editor_id", ForeignKey("account.id"), nullable=False),
    ]


report = db.Table(
    "report",
    _id(),
    Column("point_code", ForeignKey("service_point.code"), nullable=False),
    Column("service_date", Date, nullable=False),
    Column("kind", String(5), nullable=False),
    Column("nihil_reason", String(20)),
    *(Column(m.name, Integer) for m in MEASURES),
    Column("note", Text, nullable=False, server_default=""),
    *_kept(),
    Column("cancelled_at", Instant),
    Column("cancel_reason", Text, nullable=False, server_default=""),
    UniqueConstraint("point_code", "service_date"),
    Index("ix_report_service_date_point", "service_date", "point_code"),
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
visit = db.Table(
    "visit",
    _id(),
    Column("place_code", ForeignKey("place.code"), nullable=False),
    Column("visit_date", Date, nullable=False),
    Column("point_code", ForeignKey("service_point.code"), nullable=False),
    Column("team", String(80), nullable=False, server_default=""),
    Column("note", Text, nullable=False, server_default=""),
    Column("state", String(10), nullable=False),
    Column("cancel_reason", String(20), nullable=False, server_default=""),
    *(Column(name, Integer) for name in RESULTS),
    *_kept(),
    Index("ix_visit_visit_date_state", "visit_date", "state"),
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
kit = db.Table(
    "kit",
    _code(),
    Column("name", String(80), nullable=False),
    Column("point_code", ForeignKey("service_point.code"), nullable=False, index=True),
)
component = db.Table(
    "component",
    _id(),
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
    _id(),
    Column("component_id", ForeignKey("component.id"), nullable=False, index=True),
    Column("status", String(20), nullable=False),
    Column("reason", String(20), nullable=False),
    Column("note", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("account_id", ForeignKey("account.id"), nullable=False),
    Column("confirmed_only", Integer, nullable=False),
)

# --- the ledger ---------------------------------------------------------------------------------

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
    _code("area"),
    Column("value", Integer, nullable=False),
)

APPEND_ONLY = ("audit", "status_event", "submission")
"""Tables whose rows nobody may change or delete; triggers on both databases hold it."""
