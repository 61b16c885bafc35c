"""The office's lists: read into one record, loaded from the reference files."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, Table, exists, func, insert, select, update

from ..domain.areas import Capability, HubMember, Kecamatan, Office, Place, ServicePoint
from ..domain.calendar import Calendar, Election, Timetable
from ..domain.figures import DP4_UNRECORDED, KABUPATEN, Figure
from ..domain.limits import LIMIT
from ..domain.lists import capabilities_of, hours_of, members_of, seats_of
from ..domain.schedule import days_of, weeks_of
from . import hours, lists
from . import tables as t
from .database import Tx

REFERENCE_TABLES: Mapping[str, Table] = {
    "kecamatan": t.kecamatan,
    "centroids": t.centroid,
    "desa": t.desa,
    "service_points": t.service_point,
    "capabilities": t.capability,
    "hubs": t.hub,
    "hub_points": t.hub_point,
    "hub_members": t.hub_member,
    "places": t.place,
    "figures": t.figure,
    "rankings": t.ranking,
    "elections": t.election,
    "holidays": t.holiday,
}
"""Reference list → table, in the order in which foreign keys allow loading."""

PUBLISHED_KEYS = {"figures": ["code", "metric", "as_of", "election"], "rankings": ["scope", "subject", "as_of"]}
"""What a published reading is keyed on: beside the list's own row (revision 0) there may be rows of the office."""

LIMIT_KEY = "limit."
"""Before the name of a limit, its setting's name."""


_newer = t.figure.alias("newer")
FIGURES: Select[Any] = select(t.figure, t.account.c.name.label("author")).outerjoin(
    t.account, t.account.c.id == t.figure.c.account_id
)
"""Published figures with who entered them; those that were superseded too."""
STANDING_FIGURES = FIGURES.where(
    ~exists().where(
        *(_newer.c[name] == t.figure.c[name] for name in PUBLISHED_KEYS["figures"]),
        _newer.c.revision > t.figure.c.revision,
    )
)
"""Those that no later row stands in place of."""


def office(tx: Tx) -> Office:
    """All lists that give codes a name and days a duty."""
    weeks, days, words = _weeks(tx), _days(tx), lists.words(tx)
    once: dict[
        Timetable, Timetable
    ] = {}  # points with the same days share one: what is worked out of it is found sooner
    points = {
        r.code: ServicePoint(
            r.code,
            r.name,
            r.kind,
            r.kecamatan_code,
            r.active_from,
            r.active_to,
            _shared(once, Timetable(r.weekdays, weeks.get(r.code, ()), *_opened_and_closed(days.get(r.code, {})))),
            r.version,
        )
        for r in tx.execute(select(t.service_point).order_by(t.service_point.c.code.desc()))
    }
    return Office(
        kecamatan={
            r.code: Kecamatan(r.code, r.name, r.abbr, r.tile_column, r.tile_row)
            for r in tx.execute(select(t.kecamatan).order_by(t.kecamatan.c.code))
        },
        points=dict(sorted(points.items(), key=lambda item: (item[1].kecamatan_code or "~", item[0]))),
        hubs={r.code: r.name for r in tx.execute(select(t.hub).order_by(t.hub.c.position))},
        hub_points={r.point_code: r.hub_code for r in tx.execute(select(t.hub_point))},
        members=members_of(members(tx), words),
        capabilities=capabilities_of(capabilities(tx), words),
        calendar=Calendar(
            {r.day: r.name for r in tx.execute(select(t.holiday))},
            *_opened_and_closed(days.get(None, {})),
            hours_of(words),
        ),
        elections=tuple(
            Election(
                r.code,
                r.name,
                r.polling_day,
                r.birth_cutoff,
                r.first_service_day,
                r.source,
                r.target_kind,
                r.version,
            )
            for r in tx.execute(select(t.election).order_by(t.election.c.polling_day, t.election.c.code))
        ),
        limits=_limits(tx),
        hours=hours.known(tx),
        seats=seats_of(words),
        centroids={r.kecamatan_code: (r.latitude, r.longitude) for r in tx.execute(select(t.centroid))},
    )


def _shared(once: dict[Timetable, Timetable], timetable: Timetable) -> Timetable:
    return once.setdefault(timetable, timetable)


def _weeks(tx: Tx) -> dict[str, tuple[tuple[date, str], ...]]:
    query = select(t.service_week).where(t.service_week.c.withdrawn_at.is_(None)).order_by(t.service_week.c.id)
    return weeks_of((row.point_code, row.valid_from, row.weekdays) for row in tx.execute(query))


def _days(tx: Tx) -> dict[str | None, dict[date, bool]]:
    query = select(t.service_day).where(t.service_day.c.withdrawn_at.is_(None)).order_by(t.service_day.c.id)
    return days_of((row.point_code, row.day, bool(row.opens)) for row in tx.execute(query))


def _opened_and_closed(days: Mapping[date, bool]) -> tuple[frozenset[date], frozenset[date]]:
    return frozenset(d for d, opens in days.items() if opens), frozenset(d for d, opens in days.items() if not opens)


def _limits(tx: Tx) -> dict[str, int]:
    """Limits that were set, by name; one that the program no longer knows is left out."""
    query = select(t.setting).where(t.setting.c.name.in_([LIMIT_KEY + name for name in LIMIT]))
    return {row.name.removeprefix(LIMIT_KEY): int(row.value) for row in tx.execute(query)}


def members(tx: Tx) -> tuple[HubMember, ...]:
    """Every membership of a kecamatan in a hub, as it was announced with the reference lists."""
    rows = tx.execute(select(t.hub_member))
    return tuple(HubMember(r.kecamatan_code, r.hub_code, r.valid_from, r.valid_to) for r in rows)


def capabilities(tx: Tx) -> tuple[Capability, ...]:
    """What points can do, as it was announced with the reference lists."""
    rows = tx.execute(select(t.capability))
    return tuple(Capability(r.point_code, r.capability, r.valid_from, r.valid_to, r.source) for r in rows)


def figures(tx: Tx) -> list[Figure]:
    """The published figures that pages of the district speak of, each with its date and source: of the kabupaten all
    that stand, of kecamatan the people on the DP4 who are not recorded yet. The others are asked for by kind."""
    query = STANDING_FIGURES.where((t.figure.c.level == KABUPATEN) | (t.figure.c.metric == DP4_UNRECORDED))
    return [figure_of(row) for row in tx.execute(query.order_by(t.figure.c.as_of, t.figure.c.id))]


def figure_of(row: Any) -> Figure:
    """A row of the table as a record."""
    return Figure(
        row.level,
        row.code,
        row.metric,
        row.value,
        row.unit,
        row.as_of,
        row.as_of_text,
        row.election,
        row.source,
        row.note,
        row.valid_from,
        row.id,
        row.revision,
        row.author or "",
        row.at,
        row.reason,
        row.file_hash,
    )


def places(tx: Tx, codes: Sequence[str] = (), kecamatan: Sequence[str] = ()) -> list[Place]:
    """Places by code or by kecamatan, in the order in which a person looks for them."""
    query = select(t.place).order_by(t.place.c.kind.desc(), t.place.c.name)
    query = query.where(t.place.c.code.in_(codes) | t.place.c.kecamatan_code.in_(kecamatan))
    return [place_of(r) for r in tx.execute(query)]


def place_of(row: Any) -> Place:
    """A row of the table as a record."""
    return Place(
        row.code,
        row.kind,
        row.name,
        row.kecamatan_code,
        row.npsn,
        row.level,
        row.address,
        row.contact,
        row.active_from,
        row.active_to,
        row.source,
        row.version,
    )


def schools(tx: Tx) -> list[Place]:
    """Every school and pesantren: what a liaison can be named for."""
    query = select(t.place).where(t.place.c.kind.in_(("sekolah", "pesantren"))).order_by(t.place.c.name)
    return [place_of(r) for r in tx.execute(query)]


def place(tx: Tx, code: str) -> Place | None:
    """One place."""
    found = places(tx, codes=[code])
    return found[0] if found else None


def load(tx: Tx, name: str, rows: Sequence[Mapping[str, Any]]) -> tuple[int, int]:
    """Bring a reference list into its table by key: (added, changed). Nothing is removed, an equal row not touched,
    a place that somebody of the office has edited stays as it was edited, and what the office entered of a published
    reading goes on standing in place of the list's own."""
    table = REFERENCE_TABLES[name]
    keys = PUBLISHED_KEYS.get(name) or [c.name for c in table.primary_key]
    query = select(table).where(table.c.revision == 0) if name in PUBLISHED_KEYS else select(table)
    kept = {tuple(getattr(r, k) for k in keys): r._mapping for r in tx.execute(query)}
    fresh, changed = [], 0
    for row in rows:
        key = tuple(row[k] for k in keys)
        if key not in kept:
            fresh.append(dict(row))
        elif kept[key].get("editor_id") is None and any(kept[key][name] != value for name, value in row.items()):
            where = [table.c[k] == v for k, v in zip(keys, key, strict=True)]
            where += [table.c.revision == 0] if name in PUBLISHED_KEYS else []
            tx.execute(update(table).where(*where).values(dict(row)))
            changed += 1
    if fresh:
        tx.execute(insert(table), fresh)
    return len(fresh), changed


def counts(tx: Tx) -> dict[str, int]:
    """How many rows each reference table holds."""
    return {
        name: tx.execute(select(func.count()).select_from(table)).scalar_one()
        for name, table in REFERENCE_TABLES.items()
    }


def setting(tx: Tx, name: str) -> str | None:
    """A setting's value; None when it was never set."""
    return tx.execute(select(t.setting.c.value).where(t.setting.c.name == name)).scalar()


def settings(tx: Tx, prefix: str) -> dict[str, str]:
    """Every setting whose name begins with ``prefix``, by the rest of its name."""
    query = select(t.setting).where(t.setting.c.name.startswith(prefix, autoescape=True))
    return {row.name.removeprefix(prefix): row.value for row in tx.execute(query)}


def set_setting(tx: Tx, name: str, value: str) -> None:
    """Set a setting."""
    if setting(tx, name) is None:
        tx.execute(insert(t.setting).values(name=name, value=value))
    else:
        tx.execute(update(t.setting).where(t.setting.c.name == name).values(value=value))


def last_day(as_of: str) -> date:
    """The last day a published date can mean: ``2024-10`` speaks of October as a whole, ``2022`` of the year."""
    parts = [int(p) for p in as_of.split("-")]
    if len(parts) == 3:
        return date(*parts)
    if len(parts) == 2:
        following = date(parts[0] + parts[1] // 12, parts[1] % 12 + 1, 1)
        return date.fromordinal(following.toordinal() - 1)
    return date(parts[0], 12, 31)
