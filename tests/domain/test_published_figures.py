from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from portal.domain.denominators import NO_PART, NOT_KNOWN, OLD, OTHER_PEOPLE, SAME, bases
from portal.domain.figures import (
    DPT,
    MUST_HOLD_KTP,
    RECORDED_TOTAL,
    Entered,
    Figure,
    Percentage,
    Sum,
    check_entered,
    coverage,
    kind_of,
    latest,
    readings,
)
from portal.domain.rankings import check_ranking

TODAY = date(2024, 10, 21)
DAY = date(2024, 9, 20)
ENTERED = Entered(DPT, "35.16.05", {"": 30, "_male": 10, "_female": 20}, DAY, "KPU", "pilkada-2024")


def figure(metric, value, as_of=DAY, code="35.16", **over):
    level = ("kabupaten", "kecamatan", "desa")[code.count(".") - 1]
    return Figure(level, code, metric, value, "person", as_of, str(as_of), over.pop("election", ""), "X", "", **over)


def fields(entered):
    return [p.field for p in check_entered(entered, {"35.16", "35.16.05"}, ["pilkada-2024"], TODAY)]


@pytest.mark.parametrize(
    ("over", "wrong"),
    [
        ({}, []),
        ({"counts": {"": 30}}, []),
        ({"counts": {"": 0, "_male": 0}}, []),
        ({"as_of": TODAY, "valid_from": TODAY}, []),
        ({"kind": "umur"}, ["kind", "election"]),
        ({"kind": MUST_HOLD_KTP}, ["election"]),
        ({"code": "35.76"}, ["code"]),
        ({"counts": {"": None, "_male": 1}}, ["value"]),
        ({"counts": {"": 31, "_male": 10, "_female": 20}}, ["value"]),
        ({"counts": {"": 10**9}}, ["value"]),
        ({"as_of": None}, ["as_of"]),
        ({"as_of": TODAY + timedelta(days=1)}, ["as_of"]),
        ({"valid_from": DAY - timedelta(days=1)}, ["valid_from"]),
        ({"source": "  "}, ["source"]),
        ({"source": "NIK 3516 0512 3456 7890"}, ["source"]),
        ({"election": ""}, ["election"]),
        ({"election": "pemilu-1955"}, ["election"]),
    ],
)
def test_what_a_figure_needs(over, wrong):
    assert fields(replace(ENTERED, **over)) == wrong


def test_the_rows_that_keep_a_reading():
    made = replace(ENTERED, counts={"": 30, "_male": None}).figures("salah", 3)
    assert [(f.level, f.metric, f.value, f.revision, f.reason) for f in made] == [("kecamatan", DPT, 30, 3, "salah")]
    assert [kind_of(f.metric) for f in ENTERED.figures()] == [(DPT, ""), (DPT, "_male"), (DPT, "_female")]


def test_a_reading_is_used_until_the_next_of_its_kind_and_area():
    found = readings(
        [
            figure(DPT, 823_014, date(2020, 12, 31), election="pilkada-2020"),
            figure(DPT, 845_655, election="pilkada-2024"),
            figure(f"{DPT}_male", 421_973, election="pilkada-2024"),
            figure(DPT, 9, date(2022, 1, 1), code="35.16.05"),
        ]
    )
    told = {(r.main.code, r.main.as_of.year): (r.value, r.by_sex, r.valid_to) for r in found}
    assert told[("35.16", 2024)] == (845_655, (421_973, None), None)
    assert told[("35.16", 2020)] == (823_014, (None, None), DAY - timedelta(days=1))
    assert told[("35.16.05", 2022)][2] is None
    assert readings([figure(f"{DPT}_male", 5)])[0].value is None


@given(st.lists(st.integers(0, 400), min_size=1, max_size=12, unique=True))
def test_on_every_day_at_most_one_reading_is_used(offsets):
    start = date(2024, 1, 1)
    found = readings(figure(DPT, n, start + timedelta(days=n)) for n in offsets)
    for n in range(0, 401, 7):
        day = start + timedelta(days=n)
        used = [r for r in found if r.main.begins <= day and (r.valid_to is None or day <= r.valid_to)]
        newest = max((o for o in offsets if o <= n), default=None)
        assert [r.value for r in used] == ([] if newest is None else [newest])
        assert (latest([r.main for r in found], DPT, day) is None) is (not used)


def test_a_figure_counts_only_from_when_it_was_set():
    later = figure(DPT, 2, TODAY, valid_from=TODAY + timedelta(days=5))
    assert latest([figure(DPT, 1), later], DPT, TODAY).value == 1
    assert latest([figure(DPT, 1), later], DPT, TODAY + timedelta(days=5)).value == 2
    pair = [figure(MUST_HOLD_KTP, 10, TODAY), figure(RECORDED_TOTAL, 9, TODAY, valid_from=TODAY + timedelta(days=2))]
    assert coverage(pair, TODAY) is None


def test_a_sum_is_compared_only_when_nothing_is_missing():
    whole = Sum(DPT, DAY, "", 18, 100, 103)
    assert whole.difference(18) == -3
    assert replace(whole, known=17).difference(18) is None
    assert replace(whole, district=None).difference(18) is None


# --- bases side by side ----------------------------------------------------------------------------------------

NOTHING = Percentage(0, 0, "sasaran", "", "")
ROLL = Percentage(870_399, 845_655, "DPT", "2024-09-20", "KPU", same_population=False)


def by_label(figures, on=TODAY, against_roll=None, reached=NOTHING):
    return {base.label: base for base in bases(figures, on, against_roll, reached)}


def test_a_share_stands_only_where_the_people_are_the_same():
    found = by_label(
        [figure(MUST_HOLD_KTP, 100), figure(RECORDED_TOTAL, 98), figure(DPT, 845_655)],
        against_roll=ROLL,
        reached=Percentage(30, 40, "sasaran", "2024-10-21", "hasil"),
    )
    assert [base.standing for base in found.values()] == [SAME, OTHER_PEOPLE, NOT_KNOWN, NOT_KNOWN, SAME]
    assert (found["Wajib KTP"].share.percent, found["Wajib KTP"].left) == (98, 2)
    assert found["DPT"].share is ROLL
    assert (found["DPT"].tone, found["DPT"].left) == ("attention", None)
    assert found["Sekolah dan tempat yang dikunjungi"].left == 10


def test_without_a_part_of_the_same_day_a_base_stands_alone():
    found = by_label([figure(MUST_HOLD_KTP, 100), figure(RECORDED_TOTAL, 98, TODAY), figure("pupils_16", 7)])
    assert (found["Wajib KTP"].standing, found["Wajib KTP"].share, found["Wajib KTP"].value) == (NO_PART, None, 100)
    assert found["Siswa 16 tahun ke atas"].standing == NO_PART
    assert by_label([], against_roll=ROLL)["DPT"].standing == NOT_KNOWN


def test_an_old_coverage_leaves_nobody():
    old = [figure(MUST_HOLD_KTP, 100, date(2018, 8, 31)), figure(RECORDED_TOTAL, 98, date(2018, 8, 31))]
    base = by_label(old)["Wajib KTP"]
    assert (base.standing, base.left, base.value) == (OLD, None, None)
    assert base.share.percent == 98


@given(st.integers(0, 2000), st.integers(1, 2000))
def test_above_a_hundred_is_never_good_and_leaves_nobody(recorded, must):
    base = by_label([figure(MUST_HOLD_KTP, must), figure(RECORDED_TOTAL, recorded)])["Wajib KTP"]
    assert base.share.percent == 100 * recorded / must
    assert base.left == (must - recorded if recorded <= must else None)
    if recorded > must:
        assert base.tone == "attention"


def test_what_a_place_in_a_ranking_needs():
    sound = {"scope": "national", "subject": "rekam", "as_of": DAY, "rank": 9, "of_count": 25, "rate": "", "note": ""}
    sound |= {"source": "Kemendagri", "today": TODAY}

    def wrong(**over):
        return [p.field for p in check_ranking(**sound | over)]

    assert wrong() == wrong(of_count=None) == wrong(rate="99,55%") == []
    assert wrong(rank=26) == ["of_count"]
    assert wrong(rank=0) == wrong(rank=None) == ["rank"]
    assert wrong(of_count=0) == ["of_count"]
    assert wrong(scope="dunia", subject="", source="", as_of=None) == ["scope", "subject", "as_of", "source"]
