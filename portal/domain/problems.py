"""What can be wrong with a deed, in words a clerk understands.

Texts are Indonesian with ``%(name)s`` places; ``_`` only marks them for the translation catalogue, so the
domain stays free of any framework and every door (form, command, file) shows the same words.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec


def _(text: str) -> str:
    """Mark ``text`` for translation; returns it unchanged."""
    return text


class Problem(msgspec.Struct, frozen=True):
    """One thing to mend: the field it stands at ("" for the whole form) and what to do about it."""

    field: str
    text: str
    values: Mapping[str, Any] = msgspec.field(default_factory=dict)

    def __str__(self) -> str:
        return self.text % self.values


class Unknown(Exception):
    """The thing does not exist, or not for this person: answered alike, so that nothing leaks."""


class NotPermitted(Exception):
    """The person's role does not include this deed."""


class Invalid(Exception):
    """What was given breaks rules; carries every problem found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{p.field}: {p}" for p in problems))
        self.problems = list(problems)


class Conflict(Exception):
    """What was sent does not fit what is kept now; ``kept`` is the stored record to show beside it."""

    def __init__(self, why: str, kept: Any) -> None:
        super().__init__(why)
        self.why = why
        self.kept = kept


EXISTS = "exists"
STALE = "stale"
OTHER_BODY = "other_body"
WITHDRAWN = "withdrawn"
