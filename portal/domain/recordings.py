"""The daily report of a service point, in the words of the forms staff know (Disdukcapil Sulawesi Tengah, SIAK).

Service date and moment of report are two things; NIHIL states a zero with its cause; a missing report is no zero.
"""

from collections.abc import Mapping
from datetime import date, datetime

from msgspec import Struct, field

from .problems import Problem, _
from .texts import LARGEST_COUNT

FLOW = "flow"
READING = "reading"

COUNTED = "angka"
NIHIL = "nihil"
KINDS = {COUNTED: _("Ada pelayanan"), NIHIL: _("NIHIL: tidak ada perekaman")}


class Measure(Struct, frozen=True):
    """One box of the daily form. A flow is summed over days; a reading (stock, SIAK counter) never is."""

    name: str
    label: str
    group: str
    kind: str
    limit: int = LARGEST_COUNT
    hint: str = ""
    unit: str = ""
    daily: bool = False
    """Whether it is written on nearly every day: the form shows it first, and the others folded."""


GROUPS = {
    "recording": _("Perekaman"),
    "printing": _("Pencetakan"),
    "siak": _("Terbaca di SIAK hari itu"),
    "stock": _("Blangko (keping), ribbon dan film (persen)"),
}

MEASURES = (
    Measure(
        "recorded",
        _("Jumlah rekam"),
        "recording",
        FLOW,
        hint=_("Di kantor ini saja. Kunjungan dicatat sendiri."),
        daily=True,
    ),
    Measure("recorded_male", _("Laki-laki"), "recording", FLOW),
    Measure("recorded_female", _("Perempuan"), "recording", FLOW),
    Measure("recorded_first_time", _("Pemula (16–17 tahun)"), "recording", FLOW),
    Measure("re_recorded", _("Rekam ulang"), "recording", FLOW),
    Measure("failed", _("Gagal rekam"), "recording", FLOW),
    Measure(
        "printed_prr", _("Cetak PRR"), "printing", FLOW, hint=_("Cetak pertama dari Print Ready Record."), daily=True
    ),
    Measure("printed_replacement", _("Cetak ganti (hilang, rusak, perubahan)"), "printing", FLOW, daily=True),
    Measure("handed_over", _("Diserahkan kepada warga"), "printing", FLOW),
    Measure("prr", _("PRR (siap cetak)"), "siak", READING, 99_999),
    Measure("sfe", _("SFE (dikirim ke pusat)"), "siak", READING, 99_999),
    Measure("duplicate", _("Duplicate Record"), "siak", READING, 99_999),
    Measure("adjudicate", _("Adjudicate Record"), "siak", READING, 99_999),
    Measure("blanks_received", _("Blangko diterima"), "stock", FLOW, 99_999, daily=True),
    Measure("blanks_spoiled", _("Blangko rusak"), "stock", FLOW, daily=True),
    Measure("blanks_left", _("Sisa blangko"), "stock", READING, 99_999, daily=True),
    Measure("ribbon_pct", _("Sisa ribbon"), "stock", READING, 100, unit="%"),
    Measure("film_pct", _("Sisa film"), "stock", READING, 100, unit="%"),
)
"""The daily form, once: form, columns, roll-up, export and import loop over this list."""

MEASURE = {m.name: m for m in MEASURES}
FLOWS = tuple(m.name for m in MEASURES if m.kind == FLOW)
SPLITS = frozenset({"recorded_male", "recorded_female", "recorded_first_time"})
"""Parts of the recorded that may stay empty: what nobody split is *belum dirinci*."""

READINGS = tuple(m.name for m in MEASURES if m.kind == READING)
SERVICE_FLOWS = tuple(m.name for m in MEASURES if m.group in ("recording", "printing"))
"""What a NIHIL day cannot have: blanks may still arrive on a day when nobody is served."""

NIHIL_REASONS = {
    "alat_rusak": _("Alat rusak"),
    "jaringan_server": _("Jaringan atau server pusat"),
    "tak_ada_pemohon": _("Tidak ada pemohon"),
    "blangko_habis": _("Blangko habis (hanya cetak)"),
    "libur_khusus": _("Libur khusus"),
    "petugas_tidak_ada": _("Petugas tidak ada"),
    "lain": _("Lain-lain (jelaskan di catatan)"),
}

NIHIL_SHORT = {
    "alat_rusak": ("a", _("alat")),
    "jaringan_server": ("s", _("server")),
    "tak_ada_pemohon": ("p", _("tak ada pemohon")),
    "blangko_habis": ("b", _("blangko")),
    "libur_khusus": ("k", _("libur khusus")),
    "petugas_tidak_ada": ("t", _("petugas")),
    "lain": ("x", _("lain-lain")),
}
"""Cause → (its letter in the grid, the word in which it is counted)."""


class Entry(Struct, frozen=True):
    """What somebody says about one day at one point. A count that is None was not given; it is never 0."""

    kind: str
    nihil_reason: str | None = None
    counts: Mapping[str, int | None] = field(default_factory=dict)
    homes: Mapping[str, int] = field(default_factory=dict)
    note: str = ""

    @property
    def recorded(self) -> int:
        """Recordings of the day; 0 on a NIHIL day, which says so explicitly."""
        return self.counts.get("recorded") or 0

    @property
    def printed(self) -> int | None:
        """Cards printed; None when neither box was filled."""
        boxes = [self.counts.get("printed_prr"), self.counts.get("printed_replacement")]
        return sum(b or 0 for b in boxes) if any(b is not None for b in boxes) else None

    @property
    def homes_unsplit(self) -> int:
        """Recordings whose home area nobody gave: *belum dirinci*."""
        return self.recorded - sum(self.homes.values())


class Report(Struct, frozen=True):
    """An entry as the office keeps it. ``first_received_at`` never changes; ``version`` grows with each correction,
    ``review_version`` with each step of its review. One that is ``excluded`` was received, but is in no sum."""

    id: int
    point_code: str
    service_date: date
    entry: Entry
    version: int
    first_received_at: datetime
    changed_at: datetime
    author: str
    editor: str
    cancelled_at: datetime | None = None
    cancel_reason: str = ""
    captured_at: datetime | None = None
    review_state: str = "sent"
    review_field: str = ""
    review_reason: str = ""
    reviewed_at: datetime | None = None
    reviewer: str = ""
    review_version: int = 0
    excluded: bool = False

    @property
    def stands(self) -> bool:
        """Whether the report stands: a cancelled one is kept, but counts nowhere."""
        return self.cancelled_at is None

    @property
    def summed(self) -> bool:
        """Whether its figures are in the sums."""
        return self.stands and not self.excluded


def as_kept(entry: Entry) -> Entry:
    """The entry as it is stored: a NIHIL day states 0 recordings, homes only where somebody was recorded."""
    counts = {m.name: entry.counts.get(m.name) for m in MEASURES}
    if entry.kind == NIHIL:
        counts |= dict.fromkeys(SERVICE_FLOWS) | {"recorded": 0}
    return Entry(
        kind=entry.kind,
        nihil_reason=entry.nihil_reason if entry.kind == NIHIL else None,
        counts=counts,
        homes={code: n for code, n in sorted(entry.homes.items()) if n} if entry.kind == COUNTED else {},
        note=entry.note.strip(),
    )


def check_day(service_date: date, today: date, start: date) -> list[Problem]:
    """The day served lies between the start of the programme and today."""
    if service_date > today:
        return [Problem("service_date", _("Tanggal pelayanan belum tiba. Pilih hari ini atau sebelumnya."))]
    if service_date < start:
        return [
            Problem(
                "service_date",
                _("Tanggal pelayanan sebelum pencatatan dimulai (%(start)s)."),
                {"start": f"{start:%d-%m-%Y}"},
            )
        ]
    return []
