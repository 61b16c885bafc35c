"""A kit leaves service from its page and comes back; opening hours are changed knowing what that alters."""

from datetime import timedelta

from .. import people
from ..people import NGORO, TODAY

KIT = f"kit-{NGORO}"


def test_a_retired_kit_is_counted_nowhere_and_stays_readable(portal):
    boss, clerk = portal.browser(people.supervisor), portal.browser(people.clerk)
    counted = "1 dari 1 alat bisa rekam"
    assert counted in clerk.get("/equipment/").text
    form = boss.get(f"/equipment/{KIT}/retire")
    assert boss.send(form, reason="", note="BA 7").error_at("reason") == "Kesalahan: Pilih sebabnya."
    answer = boss.send(form, reason="diganti", note="BA 7", since="2024-10-99")
    assert (answer.status, answer.typed("note"), answer.typed("reason")) == (422, "BA 7", "diganti")
    assert boss.send(form, reason="diganti", note="BA 7").status == 303
    listed = clerk.get("/equipment/")
    assert counted not in listed.text
    assert "Tidak dipakai lagi" in listed.text
    page = clerk.get(f"/equipment/{KIT}")
    assert "tidak dihitung di mana pun" in page.text
    assert "Masih sama" not in page.text
    assert "Ubah" not in page.text
    diary = clerk.get(f"/equipment/{KIT}/diary").text
    assert "Tidak lagi dipakai sejak" in diary
    assert "diganti alat baru (BA 7)" in diary
    assert "Pindahkan alat" not in diary
    assert KIT not in clerk.get(f"/equipment/labels?kit={KIT}").text
    assert boss.send(boss.get(f"/equipment/{KIT}/take-back"), looked_at="1").status == 303
    assert counted in clerk.get("/equipment/").text


def test_a_stale_page_retires_nothing_and_keeps_what_was_typed(portal):
    boss = portal.browser(people.supervisor)
    form = boss.get(f"/equipment/{KIT}/retire")
    portal.break_part("iris")
    answer = boss.send(form, reason="diganti", note="BA 7")
    assert (answer.status, answer.typed("note")) == (409, "BA 7")
    assert boss.send(answer).status == 303


def test_hours_that_reach_back_are_shown_before_they_are_kept(portal):
    boss = portal.browser(people.supervisor)
    form = boss.get("/calendar/hours")
    said = {"valid_from": (TODAY - timedelta(days=7)).isoformat(), "opens": "7", "closes": "14", "reason": "SE 12"}
    shown = boss.send(form, said)
    assert shown.status == 409
    assert shown.table()[1] == ["Oktober 2024", "6", "48 jam", "42 jam"]
    assert "08.00–16.00" in boss.get("/calendar/hours").text
    assert boss.send(shown).status == 303
    assert "07.00–14.00 WIB" in boss.get("/calendar/hours").text
    assert "pukul 08.00–16.00 WIB, pukul 07.00–14.00 WIB sejak" in boss.get("/downtime/").text
    wrong = boss.send(boss.get("/calendar/hours"), said | {"opens": "12,5"})
    assert (wrong.status, wrong.typed("opens")) == (422, "12,5")
