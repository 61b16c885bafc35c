"""Answers that their own reader may keep: each has a tag, and who asks again with it is told when nothing changed."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Response, make_response, request

from ..domain.calendar import office_day
from ..domain.tokens import WHOLE, Scope
from .door import KEPT_BY_READER, account, now, versions
from .language import language

View = TypeVar("View", bound=Callable[..., Any])

SHAPE = 1
"""Grows when the same data would be written otherwise: what was kept of an older program no longer holds."""


def tag(versions: dict[str, int], scope: Scope, *, ages: bool, reader: int = 0) -> str:
    """The entity tag of this address for this area: equal while nothing was written, within the day, and, where rows
    change with the hour, within the minute. Weak, because the moment of asking stands in the answer."""
    minute = int(now().timestamp()) // 60 if ages else 0
    fresh = (SHAPE, sorted(versions.items()), office_day(now()), minute, language())
    said = (*fresh, request.full_path, scope.kind, scope.code, reader)
    return hashlib.sha256(repr(said).encode()).hexdigest()[:32]


def dressed(response: Response, mark: str) -> Response:
    """An answer that its own reader may keep, asking each time whether it still holds."""
    response.set_etag(mark, weak=True)
    response.headers["Cache-Control"] = KEPT_BY_READER
    return response


def unchanged(mark: str) -> Response | None:
    """304 when the reader has this very answer; else None."""
    if request.if_none_match.contains_weak(mark):
        return dressed(Response(status=304), mark)
    return None


def kept_file(view: View) -> View:
    """A file that its reader may keep: asked for again with its tag, it is neither made nor noted as taken once more.

    Any other answer of the same address (a problem told, a page in words) stays as it is.
    """

    @wraps(view)
    def answered(*args: Any, **kwargs: Any) -> Any:
        mark = tag(versions(), WHOLE, ages=True, reader=account().id)
        if same := unchanged(mark):
            return same
        response = make_response(view(*args, **kwargs))
        return dressed(response, mark) if "Content-Disposition" in response.headers else response

    return answered  # type: ignore[return-value]
