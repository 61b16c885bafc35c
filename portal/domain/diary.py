"""Where a kit stands: its standing place from a day on, and the days it is lent, on the road or at a school.

Method: a location is a dated assignment, as fleets and instrument pools keep it; a day on the road comes before the
standing place, so that coming back needs no entry of its own.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from msgspec import Struct

from .areas import Office
from .problems import Problem, _
from .texts import check_text

POINT = "point"
SPARE = "spare"
VAN = "van"
VISIT = "visit"
HOLDER = "holder"

PLACE_KINDS = {
    POINT: _("Titik layanan"),
    SPARE: _("Gudang cadangan"),
    VAN: _("Mobil keliling"),
    VISIT: _("Kunjungan"),
    HOLDER: _("Dipegang petugas"),
}

HOLDER_LIMIT = 80
LATEST_AHEAD = timedelta(days=366)


class KitPlace(Struct, frozen=True):
    """From ``valid_from`` a kit is at a place: until ``valid_to`` (that day included), or for good when it is None.

    ``point_code`` is given for a service point and ``place_code`` for a visit; ``holder`` is who has it, in words.
    """

    id: int
    kit_code: str
    kind: str
    point_code: str | None
    place_code: str | None
    holder: str
    valid_from: date
    valid_to: date | None
    note: str = ""
    by: str = ""
    at: datetime | None = None

    @property
    def standing(self) -> bool:
        """Whether it holds until further notice."""
        return self.valid_to is None

    def covers(self, day: date) -> bool:
        """Whether it speaks of ``day``."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


def of_the_district(place: KitPlace) -> bool:
    """Whether only the district says it, and takes it back: where a kit belongs, and what one point lends another."""
    return place.standing or place.kind == POINT


def place_on(places: Iterable[KitPlace], day: date) -> KitPlace | None:
    """Where a kit was said to be on ``day``: a dated place first, else the newest standing one; None when untold."""
    found: KitPlace | None = None
    for place in places:
        if not place.covers(day):
            continue
        if not place.standing:
            return place
        if found is None or place.valid_from > found.valid_from:
            found = place
    return found


def clashing(places: Iterable[KitPlace], wanted: KitPlace) -> KitPlace | None:
    """A place already written down that shares a day with ``wanted``; None when every day keeps one place.

    A standing place gives way to any dated one, and to a later standing one; two that begin on one day clash.
    """
    for kept in places:
        if kept.id == wanted.id or kept.standing != wanted.standing:
            continue
        if kept.standing and kept.valid_from == wanted.valid_from:
            return kept
        if not kept.standing and kept.valid_from <= (wanted.valid_to or wanted.valid_from):
            assert kept.valid_to is not None
            if wanted.valid_from <= kept.valid_to:
                return kept
    return None


def check_place(wanted: KitPlace, places: Iterable[KitPlace], office: Office, today: date) -> list[Problem]:
    """A move that can be: a known place, days in order, and no day on which the kit stands somewhere else already."""
    problems = check_text("note", wanted.note)
    problems += check_text("holder", wanted.holder, HOLDER_LIMIT)
    if wanted.kind not in PLACE_KINDS:
        return [*problems, Problem("kind", _("Pilih tempat alat."))]
    if wanted.kind == POINT and wanted.point_code not in office.points:
        problems.append(Problem("point", _("Pilih titik layanan dari daftar.")))
    if wanted.kind == HOLDER and not wanted.holder.strip():
        problems.append(Problem("holder", _("Isi siapa yang memegang alat.")))
    if wanted.kind == VISIT and wanted.place_code is None:
        problems.append(Problem("place", _("Pilih tempat kunjungan dari daftar.")))
    if wanted.kind == VISIT and wanted.valid_to is None:
        problems.append(Problem("valid_to", _("Kunjungan punya hari terakhir. Isi tanggalnya.")))
    if wanted.valid_to is not None and wanted.valid_to < wanted.valid_from:
        problems.append(Problem("valid_to", _("Hari terakhir tidak boleh sebelum hari pertama.")))
    if not today - LATEST_AHEAD <= wanted.valid_from <= today + LATEST_AHEAD:
        problems.append(Problem("valid_from", _("Tanggal paling jauh satu tahun dari hari ini.")))
    if wanted.valid_to is not None and wanted.valid_to > today + LATEST_AHEAD:
        problems.append(Problem("valid_to", _("Tanggal paling jauh satu tahun dari hari ini.")))
    if problems:
        return problems
    kept = clashing(places, wanted)
    if kept is not None:
        first = max(kept.valid_from, wanted.valid_from)
        words = _(
            "Alat ini sudah tercatat di tempat lain pada %(day)s. Pilih tanggal lain, atau hapus catatan itu dulu."
        )
        problems.append(Problem("valid_from", words, {"day": first}))
    return problems
