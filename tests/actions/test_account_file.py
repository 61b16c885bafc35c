"""Accounts from a file: shown first, all of it or nothing, codes told once."""

import pytest
from msgspec.structs import replace

from portal.actions import account_file as action
from portal.actions import sheets
from portal.actions.accounts import change, matches
from portal.domain.problems import STALE, Conflict, Invalid, NotPermitted, Unknown
from portal.storage import accounts, areas, ledger

from .. import people, records
from ..digest import digest

FILE = """username;nama;peran;wilayah;telepon
ngoro2;Siti Aminah;petugas;Ngoro, Pungging;0812-0000-0001
sman1;Wakasek;penghubung;20502725;
pungging;Petugas Pungging Baru;;;
ngoro;Petugas Ngoro;petugas;Ngoro;
"""
SEEN = {"new": 2, "changed": 1, "same": 1}


class Desk:
    def __init__(self, database):
        self.database = database

    def look(self, text=FILE, who=people.administrator):
        sheet = sheets.read("akun.csv", text.encode())
        with self.database.writing() as tx:
            preview = action.look(tx, people.sending(who), areas.office(tx), "akun.csv", sheet)
        self.seen = preview.mark
        return sheet.token, preview

    def bring(self, token, seen=None, who=people.administrator, id=None, codes=2):
        made = action.codes(codes)
        with self.database.writing() as tx:
            given = (areas.office(tx), id or records.submission_id(), token, seen or self.seen, made)
            return action.bring_in(tx, people.sending(who), *given)

    def account(self, username):
        with self.database.reading() as tx:
            return accounts.find(tx, username)


@pytest.fixture
def desk(database):
    return Desk(database)


def test_a_file_is_kept_whole_with_a_code_for_each_new_account(desk):
    token, preview = desk.look()
    assert (preview.tally, preview.problems) == (SEEN, [])
    assert desk.account("ngoro2") is None
    id = records.submission_id()
    sent, slips = desk.bring(token, id=id)
    assert [s.record.username for s in slips] == ["ngoro2", "sman1"]
    made = desk.account("ngoro2")
    assert (made.points, made.must_change, made.role) == ({people.NGORO, people.PUNGGING}, True, "clerk")
    with desk.database.reading() as tx:
        assert matches(accounts.password_hash(tx, made.id), slips[0].code)
        line = ledger.newest_entries(tx, 1)[0]
        assert not any(slips[0].code in str(entry) for entry in ledger.newest_entries(tx, 9))
    assert (line.deed, line.changes) == ("accounts.import", {"new": [0, 2], "changed": [0, 1], "same": [0, 1]})
    assert desk.account("pungging").name == "Petugas Pungging Baru"
    assert not desk.account("pungging").must_change
    before = digest(desk.database)
    assert desk.bring(token, id=id) == (sent, [])
    with pytest.raises(Unknown):
        desk.bring(token)
    assert digest(desk.database) == before


def test_one_faulty_row_holds_all_of_them_back(desk):
    token, preview = desk.look(FILE + "x;Budi;petugas;Ngoro;\n")
    assert [(p.row, p.column) for p in preview.problems] == [(6, "username")]
    with pytest.raises(Unknown):
        desk.bring(token)
    assert desk.account("ngoro2") is None


def test_what_changed_since_the_preview_is_shown_again(desk):
    token, _preview = desk.look()
    before = digest(desk.database)
    with pytest.raises(Conflict) as conflict:
        desk.bring(token, "0" * 16)
    assert (conflict.value.why, conflict.value.kept.tally) == (STALE, SEEN)
    for who in (people.supervisor, people.clerk, people.reader, people.liaison):
        with pytest.raises(NotPermitted):
            desk.look(who=who)
        with pytest.raises(NotPermitted):
            desk.bring(token, who=who)
    assert digest(desk.database) == before


def test_a_later_edit_is_not_undone_by_a_preview_that_did_not_show_it(desk):
    """As many rows change as before, yet one of them would now take back what another administrator did meanwhile."""
    text = FILE.replace("pungging;Petugas Pungging Baru;;;", "pungging;Petugas Pungging Baru;petugas;Pungging;")
    token, preview = desk.look(text)
    assert preview.tally == SEEN
    with desk.database.writing() as tx:
        moved = replace(people.colleague, points=frozenset({people.GONDANG}))
        change(tx, people.sending(people.administrator), areas.office(tx), moved)
    before = digest(desk.database)
    with pytest.raises(Conflict) as conflict:
        desk.bring(token)
    assert (conflict.value.kept.tally, digest(desk.database)) == (SEEN, before)
    desk.bring(token, conflict.value.kept.mark)
    assert desk.account("pungging").points == {people.PUNGGING}


def test_a_file_that_is_no_list_of_accounts_is_told_so(desk):
    assert desk.look("nama;sandi\na;b\n")[1].problems
    with pytest.raises(Invalid) as refused:
        desk.look("")
    assert refused.value.problems[0].field == "file"
