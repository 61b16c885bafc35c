"""Keys with which other programs read: what one may read, of which area, until when. A key never writes.

Method: bearer tokens (RFC 6750), narrow and mortal as OWASP ASVS 5.0 (10.4) wants them: a purpose, named data, an
area, an end within a year, and no way back once revoked.
"""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from msgspec import Struct

from .areas import Office
from .calendar import office_day, office_instant
from .open_data import RESOURCES
from .problems import Problem, _
from .texts import check_text

ALL = "all"
KECAMATAN = "kecamatan"
HUB = "hub"

LONGEST = 365
"""Days that a token may live, the last one included."""

NAME_LIMIT = 80
PURPOSE_LIMIT = 200

REQUESTS_A_MINUTE = 300
"""Answers that one token gets in a minute from one worker: ten years of days take fewer than a hundred pages."""


class Scope(Struct, frozen=True):
    """The area of a token: the whole district, one kecamatan, or what a hub serves on the day in question."""

    kind: str = ALL
    code: str = ""

    @property
    def whole(self) -> bool:
        """Whether nothing of the district is foreign to it."""
        return self.kind == ALL

    def sees_kecamatan(self, office: Office, code: str | None, day: date) -> bool:
        """Whether a kecamatan lies in the area on ``day``."""
        if self.kind == KECAMATAN:
            return code == self.code
        return self.whole or (code is not None and office.hub_of(code, day) == self.code)

    def sees_point(self, office: Office, code: str, day: date) -> bool:
        """Whether a service point does: a kecamatan's by its kecamatan, the district's own by the hub it forms."""
        if self.whole:
            return True
        kecamatan = office.points[code].kecamatan_code
        if kecamatan is not None:
            return self.sees_kecamatan(office, kecamatan, day)
        return self.kind == HUB and office.seat_of(code, day) == self.code


WHOLE = Scope()


class Token(Struct, frozen=True):
    """A key as the office keeps it: everything but the key itself, of which only the SHA-256 is kept."""

    id: int
    name: str
    purpose: str
    scope: Scope
    resources: frozenset[str]
    expires_at: datetime
    made_at: datetime
    maker: str = ""
    revoked_at: datetime | None = None

    @property
    def last(self) -> date:
        """The last day on which it holds."""
        return office_day(self.expires_at) - timedelta(days=1)

    def valid(self, now: datetime) -> bool:
        """Whether it opens anything at ``now``."""
        return self.revoked_at is None and now < self.expires_at

    def grants(self, resource: str) -> bool:
        """Whether these data were granted."""
        return resource in self.resources


def last_moment(last: date) -> datetime:
    """When a token that holds up to and with ``last`` ends: the office's next midnight."""
    return office_instant(last + timedelta(days=1), time())


def check_token(
    name: str, purpose: str, scope: Scope, resources: Collection[str], last: date | None, office: Office, now: datetime
) -> list[Problem]:
    """A new token: named, with a purpose, for an area of the office, for data that there are, for a year at most."""
    problems = check_text("name", name, NAME_LIMIT, required=_("Isi nama token, misalnya nama aplikasi pemakainya."))
    problems += check_text("purpose", purpose, PURPOSE_LIMIT, required=_("Isi untuk apa token ini dipakai."))
    known = {ALL: ("",), KECAMATAN: office.kecamatan, HUB: office.hubs}
    if scope.code not in known.get(scope.kind, ()):
        problems.append(Problem("scope", _("Pilih wilayah dari daftar.")))
    if not resources or not set(resources) <= RESOURCES.keys():
        problems.append(Problem("resources", _("Pilih paling sedikit satu jenis data.")))
    elif not scope.whole and any(RESOURCES[name].district_only for name in resources):
        problems.append(
            Problem("resources", _("Rekap terbit memuat seluruh kabupaten: pilih wilayah seluruh kabupaten."))
        )
    today = office_day(now)
    if last is None or not today <= last < today + timedelta(days=LONGEST):
        problems.append(Problem("last", _("Masa berlaku: dari hari ini sampai paling lama satu tahun.")))
    return problems
