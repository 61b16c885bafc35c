"""Signing in and out, and the language, which one may choose before."""

from typing import Any

from flask import Blueprint, Response, current_app, flash, g, redirect, request, session, url_for
from flask_login import current_user, login_user, logout_user
from itsdangerous import BadSignature, URLSafeTimedSerializer

from ..actions import accounts as deeds
from ..domain.accounts import LoginSession
from ..domain.problems import Problem, _
from .door import (
    PUBLIC,
    Person,
    address,
    deed,
    forget_session,
    keep_typed,
    now,
    safe_target,
    sender,
    services,
    worth_keeping,
    writing,
)
from .forms import errors
from .language import ENGLISH, INDONESIAN, gettext
from .pages import page

routes = Blueprint("sign_in", __name__)

KEPT_FOR = 12 * 3600


def _sealed() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="kept-form")


def show_again(account_id: int | None) -> str:
    """What was posted after the session ended, sealed into the sign-in form; "" when there is no form to show."""
    fields = worth_keeping()
    if not fields:
        return ""
    return _sealed().dumps({"account": account_id, "path": request.path, "fields": fields})


def _opened(sealed: str) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = _sealed().loads(sealed, max_age=KEPT_FOR)
    except BadSignature:
        return None
    return found


def sign_in_page(
    kept: str = "", status: int = 200, problem: str = "", username: str = "", target: str = ""
) -> Response:
    """The sign-in form; it carries along what was typed before, and where to go afterwards."""
    settings = services().settings
    found = errors([Problem("username", problem)] if problem else [])
    return page(
        "sign_in/form.html",
        status,
        errors=found.summary,
        username=username,
        kept=kept,
        target=target,
        demo_password=settings.demo_password if settings.demo else "",
    )


@routes.get("/sign-in")
@deed(PUBLIC)
def form() -> Any:
    """Ask for user name and password."""
    target = safe_target(request.args.get("next", "/"))
    if current_user.is_authenticated:
        return redirect(target, 303)
    return sign_in_page(target=target)


@routes.post("/sign-in")
@deed(PUBLIC)
def sign_in() -> Any:
    """Open a session, or say that the two do not fit, in the same words whoever it was."""
    username, password = request.form.get("username", ""), request.form.get("password", "")
    kept, target = request.form.get("kept", "")[:60_000], safe_target(request.form.get("next", "/"))
    try:
        opened = deeds.sign_in(
            services().database, username, password, now(), address(), request.user_agent.string, g.request_id
        )
    except deeds.TooMany as error:
        words = gettext("Terlalu banyak percobaan. Coba lagi dalam %(seconds)s detik.", seconds=error.seconds)
        response = sign_in_page(kept, 429, words, username, target)
        response.headers["Retry-After"] = str(error.seconds)
        return response
    if opened is None:
        return sign_in_page(kept, 422, _("Nama pengguna atau sandi tidak cocok."), username, target)
    token, account = opened
    forget_session()
    login_user(Person(token, LoginSession(0, account, now(), now())))
    return redirect(_after_sign_in(account.id, kept) or target, 303)


def _after_sign_in(account_id: int, sealed: str) -> str:
    """Where the kept form is shown again; "" when nothing was kept, or it was somebody else's."""
    found = _opened(sealed) if sealed else None
    if found is None:
        return ""
    if found["account"] not in (None, account_id):
        flash(gettext("Isian petugas lain tidak dibuka."), "info")
        return ""
    flash(gettext("Isian Anda masih ada. Periksa, lalu kirim."), "info")
    return keep_typed(account_id, found["path"], [(k, v) for k, v in found["fields"]])


@routes.post("/sign-out")
@deed("accounts.own")
def sign_out() -> Any:
    """End the session here and in the database, and have the browser forget the pages it holds."""
    with writing() as tx:
        deeds.sign_out(tx, sender(), current_user.login.id)
    logout_user()
    forget_session()
    response = redirect(url_for("sign_in.form"), 303)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@routes.post("/language")
@deed(PUBLIC)
def language() -> Any:
    """Choose the language of the pages."""
    wanted = ENGLISH if request.form.get("language", "").startswith("en") else INDONESIAN
    session["language"] = wanted
    return redirect(safe_target(request.form.get("next", "/")), 303)
