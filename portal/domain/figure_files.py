"""A sheet of published figures, compared with what is kept: new, changed, same, missing; every fault by row.

Nothing of a file is kept unless all of it is sound. What can be right although it looks wrong is asked about, and kept
only with an explanation: more recorded than must hold a KTP, unrecorded that are not the difference of the two.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from msgspec import Struct

from .area_codes import AreaCodes, in_words, plain
from .figure_sheets import CODE, NAME, SHEETS, VILLAGE, Layout, layout_of
from .figures import (
    DESA,
    DISTRICT_CODE,
    FEMALE,
    KABUPATEN,
    KECAMATAN,
    LARGEST,
    MALE,
    MUST_HOLD_KTP,
    PEOPLE,
    RECORDED_TOTAL,
    ROLLS,
    SEXES,
    UNEQUAL,
    UNRECORDED,
    Figure,
    check_dated,
    kind_of,
    level_of,
    metrics_of,
)
from .place_files import CHANGED, NEW, SAME, STATUSES, CellProblem, mark_of
from .problems import Problem, _
from .texts import OUT_OF_RANGE, read_count

EMPTY = "empty"
BLANK = ("", "-", "–")
"""What stands in a box without a number."""
TOTALS = ("jumlah", "total", "jumlah total", "kabupaten", "jumlah kabupaten", "total kabupaten")
"""Names of the line under the others: the kabupaten as the file has it."""


class Said(Struct, frozen=True):
    """What the person who brings a file says of it."""

    sheet: str
    as_of: date
    source: str
    election: str = ""


def check_said(
    sheet: str, as_of: date | None, source: str, election: str, known: Iterable[str], today: date
) -> list[Problem]:
    """What is needed before a file is looked into."""
    problems = check_dated(as_of, source, today)
    if sheet not in SHEETS:
        problems.append(Problem("sheet", _("Pilih isi berkas.")))
    if sheet in ROLLS and election not in known:
        problems.append(Problem("election", _("Pilih pemilihan: DPT dan DPS disusun untuk satu pemilihan.")))
    return problems


class Line(Struct, frozen=True):
    """One area of a file: what it says of it, and what stands now for the same day."""

    row: int
    code: str
    values: Mapping[str, int | None]
    """Metric → people; None where the box is empty."""
    kept: Mapping[str, Figure]
    """Metric → the figure that stands, also of boxes that the file does not have."""

    def revision_of(self, metric: str) -> int:
        """The revision of a new row: above every row about the same reading, so that who corrects it sees this one."""
        about = metrics_of(kind_of(metric)[0])
        return 1 + max((kept.revision for name, kept in self.kept.items() if name in about), default=0)

    def status_of(self, metric: str) -> str:
        """NEW, CHANGED or SAME; EMPTY for a box without a number."""
        value, kept = self.values.get(metric), self.kept.get(metric)
        if value is None:
            return EMPTY
        if kept is None:
            return NEW
        return SAME if kept.value == value else CHANGED

    @property
    def status(self) -> str:
        """The most telling of its boxes."""
        found = {self.status_of(metric) for metric in self.values}
        return next((status for status in (CHANGED, NEW, SAME) if status in found), EMPTY)


class Preview(Struct, frozen=True):
    """What a file would do. With a problem it does nothing; what is in ``questions`` needs an explanation."""

    said: Said
    lines: Sequence[Line] = ()
    metrics: Sequence[str] = ()
    system: str = ""
    """Whose codes the file uses; "" where it names areas only."""
    missing: Sequence[str] = ()
    """Areas of the file's level that it does not name."""
    problems: Sequence[CellProblem] = ()
    questions: Sequence[CellProblem] = ()
    notes: Sequence[CellProblem] = ()

    @property
    def tally(self) -> dict[str, int]:
        """How many figures are new, changed and the same."""
        found = Counter(line.status_of(metric) for line in self.lines for metric in line.values)
        return {status: found[status] for status in STATUSES}

    @property
    def mark(self) -> str:
        """By what it is recognised, row by row."""
        kept = ({name: (f.value, f.revision) for name, f in line.kept.items()} for line in self.lines)
        return mark_of(zip((line.row for line in self.lines), kept, strict=True))

    @property
    def explains(self) -> bool:
        """Whether keeping it needs a reason: a figure that stands would be another, or something was asked."""
        return bool(self.questions) or self.tally[CHANGED] > 0

    def figures(self, reason: str, file_hash: str, note: str) -> list[Figure]:
        """The rows to keep: each new or changed figure, one above what stands."""
        made = []
        for line in self.lines:
            for metric, value in line.values.items():
                if value is None or line.status_of(metric) == SAME:
                    continue
                made.append(
                    Figure(
                        level_of(line.code),
                        line.code,
                        metric,
                        value,
                        PEOPLE,
                        self.said.as_of,
                        self.said.as_of.isoformat(),
                        self.said.election,
                        self.said.source,
                        note,
                        revision=line.revision_of(metric),
                        reason=reason,
                        file_hash=file_hash,
                    )
                )
        return made


@dataclass
class _Reading:
    """One reading of a file: what is known, and what was found so far."""

    layout: Layout
    codes: AreaCodes
    kept: Mapping[tuple[str, str], Figure]
    problems: list[CellProblem] = field(default_factory=list)
    questions: list[CellProblem] = field(default_factory=list)
    notes: list[CellProblem] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    systems: frozenset[str] | None = None
    seen: dict[str, int] = field(default_factory=dict)

    def cell(self, row: int, column: str, value: str, text: str, /, **values: str | int) -> CellProblem:
        return CellProblem(row, self.layout.heading(column), value[:60], Problem("", text, values))


def compare(
    said: Said,
    header: Sequence[str],
    rows: Sequence[tuple[int, Sequence[str]]],
    text_numbers: Iterable[tuple[int, int]],
    codes: AreaCodes,
    kept: Mapping[tuple[str, str], Figure],
) -> Preview:
    """What a sheet would do to the figures that are kept for its day: ``kept`` by (area, metric). ``rows`` carry the
    number the sheet gives them; numbers kept as text are read all the same, and told."""
    layout = layout_of(said.sheet, header, rows, rows[0][0] - 1 if rows else 1)
    if isinstance(layout, Problem):
        return Preview(said, problems=[CellProblem(1, "", "", layout)])
    found = _Reading(layout, codes, kept)
    for number, cells in layout.rows:
        row = {name: cells[n].strip() if n < len(cells) else "" for n, name in enumerate(layout.columns) if name}
        if any(row.values()):
            _read(found, number, row)
    if not found.lines and not found.problems:
        found.problems.append(found.cell(layout.row, CODE, "", _("Berkas ini tidak berisi baris.")))
    for heading in layout.left_out:
        found.notes.append(
            CellProblem(layout.row, heading[:40], "", Problem("", _("Kolom ini dilewati, tidak disimpan.")))
        )
    _note_texts(found, text_numbers)
    _note_sums(found)
    return Preview(
        said,
        found.lines,
        layout.metrics,
        in_words(found.systems or ()),
        _missing(found),
        found.problems,
        found.questions,
        found.notes,
    )


def _read(found: _Reading, number: int, row: Mapping[str, str]) -> None:
    """Everything that is wrong with a row is told at once: its area, each number, and the sums of those that can be
    read, whatever else is wrong. A row without a fault becomes a line."""
    before = len(found.problems)
    known = found.codes.find(row.get(CODE, ""))
    if known is None and _says_nothing(found, row):
        text = _("Baris ini dilewati: bukan wilayah dan tanpa angka.")
        found.notes.append(found.cell(number, CODE, row[CODE], text))
        return
    code = _area(found, number, row, known)
    values = _values(found, number, row)
    if code in found.seen:
        text = _("%(name)s sudah ada di baris %(line)s.")
        shown = row.get(CODE) or row.get(NAME, "")
        found.problems.append(
            found.cell(number, CODE, shown, text, name=found.codes.names[code], line=found.seen[code])
        )
    _check_sums(found, number, row, values)
    if code is None:
        return
    found.seen.setdefault(code, number)
    if len(found.problems) == before:
        about = [m for kind in dict.fromkeys(kind_of(metric)[0] for metric in values) for m in metrics_of(kind)]
        now = {metric: found.kept[code, metric] for metric in about if (code, metric) in found.kept}
        found.lines.append(Line(number, code, values, now))


def _says_nothing(found: _Reading, row: Mapping[str, str]) -> bool:
    """Whether a row has something where its code belongs, and no number: a footnote, a signature."""
    return plain(row.get(CODE, "")) not in ("", *TOTALS) and not any(row[metric] for metric in found.layout.metrics)


def _area(found: _Reading, number: int, row: Mapping[str, str], known: tuple[str, frozenset[str]] | None) -> str | None:
    """The area of a row: by its code (``known`` of it), else by its name; None when it is told that there is none."""
    text = row.get(CODE, "")
    if not text:
        return _area_by_name(found, number, row)
    if plain(text) in TOTALS:  # a merged cell across code and name
        return DISTRICT_CODE
    if known is None:
        said = _("Kode ini tidak ada dalam daftar Kemendagri, KPU, BPS atau Dapodik untuk Kabupaten Mojokerto.")
        found.problems.append(found.cell(number, CODE, text, said))
        return None
    code, systems = known
    agreed = systems if found.systems is None else found.systems & systems
    if agreed:
        found.systems = agreed
    else:
        said = _("Kode ini dari %(system)s, sedangkan baris sebelumnya memakai kode %(other)s. Pakai satu daftar kode.")
        found.problems.append(
            found.cell(number, CODE, text, said, system=in_words(systems), other=in_words(found.systems or ()))
        )
    return code if _name_agrees(found, number, row, code, in_words(systems)) and agreed else None


def _area_by_name(found: _Reading, number: int, row: Mapping[str, str]) -> str | None:
    name = row.get(NAME, "")
    if plain(name) in TOTALS or found.codes.of_name(name, KABUPATEN):
        return DISTRICT_CODE
    known = () if row.get(VILLAGE) else found.codes.of_name(name, KECAMATAN)
    if len(known) == 1:
        return known[0]
    text = _("Isi kode wilayah.") if not name or row.get(VILLAGE) else _("Nama kecamatan ini tidak ada dalam daftar.")
    found.problems.append(found.cell(number, CODE if not name or row.get(VILLAGE) else NAME, name, text))
    return None


def _name_agrees(found: _Reading, number: int, row: Mapping[str, str], code: str, system: str) -> bool:
    """Whether the names beside a code are that area's; a name of another area is a fault, one of no area a note."""
    above = code.rsplit(".", 1)[0]
    if level_of(code) != DESA:
        checked = [(code, NAME)]
    elif VILLAGE in found.layout.columns:
        checked = [(code, VILLAGE), (above, NAME)]
    else:  # one column may name the desa or repeat its kecamatan
        repeated = above in found.codes.of_name(row.get(NAME, ""), KECAMATAN)
        checked = [] if repeated else [(code, NAME)]
    agrees = True
    for area, column in checked:
        name = row.get(column, "")
        same = found.codes.of_name(name, level_of(area))
        if not name or plain(name) in TOTALS or area in same:
            continue
        values = {"code": row[CODE], "name": found.codes.names[area], "other": name}
        if same:
            said = _(
                "Kode %(code)s menurut %(system)s adalah %(name)s, bukan %(other)s. Periksa apakah kodenya tertukar."
            )
            found.problems.append(found.cell(number, CODE, row[CODE], said, **values, system=system))
            agrees = False
        else:
            said = _("Kode %(code)s adalah %(name)s; nama %(other)s tidak ada dalam daftar. Periksa ejaannya.")
            found.notes.append(found.cell(number, column, name, said, **values))
    return agrees


def _values(found: _Reading, number: int, row: Mapping[str, str]) -> dict[str, int | None]:
    """The numbers of a row; None for an empty box, and for one that is told to be none."""
    values: dict[str, int | None] = {}
    for metric in found.layout.metrics:
        text = row[metric]
        values[metric] = None if text in BLANK else read_count(text)
        if text not in BLANK and values[metric] is None:
            said = _("Isi dengan bilangan bulat, misalnya 24.")
            found.problems.append(found.cell(number, metric, text, said))
        elif (values[metric] or 0) > LARGEST:
            values[metric] = None
            found.problems.append(found.cell(number, metric, text, OUT_OF_RANGE, limit=LARGEST))
    return values


def _check_sums(found: _Reading, number: int, row: Mapping[str, str], values: Mapping[str, int | None]) -> None:
    """L + P = JML must hold; that nobody unrecorded is counted twice, and none recorded too many, is asked."""
    for kind in dict.fromkeys(kind_of(metric)[0] for metric in values):
        male, female, both = (values.get(kind + ending) for ending in (MALE, FEMALE, ""))
        if male is not None and female is not None and both is not None and male + female != both:
            said = {"male": male, "female": female, "sum": male + female, "value": both}
            found.problems.append(found.cell(number, kind, row[kind], UNEQUAL, **said))
        elif male is not None and female is not None and row.get(kind, "") in BLANK:
            text = _("Jumlah kosong tetap kosong: portal tidak mengisinya dengan L + P.")
            found.notes.append(found.cell(number, kind, "", text))
    for ending in SEXES:
        must, done, left = (values.get(kind + ending) for kind in (MUST_HOLD_KTP, RECORDED_TOTAL, UNRECORDED))
        if must is not None and done is not None and done > must:
            text = _("Sudah rekam %(done)s lebih banyak dari wajib KTP %(must)s. Periksa apakah kolomnya tertukar.")
            found.questions.append(
                found.cell(number, RECORDED_TOTAL + ending, row[RECORDED_TOTAL + ending], text, done=done, must=must)
            )
        elif must is not None and done is not None and left is not None and must - done != left:
            text = _("Wajib KTP %(must)s − sudah rekam %(done)s = %(rest)s, bukan %(left)s.")
            said = {"must": must, "done": done, "rest": must - done, "left": left}
            found.questions.append(found.cell(number, UNRECORDED + ending, row[UNRECORDED + ending], text, **said))


def _missing(found: _Reading) -> list[str]:
    """Areas of the lowest level in the file that no row of it names."""
    levels = [level for level in dict.fromkeys(level_of(code) for code in found.seen) if level != KABUPATEN]
    if not levels:
        return []
    lowest = max(levels, key=lambda level: level != KECAMATAN)
    return [code for code in found.codes.below(lowest) if code not in found.seen]


def _note_texts(found: _Reading, text_numbers: Iterable[tuple[int, int]]) -> None:
    """One note a column: a sheet in which every number is text would say it a thousand times."""
    rows, told = dict(found.layout.rows), Counter[str]()
    for row, n in text_numbers:
        if row in rows and n < len(found.layout.columns) and found.layout.columns[n] in found.layout.metrics:
            told[found.layout.columns[n]] += 1
    for metric, number in told.items():
        text = _("%(n)s angka tersimpan sebagai teks di berkas. Dibaca sebagai bilangan.")
        found.notes.append(found.cell(found.layout.row, metric, "", text, n=number))


def _note_sums(found: _Reading) -> None:
    """Where the areas below do not add up to the one above: shown, never evened out."""
    lines = {line.code: line for line in found.lines}
    for code, line in lines.items():
        below = [c for c in found.codes.names if c.startswith(code + ".") and c.count(".") == code.count(".") + 1]
        if not below or any(c not in lines for c in below):
            continue
        for metric, value in line.values.items():
            parts = [lines[c].values.get(metric) for c in below]
            known = [n for n in parts if n is not None]
            if value is None or len(known) != len(parts) or sum(known) == value:
                continue
            text = _("Jumlah %(areas)s wilayah di bawahnya %(sum)s, selisih %(difference)s.")
            said = {"areas": len(below), "sum": sum(known), "difference": sum(known) - value}
            found.notes.append(found.cell(line.row, metric, str(value), text, **said))
