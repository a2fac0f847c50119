"""What the database refuses, as facts a person can act upon.

Constraint and error codes are the vocabulary; the text of a PostgreSQL error is never passed on, for it quotes values.
"""

from collections.abc import Callable

import psycopg
from psycopg import errors

from clinicdesk.domain.patients import NOBODY
from clinicdesk.errors import (
    AnotherSpeaks,
    ClinicError,
    ClinicUnreachable,
    ConsentOver,
    DiskFull,
    InvalidField,
    LastOwner,
    MergeRefused,
    MessageMoved,
    NotAllowed,
    NotFound,
    NotOffered,
    OfferOver,
    OfferRefused,
    OutsidePolicy,
    PatientAlreadyRegistered,
    ServerBusy,
    SlotClosed,
    SlotTaken,
    StatusRefused,
)

_BY_CONSTRAINT: dict[str, Callable[[], ClinicError]] = {
    "resource_hold_no_overlap": lambda: SlotTaken(resource_kind="professional"),
    "appointment_order_check": lambda: InvalidField("ends_at", "before_start"),
    "appointment_patient_id_fkey": lambda: NotFound("patient"),
    "appointment_clinic_id_professional_id_fkey": lambda: NotOffered("professional"),
    "appointment_clinic_id_room_id_fkey": lambda: NotOffered("room"),
    "appointment_clinic_id_equipment_id_fkey": lambda: NotOffered("equipment"),
    "appointment_clinic_id_service_id_fkey": lambda: NotOffered("service"),
    "time_block_resource": lambda: NotOffered("resource"),
    "waiting_entry_days_check": lambda: InvalidField("last_day", "out_of_range", "1800-2199"),
    "waiting_entry_patient_id_fkey": lambda: NotFound("patient"),
    "waiting_entry_clinic_id_professional_id_fkey": lambda: NotOffered("professional"),
    "waiting_entry_clinic_id_service_id_fkey": lambda: NotOffered("service"),
    "waiting_offer_standing_index": lambda: OfferRefused("offered_already"),
    "webhook_receipt_clinic_id_channel_id_fkey": lambda: NotFound("channel"),
    "slot_hold_resource": lambda: NotOffered("resource"),
    "slot_hold_order": lambda: InvalidField("ends_at", "before_start"),
    "appointment_cancelled_check": lambda: InvalidField("cancelled_by", "missing"),
    "patient_cpf_index": lambda: PatientAlreadyRegistered(patient_id=NOBODY, name=""),
    "patient_full_name_check": lambda: InvalidField("full_name", "too_long", "200"),
    "patient_social_name_check": lambda: InvalidField("social_name", "too_long", "200"),
    "patient_days_check": lambda: InvalidField("priority_until", "out_of_range", "1800-2199"),
    "patient_phone_check": lambda: InvalidField("phone", "not_a_phone"),
    "holiday_clinic_id_day_key": lambda: InvalidField("day", "taken_day"),
    "person_login_key": lambda: InvalidField("login", "taken"),
    "person_login_check": lambda: InvalidField("login", "letters_only"),
    "custom_field_entity_name_key": lambda: InvalidField("name", "taken"),
    "profile_name_key": lambda: InvalidField("name", "taken"),
    "person_role_profile_id_fkey": lambda: NotFound("profile"),
    "tag_name_key": lambda: InvalidField("name", "taken"),
    "quick_reply_clinic_id_shortcut_key": lambda: InvalidField("shortcut", "taken"),
    "segment_name_key": lambda: InvalidField("name", "taken"),
    "patient_tag_tag_id_fkey": lambda: NotFound("tag"),
    "patient_tag_patient_id_fkey": lambda: NotFound("patient"),
    "patient_referred_by_fkey": lambda: NotFound("patient"),
    "message_channel_clinic_id_name_key": lambda: InvalidField("name", "taken"),
    "message_template_clinic_id_name_key": lambda: InvalidField("name", "taken"),
    "message_rule_clinic_id_template_id_fkey": lambda: InvalidField("template_id", "missing"),
    "message_channel_name_check": lambda: InvalidField("name", "too_long", "60"),
    "consent_patient_id_fkey": lambda: NotFound("patient"),
    "patient_not_itself_check": lambda: InvalidField("referred_by", "itself"),
}

_BY_CONSTRAINT |= {
    f"{table}_name_check": lambda: InvalidField("name", "missing")
    for table in ("clinic", "person", "profile", "professional", "room", "equipment", "service_category", "service")
}

# A visit that is not there any more, or of another clinic.
_BY_CONSTRAINT |= {
    f"{table}_clinic_id_appointment_id_fkey": lambda: NotFound("appointment")
    for table in ("pinned_card", "check_in_pass", "patient_call", "waiting_entry", "recall")
}

_BY_CODE: dict[str, Callable[[str], ClinicError]] = {
    "CD001": lambda detail: StatusRefused(*detail.split(">")),
    "CD002": lambda detail: OutsidePolicy("max_daily_overbookings", int(detail)),
    "CD003": lambda _detail: LastOwner(),
    "CD004": lambda _detail: NotFound("row"),
    "CD007": lambda kind: SlotClosed(kind),
    "CD020": lambda detail: MergeRefused(detail),
    "CD032": lambda _detail: ConsentOver(),
    "CD033": lambda detail: OfferOver(detail),
    "CD030": lambda detail: MessageMoved(*detail.split(">")),
    "CD031": lambda _detail: AnotherSpeaks(),
    "CD008": lambda detail: SlotTaken(detail.split(">")[0], elsewhere=detail.endswith(">elsewhere")),
}

_BUSY = (errors.LockNotAvailable, errors.QueryCanceled, errors.DeadlockDetected, errors.SerializationFailure)
_UNWRITABLE = (errors.UntranslatableCharacter, errors.CharacterNotInRepertoire)
_FULL = (errors.DiskFull, errors.ReadOnlySqlTransaction)


def as_clinic_error(error: BaseException | None) -> Exception:
    """The fact behind a psycopg error. An error that is none of the known ones comes back as it is: it is a bug."""
    if not isinstance(error, psycopg.Error):
        return error if isinstance(error, Exception) else RuntimeError("no cause")
    constraint = error.diag.constraint_name
    if constraint in _BY_CONSTRAINT:
        return _BY_CONSTRAINT[constraint]()
    if error.sqlstate in _BY_CODE:
        return _BY_CODE[error.sqlstate](error.diag.message_detail or "")
    if isinstance(error, errors.InsufficientPrivilege):
        # What our own functions say stands in the detail, and is a word of the program.
        return NotAllowed(error.diag.message_detail or "")
    # A login that another database's people have already, as one long name can be made of two pairs of shorter ones.
    if isinstance(error, errors.DuplicateObject):
        return InvalidField("login", "taken")
    if isinstance(error, _UNWRITABLE) or _stopped_at_a_nul(error):
        return InvalidField("note", "control_characters")
    if isinstance(error, _BUSY):
        return ServerBusy()
    if isinstance(error, _FULL):
        return DiskFull()
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        return ClinicUnreachable()
    return error


def _stopped_at_a_nul(error: psycopg.Error) -> bool:
    """The driver refuses a NUL before the server sees it: there is no SQLSTATE, so its words decide."""
    return isinstance(error, psycopg.DataError) and error.sqlstate is None and "NUL" in str(error)
