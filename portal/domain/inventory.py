"""Walking round with a phone: which part was seen, stood elsewhere, or could not be found."""

from datetime import datetime

from msgspec import Struct

from .problems import Problem, _
from .texts import check_text

SEEN = "seen"
MOVED = "moved"
MISSING = "missing"
RESULTS = {SEEN: _("Ada di tempat"), MOVED: _("Ada di tempat lain"), MISSING: _("Tidak ditemukan")}

PLACE_LIMIT = 80


class Check(Struct, frozen=True):
    """One look at one part: what was found, where, by whom and when."""

    component_id: int
    result: str
    place: str
    note: str
    at: datetime
    by: str


def check_check(result: str, place: str, note: str) -> list[Problem]:
    """A result of the list; where it stands when it was found elsewhere."""
    problems = check_text("note", note)
    if result not in RESULTS:
        return [*problems, Problem("result", _("Pilih apa yang ditemukan."))]
    required = _("Isi di mana bagian ini ditemukan.") if result == MOVED else ""
    return problems + check_text("place", place, PLACE_LIMIT, required=required)
