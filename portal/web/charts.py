"""Drawings, each sent once: shares of their box, so that the style alone makes them fit a phone, a desk and paper.

Coordinates are plain arithmetic, never text formatted for a language, and fills come from classes, because the
content policy forbids inline style. Written as text rather than as template macros: they are most of a page.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from markupsafe import Markup, escape
from msgspec import Struct

LONG_NAME = 11
"""A longer name is set narrower, or it would leave its tile."""


class Tile(Struct, frozen=True):
    """A kecamatan on the map; ``title`` says in words what mark and colour say.

    Its column and row are classes, ``c1``… and ``r1``…, which the style sheet knows up to eight.
    """

    column: int
    row: int
    abbr: str
    name: str
    value: str
    state: str
    href: str
    title: str


class Day(Struct, frozen=True):
    """A day of a trend. ``state``: missing (a gap), nihil (a ring), off (no service), warn or info (a bar)."""

    label: str
    value: int | None
    state: str
    href: str
    title: str
    stopped: bool = False
    """Whether an outage stopped recording at some moment of the day: a bar along the top."""


def tile_map(tiles: Sequence[Tile], label: str) -> Markup:
    """The map of tiles, each a link one level down; the style puts the short name on a phone, and the mark."""
    return Markup('<div class="tiles" role="group" aria-label="{}">{}</div>').format(
        label, Markup("".join(_tile(tile) for tile in tiles))
    )


@lru_cache(maxsize=1024)
def _tile(tile: Tile) -> str:
    title, long = escape(tile.title), " long" if len(tile.name) > LONG_NAME else ""
    return (
        f'<a class="{tile.state} c{tile.column} r{tile.row}{long}" href="{escape(tile.href)}" aria-label="{title}" '
        f'title="{title}"><span>{escape(tile.name)}</span><abbr>{escape(tile.abbr)}</abbr><b>{tile.value}</b></a>'
    )


def round_step(highest: int) -> int:
    """A round step (1, 2 or 5 times a power of ten) that needs at most four lines to reach ``highest``."""
    for power in range(8):
        for lead in (1, 2, 5):
            if lead * 10**power * 4 >= highest:
                return int(lead * 10**power)
    return highest


WIDEST_BAR = 3.5
"""Per cent of the drawing."""
LABELS_ON_DESK, LABELS_ON_PHONE = 20, 7
"""How many days' names fit beside each other."""


def trend(days: Sequence[Day], separator: str) -> Markup:
    """Daily bars. Kept from screen readers: the page shows the same days in a table below.

    The box is that of the bars: the scale stands left of it and the days' names below. A name that only a desk has
    room for is of the class ``desk``.
    """
    highest = max([day.value for day in days if day.value is not None] + [4])
    step = round_step(highest)
    ticks = -(-highest // step)
    slot = 100 / max(len(days), 1)
    thick = min(70, 100 * WIDEST_BAR / slot)
    desk, phone = -(-len(days) // LABELS_ON_DESK), -(-len(days) // LABELS_ON_PHONE)
    parts = ['<svg class="trend daily" aria-hidden="true">']
    for tick in range(ticks + 1):
        y = f"{100 - 100 * tick / ticks:.4g}%"
        text = f"{tick * step:,}".replace(",", separator)
        parts.append(f'<line class="axis{"" if tick else " zero"}" x2="100%" y1="{y}" y2="{y}"/>')
        parts.append(f'<text x="-6" y="{y}">{text}</text>')
    for index, day in enumerate(days):
        desk_only = "" if index % phone == 0 else None if index % desk else ' class="desk"'
        parts.append(_bar(day, f"{slot * index:.4g}", f"{slot:.4g}", thick, ticks * step, desk_only))
    return Markup("".join(parts) + "</svg>")


@lru_cache(maxsize=2048)
def _bar(day: Day, left: str, slot: str, thick: float, ceiling: int, desk_only: str | None) -> str:
    name = "" if desk_only is None else f'<text{desk_only} x="50%" y="100%">{escape(day.label)}</text>'
    dash = "" if day.state == "off" or day.value is not None else '<text class="gap-mark" x="50%" y="96%">–</text>'
    return (
        f'<svg x="{left}%" width="{slot}%"><a href="{escape(day.href)}" class="{day.state}" tabindex="-1">'
        f'<title>{escape(day.title)}</title><rect class="hit" width="100%" height="100%"/>'
        f"{_day(day, thick, ceiling)}{dash}{name}</a></svg>"
    )


def _day(day: Day, thick: float, ceiling: int) -> str:
    """A day in a box of its own. A day above the scale is a bar with a slit: cut, not drawn lower than it was."""
    across = f'x="{50 - thick / 2:.3g}%" width="{thick:.3g}%"'
    stop = f'<rect class="stop-mark" {across} y="-8" height="4"/>' if day.stopped else ""
    if day.state == "off":
        return f'<circle class="off-mark" cx="50%" cy="98%" r="2"/>{stop}'
    if day.value is None:
        return f'<rect class="gap" {across} y="3%" height="97%"/>{stop}'
    if day.state == "nihil":
        return f'<circle class="nihil-mark" cx="50%" cy="98%" r="4"/>{stop}'
    high = 100 * day.value / ceiling
    if high > 100:
        slit = f'<rect class="bar-mark" {across} height="3%"/>'
        return f'{slit}<rect class="bar-mark" {across} y="6%" height="94%"/>{stop}'
    return f'<rect class="bar-mark" {across} y="{100 - high:.3g}%" height="{high:.3g}%"/>{stop}'


def ceiling(values: Iterable[int | None]) -> int:
    """A round number that the highest of many drawings stays under, so that one glance compares them all."""
    highest = max([value for value in values if value is not None] + [4])
    return round_step(highest) * -(-highest // round_step(highest))


def panel(days: Sequence[Day], highest: int) -> Markup:
    """A small drawing without words, one of many on the same scale; its numbers stand beside it in the page."""
    slot = 100 / max(len(days), 1)
    parts = ['<svg class="trend panel" aria-hidden="true"><line class="axis zero" x2="100%" y1="100%" y2="100%"/>']
    for index, day in enumerate(days):
        place = f'x="{slot * index:.4g}%" width="{slot:.4g}%"'
        parts.append(f'<svg class="{day.state}" {place}>{_day(day, 70, highest)}</svg>')
    return Markup("".join(parts) + "</svg>")


def strip(least: float, low: float, middle: float, high: float, most: float, highest: int) -> Markup:
    """How days spread: a line from the least to the most, a box round the middle half, a tick at the median."""
    at = [round(100 * value / highest, 1) for value in (least, low, middle, high, most)]
    return Markup(
        '<svg class="strip" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="track" y="4.5" x="{at[0]}" width="{max(at[4] - at[0], 0.5):.1f}" height="1"/>'
        f'<rect class="fill" y="1" x="{at[1]}" width="{max(at[3] - at[1], 0.8):.1f}" height="8"/>'
        f'<rect class="middle" y="0" x="{max(at[2] - 0.4, 0):.1f}" width="0.8" height="10"/></svg>'
    )
