"""Registering a kit, saying in what state a part is, and that a kit is still the same."""

from collections.abc import Collection, Mapping
from datetime import date, datetime

from msgspec.structs import asdict

from ..domain.accounts import Account, Foreign, require
from ..domain.areas import Office
from ..domain.audit import difference
from ..domain.calendar import office_day
from ..domain.equipment import (
    COMPONENTS,
    Component,
    Kit,
    check_kit,
    check_moment,
    check_return,
    check_status,
    out_of_service,
)
from ..domain.papers import Papers, check_papers
from ..domain.problems import STALE, Conflict, Invalid, Problem, Unknown, _
from ..domain.submissions import Submission
from ..storage import equipment, ledger
from ..storage.database import Tx
from . import faults
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
    papers: Mapping[str, Papers] | None = None,
) -> None:
    """Register a kit at a service point; each of its parts works from now on, in the sender's word.

    Raises NotPermitted, and Invalid for a code or a serial number that is taken or anything else that cannot be;
    problems with a part's papers stand at ``<kind>-<field>``.
    """
    require(sender.account, "equipment.add")
    name, papers = name.strip(), papers or {}
    problems = check_kit(code, name, point_code, kinds, office)
    if not problems and equipment.find(tx, code) is not None:
        problems = [Problem("code", _("Kode alat ini sudah dipakai."))]
    for kind in kinds:
        problems += papers_problems(tx, kind, papers.get(kind, Papers()), office_day(sender.at), prefix=f"{kind}-")
    if problems:
        raise Invalid(problems)
    parts = [kind for kind in COMPONENTS if kind in kinds]
    equipment.add_kit(tx, code, name, point_code, parts, sender.account.id, sender.at, papers)
    ledger.touch(tx, ledger.DATA, ledger.EQUIPMENT)
    shown = {"name": name, "point": point_code, "parts": parts}
    serials = {f"{kind}.serial": paper.serial for kind, paper in papers.items() if paper.serial and kind in kinds}
    ledger.note(tx, sender.hand, "equipment.add", KIND, code, difference({}, shown | serials))


def register(
    tx: Tx,
    sender: Sender,
    office: Office,
    submission_id: str,
    code: str,
    name: str,
    point_code: str,
    papers: Mapping[str, Papers],
) -> Submission:
    """As ``add``, from a form that may be sent twice; ``papers`` names the parts."""
    require(sender.account, "equipment.add")

    def make() -> str:
        add(tx, sender, office, code, name, point_code, list(papers), papers)
        return code

    said = {kind: asdict(paper) for kind, paper in papers.items()}
    body = {"code": code, "name": name, "point": point_code, "parts": said}
    return once(tx, sender, submission_id, KIND, body, make)


def papers_problems(
    tx: Tx, kind: str, papers: Papers, today: date, kept: Component | None = None, prefix: str = ""
) -> list[Problem]:
    """What is wrong with a part's papers, a serial number that another part in use has among it."""
    problems = check_papers(papers, today, prefix)
    if papers.serial and not problems:
        other = equipment.with_serial(tx, kind, papers.serial)
        if other is not None and (kept is None or other.id != kept.id):
            words = _("Nomor seri ini sudah dipakai di alat %(kit)s. Satu bagian hanya ada di satu alat.")
            problems = [Problem(f"{prefix}serial", words, {"kit": other.kit_code})]
    return problems


def own(tx: Tx, sender: Sender, kit_code: str, deed: str = "equipment.write") -> Kit:
    """A kit the sender looks after: of a point of their own, or lent to one today. Raises Unknown or Foreign."""
    require(sender.account, deed)
    kit = equipment.find(tx, kit_code)
    if kit is None:
        raise Unknown(kit_code)
    if not looks_after(sender.account, kit, office_day(sender.at)):
        raise Foreign(kit_code, deed)
    return kit


def looks_after(account: Account, kit: Kit, today: date) -> bool:
    """Whether a kit lies within an account's area today."""
    return any(account.sees_point(code) for code in kit.points_on(today))


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
    *,
    at: datetime | None = None,
    expected_back: date | None = None,
    agreed: bool = False,
) -> Submission:
    """Give a part a status with a reason that fits it, from ``at`` (now) on; what it was stays in its history.

    A fault is opened, carried on or closed with it. Raises Unknown for another area's kit, Invalid for a missing or
    unfit reason or a moment in the future or, unless ``agreed``, before what is known already, Conflict(STALE) with
    the part as it is now when somebody else was faster.
    """
    kit = own(tx, sender, kit_code)
    part = next((c for c in kit.components if c.kind == kind), None)
    if part is None:
        raise Unknown(kind)
    note, moment = note.strip(), at or sender.at
    problems = out_of_service(kit) or check_status(status, reason, note)
    problems += check_moment(moment, sender.at, part.confirmed_at, agreed=agreed)
    problems += check_return(status, expected_back, office_day(moment))
    body = {
        "kit": kit_code,
        "part": kind,
        "version": version,
        "status": status,
        "reason": reason,
        "note": note,
    }
    if at is not None or expected_back is not None:
        body |= {"at": at, "expected_back": expected_back}

    def make() -> str:
        if part.version != version:
            raise Conflict(STALE, part)
        if problems:
            raise Invalid(problems)
        told_late = moment < part.confirmed_at
        said = (status, reason, note, sender.account.id, moment)
        if not equipment.set_status(tx, part, *said, expected_back=expected_back, recorded_at=sender.at):
            raise Conflict(STALE, part)
        if told_late:
            changes = {f"{kind}.told_late": ("", f"{moment.isoformat()} {status}")}
        else:
            faults.follow(tx, sender, part, status, note, expected_back)
            after = {"status": status, "reason": reason, "note": note}
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
    kit = own(tx, sender, kit_code)

    def make() -> str:
        if kit.version != version:
            raise Conflict(STALE, kit)
        if problems := out_of_service(kit):
            raise Invalid(problems)
        equipment.confirm(tx, kit, sender.account.id, sender.at)
        ledger.touch(tx, ledger.EQUIPMENT)
        ledger.note(tx, sender.hand, "equipment.confirm", KIND, kit_code)
        return kit_code

    return once(tx, sender, submission_id, KIND, {"kit": kit_code, "confirm": version}, make)
