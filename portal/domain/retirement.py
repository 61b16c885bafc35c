"""A kit that leaves service as a whole, and one that comes back.

Method: Open mSupply keeps equipment that is decommissioned readable with its log, and counts it nowhere from then on.
"""

from datetime import date, datetime, timedelta

from msgspec import Struct

from .problems import Problem, _
from .texts import check_text

RETIRED_REASONS = {
    "rusak_berat": _("Rusak berat, tidak diperbaiki lagi"),
    "menunggu_hapus": _("Menunggu penghapusan"),
    "diganti": _("Diganti alat baru"),
    "diserahkan": _("Diserahkan ke kantor lain"),
    "disimpan": _("Disimpan, tidak dipakai"),
}

EARLIEST = timedelta(days=60)
"""How far back a kit may be taken out of service, as far as a status may be told late."""


class Retirement(Struct, frozen=True):
    """From ``since`` on a kit is out of service, until the day on which it was taken back (None: it still is)."""

    id: int
    kit_code: str
    since: date
    reason: str
    note: str
    by: str
    at: datetime
    until: date | None = None
    until_note: str = ""
    until_by: str = ""
    until_at: datetime | None = None


def part_reason(reason: str) -> str:
    """Why the parts of a kit that leaves service are not in use, in the words there are for a part."""
    return "disimpan" if reason == "disimpan" else "menunggu_hapus"


def check_retirement(
    since: date | None, reason: str, note: str, today: date, last_seen: date | None, booked: date | None
) -> list[Problem]:
    """A kit that can leave service: on a day that has come, with a reason, after it was last looked at.

    ``last_seen`` is the day of the newest word on any of its parts, ``booked`` the last day it is promised to a visit.
    """
    problems = check_text("note", note)
    if reason not in RETIRED_REASONS:
        problems.append(Problem("reason", _("Pilih sebabnya.")))
    if since is None:
        problems.append(Problem("since", _("Isi tanggal yang ada di kalender, misalnya 21-10-2024.")))
    elif since > today:
        problems.append(Problem("since", _("Keadaan alat tidak dapat dicatat sebelum terjadi.")))
    elif since < today - EARLIEST:
        problems.append(Problem("since", _("Terlalu lama: paling jauh 60 hari ke belakang.")))
    elif last_seen is not None and since < last_seen:
        words = _("Alat ini masih dicatat pada %(day)s. Pilih tanggal itu atau sesudahnya.")
        problems.append(Problem("since", words, {"day": f"{last_seen:%d-%m-%Y}"}))
    elif booked is not None and booked >= since:
        words = _("Alat ini masih dipesan untuk kunjungan sampai %(day)s. Ganti alat kunjungan itu dulu.")
        problems.append(Problem("since", words, {"day": f"{booked:%d-%m-%Y}"}))
    return problems
