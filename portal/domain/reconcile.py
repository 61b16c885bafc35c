"""What SIAK grew by between two readings, beside what was logged on the days between: difference and likely cause.

SIAK counts people where they live, so the book by home stands against it; the book by place of work shows what a
missing home would explain. Neither side is the truth: SIAK also moves with people who die, move or are recorded
elsewhere, and a recording reaches the centre one to twenty days after it was made.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from msgspec import Struct

from .areas import OUTSIDE, Office
from .calendar import MISSING, NOT_DUE
from .desa_sums import DesaSum
from .duty import Period, ReportMark
from .outliers import LEAST_DISTANCE, usual
from .problems import Problem, _
from .recordings import COUNTED

DOUBTFUL = 200
"""People by which a kecamatan's reading may move without a report before the reading is doubted: usulan portal."""
LOOK_BACK = 45
"""Days before a period from which a point's usual day is known."""

EQUAL, SIAK_MORE, PORTAL_MORE, NOT_KNOWN = "equal", "siak_more", "portal_more", "not_known"
DIRECTIONS = {
    EQUAL: _("sama"),
    SIAK_MORE: _("SIAK lebih banyak"),
    PORTAL_MORE: _("portal lebih banyak"),
    NOT_KNOWN: _("tidak diketahui"),
}


class Logged(Struct, frozen=True):
    """What the portal was told of some days, at offices and on visits together."""

    work: Mapping[str, int]
    """Point → recorded there."""
    split: Mapping[str, int]
    """Point → of these, with a home named."""
    home: Mapping[str, int]
    """Home area → its residents who were named: at least so many."""

    @property
    def total(self) -> int:
        """Everybody who was recorded."""
        return sum(self.work.values())

    @property
    def unsplit(self) -> int:
        """Those whose home nobody wrote."""
        return max(0, self.total - sum(self.home.values()))


class Outlier(Struct, frozen=True):
    """A day on which a point wrote far more than it usually does, or far less."""

    day: date
    recorded: int
    low: int
    high: int

    @property
    def excess(self) -> int:
        """How far beyond what is usual; below 0 for a day with too few."""
        return self.recorded - (self.high if self.recorded > self.high else self.low)


class Around(Struct, frozen=True):
    """What is known of one kecamatan's own office on the days between two readings."""

    home: int | None
    """Residents named, wherever they were recorded: at least; None when nobody told anything of these days."""
    work: int | None
    """Recorded at its office and by its team; None when nothing was told."""
    unsplit: int = 0
    """Of these, without a home."""
    missing: int = 0
    """Days that owed a report and have none."""
    outlier: Outlier | None = None


class Line(Struct, frozen=True):
    """One kecamatan: SIAK's two readings, both books, what differs and why it may."""

    code: str
    before: int | None
    after: int | None
    around: Around
    unsplit: int
    """Recordings of the whole district without a home: as many of them may belong here."""
    partial: Sequence[DesaSum] = ()
    """Readings of the two days that are not known, because some of its desa are missing."""

    @property
    def growth(self) -> int | None:
        """What SIAK grew by; None while a reading is not known."""
        return self.after - self.before if self.before is not None and self.after is not None else None

    @property
    def difference(self) -> int | None:
        """SIAK − residents named; None while either is not known."""
        if self.growth is None or self.around.home is None:
            return None
        return self.growth - self.around.home

    @property
    def direction(self) -> str:
        """Who says more."""
        if self.difference is None:
            return NOT_KNOWN
        return EQUAL if not self.difference else SIAK_MORE if self.difference > 0 else PORTAL_MORE

    @property
    def causes(self) -> list[Problem]:
        """What may explain the difference, the likeliest first; what is not known is said."""
        if self.growth is None:
            return [*self._unread(), *self._gaps()]
        if self.difference is None:
            return self._gaps() or [Problem("", _("Tidak ada laporan pada hari-hari ini."))]
        if self.difference == 0:
            return self._gaps()
        found = self._doubtful()
        return found or (self._more_in_siak() if self.difference > 0 else self._more_in_portal())

    def _unread(self) -> list[Problem]:
        """Which reading is not known: there is none, or not of every desa, which is never shown as if it were all."""
        text = _("Bacaan SIAK %(day)s baru ada untuk %(known)s dari %(all)s desa.")
        found = [Problem("", text, {"day": s.as_of, "known": s.known, "all": s.of}) for s in self.partial]
        if (self.before is None) + (self.after is None) > len(self.partial):
            found.insert(0, Problem("", _("Bacaan SIAK tidak ada pada salah satu atau kedua tanggal.")))
        return found

    def _doubtful(self) -> list[Problem]:
        """That a reading itself is likely wrong: SIAK shrank by more than people die or move, or grew beyond reason."""
        assert self.growth is not None
        reported = max(self.around.home or 0, self.around.work or 0)
        if self.growth < -DOUBTFUL:
            return [Problem("", _("SIAK sendiri turun sebanyak ini: periksa kedua bacaan, tanggal dan kolomnya."))]
        if self.growth > DOUBTFUL + 10 * reported:
            return [Problem("", _("Terlalu besar untuk hari-hari ini: periksa kedua bacaan, tanggal dan kolomnya."))]
        return []

    def _gaps(self) -> list[Problem]:
        if not self.around.missing:
            return []
        return [Problem("", _("%(n)s hari belum dilaporkan."), {"n": self.around.missing})]

    def _more_in_siak(self) -> list[Problem]:
        assert self.difference is not None
        around, found = self.around, self._gaps()
        if around.work == self.growth and around.unsplit:
            text = _("Sama dengan buku tempat rekam: %(n)s perekaman di kantor ini belum dirinci domisilinya.")
            found.append(Problem("", text, {"n": around.unsplit}))
        elif around.unsplit:
            text = _("%(n)s perekaman di kantor ini belum dirinci domisilinya.")
            found.append(Problem("", text, {"n": around.unsplit}))
        elif self.unsplit:
            text = _("Mungkin direkam di tempat lain: %(n)s perekaman sekabupaten belum dirinci domisilinya.")
            found.append(Problem("", text, {"n": self.unsplit}))
        found += self._typed(-1)
        if self.difference > around.unsplit + (0 if around.unsplit else self.unsplit):
            found.append(Problem("", _("Direkam di luar kabupaten, atau pindah masuk.")))
        return found

    def _typed(self, sign: int) -> list[Problem]:
        """The day that looks mistyped, where it lies on the side of the difference and explains half of it or more."""
        odd = self.around.outlier
        if odd is None or self.difference is None:
            return []
        if odd.excess * sign < max(LEAST_DISTANCE, abs(self.difference) / 2):
            return []
        text = _("Mungkin salah ketik pada %(day)s: %(n)s, biasanya %(low)s–%(high)s.")
        return [Problem("", text, {"day": odd.day, "n": odd.recorded, "low": odd.low, "high": odd.high})]

    def _more_in_portal(self) -> list[Problem]:
        found = self._typed(+1)
        if not found:
            text = _(
                "Rekaman terakhir belum sampai di SIAK (SFE 1–20 hari), atau ada yang meninggal atau pindah keluar."
            )
            found.append(Problem("", text))
        return [*found, *self._gaps()]


class Reconciled(Struct, frozen=True):
    """All kecamatan, and what stands in none of their lines."""

    period: Period
    lines: Sequence[Line]
    logged: Logged
    district_work: int | None
    """Recorded at the district's own points, which belong to no kecamatan; None when nothing was told."""
    missing: int
    """Days without a report at the district's own points."""

    @property
    def known(self) -> list[Line]:
        """Lines whose growth is known."""
        return [line for line in self.lines if line.growth is not None]

    @property
    def growth(self) -> int | None:
        """What SIAK grew by in the kecamatan whose growth is known; None when that is none of them."""
        return sum(line.growth or 0 for line in self.known) if self.known else None

    @property
    def outside(self) -> int:
        """People from elsewhere who were recorded here: they are in no kecamatan's SIAK figure."""
        return self.logged.home.get(OUTSIDE, 0)

    @property
    def residents(self) -> tuple[int, int]:
        """Recorded residents of the kabupaten: at least those named, at most those and all without a home."""
        named = sum(n for code, n in self.logged.home.items() if code != OUTSIDE)
        return named, named + self.logged.unsplit


def outlier(marks: Iterable[ReportMark], period: Period) -> Outlier | None:
    """The day of a period that lies farthest from what a point usually writes; None for no such day.

    Same method as the questions of the daily form (``outliers.usual``), over the days before and within the period.
    """
    days = {mark.day: mark.recorded for mark in marks if mark.kind == COUNTED and not mark.excluded}
    within = usual(list(days.values()))
    if within is None:
        return None
    odd = [
        Outlier(day, recorded, within.low, within.high)
        for day, recorded in days.items()
        if period.first <= day <= period.last and recorded not in within
    ]
    return max(odd, key=lambda o: (abs(o.excess), o.day), default=None)


def reconcile(
    office: Office,
    period: Period,
    before: Mapping[str, int],
    after: Mapping[str, int],
    logged: Logged,
    states: Mapping[str, Mapping[date, str]],
    marks: Collection[ReportMark],
    partial: Collection[DesaSum] = (),
) -> Reconciled:
    """SIAK's growth of every kecamatan between two readings beside what was logged on the days after the first up to
    the second. ``states`` are those of every point's days, ``marks`` reports from ``LOOK_BACK`` days before on,
    ``partial`` the readings of these two days that lack some desa."""
    by_point: dict[str, list[ReportMark]] = {}
    for mark in marks:
        by_point.setdefault(mark.point_code, []).append(mark)
    gaps = {
        code: sum(state in (MISSING, NOT_DUE) for day, state in by_day.items() if period.first <= day <= period.last)
        for code, by_day in states.items()
    }
    lines, own = [], set()
    for kecamatan in office.kecamatan:
        point = office.point_of(kecamatan)
        code = point.code if point else ""
        own.add(code)
        work = logged.work.get(code)
        around = Around(
            logged.home.get(kecamatan, 0) if logged.work else None,
            work,
            max(0, (work or 0) - logged.split.get(code, 0)),
            gaps.get(code, 0),
            outlier(by_point.get(code, ()), period),
        )
        lacking = [s for s in partial if s.code == kecamatan]
        lines.append(Line(kecamatan, before.get(kecamatan), after.get(kecamatan), around, logged.unsplit, lacking))
    others = {code: n for code, n in logged.work.items() if code not in own}
    rest = sum(n for code, n in gaps.items() if code not in own)
    return Reconciled(period, lines, logged, sum(others.values()) if others else None, rest)


class Estimate(Struct, frozen=True):
    """SIAK until its next reading: the last one, and who was logged since. Never a reading itself."""

    code: str
    reading: int
    as_of: date
    since: int | None
    """Residents named since; None when nobody told anything of these days."""
    unsplit: int
    """Recordings of the district since without a home: as many more at most."""

    @property
    def least(self) -> int:
        """The reading and those who were named."""
        return self.reading + (self.since or 0)

    @property
    def most(self) -> int:
        """The same, if everybody without a home lived here."""
        return self.least + self.unsplit


class Left(Struct, frozen=True):
    """Who is still to be recorded in a kecamatan, beside its voter roll: other people, never divided."""

    code: str
    must_hold: int | None
    recorded: int | None
    as_of: date | None
    """The day of both readings."""
    dpt: int | None
    dpt_as_of: date | None

    @property
    def unrecorded(self) -> int | None:
        """Wajib KTP − recorded of one day; None while either is not known. Below 0 the readings contradict."""
        return self.must_hold - self.recorded if self.must_hold is not None and self.recorded is not None else None

    @property
    def off_roll(self) -> int | None:
        """At most so many are neither recorded nor on the roll, if everybody on the roll must hold a KTP."""
        if self.unrecorded is None or self.must_hold is None or self.dpt is None:
            return None
        return max(0, min(self.unrecorded, self.must_hold - self.dpt))


def by_need(found: Iterable[Left]) -> list[Left]:
    """Those with most people off the roll first, then with most unrecorded; what is not known last."""
    return sorted(
        found,
        key=lambda x: (
            x.unrecorded is None,
            -(x.off_roll if x.off_roll is not None else -1),
            -(x.unrecorded or 0),
            x.code,
        ),
    )
