"""what the weekly and the monthly reports say of each point and day

Revision: 0010, after: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward only: there is no way back but a backup."""
    op.create_table(
        "reported_day",
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("point_code", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("office", sa.Integer(), nullable=True),
        sa.Column("visits", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["point_code"], ["service_point.code"], name=op.f("fk_reported_day_point_code_service_point")
        ),
        sa.PrimaryKeyConstraint("kind", "point_code", "day", name=op.f("pk_reported_day")),
    )
