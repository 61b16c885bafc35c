"""Where the next kit belongs: reasons that can be weighed, numbers that are never made up, a plan on paper."""

from datetime import timedelta

import pytest

from portal.domain.places import Buckets

from .. import people, records
from ..people import NGORO, SCHOOL, TODAY


def ranking(page):
    table = next(t for t in page.root.all("table") if "Alasan" in t.text)
    header = [th.text for th in table.all("thead")[0].all("th")]
    return [
        dict(zip(header, [c.text for c in tr.all("th", "td")], strict=True)) for tr in table.all("tbody")[0].all("tr")
    ]


def names(page):
    return [row["Kecamatan"].split(". ", 1)[1] for row in ranking(page)]


def test_kecamatan_are_ranked_with_what_is_known_and_its_date(quiet):
    page = quiet.desk(people.administrator).get("/rollout/")
    lines = ranking(page)
    assert len(lines) == 18
    ngoro = next(row for row in lines if "Ngoro" in row["Kecamatan"])
    assert ngoro["Belum terekam bobot 4"].startswith("2.023")
    assert "Mei 2023" in ngoro["Belum terekam bobot 4"]
    dlanggu = next(row for row in lines if "Dlanggu" in row["Kecamatan"])
    assert dlanggu["Belum terekam bobot 4"] == "tidak diketahui"
    assert dlanggu["Beban hub bobot 1"] == "tidak diketahui"
    assert "diketahui untuk 8 dari 18 kecamatan" in page.text


def test_without_weights_the_code_decides(quiet):
    address = "/rollout/?left=0&pace=0&distance=0&hub=0&down=0&kits=3"
    page = quiet.desk(people.administrator).get(address)
    assert names(page)[:3] == ["Jatirejo", "Gondang", "Pacet"]
    assert [row["Alat baru"] for row in ranking(page)[:4]] == ["+1", "+1", "+1", "0"]


def test_weights_move_the_ranking(quiet):
    browser = quiet.desk(people.administrator)
    far = browser.get("/rollout/?left=0&pace=0&distance=10&hub=0&down=0")
    many = browser.get("/rollout/?left=10&pace=0&distance=0&hub=0&down=0")
    assert names(many)[0] == "Ngoro"
    assert names(far)[0] == "Dawarblandong"
    assert "Rencana A4" in many.text
    assert "left=10" in many.link("Rencana A4")


def test_the_budget_has_its_price_with_date_and_source(quiet):
    page = quiet.desk(people.administrator).get("/rollout/?kits=5")
    assert "Biaya Rp800.000.000: 5 × Rp160.000.000 (21 Oktober 2024; TribunJatim.com)." in page.text


def test_what_a_kit_would_record_is_unknown_while_nothing_is_known(quiet):
    page = quiet.desk(people.administrator).get("/rollout/")
    change = next(t for t in page.root.all("table") if "Jika alat jalan terus" in t.text)
    assert [c.text for c in change.all("tr")[2].all("td")] == ["tidak diketahui", "tidak diketahui"]


@pytest.fixture
def known(portal):
    """Nine ordinary days of 24 recordings at Ngoro with its one kit."""
    for day in (8, 9, 10, 11, 14, 15, 16, 17, 18):
        portal.report(records.entry(24), day=TODAY.replace(day=day))
    portal.clock.pass_by(hours=2)
    return portal


def whole(text):
    return [int(part.replace(".", "")) for part in text.split("–")]


def test_kits_add_people_up_to_those_known_to_be_left(known):
    browser = known.browser(people.supervisor)
    address = "/rollout/?left=10&pace=0&distance=0&hub=0&down=0&stage=1&weeks=1&first=2024-10-22&kits="
    found = []
    for kits in (0, 1, 2, 5):
        page = browser.get(f"{address}{kits}")
        change = next(t for t in page.root.all("table") if "Jika alat jalan terus" in t.text)
        found.append(whole(next(c.text for c in change.all("tr")[2].all("td"))))
        assert whole(next(c.text for c in change.all("tr")[1].all("td"))) == [26 * 24]
    assert found == sorted(found)
    assert found[0] == [0]
    assert found[1] == [24 * 26]


def test_the_plan_is_a_paper_with_stages_and_room_to_sign(quiet):
    page = quiet.desk(people.administrator).get("/rollout/plan?kits=4&stage=2&weeks=2&first=2024-10-26")
    stages = next(t for t in page.root.all("table") if "Tahap" in t.all("th")[0].text)
    told = [[c.text for c in tr.all("th", "td")] for tr in stages.all("tr")[1:]]
    assert [row[1] for row in told] == ["Senin, 28 Oktober 2024", "Senin, 11 November 2024"]
    assert [row[3] for row in told] == ["Rp320.000.000", "Rp320.000.000"]
    assert "Kepala Dinas" in page.text


def left_at_ngoro(page):
    found = {row["Kecamatan"].split(". ", 1)[1]: row["Belum terekam bobot 4"] for row in ranking(page)}
    assert found["Jetis"] == "tidak diketahui"
    (ngoro,) = (row for row in ranking(page) if row["Kecamatan"].endswith("Ngoro"))
    return found["Ngoro"], ngoro["Alasan"]


def test_left_at_places_is_another_reading(portal):
    browser = portal.browser(people.supervisor)
    assert left_at_ngoro(browser.get("/rollout/?basis=schools"))[0] == "tidak diketahui"
    portal.visit(result=records.result(absent=17))
    left, told = left_at_ngoro(browser.get("/rollout/?basis=schools"))
    assert left == "17"
    assert "Belum terekam: 21 Oktober 2024; 1 tempat dari kunjungan terakhir, hari ini" in told
    assert "Sisa sasaran kunjungan" not in browser.get("/rollout/").text


@pytest.mark.parametrize("address", ["/rollout/", "/rollout/plan"])
def test_a_places_list_comes_first_with_its_day_and_source_and_only_who_may_vote(portal, address):
    portal.visit(result=records.result(absent=17))
    portal.target(SCHOOL, as_of=TODAY - timedelta(days=7), buckets=Buckets(60, 40, 20))
    page = portal.browser(people.supervisor).get(f"{address}?basis=schools")
    left, told = left_at_ngoro(page)
    assert left == "80"
    assert "Belum terekam: 14 Oktober 2024; Daftar siswa" in told
    assert "kunjungan terakhir" not in told
    assert "Yang genap 17 tahun sesudah hari pemungutan suara tidak dihitung" in page.text


def test_after_polling_day_there_is_a_ranking_and_no_forecast(portal):
    portal.clock.pass_by(days=60)
    page = portal.browser(people.supervisor).get("/rollout/")
    assert "Tidak ada hari pemungutan suara di depan" in page.text
    assert len(ranking(page)) == 18


def test_the_nearest_able_office_is_named(portal):
    page = portal.browser(people.supervisor).get("/rollout/")
    rows = {row["Kecamatan"].split(". ", 1)[1]: row["Jarak bobot 2"] for row in ranking(page)}
    assert rows["Ngoro"] == "di sini"
    assert rows["Trawas"].endswith("Ngoro")
    portal.break_part("iris")
    page = portal.browser(people.supervisor).get("/rollout/")
    rows = {row["Kecamatan"].split(". ", 1)[1]: row["Jarak bobot 2"] for row in ranking(page)}
    assert rows["Ngoro"].endswith("Pungging")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("kits=61", "kits"),
        ("kits=-1", "kits"),
        ("kits=1,5", "kits"),
        ("kits=", "kits"),
        ("stage=0", "stage"),
        ("weeks=99", "weeks"),
        ("left=11", "left"),
        ("hub=x", "hub"),
        ("first=2024-02-31", "first"),
        ("first=2024-10-21", "first"),
        ("first=2099-01-01", "first"),
    ],
)
def test_what_cannot_be_planned_is_told_beside_its_box(quiet, query, field):
    page = quiet.desk(people.administrator).get(f"/rollout/?{query}")
    assert page.status == 422
    assert page.error_at(field)
    assert page.by_id(field)["value"] == query.split("=")[1]


def test_a_kit_in_ngoro_counts_as_standing_there(quiet):
    page = quiet.desk(people.administrator).get("/rollout/")
    assert {row["Kecamatan"].split(". ", 1)[1]: row["Alat kini"] for row in ranking(page)}["Ngoro"] == "1"
    assert NGORO == "kec-35.16.05"
