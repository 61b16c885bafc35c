"""Which figures a point usually writes, and which lie so far from them that somebody should look again.

Method: modified z-score of Iglewicz and Hoaglin (1993), M = 0,6745·|x − median| / MAD > 3,5, over days of the same
kind at the same point. A standard deviation would be inflated by the very typo that it should find.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from math import ceil, floor
from statistics import fmean, median

from msgspec import Struct

from .recordings import NIHIL, Entry

OFFICE_DAY = "office"
SCHOOL_DAY = "school"
WEEKEND = "weekend"

BASELINE_DAYS = 28
"""Service days looked back on. Source: usulan portal, four to six weeks of an office."""

LEAST_DAYS = 8
"""Days of the same kind before anything is called usual: below that only the capacity of the kits speaks."""

THRESHOLD = 3.5
NORMAL_MAD = 0.6745
NORMAL_MEAN_DEVIATION = 1.2533
LEAST_DISTANCE = 10
"""Where every day wrote the same: a step of up to ten, or up to the figure itself, is no surprise."""

WATCHED = ("recorded", "printed_prr", "printed_replacement", "handed_over")
"""Flows that are large enough to have a usual size; the others are mostly 0, 1 or 2."""

QUIET_DAYS = frozenset({"tak_ada_pemohon"})
"""Causes of a NIHIL day on which the office was open and able: its 0 is a figure like any other."""


class PastDay(Struct, frozen=True):
    """What stands in the books for an earlier day of a point."""

    day: date
    entry: Entry


class Usual(Struct, frozen=True):
    """The range of figures that surprise nobody, both ends included; never below 0."""

    low: int
    high: int

    def __contains__(self, value: int) -> bool:
        return self.low <= value <= self.high


def day_type(day: date, visit_days: Collection[date]) -> str:
    """What kind of day it was: with a visit of the point's team, at a weekend, or at the office."""
    if day in visit_days:
        return SCHOOL_DAY
    return WEEKEND if day.weekday() >= 5 else OFFICE_DAY


def usual(values: Sequence[int]) -> Usual | None:
    """The usual range of a figure from earlier days of the same kind; None when there are fewer than eight.

    median ± 3,5·MAD/0,6745 (5,19·MAD); with a MAD of 0 the mean deviation times 1,2533 takes its place, and when
    all days are the same, the larger of 10 and the figure itself.
    """
    if len(values) < LEAST_DAYS:
        return None
    middle = median(values)
    distances = [abs(value - middle) for value in values]
    if mad := median(distances):
        reach = THRESHOLD * mad / NORMAL_MAD
    elif mean_deviation := fmean(distances):
        reach = THRESHOLD * NORMAL_MEAN_DEVIATION * mean_deviation
    else:
        reach = max(LEAST_DISTANCE, middle)
    return Usual(max(0, ceil(middle - reach)), floor(middle + reach))


def comparable(past: Iterable[PastDay], name: str, kind: str, visit_days: Collection[date]) -> list[int]:
    """The figures of ``name`` on earlier days of this kind; a day that an outage closed tells nothing of people."""
    found = []
    for earlier in past:
        entry = earlier.entry
        if entry.kind == NIHIL and entry.nihil_reason not in QUIET_DAYS:
            continue
        value = entry.counts.get(name)
        if value is not None and day_type(earlier.day, visit_days) == kind:
            found.append(value)
    return found


def usual_of_day(past: Collection[PastDay], day: date, visit_days: Collection[date]) -> Mapping[str, Usual]:
    """For each watched flow what is usual on a day like ``day``; a flow without enough days is left out."""
    kind = day_type(day, visit_days)
    found = {name: usual(comparable(past, name, kind, visit_days)) for name in WATCHED}
    return {name: range_ for name, range_ in found.items() if range_ is not None}
