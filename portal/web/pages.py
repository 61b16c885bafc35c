"""One address, two sizes: the page, or the fragment of it that htmx asked for. Only this module decides."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, g, make_response, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user

from ..actions.service import Services
from ..domain.accounts import ROLES, Account
from ..storage.database import Unavailable
from . import formats

MENU = (
    ("today.home", "today.see", "Hari ini"),
    ("recordings.index", "recordings.see", "Perekaman"),
    ("visits.index", "visits.see", "Kunjungan"),
    ("equipment.index", "equipment.see", "Alat"),
    ("summary.index", "summary.see", "Ringkasan"),
    ("accounts.index", "accounts.manage", "Akun"),
)


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


def _present() -> Account | None:
    """Who is signed in; nobody while the database cannot say, so that the page which tells so can be made."""
    try:
        return current_user.account if current_user.is_authenticated else None
    except Unavailable:
        return None


def _menu(account: Account | None) -> list[tuple[str, str, bool]]:
    if account is None or account.must_change:
        return []
    here = (request.endpoint or "").split(".")[0]
    return [
        (gettext(text), url_for(endpoint), here == endpoint.split(".")[0])
        for endpoint, deed, text in MENU
        if account.may(deed)
    ]


@lru_cache(maxsize=64)
def _fingerprint(path: str) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """A static file's address, which changes with its content."""
    return f"/static/{name}?v={_fingerprint(f'{current_app.static_folder}/{name}')}"


def register(app: Flask, services: Services) -> None:
    """Give every template what the layout needs."""
    demo = services.settings.demo

    @app.context_processor
    def _common() -> dict[str, Any]:
        account = _present() if "now" in g else None
        language = formats.language()
        return {
            "asset": asset,
            "demo": demo,
            "language": "en-GB" if language == "en_GB" else "id",
            "here": request.full_path.rstrip("?") if request.method == "GET" else request.path,
            "home_url": "/",
            "language_url": "/language",
            "sign_out_url": "/sign-out",
            "user_name": account.name if account else "",
            "user_role": gettext(ROLES[account.role]) if account else "",
            "menu": _menu(account),
            "now_text": f"{formats.long_day(formats.office_date(g.now))}, {formats.clock(g.now)}" if "now" in g else "",
        }
