"""Spans of time as sets: half-open intervals of instants, joined, cut and taken away from each other.

A span is (begin, end) with begin < end; the end no longer belongs to it, so that two that touch share no moment. A
``Spans`` is always in one form: in order, none empty, none touching the next. Two that mean the same time are equal.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

Span = tuple[datetime, datetime]
Spans = tuple[Span, ...]

NOTHING: Spans = ()


def spans(found: Iterable[Span]) -> Spans:
    """The time that any of ``found`` covers, whatever their order and however they overlap; empty ones count for
    nothing."""
    joined: list[Span] = []
    for begin, end in sorted(span for span in found if span[0] < span[1]):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return tuple(joined)


def union(*several: Spans) -> Spans:
    """The time in at least one of them."""
    return spans(span for found in several for span in found)


def intersection(one: Spans, other: Spans) -> Spans:
    """The time in both: one walk along the two, so that the work grows with their number and not with its square."""
    shared: list[Span] = []
    left, right = iter(one), iter(other)
    a, b = next(left, None), next(right, None)
    while a is not None and b is not None:
        begin, end = max(a[0], b[0]), min(a[1], b[1])
        if begin < end:
            shared.append((begin, end))
        if a[1] <= b[1]:
            a = next(left, None)
        else:
            b = next(right, None)
    return tuple(shared)


def difference(one: Spans, other: Spans) -> Spans:
    """The time in ``one`` that is not in ``other``."""
    if not one or not other:
        return one
    edges = [one[0][0], *(edge for span in other for edge in span), one[-1][1]]
    outside = zip(edges[::2], edges[1::2], strict=True)
    return intersection(one, tuple((begin, end) for begin, end in outside if begin < end))


def length(found: Spans) -> timedelta:
    """How long they are together."""
    return sum((end - begin for begin, end in found), timedelta())
