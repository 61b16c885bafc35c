"""Elections at the supervisor's desk: what is to come is kept at once, past figures change only when they were seen."""

from datetime import date

import pytest
from msgspec.structs import replace

from portal.actions import elections as action
from portal.actions.office import load_reference
from portal.domain.calendar import Election
from portal.domain.elections import AltersFigures, fingerprint
from portal.domain.pace import OFFICE
from portal.domain.pace_areas import SetTarget
from portal.domain.problems import STALE, Conflict, Invalid, NotPermitted, Unknown
from portal.storage import areas, elections, ledger, pace, recordings

from .. import people, records
from ..digest import digest
from ..people import NGORO, NOW, TODAY

CODE = "pilkada-2024"
AHEAD = Election("", "Pilkada 2029", date(2029, 11, 28), date(2012, 11, 28), date(2029, 10, 1), "KPU", OFFICE)


class Desk:
    """The supervisor's, each deed in a transaction of its own."""

    def __init__(self, database):
        self.database = database

    def add(self, wanted=AHEAD, *, who=people.supervisor, id=None):
        with self.database.writing() as tx:
            return action.add(tx, people.sending(who), id or records.submission_id(), wanted)

    def change(self, wanted, seen="", *, who=people.supervisor, id=None):
        with self.database.writing() as tx:
            return action.change(tx, people.sending(who), id or records.submission_id(), wanted, seen)

    def target(self, number=300, since=TODAY, seen="", *, code="35.16.05", of=CODE, who=people.supervisor, id=None):
        target = SetTarget(0, of, "kecamatan", code, since, 0, "SK 12/2024")
        with self.database.writing() as tx:
            office, id = areas.office(tx), id or records.submission_id()
            drawn = max((t.id for t in pace.targets(tx, of)), default=0)
            return action.set_target(tx, people.sending(who), office, id, target, number, seen, drawn)

    def kept(self, code=CODE):
        with self.database.reading() as tx:
            return elections.find(tx, code)

    def effect_of(self, deed, *args, **more):
        with pytest.raises(AltersFigures) as told:
            deed(*args, **more)
        return told.value

    def report(self, day, number=30):
        with self.database.writing() as tx:
            recordings.add(tx, NGORO, day, records.entry(number), people.clerk.id, NOW)


@pytest.fixture
def desk(database):
    return Desk(database)


def test_a_new_one_is_kept_written_down_and_known_to_the_office(desk, database):
    id = records.submission_id()
    first = desk.add(id=id)
    assert desk.add(id=id) == first
    assert first.object_id == "pilkada-2029"
    with database.reading() as tx:
        office = areas.office(tx)
        (entry,) = ledger.history(tx, action.KIND, "pilkada-2029")
    assert office.election(date(2029, 1, 1)).name == "Pilkada 2029"
    assert office.election(TODAY).code == CODE
    assert entry.changes["polling_day"] == [None, "2029-11-28"]
    with pytest.raises(Invalid) as told:
        desk.add()
    assert [p.field for p in told.value.problems] == ["name"]


def test_a_name_may_change_at_once_and_a_stale_form_may_not(desk):
    kept = desk.kept()
    desk.change(replace(kept, name="Pilkada Serentak 2024"))
    assert desk.kept().version == 2
    with pytest.raises(Conflict) as told:
        desk.change(replace(kept, name="Pilkada"))
    assert (told.value.why, told.value.kept.name) == (STALE, "Pilkada Serentak 2024")
    with pytest.raises(Unknown):
        desk.change(replace(kept, code="pilkada-1955"))


def test_past_figures_change_only_when_exactly_that_was_seen(desk, database):
    desk.report(date(2024, 10, 14))
    later = replace(desk.kept(), target_kind=OFFICE, first_service_day=date(2024, 10, 14))
    before = digest(database)
    told = desk.effect_of(desk.change, later)
    assert digest(database) == before
    whole = next(m for m in told.moved if m.level == "district")
    assert (whole.before.recorded, whole.after.recorded) == (0, 30)  # on lists of places nobody was visited
    seen = fingerprint(told.moved)
    desk.report(date(2024, 10, 15))
    again = desk.effect_of(desk.change, later, seen)
    assert again.shown
    desk.change(later, fingerprint(again.moved))
    assert desk.kept().first_service_day == date(2024, 10, 14)
    with database.reading() as tx:
        entry = ledger.history(tx, action.KIND, CODE)[0]
    assert entry.changes["altered_areas"][1] == len(again.moved)


def test_a_target_stands_beside_the_older_ones(desk, database):
    chosen = replace(desk.kept(), target_kind=OFFICE)
    desk.change(chosen, fingerprint(desk.effect_of(desk.change, chosen).moved))  # areas that lists do not know
    told = desk.effect_of(desk.target, 300, date(2024, 10, 8))
    assert {(m.level, m.before.target, m.after.target) for m in told.moved} == {
        ("district", None, 300),
        ("hub", None, 300),
        ("kecamatan", None, 300),
    }
    desk.target(300, date(2024, 10, 8), fingerprint(told.moved))
    desk.target(500, date(2024, 11, 1))  # of a day to come: nothing that is gone moves
    with database.reading() as tx:
        assert [(t.people, t.valid_from) for t in pace.targets(tx, CODE)] == [
            (500, date(2024, 11, 1)),
            (300, date(2024, 10, 8)),
        ]
        assert [e.deed for e in ledger.history(tx, action.KIND, CODE)][:2] == ["elections.target"] * 2


def test_what_is_wrong_or_not_allowed_leaves_no_trace(desk, database):
    before = digest(database)
    with pytest.raises(Invalid):
        desk.target(0)
    with pytest.raises(Unknown):
        desk.target(of="pilkada-1955")
    with pytest.raises(Invalid):
        desk.change(replace(desk.kept(), source=""))
    for who in (people.clerk, people.liaison, people.reader):
        with pytest.raises(NotPermitted):
            desk.add(who=who)
        with pytest.raises(NotPermitted):
            desk.change(desk.kept(), who=who)
        with pytest.raises(NotPermitted):
            desk.target(who=who)
    assert digest(database) == before


def test_loading_the_reference_lists_again_keeps_what_the_supervisor_edited(desk, database):
    desk.change(replace(desk.kept(), name="Pilkada kita"))
    with database.writing() as tx:
        load_reference(tx, ledger.Hand(None, "init", NOW))
    assert desk.kept().name == "Pilkada kita"
