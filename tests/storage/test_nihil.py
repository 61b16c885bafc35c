"""NIHIL as a fact with a cause, through the real tables and the one summary: it changes coverage and never a sum."""

import random
from datetime import date, timedelta

import pytest

from portal.domain.calendar import days
from portal.domain.recordings import NIHIL_REASONS, as_kept
from portal.domain.rollup import summarise
from portal.domain.summary import BY_HOME, BY_WORK, Period
from portal.storage import recordings, summary

from .. import people, records
from ..people import GONDANG, NGORO, NOW, PUNGGING

PERIOD = Period(date(2024, 10, 10), date(2024, 10, 18))
POINTS = (NGORO, PUNGGING, GONDANG)


def look(database, office):
    with database.reading() as tx:
        facts = summary.facts(tx, PERIOD)
    return [summarise(office, PERIOD, book, facts, NOW) for book in (BY_WORK, BY_HOME)]


@pytest.mark.parametrize("seed", range(3))
def test_each_missing_day_that_becomes_nihil_changes_coverage_and_no_sum(database, office, seed):
    chance = random.Random(seed)
    with database.writing() as tx:
        for day in days(PERIOD.first, PERIOD.last):
            for point in POINTS:
                if chance.random() < 0.5:
                    entry = records.entry(chance.randrange(60), {"35.16.05": 0}, printed_prr=chance.randrange(9))
                    recordings.add(tx, point, day, entry, people.clerk.id, NOW)
    before = look(database, office)
    silent = [gap for gap in before[0].missing if gap[0] in POINTS]
    assert silent
    told = []
    for point, day in silent:
        reason = chance.choice(sorted(NIHIL_REASONS))
        with database.writing() as tx:
            recordings.add(tx, point, day, as_kept(records.nihil(reason, f"sebab {reason}")), people.clerk.id, NOW)
        told.append((point, day, reason))
        after = look(database, office)
        for then, now in zip(before, after, strict=True):
            assert now.total.values == then.total.values
            # A point that was silent all along has its sums still unknown but for the nought it states.
            for old, new in zip(then.rows, now.rows, strict=True):
                assert (old.values["recorded"] or 0) == (new.values["recorded"] or 0)
            assert now.total.completeness.received == then.total.completeness.received + 1
            assert len(now.missing) == len(then.missing) - 1
        before = after
    for found in before:
        days_told = [(m.point_code, m.day, m.nihil_reason) for m in found.nihil_days]
        assert sorted(days_told) == sorted(told)
        assert [m.day for m in found.nihil_days] == sorted(m.day for m in found.nihil_days)
        assert all(m.note == f"sebab {m.nihil_reason}" for m in found.nihil_days)
        assert sum(found.causes.values()) == len(told)
        assert list(found.causes.values()) == sorted(found.causes.values(), reverse=True)


def test_the_trend_knows_the_causes_of_each_day_as_the_days_do(database, office):
    monday = date(2024, 10, 14)
    with database.writing() as tx:
        recordings.add(tx, NGORO, monday, as_kept(records.nihil("alat_rusak")), people.clerk.id, NOW)
        recordings.add(tx, PUNGGING, monday, as_kept(records.nihil("alat_rusak")), people.clerk.id, NOW)
        recordings.add(tx, GONDANG, monday, as_kept(records.nihil("tak_ada_pemohon")), people.clerk.id, NOW)
        gone = date(2024, 10, 15)
        recordings.add(tx, NGORO, gone, as_kept(records.nihil("jaringan_server")), people.clerk.id, NOW)
        recordings.cancel(tx, recordings.find(tx, NGORO, gone), "salah", people.clerk.id, NOW)
    found, _home = look(database, office)
    trend = {d.day: d for d in found.trend}
    assert list(trend[monday].causes.items()) == [("alat_rusak", 2), ("tak_ada_pemohon", 1)]
    assert sum(trend[monday].causes.values()) == trend[monday].nihil
    assert trend[gone].causes == {}
    assert trend[monday + timedelta(days=2)].causes == {}
    assert found.causes == {"alat_rusak": 2, "tak_ada_pemohon": 1}


def test_a_note_is_read_with_a_nihil_day_only(database):
    with database.writing() as tx:
        recordings.add(tx, NGORO, PERIOD.first, records.entry(4, note="ramai"), people.clerk.id, NOW)
        recordings.add(
            tx, PUNGGING, PERIOD.first, as_kept(records.nihil("lain", "pindah kantor")), people.clerk.id, NOW
        )
        notes = {m.point_code: m.note for m in recordings.marks(tx, PERIOD)}
    assert notes == {NGORO: "", PUNGGING: "pindah kantor"}
