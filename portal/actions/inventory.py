"""Looking for a part with a phone in the hand: seen, moved, missing."""

from ..domain.calendar import office_day
from ..domain.equipment import MISSING as GONE
from ..domain.inventory import MISSING, Check, check_check
from ..domain.problems import Invalid, Unknown
from ..domain.submissions import Submission
from ..storage import equipment, inventory, ledger
from ..storage.database import Tx
from . import faults
from .equipment import KIND, own
from .sending import Sender, once


def check(
    tx: Tx, sender: Sender, submission_id: str, component_id: int, result: str, place: str, note: str
) -> Submission:
    """Note what was found of a part. One that was not found is missing from now on, in the same step.

    Seeing a part says nothing of whether it works, so it confirms no status. Raises Unknown, Invalid.
    """
    part = equipment.part(tx, component_id)
    if part is None or part.removed_at is not None:
        raise Unknown(component_id)
    own(tx, sender, part.kit_code)
    place, note = place.strip(), note.strip()
    problems = check_check(result, place, note)

    def make() -> str:
        if problems:
            raise Invalid(problems)
        found = Check(component_id, result, place, note, sender.at, sender.account.name)
        inventory.add(tx, found, sender.account.id)
        changes: dict[str, tuple[object, object]] = {
            f"{part.kind}.seen_on": (None, office_day(sender.at)),
            f"{part.kind}.found": (None, result),
        }
        if result == MISSING and part.status != GONE:
            equipment.set_status(tx, part, GONE, "hilang", note, sender.account.id, sender.at)
            faults.follow(tx, sender, part, GONE, note, None)
            changes[f"{part.kind}.status"] = (part.status, GONE)
        ledger.touch(tx, ledger.EQUIPMENT)
        ledger.note(tx, sender.hand, "inventory.check", KIND, part.kit_code, changes)
        return str(component_id)

    body = {"part": component_id, "result": result, "place": place, "note": note}
    return once(tx, sender, submission_id, KIND, body, make)
