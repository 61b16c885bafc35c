"""Elections and campaigns as the supervisor keeps them, their targets, and which past figures a change alters."""

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from fractions import Fraction

from msgspec import Struct

from .areas import NO_HUB, Office
from .calendar import Election
from .pace import DISTRICT, HUB, KECAMATAN, TARGET_KINDS, Pace
from .pace_areas import WHOLE, SetTarget
from .problems import Problem, _
from .texts import check_text

LONGEST = timedelta(days=731)
"""Days from the start of a campaign to its polling day: what a page adds up stays a few hundred days."""
MOST_PEOPLE = 2_000_000
"""No target of the district is larger: 1,156,144 people lived there in 2025."""
LONGEST_SOURCE = 2_000
"""Characters of an election's source: one from the reference list names several addresses."""
YOUNGEST, OLDEST = 16, 18
"""Years before polling day between which the birth cut-off lies; 17 by PKPU 7/2024."""


def code_of(name: str) -> str:
    """A new election's code: its name in small letters and digits."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].strip("-")


def check_election(election: Election, taken: Collection[str] = ()) -> list[Problem]:
    """One that can be kept: named and sourced, days in their order, a cut-off 16 to 18 years back, a kind of target."""
    problems = check_text("name", election.name, 80, required=_("Isi nama pemilihan atau kegiatan."))
    if not problems and not election.code:
        problems.append(Problem("name", _("Nama harus memuat huruf atau angka.")))
    if election.code in taken:
        problems.append(Problem("name", _("Nama ini sudah dipakai. Tambahkan tahunnya.")))
    if election.first_service_day >= election.polling_day:
        problems.append(Problem("first_service_day", _("Tanggal mulai harus sebelum hari pemungutan suara.")))
    elif election.polling_day - election.first_service_day > LONGEST:
        problems.append(
            Problem("first_service_day", _("Tanggal mulai paling jauh dua tahun sebelum pemungutan suara."))
        )
    if (
        not _years_before(election.polling_day, OLDEST)
        <= election.birth_cutoff
        <= _years_before(election.polling_day, YOUNGEST)
    ):
        text = _("Batas lahir 16 sampai 18 tahun sebelum hari pemungutan suara; lazimnya 17 tahun.")
        problems.append(Problem("birth_cutoff", text))
    if election.target_kind not in TARGET_KINDS:
        problems.append(Problem("target_kind", _("Pilih jenis sasaran.")))
    return problems + check_text(
        "source", election.source, LONGEST_SOURCE, required=_("Tulis sumbernya, misalnya nomor surat.")
    )


def _years_before(day: date, years: int) -> date:
    year = max(day.year - years, date.min.year)
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February
        return day.replace(year=year, day=28)


def check_target(target: SetTarget, people: int | None, office: Office, election: Election) -> list[Problem]:
    """One that can count: for the district, a hub or a kecamatan, more than nobody, from a day of the campaign."""
    known = {DISTRICT: {WHOLE}, HUB: {*office.hubs} - {NO_HUB}, KECAMATAN: {*office.kecamatan}}
    problems = []
    if target.code not in known.get(target.level, ()):
        problems.append(Problem("area", _("Pilih wilayah dari daftar.")))
    if people is None or not 1 <= people <= MOST_PEOPLE:
        text = _("Isi dengan bilangan bulat dari %(least)s sampai %(most)s.")
        problems.append(Problem("people", text, {"least": 1, "most": MOST_PEOPLE}))
    if not election.first_service_day <= target.valid_from <= election.polling_day:
        values = {"first": f"{election.first_service_day:%d-%m-%Y}", "last": f"{election.polling_day:%d-%m-%Y}"}
        problems.append(Problem("valid_from", _("Pilih tanggal dari %(first)s sampai %(last)s."), values))
    return problems + check_text("source", target.source, 500, required=_("Tulis sumbernya, misalnya nomor surat."))


# --- what a change does to figures of days that are gone ----------------------------------------


class Past(Struct, frozen=True):
    """The figures of an area up to yesterday, on which people may have acted already."""

    target: int | None
    recorded: int
    gone: Fraction
    whole: Fraction
    expected: int | None
    steps: tuple[tuple[date, int], ...]


def past(found: Pace) -> Past:
    """What of a pace speaks of days that are gone; of service days only where something was expected of them."""
    counted = found.target is not None
    return Past(
        found.target,
        found.recorded,
        found.gone if counted else Fraction(0),
        found.whole if counted else Fraction(0),
        None if found.expected is None else round(found.expected),
        tuple(step for step in found.area.steps if step[0] <= found.on),
    )


class Moved(Struct, frozen=True):
    """An area whose past figures a change alters; None where it had none, or has none any more."""

    level: str
    code: str
    before: Past | None
    after: Past | None


def moved(before: Iterable[Pace], after: Iterable[Pace]) -> tuple[Moved, ...]:
    """The areas whose figures of days gone differ, in their order."""
    then, there = ({(p.area.level, p.area.code): past(p) for p in paces} for paces in (before, after))
    return tuple(
        Moved(*key, then.get(key), there.get(key))
        for key in dict.fromkeys((*then, *there))
        if then.get(key) != there.get(key)
    )


def fingerprint(found: Sequence[Moved]) -> str:
    """SHA-256 of an effect: whoever keeps a change says which effect was shown to them."""
    said = [[m.level, m.code, repr(m.before), repr(m.after)] for m in found]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


class AltersFigures(Exception):
    """A change reaches into days gone and was not kept, because whoever made it has not seen this effect.

    ``shown``: another effect had been shown; something changed meanwhile.
    """

    def __init__(self, found: Sequence[Moved], *, shown: bool) -> None:
        super().__init__("alters past figures")
        self.moved = found
        self.shown = shown
