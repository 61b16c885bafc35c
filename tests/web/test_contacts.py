"""Who called which office: one press on the day's page, what was said on the office's own."""

from portal.storage import contacts

from .. import people
from ..people import NGORO, PUNGGING


def noted(portal, point=NGORO):
    with portal.database.reading() as tx:
        return [(c.how, c.note) for c in contacts.of_point(tx, point)]


def pressable(page):
    """The points that the page lets one press note, in its order."""
    return [form["action"].rsplit("/", 1)[1] for form in page.forms() if form["action"].startswith("/contacts/")]


def test_one_press_notes_a_call_and_the_line_moves_below_the_uncalled(portal):
    supervisor = portal.browser(people.supervisor)
    page = supervisor.get("/today")
    point = pressable(page)[0]
    answer = supervisor.send(page, part=f"/contacts/{point}")
    assert (answer.status, answer.location) == (303, "/today#silent")
    assert supervisor.send(page, part=f"/contacts/{point}").status == 303
    assert noted(portal, point) == [("whatsapp", "")]
    after = supervisor.get("/today")
    assert point not in pressable(after)
    assert len(pressable(after)) == 5  # the next one has come up from below


def test_each_form_of_the_page_has_an_id_of_its_own(portal):
    page = portal.browser(people.supervisor).get("/today")
    ids = [page.values(f"/contacts/{point}")["submission_id"] for point in pressable(page)]
    assert len(ids) == 5 == len(set(ids))


def test_what_was_said_is_shown_to_everybody_of_the_district(portal):
    supervisor, reader = portal.browser(people.supervisor), portal.browser(people.reader)
    page = supervisor.get(f"/contacts/{NGORO}")
    sent = {
        "submission_id": page.typed("submission_id"),
        "how": "telephone",
        "note": "Listrik padam, sore ini dikirim.",
    }
    answer = supervisor.post(f"/contacts/{NGORO}", sent)
    assert (answer.status, answer.location) == (303, f"/contacts/{NGORO}")
    told = reader.get(f"/contacts/{NGORO}")
    assert "Listrik padam, sore ini dikirim." in told.text
    assert told.forms() == []
    assert "Pengawas Kabupaten" in told.by_id("past").parent.text


def test_bad_input_is_told_at_its_box_with_the_text_kept(portal):
    supervisor = portal.browser(people.supervisor)
    page = supervisor.get(f"/contacts/{PUNGGING}")
    sent = {"submission_id": page.typed("submission_id"), "how": "", "note": "NIK 3516091234560001"}
    answer = supervisor.post(f"/contacts/{PUNGGING}", sent)
    assert answer.status == 422
    assert "Pilih cara menghubungi." in answer.text
    assert "Jangan tulis NIK" in answer.text
    assert "NIK 3516091234560001" in answer.text
    assert noted(portal, PUNGGING) == []
    again = supervisor.post(f"/contacts/{PUNGGING}", sent | {"how": "telephone", "note": "besok", "x": "1"})
    assert answer.status == again.status == 422


def test_a_form_used_twice_for_two_things_is_told_and_can_be_sent_again(portal):
    supervisor = portal.browser(people.supervisor)
    page = supervisor.get(f"/contacts/{NGORO}")
    sent = {"submission_id": page.typed("submission_id"), "how": "telephone", "note": "besok"}
    assert supervisor.post(f"/contacts/{NGORO}", sent).status == 303
    answer = supervisor.post(f"/contacts/{NGORO}", sent | {"note": "lusa"})
    assert answer.status == 409
    assert "sudah dikirim dengan isi lain" in answer.text
    assert answer.table()[1:] == [
        ["Dihubungi lewat", "Telepon", "Telepon"],
        ["Yang dikatakan (berbeda)", "besok", "lusa"],
    ]
    assert noted(portal) == [("telephone", "besok")]
    assert supervisor.send(answer).status == 303
    assert noted(portal) == [("telephone", "lusa"), ("telephone", "besok")]
