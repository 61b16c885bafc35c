"""Sendings that were accepted, what was done by whom, and how fresh the data is: one transaction with the row."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import bindparam, insert, select, update

from ..domain.audit import FIRST_HASH, AuditEntry, Changes, chained, content, plain
from ..domain.submissions import Submission
from .database import Tx
from .prepared import Prepared
from .tables import audit, data_version, submission

DATA = "data"
EQUIPMENT = "equipment"
LISTS = "lists"
SWEEPS = "sweeps"
AREAS = (DATA, EQUIPMENT, LISTS, SWEEPS)
"""SWEEPS grows with what is known of places and visits, which every day's reports leave alone; DATA grows with both."""


class Hand(Struct, frozen=True):
    """Whose hand does a deed: the account's id and name, from which address, in which request, at what moment."""

    account_id: int | None
    username: str
    at: datetime
    address: str = ""
    request_id: str = ""


# Statements are built once: building one costs more than running it.
_SENT = Prepared(
    select(submission).where(submission.c.account_id == bindparam("of"), submission.c.id == bindparam("sent"))
)
_KEEP = Prepared(
    insert(submission).returning(submission.c.number),
    ("id", "account_id", "fingerprint", "object_kind", "object_id", "at"),
)
_LAST = Prepared(select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1))
_NOTE = Prepared(insert(audit), audit.columns.keys())
_TOUCH = Prepared(
    update(data_version).where(data_version.c.area == bindparam("touched")).values(value=data_version.c.value + 1)
)


def find_submission(tx: Tx, account_id: int, submission_id: str) -> Submission | None:
    """What an earlier sending with this id made; ids are unique per person and kept for ever."""
    row = _SENT.row(tx, {"of": account_id, "sent": submission_id})
    if row is None:
        return None
    return Submission(row.number, row.id, row.fingerprint, row.object_kind, row.object_id, row.at)


def keep_submission(
    tx: Tx, hand: Hand, submission_id: str, fingerprint: str, object_kind: str, object_id: str
) -> Submission:
    """Remember a sending with what it made; the returned receipt number is unique."""
    assert hand.account_id is not None
    values = {
        "id": submission_id,
        "account_id": hand.account_id,
        "fingerprint": fingerprint,
        "object_kind": object_kind,
        "object_id": object_id,
        "at": hand.at,
    }
    number = _KEEP.row(tx, values).number
    return Submission(number, submission_id, fingerprint, object_kind, object_id, hand.at)


def note(
    tx: Tx,
    hand: Hand,
    deed: str,
    object_kind: str,
    object_id: str,
    changes: Changes | None = None,
    reason: str = "",
) -> AuditEntry:
    """Write what was done into the chained log, in the same transaction as the deed itself."""
    last = _LAST.row(tx, {})
    entry = AuditEntry(
        seq=last.seq + 1 if last else 1,
        at=hand.at,
        account=hand.username,
        deed=deed,
        object_kind=object_kind,
        object_id=object_id,
        changes=plain(changes or {}),
        reason=reason,
        address=hand.address,
        request_id=hand.request_id,
        previous_hash=last.hash if last else FIRST_HASH,
        hash="",
    )
    entry = replace(entry, hash=chained(content(entry), entry.previous_hash))
    row = content(entry) | {"previous_hash": entry.previous_hash, "hash": entry.hash}
    _NOTE.change(tx, row | {"changes": json.dumps(row["changes"], ensure_ascii=False)})
    return entry


def history(tx: Tx, object_kind: str, object_id: str) -> list[AuditEntry]:
    """What was done to one thing, newest first."""
    rows = tx.execute(
        select(audit)
        .where(audit.c.object_kind == object_kind, audit.c.object_id == object_id)
        .order_by(audit.c.seq.desc())
    )
    return [_entry(row) for row in rows]


def histories(tx: Tx, object_kind: str, object_ids: Iterable[str]) -> dict[str, list[AuditEntry]]:
    """What was done to each of some things, oldest first: one query, however many."""
    found: dict[str, list[AuditEntry]] = {}
    query = select(audit).where(audit.c.object_kind == object_kind, audit.c.object_id.in_(list(object_ids)))
    for row in tx.execute(query.order_by(audit.c.seq)):
        found.setdefault(row.object_id, []).append(_entry(row))
    return found


def every_entry(tx: Tx) -> Iterator[AuditEntry]:
    """The whole log, oldest first, read a piece at a time."""
    query = select(audit).order_by(audit.c.seq)
    with tx.execute(query, execution_options={"yield_per": 1000}) as rows:
        for row in rows:
            yield _entry(row)


def newest_entries(tx: Tx, limit: int) -> list[AuditEntry]:
    """The end of the log, newest first."""
    return [_entry(row) for row in tx.execute(select(audit).order_by(audit.c.seq.desc()).limit(limit))]


def last_moment(tx: Tx) -> datetime | None:
    """When the newest entry was written; None for an empty log."""
    return tx.execute(select(audit.c.at).order_by(audit.c.seq.desc()).limit(1)).scalar()


def _entry(row: Any) -> AuditEntry:
    return AuditEntry(
        row.seq,
        row.at,
        row.account,
        row.deed,
        row.object_kind,
        row.object_id,
        json.loads(row.changes),
        row.reason,
        row.address,
        row.request_id,
        row.previous_hash,
        row.hash,
    )


def touch(tx: Tx, *areas: str) -> None:
    """Say that data or lists changed: everything remembered under the older version is out of date."""
    for area in areas:
        _TOUCH.change(tx, {"touched": area})


def versions(tx: Tx) -> dict[str, int]:
    """The present version of each area."""
    return {row.area: row.value for row in tx.execute(select(data_version))}


def begin_versions(tx: Tx, areas: Iterable[str] = AREAS) -> None:
    """Make sure each area has a version."""
    missing = set(areas) - versions(tx).keys()
    if missing:
        tx.execute(insert(data_version), [{"area": area, "value": 1} for area in sorted(missing)])
