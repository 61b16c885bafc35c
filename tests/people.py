"""The cast: who appears in the tests. Their ids are the order in which `store` keeps them."""

from datetime import datetime, timedelta
from functools import cache

from argon2 import PasswordHasher

from portal.actions.sending import Sender
from portal.domain.accounts import ADMINISTRATOR, CLERK, LIAISON, READER, SUPERVISOR, Account
from portal.domain.calendar import WIB
from portal.storage import accounts
from portal.storage.database import Tx

PASSWORD = "sawah tenang pagi hari"
NOW = datetime(2024, 10, 21, 13, 0, tzinfo=WIB)
TODAY = NOW.date()

NGORO = "kec-35.16.05"
PUNGGING = "kec-35.16.06"
GONDANG = "kec-35.16.02"
SCHOOL = "npsn-20502725"
OTHER_SCHOOL = "npsn-60726177"
PUNGGING_SCHOOL = "npsn-20502706"
SCHOOL_WITHOUT_KECAMATAN = "tanpa-man-2-mojokerto"


def _clerk(number: int, username: str, name: str, kecamatan: str) -> Account:
    return Account(
        number,
        username,
        name,
        CLERK,
        points=frozenset({f"kec-{kecamatan}"}),
        kecamatan=frozenset({kecamatan}),
        phone="0800-000-000",
    )


clerk = _clerk(1, "ngoro", "Petugas Ngoro", "35.16.05")
colleague = _clerk(2, "pungging", "Petugas Pungging", "35.16.06")
stranger = _clerk(3, "gondang", "Petugas Gondang", "35.16.02")
liaison = Account(4, "penghubung", "Penghubung SMAN", LIAISON, places=frozenset({SCHOOL}))
supervisor = Account(5, "pengawas", "Pengawas Kabupaten", SUPERVISOR)
reader = Account(6, "pembaca", "Pembaca Kabupaten", READER)
administrator = Account(7, "admin", "Admin Portal", ADMINISTRATOR)

CAST = (clerk, colleague, stranger, liaison, supervisor, reader, administrator)


@cache
def _hashed() -> str:
    """In a hundredth of the time of an office's own hash; a hash says itself at what cost it is to be tried."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def store(tx: Tx) -> None:
    """Keep the whole cast in an office without accounts; all have the same password."""
    for person in CAST:
        assert accounts.add(tx, person, _hashed(), NOW - timedelta(days=30)) == person.id


def sending(person: Account, at: datetime = NOW) -> Sender:
    """This person at work at this moment."""
    return Sender(person, at, "192.0.2.7", "request-1")
