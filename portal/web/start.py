"""A quick start: what is costly to make is made when it is first needed, or kept from the start before."""

from contextlib import suppress
from functools import cache
from typing import Any
from wsgiref.util import setup_testing_defaults

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import Rule

from ..config import ROOT
from ..storage import ledger
from ..storage.database import Unavailable

SHARED = ("today/clerk.html", "today/district.html", "recordings/edit.html", "recordings/show.html")
"""Templates of the pages that everybody opens; with them come the layout and the macros."""


class LateRule(Rule):
    """A rule that writes the code which makes its addresses when the first is made: of most none is, and it was most
    of what registering routes cost."""

    def _compile_builder(self, append_unknown: bool = True) -> Any:
        at_once = super()._compile_builder

        @cache
        def builder() -> Any:
            return at_once(append_unknown)

        return lambda rule, **values: builder()(rule, **values)


def register(app: Flask) -> None:
    """Let rules wait, and keep compiled templates in the user's own temporary folder for workers and later starts.

    Filters of constants are worked out while a template is compiled, so the name changes with the program.
    """
    app.url_rule_class = LateRule
    newest = max(file.stat().st_mtime_ns for file in (ROOT / "portal").rglob("*.py"))
    with suppress(RuntimeError, OSError):  # no such folder: each worker compiles for itself
        app.jinja_env.bytecode_cache = FileSystemBytecodeCache(pattern=f"portal-{newest:x}-%s")


def warm_up(app: Flask) -> None:
    """Draw the first page and read the lists before there are workers: what that loads they all share."""
    services = app.extensions["portal"]
    asked: dict[str, Any] = {"PATH_INFO": "/sign-in", "HTTP_HOST": services.settings.trusted_hosts[0]}
    setup_testing_defaults(asked)
    b"".join(app(asked, lambda *_said: lambda _written: None))
    for name in SHARED:
        app.jinja_env.get_template(name)
    with suppress(Unavailable), services.database.reading() as tx:
        services.office(tx, ledger.versions(tx))
    services.database.forget_connections()
