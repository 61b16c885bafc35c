"""The staff list: adding, changing, and printing a one-time code."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.datastructures import MultiDict

from ..actions import accounts as deeds
from ..domain.accounts import ROLES, Account
from ..domain.problems import Invalid, Problem, Unknown
from ..storage import accounts, areas
from .door import account, deed, now, office, reading, sender, typed, writing
from .forms import errors
from .language import gettext
from .pages import page

routes = Blueprint("accounts", __name__, url_prefix="/accounts")


@routes.get("/")
@deed("accounts.manage")
def index() -> Response:
    """Everybody who has an account."""
    return page("accounts/index.html", people=accounts.everyone(reading()), roles=ROLES, lists=office())


def _record(filled: MultiDict[str, str], kept: Account | None) -> Account:
    return Account(
        id=kept.id if kept else 0,
        username=kept.username if kept else filled.get("username", "").strip().lower(),
        name=filled.get("name", "").strip(),
        role=filled.get("role", ""),
        points=frozenset(filled.getlist("points")),
        places=frozenset(filled.getlist("places")),
        phone=filled.get("phone", "").strip()[:20],
        active=filled.get("active") == "1" if kept else True,
    )


def _form(kept: Account | None, record: Account | None, problems: list[Problem]) -> Response:
    shown = errors(problems, {"username", "name", "role", "phone", "points", "places"})
    return page(
        "accounts/edit.html",
        422 if problems else 200,
        kept=kept,
        person=record or kept,
        roles=[(code, gettext(word)) for code, word in ROLES.items()],
        points=[(p.code, p.name) for p in office().points.values()],
        schools=[(p.code, p.name) for p in areas.schools(reading())],
        own=kept is not None and kept.id == account().id,
        errors=shown.summary,
        wrong=shown.by_field,
    )


@routes.route("/new", methods=["GET", "POST"])
@deed("accounts.manage")
def new() -> Any:
    """Add somebody; the answer is the slip with the one-time code, shown this once."""
    filled = typed()
    record = _record(filled, None) if filled is not None else None
    if request.method != "POST" or record is None:
        return _form(None, record, [])
    try:
        with writing() as tx:
            code = deeds.add(tx, sender().hand, office(), record)
    except Invalid as error:
        return _form(None, record, error.problems)
    return page("accounts/slip.html", person=record, code=code, role=gettext(ROLES[record.role]), at=now())


def _kept(account_id: int) -> Account:
    kept = accounts.by_id(reading(), account_id)
    if kept is None:
        raise Unknown(account_id)
    return kept


@routes.route("/<int:account_id>", methods=["GET", "POST"])
@deed("accounts.manage")
def edit(account_id: int) -> Any:
    """Change somebody's name, role, area or state."""
    kept = _kept(account_id)
    filled = typed()
    record = _record(filled, kept) if filled is not None else None
    if request.method != "POST" or record is None:
        return _form(kept, record, [])
    try:
        with writing() as tx:
            deeds.change(tx, sender(), office(), record)
    except Invalid as error:
        return _form(kept, record, error.problems)
    flash(gettext("Akun %(name)s tersimpan.", name=record.name), "good")
    return redirect(url_for("accounts.index"), 303)


@routes.post("/<int:account_id>/reset")
@deed("accounts.manage")
def reset(account_id: int) -> Response:
    """Give somebody a new one-time code."""
    kept = _kept(account_id)
    with writing() as tx:
        code = deeds.reset(tx, sender().hand, kept.username)
    return page("accounts/slip.html", person=kept, code=code, role=gettext(ROLES[kept.role]), at=now())
