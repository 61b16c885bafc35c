"""Visits as a calendar file (RFC 5545): whole days, because no hour is agreed here; places and offices, no people."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from msgspec import Struct

TYPE = "text/calendar; charset=utf-8"
LONGEST_LINE = 75
"""Octets of a line without its break (RFC 5545, 3.1)."""

_ESCAPED = re.compile(r"([\\;,])")


class Event(Struct, frozen=True):
    """One whole day in a calendar. ``version`` grows with every change, so that a calendar takes up the newest."""

    uid: str
    day: date
    summary: str
    location: str
    description: str
    confirmed: bool
    changed_at: datetime
    version: int


def escaped(text: str) -> str:
    """A text as a value (3.3.11): backslash, semicolon and comma marked, breaks as ``\\n``, nothing unprintable."""
    lines = [_ESCAPED.sub(r"\\\1", line) for line in text.splitlines()]
    return "\\n".join("".join(c for c in line if c.isprintable()) for line in lines)


def folded(line: str) -> str:
    """A content line in pieces of at most 75 octets, none within a letter; what follows begins with a space."""
    pieces, piece, size = [], "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > LONGEST_LINE:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + letter, size + octets
    return "\r\n".join([*pieces, piece])


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _lines(event: Event) -> Sequence[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{escaped(event.uid)}",
        f"DTSTAMP:{_stamp(event.changed_at)}",
        f"LAST-MODIFIED:{_stamp(event.changed_at)}",
        f"SEQUENCE:{max(0, event.version - 1)}",
        f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{escaped(event.summary)}",
        f"LOCATION:{escaped(event.location)}",
        f"DESCRIPTION:{escaped(event.description)}",
        f"STATUS:{'CONFIRMED' if event.confirmed else 'TENTATIVE'}",
        "TRANSP:OPAQUE",
        "END:VEVENT",
    ]


def calendar(name: str, events: Iterable[Event]) -> bytes:
    """A calendar file with these events; every line ends with CRLF."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Dispendukcapil Kabupaten Mojokerto//Portal Perekaman KTP-el//ID",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        *(line for event in events for line in _lines(event)),
        "END:VCALENDAR",
    ]
    return "".join(folded(line) + "\r\n" for line in lines).encode()
