"""Taking the office's counts out of the house as files."""

from ..domain.accounts import require
from ..domain.duty import Period
from ..storage import ledger
from ..storage.database import Tx
from .sending import Sender


def note_download(tx: Tx, sender: Sender, what: str, period: Period) -> None:
    """Write down who took which rows away (UU 27/2022: the office can say who saw what)."""
    require(sender.account, "open_data.see")
    ledger.note(tx, sender.hand, "open_data.download", "open_data", f"{period.first}/{period.last}", reason=what)
