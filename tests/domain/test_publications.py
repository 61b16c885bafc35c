from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from portal.domain.publications import (
    NOTHING,
    Correction,
    Daily,
    DayBetween,
    Line,
    Value,
    changes,
    check_day,
    digest,
    payload,
    read,
    said_of,
)

from .. import records
from ..people import NGORO, NOW, PUNGGING, TODAY

YESTERDAY = TODAY - timedelta(days=1)
OFFICE = records.office()
DAILY = Daily(
    day=TODAY,
    lines=[
        Line(NGORO, Value(24, 40), "on_time", "", True),
        Line(PUNGGING, Value(0), "in_grace", "alat_rusak", False),
        Line("dinas", NOTHING, "missing"),
    ],
    homes={"35.16.05": 20, "luar": 1},
    between=[DayBetween(YESTERDAY, {"dinas": Value(None, 7)})],
    corrections=[Correction(NGORO, date(2024, 10, 18), Value(34), Value(43), "salah ketik")],
    previous=13,
    cumulative_before=4870,
    data_from=records.START,
)


def test_yesterday_days_between_today_and_corrections_make_the_cumulative_number():
    assert (DAILY.recorded, DAILY.corrected) == (64, 9)
    assert DAILY.cumulative == 4870 + 7 + 64 + 9
    assert (DAILY.reports, DAILY.verified, DAILY.unsplit) == (2, 1, 43)


def test_a_point_that_told_nothing_is_no_zero():
    assert [line.value.office for line in DAILY.lines] == [24, 0, None]
    silent = replace(DAILY, lines=DAILY.lines[1:])
    assert (DAILY.at_offices, DAILY.on_visits, silent.at_offices, silent.on_visits) == (24, 40, 0, None)
    assert changes({("dinas", TODAY): NOTHING}, {("dinas", TODAY): Value(0)}) == [
        Correction("dinas", TODAY, NOTHING, Value(0))
    ]


def test_what_was_published_is_read_as_it_was_written():
    text = payload(14, DAILY, NOW, "Pengawas Kabupaten", {"signer_name": "Nama"})
    kept = read(text, digest(text))
    assert kept.daily == DAILY
    assert (kept.number, kept.as_of, kept.by, kept.signer) == (14, NOW, "Pengawas Kabupaten", {"signer_name": "Nama"})
    assert kept.check_code == f"{digest(text)[:4]}-{digest(text)[4:8]}"
    assert payload(14, DAILY, NOW.astimezone(UTC), "Pengawas Kabupaten", {"signer_name": "Nama"}) == text


def test_another_number_reader_or_value_has_another_digest():
    texts = {
        payload(14, DAILY, NOW, "a", {}),
        payload(15, DAILY, NOW, "a", {}),
        payload(14, DAILY, NOW, "b", {}),
        payload(14, DAILY, NOW, "a", {"place": "Mojokerto"}),
        payload(14, replace(DAILY, cumulative_before=4871), NOW, "a", {}),
    }
    assert len({digest(text) for text in texts}) == 5


def test_a_day_that_cannot_be_published_is_refused():
    def told(day, newest=None):
        return [p.field for p in check_day(day, TODAY, newest, OFFICE)]

    assert told(TODAY) == told(YESTERDAY) == told(TODAY, YESTERDAY) == []
    assert told(TODAY + timedelta(days=1)) == ["day"]
    assert told(records.START - timedelta(days=1)) == ["day"]
    assert told(TODAY, TODAY) == told(YESTERDAY, TODAY) == ["day"]


values = st.builds(Value, st.none() | st.integers(0, 50), st.none() | st.integers(0, 50))
keys = st.tuples(st.sampled_from([NGORO, PUNGGING, "dinas"]), st.dates(date(2024, 10, 8), date(2024, 10, 20)))
states = st.dictionaries(keys, values, max_size=12)


@given(states, states)
def test_corrections_lead_from_what_was_published_to_what_is_known(before, after):
    found = changes(before, after)
    assert sum(c.change for c in found) == sum(v.total for v in after.values()) - sum(v.total for v in before.values())
    said = before | said_of(replace(DAILY, lines=[], between=[], corrections=found))
    assert {k: v for k, v in said.items() if v != NOTHING} == {k: v for k, v in after.items() if v != NOTHING}
    assert changes(after, after) == []
    assert [(c.day, c.point_code) for c in found] == sorted((c.day, c.point_code) for c in found)


def test_an_instant_is_kept_whatever_the_zone_of_the_server():
    assert read(payload(1, DAILY, datetime(2024, 10, 21, 6, tzinfo=UTC), "a", {}), "").as_of == NOW
