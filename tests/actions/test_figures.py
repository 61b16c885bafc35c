"""Published figures at the supervisor's desk: entered, corrected, brought in whole, and beside what was logged."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from portal.actions import figure_files, recordings, visits
from portal.actions import figures as action
from portal.actions import office as office_action
from portal.actions.sheets import read
from portal.domain.areas import OUTSIDE
from portal.domain.duty import Period
from portal.domain.figures import DPT, MUST_HOLD_KTP, RECORDED_TOTAL, Entered, latest, metrics_of
from portal.domain.problems import EXISTS, OTHER_BODY, STALE, Conflict, Invalid, NotPermitted, Unknown
from portal.domain.rankings import Ranking
from portal.storage import areas, figures, ledger
from portal.storage.tables import upload

from .. import people, records
from ..digest import digest
from ..people import TODAY

DAY = date(2024, 10, 10)
ENTERED = Entered(MUST_HOLD_KTP, "35.16", {"": 860_000, "_male": 430_000, "_female": 430_000}, DAY, "SIAK")
HEADER = "KODE;NAMA;WKTP_L;WKTP_P;WKTP_JML;REKAM_JML"
NGORO = "35.16.05;Ngoro;100;102;202;182"
PUNGGING = "35.16.06;Pungging;50;50;100;90"


class Desk:
    """Somebody keeping figures, each time in a transaction of its own."""

    def __init__(self, database, office):
        self.database, self.office = database, office

    def enter(self, entered=ENTERED, who=people.supervisor, id=None):
        with self.database.writing() as tx:
            sent = action.enter(tx, people.sending(who), self.office, id or records.submission_id(), entered)
            return int(sent.object_id)

    def correct(self, entered, revision, reason="salah ketik", who=people.supervisor):
        with self.database.writing() as tx:
            id = records.submission_id()
            sent = action.correct(tx, people.sending(who), self.office, id, entered, revision, reason)
            return int(sent.object_id)

    def rows(self, entered=ENTERED):
        with self.database.reading() as tx:
            key = (entered.code, metrics_of(entered.kind), entered.as_of, entered.election)
            return figures.of_key(tx, *key)

    def standing(self, metric=MUST_HOLD_KTP, on=TODAY):
        with self.database.reading() as tx:
            return latest(areas.figures(tx), metric, on)

    def look(self, *lines, who=people.supervisor, header=HEADER, as_of=DAY, source="SIAK"):
        sheet = read("a.csv", "\n".join([header, *lines]).encode())
        with self.database.writing() as tx:
            return figure_files.look(tx, people.sending(who), self.office, "a.csv", sheet, "siak", as_of, source, "")

    def bring_in(self, token, seen, reason="", who=people.supervisor, id=None):
        with self.database.writing() as tx:
            id = id or records.submission_id()
            return figure_files.bring_in(tx, people.sending(who), id, token, seen, reason)

    def on(self, day=DAY):
        with self.database.reading() as tx:
            found = figures.on(tx, [*metrics_of(MUST_HOLD_KTP), *metrics_of(RECORDED_TOTAL)], day, "")
        return {key: figure.value for key, figure in found.items()}

    def rank(self, one, revision=None, reason="", who=people.supervisor):
        with self.database.writing() as tx:
            return action.rank(tx, people.sending(who), records.submission_id(), one, revision, reason)


@pytest.fixture
def desk(database, office):
    return Desk(database, office)


def test_a_figure_is_entered_once_and_counts(desk):
    id = records.submission_id()
    made = desk.enter(id=id)
    once = digest(desk.database)
    assert desk.enter(id=id) == made
    assert digest(desk.database) == once
    with pytest.raises(Conflict, match=OTHER_BODY):
        desk.enter(replace(ENTERED, source="KPU"), id=id)
    assert next((f.value, f.revision, f.author) for f in desk.rows()) == (860_000, 1, people.supervisor.name)
    assert desk.standing().value == 860_000
    assert desk.standing(on=DAY - timedelta(days=1)).value == 858_332
    with pytest.raises(Conflict, match=EXISTS) as error:
        desk.enter(replace(ENTERED, counts={"": 1}))
    assert error.value.kept[""].value == 860_000


def test_a_correction_stands_and_the_old_row_stays(desk):
    desk.enter()
    before = desk.rows()
    right = replace(ENTERED, counts={"": 861_000, "_male": 430_500, "_female": 430_500})
    desk.correct(right, 1)
    after = desk.rows()
    assert after[3:] == before
    assert [(f.value, f.revision, f.reason) for f in after[:3]] == [
        (861_000, 2, "salah ketik"),
        (430_500, 2, "salah ketik"),
        (430_500, 2, "salah ketik"),
    ]
    assert desk.standing().value == 861_000
    for revision in (1, 3):
        with pytest.raises(Conflict, match=STALE) as error:
            desk.correct(replace(right, counts={"": 5}), revision)
        assert error.value.kept[""].value == 861_000
    with desk.database.reading() as tx:
        entry = ledger.history(tx, action.KIND, f"35.16/{MUST_HOLD_KTP}/{DAY}")[0]
    assert (entry.deed, entry.changes["value"], entry.reason) == ("figures.correct", [860_000, 861_000], "salah ketik")


@pytest.mark.parametrize(
    ("change", "reason", "field"),
    [
        ({}, "", "reason"),
        ({}, "NIK 3516051234567890", "reason"),
        ({}, "sama saja", ""),
        ({"counts": {"": 861_000}}, "tanpa L dan P", "female"),
        ({"counts": {"": None}}, "kosong", "value"),
    ],
)
def test_a_correction_says_why_and_empties_nothing(desk, change, reason, field):
    desk.enter()
    before = digest(desk.database)
    with pytest.raises(Invalid) as error:
        desk.correct(replace(ENTERED, **change), 1, reason)
    assert error.value.problems[0].field == field
    assert digest(desk.database) == before


def test_what_came_with_the_lists_is_corrected_and_loading_them_again_leaves_that(desk):
    roll = Entered(DPT, "35.16", {"": 845_655, "_male": 421_973, "_female": 423_682}, date(2024, 9, 20), "KPU")
    right = replace(roll, election="pilkada-2024", counts={"": 845_650, "_male": 421_970, "_female": 423_680})
    desk.correct(right, 0)
    with desk.database.writing() as tx:
        done = office_action.load_reference(tx, ledger.Hand(None, "init", people.NOW))
    assert set(done.values()) == {(0, 0)}
    assert desk.standing(DPT).value == 845_650
    month = Entered("dp4_unrecorded", "35.16.16", {"": 1903}, date(2023, 5, 31), "majamojokerto.net", "pemilu-2024")
    desk.correct(month, 0)
    assert [(f.value, f.as_of_text) for f in desk.rows(month)] == [(1903, "2023-05"), (1908, "2023-05")]
    assert [f.revision for f in desk.rows(right)] == [1, 1, 1, 0, 0, 0]


def test_only_the_office_in_charge_writes(desk):
    for who in (people.clerk, people.liaison, people.reader):
        with pytest.raises(NotPermitted):
            desk.enter(who=who)
        with pytest.raises(NotPermitted):
            desk.look(NGORO, who=who)
    assert desk.enter(who=people.administrator)


# --- files -------------------------------------------------------------------------------------------------------


def test_a_sheet_is_kept_whole_with_source_day_and_hash(desk):
    token, preview = desk.look(NGORO, PUNGGING)
    assert preview.tally == {"new": 8, "changed": 0, "same": 0}
    assert desk.on() == {}
    id = records.submission_id()
    sent = desk.bring_in(token, preview.mark, id=id)
    assert desk.bring_in(token, preview.mark, id=id) == sent
    assert desk.on()["35.16.06", RECORDED_TOTAL] == 90
    with desk.database.reading() as tx:
        kept = figures.on(tx, [MUST_HOLD_KTP], DAY, "")["35.16.05", MUST_HOLD_KTP]
        assert tx.execute(upload.select()).all() == []
    sheet = read("a.csv", "\n".join([HEADER, NGORO, PUNGGING]).encode())
    assert (kept.file_hash, kept.source, kept.note, kept.as_of) == (sheet.token, "SIAK", "a.csv", DAY)
    with pytest.raises(Unknown):
        desk.bring_in(token, preview.mark)


def test_a_changed_figure_needs_a_reason_and_the_old_one_stays(desk):
    token, preview = desk.look(NGORO)
    desk.bring_in(token, preview.mark)
    token, preview = desk.look(NGORO.replace("182", "185"), PUNGGING)
    assert preview.tally == {"new": 4, "changed": 1, "same": 3}
    before = digest(desk.database)
    with pytest.raises(Invalid) as error:
        desk.bring_in(token, preview.mark)
    assert [p.field for p in error.value.problems] == ["reason"]
    assert digest(desk.database) == before
    desk.bring_in(token, preview.mark, "SIAK diunduh ulang")
    rows = desk.rows(replace(ENTERED, kind=RECORDED_TOTAL, code="35.16.05"))
    assert [(f.value, f.revision) for f in rows] == [(185, 2), (182, 1)]


def test_what_changed_since_the_preview_is_shown_again(desk):
    token, preview = desk.look(NGORO)
    desk.enter(replace(ENTERED, kind=RECORDED_TOTAL, code="35.16.05", counts={"": 182}))
    before = digest(desk.database)
    with pytest.raises(Conflict, match=STALE) as error:
        desk.bring_in(token, preview.mark)
    assert error.value.kept.tally == {"new": 3, "changed": 0, "same": 1}
    assert digest(desk.database) == before


def test_one_bad_row_keeps_everything_out(desk):
    token, preview = desk.look(NGORO, "050309;Dlanggu;50;50;100;90")
    assert [p.row for p in preview.problems] == [3, 3]
    with pytest.raises(Invalid):
        desk.bring_in(token, preview.mark, "coba")
    assert desk.on() == {}


def test_a_list_of_people_leaves_no_trace(desk):
    before = digest(desk.database)
    for header, line in (("NIK;NAMA_LGKP", "1;A"), (HEADER, "35.16.05;3516 0512 3456 7890;1;1;2;1")):
        with pytest.raises(Invalid) as error:
            desk.look(line, header=header)
        assert "data perorangan" in str(error.value.problems[0])
    for said in ({"as_of": None}, {"source": ""}, {"as_of": TODAY + timedelta(days=1)}):
        with pytest.raises(Invalid):
            desk.look(NGORO, **said)
    assert digest(desk.database) == before


def test_the_same_file_for_another_day_is_another_sheet(desk):
    first, preview = desk.look(NGORO)
    second, _preview = desk.look(NGORO, as_of=DAY + timedelta(days=2))
    assert first != second
    with pytest.raises(Unknown):
        desk.bring_in(first, preview.mark)
    desk.bring_in(second, preview.mark)
    assert desk.on() == {}
    assert len(desk.on(DAY + timedelta(days=2))) == 4


# --- rankings and what was logged --------------------------------------------------------------------------------


def test_a_place_in_a_ranking_is_kept_corrected_and_both_stay(desk):
    one = Ranking("province", "Perekaman", DAY, 3, 38, "99,55%", "Dispendukcapil Jatim")
    desk.rank(one)
    with pytest.raises(Conflict, match=EXISTS):
        desk.rank(replace(one, rank=4))
    with pytest.raises(Invalid):
        desk.rank(replace(one, rank=4), 1, "")
    desk.rank(replace(one, rank=4), 1, "salah baca")
    with pytest.raises(Conflict, match=STALE):
        desk.rank(replace(one, rank=5), 1, "terlambat")
    with desk.database.reading() as tx:
        found = figures.rankings(tx)
    assert [(r.as_of.year, r.rank, r.of_count, r.revision) for r in found] == [
        (2024, 4, 38, 2),
        (2024, 3, 38, 1),
        (2020, 9, 25, 0),
    ]


def test_what_was_logged_adds_up_in_both_books(desk):
    first, last = TODAY - timedelta(days=4), TODAY
    with desk.database.writing() as tx:
        said = (people.NGORO, TODAY, records.entry(20, {"35.16.05": 9, OUTSIDE: 3}), 0)
        recordings.send(tx, people.sending(people.clerk), desk.office, records.submission_id(), *said)
        sender, plan = people.sending(people.clerk), records.plan(visit_date=first)
        number = int(visits.plan(tx, sender, desk.office, records.submission_id(), plan).object_id)
        result = records.result({"35.16.06": 5})
        visits.close(tx, sender, desk.office, records.submission_id(), number, 1, result)
        on_visit = result.counts["recorded_from_list"] + result.counts["walk_in"]
    with desk.database.reading() as tx:
        found = figures.logged(tx, Period(first, last))
        assert figures.logged(tx, Period(first + timedelta(days=1), last)).total == 20
        assert figures.logged(tx, Period(last, first)).total == 0
    assert found.work == {people.NGORO: 20 + on_visit}
    assert found.home == {"35.16.05": 9, OUTSIDE: 3, "35.16.06": 5}
    assert found.split == {people.NGORO: 17}
    assert found.unsplit == 20 + on_visit - 17


def test_the_newest_reading_and_the_sum_of_kecamatan(desk):
    for day, lines in ((DAY, (NGORO, PUNGGING)), (DAY + timedelta(days=2), (NGORO.replace("182", "199"),))):
        token, preview = desk.look(*lines, as_of=day)
        desk.bring_in(token, preview.mark)
    desk.enter(replace(ENTERED, counts={"": 300}))
    with desk.database.reading() as tx:
        found = figures.newest(tx, [RECORDED_TOTAL], TODAY)
        (total,) = figures.sums(tx, [MUST_HOLD_KTP], [DAY])
        assert figures.days(tx, [RECORDED_TOTAL], TODAY) == [DAY + timedelta(days=2), DAY]
        assert figures.days(tx, [RECORDED_TOTAL], DAY) == [DAY]
    assert {code: figure.value for (code, _metric), figure in found.items()} == {"35.16.05": 199, "35.16.06": 90}
    assert (total.known, total.total, total.district) == (2, 302, 300)
    assert total.difference(18) is None
