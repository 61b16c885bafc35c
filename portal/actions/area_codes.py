"""The office's areas by the codes of four administrations, from the lists that come with the program."""

import csv
from functools import cache

from ..domain import area_codes as domain
from .office import REFERENCE


@cache
def area_codes() -> domain.AreaCodes:
    """What the kabupaten, its kecamatan and desa are called by Kemendagri, KPU, BPS and Dapodik."""
    lists = []
    for name in ("kecamatan", "desa"):
        with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            lists.append(list(csv.DictReader(file)))
    return domain.area_codes(*lists)
