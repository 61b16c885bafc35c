"""Whose target is whose work: sums of those who have one, lists that move with the visits, nobody counted twice."""

from datetime import date, datetime, time, timedelta

from msgspec.structs import replace

from portal.domain.areas import NO_HUB, Place
from portal.domain.calendar import WIB
from portal.domain.figures import Figure
from portal.domain.pace import DISTRICT, HUB, KECAMATAN, KIND, LIST, OFFICE, PLACES, courses_of, pace
from portal.domain.pace_areas import WHOLE, Facts, ReportDay, SetTarget, VisitDay, board
from portal.domain.places import CONFIRMED, Buckets, TargetBatch
from portal.domain.sweeps import Standing

from .. import records
from ..people import NGORO, PUNGGING, SCHOOL
from ..records import START

LISTS = records.office()
NOW = datetime.combine(date(2024, 10, 10), time(13), WIB)
TODAY = NOW.date()
ELECTION = replace(LISTS.elections[0], target_kind=OFFICE)
NGORO_CODE, PUNGGING_CODE = "35.16.05", "35.16.06"


def mark(point, day, recorded, reason=None, *, excluded=False):
    return ReportDay(point, day, recorded, reason, excluded)


def target(code, people, level=KECAMATAN, since=START, id=1):
    return SetTarget(id, ELECTION.code, level, code, since, people, "SK")


def paces(facts, election=ELECTION, now=NOW, office=LISTS):
    found = board(office, election, facts, now, lambda batches: "daftar")
    today = now.date()
    courses = courses_of(office, election, found.lines.values(), today)
    every = (pace(election, area, courses, today) for area in (*found.areas, *found.kinds))
    return {(p.area.level, p.area.code): p for p in every}


def test_a_sum_is_of_those_with_a_target_on_both_sides():
    marks = [mark(NGORO, START, 30), mark(PUNGGING, START, 20), mark("dinas", START, 50)]
    found = paces(Facts(marks, (), [target(NGORO_CODE, 300)]))
    assert (found[KECAMATAN, NGORO_CODE].target, found[KECAMATAN, NGORO_CODE].recorded) == (300, 30)
    assert (found[KECAMATAN, PUNGGING_CODE].target, found[KECAMATAN, PUNGGING_CODE].recorded) == (None, 20)
    for key in ((HUB, "mojosari"), (DISTRICT, WHOLE)):
        assert (found[key].target, found[key].recorded) == (300, 30)
    assert (found[HUB, "mojosari"].area.members, found[HUB, "mojosari"].area.without) == (3, 2)
    assert found[HUB, NO_HUB].target is None


def test_without_any_target_all_work_still_shows():
    marks = [mark(NGORO, START, 30), mark("dinas", START, 50)]
    found = paces(Facts(marks, ()))
    assert (found[DISTRICT, WHOLE].target, found[DISTRICT, WHOLE].recorded) == (None, 80)


def test_a_district_target_of_its_own_counts_everybody_and_tells_its_parts():
    marks = [mark(NGORO, START, 30), mark("dinas", START, 50)]
    targets = [target(WHOLE, 900, DISTRICT), *(target(code, 100) for code in LISTS.kecamatan)]
    whole = paces(Facts(marks, (), targets))[DISTRICT, WHOLE]
    assert (whole.target, whole.recorded, whole.area.parts, whole.area.without) == (900, 80, 500, 0)


def test_of_two_targets_from_one_day_the_later_kept_counts_and_older_days_keep_theirs():
    later = START + timedelta(days=1)
    targets = [target(NGORO_CODE, 200, since=later, id=3), target(NGORO_CODE, 150, since=later, id=2)]
    area = paces(Facts((), (), [*targets, target(NGORO_CODE, 100)]))[KECAMATAN, NGORO_CODE].area
    assert (area.target(START), area.target(later), area.target(TODAY)) == (100, 200, 200)


def test_what_a_supervisor_took_out_is_in_no_sum_and_no_pace_but_not_missing():
    found = paces(Facts([mark(NGORO, START, 300, excluded=True)], ()))[KECAMATAN, NGORO_CODE]
    assert (found.recorded, found.usual, found.silent) == (0, None, 1)  # the 9th is missing, the 8th is not


def test_an_outage_in_a_report_is_a_day_on_which_it_was_stopped():
    marks = [mark(NGORO, START, 0, "alat_rusak"), mark(NGORO, START + timedelta(days=1), 20)]
    found = paces(Facts(marks, ()))[KECAMATAN, NGORO_CODE]
    assert (found.usual.middle, found.steady.middle) == (10, 20)


def test_a_published_list_counts_who_was_recorded_before_it():
    reading = Figure(
        "kecamatan", NGORO_CODE, "dp4_unrecorded", 100, "person", TODAY, str(TODAY), ELECTION.code, "KPU", ""
    )
    other = replace(reading, election="pemilu-2019", value=5000)
    election = replace(ELECTION, target_kind=LIST)
    marks = [mark(NGORO, START, 30), mark(NGORO, START + timedelta(days=1), 20)]
    found = paces(Facts(marks, (), figures=[reading, other]), election)[KECAMATAN, NGORO_CODE]
    assert (found.target, found.recorded, found.remaining, found.area.source) == (150, 50, 100, "KPU")


def school(batch=True, since=None, **over):
    place = Place(SCHOOL, "sekolah", "SMAN 1 Ngoro", NGORO_CODE, "20502725", "SMA")
    kept = TargetBatch(1, SCHOOL, START, Buckets(40, 20, 10), None, "Sekolah", CONFIRMED, "a", NOW)
    return Standing(place, kept if batch else None, since or {}, **over)


def test_lists_of_places_count_visits_only_and_move_with_them():
    election = replace(ELECTION, target_kind=PLACES)
    visits = [VisitDay(SCHOOL, NGORO, START, 42)]
    standing = school(since={"recorded_from_list": 40, "walk_in": 2}, visits=1)
    facts = Facts([mark(NGORO, START, 99)], visits, standings=[standing])
    found = paces(facts, election)
    for key in ((DISTRICT, WHOLE), (HUB, "mojosari"), (KECAMATAN, NGORO_CODE), (KIND, "SMA")):
        assert (found[key].recorded, found[key].remaining) == (42, standing.voters_left), key
    assert found[KECAMATAN, PUNGGING_CODE].target is None
    assert (KIND, "SMA") in paces(facts)  # school types stand beside every kind of target


def test_a_result_that_is_owed_makes_a_figure_preliminary_and_its_day_unknown():
    visits = [VisitDay(SCHOOL, NGORO, START, None)]
    found = paces(Facts((), visits, standings=[school()]))[KIND, "SMA"]
    assert (found.area.owed, found.provisional) == (1, True)
    assert found.usual.days == 1  # the 9th, on which nobody went; the 8th is not known


def test_a_place_without_a_list_is_unknown_not_done():
    found = paces(Facts((), (), standings=[school(batch=False)]))[KIND, "SMA"]
    assert (found.target, found.area.without) == (None, 1)
