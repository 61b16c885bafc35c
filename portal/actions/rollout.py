"""Where the kecamatan lie: the label points of the reference list, which no other page needs."""

import csv
from functools import lru_cache
from pathlib import Path

from .office import REFERENCE


@lru_cache(maxsize=4)
def label_points(folder: Path = REFERENCE) -> dict[str, tuple[float, float]]:
    """Kecamatan → (latitude, longitude) in degrees of a point inside it; indicative, worked out from desa polygons.

    Where the offices themselves stand is published nowhere.
    """
    with (folder / "kecamatan.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    return {row["code"]: (float(row["latitude"]), float(row["longitude"])) for row in rows}
