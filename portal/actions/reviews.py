"""A supervisor's word on reports: verified, sent back, left out of the sums; many at once where nothing was asked."""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from ..domain.accounts import require, require_point
from ..domain.duty import Period
from ..domain.problems import STALE, Conflict, Invalid, Unknown
from ..domain.recordings import Report
from ..domain.review import (
    AWAITING,
    EXCLUDE,
    INCLUDE,
    SEND_BACK,
    STEPS,
    VERIFY,
    check_step,
    clean,
    hands_of,
)
from ..storage import ledger, recordings, reviews
from ..storage.database import Tx
from .recordings import KIND, object_id
from .sending import Sender

DEEDS = {
    VERIFY: "reviews.verify",
    SEND_BACK: "reviews.send_back",
    EXCLUDE: "reviews.exclude",
    INCLUDE: "reviews.include",
}


class Seen(Struct, frozen=True):
    """A report as somebody saw it on a page: which, and how often it had been written and reviewed by then."""

    point_code: str
    service_date: date
    version: int
    review_version: int

    def still(self, kept: Report) -> bool:
        """Whether that is what is kept."""
        return (self.version, self.review_version) == (kept.version, kept.review_version)


def seen(report: Report) -> Seen:
    """A report as it stands now."""
    return Seen(report.point_code, report.service_date, report.version, report.review_version)


def step(tx: Tx, sender: Sender, shown: Seen, deed: str, field: str = "", comment: str = "") -> Report:
    """Go one step of the review of a report; returns it as it was before.

    Raises Unknown, Conflict (STALE) with the kept report when it was written to or reviewed since it was seen, and
    Invalid with every broken rule.
    """
    require_point(sender.account, "reviews.write", shown.point_code)
    kept = recordings.find(tx, shown.point_code, shown.service_date)
    if kept is None or deed not in DEEDS:
        raise Unknown(shown.point_code)
    if not shown.still(kept):
        raise Conflict(STALE, kept)
    hands = hands_of(ledger.history(tx, KIND, object_id(shown.point_code, shown.service_date)))
    who = sender.account.username
    if problems := check_step(deed, kept, sender.account.role, hands, who, field, comment.strip()):
        raise Invalid(problems)
    _keep(tx, sender, kept, deed, field, comment.strip())
    ledger.touch(tx, ledger.DATA)
    return kept


def _keep(tx: Tx, sender: Sender, kept: Report, deed: str, field: str, comment: str) -> None:
    to = STEPS[deed, kept.review_state].to
    excluded = deed == EXCLUDE or (kept.excluded and deed == SEND_BACK)
    # Taking out and putting back says nothing new about what is asked of the clerk.
    asked = (
        (field, comment)
        if deed == SEND_BACK
        else ("", "")
        if deed == VERIFY
        else (kept.review_field, kept.review_reason)
    )
    done = reviews.step(tx, kept, to, sender.account.id, sender.at, field=asked[0], reason=asked[1], excluded=excluded)
    if not done:
        raise Conflict(STALE, recordings.find(tx, kept.point_code, kept.service_date))
    changes: dict[str, tuple[object, object]] = {}
    if to != kept.review_state:
        changes["review_state"] = (kept.review_state, to)
    if deed == SEND_BACK:
        changes["review_field"] = (kept.review_field or None, field or None)
    if excluded != kept.excluded:
        changes["excluded"] = (kept.excluded, excluded)
    named = object_id(kept.point_code, kept.service_date)
    ledger.note(tx, sender.hand, DEEDS[deed], KIND, named, changes, comment)


class Bulk(Struct, frozen=True):
    """What became of the rows of one page: how many are verified now, and which were left out."""

    verified: int
    changed: Sequence[Seen]
    """Written to, reviewed or cancelled since the page was shown."""
    apart: Sequence[Seen]
    """Asked about by a rule, or written by the person himself: only ever one by one."""


def verify_clean(tx: Tx, sender: Sender, rows: Sequence[Seen]) -> Bulk:
    """Verify, of the reports that somebody saw on one page, those about which there is nothing to ask.

    All in the one transaction; those that changed since, and those that want a look of their own, stay as they are
    and are named.
    """
    require(sender.account, "reviews.write")
    for shown in rows:
        require_point(sender.account, "reviews.write", shown.point_code)
    if not rows:
        return Bulk(0, (), ())
    period = Period(min(r.service_date for r in rows), max(r.service_date for r in rows))
    kept = {(r.point_code, r.service_date): r for r in reviews.unverified(tx, period)}
    flags = reviews.flags_within(tx, period)
    own = reviews.written_by(tx, sender.account.username, (object_id(r.point_code, r.service_date) for r in rows))
    verified, changed, apart = 0, [], []
    for shown in dict.fromkeys(rows):
        found = kept.get((shown.point_code, shown.service_date))
        if found is None or not shown.still(found) or found.review_state not in AWAITING:
            changed.append(shown)
            continue
        wrote = object_id(shown.point_code, shown.service_date) in own
        if not clean(found, flags.get(found.id, ()), own=wrote):
            apart.append(shown)
            continue
        _keep(tx, sender, found, VERIFY, "", "")
        verified += 1
    if verified:
        ledger.touch(tx, ledger.DATA)
    return Bulk(verified, changed, apart)
