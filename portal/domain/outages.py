"""What stops a point without a kit being broken: network, central server, power, a login, nobody there.

Source: causes told by other offices (link slow or central server down, lightning and power cuts, an operator whose
password was forgotten); none of them is a fault of a kit, and one of the whole district is entered once.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta

from msgspec import Struct

from .areas import Office
from .calendar import office_day, office_instant
from .problems import Problem, _
from .texts import check_text

NETWORK = "network"
CENTRAL_SERVER = "central_server"

CAUSES = {
    NETWORK: _("Jaringan"),
    CENTRAL_SERVER: _("Server pusat"),
    "power": _("Listrik"),
    "operator_login": _("Akun atau sandi operator"),
    "staff": _("Petugas tidak ada"),
}

RECORDING = "record"
PRINTING = "print"
BOTH = "both"
STOPS = {BOTH: _("Rekam dan cetak"), RECORDING: _("Rekam saja"), PRINTING: _("Cetak saja")}

OLDEST = timedelta(days=60)
"""How far back an outage may be told: what was not told within two months nobody remembers to the hour."""


class Outage(Struct, frozen=True):
    """From ``began_at`` nothing of ``stops`` was possible at a point, or (None) in the whole district.

    ``ended_at`` is None while it lasts. One that was taken back (``withdrawn``) counts nowhere.
    """

    id: int
    point_code: str | None
    cause: str
    began_at: datetime
    ended_at: datetime | None
    stops: str = BOTH
    expected_back: date | None = None
    note: str = ""
    by: str = ""
    withdrawn: bool = False
    version: int = 1

    def hits(self, point_code: str) -> bool:
        """Whether it applies to this point."""
        return not self.withdrawn and self.point_code in (None, point_code)

    def lasts(self, at: datetime) -> bool:
        """Whether it was going on at ``at``: from its first moment up to, not with, its last."""
        return not self.withdrawn and self.began_at <= at and (self.ended_at is None or at < self.ended_at)

    @property
    def stops_recording(self) -> bool:
        """Whether nobody could be recorded."""
        return self.stops in (BOTH, RECORDING)

    @property
    def stops_printing(self) -> bool:
        """Whether nothing could be printed."""
        return self.stops in (BOTH, PRINTING)


def at_point(outages: Iterable[Outage], point_code: str, at: datetime) -> list[Outage]:
    """What hits a point at a moment, the longest-lasting first."""
    return sorted((o for o in outages if o.hits(point_code) and o.lasts(at)), key=lambda o: o.began_at)


def stopped(outages: Iterable[Outage], day: date) -> list[Outage]:
    """The outages that stopped recording at any moment of an office day, the earliest first."""
    begins, ends = office_instant(day, time()), office_instant(day + timedelta(days=1), time())
    found = [
        o
        for o in outages
        if o.stops_recording and not o.withdrawn and o.began_at < ends and (o.ended_at is None or o.ended_at > begins)
    ]
    return sorted(found, key=lambda o: (o.began_at, o.id))


def check_outage(outage: Outage, office: Office, now: datetime, kept: Iterable[Outage] = ()) -> list[Problem]:
    """An outage that can be: a known cause and point, begun in the past, ended after it began, told once."""
    problems = check_text("note", outage.note)
    if outage.cause not in CAUSES:
        problems.append(Problem("cause", _("Pilih sebab gangguan.")))
    if outage.stops not in STOPS:
        problems.append(Problem("stops", _("Pilih apa yang terhenti.")))
    if outage.point_code is not None and outage.point_code not in office.points:
        problems.append(Problem("point", _("Pilih titik layanan dari daftar.")))
    if outage.began_at > now:
        problems.append(Problem("began", _("Gangguan tidak dapat dicatat sebelum terjadi.")))
    elif outage.began_at < now - OLDEST:
        problems.append(Problem("began", _("Terlalu lama: paling jauh 60 hari ke belakang.")))
    problems += check_end(outage, outage.ended_at, now)
    if outage.expected_back is not None and outage.expected_back < office_day(outage.began_at):
        problems.append(Problem("expected_back", _("Perkiraan pulih tidak boleh sebelum gangguan mulai.")))
    if not problems and any(_same(outage, other) for other in kept):
        problems.append(Problem("cause", _("Gangguan dengan sebab ini sudah tercatat pada waktu itu.")))
    return problems


def check_end(outage: Outage, ended_at: datetime | None, now: datetime) -> list[Problem]:
    """An end after the beginning and not in the future; None while it lasts."""
    if ended_at is None:
        return []
    if ended_at > now:
        return [Problem("ended", _("Waktu pulih tidak boleh di masa depan. Kosongkan bila masih berlangsung."))]
    if ended_at <= outage.began_at:
        return [Problem("ended", _("Waktu pulih harus sesudah gangguan mulai."))]
    return []


def _same(one: Outage, other: Outage) -> bool:
    """Whether two tell of the same cause at the same point at the same time."""
    if other.withdrawn or other.id == one.id or (one.cause, one.point_code) != (other.cause, other.point_code):
        return False
    return (other.ended_at is None or one.began_at < other.ended_at) and (
        one.ended_at is None or other.began_at < one.ended_at
    )


def with_outages(
    abilities: Mapping[str, tuple[str, str]], outages: Iterable[Outage], at: datetime, unable: str
) -> dict[str, tuple[str, str]]:
    """Point → (can record, can print), where an outage that lasts makes a point ``unable`` whatever its kits can do."""
    lasting = [o for o in outages if o.lasts(at)]
    found = {}
    for code, (record, printing) in abilities.items():
        hit = [o for o in lasting if o.hits(code)]
        found[code] = (
            unable if any(o.stops_recording for o in hit) else record,
            unable if any(o.stops_printing for o in hit) else printing,
        )
    return found
