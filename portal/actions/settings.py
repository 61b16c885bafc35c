"""The office sets its numbers and its name on paper; every change is written down."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from ..domain.accounts import require
from ..domain.audit import difference
from ..domain.identity import Identity, check_identity
from ..domain.limits import LIMIT, check_limit
from ..domain.problems import STALE, Conflict, Invalid, Problem
from ..domain.submissions import Submission
from ..storage import areas, ledger
from ..storage.database import Tx
from .sending import Sender, once

KIND = "settings"
OBJECT = "office"
OFFICE_KEY = "office."
"""Before the name of a field of the identity, its setting's name."""


class Standing(Struct, frozen=True):
    """Every setting of the office as it is now."""

    limits: Mapping[str, int]
    identity: Identity

    @property
    def mark(self) -> str:
        """By what a form that was drawn earlier is recognised: changes with every setting."""
        text = json.dumps([dict(self.limits), asdict(self.identity)], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def values(self) -> dict[str, Any]:
        """Field → value, as the ledger writes them down."""
        limits = {areas.LIMIT_KEY + name: value for name, value in self.limits.items()}
        return limits | {OFFICE_KEY + name: value for name, value in asdict(self.identity).items()}


def identity(tx: Tx) -> Identity:
    """Who the office is on paper."""
    kept = areas.settings(tx, OFFICE_KEY)
    return Identity(**{name: kept.get(name, default) for name, default in asdict(Identity()).items()})


def standing(tx: Tx) -> Standing:
    """Every setting as it is now; a limit that nobody set stands at its default."""
    kept = areas.settings(tx, areas.LIMIT_KEY)
    limits = {name: int(kept.get(name, limit.default)) for name, limit in LIMIT.items()}
    return Standing(limits, identity(tx))


def problems_of(limits: Mapping[str, int | None], wanted: Identity) -> list[Problem]:
    """Everything wrong with these settings."""
    return [p for name in LIMIT for p in check_limit(name, limits.get(name))] + check_identity(wanted)


def change(
    tx: Tx, sender: Sender, submission_id: str, seen: str, limits: Mapping[str, int | None], wanted: Identity
) -> Submission:
    """Set limits and identity. ``seen`` is the mark of the settings that the form showed.

    Raises Invalid with every problem, Conflict(STALE) with the settings as they are when somebody was faster.
    """
    require(sender.account, "settings.write")
    problems = problems_of(limits, wanted)
    body = {"seen": seen, **dict(limits), **asdict(wanted)}

    def make() -> str:
        kept = standing(tx)
        if kept.mark != seen:
            raise Conflict(STALE, kept)
        if problems:
            raise Invalid(problems)
        after = Standing({name: limits[name] or 0 for name in LIMIT}, wanted).values()
        changes = difference(kept.values(), after)
        for name in changes:
            areas.set_setting(tx, name, str(after[name]))
        if changes:
            ledger.touch(tx, ledger.LISTS)
            ledger.note(tx, sender.hand, "settings.change", KIND, OBJECT, changes)
        return OBJECT

    return once(tx, sender, submission_id, KIND, body, make, touched=(ledger.DATA,))
