"""The office's counts for other programs: JSON to read, by token, never a page and never a cookie."""

import base64
import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, g, request

from ..actions import tokens as deeds
from ..domain.calendar import office_day
from ..domain.duty import LONGEST, Period
from ..domain.open_data import PAGING, PERIOD, RESOURCES, Resource
from ..domain.problems import _
from ..domain.summary import BOOKS
from ..domain.texts import read_day
from ..domain.visits import FURTHEST_PLAN
from . import openapi
from .bearer import NOT_GRANTED, NOT_THERE, Bearer, Gate, Refused
from .door import BY_TOKEN, PUBLIC, deed, now, office, reading, services, stop_reading, versions
from .kept_answers import dressed, tag, unchanged
from .open_answers import ask_of, streamed
from .open_files import CSV, DHIS2_ABOUT, FOR_PROGRAMS, JSON, csv_of, dhis2_values, json_of
from .open_rows import BY_KEY, Ask, Key, Row, moment, rows
from .problem_json import problem

routes = Blueprint("api", __name__, url_prefix="/api/v1")

FORMS = ("csv", "json", "dhis2")
DEFAULT_LIMIT, LARGEST_LIMIT = 500, 1_000

TITLES = {
    400: _("Permintaan tidak dapat dibaca"),
    401: _("Token diperlukan"),
    403: _("Bukan wewenang token ini"),
    404: _("Tidak ditemukan"),
    429: _("Terlalu banyak percobaan"),
}
UNKNOWN_PARAMETER = _("Parameter ini tidak dikenal di alamat ini, atau tertulis dua kali.")
NOT_A_DATE = _("Tulis tanggal sebagai 2024-10-21.")
WRONG_ORDER = _("Tanggal awal harus sebelum tanggal akhir.")
NOT_YET = _("Tanggal akhir belum tiba.")
TOO_LONG = _("Rentang paling panjang 366 hari.")
NOT_A_BOOK = _("Buku adalah work atau home.")
NOT_A_LIMIT = _("Jumlah baris: bilangan bulat dari 1 sampai 1000.")
NOT_A_CURSOR = _("Penanda halaman ini tidak dikenal. Pakai alamat “next” dari jawaban sebelumnya.")


def gate() -> Gate:
    """Where this portal's programs come in."""
    found: Gate = current_app.extensions["gate"]
    return found


def token() -> Bearer:
    """The token by which this request asks; the door found it."""
    found: Bearer = g.bearer
    return found


@routes.app_errorhandler(Refused)
def _refused(error: Refused) -> Response:
    return problem(error.status, TITLES[error.status], error.text, error.parameter, error.headers)


def _given(allowed: tuple[str, ...]) -> dict[str, str]:
    """The parameters of this address, each once; one that is not known is refused, so that no slip reads all."""
    for name, values in request.args.lists():
        if name not in allowed or len(values) > 1:
            raise Refused(400, UNKNOWN_PARAMETER, parameter=name[:40])
    return request.args.to_dict()


def _day(given: dict[str, str], name: str, otherwise: date) -> date:
    if name not in given:
        return otherwise
    found = read_day(given[name]) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", given[name], re.ASCII) else None
    if found is None:
        raise Refused(400, NOT_A_DATE, parameter=name)
    return found


def _period(given: dict[str, str], resource: Resource) -> Period:
    """The period asked for: from the programme's first day to today where nothing is said; a summary is of this month
    and of a year at most, and plans of visits may lie ahead."""
    today, start = office_day(now()), office().start()
    summed, planned = resource.name == "summary", resource.name == "visits"
    last = _day(given, "last", today)
    first = _day(given, "first", max(start, last.replace(day=1)) if summed else min(start, last))
    if first > last:
        raise Refused(400, WRONG_ORDER, parameter="first")
    if last > (today + FURTHEST_PLAN if planned else today):
        raise Refused(400, NOT_YET, parameter="last")
    if summed and (last - first) >= timedelta(days=LONGEST):
        raise Refused(400, TOO_LONG, parameter="first")
    return Period(first, last)


def _limit(given: dict[str, str]) -> int:
    text = given.get("limit", str(DEFAULT_LIMIT))
    if not re.fullmatch(r"[1-9][0-9]{0,3}", text, re.ASCII) or int(text) > LARGEST_LIMIT:
        raise Refused(400, NOT_A_LIMIT, parameter="limit")
    return int(text)


def cursor_of(key: Key) -> str:
    """Where a page ended, as a word for addresses. It opens nothing: each page asks the token anew."""
    return base64.urlsafe_b64encode(json.dumps(key, separators=(",", ":")).encode()).decode().rstrip("=")


_SHAPES: dict[str, tuple[type, ...]] = {"days": (str, str), "visits": (str, int)}


def _after(given: dict[str, str], resource: str) -> Key:
    """The key after which a page goes on; () for the first page. Raises Refused for a cursor nobody gave."""
    text = given.get("cursor", "")
    if "cursor" not in given:
        return ()
    shape = _SHAPES.get(resource, (int,))
    try:
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,120}", text, re.ASCII):
            raise ValueError(text)
        key = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if not isinstance(key, list) or [type(part) for part in key] != list(shape):
            raise ValueError(text)
        if shape[0] is str and date.fromisoformat(key[0]).isoformat() != key[0]:
            raise ValueError(text)
        if any(isinstance(part, int) and not 0 <= part < 2**31 for part in key):
            raise ValueError(text)
    except (ValueError, RecursionError):
        raise Refused(400, NOT_A_CURSOR, parameter="cursor") from None
    return tuple(key)


def _point(given: dict[str, str]) -> str:
    """The point asked for: one of the office's, in the token's area today or on any day that it served under it."""
    code = given.get("point", "")
    if not code:
        return ""
    scope, lists = token().token.scope, office()
    if code not in lists.points:
        gate().foreign(token().hand, "point")  # what was typed could be anything, a number of somebody's too
    kecamatan = lists.points[code].kecamatan_code
    ever = any(m.kecamatan_code == kecamatan and m.hub_code == scope.code for m in lists.members)
    if not scope.sees_point(lists, code, office_day(now())) and not (scope.kind == "hub" and ever):
        gate().foreign(token().hand, code)
    return code


@routes.get("/openapi.json")
@deed(PUBLIC)
def description() -> Response:
    """What the API answers, in the words of OpenAPI 3.1; it holds no data, so anybody may read it."""
    text = openapi.text()
    mark = openapi.mark(text)
    return unchanged(mark) or dressed(Response(text, content_type=JSON), mark)


@routes.get("/")
@deed(BY_TOKEN)
def index() -> Response:
    """What the token may read, and until when."""
    _given(())
    found = token().token
    content = {
        "as_of": moment(now()),
        "name": found.name,
        "scope": {"kind": found.scope.kind, "code": found.scope.code},
        "expires_at": moment(found.expires_at),
        "resources": {name: f"/api/v1/{name}" for name in RESOURCES if found.grants(name)},
        "description": "/api/v1/openapi.json",
    }
    mark = tag({"token": found.id}, found.scope, ages=False)
    body = json.dumps(content, ensure_ascii=False)
    return unchanged(mark) or dressed(Response(body, content_type=JSON), mark)


@routes.get("/<resource>")
@deed(BY_TOKEN)
def page(resource: str) -> Response:
    """A page of rows of one resource, in its stable order."""
    asked = RESOURCES[resource]
    given = _given((*asked.parameters, *PAGING))
    scope = token().token.scope
    period, limit, after = _period(given, asked), _limit(given), _after(given, resource)
    books = (given["book"],) if "book" in given else tuple(BOOKS)
    if not set(books) <= BOOKS.keys():
        raise Refused(400, NOT_A_BOOK, parameter="book")
    point = _point(given)
    if kept := unchanged(tag(token().versions, scope, ages=asked.ages)):
        return kept
    _taken(resource)
    ask = ask_of(reading(), versions(), period, scope, books=books, point=point, after=after)
    found = list(islice(rows(resource, ask), limit + 1))
    content = _about(ask, resource, versions()) | {"next": None, "data": [row for _key, row in found[:limit]]}
    if len(found) > limit:
        again = {name: value for name, value in given.items() if name != "cursor"}
        if set(PERIOD) & set(asked.parameters):  # the next page is of the same days, also after midnight
            again |= {"first": period.first.isoformat(), "last": period.last.isoformat()}
        content["next"] = f"{request.path}?{urlencode(again | {'cursor': cursor_of(found[limit - 1][0])})}"
    body = json.dumps(content, ensure_ascii=False)
    return dressed(Response(body, content_type=JSON), tag(versions(), scope, ages=asked.ages))


def _about(ask: Ask, resource: str, fresh: dict[str, int]) -> dict[str, Any]:
    about = {
        "as_of": moment(ask.at),
        "version": fresh,
        "scope": {"kind": ask.scope.kind, "code": ask.scope.code},
        "demo": services().settings.demo,
    }
    if set(PERIOD) & set(RESOURCES[resource].parameters):
        about["period"] = {"first": ask.period.first.isoformat(), "last": ask.period.last.isoformat()}
    return about


def _taken(resource: str) -> None:
    """Write down, once a day, that the token takes these data; asking for the headers alone takes nothing."""
    stop_reading()
    g.pop("versions", None)  # what is read from here on is told with the versions of its own transaction
    if request.method != "HEAD":
        deeds.note_read(services().database, token().hand, token().token, resource)


@routes.get("/<resource>/<form>")
@deed(BY_TOKEN)
def whole(resource: str, form: str) -> Response:
    """All days of a period at once, written while they are sent."""
    if resource != "days" or form not in FORMS:
        raise Refused(404, NOT_THERE)
    given = _given(PERIOD)
    scope, period = token().token.scope, _period(given, RESOURCES[resource])
    if form == "dhis2" and not token().token.grants("visits"):
        raise Refused(403, NOT_GRANTED, {"WWW-Authenticate": 'Bearer realm="portal", error="insufficient_scope"'})
    if kept := unchanged(tag(token().versions, scope, ages=True)):
        return kept
    _taken(f"{resource}/{form}")
    if form == "csv":
        fields = RESOURCES[resource].fields
        return streamed(lambda ask, _v: csv_of(fields, _bare(ask, resource), FOR_PROGRAMS), period, scope, CSV)
    if form == "dhis2":
        return streamed(lambda ask, _v: json_of(DHIS2_ABOUT, "dataValues", dhis2_values(ask)), period, scope, JSON)
    return streamed(lambda ask, v: json_of(_about(ask, resource, v), "data", _bare(ask, resource)), period, scope, JSON)


def _bare(ask: Ask, resource: str) -> Iterator[Row]:
    return (row for _key, row in rows(resource, ask))


assert frozenset(_SHAPES) < BY_KEY
