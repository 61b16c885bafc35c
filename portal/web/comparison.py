"""Two periods beside each other, in one book: what changed, and how far each of them is known."""

from datetime import date, timedelta

from flask import Blueprint, Response, request

from ..domain.calendar import office_day
from ..domain.duty import Period, check_period
from ..domain.problems import Problem, _
from ..domain.series import Compared, check_pair, compare
from ..domain.summary import BOOKS, BY_HOME, BY_WORK, Summary
from ..domain.texts import read_day
from .door import deed, now, office
from .forms import NOT_A_DAY, errors
from .language import gettext
from .pages import page, remembered
from .summary import build, gaps, named_days, row_name

routes = Blueprint("comparison", __name__, url_prefix="/summary/comparison")

PRESETS = ((_("7 hari dan 7 hari sebelumnya"), 7), (_("28 hari dan 28 hari sebelumnya"), 28))
FIELDS = ("first", "last", "second_first", "second_last")


def _usual(today: date, days: int) -> tuple[Period, Period]:
    """The last ``days`` whole days, and as many before them."""
    after = Period(today - timedelta(days=days), today - timedelta(days=1))
    return Period(after.first - timedelta(days=days), after.first - timedelta(days=1)), after


def _wanted() -> tuple[Period, Period, list[Problem]]:
    """(first period, second period, problems) as the address says; the last two weeks when it says nothing."""
    today = office_day(now())
    usual = _usual(today, 7)
    given = [request.args.get(field, "") for field in FIELDS]
    if not any(given):
        return *usual, []
    read = dict(zip(FIELDS, (read_day(text) for text in given), strict=True))
    unread = [Problem(field, NOT_A_DAY) for field, day in read.items() if day is None]
    if unread:
        return *usual, unread
    first, last, second_first, second_last = (day for day in read.values() if day is not None)
    before, after = Period(first, last), Period(second_first, second_last)
    problems = check_period(before, today)
    problems += [Problem(f"second_{problem.field}", problem.text) for problem in check_period(after, today)]
    problems = problems or check_pair(before, after)
    return (*usual, problems) if problems else (before, after, [])


@routes.get("/")
@deed("summary.see")
@remembered
def index() -> Response:
    """Any two periods of a book, line by line, with what one report brought and what is still missing."""
    before, after, problems = _wanted()
    book = BY_HOME if request.args.get("book") == BY_HOME else BY_WORK
    one, other = build(before, book), build(after, book)
    lines, whole = compare(one, other)
    lists, shown = office(), errors(problems)
    order = {code: place for place, code in enumerate([*lists.kecamatan, *lists.points])}
    lines.sort(key=lambda line: order.get(line.row.kecamatan_code or line.row.code, len(order)))
    typed = {f: request.args.get(f, day.isoformat()) for f, day in zip(FIELDS, _days(before, after), strict=True)}
    return page(
        "comparison/index.html",
        422 if problems else 200,
        before=before,
        after=after,
        book=book,
        books=BOOKS,
        by_work=BY_WORK,
        lines=[(row_name(line.row, lists), _href(line, book, after), line) for line in lines],
        whole=whole,
        known=[(before, _known(one)), (after, _known(other))],
        presets=[
            (gettext(text), _address(*usual, book), usual == (before, after))
            for text, usual in ((text, _usual(office_day(now()), days)) for text, days in PRESETS)
        ],
        book_tabs=[(gettext(text), _address(before, after, name), name == book) for name, text in BOOKS.items()],
        typed=typed,
        errors=shown.summary,
        wrong=shown.by_field,
    )


def _days(before: Period, after: Period) -> tuple[date, ...]:
    return before.first, before.last, after.first, after.last


def _address(before: Period, after: Period, book: str) -> str:
    """The comparison as a colleague opens it."""
    days = "&".join(f"{field}={day}" for field, day in zip(FIELDS, _days(before, after), strict=True))
    return f"/summary/comparison/?{days}&book={book}"


def _href(line: Compared, book: str, after: Period) -> str:
    """One level down, in the later period; a line that is no point and no kecamatan leads nowhere."""
    if book == BY_HOME and not line.row.kecamatan_code:
        return ""
    return f"/summary/kecamatan/{line.row.code}{'/residents' if book == BY_HOME else ''}?{named_days(after)}"


def _known(found: Summary) -> list[str]:
    return gaps(found) or [gettext("lengkap")]
