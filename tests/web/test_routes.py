"""Every route, method, role and object in one table. A new route without its line fails."""

import re
from urllib.parse import urlsplit

import pytest

from portal.web.door import PUBLIC

from .. import people, records
from ..people import GONDANG, NGORO, PUNGGING, PUNGGING_SCHOOL, SCHOOL, TODAY
from . import arranged
from .route_table import TABLE

ROLES = {
    "out": None,
    "clerk": people.clerk,
    "liaison": people.liaison,
    "supervisor": people.supervisor,
    "reader": people.reader,
    "administrator": people.administrator,
}

LINES = [line.split() for line in TABLE.split("\n") if line]
DAY = TODAY.isoformat()
WRITES_ON_GET = {"audit"}
"""Taking a download away is written down; no other GET leaves a trace."""
REFUSED = {"audit"}
"""A refusal is written down as well, and nothing else is."""


def plain(rule: str) -> str:
    """A rule as the table writes it: without the largest number that an address may hold."""
    return re.sub(r"<int\(max=\d+\):", "<int:", rule)


def addresses(rule: str, objects: dict[str, dict[str, object]], wanted: str) -> str:
    """The rule's address for an object of its kind."""
    parts = rule.split("/")
    feature = parts[2] if parts[2:] and parts[2] in objects else parts[1].split(".")[0]
    values = objects.get(feature, {}).get(wanted, {})
    return re.sub(r"<(?:[^<>]+:)?(\w+)>", lambda m: str(values.get(m[1], wanted)), rule)  # type: ignore[union-attr]


@pytest.fixture
def objects(portal):
    """The things of the table, arranged."""
    portal.report()
    portal.report(who=people.colleague)
    earlier = TODAY.replace(day=17)
    portal.report(day=earlier)
    portal.cancel_report(day=earlier)
    done = portal.visit(result=records.result(), visit_date=earlier)
    cancelled = portal.visit(visit_date=TODAY.replace(day=18))
    portal.cancel_visit(cancelled)
    own = portal.visit(place_code=SCHOOL)
    proposed = portal.visit(people.liaison, visit_date=TODAY.replace(day=28))
    there = portal.visit(
        people.colleague, records.result(), place_code=PUNGGING_SCHOOL, point_code=PUNGGING, visit_date=earlier
    )
    portal.target(SCHOOL, people.liaison)
    portal.target(PUNGGING_SCHOOL, people.colleague)
    foreign = portal.visit(people.colleague, place_code=PUNGGING_SCHOOL, point_code=PUNGGING)

    ended, decided = arranged.ended_exception(portal), arranged.declined_proposal(portal)
    gear = {
        f"kit-{NGORO}": {"component_id": 1, "place_id": 1},
        f"kit-{PUNGGING}": {"component_id": 10, "place_id": 2},
        "kit-x": {"component_id": 999, "place_id": 999},
    }
    equipped = portal.equipped()

    def report(code, day=DAY):
        return {"code": code, "day": day}

    def month(code, month="2024-10", day=DAY):
        return {"code": code, "month": month, "day": day}

    own_transfer = portal.transfer()
    coming = portal.transfer(people.stranger, from_point=GONDANG, to_point=NGORO)
    ended_transfer = portal.transfer(people.stranger, from_point=GONDANG, to_point=NGORO)
    portal.receive(ended_transfer, people.clerk)
    foreign_transfer = portal.transfer(people.colleague, from_point=PUNGGING, to_point=GONDANG)

    def kit(code, kind="iris"):
        return {"code": code, "kind": kind, **gear[code]}

    reports = {
        "own": report(NGORO),
        "foreign": report(PUNGGING),
        "missing": report("kec-99.99.99"),
        "cancelled": report(NGORO, earlier),
        "unsent": report(NGORO, "2024-10-16"),
        "31-feb": report(NGORO, "2024-02-31"),
        "year-9999": report(NGORO, "9999-12-31"),
    }
    return {
        "completeness": {
            "own": month(NGORO),
            "foreign": month(PUNGGING),
            "missing": month("kec-99.99.99", "2024-11"),
            "month-13": month(NGORO, "2024-13"),
            "31-feb": month(NGORO, day="2024-02-31"),
        },
        "calendar": {
            "own": {"kind": "days", "entry_id": portal.open_day(TODAY.replace(day=26))},
            "missing": {"kind": "weeks", "entry_id": 999, "hours_id": 999},
        },
        "recordings": reports,
        "reviews": reports,
        "proposals": reports | {"decided": {"proposal_id": decided}, "absent": {"proposal_id": 999}},
        "locks": {"missing": {"exception_id": 999}, "ended": {"exception_id": ended}},
        "visits": {
            "own": {"visit_id": own},
            "foreign": {"visit_id": foreign},
            "missing": {"visit_id": 999},
            "too-large": {"visit_id": "9" * 20},
            "cancelled": {"visit_id": cancelled},
            "done": {"visit_id": done},
            "proposed": {"visit_id": proposed},
        },
        "follow-ups": {
            "own": {"follow_up_id": portal.line_of(done)},
            "foreign": {"follow_up_id": portal.line_of(there)},
            "missing": {"follow_up_id": 999},
        },
        "places": {
            "own": {"code": SCHOOL, "batch_id": 1},
            "foreign": {"code": PUNGGING_SCHOOL, "batch_id": 2},
            "missing": {"code": "npsn-00000000", "batch_id": 999},
        },
        "equipment": {
            "own": kit(f"kit-{NGORO}"),
            "foreign": kit(f"kit-{PUNGGING}"),
            "missing": kit("kit-x"),
            "no-part": kit(f"kit-{NGORO}", "sepatu"),
        },
        "stock": {
            "own": {"code": NGORO, "transfer_id": own_transfer},
            "foreign": {"code": PUNGGING, "transfer_id": foreign_transfer},
            "missing": {"code": "kec-99.99.99", "transfer_id": 999},
            "too-large": {"transfer_id": "9" * 20},
            "coming": {"transfer_id": coming},
            "ended": {"transfer_id": ended_transfer},
        },
        **equipped,
        "contacts": {
            "own": {"code": NGORO},
            "foreign": {"code": PUNGGING},
            "missing": {"code": "kec-99.99.99"},
        },
        "elections": {"own": {"code": "pilkada-2024"}, "missing": {"code": "pilkada-1955"}},
        "downtime": {
            "own": {"code": NGORO},
            "foreign": {"code": PUNGGING},
            "missing": {"code": "kec-99.99.99"},
        },
        "summary": {
            "own": {"code": "35.16.05"},
            "foreign": {"code": GONDANG},
            "dinas": {"code": "dinas"},
            "mojosari": {"code": "mojosari"},
            "missing": {"code": "35.16.99"},
        },
        "figures": {
            "own": {"figure_id": 1, "ranking_id": 1},
            "missing": {"figure_id": 99999, "ranking_id": 99999},
        },
        "open-data": {"own": {"token_id": arranged.ended_token(portal)}, "missing": {"token_id": 999}},
        "api": {"csv": {"resource": "days", "form": "csv"}},
        "publications": {"own": {"number": portal.publish()}, "missing": {"number": 999}},
        "hubs": {"own": {"code": "35.16.05"}, "seat": {"code": NGORO}, "missing": {"code": "35.16.99"}},
        "points": {"own": {"code": NGORO}, "missing": {"code": "kec-99.99.99"}},
        "changes": {"own": {"change_id": arranged.hub_to_come(portal)}, "missing": {"change_id": 999}},
        "accounts": {"own": {"account_id": people.stranger.id}, "missing": {"account_id": 999}},
        "account": {},
    }


@pytest.mark.parametrize("role", ROLES)
def test_each_route_answers_each_role_as_the_table_says(portal, objects, role):
    who = ROLES[role]
    portal.browser(people.colleague)
    portal.browser(who)
    browser = portal.browser(who)
    own = {"out": 1}.get(role, 2)
    objects["account"] = {"own": {"session_id": own}, "foreign": {"session_id": 1}, "missing": {"session_id": 99}}
    assert browser.token
    column = 3 + list(ROLES).index(role)
    before, written = portal.digest(), portal.watch()
    for line in LINES:
        rule, method, wanted, expected = line[0], line[1], line[2], int(line[column])
        path = addresses(rule, objects, wanted)
        page = browser.get(path) if method == "GET" else browser.post(path)
        assert page.status == expected, (role, method, path, wanted, page.status, page.text[:300])
        if expected == 303 and role == "out" and method == "GET" and rule != "/":
            assert urlsplit(page.location).path == "/sign-in"
        if expected == 401 and rule.startswith("/api/"):
            assert page.headers["WWW-Authenticate"] == 'Bearer realm="portal"'
        elif expected == 401:
            assert page.by_id("username") is not None
        if expected in (403, 404) and page.is_html:
            assert "SMAN" not in page.text
            assert "Pungging" not in page.text
        after = portal.digest() if written() else before
        changed = {name for name in after if after[name] != before[name]}
        if expected == 403 or (expected == 404 and wanted == "foreign"):
            assert changed <= REFUSED, (role, method, path, changed)
        elif "writes" not in line or (expected in (303, 401, 403) and method == "GET"):
            assert not changed, (role, method, path, changed)
        elif method == "GET":
            assert changed <= WRITES_ON_GET, (path, changed)
        before = after


def test_the_table_names_every_route(portal):
    listed = {(line[0], line[1]) for line in LINES}
    there = {
        (plain(rule.rule), method)
        for rule in portal.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert listed == there


def test_a_wrong_method_is_told_which_ones_there_are(portal, objects):
    objects["account"] = {"own": {"session_id": 99}}
    out, clerk = portal.browser(), portal.browser(people.clerk)
    assert out.token
    before = portal.digest()
    adapter = portal.app.url_map.bind("portal.test")
    for rule in portal.app.url_map.iter_rules():
        wanted = next(line[2] for line in LINES if line[0] == plain(rule.rule))
        path = addresses(rule.rule, objects, wanted)
        allowed = set(adapter.allowed_methods(path))
        for method in {"GET", "POST", "PUT", "DELETE", "PATCH"} - allowed:
            for browser in (out, clerk) if method in ("GET", "POST") else (out,):
                page = browser.ask(method, path, data={"csrf_token": browser.token})
                assert page.status == 405, (method, path, page.status)
                assert set(page.headers["Allow"].replace(" ", "").split(",")) == allowed
                told = page.response.json["title"] if path.startswith("/api/") else page.heading
                assert told == "Cara ini tidak tersedia"
    assert portal.digest() == before


def test_head_and_options_are_answered_like_a_get(portal):
    clerk = portal.browser(people.clerk)
    assert clerk.ask("HEAD", "/today").status == 200
    assert clerk.ask("OPTIONS", "/today").status == 200
    assert portal.browser().ask("HEAD", "/today").status == 303


def test_an_address_that_does_not_exist_is_a_page_of_the_house(portal):
    for browser in (portal.browser(), portal.browser(people.clerk)):
        for path in ("/nothing", "/today/", "/visits/-1", "/visits/x", "/%00", "/\u2028"):
            page = browser.get(path)
            assert (page.status, page.heading) == (404, "Tidak ditemukan")
        assert browser.get("/recordings").location == "/recordings/"


def test_a_number_no_database_holds_is_not_found(portal_anywhere):
    portal = portal_anywhere
    rules = [rule for rule in portal.app.url_map.iter_rules() if "<int" in rule.rule]
    assert len(rules) >= 7
    for who in (people.administrator, people.supervisor):
        browser = portal.desk(who)
        for number in (2**31 - 1, 2**31, 2**63, 10**20 - 1, 10**400):
            for rule in rules:
                path = re.sub(r"<[^<>]+>", str(number), rule.rule)
                for method in {"GET", "POST"} & (rule.methods or set()):
                    page = browser.get(path) if method == "GET" else browser.post(path)
                    assert page.status == 404 or (page.status, number) == (403, 2**31 - 1), (who.username, method, path)


def test_a_sign_that_no_database_keeps_is_not_found_in_any_address(portal_anywhere):
    """PostgreSQL refuses NUL in a text: looked up unseen, it was a fault of the server on every other page."""
    portal, sign = portal_anywhere, "a%00b"
    browser = portal.browser(people.supervisor)
    for rule in portal.app.url_map.iter_rules():
        view = portal.app.view_functions[rule.endpoint]
        if "GET" in (rule.methods or set()) and getattr(view, "deed", PUBLIC) != PUBLIC:
            path = re.sub(r"<[^<>]+>", sign, rule.rule) + ("" if "<" in rule.rule else f"?kept={sign}")
            assert browser.ask("GET", path, checked=False).status == 404, path
