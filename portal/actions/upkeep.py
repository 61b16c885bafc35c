"""Planning care that comes round, and saying that it was done."""

from datetime import date

from ..domain.accounts import require
from ..domain.calendar import office_day
from ..domain.equipment import out_of_service
from ..domain.problems import STALE, Conflict, Invalid, Problem, Unknown, _
from ..domain.submissions import Submission
from ..domain.upkeep import Upkeep, check_done, check_upkeep, months_after
from ..storage import equipment, ledger, upkeep
from ..storage.database import Tx
from .equipment import KIND, own
from .sending import Sender, once


def plan(tx: Tx, sender: Sender, submission_id: str, wanted: Upkeep) -> Submission:
    """Plan care of a kit or one of its parts. Raises Unknown, NotPermitted, Invalid."""
    require(sender.account, "equipment.add")
    kit = equipment.find(tx, wanted.kit_code)
    problems = out_of_service(kit) if kit else [Problem("kit", _("Pilih alat dari daftar."))]
    parts = {c.id for c in kit.components} if kit else set()
    if kit and wanted.component_id is not None and wanted.component_id not in parts:
        problems.append(Problem("kit", _("Pilih alat dari daftar.")))
    problems += check_upkeep(wanted, upkeep.planned(tx, [wanted.kit_code]), office_day(sender.at))
    shown = {
        "kind": wanted.kind,
        "component_id": wanted.component_id,
        "every_months": wanted.every_months,
        "due_on": wanted.due_on,
        "note": wanted.note,
    }

    def make() -> str:
        if problems:
            raise Invalid(problems)
        made = upkeep.add(tx, wanted, sender.account.id, sender.at)
        ledger.touch(tx, ledger.EQUIPMENT)
        changes = {f"upkeep.{name}": (None, value) for name, value in shown.items()}
        ledger.note(tx, sender.hand, "upkeep.plan", KIND, wanted.kit_code, changes)
        return str(made)

    return once(tx, sender, submission_id, "upkeep", {"kit": wanted.kit_code, **shown}, make)


def done(
    tx: Tx, sender: Sender, submission_id: str, upkeep_id: int, version: int, done_on: date, note: str
) -> Submission:
    """Care was done on a day; it is due again so many months later. Raises Unknown, Invalid, Conflict(STALE)."""
    require(sender.account, "equipment.write")
    kept = upkeep.find(tx, upkeep_id)
    if kept is None:
        raise Unknown(upkeep_id)
    own(tx, sender, kept.kit_code)
    problems = check_done(kept, done_on, note, office_day(sender.at))

    def make() -> str:
        if kept.version != version or kept.withdrawn:
            raise Conflict(STALE, kept)
        if problems:
            raise Invalid(problems)
        due_on = months_after(done_on, kept.every_months)
        if not upkeep.done(tx, kept, done_on, due_on, note.strip()):
            raise Conflict(STALE, kept)
        ledger.touch(tx, ledger.EQUIPMENT)
        changes = {"upkeep.last_on": (kept.last_on, done_on), "upkeep.due_on": (kept.due_on, due_on)}
        ledger.note(tx, sender.hand, "upkeep.done", KIND, kept.kit_code, changes, note.strip())
        return str(upkeep_id)

    body = {"upkeep": upkeep_id, "version": version, "done_on": done_on, "note": note}
    return once(tx, sender, submission_id, "upkeep", body, make)


def withdraw(tx: Tx, sender: Sender, submission_id: str, upkeep_id: int, version: int) -> Submission:
    """Care is planned no longer. Raises Unknown, NotPermitted, Conflict(STALE)."""
    require(sender.account, "equipment.add")
    kept = upkeep.find(tx, upkeep_id)
    if kept is None:
        raise Unknown(upkeep_id)

    def make() -> str:
        if kept.version != version or kept.withdrawn or not upkeep.withdraw(tx, kept, sender.at):
            raise Conflict(STALE, kept)
        ledger.touch(tx, ledger.EQUIPMENT)
        changes = {"upkeep.planned": (True, False)}
        ledger.note(tx, sender.hand, "upkeep.withdraw", KIND, kept.kit_code, changes)
        return str(upkeep_id)

    return once(tx, sender, submission_id, "upkeep", {"upkeep": upkeep_id, "version": version, "end": True}, make)
