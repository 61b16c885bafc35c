from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.diary import HOLDER, POINT, SPARE, VAN, VISIT, KitPlace, check_place, clashing, place_on

from .. import records
from ..people import NGORO, PUNGGING, SCHOOL, TODAY

DAYS = st.dates(TODAY - timedelta(days=20), TODAY + timedelta(days=20))


def place(kind=VAN, first=TODAY, last=TODAY, id=0, **over):
    values = {"point_code": NGORO if kind == POINT else None, "place_code": SCHOOL if kind == VISIT else None}
    values |= {"holder": "Tim 1", "valid_from": first, "valid_to": last}
    return KitPlace(id, "KIT-1", kind, **values | over)


HOME = place(POINT, TODAY - timedelta(days=30), None, id=1)


@st.composite
def stays(draw):
    first = draw(DAYS)
    length = draw(st.integers(0, 6))
    return place(first=first, last=first + timedelta(days=length))


@given(st.lists(stays(), max_size=8))
def test_a_day_has_one_place_however_many_were_wanted(wanted):
    """Kept one after the other, each only when it clashes with none, no two dated places share a day."""
    kept = [HOME]
    for n, one in enumerate(wanted, start=2):
        if clashing(kept, one) is None:
            kept.append(place(first=one.valid_from, last=one.valid_to, id=n))
    for back in range(-40, 41):
        day = TODAY + timedelta(days=back)
        dated = [p for p in kept if not p.standing and p.covers(day)]
        assert len(dated) <= 1
        expected = dated[0] if dated else HOME if day >= HOME.valid_from else None
        assert place_on(kept, day) == expected


@given(stays(), stays())
def test_two_stays_clash_exactly_when_they_share_a_day(one, other):
    shared = max(one.valid_from, other.valid_from) <= min(one.valid_to, other.valid_to)
    kept = place(first=one.valid_from, last=one.valid_to, id=7)
    assert (clashing([kept], other) is not None) is shared
    assert (clashing([place(first=other.valid_from, last=other.valid_to, id=7)], one) is not None) is shared


def test_a_kit_comes_back_by_itself_and_stays_where_it_was_moved_for_good():
    moved = place(POINT, TODAY, None, id=2, point_code=PUNGGING)
    lent = place(VAN, TODAY + timedelta(days=2), TODAY + timedelta(days=3), id=3)
    places = [HOME, moved, lent]
    said = [place_on(places, TODAY + timedelta(days=n)).id for n in (-1, 0, 1, 2, 3, 4, 400)]
    assert said == [1, 2, 2, 3, 3, 2, 2]
    assert place_on(places, date(2024, 1, 1)) is None


@pytest.mark.parametrize(
    ("wanted", "fields"),
    [
        (place(), []),
        (place(SPARE, TODAY, None), []),
        (place(VISIT), []),
        (place("bulan"), ["kind"]),
        (place(POINT, point_code="kec-0"), ["point"]),
        (place(POINT, point_code=None), ["point"]),
        (place(HOLDER, holder="  "), ["holder"]),
        (place(HOLDER, holder="NIK 3516051203070001"), ["holder"]),
        (place(VISIT, place_code=None), ["place"]),
        (place(VISIT, last=None), ["valid_to"]),
        (place(last=TODAY - timedelta(days=1)), ["valid_to"]),
        (place(first=TODAY - timedelta(days=400)), ["valid_from"]),
        (place(first=TODAY + timedelta(days=400), last=TODAY + timedelta(days=400)), ["valid_from", "valid_to"]),
        (place(note="a" * 501), ["note"]),
        (place(first=TODAY + timedelta(days=4), last=TODAY + timedelta(days=9)), ["valid_from"]),
        (place(POINT, HOME.valid_from, None), ["valid_from"]),
    ],
)
def test_a_move_that_cannot_be_is_told_at_its_box(wanted, fields):
    kept = [HOME, place(first=TODAY + timedelta(days=5), last=TODAY + timedelta(days=6), id=2)]
    assert [p.field for p in check_place(wanted, kept, records.office(), TODAY)] == fields
