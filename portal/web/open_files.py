"""The rows that others read as files, piece by piece: ten years of days take no more memory than a month."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from msgspec import Struct

from ..domain.areas import Office
from ..domain.open_data import Field
from ..domain.recordings import MEASURES, NIHIL
from .downloads import safe
from .language import gettext
from .open_rows import Ask, Row, rows

CHUNK_ROWS = 500

JSON = "application/json"
CSV = "text/csv; charset=utf-8"


class Dialect(Struct, frozen=True):
    """How a csv file is written: for Excel as it is set up in Indonesia, or for programs (RFC 4180)."""

    mark: bytes
    delimiter: str
    in_words: bool
    """Whether the header says what a column is in the reader's words, or names the field."""


FOR_EXCEL = Dialect(b"\xef\xbb\xbf", ";", in_words=True)
FOR_PROGRAMS = Dialect(b"", ",", in_words=False)


def _cell(value: Any) -> Any:
    """A value as csv holds it: nothing where nothing is known, and no text that a spreadsheet takes for a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return safe(value) if isinstance(value, str) else value


def csv_of(fields: Sequence[Field], found: Iterable[Row], dialect: Dialect) -> Iterator[bytes]:
    """A csv file with a header; an empty cell is not known, never 0."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter=dialect.delimiter, lineterminator="\r\n")
    writer.writerow([gettext(f.label) if dialect.in_words else f.name for f in fields])
    yield dialect.mark + target.getvalue().encode()
    for some in _in_chunks(found):
        target.seek(0)
        target.truncate()
        writer.writerows([[_cell(row[f.name]) for f in fields] for row in some])
        yield target.getvalue().encode()


def json_of(about: Mapping[str, Any], name: str, found: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """One JSON object: what is said about the rows, then the rows under ``name``."""
    head = json.dumps(dict(about), ensure_ascii=False)
    yield f"{head[:-1]}{', ' if about else ''}{json.dumps(name)}: [\n".encode()
    before = ""
    for some in _in_chunks(found):
        yield (before + ",\n".join(json.dumps(row, ensure_ascii=False) for row in some)).encode()
        before = ",\n"
    yield b"\n]}\n"


def _in_chunks(found: Iterable[Any]) -> Iterator[Sequence[Any]]:
    some: list[Any] = []
    for row in found:
        some.append(row)
        if len(some) == CHUNK_ROWS:
            yield some
            some = []
    if some:
        yield some


# --- DHIS2 -----------------------------------------------------------------------------------------------

DATA_SET = "KTPEL_HARIAN"
PREFIX = "KTPEL_"
VISITS = {"recorded": "KTPEL_VISITS_RECORDED", "done": "KTPEL_VISITS_DONE"}

DHIS2_ABOUT = {
    "dataSet": DATA_SET,
    "idScheme": "CODE",
    "dataSetIdScheme": "CODE",
    "dataElementIdScheme": "CODE",
    "orgUnitIdScheme": "CODE",
}


def org_unit(office: Office, point_code: str) -> str:
    """The code by which DHIS2 knows an office: its kecamatan's Kemendagri code, or its own where it has none."""
    return office.points[point_code].kecamatan_code or point_code


def dhis2_values(ask: Ask) -> Iterator[dict[str, str]]:
    """The data values of a ``dataValueSets`` import: one for every count that was given, by day and office.

    What was not given is left out, an explicit 0 stays; a NIHIL day is a 0 that carries its cause as the comment.
    Reports that a supervisor took out of the sums are left out; visits are data elements of their own, so that the
    sum of both is the screen's. Source: DHIS2 Developer guide, Web API, data values.
    """
    for _key, row in rows("days", ask):
        if row["kind"] is None or row["excluded"]:
            continue
        where = {"period": row["service_date"].replace("-", ""), "orgUnit": org_unit(ask.office, row["point_code"])}
        why = {"comment": f"NIHIL: {row['nihil_reason']}"} if row["kind"] == NIHIL else {}
        for measure in MEASURES:
            if row[measure.name] is not None:
                value = {"dataElement": PREFIX + measure.name.upper(), **where, "value": str(row[measure.name])}
                yield value | (why if measure.name == "recorded" else {})
    for day, found in groupby((row for _key, row in rows("visits", ask)), lambda row: row["visit_date"]):
        sums: dict[str, list[int]] = {}
        for row in found:
            # A visit to the area by a team from outside is a part of that office's day, and would stand for the whole.
            if row["recorded"] is not None and ask.scope.sees_point(
                ask.office, row["point_code"], date.fromisoformat(day)
            ):
                own = sums.setdefault(org_unit(ask.office, row["point_code"]), [0, 0])
                own[0] += row["recorded"]
                own[1] += 1
        for unit, numbers in sorted(sums.items()):
            for element, number in zip(VISITS.values(), numbers, strict=True):
                where = {"period": day.replace("-", ""), "orgUnit": unit}
                yield {"dataElement": element, **where, "value": str(number)}
