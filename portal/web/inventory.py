"""Walking round with a phone: what was seen lately, what was not, and what is gone."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, url_for

from ..domain.equipment import COMPONENTS
from ..domain.inventory import MISSING, RESULTS, Check
from ..storage import inventory
from .asking import sections
from .door import account, deed, now, reading
from .equipment import own_kits
from .formats import label, moment
from .language import gettext
from .pages import page

routes = Blueprint("inventory", __name__, url_prefix="/inventory")

GOOD_FOR = timedelta(days=366)
"""A look at a part is good for a year: the office's goods are counted yearly."""
RESULT_KIND = {"seen": "good", "moved": "attention", "missing": "bad"}


@routes.get("/")
@deed("equipment.see")
def index() -> Response:
    """Kits with the parts not looked at within a year, or not found, first."""
    kits = own_kits()
    latest = inventory.latest(reading(), None if account().sees_district else [kit.code for kit in kits])
    groups: list[dict[str, Any]] = []
    seen = parts = 0
    for kit in kits:
        lines = [_line(c.id, c.kind, latest.get(c.id)) for c in kit.components]
        seen += sum(line["fresh"] for line in lines)
        parts += len(lines)
        waiting = sum(not line["fresh"] for line in lines)
        groups.append({"kit": kit, "lines": lines, "waiting": waiting})
    groups.sort(key=lambda g: (g["waiting"] == 0, g["kit"].code))
    return page(
        "inventory/index.html",
        groups=groups,
        seen=seen,
        parts=parts,
        sections=sections(),
        may_write=account().may("equipment.write"),
    )


def _line(component_id: int, kind: str, check: Check | None) -> dict[str, Any]:
    fresh = check is not None and check.result != MISSING and now() - check.at <= GOOD_FOR
    said = gettext("belum diperiksa") if check is None else label(RESULTS, check.result)
    where = f" – {check.place}" if check and check.place else ""
    return {
        "fresh": fresh,
        "name": label(COMPONENTS, kind),
        "href": url_for("parts.show", component_id=component_id),
        "kind": RESULT_KIND[check.result] if check and (fresh or check.result == MISSING) else "unknown",
        "word": said + where,
        "when": f"{moment(check.at)} · {check.by}" if check else "",
    }
