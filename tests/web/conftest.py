"""A portal to ask: the real app on a furnished database of the test's own, with a clock that stands still."""

import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pysqlite3.dbapi2 as sqlite_driver
import pytest
from flask import Flask

from portal import create_app
from portal.actions import (
    calendar,
    equipment,
    locks,
    outages,
    places,
    publications,
    recordings,
    spares,
    stock,
    upkeep,
    visits,
)
from portal.actions.office import DEMO_MARK
from portal.actions.service import Services
from portal.config import Clock, Settings
from portal.domain.accounts import Account
from portal.domain.areas import Office
from portal.domain.locks import Locked
from portal.domain.outages import Outage
from portal.domain.places import Buckets
from portal.domain.recordings import Entry, Report
from portal.domain.schedule import Opening
from portal.domain.transfers import Receipt, Shipment
from portal.domain.upkeep import Upkeep
from portal.domain.visits import Visit
from portal.storage import areas, follow_ups
from portal.storage import calendar as kept_calendar
from portal.storage import recordings as kept_recordings
from portal.storage import visits as kept_visits
from portal.web import join

from .. import people, records
from ..digest import digest
from ..doors import connect, kept_doors
from ..pages import HTTPS, Browser, watch


class StillClock(Clock):
    """The office's moment, moved on by the test only."""

    def __init__(self, moment: datetime = people.NOW) -> None:
        super().__init__()
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def pass_by(self, **time: float) -> None:
        self.moment += timedelta(**time)


_idle: dict[bool, list[Flask]] = defaultdict(list)


@contextmanager
def running(url: str, *, demo: bool = False) -> Iterator["Portal"]:
    """A portal on the database at ``url``: rooms of its own, behind the routes of an app that earlier tests asked.

    To make an app is to compile all its addresses, and then each page's template: longer than most tests take.
    """
    settings = Settings(
        secret_key="a key for tests only, long enough to be accepted",
        database_url=url,
        trusted_hosts=("127.0.0.1",) if demo else ("portal.test",),
        demo=demo,
    )
    app = _idle[demo].pop() if _idle[demo] else watch.look_at(create_app(settings))
    with kept_doors(url) as database:
        yield Portal(app, Services(settings, database, StillClock()))
    _idle[demo].append(app)


class Portal:
    """A running portal, its database, and the people at their browsers."""

    def __init__(self, app: Flask, services: Services) -> None:
        join(app, services)
        self.app, self.services, self.database, self.clock = app, services, services.database, services.clock
        self.base_url = "http://127.0.0.1" if services.settings.demo else HTTPS
        self._desks: dict[str, Browser] = {}

    def browser(self, who: Account | None = None, **more: Any) -> Browser:
        """A browser of one's own, signed in through the sign-in form."""
        found = Browser(self.app, self.base_url, **more)
        if who is not None:
            answer = found.sign_in(who)
            assert (answer.status, answer.location) == (303, "/")
        return found

    def desk(self, who: Account) -> Browser:
        """This person's one browser here, signed in the first time it is asked for."""
        if who.username not in self._desks:
            self._desks[who.username] = self.browser(who)
        return self._desks[who.username]

    def watch(self) -> Callable[[], bool]:
        """Asked again and again: whether anything was committed to this database file since it was asked last."""
        connection = sqlite_driver.connect(self.services.settings.sqlite_path)
        seen = [-1]

        def written() -> bool:
            (version,) = connection.execute("PRAGMA data_version").fetchone()
            fresh, seen[0] = version != seen[0], version
            return fresh

        written()
        return written

    def digest(self, *without: str) -> dict[str, str]:
        """A fingerprint of every table."""
        return {name: value for name, value in digest(self.database).items() if name not in without}

    def office(self) -> Office:
        with self.database.reading() as tx:
            return areas.office(tx)

    def report(
        self,
        entry: Entry | None = None,
        who: Account = people.clerk,
        day: date = people.TODAY,
        version: int = 0,
        reason: str = "",
        at: datetime = people.NOW,
    ) -> None:
        """Arrange a report of this clerk's point; one of a day that has closed comes under an exception."""
        (point,) = who.points
        id, office = records.submission_id(), self.office()
        given = (office, id, point, day, entry or records.entry(), version, reason)
        with self.database.writing() as tx:
            try:
                recordings.send(tx, people.sending(who, at), *given)
            except Locked:
                opening = (office, records.submission_id(), point, day, day, 1, "disusun untuk uji")
                locks.give_exception(tx, people.sending(people.supervisor, at), *opening)
                recordings.send(tx, people.sending(who, at), *given)

    def cancel_report(self, who: Account = people.clerk, day: date = people.TODAY) -> None:
        (point,) = who.points
        with self.database.writing() as tx:
            recordings.cancel(tx, people.sending(who), self.office(), point, day, 1, "salah hari")

    def visit(self, who: Account = people.clerk, result: Any = None, **plan: Any) -> int:
        """Arrange a planned visit, or with ``result`` one that is done; its number."""
        id, office = records.submission_id(), self.office()
        with self.database.writing() as tx:
            sent = visits.plan(tx, people.sending(who), office, id, records.plan(**plan))
            number = int(sent.object_id)
            if result is not None:
                visits.close(tx, people.sending(who), office, records.submission_id(), number, 1, result)
        return number

    def cancel_visit(self, number: int, who: Account = people.clerk, version: int = 1) -> None:
        with self.database.writing() as tx:
            visits.cancel(tx, people.sending(who), number, version, "sekolah", "")

    def publish(self, day: date = people.TODAY, at: datetime = people.NOW) -> int:
        """Arrange the published summary of a day; its number."""
        office = self.office()
        with self.database.writing() as tx:
            mark = publications.draft(tx, office, day, at).mark
            sender = people.sending(people.supervisor, at)
            sent = publications.publish(tx, sender, office, records.submission_id(), day, mark)
        return int(sent.object_id)

    def transfer(self, who: Account = people.clerk, **over: Any) -> int:
        """Arrange blanks on their way from Ngoro to Gondang; the transfer's number."""
        values: dict[str, Any] = {
            "from_point": people.NGORO,
            "to_point": people.GONDANG,
            "quantity": 50,
            "sent_date": people.TODAY,
        }
        id, office, shipment = records.submission_id(), self.office(), Shipment(**values | over)
        with self.database.writing() as tx:
            return int(stock.send(tx, people.sending(who), office, id, shipment).object_id)

    def receive(self, number: int, who: Account = people.stranger, quantity: int = 50, note: str = "") -> None:
        receipt = Receipt(people.TODAY, quantity, note)
        with self.database.writing() as tx:
            stock.receive(tx, people.sending(who), records.submission_id(), number, 1, receipt)

    def target(self, place_code: str, who: Account = people.clerk, **over: Any) -> int:
        """Arrange a target of a place: a liaison's waits; its number."""
        values = {"buckets": Buckets(60, 40, 20), "as_of": people.TODAY, "source": "Daftar siswa"} | over
        id, office = records.submission_id(), self.office()
        with self.database.writing() as tx:
            sent = places.propose(tx, people.sending(who), office, id, place_code, *values.values())
        return int(sent.object_id)

    def line_of(self, visit: int) -> int:
        """The number of the line that a visit left."""
        with self.database.reading() as tx:
            found = follow_ups.of_visit(tx, visit)
        assert found is not None
        return found.id

    def break_part(self, kind: str, kit: str = f"kit-{people.NGORO}", who: Account = people.clerk) -> None:
        with self.database.writing() as tx:
            equipment.set_status(
                tx, people.sending(who), records.submission_id(), kit, kind, 1, "broken", "tidak_menyala", ""
            )

    def open_day(self, day: date, point: str | None = None, *, opens: bool = True) -> int:
        """Arrange a day to come that is opened or closed; the entry's number."""
        with self.database.writing() as tx:
            what = Opening(point, day, opens)
            calendar.change(tx, people.sending(people.supervisor), records.submission_id(), what, "SK 12/2024")
            found = kept_calendar.standing(tx, point, day)
        assert found is not None
        return found.id

    def equipped(self) -> dict[str, dict[str, dict[str, int]]]:
        """A broken part, an outage and planned care at Ngoro and at Pungging, one outage of all, a thing in store."""
        mine, theirs, boss = people.clerk, people.colleague, people.supervisor
        self.break_part("card_reader", f"kit-{people.NGORO}", mine)
        self.break_part("card_reader", f"kit-{people.PUNGGING}", theirs)
        hour, office = timedelta(hours=1), self.office()
        places = ((people.NGORO, mine), (people.PUNGGING, theirs), (None, boss))
        with self.database.writing() as tx:
            for point, who in places:
                told = Outage(0, point, "power", people.NOW - hour, None)
                outages.tell(tx, people.sending(who), office, records.submission_id(), told)
            for point in (people.NGORO, people.PUNGGING):
                care = Upkeep(0, f"kit-{point}", None, "", "inspection", 12, None, people.TODAY)
                upkeep.plan(tx, people.sending(boss), records.submission_id(), care)
            spares.add(tx, people.sending(boss), records.submission_id(), "Pita warna", "ribbon", "gulung", 2)
        own, foreign, missing = 1, 2, 999
        return {
            "faults": {n: {"fault_id": i} for n, i in (("own", own), ("foreign", foreign), ("missing", missing))},
            "outages": {
                n: {"outage_id": i}
                for n, i in (("own", own), ("foreign", foreign), ("district", 3), ("missing", missing))
            },
            "upkeep": {n: {"upkeep_id": i} for n, i in (("own", own), ("foreign", foreign), ("missing", missing))},
            "spares": {"own": {"item_id": 1}, "missing": {"item_id": missing}},
        }

    def kept_report(self, point: str = people.NGORO, day: date = people.TODAY) -> Report | None:
        with self.database.reading() as tx:
            return kept_recordings.find(tx, point, day)

    def kept_visit(self, number: int) -> Visit:
        with self.database.reading() as tx:
            found = kept_visits.find(tx, people.supervisor, number)
        assert found is not None
        return found


@pytest.fixture
def sqlite_url(furnished_file: Path, tmp_path: Path) -> str:
    return f"sqlite:///{shutil.copy(furnished_file, tmp_path / 'portal.db')}"


@pytest.fixture
def portal(sqlite_url: str) -> Iterator[Portal]:
    """A portal on SQLite."""
    with running(sqlite_url) as found:
        yield found


@pytest.fixture(scope="module")
def shared(furnished_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    path = shutil.copy(furnished_file, tmp_path_factory.mktemp("shared") / "portal.db")
    with running(f"sqlite:///{path}") as found:
        for who in (people.clerk, people.administrator):
            found.desk(who)
        yield found


@pytest.fixture(scope="module")
def standing(shared: Portal) -> Callable[[], dict[str, str]]:
    """The shared portal's digest; the tables are read again only when something was committed since."""
    written = shared.watch()
    last = [shared.digest()]

    def look() -> dict[str, str]:
        if written():
            last[0] = shared.digest()
        return last[0]

    return look


@pytest.fixture
def quiet(shared: Portal, standing: Callable[[], dict[str, str]]) -> Iterator[Portal]:
    """A portal shared by a module's tests, which must leave it exactly as it was."""
    before = standing()
    yield shared
    assert standing() == before


@pytest.fixture
def portal_anywhere(database_url: str) -> Iterator[Portal]:
    """The same, once on SQLite and once on PostgreSQL."""
    with running(database_url) as found:
        yield found


@pytest.fixture
def demo_portal(sqlite_url: str) -> Iterator[Portal]:
    """A portal in demo mode."""
    database = connect(sqlite_url)
    with database.writing() as tx:
        areas.set_setting(tx, DEMO_MARK, "1")
    database.forget_connections()
    with running(sqlite_url, demo=True) as found:
        yield found


@pytest.fixture
def unchanged(portal: Portal) -> Iterator[Callable[[], None]]:
    """Nothing at all was kept between the call and the end of the test."""
    before: list[dict[str, str]] = []
    yield lambda: before.append(portal.digest())
    for then in before:
        assert portal.digest() == then


@pytest.fixture
def busy(portal_anywhere):
    """A portal with three days of work at three points, two visits and a silent district around them."""
    portal = portal_anywhere
    for back, n in ((5, 11), (4, 22), (0, 33)):
        day = people.TODAY - timedelta(days=back)
        portal.report(records.entry(n, {"35.16.06": 4, "luar": 2}, printed_prr=n - 3, prr=900), day=day)
        portal.report(records.entry(1000 + n, failed=0), who=people.colleague, day=day)
    portal.report(records.nihil("jaringan_server"), who=people.stranger)
    portal.visit(result=records.result({"35.16.06": 12}))
    friday = people.TODAY - timedelta(days=3)
    portal.visit(place_code="desa-35.16.05.2001", result=records.result(walk_in=0), visit_date=friday)
    portal.visit(visit_date=people.TODAY + timedelta(days=1))
    return portal
