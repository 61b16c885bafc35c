"""The page between a doubtful report and its keeping: asked once, passed with one press, and then believed.

Method: the interruption page of the NHS service manual. Nothing is kept while it is shown: only a 303 with a receipt
says that.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import Response

from ..domain.areas import ServicePoint
from ..domain.doubts import Doubt, asked
from ..domain.problems import Problem
from ..domain.recordings import MEASURE
from ..domain.rules import RULE
from ..domain.submissions import valid_id
from ..storage import ledger
from .door import account, reading
from .formats import words
from .forms import errors
from .history import doubted_label
from .language import gettext
from .pages import page


def passes(form: Any) -> dict[str, str]:
    """What the sender stands by: the key of each question, and the note written to it."""
    given = {name.removeprefix("passed-"): form[name].data or "" for name in form._fields if name.startswith("passed-")}
    return {key: given[f"note-{n}"] for n, key in given.items() if not n.startswith("note-") and key}


def carried(given: Mapping[str, str]) -> dict[str, str]:
    """The same as boxes of a form, so that nobody is asked twice."""
    boxes: dict[str, str] = {}
    for n, (key, note) in enumerate(given.items(), 1):
        boxes |= {f"passed-{n}": key, f"passed-note-{n}": note}
    return boxes


def open_questions(doubts: Sequence[Doubt], given: Mapping[str, str], submission_id: str) -> bool:
    """Whether something has to be asked: not what was passed, and nothing of a form that was received already."""
    if not valid_id(submission_id) or all(doubt.key in given for doubt in asked(doubts)):
        return False
    return ledger.find_submission(reading(), account().id, submission_id) is None


def show(point: ServicePoint, day: date, form: Any, doubts: Sequence[Doubt], wrong: Sequence[Problem]) -> Response:
    """The questions, with everything that was typed carried along; 422 when a note cannot be kept."""
    given, shown = passes(form), errors(wrong)
    answer = page(
        "recordings/ask.html",
        422 if wrong else 200,
        point=point,
        day=day,
        typed=[(field.name, field.text if hasattr(field, "text") else field.data) for field in form if _typed(field)],
        questions=[
            {
                "field": doubt.found.field,
                "label": doubted_label(doubt.found.field),
                "text": words(doubt.problem),
                "instruction": gettext(RULE[doubt.rule].instruction) if RULE[doubt.rule].instruction else "",
                "kit": doubt.found.kit,
                "key": doubt.key,
                "note": given.get(doubt.key, ""),
            }
            for doubt in asked(doubts)
        ],
        figures=all(doubt.found.field in MEASURE for doubt in asked(doubts)),
        errors=shown.summary,
        wrong=shown.by_field,
    )
    answer.headers["X-Portal-Questions"] = str(len(asked(doubts)))
    return answer


def _typed(field: Any) -> bool:
    if field.name == "change" or field.name.startswith("passed-"):
        return False
    return (field.text if hasattr(field, "text") else field.data) not in (None, "")
