"""The office's lists and settings, and its calendar as the supervisor changed it."""

from typing import Any

from sqlalchemy import CheckConstraint, Column, Date, Float, ForeignKey, Index, Integer, String, Text, UniqueConstraint

from ...domain.lists import KINDS
from .columns import Instant, code, db, decided, own_id, source


def _entered() -> list[Column[Any]]:
    """Who entered a published reading. Revision 0 came with the reference lists; each later one stands in place of
    the one before it, which stays, and says why."""
    return [
        Column("revision", Integer, nullable=False, server_default="0"),
        Column("account_id", ForeignKey("account.id")),
        Column("at", Instant),
        Column("reason", Text, nullable=False, server_default=""),
    ]


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
    Column("valid_from", Date),
    Column("file_hash", String(64), nullable=False, server_default=""),
    *_entered(),
    UniqueConstraint("code", "metric", "as_of", "election", "revision"),
    Index("ix_figure_level_metric_as_of", "level", "metric", "as_of"),
    CheckConstraint("value >= 0", "value"),
    CheckConstraint("revision >= 0", "revision"),
)
ranking = db.Table(
    "ranking",
    own_id(),
    Column("scope", String(10), nullable=False),
    Column("subject", String(120), nullable=False),
    Column("as_of", Date, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("of_count", Integer),
    Column("rate", String(40), nullable=False, server_default=""),
    source(),
    Column("note", Text, nullable=False, server_default=""),
    *_entered(),
    UniqueConstraint("scope", "subject", "as_of", "revision"),
    CheckConstraint("scope IN ('national', 'province')", "scope"),
    CheckConstraint("rank >= 1", "rank"),
    CheckConstraint("of_count IS NULL OR of_count >= rank", "of_count"),
    CheckConstraint("revision >= 0", "revision"),
)
election = db.Table(
    "election",
    code(),
    Column("name", String(80), nullable=False),
    Column("polling_day", Date, nullable=False),
    Column("birth_cutoff", Date, nullable=False),
    Column("first_service_day", Date, nullable=False),
    source(),
    Column("target_kind", String(10), nullable=False, server_default="places"),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("changed_at", Instant),
    Column("editor_id", ForeignKey("account.id")),
    CheckConstraint("target_kind IN ('places', 'office', 'list')", "target_kind"),
)
election_target = db.Table(
    "election_target",
    own_id(),
    Column("election_code", ForeignKey("election.code"), nullable=False, index=True),
    Column("level", String(10), nullable=False),
    Column("code", String(40), nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("people", Integer, nullable=False),
    source(),
    Column("account_id", ForeignKey("account.id"), nullable=False),
    Column("at", Instant, nullable=False),
    CheckConstraint("level IN ('district', 'hub', 'kecamatan')", "level"),
    CheckConstraint("people > 0", "people"),
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
service_hours = db.Table(
    "service_hours",
    own_id(),
    Column("valid_from", Date, nullable=False),
    Column("opens", Integer, nullable=False),
    Column("closes", Integer, nullable=False),
    *decided(),
    CheckConstraint("opens BETWEEN 5 AND 11", "opens"),
    CheckConstraint("closes BETWEEN 12 AND 22", "closes"),
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
