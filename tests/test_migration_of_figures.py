"""The migration that lets the office enter figures, on a database with published ones: none is lost or doubled."""

import pytest
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from portal.storage import areas, schema

OLD_ROWS = (
    "INSERT INTO figure (id, level, code, metric, value, unit, as_of, as_of_text, election, source, note) VALUES "
    "(7, 'kabupaten', '35.16', 'dpt', 845655, 'person', '2024-09-20', '2024-09-20', 'pilkada-2024', 'KPU', 'checked'), "
    "(9, 'kabupaten', '35.16', 'dpt', 823014, 'person', '2020-12-31', '2020-12', 'pilkada-2020', 'KPU', '')",
)


def test_published_figures_come_along_and_one_may_stand_in_place_of_another(empty_database):
    database = empty_database
    with database.writing() as tx:
        command.upgrade(schema.config(tx), "0006")
        for statement in OLD_ROWS:
            tx.execute(text(statement))
    with database.writing() as tx:
        schema.upgrade(tx)
    with database.reading() as tx:
        found = {f.id: f for f in areas.figures(tx)}
    assert {id: (f.value, f.as_of_text, f.note, f.revision, f.author) for id, f in found.items()} == {
        7: (845655, "2024-09-20", "checked", 0, ""),
        9: (823014, "2020-12", "", 0, ""),
    }
    again = (
        "INSERT INTO figure (level, code, metric, value, unit, as_of, as_of_text, election, source, revision, reason) "
        "VALUES ('kabupaten', '35.16', 'dpt', 845650, 'person', '2024-09-20', '2024-09-20', "
        "'pilkada-2024', 'KPU', :n, 'x')"
    )
    with database.writing() as tx:
        tx.execute(text(again), {"n": 1})
    with database.reading() as tx:
        assert sorted(f.value for f in areas.figures(tx)) == [823014, 845650]
    for wrong in (1, -1):
        with pytest.raises(IntegrityError), database.writing() as tx:
            tx.execute(text(again), {"n": wrong})
