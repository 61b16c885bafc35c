"""The table of rules: each soft rule fires where it should and is silent beside it, and its data says the same."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from portal.domain.circumstances import Circumstances
from portal.domain.doubts import asked, flags
from portal.domain.equipment import BROKEN, COMPONENTS, GOOD, Component, Kit
from portal.domain.outliers import PastDay
from portal.domain.recordings import MEASURE, MEASURES, NIHIL_REASONS, Entry
from portal.domain.rule_data import as_data
from portal.domain.rules import HARD, RULE, RULES, SOFT, check, raised

from .. import records
from ..people import NGORO, NOW, TODAY
from .test_outliers import NEAR_TWENTY, past, weekdays

HOMES = ("35.16.05", "35.16.06", "luar")
YESTERDAY = NOW - timedelta(days=1)


def kit(since=YESTERDAY, **statuses):
    parts = (
        Component(0, "KIT-NGO-1", kind, statuses.get(kind, GOOD), "", "", since, since, "Petugas Ngoro", 1)
        for kind in COMPONENTS
    )
    return Kit("KIT-NGO-1", "Alat Ngoro 1", NGORO, tuple(parts))


def around(**over):
    values = {"day": TODAY, "written_on": TODAY, "service_days": tuple(weekdays(28)), "kit_day": 100}
    return Circumstances(**values | over)


def before(**counts):
    """A day before this one on which 20 were recorded and everything is known."""
    return (PastDay(weekdays(1)[0], records.entry(20, **counts)),)


STOCK = {"printed_prr": 10, "printed_replacement": 2, "blanks_received": 0, "blanks_spoiled": 1}
SAME = tuple(PastDay(day, records.entry(24, failed=1)) for day in weekdays(2))

CASES = [
    ("all_down", records.entry(3), around(kits=(kit(iris=BROKEN),)), around(kits=(kit(since=NOW, iris=BROKEN),))),
    ("all_down", records.entry(3), around(kits=(kit(pc=BROKEN),)), around(kits=(kit(pc=BROKEN), kit()))),
    ("all_down", records.entry(3), around(kits=(kit(pc=BROKEN),)), around()),
    ("double_count", records.entry(42), around(visits={TODAY: (None, 42)}), around(visits={TODAY: (None, 41)})),
    ("outlier", records.entry(240), around(past=past(NEAR_TWENTY)), around(past=past(NEAR_TWENTY[:7]))),
    ("outlier", records.entry(2), around(past=past(NEAR_TWENTY)), around(past=past([2] * 9))),
    ("capacity", records.entry(101), around(kits=(kit(),)), around(kits=(kit(), kit()))),
    ("capacity", records.entry(150), around(kits=(kit(), kit(iris=BROKEN))), around(kits=(kit(), kit()))),
    ("nihil_kit_good", records.nihil(), around(kits=(kit(),)), around(kits=(kit(ups=GOOD, camera=BROKEN),))),
    (
        "nihil_network_good",
        records.nihil("jaringan_server"),
        around(kits=(kit(iris=BROKEN),)),
        around(kits=(kit(), kit(network=BROKEN))),
    ),
    ("blanks_short", records.entry(**STOCK), around(past=before(blanks_left=12)), around(past=before(blanks_left=13))),
    (
        "blanks_sum",
        records.entry(**STOCK, blanks_left=88),
        around(past=before(blanks_left=100)),
        around(past=before(blanks_left=101)),
    ),
    (
        "blanks_sum",
        records.entry(**STOCK, blanks_left=87),
        around(past=before(blanks_left=100), moved_in=50),
        around(past=before(blanks_left=100), moved_in=50, moved_out=50),
    ),
    ("same_three_days", records.entry(24, failed=1), around(past=SAME), around(past=SAME[:1])),
    ("refill", records.entry(ribbon_pct=70), around(past=before(ribbon_pct=40)), around(past=before(ribbon_pct=70))),
    (
        "late_first",
        records.entry(),
        around(written_on=TODAY + timedelta(days=4)),
        around(written_on=TODAY + timedelta(days=3)),
    ),
]


def rules_of(entry, circumstances):
    return [doubt.rule for doubt in raised(entry, circumstances)]


@pytest.mark.parametrize(("rule", "entry", "fires", "silent"), CASES)
def test_a_doubt_is_raised_here_and_not_there(rule, entry, fires, silent):
    assert rule in rules_of(entry, fires)
    assert rule not in rules_of(entry, silent)
    for doubt in raised(entry, fires):
        assert "%(" not in str(doubt.problem)


FORM_CASES = [
    ("nihil_blanks", records.nihil("blangko_habis", blanks_left=4), records.nihil("blangko_habis", blanks_left=0)),
    ("nihil_blanks", records.nihil("blangko_habis", blanks_left=4), records.nihil("blangko_habis")),
    ("failed_many", records.entry(5, failed=6), records.entry(5, failed=5)),
    (
        "spoiled_many",
        records.entry(printed_prr=3, printed_replacement=1, blanks_spoiled=5),
        records.entry(printed_prr=3, blanks_spoiled=5),
    ),
]


@pytest.mark.parametrize(("rule", "doubtful", "sound"), FORM_CASES)
def test_a_doubt_of_the_form_alone(rule, doubtful, sound):
    assert rules_of(doubtful, around()) == [rule]
    assert rules_of(sound, around()) == []


def test_every_soft_rule_has_a_case():
    assert {c[0] for c in (*CASES, *FORM_CASES)} == {rule.id for rule in RULES if rule.kind == SOFT}


def test_an_ordinary_day_is_not_asked_about():
    entry = records.entry(21, **STOCK, blanks_left=87, ribbon_pct=60)
    books = past(NEAR_TWENTY)
    books = (replace(books[0], entry=records.entry(18, blanks_left=100, ribbon_pct=62)), *books[1:])
    assert raised(entry, around(past=books, kits=(kit(),))) == []
    assert raised(records.nihil("tak_ada_pemohon"), around(kits=(kit(),), past=past(NEAR_TWENTY))) == []


def test_the_difference_of_the_blanks_is_told_with_its_sign():
    for left, told in ((75, "−12"), (99, "+12")):
        (doubt,) = raised(records.entry(**STOCK, blanks_left=left), around(past=before(blanks_left=100)))
        assert f"(selisih {told})" in str(doubt.problem)
        assert (doubt.found.value, doubt.found.low, doubt.found.high) == (left, 87, 87)


def test_a_day_missing_in_between_leaves_the_blanks_unknown():
    gap = (PastDay(weekdays(2)[1], records.entry(20, blanks_left=100)),)
    assert raised(records.entry(**STOCK, blanks_left=10), around(past=gap)) == []


@pytest.mark.parametrize("empty", ["printed_replacement", "blanks_received", "blanks_spoiled", "blanks_left"])
def test_a_box_left_empty_leaves_the_blanks_unknown(empty):
    counts = STOCK | {"blanks_left": 10} | {empty: None}
    assert raised(records.entry(**counts), around(past=before(blanks_left=100))) == []


def test_the_form_a_person_reads_says_what_is_usual():
    (doubt,) = raised(records.entry(240), around(past=past(NEAR_TWENTY)))
    assert str(doubt.problem) == "Biasanya 12–32, Anda menulis 240."
    assert doubt.key == "outlier:recorded:240"


def test_at_most_three_are_asked_the_gravest_first_and_one_a_box():
    entry = records.entry(240, failed=300, **STOCK | {"blanks_spoiled": 40}, blanks_left=3, ribbon_pct=70)
    books = past(NEAR_TWENTY)
    books = (replace(books[0], entry=records.entry(18, blanks_left=100, ribbon_pct=60)), *books[1:])
    found = raised(entry, around(past=books, kits=(kit(),), written_on=TODAY + timedelta(days=9)))
    assert [d.rule for d in found] == [
        "outlier",
        "capacity",
        "blanks_sum",
        "failed_many",
        "spoiled_many",
        "refill",
        "late_first",
    ]
    chosen = asked(found)
    assert [d.rule for d in chosen] == ["outlier", "blanks_sum", "failed_many"]
    kept = flags(found, {d.key: " benar " for d in chosen})
    assert [(f.rule, f.asked, f.note) for f in kept] == [
        (d.rule, d in chosen, "benar" if d in chosen else "") for d in found
    ]


def test_rules_name_themselves_their_boxes_and_their_source():
    assert len(RULE) == len(RULES)
    for rule in RULES:
        assert rule.source
        assert bool(rule.name) == (rule.kind == SOFT)
        assert (rule.claim is None) != (rule.refuses is None and rule.doubts is None)
        assert set(rule.fields) <= {*MEASURE, "kind", "nihil_reason", "note", "homes", "home-", "service_date"}
        assert (rule.refuses is None) or rule.kind == HARD


# --- the same rules as data -----------------------------------------------------------------------------------


def broken_by(data, values):
    """A judge as small as a script on a phone: which rules of the data the values of a form break, and where."""
    sums = {name: sum(v for k, v in values.items() if k.startswith(start)) for name, start in data["sums"].items()}
    values = values | {n: total for n, total in sums.items() if any(k.startswith(data["sums"][n]) for k in values)}

    def holds(claim, at, missing):
        sides = [
            [values.get(at if name == "*" else name) for name in claim[side]] if isinstance(claim[side], list) else None
            for side in ("left", "right")
        ]
        first = sides[0][0]
        if claim["operator"] == "in":
            return first in claim["right"]
        if claim["operator"] == "given":
            return first is not None and str(first).strip() != ""
        unknown = [v is None for side in sides if side is not None for v in side]
        if (missing == "skip_if_any" and any(unknown)) or (missing == "skip_if_all" and all(unknown)):
            return None
        left, right = (sum(v or 0 for v in side) if side is not None else claim["right"] for side in sides)
        if claim["operator"] == "within":
            return 0 <= left <= data["limits"].get(at, data["limits"]["home-"])
        return {"<=": left <= right, ">=": left >= right, "==": left == right}[claim["operator"]]

    for rule in data["rules"]:
        if rule["where"] != "form" or not all(holds(claim, "", "skip_if_any") for claim in rule["when"]):
            continue
        boxes = [b for b in rule["each"] if b != "home-"] + [
            k for k in values if "home-" in rule["each"] and k.startswith("home-")
        ]
        for at in boxes if rule["each"] else rule["fields"][:1]:
            if holds(rule["claim"], at, rule["missing"]) is False:
                yield rule["kind"], rule["id"], at


number = st.none() | st.integers(0, 12) | st.integers(0, 100_000)
entries = st.builds(
    Entry,
    st.sampled_from(["angka", "nihil", "", "mungkin"]),
    st.none() | st.sampled_from([*NIHIL_REASONS, "malas"]),
    st.fixed_dictionaries({}, optional={m.name: number for m in MEASURES}),
    st.dictionaries(st.sampled_from(HOMES), st.integers(0, 12)),
    st.sampled_from(["", " ", "ramai"]),
)
DATA = json.loads(json.dumps(as_data(lambda text: text)))


@given(entries)
def test_the_data_says_what_the_rules_say(entry):
    values = {"kind": entry.kind, "nihil_reason": entry.nihil_reason, "note": entry.note, **entry.counts}
    values |= {f"home-{code}": n for code, n in entry.homes.items()}
    told = list(broken_by(DATA, values))
    # Problems carry no rule: texts do, and two rules may share one, so that both sides are told as box and text.
    here = [(p.field, p.text) for p in check(entry, HOMES)]
    assert [(at, RULE[id].text) for kind, id, at in told if kind == HARD] == here
    doubts = [(d.rule, d.found.field) for d in raised(entry, around())]
    assert [(id, at) for kind, id, at in told if kind == SOFT] == doubts


def test_what_needs_the_books_is_listed_as_such():
    listed = {rule["id"]: rule["where"] for rule in DATA["rules"]}
    assert list(listed) == [rule.id for rule in RULES]
    assert {"outlier", "capacity", "blanks_sum", "note"} <= {id for id, where in listed.items() if where == "server"}
    assert {"sexes", "range", "failed_many"} <= {id for id, where in listed.items() if where == "form"}
