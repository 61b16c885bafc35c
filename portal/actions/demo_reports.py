"""The demo's first weekly report, published on the evening on which the daily summaries had reached its Sunday."""

from collections.abc import Callable
from datetime import date, datetime, time

from ..domain.accounts import Account
from ..domain.areas import Office
from ..domain.calendar import office_instant
from ..domain.periodic import WEEKLY
from ..storage.database import Tx
from . import periodic
from .sending import Sender

WEEK = date(2024, 10, 13)
"""The Sunday of the first week of the trial."""
PUBLISHED = office_instant(date(2024, 10, 14), time(17, 45))

At = Callable[[datetime, Callable[[], object]], None]


def plan(at: At, tx: Tx, office: Office, supervisor: Account, new_id: Callable[[], str]) -> None:
    """Have the supervisor publish the week."""
    submission_id, sender = new_id(), Sender(supervisor, PUBLISHED)

    def do() -> object:
        mark = periodic.draft(tx, office, WEEKLY, WEEK, PUBLISHED).mark
        return periodic.publish(tx, sender, office, submission_id, WEEKLY, WEEK, mark)

    at(PUBLISHED, do)
