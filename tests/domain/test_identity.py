"""Who the office is on paper."""

import pytest

from portal.domain.identity import Identity, check_identity, tidy

NIP = "19700101 199503 1 001"


def test_typed_words_are_tidied():
    found = tidy({"signer_name": "  Ibu   Kepala ", "signer_nip": NIP, "place": "Mojokerto"})
    assert found == Identity("", "Mojokerto", "", "Ibu Kepala", "197001011995031001")
    assert check_identity(found) == []
    assert not found.complete
    assert Identity("Jl. A. Yani", "Mojokerto", "Kepala Dinas", "Ibu Kepala", "1" * 18).complete


@pytest.mark.parametrize("nip", ["123", "1" * 17, "1" * 19, "1" * 16, "19700101199503100x", "１" * 18])
def test_a_nip_has_eighteen_digits_or_none(nip):
    assert [p.field for p in check_identity(tidy({"signer_nip": nip}))] == ["signer_nip"]


@pytest.mark.parametrize("field", ["address", "place", "signer_title", "signer_name"])
def test_other_lines_hold_no_residents_number_and_end_somewhere(field):
    assert [p.field for p in check_identity(tidy({field: "3516051212900001"}))] == [field]
    assert [p.field for p in check_identity(tidy({field: "a" * 161}))] == [field]


def test_nothing_is_invented():
    assert check_identity(Identity()) == []
    assert Identity().signer_name == Identity().signer_nip == Identity().address == ""
