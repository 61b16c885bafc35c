"""Where the kabupaten stood in a ranking somebody published: a dated reading, never worked out here.

In November 2020 the ministry told "9th of the 25 best" without a single percentage; such a row says just that.
"""

from datetime import date, datetime

from msgspec import Struct

from .figures import check_dated
from .problems import Problem, _
from .texts import check_text

NATIONAL = "national"
PROVINCE = "province"
SCOPES = {NATIONAL: _("Nasional"), PROVINCE: _("Provinsi")}

LARGEST_RANK = 9_999
SUBJECT_LIMIT = 120
RATE_LIMIT = 40
NOTE_LIMIT = 300


class Ranking(Struct, frozen=True):
    """A place in a ranking. ``of_count`` are those that were ranked or named; ``rate`` is as it was published."""

    scope: str
    subject: str
    as_of: date
    rank: int
    of_count: int | None
    rate: str
    source: str
    note: str = ""
    id: int = 0
    revision: int = 0
    """0 came with the reference lists; a later one was entered and stands in place of the one before it."""
    author: str = ""
    at: datetime | None = None
    reason: str = ""


def check_ranking(
    *,
    scope: str,
    subject: str,
    as_of: date | None,
    rank: int | None,
    of_count: int | None,
    rate: str,
    source: str,
    note: str,
    today: date,
) -> list[Problem]:
    """A place that can be kept: dated, with a source, and no place behind the last."""
    problems = []
    if scope not in SCOPES:
        problems.append(Problem("scope", _("Pilih nasional atau provinsi.")))
    problems += check_text("subject", subject, SUBJECT_LIMIT, required=_("Tulis apa yang diperingkat."))
    if rank is None or not 1 <= rank <= LARGEST_RANK:
        problems.append(Problem("rank", _("Isi peringkat dengan bilangan bulat mulai 1.")))
    if of_count is not None and not 1 <= of_count <= LARGEST_RANK:
        problems.append(Problem("of_count", _("Isi jumlah daerah dengan bilangan bulat mulai 1, atau kosongkan.")))
    elif rank is not None and of_count is not None and rank > of_count:
        problems.append(Problem("of_count", _("Peringkat tidak dapat melewati jumlah daerah.")))
    problems += check_text("rate", rate, RATE_LIMIT)
    problems += check_dated(as_of, source, today)
    return problems + check_text("note", note, NOTE_LIMIT)
