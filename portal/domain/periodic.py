"""The weekly and the monthly report: what the published daily summaries of a period say, taken together and frozen.

A period is reported when the daily summaries reach its last day, so that every number in it stands in a daily summary
too: as one of them published it, with the corrections that later ones made. Days without a summary of their own (no
service, or nobody published) are told by the next one and marked so. What changes afterwards is a *koreksi* of the
next report of the same kind: cumulative before + periods between + this period + koreksi = cumulative.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from msgspec import Struct

from .areas import Office
from .duty import Period
from .figures import Percentage
from .problems import Problem, _
from .publications import (
    DAILY,
    NOTHING,
    Correction,
    DayBetween,
    PointDay,
    Value,
    check_code,
    known_sum,
    read_between,
    read_corrections,
)

WEEKLY = "weekly"
MONTHLY = "monthly"
KINDS = {DAILY: _("Harian"), WEEKLY: _("Mingguan"), MONTHLY: _("Bulanan")}

UNPUBLISHED = _("Terbitkan dulu rekap harian sampai %(day)s: laporan ini hanya memuat angka yang sudah terbit.")


class DaySource(Struct, frozen=True):
    """A day of the period and the daily summary that told of it first; ``own`` when it is that summary's own day."""

    day: date
    number: int
    own: bool


class PointPeriod(Struct, frozen=True):
    """One point over the period. ``values`` are by ISO day and only of days of which something is known.

    ``owed`` reports came or should have come; ``came`` and ``verified`` are among them; ``nihil`` counts causes.
    """

    point_code: str
    values: Mapping[str, Value]
    owed: int = 0
    came: int = 0
    verified: int = 0
    nihil: Mapping[str, int] | None = None

    @property
    def at_offices(self) -> int | None:
        """Recorded at the office; None when it told nothing."""
        return known_sum(value.office for value in self.values.values())

    @property
    def on_visits(self) -> int | None:
        """Recorded on visits; None when no visit told anything."""
        return known_sum(value.visits for value in self.values.values())

    @property
    def total(self) -> int | None:
        """All that was recorded; None when nothing is known."""
        return known_sum((self.at_offices, self.on_visits))

    def on(self, day: date) -> int | None:
        """Recorded on a day; None when nothing is known of it."""
        value = self.values.get(day.isoformat())
        return None if value is None else value.total


class Ability(Struct, frozen=True):
    """What a point could do when the report was published, and the part that stops it ("" for none)."""

    point_code: str
    record: str
    printing: str
    part: str = ""


class Stop(Struct, frozen=True):
    """An outage that lasted when the report was published; ``point_code`` "" is the whole district."""

    point_code: str
    cause: str
    stops: str
    since: str


class Blanks(Struct, frozen=True):
    """Blank cards at a point: how many, and for how many printing days; None where it is not known."""

    point_code: str
    left: int | None
    days: int | None


class Circumstances(Struct, frozen=True):
    """What stood around the numbers when the report was published: equipment, outages, blanks, sweeps, shares.

    ``visits`` counts the visits of the period and their results; ``blanks_days`` is of the points that are known.
    """

    abilities: Sequence[Ability] = ()
    stops: Sequence[Stop] = ()
    blanks: Sequence[Blanks] = ()
    blanks_days: int | None = None
    visits: Mapping[str, int] | None = None
    shares: Sequence[Percentage] = ()

    @property
    def blanks_left(self) -> int | None:
        """Blanks at the points that told of them; None when none did."""
        return known_sum(b.left for b in self.blanks)

    @property
    def blanks_known(self) -> int:
        """Points that told of their blanks."""
        return sum(b.left is not None for b in self.blanks)


class Periodic(Struct, frozen=True):
    """A weekly or monthly report as it is published. ``previous`` is the number of the one before, 0 for the first."""

    kind: str
    first: date
    last: date
    days: Sequence[DaySource]
    lines: Sequence[PointPeriod]
    between: Sequence[DayBetween]
    corrections: Sequence[Correction]
    previous: int
    cumulative_before: int
    data_from: date
    around: Circumstances
    homes: Mapping[str, int] | None = None
    """Home area → recorded in the period, of what stood as it had been published when the report was; what nobody
    split is in none of them. None for a report that was published without this book."""

    @property
    def unsplit(self) -> int:
        """Recorded in the period without a home area: *belum dirinci*. With ``homes`` it adds up to ``recorded``."""
        return self.recorded - sum((self.homes or {}).values())

    @property
    def recorded(self) -> int:
        """Recorded in the period, of what was told."""
        return sum(line.total or 0 for line in self.lines)

    @property
    def at_offices(self) -> int | None:
        """Recorded at offices; None when no office told anything."""
        return known_sum(line.at_offices for line in self.lines)

    @property
    def on_visits(self) -> int | None:
        """Recorded on visits; None when no visit told anything."""
        return known_sum(line.on_visits for line in self.lines)

    @property
    def corrected(self) -> int:
        """What corrections of earlier periods add to the cumulative number."""
        return sum(correction.change for correction in self.corrections)

    @property
    def passed(self) -> int:
        """Recorded between the period reported before and this one."""
        return sum(day.total for day in self.between)

    @property
    def cumulative(self) -> int:
        """Recorded since ``data_from`` up to the last day of the period, as the daily summaries say."""
        return self.cumulative_before + self.passed + self.recorded + self.corrected

    @property
    def reports(self) -> int:
        """Reports that came."""
        return sum(line.came for line in self.lines)

    @property
    def owed(self) -> int:
        """Reports that came or should have come."""
        return sum(line.owed for line in self.lines)

    @property
    def verified(self) -> int:
        """Reports that somebody else had verified."""
        return sum(line.verified for line in self.lines)

    @property
    def causes(self) -> dict[str, int]:
        """Cause → days with NIHIL, the most frequent first."""
        found: dict[str, int] = {}
        for line in self.lines:
            for cause, days in (line.nihil or {}).items():
                found[cause] = found.get(cause, 0) + days
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    def on(self, day: date) -> int | None:
        """Recorded on a day in the whole district; None when nothing is known of it."""
        return known_sum(line.on(day) for line in self.lines)


class Report(Struct, frozen=True):
    """A published weekly or monthly report as it is kept: what it says never changes, and ``sha256`` shows it."""

    number: int
    periodic: Periodic
    as_of: datetime
    by: str
    signer: Mapping[str, str]
    sha256: str

    @property
    def check_code(self) -> str:
        """The short code on the paper, by which it is compared with what is kept."""
        return check_code(self.sha256)


def period_of(kind: str, day: date) -> Period:
    """The week (Monday to Sunday) or calendar month in which a day lies."""
    if kind == WEEKLY:
        monday = day - timedelta(days=day.weekday())
        return Period(monday, monday + timedelta(days=6))
    first = day.replace(day=1)
    return Period(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def check_report(
    kind: str, period: Period, published: date | None, reported: date | None, office: Office
) -> list[Problem]:
    """A period that can be reported: wholly told by daily summaries (up to ``published``), and after the one reported
    last (up to ``reported``)."""
    if period.last < office.start():
        return [Problem("day", _("Tanggal ini sebelum pencatatan dimulai."))]
    if reported is not None and period.first <= reported:
        text = _("Laporan sampai %(day)s sudah terbit. Perubahan sesudahnya masuk sebagai koreksi di laporan berikut.")
        return [Problem("day", text, {"day": f"{reported:%d-%m-%Y}"})]
    if published is None or published < period.last:
        return [Problem("day", UNPUBLISHED, {"day": f"{period.last:%d-%m-%Y}"})]
    return []


def sources(period: Period, summaries: Sequence[tuple[int, date]]) -> list[DaySource]:
    """Each day of a period with the first of some daily summaries (number, day; oldest first) that reaches it."""
    found = []
    for n in range(len(period)):
        day = period.first + timedelta(days=n)
        number, on = next(summary for summary in summaries if summary[1] >= day)
        found.append(DaySource(day, number, on == day))
    return found


def said_of(periodic: Periodic) -> dict[PointDay, Value]:
    """What a report says of points and days: its own period, the days between, and its corrections."""
    said = {
        (line.point_code, date.fromisoformat(day)): value
        for line in periodic.lines
        for day, value in line.values.items()
    }
    said |= {(code, d.day): value for d in periodic.between for code, value in d.values.items()}
    said |= {(c.point_code, c.day): c.after for c in periodic.corrections}
    return said


def own_days(periodic: Periodic) -> dict[PointDay, Value]:
    """What a report says of the points and days of its own period, silent ones too."""
    days = [source.day for source in periodic.days]
    return {
        (line.point_code, day): line.values.get(day.isoformat(), NOTHING) for line in periodic.lines for day in days
    }


def read_report(text: str, sha256: str) -> Report:
    """A report from its payload, as it was when it was published."""
    body = json.loads(text)
    around = body["around"]
    periodic = Periodic(
        kind=body["kind"],
        first=date.fromisoformat(body["first"]),
        last=date.fromisoformat(body["last"]),
        days=[DaySource(date.fromisoformat(d["day"]), d["number"], d["own"]) for d in body["days"]],
        lines=[
            PointPeriod(**line | {"values": {day: Value(**v) for day, v in line["values"].items()}})
            for line in body["lines"]
        ],
        between=read_between(body),
        corrections=read_corrections(body),
        previous=body["previous"],
        cumulative_before=body["cumulative_before"],
        data_from=date.fromisoformat(body["data_from"]),
        around=Circumstances(
            [Ability(**a) for a in around["abilities"]],
            [Stop(**s) for s in around["stops"]],
            [Blanks(**b) for b in around["blanks"]],
            around["blanks_days"],
            around["visits"],
            [Percentage(**share) for share in around["shares"]],
        ),
        homes=body.get("homes"),
    )
    as_of = datetime.fromisoformat(body["as_of"])
    return Report(body["number"], periodic, as_of, body["by"], body["signer"], sha256)
