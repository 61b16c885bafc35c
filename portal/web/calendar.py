"""The office's calendar in the browser: as it stands, and as the supervisor changes it."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Response, request, url_for
from wtforms import Field, StringField, TextAreaField

from ..actions import calendar as deeds
from ..domain.areas import Office, ServicePoint
from ..domain.calendar import EVERYBODY, HOLIDAY, POINT, WEEKDAY, office_day
from ..domain.duty import LONGEST, Period
from ..domain.problems import Conflict, Invalid, Problem, Unknown, _
from ..domain.schedule import (
    DAY,
    WEEK,
    AltersPast,
    Opening,
    Week,
    check_change,
    last_of_month,
    month_after,
    month_before,
    rows_of_month,
)
from ..storage import calendar, ledger
from . import history
from .door import account, deed, now, office, reading, sender, typed, writing
from .formats import long_day, short_day, week_words, weekday
from .forms import NOT_A_DAY, DayField, PortalForm, errors, merged, read_month, text_of
from .language import gettext
from .pages import page, received, remembered

routes = Blueprint("calendar", __name__, url_prefix="/calendar")

UNSAID = ("csrf_token", "seen", "back")
"""Fields that the second page puts in anew."""
EVERY_POINT = "all"
KINDS = {"weeks": WEEK, "days": DAY}
"""How an address names the kinds of entries."""

WORDS = {
    (True, WEEKDAY): ("info", _("buka")),
    (False, WEEKDAY): ("unknown", _("tutup")),
    (False, HOLIDAY): ("unknown", _("libur")),
    (True, POINT): ("attention", _("buka")),
    (False, POINT): ("attention", _("tutup")),
    (True, EVERYBODY): ("attention", _("buka")),
    (False, EVERYBODY): ("attention", _("tutup")),
}
"""(whether a day is served, whose word that is) → (kind, word)."""


class MaskField(Field):
    """Weekdays that were ticked (0 is Monday), as a mask; ``data`` is never read as anything else."""

    data: str = ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was ticked; anything but a weekday spoils the mask, and the rule says so."""
        known = set(valuelist) <= set("0123456")
        self.data = "".join("1" if str(n) in valuelist else "0" for n in range(7)) if known else "?"


class WeekForm(PortalForm):
    """From which day on a point serves on which weekdays, and why."""

    point = StringField()
    valid_from = DayField()
    weekdays = MaskField()
    reason = TextAreaField()
    seen = StringField()
    back = StringField()


class DayForm(PortalForm):
    """Which day is opened or closed, for whom, and why."""

    point = StringField()
    day = DayField()
    opens = StringField()
    reason = TextAreaField()
    seen = StringField()
    back = StringField()


class WithdrawForm(PortalForm):
    """Why a word is taken back."""

    reason = TextAreaField()
    seen = StringField()
    back = StringField()


# --- as it stands ----------------------------------------------------------------------------------------


@routes.get("/")
@deed("calendar.see")
@remembered
def index() -> Response:
    """A month of the calendar, of all points or of one, with whose word each day follows."""
    lists, today = office(), office_day(now())
    code = request.args.get("point", "")
    if code and code not in lists.points:
        raise Unknown(code)
    first = _month(today, lists)
    period = Period(first, last_of_month(first))
    holidays = calendar.holidays(reading(), period)
    entries = calendar.openings(reading(), period, code or None)
    points = [lists.points[code]] if code else list(lists.points.values())
    weeks = calendar.weeks(reading(), [p.code for p in points])
    special = {h.day for h in holidays} | {
        e.what.day for e in entries if isinstance(e.what, Opening) and e.decided.stands
    }
    return page(
        "calendar/index.html",
        point=lists.points.get(code),
        points=_point_options(lists),
        first=first,
        before=month_before(first) if first > lists.start().replace(day=1) else None,
        after=month_after(first) if month_after(first) <= today + timedelta(days=LONGEST) else None,
        heads=[weekday(date(2024, 1, 1 + n)) for n in range(7)],
        rows=[[day and _cell(day, points, lists, special) for day in row] for row in rows_of_month(first)],
        today=today,
        holidays=[(h, h.source.split(" ; ")[0]) for h in holidays],
        entries=[(e, words_of(e.what, lists)) for e in entries],
        masks=[(p, p.timetable.mask(today), [e for e in weeks if e.what.point_code == p.code]) for p in points],
        past=history.lines(ledger.history(reading(), deeds.KIND, deeds.object_id(code or None)), lists),
        may_write=account().may("calendar.write"),
    )


def _month(today: date, lists: Office) -> date:
    """The month an address names, from the first that was reported to a year ahead; else the present one."""
    first = read_month(request.args.get("month", ""))
    earliest, latest = lists.start().replace(day=1), today + timedelta(days=LONGEST)
    return first if first and earliest <= first <= latest else today.replace(day=1)


def _point_options(lists: Office) -> list[tuple[str, str]]:
    return [(p.code, p.name) for p in lists.points.values()]


def _cell(day: date, points: Sequence[ServicePoint], lists: Office, special: set[date]) -> dict[str, Any]:
    """A day as the grid shows it: its kind, a word, and for all points together how many serve."""
    if len(points) == 1:
        kind, word = WORDS[lists.calendar.word(points[0].timetable, day)]
        begun = points[0].active(day)
        return {
            "day": day,
            "kind": kind if begun else "unknown",
            "word": gettext(word) if begun else "–",
            "special": day in special,
        }
    active = [p for p in points if p.active(day)]
    serving = sum(lists.calendar.serves(p.timetable, day) for p in active)
    word = gettext("%(serving)s/%(all)s buka", serving=serving, all=len(active)) if active else "–"
    return {"day": day, "kind": "info" if serving else "unknown", "word": word, "special": day in special}


def words_of(what: Week | Opening, lists: Office) -> str:
    """A change in words: which day or week, and whose."""
    whose = gettext("semua titik") if what.point_code is None else lists.points[what.point_code].name
    if isinstance(what, Week):
        return gettext(
            "%(point)s: %(days)s sejak %(day)s",
            point=whose,
            days=week_words(what.weekdays),
            day=short_day(what.valid_from),
        )
    text = _("%(day)s: buka, %(point)s") if what.opens else _("%(day)s: tutup, %(point)s")
    return gettext(text, day=long_day(what.day), point=whose)


# --- as it is changed ------------------------------------------------------------------------------------


@routes.route("/week", methods=["GET", "POST"])
@deed("calendar.write")
def week() -> Any:
    """From a day on, a point serves on other weekdays."""
    lists = office()
    code = request.args.get("point", "")
    if code and code not in lists.points:
        raise Unknown(code)
    mask = lists.points[code].timetable.mask(office_day(now())) if code else "1111100"
    form: Any = WeekForm(typed(), data={"point": code, "weekdays": mask})
    what = Week(form.point.data or "", form.valid_from.data or date.min, form.weekdays.data)
    return _change(form, what, "calendar/week.html", "valid_from", days=[_weekday_choice(n) for n in range(7)])


def _weekday_choice(number: int) -> tuple[str, str]:
    return str(number), week_words("0" * number + "1" + "0" * (6 - number))


@routes.route("/day", methods=["GET", "POST"])
@deed("calendar.write")
def day() -> Any:
    """One day is opened or closed, for one point or for all."""
    code = request.args.get("point", "")
    if code and code not in office().points:
        raise Unknown(code)
    form: Any = DayForm(typed(), data={"point": code or EVERY_POINT, "opens": ""})
    point = form.point.data or ""
    what = Opening(None if point == EVERY_POINT else point, form.day.data or date.min, form.opens.data == "1")
    return _change(form, what, "calendar/day.html", "day")


def _change(form: Any, what: Week | Opening, template: str, day_field: str, **more: Any) -> Any:
    """The form of a change; kept, it leads to the month it speaks of."""
    problems: list[Problem] = []
    status = 200
    if request.method == "POST" and not form.back.data:
        problems = form.unknown(request.form)
        if form[day_field].unreadable:
            problems.append(Problem(day_field, NOT_A_DAY))
        if "opens" in form and form.opens.data not in ("0", "1"):
            problems.append(Problem("opens", _("Pilih buka atau tutup.")))
        try:
            if problems:
                raise Invalid(
                    merged(problems, check_change(what, text_of(form, "reason"), office(), office_day(now())))
                )
            with writing() as tx:
                sent = deeds.change(
                    tx, sender(), text_of(form, "submission_id"), what, text_of(form, "reason"), text_of(form, "seen")
                )
            point = what.point_code if what.point_code else None
            first = max(what.valid_from if isinstance(what, Week) else what.day, office().start())
            return received(sent, url_for("calendar.index", point=point, month=f"{first:%Y-%m}"))
        except AltersPast as error:
            return confirm(error, form, words_of(what, office()), office().points)
        except Invalid as error:
            problems, status = error.problems, 422
        except Conflict:
            problems, status = [Problem("", _SENT_ALREADY)], 409
    shown = errors(problems, {f.name for f in form})
    return page(
        template,
        status,
        form=form,
        points=_point_options(office()),
        every_point=EVERY_POINT,
        errors=shown.summary,
        wrong=shown.by_field,
        **more,
    )


_SENT_ALREADY = _("Formulir ini sudah dikirim dengan isi lain. Muat ulang halaman, lalu isi lagi.")


def confirm(error: AltersPast, form: Any, title: str, points: Mapping[str, ServicePoint]) -> Response:
    """The second page: what the change alters in days that are gone. It is kept only from here, knowing it."""
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in UNSAID]
    by_day: dict[date, list[Any]] = {}
    for moved in error.effect.days:
        by_day.setdefault(moved.day, []).append(moved)
    return page(
        "calendar/confirm.html",
        409,
        what=title,
        reason=text_of(form, "reason"),
        effect=error.effect,
        by_day=list(by_day.items()),
        points=points,
        fields=fields,
        again=error.shown,
    )


@routes.route("/<any(weeks,days):kind>/<int(max=2147483647):entry_id>/withdraw", methods=["GET", "POST"])
@deed("calendar.write")
def withdraw(kind: str, entry_id: int) -> Any:
    """Take a word of the calendar back; what held before it holds again."""
    entry = calendar.find(reading(), KINDS[kind], entry_id)
    if entry is None:
        raise Unknown(str(entry_id))
    form: Any = WithdrawForm(typed())
    problems: list[Problem] = []
    status = 200
    if request.method == "POST" and not form.back.data:
        try:
            if problems := form.unknown(request.form):
                raise Invalid(problems)
            with writing() as tx:
                sent = deeds.withdraw(
                    tx,
                    sender(),
                    text_of(form, "submission_id"),
                    entry.kind,
                    entry_id,
                    text_of(form, "reason"),
                    text_of(form, "seen"),
                )
            return received(sent, url_for("calendar.index", point=entry.what.point_code))
        except AltersPast as error:
            said = gettext("Dicabut: %(what)s", what=words_of(entry.what, office()))
            return confirm(error, form, said, office().points)
        except Invalid as error:
            problems, status = error.problems, 422
        except Conflict:
            problems, status = [Problem("", _SENT_ALREADY)], 409
    shown = errors(problems, {"reason"})
    return page(
        "calendar/withdraw.html",
        status,
        entry=entry,
        what=words_of(entry.what, office()),
        form=form,
        errors=shown.summary,
        wrong=shown.by_field,
    )
