"""The month of a point: where each day's report stands, what it said, and what may be said of the month as a whole.

Method: reporting rates as DHIS2 counts them (see ``calendar``). A day that is excused stays late or missing in every
rate; the excused are counted beside them, so that a reason never improves a figure. NIHIL is a fact with a cause.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from msgspec import Struct

from .areas import Office
from .calendar import EXTRA, LATE, MISSING, NOT_DUE, Completeness, completeness
from .duty import Period, ReportMark, point_states
from .problems import Problem, _
from .recordings import NIHIL
from .texts import check_text


class Excuse(Struct, frozen=True):
    """Why a late or missing report is forgiven: who says so, when and for what reason."""

    id: int
    point_code: str
    day: date
    reason: str
    by: str
    at: datetime


NOTHING_DUE = Completeness(0, 0, 0, 0, 0)
EXCUSABLE = frozenset({LATE, MISSING})


def check_excuse(state: str, reason: str) -> list[Problem]:
    """Only a late or missing report is excused, and always for a reason."""
    problems = []
    if state not in EXCUSABLE:
        problems.append(Problem("", _("Hanya laporan yang terlambat atau belum masuk yang dapat dimaafkan.")))
    return problems + check_text("reason", reason, required=_("Tulis alasan, misalnya jaringan kecamatan putus."))


class DayLine(Struct, frozen=True):
    """One day of a point: where its report stands, what came, and whether it is excused."""

    day: date
    state: str
    mark: ReportMark | None = None
    excuse: Excuse | None = None


class Tally(Struct, frozen=True):
    """What is counted of days. ``recorded`` is None when no report came; NIHIL days add nothing to it."""

    due: Completeness = NOTHING_DUE
    not_due: int = 0
    extra: int = 0
    excused_late: int = 0
    excused_missing: int = 0
    reports: int = 0
    recorded: int | None = None
    nihil: Mapping[str, int] | None = None

    @property
    def excused(self) -> int:
        """Late and missing reports that were excused; they stay late and missing."""
        return self.excused_late + self.excused_missing

    def __add__(self, other: "Tally") -> "Tally":
        known = [n for n in (self.recorded, other.recorded) if n is not None]
        return Tally(
            self.due + other.due,
            self.not_due + other.not_due,
            self.extra + other.extra,
            self.excused_late + other.excused_late,
            self.excused_missing + other.excused_missing,
            self.reports + other.reports,
            sum(known) if known else None,
            dict(Counter(self.nihil or {}) + Counter(other.nihil or {})),
        )


def tally(lines: Iterable[DayLine]) -> Tally:
    """Count the days of a point."""
    lines = list(lines)
    marks = [line.mark for line in lines if line.mark is not None]
    excused = Counter(line.state for line in lines if line.excuse is not None)
    return Tally(
        completeness(line.state for line in lines),
        sum(line.state == NOT_DUE for line in lines),
        sum(line.state == EXTRA for line in lines),
        excused[LATE],
        excused[MISSING],
        len(marks),
        sum(mark.recorded for mark in marks) if marks else None,
        causes(marks),
    )


def causes(marks: Iterable[ReportMark]) -> dict[str, int]:
    """Cause → number of NIHIL days, the most frequent first."""
    found = Counter(mark.nihil_reason or "lain" for mark in marks if mark.kind == NIHIL)
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def lines_of(
    office: Office, period: Period, marks: Sequence[ReportMark], excuses: Sequence[Excuse], now: datetime
) -> dict[str, list[DayLine]]:
    """For every point the days of a period on which it was active, up to today, and those on which a report came all
    the same: it stands beyond the duty."""
    came = {(m.point_code, m.day): m for m in marks}
    # A report that came after all, or a day that is owed no more, leaves its excuse behind.
    forgiven = {(e.point_code, e.day): e for e in excuses}
    states = point_states(office, period, marks, now)
    for code, day in came:
        if code in states and day not in states[code] and period.first <= day <= period.last:
            states[code][day] = EXTRA
    return {
        code: [
            DayLine(day, state, came.get((code, day)), forgiven.get((code, day)) if state in EXCUSABLE else None)
            for day, state in sorted(by_day.items())
        ]
        for code, by_day in states.items()
    }
