"""Whatever is sent, in whatever order, and however often it is put right and wrong again: the totals hold."""

import random
from datetime import timedelta
from itertools import permutations

import pytest

from portal.actions import recordings as action
from portal.domain.areas import OUTSIDE
from portal.domain.duty import Period
from portal.domain.problems import Conflict
from portal.domain.rollup import summarise
from portal.domain.summary import BOOKS, BY_HOME, BY_WORK
from portal.storage import recordings, summary
from portal.storage.daysheets import DayMemory

from .. import people, records
from ..people import NGORO, NOW, PUNGGING, TODAY

PERIOD = Period(TODAY - timedelta(days=13), TODAY)
MEMORY = DayMemory()


@pytest.fixture
def send(database, office):
    def deed(point, day, entry, version=0, reason="", id=None, at=NOW, who=people.supervisor):
        with database.writing() as tx:
            sender, id = people.sending(who, at), id or records.submission_id()
            return action.send(tx, sender, office, id, point, day, entry, version, reason)

    return deed


@pytest.fixture(autouse=True)
def memory(monkeypatch):
    """What a worker remembers of the days, from one question of a test to its next."""
    monkeypatch.setattr("tests.actions.test_histories.MEMORY", DayMemory())


def told(database, office):
    """Everything a supervisor reads of the period: every line of both books, the trend, the gaps.

    What is remembered from before is never another answer than what the database says now.
    """
    with database.reading() as tx:
        facts = summary.facts(tx, PERIOD)
        assert summary.facts(tx, PERIOD, memory=MEMORY) == facts
    found = {book: summarise(office, PERIOD, book, facts, NOW) for book in BOOKS}
    return {
        "rows": {book: [(row.code, row.hub_code, dict(row.values)) for row in s.rows] for book, s in found.items()},
        "totals": {book: s.total.values["recorded"] for book, s in found.items()},
        "trend": found[BY_WORK].trend,
        "missing": found[BY_WORK].missing,
    }


def entries(seed):
    """Invented days of three points: (point, day, entry), each once."""
    chance, found = random.Random(seed), []
    for point in (NGORO, PUNGGING, "dinas"):
        for back in chance.sample(range(12), 4):
            number = chance.randrange(5, 60)
            homes = {"35.16.05": number // 3, OUTSIDE: number // 5}
            entry = records.nihil() if chance.random() < 0.2 else records.entry(number, homes, printed_prr=number // 2)
            found.append((point, TODAY - timedelta(days=back), entry))
    return found


@pytest.mark.parametrize("seed", range(3))
def test_both_books_add_up_to_the_same_district_total(database, office, send, seed):
    for said in entries(seed):
        send(*said)
    totals = told(database, office)["totals"]
    assert totals[BY_WORK] == totals[BY_HOME] == sum(entry.recorded for _point, _day, entry in entries(seed))


@pytest.mark.parametrize("seed", range(3))
def test_what_is_edited_and_put_back_restores_every_total(database, office, send, seed):
    for said in entries(seed):
        send(*said)
    before = told(database, office)
    chance = random.Random(seed)
    for point, day, entry in chance.sample(entries(seed), 6):
        wrong = records.nihil("jaringan_server") if entry.recorded else records.entry(99, {"35.16.02": 50})
        send(point, day, wrong, version=1, reason="salah baris")
        assert told(database, office) != before
        send(point, day, entry, version=2, reason="dikembalikan")
        assert told(database, office) == before


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_any_order_of_the_same_sendings_gives_the_same_state(database, office, send, order):
    """Three forms filled in without a signal, of two days and one of them twice by a lost answer, in every order."""
    friday = TODAY - timedelta(days=3)
    forms = [
        (NGORO, friday, records.entry(24, {"35.16.05": 20})),
        (NGORO, TODAY, records.nihil("tak_ada_pemohon")),
        (PUNGGING, TODAY, records.entry(31, failed=2)),
    ]
    ids = [f"3f914bd7-ccb9-4d72-92f7-5c7a6bb2875{n}" for n in range(3)]
    receipts = {n: send(*forms[n], id=ids[n]) for n in order}
    for n in reversed(order):
        assert send(*forms[n], id=ids[n], at=NOW + timedelta(hours=5)) == receipts[n]
    assert told(database, office)["totals"] == {BY_WORK: 55, BY_HOME: 55}
    with database.reading() as tx:
        kept = {(r.point_code, r.service_date): r for r in recordings.in_period(tx, PERIOD, [NGORO, PUNGGING])}
    assert {key: (r.entry.recorded, r.version, r.first_received_at) for key, r in kept.items()} == {
        (NGORO, friday): (24, 1, NOW),
        (NGORO, TODAY): (0, 1, NOW),
        (PUNGGING, TODAY): (31, 1, NOW),
    }


def test_of_two_corrections_from_the_same_version_the_second_is_told_of_the_first_in_either_order(
    database, office, send
):
    send(NGORO, TODAY, records.entry(24))
    for version, (first, second) in enumerate(((25, 26), (26, 25)), start=1):
        send(NGORO, TODAY, records.entry(first), version=version, reason="hitung ulang")
        with pytest.raises(Conflict) as conflict:
            send(NGORO, TODAY, records.entry(second), version=version, reason="hitung ulang")
        assert conflict.value.kept.entry.recorded == first
    assert told(database, office)["totals"][BY_WORK] == 26
