"""A kit leaves service as a whole and comes back; nothing of it is lost, and nothing is said of it meanwhile."""

from datetime import date, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from portal.actions import equipment as status
from portal.actions import retirement as action
from portal.actions import visits
from portal.domain.calendar import office_day
from portal.domain.equipment import ABLE, BROKEN, GOOD, MISSING, NOT_IN_USE, UNABLE
from portal.domain.problems import STALE, Conflict, Invalid, NotPermitted
from portal.storage import downtime, equipment, faults, ledger, retirement

from .. import people, records
from ..people import NGORO, NOW, TODAY

KIT = f"kit-{NGORO}"
LATER = NOW + timedelta(hours=1)


def sent(database, deed, *args, who=people.supervisor, at=LATER, **more):
    with database.writing() as tx:
        return deed(tx, people.sending(who, at), records.submission_id(), KIT, *args, **more)


def kit(database):
    with database.reading() as tx:
        return equipment.find(tx, KIT)


def retire(database, since=TODAY, reason="rusak_berat", note="BA 12/2024", version=None, **more):
    version = kit(database).version if version is None else version
    return sent(database, action.retire, version, since, reason, note, **more)


def test_a_kit_leaves_with_all_its_parts_in_one_step_and_stays_readable(database):
    sent(database, status.set_status, "iris", 1, "missing", "hilang", "", who=people.clerk, at=NOW)
    retire(database)
    kept = kit(database)
    assert kept.retired_on == TODAY
    assert {c.kind: c.status for c in kept.components if c.status != NOT_IN_USE} == {"iris": MISSING}
    with database.reading() as tx:
        assert KIT not in [k.code for k in equipment.kits(tx)]
        assert KIT not in [k.code for k in equipment.kits(tx, [NGORO], TODAY)]
        assert KIT in [k.code for k in equipment.kits(tx, retired=True)]
        assert equipment.events(tx, KIT)[0].note == "BA 12/2024"
        (line,) = retirement.of_kits(tx, KIT)[KIT]
        assert (line.since, line.reason, line.by, line.until) == (TODAY, "rusak_berat", people.supervisor.name, None)
        assert faults.waiting(tx) == []
        assert [f.component_kind for f in faults.waiting(tx, [KIT])] == ["iris"]
        assert ledger.history(tx, "kit", KIT)[0].deed == "equipment.retire"


def test_nothing_is_said_of_a_kit_out_of_service(database):
    retire(database)
    version = next(c.version for c in kit(database).components if c.kind == "pc")
    with pytest.raises(Invalid):
        sent(database, status.set_status, "pc", version, "good", "", "", who=people.clerk)
    with pytest.raises(Invalid):
        sent(database, status.confirm, kit(database).version, who=people.clerk)
    with pytest.raises(Conflict) as again:
        retire(database)
    assert again.value.args[0] == STALE


def test_it_comes_back_as_somebody_saw_it(database):
    retire(database)
    sent(database, action.take_back, kit(database).version, "", looked_at=False)
    assert (kit(database).retired_on, kit(database).can_record) == (None, UNABLE)
    retire(database)
    sent(database, action.take_back, kit(database).version, "dicoba", looked_at=True)
    assert (kit(database).retired_on, kit(database).can_record) == (None, ABLE)
    assert all(c.status == GOOD for c in kit(database).components)
    with database.reading() as tx:
        assert [r.until for r in retirement.of_kits(tx, KIT)[KIT]] == [TODAY, TODAY]
    with pytest.raises(Conflict):
        sent(database, action.take_back, kit(database).version, "", looked_at=True)


@pytest.mark.parametrize(
    ("since", "reason", "field"),
    [
        (TODAY + timedelta(days=1), "rusak_berat", "since"),
        (TODAY - timedelta(days=61), "rusak_berat", "since"),
        (date(2024, 10, 1), "rusak_berat", "since"),
        (None, "rusak_berat", "since"),
        (TODAY, "", "reason"),
        (TODAY, "tidak_menyala", "reason"),
    ],
)
def test_a_day_or_a_reason_that_cannot_be_is_refused_and_nothing_kept(database, since, reason, field):
    with pytest.raises(Invalid) as refused:
        retire(database, since, reason)
    assert [p.field for p in refused.value.problems] == [field]
    assert kit(database).retired_on is None


def test_a_kit_that_a_visit_holds_stays_until_the_visit_has_another(database):
    with database.writing() as tx:
        plan = records.plan(kits=(KIT,), visit_date=TODAY + timedelta(days=3))
        visits.plan(tx, people.sending(people.supervisor, NOW), records.office(), records.submission_id(), plan)
    with pytest.raises(Invalid) as refused:
        retire(database)
    assert "dipesan untuk kunjungan" in str(refused.value.problems[0].text)


def test_a_stale_page_and_a_clerk_retire_nothing(database):
    version = kit(database).version
    sent(database, status.set_status, "iris", 1, BROKEN, "tidak_menyala", "", who=people.clerk)
    with pytest.raises(Conflict):
        retire(database, version=version)
    with pytest.raises(NotPermitted):
        retire(database, who=people.clerk)
    assert kit(database).retired_on is None


def test_the_table_itself_holds_one_open_line_a_kit(database):
    retire(database)
    with pytest.raises(IntegrityError), database.writing() as tx:
        retirement.begin(tx, KIT, TODAY, "diganti", "", people.supervisor.id, LATER)


def test_the_days_out_of_service_are_neither_up_nor_down(database):
    retire(database)
    with database.reading() as tx:
        story = next(s for s in downtime.stories(tx, NOW - timedelta(days=9), LATER) if s.kit.code == KIT)
    assert story.serving(TODAY - timedelta(days=1))
    assert not story.serving(TODAY)
    assert not story.serving(office_day(LATER + timedelta(days=30)))
