"""A file of places: each fault by row, column and value; sound rows as new, changed, same; what is missing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.actions.places import codes
from portal.domain.areas import Kecamatan, Place
from portal.domain.place_files import CHANGED, COLUMNS, NEW, SAME, compare
from portal.domain.places import CONFIRMED, Buckets, TargetBatch

from ..people import NOW, TODAY

CODES = codes()
KECAMATAN = {code: Kecamatan(code, name.title(), "", 1, 1) for name, code in CODES.names.items()}
PLACES = [
    Place("npsn-20502725", "sekolah", "SMAN 1 Ngoro", "35.16.05", "20502725", "SMA"),
    Place("npsn-20502727", "sekolah", "SMAN 1 Sooko", "35.16.13", "20502727", "SMA"),
    Place("npsn-20502720", "sekolah", "SMAN 1 Dawarblandong", "35.16.17", "20502720", "SMA"),
    Place("npsn-20502729", "sekolah", "SMAN 1 Dlanggu", "35.16.09", "20502729", "SMA"),
    Place("npsn-20502722", "sekolah", "SMAN 1 Bangsal", "35.16.10", "20502722", "SMA"),
    Place("tanpa-al-amin", "pesantren", "Al Amin", "35.16.05", ""),
]
KEPT = TargetBatch(7, "npsn-20502725", TODAY, Buckets(60, 40, 20), None, "sekolah", CONFIRMED, "A", NOW)
TARGET = {"as_of": "2024-10-21", "grown": "60", "priority": "40", "later": "20", "source": "sekolah"}
NGORO = {"npsn": "20502725", "name": "SMAN 1 Ngoro", "kind": "sekolah", "kecamatan_code": "35.16.05"}


HEADER = tuple(COLUMNS.values())


def look(*rows, header=HEADER, texts=()):
    lines = [(n, [row.get(name, "") for name in COLUMNS]) for n, row in enumerate(rows, start=2)]
    targets = {KEPT.place_code: KEPT}
    return compare(header, lines, texts, PLACES, targets, KECAMATAN, CODES, TODAY, "pilkada-2024")


def faults(*rows, **more):
    return [(c.row, c.column, c.value) for c in look(*rows, **more).problems]


def test_new_changed_same_and_missing():
    found = look(
        NGORO | TARGET,
        {"npsn": "20502727", "name": "SMA Negeri 1 Sooko", "kind": "Sekolah", "kecamatan_code": "3516130"},
        {"npsn": "69999999", "name": "SMA Baru", "kind": "sekolah", "kecamatan_code": "50310"} | TARGET,
        {"npsn": "20502720", "name": "SMAN 1 Dawarblandong", "kind": "sekolah", "kecamatan_code": "351617"},
    )
    assert found.problems == []
    assert [line.status for line in found.lines] == [SAME, CHANGED, NEW, SAME]
    assert found.tally == {NEW: 1, CHANGED: 1, SAME: 2}
    assert found.lines[1].changes == {"name": ("SMAN 1 Sooko", "SMA Negeri 1 Sooko")}
    fresh = found.lines[2]
    assert (fresh.place.code, fresh.place.kecamatan_code, fresh.target.buckets) == (
        "npsn-69999999",
        "35.16.09",
        Buckets(60, 40, 20),
    ), "a zero that the spreadsheet dropped: 050310 is Dapodik's Dlanggu"
    assert [p.name for p in found.missing] == ["SMAN 1 Dlanggu", "SMAN 1 Bangsal"], "pesantren are not in such a file"


def test_a_target_that_fell_is_a_change_and_an_empty_one_none():
    assert look(NGORO | TARGET | {"grown": "10"}).lines[0].status == CHANGED
    found = look(NGORO)
    assert (found.lines[0].status, found.lines[0].target) == (SAME, None)


def test_what_the_file_leaves_empty_stays_as_it_is():
    assert look(NGORO | {"level": "", "address": ""}).lines[0].place.level == "SMA"


@pytest.mark.parametrize(
    ("over", "column", "value"),
    [
        ({"npsn": "2050272"}, "npsn", "2050272"),
        ({"npsn": "ABCDEFGH"}, "npsn", "ABCDEFGH"),
        ({"npsn": "20502999"}, "npsn", "20502999"),
        ({"npsn": "20502720"}, "npsn", "20502720"),
        ({"name": ""}, "nama", ""),
        ({"kind": ""}, "jenis", ""),
        ({"kind": "warung"}, "jenis", "warung"),
        ({"kecamatan_code": "35.16.99"}, "kode_kecamatan", "35.16.99"),
        ({"kecamatan_code": "35.16.06"}, "kode_kecamatan", "35.16.06"),
        ({"kecamatan": "Pungging"}, "kode_kecamatan", "35.16.05"),
        ({"contact": "NIK 3516051203070001"}, "kontak", "NIK 3516051203070001"),
        ({"grown": ""}, "sudah_17", ""),
        ({"later": ""}, "sesudah_17", ""),
        ({"priority": "empat"}, "prioritas_17", "empat"),
        ({"priority": "12,5"}, "prioritas_17", "12,5"),
        ({"priority": "-4"}, "prioritas_17", "-4"),
        ({"priority": "１２"}, "prioritas_17", "１２"),
        ({"priority": "99999"}, "prioritas_17", "99999"),
        ({"as_of": ""}, "per_tanggal", ""),
        ({"as_of": "31-02-2024"}, "per_tanggal", "31-02-2024"),
        ({"as_of": "2024-10-22"}, "per_tanggal", "2024-10-22"),
        ({"source": ""}, "sumber", ""),
    ],
)
def test_each_fault_by_row_column_and_value(over, column, value):
    sound = {"npsn": "20502729", "name": "SMAN 1 Dlanggu", "kind": "sekolah", "kecamatan_code": "35.16.09"}
    found = look(sound, NGORO | TARGET | over)
    kept = NGORO | TARGET | over
    if over.get("npsn") == "20502720":
        kept = kept | {"kecamatan_code": "35.16.17"}
        found = look(sound, kept)
    assert (3, column, value) in [(c.row, c.column, c.value) for c in found.problems]
    assert {c.row for c in found.problems} == {3}
    assert all(str(c.problem) for c in found.problems)


@pytest.mark.parametrize(
    ("npsn", "name", "code"), [("20502729", "Dlanggu", "050309"), ("20502722", "Bangsal", "050310")]
)
def test_swapped_dapodik_codes_are_told(npsn, name, code):
    school = {"npsn": npsn, "name": f"SMAN 1 {name}", "kind": "sekolah", "kecamatan_code": code}
    (told,) = look(school).problems
    assert (told.row, told.column, told.value) == (2, "kode_kecamatan", code)
    assert "tertukar" in str(told.problem)
    named = look(school | {"kecamatan": name, "npsn": "69999998", "name": "SMA Baru"})
    (told,) = named.problems
    assert "Dapodik" in str(told.problem)
    right = {"050309": "050310", "050310": "050309"}[code]
    assert look(school | {"kecamatan_code": right, "kecamatan": name}).problems == []


def test_the_four_administrations_codes_are_told_apart():
    assert {CODES.find(c)[0] for c in ("35.16.09", "351609", "3516100", "050310", "50310")} == {"35.16.09"}
    assert {CODES.find(c)[0] for c in ("35.16.10", "351610", "3516090", "050309", "50309")} == {"35.16.10"}
    assert CODES.find("Dlanggu") is None
    assert CODES.find("") is None


def test_a_row_twice_and_headings():
    assert faults(NGORO, NGORO) == [(3, "npsn", "20502725")]
    wrong = tuple("NAMA SEKOLAH" if h == "nama" else h for h in COLUMNS.values())
    assert [(c[0], c[1]) for c in faults(NGORO, header=wrong)] == [(1, "NAMA SEKOLAH"), (1, "nama")]
    twice = tuple("npsn" if h == "alamat" else h for h in COLUMNS.values())
    assert (1, "npsn", "npsn") in faults(NGORO, header=twice)
    loud = tuple(h.upper().replace("_", " ") for h in COLUMNS.values())
    assert look(NGORO | TARGET, header=loud).problems == []
    assert faults() == [(1, "nama", "")]


def test_numbers_kept_as_text_are_read_and_told():
    place = list(COLUMNS).index("grown")
    found = look(NGORO | TARGET, texts=[(2, place), (2, 0)])
    assert found.problems == []
    assert [(c.row, c.column, c.value) for c in found.notes] == [(2, "sudah_17", "60")]


@given(st.lists(st.dictionaries(st.sampled_from(list(COLUMNS)), st.text(max_size=20), max_size=13), max_size=4))
def test_no_file_breaks_the_reading(rows):
    found = look(*rows)
    assert found.problems or len(found.lines) == sum(any(v.strip() for v in r.values()) for r in rows)
