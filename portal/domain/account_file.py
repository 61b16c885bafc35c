"""A file of accounts, compared with those there are: new, changed, same, and every fault by row, column and value.
Nothing of a file is kept unless all of it is sound; an account that is not in it stays as it is."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from .accounts import ADMINISTRATOR, CLERK, LIAISON, ROLES, Account, check_account
from .areas import Office, Place
from .place_files import CHANGED, NEW, SAME, STATUSES, CellProblem, mark_of
from .problems import Problem, _
from .texts import long_number

COLUMNS = ("username", "nama", "peran", "wilayah", "telepon")
"""Headings of the file, all of them needed, in any order."""
AT = {"username": "username", "name": "nama", "role": "peran", "phone": "telepon", "points": "wilayah"}
AT["places"] = "wilayah"
"""Field of an account → the heading of its column."""
MOST_NEW = 60
"""New accounts in one file: each code is hashed slowly on purpose, and the office has some forty people."""

_MOBILE = re.compile(r"8[0-9]{8,11}", re.ASCII)
_ROLE_WORDS = {word.lower(): role for role, word in ROLES.items()} | {role: role for role in ROLES}
_ROLE_WORDS |= {"petugas": CLERK, "penghubung": LIAISON, "pengawas": "supervisor", "admin": ADMINISTRATOR}


class Line(Struct, frozen=True):
    """One sound row: the account as it would be, and as it is."""

    row: int
    record: Account
    kept: Account | None

    @property
    def changes(self) -> dict[str, tuple[Any, Any]]:
        """What of a kept account would be another."""
        if self.kept is None:
            return {}
        names = ("name", "role", "phone", "points", "places")
        pairs = {name: (getattr(self.kept, name), getattr(self.record, name)) for name in names}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}

    @property
    def status(self) -> str:
        """NEW, CHANGED or SAME."""
        if self.kept is None:
            return NEW
        return CHANGED if self.changes else SAME


class Preview(Struct, frozen=True):
    """What a file would do; with problems it does nothing."""

    lines: Sequence[Line] = ()
    problems: Sequence[CellProblem] = ()
    tally: Mapping[str, int] = field(default_factory=dict)

    @property
    def mark(self) -> str:
        """By what it is recognised, row by row."""
        return mark_of((line.row, line.status, line.changes) for line in self.lines)


class Areas(Struct, frozen=True):
    """What a file can name as somebody's area: points by code, name or kecamatan, schools by NPSN, code or name."""

    points: Mapping[str, str]
    schools: Mapping[str, str]


def areas_of(office: Office, schools: Iterable[Place]) -> Areas:
    """Every way of naming a point or a school, in small letters; a name that two schools share names none."""
    points: dict[str, str] = {}
    for p in office.points.values():
        points |= {p.code.lower(): p.code, p.name.lower(): p.code, p.short.lower(): p.code}
    schools = list(schools)
    times = Counter(s.name.lower() for s in schools)
    named = {s.name.lower(): s.code for s in schools if times[s.name.lower()] == 1}
    named |= {s.npsn: s.code for s in schools if s.npsn} | {s.code.lower(): s.code for s in schools}
    return Areas(points, named)


def compare(
    header: Sequence[str],
    rows: Sequence[tuple[int, Sequence[str]]],
    kept: Iterable[Account],
    areas: Areas,
    own: str,
) -> Preview:
    """What a file would do. ``own`` is the user name of whoever brings it: nobody changes his own role.

    An empty cell leaves what is known of an account; a new one needs user name, name, role and its area.
    """
    columns = {name.strip().lower(): number for number, name in enumerate(header)}
    missing = [name for name in COLUMNS if name not in columns]
    unknown = [name for name in columns if name and name not in COLUMNS]
    if missing or unknown:
        text = _("Baris pertama harus berisi nama kolom: %(columns)s.")
        problem = Problem("file", text, {"columns": "; ".join(COLUMNS)})
        return Preview(problems=[CellProblem(1, ", ".join(missing + unknown), "", problem)])
    known = {account.username: account for account in kept}
    lines: list[Line] = []
    problems: list[CellProblem] = []
    seen: set[str] = set()
    for number, cells in rows:
        row = {name: cells[columns[name]].strip() if columns[name] < len(cells) else "" for name in COLUMNS}
        if not any(row.values()):
            continue
        line, wrong = _line(number, row, known, areas, own)
        if line.record.username in seen:
            wrong.append(Problem("username", _("Nama pengguna ini sudah ada di baris lain.")))
        seen.add(line.record.username)
        problems += [CellProblem(number, AT[p.field], _shown(row[AT[p.field]]), p) for p in wrong]
        lines.append(line)
    tally = Counter(line.status for line in lines)
    if not lines:
        problems.append(CellProblem(2, "", "", Problem("file", _("Berkas ini tidak berisi akun."))))
    if tally[NEW] > MOST_NEW:
        text = _("Paling banyak %(most)s akun baru dalam satu berkas.")
        problems.append(CellProblem(1, "username", "", Problem("file", text, {"most": MOST_NEW})))
    return Preview(lines, problems, {status: tally[status] for status in STATUSES})


def _shown(cell: str) -> str:
    """A cell as it may be shown again: somebody's long number never is."""
    return "…" if long_number(cell) else cell


def _line(
    number: int, row: Mapping[str, str], known: Mapping[str, Account], areas: Areas, own: str
) -> tuple[Line, list[Problem]]:
    username = row["username"].lower()
    kept = known.get(username)
    before = kept or Account(0, username, "", "")
    problems: list[Problem] = []
    role = _ROLE_WORDS.get(row["peran"].lower(), "?") if row["peran"] else before.role
    names = [part.strip() for part in re.split(r"[,+/|]", row["wilayah"]) if part.strip()]
    codes, strange = _codes(role, names, areas)
    if strange:
        text = _("Wilayah tidak dikenal: %(names)s. Tulis nama kecamatan, kode titik, atau NPSN, dipisah koma.")
        problems.append(Problem("points", text, {"names": ", ".join(map(_shown, strange))}))
    if names and role in ROLES and role not in (CLERK, LIAISON):
        problems.append(Problem("points", _("Peran ini melihat seluruh kabupaten. Kosongkan wilayahnya.")))
    points, places = before.points, before.places
    if names:
        points = codes if role == CLERK else frozenset()
        places = codes if role == LIAISON else frozenset()
    record = replace(
        before,
        name=row["nama"] or before.name,
        role=role,
        phone=_phone(row["telepon"]) or before.phone,
        points=points if role == CLERK else frozenset(),
        places=places if role == LIAISON else frozenset(),
    )
    found = check_account(record.username, record.name, record.role, record.points, record.places, record.phone)
    problems += [p for p in found if p.field not in {q.field for q in problems} | ({"places"} if strange else set())]
    if kept is not None and kept.username == own and record.role != kept.role:
        problems.append(Problem("role", _("Peran dan keadaan akun sendiri diubah oleh administrator lain.")))
    return Line(number, record, kept), problems


def _phone(cell: str) -> str:
    """A telephone number as typed; the zero that a spreadsheet drops before a mobile number (08…) is put back."""
    return f"0{cell}" if _MOBILE.fullmatch(cell) else cell


def _codes(role: str, names: Sequence[str], areas: Areas) -> tuple[frozenset[str], list[str]]:
    """(codes of the areas named, names that are none)."""
    known = areas.points if role == CLERK else areas.schools if role == LIAISON else {}
    if role not in (CLERK, LIAISON):
        return frozenset(), []
    found = {name: known.get(name.lower()) for name in names}
    return frozenset(code for code in found.values() if code), [name for name, code in found.items() if not code]
