"""The district summary: one object for screen, print and download, so that all paths show the same numbers.

Two books from the same entries: by service point (work done) and by home kecamatan (whose residents). Both add
up to the same district total; what nobody split stands as *belum dirinci*, people from elsewhere as *luar
kabupaten*. Flows are summed, readings never; a day without a report is a gap, not a zero.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import Struct, field

from .calendar import (
    Completeness,
)
from .duty import Period, ReportMark
from .equipment import Component, Kit
from .figures import Figure, Percentage
from .outages import Outage
from .problems import _
from .review import Reviewed

BY_WORK = "work"
BY_HOME = "home"
BOOKS = {BY_WORK: _("Menurut tempat rekam"), BY_HOME: _("Menurut domisili")}

UNSPLIT = "unsplit"
TREND_DAYS = 30

GAPS = "gaps"
DOWN = "down"
STILL_OPEN = "still_open"
AWAITED = "awaited"
UNCONFIRMED = "unconfirmed"
COMPLETE = "complete"
NOTHING_OWED = "nothing_owed"
"""Standings of a line, the most pressing first."""


class Column(Struct, frozen=True):
    """A column of the summary table, on screen and in every download."""

    name: str
    label: str


COLUMNS: Mapping[str, Sequence[Column]] = {
    BY_WORK: (
        Column("recorded", _("Jumlah rekam")),
        Column("office", _("Di kantor")),
        Column("visits", _("Saat kunjungan")),
        Column("visits_done", _("Kunjungan selesai")),
        Column("re_recorded", _("Rekam ulang")),
        Column("failed", _("Gagal")),
        Column("printed", _("Cetak")),
        Column("handed_over", _("Diserahkan")),
    ),
    BY_HOME: (
        Column("recorded", _("Jumlah rekam")),
        Column("office", _("Di kantor")),
        Column("visits", _("Saat kunjungan")),
    ),
}


class WorkLine(Struct, frozen=True):
    """What storage adds up for a point (and the hub it belonged to on those days)."""

    point_code: str
    hub_code: str
    sums: Mapping[str, int | None]


class HomeLine(Struct, frozen=True):
    """Recordings of residents of one home area, at offices and during visits."""

    home_code: str
    hub_code: str
    office: int
    visits: int


class TrendDay(Struct, frozen=True):
    """One day of the district: None when nobody reported. ``reports`` of ``expected`` came."""

    day: date
    recorded: int | None
    visits: int
    reports: int
    expected: int
    nihil: int
    causes: Mapping[str, int] = field(default_factory=dict)
    """Cause → NIHIL reports of the day."""
    stopped: int = 0
    """Points whose recording an outage stopped at some moment of the day."""
    stopped_by: tuple[str, ...] = ()
    """The causes of those outages."""


class Facts(Struct, frozen=True):
    """Everything storage knows about a period, before any judgement."""

    work: Sequence[WorkLine]
    homes: Sequence[HomeLine]
    marks: Sequence[ReportMark]
    trend: Mapping[date, tuple[int | None, int, int]]
    """Day → (recorded at offices, reports, nihil); recorded is None when every report of the day is out of the sums."""
    trend_visits: Mapping[date, int]
    kits: Sequence[Kit]
    figures: Sequence[Figure]
    reached: tuple[int, int] = (0, 0)
    """Visits done in the period: (people who could be recorded, of them recorded now or before)."""
    owed_visits: int = 0
    """Visits of the period whose day has passed without a result."""
    filled: Mapping[str, int] = field(default_factory=dict)
    """Flow → in how many reports its box was filled; ``counted`` is the number of reports with service."""
    trend_causes: Mapping[date, Mapping[str, int]] = field(default_factory=dict)
    """Day → cause → NIHIL reports."""
    outages: Sequence[Outage] = ()
    """What stopped points on the days of the trend."""


class Row(Struct, frozen=True):
    """One line: a point, a home area, a hub's subtotal or the district."""

    code: str
    name: str
    hub_code: str
    kecamatan_code: str | None
    values: Mapping[str, int | None]
    completeness: Completeness | None = None
    standing: str = ""
    standing_days: int = 0
    can_record: str = ""
    can_print: str = ""
    weakest: Component | None = None
    reviewed: Reviewed = field(default_factory=Reviewed)
    stopped_by: Sequence[str] = ()
    """Causes of the outages that stop recording now, the longest-lasting first, where no part of a kit is why."""


class Group(Struct, frozen=True):
    """A hub with its rows and their subtotal."""

    code: str
    name: str
    rows: Sequence[Row]
    total: Row


class Summary(Struct, frozen=True):
    """The roll-up of a period in one book."""

    period: Period
    book: str
    groups: Sequence[Group]
    total: Row
    reporting: tuple[int, int]
    """(kecamatan without a gap, kecamatan that owed a report)."""
    missing: Sequence[tuple[str, date]]
    """Due reports that never came: (point, day), oldest first."""
    awaited: Sequence[tuple[str, date]]
    """Reports that may still come in time or in grace: (point, day), oldest first."""
    owed_visits: int
    trend: Sequence[TrendDay]
    kits_recording: tuple[int, int]
    points_down: Sequence[Row]
    coverage: Percentage | None
    recorded_total: Figure | None
    dpt: Percentage | None
    reached: Percentage
    data_from: date
    filled: Mapping[str, tuple[int, int]]
    """Column → (reports that filled its box, reports with service), where the two differ."""
    nihil_days: Sequence[ReportMark] = ()
    """Every NIHIL day of the period with its cause and note, oldest first."""
    causes: Mapping[str, int] = field(default_factory=dict)
    """Cause → NIHIL days of the period, the most frequent first."""
    reviewed: Reviewed = field(default_factory=Reviewed)
    """Of the reports of the period, how many are verified and how many are out of the sums."""

    @property
    def complete(self) -> bool | None:
        """Whether nothing can be added to this period any more; None when nothing was owed in it."""
        if not self.reporting[1] and not self.missing and not self.awaited and not self.owed_visits:
            return None
        return not (self.missing or self.awaited or self.owed_visits)

    @property
    def columns(self) -> Sequence[Column]:
        """The columns of this book."""
        return COLUMNS[self.book]

    @property
    def rows(self) -> list[Row]:
        """All lines in the order they are printed, subtotals after their rows, without the district's."""
        return [row for group in self.groups for row in (*group.rows, group.total)]
