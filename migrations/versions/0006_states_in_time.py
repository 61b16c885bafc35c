"""what a part was said to be before a day is found without reading its whole history

Revision: 0006, after: 0005
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward only: there is no way back but a backup."""
    op.create_index(
        op.f("ix_status_event_component_id_status_event_at"), "status_event", ["component_id", "at"], unique=False
    )
    op.drop_index(op.f("ix_status_event_component_id"), table_name="status_event")
