"""The locks: what each installs is pinned, hashed, and the same thing everywhere."""

import re
from itertools import pairwise

import pytest

from portal.config import ROOT

LOCKS = ("requirements.lock", "requirements-postgres.lock", "requirements-dev.lock")
PDF = "requirements-pdf.lock"


def pins(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([A-Za-z0-9_.-]+)==(\S+)", (ROOT / name).read_text(), re.M))


@pytest.mark.parametrize("name", [*LOCKS, PDF])
def test_every_pin_has_a_hash_and_no_lock_names_a_place(name):
    text = (ROOT / name).read_text()
    blocks = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.M)[1:]
    assert len(blocks) == len(pins(name))
    assert all("--hash=sha256:" in block for block in blocks)
    assert not re.search(r"https?://|^--|(?<![\w.])/\w", text, re.M)


def test_each_lock_holds_the_smaller_one_at_the_same_versions():
    for smaller, larger in pairwise(LOCKS):
        assert pins(smaller).items() <= pins(larger).items()
    assert pins(LOCKS[0]).items() <= pins(PDF).items() <= pins(LOCKS[2]).items()
    assert pins(LOCKS[1]).keys() - pins(LOCKS[0]).keys() == {"psycopg", "psycopg-binary"}
