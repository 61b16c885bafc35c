"""What reports tell of the stock, and whose transfers a person finds."""

from datetime import timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from portal.actions import recordings
from portal.domain.duty import Period
from portal.domain.stock import Told
from portal.domain.transfers import Receipt, Return, Shipment
from portal.storage import stock
from portal.storage.tables import stock_transfer

from .. import people, records
from ..pages import watch
from ..people import GONDANG, NGORO, NOW, PUNGGING, TODAY

DAY = timedelta(days=1)
FULL = {
    "blanks_left": 80,
    "blanks_received": 5,
    "blanks_spoiled": 1,
    "printed_prr": 20,
    "printed_replacement": 4,
    "ribbon_pct": 60,
    "film_pct": 70,
    "prr": 33,
}


@pytest.fixture
def tx(database):
    with database.writing() as tx:
        yield tx


def report(tx, office, entry, who=people.clerk, day=TODAY):
    (point,) = who.points
    sender = people.sending(who if TODAY - day < 4 * DAY else people.supervisor)  # past days have closed for clerks
    recordings.send(tx, sender, office, records.submission_id(), point, day, entry, 0)


def sent(tx, **over):
    values = {"from_point": NGORO, "to_point": PUNGGING, "quantity": 50, "sent_date": TODAY - DAY}
    return stock.add(tx, Shipment(**values | over), people.clerk.id, NOW)


def test_a_report_tells_the_stock_of_its_day(tx, office):
    report(tx, office, records.entry(24, **FULL))
    period = Period(TODAY - DAY, TODAY)
    assert stock.told(tx, period, [NGORO, PUNGGING]) == {
        NGORO: [Told(NGORO, TODAY, True, 80, 5, 24, 1, 60, 70, 33)],
        PUNGGING: [],
    }
    assert stock.told(tx, Period(TODAY - DAY, TODAY - DAY), [NGORO]) == {NGORO: []}


def test_one_empty_box_of_prints_makes_them_unknown(tx, office):
    report(tx, office, records.entry(24, **FULL | {"printed_replacement": None}))
    report(tx, office, records.entry(24), people.colleague)
    found = stock.told(tx, Period(TODAY, TODAY), [NGORO, PUNGGING])
    assert found[NGORO][0].printed is None
    assert found[PUNGGING] == [Told(PUNGGING, TODAY)]


def test_a_nihil_day_has_no_prints_and_its_stock_stays_as_it_was_told(tx, office):
    report(tx, office, records.nihil(blanks_left=80, blanks_received=None))
    assert stock.told(tx, Period(TODAY, TODAY), [NGORO])[NGORO] == [Told(NGORO, TODAY, False, 80, None, 0, None)]


def test_a_cancelled_report_tells_nothing(tx, office):
    report(tx, office, records.entry(24, **FULL))
    recordings.cancel(tx, people.sending(people.clerk), office, NGORO, TODAY, 1, "salah hari")
    assert stock.told(tx, Period(TODAY, TODAY), [NGORO]) == {NGORO: []}


def test_a_transfer_is_found_by_both_its_sides_and_the_district(tx):
    number = sent(tx)
    for who in (people.clerk, people.colleague, people.supervisor, people.reader):
        assert stock.find(tx, who, number).id == number
        assert [t.id for t in stock.since(tx, who, TODAY)] == [number], "it is on its way"
    assert stock.find(tx, people.stranger, number) is None
    assert stock.since(tx, people.stranger, TODAY - DAY) == []
    assert [t.id for t in stock.awaited(tx, [PUNGGING])] == [number]
    assert stock.awaited(tx, [NGORO]) == []


def test_old_transfers_are_left_out_unless_they_are_on_their_way(tx):
    first = TODAY - 10 * DAY
    old, late, way = (sent(tx, sent_date=TODAY - n * DAY) for n in (30, 29, 28))
    kept = {n: stock.find(tx, people.supervisor, n) for n in (old, late)}
    assert stock.receive(tx, kept[old], Receipt(TODAY - 20 * DAY, 50), people.clerk.id, NOW)
    assert stock.cancel(tx, kept[late], Return(TODAY, "x"), people.clerk.id, NOW)
    assert [t.id for t in stock.since(tx, people.supervisor, first)] == [way, late]
    assert not stock.cancel(tx, kept[late], Return(TODAY, "x"), people.clerk.id, NOW), "somebody was faster"
    assert not stock.receive(tx, kept[late], Receipt(TODAY, 50), people.clerk.id, NOW)


def test_the_questions_do_not_grow_with_rows_or_points(database, office):
    counted = []
    for more in (1, 5):
        with database.writing() as tx:
            for n in range(more):
                report(tx, office, records.entry(24, **FULL), day=TODAY - (more + n) * DAY)
                sent(tx, to_point=GONDANG)
        with database.reading() as tx:
            watch.forget()
            stock.told(tx, Period(TODAY - 60 * DAY, TODAY), list(office.points)[: more * 4])
            stock.since(tx, people.supervisor, TODAY - 60 * DAY)
            counted.append(len([s for s in watch.statements if s.lstrip().upper().startswith("SELECT")]))
    assert counted == [2, 2]


GOOD = {
    "item": "blangko",
    "from_point": NGORO,
    "to_point": PUNGGING,
    "quantity": 50,
    "sent_date": TODAY,
    "state": "sent",
    "version": 1,
    "received_at": NOW,
    "changed_at": NOW,
    "author_id": 1,
    "editor_id": 1,
}


@pytest.mark.parametrize(
    ("over", "kept"),
    [
        ({}, True),
        ({"state": "received", "received_date": TODAY, "received_quantity": 0}, True),
        ({"state": "cancelled", "returned_date": TODAY}, True),
        ({"state": "received"}, False),
        ({"state": "received", "received_date": TODAY}, False),
        ({"state": "received", "received_date": TODAY, "received_quantity": 51}, False),
        ({"state": "received", "received_date": TODAY, "received_quantity": -1}, False),
        ({"state": "received", "received_date": TODAY - DAY, "received_quantity": 50}, False),
        ({"state": "received", "returned_date": TODAY, "received_quantity": 50}, False),
        ({"state": "cancelled"}, False),
        ({"state": "cancelled", "returned_date": TODAY - DAY}, False),
        ({"state": "sent", "received_date": TODAY}, False),
        ({"state": "sent", "received_quantity": 5}, False),
        ({"state": "lost"}, False),
        ({"quantity": 0}, False),
        ({"to_point": NGORO}, False),
        ({"to_point": "kec-99.99.99"}, False),
    ],
)
def test_the_database_itself_keeps_both_sides_in_balance(database, over, kept):
    def add():
        with database.writing() as tx:
            tx.execute(insert(stock_transfer).values(GOOD | over))

    if kept:
        add()
    else:
        with pytest.raises(IntegrityError):
            add()
