"""The public question about a paper: was it published so, and was it corrected since? No sign-in, and no name."""

from typing import Any

from flask import Blueprint, Response, request

from ..actions import periodic as deeds
from ..actions import verify
from ..actions.accounts import TooMany
from ..domain.periodic import KINDS, Report
from ..domain.problems import Problem, _
from ..domain.publications import Publication
from ..domain.verify import read_code, read_number
from .door import PUBLIC, address, deed, now, office, reading, services, stop_reading
from .forms import errors
from .language import gettext
from .pages import page
from .paper import paper_of
from .publication_words import signed
from .sign_in import too_many

routes = Blueprint("verify", __name__)

NOT_FOUND = _("Tidak ditemukan. Periksa nomor dan kode pada kertas, lalu coba lagi.")


@routes.get("/verify")
@deed(PUBLIC)
def form() -> Response:
    """Ask for number and code; the address printed as QR brings both, and one press asks."""
    return _asked(request.args.get("number", "")[:40], request.args.get("code", "")[:40])


@routes.post("/verify")
@deed(PUBLIC)
def compare() -> Response:
    """Say what was published under this number and code, or no more than that it was not found."""
    number, code = request.form.get("number", "")[:40], request.form.get("code", "")[:40]
    wanted, given = read_number(number), read_code(code)
    problems = []
    if wanted is None:
        problems.append(Problem("number", _("Isi nomor seperti pada kertas, misalnya 14.")))
    if given is None:
        problems.append(Problem("code", _("Isi delapan huruf dan angka kode periksa, misalnya 3fa9-07bc.")))
    if wanted is None or given is None:
        return _asked(number, code, problems)
    stop_reading()
    try:
        kept = verify.compare(services().database, wanted, given, now(), address())
    except TooMany as error:
        response = _asked(number, code, [Problem("", too_many(error))], 429)
        response.headers["Retry-After"] = str(error.seconds)
        return response
    if kept is None:
        return _asked(number, code, [Problem("number", NOT_FOUND)])
    return page("verify/form.html", number=number, code=code, errors=[], wrong={}, found=_found(kept))


def _asked(number: str, code: str, problems: list[Problem] | None = None, status: int = 422) -> Response:
    shown = errors(problems or [], {"number", "code"})
    return page(
        "verify/form.html",
        status if problems else 200,
        number=number,
        code=code,
        found=None,
        errors=shown.summary,
        wrong=shown.by_field,
    )


def _found(kept: Publication | Report) -> dict[str, Any]:
    """Kind, period and totals, as they stand on the paper, and what later publications made of them."""
    drawn = paper_of(kept, office())
    later = deeds.corrected_since(reading(), kept)
    change = sum(correction.change for correction in later)
    return {
        "paper": drawn,
        "kind": gettext(KINDS[drawn.kind]),
        "later": len(later),
        "change": signed(change),
        "now": drawn.recorded + change,
    }
