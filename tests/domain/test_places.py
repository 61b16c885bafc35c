from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from portal.domain.areas import Place
from portal.domain.places import CONFIRMED, DECLINED, PROPOSED, Buckets, TargetBatch, check_place, check_target, latest

from .. import people
from ..people import TODAY

KECAMATAN = {"35.16.05", "35.16.06"}
SCHOOL = Place(people.SCHOOL, "sekolah", "SMAN 1 Ngoro", "35.16.05", "20502725")


def batch(id=1, days=0, state=CONFIRMED, **counts):
    buckets = Buckets(**{"grown": 60, "priority": 40, "later": 20} | counts)
    as_of = TODAY - timedelta(days=days)
    return TargetBatch(id, people.SCHOOL, as_of, buckets, "pilkada-2024", "Daftar siswa", state, "A", people.NOW)


@given(*(st.one_of(st.none(), st.integers(0, 9_999)) for _n in range(3)))
def test_the_ages_add_up_and_the_young_are_no_readiness(grown, priority, later):
    found = Buckets(grown, priority, later)
    assert found.total == found.readiness + (later or 0)
    assert found.readiness == Buckets(grown, priority, None).total


batches = st.lists(
    st.tuples(st.integers(-5, 40), st.sampled_from([CONFIRMED, PROPOSED, DECLINED]), st.integers(0, 300)), max_size=12
)


@given(batches)
def test_the_newest_confirmed_list_counts_and_none_is_lost(rows):
    found = [batch(n, days, state, grown=grown) for n, (days, state, grown) in enumerate(rows, start=1)]
    chosen = latest(found, TODAY)
    known = [b for b in found if b.state == CONFIRMED and b.as_of <= TODAY]
    assert (chosen is None) is (not known)
    if chosen is not None:
        assert chosen.as_of == max(b.as_of for b in known)
        assert chosen.id == max(b.id for b in known if b.as_of == chosen.as_of)


def test_a_target_may_fall():
    assert latest([batch(1, 20, grown=70), batch(2, 3, grown=14)], TODAY).buckets.grown == 14
    assert latest([batch(1, 20, grown=70), batch(2, 3, grown=14)], TODAY - timedelta(days=4)).buckets.grown == 70
    assert latest([], TODAY) is None


def test_an_empty_age_is_no_zero():
    assert [p.field for p in check_target(Buckets(1, None, 3), TODAY, "sekolah", TODAY)] == ["priority"]
    assert check_target(Buckets(0, 0, 0), TODAY, "sekolah", TODAY) == []
    faults = check_target(Buckets(-1, 10_000, 0), TODAY + timedelta(days=1), "", TODAY)
    assert [p.field for p in faults] == ["grown", "priority", "as_of", "source"]
    assert [p.field for p in check_target(Buckets(1, 1, 1), TODAY, "3516051203070001", TODAY)] == ["source"]


@pytest.mark.parametrize(
    ("over", "at"),
    [
        ({}, []),
        ({"npsn": ""}, []),
        ({"kecamatan_code": None}, []),
        ({"npsn": "2050272"}, ["npsn"]),
        ({"npsn": "2050272５"}, ["npsn"]),
        ({"kind": "warung"}, ["kind"]),
        ({"name": " "}, ["name"]),
        ({"name": "3516051203070001"}, ["name"]),
        ({"kecamatan_code": "35.16.99"}, ["kecamatan_code"]),
        ({"contact": "a" * 81}, ["contact"]),
        ({"source": "KK 3516051203070001"}, ["source"]),
        ({"source": "a" * 401}, ["source"]),
        ({"active_from": TODAY, "active_to": TODAY - timedelta(days=1)}, ["active_to"]),
    ],
)
def test_rules_of_a_place(over, at):
    assert [p.field for p in check_place(replace(SCHOOL, **over), KECAMATAN)] == at


def test_a_place_is_in_use_from_and_to():
    school = replace(SCHOOL, active_from=TODAY, active_to=TODAY + timedelta(days=1))
    assert [school.active(TODAY + timedelta(days=n)) for n in (-1, 0, 1, 2)] == [False, True, True, False]
    assert SCHOOL.active(TODAY)
