"""Claims over the boxes of the daily form: small enough that a form without signal can judge them as well."""

from collections.abc import Callable, Mapping
from operator import eq, ge, le
from typing import Any

from msgspec import Struct

from .recordings import MEASURES, Entry
from .texts import LARGEST_COUNT

SKIP_IF_ANY = "skip_if_any"
SKIP_IF_ALL = "skip_if_all"
NEVER_SKIP = "never_skip"
"""What is done where a number is missing: no judgement, none if all are, or it is read as 0."""

EACH = "*"
"""In a claim: the box that is being looked at, where a rule speaks of several boxes one by one."""
HOME = "home-"
HOMES = "homes"
"""The sum of the home boxes; those with less than 0 are told of at themselves."""

LIMITS = {m.name: m.limit for m in MEASURES}

Values = Mapping[str, Any]


class Claim(Struct, frozen=True):
    """Something that can be true of a form: boxes on the left (summed), an operator, and what they are held against."""

    left: tuple[str, ...]
    operator: str
    right: tuple[str, ...] = ()
    number: int = 0
    words: tuple[str, ...] = ()


def values_of(entry: Entry) -> dict[str, Any]:
    """An entry as its boxes stand on the form, with the sum of the homes."""
    homes = {f"{HOME}{code}": n for code, n in entry.homes.items()}
    total = sum(n for n in homes.values() if n > 0) if homes else None
    said = {"kind": entry.kind, "nihil_reason": entry.nihil_reason, "note": entry.note}
    return {**said, **entry.counts, **homes, HOMES: total}


def numbers(names: tuple[str, ...], values: Values, at: str) -> list[Any]:
    """What stands in these boxes; None where nothing does, or no such box is there."""
    return [values.get(at if name == EACH else name) for name in names]


_COMPARED: Mapping[str, Callable[[int, int], bool]] = {"<=": le, ">=": ge, "==": eq}


def true(claim: Claim, values: Values, at: str, missing: str) -> bool | None:
    """Whether a claim holds; None when too little is known to say."""
    left, right = numbers(claim.left, values, at), numbers(claim.right, values, at)
    if claim.operator == "in":
        return left[0] in claim.words
    if claim.operator == "given":
        return left[0] is not None and str(left[0]).strip() != ""
    if missing != NEVER_SKIP:
        unknown = left.count(None) + right.count(None)
        if unknown and (missing == SKIP_IF_ANY or unknown == len(left) + len(right)):
            return None
    given: int = sum(filter(None, left))
    if claim.operator == "within":
        return 0 <= given <= LIMITS.get(at, LARGEST_COUNT)
    return _COMPARED[claim.operator](given, sum(filter(None, right)) if right else claim.number)
