"""results by age, kits tried one by one, a team in one place a half day, visits that share a booking

Revision: 0007, after: 0006
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

HALVES = {"morning": ("morning",), "afternoon": ("afternoon",), "day": ("morning", "afternoon")}


def upgrade() -> None:
    """Forward only: there is no way back but a backup."""
    # Written in words: SQLite takes a rule or a reference into a table with rows only inside the column.
    op.execute(
        "ALTER TABLE visit ADD COLUMN recorded_grown INTEGER CONSTRAINT ck_visit_recorded_grown "
        "CHECK (recorded_grown >= 0)"
    )
    op.execute(
        "ALTER TABLE visit ADD COLUMN recorded_priority INTEGER CONSTRAINT ck_visit_recorded_priority "
        "CHECK (recorded_priority >= 0)"
    )
    op.execute(
        "ALTER TABLE visit ADD COLUMN recorded_later INTEGER CONSTRAINT ck_visit_recorded_later "
        "CHECK (recorded_later >= 0) CONSTRAINT ck_visit_ages CHECK ("
        "(recorded_grown IS NULL) = (recorded_priority IS NULL) "
        "AND (recorded_grown IS NULL) = (recorded_later IS NULL) "
        "AND (recorded_grown IS NULL "
        "OR recorded_grown + recorded_priority + recorded_later = recorded_from_list + walk_in))"
    )
    op.execute(
        "ALTER TABLE visit ADD COLUMN joined_to INTEGER CONSTRAINT fk_visit_joined_to_visit REFERENCES visit (id)"
    )
    op.create_index(op.f("ix_visit_joined_to"), "visit", ["joined_to"], unique=False)
    op.execute(
        "ALTER TABLE visit_check ADD COLUMN kit_code VARCHAR(40) "
        "CONSTRAINT fk_visit_check_kit_code_kit REFERENCES kit (code)"
    )
    op.execute(
        "UPDATE visit_check SET kit_code = "
        "(SELECT max(k.kit_code) FROM visit_kit k WHERE k.visit_id = visit_check.visit_id) "
        "WHERE visit_id IN (SELECT visit_id FROM visit_kit GROUP BY visit_id HAVING count(DISTINCT kit_code) = 1)"
    )
    op.create_table(
        "visit_team",
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("slot", sa.String(length=10), nullable=False),
        sa.Column("point_code", sa.String(length=40), nullable=False),
        sa.Column("team_key", sa.String(length=240), nullable=False),
        sa.Column("visit_date", sa.Date(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.CheckConstraint("slot IN ('morning', 'afternoon')", name=op.f("ck_visit_team_slot")),
        sa.CheckConstraint("held IN (0, 1)", name=op.f("ck_visit_team_held")),
        sa.CheckConstraint("team_key <> ''", name=op.f("ck_visit_team_team_key")),
        sa.ForeignKeyConstraint(
            ["point_code"], ["service_point.code"], name=op.f("fk_visit_team_point_code_service_point")
        ),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_visit_team_visit_id_visit")),
        sa.PrimaryKeyConstraint("visit_id", "slot", name=op.f("pk_visit_team")),
    )
    with op.batch_alter_table("visit_team", schema=None) as batch_op:
        batch_op.create_index(
            "uq_visit_team_point_code_team_key_visit_date_slot",
            ["point_code", "team_key", "visit_date", "slot"],
            unique=True,
            sqlite_where=sa.text("held = 1"),
            postgresql_where=sa.text("held = 1"),
        )
    hold_teams()


def hold_teams() -> None:
    """The teams of the visits that stand hold their half days. Of two of a half day, which the rule never let in but an
    older database may have, the first holds it."""
    tx, seen, rows = op.get_bind(), set(), []
    found = sa.table(
        "visit",
        *(sa.column(n) for n in ("id", "point_code", "team", "session", "state")),
        sa.column("visit_date", sa.Date()),
    )
    for row in tx.execute(sa.select(found).where(found.c.team != "").order_by(found.c.id)):
        team_key = " ".join(row.team.casefold().split())
        for slot in HALVES[row.session] if team_key else ():
            place: tuple[Any, ...] = (row.point_code, team_key, row.visit_date, slot)
            held = row.state != "cancelled" and place not in seen
            if held:
                seen.add(place)
            rows.append(
                {
                    "visit_id": row.id,
                    "slot": slot,
                    "point_code": row.point_code,
                    "team_key": team_key,
                    "visit_date": row.visit_date,
                    "held": int(held),
                }
            )
    if rows:
        kept = sa.table(
            "visit_team",
            sa.column("visit_date", sa.Date()),
            *(sa.column(n) for n in ("visit_id", "slot", "point_code", "team_key", "held")),
        )
        op.bulk_insert(kept, rows)
