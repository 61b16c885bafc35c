"""Taking in a list of kits: shown first, then all of it or nothing."""

import csv
import hashlib
import io
from collections.abc import Sequence

from ..domain.accounts import require
from ..domain.areas import Office
from ..domain.calendar import office_day
from ..domain.kit_file import MAX_COLUMNS, MAX_LINES, SHOWN, Change, at_line, change_of, merged, read_lines
from ..domain.problems import Invalid, Problem, _
from ..domain.submissions import Submission
from ..storage import equipment, ledger
from ..storage.database import Tx
from .equipment import KIND, add, papers_problems
from .sending import Sender, once

DEED = "equipment.add"
CELL_LIMIT = 200


def rows_of(content: bytes) -> list[list[str]]:
    """The cells of a csv file in UTF-8, with semicolons, commas or tabs between them.

    Raises Invalid for another encoding, for what is no text, and for more lines or columns than an office has.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        words = _("Berkas bukan csv UTF-8. Di Excel pilih Simpan sebagai, lalu CSV UTF-8.")
        raise Invalid([Problem("file", words)]) from None
    if "\0" in text or content[:4] == b"PK\x03\x04":
        raise Invalid([Problem("file", _("Berkas bukan csv UTF-8. Di Excel pilih Simpan sebagai, lalu CSV UTF-8."))])
    first = text.split("\n", 1)[0]
    delimiter = max(";,\t", key=first.count)
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            rows.append(row)
            if len(rows) > MAX_LINES + 1 or len(row) > MAX_COLUMNS or any(len(cell) > CELL_LIMIT for cell in row):
                words = _("Berkas terlalu panjang: paling banyak %(limit)s baris.")
                raise Invalid([Problem("file", words, {"limit": MAX_LINES})])
    except csv.Error:
        raise Invalid([Problem("file", _("Berkas csv ini tidak utuh. Simpan ulang, lalu coba lagi."))]) from None
    return rows


def as_text(rows: Sequence[Sequence[str]]) -> str:
    """Rows as the csv text that gives them back, whatever file they came from: a form carries it to the next page."""
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    return text.getvalue()


def preview(tx: Tx, sender: Sender, office: Office, rows: Sequence[Sequence[str]]) -> Change:
    """What a file would change. Raises Invalid with every problem and its line; nothing is kept."""
    require(sender.account, DEED)
    today = office_day(sender.at)
    lines, problems = read_lines(rows, office, today)
    kits = {kit.code: kit for kit in equipment.kits(tx)} if lines else {}
    change, more = change_of(lines, kits, office)
    problems += more
    if problems:
        raise Invalid(problems[:SHOWN])
    return change


def take_in(tx: Tx, sender: Sender, office: Office, submission_id: str, rows: Sequence[Sequence[str]]) -> Submission:
    """Keep everything a file says, or nothing. Raises Invalid as ``preview`` does, which is asked again here."""
    require(sender.account, DEED)

    def make() -> str:
        change = preview(tx, sender, office, rows)
        today = office_day(sender.at)
        for code, lines in change.new_kits.items():
            first = next((x for x in lines if x.kit_name or x.point_code), lines[0])
            papers = {line.kind: line.papers for line in lines}
            add(tx, sender, office, code, first.kit_name, first.point_code, list(papers), papers)
        for line in change.new_parts:
            problems = papers_problems(tx, line.kind, line.papers, today)
            if problems:
                raise Invalid(at_line(line.number, problems))
            equipment.add_part(tx, line.kit_code, line.kind, line.papers, sender.account.id, sender.at)
        for line, part in change.new_papers:
            papers_now = merged(line.papers, part)
            problems = papers_problems(tx, line.kind, papers_now, today, part)
            if problems:
                raise Invalid(at_line(line.number, problems))
            equipment.set_papers(tx, part, papers_now)
        ledger.touch(tx, ledger.EQUIPMENT)
        counted = {
            "kits": (0, len(change.new_kits)),
            "parts": (0, len(change.new_parts)),
            "papers": (0, len(change.new_papers)),
        }
        ledger.note(tx, sender.hand, "kits.import", KIND, "", counted)
        return "file"

    content = "\x1e".join("\x1f".join(row) for row in rows)
    body = {"file": hashlib.sha256(content.encode()).hexdigest()}
    return once(tx, sender, submission_id, KIND, body, make)
