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

MATRIX: dict[str, Cell] = {
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
            "s": "id full_name social_name search_text sort_name phone email birth_date guardian_id vip merged_into"
            " version",
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
