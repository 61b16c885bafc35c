import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from portal.domain.audit import (
    CONTENT,
    FIRST_HASH,
    GAP,
    LINK,
    ORDER,
    AuditEntry,
    Broken,
    chained,
    content,
    difference,
    first_broken,
    plain,
)

from ..people import NOW


def chain(length=5):
    entries = []
    previous = FIRST_HASH
    for seq in range(1, length + 1):
        entry = AuditEntry(
            seq,
            NOW.astimezone(UTC) + timedelta(minutes=seq),
            "ngoro",
            "recordings.correct",
            "report",
            f"kec-35.16.05/{seq}",
            {"recorded": (seq, seq + 1)},
            "salah ketik",
            "192.0.2.7",
            f"request-{seq}",
            previous,
            "",
        )
        entry = replace(entry, hash=chained(content(entry), previous))
        entries.append(entry)
        previous = entry.hash
    return entries


TAMPERED = {
    "seq": 9,
    "at": NOW - timedelta(days=1),
    "account": "pungging",
    "deed": "recordings.send",
    "object_kind": "visit",
    "object_id": "kec-35.16.06/3",
    "changes": {"recorded": (3, 40)},
    "reason": "",
    "address": "192.0.2.8",
    "request_id": "",
    "previous_hash": FIRST_HASH,
    "hash": "f" * 64,
}


def test_every_field_of_an_entry_is_tried():
    assert set(TAMPERED) == set(AuditEntry.__struct_fields__)


@pytest.mark.parametrize("field", TAMPERED)
def test_a_tampered_field_is_found_at_its_entry(field):
    entries = chain()
    entries[2] = replace(entries[2], **{field: TAMPERED[field]})
    assert first_broken(entries) == Broken(entries[2], CONTENT)


def test_a_recomputed_hash_is_found_at_the_next_entry():
    entries = chain()
    forged = replace(entries[2], reason="")
    entries[2] = replace(forged, hash=chained(content(forged), forged.previous_hash))
    assert first_broken(entries) == Broken(entries[3], LINK)


def test_an_untouched_chain_holds():
    assert first_broken(chain()) is None
    assert first_broken([]) is None
    assert first_broken(chain(1)) is None


def test_a_missing_entry_shows_at_its_successor():
    entries = chain()
    assert first_broken(entries[:2] + entries[3:]) == Broken(entries[3], GAP)
    assert first_broken(entries[1:]) == Broken(entries[1], GAP)


def test_entries_that_changed_places_are_found():
    one, two, three, four, five = chain()
    assert first_broken([one, three, two, four, five]) == Broken(three, GAP)
    assert first_broken([one, one, two, three, four, five]) == Broken(one, ORDER)
    assert first_broken([one, two, one, three, four, five]) == Broken(one, ORDER)


def test_a_chain_survives_being_written_down_as_json():
    entries = [replace(e, changes=json.loads(json.dumps(plain(e.changes)))) for e in chain()]
    assert first_broken(entries) is None


def test_a_moment_is_written_in_utc_whatever_clock_it_was_read_from():
    utc = datetime(2024, 10, 21, 6, tzinfo=UTC)
    assert plain(NOW) == plain(utc) == "2024-10-21T06:00:00+00:00"
    assert chained({"at": NOW}, FIRST_HASH) == chained({"at": utc}, FIRST_HASH)
    with pytest.raises(TypeError):
        chained({"at": object()}, FIRST_HASH)


def test_a_difference_holds_only_what_changed():
    before = {"recorded": 240, "failed": None, "day": date(2024, 10, 21), "note": ""}
    after = {"recorded": 24, "failed": None, "day": date(2024, 10, 21), "home-luar": 2}
    assert difference(before, after) == {"recorded": (240, 24), "note": ("", None), "home-luar": (None, 2)}
    assert difference({}, {"recorded": 0}) == {"recorded": (None, 0)}
    assert difference({"points": frozenset("ba")}, {"points": frozenset("ab")}) == {}


fields = st.dictionaries(st.sampled_from("abcdef"), st.none() | st.integers() | st.text(max_size=3))


@given(fields, fields)
def test_a_difference_leads_from_before_to_after(before, after):
    changes = difference(before, after)
    redone = {name: before.get(name) for name in before | after} | {n: new for n, (_old, new) in changes.items()}
    assert redone == {name: after.get(name) for name in before | after}
    assert all(before.get(name) == old != new for name, (old, new) in changes.items())
    assert difference(before, before) == {}
