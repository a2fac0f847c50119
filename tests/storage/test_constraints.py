"""What the database refuses to hold, constraint by constraint; the list is the code's, so that none goes missing."""

from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors, sql
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, PrimaryKeyConstraint, Table, UniqueConstraint
from sqlalchemy.dialects.postgresql.psycopg import dialect

from clinicdesk.storage.tables import metadata
from tests.office import Office, at, refusal
from tests.storage.rows import fill

# How each CHECK is broken, as the SET of an UPDATE.
BROKEN = {
    "appointment_buffers_check": ["buffer_before = -1", "buffer_after = 241"],
    "appointment_cancelled_by_check": ["status = 'cancelled', cancelled_by = 'weather'"],
    "appointment_cancelled_check": ["status = 'cancelled'", "cancelled_by = 'patient'"],
    "appointment_channel_check": ["status_channel = 'pigeon'"],
    "appointment_order_check": [
        "ends_at = starts_at",
        "ends_at = starts_at - interval '1 minute'",
        "ends_at = starts_at + interval '24 hours 1 second'",
        "starts_at = '2200-01-01Z', ends_at = '2200-01-01 01:00Z'",
        "starts_at = '0001-01-01Z BC', ends_at = '0001-01-01 01:00Z BC'",
    ],
    "appointment_price_check": ["price = -0.01", "price = 'NaN'"],
    "appointment_reschedule_count_check": ["reschedule_count = -1"],
    "appointment_status_check": ["status = 'lost'"],
    "appointment_series_check": ["series_day = NULL", "series_id = NULL", "series_day = 'infinity'"],
    "check_in_pass_code_check": ["code = 'cd123456'", "code = 'CD12'", "code = 'CD-1234567'"],
    "clinic_business_template_check": ["business_template = 'zoo'"],
    "clinic_cnpj_check": ["cnpj = '123'", "cnpj = '12abc34501de35'"],
    "clinic_name_check": ["name = ''"],
    "custom_field_choices_check": ["kind = 'choice'", "choices = '{a}'"],
    "custom_field_entity_check": ["entity = 'room'"],
    "custom_field_kind_check": ["kind = 'formula'"],
    "custom_field_name_check": ["name = ''", "name = repeat('x', 61)"],
    "desk_name_check": ["name = ''", "name = repeat('x', 61)"],
    "desk_serial_check": ["serial = ''", "serial = '12ab'"],
    "desk_request_expiry_check": ["expires_at = created_at"],
    "desk_request_size_check": [f"{name} = repeat('x', 8001)" for name in ("csr", "certificate", "authority")],
    "equipment_name_check": ["name = ''"],
    "hours_exception_order_check": [
        "starts = '08:00'",
        "starts = '09:00', ends = '08:00'",
        "starts = '09:00', ends = '09:00'",
        "starts = '09:00', ends = '24:00'",
    ],
    "import_batch_kind_check": ["kind = 'recipes'"],
    "import_line_outcome_check": ["outcome = 'perhaps'"],
    "patient_alert_severity_check": ["severity = 'fatal'"],
    "patient_alert_short_check": ["text = ''", "text = repeat('x', 121)"],
    "patient_cpf_check": ["cpf_index = NULL", "cpf_key_version = NULL", "cpf_ciphertext = NULL"],
    "patient_custom_check": ["custom = '[]'", "custom = 'null'"],
    "patient_days_check": ["birth_date = 'infinity'", "birth_date = '10000-01-01'", "priority_until = '-infinity'"],
    "patient_distinct_order_check": ["first_id = second_id", "first_id = second_id, second_id = first_id"],
    "patient_full_name_check": ["full_name = ''", "full_name = repeat('x', 201)"],
    "patient_merge_not_itself_check": ["merged_id = kept_id"],
    "patient_not_itself_check": ["guardian_id = id", "merged_into = id", "referred_by = id"],
    "patient_phone_check": ["phone = '11 90000-0142'", "phone = '+123'"],
    "patient_priority_check": ["priority = 'friend'"],
    "patient_social_name_check": ["social_name = repeat('x', 201)"],
    "person_hue_check": ["hue = 20", "hue = 360", "hue = -1"],
    "person_login_check": ["login = 'Ana'", "login = 'a b'", "login = ''", "login = 'sync'"],
    "person_name_check": ["name = ''"],
    "person_role_check": ["role = 'sync'"],
    "professional_default_duration_check": ["default_duration = 4", "default_duration = 721"],
    "professional_hue_check": ["hue = 10", "hue = 40"],
    "professional_name_check": ["name = ''"],
    "profile_denied_check": ["denied = '{breathe}'"],
    "profile_name_check": ["name = ''"],
    "profile_role_check": ["role = 'owner'", "role = 'guest'"],
    "refused_sign_in_tries_check": ["tries = 0"],
    "recall_attempt_channel_check": ["channel = 'pigeon'"],
    "recall_attempt_outcome_check": ["outcome = 'perhaps'"],
    "recall_booked_check": ["state = 'booked'", "appointment_id = gen_random_uuid()"],
    "recall_month_check": ["due_month = '2035-03-02'", "due_month = 'infinity'", "due_month = '10000-01-01'"],
    "recall_state_check": ["state = 'lost'"],
    "resource_hold_not_empty_check": ["during = 'empty'"],
    "resource_hold_one_holder_check": ["appointment_id = NULL, slot_hold_id = NULL"],
    "resource_home_check": ["clinic_id = NULL"],
    "resource_kind_check": ["kind = 'chair'"],
    "room_name_check": ["name = ''"],
    "saved_view_name_check": ["name = ''", "name = repeat('x', 41)"],
    "saved_view_position_check": ["position = 0", "position = 9"],
    "scheduling_policy_not_negative_check": [
        "min_advance_hours = -1",
        "max_advance_days = -1",
        "max_daily_appointments = -1",
        "max_daily_overbookings = -1",
        "late_cancellation_hours = -1",
    ],
    "scheduling_policy_slot_duration_check": ["slot_duration_minutes = 4", "slot_duration_minutes = 241"],
    "segment_name_check": ["name = ''", "name = repeat('x', 61)"],
    "series_on_holiday_check": ["on_holiday = 'work'"],
    "series_rule_check": ["rule = ''"],
    "series_when_check": ["first_day = 'infinity'", "starts = '24:00'"],
    "service_buffers_check": ["buffer_before = -1", "buffer_after = 241"],
    "service_category_hue_check": ["hue = 25"],
    "service_category_name_check": ["name = ''"],
    "service_custom_check": ["custom = '[]'"],
    "service_duration_check": ["duration_minutes = 4", "duration_minutes = 721"],
    "service_image_size_check": ["image = ''", "image = convert_to(repeat('x', 2000001), 'UTF8')"],
    "service_name_check": ["name = ''"],
    "service_price_check": ["price = -1", "price = 'NaN'"],
    "service_promotion_amount_check": [
        "price = -1",
        "price = 'NaN'",
        "price = NULL, percent_off = 0",
        "price = NULL, percent_off = 101",
    ],
    "service_promotion_name_check": ["name = ''"],
    "service_promotion_one_kind_check": ["percent_off = 10", "price = NULL"],
    "service_promotion_order_check": ["last_day = first_day - 1"],
    "slot_hold_channel_check": ["channel = 'pigeon'"],
    "tag_hue_check": ["hue = 12"],
    "tag_name_check": ["name = ''", "name = repeat('x', 41)"],
    "time_block_kind_check": ["kind = 'siesta'"],
    "time_block_order_check": [
        "ends_at = starts_at",
        "ends_at = starts_at - interval '1 minute'",
        "ends_at = 'infinity'",
        "starts_at = '-infinity'",
    ],
    "waiting_entry_booked_check": ["state = 'booked'", "appointment_id = gen_random_uuid()"],
    "waiting_entry_days_check": ["last_day = first_day - 1", "first_day = '10000-01-01'", "last_day = 'infinity'"],
    "waiting_entry_state_check": ["state = 'lost'"],
    "waiting_entry_times_check": [
        "from_time = '10:00', to_time = '09:00'",
        "from_time = '10:00', to_time = '10:00'",
        "from_time = '24:00', to_time = '00:00'",
        "to_time = '24:00'",
    ],
    "waiting_entry_urgency_check": ["urgency = -1", "urgency = 3"],
    "waiting_entry_weekdays_check": [
        "weekdays = '{}'",
        "weekdays = '{0}'",
        "weekdays = '{1,8}'",
        "weekdays = '{{1},{2}}'",
    ],
    "working_hours_order_check": [
        "starts = '18:00', ends = '08:00'",
        "starts = '08:00', ends = '08:00'",
        "ends = '24:00'",
    ],
    "working_hours_weekday_check": ["weekday = 0", "weekday = 8"],
    "wrapped_key_kind_check": ["kind = 'plain'"],
}

# What crosses the internet.
BROKEN |= {
    "channel_secret_name_check": ["name = 'Token'", "name = ''"],
    "channel_secret_size_check": ["sealed = ''", "sealed = convert_to(repeat('x', 8001), 'UTF8')"],
    "consent_channel_check": ["channel = 'pigeon'"],
    "consent_purpose_check": ["purpose = 'gossip'"],
    "consent_revoked_check": ["revoked_at = now()", "revoked_source = 'desk'"],
    "consent_source_check": ["source = 'rumour'"],
    "consent_words_check": ["words = ''", "words = repeat('x', 1001)"],
    "conversation_event_kind_check": ["kind = 'sung'"],
    "conversation_event_words_check": ["words = repeat('x', 2001)"],
    "conversation_identity_check": ["identity = ''", "identity = repeat('x', 321)"],
    "conversation_owned_check": ["person_id = NULL", "owner = 'bot'"],
    "conversation_owner_check": ["owner = 'nobody'"],
    "conversation_phone_check": ["phone = '11 90000-0142'"],
    "conversation_unread_check": ["unread = -1"],
    "delivery_state_check": ["state = 'lost'"],
    "early_status_name_check": ["provider_message_id = ''", "provider_message_id = repeat('x', 401)"],
    "early_status_state_check": ["state = 'sending'"],
    "import_source_name_check": ["name = ''", "name = repeat('x', 61)"],
    "incoming_message_body_check": ["body = repeat('x', 8001)"],
    "incoming_message_kind_check": ["kind = 'smell'"],
    "incoming_message_outcome_check": ["outcome = 'perhaps'"],
    "media_for_sync_check": ["sealed_for_sync = NULL", "sync_key_id = NULL"],
    "media_key_size_check": ["public_key = 'x'"],
    "media_kind_check": ["kind = 'smell'"],
    "media_size_check": ["size = -1", "size = 16000001", "seconds = -1"],
    "message_channel_fits_check": ["kind = 'sms'", "provider = 'smtp'"],
    "message_channel_kind_check": ["kind = 'pigeon'"],
    "message_channel_name_check": ["name = ''", "name = repeat('x', 61)"],
    "message_channel_paused_check": ["paused_at = now()", "paused_reason = 'x'"],
    "message_channel_price_check": ["price = -1", "price = 'NaN'"],
    "message_channel_provider_check": ["provider = 'pigeon'"],
    "message_channel_rate_check": ["per_minute = 0", "per_minute = 6001"],
    "message_channel_receives_check": ["receives = 'perhaps'"],
    "message_channel_settings_check": ["settings = '[]'"],
    "message_rule_channels_check": ["channels = '{}'", "channels = '{pigeon}'", "channels = '{{sms}}'"],
    "message_rule_event_check": ["event = 'eclipse'"],
    "message_rule_late_check": ["late_minutes = 0", "late_minutes = 43201"],
    "message_rule_offset_check": ["offset_minutes = -1", "offset_minutes = 525601"],
    "message_rule_recipient_check": ["recipient = 'neighbour'"],
    "message_template_body_check": ["body = ''", "body = repeat('x', 1025)"],
    "message_template_name_check": ["name = ''", "name = repeat('x', 61)"],
    "message_template_purpose_check": ["purpose = 'gossip'"],
    "message_template_subject_check": ["subject = repeat('x', 151)"],
    "messaging_policy_address_check": ["public_address = 'ftp://x'", "public_address = 'https://a b'"],
    "messaging_policy_grace_check": ["grace_minutes = -1", "grace_minutes = 61"],
    "messaging_policy_media_check": ["media_days = 0", "media_days = 91"],
    "messaging_policy_offer_check": ["offer_minutes = 4", "offer_minutes = 1441"],
    "messaging_policy_quiet_check": ["quiet_from = '24:00'", "quiet_to = '24:00'"],
    "outgoing_message_attempts_check": ["attempts = -1"],
    "outgoing_message_body_check": ["body = repeat('x', 4097)"],
    "outgoing_message_expiry_check": ["expires_at = planned_for"],
    "outgoing_message_kind_check": ["kind = 'song'"],
    "outgoing_message_price_check": ["price = -1", "price = 'NaN'"],
    "outgoing_message_reason_check": ["reason = ''", "state = 'failed', reason = ''", "state = 'unknown', reason = ''"],
    "outgoing_message_state_check": ["state = 'lost'"],
    "outgoing_message_towards_check": ["kind = 'person', conversation_id = NULL", "kind = 'test'", "patient_id = NULL"],
    "question_about_check": ["appointment_id = NULL", "kind = 'offer', offer_id = NULL"],
    "question_allowed_check": ["allowed = '{}'"],
    "question_closed_check": ["closed_at = now()", "answer = 'confirm'"],
    "question_kind_check": ["kind = 'riddle'"],
    "quick_reply_body_check": ["body = ''", "body = repeat('x', 1025)"],
    "quick_reply_shortcut_check": ["shortcut = ''", "shortcut = 'Olá'"],
    "sync_key_size_check": ["public_key = 'x'"],
    "waiting_offer_accepted_check": ["appointment_id = NULL", "state = 'offered'"],
    "waiting_offer_order_check": ["ends_at = starts_at"],
    "waiting_offer_state_check": ["state = 'lost'"],
    "webhook_receipt_size_check": ["body = convert_to(repeat('x', 3145729), 'UTF8')"],
}

# Where a row of one clinic may not point to, though the thing is there: it is the other clinic's.
ELSEWHERE = {
    "room_id": ("rooms", "room b"),
    "equipment_id": ("machines", "laser b"),
    "professional_id": ("professionals", "davi"),
    "service_id": ("services", "visit b"),
    "category_id": ("categories", "jacaranda"),
}


def _all(*kinds: type) -> dict[str, tuple[Table, Any]]:
    """The constraints of some kinds by the name they have in the database."""
    prepare = dialect().identifier_preparer.format_constraint
    return {
        str(prepare(one)).strip('"'): (table, one)
        for table in metadata.tables.values()
        for one in table.constraints
        if isinstance(one, kinds)
    }


CHECKS = {name: table for name, (table, _one) in _all(CheckConstraint).items()}
FOREIGN_KEYS = _all(ForeignKeyConstraint)
UNIQUE = {name: table for name, (table, _one) in _all(PrimaryKeyConstraint, UniqueConstraint).items()}


@pytest.fixture
def filled(rolled_back: Office) -> psycopg.Connection[Any]:
    connection = rolled_back.admin()
    fill(rolled_back, connection)
    return connection


def _alone(connection: psycopg.Connection[Any], table: str, keep: str, kinds: str = "cfx") -> None:
    """Leave one constraint of a table in force, so that it is this one that answers."""
    connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    others = connection.execute(
        "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = ANY (%s) AND conname <> %s",
        [f"clinicdesk.{table}", list(kinds), keep],
    ).fetchall()
    name = sql.Identifier("clinicdesk", table)
    connection.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(name))
    for (other,) in others:
        statement = sql.SQL("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {} CASCADE")
        connection.execute(statement.format(name, sql.Identifier(other)))


def test_every_check_of_the_code_is_broken_here() -> None:
    assert sorted(BROKEN) == sorted(CHECKS)


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_a_check_refuses(name: str, filled: psycopg.Connection[Any]) -> None:
    table = CHECKS[name].name
    _alone(filled, table, name)
    for change in BROKEN[name]:
        error = refusal(filled, f"UPDATE clinicdesk.{table} SET {change}")
        assert isinstance(error, errors.CheckViolation), (change, error)
        assert error.diag.constraint_name == name


@pytest.mark.parametrize("name", sorted(FOREIGN_KEYS))
def test_a_foreign_key_refuses(name: str, filled: psycopg.Connection[Any], rolled_back: Office) -> None:
    table, constraint = FOREIGN_KEYS[name]
    column = list(constraint.columns)[-1].name
    itself = any(key.column.table is table for key in constraint.elements)
    _alone(filled, table.name, name, kinds="cfx" if itself else "cfxpu")
    wrong: object = uuid4()
    where = "clinic_id = %(ipe)s" if "clinic_id" in table.c else "true"
    if len(constraint.columns) > 1 and column in ELSEWHERE:
        kind, thing = ELSEWHERE[column]
        wrong = getattr(rolled_back.sample, kind)[thing]
    filled.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(errors.ForeignKeyViolation) as caught, filled.transaction():
        filled.execute(
            f"UPDATE clinicdesk.{table.name} SET {column} = %(wrong)s WHERE {where}".encode(),
            {"wrong": wrong, "ipe": rolled_back.sample.clinics["ipe"]},
        )
    assert caught.value.diag.constraint_name == name


@pytest.mark.parametrize("name", sorted(UNIQUE))
def test_a_key_refuses_a_second_row(name: str, filled: psycopg.Connection[Any]) -> None:
    table = UNIQUE[name].name
    _alone(filled, table, name, kinds="cfxpu")
    error = refusal(filled, f"INSERT INTO clinicdesk.{table} OVERRIDING SYSTEM VALUE SELECT * FROM clinicdesk.{table}")
    assert isinstance(error, errors.UniqueViolation)
    assert error.diag.constraint_name == name


def test_a_cpf_belongs_to_one_patient(filled: psycopg.Connection[Any]) -> None:
    error = refusal(
        filled,
        "UPDATE clinicdesk.patient SET cpf_ciphertext = '\\x09', cpf_key_version = 1, cpf_index = '\\x04'"
        " WHERE cpf_index IS NULL",
    )
    assert error.diag.constraint_name == "patient_cpf_index"


@pytest.mark.parametrize("changes", [{}, {"room_id": None}, {"patient_id": "bento", "room_id": "room 2"}])
def test_the_exclusion_refuses_a_second_visit(changes: dict[str, Any], rolled_back: Office) -> None:
    connection, sample = rolled_back.admin(), rolled_back.sample
    rolled_back.book_row(connection)
    named = {"patient_id": sample.patients, "room_id": sample.rooms}
    row = {key: named[key][one] if one else None for key, one in changes.items()}
    with pytest.raises(errors.ExclusionViolation) as caught, connection.transaction():
        rolled_back.book_row(connection, starts_at=at(9, 29), ends_at=at(10), **row)
    assert caught.value.diag.constraint_name == "resource_hold_no_overlap"


def test_touching_visits_are_no_overlap(rolled_back: Office) -> None:
    connection = rolled_back.admin()
    rolled_back.book_row(connection)
    rolled_back.book_row(connection, starts_at=at(9, 30), ends_at=at(10))
    rolled_back.book_row(connection, starts_at=at(8, 30), ends_at=at(9))
