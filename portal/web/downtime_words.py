"""Hours, losses and causes in words, the same on every page and in every download."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from ..domain.availability import Cause, PointLine
from ..domain.downtime import Tally, mean_repair
from ..domain.equipment import COMPONENTS, STATUSES
from ..domain.intervals import Spans, intersection, length
from ..domain.outages import CAUSES
from ..domain.output import (
    DAY_KINDS,
    FEWEST_DAYS,
    JOINED,
    STANDINGS,
    STATED,
    UNEXPLAINED,
    Loss,
    PointOutput,
    Zero,
)
from ..domain.recordings import NIHIL_REASONS
from .formats import DASH, label, number, percent
from .language import ENGLISH, gettext, language

STANDING_KIND = {JOINED: "info", STATED: "unknown", UNEXPLAINED: "attention"}


def hours(span: timedelta | None) -> str:
    """9,5 jam; a missing one as a dash."""
    if span is None:
        return DASH
    return gettext("%(hours)s jam", hours=decimal(span / timedelta(hours=1)))


def loss_range(lost: Loss) -> str:
    """≈ 41–66; a dash where nothing could be estimated."""
    low, high = round(lost.low), round(lost.high)
    if not lost.counted:
        return DASH
    return f"≈ {number(low)}–{number(high)}" if low != high else f"≈ {number(high)}" if high else number(0)


def loss_words(lost: Loss) -> str:
    """≈ 41–66 orang; what could not be estimated is said, never left out."""
    if not lost.counted:
        return gettext("tidak diketahui (kurang dari %(days)s hari pembanding)", days=FEWEST_DAYS)
    told = gettext("%(range)s orang", range=loss_range(lost))
    if lost.unknown:
        told = gettext("%(known)s, dan %(hours)s yang tidak dapat ditaksir", known=told, hours=hours(lost.unknown))
    return told


def availability(found: Tally) -> str:
    """91,2% dari 168 jam yang diketahui."""
    if found.availability is None:
        return gettext("tidak diketahui")
    return gettext(
        "%(percent)s dari %(hours)s yang diketahui", percent=percent(found.availability), hours=hours(found.known)
    )


def cause_words(cause: Cause) -> str:
    """What was down, in words: a part with its status, or the kind of an outage."""
    if not cause.kit_code:
        return label(CAUSES, cause.what)
    return f"{label(COMPONENTS, cause.what)} {label(STATUSES, cause.status).lower()}"


def causes_of(line: PointLine, down: Spans) -> list[str]:
    """Every cause of a point's time down with its own share of it, the longest first; shares may overlap."""
    lasted: dict[str, timedelta] = {}
    for cause in line.causes:
        if span := length(intersection(cause.down, down)):
            lasted[cause_words(cause)] = lasted.get(cause_words(cause), timedelta()) + span
    return [f"{words}, {hours(span)}" for words, span in sorted(lasted.items(), key=lambda item: (-item[1], item[0]))]


def zero_words(zero: Zero) -> str:
    """Why a day shows nothing or little."""
    if zero.causes:
        return "; ".join(f"{cause_words(cause)}, {hours(span)}" for cause, span in zero.causes)
    if zero.nihil_reason:
        return gettext("menurut laporan: %(reason)s", reason=label(NIHIL_REASONS, zero.nihil_reason).lower())
    return gettext("tidak ada kejadian alat atau gangguan pada hari itu")


def rates_words(found: PointOutput) -> list[str]:
    """The rule of a point's estimate with its numbers: how many an hour, from how many days."""
    told = []
    for kind, rate in found.known.items():
        if rate is not None:
            told.append(
                gettext(
                    "%(kind)s: %(low)s–%(high)s per jam, tengah %(middle)s (n = %(days)s hari)",
                    kind=gettext(DAY_KINDS[kind]),
                    low=decimal(rate.low),
                    high=decimal(rate.high),
                    middle=decimal(rate.middle),
                    days=rate.days,
                )
            )
    return told or [gettext("belum ada %(days)s hari pembanding", days=FEWEST_DAYS)]


def decimal(value: float) -> str:
    """1.189,2 as it is written here; 40 where nothing stands behind the comma."""
    tenths = round(value * 10)
    text = number(tenths // 10)
    return f"{text}{'.' if language() == ENGLISH else ','}{tenths % 10}" if tenths % 10 else text


WORDS: Mapping[str, Any] = {
    "hours": hours,
    "loss_words": loss_words,
    "loss_range": loss_range,
    "availability": availability,
    "causes_of": causes_of,
    "zero_words": zero_words,
    "mean_repair": mean_repair,
    "standings": STANDINGS,
    "standing_kind": STANDING_KIND,
    "components": COMPONENTS,
}
"""What a template of standstill calls these by."""
