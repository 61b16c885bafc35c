"""the equipment that tells the truth

Revision: 0005, after: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward only: there is no way back but a backup."""
    _components()
    op.create_table(
        "spare_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("low_limit", sa.Integer(), nullable=False),
        sa.Column("active", sa.Integer(), server_default="1", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('ribbon', 'film', 'cleaning_kit', 'part')", name=op.f("ck_spare_item_kind")),
        sa.CheckConstraint("active IN (0, 1)", name=op.f("ck_spare_item_active")),
        sa.CheckConstraint("low_limit >= 0", name=op.f("ck_spare_item_low_limit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spare_item")),
        sa.UniqueConstraint("name", name=op.f("uq_spare_item_name")),
    )
    op.create_table(
        "outage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("point_code", sa.String(length=40), nullable=True),
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.Column("stops", sa.String(length=10), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expected_back", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "cause IN ('network', 'central_server', 'power', 'operator_login', 'staff')", name=op.f("ck_outage_cause")
        ),
        sa.CheckConstraint("stops IN ('both', 'record', 'print')", name=op.f("ck_outage_stops")),
        sa.CheckConstraint("ended_at > began_at", name=op.f("ck_outage_order")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_outage_account_id_account")),
        sa.ForeignKeyConstraint(
            ["point_code"], ["service_point.code"], name=op.f("fk_outage_point_code_service_point")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outage")),
    )
    with op.batch_alter_table("outage", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outage_began_at"), ["began_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_outage_point_code"), ["point_code"], unique=False)

    op.create_table(
        "kit_place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kit_code", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("point_code", sa.String(length=40), nullable=True),
        sa.Column("place_code", sa.String(length=40), nullable=True),
        sa.Column("holder", sa.String(length=80), server_default="", nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(kind = 'point') = (point_code IS NOT NULL)", name=op.f("ck_kit_place_point")),
        sa.CheckConstraint(
            "kind <> 'visit' OR (place_code IS NOT NULL AND valid_to IS NOT NULL)", name=op.f("ck_kit_place_visit")
        ),
        sa.CheckConstraint("kind IN ('point', 'spare', 'van', 'visit', 'holder')", name=op.f("ck_kit_place_kind")),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_kit_place_order")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_kit_place_account_id_account")),
        sa.ForeignKeyConstraint(["kit_code"], ["kit.code"], name=op.f("fk_kit_place_kit_code_kit")),
        sa.ForeignKeyConstraint(["place_code"], ["place.code"], name=op.f("fk_kit_place_place_code_place")),
        sa.ForeignKeyConstraint(
            ["point_code"], ["service_point.code"], name=op.f("fk_kit_place_point_code_service_point")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kit_place")),
    )
    with op.batch_alter_table("kit_place", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_kit_place_kit_code_kit_place_valid_from"), ["kit_code", "valid_from"], unique=False
        )
        batch_op.create_index(
            "uq_kit_place_standing",
            ["kit_code", "valid_from"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL AND valid_to IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL AND valid_to IS NULL"),
        )

    op.create_table(
        "spare_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("point_code", sa.String(length=40), nullable=True),
        sa.Column("kit_code", sa.String(length=40), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('in', 'out', 'lost', 'counted')", name=op.f("ck_spare_move_kind")),
        sa.CheckConstraint("quantity <> 0", name=op.f("ck_spare_move_quantity")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_spare_move_account_id_account")),
        sa.ForeignKeyConstraint(["item_id"], ["spare_item.id"], name=op.f("fk_spare_move_item_id_spare_item")),
        sa.ForeignKeyConstraint(["kit_code"], ["kit.code"], name=op.f("fk_spare_move_kit_code_kit")),
        sa.ForeignKeyConstraint(
            ["point_code"], ["service_point.code"], name=op.f("fk_spare_move_point_code_service_point")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spare_move")),
    )
    with op.batch_alter_table("spare_move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_spare_move_item_id"), ["item_id"], unique=False)

    op.create_table(
        "fault",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("component_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("parts", sa.Text(), server_default="", nullable=False),
        sa.Column("cost_rp", sa.Integer(), nullable=True),
        sa.Column("warranty", sa.Integer(), server_default="0", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state IN ('repaired', 'back')) = (closed_at IS NOT NULL)", name=op.f("ck_fault_closed")),
        sa.CheckConstraint(
            "state IN ('reported', 'examined', 'repaired', 'sent', 'back')", name=op.f("ck_fault_state")
        ),
        sa.CheckConstraint("cost_rp >= 0", name=op.f("ck_fault_cost_rp")),
        sa.CheckConstraint("warranty IN (0, 1)", name=op.f("ck_fault_warranty")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_fault_account_id_account")),
        sa.ForeignKeyConstraint(["component_id"], ["component.id"], name=op.f("fk_fault_component_id_component")),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"], name=op.f("fk_fault_owner_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fault")),
    )
    with op.batch_alter_table("fault", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fault_component_id"), ["component_id"], unique=False)
        batch_op.create_index(
            "uq_fault_open",
            ["component_id"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.create_table(
        "inventory_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("component_id", sa.Integer(), nullable=False),
        sa.Column("result", sa.String(length=10), nullable=False),
        sa.Column("place", sa.String(length=80), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("result IN ('seen', 'moved', 'missing')", name=op.f("ck_inventory_check_result")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_inventory_check_account_id_account")),
        sa.ForeignKeyConstraint(
            ["component_id"], ["component.id"], name=op.f("fk_inventory_check_component_id_component")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inventory_check")),
    )
    with op.batch_alter_table("inventory_check", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inventory_check_component_id"), ["component_id"], unique=False)

    op.create_table(
        "maintenance",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kit_code", sa.String(length=40), nullable=False),
        sa.Column("component_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("every_months", sa.Integer(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('preventive', 'inspection')", name=op.f("ck_maintenance_kind")),
        sa.CheckConstraint("every_months BETWEEN 1 AND 60", name=op.f("ck_maintenance_every_months")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_maintenance_account_id_account")),
        sa.ForeignKeyConstraint(["component_id"], ["component.id"], name=op.f("fk_maintenance_component_id_component")),
        sa.ForeignKeyConstraint(["kit_code"], ["kit.code"], name=op.f("fk_maintenance_kit_code_kit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_maintenance")),
    )
    with op.batch_alter_table("maintenance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_maintenance_due_on"), ["due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_maintenance_kit_code"), ["kit_code"], unique=False)

    op.create_table(
        "fault_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fault_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("parts", sa.Text(), server_default="", nullable=False),
        sa.Column("cost_rp", sa.Integer(), nullable=True),
        sa.Column("warranty", sa.Integer(), server_default="0", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('reported', 'examined', 'repaired', 'sent', 'back')", name=op.f("ck_fault_step_state")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_fault_step_account_id_account")),
        sa.ForeignKeyConstraint(["fault_id"], ["fault.id"], name=op.f("fk_fault_step_fault_id_fault")),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"], name=op.f("fk_fault_step_owner_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fault_step")),
    )
    with op.batch_alter_table("fault_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fault_step_fault_id"), ["fault_id"], unique=False)

    for column in (
        sa.Column("expected_back", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=True),
    ):
        op.add_column("status_event", column)
    _first_places()
    for statement in append_only(op.get_bind().dialect.name):
        op.execute(sa.text(statement))


ESSENTIAL = (
    "CASE WHEN kind = 'pc' THEN 'both' WHEN kind = 'printer' THEN 'print' "
    "WHEN kind IN ('iris', 'fingerprint', 'camera', 'signature_pad', 'network') THEN 'record' ELSE 'neither' END"
)
ADDED = "coalesce((SELECT min(at) FROM status_event WHERE component_id = component.id), since)"
KEPT = "id, kit_code, kind, status, reason, note, since, confirmed_at, account_id, version"


def _components() -> None:
    """A part gets its papers; one that was taken out stays, so a kit has one of a kind among those in use only.

    SQLite cannot drop the old rule from a table, and rows of the append-only history point at this one: the rows wait
    in a copy while the table is made anew under its name, and the references are looked at when all is back.
    """
    columns = (
        sa.Column("serial", sa.String(length=40), server_default="", nullable=False),
        sa.Column("bought", sa.Date(), nullable=True),
        sa.Column("price_rp", sa.Integer(), nullable=True),
        sa.Column("warranty_until", sa.Date(), nullable=True),
        sa.Column("expected_back", sa.Date(), nullable=True),
    )
    essential = "essential IN ('record', 'print', 'both', 'neither')"
    if op.get_bind().dialect.name == "sqlite":
        op.execute("PRAGMA defer_foreign_keys = ON")
        op.execute(
            f"CREATE TABLE component_kept AS SELECT {KEPT}, {ESSENTIAL} AS essential, {ADDED} AS added_at "
            "FROM component"
        )
        op.execute("DELETE FROM component")
        op.drop_table("component")
        op.create_table(
            "component",
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("kit_code", sa.String(length=40), nullable=False),
            sa.Column("kind", sa.String(length=20), nullable=False),
            sa.Column("status", sa.String(length=20), nullable=False),
            sa.Column("reason", sa.String(length=20), server_default="", nullable=False),
            sa.Column("note", sa.Text(), server_default="", nullable=False),
            sa.Column("since", sa.DateTime(timezone=True), nullable=False),
            sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
            sa.Column("account_id", sa.Integer(), nullable=False),
            sa.Column("version", sa.Integer(), nullable=False),
            sa.Column("essential", sa.String(length=10), nullable=False),
            *columns,
            sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
            sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
            sa.CheckConstraint(essential, name=op.f("ck_component_essential")),
            sa.CheckConstraint("price_rp >= 0", name=op.f("ck_component_price_rp")),
            sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_component_account_id_account")),
            sa.ForeignKeyConstraint(["kit_code"], ["kit.code"], name=op.f("fk_component_kit_code_kit")),
            sa.PrimaryKeyConstraint("id", name=op.f("pk_component")),
        )
        both = f"{KEPT}, essential, added_at"
        op.execute(f"INSERT INTO component ({both}) SELECT {both} FROM component_kept")
        op.execute("DROP TABLE component_kept")
    else:
        for column in (
            sa.Column("essential", sa.String(length=10), nullable=True),
            *columns,
            sa.Column("added_at", sa.DateTime(timezone=True), nullable=True),
            sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        ):
            op.add_column("component", column)
        op.execute(f"UPDATE component SET essential = {ESSENTIAL}, added_at = {ADDED}")
        op.alter_column("component", "essential", nullable=False)
        op.alter_column("component", "added_at", nullable=False)
        op.create_check_constraint(op.f("ck_component_essential"), "component", essential)
        op.create_check_constraint(op.f("ck_component_price_rp"), "component", "price_rp >= 0")
        op.drop_constraint(op.f("uq_component_kit_code_kind"), "component", type_="unique")
    for name, columns_of, where in (
        ("uq_component_kit_code_kind", ["kit_code", "kind"], "removed_at IS NULL"),
        ("uq_component_kind_serial", ["kind", "serial"], "removed_at IS NULL AND serial <> ''"),
    ):
        op.create_index(
            name, "component", columns_of, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
        )


def _first_places() -> None:
    """Every kit stood at its point since it was registered; the day in Mojokerto is seven hours ahead of UTC."""
    day = (
        "date(min(added_at), '+7 hours')"
        if op.get_bind().dialect.name == "sqlite"
        else ("(min(added_at) AT TIME ZONE 'Asia/Jakarta')::date")
    )
    op.execute(
        "INSERT INTO kit_place (kit_code, kind, point_code, holder, valid_from, note, account_id, at) "
        f"SELECT kit.code, 'point', kit.point_code, '', {day}, '', min(component.account_id), min(added_at) "
        "FROM kit JOIN component ON component.kit_code = kit.code GROUP BY kit.code, kit.point_code"
    )


GROWING = ("fault_step", "inventory_check", "spare_move")


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
