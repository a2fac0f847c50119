"""The tables, as queries need them. The migrations make them; a test compares the two.

Exclusion, triggers, privileges and row security live in the migrations alone: a client cannot decide them.
"""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    SmallInteger,
    Table,
    Text,
    Time,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import INET, JSONB, TSTZRANGE

from clinicdesk.storage import message_tables
from clinicdesk.storage.base import Instant, Money, clinic_key, hue, key, metadata, of_clinic, stamps, words

__all__ = ["message_tables", "metadata"]  # the messages' tables stand in a file of their own and are of the same schema


def _custom() -> Column[object]:
    """What a clinic's own fields hold: an object by the id of the field."""
    return Column("custom", JSONB, nullable=False, server_default=text("'{}'"))


# The database knows days without end and an hour of 24:00, and a desk does not: one such row would be the end of every
# screen that reads it.
_DAYS_IN_REACH = "BETWEEN '1800-01-01' AND '2199-12-31'"
_IN_REACH = "starts_at >= '1800-01-01Z' AND ends_at < '2200-01-01Z'"
_NO_TIME = "'24:00'"

# --- organisation and clinics ----------------------------------------------------------------------------------------

organisation = Table("organisation", metadata, key(), words("name"), *stamps())

clinic = Table(
    "clinic",
    metadata,
    key(),
    Column("organisation_id", ForeignKey(organisation.c.id), nullable=False),
    Column("name", Text, nullable=False),
    Column("slug", Text, nullable=False, unique=True),
    words("cnpj"),
    words("zone", "America/Sao_Paulo"),
    words("state", "SP"),
    words("city"),
    words("address"),
    words("phone"),
    words("email"),
    Column("logo", LargeBinary),
    words("business_template", "consultation"),
    Column("position", SmallInteger, nullable=False, server_default="0"),
    *stamps(),
    CheckConstraint("business_template IN ('consultation', 'service_table')", name="business_template"),
    CheckConstraint("cnpj ~ '^([A-Z0-9]{12}[0-9]{2})?$'", name="cnpj"),
    CheckConstraint("name <> ''", name="name"),
)

scheduling_policy = Table(
    "scheduling_policy",
    metadata,
    Column("clinic_id", ForeignKey(clinic.c.id), primary_key=True),
    Column("slot_duration_minutes", SmallInteger, nullable=False, server_default="15"),
    Column("min_advance_hours", SmallInteger, nullable=False, server_default="0"),
    Column("max_advance_days", SmallInteger, nullable=False, server_default="0"),
    Column("max_daily_appointments", SmallInteger, nullable=False, server_default="0"),
    Column("max_daily_overbookings", SmallInteger, nullable=False, server_default="3"),
    Column("late_cancellation_hours", SmallInteger, nullable=False, server_default="24"),
    *stamps(),
    CheckConstraint("slot_duration_minutes BETWEEN 5 AND 240", name="slot_duration"),
    CheckConstraint(
        "least(min_advance_hours, max_advance_days, max_daily_appointments, max_daily_overbookings,"
        " late_cancellation_hours) >= 0",
        name="not_negative",
    ),
)

# --- people ----------------------------------------------------------------------------------------------------------

_ROLES = "role IN ('owner', 'manager', 'reception', 'professional')"

# What a role may, less what is written here.
profile = Table(
    "profile",
    metadata,
    key(),
    Column("name", Text, nullable=False, unique=True),
    Column("role", Text, nullable=False),
    Column("denied", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    *stamps(),
    UniqueConstraint("role", "id"),
    CheckConstraint("name <> ''", name="name"),
    CheckConstraint("role IN ('manager', 'reception', 'professional')", name="role"),
    CheckConstraint(
        "denied <@ '{book,change_visits,overbook,block_time,write_patients,merge_patients,export_patients,import,"
        "keep_waiting_list,keep_recalls,send_messages,change_settings,read_audit}'",
        name="denied",
    ),
)

person = Table(
    "person",
    metadata,
    key(),
    Column("login", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("profile_id", Uuid),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    # Null until the person has chosen a password: until then the login opens nothing but that choice.
    Column("password_set_at", Instant),
    Column("code_expires_at", Instant),
    Column("locked_at", Instant),
    Column("closed_at", Instant),
    *hue(),
    *stamps(),
    ForeignKeyConstraint(["role", "profile_id"], ["profile.role", "profile.id"]),
    # `sync` is the login of the process that sends, behind which there is nobody.
    CheckConstraint("login ~ '^[a-z][a-z0-9_.]{1,30}$' AND login <> 'sync'", name="login"),
    CheckConstraint(_ROLES, name="role"),
    CheckConstraint("name <> ''", name="name"),
)

person_clinic = Table(
    "person_clinic",
    metadata,
    Column("person_id", ForeignKey(person.c.id), primary_key=True),
    Column("clinic_id", ForeignKey(clinic.c.id), primary_key=True),
)

data_key = Table(
    "data_key",
    metadata,
    key(),
    Column("clinic_id", ForeignKey(clinic.c.id)),  # null: the register that all clinics share
    Column("key_version", Integer, nullable=False, server_default="1"),
    Column("retired_at", Instant),
    Column("created_at", Instant, nullable=False, server_default=text("clock_timestamp()")),
    UniqueConstraint("clinic_id", "key_version", postgresql_nulls_not_distinct=True),
)

wrapped_key = Table(
    "wrapped_key",
    metadata,
    Column("data_key_id", ForeignKey(data_key.c.id), primary_key=True),
    Column("person_id", ForeignKey(person.c.id), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    Column("created_at", Instant, nullable=False, server_default=text("clock_timestamp()")),
    CheckConstraint("kind IN ('password', 'one_time_code', 'recovery')", name="kind"),
)

# --- desks, and who is at work at them --------------------------------------------------------------------------------

# A computer whose certificate the clinic's authority signed. On one computer there is none.
desk = Table(
    "desk",
    metadata,
    key(),
    Column("name", Text, nullable=False),
    Column("serial", Text, nullable=False, unique=True),  # of its certificate, in decimal as pg_stat_ssl tells it
    Column("former_serial", Text),  # of the certificate before, which the desk shows until it has fetched the next
    Column("expires_at", Instant, nullable=False),
    Column("enrolled_at", Instant, nullable=False, server_default=text("clock_timestamp()")),
    Column("enrolled_by", ForeignKey(person.c.id)),
    Column("revoked_at", Instant),
    Column("revoked_by", ForeignKey(person.c.id)),
    CheckConstraint("name <> '' AND length(name) <= 60", name="name"),
    CheckConstraint("serial ~ '^[0-9]{1,50}$'", name="serial"),
)

# A certificate that is asked for: written by whoever invites, then by the desk, answered by the server's own unit.
desk_request = Table(
    "desk_request",
    metadata,
    key(),
    Column("login", Text, nullable=False),  # the account that asks
    Column("desk_id", Uuid, nullable=False),
    Column("renewal", Boolean, nullable=False, server_default=text("false")),
    Column("founder", Boolean, nullable=False, server_default=text("false")),
    words("desk_name"),
    words("csr"),
    words("certificate"),
    words("authority"),
    Column("serial", Text),  # of the certificate that was signed: all a desk ever had are taken back with it
    words("refusal"),
    Column("created_at", Instant, nullable=False, server_default=text("clock_timestamp()")),
    Column("expires_at", Instant, nullable=False),
    Column("answered_at", Instant),
    Column("fetched_at", Instant),
    Column("invited_by", ForeignKey(person.c.id)),
    CheckConstraint("length(csr) <= 8000 AND length(certificate) <= 8000 AND length(authority) <= 8000", name="size"),
    CheckConstraint("expires_at > created_at", name="expiry"),
)

# One sign-in at one desk, from the password to the end.
desk_session = Table(
    "desk_session",
    metadata,
    key(),
    Column("person_id", ForeignKey(person.c.id), nullable=False),
    Column("desk_id", ForeignKey(desk.c.id)),
    words("desk_name"),
    words("application"),  # the desk's name in the letters in which the server lists its connections
    Column("address", INET),
    Column("started_at", Instant, nullable=False, server_default=text("clock_timestamp()")),
    Column("last_seen_at", Instant, nullable=False, server_default=text("clock_timestamp()")),
    Column("ended_at", Instant),
    Column("ended_by", ForeignKey(person.c.id)),
    Index("desk_session_open_index", "person_id", postgresql_where=text("ended_at IS NULL")),
)

# Wrong passwords that the server's log told of, for names that exist and for names that do not.
refused_sign_in = Table(
    "refused_sign_in",
    metadata,
    Column("login", Text, primary_key=True),
    Column("tries", Integer, nullable=False),
    Column("last_at", Instant, nullable=False, server_default=text("clock_timestamp()")),
    Column("address", INET),
    CheckConstraint("tries > 0", name="tries"),
)

# What the schema went through, in order, and for each revision the oldest one whose desks still work on it: a desk
# knows nothing of revisions made after it, so the database has to say all there is to ask.
schema_release = Table(
    "schema_release",
    metadata,
    Column("revision", Text, primary_key=True),
    Column("position", Integer, nullable=False, unique=True),
    Column("release", Text, nullable=False),  # of ClinicDesk, the first with this revision
    Column("oldest_desk", ForeignKey("clinicdesk.schema_release.revision"), nullable=False),
    Column("made_at", Instant, nullable=False, server_default=text("clock_timestamp()")),
)

# --- what is booked --------------------------------------------------------------------------------------------------

# One row for everything that can be held, because one exclusion constraint has to see them all.
resource = Table(
    "resource",
    metadata,
    key(),
    Column("kind", Text, nullable=False),
    Column("clinic_id", ForeignKey(clinic.c.id)),  # null: a professional, who may work in several clinics
    UniqueConstraint("id", "kind"),
    CheckConstraint("kind IN ('professional', 'room', 'equipment')", name="kind"),
    CheckConstraint("(kind = 'professional') = (clinic_id IS NULL)", name="home"),
)

professional = Table(
    "professional",
    metadata,
    Column("id", ForeignKey(resource.c.id), primary_key=True),
    Column("person_id", ForeignKey(person.c.id), unique=True),
    Column("name", Text, nullable=False),
    words("council"),
    words("council_number"),
    words("council_state"),
    words("specialty"),
    words("bio"),
    Column("photo", LargeBinary),
    Column("default_duration", SmallInteger, nullable=False, server_default="30"),
    Column("position", SmallInteger, nullable=False, server_default="0"),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    *hue(),
    *stamps(),
    CheckConstraint("default_duration BETWEEN 5 AND 720", name="default_duration"),
    CheckConstraint("name <> ''", name="name"),
)

professional_clinic = Table(
    "professional_clinic",
    metadata,
    Column("clinic_id", ForeignKey(clinic.c.id), primary_key=True),
    Column("professional_id", ForeignKey(professional.c.id), primary_key=True),
)

room = Table(
    "room",
    metadata,
    Column("id", ForeignKey(resource.c.id), primary_key=True),
    clinic_key(),
    Column("name", Text, nullable=False),
    Column("position", SmallInteger, nullable=False, server_default="0"),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    *stamps(),
    ForeignKeyConstraint(["clinic_id"], [clinic.c.id]),
    UniqueConstraint("clinic_id", "id"),
    CheckConstraint("name <> ''", name="name"),
)

equipment = Table(
    "equipment",
    metadata,
    Column("id", ForeignKey(resource.c.id), primary_key=True),
    clinic_key(),
    Column("name", Text, nullable=False),
    Column("position", SmallInteger, nullable=False, server_default="0"),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    *stamps(),
    ForeignKeyConstraint(["clinic_id"], [clinic.c.id]),
    UniqueConstraint("clinic_id", "id"),
    CheckConstraint("name <> ''", name="name"),
)

service_category = Table(
    "service_category",
    metadata,
    key(),
    clinic_key(),
    Column("name", Text, nullable=False),
    words("icon", "stethoscope"),
    Column("position", SmallInteger, nullable=False, server_default="0"),
    *hue(),
    *stamps(),
    ForeignKeyConstraint(["clinic_id"], [clinic.c.id]),
    UniqueConstraint("clinic_id", "id"),
    CheckConstraint("name <> ''", name="name"),
)

service = Table(
    "service",
    metadata,
    key(),
    clinic_key(),
    Column("category_id", Uuid),
    Column("name", Text, nullable=False),
    Column("duration_minutes", SmallInteger, nullable=False, server_default="30"),
    Column("buffer_before", SmallInteger, nullable=False, server_default="0"),
    Column("buffer_after", SmallInteger, nullable=False, server_default="0"),
    Column("price", Money, nullable=False, server_default="0"),
    words("description"),
    _custom(),
    Column("position", SmallInteger, nullable=False, server_default="0"),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    *stamps(),
    ForeignKeyConstraint(["clinic_id"], [clinic.c.id]),
    *of_clinic("category_id:service_category"),
    UniqueConstraint("clinic_id", "id"),
    CheckConstraint("jsonb_typeof(custom) = 'object'", name="custom"),
    CheckConstraint("duration_minutes BETWEEN 5 AND 720", name="duration"),
    CheckConstraint("buffer_before BETWEEN 0 AND 240 AND buffer_after BETWEEN 0 AND 240", name="buffers"),
    CheckConstraint("price >= 0 AND price < 'NaN'", name="price"),
    CheckConstraint("name <> ''", name="name"),
)


def _service_choice(name: str, other: str) -> Table:
    """Who may do a service, or where, or with what: alternatives, any one of which will do."""
    column = f"{other}_id"
    target = f"{metadata.schema}.{'professional_clinic' if other == 'professional' else other}"
    target_column = f"{target}.{column if other == 'professional' else 'id'}"
    return Table(
        name,
        metadata,
        clinic_key(),
        Column("service_id", Uuid, primary_key=True),
        Column(column, Uuid, primary_key=True),
        ForeignKeyConstraint(["clinic_id", "service_id"], [service.c.clinic_id, service.c.id]),
        ForeignKeyConstraint(["clinic_id", column], [f"{target}.clinic_id", target_column]),
    )


service_professional = _service_choice("service_professional", "professional")
service_room = _service_choice("service_room", "room")
service_equipment = _service_choice("service_equipment", "equipment")

# What a service costs for a while: a price, or so much off it.
service_promotion = Table(
    "service_promotion",
    metadata,
    key(),
    clinic_key(),
    Column("service_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("price", Money),
    Column("percent_off", SmallInteger),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    *stamps(),
    ForeignKeyConstraint(["clinic_id"], [clinic.c.id]),
    *of_clinic("service_id:service"),
    CheckConstraint("name <> ''", name="name"),
    CheckConstraint("num_nonnulls(price, percent_off) = 1", name="one_kind"),
    CheckConstraint("coalesce(price >= 0 AND price < 'NaN', percent_off BETWEEN 1 AND 100)", name="amount"),
    CheckConstraint("first_day <= last_day", name="order"),
    Index("service_promotion_service_index", "clinic_id", "service_id"),
)

service_image = Table(
    "service_image",
    metadata,
    key(),
    clinic_key(),
    Column("service_id", Uuid, nullable=False),
    Column("image", LargeBinary, nullable=False),
    Column("position", SmallInteger, nullable=False, server_default="0"),
    *stamps(),
    ForeignKeyConstraint(["clinic_id"], [clinic.c.id]),
    *of_clinic("service_id:service"),
    CheckConstraint("octet_length(image) BETWEEN 1 AND 2000000", name="size"),
    Index("service_image_service_index", "clinic_id", "service_id"),
)

# Fields that a clinic adds to its register; what they hold lies in the `custom` column of patient and service.
custom_field = Table(
    "custom_field",
    metadata,
    key(),
    Column("entity", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False, server_default="text"),
    Column("choices", ARRAY(Text), nullable=False, server_default=text("'{}'")),
    Column("position", SmallInteger, nullable=False, server_default="0"),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    *stamps(),
    UniqueConstraint("entity", "name"),
    CheckConstraint("entity IN ('patient', 'service')", name="entity"),
    CheckConstraint("kind IN ('text', 'number', 'date', 'yes_no', 'choice')", name="kind"),
    CheckConstraint("(kind = 'choice') = (cardinality(choices) > 0)", name="choices"),
    CheckConstraint("char_length(name) BETWEEN 1 AND 60", name="name"),
)

# --- hours -----------------------------------------------------------------------------------------------------------

working_hours = Table(
    "working_hours",
    metadata,
    key(),
    clinic_key(),
    Column("professional_id", Uuid),  # null: the clinic's own opening hours
    Column("weekday", SmallInteger, nullable=False),  # ISO: Monday is 1
    Column("starts", Time, nullable=False),
    Column("ends", Time, nullable=False),  # 00:00 is the midnight that closes the day
    *stamps(),
    ForeignKeyConstraint(["clinic_id"], [clinic.c.id]),
    ForeignKeyConstraint(
        ["clinic_id", "professional_id"],
        [professional_clinic.c.clinic_id, professional_clinic.c.professional_id],
    ),
    CheckConstraint("weekday BETWEEN 1 AND 7", name="weekday"),
    CheckConstraint(f"(starts < ends OR ends = '00:00') AND greatest(starts, ends) < {_NO_TIME}", name="order"),
    Index("working_hours_clinic_index", "clinic_id", "professional_id"),
)

hours_exception = Table(
    "hours_exception",
    metadata,
    key(),
    clinic_key(),
    Column("professional_id", Uuid),
    Column("day", Date, nullable=False),
    Column("starts", Time),  # null with ends: closed all day
    Column("ends", Time),
    words("label"),
    *stamps(),
    ForeignKeyConstraint(["clinic_id"], [clinic.c.id]),
    ForeignKeyConstraint(
        ["clinic_id", "professional_id"],
        [professional_clinic.c.clinic_id, professional_clinic.c.professional_id],
    ),
    CheckConstraint(
        "(starts IS NULL) = (ends IS NULL) AND (starts < ends OR ends = '00:00')"
        f" AND coalesce(greatest(starts, ends) < {_NO_TIME}, true)",
        name="order",
    ),
    Index("hours_exception_day_index", "clinic_id", "day"),
)

holiday = Table(
    "holiday",
    metadata,
    key(),
    clinic_key(),
    Column("day", Date, nullable=False),
    Column("name", Text, nullable=False),
    Column("works", Boolean, nullable=False, server_default=text("false")),  # a public holiday that is worked here
    *stamps(),
    ForeignKeyConstraint(["clinic_id"], [clinic.c.id]),
    UniqueConstraint("clinic_id", "day"),
)

time_block = Table(
    "time_block",
    metadata,
    key(),
    clinic_key(),
    Column("resource_id", ForeignKey(resource.c.id), nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("kind", Text, nullable=False, server_default="block"),
    words("reason"),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    *stamps(),
    ForeignKeyConstraint(["clinic_id"], [clinic.c.id]),
    CheckConstraint(f"starts_at < ends_at AND {_IN_REACH}", name="order"),
    CheckConstraint("kind IN ('block', 'time_off')", name="kind"),
    Index("time_block_time_index", "clinic_id", "starts_at"),
    Index("time_block_resource_index", "resource_id", "ends_at", postgresql_where=text("active")),
)

# --- patients --------------------------------------------------------------------------------------------------------

# Lei 10.048/2000, article 1, with Leis 14.364/2022 and 14.626/2023; those of 60 and 80 are known by their birth date.
PRIORITIES = (
    "('', 'pregnant', 'lactating', 'with_infant', 'disabled', 'autistic', 'reduced_mobility', 'obese', 'blood_donor')"
)

import_batch = Table(
    "import_batch",
    metadata,
    key(),
    clinic_key(),
    Column("kind", Text, nullable=False),
    words("file_name"),
    Column("undone_at", Instant),
    *stamps(),
    ForeignKeyConstraint(["clinic_id"], [clinic.c.id]),
    UniqueConstraint("clinic_id", "id"),
    CheckConstraint("kind IN ('patients', 'agenda')", name="kind"),
)

patient = Table(
    "patient",
    metadata,
    key(),
    Column("full_name", Text, nullable=False),
    words("social_name"),
    words("search_text"),  # by trigger: names folded, then phone digits
    words("sort_name"),
    words("phone"),
    words("email"),
    Column("birth_date", Date),
    Column("cpf_ciphertext", LargeBinary),
    Column("cpf_index", LargeBinary),
    Column("cpf_key_version", Integer),
    Column("guardian_id", Uuid, ForeignKey("clinicdesk.patient.id")),
    words("guardian_kinship"),
    words("address"),
    words("source"),
    Column("referred_by", Uuid, ForeignKey("clinicdesk.patient.id")),
    words("priority"),  # why the law lets them go first, where their age does not say so already
    Column("priority_until", Date),
    _custom(),
    Column("vip", Boolean, nullable=False, server_default=text("false")),
    words("note"),
    Column("merged_into", Uuid, ForeignKey("clinicdesk.patient.id")),
    Column("import_id", ForeignKey(import_batch.c.id)),
    *stamps(),
    CheckConstraint("full_name <> '' AND char_length(full_name) <= 200", name="full_name"),
    CheckConstraint("char_length(social_name) <= 200", name="social_name"),
    CheckConstraint("phone ~ '^(\\+[0-9]{8,15})?$'", name="phone"),
    CheckConstraint(
        "(cpf_ciphertext IS NULL) = (cpf_index IS NULL) AND (cpf_index IS NULL) = (cpf_key_version IS NULL)", name="cpf"
    ),
    CheckConstraint(f"priority IN {PRIORITIES}", name="priority"),
    CheckConstraint("guardian_id <> id AND merged_into <> id AND referred_by <> id", name="not_itself"),
    CheckConstraint(
        f"coalesce(birth_date {_DAYS_IN_REACH}, true) AND coalesce(priority_until {_DAYS_IN_REACH}, true)", name="days"
    ),
    CheckConstraint("jsonb_typeof(custom) = 'object'", name="custom"),
    Index("patient_cpf_index", "cpf_index", unique=True, postgresql_where=text("merged_into IS NULL")),
    Index("patient_phone_index", "phone"),
    Index("patient_sort_name_index", "sort_name", "id"),
    Index("patient_guardian_index", "guardian_id"),
    Index("patient_import_index", "import_id"),
    Index("patient_referred_index", "referred_by", postgresql_where=text("referred_by IS NOT NULL")),
    Index("patient_merged_index", "merged_into", postgresql_where=text("merged_into IS NOT NULL")),
    Index(
        "patient_search_index", "search_text", postgresql_using="gin", postgresql_ops={"search_text": "gin_trgm_ops"}
    ),
)

patient_alert = Table(
    "patient_alert",
    metadata,
    key(),
    Column("patient_id", ForeignKey(patient.c.id), nullable=False),
    Column("severity", Text, nullable=False, server_default="warning"),
    Column("text", Text, nullable=False),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    *stamps(),
    CheckConstraint("severity IN ('info', 'warning', 'severe')", name="severity"),
    CheckConstraint("char_length(text) BETWEEN 1 AND 120", name="short"),
    Index("patient_alert_patient_index", "patient_id", postgresql_where=text("active")),
)

tag = Table(
    "tag",
    metadata,
    key(),
    Column("name", Text, nullable=False),
    *hue(),
    *stamps(),
    UniqueConstraint("name"),
    CheckConstraint("char_length(name) BETWEEN 1 AND 40", name="name"),
)

patient_tag = Table(
    "patient_tag",
    metadata,
    Column("patient_id", ForeignKey(patient.c.id), primary_key=True),
    Column("tag_id", ForeignKey(tag.c.id, ondelete="CASCADE"), primary_key=True),
    Index("patient_tag_tag_index", "tag_id"),
)

# A search of the register that is kept under a name; the patients in it are found anew each time.
segment = Table(
    "segment",
    metadata,
    key(),
    Column("name", Text, nullable=False),
    Column("definition", JSONB, nullable=False),
    *stamps(),
    UniqueConstraint("name"),
    CheckConstraint("char_length(name) BETWEEN 1 AND 60", name="name"),
)

# What a patient's visits in a clinic add up to: written by triggers alone.
patient_metrics = Table(
    "patient_metrics",
    metadata,
    Column("patient_id", ForeignKey(patient.c.id), primary_key=True),
    Column("clinic_id", ForeignKey(clinic.c.id), primary_key=True),
    Column("booked", Integer, nullable=False, server_default="0"),
    Column("completed", Integer, nullable=False, server_default="0"),
    Column("cancelled", Integer, nullable=False, server_default="0"),
    Column("cancelled_late", Integer, nullable=False, server_default="0"),
    Column("no_show", Integer, nullable=False, server_default="0"),
    Column("rescheduled", Integer, nullable=False, server_default="0"),
    Column("first_visit_at", Instant),
    Column("last_visit_at", Instant),
    Column("average_days", Numeric(8, 1)),  # between completed visits; null for fewer than two
    Column("preferred_services", ARRAY(Uuid), nullable=False, server_default=text("'{}'")),
    Column("preferred_weekdays", ARRAY(SmallInteger), nullable=False, server_default=text("'{}'")),
    Column("preferred_hours", ARRAY(SmallInteger), nullable=False, server_default=text("'{}'")),
)

# One register entry that became part of another, and what went with it: an undo takes back that and no more.
patient_merge = Table(
    "patient_merge",
    metadata,
    key(),
    Column("kept_id", ForeignKey(patient.c.id), nullable=False),
    Column("merged_id", ForeignKey(patient.c.id), nullable=False),
    Column("before", JSONB, nullable=False),
    Column("moved", JSONB, nullable=False),
    Column("undone_at", Instant),
    *stamps(),
    CheckConstraint("kept_id <> merged_id", name="not_itself"),
    Index("patient_merge_kept_index", "kept_id"),
    Index("patient_merge_merged_index", "merged_id"),
)

# Two entries that somebody has looked at and found to be two people; the smaller id first.
patient_distinct = Table(
    "patient_distinct",
    metadata,
    Column("first_id", ForeignKey(patient.c.id), primary_key=True),
    Column("second_id", ForeignKey(patient.c.id), primary_key=True),
    CheckConstraint("first_id < second_id", name="order"),
)

# --- agenda ----------------------------------------------------------------------------------------------------------

STATUSES = "('pending', 'confirmed', 'checked_in', 'in_progress', 'completed', 'no_show', 'cancelled')"
CHANNELS = "('desk', 'phone', 'whatsapp', 'sms', 'email', 'booking_page', 'assistant', 'import')"


# A row for a series; its visits are rows of their own, and each knows the day that the rule gave it.
series = Table(
    "series",
    metadata,
    key(),
    clinic_key(),
    Column("rule", Text, nullable=False),  # RFC 5545 RRULE
    Column("first_day", Date, nullable=False),
    Column("starts", Time, nullable=False),  # the clinic's wall clock, through every change of it
    Column("on_holiday", Text, nullable=False, server_default="skip"),
    *stamps(),
    ForeignKeyConstraint(["clinic_id"], [clinic.c.id]),
    UniqueConstraint("clinic_id", "id"),
    CheckConstraint("rule <> ''", name="rule"),
    CheckConstraint(f"first_day {_DAYS_IN_REACH} AND starts < {_NO_TIME}", name="when"),
    CheckConstraint("on_holiday IN ('skip', 'next', 'previous', 'keep')", name="on_holiday"),
)


def _appointment_columns() -> list[Column[object]]:
    """What an appointment and each kept version of it have in common."""
    return [
        clinic_key(),
        Column("patient_id", Uuid, nullable=False),
        Column("guardian_id", Uuid),
        Column("professional_id", Uuid, nullable=False),
        Column("room_id", Uuid),
        Column("equipment_id", Uuid),
        Column("service_id", Uuid, nullable=False),
        Column("starts_at", Instant, nullable=False),
        Column("ends_at", Instant, nullable=False),
        Column("buffer_before", SmallInteger, nullable=False, server_default="0"),
        Column("buffer_after", SmallInteger, nullable=False, server_default="0"),
        Column("status", Text, nullable=False, server_default="pending"),
        Column("status_at", Instant, nullable=False, server_default=text("clock_timestamp()")),
        Column("status_channel", Text, nullable=False, server_default="desk"),
        words("overbooking_reason"),
        Column("reschedule_count", SmallInteger, nullable=False, server_default="0"),
        Column("cancelled_by", Text),
        words("cancel_reason"),
        Column("cancelled_late", Boolean, nullable=False, server_default=text("false")),  # by trigger, by the policy
        Column("visit_id", Uuid),  # shared by the services of one coming
        Column("series_id", Uuid),
        Column("series_day", Date),  # the day the rule gave it, wherever it was moved to since
        Column("price", Money, nullable=False, server_default="0"),
        words("note"),
    ]


appointment = Table(
    "appointment",
    metadata,
    key(),
    *_appointment_columns(),
    Column("source_uid", Text),
    Column("import_id", Uuid),
    *stamps(),
    ForeignKeyConstraint(["clinic_id"], [clinic.c.id]),
    *of_clinic("import_id:import_batch"),
    ForeignKeyConstraint(["patient_id"], [patient.c.id]),
    ForeignKeyConstraint(["guardian_id"], [patient.c.id]),
    ForeignKeyConstraint(
        ["clinic_id", "professional_id"],
        [professional_clinic.c.clinic_id, professional_clinic.c.professional_id],
    ),
    ForeignKeyConstraint(["clinic_id", "room_id"], [room.c.clinic_id, room.c.id]),
    ForeignKeyConstraint(["clinic_id", "equipment_id"], [equipment.c.clinic_id, equipment.c.id]),
    ForeignKeyConstraint(["clinic_id", "service_id"], [service.c.clinic_id, service.c.id]),
    *of_clinic("series_id:series"),
    UniqueConstraint("clinic_id", "id"),
    UniqueConstraint("clinic_id", "source_uid"),
    UniqueConstraint("series_id", "series_day"),
    CheckConstraint(
        f"(series_id IS NULL) = (series_day IS NULL) AND coalesce(series_day {_DAYS_IN_REACH}, true)", name="series"
    ),
    CheckConstraint(
        f"starts_at < ends_at AND ends_at <= starts_at + interval '24 hours' AND {_IN_REACH}", name="order"
    ),
    CheckConstraint("buffer_before BETWEEN 0 AND 240 AND buffer_after BETWEEN 0 AND 240", name="buffers"),
    CheckConstraint(f"status IN {STATUSES}", name="status"),
    CheckConstraint(f"status_channel IN {CHANNELS}", name="channel"),
    CheckConstraint("cancelled_by IN ('patient', 'clinic')", name="cancelled_by"),
    CheckConstraint("(status = 'cancelled') = (cancelled_by IS NOT NULL)", name="cancelled"),
    CheckConstraint("reschedule_count >= 0", name="reschedule_count"),
    CheckConstraint("price >= 0 AND price < 'NaN'", name="price"),
    Index("appointment_professional_index", "clinic_id", "professional_id", "starts_at"),
    Index("appointment_day_index", "clinic_id", "starts_at"),
    Index("appointment_patient_index", "patient_id", "starts_at"),
    Index(
        "appointment_open_index",
        "clinic_id",
        "ends_at",
        postgresql_where=text("status IN ('pending', 'confirmed', 'checked_in', 'in_progress')"),
    ),
    Index("appointment_import_index", "import_id"),
    Index("appointment_visit_index", "visit_id", postgresql_where=text("visit_id IS NOT NULL")),
    Index("appointment_guardian_index", "guardian_id", postgresql_where=text("guardian_id IS NOT NULL")),
)

appointment_version = Table(
    "appointment_version",
    metadata,
    Column("appointment_id", ForeignKey(appointment.c.id), primary_key=True),
    Column("version", Integer, primary_key=True),
    *_appointment_columns(),
    Column("recorded_at", Instant, nullable=False, server_default=text("clock_timestamp()")),
    Column("recorded_by", Uuid),
    words("desk"),
    Index("appointment_version_day_index", "clinic_id", "starts_at"),
)

slot_hold = Table(
    "slot_hold",
    metadata,
    key(),
    clinic_key(),
    Column("person_id", ForeignKey(person.c.id)),
    words("channel", "desk"),
    words("label"),
    Column("expires_at", Instant, nullable=False),
    Column("created_at", Instant, nullable=False, server_default=text("clock_timestamp()")),
    ForeignKeyConstraint(["clinic_id"], [clinic.c.id]),
    CheckConstraint(f"channel IN {CHANNELS}", name="channel"),
    Index("slot_hold_expires_index", "expires_at"),
)

# What is taken, by whom: written by triggers alone. The exclusion constraint on it is what forbids a double booking.
resource_hold = Table(
    "resource_hold",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    clinic_key(),
    Column("resource_id", ForeignKey(resource.c.id), nullable=False),
    Column("during", TSTZRANGE, nullable=False),
    Column("appointment_id", ForeignKey(appointment.c.id, ondelete="CASCADE")),
    Column("slot_hold_id", ForeignKey(slot_hold.c.id, ondelete="CASCADE")),
    Column("exempt", Boolean, nullable=False, server_default=text("false")),  # an overbooked professional
    CheckConstraint("num_nonnulls(appointment_id, slot_hold_id) = 1", name="one_holder"),
    CheckConstraint("NOT isempty(during)", name="not_empty"),
    Index("resource_hold_appointment_index", "appointment_id"),
    Index("resource_hold_slot_hold_index", "slot_hold_id", postgresql_where=text("slot_hold_id IS NOT NULL")),
    # The index of the exclusion constraint leaves the exempt rows out.
    Index(
        "resource_hold_exempt_index", "resource_id", "during", postgresql_using="gist", postgresql_where=text("exempt")
    ),
)

# --- the day at the desk ---------------------------------------------------------------------------------------------

saved_view = Table(
    "saved_view",
    metadata,
    key(),
    clinic_key(),
    Column("person_id", ForeignKey(person.c.id), nullable=False),
    Column("position", SmallInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("settings", JSONB, nullable=False),
    *stamps(),
    ForeignKeyConstraint(["clinic_id"], [clinic.c.id]),
    UniqueConstraint("clinic_id", "person_id", "position", deferrable=True, initially="DEFERRED"),
    CheckConstraint("position BETWEEN 1 AND 8", name="position"),
    CheckConstraint("char_length(name) BETWEEN 1 AND 40", name="name"),
)

# Cards a person has put aside to place anew; the visit keeps its time until then.
pinned_card = Table(
    "pinned_card",
    metadata,
    clinic_key(),
    Column("person_id", ForeignKey(person.c.id), primary_key=True),
    Column("appointment_id", Uuid, primary_key=True),
    Column("pinned_at", Instant, nullable=False, server_default=text("clock_timestamp()")),
    ForeignKeyConstraint(["clinic_id"], [clinic.c.id]),
    *of_clinic("appointment_id:appointment"),
    Index("pinned_card_appointment_index", "appointment_id"),
)

# What a patient shows to check in. Made when it is printed or sent, not with every visit.
check_in_pass = Table(
    "check_in_pass",
    metadata,
    Column("appointment_id", Uuid, primary_key=True),
    clinic_key(),
    Column("code", Text, nullable=False),  # by trigger: nobody chooses theirs
    Column("created_at", Instant, nullable=False, server_default=text("clock_timestamp()")),
    ForeignKeyConstraint(["clinic_id"], [clinic.c.id]),
    *of_clinic("appointment_id:appointment"),
    UniqueConstraint("code"),
    CheckConstraint("code ~ '^[A-Z0-9]{8,24}$'", name="code"),
)

patient_call = Table(
    "patient_call",
    metadata,
    key(),
    clinic_key(),
    Column("appointment_id", Uuid, nullable=False),
    words("place"),
    Column("called_at", Instant, nullable=False, server_default=text("clock_timestamp()")),
    ForeignKeyConstraint(["clinic_id"], [clinic.c.id]),
    *of_clinic("appointment_id:appointment"),
    Index("patient_call_time_index", "clinic_id", "called_at"),
    Index("patient_call_appointment_index", "appointment_id"),
)

waiting_entry = Table(
    "waiting_entry",
    metadata,
    key(),
    clinic_key(),
    Column("patient_id", ForeignKey(patient.c.id), nullable=False),
    Column("service_id", Uuid, nullable=False),
    Column("professional_id", Uuid),  # null: any of the service
    Column("weekdays", ARRAY(SmallInteger), nullable=False, server_default=text("'{1,2,3,4,5,6,7}'")),
    Column("from_time", Time, nullable=False, server_default="00:00"),
    Column("to_time", Time, nullable=False, server_default="00:00"),  # 00:00 is the midnight that closes the day
    Column("first_day", Date, nullable=False),
    Column("last_day", Date),
    Column("urgency", SmallInteger, nullable=False, server_default="1"),  # 0 can wait, 1 soon, 2 urgent
    words("note"),
    Column("state", Text, nullable=False, server_default="open"),
    Column("appointment_id", Uuid),
    *stamps(),
    ForeignKeyConstraint(["clinic_id"], [clinic.c.id]),
    ForeignKeyConstraint(
        ["clinic_id", "professional_id"],
        [professional_clinic.c.clinic_id, professional_clinic.c.professional_id],
    ),
    *of_clinic("service_id:service", "appointment_id:appointment"),
    UniqueConstraint("clinic_id", "id"),
    CheckConstraint("state IN ('open', 'booked', 'given_up')", name="state"),
    CheckConstraint("(state = 'booked') = (appointment_id IS NOT NULL)", name="booked"),
    CheckConstraint("urgency BETWEEN 0 AND 2", name="urgency"),
    CheckConstraint(
        "weekdays <@ '{1,2,3,4,5,6,7}' AND cardinality(weekdays) BETWEEN 1 AND 7 AND array_ndims(weekdays) = 1",
        name="weekdays",
    ),
    CheckConstraint(
        f"(from_time < to_time OR to_time = '00:00') AND greatest(from_time, to_time) < {_NO_TIME}", name="times"
    ),
    CheckConstraint(
        f"first_day {_DAYS_IN_REACH} AND coalesce(last_day {_DAYS_IN_REACH} AND first_day <= last_day, true)",
        name="days",
    ),
    Index("waiting_entry_open_index", "clinic_id", "service_id", postgresql_where=text("state = 'open'")),
    Index("waiting_entry_patient_index", "patient_id"),
    Index("waiting_entry_appointment_index", "appointment_id", postgresql_where=text("appointment_id IS NOT NULL")),
)

# Somebody who ought to come again: worked off month by month, closed by the booking it leads to.
recall = Table(
    "recall",
    metadata,
    key(),
    clinic_key(),
    Column("patient_id", ForeignKey(patient.c.id), nullable=False),
    Column("service_id", Uuid),  # null: whatever visit comes next
    Column("professional_id", Uuid),
    Column("due_month", Date, nullable=False),  # the first of it
    words("reason"),
    Column("state", Text, nullable=False, server_default="open"),
    Column("appointment_id", Uuid),
    *stamps(),
    ForeignKeyConstraint(["clinic_id"], [clinic.c.id]),
    ForeignKeyConstraint(
        ["clinic_id", "professional_id"],
        [professional_clinic.c.clinic_id, professional_clinic.c.professional_id],
    ),
    *of_clinic("service_id:service", "appointment_id:appointment"),
    UniqueConstraint("clinic_id", "id"),
    CheckConstraint("state IN ('open', 'booked', 'refused', 'given_up')", name="state"),
    CheckConstraint("(state = 'booked') = (appointment_id IS NOT NULL)", name="booked"),
    CheckConstraint(f"extract(day FROM due_month) = 1 AND due_month {_DAYS_IN_REACH}", name="month"),
    Index("recall_open_index", "clinic_id", "due_month", postgresql_where=text("state = 'open'")),
    Index("recall_patient_index", "patient_id"),
    Index("recall_appointment_index", "appointment_id", postgresql_where=text("appointment_id IS NOT NULL")),
)

recall_attempt = Table(
    "recall_attempt",
    metadata,
    key(),
    clinic_key(),
    Column("recall_id", Uuid, nullable=False),
    Column("channel", Text, nullable=False, server_default="phone"),
    Column("outcome", Text, nullable=False),
    words("note"),
    *stamps(),
    ForeignKeyConstraint(["clinic_id"], [clinic.c.id]),
    *of_clinic("recall_id:recall"),
    CheckConstraint(f"channel IN {CHANNELS}", name="channel"),
    CheckConstraint("outcome IN ('no_answer', 'left_message', 'call_back', 'refused', 'booked')", name="outcome"),
    Index("recall_attempt_recall_index", "recall_id"),
)

# --- what happened ---------------------------------------------------------------------------------------------------

operation = Table(
    "operation",
    metadata,
    key(),
    Column("kind", Text, nullable=False),
    Column("row_id", Uuid, nullable=False),
    Column("at", Instant, nullable=False, server_default=text("clock_timestamp()")),
    Column("login", Text, nullable=False, server_default=text("session_user")),
)

import_line = Table(
    "import_line",
    metadata,
    Column("import_id", ForeignKey(import_batch.c.id), primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("outcome", Text, nullable=False),
    words("reason"),
    Column("row_id", Uuid),
    Column("before", JSONB(none_as_null=True)),
    CheckConstraint("outcome IN ('taken', 'merged', 'refused')", name="outcome"),
)

# What the clinic is made of, whose history people read; an index of its own finds it among the visits.
SETTINGS = (
    "'clinic', 'scheduling_policy', 'professional', 'professional_clinic', 'room', 'equipment', 'service_category',"
    " 'service', 'service_professional', 'service_room', 'service_equipment', 'working_hours', 'hours_exception',"
    " 'holiday', 'service_promotion', 'service_image', 'custom_field', 'person', 'person_clinic', 'profile',"
    " 'messaging_policy', 'message_channel', 'message_template', 'message_rule'"
)

audit = Table(
    "audit",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("at", Instant, nullable=False, server_default=text("clock_timestamp()")),
    Column("login", Text, nullable=False, server_default=text("session_user")),
    words("desk"),
    Column("address", INET),
    Column("action", Text, nullable=False),
    Column("table_name", Text, nullable=False),
    Column("row_id", Uuid),
    Column("clinic_id", Uuid),
    Column("before", JSONB),
    Column("after", JSONB),
    Index("audit_row_index", "row_id", "id"),
    Index("audit_time_index", "at"),
    Index("audit_settings_index", "table_name", "id", postgresql_where=text(f"table_name IN ({SETTINGS})")),
)
