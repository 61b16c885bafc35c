"""Late proposals: handed in by whoever was locked out, decided by a supervisor."""

from datetime import date

from ..domain.accounts import require_point
from ..domain.areas import Office
from ..domain.locks import OPEN
from ..domain.problems import EXISTS, STALE, Conflict, Invalid, Unknown, _
from ..domain.proposals import ACCEPTED, DECLINED, WAITING, Proposal, check_answer
from ..domain.recordings import Entry, as_kept
from ..domain.submissions import Submission
from ..domain.texts import check_text
from ..storage import accounts, ledger, proposals, recordings
from ..storage.database import Tx
from . import recordings as reports
from .locks import lock_of
from .sending import Sender, once

KIND = "proposal"


def hand_in(
    tx: Tx,
    sender: Sender,
    office: Office,
    submission_id: str,
    point_code: str,
    service_date: date,
    entry: Entry,
    reason: str = "",
) -> Submission:
    """Keep what was typed for a day that has closed, for a supervisor to decide; it is in no total until then.

    Raises Unknown outside the person's area, Invalid with every broken rule of the report itself, Conflict (EXISTS)
    when the day is open: then the report can simply be sent.
    """
    require_point(sender.account, "proposals.write", point_code)
    point = office.points.get(point_code)
    if point is None:
        raise Unknown(point_code)
    problems = reports.problems_of(sender, office, point_code, service_date, entry)
    entry = entry if problems else as_kept(entry)
    body = {"point": point_code, "day": service_date, "reason": reason.strip(), **reports.said(entry)}

    def make() -> str:
        kept = recordings.find(tx, point_code, service_date)
        required = _("Tulis alasan perbaikan.") if kept is not None and kept.stands else ""
        if found := [*problems, *check_text("reason", reason, required=required)]:
            raise Invalid(found)
        if lock_of(tx, office, sender.account, point, service_date, kept, sender.at).state == OPEN:
            raise Conflict(EXISTS, kept)
        said = (point_code, service_date, entry, reason.strip(), sender.captured_at)
        made = proposals.add(tx, *said, sender.account.id, sender.at)
        named = reports.object_id(point_code, service_date)
        ledger.note(
            tx, sender.hand, "proposals.hand_in", reports.KIND, named, {"proposal": (None, made)}, reason.strip()
        )
        return str(made)

    return once(tx, sender, submission_id, KIND, body, make)


def _found(tx: Tx, sender: Sender, proposal_id: int) -> Proposal:
    found = proposals.find(tx, proposal_id)
    if found is None:
        raise Unknown(proposal_id)
    require_point(sender.account, "proposals.decide", found.point_code)
    return found


def accept(
    tx: Tx, sender: Sender, office: Office, submission_id: str, proposal_id: int, version: int, answer: str = ""
) -> Submission:
    """Send a proposal in its writer's name; ``version`` is the kept report's that it was compared with, 0 for none.

    The report is its writer's, the ledger names who let it in. Raises Conflict (STALE) with the kept report when that
    was changed meanwhile, or with the proposal when it was decided meanwhile; Invalid as sending does.
    """
    found = _found(tx, sender, proposal_id)
    author = accounts.by_id(tx, found.account_id)
    assert author is not None
    if found.state != WAITING and ledger.find_submission(tx, author.id, submission_id) is None:
        raise Conflict(STALE, found)
    if problems := check_answer(answer, declined=False):
        raise Invalid(problems)
    behalf = Sender(author, sender.at, sender.address, sender.request_id, sender.account, found.captured_at)
    reason = "; ".join(text for text in (found.reason, answer.strip()) if text)
    sent = reports.send(
        tx, behalf, office, submission_id, found.point_code, found.service_date, found.entry, version, reason
    )
    proposals.decide(tx, found.id, ACCEPTED, answer.strip(), sender.account.id, sender.at)
    return sent


def decline(tx: Tx, sender: Sender, proposal_id: int, answer: str) -> Proposal:
    """Turn a proposal down with a reason; it stays readable. Raises Conflict (STALE) when it was accepted meanwhile."""
    found = _found(tx, sender, proposal_id)
    if found.state == DECLINED:
        return found
    if problems := check_answer(answer, declined=True):
        raise Invalid(problems)
    if not proposals.decide(tx, found.id, DECLINED, answer.strip(), sender.account.id, sender.at):
        raise Conflict(STALE, found)
    ledger.touch(tx, ledger.DATA)
    named = reports.object_id(found.point_code, found.service_date)
    changes = {"proposal": (found.id, None)}
    ledger.note(tx, sender.hand, "proposals.decline", reports.KIND, named, changes, answer.strip())
    return found
