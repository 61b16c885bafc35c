import pytest
from msgspec.structs import replace

from portal.domain.duty import Period
from portal.domain.rollup import summarise
from portal.domain.summary import BOOKS, BY_HOME, BY_WORK, COLUMNS

from .. import records
from ..people import NGORO, NOW, TODAY
from .test_rollup import facts

EMPTY = summarise(records.office(), Period(TODAY, TODAY), BY_WORK, facts(), NOW)
QUIET = replace(EMPTY, reporting=(0, 0), missing=[], awaited=[], owed_visits=0)


@pytest.mark.parametrize(
    ("over", "complete"),
    [
        ({}, None),
        ({"reporting": (18, 18)}, True),
        ({"reporting": (18, 18), "missing": [("dinas", TODAY)]}, False),
        ({"reporting": (18, 18), "awaited": [(NGORO, TODAY)]}, False),
        ({"reporting": (18, 18), "owed_visits": 1}, False),
        ({"missing": [("dinas", TODAY)]}, False),
        ({"awaited": [("mpp", TODAY)]}, False),
        ({"owed_visits": 1}, False),
    ],
)
def test_only_a_period_to_which_nothing_can_be_added_is_complete(over, complete):
    assert replace(QUIET, **over).complete is complete


def test_a_book_has_its_columns_and_its_lines_in_order():
    for book in BOOKS:
        found = summarise(records.office(), Period(TODAY, TODAY), book, facts(), NOW)
        assert found.columns == COLUMNS[book]
        assert {tuple(row.values) for row in (*found.rows, found.total)} >= {tuple(c.name for c in COLUMNS[book])}
        expected = [row for group in found.groups for row in (*group.rows, group.total)]
        assert found.rows == expected
    assert {c.name for c in COLUMNS[BY_HOME]} < {c.name for c in COLUMNS[BY_WORK]}
