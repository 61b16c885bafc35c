"""What every answer to others has in common: of which data it is, and that it streams."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

from flask import Response, request

from ..domain.calendar import WIB
from ..domain.duty import Period
from ..domain.tokens import WHOLE, Scope
from ..storage import ledger
from ..storage.database import Tx
from .door import now, services
from .kept_answers import dressed, tag
from .open_rows import Ask


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
