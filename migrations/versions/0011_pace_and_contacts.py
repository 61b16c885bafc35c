"""elections that the supervisor keeps, their dated targets, and who called which office

Revision: 0011, after: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

GROWING = ("contact", "election_target")


def upgrade() -> None:
    """Forward only: there is no way back but a backup."""
    _elections()
    op.create_table(
        "election_target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("election_code", sa.String(length=40), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("level IN ('district', 'hub', 'kecamatan')", name=op.f("ck_election_target_level")),
        sa.CheckConstraint("people > 0", name=op.f("ck_election_target_people")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_election_target_account_id_account")),
        sa.ForeignKeyConstraint(
            ["election_code"], ["election.code"], name=op.f("fk_election_target_election_code_election")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_election_target")),
    )
    op.create_index(op.f("ix_election_target_election_code"), "election_target", ["election_code"], unique=False)
    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("point_code", sa.String(length=40), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("how IN ('whatsapp', 'telephone', 'in_person', 'other')", name=op.f("ck_contact_how")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_contact_account_id_account")),
        sa.ForeignKeyConstraint(
            ["point_code"], ["service_point.code"], name=op.f("fk_contact_point_code_service_point")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    op.create_index(op.f("ix_contact_point_code_contact_at"), "contact", ["point_code", "at"], unique=False)
    for statement in append_only(op.get_bind().dialect.name):
        op.execute(sa.text(statement))


def _elections() -> None:
    """An election can be edited like a place. SQLite takes rules into a table with rows only inside the column."""
    kinds = "target_kind IN ('places', 'office', 'list')"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "ALTER TABLE election ADD COLUMN target_kind VARCHAR(10) DEFAULT 'places' NOT NULL "
            f"CONSTRAINT ck_election_target_kind CHECK ({kinds})"
        )
    else:
        op.add_column(
            "election", sa.Column("target_kind", sa.String(length=10), server_default="places", nullable=False)
        )
        op.create_check_constraint(op.f("ck_election_target_kind"), "election", kinds)
    op.add_column("election", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.add_column("election", sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
    name = "fk_election_editor_id_account"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"ALTER TABLE election ADD COLUMN editor_id INTEGER CONSTRAINT {name} REFERENCES account (id)")
    else:
        op.add_column("election", sa.Column("editor_id", sa.Integer(), nullable=True))
        op.create_foreign_key(op.f(name), "election", "account", ["editor_id"], ["id"])


def append_only(dialect: str) -> list[str]:
    """Statements that make the database itself refuse to change or delete rows of these tables."""
    if dialect == "sqlite":
        return [
            *(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                for table in GROWING
                for verb in ("UPDATE", "DELETE")
            ),
            *(
                f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
                f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                for table in GROWING
            ),
        ]
    return [
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        for table in GROWING
    ]
