"""The API: what a token may read and no more, in the shape its description says, the same numbers as the screen."""

import csv
import io
import json
from datetime import timedelta
from functools import cache

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from portal.domain.open_data import RESOURCES
from portal.domain.tokens import HUB, KECAMATAN, Scope
from portal.storage import ledger, tokens
from portal.web import openapi
from portal.web.api import cursor_of

from .. import people, records
from ..people import GONDANG, NGORO, PUNGGING, TODAY
from . import arranged
from .test_summary import from_csv

NGORO_ONLY, HUB_ONLY = Scope(KECAMATAN, "35.16.05"), Scope(HUB, "mojosari")
NARROW = tuple(name for name, r in RESOURCES.items() if not r.district_only)


class Program:
    """A program with a token: no cookies, no redirects; every answer is held against the description."""

    def __init__(self, portal, token):
        self.browser, self.token = portal.browser(), token

    def ask(self, path, method="GET", status=200, **headers):
        given = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        address = path if path.startswith("/") else f"/api/v1/{path}"
        page = self.browser.ask(method, address, headers=given)
        assert page.status == status, (address, page.status, page.text[:300])
        assert "Set-Cookie" not in page.headers
        if status >= 400:
            assert page.headers["Content-Type"] == "application/problem+json"
            assert method == "HEAD" or faults(page.response.json, "problem") == []
        return page

    def all(self, path, schema="", **headers):
        """Every row, page after page."""
        found = []
        while path:
            answer = self.ask(path, **headers).response.json
            assert faults(answer, schema or f"{path.rsplit('/', 1)[-1].split('?')[0]}_page") == []
            found += answer["data"]
            path = answer["next"]
        return found


@cache
def validator(schema):
    described = Resource.from_contents(openapi.description(), default_specification=DRAFT202012)
    registry = Registry().with_resource("urn:api", described)
    pointer = {"$ref": f"urn:api#/components/schemas/{schema}"}
    return Draft202012Validator(pointer, registry=registry, format_checker=FormatChecker())


def faults(content, schema):
    return [f"{list(e.path)}: {e.message[:200]}" for e in validator(schema).iter_errors(content)]


@pytest.fixture
def program(portal):
    return Program(portal, arranged.token(portal))


def by_day(rows):
    return {(r["service_date"], r["point_code"]): r for r in rows}


# --- the description -----------------------------------------------------------------------------------------


def test_the_description_is_sound_and_names_every_address(portal):
    answer = portal.browser().get("/api/v1/openapi.json")
    described = json.loads(answer.data)
    OpenAPIV31SpecValidator(described).validate()
    rules = {r.rule for r in portal.app.url_map.iter_rules() if r.rule.startswith("/api/v1/")}
    assert rules == {"/api/v1/", "/api/v1/openapi.json", "/api/v1/<resource>", "/api/v1/<resource>/<form>"}
    whole = {f"/days/{form}" for form in ("csv", "json", "dhis2")}
    assert set(described["paths"]) == {"/", *whole, *(f"/{name}" for name in RESOURCES)}
    again = portal.browser().get("/api/v1/openapi.json", If_None_Match=answer.headers["ETag"])
    assert (again.status, again.data) == (304, b"")


def test_every_answer_is_as_described(busy):
    busy.publish()
    busy.break_part("iris")
    program = Program(busy, arranged.token(busy))
    assert faults(program.ask("").response.json, "index") == []
    for name in RESOURCES:
        rows = program.all(name)
        assert rows, name
        assert program.all(f"{name}?limit=40") == rows
        keys = [tuple(r[k] or "" for k in RESOURCES[name].key) for r in rows]
        assert keys == sorted(keys)
        assert not keys[0] or len(keys) == len(set(keys)), name
        assert [list(r) for r in rows[:1]] == [[f.name for f in RESOURCES[name].fields]]
    assert faults(program.ask("days/json").response.json, "days_whole") == []
    assert faults(program.ask("days/dhis2").response.json, "data_values") == []
    broken = next(r for r in program.all("equipment") if r["point_code"] == NGORO)
    assert (broken["can_record"], broken["weakest_part"], broken["weakest_status"]) == ("unable", "iris", "broken")


# --- the numbers ---------------------------------------------------------------------------------------------


def test_api_csv_and_screen_have_the_same_sums(busy):
    program, supervisor = Program(busy, arranged.token(busy)), busy.browser(people.supervisor)
    first = TODAY.replace(day=8)
    days = program.all(f"days?first={first}&limit=7")
    text = program.ask(f"days/csv?first={first}").data.decode()
    assert program.ask("days/csv").headers["X-Portal-Version"].startswith("data=")
    from_file = list(csv.DictReader(io.StringIO(text)))
    assert [r["recorded"] for r in from_file] == ["" if r["recorded"] is None else str(r["recorded"]) for r in days]
    visits = program.all(f"visits?first={first}")
    office = sum(r["recorded"] or 0 for r in days if not r["excluded"])
    values = program.ask(f"days/dhis2?first={first}").response.json["dataValues"]
    sent = {
        element: sum(int(v["value"]) for v in values if v["dataElement"] == element)
        for element in ("KTPEL_RECORDED", "KTPEL_VISITS_RECORDED")
    }
    assert sent == {"KTPEL_RECORDED": office, "KTPEL_VISITS_RECORDED": sum(r["recorded"] or 0 for r in visits)}
    for book in ("work", "home"):
        lines = program.all(f"summary?first={first}&book={book}")
        total = lines[-1]
        screen, _notes = from_csv(supervisor.get(f"/summary/download.csv?period=month&book={book}"))
        assert (total["level"], total["recorded"]) == ("district", screen["Jumlah kabupaten"]["Jumlah rekam"])
        assert total["recorded"] == sum(sent.values())
        assert sum(r["recorded"] or 0 for r in lines if r["level"] == "row") == total["recorded"]
        for line in lines:
            assert line["recorded"] == screen[line["name"]]["Jumlah rekam"], line["name"]


def test_a_missing_report_is_null_everywhere_and_a_zero_is_a_zero(portal):
    friday = TODAY - timedelta(days=3)
    portal.report(records.nihil("jaringan_server"), day=friday)
    portal.report(records.entry(0, failed=0), who=people.colleague, day=friday)
    program, asked = Program(portal, arranged.token(portal)), f"first={friday}&last={friday}"
    rows = by_day(program.all(f"days?{asked}"))
    nihil, zero, missing = (rows[str(friday), code] for code in (NGORO, PUNGGING, GONDANG))
    assert (nihil["kind"], nihil["nihil_reason"], nihil["recorded"]) == ("nihil", "jaringan_server", 0)
    assert (nihil["failed"], zero["recorded"], zero["failed"], zero["re_recorded"]) == (None, 0, 0, None)
    assert missing["state"] == "missing"
    given = ("service_date", "point_code", "kecamatan_code", "hub_code", "state")
    assert {v for name, v in missing.items() if name not in given} == {None}
    lines = {r["point_code"]: r for r in csv.DictReader(io.StringIO(program.ask(f"days/csv?{asked}").data.decode()))}
    assert [lines[code]["recorded"] for code in (NGORO, PUNGGING, GONDANG)] == ["0", "0", ""]
    sent = program.ask(f"days/dhis2?{asked}").response.json["dataValues"]
    common = {"period": "20241018", "value": "0"}
    assert sent == [
        {"dataElement": "KTPEL_RECORDED", "orgUnit": "35.16.05", **common, "comment": "NIHIL: jaringan_server"},
        {"dataElement": "KTPEL_RECORDED", "orgUnit": "35.16.06", **common},
        {"dataElement": "KTPEL_FAILED", "orgUnit": "35.16.06", **common},
    ]
    silent = next(r for r in program.all(f"summary?{asked}&book=work") if r["code"] == GONDANG)
    assert (silent["recorded"], silent["reports_received"], silent["reports_due"]) == (None, 0, 1)


def test_what_is_out_of_the_sums_says_so_and_stays_out_of_dhis2(portal):
    portal.report(records.entry(30))
    arranged.reviewed(portal, "send_back", "angka ganda", "recorded")
    arranged.reviewed(portal, "exclude", "angka ganda")
    program, asked = Program(portal, arranged.token(portal)), f"first={TODAY}"
    row = by_day(program.all(f"days?{asked}"))[str(TODAY), NGORO]
    assert (row["recorded"], row["excluded"], row["verified"]) == (30, True, False)
    assert program.ask(f"days/dhis2?{asked}").response.json["dataValues"] == []
    assert program.all(f"summary?{asked}&book=work")[-1]["recorded"] is None


# --- who may -------------------------------------------------------------------------------------------------


def codes(rows, name="point_code"):
    return {r[name] for r in rows}


def test_a_token_reads_its_own_area_only(busy):
    busy.visit(people.colleague, place_code=people.PUNGGING_SCHOOL, point_code=PUNGGING)
    own = Program(busy, arranged.token(busy, NGORO_ONLY, NARROW))
    assert codes(own.all("days")) == codes(own.all("equipment")) == codes(own.all("points"), "code") == {NGORO}
    assert codes(own.all("kecamatan"), "code") == codes(own.all("summary"), "kecamatan_code") == {"35.16.05"}
    assert codes(own.all("visits"), "kecamatan_code") == {"35.16.05"}
    assert codes(own.all("figures"), "code") == {"35.16.05"}
    text = own.ask("days/csv").data.decode() + own.ask("days/dhis2").data.decode() + own.ask("days/json").text
    assert PUNGGING not in text
    assert "35.16.06" not in text
    assert own.all(f"days?point={NGORO}")
    guest = busy.visit(
        people.supervisor,
        records.result(),
        place_code=people.SCHOOL,
        point_code=PUNGGING,
        visit_date=TODAY - timedelta(days=4),
    )
    assert guest in codes(own.all("visits"), "id")  # in the area, and yet no part of what its own office did
    assert "35.16.06" not in own.ask("days/dhis2").text
    hub = Program(busy, arranged.token(busy, HUB_ONLY, NARROW))
    with busy.database.reading():
        lists = busy.office()
    members = {m.kecamatan_code for m in lists.members if m.hub_code == "mojosari"}
    assert {NGORO, PUNGGING} <= codes(hub.all("days")) == {f"kec-{code}" for code in members}
    lines = hub.all("summary?book=work")
    assert [r["level"] for r in lines].count("hub") == 1
    assert lines[-1]["recorded"] == sum(r["recorded"] or 0 for r in lines[:-1])


def test_what_lies_outside_is_not_found_and_written_down(portal):
    before = len(refusals(portal))
    own = Program(portal, arranged.token(portal, NGORO_ONLY, NARROW))
    whole = Program(portal, arranged.token(portal))
    foreign, unknown = own.ask(f"days?point={PUNGGING}", status=404), own.ask("days?point=kec-99.99.99", status=404)
    assert foreign.response.json["detail"] == unknown.response.json["detail"]
    for path in ("accounts", "days/xlsx", "visits/csv", "days/csv/x", "days/", "nothing/at/all", "days?point=%00"):
        own.ask(path, status=404)
    own.ask("days?point=3516050101010001", status=404)
    assert "3516050101010001" not in str(refusals(portal))
    whole.ask("days?point=kec-99.99.99", status=404)
    assert len(refusals(portal)) > before
    assert PUNGGING in str(refusals(portal))


def refusals(portal):
    with portal.database.reading() as tx:
        return [e for e in ledger.every_entry(tx) if e.deed == "refused.token"]


def test_data_that_were_not_granted_are_refused(portal):
    days = Program(portal, arranged.token(portal, resources=["days"]))
    assert set(days.ask("").response.json["resources"]) == {"days"}
    answer = days.ask("visits", status=403)
    assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]
    days.ask("days/csv")
    days.ask("days/dhis2", status=403)  # it holds visits as well
    assert [e.reason for e in refusals(portal)] == ["not_granted"]


def test_a_wrong_a_revoked_and_an_expired_token_are_told_alike(portal):
    token = arranged.token(portal)
    program, wrong = Program(portal, token), Program(portal, token[:-1])
    program.ask("days")
    told = [wrong.ask("days", status=401).response.json]
    portal.clock.moment = portal.clock.moment.replace(hour=0) + timedelta(days=1)
    told.append(program.ask("days", status=401).response.json)
    fresh = Program(portal, arranged.token(portal, last=TODAY + timedelta(days=3), at=portal.clock.moment))
    fresh.ask("days")
    portal.browser(people.administrator).post("/open-data/tokens/2/revoke")
    told.append(fresh.ask("days", status=401).response.json)
    assert len({t["detail"] for t in told}) == 1
    for path in ("", "summary", "days/csv", "days/dhis2", "accounts"):
        fresh.ask(path, status=401)


def test_only_the_header_says_who_asks(portal):
    token = arranged.token(portal)
    nobody, program = Program(portal, ""), Program(portal, token)
    for name in ("access_token", "token", "Authorization"):
        nobody.ask(f"days?{name}={token}", status=401)
        program.ask(f"days?{name}={token}", status=400)
    for header in (
        token,
        f"Basic {token}",
        f"Bearer {token}, Bearer {token}",
        f"Bearer {token} x",
        "Bearer ",
        "Bearer \x1f",
    ):
        nobody.ask("days", status=401, Authorization=header)
    nobody.ask("days", Authorization=f"bearer {token}")
    supervisor = portal.browser(people.supervisor)
    before = portal.digest()
    answer = supervisor.ask("GET", "/api/v1/days")  # a browser's cookie opens nothing
    assert (answer.status, "Set-Cookie" in answer.headers) == (401, False)
    assert portal.digest() == before
    assert supervisor.get("/today").status == 200


def test_guessing_is_throttled_by_address_and_locks_no_clerk_out(portal):
    token = arranged.token(portal)
    for n in range(30):
        Program(portal, f"portal_{n:043}").ask("days", status=401)
    answer = Program(portal, token).ask("days", status=429)
    assert 0 < int(answer.headers["Retry-After"]) <= 900
    assert portal.browser(people.clerk).signed_in
    portal.clock.pass_by(minutes=16)
    Program(portal, token).ask("days")
    for _n in range(299):
        Program(portal, token).ask("kecamatan", method="HEAD")
    assert Program(portal, token).ask("days", status=429).headers["Retry-After"] == "60"


# --- bad questions -------------------------------------------------------------------------------------------


BAD_QUESTIONS = [
    "days?first=2024-02-31",
    "days?first=21-10-2024",
    "days?first=9999-12-31",
    "days?first=２０２４-10-21",
    "days?last=2024-10-22",
    "days?first=2024-10-21&last=2024-10-20",
    "days?first=2024-10-21&first=2024-10-20",
    "days?limit=0",
    "days?limit=-1",
    "days?limit=1001",
    "days?limit=1e3",
    f"days?limit={10**400}",
    "days?limit=",
    "days?cursor=",
    "days?cursor=x",
    "days?cursor=" + "a" * 5000,
    f"days?cursor={cursor_of((1,))}",
    f"days?cursor={cursor_of(('2024-W43-1', 'a'))}",
    f"visits?cursor={cursor_of(('2024-10-21', 10**20))}",
    f"visits?cursor={cursor_of(('2024-10-21', True))}",
    f"publications?cursor={cursor_of((-1,))}",
    "days?book=work",
    "summary?book=both",
    "summary?first=2022-10-21&last=2024-10-20",
    "days?frist=2024-10-21",
    "kecamatan?first=2024-10-21",
    "days/csv?limit=5",
]


def test_a_question_that_cannot_be_read_is_told_where(program, portal):
    before = portal.digest()
    for query in BAD_QUESTIONS:
        answer = program.ask(query, status=400).response.json
        assert answer["parameter"] in query
    assert portal.digest() == before


def test_head_options_and_wrong_methods(program, portal):
    page = program.ask("days", method="HEAD")
    assert (page.data, page.headers["Cache-Control"]) == (b"", "private, no-cache")
    assert program.ask("days/csv", method="HEAD").headers["ETag"]
    with portal.database.reading() as tx:
        assert tokens.last_reads(tx) == {}
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert "GET" in program.ask("days", method=method, status=405).headers["Allow"]
    assert set(program.ask("days", method="OPTIONS").headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    Program(portal, "").ask("days", method="OPTIONS", status=401)


# --- what is kept, and what is large ---------------------------------------------------------------------------


def test_nothing_changed_is_304_until_something_does(portal):
    program, narrow = (Program(portal, arranged.token(portal, s, NARROW)) for s in (Scope(), NGORO_ONLY))
    for path in ("kecamatan", "days", "summary", "visits", "equipment", "figures", "days/csv", "days/dhis2"):
        tag = program.ask(path).headers["ETag"]
        assert program.ask(path, status=304, If_None_Match=tag).data == b""
        assert narrow.ask(path).headers["ETag"] != tag
    tag = program.ask("days").headers["ETag"]
    program.ask("days?limit=3", If_None_Match=tag)
    portal.report(records.entry(24))
    fresh = program.ask("days", If_None_Match=tag)
    assert by_day(fresh.response.json["data"])[str(TODAY), NGORO]["recorded"] == 24
    portal.clock.pass_by(hours=4)  # nobody wrote anything, and a report became due
    program.ask("days", If_None_Match=fresh.headers["ETag"])
    program.ask("kecamatan", status=304, If_None_Match=program.ask("kecamatan").headers["ETag"])


def test_pages_lose_and_double_no_row_though_reports_come_between(portal_anywhere):
    portal = portal_anywhere
    program = Program(portal, arranged.token(portal))
    whole = list(by_day(program.all("days")))
    path, seen = "days?limit=23", []
    while path:
        answer = program.ask(path).response.json
        seen += by_day(answer["data"])
        path = answer["next"]
        if len(seen) == 23:
            portal.report(records.entry(9), day=TODAY - timedelta(days=3))
    assert seen == whole
    assert program.ask("days?limit=1000").response.json["next"] is None


def test_large_answers_stream_from_one_state_of_the_data(portal_anywhere):
    portal = portal_anywhere
    portal.clock.moment += timedelta(days=3 * 365)
    token = arranged.token(portal, at=portal.clock.moment, last=portal.clock.moment.date())
    client, header = portal.app.test_client(), {"Authorization": f"Bearer {token}"}
    counted, told = {}, []
    for form in ("csv", "json"):
        answer = client.get(f"/api/v1/days/{form}", base_url=portal.base_url, headers=header, buffered=False)
        assert (answer.status_code, answer.content_length) == (200, None)
        pieces = answer.iter_encoded()
        read = [next(pieces), next(pieces)]
        if form == "csv":
            portal.report(records.entry(77))  # written while the answer is under way: not in it
        read += pieces
        answer.close()
        assert len(read) > 20
        assert max(map(len, read)) < 400_000
        text = b"".join(read).decode()
        rows = list(csv.DictReader(io.StringIO(text))) if form == "csv" else json.loads(text)["data"]
        counted[form] = [(r["service_date"], r["point_code"]) for r in rows]
        told.append(by_day(rows)[str(TODAY), NGORO]["recorded"])
    assert told == ["", 77]
    lists, today = portal.office(), portal.clock.moment.date()
    expected = sum(
        lists.calendar.service_days(p.timetable, p.active_from, today)
        for p in lists.points.values()
        if p.active_to is None
    )
    assert len(counted["csv"]) == len(set(counted["csv"])) == expected > 10_000
    assert counted["csv"] == counted["json"] == sorted(counted["csv"])
