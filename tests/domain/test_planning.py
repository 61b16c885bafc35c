"""What the planner is given: who waits, which kits may go, until when, and what one thing more would change."""

from datetime import date, datetime, timedelta

from portal.domain.areas import Place
from portal.domain.equipment import COMPONENTS, Component, Kit
from portal.domain.planner import DAY, MORNING
from portal.domain.planning import REST_DAYS, horizon, suggest, teams_of, waiting_of
from portal.domain.sweeps import Standing

from .. import people, records
from .test_sweep_summary import batch

TODAY = people.TODAY
NGORO, PUNGGING = "35.16.05", "35.16.06"
CENTROIDS = {NGORO: (-7.55, 112.62), PUNGGING: (-7.52, 112.58)}


def office(**over):
    return records.office(centroids=CENTROIDS, **over)


def standing(code="a", listed=None, kecamatan=NGORO, **more):
    return Standing(Place(code, "sekolah", code.upper(), kecamatan, ""), listed, {}, **more)


def kit(code="KIT-1", point=people.NGORO, status="good", confirmed=people.NOW):
    parts = tuple(
        Component(n, code, kind, status, "", "", people.NOW, confirmed, "Petugas", 1)
        for n, kind in enumerate(COMPONENTS, start=1)
    )
    return Kit(code, code, point, parts)


def suggestion(found, kits=None, planned=None, lists=None):
    lists = lists or office()
    teams = teams_of(lists, [kit()] if kits is None else kits, {}, people.NOW, keep_one=False)
    return suggest(lists, people.NOW, found, planned or {}, teams)


def test_it_plans_from_tomorrow_to_the_day_before_polling_day():
    assert horizon(office(), people.NOW) == (TODAY + timedelta(days=1), date(2024, 11, 26), records.POLLING_DAY)
    eve = datetime(2024, 11, 26, 12, tzinfo=people.NOW.tzinfo)
    assert horizon(office(), eve)[2] is None
    assert horizon(office(elections=()), people.NOW)[:2] == (date(2024, 10, 22), date(2024, 11, 18))


def test_no_line_falls_on_a_holiday_a_closed_day_or_polling_day():
    many = [standing(f"p{n}", batch(100, 100, 100)) for n in range(30)]
    lists = office()
    days = {line.day for line in suggestion(many).proposal.lines}
    assert days
    assert all(lists.calendar.serves(lists.points[people.NGORO].timetable, day) for day in days)
    assert max(days) < records.POLLING_DAY


def test_nobody_waits_where_nobody_told_how_many():
    found = suggestion([standing()])
    assert (found.waiting, found.unlisted, found.proposal.lines) == ({}, 1, ())


def test_who_waits_keeps_those_who_can_vote_in_front():
    lists = office()
    one = waiting_of([standing(listed=batch(40, 30, 20))], {}, lists, TODAY)["a"]
    assert (one.voters, one.later, one.absence, one.own_absence) == (70, 20, 20, False)
    last = TODAY - timedelta(days=1)
    due = waiting_of(
        [standing(listed=batch(), visits=1, last_visit=last, open_left=3, open_due=last, ever=(20, 8))],
        {},
        lists,
        TODAY,
    )["a"]
    assert (due.overdue, due.absence, due.own_absence) == (True, 40, True)
    assert due.not_before == last + timedelta(days=REST_DAYS)


def test_a_planned_visit_leaves_only_the_rest_to_suggest():
    day = TODAY + timedelta(days=2)
    found = suggestion([standing(listed=batch(100, 40, 0))], planned={"a": [(day, DAY)]})
    (line,) = found.proposal.lines
    assert (line.invited, line.day) != (140, day)
    assert line.invited == 140 - 125
    assert line.day != day


def test_a_kit_that_cannot_record_stays_and_one_of_each_point_on_demand():
    kits = [kit("K1"), kit("K2"), kit("K3", people.PUNGGING), kit("K4", people.PUNGGING, "broken")]
    lists = office()
    booked = {"K1": frozenset({(TODAY, MORNING)})}
    teams = teams_of(lists, kits, booked, people.NOW, keep_one=False)
    assert [(t.kit_code, t.only, t.busy) for t in teams] == [
        ("K1", False, booked["K1"]),
        ("K2", False, frozenset()),
        ("K3", True, frozenset()),
    ]
    assert [t.kit_code for t in teams_of(lists, kits, booked, people.NOW, keep_one=True)] == ["K2"]


def test_it_says_who_is_left_and_what_would_help():
    many = [standing(f"p{n:02}", batch(100, 100, 0), PUNGGING if n % 2 else NGORO) for n in range(30)]
    found = suggestion(many)
    assert found.proposal.missed[0] > 0
    assert found.left == (6000, 0)
    where, change = found.one_kit_more
    assert where in CENTROIDS
    assert change.voters > 0
    assert found.saturdays.voters > 0
    assert suggestion(many[:2]).one_kit_more is None
    assert suggestion(many, kits=[]).no_kit


def test_a_joined_day_is_one_errand():
    small = [standing(code, batch(2, 1, 0)) for code in "abcd"]
    errands = suggestion(small).errands(TODAY, TODAY + timedelta(days=30))
    assert [len(e.lines) for e in errands] == [3, 1]
    assert len({e.key for e in errands}) == 2
    assert errands[0].first.order == 1
