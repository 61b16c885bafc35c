"""the sweeps: places, targets, visits to the end

Revision: 0003, after: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward only: there is no way back but a backup."""
    with op.batch_alter_table("place", schema=None) as batch_op:
        batch_op.add_column(sa.Column("contact", sa.String(length=80), server_default="", nullable=False))
        batch_op.add_column(sa.Column("active_from", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("active_to", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))

    # Written in words: SQLite takes a reference into a table with rows only inside the column.
    op.execute(
        "ALTER TABLE place ADD COLUMN editor_id INTEGER CONSTRAINT fk_place_editor_id_account REFERENCES account (id)"
    )
    widen_visit(op.get_bind().dialect.name == "sqlite")

    op.create_table(
        "target_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_code", sa.String(length=40), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("grown", sa.Integer(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("later", sa.Integer(), nullable=False),
        sa.Column("election_code", sa.String(length=40), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("file_hash", sa.String(length=64), server_default="", nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("state IN ('proposed', 'confirmed', 'declined')", name=op.f("ck_target_batch_state")),
        sa.CheckConstraint("grown >= 0", name=op.f("ck_target_batch_grown")),
        sa.CheckConstraint("later >= 0", name=op.f("ck_target_batch_later")),
        sa.CheckConstraint("priority >= 0", name=op.f("ck_target_batch_priority")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_target_batch_account_id_account")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name=op.f("fk_target_batch_decided_by_id_account")),
        sa.ForeignKeyConstraint(
            ["election_code"], ["election.code"], name=op.f("fk_target_batch_election_code_election")
        ),
        sa.ForeignKeyConstraint(["place_code"], ["place.code"], name=op.f("fk_target_batch_place_code_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target_batch")),
    )
    with op.batch_alter_table("target_batch", schema=None) as batch_op:
        batch_op.create_index("ix_target_batch_place_code_as_of", ["place_code", "as_of"], unique=False)
        batch_op.create_index("ix_target_batch_state", ["state"], unique=False)

    op.create_table(
        "upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_upload_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
        sa.UniqueConstraint("account_id", "kind", name=op.f("uq_upload_account_id_kind")),
    )
    op.create_table(
        "follow_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_code", sa.String(length=40), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("absent", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("closed_by", sa.String(length=10), server_default="", nullable=False),
        sa.Column("closing_visit_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("editor_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'closed') = (closed_by <> '')", name=op.f("ck_follow_up_closed")),
        sa.CheckConstraint(
            "closed_by IN ('', 'visit', 'office', 'transfer', 'result')", name=op.f("ck_follow_up_closed_by")
        ),
        sa.CheckConstraint("state IN ('open', 'closed')", name=op.f("ck_follow_up_state")),
        sa.CheckConstraint("absent >= 0 AND failed >= 0", name=op.f("ck_follow_up_counts")),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_follow_up_author_id_account")),
        sa.ForeignKeyConstraint(["closing_visit_id"], ["visit.id"], name=op.f("fk_follow_up_closing_visit_id_visit")),
        sa.ForeignKeyConstraint(["editor_id"], ["account.id"], name=op.f("fk_follow_up_editor_id_account")),
        sa.ForeignKeyConstraint(["place_code"], ["place.code"], name=op.f("fk_follow_up_place_code_place")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_follow_up_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
        sa.UniqueConstraint("visit_id", name=op.f("uq_follow_up_visit_id")),
    )
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follow_up_place_code"), ["place_code"], unique=False)
        batch_op.create_index("ix_follow_up_state_due", ["state", "due"], unique=False)

    op.create_table(
        "visit_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=20), nullable=False),
        sa.Column("ok", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("ok IN (0, 1)", name=op.f("ck_visit_check_ok")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_visit_check_account_id_account")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_visit_check_visit_id_visit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_check")),
    )
    with op.batch_alter_table("visit_check", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_check_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "visit_kit",
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("kit_code", sa.String(length=40), nullable=False),
        sa.Column("slot", sa.String(length=10), nullable=False),
        sa.Column("visit_date", sa.Date(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.CheckConstraint("slot IN ('morning', 'afternoon')", name=op.f("ck_visit_kit_slot")),
        sa.CheckConstraint("held IN (0, 1)", name=op.f("ck_visit_kit_held")),
        sa.ForeignKeyConstraint(["kit_code"], ["kit.code"], name=op.f("fk_visit_kit_kit_code_kit")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_visit_kit_visit_id_visit")),
        sa.PrimaryKeyConstraint("visit_id", "kit_code", "slot", name=op.f("pk_visit_kit")),
    )
    with op.batch_alter_table("visit_kit", schema=None) as batch_op:
        batch_op.create_index(
            "uq_visit_kit_kit_code_visit_date_slot",
            ["kit_code", "visit_date", "slot"],
            unique=True,
            sqlite_where=sa.text("held = 1"),
            postgresql_where=sa.text("held = 1"),
        )


def widen_visit(is_sqlite: bool) -> None:
    """More states of a visit, and what belongs to them.

    SQLite changes a CHECK only by making the table anew, and drops no table that others point to: the homes of the
    recorded stand aside meanwhile.
    """
    if is_sqlite:
        op.execute("CREATE TABLE visit_home_aside AS SELECT visit_id, home_code, recorded FROM visit_home")
        op.execute("DELETE FROM visit_home")
    with op.batch_alter_table("visit", schema=None) as batch_op:
        if not is_sqlite:  # its rules are lost in the copy anyway
            batch_op.drop_constraint(batch_op.f("ck_visit_state"), type_="check")
            batch_op.drop_constraint(batch_op.f("ck_visit_done"), type_="check")
        batch_op.add_column(sa.Column("session", sa.String(length=10), server_default="day", nullable=False))
        batch_op.add_column(sa.Column("contact", sa.String(length=80), server_default="", nullable=False))
        batch_op.add_column(sa.Column("revisit_of", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("wave", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("failed_reason", sa.String(length=20), server_default="", nullable=False))
        batch_op.create_foreign_key(batch_op.f("fk_visit_revisit_of_visit"), "visit", ["revisit_of"], ["id"])
        batch_op.create_check_constraint(
            batch_op.f("ck_visit_state"),
            "state IN ('proposed', 'planned', 'confirmed', 'under_way', 'done', 'partly', 'cancelled')",
        )
        batch_op.create_check_constraint(batch_op.f("ck_visit_session"), "session IN ('morning', 'afternoon', 'day')")
        batch_op.create_check_constraint(
            batch_op.f("ck_visit_done"),
            "state NOT IN ('done', 'partly') OR (recorded_from_list IS NOT NULL AND walk_in IS NOT NULL)",
        )
        batch_op.create_index(batch_op.f("ix_visit_revisit_of"), ["revisit_of"], unique=False)
    if is_sqlite:
        op.execute(
            "INSERT INTO visit_home (visit_id, home_code, recorded) "
            "SELECT visit_id, home_code, recorded FROM visit_home_aside"
        )
        op.execute("DROP TABLE visit_home_aside")
