"""What the pages of a section share: their tabs, moments as people type them, and deeds that may be refused."""

import re
import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, time
from typing import Any

from flask import Response, flash, redirect, request, url_for

from ..domain.calendar import office_day, office_instant
from ..domain.problems import Conflict, Invalid, Problem, _
from ..domain.submissions import Submission
from ..storage import areas
from ..storage.database import Tx
from .door import account, now, reading, sender, stop_reading, writing
from .formats import DASH, words
from .forms import DayField
from .language import gettext
from .pages import received

SECTIONS = (
    ("equipment.index", _("Alat")),
    ("faults.index", _("Kerusakan")),
    ("outages.index", _("Gangguan")),
    ("downtime.index", _("Ketersediaan")),
    ("upkeep.index", _("Perawatan")),
    ("inventory.index", _("Inventaris")),
    ("spares.index", _("Gudang")),
)
VISIT_SECTIONS = (
    ("visits.index", _("Jadwal"), "visits.see"),
    ("places.index", _("Tempat"), "places.see"),
    ("planner.index", _("Perencana"), "planner.see"),
    ("sweeps.index", _("Keadaan"), "visits.see"),
    ("visit_papers.week", _("Mingguan"), "visits.see"),
    ("visit_feeds.index", _("Kalender"), "visits.see"),
)
STALE_WORDS = _("Yang tersimpan baru saja diubah orang lain. Periksa keadaan sekarang, lalu kirim lagi.")
NOT_A_CLOCK = _("Isi jam seperti 08.15.")
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[.:]([0-5][0-9])", re.ASCII)


def sections() -> list[tuple[str, str, bool]]:
    """The tabs of the equipment: (word, address, whether it is this page)."""
    return [(gettext(word), url_for(endpoint), request.endpoint == endpoint) for endpoint, word in SECTIONS]


def visit_sections() -> list[tuple[str, str, bool]]:
    """The tabs of the visits that the reader may open: (word, address, whether the page stands under it)."""
    return [
        (gettext(word), _address(endpoint), (request.endpoint or "").split(".")[0] == endpoint.split(".")[0])
        for endpoint, word, deed in VISIT_SECTIONS
        if account().may(deed)
    ]


def _address(endpoint: str) -> str:
    """Where a tab leads; the week plan is asked for by a day of it."""
    return url_for(endpoint, day=office_day(now())) if endpoint == "visit_papers.week" else url_for(endpoint)


def read_clock(text: str) -> time | None:
    """A time of day as people write it: 8.15, 08.15 or 08:15; None when it is not one."""
    found = _CLOCK.fullmatch(text.strip())
    return time(int(found[1]), int(found[2])) if found else None


def read_moment(day: DayField, clock: str, field: str) -> tuple[datetime | None, list[Problem]]:
    """A day and a time of day as one moment; None when both boxes are empty. Problems stand at the box."""
    if not day.text.strip() and not clock.strip():
        return None, []
    problems = []
    if day.data is None:
        problems.append(Problem(field, _("Isi tanggal yang ada di kalender, misalnya 21-10-2024.")))
    at = read_clock(clock)
    if at is None:
        problems.append(Problem(f"{field}_clock", NOT_A_CLOCK))
    if day.data is None or at is None:
        return None, problems
    return office_instant(day.data, at), []


def optional_day(field: DayField, name: str) -> list[Problem]:
    """No problem when the box is empty or holds a day."""
    if field.text.strip() and field.data is None:
        return [Problem(name, _("Isi tanggal yang ada di kalender, misalnya 21-10-2024."))]
    return []


def nothing_asked() -> tuple[int, list[Problem]]:
    """How a page with a form begins: it is well, and nothing is wrong."""
    return 200, []


Deed = Callable[[Tx, Any], Submission]


def ask(deed: Deed, form: Any, problems: list[Problem]) -> tuple[Submission | None, int, list[Problem], Any]:
    """Do a deed in a transaction of its own: (what it made, 200, [], None), or why not: (None, 422 or 409, problems,
    what is kept now). After a conflict the form gets an id of its own and the kept version, so it can be sent again."""
    if problems:
        return None, 422, problems, None
    try:
        with writing() as tx:
            return deed(tx, sender()), 200, [], None
    except Invalid as error:
        return None, 422, list(error.problems), None
    except Conflict as error:
        stop_reading()
        form.submission_id.data = str(uuid.uuid4())
        version = getattr(error.kept, "version", None)
        if version is not None:
            form.version.process_data(version)
        return None, 409, [Problem("", STALE_WORDS)], error.kept


def compared(pairs: Iterable[tuple[str, str, str]]) -> list[tuple[str, str, str, bool]]:
    """(what, as kept, as typed) as the rows of the page that shows both; equal lines stay, so that nothing is lost."""
    return [(what, theirs or DASH, yours or DASH, theirs != yours) for what, theirs, yours in pairs]


def press(deed: Deed, address: str, problems: Sequence[Problem] = ()) -> Response:
    """Do what a single button asks and go on to ``address``; what cannot be done is told there."""
    try:
        if problems:
            raise Invalid(problems)
        with writing() as tx:
            sent = deed(tx, sender())
    except Invalid as error:
        flash(" ".join(words(p) for p in error.problems), "attention")
    except Conflict:
        flash(gettext(STALE_WORDS), "attention")
    else:
        return received(sent, address)
    return redirect(address, 303)  # type: ignore[return-value]


def places_near(kecamatan_code: str | None) -> list[tuple[str, str]]:
    """(code, name) of the places a person may take a kit to: of their kecamatan, or for the district of the kit's."""
    who = account()
    wanted = sorted(who.kecamatan) if not who.sees_district else [kecamatan_code] if kecamatan_code else []
    found = areas.places(reading(), kecamatan=wanted) if wanted else areas.schools(reading())
    return [(place.code, place.name) for place in found]
