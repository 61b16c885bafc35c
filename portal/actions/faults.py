"""Seeing to a fault: each step is the fault, its repair and the part's status at once."""

from datetime import date

from ..domain.accounts import Account, Foreign, require
from ..domain.audit import difference
from ..domain.calendar import office_day
from ..domain.equipment import Component, Kit, out_of_service
from ..domain.faults import SENT, Fault, Step, check_step, state_for, status_for
from ..domain.problems import STALE, Conflict, Invalid, Problem, Unknown, _
from ..domain.submissions import Submission
from ..storage import accounts, equipment, faults, ledger
from ..storage.database import Tx
from .sending import Sender, once

KIND = "fault"
DEED = "equipment.write"


def follow(tx: Tx, sender: Sender, part: Component, status: str, note: str, due: date | None) -> None:
    """A part was said to have ``status``: its fault is opened, carried on or closed accordingly."""
    kept = faults.open_of(tx, part.id)
    state = state_for(status, kept)
    if state is None:
        return
    if kept is None:
        faults.begin(tx, part.id, Step(state, note, due=due), sender.account.id, sender.at)
    else:
        step = Step(state, note, kept.owner_id, due or kept.due, kept.parts, kept.cost_rp, kept.warranty)
        faults.advance(tx, kept, step, sender.account.id, sender.at)


def minds(account: Account, kit: Kit, day: date) -> bool:
    """Whether an account looks after a kit on a day: only such a one can see to its faults."""
    return account.may(DEED) and any(account.sees_point(code) for code in kit.points_on(day))


def own(tx: Tx, sender: Sender, fault_id: int) -> tuple[Fault, Component, Kit]:
    """A fault with its part and kit, which is one the sender looks after. Raises Unknown or Foreign."""
    require(sender.account, DEED)
    kept = faults.find(tx, fault_id)
    part = equipment.part(tx, kept.component_id) if kept else None
    kit = equipment.find(tx, part.kit_code) if part else None
    if kept is None or part is None or kit is None:
        raise Unknown(fault_id)
    if not minds(sender.account, kit, office_day(sender.at)):
        raise Foreign(str(fault_id), DEED)
    return kept, part, kit


def step(tx: Tx, sender: Sender, submission_id: str, fault_id: int, version: int, said: Step) -> Submission:
    """Take a fault one step on; the part's status follows in the same transaction. Who sees to it may stay, even one
    who looks after the kit no longer; a new one must look after it.

    Raises Unknown for another area's kit, Invalid for a step that cannot follow, Conflict(STALE) with the fault as it
    is now when somebody else was faster.
    """
    kept, part, kit = own(tx, sender, fault_id)
    problems = out_of_service(kit) + check_step(kept, said, office_day(sender.at))
    if said.owner_id not in (None, kept.owner_id):
        owner = accounts.by_id(tx, said.owner_id)
        if owner is None or not minds(owner, kit, office_day(sender.at)):
            problems.append(Problem("owner_id", _("Pilih penanggung jawab dari daftar.")))
    body = {
        "fault": fault_id,
        "version": version,
        "state": said.state,
        "note": said.note,
        "owner": said.owner_id,
        "due": said.due,
        "parts": said.parts,
        "cost_rp": said.cost_rp,
        "warranty": said.warranty,
    }

    def make() -> str:
        if kept.version != version or not kept.open:
            raise Conflict(STALE, kept)
        if problems:
            raise Invalid(problems)
        if not faults.advance(tx, kept, said, sender.account.id, sender.at):
            raise Conflict(STALE, kept)
        status = status_for(said.state, part.status)
        if status is not None and part.removed_at is None:
            back = said.due if said.state == SENT else None
            equipment.set_status(tx, part, *status, said.note, sender.account.id, sender.at, expected_back=back)
        ledger.touch(tx, ledger.EQUIPMENT)
        ledger.note(tx, sender.hand, "faults.step", KIND, str(fault_id), difference(_shown(kept), _shown(said)))
        return str(fault_id)

    return once(tx, sender, submission_id, KIND, body, make)


def _shown(said: Fault | Step) -> dict[str, object]:
    return {
        "state": said.state,
        "note": said.note,
        "owner_id": said.owner_id,
        "due": said.due,
        "parts": said.parts,
        "cost_rp": said.cost_rp,
        "warranty": said.warranty,
    }
