"""One address, two sizes: the page, or the fragment of it that htmx asked for. Only this module decides."""

import hashlib
import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, TypeVar

from flask import Flask, Response, current_app, flash, g, make_response, redirect, render_template, request, session
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from ..actions.service import Services
from ..config import ROOT
from ..domain.accounts import ROLES, Account
from ..domain.problems import _
from ..domain.submissions import Submission
from ..storage.database import Unavailable
from . import formats, language
from .door import account, services, versions

View = TypeVar("View", bound=Callable[..., Any])

MENU = (
    ("today", "today.see", _("Hari ini")),
    ("recordings", "recordings.see", _("Perekaman")),
    ("reviews", "reviews.see", _("Tinjauan")),
    ("visits", "visits.see", _("Kunjungan")),
    ("equipment", "equipment.see", _("Alat")),
    ("stock", "stock.see", _("Stok")),
    ("summary", "summary.see", _("Ringkasan")),
    ("accounts", "accounts.manage", _("Akun")),
    ("settings", "settings.write", _("Pengaturan")),
)

WITHIN = {
    **dict.fromkeys(("planner", "visit_papers", "visit_feeds", "visit_results", "follow_ups", "sweeps"), "visits"),
    "places": "visits",
    **dict.fromkeys(
        ("kits", "parts", "labels", "diary", "faults", "outages", "upkeep", "inventory", "spares"), "equipment"
    ),
    **dict.fromkeys(("downtime", "rollout"), "equipment"),
    **dict.fromkeys(("completeness", "calendar"), "recordings"),
    **dict.fromkeys(("locks", "proposals"), "reviews"),
    **dict.fromkeys(("kecamatan", "panels", "comparison", "figures", "pace", "open_data", "publications"), "summary"),
    **dict.fromkeys(("deadlines", "hubs", "points", "list_changes"), "settings"),
    "account_import": "accounts",
    "transfers": "stock",
    "contacts": "today",
    "elections": "settings",
}
"""Feature without an entry of its own → the one under which a reader finds it."""


def wants_fragment() -> bool:
    """Whether htmx asks for a part: not for a boosted link, nor for a page out of the browser's history."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def page(template: str, status: int = 200, fragment: str = "", **values: Any) -> Response:
    """The page, or ``fragment`` of it when that is what was asked for."""
    chosen = fragment if fragment and wants_fragment() else template
    return make_response(render_template(chosen, **values), status)


def received(sent: Submission, address: str) -> Response:
    """On to the page of what was kept, with the receipt in words and in a header."""
    text = language.gettext(
        "Tersimpan di server %(time)s. Tanda terima %(receipt)s.", time=formats.clock(sent.at), receipt=sent.receipt
    )
    flash(text, "received")
    response = make_response(redirect(address, 303))
    response.headers["X-Portal-Receipt"] = sent.receipt
    return response


NEW_ID = "submission-id-made-with-each-answer"
LARGEST_MEMORY = 128
PATIENCE = 0.5
_memory: OrderedDict[tuple[Any, ...], list[bytes]] = OrderedDict()
_present_moment: tuple[Any, ...] = ()
_drawing = threading.Lock()


def _moment() -> tuple[Any, ...]:
    """What a drawing is good for: these data versions in this minute."""
    minute = int(g.now.timestamp()) // 60
    return (services().settings.database_url, minute, *versions().values())


def drawn_once(what: tuple[Any, ...], draw: Callable[[], str]) -> Markup:
    """A part of a page that is the same for every reader: it shows no person, token or message."""
    moment = _moment()
    key = (moment, language.language(), *what)
    kept = _memory.get(key)
    if kept is None:
        kept = _keep(moment, key, [draw().encode()])
    return Markup(kept[0].decode())


@lru_cache(maxsize=4096)
def _piece(template: str, _language: str, values: tuple[tuple[str, Any], ...]) -> Markup:
    return Markup(current_app.jinja_env.get_template(template).render(values))


def piece(template: str, **values: Any) -> Markup:
    """A part of a page that these values alone decide, drawn once: after a write most of them are as before."""
    return _piece(template, language.language(), tuple(values.items()))


def remembered(view: View) -> View:
    """A page whose content its address, its reader and the data decide is drawn once until one of them changes.

    It is kept for at most a minute, because it speaks of the time; a page with a message is never kept, and the
    reader's form token and the id of a form that stands as ``NEW_ID`` are put in anew each time.
    """

    @wraps(view)
    def shown(*args: Any, **kwargs: Any) -> Any:
        if wants_fragment() or "_flashes" in session or "csrf_token" not in session:
            response = make_response(view(*args, **kwargs))
            response.set_data(_with_new_id(response.get_data()))
            return response
        moment = _moment()
        key = (moment, language.language(), request.full_path, account())
        parts = _memory.get(key)
        if parts is None:
            # One draws and the others wait for it, but no longer than a page takes: a slow question of one reader
            # must not stop everybody.
            alone = _drawing.acquire(timeout=PATIENCE)
            try:
                parts = _memory.get(key)
                if parts is None:
                    response = view(*args, **kwargs)
                    if response.status_code != 200:
                        return response
                    parts = _keep(moment, key, response.get_data().split(generate_csrf().encode()))
            finally:
                if alone:
                    _drawing.release()
        return make_response(_with_new_id(_token(session["csrf_token"]).join(parts)))

    return shown  # type: ignore[return-value]


def _with_new_id(html: bytes) -> bytes:
    first, *rest = html.split(NEW_ID.encode())  # each form an id of its own
    return first + b"".join(str(uuid.uuid4()).encode() + part for part in rest)


@lru_cache(maxsize=1024)
def _token(_secret: str) -> bytes:
    """The form token of this reader's session: signed once, as it has no time limit."""
    return generate_csrf().encode()


def _keep(moment: tuple[Any, ...], key: tuple[Any, ...], parts: list[bytes]) -> list[bytes]:
    """Remember a page as the parts between which its reader's token stands; what earlier moments drew is let go."""
    global _present_moment
    if moment != _present_moment:
        _memory.clear()
        _present_moment = moment
    _memory[key] = parts
    while len(_memory) > LARGEST_MEMORY:
        _memory.popitem(last=False)
    return parts


def _present() -> Account | None:
    """Who is signed in; nobody while the database cannot say, so that the page which tells so can be made."""
    try:
        return current_user.account if current_user.is_authenticated else None
    except Unavailable:
        return None


def _section() -> str:
    """The entry of the menu under which the present page stands."""
    feature = (request.endpoint or "").split(".")[0]
    return WITHIN.get(feature, feature)


@lru_cache(maxsize=256)
def _menu(account: Account, section: str, _language: str) -> list[tuple[str, str, bool]]:
    if account.must_change:
        return []
    return [
        (language.gettext(text), f"/{name}" if name == "today" else f"/{name}/", name == section)
        for name, deed, text in MENU
        if account.may(deed)
    ]


@lru_cache(maxsize=64)
def asset(name: str) -> str:
    """A static file's address, which changes with its content."""
    return f"/static/{name}?v={hashlib.sha256((ROOT / 'static' / name).read_bytes()).hexdigest()[:12]}"


def register(app: Flask, services: Services) -> None:
    """Give every template what the layout needs."""
    demo = services.settings.demo
    app.jinja_env.globals.update(piece=piece)

    @app.context_processor
    def _common() -> dict[str, Any]:
        account = _present() if "now" in g else None
        return {
            "asset": asset,
            "demo": demo,
            "language": language.TAGS[language.language()],
            "here": request.full_path.rstrip("?") if request.method in ("GET", "HEAD") else request.path,
            "home_url": "/",
            "language_url": "/language",
            "sign_out_url": "/sign-out",
            "user_id": account.id if account else "",
            "user_name": account.name if account else "",
            "user_role": language.gettext(ROLES[account.role]) if account else "",
            "menu": _menu(account, _section(), language.language()) if account else [],
            "now_text": f"{formats.long_day(formats.office_date(g.now))}, {formats.clock(g.now)}" if "now" in g else "",
        }
