"""A quick start: what is costly to make is made when it is first needed, or kept from the start before."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

from ..config import ROOT
from ..storage import ledger
from ..storage.database import Unavailable

SHARED = ("today", "recordings", "summary")
"""Features whose pages everybody opens; with their templates come the layout and the macros."""


class LateRule(Rule):
    """A rule that writes the code which makes its addresses when the first is made: of most none is, and it was most
    of what registering routes cost."""

    def _compile_builder(self, append_unknown: bool = True) -> Any:
        return _build_with_unknown if append_unknown else _build

    def written(self, name: str, *, append_unknown: bool) -> Any:
        """The code, from now on in its place under ``name``."""
        builder = super()._compile_builder(append_unknown).__get__(self, None)
        setattr(self, name, builder)
        return builder


def _build(rule: LateRule, **values: Any) -> Any:
    return rule.written("_build", append_unknown=False)(**values)


def _build_with_unknown(rule: LateRule, **values: Any) -> Any:
    return rule.written("_build_unknown", append_unknown=True)(**values)


class KeptTemplates(FileSystemBytecodeCache):
    """Compiled templates in a folder; where nothing can be kept or read, they are compiled again and every page is
    drawn."""

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take up what is kept of a template, if it is whole: a power cut may leave half a file."""
        with suppress(Exception):  # half a pickle fails in many ways
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template, if the folder still stands (temporary files are cleared away) and takes it (disks fill)."""
        with suppress(OSError):
            super().dump_bytecode(bucket)


def register(app: Flask) -> None:
    """Let rules wait, and keep compiled templates in the user's own temporary folder for workers and later starts.

    Filters of constants are worked out while a template is compiled, so the name changes with the program.
    """
    app.url_rule_class = LateRule
    newest = max(file.stat().st_mtime_ns for file in (ROOT / "portal").rglob("*.py"))
    with suppress(RuntimeError, OSError):  # no such folder: each worker compiles for itself
        app.jinja_env.bytecode_cache = KeptTemplates(pattern=f"portal-{newest:x}-%s")


def warm_up(app: Flask) -> None:
    """Draw the first page and read the lists before there are workers: what that loads they all share.

    Compiling templates leaves 12 MiB behind: where none are kept yet, a child does it first and takes that along.
    """
    kept = app.jinja_env.bytecode_cache
    if isinstance(kept, KeptTemplates) and not any(Path(kept.directory).glob(kept.pattern % "*")):
        if not (child := os.fork()):
            try:
                _draw(app)
            finally:  # whatever went wrong, the parent meets it as well, and says it; nor must Ctrl-C make two portals
                os._exit(0)
        with suppress(ChildProcessError):  # started by a program that ignores its children: nobody is left to wait for
            os.waitpid(child, 0)
    _draw(app)


def _draw(app: Flask) -> None:
    services = app.extensions["portal"]
    asked: dict[str, Any] = {"PATH_INFO": "/sign-in", "HTTP_HOST": services.settings.trusted_hosts[0]}
    setup_testing_defaults(asked)
    b"".join(app(asked, lambda *_said: lambda _written: None))
    for feature in SHARED:
        for template in (ROOT / "templates" / feature).glob("*.html"):
            app.jinja_env.get_template(f"{feature}/{template.name}")
    with suppress(Unavailable), services.database.reading() as tx:
        services.office(tx, ledger.versions(tx))
    services.database.forget_connections()
