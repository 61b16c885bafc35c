"""What every page that takes a file in shares: reading what was sent, telling its faults, confirming what was seen."""

from collections.abc import Sequence
from typing import Any

from flask import request
from wtforms import StringField

from ..domain.place_files import CellProblem
from .formats import number
from .forms import PortalForm
from .language import gettext

SHOWN_PROBLEMS = 200
"""Faults of a file that are listed; whoever mends so many sends the file again anyway."""


class ConfirmForm(PortalForm):
    """The preview that was seen."""

    token = StringField()
    seen = StringField()


def sent_file() -> tuple[str, bytes]:
    """(name, content) of the file that was sent; both empty for none."""
    file = request.files.get("file")
    if file is None:
        return "", b""
    with file.stream:
        return file.filename or "", file.read()


def told_faults(problems: Sequence[CellProblem]) -> dict[str, Any]:
    """The faults of a file as its preview lists them, with how many more there are, and the summary on top."""
    said = gettext("%(n)s masalah. Tidak ada yang disimpan.", n=number(len(problems)))
    return {
        "problems": problems[:SHOWN_PROBLEMS],
        "more": max(0, len(problems) - SHOWN_PROBLEMS),
        "errors": [("faults", said)] if problems else [],
    }
