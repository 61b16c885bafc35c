from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from portal.domain.accounts import ROLES
from portal.domain.audit import FIRST_HASH, AuditEntry
from portal.domain.duty import ReportMark
from portal.domain.recordings import Report
from portal.domain.review import (
    AWAITING,
    CHANGED,
    EDIT,
    EXCLUDE,
    INCLUDE,
    MENDED,
    NEEDS_MENDING,
    RESEND,
    SEND_BACK,
    SENT,
    STATES,
    STEPS,
    VERIFIED,
    VERIFY,
    Flag,
    Reviewed,
    after_edit,
    changes_since_review,
    changes_since_version,
    check_step,
    clean,
    counted,
    hands_of,
)

from .. import records
from ..people import NGORO, NOW, TODAY

DEEDS = (VERIFY, SEND_BACK, EXCLUDE, INCLUDE)


def report(state=SENT, **over):
    values = {"review_state": state, "version": 1, "first_received_at": NOW, "changed_at": NOW}
    values |= {"author": "Petugas Ngoro", "editor": "Petugas Ngoro"}
    return Report(id=1, point_code=NGORO, service_date=TODAY, entry=records.entry(), **values | over)


def line(deed, changes=None, account="ngoro", seq=1):
    at = datetime(2024, 10, 21, 6, tzinfo=UTC) + timedelta(minutes=seq)
    return AuditEntry(seq, at, account, deed, "report", "x", changes or {}, "", "", "", FIRST_HASH, "")


def problems(deed, kept, role="supervisor", hands=("ngoro",), who="pengawas", field="", comment="sebab"):
    return [(p.field, p.text) for p in check_step(deed, kept, role, hands, who, field, comment)]


ARROWS = """
          sent           needs_mending   mended         verified       changed
verify    verified       verified!       verified       -              verified
send_back needs_mending! needs_mending!  needs_mending! needs_mending! needs_mending!
exclude   -              needs_mending!  -              -              -
include   -              needs_mending!  -              -              -
edit      sent           mended!         mended!        changed!       changed!
resend    sent           sent            sent           sent           sent
"""


def test_the_table_of_steps_is_the_one_that_was_agreed():
    states, *lines = [line.split() for line in ARROWS.strip().splitlines()]
    agreed = {
        (deed, state): (arrow.rstrip("!"), arrow.endswith("!"))
        for deed, *arrows in lines
        for state, arrow in zip(states, arrows, strict=True)
        if arrow != "-"
    }
    assert {key: (step.to, step.comment) for key, step in STEPS.items()} == agreed
    assert set(states) == set(STATES)
    assert all(len(state) <= 20 for state in STATES), "the column is that wide"


@pytest.mark.parametrize(("deed", "state", "role"), list(product(DEEDS, STATES, ROLES)))
def test_only_a_supervisor_goes_a_step_and_only_where_there_is_one(deed, state, role):
    kept = report(state, excluded=deed == INCLUDE)
    allowed = role == "supervisor" and (deed, state) in STEPS
    assert (problems(deed, kept, role) == []) is allowed


@pytest.mark.parametrize(("deed", "state"), [k for k, step in STEPS.items() if step.comment and k[0] in DEEDS])
def test_where_a_reason_is_needed_it_must_be_there_and_be_harmless(deed, state):
    kept = report(state, excluded=deed == INCLUDE)
    for bad in ("", "  ", "NIK 3516051203070001", "x" * 501):
        assert [f for f, _text in problems(deed, kept, comment=bad)] == ["comment"]
    assert problems(deed, kept) == []


def test_what_is_sent_back_names_a_box_of_the_form():
    assert [f for f, _text in problems(SEND_BACK, report(), field="nama_warga")] == ["field"]
    assert problems(SEND_BACK, report(), field="recorded") == []


def test_nobody_verifies_what_he_wrote_but_may_send_it_back():
    for state in AWAITING | {NEEDS_MENDING}:
        assert problems(VERIFY, report(state), hands=("ngoro", "pengawas")) != []
        assert problems(SEND_BACK, report(state), hands=("pengawas",)) == []


def test_a_cancelled_report_is_not_reviewed():
    for deed, state in product(DEEDS, STATES):
        assert problems(deed, report(state, cancelled_at=NOW)) != []


def test_taking_out_twice_changes_nothing():
    assert problems(EXCLUDE, report(NEEDS_MENDING, excluded=True)) != []
    assert problems(INCLUDE, report(NEEDS_MENDING)) != []


deeds = st.lists(
    st.tuples(st.sampled_from([*DEEDS, EDIT, RESEND]), st.sampled_from(["ngoro", "pengawas", "pengawas2"])), max_size=25
)


@given(deeds)
def test_no_way_leads_to_verified_by_somebody_who_wrote_it(steps):
    """However a report is written, sent back, left out and verified: who verifies never wrote it, and what is out of
    the sums waits for its clerk."""
    kept, hands, verifier = report(), {"ngoro"}, None
    for deed, who in steps:
        if deed in (EDIT, RESEND):
            stood = deed == EDIT
            kept = replace(kept, review_state=after_edit(kept.review_state, stood=stood), excluded=False)
            hands.add(who)
        elif not check_step(deed, kept, "clerk" if who == "ngoro" else "supervisor", hands, who, "", "sebab"):
            excluded = deed == EXCLUDE or (kept.excluded and deed == SEND_BACK)
            kept = replace(kept, review_state=STEPS[deed, kept.review_state].to, excluded=excluded)
            if kept.review_state == VERIFIED:
                verifier = who
                assert who not in hands
        assert kept.review_state in STATES
        assert not kept.excluded or kept.review_state == NEEDS_MENDING
        if kept.review_state == VERIFIED:
            assert verifier not in hands, "whoever writes to a verified report takes it out of that state"


def test_an_edit_is_seen_after_every_state():
    assert {s: after_edit(s, stood=True) for s in STATES} == {
        SENT: SENT,
        NEEDS_MENDING: MENDED,
        MENDED: MENDED,
        VERIFIED: CHANGED,
        CHANGED: CHANGED,
    }
    assert {after_edit(s, stood=False) for s in STATES} == {SENT}


def test_clean_is_what_nobody_asked_about():
    flag = Flag("outlier", "recorded", 240, 14, 34, True, "")
    assert all(clean(report(state), (), own=False) is (state in AWAITING) for state in STATES)
    assert not clean(report(), (flag,), own=False)
    assert not clean(report(), (), own=True)
    assert not clean(report(cancelled_at=NOW), (), own=False)


def test_reports_are_counted_by_their_review():
    marks = [
        ReportMark(NGORO, TODAY, NOW, "angka", None, 4, review_state=state) for state in (SENT, VERIFIED, VERIFIED)
    ]
    marks.append(ReportMark(NGORO, TODAY, NOW, "angka", None, 4, review_state=NEEDS_MENDING, excluded=True))
    assert counted(marks) == Reviewed(2, 4, 1)
    assert counted([]) == Reviewed()
    assert Reviewed(1, 2, 0) + Reviewed(2, 3, 1) == Reviewed(3, 5, 1)


HISTORY = [
    line("recordings.send", {"recorded": (None, 240)}),
    line("recordings.correct", {"recorded": (240, 24)}),
    line("reviews.verify", {"review_state": (SENT, VERIFIED)}, "pengawas"),
    line("recordings.correct", {"recorded": (24, 25), "note": ("", "a")}, "pengawas2"),
    line("recordings.correct", {"recorded": (25, 26), "note": ("a", "")}),
]


def test_what_changed_is_told_from_the_oldest_value_to_the_newest():
    assert changes_since_review(HISTORY) == {"recorded": (24, 26)}
    assert changes_since_review(HISTORY[:2]) == {}
    assert changes_since_version(HISTORY, 1) == {"recorded": (240, 26)}
    assert changes_since_version(HISTORY, 3) == {"recorded": (25, 26), "note": ("a", "")}
    assert changes_since_version(HISTORY, 4) == {}


def test_everybody_who_stated_figures_has_a_hand_in_it():
    assert hands_of(HISTORY) == {"ngoro", "pengawas2"}
    assert hands_of([line("recordings.cancel", account="siti")]) == frozenset()
    late = [line("proposals.hand_in", account="pengawas"), line("proposals.accept", account="pengawas2")]
    assert hands_of(late) == {"pengawas"}, "who proposed it wrote it, whoever let it in"
