"""What the demo office's staff reported from 8 to 21 October 2024: invented, seeded, no tidier than life.

Only the daily reports: when each was sent, for which point, and what it said. The dates are fixed, so that a
demo looks the same whatever its clock says.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random

from msgspec import Struct
from msgspec.structs import replace

from ..domain.areas import OUTSIDE, Kecamatan, Office, ServicePoint
from ..domain.calendar import days, office_instant
from ..domain.recordings import COUNTED, NIHIL, Entry

FIRST = date(2024, 10, 8)
TODAY = date(2024, 10, 21)

BUSY = ("35.16.08", "35.16.02", "35.16.16")
"""Kecamatan whose office serves its neighbours too (the hubs of October 2024)."""

STEADY = {"35.16.11": 22, "35.16.13": 33}
"""Usual number a day where a typing mistake or a correction has to be seen for what it is."""

REPORTED_TODAY = {
    "kec-35.16.06": time(12, 20),
    "kec-35.16.12": time(11, 55),
    "kec-35.16.14": time(12, 41),
    "kec-35.16.18": time(12, 8),
    "mpp": time(12, 32),
}
NEVER_SENT = {
    ("kec-35.16.02", date(2024, 10, 16)),
    ("kec-35.16.02", date(2024, 10, 17)),
    ("kec-35.16.15", date(2024, 10, 18)),
}
SENT_LATER = {
    ("kec-35.16.04", date(2024, 10, 10)): office_instant(date(2024, 10, 12), time(9, 15)),
    ("kec-35.16.10", date(2024, 10, 9)): office_instant(date(2024, 10, 10), time(8, 21)),
    ("kec-35.16.10", date(2024, 10, 15)): office_instant(date(2024, 10, 16), time(8, 34)),
    ("kec-35.16.07", date(2024, 10, 11)): office_instant(date(2024, 10, 14), time(10, 5)),
}
NIHIL_DAYS = {
    ("kec-35.16.03", date(2024, 10, 17)): ("alat_rusak", "Pemindai iris tidak terbaca komputer sejak pagi."),
    ("kec-35.16.03", date(2024, 10, 18)): ("alat_rusak", "Pemindai iris belum bisa dipakai."),
    ("kec-35.16.17", date(2024, 10, 11)): ("jaringan_server", "Jaringan ke pusat putus sepanjang hari."),
    ("kec-35.16.04", date(2024, 10, 16)): ("tak_ada_pemohon", ""),
}
STATED = {
    ("kec-35.16.11", date(2024, 10, 16)): 240,  # a typing mistake: 24 was meant
    ("kec-35.16.13", date(2024, 10, 15)): 34,
}
CORRECTIONS = {
    ("kec-35.16.13", date(2024, 10, 15)): (
        43,
        office_instant(date(2024, 10, 16), time(8, 40)),
        "Sembilan perekaman sore hari belum terhitung.",
    ),
}


class Sent(Struct, frozen=True):
    """One sending of a report: the moment, the point, the day served, what was said."""

    at: datetime
    point_code: str
    day: date
    entry: Entry
    version: int = 0
    reason: str = ""


def reports(office: Office, rng: Random) -> Iterator[Sent]:
    """Every sending of the demo, point by point; the same ones for the same ``rng``."""
    for point in office.points.values():
        yield from _point(office, point, rng)


def _point(office: Office, point: ServicePoint, rng: Random) -> Iterator[Sent]:
    usual = _usual(point, rng)
    shelf = _Shelf(rng, big=point.kecamatan_code is None)
    near = _near(office, point)
    splits = rng.random() < 0.85
    for day in days(FIRST, TODAY):
        if not office.calendar.serves(point.timetable, day):
            continue
        key = (point.code, day)
        recorded = _count(usual, point, day, rng)
        nihil = key in NIHIL_DAYS
        stated = STATED.get(key, recorded)
        if key in STATED and stated < 100:
            recorded = stated
        if key in STATED and stated > 100:
            recorded = stated // 10
        counts = shelf.after(0 if nihil else recorded, served=not nihil)
        sent_at = _sent_at(point, day, rng)
        if nihil:
            reason, note = NIHIL_DAYS[key]
            entry = Entry(NIHIL, reason, counts, {}, note)
        else:
            counts |= _recording(stated, recorded, splits, rng)
            homes = _homes(recorded, near, rng) if rng.random() < 0.8 else {}
            entry = Entry(COUNTED, None, counts, homes)
        if sent_at is None:
            continue
        yield Sent(sent_at, point.code, day, entry)
        if key in CORRECTIONS:
            right, at, why = CORRECTIONS[key]
            better = replace(entry, counts={**entry.counts, "recorded": right})
            yield Sent(at, point.code, day, better, version=1, reason=why)


def _usual(point: ServicePoint, rng: Random) -> int:
    if point.kecamatan_code is None:
        return 92 if point.kind == "dinas" else 74
    if point.kecamatan_code in STEADY:
        return STEADY[point.kecamatan_code]
    return rng.randint(30, 36) if point.kecamatan_code in BUSY else rng.randint(13, 27)


def _count(usual: int, point: ServicePoint, day: date, rng: Random) -> int:
    least, most = (60, 120) if point.kecamatan_code is None else (8, 45)
    spread = 0.12 if point.kecamatan_code in STEADY else 0.28
    friday = 0.75 if day.weekday() == 4 else 1.0
    unfinished = 0.7 if day == TODAY else 1.0
    number = round(usual * friday * unfinished * rng.uniform(1 - spread, 1 + spread))
    return max(least if unfinished == 1.0 else 8, min(most, number))


def _sent_at(point: ServicePoint, day: date, rng: Random) -> datetime | None:
    """When the report came; None when it never did."""
    minute = rng.randint(35, 115)
    tardy = rng.random() < 0.04
    key = (point.code, day)
    if key in NEVER_SENT:
        return None
    if day == TODAY:
        return office_instant(day, REPORTED_TODAY[point.code]) if point.code in REPORTED_TODAY else None
    if key in SENT_LATER:
        return SENT_LATER[key]
    if tardy and day.weekday() < 4 and key not in CORRECTIONS:
        return office_instant(day + timedelta(days=1), time(8, minute % 50))
    return office_instant(day, time(14 + minute // 60, minute % 60))


def _recording(stated: int, recorded: int, splits: bool, rng: Random) -> dict[str, int | None]:
    men = sum(rng.random() < 0.5 for _n in range(recorded))
    young = round(recorded * rng.uniform(0.3, 0.65))
    given = splits and rng.random() < 0.9
    return {
        "recorded": stated,
        "recorded_male": men if given else None,
        "recorded_female": recorded - men if given else None,
        "recorded_first_time": young if given else None,
        "re_recorded": rng.choice((0, 0, 0, 1, 2)),
        "failed": rng.choice((0, 0, 0, 1, 1, 2)),
    }


class _Shelf:
    """Cards, consumables and SIAK counters of a point, carried from one day to the next."""

    def __init__(self, rng: Random, *, big: bool) -> None:
        self._rng, self._big = rng, big
        self.blanks = rng.randint(700, 950) if big else rng.randint(140, 260)
        self.ribbon, self.film = rng.randint(62, 96), rng.randint(62, 96)
        self.prr = rng.randint(180, 300) if big else rng.randint(30, 80)
        self.sfe = rng.randint(60, 110) if big else rng.randint(10, 30)
        self.duplicate, self.adjudicate = rng.randint(2, 9), rng.randint(0, 3)

    def after(self, recorded: int, *, served: bool) -> dict[str, int | None]:
        """Printing, readings and stock at the end of a day with this many recordings."""
        rng = self._rng
        enough = 250 if self._big else 60
        received = rng.choice((100, 150)) * (4 if self._big else 1) if self.blanks < enough else 0
        answered = min(self.sfe, round(self.sfe * rng.uniform(0.3, 0.7)))
        self.prr += answered
        self.sfe += recorded - answered
        first = replacement = spoiled = 0
        if served:
            first = min(self.prr, self.blanks // 2, round(recorded * rng.uniform(0.6, 1.1)))
            replacement = min(self.blanks // 4, rng.randint(2, 9) * (3 if self._big else 1))
            spoiled = rng.choice((0, 0, 0, 1, 1, 2))
        self.prr -= first
        self.blanks += received - first - replacement - spoiled
        used = (first + replacement + spoiled) // (14 if self._big else 7)
        self.ribbon, self.film = _wear(self.ribbon, used), _wear(self.film, used)
        self.duplicate = max(0, self.duplicate + rng.choice((-1, 0, 0, 1)))
        self.adjudicate = max(0, self.adjudicate + rng.choice((-1, 0, 0, 1)))
        flows: dict[str, int | None] = {
            "printed_prr": first,
            "printed_replacement": replacement,
            "handed_over": max(0, first + replacement - rng.randint(0, 6)),
            "blanks_spoiled": spoiled,
        }
        return (flows if served else {}) | {
            "blanks_received": received,
            "blanks_left": self.blanks,
            "ribbon_pct": self.ribbon,
            "film_pct": self.film,
            "prr": self.prr,
            "sfe": self.sfe,
            "duplicate": self.duplicate,
            "adjudicate": self.adjudicate,
        }


def _wear(percent: int, used: int) -> int:
    """What is left of a ribbon or film; a nearly empty one is changed for a new one."""
    return percent - used if percent - used >= 4 else 100


def _near(office: Office, point: ServicePoint) -> list[str]:
    """Home areas of the people who come to a point, the commonest first."""
    if point.kecamatan_code is None:
        middle = office.kecamatan["35.16.13"]
        return sorted(office.kecamatan, key=lambda code: _steps(middle, office.kecamatan[code]))[:9]
    own = office.kecamatan[point.kecamatan_code]
    reach = 6 if own.code in BUSY else 4
    return sorted(office.kecamatan, key=lambda code: _steps(own, office.kecamatan[code]))[:reach]


def _steps(one: Kecamatan, other: Kecamatan) -> tuple[float, str]:
    across, down = one.tile_column - other.tile_column, one.tile_row - other.tile_row
    return (across * across + down * down, other.code)


def _homes(recorded: int, near: list[str], rng: Random) -> dict[str, int]:
    """Homes of most of the recorded; what nobody asked stays unsplit."""
    asked = recorded if rng.random() < 0.55 else round(recorded * rng.uniform(0.7, 0.95))
    weights = [12.0 if len(near) < 9 else 4.0] + [2.2 / n**0.5 for n in range(1, len(near))]
    drawn = rng.choices([*near, OUTSIDE], [*weights, 0.7], k=asked)
    return {code: drawn.count(code) for code in [*near, OUTSIDE] if code in drawn}
