"""What the API answers, in the words of OpenAPI 3.1, made from the table of resources: it cannot say anything else."""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

from ..domain.open_data import COUNT, DAY, MOMENT, PAGING, PERIOD, RESOURCES, TEXT, YES_NO, Field, Resource
from ..domain.summary import BOOKS
from .language import ENGLISH, INDONESIAN, gettext, speaking
from .problem_json import TYPE

VERSION = "1.0.0"

SCHEMAS: Mapping[str, dict[str, Any]] = {
    TEXT: {"type": "string"},
    COUNT: {"type": "integer"},
    YES_NO: {"type": "boolean"},
    DAY: {"type": "string", "format": "date"},
    MOMENT: {"type": "string", "format": "date-time"},
}

_ABOUT = """Read-only counts of daily KTP-el recordings. Counts only: no person is named anywhere.
A count that is null is not known and never 0; a day whose `kind` is null has no report. NIHIL is a reported zero with
its cause. Rows that are `excluded` stand but are in no sum. Readings (PRR, SFE, stock) are never summed over days.
Send the token as `Authorization: Bearer`, never in an address. Ask again with `If-None-Match`: 304 when nothing
changed. Follow `next` until it is null; the order is stable."""


def _both(text: str) -> str:
    """A text of the catalogue in Indonesian and, where it differs, in English."""
    said = []
    for tongue in (INDONESIAN, ENGLISH):
        with speaking(tongue):
            said.append(gettext(text))
    return " / ".join(dict.fromkeys(said))


def _field(field: Field) -> dict[str, Any]:
    found = dict(SCHEMAS[field.kind])
    if field.choices:
        found["enum"] = [*field.choices, None] if field.nullable else list(field.choices)
    if field.kind == COUNT:
        found["minimum"] = 0
    if field.nullable:
        found["type"] = [found["type"], "null"]
    unit = f" ({field.unit})" if field.unit else ""
    return found | {"description": _both(field.label) + unit}


def _row(resource: Resource) -> dict[str, Any]:
    return {
        "type": "object",
        "title": _both(resource.label),
        "additionalProperties": False,
        "required": [f.name for f in resource.fields],
        "properties": {f.name: _field(f) for f in resource.fields},
    }


def _object(properties: dict[str, Any], optional: tuple[str, ...] = ()) -> dict[str, Any]:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


_SCOPE = _object({"kind": {"type": "string", "enum": ["all", "kecamatan", "hub"]}, "code": {"type": "string"}})
_PERIOD = _object({"first": SCHEMAS[DAY], "last": SCHEMAS[DAY]})


def _envelope(resource: Resource, *, paged: bool) -> dict[str, Any]:
    properties = {
        "as_of": SCHEMAS[MOMENT] | {"description": "When this was asked."},
        "version": {
            "type": "object",
            "description": "Grows with every change of what it names.",
            "required": ["data", "equipment", "lists"],
            "additionalProperties": {"type": "integer"},
        },
        "scope": {"$ref": "#/components/schemas/scope"},
        "demo": {"type": "boolean", "description": "True: invented figures of the demo office."},
        **({"period": {"$ref": "#/components/schemas/period"}} if set(PERIOD) & set(resource.parameters) else {}),
        **({"next": {"type": ["string", "null"], "description": "Address of the next page."}} if paged else {}),
        "data": {"type": "array", "items": {"$ref": f"#/components/schemas/{resource.name}"}},
    }
    return _object(properties)


_PARAMETERS: Mapping[str, dict[str, Any]] = {
    "first": {"schema": SCHEMAS[DAY], "description": "First service day; left out: since the programme began."},
    "last": {"schema": SCHEMAS[DAY], "description": "Last service day; left out: today."},
    "point": {"schema": {"type": "string", "maxLength": 40}, "description": "Only this service point."},
    "book": {
        "schema": {"type": "string", "enum": list(BOOKS)},
        "description": "By place of work or by home kecamatan; left out: both.",
    },
    "limit": {"schema": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 500}, "description": "Rows."},
    "cursor": {"schema": {"type": "string", "maxLength": 120}, "description": "As the last answer's `next` has it."},
}

_PROBLEMS = {
    "400": "A parameter is not known or cannot be read; `parameter` names it.",
    "401": "No token, or one that is unknown, revoked or expired.",
    "403": "The token does not grant this resource.",
    "404": "It does not exist, or lies outside the token's area.",
    "429": "Too many requests; see `Retry-After`.",
    "503": "The store cannot be used just now; see `Retry-After`.",
}


def _answers(schema: dict[str, Any] | None, content_type: str = "application/json") -> dict[str, Any]:
    kept = {
        "ETag": {"schema": {"type": "string"}, "description": "Changes with the data, the address and the area."},
        "Cache-Control": {"schema": {"type": "string", "const": "private, no-cache"}},
    }
    content = {content_type: {"schema": schema if schema is not None else {"type": "string"}}}
    told = {"description": "", "content": {TYPE: {"schema": {"$ref": "#/components/schemas/problem"}}}}
    return {
        "200": {"description": "The rows.", "headers": kept, "content": content},
        "304": {"description": "Nothing changed since the answer with this ETag."},
        **{status: told | {"description": text} for status, text in _PROBLEMS.items()},
    }


def _get(name: str, summary: str, answers: dict[str, Any], parameters: tuple[str, ...] = ()) -> dict[str, Any]:
    refs = [{"$ref": f"#/components/parameters/{p}"} for p in parameters]
    return {"get": {"operationId": name, "summary": summary, "parameters": refs, "responses": answers}}


_DATA_VALUE = _object(
    {name: {"type": "string"} for name in ("dataElement", "period", "orgUnit", "value", "comment")}, ("comment",)
)
_DATA_VALUES = _object(
    {
        **{
            name: {"type": "string"}
            for name in ("dataSet", "idScheme", "dataSetIdScheme", "dataElementIdScheme", "orgUnitIdScheme")
        },
        "dataValues": {"type": "array", "items": _DATA_VALUE},
    }
)
_INDEX = _object(
    {
        "as_of": SCHEMAS[MOMENT],
        "name": {"type": "string"},
        "scope": {"$ref": "#/components/schemas/scope"},
        "expires_at": SCHEMAS[MOMENT],
        "resources": {"type": "object", "additionalProperties": {"type": "string"}},
        "description": {"type": "string"},
    }
)
_PROBLEM = _object(
    {
        "type": {"type": "string"},
        "status": {"type": "integer"},
        **{name: {"type": "string"} for name in ("title", "detail", "title_en", "detail_en")},
        "instance": {"type": "string"},
        "request_id": {"type": "string"},
        "parameter": {"type": "string"},
    },
    ("parameter",),
)


def description() -> dict[str, Any]:
    """The whole description as an object."""
    days = RESOURCES["days"]
    schemas = {"scope": _SCOPE, "period": _PERIOD, "problem": _PROBLEM, "index": _INDEX, "data_values": _DATA_VALUES}
    for resource in RESOURCES.values():
        schemas |= {resource.name: _row(resource), f"{resource.name}_page": _envelope(resource, paged=True)}
    schemas["days_whole"] = _envelope(days, paged=False)
    paths = {"/": _get("index", "What this token may read.", _answers({"$ref": "#/components/schemas/index"}))}
    for resource in RESOURCES.values():
        answers = _answers({"$ref": f"#/components/schemas/{resource.name}_page"})
        given = (*resource.parameters, *PAGING)
        paths[f"/{resource.name}"] = _get(resource.name, _both(resource.label), answers, given)
    whole = {
        "csv": ("All days as csv (RFC 4180), streamed.", _answers(None, "text/csv")),
        "json": ("All days as one object, streamed.", _answers({"$ref": "#/components/schemas/days_whole"})),
        "dhis2": (
            "All days as DHIS2 dataValueSets; needs days and visits.",
            _answers({"$ref": "#/components/schemas/data_values"}),
        ),
    }
    paths |= {f"/days/{form}": _get(f"days_{form}", text, answers, PERIOD) for form, (text, answers) in whole.items()}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Portal Perekaman KTP-el Kabupaten Mojokerto", "version": VERSION, "description": _ABOUT},
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "parameters": {name: {"name": name, "in": "query"} | said for name, said in _PARAMETERS.items()},
            "schemas": schemas,
        },
    }


@cache
def text() -> str:
    """The description as it is sent."""
    return json.dumps(description(), ensure_ascii=False, indent=1) + "\n"


def mark(said: str) -> str:
    """Its entity tag."""
    return hashlib.sha256(said.encode()).hexdigest()[:32]
