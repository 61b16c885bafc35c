"""What a person sees when something cannot be done: plain words, and nothing typed is lost."""

import logging
from contextlib import suppress
from typing import Any

from flask import Flask, Response, g, request
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from ..actions.accounts import note_refusal
from ..domain.accounts import Foreign
from ..domain.problems import NotPermitted, Unknown, _
from ..storage.database import Unavailable, Unstorable
from .door import NEVER_KEPT, SAFE, form_reader, keep_typed, sender, stop_reading, worth_keeping, writing
from .language import gettext
from .pages import page
from .problem_json import for_program, problem
from .sign_in import asked_again, old_form

log = logging.getLogger("portal")

WORDS = {
    400: (_("Permintaan tidak dapat dibaca"), _("Kembali, muat ulang halaman, lalu coba lagi.")),
    403: (_("Bukan wewenang Anda"), _("Peran akun Anda tidak mencakup halaman ini.")),
    404: (_("Tidak ditemukan"), _("Halaman ini tidak ada, atau bukan wilayah Anda.")),
    405: (_("Cara ini tidak tersedia"), _("Buka halaman lewat menu, lalu coba lagi.")),
    413: (_("Kiriman terlalu besar"), _("Tidak ada yang tersimpan. Kirim isian yang lebih pendek.")),
    429: (_("Terlalu banyak percobaan"), _("Tunggu sebentar, lalu coba lagi.")),
    500: (
        _("Terjadi kesalahan di server"),
        _("Belum tentu tersimpan. Buka lagi halamannya untuk memeriksa."),
    ),
    503: (_("Belum tersimpan"), _("Penyimpanan sedang tidak dapat dipakai. Coba lagi sebentar lagi.")),
}
UNREADABLE = (
    _("Data sedang tidak dapat dibaca"),
    _("Penyimpanan sedang tidak dapat dipakai. Coba lagi sebentar lagi."),
)
OTHER = (_("Permintaan tidak dapat dikerjakan"), _("Kembali, muat ulang halaman, lalu coba lagi."))


def register(app: Flask) -> None:
    """Answer every failure with a page of the house."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(Foreign, _foreign)
    app.register_error_handler(Unknown, lambda error: _told(404))
    app.register_error_handler(NotPermitted, _not_permitted)
    app.register_error_handler(Unavailable, _unavailable)
    app.register_error_handler(Unstorable, lambda error: _told(400))
    app.register_error_handler(Exception, _unexpected)


def _told(status: int, **more: Any) -> Response:
    title, text = WORDS.get(status, OTHER)
    if status == 503 and request.method in SAFE:
        title, text = UNREADABLE
    if for_program():
        return problem(status, title, text, general=True)
    return page("errors/page.html", status, heading=gettext(title), text=gettext(text), **more)


def _note(deed: str, wanted: str, what: str = "") -> None:
    """Write a refusal down; a full disk must not change the answer."""
    with suppress(Unavailable):
        if current_user.is_authenticated:
            with writing() as tx:
                note_refusal(tx, sender().hand, deed, wanted, what)


def _foreign(error: Foreign) -> Response:
    _note("refused.area", error.deed, error.what)
    return _told(404)


def _not_permitted(error: NotPermitted) -> Response:
    _note("refused.role", str(error))
    return _told(403)


def _http(error: HTTPException) -> Response:
    if error.code is not None and error.code < 400:
        return error.get_response()  # type: ignore[return-value]
    response = _told(error.code or 500)
    if getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(error.valid_methods)  # type: ignore[attr-defined]
    return response


def _csrf(_error: CSRFError) -> Any:
    """The form's sign of origin is missing or old: keep what was typed and offer the form again, to its reader."""
    try:
        if request.endpoint == "sign_in.sign_in":
            return old_form()
        again = ""
        if current_user.is_authenticated and (fields := worth_keeping()):
            account_id = current_user.account.id
            if form_reader() in (None, account_id):
                again = keep_typed(account_id, request.path, fields)
        return _told(400, again=again)
    except Unavailable as error:  # nobody else answers for what an error's own page runs into
        return _unavailable(error)


def _to_send_again() -> list[tuple[str, str]]:
    """What was posted, for a button that sends it once more; nothing where passwords are typed."""
    if request.method in SAFE or request.endpoint in NEVER_KEPT or "password" in request.form:
        return []
    return [pair for pair in request.form.items(multi=True) if pair[0] != "csrf_token"]


def _unavailable(error: Unavailable) -> Response:
    log.error("database unavailable in request %s: %s", g.get("request_id", ""), error)
    stop_reading()
    try:
        if request.endpoint == "sign_in.sign_in":
            response = asked_again(503, WORDS[503][1])
        else:
            response = _told(503, retry=_to_send_again())
    except Unavailable:
        response = Response(gettext(WORDS[503][0]), status=503, mimetype="text/plain")
    response.headers["Retry-After"] = "5"
    return response


def _unexpected(error: Exception) -> Response:
    log.exception("request %s failed", g.get("request_id", ""))
    stop_reading()
    return _told(500, request_id=g.get("request_id", ""), retry=_to_send_again())
