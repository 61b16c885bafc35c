from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from portal.domain.calendar import Calendar, office_instant
from portal.domain.limits import LIMIT
from portal.domain.locks import (
    FUTURE,
    INACTIVE,
    NOT_YOURS,
    OPEN,
    PUBLISHED,
    TOO_OLD,
    VERIFIED,
    EditState,
    LockException,
    check_exception,
    edit_state,
)
from portal.domain.recordings import Report

from .. import people, records
from ..people import NGORO, NOW, TODAY

OFFICE = records.office()
MIDNIGHT = time(0)


def closing(day):
    """The first instant that is no longer of ``day``."""
    return office_instant(day + timedelta(days=1), MIDNIGHT)


def report(state="sent", day=TODAY, at=NOW, **over):
    return Report(1, NGORO, day, records.entry(), 1, at, at, "a", "a", review_state=state, **over)


def exception(first=TODAY, last=TODAY, hours=48, at=NOW, **over):
    return LockException(1, NGORO, first, last, at + timedelta(hours=hours), "sakit", "Pengawas", at, **over)


def state(who=people.clerk, day=TODAY, kept=None, published=None, exceptions=(), now=NOW, office=OFFICE, point=NGORO):
    return edit_state(office, who, office.points[point], day, kept, published, exceptions, now)


@pytest.mark.parametrize(
    ("who", "day", "last"),
    [
        (people.clerk, TODAY, date(2024, 10, 24)),  # Monday: Tuesday, Wednesday, Thursday
        (people.clerk, date(2024, 10, 18), date(2024, 10, 23)),  # Friday: the weekend does not count
        (people.clerk, date(2024, 10, 19), date(2024, 10, 23)),  # Saturday, an extra report
        (people.supervisor, TODAY, date(2024, 11, 8)),
        (people.supervisor, date(2024, 10, 8), date(2024, 10, 28)),
    ],
)
def test_a_day_closes_at_the_end_of_the_nth_service_day_after_it(who, day, last):
    assert state(who, day) == EditState(OPEN, closing(last))
    assert state(who, day, now=closing(last) - timedelta(microseconds=1)).open
    assert state(who, day, now=closing(last)) == EditState(TOO_OLD)


def test_a_holiday_and_the_offices_own_limit_move_the_end():
    wednesday = date(2024, 10, 23)
    assert state(office=records.office(calendar=Calendar({wednesday: "Libur"}))).until == closing(date(2024, 10, 25))
    assert state(office=records.office(limits={"clerk_days": 1})).until == closing(date(2024, 10, 22))
    assert LIMIT["clerk_days"].default == 3
    assert LIMIT["supervisor_days"].default == 14


OLD = TODAY - timedelta(days=10)
BEFORE, AFTER = NOW - timedelta(hours=1), NOW + timedelta(hours=1)
TABLE = [
    # who, day, report, published, clerk's answer
    ("clerk", TODAY, None, None, OPEN),
    ("clerk", TODAY, report(), None, OPEN),
    ("clerk", TODAY, report("verified"), None, VERIFIED),
    ("clerk", TODAY, report("needs_mending"), None, OPEN),
    ("clerk", TODAY, report("changed"), None, OPEN),
    ("clerk", TODAY, report(), AFTER, PUBLISHED),
    ("clerk", TODAY, report(), NOW, PUBLISHED),
    ("clerk", TODAY, report(), BEFORE, OPEN),
    ("clerk", TODAY, None, AFTER, OPEN),
    ("clerk", TODAY, report("verified", cancelled_at=NOW), AFTER, OPEN),
    ("clerk", OLD, None, None, TOO_OLD),
    ("clerk", OLD, report("verified", OLD), AFTER, VERIFIED),
    ("clerk", TODAY + timedelta(days=1), None, None, FUTURE),
    ("clerk", date(2024, 10, 7), None, None, INACTIVE),
    ("supervisor", TODAY, report("verified"), AFTER, OPEN),
    ("supervisor", OLD, report("verified", OLD), AFTER, OPEN),
    ("supervisor", TODAY + timedelta(days=1), None, None, FUTURE),
    ("colleague", TODAY, None, None, NOT_YOURS),
    ("stranger", OLD, report("verified"), AFTER, NOT_YOURS),
    ("liaison", TODAY, None, None, NOT_YOURS),
    ("reader", TODAY, None, None, NOT_YOURS),
    ("administrator", TODAY, None, None, NOT_YOURS),
]


@pytest.mark.parametrize(("who", "day", "kept", "published", "answer"), TABLE)
def test_each_cause_is_named(who, day, kept, published, answer):
    found = state(getattr(people, who), day, kept, published)
    assert found.state == answer
    assert found.open is (answer == OPEN)
    assert (found.until is not None) is (answer in (OPEN, FUTURE))


def test_a_day_to_come_says_when_it_opens():
    tomorrow = TODAY + timedelta(days=1)
    assert state(day=tomorrow) == EditState(FUTURE, office_instant(tomorrow, MIDNIGHT))
    ended = replace(OFFICE.points[NGORO], active_to=TODAY)
    closed = records.office(points={**OFFICE.points, NGORO: ended})
    assert state(day=tomorrow, office=closed) == EditState(FUTURE)
    assert state(day=TODAY, office=closed).open


def test_an_account_that_was_closed_writes_nothing():
    assert state(replace(people.clerk, active=False)).state == NOT_YOURS


@pytest.mark.parametrize("kept", [None, report("verified", OLD), report("sent", OLD)])
@pytest.mark.parametrize("who", [people.clerk, people.supervisor])
def test_an_exception_opens_a_day_whatever_locked_it_and_says_until_when(who, kept):
    far = datetime(2024, 12, 20, 3, tzinfo=NOW.tzinfo)
    given = exception(OLD, OLD, at=far)
    assert not state(who, OLD, kept, AFTER, now=far).open
    assert state(who, OLD, kept, AFTER, [given], far) == EditState(OPEN, given.expires_at)
    assert not state(who, OLD, kept, AFTER, [replace(given, withdrawn_at=far)], far).open
    assert not state(who, OLD, kept, AFTER, [replace(given, point_code=people.PUNGGING)], far).open
    assert not state(who, OLD + timedelta(days=1), kept, AFTER, [given], far).open


def test_an_exception_never_shortens_a_day_that_is_open():
    assert state(exceptions=[exception(hours=1)]).until == closing(date(2024, 10, 24))
    assert state(exceptions=[exception(hours=240)]).until == NOW + timedelta(hours=240)


@pytest.mark.parametrize("who", [people.clerk, people.supervisor])
def test_what_is_sent_back_can_be_mended_for_a_while_though_its_day_has_closed(who):
    far = NOW + timedelta(days=60)
    asked = report("needs_mending", OLD, reviewed_at=far)
    assert state(who, OLD, asked, AFTER, now=far) == EditState(OPEN, far + timedelta(hours=48))
    assert state(who, OLD, asked, AFTER, now=far + timedelta(hours=48)).open is False
    assert not state(who, OLD, replace(asked, review_state="sent"), AFTER, now=far).open
    assert not state(who, OLD, replace(asked, cancelled_at=far), AFTER, now=far).open


accounts = st.sampled_from([*people.CAST, replace(people.clerk, active=False)])
moments = st.integers(-20 * 24 * 60, 130 * 24 * 60).map(lambda minutes: NOW + timedelta(minutes=minutes))
days = st.dates(date(2024, 9, 1), date(2025, 4, 1))
reports = st.none() | st.builds(
    lambda s, at, gone: report(s, at=at, cancelled_at=at if gone else None),
    st.sampled_from(["sent", "needs_mending", "mended", "verified", "changed"]),
    moments,
    st.booleans(),
)
exceptions = st.lists(
    st.builds(
        lambda first, length, hours, at, gone: exception(
            first, first + timedelta(days=length), hours, at, withdrawn_at=at if gone else None
        ),
        days,
        st.integers(0, 40),
        st.integers(1, 336),
        moments,
        st.booleans(),
    ),
    max_size=3,
)


@given(accounts, st.sampled_from(sorted(OFFICE.points)), days, reports, st.none() | moments, exceptions, moments)
def test_there_is_an_answer_to_every_question(who, point, day, kept, published, given_exceptions, now):
    found = state(who, day, kept, published, given_exceptions, now, point=point)
    assert found.state in (OPEN, FUTURE, TOO_OLD, VERIFIED, PUBLISHED, NOT_YOURS, INACTIVE)
    assert not found.open or (found.until is not None and found.until > now)
    if found.until is not None:
        assert found.until > now, "what is told to end or begin has not done so yet"


@given(accounts, days, reports, st.none() | moments, exceptions, moments)
def test_an_exception_never_outlives_its_end(who, day, kept, published, given_exceptions, now):
    without = state(who, day, kept, published, (), now)
    over = [replace(e, expires_at=min(e.expires_at, now)) for e in given_exceptions]
    assert state(who, day, kept, published, over, now) == without
    found = state(who, day, kept, published, given_exceptions, now)
    if found.open and not without.open:
        assert found.until == max(e.expires_at for e in given_exceptions if e.opens(NGORO, day, now))
        assert not state(who, day, kept, published, given_exceptions, found.until).open


@given(accounts, days, reports, exceptions, moments, moments)
def test_what_was_open_stays_open_until_it_says(who, day, kept, given_exceptions, one, other):
    """Time alone closes nothing before its end: nobody is locked out while he types within the promised time."""
    now, later = sorted([one, other])
    found = state(who, day, kept, None, given_exceptions, now)
    if found.open and found.until is not None and later < found.until:
        assert state(who, day, kept, None, given_exceptions, later).open


@pytest.mark.parametrize(
    ("over", "at"),
    [
        ({}, []),
        ({"point_code": "kec-99.99.99"}, ["point_code"]),
        ({"first": TODAY, "last": TODAY - timedelta(days=1)}, ["first"]),
        ({"last": TODAY + timedelta(days=1)}, ["last"]),
        ({"first": TODAY - timedelta(days=31)}, ["first"]),
        ({"first": TODAY - timedelta(days=30)}, []),
        ({"hours": None}, ["exception_hours"]),
        ({"hours": 0}, ["exception_hours"]),
        ({"hours": 337}, ["exception_hours"]),
        ({"reason": " "}, ["reason"]),
        ({"reason": "NIK 3516051203070001"}, ["reason"]),
    ],
)
def test_an_exception_is_checked(over, at):
    values = {"point_code": NGORO, "first": TODAY, "last": TODAY, "hours": 48, "reason": "sakit"} | over
    assert [p.field for p in check_exception(OFFICE, today=TODAY, **values)] == at
