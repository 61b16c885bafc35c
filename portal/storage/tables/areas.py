"""The office's lists and settings, and its calendar as the supervisor changed it."""

from sqlalchemy import CheckConstraint, Column, Date, Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint

from ...domain.lists import KINDS
from .columns import Instant, code, db, decided, own_id, source

kecamatan = db.Table(
    "kecamatan",
    code(),
    Column("name", String(80), nullable=False),
    Column("abbr", String(3), nullable=False, unique=True),
    Column("tile_column", Integer, nullable=False),
    Column("tile_row", Integer, nullable=False),
    source(),
)
centroid = db.Table(
    "centroid",
    Column("kecamatan_code", ForeignKey("kecamatan.code"), primary_key=True),
    Column("latitude", Float, nullable=False),
    Column("longitude", Float, nullable=False),
    source(),
)
desa = db.Table(
    "desa",
    code(),
    Column("name", String(80), nullable=False),
    Column("kecamatan_code", ForeignKey("kecamatan.code"), nullable=False, index=True),
    Column("kind", String(10), nullable=False),
    source(),
)
service_point = db.Table(
    "service_point",
    code(),
    Column("name", String(80), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("kecamatan_code", ForeignKey("kecamatan.code"), unique=True),
    Column("active_from", Date, nullable=False),
    Column("active_to", Date),
    Column("weekdays", String(7), nullable=False),
    source(),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("changed_at", Instant),
    Column("editor_id", ForeignKey("account.id")),
)
capability = db.Table(
    "capability",
    Column("point_code", ForeignKey("service_point.code"), primary_key=True),
    Column("capability", String(10), primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("valid_to", Date),
    source(),
)
hub = db.Table("hub", code(), Column("name", String(80), nullable=False), Column("position", Integer), source())
hub_point = db.Table(
    "hub_point",
    Column("hub_code", ForeignKey("hub.code"), nullable=False),
    Column("point_code", ForeignKey("service_point.code"), primary_key=True),
    source(),
)
hub_member = db.Table(
    "hub_member",
    Column("kecamatan_code", ForeignKey("kecamatan.code"), primary_key=True),
    Column("hub_code", ForeignKey("hub.code"), nullable=False),
    Column("valid_from", Date, primary_key=True),
    Column("valid_to", Date),
    source(),
)
place = db.Table(
    "place",
    code(),
    Column("kind", String(10), nullable=False),
    Column("name", String(120), nullable=False),
    Column("level", String(10), nullable=False, server_default=""),
    Column("npsn", String(8), nullable=False, server_default=""),
    Column("kecamatan_code", ForeignKey("kecamatan.code"), index=True),
    Column("address", Text, nullable=False, server_default=""),
    source(),
    Column("contact", String(80), nullable=False, server_default=""),
    Column("active_from", Date),
    Column("active_to", Date),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("changed_at", Instant),
    Column("editor_id", ForeignKey("account.id")),
)
figure = db.Table(
    "figure",
    own_id(),
    Column("level", String(10), nullable=False),
    Column("code", String(20), nullable=False),
    Column("metric", String(40), nullable=False),
    Column("value", Integer, nullable=False),
    Column("unit", String(20), nullable=False),
    Column("as_of", Date, nullable=False),
    Column("as_of_text", String(60), nullable=False),
    Column("election", String(20), nullable=False),
    source(),
    Column("note", Text, nullable=False, server_default=""),
    UniqueConstraint("code", "metric", "as_of", "election"),
)
election = db.Table(
    "election",
    code(),
    Column("name", String(80), nullable=False),
    Column("polling_day", Date, nullable=False),
    Column("birth_cutoff", Date, nullable=False),
    Column("first_service_day", Date, nullable=False),
    source(),
)
holiday = db.Table(
    "holiday",
    Column("day", Date, primary_key=True),
    Column("name", String(120), nullable=False),
    Column("kind", String(20), nullable=False),
    source(),
)
setting = db.Table("setting", code("name"), Column("value", Text, nullable=False))

service_week = db.Table(
    "service_week",
    own_id(),
    Column("point_code", ForeignKey("service_point.code"), nullable=False, index=True),
    Column("valid_from", Date, nullable=False),
    Column("weekdays", String(7), nullable=False),
    *decided(),
)
service_day = db.Table(
    "service_day",
    own_id(),
    Column("point_code", ForeignKey("service_point.code"), index=True),
    Column("day", Date, nullable=False),
    Column("opens", Integer, nullable=False),
    *decided(),
    CheckConstraint("opens IN (0, 1)", "opens"),
)
list_change = db.Table(
    "list_change",
    own_id(),
    Column("kind", String(10), nullable=False),
    Column("subject", String(40), nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("value", String(40), nullable=False),
    *decided(),
    Index("ix_list_change_kind_subject", "kind", "subject"),
    CheckConstraint("kind IN (" + ", ".join(f"'{kind}'" for kind in KINDS) + ")", "kind"),
)
