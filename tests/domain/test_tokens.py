"""What a token opens: the area as it was on each day, until its last midnight in Mojokerto, and no wider than asked."""

from datetime import date, timedelta

import pytest

from portal.domain.areas import HubMember
from portal.domain.open_data import RESOURCES
from portal.domain.tokens import ALL, HUB, KECAMATAN, LONGEST, Scope, Token, check_token, last_moment

from .. import people, records
from ..people import GONDANG, NGORO, NOW, TODAY

OLD, NEW = date(2024, 10, 14), date(2024, 10, 15)


def moved():
    """Ngoro belonged to Mojosari until the 14th and belongs to Gondang from the 15th on."""
    members = (
        HubMember("35.16.05", "mojosari", records.START, OLD),
        HubMember("35.16.05", "gondang", NEW, None),
        HubMember("35.16.02", "gondang", records.START, None),
    )
    return records.office(members=members)


def test_a_hub_sees_a_kecamatan_on_the_days_it_belonged_to_it():
    office, hub = moved(), Scope(HUB, "gondang")
    assert [hub.sees_point(office, NGORO, day) for day in (OLD, NEW)] == [False, True]
    assert [Scope(HUB, "mojosari").sees_point(office, NGORO, day) for day in (OLD, NEW)] == [True, False]
    assert all(hub.sees_point(office, GONDANG, day) for day in (OLD, NEW))


def test_the_districts_own_office_is_seen_by_its_hub_and_by_no_kecamatan():
    office = records.office()
    seen = {s: s.sees_point(office, "dinas", TODAY) for s in (Scope(), Scope(HUB, "dinas-mpp"), Scope(HUB, "gondang"))}
    assert list(seen.values()) == [True, True, False]
    assert not Scope(KECAMATAN, "35.16.05").sees_point(office, "dinas", TODAY)
    assert not Scope(HUB, "").sees_kecamatan(office, None, TODAY)


def test_a_token_ends_at_midnight_in_mojokerto_after_its_last_day():
    token = Token(1, "", "", Scope(), frozenset({"days"}), last_moment(TODAY), NOW)
    midnight = NOW.replace(hour=0) + timedelta(days=1)
    assert token.valid(midnight - timedelta(seconds=1))
    assert not token.valid(midnight)


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"name": " "}, "name"),
        ({"purpose": "NIK 3516050101010001"}, "purpose"),
        ({"scope": Scope(ALL, "35.16.05")}, "scope"),
        ({"scope": Scope(KECAMATAN, "35.16.99")}, "scope"),
        ({"scope": Scope(HUB, "")}, "scope"),
        ({"scope": Scope("desa", "")}, "scope"),
        ({"resources": ()}, "resources"),
        ({"resources": ("days", "accounts")}, "resources"),
        ({"scope": Scope(KECAMATAN, "35.16.05"), "resources": ("publications",)}, "resources"),
        ({"last": None}, "last"),
        ({"last": TODAY - timedelta(days=1)}, "last"),
        ({"last": TODAY + timedelta(days=LONGEST)}, "last"),
    ],
)
def test_what_no_token_may_be(over, field):
    values = {"name": "Dasbor", "purpose": "papan angka", "scope": Scope(), "resources": ("days",), "last": TODAY}
    assert check_token(**values, office=records.office(), now=NOW) == []
    assert [p.field for p in check_token(**values | over, office=records.office(), now=NOW)] == [field]


def test_no_field_names_a_person_a_note_or_a_serial_number():
    for resource in RESOURCES.values():
        names = [f.name for f in resource.fields]
        assert len(names) == len(set(names))
        assert set(resource.key) <= set(names)
        private = {"author", "editor", "reviewer", "by", "phone", "contact", "team", "serial", "price_rp"}
        assert not private & set(names)
        assert resource.name == "figures" or "note" not in names


def test_nobody_at_a_browser_reads_the_api():
    assert not any(person.may("api.read") for person in people.CAST)
