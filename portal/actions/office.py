"""Setting the office up: its lists from the reference files, and whether a database is fit to be served."""

import csv
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from ..config import BadSettings
from ..domain.areas import HubMember, overlapping
from ..storage import accounts, areas, ledger, schema
from ..storage.database import Database, Tx, Unavailable

REFERENCE = Path(__file__).resolve().parent.parent / "reference"
DEMO_MARK = "demo"
PATIENCE_SECONDS = 30

Result = TypeVar("Result")


class BadList(Exception):
    """A reference file has a row that cannot be loaded; the text names file, row and fault."""


# --- the lists ----------------------------------------------------------------------------------


def _text(value: str) -> str:
    if not value:
        raise ValueError("is empty")
    return value


def _whole(value: str) -> int:
    return int(value)


def _day(value: str) -> date:
    return date.fromisoformat(value)


def _or_none(read: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda value: read(value) if value else None


_SOURCE = {"source": _text}

COLUMNS: Mapping[str, Mapping[str, Callable[[str], Any]]] = {
    "kecamatan": {
        "code": _text,
        "name": _text,
        "abbr": _text,
        "tile_column": _whole,
        "tile_row": _whole,
        **_SOURCE,
    },
    "centroids": {"kecamatan_code": _text, "latitude": float, "longitude": float, **_SOURCE},
    "desa": {"code": _text, "name": _text, "kecamatan_code": _text, "kind": _text, **_SOURCE},
    "service_points": {
        "code": _text,
        "name": _text,
        "kind": _text,
        "kecamatan_code": _or_none(_text),
        "active_from": _day,
        "weekdays": _text,
        **_SOURCE,
    },
    "capabilities": {
        "point_code": _text,
        "capability": _text,
        "valid_from": _day,
        "valid_to": _or_none(_day),
        **_SOURCE,
    },
    "hubs": {"code": _text, "name": _text, **_SOURCE},
    "hub_points": {"hub_code": _text, "point_code": _text, **_SOURCE},
    "hub_members": {
        "kecamatan_code": _text,
        "hub_code": _text,
        "valid_from": _day,
        "valid_to": _or_none(_day),
        **_SOURCE,
    },
    "places": {
        "code": _text,
        "kind": _text,
        "name": _text,
        "level": str,
        "npsn": str,
        "kecamatan_code": _or_none(_text),
        "address": str,
        **_SOURCE,
    },
    "figures": {
        "level": _text,
        "code": _text,
        "metric": _text,
        "value": _whole,
        "unit": _text,
        "as_of": areas.last_day,
        "election": str,
        "note": str,
        **_SOURCE,
    },
    "rankings": {
        "scope": _text,
        "subject": _text,
        "as_of": areas.last_day,
        "rank": _whole,
        "of_count": _or_none(_whole),
        "rate": str,
        "note": str,
        **_SOURCE,
    },
    "elections": {
        "code": _text,
        "name": _text,
        "polling_day": _day,
        "birth_cutoff": _day,
        "first_service_day": _day,
        **_SOURCE,
    },
    "holidays": {"date": _day, "name": _text, "kind": _text, **_SOURCE},
}
"""Reference file → the columns taken from it, each with how it is read. The others stay in the file."""

KEYS: Mapping[str, Sequence[str]] = {
    "centroids": ("kecamatan_code",),
    "capabilities": ("point_code", "capability", "valid_from"),
    "hub_points": ("point_code",),
    "hub_members": ("kecamatan_code", "valid_from"),
    **{name: tuple(keys) for name, keys in areas.PUBLISHED_KEYS.items()},
    "holidays": ("date",),
}
"""What a list is keyed on, where that is not ``code``."""

LINKS = {"kecamatan_code": "kecamatan", "point_code": "service_points", "hub_code": "hubs"}
"""Column → the list in which its code must stand."""


def read_lists(folder: Path = REFERENCE) -> dict[str, list[dict[str, Any]]]:
    """Every reference list, read and converted, with the places made from other lists. Raises BadList.

    Figures in percent are left out: the portal works percentages out, and its figures are whole numbers.
    """
    lists: dict[str, list[dict[str, Any]]] = {}
    for name in areas.REFERENCE_TABLES:
        codes = {link: {row["code"] for row in lists[name]} for link, name in LINKS.items() if name in lists}
        lists[name] = list(_read(folder / f"{name}.csv", name, codes))
    lists["hubs"] = [row | {"position": n} for n, row in enumerate(lists["hubs"], start=1)]
    lists["places"] += _made_places(lists)
    for row in lists["holidays"]:
        row["day"] = row.pop("date")
    return lists


def _read(path: Path, name: str, codes: Mapping[str, set[str]]) -> Iterator[dict[str, Any]]:
    columns, seen = COLUMNS[name], set()
    try:
        file = path.open(encoding="utf-8", newline="")
    except OSError as error:
        raise BadList(f"{path.name}: cannot be read ({error.strerror}).") from None
    with file:
        reader = csv.DictReader(file, strict=True)
        if missing := columns.keys() - set(reader.fieldnames or ()):
            raise BadList(f"{path.name}: no column {', '.join(sorted(missing))}.")
        for raw in reader:
            if name == "figures" and raw["unit"] == "percent":
                continue
            where = f"{path.name}, line {reader.line_num}"
            row = {column: _value(where, column, raw[column], read) for column, read in columns.items()}
            for column, known in codes.items():
                if row.get(column) is not None and row[column] not in known:
                    raise BadList(f"{where}: {column} {row[column]!r} stands in no list.")
            if row.get("valid_to") and row["valid_to"] < row["valid_from"]:
                raise BadList(f"{where}: ends on {row['valid_to']}, before it begins on {row['valid_from']}.")
            key = tuple(row[column] for column in KEYS.get(name, ("code",)))
            if key in seen:
                raise BadList(f"{where}: {', '.join(map(str, key))} stands in the file twice.")
            seen.add(key)
            yield row | ({"as_of_text": raw["as_of"]} if name == "figures" else {})


def _value(where: str, column: str, text: str | None, read: Callable[[str], Any]) -> Any:
    if text is None:
        raise BadList(f"{where}: the row ends before {column}.")
    try:
        return read(text.strip())
    except (ValueError, IndexError) as error:
        raise BadList(f"{where}: {column} {text!r}: {error}.") from None


def _made_places(lists: Mapping[str, list[dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    empty = {"level": "", "npsn": "", "address": ""}
    for desa in lists["desa"]:
        yield empty | {
            "code": f"desa-{desa['code']}",
            "kind": "desa",
            "name": f"{desa['kind'].capitalize()} {desa['name']}",
            "kecamatan_code": desa["kecamatan_code"],
            "source": desa["source"],
        }
    for kecamatan in lists["kecamatan"]:
        yield empty | {
            "code": f"rumah-{kecamatan['code']}",
            "kind": "rumah",
            "name": f"Rumah warga – Kecamatan {kecamatan['name']}",
            "kecamatan_code": kecamatan["code"],
            "source": "each kecamatan of the Kemendagri list",
        }


def load_reference(tx: Tx, hand: ledger.Hand, folder: Path = REFERENCE) -> dict[str, tuple[int, int]]:
    """Bring every list into its table: (added, changed) a list. Nothing is removed.

    Noted once, and only when something changed. Raises BadList before anything is written.
    """
    lists = read_lists(folder)
    _refuse_overlaps(tx, lists["hub_members"])
    done = {name: areas.load(tx, name, rows) for name, rows in lists.items()}
    ledger.begin_versions(tx)
    if any(any(numbers) for numbers in done.values()):
        ledger.touch(tx, ledger.LISTS)
        changes = {
            f"{name}.{what}": (0, number)
            for name, numbers in done.items()
            for what, number in zip(("added", "changed"), numbers, strict=True)
            if number
        }
        ledger.note(tx, hand, "office.load", "office", "lists", changes)
    return done


def _refuse_overlaps(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> None:
    """Memberships as they would stand after loading, the kept ones included: one hub a day for each kecamatan."""
    names = ("kecamatan_code", "hub_code", "valid_from", "valid_to")
    loaded = [HubMember(*(row[name] for name in names)) for row in rows]
    would_stand = {(m.kecamatan_code, m.valid_from): m for m in (*areas.members(tx), *loaded)}
    if pair := overlapping(would_stand.values()):
        spans = " and ".join(f"{m.hub_code} from {m.valid_from} to {m.valid_to or 'further notice'}" for m in pair)
        raise BadList(
            f"hub_members.csv: {pair[0].kecamatan_code} would be under two hubs on the same days: {spans}. "
            "Give the earlier row a valid_to before the later begins; rows once loaded stay."
        )


# --- the database -------------------------------------------------------------------------------


def patiently(database: Database, deed: Callable[[Tx], Result]) -> Result:
    """Do ``deed`` in one writing transaction, waiting up to half a minute for whoever writes just then."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with database.writing() as tx:
                return deed(tx)
        except Unavailable as error:
            busy = "lock" in str(error) or "waiting" in str(error)
            if not busy or time.monotonic() > until:
                raise _unusable(error) from error
        time.sleep(0.05)


def initialise(database: Database, hand: ledger.Hand, *, demo: bool = False) -> dict[str, tuple[int, int]]:
    """Bring schema and lists to what this program knows, in one transaction: (added, changed) a list.

    Several may start at once on an empty database: one makes the schema, the others find it made. An
    interrupted run leaves nothing behind and can be repeated. Raises BadSettings for a newer program's
    database and for demo mode over a real office's (or the other way round), BadList for a bad row.
    """

    def deed(tx: Tx) -> dict[str, tuple[int, int]]:
        _refuse_newer(tx)
        if schema.present(tx) is not None:
            _refuse_foreign(tx, demo)
        schema.upgrade(tx)
        return load_reference(tx, hand)

    return patiently(database, deed)


def is_demo(tx: Tx) -> bool:
    """Whether this database is a demo office's own."""
    return areas.setting(tx, DEMO_MARK) == "1"


def readiness(database: Database, demo: bool, *, made: bool = True) -> None:
    """Return when this database may be served; raises BadSettings naming the cause otherwise.

    With ``made`` False a demo office need not be in it yet.
    """
    try:
        with database.reading() as tx:
            standing = schema.present(tx)
            if standing is None:
                raise BadSettings("PORTAL_DATABASE_URL: this database was never set up. Run: portal init")
            _refuse_newer(tx)
            if standing != schema.newest():
                raise BadSettings(
                    f"PORTAL_DATABASE_URL: the schema is old ({standing}, needed {schema.newest()}). "
                    "Make a backup, then run: portal init"
                )
            _refuse_foreign(tx, demo)
            if demo and made and not is_demo(tx):
                raise BadSettings("PORTAL_DEMO: this database has no demo office yet. Run: portal demo")
    except Unavailable as error:
        raise _unusable(error) from error


def _refuse_newer(tx: Tx) -> None:
    standing = schema.present(tx)
    if standing is not None and not schema.known(standing):
        raise BadSettings(
            f"PORTAL_DATABASE_URL: the schema ({standing}) is newer than this program ({schema.newest()}). "
            "Start the newer program."
        )


def _refuse_foreign(tx: Tx, demo: bool) -> None:
    marked = is_demo(tx)
    if marked and not demo:
        raise BadSettings(
            "PORTAL_DATABASE_URL: this is a demo office's database. Name another one, or set PORTAL_DEMO=1."
        )
    if demo and not marked and accounts.number(tx):
        raise BadSettings(
            "PORTAL_DEMO: this database is not the demo's own, it holds accounts. "
            "Unset PORTAL_DEMO, or name another database."
        )


def _unusable(error: Unavailable) -> BadSettings:
    cause = " ".join(str(error).split())
    return BadSettings(f"PORTAL_DATABASE_URL: the database cannot be used: {cause}")
