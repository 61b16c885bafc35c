"""Published figures and honest percentages.

In October 2024 more people were recorded (870,399) than stood in the voter roll (845,655): two sets, not a coverage.
The rate is recorded over those who must hold a KTP on the same date (UU 24/2013, art. 63).
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from msgspec import Struct

from .problems import Problem, _
from .texts import check_count, check_text

KABUPATEN = "kabupaten"
KECAMATAN = "kecamatan"
DESA = "desa"
DISTRICT_CODE = "35.16"

RECORDED_TOTAL = "recorded_total"
MUST_HOLD_KTP = "must_hold_ktp"
UNRECORDED = "unrecorded"
DPT = "dpt"
DPS = "dps"
DP4_UNRECORDED = "dp4_unrecorded"
FIRST_TIME = "young_people_to_record"
PUPILS = "pupils_16"

KINDS = {
    MUST_HOLD_KTP: _("Wajib KTP"),
    RECORDED_TOTAL: _("Sudah rekam"),
    UNRECORDED: _("Belum rekam"),
    DPT: "DPT",
    DPS: "DPS",
    FIRST_TIME: _("Pemula: perlu rekam"),
    "dp4_listed": _("DP4: terdaftar belum rekam"),
    DP4_UNRECORDED: _("DP4: masih belum rekam"),
    PUPILS: _("Siswa 16 tahun ke atas"),
    "population": _("Penduduk (Dukcapil)"),
    "population_bps": _("Penduduk (BPS)"),
}
"""Kinds of people that are counted. No two of them are the same people: none is ever a part of another unsaid."""

OTHERS = {
    "dps_to_dpt_added": _("DPS ke DPT: pemilih baru"),
    "dps_to_dpt_removed": _("DPS ke DPT: dicoret"),
    "dps_to_dpt_corrected": _("DPS ke DPT: diperbaiki"),
    "recorded_vulnerable": _("Perekaman warga rentan"),
    "blanks_received_per_week": _("Blangko diterima seminggu"),
    "blanks_wanted_per_month": _("Blangko diperlukan sebulan"),
    "blanks_left": _("Sisa blangko"),
    "printed_per_day": _("Cetak sehari"),
    "blanks_received": _("Blangko diterima"),
    "prr_cards_handed_over": _("KTP-el PRR diserahkan"),
    "kit_price_idr": _("Harga satu set alat (Rp)"),
}
"""Published figures of other things, which come with the reference lists only."""

MALE, FEMALE = "_male", "_female"
SEXES = {"": _("Jumlah"), MALE: _("Laki-laki"), FEMALE: _("Perempuan")}
"""Ending of a kind → whom of it a figure counts."""

ROLLS = frozenset({DPT, DPS})
"""Kinds that are drawn up for one election."""
ELECTORAL = ROLLS | {"dp4_listed", DP4_UNRECORDED}
"""Kinds that may name an election."""

LARGEST = 99_999_999
SOURCE_LIMIT = 300
PEOPLE = "person"


class Figure(Struct, frozen=True):
    """A dated reading somebody published. ``as_of`` is the last day it can speak of; ``as_of_text`` as published."""

    level: str
    code: str
    metric: str
    value: int
    unit: str
    as_of: date
    as_of_text: str
    election: str
    source: str
    note: str
    valid_from: date | None = None
    id: int = 0
    revision: int = 0
    """0 came with the reference lists; a later one was entered and stands in place of the one before it."""
    author: str = ""
    at: datetime | None = None
    reason: str = ""
    file_hash: str = ""

    @property
    def begins(self) -> date:
        """The first day on which the figure is used: the day it speaks of, unless it was set later."""
        return self.valid_from or self.as_of

    @property
    def publisher(self) -> str:
        """Who says so, in one word: the site or paper of the first source named."""
        return publisher(self.source)


def publisher(source: str) -> str:
    """The site or paper that a source begins with, for places too small for the whole address."""
    found = re.match(r"(?:https?://(?:www\.)?)?([^/\s,;]+)", source.strip())
    return found[1] if found else ""


class Percentage(Struct, frozen=True):
    """A share that never stands without its bottom: what it is of, of which date, and who says so."""

    part: int
    base: int
    of: str
    as_of: str
    source: str
    same_population: bool = True

    @property
    def percent(self) -> float | None:
        """100 × part ÷ base; None when the base is 0. Never clipped at 100."""
        return 100 * self.part / self.base if self.base else None

    @property
    def tone(self) -> str:
        """``good`` only from 99 to exactly 100 % of the same population: above 100 % two sets were mixed."""
        if self.percent is None:
            return "unknown"
        if not self.same_population or self.percent > 100:
            return "attention"
        return "good" if self.percent >= 99 else "unknown"


def latest(figures: Iterable[Figure], metric: str, on: date) -> Figure | None:
    """The newest reading of a metric for the whole district that was in use on ``on``."""
    known = [f for f in figures if f.metric == metric and f.level == KABUPATEN and f.begins <= on]
    return max(known, key=lambda f: f.as_of, default=None)


def coverage(figures: Iterable[Figure], on: date) -> tuple[Figure, Figure] | None:
    """The newest pair (recorded, must hold a KTP) of one and the same date, on or before ``on``.

    Two readings of different dates are never divided by each other: the base grows while people are recorded.
    """
    figures = list(figures)
    base = {f.as_of: f for f in figures if f.metric == MUST_HOLD_KTP and f.level == KABUPATEN and f.begins <= on}
    pairs = [
        (f, base[f.as_of])
        for f in figures
        if f.metric == RECORDED_TOTAL and f.level == KABUPATEN and f.begins <= on and f.as_of in base
    ]
    return max(pairs, key=lambda pair: pair[0].as_of, default=None)


def kind_of(metric: str) -> tuple[str, str]:
    """(kind, ending) of a metric: ``dpt_male`` is of kind ``dpt``."""
    for ending in (MALE, FEMALE):
        if metric.endswith(ending):
            return metric.removesuffix(ending), ending
    return metric, ""


def metrics_of(kind: str) -> list[str]:
    """A kind's metrics: everybody, men, women."""
    return [kind + ending for ending in SEXES]


def level_of(code: str) -> str:
    """The level of an area by its Kemendagri code: 35.16, 35.16.05, 35.16.05.2001."""
    return {1: KABUPATEN, 2: KECAMATAN, 3: DESA}.get(code.count("."), "")


class Reading(Struct, frozen=True):
    """One kind of people in one area on one day: everybody, men and women as far as they were published."""

    kind: str
    parts: Mapping[str, Figure]
    """Ending → figure."""
    valid_to: date | None = None
    """The day before the next reading of the kind is used; None while this one is the newest."""

    @property
    def main(self) -> Figure:
        """The figure that stands for the reading: everybody, where that was published."""
        return self.parts.get("") or next(iter(self.parts.values()))

    @property
    def value(self) -> int | None:
        """How many, men and women together; None where only one of them was published."""
        return self.parts[""].value if "" in self.parts else None

    @property
    def by_sex(self) -> tuple[int | None, int | None]:
        """(men, women)."""
        men, women = self.parts.get(MALE), self.parts.get(FEMALE)
        return men.value if men else None, women.value if women else None


def readings(figures: Iterable[Figure]) -> list[Reading]:
    """Figures that stand, put together by kind, area, day and election, the newest first; each with how long it is
    used. Figures of one area and kind must come whole, or their ends are not known."""
    found: dict[tuple[str, str, date, str], dict[str, Figure]] = {}
    for figure in figures:
        kind, ending = kind_of(figure.metric)
        found.setdefault((kind, figure.code, figure.as_of, figure.election), {})[ending] = figure
    made = [Reading(kind, parts) for (kind, _code, _as_of, _election), parts in found.items()]
    made.sort(key=lambda r: (r.main.begins, r.main.as_of), reverse=True)
    following: dict[tuple[str, str], date] = {}
    result = []
    for reading in made:
        key = (reading.kind, reading.main.code)
        begins = following.get(key)
        ends = begins - timedelta(days=1) if begins is not None and begins > reading.main.begins else None
        result.append(Reading(reading.kind, reading.parts, ends))
        following[key] = reading.main.begins
    return result


class Sum(Struct, frozen=True):
    """What the kecamatan's readings of one day and kind add up to, beside the kabupaten's own of that day."""

    kind: str
    as_of: date
    election: str
    known: int
    """How many kecamatan have a reading."""
    total: int
    district: int | None

    def difference(self, all_kecamatan: int) -> int | None:
        """Sum − kabupaten; None while a kecamatan is missing or the kabupaten's own figure is not known."""
        if self.district is None or self.known != all_kecamatan:
            return None
        return self.total - self.district


class Entered(Struct, frozen=True):
    """A reading as somebody enters it."""

    kind: str
    code: str
    counts: Mapping[str, int | None]
    """Ending → people; None where nothing was written."""
    as_of: date | None
    source: str
    election: str = ""
    valid_from: date | None = None

    def figures(self, reason: str = "", revision: int = 0) -> list[Figure]:
        """The rows that keep it: one for each box that was filled."""
        assert self.as_of is not None
        return [
            Figure(
                level_of(self.code),
                self.code,
                self.kind + ending,
                value,
                PEOPLE,
                self.as_of,
                self.as_of.isoformat(),
                self.election,
                self.source.strip(),
                "",
                self.valid_from,
                revision=revision,
                reason=reason.strip(),
            )
            for ending, value in self.counts.items()
            if value is not None
        ]


FIELDS = {"": "value", MALE: "male", FEMALE: "female"}
"""Ending → the box of a form."""
UNEQUAL = _("Laki-laki %(male)s + perempuan %(female)s = %(sum)s, bukan %(value)s.")


def check_dated(as_of: date | None, source: str, today: date) -> list[Problem]:
    """What every published reading says of itself: its day, not in the future, and who says so."""
    problems = []
    if as_of is None:
        problems.append(Problem("as_of", _("Isi tanggal yang ada di kalender, misalnya 21-10-2024.")))
    elif as_of > today:
        problems.append(Problem("as_of", _("Tanggal angka ini belum tiba.")))
    required = _("Tulis sumbernya: siapa yang mengumumkan, dan di mana.")
    return problems + check_text("source", source, SOURCE_LIMIT, required=required)


def check_entered(entered: Entered, areas: Iterable[str], elections: Iterable[str], today: date) -> list[Problem]:
    """A reading that can be kept: a kind and an area there are, whole numbers that add up, dated, with a source."""
    problems = []
    if entered.kind not in KINDS:
        problems.append(Problem("kind", _("Pilih jenis angka dari daftar.")))
    if entered.code not in areas:
        problems.append(Problem("code", _("Pilih wilayah dari daftar.")))
    if entered.counts.get("") is None:
        problems.append(Problem("value", _("Isi jumlahnya. Bila tidak ada, tulis 0.")))
    for ending, field in FIELDS.items():
        problems += check_count(field, entered.counts.get(ending), LARGEST)
    male, female, both = (entered.counts.get(ending) for ending in (MALE, FEMALE, ""))
    if male is not None and female is not None and both is not None and male + female != both:
        values = {"male": male, "female": female, "sum": male + female, "value": both}
        problems.append(Problem("value", UNEQUAL, values))
    problems += check_dated(entered.as_of, entered.source, today)
    if entered.as_of and entered.valid_from and entered.valid_from < entered.as_of:
        problems.append(Problem("valid_from", _("Angka tidak dapat berlaku sebelum tanggalnya sendiri.")))
    if entered.kind in ROLLS and not entered.election:
        problems.append(Problem("election", _("Pilih pemilihan: DPT dan DPS disusun untuk satu pemilihan.")))
    elif entered.election and (entered.kind not in ELECTORAL or entered.election not in elections):
        problems.append(Problem("election", _("Hanya DPT, DPS dan DP4 yang milik satu pemilihan.")))
    return problems
