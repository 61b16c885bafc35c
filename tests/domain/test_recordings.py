from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.recordings import (
    COUNTED,
    FLOWS,
    GROUPS,
    MEASURE,
    MEASURES,
    NIHIL,
    NIHIL_REASONS,
    READINGS,
    SERVICE_FLOWS,
    Entry,
    as_kept,
    check_day,
)
from portal.domain.rules import check

from .. import records

HOMES = {"35.16.05", "35.16.06", "luar"}


def fields(entry):
    return [p.field for p in check(entry, HOMES)]


def test_an_ordinary_day_and_a_nihil_day_are_sound():
    assert fields(records.entry()) == []
    assert fields(records.entry(0)) == []
    assert fields(records.nihil()) == []
    assert fields(records.nihil("lain", note="Kantor dipakai pelantikan")) == []
    full = {m.name: 1 for m in MEASURES} | {"recorded_male": 14, "recorded_female": 10, "recorded": 24}
    assert fields(records.entry(**full, homes={"35.16.05": 20, "luar": 4})) == []


BROKEN = [
    (records.entry(None), ["recorded"]),
    (records.entry(-3), ["recorded"]),
    (records.entry(10_000), ["recorded"]),
    (records.entry(failed=-1), ["failed"]),
    (records.entry(ribbon_pct=101), ["ribbon_pct"]),
    (records.entry(film_pct=-1), ["film_pct"]),
    (records.entry(prr=100_000), ["prr"]),
    (records.entry(24, recorded_male=14, recorded_female=11), ["recorded_male"]),
    (records.entry(24, recorded_first_time=25), ["recorded_first_time"]),
    (records.entry(24, {"35.16.05": 20, "35.16.06": 5}), ["homes"]),
    (records.entry(24, {"35.16.99": 1}), [""]),
    (records.entry(24, {"35.16.06": -1}), ["home-35.16.06"]),
    (records.entry(24, {"35.16.05": 30, "35.16.06": -10}), ["home-35.16.06", "homes"]),
    (records.entry(surat_keterangan=3), [""]),
    (records.entry(note="a" * 501), ["note"]),
    (records.entry(note="3516 0512 0307 0001"), ["note"]),
    (Entry("mungkin"), ["kind"]),
    (Entry(""), ["kind"]),
    (records.nihil(None), ["nihil_reason"]),
    (records.nihil(""), ["nihil_reason"]),
    (records.nihil("malas"), ["nihil_reason"]),
    (records.nihil("lain"), ["note"]),
    (records.nihil("lain", note="  "), ["note"]),
    (records.nihil(recorded=3), ["recorded"]),
    (records.nihil(recorded_male=1, printed_prr=2), ["recorded_male", "printed_prr"]),
    (Entry(NIHIL, "alat_rusak", {}, {"35.16.05": 1}), ["homes"]),
]


@pytest.mark.parametrize(("entry", "at"), BROKEN)
def test_every_broken_rule_is_named_at_its_field(entry, at):
    assert fields(entry) == at


def test_all_problems_are_told_at_once():
    entry = records.entry(5, {"luar": 6}, failed=-1, recorded_male=6, note="a" * 501)
    assert fields(entry) == ["recorded_male", "homes", "failed", "note"]


def test_messages_have_their_numbers_filled_in():
    (problem,) = check(records.entry(24, recorded_male=14, recorded_female=11), HOMES)
    assert "25" in str(problem)
    assert "24" in str(problem)
    for entry, _at in BROKEN:
        assert all("%(" not in str(p) for p in check(entry, HOMES))


@pytest.mark.parametrize("reason", NIHIL_REASONS)
def test_every_listed_reason_makes_a_nihil_day(reason):
    assert fields(records.nihil(reason, note="karena itu")) == []


def test_a_nihil_day_may_still_say_what_is_in_stock():
    assert fields(records.nihil(blanks_received=500, blanks_left=620, ribbon_pct=40, prr=12)) == []
    assert fields(records.nihil(recorded=0)) == []


def test_a_day_lies_between_the_start_and_today():
    start, today = date(2024, 10, 8), date(2024, 10, 21)
    for day in (start, today, date(2024, 10, 12)):
        assert check_day(day, today, start) == []
    for day in (today + timedelta(days=1), start - timedelta(days=1), date.min, date.max):
        (problem,) = check_day(day, today, start)
        assert problem.field == "service_date"
    assert "08-10-2024" in str(check_day(date(2024, 1, 1), today, start)[0])


def test_as_kept_states_the_zero_of_a_nihil_day_and_nothing_else():
    kept = as_kept(records.nihil(blanks_left=12, note=" rusak "))
    assert kept.counts["recorded"] == 0
    assert kept.counts["blanks_left"] == 12
    assert {name for name, value in kept.counts.items() if value is not None} == {"recorded", "blanks_left"}
    assert kept.note == "rusak"


def test_as_kept_never_turns_a_missing_count_into_a_zero():
    kept = as_kept(Entry(COUNTED, "alat_rusak", {"recorded": 3, "failed": 0}, {"luar": 0, "35.16.05": 2}))
    assert kept.counts == dict.fromkeys(MEASURE) | {"recorded": 3, "failed": 0}
    assert kept.homes == {"35.16.05": 2}
    assert kept.nihil_reason is None
    assert as_kept(kept) == kept


counts = st.dictionaries(st.sampled_from(sorted(MEASURE)), st.none() | st.integers(0, 100), max_size=8)


@given(st.sampled_from([COUNTED, NIHIL]), counts, st.dictionaries(st.sampled_from(sorted(HOMES)), st.integers(0, 40)))
def test_what_passed_the_rules_passes_them_again_as_it_is_kept(kind, given_counts, homes):
    entry = Entry(kind, "alat_rusak" if kind == NIHIL else None, given_counts, homes)
    if not check(entry, HOMES):
        kept = as_kept(entry)
        assert check(kept, HOMES) == []
        assert kept.recorded == entry.recorded
        assert kept.homes_unsplit == entry.homes_unsplit
        assert kept.homes_unsplit >= 0


def test_derived_counts():
    entry = records.entry(24, {"35.16.05": 20}, printed_prr=7)
    assert (entry.recorded, entry.printed, entry.homes_unsplit) == (24, 7, 4)
    assert records.entry().printed is None
    assert records.entry(printed_prr=0, printed_replacement=0).printed == 0


def test_flows_and_readings_are_two_kinds_and_every_measure_has_a_place():
    assert set(FLOWS) | set(READINGS) == set(MEASURE)
    assert not set(FLOWS) & set(READINGS)
    assert {"prr", "sfe", "duplicate", "adjudicate", "blanks_left", "ribbon_pct", "film_pct"} == set(READINGS)
    assert len(MEASURE) == len(MEASURES)
    assert {m.group for m in MEASURES} == set(GROUPS)
    assert set(SERVICE_FLOWS) <= set(FLOWS)
