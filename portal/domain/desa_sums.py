"""Readings of desa added up to their kecamatan: only where all desa are there, and the kecamatan's own is not."""

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct

from .figures import KECAMATAN, PEOPLE, Figure

Key = tuple[str, str]
"""(kecamatan, metric)."""


class DesaSum(Struct, frozen=True):
    """What the desa of one kecamatan add up to in one metric, on one day."""

    code: str
    metric: str
    as_of: date
    election: str
    known: int
    """Desa with a reading."""
    of: int
    """Desa that the kecamatan has."""
    total: int
    source: str

    @property
    def whole(self) -> bool:
        """Whether the total is the kecamatan's: one desa less, and it is nobody's."""
        return self.known == self.of > 0

    def figure(self) -> Figure:
        """The kecamatan's reading that it makes."""
        assert self.whole
        day = self.as_of.isoformat()
        return Figure(
            KECAMATAN, self.code, self.metric, self.total, PEOPLE, self.as_of, day, self.election, self.source, ""
        )


def readings(own: Iterable[Figure], sums: Iterable[DesaSum]) -> list[Figure]:
    """Kecamatan's readings as they were published, and what desa add up to where none was."""
    added = [s.figure() for s in sums if s.whole]
    return list({(f.code, f.metric, f.as_of, f.election): f for f in (*added, *own)}.values())


def newest(own: Mapping[Key, Figure], sums: Iterable[DesaSum]) -> dict[Key, Figure]:
    """The newest reading of each kecamatan and metric, published or added up; on one day the published one."""
    found: dict[Key, Figure] = {}
    for figure in sorted((*(s.figure() for s in sums if s.whole), *own.values()), key=lambda f: f.as_of):
        found[figure.code, figure.metric] = figure  # of one day the published one comes last
    return found


def partial(sums: Iterable[DesaSum], found: Iterable[Figure]) -> list[DesaSum]:
    """Sums that are no kecamatan's, because desa are missing and ``found`` has no reading of that day, oldest first."""
    there = {(f.code, f.metric, f.as_of) for f in found}
    return sorted((s for s in sums if not s.whole and (s.code, s.metric, s.as_of) not in there), key=lambda s: s.as_of)
