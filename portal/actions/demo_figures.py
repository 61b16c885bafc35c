"""The demo's SIAK: two invented readings of every kecamatan, so that there is something to hold the reports against.

Nobody publishes wajib KTP, recorded people or the roll per kecamatan: these numbers are the program's own, say so in
their source, and stand at kecamatan only, so that the kabupaten's published figures remain what they are.
"""

from collections.abc import Callable
from datetime import date, datetime, time
from random import Random

from ..domain.accounts import Account
from ..domain.areas import Office
from ..domain.calendar import office_instant
from ..domain.duty import Period
from ..domain.figures import DPT, KECAMATAN, MUST_HOLD_KTP, PEOPLE, RECORDED_TOTAL, UNRECORDED, Figure
from ..storage import figures, ledger
from ..storage.database import Tx
from .sending import Sender

FIRST_READING, SECOND_READING = date(2024, 10, 10), date(2024, 10, 18)
ROLL_DAY = date(2024, 9, 20)
SOURCE = "Data contoh: perkiraan program, bukan angka SIAK"
ROLL_SOURCE = "Data contoh: perkiraan program, bukan DPT per kecamatan"
ROLL_SUM = 845_643
"""A dozen fewer than the published 845,655: a difference of the kind that is shown, not evened out."""
LAGGING = "35.16.11"
"""Puri, whose clerk typed 240 for 24: SIAK grows by what really happened."""

Do = Callable[[], object]


def plan(at: Callable[[datetime, Do], None], tx: Tx, office: Office, supervisor: Account, rng: Random) -> None:
    """Have the supervisor enter two readings and a roll, each at its moment."""
    weight = {code: rng.randrange(31_000, 62_000) for code in office.kecamatan}
    roll = {code: round(ROLL_SUM * n / sum(weight.values())) for code, n in weight.items()}
    people = {code: round(n * rng.uniform(1.018, 1.044)) for code, n in roll.items()}
    share = {code: rng.uniform(0.968, 0.994) for code in office.kecamatan}
    noise = {code: rng.randrange(-3, 9) for code in office.kecamatan}
    first = {code: round(people[code] * share[code]) for code in office.kecamatan}

    def read(day: date, moment: datetime, grown: Callable[[], dict[str, int]]) -> Do:
        def do() -> None:
            recorded = {code: first[code] + n for code, n in grown().items()}
            rows = [
                _figure(code, metric, value, day, SOURCE)
                for code, done in recorded.items()
                for metric, value in (
                    (MUST_HOLD_KTP, people[code]),
                    (RECORDED_TOTAL, done),
                    (UNRECORDED, people[code] - done),
                )
            ]
            _keep(tx, Sender(supervisor, moment), rows, day)

        return do

    def grown() -> dict[str, int]:
        """By what was logged for its residents, with people whom the portal never sees."""
        days = Period(date.fromordinal(FIRST_READING.toordinal() + 1), SECOND_READING)
        home = figures.logged(tx, days).home
        mistyped = {LAGGING: 200}
        return {code: max(0, home.get(code, 0) - mistyped.get(code, 0) + noise[code]) for code in office.kecamatan}

    def keep_roll() -> None:
        rows = [_figure(code, DPT, n, ROLL_DAY, ROLL_SOURCE, "pilkada-2024") for code, n in roll.items()]
        _keep(tx, Sender(supervisor, rolled), rows, ROLL_DAY)

    rolled = office_instant(date(2024, 10, 8), time(9, 5))
    moments = office_instant(date(2024, 10, 11), time(9, 15)), office_instant(date(2024, 10, 21), time(8, 50))
    at(rolled, keep_roll)
    at(moments[0], read(FIRST_READING, moments[0], lambda: dict.fromkeys(office.kecamatan, 0)))
    at(moments[1], read(SECOND_READING, moments[1], grown))


def _figure(code: str, metric: str, value: int, day: date, source: str, election: str = "") -> Figure:
    return Figure(KECAMATAN, code, metric, value, PEOPLE, day, day.isoformat(), election, source, "", revision=1)


def _keep(tx: Tx, sender: Sender, rows: list[Figure], day: date) -> None:
    figures.add(tx, rows, sender.account.id, sender.at)
    changes = {"new": (0, len(rows)), "as_of": (None, day.isoformat()), "source": (None, rows[0].source)}
    ledger.note(tx, sender.hand, "figures.import", "figure", f"demo/{day.isoformat()}", changes)
