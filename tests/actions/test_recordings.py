import threading
from datetime import timedelta

import pytest
from msgspec.structs import replace
from sqlalchemy import func, select

from portal.actions import recordings as action
from portal.domain.areas import Office
from portal.domain.calendar import LATE, ON_TIME
from portal.domain.duty import Period
from portal.domain.problems import EXISTS, OTHER_BODY, STALE, WITHDRAWN, Conflict, Invalid, NotPermitted, Unknown
from portal.domain.recordings import MEASURE
from portal.storage import ledger, recordings, summary
from portal.storage.database import Database
from portal.storage.tables import audit, report, submission

from .. import people, records
from ..digest import digest
from ..people import NGORO, NOW, PUNGGING, TODAY

TOMORROW_MORNING = NOW + timedelta(hours=19)


class Desk:
    """Somebody at the form: sends, corrects, cancels, each in a transaction of its own."""

    def __init__(self, database: Database, office: Office) -> None:
        self.database, self.office = database, office

    def send(self, entry=None, *, who=people.clerk, point=NGORO, day=TODAY, version=0, reason="", id=None, at=NOW):
        id = id or records.submission_id()
        with self.database.writing() as tx:
            return action.send(
                tx, people.sending(who, at), self.office, id, point, day, entry or records.entry(), version, reason
            )

    def cancel(self, *, who=people.clerk, point=NGORO, day=TODAY, version=1, reason="salah hari", at=NOW):
        with self.database.writing() as tx:
            action.cancel(tx, people.sending(who, at), self.office, point, day, version, reason)

    def kept(self, point=NGORO, day=TODAY):
        with self.database.reading() as tx:
            return recordings.find(tx, point, day)

    def rows(self, table):
        with self.database.reading() as tx:
            return tx.execute(select(func.count()).select_from(table)).scalar_one()

    def history(self, point=NGORO, day=TODAY):
        with self.database.reading() as tx:
            return ledger.history(tx, action.KIND, action.object_id(point, day))


@pytest.fixture
def desk(database, office):
    return Desk(database, office)


def test_a_first_report_is_kept_with_receipt_and_note(desk):
    entry = records.entry(30, {"35.16.05": 20, "35.16.06": 8}, note=" ramai ", failed=0, blanks_left=120)
    sent = desk.send(entry)
    kept = desk.kept()
    assert sent.receipt == f"M-1021-{sent.number}"
    assert sent.object_id == f"{NGORO}/2024-10-21"
    assert kept.entry.counts == dict.fromkeys(MEASURE) | {"recorded": 30, "failed": 0, "blanks_left": 120}
    assert kept.entry.homes == {"35.16.05": 20, "35.16.06": 8}
    assert (kept.entry.note, kept.version, kept.author) == ("ramai", 1, people.clerk.name)
    assert kept.first_received_at == kept.changed_at == NOW
    (line,) = desk.history()
    assert (line.deed, line.account) == ("recordings.send", "ngoro")
    assert line.changes["recorded"] == [None, 30]
    assert line.changes["home-35.16.06"] == [None, 8]


def test_the_same_sending_again_is_the_same_receipt(desk):
    id = records.submission_id()
    first = desk.send(id=id)
    before = digest(desk.database)
    again = desk.send(records.entry(24, {"luar": 0}, note=" "), id=id, at=TOMORROW_MORNING)
    assert again == first
    assert digest(desk.database) == before


def test_the_same_sending_from_ten_hands_at_once_is_one_report(desk):
    id = records.submission_id()
    together = threading.Barrier(10)
    lines = desk.rows(audit)
    receipts, errors = [], []

    def send():
        together.wait()
        try:
            receipts.append(desk.send(id=id))
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=send) for _n in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(receipts) == 10
    assert len(set(receipts)) == 1
    assert (desk.rows(report), desk.rows(submission), desk.rows(audit) - lines) == (1, 1, 1)


def test_the_same_id_with_other_words_is_a_conflict(desk):
    id = records.submission_id()
    first = desk.send(id=id)
    before = digest(desk.database)
    for other in ({"entry": records.entry(25)}, {"day": TODAY - timedelta(days=3)}, {"version": 1, "reason": "x"}):
        with pytest.raises(Conflict) as conflict:
            desk.send(id=id, **other)
        assert conflict.value.why == OTHER_BODY
        assert conflict.value.kept == first
    assert digest(desk.database) == before


def test_an_id_belongs_to_one_person(desk):
    id = records.submission_id()
    mine = desk.send(id=id)
    theirs = desk.send(who=people.colleague, point=PUNGGING, id=id)
    assert mine.number != theirs.number


@pytest.mark.parametrize("id", ["", "1", "NIL", "x" * 5000])
def test_a_form_without_a_proper_id_is_refused(desk, id):
    before = digest(desk.database)
    with pytest.raises(Invalid), desk.database.writing() as tx:
        action.send(tx, people.sending(people.clerk), desk.office, id, NGORO, TODAY, records.entry(), 0)
    assert digest(desk.database) == before


def test_a_second_first_report_finds_the_one_that_stands(desk):
    desk.send(records.entry(24))
    before = digest(desk.database)
    with pytest.raises(Conflict) as conflict:
        desk.send(records.entry(42), who=people.supervisor)
    assert conflict.value.why == EXISTS
    assert conflict.value.kept == desk.kept()
    assert conflict.value.kept.entry.recorded == 24
    assert digest(desk.database) == before


def test_a_correction_needs_a_reason_and_keeps_what_was_said(desk):
    desk.send(records.entry(240, {"35.16.06": 5}))
    before = digest(desk.database)
    for reason in ("", "  ", "NIK 3516051203070001", "a" * 501):
        with pytest.raises(Invalid) as invalid:
            desk.send(records.entry(24), version=1, reason=reason)
        assert [p.field for p in invalid.value.problems] == ["reason"]
    assert digest(desk.database) == before

    desk.send(records.entry(24), version=1, reason=" salah ketik ", who=people.supervisor, at=TOMORROW_MORNING)
    kept = desk.kept()
    assert (kept.version, kept.entry.recorded, kept.entry.homes) == (2, 24, {})
    assert (kept.author, kept.editor) == (people.clerk.name, people.supervisor.name)
    assert (kept.first_received_at, kept.changed_at) == (NOW, TOMORROW_MORNING)
    line = desk.history()[0]
    assert (line.deed, line.account, line.reason) == ("recordings.correct", "pengawas", "salah ketik")
    assert line.changes == {"recorded": [240, 24], "home-35.16.06": [5, None]}


def test_a_reason_is_read_on_a_first_report_too(desk):
    before = digest(desk.database)
    with pytest.raises(Invalid):
        desk.send(reason="NIK 3516051203070001")
    assert digest(desk.database) == before


def test_a_stale_correction_is_shown_what_is_kept_now(desk):
    desk.send(records.entry(240))
    desk.send(records.entry(24), version=1, reason="salah ketik")
    before = digest(desk.database)
    for version in (1, 3, -1):
        with pytest.raises(Conflict) as conflict:
            desk.send(records.entry(25), version=version, reason="lupa satu")
        assert conflict.value.why == STALE
        assert conflict.value.kept.entry.recorded == 24
    assert digest(desk.database) == before


def test_what_never_was_cannot_be_corrected(desk):
    before = digest(desk.database)
    with pytest.raises(Unknown):
        desk.send(version=1, reason="x")
    with pytest.raises(Unknown):
        desk.cancel()
    assert digest(desk.database) == before


def test_of_two_corrections_at_once_one_wins_and_one_is_told(desk):
    desk.send(records.entry(240))
    together = threading.Barrier(2)
    outcomes = []

    def correct(number):
        together.wait()
        try:
            desk.send(records.entry(number), version=1, reason="hitung ulang")
            outcomes.append(number)
        except Conflict as conflict:
            outcomes.append((conflict.why, conflict.kept.entry.recorded))

    threads = [threading.Thread(target=correct, args=(n,)) for n in (24, 25)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = [o for o in outcomes if isinstance(o, int)]
    assert (STALE, winner) in outcomes
    assert desk.kept().entry.recorded == winner
    assert desk.kept().version == 2
    assert len(desk.history()) == 2


@pytest.mark.parametrize(
    ("who", "refused"),
    [
        (people.stranger, Unknown),
        (people.colleague, Unknown),
        (people.liaison, NotPermitted),
        (people.reader, NotPermitted),
        (people.administrator, NotPermitted),
        (replace(people.clerk, active=False), NotPermitted),
    ],
    ids=lambda w: getattr(w, "username", w.__name__ if isinstance(w, type) else ""),
)
def test_somebody_elses_point_is_not_touched(desk, who, refused):
    desk.send()
    before = digest(desk.database)
    with pytest.raises(refused):
        desk.send(who=who, day=TODAY - timedelta(days=3))
    with pytest.raises(refused):
        desk.send(records.entry(1), who=who, version=1, reason="x")
    with pytest.raises(refused):
        desk.cancel(who=who)
    assert digest(desk.database) == before


def test_a_point_that_does_not_exist_is_unknown(desk):
    for who in (people.clerk, people.supervisor):
        with pytest.raises(Unknown):
            desk.send(who=who, point="kec-99.99.99")
        with pytest.raises(Unknown):
            desk.cancel(who=who, point="kec-99.99.99")


@pytest.mark.parametrize(
    ("over", "at"),
    [
        ({"day": TODAY + timedelta(days=1)}, ["service_date"]),
        ({"day": records.START - timedelta(days=1)}, ["service_date"]),
        ({"entry": records.entry(None)}, ["recorded"]),
        ({"entry": records.entry(5, {"luar": 6})}, ["homes"]),
        ({"entry": records.entry(5, {"35.16.99": 1})}, [""]),
        ({"entry": records.nihil(recorded=3)}, ["recorded"]),
        ({"entry": records.entry(5, surat=1)}, [""]),
        ({"entry": records.entry(5, note="a" * 10_000)}, ["note"]),
        ({"day": TODAY + timedelta(days=1), "entry": records.entry(10**12)}, ["service_date", "recorded"]),
    ],
)
def test_bad_input_is_told_and_not_kept(desk, over, at):
    before = digest(desk.database)
    with pytest.raises(Invalid) as invalid:
        desk.send(**over)
    assert [p.field for p in invalid.value.problems] == at
    assert digest(desk.database) == before


def test_after_midnight_in_mojokerto_it_is_tomorrow(desk):
    midnight = NOW.replace(hour=0, minute=0) + timedelta(days=1)
    with pytest.raises(Invalid):
        desk.send(day=TODAY + timedelta(days=1), at=midnight - timedelta(seconds=1))
    desk.send(day=TODAY + timedelta(days=1), at=midnight)


def test_a_report_counts_for_the_day_it_speaks_of(desk):
    monday = TODAY - timedelta(days=7)
    desk.send(records.entry(14), day=monday, who=people.supervisor)
    with desk.database.reading() as tx:
        assert [w.sums["office"] for w in summary.facts(tx, Period(monday, monday)).work] == [14]
        assert summary.facts(tx, Period(TODAY, TODAY)).work == []


def test_a_cancelled_report_counts_nowhere_and_the_day_is_free_again(desk):
    period = Period(TODAY, TODAY)
    desk.send(records.entry(240, {"35.16.05": 200}))
    desk.cancel(reason=" salah hari ")
    kept = desk.kept()
    assert (kept.stands, kept.cancel_reason, kept.version) == (False, "salah hari", 2)
    assert kept.entry.recorded == 240
    with desk.database.reading() as tx:
        found = summary.facts(tx, period)
        assert (found.work, found.homes, found.marks, found.trend) == ([], [], [], {})
        assert recordings.before(tx, NGORO, TODAY + timedelta(days=1)) is None
        assert recordings.in_period(tx, period, [NGORO]) == []
    assert desk.history()[0].deed == "recordings.cancel"

    desk.send(records.entry(24), version=0)
    kept = desk.kept()
    assert (kept.stands, kept.cancel_reason, kept.version, kept.entry.recorded) == (True, "", 3, 24)
    assert kept.entry.homes == {}
    assert desk.rows(report) == 1
    assert [line.deed for line in desk.history()] == ["recordings.send", "recordings.cancel", "recordings.send"]


def test_what_was_taken_back_is_received_anew(desk, office):
    """In time or not is judged by the report that counts, not by the one that was cancelled."""
    friday = TODAY - timedelta(days=3)
    in_time = NOW - timedelta(days=3)
    timetable = office.points[NGORO].timetable

    def judged():
        kept = desk.kept(day=friday)
        with desk.database.reading() as tx:
            (mark,) = recordings.marks(tx, Period(friday, friday), [NGORO])
        assert mark.received_at == kept.first_received_at
        return office.calendar.report_state(timetable, friday, kept.first_received_at, NOW)

    desk.send(records.entry(240), day=friday, at=in_time)
    desk.send(records.entry(24), day=friday, version=1, reason="salah ketik", at=NOW)
    assert (desk.kept(day=friday).first_received_at, judged()) == (in_time, ON_TIME), "a correction leaves it in time"
    desk.cancel(day=friday, version=2, at=NOW)
    assert desk.kept(day=friday).first_received_at == in_time
    desk.send(records.entry(42), day=friday, version=3, who=people.supervisor, at=TOMORROW_MORNING)
    kept = desk.kept(day=friday)
    assert (kept.first_received_at, kept.changed_at, kept.version) == (TOMORROW_MORNING, TOMORROW_MORNING, 4)
    assert (kept.author, kept.editor) == (people.supervisor.name, people.supervisor.name)
    assert judged() == LATE


def test_what_was_cancelled_is_not_told_as_kept(desk):
    ids = [records.submission_id() for _n in range(3)]
    first = desk.send(records.entry(240), id=ids[0])
    desk.send(records.entry(24), id=ids[1], version=1, reason="salah ketik")
    desk.cancel(version=2)
    before = digest(desk.database)
    for id, entry, more in ((ids[0], 240, {}), (ids[1], 24, {"version": 1, "reason": "salah ketik"})):
        with pytest.raises(Conflict) as conflict:
            desk.send(records.entry(entry), id=id, at=TOMORROW_MORNING, **more)
        assert conflict.value.why == WITHDRAWN
        assert conflict.value.kept.id == id
    with pytest.raises(Conflict) as conflict:
        desk.send(records.entry(241), id=ids[0])
    assert conflict.value.why == OTHER_BODY
    assert conflict.value.kept == first
    assert digest(desk.database) == before

    again = desk.send(records.entry(240), id=ids[2])
    assert again.number > first.number
    assert desk.send(records.entry(240), id=ids[2]) == again


def test_cancelling_needs_a_reason_and_the_present_version(desk):
    desk.send()
    before = digest(desk.database)
    for reason in ("", " ", "NIK 3516051203070001"):
        with pytest.raises(Invalid):
            desk.cancel(reason=reason)
    with pytest.raises(Conflict) as conflict:
        desk.cancel(version=7)
    assert conflict.value.why == STALE
    assert digest(desk.database) == before
    desk.cancel()
    once = digest(desk.database)
    desk.cancel()
    assert digest(desk.database) == once


def test_what_depends_on_the_data_is_told_that_it_changed(desk):
    def version():
        with desk.database.reading() as tx:
            return ledger.versions(tx)[ledger.DATA]

    id = records.submission_id()
    seen = [version()]
    for deed in (
        lambda: desk.send(id=id),
        lambda: desk.send(records.entry(1), version=1, reason="x"),
        lambda: desk.cancel(version=2),
    ):
        deed()
        seen.append(version())
    assert seen == sorted(set(seen))
    id = records.submission_id()
    desk.send(id=id)
    told = version()
    desk.send(id=id)
    assert version() == told
