"""Saying from which day on a kecamatan is under another hub, a hub sits elsewhere, a point can do something else, or a
deadline holds.

As with the calendar, a word is kept, and what it did to days that are gone is looked at in the same transaction: it
stays only when whoever sends it says the fingerprint of exactly that effect.
"""

from typing import Any

from ..domain.accounts import require
from ..domain.areas import Office
from ..domain.calendar import office_day
from ..domain.duty import Period
from ..domain.lists import (
    CAPABILITIES,
    HOURS,
    HUB,
    SEAT,
    Change,
    HubEffect,
    Word,
    check_word,
    hub_effect,
    mark,
    standing_value,
)
from ..domain.problems import STALE, Conflict, Invalid, Unknown
from ..domain.schedule import AltersPast, check_reason
from ..domain.submissions import Submission
from ..storage import areas, ledger, lists, summary
from ..storage.database import Tx
from ..storage.daysheets import DayMemory
from .calendar import known_effect
from .sending import Sender, once

KIND = "list"
DEED = "settings.write"


def object_id(what: Word) -> str:
    """How what a word speaks of is named in the ledger."""
    if what.kind == HOURS:
        return HOURS
    return f"hub/{what.subject}" if what.kind == HUB else f"point/{what.subject}"


def change(
    tx: Tx, sender: Sender, submission_id: str, what: Word, reason: str, drawn: str, seen: str = ""
) -> Submission:
    """Keep a word. ``drawn`` is the mark of the words that the form showed, ``seen`` the fingerprint of the effect on
    past days that was shown.

    Raises NotPermitted, Invalid, Conflict(STALE) with the words as they are when somebody was faster, and AltersPast
    with the effect when it reaches into the past and is not the seen one.
    """
    require(sender.account, DEED)
    reason = reason.strip()

    def make() -> str:
        kept = changes_of(tx, what.kind, what.subject)
        if mark(kept) != drawn:
            raise Conflict(STALE, kept)
        before = areas.office(tx)
        if problems := check_word(what, reason, before, office_day(sender.at), kept):
            raise Invalid(problems)
        lists.add(tx, what, reason, sender.account.id, sender.at)
        altered = _known(tx, sender, before, what, seen)
        fields = {"valid_from": (None, what.valid_from), what.kind: (standing_value(what, before), what.value)}
        _note(tx, sender, "lists.change", what, fields, altered, reason)
        return object_id(what)

    body = {
        "kind": what.kind,
        "subject": what.subject,
        "valid_from": what.valid_from,
        "value": what.value,
        "reason": reason,
        "drawn": drawn,
        "seen": seen,
    }
    return once(tx, sender, submission_id, KIND, body, make)


def changes_of(tx: Tx, kind: str, subject: str) -> list[Change]:
    """The words that a form about this subject shows, withdrawn ones included, by day: all that a point can do stands
    on one form."""
    kinds = CAPABILITIES if kind in CAPABILITIES else (kind,)
    found = [change for name in kinds for change in lists.changes(tx, name, subject)]
    return sorted(found, key=lambda c: (c.what.valid_from, c.id))


def find(tx: Tx, change_id: int) -> Change:
    """One word. Raises Unknown."""
    kept = lists.find(tx, change_id)
    if kept is None:
        raise Unknown(change_id)
    return kept


def withdraw(tx: Tx, sender: Sender, submission_id: str, change_id: int, reason: str, seen: str = "") -> Submission:
    """Take a word back with a reason: what held before it holds again. Taking back twice changes nothing.

    Raises NotPermitted, Unknown, Invalid without a reason, and AltersPast as ``change`` does.
    """
    require(sender.account, DEED)
    what = find(tx, change_id).what
    reason = reason.strip()

    def make() -> str:
        if problems := check_reason(reason):
            raise Invalid(problems)
        before = areas.office(tx)
        if lists.withdraw(tx, change_id, sender.at):
            altered = _known(tx, sender, before, what, seen)
            held = standing_value(what, areas.office(tx))
            fields = {"valid_from": (what.valid_from, None), what.kind: (what.value, held)}
            _note(tx, sender, "lists.withdraw", what, fields, altered, reason)
        return object_id(what)

    body = {"withdraw": change_id, "reason": reason, "seen": seen}
    return once(tx, sender, submission_id, KIND, body, make)


def _known(tx: Tx, sender: Sender, before: Office, what: Word, seen: str) -> int:
    """How many past days the word just said or taken back alters; raises AltersPast unless exactly that was seen."""
    if what.kind not in (HUB, SEAT):
        return len(known_effect(tx, sender, before, what.valid_from, seen).days)
    found = _hub_effect(tx, sender, before, what)
    if found and seen != found.fingerprint:
        raise AltersPast(found, shown=bool(seen))
    return found.size


def _hub_effect(tx: Tx, sender: Sender, before: Office, what: Word) -> HubEffect:
    """What a word about a hub alters; nothing when it holds from today on or later, as no day that is gone moves."""
    period = Period(what.valid_from, office_day(sender.at))
    if period.first >= period.last:
        return HubEffect()
    sheets, _outages = summary.days(tx, period, DayMemory())
    return hub_effect(before, areas.office(tx), period, sheets)


def _note(
    tx: Tx, sender: Sender, deed: str, what: Word, fields: dict[str, tuple[Any, Any]], altered: int, reason: str
) -> None:
    if altered:
        fields["altered_days"] = (0, altered)
    ledger.touch(tx, ledger.LISTS)
    ledger.note(tx, sender.hand, deed, KIND, object_id(what), fields, reason)
