"""Words about the office's lists: one value a day, earlier days untouched, and the district's total the same."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from portal.domain.areas import NO_HUB, Capability, overlapping
from portal.domain.calendar import Calendar, Timetable, office_instant
from portal.domain.daysheets import DaySheet, Visited, add_up
from portal.domain.duty import Period, ReportMark
from portal.domain.lists import (
    EVERY_REPORT,
    HOURS,
    HUB,
    NO,
    SEAT,
    YES,
    Change,
    Word,
    capabilities_of,
    check_word,
    hours_of,
    hours_value,
    hub_effect,
    mark,
    members_of,
    read_hours,
    seats_of,
)
from portal.domain.recordings import FLOWS
from portal.domain.rollup import summarise
from portal.domain.schedule import Decision
from portal.domain.summary import BY_WORK

from .. import records
from ..people import NGORO, NOW, PUNGGING, TODAY
from ..records import START

NGORO_AREA = "35.16.05"
DINAS = "dinas"
OFFICE = records.office()
DAYS = [START + timedelta(days=n) for n in range((TODAY - START).days + 1)]
HUBS = st.sampled_from([*OFFICE.hubs, NO_HUB])


def words(*said):
    return [(Word(HUB, NGORO_AREA, day, hub), "SK 3/2024") for day, hub in said]


def with_words(*said):
    return replace(OFFICE, members=members_of(OFFICE.members, words(*said)))


@st.composite
def changes(draw):
    """Hubs of Ngoro said from days on, a day once."""
    days = draw(st.lists(st.sampled_from(DAYS), unique=True, max_size=5))
    return [(day, draw(HUBS)) for day in days]


@given(changes(), st.sampled_from(DAYS), HUBS)
def test_a_change_leaves_earlier_days_and_others_alone_and_never_overlaps(before, day, hub):
    before = [pair for pair in before if pair[0] != day]
    then, there = with_words(*before), with_words(*before, (day, hub))
    assert overlapping(there.members) is None
    later = min((since for since, _hub in before if since > day), default=None)
    for one in DAYS:
        held = one >= day and (later is None or one < later)
        assert there.hub_of(NGORO_AREA, one) == (hub if held else then.hub_of(NGORO_AREA, one))
        assert there.hub_of("35.16.06", one) == then.hub_of("35.16.06", one)


COUNTS = st.one_of(st.none(), st.integers(0, 300))


@st.composite
def sheets(draw):
    """Days of Ngoro and Pungging, some without a number, with visits and homes."""
    found = {}
    for day in draw(st.lists(st.sampled_from(DAYS), unique=True, max_size=4)):
        flows, marks, visited = {}, [], {}
        for point in (NGORO, PUNGGING):
            recorded = draw(COUNTS)
            flows[point] = tuple(recorded if name == "recorded" else None for name in FLOWS)
            marks.append(ReportMark(point, day, NOW, "angka", None, recorded or 0))
            if draw(st.booleans()):
                visited[point] = Visited(1, draw(st.integers(0, 90)), 90, 90)
        found[day] = DaySheet(marks, flows, visited, {NGORO_AREA: (draw(st.integers(0, 9)), 0)})
    return found


@given(sheets(), changes())
def test_whatever_moves_between_hubs_the_district_stays_the_same(found, said):
    period, after = Period(START, TODAY), with_words(*said)
    one, other = (
        summarise(office, period, BY_WORK, add_up(office, period, found, (), (), ()), NOW) for office in (OFFICE, after)
    )
    assert one.total.values == other.total.values
    assert one.total.completeness == other.total.completeness
    effect = hub_effect(OFFICE, after, period, found)
    assert effect.district[0] == effect.district[1]
    if effect:
        both = [(t.before or 0, t.after or 0) for t in effect.totals]
        assert sum(b for b, _a in both) == sum(a for _b, a in both)
        assert effect.district[0] in (None, one.total.values["recorded"])
        moved = {day for day in DAYS if OFFICE.hub_of(NGORO_AREA, day) != after.hub_of(NGORO_AREA, day)}
        assert effect.size == len(moved)


def test_the_effect_tells_days_and_recordings_from_where_to_where():
    flows = tuple(24 if name == "recorded" else None for name in FLOWS)
    found = {
        date(2024, 10, 9): DaySheet((), {NGORO: flows}, {NGORO: Visited(1, 40, 60, 40)}, {NGORO_AREA: (20, 30)}),
        date(2024, 10, 15): DaySheet((), {NGORO: flows, PUNGGING: flows}, None, {NGORO_AREA: (5, 0)}),
    }
    after = with_words((date(2024, 10, 14), "gondang"))
    effect = hub_effect(OFFICE, after, Period(START, TODAY), found)
    (move,) = effect.moves
    assert (move.first, move.last, move.before, move.after) == (date(2024, 10, 14), TODAY, "mojosari", "gondang")
    assert (move.recorded, move.residents) == (24, 5)
    assert [(t.hub_code, t.before, t.after) for t in effect.totals] == [("mojosari", 112, 88), ("gondang", None, 24)]
    assert effect.district == (112, 112)
    assert not hub_effect(OFFICE, OFFICE, Period(START, TODAY), found)


@given(changes(), st.sampled_from(DAYS), HUBS)
def test_a_seat_put_right_leaves_earlier_days_other_points_and_memberships_alone(before, day, hub):
    def seated(*said):
        return replace(OFFICE, seats=seats_of([(Word(SEAT, DINAS, on, at), "SK 3") for on, at in said]))

    before = [pair for pair in before if pair[0] != day]
    then, there = seated(*before), seated(*before, (day, hub))
    later = min((since for since, _hub in before if since > day), default=None)
    for one in DAYS:
        held = one >= day and (later is None or one < later)
        expected = hub if held else then.seat_of(DINAS, one)
        assert there.seat_of(DINAS, one) == there.hub_of_point(DINAS, one) == expected
        assert (DINAS in there.seats_of(expected, one)) is True
        assert there.seat_of("kec-35.16.08", one) == "mojosari"
        assert there.hub_of_point(NGORO, one) == OFFICE.hub_of_point(NGORO, one)


def test_a_point_without_kecamatan_moves_its_work_and_a_kecamatans_office_moves_none():
    flows = tuple(24 if name == "recorded" else None for name in FLOWS)
    found = {date(2024, 10, 15): DaySheet((), {DINAS: flows, NGORO: flows}, None, {})}
    period = Period(START, TODAY)
    after = replace(OFFICE, seats=seats_of([(Word(SEAT, DINAS, date(2024, 10, 14), "gondang"), "SK")]))
    effect = hub_effect(OFFICE, after, period, found)
    (move,) = effect.moves
    assert (move.point_code, move.first, move.before, move.after) == (DINAS, date(2024, 10, 14), "dinas-mpp", "gondang")
    assert (move.recorded, move.residents) == (24, None)
    assert {t.hub_code: (t.before, t.after) for t in effect.totals} == {"gondang": (None, 24), "dinas-mpp": (24, None)}
    assert effect.district == (48, 48)
    office = replace(OFFICE, seats=seats_of([(Word(SEAT, NGORO, START, "gondang"), "SK")]))
    assert not hub_effect(OFFICE, office, period, found)


def test_an_announced_end_speaks_of_its_own_membership_only():
    announced = [replace(m, valid_to=date(2024, 10, 31)) for m in OFFICE.members if m.kecamatan_code == NGORO_AREA]
    office = replace(OFFICE, members=members_of(announced, words((date(2024, 10, 20), "gondang"))))
    assert office.hub_of(NGORO_AREA, date(2024, 11, 5)) == "gondang"
    silent = replace(OFFICE, members=members_of(announced, []))
    assert silent.hub_of(NGORO_AREA, date(2024, 11, 5)) == NO_HUB


def test_a_capability_begins_and_ends_with_its_source():
    announced = [Capability(NGORO, "adminduk", START, None, "Tribun")]
    said = [
        (Word("adminduk", NGORO, date(2024, 10, 20), NO), "SK 4"),
        (Word("rekam", NGORO, date(2024, 10, 25), YES), "SK 5"),
    ]
    found = {(c.capability, c.valid_from, c.valid_to, c.source) for c in capabilities_of(announced, said)}
    assert found == {
        ("adminduk", START, date(2024, 10, 19), "Tribun"),
        ("rekam", date(2024, 10, 25), None, "SK 5"),
    }


def test_hours_hold_from_their_day_on_and_leave_earlier_limits_as_they_were():
    table, turn = Timetable("1111100"), date(2024, 10, 16)
    said = [(Word(HOURS, EVERY_REPORT, turn, hours_value(time(14, 30), time(8, 0))), "SK 6")]
    old, new = Calendar({}), Calendar({}, hours=hours_of(said))
    for day in DAYS:
        if day < turn:
            assert new.limits(table, day) == old.limits(table, day)
    assert new.limits(table, turn) == (office_instant(turn, time(14, 30)), office_instant(date(2024, 10, 17), time(8)))
    tuesday = date(2024, 10, 15)
    assert new.limits(table, tuesday)[1] == office_instant(turn, time(9))
    assert new.deadline(turn) == office_instant(turn, time(14, 30))
    assert read_hours("99:99-1:1") == (time(16), time(9))


def change(day, value="gondang", *, stands=True):
    decided = Decision("SK", "Pengawas", NOW, None if stands else NOW)
    return Change(1, Word(HUB, NGORO_AREA, day, value), decided)


@pytest.mark.parametrize(
    ("what", "reason", "changes", "fields"),
    [
        (Word(HUB, NGORO_AREA, TODAY, "gondang"), "SK 3", [], []),
        (Word(HUB, NGORO_AREA, TODAY, NO_HUB), "SK 3", [], []),
        (Word(HUB, NGORO_AREA, TODAY, "mojosari"), "SK 3", [], ["value"]),
        (Word(HUB, NGORO_AREA, TODAY, "jetis-x"), "SK 3", [], ["value"]),
        (Word(HUB, "35.16.99", TODAY, "gondang"), "SK 3", [], ["value"]),
        (Word(HUB, NGORO_AREA, START - timedelta(days=1), "gondang"), "SK 3", [], ["valid_from"]),
        (Word(HUB, NGORO_AREA, TODAY + timedelta(days=400), "gondang"), "SK 3", [], ["valid_from"]),
        (Word(HUB, NGORO_AREA, TODAY, "gondang"), "", [], ["reason"]),
        (Word(HUB, NGORO_AREA, TODAY, "gondang"), "NIK 3516051203070001", [], ["reason"]),
        (Word(HUB, NGORO_AREA, TODAY, "gondang"), "SK 3", [change(TODAY, NO_HUB)], ["valid_from"]),
        (Word(HUB, NGORO_AREA, TODAY, "gondang"), "SK 3", [change(TODAY, NO_HUB, stands=False)], []),
        (Word(SEAT, NGORO, TODAY, "gondang"), "SK 3", [], []),
        (Word(SEAT, DINAS, TODAY, NO_HUB), "SK 3", [], []),
        (Word(SEAT, DINAS, TODAY, "dinas-mpp"), "SK 3", [], ["value"]),
        (Word(SEAT, NGORO, TODAY, NO_HUB), "SK 3", [], ["value"]),
        (Word(SEAT, NGORO_AREA, TODAY, "gondang"), "SK 3", [], ["value"]),
        (Word(SEAT, NGORO, TODAY, "jetis-x"), "SK 3", [], ["value"]),
        (Word("rekam", NGORO, TODAY, YES), "SK 3", [], []),
        (Word("rekam", "kec-x", TODAY, YES), "SK 3", [], ["value"]),
        (Word("adminduk", NGORO, TODAY, YES), "SK 3", [], ["value"]),
        (Word(HOURS, EVERY_REPORT, TODAY, "15:00-09:00"), "SK 3", [], []),
        (Word(HOURS, EVERY_REPORT, TODAY, "16:00-09:00"), "SK 3", [], ["value"]),
        (Word(HOURS, EVERY_REPORT, TODAY, "09:59-16:01"), "SK 3", [], ["deadline", "grace_end"]),
    ],
)
def test_what_may_be_said(what, reason, changes, fields):
    assert [p.field for p in check_word(what, reason, OFFICE, TODAY, changes)] == fields


def test_the_mark_changes_with_every_word_said_or_taken_back():
    marks = [mark([]), mark([change(TODAY)]), mark([change(TODAY, stands=False)])]
    assert len(set(marks)) == len(marks)
