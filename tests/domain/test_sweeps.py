"""The table of steps, half days, holidays, check lists, and the lines that a visit leaves."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from portal.domain.accounts import ADMINISTRATOR, CLERK, LIAISON, READER, ROLES, SUPERVISOR
from portal.domain.calendar import WIB, Calendar
from portal.domain.follow_ups import BY_HAND, CLOSED, OPEN, FollowUp, check_closing, due_day, left_behind
from portal.domain.kit_checks import CHECKS, Check, check_list, latest_checks
from portal.domain.kit_checks import tried as tried_of
from portal.domain.places import Buckets
from portal.domain.visits import (
    AFTERNOON,
    AGES,
    CANCELLED,
    CONFIRMED,
    DONE,
    FINISHED,
    MORNING,
    NEW,
    OWING,
    PARTLY,
    PLANNED,
    PROPOSED,
    STATES,
    STEPS,
    UNDER_WAY,
    WHOLE_DAY,
    ask_holiday,
    check_comment,
    check_result,
    holiday,
    step,
    steps,
)

from .. import people, records
from ..people import TODAY


def test_the_whole_table_of_steps():
    """Read aloud: a liaison proposes, and changes or withdraws her proposal; all else is the staff's."""
    rows = {(s.deed, b, tuple(sorted(s.after)), r, s.comment) for s in STEPS for b in s.before for r in s.roles}
    assert {row for row in rows if row[3] == LIAISON} == {
        ("propose", NEW, (PROPOSED,), LIAISON, False),
        ("change", PROPOSED, (PROPOSED,), LIAISON, False),
        ("cancel", PROPOSED, (CANCELLED,), LIAISON, False),
    }
    for role in (CLERK, SUPERVISOR):
        assert {state: steps(role, state) for state in (NEW, *STATES)} == {
            NEW: {"plan"},
            PROPOSED: {"change", "accept", "cancel"},
            PLANNED: {"change", "confirm", "start", "close", "cancel"},
            CONFIRMED: {"change", "unconfirm", "start", "close", "cancel"},
            UNDER_WAY: {"close", "cancel"},
            DONE: {"correct", "cancel"},
            PARTLY: {"correct", "cancel"},
            CANCELLED: frozenset(),
        }
    assert all(steps(role, state) == frozenset() for role in (READER, ADMINISTRATOR) for state in (NEW, *STATES))


def test_no_two_rows_of_the_table_answer_the_same_question():
    for role in ROLES:
        for state in (NEW, *STATES):
            for deed in {s.deed for s in STEPS}:
                assert sum(s.deed == deed and state in s.before and role in s.roles for s in STEPS) <= 1


def test_every_state_is_reached_and_only_the_cancelled_is_final():
    reached, before = {NEW}, set()
    while reached != before:
        before = set(reached)
        reached |= {state for s in STEPS if s.before & reached for state in s.after}
    assert reached == {NEW, *STATES}
    assert {state for state in STATES if not any(state in s.before for s in STEPS)} == {CANCELLED}


@given(st.lists(st.sampled_from([s.deed for s in STEPS]), max_size=30), st.sampled_from(sorted(ROLES)))
def test_no_walk_through_the_table_counts_what_was_not_carried_out(deeds, role):
    """From proposed to finished leads only a road on which staff planned it; what is finished is never owed."""
    state, staff = NEW, False
    for deed in deeds:
        taken = step(deed, role, state)
        if taken is not None:
            state, staff = min(taken.after), staff or role in (CLERK, SUPERVISOR)
    assert state not in FINISHED or staff
    assert not set(FINISHED) & set(OWING)


def test_words_where_a_step_needs_them():
    assert [p.field for p in check_comment(step("unconfirm", CLERK, CONFIRMED), " ")] == ["comment"]
    assert check_comment(step("unconfirm", CLERK, CONFIRMED), "ujian mendadak") == []
    assert check_comment(step("accept", CLERK, PROPOSED), "") == []
    assert [p.field for p in check_comment(step("accept", CLERK, PROPOSED), "3516051203070001")] == ["comment"]


def test_half_days_and_teams():
    assert records.plan(session=WHOLE_DAY).slots == (MORNING, AFTERNOON)
    assert records.plan(session=MORNING).slots == (MORNING,)
    assert records.plan(team="  tim   SATU ").team_key == records.plan(team="Tim Satu").team_key
    assert records.plan(team=" ").team_key == ""


def test_a_holiday_is_asked_about_and_a_weekend_is_not():
    eve = date(2024, 12, 24)
    calendar = Calendar({date(2024, 12, 25): "Natal", eve: "Cuti bersama"}, frozenset({eve}), frozenset({TODAY}))
    assert holiday(calendar, date(2024, 12, 25)) == "Natal"
    assert holiday(calendar, eve) is None, "opened by the supervisor"
    assert holiday(calendar, TODAY) == "", "closed without a name"
    assert holiday(calendar, date(2024, 10, 27)) is None, "a Sunday"
    assert [p.field for p in ask_holiday(calendar, date(2024, 12, 25))] == ["holiday_ok"]
    assert "Natal" in str(ask_holiday(calendar, date(2024, 12, 25))[0])
    assert [p.field for p in ask_holiday(calendar, TODAY)] == ["holiday_ok"]
    assert ask_holiday(calendar, eve) == []


# --- the day before -------------------------------------------------------------------------------


def test_a_failed_line_says_how():
    for kits, kit, box in (((), "", "note-"), (("a.1", "b"), "a.1", "note-a.1-")):
        assert check_list({kit: {"iris": (True, "")}}, kits) == []
        assert [p.field for p in check_list({kit: {"iris": (False, " ")}}, kits)] == [f"{box}iris"]
        assert check_list({kit: {"iris": (False, "gelap")}}, kits) == []
        assert [p.field for p in check_list({}, kits)] == [""]
        assert [p.field for p in check_list({kit: {}}, kits)] == [""]
        assert [p.field for p in check_list({kit: {"sepatu": (True, "")}}, kits)] == [""]
        assert [p.field for p in check_list({kit: {"login": (True, "NIK 3516051203070001")}}, kits)] == [f"{box}login"]
        assert [p.field for p in check_list({"c": {"iris": (True, "")}}, kits)] == [""], "not a kit that goes"


def test_the_newest_word_on_a_line_counts():
    at = datetime(2024, 10, 21, 8, tzinfo=WIB)
    tried = [Check("iris", False, "gelap", "A", at), Check("iris", True, "", "B", at + timedelta(hours=1))]
    for order in (tried, tried[::-1]):
        assert latest_checks(order)["", "iris"].ok


def test_each_kit_is_tried_by_itself():
    """What works on one kit says nothing of another, and a kit that stays at home counts no more."""
    at = datetime(2024, 10, 21, 8, tzinfo=WIB)
    tried = latest_checks(
        [
            Check("iris", False, "gelap", "A", at, "a"),
            Check("iris", True, "", "A", at, "b"),
            Check("finger", True, "", "A", at),
        ]
    )
    assert tried_of(tried, ("a", "b")) == (2, 1, 2 * len(CHECKS))
    assert tried_of(tried, ("b",)) == (1, 0, len(CHECKS))
    assert tried_of(tried, ()) == (1, 0, len(CHECKS))


# --- the recorded by age ----------------------------------------------------------------------------


def told(grown=None, priority=None, later=None, **counts):
    ages = dict(zip(AGES, (grown, priority, later), strict=True))
    return replace(records.result(recorded_from_list=12, walk_in=3, **counts), ages=ages)


def aged(found):
    return [(p.field, str(p)) for p in check_result(found, TODAY, TODAY, ())]


def test_ages_add_up_to_the_recorded_or_are_not_told():
    assert aged(told()) == []
    assert told().by_age is None
    assert aged(told(9, 4, 2)) == []
    assert aged(told(grown=15)) == []
    assert told(grown=15).by_age == Buckets(15, 0, 0)
    assert aged(told(9, 1, 2)) == [("ages", "Rincian umur berjumlah 12, kurang 3 dari yang direkam (15).")]
    assert aged(told(9, 8, 2)) == [("ages", "Rincian umur berjumlah 19, lebih 4 dari yang direkam (15).")]
    assert aged(told(0, 0, 0)) == [("ages", "Rincian umur berjumlah 0, kurang 15 dari yang direkam (15).")]
    assert [field for field, _text in aged(told(-1, 14, 2))] == ["recorded_grown"]


# --- what is left ---------------------------------------------------------------------------------


@given(st.integers(0, 400), st.integers(0, 400), st.integers(0, 400))
def test_who_is_left_is_who_was_absent_or_failed(absent, failed, refused):
    assert left_behind(records.result(absent=absent, failed=failed, refused=refused)) == (absent, failed)


@given(st.dates(date(2024, 10, 8), date(2025, 6, 1)), st.integers(1, 120))
def test_a_line_is_due_within_the_limit_and_before_polling_day(day, limit):
    due = due_day(day, records.office(limits={"follow_up_days": limit}))
    assert day <= due <= day + timedelta(days=limit)
    if day < records.POLLING_DAY:
        assert due < records.POLLING_DAY
    else:
        assert due == day + timedelta(days=limit)


def test_a_line_is_overdue_from_the_day_after():
    line = FollowUp(1, people.SCHOOL, 1, 10, 2, TODAY, OPEN, "", None, "", 1, people.NOW, "Petugas")
    assert line.left == 12
    assert not line.overdue(TODAY)
    assert line.overdue(TODAY + timedelta(days=1))
    closed = FollowUp(1, people.SCHOOL, 1, 10, 2, TODAY, CLOSED, "office", None, "", 2, people.NOW, "Petugas")
    assert not closed.overdue(TODAY + timedelta(days=9))


@pytest.mark.parametrize(
    ("how", "note", "at"),
    [
        ("office", "", []),
        ("transfer", "", ["note"]),
        ("transfer", "Kantor Pacet", []),
        ("visit", "", ["closed_by"]),
        ("result", "", ["closed_by"]),
        ("", "", ["closed_by"]),
        ("office", "3516051203070001", ["note"]),
    ],
)
def test_closing_by_hand(how, note, at):
    assert [p.field for p in check_closing(how, note)] == at
    assert how in BY_HAND or at
