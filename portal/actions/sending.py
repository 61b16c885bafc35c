"""What every form has in common: the same sending, sent again, counts once."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from ..domain.accounts import Account
from ..domain.problems import OTHER_BODY, WITHDRAWN, Conflict, Invalid, Problem, _
from ..domain.submissions import Submission, fingerprint, valid_id
from ..storage import ledger
from ..storage.database import Tx


class Sender(Struct, frozen=True):
    """A person sending something: who, when, from where, in which request.

    ``by`` is somebody who does it in that person's name: permission and the ledger are his, the work is not.
    """

    account: Account
    at: datetime
    address: str = ""
    request_id: str = ""
    by: Account | None = None
    captured_at: datetime | None = None

    @property
    def doer(self) -> Account:
        """Whose deed it is."""
        return self.by or self.account

    @property
    def hand(self) -> ledger.Hand:
        """The same, as the ledger writes it down."""
        return ledger.Hand(self.doer.id, self.doer.username, self.at, self.address, self.request_id)


def once(
    tx: Tx,
    sender: Sender,
    submission_id: str,
    kind: str,
    body: Mapping[str, Any],
    make: Callable[[], str],
    withdrawn: Callable[[Submission], bool] = lambda known: False,
    touched: Sequence[str] = (ledger.DATA, ledger.SWEEPS),
) -> Submission:
    """Do ``make`` once for this submission id and keep what it made (an object id) with the id.

    The id is looked up first: known with the same body, the first receipt is returned and nothing happens; known
    with another body, Conflict(OTHER_BODY) carries what was kept then; known, but ``withdrawn`` since (cancelled),
    Conflict(WITHDRAWN): it must not be told that it counts. ``touched`` are the areas whose version grows.
    """
    if not valid_id(submission_id):
        raise Invalid([Problem("", _("Formulir ini tidak lengkap. Muat ulang halaman, lalu kirim lagi."))])
    said = fingerprint(kind, body)
    known = ledger.find_submission(tx, sender.account.id, submission_id)
    if known is not None:
        if known.fingerprint != said:
            raise Conflict(OTHER_BODY, known)
        if withdrawn(known):
            raise Conflict(WITHDRAWN, known)
        return known
    object_id = make()
    ledger.touch(tx, *touched)
    owner = replace(sender.hand, account_id=sender.account.id)
    return ledger.keep_submission(tx, owner, submission_id, said, kind, object_id)
