"""Whether the portal stands well: what `portal check` tells, one line a thing."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from ..config import BadSettings, Settings
from ..domain.audit import chained, content
from ..domain.calendar import office_day
from ..storage import areas, ledger, schema
from ..storage.database import Database, Tx, Unavailable, safe_journal, sqlite_version
from .office import read_lists, readiness

EARLIEST = datetime(2024, 10, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)
TAIL = 200
AHEAD = timedelta(days=30)
"""How early a missing year of holidays is told: every day of such a year would be a service day."""


class Check(Struct, frozen=True):
    """One thing looked at: whether it is well, and a sentence that says what was found."""

    name: str
    ok: bool
    text: str


class _TakeBack(Exception):
    """Ends a transaction so that nothing of it stays."""


def checks(database: Database, settings: Settings, now: datetime) -> list[Check]:
    """Everything looked at, in order; a thing that cannot be looked at is not well."""
    looked = [_settings(settings), _secret_key(settings), _library(database)]
    try:
        readiness(database, settings.demo)
    except BadSettings as error:
        return [*looked, Check("database", False, str(error))]
    return [*looked, Check("schema", True, f"at {schema.newest()}, the newest"), *_inside(database, now)]


def _inside(database: Database, now: datetime) -> Iterator[Check]:
    yield _writable(database)
    reading: list[Callable[[Tx], Check]] = [lambda tx: _clock(tx, now), lambda tx: _calendar(tx, now), _lists, _audit]
    for look in reading:
        try:
            with database.reading() as tx:
                found = look(tx)
        except Unavailable as error:
            found = Check("database", False, f"cannot be read: {error}")
        yield found


def _settings(settings: Settings) -> Check:
    kind = "demo office" if settings.demo else "real office"
    where = settings.sqlite_path or "a database server"
    hosts = ", ".join(settings.trusted_hosts)
    return Check("settings", True, f"{kind}; {where}; hosts {hosts}; {settings.proxy_hops} proxies in front")


def _secret_key(settings: Settings) -> Check:
    length, different = len(settings.secret_key), len(set(settings.secret_key))
    good = settings.demo or (length >= 32 and different >= 10)
    return Check("secret key", good, f"{length} characters, {different} different")


def _library(database: Database) -> Check:
    if not database.is_sqlite:
        return Check("library", True, "PostgreSQL server")
    version = sqlite_version()
    journal, synchronous = safe_journal(version)
    text = f"SQLite {'.'.join(map(str, version))}, journal {journal}, synchronous {synchronous}"
    return Check("library", True, text)


def _writable(database: Database) -> Check:
    try:
        with database.writing() as tx:
            areas.set_setting(tx, "check", "1")
            raise _TakeBack
    except _TakeBack:
        return Check("writing", True, "a row was written and taken back")
    except Unavailable as error:
        return Check("writing", False, f"nothing can be written: {' '.join(str(error).split())}")


def _clock(tx: Tx, now: datetime) -> Check:
    if now.tzinfo is None:
        return Check("clock", False, "has no time zone")
    text = now.astimezone(UTC).isoformat(timespec="seconds")
    if not EARLIEST <= now <= LATEST:
        return Check("clock", False, f"{text} cannot be right")
    last = ledger.last_moment(tx)
    if last is not None and now < last - timedelta(seconds=1):
        return Check("clock", False, f"{text} is before the last audit entry ({last.isoformat()})")
    return Check("clock", True, text)


def _calendar(tx: Tx, now: datetime) -> Check:
    listed = {day.year for day in areas.office(tx).calendar.holidays}
    needed = sorted({office_day(now).year, office_day(now + AHEAD).year})
    if missing := [str(year) for year in needed if year not in listed]:
        text = f"no holidays of {' and '.join(missing)}: add them to portal/reference/holidays.csv, then portal init"
        return Check("calendar", False, text)
    return Check("calendar", True, f"holidays are listed up to {max(listed)}")


def _lists(tx: Tx) -> Check:
    kept = areas.counts(tx)
    text = ", ".join(f"{name} {number}" for name, number in kept.items())
    short = [name for name, rows in read_lists().items() if kept[name] < len(rows)]
    if short:
        return Check("lists", False, f"rows are missing in {', '.join(short)}: run portal init ({text})")
    return Check("lists", True, text)


def _audit(tx: Tx) -> Check:
    """The newest entries only: the whole chain is `portal audit verify`."""
    newer = None
    number = 0
    for entry in ledger.newest_entries(tx, TAIL):
        if chained(content(entry), entry.previous_hash) != entry.hash or (
            newer is not None and (newer.seq != entry.seq + 1 or newer.previous_hash != entry.hash)
        ):
            return Check("audit", False, f"the chain is broken at {entry.seq}")
        newer, number = entry, number + 1
    return Check("audit", True, f"the newest {number} entries hold")
