"""What every answer to others has in common: its tag, that only its reader may keep it, and that it streams."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

from flask import Response, request

from ..domain.calendar import WIB, office_day
from ..domain.duty import Period
from ..domain.tokens import WHOLE, Scope
from ..storage import ledger
from ..storage.database import Tx
from .door import KEPT_BY_READER, now, services
from .language import language
from .open_rows import Ask

SHAPE = 1
"""Grows when the same data would be written otherwise: what was kept of an older program no longer holds."""


def tag(versions: dict[str, int], scope: Scope, *, ages: bool) -> str:
    """The entity tag of this address for this area: equal while nothing was written, within the day, and, where rows
    change with the hour, within the minute. Weak, because the moment of asking stands in the answer."""
    minute = int(now().timestamp()) // 60 if ages else 0
    fresh = (SHAPE, sorted(versions.items()), office_day(now()), minute, language())
    said = (*fresh, request.full_path, scope.kind, scope.code)
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


def ask_of(tx: Tx, versions: dict[str, int], period: Period, scope: Scope = WHOLE, **more: Any) -> Ask:
    """What is asked, of the data as this transaction sees them."""
    rooms = services()
    lists = rooms.office(tx, versions)
    return Ask(tx, lists, now(), period, rooms.kits(tx, versions), rooms.figures(tx, versions), scope, **more)


def streamed(
    make: Callable[[Ask, dict[str, int]], Iterator[bytes]],
    period: Period,
    scope: Scope,
    content_type: str,
    *,
    ages: bool = True,
) -> Response:
    """An answer that is written while it is sent, from one state of the data: its transaction ends with it.

    The moment and the data versions stand in headers, because a csv or a foreign format has no room for them. HEAD is
    told the headers and opens nothing.
    """
    with ExitStack() as opened:
        tx = opened.enter_context(services().database.reading())
        versions = ledger.versions(tx)
        mark = tag(versions, scope, ages=ages)
        if request.method == "HEAD":
            return dressed(Response(iter(()), content_type=content_type), mark)
        response = Response(make(ask_of(tx, versions, period, scope), versions), content_type=content_type)
        response.headers["X-Portal-As-Of"] = now().astimezone(WIB).isoformat(timespec="seconds")
        response.headers["X-Portal-Version"] = ", ".join(f"{area}={value}" for area, value in sorted(versions.items()))
        response.call_on_close(opened.pop_all().close)
    return dressed(response, mark)
