"""A page of ours as PDF, drawn by WeasyPrint when the caretaker installed it. It asks no host for anything."""

from functools import cache
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from ..config import ROOT

HERE = "https://portal.invalid/"
"""The address that a page has while it is drawn: a name that nobody can own (RFC 6761)."""
TYPES = {".css": "text/css", ".svg": "image/svg+xml"}


class NotOurs(ValueError):
    """Something but a static file of ours was asked for."""


@cache
def pdf_is_made() -> bool:
    """Whether the library is there: it comes with the extra ``pdf``."""
    return find_spec("weasyprint") is not None


def static_file(address: str) -> tuple[bytes, str]:
    """A style sheet or picture of ours, with its type; raises NotOurs for every other address, without asking it."""
    split = urlsplit(address)
    path = (ROOT / split.path.lstrip("/")).resolve()
    kind = TYPES.get(path.suffix)
    ours = f"{split.scheme}://{split.netloc}/" == HERE and path.is_relative_to(ROOT / "static") and path.is_file()
    if not ours or kind is None:
        raise NotOurs(address)
    return path.read_bytes(), kind


def as_pdf(html: str) -> bytes | None:
    """The page as it would be printed, on A4 with page x of y; None when the machine lacks what the library needs."""
    document = laid_out(html)
    return None if document is None else document.write_pdf()


def laid_out(html: str) -> Any:
    """The page set out on its sheets of paper; None when the machine lacks what the library needs."""
    try:
        from weasyprint import HTML  # loaded with the first PDF: it takes longer than a page
        from weasyprint.urls import URLFetcher, URLFetcherResponse
    except OSError:  # Pango is missing
        return None

    class OnlyOurs(URLFetcher):
        """Gives static files, and nothing else: no other host, no file of the machine, no data address."""

        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
            body, kind = static_file(url)
            return URLFetcherResponse(url, body=body, headers={"Content-Type": kind})

    return HTML(string=html, base_url=HERE, url_fetcher=OnlyOurs()).render()
