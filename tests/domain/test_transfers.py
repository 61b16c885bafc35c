"""Transfers: both sides balance, whatever order things are told in."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from portal.domain.stock import Moved
from portal.domain.transfers import (
    CANCELLED,
    RECEIVED,
    SENT,
    Receipt,
    Return,
    Shipment,
    Transfer,
    check_correction,
    check_receipt,
    check_return,
    check_shipment,
    moves,
)

from .. import records
from ..people import GONDANG, NGORO, NOW, PUNGGING, TODAY

POINTS = (NGORO, PUNGGING, GONDANG)
DAY = timedelta(days=1)


def transfer(**over):
    values = {
        "id": 1,
        "from_point": NGORO,
        "to_point": PUNGGING,
        "quantity": 50,
        "sent_date": TODAY - DAY,
        "note": "",
        "state": SENT,
        "ended_date": None,
        "arrived": None,
        "end_note": "",
        "version": 1,
        "sent_at": NOW,
        "changed_at": NOW,
        "author": "Petugas",
        "editor": "Petugas",
    }
    return Transfer(**values | over)


def shipment(**over):
    return Shipment(**{"from_point": NGORO, "to_point": PUNGGING, "quantity": 50, "sent_date": TODAY} | over)


@st.composite
def any_transfer(draw):
    sent = date(2024, 10, 8) + timedelta(days=draw(st.integers(0, 10)))
    giver, receiver = draw(st.permutations(POINTS))[:2]
    quantity, state = draw(st.integers(1, 300)), draw(st.sampled_from([SENT, RECEIVED, CANCELLED]))
    return transfer(
        from_point=giver,
        to_point=receiver,
        quantity=quantity,
        sent_date=sent,
        state=state,
        ended_date=None if state == SENT else sent + timedelta(days=draw(st.integers(0, 5))),
        arrived=draw(st.integers(0, quantity)) if state == RECEIVED else None,
    )


@given(st.lists(any_transfer(), max_size=12))
def test_what_left_is_there_on_its_way_or_lost(found):
    """Sum over points + in transit + lost does not change, for any transfers in any state, told in any order."""
    total = Moved()
    for days in moves(found).values():
        for moved in days.values():
            total += moved
    assert total.inwards - total.outwards + sum(t.in_transit + t.lost for t in found) == 0
    assert moves(reversed(found)) == moves(found)


@given(any_transfer())
def test_sent_is_received_and_lost(found):
    if found.state == RECEIVED:
        assert found.quantity == found.arrived + found.lost
    assert found.in_transit == (found.quantity if found.state == SENT else 0)
    assert found.state == RECEIVED or found.lost == 0


@given(any_transfer().filter(lambda t: t.state == CANCELLED))
def test_a_cancelled_transfer_is_back_where_it_came_from(found):
    told = moves([found])
    assert set(told) == {found.from_point}
    there = sum((m for m in told[found.from_point].values()), Moved())
    assert there == Moved(found.quantity, found.quantity)


def test_a_transfer_that_takes_long_is_told():
    assert not transfer(sent_date=TODAY - 3 * DAY).overdue(TODAY)
    assert transfer(sent_date=TODAY - 4 * DAY).overdue(TODAY)
    assert not transfer(sent_date=TODAY - 9 * DAY, state=CANCELLED, ended_date=TODAY).overdue(TODAY)


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({}, None),
        ({"quantity": 1}, None),
        ({"quantity": 99_999, "sent_date": records.START}, None),
        ({"quantity": None}, "quantity"),
        ({"quantity": 0}, "quantity"),
        ({"quantity": 100_000}, "quantity"),
        ({"to_point": NGORO}, "to_point"),
        ({"to_point": ""}, "to_point"),
        ({"from_point": "kec-99.99.99"}, "from_point"),
        ({"sent_date": TODAY + DAY}, "sent_date"),
        ({"sent_date": records.START - DAY}, "from_point"),
        ({"note": "NIK 3516051203070001"}, "note"),
    ],
)
def test_a_shipment_is_sound(over, field):
    lists = records.office(points={code: records.point(code, code[4:]) for code in (NGORO, PUNGGING)})
    found = [p.field for p in check_shipment(shipment(**over), lists, TODAY)]
    assert found[:1] == ([] if field is None else [field])


@pytest.mark.parametrize(
    ("quantity", "day", "note", "field"),
    [
        (50, TODAY, "", None),
        (50, TODAY - DAY, "", None),
        (49, TODAY, "Satu patah.", None),
        (0, TODAY, "Semua hilang di jalan.", None),
        (49, TODAY, " ", "note"),
        (51, TODAY, "", "quantity"),
        (None, TODAY, "", "quantity"),
        (-1, TODAY, "", "quantity"),
        (50, TODAY + DAY, "", "received_date"),
        (50, TODAY - 2 * DAY, "", "received_date"),
        (50, TODAY, "3516 0512 0307 0001", "note"),
    ],
)
def test_a_receipt_tells_what_did_not_arrive(quantity, day, note, field):
    found = [p.field for p in check_receipt(transfer(), Receipt(day, quantity, note), TODAY)]
    assert found == ([] if field is None else [field])


def test_a_correction_differs_and_says_why():
    kept = transfer(state=RECEIVED, ended_date=TODAY, arrived=47, end_note="Tiga patah.")
    for receipt, reason, fields in (
        (Receipt(TODAY, 48, "Dua patah."), "Salah hitung.", []),
        (Receipt(TODAY - DAY, 47, "Tiga patah."), "Salah tanggal.", []),
        (Receipt(TODAY, 47, "Tiga patah."), "Salah hitung.", [""]),
        (Receipt(TODAY, 48, "Dua patah."), " ", ["reason"]),
        (Receipt(TODAY, 48), "Salah hitung.", ["note"]),
        (Receipt(TODAY, 51), "", ["quantity", "reason"]),
    ):
        assert [p.field for p in check_correction(kept, receipt, reason, TODAY)] == fields


def test_a_return_has_a_reason_and_a_day():
    assert check_return(transfer(), Return(TODAY, "Tidak jadi."), TODAY) == []
    for back, field in (
        (Return(TODAY, ""), "reason"),
        (Return(TODAY + DAY, "x"), "returned_date"),
        (Return(TODAY - 2 * DAY, "x"), "returned_date"),
    ):
        assert [p.field for p in check_return(transfer(), back, TODAY)] == [field]


def test_a_point_that_closed_sends_nothing():
    shut = replace(records.point(NGORO, "35.16.05"), active_to=TODAY - DAY)
    lists = records.office(points={NGORO: shut, PUNGGING: records.point(PUNGGING, "35.16.06")})
    assert [p.field for p in check_shipment(shipment(), lists, TODAY)] == ["from_point"]
