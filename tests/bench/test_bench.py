"""The bench itself runs: one breath of every measure, every answer as asked for. No time is asserted."""

import json
from pathlib import Path

from . import measures, rows
from .run import measure


def test_one_breath_of_every_measure(tmp_path: Path) -> None:
    found, wrong = measure(measures.BREATH, long_days=70)
    assert wrong == []
    assert len({row.name for row in found}) == len(found)
    assert all(row.value is not None or row.note for row in found)
    rows.write(found, tmp_path / "bench.json")
    written = json.loads((tmp_path / "bench.json").read_text())
    assert all({"name", "value", "unit", "floor", "aim", "higher_is_better"} <= row.keys() for row in written)


def test_a_row_says_where_it_stands() -> None:
    assert rows.Row("more", 0.6, "ratio", 0.4, 0.55).verdict == "aim"
    assert rows.Row("more", 0.4, "ratio", 0.4, 0.55).verdict == "floor"
    assert rows.Row("less", 2.6, "ratio", 2.5, 2.0, higher_is_better=False).verdict == "BELOW"
    assert rows.Row("none", None, "ratio", 2.5, 2.0, note="why").verdict == "not measured"


def test_the_tail_of_many_equal_waits_is_one() -> None:
    assert rows.tail([0.2] * 100) == 1
    assert rows.percentile([3, 1, 2], 0.99) == 3
    assert rows.percentile([3, 1, 2], 0.01) == 1
