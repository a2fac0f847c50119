"""One row in every table, so that a constraint of each can be broken."""

import datetime as dt
from typing import Any
from uuid import uuid4

import psycopg

from tests.office import Office, at, put


def fill(office: Office, connection: psycopg.Connection[Any]) -> None:
    """Insert, as the administrator, what the template leaves empty."""
    ipe, ana = office.sample.clinics["ipe"], office.sample.patients["ana"]
    professional = office.sample.professionals["helena"]
    batch = uuid4()
    put(connection, "import_batch", id=batch, clinic_id=ipe, kind="agenda", file_name="agenda.ics")
    put(connection, "import_line", import_id=batch, line=1, outcome="taken")
    office.book_row(
        connection,
        guardian_id=office.sample.patients["bento"],
        equipment_id=office.sample.machines["laser"],
        source_uid="uid-1",
        import_id=batch,
    )
    day = dt.date(2035, 3, 7)
    put(connection, "holiday", id=uuid4(), clinic_id=ipe, day=day, name="Aniversário da clínica")
    put(connection, "hours_exception", id=uuid4(), clinic_id=ipe, professional_id=professional, day=day)
    times = {"starts_at": at(15), "ends_at": at(16)}
    put(connection, "time_block", id=uuid4(), clinic_id=ipe, resource_id=professional, **times)
    put(connection, "patient_alert", id=uuid4(), patient_id=ana, text="Alergia grave a dipirona")
    put(connection, "operation", id=uuid4(), kind="book", row_id=uuid4())
    hold = uuid4()
    person = office.sample.people["renata"]
    put(connection, "slot_hold", id=hold, clinic_id=ipe, person_id=person, expires_at=at(20))
    during = "[2035-03-06 22:00Z,2035-03-06 23:00Z)"
    put(connection, "resource_hold", clinic_id=ipe, resource_id=professional, during=during, slot_hold_id=hold)
    connection.execute(
        "UPDATE clinicdesk.patient SET merged_into = %s, import_id = %s, cpf_ciphertext = '\\x01', cpf_index = '\\x02',"
        " cpf_key_version = 1 WHERE id = %s",
        [office.sample.patients["bento"], batch, office.sample.patients["nina"]],
    )
    connection.execute(
        "UPDATE clinicdesk.patient SET cpf_ciphertext = '\\x03', cpf_index = '\\x04', cpf_key_version = 1"
        " WHERE id = %s",
        [ana],
    )
