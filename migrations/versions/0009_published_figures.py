"""figures that the office enters, corrects and takes from files; places in published rankings

Revision: 0009, after: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward only: there is no way back but a backup."""
    # No table points at this one, so that SQLite may build it anew with its rows.
    with op.batch_alter_table("figure", schema=None) as batch_op:
        batch_op.add_column(sa.Column("valid_from", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("revision", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("account_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("reason", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("file_hash", sa.String(length=64), server_default="", nullable=False))
        batch_op.drop_constraint(batch_op.f("uq_figure_code_metric_as_of_election"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_figure_code_metric_as_of_election_revision"),
            ["code", "metric", "as_of", "election", "revision"],
        )
        batch_op.create_foreign_key(batch_op.f("fk_figure_account_id_account"), "account", ["account_id"], ["id"])
        batch_op.create_check_constraint(batch_op.f("ck_figure_value"), "value >= 0")
        batch_op.create_check_constraint(batch_op.f("ck_figure_revision"), "revision >= 0")
        batch_op.create_index("ix_figure_level_metric_as_of", ["level", "metric", "as_of"], unique=False)

    op.create_table(
        "ranking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("of_count", sa.Integer(), nullable=True),
        sa.Column("rate", sa.String(length=40), server_default="", nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("revision", sa.Integer(), server_default="0", nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("scope IN ('national', 'province')", name=op.f("ck_ranking_scope")),
        sa.CheckConstraint("rank >= 1", name=op.f("ck_ranking_rank")),
        sa.CheckConstraint("of_count IS NULL OR of_count >= rank", name=op.f("ck_ranking_of_count")),
        sa.CheckConstraint("revision >= 0", name=op.f("ck_ranking_revision")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_ranking_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ranking")),
        sa.UniqueConstraint(
            "scope", "subject", "as_of", "revision", name=op.f("uq_ranking_scope_subject_as_of_revision")
        ),
    )
