"""Keys of other programs: made once, shown once, revoked at will; what they take is written down."""

import secrets
from collections.abc import Collection
from datetime import date, datetime, time
from typing import Any

from ..domain.accounts import THROTTLE_WINDOW, require, sign_in_wait, throttle_address
from ..domain.areas import Office
from ..domain.audit import difference
from ..domain.calendar import office_day, office_instant
from ..domain.problems import Invalid, Unknown
from ..domain.submissions import Submission
from ..domain.tokens import Scope, Token, check_token, last_moment
from ..storage import accounts, ledger, tokens
from ..storage.database import Database, Tx
from ..storage.tokens import KIND
from .accounts import note_refusal, token_hash
from .sending import Sender, once

PREFIX = "portal_"
"""Before every token, so that a search for keys left lying about finds it."""

FAILURES = 30
"""Wrong tokens from one address within 15 minutes, as for sign-ins; counted apart from those, so that a program with
an old token locks no clerk out."""

_MARK = "api"


def make(
    tx: Tx,
    sender: Sender,
    office: Office,
    submission_id: str,
    name: str,
    purpose: str,
    scope: Scope,
    resources: Collection[str],
    last: date | None,
) -> tuple[Submission, str]:
    """A new token (256 bits) that holds up to and with ``last``; it is kept nowhere but as its SHA-256.

    The second is the token, "" when this sending had made one before: it is shown once. Raises Invalid. It belongs
    to the office, not to who made it, and outlives that account; whoever may make one may revoke any.
    """
    require(sender.account, "open_data.manage")
    name, purpose = name.strip(), purpose.strip()
    wanted: dict[str, Any] = {"name": name, "purpose": purpose, "scope": f"{scope.kind}:{scope.code}"}
    wanted |= {"resources": sorted(resources), "last": last}
    made: list[str] = []

    def keep() -> str:
        problems = check_token(name, purpose, scope, resources, last, office, sender.at)
        if problems or last is None:
            raise Invalid(problems)
        token = PREFIX + secrets.token_urlsafe(32)
        record = Token(0, name, purpose, scope, frozenset(resources), last_moment(last), sender.at)
        token_id = str(tokens.add(tx, record, token_hash(token), sender.account.id))
        ledger.note(tx, sender.hand, "tokens.make", KIND, token_id, difference({}, wanted))
        made.append(token)
        return token_id

    return once(tx, sender, submission_id, KIND, wanted, keep), made[0] if made else ""


def revoke(tx: Tx, sender: Sender, token_id: int) -> bool:
    """End a token at once; False, and nothing written, when it was revoked already. Raises Unknown."""
    require(sender.account, "open_data.manage")
    kept = tokens.by_id(tx, token_id)
    if kept is None:
        raise Unknown(token_id)
    if not tokens.revoke(tx, token_id, sender.at):
        return False
    ledger.note(tx, sender.hand, "tokens.revoke", KIND, str(token_id), {"name": (kept.name, kept.name)})
    return True


def hand_of(token: Token | None, at: datetime, address: str, request_id: str) -> ledger.Hand:
    """Whose hand a token's reading is in the ledger: the token's number, never a person's name."""
    return ledger.Hand(None, f"{_MARK}:{token.id}" if token else _MARK, at, address, request_id)


def wait(tx: Tx, address: str, at: datetime) -> int:
    """How many seconds an address must wait after its wrong tokens; 0 while there were few."""
    found = accounts.failures(tx, at - THROTTLE_WINDOW, name_mark=_MARK, address=_counted_as(address))
    left = sign_in_wait(found, FAILURES, at)
    return int(left.total_seconds()) + 1 if left else 0


def refuse(tx: Tx, hand: ledger.Hand, why: str, what: str = "", *, counted: bool) -> None:
    """Write down that a reading was refused; a wrong token is ``counted`` against its address."""
    if counted:
        accounts.keep_failure(tx, _MARK, _counted_as(hand.address), hand.at)
    note_refusal(tx, hand, "refused.token", why, what)


def _counted_as(address: str) -> str:
    return f"{_MARK} {throttle_address(address)}"[:45]


def note_read(database: Database, hand: ledger.Hand, token: Token, resource: str) -> None:
    """Write down that a token takes these data: once a day for each token and kind of data.

    Who saw what on which day is what UU 27/2022 (art. 46) asks for; a line for each page would say no more and bury
    the rest. Opens its own transaction, and only when the day has none yet; raises Unavailable when it cannot be kept,
    because nothing leaves the house unnoted.
    """
    midnight = office_instant(office_day(hand.at), time())
    with database.reading() as tx:
        if tokens.read_since(tx, token.id, resource, midnight):
            return
    with database.writing() as tx:
        if not tokens.read_since(tx, token.id, resource, midnight):
            tokens.note_read(tx, hand, token.id, resource)
