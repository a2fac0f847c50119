"""Lay the ground: the clinic, its people, patients and agenda, and the promises the database keeps about them."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager
from sqlalchemy.dialects import postgresql

SCHEMA = "clinicdesk"

revision = "20261122_0900"
down_revision = None
branch_labels = None
depends_on = None
release = "0.1.0"  # of ClinicDesk, the first that needs this revision
oldest_desk = revision  # desks written for an older one do not work on it


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("login", sa.Text(), server_default=sa.text("session_user"), nullable=False),
        sa.Column("desk", sa.Text(), server_default="", nullable=False),
        sa.Column("address", postgresql.INET(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=True),
        sa.Column("clinic_id", sa.Uuid(), nullable=True),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("audit_pkey")),
        schema=SCHEMA,
    )
    op.create_index("audit_row_index", "audit", ["row_id", "id"], unique=False, schema=SCHEMA)
    op.create_index("audit_time_index", "audit", ["at"], unique=False, schema=SCHEMA)
    op.create_index(
        "audit_settings_index",
        "audit",
        ["table_name", "id"],
        unique=False,
        schema=SCHEMA,
        postgresql_where=sa.text(
            "table_name IN ('clinic', 'scheduling_policy', 'professional', 'professional_clinic', 'room', 'equipment',"
            " 'service_category', 'service', 'service_professional', 'service_room', 'service_equipment',"
            " 'working_hours', 'hours_exception', 'holiday', 'service_promotion', 'service_image', 'custom_field',"
            " 'person', 'person_clinic', 'profile', 'messaging_policy', 'message_channel', 'message_template',"
            " 'message_rule')"
        ),
    )
    op.create_table(
        "custom_field",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), server_default="text", nullable=False),
        sa.Column("choices", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("position", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(kind = 'choice') = (cardinality(choices) > 0)", name=op.f("custom_field_choices_check")),
        sa.CheckConstraint("entity IN ('patient', 'service')", name=op.f("custom_field_entity_check")),
        sa.CheckConstraint(
            "kind IN ('text', 'number', 'date', 'yes_no', 'choice')", name=op.f("custom_field_kind_check")
        ),
        sa.CheckConstraint("char_length(name) BETWEEN 1 AND 60", name=op.f("custom_field_name_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("custom_field_pkey")),
        sa.UniqueConstraint("entity", "name", name=op.f("custom_field_entity_name_key")),
        schema=SCHEMA,
    )
    op.create_table(
        "operation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("login", sa.Text(), server_default=sa.text("session_user"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("operation_pkey")),
        schema=SCHEMA,
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("organisation_pkey")),
        schema=SCHEMA,
    )
    op.create_table(
        "profile",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("denied", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "denied <@ '{book,change_visits,overbook,block_time,write_patients,merge_patients,export_patients,import,keep_waiting_list,keep_recalls,send_messages,change_settings,read_audit}'",
            name=op.f("profile_denied_check"),
        ),
        sa.CheckConstraint("name <> ''", name=op.f("profile_name_check")),
        sa.CheckConstraint("role IN ('manager', 'reception', 'professional')", name=op.f("profile_role_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("profile_pkey")),
        sa.UniqueConstraint("name", name=op.f("profile_name_key")),
        sa.UniqueConstraint("role", "id", name=op.f("profile_role_id_key")),
        schema=SCHEMA,
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("profile_id", sa.Uuid(), nullable=True),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("password_set_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hue", sa.SmallInteger(), server_default="200", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("login ~ '^[a-z][a-z0-9_.]{1,30}$' AND login <> 'sync'", name=op.f("person_login_check")),
        sa.CheckConstraint("name <> ''", name=op.f("person_name_check")),
        sa.CheckConstraint("role IN ('owner', 'manager', 'reception', 'professional')", name=op.f("person_role_check")),
        sa.CheckConstraint("hue BETWEEN 0 AND 359 AND hue NOT BETWEEN 10 AND 40", name=op.f("person_hue_check")),
        sa.ForeignKeyConstraint(
            ["role", "profile_id"],
            ["clinicdesk.profile.role", "clinicdesk.profile.id"],
            name=op.f("person_role_profile_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("person_pkey")),
        sa.UniqueConstraint("login", name=op.f("person_login_key")),
        schema=SCHEMA,
    )
    op.create_table(
        "desk",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("serial", sa.Text(), nullable=False),
        sa.Column("former_serial", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "enrolled_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("enrolled_by", sa.Uuid(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("name <> '' AND length(name) <= 60", name=op.f("desk_name_check")),
        sa.CheckConstraint("serial ~ '^[0-9]{1,50}$'", name=op.f("desk_serial_check")),
        sa.ForeignKeyConstraint(["enrolled_by"], ["clinicdesk.person.id"], name=op.f("desk_enrolled_by_fkey")),
        sa.ForeignKeyConstraint(["revoked_by"], ["clinicdesk.person.id"], name=op.f("desk_revoked_by_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("desk_pkey")),
        sa.UniqueConstraint("serial", name=op.f("desk_serial_key")),
        schema=SCHEMA,
    )
    op.create_table(
        "desk_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("desk_id", sa.Uuid(), nullable=False),
        sa.Column("renewal", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("founder", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("desk_name", sa.Text(), server_default="", nullable=False),
        sa.Column("csr", sa.Text(), server_default="", nullable=False),
        sa.Column("certificate", sa.Text(), server_default="", nullable=False),
        sa.Column("authority", sa.Text(), server_default="", nullable=False),
        sa.Column("serial", sa.Text(), nullable=True),
        sa.Column("refusal", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("invited_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("expires_at > created_at", name=op.f("desk_request_expiry_check")),
        sa.CheckConstraint(
            "length(csr) <= 8000 AND length(certificate) <= 8000 AND length(authority) <= 8000",
            name=op.f("desk_request_size_check"),
        ),
        sa.ForeignKeyConstraint(["invited_by"], ["clinicdesk.person.id"], name=op.f("desk_request_invited_by_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("desk_request_pkey")),
        schema=SCHEMA,
    )
    op.create_table(
        "desk_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("desk_id", sa.Uuid(), nullable=True),
        sa.Column("desk_name", sa.Text(), server_default="", nullable=False),
        sa.Column("application", sa.Text(), server_default="", nullable=False),
        sa.Column("address", postgresql.INET(), nullable=True),
        sa.Column(
            "started_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column(
            "last_seen_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["desk_id"], ["clinicdesk.desk.id"], name=op.f("desk_session_desk_id_fkey")),
        sa.ForeignKeyConstraint(["ended_by"], ["clinicdesk.person.id"], name=op.f("desk_session_ended_by_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["clinicdesk.person.id"], name=op.f("desk_session_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("desk_session_pkey")),
        schema=SCHEMA,
    )
    op.create_index(
        "desk_session_open_index",
        "desk_session",
        ["person_id"],
        unique=False,
        schema=SCHEMA,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "refused_sign_in",
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("address", postgresql.INET(), nullable=True),
        sa.CheckConstraint("tries > 0", name=op.f("refused_sign_in_tries_check")),
        sa.PrimaryKeyConstraint("login", name=op.f("refused_sign_in_pkey")),
        schema=SCHEMA,
    )
    op.create_table(
        "schema_release",
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("release", sa.Text(), nullable=False),
        sa.Column("oldest_desk", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["oldest_desk"], ["clinicdesk.schema_release.revision"], name=op.f("schema_release_oldest_desk_fkey")
        ),
        sa.PrimaryKeyConstraint("revision", name=op.f("schema_release_pkey")),
        sa.UniqueConstraint("position", name=op.f("schema_release_position_key")),
        schema=SCHEMA,
    )

    op.create_table(
        "segment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("definition", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("char_length(name) BETWEEN 1 AND 60", name=op.f("segment_name_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("segment_pkey")),
        sa.UniqueConstraint("name", name=op.f("segment_name_key")),
        schema=SCHEMA,
    )
    op.create_table(
        "tag",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("hue", sa.SmallInteger(), server_default="200", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("char_length(name) BETWEEN 1 AND 40", name=op.f("tag_name_check")),
        sa.CheckConstraint("hue BETWEEN 0 AND 359 AND hue NOT BETWEEN 10 AND 40", name=op.f("tag_hue_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("tag_pkey")),
        sa.UniqueConstraint("name", name=op.f("tag_name_key")),
        schema=SCHEMA,
    )
    op.create_table(
        "clinic",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("organisation_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("cnpj", sa.Text(), server_default="", nullable=False),
        sa.Column("zone", sa.Text(), server_default="America/Sao_Paulo", nullable=False),
        sa.Column("state", sa.Text(), server_default="SP", nullable=False),
        sa.Column("city", sa.Text(), server_default="", nullable=False),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column("phone", sa.Text(), server_default="", nullable=False),
        sa.Column("email", sa.Text(), server_default="", nullable=False),
        sa.Column("logo", sa.LargeBinary(), nullable=True),
        sa.Column("business_template", sa.Text(), server_default="consultation", nullable=False),
        sa.Column("position", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "business_template IN ('consultation', 'service_table')", name=op.f("clinic_business_template_check")
        ),
        sa.CheckConstraint("cnpj ~ '^([A-Z0-9]{12}[0-9]{2})?$'", name=op.f("clinic_cnpj_check")),
        sa.CheckConstraint("name <> ''", name=op.f("clinic_name_check")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["clinicdesk.organisation.id"], name=op.f("clinic_organisation_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("clinic_pkey")),
        sa.UniqueConstraint("slug", name=op.f("clinic_slug_key")),
        schema=SCHEMA,
    )
    op.create_table(
        "data_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=True),
        sa.Column("key_version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("data_key_clinic_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("data_key_pkey")),
        sa.UniqueConstraint(
            "clinic_id",
            "key_version",
            name=op.f("data_key_clinic_id_key_version_key"),
            postgresql_nulls_not_distinct=True,
        ),
        schema=SCHEMA,
    )
    op.create_table(
        "holiday",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("works", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("holiday_clinic_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("holiday_pkey")),
        sa.UniqueConstraint("clinic_id", "day", name=op.f("holiday_clinic_id_day_key")),
        schema=SCHEMA,
    )
    op.create_table(
        "import_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), server_default="", nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("kind IN ('patients', 'agenda')", name=op.f("import_batch_kind_check")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("import_batch_clinic_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("import_batch_pkey")),
        sa.UniqueConstraint("clinic_id", "id", name=op.f("import_batch_clinic_id_id_key")),
        schema=SCHEMA,
    )
    op.create_table(
        "person_clinic",
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("person_clinic_clinic_id_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["clinicdesk.person.id"], name=op.f("person_clinic_person_id_fkey")),
        sa.PrimaryKeyConstraint("person_id", "clinic_id", name=op.f("person_clinic_pkey")),
        schema=SCHEMA,
    )
    op.create_table(
        "resource",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(kind = 'professional') = (clinic_id IS NULL)", name=op.f("resource_home_check")),
        sa.CheckConstraint("kind IN ('professional', 'room', 'equipment')", name=op.f("resource_kind_check")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("resource_clinic_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("resource_pkey")),
        sa.UniqueConstraint("id", "kind", name=op.f("resource_id_kind_key")),
        schema=SCHEMA,
    )
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("settings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("char_length(name) BETWEEN 1 AND 40", name=op.f("saved_view_name_check")),
        sa.CheckConstraint("position BETWEEN 1 AND 8", name=op.f("saved_view_position_check")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("saved_view_clinic_id_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["clinicdesk.person.id"], name=op.f("saved_view_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("saved_view_pkey")),
        sa.UniqueConstraint(
            "clinic_id",
            "person_id",
            "position",
            deferrable=True,
            initially="DEFERRED",
            name=op.f("saved_view_clinic_id_person_id_position_key"),
        ),
        schema=SCHEMA,
    )
    op.create_table(
        "scheduling_policy",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("slot_duration_minutes", sa.SmallInteger(), server_default="15", nullable=False),
        sa.Column("min_advance_hours", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("max_advance_days", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("max_daily_appointments", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("max_daily_overbookings", sa.SmallInteger(), server_default="3", nullable=False),
        sa.Column("late_cancellation_hours", sa.SmallInteger(), server_default="24", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "least(min_advance_hours, max_advance_days, max_daily_appointments, max_daily_overbookings, late_cancellation_hours) >= 0",
            name=op.f("scheduling_policy_not_negative_check"),
        ),
        sa.CheckConstraint(
            "slot_duration_minutes BETWEEN 5 AND 240", name=op.f("scheduling_policy_slot_duration_check")
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("scheduling_policy_clinic_id_fkey")),
        sa.PrimaryKeyConstraint("clinic_id", name=op.f("scheduling_policy_pkey")),
        schema=SCHEMA,
    )
    op.create_table(
        "series",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("on_holiday", sa.Text(), server_default="skip", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("on_holiday IN ('skip', 'next', 'previous', 'keep')", name=op.f("series_on_holiday_check")),
        sa.CheckConstraint("rule <> ''", name=op.f("series_rule_check")),
        sa.CheckConstraint(
            "first_day BETWEEN '1800-01-01' AND '2199-12-31' AND starts < '24:00'", name=op.f("series_when_check")
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("series_clinic_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("series_pkey")),
        sa.UniqueConstraint("clinic_id", "id", name=op.f("series_clinic_id_id_key")),
        schema=SCHEMA,
    )
    op.create_table(
        "service_category",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("icon", sa.Text(), server_default="stethoscope", nullable=False),
        sa.Column("position", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("hue", sa.SmallInteger(), server_default="200", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("name <> ''", name=op.f("service_category_name_check")),
        sa.CheckConstraint(
            "hue BETWEEN 0 AND 359 AND hue NOT BETWEEN 10 AND 40", name=op.f("service_category_hue_check")
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("service_category_clinic_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("service_category_pkey")),
        sa.UniqueConstraint("clinic_id", "id", name=op.f("service_category_clinic_id_id_key")),
        schema=SCHEMA,
    )
    op.create_table(
        "slot_hold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.Text(), server_default="desk", nullable=False),
        sa.Column("label", sa.Text(), server_default="", nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint(
            "channel IN ('desk', 'phone', 'whatsapp', 'sms', 'email', 'booking_page', 'assistant', 'import')",
            name=op.f("slot_hold_channel_check"),
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("slot_hold_clinic_id_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["clinicdesk.person.id"], name=op.f("slot_hold_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("slot_hold_pkey")),
        schema=SCHEMA,
    )
    op.create_index("slot_hold_expires_index", "slot_hold", ["expires_at"], unique=False, schema=SCHEMA)
    op.create_table(
        "equipment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("name <> ''", name=op.f("equipment_name_check")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("equipment_clinic_id_fkey")),
        sa.ForeignKeyConstraint(["id"], ["clinicdesk.resource.id"], name=op.f("equipment_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("equipment_pkey")),
        sa.UniqueConstraint("clinic_id", "id", name=op.f("equipment_clinic_id_id_key")),
        schema=SCHEMA,
    )
    op.create_table(
        "import_line",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("row_id", sa.Uuid(), nullable=True),
        sa.Column("before", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.CheckConstraint("outcome IN ('taken', 'merged', 'refused')", name=op.f("import_line_outcome_check")),
        sa.ForeignKeyConstraint(["import_id"], ["clinicdesk.import_batch.id"], name=op.f("import_line_import_id_fkey")),
        sa.PrimaryKeyConstraint("import_id", "line", name=op.f("import_line_pkey")),
        schema=SCHEMA,
    )
    op.create_table(
        "patient",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=False),
        sa.Column("social_name", sa.Text(), server_default="", nullable=False),
        sa.Column("search_text", sa.Text(), server_default="", nullable=False),
        sa.Column("sort_name", sa.Text(), server_default="", nullable=False),
        sa.Column("phone", sa.Text(), server_default="", nullable=False),
        sa.Column("email", sa.Text(), server_default="", nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("cpf_ciphertext", sa.LargeBinary(), nullable=True),
        sa.Column("cpf_index", sa.LargeBinary(), nullable=True),
        sa.Column("cpf_key_version", sa.Integer(), nullable=True),
        sa.Column("guardian_id", sa.Uuid(), nullable=True),
        sa.Column("guardian_kinship", sa.Text(), server_default="", nullable=False),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("referred_by", sa.Uuid(), nullable=True),
        sa.Column("priority", sa.Text(), server_default="", nullable=False),
        sa.Column("priority_until", sa.Date(), nullable=True),
        sa.Column("custom", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("vip", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("merged_into", sa.Uuid(), nullable=True),
        sa.Column("import_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("full_name <> '' AND char_length(full_name) <= 200", name=op.f("patient_full_name_check")),
        sa.CheckConstraint("phone ~ '^(\\+[0-9]{8,15})?$'", name=op.f("patient_phone_check")),
        sa.CheckConstraint(
            "priority IN ('', 'pregnant', 'lactating', 'with_infant', 'disabled', 'autistic', 'reduced_mobility', 'obese', 'blood_donor')",
            name=op.f("patient_priority_check"),
        ),
        sa.CheckConstraint(
            "(cpf_ciphertext IS NULL) = (cpf_index IS NULL) AND (cpf_index IS NULL) = (cpf_key_version IS NULL)",
            name=op.f("patient_cpf_check"),
        ),
        sa.CheckConstraint("char_length(social_name) <= 200", name=op.f("patient_social_name_check")),
        sa.CheckConstraint(
            "guardian_id <> id AND merged_into <> id AND referred_by <> id", name=op.f("patient_not_itself_check")
        ),
        sa.CheckConstraint(
            "coalesce(birth_date BETWEEN '1800-01-01' AND '2199-12-31', true)"
            " AND coalesce(priority_until BETWEEN '1800-01-01' AND '2199-12-31', true)",
            name=op.f("patient_days_check"),
        ),
        sa.CheckConstraint("jsonb_typeof(custom) = 'object'", name=op.f("patient_custom_check")),
        sa.ForeignKeyConstraint(["guardian_id"], ["clinicdesk.patient.id"], name=op.f("patient_guardian_id_fkey")),
        sa.ForeignKeyConstraint(["import_id"], ["clinicdesk.import_batch.id"], name=op.f("patient_import_id_fkey")),
        sa.ForeignKeyConstraint(["merged_into"], ["clinicdesk.patient.id"], name=op.f("patient_merged_into_fkey")),
        sa.ForeignKeyConstraint(["referred_by"], ["clinicdesk.patient.id"], name=op.f("patient_referred_by_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("patient_pkey")),
        schema=SCHEMA,
    )
    op.create_index(
        "patient_cpf_index",
        "patient",
        ["cpf_index"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("merged_into IS NULL"),
    )
    op.create_index("patient_guardian_index", "patient", ["guardian_id"], unique=False, schema=SCHEMA)
    op.create_index("patient_import_index", "patient", ["import_id"], unique=False, schema=SCHEMA)
    op.create_index(
        "patient_merged_index",
        "patient",
        ["merged_into"],
        unique=False,
        schema=SCHEMA,
        postgresql_where=sa.text("merged_into IS NOT NULL"),
    )
    op.create_index("patient_phone_index", "patient", ["phone"], unique=False, schema=SCHEMA)
    op.create_index(
        "patient_referred_index",
        "patient",
        ["referred_by"],
        unique=False,
        schema=SCHEMA,
        postgresql_where=sa.text("referred_by IS NOT NULL"),
    )
    op.create_index(
        "patient_search_index",
        "patient",
        ["search_text"],
        unique=False,
        schema=SCHEMA,
        postgresql_using="gin",
        postgresql_ops={"search_text": "gin_trgm_ops"},
    )
    op.create_index("patient_sort_name_index", "patient", ["sort_name", "id"], unique=False, schema=SCHEMA)
    op.create_table(
        "professional",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("council", sa.Text(), server_default="", nullable=False),
        sa.Column("council_number", sa.Text(), server_default="", nullable=False),
        sa.Column("council_state", sa.Text(), server_default="", nullable=False),
        sa.Column("specialty", sa.Text(), server_default="", nullable=False),
        sa.Column("bio", sa.Text(), server_default="", nullable=False),
        sa.Column("photo", sa.LargeBinary(), nullable=True),
        sa.Column("default_duration", sa.SmallInteger(), server_default="30", nullable=False),
        sa.Column("position", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("hue", sa.SmallInteger(), server_default="200", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("name <> ''", name=op.f("professional_name_check")),
        sa.CheckConstraint("default_duration BETWEEN 5 AND 720", name=op.f("professional_default_duration_check")),
        sa.CheckConstraint("hue BETWEEN 0 AND 359 AND hue NOT BETWEEN 10 AND 40", name=op.f("professional_hue_check")),
        sa.ForeignKeyConstraint(["id"], ["clinicdesk.resource.id"], name=op.f("professional_id_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["clinicdesk.person.id"], name=op.f("professional_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("professional_pkey")),
        sa.UniqueConstraint("person_id", name=op.f("professional_person_id_key")),
        schema=SCHEMA,
    )
    op.create_table(
        "room",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("name <> ''", name=op.f("room_name_check")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("room_clinic_id_fkey")),
        sa.ForeignKeyConstraint(["id"], ["clinicdesk.resource.id"], name=op.f("room_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("room_pkey")),
        sa.UniqueConstraint("clinic_id", "id", name=op.f("room_clinic_id_id_key")),
        schema=SCHEMA,
    )
    op.create_table(
        "service",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("duration_minutes", sa.SmallInteger(), server_default="30", nullable=False),
        sa.Column("buffer_before", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("buffer_after", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("price", sa.Numeric(precision=12, scale=2), server_default="0", nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("custom", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("position", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("name <> ''", name=op.f("service_name_check")),
        sa.CheckConstraint(
            "buffer_before BETWEEN 0 AND 240 AND buffer_after BETWEEN 0 AND 240", name=op.f("service_buffers_check")
        ),
        sa.CheckConstraint("jsonb_typeof(custom) = 'object'", name=op.f("service_custom_check")),
        sa.CheckConstraint("duration_minutes BETWEEN 5 AND 720", name=op.f("service_duration_check")),
        sa.CheckConstraint("price >= 0 AND price < 'NaN'", name=op.f("service_price_check")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "category_id"],
            ["clinicdesk.service_category.clinic_id", "clinicdesk.service_category.id"],
            name=op.f("service_clinic_id_category_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("service_clinic_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("service_pkey")),
        sa.UniqueConstraint("clinic_id", "id", name=op.f("service_clinic_id_id_key")),
        schema=SCHEMA,
    )
    op.create_table(
        "time_block",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), server_default="block", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("kind IN ('block', 'time_off')", name=op.f("time_block_kind_check")),
        sa.CheckConstraint(
            "starts_at < ends_at AND starts_at >= '1800-01-01Z' AND ends_at < '2200-01-01Z'",
            name=op.f("time_block_order_check"),
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("time_block_clinic_id_fkey")),
        sa.ForeignKeyConstraint(["resource_id"], ["clinicdesk.resource.id"], name=op.f("time_block_resource_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("time_block_pkey")),
        schema=SCHEMA,
    )
    op.create_index(
        "time_block_resource_index",
        "time_block",
        ["resource_id", "ends_at"],
        unique=False,
        schema=SCHEMA,
        postgresql_where=sa.text("active"),
    )
    op.create_index("time_block_time_index", "time_block", ["clinic_id", "starts_at"], unique=False, schema=SCHEMA)
    op.create_table(
        "wrapped_key",
        sa.Column("data_key_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("kind IN ('password', 'one_time_code', 'recovery')", name=op.f("wrapped_key_kind_check")),
        sa.ForeignKeyConstraint(["data_key_id"], ["clinicdesk.data_key.id"], name=op.f("wrapped_key_data_key_id_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["clinicdesk.person.id"], name=op.f("wrapped_key_person_id_fkey")),
        sa.PrimaryKeyConstraint("data_key_id", "person_id", "kind", name=op.f("wrapped_key_pkey")),
        schema=SCHEMA,
    )
    op.create_table(
        "patient_alert",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("severity", sa.Text(), server_default="warning", nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("severity IN ('info', 'warning', 'severe')", name=op.f("patient_alert_severity_check")),
        sa.CheckConstraint("char_length(text) BETWEEN 1 AND 120", name=op.f("patient_alert_short_check")),
        sa.ForeignKeyConstraint(["patient_id"], ["clinicdesk.patient.id"], name=op.f("patient_alert_patient_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("patient_alert_pkey")),
        schema=SCHEMA,
    )
    op.create_index(
        "patient_alert_patient_index",
        "patient_alert",
        ["patient_id"],
        unique=False,
        schema=SCHEMA,
        postgresql_where=sa.text("active"),
    )
    op.create_table(
        "patient_distinct",
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("first_id < second_id", name=op.f("patient_distinct_order_check")),
        sa.ForeignKeyConstraint(["first_id"], ["clinicdesk.patient.id"], name=op.f("patient_distinct_first_id_fkey")),
        sa.ForeignKeyConstraint(["second_id"], ["clinicdesk.patient.id"], name=op.f("patient_distinct_second_id_fkey")),
        sa.PrimaryKeyConstraint("first_id", "second_id", name=op.f("patient_distinct_pkey")),
        schema=SCHEMA,
    )
    op.create_table(
        "patient_merge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kept_id", sa.Uuid(), nullable=False),
        sa.Column("merged_id", sa.Uuid(), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("moved", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("kept_id <> merged_id", name=op.f("patient_merge_not_itself_check")),
        sa.ForeignKeyConstraint(["kept_id"], ["clinicdesk.patient.id"], name=op.f("patient_merge_kept_id_fkey")),
        sa.ForeignKeyConstraint(["merged_id"], ["clinicdesk.patient.id"], name=op.f("patient_merge_merged_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("patient_merge_pkey")),
        schema=SCHEMA,
    )
    op.create_index("patient_merge_kept_index", "patient_merge", ["kept_id"], unique=False, schema=SCHEMA)
    op.create_index("patient_merge_merged_index", "patient_merge", ["merged_id"], unique=False, schema=SCHEMA)
    op.create_table(
        "patient_metrics",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("booked", sa.Integer(), server_default="0", nullable=False),
        sa.Column("completed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("cancelled", sa.Integer(), server_default="0", nullable=False),
        sa.Column("cancelled_late", sa.Integer(), server_default="0", nullable=False),
        sa.Column("no_show", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rescheduled", sa.Integer(), server_default="0", nullable=False),
        sa.Column("first_visit_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_visit_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("average_days", sa.Numeric(precision=8, scale=1), nullable=True),
        sa.Column("preferred_services", sa.ARRAY(sa.Uuid()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("preferred_weekdays", sa.ARRAY(sa.SmallInteger()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("preferred_hours", sa.ARRAY(sa.SmallInteger()), server_default=sa.text("'{}'"), nullable=False),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("patient_metrics_clinic_id_fkey")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["clinicdesk.patient.id"], name=op.f("patient_metrics_patient_id_fkey")
        ),
        sa.PrimaryKeyConstraint("patient_id", "clinic_id", name=op.f("patient_metrics_pkey")),
        schema=SCHEMA,
    )
    op.create_table(
        "patient_tag",
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("tag_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["patient_id"], ["clinicdesk.patient.id"], name=op.f("patient_tag_patient_id_fkey")),
        sa.ForeignKeyConstraint(
            ["tag_id"], ["clinicdesk.tag.id"], name=op.f("patient_tag_tag_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("patient_id", "tag_id", name=op.f("patient_tag_pkey")),
        schema=SCHEMA,
    )
    op.create_index("patient_tag_tag_index", "patient_tag", ["tag_id"], unique=False, schema=SCHEMA)
    op.create_table(
        "professional_clinic",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("professional_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("professional_clinic_clinic_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["professional_id"], ["clinicdesk.professional.id"], name=op.f("professional_clinic_professional_id_fkey")
        ),
        sa.PrimaryKeyConstraint("clinic_id", "professional_id", name=op.f("professional_clinic_pkey")),
        schema=SCHEMA,
    )
    op.create_table(
        "service_equipment",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("equipment_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "equipment_id"],
            ["clinicdesk.equipment.clinic_id", "clinicdesk.equipment.id"],
            name=op.f("service_equipment_clinic_id_equipment_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "service_id"],
            ["clinicdesk.service.clinic_id", "clinicdesk.service.id"],
            name=op.f("service_equipment_clinic_id_service_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("service_id", "equipment_id", name=op.f("service_equipment_pkey")),
        schema=SCHEMA,
    )
    op.create_table(
        "service_image",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("image", sa.LargeBinary(), nullable=False),
        sa.Column("position", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("octet_length(image) BETWEEN 1 AND 2000000", name=op.f("service_image_size_check")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "service_id"],
            ["clinicdesk.service.clinic_id", "clinicdesk.service.id"],
            name=op.f("service_image_clinic_id_service_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("service_image_clinic_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("service_image_pkey")),
        schema=SCHEMA,
    )
    op.create_index(
        "service_image_service_index", "service_image", ["clinic_id", "service_id"], unique=False, schema=SCHEMA
    )
    op.create_table(
        "service_promotion",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("price", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("percent_off", sa.SmallInteger(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("name <> ''", name=op.f("service_promotion_name_check")),
        sa.CheckConstraint("first_day <= last_day", name=op.f("service_promotion_order_check")),
        sa.CheckConstraint("num_nonnulls(price, percent_off) = 1", name=op.f("service_promotion_one_kind_check")),
        sa.CheckConstraint(
            "coalesce(price >= 0 AND price < 'NaN', percent_off BETWEEN 1 AND 100)",
            name=op.f("service_promotion_amount_check"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "service_id"],
            ["clinicdesk.service.clinic_id", "clinicdesk.service.id"],
            name=op.f("service_promotion_clinic_id_service_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("service_promotion_clinic_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("service_promotion_pkey")),
        schema=SCHEMA,
    )
    op.create_index(
        "service_promotion_service_index", "service_promotion", ["clinic_id", "service_id"], unique=False, schema=SCHEMA
    )
    op.create_table(
        "service_room",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "room_id"],
            ["clinicdesk.room.clinic_id", "clinicdesk.room.id"],
            name=op.f("service_room_clinic_id_room_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "service_id"],
            ["clinicdesk.service.clinic_id", "clinicdesk.service.id"],
            name=op.f("service_room_clinic_id_service_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("service_id", "room_id", name=op.f("service_room_pkey")),
        schema=SCHEMA,
    )
    op.create_table(
        "appointment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("guardian_id", sa.Uuid(), nullable=True),
        sa.Column("professional_id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=True),
        sa.Column("equipment_id", sa.Uuid(), nullable=True),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("buffer_before", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("buffer_after", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("status", sa.Text(), server_default="pending", nullable=False),
        sa.Column("status_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("status_channel", sa.Text(), server_default="desk", nullable=False),
        sa.Column("overbooking_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("reschedule_count", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("cancelled_by", sa.Text(), nullable=True),
        sa.Column("cancel_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("cancelled_late", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("series_id", sa.Uuid(), nullable=True),
        sa.Column("series_day", sa.Date(), nullable=True),
        sa.Column("price", sa.Numeric(precision=12, scale=2), server_default="0", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("source_uid", sa.Text(), nullable=True),
        sa.Column("import_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(status = 'cancelled') = (cancelled_by IS NOT NULL)", name=op.f("appointment_cancelled_check")
        ),
        sa.CheckConstraint("cancelled_by IN ('patient', 'clinic')", name=op.f("appointment_cancelled_by_check")),
        sa.CheckConstraint(
            "starts_at < ends_at AND ends_at <= starts_at + interval '24 hours'"
            " AND starts_at >= '1800-01-01Z' AND ends_at < '2200-01-01Z'",
            name=op.f("appointment_order_check"),
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'confirmed', 'checked_in', 'in_progress', 'completed', 'no_show', 'cancelled')",
            name=op.f("appointment_status_check"),
        ),
        sa.CheckConstraint(
            "status_channel IN ('desk', 'phone', 'whatsapp', 'sms', 'email', 'booking_page', 'assistant', 'import')",
            name=op.f("appointment_channel_check"),
        ),
        sa.CheckConstraint(
            "(series_id IS NULL) = (series_day IS NULL)"
            " AND coalesce(series_day BETWEEN '1800-01-01' AND '2199-12-31', true)",
            name=op.f("appointment_series_check"),
        ),
        sa.CheckConstraint(
            "buffer_before BETWEEN 0 AND 240 AND buffer_after BETWEEN 0 AND 240", name=op.f("appointment_buffers_check")
        ),
        sa.CheckConstraint("price >= 0 AND price < 'NaN'", name=op.f("appointment_price_check")),
        sa.CheckConstraint("reschedule_count >= 0", name=op.f("appointment_reschedule_count_check")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "equipment_id"],
            ["clinicdesk.equipment.clinic_id", "clinicdesk.equipment.id"],
            name=op.f("appointment_clinic_id_equipment_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "import_id"],
            ["clinicdesk.import_batch.clinic_id", "clinicdesk.import_batch.id"],
            name=op.f("appointment_clinic_id_import_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "professional_id"],
            ["clinicdesk.professional_clinic.clinic_id", "clinicdesk.professional_clinic.professional_id"],
            name=op.f("appointment_clinic_id_professional_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "room_id"],
            ["clinicdesk.room.clinic_id", "clinicdesk.room.id"],
            name=op.f("appointment_clinic_id_room_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "series_id"],
            ["clinicdesk.series.clinic_id", "clinicdesk.series.id"],
            name=op.f("appointment_clinic_id_series_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "service_id"],
            ["clinicdesk.service.clinic_id", "clinicdesk.service.id"],
            name=op.f("appointment_clinic_id_service_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("appointment_clinic_id_fkey")),
        sa.ForeignKeyConstraint(["guardian_id"], ["clinicdesk.patient.id"], name=op.f("appointment_guardian_id_fkey")),
        sa.ForeignKeyConstraint(["patient_id"], ["clinicdesk.patient.id"], name=op.f("appointment_patient_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("appointment_pkey")),
        sa.UniqueConstraint("clinic_id", "id", name=op.f("appointment_clinic_id_id_key")),
        sa.UniqueConstraint("clinic_id", "source_uid", name=op.f("appointment_clinic_id_source_uid_key")),
        sa.UniqueConstraint("series_id", "series_day", name=op.f("appointment_series_id_series_day_key")),
        schema=SCHEMA,
    )
    op.create_index("appointment_day_index", "appointment", ["clinic_id", "starts_at"], unique=False, schema=SCHEMA)
    op.create_index(
        "appointment_guardian_index",
        "appointment",
        ["guardian_id"],
        unique=False,
        schema=SCHEMA,
        postgresql_where=sa.text("guardian_id IS NOT NULL"),
    )
    op.create_index("appointment_import_index", "appointment", ["import_id"], unique=False, schema=SCHEMA)
    op.create_index(
        "appointment_open_index",
        "appointment",
        ["clinic_id", "ends_at"],
        unique=False,
        schema=SCHEMA,
        postgresql_where=sa.text("status IN ('pending', 'confirmed', 'checked_in', 'in_progress')"),
    )
    op.create_index(
        "appointment_patient_index", "appointment", ["patient_id", "starts_at"], unique=False, schema=SCHEMA
    )
    op.create_index(
        "appointment_professional_index",
        "appointment",
        ["clinic_id", "professional_id", "starts_at"],
        unique=False,
        schema=SCHEMA,
    )
    op.create_index(
        "appointment_visit_index",
        "appointment",
        ["visit_id"],
        unique=False,
        schema=SCHEMA,
        postgresql_where=sa.text("visit_id IS NOT NULL"),
    )
    op.create_table(
        "hours_exception",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("professional_id", sa.Uuid(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=True),
        sa.Column("ends", sa.Time(), nullable=True),
        sa.Column("label", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(starts IS NULL) = (ends IS NULL) AND (starts < ends OR ends = '00:00')"
            " AND coalesce(greatest(starts, ends) < '24:00', true)",
            name=op.f("hours_exception_order_check"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "professional_id"],
            ["clinicdesk.professional_clinic.clinic_id", "clinicdesk.professional_clinic.professional_id"],
            name=op.f("hours_exception_clinic_id_professional_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("hours_exception_clinic_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("hours_exception_pkey")),
        schema=SCHEMA,
    )
    op.create_index("hours_exception_day_index", "hours_exception", ["clinic_id", "day"], unique=False, schema=SCHEMA)
    op.create_table(
        "service_professional",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("professional_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "professional_id"],
            ["clinicdesk.professional_clinic.clinic_id", "clinicdesk.professional_clinic.professional_id"],
            name=op.f("service_professional_clinic_id_professional_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "service_id"],
            ["clinicdesk.service.clinic_id", "clinicdesk.service.id"],
            name=op.f("service_professional_clinic_id_service_id_fkey"),
        ),
        sa.PrimaryKeyConstraint("service_id", "professional_id", name=op.f("service_professional_pkey")),
        schema=SCHEMA,
    )
    op.create_table(
        "working_hours",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("professional_id", sa.Uuid(), nullable=True),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(starts < ends OR ends = '00:00') AND greatest(starts, ends) < '24:00'",
            name=op.f("working_hours_order_check"),
        ),
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name=op.f("working_hours_weekday_check")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "professional_id"],
            ["clinicdesk.professional_clinic.clinic_id", "clinicdesk.professional_clinic.professional_id"],
            name=op.f("working_hours_clinic_id_professional_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("working_hours_clinic_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("working_hours_pkey")),
        schema=SCHEMA,
    )
    op.create_index(
        "working_hours_clinic_index", "working_hours", ["clinic_id", "professional_id"], unique=False, schema=SCHEMA
    )
    op.create_table(
        "appointment_version",
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("guardian_id", sa.Uuid(), nullable=True),
        sa.Column("professional_id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=True),
        sa.Column("equipment_id", sa.Uuid(), nullable=True),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("buffer_before", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("buffer_after", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("status", sa.Text(), server_default="pending", nullable=False),
        sa.Column("status_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("status_channel", sa.Text(), server_default="desk", nullable=False),
        sa.Column("overbooking_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("reschedule_count", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("cancelled_by", sa.Text(), nullable=True),
        sa.Column("cancel_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("cancelled_late", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=True),
        sa.Column("series_id", sa.Uuid(), nullable=True),
        sa.Column("series_day", sa.Date(), nullable=True),
        sa.Column("price", sa.Numeric(precision=12, scale=2), server_default="0", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "recorded_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("desk", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["clinicdesk.appointment.id"], name=op.f("appointment_version_appointment_id_fkey")
        ),
        sa.PrimaryKeyConstraint("appointment_id", "version", name=op.f("appointment_version_pkey")),
        schema=SCHEMA,
    )
    op.create_index(
        "appointment_version_day_index", "appointment_version", ["clinic_id", "starts_at"], unique=False, schema=SCHEMA
    )
    op.create_table(
        "check_in_pass",
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("code ~ '^[A-Z0-9]{8,24}$'", name=op.f("check_in_pass_code_check")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "appointment_id"],
            ["clinicdesk.appointment.clinic_id", "clinicdesk.appointment.id"],
            name=op.f("check_in_pass_clinic_id_appointment_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("check_in_pass_clinic_id_fkey")),
        sa.PrimaryKeyConstraint("appointment_id", name=op.f("check_in_pass_pkey")),
        sa.UniqueConstraint("code", name=op.f("check_in_pass_code_key")),
        schema=SCHEMA,
    )
    op.create_table(
        "patient_call",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Text(), server_default="", nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "appointment_id"],
            ["clinicdesk.appointment.clinic_id", "clinicdesk.appointment.id"],
            name=op.f("patient_call_clinic_id_appointment_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("patient_call_clinic_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("patient_call_pkey")),
        schema=SCHEMA,
    )
    op.create_index("patient_call_appointment_index", "patient_call", ["appointment_id"], unique=False, schema=SCHEMA)
    op.create_index("patient_call_time_index", "patient_call", ["clinic_id", "called_at"], unique=False, schema=SCHEMA)
    op.create_table(
        "pinned_card",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=False),
        sa.Column("pinned_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id", "appointment_id"],
            ["clinicdesk.appointment.clinic_id", "clinicdesk.appointment.id"],
            name=op.f("pinned_card_clinic_id_appointment_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("pinned_card_clinic_id_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["clinicdesk.person.id"], name=op.f("pinned_card_person_id_fkey")),
        sa.PrimaryKeyConstraint("person_id", "appointment_id", name=op.f("pinned_card_pkey")),
        schema=SCHEMA,
    )
    op.create_index("pinned_card_appointment_index", "pinned_card", ["appointment_id"], unique=False, schema=SCHEMA)
    op.create_table(
        "recall",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=True),
        sa.Column("professional_id", sa.Uuid(), nullable=True),
        sa.Column("due_month", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(state = 'booked') = (appointment_id IS NOT NULL)", name=op.f("recall_booked_check")),
        sa.CheckConstraint("state IN ('open', 'booked', 'refused', 'given_up')", name=op.f("recall_state_check")),
        sa.CheckConstraint(
            "extract(day FROM due_month) = 1 AND due_month BETWEEN '1800-01-01' AND '2199-12-31'",
            name=op.f("recall_month_check"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "appointment_id"],
            ["clinicdesk.appointment.clinic_id", "clinicdesk.appointment.id"],
            name=op.f("recall_clinic_id_appointment_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "professional_id"],
            ["clinicdesk.professional_clinic.clinic_id", "clinicdesk.professional_clinic.professional_id"],
            name=op.f("recall_clinic_id_professional_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "service_id"],
            ["clinicdesk.service.clinic_id", "clinicdesk.service.id"],
            name=op.f("recall_clinic_id_service_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("recall_clinic_id_fkey")),
        sa.ForeignKeyConstraint(["patient_id"], ["clinicdesk.patient.id"], name=op.f("recall_patient_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("recall_pkey")),
        sa.UniqueConstraint("clinic_id", "id", name=op.f("recall_clinic_id_id_key")),
        schema=SCHEMA,
    )
    op.create_index(
        "recall_appointment_index",
        "recall",
        ["appointment_id"],
        unique=False,
        schema=SCHEMA,
        postgresql_where=sa.text("appointment_id IS NOT NULL"),
    )
    op.create_index(
        "recall_open_index",
        "recall",
        ["clinic_id", "due_month"],
        unique=False,
        schema=SCHEMA,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index("recall_patient_index", "recall", ["patient_id"], unique=False, schema=SCHEMA)
    op.create_table(
        "resource_hold",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("resource_id", sa.Uuid(), nullable=False),
        sa.Column("during", postgresql.TSTZRANGE(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("slot_hold_id", sa.Uuid(), nullable=True),
        sa.Column("exempt", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("NOT isempty(during)", name=op.f("resource_hold_not_empty_check")),
        sa.CheckConstraint(
            "num_nonnulls(appointment_id, slot_hold_id) = 1", name=op.f("resource_hold_one_holder_check")
        ),
        sa.ForeignKeyConstraint(
            ["appointment_id"],
            ["clinicdesk.appointment.id"],
            name=op.f("resource_hold_appointment_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["clinicdesk.resource.id"], name=op.f("resource_hold_resource_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["slot_hold_id"],
            ["clinicdesk.slot_hold.id"],
            name=op.f("resource_hold_slot_hold_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("resource_hold_pkey")),
        schema=SCHEMA,
    )
    op.create_index("resource_hold_appointment_index", "resource_hold", ["appointment_id"], unique=False, schema=SCHEMA)
    op.create_index(
        "resource_hold_exempt_index",
        "resource_hold",
        ["resource_id", "during"],
        unique=False,
        schema=SCHEMA,
        postgresql_using="gist",
        postgresql_where=sa.text("exempt"),
    )
    op.create_index(
        "resource_hold_slot_hold_index",
        "resource_hold",
        ["slot_hold_id"],
        unique=False,
        schema=SCHEMA,
        postgresql_where=sa.text("slot_hold_id IS NOT NULL"),
    )
    op.create_table(
        "waiting_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("service_id", sa.Uuid(), nullable=False),
        sa.Column("professional_id", sa.Uuid(), nullable=True),
        sa.Column("weekdays", sa.ARRAY(sa.SmallInteger()), server_default=sa.text("'{1,2,3,4,5,6,7}'"), nullable=False),
        sa.Column("from_time", sa.Time(), server_default="00:00", nullable=False),
        sa.Column("to_time", sa.Time(), server_default="00:00", nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("urgency", sa.SmallInteger(), server_default="1", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(state = 'booked') = (appointment_id IS NOT NULL)", name=op.f("waiting_entry_booked_check")
        ),
        sa.CheckConstraint(
            "(from_time < to_time OR to_time = '00:00') AND greatest(from_time, to_time) < '24:00'",
            name=op.f("waiting_entry_times_check"),
        ),
        sa.CheckConstraint("state IN ('open', 'booked', 'given_up')", name=op.f("waiting_entry_state_check")),
        sa.CheckConstraint(
            "weekdays <@ '{1,2,3,4,5,6,7}' AND cardinality(weekdays) BETWEEN 1 AND 7 AND array_ndims(weekdays) = 1",
            name=op.f("waiting_entry_weekdays_check"),
        ),
        sa.CheckConstraint(
            "first_day BETWEEN '1800-01-01' AND '2199-12-31'"
            " AND coalesce(last_day BETWEEN '1800-01-01' AND '2199-12-31' AND first_day <= last_day, true)",
            name=op.f("waiting_entry_days_check"),
        ),
        sa.CheckConstraint("urgency BETWEEN 0 AND 2", name=op.f("waiting_entry_urgency_check")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "appointment_id"],
            ["clinicdesk.appointment.clinic_id", "clinicdesk.appointment.id"],
            name=op.f("waiting_entry_clinic_id_appointment_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "professional_id"],
            ["clinicdesk.professional_clinic.clinic_id", "clinicdesk.professional_clinic.professional_id"],
            name=op.f("waiting_entry_clinic_id_professional_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "service_id"],
            ["clinicdesk.service.clinic_id", "clinicdesk.service.id"],
            name=op.f("waiting_entry_clinic_id_service_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("waiting_entry_clinic_id_fkey")),
        sa.ForeignKeyConstraint(["patient_id"], ["clinicdesk.patient.id"], name=op.f("waiting_entry_patient_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("waiting_entry_pkey")),
        sa.UniqueConstraint("clinic_id", "id", name=op.f("waiting_entry_clinic_id_id_key")),
        schema=SCHEMA,
    )
    op.create_index(
        "waiting_entry_appointment_index",
        "waiting_entry",
        ["appointment_id"],
        unique=False,
        schema=SCHEMA,
        postgresql_where=sa.text("appointment_id IS NOT NULL"),
    )
    op.create_index(
        "waiting_entry_open_index",
        "waiting_entry",
        ["clinic_id", "service_id"],
        unique=False,
        schema=SCHEMA,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index("waiting_entry_patient_index", "waiting_entry", ["patient_id"], unique=False, schema=SCHEMA)
    op.create_table(
        "recall_attempt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("recall_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), server_default="phone", nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "channel IN ('desk', 'phone', 'whatsapp', 'sms', 'email', 'booking_page', 'assistant', 'import')",
            name=op.f("recall_attempt_channel_check"),
        ),
        sa.CheckConstraint(
            "outcome IN ('no_answer', 'left_message', 'call_back', 'refused', 'booked')",
            name=op.f("recall_attempt_outcome_check"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "recall_id"],
            ["clinicdesk.recall.clinic_id", "clinicdesk.recall.id"],
            name=op.f("recall_attempt_clinic_id_recall_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("recall_attempt_clinic_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("recall_attempt_pkey")),
        schema=SCHEMA,
    )
    op.create_index("recall_attempt_recall_index", "recall_attempt", ["recall_id"], unique=False, schema=SCHEMA)

    # --- what crosses the internet ---
    op.create_table(
        "sync_key",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("host", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("octet_length(public_key) = 32", name=op.f("sync_key_size_check")),
        sa.PrimaryKeyConstraint("id", name=op.f("sync_key_pkey")),
        schema=SCHEMA,
    )
    op.create_table(
        "sync_process",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("host", sa.Text(), server_default="", nullable=False),
        sa.Column("release", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "started_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("seen_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("sync_process_pkey")),
        schema=SCHEMA,
    )
    op.create_table(
        "import_source",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("watermark", sa.Text(), server_default="", nullable=False),
        sa.Column("last_run_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("char_length(name) BETWEEN 1 AND 60", name=op.f("import_source_name_check")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("import_source_clinic_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("import_source_pkey")),
        sa.UniqueConstraint("clinic_id", "name", name=op.f("import_source_clinic_id_name_key")),
        schema=SCHEMA,
    )
    op.create_table(
        "media_key",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("key_version", sa.Integer(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("octet_length(public_key) = 32", name=op.f("media_key_size_check")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("media_key_clinic_id_fkey")),
        sa.PrimaryKeyConstraint("clinic_id", "key_version", name=op.f("media_key_pkey")),
        schema=SCHEMA,
    )
    op.create_table(
        "message_channel",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), server_default="", nullable=False),
        sa.Column("settings", postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("position", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("receives", sa.Text(), server_default="nothing", nullable=False),
        sa.Column(
            "hook_key",
            sa.Text(),
            server_default=sa.text(
                "replace(((gen_random_uuid())::text || (gen_random_uuid())::text), '-'::text, ''::text)"
            ),
            nullable=False,
        ),
        sa.Column("per_minute", sa.SmallInteger(), server_default="60", nullable=False),
        sa.Column("price", sa.Numeric(precision=8, scale=4), server_default="0", nullable=False),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(paused_at IS NULL) = (paused_reason = '')", name=op.f("message_channel_paused_check")),
        sa.CheckConstraint(
            "CASE kind WHEN 'whatsapp' THEN provider IN ('meta', 'twilio', 'zapi', 'botconversa') WHEN 'sms' THEN provider = 'twilio' ELSE provider IN ('smtp', 'sendgrid') END",
            name=op.f("message_channel_fits_check"),
        ),
        sa.CheckConstraint("jsonb_typeof(settings) = 'object'", name=op.f("message_channel_settings_check")),
        sa.CheckConstraint("kind IN ('whatsapp', 'sms', 'email')", name=op.f("message_channel_kind_check")),
        sa.CheckConstraint("price >= 0 AND price < 'NaN'", name=op.f("message_channel_price_check")),
        sa.CheckConstraint(
            "provider IN ('meta', 'twilio', 'zapi', 'botconversa', 'smtp', 'sendgrid')",
            name=op.f("message_channel_provider_check"),
        ),
        sa.CheckConstraint("receives IN ('webhook', 'poll', 'nothing')", name=op.f("message_channel_receives_check")),
        sa.CheckConstraint("char_length(name) BETWEEN 1 AND 60", name=op.f("message_channel_name_check")),
        sa.CheckConstraint("per_minute BETWEEN 1 AND 6000", name=op.f("message_channel_rate_check")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("message_channel_clinic_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("message_channel_pkey")),
        sa.UniqueConstraint("clinic_id", "id", name=op.f("message_channel_clinic_id_id_key")),
        sa.UniqueConstraint("clinic_id", "name", name=op.f("message_channel_clinic_id_name_key")),
        sa.UniqueConstraint("hook_key", name=op.f("message_channel_hook_key_key")),
        schema=SCHEMA,
    )
    op.create_table(
        "message_template",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), server_default="care", nullable=False),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("provider_name", sa.Text(), server_default="", nullable=False),
        sa.Column("provider_language", sa.Text(), server_default="pt_BR", nullable=False),
        sa.Column("provider_variables", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("purpose IN ('care', 'marketing')", name=op.f("message_template_purpose_check")),
        sa.CheckConstraint("char_length(body) BETWEEN 1 AND 1024", name=op.f("message_template_body_check")),
        sa.CheckConstraint("char_length(name) BETWEEN 1 AND 60", name=op.f("message_template_name_check")),
        sa.CheckConstraint("char_length(subject) <= 150", name=op.f("message_template_subject_check")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("message_template_clinic_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("message_template_pkey")),
        sa.UniqueConstraint("clinic_id", "id", name=op.f("message_template_clinic_id_id_key")),
        sa.UniqueConstraint("clinic_id", "name", name=op.f("message_template_clinic_id_name_key")),
        schema=SCHEMA,
    )
    op.create_table(
        "messaging_policy",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("quiet_from", sa.Time(), server_default="21:00", nullable=False),
        sa.Column("quiet_to", sa.Time(), server_default="08:00", nullable=False),
        sa.Column("on_sundays", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("grace_minutes", sa.SmallInteger(), server_default="3", nullable=False),
        sa.Column("offer_minutes", sa.SmallInteger(), server_default="60", nullable=False),
        sa.Column("media_days", sa.SmallInteger(), server_default="90", nullable=False),
        sa.Column("public_address", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("greatest(quiet_from, quiet_to) < '24:00'", name=op.f("messaging_policy_quiet_check")),
        sa.CheckConstraint(
            "public_address = '' OR public_address ~ '^https?://[^ ]+$'", name=op.f("messaging_policy_address_check")
        ),
        sa.CheckConstraint("grace_minutes BETWEEN 0 AND 60", name=op.f("messaging_policy_grace_check")),
        sa.CheckConstraint("media_days BETWEEN 1 AND 90", name=op.f("messaging_policy_media_check")),
        sa.CheckConstraint("offer_minutes BETWEEN 5 AND 1440", name=op.f("messaging_policy_offer_check")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("messaging_policy_clinic_id_fkey")),
        sa.PrimaryKeyConstraint("clinic_id", name=op.f("messaging_policy_pkey")),
        schema=SCHEMA,
    )
    op.create_table(
        "quick_reply",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("shortcut", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("position", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("shortcut ~ '^[a-z0-9-]{1,30}$'", name=op.f("quick_reply_shortcut_check")),
        sa.CheckConstraint("char_length(body) BETWEEN 1 AND 1024", name=op.f("quick_reply_body_check")),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("quick_reply_clinic_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("quick_reply_pkey")),
        sa.UniqueConstraint("clinic_id", "shortcut", name=op.f("quick_reply_clinic_id_shortcut_key")),
        schema=SCHEMA,
    )
    op.create_table(
        "channel_secret",
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("sync_key_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.CheckConstraint("name ~ '^[a-z_]{1,40}$'", name=op.f("channel_secret_name_check")),
        sa.CheckConstraint("octet_length(sealed) BETWEEN 1 AND 8000", name=op.f("channel_secret_size_check")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "channel_id"],
            ["clinicdesk.message_channel.clinic_id", "clinicdesk.message_channel.id"],
            name=op.f("channel_secret_clinic_id_channel_id_fkey"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("channel_secret_clinic_id_fkey")),
        sa.ForeignKeyConstraint(
            ["sync_key_id"], ["clinicdesk.sync_key.id"], name=op.f("channel_secret_sync_key_id_fkey")
        ),
        sa.PrimaryKeyConstraint("channel_id", "name", name=op.f("channel_secret_pkey")),
        schema=SCHEMA,
    )
    op.create_table(
        "message_rule",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("offset_minutes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("asks", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("channels", sa.ARRAY(sa.Text()), server_default=sa.text("'{whatsapp,sms,email}'"), nullable=False),
        sa.Column("recipient", sa.Text(), server_default="patient", nullable=False),
        sa.Column("service_ids", sa.ARRAY(sa.Uuid()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("professional_ids", sa.ARRAY(sa.Uuid()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("excluded_service_ids", sa.ARRAY(sa.Uuid()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("late_minutes", sa.Integer(), server_default="240", nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "channels <@ '{whatsapp,sms,email}' AND cardinality(channels) BETWEEN 1 AND 3 AND array_ndims(channels) = 1",
            name=op.f("message_rule_channels_check"),
        ),
        sa.CheckConstraint(
            "event IN ('booked', 'reminder', 'moved', 'cancelled', 'follow_up', 'birthday', 'offer', 'check_in')",
            name=op.f("message_rule_event_check"),
        ),
        sa.CheckConstraint("recipient IN ('patient', 'guardian')", name=op.f("message_rule_recipient_check")),
        sa.CheckConstraint("late_minutes BETWEEN 1 AND 43200", name=op.f("message_rule_late_check")),
        sa.CheckConstraint("offset_minutes BETWEEN 0 AND 525600", name=op.f("message_rule_offset_check")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "template_id"],
            ["clinicdesk.message_template.clinic_id", "clinicdesk.message_template.id"],
            name=op.f("message_rule_clinic_id_template_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("message_rule_clinic_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("message_rule_pkey")),
        sa.UniqueConstraint("clinic_id", "id", name=op.f("message_rule_clinic_id_id_key")),
        schema=SCHEMA,
    )
    op.create_table(
        "webhook_receipt",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("content_type", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "received_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("octet_length(body) <= 3145728", name=op.f("webhook_receipt_size_check")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "channel_id"],
            ["clinicdesk.message_channel.clinic_id", "clinicdesk.message_channel.id"],
            name=op.f("webhook_receipt_clinic_id_channel_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("webhook_receipt_clinic_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("webhook_receipt_pkey")),
        sa.UniqueConstraint("channel_id", "digest", name=op.f("webhook_receipt_channel_id_digest_key")),
        schema=SCHEMA,
    )
    op.create_index(
        "webhook_receipt_unread_index",
        "webhook_receipt",
        ["received_at"],
        unique=False,
        schema=SCHEMA,
        postgresql_where=sa.text("read_at IS NULL"),
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), server_default="desk", nullable=False),
        sa.Column("proof", sa.Text(), server_default="", nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_source", sa.Text(), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("(revoked_at IS NULL) = (revoked_source = '')", name=op.f("consent_revoked_check")),
        sa.CheckConstraint("channel IN ('whatsapp', 'sms', 'email')", name=op.f("consent_channel_check")),
        sa.CheckConstraint("purpose IN ('care', 'marketing')", name=op.f("consent_purpose_check")),
        sa.CheckConstraint("source IN ('desk', 'form', 'message', 'import')", name=op.f("consent_source_check")),
        sa.CheckConstraint("char_length(words) BETWEEN 1 AND 1000", name=op.f("consent_words_check")),
        sa.ForeignKeyConstraint(["patient_id"], ["clinicdesk.patient.id"], name=op.f("consent_patient_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("consent_pkey")),
        schema=SCHEMA,
    )
    op.create_index(
        "consent_standing_index",
        "consent",
        ["patient_id", "purpose", "channel"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_table(
        "conversation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), server_default="", nullable=False),
        sa.Column("display_name", sa.Text(), server_default="", nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("owner", sa.Text(), server_default="bot", nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("window_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unread", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("last_words", sa.Text(), server_default="", nullable=False),
        sa.Column("opted_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("(owner = 'person') = (person_id IS NOT NULL)", name=op.f("conversation_owned_check")),
        sa.CheckConstraint("identity <> '' AND char_length(identity) <= 320", name=op.f("conversation_identity_check")),
        sa.CheckConstraint("owner IN ('bot', 'person')", name=op.f("conversation_owner_check")),
        sa.CheckConstraint("phone ~ '^(\\+[0-9]{8,15})?$'", name=op.f("conversation_phone_check")),
        sa.CheckConstraint("unread >= 0", name=op.f("conversation_unread_check")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "channel_id"],
            ["clinicdesk.message_channel.clinic_id", "clinicdesk.message_channel.id"],
            name=op.f("conversation_clinic_id_channel_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("conversation_clinic_id_fkey")),
        sa.ForeignKeyConstraint(["patient_id"], ["clinicdesk.patient.id"], name=op.f("conversation_patient_id_fkey")),
        sa.ForeignKeyConstraint(["person_id"], ["clinicdesk.person.id"], name=op.f("conversation_person_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("conversation_pkey")),
        sa.UniqueConstraint("channel_id", "identity", name=op.f("conversation_channel_id_identity_key")),
        sa.UniqueConstraint("clinic_id", "id", name=op.f("conversation_clinic_id_id_key")),
        schema=SCHEMA,
    )
    op.create_index("conversation_latest_index", "conversation", ["clinic_id", "last_at"], unique=False, schema=SCHEMA)
    op.create_index(
        "conversation_patient_index",
        "conversation",
        ["patient_id"],
        unique=False,
        schema=SCHEMA,
        postgresql_where=sa.text("patient_id IS NOT NULL"),
    )
    op.create_index(
        "conversation_phone_index",
        "conversation",
        ["phone"],
        unique=False,
        schema=SCHEMA,
        postgresql_where=sa.text("phone <> ''"),
    )
    op.create_table(
        "media",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("mime", sa.Text(), server_default="", nullable=False),
        sa.Column("file_name", sa.Text(), server_default="", nullable=False),
        sa.Column("size", sa.Integer(), server_default="0", nullable=False),
        sa.Column("seconds", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("key_version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_for_sync", sa.LargeBinary(), nullable=True),
        sa.Column("sync_key_id", sa.Uuid(), nullable=True),
        sa.Column("fetch_from", sa.Text(), server_default="", nullable=False),
        sa.Column("fault", sa.Text(), server_default="", nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("kind IN ('image', 'audio', 'video', 'document', 'sticker')", name=op.f("media_kind_check")),
        sa.CheckConstraint("(sealed_for_sync IS NULL) = (sync_key_id IS NULL)", name=op.f("media_for_sync_check")),
        sa.CheckConstraint("size BETWEEN 0 AND 16000000 AND seconds >= 0", name=op.f("media_size_check")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "conversation_id"],
            ["clinicdesk.conversation.clinic_id", "clinicdesk.conversation.id"],
            name=op.f("media_clinic_id_conversation_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("media_clinic_id_fkey")),
        sa.ForeignKeyConstraint(["sync_key_id"], ["clinicdesk.sync_key.id"], name=op.f("media_sync_key_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("media_pkey")),
        sa.UniqueConstraint("clinic_id", "id", name=op.f("media_clinic_id_id_key")),
        schema=SCHEMA,
    )
    op.create_index("media_conversation_index", "media", ["conversation_id"], unique=False, schema=SCHEMA)
    op.create_index(
        "media_expiry_index",
        "media",
        ["expires_at"],
        unique=False,
        schema=SCHEMA,
        postgresql_where=sa.text("sealed IS NOT NULL AND kept_at IS NULL"),
    )
    op.create_table(
        "conversation_event",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('note', 'taken', 'assigned', 'handed_back', 'linked', 'confirmed', 'cancelled', 'opted_out', 'opted_in', 'offer_accepted', 'offer_refused')",
            name=op.f("conversation_event_kind_check"),
        ),
        sa.CheckConstraint("char_length(words) <= 2000", name=op.f("conversation_event_words_check")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "appointment_id"],
            ["clinicdesk.appointment.clinic_id", "clinicdesk.appointment.id"],
            name=op.f("conversation_event_clinic_id_appointment_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "conversation_id"],
            ["clinicdesk.conversation.clinic_id", "clinicdesk.conversation.id"],
            name=op.f("conversation_event_clinic_id_conversation_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("conversation_event_clinic_id_fkey")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["clinicdesk.person.id"], name=op.f("conversation_event_person_id_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("conversation_event_pkey")),
        schema=SCHEMA,
    )
    op.create_index(
        "conversation_event_place_index", "conversation_event", ["conversation_id", "at"], unique=False, schema=SCHEMA
    )
    op.create_table(
        "waiting_offer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("professional_id", sa.Uuid(), nullable=False),
        sa.Column("room_id", sa.Uuid(), nullable=True),
        sa.Column("equipment_id", sa.Uuid(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hold_id", sa.Uuid(), nullable=True),
        sa.Column("freed_by", sa.Uuid(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), server_default="offered", nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column(
            "updated_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("updated_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "(state = 'accepted') = (appointment_id IS NOT NULL)", name=op.f("waiting_offer_accepted_check")
        ),
        sa.CheckConstraint(
            "state IN ('offered', 'accepted', 'refused', 'expired', 'withdrawn', 'unanswerable')",
            name=op.f("waiting_offer_state_check"),
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("waiting_offer_order_check")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "appointment_id"],
            ["clinicdesk.appointment.clinic_id", "clinicdesk.appointment.id"],
            name=op.f("waiting_offer_clinic_id_appointment_id_fkey"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "entry_id"],
            ["clinicdesk.waiting_entry.clinic_id", "clinicdesk.waiting_entry.id"],
            name=op.f("waiting_offer_clinic_id_entry_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "equipment_id"],
            ["clinicdesk.equipment.clinic_id", "clinicdesk.equipment.id"],
            name=op.f("waiting_offer_clinic_id_equipment_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "freed_by"],
            ["clinicdesk.appointment.clinic_id", "clinicdesk.appointment.id"],
            name=op.f("waiting_offer_clinic_id_freed_by_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "professional_id"],
            ["clinicdesk.professional_clinic.clinic_id", "clinicdesk.professional_clinic.professional_id"],
            name=op.f("waiting_offer_clinic_id_professional_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "room_id"],
            ["clinicdesk.room.clinic_id", "clinicdesk.room.id"],
            name=op.f("waiting_offer_clinic_id_room_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("waiting_offer_clinic_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("waiting_offer_pkey")),
        sa.UniqueConstraint("clinic_id", "id", name=op.f("waiting_offer_clinic_id_id_key")),
        schema=SCHEMA,
    )
    op.create_index(
        "waiting_offer_standing_index",
        "waiting_offer",
        ["entry_id"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("state = 'offered'"),
    )
    op.create_table(
        "question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("appointment_version", sa.Integer(), nullable=True),
        sa.Column("offer_id", sa.Uuid(), nullable=True),
        sa.Column("allowed", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_reason", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (answer = '' AND closed_reason = '')", name=op.f("question_closed_check")
        ),
        sa.CheckConstraint(
            "CASE kind WHEN 'confirm' THEN appointment_id ELSE offer_id END IS NOT NULL",
            name=op.f("question_about_check"),
        ),
        sa.CheckConstraint("kind IN ('confirm', 'offer')", name=op.f("question_kind_check")),
        sa.CheckConstraint("cardinality(allowed) BETWEEN 1 AND 9", name=op.f("question_allowed_check")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "appointment_id"],
            ["clinicdesk.appointment.clinic_id", "clinicdesk.appointment.id"],
            name=op.f("question_clinic_id_appointment_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "offer_id"],
            ["clinicdesk.waiting_offer.clinic_id", "clinicdesk.waiting_offer.id"],
            name=op.f("question_clinic_id_offer_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("question_clinic_id_fkey")),
        sa.ForeignKeyConstraint(["patient_id"], ["clinicdesk.patient.id"], name=op.f("question_patient_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("question_pkey")),
        sa.UniqueConstraint("clinic_id", "id", name=op.f("question_clinic_id_id_key")),
        schema=SCHEMA,
    )
    op.create_index(
        "question_open_index",
        "question",
        ["appointment_id", "kind"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("closed_at IS NULL AND kind = 'confirm'"),
    )
    op.create_index(
        "question_patient_index",
        "question",
        ["patient_id"],
        unique=False,
        schema=SCHEMA,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "incoming_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("conversation_id", sa.Uuid(), nullable=False),
        sa.Column("provider_message_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), server_default="", nullable=False),
        sa.Column("payload", sa.Text(), server_default="", nullable=False),
        sa.Column("quoted_id", sa.Text(), server_default="", nullable=False),
        sa.Column("media_id", sa.Uuid(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "received_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("outcome", sa.Text(), server_default="", nullable=False),
        sa.Column("question_id", sa.Uuid(), nullable=True),
        sa.Column("choices", sa.ARRAY(sa.Uuid()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("proposal", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("handled_by", sa.Uuid(), nullable=True),
        sa.Column("handled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint(
            "kind IN ('text', 'button', 'image', 'audio', 'video', 'document', 'sticker', 'location', 'contact', 'reaction', 'edited', 'deleted', 'unknown')",
            name=op.f("incoming_message_kind_check"),
        ),
        sa.CheckConstraint(
            "outcome IN ('', 'confirmed', 'cancelled', 'already', 'asked_which', 'opted_out', 'opted_in', 'late', 'after_cancellation', 'after_move', 'offer_accepted', 'offer_refused', 'offer_over', 'unclear', 'conversation')",
            name=op.f("incoming_message_outcome_check"),
        ),
        sa.CheckConstraint("char_length(body) <= 8000", name=op.f("incoming_message_body_check")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "channel_id"],
            ["clinicdesk.message_channel.clinic_id", "clinicdesk.message_channel.id"],
            name=op.f("incoming_message_clinic_id_channel_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "conversation_id"],
            ["clinicdesk.conversation.clinic_id", "clinicdesk.conversation.id"],
            name=op.f("incoming_message_clinic_id_conversation_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "media_id"],
            ["clinicdesk.media.clinic_id", "clinicdesk.media.id"],
            name=op.f("incoming_message_clinic_id_media_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "question_id"],
            ["clinicdesk.question.clinic_id", "clinicdesk.question.id"],
            name=op.f("incoming_message_clinic_id_question_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("incoming_message_clinic_id_fkey")),
        sa.ForeignKeyConstraint(
            ["handled_by"], ["clinicdesk.person.id"], name=op.f("incoming_message_handled_by_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("incoming_message_pkey")),
        sa.UniqueConstraint(
            "channel_id", "provider_message_id", name=op.f("incoming_message_channel_id_provider_message_id_key")
        ),
        sa.UniqueConstraint("clinic_id", "id", name=op.f("incoming_message_clinic_id_id_key")),
        schema=SCHEMA,
    )
    op.create_index(
        "incoming_message_conversation_index",
        "incoming_message",
        ["conversation_id", "sent_at"],
        unique=False,
        schema=SCHEMA,
    )
    op.create_index(
        "incoming_message_unclear_index",
        "incoming_message",
        ["clinic_id", "received_at"],
        unique=False,
        schema=SCHEMA,
        postgresql_where=sa.text("outcome = 'unclear' AND handled_at IS NULL"),
    )
    op.create_table(
        "outgoing_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("rule_id", sa.Uuid(), nullable=True),
        sa.Column("template_id", sa.Uuid(), nullable=True),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("appointment_id", sa.Uuid(), nullable=True),
        sa.Column("conversation_id", sa.Uuid(), nullable=True),
        sa.Column("question_id", sa.Uuid(), nullable=True),
        sa.Column("offer_id", sa.Uuid(), nullable=True),
        sa.Column("media_id", sa.Uuid(), nullable=True),
        sa.Column("channel_id", sa.Uuid(), nullable=True),
        sa.Column("recipient", sa.Text(), server_default="", nullable=False),
        sa.Column("subject", sa.Text(), server_default="", nullable=False),
        sa.Column("body", sa.Text(), server_default="", nullable=False),
        sa.Column("quoted_id", sa.Text(), server_default="", nullable=False),
        sa.Column("visit_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "planned_for", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), server_default="planned", nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("state_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False),
        sa.Column("price", sa.Numeric(precision=8, scale=4), server_default="0", nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint(
            "CASE WHEN kind IN ('answer', 'person') THEN conversation_id IS NOT NULL WHEN kind = 'test' THEN channel_id IS NOT NULL AND recipient <> '' ELSE patient_id IS NOT NULL END",
            name=op.f("outgoing_message_towards_check"),
        ),
        sa.CheckConstraint(
            "kind IN ('booked', 'reminder', 'moved', 'cancelled', 'follow_up', 'birthday', 'offer', 'check_in', 'answer', 'person', 'test')",
            name=op.f("outgoing_message_kind_check"),
        ),
        sa.CheckConstraint("price >= 0 AND price < 'NaN'", name=op.f("outgoing_message_price_check")),
        sa.CheckConstraint(
            "state IN ('planned', 'claimed', 'sending', 'sent', 'delivered', 'read', 'failed', 'unknown', 'cancelled')",
            name=op.f("outgoing_message_state_check"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('failed', 'unknown', 'cancelled') OR reason <> ''",
            name=op.f("outgoing_message_reason_check"),
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("outgoing_message_attempts_check")),
        sa.CheckConstraint("char_length(body) <= 4096", name=op.f("outgoing_message_body_check")),
        sa.CheckConstraint("expires_at > planned_for", name=op.f("outgoing_message_expiry_check")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "appointment_id"],
            ["clinicdesk.appointment.clinic_id", "clinicdesk.appointment.id"],
            name=op.f("outgoing_message_clinic_id_appointment_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "channel_id"],
            ["clinicdesk.message_channel.clinic_id", "clinicdesk.message_channel.id"],
            name=op.f("outgoing_message_clinic_id_channel_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "conversation_id"],
            ["clinicdesk.conversation.clinic_id", "clinicdesk.conversation.id"],
            name=op.f("outgoing_message_clinic_id_conversation_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "media_id"],
            ["clinicdesk.media.clinic_id", "clinicdesk.media.id"],
            name=op.f("outgoing_message_clinic_id_media_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "offer_id"],
            ["clinicdesk.waiting_offer.clinic_id", "clinicdesk.waiting_offer.id"],
            name=op.f("outgoing_message_clinic_id_offer_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "question_id"],
            ["clinicdesk.question.clinic_id", "clinicdesk.question.id"],
            name=op.f("outgoing_message_clinic_id_question_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "rule_id"],
            ["clinicdesk.message_rule.clinic_id", "clinicdesk.message_rule.id"],
            name=op.f("outgoing_message_clinic_id_rule_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "template_id"],
            ["clinicdesk.message_template.clinic_id", "clinicdesk.message_template.id"],
            name=op.f("outgoing_message_clinic_id_template_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("outgoing_message_clinic_id_fkey")),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["clinicdesk.patient.id"], name=op.f("outgoing_message_patient_id_fkey")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["clinicdesk.person.id"], name=op.f("outgoing_message_person_id_fkey")),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["clinicdesk.person.id"], name=op.f("outgoing_message_decided_by_fkey")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("outgoing_message_pkey")),
        sa.UniqueConstraint(
            "appointment_id", "kind", "planned_for", name=op.f("outgoing_message_appointment_id_kind_planned_for_key")
        ),
        sa.UniqueConstraint("clinic_id", "id", name=op.f("outgoing_message_clinic_id_id_key")),
        schema=SCHEMA,
    )
    op.create_index(
        "outgoing_message_conversation_index",
        "outgoing_message",
        ["conversation_id", "planned_for"],
        unique=False,
        schema=SCHEMA,
    )
    op.create_index(
        "outgoing_message_patient_index",
        "outgoing_message",
        ["patient_id"],
        unique=False,
        schema=SCHEMA,
        postgresql_where=sa.text("patient_id IS NOT NULL"),
    )
    op.create_index(
        "outgoing_message_question_index",
        "outgoing_message",
        ["question_id"],
        unique=False,
        schema=SCHEMA,
        postgresql_where=sa.text("question_id IS NOT NULL"),
    )
    op.create_index(
        "outgoing_message_waiting_index",
        "outgoing_message",
        ["clinic_id", "planned_for"],
        unique=False,
        schema=SCHEMA,
        postgresql_where=sa.text("state IN ('planned', 'claimed', 'sending', 'failed', 'unknown')"),
    )
    op.create_table(
        "delivery",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("provider_message_id", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), server_default="sending", nullable=False),
        sa.Column("verdict", sa.Text(), server_default="", nullable=False),
        sa.Column("fault", sa.Text(), server_default="", nullable=False),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "started_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('sending', 'sent', 'delivered', 'read', 'failed', 'unknown')", name=op.f("delivery_state_check")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "channel_id"],
            ["clinicdesk.message_channel.clinic_id", "clinicdesk.message_channel.id"],
            name=op.f("delivery_clinic_id_channel_id_fkey"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "message_id"],
            ["clinicdesk.outgoing_message.clinic_id", "clinicdesk.outgoing_message.id"],
            name=op.f("delivery_clinic_id_message_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("delivery_clinic_id_fkey")),
        sa.PrimaryKeyConstraint("id", name=op.f("delivery_pkey")),
        sa.UniqueConstraint(
            "channel_id", "provider_message_id", name=op.f("delivery_channel_id_provider_message_id_key")
        ),
        schema=SCHEMA,
    )
    op.create_index("delivery_message_index", "delivery", ["message_id"], unique=False, schema=SCHEMA)
    op.create_index("delivery_pace_index", "delivery", ["channel_id", "started_at"], unique=False, schema=SCHEMA)
    op.create_index(
        "delivery_under_way_index",
        "delivery",
        ["message_id"],
        unique=True,
        schema=SCHEMA,
        postgresql_where=sa.text("state IN ('sending', 'unknown')"),
    )

    op.create_table(
        "early_status",
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("provider_message_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("identity", sa.Text(), server_default="", nullable=False),
        sa.Column("code", sa.Text(), server_default="", nullable=False),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "received_at", sa.DateTime(timezone=True), server_default=sa.text("clock_timestamp()"), nullable=False
        ),
        sa.CheckConstraint("state IN ('sent', 'delivered', 'read', 'failed')", name=op.f("early_status_state_check")),
        sa.CheckConstraint("char_length(provider_message_id) BETWEEN 1 AND 400", name=op.f("early_status_name_check")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "channel_id"],
            ["clinicdesk.message_channel.clinic_id", "clinicdesk.message_channel.id"],
            name=op.f("early_status_clinic_id_channel_id_fkey"),
        ),
        sa.ForeignKeyConstraint(["clinic_id"], ["clinicdesk.clinic.id"], name=op.f("early_status_clinic_id_fkey")),
        sa.PrimaryKeyConstraint("channel_id", "provider_message_id", "state", name=op.f("early_status_pkey")),
        schema=SCHEMA,
    )

    _lay_the_queue()
    for name in (
        "functions",
        "holds",
        "merges",
        "pinboard",
        "messages",
        "triggers",
        "metrics",
        "recalls",
        "planning",
        "offers",
        "privileges",
        "policies",
    ):
        _run(name)
    # Functions that make logins belong to the one role that may: only an administrator can give them to it.
    op.execute("RESET ROLE")
    _run("people")
    _run("desks")
    op.execute("SET ROLE cd_schema")
    op.execute(f"REVOKE ALL ON {SCHEMA}.alembic_version FROM PUBLIC")
    op.execute(
        f"GRANT SELECT ON {SCHEMA}.alembic_version TO cd_owner, cd_manager, cd_reception, cd_professional, cd_sync, cd_guard"
    )


def _lay_the_queue() -> None:
    """The tables of procrastinate, whose jobs are no row of the clinic's: a schema of their own, for sync alone."""
    op.execute("CREATE SCHEMA queue")
    op.execute("SET search_path = queue, pg_catalog")
    op.get_bind().connection.dbapi_connection.execute(SchemaManager.get_schema())
    op.execute("RESET search_path")
    op.execute("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA queue FROM PUBLIC")
    op.execute("GRANT USAGE ON SCHEMA queue TO cd_sync")
    op.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA queue TO cd_sync")
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA queue TO cd_sync")
    op.execute("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA queue TO cd_sync")


def _run(name: str) -> None:
    """Run one of this revision's SQL files; a percent sign in it is only a percent sign."""
    statements = (Path(__file__).parent.parent / "sql" / "ground" / f"{name}.sql").read_text("utf-8")
    op.get_bind().connection.dbapi_connection.execute(statements)


def downgrade() -> None:
    op.execute("RESET ROLE")
    op.execute("DROP SCHEMA queue CASCADE")
    op.execute(
        """
        DO $$
        DECLARE
            each record;
        BEGIN
            FOR each IN SELECT tablename FROM pg_tables WHERE schemaname = 'clinicdesk' AND tablename <> 'alembic_version' LOOP
                EXECUTE format('DROP TABLE clinicdesk.%I CASCADE', each.tablename);
            END LOOP;
            FOR each IN
                SELECT p.oid::regprocedure AS name FROM pg_proc p
                 WHERE p.pronamespace = 'clinicdesk'::regnamespace
                   AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
            LOOP
                EXECUTE format('DROP FUNCTION %s CASCADE', each.name);
            END LOOP;
        END $$
        """
    )
    op.execute("SET ROLE cd_schema")
