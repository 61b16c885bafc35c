"""The front door: who is asking, may they, and under which rules the answer leaves the house.

Deny by default: a route says which deed it does with ``@deed``; one that says nothing does not start.
"""

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

from flask import Flask, Request, Response, abort, current_app, g, redirect, request, session, url_for
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask_login import LoginManager, UserMixin, current_user
from flask_wtf.csrf import CSRFProtect
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from ..actions.accounts import token_hash
from ..actions.sending import Sender
from ..actions.service import Services
from ..domain.accounts import DEEDS, Account, LoginSession
from ..domain.areas import Office
from ..domain.problems import NotPermitted
from ..domain.texts import long_number
from ..storage import accounts, ledger
from ..storage.database import Tx, Unavailable
from . import language
from .headers import Guarded
from .problem_json import API

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = "public"
BY_TOKEN = "api.read"
"""A deed that no role includes: a token does it, or nobody."""
KEPT_BY_READER = "private, no-cache"
"""What an answer says of itself that only its own reader may keep, asking each time whether it still holds."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
LARGEST_BODY = 1024 * 1024
LARGEST_UPLOAD = 5 * 1024 * 1024
"""Bytes of a body that brings a file, on the few routes that take one; every other body stays small."""
NEVER_KEPT = ("sign_in.form", "sign_in.sign_in", "own_account.password")
"""Pages whose forms carry passwords: what is typed there is written nowhere."""
LARGEST_KEPT = 20_000
"""Characters of a form that is kept to be shown again."""
SEEN_EVERY = timedelta(minutes=1)


def deed(name: str) -> Callable[[View], View]:
    """State which deed of the permission table a route does (or ``PUBLIC``)."""
    assert name == PUBLIC or name in DEEDS, name

    def mark(view: View) -> View:
        setattr(view, "deed", name)  # noqa: B010 - a function has no such attribute of its own
        return view

    return mark


def takes_file(view: View) -> View:
    """Let this route's body be as large as a file may be."""
    setattr(view, "largest_body", LARGEST_UPLOAD)  # noqa: B010 - a function has no such attribute of its own
    return view


class Sessions(SecureCookieSessionInterface):
    """Flask's signed cookie, with its signer made once instead of anew for every request."""

    _signer: URLSafeTimedSerializer | None = None

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The browser's session; none for a program, whose answers neither read nor set a cookie."""
        return None if request.path.startswith(API) else super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the cookie where something in it changed; that an answer depends on it was said by ``_dress``."""
        if session.modified or "Cookie" not in response.headers.get("Vary", ""):
            super().save_session(app, session, response)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """The app's signer; the secret key does not change while a program runs."""
        if self._signer is None:
            self._signer = super().get_signing_serializer(app)
        return self._signer


class SignedOut(Exception):
    """Something was posted by nobody who is signed in; ``reader`` is whose form it was, as far as it can be told."""

    def __init__(self, reader: int | None) -> None:
        super().__init__(reader)
        self.reader = reader


class Person(UserMixin):
    """Who is signed in. The id kept in the cookie is the session's random token, never the account's number."""

    def __init__(self, token: str, login: LoginSession) -> None:
        self.token, self.login, self.account = token, login, login.account

    def get_id(self) -> str:
        """What the cookie carries; the database knows only its SHA-256."""
        return self.token


def services() -> Services:
    """The joined rooms of the running program."""
    found: Services = current_app.extensions["portal"]
    return found


def reading() -> Tx:
    """This request's reading transaction: opened at the first question, closed with the request."""
    if "tx" not in g:
        g.closing = ExitStack()
        g.tx = g.closing.enter_context(services().database.reading())
    return g.tx


@contextmanager
def writing() -> Iterator[Tx]:
    """The writing transaction of one deed: committed when the block ends well; what is read later sees it."""
    stop_reading()  # an open reader would keep the write-ahead log from ever being folded back
    with services().database.writing() as tx:
        yield tx
    stop_reading()


def now() -> datetime:
    """The office's moment at which this request came in."""
    moment: datetime = g.now
    return moment


def versions() -> dict[str, int]:
    """How fresh data and lists are, asked once a request."""
    if "versions" not in g:
        g.versions = ledger.versions(reading())
    return g.versions


def office() -> Office:
    """The office's lists."""
    return services().office(reading(), versions())


def account() -> Account:
    """Who is signed in."""
    found: Account = current_user.account
    return found


def sender() -> Sender:
    """The person signed in, as the sender of what this request brings."""
    return Sender(account(), now(), address(), g.request_id)


def address() -> str:
    """Where the request comes from, behind exactly the configured proxies."""
    return request.remote_addr or ""


def typed() -> MultiDict[str, str] | None:
    """What somebody typed into the form of this page: posted now, or kept when a session ended; None for neither."""
    if request.method == "POST":
        return request.form
    key = request.args.get("kept", "")
    if key:
        fields = accounts.kept_fields(reading(), key[:40], account().id, request.path, now())
        sent = dict(fields or ()).get("submission_id", "")
        if fields is not None and ledger.find_submission(reading(), account().id, sent) is None:
            return MultiDict(fields)  # what was accepted already is read from where it is kept
    return None


def keep_typed(account_id: int, path: str, fields: list[tuple[str, str]]) -> str:
    """Keep posted fields for a person and return the address that shows the form again, filled in.

    A box that holds somebody's number is kept empty.
    """
    key = secrets.token_urlsafe(16)
    kept = [(k, "" if k != "submission_id" and long_number(v) else v) for k, v in fields if k != "csrf_token"]
    with writing() as tx:
        accounts.keep_form(tx, key, account_id, path, kept, now())
    return f"{path}?kept={key}"


def page_at(path: str) -> str:
    """The endpoint that answers at ``path`` when somebody opens it; "" for none."""
    try:
        endpoint, _values = current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return ""
    return "" if endpoint == "static" else str(endpoint)


def worth_keeping() -> list[tuple[str, str]]:
    """What was posted, where this very page can show it again and it is no longer than a form; nothing otherwise."""
    fields = [pair for pair in request.form.items(multi=True) if pair[0] != "csrf_token"]
    own = page_at(request.path) == request.endpoint and request.endpoint not in NEVER_KEPT
    return fields if own and sum(len(k) + len(v) for k, v in fields) <= LARGEST_KEPT else []


def sign_forms(account_id: int) -> None:
    """From now on every form of this browser says, in its sign of origin, on whose page it stood."""
    session["csrf_token"] = f"{account_id}.{secrets.token_hex(20)}"


def form_reader() -> int | None:
    """On whose page the form stood that was posted now; None when it does not say."""
    signed = URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="wtf-csrf-token")
    try:
        said = str(signed.loads(request.form.get("csrf_token", "")))
    except BadData:
        return None
    whose, dot, _rest = said.partition(".")
    return int(whose) if dot and whose.isdecimal() else None


def safe_target(target: str) -> str:
    """``target`` if it is a plain path on this site, else the home page."""
    if re.fullmatch(r"/(?![/\\])[A-Za-z0-9._~/?&=%+:,@-]*", target) and not urlsplit(target).netloc:
        return target
    return url_for("today.home")


def register(app: Flask, joined: Services) -> None:
    """Guard every request and dress every answer."""
    settings = joined.settings
    if settings.proxy_hops:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxy_hops, x_proto=settings.proxy_hops, x_host=settings.proxy_hops
        )
    app.wsgi_app = Guarded(app.wsgi_app)  # type: ignore[method-assign]
    secure = not settings.demo
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TRUSTED_HOSTS=list(settings.trusted_hosts),
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_BODY,
        MAX_FORM_PARTS=500,
        SESSION_COOKIE_NAME="__Host-portal" if secure else "portal",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        SEND_FILE_MAX_AGE_DEFAULT=31_536_000,
    )
    app.session_interface = Sessions()
    app.before_request(_open)
    app.after_request(_dress)
    app.teardown_request(_close)
    manager = LoginManager(app, add_context_processor=False)  # pages ask pages.py, also while the database is away
    manager.session_protection = None
    manager.user_loader(_load_person)
    CSRFProtect(app)


def require_deeds(app: Flask) -> None:
    """Refuse to start when a route states no deed."""
    for endpoint, view in app.view_functions.items():
        if endpoint != "static" and not hasattr(view, "deed"):
            raise RuntimeError(f"route {endpoint} states no deed")


def _load_person(token: str) -> Person | None:
    found = accounts.find_session(reading(), token_hash(token))
    if found is not None:
        login, g.versions = found
        if not login.expired(now()):
            return Person(token, login)
        g.expired_account = login.account.id
    session.pop("_flashes", None)  # the last receipt of one person is not shown to the next
    return None


def _open() -> Any:
    g.now = services().clock.now()
    g.request_id = secrets.token_hex(8)
    language.choose()
    if request.endpoint is None or request.endpoint == "static":
        return None
    if request.method not in SAFE and request.headers.get("Sec-Fetch-Site") == "cross-site":
        abort(403)
    view = current_app.view_functions[request.endpoint]
    request.max_content_length = getattr(view, "largest_body", LARGEST_BODY)
    wanted = getattr(view, "deed", "")
    if wanted == PUBLIC:
        return None
    if "\0" in request.path or b"%00" in request.query_string:
        abort(404)  # PostgreSQL keeps no such sign, so nothing can be found by it
    if wanted == BY_TOKEN:
        asked = ledger.Hand(None, "", now(), address(), g.request_id)
        resource = (request.view_args or {}).get("resource")
        g.bearer = current_app.extensions["gate"].open(request.headers.get("Authorization"), resource, asked)
        return None
    if not current_user.is_authenticated:
        return _ask_to_sign_in()
    _note_use()
    if account().must_change and wanted != "accounts.own":
        here = request.full_path.rstrip("?") if request.method in SAFE else ""
        return redirect(url_for("own_account.password", next=here or None), 303)
    if not account().may(wanted):
        raise NotPermitted(wanted)
    return None


def _note_use() -> None:
    login = current_user.login
    if now() - login.seen_at > SEEN_EVERY:
        # Neither a full disk nor a queue of writers may keep people from reading: the next request tries again.
        stop_reading()
        with suppress(Unavailable), services().database.writing(patience=0) as tx:
            accounts.see_session(tx, login.id, now())


def _ask_to_sign_in() -> Any:
    if request.headers.get("HX-Request"):
        here = urlsplit(request.headers.get("HX-Current-URL", "")).path or "/"
        pressed = None if request.method in SAFE else "1"
        target = url_for("sign_in.form", next=safe_target(here), pressed=pressed)
        return Response(status=401, headers={"HX-Redirect": target})
    if request.method in SAFE:
        here = request.full_path.rstrip("?")
        return redirect(url_for("sign_in.form", next=here), 303)
    raise SignedOut(form_reader() or g.get("expired_account"))


def _dress(response: Response) -> Response:
    if response.status_code == 308 and response.location:  # the router's own, which names the host
        target = urlsplit(response.location)
        response.location = urlunsplit(("", "", "/" + target.path.lstrip("/"), target.query, ""))
    response.headers["X-Request-Id"] = g.get("request_id", "")
    if request.endpoint != "static" and response.headers.get("Cache-Control", "").startswith("public"):
        return response  # it shows no person, and says itself how long it may be kept
    if response.headers.get("Cache-Control") == KEPT_BY_READER:
        response.headers["Vary"] = "Authorization, Cookie"
        return response
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
        response.headers["Vary"] = "Cookie, HX-Request"
    elif response.status_code == 200 and "v" in request.args:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    else:
        response.headers["Cache-Control"] = "no-cache"
    return response


def _close(_error: BaseException | None) -> None:
    stop_reading()


def stop_reading() -> None:
    """Let go of this request's reading transaction; what is read next is read anew."""
    if "tx" in g:
        g.pop("tx")
        g.pop("closing").close()


def forget_session() -> None:
    """Empty the browser's cookie; language is all that stays."""
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
