"""hubs, capabilities and deadlines from a day on, and service points that are edited

Revision: 0013, after: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward only: there is no way back but a backup."""
    op.create_table(
        "list_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind IN ('hub', 'adminduk', 'rekam', 'cetak', 'hours')", name=op.f("ck_list_change_kind")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_list_change_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_change")),
    )
    with op.batch_alter_table("list_change", schema=None) as batch_op:
        batch_op.create_index("ix_list_change_kind_subject", ["kind", "subject"], unique=False)
    with op.batch_alter_table("service_point", schema=None) as batch_op:
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
    # Written in words: SQLite takes a reference into a table with rows only inside the column.
    op.execute(
        "ALTER TABLE service_point ADD COLUMN editor_id INTEGER "
        "CONSTRAINT fk_service_point_editor_id_account REFERENCES account (id)"
    )
