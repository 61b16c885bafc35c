"""A part's papers, another device in its place, and its way from kit to kit."""

from msgspec.structs import asdict

from ..domain.accounts import require
from ..domain.audit import Changes, difference
from ..domain.calendar import office_day
from ..domain.equipment import COMPONENTS, GOOD, Component, Kit, out_of_service
from ..domain.faults import BACK, REPAIRED, SENT, Step
from ..domain.papers import Papers
from ..domain.problems import STALE, Conflict, Invalid, Problem, Unknown, _
from ..domain.submissions import Submission
from ..storage import equipment, faults, ledger
from ..storage.database import Tx
from .equipment import KIND, papers_problems
from .sending import Sender, once

DEED = "equipment.add"


def _part(tx: Tx, sender: Sender, component_id: int) -> Component:
    """A part as it is kept, in use or not: a deed that took it out may be sent again for its receipt."""
    require(sender.account, DEED)
    part = equipment.part(tx, component_id)
    if part is None:
        raise Unknown(component_id)
    return part


def _in_use(part: Component, version: int) -> None:
    """Raises Unknown when a part is in no kit any more, and Conflict(STALE) when it was changed meanwhile."""
    if part.removed_at is not None:
        raise Unknown(part.id)
    if part.version != version:
        raise Conflict(STALE, part)


def _serving(tx: Tx, kit_code: str) -> list[Problem]:
    kit = equipment.find(tx, kit_code)
    return out_of_service(kit) if kit else []


def papers_of(part: Component) -> Papers:
    """The papers of a part as they are kept."""
    return Papers(part.serial, part.bought, part.price_rp, part.warranty_until, part.needed_for)


def set_papers(
    tx: Tx, sender: Sender, submission_id: str, component_id: int, version: int, papers: Papers
) -> Submission:
    """Keep a part's papers. Raises Invalid, for a serial number of another part too, and Conflict(STALE)."""
    part = _part(tx, sender, component_id)
    problems = papers_problems(tx, part.kind, papers, office_day(sender.at), part)

    def make() -> str:
        _in_use(part, version)
        if problems:
            raise Invalid(problems)
        if not equipment.set_papers(tx, part, papers):
            raise Conflict(STALE, part)
        _note(tx, sender, "parts.papers", part, difference(asdict(papers_of(part)), asdict(papers)))
        return str(component_id)

    body = {"part": component_id, "version": version, **asdict(papers)}
    return once(tx, sender, submission_id, KIND, body, make)


def replace_device(
    tx: Tx, sender: Sender, submission_id: str, component_id: int, version: int, papers: Papers
) -> Submission:
    """Put another device in a part's place: the old one is out with its history, the new one works, and an open fault
    is closed with it."""
    part = _part(tx, sender, component_id)
    problems = papers_problems(tx, part.kind, papers, office_day(sender.at), part)
    problems += _serving(tx, part.kit_code)
    if papers.serial and papers.serial == part.serial:
        problems.append(Problem("serial", _("Nomor seri sama dengan alat yang diganti.")))

    def make() -> str:
        _in_use(part, version)
        if problems:
            raise Invalid(problems)
        if not equipment.take_out(tx, part, sender.at):
            raise Conflict(STALE, part)
        made = equipment.add_part(tx, part.kit_code, part.kind, papers, sender.account.id, sender.at)
        fault = faults.open_of(tx, part.id)
        if fault is not None:
            state = BACK if fault.state == SENT else REPAIRED
            step = Step(state, fault.note, fault.owner_id, fault.due, fault.parts, fault.cost_rp, fault.warranty)
            faults.advance(tx, fault, step, sender.account.id, sender.at)
        changes = {"serial": (part.serial, papers.serial), "status": (part.status, GOOD)}
        _note(tx, sender, "parts.replace", part, changes)
        return str(made)

    body = {"part": component_id, "version": version, "replace": True, **asdict(papers)}
    return once(tx, sender, submission_id, KIND, body, make)


def transfer(tx: Tx, sender: Sender, submission_id: str, component_id: int, version: int, kit_code: str) -> Submission:
    """Move a part into another kit with its state, papers and open fault: it is in one kit at a time.

    Raises Invalid when that kit has such a part already, and Conflict(STALE).
    """
    part = _part(tx, sender, component_id)
    target = equipment.find(tx, kit_code)
    problems = [] if target else [Problem("kit", _("Pilih alat dari daftar."))]
    if target is not None and target.code == part.kit_code:
        problems = [Problem("kit", _("Bagian ini sudah ada di alat itu."))]
    elif target is not None and target.retired_on is not None:
        problems = out_of_service(target)
    elif target is not None and _has(target, part.kind):
        problems = [Problem("kit", _("Alat itu sudah punya bagian sejenis. Keluarkan dulu bagian yang lama."))]

    def make() -> str:
        _in_use(part, version)
        if problems:
            raise Invalid(problems)
        if not equipment.take_out(tx, part, sender.at):
            raise Conflict(STALE, part)
        at = sender.at
        made = equipment.add_part(tx, kit_code, part.kind, papers_of(part), sender.account.id, at, like=part)
        fault = faults.open_of(tx, part.id)
        if fault is not None:
            faults.follow_part(tx, fault, made)
        _note(tx, sender, "parts.transfer", part, {"kit": (part.kit_code, kit_code)})
        ledger.note(tx, sender.hand, "parts.transfer", KIND, kit_code, {f"{part.kind}.serial": ("", part.serial)})
        return str(made)

    body = {"part": component_id, "version": version, "kit": kit_code}
    return once(tx, sender, submission_id, KIND, body, make)


def _has(kit: Kit, kind: str) -> bool:
    return any(c.kind == kind for c in kit.components)


def add(tx: Tx, sender: Sender, submission_id: str, kit_code: str, kind: str, papers: Papers) -> Submission:
    """Put a working part into a kit that has none of its kind."""
    require(sender.account, DEED)
    kit = equipment.find(tx, kit_code)
    if kit is None:
        raise Unknown(kit_code)
    problems = out_of_service(kit) + papers_problems(tx, kind, papers, office_day(sender.at))
    if kind not in COMPONENTS:
        problems.append(Problem("kind", _("Pilih bagian alat dari daftar, paling sedikit satu.")))
    elif _has(kit, kind):
        problems.append(Problem("kind", _("Alat itu sudah punya bagian sejenis. Keluarkan dulu bagian yang lama.")))

    def make() -> str:
        if problems:
            raise Invalid(problems)
        made = equipment.add_part(tx, kit_code, kind, papers, sender.account.id, sender.at)
        part = equipment.part(tx, made)
        assert part is not None
        _note(tx, sender, "parts.add", part, difference({}, asdict(papers)))
        return str(made)

    return once(tx, sender, submission_id, KIND, {"kit": kit_code, "add": kind, **asdict(papers)}, make)


def take_out(tx: Tx, sender: Sender, submission_id: str, component_id: int, version: int) -> Submission:
    """Take a part out of its kit for good; its history stays. An open fault goes on: it may be at the repairer's."""
    part = _part(tx, sender, component_id)

    def make() -> str:
        _in_use(part, version)
        if not equipment.take_out(tx, part, sender.at):
            raise Conflict(STALE, part)
        _note(tx, sender, "parts.take_out", part, {"in_use": (True, False)})
        return part.kit_code

    return once(tx, sender, submission_id, KIND, {"part": component_id, "version": version, "out": True}, make)


def _note(tx: Tx, sender: Sender, deed: str, part: Component, changes: Changes) -> None:
    ledger.touch(tx, ledger.EQUIPMENT)
    named = {f"{part.kind}.{name}": pair for name, pair in changes.items()}
    ledger.note(tx, sender.hand, deed, KIND, part.kit_code, named)
