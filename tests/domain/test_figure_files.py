"""Published sheets as they come: what is read, what is refused, what is asked, by row."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.actions.area_codes import area_codes
from portal.domain.figure_files import Preview, Said, check_said, compare
from portal.domain.figure_sheets import SIAK, personal
from portal.domain.figures import DPT, Figure

CODES = area_codes()
DAY = date(2024, 10, 18)
HEADER = ["KODE", "NAMA", *(f"{g}_{s}" for g in ("WKTP", "REKAM", "BLM_REKAM") for s in ("L", "P", "JML"))]
GOOD = ["35.16.05", "Ngoro", "100", "102", "202", "90", "92", "182", "10", "10", "20"]
MUST, DONE, LEFT = "must_hold_ktp", "recorded_total", "unrecorded"


def look(*rows, header=HEADER, sheet=SIAK, kept=(), texts=()):
    said = Said(sheet, DAY, "SIAK", "pilkada-2024" if sheet == DPT else "")
    return compare(said, header, list(enumerate(rows, start=2)), texts, CODES, {(f.code, f.metric): f for f in kept})


def good(**cells):
    row = dict(zip(HEADER, GOOD, strict=True)) | cells
    return [row[name] for name in HEADER]


def told(cells):
    return [(c.row, c.column, str(c.problem)) for c in cells]


def kept(metric, value, code="35.16.05", revision=1):
    return Figure("kecamatan", code, metric, value, "person", DAY, "", "", "SIAK", "", revision=revision)


def test_a_sound_row_is_read_whole():
    found = look(GOOD)
    (line,) = found.lines
    assert not found.problems
    assert not found.questions
    assert not found.notes
    assert found.system == "Kemendagri"
    assert [line.values[m] for m in (MUST, f"{MUST}_male", f"{MUST}_female", DONE, LEFT)] == [202, 100, 102, 182, 20]
    assert found.tally == {"new": 9, "changed": 0, "same": 0}
    assert len(found.missing) == 17
    assert not found.explains


BAD = [
    ("L + P is not JML", [good(WKTP_JML="203")], [(2, "WKTP_JML", "100 + perempuan 102 = 202, bukan 203")]),
    ("a code nobody knows", [good(KODE="35.16.19")], [(2, "KODE", "tidak ada dalam daftar")]),
    ("codes swapped", [good(KODE="050309", NAMA="Dlanggu")], [(2, "KODE", "menurut Dapodik adalah Bangsal, bukan")]),
    ("and the other way", [good(KODE="50310", NAMA="BANGSAL")], [(2, "KODE", "adalah Dlanggu, bukan BANGSAL")]),
    (
        "two lists of codes",
        [good(), good(KODE="3516010", NAMA="Jatirejo")],
        [(3, "KODE", "dari BPS, sedangkan baris sebelumnya memakai kode Kemendagri")],
    ),
    ("twice", [good(), good(KODE="351605")], [(3, "KODE", "Ngoro sudah ada di baris 2")]),
    ("twice by two names", [good(), good(KODE="", NAMA="ngoro")], [(3, "KODE", "sudah ada di baris 2")]),
    (
        "a desa of another kecamatan",
        [good(KODE="35.16.05.2001", NAMA="Kauman")],
        [(2, "KODE", "bukan Kauman")],
    ),
    ("a fraction", [good(REKAM_L="9,5")], [(2, "REKAM_L", "bilangan bulat")]),
    ("a dot that groups nothing", [good(REKAM_L="9.5")], [(2, "REKAM_L", "bilangan bulat")]),
    ("below nothing", [good(REKAM_L="-3")], [(2, "REKAM_L", "bilangan bulat")]),
    ("other digits", [good(REKAM_L="９０")], [(2, "REKAM_L", "bilangan bulat")]),
    ("a power", [good(REKAM_L="1e3")], [(2, "REKAM_L", "bilangan bulat")]),
    ("more than there are people", [good(WKTP_L="999999999999")], [(2, "WKTP_L", "dari 0 sampai")]),
    ("no area", [good(KODE="", NAMA="")], [(2, "KODE", "Isi kode wilayah")]),
    ("an unknown name alone", [good(KODE="", NAMA="Prajuritkulon")], [(2, "NAMA", "tidak ada dalam daftar")]),
    ("nothing at all", [[""] * 11], [(1, "KODE", "tidak berisi baris")]),
]


@pytest.mark.parametrize(("rows", "expected"), [b[1:] for b in BAD], ids=[b[0] for b in BAD])
def test_what_is_wrong_is_named_by_row_and_keeps_everything(rows, expected):
    found = told(look(*rows).problems)
    assert [f[:2] for f in found] == [e[:2] for e in expected]
    assert all(e[2] in f[2] for f, e in zip(found, expected, strict=True)), found


def test_every_fault_of_a_row_and_of_the_file_is_told_at_once():
    """A wrong code, an unreadable number, a sum that does not hold and a second row of an area: nobody mends a file
    four times."""
    found = look(
        good(KODE="35.16.99", WKTP_JML="203", REKAM_L="9,5", BLM_REKAM_JML="21"),
        good(KODE="", NAMA="Prajuritkulon", WKTP_JML="204"),
        good(),
        good(KODE="3516010", NAMA="Bangsal", REKAM_JML="183"),
        good(KODE="351605", WKTP_P="-1", BLM_REKAM_L="11", WKTP_JML=""),
        good(KODE="35.16.06", NAMA="Pungging", REKAM_L="101", REKAM_JML="193"),
    )
    assert told(found.problems) == [
        (2, "KODE", "Kode ini tidak ada dalam daftar Kemendagri, KPU, BPS atau Dapodik untuk Kabupaten Mojokerto."),
        (2, "REKAM_L", "Isi dengan bilangan bulat, misalnya 24."),
        (2, "WKTP_JML", "Laki-laki 100 + perempuan 102 = 202, bukan 203."),
        (2, "BLM_REKAM_JML", "Laki-laki 10 + perempuan 10 = 20, bukan 21."),
        (3, "NAMA", "Nama kecamatan ini tidak ada dalam daftar."),
        (3, "WKTP_JML", "Laki-laki 100 + perempuan 102 = 202, bukan 204."),
        (
            5,
            "KODE",
            "Kode ini dari BPS, sedangkan baris sebelumnya memakai kode Kemendagri. Pakai satu daftar kode.",
        ),
        (5, "KODE", "Kode 3516010 menurut BPS adalah Jatirejo, bukan Bangsal. Periksa apakah kodenya tertukar."),
        (5, "REKAM_JML", "Laki-laki 90 + perempuan 92 = 182, bukan 183."),
        (6, "WKTP_P", "Isi dengan bilangan bulat, misalnya 24."),
        (6, "KODE", "Ngoro sudah ada di baris 4."),
        (6, "BLM_REKAM_JML", "Laki-laki 11 + perempuan 10 = 21, bukan 20."),
    ]
    asked = [(q.row, q.column) for q in found.questions]
    assert (7, "REKAM_L") in asked, "what is asked is told with the faults"
    assert [line.row for line in found.lines] == [4, 7]


def test_a_footnote_is_no_fault_and_a_code_with_a_number_is():
    note = ["Sumber: SIAK", *[""] * 10]
    found = look(good(), note)
    assert (found.problems, [n.row for n in found.notes]) == ([], [3])
    assert told(look(["Sumber: SIAK", "", "5", *[""] * 8]).problems)[0][:2] == (2, "KODE")


def test_headings_that_say_nothing_are_one_problem():
    for header in (["A", "B"], ["KODE", "NAMA"], [*HEADER, "WKTP L"]):
        (problem,) = look([*GOOD, "1"], header=header).problems
        assert problem.row == 1


def test_what_can_be_right_is_asked():
    more = look(good(REKAM_L="101", REKAM_P="92", REKAM_JML="193"))
    assert not more.problems
    assert more.explains
    assert [(q.row, q.column) for q in more.questions] == [(2, "BLM_REKAM_JML"), (2, "REKAM_L")]
    left = look(good(BLM_REKAM_L="11", BLM_REKAM_JML="21"))
    assert "202 − sudah rekam 182 = 20, bukan 21" in told(left.questions)[0][2]


def test_blanks_stay_blank_and_zero_is_zero():
    found = look(good(WKTP_JML="", BLM_REKAM_L="-", BLM_REKAM_P="", BLM_REKAM_JML="0", REKAM_JML="182"))
    (line,) = found.lines
    assert line.values[MUST] is None
    assert line.values[f"{LEFT}_male"] is None
    assert line.values[LEFT] == 0
    assert found.tally["new"] == 6
    assert [(n.column, n.row) for n in found.notes] == [("WKTP_JML", 2)]
    assert MUST not in {f.metric for f in found.figures("", "hash", "a.csv")}


def test_numbers_as_text_and_grouped_are_read_and_told_once_a_column():
    wide = good(WKTP_L="21.000", WKTP_P="22 500", WKTP_JML="43.500")
    wide[5:] = [""] * 6
    found = look(wide, good(KODE="35.16.06", NAMA="Pungging"), texts=[(2, 2), (3, 2), (2, 1)])
    assert found.lines[0].values[MUST] == 43_500
    assert told(found.notes) == [(1, "WKTP_L", "2 angka tersimpan sebagai teks di berkas. Dibaca sebagai bilangan.")]


def test_two_lines_of_headings_below_a_title():
    rows = [
        ["KODE", "KECAMATAN", "WKTP", "", "", "MMLK"],
        ["", "", "L", "P", "JML", "JML"],
        ["35.16.05", "Ngoro", "1", "2", "3", "9"],
        ["", "Jumlah", "1", "2", "3", "9"],
    ]
    found = look(*rows, header=["REKAP SIAK OKTOBER 2024", "", "", "", "", ""])
    assert [(line.row, line.code, line.values[MUST]) for line in found.lines] == [(4, "35.16.05", 3), (5, "35.16", 3)]
    assert [n.column for n in found.notes] == ["MMLK JML"]


def test_a_roll_by_name_as_an_election_office_hands_it_on():
    header = ["NO", "KECAMATAN", "JUMLAH TPS", "L", "P", "L+P"]
    found = look(["1", "Kec. Gedek", "81", "10", "12", "22"], header=header, sheet=DPT)
    (line,) = found.lines
    assert (line.code, line.values, found.system) == ("35.16.14", {"dpt_male": 10, "dpt_female": 12, "dpt": 22}, "")
    assert {f.election for f in found.figures("", "", "")} == {"pilkada-2024"}


def test_desa_and_their_kecamatan():
    header = ["KODE", "KECAMATAN", "DESA", "WKTP_JML"]
    found = look(
        ["3516082001", "Mojosari", "Nama yang salah", "5"],
        ["3516081004", "MOJOSARI", "", "7"],
        ["351608", "Mojosari", "", "12"],
        header=header,
    )
    assert not found.problems
    assert [line.values[MUST] for line in found.lines] == [5, 7, 12]
    assert "Periksa ejaannya" in told(found.notes)[0][2]
    assert found.system == "Kemendagri/KPU"
    assert len(found.missing) == 302


def test_what_the_areas_add_up_to_is_shown_beside_the_kabupaten():
    rows = [[code, "", "10"] for code in CODES.below("kecamatan")]
    header = ["KODE", "NAMA", "WKTP_JML"]
    assert look(*rows, ["35.16", "", "180"], header=header).notes == []
    (note,) = look(*rows, ["", "TOTAL", "183"], header=header).notes
    assert "Jumlah 18 wilayah di bawahnya 180, selisih -3" in str(note.problem)
    assert look(*rows[1:], ["35.16", "", "183"], header=header).notes == []


def test_new_changed_same_and_a_row_that_stands_above_the_old():
    before = [kept(MUST, 202), kept(DONE, 180, revision=4), kept(f"{DONE}_male", 90)]
    found = look(GOOD, kept=before)
    assert found.tally == {"new": 6, "changed": 1, "same": 2}
    assert found.explains
    assert found.lines[0].status == "changed"
    made = {f.metric: f for f in found.figures("salah unduh", "hash", "a.csv")}
    assert len(made) == 7
    assert (made[DONE].value, made[DONE].revision, made[DONE].reason) == (182, 5, "salah unduh")
    assert made[LEFT].revision == 1
    narrow = look(["35.16.05", "95"], header=["KODE", "REKAM_L"], kept=before)
    assert [(f.metric, f.revision) for f in narrow.figures("", "", "")] == [(f"{DONE}_male", 5)]


def test_a_list_of_people_is_told_by_its_headings():
    assert personal(["NIK", "NAMA_LGKP"], [])
    assert personal(["Daftar"], [(2, ["No", "Nama Lengkap", "Kecamatan"])])
    assert not personal(HEADER, [(2, GOOD)])


def test_what_is_said_of_a_file():
    known = ["pilkada-2024"]
    assert check_said(SIAK, DAY, "SIAK", "", known, DAY) == []
    assert check_said(DPT, DAY, "KPU", "pilkada-2024", known, DAY) == []
    wrong = check_said(DPT, date(2024, 10, 19), " ", "pemilu-1955", known, DAY)
    assert [p.field for p in wrong] == ["as_of", "source", "election"]
    assert [p.field for p in check_said("x", None, "a", "", known, DAY)] == ["as_of", "sheet"]


counts = st.integers(0, 10**6)


@given(st.lists(st.tuples(counts, counts), min_size=1, max_size=18))
def test_every_row_that_adds_up_is_kept_as_it_stands(pairs):
    codes = CODES.below("kecamatan")[: len(pairs)]
    header = ["KODE", "WKTP_L", "WKTP_P", "WKTP_JML"]
    rows = [[code, str(m), str(f), f"{m + f:,}".replace(",", ".")] for code, (m, f) in zip(codes, pairs, strict=True)]
    found: Preview = look(*rows, header=header)
    assert not found.problems
    assert {line.code: line.values[MUST] for line in found.lines} == {
        code: m + f for code, (m, f) in zip(codes, pairs, strict=True)
    }
    assert sum(found.tally.values()) == 3 * len(pairs)
    assert {*found.missing, *codes} == set(CODES.below("kecamatan"))
