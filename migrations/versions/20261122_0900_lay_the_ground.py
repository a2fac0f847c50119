"""Lay the ground: the clinic, its people, patients and agenda, and the promises the database keeps about them."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
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
            " 'person', 'person_clinic', 'profile')"
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
            "denied <@ '{book,change_visits,overbook,block_time,write_patients,merge_patients,export_patients,import,keep_waiting_list,keep_recalls,change_settings,read_audit}'",
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
        sa.CheckConstraint("login ~ '^[a-z][a-z0-9_.]{1,30}$'", name=op.f("person_login_check")),
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

    for name in (
        "functions",
        "holds",
        "merges",
        "pinboard",
        "triggers",
        "metrics",
        "recalls",
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


def _run(name: str) -> None:
    """Run one of this revision's SQL files; a percent sign in it is only a percent sign."""
    statements = (Path(__file__).parent.parent / "sql" / "ground" / f"{name}.sql").read_text("utf-8")
    op.get_bind().connection.dbapi_connection.execute(statements)


def downgrade() -> None:
    op.execute("RESET ROLE")
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
