"""The store: what is kept there, what came, what went, and what was counted."""

from msgspec.structs import replace

from ..domain.accounts import require
from ..domain.areas import Office
from ..domain.calendar import office_day
from ..domain.problems import STALE, Conflict, Invalid, Problem, Unknown, _
from ..domain.spares import SpareMove, check_item, check_move, signed
from ..domain.submissions import Submission
from ..storage import equipment, ledger, spares
from ..storage.database import Tx
from .sending import Sender, once

KIND = "spare"
DEED = "equipment.add"


def add(
    tx: Tx, sender: Sender, submission_id: str, name: str, kind: str, unit: str, low_limit: int | None
) -> Submission:
    """Keep a new thing in the store; there is none of it until some comes. Raises NotPermitted, Invalid."""
    require(sender.account, DEED)
    name, unit = " ".join(name.split()), " ".join(unit.split())
    problems = check_item(name, kind, unit, low_limit)

    def make() -> str:
        if not problems and spares.named(tx, name) is not None:
            problems.append(Problem("name", _("Barang dengan nama ini sudah ada.")))
        if problems or low_limit is None:
            raise Invalid(problems)
        made = spares.add(tx, name, kind, unit, low_limit)
        shown = {"name": (None, name), "kind": (None, kind), "unit": (None, unit), "low_limit": (None, low_limit)}
        ledger.note(tx, sender.hand, "spares.add", KIND, str(made), shown)
        return str(made)

    body = {"name": name, "kind": kind, "unit": unit, "low_limit": low_limit}
    return once(tx, sender, submission_id, KIND, body, make)


def set_limit(
    tx: Tx, sender: Sender, submission_id: str, item_id: int, version: int, low_limit: int | None
) -> Submission:
    """Keep another limit below which a thing is ordered. Raises Unknown, Invalid, Conflict(STALE)."""
    require(sender.account, DEED)
    kept = spares.find(tx, item_id)
    if kept is None:
        raise Unknown(item_id)
    problems = check_item(kept.name, kept.kind, kept.unit, low_limit)

    def make() -> str:
        if kept.version != version:
            raise Conflict(STALE, kept)
        if problems or low_limit is None:
            raise Invalid(problems)
        if not spares.set_limit(tx, kept, low_limit):
            raise Conflict(STALE, kept)
        ledger.note(tx, sender.hand, "spares.limit", KIND, str(item_id), {"low_limit": (kept.low_limit, low_limit)})
        return str(item_id)

    return once(tx, sender, submission_id, KIND, {"item": item_id, "version": version, "limit": low_limit}, make)


def move(
    tx: Tx, sender: Sender, office: Office, submission_id: str, item_id: int, number: int | None, wanted: SpareMove
) -> Submission:
    """Keep a movement of ``number`` as somebody typed it; ``wanted.quantity`` is worked out here, under the lock.

    What is there never falls below nothing. Raises Unknown, NotPermitted, Invalid.
    """
    require(sender.account, DEED)
    if spares.find(tx, item_id) is None:
        raise Unknown(item_id)
    body = {
        "item": item_id,
        "kind": wanted.kind,
        "number": number,
        "day": wanted.day,
        "point": wanted.point_code,
        "kit": wanted.kit_code,
        "note": wanted.note,
    }

    def make() -> str:
        kept = spares.find(tx, item_id)
        assert kept is not None
        if number is None:
            raise Invalid([Problem("number", _("Isi jumlah dengan bilangan bulat, misalnya 24."))])
        record = replace(wanted, quantity=signed(wanted.kind, number, kept.balance))
        problems = check_move(kept, record, office, office_day(sender.at))
        if record.kit_code is not None and equipment.find(tx, record.kit_code) is None:
            problems.append(Problem("kit", _("Pilih alat dari daftar.")))
        if problems:
            raise Invalid(problems)
        spares.move(tx, item_id, record, sender.account.id, sender.at)
        changes = {"balance": (kept.balance, kept.balance + record.quantity)}
        ledger.note(tx, sender.hand, "spares.move", KIND, str(item_id), changes, record.note)
        return str(item_id)

    return once(tx, sender, submission_id, KIND, body, make)
