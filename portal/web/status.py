"""The public page: is this office open, can I be recorded there now? No sign-in, no number, no name of a kit."""

import hashlib
import json
from typing import Any

from flask import Blueprint, Response, render_template, request

from ..domain.calendar import WIB, office_day
from ..domain.equipment import ABLE, UNABLE, UNKNOWN, known, point_abilities
from ..domain.outages import with_outages
from ..domain.problems import _
from ..domain.status import NOT_HERE, PointStatus, public_status
from ..storage import outages
from .door import PUBLIC, deed, now, office, reading, services, versions
from .formats import moment
from .language import ENGLISH, INDONESIAN, TAGS, gettext, language, use
from .pages import drawn_once

routes = Blueprint("status", __name__)

KINDS = {ABLE: "good", UNABLE: "bad", UNKNOWN: "unknown", NOT_HERE: "info"}
RECORD = {
    ABLE: _("bisa rekam"),
    UNABLE: _("tidak bisa rekam"),
    UNKNOWN: _("rekam belum dikonfirmasi"),
    NOT_HERE: _("tidak ada perekaman"),
}
PRINTING = {
    ABLE: _("bisa cetak"),
    UNABLE: _("tidak bisa cetak"),
    UNKNOWN: _("cetak belum dikonfirmasi"),
    NOT_HERE: _("tidak ada pencetakan"),
}
GROUPS = (
    (_("Kantor kecamatan"), lambda state: state.point.kecamatan_code is not None),
    (_("Dinas dan MPP"), lambda state: state.point.kecamatan_code is None),
)
KEPT_SECONDS = 60


def _found() -> list[PointStatus]:
    lists, at = office(), now()
    kits = services().kits(reading(), versions())
    abilities = point_abilities([(kit, known(lists, kit, at)) for kit in kits])
    both = {code: (record, printing) for code, (record, printing, _part) in abilities.items()}
    return public_status(lists, with_outages(both, outages.lasting(reading(), at), at, UNABLE), at)


def _hours() -> str:
    hours = office().hours_on(office_day(now()))
    return f"{hours.opens:02d}.00–{hours.closes:02d}.00 WIB"


def _kept(body: str, content_type: str) -> Response:
    """A page that shows no person: anybody's browser and any store on the way may keep it for a minute."""
    response = Response(body, content_type=content_type)
    response.set_etag(hashlib.sha256(body.encode()).hexdigest()[:20])
    response.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    response.make_conditional(request)
    return response


@routes.get("/status")
@deed(PUBLIC)
def page() -> Response:
    """Every point with its words, drawn once a minute whoever asks."""
    use(ENGLISH if request.args.get("language") == "en" else INDONESIAN)
    return _kept(drawn_once(("status",), _draw), "text/html; charset=utf-8")


def _draw() -> str:
    found = _found()
    return render_template(
        "status/page.html",
        groups=[(name, own) for name, test in GROUPS if (own := [s for s in found if test(s)])],
        kinds=KINDS,
        record=RECORD,
        printing=PRINTING,
        opening=_hours(),
        at=now(),
        tag=TAGS[language()],
        not_here=NOT_HERE,
        unknown=UNKNOWN,
        demo=services().settings.demo,
    )


@routes.get("/status.json")
@deed(PUBLIC)
def twin() -> Response:
    """The same for programs."""
    use(INDONESIAN)
    return _kept(drawn_once(("status.json",), _write), "application/json")


def _write() -> str:
    points: list[dict[str, Any]] = [
        {
            "name": state.point.name,
            "kecamatan_code": state.point.kecamatan_code,
            "open": state.open,
            "opens_at": state.opens.astimezone(WIB).isoformat(timespec="minutes") if state.opens else None,
            "record": state.record if state.open else None,
            "print": state.printing if state.open else None,
            "words": words(state),
            "instead": [other.name for other in state.instead],
        }
        for state in _found()
    ]
    content = {
        "as_of": now().astimezone(WIB).isoformat(timespec="minutes"),
        "hours": _hours(),
        "demo": services().settings.demo,
        "points": points,
    }
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def words(state: PointStatus) -> str:
    """The state of a point in one line, as the page says it."""
    if state.opens is not None:
        told = gettext("tutup, buka %(moment)s", moment=moment(state.opens))
        return f"{told} ({state.why_closed})" if state.why_closed else told
    if state.record == NOT_HERE:
        return gettext(RECORD[NOT_HERE])
    if state.record == state.printing == UNKNOWN:
        return gettext("belum dikonfirmasi")
    return f"{gettext(RECORD[state.record])}, {gettext(PRINTING[state.printing])}"
