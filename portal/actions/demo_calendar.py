"""The demo's calendar: a Saturday to come that one office opens, and a missing day that was excused."""

from collections.abc import Callable
from datetime import date, datetime, time

from ..domain.accounts import Account
from ..domain.areas import Office
from ..domain.calendar import office_instant
from ..domain.schedule import Opening
from ..storage.database import Tx
from . import calendar, completeness
from .sending import Sender

OPENED_POINT = "kec-35.16.05"
OPENED_DAY = date(2024, 10, 26)
EXCUSED_POINT = "kec-35.16.15"
EXCUSED_DAY = date(2024, 10, 18)

At = Callable[[datetime, Callable[[], object]], None]


def plan(at: At, tx: Tx, office: Office, supervisor: Account, new_id: Callable[[], str]) -> None:
    """Have the supervisor do both, each at its moment."""
    decided = office_instant(date(2024, 10, 18), time(10, 20))
    opening, excuse = new_id(), new_id()
    reason = "Contoh: layanan Sabtu menjelang Pilkada"
    what = Opening(OPENED_POINT, OPENED_DAY, opens=True)
    at(decided, lambda: calendar.change(tx, Sender(supervisor, decided), opening, what, reason))
    excused = office_instant(date(2024, 10, 21), time(9, 40))
    at(
        excused,
        lambda: completeness.excuse(
            tx,
            Sender(supervisor, excused),
            office,
            excuse,
            EXCUSED_POINT,
            EXCUSED_DAY,
            "Contoh: jaringan kecamatan putus",
        ),
    )
