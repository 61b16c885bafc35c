from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from portal.domain.accounts import (
    ADMINISTRATOR,
    CLERK,
    DEEDS,
    LIAISON,
    READER,
    ROLES,
    SUPERVISOR,
    THROTTLE_WINDOW,
    Foreign,
    LoginSession,
    check_account,
    check_password,
    require,
    require_place,
    require_point,
    sign_in_wait,
    throttle_address,
)
from portal.domain.problems import NotPermitted, Unknown

from .. import people
from ..people import NOW

WHO = {p.role: p for p in people.CAST if p not in (people.colleague, people.stranger)}

MATRIX = """
                  clerk liaison supervisor reader administrator
today.see         yes   yes     yes        yes    yes
recordings.see    yes   -       yes        yes    yes
recordings.write  yes   -       yes        -      -
completeness.excuse -   -       yes        -      -
calendar.see      -     -       yes        yes    yes
calendar.write    -     -       yes        -      -
reviews.see       -     -       yes        yes    yes
reviews.write     -     -       yes        -      -
locks.see         -     -       yes        yes    yes
locks.write       -     -       yes        -      -
proposals.see     yes   -       yes        yes    yes
proposals.write   yes   -       yes        -      -
proposals.decide  -     -       yes        -      -
visits.see        yes   yes     yes        yes    yes
visits.write      yes   yes     yes        -      -
visits.run        yes   -       yes        -      -
places.see        yes   yes     yes        yes    yes
places.propose    yes   yes     yes        -      -
places.write      yes   -       yes        -      -
places.import     -     -       yes        -      yes
planner.see       yes   -       yes        yes    yes
planner.write     yes   -       yes        -      -
equipment.see     yes   -       yes        yes    yes
equipment.write   yes   -       yes        -      -
equipment.add     -     -       yes        -      yes
equipment.move    yes   -       yes        -      yes
equipment.retire  -     -       yes        -      -
stock.see         yes   -       yes        yes    yes
stock.write       yes   -       yes        -      -
downtime.see      yes   -       yes        yes    yes
rollout.see       -     -       yes        yes    yes
summary.see       -     -       yes        yes    yes
figures.see       yes   yes     yes        yes    yes
figures.write     -     -       yes        -      yes
pace.see          -     -       yes        yes    yes
contacts.see      -     -       yes        yes    yes
contacts.write    -     -       yes        -      -
open_data.see     -     -       yes        yes    yes
open_data.manage  -     -       yes        -      yes
api.read          -     -       -          -      -
publications.see  -     -       yes        yes    yes
publications.write -    -       yes        -      -
settings.write    -     -       yes        -      yes
accounts.manage   -     -       -          -      yes
accounts.own      yes   yes     yes        yes    yes
"""


def table():
    roles, *lines = [line.split() for line in MATRIX.strip().splitlines()]
    return {(deed, role): mark == "yes" for deed, *marks in lines for role, mark in zip(roles, marks, strict=True)}


def test_the_table_names_every_deed_and_role():
    assert set(table()) == {(deed, role) for deed in DEEDS for role in ROLES}


@pytest.mark.parametrize(("deed", "role"), table())
def test_who_may_do_what(deed, role):
    person = WHO[role]
    assert person.may(deed) is table()[deed, role]
    if table()[deed, role]:
        require(person, deed)
    else:
        with pytest.raises(NotPermitted):
            require(person, deed)
    with pytest.raises(NotPermitted):
        require(replace(person, active=False), deed)


def test_a_deed_outside_the_table_is_nobodys():
    with pytest.raises(KeyError):
        people.administrator.may("everything")


@pytest.mark.parametrize(
    ("person", "sees"),
    [
        (people.clerk, {people.NGORO}),
        (people.colleague, {people.PUNGGING}),
        (people.stranger, {people.GONDANG}),
        (people.liaison, set()),
        (people.supervisor, {people.NGORO, people.PUNGGING, people.GONDANG, "dinas", "nowhere"}),
        (people.reader, {people.NGORO, people.PUNGGING, people.GONDANG, "dinas", "nowhere"}),
        (people.administrator, {people.NGORO, people.PUNGGING, people.GONDANG, "dinas", "nowhere"}),
    ],
    ids=lambda p: getattr(p, "username", ""),
)
def test_whose_points_a_person_sees(person, sees):
    everywhere = {people.NGORO, people.PUNGGING, people.GONDANG, "dinas", "nowhere"}
    assert {code for code in everywhere if person.sees_point(code)} == sees
    assert person.sees_district is (sees == everywhere)


PLACES = {
    people.SCHOOL: "35.16.05",
    people.OTHER_SCHOOL: "35.16.05",
    people.PUNGGING_SCHOOL: "35.16.06",
    people.SCHOOL_WITHOUT_KECAMATAN: None,
}


@pytest.mark.parametrize(
    ("person", "sees"),
    [
        (people.clerk, {people.SCHOOL, people.OTHER_SCHOOL}),
        (people.colleague, {people.PUNGGING_SCHOOL}),
        (people.stranger, set()),
        (people.liaison, {people.SCHOOL}),
        (people.supervisor, set(PLACES)),
        (people.reader, set(PLACES)),
        (people.administrator, set(PLACES)),
    ],
    ids=lambda p: getattr(p, "username", ""),
)
def test_whose_places_a_person_sees(person, sees):
    assert {code for code, kecamatan in PLACES.items() if person.sees_place(code, kecamatan)} == sees


def test_a_role_without_the_right_is_told_so_and_a_stranger_is_told_nothing():
    require_point(people.clerk, "recordings.write", people.NGORO)
    with pytest.raises(Unknown) as foreign:
        require_point(people.stranger, "recordings.write", people.NGORO)
    assert isinstance(foreign.value, Foreign)
    assert (foreign.value.what, foreign.value.deed) == (people.NGORO, "recordings.write")
    with pytest.raises(NotPermitted):
        require_point(people.reader, "recordings.write", people.NGORO)
    require_place(people.liaison, "visits.write", people.SCHOOL, "35.16.05")
    with pytest.raises(Unknown):
        require_place(people.liaison, "visits.write", people.OTHER_SCHOOL, "35.16.05")
    with pytest.raises(NotPermitted):
        require_place(people.administrator, "visits.write", people.SCHOOL, "35.16.05")


@pytest.mark.parametrize(
    "password",
    [
        people.PASSWORD,
        "kerbau-naik-tangga-biru",
        "hujan turun di kebun",
        "correct horse battery staple",
        "x7#Kq2!mP9$vL4",
        "ñandú über çédille",
        "k3" * 4 + "a" * 3 + "öäü" * 60,
    ],
)
def test_long_words_make_a_good_password(password):
    assert check_password(password, "ngoro") == []


@pytest.mark.parametrize(
    "password",
    [
        "",
        "pendek",
        "sebelashuru",
        "password1234",
        "passwordpassword",
        "aaaaaaaaaaaaaaaa",
        "abababababab",
        "123456789012",
        "qwertyuiop12345",
        "mojokerto2024",
        "Dispendukcapil2024",
        "dukcapilmojokerto",
        "kecamatan-ngoro-1",
        "petugasngoro2024",
        "ngorongorongoro",
        "NGORO ngoro 123456",
        "k" + "9xQz7!" * 43,
    ],
)
def test_a_guessable_short_or_endless_password_is_refused(password):
    (problem,) = check_password(password, "ngoro")
    assert problem.field == "password"


@given(st.text(max_size=300))
def test_any_text_is_answered(password):
    assert len(check_password(password, "ngoro")) <= 1


def attempts(*seconds_ago):
    return [NOW - timedelta(seconds=s) for s in seconds_ago]


def test_nobody_waits_below_the_limit():
    assert sign_in_wait([], 10, NOW) == timedelta(0)
    assert sign_in_wait(attempts(*range(9)), 10, NOW) == timedelta(0)
    old = attempts(*[THROTTLE_WINDOW.total_seconds()] * 50)
    assert sign_in_wait(old, 10, NOW) == timedelta(0)


def test_the_wait_doubles_with_every_failure_and_stops_at_the_window():
    waits = [sign_in_wait(attempts(*[0] * n), 10, NOW).total_seconds() for n in range(10, 18)]
    assert waits == [30, 60, 120, 240, 480, 900, 900, 900]
    assert sign_in_wait(attempts(*[0] * 100_000), 10, NOW) == THROTTLE_WINDOW


def test_the_wait_passes():
    assert sign_in_wait(attempts(*[20] * 10), 10, NOW) == timedelta(seconds=10)
    assert sign_in_wait(attempts(*[31] * 10), 10, NOW) == timedelta(0)


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:0:1:2:3:4:5", "2001:db8:0:1::/64"),
        ("2001:db8:0:1::9", "2001:db8:0:1::/64"),
        ("2001:db8:0:2::9", "2001:db8:0:2::/64"),
        ("", ""),
        ("x" * 60, "x" * 45),
    ],
)
def test_failures_are_counted_for_an_address_or_a_whole_ipv6_net(address, counted):
    assert throttle_address(address) == counted


@pytest.mark.parametrize(
    ("role", "idle_minutes"), [(CLERK, 30), (LIAISON, 30), (READER, 30), (SUPERVISOR, 15), (ADMINISTRATOR, 15)]
)
def test_a_session_ends_idle_or_after_twelve_hours(role, idle_minutes):
    def session(created, seen):
        return LoginSession(1, WHO[role], NOW - created, NOW - seen)

    hour, idle = timedelta(hours=1), timedelta(minutes=idle_minutes)
    assert not session(hour, idle).expired(NOW)
    assert session(hour, idle + timedelta(seconds=1)).expired(NOW)
    assert not session(12 * hour, timedelta(0)).expired(NOW)
    assert session(12 * hour + timedelta(seconds=1), timedelta(0)).expired(NOW)
    assert not session(-hour, -hour).expired(NOW)


def test_an_account_needs_the_area_of_its_role():
    def fields(username="budi.s", name="Budi S.", role=CLERK, points=("dinas",), places=(), phone=""):
        found = check_account(username, name, role, frozenset(points), frozenset(places), phone)
        return [p.field for p in found]

    assert fields() == []
    assert fields(points=()) == ["points"]
    assert fields(role=LIAISON, points=()) == ["places"]
    assert fields(role=LIAISON, places=(people.SCHOOL,)) == []
    assert fields(role=SUPERVISOR, points=()) == []
    assert fields(role="raja") == ["role"]
    for username in ("", "ab", "Budi", "1budi", "budi s", "a" * 41, "büdi", "budi\n", "../budi"):
        assert fields(username=username) == ["username"]
    for name in ("", "  ", "a" * 81, "a\x00", "Budi 35160512"):
        assert fields(name=name) == ["name"]
    for phone in ("0812-3456-7890", "+62 (321) 123456", ""):
        assert fields(phone=phone) == []
    for phone in ("3516051203070001", "telepon", "0" * 21, "١٢٣", "1\n2"):
        assert fields(phone=phone) == ["phone"]
