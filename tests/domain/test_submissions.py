from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.submissions import Submission, fingerprint, valid_id
from portal.domain.texts import read_count

BODY = {"point": "kec-35.16.05", "day": date(2024, 10, 21), "recorded": 1200, "failed": None, "note": "baik"}

VALID = "3f914bd7-ccb9-4d72-92f7-5c7a6bb2875d"


def test_the_same_words_match_in_any_order():
    turned = dict(reversed(BODY.items()))
    assert fingerprint("report", turned) == fingerprint("report", BODY)


@given(st.permutations(sorted(BODY)))
def test_order_never_matters(names):
    assert fingerprint("report", {n: BODY[n] for n in names}) == fingerprint("report", BODY)


def test_a_number_typed_in_another_way_is_the_same_number():
    typed = {fingerprint("report", BODY | {"recorded": read_count(t)}) for t in ("1200", "1.200", " 1 200 ")}
    assert typed == {fingerprint("report", BODY)}


@pytest.mark.parametrize(
    "other",
    [
        {"recorded": 1201},
        {"recorded": "1200"},
        {"failed": 0},
        {"note": "baik "},
        {"day": date(2024, 10, 22)},
        {"extra": 1},
    ],
)
def test_other_words_do_not_match(other):
    assert fingerprint("report", BODY | other) != fingerprint("report", BODY)


def test_another_kind_of_form_does_not_match():
    assert fingerprint("visit", BODY) != fingerprint("report", BODY)


@given(st.uuids(version=4))
def test_ids_are_random_uuids_as_a_form_writes_them(number):
    assert valid_id(str(number))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        VALID.upper(),
        VALID + "\n",
        VALID.replace("-", ""),
        str(UUID(int=0)),
        "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
        "x" * 10_000,
    ],
)
def test_anything_else_is_no_id(text):
    assert valid_id(VALID)
    assert not valid_id(text)


def test_the_receipt_carries_the_office_day_and_its_number():
    late = datetime(2024, 10, 20, 17, 30, tzinfo=UTC)
    assert Submission(57, str(uuid4()), "", "report", "", late).receipt == "M-1021-57"
