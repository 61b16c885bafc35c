"""The facts of a period: day sheets added up with what the office's lists, kits and figures say."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import bindparam, func, or_, select

from ..domain.areas import Office
from ..domain.calendar import office_instant
from ..domain.daysheets import DaySheet, add_up, window
from ..domain.duty import Period
from ..domain.equipment import Kit
from ..domain.figures import Figure
from ..domain.outages import Outage
from ..domain.summary import Facts
from . import areas, equipment, outages
from .database import Tx
from .daysheets import REPORT_SUMMED, VISIT_STANDS, DayMemory
from .tables import report, report_home, visit, visit_home


def facts(
    tx: Tx,
    period: Period,
    kits: Sequence[Kit] | None = None,
    figures: Sequence[Figure] | None = None,
    office: Office | None = None,
    memory: DayMemory | None = None,
) -> Facts:
    """Everything known about a period. A hub counts the days on which a kecamatan belonged to it.

    Whatever else is given is what the caller remembers; what it does not remember is read.
    """
    sheets, stops = days(tx, window(period), memory or DayMemory())
    return add_up(
        areas.office(tx) if office is None else office,
        period,
        sheets,
        equipment.kits(tx) if kits is None else kits,
        areas.figures(tx) if figures is None else figures,
        stops,
    )


def days(tx: Tx, period: Period, memory: DayMemory) -> tuple[dict[date, DaySheet], list[Outage]]:
    """(the sheet of every day of a period that has rows, the outages of its days)."""
    begins, ends = office_instant(period.first, time()), office_instant(period.last + timedelta(days=1), time())
    return memory.sheets(tx, period), outages.between(tx, begins, ends)


def _crossed(homes: Any, parent: Any, key: Any, day: Any, stands: Any) -> Any:
    return (
        select(parent.c.point_code, homes.c.home_code, func.sum(homes.c.recorded).label("recorded"))
        .join(parent, parent.c.id == key)
        .where(day.between(bindparam("first"), bindparam("last")), stands)
        .where(or_(parent.c.point_code == bindparam("point"), homes.c.home_code == bindparam("home")))
        .group_by(parent.c.point_code, homes.c.home_code)
    )


_CROSSED = (
    _crossed(report_home, report, report_home.c.report_id, report.c.service_date, REPORT_SUMMED),
    _crossed(visit_home, visit, visit_home.c.visit_id, visit.c.visit_date, VISIT_STANDS),
)


def crossed(tx: Tx, period: Period, *, point: str = "", home: str = "") -> dict[tuple[str, str], tuple[int, int]]:
    """(point, home area) → recorded (at the office, during visits): of one point, or of one home area's residents."""
    found: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    which = {"first": period.first, "last": period.last, "point": point, "home": home}
    for index, query in enumerate(_CROSSED):
        for row in tx.execute(query, which):
            found[row.point_code, row.home_code][index] += row.recorded
    return {key: (office, visits) for key, (office, visits) in found.items()}
