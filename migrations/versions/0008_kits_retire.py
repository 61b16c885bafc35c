"""kits leave service as a whole, and opening hours hold from a day on

Revision: 0008, after: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward only: there is no way back but a backup."""
    op.create_table(
        "kit_retirement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kit_code", sa.String(length=40), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("until_note", sa.Text(), server_default="", nullable=False),
        sa.Column("until_account_id", sa.Integer(), nullable=True),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "reason IN ('rusak_berat', 'menunggu_hapus', 'diganti', 'diserahkan', 'disimpan')",
            name=op.f("ck_kit_retirement_reason"),
        ),
        sa.CheckConstraint("until >= since", name=op.f("ck_kit_retirement_order")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_kit_retirement_account_id_account")),
        sa.ForeignKeyConstraint(["kit_code"], ["kit.code"], name=op.f("fk_kit_retirement_kit_code_kit")),
        sa.ForeignKeyConstraint(
            ["until_account_id"], ["account.id"], name=op.f("fk_kit_retirement_until_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kit_retirement")),
    )
    op.create_index(op.f("ix_kit_retirement_kit_code"), "kit_retirement", ["kit_code"], unique=False)
    op.create_index(
        "uq_kit_retirement_open",
        "kit_retirement",
        ["kit_code"],
        unique=True,
        sqlite_where=sa.text("until IS NULL"),
        postgresql_where=sa.text("until IS NULL"),
    )
    op.create_table(
        "service_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.Column("closes", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("opens BETWEEN 5 AND 11", name=op.f("ck_service_hours_opens")),
        sa.CheckConstraint("closes BETWEEN 12 AND 22", name=op.f("ck_service_hours_closes")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_service_hours_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_hours")),
    )
