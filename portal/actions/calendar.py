"""Changing the calendar: a week from a day on, one day opened or closed, and taking such a word back.

A change is made, and what it did to days that are gone is looked at in the same transaction: it is kept only when
whoever sends it says the fingerprint of exactly that effect; otherwise everything is undone and the effect is told.
"""

from datetime import date
from typing import Any

from ..domain.accounts import require
from ..domain.areas import Office
from ..domain.calendar import office_day
from ..domain.problems import Invalid, Unknown
from ..domain.schedule import (
    AltersPast,
    Effect,
    Opening,
    Week,
    check_change,
    check_reason,
    effect,
    first_day,
    reach,
)
from ..domain.submissions import Submission
from ..storage import areas, calendar, ledger, recordings
from ..storage.database import Tx
from .sending import Sender, once

KIND = "calendar"
ALL = "all"


def object_id(point_code: str | None) -> str:
    """How the calendar of a point, or of all points, is named in the ledger."""
    return point_code or ALL


def said(what: Week | Opening) -> dict[str, Any]:
    """A change as a flat list of fields, for the ledger."""
    if isinstance(what, Week):
        return {"valid_from": what.valid_from, "weekdays": what.weekdays}
    return {"service_day": what.day, "opens": what.opens}


def change(tx: Tx, sender: Sender, submission_id: str, what: Week | Opening, reason: str, seen: str = "") -> Submission:
    """Keep a change of the calendar. ``seen`` is the fingerprint of the effect on past days that was shown.

    Raises NotPermitted, Invalid, and AltersPast with the effect when it reaches into the past and is not the seen one.
    """
    require(sender.account, "calendar.write")
    reason = reason.strip()

    def make() -> str:
        before = areas.office(tx)
        kept = None if isinstance(what, Week) else calendar.standing(tx, what.point_code, what.day)
        if problems := check_change(what, reason, before, office_day(sender.at), kept):
            raise Invalid(problems)
        calendar.add(tx, what, reason, sender.account.id, sender.at)
        altered = known_effect(tx, sender, before, first_day(what), seen)
        fields = {name: (_before(before, what, name), value) for name, value in said(what).items()}
        _note(tx, sender, "calendar.change", what, fields, altered, reason)
        return object_id(what.point_code)

    body = {"point": what.point_code, "reason": reason, "seen": seen, **said(what)}
    return once(tx, sender, submission_id, KIND, body, make)


def _before(office: Office, what: Week | Opening, name: str) -> str | None:
    """What the ledger puts before a field: the mask that held until then; a day had no word of its own."""
    if isinstance(what, Week) and name == "weekdays":
        return office.points[what.point_code].timetable.mask(what.valid_from)
    return None


def withdraw(
    tx: Tx, sender: Sender, submission_id: str, kind: str, entry_id: int, reason: str, seen: str = ""
) -> Submission:
    """Take an entry back with a reason: what held before it holds again. Taking back twice changes nothing.

    Raises NotPermitted, Unknown, Invalid without a reason, and AltersPast as ``change`` does.
    """
    require(sender.account, "calendar.write")
    entry = calendar.find(tx, kind, entry_id)
    if entry is None:
        raise Unknown(str(entry_id))
    reason = reason.strip()
    what = entry.what

    def make() -> str:
        if problems := check_reason(reason):
            raise Invalid(problems)
        before = areas.office(tx)
        if calendar.withdraw(tx, kind, entry_id, sender.at):
            altered = known_effect(tx, sender, before, first_day(what), seen)
            fields = {name: (value, None) for name, value in said(what).items()}
            _note(tx, sender, "calendar.withdraw", what, fields, altered, reason)
        return object_id(what.point_code)

    body = {"withdraw": kind, "entry": entry_id, "reason": reason, "seen": seen}
    return once(tx, sender, submission_id, KIND, body, make)


def known_effect(tx: Tx, sender: Sender, before: Office, changed: date, seen: str) -> Effect:
    """What the change just made did to days that are gone; raises AltersPast unless exactly that was seen."""
    after = areas.office(tx)
    period = reach(before, after, changed, sender.at)
    if period.first > period.last:
        return Effect()
    found = effect(before, after, period, recordings.marks(tx, period), sender.at)
    if found and seen != found.fingerprint:
        raise AltersPast(found, shown=bool(seen))
    return found


def _note(
    tx: Tx,
    sender: Sender,
    deed: str,
    what: Week | Opening,
    fields: dict[str, tuple[Any, Any]],
    altered: Effect,
    reason: str,
) -> None:
    if altered:
        fields["altered_days"] = (0, len(altered.days))
    ledger.touch(tx, ledger.LISTS)
    ledger.note(tx, sender.hand, deed, KIND, object_id(what.point_code), fields, reason)
