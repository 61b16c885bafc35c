"""How numbers, days and moments are written, in the reader's language."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask import Flask
from markupsafe import Markup

from ..domain.calendar import WIB
from ..domain.figures import Percentage, publisher
from ..domain.problems import Problem, _
from ..domain.recordings import NIHIL_SHORT
from .language import ENGLISH, gettext, language

DASH = "–"

WEEKDAYS = (_("Senin"), _("Selasa"), _("Rabu"), _("Kamis"), _("Jumat"), _("Sabtu"), _("Minggu"))
MONTHS = (
    _("Januari"),
    _("Februari"),
    _("Maret"),
    _("April"),
    _("Mei"),
    _("Juni"),
    _("Juli"),
    _("Agustus"),
    _("September"),
    _("Oktober"),
    _("November"),
    _("Desember"),
)
SHORT = 3
"""Letters of a short name: in both languages the first three are what people write."""


def number(value: int | None) -> str:
    """``1204`` as 1.204; a missing value as a dash, never 0."""
    if value is None:
        return DASH
    text = f"{value:,}"
    return text if language() == ENGLISH else text.replace(",", ".")


def signed(change: int | None) -> str:
    """A change with its sign: +9, −3, 0; a dash where it is not known."""
    if not change:
        return number(change)
    return f"+{number(change)}" if change > 0 else f"−{number(-change)}"


def rate(value: float | None) -> str:
    """A mean as 17,4; a missing one as a dash."""
    if value is None:
        return DASH
    text = f"{value:,.1f}"
    return text if language() == ENGLISH else text.translate(_SWAPPED)


_SWAPPED = str.maketrans(".,", ",.")


def percent(value: float | None, digits: int = 1) -> str:
    """A share as 97,2%; a missing one as a dash."""
    if value is None:
        return DASH
    text = f"{value:.{digits}f}%"
    if value < 100 and text.startswith("100"):
        text = f"{99 + (10**digits - 1) / 10**digits:.{digits}f}%"  # not yet all of them
    return text if language() == ENGLISH else text.replace(".", ",")


def as_of(text: str) -> str:
    """A published date, or the first and last of several, as people write it: 20 September 2024; as published when it
    is no whole date."""
    try:
        return " – ".join(plain_day(date.fromisoformat(part)) for part in text.split(" – "))
    except ValueError:
        return text


def share(found: Percentage, *, short: bool = False) -> str:
    """A percentage with everything it needs to be understood; ``short`` names only the publisher of the base."""
    source = publisher(found.source) if short else found.source
    values = {
        "percent": percent(found.percent, 2 if (found.percent or 0) > 90 else 1),
        "of": gettext(found.of),
        "base": number(found.base),
        "source": ", ".join(part for part in (as_of(found.as_of), gettext(source)) if part),
    }
    text = gettext("%(percent)s dari %(of)s (%(base)s; %(source)s)")
    if not values["source"]:
        text = gettext("%(percent)s dari %(of)s (%(base)s)")
    return text % values


def _weekday(day: date) -> str:
    return gettext(WEEKDAYS[day.weekday()])


def _month(day: date) -> str:
    return gettext(MONTHS[day.month - 1])


def long_day(day: date | None) -> str:
    """Senin, 21 Oktober 2024."""
    return f"{_weekday(day)}, {plain_day(day)}" if day else DASH


def short_day(day: date | None) -> str:
    """Sen 21 Okt."""
    return f"{weekday(day)} {day.day} {_month(day)[:SHORT]}" if day else DASH


def weekday(day: date) -> str:
    """Sen."""
    return _weekday(day)[:SHORT]


def week_words(mask: str) -> str:
    """``1111100`` as Senin–Jumat; days that do not follow each other one by one."""
    served = [n for n, serves in enumerate(mask) if serves == "1"]
    names = [gettext(WEEKDAYS[n]) for n in served]
    if len(served) > 2 and served[-1] - served[0] == len(served) - 1:
        return f"{names[0]}{DASH}{names[-1]}"
    return ", ".join(names)


def month_name(first: date) -> str:
    """Oktober 2024."""
    return f"{_month(first)} {first.year}"


def nihil_words(causes: Mapping[str, int]) -> str:
    """NIHIL 6: alat 3, server 2, tak ada pemohon 1; a dash when there was none."""
    if not causes:
        return DASH
    told = ", ".join(f"{gettext(NIHIL_SHORT[c][1]) if c in NIHIL_SHORT else c} {number(n)}" for c, n in causes.items())
    return f"NIHIL {number(sum(causes.values()))}: {told}"


def plain_day(day: date | None) -> str:
    """21 Oktober 2024."""
    return f"{day.day} {_month(day)} {day.year}" if day else DASH


def office_date(at: datetime) -> date:
    """The date in Mojokerto."""
    return at.astimezone(WIB).date()


def clock(moment: datetime | None) -> str:
    """14.02 WIB, whatever the server's zone."""
    return f"{moment.astimezone(WIB):%H.%M} WIB" if moment else DASH


def moment(at: datetime | None) -> str:
    """Sen 21 Okt, 14.02 WIB."""
    return f"{short_day(at.astimezone(WIB).date())}, {clock(at)}" if at else DASH


def words(problem: Problem) -> str:
    """What a problem says, in the reader's language."""
    values = {name: _in_words(value) for name, value in problem.values.items()}
    return gettext(problem.text) % values if values else gettext(problem.text)


def _in_words(value: Any) -> Any:
    """A value of a problem as people write it: numbers grouped, days named, the domain's words in their language."""
    if isinstance(value, date):
        return plain_day(value)
    return number(value) if isinstance(value, int) else gettext(value) if isinstance(value, str) and value else value


def label(table: Mapping[str, str], code: str) -> str:
    """The word of a code from one of the domain's tables; the code itself when the table does not know it."""
    return gettext(table[code]) if table.get(code) else code


def attributes(**values: Any) -> Markup:
    """HTML attributes for those values that are neither None nor False."""
    return Markup(" ").join(
        Markup("{}").format(k.replace("_", "-")) if v is True else Markup('{}="{}"').format(k.replace("_", "-"), v)
        for k, v in values.items()
        if v is not None and v is not False
    )


def register(app: Flask) -> None:
    """Give templates these words."""
    app.jinja_env.filters.update(
        number=number,
        percent=percent,
        rate=rate,
        signed=signed,
        share=share,
        as_of=as_of,
        long_day=long_day,
        weekday=weekday,
        office_date=office_date,
        short_day=short_day,
        plain_day=plain_day,
        clock=clock,
        moment=moment,
        words=words,
        week_words=week_words,
        month_name=month_name,
        nihil_words=nihil_words,
    )
    app.jinja_env.globals.update(label=label, attributes=attributes)
