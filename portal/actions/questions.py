"""What is asked before a report is kept: read from the books before its transaction, answered by its sender."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import islice

from ..domain.areas import OUTSIDE, Office, ServicePoint
from ..domain.calendar import office_day
from ..domain.circumstances import Circumstances
from ..domain.doubts import Doubt, Flag, flags
from ..domain.equipment import Kit
from ..domain.outliers import BASELINE_DAYS
from ..domain.problems import Problem
from ..domain.recordings import Entry, as_kept, check_day
from ..domain.rules import check, raised
from ..domain.texts import check_text
from ..storage import questions, stock
from ..storage.database import Tx
from .sending import Sender

LONGEST_LOOK = 120
"""Days looked back for 28 service days: a point that opens once a week has fewer to show."""


def circumstances(
    tx: Tx, office: Office, kits: Sequence[Kit], point: ServicePoint, day: date, today: date, *, first: bool
) -> Circumstances:
    """What the books say around a day of a point: three short queries, however many years they hold."""
    earliest = max(point.active_from, day - timedelta(days=LONGEST_LOOK))
    back = (day - timedelta(days=n) for n in range(1, (day - earliest).days + 1))
    served = (d for d in back if office.calendar.serves(point.timetable, d))
    service_days = tuple(islice(served, BASELINE_DAYS))
    since = service_days[-1] if service_days else day
    past = tuple(questions.past(tx, point.code, since, day))
    moved_in, moved_out = stock.moved(tx, point.code, past[0].day + timedelta(days=1), day) if past else (0, 0)
    return Circumstances(
        day=day,
        written_on=today,
        first=first,
        service_days=service_days,
        past=past,
        visits=questions.visits(tx, point.code, since, day),
        kits=tuple(kit for kit in kits if kit.point_code == point.code),
        kit_day=office.limit("kit_day"),
        moved_in=moved_in,
        moved_out=moved_out,
    )


def doubts(
    tx: Tx,
    sender: Sender,
    office: Office,
    kits: Sequence[Kit],
    point: ServicePoint,
    day: date,
    entry: Entry,
    version: int,
    reason: str = "",
) -> list[Doubt]:
    """Every doubt about a report, the gravest first; none about one that will be refused anyway."""
    today = office_day(sender.at)
    refused = check_day(day, today, point.active_from) or check(entry, {*office.kecamatan, OUTSIDE})
    if refused or (version and check_text("reason", reason, required=" ")):
        return []
    around = circumstances(tx, office, kits, point, day, today, first=not version)
    return raised(as_kept(entry), around)


def answered(doubts: Sequence[Doubt], passes: Mapping[str, str]) -> tuple[list[Flag], list[Problem]]:
    """The doubts as they are kept with the report, and what is wrong with the notes of their sender."""
    wrong = [p for n, note in enumerate(passes.values(), 1) for p in check_text(f"passed-note-{n}", note)]
    return flags(doubts, passes), wrong
