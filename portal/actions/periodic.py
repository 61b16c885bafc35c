"""Publishing the week's and the month's report, once and for ever, from what the daily summaries have published."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from msgspec import Struct

from ..domain.accounts import require
from ..domain.areas import Office
from ..domain.calendar import days, office_day
from ..domain.duty import Period, point_states
from ..domain.periodic import (
    DaySource,
    Periodic,
    PointPeriod,
    Report,
    check_report,
    own_days,
    period_of,
    sources,
)
from ..domain.problems import STALE, Conflict, Invalid, Problem
from ..domain.publications import (
    NOTHING,
    Correction,
    DayBetween,
    PointDay,
    Publication,
    Value,
    changes,
    digest,
    payload,
)
from ..domain.publications import said_of as said_daily
from ..domain.submissions import Submission
from ..storage import ledger, periodic, publications, recordings
from ..storage.database import Tx
from .period_facts import circumstances
from .publications import KIND, NEVER, explained, signer
from .sending import Sender, once


class Draft(Struct, frozen=True):
    """What would be published now; ``told`` is everything the daily summaries say up to its last day."""

    periodic: Periodic
    told: Mapping[PointDay, Value]
    mark: str


def problems_of(tx: Tx, office: Office, kind: str, day: date) -> list[Problem]:
    """Why the week or month of ``day`` cannot be reported now; nothing when it can."""
    reported = periodic.newest(tx, kind)
    last = reported[0].periodic.last if reported else None
    return check_report(kind, period_of(kind, day), publications.newest_day(tx), last, office)


def draft(tx: Tx, office: Office, kind: str, day: date, now: datetime) -> Draft:
    """The report of the week or month of ``day`` as it would be published at ``now``.

    Nothing of it but coverage, causes, homes and what stood around it is read from elsewhere than the published
    summaries.
    """
    whole = period_of(kind, day)
    found, start = periodic.newest(tx, kind), office.start()
    last = found[0] if found else None
    period = Period(max(whole.first, start), whole.last)
    told = periodic.published(tx, start, period.last)
    until = last.periodic.last if last else period.first - timedelta(days=1)
    before = {key: value for key, value in told.items() if key[1] <= until}
    corrections = explained(tx, changes(periodic.reported(tx, kind), before)) if last else []
    content = Periodic(
        kind=kind,
        first=whole.first,
        last=whole.last,
        days=(days_told := sources(period, periodic.summaries(tx, period.first))),
        lines=_lines(tx, office, period, days_told, told, now),
        between=_between(told, until, period.first),
        corrections=corrections,
        previous=last.number if last else 0,
        cumulative_before=last.periodic.cumulative if last else sum(value.total for value in before.values()),
        data_from=start,
        around=circumstances(tx, office, period, now),
        homes=_homes(tx, period, told),
    )
    return Draft(content, told, digest(payload(0, content, NEVER, "", {})))


def _between(told: Mapping[PointDay, Value], after: date, before: date) -> list[DayBetween]:
    found = []
    for day in days(after + timedelta(days=1), before - timedelta(days=1)):
        of_day = {code: value for (code, on), value in sorted(told.items()) if on == day}
        if of_day:
            found.append(DayBetween(day, of_day))
    return found


def _homes(tx: Tx, period: Period, told: Mapping[PointDay, Value]) -> dict[str, int]:
    """Home area → recorded in the period. What a point's day says of homes counts only while its number is the
    published one: then this book adds up, with who was not split, to what the other one does."""
    standing = publications.values(tx, period.first, period.last)
    found: dict[str, int] = {}
    for name, split in zip(("office", "visits"), periodic.homes(tx, period.first, period.last), strict=True):
        for key, homes in split.items():
            said = getattr(told.get(key, NOTHING), name)
            if said is not None and said == getattr(standing.get(key, NOTHING), name):
                for code, recorded in homes.items():
                    found[code] = found.get(code, 0) + recorded
    return dict(sorted(found.items()))


def _lines(
    tx: Tx,
    office: Office,
    period: Period,
    days_told: list[DaySource],
    told: Mapping[PointDay, Value],
    now: datetime,
) -> list[PointPeriod]:
    """Every point that was open or told something, in the order of the lists.

    A report that came after the last summary is not told of: it counts as not come, like its number.
    """
    standing = periodic.standing(tx, period.first, period.last)
    states = point_states(office, period, recordings.marks(tx, period), now)
    lines = []
    for code, point in office.points.items():
        values = {
            s.day.isoformat(): told[code, s.day] for s in days_told if told.get((code, s.day), NOTHING) != NOTHING
        }
        if not values and not any(point.active(s.day) for s in days_told):
            continue
        owed = came = verified = 0
        nihil: dict[str, int] = {}
        for source in days_told:
            value = told.get((code, source.day), NOTHING)
            arrived = value.office is not None
            owed += arrived or states[code].get(source.day, "") not in ("not_required", "")
            came += arrived
            cause, checked = standing.get((code, source.day), ("", False))
            verified += arrived and checked
            if arrived and cause and value.office == 0:
                nihil[cause] = nihil.get(cause, 0) + 1
        lines.append(PointPeriod(code, values, owed, came, verified, dict(sorted(nihil.items()))))
    return lines


def publish(tx: Tx, sender: Sender, office: Office, submission_id: str, kind: str, day: date, mark: str) -> Submission:
    """Publish the report of the week or month of ``day`` under the next number, as the sender saw it (``mark``).

    Raises Invalid for a period that cannot be reported, Conflict(STALE) carrying the new draft when it moved.
    """
    require(sender.account, "publications.write")

    def make() -> str:
        if problems := problems_of(tx, office, kind, day):
            raise Invalid(problems)
        fresh = draft(tx, office, kind, day, sender.at)
        if fresh.mark != mark:
            raise Conflict(STALE, fresh)
        number = publications.next_number(tx)
        text = payload(number, fresh.periodic, sender.at, sender.account.name, signer(tx))
        periodic.add(tx, number, kind, fresh.periodic.first, sender.at, text, digest(text), sender.account.id)
        said = periodic.reported(tx, kind)
        changed = {
            key: fresh.told.get(key, NOTHING)
            for key in said.keys() | fresh.told.keys()
            if said.get(key) != fresh.told.get(key, NOTHING)
        }
        periodic.remember(tx, kind, changed)
        what = {
            "number": (None, number),
            "kind": (None, kind),
            "cumulative": (None, fresh.periodic.cumulative),
            "sha256": (None, digest(text)),
        }
        ledger.touch(tx, ledger.DATA)  # the list of publications is remembered until something changes
        ledger.note(tx, sender.hand, "publications.publish", KIND, str(number), what)
        return str(number)

    return once(tx, sender, submission_id, KIND, {"kind": kind, "day": day, "mark": mark}, make)


def corrected_since(tx: Tx, kept: Publication | Report) -> list[Correction]:
    """What later daily summaries say otherwise of the days that a publication was about."""
    if isinstance(kept, Report):
        said = own_days(kept.periodic)
    else:
        said = {key: value for key, value in said_daily(kept.daily).items() if key[1] == kept.daily.day}
    if not said:
        return []
    first, last = min(day for _code, day in said), max(day for _code, day in said)
    return changes(said, periodic.published(tx, first, last))


def newest_possible(office: Office, kind: str, now: datetime) -> date:
    """A day of the newest week or month that is over: what somebody most likely wants to report. Today, while the
    first is not over yet."""
    ended = period_of(kind, office_day(now)).first - timedelta(days=1)
    return ended if ended >= office.start() else office_day(now)
