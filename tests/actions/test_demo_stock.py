"""The demo's stock: transfers of each kind, points that run out, and cards that add up all the same."""

from datetime import date

import pytest

from portal.actions.demo_stock import TRIPS
from portal.domain.calendar import days
from portal.domain.duty import Period
from portal.domain.stock import LOW, card, stock_of
from portal.domain.transfers import CANCELLED, RECEIVED, SENT, moves
from portal.storage import accounts, areas, stock

from .test_demo import NOW, made

WHOLE = Period(date(2024, 10, 8), NOW.date())


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
def kept(tx):
    return stock.since(tx, accounts.find(tx, "pengawas"), WHOLE.first)


def test_a_transfer_of_each_kind(kept):
    assert len(kept) == len(TRIPS)
    assert {t.state for t in kept} == {SENT, RECEIVED, CANCELLED}
    assert [(t.quantity, t.arrived, t.lost) for t in kept if t.state == RECEIVED] == [(40, 39, 1)]
    assert all(t.sent_at <= t.changed_at < NOW for t in kept)


def test_the_clerk_of_ngoro_awaits_one(tx):
    assert [t.from_point for t in stock.awaited(tx, ["kec-35.16.05"])] == ["dinas"]


def test_the_cards_add_up_and_some_points_run_out(tx, kept):
    office = areas.office(tx)
    told, moved, levels = stock.told(tx, WHOLE, list(office.points)), moves(kept), []
    for point in office.points.values():
        calendar, timetable = office.calendar, point.timetable
        lines = card(
            told[point.code],
            moved.get(point.code, {}),
            days(WHOLE.first, WHOLE.last),
            lambda day, c=calendar, t=timetable: c.serves(t, day),
        )
        assert {line.difference for line in lines} <= {0, None}, point.code
        assert any(line.difference == 0 for line in lines)
        found = stock_of(
            point.code, told[point.code], moved.get(point.code, {}), 0, lambda day: 0, lambda earlier, later: True
        )
        levels.append(found.level(office.limit("stock_days")))
    assert 3 <= levels.count(LOW) <= 10
    assert len(levels) == 20
