"""One level below the summary: what a point did, and where the residents of a kecamatan were recorded."""

from datetime import timedelta

import pytest

from .. import people, records
from ..people import NGORO, PUNGGING, TODAY
from .test_summary import screen, whole

MONTH = f"period=custom&first={records.START}&last={TODAY}"


def test_one_goes_down_to_the_report_and_its_history(busy):
    supervisor = busy.browser(people.supervisor)
    page = supervisor.get("/summary/?period=month")
    down = supervisor.get(page.link("Ngoro"))
    assert (down.status, down.heading) == (200, "Kantor Kecamatan Ngoro")
    assert next(row for row in down.table() if "21 Okt" in row[0])[2:4] == ["33", "42"]
    report = supervisor.get(down.link("Sen 21 Okt"))
    assert "Laporan dikirim" in report.text
    for code in ("dinas", "mpp", NGORO):
        assert supervisor.get(f"/summary/kecamatan/{code}").status == 200


def homes_of(page):
    """The table of home areas: name → (at the office, during visits)."""
    table = next(n.all("table")[0] for n in page.root.all("section") if n["aria-labelledby"] in ("homes", "where"))
    rows = [[cell.text for cell in row.all("th", "td")] for row in table.all("tr")]
    return {name: (whole(office), whole(visits)) for name, office, visits in rows[1:]}


def card(page, words):
    """The figure of a card."""
    text = next(li.text for li in page.root.all("li") if li.text.startswith(words))
    return whole(text.removeprefix(words).split()[0])


def test_the_homes_of_a_point_and_what_nobody_split_make_up_its_totals(busy):
    supervisor = busy.browser(people.supervisor)
    page = supervisor.get(f"/summary/kecamatan/35.16.05?{MONTH}")
    homes = homes_of(page)
    assert homes["Pungging"] == (3 * 4, 12)
    assert homes["Luar kabupaten"] == (3 * 2, 0)
    assert homes["Belum dirinci"] == (11 + 22 + 33 - 18, 42 + 40 - 12)
    totals = card(page, "Direkam di kantor"), card(page, "Direkam saat kunjungan")
    assert totals == (66, 82) == tuple(sum(pair[part] for pair in homes.values()) for part in (0, 1))
    row = screen(supervisor.get(f"/summary/?{MONTH}"))["Ngoro"]
    assert (row["Di kantor"], row["Saat kunjungan"]) == totals
    assert "SMAN 1 Ngoro" in page.text
    assert "Hub Mojosari" in page.text


def test_a_point_that_only_visited_has_no_office_figure(portal):
    portal.visit(result=records.result({"35.16.06": 12}))
    page = portal.browser(people.supervisor).get("/summary/kecamatan/35.16.05?period=today")
    assert (card(page, "Direkam di kantor"), card(page, "Direkam saat kunjungan")) == (None, 42)
    assert homes_of(page)["Pungging"] == (0, 12)
    assert homes_of(page)["Belum dirinci"][1] == 30
    silent = portal.browser(people.supervisor).get("/summary/kecamatan/35.16.06?period=today")
    assert "Belum ada laporan dalam rentang ini." in silent.text
    assert "Tidak ada kunjungan dalam rentang ini." in silent.text


@pytest.mark.parametrize(("home", "name"), [("35.16.06", "Pungging"), ("35.16.05", "Ngoro")])
def test_where_residents_were_recorded_adds_up_to_their_line_in_the_book_by_home(busy, home, name):
    busy.report(records.entry(20, {"35.16.06": 7, "35.16.05": 1}), who=people.stranger, day=TODAY - timedelta(days=4))
    supervisor = busy.browser(people.supervisor)
    by_home = supervisor.get(f"/summary/?{MONTH}&book=home")
    page = supervisor.get(by_home.link(name))
    assert page.response.request.path == f"/summary/kecamatan/{home}/residents"
    assert page.heading == f"Warga {name}"
    places = homes_of(page)
    total = places.pop("Jumlah")
    assert total == tuple(sum(pair[part] for pair in places.values()) for part in (0, 1))
    row = screen(by_home)[name]
    assert (row["Di kantor"] or 0, row["Saat kunjungan"] or 0) == total
    assert "jumlah paling sedikit" in page.text
    if home == "35.16.06":
        assert places == {"Kantor Kecamatan Ngoro": (12, 12), "Kantor Kecamatan Gondang": (7, 0)}
        down = supervisor.get(page.link("Kantor Kecamatan Ngoro"))
        assert homes_of(down)["Pungging"] == (12, 12)
        assert homes_of(supervisor.get(down.link("Di mana warga Ngoro"))) == {
            "Kantor Kecamatan Gondang": (1, 0),
            "Jumlah": (1, 0),
        }


def test_nobodys_residents_are_not_nought_residents(portal):
    page = portal.browser(people.reader).get("/summary/kecamatan/35.16.05/residents?period=month")
    assert "Belum ada perekaman yang ditulis berdomisili di sini." in page.text
    assert not page.root.all("table")


def test_the_announced_services_of_a_point_come_with_date_and_source(portal):
    supervisor = portal.browser(people.supervisor)
    offers = portal.office().capabilities
    assert offers
    page = supervisor.get(f"/summary/kecamatan/{offers[0].point_code}?period=today")
    shown = page.by_id("offers").parent.text
    for offer in (o for o in offers if o.point_code == offers[0].point_code and o.valid_from <= TODAY):
        assert offer.source in shown
    assert "sejak " in shown
    before = min(offer.valid_from for offer in offers) - timedelta(days=1)
    early = supervisor.get(f"/summary/kecamatan/{offers[0].point_code}?period=custom&first={before}&last={before}")
    assert "Belum ada pengumuman untuk titik ini." in early.text


@pytest.mark.parametrize("code", [NGORO, PUNGGING, "35.16.99", "dinas", "luar", "x" * 300])
def test_only_a_kecamatan_has_residents(portal, code):
    assert portal.browser(people.supervisor).get(f"/summary/kecamatan/{code}/residents").status == 404
