"""Opening hours hold from a day on; what a change does to days that are gone is known before it is kept."""

from datetime import timedelta

import pytest

from portal.actions import hours as action
from portal.domain.hours import RecountsPast, fingerprint
from portal.domain.problems import Conflict, Invalid, NotPermitted, Unknown
from portal.storage import areas, hours, ledger

from .. import people, records
from ..people import NOW, TODAY

WEEK_AGO = TODAY - timedelta(days=7)


def change(database, valid_from=TODAY + timedelta(days=1), opens=7, closes=14, reason="SE 12", seen="", who=None):
    with database.writing() as tx:
        sender = people.sending(who or people.supervisor, NOW)
        action.change(tx, sender, records.submission_id(), valid_from, opens, closes, reason, seen)


def withdraw(database, hours_id, reason="salah", seen=""):
    with database.writing() as tx:
        sender = people.sending(people.supervisor, NOW)
        action.withdraw(tx, sender, records.submission_id(), hours_id, reason, seen)


def span(database, day):
    with database.reading() as tx:
        found = areas.office(tx).hours_on(day)
    return found.opens, found.closes


def test_a_change_for_tomorrow_leaves_today_as_it_was(database):
    change(database)
    assert span(database, TODAY) == (8, 16)
    assert span(database, TODAY + timedelta(days=1)) == (7, 14)
    with database.reading() as tx:
        assert ledger.history(tx, "calendar", "hours")[0].changes["hours"] == ["08.00–16.00", "07.00–14.00"]


def test_a_change_that_reaches_back_is_kept_only_by_whoever_saw_what_it_alters(database):
    with pytest.raises(RecountsPast) as told:
        change(database, WEEK_AGO)
    (month,) = told.value.effect
    assert (month.first, month.days, month.before, month.after) == (TODAY.replace(day=1), 6, 48, 42)
    assert span(database, WEEK_AGO) == (8, 16)
    with pytest.raises(RecountsPast):
        change(database, WEEK_AGO, seen="anders")
    change(database, WEEK_AGO, seen=fingerprint(told.value.effect))
    assert (span(database, WEEK_AGO), span(database, WEEK_AGO - timedelta(days=1))) == ((7, 14), (8, 16))
    with database.reading() as tx:
        kept = hours.entries(tx)[0].id
    with pytest.raises(RecountsPast) as back:
        withdraw(database, kept)
    assert (back.value.effect[0].before, back.value.effect[0].after) == (42, 48)
    withdraw(database, kept, seen=fingerprint(back.value.effect))
    assert span(database, WEEK_AGO) == (8, 16)
    with pytest.raises((Unknown, Conflict)):
        withdraw(database, kept)


def test_hours_set_before_they_were_dated_hold_for_all_days_before_the_first_change(database):
    with database.writing() as tx:
        areas.set_setting(tx, "limit.opens_hour", "9")
    assert span(database, WEEK_AGO) == (9, 16)


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"opens": None}, "opens"),
        ({"opens": 4}, "opens"),
        ({"closes": 23}, "closes"),
        ({"opens": 8, "closes": 16}, "opens"),
        ({"valid_from": None}, "valid_from"),
        ({"valid_from": TODAY - timedelta(days=400)}, "valid_from"),
        ({"reason": " "}, "reason"),
    ],
)
def test_hours_that_cannot_be_are_refused(database, over, field):
    with pytest.raises(Invalid) as refused:
        change(database, **over)
    assert [p.field for p in refused.value.problems] == [field]


def test_of_two_who_set_them_from_one_day_the_second_is_told(database):
    change(database)
    with pytest.raises(Invalid) as refused:
        change(database, opens=9)
    assert [p.field for p in refused.value.problems] == ["valid_from"]
    assert span(database, TODAY + timedelta(days=1)) == (7, 14)
    with database.reading() as tx:
        (kept,) = hours.entries(tx)
    withdraw(database, kept.id)
    change(database, opens=9)
    assert span(database, TODAY + timedelta(days=1)) == (9, 14)


def test_only_the_supervisor_sets_them(database):
    with pytest.raises(NotPermitted):
        change(database, who=people.clerk)
