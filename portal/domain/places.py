"""Where a sweep goes, and how many people are expected there: dated target batches, none of which is overwritten."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from .problems import _

SCHOOL = "sekolah"
BOARDING = "pesantren"

PLACE_KINDS = {
    SCHOOL: _("Sekolah"),
    BOARDING: _("Pesantren"),
    "desa": _("Desa/kelurahan"),
    "rumah": _("Rumah warga"),
    "lapas": _("Lapas"),
    "acara": _("Acara"),
}

BUCKETS = {
    "grown": _("Sudah 17 tahun"),
    "priority": _("16 tahun, genap 17 sampai hari pemungutan suara"),
    "later": _("16 tahun, genap 17 sesudah pemungutan suara"),
}
"""Age on the day of the list. Method: recording is done from 16, a card is printed at 17, and who turns 17 only
after polling day is recorded but no voter (Perpres 96/2018 art. 15; for Pilkada 2024: born to 27 November 2007)."""

PROPOSED = "proposed"
CONFIRMED = "confirmed"
DECLINED = "declined"
BATCH_STATES = {
    PROPOSED: _("Usulan"),
    CONFIRMED: _("Berlaku"),
    DECLINED: _("Ditolak"),
}


@dataclass(frozen=True, slots=True)
class Buckets:
    """People on a place's list who have no recording yet, by age. None is a box that nobody filled."""

    grown: int | None
    priority: int | None
    later: int | None

    @property
    def readiness(self) -> int:
        """Those who may vote: what counts towards the election. Whoever turns 17 later never does."""
        return (self.grown or 0) + (self.priority or 0)

    @property
    def total(self) -> int:
        """Everybody a visit can record."""
        return self.readiness + (self.later or 0)


@dataclass(frozen=True, slots=True)
class TargetBatch:
    """What a place said on ``as_of``, from which source, for which election, and whether staff let it count."""

    id: int
    place_code: str
    as_of: date
    buckets: Buckets
    election_code: str | None
    source: str
    state: str
    author: str
    at: datetime
    decided_by: str = ""
    decided_at: datetime | None = None
    reason: str = ""


def latest(batches: Iterable[TargetBatch], day: date) -> TargetBatch | None:
    """The target that counts on ``day``: of the confirmed ones, the newest list; of two of a day, the later kept.

    Older ones stay as they were: a target may rise and fall. None while no list is confirmed: unknown, not zero.
    """
    known = [b for b in batches if b.state == CONFIRMED and b.as_of <= day]
    return max(known, key=lambda b: (b.as_of, b.id), default=None)
