"""Accounts brought in from a file: shown first, then all of it or nothing, with a one-time code for each new one."""

import json
from collections.abc import Sequence

from msgspec import Struct

from ..domain.account_file import Preview, areas_of, compare
from ..domain.accounts import Account, require
from ..domain.areas import Office
from ..domain.place_files import NEW, SAME
from ..domain.problems import STALE, Conflict, Invalid, Problem, Unknown, _
from ..domain.submissions import Submission
from ..domain.texts import long_number
from ..storage import accounts, areas, ledger, places
from ..storage.database import Tx
from . import accounts as one
from .sending import Sender, once
from .sheets import Sheet

KIND = "account_file"
FILE = "accounts"
DEED = "accounts.manage"


class Slip(Struct, frozen=True):
    """A new account with its one-time code; only a hash of the code is kept anywhere."""

    record: Account
    code: str


class Code(Struct, frozen=True):
    """A one-time code with its hash, made before anything is written: hashing takes too long to hold writers up."""

    code: str
    hashed: str


def codes(number: int) -> list[Code]:
    """So many codes, none twice."""
    made = [one.one_time_code() for _n in range(number)]
    return [Code(code, one.hash_password(code)) for code in made]


def look(tx: Tx, sender: Sender, office: Office, name: str, sheet: Sheet) -> Preview:
    """What a file would do. Its rows wait under its token for the confirmation, unless something is wrong with them;
    no account changes."""
    require(sender.account, DEED)
    rows = json.dumps([sheet.header, sheet.rows], ensure_ascii=False, separators=(",", ":"))
    preview = _preview(tx, sender, office, rows)
    if preview.problems:
        places.drop_upload(tx, sender.account.id, FILE)
    else:
        name = "–" if long_number(name) else name
        places.keep_upload(tx, sender.account.id, FILE, sheet.token, name[-120:], rows, sender.at)
    return preview


def _preview(tx: Tx, sender: Sender, office: Office, rows: str) -> Preview:
    header, lines = json.loads(rows)
    schools = areas_of(office, areas.schools(tx))
    own = sender.account.username
    return compare(header, [(number, cells) for number, cells in lines], accounts.everyone(tx), schools, own)


def waiting(tx: Tx, sender: Sender, office: Office, token: str) -> Preview:
    """What the file that waits under this token would do, against what is kept now. Raises Unknown for no such file."""
    require(sender.account, DEED)
    kept = places.find_upload(tx, sender.account.id, FILE, token)
    if kept is None:
        raise Unknown(token)
    return _preview(tx, sender, office, kept[1])


def bring_in(
    tx: Tx,
    sender: Sender,
    office: Office,
    submission_id: str,
    token: str,
    seen: str,
    made: Sequence[Code],
) -> tuple[Submission, list[Slip]]:
    """Do what the preview said, all of it or nothing: (receipt, a slip for each new account). Sent again, the receipt
    is the same and there are no slips: a code is told once.

    ``seen`` is the preview's mark, ``made`` as many codes as it has new accounts: if other things would happen now,
    Conflict carries the new preview. Raises NotPermitted, Unknown when no file waits under this token, and Invalid.
    """
    require(sender.account, DEED)
    slips: list[Slip] = []

    def make() -> str:
        preview = waiting(tx, sender, office, token)
        if preview.problems:
            raise Invalid([Problem("file", _("Berkas ini masih memuat kesalahan. Tidak ada yang disimpan."))])
        if preview.mark != seen or preview.tally[NEW] > len(made):
            raise Conflict(STALE, preview)
        fresh = iter(made)
        for line in preview.lines:
            if line.kept is None:
                code = next(fresh)
                one.add(tx, sender, office, line.record, (code.code, code.hashed))
                slips.append(Slip(line.record, code.code))
            elif line.status != SAME:
                one.change(tx, sender, office, line.record)
        places.drop_upload(tx, sender.account.id, FILE)
        counted = {status: (0, number) for status, number in preview.tally.items() if number}
        ledger.note(tx, sender.hand, "accounts.import", "account", token[:12], counted)
        return token[:12]

    sent = once(tx, sender, submission_id, KIND, {"token": token, "seen": seen}, make)
    return sent, slips
