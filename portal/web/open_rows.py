"""The rows that others read, made from the same records as the screen: one function for each resource.

A row has exactly the fields that ``domain/open_data`` names. What is not known is None.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from ..domain.areas import NO_HUB, OUTSIDE, Office
from ..domain.calendar import NOT_REQUIRED, WIB, days, office_day
from ..domain.duty import Period
from ..domain.equipment import GOOD, UNABLE, Kit, known, point_abilities
from ..domain.figures import Figure
from ..domain.open_data import RESOURCES, SUMMARY_COLUMNS
from ..domain.outages import at_point, with_outages
from ..domain.recordings import MEASURES
from ..domain.review import VERIFIED
from ..domain.rollup import summarise
from ..domain.status import NOT_HERE
from ..domain.summary import BOOKS, BY_WORK, Summary
from ..domain.summary import Row as Line
from ..domain.tokens import WHOLE, Scope
from ..domain.visits import FINISHED, RESULTS
from ..storage import open_data, outages
from ..storage import summary as kept
from ..storage.database import Tx
from .language import gettext
from .summary import hub_name, row_name

Row = dict[str, Any]
Key = tuple[Any, ...]


class Ask(Struct, frozen=True):
    """What is asked, of which state of the data, at which moment, by whom as far as areas go."""

    tx: Tx
    office: Office
    at: datetime
    period: Period
    kits: Sequence[Kit]
    figures: Sequence[Figure]
    scope: Scope = WHOLE
    books: tuple[str, ...] = tuple(BOOKS)
    point: str = ""
    after: Key = ()
    """The key of the last row that was read; what follows it is given. () for the beginning."""

    @property
    def today(self) -> date:
        """The service day of the moment."""
        return office_day(self.at)


def moment(at: datetime | None) -> str | None:
    """An instant as programs read it, in western Indonesian time with its offset."""
    return at.astimezone(WIB).isoformat(timespec="seconds") if at else None


def day(on: date | None) -> str | None:
    """A date as programs read it."""
    return on.isoformat() if on else None


def _kecamatan(ask: Ask) -> Iterator[Row]:
    for code, found in ask.office.kecamatan.items():
        if ask.scope.sees_kecamatan(ask.office, code, ask.today):
            yield {"code": code, "name": found.name, "hub_code": ask.office.hub_of(code, ask.today) or None}


def _hub(office: Office, point_code: str, on: date) -> str | None:
    return office.hub_of_point(point_code, on) or None


def _points(ask: Ask) -> Iterator[Row]:
    for code, point in sorted(ask.office.points.items()):
        if ask.scope.sees_point(ask.office, code, ask.today):
            yield {
                "code": code,
                "name": point.name,
                "kind": point.kind,
                "kecamatan_code": point.kecamatan_code,
                "hub_code": _hub(ask.office, code, ask.today),
                "active_from": day(point.active_from),
                "active_to": day(point.active_to),
            }


def _days(ask: Ask) -> Iterator[Row]:
    """A row for every day that a point owed a report, and for every report that came unasked, by day and point."""
    office, after = ask.office, ask.after
    first = max(ask.period.first, office.start(), *([date.fromisoformat(after[0])] if after else []))
    codes = [code for code in sorted(office.points) if not ask.point or code == ask.point]
    for block, found in open_data.reports(ask.tx, Period(first, min(ask.period.last, ask.today))):
        for on in days(block.first, block.last):
            for code in codes:
                if (not after or (on.isoformat(), code) > after) and ask.scope.sees_point(office, code, on):
                    row = _day(ask, code, on, found.get((on, code)))
                    if row is not None:
                        yield row


def _day(ask: Ask, code: str, on: date, report: Mapping[str, Any] | None) -> Row | None:
    point = ask.office.points[code]
    if report is None and not point.active(on):
        return None
    received = report["received_at"] if report else None
    state = ask.office.calendar.report_state(point.timetable, on, received, ask.at)
    if state == NOT_REQUIRED:
        return None
    told: Mapping[str, Any] = report if report is not None else {}
    return {
        "service_date": day(on),
        "point_code": code,
        "kecamatan_code": point.kecamatan_code,
        "hub_code": _hub(ask.office, code, on),
        "state": state,
        "kind": told.get("kind"),
        "nihil_reason": told.get("nihil_reason"),
        **{m.name: told.get(m.name) for m in MEASURES},
        "received_at": moment(received),
        "review_state": told.get("review_state"),
        "verified": told["review_state"] == VERIFIED if told else None,
        "excluded": bool(told["excluded"]) if told else None,
        "version": told.get("version"),
    }


def _summary(ask: Ask) -> Iterator[Row]:
    """The lines of the screen in their order: rows of a hub, its subtotal, the district last; of each book."""
    facts = kept.facts(ask.tx, ask.period, ask.kits, ask.figures)
    for book in ask.books:
        found = summarise(ask.office, ask.period, book, facts, ask.at)
        for group in found.groups:
            for line in group.rows:
                if _in_area(ask, line):
                    yield _line(ask, found, "row", line, line.code, row_name(line, ask.office))
            if ask.scope.whole or (ask.scope.kind == "hub" and group.code == ask.scope.code):
                hub = hub_name(group.code, ask.office)
                yield _line(ask, found, "hub", group.total, None, gettext("Jumlah %(hub)s", hub=hub))
        if ask.scope.whole:
            yield _line(ask, found, "district", found.total, None, gettext("Jumlah kabupaten"))


def _in_area(ask: Ask, line: Line) -> bool:
    """Whether a line lies in the area; a hub's are those that stand under it in the period."""
    if ask.scope.kind == "hub":
        return line.hub_code == ask.scope.code
    return ask.scope.whole or (line.kecamatan_code is not None and line.kecamatan_code == ask.scope.code)


def _line(ask: Ask, found: Summary, level: str, line: Line, code: str | None, name: str) -> Row:
    done = line.completeness if found.book == BY_WORK else None
    reviewed = line.reviewed if found.book == BY_WORK else None
    return {
        "first": day(found.period.first),
        "last": day(found.period.last),
        "book": found.book,
        "level": level,
        "hub_code": line.hub_code if line.hub_code not in (NO_HUB, OUTSIDE) else None,
        "code": code,
        "name": name,
        "kecamatan_code": line.kecamatan_code,
        **{column: line.values.get(column) for column in SUMMARY_COLUMNS},
        "reports_received": done.received if done else None,
        "reports_due": done.due if done else None,
        "reports_verified": reviewed.verified if reviewed else None,
        "reports_standing": reviewed.reports if reviewed else None,
        "reports_excluded": reviewed.excluded if reviewed else None,
    }


def _visits(ask: Ask) -> Iterator[Row]:
    first = (date.fromisoformat(ask.after[0]), int(ask.after[1])) if ask.after else (date.min, 0)
    for row in open_data.visits(ask.tx, ask.period, first):
        on = row["visit_date"]
        own = ask.scope.sees_kecamatan(ask.office, row["kecamatan_code"], on)
        if not own and not ask.scope.sees_point(ask.office, row["point_code"], on):
            continue
        done = row["state"] in FINISHED
        counts = {name: row[name] if done else None for name in RESULTS}
        yield {
            "visit_date": day(on),
            "id": row["id"],
            "place_code": row["place_code"],
            "place_name": row["place_name"],
            "place_kind": row["place_kind"],
            "kecamatan_code": row["kecamatan_code"],
            "point_code": row["point_code"],
            "session": row["session"],
            "state": row["state"],
            **counts,
            "recorded": row["recorded_from_list"] + row["walk_in"] if done else None,
            "failed_reason": row["failed_reason"] or None if done else None,
            "version": row["version"],
        }


def _equipment(ask: Ask) -> Iterator[Row]:
    """What each point can do now, as the public page and the summary say it, with the part that is why."""
    states = [(kit, known(ask.office, kit, ask.at)) for kit in ask.kits]
    found = point_abilities(states)
    lasting = outages.lasting(ask.tx, ask.at)
    able = with_outages({code: found[code][:2] for code in found}, lasting, ask.at, UNABLE)
    for code, point in sorted(ask.office.points.items()):
        if not point.active(ask.today) or not ask.scope.sees_point(ask.office, code, ask.today):
            continue
        record, printing = able.get(code, (NOT_HERE, NOT_HERE))
        part = found[code][2] if code in found else None
        part = part if part is not None and part.status != GOOD else None
        own = [kit for kit, state in states if state.point_code == code]
        hit = at_point(lasting, code, ask.at)
        yield {
            "point_code": code,
            "kecamatan_code": point.kecamatan_code,
            "kits": len(own),
            "can_record": record,
            "can_print": printing,
            "weakest_part": part.kind if part else None,
            "weakest_status": part.status if part else None,
            "weakest_since": moment(part.since) if part else None,
            "expected_back": day(part.expected_back) if part else None,
            "confirmed_at": moment(min((k.confirmed_at for k in own if k.confirmed_at), default=None)),
            "outage": hit[0].cause if hit else None,
        }


def _figures(ask: Ask) -> Iterator[Row]:
    """Every published reading of the area, a desa's under its kecamatan; the district's only for the whole district."""
    for f in sorted(ask.figures, key=lambda f: (f.code, f.metric, f.as_of, f.election)):
        kecamatan = f.code[:8] if f.level in ("kecamatan", "desa") else None
        if ask.scope.sees_kecamatan(ask.office, kecamatan, ask.today):
            yield {
                "level": f.level,
                "code": f.code,
                "metric": f.metric,
                "as_of": day(f.as_of),
                "as_of_text": f.as_of_text,
                "election": f.election or None,
                "value": f.value,
                "unit": f.unit,
                "source": f.source,
                "note": f.note or None,
            }


def _publications(ask: Ask) -> Iterator[Row]:
    for found in open_data.publications(ask.tx, int(ask.after[0]) if ask.after else 0):
        daily = found.daily
        yield {
            "number": found.number,
            "day": day(daily.day),
            "published_at": moment(found.as_of),
            "recorded": daily.recorded,
            "at_offices": daily.at_offices,
            "on_visits": daily.on_visits,
            "cumulative_before": daily.cumulative_before,
            "corrected": daily.corrected,
            "cumulative": daily.cumulative,
            "data_from": day(daily.data_from),
            "reports": daily.reports,
            "reports_verified": daily.verified,
            "check_code": found.check_code,
            "sha256": found.sha256,
        }


MAKERS: Mapping[str, Callable[[Ask], Iterator[Row]]] = {
    "kecamatan": _kecamatan,
    "points": _points,
    "days": _days,
    "summary": _summary,
    "visits": _visits,
    "equipment": _equipment,
    "figures": _figures,
    "publications": _publications,
}
BY_KEY = frozenset({"days", "visits", "publications"})
"""Resources whose rows are found from a key on; the others are few, and counted."""


def rows(resource: str, ask: Ask) -> Iterator[tuple[Key, Row]]:
    """(key, row) of a resource in its stable order, from after ``ask.after`` on."""
    if resource in BY_KEY:
        for row in MAKERS[resource](ask):
            yield tuple(row[name] for name in RESOURCES[resource].key), row
        return
    skipped = int(ask.after[0]) if ask.after else 0
    for number, row in enumerate(MAKERS[resource](replace(ask, after=())), start=1):
        if number > skipped:
            yield (number,), row
