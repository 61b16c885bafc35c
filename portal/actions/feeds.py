"""A person's own calendar address: made once, shown once, revoked at will."""

import secrets

from ..domain.accounts import require
from ..storage import feeds, ledger
from ..storage.database import Tx
from .accounts import token_hash
from .sending import Sender

KIND = "feed"


def make(tx: Tx, sender: Sender) -> str:
    """A new secret address part (256 bits), in place of any earlier one; it is kept nowhere but as its SHA-256."""
    require(sender.account, "visits.see")
    feeds.revoke(tx, sender.account.id, sender.at)
    token = secrets.token_urlsafe(32)
    feeds.add(tx, sender.account.id, token_hash(token), sender.at)
    ledger.note(tx, sender.hand, "feeds.make", KIND, str(sender.account.id))
    return token


def revoke(tx: Tx, sender: Sender) -> bool:
    """End the person's feed; False, and nothing written, when there is none."""
    require(sender.account, "visits.see")
    if not feeds.revoke(tx, sender.account.id, sender.at):
        return False
    ledger.note(tx, sender.hand, "feeds.revoke", KIND, str(sender.account.id))
    return True
