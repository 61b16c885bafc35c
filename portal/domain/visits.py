"""Sweep visits to schools, pesantren, desa and homes: all on the list are explained, by count, never by name."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from msgspec import Struct, field

from .accounts import CLERK, LIAISON, SUPERVISOR
from .calendar import Calendar
from .places import BUCKETS, Buckets
from .problems import Problem, _
from .texts import NOTE_LIMIT, check_count, check_text

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


class Step(Struct, frozen=True):
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

AGES = {f"recorded_{name}": text for name, text in BUCKETS.items()}
"""The recorded by age on the day of the visit: the optional boxes that say exactly who of them may vote."""

FURTHEST_PLAN = timedelta(days=366)


class Result(Struct, frozen=True):
    """What a visit found, as counts; pupils have no names here."""

    counts: Mapping[str, int | None] = field(default_factory=dict)
    homes: Mapping[str, int] = field(default_factory=dict)
    undetailed: int | None = None
    """Recorded people whose home area was asked and is not known: given so that the split adds up."""
    failed_reason: str = ""
    ages: Mapping[str, int | None] = field(default_factory=dict)

    @property
    def by_age(self) -> Buckets | None:
        """The recorded by age; None when nobody told. Beside a filled box an empty one is 0: the sum must agree."""
        if all(self.ages.get(name) is None for name in AGES):
            return None
        return Buckets(*(self.ages.get(name) or 0 for name in AGES))

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


class Plan(Struct, frozen=True):
    """When and by whom a place is visited. ``point_code`` is the office whose team and kits go; ``revisit_of`` is the
    visit whose absent and failed are come back for. ``joined_to`` is the visit of the same day whose kits and team this
    one shares, one place after the other: that one holds the booking, and ``kits`` and ``team`` here are its own."""

    place_code: str
    visit_date: date
    point_code: str
    team: str = ""
    note: str = ""
    session: str = WHOLE_DAY
    contact: str = ""
    kits: tuple[str, ...] = ()
    revisit_of: int | None = None
    joined_to: int | None = None

    @property
    def slots(self) -> tuple[str, ...]:
        """The half days that the visit takes."""
        return (MORNING, AFTERNOON) if self.session == WHOLE_DAY else (self.session,)

    def fits(self, host: "Plan") -> bool:
        """Whether this visit can share the booking of ``host``: another place, its day and office, in its half days."""
        same = (host.visit_date, host.point_code) == (self.visit_date, self.point_code)
        return same and host.place_code != self.place_code and set(self.slots) <= set(host.slots)

    @property
    def team_key(self) -> str:
        """By what the same team is recognised at its point, however its name was typed."""
        return " ".join(self.team.casefold().split())


class Visit(Struct, frozen=True):
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


BOOKED = "booked"
"""Why a plan conflicts: beside EXISTS and STALE."""


class Booked(Struct, frozen=True):
    """Why a plan cannot stand: another visit of that half day holds these kits, or the very team."""

    visit: Visit
    kits: tuple[str, ...]
    team: str


def check_plan(plan: Plan, today: date, start: date) -> list[Problem]:
    """Rules for planning: a date within the programme and within a year, a half day, and plain words."""
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
    if plan.session not in SESSIONS:
        problems.append(Problem("session", _("Pilih pagi, siang atau sehari penuh.")))
    words = (("team", plan.team, 80), ("contact", plan.contact, 80), ("note", plan.note, NOTE_LIMIT))
    return problems + [p for name, text, limit in words for p in check_text(name, text, limit)]


def holiday(calendar: Calendar, day: date) -> str | None:
    """What keeps the offices closed on ``day``: a holiday's name, "" when everybody is closed without one, or None.

    A weekend is no reason: pesantren are visited on Sundays, so as not to disturb lessons.
    """
    if day in calendar.opened:
        return None
    return calendar.holidays.get(day, "" if day in calendar.closed else None)


def ask_holiday(calendar: Calendar, day: date) -> list[Problem]:
    """The question to whoever plans a visit on a holiday; it is answered by a tick."""
    name = holiday(calendar, day)
    if name is None:
        return []
    text = (
        _("Tanggal itu hari libur: %(name)s. Centang bila kunjungan tetap diadakan, atau ganti tanggalnya.")
        if name
        else _("Kantor tutup pada tanggal itu. Centang bila kunjungan tetap diadakan, atau ganti tanggalnya.")
    )
    return [Problem("holiday_ok", text, {"name": name})]


def check_result(result: Result, visit_date: date, today: date, homes: Collection[str]) -> list[Problem]:
    """Rules for the result: the day has come, every box filled, the identity holds, the failed have a reason, and a
    split by home and one by age, where it is given, adds up to the recorded."""
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
    problems += check_count("undetailed", result.undetailed)
    for name in AGES:
        problems += check_count(name, result.ages.get(name))
    if (result.counts.get("failed") or 0) > 0 and result.failed_reason not in FAILED_REASONS:
        problems.append(Problem("failed_reason", _("Pilih sebab gagal rekam.")))
    if problems:
        return problems
    return [*_unexplained(result), *_unsplit(result), *_unaged(result)]


def _unexplained(result: Result) -> list[Problem]:
    if result.unexplained > 0:
        text = _("Masih %(number)s dari sasaran belum terjelaskan.")
        return [Problem("eligible", text, {"number": result.unexplained})]
    if result.unexplained < 0:
        text = _("Rinciannya lebih %(number)s dari sasaran.")
        return [Problem("eligible", text, {"number": -result.unexplained})]
    return []


def _unsplit(result: Result) -> list[Problem]:
    split = sum(result.homes.values()) + (result.undetailed or 0)
    if (not result.homes and result.undetailed is None) or split == result.recorded:
        return []
    values = {"given": split, "total": result.recorded, "number": abs(result.recorded - split)}
    if split > result.recorded:
        text = _("Rincian domisili berjumlah %(given)s, lebih %(number)s dari yang direkam (%(total)s).")
    else:
        text = _("Rincian domisili berjumlah %(given)s, kurang %(number)s dari yang direkam (%(total)s).")
    return [Problem("homes", text, values)]


def _unaged(result: Result) -> list[Problem]:
    if result.by_age is None or result.by_age.total == result.recorded:
        return []
    told = result.by_age.total
    values = {"given": told, "total": result.recorded, "number": abs(result.recorded - told)}
    if told > result.recorded:
        text = _("Rincian umur berjumlah %(given)s, lebih %(number)s dari yang direkam (%(total)s).")
    else:
        text = _("Rincian umur berjumlah %(given)s, kurang %(number)s dari yang direkam (%(total)s).")
    return [Problem("ages", text, values)]


def check_cancel(reason: str, note: str) -> list[Problem]:
    """A cancelled visit has a reason; *lain* needs words."""
    if reason not in CANCEL_REASONS:
        return [Problem("cancel_reason", _("Pilih sebab pembatalan."))]
    required = _("Jelaskan sebab pembatalan di catatan.") if reason == "lain" else ""
    return check_text("note", note, required=required)


def check_comment(taken: Step, comment: str) -> list[Problem]:
    """The words of a step, where it needs them."""
    return check_text("comment", comment, required=_("Tulis alasannya.") if taken.comment else "")
