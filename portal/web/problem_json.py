"""What a program is told when something cannot be done: RFC 9457, in Indonesian and in English."""

import json
from typing import Any

from flask import Response, g, request

from ..domain.problems import _
from .language import ENGLISH, INDONESIAN, gettext, speaking

API = "/api/"
"""Before every address that answers programs: no page, no cookie, no session."""

TYPE = "application/problem+json"

WORDS = {
    404: _("Alamat ini tidak ada. Lihat /api/v1/openapi.json."),
    405: _("Alamat ini hanya dapat dibaca: pakai GET."),
    500: _("Coba lagi nanti. Bila tetap begini, sebutkan request_id kepada pengelola portal."),
}
"""What to do, where the words of the pages would send a program to a menu."""


def for_program() -> bool:
    """Whether this request is a program's, so that no answer to it may be a page."""
    return request.path.startswith(API)


def problem(
    status: int,
    title: str,
    text: str,
    parameter: str = "",
    headers: dict[str, str] | None = None,
    *,
    general: bool = False,
) -> Response:
    """An error as a program reads it; ``title`` and ``text`` are Indonesian texts of the catalogue.

    A ``general`` one is told of any address; where it speaks of pages, it is put into words for programs.
    """
    content: dict[str, Any] = {"type": "about:blank", "status": status}
    for tongue, end in ((INDONESIAN, ""), (ENGLISH, "_en")):
        with speaking(tongue):
            content |= {
                f"title{end}": gettext(title),
                f"detail{end}": gettext(WORDS.get(status, text) if general else text),
            }
    content |= {"instance": request.path, "request_id": g.get("request_id", "")}
    if parameter:
        content["parameter"] = parameter
    response = Response(json.dumps(content, ensure_ascii=False), status=status, content_type=TYPE)
    response.headers.extend(headers or {})
    return response
