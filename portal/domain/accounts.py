"""Who may do what. One table of deeds, one scope per account; the rest of the house asks here."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from msgspec import Struct

from .problems import NotPermitted, Problem, Unknown, _
from .texts import long_number

CLERK = "clerk"
LIAISON = "liaison"
SUPERVISOR = "supervisor"
READER = "reader"
ADMINISTRATOR = "administrator"

ROLES = {
    CLERK: _("Petugas kecamatan"),
    LIAISON: _("Penghubung sekolah"),
    SUPERVISOR: _("Pengawas kabupaten"),
    READER: _("Pembaca"),
    ADMINISTRATOR: _("Administrator"),
}

_EVERYBODY = frozenset(ROLES)
_OFFICE = frozenset({CLERK, SUPERVISOR, READER, ADMINISTRATOR})
_DISTRICT = frozenset({SUPERVISOR, READER, ADMINISTRATOR})
_WRITERS = frozenset({CLERK, SUPERVISOR})

DEEDS: Mapping[str, frozenset[str]] = {
    "today.see": _EVERYBODY,
    "recordings.see": _OFFICE,
    "recordings.write": _WRITERS,
    "completeness.excuse": frozenset({SUPERVISOR}),
    "calendar.see": _DISTRICT,
    "calendar.write": frozenset({SUPERVISOR}),
    "reviews.see": _DISTRICT,
    "reviews.write": frozenset({SUPERVISOR}),
    "locks.see": _DISTRICT,
    "locks.write": frozenset({SUPERVISOR}),
    "proposals.see": _OFFICE,
    "proposals.write": _WRITERS,
    "proposals.decide": frozenset({SUPERVISOR}),
    "visits.see": _EVERYBODY,
    "visits.write": _WRITERS | {LIAISON},
    "visits.run": _WRITERS,
    "places.see": _EVERYBODY,
    "places.propose": _WRITERS | {LIAISON},
    "places.write": _WRITERS,
    "places.import": frozenset({SUPERVISOR, ADMINISTRATOR}),
    "equipment.see": _OFFICE,
    "equipment.write": _WRITERS,
    "equipment.move": _WRITERS | {ADMINISTRATOR},
    "equipment.add": frozenset({SUPERVISOR, ADMINISTRATOR}),
    "equipment.retire": frozenset({SUPERVISOR}),
    "stock.see": _OFFICE,
    "stock.write": _WRITERS,
    "downtime.see": _OFFICE,
    "rollout.see": _DISTRICT,
    "summary.see": _DISTRICT,
    "figures.see": _EVERYBODY,
    "figures.write": frozenset({SUPERVISOR, ADMINISTRATOR}),
    "pace.see": _DISTRICT,
    "contacts.see": _DISTRICT,
    "contacts.write": frozenset({SUPERVISOR}),
    "open_data.see": _DISTRICT,
    "open_data.manage": frozenset({SUPERVISOR, ADMINISTRATOR}),
    "api.read": frozenset(),
    "publications.see": _DISTRICT,
    "publications.write": frozenset({SUPERVISOR}),
    "planner.see": _OFFICE,
    "planner.write": _WRITERS,
    "settings.write": frozenset({SUPERVISOR, ADMINISTRATOR}),
    "accounts.manage": frozenset({ADMINISTRATOR}),
    "accounts.own": _EVERYBODY,
}
"""Deed → roles. A route or action that names a deed outside this table does not start. No person reads the API: only
a token does."""

IDLE = {SUPERVISOR: timedelta(minutes=15), ADMINISTRATOR: timedelta(minutes=15)}
IDLE_OTHERS = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)

THROTTLE_WINDOW = timedelta(minutes=15)
THROTTLE_ACCOUNT = 10
"""Failures for one account from one address: a stranger elsewhere must not lock the owner out."""
THROTTLE_ANYWHERE = 50
"""Failures for one account from all addresses together: guessing from many machines at once is slow all the same.
Where the account signed in lately this is not asked, or a few strangers could keep its owner out for as long as they
like."""
THROTTLE_KNOWN = timedelta(days=30)
"""How long an address is one where an account signed in lately."""
THROTTLE_ADDRESS = 30
"""Failures from one address, whoever is named: an office behind one address has some twenty people."""
THROTTLE_STEP = timedelta(seconds=30)

PASSWORD_SHORTEST = 12
PASSWORD_LONGEST = 256


class Account(Struct, frozen=True):
    """A member of staff. ``points`` are a clerk's scope, ``places`` a liaison's; others see the district."""

    id: int
    username: str
    name: str
    role: str
    points: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    kecamatan: frozenset[str] = frozenset()
    phone: str = ""
    active: bool = True
    must_change: bool = False
    version: int = 1

    def may(self, deed: str) -> bool:
        """Whether the role includes ``deed``."""
        return self.active and self.role in DEEDS[deed]

    def sees_point(self, code: str) -> bool:
        """Whether a service point lies within the account's area."""
        return self.role in _DISTRICT or (self.role == CLERK and code in self.points)

    def sees_place(self, code: str, kecamatan_code: str | None) -> bool:
        """Whether a sweep place does: a clerk's by kecamatan, a liaison's by name."""
        if self.role in _DISTRICT:
            return True
        return code in self.places if self.role == LIAISON else kecamatan_code in self.kecamatan

    @property
    def sees_district(self) -> bool:
        """Whether nothing in the district is foreign to this account."""
        return self.role in _DISTRICT


class Foreign(Unknown):
    """It exists, outside the person's area: told like what does not exist, but written down."""

    def __init__(self, what: str, deed: str) -> None:
        super().__init__(what)
        self.what, self.deed = what, deed


def require(account: Account, deed: str) -> None:
    """Return when the role includes ``deed``; raises NotPermitted otherwise."""
    if not account.may(deed):
        raise NotPermitted(deed)


def require_point(account: Account, deed: str, point_code: str) -> None:
    """As ``require``, and the point lies in the account's area; raises Foreign otherwise (answered as 404)."""
    require(account, deed)
    if not account.sees_point(point_code):
        raise Foreign(point_code, deed)


def require_place(account: Account, deed: str, place_code: str, kecamatan_code: str | None) -> None:
    """As ``require_point``, for a place that is visited."""
    require(account, deed)
    if not account.sees_place(place_code, kecamatan_code):
        raise Foreign(place_code, deed)


class LoginSession(Struct, frozen=True):
    """One browser signed in. Its token is never stored, only the token's SHA-256."""

    id: int
    account: Account
    created_at: datetime
    seen_at: datetime

    def expired(self, now: datetime) -> bool:
        """Idle too long for the role, or older than the absolute limit. A clock set back expires nothing."""
        return now - self.seen_at > IDLE.get(self.account.role, IDLE_OTHERS) or now - self.created_at > ABSOLUTE


def sign_in_wait(failures: Sequence[datetime], limit: int, now: datetime) -> timedelta:
    """How long a new attempt must wait after these failures; zero below ``limit`` within 15 minutes.

    The wait doubles with every failure beyond the limit and never exceeds the window. Source: OWASP ASVS 5.0, 6.3.
    """
    recent = [at for at in failures if now - at < THROTTLE_WINDOW]
    if len(recent) < limit:
        return timedelta(0)
    doublings: int = 2 ** min(len(recent) - limit, 10)
    wait = min(THROTTLE_STEP * doublings, THROTTLE_WINDOW)
    return max(timedelta(0), max(recent) + wait - now)


def throttle_address(address: str) -> str:
    """The address as failures are counted: of IPv6 the /64, because one machine may use all of it."""
    try:
        found = ip_address(address)
    except ValueError:
        return address[:45]
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network((found, 64), strict=False))
    return str(found)


_CONTEXT_WORDS = frozenset(
    [
        "dispendukcapil",
        "disdukcapil",
        "dukcapil",
        "kependudukan",
        "pencatatan",
        "perekaman",
        "mojokerto",
        "kabupaten",
        "kecamatan",
        "kelurahan",
        "indonesia",
        "petugas",
        "pengawas",
        "administrator",
        "penghubung",
        "pembaca",
        "operator",
        "bupati",
        "camat",
        "portal",
        "kantor",
        "rahasia",
        "sandi",
        "password",
        "passw0rd",
        "katasandi",
        "selamat",
        "datang",
        "bismillah",
        "qwertyuiop",
        "qwerty",
        "asdfghjkl",
        "asdfgh",
        "zxcvbnm",
        "zxcvb",
        "iloveyou",
        "welcome",
        "letmein",
        "dragon",
        "monkey",
        "football",
        "superman",
        "sayang",
        "cinta",
        "garuda",
        "merdeka",
        "pancasila",
        "jawatimur",
        "surabaya",
        "admin",
    ]
)

_WORDS = re.compile("|".join(sorted(map(re.escape, _CONTEXT_WORDS), key=len, reverse=True)))


def check_password(password: str, username: str) -> list[Problem]:
    """A new password: 12 to 256 characters, and not made of common words, the office's words or one's own name.

    No composition rules (ASVS 6.2). What remains after such words, runs and repeats are taken out must still be
    at least six characters, four of them different.
    """
    if len(password) < PASSWORD_SHORTEST:
        return [
            Problem(
                "password",
                _("Sandi paling sedikit %(shortest)s huruf. Rangkaian kata boleh."),
                {"shortest": 12},
            )
        ]
    if len(password) > PASSWORD_LONGEST:
        return [Problem("password", _("Sandi paling banyak %(longest)s huruf."), {"longest": PASSWORD_LONGEST})]
    left = password.lower()
    if len(username) >= 3:
        left = left.replace(username.lower(), "")
    left = _WORDS.sub("", left)
    left = re.sub(r"(.)\1{2,}", r"\1", left)
    left = re.sub(r"0?123456789?0?|0?12345|1234|9876543210?|87654321|abcdefg?h?|20[0-9]{2}", "", left)
    if len(left) < 6 or len(Counter(left)) < 4:
        return [Problem("password", _("Sandi terlalu mudah ditebak. Pakai beberapa kata yang tidak berkaitan."))]
    return []


_PHONE = re.compile(r"[0-9+() ./-]{0,20}", re.ASCII)


def _numbered(name: str) -> bool:
    """Whether somebody's number stands in a name."""
    return bool(re.search(r"\d{8}", name)) or long_number(name)


_USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,39}", re.ASCII)


def check_account(
    username: str, name: str, role: str, points: frozenset[str], places: frozenset[str], phone: str = ""
) -> list[Problem]:
    """A new or changed account: usable username, a name, a role, the area that role needs, a callable number."""
    problems = []
    if not _USERNAME.fullmatch(username):
        problems.append(
            Problem("username", _("Nama pengguna: 3–40 huruf kecil, angka, titik atau strip, diawali huruf."))
        )
    if not name.strip() or len(name) > 80 or not name.isprintable() or _numbered(name):
        problems.append(Problem("name", _("Isi nama petugas, paling banyak 80 huruf, tanpa nomor.")))
    if not _PHONE.fullmatch(phone) or sum(c.isdigit() for c in phone) > 15:
        problems.append(Problem("phone", _("Nomor telepon: paling banyak 15 angka, boleh kosong.")))
    if role not in ROLES:
        problems.append(Problem("role", _("Pilih peran.")))
    if role == CLERK and not points:
        problems.append(Problem("points", _("Pilih paling sedikit satu titik layanan.")))
    if role == LIAISON and not places:
        problems.append(Problem("places", _("Pilih paling sedikit satu sekolah.")))
    return problems
