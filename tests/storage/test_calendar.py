"""Weeks, days and excuses as they are kept: the newest word counts, what is withdrawn stays and holds no longer."""

from datetime import date, timedelta

from portal.domain.calendar import Timetable
from portal.domain.duty import Period
from portal.domain.schedule import DAY, WEEK, Decision, Entry, Opening, Week
from portal.storage import areas, calendar, completeness

from .. import people
from ..pages import watch
from ..people import GONDANG, NGORO, NOW, PUNGGING, TODAY

SATURDAY = date(2024, 10, 26)
OCTOBER = Period(date(2024, 10, 1), date(2024, 10, 31))
LATER = NOW + timedelta(hours=1)
WHO = people.supervisor


def test_what_is_kept_is_what_the_lists_know(database):
    from_monday = TODAY + timedelta(days=7)
    with database.writing() as tx:
        week = calendar.add(tx, Week(NGORO, from_monday, "1111110"), "SK 12", WHO.id, NOW)
        calendar.add(tx, Week(NGORO, TODAY, "1111000"), "SK 13", WHO.id, NOW)
        newer = calendar.add(tx, Week(NGORO, TODAY, "0111110"), "SK 14", WHO.id, LATER)
        opened = calendar.add(tx, Opening(None, SATURDAY, True), "SK 15", WHO.id, NOW)
        closed = calendar.add(tx, Opening(NGORO, SATURDAY, False), "banjir", WHO.id, NOW)
        calendar.add(tx, Opening(PUNGGING, TODAY, False), "listrik", WHO.id, NOW)
    with database.reading() as tx:
        office = areas.office(tx)
        found = calendar.weeks(tx, [NGORO])
        all_days = calendar.openings(tx, OCTOBER)
        of_ngoro = calendar.openings(tx, OCTOBER, NGORO)
    timetable = office.points[NGORO].timetable
    assert [timetable.mask(d) for d in (TODAY - timedelta(days=1), TODAY, from_monday)] == [
        "1111100",
        "0111110",
        "1111110",
    ]
    assert (office.calendar.opened, timetable.closed) == ({SATURDAY}, {SATURDAY})
    assert not office.calendar.serves(timetable, SATURDAY)
    assert office.calendar.serves(office.points[GONDANG].timetable, SATURDAY)
    assert found[-1] == Entry(week, Week(NGORO, from_monday, "1111110"), Decision("SK 12", WHO.name, NOW))
    assert len(found) == 3
    assert [e.what for e in all_days] == [
        Opening(PUNGGING, TODAY, False),
        Opening(None, SATURDAY, True),
        Opening(NGORO, SATURDAY, False),
    ]
    assert [e.id for e in of_ngoro] == [opened, closed]
    with database.writing() as tx:
        assert calendar.withdraw(tx, WEEK, newer, LATER)
        assert not calendar.withdraw(tx, WEEK, newer, LATER)
        assert calendar.withdraw(tx, DAY, closed, LATER)
        assert calendar.find(tx, DAY, closed).decided.withdrawn_at == LATER
        assert calendar.find(tx, WEEK, 999) is None
        office = areas.office(tx)
        assert calendar.weeks(tx)[1].decided.stands is False
    assert office.points[NGORO].timetable.mask(TODAY) == "1111000"
    assert office.calendar.serves(office.points[NGORO].timetable, SATURDAY)
    assert office.points[GONDANG].timetable == Timetable("1111100")


def test_the_last_word_of_a_day_is_told_for_exactly_whom_it_was_said(database):
    with database.writing() as tx:
        calendar.add(tx, Opening(None, SATURDAY, True), "SK 1", WHO.id, NOW)
        last = calendar.add(tx, Opening(None, SATURDAY, False), "SK 2", WHO.id, NOW)
        assert calendar.standing(tx, None, SATURDAY).id == last
        assert calendar.standing(tx, NGORO, SATURDAY) is None
        assert calendar.standing(tx, None, TODAY) is None
        calendar.withdraw(tx, DAY, last, LATER)
        assert calendar.standing(tx, None, SATURDAY).what.opens


def test_holidays_come_with_their_decree(database):
    with database.reading() as tx:
        (found,) = calendar.holidays(tx, Period(date(2024, 11, 1), date(2024, 11, 30)))
        assert calendar.holidays(tx, OCTOBER) == []
    assert (found.day, found.kind) == (date(2024, 11, 27), "pemungutan_suara")
    assert found.source.startswith("Keppres")


def test_one_excuse_stands_for_a_day_until_it_is_withdrawn(database):
    with database.writing() as tx:
        first = completeness.add(tx, NGORO, TODAY, "banjir", WHO.id, NOW)
        completeness.add(tx, PUNGGING, SATURDAY, "listrik", WHO.id, NOW)
        found = completeness.find(tx, NGORO, TODAY)
        assert (found.id, found.reason, found.by, found.at) == (first, "banjir", WHO.name, NOW)
        assert [e.day for e in completeness.in_period(tx, OCTOBER)] == [TODAY, SATURDAY]
        assert [e.id for e in completeness.in_period(tx, OCTOBER, [NGORO])] == [first]
        assert completeness.in_period(tx, Period(SATURDAY, SATURDAY), [NGORO]) == []
        assert completeness.withdraw(tx, first, LATER)
        assert not completeness.withdraw(tx, first, LATER)
        assert completeness.find(tx, NGORO, TODAY) is None


def test_the_lists_ask_as_many_questions_however_much_was_decided(database):
    def questions():
        watch.forget()
        with database.reading() as tx:
            areas.office(tx)
            calendar.weeks(tx)
            calendar.openings(tx, OCTOBER)
            completeness.in_period(tx, OCTOBER)
        return len(watch.statements)

    few = questions()
    with database.writing() as tx:
        for n in range(60):
            day = OCTOBER.first + timedelta(days=n % 31)
            calendar.add(tx, Opening(NGORO, day, n % 2 == 0), "SK", WHO.id, NOW)
            calendar.add(tx, Week(NGORO, day, "1111110"), "SK", WHO.id, NOW)
            completeness.add(tx, NGORO, OCTOBER.first + timedelta(days=n), "banjir", WHO.id, NOW)
    assert questions() == few
