"""The page of the pace: each election, each area, what is not known said so, and nothing green above its target."""

from datetime import date, timedelta

from portal.domain.pace_areas import SetTarget
from portal.storage import elections, ledger, pace

from .. import people, records
from ..people import NOW, TODAY

CODE = "pilkada-2024"
FRIDAY = TODAY - timedelta(days=3)


def aim(portal, number, code="35.16.05", since=date(2024, 10, 8)):
    """Arrange targets of the office, and one of a kecamatan."""
    with portal.database.writing() as tx:
        kept = elections.find(tx, CODE)
        if kept.target_kind != "office":
            wanted = type(kept)(*(getattr(kept, n) for n in type(kept).__struct_fields__[:6]), "office", kept.version)
            assert elections.change(tx, kept, wanted, people.supervisor.id, NOW)
        target = SetTarget(0, CODE, "kecamatan", code, since, number, "SK 12/2024")
        pace.add_target(tx, target, people.supervisor.id, NOW)
        ledger.touch(tx, ledger.DATA, ledger.LISTS)


def row(page, name):
    return next(tr for tr in page.root.all("tr") if tr.all("th") and tr.all("th")[0].text == name)


def test_before_anybody_set_a_target_the_page_says_so(portal):
    page = portal.browser(people.reader).get("/pace/")
    assert page.heading == "Laju menuju hari pemungutan suara"
    assert "belum ada sasaran" in page.by_id("area").parent.text
    assert "27 hari layanan lagi termasuk hari ini" in page.text


def test_an_area_in_depth_and_as_a_row(portal):
    portal.report(records.entry(90), day=FRIDAY)
    aim(portal, 360)
    reader = portal.browser(people.reader)
    page = reader.get("/pace/?area=kecamatan:35.16.05")
    told = page.by_id("area").parent.parent.text
    assert "tertinggal" in row(reader.get("/pace/"), "Pungging").text or "belum ada sasaran" in page.text
    assert "sesuai jalur" in told
    assert "90 (" not in told
    assert "sampai kemarin, 9 dari 36 hari kerja · selisih 0" in told
    assert "8 hari belum lapor – angka sementara" in told
    assert "hari kerja, 1 dari 1 kit jalan → 10 per kit per hari" in told
    line = row(reader.get("/pace/"), "Ngoro").text
    assert "360" in line
    assert "sesuai jalur" in line
    assert "hanya dari 1 yang punya sasaran, dari 18" in reader.get("/pace/").text


def test_above_its_target_an_area_is_neither_green_nor_done(portal):
    portal.report(records.entry(90), day=FRIDAY)
    aim(portal, 80)
    page = portal.browser(people.reader).get("/pace/?area=kecamatan:35.16.05")
    assert "melebihi sasaran, periksa sasarannya" in page.text
    chips = [s["class"] for s in page.by_id("area").parent.all("span") if "chip" in s["class"]]
    assert chips == ["status attention chip"]


def test_an_election_that_is_over_stays_readable(portal):
    portal.report(records.entry(90), day=FRIDAY)
    aim(portal, 360)
    portal.clock.pass_by(days=60)
    page = portal.browser(people.reader).get(f"/pace/?election={CODE}&area=kecamatan:35.16.05")
    told = page.by_id("area").parent.parent.text
    assert "sudah lewat" in page.text
    assert "hari kerja habis, sisa 270" in told


def test_an_address_that_names_nothing_is_not_found(portal):
    reader = portal.browser(people.reader)
    for wrong in ("election=pilkada-1955", "area=kecamatan:35.16.99", "area=desa:1"):
        assert reader.get(f"/pace/?{wrong}").status == 404


def test_the_summary_and_the_supervisors_day_say_the_same(portal):
    portal.report(records.entry(20), day=FRIDAY)
    aim(portal, 360)
    supervisor = portal.browser(people.supervisor)
    card = supervisor.get("/summary/").by_id("pace").parent.parent.text
    assert "20 direkam dari sasaran 360; diharapkan 90 sampai kemarin, selisih −70 (−77,8%)" in card
    behind = supervisor.get("/today").by_id("behind").parent.text
    assert "Ngoro" in behind
    assert "−70 (−77,8%)" in behind
    assert "17 dari 18 kecamatan belum ada sasaran." in behind


def test_without_an_election_the_page_is_a_sentence(portal):
    with portal.database.writing() as tx:
        tx.exec_driver_sql("DELETE FROM election")
        ledger.touch(tx, ledger.LISTS)
    page = portal.browser(people.supervisor).get("/pace/")
    assert "Belum ada pemilihan atau kegiatan." in page.text
    assert "Tertinggal terjauh" not in portal.browser(people.supervisor).get("/today").text
