"""Who called which office about its reports, how, and what was said: so that two people do not chase one office."""

from collections.abc import Collection
from datetime import datetime

from msgspec import Struct

from .problems import Problem, _
from .texts import check_text

WHATSAPP = "whatsapp"
WAYS = {
    WHATSAPP: _("WhatsApp"),
    "telephone": _("Telepon"),
    "in_person": _("Bertemu langsung"),
    "other": _("Cara lain"),
}


class Contact(Struct, frozen=True):
    """Somebody of the district reached a point, or tried to. ``note`` is what was said; empty when nothing was."""

    id: int
    point_code: str
    how: str
    note: str
    by: str
    at: datetime


def check_contact(point_code: str, how: str, note: str, points: Collection[str]) -> list[Problem]:
    """A point there is, a way of the list, and no number of a resident in what was said."""
    problems = [] if point_code in points else [Problem("point", _("Pilih titik layanan."))]
    if how not in WAYS:
        problems.append(Problem("how", _("Pilih cara menghubungi.")))
    return problems + check_text("note", note)
