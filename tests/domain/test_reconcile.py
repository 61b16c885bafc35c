from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.areas import OUTSIDE
from portal.domain.calendar import MISSING, ON_TIME
from portal.domain.duty import Period, ReportMark
from portal.domain.reconcile import (
    EQUAL,
    NOT_KNOWN,
    PORTAL_MORE,
    SIAK_MORE,
    Around,
    Estimate,
    Left,
    Line,
    Logged,
    by_need,
    outlier,
    reconcile,
)

from .. import people, records

FIRST, LAST = date(2024, 10, 11), date(2024, 10, 18)
NGORO, DINAS = "kec-35.16.05", "dinas"


def line(growth, home, unsplit=0, work=None, **around):
    before, after = (None, 5) if growth is None else (1000, 1000 + growth)
    own = around.pop("own", 0)
    return Line("35.16.05", before, after, Around(home, work, own, **around), unsplit)


def words(found):
    return " ".join(str(cause) for cause in found.causes)


@pytest.mark.parametrize(
    ("found", "difference", "direction", "says", "never"),
    [
        (line(12, 12), 0, EQUAL, "", "hari"),
        (line(12, 12, missing=2), 0, EQUAL, "2 hari belum dilaporkan", "luar"),
        (line(None, 12, missing=1), None, NOT_KNOWN, "Bacaan SIAK tidak ada", "luar"),
        (line(20, 12, missing=3), 8, SIAK_MORE, "3 hari belum dilaporkan", "SFE"),
        (line(20, 12, 8, work=20, own=8), 8, SIAK_MORE, "Sama dengan buku tempat rekam: 8", "luar kabupaten"),
        (line(20, 12, 50, work=14, own=5), 8, SIAK_MORE, "5 perekaman di kantor ini", "SFE"),
        (line(20, 12, 50, work=12), 8, SIAK_MORE, "50 perekaman sekabupaten", "luar kabupaten"),
        (line(20, 12, work=12), 8, SIAK_MORE, "Direkam di luar kabupaten", "SFE"),
        (line(20, None, missing=4), None, NOT_KNOWN, "4 hari belum dilaporkan", "luar"),
        (line(20, None), None, NOT_KNOWN, "Tidak ada laporan", "hari belum"),
        (line(-900, 12), -912, PORTAL_MORE, "SIAK sendiri turun", "SFE"),
        (line(900, 12), 888, SIAK_MORE, "periksa kedua bacaan", "luar kabupaten"),
        (line(900, 90), 810, SIAK_MORE, "Direkam di luar kabupaten", "periksa"),
        (line(5, 12), -7, PORTAL_MORE, "SFE", "luar kabupaten"),
    ],
)
def test_difference_direction_and_likely_cause(found, difference, direction, says, never):
    assert (found.difference, found.direction) == (difference, direction)
    assert says in words(found)
    assert never not in words(found)


def marks(*recorded, start=date(2024, 9, 30), point=NGORO):
    days = [start + timedelta(days=n) for n in range(len(recorded))]
    return [ReportMark(point, day, people.NOW, "angka", None, n) for day, n in zip(days, recorded, strict=True)]


def test_a_day_far_from_the_usual_is_named_as_typing():
    found = marks(20, 24, 22, 19, 25, 21, 23, 20, 22, 24, 18, 21, 22, 25, 24, 23, 240)
    odd = outlier(found, Period(FIRST, LAST))
    assert (odd.day, odd.recorded, odd.excess > 200) == (date(2024, 10, 16), 240, True)
    assert outlier(found, Period(FIRST, date(2024, 10, 15))) is None
    assert outlier(found[-5:], Period(FIRST, LAST)) is None  # too few days to call anything usual
    told = words(Line("35.16.05", 100, 130, Around(246, 246, outlier=odd), 0))
    assert "salah ketik" in told
    assert "SFE" not in told
    for growth in (400, -190):  # on the other side of the difference, or far too small for it
        assert "salah ketik" not in words(Line("35.16.05", 1000, 1000 + growth, Around(246, 246, outlier=odd), 0))


def office():
    base = records.office()
    return records.office(points={**base.points, DINAS: records.point(DINAS, None)})


def test_both_books_and_what_belongs_to_no_kecamatan():
    lists = office()
    logged = Logged({NGORO: 30, DINAS: 20}, {NGORO: 25, DINAS: 12}, {"35.16.05": 28, OUTSIDE: 9})
    states = {NGORO: {FIRST: MISSING, LAST: ON_TIME, LAST + timedelta(days=1): MISSING}, DINAS: {LAST: MISSING}}
    found = reconcile(lists, Period(FIRST, LAST), {"35.16.05": 100}, {"35.16.05": 130}, logged, states, [])
    own = next(x for x in found.lines if x.code == "35.16.05")
    assert (own.growth, own.difference) == (30, 2)
    assert own.around == Around(28, 30, 5, 1)
    assert (found.district_work, found.missing, found.outside) == (20, 1, 9)
    assert (logged.total, logged.unsplit, found.residents) == (50, 13, (28, 41))
    assert len(found.lines) == len(lists.kecamatan)
    assert [x.code for x in found.known] == ["35.16.05"]
    assert found.growth == 30
    others = [x for x in found.lines if x.code != "35.16.05"]
    assert all(x.direction == NOT_KNOWN and x.growth is None for x in others)


def test_without_any_reading_the_growth_is_not_known():
    found = reconcile(office(), Period(FIRST, LAST), {}, {}, Logged({}, {}, {}), {}, [])
    assert found.growth is None
    assert found.district_work is None


counts = st.dictionaries(
    st.sampled_from([NGORO, DINAS, "kec-35.16.06"]), st.tuples(st.integers(0, 99), st.integers(0, 99))
)


@given(counts, st.integers(0, 50))
def test_the_two_books_always_add_up_to_the_same(points, outside):
    work = {code: a + b for code, (a, b) in points.items()}
    split = {code: a for code, (a, _b) in points.items()}
    outside = min(outside, sum(split.values()))
    logged = Logged(work, split, {"35.16.05": sum(split.values()) - outside, OUTSIDE: outside})
    assert sum(logged.home.values()) + logged.unsplit == logged.total == sum(work.values())
    found = reconcile(office(), Period(FIRST, LAST), {}, {}, logged, {}, [])
    placed = sum(x.around.work or 0 for x in found.lines) + (found.district_work or 0)
    assert placed == logged.total


def test_an_estimate_is_a_range_as_long_as_homes_are_missing():
    found = Estimate("35.16.05", 1000, LAST, 12, 5)
    assert (found.least, found.most) == (1012, 1017)


def test_who_is_left_beside_the_roll_is_never_divided():
    def left(code, must, done, roll):
        return Left(code, must, done, LAST, roll, LAST)

    some = left("a", 100, 90, 95)
    assert (some.unrecorded, some.off_roll) == (10, 5)
    assert left("b", 100, 98, 95).off_roll == 2
    assert left("c", 100, 90, 105).off_roll == 0
    assert left("d", 100, 101, 95).unrecorded == -1
    assert left("e", None, 90, 95).unrecorded is None
    assert left("f", 100, 90, None).off_roll is None
    order = [left("e", None, 1, 1), left("f", 100, 50, None), left("b", 100, 98, 95), some]
    assert [x.code for x in by_need(order)] == ["a", "b", "f", "e"]
