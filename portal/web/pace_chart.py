"""The course of an area as a drawing: what was expected, what was recorded, and where the pace leads; two sizes."""

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup, escape

from ..domain.outlook import Day
from .charts import round_step

SIZES = ("wide", "phone")


def courses(found: Sequence[Day], today: date, labels: dict[date, str], separator: str) -> Markup:
    """Both sizes. Kept from screen readers: the page shows the same figures in a table below."""
    return Markup('<div class="chart">{}</div>').format(
        Markup("").join(_course(found, today, labels, size, separator) for size in SIZES)
    )


def _course(found: Sequence[Day], today: date, labels: dict[date, str], size: str, separator: str) -> Markup:
    width, height = (358, 220) if size == "phone" else (1000, 300)
    left, right, top, bottom = 52 if size == "phone" else 64, 8, 14, 26
    tall, base, across = height - top - bottom, height - bottom, width - left - right
    highest = max(
        [4, *(d.expected or 0 for d in found), *(d.recorded or 0 for d in found)]
        + [d.ahead.high for d in found if d.ahead is not None]
    )
    step = round_step(round(highest))
    ceiling = step * -(-round(highest) // step)
    place = {day.day: n for n, day in enumerate(found)}

    def x(day: date) -> float:
        return round(left + across * place[day] / max(len(found) - 1, 1), 1)

    def y(value: float) -> float:
        return round(base - tall * value / ceiling, 1)

    def path(points: Sequence[tuple[date, float]]) -> str:
        return " ".join(f"{x(day)},{y(value)}" for day, value in points)

    parts = [f'<svg class="trend pace {size}" viewBox="0 0 {width} {height}" aria-hidden="true">']
    for tick in range(0, ceiling + 1, step):
        text = f"{tick:,}".replace(",", separator)
        parts.append(
            f'<line class="axis{"" if tick else " zero"}" x1="{left}" x2="{width - right}" '
            f'y1="{y(tick)}" y2="{y(tick)}"/>'
            f'<text x="{left - 6}" y="{y(tick) + 4}" text-anchor="end">{text}</text>'
        )
    slot = across / max(len(found) - 1, 1)
    for day in found:
        if day.silent:
            parts.append(
                f'<rect class="gap" x="{x(day.day) - slot / 2:.1f}" y="{top}" width="{slot:.1f}" height="{tall}"/>'
            )
    ahead = [(d.day, d.ahead) for d in found if d.ahead is not None]
    recorded = [(d.day, float(d.recorded)) for d in found if d.recorded is not None]
    if ahead:
        start = recorded[-1:] or [(ahead[0][0], 0.0)]
        over, under = (start + [(day, getattr(a, edge)) for day, a in ahead] for edge in ("high", "low"))
        parts.append(f'<polygon class="fan" points="{path(over)} {path(under[::-1])}"/>')
        parts.append(f'<polyline class="median" points="{path(start + [(day, a.middle) for day, a in ahead])}"/>')
    for run in _runs(found):
        parts.append(f'<polyline class="due" points="{path(run)}"/>')
    if recorded:
        parts.append(f'<polyline class="done" points="{path(recorded)}"/>')
        last = recorded[-1]
        parts.append(f'<circle class="done-mark" cx="{x(last[0])}" cy="{y(last[1])}" r="4"/>')
    for at, text in labels.items():
        if at in place:
            anchor = "start" if place[at] == 0 else "end" if place[at] == len(found) - 1 else "middle"
            parts.append(f'<line class="axis" x1="{x(at)}" x2="{x(at)}" y1="{top}" y2="{base}"/>')
            parts.append(f'<text x="{x(at)}" y="{height - 6}" text-anchor="{anchor}">{escape(text)}</text>')
    return Markup("".join(parts) + "</svg>")


def _runs(found: Sequence[Day]) -> list[list[tuple[date, float]]]:
    """The expected line, broken where no target holds."""
    runs: list[list[tuple[date, float]]] = [[]]
    for day in found:
        if day.expected is None:
            runs.append([])
        else:
            runs[-1].append((day.day, day.expected))
    return [run for run in runs if run]
