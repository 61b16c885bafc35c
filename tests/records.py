"""Valid records, made by plain functions: a test names only what matters to it."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from portal.domain.areas import Capability, HubMember, Kecamatan, Office, ServicePoint
from portal.domain.calendar import Calendar, Election, Timetable
from portal.domain.recordings import COUNTED, NIHIL, Entry
from portal.domain.visits import EXPLAINED, Plan, Result

from . import people

START = date(2024, 10, 8)
POLLING_DAY = date(2024, 11, 27)
MONDAY_TO_FRIDAY = "1111100"


def submission_id() -> str:
    """A fresh one, as a form would carry."""
    return str(uuid4())


def entry(
    recorded: int | None = 24, homes: Mapping[str, int] | None = None, note: str = "", **counts: int | None
) -> Entry:
    """A day on which people were served."""
    return Entry(COUNTED, None, {"recorded": recorded, **counts}, homes or {}, note)


def nihil(reason: str | None = "alat_rusak", note: str = "", **counts: int | None) -> Entry:
    """A day on which nobody was recorded, and why."""
    return Entry(NIHIL, reason, counts, {}, note)


def plan(**over: Any) -> Plan:
    """The clerk of Ngoro's team goes to SMAN 1 Ngoro today; to another place an unnamed one, so that none is in two."""
    values: dict[str, Any] = {
        "place_code": people.SCHOOL,
        "visit_date": people.TODAY,
        "point_code": people.NGORO,
        "team": "Tim 1" if over.get("place_code", people.SCHOOL) == people.SCHOOL else "",
    }
    return Plan(**values | over)


def result(homes: Mapping[str, int] | None = None, failed_reason: str = "alat", **counts: int | None) -> Result:
    """A sound result: 50 on the list, 40 recorded, 10 absent, 2 walked in; ``eligible`` follows the rest, and whose
    home is not among ``homes`` is said to be of unknown home."""
    given: dict[str, int | None] = dict.fromkeys(EXPLAINED, 0) | {
        "recorded_from_list": 40,
        "absent": 10,
        "walk_in": 2,
    }
    given |= counts
    given.setdefault("eligible", sum(given[name] or 0 for name in EXPLAINED))
    recorded = (given["recorded_from_list"] or 0) + (given["walk_in"] or 0)
    undetailed = max(0, recorded - sum(homes.values())) if homes else None
    return Result(given, homes or {}, undetailed, failed_reason if given["failed"] else "")


def office(**over: Any) -> Office:
    """A district of five kecamatan under two hubs (Dlanggu under none) and the district's own office."""
    names = {"02": "Gondang", "05": "Ngoro", "06": "Pungging", "08": "Mojosari", "09": "Dlanggu"}
    kecamatan = {
        f"35.16.{n}": Kecamatan(f"35.16.{n}", name, name[:3].upper(), int(n) % 7, int(n) % 5)
        for n, name in names.items()
    }
    points = {f"kec-{k.code}": point(f"kec-{k.code}", k.code) for k in kecamatan.values()}
    points["dinas"] = point("dinas", None)
    hub_of = {"02": "gondang", "05": "mojosari", "06": "mojosari", "08": "mojosari"}
    values: dict[str, Any] = {
        "kecamatan": kecamatan,
        "points": points,
        "hubs": {"mojosari": "Mojosari", "gondang": "Gondang", "dinas-mpp": "Dispendukcapil/MPP"},
        "hub_points": {"kec-35.16.08": "mojosari", "kec-35.16.02": "gondang", "dinas": "dinas-mpp"},
        "members": tuple(HubMember(f"35.16.{n}", hub, START, None) for n, hub in hub_of.items()),
        "capabilities": (Capability(people.NGORO, "adminduk", START, None, "Tribun 21 Oct 2024"),),
        "calendar": Calendar({POLLING_DAY: "Pilkada"}),
        "elections": (Election("pilkada-2024", "Pilkada", POLLING_DAY, date(2007, 11, 27), START, "PKPU 2/2024"),),
    }
    return Office(**values | over)


def point(code: str, kecamatan_code: str | None, **over: Any) -> ServicePoint:
    """A service point open from Monday to Friday since the start."""
    values: dict[str, Any] = {
        "code": code,
        "name": f"Kantor {code}",
        "kind": "kecamatan" if kecamatan_code else "dinas",
        "kecamatan_code": kecamatan_code,
        "active_from": START,
        "active_to": None,
        "timetable": Timetable(MONDAY_TO_FRIDAY),
    }
    return ServicePoint(**values | over)


def growing_rows() -> dict[str, dict[str, Any]]:
    """One row of each table that only grows, after the rows they belong to."""
    by = {"account_id": people.clerk.id, "at": people.NOW}
    return {
        "fault": {
            "id": 1,
            "component_id": 1,
            "state": "reported",
            "opened_at": people.NOW,
            "account_id": people.clerk.id,
            "version": 1,
        },
        "fault_step": {"id": 1, "fault_id": 1, "state": "reported", **by},
        "spare_item": {"id": 1, "name": "Pita", "kind": "ribbon", "unit": "gulung", "low_limit": 2, "version": 1},
        "spare_move": {"id": 1, "item_id": 1, "kind": "in", "quantity": 3, "day": people.TODAY, **by},
        "inventory_check": {"id": 1, "component_id": 1, "result": "seen", **by},
        "contact": {"id": 1, "point_code": people.NGORO, "how": "telephone", **by},
        "election_target": {
            "id": 1,
            "election_code": "pilkada-2024",
            "level": "district",
            "code": "district",
            "valid_from": people.TODAY,
            "people": 900,
            "source": "SK 12/2024",
            **by,
        },
    }


def publication_row(**over: Any) -> dict[str, Any]:
    """The row of a published daily summary."""
    values = {"number": 1, "kind": "daily", "day": people.TODAY, "as_of": people.NOW, "payload": "{}"}
    return values | {"sha256": "0" * 64, "account_id": people.supervisor.id} | over
