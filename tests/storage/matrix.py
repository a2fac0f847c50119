"""Who may do what to which table: the whole of it, written down by hand so that a slip in a GRANT is seen.

Roles by their letters: o owner, m manager, r reception, p professional, s sync. `*` stands for every column.
"""

from dataclasses import dataclass, field

ROLES = {"o": "claudia", "m": "otavio", "r": "renata", "p": "helena", "s": "sync"}
DESK = "omrp"
ALL = "omrps"


@dataclass(frozen=True)
class Cell:
    """One table. `read`, `add` and `change` give columns for each set of roles; `remove` the roles that may DELETE."""

    read: dict[str, str] = field(default_factory=dict)
    add: dict[str, str] = field(default_factory=dict)
    change: dict[str, str] = field(default_factory=dict)
    remove: str = ""


_APPOINTMENT = (
    "professional_id room_id equipment_id service_id starts_at ends_at buffer_before buffer_after status "
    "status_channel overbooking_reason price note guardian_id visit_id series_id series_day "
)
_PATIENT = (
    "full_name social_name phone email birth_date cpf_ciphertext cpf_index cpf_key_version guardian_id "
    "guardian_kinship address source vip note referred_by priority priority_until custom "
)
_MADE_BY_MANAGERS = Cell({ALL: "*"}, {"om": "*"}, {"om": "*"})
_CHOSEN_BY_MANAGERS = Cell({ALL: "*"}, {"om": "*"}, {}, "om")
_WISH = "service_id professional_id weekdays from_time to_time first_day last_day urgency note "
_VIEW = "position name settings"
_HOURS = Cell({ALL: "*"}, {"om": "*"}, {"om": "*"}, "om")

_RULE = (
    "event offset_minutes template_id asks channels recipient service_ids professional_ids excluded_service_ids "
    "late_minutes active "
)
_TEMPLATE = "name purpose subject body provider_name provider_language provider_variables active "
_POLICY = "active quiet_from quiet_to on_sundays grace_minutes offer_minutes media_days public_address "
_CHANNEL = "name address settings position active receives per_minute price "
_MESSAGE = "id clinic_id kind template_id patient_id appointment_id conversation_id offer_id media_id channel_id "
_SPOKEN = "recipient subject body quoted_id planned_for expires_at "
_MEDIA = "id clinic_id conversation_id kind mime file_name size seconds key_version sealed expires_at "
_OFFER = "id clinic_id entry_id professional_id room_id equipment_id starts_at ends_at freed_by expires_at"

# What crosses the internet.
MESSAGES: dict[str, Cell] = {
    "channel_secret": Cell(
        {"om": "channel_id name clinic_id sync_key_id set_at", "s": "*"},
        {"om": "channel_id name clinic_id sync_key_id sealed"},
        {"om": "sync_key_id sealed set_at"},
        "om",
    ),
    "consent": Cell(
        {ALL: "*"}, {ALL: "id patient_id purpose channel words source proof"}, {ALL: "revoked_at revoked_source"}
    ),
    "conversation": Cell(
        {"omrs": "*"},
        {
            "omr": "id clinic_id channel_id identity phone display_name patient_id owner person_id",
            "s": "id clinic_id channel_id identity phone display_name patient_id window_until",
        },
        {
            "omr": "patient_id owner person_id unread closed_at",
            "s": "identity phone display_name patient_id owner person_id window_until unread last_at last_words"
            " opted_out_at closed_at",
        },
    ),
    "conversation_event": Cell(
        {"omrs": "*"}, {"omrs": "id clinic_id conversation_id kind person_id appointment_id words"}
    ),
    "delivery": Cell(
        {"omrs": "*"},
        {"s": "id clinic_id message_id channel_id recipient"},
        {"s": "provider_message_id state verdict fault detail ended_at delivered_at read_at"},
    ),
    "early_status": Cell(
        {"s": "*"}, {"s": "channel_id provider_message_id state clinic_id identity code detail at"}, {}, "s"
    ),
    "import_source": Cell({"omrs": "*"}, {"omr": "id clinic_id name watermark"}, {"omr": "watermark last_run_at"}),
    "incoming_message": Cell(
        {"omrs": "*"},
        {
            "s": "id clinic_id channel_id conversation_id provider_message_id kind body payload quoted_id media_id"
            " sent_at outcome question_id"
        },
        {
            "omr": "outcome question_id handled_by handled_at",
            "s": "body kind media_id outcome question_id choices proposal handled_at",
        },
    ),
    "media": Cell(
        {"omrs": "*"},
        {"omr": _MEDIA + "sealed_for_sync sync_key_id", "s": _MEDIA + "fetch_from fault"},
        {"omr": "kept_at", "s": "mime file_name size seconds key_version sealed sealed_for_sync sync_key_id fault"},
    ),
    "media_key": Cell({ALL: "*"}, {DESK: "clinic_id key_version public_key"}),
    "message_channel": Cell(
        {ALL: "*"},
        {"om": _CHANNEL + "id clinic_id kind provider"},
        {"om": _CHANNEL + "paused_at paused_reason", "rs": "paused_at paused_reason"},
        "om",
    ),
    "message_rule": Cell({ALL: "*"}, {"om": _RULE + "id clinic_id"}, {"om": _RULE}, "om"),
    "message_template": Cell({ALL: "*"}, {"om": _TEMPLATE + "id clinic_id"}, {"om": _TEMPLATE}),
    "messaging_policy": Cell({ALL: "*"}, {"om": _POLICY + "clinic_id"}, {"om": _POLICY}),
    "outgoing_message": Cell(
        {"omrs": "*"},
        {
            "omr": _MESSAGE + _SPOKEN + "person_id",
            "s": _MESSAGE + _SPOKEN + "rule_id question_id visit_at state reason",
        },
        {
            "s": "conversation_id question_id channel_id recipient subject body planned_for state reason detail"
            " attempts price"
        },
    ),
    "question": Cell(
        {"omrs": "*"},
        {"s": "id clinic_id kind patient_id appointment_id appointment_version offer_id allowed expires_at"},
        {
            "omr": "answer closed_at closed_reason",
            "s": "appointment_version asked_at expires_at answer closed_at closed_reason",
        },
    ),
    "quick_reply": Cell(
        {"omrs": "*"}, {"omr": "id clinic_id shortcut body position"}, {"omr": "shortcut body position"}, "omr"
    ),
    "sync_key": Cell({ALL: "*"}, {"s": "id public_key host"}, {"s": "retired_at"}),
    "sync_process": Cell({ALL: "*"}, {"s": "id host release status"}, {"s": "seen_at stopped_at status"}, "s"),
    "waiting_offer": Cell({ALL: "*"}, {"omrs": _OFFER}, {"omrs": "state appointment_id"}),
    "webhook_receipt": Cell(
        {"s": "*", "omr": "id clinic_id channel_id received_at read_at fault"},
        {"s": "id clinic_id channel_id digest body content_type"},
        {"s": "read_at fault"},
        "s",
    ),
}

MATRIX: dict[str, Cell] = MESSAGES | {
    "alembic_version": Cell({ALL: "*"}),
    "appointment": Cell(
        {ALL: "*"},
        {ALL: _APPOINTMENT + "id clinic_id patient_id source_uid import_id"},
        {ALL: _APPOINTMENT + "reschedule_count cancelled_by cancel_reason"},
    ),
    "appointment_version": Cell({ALL: "*"}),
    "audit": Cell({"om": "*"}),
    "check_in_pass": Cell({ALL: "*"}, {ALL: "appointment_id clinic_id"}),
    "clinic": Cell(
        {ALL: "*"}, {}, {"om": "name slug cnpj zone state city address phone email logo business_template position"}
    ),
    "custom_field": _MADE_BY_MANAGERS,
    "data_key": Cell({DESK: "*"}),
    "desk": Cell({"om": "*"}, {}, {"o": "name"}),
    "desk_request": Cell(),
    "desk_session": Cell({"om": "*"}),
    "equipment": _MADE_BY_MANAGERS,
    "holiday": _HOURS,
    "hours_exception": _HOURS,
    "import_batch": Cell({"omr": "*"}, {"omr": "id clinic_id kind file_name"}),
    "import_line": Cell({"omr": "*"}, {"omr": "*"}),
    "operation": Cell({ALL: "*"}, {ALL: "id kind row_id"}),
    "organisation": Cell({ALL: "*"}, {}, {"o": "name"}),
    "patient": Cell(
        {
            DESK: "*",
            "s": "id full_name social_name search_text sort_name phone email birth_date guardian_id vip priority"
            " priority_until merged_into version",
        },
        {DESK: _PATIENT + "id import_id", "s": "id full_name phone source"},
        {DESK: _PATIENT},
    ),
    "patient_alert": Cell({ALL: "*"}, {"p": "id patient_id severity text"}, {"p": "active"}),
    "patient_call": Cell({ALL: "*"}, {DESK: "id clinic_id appointment_id place"}),
    "patient_distinct": Cell({"omr": "*"}, {"omr": "*"}, {}, "omr"),
    "patient_merge": Cell({"omr": "*"}),
    "patient_metrics": Cell({ALL: "*"}),
    "patient_tag": Cell({ALL: "*"}, {DESK: "*"}, {}, DESK),
    "person": Cell({ALL: "*"}, {}, {"o": "name hue"}),
    "person_clinic": Cell({ALL: "*"}),
    "pinned_card": Cell({DESK: "*"}, {DESK: "clinic_id person_id appointment_id"}, {}, DESK),
    "professional": _MADE_BY_MANAGERS,
    "professional_clinic": _CHOSEN_BY_MANAGERS,
    "profile": Cell({ALL: "*"}, {"o": "id name role denied"}, {"o": "name denied"}, "o"),
    "recall": Cell(
        {ALL: "*"},
        {ALL: "id clinic_id patient_id service_id professional_id due_month reason"},
        {ALL: "service_id professional_id due_month reason state appointment_id"},
    ),
    "recall_attempt": Cell({ALL: "*"}, {ALL: "id clinic_id recall_id channel outcome note"}, {}, DESK),
    "refused_sign_in": Cell({"om": "*"}),
    "resource": Cell({ALL: "*"}, {"om": "*"}),
    "resource_hold": Cell({ALL: "*"}),
    "room": _MADE_BY_MANAGERS,
    "saved_view": Cell({DESK: "*"}, {DESK: "id clinic_id person_id " + _VIEW}, {DESK: _VIEW}, DESK),
    "scheduling_policy": _MADE_BY_MANAGERS,
    "schema_release": Cell({ALL: "*"}),
    "segment": Cell({DESK: "*"}, {"omr": "id name definition"}, {"omr": "name definition"}, "omr"),
    "series": Cell(
        {ALL: "*"}, {ALL: "id clinic_id rule first_day starts on_holiday"}, {ALL: "rule first_day starts on_holiday"}
    ),
    "service": _MADE_BY_MANAGERS,
    "service_category": Cell({ALL: "*"}, {"om": "*"}, {"om": "*"}, "om"),
    "service_equipment": _CHOSEN_BY_MANAGERS,
    "service_image": _HOURS,
    "service_professional": _CHOSEN_BY_MANAGERS,
    "service_promotion": _HOURS,
    "service_room": _CHOSEN_BY_MANAGERS,
    "slot_hold": Cell({ALL: "*"}),
    "tag": Cell({ALL: "*"}, {"omr": "id name hue"}, {"omr": "name hue"}, "omr"),
    "time_block": Cell(
        {ALL: "*"},
        {DESK: "id clinic_id resource_id starts_at ends_at kind reason"},
        {DESK: "starts_at ends_at reason active"},
    ),
    "waiting_entry": Cell({ALL: "*"}, {ALL: _WISH + "id clinic_id patient_id"}, {ALL: _WISH + "state appointment_id"}),
    "working_hours": _HOURS,
    "wrapped_key": Cell({DESK: "*"}),
}


def columns(cell: dict[str, str], role: str, every: set[str]) -> set[str]:
    """The columns a role has in one verb of a table."""
    written = next((names for roles, names in cell.items() if role in roles), "")
    return every if written == "*" else set(written.split())
