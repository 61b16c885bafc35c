"""Kits, their parts, where they stood and in what state they were; and what stopped a point without being a kit's."""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Text

from ...domain.diary import PLACE_KINDS
from ...domain.equipment import ESSENTIAL
from ...domain.outages import CAUSES, STOPS
from ...domain.retirement import RETIRED_REASONS
from .columns import Instant, code, db, own_id, partial


def one_of(name: str, words: object) -> str:
    """The rule that a column holds one of the domain's own words."""
    return f"{name} IN ({', '.join(repr(word) for word in words)})"  # type: ignore[attr-defined]


IN_USE = "removed_at IS NULL"
IN_USE_WITH_SERIAL = "removed_at IS NULL AND serial <> ''"
STANDING = "withdrawn_at IS NULL AND valid_to IS NULL"
OUT_OF_SERVICE = "until IS NULL"

kit = db.Table(
    "kit",
    code(),
    Column("name", String(80), nullable=False),
    Column("point_code", ForeignKey("service_point.code"), nullable=False, index=True),
)
component = db.Table(
    "component",
    own_id(),
    Column("kit_code", ForeignKey("kit.code"), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("status", String(20), nullable=False),
    Column("reason", String(20), nullable=False, server_default=""),
    Column("note", Text, nullable=False, server_default=""),
    Column("since", Instant, nullable=False),
    Column("confirmed_at", Instant, nullable=False),
    Column("account_id", ForeignKey("account.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("essential", String(10), nullable=False),
    Column("serial", String(40), nullable=False, server_default=""),
    Column("bought", Date),
    Column("price_rp", Integer),
    Column("warranty_until", Date),
    Column("expected_back", Date),
    Column("added_at", Instant, nullable=False),
    Column("removed_at", Instant),
    partial("uq_component_kit_code_kind", "kit_code", "kind", unique=True, where=IN_USE),
    partial("uq_component_kind_serial", "kind", "serial", unique=True, where=IN_USE_WITH_SERIAL),
    CheckConstraint(one_of("essential", ESSENTIAL), "essential"),
    CheckConstraint("price_rp >= 0", "price_rp"),
)
status_event = db.Table(
    "status_event",
    own_id(),
    Column("component_id", ForeignKey("component.id"), nullable=False),
    Column("status", String(20), nullable=False),
    Column("reason", String(20), nullable=False),
    Column("note", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("account_id", ForeignKey("account.id"), nullable=False),
    Column("confirmed_only", Integer, nullable=False),
    Column("expected_back", Date),
    Column("recorded_at", Instant),
    Index(None, "component_id", "at"),
)
kit_place = db.Table(
    "kit_place",
    own_id(),
    Column("kit_code", ForeignKey("kit.code"), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("point_code", ForeignKey("service_point.code")),
    Column("place_code", ForeignKey("place.code")),
    Column("holder", String(80), nullable=False, server_default=""),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Column("note", Text, nullable=False, server_default=""),
    Column("account_id", ForeignKey("account.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
    Index(None, "kit_code", "valid_from"),
    partial("uq_kit_place_standing", "kit_code", "valid_from", unique=True, where=STANDING),
    CheckConstraint(one_of("kind", PLACE_KINDS), "kind"),
    CheckConstraint("valid_to >= valid_from", "order"),
    CheckConstraint("(kind = 'point') = (point_code IS NOT NULL)", "point"),
    CheckConstraint("kind <> 'visit' OR (place_code IS NOT NULL AND valid_to IS NOT NULL)", "visit"),
)
kit_retirement = db.Table(
    "kit_retirement",
    own_id(),
    Column("kit_code", ForeignKey("kit.code"), nullable=False, index=True),
    Column("since", Date, nullable=False),
    Column("reason", String(20), nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("account_id", ForeignKey("account.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("until", Date),
    Column("until_note", Text, nullable=False, server_default=""),
    Column("until_account_id", ForeignKey("account.id")),
    Column("until_at", Instant),
    partial("uq_kit_retirement_open", "kit_code", unique=True, where=OUT_OF_SERVICE),
    CheckConstraint(one_of("reason", RETIRED_REASONS), "reason"),
    CheckConstraint("until >= since", "order"),
)
outage = db.Table(
    "outage",
    own_id(),
    Column("point_code", ForeignKey("service_point.code"), index=True),
    Column("cause", String(20), nullable=False),
    Column("stops", String(10), nullable=False),
    Column("began_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("expected_back", Date),
    Column("note", Text, nullable=False, server_default=""),
    Column("account_id", ForeignKey("account.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
    Column("version", Integer, nullable=False),
    Index(None, "began_at"),
    CheckConstraint(one_of("cause", CAUSES), "cause"),
    CheckConstraint(one_of("stops", STOPS), "stops"),
    CheckConstraint("ended_at > began_at", "order"),
)
