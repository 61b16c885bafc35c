"""Blank cards, ribbon and film: what should be left, how long it lasts, and what the district has.

A stock is a reading, never a flow: it is not summed over days. What the district has is the sum over points of each
one's last reading, moved on by the transfers written down since; a point that never told is not zero but unknown.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise
from statistics import median

from msgspec import Struct, field
from msgspec.structs import replace

from .equipment import STALE_AFTER

WINDOW = 10
"""Served days with prints known from which a point's usual prints are taken: two working weeks."""
FEWEST = 3
"""Fewer days than this are no habit: the days left stay unknown. A proposal of this portal."""
LOOK_BACK = 60
"""Days after which a reading says nothing about today any more."""
REQUEST_DAYS = 10
"""Printing days that a request asks to be covered for: two working weeks. A proposal of this portal."""

EMPTY, LOW, UNKNOWN, ENOUGH = "empty", "low", "unknown", "enough"


def expected_left(
    before: int | None,
    came: int | None,
    printed: int | None,
    spoiled: int | None,
    moved_in: int = 0,
    moved_out: int = 0,
) -> int | None:
    """Blanks that should be left: before + came + moved in − printed − spoiled − moved out.

    None when any of them is not known: a box left empty is no zero, so nothing can be said of the difference.
    Source: the stock card of the office's own forms (yesterday + in − out = left).
    """
    if before is None or came is None or printed is None or spoiled is None:
        return None
    return before + came + moved_in - printed - spoiled - moved_out


class Told(Struct, frozen=True):
    """What one day's report says of the stock. ``printed`` is known only when both of its boxes were filled, and is 0
    on a NIHIL day, which cannot have prints. ``served`` is False on such a day."""

    point_code: str
    day: date
    served: bool = True
    left: int | None = None
    came: int | None = None
    printed: int | None = None
    spoiled: int | None = None
    ribbon_pct: int | None = None
    film_pct: int | None = None
    prr: int | None = None


class Moved(Struct, frozen=True):
    """What transfers brought to a point and took from it on one day."""

    inwards: int = 0
    outwards: int = 0

    def __add__(self, other: "Moved") -> "Moved":
        return Moved(self.inwards + other.inwards, self.outwards + other.outwards)


NOTHING = Moved()
Moves = Mapping[str, Mapping[date, Moved]]
"""Point → day → what moved."""


class CardLine(Struct, frozen=True):
    """One day of a point's stock card. Without a report everything but the movements is unknown."""

    day: date
    told: Told | None
    due: bool
    before: int | None
    moved: Moved
    expected: int | None

    @property
    def left(self) -> int | None:
        """Blanks counted at the end of the day."""
        return self.told.left if self.told else None

    @property
    def difference(self) -> int | None:
        """Counted less expected (*selisih*): negative when cards are missing; None when either is unknown."""
        if self.left is None or self.expected is None:
            return None
        return self.left - self.expected


def card(
    told: Iterable[Told], moves: Mapping[date, Moved], days: Iterable[date], serves: Callable[[date], bool]
) -> list[CardLine]:
    """The stock card of one point over ``days``, oldest first.

    A service day without a report is a gap: what it used is unknown, so the day after it has no figure to begin with.
    On a day without service and without report nothing is used; a transfer then still moves the stock.
    """
    reports = {t.day: t for t in told}
    before: int | None = None
    lines = []
    for day in days:
        report, moved, due = reports.get(day), moves.get(day, NOTHING), serves(day)
        if report is None and not due:
            expected = expected_left(before, 0, 0, 0, moved.inwards, moved.outwards)
            if moved != NOTHING:
                lines.append(CardLine(day, None, due, before, moved, expected))
            before = expected
            continue
        expected = None
        if report is not None:
            expected = expected_left(before, report.came, report.printed, report.spoiled, moved.inwards, moved.outwards)
        lines.append(CardLine(day, report, due, before, moved, expected))
        before = report.left if report else None
    return lines


class Reading(Struct, frozen=True):
    """A value with the day on which somebody read it, and how many service days ago that was."""

    value: int
    day: date
    age: int

    @property
    def stale(self) -> bool:
        """Whether it is older than a status may be before it turns grey."""
        return self.age > STALE_AFTER


class Consumable(Struct, frozen=True):
    """A ribbon or film: its last percentage, and how much of it one print takes (None when that is not known)."""

    read: Reading | None = None
    per_print: Fraction | None = None


class Stock(Struct, frozen=True):
    """What is known of one point's stock. ``moved`` is what transfers moved after the last reading; ``coming`` is on
    its way here. ``usual`` is the median of prints of the last served days, ``usual_days`` how many of them."""

    point_code: str
    read: Reading | None = None
    moved: Moved = NOTHING
    coming: int = 0
    usual: Fraction | None = None
    usual_days: int = 0
    prr: Reading | None = None
    consumables: Mapping[str, Consumable] = field(default_factory=dict)

    @property
    def shelf(self) -> int | None:
        """Blanks here: the last reading and what moved since. None without a reading, and when more left than was
        read: then blanks came in between that no report told of yet."""
        if self.read is None:
            return None
        here = self.read.value + self.moved.inwards - self.moved.outwards
        return here if here >= 0 else None

    @property
    def days(self) -> int | None:
        """Whole printing days that the blanks last: stock ÷ usual prints, rounded down. None when not known."""
        if self.shelf is None:
            return None
        return 0 if self.shelf == 0 else _days(Fraction(self.shelf), self.usual)

    def consumable_days(self, name: str) -> int | None:
        """Whole printing days that a ribbon or film lasts; None when its use or the usual prints are not known."""
        found = self.consumables.get(name, Consumable())
        if found.read is None or found.per_print is None or self.usual is None:
            return None
        return _days(Fraction(found.read.value), self.usual * found.per_print)

    def level(self, limit: int) -> str:
        """EMPTY, LOW at ``limit`` printing days or fewer, UNKNOWN, or ENOUGH. An old reading is never ENOUGH."""
        if self.shelf == 0:
            return EMPTY
        if self.days is None or self.read is None:
            return UNKNOWN
        if self.days <= limit:
            return LOW
        return UNKNOWN if self.read.stale else ENOUGH

    @property
    def short_of_prr(self) -> bool:
        """Whether more cards wait to be printed (PRR) than there are blanks."""
        return self.prr is not None and self.shelf is not None and self.prr.value > self.shelf


def _days(stock: Fraction, a_day: Fraction | None) -> int | None:
    return stock // a_day if a_day else None


def usual_prints(told: Sequence[Told]) -> tuple[Fraction | None, int]:
    """(median of prints, days counted) of the last WINDOW served days whose prints are known, ``told`` oldest first.

    NIHIL days do not count: a broken printer must not make the blanks seem to last. The median is None below FEWEST.
    """
    known = [t.printed for t in told if t.served and t.printed is not None][-WINDOW:]
    return (Fraction(median(known)) if len(known) >= FEWEST else None), len(known)


def fall_per_print(told: Sequence[Told], name: str, follows: Callable[[date, date], bool]) -> Fraction | None:
    """Percentage points that one print takes of a ribbon or film, from pairs of following days in which it fell.

    A rise is a new roll and is left out, as is a day after a gap. None below FEWEST pairs, or when nothing was used.
    """
    fall = prints = pairs = 0
    for earlier, later in pairwise(told):
        old, new = getattr(earlier, name), getattr(later, name)
        if old is None or new is None or new > old or not later.printed or not follows(earlier.day, later.day):
            continue
        fall, prints, pairs = fall + old - new, prints + later.printed, pairs + 1
    return Fraction(fall, prints) if pairs >= FEWEST and fall else None


def stock_of(
    point_code: str,
    told: Sequence[Told],
    moves: Mapping[date, Moved],
    coming: int,
    age: Callable[[date], int],
    follows: Callable[[date, date], bool],
) -> Stock:
    """What is known of a point from its reports, oldest first, and its transfers. ``age`` counts service days."""

    def last(name: str) -> Reading | None:
        for report in reversed(told):
            value = getattr(report, name)
            if value is not None:
                return Reading(value, report.day, age(report.day))
        return None

    read = last("left")
    since = sum((m for day, m in moves.items() if read is not None and day > read.day), NOTHING)
    usual, usual_days = usual_prints(told)
    consumables = {
        name: Consumable(last(name), fall_per_print(told, name, follows)) for name in ("ribbon_pct", "film_pct")
    }
    return Stock(point_code, read, since, coming, usual, usual_days, last("prr"), consumables)


class District(Struct, frozen=True):
    """The district's blanks: never without how many points are known and how old the oldest reading is.

    ``days`` are printing days of those ``days_known`` points together whose stock and use are both known.
    """

    total: int | None
    known: int
    points: int
    oldest: int | None
    in_transit: int
    lost: int
    prr: int | None
    prr_known: int
    days: int | None
    days_known: int

    def low(self, limit: int) -> bool:
        """Whether the known blanks are at the district's limit or below; unknown ones cannot be counted on."""
        return self.total is not None and self.total <= limit


def district(stocks: Sequence[Stock], in_transit: int, lost: int) -> District:
    """Sums over points, each with the number of points behind it; None where nobody told."""
    shelves = [(s.shelf, s.read.age) for s in stocks if s.shelf is not None and s.read is not None]
    backlog = [s.prr.value for s in stocks if s.prr is not None]
    used = [(s.shelf, s.usual) for s in stocks if s.shelf is not None and s.usual is not None]
    return District(
        total=sum(shelf for shelf, _age in shelves) if shelves else None,
        known=len(shelves),
        points=len(stocks),
        oldest=max((age for _shelf, age in shelves), default=None),
        in_transit=in_transit,
        lost=lost,
        prr=sum(backlog) if backlog else None,
        prr_known=len(backlog),
        days=_days(Fraction(sum(shelf for shelf, _usual in used)), sum((u for _shelf, u in used), Fraction(0))),
        days_known=len(used),
    )


class Proposal(Struct, frozen=True):
    """Blanks that could move from the point that lasts longest to one that is running out; days before and after."""

    giver: str
    receiver: str
    quantity: int
    giver_days: tuple[int, int]
    receiver_days: tuple[int, int]


def proposals(stocks: Iterable[Stock], limit: int) -> list[Proposal]:
    """For each point at ``limit`` days or fewer, worst first, what the then best supplied point could give.

    Afterwards the giver lasts at least as long as the receiver and more than ``limit`` days; what is on its way
    already counts at the receiver; tens are moved where there are tens. Points of unknown stock or use stay out.
    """
    shelves: dict[str, _Shelf] = {
        s.point_code: _Shelf(s.shelf, s.shelf + s.coming, s.usual) for s in stocks if s.shelf is not None and s.usual
    }
    found = []
    for receiver in sorted(shelves, key=lambda code: (shelves[code].there / shelves[code].a_day, code)):
        short = shelves[receiver]
        givers = [code for code in shelves if code != receiver]
        if short.lasts > limit or not givers:
            break
        giver = max(givers, key=lambda code: (shelves[code].here / shelves[code].a_day, code))
        rich = shelves[giver]
        even = (rich.here * short.a_day - short.there * rich.a_day) // (rich.a_day + short.a_day)
        spare = (rich.here - (limit + 1) * rich.a_day) // 1
        quantity = min(even, spare)
        quantity -= quantity % 10 if quantity >= 10 else 0
        if quantity <= 0:
            continue
        shelves[giver] = replace(rich, here=rich.here - quantity, there=rich.there - quantity)
        shelves[receiver] = replace(short, there=short.there + quantity)
        found.append(
            Proposal(
                giver,
                receiver,
                quantity,
                (rich.own, shelves[giver].own),
                (short.lasts, shelves[receiver].lasts),
            )
        )
    return found


class _Shelf(Struct, frozen=True):
    here: int
    """What may be given away."""
    there: int
    """The same, with what is on its way here."""
    a_day: Fraction

    @property
    def lasts(self) -> int:
        return self.there // self.a_day

    @property
    def own(self) -> int:
        return self.here // self.a_day


def needed(stock: Stock) -> int | None:
    """Blanks a point needs: the PRR backlog or REQUEST_DAYS of usual prints, whichever is more; None when not known.

    Source: blanks are allotted by PRR, not by what was damaged (riauonline, 13 Feb 2020).
    """
    if stock.prr is None and stock.usual is None:
        return None
    return max(stock.prr.value if stock.prr else 0, _upwards(REQUEST_DAYS * (stock.usual or Fraction(0))))


def missing(stocks: Iterable[Stock]) -> int | None:
    """Blanks to ask for: what points need, less what is there and on its way to them; 0 when there is enough.

    Only of points whose need and stock are known; None when there is no such point.
    """
    known = [(need, s.shelf + s.coming) for s in stocks if s.shelf is not None and (need := needed(s)) is not None]
    return max(0, sum(need - there for need, there in known)) if known else None


def _upwards(value: Fraction) -> int:
    return -(-value // 1)


def in_order(stocks: Iterable[Stock], limit: int) -> Iterator[Stock]:
    """Warnings first, then what is unknown, then the rest by days left."""
    rank = {EMPTY: 0, LOW: 1, UNKNOWN: 2, ENOUGH: 3}

    def place(stock: Stock) -> tuple[int, int, str]:
        days = stock.days
        return rank[stock.level(limit)], 10**9 if days is None else days, stock.point_code

    yield from sorted(stocks, key=place)
