"""The demo office's transfers of blanks, October 2024: invented, one of each kind.

They left and ended on days without a report at that end, or after the last one, so that the invented reports, which
know nothing of them, still add up.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time

from msgspec import Struct

from ..domain.accounts import Account
from ..domain.areas import Office
from ..domain.calendar import office_instant
from ..domain.transfers import Receipt, Return, Shipment
from ..storage.database import Tx
from . import stock
from .sending import Sender


class Trip(Struct, frozen=True):
    """One transfer: who wrote it down when, and what came of it, written down at ``ended_at``."""

    shipment: Shipment
    by: str
    at: time
    end: Receipt | Return | None = None
    ended_at: datetime | None = None


def _day(number: int) -> date:
    return date(2024, 10, number)


TRIPS = (
    Trip(
        Shipment("kec-35.16.02", "kec-35.16.15", 40, _day(16), "Dibawa kurir dinas."),
        "gondang",
        time(10, 12),
        Receipt(_day(18), 39, "Satu keping patah, dibuatkan berita acara."),
        office_instant(_day(18), time(9, 40)),
    ),
    Trip(Shipment("dinas", "kec-35.16.05", 60, _day(21), "Berita acara 21 Oktober."), "pengawas", time(8, 50)),
    Trip(
        Shipment("kec-35.16.16", "kec-35.16.17", 25, _day(21)),
        "jetis",
        time(9, 5),
        Return(_day(21), "Kendaraan dinas dipakai kunjungan; dikirim lain hari."),
        office_instant(_day(21), time(10, 30)),
    ),
)


def deeds(
    tx: Tx, office: Office, staff: Mapping[str, Account], clerk: Mapping[str, Account], new_id: Callable[[], str]
) -> Iterator[tuple[datetime, Callable[[], object]]]:
    """What was written down about transfers, each with its moment; ``clerk`` is who works at a point."""
    for trip in TRIPS:
        made: list[int] = []
        at = office_instant(trip.shipment.sent_date, trip.at)
        yield at, _sending(tx, office, Sender(staff[trip.by], at), new_id(), trip, made)
        if trip.end is not None and trip.ended_at is not None:
            who = clerk[trip.shipment.to_point] if isinstance(trip.end, Receipt) else staff[trip.by]
            yield trip.ended_at, _ending(tx, Sender(who, trip.ended_at), new_id(), trip.end, made)


def _sending(
    tx: Tx, office: Office, sender: Sender, submission_id: str, trip: Trip, made: list[int]
) -> Callable[[], object]:
    def do() -> None:
        made.append(int(stock.send(tx, sender, office, submission_id, trip.shipment).object_id))

    return do


def _ending(tx: Tx, sender: Sender, submission_id: str, end: Receipt | Return, made: list[int]) -> Callable[[], object]:
    def do() -> object:
        if isinstance(end, Receipt):
            return stock.receive(tx, sender, submission_id, made[0], 1, end)
        return stock.cancel(tx, sender, submission_id, made[0], 1, end)

    return do
