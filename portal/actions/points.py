"""Adding a service point, naming it, and saying from when to when it is in the duty roll: ended, never deleted."""

from datetime import date
from typing import Any

from msgspec.structs import replace

from ..domain.accounts import require
from ..domain.areas import Office, ServicePoint
from ..domain.audit import difference
from ..domain.calendar import DISTRICT, office_day
from ..domain.points import changed_from, check_point, new_code
from ..domain.problems import STALE, Conflict, Invalid, Unknown
from ..domain.submissions import Submission
from ..storage import areas, ledger, lists
from ..storage.database import Tx
from .calendar import known_effect
from .lists import DEED, KIND
from .sending import Sender, once

NAMED = ("name", "kind", "kecamatan_code", "active_from", "active_to")


def _object(code: str) -> str:
    return f"point/{code}"


def _said(point: ServicePoint) -> dict[str, Any]:
    return {name: getattr(point, name) for name in NAMED}


def wanted_point(name: str, kind: str, kecamatan_code: str, active_from: date, active_to: date | None) -> ServicePoint:
    """A point as a form gives it, that serves on the district's days; its code is made when it is kept."""
    return ServicePoint("", " ".join(name.split()), kind, kecamatan_code or None, active_from, active_to, DISTRICT)


def add(
    tx: Tx, sender: Sender, submission_id: str, wanted: ServicePoint, hub_code: str, reason: str, seen: str = ""
) -> Submission:
    """Keep a new point under a code of the portal's own; ``reason`` is who announced it.

    Raises NotPermitted, Invalid, and AltersPast when it would owe reports of days that are gone and they were not seen.
    """
    require(sender.account, DEED)
    reason = reason.strip()

    def make() -> str:
        before = areas.office(tx)
        if problems := check_point(wanted, hub_code, reason, before, office_day(sender.at)):
            raise Invalid(problems)
        point = replace(wanted, code=new_code(before.points, wanted.kecamatan_code))
        lists.add_point(tx, point, hub_code, reason, sender.account.id, sender.at)
        fields = difference({}, _said(point) | {"hub": hub_code})
        _keep(tx, sender, "points.add", before, point.code, point.active_from, fields, reason, seen)
        return point.code

    body = {**_said(wanted), "hub": hub_code, "reason": reason, "seen": seen}
    return once(tx, sender, submission_id, KIND, body, make)


def change(
    tx: Tx, sender: Sender, submission_id: str, code: str, asked: ServicePoint, reason: str, seen: str = ""
) -> Submission:
    """Keep name and active days of a point; ``asked.version`` is the one the form showed. Reports of days outside
    stay, and are shown as reports beyond the duty.

    Raises NotPermitted, Unknown, Invalid, Conflict(STALE) with the point as it stands, and AltersPast as ``add`` does.
    """
    require(sender.account, DEED)
    reason = reason.strip()

    def make() -> str:
        before = areas.office(tx)
        kept = before.points.get(code)
        if kept is None:
            raise Unknown(code)
        if kept.version != asked.version:
            raise Conflict(STALE, kept)
        wanted = replace(kept, name=asked.name, active_from=asked.active_from, active_to=asked.active_to)
        if problems := check_point(wanted, "", reason, before, office_day(sender.at), kept):
            raise Invalid(problems)
        if not lists.change_point(tx, wanted, sender.account.id, sender.at):
            raise Conflict(STALE, areas.office(tx).points[code])
        fields = difference(_said(kept), _said(wanted))
        _keep(tx, sender, "points.change", before, code, changed_from(wanted, kept), fields, reason, seen)
        return code

    body = {"code": code, **_said(asked), "version": asked.version, "reason": reason, "seen": seen}
    return once(tx, sender, submission_id, KIND, body, make)


def _keep(
    tx: Tx,
    sender: Sender,
    deed: str,
    before: Office,
    code: str,
    changed: date | None,
    fields: dict[str, tuple[Any, Any]],
    reason: str,
    seen: str,
) -> None:
    altered = known_effect(tx, sender, before, changed, seen) if changed else None
    if altered:
        fields["altered_days"] = (0, len(altered.days))
    ledger.touch(tx, ledger.LISTS)
    ledger.note(tx, sender.hand, deed, KIND, _object(code), fields, reason)
