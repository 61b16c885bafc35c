"""Of what a share can be taken: several bases side by side, each with its date and source.

A percentage stands only where part and base count the same people on the same day. In October 2024 870,399 recorded
stood beside a roll of 845,655: another set of people, said as such, never as a coverage. Source of the wish: OpenCRVS,
whose one denominator per area could be neither chosen nor explained.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from msgspec import Struct

from .figures import DPT, FIRST_TIME, MUST_HOLD_KTP, PUPILS, Figure, Percentage, coverage, latest, publisher
from .problems import _

SAME, OLD, OTHER_PEOPLE, NO_PART, NOT_KNOWN = "same", "old", "other_people", "no_part", "not_known"
LONGEST = timedelta(days=366)
"""A coverage older than this says nothing of today: it is told with its date, and nobody counts as left by it."""
WHY = {
    OLD: _("bacaan lama, lebih dari setahun"),
    OTHER_PEOPLE: _("kelompok berbeda: bukan cakupan"),
    NO_PART: _("tidak ada hitungan terekam dari kelompok ini"),
    NOT_KNOWN: _("belum ada angka sampai tanggal ini"),
}
TONES = {SAME: "", OLD: "unknown", OTHER_PEOPLE: "attention", NO_PART: "unknown", NOT_KNOWN: "unknown"}


class Base(Struct, frozen=True):
    """One group of people that recordings are held against."""

    label: str
    standing: str
    """SAME where ``share`` is of these very people; else why there is none, or why it is no coverage."""
    value: int | None = None
    as_of: str = ""
    source: str = ""
    share: Percentage | None = None
    left: int | None = None
    """Of these people, still to be recorded; known only where the population is the same."""

    @property
    def tone(self) -> str:
        """The colour's meaning: never good above 100 %, nor where other people are counted."""
        return self.share.tone if self.share and self.standing == SAME else TONES[self.standing] or "unknown"

    @property
    def publisher(self) -> str:
        """Who says so, in a word: an address by its site."""
        return publisher(self.source) if self.source.startswith("http") else self.source[:60]

    @property
    def why(self) -> str:
        """Why there is no share, or why it is none of these people; "" where it is."""
        return WHY.get(self.standing, "")


def bases(figures: Iterable[Figure], on: date, against_roll: Percentage | None, reached: Percentage) -> Sequence[Base]:
    """Wajib KTP, voter roll, first-time voters, schools: what is known of each on a day.

    ``against_roll`` is the recorded beside the roll of their election, where one fits the day; ``reached`` the people
    found at finished visits and of them recorded, which are the same people.
    """
    figures = list(figures)
    return (
        _must_hold(figures, on),
        _roll(figures, on, against_roll),
        _without_part(figures, on, FIRST_TIME, _("Pemula")),
        _without_part(figures, on, PUPILS, _("Siswa 16 tahun ke atas")),
        _visited(reached),
    )


def _must_hold(figures: Sequence[Figure], on: date) -> Base:
    label, pair, newest = _("Wajib KTP"), coverage(figures, on), latest(figures, MUST_HOLD_KTP, on)
    if newest is None:
        return Base(label, NOT_KNOWN)
    if pair is None or pair[1].as_of < newest.as_of:
        return Base(label, NO_PART, newest.value, newest.as_of_text, newest.source)
    recorded, base = pair
    share = Percentage(recorded.value, base.value, _("wajib KTP"), base.as_of_text, base.source)
    if on - base.as_of > LONGEST:
        return Base(label, OLD, None, base.as_of_text, base.source, share)
    left = base.value - recorded.value
    return Base(label, SAME, base.value, base.as_of_text, base.source, share, left if left >= 0 else None)


def _roll(figures: Sequence[Figure], on: date, against_roll: Percentage | None) -> Base:
    roll = latest(figures, DPT, on)
    if roll is None:
        return Base("DPT", NOT_KNOWN)
    return Base("DPT", OTHER_PEOPLE, roll.value, roll.as_of_text, roll.source, against_roll)


def _without_part(figures: Sequence[Figure], on: date, kind: str, label: str) -> Base:
    newest = latest(figures, kind, on)
    if newest is None:
        return Base(label, NOT_KNOWN)
    return Base(label, NO_PART, newest.value, newest.as_of_text, newest.source)


def _visited(reached: Percentage) -> Base:
    label = _("Sekolah dan tempat yang dikunjungi")
    if not reached.base:
        return Base(label, NOT_KNOWN)
    left = reached.base - reached.part
    return Base(label, SAME, reached.base, reached.as_of, reached.source, reached, left if left >= 0 else None)
