"""Sending blanks from one point to another, saying what arrived (and correcting that), taking a transfer back."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from msgspec.structs import asdict, replace

from ..domain.accounts import Account, require, require_point
from ..domain.areas import Office, ServicePoint
from ..domain.audit import difference
from ..domain.calendar import office_day
from ..domain.duty import Period
from ..domain.problems import STALE, Conflict, Invalid, NotPermitted, Problem, Unknown
from ..domain.stock import LOOK_BACK, Moved, Stock, Told, stock_of
from ..domain.submissions import Submission
from ..domain.transfers import (
    CANCELLED,
    RECEIVED,
    SENT,
    Receipt,
    Return,
    Shipment,
    Transfer,
    check_correction,
    check_open,
    check_receipt,
    check_return,
    check_shipment,
    moves,
)
from ..storage import ledger, recordings, stock
from ..storage.database import Tx
from .locks import lock_of
from .sending import Sender, once

KIND = "transfer"


def stocks(
    tx: Tx, office: Office, points: Sequence[ServicePoint], today: date, transfers: Sequence[Transfer]
) -> list[Stock]:
    """What is known of some points' stock, from reports of the last LOOK_BACK days: one question for all of them."""
    told = stock.told(tx, look_back(today), [p.code for p in points])
    moved = moves(transfers)
    return [point_stock(office, p, today, told[p.code], moved.get(p.code, {}), transfers) for p in points]


def look_back(today: date) -> Period:
    """The days whose reports still say something about today."""
    return Period(today - timedelta(days=LOOK_BACK), today)


def point_stock(
    office: Office,
    point: ServicePoint,
    today: date,
    told: Sequence[Told],
    moved: Mapping[date, Moved],
    transfers: Sequence[Transfer],
) -> Stock:
    """What is known of one point's stock; days are counted as the point serves."""
    calendar, timetable = office.calendar, point.timetable

    def age(day: date) -> int:
        return calendar.service_days_since(timetable, day, today)

    def follows(earlier: date, later: date) -> bool:
        return calendar.service_days(timetable, earlier + timedelta(days=1), later - timedelta(days=1)) == 0

    coming = sum(t.in_transit for t in transfers if t.to_point == point.code)
    return stock_of(point.code, told, moved, coming, age, follows)


def may_receive(account: Account, kept: Transfer) -> bool:
    """Whether a person may say what arrived: the receiving point's clerk, or the district."""
    return account.may("stock.write") and account.sees_point(kept.to_point)


def may_cancel(account: Account, kept: Transfer) -> bool:
    """Whether a person may take a transfer back: the giving point's clerk, or the district."""
    return account.may("stock.write") and account.sees_point(kept.from_point)


def send(tx: Tx, sender: Sender, office: Office, submission_id: str, wanted: Shipment) -> Submission:
    """Write down that blanks left a point for another; they are on their way until somebody says otherwise.

    Raises Unknown when the giving point is outside the person's area, and Invalid with every broken rule.
    """
    require(sender.account, "stock.write")
    if wanted.from_point:
        require_point(sender.account, "stock.write", wanted.from_point)
    wanted = replace(wanted, note=wanted.note.strip())
    problems = check_shipment(wanted, office, office_day(sender.at))

    def make() -> str:
        if problems:
            raise Invalid(problems)
        made = stock.add(tx, wanted, sender.account.id, sender.at)
        ledger.note(tx, sender.hand, "stock.send", KIND, str(made), difference({}, asdict(wanted)))
        return str(made)

    return once(
        tx, sender, submission_id, KIND, {"send": asdict(wanted)}, make, lambda known: _taken_back(tx, sender, known)
    )


def receive(tx: Tx, sender: Sender, submission_id: str, transfer_id: int, version: int, receipt: Receipt) -> Submission:
    """Keep what arrived and when; what did not arrive is lost, and said so.

    Raises Unknown when neither side is the person's, NotPermitted for the giving side, Invalid, and Conflict(STALE)
    with the transfer as it is when it ended already.
    """
    kept = _kept(tx, sender, transfer_id)
    if not may_receive(sender.account, kept):
        raise NotPermitted("stock.write")
    receipt = replace(receipt, note=receipt.note.strip())
    problems = check_receipt(kept, receipt, office_day(sender.at))

    def make() -> str:
        if kept.version != version or kept.state != SENT:
            raise Conflict(STALE, kept)
        if problems:
            raise Invalid(problems)
        if not stock.receive(tx, kept, receipt, sender.account.id, sender.at):
            raise Conflict(STALE, stock.find(tx, sender.account, transfer_id))
        lost = kept.quantity - (receipt.quantity or 0)
        after = {"state": RECEIVED, "received_date": receipt.received_date, "arrived": receipt.quantity, "lost": lost}
        changes = difference({"state": kept.state, "lost": 0}, after)
        ledger.note(tx, sender.hand, "stock.receive", KIND, str(transfer_id), changes, receipt.note)
        return str(transfer_id)

    body = {"transfer": transfer_id, "version": version, "receive": asdict(receipt)}
    return once(tx, sender, submission_id, KIND, body, make)


def closed_sides(
    tx: Tx, office: Office, account: Account, kept: Transfer, arrivals: Iterable[date], at: datetime
) -> list[Problem]:
    """What keeps a person from correcting a receipt: the day of sending at the giving point, and each day of arrival at
    the receiving one, must be open by the locks' rules, as if both points were the person's own."""
    both = replace(account, points=account.points | {kept.from_point, kept.to_point})
    problems = []
    for code, day in dict.fromkeys([(kept.from_point, kept.sent_date), *((kept.to_point, d) for d in arrivals)]):
        point = office.points[code]
        lock = lock_of(tx, office, both, point, day, recordings.find(tx, code, day), at)
        problems += check_open(point, day, lock)
    return problems


def correct(
    tx: Tx,
    sender: Sender,
    office: Office,
    submission_id: str,
    transfer_id: int,
    version: int,
    receipt: Receipt,
    reason: str,
) -> Submission:
    """Put what arrived, or when, right; old and new stay in the log with the reason.

    Both sides still balance, because lost is what was sent less what arrived. Raises as ``receive``, Conflict(STALE)
    also for a transfer that was not received, and Invalid with each side that has closed (``closed_sides``).
    """
    kept = _kept(tx, sender, transfer_id)
    if not may_receive(sender.account, kept):
        raise NotPermitted("stock.write")
    receipt, reason = replace(receipt, note=receipt.note.strip()), reason.strip()

    def make() -> str:
        if kept.version != version or kept.state != RECEIVED or kept.ended_date is None:
            raise Conflict(STALE, kept)
        problems = closed_sides(tx, office, sender.account, kept, (kept.ended_date, receipt.received_date), sender.at)
        problems += check_correction(kept, receipt, reason, office_day(sender.at))
        if problems:
            raise Invalid(problems)
        if not stock.receive(tx, kept, receipt, sender.account.id, sender.at):
            raise Conflict(STALE, stock.find(tx, sender.account, transfer_id))
        before = _told(Receipt(kept.ended_date, kept.arrived, kept.end_note), kept)
        changes = difference(before, _told(receipt, kept))
        ledger.note(tx, sender.hand, "stock.correct", KIND, str(transfer_id), changes, reason)
        return str(transfer_id)

    body = {"transfer": transfer_id, "version": version, "correct": asdict(receipt), "reason": reason}
    return once(tx, sender, submission_id, KIND, body, make)


def _told(receipt: Receipt, kept: Transfer) -> dict[str, Any]:
    """A receipt as the log tells it, with what it leaves on the way."""
    lost = kept.quantity - (receipt.quantity or 0)
    return {"received_date": receipt.received_date, "arrived": receipt.quantity, "lost": lost, "note": receipt.note}


def cancel(tx: Tx, sender: Sender, submission_id: str, transfer_id: int, version: int, back: Return) -> Submission:
    """Take a transfer that is on its way back to where it came from, with a reason; it stays readable.

    Raises as ``receive``, with the sides exchanged.
    """
    kept = _kept(tx, sender, transfer_id)
    if not may_cancel(sender.account, kept):
        raise NotPermitted("stock.write")
    back = replace(back, reason=back.reason.strip())
    problems = check_return(kept, back, office_day(sender.at))

    def make() -> str:
        if kept.version != version or kept.state != SENT:
            raise Conflict(STALE, kept)
        if problems:
            raise Invalid(problems)
        if not stock.cancel(tx, kept, back, sender.account.id, sender.at):
            raise Conflict(STALE, stock.find(tx, sender.account, transfer_id))
        changes: dict[str, Any] = difference(
            {"state": kept.state}, {"state": CANCELLED, "returned_date": back.returned_date}
        )
        ledger.note(tx, sender.hand, "stock.cancel", KIND, str(transfer_id), changes, back.reason)
        return str(transfer_id)

    body = {"transfer": transfer_id, "version": version, "cancel": asdict(back)}
    return once(tx, sender, submission_id, KIND, body, make)


def _taken_back(tx: Tx, sender: Sender, known: Submission) -> bool:
    """Whether the transfer that an earlier sending made was cancelled since."""
    made = stock.find(tx, sender.account, int(known.object_id))
    return made is not None and made.state == CANCELLED


def _kept(tx: Tx, sender: Sender, transfer_id: int) -> Transfer:
    require(sender.account, "stock.write")
    kept = stock.find(tx, sender.account, transfer_id)
    if kept is None:
        raise Unknown(transfer_id)
    return kept


def note_download(tx: Tx, sender: Sender, day: date, kind: str) -> None:
    """Write down who took which numbers away (UU 27/2022: the office can say who saw what)."""
    require(sender.account, "stock.see")
    ledger.note(tx, sender.hand, "stock.download", "stock", day.isoformat(), reason=kind)
