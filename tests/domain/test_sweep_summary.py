"""Where a sweep stands: nothing counted twice, nothing unknown called zero, readiness only of those who can vote."""

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.areas import Place
from portal.domain.places import CONFIRMED, Buckets, TargetBatch
from portal.domain.sweeps import (
    BY_HUB,
    BY_KECAMATAN,
    BY_KIND,
    LEAST_SEEN,
    Row,
    Standing,
    Told,
    grouped,
    in_order,
    row,
    shown,
)
from portal.domain.visits import RESULTS

from .. import people, records

TODAY = people.TODAY
LISTED = date(2024, 10, 1)


def batch(grown=40, priority=30, later=20, as_of=LISTED):
    buckets = Buckets(grown, priority, later)
    return TargetBatch(1, "a", as_of, buckets, "pilkada-2024", "daftar sekolah", CONFIRMED, "Pengawas", people.NOW)


def standing(code="a", listed=None, kecamatan="35.16.05", kind="sekolah", level="SMA", **more):
    since = {k: more.pop(k) for k in list(more) if k in RESULTS}
    return Standing(Place(code, kind, code.upper(), kecamatan, "", level), listed, since, **more)


def summed(*found) -> Row:
    return row("", found, lambda batches: f"{len(batches)} lists")


def test_who_is_left_is_the_list_less_those_who_are_settled():
    found = standing(listed=batch(), recorded_from_list=30, already=5, refused=1, walk_in=7, settled_elsewhere=4)
    assert found.left == 90 - 30 - 5 - 1 - 4
    assert (found.reached, found.recorded) == (39, 37)


def test_who_was_handed_over_need_not_be_visited_and_has_no_recording_yet():
    found = standing(listed=batch(), recorded_from_list=30, settled_elsewhere=4, handed_over=6)
    assert (found.reached, found.left) == (34, 50)


def test_nobody_met_again_is_counted_twice():
    """90 on the list. First 60 recorded and 10 absent, recorded at the office then; the second visit lists the 20
    left and those 10 again: 10 already, 15 recorded, 5 absent."""
    both = {"eligible": 100, "recorded_from_list": 75, "already": 10, "already_later": 10}
    found = standing(listed=batch(), **both, settled_elsewhere=10)
    assert (found.met_again, found.reached, found.left) == (10, 85, 5)


def test_who_went_elsewhere_meanwhile_is_no_one_met_again():
    """80 recorded, 10 absent; the second visit is for the 10: 2 already, 8 recorded."""
    found = standing(listed=batch(), eligible=100, recorded_from_list=88, already=2, already_later=2, come_back=10)
    assert (found.met_again, found.reached, found.left) == (0, 90, 0)
    halves = standing(listed=batch(), eligible=90, recorded_from_list=80, already=10, already_later=5)
    assert (halves.met_again, halves.reached, halves.left) == (0, 90, 0)


def test_a_list_that_was_too_short_is_told_as_that_and_not_evened_out():
    found = standing(listed=batch(5, 5, 0), eligible=14, recorded_from_list=12, already=2)
    assert (found.met_again, found.reached) == (0, 14)
    assert standing(recorded_from_list=3, eligible=9, already=6, already_later=6).met_again == 0


def test_without_a_list_nobody_knows_how_many_are_left():
    assert standing().left is None
    assert standing(open_left=6).left == 6
    found = summed(standing(), standing("b"))
    assert (found.target, found.left, found.share, found.readiness, found.unknown) == (None, None, None, None, 2)


def test_who_turns_17_after_polling_day_is_never_readiness():
    """30 recorded, 20 of the list turn 17 later: at least 10, at most 30 of the 70 who can vote."""
    found = standing(listed=batch(), recorded_from_list=30)
    assert found.ready == (10, 30)
    one = summed(found)
    assert (one.readiness.part, one.readiness.base) == (10, 70)
    assert (one.share.part, one.share.base, one.share.as_of) == (30, 90, "2024-10-01")
    only_later = standing(listed=batch(0, 0, 50), recorded_from_list=50)
    assert summed(only_later).ready == (0, 0)
    assert summed(only_later).readiness.percent is None


def test_readiness_is_exact_where_the_ages_were_told():
    """30 recorded, told to be 22 who can vote and 8 who turn 17 later: 22, whatever the list would allow."""
    found = standing(listed=batch(), recorded_from_list=30, told=Told(Buckets(12, 10, 8), 30, 22, 22))
    assert found.ready == (22, 22)
    assert found.voters_left == min(found.left, 70 - 22)
    one = summed(found)
    assert (one.readiness.part, one.ages, one.untold) == (22, Buckets(12, 10, 8), 0)
    only_later = standing(listed=batch(), recorded_from_list=9, told=Told(Buckets(0, 0, 9), 9, 0, 0))
    assert only_later.ready == (0, 0), "who turns 17 after polling day is never readiness"


def test_what_is_not_told_stays_within_bounds():
    """12 were told to be voters; of 10 more nobody knows: 12 at least, 22 at most."""
    found = standing(listed=batch(), recorded_from_list=20, already=10, told=Told(Buckets(12, 0, 8), 20, 12, 12))
    assert found.ready == (12, 22)
    assert summed(found, standing("b")).untold == 0
    assert summed(standing("b", recorded_from_list=7)).ages is None
    assert summed(standing("b", recorded_from_list=7)).untold == 7


def test_above_a_hundred_percent_is_never_good():
    found = summed(standing(listed=batch(5, 5, 0), recorded_from_list=12))
    assert found.share.percent == 120
    assert found.share.tone == found.readiness.tone == "attention"
    assert summed(standing(listed=batch(5, 5, 0), recorded_from_list=10)).readiness.tone == "good"


def test_a_sum_says_of_which_days_its_lists_are():
    found = summed(standing(listed=batch()), standing("b", listed=batch(as_of=TODAY)), standing("c"))
    assert found.as_of == "2024-10-01 – 2024-10-21"
    assert (found.places, found.unknown, found.source, found.target.total) == (3, 1, "2 lists", 180)


def test_a_places_own_absence_counts_once_enough_were_seen():
    assert standing(ever=(LEAST_SEEN - 1, 5)).absence(20) == (20, False)
    assert standing(ever=(30, 10)).absence(20) == (34, True)
    assert standing(ever=(30, 0)).absence(20) == (0, True)


def test_pupils_nobody_ever_visited_come_first():
    visited = standing("a", listed=batch(90, 90, 90), visits=1, last_visit=LISTED)
    few, many = standing("b", listed=batch(1, 1, 9)), standing("c", listed=batch(20, 0, 0))
    unknown = standing("d")
    assert [s.place.code for s in in_order([unknown, visited, few, many])] == ["c", "b", "a", "d"]


def test_what_is_shown():
    homes = standing("r", kind="rumah", level="")
    listed = standing("x", kind="desa", level="", listed=batch())
    assert shown([homes, listed, standing()]) == [listed, standing()]


def test_groups_hold_every_place_once():
    office = records.office()
    found = [
        standing("a"),
        standing("b", kecamatan="35.16.09", level="SMK"),
        standing("c", kecamatan=None, kind="pesantren", level=""),
    ]
    assert list(grouped(found, BY_KECAMATAN, office, TODAY)) == ["35.16.05", "35.16.09", ""]
    assert list(grouped(found, BY_HUB, office, TODAY)) == ["mojosari", ""]
    assert set(grouped(found, BY_KIND, office, TODAY)) == {"SMA", "SMK", "pesantren"}


COUNTS = st.integers(0, 300)


@st.composite
def any_standing(draw):
    listed = batch(draw(COUNTS), draw(COUNTS), draw(COUNTS)) if draw(st.booleans()) else None
    since = {name: draw(COUNTS) for name in ("recorded_from_list", "already", "refused", "walk_in")}
    return standing("x", listed, **since, visits=draw(st.integers(0, 3)), open_left=draw(COUNTS))


@given(st.lists(any_standing(), max_size=6), st.data())
def test_a_sum_of_sums_is_the_sum(found, data):
    """However the places are grouped, the parts of the table add up to its last line."""
    cuts = sorted(data.draw(st.lists(st.integers(0, len(found)), max_size=3)))
    parts = [summed(*found[a:b]) for a, b in pairwise([0, *cuts, len(found)])]
    whole = summed(*found)
    for name in ("places", "unknown", "never_visited", "reached", "recorded", "walked_in", "absent"):
        assert sum(getattr(p, name) for p in parts) == getattr(whole, name)
    assert sum(p.left or 0 for p in parts) == (whole.left or 0)
    assert sum(p.target.total for p in parts if p.target) == (whole.target.total if whole.target else 0)
    assert [sum(p.ready[n] for p in parts) for n in (0, 1)] == list(whole.ready)


@given(any_standing())
def test_readiness_stays_within_its_bounds(found):
    least, most = found.ready
    assert 0 <= least <= most
    if found.batch is not None:
        assert least <= max(0, found.reached)
        assert least == 0 or least == found.reached - found.batch.buckets.later
        assert found.left >= 0
        assert found.voters_left <= min(found.left, found.batch.buckets.readiness)


@given(
    st.lists(st.tuples(*(st.integers(0, 40),) * 4, st.booleans()), max_size=4),
    st.integers(0, 40),
    st.integers(0, 40),
    st.integers(0, 40),
)
def test_the_truth_lies_within_the_bounds(results, untold, still_voters, still_later):
    """However many visits told ages and however many walked in, who really may vote is neither above nor below."""
    voters = sum(v for v, _l, _wv, _wl, _told in results) + untold
    later = sum(n for _v, n, _wv, _wl, _told in results)
    told = [(v, n, wv, wl) for v, n, wv, wl, tells in results if tells]
    found = standing(
        listed=batch(voters + still_voters, 0, later + still_later),
        recorded_from_list=sum(v + n for v, n, _wv, _wl, _told in results),
        already=untold,
        told=Told(
            Buckets(sum(v + wv for v, _n, wv, _wl in told), 0, sum(n + wl for _v, n, _wv, wl in told)),
            sum(v + n for v, n, _wv, _wl in told),
            sum(max(0, v + wv - wv - wl) for v, _n, wv, wl in told),
            sum(min(v + wv, v + n) for v, n, wv, _wl in told),
        )
        if told
        else None,
    )
    least, most = found.ready
    assert least <= voters <= most
    if len(told) == len(results) and not untold and not any(wv + wl for _v, _n, wv, wl in told):
        assert least == most
    assert found.voters_left >= still_voters
