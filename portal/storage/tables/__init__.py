"""Every table, once. One definition serves SQLite and PostgreSQL; the migrations are generated from it."""

from .accounts import account, account_scope, kept_form, login_session, sign_in_failure
from .areas import (
    capability,
    centroid,
    desa,
    election,
    figure,
    holiday,
    hub,
    hub_member,
    hub_point,
    kecamatan,
    list_change,
    place,
    service_day,
    service_point,
    service_week,
    setting,
)
from .columns import Instant, db, metadata
from .equipment import component, kit, kit_place, outage, status_event
from .ledger import audit, data_version, submission
from .places import target_batch, upload
from .recordings import (
    late_proposal,
    lock_exception,
    publication,
    published_day,
    report,
    report_excuse,
    report_flag,
    report_home,
)
from .stock import stock_transfer
from .upkeep import fault, fault_step, inventory_check, maintenance, spare_item, spare_move
from .visits import calendar_feed, follow_up, visit, visit_check, visit_home, visit_kit

__all__ = [
    "APPEND_ONLY",
    "Instant",
    "account",
    "account_scope",
    "audit",
    "calendar_feed",
    "capability",
    "centroid",
    "component",
    "data_version",
    "db",
    "desa",
    "election",
    "fault",
    "fault_step",
    "figure",
    "follow_up",
    "holiday",
    "hub",
    "hub_member",
    "hub_point",
    "inventory_check",
    "kecamatan",
    "kept_form",
    "kit",
    "kit_place",
    "late_proposal",
    "list_change",
    "lock_exception",
    "login_session",
    "maintenance",
    "metadata",
    "outage",
    "place",
    "publication",
    "published_day",
    "report",
    "report_excuse",
    "report_flag",
    "report_home",
    "service_day",
    "service_point",
    "service_week",
    "setting",
    "sign_in_failure",
    "spare_item",
    "spare_move",
    "status_event",
    "stock_transfer",
    "submission",
    "target_batch",
    "upload",
    "visit",
    "visit_check",
    "visit_home",
    "visit_kit",
]

APPEND_ONLY = (
    "audit",
    "fault_step",
    "inventory_check",
    "publication",
    "spare_move",
    "status_event",
    "submission",
)
"""Tables whose rows nobody may change or delete; triggers on both databases hold it."""
