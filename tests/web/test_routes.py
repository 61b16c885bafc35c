"""Every route, method, role and object in one table. A new route without its line fails."""

import re
from urllib.parse import urlsplit

import pytest

from .. import people, records
from ..people import GONDANG, NGORO, PUNGGING, PUNGGING_SCHOOL, SCHOOL, TODAY

ROLES = {
    "out": None,
    "clerk": people.clerk,
    "liaison": people.liaison,
    "supervisor": people.supervisor,
    "reader": people.reader,
    "administrator": people.administrator,
}

# own = the clerk of Ngoro's and the liaison of SMAN 1 Ngoro's; foreign = Pungging's. Status by role:
#   rule                                   method object      out clerk liaison supervisor reader administrator
TABLE = """
/static/<path:filename>                    GET  css/portal.css 200 200 200 200 200 200
/static/<path:filename>                    GET  missing.css   404 404 404 404 404 404
/healthz                                   GET  -             200 200 200 200 200 200
/readyz                                    GET  -             200 200 200 200 200 200
/                                          GET  -             303 303 303 303 303 303
/language                                  POST -             303 303 303 303 303 303
/sign-in                                   GET  -             200 303 303 303 303 303
/sign-in                                   POST -             422 422 422 422 422 422 writes
/today                                     GET  -             303 200 200 200 200 200
/account                                   GET  -             303 200 200 200 200 200
/account/password                          GET  -             303 200 200 200 200 200
/account/password                          POST -             401 422 422 422 422 422 writes
/account/sessions/<int:session_id>/end     POST own           401 303 303 303 303 303 writes
/account/sessions/<int:session_id>/end     POST foreign       401 404 404 404 404 404
/account/sessions/<int:session_id>/end     POST missing       401 404 404 404 404 404
/recordings/                               GET  -             303 200 403 200 200 200
/recordings/<code>/<day>                   GET  own           303 200 403 200 200 200
/recordings/<code>/<day>                   GET  foreign       303 404 403 200 200 200
/recordings/<code>/<day>                   GET  missing       303 404 403 404 404 404
/recordings/<code>/<day>                   GET  cancelled     303 200 403 200 200 200
/recordings/<code>/<day>                   GET  unsent        303 200 403 200 200 200
/recordings/<code>/<day>                   GET  31-feb        303 404 403 404 404 404
/recordings/<code>/<day>                   GET  year-9999     303 404 403 404 404 404
/recordings/<code>/<day>/edit              GET  own           303 200 403 200 403 403
/recordings/<code>/<day>/edit              GET  foreign       303 404 403 200 403 403
/recordings/<code>/<day>/edit              GET  missing       303 404 403 404 403 403
/recordings/<code>/<day>/edit              GET  cancelled     303 200 403 200 403 403
/recordings/<code>/<day>/edit              GET  31-feb        303 404 403 404 403 403
/recordings/<code>/<day>/edit              POST own           401 422 403 422 403 403
/recordings/<code>/<day>/edit              POST foreign       401 404 403 422 403 403
/recordings/<code>/<day>/edit              POST missing       401 404 403 404 403 403
/recordings/<code>/<day>/edit              POST cancelled     401 422 403 422 403 403
/recordings/<code>/<day>/edit              POST unsent        401 422 403 422 403 403
/recordings/<code>/<day>/edit              POST 31-feb        401 404 403 404 403 403
/recordings/<code>/<day>/edit              GET  year-9999     303 404 403 404 403 403
/recordings/<code>/<day>/edit              POST year-9999     401 404 403 404 403 403
/recordings/<code>/<day>/cancel            GET  own           303 200 403 200 403 403
/recordings/<code>/<day>/cancel            GET  foreign       303 404 403 200 403 403
/recordings/<code>/<day>/cancel            GET  missing       303 404 403 404 403 403
/recordings/<code>/<day>/cancel            GET  cancelled     303 303 403 303 403 403
/recordings/<code>/<day>/cancel            GET  unsent        303 404 403 404 403 403
/recordings/<code>/<day>/cancel            POST own           401 422 403 422 403 403
/recordings/<code>/<day>/cancel            POST foreign       401 404 403 422 403 403
/recordings/<code>/<day>/cancel            POST missing       401 404 403 404 403 403
/recordings/<code>/<day>/cancel            POST cancelled     401 303 403 303 403 403
/recordings/<code>/<day>/cancel            POST unsent        401 404 403 404 403 403
/visits/                                   GET  -             303 200 200 200 200 200
/visits/new                                GET  -             303 200 200 200 403 403
/visits/new                                POST -             401 422 422 422 403 403
/visits/<int:visit_id>                     GET  own           303 200 200 200 200 200
/visits/<int:visit_id>                     GET  foreign       303 404 404 200 200 200
/visits/<int:visit_id>                     GET  missing       303 404 404 404 404 404
/visits/<int:visit_id>                     GET  cancelled     303 200 200 200 200 200
/visits/<int:visit_id>                     GET  done          303 200 200 200 200 200
/visits/<int:visit_id>                     GET  too-large     404 404 404 404 404 404
/visits/<int:visit_id>/edit                GET  own           303 200 200 200 403 403
/visits/<int:visit_id>/edit                GET  foreign       303 404 404 200 403 403
/visits/<int:visit_id>/edit                GET  missing       303 404 404 404 403 403
/visits/<int:visit_id>/edit                GET  cancelled     303 404 404 404 403 403
/visits/<int:visit_id>/edit                GET  done          303 404 404 404 403 403
/visits/<int:visit_id>/edit                GET  too-large     404 404 404 404 404 404
/visits/<int:visit_id>/edit                POST own           401 422 422 422 403 403
/visits/<int:visit_id>/edit                POST foreign       401 404 404 422 403 403
/visits/<int:visit_id>/edit                POST missing       401 404 404 404 403 403
/visits/<int:visit_id>/edit                POST cancelled     401 422 422 422 403 403
/visits/<int:visit_id>/edit                POST done          401 422 422 422 403 403
/visits/<int:visit_id>/edit                POST too-large     404 404 404 404 404 404
/visits/<int:visit_id>/result              GET  own           303 200 200 200 403 403
/visits/<int:visit_id>/result              GET  foreign       303 404 404 200 403 403
/visits/<int:visit_id>/result              GET  missing       303 404 404 404 403 403
/visits/<int:visit_id>/result              GET  cancelled     303 404 404 404 403 403
/visits/<int:visit_id>/result              GET  done          303 200 200 200 403 403
/visits/<int:visit_id>/result              GET  too-large     404 404 404 404 404 404
/visits/<int:visit_id>/result              POST own           401 422 422 422 403 403
/visits/<int:visit_id>/result              POST foreign       401 404 404 422 403 403
/visits/<int:visit_id>/result              POST missing       401 404 404 404 403 403
/visits/<int:visit_id>/result              POST cancelled     401 422 422 422 403 403
/visits/<int:visit_id>/result              POST too-large     404 404 404 404 404 404
/visits/<int:visit_id>/cancel              GET  own           303 200 200 200 403 403
/visits/<int:visit_id>/cancel              GET  foreign       303 404 404 200 403 403
/visits/<int:visit_id>/cancel              GET  missing       303 404 404 404 403 403
/visits/<int:visit_id>/cancel              GET  cancelled     303 303 303 303 403 403
/visits/<int:visit_id>/cancel              GET  too-large     404 404 404 404 404 404
/visits/<int:visit_id>/cancel              POST own           401 422 422 422 403 403
/visits/<int:visit_id>/cancel              POST foreign       401 404 404 422 403 403
/visits/<int:visit_id>/cancel              POST missing       401 404 404 404 403 403
/visits/<int:visit_id>/cancel              POST cancelled     401 303 303 303 403 403
/visits/<int:visit_id>/cancel              POST too-large     404 404 404 404 404 404
/equipment/                                GET  -             303 200 403 200 200 200
/equipment/<code>                          GET  own           303 200 403 200 200 200
/equipment/<code>                          GET  foreign       303 404 403 200 200 200
/equipment/<code>                          GET  missing       303 404 403 404 404 404
/equipment/<code>/confirm                  POST own           401 400 403 400 403 403
/equipment/<code>/confirm                  POST foreign       401 404 403 400 403 403
/equipment/<code>/confirm                  POST missing       401 404 403 404 403 403
/equipment/<code>/<kind>                   GET  own           303 200 403 200 403 403
/equipment/<code>/<kind>                   GET  foreign       303 404 403 200 403 403
/equipment/<code>/<kind>                   GET  missing       303 404 403 404 403 403
/equipment/<code>/<kind>                   GET  no-part       303 404 403 404 403 403
/equipment/<code>/<kind>                   POST own           401 422 403 422 403 403
/equipment/<code>/<kind>                   POST foreign       401 404 403 422 403 403
/equipment/<code>/<kind>                   POST missing       401 404 403 404 403 403
/equipment/labels                          GET  -             303 200 403 200 200 200
/equipment/<code>/diary                    GET  own           303 200 403 200 200 200
/equipment/<code>/diary                    GET  foreign       303 404 403 200 200 200
/equipment/<code>/diary                    GET  missing       303 404 403 404 404 404
/equipment/<code>/diary                    POST own           401 422 403 422 403 422
/equipment/<code>/diary                    POST foreign       401 404 403 422 403 422
/equipment/<code>/diary                    POST missing       401 404 403 404 404 404
/equipment/<code>/diary/<int:place_id>/withdraw POST own      401 403 403 303 403 303
/equipment/<code>/diary/<int:place_id>/withdraw POST foreign  401 404 403 303 403 303
/equipment/<code>/diary/<int:place_id>/withdraw POST missing  401 404 403 404 403 404
/equipment/<code>/part/new                 GET  own           303 403 403 200 403 200
/equipment/<code>/part/new                 GET  missing       303 403 403 404 403 404
/equipment/<code>/part/new                 POST own           401 403 403 422 403 422
/equipment/<code>/part/new                 POST missing       401 403 403 404 403 404
/equipment/part/<int:component_id>         GET  own           303 200 403 200 200 200
/equipment/part/<int:component_id>         GET  foreign       303 404 403 200 200 200
/equipment/part/<int:component_id>         GET  missing       303 404 403 404 404 404
/equipment/part/<int:component_id>         POST own           401 422 403 422 403 403
/equipment/part/<int:component_id>         POST foreign       401 404 403 422 403 403
/equipment/part/<int:component_id>         POST missing       401 404 403 404 404 404
/equipment/part/<int:component_id>/papers  GET  own           303 403 403 200 403 200
/equipment/part/<int:component_id>/papers  GET  missing       303 403 403 404 403 404
/equipment/part/<int:component_id>/papers  POST own           401 403 403 422 403 422
/equipment/part/<int:component_id>/papers  POST missing       401 403 403 404 403 404
/equipment/part/<int:component_id>/replace GET  own           303 403 403 200 403 200
/equipment/part/<int:component_id>/replace GET  missing       303 403 403 404 403 404
/equipment/part/<int:component_id>/replace POST own           401 403 403 422 403 422
/equipment/part/<int:component_id>/replace POST missing       401 403 403 404 403 404
/equipment/part/<int:component_id>/transfer GET own           303 403 403 200 403 200
/equipment/part/<int:component_id>/transfer GET missing       303 403 403 404 403 404
/equipment/part/<int:component_id>/transfer POST own          401 403 403 422 403 422
/equipment/part/<int:component_id>/transfer POST missing      401 403 403 404 403 404
/equipment/part/<int:component_id>/out     POST own           401 403 403 303 403 303
/equipment/part/<int:component_id>/out     POST missing       401 403 403 404 403 404
/kits/new                                  GET  -             303 403 403 200 403 200
/kits/new                                  POST -             401 403 403 422 403 422
/kits/import                               GET  -             303 403 403 200 403 200
/kits/import                               POST -             401 403 403 422 403 422
/faults/                                   GET  -             303 200 403 200 200 200
/faults/new                                GET  -             303 200 403 200 403 403
/faults/new                                POST -             401 422 403 422 403 403
/faults/<int:fault_id>                     GET  own           303 200 403 200 200 200
/faults/<int:fault_id>                     GET  foreign       303 404 403 200 200 200
/faults/<int:fault_id>                     GET  missing       303 404 403 404 404 404
/faults/<int:fault_id>                     POST own           401 422 403 422 403 403
/faults/<int:fault_id>                     POST foreign       401 404 403 422 403 403
/faults/<int:fault_id>                     POST missing       401 404 403 404 403 403
/outages/                                  GET  -             303 200 403 200 200 200
/outages/                                  POST -             401 422 403 422 403 403
/outages/<int:outage_id>                   GET  own           303 200 403 200 200 200
/outages/<int:outage_id>                   GET  district      303 200 403 200 200 200
/outages/<int:outage_id>                   GET  foreign       303 404 403 200 200 200
/outages/<int:outage_id>                   GET  missing       303 404 403 404 404 404
/outages/<int:outage_id>/end               POST own           401 303 403 303 403 403
/outages/<int:outage_id>/end               POST district      401 403 403 303 403 403
/outages/<int:outage_id>/end               POST foreign       401 404 403 303 403 403
/outages/<int:outage_id>/end               POST missing       401 404 403 404 403 403
/outages/<int:outage_id>/withdraw          POST own           401 303 403 303 403 403
/outages/<int:outage_id>/withdraw          POST district      401 403 403 303 403 403
/outages/<int:outage_id>/withdraw          POST foreign       401 404 403 303 403 403
/outages/<int:outage_id>/withdraw          POST missing       401 404 403 404 403 403
/upkeep/                                   GET  -             303 200 403 200 200 200
/upkeep/                                   POST -             401 403 403 422 403 422
/upkeep/<int:upkeep_id>/done               POST own           401 303 403 303 403 403
/upkeep/<int:upkeep_id>/done               POST foreign       401 404 403 303 403 403
/upkeep/<int:upkeep_id>/done               POST missing       401 404 403 404 403 403
/upkeep/<int:upkeep_id>/withdraw           POST own           401 403 403 303 403 303
/upkeep/<int:upkeep_id>/withdraw           POST missing       401 403 403 404 403 404
/inventory/                                GET  -             303 200 403 200 200 200
/spares/                                   GET  -             303 200 403 200 200 200
/spares/                                   POST -             401 403 403 422 403 422
/spares/<int:item_id>                      GET  own           303 200 403 200 200 200
/spares/<int:item_id>                      GET  missing       303 404 403 404 404 404
/spares/<int:item_id>                      POST own           401 403 403 422 403 422
/spares/<int:item_id>                      POST missing       401 404 403 404 404 404
/spares/<int:item_id>/limit                GET  own           303 403 403 200 403 200
/spares/<int:item_id>/limit                GET  missing       303 403 403 404 403 404
/spares/<int:item_id>/limit                POST own           401 403 403 422 403 422
/spares/<int:item_id>/limit                POST missing       401 403 403 404 403 404
/downtime/                                 GET  -             303 200 403 200 200 200
/downtime/<code>                           GET  own           303 200 403 200 200 200
/downtime/<code>                           GET  foreign       303 404 403 200 200 200
/downtime/<code>                           GET  missing       303 404 403 404 404 404
/downtime/download.<kind>                  GET  xlsx          303 200 403 200 200 200 writes
/downtime/download.<kind>                  GET  csv           303 200 403 200 200 200 writes
/downtime/download.<kind>                  GET  pdf           303 404 403 404 404 404
/rollout/                                  GET  -             303 403 403 200 200 200
/rollout/plan                              GET  -             303 403 403 200 200 200
/status                                    GET  -             200 200 200 200 200 200
/status.json                               GET  -             200 200 200 200 200 200
/summary/                                  GET  -             303 403 403 200 200 200
/summary/kecamatan/<code>                  GET  own           303 403 403 200 200 200
/summary/kecamatan/<code>                  GET  foreign       303 403 403 200 200 200
/summary/kecamatan/<code>                  GET  dinas         303 403 403 200 200 200
/summary/kecamatan/<code>                  GET  missing       303 403 403 404 404 404
/summary/kecamatan/<code>/residents        GET  own           303 403 403 200 200 200
/summary/kecamatan/<code>/residents        GET  foreign       303 403 403 404 404 404
/summary/kecamatan/<code>/residents        GET  dinas         303 403 403 404 404 404
/summary/kecamatan/<code>/residents        GET  missing       303 403 403 404 404 404
/summary/download.<kind>                   GET  xlsx          303 403 403 200 200 200 writes
/summary/download.<kind>                   GET  csv           303 403 403 200 200 200 writes
/summary/download.<kind>                   GET  pdf           303 403 403 404 404 404
/accounts/                                 GET  -             303 403 403 403 403 200
/accounts/new                              GET  -             303 403 403 403 403 200
/accounts/new                              POST -             401 403 403 403 403 422
/accounts/<int:account_id>                 GET  own           303 403 403 403 403 200
/accounts/<int:account_id>                 GET  missing       303 403 403 403 403 404
/accounts/<int:account_id>                 POST own           401 403 403 403 403 422
/accounts/<int:account_id>                 POST missing       401 403 403 403 403 404
/accounts/<int:account_id>/reset           POST missing       401 403 403 403 403 404
/accounts/<int:account_id>/reset           POST own           401 403 403 403 403 200 writes
/sign-out                                  POST -             401 303 303 303 303 303 writes
"""
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
    feature = rule.split("/")[1].split(".")[0]
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
    foreign = portal.visit(people.colleague, place_code=PUNGGING_SCHOOL, point_code=PUNGGING)

    gear = {
        f"kit-{NGORO}": {"component_id": 1, "place_id": 1},
        f"kit-{PUNGGING}": {"component_id": 10, "place_id": 2},
        "kit-x": {"component_id": 999, "place_id": 999},
    }
    equipped = portal.equipped()

    def report(code, day=DAY):
        return {"code": code, "day": day}

    def kit(code, kind="iris"):
        return {"code": code, "kind": kind, **gear[code]}

    return {
        "recordings": {
            "own": report(NGORO),
            "foreign": report(PUNGGING),
            "missing": report("kec-99.99.99"),
            "cancelled": report(NGORO, earlier),
            "unsent": report(NGORO, "2024-10-16"),
            "31-feb": report(NGORO, "2024-02-31"),
            "year-9999": report(NGORO, "9999-12-31"),
        },
        "visits": {
            "own": {"visit_id": own},
            "foreign": {"visit_id": foreign},
            "missing": {"visit_id": 999},
            "too-large": {"visit_id": "9" * 20},
            "cancelled": {"visit_id": cancelled},
            "done": {"visit_id": done},
        },
        "equipment": {
            "own": kit(f"kit-{NGORO}"),
            "foreign": kit(f"kit-{PUNGGING}"),
            "missing": kit("kit-x"),
            "no-part": kit(f"kit-{NGORO}", "sepatu"),
        },
        **equipped,
        "downtime": {
            "own": {"code": NGORO},
            "foreign": {"code": PUNGGING},
            "missing": {"code": "kec-99.99.99"},
        },
        "summary": {
            "own": {"code": "35.16.05"},
            "foreign": {"code": GONDANG},
            "dinas": {"code": "dinas"},
            "missing": {"code": "35.16.99"},
        },
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
    before = portal.digest()
    for line in LINES:
        rule, method, wanted, expected = line[0], line[1], line[2], int(line[column])
        path = addresses(rule, objects, wanted)
        page = browser.get(path) if method == "GET" else browser.post(path)
        assert page.status == expected, (role, method, path, wanted, page.status, page.text[:300])
        if expected == 303 and role == "out" and method == "GET" and rule != "/":
            assert urlsplit(page.location).path == "/sign-in"
        if expected == 401:
            assert page.by_id("username") is not None
        if expected in (403, 404) and page.is_html:
            assert "SMAN" not in page.text
            assert "Pungging" not in page.text
        after = portal.digest()
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
            for browser in (out, clerk):
                page = browser.ask(method, path, data={"csrf_token": browser.token})
                assert page.status == 405, (method, path, page.status)
                assert set(page.headers["Allow"].replace(" ", "").split(",")) == allowed
                assert page.heading == "Cara ini tidak tersedia"
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
