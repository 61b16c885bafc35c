"""The pace of an election worked out for a page, and in words: for its own page, the summary and *Hari ini*."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from flask import url_for
from msgspec import Struct

from ..domain.areas import Office
from ..domain.calendar import Election, office_day
from ..domain.downtime import opening
from ..domain.equipment import ABLE, UNABLE, known
from ..domain.intervals import intersection
from ..domain.outages import with_outages
from ..domain.output import PointOutput
from ..domain.pace import (
    BEHIND,
    DISTRICT,
    HUB,
    KECAMATAN,
    KIND,
    NO_TARGET,
    OUT_OF_REACH,
    PLACES,
    USED_UP,
    WORDS,
    Course,
    Kits,
    Pace,
    Rate,
    courses_of,
    pace,
)
from ..domain.pace_areas import board
from ..domain.places import TargetBatch
from ..domain.rollout import Range
from ..storage import ledger, outages
from ..storage import pace as kept
from .door import account, now, office, reading, services, versions
from .downtime_words import decimal
from .formats import number
from .language import gettext, ngettext

FURTHEST = 5
"""Lines of the list of those furthest behind."""


class View(Struct, frozen=True):
    """An election as its page shows it: every area with its pace, the school types apart."""

    election: Election
    courses: Mapping[str, Course]
    paces: Sequence[Pace]
    kinds: Sequence[Pace]

    @property
    def district(self) -> Pace:
        """All together."""
        return next(p for p in self.paces if p.area.level == DISTRICT)

    def of(self, level: str, code: str) -> Pace | None:
        """One area; None where there is none."""
        every = (*self.paces, *self.kinds)
        return next((p for p in every if (p.area.level, p.area.code) == (level, code)), None)


def build(
    election: Election,
    source_of: Callable[[list[TargetBatch]], str] = lambda batches: "",
    points: Sequence[PointOutput] = (),
    *,
    whole: bool = True,
    levels: Collection[str] = (DISTRICT, HUB, KECAMATAN),
) -> View:
    """The election as it stands now. ``points`` say on which days an outage stopped recording where.

    Without ``whole`` there are no school types and no kits: what a card or a short list shows needs neither.
    """
    lists, today = office(), office_day(now())
    figures = list(services().figures(reading(), versions()))
    facts = kept.facts(reading(), election, figures, account(), now(), whole=whole)
    stopped = {own.line.code: _days_down(lists, own) for own in points}
    found = board(lists, election, facts, now(), lambda batches: source_of(list(batches)), stopped)
    courses = courses_of(lists, election, found.lines.values(), today)
    kits = kits_at(lists) if whole else {}
    paces, kinds = (
        [pace(election, area, courses, today, kits) for area in areas if area.level in (*levels, KIND)]
        for areas in (found.areas, found.kinds)
    )
    return View(election, courses, paces, kinds)


def _days_down(lists: Office, own: PointOutput) -> frozenset[date]:
    touched = {office_day(edge) for span in own.line.down for edge in span}
    first, last = min(touched, default=date.max), max(touched, default=date.min)
    ordinals = range(first.toordinal(), last.toordinal() + 1) if touched else ()
    every = (date.fromordinal(n) for n in ordinals)
    return frozenset(day for day in every if intersection(own.line.down, (opening(lists, day),)))


def kits_at(lists: Office) -> dict[str, Kits]:
    """Point → its kits: those known to record now, outages included, and all that stand there."""
    states = [known(lists, kit, now()) for kit in services().kits(reading(), versions())]
    codes = {state.point_code for state in states if state.point_code is not None}
    able = dict.fromkeys(codes, (ABLE, ABLE))
    halted = with_outages(able, outages.lasting(reading(), now()), now(), UNABLE)
    found = {}
    for code in codes:
        own = [state for state in states if state.point_code == code]
        working = sum(state.record == ABLE for state in own) if halted[code][0] == ABLE else 0
        found[code] = Kits(working, len(own))
    return found


# --- words --------------------------------------------------------------------------------------


def service_days(found: Fraction) -> str:
    """18,5: service days, a weekend day as the share that it is."""
    return decimal(float(found))


def word_of(found: Pace) -> tuple[str, str]:
    """(kind, word) of where an area stands; where no day is left, with how many are left."""
    kind, text = WORDS[found.word]
    if found.word == USED_UP:
        return kind, gettext("hari kerja habis, sisa %(left)s", left=number(found.remaining))
    return kind, gettext(text)


def ahead_words(found: Pace) -> str:
    """+120 (2,4%); a dash before anything was expected."""
    if found.difference is None:
        return "–"
    sign = "+" if found.difference > 0 else "−" if found.difference < 0 else ""
    share = "" if found.share is None else f" ({sign}{decimal(abs(found.share))}%)"
    return f"{sign}{number(abs(found.difference))}{share}"


def rate_words(found: Rate | None) -> str:
    """49 (38–61); a dash where nobody reported."""
    if found is None:
        return "–"
    if round(found.low) == round(found.high):
        return number(round(found.middle))
    return f"{number(round(found.middle))} ({number(round(found.low))}–{number(round(found.high))})"


def ending_words(found: Range | None) -> str:
    """2.410 (2.180–2.640)."""
    if found is None:
        return "–"
    low, middle, high = (number(round(n)) for n in (found.low, found.middle, found.high))
    return middle if low == high else f"{middle} ({low}–{high})"


def gap_words(found: Pace) -> list[str]:
    """What can still change the figures: reports and results that are owed, and who is in none of them."""
    told = []
    if found.silent:
        told.append(
            ngettext(
                "%(num)s hari belum lapor – angka sementara",
                "%(num)s hari belum lapor – angka sementara",
                found.silent,
            )
        )
    if found.area.owed:
        told.append(
            ngettext(
                "%(num)s kunjungan belum ada hasilnya – angka sementara",
                "%(num)s kunjungan belum ada hasilnya – angka sementara",
                found.area.owed,
            )
        )
    if found.paceless and len(found.area.lines) > 1:
        told.append(gettext("%(n)s titik belum ada lajunya", n=number(found.paceless)))
    return told


def kit_words(found: Pace) -> str:
    """18 hari kerja, 3 kit jalan → 61 per kit per hari; terbaik selama ini 74."""
    told = gettext(
        "%(days)s hari kerja, %(working)s dari %(standing)s kit jalan",
        days=service_days(found.left),
        working=number(found.kits.working),
        standing=number(found.kits.standing),
    )
    if found.per_kit is not None:
        told += gettext(" → %(number)s per kit per hari", number=number(found.per_kit))
    if found.best_per_kit is not None:
        told += gettext("; terbaik selama ini %(number)s", number=number(found.best_per_kit))
    return told


# --- for the summary and the supervisor's morning -----------------------------------------------


def next_election() -> Election | None:
    """The election or campaign whose pace is looked at today: the next, else the latest."""
    return office().election(office_day(now()))


def card() -> dict[str, Any] | None:
    """The district's pace for the summary; None without an election."""
    election = next_election()
    if election is None:
        return None
    found = _district(election)
    return {
        "election": election,
        "found": found,
        "state": word_of(found),
        "ahead": ahead_words(found),
        "days": service_days(found.left),
        "gaps": gap_words(found),
        "href": url_for("pace.index"),
    }


def _district(election: Election) -> Pace:
    """The district's pace. Where lists of places are the target no report of a day moves it: it is worked out once a
    minute until something else does."""
    moved = ledger.SWEEPS if election.target_kind == PLACES else ledger.DATA
    fresh = (int(now().timestamp()) // 60, account(), versions()[ledger.LISTS], versions()[moved])
    return services().remembered(
        f"pace-{election.code}", fresh, lambda: build(election, whole=False, levels=(DISTRICT,)).district
    )


def furthest_behind() -> dict[str, Any]:
    """The kecamatan furthest behind what is expected by now, the worst first, with where to look."""
    election = next_election()
    if election is None or election.polling_day < office_day(now()):
        return {"lines": [], "without": 0, "all": 0}
    own = [p for p in build(election, whole=False, levels=(KECAMATAN,)).paces]
    late = [p for p in own if p.word in (BEHIND, OUT_OF_REACH, USED_UP) and p.share is not None]
    late.sort(key=lambda p: (p.share or 0, p.area.code))
    return {
        "lines": [(p, word_of(p), ahead_words(p)) for p in late[:FURTHEST]],
        "number": len(late),
        "without": sum(p.word == NO_TARGET for p in own),
        "all": len(own),
        "election": election,
    }
