"""the daily report, reviewed

Revision: 0002, after: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward only: there is no way back but a backup."""
    op.create_table(
        "publication",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_publication_account_id_account")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_publication")),
        sa.UniqueConstraint("kind", "day", name=op.f("uq_publication_kind_day")),
    )
    op.create_table(
        "late_proposal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("point_code", sa.String(length=40), nullable=False),
        sa.Column("service_date", sa.Date(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'accepted', 'declined')", name=op.f("ck_late_proposal_state")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_late_proposal_account_id_account")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name=op.f("fk_late_proposal_decided_by_id_account")),
        sa.ForeignKeyConstraint(
            ["point_code"], ["service_point.code"], name=op.f("fk_late_proposal_point_code_service_point")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_late_proposal")),
    )
    with op.batch_alter_table("late_proposal", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_late_proposal_state_late_proposal_point_code"), ["state", "point_code"], unique=False
        )

    op.create_table(
        "lock_exception",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("point_code", sa.String(length=40), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("first <= last", name=op.f("ck_lock_exception_order")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_lock_exception_account_id_account")),
        sa.ForeignKeyConstraint(
            ["point_code"], ["service_point.code"], name=op.f("fk_lock_exception_point_code_service_point")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lock_exception")),
    )
    with op.batch_alter_table("lock_exception", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lock_exception_point_code"), ["point_code"], unique=False)

    op.create_table(
        "report_excuse",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("point_code", sa.String(length=40), nullable=False),
        sa.Column("service_date", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_report_excuse_account_id_account")),
        sa.ForeignKeyConstraint(
            ["point_code"], ["service_point.code"], name=op.f("fk_report_excuse_point_code_service_point")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_excuse")),
    )
    with op.batch_alter_table("report_excuse", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_report_excuse_service_date_report_excuse_point_code"),
            ["service_date", "point_code"],
            unique=False,
        )

    op.create_table(
        "service_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("point_code", sa.String(length=40), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("opens IN (0, 1)", name=op.f("ck_service_day_opens")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_service_day_account_id_account")),
        sa.ForeignKeyConstraint(
            ["point_code"], ["service_point.code"], name=op.f("fk_service_day_point_code_service_point")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_day")),
    )
    with op.batch_alter_table("service_day", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_day_point_code"), ["point_code"], unique=False)

    op.create_table(
        "service_week",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("point_code", sa.String(length=40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("weekdays", sa.String(length=7), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_service_week_account_id_account")),
        sa.ForeignKeyConstraint(
            ["point_code"], ["service_point.code"], name=op.f("fk_service_week_point_code_service_point")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_week")),
    )
    with op.batch_alter_table("service_week", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_week_point_code"), ["point_code"], unique=False)

    op.create_table(
        "stock_transfer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=10), nullable=False),
        sa.Column("from_point", sa.String(length=40), nullable=False),
        sa.Column("to_point", sa.String(length=40), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("sent_date", sa.Date(), nullable=False),
        sa.Column("received_date", sa.Date(), nullable=True),
        sa.Column("returned_date", sa.Date(), nullable=True),
        sa.Column("received_quantity", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("end_note", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("editor_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'received') = (received_date IS NOT NULL)", name=op.f("ck_stock_transfer_received")
        ),
        sa.CheckConstraint(
            "(state = 'received') = (received_quantity IS NOT NULL)", name=op.f("ck_stock_transfer_arrived")
        ),
        sa.CheckConstraint(
            "(state = 'cancelled') = (returned_date IS NOT NULL)", name=op.f("ck_stock_transfer_returned")
        ),
        sa.CheckConstraint(
            "received_quantity BETWEEN 0 AND quantity", name=op.f("ck_stock_transfer_received_quantity")
        ),
        sa.CheckConstraint(
            "received_date >= sent_date AND returned_date >= sent_date", name=op.f("ck_stock_transfer_order")
        ),
        sa.CheckConstraint("state IN ('sent', 'received', 'cancelled')", name=op.f("ck_stock_transfer_state")),
        sa.CheckConstraint("from_point <> to_point", name=op.f("ck_stock_transfer_sides")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_stock_transfer_quantity")),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_stock_transfer_author_id_account")),
        sa.ForeignKeyConstraint(["editor_id"], ["account.id"], name=op.f("fk_stock_transfer_editor_id_account")),
        sa.ForeignKeyConstraint(
            ["from_point"], ["service_point.code"], name=op.f("fk_stock_transfer_from_point_service_point")
        ),
        sa.ForeignKeyConstraint(
            ["to_point"], ["service_point.code"], name=op.f("fk_stock_transfer_to_point_service_point")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_transfer")),
    )
    with op.batch_alter_table("stock_transfer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_stock_transfer_from_point_stock_transfer_sent_date"),
            ["from_point", "sent_date"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_stock_transfer_to_point_stock_transfer_received_date"),
            ["to_point", "received_date"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_stock_transfer_received_date"), ["received_date"], unique=False)
        batch_op.create_index(batch_op.f("ix_stock_transfer_returned_date"), ["returned_date"], unique=False)
        batch_op.create_index(batch_op.f("ix_stock_transfer_state"), ["state"], unique=False)

    op.create_table(
        "report_flag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("low", sa.Integer(), nullable=True),
        sa.Column("high", sa.Integer(), nullable=True),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_report_flag_account_id_account")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_report_flag_report_id_report")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_flag")),
        sa.UniqueConstraint(
            "report_id", "version", "rule", "field", name=op.f("uq_report_flag_report_id_version_rule_field")
        ),
    )
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.add_column(sa.Column("captured_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("review_state", sa.String(length=20), server_default="sent", nullable=False))
        batch_op.add_column(sa.Column("review_field", sa.String(length=40), server_default="", nullable=False))
        batch_op.add_column(sa.Column("review_reason", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("review_version", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("excluded", sa.Integer(), server_default="0", nullable=False))
        batch_op.create_index(
            "ix_report_sent_back",
            ["service_date", "point_code"],
            unique=False,
            sqlite_where=sa.text("review_state = 'needs_mending'"),
            postgresql_where=sa.text("review_state = 'needs_mending'"),
        )

    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_changed_at"), ["changed_at"], unique=False)
        batch_op.create_index(
            "ix_report_reviewed_at",
            ["reviewed_at"],
            unique=False,
            sqlite_where=sa.text("reviewed_at IS NOT NULL"),
            postgresql_where=sa.text("reviewed_at IS NOT NULL"),
        )
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_changed_at"), ["changed_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_visit_point_code_visit_visit_date"), ["point_code", "visit_date"], unique=False
        )
    op.create_table(
        "published_day",
        sa.Column("point_code", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("office", sa.Integer(), nullable=True),
        sa.Column("visits", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["point_code"], ["service_point.code"], name=op.f("fk_published_day_point_code_service_point")
        ),
        sa.PrimaryKeyConstraint("point_code", "day", name=op.f("pk_published_day")),
    )
    # Written in words: SQLite takes a reference into a table with rows only inside the column.
    op.execute(
        "ALTER TABLE report ADD COLUMN reviewer_id INTEGER "
        "CONSTRAINT fk_report_reviewer_id_account REFERENCES account (id)"
    )
    for statement in append_only(op.get_bind().dialect.name):
        op.execute(sa.text(statement))


def append_only(dialect: str) -> list[str]:
    """Statements that make the database itself refuse to change or delete what was published."""
    if dialect == "sqlite":
        return [
            *(
                f"CREATE TRIGGER publication_no_{verb.lower()} BEFORE {verb} ON publication "
                "BEGIN SELECT RAISE(ABORT, 'publication is append-only'); END"
                for verb in ("UPDATE", "DELETE")
            ),
            "CREATE TRIGGER publication_no_replace BEFORE INSERT ON publication WHEN EXISTS (SELECT 1 FROM publication "
            "WHERE number = NEW.number OR (kind = NEW.kind AND day = NEW.day)) "
            "BEGIN SELECT RAISE(ABORT, 'publication is append-only'); END",
        ]
    return [
        "CREATE TRIGGER publication_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON publication "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    ]
