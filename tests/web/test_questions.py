"""A doubtful report is asked about once, on a page of its own, and what was passed is kept for the reviewer."""

import json
from datetime import timedelta

import pytest

from portal.domain.rules import RULES
from portal.storage import questions

from .. import people, records
from ..people import NGORO, TODAY

DAY = f"/recordings/{NGORO}/{TODAY}"
EDIT = f"{DAY}/edit"
TYPO = {
    "kind": "angka",
    "recorded": "240",
    "printed_prr": "12",
    "home-35.16.06": "4",
    "note": "Antre <b>panjang</b>.",
}
FIGURES = (18, 22, 25, 19, 30, 21, 24, 20, 23)


def service_days(count):
    found, day = [], TODAY
    while len(found) < count:
        day -= timedelta(days=1)
        if day.weekday() < 5:
            found.append(day)
    return found


@pytest.fixture
def worked(portal):
    """Nine days near twenty at Ngoro; the office began early enough for them."""
    for day, number in zip(service_days(9), FIGURES, strict=True):
        portal.report(records.entry(number, blanks_left=100), day=day, at=people.NOW - timedelta(days=1))
    return portal


def flags(portal, version=1):
    report = portal.kept_report()
    with portal.database.reading() as tx:
        return questions.flags_of(tx, report.id, version)


def typo(clerk, **more):
    return clerk.send(clerk.get(EDIT), TYPO | more)


def test_a_typo_is_asked_about_and_nothing_is_kept_yet(worked):
    clerk = worked.browser(people.clerk)
    before = worked.digest()
    asked = typo(clerk)
    assert (asked.status, asked.heading) == (200, "Periksa sebelum dikirim")
    assert "X-Portal-Receipt" not in asked.headers
    assert asked.headers["X-Portal-Questions"] == "1"
    assert "Biasanya 12–32, Anda menulis 240." in asked.text
    assert asked.errors == []
    assert worked.digest() == before
    values = asked.values()
    assert [values[name] for name in ("recorded", "printed_prr", "home-35.16.06", "note")] == [
        "240",
        "12",
        "4",
        "Antre <b>panjang</b>.",
    ]


def test_what_was_passed_is_kept_with_its_note_and_seen_by_the_reviewer(worked):
    clerk = worked.browser(people.clerk)
    asked = typo(clerk)
    sent = clerk.send(asked, {"passed-note-1": " rombongan dari pesantren "})
    assert (sent.status, sent.location) == (303, DAY)
    assert sent.headers["X-Portal-Receipt"].startswith("M-1021-")
    outlier, capacity = flags(worked)
    assert (outlier.rule, outlier.field, outlier.value, outlier.low, outlier.high) == (
        "outlier",
        "recorded",
        240,
        12,
        32,
    )
    assert (outlier.asked, outlier.note) == (True, "rombongan dari pesantren")
    assert (capacity.rule, capacity.asked, capacity.note) == ("capacity", False, "")
    shown = worked.browser(people.supervisor).get(DAY)
    assert "Jauh dari biasanya: Jumlah rekam 240" in shown.text
    assert "dinyatakan benar" in shown.text
    assert "rombongan dari pesantren" in shown.text


def test_the_passed_form_sent_again_is_the_same_receipt(worked):
    clerk = worked.browser(people.clerk)
    form = clerk.get(EDIT)
    asked = clerk.send(form, TYPO)
    first = clerk.send(asked)
    before = worked.digest()
    again = clerk.send(asked)
    assert again.headers["X-Portal-Receipt"] == first.headers["X-Portal-Receipt"]
    unanswered = clerk.send(form, TYPO)  # the first page, out of the browser's history
    assert (unanswered.status, unanswered.headers["X-Portal-Receipt"]) == (303, first.headers["X-Portal-Receipt"])
    assert worked.digest() == before


def test_going_back_keeps_everything_that_was_typed(worked):
    clerk = worked.browser(people.clerk)
    form = clerk.get(EDIT)
    asked = clerk.send(form, TYPO)
    back = clerk.send(asked, change="1")
    assert (back.status, back.heading) == (200, form.heading)
    assert [back.typed(n) for n in ("recorded", "home-35.16.06", "note")] == ["240", "4", "Antre <b>panjang</b>."]
    assert back.typed("submission_id") == form.typed("submission_id")
    assert worked.kept_report() is None
    sent = clerk.send(back, recorded="24")
    assert sent.status == 303
    assert (worked.kept_report().entry.recorded, flags(worked)) == (24, [])


def test_another_figure_is_asked_about_anew(worked):
    clerk = worked.browser(people.clerk)
    asked = typo(clerk)
    changed = clerk.send(asked, recorded="420")
    assert (changed.status, "Anda menulis 420" in changed.text) == (200, True)
    assert worked.kept_report() is None
    assert clerk.send(changed).status == 303
    assert flags(worked)[0].value == 420


def test_a_note_that_cannot_be_kept_is_told_and_the_rest_stays(worked, unchanged):
    clerk = worked.browser(people.clerk)
    asked = typo(clerk)
    unchanged()
    wrong = clerk.send(asked, {"passed-note-1": "NIK 3516051203070001"})
    assert wrong.status == 422
    assert "Jangan tulis NIK" in wrong.error_at("passed-note-1")
    assert (wrong.typed("recorded"), wrong.typed("passed-note-1")) == ("240", "NIK 3516051203070001")


def test_what_is_wrong_comes_before_what_is_doubtful(worked, unchanged):
    clerk = worked.browser(people.clerk)
    form = clerk.get(EDIT)
    unchanged()
    answer = clerk.send(form, TYPO | {"recorded": "240", "recorded_male": "241"})
    assert (answer.status, answer.error_at("recorded_male") != "") == (422, True)
    assert "Biasanya" not in answer.error_at("recorded")


def test_a_correction_is_asked_after_its_reason(worked):
    clerk = worked.browser(people.clerk)
    worked.report(records.entry(24))
    form = clerk.get(EDIT)
    assert clerk.send(form, recorded="240").error_at("reason") != ""
    asked = clerk.send(form, recorded="240", reason="dihitung ulang")
    assert asked.heading == "Periksa sebelum dikirim"
    assert clerk.send(asked).status == 303
    assert (worked.kept_report().version, worked.kept_report().entry.recorded) == (2, 240)
    assert ([f.rule for f in flags(worked, 2)], flags(worked, 1)) == (["outlier", "capacity"], [])


def test_two_people_meet_after_the_question(worked):
    """The conflict carries what was passed: replacing the kept report asks nothing twice."""
    clerk = worked.browser(people.clerk)
    asked = typo(clerk)
    worked.report(records.entry(20))
    met = clerk.send(asked, {"passed-note-1": "rombongan"})
    assert (met.status, met.heading) == (409, "Laporan hari ini sudah ada")
    sent = clerk.send(met, reason="yang lama salah")
    assert sent.status == 303
    assert (worked.kept_report().entry.recorded, flags(worked, 2)[0].note) == (240, "rombongan")


def test_a_broken_kit_that_is_noted_as_good_is_asked_about_with_a_link(portal):
    clerk = portal.browser(people.clerk)
    asked = clerk.send(clerk.get(EDIT), kind="nihil", nihil_reason="alat_rusak")
    assert "tercatat baik" in asked.text
    assert asked.link("Lihat alat") == f"/equipment/kit-{NGORO}"
    assert clerk.send(asked).status == 303
    assert [(f.rule, f.value) for f in flags(portal)] == [("nihil_kit_good", None)]


def test_the_district_passes_for_a_point_without_losing_whose_it_is(worked):
    supervisor = worked.browser(people.supervisor)
    asked = typo(supervisor)
    assert supervisor.send(asked).status == 303
    assert flags(worked)[0].asked


def test_the_usual_stands_under_the_box(worked):
    form = worked.browser(people.clerk).get(EDIT)
    assert "biasanya 12–32" in form.by_id("recorded-seen").text
    assert form.typed("recorded") == ""


def test_the_form_says_where_it_stands(worked):
    clerk = worked.browser(people.clerk)

    def state(page):
        (line,) = [n for n in page.root.all("strong") if n["role"] == "status"]
        return line.text

    form = clerk.get(EDIT)
    assert state(form) == "Belum dikirim"
    assert state(clerk.send(form, recorded="")) == "Perlu diperbaiki"
    assert state(clerk.send(clerk.send(form, TYPO), change="1")) == "Belum dikirim"
    clerk.send(form, recorded="24")
    assert state(clerk.get(EDIT)) == "Tersimpan di server 13.00 WIB"


def test_folded_groups_open_where_something_is_in_them_or_wrong(portal):
    clerk = portal.browser(people.clerk)
    form = clerk.get(EDIT)

    def opened(page):
        return {n["id"] for n in page.root.all("details") if n["id"].startswith("more-") and "open" in n}

    assert opened(form) == set()
    assert "Laki-laki" in form.by_id("more-recording").all("summary")[0].text
    assert opened(clerk.send(form, recorded="3", prr="1,5", failed="1")) == {"more-siak", "more-recording"}


def test_the_rules_are_there_for_a_form_without_signal(portal):
    clerk = portal.browser(people.clerk)
    answer = clerk.get("/recordings/rules.json")
    assert answer.headers["Content-Type"] == "application/json"
    told = json.loads(answer.data)
    assert [rule["id"] for rule in told["rules"]] == [rule.id for rule in RULES]
    again = clerk.get("/recordings/rules.json", If_None_Match=answer.headers["ETag"])
    assert (again.status, again.data) == (304, b"")
