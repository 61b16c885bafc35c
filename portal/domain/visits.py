"""Sweep visits to schools, pesantren, desa and homes: all on the list are explained, by count, never by name."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from .problems import Problem, _
from .texts import check_count, check_text

PLANNED = "planned"
DONE = "done"
CANCELLED = "cancelled"
STATES = {PLANNED: _("Rencana"), DONE: _("Selesai"), CANCELLED: _("Batal")}

CANCEL_REASONS = {
    "sekolah": _("Sekolah atau tuan rumah"),
    "alat": _("Alat"),
    "jaringan": _("Jaringan"),
    "tim": _("Tim"),
    "lain": _("Lain-lain (jelaskan di catatan)"),
}

PLACE_KINDS = {
    "sekolah": _("Sekolah"),
    "pesantren": _("Pesantren"),
    "desa": _("Desa/kelurahan"),
    "rumah": _("Rumah warga"),
    "lapas": _("Lapas"),
}

RESULTS = {
    "eligible": _("Sasaran menurut daftar"),
    "recorded_from_list": _("Direkam dari daftar"),
    "already": _("Sudah pernah rekam"),
    "absent": _("Tidak hadir"),
    "refused": _("Menolak"),
    "failed": _("Gagal rekam"),
    "outside": _("Di luar wilayah"),
    "not_yet_16": _("Belum 16 tahun"),
    "walk_in": _("Datang tanpa daftar, direkam"),
}
"""The boxes of a visit's result, in the order of the paper sheet."""

EXPLAINED = tuple(name for name in RESULTS if name not in ("eligible", "walk_in"))
"""What the eligible are made of: the identity eligible = sum of these."""

FURTHEST_PLAN = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Result:
    """What a visit found, as counts; pupils have no names here."""

    counts: Mapping[str, int | None] = field(default_factory=dict)
    homes: Mapping[str, int] = field(default_factory=dict)

    @property
    def recorded(self) -> int:
        """People recorded during the visit, on the list or not."""
        return (self.counts.get("recorded_from_list") or 0) + (self.counts.get("walk_in") or 0)

    @property
    def unexplained(self) -> int:
        """Eligible people whom no box explains; negative when too many are explained."""
        return (self.counts.get("eligible") or 0) - sum(self.counts.get(name) or 0 for name in EXPLAINED)

    @property
    def homes_unsplit(self) -> int:
        """Recorded people whose home area nobody gave."""
        return self.recorded - sum(self.homes.values())


@dataclass(frozen=True, slots=True)
class Plan:
    """When and by whom a place is visited. ``point_code`` is the office whose team and kit go."""

    place_code: str
    visit_date: date
    point_code: str
    team: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit as the office keeps it."""

    id: int
    plan: Plan
    state: str
    result: Result
    cancel_reason: str
    version: int
    planned_at: datetime
    changed_at: datetime
    author: str
    editor: str


def check_plan(plan: Plan, today: date, start: date) -> list[Problem]:
    """Rules for planning: a date within the programme and within a year, and plain words."""
    problems = []
    if plan.visit_date < start:
        problems.append(
            Problem(
                "visit_date",
                _("Tanggal kunjungan sebelum pencatatan dimulai (%(start)s)."),
                {"start": f"{start:%d-%m-%Y}"},
            )
        )
    elif plan.visit_date > today + FURTHEST_PLAN:
        problems.append(Problem("visit_date", _("Tanggal kunjungan lebih dari setahun lagi.")))
    return problems + check_text("team", plan.team, 80) + check_text("note", plan.note)


def check_result(result: Result, visit_date: date, today: date, homes: Collection[str]) -> list[Problem]:
    """Rules for the result: the day has come, every box filled, the identity holds, homes within the recorded."""
    if visit_date > today:
        return [Problem("", _("Kunjungan ini belum tiba harinya. Hasil diisi mulai hari kunjungan."))]
    problems = []
    for name in RESULTS:
        if result.counts.get(name) is None:
            problems.append(Problem(name, _("Isi jumlahnya. Bila tidak ada, tulis 0.")))
        problems += check_count(name, result.counts.get(name))
    for code, number in result.homes.items():
        if code not in homes:
            problems.append(Problem("", _("Kecamatan domisili tidak dikenal: %(name)s."), {"name": code[:40]}))
        problems += check_count(f"home-{code}", number)
    if problems:
        return problems
    if result.unexplained > 0:
        problems.append(
            Problem(
                "eligible",
                _("Masih %(number)s dari sasaran belum terjelaskan."),
                {"number": result.unexplained},
            )
        )
    elif result.unexplained < 0:
        problems.append(
            Problem("eligible", _("Rinciannya lebih %(number)s dari sasaran."), {"number": -result.unexplained})
        )
    split = sum(result.homes.values())
    if split > result.recorded:
        problems.append(
            Problem(
                "homes",
                _("Rincian domisili berjumlah %(given)s, lebih besar dari yang direkam %(total)s."),
                {"given": split, "total": result.recorded},
            )
        )
    return problems


def check_cancel(reason: str, note: str) -> list[Problem]:
    """A cancelled visit has a reason; *lain* needs words."""
    if reason not in CANCEL_REASONS:
        return [Problem("cancel_reason", _("Pilih sebab pembatalan."))]
    required = _("Jelaskan sebab pembatalan di catatan.") if reason == "lain" else ""
    return check_text("note", note, required=required)
