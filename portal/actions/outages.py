"""Telling of an outage, its end, and that it was none."""

from datetime import datetime, timedelta

from msgspec.structs import asdict

from ..domain.accounts import require, require_point
from ..domain.areas import Office
from ..domain.audit import difference
from ..domain.outages import OLDEST, Outage, check_end, check_outage
from ..domain.problems import STALE, Conflict, Invalid, NotPermitted, Unknown
from ..domain.submissions import Submission
from ..storage import ledger, outages
from ..storage.database import Tx
from .sending import Sender, once

KIND = "outage"
DEED = "equipment.write"


def _permit(sender: Sender, point_code: str | None) -> None:
    """A point's outage is told by whoever looks after the point, the district's by the district."""
    if point_code is not None:
        require_point(sender.account, DEED, point_code)
        return
    require(sender.account, DEED)
    if not sender.account.sees_district:
        raise NotPermitted(DEED)


def tell(tx: Tx, sender: Sender, office: Office, submission_id: str, told: Outage) -> Submission:
    """Keep an outage of a point, or (``point_code`` None) of the whole district, which then applies to every point.

    Raises NotPermitted, Unknown for another area's point, Invalid for one that cannot be or was told already.
    """
    if told.point_code is None or told.point_code in office.points:
        _permit(sender, told.point_code)
    else:
        require(sender.account, DEED)
    kept = outages.between(tx, sender.at - OLDEST - timedelta(days=1), sender.at)
    problems = check_outage(told, office, sender.at, kept)

    def make() -> str:
        if problems:
            raise Invalid(problems)
        made = outages.add(tx, told, sender.account.id, sender.at)
        ledger.touch(tx, ledger.EQUIPMENT)
        ledger.note(tx, sender.hand, "outages.tell", KIND, str(made), difference({}, _shown(told)))
        return str(made)

    said = _shown(told)
    if told.began_at == sender.at:
        said["began_at"] = None  # "just now": sent again a minute later, it is still the same telling
    return once(tx, sender, submission_id, KIND, said, make)


def _shown(told: Outage) -> dict[str, object]:
    return {name: value for name, value in asdict(told).items() if name not in ("id", "by", "withdrawn", "version")}


def _own(tx: Tx, sender: Sender, outage_id: int) -> Outage:
    require(sender.account, DEED)
    kept = outages.find(tx, outage_id)
    if kept is None:
        raise Unknown(outage_id)
    _permit(sender, kept.point_code)
    return kept


def end(
    tx: Tx, sender: Sender, submission_id: str, outage_id: int, version: int, ended_at: datetime | None = None
) -> Submission:
    """Say that an outage ended: at ``ended_at``, or now. Raises Conflict(STALE) when it was changed meanwhile."""
    kept = _own(tx, sender, outage_id)
    moment = ended_at or sender.at
    problems = check_end(kept, moment, sender.at)

    def make() -> str:
        if kept.version != version or kept.withdrawn or kept.ended_at is not None:
            raise Conflict(STALE, kept)
        if problems:
            raise Invalid(problems)
        if not outages.end(tx, kept, moment):
            raise Conflict(STALE, kept)
        ledger.touch(tx, ledger.EQUIPMENT)
        ledger.note(tx, sender.hand, "outages.end", KIND, str(outage_id), {"ended_at": (None, moment)})
        return str(outage_id)

    body = {"outage": outage_id, "version": version, "end": ended_at}
    return once(tx, sender, submission_id, KIND, body, make)


def withdraw(tx: Tx, sender: Sender, submission_id: str, outage_id: int, version: int) -> Submission:
    """Take an outage back that was none; it counts nowhere any more, and stays readable in the log."""
    kept = _own(tx, sender, outage_id)

    def make() -> str:
        if kept.version != version or kept.withdrawn or not outages.withdraw(tx, kept, sender.at):
            raise Conflict(STALE, kept)
        ledger.touch(tx, ledger.EQUIPMENT)
        ledger.note(tx, sender.hand, "outages.withdraw", KIND, str(outage_id), {"withdrawn": (False, True)})
        return str(outage_id)

    return once(tx, sender, submission_id, KIND, {"outage": outage_id, "version": version, "withdraw": True}, make)
