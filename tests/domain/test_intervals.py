from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.intervals import NOTHING, difference, intersection, length, spans, union

START = datetime(2024, 10, 21, tzinfo=UTC)
LAST = 48


def at(hour: int) -> datetime:
    return START + timedelta(hours=hour)


def of(*pairs):
    return spans((at(a), at(b)) for a, b in pairs)


hours = st.integers(0, LAST)
raw = st.lists(st.tuples(hours, hours), max_size=7)
some = raw.map(lambda pairs: of(*pairs))


def moments(found):
    """The whole hours a set covers: another way to say what it is."""
    return {hour for hour in range(LAST) for begin, end in found if begin <= at(hour) < end}


@given(raw, st.randoms())
def test_spans_cover_what_was_given_in_one_form_whatever_the_order(pairs, rng):
    found = of(*pairs)
    shuffled = list(pairs)
    rng.shuffle(shuffled)
    assert found == of(*shuffled) == spans(found)
    assert moments(found) == {h for a, b in pairs for h in range(a, b)}
    assert all(begin < end for begin, end in found)
    assert all(one[1] < other[0] for one, other in pairwise(found))


@given(some, some, some)
def test_they_obey_the_laws_of_sets(a, b, c):
    assert moments(union(a, b)) == moments(a) | moments(b)
    assert moments(intersection(a, b)) == moments(a) & moments(b)
    assert moments(difference(a, b)) == moments(a) - moments(b)
    assert union(a, b) == union(b, a)
    assert intersection(a, b) == intersection(b, a)
    assert union(union(a, b), c) == union(a, union(b, c)) == union(a, b, c)
    assert intersection(intersection(a, b), c) == intersection(a, intersection(b, c))
    assert intersection(a, union(b, c)) == union(intersection(a, b), intersection(a, c))
    assert difference(a, union(b, c)) == intersection(difference(a, b), difference(a, c))
    assert union(a, a) == intersection(a, a) == a
    assert difference(a, a) == NOTHING


@given(some, some)
def test_what_is_taken_away_and_what_is_shared_make_the_whole(a, b):
    assert union(difference(a, b), intersection(a, b)) == a
    assert length(difference(a, b)) + length(intersection(a, b)) == length(a)
    assert length(union(a, b)) == length(a) + length(b) - length(intersection(a, b))
    for found in (union(a, b), intersection(a, b), difference(a, b)):
        assert found == spans(found)


@given(raw, hours)
def test_splitting_a_span_changes_nothing(pairs, cut):
    split = [piece for a, b in pairs for piece in ((a, min(b, max(a, cut))), (min(b, max(a, cut)), b))]
    assert of(*split) == of(*pairs)
    assert length(of(*split)) == length(of(*pairs))


def test_the_end_no_longer_belongs():
    assert intersection(of((8, 10)), of((10, 12))) == NOTHING
    assert union(of((8, 10)), of((10, 12))) == of((8, 12))
    assert difference(of((8, 12)), of((9, 10))) == of((8, 9), (10, 12))
    assert length(of((8, 9), (10, 12))) == timedelta(hours=3)
    assert length(NOTHING) == timedelta(0)
