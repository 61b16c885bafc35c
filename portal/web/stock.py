"""Blanks, ribbon and film in the browser: what is left, how long it lasts, what to ask for and what to move."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, url_for

from ..actions import stock as deeds
from ..domain.accounts import require_point
from ..domain.areas import Office, ServicePoint
from ..domain.calendar import days, office_day
from ..domain.problems import Unknown
from ..domain.stock import (
    EMPTY,
    LOOK_BACK,
    LOW,
    WINDOW,
    District,
    Proposal,
    Stock,
    card,
    district,
    in_order,
    proposals,
)
from ..domain.transfers import Transfer, moves
from ..storage import ledger, stock
from . import downloads
from .door import account, deed, now, office, reading, sender, services, writing
from .formats import number
from .kept_answers import kept_file
from .language import gettext
from .pages import page, remembered
from .stock_words import coverage, district_letter, lasting, line, point_letter, row, signed, table_of

routes = Blueprint("stock", __name__, url_prefix="/stock")

CARD_DAYS = 21
"""Days of the stock card that a point's page shows: three weeks."""


def points_of(lists: Office, today: date) -> list[ServicePoint]:
    """The points in the reader's area that are open now."""
    return [p for p in lists.points.values() if account().sees_point(p.code) and p.active(today)]


def stocks_of(points: Sequence[ServicePoint], lists: Office, today: date, transfers: Sequence[Transfer]) -> list[Stock]:
    """What is known of some points' stock, from reports of the last LOOK_BACK days: one question for all of them."""
    return deeds.stocks(reading(), lists, points, today, transfers)


def transfers_now(today: date) -> list[Transfer]:
    """Transfers in the reader's area: all on their way, and those of the last LOOK_BACK days."""
    return stock.since(reading(), account(), deeds.look_back(today).first)


def low_points(lists: Office, today: date) -> dict[str, Any]:
    """What *Hari ini* tells the district of the stock: points that run out, and the district's total."""
    transfers = transfers_now(today)
    stocks = stocks_of(points_of(lists, today), lists, today, transfers)
    limit = lists.limit("stock_days")
    low = [s for s in in_order(stocks, limit) if s.level(limit) in (EMPTY, LOW)]
    return {
        "low": [row(s, lists.points[s.point_code], limit) for s in low],
        "limit": limit,
        "district": _district_figure(_district(stocks, transfers), lists),
    }


def awaited(points: Sequence[ServicePoint], lists: Office, today: date) -> list[dict[str, Any]]:
    """What *Hari ini* tells a clerk: transfers on their way to the own points, to be confirmed."""
    return [line(t, lists, today) for t in stock.awaited(reading(), [p.code for p in points])]


def _district(stocks: Sequence[Stock], transfers: Sequence[Transfer]) -> District:
    return district(stocks, sum(t.in_transit for t in transfers), sum(t.lost for t in transfers))


def _district_figure(found: District, lists: Office) -> dict[str, Any]:
    limit = lists.limit("blanks_district")
    if found.total is None:
        state = ("unknown", gettext("belum diketahui"))
    elif found.low(limit) and found.known < found.points:
        state = ("attention", gettext("sejauh diketahui di batas %(limit)s keping atau kurang", limit=number(limit)))
    elif found.low(limit):
        state = ("bad", gettext("menipis: batas %(limit)s keping", limit=number(limit)))
    else:
        state = ("good", gettext("di atas batas %(limit)s keping", limit=number(limit)))
    return {"found": found, "total": number(found.total), "state": state, "coverage": coverage(found)}


@routes.get("/")
@deed("stock.see")
@remembered
def index() -> Any:
    """Every point's stock, warnings first; a clerk of one point comes straight to its card."""
    lists, who, today = office(), account(), office_day(now())
    points = points_of(lists, today)
    if not who.sees_district and len(points) == 1:
        return redirect(url_for("stock.show", code=points[0].code), 303)
    transfers = transfers_now(today)
    stocks = stocks_of(points, lists, today, transfers)
    limit = lists.limit("stock_days")
    ordered = list(in_order(stocks, limit))
    found = _district(stocks, transfers)
    return page(
        "stock/index.html",
        rows=[row(s, lists.points[s.point_code], limit) for s in ordered],
        low=sum(s.level(limit) in (EMPTY, LOW) for s in stocks),
        limit=limit,
        found=found,
        figure=_district_figure(found, lists),
        sees_district=who.sees_district,
        proposals=[_proposal(p, lists) for p in proposals(stocks, limit)] if who.sees_district else [],
        letter=district_letter(found, ordered, lists, limit, today) if who.sees_district else "",
        transfers=[line(t, lists, today) for t in transfers],
        look_back=LOOK_BACK,
        may_write=who.may("stock.write"),
        today=today,
    )


def _proposal(found: Proposal, lists: Office) -> dict[str, Any]:
    prefilled = {"from": found.giver, "to": found.receiver, "quantity": found.quantity}
    giver, receiver = lists.points[found.giver].short, lists.points[found.receiver].short
    return {
        "what": gettext(
            "%(number)s keping dari %(giver)s ke %(receiver)s",
            number=number(found.quantity),
            giver=giver,
            receiver=receiver,
        ),
        "why": gettext(
            "%(giver)s: %(giver_before)s menjadi %(giver_after)s; %(receiver)s: %(before)s menjadi %(after)s",
            giver=giver,
            giver_before=lasting(found.giver_days[0]),
            giver_after=lasting(found.giver_days[1]),
            receiver=receiver,
            before=lasting(found.receiver_days[0]),
            after=lasting(found.receiver_days[1]),
        ),
        "href": f"{url_for('transfers.new')}?{urlencode(prefilled)}",
    }


@routes.get("/<code>")
@deed("stock.see")
@remembered
def show(code: str) -> Response:
    """One point: its stock and how long it lasts, the stock card day by day, its transfers, the ready letter."""
    require_point(account(), "stock.see", code)
    lists, today = office(), office_day(now())
    point = lists.points.get(code)
    if point is None:
        raise Unknown(code)
    transfers = [t for t in transfers_now(today) if code in (t.from_point, t.to_point)]
    told, moved = stock.told(reading(), deeds.look_back(today), [code])[code], moves(transfers).get(code, {})
    found = deeds.point_stock(lists, point, today, told, moved, transfers)
    limit = lists.limit("stock_days")

    def serves(day: date) -> bool:
        return point.active(day) and lists.calendar.serves(point.timetable, day)

    whole = days(max(deeds.look_back(today).first, point.active_from), today)
    shown_from = today - timedelta(days=CARD_DAYS - 1)
    lines = [entry for entry in card(told, moved, whole, serves) if entry.day >= shown_from]
    return page(
        "stock/show.html",
        point=point,
        row=row(found, point, limit),
        limit=limit,
        lines=[(entry, *_difference(entry.difference)) for entry in reversed(lines)],
        card_days=CARD_DAYS,
        window=WINDOW,
        letter=point_letter(found, point),
        transfers=[line(t, lists, today) for t in transfers],
        look_back=LOOK_BACK,
        sees_district=account().sees_district,
        may_write=account().may("stock.write"),
        code=code,
        today=today,
    )


def _difference(value: int | None) -> tuple[str, str]:
    if value is None:
        return "unknown", ""
    return ("good", gettext("cocok")) if value == 0 else ("attention", signed(value))


@routes.get("/download.<kind>")
@deed("stock.see")
@kept_file
def download(kind: str) -> Response:
    """The stock of one's area as xlsx or csv, written down in the ledger as taken."""
    if kind not in downloads.KINDS:
        raise Unknown(kind)
    lists, today = office(), office_day(now())
    transfers = transfers_now(today)
    stocks = stocks_of(points_of(lists, today), lists, today, transfers)
    limit, demo = lists.limit("stock_days"), services().settings.demo
    version = ledger.versions(reading())[ledger.DATA]
    ordered = list(in_order(stocks, limit))
    table = table_of(ordered, _district(stocks, transfers), lists, limit, now(), version, demo=demo)
    with writing() as tx:
        deeds.note_download(tx, sender(), today, kind)
    response = Response(downloads.KINDS[kind](table), content_type=downloads.TYPES[kind])
    name = f"{'data-contoh_' if demo else ''}stok_{today}_v{version}.{kind}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
