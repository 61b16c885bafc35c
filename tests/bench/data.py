"""An office of a certain age in a database file: staff who can sign in, kits, and every working day's rows."""

import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

from msgspec.structs import replace
from sqlalchemy import create_engine, insert

from portal.actions.accounts import hash_password
from portal.actions.demo import people
from portal.actions.office import initialise
from portal.domain.areas import Office
from portal.domain.calendar import office_day
from portal.domain.equipment import COMPONENTS
from portal.domain.recordings import MEASURES, NIHIL_REASONS
from portal.domain.visits import DONE
from portal.storage import accounts, areas, equipment, ledger, tables
from portal.storage.database import Database, Tx, engine_options

from .client import Browser
from .served import get

SHORT_DAYS = 60
LONG_DAYS = 3653
PASSWORD = "sawah tenang pagi hari"
CLERKS_EACH = 4
SUPERVISOR = "pengawas"
HELD_BACK = 3
"""Seeded rows end this many days ago: the days after it are the clerks' of this run."""

SETTINGS = {"PORTAL_SECRET_KEY": "k" * 48, "PORTAL_TRUSTED_HOSTS": "127.0.0.1"}


def sqlite(path: Path) -> str:
    """The address of a database file."""
    return f"sqlite:///{path}"


def make(url: str, days: int) -> Office:
    """A database at ``url`` whose office has worked for ``days`` days up to now."""
    reader, writer = (create_engine(url, **engine_options(url, read_only=only)) for only in (True, False))
    database, at, rng = Database(reader, writer), datetime.now(UTC), Random(days)
    initialise(database, ledger.Hand(None, "init", at))
    with database.writing() as tx:
        office = areas.office(tx)
        clerk_of = _staff(tx, office, at)
        for point in office.points.values():
            code = f"KIT-{point.code}"
            equipment.add_kit(tx, code, point.name, point.code, COMPONENTS, clerk_of[point.code], at)
        worked = [office_day(at) - timedelta(days=n) for n in range(HELD_BACK, days)]
        worked = [day for day in worked if day.weekday() < 5]
        _reports(tx, office, worked, clerk_of, rng)
        _visits(tx, worked, clerk_of, rng)
        _open_days(tx, office, next(iter(clerk_of.values())), at)
        ledger.touch(tx, ledger.DATA, ledger.LISTS)
    database.forget_connections()
    return office


def settings(url: str) -> dict[str, str]:
    """The environment of a real office, not a demo, over this database."""
    return SETTINGS | {"PORTAL_DATABASE_URL": url}


def _staff(tx: Tx, office: Office, at: datetime) -> dict[str, int]:
    hashed, clerk_of = hash_password(PASSWORD), {}
    for person in people(office):
        account_id = accounts.add(tx, person, hashed, at)
        clerk_of |= dict.fromkeys(person.points, account_id)
        if person.points:
            for number in range(2, CLERKS_EACH + 1):
                accounts.add(tx, replace(person, username=f"{person.username}{number}"), hashed, at)
    return clerk_of


def usernames(office: Office) -> dict[str, list[str]]:
    """Point of a kecamatan → the user names of its clerks."""
    return {
        next(iter(person.points)): [person.username, *(f"{person.username}{n}" for n in range(2, CLERKS_EACH + 1))]
        for person in people(office)
        if person.points and next(iter(person.points)).startswith("kec-")
    }


def _kept(day: date, account_id: int) -> dict[str, Any]:
    at = datetime(day.year, day.month, day.day, 7, 0, tzinfo=UTC)
    return {
        "version": 1,
        "received_at": at,
        "changed_at": at,
        "author_id": account_id,
        "editor_id": account_id,
    }


def counts(rng: Random) -> dict[str, int]:
    """What an ordinary day of a point adds up to: every box filled, and nothing that would be asked about."""
    given = {m.name: rng.randint(0, min(m.limit, 60)) for m in MEASURES}
    given |= {"printed_prr": 20, "printed_replacement": 10, "handed_over": 25}  # what has a usual size keeps to it
    male = rng.randint(10, 20)
    female = 30 - male
    printed = given["printed_prr"] + given["printed_replacement"]
    steady = {"failed": 2, "blanks_spoiled": 0, "blanks_received": printed, "blanks_left": 500}
    return (
        given
        | steady
        | {"ribbon_pct": 80, "film_pct": 80}
        | {
            "recorded": male + female,
            "recorded_male": male,
            "recorded_female": female,
            "recorded_first_time": 3,
        }
    )


def _reports(tx: Tx, office: Office, worked: list[date], clerk_of: Mapping[str, int], rng: Random) -> None:
    codes = list(office.kecamatan)
    rows, homes = [], []
    for day in worked:
        for point in office.points:
            nihil = rng.random() < 0.03
            given: dict[str, int | None] = (
                dict.fromkeys(m.name for m in MEASURES) | {"recorded": 0} if nihil else dict(counts(rng))
            )
            number = len(rows) + 1
            rows.append(
                {
                    "id": number,
                    "point_code": point,
                    "service_date": day,
                    "kind": "nihil" if nihil else "angka",
                    "nihil_reason": rng.choice(list(NIHIL_REASONS)) if nihil else None,
                    "note": "",
                    **given,
                    **_kept(day, clerk_of[point]),
                }
            )
            if not nihil:
                homes += [
                    {"report_id": number, "home_code": code, "recorded": rng.randint(1, 3)}
                    for code in rng.sample(codes, 3)
                ]
    tx.execute(insert(tables.report), rows)
    tx.execute(insert(tables.report_home), homes)


def _open_days(tx: Tx, office: Office, account_id: int, at: datetime) -> None:
    """Every day of every point is open: the reports that are sent go further back than a clerk may write.

    Each of them so asks for exceptions, which a report in time does not: what is measured is a little dearer.
    """
    given = {"first": office.start(), "last": date(2100, 1, 1), "expires_at": datetime(2100, 1, 1, tzinfo=UTC)}
    given |= {"reason": "bench", "account_id": account_id, "at": at}
    tx.execute(insert(tables.lock_exception), [{"point_code": code, **given} for code in office.points])


def _visits(tx: Tx, worked: list[date], clerk_of: Mapping[str, int], rng: Random) -> None:
    schools = [place for place in areas.schools(tx) if f"kec-{place.kecamatan_code}" in clerk_of]
    rows, homes = [], []
    for day in worked:
        for place in rng.sample(schools, 2):
            point, listed = f"kec-{place.kecamatan_code}", rng.randint(60, 90)  # never an office figure
            rows.append(
                {
                    "id": len(rows) + 1,
                    "place_code": place.code,
                    "visit_date": day,
                    "point_code": point,
                    "state": DONE,
                    "eligible": listed + 15,
                    "recorded_from_list": listed,
                    "already": 5,
                    "absent": 10,
                    "refused": 0,
                    "failed": 0,
                    "outside": 0,
                    "not_yet_16": 0,
                    "walk_in": 1,
                    **_kept(day, clerk_of[point]),
                }
            )
            homes.append({"visit_id": len(rows), "home_code": place.kecamatan_code, "recorded": listed})
    tx.execute(insert(tables.visit), rows)
    tx.execute(insert(tables.visit_home), homes)


# --- people at their browsers -------------------------------------------------------------------


class Signed:
    """A browser's session after a real sign-in: the cookie, and a sign of origin good for every form."""

    def __init__(self, cookie: str, token: str) -> None:
        self.cookie, self.token = cookie, token

    def get(self, path: str, more: Mapping[str, str] | None = None) -> bytes:
        """A GET in this session."""
        return get(path, self.cookie, more)

    def post(self, path: str, fields: Mapping[str, str]) -> bytes:
        """A form posted in this session."""
        return _post(path, self.cookie, {**fields, "csrf_token": self.token})


def _post(path: str, cookie: str, fields: Mapping[str, str]) -> bytes:
    body = urlencode(fields).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _cookie(headers: Mapping[str, str]) -> str:
    return headers["set-cookie"].split("\n")[-1].split(";")[0]


def _token(body: bytes) -> str:
    return body.decode().split('name="csrf_token" value="', 1)[1].split('"', 1)[0]


def sign_in(port: int, username: str) -> Signed:
    """Sign in as a person does: the form, the password, and a page with a form on it."""
    browser = Browser(port)
    _status, headers, body = browser.ask(get("/sign-in"))
    fields = {"username": username, "password": PASSWORD, "csrf_token": _token(body)}
    status, headers, body = browser.ask(_post("/sign-in", _cookie(headers), fields))
    if status != 303:
        raise RuntimeError(f"{username} could not sign in: {status}")
    cookie = _cookie(headers)
    _status, headers, body = browser.ask(get("/today", cookie))
    browser.close()
    return Signed(_cookie(headers) if "set-cookie" in headers else cookie, _token(body))


def reports_to_send(office: Office, sessions: Mapping[str, list[Signed]]) -> Iterator[bytes]:
    """Filled-in daily forms that were never sent before, round the kecamatan, for days before the seeded ones too.

    Boxes without a figure are sent empty, as a browser does; two homes are named, and a day long past is stood by.
    """
    rng, today = Random(35), office_day(datetime.now(UTC))
    start = office.start()
    free = [today - timedelta(days=n) for n in range(HELD_BACK)]
    free += [start + timedelta(days=n) for n in range((today - start).days - HELD_BACK)]
    homes = [*office.kecamatan, "luar"]
    for turn, day in enumerate(day for day in free if day >= start):
        for point, signed in sessions.items():
            if day.weekday() < 5 and day in _seeded(today):
                continue
            given = counts(rng)
            fields = {"submission_id": str(uuid.uuid4()), "version": "0", "kind": "angka", "nihil_reason": ""}
            fields |= {name: str(number) for name, number in given.items()}
            fields |= {"passed-1": f"late_first:service_date:{(today - day).days}"}
            fields |= {f"home-{code}": "" for code in homes} | {f"home-{homes[turn % 18]}": "4", "home-luar": "2"}
            yield signed[turn % len(signed)].post(f"/recordings/{quote(point)}/{day}/edit", fields | {"note": ""})


def _seeded(today: date) -> set[date]:
    return {today - timedelta(days=n) for n in range(HELD_BACK, SHORT_DAYS)}
