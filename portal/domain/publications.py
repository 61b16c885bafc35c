"""The frozen daily summary: what the district said on a day, numbered, and what was corrected since.

A publication is printed for ever as it was. What changes later on a day that was published already stands as a
*koreksi* in the next one, so that cumulative yesterday + days between + today + koreksi = cumulative today. Source of
the wish: published series that were overwritten in silence (features of comparable systems, audit and frozen reports).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict, replace

from .areas import Office
from .problems import Problem, _

DAILY = "daily"

PointDay = tuple[str, date]


class Value(Struct, frozen=True):
    """What is known of one point and day: recorded at the office and on visits; None where nothing was told."""

    office: int | None = None
    visits: int | None = None

    @property
    def total(self) -> int:
        """What the day adds to a sum: nothing where nothing is known."""
        return (self.office or 0) + (self.visits or 0)


NOTHING = Value()


class Line(Struct, frozen=True):
    """One point on the published day. ``state`` is that of its report; ``verified`` None when it sent none."""

    point_code: str
    value: Value
    state: str
    nihil_reason: str = ""
    verified: bool | None = None


class Correction(Struct, frozen=True):
    """What a published point and day says now, and said then; ``reason`` as whoever corrected it wrote."""

    point_code: str
    day: date
    before: Value
    after: Value
    reason: str = ""

    @property
    def change(self) -> int:
        """What it adds to the cumulative number; negative when it takes away."""
        return self.after.total - self.before.total


class DayBetween(Struct, frozen=True):
    """A day after the last publication and before this one, with what its points told."""

    day: date
    values: Mapping[str, Value]

    @property
    def total(self) -> int:
        """Recorded on the day, of what was told."""
        return sum(value.total for value in self.values.values())


class Daily(Struct, frozen=True):
    """The summary of one service day as it is published. ``previous`` is the number before, 0 for the first."""

    day: date
    lines: Sequence[Line]
    homes: Mapping[str, int]
    """Home area → recorded on the day; what nobody split is in none of them."""
    between: Sequence[DayBetween]
    corrections: Sequence[Correction]
    previous: int
    cumulative_before: int
    data_from: date

    @property
    def recorded(self) -> int:
        """Recorded on the day, at offices and on visits, of what was told."""
        return sum(line.value.total for line in self.lines)

    @property
    def at_offices(self) -> int | None:
        """Recorded at offices; None when no office told anything."""
        return known_sum(line.value.office for line in self.lines)

    @property
    def on_visits(self) -> int | None:
        """Recorded on visits; None when there was no visit with a result."""
        return known_sum(line.value.visits for line in self.lines)

    @property
    def corrected(self) -> int:
        """What corrections add to the cumulative number."""
        return sum(correction.change for correction in self.corrections)

    @property
    def cumulative(self) -> int:
        """Recorded since ``data_from`` up to the day, as known now."""
        return self.cumulative_before + sum(d.total for d in self.between) + self.recorded + self.corrected

    @property
    def reports(self) -> int:
        """Points that told something of the day."""
        return sum(line.value.office is not None for line in self.lines)

    @property
    def verified(self) -> int:
        """Reports of the day that somebody else had verified."""
        return sum(line.verified is True for line in self.lines)

    @property
    def unsplit(self) -> int:
        """Recorded of the day whose home area nobody gave: *belum dirinci*."""
        return self.recorded - sum(self.homes.values())


class Publication(Struct, frozen=True):
    """A published summary as it is kept: what it says never changes, and ``sha256`` shows it."""

    number: int
    daily: Daily
    as_of: datetime
    by: str
    signer: Mapping[str, str]
    sha256: str

    @property
    def check_code(self) -> str:
        """The short code on the paper, by which it is compared with what is kept."""
        return check_code(self.sha256)


def check_code(sha256: str) -> str:
    """The code of a digest: its first eight places, in two groups of four."""
    return f"{sha256[:4]}-{sha256[4:8]}"


def known_sum(values: Iterable[int | None]) -> int | None:
    told = [n for n in values if n is not None]
    return sum(told) if told else None


def changes(
    published: Mapping[PointDay, Value], known: Mapping[PointDay, Value], reasons: Mapping[PointDay, str] | None = None
) -> list[Correction]:
    """Every published point and day that is known otherwise now, oldest first; also what came after the publication."""
    found = []
    for key in sorted(published.keys() | known.keys(), key=lambda k: (k[1], k[0])):
        before, after = published.get(key, NOTHING), known.get(key, NOTHING)
        if before != after:
            found.append(Correction(key[0], key[1], before, after, (reasons or {}).get(key, "")))
    return found


def said_of(daily: Daily) -> dict[PointDay, Value]:
    """What a publication says of points and days: its own day, the days between, and its corrections."""
    said = {(line.point_code, daily.day): line.value for line in daily.lines}
    said |= {(code, d.day): value for d in daily.between for code, value in d.values.items()}
    said |= {(c.point_code, c.day): c.after for c in daily.corrections}
    return said


def check_day(day: date, today: date, newest: date | None, office: Office) -> list[Problem]:
    """A day that can be published: within the programme, not to come, and after the newest published one."""
    if day > today:
        return [Problem("day", _("Tanggal ini belum tiba."))]
    if day < office.start():
        return [Problem("day", _("Tanggal ini sebelum pencatatan dimulai."))]
    if newest is not None and day <= newest:
        text = _("Rekap sampai %(day)s sudah terbit. Perubahan sesudahnya masuk sebagai koreksi di terbitan berikut.")
        return [Problem("day", text, {"day": f"{newest:%d-%m-%Y}"})]
    return []


# --- as text -------------------------------------------------------------------------------------


def payload(number: int, content: Any, as_of: datetime, by: str, signer: Mapping[str, str]) -> str:
    """Everything a publication says, as canonical JSON: the same content gives the same text and digest.

    ``content`` is the frozen record that is published: a Daily, or what another kind of publication says.
    """
    body = asdict(content) | {"number": number, "as_of": as_of.astimezone(UTC), "by": by, "signer": dict(signer)}
    return json.dumps(_plain(body), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(text: str) -> str:
    """SHA-256 of a payload."""
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Struct):
        return _plain(asdict(value))
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return value


def read(text: str, sha256: str) -> Publication:
    """A publication from its payload, as it was when it was published."""
    body = json.loads(text)
    daily = Daily(
        day=date.fromisoformat(body["day"]),
        lines=[Line(**line | {"value": Value(**line["value"])}) for line in body["lines"]],
        homes=body["homes"],
        between=read_between(body),
        corrections=read_corrections(body),
        previous=body["previous"],
        cumulative_before=body["cumulative_before"],
        data_from=date.fromisoformat(body["data_from"]),
    )
    return Publication(body["number"], daily, datetime.fromisoformat(body["as_of"]), body["by"], body["signer"], sha256)


def read_between(body: Mapping[str, Any]) -> list[DayBetween]:
    """The days between two publications, from a payload."""
    return [
        DayBetween(date.fromisoformat(d["day"]), {code: Value(**v) for code, v in d["values"].items()})
        for d in body["between"]
    ]


def read_corrections(body: Mapping[str, Any]) -> list[Correction]:
    """The corrections, from a payload."""
    return [
        Correction(
            c["point_code"], date.fromisoformat(c["day"]), Value(**c["before"]), Value(**c["after"]), c["reason"]
        )
        for c in body["corrections"]
    ]


def with_reasons(found: Iterable[Correction], reasons: Mapping[PointDay, str]) -> list[Correction]:
    """The same corrections, each with why it was made."""
    return [replace(c, reason=reasons.get((c.point_code, c.day), "")) for c in found]
