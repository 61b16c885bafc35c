"""Keeping elections and their targets: what alters figures of days gone is kept only when exactly that was seen.

A change is made, and what it did to past figures is looked at in the same transaction; unless the sender says the
fingerprint of that effect, everything is undone and the effect is told.
"""

from typing import Any

from msgspec.structs import asdict, replace

from ..domain.accounts import require
from ..domain.areas import Office
from ..domain.audit import difference
from ..domain.calendar import Election, office_day
from ..domain.elections import AltersFigures, Moved, check_election, check_target, code_of, fingerprint, moved
from ..domain.pace import Pace, courses_of
from ..domain.pace import pace as pace_of
from ..domain.pace_areas import SetTarget, board
from ..domain.problems import STALE, Conflict, Invalid, Unknown
from ..domain.submissions import Submission
from ..storage import areas, elections, ledger, pace
from ..storage.database import Tx
from .sending import Sender, once

DEED = "settings.write"
KIND = "election"


def add(tx: Tx, sender: Sender, submission_id: str, wanted: Election) -> Submission:
    """Keep a new election or campaign; its code comes from its name. Raises Invalid with every problem."""
    require(sender.account, DEED)
    wanted = replace(_tidy(wanted), code=code_of(wanted.name))

    def make() -> str:
        taken = {one.code for one in elections.every(tx)}
        if problems := check_election(wanted, taken):
            raise Invalid(problems)
        elections.add(tx, wanted, sender.account.id, sender.at)
        ledger.touch(tx, ledger.LISTS)
        changes = difference({}, elections.values_of(wanted))
        ledger.note(tx, sender.hand, "elections.add", KIND, wanted.code, changes)
        return wanted.code

    return once(tx, sender, submission_id, KIND, _body(wanted), make)


def change(tx: Tx, sender: Sender, submission_id: str, wanted: Election, seen: str = "") -> Submission:
    """Change an election that was shown in ``wanted.version``. ``seen`` is the fingerprint of the effect shown.

    Raises Unknown, Conflict(STALE) with the election as it is, Invalid, and AltersFigures with an effect not seen.
    """
    require(sender.account, DEED)
    wanted = _tidy(wanted)

    def make() -> str:
        kept = elections.find(tx, wanted.code)
        if kept is None:
            raise Unknown(wanted.code)
        if kept.version != wanted.version:
            raise Conflict(STALE, kept)
        if problems := check_election(wanted):
            raise Invalid(problems)
        changes: dict[str, tuple[Any, Any]] = difference(elections.values_of(kept), elections.values_of(wanted))
        if not changes:
            return kept.code
        begun = min(kept.first_service_day, wanted.first_service_day) <= office_day(sender.at)
        before = _paces(tx, sender, kept) if begun else []
        if not elections.change(tx, kept, wanted, sender.account.id, sender.at):
            raise Conflict(STALE, elections.find(tx, wanted.code))
        altered = _seen(before, _paces(tx, sender, wanted) if begun else [], seen)
        if altered:
            changes |= {"altered_areas": (0, len(altered))}
        ledger.touch(tx, ledger.LISTS)
        ledger.note(tx, sender.hand, "elections.change", KIND, wanted.code, changes)
        return wanted.code

    body = _body(wanted) | {"version": wanted.version, "seen": seen}
    return once(tx, sender, submission_id, KIND, body, make)


def set_target(
    tx: Tx,
    sender: Sender,
    office: Office,
    submission_id: str,
    target: SetTarget,
    people: int | None,
    seen: str = "",
    drawn: int = 0,
) -> Submission:
    """Set how many people an area has to record, from a day on, beside the older targets. ``drawn`` is the newest of
    the election's targets that the form knew, 0 for none.

    Raises Unknown for no such election, Conflict(STALE) with the area's newest target when somebody was faster,
    Invalid, and AltersFigures as ``change`` does.
    """
    require(sender.account, DEED)
    target = replace(target, source=target.source.strip())

    def make() -> str:
        election = elections.find(tx, target.election_code)
        if election is None:
            raise Unknown(target.election_code)
        for kept in pace.targets(tx, election.code):
            if (kept.level, kept.code) == (target.level, target.code) and kept.id > drawn:
                raise Conflict(STALE, kept)
        problems = check_target(target, people, office, election)
        if problems or people is None:
            raise Invalid(problems)
        begun = election.first_service_day <= office_day(sender.at)
        before = _paces(tx, sender, election) if begun else []
        pace.add_target(tx, replace(target, people=people), sender.account.id, sender.at)
        altered = _seen(before, _paces(tx, sender, election) if begun else [], seen)
        changes: dict[str, tuple[Any, Any]] = {
            "area": (None, target.code),
            "valid_from": (None, target.valid_from),
            "people": (None, people),
        }
        if altered:
            changes["altered_areas"] = (0, len(altered))
        ledger.note(tx, sender.hand, "elections.target", KIND, election.code, changes, target.source)
        return election.code

    said: dict[str, Any] = {
        "election": target.election_code,
        "level": target.level,
        "code": target.code,
        "people": people,
    }
    said |= {"valid_from": target.valid_from, "source": target.source, "seen": seen}
    return once(tx, sender, submission_id, "election_target", said, make)


def _tidy(wanted: Election) -> Election:
    return replace(wanted, name=wanted.name.strip(), source=wanted.source.strip())


def _body(wanted: Election) -> dict[str, object]:
    return {name: value for name, value in asdict(wanted).items() if name != "version"}


def _paces(tx: Tx, sender: Sender, election: Election) -> list[Pace]:
    """Every area as its figures stand now."""
    office, today = areas.office(tx), office_day(sender.at)
    facts = pace.facts(tx, election, areas.figures(tx), sender.account, sender.at)
    found = board(office, election, facts, sender.at, lambda batches: "")
    courses = courses_of(office, election, found.lines.values(), today)
    return [pace_of(election, area, courses, today) for area in found.areas]


def _seen(before: list[Pace], after: list[Pace], seen: str) -> tuple[Moved, ...]:
    """What a change just made did to figures of days gone; raises AltersFigures unless exactly that was seen."""
    found = moved(before, after)
    if found and seen != fingerprint(found):
        raise AltersFigures(found, shown=bool(seen))
    return found
