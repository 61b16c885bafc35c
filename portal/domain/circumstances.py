"""What is known around a day when its report is written: the days before, the kits, what moved, who was visited."""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct, field

from .calendar import office_day
from .equipment import PRINTS_WITH, RECORDS_WITH, UNABLE, Kit
from .outliers import PastDay, Usual, usual_of_day


class Circumstances(Struct, frozen=True):
    """Everything the soft rules ask of the books, read once. Only standing reports of the same point are in it."""

    day: date
    written_on: date
    first: bool = True
    """Whether nothing was reported for the day before this."""
    service_days: tuple[date, ...] = ()
    """The service days before ``day``, newest first, at most 28."""
    past: tuple[PastDay, ...] = ()
    """Reports of those days, newest first."""
    visits: Mapping[date, tuple[int | None, ...]] = field(default_factory=dict)
    """Visits of the point's team by day: how many each recorded, None while it has no result."""
    kits: tuple[Kit, ...] = ()
    kit_day: int = 0
    """Recordings that one kit manages in a day."""
    moved_in: int = 0
    moved_out: int = 0
    """Blanks that came from and went to other points since the report before."""

    @property
    def before(self) -> PastDay | None:
        """The report of the service day before; None when that day is missing: nothing is known in between."""
        if not self.past or not self.service_days or self.past[0].day < self.service_days[0]:
            return None
        return self.past[0]

    @property
    def usual(self) -> Mapping[str, Usual]:
        """The usual range of each watched flow on a day like this."""
        return usual_of_day(self.past, self.day, self.visits)

    def down(self, kit: Kit) -> bool:
        """Whether a kit could not record on this day, and not before it either: it may have broken during the day."""
        if kit.can_record != UNABLE:
            return False
        stopped = [c.since for c in kit.components if c.kind in RECORDS_WITH and not c.works]
        return not stopped or office_day(min(stopped)) < self.day

    def good(self, kit: Kit, kinds: frozenset[str] = RECORDS_WITH | PRINTS_WITH) -> bool:
        """Whether these parts of a kit are all known to work, and did on this day already."""
        parts = [c for c in kit.components if c.kind in kinds]
        return bool(parts) and all(c.works and office_day(c.since) <= self.day for c in parts)
