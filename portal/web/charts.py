"""Drawings as SVG text, at two sizes: one for a phone, one for a desk; the style shows the one that fits.

Coordinates are plain arithmetic, never text formatted for a language, and fills come from classes, because the
content policy forbids inline style. Written as text rather than as template macros: they are most of a page.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup, escape

MARKS = {"good": "▲", "warn": "■", "bad": "▼", "info": "●", "unknown": "–"}
SIZES = ("wide", "phone")


@dataclass(frozen=True, slots=True)
class Tile:
    """A kecamatan on the map; ``title`` says in words what mark and colour say."""

    column: int
    row: int
    abbr: str
    name: str
    value: str
    state: str
    href: str
    title: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a trend. ``state``: missing (a gap), nihil (a ring), off (no service), warn or info (a bar)."""

    label: str
    value: int | None
    state: str
    href: str
    title: str
    stopped: bool = False
    """Whether an outage stopped recording at some moment of the day: a bar along the top."""


def tile_maps(tiles: Sequence[Tile], label: str) -> Markup:
    """The map of tiles in both sizes; each tile is a link one level down."""
    return Markup('<div class="chart">{}</div>').format(
        Markup("").join(_tile_map(tiles, size, label) for size in SIZES)
    )


def _tile_map(tiles: Sequence[Tile], size: str, label: str) -> Markup:
    across, down, gap = (58, 56, 4) if size == "phone" else (116, 66, 6)
    columns = max((tile.column for tile in tiles), default=1)
    rows = max((tile.row for tile in tiles), default=1)
    parts = [
        f'<svg class="tile-map {size}" viewBox="0 0 {columns * (across + gap) - gap} {rows * (down + gap) - gap}" '
        f'role="group" aria-label="{escape(label)}">'
    ]
    parts += [_tile(tile, size, across, down, gap) for tile in tiles]
    return Markup("".join(parts) + "</svg>")


@lru_cache(maxsize=1024)
def _tile(tile: Tile, size: str, across: int, down: int, gap: int) -> str:
    draw = _phone_tile if size == "phone" else _wide_tile
    x, y, title = (tile.column - 1) * (across + gap), (tile.row - 1) * (down + gap), escape(tile.title)
    return (
        f'<a href="{escape(tile.href)}" class="tile {tile.state}" aria-label="{title}"><title>{title}</title>'
        f'<rect class="back" x="{x}" y="{y}" width="{across}" height="{down}" rx="6"/>'
        f"{draw(tile, x, y, across, down)}</a>"
    )


def _phone_tile(tile: Tile, x: int, y: int, across: int, _down: int) -> str:
    return (
        f'<text class="name" x="{x + 7}" y="{y + 20}">{escape(tile.abbr)}</text>'
        f'<text class="mark" x="{x + across - 6}" y="{y + 19}" text-anchor="end">{MARKS[tile.state]}</text>'
        f'<text class="value" x="{x + 7}" y="{y + 43}">{tile.value}</text>'
    )


def _wide_tile(tile: Tile, x: int, y: int, across: int, down: int) -> str:
    squeezed = f' textLength="{across - 20}" lengthAdjust="spacingAndGlyphs"' if len(tile.name) > 11 else ""
    return (
        f'<rect class="edge" x="{x}" y="{y + 8}" width="4" height="{down - 16}" rx="2"/>'
        f'<text class="name" x="{x + 11}" y="{y + 23}"{squeezed}>{escape(tile.name)}</text>'
        f'<text class="value" x="{x + 11}" y="{y + 51}">{tile.value}</text>'
        f'<text class="mark" x="{x + across - 10}" y="{y + 50}" text-anchor="end">{MARKS[tile.state]}</text>'
    )


def trends(days: Sequence[Day], separator: str) -> Markup:
    """Daily bars in both sizes. Kept from screen readers: the page shows the same days in a table below."""
    return Markup('<div class="chart">{}</div>').format(
        Markup("").join(_trend(days, size, separator) for size in SIZES)
    )


def round_step(highest: int) -> int:
    """A round step (1, 2 or 5 times a power of ten) that needs at most four lines to reach ``highest``."""
    for power in range(8):
        for lead in (1, 2, 5):
            if lead * 10**power * 4 >= highest:
                return int(lead * 10**power)
    return highest


def _trend(days: Sequence[Day], size: str, separator: str) -> Markup:
    width, height = (358, 190) if size == "phone" else (1000, 250)
    left, top, bottom = 46, 14, 24
    tall, base = height - top - bottom, height - bottom
    highest = max([day.value for day in days if day.value is not None] + [4])
    step = round_step(highest)
    ticks = -(-highest // step)
    slot = (width - left - 4) / max(len(days), 1)
    thick = min(slot * 0.7, 28)
    every = -(-(44 if size == "phone" else 48) // max(int(slot), 1))
    parts = [f'<svg class="trend {size}" viewBox="0 0 {width} {height}" aria-hidden="true">']
    for tick in range(ticks + 1):
        y = round(base - tall * tick / ticks, 1)
        text = f"{tick * step:,}".replace(",", separator)
        parts.append(
            f'<line class="axis{"" if tick else " zero"}" x1="{left}" x2="{width}" y1="{y}" y2="{y}"/>'
            f'<text x="{left - 6}" y="{y + 4}" text-anchor="end">{text}</text>'
        )
    for index, day in enumerate(days):
        middle = round(left + slot * (index + 0.5), 1)
        parts.append(_bar(day, middle, slot, thick, base, top, tall, ticks * step))
        if index % every == 0:
            parts.append(f'<text x="{middle}" y="{height - 6}" text-anchor="middle">{escape(day.label)}</text>')
    return Markup("".join(parts) + "</svg>")


@lru_cache(maxsize=2048)
def _bar(day: Day, middle: float, slot: float, thick: float, base: int, top: int, tall: int, ceiling: int) -> str:
    return (
        f'<a href="{escape(day.href)}" class="{day.state}" tabindex="-1"><title>{escape(day.title)}</title>'
        f'<rect class="hit" x="{middle - slot / 2:.1f}" y="{top}" width="{slot:.1f}" height="{tall}"/>'
        f"{_day(day, middle, thick, base, top, tall, ceiling)}{_stop(day, middle, thick, top)}</a>"
    )


def _stop(day: Day, middle: float, thick: float, top: int) -> str:
    if not day.stopped:
        return ""
    return f'<rect class="stop-mark" x="{middle - thick / 2:.1f}" y="{top - 8}" width="{thick:.1f}" height="4"/>'


def _day(day: Day, middle: float, thick: float, base: int, top: int, tall: int, ceiling: int) -> str:
    x = f"{middle - thick / 2:.1f}"
    if day.state == "off":
        return f'<circle class="off-mark" cx="{middle}" cy="{base - 4}" r="2"/>'
    if day.value is None:
        return (
            f'<rect class="gap" x="{x}" y="{top + 6}" width="{thick:.1f}" height="{tall - 6}" rx="2"/>'
            f'<text class="gap-mark" x="{middle}" y="{base - 8}" text-anchor="middle">–</text>'
        )
    if day.state == "nihil":
        return f'<circle class="nihil-mark" cx="{middle}" cy="{base - 5}" r="4"/>'
    high = tall * day.value / ceiling
    return (
        f'<rect class="bar-mark" x="{x}" y="{base - high:.1f}" width="{thick:.1f}" height="{high:.1f}" '
        f'rx="{min(2, high / 2):.1f}"/>'
    )


PANEL_WIDTH, PANEL_HEIGHT = 240, 88


def ceiling(values: Iterable[int | None]) -> int:
    """A round number that the highest of many drawings stays under, so that one glance compares them all."""
    highest = max([value for value in values if value is not None] + [4])
    return round_step(highest) * -(-highest // round_step(highest))


def panel(days: Sequence[Day], highest: int) -> Markup:
    """A small drawing without words, one of many on the same scale; its numbers stand beside it in the page.

    A day above the scale is a bar with a slit: cut, not drawn lower than it was.
    """
    slot = PANEL_WIDTH / max(len(days), 1)
    top, base = 12, PANEL_HEIGHT - 2
    parts = [
        f'<svg class="trend panel" viewBox="0 0 {PANEL_WIDTH} {PANEL_HEIGHT}" aria-hidden="true">'
        f'<line class="axis zero" x1="0" x2="{PANEL_WIDTH}" y1="{base}" y2="{base}"/>'
    ]
    for index, day in enumerate(days):
        middle = round(slot * (index + 0.5), 1)
        drawn = _small(day, middle, slot * 0.7, base, top, base - top, highest)
        parts.append(f'<g class="{day.state}">{drawn}{_stop(day, middle, slot * 0.7, top)}</g>')
    return Markup("".join(parts) + "</svg>")


def _small(day: Day, middle: float, thick: float, base: int, top: int, tall: int, highest: int) -> str:
    """A day as in the large drawing, with marks that can still be told apart at this size."""
    if day.state == "nihil":
        return f'<circle class="nihil-mark" cx="{middle}" cy="{base - 4}" r="{min(3, thick / 2):.1f}"/>'
    if day.state != "off" and day.value is None:
        x = f"{middle - thick / 2:.1f}"
        return f'<rect class="gap" x="{x}" y="{top}" width="{thick:.1f}" height="{tall}"/>'
    if day.value is not None and day.value > highest:
        x = f"{middle - thick / 2:.1f}"
        return (
            f'<rect class="bar-mark" x="{x}" y="{top}" width="{thick:.1f}" height="3"/>'
            f'<rect class="bar-mark" x="{x}" y="{top + 6}" width="{thick:.1f}" height="{tall - 6}"/>'
        )
    return _day(day, middle, thick, base, top, tall, highest)


def strip(least: float, low: float, middle: float, high: float, most: float, highest: int) -> Markup:
    """How days spread: a line from the least to the most, a box round the middle half, a tick at the median."""
    at = [round(100 * value / highest, 1) for value in (least, low, middle, high, most)]
    return Markup(
        '<svg class="strip" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="track" y="4.5" x="{at[0]}" width="{max(at[4] - at[0], 0.5):.1f}" height="1"/>'
        f'<rect class="fill" y="1" x="{at[1]}" width="{max(at[3] - at[1], 0.8):.1f}" height="8"/>'
        f'<rect class="middle" y="0" x="{max(at[2] - 0.4, 0):.1f}" width="0.8" height="10"/></svg>'
    )
