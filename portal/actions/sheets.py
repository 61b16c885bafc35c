"""Reading a file that somebody made in a spreadsheet, without trusting it: CSV in UTF-8, or the first sheet of an xlsx.

Limits come before parsing: a file of one megabyte can unpack to gigabytes, and 25 kB of empty rows can keep a
parser busy for seconds.
"""

import csv
import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from ..domain.problems import Invalid, Problem, _

LARGEST_FILE = 5 * 1024 * 1024
LARGEST_UNPACKED = 8 * 1024 * 1024
MOST_PARTS = 64
MOST_ROWS = 5_000
MOST_COLUMNS = 40
LONGEST_CELL = 1_000

_ROW = re.compile(rb"<(?:\w+:)?row[\s>/]")
_CELL = re.compile(rb"<(?:\w+:)?c[\s>/]")
_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Z]{0,7})([0-9]{1,12})["']""")
_ENCODED = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"'](?!utf-8[\"'])", re.IGNORECASE)


class Sheet(Struct, frozen=True):
    """A sheet as text: the headings, the rows below with their numbers, where a number is kept as text, and the
    SHA-256 of the file."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    text_numbers: tuple[tuple[int, int], ...]
    token: str


def read(name: str, content: bytes) -> Sheet:
    """The sheet in a file. Raises Invalid, with what to do about it."""
    if not content:
        raise _refused(_("Pilih berkas xlsx atau CSV."))
    if len(content) > LARGEST_FILE:
        raise _refused(_("Berkas ini terlalu besar: paling besar 5 MB."))
    token = hashlib.sha256(content).hexdigest()
    if content.startswith(b"PK"):
        table = _xlsx(content)
    elif name.lower().endswith((".xls", ".ods")) or content.startswith(b"\xd0\xcf\x11\xe0"):
        raise _refused(_("Simpan berkas sebagai xlsx atau CSV UTF-8, lalu kirim lagi."))
    else:
        table = _csv(content)
    lines = [[_text(value) for value in row] for row in table]
    first = next((n for n, line in enumerate(lines) if any(line)), None)
    if first is None:
        raise _refused(_("Berkas ini kosong."))
    below = lines[first + 1 :]
    if len(below) > MOST_ROWS:
        raise _too_many()
    rows = tuple((first + 2 + n, tuple(line)) for n, line in enumerate(below))
    texts = tuple(
        (first + 2 + n, column)
        for n, row in enumerate(table[first + 1 :])
        for column, value in enumerate(row)
        if content.startswith(b"PK") and isinstance(value, str) and value.strip().isdigit()
    )
    return Sheet(tuple(lines[first]), rows, texts, token)


def _refused(text: str) -> Invalid:
    return Invalid([Problem("file", text)])


def _too_many() -> Invalid:
    values = {"rows": f"{MOST_ROWS:,}".replace(",", "."), "columns": MOST_COLUMNS}
    text = _("Berkas ini terlalu panjang: paling banyak %(rows)s baris dan %(columns)s kolom.")
    return Invalid([Problem("file", text, values)])


def _text(value: Any) -> str:
    """A cell as somebody would type it here. A number with a fraction gets a comma, so that it is never read whole."""
    if isinstance(value, bool) or value is None:
        return "" if value is None else ("ya" if value else "tidak")
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value).replace(".", ",")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    text = str(value).strip()
    if len(text) > LONGEST_CELL or "\x00" in text:
        raise _refused(_("Ada sel yang isinya tidak dapat dibaca. Ketik ulang dengan huruf biasa."))
    return text


def _csv(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refused(_("Berkas ini bukan UTF-8. Simpan sebagai “CSV UTF-8” di Excel, lalu kirim lagi.")) from None
    if "\x00" in text:
        raise _refused(_("Berkas ini bukan UTF-8. Simpan sebagai “CSV UTF-8” di Excel, lalu kirim lagi."))
    head = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(";,\t", key=head.count)
    found: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            found.append(row)
            if len(found) > MOST_ROWS + 10 or len(row) > MOST_COLUMNS:
                raise _too_many()
    except csv.Error:
        text = _("Tanda kutip di berkas ini tidak berpasangan. Simpan ulang dari Excel sebagai “CSV UTF-8”.")
        raise _refused(text) from None
    return found


def _xlsx(content: bytes) -> list[list[Any]]:
    from python_calamine import CalamineError, CalamineWorkbook  # loaded with the first workbook: no page needs it

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _look_inside(package)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        if not book.sheet_names:
            raise _refused(_("Berkas ini kosong."))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, CalamineError):
        text = _("Berkas xlsx ini rusak atau terkunci. Buka di Excel, simpan ulang tanpa sandi, lalu kirim lagi.")
        raise _refused(text) from None
    return rows


def _look_inside(package: zipfile.ZipFile) -> None:
    """Unpack every part once, counting: nothing is parsed of a file that is too large or that brings entities."""
    parts = package.infolist()
    if len(parts) > MOST_PARTS:
        raise _too_many()
    left = LARGEST_UNPACKED
    for part in parts:
        body = bytearray()
        for piece in _pieces(package, part):
            left -= len(piece)
            if left < 0:
                raise _refused(_("Isi berkas ini terlalu besar: paling besar 8 MB setelah dibuka."))
            body += piece
        if not part.filename.lower().endswith((".xml", ".rels")):
            continue
        if b"<!" in body.replace(b"<!--", b"").replace(b"<![CDATA[", b"") or _ENCODED.search(body):
            raise _refused(_("Berkas xlsx ini memuat bagian yang tidak diterima. Simpan ulang dari Excel."))
        if "worksheets/" in part.filename.lower():
            _count(bytes(body))


def _pieces(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    with package.open(part) as stream:
        while piece := stream.read(64 * 1024):
            yield piece


def _count(body: bytes) -> None:
    """Rows and cells as they are written, and where they say they stand: a single cell far out makes a huge sheet."""
    if len(_ROW.findall(body)) > MOST_ROWS + 10 or len(_CELL.findall(body)) > (MOST_ROWS + 10) * MOST_COLUMNS:
        raise _too_many()
    for letters, row in _PLACE.findall(body):
        if int(row) > MOST_ROWS + 10 or _column(letters) > MOST_COLUMNS:
            raise _too_many()


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
