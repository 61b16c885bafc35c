"""the three logs

Revision: 0001, after:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward only: there is no way back but a backup."""
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("phone", sa.String(length=20), server_default="", nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("must_change", sa.Integer(), nullable=False),
        sa.Column("active", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("username", name=op.f("uq_account_username")),
    )
    op.create_table(
        "audit",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("deed", sa.String(length=40), nullable=False),
        sa.Column("object_kind", sa.String(length=20), nullable=False),
        sa.Column("object_id", sa.String(length=60), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("request_id", sa.String(length=36), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_audit_object_kind_audit_object_id"), ["object_kind", "object_id"], unique=False
        )

    op.create_table(
        "data_version",
        sa.Column("area", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("area", name=op.f("pk_data_version")),
    )
    op.create_table(
        "election",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("polling_day", sa.Date(), nullable=False),
        sa.Column("birth_cutoff", sa.Date(), nullable=False),
        sa.Column("first_service_day", sa.Date(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_election")),
    )
    op.create_table(
        "figure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("metric", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("as_of_text", sa.String(length=60), nullable=False),
        sa.Column("election", sa.String(length=20), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure")),
        sa.UniqueConstraint("code", "metric", "as_of", "election", name=op.f("uq_figure_code_metric_as_of_election")),
    )
    op.create_table(
        "holiday",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_holiday")),
    )
    op.create_table(
        "hub",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_hub")),
    )
    op.create_table(
        "kecamatan",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("abbr", sa.String(length=3), nullable=False),
        sa.Column("tile_column", sa.Integer(), nullable=False),
        sa.Column("tile_row", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_kecamatan")),
        sa.UniqueConstraint("abbr", name=op.f("uq_kecamatan_abbr")),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
    op.create_table(
        "sign_in_failure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name_mark", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_failure")),
    )
    with op.batch_alter_table("sign_in_failure", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_sign_in_failure_address_sign_in_failure_at"), ["address", "at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_sign_in_failure_name_mark_sign_in_failure_at"), ["name_mark", "at"], unique=False
        )

    op.create_table(
        "account_scope",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_scope_account_id_account")),
        sa.PrimaryKeyConstraint("account_id", "kind", "code", name=op.f("pk_account_scope")),
    )
    op.create_table(
        "desa",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("kecamatan_code", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["kecamatan_code"], ["kecamatan.code"], name=op.f("fk_desa_kecamatan_code_kecamatan")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_desa")),
    )
    with op.batch_alter_table("desa", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_desa_kecamatan_code"), ["kecamatan_code"], unique=False)

    op.create_table(
        "hub_member",
        sa.Column("kecamatan_code", sa.String(length=40), nullable=False),
        sa.Column("hub_code", sa.String(length=40), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["hub_code"], ["hub.code"], name=op.f("fk_hub_member_hub_code_hub")),
        sa.ForeignKeyConstraint(
            ["kecamatan_code"], ["kecamatan.code"], name=op.f("fk_hub_member_kecamatan_code_kecamatan")
        ),
        sa.PrimaryKeyConstraint("kecamatan_code", "valid_from", name=op.f("pk_hub_member")),
    )
    op.create_table(
        "kept_form",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_kept_form_account_id_account")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_kept_form")),
    )
    op.create_table(
        "login_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agent", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_login_session_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_login_session_token_hash")),
    )
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_session_account_id"), ["account_id"], unique=False)

    op.create_table(
        "place",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("level", sa.String(length=10), server_default="", nullable=False),
        sa.Column("npsn", sa.String(length=8), server_default="", nullable=False),
        sa.Column("kecamatan_code", sa.String(length=40), nullable=True),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["kecamatan_code"], ["kecamatan.code"], name=op.f("fk_place_kecamatan_code_kecamatan")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_place")),
    )
    with op.batch_alter_table("place", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_place_kecamatan_code"), ["kecamatan_code"], unique=False)

    op.create_table(
        "service_point",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("kecamatan_code", sa.String(length=40), nullable=True),
        sa.Column("active_from", sa.Date(), nullable=False),
        sa.Column("active_to", sa.Date(), nullable=True),
        sa.Column("weekdays", sa.String(length=7), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["kecamatan_code"], ["kecamatan.code"], name=op.f("fk_service_point_kecamatan_code_kecamatan")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_service_point")),
        sa.UniqueConstraint("kecamatan_code", name=op.f("uq_service_point_kecamatan_code")),
    )
    op.create_table(
        "submission",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("object_kind", sa.String(length=20), nullable=False),
        sa.Column("object_id", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_submission_account_id_account")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_submission")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_submission_account_id_id")),
    )
    op.create_table(
        "capability",
        sa.Column("point_code", sa.String(length=40), nullable=False),
        sa.Column("capability", sa.String(length=10), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["point_code"], ["service_point.code"], name=op.f("fk_capability_point_code_service_point")
        ),
        sa.PrimaryKeyConstraint("point_code", "capability", "valid_from", name=op.f("pk_capability")),
    )
    op.create_table(
        "hub_point",
        sa.Column("hub_code", sa.String(length=40), nullable=False),
        sa.Column("point_code", sa.String(length=40), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["hub_code"], ["hub.code"], name=op.f("fk_hub_point_hub_code_hub")),
        sa.ForeignKeyConstraint(
            ["point_code"], ["service_point.code"], name=op.f("fk_hub_point_point_code_service_point")
        ),
        sa.PrimaryKeyConstraint("point_code", name=op.f("pk_hub_point")),
    )
    op.create_table(
        "kit",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("point_code", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["point_code"], ["service_point.code"], name=op.f("fk_kit_point_code_service_point")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_kit")),
    )
    with op.batch_alter_table("kit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kit_point_code"), ["point_code"], unique=False)

    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("point_code", sa.String(length=40), nullable=False),
        sa.Column("service_date", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=5), nullable=False),
        sa.Column("nihil_reason", sa.String(length=20), nullable=True),
        sa.Column("recorded", sa.Integer(), nullable=True),
        sa.Column("recorded_male", sa.Integer(), nullable=True),
        sa.Column("recorded_female", sa.Integer(), nullable=True),
        sa.Column("recorded_first_time", sa.Integer(), nullable=True),
        sa.Column("re_recorded", sa.Integer(), nullable=True),
        sa.Column("failed", sa.Integer(), nullable=True),
        sa.Column("printed_prr", sa.Integer(), nullable=True),
        sa.Column("printed_replacement", sa.Integer(), nullable=True),
        sa.Column("handed_over", sa.Integer(), nullable=True),
        sa.Column("prr", sa.Integer(), nullable=True),
        sa.Column("sfe", sa.Integer(), nullable=True),
        sa.Column("duplicate", sa.Integer(), nullable=True),
        sa.Column("adjudicate", sa.Integer(), nullable=True),
        sa.Column("blanks_received", sa.Integer(), nullable=True),
        sa.Column("blanks_spoiled", sa.Integer(), nullable=True),
        sa.Column("blanks_left", sa.Integer(), nullable=True),
        sa.Column("ribbon_pct", sa.Integer(), nullable=True),
        sa.Column("film_pct", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("editor_id", sa.Integer(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "kind <> 'angka' OR (nihil_reason IS NULL AND recorded IS NOT NULL)", name=op.f("ck_report_angka")
        ),
        sa.CheckConstraint(
            "kind <> 'nihil' OR (nihil_reason IS NOT NULL AND recorded IS NOT NULL AND recorded = 0)",
            name=op.f("ck_report_nihil"),
        ),
        sa.CheckConstraint("kind IN ('angka', 'nihil')", name=op.f("ck_report_kind")),
        sa.CheckConstraint("adjudicate BETWEEN 0 AND 99999", name=op.f("ck_report_adjudicate")),
        sa.CheckConstraint("blanks_left BETWEEN 0 AND 99999", name=op.f("ck_report_blanks_left")),
        sa.CheckConstraint("blanks_received BETWEEN 0 AND 99999", name=op.f("ck_report_blanks_received")),
        sa.CheckConstraint("blanks_spoiled BETWEEN 0 AND 9999", name=op.f("ck_report_blanks_spoiled")),
        sa.CheckConstraint("duplicate BETWEEN 0 AND 99999", name=op.f("ck_report_duplicate")),
        sa.CheckConstraint("failed BETWEEN 0 AND 9999", name=op.f("ck_report_failed")),
        sa.CheckConstraint("film_pct BETWEEN 0 AND 100", name=op.f("ck_report_film_pct")),
        sa.CheckConstraint("handed_over BETWEEN 0 AND 9999", name=op.f("ck_report_handed_over")),
        sa.CheckConstraint("printed_prr BETWEEN 0 AND 9999", name=op.f("ck_report_printed_prr")),
        sa.CheckConstraint("printed_replacement BETWEEN 0 AND 9999", name=op.f("ck_report_printed_replacement")),
        sa.CheckConstraint("prr BETWEEN 0 AND 99999", name=op.f("ck_report_prr")),
        sa.CheckConstraint("re_recorded BETWEEN 0 AND 9999", name=op.f("ck_report_re_recorded")),
        sa.CheckConstraint("recorded BETWEEN 0 AND 9999", name=op.f("ck_report_recorded")),
        sa.CheckConstraint("recorded_female BETWEEN 0 AND 9999", name=op.f("ck_report_recorded_female")),
        sa.CheckConstraint("recorded_first_time BETWEEN 0 AND 9999", name=op.f("ck_report_recorded_first_time")),
        sa.CheckConstraint("recorded_male BETWEEN 0 AND 9999", name=op.f("ck_report_recorded_male")),
        sa.CheckConstraint("ribbon_pct BETWEEN 0 AND 100", name=op.f("ck_report_ribbon_pct")),
        sa.CheckConstraint("sfe BETWEEN 0 AND 99999", name=op.f("ck_report_sfe")),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_report_author_id_account")),
        sa.ForeignKeyConstraint(["editor_id"], ["account.id"], name=op.f("fk_report_editor_id_account")),
        sa.ForeignKeyConstraint(
            ["point_code"], ["service_point.code"], name=op.f("fk_report_point_code_service_point")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("point_code", "service_date", name=op.f("uq_report_point_code_service_date")),
    )
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.create_index("ix_report_service_date_point", ["service_date", "point_code"], unique=False)

    op.create_table(
        "visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_code", sa.String(length=40), nullable=False),
        sa.Column("visit_date", sa.Date(), nullable=False),
        sa.Column("point_code", sa.String(length=40), nullable=False),
        sa.Column("team", sa.String(length=80), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("cancel_reason", sa.String(length=20), server_default="", nullable=False),
        sa.Column("eligible", sa.Integer(), nullable=True),
        sa.Column("recorded_from_list", sa.Integer(), nullable=True),
        sa.Column("already", sa.Integer(), nullable=True),
        sa.Column("absent", sa.Integer(), nullable=True),
        sa.Column("refused", sa.Integer(), nullable=True),
        sa.Column("failed", sa.Integer(), nullable=True),
        sa.Column("outside", sa.Integer(), nullable=True),
        sa.Column("not_yet_16", sa.Integer(), nullable=True),
        sa.Column("walk_in", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("editor_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'done' OR (recorded_from_list IS NOT NULL AND walk_in IS NOT NULL)",
            name=op.f("ck_visit_done"),
        ),
        sa.CheckConstraint("state IN ('planned', 'done', 'cancelled')", name=op.f("ck_visit_state")),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_visit_author_id_account")),
        sa.ForeignKeyConstraint(["editor_id"], ["account.id"], name=op.f("fk_visit_editor_id_account")),
        sa.ForeignKeyConstraint(["place_code"], ["place.code"], name=op.f("fk_visit_place_code_place")),
        sa.ForeignKeyConstraint(["point_code"], ["service_point.code"], name=op.f("fk_visit_point_code_service_point")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
    )
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.create_index("ix_visit_visit_date_state", ["visit_date", "state"], unique=False)
        batch_op.create_index(
            "uq_visit_place_code_visit_date",
            ["place_code", "visit_date"],
            unique=True,
            sqlite_where=sa.text("state <> 'cancelled'"),
            postgresql_where=sa.text("state <> 'cancelled'"),
        )

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
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_component_account_id_account")),
        sa.ForeignKeyConstraint(["kit_code"], ["kit.code"], name=op.f("fk_component_kit_code_kit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_component")),
        sa.UniqueConstraint("kit_code", "kind", name=op.f("uq_component_kit_code_kind")),
    )
    op.create_table(
        "report_home",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("home_code", sa.String(length=20), nullable=False),
        sa.Column("recorded", sa.Integer(), nullable=False),
        sa.CheckConstraint("recorded > 0", name=op.f("ck_report_home_recorded")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_report_home_report_id_report")),
        sa.PrimaryKeyConstraint("report_id", "home_code", name=op.f("pk_report_home")),
    )
    op.create_table(
        "visit_home",
        sa.Column("visit_id", sa.Integer(), nullable=False),
        sa.Column("home_code", sa.String(length=20), nullable=False),
        sa.Column("recorded", sa.Integer(), nullable=False),
        sa.CheckConstraint("recorded > 0", name=op.f("ck_visit_home_recorded")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_visit_home_visit_id_visit")),
        sa.PrimaryKeyConstraint("visit_id", "home_code", name=op.f("pk_visit_home")),
    )
    op.create_table(
        "status_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("component_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("confirmed_only", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_status_event_account_id_account")),
        sa.ForeignKeyConstraint(
            ["component_id"], ["component.id"], name=op.f("fk_status_event_component_id_component")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_event")),
    )
    with op.batch_alter_table("status_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_status_event_component_id"), ["component_id"], unique=False)

    for statement in append_only(op.get_bind().dialect.name):
        op.execute(sa.text(statement))


def append_only(dialect: str) -> list[str]:
    """Statements that make the database itself refuse to change or delete rows of these tables."""
    tables = ("audit", "status_event", "submission")
    if dialect == "sqlite":
        # INSERT OR REPLACE deletes without firing a delete trigger, so a key that exists is refused as well.
        exists = {
            "audit": "seq = NEW.seq",
            "status_event": "id = NEW.id",
            "submission": "number = NEW.number OR (account_id = NEW.account_id AND id = NEW.id)",
        }
        return [
            *(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                for table in tables
                for verb in ("UPDATE", "DELETE")
            ),
            *(
                f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
                f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {exists[table]}) "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                for table in tables
            ),
        ]
    function = (
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    return [
        function,
        *(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            for table in tables
        ),
    ]
