"""A Frictionless data package: csv files with a description that says what every column is.

Source: Data Package, Tabular Data Package and Table Schema, version 1 (specs.frictionlessdata.io).
"""

import json
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from msgspec.structs import replace

from ..domain.duty import Period
from ..domain.open_data import COUNT, DAY, MOMENT, RESOURCES, TEXT, YES_NO, Field, Resource
from .language import gettext
from .open_files import FOR_PROGRAMS, csv_of
from .open_rows import Ask, Row, moment, rows

FILES = ("kecamatan", "days", "summary", "figures")
KINDS = {TEXT: "string", COUNT: "integer", YES_NO: "boolean", DAY: "date", MOMENT: "datetime"}
READABLE = 0o644
"""The rights of a file that somebody unpacks."""
TITLE = "Dinas Kependudukan dan Pencatatan Sipil Kabupaten Mojokerto: Portal Perekaman KTP-el"


def months(period: Period) -> Iterator[Period]:
    """The period by calendar months, the first and last as far as they lie within."""
    first = period.first
    while first <= period.last:
        following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        yield Period(first, min(following - timedelta(days=1), period.last))
        first = following


def rows_of(name: str, ask: Ask) -> Iterator[Row]:
    """The rows of one file; a summary for each month of the programme, so that its flows add up to any number of
    months. Before it there is nothing to sum, however far back somebody asks."""
    if name != "summary":
        yield from (row for _key, row in rows(name, ask))
        return
    begun = max(ask.period.first, ask.office.start())
    for month in months(replace(ask.period, first=begun)):
        yield from (row for _key, row in rows(name, replace(ask, period=month)))


def _field(field: Field) -> dict[str, Any]:
    constraints: dict[str, Any] = {} if field.nullable else {"required": True}
    if field.choices:
        constraints["enum"] = list(field.choices)
    if field.kind == COUNT:
        constraints["minimum"] = 0
    found = {"name": field.name, "type": KINDS[field.kind], "title": gettext(field.label)}
    if field.kind == MOMENT:
        found["format"] = "any"  # with its offset: the default format knows Greenwich only
    if field.unit:
        found["unit"] = field.unit
    return found | ({"constraints": constraints} if constraints else {})


def _resource(resource: Resource, ask: Ask) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": resource.name,
        "path": f"{resource.name}.csv",
        "title": gettext(resource.label),
        "profile": "tabular-data-resource",
        "mediatype": "text/csv",
        "format": "csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": FOR_PROGRAMS.delimiter, "lineTerminator": "\r\n", "header": True},
        "schema": {"fields": [_field(f) for f in resource.fields], "missingValues": [""]},
    }
    if resource.key and resource.name != "figures":  # a figure may belong to no election
        found["schema"]["primaryKey"] = list(resource.key)
    if resource.name == "figures":
        found["sources"] = [{"title": source} for source in sorted({f.source for f in ask.figures})]
    return found


def description(ask: Ask, version: str, *, demo: bool) -> dict[str, Any]:
    """``datapackage.json``. No licence is named, because the office has told none."""
    about: Mapping[str, Any] = {
        "profile": "tabular-data-package",
        "name": "perekaman-ktp-el-mojokerto",
        "title": gettext(
            "Perekaman KTP-el Kabupaten Mojokerto, %(first)s sampai %(last)s",
            first=ask.period.first.isoformat(),
            last=ask.period.last.isoformat(),
        ),
        "description": gettext("Hanya jumlah. Sel kosong berarti tidak diketahui, bukan nol."),
        "version": version,
        "created": moment(ask.at),
        "sources": [{"title": TITLE}],
        "resources": [_resource(RESOURCES[name], ask) for name in FILES],
    }
    return {**about, **({"demo": True} if demo else {})}


class _Pipe:
    """What a zip is written into and read out of again; it cannot go back, so nothing has to be kept."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def write(self, data: bytes, /) -> int:
        """Take up a piece."""
        self._waiting.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """What waits can still be taken."""

    def taken(self) -> bytes:
        """Everything written since the last time."""
        found = b"".join(self._waiting)
        self._waiting.clear()
        return found


def package(ask: Ask, version: str, *, demo: bool) -> Iterator[bytes]:
    """The whole package as one zip, piece by piece."""
    pipe = _Pipe()
    stamp = ask.at.timetuple()[:6]
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        text = json.dumps(description(ask, version, demo=demo), ensure_ascii=False, indent=1)
        files: dict[str, Iterator[bytes]] = {"datapackage.json": iter([text.encode()])}
        files |= {f"{name}.csv": csv_of(RESOURCES[name].fields, rows_of(name, ask), FOR_PROGRAMS) for name in FILES}
        for name, pieces in files.items():
            entry = zipfile.ZipInfo(name, stamp)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, READABLE << 16
            with archive.open(entry, "w") as target:
                for piece in pieces:
                    target.write(piece)
                    if data := pipe.taken():
                        yield data
    yield pipe.taken()
