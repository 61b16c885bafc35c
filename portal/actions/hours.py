"""Changing the opening hours from a day on, and taking such a change back.

What a change does to days that are gone is worked out first: it is kept only when whoever sends it has seen it.
"""

from datetime import date
from typing import Any

from ..domain.accounts import require
from ..domain.areas import Office
from ..domain.calendar import DISTRICT, days, office_day
from ..domain.hours import Hours, Recounted, RecountsPast, check_hours, fingerprint, recounted
from ..domain.problems import STALE, Conflict, Invalid, Unknown, _
from ..domain.submissions import Submission
from ..domain.texts import check_text
from ..storage import areas, hours, ledger
from ..storage.database import Tx
from .sending import Sender, once

KIND = "calendar"
OBJECT = "hours"
DEED = "calendar.write"
WHY = _("Tulis alasan, misalnya nomor surat atau pengumumannya.")


def change(
    tx: Tx,
    sender: Sender,
    submission_id: str,
    valid_from: date | None,
    opens: int | None,
    closes: int | None,
    reason: str,
    seen: str = "",
) -> Submission:
    """From ``valid_from`` on every point opens and closes at these hours; the days before stay as they were.

    Raises NotPermitted, Invalid, and RecountsPast when it reaches into the past and ``seen`` is not that effect's.
    """
    require(sender.account, DEED)
    reason = reason.strip()
    body: dict[str, Any] = {"hours": valid_from, "opens": opens, "closes": closes, "reason": reason, "seen": seen}

    def make() -> str:
        before = areas.office(tx)
        problems = check_hours(valid_from, opens, closes, reason, before.hours, office_day(sender.at))
        if problems or valid_from is None or opens is None or closes is None:
            raise Invalid(problems)
        what = Hours(valid_from, opens, closes)
        old = before.hours_on(valid_from)
        hours.add(tx, what, reason, sender.account.id, sender.at)
        _seen(tx, sender, before, valid_from, seen)
        fields = {"valid_from": (None, valid_from), "hours": (_words(old), _words(what))}
        _note(tx, sender, "calendar.hours", fields, reason)
        return OBJECT

    return once(tx, sender, submission_id, KIND, body, make)


def withdraw(tx: Tx, sender: Sender, submission_id: str, hours_id: int, reason: str, seen: str = "") -> Submission:
    """Take a change back with a reason: what held before it holds again. Raises as ``change`` does, and Unknown."""
    require(sender.account, DEED)
    entry = next((e for e in hours.entries(tx) if e.id == hours_id), None)
    reason = reason.strip()

    def make() -> str:
        if entry is None:
            raise Unknown(hours_id)
        if problems := check_text("reason", reason, required=WHY):
            raise Invalid(problems)
        before = areas.office(tx)
        if not hours.withdraw(tx, hours_id, sender.at):
            raise Conflict(STALE, entry)
        _seen(tx, sender, before, entry.what.valid_from, seen)
        fields = {"valid_from": (entry.what.valid_from, None), "hours": (_words(entry.what), None)}
        _note(tx, sender, "calendar.hours_withdraw", fields, reason)
        return OBJECT

    return once(tx, sender, submission_id, KIND, {"hours_withdraw": hours_id, "reason": reason, "seen": seen}, make)


def _seen(tx: Tx, sender: Sender, before: Office, first: date, seen: str) -> list[Recounted]:
    """What the change just made does to the district's service days that are gone; raises unless that was seen."""
    after = areas.office(tx)
    gone = days(first, office_day(sender.at))
    found = recounted(before.hours, after.hours, (day for day in gone if before.calendar.serves(DISTRICT, day)))
    if found and seen != fingerprint(found):
        raise RecountsPast(found)
    return found


def _words(what: Hours) -> str:
    return f"{what.opens:02d}.00–{what.closes:02d}.00"


def _note(tx: Tx, sender: Sender, deed: str, fields: dict[str, tuple[Any, Any]], reason: str) -> None:
    ledger.touch(tx, ledger.DATA, ledger.LISTS)
    ledger.note(tx, sender.hand, deed, KIND, OBJECT, fields, reason)
