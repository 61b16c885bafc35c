import pytest

from portal.actions.summary import note_download
from portal.domain.problems import NotPermitted
from portal.domain.summary import BY_WORK, Period
from portal.storage import ledger

from .. import people
from ..digest import digest

PERIOD = Period(people.TODAY, people.TODAY)


@pytest.mark.parametrize("who", [people.supervisor, people.reader, people.administrator], ids=lambda p: p.username)
def test_who_takes_numbers_away_is_written_down(database, who):
    with database.writing() as tx:
        note_download(tx, people.sending(who), PERIOD, BY_WORK, "xlsx")
        (line,) = ledger.history(tx, "summary", "work/2024-10-21/2024-10-21")
    assert (line.account, line.deed, line.reason) == (who.username, "summary.download", "xlsx")


@pytest.mark.parametrize("who", [people.clerk, people.liaison], ids=lambda p: p.username)
def test_others_take_nothing(database, who):
    before = digest(database)
    with pytest.raises(NotPermitted), database.writing() as tx:
        note_download(tx, people.sending(who), PERIOD, BY_WORK, "xlsx")
    assert digest(database) == before
