from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from portal.domain.equipment import ATTENTION, BROKEN, GOOD, MISSING, NOT_IN_USE, REASONS, REPAIR, STATUSES
from portal.domain.faults import (
    BACK,
    CLOSED,
    EXAMINED,
    FAULT_STATES,
    MAX_COST_RP,
    NEXT,
    REPAIRED,
    REPORTED,
    SENT,
    Fault,
    Step,
    check_step,
    state_for,
    status_for,
)

from ..people import NOW, TODAY

FAULT = Fault(1, 4, "KIT-1", "iris", REPORTED, NOW, None, "Petugas Ngoro")


def test_each_state_leads_only_where_the_row_of_states_says():
    assert set(NEXT) == set(FAULT_STATES)
    for state in FAULT_STATES:
        for then in FAULT_STATES:
            found = check_step(replace(FAULT, state=state), Step(then), TODAY)
            assert [p.field for p in found] == ([] if then in NEXT[state] else ["state"])
    assert all(NEXT[state] == () for state in CLOSED)


@given(st.lists(st.sampled_from(sorted(STATUSES)), max_size=12))
def test_however_statuses_follow_a_fault_is_open_exactly_while_the_part_is_not_well(statuses):
    """A status alone keeps the fault in step: opened by the first that is one, closed by good, never two at once."""
    fault = None
    for status in statuses:
        state = state_for(status, fault)
        if state is not None:
            if fault is not None:
                assert state in NEXT[fault.state] or state == fault.state
            fault = replace(FAULT, state=state)
        if fault is not None and fault.state in CLOSED:
            fault = None
        if status in (ATTENTION, BROKEN, REPAIR, MISSING):
            assert fault is not None
        elif status == GOOD:
            assert fault is None


@pytest.mark.parametrize("state", FAULT_STATES)
@pytest.mark.parametrize("before", STATUSES)
def test_a_step_gives_a_status_with_a_reason_that_fits(state, before):
    found = status_for(state, before)
    if found is not None:
        status, reason = found
        assert reason in REASONS[status] if REASONS[status] else reason == ""
        assert (status == GOOD) is (state in CLOSED)
    elif state == SENT:
        assert before == REPAIR
    else:
        assert state in (REPORTED, EXAMINED)


def test_what_came_back_and_does_not_work_is_examined_again():
    sent = replace(FAULT, state=SENT)
    assert state_for(BROKEN, sent) == EXAMINED
    assert status_for(EXAMINED, REPAIR) == (BROKEN, "belum_diketahui")
    assert state_for(GOOD, sent) == BACK
    assert state_for(GOOD, FAULT) == REPAIRED
    assert state_for(NOT_IN_USE, None) is None


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ({"cost_rp": 0}, []),
        ({"cost_rp": MAX_COST_RP, "due": TODAY, "warranty": False}, []),
        ({"cost_rp": MAX_COST_RP + 1}, ["cost_rp"]),
        ({"cost_rp": 5, "warranty": True}, ["cost_rp"]),
        ({"cost_rp": 0, "warranty": True}, []),
        ({"due": TODAY - timedelta(days=1)}, ["due"]),
        ({"due": TODAY + timedelta(days=400)}, ["due"]),
        ({"note": "NIK 3516051203070001"}, ["note"]),
        ({"parts": "a" * 201}, ["parts"]),
    ],
)
def test_a_step_that_cannot_be_is_told_at_its_box(said, fields):
    assert [p.field for p in check_step(FAULT, Step(EXAMINED, **said), TODAY)] == fields


def test_a_fault_is_late_from_the_day_after_it_was_due():
    due = replace(FAULT, due=TODAY)
    assert not due.overdue(TODAY)
    assert due.overdue(TODAY + timedelta(days=1))
    assert not replace(due, state=BACK, closed_at=NOW).overdue(TODAY + timedelta(days=9))
