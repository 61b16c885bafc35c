"""What is measured, with the figures to reach, and how it is shown."""

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. ``floor`` must be reached, ``aim`` is wished for; a row without them only explains the others."""

    name: str
    value: float | None
    unit: str
    floor: float | None = None
    aim: float | None = None
    higher_is_better: bool = True
    note: str = ""

    @property
    def verdict(self) -> str:
        """Aim, floor, below, or nothing where nothing is asked."""
        if self.value is None:
            return "not measured"
        if self.floor is None or self.aim is None:
            return ""
        sign = 1 if self.higher_is_better else -1
        if sign * self.value >= sign * self.aim:
            return "aim"
        return "floor" if sign * self.value >= sign * self.floor else "BELOW"


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least ``share`` of all do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -int(-share * len(ordered) // 1) - 1))]


def tail(latencies: Sequence[float]) -> float:
    """p99 ÷ p50."""
    return percentile(latencies, 0.99) / statistics.median(latencies)


def median_ratio(values: Sequence[float], divisors: Sequence[float]) -> float:
    """The median of the rounds' ratios: each value over the divisor measured beside it."""
    return statistics.median(v / d for v, d in zip(values, divisors, strict=True))


def table(rows: Sequence[Row]) -> str:
    """The rows as a person reads them."""
    lines = [f"{'':58} {'value':>10} {'floor':>8} {'aim':>8}"]
    for row in rows:
        value = "–" if row.value is None else _text(row.value)
        ask = ["" if figure is None else _text(figure) for figure in (row.floor, row.aim)]
        lines.append(f"{row.name:58} {value:>10} {ask[0]:>8} {ask[1]:>8}  {row.unit:13} {row.verdict}".rstrip())
    notes = [f"  {row.name}: {row.note}" for row in rows if row.note]
    return "\n".join([*lines, *(["", "Notes", *notes] if notes else [])])


def _text(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}" if abs(value) >= 10 else f"{value:.2f}"


def write(rows: Sequence[Row], path: Path) -> None:
    """The rows as machines read them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    keep = [{k: v for k, v in asdict(row).items() if k != "note" or v} for row in rows]
    path.write_text(json.dumps(keep, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
