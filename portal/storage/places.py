"""Places that are visited, and their dated target batches: added and decided upon, never overwritten."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from msgspec.structs import asdict
from sqlalchemy import Select, delete, func, insert, select, update

from ..domain.accounts import CLERK, LIAISON, Account
from ..domain.areas import Place
from ..domain.places import BUCKETS, CONFIRMED, PROPOSED, Buckets, TargetBatch
from .areas import place_of
from .database import Tx
from .tables import account, place, target_batch, upload

_decider = account.alias("decider")

_BATCH: Select[Any] = (
    select(target_batch, account.c.name.label("author"), _decider.c.name.label("decided_by"))
    .join(account, account.c.id == target_batch.c.account_id)
    .outerjoin(_decider, _decider.c.id == target_batch.c.decided_by_id)
    .join(place, place.c.code == target_batch.c.place_code)
)


def _within(query: Select[Any], who: Account) -> Select[Any]:
    """Only what lies in a person's area: a clerk's by kecamatan, a liaison's by name."""
    if who.role == LIAISON:
        return query.where(place.c.code.in_(who.places))
    if who.role == CLERK:
        return query.where(place.c.kecamatan_code.in_(who.kecamatan))
    return query


def in_area(tx: Tx, who: Account, kecamatan: str | None = None, kind: str = "") -> list[Place]:
    """Places in a person's area by name; of one kecamatan ("" for those without), of one kind."""
    query = _within(select(place), who).order_by(place.c.kind.desc(), place.c.name, place.c.code)
    if kecamatan is not None:
        query = query.where(place.c.kecamatan_code == kecamatan if kecamatan else place.c.kecamatan_code.is_(None))
    if kind:
        query = query.where(place.c.kind == kind)
    return [place_of(row) for row in tx.execute(query)]


def every(tx: Tx) -> list[Place]:
    """All places, by code."""
    return [place_of(row) for row in tx.execute(select(place).order_by(place.c.code))]


def add(tx: Tx, wanted: Sequence[Place], account_id: int, at: datetime) -> None:
    """Keep new places."""
    if wanted:
        edited = {"version": 1, **_edited(account_id, at)}
        tx.execute(insert(place), [_values(one) | {"code": one.code} | edited for one in wanted])


def change(tx: Tx, kept: Place, wanted: Place, account_id: int, at: datetime) -> bool:
    """Replace what is known of a place if it still has ``kept.version``; False when somebody was faster."""
    query = (
        update(place)
        .where(place.c.code == kept.code, place.c.version == kept.version)
        .values(_values(wanted) | {"version": kept.version + 1, **_edited(account_id, at)})
    )
    return tx.execute(query).rowcount == 1


def _values(wanted: Place) -> dict[str, Any]:
    return {name: value for name, value in asdict(wanted).items() if name not in ("code", "version")}


def _edited(account_id: int, at: datetime) -> dict[str, Any]:
    return {"editor_id": account_id, "changed_at": at}


def _batch(row: Any) -> TargetBatch:
    return TargetBatch(
        row.id,
        row.place_code,
        row.as_of,
        Buckets(*(row._mapping[name] for name in BUCKETS)),
        row.election_code,
        row.source,
        row.state,
        row.author,
        row.at,
        row.decided_by or "",
        row.decided_at,
        row.reason,
    )


def batches(tx: Tx, place_code: str, limit: int = 50) -> list[TargetBatch]:
    """The newest batches of a place, whatever became of them; the newest list first."""
    query = _BATCH.where(target_batch.c.place_code == place_code)
    rows = tx.execute(query.order_by(target_batch.c.as_of.desc(), target_batch.c.id.desc()).limit(limit))
    return [_batch(row) for row in rows]


def proposed(tx: Tx, who: Account) -> list[TargetBatch]:
    """Figures in a person's area that wait for a decision, the oldest first."""
    query = _within(_BATCH.where(target_batch.c.state == PROPOSED), who)
    return [_batch(row) for row in tx.execute(query.order_by(target_batch.c.at, target_batch.c.id))]


def find_batch(tx: Tx, place_code: str, batch_id: int) -> TargetBatch | None:
    """One batch of a place."""
    query = _BATCH.where(target_batch.c.id == batch_id, target_batch.c.place_code == place_code)
    row = tx.execute(query).one_or_none()
    return None if row is None else _batch(row)


def latest_targets(tx: Tx, day: date, codes: Sequence[str] | None = None) -> dict[str, TargetBatch]:
    """Place → the target that counts on ``day`` (``domain.places.latest``), asked of the database at once."""
    newest = func.row_number().over(
        partition_by=target_batch.c.place_code, order_by=(target_batch.c.as_of.desc(), target_batch.c.id.desc())
    )
    known = select(target_batch.c.id, newest.label("rank")).where(
        target_batch.c.state == CONFIRMED, target_batch.c.as_of <= day
    )
    if codes is not None:
        known = known.where(target_batch.c.place_code.in_(codes))
    ranked = known.subquery()
    query = _BATCH.join(ranked, ranked.c.id == target_batch.c.id).where(ranked.c.rank == 1)
    return {row.place_code: _batch(row) for row in tx.execute(query)}


def latest_target(tx: Tx, place_code: str, day: date) -> TargetBatch | None:
    """The target of one place that counts on ``day``."""
    return latest_targets(tx, day, [place_code]).get(place_code)


def add_batch(tx: Tx, batch: TargetBatch, account_id: int) -> int:
    """Keep a batch beside the older ones; returns its id. A confirmed one was decided by its author."""
    query = insert(target_batch).values(_batch_values(batch, account_id)).returning(target_batch.c.id)
    batch_id: int = tx.execute(query).scalar_one()
    return batch_id


def add_batches(tx: Tx, batches: Sequence[TargetBatch], account_id: int, file_hash: str) -> None:
    """Keep the batches of a file."""
    if batches:
        tx.execute(insert(target_batch), [_batch_values(b, account_id) | {"file_hash": file_hash} for b in batches])


def _batch_values(batch: TargetBatch, account_id: int) -> dict[str, Any]:
    confirmed = batch.state == CONFIRMED
    return {
        "place_code": batch.place_code,
        "as_of": batch.as_of,
        **{name: getattr(batch.buckets, name) for name in BUCKETS},
        "election_code": batch.election_code,
        "source": batch.source,
        "state": batch.state,
        "account_id": account_id,
        "at": batch.at,
        "decided_by_id": account_id if confirmed else None,
        "decided_at": batch.at if confirmed else None,
    }


def decide_batch(tx: Tx, batch_id: int, state: str, reason: str, account_id: int, at: datetime) -> bool:
    """Confirm or decline a proposed batch; False when it was decided already."""
    query = (
        update(target_batch)
        .where(target_batch.c.id == batch_id, target_batch.c.state == PROPOSED)
        .values(state=state, reason=reason, decided_by_id=account_id, decided_at=at)
    )
    return tx.execute(query).rowcount == 1


def keep_upload(tx: Tx, account_id: int, kind: str, token: str, name: str, rows: str, at: datetime) -> None:
    """Keep the rows of a file until they are confirmed; a person's next file takes the place of this one."""
    drop_upload(tx, account_id, kind)
    values = {"account_id": account_id, "kind": kind, "token": token, "name": name, "rows": rows, "at": at}
    tx.execute(insert(upload).values(values))


def find_upload(tx: Tx, account_id: int, kind: str, token: str) -> tuple[str, str] | None:
    """(name, rows) of the file that waits under this token; None when it is another or none."""
    query = select(upload.c.name, upload.c.rows).where(
        upload.c.account_id == account_id, upload.c.kind == kind, upload.c.token == token
    )
    row = tx.execute(query).one_or_none()
    return None if row is None else (row.name, row.rows)


def drop_upload(tx: Tx, account_id: int, kind: str) -> None:
    """Forget the file that waits."""
    tx.execute(delete(upload).where(upload.c.account_id == account_id, upload.c.kind == kind))
