"""The caretaker's commands: `portal init`, `demo`, `serve`, `check`, `audit verify`, `user …`, `kit add|import|list`.

Each opens one transaction and calls one action. What cannot be done is one line on standard error and exit
code 2.
"""

import argparse
import os
import sys
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from . import open_database
from .actions import accounts, equipment, kit_file, office
from .actions.checks import checks
from .actions.demo import OPENED, make_demo, people
from .actions.sending import Sender
from .config import ROOT, BadSettings, Clock, Settings
from .domain.accounts import ROLES, Account
from .domain.audit import CONTENT, GAP, LINK, ORDER, AuditEntry, first_broken
from .domain.equipment import COMPONENTS
from .domain.problems import Conflict, Invalid, NotPermitted, Unknown
from .storage import accounts as staff
from .storage import areas, ledger
from .storage import equipment as kits
from .storage.database import Database, Unavailable

CARETAKER = "caretaker"

Run = Callable[[argparse.Namespace], int]


class Refused(Exception):
    """A command that will not be done; the text says why."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and leave with 0, 1 (looked, and it is not well) or 2 (could not be done)."""
    chosen = _parser().parse_args(arguments)
    run: Run = chosen.run
    try:
        code = run(chosen)
    except Unavailable as error:
        code = _say(f"The database cannot be used just now, nothing was kept: {error}")
    except Unknown as error:
        code = _say(f"There is no account {error}.")
    except (BadSettings, Refused, office.BadList, Invalid, Conflict, NotPermitted) as error:
        code = _say(str(error))
    except ModuleNotFoundError as error:
        if error.name != "psycopg":
            raise
        code = _say("PORTAL_DATABASE_URL: PostgreSQL needs the package psycopg. Run: make install DATABASE=postgres")
    sys.exit(code)


def _say(text: str) -> int:
    print(f"portal: {' '.join(text.split())}", file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="portal", description="The recording portal's caretaker.")
    commands = parser.add_subparsers(title="commands", required=True, metavar="command")

    def command(name: str, run: Run, text: str, under: Any = commands) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = under.add_parser(name, help=text, description=text)
        made.set_defaults(run=run)
        return made

    command("init", _init, "bring the database to the newest schema and load the reference lists")
    command("demo", _demo, "make the demo office (needs PORTAL_DEMO=1)")
    command("serve", _serve, "serve the portal with gunicorn on port PORT (8000)")
    command("check", _check, "look whether the portal stands well")
    audit = commands.add_parser("audit", help="the log of deeds").add_subparsers(required=True, metavar="command")
    command("verify", _verify, "walk the whole log and check that nothing was changed", audit)
    user = commands.add_parser("user", help="accounts").add_subparsers(required=True, metavar="command")
    add = command("add", _user_add, "make an account and print its one-time code", user)
    add.add_argument("username")
    add.add_argument("--name", required=True, help="the person's name")
    add.add_argument("--role", required=True, choices=list(ROLES))
    add.add_argument("--point", action="append", default=[], help="service point of a clerk; may be repeated")
    add.add_argument("--place", action="append", default=[], help="school of a liaison; may be repeated")
    reset = command("reset", _user_reset, "give an account a new one-time code and end its sessions", user)
    reset.add_argument("username")
    command("list", _user_list, "list all accounts", user)
    kit = commands.add_parser("kit", help="recording kits").add_subparsers(required=True, metavar="command")
    add = command("add", _kit_add, "register a kit whose parts all work", kit)
    add.add_argument("code", help="what stands on it, such as KIT-NGO-1")
    add.add_argument("--name", required=True, help="what people call it")
    add.add_argument("--point", required=True, help="service point where it stands")
    add.add_argument("--by", required=True, help="user name of the supervisor or administrator who answers for it")
    add.add_argument("--without", action="append", default=[], choices=list(COMPONENTS), help="part it has not")
    take_in = command("import", _kit_import, "show what a list of kits (csv, xlsx) would change; --yes keeps it", kit)
    take_in.add_argument("file", type=Path, help="the list: the same columns as on the page that takes one in")
    take_in.add_argument("--by", required=True, help="user name of the supervisor or administrator who answers for it")
    take_in.add_argument("--yes", action="store_true", help="keep it; all of it, or nothing when a line is wrong")
    command("list", _kit_list, "list all kits", kit)
    return parser


# --- setting up ---------------------------------------------------------------------------------


def _clock(settings: Settings, database: Database) -> Clock:
    """The office's clock; a demo's goes on from what was last written down."""
    clock = Clock(settings.clock_start)
    with database.reading() as tx:
        clock.resume_after(ledger.last_moment(tx))
    return clock


def _moment(settings: Settings, database: Database) -> datetime:
    """Now; before a demo is made, the day on which its office was set up."""
    try:
        office.readiness(database, settings.demo)
    except BadSettings:  # a database that is not set up yet has nothing to go on from
        return OPENED if settings.demo else Clock().now()
    return _clock(settings, database).now()


def _ready() -> tuple[Settings, Database]:
    settings = Settings.read()
    database = open_database(settings)
    office.readiness(database, settings.demo)
    return settings, database


def _hand(settings: Settings, database: Database) -> ledger.Hand:
    return ledger.Hand(None, CARETAKER, _clock(settings, database).now())


def _init(_chosen: argparse.Namespace) -> int:
    settings = Settings.read()
    if settings.sqlite_path:
        folder = settings.sqlite_path.parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadSettings(f"PORTAL_DATABASE_URL: no folder {folder}: {error.strerror}.") from None
    database = open_database(settings)
    hand = ledger.Hand(None, CARETAKER, _moment(settings, database))
    done = office.initialise(database, hand, demo=settings.demo)
    added, changed = (sum(numbers[n] for numbers in done.values()) for n in (0, 1))
    print(f"Database ready; reference lists: {added} rows added, {changed} changed.")
    return 0


def _demo(_chosen: argparse.Namespace) -> int:
    settings = Settings.read()
    if not settings.demo:
        raise Refused("The demo office is made only with PORTAL_DEMO=1, in a database of its own.")
    database = open_database(settings)
    office.readiness(database, demo=True, made=False)
    made = make_demo(database, settings.demo_password)
    print("Demo office made: invented data, 8 to 21 October 2024." if made else "Demo office kept as it is.")
    return 0


def _serve(_chosen: argparse.Namespace) -> int:
    settings, database = _ready()
    port = os.environ.get("PORT", "8000")
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise Refused(f"PORT: is {port!r}, must be a number from 1 to 65535.")
    gunicorn = Path(sys.executable).parent / "gunicorn"
    if not gunicorn.exists():
        raise Refused(f"gunicorn is not installed beside {sys.executable}.")
    command = [str(gunicorn), "--config", str(ROOT / "gunicorn.conf.py")]
    if settings.demo:
        command += ["--bind", f"127.0.0.1:{port}"]
        _tell_demo(settings, database, port)
    else:
        print(f"Serving on http://127.0.0.1:{port} for {', '.join(settings.trusted_hosts)}")
    sys.stdout.flush()
    database.forget_connections()
    os.chdir(ROOT)
    os.execv(command[0], [*command, "wsgi:app"])


def _tell_demo(settings: Settings, database: Database, port: str) -> None:
    with database.reading() as tx:
        named = [person.username for person in people(areas.office(tx))]
    clerks, others = named[:-4], named[-4:]
    lines = [
        "",
        f"  The demo office: http://127.0.0.1:{port}",
        "  Invented data (Data contoh). Stop with Ctrl+C.",
        "",
        f"  Password of every account: {settings.demo_password}",
        f"  Clerks: {' '.join(clerks[:9])}",
        f"          {' '.join(clerks[9:])}",
        f"  Others: {' '.join(others)} (liaison, supervisor, reader, administrator)",
        "",
    ]
    print("\n".join(lines))


# --- looking ------------------------------------------------------------------------------------


def _check(_chosen: argparse.Namespace) -> int:
    settings = Settings.read()
    database = open_database(settings)
    found = checks(database, settings, _moment(settings, database))
    for check in found:
        print(f"{'ok ' if check.ok else 'BAD'}  {check.name}: {check.text}")
    return 0 if all(check.ok for check in found) else 1


BROKEN = {
    CONTENT: "its content was changed",
    GAP: "an entry before it is missing",
    ORDER: "it stands twice, or out of its order",
    LINK: "the entry before it was replaced by another",
}


def _verify(_chosen: argparse.Namespace) -> int:
    _settings, database = _ready()
    number = 0

    def counted(entries: Iterable[AuditEntry]) -> Iterator[AuditEntry]:
        nonlocal number
        for entry in entries:
            number += 1
            yield entry

    with database.reading() as tx:
        broken = first_broken(counted(ledger.every_entry(tx)))
    if broken is not None:
        entry = broken.entry
        moment = entry.at.isoformat(timespec="seconds")
        print(f"The log is broken at entry {entry.seq}: {BROKEN[broken.why]}.")
        print(f"Entry {entry.seq}: {moment}, {entry.account}, {entry.deed}, {entry.object_kind} {entry.object_id}")
        return 1
    print(f"{number} entries, none changed, none missing.")
    return 0


# --- accounts -----------------------------------------------------------------------------------


def _user_add(chosen: argparse.Namespace) -> int:
    settings, database = _ready()
    record = Account(0, chosen.username, chosen.name, chosen.role, frozenset(chosen.point), frozenset(chosen.place))
    hand = _hand(settings, database)
    with database.writing() as tx:
        code = accounts.add(tx, hand, areas.office(tx), record)
    _tell_code(record.username, code)
    return 0


def _user_reset(chosen: argparse.Namespace) -> int:
    settings, database = _ready()
    hand = _hand(settings, database)
    with database.writing() as tx:
        code = accounts.reset(tx, hand, chosen.username)
    _tell_code(chosen.username, code)
    return 0


def _tell_code(username: str, code: str) -> None:
    print(f"Account {username.strip().lower()}, one-time code: {code}")
    print("It is shown only here and must be changed at the first sign-in.")


def _user_list(_chosen: argparse.Namespace) -> int:
    _settings, database = _ready()
    with database.reading() as tx:
        everyone = staff.everyone(tx)
    for account in everyone:
        scope = ", ".join(sorted(account.points | account.places)) or "district"
        state = "" if account.active else "  (closed)"
        print(f"{account.username:<18} {account.role:<14} {account.name:<28} {scope}{state}")
    return 0


# --- kits ---------------------------------------------------------------------------------------


def _kit_add(chosen: argparse.Namespace) -> int:
    settings, database = _ready()
    at = _clock(settings, database).now()
    kinds = [kind for kind in COMPONENTS if kind not in chosen.without]
    with database.writing() as tx:
        by = _answering(tx, chosen.by)
        sender = Sender(by, at, address=CARETAKER)
        try:
            equipment.add(tx, sender, areas.office(tx), chosen.code, chosen.name, chosen.point, kinds)
        except NotPermitted:
            raise Refused(f"--by: {by.username} is not an active supervisor or administrator.") from None
    print(f"Kit {chosen.code} registered at {chosen.point} with {len(kinds)} parts.")
    return 0


def _kit_import(chosen: argparse.Namespace) -> int:
    """What a list would change, or with --yes all of it kept; every wrong cell is a line and the code is 1."""
    settings, database = _ready()
    at = _clock(settings, database).now()
    try:
        content = chosen.file.read_bytes()
    except OSError as error:
        raise Refused(f"{chosen.file}: {error.strerror}.") from None
    try:
        with database.writing() if chosen.yes else database.reading() as tx:  # what is wrong undoes all of it
            sender, lists = Sender(_answering(tx, chosen.by), at, address=CARETAKER), areas.office(tx)
            rows = kit_file.rows_of(chosen.file.name, content)
            change = kit_file.preview(tx, sender, lists, rows)
            if chosen.yes:
                kit_file.take_in(tx, sender, lists, str(uuid.uuid4()), rows)
    except NotPermitted:
        raise Refused(f"--by: {chosen.by} is not an active supervisor or administrator.") from None
    except Invalid as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        return 1
    counts = (
        f"{len(change.new_kits)} new kits, {len(change.new_parts)} new parts, {len(change.new_papers)} changed parts"
    )
    print(f"{'Kept' if chosen.yes else 'Would keep'}: {counts}, {change.same} as they are.")
    if not chosen.yes:
        print("Nothing was kept. Say --yes to keep it.")
    return 0


def _answering(tx: Any, username: str) -> Account:
    found = staff.find(tx, username.strip().lower())
    if found is None:
        raise Unknown(username)
    return found


def _kit_list(_chosen: argparse.Namespace) -> int:
    _settings, database = _ready()
    with database.reading() as tx:
        every = kits.kits(tx)
    for kit in every:
        able = f"record {kit.can_record}, print {kit.can_print}"
        print(f"{kit.code:<20} {kit.point_code:<14} {kit.name:<28} {able}")
    return 0


if __name__ == "__main__":
    main()
