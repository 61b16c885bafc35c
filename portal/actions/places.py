"""Places and their targets: kept by staff, proposed by liaisons, brought in from a file as a whole."""

import csv
import json
from datetime import date
from functools import cache
from typing import Any

from msgspec.structs import asdict, replace

from ..domain.accounts import LIAISON, Account, require, require_place
from ..domain.areas import Office, Place
from ..domain.audit import difference
from ..domain.calendar import office_day
from ..domain.place_files import Codes, Line, Preview, code_book, compare, new_code
from ..domain.places import (
    CONFIRMED,
    DECLINED,
    PROPOSED,
    Buckets,
    TargetBatch,
    check_place,
    check_target,
)
from ..domain.problems import EXISTS, STALE, Conflict, Invalid, Problem, Unknown, _
from ..domain.submissions import Submission
from ..domain.texts import check_text, long_number
from ..storage import areas, ledger, places
from ..storage.database import Tx
from .office import REFERENCE
from .sending import Sender, once
from .sheets import Sheet

KIND = "place"
TARGET = "target"
FILE = "places"


def find(tx: Tx, account: Account, code: str) -> Place:
    """A place in the person's area. Raises Unknown."""
    kept = areas.place(tx, code)
    if kept is None or not account.sees_place(code, kept.kecamatan_code):
        raise Unknown(code)
    return kept


def keep(tx: Tx, sender: Sender, office: Office, submission_id: str, wanted: Place, version: int = 0) -> Submission:
    """Keep a place, new (without a code) or changed. Scope is asked of the place as it is and as it would be.

    Raises Unknown outside the person's area, Invalid, Conflict with the place that has the NPSN or was changed.
    """
    require(sender.account, "places.write")
    wanted = _trimmed(wanted)
    kept = find(tx, sender.account, wanted.code) if wanted.code else None
    problems = check_place(wanted, office.kecamatan)
    if wanted.kecamatan_code is None and not sender.account.sees_district:
        problems.append(Problem("kecamatan_code", _("Pilih kecamatan dari daftar.")))
    else:
        require_place(sender.account, "places.write", wanted.code, wanted.kecamatan_code)

    def make() -> str:
        if kept is not None and kept.version != version:
            raise Conflict(STALE, kept)
        if problems:
            raise Invalid(problems)
        known = places.every(tx)
        same = next((p for p in known if wanted.npsn and p.npsn == wanted.npsn and p.code != wanted.code), None)
        if same is not None:
            raise Conflict(EXISTS, same)
        if kept is None:
            return _add(tx, sender, wanted, {p.code for p in known})
        if not places.change(tx, kept, wanted, sender.account.id, sender.at):
            raise Conflict(STALE, areas.place(tx, wanted.code))
        changes = difference(_shown(kept), _shown(wanted))
        ledger.note(tx, sender.hand, "places.change", KIND, wanted.code, changes)
        return wanted.code

    body = {**_shown(wanted), "code": wanted.code, "version": version}
    return once(tx, sender, submission_id, KIND, body, make)


def _trimmed(place: Place) -> Place:
    words = {name: getattr(place, name).strip() for name in ("name", "level", "npsn", "address", "contact", "source")}
    return replace(place, **words)


def _add(tx: Tx, sender: Sender, wanted: Place, taken: set[str]) -> str:
    code = new_code(taken, wanted.npsn, wanted.name, wanted.kecamatan_code)
    places.add(tx, [replace(wanted, code=code)], sender.account.id, sender.at)
    ledger.note(tx, sender.hand, "places.add", KIND, code, difference({}, _shown(wanted)))
    return code


def _shown(place: Place) -> dict[str, Any]:
    return {name: value for name, value in asdict(place).items() if name not in ("code", "version")}


def propose(
    tx: Tx,
    sender: Sender,
    office: Office,
    submission_id: str,
    place_code: str,
    buckets: Buckets,
    as_of: date,
    source: str,
) -> Submission:
    """Keep a dated target beside the older ones: a liaison's waits for staff, staff's counts at once."""
    require(sender.account, "places.propose")
    place = find(tx, sender.account, place_code)
    problems = check_target(buckets, as_of, source, office_day(sender.at))
    state = PROPOSED if sender.account.role == LIAISON else CONFIRMED
    election = office.election(as_of)
    batch = TargetBatch(
        0, place.code, as_of, buckets, election.code if election else None, source.strip(), state, "", sender.at
    )

    def make() -> str:
        if problems:
            raise Invalid(problems)
        made = places.add_batch(tx, batch, sender.account.id)
        ledger.note(tx, sender.hand, "places.target", KIND, place.code, difference({}, _said(batch)))
        return str(made)

    body = {"place": place.code, **_said(batch)}
    return once(tx, sender, submission_id, TARGET, body, make)


def _said(batch: TargetBatch) -> dict[str, Any]:
    return {**asdict(batch.buckets), "as_of": batch.as_of, "source": batch.source, "state": batch.state}


def decide(tx: Tx, sender: Sender, place_code: str, batch_id: int, state: str, reason: str) -> TargetBatch:
    """Let a proposed target count, or decline it with a reason. Deciding the same again changes nothing.

    Raises Unknown outside the person's area, Invalid, Conflict with the batch as somebody else decided it.
    """
    require(sender.account, "places.write")
    place = find(tx, sender.account, place_code)
    kept = places.find_batch(tx, place.code, batch_id)
    if kept is None:
        raise Unknown(batch_id)
    if state not in (CONFIRMED, DECLINED):
        raise Invalid([Problem("state", _("Pilih diterima atau ditolak."))])
    required = _("Tulis alasan penolakan.") if state == DECLINED else ""
    if problems := check_text("reason", reason, 200, required=required):
        raise Invalid(problems)
    if kept.state == state:
        return kept
    if not places.decide_batch(tx, batch_id, state, reason.strip(), sender.account.id, sender.at):
        raise Conflict(STALE, kept)
    ledger.touch(tx, ledger.DATA, ledger.SWEEPS)
    changes = {"state": (kept.state, state)}
    ledger.note(tx, sender.hand, "places.decide", KIND, place.code, changes, reason.strip())
    return kept


@cache
def codes() -> Codes:
    """What each kecamatan is called by Kemendagri, KPU, BPS and Dapodik."""
    with (REFERENCE / "kecamatan.csv").open(encoding="utf-8", newline="") as file:
        return code_book(list(csv.DictReader(file)))


def look(tx: Tx, sender: Sender, office: Office, name: str, sheet: Sheet) -> Preview:
    """What a file would do. Its rows wait under its token for the confirmation; no place changes."""
    require(sender.account, "places.import")
    name = "–" if long_number(name) else name
    rows = json.dumps([sheet.header, sheet.rows, sheet.text_numbers], ensure_ascii=False, separators=(",", ":"))
    places.keep_upload(tx, sender.account.id, FILE, sheet.token, name[-120:], rows, sender.at)
    return _preview(tx, sender, office, rows)


def _preview(tx: Tx, sender: Sender, office: Office, rows: str) -> Preview:
    header, lines, texts = json.loads(rows)
    today = office_day(sender.at)
    election = office.election(today)
    return compare(
        header,
        [(number, cells) for number, cells in lines],
        [(row, column) for row, column in texts],
        places.every(tx),
        places.latest_targets(tx, today),
        office.kecamatan,
        codes(),
        today,
        election.code if election else None,
    )


def waiting(tx: Tx, sender: Sender, office: Office, token: str) -> tuple[str, Preview] | None:
    """(name, preview) of the file that waits under this token, against what is kept now; None for no such file."""
    require(sender.account, "places.import")
    kept = places.find_upload(tx, sender.account.id, FILE, token)
    return None if kept is None else (kept[0], _preview(tx, sender, office, kept[1]))


def bring_in(tx: Tx, sender: Sender, office: Office, submission_id: str, token: str, seen: str) -> Submission:
    """Do what the preview said, all of it or nothing, written down as one deed.

    ``seen`` is the preview's mark: if other things would happen now, Conflict carries the new preview. Raises
    Unknown when no file waits under this token.
    """
    require(sender.account, "places.import")

    def make() -> str:
        found = waiting(tx, sender, office, token)
        if found is None:
            raise Unknown(token)
        preview = found[1]
        if preview.problems:
            raise Invalid([Problem("file", _("Berkas ini masih memuat kesalahan. Tidak ada yang disimpan."))])
        if preview.mark != seen:
            raise Conflict(STALE, preview)
        _take(tx, sender, preview, token)
        places.drop_upload(tx, sender.account.id, FILE)
        ledger.touch(tx, ledger.LISTS, ledger.SWEEPS)
        changes: dict[str, tuple[Any, Any]] = {s: (0, number) for s, number in preview.tally.items() if number}
        changes |= {line.place.code: (None, line.place.name) for line in preview.lines if line.kept is None}
        changes |= {f"{line.place.code}.target": _totals(line) for line in preview.lines if line.brings_target}
        ledger.note(tx, sender.hand, "places.import", KIND, token[:12], changes, found[0])
        return token[:12]

    return once(tx, sender, submission_id, "place_file", {"token": token, "seen": seen}, make)


def _totals(line: Line) -> tuple[int | None, int | None]:
    """Everybody whom a visit can record, before and after: the batches themselves stay readable at the place."""
    before, after = ((b.buckets.total if b else None) for b in (line.before, line.target))
    return before, after


def _take(tx: Tx, sender: Sender, preview: Preview, token: str) -> None:
    places.add(tx, [line.place for line in preview.lines if line.kept is None], sender.account.id, sender.at)
    for line in preview.lines:
        if line.kept is None or not line.changes:
            continue
        if not places.change(tx, line.kept, line.place, sender.account.id, sender.at):
            raise Conflict(STALE, preview)
        ledger.note(tx, sender.hand, "places.change", KIND, line.place.code, line.changes)
    brought = [replace(line.target, at=sender.at) for line in preview.lines if line.target and line.brings_target]
    places.add_batches(tx, brought, sender.account.id, token)
