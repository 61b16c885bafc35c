"""Taking figures about standstill out of the house."""

from ..domain.accounts import require
from ..domain.duty import Period
from ..storage import ledger
from ..storage.database import Tx
from .sending import Sender


def note_download(tx: Tx, sender: Sender, period: Period, work: str, kind: str) -> None:
    """Write down who took which numbers away (UU 27/2022: the office can say who saw what)."""
    require(sender.account, "downtime.see")
    ledger.note(tx, sender.hand, "downtime.download", "downtime", f"{work}/{period.first}/{period.last}", reason=kind)
