import itertools
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from portal.domain.diary import POINT, VAN, KitPlace
from portal.domain.equipment import (
    ABLE,
    BOTH,
    COMPONENTS,
    ESSENTIAL,
    GOOD,
    NEITHER,
    PRINTS_WITH,
    RECORDS_WITH,
    STATUSES,
    UNABLE,
    Component,
    Kit,
    StatusEvent,
    check_moment,
    check_return,
    in_order,
    known,
    point_abilities,
    state_since,
    usually_essential,
)

from .. import records
from ..people import NGORO, NOW, PUNGGING, TODAY

MINUTE = timedelta(minutes=1)


def event(minute, status=GOOD, id=0, reason="", confirmed_only=False):
    return StatusEvent("iris", status, reason, "", NOW + minute * MINUTE, "x", confirmed_only, 1, None, None, id)


events = st.lists(
    st.builds(event, st.integers(0, 30), st.sampled_from(["good", "broken", "repair"])), min_size=1, max_size=12
).map(lambda found: [replace(e, id=n) for n, e in enumerate(found)])


@given(events, st.randoms())
def test_a_history_says_the_same_in_whatever_order_it_was_told(told, random):
    shuffled = list(told)
    random.shuffle(shuffled)
    assert state_since(shuffled) == state_since(told)
    ordered = in_order(shuffled)
    assert all((a.at, a.id) < (b.at, b.id) for a, b in itertools.pairwise(ordered))


@given(events)
def test_the_present_state_is_the_last_and_began_with_its_run(told):
    last, since, seen = state_since(told)
    assert seen == last.at == max(e.at for e in told)
    run = [e for e in told if e.at >= since and (e.at, e.id) <= (last.at, last.id)]
    assert since <= last.at
    assert any(e.at == since and e.status == last.status for e in run)
    before = [e for e in in_order(told) if (e.at, e.id) < min((r.at, r.id) for r in run if r.status == last.status)]
    assert all(e.at <= since for e in before)


@given(events, st.integers(0, 30))
def test_what_is_told_late_never_changes_the_present_state(told, minute):
    last, _since, _seen = state_since(told)
    late = event(minute, "missing", id=99)
    found, _since, _seen = state_since([*told, late])
    assert (found == last) is (late.at < last.at)


def part(kind, status=GOOD, essential=""):
    return Component(0, "k", kind, status, "", "", NOW, NOW, "x", 1, essential)


parts = st.dictionaries(
    st.sampled_from(sorted(COMPONENTS)),
    st.tuples(st.sampled_from(sorted(STATUSES)), st.sampled_from(["", *ESSENTIAL])),
)


@given(parts)
def test_ability_is_that_of_the_weakest_part_it_needs(given_parts):
    kit = Kit("k", "Alat", NGORO, tuple(part(kind, *said) for kind, said in given_parts.items()))
    for ability, usual, needs in (
        (kit.can_record, RECORDS_WITH, "records"),
        (kit.can_print, PRINTS_WITH, "prints"),
    ):
        stopped = [c for c in kit.components if getattr(c, needs) and not c.works]
        lacking = usual - given_parts.keys()
        assert (ability == UNABLE) is bool(stopped or lacking)


@pytest.mark.parametrize("kind", COMPONENTS)
def test_a_part_that_nothing_needs_stops_nothing_and_one_that_all_needs_stops_all(kind):
    def kit(essential):
        return Kit("k", "Alat", NGORO, tuple(part(k, "broken" if k == kind else GOOD, essential if k == kind else "")
                                             for k in COMPONENTS))  # fmt: skip

    assert (kit(NEITHER).can_record, kit(NEITHER).can_print) == (ABLE, ABLE)
    assert (kit(BOTH).can_record, kit(BOTH).can_print) == (UNABLE, UNABLE)
    assert usually_essential(kind) in ESSENTIAL
    assert (part(kind).records, part(kind).prints) == (kind in RECORDS_WITH, kind in PRINTS_WITH)


def test_a_kit_makes_able_only_the_point_it_serves_that_day():
    whole = tuple(part(kind) for kind in COMPONENTS)
    home = KitPlace(1, "k", POINT, NGORO, None, "", TODAY - timedelta(days=9), None)
    road = KitPlace(2, "k", VAN, None, None, "", TODAY, TODAY)
    lent = replace(road, kind=POINT, point_code=PUNGGING)
    office = records.office()

    def able(*places):
        kit = Kit("k", "Alat", NGORO, whole, places)
        return {code: found[0] for code, found in point_abilities([(kit, known(office, kit, NOW))]).items()}

    assert able() == able(home) == {NGORO: ABLE}
    assert able(home, road) == {}
    assert able(home, lent) == {PUNGGING: ABLE}
    lent_kit = Kit("k", "Alat", NGORO, whole, (home, lent))
    assert lent_kit.points_on(TODAY) == {NGORO, PUNGGING}
    assert lent_kit.points_on(TODAY + timedelta(days=1)) == {NGORO}


@pytest.mark.parametrize(
    ("minutes", "agreed", "fields"),
    [(0, False, []), (1, False, ["at"]), (-5, False, []), (-20, False, ["agreed"]), (-20, True, []), (1, True, ["at"])],
)
def test_a_status_is_told_of_what_was_and_before_what_is_known_only_knowingly(minutes, agreed, fields):
    after = NOW - 10 * MINUTE
    assert [p.field for p in check_moment(NOW + minutes * MINUTE, NOW, after, agreed=agreed)] == fields
    assert [p.field for p in check_moment(NOW - timedelta(days=61), NOW, None, agreed=True)] == ["at"]


def test_only_what_does_not_work_is_expected_back_and_not_before_it_failed():
    assert check_return("broken", None, TODAY) == check_return("repair", TODAY, TODAY) == []
    for status, day in (("good", TODAY), ("broken", TODAY - timedelta(days=1)), ("repair", TODAY.replace(year=2026))):
        assert [p.field for p in check_return(status, day, TODAY)] == ["expected_back"]
