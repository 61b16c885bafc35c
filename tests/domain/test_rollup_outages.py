"""What an outage does to the summary: a point stands still, and its cause is named where no part is why."""

from datetime import timedelta

from msgspec.structs import replace

from portal.domain.duty import Period
from portal.domain.equipment import BROKEN, COMPONENTS, GOOD, Component, Kit
from portal.domain.outages import Outage
from portal.domain.rollup import summarise
from portal.domain.summary import BY_WORK

from ..people import NGORO, NOW, PUNGGING, TODAY
from .test_rollup import OFFICE, facts


def test_an_outage_stops_a_point_whose_kit_is_well_and_names_no_part_for_it():
    whole = tuple(Component(0, "k", kind, GOOD, "", "", NOW, NOW, "x", 1) for kind in COMPONENTS)
    kits = [Kit("k", "Alat", NGORO, whole)]
    outage = Outage(1, None, "central_server", NOW - timedelta(hours=1), None, "record")
    day = Period(TODAY, TODAY)

    def row(**over):
        found = summarise(OFFICE, day, BY_WORK, facts(kits=kits, **over), NOW)
        return found, next(r for g in found.groups for r in g.rows if r.code == NGORO)

    found, well = row()
    assert (well.can_record, well.can_print, found.points_down, found.kits_recording) == ("able", "able", [], (1, 1))
    found, hit = row(outages=[outage])
    assert (hit.can_record, hit.can_print, hit.weakest) == ("unable", "able", None)
    assert ([r.code for r in found.points_down], found.kits_recording) == ([NGORO], (0, 1))
    assert (well.stopped_by, hit.stopped_by) == ((), ("central_server",))
    longer = replace(outage, id=2, point_code=NGORO, cause="power", began_at=NOW - timedelta(hours=3), stops="both")
    nothing = (
        replace(longer, id=3, cause="staff", stops="print"),
        replace(longer, id=4, cause="network", ended_at=NOW - timedelta(hours=1)),
        replace(longer, id=5, cause="network", withdrawn=True),
        replace(longer, id=6, cause="network", point_code=PUNGGING),
    )
    _found, hit = row(outages=[outage, longer, replace(longer, id=7), *nothing])
    assert hit.stopped_by == ("power", "central_server")


def test_a_broken_part_is_named_and_no_outage_with_it():
    broken = tuple(Component(0, "k", kind, BROKEN, "", "", NOW, NOW, "x", 1) for kind in COMPONENTS)
    printing = Outage(1, NGORO, "power", NOW - timedelta(hours=1), None, "print")
    found = summarise(
        OFFICE, Period(TODAY, TODAY), BY_WORK, facts(kits=[Kit("k", "Alat", NGORO, broken)], outages=[printing]), NOW
    )
    (down,) = found.points_down
    assert down.weakest is not None
    assert down.stopped_by == ()
