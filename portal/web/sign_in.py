"""Signing in and out, and the language, which one may choose before."""

from typing import Any

from flask import Blueprint, Response, current_app, flash, g, redirect, request, session, url_for
from flask_login import current_user, login_user, logout_user
from itsdangerous import BadSignature, URLSafeTimedSerializer

from ..actions import accounts as deeds
from ..domain.accounts import LoginSession
from ..domain.problems import Problem, _
from .door import (
    NEVER_KEPT,
    PUBLIC,
    Person,
    SignedOut,
    address,
    deed,
    forget_session,
    keep_typed,
    now,
    page_at,
    safe_target,
    sender,
    services,
    sign_forms,
    stop_reading,
    worth_keeping,
    writing,
)
from .forms import errors
from .language import ENGLISH, INDONESIAN, gettext
from .pages import page

routes = Blueprint("sign_in", __name__)

KEPT_FOR = 12 * 3600
LONGEST_SEAL = 60_000
PRESSED = _("Yang tadi Anda tekan belum tersimpan. Tekan sekali lagi.")


def _sealed() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="kept-form")


def show_again(account_id: int | None) -> str:
    """What was posted after the session ended, sealed into the sign-in form.

    Of a button without a page of its own only the page above it is remembered; "" when nothing can be shown.
    """
    fields: list[tuple[str, str]] | None = worth_keeping() or None
    path = request.path
    if fields is None:
        if page_at(path) == request.endpoint or request.endpoint in (*NEVER_KEPT, "sign_in.sign_out"):
            return ""
        while path and not (page_at(path) and path != request.path):
            path = path.rpartition("/")[0]
    return _sealed().dumps({"account": account_id, "path": path or "/", "fields": fields})


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
    opened = _opened(kept) if kept else None
    found = errors([Problem("username", problem)] if problem else [])
    return page(
        "sign_in/form.html",
        status,
        errors=found.summary,
        username=username,
        sealed=kept if opened else "",
        pressed=opened is not None and opened["fields"] is None,
        target=target,
        demo_password=settings.demo_password if settings.demo else "",
    )


@routes.app_errorhandler(SignedOut)
def posted_signed_out(error: SignedOut) -> Response:
    """Ask to sign in, and carry along what was typed."""
    return sign_in_page(kept=show_again(error.reader), status=401)


@routes.get("/sign-in")
@deed(PUBLIC)
def form() -> Any:
    """Ask for user name and password."""
    target = safe_target(request.args.get("next", "/"))
    if current_user.is_authenticated:
        return redirect(target, 303)
    pressed = {"account": None, "path": target, "fields": None}
    return sign_in_page(kept=_sealed().dumps(pressed) if "pressed" in request.args else "", target=target)


@routes.post("/sign-in")
@deed(PUBLIC)
def sign_in() -> Any:
    """Open a session, or say that the two do not fit, in the same words whoever it was."""
    username, password = request.form.get("username", ""), request.form.get("password", "")
    replaced = current_user.login if current_user.is_authenticated else None
    stop_reading()
    try:
        opened = deeds.sign_in(
            services().database,
            services().settings.secret_key,
            username,
            password,
            now(),
            address(),
            request.user_agent.string,
            g.request_id,
            replaced,
        )
    except deeds.TooMany as error:
        response = asked_again(429, too_many(error))
        response.headers["Retry-After"] = str(error.seconds)
        return response
    if opened is None:
        return asked_again(422, _("Nama pengguna atau sandi tidak cocok."))
    token, account = opened
    forget_session()
    sign_forms(account.id)
    login_user(Person(token, LoginSession(0, account, now(), now())))
    return redirect(_after_sign_in(account.id), 303)


def too_many(error: deeds.TooMany) -> str:
    """How long to wait, in words."""
    return gettext("Terlalu banyak percobaan. Coba lagi dalam %(seconds)s detik.", seconds=error.seconds)


def asked_again(status: int, problem: str) -> Response:
    """The sign-in page once more, with all that the posted one carried but the password."""
    given = request.form
    target = safe_target(given.get("next", "/"))
    return sign_in_page(given.get("kept", "")[:LONGEST_SEAL], status, problem, given.get("username", "")[:80], target)


def old_form() -> Any:
    """A sign-in form whose sign of origin is old: somebody signed in meanwhile, here or in another tab."""
    typed_name = request.form.get("username", "").strip().lower()
    if current_user.is_authenticated and current_user.account.username == typed_name:
        return redirect(_after_sign_in(current_user.account.id), 303)
    return asked_again(400, _("Formulir masuk sudah lama. Isi sandi sekali lagi."))


def _after_sign_in(account_id: int) -> str:
    """Where the kept form is shown again; where one was going when nothing was kept, or it was somebody else's."""
    sealed, target = request.form.get("kept", "")[:LONGEST_SEAL], safe_target(request.form.get("next", "/"))
    found = _opened(sealed) if sealed else None
    if found is None:
        return target
    if found["account"] not in (None, account_id):
        flash(gettext("Isian petugas lain tidak dibuka."), "info")
        return target
    if found["fields"] is None:
        flash(gettext(PRESSED), "info")
        return str(found["path"])
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
