"""Which days a point owed a report, and where each of them stands."""

from collections.abc import Iterable
from datetime import date, datetime

from msgspec import Struct

from .areas import Office
from .calendar import Timetable, days, office_day, report_state
from .problems import Problem, _

LONGEST = 366


class Period(Struct, frozen=True):
    """Service days from ``first`` to ``last``, both included."""

    first: date
    last: date

    def __len__(self) -> int:
        return (self.last - self.first).days + 1


def check_period(period: Period, today: date) -> list[Problem]:
    """A period that can be summed: the right way round, not in the future, at most 366 days."""
    if period.first > period.last:
        return [Problem("first", _("Tanggal awal harus sebelum tanggal akhir."))]
    if period.last > today:
        return [Problem("last", _("Tanggal akhir belum tiba."))]
    if len(period) > LONGEST:
        return [Problem("first", _("Rentang paling panjang 366 hari."))]
    return []


class ReportMark(Struct, frozen=True):
    """That a report stands: enough to judge completeness and to draw a grid."""

    point_code: str
    day: date
    received_at: datetime
    kind: str
    nihil_reason: str | None
    recorded: int
    captured_at: datetime | None = None
    """When it was filled in without a connection; None when it was sent as it was filled in."""
    note: str = ""
    """What the note of a NIHIL day explains; of other days it is not asked for."""
    review_state: str = "sent"
    excluded: bool = False


def point_states(
    office: Office, period: Period, marks: Iterable[ReportMark], now: datetime
) -> dict[str, dict[date, str]]:
    """For every point the state of each of its active days in the period, up to today."""
    received = {(m.point_code, m.day): m.received_at for m in marks}
    last = min(period.last, office_day(now))
    limits: dict[Timetable, list[tuple[date, tuple[datetime, datetime] | None]]] = {}
    states = {}
    for code, point in office.points.items():
        table = point.timetable
        if table not in limits:  # most points keep the same hours
            limits[table] = [(day, office.calendar.limits(table, day)) for day in days(period.first, last)]
        states[code] = {
            day: report_state(limit, received.get((code, day)), now)
            for day, limit in limits[table]
            if point.active(day)
        }
    return states
