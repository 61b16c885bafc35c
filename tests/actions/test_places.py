from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select

from portal.actions import office as office_action
from portal.actions import places as action
from portal.actions.sheets import read
from portal.domain.areas import Place
from portal.domain.place_files import COLUMNS
from portal.domain.places import CONFIRMED, DECLINED, PROPOSED, Buckets, latest
from portal.domain.problems import EXISTS, OTHER_BODY, STALE, Conflict, Invalid, NotPermitted, Unknown
from portal.storage import areas, ledger, places
from portal.storage.tables import place, target_batch, upload

from .. import people, records
from ..digest import digest
from ..people import OTHER_SCHOOL, PUNGGING_SCHOOL, SCHOOL, TODAY


class Desk:
    """Somebody keeping places, targets and files, each in a transaction of its own."""

    def __init__(self, database, office):
        self.database, self.office = database, office

    def keep(self, wanted, version=0, who=people.clerk, id=None):
        with self.database.writing() as tx:
            id = id or records.submission_id()
            return action.keep(tx, people.sending(who), self.office, id, wanted, version).object_id

    def place(self, code=SCHOOL):
        with self.database.reading() as tx:
            return areas.place(tx, code)

    def propose(self, counts=(60, 40, 20), who=people.clerk, code=SCHOOL, days=0, source="Daftar siswa", id=None):
        with self.database.writing() as tx:
            said = (code, Buckets(*counts), TODAY - timedelta(days=days), source)
            return int(
                action.propose(tx, people.sending(who), self.office, id or records.submission_id(), *said).object_id
            )

    def decide(self, batch_id, state, reason="", who=people.clerk, code=SCHOOL):
        with self.database.writing() as tx:
            return action.decide(tx, people.sending(who), code, batch_id, state, reason)

    def target(self, code=SCHOOL, day=TODAY):
        with self.database.reading() as tx:
            return places.latest_target(tx, code, day)

    def look(self, text, who=people.supervisor, name="a.csv"):
        sheet = read(name, text.encode())
        with self.database.writing() as tx:
            return sheet.token, action.look(tx, people.sending(who), self.office, name, sheet)

    def bring_in(self, token, seen, who=people.supervisor, id=None):
        with self.database.writing() as tx:
            return action.bring_in(tx, people.sending(who), self.office, id or records.submission_id(), token, seen)

    def count(self, table):
        with self.database.reading() as tx:
            return tx.execute(select(func.count()).select_from(table)).scalar_one()


@pytest.fixture
def desk(database, office):
    return Desk(database, office)


FRESH = Place("", "pesantren", " Al Hikmah ", "35.16.05", "", contact="pengurus")


def test_a_place_is_added_and_changed(desk):
    id = records.submission_id()
    code = desk.keep(FRESH, id=id)
    assert (code, desk.place(code).name, desk.place(code).version) == ("tanpa-al-hikmah", "Al Hikmah", 1)
    once = digest(desk.database)
    assert desk.keep(FRESH, id=id) == code
    assert digest(desk.database) == once
    twin = desk.keep(FRESH)
    assert twin == "tanpa-al-hikmah-05"
    desk.keep(replace(desk.place(code), contact="sekretaris"), 1)
    assert (desk.place(code).contact, desk.place(code).version) == ("sekretaris", 2)
    with pytest.raises(Conflict) as conflict:
        desk.keep(replace(desk.place(code), contact="bendahara"), 1)
    assert conflict.value.why == STALE
    with desk.database.reading() as tx:
        assert [e.deed for e in ledger.history(tx, "place", code)] == ["places.change", "places.add"]


def test_an_npsn_belongs_to_one_place(desk):
    before = digest(desk.database)
    with pytest.raises(Conflict) as conflict:
        desk.keep(replace(FRESH, npsn="20502725"))
    assert (conflict.value.why, conflict.value.kept.code) == (EXISTS, SCHOOL)
    assert digest(desk.database) == before


def test_a_place_is_kept_within_ones_area(desk):
    before = digest(desk.database)
    for attempt in (
        lambda: desk.keep(replace(FRESH, kecamatan_code="35.16.06")),
        lambda: desk.keep(desk.place(PUNGGING_SCHOOL), 1),
        lambda: desk.keep(replace(desk.place(SCHOOL), kecamatan_code="35.16.06"), 1),
        lambda: desk.keep(replace(FRESH, code="npsn-00000000")),
    ):
        with pytest.raises(Unknown):
            attempt()
    for who in (people.liaison, people.reader, people.administrator):
        with pytest.raises(NotPermitted):
            desk.keep(FRESH, who=who)
    for wrong in ({"kecamatan_code": None}, {"npsn": "123"}, {"name": "3516051203070001"}):
        with pytest.raises(Invalid):
            desk.keep(replace(FRESH, **wrong))
    assert digest(desk.database) == before
    desk.keep(replace(FRESH, kecamatan_code=None), who=people.supervisor)


def test_a_place_that_was_edited_survives_the_reference_lists(desk):
    desk.keep(replace(desk.place(SCHOOL), name="SMA Negeri 1 Ngoro"), 1)
    with desk.database.writing() as tx:
        office_action.load_reference(tx, ledger.Hand(None, "init", people.NOW))
    assert desk.place(SCHOOL).name == "SMA Negeri 1 Ngoro"


# --- targets ------------------------------------------------------------------------------------------


def test_a_target_is_added_beside_the_older_ones(desk):
    assert desk.target() is None
    desk.propose((70, 52, 31), days=20)
    desk.propose((14, 9, 30), days=3)
    assert desk.target().buckets == Buckets(14, 9, 30)
    assert desk.target(day=TODAY - timedelta(days=4)).buckets.grown == 70
    assert (desk.target().state, desk.target().election_code) == (CONFIRMED, "pilkada-2024")
    desk.propose((1, 1, 1), days=20)
    assert desk.count(target_batch) == 3
    with desk.database.reading() as tx:
        every = places.batches(tx, SCHOOL)
        for day in (TODAY - timedelta(days=n) for n in range(25)):
            assert places.latest_target(tx, SCHOOL, day) == latest(every, day)


def test_a_liaisons_figure_waits_for_staff(desk):
    number = desk.propose(who=people.liaison)
    assert desk.target() is None
    with desk.database.reading() as tx:
        assert [b.id for b in places.proposed(tx, people.clerk)] == [number]
        assert places.proposed(tx, people.colleague) == []
    for who, error in ((people.liaison, NotPermitted), (people.reader, NotPermitted), (people.stranger, Unknown)):
        with pytest.raises(error):
            desk.decide(number, CONFIRMED, who=who)
    for state, reason in ((DECLINED, ""), ("", ""), (PROPOSED, "")):
        with pytest.raises(Invalid):
            desk.decide(number, state, reason)
    with pytest.raises(Unknown):
        desk.decide(number, CONFIRMED, code=OTHER_SCHOOL)
    desk.decide(number, CONFIRMED)
    assert desk.target().id == number
    once = digest(desk.database)
    desk.decide(number, CONFIRMED)
    assert digest(desk.database) == once
    with pytest.raises(Conflict):
        desk.decide(number, DECLINED, "keliru")


def test_a_declined_figure_stays_readable_and_never_counts(desk):
    number = desk.propose(who=people.liaison)
    desk.decide(number, DECLINED, "daftar tahun lalu")
    assert desk.target() is None
    with desk.database.reading() as tx:
        (kept,) = places.batches(tx, SCHOOL)
    assert (kept.state, kept.reason, kept.decided_by) == (DECLINED, "daftar tahun lalu", people.clerk.name)


def test_figures_of_ones_own_places_only_and_sound_ones(desk):
    before = digest(desk.database)
    for who, code in ((people.liaison, OTHER_SCHOOL), (people.clerk, PUNGGING_SCHOOL), (people.clerk, "npsn-x")):
        with pytest.raises(Unknown):
            desk.propose(who=who, code=code)
    with pytest.raises(NotPermitted):
        desk.propose(who=people.reader)
    for wrong in ({"counts": (1, None, 2)}, {"days": -1}, {"source": " "}, {"counts": (1, 2, 10_000)}):
        with pytest.raises(Invalid):
            desk.propose(**wrong)
    assert digest(desk.database) == before
    id = records.submission_id()
    number = desk.propose(id=id)
    assert desk.propose(id=id) == number
    with pytest.raises(Conflict) as conflict:
        desk.propose((1, 2, 3), id=id)
    assert conflict.value.why == OTHER_BODY


# --- a file ----------------------------------------------------------------------------------------------

HEADER = ";".join(COLUMNS.values())


def row(**cells):
    return ";".join(cells.get(name, "") for name in COLUMNS)


NGORO = {"npsn": "20502725", "name": "SMAN 1 Ngoro", "kind": "sekolah", "kecamatan_code": "35.16.05"}
TARGET = {"as_of": "2024-10-01", "grown": "60", "priority": "40", "later": "20", "source": "sekolah"}
BARU = {"npsn": "69999999", "name": "SMA Baru", "kind": "sekolah", "kecamatan_code": "050310", "kecamatan": "Dlanggu"}
SOUND = "\n".join([HEADER, row(**NGORO, **TARGET), row(**BARU, **TARGET)])


def test_a_file_is_looked_at_first_and_then_taken_as_a_whole(desk):
    before = digest(desk.database)
    token, preview = desk.look(SOUND)
    assert (preview.problems, preview.tally) == ([], {"new": 1, "changed": 1, "same": 0})
    after = digest(desk.database)
    assert {name for name in after if after[name] != before[name]} == {"upload"}
    id = records.submission_id()
    first = desk.bring_in(token, preview.mark, id=id)
    assert desk.place("npsn-69999999").kecamatan_code == "35.16.09"
    assert desk.target().buckets == desk.target("npsn-69999999").buckets == Buckets(60, 40, 20)
    assert desk.count(upload) == 0
    once = digest(desk.database)
    assert desk.bring_in(token, preview.mark, id=id) == first
    assert digest(desk.database) == once
    _token, again = desk.look(SOUND)
    assert again.tally == {"new": 0, "changed": 0, "same": 2}


def test_one_bad_row_holds_everything_back(desk):
    text = (
        SOUND
        + "\n"
        + row(
            **NGORO
            | {"npsn": "20502726", "name": "SMAN 1 Puri", "kecamatan_code": "35.16.11"}
            | {**TARGET, "grown": "x"}
        )
    )
    token, preview = desk.look(text)
    assert [(c.row, c.column, c.value) for c in preview.problems] == [(4, "sudah_17", "x")]
    before = digest(desk.database)
    with pytest.raises(Invalid):
        desk.bring_in(token, preview.mark)
    assert digest(desk.database) == before


def test_what_changed_since_the_preview_is_shown_again(desk):
    token, preview = desk.look(SOUND)
    desk.keep(Place("", "sekolah", "SMA Baru", "35.16.09", "69999999"), who=people.supervisor)
    before = digest(desk.database)
    with pytest.raises(Conflict) as conflict:
        desk.bring_in(token, preview.mark)
    assert conflict.value.kept.tally == {"new": 0, "changed": 2, "same": 0}
    assert digest(desk.database) == before


def test_a_later_edit_is_not_undone_by_a_preview_that_did_not_show_it(desk):
    token, preview = desk.look(SOUND)
    kept = desk.place(SCHOOL)
    desk.keep(replace(kept, name="Nama yang baru saja dibetulkan"), version=kept.version)
    with pytest.raises(Conflict) as conflict:
        desk.bring_in(token, preview.mark)
    assert conflict.value.kept.tally == preview.tally
    assert desk.place(SCHOOL).name == "Nama yang baru saja dibetulkan"


def test_a_file_waits_only_for_whoever_brought_it(desk):
    token, preview = desk.look(SOUND)
    before = digest(desk.database)
    with pytest.raises(Unknown):
        desk.bring_in(token, preview.mark, who=people.administrator)
    with pytest.raises(Unknown):
        desk.bring_in("0" * 64, preview.mark)
    for who in (people.clerk, people.liaison, people.reader):
        with pytest.raises(NotPermitted):
            desk.look(SOUND, who)
        with pytest.raises(NotPermitted):
            desk.bring_in(token, preview.mark, who=who)
    assert digest(desk.database) == before
    desk.look(SOUND + "\n")
    with pytest.raises(Unknown):
        desk.bring_in(token, preview.mark)  # a newer file took its place


def test_five_thousand_rows_at_once(desk):
    rows = [
        row(npsn=f"7{n:07}", name=f"SMA {n}", kind="sekolah", kecamatan_code="351605", **TARGET) for n in range(5000)
    ]
    token, preview = desk.look("\n".join([HEADER, *rows]))
    assert preview.tally == {"new": 5000, "changed": 0, "same": 0}
    desk.bring_in(token, preview.mark)
    assert desk.count(target_batch) == 5000
    assert desk.count(place) > 5000
