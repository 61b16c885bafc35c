"""Publishing the day's summary, once and for ever; what changes later is a correction in the next."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from msgspec import Struct
from msgspec.structs import asdict

from ..domain.accounts import require
from ..domain.areas import Office
from ..domain.calendar import days, office_day
from ..domain.duty import Period, point_states
from ..domain.problems import STALE, Conflict, Invalid
from ..domain.publications import (
    NOTHING,
    Correction,
    Daily,
    DayBetween,
    Line,
    PointDay,
    Value,
    changes,
    check_day,
    digest,
    payload,
    said_of,
    with_reasons,
)
from ..domain.submissions import Submission
from ..storage import daysheets, ledger, publications, recordings
from ..storage.database import Tx
from . import settings
from .recordings import KIND as REPORT
from .recordings import object_id
from .sending import Sender, once

KIND = "publication"

OVERLAP = timedelta(hours=1)
"""A report carries the moment at which it was sent and may be kept a little later than a publication of that moment."""


class Draft(Struct, frozen=True):
    """What would be published now; ``mark`` is what a page that shows it is recognised by."""

    daily: Daily
    opening: Mapping[PointDay, Value]
    mark: str


def draft(tx: Tx, office: Office, day: date, now: datetime) -> Draft:
    """The summary of a day as it would be published at ``now``. Looks at every day that was published."""
    found = publications.newest(tx)
    last = found[0] if found else None
    start = office.start()
    corrections: list[Correction] = []
    between: list[DayBetween] = []
    opening = publications.values(tx, start, day - timedelta(days=1)) if last is None else {}
    if last is not None:
        corrections = changes(publications.published(tx), publications.values(tx, start, last.daily.day))
        corrections = explained(tx, corrections)
        known = publications.values(tx, last.daily.day + timedelta(days=1), day - timedelta(days=1))
        for passed in days(last.daily.day + timedelta(days=1), day - timedelta(days=1)):
            of_day = {code: value for (code, on), value in sorted(known.items()) if on == passed}
            if of_day:
                between.append(DayBetween(passed, of_day))
    daily = Daily(
        day=day,
        lines=_lines(tx, office, day, now),
        homes=_homes(tx, day),
        between=between,
        corrections=corrections,
        previous=last.number if last else 0,
        cumulative_before=last.daily.cumulative if last else sum(value.total for value in opening.values()),
        data_from=start,
    )
    return Draft(daily, opening, digest(payload(0, daily, NEVER, "", {})))


NEVER = datetime.fromisoformat("2000-01-01T00:00:00+00:00")


def _lines(tx: Tx, office: Office, day: date, now: datetime) -> list[Line]:
    period = Period(day, day)
    known, reports = publications.values(tx, day, day), publications.verified(tx, day)
    states = point_states(office, period, recordings.marks(tx, period), now)
    lines = []
    for code, point in office.points.items():
        if point.active(day) or (code, day) in known:
            nihil, verified = reports.get(code, ("", None))
            state = states[code].get(day, "")
            lines.append(Line(code, known.get((code, day), NOTHING), state, nihil, verified))
    return lines


def _homes(tx: Tx, day: date) -> dict[str, int]:
    return {code: sum(both) for code, both in sorted(daysheets.homes(tx, Period(day, day)).get(day, {}).items())}


def explained(tx: Tx, corrections: list[Correction]) -> list[Correction]:
    """The same corrections, each with why it was made in the words of whoever touched the report last."""
    reasons = {}
    for correction in corrections:
        told = ledger.history(tx, REPORT, object_id(correction.point_code, correction.day))
        reasons[correction.point_code, correction.day] = next((entry.reason for entry in told if entry.reason), "")
    return with_reasons(corrections, reasons)


def pending(tx: Tx) -> list[Correction]:
    """What says something else now than the newest publications, found among what was touched since."""
    found = publications.newest(tx)
    if not found:
        return []
    last = found[0]
    corrections = changes(*publications.changed_since(tx, last.as_of - OVERLAP, last.daily.day))
    return explained(tx, corrections)


def publish(tx: Tx, sender: Sender, office: Office, submission_id: str, day: date, mark: str) -> Submission:
    """Publish the summary of a day under the next number, exactly as the sender saw it (``mark``).

    Raises Invalid for a day that cannot be published, Conflict(STALE) carrying the new draft when the numbers moved
    after they were shown.
    """
    require(sender.account, "publications.write")

    def make() -> str:
        if problems := check_day(day, office_day(sender.at), publications.newest_day(tx), office):
            raise Invalid(problems)
        fresh = draft(tx, office, day, sender.at)
        if fresh.mark != mark:
            raise Conflict(STALE, fresh)
        daily = fresh.daily
        number = publications.next_number(tx)
        text = payload(number, daily, sender.at, sender.account.name, signer(tx))
        publications.add(tx, number, day, sender.at, text, digest(text), sender.account.id)
        publications.remember(tx, {**fresh.opening, **said_of(daily)})
        what = {"number": (None, number), "cumulative": (None, daily.cumulative), "sha256": (None, digest(text))}
        ledger.touch(tx, ledger.DATA)  # the list of publications is remembered until something changes
        ledger.note(tx, sender.hand, "publications.publish", KIND, str(number), what)
        return str(number)

    return once(tx, sender, submission_id, KIND, {"day": day, "mark": mark}, make)


def signer(tx: Tx) -> dict[str, str]:
    """Who signs, and where, as it is set now; what was never set is left out."""
    return {name: value for name, value in asdict(settings.identity(tx)).items() if value}


def note_download(tx: Tx, sender: Sender, number: int, kind: str) -> None:
    """Write down who took which publication away (UU 27/2022: the office can say who saw what)."""
    require(sender.account, "publications.see")
    ledger.note(tx, sender.hand, "publications.download", KIND, str(number), reason=kind)
