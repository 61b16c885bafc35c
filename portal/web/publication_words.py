"""Published numbers in words: points by name, corrections with their sign, and the message for the chat."""

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

from ..domain.areas import OUTSIDE, Office
from ..domain.publications import Correction, Daily, Line, Publication, Value
from ..domain.recordings import NIHIL_REASONS
from .formats import label, number, plain_day, signed
from .language import gettext

RECAP_NAMES = 250
"""Characters of a list of names in a recap: with two such lists it stays under 900, which a chat shows unfolded."""


def point_name(code: str, lists: Office) -> str:
    """The short name of a point; its code when the lists do not know it any more."""
    return lists.points[code].short if code in lists.points else code


def rows(daily: Daily, lists: Office) -> list[tuple[str, str, Line]]:
    """The points of a published day in the order of the office's list, each with name and the word for its report."""
    order = {code: place for place, code in enumerate(lists.points)}
    return [
        (point_name(line.point_code, lists), _word(line), line)
        for line in sorted(daily.lines, key=lambda line: order.get(line.point_code, len(order)))
    ]


def _word(line: Line) -> str:
    if line.nihil_reason:
        return f"NIHIL: {label(NIHIL_REASONS, line.nihil_reason)}"
    return ""


def home_rows(homes: Mapping[str, int], unsplit: int, lists: Office) -> list[tuple[str, int | None]]:
    """The book of whose residents were recorded: home areas in the order of the office's list, people from outside,
    and those whose home nobody wrote. It adds up to what the book of where they were recorded adds up to.

    Nobody named from outside is 0 only where every recording was split: among the others there may be some.
    """
    order = {code: place for place, code in enumerate(lists.kecamatan)}
    named = sorted((code for code in homes if code != OUTSIDE), key=lambda code: (order.get(code, len(order)), code))
    return [
        *((lists.home_name(code), homes[code]) for code in named),
        (gettext("Luar kabupaten"), homes.get(OUTSIDE, None if unsplit else 0)),
        (gettext("Belum dirinci"), unsplit),
    ]


def most_homes(found: Sequence[tuple[str, int | None]]) -> str:
    """The same book in a line of a message: the three homes with most people, and who has none here."""
    *named, outside, unsplit = found
    most = sorted(named, key=lambda pair: -(pair[1] or 0))[:3]
    said = ", ".join(f"{name} {number(n)}" for name, n in (*most, outside, unsplit))
    return gettext("domisili: %(homes)s", homes=said)


def value_text(value: Value) -> str:
    """A point's day in words: what nobody told is a dash."""
    if value.visits is None:
        return number(value.office)
    return gettext("%(office)s + %(visits)s kunjungan", office=number(value.office), visits=number(value.visits))


def corrected(found: Sequence[Correction], lists: Office) -> list[dict[str, Any]]:
    """Corrections as their table shows them."""
    return [
        {
            "point": point_name(c.point_code, lists),
            "code": c.point_code,
            "day": c.day,
            "before": value_text(c.before),
            "after": value_text(c.after),
            "change": signed(c.change),
            "reason": c.reason,
        }
        for c in found
    ]


def recap(kept: Publication, lists: Office) -> str:
    """The published summary as a message of under 900 characters, made of what was published alone."""
    daily = kept.daily
    silent = [
        name
        for name, _word, line in rows(daily, lists)
        if line.value.office is None and line.state not in ("not_required", "extra", "")
    ]
    nihil = [f"{name} ({word[7:].lower()})" for name, word, line in rows(daily, lists) if line.nihil_reason]
    told = [
        gettext("Rekap %(day)s (no. %(number)s):", day=plain_day(daily.day), number=kept.number),
        gettext(
            "rekam %(today)s · kumulatif %(total)s sejak %(start)s",
            today=number(daily.recorded),
            total=number(daily.cumulative),
            start=plain_day(daily.data_from),
        ),
        gettext(
            "%(came)s dari %(all)s titik lapor · terverifikasi %(verified)s/%(came)s",
            came=daily.reports,
            all=owing(daily),
            verified=daily.verified,
        ),
    ]
    if daily.corrections:
        told.append(
            gettext("koreksi %(change)s (%(count)s)", change=signed(daily.corrected), count=len(daily.corrections))
        )
    if silent:
        told.append(gettext("belum lapor: %(names)s", names=_few(silent)))
    if nihil:
        told.append(gettext("NIHIL: %(names)s", names=_few(nihil)))
    return "\n".join([*told, gettext("kode periksa %(code)s", code=kept.check_code)])


def _few(names: Sequence[str]) -> str:
    """Names as far as a message has room for them, and how many more there are."""
    shown = list(accumulate(names, lambda text, name: f"{text}, {name}"))
    fitting = [text for text in shown if len(text) <= RECAP_NAMES]
    left = len(names) - len(fitting)
    return (fitting[-1] if fitting else "") + (gettext(" dan %(number)s lainnya", number=left) if left else "")


def owing(daily: Daily) -> int:
    """Points that owed a report of the day, or sent one."""
    return sum(line.value.office is not None or line.state not in ("not_required", "") for line in daily.lines)
