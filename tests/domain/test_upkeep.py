from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.inventory import check_check
from portal.domain.papers import Papers, check_papers, plain_serial
from portal.domain.spares import COUNTED, IN, LOST, OUT, SpareItem, SpareMove, balance, check_item, check_move, signed
from portal.domain.upkeep import DUE_SOON, IN_TIME, OVERDUE, Upkeep, check_done, check_upkeep, months_after

from .. import records
from ..people import NGORO, TODAY

CARE = Upkeep(0, "KIT-1", None, "", "inspection", 12, None, TODAY)


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(1, 60))
def test_months_later_is_the_same_day_or_the_months_last(day, months):
    found = months_after(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or (found.day < day.day and (found + timedelta(days=1)).day == 1)


def test_care_is_due_soon_a_fortnight_before_and_overdue_the_day_after():
    states = [CARE.state(TODAY + timedelta(days=n)) for n in (-15, -14, 0, 1)]
    assert states == [IN_TIME, DUE_SOON, DUE_SOON, OVERDUE]


@pytest.mark.parametrize(
    ("over", "fields"),
    [
        ({}, []),
        ({"kind": "cuci"}, ["kind"]),
        ({"every_months": 0}, ["every_months"]),
        ({"every_months": 61}, ["every_months"]),
        ({"due_on": TODAY - timedelta(days=400)}, ["due_on"]),
        ({"note": "NIK 3516051203070001"}, ["note"]),
        ({"id": 0, "component_id": 4}, []),
    ],
)
def test_care_that_cannot_be_planned_is_told_at_its_box(over, fields):
    values = {"id": 0, "kit_code": "KIT-1", "component_id": None, "component_kind": "", "kind": "inspection"}
    values |= {"every_months": 12, "last_on": None, "due_on": TODAY}
    assert [p.field for p in check_upkeep(Upkeep(**values | over), [], TODAY)] == fields
    kept = [Upkeep(**values | {"id": 9})]
    assert [p.field for p in check_upkeep(CARE, kept, TODAY)] == ["kind"]


def test_care_is_done_on_a_day_that_has_come_and_not_before_the_last_time():
    kept = Upkeep(1, "KIT-1", None, "", "inspection", 12, TODAY - timedelta(days=3), TODAY)
    for back, fields in ((0, []), (3, []), (4, ["done_on"]), (-1, ["done_on"])):
        assert [p.field for p in check_done(kept, TODAY - timedelta(days=back), "", TODAY)] == fields
    assert [p.field for p in check_done(CARE, TODAY - timedelta(days=400), "", TODAY)] == ["done_on"]


@given(st.lists(st.tuples(st.sampled_from([IN, OUT, LOST, COUNTED]), st.integers(0, 40)), max_size=20))
def test_the_store_never_holds_less_than_nothing_and_a_count_is_what_was_counted(wanted):
    moves = []
    for kind, number in wanted:
        item = SpareItem(1, "Pita", "ribbon", "gulung", 2, balance(moves))
        move = SpareMove(0, kind, signed(kind, number, item.balance), TODAY, None, None, "sebab")
        if not check_move(item, move, records.office(), TODAY):
            moves.append(move)
            if kind == COUNTED:
                assert balance(moves) == number
        assert balance(moves) >= 0


@pytest.mark.parametrize(
    ("over", "fields"),
    [
        ({}, []),
        ({"kind": "terbang"}, ["kind"]),
        ({"quantity": 0}, ["number"]),
        ({"quantity": 100_000}, ["number"]),
        ({"kind": OUT, "quantity": -6}, ["number"]),
        ({"kind": LOST, "quantity": -1}, ["note"]),
        ({"kind": COUNTED, "quantity": 0, "note": "x"}, ["number"]),
        ({"day": TODAY + timedelta(days=1)}, ["day"]),
        ({"day": TODAY - timedelta(days=61)}, ["day"]),
        ({"point_code": "kec-0"}, ["point"]),
        ({"point_code": NGORO}, []),
        ({"note": "NIK 3516051203070001"}, ["note"]),
    ],
)
def test_a_movement_that_cannot_be_is_told_at_its_box(over, fields):
    item = SpareItem(1, "Pita", "ribbon", "gulung", 2, 5)
    values = {"id": 0, "kind": IN, "quantity": 1, "day": TODAY, "point_code": None, "kit_code": None, "note": ""}
    assert [p.field for p in check_move(item, SpareMove(**values | over), records.office(), TODAY)] == fields


def test_a_thing_for_the_store_has_a_name_a_unit_and_a_limit():
    assert check_item("Pita", "ribbon", "gulung", 0) == []
    assert [p.field for p in check_item("", "batu", " ", None)] == ["name", "unit", "kind", "low_limit"]
    assert SpareItem(1, "Pita", "ribbon", "gulung", 2, 2).low
    assert not SpareItem(1, "Pita", "ribbon", "gulung", 2, 3).low


def test_a_look_at_a_part_says_what_was_found_and_where_it_was_moved_to():
    assert check_check("seen", "", "") == check_check("moved", "Gudang", "") == []
    assert [p.field for p in check_check("moved", " ", "")] == ["place"]
    assert [p.field for p in check_check("terbang", "", "")] == ["result"]


@pytest.mark.parametrize(
    ("papers", "fields"),
    [
        (Papers(), []),
        (Papers("IR-20411", TODAY, 0, TODAY, "both"), []),
        (Papers("IR?"), ["serial"]),
        (Papers("A" * 41), ["serial"]),
        (Papers("3516051203070001"), ["serial"]),
        (Papers(bought=TODAY + timedelta(days=1)), ["bought"]),
        (Papers(bought=date(1999, 1, 1)), ["bought"]),
        (Papers(price_rp=2_000_000_001), ["price_rp"]),
        (Papers(bought=TODAY, warranty_until=TODAY - timedelta(days=1)), ["warranty_until"]),
        (Papers(warranty_until=TODAY.replace(year=2050)), ["warranty_until"]),
        (Papers(essential="semua"), ["essential"]),
    ],
)
def test_papers_that_cannot_be_are_told_at_their_box(papers, fields):
    assert [p.field for p in check_papers(papers, TODAY)] == fields
    assert [p.field for p in check_papers(papers, TODAY, "iris-")] == [f"iris-{f}" for f in fields]


def test_a_serial_number_is_found_however_it_is_typed():
    assert plain_serial("  ir-20411  a ") == plain_serial("IR-20411 A") == "IR-20411 A"
