"""Downloads for others, and the tokens by which other programs read."""

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from wtforms import SelectMultipleField, StringField

from ..actions import open_data as downloads
from ..actions import tokens as deeds
from ..domain.areas import Office
from ..domain.calendar import office_day
from ..domain.duty import Period
from ..domain.open_data import RESOURCES
from ..domain.problems import Invalid, Problem, Unknown, _
from ..domain.texts import read_day
from ..domain.tokens import ALL, HUB, KECAMATAN, LONGEST, WHOLE, Scope, Token, check_token
from ..storage import ledger, tokens
from . import data_package
from .door import account, deed, now, office, reading, sender, services, typed, versions, writing
from .forms import NOT_A_DAY, DayField, PortalForm, errors, merged, text_of
from .kept_answers import dressed, tag, unchanged
from .language import gettext
from .open_answers import ask_of, streamed
from .open_files import CSV, DHIS2_ABOUT, FOR_EXCEL, JSON, csv_of, dhis2_values, json_of
from .open_rows import Ask, moment, rows
from .pages import page
from .summary import hub_name

routes = Blueprint("open_data", __name__, url_prefix="/open-data")

SHOWN = 100
"""Tokens that the list shows: the latest."""

USUAL = timedelta(days=90)
"""How long a new token holds unless somebody says otherwise."""

RESENT = _("Token ini sudah dibuat dan hanya tampil sekali. Bila tidak tersalin, cabut lalu buat yang baru.")

Make = Callable[[Ask, dict[str, int]], Iterator[bytes]]


class TokenForm(PortalForm):
    """For whom, for what, which data, of which area, until when."""

    name = StringField()
    purpose = StringField()
    scope = StringField()
    resources = SelectMultipleField(validate_choice=False, choices=[])
    last = DayField()


def scope_of(text: str) -> Scope:
    """An area as the form sends it; one that no rule knows is refused by the rules."""
    kind, _colon, code = text.partition(":")
    return Scope(kind, code)


def scope_words(scope: Scope, lists: Office) -> str:
    """An area in words."""
    if scope.kind == KECAMATAN:
        return gettext("Kecamatan %(name)s", name=lists.home_name(scope.code))
    if scope.kind == HUB:
        return hub_name(scope.code, lists) if scope.code in lists.hubs else scope.code
    return gettext("Seluruh kabupaten")


def _scopes(lists: Office) -> list[tuple[str, str]]:
    every = [Scope(ALL), *(Scope(HUB, code) for code in lists.hubs), *(Scope(KECAMATAN, c) for c in lists.kecamatan)]
    return [(f"{s.kind}:{s.code}", scope_words(s, lists)) for s in every]


def period() -> tuple[Period, list[Problem]]:
    """(period, problems) as the address says it; from the programme's beginning to today when it says nonsense."""
    today, start = office_day(now()), office().start()
    usual = Period(min(start, today), today)
    given = {name: request.args[name] for name in ("first", "last") if request.args.get(name)}
    found = {name: read_day(text) for name, text in given.items()}
    problems = [Problem(name, NOT_A_DAY) for name, day in found.items() if day is None]
    wanted = Period(found.get("first") or usual.first, found.get("last") or usual.last)
    if not problems and wanted.first > wanted.last:
        problems = [Problem("first", _("Tanggal awal harus sebelum tanggal akhir."))]
    if not problems and wanted.last > today:
        problems = [Problem("last", _("Tanggal akhir belum tiba."))]
    return (usual if problems else wanted), problems


@routes.get("/")
@deed("open_data.see")
def index() -> Response:
    """What can be taken away, and which tokens there are."""
    return _page()


def _page(filled: Any = None, problems: Sequence[Problem] = ()) -> Response:
    lists, manages = office(), account().may("open_data.manage")
    asked, wrong_period = period()
    usual = {"scope": f"{ALL}:", "last": office_day(now()) + USUAL, "resources": ["days", "summary"]}
    filled = typed() if filled is None else filled
    form: Any = TokenForm(filled) if filled is not None else TokenForm(data=usual)
    dated, shown = errors(wrong_period), errors(problems, {f.name for f in form})
    found = tokens.newest(reading(), SHOWN) if manages else []
    return page(
        "open_data/index.html",
        422 if problems or wrong_period else 200,
        period=asked,
        days={"first": asked.first.isoformat(), "last": asked.last.isoformat()},
        typed_days={name: request.args.get(name) or getattr(asked, name).isoformat() for name in ("first", "last")},
        form=form,
        manages=manages,
        standing=[t for t in found if t.valid(now())],
        ended=[t for t in found if not t.valid(now())],
        reads=tokens.last_reads(reading()) if manages else {},
        scope_words=lambda token: scope_words(token.scope, lists),
        resource_words=_resource_words,
        scopes=_scopes(lists),
        resources=[(name, gettext(r.label)) for name, r in RESOURCES.items()],
        longest=LONGEST,
        errors=[*((f"period-{name}", text) for name, text in dated.summary), *shown.summary],
        wrong=shown.by_field,
        wrong_days=dated.by_field,
    )


def _resource_words(found: Token) -> str:
    return ", ".join(gettext(r.label) for name, r in RESOURCES.items() if name in found.resources)


@routes.post("/")
@deed("open_data.manage")
def make() -> Any:
    """Make a token; it is shown this once."""
    form: Any = TokenForm(request.form)
    unread = form.unknown(request.form)
    if form.last.unreadable:
        unread.append(Problem("last", NOT_A_DAY))
    given = (text_of(form, "name"), text_of(form, "purpose"), scope_of(text_of(form, "scope")))
    wanted = frozenset(form.resources.data or ())
    try:
        if unread:
            raise Invalid(merged(unread, check_token(*given, wanted, form.last.data, office(), now())))
        with writing() as tx:
            sent, made = deeds.make(
                tx, sender(), office(), text_of(form, "submission_id"), *given, wanted, form.last.data
            )
    except Invalid as error:
        return _page(request.form, error.problems)
    if not made:
        flash(gettext(RESENT), "attention")
        return redirect(url_for("open_data.index"), 303)
    kept = tokens.by_id(reading(), int(sent.object_id))
    assert kept is not None
    words = (scope_words(kept.scope, office()), _resource_words(kept))
    example = f"curl -H 'Authorization: Bearer {made}' {request.host_url}api/v1/"
    return page("open_data/made.html", token=kept, words=words, secret=made, example=example)


@routes.post("/tokens/<int(max=2147483647):token_id>/revoke")
@deed("open_data.manage")
def revoke(token_id: int) -> Any:
    """End a token at once."""
    with writing() as tx:
        ended = deeds.revoke(tx, sender(), token_id)
    flash(gettext("Token dicabut.") if ended else gettext("Token ini sudah dicabut sebelumnya."), "good")
    return redirect(url_for("open_data.index"), 303)


# --- files -----------------------------------------------------------------------------------------------


def _demo() -> bool:
    return services().settings.demo


def _package(ask: Ask, fresh: dict[str, int]) -> Iterator[bytes]:
    return data_package.package(ask, _version(fresh), demo=_demo())


def _version(fresh: dict[str, int]) -> str:
    return f"{fresh[ledger.LISTS]}.{fresh[ledger.DATA]}.{fresh[ledger.EQUIPMENT]}"


def _days_csv(ask: Ask, _fresh: dict[str, int]) -> Iterator[bytes]:
    return csv_of(RESOURCES["days"].fields, (row for _key, row in rows("days", ask)), FOR_EXCEL)


def _days_json(ask: Ask, fresh: dict[str, int]) -> Iterator[bytes]:
    about = {"as_of": moment(ask.at), "version": fresh, "demo": _demo()}
    return json_of(about, "data", (row for _key, row in rows("days", ask)))


def _dhis2(ask: Ask, _fresh: dict[str, int]) -> Iterator[bytes]:
    return json_of(DHIS2_ABOUT, "dataValues", dhis2_values(ask))


FILES: dict[str, tuple[Make, str, str]] = {
    "days.csv": (_days_csv, CSV, "hari-layanan"),
    "days.json": (_days_json, JSON, "hari-layanan"),
    "dhis2.json": (_dhis2, JSON, "dhis2"),
    "package.zip": (_package, "application/zip", "paket-data"),
}
"""File → (what writes it, its type, what it is called at home)."""


@routes.get("/<file>")
@deed("open_data.see")
def download(file: str) -> Any:
    """A file of a period, written while it is sent, and written down in the ledger as taken."""
    if file not in FILES:
        raise Unknown(file)
    asked, problems = period()
    if problems:
        return redirect(f"{url_for('open_data.index')}?{request.query_string.decode()}", 303)
    if kept := unchanged(tag(versions(), WHOLE, ages=True)):
        return kept
    if request.method != "HEAD":
        with writing() as tx:
            downloads.note_download(tx, sender(), file, asked)
    make_, content_type, name = FILES[file]
    response = streamed(make_, asked, WHOLE, content_type)
    kept_apart = "data-contoh_" if _demo() else ""
    name = f"{kept_apart}{name}_{asked.first}_{asked.last}.{file.rpartition('.')[2]}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@routes.get("/datapackage.json")
@deed("open_data.see")
def package_description() -> Any:
    """What the package of a period holds, without its rows."""
    asked, problems = period()
    if problems:
        return redirect(f"{url_for('open_data.index')}?{request.query_string.decode()}", 303)
    mark = tag(versions(), WHOLE, ages=False)
    if kept := unchanged(mark):
        return kept
    ask = ask_of(reading(), versions(), asked)
    text = json.dumps(data_package.description(ask, _version(versions()), demo=_demo()), ensure_ascii=False, indent=1)
    return dressed(Response(text + "\n", content_type=JSON), mark)
