"""Care that comes round: preventive maintenance and the yearly inspection, each with the day it is due."""

import calendar
from collections.abc import Iterable
from datetime import date, timedelta

from msgspec import Struct

from .problems import Problem, _
from .texts import check_text

PREVENTIVE = "preventive"
INSPECTION = "inspection"
UPKEEP_KINDS = {PREVENTIVE: _("Perawatan berkala"), INSPECTION: _("Pemeriksaan tahunan")}

SOON = timedelta(days=14)
LONGEST = 60
"""Months: what comes round less often than every five years is not care."""

OVERDUE = "overdue"
DUE_SOON = "soon"
IN_TIME = "in_time"


class Upkeep(Struct, frozen=True):
    """Care of a kit, or of one of its parts, that is due on ``due_on`` and every so many months after it is done;
    one that is ``withdrawn`` is planned no longer."""

    id: int
    kit_code: str
    component_id: int | None
    component_kind: str
    kind: str
    every_months: int
    last_on: date | None
    due_on: date
    note: str = ""
    version: int = 1
    withdrawn: bool = False

    def state(self, today: date) -> str:
        """Whether it is overdue, due within a fortnight, or neither."""
        if self.due_on < today:
            return OVERDUE
        return DUE_SOON if self.due_on <= today + SOON else IN_TIME


def months_after(day: date, months: int) -> date:
    """The same day of the month so many months later; the month's last day where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def check_upkeep(wanted: Upkeep, kept: Iterable[Upkeep], today: date) -> list[Problem]:
    """Care that can be planned: a kind, a rhythm of one to sixty months, a first day that is not long past, once."""
    problems = check_text("note", wanted.note)
    if wanted.kind not in UPKEEP_KINDS:
        problems.append(Problem("kind", _("Pilih jenis perawatan.")))
    if not 1 <= wanted.every_months <= LONGEST:
        problems.append(
            Problem("every_months", _("Isi berapa bulan sekali, dari 1 sampai %(limit)s."), {"limit": LONGEST})
        )
    if not today - timedelta(days=366) <= wanted.due_on <= months_after(today, LONGEST):
        problems.append(Problem("due_on", _("Tanggal jatuh tempo: dari setahun lalu sampai lima tahun lagi.")))
    same = (wanted.kit_code, wanted.component_id, wanted.kind)
    if any((u.kit_code, u.component_id, u.kind) == same and u.id != wanted.id for u in kept):
        problems.append(Problem("kind", _("Perawatan ini sudah dijadwalkan untuk alat itu.")))
    return problems


def check_done(kept: Upkeep, done_on: date, note: str, today: date) -> list[Problem]:
    """Care was done on a day that has come, and not before the last time."""
    problems = check_text("note", note)
    if done_on > today:
        problems.append(Problem("done_on", _("Tanggal pengerjaan tidak boleh di masa depan.")))
    elif kept.last_on is not None and done_on < kept.last_on:
        problems.append(Problem("done_on", _("Sudah ada pengerjaan yang lebih baru. Periksa tanggalnya.")))
    elif done_on < today - timedelta(days=366):
        problems.append(Problem("done_on", _("Terlalu lama: paling jauh satu tahun ke belakang.")))
    return problems
