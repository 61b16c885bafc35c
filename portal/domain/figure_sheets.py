"""Which column of a published sheet says what: SIAK aggregates and voter rolls as offices hand them on.

Headings stand in one line (WKTP_L, WKTP_P, WKTP_JML) or in two, a group over its L, P and JML; titles may stand above.
Source: labels of a public importer of SIAK aggregates (KODE, then WKTP, REKAM, BLM_REKAM, MMLK, each L, P, JML).
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from .figures import DPS, DPT, FEMALE, MALE, MUST_HOLD_KTP, RECORDED_TOTAL, SEXES, UNRECORDED
from .problems import Problem, _

SIAK = "siak"
SHEETS: Mapping[str, str] = {
    SIAK: _("SIAK: wajib KTP, sudah rekam, belum rekam"),
    DPT: _("DPT: pemilih per kecamatan"),
    DPS: _("DPS: pemilih sementara per kecamatan"),
}
"""What a file may hold."""

CODE, NAME, VILLAGE = "code", "name", "village"
"""Columns that say which area a row speaks of; ``village`` names a desa where ``name`` names its kecamatan."""

_SIAK_GROUPS = {
    MUST_HOLD_KTP: ("WKTP", "WAJIB_KTP", "WAJIB_KTP_EL"),
    RECORDED_TOTAL: ("REKAM", "SUDAH_REKAM", "SDH_REKAM", "PEREKAMAN"),
    UNRECORDED: ("BLM_REKAM", "BELUM_REKAM", "BLM_PEREKAMAN"),
}
_ROLL_GROUPS = ("", "DPT", "DPS", "PEMILIH", "JUMLAH_PEMILIH", "JML_PEMILIH", "TOTAL_PEMILIH")
_SEXES = {
    MALE: ("L", "LK", "LAKI", "LAKI_LAKI", "PRIA"),
    FEMALE: ("P", "PR", "PEREMPUAN", "WANITA"),
    "": ("JML", "JUMLAH", "JLH", "TOTAL", "L_P"),
}
_PLACES = {
    CODE: ("KODE", "KD", "KODE_WILAYAH", "KD_WILAYAH", "KODE_KEC", "KODE_KECAMATAN", "KODE_DESA", "KODE_KEL"),
    NAME: ("NAMA", "WILAYAH", "NAMA_WILAYAH", "KECAMATAN", "NAMA_KEC", "NAMA_KECAMATAN"),
    VILLAGE: ("DESA", "KELURAHAN", "DESA_KELURAHAN", "NAMA_DESA", "NAMA_KEL", "NAMA_KELURAHAN"),
}
_PERSONAL = ("NIK", "NO_KK", "NOMOR_KK", "NAMA_LGKP", "NAMA_LENGKAP", "TGL_LHR", "TANGGAL_LAHIR", "TMPT_LHR", "ALAMAT")
HEADING_LINES = 10
"""How far down the line of headings is looked for, below titles."""

PERSONAL = _("Berkas ini memuat data perorangan. Portal hanya menerima jumlah per wilayah; tidak ada yang disimpan.")


class Layout(Struct, frozen=True):
    """What a sheet's columns say: their headings as written, and the rows below them."""

    columns: tuple[str, ...]
    """For each column a metric, CODE, NAME, VILLAGE, or "" for one that is not kept."""
    headings: tuple[str, ...]
    rows: tuple[tuple[int, Sequence[str]], ...]
    row: int
    """The line of the headings, as the sheet numbers it."""

    def heading(self, column: str) -> str:
        """What stands over a column; what was looked for where there is none."""
        if column in self.columns:
            return self.headings[self.columns.index(column)]
        return {CODE: "KODE", NAME: "KECAMATAN"}.get(column, column)

    @property
    def metrics(self) -> list[str]:
        """The metrics that the sheet holds."""
        return [c for c in self.columns if c and c not in _PLACES]

    @property
    def left_out(self) -> list[str]:
        """Headings of columns that are not kept."""
        return [h for c, h in zip(self.columns, self.headings, strict=True) if not c and h]


def tidy(text: str) -> str:
    """A heading as it is compared: capitals, one underscore between words."""
    text = re.sub(r"L\s*[+/&]\s*P", "L_P", text.strip().upper())
    return re.sub(r"[^A-Z]+", "_", text).strip("_")


def personal(header: Sequence[str], rows: Iterable[tuple[int, Sequence[str]]]) -> bool:
    """Whether a heading of the first lines names something of one person, as in a list of people not yet recorded."""
    lines = [header, *(cells for _n, (_row, cells) in zip(range(HEADING_LINES), rows, strict=False))]
    return any(tidy(cell) in _PERSONAL for line in lines for cell in line)


def layout_of(
    sheet: str, header: Sequence[str], rows: Sequence[tuple[int, Sequence[str]]], first: int = 1
) -> Layout | Problem:
    """The columns of a sheet of this kind; a problem when they cannot be told. ``first`` is the header's own line."""
    known = _known(sheet)
    lines = [(first, header), *rows]
    for at, (number, cells) in enumerate(lines[:HEADING_LINES]):
        if not any(_place(tidy(cell)) for cell in cells):
            continue
        below = lines[at + 1][1] if at + 1 < len(lines) else ()
        headings, taken = _two_lines(cells, below)
        columns = tuple(_place(tidy(h)) or known.get(tidy(h), "") for h in headings)
        found = [c for c in columns if c]
        if len(found) != len(set(found)):
            twice = next(h for c, h in zip(columns, headings, strict=True) if c and columns.count(c) > 1)
            return Problem("file", _("Judul kolom %(name)s ada dua kali."), {"name": twice[:40]})
        layout = Layout(columns, headings, tuple(lines[at + 1 + taken :]), number)
        if layout.metrics:
            return layout
    return Problem("file", _("Judul kolom tidak dikenal. Unduh contoh berkas untuk judul yang benar."))


def _known(sheet: str) -> dict[str, str]:
    """Heading → metric."""
    groups = _SIAK_GROUPS if sheet == SIAK else {sheet: _ROLL_GROUPS}
    found: dict[str, str] = {}
    for kind, names in groups.items():
        for name in names:
            for ending in SEXES:
                found |= {"_".join(filter(None, (name, sex))): kind + ending for sex in _SEXES[ending]}
            if name:
                found[name] = kind
    return found


def _place(heading: str) -> str:
    return next((column for column, names in _PLACES.items() if heading in names), "")


def _two_lines(upper: Sequence[str], lower: Sequence[str]) -> tuple[tuple[str, ...], int]:
    """(headings, lines below the first that they take): a group stands over the columns up to the next one."""
    every = {sex for names in _SEXES.values() for sex in names}
    under = [tidy(cell) for cell in lower]
    if not any(under) or any(word and word not in every for word in under):
        return tuple(upper), 0
    headings, group = [], ""
    for n in range(max(len(upper), len(lower))):
        above = upper[n].strip() if n < len(upper) else ""
        below = lower[n].strip() if n < len(lower) else ""
        group = above or group
        headings.append(f"{group} {below}".strip() if below else above)
    return tuple(headings), 1
