"""Taking a kit out of service as a whole, and taking it back."""

from datetime import date, time

from ..domain.audit import difference
from ..domain.calendar import office_day, office_instant
from ..domain.equipment import GOOD, MISSING, NOT_IN_USE, Kit
from ..domain.problems import STALE, Conflict, Invalid
from ..domain.retirement import Retirement, check_retirement, part_reason
from ..domain.submissions import Submission
from ..domain.texts import check_text
from ..storage import equipment, ledger, retirement
from ..storage.database import Tx
from .equipment import KIND, own
from .sending import Sender, once

DEED = "equipment.retire"


def retire(
    tx: Tx, sender: Sender, submission_id: str, kit_code: str, version: int, since: date | None, reason: str, note: str
) -> Submission:
    """From ``since`` on a kit is out of service: its parts are not in use (a missing one stays missing), and it counts
    for no ability, no roll-out and no label. Nothing of it is removed: its history and diary stay.

    Raises NotPermitted, Unknown, Invalid for a day that cannot be or while a visit holds the kit, Conflict(STALE) with
    the kit as it is when a part changed after the page was drawn or when it is out of service already.
    """
    kit = own(tx, sender, kit_code, DEED)
    note, today = note.strip(), office_day(sender.at)
    last_seen = max((c.confirmed_at for c in kit.components), default=None)
    seen_on = office_day(last_seen) if last_seen else None
    body = {"kit": kit_code, "retire": version, "since": since, "reason": reason, "note": note}

    def make() -> str:
        if kit.version != version or kit.retired_on is not None:
            raise Conflict(STALE, kit)
        booked = retirement.booked_until(tx, kit_code)
        problems = check_retirement(since, reason, note, today, seen_on, booked)
        if problems or since is None:
            raise Invalid(problems)
        begun = office_instant(since, time())
        moment = sender.at if since == today else max(begun, last_seen or begun)
        retirement.begin(tx, kit_code, since, reason, note, sender.account.id, sender.at)
        said = (NOT_IN_USE, part_reason(reason), note, sender.account.id, moment)
        for part in kit.components:
            if part.status != MISSING and not equipment.set_status(tx, part, *said, recorded_at=sender.at):
                raise Conflict(STALE, kit)
        _note(tx, sender, "equipment.retire", kit_code, {"retired_on": since, "reason": reason, "note": note})
        return kit_code

    return once(tx, sender, submission_id, KIND, body, make)


def take_back(
    tx: Tx, sender: Sender, submission_id: str, kit_code: str, version: int, note: str, *, looked_at: bool
) -> Submission:
    """A kit is in service again from today on. Parts that went out with it work again only when the person says that
    they were ``looked_at``; otherwise they stay out of use until somebody says how they are.

    Raises NotPermitted, Unknown, Invalid, and Conflict(STALE) when it is in service already.
    """
    kit = own(tx, sender, kit_code, DEED)
    note, today = note.strip(), office_day(sender.at)
    problems = check_text("note", note)
    body = {"kit": kit_code, "take_back": version, "note": note, "looked_at": looked_at}

    def make() -> str:
        open_one = _standing(tx, kit)
        if open_one is None or kit.version != version:
            raise Conflict(STALE, kit)
        if problems:
            raise Invalid(problems)
        if not retirement.end(tx, open_one.id, today, note, sender.account.id, sender.at):
            raise Conflict(STALE, kit)
        for part in kit.components:
            if not looked_at or part.status != NOT_IN_USE:
                continue
            if not equipment.set_status(tx, part, GOOD, "", note, sender.account.id, sender.at):
                raise Conflict(STALE, kit)
        _note(tx, sender, "equipment.take_back", kit_code, {"in_service": today, "looked_at": looked_at, "note": note})
        return kit_code

    return once(tx, sender, submission_id, KIND, body, make)


def _standing(tx: Tx, kit: Kit) -> Retirement | None:
    past = retirement.of_kits(tx, kit.code).get(kit.code, [])
    return next((r for r in past if r.until is None), None)


def _note(tx: Tx, sender: Sender, deed: str, kit_code: str, shown: dict[str, object]) -> None:
    ledger.touch(tx, ledger.DATA, ledger.EQUIPMENT)
    ledger.note(tx, sender.hand, deed, KIND, kit_code, difference({}, shown))
