"""What the pages of a section share: their tabs, moments as people type them, and deeds that may be refused."""

import re
import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, time
from typing import Any

from flask import Response, flash, redirect, request, url_for
from msgspec import Struct

from ..domain.calendar import office_day, office_instant
from ..domain.problems import Conflict, Invalid, Problem, _
from ..domain.submissions import Submission
from ..storage import areas
from ..storage.database import Tx
from .door import account, now, reading, sender, stop_reading, writing
from .formats import DASH, words
from .forms import DayField
from .language import gettext
from .pages import page, received

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
OVER_WORDS = _("Yang tersimpan sudah berubah, jadi yang Anda kirim tidak dapat disimpan lagi.")
STALE_WORDS = _("Yang tersimpan baru saja diubah orang lain. Periksa keadaan sekarang, lalu kirim lagi.")
NOT_A_CLOCK = _("Isi jam seperti 08.15.")
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[.:]([0-5][0-9])", re.ASCII)


def sections() -> list[tuple[str, str, bool]]:
    """The tabs of the equipment: (word, address, whether it is this page)."""
    return [
        (gettext(word), url_for(endpoint), endpoint.split(".")[0] == request.blueprint) for endpoint, word in SECTIONS
    ]


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
Rows = list[tuple[str, str, str, bool]]
"""(what, as kept, as sent, whether they differ)."""


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


def compared(pairs: Iterable[tuple[str, str, str]]) -> Rows:
    """(what, as kept, as typed) as the rows of the page that shows both; equal lines stay, so that nothing is lost."""
    return [(what, theirs or DASH, yours or DASH, theirs != yours) for what, theirs, yours in pairs]


def conflict_page(
    heading: str,
    lead: str,
    rows: Rows,
    form: Any,
    *,
    told: str,
    caption: str,
    action: str,
    again: str,
    keep: str,
    why: str = "",
) -> Response:
    """The one page that shows what is kept beside what was sent. ``again`` is the word of the button that sends
    ``form`` once more to ``action`` ("" where that can be no longer), ``why`` asks for a reason, ``keep`` leads to what
    is kept."""
    more = {"told": told, "caption": caption, "action": action, "again": again, "keep": keep, "why": why}
    return page("asking/conflict.html", 409, heading=heading, lead=lead, rows=rows, form=form, **more)


class Both(Struct, frozen=True):
    """What is kept beside what a button said. ``version`` is the kept one, None when it can be pressed no more."""

    what: str
    rows: Rows
    version: int | None


def press(
    deed: Deed,
    form: Any,
    address: str,
    both: Callable[[], Both],
    problems: Sequence[Problem] = (),
    refused: Callable[[list[Problem]], Response] | None = None,
) -> Response:
    """Do what a single button asks and go on to ``address``; what cannot be done is told there, or by ``refused``
    where something was typed, and ``both`` sides are shown when something else is kept by now."""
    try:
        if problems:
            raise Invalid(problems)
        with writing() as tx:
            sent = deed(tx, sender())
    except Invalid as error:
        if refused is not None:
            stop_reading()
            return refused(error.problems)
        flash(" ".join(words(p) for p in error.problems), "attention")
        return redirect(address, 303)  # type: ignore[return-value]
    except Conflict:
        stop_reading()
        return pressed_late(form, address, both())
    return received(sent, address)


def pressed_late(form: Any, address: str, found: Both, why: str = "") -> Response:
    """The page for a button that met something else than its page showed; ``why`` names the box for its reason."""
    form.submission_id.data = str(uuid.uuid4())
    form.version.process_data(found.version)
    lasts = found.version is not None
    return conflict_page(
        gettext("Yang tersimpan sudah berubah"),
        found.what,
        found.rows,
        form,
        told=gettext(STALE_WORDS if lasts else OVER_WORDS),
        caption=gettext("Yang tersimpan dan yang Anda kirim"),
        action=request.path,
        again=gettext("Tetap kirim") if lasts else "",
        keep=address,
        why=why,
    )


def places_near(kecamatan_code: str | None) -> list[tuple[str, str]]:
    """(code, name) of the places a person may take a kit to: of their kecamatan, or for the district of the kit's."""
    who = account()
    wanted = sorted(who.kecamatan) if not who.sees_district else [kecamatan_code] if kecamatan_code else []
    found = areas.places(reading(), kecamatan=wanted) if wanted else areas.schools(reading())
    return [(place.code, place.name) for place in found]
