"""Taking in a list of kits: shown first, then all of it or nothing."""

import csv
import hashlib
import io
from collections.abc import Sequence

from ..domain.accounts import require
from ..domain.areas import Office
from ..domain.calendar import office_day
from ..domain.kit_file import SHOWN, Change, at_line, change_of, merged, read_lines
from ..domain.problems import Invalid, Problem, _
from ..domain.submissions import Submission
from ..storage import equipment, ledger
from ..storage.database import Tx
from .equipment import KIND, add, papers_problems
from .sending import Sender, once
from .sheets import read

DEED = "equipment.add"
FIRST_ROW = 2
"""The first row of a sheet below its column names."""


def rows_of(name: str, content: bytes) -> list[list[str]]:
    """The cells of a file or of pasted text (``name`` says which kind), the row of column names first.

    Raises Invalid as ``sheets.read`` does, and when the names stand lower: messages name the row as a person sees it.
    """
    sheet = read(name, content)
    if sheet.rows and sheet.rows[0][0] != FIRST_ROW:
        raise Invalid([Problem("file", _("Nama kolom harus berdiri di baris pertama berkas."))])
    return [list(sheet.header), *(list(cells) for _number, cells in sheet.rows)]


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
    kits = {kit.code: kit for kit in equipment.kits(tx, retired=True)} if lines else {}
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
                raise Invalid(at_line(line, problems))
            equipment.add_part(tx, line.kit_code, line.kind, line.papers, sender.account.id, sender.at)
        for line, part in change.new_papers:
            papers_now = merged(line.papers, part)
            problems = papers_problems(tx, line.kind, papers_now, today, part)
            if problems:
                raise Invalid(at_line(line, problems))
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
