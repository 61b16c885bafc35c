"""Which language a reader sees. The source is Indonesian, so only English has a catalogue.

The chosen language stands in a context variable for the time of a request: a page asks for some hundred texts, and
looking the request up for each of them cost more than everything else on the page.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from gettext import NullTranslations, translation
from pathlib import Path
from typing import Any

from flask import Flask, session
from markupsafe import Markup

INDONESIAN, ENGLISH = "id", "en_GB"
TAGS = {INDONESIAN: "id", ENGLISH: "en-GB"}
CATALOGUES = Path(__file__).resolve().parent.parent / "translations"

_chosen: ContextVar[str] = ContextVar("language", default=INDONESIAN)


def choose() -> None:
    """Take up the language this browser has chosen; Indonesian unless it chose another."""
    wanted = session.get("language", INDONESIAN)
    _chosen.set(wanted if wanted in TAGS else INDONESIAN)


def use(wanted: str) -> None:
    """Take this language for the present request, whatever the browser chose: a page that is kept for everybody."""
    _chosen.set(wanted)


def language() -> str:
    """The language of the present request."""
    return _chosen.get()


@contextmanager
def speaking(wanted: str) -> Iterator[None]:
    """Within the block texts are in ``wanted``, whatever the reader chose: a letter speaks its receiver's language."""
    token = _chosen.set(wanted)
    try:
        yield
    finally:
        _chosen.reset(token)


@lru_cache(maxsize=len(TAGS))
def _catalogue(wanted: str) -> NullTranslations:
    return translation("messages", CATALOGUES, [wanted], fallback=True)


def gettext(text: str, **values: Any) -> str:
    """``text`` in the present language, with ``values`` put into its ``%(name)s`` places."""
    if (wanted := _chosen.get()) != INDONESIAN and text:
        text = _catalogue(wanted).gettext(text)
    return text % values if values else text


def ngettext(one: str, many: str, num: int, **values: Any) -> str:
    """As ``gettext``, by number."""
    return _catalogue(_chosen.get()).ngettext(one, many, num) % {"num": num, **values}


@lru_cache(maxsize=4096)
def _marked(text: str, _language: str) -> Markup:
    return Markup(gettext(text))


def _in_template(text: str, **values: Any) -> Markup:
    """For templates: the text is ours, what is put into it is escaped."""
    found = _marked(text, _chosen.get())
    return found % values if values else found


def register(app: Flask) -> None:
    """Give templates the word ``_``."""
    app.jinja_env.globals.update(_=_in_template, ngettext=ngettext)
