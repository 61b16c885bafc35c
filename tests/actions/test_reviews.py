"""A supervisor's word on reports, on both databases; who is faster wins, and the other is told."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import insert

from portal.actions import recordings as sending
from portal.actions import reviews as action
from portal.actions.reviews import Seen
from portal.domain.accounts import Account
from portal.domain.duty import Period
from portal.domain.locks import LOCKED, Locked
from portal.domain.locks import VERIFIED as LOCKED_VERIFIED
from portal.domain.problems import STALE, Conflict, Invalid, NotPermitted, Unknown
from portal.domain.review import CHANGED, MENDED, NEEDS_MENDING, SENT, VERIFIED, Reviewed
from portal.domain.rollup import summarise
from portal.domain.summary import BY_HOME, BY_WORK
from portal.storage import accounts, ledger, recordings, reviews, summary
from portal.storage.tables import report_flag

from .. import people, records
from ..digest import digest
from ..people import NGORO, NOW, PUNGGING, TODAY

LATER = NOW + timedelta(hours=1)
SECOND = Account(8, "pengawas2", "Pengawas Kedua", "supervisor")
PERIOD = Period(TODAY, TODAY)


class Desk:
    """People at work on reports, each deed in a transaction of its own."""

    def __init__(self, database, office):
        self.database, self.office = database, office
        with database.writing() as tx:
            assert accounts.add(tx, SECOND, "x", NOW) == SECOND.id

    def send(self, entry=None, who=people.clerk, point=NGORO, day=TODAY, version=0, reason="", at=NOW):
        with self.database.writing() as tx:
            return sending.send(
                tx,
                people.sending(who, at),
                self.office,
                records.submission_id(),
                point,
                day,
                entry or records.entry(),
                version,
                reason,
            )

    def kept(self, point=NGORO, day=TODAY):
        with self.database.reading() as tx:
            return recordings.find(tx, point, day)

    def seen(self, point=NGORO, day=TODAY):
        kept = self.kept(point, day)
        return Seen(point, day, kept.version, kept.review_version)

    def step(self, deed, who=people.supervisor, seen=None, field="", comment="", at=LATER):
        with self.database.writing() as tx:
            return action.step(tx, people.sending(who, at), seen or self.seen(), deed, field, comment)

    def bulk(self, rows, who=people.supervisor):
        with self.database.writing() as tx:
            return action.verify_clean(tx, people.sending(who, LATER), rows)

    def flag(self, point=NGORO, version=1):
        row = {"report_id": self.kept(point).id, "version": version, "rule": "outlier", "field": "recorded"}
        row |= {"value": 240, "low": 14, "high": 34, "asked": 1, "account_id": people.clerk.id, "at": NOW}
        with self.database.writing() as tx:
            tx.execute(insert(report_flag).values(row))

    def history(self, point=NGORO, day=TODAY):
        with self.database.reading() as tx:
            return ledger.history(tx, sending.KIND, sending.object_id(point, day))

    def summary(self, book=BY_WORK, now=LATER):
        with self.database.reading() as tx:
            return summarise(self.office, PERIOD, book, summary.facts(tx, PERIOD), now)


@pytest.fixture
def desk(database, office):
    return Desk(database, office)


def test_a_report_goes_back_comes_mended_and_is_verified(desk):
    desk.send(records.entry(240))
    desk.step("send_back", field="recorded", comment=" 240 tidak mungkin ")
    kept = desk.kept()
    assert (kept.review_state, kept.review_field, kept.review_reason) == (
        NEEDS_MENDING,
        "recorded",
        "240 tidak mungkin",
    )
    assert (kept.reviewer, kept.reviewed_at, kept.version, kept.review_version) == (
        people.supervisor.name,
        LATER,
        1,
        1,
    )
    desk.send(records.entry(24), version=1, reason="salah ketik")
    assert desk.kept().review_state == MENDED
    desk.step("verify")
    kept = desk.kept()
    assert (kept.review_state, kept.review_field, kept.review_reason, kept.review_version) == (VERIFIED, "", "", 2)
    assert [(e.deed, e.account) for e in desk.history()] == [
        ("reviews.verify", "pengawas"),
        ("recordings.correct", "ngoro"),
        ("reviews.send_back", "pengawas"),
        ("recordings.send", "ngoro"),
    ]
    assert desk.history()[2].reason == "240 tidak mungkin"
    assert desk.history()[2].changes == {"review_state": [SENT, NEEDS_MENDING], "review_field": [None, "recorded"]}


def test_a_verified_report_is_closed_to_its_clerk_and_seen_when_a_supervisor_changes_it(desk):
    desk.send()
    desk.step("verify")
    before = digest(desk.database)
    for attempt in (lambda: desk.send(records.entry(1), version=1, reason="x"), lambda: cancel(desk)):
        with pytest.raises(Locked) as locked:
            attempt()
        assert locked.value.state.state == LOCKED_VERIFIED
        assert locked.value.kept == desk.kept()
    assert digest(desk.database) == before
    desk.send(records.entry(25), who=people.supervisor, version=1, reason="satu terlewat")
    assert desk.kept().review_state == CHANGED
    with pytest.raises(Invalid):
        desk.step("verify")
    desk.step("verify", who=SECOND)
    assert desk.kept().review_state == VERIFIED


def cancel(desk, who=people.clerk, version=1):
    with desk.database.writing() as tx:
        sending.cancel(tx, people.sending(who), desk.office, NGORO, TODAY, version, "salah hari")


def test_a_report_sent_anew_after_it_was_cancelled_begins_anew(desk):
    desk.send()
    desk.step("verify")
    cancel(desk, people.supervisor)
    for deed in ("verify", "send_back"):
        with pytest.raises(Invalid):
            desk.step(deed, comment="x")
    desk.send(version=2)
    assert desk.kept().review_state == SENT


def test_nobody_verifies_what_he_ever_wrote_even_if_somebody_wrote_after_him(desk):
    desk.send(who=people.supervisor)
    desk.send(records.entry(25), version=1, reason="satu terlewat")
    assert desk.kept().editor == people.clerk.name
    before = digest(desk.database)
    with pytest.raises(Invalid):
        desk.step("verify")
    assert desk.bulk([desk.seen()]) == action.Bulk(0, [], [desk.seen()])
    assert digest(desk.database) == before
    desk.step("verify", who=SECOND)


@pytest.mark.parametrize(
    ("who", "refused"),
    [
        (people.clerk, NotPermitted),
        (people.stranger, NotPermitted),
        (people.liaison, NotPermitted),
        (people.reader, NotPermitted),
        (people.administrator, NotPermitted),
    ],
    ids=lambda w: getattr(w, "username", ""),
)
def test_only_a_supervisor_reviews(desk, who, refused):
    desk.send()
    before = digest(desk.database)
    for deed in ("verify", "send_back"):
        with pytest.raises(refused):
            desk.step(deed, who=who, comment="x")
    with pytest.raises(refused):
        desk.bulk([desk.seen()], who)
    assert digest(desk.database) == before


def test_what_there_is_not_cannot_be_reviewed(desk):
    for seen in (Seen(NGORO, TODAY, 1, 0), Seen("kec-99.99.99", TODAY, 1, 0)):
        with pytest.raises(Unknown):
            desk.step("verify", seen=seen)
    desk.send()
    with pytest.raises(Unknown):
        desk.step("edit")


def test_whoever_saw_an_older_report_or_review_is_told(desk):
    desk.send()
    seen = desk.seen()
    desk.send(records.entry(25), version=1, reason="satu terlewat")
    before = digest(desk.database)
    with pytest.raises(Conflict) as conflict:
        desk.step("verify", seen=seen)
    assert (conflict.value.why, conflict.value.kept) == (STALE, desk.kept())
    assert digest(desk.database) == before
    seen = desk.seen()
    desk.step("send_back", seen=seen, comment="lihat lagi")
    with pytest.raises(Conflict):
        desk.step("verify", seen=seen, comment="sudah benar")
    assert desk.kept().review_state == NEEDS_MENDING


def test_what_is_left_out_is_in_no_sum_but_was_received(desk):
    desk.send(records.entry(240, {"35.16.05": 200}, printed_prr=7, blanks_left=9), at=NOW)
    desk.send(records.entry(10, {"35.16.06": 4}), who=people.colleague, point=PUNGGING)
    desk.step("send_back", field="recorded", comment="tidak mungkin")
    assert desk.summary().total.values["recorded"] == 250, "sent back alone leaves the sums as they are"
    desk.step("exclude", comment="menunggu hitung ulang")
    found = desk.summary()
    assert found.total.values["recorded"] == 10
    assert found.total.values["printed"] is None
    assert found.reviewed == Reviewed(0, 2, 1)
    assert found.total.completeness.received == found.total.completeness.on_time == 2
    assert (NGORO, TODAY) not in [*found.missing, *found.awaited]
    assert (found.trend[-1].recorded, found.trend[-1].reports) == (10, 2)
    (row,) = [r for r in found.rows if r.code == NGORO]
    assert row.values["recorded"] is None, "unknown, not nothing"
    assert (row.reviewed, row.completeness.on_time) == (Reviewed(0, 1, 1), 1)
    homes = {r.code: r.values["recorded"] for r in desk.summary(BY_HOME).rows}
    assert homes["35.16.06"] == 4
    assert homes["35.16.05"] is None
    with desk.database.reading() as tx:
        assert summary.crossed(tx, PERIOD, point=NGORO) == {}
        (mark,) = recordings.marks(tx, PERIOD, [NGORO])
        assert (mark.recorded, mark.excluded, mark.review_state) == (240, True, NEEDS_MENDING)

    desk.step("include", comment="ternyata benar")
    assert desk.summary().total.values["recorded"] == 250
    desk.step("exclude", comment="salah lagi")
    desk.send(records.entry(24), version=1, reason="hitung ulang")
    assert not desk.kept().excluded
    assert desk.summary().total.values["recorded"] == 34


def test_when_every_report_of_a_day_is_left_out_the_day_is_unknown(desk):
    desk.send(records.entry(240))
    desk.step("send_back", comment="tidak mungkin")
    desk.step("exclude", comment="menunggu")
    found = desk.summary()
    assert (found.total.values["recorded"], found.trend[-1].recorded, found.trend[-1].reports) == (None, None, 1)


def test_every_total_says_how_much_of_it_is_verified(desk):
    desk.send()
    desk.send(who=people.colleague, point=PUNGGING)
    desk.step("verify")
    for book in (BY_WORK, BY_HOME):
        found = desk.summary(book)
        assert found.reviewed == found.total.reviewed == Reviewed(1, 2, 0)
    assert sum((g.total.reviewed for g in desk.summary().groups), Reviewed()) == Reviewed(1, 2, 0)


def test_clean_reports_are_verified_together_and_the_others_are_named(desk):
    points = [NGORO, PUNGGING, people.GONDANG, "kec-35.16.08", "kec-35.16.01"]
    for point in points[:4]:
        desk.send(who=people.supervisor if point == people.GONDANG else SECOND, point=point)
    desk.flag(PUNGGING)
    seen = [desk.seen(point) for point in points[:4]]
    desk.send(records.entry(99), who=SECOND, point="kec-35.16.08", version=1, reason="salah ketik")
    ghost = Seen("kec-35.16.01", TODAY, 1, 0)
    done = desk.bulk([*seen, seen[0], ghost])
    assert done == action.Bulk(1, [seen[3], ghost], [seen[1], seen[2]])
    assert [desk.kept(point).review_state for point in points[:4]] == [VERIFIED, SENT, SENT, SENT]
    again = desk.bulk([seen[0]])
    assert again == action.Bulk(0, [seen[0]], []), "pressed twice it is done once"
    assert len(desk.history()) == 2


def test_flags_of_an_earlier_version_no_longer_speak(desk):
    desk.send(records.entry(240))
    desk.flag()
    with desk.database.reading() as tx:
        assert [f.value for f in reviews.flags(tx, desk.kept().id)] == [240]
        assert list(reviews.flags_within(tx, PERIOD)) == [desk.kept().id]
    desk.send(records.entry(24), version=1, reason="salah ketik")
    with desk.database.reading() as tx:
        assert (reviews.flags(tx, desk.kept().id), reviews.flags_within(tx, PERIOD)) == ([], {})
    assert desk.bulk([desk.seen()]).verified == 1


def test_a_review_is_told_to_everything_that_depends_on_the_data(desk):
    def data():
        with desk.database.reading() as tx:
            return ledger.versions(tx)["data"]

    desk.send()
    for do in (lambda: desk.step("send_back", comment="x"), lambda: desk.step("exclude", comment="x")):
        before = data()
        do()
        assert data() == before + 1
    before = data()
    desk.send(who=people.colleague, point=PUNGGING)
    desk.bulk([desk.seen(PUNGGING)])
    assert data() == before + 2


def test_two_supervisors_and_a_clerk_at_once_lose_nothing(desk):
    """Of those who saw the same report one review is kept; the others are shown what is kept now."""
    for back in (0, 3, 4, 5):
        day = TODAY - timedelta(days=back)
        desk.send(records.entry(240), day=day)
        seen = desk.seen(day=day)
        together, outcomes = threading.Barrier(3), {}

        def at_once(name, do, together=together, outcomes=outcomes):
            together.wait()
            try:
                do()
            except Conflict as conflict:
                outcomes[name] = (conflict.why, conflict.kept.entry.recorded)
            else:
                outcomes[name] = "kept"

        deeds = {
            "back": lambda seen=seen: desk.step("send_back", SECOND, seen, "recorded", "tidak mungkin"),
            "verify": lambda seen=seen: desk.step("verify", people.supervisor, seen),
            "clerk": lambda day=day: desk.send(records.entry(24), day=day, version=1, reason="salah ketik", at=LATER),
        }
        threads = [threading.Thread(target=at_once, args=item) for item in deeds.items()]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        kept, past = desk.kept(day=day), desk.history(day=day)
        done = [name for name in deeds if outcomes[name] == "kept"]
        assert len(past) == 1 + len(done), "every deed that was told as kept stands in the history, and no other"
        order = tuple(
            {"reviews.send_back": "back", "reviews.verify": "verify"}.get(e.deed, "clerk") for e in past[-2::-1]
        )
        assert (kept.review_state, kept.entry.recorded) == {
            ("back", "clerk"): (MENDED, 24),
            ("verify",): (VERIFIED, 240),
            ("clerk",): (SENT, 24),
        }[order]
        told = {name: outcome for name, outcome in outcomes.items() if outcome != "kept"}
        expected = {"clerk": (LOCKED, 240)} if order == ("verify",) else {}
        assert told == {name: (STALE, told[name][1]) for name in {"back", "verify"} - set(order)} | expected
