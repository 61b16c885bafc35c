"""Points side by side, a hub, and two periods beside each other: the same numbers as the summary's."""

import pytest

from .. import people, records
from ..people import TODAY
from .test_summary import screen, whole

MONTH = f"period=custom&first={records.START}&last={TODAY}"


def test_panels_add_up_to_the_summary(busy):
    supervisor = busy.browser(people.supervisor)
    page = supervisor.get(f"/summary/panels/?{MONTH}")
    rows = screen(supervisor.get(f"/summary/?{MONTH}"))
    told = {li.all("h3")[0].text: li.all("p")[0].text for li in page.root.all("li") if li.all("h3")}
    assert len(told) == 20
    assert whole(told["Ngoro"].split()[0]) == rows["Ngoro"]["Jumlah rekam"]
    assert told["Trawas"].startswith("– dari 0 hari")
    assert len([svg for svg in page.root.all("svg") if "panel" in svg["class"]]) == 20
    ngoro = [row[0] for row in page.table(0)[1:]]
    assert ngoro[0] == "Sen 21 Okt", "the drawings as numbers, newest first"


def test_a_hub_shows_its_points_and_their_sum(busy):
    supervisor = busy.browser(people.supervisor)
    summary = supervisor.get(f"/summary/?{MONTH}")
    page = supervisor.get(summary.link("Hub Mojosari"))
    assert page.heading == "Hub Mojosari"
    rows = {row[0]: row for row in page.table()}
    assert rows["Ngoro"] == next(row for row in summary.table(-1) if row[0] == "Ngoro")
    assert rows["Jumlah"][1:] == next(row for row in summary.table(-1) if row[0] == "Hub Mojosari")[1:]
    assert "Sooko" not in rows
    assert supervisor.get("/summary/hub/none").status == 200
    assert supervisor.get("/summary/hub/tidak-ada").status == 404


MAPS = {
    "completeness": ("Kelengkapan", "laporan masuk/wajib"),
    "verified": ("Terverifikasi", "0/3"),
    "nihil": ("Hari NIHIL", "hari NIHIL"),
    "per_report": ("Di kantor per laporan", "22,0"),
    "failed": ("Gagal", "gagal"),
    "nonsense": ("Direkam", "Ngoro: 148"),
}


def test_the_map_shows_any_measure_with_its_legend(busy):
    supervisor = busy.browser(people.supervisor)
    for measure, (name, said) in MAPS.items():
        page = supervisor.get(f"/summary/?{MONTH}&measure={measure}")
        tile = next(a for a in page.root.all("a") if a["aria-label"].startswith("Ngoro:"))
        assert said in tile["aria-label"], measure
        current = [a.text for a in page.root.all("a") if a["aria-current"] == "page" and "ukuran" in a["id"]]
        assert current == [name]


def test_two_periods_stand_beside_each_other(busy):
    supervisor = busy.browser(people.supervisor)
    days = f"first={records.START}&last=2024-10-17&second_first=2024-10-18&second_last={TODAY}"
    page = supervisor.get(f"/summary/comparison/?{days}")
    before, after = (
        screen(supervisor.get(f"/summary/?period=custom&first={a}&last={b}"))
        for a, b in ((records.START, "2024-10-17"), ("2024-10-18", TODAY))
    )
    row = next(r for r in page.table() if r[0] == "Kabupaten")
    assert [whole(cell) for cell in row[1:3]] == [x["Kabupaten"]["Jumlah rekam"] for x in (before, after)]
    assert "kecamatan lengkap" in page.text
    at_home = supervisor.get(f"/summary/comparison/?{days}&book=home")
    assert next(r for r in at_home.table() if r[0] == "Kabupaten")[1:3] == row[1:3], "both books, one total"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("first=2024-10-10&last=2024-10-15&second_first=2024-10-15&second_last=2024-10-17", "hari yang sama"),
        ("first=2024-10-10&last=2024-10-08&second_first=2024-10-15&second_last=2024-10-17", "sebelum tanggal akhir"),
        ("first=2024-10-10&last=kemarin&second_first=2024-10-15&second_last=2024-10-17", "anggal"),
        ("first=2024-10-10&last=2024-10-12&second_first=2024-10-15&second_last=2099-10-17", "belum tiba"),
    ],
)
def test_periods_that_cannot_be_compared_are_told_beside_the_field_and_stay_typed(busy, asked, told):
    page = busy.browser(people.reader).get(f"/summary/comparison/?{asked}")
    assert page.status == 422
    assert told in page.text
    typed = dict(part.split("=") for part in asked.split("&"))
    assert {name: page.by_id(name)["value"] for name in typed} == typed
