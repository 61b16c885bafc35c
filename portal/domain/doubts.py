"""Doubts about a report that may well be right: what the books make unlikely, asked once and then believed.

The words of each question stand in the table of ``domain/rules``; here is when it is asked, and with which figures.
"""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from .circumstances import Circumstances
from .problems import Problem
from .recordings import COUNTED, FLOWS, NIHIL, Entry
from .stock import expected_left

LATE_DAYS = 3
MOST_ASKED = 3
"""Questions at one save: a fourth would be passed without being read."""

REFILLED_FROM = 90
"""Percent: what rises to less than this was not changed for a new one."""


class Finding(msgspec.Struct, frozen=True):
    """What a rule found: at which box, what was written there, and within which bounds it was expected."""

    field: str
    value: int | None = None
    low: int | None = None
    high: int | None = None
    words: Mapping[str, int | str] = msgspec.field(default_factory=dict)
    kit: str = ""
    """Code of the kit whose state should be looked at."""


class Doubt(msgspec.Struct, frozen=True):
    """One question: which rule asks, and what it found."""

    rule: str
    text: str
    found: Finding

    @property
    def problem(self) -> Problem:
        """The question in words."""
        found = self.found
        bounds = {"value": found.value, "low": found.low, "high": found.high}
        return Problem(found.field, self.text, {k: v for k, v in bounds.items() if v is not None} | dict(found.words))

    @property
    def key(self) -> str:
        """What an answer names: the question about this figure, so that another figure is asked about anew."""
        return f"{self.rule}:{self.found.field}:{'' if self.found.value is None else self.found.value}"


class Flag(msgspec.Struct, frozen=True):
    """A doubt as it is kept with the version of the report that it is about."""

    rule: str
    field: str
    value: int | None
    low: int | None
    high: int | None
    asked: bool
    """Whether it was put to the sender, who said that the figure is right."""
    note: str = ""


def asked(doubts: Sequence[Doubt]) -> list[Doubt]:
    """The doubts that are put to the person: at most three, the gravest first, one a box."""
    chosen: dict[str, Doubt] = {}
    for doubt in doubts:
        chosen.setdefault(doubt.found.field, doubt)
    return list(chosen.values())[:MOST_ASKED]


def flags(doubts: Sequence[Doubt], notes: Mapping[str, str]) -> list[Flag]:
    """Every doubt as it is kept; ``notes`` are the answers by the key of what was asked."""
    return [
        Flag(
            d.rule,
            d.found.field,
            d.found.value,
            d.found.low,
            d.found.high,
            d.key in notes,
            notes.get(d.key, "").strip(),
        )
        for d in doubts
    ]


# --- people and kits ------------------------------------------------------------------------------------------


def all_down(entry: Entry, around: Circumstances) -> Iterator[Finding]:
    """People were recorded where every kit has been unable to record since an earlier day."""
    if entry.recorded and around.kits and all(around.down(kit) for kit in around.kits):
        yield Finding("recorded", entry.recorded, kit=around.kits[0].code)


def double_count(entry: Entry, around: Circumstances) -> Iterator[Finding]:
    """The office wrote exactly what its team recorded at a visit that day."""
    if entry.recorded and entry.recorded in around.visits.get(around.day, ()):
        yield Finding("recorded", entry.recorded)


def outlier(entry: Entry, around: Circumstances) -> Iterator[Finding]:
    """A flow far from what the point usually writes on such a day, above or below."""
    if entry.kind != COUNTED:
        return
    for name, usual in around.usual.items():
        value = entry.counts.get(name)
        if value is not None and value not in usual:
            yield Finding(name, value, usual.low, usual.high)


def capacity(entry: Entry, around: Circumstances) -> Iterator[Finding]:
    """More recordings than the working kits manage in a day."""
    working = sum(not around.down(kit) for kit in around.kits)
    if working and entry.recorded > working * around.kit_day:
        yield Finding("recorded", entry.recorded, high=working * around.kit_day, words={"kits": working})


def nihil_kit_good(entry: Entry, around: Circumstances) -> Iterator[Finding]:
    """NIHIL for a broken kit, while a kit of the point is known to work."""
    if entry.kind == NIHIL and entry.nihil_reason == "alat_rusak":
        for kit in around.kits:
            if around.good(kit):
                yield Finding("nihil_reason", words={"kit": kit.name}, kit=kit.code)
                return


def nihil_network_good(entry: Entry, around: Circumstances) -> Iterator[Finding]:
    """NIHIL for the network, while the network of every kit is known to work."""
    network = frozenset({"network"})
    because = entry.kind == NIHIL and entry.nihil_reason == "jaringan_server"
    if because and around.kits and all(around.good(kit, network) for kit in around.kits):
        kit = around.kits[0]
        yield Finding("nihil_reason", words={"kit": kit.name}, kit=kit.code)


# --- blanks, ribbon and film ----------------------------------------------------------------------------------


def _left(entry: Entry, around: Circumstances) -> int | None:
    """Blanks that should be left; a NIHIL day prints nothing. None while one of the boxes is empty."""
    boxes = [entry.counts.get("printed_prr"), entry.counts.get("printed_replacement")]
    printed = 0 if entry.kind == NIHIL else None if None in boxes else sum(b or 0 for b in boxes)
    before = around.before.entry.counts.get("blanks_left") if around.before else None
    came, spoiled = entry.counts.get("blanks_received"), entry.counts.get("blanks_spoiled")
    return expected_left(before, came, printed, spoiled, around.moved_in, around.moved_out)


def blanks_short(entry: Entry, around: Circumstances) -> Iterator[Finding]:
    """More blanks were used than were there."""
    left = _left(entry, around)
    if left is not None and left < 0:
        used = (entry.printed or 0) + (entry.counts.get("blanks_spoiled") or 0)
        yield Finding("printed_prr", used, high=used + left)


def blanks_sum(entry: Entry, around: Circumstances) -> Iterator[Finding]:
    """Yesterday's blanks, what came and what went do not make what is left."""
    should, given = _left(entry, around), entry.counts.get("blanks_left")
    if should is not None and given is not None and should >= 0 and given != should:
        apart = f"{'+' if given > should else '−'}{abs(given - should)}"
        yield Finding("blanks_left", given, should, should, {"apart": apart})


def refill(entry: Entry, around: Circumstances) -> Iterator[Finding]:
    """Ribbon or film that grew without being changed for a new one."""
    for name in ("ribbon_pct", "film_pct"):
        before = around.before.entry.counts.get(name) if around.before else None
        value = entry.counts.get(name)
        if before is not None and value is not None and before < value < REFILLED_FROM:
            yield Finding(name, value, high=before)


# --- days -----------------------------------------------------------------------------------------------------


def same_three_days(entry: Entry, around: Circumstances) -> Iterator[Finding]:
    """Every flow is what it was on both service days before: perhaps a form that was copied."""
    two = around.past[:2]
    if not entry.recorded or len(two) < 2 or tuple(p.day for p in two) != around.service_days[:2]:
        return
    said, *earlier = ([e.counts.get(name) for name in FLOWS] for e in (entry, *(p.entry for p in two)))
    if all(other == said for other in earlier):
        yield Finding("recorded", entry.recorded)


def late_first(_entry: Entry, around: Circumstances) -> Iterator[Finding]:
    """The first word about a day more than three days ago: perhaps another day was meant."""
    ago = (around.written_on - around.day).days
    if around.first and ago > LATE_DAYS:
        yield Finding("service_date", ago, high=LATE_DAYS)
