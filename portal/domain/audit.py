"""What happened, by whom, from what to what: entries that hold hands in a chain of hashes."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from msgspec import Struct

FIRST_HASH = "0" * 64

Changes = Mapping[str, tuple[Any, Any]]


class AuditEntry(Struct, frozen=True):
    """One deed. ``changes`` maps a field to (before, after); ``hash`` covers all of it and the entry before."""

    seq: int
    at: datetime
    account: str
    deed: str
    object_kind: str
    object_id: str
    changes: Changes
    reason: str
    address: str
    request_id: str
    previous_hash: str
    hash: str


def plain(value: Any) -> Any:
    """A value as it is written to the log: dates and instants (in UTC, as they are kept) as ISO text."""
    if value is None or type(value) in (int, str):  # nearly every one
        return value
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).isoformat()
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in sorted(value.items())}
    if isinstance(value, (set, frozenset)):
        return sorted(plain(v) for v in value)
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, (str, int, float)):
        return value
    raise TypeError(f"the log does not know how to write {type(value).__name__}")


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The fields whose value changed, each with (before, after); a field that is new had None before."""
    changes = {}
    for name in [*before, *(n for n in after if n not in before)]:
        old, new = plain(before.get(name)), plain(after.get(name))
        if old != new:
            changes[name] = (old, new)
    return changes


def chained(entry: Mapping[str, Any], previous_hash: str) -> str:
    """The hash of an entry that follows ``previous_hash``: SHA-256 over canonical JSON of its content."""
    body = json.dumps(
        {**entry, "previous_hash": previous_hash},
        default=plain,
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )
    return hashlib.sha256(body.encode()).hexdigest()


def content(entry: AuditEntry) -> dict[str, Any]:
    """The part of an entry that its hash covers."""
    return {
        "seq": entry.seq,
        "at": entry.at,
        "account": entry.account,
        "deed": entry.deed,
        "object_kind": entry.object_kind,
        "object_id": entry.object_id,
        "changes": entry.changes,
        "reason": entry.reason,
        "address": entry.address,
        "request_id": entry.request_id,
    }


CONTENT = "content"
GAP = "gap"
ORDER = "order"
LINK = "link"


class Broken(Struct, frozen=True):
    """The first entry that does not hold, and why: its own ``content`` was changed, entries before it are missing
    (``gap``), it stands twice or out of its ``order``, or the entry before it is not the one it was linked to."""

    entry: AuditEntry
    why: str


def first_broken(entries: Iterable[AuditEntry]) -> Broken | None:
    """The first entry that does not follow from the one before; None when all do.

    A missing entry shows at its successor, because numbers run without holes; one whose hash was worked out anew
    shows there too, because the successor carries the old one. Entries cut off at the end leave no trace in the
    chain itself: they show against a number noted elsewhere (a backup, a printed report).
    """
    previous, expected = FIRST_HASH, 1
    for entry in entries:
        if chained(content(entry), entry.previous_hash) != entry.hash:
            return Broken(entry, CONTENT)
        if entry.seq != expected:
            return Broken(entry, GAP if entry.seq > expected else ORDER)
        if entry.previous_hash != previous:
            return Broken(entry, LINK)
        previous, expected = entry.hash, entry.seq + 1
    return None
