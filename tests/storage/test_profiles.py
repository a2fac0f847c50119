"""What a profile takes away is refused by the database, by name, through every door: rows and functions."""

from typing import Any
from uuid import uuid4

import psycopg
import pytest

from clinicdesk.domain.staff import CAPABILITIES, Capability, Role
from clinicdesk.errors import NotAllowed
from clinicdesk.storage.conflicts import as_clinic_error
from tests.office import Office, at, put, refusal, value
from tests.storage.rows import fill
from tests.storage.test_isolation import WRITES

# Table and verb, the capability that is asked for, and a statement of somebody whose role includes it.
_ADDED = {
    "appointment": "INSERT INTO clinicdesk.appointment (id, clinic_id, patient_id, professional_id, room_id,"
    " service_id, starts_at, ends_at) VALUES (%(new)s, %(ipe)s, %(ana)s, %(helena)s, %(room)s, %(visit)s,"
    " '2035-03-06 20:00Z', '2035-03-06 20:30Z')",
    "custom_field": "INSERT INTO clinicdesk.custom_field (id, entity, name) VALUES (%(new)s, 'patient', 'x')",
    "import_line": "INSERT INTO clinicdesk.import_line (import_id, line, outcome)"
    " SELECT id, 9, 'taken' FROM clinicdesk.import_batch",
    "patient": "INSERT INTO clinicdesk.patient (id, full_name) VALUES (%(new)s, 'X')",
    "patient_distinct": "INSERT INTO clinicdesk.patient_distinct (first_id, second_id) VALUES (%(ana)s, %(new)s)",
    "patient_tag": "INSERT INTO clinicdesk.patient_tag (patient_id, tag_id) VALUES (%(ana)s, %(new)s)",
    "professional": "INSERT INTO clinicdesk.professional (id, name) VALUES (%(new)s, 'x')",
}
_ADDED |= {
    "messaging_policy": "INSERT INTO clinicdesk.messaging_policy (clinic_id) VALUES (%(ipe)s)",
    "message_channel": "INSERT INTO clinicdesk.message_channel (id, clinic_id, kind, provider, name)"
    " VALUES (%(new)s, %(ipe)s, 'sms', 'twilio', 'SMS')",
    "channel_secret": "INSERT INTO clinicdesk.channel_secret (channel_id, name, clinic_id, sync_key_id, sealed)"
    " VALUES (%(new)s, 'token', %(ipe)s, %(new)s, 'x')",
    "message_template": "INSERT INTO clinicdesk.message_template (id, clinic_id, name, body)"
    " VALUES (%(new)s, %(ipe)s, 'x', 'x')",
    "message_rule": "INSERT INTO clinicdesk.message_rule (id, clinic_id, event, template_id)"
    " VALUES (%(new)s, %(ipe)s, 'booked', %(new)s)",
    "import_source": "INSERT INTO clinicdesk.import_source (id, clinic_id, name) VALUES (%(new)s, %(ipe)s, 'x')",
    "consent": "INSERT INTO clinicdesk.consent (id, patient_id, purpose, channel, words)"
    " VALUES (%(new)s, %(ana)s, 'care', 'sms', 'x')",
    "outgoing_message": "INSERT INTO clinicdesk.outgoing_message (id, clinic_id, kind, patient_id, appointment_id,"
    " expires_at) SELECT %(new)s, %(ipe)s, 'check_in', patient_id, id, '2100-01-01' FROM clinicdesk.appointment"
    " LIMIT 1",
    "conversation": "INSERT INTO clinicdesk.conversation (id, clinic_id, channel_id, identity)"
    " SELECT %(new)s, %(ipe)s, id, 'x' FROM clinicdesk.message_channel",
    "conversation_event": "INSERT INTO clinicdesk.conversation_event (id, clinic_id, conversation_id, kind)"
    " SELECT %(new)s, %(ipe)s, id, 'note' FROM clinicdesk.conversation",
    "waiting_offer": "INSERT INTO clinicdesk.waiting_offer (id, clinic_id, entry_id, professional_id, starts_at,"
    " ends_at, expires_at) SELECT %(new)s, %(ipe)s, id, %(helena)s, '2035-03-06 20:00Z', '2035-03-06 20:30Z',"
    " '2035-03-01' FROM clinicdesk.waiting_entry",
}
_CHANGED = {
    "messaging_policy": "grace_minutes",
    "message_channel": "name",
    "channel_secret": "sync_key_id",
    "message_template": "body",
    "message_rule": "asks",
    "import_source": "watermark",
    "consent": "revoked_at",
    "conversation": "closed_at",
    "waiting_offer": "state",
    "appointment": "note",
    "clinic": "phone",
    "custom_field": "name",
    "equipment": "name",
    "holiday": "name",
    "hours_exception": "label",
    "patient": "note",
    "professional": "bio",
    "recall": "reason",
    "room": "name",
    "scheduling_policy": "min_advance_hours",
    "service": "name",
    "service_category": "name",
    "service_image": "position",
    "service_promotion": "name",
    "tag": "name",
    "time_block": "reason",
    "waiting_entry": "note",
    "working_hours": "weekday",
}
_ASKED = {
    "book": {"appointment": "INSERT"},
    "change_visits": {"appointment": "UPDATE"},
    "block_time": {"time_block": "INSERT UPDATE"},
    "write_patients": {"patient": "INSERT UPDATE", "patient_tag": "INSERT DELETE", "tag": "UPDATE DELETE"},
    "merge_patients": {"patient_distinct": "INSERT DELETE"},
    "import": {"import_batch": "INSERT", "import_line": "INSERT"},
    "keep_waiting_list": {"waiting_entry": "INSERT UPDATE"},
    "keep_recalls": {"recall": "INSERT UPDATE", "recall_attempt": "INSERT DELETE"},
    "change_settings": {
        "clinic": "UPDATE",
        "custom_field": "INSERT UPDATE",
        "equipment": "INSERT UPDATE",
        "holiday": "INSERT UPDATE DELETE",
        "hours_exception": "INSERT UPDATE DELETE",
        "professional": "INSERT UPDATE",
        "professional_clinic": "INSERT DELETE",
        "resource": "INSERT",
        "room": "INSERT UPDATE",
        "scheduling_policy": "INSERT UPDATE",
        "service": "INSERT UPDATE",
        "service_category": "INSERT UPDATE DELETE",
        "service_equipment": "INSERT DELETE",
        "service_image": "INSERT UPDATE DELETE",
        "service_professional": "INSERT DELETE",
        "service_promotion": "INSERT UPDATE DELETE",
        "service_room": "INSERT DELETE",
        "working_hours": "INSERT UPDATE DELETE",
    },
    "read_audit": {"audit": "SELECT"},
    "send_messages": {
        "outgoing_message": "INSERT",
        "conversation": "INSERT UPDATE",
        "conversation_event": "INSERT",
    },
}
_ASKED["change_settings"] |= {
    "messaging_policy": "INSERT UPDATE",
    "message_channel": "INSERT UPDATE DELETE",
    "channel_secret": "INSERT UPDATE DELETE",
    "message_template": "INSERT UPDATE",
    "message_rule": "INSERT UPDATE DELETE",
}
_ASKED["import"] |= {"import_source": "INSERT UPDATE"}
_ASKED["write_patients"] |= {"consent": "INSERT UPDATE"}
_ASKED["keep_waiting_list"] |= {"waiting_offer": "INSERT UPDATE"}
NARROWED: dict[str, tuple[str, str, str]] = {
    f"{table}-{verb}": (table, verb, capability)
    for capability, tables in _ASKED.items()
    for table, verbs in tables.items()
    for verb in verbs.split()
}


def _statement(table: str, verb: str) -> str:
    if verb == "INSERT":
        return _ADDED[table] if table in _ADDED else WRITES[table]
    if verb == "UPDATE":
        return f"UPDATE clinicdesk.{table} SET {_CHANGED[table]} = {_CHANGED[table]}"
    return f"DELETE FROM clinicdesk.{table}" if verb == "DELETE" else f"SELECT count(*) FROM clinicdesk.{table}"


def _names(office: Office) -> dict[str, object]:
    sample = office.sample
    return {
        "new": uuid4(),
        "third": sample.clinics["ipe"],
        "ipe": sample.clinics["ipe"],
        "ana": sample.patients["ana"],
        "davi": sample.professionals["davi"],
        "helena": sample.professionals["helena"],
        "visit": sample.services["visit"],
        "laser": sample.machines["laser"],
        "room": sample.rooms["room 1"],
    }


def narrow(office: Office, login: str, *capabilities: str) -> None:
    """Give somebody a profile that takes these away, as the administrator."""
    admin, profile = office.admin(), uuid4()
    role = value(admin, "SELECT role FROM clinicdesk.person WHERE login = %s", [login])
    put(admin, "profile", id=profile, name=str(profile), role=role, denied=list(capabilities))
    admin.execute("UPDATE clinicdesk.person SET profile_id = %s WHERE login = %s", [profile, login])


def _refused(office: Office, login: str, statement: str, parameters: Any = ()) -> str:
    error = refusal(office.connect(login), statement, parameters)
    assert isinstance(error, psycopg.errors.InsufficientPrivilege), error
    return error.diag.message_detail or ""


@pytest.mark.parametrize("name", sorted(NARROWED))
def test_a_profile_takes_it_away(name: str, office: Office) -> None:
    table, verb, capability = NARROWED[name]
    fill(office, office.admin())
    role = Role.MANAGER if Capability(capability) not in CAPABILITIES[Role.RECEPTION] else Role.RECEPTION
    login = "otavio" if role is Role.MANAGER else "renata"
    names = _names(office)
    if verb == "INSERT" and table in ("room", "equipment", "professional"):
        clinic_id = None if table == "professional" else names["ipe"]
        put(office.admin(), "resource", id=names["new"], kind=table, clinic_id=clinic_id)
    narrow(office, login, capability)
    assert _refused(office, login, _statement(table, verb), names) == f"profile.{capability}"
    # And it is this one alone: everything else taken away leaves it.
    others = [one.value for one in CAPABILITIES[role] if one != capability]
    narrow(office, login, *others)
    connection = office.connect(login)
    connection.autocommit = False
    try:
        connection.execute(_statement(table, verb).encode(), names)
    except psycopg.Error as error:
        assert not (error.diag.message_detail or "").startswith("profile."), error
    connection.rollback()


@pytest.mark.parametrize(
    ("login", "capability", "statement"),
    [
        ("renata", "merge_patients", "SELECT clinicdesk.merge_patients(NULL, NULL, 1, NULL, 1, '{}')"),
        ("renata", "merge_patients", "SELECT clinicdesk.undo_merge(gen_random_uuid())"),
        ("renata", "import", "SELECT clinicdesk.undo_patient_import(gen_random_uuid())"),
        ("otavio", "export_patients", "SELECT clinicdesk.record_export('register', 1)"),
    ],
    ids=["merge_patients", "undo_merge", "undo_patient_import", "record_export"],
)
def test_a_function_asks_the_profile(login: str, capability: str, statement: str, office: Office) -> None:
    narrow(office, login, capability)
    assert _refused(office, login, statement) == f"profile.{capability}"


def test_who_may_neither_book_nor_move_holds_no_time(office: Office) -> None:
    hold = (
        "SELECT clinicdesk.hold_slot(%s, %s, %s, NULL, NULL, '2035-03-06 20:00Z', '2035-03-06 20:30Z', 0::smallint,"
        " 0::smallint, 5, 'desk', '')"
    )
    asked = [uuid4(), office.sample.clinics["ipe"], office.sample.professionals["helena"]]
    narrow(office, "renata", "book", "change_visits")
    assert _refused(office, "renata", hold, asked) == "profile.book"
    for alone in ("book", "change_visits"):
        narrow(office, "renata", alone)
        office.connect("renata").execute(hold.encode(), asked)


@pytest.mark.parametrize("way", ["booked", "moved"])
def test_nobody_overbooks_without_it_however_it_is_written(way: str, office: Office) -> None:
    office.book_row(office.admin())
    narrow(office, "renata", "overbook")
    renata, room = office.connect("renata"), office.sample.rooms["room 2"]
    if way == "booked":
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            office.book_row(renata, room_id=room, overbooking_reason="urgência")
        return
    visit = office.book_row(renata, room_id=room, starts_at=at(11), ends_at=at(11, 30))
    statement = "UPDATE clinicdesk.appointment SET starts_at = %s, ends_at = %s, overbooking_reason = 'x' WHERE id = %s"
    assert _refused(office, "renata", statement, [at(9), at(9, 30), visit]) == "profile.overbook"
    renata.execute("UPDATE clinicdesk.appointment SET note = 'chega mais tarde' WHERE id = %s", [visit])


def test_who_overbooked_before_still_changes_the_visit(office: Office) -> None:
    """What the profile takes away is making one; those that stand are visits like any other."""
    office.book_row(office.admin())
    room = office.sample.rooms["room 2"]
    visit = office.book_row(office.connect("renata"), room_id=room, overbooking_reason="urgência")
    narrow(office, "renata", "overbook")
    office.connect("renata").execute("UPDATE clinicdesk.appointment SET status = 'confirmed' WHERE id = %s", [visit])


def test_booking_answers_a_recall_without_the_right_to_keep_recalls(office: Office) -> None:
    admin, sample = office.admin(), office.sample
    recall = {"clinic_id": sample.clinics["ipe"], "patient_id": sample.patients["ana"]}
    put(admin, "recall", id=uuid4(), due_month="2035-03-01", service_id=sample.services["visit"], **recall)
    narrow(office, "renata", "keep_recalls")
    office.book_row(office.connect("renata"))
    assert value(admin, "SELECT state FROM clinicdesk.recall") == "booked"


def test_a_refusal_by_profile_comes_out_with_its_reason(office: Office) -> None:
    narrow(office, "renata", "write_patients")
    error = refusal(
        office.connect("renata"), "INSERT INTO clinicdesk.patient (id, full_name) VALUES (%s, 'X')", [uuid4()]
    )
    assert as_clinic_error(error) == NotAllowed("profile.write_patients")


def test_a_wider_role_without_a_profile_is_denied_nothing(rolled_back: Office) -> None:
    for login in ("claudia", "otavio", "renata"):
        connection = rolled_back.connect(login)
        assert all(value(connection, "SELECT clinicdesk.may(%s)", [one.value]) for one in Capability)


def test_the_profile_words_are_the_domains(rolled_back: Office) -> None:
    check = value(
        rolled_back.admin(),
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'profile_denied_check'",
    )
    assert all(one.value in check for one in Capability)
    assert set(_ASKED) | {"overbook", "export_patients"} == {one.value for one in Capability}
