import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.texts import LARGEST_COUNT, NOTE_LIMIT, check_count, check_text, read_count

ACCEPTED = {
    "1200": 1200,
    "1.200": 1200,
    "1 200": 1200,
    "1\u00a0200": 1200,
    "1\u202f200": 1200,
    " 24 ": 24,
    "\u00a024": 24,
    "0": 0,
    "007": 7,
    "12.345.678": 12_345_678,
    "1000000000000": 10**12,
}

REFUSED = [
    *["1,5", "1.5", "-3", "+3", "", " ", "１２", "²", "10¹²", "٣", "1_0", "1e3", "10^12", "0x10"],
    *["NaN", "inf", "1.20", "12.00", "1.2000", "1234.567", "1.200 300", "1..200", ".200", "1.200."],
    *["1 200.300", "12 34", "1,200", "0.200", "00.200", "<b>1</b>", "1;2", "1\n200", "1\x00", "9" * 10_000],
]


@pytest.mark.parametrize(("text", "number"), ACCEPTED.items())
def test_a_count_is_read_as_it_is_written_here(text, number):
    assert read_count(text) == number


@pytest.mark.parametrize("text", REFUSED, ids=lambda t: repr(t[:12]))
def test_anything_else_is_no_count(text):
    assert read_count(text) is None


@given(st.integers(0, 10**12))
def test_grouping_by_threes_never_changes_the_number(number):
    for mark in (".", " ", "\u00a0"):
        assert read_count(f"{number:,}".replace(",", mark)) == number


@given(st.text(max_size=25))
def test_reading_never_fails_and_never_invents_digits(text):
    number = read_count(text)
    assert number is None or str(number) == ("".join(c for c in text if c in "0123456789").lstrip("0") or "0")


@pytest.mark.parametrize(
    ("number", "sound"),
    [(None, True), (0, True), (LARGEST_COUNT, True), (-1, False), (LARGEST_COUNT + 1, False), (10**12, False)],
)
def test_a_count_lies_between_nothing_and_the_limit(number, sound):
    problems = check_count("failed", number)
    assert (problems == []) is sound
    assert all(p.field == "failed" and "9999" in str(p) for p in problems)


NIK = "3516051203070001"
HIDDEN_NIK = [
    NIK,
    f"atas nama Budi {NIK}, sudah rekam",
    "3516 0512 0307 0001",
    "3516.0512.0307.0001",
    "3516-0512-0307-0001",
    "3516–0512–0307–0001",
    "3516\u22120512\u22120307\u20110001",
    "3 5 1 6 0 5 1 2 0 3 0 7 0 0 0 1",
    "3516_0512/0307 - 0001",
    "3516\n0512\n0307\n0001",
    "３５１６０５１２０３０７０００１",
    "٣٥١٦٠٥١٢٠٣٠٧٠٠٠١",
    NIK + "9",
    "351608,170707,0001",
    "351608:170707:0001",
    "351608|1707070001",
    "351608;170707;0001",
    "351608+170707*0001",
    "3,5,1,6,0,8,1,7,0,7,0,7,0,0,0,1",
]


@pytest.mark.parametrize("text", HIDDEN_NIK)
def test_a_note_with_sixteen_digits_is_refused_however_they_are_set_apart(text):
    (problem,) = check_text("note", text)
    assert problem.field == "note"
    assert "NIK" in str(problem)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Printer macet jam 10.15, jalan lagi 11.00",
        "telepon 0812-3456-7890",
        "351605120307000",
        "rekam 120, cetak 98, sisa 1.200",
        "8–21 Oktober 2024: 3 kunjungan\r\nbesok lagi",
        "“Tim 2” – 100 %",
        "24, 31, 18",
        "rekam per hari: 24, 31, 18, 27, 22, 19, 30, 25, 21",
        "24,31,18",
        "24:31:18 | 12:05",
        "cetak 24,31,18; gagal 2,1,0",
    ],
)
def test_ordinary_notes_are_welcome(text):
    assert check_text("note", text) == []


def test_a_note_has_a_longest_length():
    assert check_text("note", "a" * NOTE_LIMIT) == []
    (problem,) = check_text("note", "a" * 10_000)
    assert "500" in str(problem)


@pytest.mark.parametrize("text", ["a\x00b", "a\x1bb", "a\u200bb", "a\ud800b", "\u202eabc"])
def test_characters_nobody_can_see_are_refused(text):
    (problem,) = check_text("team", text)
    assert problem.field == "team"


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_a_required_text_says_so_in_its_own_words(text):
    (problem,) = check_text("reason", text, required="Tulis alasan perbaikan.")
    assert str(problem) == "Tulis alasan perbaikan."
    assert check_text("reason", text) == []
