"""Clinics of one organisation: each sees and writes its own rows, and a person in both is never in two places."""

from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors

from clinicdesk.domain.agenda import Slot
from clinicdesk.errors import SlotTaken
from clinicdesk.storage import agenda as rows
from tests.office import Office, at, put, refusal, value
from tests.storage.rows import fill

BY_CLINIC = [
    "import_source",
    "waiting_offer",
    "webhook_receipt",
    "incoming_message",
    "delivery",
    "outgoing_message",
    "question",
    "media",
    "media_key",
    "conversation_event",
    "conversation",
    "quick_reply",
    "message_rule",
    "message_template",
    "channel_secret",
    "message_channel",
    "messaging_policy",
    "appointment",
    "appointment_version",
    "check_in_pass",
    "equipment",
    "holiday",
    "hours_exception",
    "import_batch",
    "patient_call",
    "patient_metrics",
    "professional_clinic",
    "recall",
    "recall_attempt",
    "resource_hold",
    "room",
    "scheduling_policy",
    "series",
    "service",
    "service_category",
    "service_equipment",
    "service_image",
    "service_professional",
    "service_promotion",
    "service_room",
    "slot_hold",
    "time_block",
    "waiting_entry",
    "working_hours",
]


@pytest.mark.parametrize("table", [*BY_CLINIC, "import_line"])
def test_another_clinics_rows_are_not_seen(table: str, office: Office) -> None:
    admin = office.admin()
    fill(office, admin)
    ipe = office.sample.clinics["ipe"]
    if table != "import_line":
        assert value(admin, f"SELECT count(*) FROM clinicdesk.{table} WHERE clinic_id = %s", [ipe]) > 0
        seen = value(office.connect("marta"), f"SELECT count(*) FROM clinicdesk.{table} WHERE clinic_id = %s", [ipe])
    else:
        seen = value(office.connect("marta"), f"SELECT count(*) FROM clinicdesk.{table}")
    assert seen == 0
    assert value(office.connect("otavio"), f"SELECT count(*) FROM clinicdesk.{table}") > 0


# What a manager of the other clinic would have to write; `ipe` and the ids are the sample's.
WRITES = {
    "appointment": "UPDATE clinicdesk.appointment SET clinic_id = clinic_id",
    "equipment": "INSERT INTO clinicdesk.equipment (id, clinic_id, name) VALUES (%(new)s, %(ipe)s, 'x')",
    "holiday": "INSERT INTO clinicdesk.holiday (id, clinic_id, day, name) VALUES (%(new)s, %(ipe)s, '2035-01-09', 'x')",
    "hours_exception": "INSERT INTO clinicdesk.hours_exception (id, clinic_id, day)"
    " VALUES (%(new)s, %(ipe)s, '2035-01-09')",
    "import_batch": "INSERT INTO clinicdesk.import_batch (id, clinic_id, kind) VALUES (%(new)s, %(ipe)s, 'patients')",
    "professional_clinic": "INSERT INTO clinicdesk.professional_clinic (clinic_id, professional_id)"
    " VALUES (%(ipe)s, %(davi)s)",
    "room": "INSERT INTO clinicdesk.room (id, clinic_id, name) VALUES (%(new)s, %(ipe)s, 'x')",
    "scheduling_policy": "INSERT INTO clinicdesk.scheduling_policy (clinic_id) VALUES (%(third)s)",
    "service": "INSERT INTO clinicdesk.service (id, clinic_id, name) VALUES (%(new)s, %(ipe)s, 'x')",
    "service_category": "INSERT INTO clinicdesk.service_category (id, clinic_id, name) VALUES (%(new)s, %(ipe)s, 'x')",
    "service_equipment": "INSERT INTO clinicdesk.service_equipment (clinic_id, service_id, equipment_id)"
    " VALUES (%(ipe)s, %(visit)s, %(laser)s)",
    "service_professional": "INSERT INTO clinicdesk.service_professional (clinic_id, service_id, professional_id)"
    " VALUES (%(ipe)s, %(visit)s, %(helena)s)",
    "service_room": "INSERT INTO clinicdesk.service_room (clinic_id, service_id, room_id)"
    " VALUES (%(ipe)s, %(visit)s, %(room)s)",
    "time_block": "INSERT INTO clinicdesk.time_block (id, clinic_id, resource_id, starts_at, ends_at)"
    " VALUES (%(new)s, %(ipe)s, %(helena)s, '2035-03-06 15:00Z', '2035-03-06 16:00Z')",
    "working_hours": "INSERT INTO clinicdesk.working_hours (id, clinic_id, weekday, starts, ends)"
    " VALUES (%(new)s, %(ipe)s, 1, '08:00', '12:00')",
    "check_in_pass": "INSERT INTO clinicdesk.check_in_pass (appointment_id, clinic_id) VALUES (%(new)s, %(ipe)s)",
    "patient_call": "INSERT INTO clinicdesk.patient_call (id, clinic_id, appointment_id)"
    " VALUES (%(new)s, %(ipe)s, %(new)s)",
    "recall": "INSERT INTO clinicdesk.recall (id, clinic_id, patient_id, due_month)"
    " VALUES (%(new)s, %(ipe)s, %(new)s, '2035-03-01')",
    "recall_attempt": "INSERT INTO clinicdesk.recall_attempt (id, clinic_id, recall_id, outcome)"
    " VALUES (%(new)s, %(ipe)s, %(new)s, 'refused')",
    "series": "INSERT INTO clinicdesk.series (id, clinic_id, rule, first_day, starts)"
    " VALUES (%(new)s, %(ipe)s, 'FREQ=DAILY', '2035-03-01', '08:00')",
    "service_image": "INSERT INTO clinicdesk.service_image (id, clinic_id, service_id, image)"
    " VALUES (%(new)s, %(ipe)s, %(visit)s, 'x')",
    "service_promotion": "INSERT INTO clinicdesk.service_promotion (id, clinic_id, service_id, name, price, first_day,"
    " last_day) VALUES (%(new)s, %(ipe)s, %(visit)s, 'x', 1, '2035-03-01', '2035-03-01')",
    "waiting_entry": "INSERT INTO clinicdesk.waiting_entry (id, clinic_id, patient_id, service_id, first_day)"
    " VALUES (%(new)s, %(ipe)s, %(new)s, %(visit)s, '2035-03-01')",
    "resource": "INSERT INTO clinicdesk.resource (id, kind, clinic_id) VALUES (%(new)s, 'room', %(ipe)s)",
}
del WRITES["appointment"]  # has a test of its own below


@pytest.fixture
def names(office: Office) -> dict[str, object]:
    sample, new, third = office.sample, uuid4(), uuid4()
    admin = office.admin()
    admin.execute(
        "INSERT INTO clinicdesk.clinic (id, organisation_id, name, slug) VALUES (%s, %s, 'Terceira', 'terceira')",
        [third, sample.organisation_id],
    )
    return {
        "new": new,
        "third": third,
        "ipe": sample.clinics["ipe"],
        "davi": sample.professionals["davi"],
        "helena": sample.professionals["helena"],
        "visit": sample.services["visit"],
        "laser": sample.machines["laser"],
        "room": sample.rooms["room 1"],
    }


@pytest.mark.parametrize("table", sorted(WRITES))
def test_another_clinics_rows_are_not_written(table: str, office: Office, names: dict[str, object]) -> None:
    if table in ("room", "equipment"):
        kind = {"new": names["new"], "kind": table, "ipe": names["ipe"]}
        put(office.admin(), "resource", id=kind["new"], kind=table, clinic_id=kind["ipe"])
    connection = office.connect("marta")
    with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
        connection.execute(WRITES[table].encode(), names)


@pytest.mark.parametrize("login", ["bruno", "marta"])
def test_a_booking_into_another_clinic_is_refused(login: str, office: Office) -> None:
    with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
        office.book_row(office.connect(login))


@pytest.mark.parametrize("login", ["bruno", "marta"])
def test_another_clinics_visit_does_not_change(login: str, office: Office) -> None:
    visit = office.book_row(office.connect("renata"))
    changed = office.connect(login).execute("UPDATE clinicdesk.appointment SET note = 'x' WHERE id = %s", [visit])
    assert changed.rowcount == 0


def test_a_visit_does_not_wander_to_another_clinic(office: Office) -> None:
    visit = office.book_row(office.connect("renata"))
    error = refusal(
        office.connect("claudia"),
        "UPDATE clinicdesk.appointment SET clinic_id = %s WHERE id = %s",
        [office.sample.clinics["jacaranda"], visit],
    )
    assert isinstance(error, errors.InsufficientPrivilege)


def test_another_clinics_own_row_does_not_change(office: Office) -> None:
    connection, ipe = office.connect("marta"), office.sample.clinics["ipe"]
    assert connection.execute("UPDATE clinicdesk.clinic SET phone = '1' WHERE id = %s", [ipe]).rowcount == 0
    assert value(connection, "SELECT name FROM clinicdesk.clinic WHERE id = %s", [ipe]) == "Clínica Ipê"


def test_a_block_is_of_the_clinics_own_people_and_things(office: Office) -> None:
    sample = office.sample
    block = {"clinic_id": sample.clinics["jacaranda"], "starts_at": at(15), "ends_at": at(16)}
    connection = office.connect("bruno")
    for resource_id in (sample.rooms["room 1"], sample.machines["laser"], sample.professionals["helena"]):
        with pytest.raises(errors.ForeignKeyViolation):
            put(connection, "time_block", id=uuid4(), resource_id=resource_id, **block)
    for resource_id in (sample.rooms["room b"], sample.professionals["caio"]):
        put(connection, "time_block", id=uuid4(), resource_id=resource_id, **block)


@pytest.mark.parametrize("table", ["room", "equipment", "professional"])
def test_a_thing_is_not_made_of_somebody_elses_resource(table: str, office: Office) -> None:
    """Whoever passes another clinic's machine off as a room of their own would hold it from afar."""
    connection, key = office.connect("claudia"), uuid4()
    put(
        connection,
        "resource",
        id=key,
        kind="equipment" if table == "room" else "room",
        clinic_id=office.sample.clinics["ipe"],
    )
    home = {} if table == "professional" else {"clinic_id": office.sample.clinics["ipe"]}
    with pytest.raises(errors.ForeignKeyViolation):
        put(connection, table, id=key, name="x", **home)


def test_a_room_is_in_the_clinic_of_its_resource(office: Office) -> None:
    connection, key = office.connect("claudia"), uuid4()
    put(connection, "resource", id=key, kind="room", clinic_id=office.sample.clinics["ipe"])
    with pytest.raises(errors.ForeignKeyViolation):
        put(connection, "room", id=key, name="x", clinic_id=office.sample.clinics["jacaranda"])


def _caio_in_jacaranda(office: Office, connection: psycopg.Connection[Any]) -> None:
    office.book_row(
        connection,
        clinic_id=office.sample.clinics["jacaranda"],
        professional_id=office.sample.professionals["caio"],
        service_id=office.sample.services["visit b"],
        room_id=office.sample.rooms["room b"],
    )


def test_a_professional_is_never_in_two_places(office: Office) -> None:
    _caio_in_jacaranda(office, office.connect("bruno"))
    with pytest.raises(errors.ExclusionViolation):
        office.book_row(office.connect("renata"), professional_id=office.sample.professionals["caio"])


def test_a_conflict_elsewhere_tells_the_time_alone(office: Office) -> None:
    _caio_in_jacaranda(office, office.connect("bruno"))
    caio = office.sample.professionals["caio"]
    with office.desk("renata").transaction() as tx:
        (holding,) = rows.busy(tx, [caio], Slot(at(8), at(18)))
    assert (holding.appointment_id, holding.label, holding.slot) == (None, "", Slot(at(9), at(9, 30)))
    with office.desk("bruno").transaction() as tx:
        (own,) = rows.busy(tx, [caio], Slot(at(8), at(18)))
    assert own.appointment_id is not None
    assert SlotTaken("professional", elsewhere=True).holder == ""


def test_a_professional_writes_in_their_own_column(office: Office) -> None:
    sample, reception = office.sample, office.connect("renata")
    caio = {"professional_id": sample.professionals["caio"], "room_id": None}
    theirs, own = office.book_row(reception, **caio), office.book_row(reception)
    helena = office.connect("helena")
    assert value(helena, "SELECT count(*) FROM clinicdesk.appointment") == 2
    change = "UPDATE clinicdesk.appointment SET note = 'x' WHERE id = %s"
    assert helena.execute(change.encode(), [theirs]).rowcount == 0
    assert helena.execute(change.encode(), [own]).rowcount == 1


def test_a_professional_gives_no_visit_away(office: Office) -> None:
    own = office.book_row(office.connect("renata"))
    error = refusal(
        office.connect("helena"),
        "UPDATE clinicdesk.appointment SET professional_id = %s WHERE id = %s",
        [office.sample.professionals["caio"], own],
    )
    assert isinstance(error, errors.InsufficientPrivilege)


def test_a_professional_books_for_nobody_else(office: Office) -> None:
    helena = office.connect("helena")
    office.book_row(helena)
    with pytest.raises(errors.InsufficientPrivilege):
        office.book_row(helena, professional_id=office.sample.professionals["caio"], room_id=None)


def test_a_professional_blocks_only_their_own_time(office: Office) -> None:
    sample, helena = office.sample, office.connect("helena")
    block = {"clinic_id": sample.clinics["ipe"], "starts_at": at(15), "ends_at": at(16)}
    put(helena, "time_block", id=uuid4(), resource_id=sample.professionals["helena"], **block)
    with pytest.raises(errors.InsufficientPrivilege):
        put(helena, "time_block", id=uuid4(), resource_id=sample.professionals["caio"], **block)


def test_a_professional_takes_back_only_their_own_blocks(office: Office) -> None:
    sample = office.sample
    block = {"clinic_id": sample.clinics["ipe"], "starts_at": at(15), "ends_at": at(16)}
    put(office.connect("renata"), "time_block", id=uuid4(), resource_id=sample.professionals["caio"], **block)
    assert office.connect("helena").execute("UPDATE clinicdesk.time_block SET active = false").rowcount == 0


@pytest.mark.parametrize(
    "table",
    ["organisation", "clinic", "person", "person_clinic", "resource", "professional", "patient", "patient_alert",
     "data_key", "custom_field", "tag", "patient_tag", "segment", "patient_merge",
     "patient_distinct"],
)  # fmt: skip
def test_what_all_clinics_share_is_for_people_who_work_here(table: str, office: Office) -> None:
    """A closed account's open session, and a login without a person, read nothing any more."""
    admin = office.admin()
    fill(office, admin)
    session = office.connect("otavio")
    statement = f"SELECT count(*) FROM clinicdesk.{table}"
    assert value(session, statement) > 0
    admin.execute("SELECT clinicdesk.close_person(%s)", [office.sample.people["otavio"]])
    assert value(session, statement) == 0


@pytest.mark.parametrize("table", ["appointment", "audit", "wrapped_key", "import_line"])
def test_a_closed_account_reads_nothing(table: str, office: Office) -> None:
    admin = office.admin()
    fill(office, admin)
    session = office.connect("otavio")
    admin.execute("SELECT clinicdesk.close_person(%s)", [office.sample.people["otavio"]])
    assert value(session, f"SELECT count(*) FROM clinicdesk.{table}") == 0


def test_the_audit_is_read_by_clinic(office: Office) -> None:
    office.book_row(office.connect("renata"))
    statement = "SELECT count(*) FROM clinicdesk.audit WHERE table_name = 'appointment'"
    assert value(office.connect("otavio"), statement) == 1
    assert value(office.connect("marta"), statement) == 0
