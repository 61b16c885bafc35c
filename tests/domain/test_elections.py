"""An election that can be kept, a target that can count, and which past figures a change moves."""

from datetime import date

import pytest
from msgspec.structs import replace

from portal.domain.elections import check_election, check_target, code_of, fingerprint, moved
from portal.domain.pace import Area, courses_of, pace
from portal.domain.pace_areas import SetTarget

from .. import records
from .test_pace import GONE, TODAY, line

LISTS = records.office()
KEPT = LISTS.elections[0]


def fields(problems):
    return [p.field for p in problems]


def test_a_sound_election_has_no_problem_and_a_code_of_its_name():
    assert check_election(KEPT) == []
    assert code_of("Pilkada Serentak 2029 (Gubernur)") == "pilkada-serentak-2029-gubernur"
    assert len(code_of("x" * 80)) == 40


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "?!", "code": ""}, "name"),
        ({"code": "taken"}, "name"),
        ({"first_service_day": KEPT.polling_day}, "first_service_day"),
        ({"first_service_day": date(2020, 1, 1)}, "first_service_day"),
        ({"birth_cutoff": date(2008, 11, 28)}, "birth_cutoff"),
        ({"birth_cutoff": date(2006, 11, 26)}, "birth_cutoff"),
        ({"target_kind": "dpt"}, "target_kind"),
        ({"source": ""}, "source"),
        ({"source": "3516 0912 3456 0001"}, "source"),
    ],
)
def test_what_is_wrong_is_told_at_its_box(over, field):
    assert fields(check_election(replace(KEPT, **over), {"taken"})) == [field]


def test_a_leap_day_and_no_day_at_all_are_looked_at_without_fault():
    leap = replace(KEPT, polling_day=date(2028, 2, 29), first_service_day=date(2028, 1, 3))
    assert check_election(replace(leap, birth_cutoff=date(2011, 2, 28))) == []
    assert "first_service_day" in fields(check_election(replace(KEPT, polling_day=date.min)))


def test_a_target_is_of_an_area_of_the_list_and_of_a_day_of_the_campaign():
    target = SetTarget(0, KEPT.code, "kecamatan", "35.16.05", KEPT.first_service_day, 0, "SK")
    assert check_target(target, 300, LISTS, KEPT) == []
    assert check_target(replace(target, level="district", code="district"), 1, LISTS, KEPT) == []
    assert fields(check_target(replace(target, code="35.16.99"), 300, LISTS, KEPT)) == ["area"]
    assert fields(check_target(replace(target, level="desa"), 300, LISTS, KEPT)) == ["area"]
    for people in (None, 0, 2_000_001):
        assert fields(check_target(target, people, LISTS, KEPT)) == ["people"]
    for day in (date(2024, 10, 7), date(2024, 11, 28)):
        assert fields(check_target(replace(target, valid_from=day), 300, LISTS, KEPT)) == ["valid_from"]


def found(target, election=KEPT, since=KEPT.first_service_day, code="a"):
    one = line(dict.fromkeys(GONE, 10))
    area = Area("district", code, ((since, target),), ("a",))
    return pace(election, area, courses_of(LISTS, election, [one], TODAY), TODAY)


def test_only_figures_of_days_gone_that_differ_are_moved():
    assert moved([found(360)], [found(360)]) == ()
    (one,) = moved([found(360)], [found(720)])
    assert (one.before.expected, one.after.expected) == (90, 180)
    longer = replace(KEPT, polling_day=date(2024, 12, 31))
    (one,) = moved([found(360)], [found(360, longer)])
    assert one.before.whole < one.after.whole
    later = [found(360), found(720)]
    assert fingerprint(moved([later[0]], [later[1]])) != fingerprint(moved([later[0]], [found(721)]))


def test_a_target_from_a_day_to_come_moves_nothing_that_is_gone():
    ahead = found(360)
    steps = (*ahead.area.steps, (date(2024, 11, 1), 900))
    assert moved([ahead], [replace(ahead, area=replace(ahead.area, steps=steps))]) == ()


def test_an_area_that_comes_or_goes_is_moved():
    one, other = found(360), found(360, code="b")
    assert [(m.code, m.before is None, m.after is None) for m in moved([one], [other])] == [
        ("a", False, True),
        ("b", True, False),
    ]
