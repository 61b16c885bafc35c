"""A call is noted once, by those who may, and nothing of a resident stands in it."""

import pytest

from portal.actions import contacts as action
from portal.domain.problems import OTHER_BODY, Conflict, Invalid, NotPermitted, Unknown
from portal.storage import areas, contacts, ledger

from .. import people, records
from ..digest import digest
from ..people import NGORO


def note(database, point=NGORO, how="whatsapp", said="", *, who=people.supervisor, id=None):
    with database.reading() as tx:
        office = areas.office(tx)
    with database.writing() as tx:
        return action.note(tx, people.sending(who), office, id or records.submission_id(), point, how, said)


def test_a_call_is_kept_and_written_down_once_however_often_it_is_sent(database):
    id = records.submission_id()
    first = note(database, said=" besok pagi ", id=id)
    before = digest(database)
    assert note(database, said="besok pagi", id=id) == first
    assert digest(database) == before
    with pytest.raises(Conflict) as told:
        note(database, said="lusa", id=id)
    assert told.value.why == OTHER_BODY
    with database.reading() as tx:
        (kept,) = contacts.of_point(tx, NGORO)
        (entry,) = ledger.history(tx, action.KIND, NGORO)
    assert (kept.how, kept.note, kept.by) == ("whatsapp", "besok pagi", people.supervisor.name)
    assert (entry.deed, entry.reason) == ("contacts.note", "besok pagi")


def test_what_may_not_be_kept_leaves_no_trace(database):
    before = digest(database)
    for wrong, field in (({"how": "surat"}, "how"), ({"said": "NIK 3516 0912 3456 0001"}, "note")):
        with pytest.raises(Invalid) as told:
            note(database, **wrong)
        assert [p.field for p in told.value.problems] == [field]
    with pytest.raises(Unknown):
        note(database, "kec-99.99.99")
    for who in (people.clerk, people.liaison, people.reader, people.administrator):
        with pytest.raises(NotPermitted):
            note(database, who=who)
    assert digest(database) == before
