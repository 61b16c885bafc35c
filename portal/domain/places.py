"""Where a sweep goes, and how many people are expected there: dated target batches, none of which is overwritten."""

import re
from collections.abc import Collection, Iterable
from datetime import date, datetime

from msgspec import Struct

from .areas import Place
from .problems import Problem, _
from .texts import check_count, check_text

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


SOURCE_LIMIT = 400
"""Characters of a place's source: the ministry's lists are named with their full addresses."""


class Buckets(Struct, frozen=True):
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


class TargetBatch(Struct, frozen=True):
    """What a place said on ``as_of``, from which source, for which election, and whether staff let it count.

    ``at`` is when it was kept; None before.
    """

    id: int
    place_code: str
    as_of: date
    buckets: Buckets
    election_code: str | None
    source: str
    state: str
    author: str
    at: datetime | None
    decided_by: str = ""
    decided_at: datetime | None = None
    reason: str = ""


def latest(batches: Iterable[TargetBatch], day: date) -> TargetBatch | None:
    """The target that counts on ``day``: of the confirmed ones, the newest list; of two of a day, the later kept.

    Older ones stay as they were: a target may rise and fall. None while no list is confirmed: unknown, not zero.
    """
    known = [b for b in batches if b.state == CONFIRMED and b.as_of <= day]
    return max(known, key=lambda b: (b.as_of, b.id), default=None)


_NPSN = re.compile(r"[0-9]{8}", re.ASCII)


def check_npsn(npsn: str) -> list[Problem]:
    """No NPSN, or eight digits: pesantren and madrasah often have none."""
    if not npsn or _NPSN.fullmatch(npsn):
        return []
    return [Problem("npsn", _("NPSN terdiri dari 8 angka, misalnya 20502725. Kosongkan bila tidak ada."))]


def check_place(place: Place, kecamatan: Collection[str]) -> list[Problem]:
    """A place that can be kept: kind, name, a kecamatan of the list or none, an NPSN of eight digits or none."""
    problems = []
    if place.kind not in PLACE_KINDS:
        problems.append(Problem("kind", _("Pilih jenis tempat.")))
    problems += check_text("name", place.name, 120, required=_("Isi nama tempat."))
    problems += check_npsn(place.npsn)
    if place.kecamatan_code is not None and place.kecamatan_code not in kecamatan:
        problems.append(Problem("kecamatan_code", _("Pilih kecamatan dari daftar.")))
    words = (
        ("level", place.level, 10),
        ("contact", place.contact, 80),
        ("address", place.address, 200),
        ("source", place.source, SOURCE_LIMIT),
    )
    problems += [p for name, text, limit in words for p in check_text(name, text, limit)]
    if place.active_from and place.active_to and place.active_to < place.active_from:
        problems.append(Problem("active_to", _("Tanggal akhir harus sesudah tanggal awal.")))
    return problems


def check_target(buckets: Buckets, as_of: date, source: str, today: date) -> list[Problem]:
    """A list that can count: every age filled (0 when there is nobody), its day come, its source named."""
    problems = []
    for name in BUCKETS:
        value = getattr(buckets, name)
        if value is None:
            problems.append(Problem(name, _("Isi jumlahnya. Bila tidak ada, tulis 0.")))
        problems += check_count(name, value)
    if as_of > today:
        problems.append(Problem("as_of", _("Tanggal daftar belum tiba.")))
    return problems + check_text("source", source, 200, required=_("Tulis sumbernya, misalnya daftar siswa sekolah."))
