import csv
from collections import Counter

import pytest

from portal.actions.area_codes import area_codes as shipped
from portal.actions.office import REFERENCE
from portal.domain.area_codes import in_words, plain

CODES = shipped()


@pytest.mark.parametrize(
    ("text", "code", "systems"),
    [
        ("35.16.09", "35.16.09", "Kemendagri"),
        ("351609", "35.16.09", "Kemendagri/KPU"),
        ("3516100", "35.16.09", "BPS"),
        ("050310", "35.16.09", "Dapodik"),
        ("50310", "35.16.09", "Dapodik"),  # a spreadsheet dropped the zero
        ("050309", "35.16.10", "Dapodik"),  # the trap: Bangsal, not the ninth
        ("3516090", "35.16.10", "BPS"),
        ("3516091", "35.16.18", "BPS"),
        ("3516", "35.16", "Kemendagri/KPU/BPS"),
        ("35.16", "35.16", "Kemendagri"),
        ("35,16", "35.16", "Kemendagri"),  # a number in a spreadsheet
        ("3516052001", "35.16.05.2001", "Kemendagri/KPU"),
        (" 35.16.05.2001 ", "35.16.05.2001", "Kemendagri"),
    ],
)
def test_a_code_is_looked_up_with_whose_it_is(text, code, systems):
    found = CODES.find(text)
    assert found is not None
    assert (found[0], in_words(found[1])) == (code, systems)


@pytest.mark.parametrize("text", ["", "35.16.19", "05.03.09", "351619", "35.76.01", "3516010001", "abc", "9", "٣٥١٦٠٩"])
def test_what_is_no_area_of_the_kabupaten_is_none(text):
    assert CODES.find(text) is None


def test_every_kecamatan_has_four_codes_and_every_desa_its_own():
    with (REFERENCE / "kecamatan.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        told = {row["code"], row["kpu_code"], row["bps_code"], row["dapodik_code"]}
        assert {CODES.find(text)[0] for text in told} == {row["code"]}
        assert len(told) == 4
    assert Counter(code.count(".") for code in CODES.names) == {1: 1, 2: 18, 3: 304}


def test_names_are_compared_plainly_and_many_desa_share_one():
    assert plain(" KEC.  Dawar-Blandong") == "dawar blandong"
    assert CODES.of_name("GEDEK", "kecamatan") == ("35.16.14",)
    assert CODES.of_name("Gondang", "kecamatan") == ("35.16.02",)
    assert len(CODES.of_name("sumberjati", "desa")) > 1
    assert CODES.of_name("Prajuritkulon", "kecamatan") == ()
