"""from which day on a point is the seat of a hub

Revision: 0014, after: 0013
"""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward only: there is no way back but a backup."""
    with op.batch_alter_table("list_change", schema=None) as batch_op:
        if op.get_bind().dialect.name != "sqlite":  # where the rule is lost in the copy anyway
            batch_op.drop_constraint(batch_op.f("ck_list_change_kind"), type_="check")
        batch_op.create_check_constraint(
            batch_op.f("ck_list_change_kind"), "kind IN ('hub', 'adminduk', 'rekam', 'cetak', 'hours', 'seat')"
        )
