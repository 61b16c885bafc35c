"""What the demo office's supervisor said about the reports: most are verified, one wants mending."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time

from ..domain.accounts import Account
from ..domain.calendar import office_instant
from ..domain.duty import Period
from ..domain.review import SEND_BACK
from ..storage import recordings
from ..storage import reviews as kept
from ..storage.database import Tx
from . import reviews
from .sending import Sender

MORNINGS = (
    (date(2024, 10, 15), Period(date(2024, 10, 8), date(2024, 10, 11))),
    (date(2024, 10, 18), Period(date(2024, 10, 14), date(2024, 10, 15))),
)
"""The supervisor looks at what came in on these mornings, for these days."""

SENT_BACK = (
    "kec-35.16.11",
    date(2024, 10, 16),
    "recorded",
    "240 dalam sehari tidak mungkin dengan satu alat. Hitung lagi.",
)
"""The typing mistake of the demo's reports."""


def deeds(tx: Tx, supervisor: Account) -> Iterator[tuple[datetime, Callable[[], object]]]:
    """Every review of the demo with its moment."""
    for morning, period in MORNINGS:
        at = office_instant(morning, time(8, 30))
        yield at, lambda at=at, period=period: _verify(tx, Sender(supervisor, at), period)  # type: ignore[misc]
    at = office_instant(date(2024, 10, 18), time(8, 41))
    yield at, lambda: _send_back(tx, Sender(supervisor, at))


def _verify(tx: Tx, sender: Sender, period: Period) -> None:
    rows = kept.unverified(tx, period)
    reviews.verify_clean(tx, sender, [reviews.seen(report) for report in rows])


def _send_back(tx: Tx, sender: Sender) -> None:
    code, day, field, comment = SENT_BACK
    report = recordings.find(tx, code, day)
    assert report is not None
    reviews.step(tx, sender, reviews.seen(report), SEND_BACK, field, comment)
