from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.visits import (
    CANCEL_REASONS,
    EXPLAINED,
    RESULTS,
    Result,
    check_cancel,
    check_plan,
    check_result,
)

from .. import records
from ..people import TODAY

HOMES = {"35.16.05", "35.16.06", "luar"}


def fields(result, visit_date=TODAY):
    return [p.field for p in check_result(result, visit_date, TODAY, HOMES)]


def test_the_identity_of_a_sound_result():
    result = records.result({"35.16.06": 12, "luar": 1})
    assert fields(result) == []
    assert (result.recorded, result.unexplained, result.homes_unsplit) == (42, 0, 29)
    assert fields(records.result(recorded_from_list=0, absent=0, walk_in=0)) == []


boxes = st.fixed_dictionaries({name: st.integers(0, 300) for name in EXPLAINED})


@given(boxes, st.integers(0, 300), st.integers(-40, 40))
def test_eligible_is_what_its_boxes_explain(explained, walk_in, off):
    eligible = sum(explained.values()) + off
    result = Result(explained | {"walk_in": walk_in, "eligible": eligible}, failed_reason="alat")
    assert result.unexplained == off
    assert result.recorded == explained["recorded_from_list"] + walk_in
    if 0 <= eligible <= 9_999:
        assert (fields(result) == []) is (off == 0)
        assert fields(result) == [] or fields(result) == ["eligible"]


@pytest.mark.parametrize("name", RESULTS)
def test_every_box_must_be_filled_and_sound(name):
    empty = Result(dict(records.result().counts) | {name: None})
    assert fields(empty) == [name]
    negative = Result(dict(records.result().counts) | {name: -1})
    assert fields(negative) == [name]
    huge = Result(dict(records.result().counts) | {name: 10_000}, failed_reason="alat")
    assert fields(huge) == [name]


def test_how_many_are_left_unexplained_is_said():
    (problem,) = check_result(records.result(eligible=56), TODAY, TODAY, HOMES)
    assert "6" in str(problem)
    (problem,) = check_result(records.result(eligible=44), TODAY, TODAY, HOMES)
    assert "6" in str(problem)
    assert "-6" not in str(problem)


def test_homes_lie_within_the_recorded_and_are_known():
    assert fields(records.result({"35.16.05": 42})) == []
    assert fields(records.result({"35.16.05": 43})) == ["homes"]
    assert fields(records.result({"35.16.77": 1})) == [""]
    assert fields(records.result({"35.16.05": 50, "luar": -20})) == ["home-luar"]


def test_a_result_waits_for_its_day():
    assert fields(records.result(), TODAY + timedelta(days=1)) == [""]
    assert fields(records.result(), TODAY - timedelta(days=3)) == []


@pytest.mark.parametrize(
    ("over", "at"),
    [
        ({}, []),
        ({"visit_date": records.START}, []),
        ({"visit_date": TODAY + timedelta(days=366)}, []),
        ({"visit_date": records.START - timedelta(days=1)}, ["visit_date"]),
        ({"visit_date": TODAY + timedelta(days=367)}, ["visit_date"]),
        ({"team": "a" * 81}, ["team"]),
        ({"note": "3516051203070001"}, ["note"]),
        ({"team": "a\x00", "note": "b" * 501}, ["team", "note"]),
        ({"session": "malam"}, ["session"]),
        ({"contact": "3516 0512 0307 0001"}, ["contact"]),
    ],
)
def test_rules_of_a_plan(over, at):
    assert [p.field for p in check_plan(records.plan(**over), TODAY, records.START)] == at


def test_a_cancelled_visit_has_a_reason_of_the_list():
    for reason in CANCEL_REASONS:
        assert check_cancel(reason, "hujan deras") == []
    assert [p.field for p in check_cancel("", "")] == ["cancel_reason"]
    assert [p.field for p in check_cancel("malas", "")] == ["cancel_reason"]
    assert [p.field for p in check_cancel("lain", " ")] == ["note"]
    assert check_cancel("sekolah", "") == []
    assert [p.field for p in check_cancel("sekolah", "3516051203070001")] == ["note"]
