"""Tinjauan: what waits for a supervisor's word, verified together where nothing was asked, one by one where it was."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from msgspec import Struct
from wtforms import StringField

from ..actions import reviews as deeds
from ..actions.recordings import KIND, object_id
from ..actions.reviews import Bulk, Seen
from ..domain import review
from ..domain.areas import Office
from ..domain.calendar import office_day
from ..domain.doubts import Flag
from ..domain.duty import Period
from ..domain.problems import Conflict, Invalid, Problem, Unknown, _
from ..domain.recordings import GROUPS, MEASURES, Report
from ..domain.rules import RULE
from ..domain.texts import FIRST_YEAR, read_day
from ..storage import ledger, locks, proposals, recordings, reviews
from . import history
from .door import account, deed, now, office, reading, sender, typed, writing
from .formats import number, short_day
from .forms import CountField, PortalForm, errors, text_of
from .language import gettext
from .pages import page
from .recordings import day_of, point_of
from .report_form import fields_of

routes = Blueprint("reviews", __name__, url_prefix="/reviews")

WINDOW = 14
"""Days of one page of the queue; older ones are a link away."""
LARGEST_BULK = 1_000


class Line(Struct, frozen=True):
    """A report in the queue, with what was asked about it, what changed in it, and whether it is one's own work."""

    report: Report
    flags: Sequence[str]
    changes: Sequence[tuple[str, str, str]]
    own: bool

    @property
    def row(self) -> str:
        """What its box in the form carries: the report and how it was seen."""
        kept = self.report
        return f"{kept.point_code}/{kept.service_date}/{kept.version}/{kept.review_version}"


def flag_words(flag: Flag, lists: Office) -> str:
    """What a soft rule found at which box, and what was answered."""
    rule = gettext(RULE[flag.rule].name) if flag.rule in RULE else flag.rule
    box = history.field_label(flag.field, lists) if flag.field else gettext("Laporan")
    said = f"{rule}: {box}" + (f" {number(flag.value)}" if flag.value is not None else "")
    if flag.low is not None and flag.high is not None and flag.low != flag.high:
        said += ", " + gettext("biasanya %(low)s–%(high)s", low=number(flag.low), high=number(flag.high))
    elif flag.low is not None:
        said += ", " + gettext("seharusnya %(number)s", number=number(flag.low))
    elif flag.high is not None:
        said += ", " + gettext("pembanding %(number)s", number=number(flag.high))
    return f"{said} – “{flag.note}”" if flag.note else said


def state_word(report: Report) -> tuple[str, str]:
    """(kind, word) of where the review of a report stands."""
    return history.REVIEW_KINDS[report.review_state], gettext(review.STATES[report.review_state])


def _lines(reports: Sequence[Report], period: Period, lists: Office) -> list[Line]:
    flags = reviews.flags_within(reading(), period) if reports else {}
    ids = [object_id(r.point_code, r.service_date) for r in reports]
    own = reviews.written_by(reading(), account().username, ids) if account().may("reviews.write") else set()
    looked_at = [i for i, r in zip(ids, reports, strict=True) if r.review_state in (review.CHANGED, review.MENDED)]
    pasts = ledger.histories(reading(), KIND, looked_at) if looked_at else {}
    return [
        Line(
            r,
            [flag_words(f, lists) for f in flags.get(r.id, ())],
            history.differences(review.changes_since_review(pasts.get(i, ())), lists),
            i in own,
        )
        for i, r in zip(ids, reports, strict=True)
    ]


def _period() -> Period:
    """The fortnight up to the day that the address names; up to today when it names none."""
    today = office_day(now())
    last = read_day(request.args.get("until", "")) or today
    last = max(min(last, today), date(FIRST_YEAR, 1, 1) + timedelta(days=WINDOW))
    return Period(last - timedelta(days=WINDOW - 1), last)


@routes.get("/")
@deed("reviews.see")
def index() -> Response:
    """The queue of a fortnight: clean ones together, those that want a look, those that wait for their clerk."""
    return _queue(_period())


def _queue(period: Period) -> Response:
    lists = office()
    open_ones = [r for r in reviews.unverified(reading(), period) if r.review_state in review.AWAITING]
    lines = _lines(open_ones, period, lists)
    marks = recordings.marks(reading(), period)
    return page(
        "reviews/index.html",
        period=period,
        earlier=period.first - timedelta(days=1) if period.first > lists.start() else None,
        later=min(period.last + timedelta(days=WINDOW), office_day(now())) if period.last < office_day(now()) else None,
        clean=[line for line in lines if not line.flags and not line.own],
        apart=[line for line in lines if line.flags or line.own],
        sent_back=reviews.sent_back(reading()),
        reviewed=review.counted(marks),
        points=lists.points,
        field_label=lambda field: history.field_label(field, lists) if field else gettext("seluruh laporan"),
        state_word=state_word,
        may_write=account().may("reviews.write"),
        proposals=len(proposals.waiting(reading())),
    )


def _seen(text: str) -> Seen:
    """A row as the form carries it."""
    code, day, version, review_version = ([*text.split("/"), "", "", "", ""])[:4]
    if not (version.isascii() and version.isdigit() and review_version.isascii() and review_version.isdigit()):
        raise Unknown(text)
    if len(version) > 9 or len(review_version) > 9:
        raise Unknown(text)
    return Seen(code, day_of(day), int(version), int(review_version))


@routes.post("/verify")
@deed("reviews.write")
def verify() -> Any:
    """Verify every clean report of the page, as they were seen there."""
    rows = [_seen(text) for text in request.form.getlist("row")[:LARGEST_BULK]]
    for seen in rows:
        point_of(seen.point_code, "reviews.write")
    with writing() as tx:
        done = deeds.verify_clean(tx, sender(), rows)
    _tell(done)
    until = read_day(request.form.get("until", ""))
    return redirect(url_for("reviews.index", until=until.isoformat() if until else None), 303)


def _tell(done: Bulk) -> None:
    if done.verified:
        flash(gettext("%(number)s laporan diverifikasi.", number=number(done.verified)), "good")
    if done.changed:
        text = gettext("Tidak ikut diverifikasi karena berubah sementara itu: %(rows)s.", rows=_named(done.changed))
        flash(text, "attention")
    if done.apart:
        text = gettext("Tidak ikut diverifikasi karena perlu dilihat satu per satu: %(rows)s.", rows=_named(done.apart))
        flash(text, "attention")
    if not (done.verified or done.changed or done.apart):
        flash(gettext("Tidak ada laporan untuk diverifikasi."), "info")


def _named(rows: Collection[Seen]) -> str:
    return ", ".join(f"{office().points[r.point_code].short} {short_day(r.service_date)}" for r in rows)


class StepForm(PortalForm):
    """One step of review: which, about what, and why."""

    deed = StringField()
    field = StringField()
    comment = StringField()
    review_version = CountField(default=0)


@routes.route("/<code>/<day>", methods=["GET", "POST"])
@deed("reviews.write")
def step(code: str, day: str) -> Any:
    """Look at one report, and verify it, send it back, or take it out of the sums."""
    point_of(code, "reviews.write")
    service_date = day_of(day)
    kept = recordings.find(reading(), code, service_date)
    if kept is None:
        raise Unknown(day)
    if request.method != "POST":
        return _step_page(kept, StepForm(typed()) if typed() is not None else None)
    form: Any = StepForm(request.form)
    if problems := form.unknown(request.form):
        return _step_page(kept, form, problems)
    wanted = text_of(form, "deed")
    if wanted not in deeds.DEEDS:
        return _step_page(kept, form, [Problem("", _("Pilih langkah tinjauan."))])
    seen = Seen(code, service_date, form.version.data or 0, form.review_version.data or 0)
    try:
        with writing() as tx:
            deeds.step(tx, sender(), seen, wanted, text_of(form, "field"), text_of(form, "comment"))
    except Invalid as error:
        return _step_page(kept, form, error.problems)
    except Conflict as error:
        text = _("Laporan ini berubah sejak Anda membukanya. Lihat perubahannya, lalu putuskan lagi.")
        return _step_page(error.kept, form, [Problem("", text)], 409, seen.version)
    flash(gettext("Tinjauan disimpan."), "good")
    return redirect(url_for("reviews.index"), 303)


def _step_page(
    kept: Report, form: Any = None, problems: Sequence[Problem] = (), status: int = 422, seen: int | None = None
) -> Response:
    lists = office()
    past = list(reversed(ledger.history(reading(), KIND, object_id(kept.point_code, kept.service_date))))
    changes = review.changes_since_review(past) if seen is None else review.changes_since_version(past, seen)
    form = form or StepForm()
    form.version.process_data(kept.version)
    form.review_version.process_data(kept.review_version)
    shown = errors(problems, {"field", "comment"})
    return page(
        "reviews/step.html",
        status if problems else 200,
        point=lists.points[kept.point_code],
        day=kept.service_date,
        report=kept,
        state=state_word(kept),
        field_label=history.field_label(kept.review_field, lists) if kept.review_field else "",
        rows=[(name, text) for _field, name, text in fields_of(kept.entry, lists) if text != "–"],
        flags=[flag_words(f, lists) for f in reviews.flags(reading(), kept.id)],
        changes=history.differences(changes, lists),
        seen=seen,
        own=account().username in review.hands_of(past),
        steps={d for d, state in review.STEPS if state == kept.review_state and d in deeds.DEEDS},
        groups=_choices(),
        hours=lists.limit("exception_hours"),
        form=form,
        errors=shown.summary,
        wrong=shown.by_field,
    )


def _choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """What a reviewer can point at, as the groups of the form."""
    whole = [(f, gettext(history.FIELDS[f])) for f in ("kind", "nihil_reason", "homes", "note")]
    return [
        (gettext("Laporan"), whole),
        *(
            (gettext(title), [(m.name, gettext(m.label)) for m in MEASURES if m.group == group])
            for group, title in GROUPS.items()
        ),
    ]


def today_of_district() -> dict[str, Any]:
    """What the review asks of a supervisor today: counts with their pages."""
    today = office_day(now())
    period = Period(today - timedelta(days=WINDOW - 1), today)
    given = locks.latest_exceptions(reading(), WINDOW)
    lists = office()
    unseen = reviews.unseen_flags(reading(), period)
    return {
        "awaiting": sum(m.review_state in review.AWAITING for m in recordings.marks(reading(), period)),
        "sent_back": [(r, _days_since(r)) for r in _longest_first(reviews.sent_back(reading()))],
        "proposals": len(proposals.waiting(reading())),
        "exceptions": sorted((e for e in given if e.runs(now())), key=lambda e: e.expires_at),
        "unseen": [(code, day, [flag_words(f, lists) for f in found]) for (code, day), found in unseen.items()],
    }


def _longest_first(reports: Sequence[Report]) -> list[Report]:
    return sorted(reports, key=lambda r: (r.reviewed_at or r.changed_at, r.point_code))


def _days_since(report: Report) -> int:
    """Whole days since a report was sent back."""
    return (now() - (report.reviewed_at or now())).days


def today_of_clerk(points: Collection[str]) -> dict[str, Any]:
    """What was sent back to a clerk, with what is asked, and how his proposals stand."""
    lists = office()
    return {
        "sent_back": [
            (r, history.field_label(r.review_field, lists) if r.review_field else gettext("seluruh laporan"))
            for r in reviews.sent_back(reading(), points)
        ],
        "proposals": proposals.waiting(reading(), points),
    }
