"""A sheet of published figures brought in: shown first, then all of it or nothing, as one deed."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from ..domain.accounts import require
from ..domain.areas import Office
from ..domain.calendar import office_day
from ..domain.figure_files import Preview, Said, check_said, compare
from ..domain.figure_sheets import PERSONAL, SIAK, personal
from ..domain.figures import MUST_HOLD_KTP, RECORDED_TOTAL, UNRECORDED, kind_of, metrics_of
from ..domain.problems import STALE, Conflict, Invalid, Problem, Unknown, _
from ..domain.submissions import Submission
from ..domain.texts import check_text, long_number
from ..storage import figures, ledger, places
from ..storage.database import Tx
from .area_codes import area_codes
from .figures import DEED, KIND, REASON_LIMIT, elections, object_of
from .sending import Sender, once
from .sheets import Sheet

FILE = "figures"
EXPLAIN = _("Jelaskan angka yang ditanyakan atau yang berubah; penjelasannya ikut disimpan.")


def unsaid(
    tx: Tx, sender: Sender, office: Office, kind: str, as_of: date | None, source: str, election: str
) -> list[Problem]:
    """What is still to be said of a file before it is looked into."""
    require(sender.account, DEED)
    return check_said(kind, as_of, source, election, elections(tx, office), office_day(sender.at))


def look(
    tx: Tx,
    sender: Sender,
    office: Office,
    name: str,
    sheet: Sheet,
    kind: str,
    as_of: date | None,
    source: str,
    election: str,
) -> tuple[str, Preview]:
    """(token, what a sheet would do). It waits under its token for the confirmation; no figure changes.

    Raises Invalid when what is said of it is not enough, and for a list of people, of which nothing is kept at all.
    """
    require(sender.account, DEED)
    problems = unsaid(tx, sender, office, kind, as_of, source, election)
    if personal(sheet.header, sheet.rows) or any(long_number(c) for _row, cells in sheet.rows for c in cells):
        problems.append(Problem("file", PERSONAL))
    if problems or as_of is None:
        raise Invalid(problems)
    name = "–" if long_number(name) else name
    said = {"sheet": kind, "as_of": as_of.isoformat(), "source": source.strip(), "election": election}
    said |= {"name": name[-120:], "file": sheet.token}
    rows = json.dumps([said, sheet.header, sheet.rows, sheet.text_numbers], ensure_ascii=False, separators=(",", ":"))
    token = hashlib.sha256(rows.encode()).hexdigest()
    places.keep_upload(tx, sender.account.id, FILE, token, name[-120:], rows, sender.at)
    return token, _preview(tx, rows)[1]


def _preview(tx: Tx, rows: str) -> tuple[dict[str, Any], Preview]:
    said, header, lines, texts = json.loads(rows)
    kinds = (MUST_HOLD_KTP, RECORDED_TOTAL, UNRECORDED) if said["sheet"] == SIAK else (said["sheet"],)
    metrics = [metric for kind in kinds for metric in metrics_of(kind)]
    as_of = date.fromisoformat(said["as_of"])
    preview = compare(
        Said(said["sheet"], as_of, said["source"], said["election"]),
        header,
        [(number, cells) for number, cells in lines],
        [(row, column) for row, column in texts],
        area_codes(),
        figures.on(tx, metrics, as_of, said["election"]),
    )
    return said, preview


def bring_in(tx: Tx, sender: Sender, submission_id: str, token: str, seen: str, reason: str) -> Submission:
    """Keep everything the preview said, or nothing. ``seen`` is its mark: if other things would happen now, Conflict
    carries the new preview. Raises Unknown when no file waits under this token, Invalid without a needed reason."""
    require(sender.account, DEED)

    def make() -> str:
        kept = places.find_upload(tx, sender.account.id, FILE, token)
        if kept is None:
            raise Unknown(token)
        said, preview = _preview(tx, kept[1])
        if preview.problems:
            raise Invalid([Problem("file", _("Berkas ini masih memuat kesalahan. Tidak ada yang disimpan."))])
        if preview.mark != seen:
            raise Conflict(STALE, preview)
        if problems := check_text("reason", reason, REASON_LIMIT, required=EXPLAIN if preview.explains else ""):
            raise Invalid(problems)
        made = preview.figures(reason.strip(), said["file"], said["name"])
        figures.add(tx, made, sender.account.id, sender.at)
        places.drop_upload(tx, sender.account.id, FILE)
        ledger.touch(tx, ledger.LISTS)
        _note(tx, sender, said, preview, reason.strip())
        return token[:12]

    return once(
        tx, sender, submission_id, "figure_file", {"token": token, "seen": seen, "reason": reason.strip()}, make
    )


def waiting(tx: Tx, sender: Sender, token: str) -> tuple[str, Preview] | None:
    """(name, preview) of the sheet that waits under this token, against what is kept now; None for no such sheet."""
    require(sender.account, DEED)
    kept = places.find_upload(tx, sender.account.id, FILE, token)
    return None if kept is None else (kept[0], _preview(tx, kept[1])[1])


def _note(tx: Tx, sender: Sender, said: Mapping[str, Any], preview: Preview, reason: str) -> None:
    """One entry for the file, and one for each reading that it made another."""
    changes: dict[str, tuple[Any, Any]] = {s: (0, number) for s, number in preview.tally.items() if number}
    changes |= {"as_of": (None, said["as_of"]), "source": (None, said["source"]), "file": (None, said["file"])}
    ledger.note(tx, sender.hand, "figures.import", KIND, f"{said['sheet']}/{said['as_of']}", changes, reason)
    for line in preview.lines:
        for kind in dict.fromkeys(kind_of(metric)[0] for metric in line.values):
            pairs = {
                field: (line.kept[metric].value, line.values[metric])
                for metric, field in zip(metrics_of(kind), ("value", "male", "female"), strict=True)
                if line.status_of(metric) == "changed"
            }
            if pairs:
                name = object_of(line.code, kind, preview.said.as_of, preview.said.election)
                ledger.note(tx, sender.hand, "figures.correct", KIND, name, pairs, reason)
