"""Elections in the settings: added, changed, with targets; what alters the past is a second page."""

from portal.storage import elections, pace

from .. import people, records
from ..people import TODAY

CODE = "pilkada-2024"
ONE = f"/settings/elections/{CODE}"
NEW = {
    "name": "Sapuan SMA 2025",
    "first_service_day": "2025-01-06",
    "polling_day": "28-02-2025",
    "birth_cutoff": "2008-02-28",
    "target_kind": "office",
    "source": "SK 3/2025",
}


def kept(portal, code=CODE):
    with portal.database.reading() as tx:
        return elections.find(tx, code)


def test_a_supervisor_adds_a_campaign_and_it_can_be_chosen(portal):
    supervisor = portal.browser(people.supervisor)
    page = supervisor.get("/settings/elections/new")
    answer = supervisor.post("/settings/elections/new", NEW | {"submission_id": page.typed("submission_id")})
    assert (answer.status, answer.location) == (303, "/settings/elections/sapuan-sma-2025")
    assert "Pemilihan ditambahkan" in supervisor.get(answer.location).text
    listed = supervisor.get("/settings/elections/").text
    assert listed.index("Sapuan SMA 2025") < listed.index("Pilkada Serentak 2024")
    assert "belum ada sasaran" in supervisor.get("/pace/?election=sapuan-sma-2025").text
    assert "belum mulai" in listed


def test_bad_input_is_told_at_its_box_with_the_text_kept(portal):
    supervisor = portal.browser(people.supervisor)
    page = supervisor.get("/settings/elections/new")
    wrong = NEW | {"submission_id": page.typed("submission_id"), "polling_day": "31-02-2025", "source": ""}
    answer = supervisor.post("/settings/elections/new", wrong)
    assert answer.status == 422
    for told in ("Isi tanggal yang ada di kalender", "Tulis sumbernya", "31-02-2025"):
        assert told in answer.html
    assert kept(portal, "sapuan-sma-2025") is None


def form(page):
    names = (*elections.NAMES, "submission_id", "version")
    return {name: page.typed(name) for name in names if name != "target_kind"} | {"target_kind": "office"}


def test_what_alters_past_figures_is_shown_before_it_is_kept(portal):
    portal.report(records.entry(90), day=TODAY.replace(day=18))
    supervisor = portal.browser(people.supervisor)
    sent = form(supervisor.get(ONE)) | {"first_service_day": "2024-10-14"}
    asked = supervisor.post(ONE, sent)
    assert (asked.status, asked.heading) == (409, "Perubahan ini mengubah angka hari yang sudah lewat")
    assert kept(portal).version == 1
    back = supervisor.send(asked, back="1")
    assert (back.status, back.typed("first_service_day")) == (200, "2024-10-14")
    answer = supervisor.send(asked)
    assert (answer.status, answer.location) == (303, ONE)
    assert kept(portal).target_kind == "office"
    assert "Wilayah yang angkanya berubah" in supervisor.get(ONE).text


def test_somebody_was_faster(portal):
    supervisor, administrator = portal.browser(people.supervisor), portal.browser(people.administrator)
    mine, theirs = form(supervisor.get(ONE)), form(administrator.get(ONE))
    theirs |= {"target_kind": "places", "name": "Pilkada kita"}
    assert administrator.post(ONE, theirs).status == 303
    answer = supervisor.post(ONE, mine | {"target_kind": "places", "name": "Pilkada saya"})
    assert answer.status == 409
    assert "Pilkada kita" in answer.text
    assert "Pilkada saya" in answer.html
    again = form(answer) | {"target_kind": "places", "name": "Pilkada saya"}
    assert supervisor.post(ONE, again).status == 303


def test_a_target_is_set_from_a_day_on(portal):
    supervisor = portal.browser(people.supervisor)
    page = supervisor.get(f"{ONE}/target?area=kecamatan:35.16.05")
    sent = {"submission_id": page.typed("submission_id"), "area": "kecamatan:35.16.05", "people": "1.250"}
    sent |= {"valid_from": "2024-11-04", "source": "SK 12/2024"}
    wrong = supervisor.post(f"{ONE}/target", sent | {"people": "1,5", "area": "desa:1"})
    assert wrong.status == 422
    assert "Pilih wilayah dari daftar." in wrong.text
    assert supervisor.post(f"{ONE}/target", sent).status == 303
    with portal.database.reading() as tx:
        assert [(t.code, t.people) for t in pace.targets(tx, CODE)] == [("35.16.05", 1250)]
    assert "1.250" in supervisor.get(ONE).by_id("targets").parent.parent.text


def test_of_two_who_set_a_target_for_one_area_the_second_is_told(portal):
    supervisor, administrator = portal.browser(people.supervisor), portal.browser(people.administrator)
    where = f"{ONE}/target?area=kecamatan:35.16.05"
    said = {"area": "kecamatan:35.16.05", "valid_from": "2024-11-04", "source": "SK 12/2024"}

    def sent(page, **more):
        return {name: page.typed(name) for name in ("submission_id", "drawn")} | said | more

    mine, theirs = supervisor.get(where), administrator.get(where)
    assert administrator.post(where, sent(theirs, people="1.250")).status == 303
    told = supervisor.post(where, sent(mine, people="1.300"))
    assert told.status == 409
    assert "1.250" in told.text
    other = sent(mine, people="900", area="kecamatan:35.16.06", submission_id=records.submission_id())
    assert supervisor.post(where, other).status == 303  # what became of another area does not matter
    assert supervisor.post(where, sent(told, people="1.300")).status == 303
    with portal.database.reading() as tx:
        assert sorted((t.code, t.people) for t in pace.targets(tx, CODE)) == [
            ("35.16.05", 1250),
            ("35.16.05", 1300),
            ("35.16.06", 900),
        ]
