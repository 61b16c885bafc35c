from collections import Counter
from datetime import date, datetime
from itertools import pairwise

import pytest
from sqlalchemy import select

from portal.actions import publications as action
from portal.actions.accounts import matches
from portal.actions.demo import OPENED, is_demo, make_demo, people
from portal.actions.demo_visits import TRIPS
from portal.actions.office import initialise, readiness
from portal.config import BadSettings
from portal.domain import calendar, equipment
from portal.domain.audit import first_broken
from portal.domain.calendar import DISTRICT, WIB, office_day
from portal.domain.duty import Period
from portal.domain.recordings import NIHIL
from portal.domain.submissions import valid_id
from portal.domain.visits import CANCELLED, CONFIRMED, DONE, PARTLY, PLANNED, PROPOSED
from portal.storage import accounts, areas, ledger, publications, recordings, retirement, reviews, tables, visits
from portal.storage import equipment as kits
from tests.conftest import connect

NOW = datetime(2024, 10, 21, 13, 0, tzinfo=WIB)
PASSWORD = "mojokerto-demo"
WHOLE = Period(date(2024, 10, 8), date(2024, 10, 31))


def made(url):
    database = connect(url)
    initialise(database, ledger.Hand(None, "caretaker", OPENED), demo=True)
    assert make_demo(database, PASSWORD)
    return database


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    database = made(f"sqlite:///{tmp_path_factory.mktemp('demo') / 'demo.db'}")
    yield database
    database.forget_connections()


@pytest.fixture
def tx(demo):
    with demo.reading() as tx:
        yield tx


@pytest.fixture
def office(tx):
    return areas.office(tx)


def report(tx, kecamatan, day):
    return recordings.find(tx, f"kec-35.16.{kecamatan:02}", date(2024, 10, day))


def state(tx, office, kecamatan, day):
    found = report(tx, kecamatan, day)
    received = found.first_received_at if found else None
    return office.calendar.report_state(DISTRICT, date(2024, 10, day), received, NOW)


def test_the_same_demo_on_both_databases(demo, empty_url):
    other = made(empty_url)
    for table in (
        tables.report,
        tables.report_home,
        tables.visit,
        tables.submission,
        tables.component,
        tables.stock_transfer,
    ):
        with demo.reading() as one, other.reading() as two:
            rows = [sorted(map(repr, tx.execute(select(table)))) for tx in (one, two)]
        assert rows[0] == rows[1]
        assert rows[0]
    assert not make_demo(other, PASSWORD)
    readiness(other, demo=True)
    other.forget_connections()


def test_it_says_that_it_is_a_demo(demo, tx, office):
    readiness(demo, demo=True)
    assert is_demo(tx)
    invented = [c for c in office.capabilities if c.source.startswith("Data contoh")]
    assert len(invented) == 2 * 15
    assert {c.capability for c in invented} == {"rekam", "cetak"}


def test_the_log_holds_and_runs_forward(tx):
    entries = list(ledger.every_entry(tx))
    assert first_broken(entries) is None
    assert [e.at for e in entries] == sorted(e.at for e in entries)
    assert entries[-1].at < NOW
    assert all(valid_id(row.id) for row in tx.execute(select(tables.submission)))


def test_everybody_is_there(tx, office):
    everyone = {a.username: a for a in accounts.everyone(tx)}
    assert len(everyone) == 24
    assert everyone["dawarblandong"].points == {"kec-35.16.17"}
    assert {everyone[name].role for name in ("penghubung", "pengawas", "pembaca", "admin")} == {
        "liaison",
        "supervisor",
        "reader",
        "administrator",
    }
    assert all(a.phone.startswith("0800-0000-") and not a.must_change for a in everyone.values())
    assert {p.username for p in people(office)} == everyone.keys()
    assert matches(accounts.password_hash(tx, everyone["ngoro"].id), PASSWORD)


def test_reports_come_in_as_in_life(tx, office):
    assert [state(tx, office, 2, day) for day in (15, 16, 17, 18)] == [
        "on_time",
        "missing",
        "missing",
        "on_time",
    ]
    assert state(tx, office, 15, 18) == calendar.MISSING
    assert state(tx, office, 4, 10) == calendar.LATE
    assert state(tx, office, 10, 9) == calendar.IN_GRACE
    today = [code for code in office.points if recordings.find(tx, code, NOW.date())]
    assert len(today) == 5
    assert "kec-35.16.05" not in today
    assert report(tx, 5, 18) is not None


def test_the_typing_mistake_and_the_correction(tx):
    usual = [report(tx, 11, day).entry.recorded for day in (8, 9, 10, 11, 14, 15, 17, 18)]
    assert max(usual) < 40
    assert report(tx, 11, 16).entry.recorded == 240
    corrected = report(tx, 13, 15)
    assert (corrected.entry.recorded, corrected.version) == (43, 2)
    newest, _sent = ledger.history(tx, "report", "kec-35.16.13/2024-10-15")
    assert newest.deed == "recordings.correct"
    assert newest.changes == {"recorded": [34, 43]}
    assert newest.reason
    assert newest.account == "pengawas", "published the evening before, and not to be verified by who corrected it"
    assert corrected.review_state == "sent"


def test_the_supervisor_verified_most_and_asks_for_the_mistake(tx):
    found = recordings.marks(tx, WHOLE)
    states = Counter(mark.review_state for mark in found)
    assert states["verified"] > len(found) / 2
    assert states["sent"] > 20
    (waiting,) = reviews.sent_back(tx)
    assert (waiting.point_code, waiting.review_field, waiting.excluded) == ("kec-35.16.11", "recorded", False)


def test_counts_are_plausible(tx, office):
    for code, point in office.points.items():
        left = None
        for day in calendar.days(date(2024, 10, 8), date(2024, 10, 21)):
            found = recordings.find(tx, code, day)
            if found is None:
                left = None
                continue
            entry = found.entry
            if entry.kind != NIHIL and entry.recorded not in (240, 43):
                assert 8 <= entry.recorded <= (45 if point.kecamatan_code else 120)
            if left is not None:
                used = (entry.printed or 0) + (entry.counts["blanks_spoiled"] or 0)
                assert entry.counts["blanks_left"] == left + entry.counts["blanks_received"] - used
            left = entry.counts["blanks_left"]
    ngoro = report(tx, 5, 18).entry.homes | report(tx, 5, 17).entry.homes | report(tx, 5, 16).entry.homes
    assert len(ngoro) >= 3


def test_the_broken_kit_explains_the_nihil(tx):
    for day in (17, 18):
        entry = report(tx, 3, day).entry
        assert (entry.kind, entry.nihil_reason) == (NIHIL, "alat_rusak")
    kit = kits.find(tx, "KIT-PCT-1")
    assert kit.weakest.kind == "iris"
    assert kit.can_record == equipment.UNABLE
    assert kit.can_print == equipment.ABLE
    assert office_day(kit.weakest.since) == date(2024, 10, 17)
    assert kits.find(tx, "KIT-DWR-1").weakest.reason == "jaringan_putus"
    assert office_day(kits.find(tx, "KIT-TRW-1").confirmed_at) == date(2024, 10, 14)
    everything = kits.kits(tx)
    assert len(everything) == 26
    (gone,) = [k for k in kits.kits(tx, retired=True) if k.retired_on is not None]
    assert (gone.code, gone.retired_on, {c.status for c in gone.components}) == (
        "KIT-DNS-4",
        date(2024, 10, 11),
        {"not_in_use"},
    )
    (line,) = retirement.of_kits(tx, "KIT-DNS-4")["KIT-DNS-4"]
    assert (line.reason, line.until) == ("menunggu_hapus", None)
    assert all(len(k.components) == 9 for k in everything)


def test_visits_of_every_state(tx):
    pengawas = accounts.find(tx, "pengawas")
    found = visits.in_period(tx, pengawas, WHOLE)
    assert len(found) == len(TRIPS)
    assert sum(v.state == DONE for v in found) == 7
    assert {v.state for v in found} == {PROPOSED, PLANNED, CONFIRMED, DONE, PARTLY, CANCELLED}
    assert [v.cancel_reason for v in found if v.state == CANCELLED] == ["jaringan"]
    assert any(v.state == CONFIRMED and v.plan.kits and v.plan.visit_date == date(2024, 10, 22) for v in found)
    school = next(v for v in found if v.plan.visit_date == date(2024, 10, 14))
    assert school.result.counts["absent"] / school.result.counts["eligible"] == 0.2
    (shared,) = [v for v in found if v.plan.joined_to is not None]
    host = visits.find(tx, pengawas, shared.plan.joined_to)
    assert host.plan.visit_date == shared.plan.visit_date == date(2024, 10, 24)
    assert shared.plan.place_code != host.plan.place_code
    assert (shared.plan.kits, shared.plan.team) == (host.plan.kits, host.plan.team) == (("KIT-PRI-1",), "Tim 1")
    liaison = accounts.find(tx, "penghubung")
    assert [v.plan.place_code for v in visits.overdue(tx, liaison, NOW.date())] == ["npsn-20502730"]


def test_a_second_run_keeps_the_data_and_follows_the_password(tmp_path):
    database = made(f"sqlite:///{tmp_path / 'demo.db'}")
    with database.writing() as tx:
        own = accounts.find(tx, "ngoro")
        accounts.set_password(tx, own.id, "own", must_change=False)
        before = list(ledger.every_entry(tx))
    assert not make_demo(database, "lain sama sekali")
    with database.reading() as tx:
        assert list(ledger.every_entry(tx)) == before
        assert accounts.password_hash(tx, own.id) == "own"
        assert matches(accounts.password_hash(tx, accounts.find(tx, "jetis").id), "lain sama sekali")
    database.forget_connections()


def test_an_office_with_accounts_is_left_alone(database):
    with database.reading() as tx:
        before = accounts.everyone(tx)
    with pytest.raises(BadSettings, match="not the demo's"):
        make_demo(database, PASSWORD)
    with database.reading() as tx:
        assert accounts.everyone(tx) == before
        assert not is_demo(tx)


def test_every_evening_was_published_and_each_continues_the_one_before(tx):
    found = publications.newest(tx, 99)
    assert [p.daily.day.day for p in found] == [18, 17, 16, 15, 14, 11, 10, 9, 8]
    for after, before in pairwise(found):
        assert (after.daily.previous, after.daily.cumulative_before) == (before.number, before.daily.cumulative)
    assert any("Sembilan perekaman" in c.reason for p in found for c in p.daily.corrections)
    known = publications.values(tx, date(2024, 10, 8), date(2024, 10, 18))
    pending = sum(c.change for c in action.pending(tx))
    assert found[0].daily.cumulative + pending == sum(value.total for value in known.values())
