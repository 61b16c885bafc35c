"""What is done for kits: faults and their steps, yearly care, spares in the store, and who saw which part where."""

from sqlalchemy import CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Text

from ...domain.faults import FAULT_STATES
from ...domain.inventory import RESULTS
from ...domain.spares import MOVES, SPARE_KINDS
from ...domain.upkeep import UPKEEP_KINDS
from .columns import Instant, db, own_id, partial
from .equipment import one_of

OPEN = "closed_at IS NULL"

fault = db.Table(
    "fault",
    own_id(),
    Column("component_id", ForeignKey("component.id"), nullable=False, index=True),
    Column("state", String(10), nullable=False),
    Column("owner_id", ForeignKey("account.id")),
    Column("due", Date),
    Column("parts", Text, nullable=False, server_default=""),
    Column("cost_rp", Integer),
    Column("warranty", Integer, nullable=False, server_default="0"),
    Column("note", Text, nullable=False, server_default=""),
    Column("opened_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("account_id", ForeignKey("account.id"), nullable=False),
    Column("version", Integer, nullable=False),
    partial("uq_fault_open", "component_id", unique=True, where=OPEN),
    CheckConstraint(one_of("state", FAULT_STATES), "state"),
    CheckConstraint("(state IN ('repaired', 'back')) = (closed_at IS NOT NULL)", "closed"),
    CheckConstraint("cost_rp >= 0", "cost_rp"),
    CheckConstraint("warranty IN (0, 1)", "warranty"),
)
fault_step = db.Table(
    "fault_step",
    own_id(),
    Column("fault_id", ForeignKey("fault.id"), nullable=False, index=True),
    Column("state", String(10), nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("owner_id", ForeignKey("account.id")),
    Column("due", Date),
    Column("parts", Text, nullable=False, server_default=""),
    Column("cost_rp", Integer),
    Column("warranty", Integer, nullable=False, server_default="0"),
    Column("at", Instant, nullable=False),
    Column("account_id", ForeignKey("account.id"), nullable=False),
    CheckConstraint(one_of("state", FAULT_STATES), "state"),
)
maintenance = db.Table(
    "maintenance",
    own_id(),
    Column("kit_code", ForeignKey("kit.code"), nullable=False, index=True),
    Column("component_id", ForeignKey("component.id")),
    Column("kind", String(10), nullable=False),
    Column("every_months", Integer, nullable=False),
    Column("last_on", Date),
    Column("due_on", Date, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("account_id", ForeignKey("account.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("withdrawn_at", Instant),
    Column("version", Integer, nullable=False),
    Index(None, "due_on"),
    CheckConstraint(one_of("kind", UPKEEP_KINDS), "kind"),
    CheckConstraint("every_months BETWEEN 1 AND 60", "every_months"),
)
spare_item = db.Table(
    "spare_item",
    own_id(),
    Column("name", String(80), nullable=False, unique=True),
    Column("kind", String(20), nullable=False),
    Column("unit", String(20), nullable=False),
    Column("low_limit", Integer, nullable=False),
    Column("active", Integer, nullable=False, server_default="1"),
    Column("version", Integer, nullable=False),
    CheckConstraint(one_of("kind", SPARE_KINDS), "kind"),
    CheckConstraint("low_limit >= 0", "low_limit"),
    CheckConstraint("active IN (0, 1)", "active"),
)
spare_move = db.Table(
    "spare_move",
    own_id(),
    Column("item_id", ForeignKey("spare_item.id"), nullable=False, index=True),
    Column("kind", String(10), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("day", Date, nullable=False),
    Column("point_code", ForeignKey("service_point.code")),
    Column("kit_code", ForeignKey("kit.code")),
    Column("note", Text, nullable=False, server_default=""),
    Column("at", Instant, nullable=False),
    Column("account_id", ForeignKey("account.id"), nullable=False),
    CheckConstraint(one_of("kind", MOVES), "kind"),
    CheckConstraint("quantity <> 0", "quantity"),
)
inventory_check = db.Table(
    "inventory_check",
    own_id(),
    Column("component_id", ForeignKey("component.id"), nullable=False, index=True),
    Column("result", String(10), nullable=False),
    Column("place", String(80), nullable=False, server_default=""),
    Column("note", Text, nullable=False, server_default=""),
    Column("at", Instant, nullable=False),
    Column("account_id", ForeignKey("account.id"), nullable=False),
    CheckConstraint(one_of("result", RESULTS), "result"),
)
