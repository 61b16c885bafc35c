"""Published figures and honest percentages.

In October 2024 more people were recorded (870,399) than stood in the voter roll (845,655): two sets, not a coverage.
The rate is recorded over those who must hold a KTP on the same date (UU 24/2013, art. 63).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

RECORDED_TOTAL = "recorded_total"
MUST_HOLD_KTP = "must_hold_ktp"
DPT = "dpt"


@dataclass(frozen=True, slots=True)
class Figure:
    """A dated reading somebody published. ``as_of`` is the last day it can speak of; ``as_of_text`` as published."""

    level: str
    code: str
    metric: str
    value: int
    unit: str
    as_of: date
    as_of_text: str
    election: str
    source: str
    note: str

    @property
    def publisher(self) -> str:
        """Who says so, in one word: the site or paper of the first source named."""
        return publisher(self.source)


def publisher(source: str) -> str:
    """The site or paper that a source begins with, for places too small for the whole address."""
    found = re.match(r"(?:https?://(?:www\.)?)?([^/\s,;]+)", source.strip())
    return found[1] if found else ""


@dataclass(frozen=True, slots=True)
class Percentage:
    """A share that never stands without its bottom: what it is of, of which date, and who says so."""

    part: int
    base: int
    of: str
    as_of: str
    source: str
    same_population: bool = True

    @property
    def percent(self) -> float | None:
        """100 × part ÷ base; None when the base is 0. Never clipped at 100."""
        return 100 * self.part / self.base if self.base else None

    @property
    def tone(self) -> str:
        """``good`` only from 99 to exactly 100 % of the same population: above 100 % two sets were mixed."""
        if self.percent is None:
            return "unknown"
        if not self.same_population or self.percent > 100:
            return "attention"
        return "good" if self.percent >= 99 else "unknown"


def latest(figures: Iterable[Figure], metric: str, on: date) -> Figure | None:
    """The newest reading of a metric for the whole district on or before ``on``."""
    known = [f for f in figures if f.metric == metric and f.level == "kabupaten" and f.as_of <= on]
    return max(known, key=lambda f: f.as_of, default=None)


def coverage(figures: Iterable[Figure], on: date) -> tuple[Figure, Figure] | None:
    """The newest pair (recorded, must hold a KTP) of one and the same date, on or before ``on``.

    Two readings of different dates are never divided by each other: the base grows while people are recorded.
    """
    figures = list(figures)
    base = {f.as_of: f for f in figures if f.metric == MUST_HOLD_KTP and f.level == "kabupaten" and f.as_of <= on}
    pairs = [
        (f, base[f.as_of]) for f in figures if f.metric == RECORDED_TOTAL and f.level == "kabupaten" and f.as_of in base
    ]
    return max(pairs, key=lambda pair: pair[0].as_of, default=None)
