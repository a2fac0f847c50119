"""What the database does by itself: stamps, versions, audit, notes to other desks, status steps, the search text."""

import datetime as dt
import json
import re
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from clinicdesk.domain.agenda import STEPS, Status
from clinicdesk.domain.patients import clean_name, fold
from clinicdesk.errors import StatusRefused
from clinicdesk.storage.changes import Change, _change
from clinicdesk.storage.conflicts import as_clinic_error
from clinicdesk.storage.tables import metadata
from tests.office import PEOPLE, Office, at, put, refusal, value
from tests.storage.rows import fill

STAMPED = sorted(table.name for table in metadata.tables.values() if "updated_by" in table.c)
RECORDED = sorted([*STAMPED, "person_clinic", "professional_clinic", "service_professional", "service_room",
                   "service_equipment", "resource", "wrapped_key", "patient_tag", "pinned_card", "patient_distinct",
                   "patient_call"])  # fmt: skip


@pytest.mark.parametrize("table", STAMPED)
def test_a_row_keeps_its_own_stamps(table: str, rolled_back: Office) -> None:
    connection = rolled_back.admin()
    fill(rolled_back, connection)
    before = connection.execute(f"SELECT version, created_at, updated_at FROM clinicdesk.{table}".encode()).fetchall()
    connection.execute(
        f"UPDATE clinicdesk.{table} SET version = 77, created_by = gen_random_uuid(), created_at = 'epoch',"
        f" updated_at = 'epoch', updated_by = gen_random_uuid()".encode()
    )
    after = connection.execute(
        f"SELECT version, created_at, updated_at, updated_by FROM clinicdesk.{table}".encode()
    ).fetchall()
    assert sorted((version + 1, created) for version, created, _ in before) == sorted(row[:2] for row in after)
    assert min(row[2] for row in after) > max(row[2] for row in before)
    assert {row[3] for row in after} == {None}  # the administrator is nobody


@pytest.mark.parametrize("table", RECORDED)
def test_every_change_is_written_down_and_told(table: str, rolled_back: Office) -> None:
    connection = rolled_back.admin()
    fill(rolled_back, connection)
    count = value(connection, f"SELECT count(*) FROM clinicdesk.{table}")
    latest = value(connection, "SELECT max(id) FROM clinicdesk.audit")
    column = metadata.tables[f"clinicdesk.{table}"].primary_key.columns.values()[0].name
    connection.execute(f"UPDATE clinicdesk.{table} SET {column} = {column}".encode())
    written = connection.execute(
        "SELECT action, table_name, login, before IS NOT NULL, after IS NOT NULL FROM clinicdesk.audit WHERE id > %s",
        [latest],
    ).fetchall()
    assert written == [("update", table, connection.info.user, True, True)] * count


def test_the_audit_says_who_from_where_before_and_after(office: Office) -> None:
    connection = office.connect("renata")
    connection.execute("SET application_name = 'mesa 7'")
    visit = office.book_row(connection)
    connection.execute("UPDATE clinicdesk.appointment SET note = 'trazer exames' WHERE id = %s", [visit])
    rows = office.connect("claudia").execute(
        "SELECT login, desk, action, clinic_id, before ->> 'note', after ->> 'note' FROM clinicdesk.audit"
        " WHERE row_id = %s ORDER BY id",
        [visit],
    )
    who = (f"{office.database}_renata", "mesa 7")
    ipe = office.sample.clinics["ipe"]
    assert rows.fetchall() == [
        (*who, "insert", ipe, None, ""),
        (*who, "update", ipe, "", "trazer exames"),
    ]


@pytest.mark.parametrize("named", ["Balcão da recepção", "mesa 7", "", "日本 – 2", r"C:\\xyz", r"\\xff", "\\x"])
def test_a_desk_is_written_down_as_it_is_called(office: Office, named: str) -> None:
    connection = office.connect("renata")
    connection.execute("SELECT set_config('application_name', %s, false)", [named])
    visit = office.book_row(connection)
    kept = (
        "SELECT desk FROM clinicdesk.audit WHERE row_id = %s",
        "SELECT desk FROM clinicdesk.appointment_version WHERE appointment_id = %s",
    )
    for statement in kept:
        assert value(office.admin(), statement, [visit]) == named
    shown = value(connection, "SHOW application_name")
    assert value(office.admin(), "SELECT clinicdesk.connection_name(%s)", [named]) == shown


def test_a_deleted_row_is_written_down_too(office: Office) -> None:
    connection, key = office.connect("otavio"), uuid4()
    put(connection, "holiday", id=key, clinic_id=office.sample.clinics["ipe"], day=at(9).date(), name="Festa")
    connection.execute("DELETE FROM clinicdesk.holiday WHERE id = %s", [key])
    row = connection.execute(
        "SELECT action, before ->> 'name', after FROM clinicdesk.audit WHERE row_id = %s ORDER BY id DESC", [key]
    )
    assert row.fetchone() == ("delete", "Festa", None)


def test_a_note_to_other_desks_names_nobody(office: Office) -> None:
    listening = office.connect("bruno")
    listening.execute("LISTEN clinicdesk")
    writing, patient = office.connect("renata"), uuid4()
    put(writing, "patient", id=patient, full_name="Zilda Queiroz", phone="+5511988887777", note="segredo")
    visit = office.book_row(writing, patient_id=patient, note="segredo")
    notes = [json.loads(one.payload) for one in listening.notifies(timeout=5, stop_after=2)]
    assert notes == [
        {"kind": "patient", "id": str(patient), "version": 1},
        {"kind": "appointment", "id": str(visit), "version": 1, "at": at(9).isoformat()},
    ]


@pytest.mark.parametrize("payload", ["", "[]", "5", "null", "{}", '{"kind": 1, "id": 5, "version": 1}', '"x"'])
def test_a_forged_note_is_no_change(payload: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        _change(payload)


def test_a_note_reads_back() -> None:
    key = uuid4()
    assert _change(json.dumps({"kind": "room", "id": str(key), "version": 2})) == Change("room", key, 2)
    assert _change('{"kind": "person_clinic", "id": null, "version": null}') == Change("person_clinic", None, None)


# --- appointments ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("present", Status)
def test_the_machine_in_sql_is_the_machine_of_the_domain(present: Status, rolled_back: Office) -> None:
    connection = rolled_back.connect("renata")
    allowed = {
        wanted for wanted in Status if value(connection, "SELECT clinicdesk.step_allowed(%s, %s)", [present, wanted])
    }
    assert allowed == STEPS[present]


@pytest.mark.parametrize(("present", "wanted"), [pair for pair in product(Status, Status) if pair[0] != pair[1]])
def test_a_step_the_machine_has_not_is_refused_in_sql(present: Status, wanted: Status, rolled_back: Office) -> None:
    connection = rolled_back.connect("renata")
    by = "clinic" if wanted is Status.CANCELLED else None
    visit = rolled_back.visit(status=present)
    if present is Status.CANCELLED:
        connection = rolled_back.admin()
        visit["cancelled_by"] = "patient"
    put(connection, "appointment", **visit)
    statement = "UPDATE clinicdesk.appointment SET status = %s, cancelled_by = %s WHERE id = %s"
    if wanted in STEPS[present]:
        connection.execute(statement, [wanted, by, visit["id"]])
        return
    fact = as_clinic_error(refusal(connection, statement, [wanted, by, visit["id"]]))
    assert fact == StatusRefused(present, wanted)


def test_the_status_clock_moves_with_the_status_alone(rolled_back: Office) -> None:
    connection = rolled_back.connect("renata")
    visit = rolled_back.book_row(connection)
    first = value(connection, "SELECT status_at FROM clinicdesk.appointment")
    connection.execute("UPDATE clinicdesk.appointment SET note = 'x'")
    assert value(connection, "SELECT status_at FROM clinicdesk.appointment") == first
    connection.execute("UPDATE clinicdesk.appointment SET status = 'confirmed' WHERE id = %s", [visit])
    assert value(connection, "SELECT status_at FROM clinicdesk.appointment") > first


def test_every_version_of_an_appointment_is_kept(rolled_back: Office) -> None:
    connection = rolled_back.connect("renata")
    visit = rolled_back.book_row(connection)
    connection.execute("UPDATE clinicdesk.appointment SET status = 'confirmed' WHERE id = %s", [visit])
    connection.execute("UPDATE clinicdesk.appointment SET starts_at = %s, ends_at = %s", [at(10), at(11)])
    found = connection.execute(
        "SELECT version, status, starts_at, recorded_by FROM clinicdesk.appointment_version ORDER BY version"
    ).fetchall()
    renata = rolled_back.sample.people["renata"]
    assert [(row[0], row[1], row[3]) for row in found] == [
        (1, "pending", renata),
        (2, "confirmed", renata),
        (3, "confirmed", renata),
    ]
    assert found[2][2] == at(10)
    columns = {column.name for column in metadata.tables["clinicdesk.appointment"].columns}
    kept = {column.name for column in metadata.tables["clinicdesk.appointment_version"].columns}
    stamps = {"id", "source_uid", "import_id", "created_at", "created_by", "updated_at", "updated_by"}
    assert columns - kept == stamps


def test_a_late_cancellation_is_said_by_the_policy(rolled_back: Office) -> None:
    connection, now = rolled_back.connect("renata"), dt.datetime.now(dt.UTC)
    rolled_back.admin().execute("UPDATE clinicdesk.scheduling_policy SET late_cancellation_hours = 24")
    found = []
    for hours, by in ((30, "patient"), (20, "clinic"), (20, "patient")):
        slot = {"starts_at": now + dt.timedelta(hours=hours), "ends_at": now + dt.timedelta(hours=hours, minutes=30)}
        visit = rolled_back.book_row(connection, **slot)
        cancel = "UPDATE clinicdesk.appointment SET status = 'cancelled', cancelled_by = %s WHERE id = %s"
        connection.execute(cancel.encode(), [by, visit])
        found.append(value(connection, "SELECT cancelled_late FROM clinicdesk.appointment WHERE id = %s", [visit]))
    assert found == [False, False, True]


def test_nobody_chooses_a_check_in_code(rolled_back: Office) -> None:
    admin = rolled_back.admin()
    for _ in range(2):
        visit = rolled_back.book_row(admin, status="no_show")
        ipe = rolled_back.sample.clinics["ipe"]
        put(admin, "check_in_pass", appointment_id=visit, clinic_id=ipe, code="CDAAAAAAAAAA")
    codes = [row[0] for row in admin.execute("SELECT code FROM clinicdesk.check_in_pass")]
    assert len(set(codes)) == 2
    assert all(re.fullmatch("CD[A-HJ-NP-Z2-9]{12}", code) for code in codes)


def _holds(connection: psycopg.Connection[Any], visit: UUID) -> list[tuple[object, ...]]:
    return connection.execute(
        "SELECT resource_id, lower(during), upper(during), exempt FROM clinicdesk.resource_hold"
        " WHERE appointment_id = %s ORDER BY resource_id",
        [visit],
    ).fetchall()


def test_what_a_visit_holds_follows_from_its_row(rolled_back: Office) -> None:
    connection, sample = rolled_back.connect("renata"), rolled_back.sample
    visit = rolled_back.book_row(
        connection, equipment_id=sample.machines["laser"], buffer_before=10, buffer_after=15, overbooking_reason="dor"
    )
    held = (at(8, 50), at(9, 45))
    professional, room, laser = sample.professionals["helena"], sample.rooms["room 1"], sample.machines["laser"]
    expected = [(professional, *held, True), (room, *held, False), (laser, *held, False)]
    assert _holds(connection, visit) == sorted(expected, key=lambda one: one[0])
    connection.execute(
        "UPDATE clinicdesk.appointment SET equipment_id = NULL, buffer_before = 0, overbooking_reason = ''"
    )
    assert {row[1:] for row in _holds(connection, visit)} == {(at(9), at(9, 45), False)}
    connection.execute("UPDATE clinicdesk.appointment SET status = 'no_show'")
    assert _holds(connection, visit) == []
    connection.execute("UPDATE clinicdesk.appointment SET status = 'pending'")
    assert len(_holds(connection, visit)) == 2


def test_an_expired_hold_makes_way_for_a_booking(rolled_back: Office) -> None:
    admin, sample = rolled_back.admin(), rolled_back.sample
    hold, helena = uuid4(), sample.professionals["helena"]
    row = {"clinic_id": sample.clinics["ipe"], "resource_id": helena, "during": "[2035-03-06 12:00Z,2035-03-06 13:00Z)"}
    put(admin, "slot_hold", id=hold, clinic_id=sample.clinics["ipe"], expires_at=at(20))
    put(admin, "resource_hold", slot_hold_id=hold, **row)
    with pytest.raises(psycopg.errors.ExclusionViolation), admin.transaction():
        rolled_back.book_row(admin)
    admin.execute("UPDATE clinicdesk.slot_hold SET expires_at = now() - interval '1 second'")
    rolled_back.book_row(admin)
    assert value(admin, "SELECT count(*) FROM clinicdesk.slot_hold") == 0


# --- names -----------------------------------------------------------------------------------------------------------

# What names here are written with: the Latin alphabets of Europe and the marks that stand between letters.
LETTERS = st.characters(
    min_codepoint=0x20, max_codepoint=0x17F, categories=("Lu", "Ll", "Nd"), include_characters=" '’`-.,()"
)


@pytest.fixture
def reading(rolled_back: Office) -> psycopg.Connection[Any]:
    return rolled_back.connect("renata")


@example("D’Ávila Ærøskøbing ß Łódź Þór Đorđe İstanbul ŉ Ŀ ĳ ſ")
@given(st.text(LETTERS, min_size=1, max_size=60).filter(str.strip))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_names_fold_alike_in_sql_and_in_the_program(reading: psycopg.Connection[Any], written: str) -> None:
    name = clean_name(written)
    assert fold(name) == value(reading, "SELECT clinicdesk.folded(%s)", [name])


def test_a_patient_is_found_by_names_and_phone(rolled_back: Office) -> None:
    connection, key = rolled_back.connect("renata"), uuid4()
    put(connection, "patient", id=key, full_name="José  Antônio", social_name="Joana d'Arc", phone="+5511912345678")
    read = "SELECT search_text, sort_name FROM clinicdesk.patient WHERE id = %s"
    assert connection.execute(read, [key]).fetchone() == (" joana darc jose antonio 11912345678 ", "joana darc")
    connection.execute("UPDATE clinicdesk.patient SET social_name = '', phone = '' WHERE id = %s", [key])
    assert connection.execute(read, [key]).fetchone() == (" jose antonio  ", "jose antonio")


def test_every_role_reads_the_day(rolled_back: Office) -> None:
    for login in PEOPLE:
        assert value(rolled_back.connect(login), "SELECT count(*) FROM clinicdesk.clinic") == 2
