"""What a person sees when something cannot be done: plain words, and nothing typed is lost."""

import logging
from typing import Any

from flask import Flask, Response, g, request
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from ..domain.problems import NotPermitted, Unknown, _
from ..storage.database import Unavailable
from .door import SAFE, keep_typed, stop_reading, worth_keeping
from .language import gettext
from .pages import page

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
    app.register_error_handler(Unknown, lambda error: _told(404))
    app.register_error_handler(NotPermitted, lambda error: _told(403))
    app.register_error_handler(Unavailable, _unavailable)
    app.register_error_handler(Exception, _unexpected)


def _told(status: int, **more: Any) -> Response:
    title, text = WORDS.get(status, OTHER)
    if status == 503 and request.method in SAFE:
        title, text = UNREADABLE
    return page("errors/page.html", status, heading=gettext(title), text=gettext(text), **more)


def _http(error: HTTPException) -> Response:
    if error.code is not None and error.code < 400:
        return error.get_response()  # type: ignore[return-value]
    response = _told(error.code or 500)
    if getattr(error, "valid_methods", None):
        response.headers["Allow"] = ", ".join(error.valid_methods)  # type: ignore[attr-defined]
    return response


def _csrf(_error: CSRFError) -> Response:
    """The form's sign of origin is missing or old: keep what was typed and offer the form again."""
    again = ""
    if current_user.is_authenticated and (fields := worth_keeping()):
        again = keep_typed(current_user.account.id, request.path, fields)
    return _told(400, again=again)


def _unavailable(error: Unavailable) -> Response:
    log.error("database unavailable in request %s: %s", g.get("request_id", ""), error)
    secret = "password" in request.form
    retry = list(request.form.items(multi=True)) if request.method not in SAFE and not secret else []
    stop_reading()
    try:
        response = _told(503, retry=[pair for pair in retry if pair[0] != "csrf_token"])
    except Unavailable:
        response = Response(gettext(WORDS[503][0]), status=503, mimetype="text/plain")
    response.headers["Retry-After"] = "5"
    return response


def _unexpected(error: Exception) -> Response:
    log.exception("request %s failed", g.get("request_id", ""))
    return _told(500, request_id=g.get("request_id", ""))
