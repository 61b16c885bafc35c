"""Whether a paper is one that was published: asked by anybody, by number and check code, as slowly as signing in."""

import hmac
from datetime import datetime

from ..domain.accounts import THROTTLE_ADDRESS, THROTTLE_WINDOW, sign_in_wait, throttle_address
from ..domain.periodic import Report
from ..domain.publications import Publication
from ..storage import accounts, periodic
from ..storage.database import Database
from .accounts import TooMany

MARK = "verify"
"""Before an address where its wrong codes are counted: they do not keep the people there from signing in."""


def compare(database: Database, number: int, code: str, at: datetime, address: str) -> Publication | Report | None:
    """What was published under ``number``, when ``code`` is its check code; None otherwise, never saying which.

    Opens its own transactions, because a failure must be kept. A code has 2³² values, so guessing one at the pace of
    the throttle is hopeless. Raises TooMany after too many wrong ones from the address.
    """
    counted = f"{MARK} {throttle_address(address)}"[:45]
    with database.writing() as tx:
        wait = sign_in_wait(accounts.failures(tx, at - THROTTLE_WINDOW, address=counted), THROTTLE_ADDRESS, at)
        if wait:
            raise TooMany(int(wait.total_seconds()) + 1)
        attempt = accounts.keep_failure(tx, MARK, counted, at)
        kept = periodic.find(tx, number)
        same = kept is not None and hmac.compare_digest(kept.check_code.encode(), code.encode())
        if same:
            accounts.take_failure_back(tx, attempt)
    return kept if same else None
