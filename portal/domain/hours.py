"""From when to when the office's points are open, and since when: a change leaves the days before it as they were.

No opening hours are published. The first hours are the portal's proposal (8–16, the deadline of the daily report).
"""

import hashlib
import json
from collections.abc import Iterable
from datetime import date, timedelta

from msgspec import Struct

from .problems import Problem, _
from .texts import SAME_DAY, check_text

OPENS = 8
CLOSES = 16
OPENS_LIMITS = (5, 11)
CLOSES_LIMITS = (12, 22)
LONGEST = timedelta(days=366)


class Hours(Struct, frozen=True):
    """From ``valid_from`` on every point is open from ``opens`` to ``closes``, whole hours WIB."""

    valid_from: date
    opens: int = OPENS
    closes: int = CLOSES

    @property
    def long(self) -> int:
        """Hours in a service day."""
        return self.closes - self.opens


FIRST = Hours(date.min)


class HoursEntry(Struct, frozen=True):
    """A change of the hours as the office keeps it: who decided it, when and why."""

    id: int
    what: Hours
    reason: str
    by: str


def hours_on(known: Iterable[Hours], day: date) -> Hours:
    """The hours that hold on ``day``: of the words that began, the latest; of one day, the last that was kept."""
    found = FIRST
    for hours in known:
        if found.valid_from <= hours.valid_from <= day:
            found = hours
    return found


def check_hours(
    valid_from: date | None, opens: int | None, closes: int | None, reason: str, known: Iterable[Hours], today: date
) -> list[Problem]:
    """Hours that can be: whole, within bounds, of a day within a year of today, other than before, with a reason; and
    no others from that very day, which somebody else may have set meanwhile."""
    problems = []
    for field, value, (least, most) in (("opens", opens, OPENS_LIMITS), ("closes", closes, CLOSES_LIMITS)):
        if value is None or not least <= value <= most:
            text = _("Isi dengan bilangan bulat dari %(least)s sampai %(most)s.")
            problems.append(Problem(field, text, {"least": least, "most": most}))
    if valid_from is None or not today - LONGEST <= valid_from <= today + LONGEST:
        values = {"first": f"{today - LONGEST:%d-%m-%Y}", "last": f"{today + LONGEST:%d-%m-%Y}"}
        problems.append(Problem("valid_from", _("Pilih tanggal dari %(first)s sampai %(last)s."), values))
    elif any(hours.valid_from == valid_from for hours in known):
        problems.append(Problem("valid_from", SAME_DAY))
    elif not problems:
        kept = hours_on(known, valid_from)
        if (kept.opens, kept.closes) == (opens, closes):
            problems.append(Problem("opens", _("Jam buka ini sudah berlaku pada tanggal itu.")))
    return problems + check_text("reason", reason, required=_("Tulis alasan, misalnya nomor surat atau pengumumannya."))


class Recounted(Struct, frozen=True):
    """How a month (named by its first day) of one point's service days that are gone is counted anew."""

    first: date
    days: int
    before: int
    after: int


def recounted(before: Iterable[Hours], after: Iterable[Hours], served: Iterable[date]) -> list[Recounted]:
    """Month by month the service ``days`` whose hours change, with the hours there were and the hours there will be."""
    then, there = list(before), list(after)
    found: dict[date, Recounted] = {}
    for day in served:
        old, new = hours_on(then, day), hours_on(there, day)
        if (old.opens, old.closes) != (new.opens, new.closes):
            first = day.replace(day=1)
            kept = found.get(first, Recounted(first, 0, 0, 0))
            found[first] = Recounted(first, kept.days + 1, kept.before + old.long, kept.after + new.long)
    return [found[first] for first in sorted(found)]


def fingerprint(found: Iterable[Recounted]) -> str:
    """SHA-256 of an effect: whoever keeps the change says which effect was shown to them."""
    said = [[r.first.isoformat(), r.days, r.before, r.after] for r in found]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


class RecountsPast(Exception):
    """A change reaches into the past and was not kept, because whoever made it has not seen what it alters."""

    def __init__(self, effect: list[Recounted]) -> None:
        super().__init__("recounts the past")
        self.effect = effect
