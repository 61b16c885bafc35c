"""The settings page: every limit with its source, the letterhead, and nobody's change overwritten."""

import pytest

from portal.domain.limits import LIMITS
from portal.storage import areas

from .. import people


@pytest.fixture
def supervisor(portal):
    return portal.browser(people.supervisor)


def test_every_limit_stands_with_its_bounds_and_source(supervisor):
    page = supervisor.get("/settings/")
    for limit in LIMITS:
        assert page.typed(limit.name) == str(limit.default)
        assert limit.source in page.text
    assert 'aria-current="page">Pengaturan' in page.html


def test_what_is_set_holds_and_stands_in_the_history(portal, supervisor):
    sent = supervisor.send(
        supervisor.get("/settings/"), kit_day="1.000", signer_nip="19700101 199503 1 001", signer_name="Ibu Kepala"
    )
    assert (sent.status, sent.location) == (303, "/settings/")
    assert portal.office().limit("kit_day") == 1000
    page = supervisor.get("/settings/")
    assert page.typed("signer_nip") == "197001011995031001"
    assert "Kapasitas satu alat dalam sehari: semula 100 → menjadi 1.000" in page.text
    assert "Pengawas Kabupaten" in page.text


@pytest.mark.parametrize(
    ("name", "typed", "message"),
    [
        ("kit_day", "1,5", "isi dengan bilangan bulat, misalnya 24."),
        ("kit_day", "0", "Isi dengan bilangan bulat dari 1 sampai 1.000."),
        ("absence_pct", "51", "Isi dengan bilangan bulat dari 0 sampai 50."),
        ("absence_pct", "", "Isi dengan bilangan bulat dari 0 sampai 50."),
        ("signer_nip", "123", "NIP terdiri atas 18 angka."),
        ("address", "3516051212900001", "Jangan tulis NIK atau nomor KK"),
    ],
)
def test_a_bad_value_is_told_beside_its_box_and_kept_nowhere(supervisor, unchanged, name, typed, message):
    form = supervisor.get("/settings/")
    unchanged()
    answer = supervisor.send(form, {name: typed, "place": "Mojosari"})
    assert answer.status == 422
    assert message in answer.error_at(name)
    assert (answer.typed(name), answer.typed("place")) == (typed, "Mojosari")


def test_a_stale_page_shows_both(portal, supervisor):
    old = supervisor.get("/settings/")
    administrator = portal.browser(people.administrator)
    administrator.send(administrator.get("/settings/"), kit_day="80")
    answer = supervisor.send(old, kit_day="90")
    assert answer.status == 409
    assert ["Kapasitas satu alat dalam sehari (berbeda)", "80", "90"] in answer.table()
    assert portal.office().limit("kit_day") == 80
    assert supervisor.send(answer).status == 303
    assert portal.office().limit("kit_day") == 90


def test_a_field_nobody_asked_for_is_refused(supervisor, unchanged):
    form = supervisor.get("/settings/")
    unchanged()
    assert supervisor.send(form, demo="1").errors == ["Isian tidak dikenal: demo."]


def test_the_demo_mark_is_no_setting_of_the_office(portal, supervisor):
    supervisor.send(supervisor.get("/settings/"), kit_day="80")
    with portal.database.reading() as tx:
        assert set(areas.settings(tx, "")) == {"limit.kit_day"}
