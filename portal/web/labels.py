"""Labels for parts: a sheet of A4 with a QR code each, which opens the part's page after signing in."""

from typing import Any

from flask import Blueprint, Response, request, url_for
from markupsafe import Markup

from ..domain.equipment import COMPONENTS
from .door import deed
from .equipment import own_kits
from .formats import label
from .pages import page

routes = Blueprint("labels", __name__, url_prefix="/equipment")

MOST_KITS = 12
"""Kits on one sheet's page: a page of more codes than that is slow on a cheap phone."""


def qr(address: str) -> Markup:
    """A QR code that opens ``address``, as a picture drawn in the page; a quarter of it may be scratched."""
    import segno  # loaded with the first label: no other page needs it

    drawn = segno.make(address, error="q", micro=False).svg_inline(
        border=0, omitsize=True, svgclass="qr", lineclass=None
    )
    return Markup(drawn)


@routes.get("/labels")
@deed("equipment.see")
def sheet() -> Response:
    """The labels of the chosen kits, ready for paper."""
    kits = own_kits()
    wanted = set(request.args.getlist("kit")[:MOST_KITS])
    chosen = [kit for kit in kits if kit.code in wanted]
    labels: list[dict[str, Any]] = [
        {
            "kit": kit.code,
            "part": label(COMPONENTS, part.kind),
            "serial": part.serial,
            "number": part.id,
            "qr": qr(url_for("parts.show", component_id=part.id, _external=True)),
        }
        for kit in chosen
        for part in kit.components
    ]
    return page(
        "labels/sheet.html", kits=[(k.code, k.name, k.code in wanted) for k in kits], labels=labels, most=MOST_KITS
    )
