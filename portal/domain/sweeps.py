"""Where the sweeps stand: of whom a place's list speaks, who of them was reached, and who is left.

Where a result tells the ages of the recorded, it is known who of them may vote; walk-ins are told with the others, so
each of them leaves one open. Where it does not, that is known only within bounds: everybody recorded beyond those who
turn 17 after polling day is a voter, and no more are than the list names. The lower bound counts.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from msgspec import Struct

from .areas import NO_HUB, Office, Place
from .figures import Percentage
from .places import BUCKETS, PLACE_KINDS, Buckets, TargetBatch
from .problems import _

LIST = _("sasaran menurut daftar")
VOTERS = _("calon pemilih menurut daftar")

BY_PLACE = "place"
BY_KIND = "kind"
BY_KECAMATAN = "kecamatan"
BY_HUB = "hub"
GROUPINGS = {
    BY_PLACE: _("Per tempat"),
    BY_KIND: _("Per jenis"),
    BY_KECAMATAN: _("Per kecamatan"),
    BY_HUB: _("Per hub"),
}

ALWAYS = ("sekolah", "pesantren")
"""Kinds of place that stand in the summary even before anybody told a number or went there."""

SETTLED = ("recorded_from_list", "already", "refused", "outside", "not_yet_16")
"""Boxes of a result after which nobody comes back: recorded, or not to be recorded here."""

LEAST_SEEN = 10
"""People seen at a place before its own share of absent counts. Source: a proposal of the portal."""


class Told(Struct, frozen=True):
    """The results that tell ages, summed: the recorded by age (``ages``, walk-ins among them), how many of them were on
    the list (``listed``), and of those at least and at most how many may vote."""

    ages: Buckets
    listed: int
    least: int
    most: int


class Standing(Struct, frozen=True):
    """One place: its newest confirmed list, what visits found since that list (``since``), and what is still open.

    ``ever`` is (on the lists, absent) over all its finished visits. ``open_left`` are the absent and failed of
    follow-ups still open, ``settled_elsewhere`` those closed as recorded at an office since the list, ``handed_over``
    those closed as another office's, who may have no recording yet. ``told`` is what the results since the list say
    by age; None when none does. Of ``already`` since the list, ``already_later`` were found so on a second visit or a
    later one; ``come_back`` were left behind before the last visit and not settled since, so that it may list them
    again.
    """

    place: Place
    batch: TargetBatch | None
    since: Mapping[str, int]
    ever: tuple[int, int] = (0, 0)
    visits: int = 0
    last_visit: date | None = None
    next_visit: date | None = None
    open_left: int = 0
    open_due: date | None = None
    settled_elsewhere: int = 0
    told: "Told | None" = None
    handed_over: int = 0
    already_later: int = 0
    come_back: int = 0

    @property
    def recorded(self) -> int:
        """Recorded on visits since the list, on it or not; 0 when nobody went."""
        return self.since.get("recorded_from_list", 0) + self.since.get("walk_in", 0)

    @property
    def reached(self) -> int:
        """Of the list, those who now have a recording: recorded on a visit, at an office, or long before."""
        found = self.since.get("recorded_from_list", 0) + self.since.get("already", 0) + self.settled_elsewhere
        return found - self.met_again

    @property
    def met_again(self) -> int:
        """Who was *already* recorded on a later visit and is counted before: by an earlier visit, or at an office.

        Visits of parts of the list and visits for those left behind list nobody twice; what visits list beyond the
        list and beyond those left behind are people met again.
        """
        if self.batch is None:
            return 0
        listed_again = self.since.get("eligible", 0) - self.come_back - self.batch.buckets.total
        return min(self.already_later, max(0, listed_again))

    @property
    def left(self) -> int | None:
        """Who is still to be recorded; None while nobody told how many there are and nothing was left open."""
        if self.batch is None:
            return self.open_left or None
        gone = sum(self.since.get(name, 0) for name in SETTLED) + self.settled_elsewhere + self.handed_over
        return max(0, self.batch.buckets.total - gone + self.met_again)

    @property
    def voters_left(self) -> int:
        """At most so many of those left can vote on polling day: nobody who can is to be forgotten."""
        left = self.left or 0
        if self.batch is None:
            return left
        sure = self.told.least if self.told else 0
        return min(max(0, self.batch.buckets.readiness - sure), left)

    @property
    def ready(self) -> tuple[int, int]:
        """(at least, at most) how many of those who can vote have a recording; (0, 0) without a list.

        What was told outweighs the list. The two are one where every recording was told and nobody walked in.
        """
        if self.batch is None:
            return 0, 0
        told = self.told or Told(Buckets(0, 0, 0), 0, 0, 0)
        untold = self.reached - told.listed
        most_later = max(told.listed - told.most, min(self.batch.buckets.later or 0, told.listed - told.least + untold))
        least = max(0, self.reached - most_later)
        return least, max(least, min(max(self.batch.buckets.readiness, told.least), told.most + untold))

    def absence(self, usual: int) -> tuple[int, bool]:
        """(percent expected to stay away, whether the place's own visits say so)."""
        seen, absent = self.ever
        return (-(-100 * absent // seen), True) if seen >= LEAST_SEEN else (usual, False)


class Row(Struct, frozen=True):
    """A line of the summary: one place, or all of a kind, a kecamatan or a hub.

    Sums of the lists are of the places that have one; ``unknown`` counts the others. ``oldest`` and ``newest`` are the
    days of the lists behind the sum, ``ready`` (at least, at most) how many who can vote have a recording.
    """

    code: str
    places: int
    unknown: int
    never_visited: int
    target: Buckets | None
    reached: int
    ready: tuple[int, int]
    recorded: int
    walked_in: int
    absent: int
    left: int | None
    oldest: date | None
    newest: date | None
    last_visit: date | None
    next_visit: date | None
    source: str
    ages: Buckets | None
    """The recorded by age, as far as results tell it; None where none does."""

    @property
    def blank(self) -> bool:
        """Whether there is nothing to tell yet: no list, no visit, and none to come."""
        return self.target is None and self.left is None and not (self.last_visit or self.next_visit)

    @property
    def untold(self) -> int:
        """Recorded people of whose age nothing was told."""
        return self.recorded - (self.ages.total if self.ages else 0)

    @property
    def share(self) -> Percentage | None:
        """Of those on the lists, who has a recording; None without a list."""
        if self.target is None:
            return None
        return Percentage(self.reached, self.target.total, LIST, self.as_of, self.source)

    @property
    def readiness(self) -> Percentage | None:
        """The lower bound of ``ready`` over those who can vote. Who turns 17 after polling day is in neither."""
        if self.target is None:
            return None
        return Percentage(self.ready[0], self.target.readiness, VOTERS, self.as_of, self.source)

    @property
    def as_of(self) -> str:
        """The day of the list, or the first and last of several, in ISO form."""
        if self.newest is None or self.oldest == self.newest:
            return str(self.newest or "")
        return f"{self.oldest} – {self.newest}"


def row(code: str, found: Iterable[Standing], source: Callable[[list[TargetBatch]], str]) -> Row:
    """The sum of some places; ``source`` names whose lists these are."""
    found = list(found)
    listed = [s for s in found if s.batch is not None]
    batches = [s.batch for s in listed if s.batch is not None]
    known = [s.left for s in found if s.left is not None]
    told = [s.told.ages for s in found if s.told is not None]
    target = (sum(getattr(b.buckets, name) or 0 for b in batches) for name in BUCKETS)
    return Row(
        code,
        len(found),
        len(found) - len(listed),
        sum(not s.visits for s in found),
        Buckets(*target) if batches else None,
        sum(s.reached for s in listed),
        (sum(s.ready[0] for s in listed), sum(s.ready[1] for s in listed)),
        sum(s.recorded for s in found),
        sum(s.since.get("walk_in", 0) for s in found),
        sum(s.open_left for s in found),
        sum(known) if known else None,
        min((b.as_of for b in batches), default=None),
        max((b.as_of for b in batches), default=None),
        max((s.last_visit for s in found if s.last_visit), default=None),
        min((s.next_visit for s in found if s.next_visit), default=None),
        source(batches),
        Buckets(*(sum(getattr(ages, name) or 0 for ages in told) for name in BUCKETS)) if told else None,
    )


def shown(found: Iterable[Standing]) -> list[Standing]:
    """The places that belong in a summary: every school and pesantren, others once they have a list or a visit."""
    return [s for s in found if s.place.kind in ALWAYS or s.batch is not None or s.visits or s.next_visit]


def in_order(found: Iterable[Standing]) -> list[Standing]:
    """Where pupils wait whom nobody ever visited first, the most first; then who is left; then by name."""
    return sorted(
        found,
        key=lambda s: (bool(s.visits) or not s.left, -s.voters_left, -(s.left or 0), s.place.name, s.place.code),
    )


def grouped(found: Iterable[Standing], by: str, office: Office, today: date) -> dict[str, list[Standing]]:
    """Group → its places, groups in the order in which they are shown; "" where the kecamatan or hub is not known."""

    def group(standing: Standing) -> str:
        kecamatan = standing.place.kecamatan_code
        if by == BY_KIND:
            return standing.place.level or standing.place.kind
        if by == BY_KECAMATAN:
            return kecamatan or ""
        return office.hub_of(kecamatan, today) if kecamatan else NO_HUB

    groups: dict[str, list[Standing]] = {}
    for standing in found:
        groups.setdefault(group(standing), []).append(standing)
    order = {BY_KIND: list(PLACE_KINDS), BY_KECAMATAN: list(office.kecamatan), BY_HUB: list(office.hubs)}[by]
    known = {code: n for n, code in enumerate(order)}
    return dict(sorted(groups.items(), key=lambda item: (item[0] == "", known.get(item[0], len(known)), item[0])))
