from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from portal.domain.equipment import (
    ABLE,
    ATTENTION,
    BROKEN,
    COMPONENTS,
    GOOD,
    MISSING,
    NOT_IN_USE,
    PRINTS_WITH,
    REASONS,
    RECORDS_WITH,
    REPAIR,
    STATUSES,
    UNABLE,
    UNKNOWN,
    Component,
    Kit,
    best,
    check_kit,
    check_status,
    known_ability,
)

from .. import records
from ..people import NGORO, NOW


def part(kind, status=GOOD, confirmed_at=NOW):
    return Component(0, "kit", kind, status, "", "", NOW, confirmed_at, "Petugas Ngoro", 1)


def kit(**statuses):
    return Kit("kit", "Alat Ngoro", NGORO, tuple(part(k, statuses.get(k, GOOD)) for k in COMPONENTS))


kits = st.dictionaries(st.sampled_from(sorted(COMPONENTS)), st.sampled_from(sorted(STATUSES)))


@given(kits)
def test_a_kit_is_unable_exactly_when_a_needed_part_is_missing_or_does_not_work(statuses):
    some = Kit("kit", "Alat", NGORO, tuple(part(kind, status) for kind, status in statuses.items()))
    for needs, ability in ((RECORDS_WITH, some.can_record), (PRINTS_WITH, some.can_print)):
        stopped = any(statuses.get(kind) not in (GOOD, ATTENTION) for kind in needs)
        assert ability == (UNABLE if stopped else ABLE)


@pytest.mark.parametrize("kind", COMPONENTS)
@pytest.mark.parametrize("status", STATUSES)
def test_what_one_part_does_to_the_kit(kind, status):
    works = status in (GOOD, ATTENTION)
    found = kit(**{kind: status})
    assert (found.can_record == ABLE) is (works or kind in ("printer", "card_reader", "ups"))
    assert (found.can_print == ABLE) is (works or kind not in ("pc", "printer"))


def test_the_weakest_part_is_the_one_that_stops_the_kit():
    assert kit(ups=MISSING, iris=REPAIR).weakest.kind == "iris"
    assert kit(iris=ATTENTION, camera=BROKEN).weakest.kind == "camera"
    assert kit(ups=ATTENTION).weakest.kind == "ups"
    assert kit(iris=NOT_IN_USE, printer=BROKEN).weakest.kind == "iris"
    assert kit(iris=BROKEN, printer=MISSING).weakest.kind == "iris"
    assert kit(pc=REPAIR, printer=MISSING).weakest.kind == "pc"
    assert kit(ups=MISSING, printer=REPAIR).weakest.kind == "printer"
    assert Kit("kit", "Alat", NGORO).weakest is None
    assert Kit("kit", "Alat", NGORO).can_record == UNABLE


@given(kits)
def test_the_weakest_part_is_why_a_kit_cannot_record_or_else_print(statuses):
    found = kit(**statuses)
    if UNABLE in (found.can_record, found.can_print):
        assert not found.weakest.works
        assert found.weakest.kind in (RECORDS_WITH if found.can_record == UNABLE else PRINTS_WITH)


def test_a_new_kit_has_a_code_a_name_a_place_and_parts():
    def fields(code="KIT-NGO-1", name="Alat Ngoro 1", point=NGORO, kinds=COMPONENTS):
        return [p.field for p in check_kit(code, name, point, kinds, records.office())]

    assert fields() == fields("NGO") == fields("K" * 20) == fields(kinds={"pc", "printer"}) == []
    for code in (
        "",
        "KI",
        "K" * 21,
        "kit-ngo-1",
        "KIT NGO",
        "KIT_NGO",
        "-KIT",
        "KIT-",
        "KÍT-1",
        "KIT-１",
        "KIT-1\n",
        "3516-0512-03070001",
    ):
        assert fields(code) == ["code"], code
    for name in ("", "  ", "a" * 81, "Alat\nNgoro", "NIK 3516051203070001"):
        assert fields(name=name) == ["name"], name
    assert fields(point="kec-0") == ["point"]
    assert fields(kinds=[]) == fields(kinds=["pc", "palu"]) == ["kinds"]


def test_a_kit_is_confirmed_when_its_last_part_was():
    old = NOW - timedelta(days=5)
    found = Kit("kit", "Alat", NGORO, (part("iris"), part("pc", confirmed_at=old)))
    assert found.confirmed_at == old
    assert Kit("kit", "Alat", NGORO).confirmed_at is None


def test_a_kits_version_grows_with_every_change_of_a_part():
    """What a page that was drawn earlier is recognised by: the sum, for a part's own version only grows."""
    found = kit()
    assert found.version == len(COMPONENTS)
    parts = list(found.components)
    for n, changed in enumerate(parts):
        parts[n] = replace(changed, version=changed.version + 1)
        assert replace(found, components=tuple(parts)).version == len(COMPONENTS) + n + 1
    confirmed = replace(found, components=tuple(replace(c, confirmed_at=NOW + timedelta(days=1)) for c in parts))
    assert confirmed.version == replace(found, components=tuple(parts)).version
    assert Kit("kit", "Alat", NGORO).version == 0


@pytest.mark.parametrize(
    ("ability", "age", "shown"),
    [(ABLE, 0, ABLE), (ABLE, 2, ABLE), (ABLE, 3, UNKNOWN), (UNABLE, 0, UNABLE), (UNABLE, 300, UNABLE)],
)
def test_silence_makes_a_working_kit_unknown_and_repairs_nothing(ability, age, shown):
    assert known_ability(ability, age) == shown


@pytest.mark.parametrize(
    ("abilities", "found"),
    [
        ([], UNKNOWN),
        ([UNABLE], UNABLE),
        ([UNABLE, UNKNOWN], UNKNOWN),
        ([UNABLE, UNKNOWN, ABLE], ABLE),
    ],
)
def test_a_point_is_as_able_as_its_best_kit(abilities, found):
    assert best(abilities) == found


EVERY_REASON = sorted({reason for table in REASONS.values() for reason in table} | {"", "dicuri"})


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("reason", EVERY_REASON)
def test_a_status_takes_only_reasons_of_its_own(status, reason):
    fits = reason == "" if status == GOOD else reason in REASONS[status]
    assert [p.field for p in check_status(status, reason, "")] == ([] if fits else ["reason"])


def test_every_status_but_good_needs_a_reason_and_has_some():
    assert set(REASONS) == set(STATUSES)
    assert [status for status in STATUSES if not REASONS[status]] == [GOOD]


def test_an_unknown_status_and_a_number_in_the_note_are_refused():
    assert [p.field for p in check_status("meledak", "", "")] == ["status"]
    assert [p.field for p in check_status(GOOD, "", "3516051203070001")] == ["note"]
    assert [p.field for p in check_status(BROKEN, "", "a" * 501)] == ["note", "reason"]
