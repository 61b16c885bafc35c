"""Where things happen: kecamatan, desa, service points, hubs and the places that are visited.

Keyed on code, never on a name: three desa changed their spelling between two lists, and Dapodik numbers
Bangsal and Dlanggu the other way round.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt

from msgspec import Struct, field

from .calendar import Calendar, Election, Timetable
from .hours import FIRST, Hours, hours_on
from .limits import LIMIT

OUTSIDE = "luar"
"""Home-area code of people who live outside the kabupaten, the surrounding Kota Mojokerto included."""

NO_HUB = ""
"""Hub code of a kecamatan that no announcement assigns (Dlanggu, October 2024): shown as *belum ditetapkan*."""


class Kecamatan(Struct, frozen=True):
    """A kecamatan by Kemendagri code, with its tile on the map (column, row; rough north at the top)."""

    code: str
    name: str
    abbr: str
    tile_column: int
    tile_row: int


class ServicePoint(Struct, frozen=True):
    """An office that serves people. ``kecamatan_code`` is None for the district's own (dinas, MPP)."""

    code: str
    name: str
    kind: str
    kecamatan_code: str | None
    active_from: date
    active_to: date | None
    timetable: Timetable
    version: int = 1

    @property
    def short(self) -> str:
        """The name where the column already says that these are offices: *Ngoro*."""
        return self.name.removeprefix("Kantor Kecamatan ")

    def active(self, day: date) -> bool:
        """Whether the point is in the duty roll on ``day``."""
        return self.active_from <= day and (self.active_to is None or day <= self.active_to)


class HubMember(Struct, frozen=True):
    """From ``valid_from`` the people of a kecamatan are served by a hub."""

    kecamatan_code: str
    hub_code: str
    valid_from: date
    valid_to: date | None

    def holds(self, day: date) -> bool:
        """Whether the membership is valid on ``day``."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Seat(Struct, frozen=True):
    """From ``valid_from`` a point is a seat of a hub, or (NO_HUB) of none."""

    point_code: str
    hub_code: str
    valid_from: date


def overlapping(members: Iterable[HubMember]) -> tuple[HubMember, HubMember] | None:
    """Two memberships of one kecamatan that share a day, the earlier first; None when every day has one hub at most.

    Such a pair is never loaded: its days would count under both hubs.
    """
    ordered = sorted(members, key=lambda m: (m.kecamatan_code, m.valid_from))
    for earlier, later in pairwise(ordered):
        if earlier.kecamatan_code == later.kecamatan_code and earlier.holds(later.valid_from):
            return earlier, later
    return None


class Capability(Struct, frozen=True):
    """What a point can do (adminduk, rekam, cetak), from and until when, and who announced it."""

    point_code: str
    capability: str
    valid_from: date
    valid_to: date | None
    source: str

    def holds(self, day: date) -> bool:
        """Whether the point can do it on ``day``."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Place(Struct, frozen=True):
    """Where a sweep goes: a school, a pesantren, a desa, the homes of a kecamatan. NPSN is often missing,
    and the kecamatan of one school is published nowhere."""

    code: str
    kind: str
    name: str
    kecamatan_code: str | None
    npsn: str
    level: str = ""
    address: str = ""
    contact: str = ""
    active_from: date | None = None
    active_to: date | None = None
    source: str = ""
    version: int = 1

    def active(self, day: date) -> bool:
        """Whether the place can be visited on ``day``."""
        return (self.active_from is None or self.active_from <= day) and (
            self.active_to is None or day <= self.active_to
        )


class Office(Struct, frozen=True, dict=True):
    """The office's lists as they stand: what every page needs to give codes a name and days a duty."""

    kecamatan: Mapping[str, Kecamatan]
    points: Mapping[str, ServicePoint]
    hubs: Mapping[str, str]
    hub_points: Mapping[str, str]
    members: tuple[HubMember, ...]
    capabilities: tuple[Capability, ...]
    calendar: Calendar
    elections: tuple[Election, ...]
    limits: Mapping[str, int] = field(default_factory=dict)
    """Limits that the office set itself; the others stand at their default."""
    centroids: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """Kecamatan → (latitude, longitude) of a point in its middle; indicative, for distances only."""
    hours: tuple[Hours, ...] = (FIRST,)
    """The opening hours, each since a day, in the order in which they were kept."""
    seats: tuple[Seat, ...] = ()
    """Seats of hubs that were put right, by day; ``hub_points`` are those announced, which held before."""

    @cached_property
    def _hubs(self) -> dict[tuple[str, date], str]:
        return {}

    @cached_property
    def _serving(self) -> dict[date, int]:
        return {}

    def hours_on(self, day: date) -> Hours:
        """From when to when points are open on ``day``."""
        return hours_on(self.hours, day)

    def limit(self, name: str) -> int:
        """The value of a limit of ``domain/limits``."""
        return self.limits.get(name, LIMIT[name].default)

    def home_name(self, code: str) -> str:
        """Name of a home area; the code itself when the list does not know it."""
        return self.kecamatan[code].name if code in self.kecamatan else code

    def hub_of(self, kecamatan_code: str, day: date) -> str:
        """The one hub that serves a kecamatan on ``day`` (memberships never overlap); NO_HUB when none is announced.

        Worked out once.
        """
        key = (kecamatan_code, day)
        if key not in self._hubs:
            hubs = (m.hub_code for m in self.members if m.kecamatan_code == kecamatan_code and m.holds(day))
            self._hubs[key] = next(hubs, NO_HUB)
        return self._hubs[key]

    def hub_of_point(self, point_code: str, day: date) -> str:
        """The hub under which a point works on ``day``: that of its kecamatan, or its own when it belongs to none."""
        kecamatan = self.points[point_code].kecamatan_code
        return self.hub_of(kecamatan, day) if kecamatan else self.seat_of(point_code, day)

    def seat_of(self, point_code: str, day: date) -> str:
        """The hub whose seat a point is on ``day``; NO_HUB for one that is none."""
        hub = self.hub_points.get(point_code, NO_HUB)
        for seat in self.seats:
            if seat.point_code == point_code and seat.valid_from <= day:
                hub = seat.hub_code
        return hub

    def seats_of(self, hub_code: str, day: date) -> list[str]:
        """The points at which a hub sits on ``day``."""
        return [code for code in self.points if self.seat_of(code, day) == hub_code]

    def point_of(self, kecamatan_code: str) -> ServicePoint | None:
        """The office of a kecamatan."""
        for point in self.points.values():
            if point.kecamatan_code == kecamatan_code:
                return point
        return None

    def serving(self, day: date) -> int:
        """How many points owe a report of ``day``. Worked out once."""
        if day not in self._serving:
            points = self.points.values()
            self._serving[day] = sum(p.active(day) and self.calendar.serves(p.timetable, day) for p in points)
        return self._serving[day]

    def start(self) -> date:
        """First day anybody could have reported: the earliest activation of a point."""
        return min((p.active_from for p in self.points.values()), default=date.max)

    def election(self, day: date) -> Election | None:
        """The next election on or after ``day``; the latest past one when none is to come."""
        ahead = sorted((e for e in self.elections if e.polling_day >= day), key=lambda e: e.polling_day)
        past = sorted((e for e in self.elections if e.polling_day < day), key=lambda e: e.polling_day)
        return ahead[0] if ahead else past[-1] if past else None


EARTH_KM = 6_371.0
"""Mean radius of the earth."""


def straight_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Kilometres of the straight line between two points (latitude, longitude), as a haversine on a sphere."""
    (lat1, lon1), (lat2, lon2) = (tuple(map(radians, point)) for point in (one, other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))
