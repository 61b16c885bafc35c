"""Taking the state of the sweeps away."""

from ..domain.accounts import require
from ..storage import ledger
from ..storage.database import Tx
from .sending import Sender


def note_download(tx: Tx, sender: Sender, by: str, kind: str) -> None:
    """Write down that somebody took the sweeps' figures away."""
    require(sender.account, "visits.see")
    ledger.note(tx, sender.hand, "sweeps.download", "sweeps", by, reason=kind)
