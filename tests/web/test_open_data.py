"""Downloads for others and the page of tokens: a key is shown once, a package says what its columns are."""

import csv
import io
import json
import re
import zipfile
from datetime import date, datetime, timedelta

import pysqlite3.dbapi2 as sqlite
import pytest
from jsonschema import Draft202012Validator

from portal.domain.tokens import KECAMATAN, Scope
from portal.storage import ledger
from portal.storage import summary as kept_summary
from portal.web.data_package import FILES, months

from .. import people, records
from ..people import GONDANG, NGORO, TODAY
from . import arranged
from .test_summary import from_csv

PAGE = "/open-data/"
FILLED = {"name": "Dasbor Bupati", "purpose": "Papan angka", "scope": "kecamatan:35.16.05", "resources": ["days"]}


# --- tokens ------------------------------------------------------------------------------------------------------


def test_a_token_is_shown_once_works_and_is_revoked(portal):
    supervisor, program = portal.browser(people.supervisor), portal.browser()
    form = supervisor.get(PAGE)
    assert "Belum ada token yang berlaku." in form.text
    made = supervisor.send(form, FILLED, PAGE)
    assert made.status == 200
    token = made.by_id("secret").text
    assert token in made.by_id("example").text
    again = supervisor.send(form, FILLED, PAGE)
    assert again.location == PAGE
    shown = supervisor.get(PAGE)
    assert token not in shown.html
    assert "hanya tampil sekali" in shown.html
    for words in ("Dasbor Bupati", "Kecamatan Ngoro · Hari layanan per titik", "belum pernah dipakai", "Pengawas"):
        assert words in shown.text, words
    answer = program.get("/api/v1/days", Authorization=f"Bearer {token}")
    assert {row["point_code"] for row in answer.response.json["data"]} == {NGORO}
    assert "terakhir dipakai 21 Oktober 2024" in supervisor.get(PAGE).text
    gone = supervisor.post("/open-data/tokens/1/revoke")
    assert gone.location == PAGE
    assert program.get("/api/v1/days", Authorization=f"Bearer {token}").status == 401
    ended = supervisor.get(PAGE).text
    assert "Token dicabut." in ended
    assert "dicabut Sen 21 Okt, 13.00 WIB" in ended


@pytest.mark.parametrize(
    ("over", "field", "message"),
    [
        ({"name": ""}, "name", "Isi nama token"),
        ({"resources": []}, "resources", "paling sedikit satu jenis data"),
        ({"resources": ["publications"]}, "resources", "pilih wilayah seluruh kabupaten"),
        ({"scope": "desa:x"}, "scope", "Pilih wilayah dari daftar."),
        ({"last": "2025-10-21"}, "last", "paling lama satu tahun"),
        ({"last": "31-02-2025"}, "last", "Isi tanggal yang ada di kalender"),
    ],
)
def test_a_token_that_may_not_be_is_not_made_and_what_was_typed_stays(quiet, over, field, message):
    administrator = quiet.desk(people.administrator)
    page = administrator.send(administrator.get(PAGE), FILLED | over, PAGE)
    assert page.status == 422
    assert message in page.error_at(field) or message in page.error_at(f"group-{field}")
    values = page.values(PAGE)
    assert (values["purpose"], values["name"]) == ("Papan angka", over.get("name", "Dasbor Bupati"))
    assert values.getlist("resources") == over.get("resources", ["days"])


def test_a_reader_takes_files_and_makes_no_token(portal):
    arranged.token(portal)
    page = portal.browser(people.reader).get(PAGE)
    assert "Dasbor" not in page.text
    assert page.forms()[0]["method"] == "get"
    assert len(page.forms()) == 1


# --- files -------------------------------------------------------------------------------------------------------


def test_days_for_excel_open_in_indonesia_and_leave_the_unknown_empty(busy):
    supervisor = busy.browser(people.supervisor)
    page = supervisor.get(supervisor.get(f"{PAGE}?first={TODAY}&last={TODAY}").link("Unduh csv"))
    assert page.data.startswith(b"\xef\xbb\xbf")
    assert page.headers["Content-Disposition"] == f'attachment; filename="hari-layanan_{TODAY}_{TODAY}.csv"'
    rows = list(csv.DictReader(io.StringIO(page.data.decode("utf-8-sig")), delimiter=";"))
    told = {r["Kode titik layanan"]: (r["Jenis"], r["Jumlah rekam"]) for r in rows}
    assert (told[NGORO], told[GONDANG], told["kec-35.16.04"]) == (("angka", "33"), ("nihil", "0"), ("", ""))
    with busy.database.reading() as tx:
        entry = ledger.newest_entries(tx, 1)[0]
    assert (entry.deed, entry.account, entry.reason) == ("open_data.download", "pengawas", "days.csv")


def test_a_file_that_is_still_right_is_not_sent_again(portal):
    supervisor = portal.browser(people.supervisor)
    for file in ("days.csv", "days.json", "dhis2.json", "package.zip", "datapackage.json"):
        first = supervisor.get(PAGE + file)
        assert first.headers["Cache-Control"] == "private, no-cache"
        before = portal.digest()
        again = supervisor.get(PAGE + file, If_None_Match=first.headers["ETag"])
        assert (again.status, again.data, portal.digest()) == (304, b"", before)
        head = supervisor.ask("HEAD", PAGE + file)
        assert (head.status, head.data, portal.digest()) == (200, b"", before)
    portal.report(records.entry(5))
    assert supervisor.get(f"{PAGE}days.json", If_None_Match=first.headers["ETag"]).status == 200
    assert portal.browser().get(f"{PAGE}days.json", If_None_Match="*").status == 303
    for query in ("first=2024-02-31", "last=2024-10-22", "first=2024-10-20&last=2024-10-19"):
        away = supervisor.get(f"{PAGE}days.csv?{query}")
        assert away.status == 303
        assert supervisor.get(away.location).errors


PACKAGE_SHAPE = {
    "type": "object",
    "required": ["profile", "name", "resources", "sources"],
    "not": {"required": ["licenses"]},
    "properties": {
        "profile": {"const": "tabular-data-package"},
        "name": {"type": "string", "pattern": "^[-a-z0-9._/]+$"},
        "created": {"type": "string", "pattern": "T.*[+]07:00$"},
        "sources": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/source"}},
        "resources": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/resource"}},
    },
    "$defs": {
        "source": {"type": "object", "required": ["title"]},
        "resource": {
            "type": "object",
            "required": ["name", "path", "profile", "schema", "encoding"],
            "properties": {
                "name": {"type": "string", "pattern": "^[-a-z0-9._/]+$"},
                "path": {"type": "string", "pattern": "^[a-z]+[.]csv$"},
                "profile": {"const": "tabular-data-resource"},
                "encoding": {"const": "utf-8"},
                "sources": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/source"}},
                "schema": {
                    "type": "object",
                    "required": ["fields", "missingValues"],
                    "properties": {
                        "missingValues": {"const": [""]},
                        "primaryKey": {"type": "array", "minItems": 1},
                        "fields": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/field"}},
                    },
                },
            },
        },
        "field": {
            "type": "object",
            "required": ["name", "type", "title"],
            "properties": {
                "type": {"enum": ["string", "integer", "boolean", "date", "datetime"]},
                "format": {"const": "any"},
                "constraints": {
                    "type": "object",
                    "properties": {"required": {"type": "boolean"}, "enum": {"minItems": 1}, "minimum": {"const": 0}},
                    "additionalProperties": False,
                },
            },
        },
    },
}
"""What Data Package and Table Schema, version 1, ask of a tabular package."""

READ = {
    "string": str,
    "integer": lambda text: int(re.fullmatch(r"\d+", text)[0]),
    "boolean": lambda text: {"true": True, "false": False}[text],
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
}


def cell(text, field):
    """A cell as its declared field reads it; raises where it does not fit."""
    told = field.get("constraints", {})
    if text == "":
        assert not told.get("required"), field["name"]
        return None
    value = READ[field["type"]](text)
    assert "enum" not in told or value in told["enum"], (field["name"], value)
    return value


def unpacked(data):
    """(description, name → rows) of a package, each file read by the schema it declares."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert archive.testzip() is None
    described = json.loads(archive.read("datapackage.json"))
    assert list(Draft202012Validator(PACKAGE_SHAPE).iter_errors(described)) == []
    found = {}
    for resource in described["resources"]:
        header, *lines = csv.reader(io.StringIO(archive.read(resource["path"]).decode(resource["encoding"])))
        fields = resource["schema"]["fields"]
        assert header == [f["name"] for f in fields]
        rows = [{f["name"]: cell(t, f) for f, t in zip(fields, line, strict=True)} for line in lines]
        keys = [tuple(row[k] for k in resource["schema"].get("primaryKey", ())) for row in rows]
        assert not keys or not keys[0] or (len(keys) == len(set(keys)) and None not in {k for key in keys for k in key})
        found[resource["name"]] = rows
    assert set(archive.namelist()) == {"datapackage.json", *(r["path"] for r in described["resources"])}
    return described, found


def test_the_package_is_what_it_says_and_adds_up_to_the_screen(busy):
    supervisor = busy.browser(people.supervisor)
    page = supervisor.get(f"{PAGE}package.zip")
    described, found = unpacked(page.data)
    assert set(found) == set(FILES)
    assert described["resources"] == json.loads(supervisor.get(f"{PAGE}datapackage.json").data)["resources"]
    assert "demo" not in described
    screen, _notes = from_csv(supervisor.get("/summary/download.csv?period=month"))
    total = screen["Jumlah kabupaten"]
    summed = [r for r in found["summary"] if (r["book"], r["level"]) == ("work", "row")]
    assert sum(r["recorded"] or 0 for r in summed) == total["Jumlah rekam"]
    assert sum(r["recorded"] or 0 for r in found["days"]) == total["Di kantor"]
    assert {r["recorded"] for r in found["days"] if r["kind"] is None} == {None}
    assert len(found["kecamatan"]) == 18
    assert all(r["source"] and r["as_of"] for r in found["figures"])


def test_a_package_asked_for_from_long_ago_sums_no_months_before_the_programme(portal, monkeypatch):
    supervisor = portal.browser(people.supervisor)
    asked, real = [], kept_summary.facts
    monkeypatch.setattr(
        kept_summary, "facts", lambda tx, period, *more: asked.append(period) or real(tx, period, *more)
    )
    _described, found = unpacked(supervisor.get(f"{PAGE}package.zip?first=2000-01-01").data)
    assert {r["first"] for r in found["summary"]} == {date(2024, 10, 8)}
    assert len(asked) == 1
    assert unpacked(supervisor.get(f"{PAGE}package.zip?first=2000-01-01&last=2001-01-01").data)[1]["summary"] == []


def test_a_package_of_years_has_a_summary_of_each_month_and_comes_in_pieces(portal):
    portal.report(records.entry(24))
    portal.clock.moment += timedelta(days=800)
    supervisor = portal.browser(people.supervisor)
    answer = supervisor.client.get(f"{PAGE}package.zip", base_url=portal.base_url, buffered=False)
    pieces = list(answer.iter_encoded())
    answer.close()
    assert len(pieces) > 4
    _described, found = unpacked(b"".join(pieces))
    ended = portal.clock.moment.date()
    asked = list(months(type("Period", (), {"first": date(2024, 10, 8), "last": ended})))
    assert [m.first for m in asked] == sorted({r["first"] for r in found["summary"]})
    assert (asked[0].last, asked[-1].last, len(asked)) == (date(2024, 10, 31), ended, 27)
    assert sum(r["recorded"] or 0 for r in found["summary"] if (r["book"], r["level"]) == ("home", "row")) == 24


def test_the_demo_says_so_in_every_file(demo_portal):
    supervisor = demo_portal.browser(people.supervisor)
    for file, demo in (("days.json", True), ("datapackage.json", True)):
        assert json.loads(supervisor.get(PAGE + file).data)["demo"] is demo
    name = supervisor.get(f"{PAGE}dhis2.json").headers["Content-Disposition"]
    assert name.startswith('attachment; filename="data-contoh_dhis2_')


def test_nothing_leaves_that_cannot_be_written_down(portal):
    token = arranged.token(portal, Scope(KECAMATAN, "35.16.05"), ["days", "figures"])
    program, header = portal.browser(), {"Authorization": f"Bearer {token}"}
    assert program.get("/api/v1/days", **header).status == 200
    other = sqlite.connect(portal.services.settings.sqlite_path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    told = program.ask("GET", "/api/v1/figures", headers=header, checked=False)
    noted = program.get("/api/v1/days", **header)
    other.execute("ROLLBACK")
    other.close()
    assert (told.status, told.headers["Retry-After"], noted.status) == (503, "5", 200)
    assert told.headers["Content-Type"] == "application/problem+json"
    assert told.response.json["title"] == "Data sedang tidak dapat dibaca"
    assert program.get("/api/v1/figures", **header).status == 200
