"""The state of the sweeps: the same figures on the screen, by every grouping and in every file."""

from datetime import timedelta

import pytest

from .. import people, records
from ..lists import listed
from ..people import OTHER_SCHOOL, PUNGGING_SCHOOL, TODAY
from .test_summary import from_csv, from_xlsx

ADDRESS = "/visits/summary/"


@pytest.fixture
def swept(portal):
    """SMAN 1 Ngoro was visited, another school of Ngoro never, Pungging's beyond its list."""
    listed(portal.database)
    listed(portal.database, OTHER_SCHOOL, (5, 5, 5))
    listed(portal.database, PUNGGING_SCHOOL, (20, 10, 0))
    portal.visit(people.clerk, records.result())
    portal.visit(
        people.supervisor,
        records.result(recorded_from_list=36, absent=0),
        place_code=PUNGGING_SCHOOL,
        point_code=people.PUNGGING,
    )
    portal.visit(visit_date=TODAY + timedelta(days=2))
    return portal


def rows(page):
    return {row[0]: row for row in page.table()}


def test_a_place_says_target_source_and_readiness(swept):
    page = swept.browser(people.clerk).get(ADDRESS)
    (row,) = [r for name, r in rows(page).items() if name.startswith("SMAN 1 Ngoro")]
    assert row[1:3] == ["90", "1 Oktober 2024 daftar sekolah"]
    assert row[3:5] == ["40 + 2 tanpa daftar", "44,4%"]
    assert row[5:7] == ["20–40 dari 70", "28,6%"]
    assert row[7:9] == ["10", "50"]
    assert row[9:] == ["21 Oktober 2024", "23 Oktober 2024"]


def test_those_nobody_visited_come_first_and_the_unknown_stay_unknown(swept):
    page = swept.browser(people.clerk).get(ADDRESS)
    names = [row[0] for row in page.table()[1:-1]]
    assert names.index(next(n for n in names if n.startswith("SMAN 1 Ngoro"))) == 1
    (unknown,) = [ul for ul in page.root.all("ul") if ul["class"] == "places-left"]
    folded = [a.text for a in unknown.all("a")]
    assert f"{len(folded)} tempat tanpa daftar sasaran, belum pernah dikunjungi" in page.text
    assert folded
    assert not any(name.startswith(place) for name in names for place in folded)
    total = swept.browser(people.clerk).get(f"{ADDRESS}?by=kecamatan").table()[-1]
    assert total[1].startswith(str(len(folded) + len(names))), "told apart, and still counted"


def test_above_a_hundred_percent_is_not_good(swept):
    page = swept.browser(people.supervisor).get(ADDRESS)
    row = next(r for r in page.root.all("tr") if "SMKN 1 Pungging" in r.text)
    marks = [n["class"] for n in row.all("span") if "status" in n["class"]]
    assert "120,0%" in row.text
    assert marks == ["status attention"] * 2


@pytest.mark.parametrize("by", ["place", "kind", "kecamatan", "hub", "nonsense"])
def test_every_grouping_and_file_has_the_same_sums(swept, by):
    supervisor = swept.browser(people.supervisor)
    page = supervisor.get(f"{ADDRESS}?by={by}")
    foot = page.table()[-1]
    shift = 0 if by in ("place", "nonsense") else 2
    assert foot[1 + shift] == "135"
    assert foot[3 + shift].startswith("76 ")
    sums = {"Sasaran": 135, "Sudah rekam dari daftar": 76, "Tidak hadir atau gagal, belum selesai": 10}
    for kind, read in (("xlsx", from_xlsx), ("csv", from_csv)):
        table, notes = read(supervisor.get(f"{ADDRESS}download.{kind}?by={by}"))
        for name, value in sums.items():
            assert table["Jumlah"][name] == value
            assert sum(row[name] or 0 for line, row in table.items() if line != "Jumlah") == value
        assert "paling sedikit" in str(notes)


def test_each_sees_their_own(swept):
    assert "Pungging" not in swept.browser(people.clerk).get(ADDRESS).text
    liaison = swept.browser(people.liaison).get(ADDRESS)
    assert [row[0].split(" Ngoro")[0] for row in liaison.table()[1:-1]] == ["SMAN 1"]
    text = swept.browser(people.liaison).get(f"{ADDRESS}download.csv").text
    assert "Pungging" not in text


def test_an_area_without_places_says_so(portal):
    clerk = portal.browser(people.stranger).get(ADDRESS)
    assert "belum ada daftar sasaran" in clerk.text
