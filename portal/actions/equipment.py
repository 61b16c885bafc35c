"""Registering a kit, saying in what state a part is, and that a kit is still the same."""

from collections.abc import Collection

from ..domain.accounts import Account, require, require_point
from ..domain.areas import Office
from ..domain.audit import difference
from ..domain.equipment import COMPONENTS, Component, Kit, check_kit, check_status
from ..domain.problems import STALE, Conflict, Invalid, Problem, Unknown, _
from ..domain.submissions import Submission
from ..storage import equipment, ledger
from ..storage.database import Tx
from .sending import Sender, once

KIND = "kit"


def add(
    tx: Tx,
    sender: Sender,
    office: Office,
    code: str,
    name: str,
    point_code: str,
    kinds: Collection[str] = tuple(COMPONENTS),
) -> None:
    """Register a kit at a service point; each of its parts works from now on, in the sender's word.

    Raises NotPermitted, and Invalid for a code that is taken or anything else that cannot be.
    """
    require(sender.account, "equipment.add")
    name = name.strip()
    problems = check_kit(code, name, point_code, kinds, office)
    if not problems and equipment.find(tx, code) is not None:
        problems = [Problem("code", _("Kode alat ini sudah dipakai."))]
    if problems:
        raise Invalid(problems)
    parts = [kind for kind in COMPONENTS if kind in kinds]
    equipment.add_kit(tx, code, name, point_code, parts, sender.account.id, sender.at)
    ledger.touch(tx, ledger.DATA, ledger.EQUIPMENT)
    shown = {"name": name, "point": point_code, "parts": parts}
    ledger.note(tx, sender.hand, "equipment.add", KIND, code, difference({}, shown))


def _own(tx: Tx, account: Account, kit_code: str) -> Kit:
    require(account, "equipment.write")
    kit = equipment.find(tx, kit_code)
    if kit is None:
        raise Unknown(kit_code)
    require_point(account, "equipment.write", kit.point_code)
    return kit


def set_status(
    tx: Tx,
    sender: Sender,
    submission_id: str,
    kit_code: str,
    kind: str,
    version: int,
    status: str,
    reason: str,
    note: str,
) -> Submission:
    """Give a part a status with a reason that fits it; what it was stays in its history.

    Raises Unknown for another area's kit, Invalid for a missing or unfit reason, Conflict(STALE) with the part as it
    is now when somebody else was faster.
    """
    kit = _own(tx, sender.account, kit_code)
    part = next((c for c in kit.components if c.kind == kind), None)
    if part is None:
        raise Unknown(kind)
    problems = check_status(status, reason, note)
    body = {
        "kit": kit_code,
        "part": kind,
        "version": version,
        "status": status,
        "reason": reason,
        "note": note.strip(),
    }

    def make() -> str:
        if part.version != version:
            raise Conflict(STALE, part)
        if problems:
            raise Invalid(problems)
        if not equipment.set_status(tx, part, status, reason, note.strip(), sender.account.id, sender.at):
            raise Conflict(STALE, part)
        after = {"status": status, "reason": reason, "note": note.strip()}
        changes = {f"{kind}.{name}": pair for name, pair in difference(_state(part), after).items()}
        ledger.touch(tx, ledger.EQUIPMENT)
        ledger.note(tx, sender.hand, "equipment.status", KIND, kit_code, changes)
        return kit_code

    return once(tx, sender, submission_id, KIND, body, make)


def _state(part: Component) -> dict[str, str]:
    return {"status": part.status, "reason": part.reason, "note": part.note}


def confirm(tx: Tx, sender: Sender, submission_id: str, kit_code: str, version: int) -> Submission:
    """Note that a kit was looked at and is as the person saw it: *masih sama*.

    Raises Conflict(STALE) when a part changed after the page was drawn (``version`` is the kit's then).
    """
    kit = _own(tx, sender.account, kit_code)

    def make() -> str:
        if kit.version != version:
            raise Conflict(STALE, kit)
        equipment.confirm(tx, kit, sender.account.id, sender.at)
        ledger.touch(tx, ledger.EQUIPMENT)
        ledger.note(tx, sender.hand, "equipment.confirm", KIND, kit_code)
        return kit_code

    return once(tx, sender, submission_id, KIND, {"kit": kit_code, "confirm": version}, make)
