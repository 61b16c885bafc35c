"""A prepared statement answers as SQLAlchemy would, only sooner."""

from datetime import timedelta

import pytest
from sqlalchemy import bindparam, delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal.storage import ledger
from portal.storage.database import Unavailable, Unstorable
from portal.storage.prepared import Prepared
from portal.storage.tables import data_version, holiday, setting, submission

from .. import people
from ..people import NOW, TODAY

SENT = ("id", "account_id", "fingerprint", "object_kind", "object_id", "at")
KEEP = Prepared(insert(submission).returning(submission.c.number, submission.c.at), SENT)
OF_KINDS = (
    select(submission, (submission.c.number * 2).label("doubled"))
    .where(submission.c.object_kind.in_(("report", "visit")), submission.c.at >= bindparam("since"))
    .order_by(submission.c.number)
)


def sending(number, at, kind="report"):
    return dict(zip(SENT, (f"id-{number}", people.clerk.id, "f", kind, "x", at), strict=True))


@pytest.fixture
def sent(database):
    with database.writing() as tx:
        for number, kind in enumerate(("report", "visit", "other")):
            KEEP.row(tx, sending(number, NOW + timedelta(hours=number), kind))
    return database


def test_rows_are_those_of_sqlalchemy_value_by_value(sent):
    with sent.reading() as tx:
        asked = {"since": NOW}
        ours, theirs = Prepared(OF_KINDS).rows(tx, asked), tx.execute(OF_KINDS, asked).all()
        assert [tuple(row) for row in ours] == [tuple(row) for row in theirs]
        assert [row.doubled for row in ours] == [row.doubled for row in theirs]
        assert [[type(v) for v in row] for row in ours] == [[type(v) for v in row] for row in theirs]
        assert [row.at for row in ours] == [NOW, NOW + timedelta(hours=1)]
        days = select(holiday).order_by(holiday.c.day)
        assert [tuple(r) for r in Prepared(days).rows(tx, {})] == [tuple(r) for r in tx.execute(days)]


def test_each_execution_has_its_own_values(sent):
    statement = Prepared(OF_KINDS)
    with sent.reading() as tx:
        assert len(statement.rows(tx, {"since": NOW})) == 2
        assert [row.id for row in statement.rows(tx, {"since": NOW + timedelta(hours=1)})] == ["id-1"]
        assert statement.row(tx, {"since": NOW + timedelta(days=1)}) is None


def test_what_is_inserted_comes_back_and_what_is_changed_is_counted(database):
    with database.writing() as tx:
        first, second = (KEEP.row(tx, sending(number, NOW)) for number in (1, 2))
        assert (second.number, second.at) == (first.number + 1, NOW)
        touch = update(setting).where(setting.c.name == bindparam("of")).values(value=bindparam("new"))
        Prepared(insert(setting), ("name", "value")).changes(tx, [{"name": n, "value": "1"} for n in ("a", "b")])
        assert Prepared(touch).change(tx, {"of": "a", "new": "2"}) == 1
        assert Prepared(touch).change(tx, {"of": "c", "new": "2"}) == 0
        assert tx.execute(select(setting.c.value).where(setting.c.name == "a")).scalar_one() == "2"


def test_a_number_that_no_column_holds_is_told_as_that(database):
    with database.writing() as tx, pytest.raises(Unstorable):
        KEEP.row(tx, sending(1, NOW) | {"account_id": 10**20})


def test_an_instant_without_a_zone_is_refused(database):
    with database.writing() as tx, pytest.raises(Exception, match="time zone"):
        KEEP.row(tx, sending(1, NOW.replace(tzinfo=None)))


def test_it_begins_the_transaction_that_it_belongs_to(database):
    """Not one statement is ever kept by itself: what goes wrong afterwards undoes it."""

    def half_done():
        with database.writing() as tx:
            KEEP.row(tx, sending(1, NOW))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_done()
    with database.reading() as tx:
        assert ledger.find_submission(tx, people.clerk.id, "id-1") is None
        with pytest.raises((Unavailable, DBAPIError), match=r"read.?only"):
            KEEP.row(tx, sending(2, NOW))


def test_a_reader_sees_one_state_from_its_first_question_on(database):
    count = Prepared(select(data_version).order_by(data_version.c.area))
    with database.reading() as reader:
        before = [tuple(row) for row in count.rows(reader, {})]
        with database.writing() as tx:
            ledger.touch(tx, ledger.DATA)
        assert [tuple(row) for row in count.rows(reader, {})] == before
    with database.reading() as reader:
        assert [tuple(row) for row in count.rows(reader, {})] != before


def test_errors_are_told_in_the_words_of_every_other_statement(database):
    with database.writing() as tx:
        KEEP.row(tx, sending(1, NOW))
    with pytest.raises(IntegrityError), database.writing() as tx:
        KEEP.row(tx, sending(1, NOW))
    with database.writing() as tx:
        tx.execute(text("ALTER TABLE holiday RENAME TO feast"))
    gone = delete(holiday).where(holiday.c.day == bindparam("of"))
    told = set()
    for change in (Prepared(gone).change, lambda tx, given: tx.execute(gone, given)):
        with pytest.raises((Unavailable, DBAPIError)) as found, database.writing() as tx:
            change(tx, {"of": TODAY})
        told.add((type(found.value), str(getattr(found.value, "orig", found.value)).splitlines()[0]))
    assert len(told) == 1
