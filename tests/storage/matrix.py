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
    "status_channel overbooking_reason price note guardian_id "
)
_PATIENT = (
    "full_name social_name phone email birth_date cpf_ciphertext cpf_index cpf_key_version guardian_id "
    "guardian_kinship address source vip note "
)
_MADE_BY_MANAGERS = Cell({ALL: "*"}, {"om": "*"}, {"om": "*"})
_CHOSEN_BY_MANAGERS = Cell({ALL: "*"}, {"om": "*"}, {}, "om")
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
    "clinic": Cell({ALL: "*"}, {}, {"om": "name slug cnpj zone state city address phone email logo position"}),
    "data_key": Cell({DESK: "*"}),
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
    "person": Cell({ALL: "*"}, {}, {"o": "name hue"}),
    "person_clinic": Cell({ALL: "*"}),
    "professional": _MADE_BY_MANAGERS,
    "professional_clinic": _CHOSEN_BY_MANAGERS,
    "resource": Cell({ALL: "*"}, {"om": "*"}),
    "resource_hold": Cell({ALL: "*"}),
    "room": _MADE_BY_MANAGERS,
    "scheduling_policy": _MADE_BY_MANAGERS,
    "service": _MADE_BY_MANAGERS,
    "service_category": _MADE_BY_MANAGERS,
    "service_equipment": _CHOSEN_BY_MANAGERS,
    "service_professional": _CHOSEN_BY_MANAGERS,
    "service_room": _CHOSEN_BY_MANAGERS,
    "slot_hold": Cell({ALL: "*"}),
    "time_block": Cell(
        {ALL: "*"},
        {DESK: "id clinic_id resource_id starts_at ends_at kind reason"},
        {DESK: "starts_at ends_at reason active"},
    ),
    "working_hours": _HOURS,
    "wrapped_key": Cell({DESK: "*"}),
}


def columns(cell: dict[str, str], role: str, every: set[str]) -> set[str]:
    """The columns a role has in one verb of a table."""
    written = next((names for roles, names in cell.items() if role in roles), "")
    return every if written == "*" else set(written.split())
