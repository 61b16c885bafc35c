"""A published report as paper: the one object of which print, PDF, xlsx, csv and the message for the chat are made."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from textwrap import shorten
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from ..domain.areas import Office
from ..domain.periodic import MONTHLY, WEEKLY, Periodic, Report
from ..domain.problems import _
from ..domain.publications import DAILY, Daily, Publication
from . import around_words
from .downloads import Cell
from .formats import label, long_day, month_name, nihil_words, number, plain_day, share, short_day, signed, weekday
from .language import gettext
from .publication_words import corrected, home_rows, most_homes, owing, point_name, recap, rows

TITLES = {
    DAILY: _("Rekap harian no. %(number)s"),
    WEEKLY: _("Laporan mingguan no. %(number)s"),
    MONTHLY: _("Laporan bulanan no. %(number)s"),
}
STATES = {
    "on_time": _("tepat waktu"),
    "in_grace": _("dalam tenggang"),
    "late": _("terlambat"),
    "missing": _("belum lapor"),
    "not_due": _("belum jatuh tempo"),
    "not_required": _("bukan hari layanan"),
    "extra": _("tambahan"),
}


RECAP_FACT = 120
"""Characters of what is told of kits, outages and blanks in a message: with all of it, it stays under 900."""


class Column(Struct, frozen=True):
    """A column: what stands at its head, whether it holds numbers, and whether it is a day of the period."""

    head: str
    note: str = ""
    counts: bool = True
    day: bool = False


class Paper(Struct, frozen=True):
    """Everything a report says, in the order of the paper. ``number`` is 0 for one that is not published yet.

    ``rows`` are the book of where people were recorded, ``homes`` the book of whose residents they are, whose lines add
    up to ``recorded`` as well; empty for a report that was published without it. ``steps`` lead from the cumulative
    number before to the one of this report, which is ``cumulative``.
    """

    kind: str
    number: int
    title: str
    period: str
    span: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    total: Sequence[Cell]
    homes: Sequence[tuple[str, int | None]]
    steps: Sequence[tuple[str, int]]
    cumulative: int
    recorded: int
    reports: int
    owed: int
    verified: int
    corrections: Sequence[Mapping[str, Any]]
    corrected: int
    causes: str
    facts: Sequence[tuple[str, str]]
    notes: Sequence[str]
    data_from: str
    as_of: datetime | None
    by: str
    check_code: str
    signer: Mapping[str, str]
    recap: str

    @property
    def wide(self) -> bool:
        """Whether it needs the paper lying: a month has a column for every day."""
        return self.kind == MONTHLY


def paper_of(kept: Publication | Report, lists: Office) -> Paper:
    """A publication of any kind as paper, made of what was published and nothing else."""
    if isinstance(kept, Publication):
        return _daily(kept, lists)
    drawn = draft_paper(kept.periodic, lists, kept.number)
    values = asdict(drawn)
    values |= {"as_of": kept.as_of, "by": kept.by, "check_code": kept.check_code, "signer": kept.signer}
    return Paper(**values | {"recap": _recap(drawn, kept)})


def _daily(kept: Publication, lists: Office) -> Paper:
    daily = kept.daily
    lines: list[list[Cell]] = []
    for name, word, line in rows(daily, lists):
        told = line.value.office is not None or line.value.visits is not None
        state = "; ".join(part for part in (label(STATES, line.state), word) if part)
        checked = gettext("terverifikasi") if line.verified else gettext("belum ditinjau")
        value, review = line.value, "–" if line.verified is None else checked
        lines.append([name, value.office, value.visits, value.total if told else None, state or "–", review])
    came, all_of, verified = daily.reports, owing(daily), daily.verified
    return Paper(
        kind=DAILY,
        number=kept.number,
        title=gettext(TITLES[DAILY], number=kept.number),
        period=long_day(daily.day),
        span=daily.day.isoformat(),
        columns=[
            Column(gettext("Titik layanan"), counts=False),
            Column(gettext("Di kantor")),
            Column(gettext("Saat kunjungan")),
            Column(gettext("Jumlah rekam")),
            Column(gettext("Laporan"), counts=False),
            Column(gettext("Tinjauan"), counts=False),
        ],
        rows=lines,
        total=[
            gettext("Kabupaten"),
            daily.at_offices,
            daily.on_visits,
            daily.recorded,
            gettext("%(came)s dari %(all)s", came=number(came), all=number(all_of)),
            gettext("%(verified)s dari %(came)s", verified=number(verified), came=number(came)),
        ],
        homes=home_rows(daily.homes, daily.unsplit, lists),
        steps=_steps_of_day(daily),
        cumulative=daily.cumulative,
        recorded=daily.recorded,
        reports=came,
        owed=all_of,
        verified=verified,
        corrections=corrected(daily.corrections, lists),
        corrected=daily.corrected,
        causes="",
        facts=[
            (
                gettext("Laporan masuk"),
                gettext("%(came)s dari %(all)s titik yang wajib atau sudah lapor", came=came, all=all_of),
            ),
            (
                gettext("Terverifikasi"),
                gettext("%(verified)s dari %(came)s laporan", verified=number(verified), came=number(came)),
            ),
        ],
        notes=[],
        data_from=plain_day(daily.data_from),
        as_of=kept.as_of,
        by=kept.by,
        check_code=kept.check_code,
        signer=kept.signer,
        recap=recap(kept, lists),
    )


def _steps_of_day(daily: Daily) -> list[tuple[str, int]]:
    return [
        (_before(daily.previous), daily.cumulative_before),
        *((gettext("%(day)s, tanpa terbitan", day=long_day(d.day)), d.total) for d in daily.between),
        (long_day(daily.day), daily.recorded),
        (gettext("Koreksi atas hari yang sudah terbit"), daily.corrected),
    ]


def _before(previous: int) -> str:
    if previous:
        return gettext("Kumulatif terbitan no. %(number)s", number=previous)
    return gettext("Direkam sebelum terbitan pertama")


def period_words(found: Periodic) -> str:
    """14–20 Oktober 2024, or Oktober 2024."""
    if found.kind == MONTHLY:
        return month_name(found.first)
    if (found.first.year, found.first.month) == (found.last.year, found.last.month):
        return f"{found.first.day}–{plain_day(found.last)}"
    return f"{plain_day(found.first)} – {plain_day(found.last)}"


def draft_paper(found: Periodic, lists: Office, own_number: int = 0) -> Paper:
    """A weekly or monthly report as it would be printed."""
    days = [source.day for source in found.days]
    borrowed = [source for source in found.days if not source.own]
    heads = [Column(f"{s.day.day}{'' if s.own else '*'}", weekday(s.day), day=True) for s in found.days]
    order = {code: place for place, code in enumerate(lists.points)}
    of = _short_of if found.kind == MONTHLY else _of
    lines: list[list[Cell]] = []
    for line in sorted(found.lines, key=lambda line: order.get(line.point_code, len(order))):
        cells: list[Cell] = [point_name(line.point_code, lists), *(line.on(day) for day in days), line.total]
        nihil = sum((line.nihil or {}).values())
        lines.append([*cells, of(line.came, line.owed), of(line.verified, line.came), nihil])
    came, all_of, verified = found.reports, found.owed, found.verified
    notes = []
    if borrowed:
        told = ", ".join(
            gettext("%(day)s (no. %(number)s)", day=_span(own), number=n)
            for n, own in groupby((s.day for s in borrowed), key={s.day: s.number for s in borrowed}.__getitem__)
        )
        notes.append(gettext("* tanpa rekap harian sendiri; angkanya dari rekap berikutnya: %(days)s.", days=told))
    return Paper(
        kind=found.kind,
        number=own_number,
        title=gettext(TITLES[found.kind], number=own_number or "–"),
        period=period_words(found),
        span=f"{found.first}_{found.last}",
        columns=[
            Column(gettext("Titik layanan"), counts=False),
            *heads,
            Column(gettext("Jumlah")),
            Column(gettext("Laporan masuk"), counts=False),
            Column(gettext("Terverifikasi"), counts=False),
            Column(gettext("Hari NIHIL")),
        ],
        rows=lines,
        total=[
            gettext("Kabupaten"),
            *(found.on(day) for day in days),
            found.recorded,
            of(came, all_of),
            of(verified, came),
            sum(found.causes.values()),
        ],
        homes=home_rows(found.homes, found.unsplit, lists) if found.homes is not None else [],
        steps=_steps(found),
        cumulative=found.cumulative,
        recorded=found.recorded,
        reports=came,
        owed=all_of,
        verified=verified,
        corrections=corrected(found.corrections, lists),
        corrected=found.corrected,
        causes=nihil_words(found.causes),
        facts=_facts(found, lists),
        notes=notes,
        data_from=plain_day(found.data_from),
        as_of=None,
        by="",
        check_code="",
        signer={},
        recap="",
    )


def _of(part: int, whole: int) -> str:
    """3 dari 5; a dash where none was owed."""
    return gettext("%(came)s dari %(all)s", came=number(part), all=number(whole)) if whole else "–"


def _short_of(part: int, whole: int) -> str:
    """3/5, where a column is narrow."""
    return f"{number(part)}/{number(whole)}" if whole else "–"


def _span(days: Iterable[date]) -> str:
    """Sab 19 Okt – Min 20 Okt; one day alone as itself."""
    listed = list(days)
    return " – ".join(dict.fromkeys(short_day(day) for day in (listed[0], listed[-1])))


def _steps(found: Periodic) -> list[tuple[str, int]]:
    steps = [(_before(found.previous), found.cumulative_before)]
    if found.between:
        first, last = found.between[0].day, found.between[-1].day
        words = gettext("%(first)s – %(last)s, tanpa laporan", first=plain_day(first), last=plain_day(last))
        steps.append((words, found.passed))
    return [
        *steps,
        (period_words(found), found.recorded),
        (gettext("Koreksi atas hari sebelumnya"), found.corrected),
    ]


def _facts(found: Periodic, lists: Office) -> list[tuple[str, str]]:
    """Coverage, causes, and what stood around the numbers, each as a name and its words."""
    around = found.around
    came = gettext("%(came)s dari %(all)s laporan", came=number(found.reports), all=number(found.owed))
    checked = gettext("%(verified)s dari %(came)s laporan", verified=number(found.verified), came=number(found.reports))
    where = gettext(
        "%(office)s di kantor, %(visits)s saat kunjungan",
        office=number(found.at_offices),
        visits=number(found.on_visits),
    )
    facts = [
        (gettext("Laporan masuk"), came),
        (gettext("Terverifikasi"), checked),
        (gettext("Tempat rekam"), where),
        (gettext("NIHIL"), nihil_words(found.causes) if found.causes else gettext("tidak ada hari NIHIL")),
        (gettext("Alat"), around_words.equipment(found, lists)),
        (gettext("Gangguan"), around_words.stops(found, lists)),
        (gettext("Blangko"), around_words.blanks(found, lists)),
        (gettext("Kunjungan"), around_words.visits(found)),
    ]
    return facts + [(gettext("Cakupan"), share(s, short=s.source.startswith("http"))) for s in around.shares]


def _recap(drawn: Paper, kept: Report) -> str:
    """The published report as a message of under 900 characters."""
    found = kept.periodic
    told = [
        f"{drawn.title}, {drawn.period}:",
        gettext(
            "rekam %(today)s · kumulatif %(total)s sejak %(start)s",
            today=number(found.recorded),
            total=number(found.cumulative),
            start=drawn.data_from,
        ),
        gettext(
            "%(came)s dari %(all)s laporan masuk · terverifikasi %(verified)s/%(came)s",
            came=number(drawn.reports),
            all=number(drawn.owed),
            verified=number(drawn.verified),
        ),
    ]
    if found.corrections:
        change, count = signed(found.corrected), len(found.corrections)
        told.append(gettext("koreksi %(change)s (%(count)s)", change=change, count=count))
    best = sorted(((row[-4], row[0]) for row in drawn.rows if isinstance(row[-4], int)), key=lambda pair: -int(pair[0]))
    if best:
        names = [f"{name} {number(int(total))}" for total, name in best[:3]]
        told.append(gettext("terbanyak: %(names)s", names=", ".join(names)))
    if found.homes is not None:
        told.append(most_homes(drawn.homes))
    if found.causes:
        told.append(nihil_words(found.causes))
    for name, fact in drawn.facts[4:7]:
        told.append(shorten(f"{name.lower()}: {fact}", RECAP_FACT, placeholder=" …"))
    return "\n".join([*told, gettext("kode periksa %(code)s", code=kept.check_code)])
