"""A list of kits and parts from a file: one line a part, read whole before anything is kept.

The lines come from whatever read the file; here they mean something. Every problem names its line.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import Struct, field
from msgspec.structs import replace

from .areas import Office
from .equipment import COMPONENTS, ESSENTIAL, Component, Kit, check_kit, out_of_service
from .papers import Papers, check_papers, plain_serial
from .problems import Problem, _
from .texts import read_count

COLUMNS = {
    "kode": _("Kode alat"),
    "nama": _("Nama alat"),
    "titik": _("Titik layanan"),
    "bagian": _("Bagian"),
    "seri": _("Nomor seri"),
    "dibeli": _("Tanggal beli"),
    "harga": _("Harga (Rp)"),
    "garansi": _("Garansi sampai"),
    "perlu_untuk": _("Diperlukan untuk"),
}
NEEDED = ("kode", "bagian")
MAX_LINES = 5_000
MAX_COLUMNS = 40
COLUMN_OF = {
    "code": "kode",
    "name": "nama",
    "point": "titik",
    "kinds": "bagian",
    "serial": "seri",
    "bought": "dibeli",
    "price_rp": "harga",
    "warranty_until": "garansi",
    "essential": "perlu_untuk",
}
"""Field of a rule → the column that is meant."""
SHOWN = 50
"""Problems told at once: who has more mends the file first."""

_WORDS = {"rekam": "record", "cetak": "print", "rekam dan cetak": "both", "tidak": "neither", "": ""}
_KINDS = {word.lower(): kind for kind, word in COMPONENTS.items()} | {kind: kind for kind in COMPONENTS}


class Line(Struct, frozen=True):
    """One part as a line tells it."""

    number: int
    kit_code: str
    kit_name: str
    point_code: str
    kind: str
    papers: Papers
    cells: Mapping[str, str] = field(default_factory=dict)
    """What stands in the line, by column."""


class Change(Struct, frozen=True):
    """What a file would do: kits it would make, parts it would put into kits there are, papers it would change."""

    new_kits: Mapping[str, Sequence[Line]] = field(default_factory=dict)
    new_parts: Sequence[Line] = ()
    new_papers: Sequence[tuple[Line, Component]] = ()
    same: int = 0


def read_lines(rows: Sequence[Sequence[str]], office: Office, today: date) -> tuple[list[Line], list[Problem]]:
    """The lines of a file whose first row names the columns, and what is wrong with it."""
    if not rows:
        return [], [Problem("file", _("Berkas ini kosong."))]
    header = [re.sub(r"[^a-z]+", "_", cell.strip().lower()).strip("_") for cell in rows[0]]
    missing = [name for name in NEEDED if name not in header]
    unknown = [cell.strip()[:40] for cell, name in zip(rows[0], header, strict=True) if name not in COLUMNS]
    if missing or unknown or len(header) != len(set(header)):
        words = _("Baris pertama harus berisi nama kolom: %(columns)s.")
        return [], [Problem("file", words, {"columns": ", ".join(COLUMNS)})]
    if len(rows) > MAX_LINES + 1 or len(header) > MAX_COLUMNS:
        return [], [Problem("file", _("Berkas terlalu panjang: paling banyak %(limit)s baris."), {"limit": MAX_LINES})]
    points = {p.name.lower(): p.code for p in office.points.values()} | {code: code for code in office.points}
    lines, problems = [], []
    for number, row in enumerate(rows[1:], start=2):
        if any(cell.strip() for cell in row):
            line, wrong = _line(number, dict(zip(header, (c.strip() for c in row), strict=False)), points, today)
            lines.append(line)
            problems += wrong
    if not lines:
        problems.append(Problem("file", _("Berkas ini kosong.")))
    return lines, problems


def _line(number: int, cells: Mapping[str, str], points: Mapping[str, str], today: date) -> tuple[Line, list[Problem]]:
    problems = []
    kind = _KINDS.get(cells.get("bagian", "").lower(), "")
    if not kind:
        problems.append(Problem("bagian", _("Bagian tidak dikenal.")))
    dates = {}
    for name in ("dibeli", "garansi"):
        dates[name] = _day(cells.get(name, ""))
        if cells.get(name) and dates[name] is None:
            problems.append(Problem(name, _("Tanggal ditulis seperti 2024-10-21 atau 21-10-2024.")))
    price = read_count(cells.get("harga", "")) if cells.get("harga") else None
    if cells.get("harga") and price is None:
        problems.append(Problem("harga", _("Harga ditulis dengan bilangan bulat, misalnya 12.500.000.")))
    essential = _WORDS.get(cells.get("perlu_untuk", "").lower(), "?")
    if essential not in {"", *ESSENTIAL}:
        problems.append(Problem("perlu_untuk", _("Isi dengan rekam, cetak, rekam dan cetak, atau tidak.")))
        essential = ""
    point = cells.get("titik", "")
    serial = plain_serial(cells.get("seri", ""))
    papers = Papers(serial, dates["dibeli"], price, dates["garansi"], essential)
    problems += check_papers(papers, today)
    line = Line(
        number, cells.get("kode", ""), cells.get("nama", ""), points.get(point.lower(), point), kind, papers, cells
    )
    return line, at_line(line, problems)


def _day(text: str) -> date | None:
    parts = text.replace("/", "-").split("-")
    if len(parts) == 3 and len(parts[2]) == 4:
        parts.reverse()
    try:
        return date.fromisoformat("-".join(p.zfill(2) for p in parts))
    except ValueError:
        return None


def at_line(line: Line, problems: Sequence[Problem]) -> list[Problem]:
    """The same problems, saying in which line of the file they stand, in which column, and what is written there."""
    found = []
    for problem in problems:
        column = COLUMN_OF.get(problem.field, problem.field)
        values = {"line": line.number, "said": str(problem)}
        if column in COLUMNS:
            values |= {"column": column, "value": line.cells.get(column, "")[:60]}
            text = _("Baris %(line)s, kolom %(column)s, isi “%(value)s”: %(said)s")
        else:
            text = _("Baris %(line)s: %(said)s")
        found.append(Problem("file", text, values))
    return found


def change_of(lines: Sequence[Line], kits: Mapping[str, Kit], office: Office) -> tuple[Change, list[Problem]]:
    """What the lines would change among ``kits``, and what is wrong with them together."""
    problems: list[Problem] = []
    new_kits: dict[str, list[Line]] = {}
    new_parts, new_papers, same = [], [], 0
    seen_parts: set[tuple[str, str]] = set()
    seen_serials: set[tuple[str, str]] = set()
    owners = {(c.kind, c.serial): k.code for k in kits.values() for c in k.components if c.serial}
    for typed in lines:
        if not typed.kind:
            continue
        code = typed.kit_code if typed.kit_code in kits else typed.kit_code.upper()
        line = replace(typed, kit_code=code)
        key, serial = (line.kit_code, line.kind), (line.kind, line.papers.serial)
        if key in seen_parts:
            problems += at_line(
                line, [Problem("bagian", _("Bagian ini sudah ada di baris lain untuk alat yang sama."))]
            )
        if line.papers.serial and (serial in seen_serials or owners.get(serial, line.kit_code) != line.kit_code):
            words = _("Nomor seri ini sudah dipakai. Satu bagian hanya ada di satu alat.")
            problems += at_line(line, [Problem("serial", words)])
        seen_parts.add(key)
        seen_serials.add(serial)
        kit = kits.get(line.kit_code)
        if kit is not None:
            problems += at_line(line, [Problem("code", p.text, p.values) for p in out_of_service(kit)])
        part = next((c for c in kit.components if c.kind == line.kind), None) if kit else None
        if kit is None:
            new_kits.setdefault(line.kit_code, []).append(line)
        elif part is None:
            new_parts.append(line)
        elif _differs(line.papers, part):
            new_papers.append((line, part))
        else:
            same += 1
    for code, own in new_kits.items():
        first = next((x for x in own if x.kit_name or x.point_code), own[0])
        wrong = check_kit(code, first.kit_name, first.point_code, [x.kind for x in own], office)
        problems += at_line(first, wrong)
    return Change(new_kits, new_parts, new_papers, same), problems


def merged(papers: Papers, part: Component) -> Papers:
    """A part's papers as a line changes them: an empty cell leaves what is known as it is."""
    return Papers(
        papers.serial or part.serial,
        papers.bought or part.bought,
        part.price_rp if papers.price_rp is None else papers.price_rp,
        papers.warranty_until or part.warranty_until,
        papers.essential or part.needed_for,
    )


def _differs(papers: Papers, part: Component) -> bool:
    kept = Papers(part.serial, part.bought, part.price_rp, part.warranty_until, part.needed_for)
    return merged(papers, part) != kept
