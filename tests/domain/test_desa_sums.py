"""Desa are a kecamatan only when all of them are there; what was published goes first."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.desa_sums import DesaSum, newest, partial, readings
from portal.domain.figures import PEOPLE, RECORDED_TOTAL, Figure

DAY = date(2024, 10, 18)
NGORO, GONDANG = "35.16.05", "35.16.02"


def added(known=19, of=19, total=950, code=NGORO, day=DAY):
    return DesaSum(code, RECORDED_TOTAL, day, "", known, of, total, "SIAK per desa")


def own(value, code=NGORO, day=DAY):
    return Figure("kecamatan", code, RECORDED_TOTAL, value, PEOPLE, day, "", "", "SIAK", "")


def test_all_desa_are_the_kecamatan_and_one_less_is_nobodys():
    (figure,) = readings([], [added(), added(known=18, code=GONDANG)])
    assert (figure.code, figure.level, figure.value, figure.source) == (NGORO, "kecamatan", 950, "SIAK per desa")
    assert readings([], [added(known=0, of=0, total=0)]) == []


def test_what_was_published_stands_and_what_lacks_desa_is_told_once():
    sums = [added(total=949), added(known=3, code=GONDANG), added(known=2, code=GONDANG, day=DAY - timedelta(days=7))]
    found = readings([own(950), own(7, GONDANG)], sums)
    assert {f.code: f.value for f in found} == {NGORO: 950, GONDANG: 7}
    assert [(s.code, s.as_of) for s in partial(sums, found)] == [(GONDANG, DAY - timedelta(days=7))]


def test_the_newest_of_both_and_on_one_day_the_published():
    later = DAY + timedelta(days=7)
    kept = {(NGORO, RECORDED_TOTAL): own(950), (GONDANG, RECORDED_TOTAL): own(10, GONDANG, later)}
    found = newest(kept, [added(total=960, day=later), added(total=9, code=GONDANG), added(known=1, day=DAY)])
    assert {code: f.value for (code, _metric), f in found.items()} == {NGORO: 960, GONDANG: 10}
    assert newest(kept, [added(total=1)])[NGORO, RECORDED_TOTAL].value == 950


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 20), st.integers(0, 10**6)), max_size=12))
def test_a_partial_sum_is_never_a_reading(found):
    sums = [added(min(known, of), of, total, f"35.16.{n:02}") for n, (known, of, total) in enumerate(found, 1)]
    read = {f.code: f.value for f in readings([], sums)}
    assert read == {s.code: s.total for s in sums if s.known == s.of}
    assert {s.code for s in partial(sums, readings([], sums))} == {s.code for s in sums} - read.keys()
