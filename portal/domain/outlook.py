"""What would change an area's pace, and its course from the start to polling day, day by day."""

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction

from msgspec import Struct

from .areas import Office
from .calendar import Election, days
from .pace import WHOLE_DAY, Area, Course, Pace, ending, needed
from .rollout import Range


class Change(Struct, frozen=True):
    """What one measure would make of an area: needed per day, needed per working kit, and how many more people it
    would record by polling day than without it (None: no pace is known)."""

    needed: int | None
    per_kit: int | None
    gain: Range | None
    days: Fraction = Fraction(0)


def one_kit_more(found: Pace) -> Change | None:
    """One kit repaired: what is needed spreads over one more, which records as a standing kit usually does.

    None where no kit waits for repair, or nothing is left to do.
    """
    if not found.remaining or not found.left or found.kits.standing <= found.kits.working:
        return None
    gain = None
    if found.steady is not None:
        each = float(found.left) / found.kits.standing
        gain = Range(found.steady.low, found.steady.middle, found.steady.high) * each
    return Change(found.needed, -(-(found.needed or 0) // (found.kits.working + 1)), gain)


def open_saturdays(office: Office, election: Election, found: Pace, courses: Mapping[str, Course]) -> Change | None:
    """Every Saturday to come served that is not yet, public holidays left closed: more days, each at its weight.

    None where no such Saturday is left, it would weigh nothing, or nothing is left to do.
    """
    own = [courses[code] for code in found.area.lines]
    each = office.limit("weekend_weight")
    ahead = [
        day
        for day in days(found.on + timedelta(days=1), election.polling_day)
        if day.weekday() == 5 and day not in office.calendar.holidays
    ]
    more = {c.line.code: each * sum(not office.calendar.serves(c.line.timetable, day) for day in ahead) for c in own}
    extra = Fraction(sum(more.values()), WHOLE_DAY * max(len(own), 1))
    if not found.remaining or found.target is None or not extra:
        return None
    need = needed(found.target, found.recorded, found.left + extra)
    per_kit = -(-need // found.kits.working) if need is not None and found.kits.working else None
    return Change(need, per_kit, ending(0, ((c.usual, more[c.line.code]) for c in own)), extra)


# --- day by day ---------------------------------------------------------------------------------


class Day(Struct, frozen=True):
    """One day of an area's course. ``recorded`` is None after today, ``ahead`` None up to today."""

    day: date
    expected: float | None
    recorded: int | None
    silent: int
    ahead: Range | None


def day_by_day(office: Office, election: Election, area: Area, courses: Mapping[str, Course], today: date) -> list[Day]:
    """From the start to polling day: what was expected by the end of each day, what was recorded, where it goes."""
    own = [courses[code] for code in area.lines]
    gone, whole = 0, sum(c.whole for c in own)
    recorded, fan = 0, Range()
    found = []
    known = [(c, c.usual) for c in own if c.usual is not None]
    for day in days(election.first_service_day, election.polling_day):
        weights = {c.line.code: c.line.weight(office, day) for c in own}
        gone += sum(weights.values())
        target = area.target(day)
        due = None if target is None or not whole else target * gone / whole
        if day <= today:
            recorded += sum(c.line.done.get(day, 0) for c in own)
        if day >= today:
            for c, usual in known:
                if day > today or not c.line.told_today:
                    fan += Range(usual.low, usual.middle, usual.high) * (weights[c.line.code] / WHOLE_DAY)
        silent = sum(day in c.line.silent for c in own)
        ahead = Range(recorded, recorded, recorded) + fan if day > today and known else None
        found.append(Day(day, due, recorded if day <= today else None, silent, ahead))
    return found
