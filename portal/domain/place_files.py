"""A file of places and their targets, compared with what is kept: new, changed, same, missing, and every fault by
row, column and value. Nothing of a file is kept unless all of it is sound."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from .areas import Kecamatan, Place
from .audit import plain
from .places import BUCKETS, CONFIRMED, PLACE_KINDS, Buckets, TargetBatch, check_place, check_target
from .problems import Problem, _
from .texts import read_count, read_day

COLUMNS = {
    "npsn": "npsn",
    "name": "nama",
    "kind": "jenis",
    "level": "jenjang",
    "kecamatan_code": "kode_kecamatan",
    "kecamatan": "kecamatan",
    "address": "alamat",
    "contact": "kontak",
    "as_of": "per_tanggal",
    "grown": "sudah_17",
    "priority": "prioritas_17",
    "later": "sesudah_17",
    "source": "sumber",
}
"""Field → heading of its column. The order is that of the blank file."""
NEEDED = ("npsn", "name", "kind", "kecamatan_code")
TARGET = ("as_of", *BUCKETS, "source")
"""Columns of a target: a row fills all of them or none."""

NEW = "new"
CHANGED = "changed"
SAME = "same"
STATUSES = {NEW: _("Baru"), CHANGED: _("Berubah"), SAME: _("Sama")}

Row = Mapping[str, str]


def mark_of(said: Iterable[Any]) -> str:
    """By what a preview is recognised: another one when a row would do anything else than was shown."""
    text = json.dumps(plain(tuple(said)), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


class CellProblem(Struct, frozen=True):
    """A fault of a file: the row as the sheet numbers it, the column's heading, what stands there, what to do."""

    row: int
    column: str
    value: str
    problem: Problem


class Codes(Struct, frozen=True):
    """What a kecamatan is called by four administrations. Dapodik numbers Bangsal and Dlanggu the other way round
    (050309, 050310), and BPS has an order of its own: a code is looked up, never worked out."""

    systems: Mapping[str, tuple[str, str]]
    """Code, digits only → (Kemendagri code, whose code it is)."""
    names: Mapping[str, str]
    """Name or alias, in small letters → Kemendagri code."""

    def find(self, text: str) -> tuple[str, str] | None:
        """(Kemendagri code, whose code ``text`` is); a zero that a spreadsheet dropped is put back."""
        digits = re.sub(r"[.\s]", "", text)
        return self.systems.get(digits) or self.systems.get("0" + digits)


def code_book(rows: Iterable[Row]) -> Codes:
    """The codes of a list with columns code, name, alias, kpu_code, bps_code and dapodik_code."""
    systems: dict[str, tuple[str, str]] = {}
    names: dict[str, str] = {}
    for row in rows:
        code = row["code"]
        systems[row["dapodik_code"]] = (code, "Dapodik")
        systems[row["bps_code"]] = (code, "BPS")
        systems[row["kpu_code"]] = (code, "KPU")
        systems[code.replace(".", "")] = (code, "Kemendagri")
        names |= {name.strip().lower(): code for name in (row["name"], row["alias"]) if name.strip()}
    return Codes(systems, names)


class Line(Struct, frozen=True):
    """One sound row: the place as it would be, as it is, and the target it brings with the one that counts now."""

    row: int
    place: Place
    kept: Place | None
    target: TargetBatch | None = None
    before: TargetBatch | None = None

    @property
    def changes(self) -> dict[str, tuple[Any, Any]]:
        """What of a kept place would be another."""
        if self.kept is None:
            return {}
        pairs = {name: (getattr(self.kept, name), getattr(self.place, name)) for name in _TAKEN}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}

    @property
    def brings_target(self) -> bool:
        """Whether the target says something else than what counts for its day."""
        if self.target is None or self.before is None:
            return self.target is not None
        same = (self.before.as_of, self.before.buckets, self.before.source)
        return same != (self.target.as_of, self.target.buckets, self.target.source)

    @property
    def status(self) -> str:
        """NEW, CHANGED or SAME."""
        if self.kept is None:
            return NEW
        return CHANGED if self.changes or self.brings_target else SAME


_TAKEN = ("kind", "name", "level", "npsn", "kecamatan_code", "address", "contact")


class Preview(Struct, frozen=True):
    """What a file would do. With a problem it does nothing; ``missing`` are kept places that it does not name."""

    lines: Sequence[Line] = ()
    missing: Sequence[Place] = ()
    problems: Sequence[CellProblem] = ()
    notes: Sequence[CellProblem] = ()

    @property
    def tally(self) -> dict[str, int]:
        """How many rows are new, changed and the same."""
        found = Counter(line.status for line in self.lines)
        return {status: found[status] for status in STATUSES}

    @property
    def mark(self) -> str:
        """By what it is recognised, row by row."""
        targets = ((b.as_of, b.buckets.total, b.source) if (b := line.before) else None for line in self.lines)
        rows = ((line.row, line.status, line.changes) for line in self.lines)
        return mark_of(zip(rows, targets, strict=True))


@dataclass
class _Reading:
    """One reading of a file: what is known, and what was found so far."""

    places: Sequence[Place]
    targets: Mapping[str, TargetBatch]
    kecamatan: Mapping[str, Kecamatan]
    codes: Codes
    day: date
    election_code: str | None
    problems: list[CellProblem] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.by_npsn = {p.npsn: p for p in self.places if p.npsn}
        self.by_name = {(p.kind, _plain(p.name), p.kecamatan_code): p for p in self.places}
        self.names: dict[str, list[Place]] = {}
        for place in self.places:
            self.names.setdefault(_plain(place.name), []).append(place)
        self.taken = {p.code for p in self.places}
        self.seen: dict[str, int] = {}

    def fault(self, row: int, column: str, value: str, problem: Problem) -> None:
        self.problems.append(CellProblem(row, COLUMNS.get(column, column), value[:60], problem))


def compare(
    header: Sequence[str],
    rows: Sequence[tuple[int, Sequence[str]]],
    text_numbers: Iterable[tuple[int, int]],
    places: Sequence[Place],
    targets: Mapping[str, TargetBatch],
    kecamatan: Mapping[str, Kecamatan],
    codes: Codes,
    today: date,
    election_code: str | None,
) -> Preview:
    """What a file would do to the places that are kept. ``rows`` carry the number the sheet gives them;
    ``text_numbers`` are cells whose number is kept as text: read all the same, and told."""
    found = _Reading(places, targets, kecamatan, codes, today, election_code)
    fields = _fields(found, header)
    if found.problems:
        return Preview(problems=found.problems)
    for number, cells in rows:
        row = {name: cells[n].strip() if n < len(cells) else "" for n, name in enumerate(fields)}
        if any(row.values()):
            _read(found, number, row)
    if not found.lines and not found.problems:
        found.fault(1, "name", "", Problem("", _("Berkas ini tidak berisi baris.")))
    kinds = {line.place.kind for line in found.lines}
    named = {line.place.code for line in found.lines}
    return Preview(
        found.lines,
        [p for p in places if p.kind in kinds and p.active(today) and p.code not in named],
        found.problems,
        _text_numbers(fields, dict(rows), text_numbers),
    )


def _fields(found: _Reading, header: Sequence[str]) -> list[str]:
    """The field of each column; headings may be written with spaces and in capitals."""
    known = {heading: name for name, heading in COLUMNS.items()}
    fields = []
    for n, text in enumerate(header, start=1):
        heading = re.sub(r"[\s_]+", "_", text.strip().lower())
        if heading and heading not in known:
            found.fault(1, text.strip(), text, Problem("", _("Judul kolom ini tidak dikenal.")))
        name = known.get(heading, f"-{n}")
        if name in fields:
            found.fault(1, name, text, Problem("", _("Judul kolom ini ada dua kali.")))
        fields.append(name)
    needed = NEEDED if not set(TARGET) & set(fields) else (*NEEDED, *TARGET)
    for name in needed:
        if name not in fields:
            found.fault(1, name, "", Problem("", _("Kolom ini tidak ada. Unduh contoh berkas untuk judul yang benar.")))
    return fields


def _text_numbers(
    fields: Sequence[str], rows: Mapping[int, Sequence[str]], cells: Iterable[tuple[int, int]]
) -> list[CellProblem]:
    said = Problem("", _("Angka ini tersimpan sebagai teks di berkas. Dibaca sebagai bilangan."))
    return [
        CellProblem(row, COLUMNS[fields[n]], rows[row][n], said)
        for row, n in cells
        if row in rows and n < len(fields) and fields[n] in BUCKETS
    ]


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", " ", name.casefold()).strip()


def _read(found: _Reading, number: int, row: Row) -> None:
    """One row: its place, its target, and every fault of both."""
    before = len(found.problems)
    kecamatan_code = _kecamatan(found, number, row)
    kind = _kind(found, number, row)
    kept = _kept(found, number, row, kind, kecamatan_code)
    if kept is not None and not row["kecamatan_code"]:
        kecamatan_code = kept.kecamatan_code
    elif not row["kecamatan_code"]:
        found.fault(number, "kecamatan_code", "", Problem("", _("Isi kode kecamatan.")))
    for name, text in (("name", _("Isi nama tempat.")), ("kind", _("Isi jenis tempat."))):
        if kept is not None and not row[name]:  # of a new place its rules say so
            found.fault(number, name, "", Problem("", text))
    place = _place(found, row, kind, kecamatan_code, kept)
    for problem in check_place(place, found.kecamatan):
        found.fault(number, problem.field, row.get(problem.field, ""), problem)
    key = place.npsn or f"{place.kind} {_plain(place.name)} {place.kecamatan_code}"
    if key in found.seen:
        text = _("Tempat ini sudah ada di baris %(row)s.")
        found.fault(number, "npsn" if place.npsn else "name", row["npsn"] or row["name"], _other(text, found.seen[key]))
    found.seen.setdefault(key, number)
    target = _target(found, number, row, place.code)
    if len(found.problems) == before:
        found.taken.add(place.code)
        current = found.targets.get(place.code)
        found.lines.append(Line(number, place, kept, target, current))


def _other(text: str, row: int) -> Problem:
    return Problem("", text, {"row": row})


def _kecamatan(found: _Reading, number: int, row: Row) -> str | None:
    """The Kemendagri code of a row; a code and a name that disagree are a fault, never a guess."""
    text, name = row["kecamatan_code"], row.get("kecamatan", "")
    if not text:
        return None
    known = found.codes.find(text)
    if known is None:
        found.fault(number, "kecamatan_code", text, Problem("", _("Kode kecamatan ini tidak ada dalam daftar.")))
        return None
    code, system = known
    values = {"code": text, "system": system, "name": found.kecamatan[code].name, "other": name}
    if name and found.codes.names.get(name.lower()) != code:
        said = _("Kode %(code)s menurut %(system)s adalah %(name)s, bukan %(other)s. Periksa apakah kodenya tertukar.")
        found.fault(number, "kecamatan_code", text, Problem("", said, values))
    return code


def _kind(found: _Reading, number: int, row: Row) -> str:
    text = row["kind"].lower()
    if text and text not in PLACE_KINDS:
        said = _("Jenis ini tidak dikenal. Pakai salah satu: %(kinds)s.")
        found.fault(number, "kind", row["kind"], Problem("", said, {"kinds": ", ".join(PLACE_KINDS)}))
        return next(iter(PLACE_KINDS))  # told once, not again by the rules of a place
    return text


def _kept(found: _Reading, number: int, row: Row, kind: str, kecamatan_code: str | None) -> Place | None:
    """The place a row speaks of: by NPSN, else by kind, name and kecamatan. A number of another place is told."""
    npsn, same_name = row["npsn"], found.names.get(_plain(row["name"]), [])
    kept = found.by_npsn.get(npsn) if npsn else None
    if kept is not None:
        owner = next((p for p in same_name if p.npsn and p.npsn != npsn), None)
        if owner is not None and kept not in same_name:
            said = _("NPSN ini milik %(name)s. %(other)s tercatat dengan NPSN %(npsn)s.")
            values = {"name": kept.name, "other": owner.name, "npsn": owner.npsn}
            found.fault(number, "npsn", npsn, Problem("", said, values))
        if kecamatan_code and kept.kecamatan_code and kecamatan_code != kept.kecamatan_code:
            said = _("%(place)s tercatat di %(kept)s, sedangkan kode ini adalah %(name)s. Periksa apakah tertukar.")
            values = {
                "place": kept.name,
                "kept": found.kecamatan[kept.kecamatan_code].name,
                "name": found.kecamatan[kecamatan_code].name,
            }
            found.fault(number, "kecamatan_code", row["kecamatan_code"], Problem("", said, values))
        return kept
    kept = found.by_name.get((kind, _plain(row["name"]), kecamatan_code))
    if kept is not None and npsn and kept.npsn:
        said = _("%(name)s tercatat dengan NPSN %(npsn)s. Periksa angkanya.")
        found.fault(number, "npsn", npsn, Problem("", said, {"name": kept.name, "npsn": kept.npsn}))
    return kept


def _place(found: _Reading, row: Row, kind: str, kecamatan_code: str | None, kept: Place | None) -> Place:
    """The place as the row would have it; an empty box of a known place leaves what is known."""
    said = {name: row.get(name, "") for name in ("name", "level", "npsn", "address", "contact")}
    if kept is not None:
        given: dict[str, Any] = {name: text for name, text in said.items() if text}
        return replace(kept, kind=kind or kept.kind, kecamatan_code=kecamatan_code, **given)
    return Place(
        new_code(found.taken, row["npsn"], row["name"], kecamatan_code),
        kind,
        said["name"],
        kecamatan_code,
        said["npsn"],
        said["level"],
        said["address"],
        said["contact"],
        source=row.get("source", ""),
    )


def new_code(taken: Set[str], npsn: str, name: str, kecamatan_code: str | None) -> str:
    """A code for a new place: by its NPSN, else by its name, made another when that is taken."""
    if npsn:
        return f"npsn-{npsn}"[:40]
    stem = f"tanpa-{re.sub(r'[^a-z0-9]+', '-', name.lower()).strip('-')}"[:32].strip("-")
    for suffix in ("", f"-{(kecamatan_code or '')[-2:]}", *(f"-{n}" for n in range(2, 1000))):
        if stem + suffix not in taken:
            return stem + suffix
    raise ValueError(name)


def _target(found: _Reading, number: int, row: Row, place_code: str) -> TargetBatch | None:
    """The target of a row; None when none of its boxes is filled. A blank among filled ones is a fault, never zero."""
    said = {name: row.get(name, "") for name in TARGET}
    if not any(said.values()):
        return None
    counts: dict[str, int | None] = {}
    faults = []
    for name in BUCKETS:
        counts[name] = read_count(said[name])
        if said[name] and counts[name] is None:
            faults.append(Problem(name, _("Isi dengan bilangan bulat, misalnya 24.")))
    as_of = read_day(said["as_of"])
    if as_of is None:
        faults.append(Problem("as_of", _("Isi tanggal yang ada di kalender, misalnya 21-10-2024.")))
    buckets = Buckets(**counts)
    told = {problem.field for problem in faults}
    rules = check_target(buckets, as_of or found.day, said["source"], found.day)
    faults += [problem for problem in rules if problem.field not in told]
    for problem in faults:
        found.fault(number, problem.field, said[problem.field], problem)
    if faults or as_of is None:
        return None
    return TargetBatch(0, place_code, as_of, buckets, found.election_code, said["source"], CONFIRMED, "", None)
