"""Published daily summaries in the browser: what would be published, what was, and what changed since."""

from typing import Any

from flask import Blueprint, Response, request, url_for

from ..actions import publications as deeds
from ..domain.areas import Office
from ..domain.calendar import office_day
from ..domain.periodic import KINDS, Report
from ..domain.problems import Conflict, Invalid, Problem, Unknown, _
from ..domain.publications import DAILY, Daily, check_day
from ..domain.texts import read_day
from ..storage import periodic, publications
from .door import account, deed, now, office, reading, sender, typed, writing
from .formats import signed
from .forms import NOT_A_DAY, PortalForm, errors, text_of
from .labels import qr
from .language import gettext
from .pages import page, received, remembered
from .paper import Paper, draft_paper, paper_of
from .pdf import pdf_is_made
from .publication_words import corrected, home_rows, owing, rows

routes = Blueprint("publications", __name__, url_prefix="/publications")

LISTED = 30


class PublishForm(PortalForm):
    """Which day is published, and the mark of the draft that was shown."""


@routes.get("/")
@deed("publications.see")
@remembered
def index() -> Response:
    """The publications of a kind, newest first, and what says something else by now."""
    lists, kind = office(), request.args.get("kind", DAILY)
    kind = kind if kind in KINDS else DAILY
    if kind == DAILY:
        found: Any = publications.newest(reading(), LISTED)
    else:
        newest = periodic.newest(reading(), kind, LISTED)
        found = [(kept, draft_paper(kept.periodic, lists, kept.number)) for kept in newest]
    return page(
        "publications/index.html",
        found=found,
        kind=kind,
        kinds=[(gettext(text), url_for("publications.index", kind=k), k == kind) for k, text in KINDS.items()],
        changed=corrected(deeds.pending(reading()), lists) if kind == DAILY else [],
        may_write=account().may("publications.write"),
        today=office_day(now()),
    )


@routes.get("/<int(max=2147483647):number>")
@deed("publications.see")
def show(number: int) -> Response:
    """One publication exactly as it was published: screen and paper alike."""
    return page("publications/show.html", **printed(number))


def printed(number: int) -> dict[str, Any]:
    """What the page, the print and the PDF of a publication are drawn from."""
    kept, lists = periodic.find(reading(), number), office()
    if kept is None:
        raise Unknown(number)
    drawn = paper_of(kept, lists)
    shown: dict[str, Any] = {"kept": kept, "paper": drawn, "recap": drawn.recap, "qr": qr(verify_address(drawn))}
    shown |= {"printed_at": now(), "pdf": pdf_is_made()}
    if isinstance(kept, Report):
        return shown | {"periodic": kept.periodic, "corrected": signed(drawn.corrected)}
    return shown | {"daily": kept.daily} | _shown(kept.daily, lists)


def verify_address(drawn: Paper) -> str:
    """The address printed as QR: the public form, filled in with this paper's number and code."""
    return url_for("verify.form", number=drawn.number, code=drawn.check_code, _external=True)


def _shown(daily: Daily, lists: Office) -> dict[str, Any]:
    return {
        "rows": rows(daily, lists),
        "owing": owing(daily),
        "corrections": corrected(daily.corrections, lists),
        "corrected": signed(daily.corrected),
        "homes": home_rows(daily.homes, daily.unsplit, lists),
    }


@routes.route("/new", methods=["GET", "POST"])
@deed("publications.write")
def new() -> Any:
    """What would be published of a day, and publishing it."""
    lists, today = office(), office_day(now())
    form: Any = PublishForm(typed())
    asked = request.form.get("day", "") if request.method == "POST" else request.args.get("day", today.isoformat())
    day = read_day(asked)
    problems = [Problem("day", NOT_A_DAY)] if day is None else []
    stale = False
    if day is not None and request.method == "POST":
        try:
            with writing() as tx:
                sent = deeds.publish(
                    tx, sender(), lists, text_of(form, "submission_id"), day, request.form.get("mark", "")
                )
            return received(sent, url_for("publications.show", number=int(sent.object_id)))
        except Invalid as error:
            problems = error.problems
        except Conflict:
            stale = True
            form = PublishForm()
    elif day is not None:
        problems = check_day(day, today, publications.newest_day(reading()), lists)
    drawn = None if problems or day is None else deeds.draft(reading(), lists, day, now())
    shown = errors(problems, {"day"})
    if stale:
        told = _("Angkanya berubah sejak halaman dibuka. Periksa lagi, lalu terbitkan.")
        shown = errors([Problem("", told)])
    return page(
        "publications/new.html",
        409 if stale else 422 if problems and (request.method == "POST" or "day" in request.args) else 200,
        form=form,
        day=day,
        typed_day=asked,
        draft=drawn,
        daily=drawn.daily if drawn else None,
        number=publications.next_number(reading()),
        latest=today,
        errors=shown.summary,
        wrong=shown.by_field,
        **(_shown(drawn.daily, lists) if drawn else {}),
    )


def since_published(lists: Office) -> dict[str, Any] | None:
    """For the supervisor's day: the newest publication and what changed since; None before the first."""
    found = publications.newest(reading())
    if not found:
        return None
    return {"kept": found[0], "changed": corrected(deeds.pending(reading()), lists)}
