"""Published daily summaries in the browser: what would be published, what was, and what changed since."""

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from flask import Blueprint, Response, request, url_for

from ..actions import publications as deeds
from ..domain.areas import OUTSIDE, Office
from ..domain.calendar import office_day
from ..domain.problems import Conflict, Invalid, Problem, Unknown, _
from ..domain.publications import Correction, Daily, Line, Publication, Value, check_day
from ..domain.recordings import NIHIL_REASONS
from ..domain.texts import read_day
from ..storage import publications
from .door import account, deed, now, office, reading, sender, typed, writing
from .formats import label, number, plain_day, signed
from .forms import NOT_A_DAY, PortalForm, errors, text_of
from .history import home_label
from .language import gettext
from .pages import page, received, remembered

routes = Blueprint("publications", __name__, url_prefix="/publications")

LISTED = 30
RECAP_NAMES = 250
"""Characters of a list of names in a recap: with two such lists it stays under 900, which a chat shows unfolded."""


class PublishForm(PortalForm):
    """Which day is published, and the mark of the draft that was shown."""


def rows(daily: Daily, lists: Office) -> list[tuple[str, str, Line]]:
    """The points of a published day in the order of the office's list, each with name and the word for its report."""
    order = {code: place for place, code in enumerate(lists.points)}
    return [
        (lists.points[line.point_code].short if line.point_code in lists.points else line.point_code, _word(line), line)
        for line in sorted(daily.lines, key=lambda line: order.get(line.point_code, len(order)))
    ]


def _word(line: Line) -> str:
    if line.nihil_reason:
        return f"NIHIL: {label(NIHIL_REASONS, line.nihil_reason)}"
    return ""


def value_text(value: Value) -> str:
    """A point's day in words: what nobody told is a dash."""
    if value.visits is None:
        return number(value.office)
    return gettext("%(office)s + %(visits)s kunjungan", office=number(value.office), visits=number(value.visits))


def corrected(found: Sequence[Correction], lists: Office) -> list[dict[str, Any]]:
    """Corrections as their table shows them."""
    return [
        {
            "point": lists.points[c.point_code].short if c.point_code in lists.points else c.point_code,
            "code": c.point_code,
            "day": c.day,
            "before": value_text(c.before),
            "after": value_text(c.after),
            "change": signed(c.change),
            "reason": c.reason,
        }
        for c in found
    ]


def recap(kept: Publication, lists: Office) -> str:
    """The published summary as a message of under 900 characters, made of what was published alone."""
    daily = kept.daily
    silent = [
        name
        for name, _word, line in rows(daily, lists)
        if line.value.office is None and line.state not in ("not_required", "extra", "")
    ]
    nihil = [f"{name} ({word[7:].lower()})" for name, word, line in rows(daily, lists) if line.nihil_reason]
    told = [
        gettext("Rekap %(day)s (no. %(number)s):", day=plain_day(daily.day), number=kept.number),
        gettext(
            "rekam %(today)s · kumulatif %(total)s sejak %(start)s",
            today=number(daily.recorded),
            total=number(daily.cumulative),
            start=plain_day(daily.data_from),
        ),
        gettext(
            "%(came)s dari %(all)s titik lapor · terverifikasi %(verified)s/%(came)s",
            came=daily.reports,
            all=owing(daily),
            verified=daily.verified,
        ),
    ]
    if daily.corrections:
        told.append(
            gettext("koreksi %(change)s (%(count)s)", change=signed(daily.corrected), count=len(daily.corrections))
        )
    if silent:
        told.append(gettext("belum lapor: %(names)s", names=_few(silent)))
    if nihil:
        told.append(gettext("NIHIL: %(names)s", names=_few(nihil)))
    return "\n".join([*told, gettext("kode periksa %(code)s", code=kept.check_code)])


def _few(names: Sequence[str]) -> str:
    """Names as far as a message has room for them, and how many more there are."""
    shown = list(accumulate(names, lambda text, name: f"{text}, {name}"))
    fitting = [text for text in shown if len(text) <= RECAP_NAMES]
    left = len(names) - len(fitting)
    return (fitting[-1] if fitting else "") + (gettext(" dan %(number)s lainnya", number=left) if left else "")


def owing(daily: Daily) -> int:
    """Points that owed a report of the day, or sent one."""
    return sum(line.value.office is not None or line.state not in ("not_required", "") for line in daily.lines)


@routes.get("/")
@deed("publications.see")
@remembered
def index() -> Response:
    """The publications, newest first, and what says something else by now."""
    lists = office()
    found = publications.newest(reading(), LISTED)
    return page(
        "publications/index.html",
        found=found,
        changed=corrected(deeds.pending(reading()), lists),
        may_write=account().may("publications.write"),
        today=office_day(now()),
    )


@routes.get("/<int(max=2147483647):number>")
@deed("publications.see")
def show(number: int) -> Response:
    """One publication exactly as it was published: screen and paper alike."""
    kept, lists = publications.find(reading(), number), office()
    if kept is None:
        raise Unknown(number)
    return page(
        "publications/show.html",
        kept=kept,
        daily=kept.daily,
        recap=recap(kept, lists),
        **_shown(kept.daily, lists),
    )


def _shown(daily: Daily, lists: Office) -> dict[str, Any]:
    return {
        "rows": rows(daily, lists),
        "owing": owing(daily),
        "corrections": corrected(daily.corrections, lists),
        "corrected": signed(daily.corrected),
        "homes": [(home_label(code, lists), n) for code, n in daily.homes.items() if code != OUTSIDE],
        "outside": daily.homes.get(OUTSIDE),
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
