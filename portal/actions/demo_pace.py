"""The demo's targets and calls: what the office set for the next election, and whom the supervisor reached."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time

from msgspec.structs import replace

from ..domain.accounts import Account
from ..domain.areas import Office
from ..domain.calendar import office_instant
from ..domain.pace import KECAMATAN, OFFICE
from ..domain.pace_areas import SetTarget
from ..storage import elections
from ..storage.database import Tx
from .contacts import note
from .elections import change, set_target
from .sending import Sender

ELECTION = "pilkada-2024"
SET_ON = date(2024, 10, 7)
"""The evening before the trial began."""
MARK = "Data contoh: sasaran karangan untuk peragaan, bukan angka kantor"
TARGETS = {
    "35.16.01": 980,
    "35.16.02": 1_150,
    "35.16.03": 900,
    "35.16.04": 700,
    "35.16.05": 1_250,
    "35.16.06": 1_050,
    "35.16.07": 1_000,
    "35.16.08": 1_600,
    "35.16.10": 1_020,
    "35.16.11": 1_150,
    "35.16.12": 1_100,
    "35.16.13": 1_050,
    "35.16.14": 1_000,
    "35.16.15": 760,
    "35.16.16": 1_350,
    "35.16.17": 960,
    "35.16.18": 940,
}
"""Kecamatan → people. One of the 18 has none yet: the page says so."""
CALLS = (("kec-35.16.15", "telephone", "Petugas sakit, penggantinya mengisi siang ini."),)


def deeds(
    tx: Tx, office: Office, staff: Mapping[str, Account], new_id: Callable[[], str]
) -> Iterator[tuple[datetime, Callable[[], object]]]:
    """(moment, deed) of each, in any order."""
    supervisor = staff["pengawas"]
    moment = office_instant(SET_ON, time(19, 0))
    sender = Sender(supervisor, moment)

    def choose(id: str) -> Callable[[], object]:
        def do() -> object:
            kept = elections.find(tx, ELECTION)
            assert kept is not None
            return change(tx, sender, id, replace(kept, target_kind=OFFICE))

        return do

    yield moment, choose(new_id())
    first = next(e.first_service_day for e in office.elections if e.code == ELECTION)
    for code, people in TARGETS.items():
        if code in office.kecamatan:
            yield moment, _target(tx, sender, office, new_id(), code, first, people)
    for number, (code, how, said) in enumerate(CALLS):
        if code in office.points:
            at = office_instant(date(2024, 10, 21), time(10, 5 + number))
            yield at, _call(tx, Sender(supervisor, at), office, new_id(), code, how, said)


def _target(
    tx: Tx, sender: Sender, office: Office, id: str, code: str, first: date, people: int
) -> Callable[[], object]:
    target = SetTarget(0, ELECTION, KECAMATAN, code, first, people, MARK)
    return lambda: set_target(tx, sender, office, id, target, people)


def _call(tx: Tx, sender: Sender, office: Office, id: str, code: str, how: str, said: str) -> Callable[[], object]:
    return lambda: note(tx, sender, office, id, code, how, said)
