"""Sweep visits to schools, pesantren, desa and homes: all on the list are explained, by count, never by name."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from .accounts import CLERK, LIAISON, SUPERVISOR
from .problems import Problem, _
from .texts import check_count, check_text

PROPOSED = "proposed"
PLANNED = "planned"
CONFIRMED = "confirmed"
UNDER_WAY = "under_way"
DONE = "done"
PARTLY = "partly"
CANCELLED = "cancelled"
STATES = {
    PROPOSED: _("Usulan"),
    PLANNED: _("Rencana"),
    CONFIRMED: _("Dikonfirmasi"),
    UNDER_WAY: _("Berjalan"),
    DONE: _("Selesai"),
    PARTLY: _("Selesai sebagian"),
    CANCELLED: _("Batal"),
}
OWING = (PLANNED, CONFIRMED, UNDER_WAY)
"""States in which a result is still to come."""
FINISHED = (DONE, PARTLY)
"""States whose recordings count: a visit that went partly recorded as truly as one that went whole."""

MORNING = "morning"
AFTERNOON = "afternoon"
WHOLE_DAY = "day"
SESSIONS = {MORNING: _("Pagi"), AFTERNOON: _("Siang"), WHOLE_DAY: _("Sehari penuh")}

CANCEL_REASONS = {
    "sekolah": _("Sekolah atau tuan rumah"),
    "alat": _("Alat"),
    "jaringan": _("Jaringan"),
    "tim": _("Tim"),
    "lain": _("Lain-lain (jelaskan di catatan)"),
}
FAILED_REASONS = {
    "biometrik": _("Sidik jari atau iris tidak terbaca"),
    "alat": _("Alat"),
    "jaringan": _("Jaringan atau server"),
    "waktu": _("Waktu habis"),
    "lain": _("Lain-lain"),
}

CHECKS = {
    "battery": _("Baterai atau UPS terisi"),
    "iris": _("Pembaca iris"),
    "finger": _("Pembaca sidik jari"),
    "camera": _("Kamera"),
    "printer": _("Printer"),
    "signature": _("Alat tanda tangan"),
    "login": _("Petugas dapat masuk ke aplikasi"),
    "sync": _("Uji kirim data"),
}
"""What is tried the day before, in the order in which a kit is unpacked."""


@dataclass(frozen=True, slots=True)
class Step:
    """A deed on a visit: from which states to which, by whom, and whether it needs words."""

    deed: str
    before: frozenset[str]
    after: frozenset[str]
    roles: frozenset[str]
    comment: bool = False


NEW = ""
"""The state of a visit that is not kept yet."""
_STAFF = frozenset({CLERK, SUPERVISOR})
_ALL = _STAFF | {LIAISON}


def _of(*states: str) -> frozenset[str]:
    return frozenset(states)


STEPS = (
    Step("propose", _of(NEW), _of(PROPOSED), _of(LIAISON)),
    Step("plan", _of(NEW), _of(PLANNED), _STAFF),
    Step("change", _of(PROPOSED), _of(PROPOSED), _ALL),
    Step("change", _of(PLANNED), _of(PLANNED), _STAFF),
    Step("change", _of(CONFIRMED), _of(CONFIRMED, PLANNED), _STAFF),
    Step("accept", _of(PROPOSED), _of(PLANNED), _STAFF),
    Step("confirm", _of(PLANNED), _of(CONFIRMED), _STAFF),
    Step("unconfirm", _of(CONFIRMED), _of(PLANNED), _STAFF, comment=True),
    Step("start", _of(PLANNED, CONFIRMED), _of(UNDER_WAY), _STAFF),
    Step("close", _of(*OWING), _of(*FINISHED), _STAFF),
    Step("correct", _of(*FINISHED), _of(*FINISHED), _STAFF, comment=True),
    Step("cancel", _of(PROPOSED), _of(CANCELLED), _ALL),
    Step("cancel", _of(*OWING, *FINISHED), _of(CANCELLED), _STAFF),
)
"""Who may do which step: the one table. What stands in no row is not done. A cancellation names its cause instead
of a comment (``check_cancel``)."""


def step(deed: str, role: str, before: str) -> Step | None:
    """The row that lets ``role`` do ``deed`` on a visit in state ``before``; None when there is none."""
    found = (s for s in STEPS if s.deed == deed and before in s.before and role in s.roles)
    return next(found, None)


def steps(role: str, before: str) -> frozenset[str]:
    """Every deed that ``role`` may do on a visit in state ``before``."""
    return frozenset(s.deed for s in STEPS if before in s.before and role in s.roles)


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
    undetailed: int | None = None
    """Recorded people whose home area was asked and is not known: given so that the split adds up."""
    failed_reason: str = ""

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
    """When and by whom a place is visited. ``point_code`` is the office whose team and kits go; ``revisit_of`` is the
    visit whose absent and failed are come back for."""

    place_code: str
    visit_date: date
    point_code: str
    team: str = ""
    note: str = ""
    session: str = WHOLE_DAY
    contact: str = ""
    kits: tuple[str, ...] = ()
    revisit_of: int | None = None

    @property
    def slots(self) -> tuple[str, ...]:
        """The half days that the visit takes."""
        return (MORNING, AFTERNOON) if self.session == WHOLE_DAY else (self.session,)

    @property
    def team_key(self) -> str:
        """By what the same team is recognised at its point, however its name was typed."""
        return " ".join(self.team.casefold().split())


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
    wave: int = 1


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the check list of the day before: tried, by whom, when, and what was wrong."""

    item: str
    ok: bool
    note: str
    by: str
    at: datetime


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
