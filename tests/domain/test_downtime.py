from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from portal.domain.availability import measure, months
from portal.domain.calendar import WIB, office_instant
from portal.domain.diary import KitPlace
from portal.domain.downtime import (
    Condition,
    KitStory,
    PartStory,
    Tally,
    Told,
    kit_condition,
    known_until,
    mean_repair,
    part_condition,
    service_hours,
    spells,
    tally,
)
from portal.domain.duty import Period
from portal.domain.equipment import BROKEN, GOOD, PRINT, RECORD, RECORDS_WITH, REPAIR, Kit, usually_essential
from portal.domain.hours import FIRST, Hours
from portal.domain.intervals import NOTHING, difference, intersection, length, spans, union
from portal.domain.outages import Outage

from .. import records
from ..people import GONDANG, NGORO

OFFICE = records.office()
WEEK = Period(date(2024, 10, 14), date(2024, 10, 18))
NOW = datetime(2024, 10, 21, 13, 0, tzinfo=WIB)
HOUR = timedelta(hours=1)


def at(day: int, hour: int = 8, minute: int = 0) -> datetime:
    return datetime(2024, 10, day, hour, minute, tzinfo=WIB)


def told(day: int, hour: int = 8, status: str = GOOD) -> Told:
    return Told(at(day, hour), status)


def looked_at(words):
    """What was told, with somebody finding it unchanged at 7 every morning."""
    told_by = {word.since: word for word in words}
    for day in (11, 14, 15, 16, 17, 18, 21):
        earlier = [word for word in words if word.since <= at(day, 7)]
        state = max(earlier, key=lambda w: w.since).status if earlier else GOOD
        told_by.setdefault(at(day, 7), told(day, 7, state))
    return list(told_by.values())


def standing(code: str, point: str, first: int, last: int | None = None) -> KitPlace:
    kind = "point" if last is None else "visit"
    return KitPlace(
        first, code, kind, point, None, "", date(2024, 10, first), None if last is None else date(2024, 10, last)
    )


def story(iris=(), pc=(), code="KIT-1", point=NGORO, places=(), daily=True, since=None) -> KitStory:
    kit = Kit(code, code, point, (), tuple(places))
    words = {"iris": iris, "pc": pc, "printer": ()} | dict.fromkeys(RECORDS_WITH - {"iris", "pc"}, ())
    return KitStory(
        kit,
        since or at(8),
        [
            PartStory(kind, usually_essential(kind), looked_at(own) if daily or kind not in ("iris", "pc") else own)
            for kind, own in words.items()
        ],
    )


def outage(point=None, begin=None, end=None, cause="network", number=1, stops="both") -> Outage:
    return Outage(number, point, cause, begin, end, stops)


def measured(*stories, stops=(), period=WEEK, now=NOW, work=RECORD):
    return measure(OFFICE, stories, stops, period, now, work)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


# --- service hours ------------------------------------------------------------------------------


def test_service_hours_are_the_open_hours_of_service_days_up_to_now():
    point = OFFICE.points[NGORO]
    found = service_hours(OFFICE, point, Period(date(2024, 10, 18), date(2024, 10, 22)), NOW)
    assert found == ((at(18, 8), at(18, 16)), (at(21, 8), at(21, 13)))


def test_a_holiday_and_the_days_before_the_point_opened_have_none():
    point = OFFICE.points[NGORO]
    polling = records.POLLING_DAY
    later = office_instant(polling + timedelta(days=5), datetime.min.time())
    assert service_hours(OFFICE, point, Period(polling, polling), later) == NOTHING
    assert length(service_hours(OFFICE, point, Period(date(2024, 10, 7), date(2024, 10, 8)), NOW)) == hours(8)


def test_the_opening_hours_are_the_office_s_own():
    office = records.office(hours=(Hours(date.min, 7, 14),))
    assert length(service_hours(office, office.points[NGORO], WEEK, NOW)) == hours(35)


def test_hours_that_begin_later_leave_the_days_before_as_they_were():
    office = records.office(hours=(FIRST, Hours(date(2024, 10, 21), 8, 13)))
    found = service_hours(office, office.points[NGORO], Period(date(2024, 10, 18), date(2024, 10, 22)), at(23, 9))
    assert [end - begin for begin, end in found] == [hours(8), hours(5), hours(5)]


def test_a_look_holds_to_the_beginning_of_the_third_service_day_after_it():
    timetable = OFFICE.points[NGORO].timetable
    assert known_until(OFFICE.calendar, timetable, at(15, 9)) == at(18, 0)
    assert known_until(OFFICE.calendar, timetable, at(18, 9)) == at(23, 0)


# --- parts, kits, points ------------------------------------------------------------------------


def test_what_works_is_believed_for_a_while_and_what_does_not_until_somebody_says_otherwise():
    fresh = lambda moment: moment + timedelta(days=2)  # noqa: E731
    words = [told(14), told(17, 8, BROKEN)]
    found = part_condition(words, fresh, at(30))
    assert found == Condition(((at(14), at(16)),), ((at(17), at(30)),))


def test_a_back_dated_word_says_what_was_the_case_since_then():
    fresh = lambda moment: moment + timedelta(days=2)  # noqa: E731
    written = [told(14), told(17), told(15, 8, BROKEN), told(16)]
    assert part_condition(written, fresh, at(17)).down == ((at(15), at(16)),)
    assert part_condition([], fresh, at(19)) == Condition()


def test_of_two_words_for_one_moment_the_later_written_holds():
    fresh = lambda moment: moment + timedelta(days=2)  # noqa: E731
    words = [Told(at(14), BROKEN, 2), Told(at(14), GOOD, 1)]
    assert part_condition(words, fresh, at(15)) == part_condition(words[::-1], fresh, at(15))
    assert part_condition(words, fresh, at(15)).down == ((at(14), at(15)),)


def test_a_kit_is_as_able_as_its_weakest_part():
    iris = Condition(((at(14), at(18)),), NOTHING)
    pc = Condition(((at(14), at(15)),), ((at(15), at(16)),))
    assert kit_condition([iris, pc]) == Condition(((at(14), at(15)),), ((at(15), at(16)),))
    assert kit_condition([]) == Condition()


def test_a_day_and_a_half_broken_in_a_week_confirmed_daily():
    found = measured(story(iris=[told(15, 8, BROKEN), told(16, 12)]))
    (kit,) = found.kits
    assert (kit.tally.up, kit.tally.down, kit.tally.unknown) == (hours(28), hours(12), hours(0))
    assert kit.tally.availability == 70
    assert kit.tally.unknown_share == 0
    assert [(s.hours, s.ended) for s in kit.spells] == [(hours(12), at(16, 12))]
    assert mean_repair(kit.spells) == hours(12)
    assert kit.parts["pc"].availability == 100
    assert found.points[NGORO].tally == found.total == kit.tally
    assert found.kinds["iris"].down == hours(12)


def test_two_parts_down_at_once_are_counted_once():
    both = measured(story(iris=[told(15, 8, BROKEN), told(16, 12)], pc=[told(16, 8, REPAIR), told(17, 8)]))
    assert both.kits[0].tally.down == hours(16)
    assert {(c.what, c.status) for c in both.points[NGORO].causes} == {("iris", BROKEN), ("pc", REPAIR)}


def test_a_point_is_down_only_when_all_its_kits_are():
    one = story(iris=[told(15, 8, BROKEN)])
    other = story(pc=[told(16, 8, BROKEN), told(16, 12)], code="KIT-2")
    found = measured(one, other)
    assert {k.kit.code: k.tally.down for k in found.kits} == {"KIT-1": hours(32), "KIT-2": hours(4)}
    assert found.points[NGORO].tally.down == hours(4)
    assert found.points[NGORO].by_stops == hours(0)


def test_a_kit_that_moved_is_measured_where_it_stood():
    places = [standing("KIT-1", NGORO, 8), standing("KIT-1", GONDANG, 17)]
    found = measured(story(iris=[told(17, 8, BROKEN)], places=places))
    assert found.points[NGORO].tally == Tally(hours(24), hours(0), hours(0))
    assert found.points[NGORO].absent == hours(16)
    assert found.points[GONDANG].tally == Tally(hours(0), hours(16), hours(0))
    assert found.kits[0].tally.whole == hours(40)


def test_a_kit_at_a_school_is_neither_up_nor_down_at_its_office():
    away = KitPlace(2, "KIT-1", "visit", None, "npsn-1", "", date(2024, 10, 15), date(2024, 10, 16))
    found = measured(story(places=[standing("KIT-1", NGORO, 8), away]))
    assert found.points[NGORO].tally == Tally(hours(24), hours(0), hours(0))
    assert found.points[NGORO].absent == hours(16)


def test_before_a_kit_was_registered_there_was_none():
    found = measured(story(since=at(16, 12)))
    assert found.points[NGORO].tally.whole == hours(20)
    assert found.points[NGORO].absent == hours(20)


def test_unconfirmed_time_is_neither_up_nor_down():
    found = measured(story(iris=[told(14, 7)], pc=[told(14, 7)], daily=False))
    assert found.points[NGORO].tally == Tally(hours(24), hours(0), hours(16))
    assert found.total.availability == 100
    assert found.total.unknown_share == 40


def test_nothing_is_said_where_nothing_is_known():
    found = measured(story(daily=False))
    assert found.total == Tally(hours(0), hours(0), hours(40))
    assert found.total.availability is None
    assert measured().points == {}
    assert measured().total.unknown_share is None


def test_a_kit_that_never_had_a_needed_part_was_not_meant_for_the_work():
    printer = story()
    printer = KitStory(printer.kit, printer.since, [p for p in printer.parts if p.kind in ("pc", "printer")])
    assert measured(printer).kits == []
    assert measured(printer, work=PRINT).total.up == hours(40)


def test_a_part_that_this_kit_can_spare_stops_nothing():
    spared = story(iris=[told(15, 8, BROKEN)])
    parts = [PartStory(p.kind, "neither" if p.kind == "iris" else p.needed_for, p.told) for p in spared.parts]
    assert measured(KitStory(spared.kit, spared.since, parts)).total.down == hours(0)


def test_what_stops_printing_alone_costs_no_recordings():
    stops = [outage(NGORO, at(15, 10), at(15, 12), stops="print")]
    assert measured(story(), stops=stops).total.down == hours(0)
    assert measured(story(), stops=stops, work=PRINT).total.down == hours(2)


def test_an_outage_of_the_central_server_hits_every_point_once():
    kits = story(), story(code="KIT-2", point=GONDANG)
    stops = [
        outage(None, at(15, 10), at(15, 12), "central_server"),
        outage(NGORO, at(15, 11), at(15, 13), number=2),
    ]
    found = measured(*kits, stops=stops)
    assert found.points[NGORO].tally.down == found.points[NGORO].by_stops == hours(3)
    assert found.points[GONDANG].tally.down == hours(2)
    assert all(kit.tally.down == hours(0) for kit in found.kits)


def test_an_open_stop_runs_to_now_and_is_not_called_repaired():
    today = Period(date(2024, 10, 21), date(2024, 10, 21))
    found = measured(story(), stops=[outage(NGORO, at(21, 10))], period=today)
    (spell,) = found.points[NGORO].spells
    assert (spell.hours, spell.ended) == (hours(3), None)
    assert mean_repair([spell]) is None


def test_a_night_does_not_split_a_fault():
    service = spans([(at(15, 8), at(15, 16)), (at(16, 8), at(16, 16))])
    (spell,) = spells(((at(15, 12), at(16, 10)),), service, at(18))
    assert spell.hours == hours(6)
    assert spells(((at(15, 17), at(16, 7)),), service, at(18)) == []


def test_months_cut_a_period_and_add_up_to_it():
    period = Period(date(2024, 10, 14), date(2024, 12, 2))
    cut = months(period)
    assert [(m.first.day, m.last.day) for m in cut] == [(14, 31), (1, 30), (1, 2)]
    found = measured(story(), period=period)
    assert sum(found.months.values(), Tally()) == found.total


# --- properties ---------------------------------------------------------------------------------

instants = st.integers(0, 24 * 9).map(lambda n: at(13, 0) + timedelta(hours=n))
words = st.lists(
    st.builds(Told, instants, st.sampled_from([GOOD, BROKEN, REPAIR])), max_size=8, unique_by=lambda t: t.since
)
pairs = st.tuples(instants, instants).filter(lambda p: p[0] != p[1]).map(sorted)
moves = st.integers(13, 20).map(lambda day: (standing("K", NGORO, 8), standing("K", GONDANG, day)))
kits = st.lists(
    st.builds(story, words, words, st.just("K"), st.just(NGORO), moves, st.booleans(), instants), max_size=3
)
stop = st.builds(
    lambda p, where, number: outage(where, *p, number=number),
    pairs,
    st.sampled_from([None, NGORO]),
    st.integers(10, 10**6),
)
stops_of = st.lists(stop, max_size=3, unique_by=lambda o: o.id)


@given(kits, stops_of)
def test_up_down_and_unknown_are_the_service_hours_exactly(stories, stops):
    found = measured(*stories, stops=stops)
    for code, line in found.points.items():
        whole = length(service_hours(OFFICE, OFFICE.points[code], WEEK, NOW))
        assert min(line.tally.up, line.tally.down, line.tally.unknown, line.absent) >= timedelta()
        assert line.tally.whole + line.absent == whole
        assert line.by_stops <= line.tally.down
        assert sum(line.months.values(), Tally()) == line.tally
        assert sum((s.hours for s in line.spells), timedelta()) == line.tally.down
        explained = union(*(c.down for c in line.causes))
        assert difference(line.down, explained) == NOTHING
    for kit in found.kits:
        assert all(part.down <= kit.tally.down for part in kit.parts.values())
        assert all(part.whole == kit.tally.whole for part in kit.parts.values())


@given(kits, stops_of, st.randoms())
def test_the_order_in_which_things_were_told_does_not_matter(stories, stops, rng):
    def shuffled(items):
        items = list(items)
        rng.shuffle(items)
        return items

    mixed = [
        KitStory(s.kit, s.since, shuffled(PartStory(p.kind, p.needed_for, shuffled(p.told)) for p in s.parts))
        for s in stories
    ]
    one, other = measured(*stories, stops=stops), measured(*mixed, stops=shuffled(stops))
    assert one.points.keys() == other.points.keys()
    assert all(one.points[code].tally == other.points[code].tally for code in one.points)


@given(kits, stops_of, stop)
def test_one_more_stop_adds_no_more_than_what_was_not_down_before(stories, stops, more):
    more = replace(more, id=1)
    before, after = measured(*stories, stops=stops), measured(*stories, stops=[*stops, more])
    for code, line in after.points.items():
        old = before.points[code]
        added = line.tally.down - old.tally.down
        hit = spans([(more.began_at, min(more.ended_at, NOW))]) if more.hits(code) else NOTHING
        service = service_hours(OFFICE, OFFICE.points[code], WEEK, NOW)
        assert timedelta() <= added <= length(difference(intersection(hit, service), old.down))
        assert line.tally.whole == old.tally.whole


@given(kits, stop, st.floats(0, 1))
def test_a_stop_told_in_two_pieces_is_the_same_stop(stories, whole, share):
    cut = whole.began_at + share * (whole.ended_at - whole.began_at)
    pieces = [replace(whole, id=1, ended_at=cut), replace(whole, id=2, began_at=cut)]
    one, two = measured(*stories, stops=[whole]), measured(*stories, stops=pieces)
    assert {c: p.tally for c, p in one.points.items()} == {c: p.tally for c, p in two.points.items()}


@pytest.mark.parametrize(("up", "down", "expected"), [(30, 10, 75.0), (0, 5, 0.0), (5, 0, 100.0), (0, 0, None)])
def test_availability_is_up_of_what_is_known(up, down, expected):
    assert Tally(hours(up), hours(down), hours(7)).availability == expected


def test_a_tally_cuts_a_condition_to_the_hours():
    found = Condition(((at(15, 0), at(15, 10)),), ((at(15, 10), at(15, 11)),))
    assert tally(found, ((at(15, 8), at(15, 16)),)) == Tally(hours(2), hours(1), hours(5))
