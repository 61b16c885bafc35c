"""What anybody may know: which point is open, and whether one can be recorded or get a card there now.

No kit, no number, no name: a word for each work, as of a moment, with the hours.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from .areas import NO_HUB, Office, ServicePoint
from .calendar import office_day
from .downtime import opening

NOT_HERE = "not_here"
"""A point that has no kit: recording is elsewhere, which is no fault."""


class PointStatus(Struct, frozen=True):
    """A point at a moment. ``opens`` is None while it is open; ``instead`` are the points of its hub, if not itself.

    ``record`` and ``printing`` are ABLE, UNABLE, UNKNOWN or NOT_HERE. ``why_closed`` is a holiday's name or "".
    """

    point: ServicePoint
    record: str
    printing: str
    opens: datetime | None
    why_closed: str
    instead: Sequence[ServicePoint]

    @property
    def open(self) -> bool:
        """Whether people are served at this moment."""
        return self.opens is None


def next_opening(office: Office, point: ServicePoint, now: datetime) -> datetime | None:
    """When a point that is closed opens next; None while it is open. Closed at its closing minute."""
    today = office_day(now)
    if office.calendar.serves(point.timetable, today):
        begin, end = opening(office, today)
        if begin <= now < end:
            return None
        if now < begin:
            return begin
    return opening(office, office.calendar.next_service_day(point.timetable, today))[0]


def public_status(office: Office, abilities: Mapping[str, tuple[str, str]], now: datetime) -> list[PointStatus]:
    """Every active point in the order of the lists, as everybody may see it."""
    today = office_day(now)
    found = []
    for point in office.points.values():
        if not point.active(today):
            continue
        record, printing = abilities.get(point.code, (NOT_HERE, NOT_HERE))
        opens = next_opening(office, point, now)
        found.append(
            PointStatus(
                point,
                record,
                printing,
                opens,
                _why_closed(office, point, now) if opens else "",
                _instead(office, point, now) if record == NOT_HERE else (),
            )
        )
    return found


def _why_closed(office: Office, point: ServicePoint, now: datetime) -> str:
    """The holiday that closes a point today; "" on any other day."""
    today = office_day(now)
    closed = not office.calendar.serves(point.timetable, today)
    return (
        office.calendar.holidays.get(today, "")
        if closed and point.timetable.mask(today)[today.weekday()] == "1"
        else ""
    )


def _instead(office: Office, point: ServicePoint, now: datetime) -> list[ServicePoint]:
    today = office_day(now)
    hub = office.hub_of(point.kecamatan_code, today) if point.kecamatan_code else NO_HUB
    seats = office.seats_of(hub, today) if hub != NO_HUB else []
    return [office.points[code] for code in seats if code != point.code]
