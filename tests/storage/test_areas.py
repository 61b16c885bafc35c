from datetime import date, timedelta

from sqlalchemy import insert, update

from portal.domain.areas import OUTSIDE, overlapping
from portal.domain.calendar import days
from portal.domain.duty import Period
from portal.storage import areas, recordings, summary
from portal.storage.tables import hub_member

from .. import people, records
from ..people import NOW

TURN = date(2024, 10, 15)
GAP = date(2024, 10, 17)


def move(tx, kecamatan, last, hub, first):
    """A kecamatan belongs to its hub until ``last`` and to another from ``first`` on."""
    tx.execute(update(hub_member).where(hub_member.c.kecamatan_code == kecamatan).values(valid_to=last))
    tx.execute(insert(hub_member).values(kecamatan_code=kecamatan, hub_code=hub, valid_from=first, source="test"))


def test_the_lists_and_the_sums_know_the_same_hub_on_every_day(database):
    """Ngoro changes its hub from one day to the next, Pungging with two days under none between."""
    with database.writing() as tx:
        move(tx, "35.16.05", TURN - timedelta(days=1), "gondang", TURN)
        move(tx, "35.16.06", TURN - timedelta(days=1), "jetis", GAP)
        office = areas.office(tx)
        span = list(days(date(2024, 10, 13), date(2024, 10, 18)))
        for day in span:
            for code, point in office.points.items():
                home = {point.kecamatan_code: 2} if point.kecamatan_code else {OUTSIDE: 2}
                assert recordings.add(tx, code, day, records.entry(3, home), people.supervisor.id, NOW)
    assert overlapping(office.members) is None
    for day in span:
        with database.reading() as tx:
            facts = summary.facts(tx, Period(day, day))
        expected = {
            (code, office.hub_of(p.kecamatan_code, day) if p.kecamatan_code else office.hub_points[code], 3)
            for code, p in office.points.items()
        }
        assert {(w.point_code, w.hub_code, w.sums["recorded"]) for w in facts.work} == expected, day
        assert len(facts.work) == len(office.points), day
        homes = {(code, office.hub_of(code, day), 2) for code in office.kecamatan}
        assert {(h.home_code, h.hub_code, h.office) for h in facts.homes if h.home_code != OUTSIDE} == homes, day
    assert [office.hub_of("35.16.05", d) for d in (TURN - timedelta(days=1), TURN)] == ["mojosari", "gondang"]
    assert [office.hub_of("35.16.06", d) for d in (TURN, GAP - timedelta(days=1), GAP)] == ["", "", "jetis"]
