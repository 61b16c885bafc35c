from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.figures import DPT, MUST_HOLD_KTP, RECORDED_TOTAL, Figure, Percentage, coverage, latest


def figure(metric, value, as_of, level="kabupaten", election=""):
    return Figure(level, "35.16", metric, value, "person", as_of, str(as_of), election, "Dispendukcapil", "")


OCTOBER = date(2024, 10, 21)
PUBLISHED = [
    figure(RECORDED_TOTAL, 999, date(2018, 8, 31), level="kecamatan"),
    figure(RECORDED_TOTAL, 870_399, OCTOBER),
    figure(DPT, 845_655, date(2024, 9, 20), election="pilkada-2024"),
    figure(DPT, 823_014, date(2020, 12, 31), election="pilkada-2020"),
    figure(RECORDED_TOTAL, 839_458, date(2018, 8, 31)),
    figure(MUST_HOLD_KTP, 858_332, date(2018, 8, 31)),
    figure(MUST_HOLD_KTP, 889_124, date(2025, 12, 4)),
    figure(RECORDED_TOTAL, 885_107, date(2025, 12, 4)),
    figure(MUST_HOLD_KTP, 999, date(2018, 8, 31), level="kecamatan"),
    figure(RECORDED_TOTAL, 999, OCTOBER, level="kecamatan"),
]


def test_more_recorded_than_voters_is_said_and_is_not_good():
    share = Percentage(870_399, 845_655, "DPT", "2024-09-20", "KPU", same_population=False)
    assert share.percent == pytest.approx(102.926, abs=0.001)
    assert share.tone == "attention"
    assert Percentage(870_399, 845_655, "DPT", "2024-09-20", "KPU").tone == "attention"


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.booleans())
def test_above_a_hundred_is_never_good_and_never_clipped(part, base, same):
    share = Percentage(part, base, "wajib KTP", "", "", same)
    if base == 0:
        assert share.percent is None
        assert share.tone == "unknown"
        return
    assert share.percent == 100 * part / base
    assert (share.tone == "good") is (same and 0.99 * base <= part <= base)
    if part > base:
        assert share.percent > 100
        assert share.tone == "attention"


def test_coverage_divides_only_readings_of_one_date():
    recorded, base = coverage(PUBLISHED, OCTOBER)
    assert (recorded.value, base.value) == (839_458, 858_332)
    recorded, base = coverage(PUBLISHED, date(2025, 12, 4))
    assert (recorded.value, base.value) == (885_107, 889_124)
    assert coverage(PUBLISHED, date(2018, 8, 30)) is None
    assert coverage([f for f in PUBLISHED if f.as_of in (OCTOBER, date(2024, 9, 20))], OCTOBER) is None


def test_the_latest_reading_is_the_newest_up_to_a_day():
    assert latest(PUBLISHED, DPT, OCTOBER).value == 845_655
    assert latest(PUBLISHED, DPT, date(2024, 9, 19)).value == 823_014
    assert latest(PUBLISHED, DPT, date(2020, 1, 1)) is None
    assert latest(PUBLISHED, RECORDED_TOTAL, OCTOBER).value == 870_399
