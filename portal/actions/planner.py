"""Taking up what the planner suggests: one press makes the planned visits of one errand, once."""

import hashlib
from uuid import UUID

from ..domain.accounts import Account, require
from ..domain.areas import Office
from ..domain.planner import Line
from ..domain.planning import Errand
from ..domain.submissions import Submission
from ..domain.visits import AFTERNOON, MORNING, Plan
from ..storage import ledger
from ..storage.database import Tx
from . import visits
from .sending import Sender


def _id(submission_id: str, key: str, number: int) -> str:
    """The id of the ``number``-th visit of an errand: fixed by the id of the press and by what was pressed."""
    mark = hashlib.sha256(f"{submission_id}:{key}:{number}".encode()).digest()
    return str(UUID(bytes=mark[:16], version=4))


def accepted(tx: Tx, account: Account, submission_id: str, key: str) -> Submission | None:
    """What an earlier press with this id on this errand made; None when there was none."""
    return ledger.find_submission(tx, account.id, _id(submission_id, key, 1))


def accept(
    tx: Tx, sender: Sender, office: Office, submission_id: str, errand: Errand, note: dict[str, str]
) -> Submission:
    """Make the planned visits of an errand, all or none; returns the first. ``note`` is what stands on each, by place.

    Each goes through ``visits.plan`` with its rules, and raises what that raises: Unknown outside the person's area,
    Conflict when the place or the kit was taken meanwhile.
    """
    require(sender.account, "planner.write")
    made: list[Submission] = []
    for number, line in enumerate(errand.lines, start=1):
        wanted = planned(line, note.get(line.place.code, ""), int(made[0].object_id) if made else None)
        made.append(visits.plan(tx, sender, office, _id(submission_id, errand.key, number), wanted))
    return made[0]


def planned(line: Line, note: str, first: int | None) -> Plan:
    """The visit of a line. On a joined day the first and the last place hold the kit's half days; the second shares
    the morning of the ``first`` visit, because a kit is booked once in a half day."""
    session, shares = line.session, False
    if line.joined:
        session = AFTERNOON if line.order == len(line.joined) + 1 else MORNING
        shares = line.order not in (1, len(line.joined) + 1)
    kits = () if shares else (line.team.kit_code,)
    joined_to = first if shares else None
    return Plan(line.place.code, line.day, line.team.point_code, "", note, session, kits=kits, joined_to=joined_to)
