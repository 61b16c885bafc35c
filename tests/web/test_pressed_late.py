"""A button pressed on a page that is no longer true: what is kept stands beside what was sent, and nothing is lost."""

import pytest

from .. import people, records
from ..people import NGORO, TODAY

KIT = f"kit-{NGORO}"


def id():
    return {"submission_id": records.submission_id()}


def beside(page):
    """Row → (kept, sent), whether they differ or not."""
    assert page.status == 409
    assert page.root.all("table")[0]["class"] == "data conflict"
    return {row[0].removesuffix(" (berbeda)"): tuple(row[1:]) for row in page.table()[1:]}


@pytest.fixture
def outage(portal):
    clerk = portal.desk(people.clerk)
    assert clerk.post("/outages/", {**id(), "point": NGORO, "cause": "power", "stops": "both"}).status == 303
    portal.clock.pass_by(minutes=30)
    return "/outages/1"


def test_an_outage_that_somebody_ended_shows_both_ends(portal, outage):
    clerk, boss = portal.browser(people.clerk), portal.browser(people.supervisor)
    mine, theirs = clerk.get(outage), boss.get(outage)
    assert boss.send(theirs, part="/end").status == 303
    before = portal.digest()
    late = clerk.send(mine, {"ended": TODAY.isoformat(), "ended_clock": "13.20"}, part="/end")
    assert late.heading == "Yang tersimpan sudah berubah"
    assert beside(late) == {
        "Keadaan": ("selesai", "selesai"),
        "Pulih": ("Sen 21 Okt, 13.30 WIB", "Sen 21 Okt, 13.20 WIB"),
    }
    assert "tidak dapat disimpan lagi" in late.text
    assert not late.forms(), "it ended: there is nothing left to send"
    assert late.link("Pakai yang tersimpan") == outage
    assert portal.digest() == before


def test_an_outage_that_ended_meanwhile_is_withdrawn_only_if_that_is_meant(portal, outage):
    clerk, boss = portal.browser(people.clerk), portal.browser(people.supervisor)
    mine = clerk.get(outage)
    assert boss.send(boss.get(outage), part="/end").status == 303
    late = clerk.send(mine, part="/withdraw")
    assert beside(late) == {
        "Keadaan": ("selesai", "ditarik kembali"),
        "Pulih": ("Sen 21 Okt, 13.30 WIB", "–"),
    }
    assert clerk.send(late).status == 303
    assert "ditarik kembali dan tidak dihitung" in boss.get(outage).text
    again = beside(clerk.send(mine, part="/withdraw", submission_id=records.submission_id()))
    assert again["Keadaan"] == ("ditarik kembali", "ditarik kembali")


def test_care_that_was_done_meanwhile_is_not_done_twice_by_accident(portal):
    boss, clerk = portal.browser(people.supervisor), portal.browser(people.clerk)
    sent = {"kit": KIT, "kind": "preventive", "every_months": "3", "due_on": TODAY.isoformat()}
    assert boss.post("/upkeep/", {**id(), **sent}).status == 303
    mine, theirs = clerk.get("/upkeep/"), boss.get("/upkeep/")
    yesterday = TODAY.replace(day=20).isoformat()
    assert clerk.send(mine, {"done_on": yesterday, "note": "oli"}, part="/done").status == 303
    before = portal.digest()
    late = boss.send(theirs, {"done_on": TODAY.isoformat(), "note": "dibersihkan"}, part="/done")
    assert "Perawatan" in late.text
    assert beside(late) == {
        "Terakhir dikerjakan": ("20 Oktober 2024", "21 Oktober 2024"),
        "Jatuh tempo berikut": ("20 Januari 2025", "21 Januari 2025"),
        "Catatan": ("oli", "dibersihkan"),
    }
    assert portal.digest() == before
    assert boss.send(late).status == 303
    assert "jatuh tempo 21 Januari 2025" in clerk.get("/upkeep/").text
    gone = beside(boss.send(theirs, part="/withdraw"))
    assert gone["Jatuh tempo berikut"] == ("21 Januari 2025", "dihapus dari jadwal")


def test_a_part_that_broke_meanwhile_is_not_taken_out_or_moved_unseen(portal):
    boss = portal.browser(people.supervisor)
    page, move = boss.get("/equipment/part/1"), boss.get("/equipment/part/1/transfer")
    portal.break_part("iris")
    late = boss.send(page, part="/out")
    assert beside(late) == {
        "Alat": (KIT, "dikeluarkan dari alat"),
        "Keadaan": ("rusak – tidak menyala", "rusak – tidak menyala"),
    }
    assert beside(boss.send(move, kit="kit-x"))["Alat"] == (KIT, "kit-x")
    assert boss.send(late).status == 303


def test_a_fault_told_of_a_part_that_changed_shows_both_states(portal):
    clerk = portal.browser(people.clerk)
    form = clerk.get(f"/faults/new?kit={KIT}")
    portal.break_part("iris", who=people.supervisor)
    late = clerk.send(form, {"part": "1.1", "trouble": "broken.fisik_rusak", "note": "jatuh"})
    assert beside(late) == {
        "Pemindai iris": ("rusak – tidak menyala", "rusak – fisik rusak"),
        "Catatan": ("–", "jatuh"),
    }


def test_a_look_at_a_part_sent_with_a_used_form_shows_both(portal):
    clerk = portal.browser(people.clerk)
    form = clerk.get("/equipment/part/1")
    assert clerk.send(form, result="seen", note="di meja").status == 303
    late = clerk.send(form, result="moved", place="gudang")
    assert beside(late) == {
        "Apa yang ditemukan": ("Ada di tempat", "Ada di tempat lain"),
        "Ditemukan di": ("–", "gudang"),
        "Catatan": ("di meja", "–"),
    }


def test_a_kit_that_somebody_retired_shows_both(portal):
    boss = portal.browser(people.supervisor)
    form = boss.get(f"/equipment/{KIT}/retire")
    portal.break_part("iris")
    late = boss.send(form, reason="diganti")
    assert beside(late)["Alat"] == ("dipakai", "tidak dipakai sejak Sen 21 Okt")
    assert beside(late)["Pemindai iris"] == ("rusak – tidak menyala", "tidak dipakai")
    assert boss.send(late).status == 303
    gone = boss.send(form, reason="diganti", submission_id=records.submission_id())
    assert beside(gone)["Alat"][0] == "tidak dipakai sejak Sen 21 Okt"


def test_care_that_is_planned_no_longer_shows_both_and_what_counted_keeps_its_receipt(portal):
    boss, clerk = portal.browser(people.supervisor), portal.browser(people.clerk)
    sent = {"kit": KIT, "kind": "preventive", "every_months": "3", "due_on": TODAY.isoformat()}
    assert boss.post("/upkeep/", {**id(), **sent}).status == 303
    first, theirs = clerk.get("/upkeep/"), boss.get("/upkeep/")
    counted = clerk.send(first, part="/done")
    mine = clerk.get("/upkeep/")
    assert boss.send(boss.get("/upkeep/"), part="/withdraw").status == 303
    before = portal.digest()
    late = clerk.send(mine, {"note": "dibersihkan"}, part="/done")
    assert beside(late) == {
        "Terakhir dikerjakan": ("21 Oktober 2024", "21 Oktober 2024"),
        "Jatuh tempo berikut": ("dihapus dari jadwal", "21 Januari 2025"),
        "Catatan": ("–", "dibersihkan"),
    }
    assert not late.forms(), "it is planned no longer: there is nothing left to send"
    assert beside(boss.send(theirs, part="/withdraw"))["Jatuh tempo berikut"] == ("dihapus dari jadwal",) * 2
    again = clerk.send(first, part="/done")
    assert again.headers["X-Portal-Receipt"] == counted.headers["X-Portal-Receipt"]
    assert portal.digest() == before
    stranger = portal.browser(people.colleague)
    assert stranger.post("/upkeep/1/done", {**id(), "version": "3"}).status == 404


def test_a_place_that_somebody_took_back_shows_both(portal):
    clerk, boss = portal.browser(people.clerk), portal.browser(people.supervisor)
    diary = f"/equipment/{KIT}/diary"
    day = TODAY.isoformat()
    assert clerk.post(diary, {**id(), "kind": "van", "valid_from": day, "valid_to": day}).status == 303
    mine, theirs = clerk.get(diary), boss.get(diary)
    withdrawal = next(form["action"] for form in mine.forms() if form["action"].endswith("/withdraw"))
    counted = clerk.send(mine, part=withdrawal)
    before = portal.digest()
    late = boss.send(theirs, part=withdrawal)
    assert beside(late) == {"Catatan tempat": ("sudah dihapus", "dihapus")}
    assert not late.forms(), "it was taken back: there is nothing left to send"
    again = clerk.send(mine, part=withdrawal)
    assert again.headers["X-Portal-Receipt"] == counted.headers["X-Portal-Receipt"]
    assert portal.digest() == before
