"""Published figures in the browser: read by everybody, entered with source, corrected in the open, brought in whole."""

from datetime import date, timedelta

from portal.actions import figures as action
from portal.actions.area_codes import area_codes
from portal.domain.figures import MUST_HOLD_KTP, RECORDED_TOTAL, Entered
from portal.storage import figures

from .. import people, records
from ..people import TODAY

FIRST, LAST = date(2024, 10, 14), date(2024, 10, 18)
HEADER = "KODE;NAMA;WKTP_JML;REKAM_JML"
TYPED = {"kind": RECORDED_TOTAL, "code": "35.16.05", "value": "46.813", "as_of": "2024-10-18", "source": "SIAK"}


def upload(browser, lines, **said):
    """Send a sheet as a browser does."""
    fields = {"csrf_token": browser.token, "submission_id": records.submission_id(), "sheet": "siak"}
    fields |= {"as_of": LAST.isoformat(), "source": "SIAK Terpusat", "election": ""} | said
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()
    ]
    file = "\r\n".join([HEADER, *lines])
    parts.append(f'--x\r\nContent-Disposition: form-data; name="file"; filename="siak.csv"\r\n\r\n{file}\r\n--x--\r\n')
    kind = {"Content-Type": "multipart/form-data; boundary=x"}
    return browser.ask("POST", "/figures/import", data="".join(parts).encode(), headers=kind)


def enter(portal, code, metric, value, day):
    entered = Entered(metric, code, {"": value}, day, "SIAK")
    with portal.database.writing() as tx:
        sender, office = people.sending(people.supervisor), portal.office()
        return int(action.enter(tx, sender, office, records.submission_id(), entered).object_id)


def test_a_figure_is_entered_read_by_all_and_corrected_in_the_open(portal_anywhere):
    portal = portal_anywhere
    boss = portal.browser(people.supervisor)
    form = boss.get("/figures/new?area=35.16.05")
    before = portal.digest()
    wrong = boss.send(form, kind=RECORDED_TOTAL, value="46,8", male="1", female="", as_of="2025-10-18", source="")
    assert wrong.status == 422
    assert "bilangan bulat" in wrong.error_at("value")
    assert "belum tiba" in wrong.error_at("as_of")
    assert "Tulis sumbernya" in wrong.error_at("source")
    assert [wrong.typed(n) for n in ("value", "male")] == ["46,8", "1"]
    assert portal.digest() == before
    kept = boss.send(wrong, **TYPED, male="", female="")
    assert kept.status == 303
    again = boss.send(boss.get("/figures/new"), **TYPED)
    assert again.status == 409
    assert "sudah dicatat" in again.text
    assert again.typed("value") == "46.813"
    change = boss.get(again.link("Ganti yang tersimpan"))
    late = boss.get(again.link("Ganti yang tersimpan"))
    silent = boss.send(change, value="46813", reason="")
    assert silent.status == 422
    assert "mengapa" in silent.error_at("reason")
    done = boss.send(change, value="46831", reason="angka tertukar")
    assert done.status == 303
    stale = boss.send(late, value="46.850", reason="lain")
    assert stale.status == 409
    assert {"46.831", "46.850"} <= {cell for row in stale.table() for cell in row}
    assert stale.typed("value") == "46.850"
    clerk = portal.browser(people.clerk)
    page = clerk.get(done.location)
    assert page.by_id("before") is not None
    assert [row[1:3] for row in page.table()[1:]] == [["46.831", "berlaku"], ["46.813", "digantikan"]]
    assert "angka tertukar" in page.text
    assert clerk.get(f"{done.location}/correct").status == 403


def test_the_list_is_filtered_and_shows_what_does_not_add_up(portal):
    for code in portal.office().kecamatan:
        enter(portal, code, MUST_HOLD_KTP, 100, LAST)
    enter(portal, "35.16", MUST_HOLD_KTP, 1812, LAST)
    liaison = portal.browser(people.liaison)
    page = liaison.get(f"/figures/?kind={MUST_HOLD_KTP}&area=kecamatan")
    assert len(page.table()) == 19  # with its headings
    assert page.table(1)[1][:5] == ["Wajib KTP", "18 Oktober 2024", "18 dari 18", "1.800", "1.812"]
    assert "12 lebih sedikit di kecamatan" in page.table(1)[1][5]
    whole = liaison.get("/figures/")
    assert any("823.014" in row for row in whole.table())
    assert "Catat angka" not in whole.text
    assert "Cocokkan" not in whole.text
    assert "Belum ada angka" in liaison.get(f"/figures/?kind={MUST_HOLD_KTP}&area=35.16.05.*").text
    assert liaison.get("/figures/?kind=x&area=y").status == 200


def test_a_sheet_is_shown_first_and_kept_with_a_reason(portal_anywhere):
    portal = portal_anywhere
    boss = portal.browser(people.supervisor)
    before = portal.digest("upload")
    bad = upload(boss, ["35.16.05;Ngoro;200;180", "050309;Dlanggu;100;90"])
    assert bad.status == 422
    assert bad.table()[1][0] == "3"
    assert "memakai kode Kemendagri" in bad.text
    unsaid = upload(boss, ["35.16.05;Ngoro;200;180"], source="", as_of="31-02-2024")
    assert unsaid.status == 422
    assert "Kesalahan" in unsaid.error_at("as_of")
    worse = upload(boss, ["35.16.05;3516051234567890;1;1"], source="", as_of="x", sheet="dpt")
    for field in ("file", "source", "as_of", "election"):
        assert "Kesalahan" in worse.error_at(field), "whatever is wrong is told at once"
    rows = upload(boss, ["35.16.99;Ngoro;9,5;180", "35.16.06;Pungging;100;110", "35.16.06;Pungging;1;1"])
    assert [row[0] for table in range(2) for row in rows.table(table)[1:]] == ["2", "2", "4", "3"]
    assert "lebih banyak dari wajib KTP" in rows.text
    people_list = upload(boss, ["35.16.05;3516051234567890;1;1"])
    assert "data perorangan" in people_list.error_at("file")
    shown = upload(boss, ["351605;Ngoro;200;210", "351606;Pungging;;90"])
    assert shown.status == 200
    assert "kode Kemendagri/KPU" in shown.text
    assert "16 wilayah tidak ada di berkas" in shown.text
    assert "lebih banyak dari wajib KTP" in shown.text
    assert portal.digest("upload") == before
    silent = boss.send(shown, part="confirm", reason="")
    assert silent.status == 422
    assert "Jelaskan" in silent.error_at("reason")
    assert portal.digest("upload") == before
    kept = boss.send(silent, part="confirm", reason="SIAK menghitung pemula")
    assert (kept.status, kept.location) == (303, "/figures/?area=kecamatan")
    with portal.database.reading() as tx:
        found = figures.on(tx, [MUST_HOLD_KTP, RECORDED_TOTAL], LAST, "")
    assert {key: f.value for key, f in found.items()} == {
        ("35.16.05", MUST_HOLD_KTP): 200,
        ("35.16.05", RECORDED_TOTAL): 210,
        ("35.16.06", RECORDED_TOTAL): 90,
    }
    assert {f.reason for f in found.values()} == {"SIAK menghitung pemula"}
    gone = boss.send(shown, part="confirm", reason="lagi", submission_id=records.submission_id())
    assert gone.status == 422
    assert "Kirim berkasnya lagi" in gone.error_at("file")


def test_growth_stands_beside_both_books(portal):
    for day, n in ((FIRST, 1000), (LAST, 1030)):
        enter(portal, "35.16.05", RECORDED_TOTAL, n, day)
    enter(portal, "35.16.05", MUST_HOLD_KTP, 1100, LAST)
    portal.report(records.entry(20, {"35.16.05": 12}), day=LAST)
    portal.report(records.entry(7, {"35.16.05": 7}), day=TODAY)
    boss = portal.browser(people.supervisor)
    page = boss.get("/figures/reconcile")
    row = next(row for row in page.table() if row[0] == "Ngoro")
    assert "+18" in row[1]
    assert "SIAK lebih banyak" in row[1]
    assert row[2].startswith("30")
    assert row[3:5] == ["≥ 12", "20"]
    assert "3 hari belum dilaporkan" in row[5]
    assert "8 perekaman di kantor ini belum dirinci" in row[5]
    other = next(row for row in page.table() if row[0] == "Gondang")
    assert ("tidak diketahui" in other[1], other[2]) == (True, "–")
    left = next(row for row in page.table(1) if row[0] == "Ngoro")
    assert left[1] == "70"
    estimate = next(row for row in page.table(2) if row[0] == "Ngoro")
    assert estimate[1:] == ["1.030", "7", "≈ 1.037"]
    assert "bukan bacaan SIAK" in page.text
    assert "bacaan 870.399 (21 Oktober 2024), belum ada laporan sesudahnya" in page.text
    turned = boss.get(f"/figures/reconcile?first={LAST}&last={FIRST}")
    assert turned.status == 422
    assert boss.get("/figures/reconcile?first=x&last=y").status == 200


def test_desa_are_added_up_to_their_kecamatan_only_when_all_are_there(portal_anywhere):
    """Ngoro hands on desa only: the first sheet has all 19, the second one less, then the last one comes."""
    portal = portal_anywhere
    boss = portal.browser(people.supervisor)
    desa = [code for code in area_codes().below("desa") if code.startswith("35.16.05.")]
    gondang = [code for code in area_codes().below("desa") if code.startswith("35.16.02.")]

    def bring(codes, day, recorded):
        rows = [f"{code};;{recorded + 10};{recorded}" for code in codes]
        shown = upload(boss, rows, as_of=day.isoformat())
        assert boss.send(shown, part="confirm", reason="").status == 303

    def row(page, number=0, name="Ngoro"):
        return next(row for row in page.table(number) if row[0] == name)

    bring(desa, FIRST, 100)
    bring(desa[:-1], LAST, 101)
    bring(gondang[:2], LAST, 50)
    portal.report(records.entry(20, {"35.16.05": 12}), day=LAST)
    page = boss.get("/figures/reconcile")
    ngoro = row(page)
    assert (ngoro[2], "tidak diketahui" in ngoro[1]) == ("–", True)
    assert f"Bacaan SIAK Jum 18 Okt baru ada untuk {len(desa) - 1} dari {len(desa)} desa." in ngoro[5]
    assert "tidak ada pada salah satu" not in ngoro[5], "the other day is whole"
    other = row(page, name="Gondang")[5]
    assert "tidak ada pada salah satu" in other
    assert f"2 dari {len(gondang)} desa" in other
    left = row(page, 1)
    assert (left[1], left[3]) == (str(10 * len(desa)), f"{110 * len(desa):,}14 Oktober 2024".replace(",", "."))
    assert row(page, 1, "Gondang")[3] == f"–2 dari {len(gondang)} desa"
    assert row(page, 2)[1] == f"{100 * len(desa):,}".replace(",", "."), "the estimate begins at the last whole reading"
    for cell in (*ngoro, *left):
        assert f"{101 * (len(desa) - 1):,}".replace(",", ".") not in cell, "a partial sum is shown nowhere"

    bring(desa[-1:], LAST, 101)
    page = boss.get("/figures/reconcile")
    assert row(page)[2].startswith(f"{len(desa)}1.900 → 1.919")
    assert "bila semua desanya ada" in page.text
    enter(portal, "35.16.05", RECORDED_TOTAL, 1925, LAST)
    assert row(boss.get("/figures/reconcile"))[2].startswith("251.900 → 1.925"), "what was published goes first"


def test_without_two_readings_the_page_says_what_is_needed(portal):
    page = portal.browser(people.reader).get("/figures/reconcile")
    assert "Perlu dua bacaan" in page.text


def test_a_ranking_reads_as_it_was_published(portal):
    boss = portal.browser(people.administrator)
    page = boss.get("/figures/ranking")
    assert page.table()[1][:3] == ["26 November 2020", "9 dari 25", "Nasional"]
    assert "tidak disebut" in page.table()[1][4]
    form = boss.get(page.link("Catat peringkat"))
    typed = {"scope": "province", "subject": "Perekaman", "as_of": "2024-10-01", "rank": "3", "rate": "99,55%"}
    wrong = boss.send(form, **typed, of_count="2", source="")
    assert wrong.status == 422
    assert "melewati" in wrong.error_at("of_count")
    assert wrong.typed("rate") == "99,55%"
    assert boss.send(wrong, of_count="38", source="Disdukcapil Jatim").status == 303
    twice = boss.send(boss.get("/figures/ranking/new"), **typed, of_count="38", source="lain")
    assert twice.status == 409
    change = boss.get(twice.link("Ganti yang tersimpan"))
    assert boss.send(change, rank="4", reason="salah baca").status == 303
    row = boss.get("/figures/ranking").table()[1]
    assert "4 dari 38" in row[1]
    assert "semula 3" in row[1]


def test_the_summary_shows_bases_side_by_side_and_no_coverage_of_others(portal):
    enter(portal, "35.16", MUST_HOLD_KTP, 872_000, TODAY - timedelta(days=10))
    page = portal.browser(people.supervisor).get("/summary/?period=month")
    (card,) = [s for s in page.root.all("section") if s["aria-labelledby"] == "bases"]
    assert "sisa 1.601" in card.text
    assert "99,82% dari wajib KTP (872.000" in card.text
    assert "kelompok berbeda: bukan cakupan" in card.text
    assert "102" not in card.text
    early = portal.browser(people.supervisor).get("/summary/?period=custom&first=2024-10-08&last=2024-10-10")
    (card,) = [s for s in early.root.all("section") if s["aria-labelledby"] == "bases"]
    assert "bacaan lama" in card.text
    assert "sisa" not in card.text
