"""Loading a whole organisation's register and agenda at once, in the order and with the promises of the tables.

Row triggers are off while it loads, so what they would have written (search texts, holds, versions, metrics) is made
here in whole sets. Foreign keys, checks and the exclusion of double bookings hold as ever: a load that breaks one fails
as a whole.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, insert, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.sql.schema import Table

from clinicdesk.domain.demo.front_desk import DemoFrontDesk
from clinicdesk.domain.demo.links import DemoSeries
from clinicdesk.domain.demo.people import DemoAlert, DemoPatient
from clinicdesk.domain.demo.visits import DemoVisit
from clinicdesk.domain.demo.waiting import DemoWaiting
from clinicdesk.storage import metrics
from clinicdesk.storage import tables as t

_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
Sealed = tuple[bytes, bytes]  # a CPF encrypted for its row, and what it is found by

# How the moments of a visit became its versions: (what it was then, when, by which road), in the order of time. `moved`
# is whether it stood where it stands by then; a move changes neither the status nor when that was given.
_STEPS = """
    CROSS JOIN LATERAL (SELECT v.confirmed_at < v.moved_at AS late) AS move
    CROSS JOIN LATERAL (
        SELECT row_number() OVER (ORDER BY place) AS version, place, status, at, status_at, channel,
               v.moved_at IS NULL OR place >= CASE WHEN move.late THEN 2.5 ELSE 1.5 END AS moved FROM (VALUES
            (1, 'pending', v.booked_at, v.booked_at, v.booked_channel),
            (CASE WHEN move.late THEN 2.5 ELSE 1.5 END, CASE WHEN move.late THEN 'confirmed' ELSE 'pending' END,
             v.moved_at, CASE WHEN move.late THEN v.confirmed_at ELSE v.booked_at END,
             CASE WHEN move.late THEN v.confirmed_channel ELSE v.booked_channel END),
            (2, 'confirmed', v.confirmed_at, v.confirmed_at, v.confirmed_channel),
            (3, 'checked_in', v.arrived_at, v.arrived_at, 'desk'),
            (4, 'in_progress', v.started_at, v.started_at, 'desk'),
            (5, v.status, v.closed_at, v.closed_at,
             CASE WHEN v.cancelled_by = 'patient' THEN v.confirmed_channel ELSE 'desk' END)
        ) AS steps (place, status, at, status_at, channel) WHERE at IS NOT NULL) AS step
"""
# Who took a step, and at which desk: the consulting room is the professional's, one in four at reception a colleague's.
_HANDS = """
      JOIN clinicdesk.professional f ON f.id = v.professional_id
     CROSS JOIN LATERAL (SELECT step.place >= 4 AND v.status IN ('in_progress', 'completed') AND f.person_id IS NOT NULL
                                AS inside,
                                step.place > 1 AND right(v.id::text, 1) IN ('0', '4', '8', 'c') AS colleague) AS hand
     CROSS JOIN LATERAL (SELECT CASE WHEN hand.inside THEN f.person_id WHEN hand.colleague THEN CAST(:colleague AS uuid)
                                     ELSE CAST(:author AS uuid) END AS person_id,
                                CASE WHEN hand.inside THEN 'Consultório' WHEN hand.colleague THEN 'Recepção 2'
                                     ELSE 'Recepção 1' END AS desk) AS who
"""

# As the trigger would have said when the visit was given up.
_LATE = """coalesce(v.cancelled_by = 'patient' AND v.starts_at - v.closed_at < make_interval(hours => (
               SELECT p.late_cancellation_hours FROM clinicdesk.scheduling_policy p WHERE p.clinic_id = v.clinic_id)),
           false)"""

_PATIENTS = """
    INSERT INTO clinicdesk.patient (id, full_name, social_name, search_text, sort_name, phone, email, birth_date,
        cpf_ciphertext, cpf_index, cpf_key_version, guardian_id, guardian_kinship, address, source, vip, note,
        referred_by, custom, priority, created_at, created_by, updated_at, updated_by)
    SELECT p.id, p.full_name, p.social_name,
           ' ' || clinicdesk.folded(concat_ws(' ', nullif(p.social_name, ''), p.full_name)) || ' '
               || regexp_replace(p.phone, '^\\+55', '') || ' ',
           clinicdesk.folded(coalesce(nullif(p.social_name, ''), p.full_name)),
           p.phone, p.email, p.birth_date, p.cpf_ciphertext, p.cpf_index,
           CASE WHEN p.cpf_index IS NOT NULL THEN CAST(:key_version AS int) END,
           p.guardian_id, p.guardian_kinship, p.address, p.source, p.vip, p.note, p.referred_by, p.custom,
           p.priority,
           p.created_at, CAST(:author AS uuid), p.created_at, CAST(:author AS uuid)
      FROM loaded_patient p
"""
_ALERTS = """
    INSERT INTO clinicdesk.patient_alert (id, patient_id, severity, text, created_at, created_by, updated_at,
        updated_by)
    SELECT a.id, a.patient_id, a.severity, a.text, p.created_at, :writer, p.created_at, :writer
      FROM loaded_alert a JOIN loaded_patient p ON p.id = a.patient_id
"""
_APPOINTMENTS = f"""
    INSERT INTO clinicdesk.appointment (id, clinic_id, patient_id, guardian_id, professional_id, room_id, equipment_id,
        service_id, starts_at, ends_at, buffer_before, buffer_after, status, status_at, status_channel,
        overbooking_reason, reschedule_count, cancelled_by, cancel_reason, cancelled_late, price, note, version,
        visit_id, series_id, series_day, created_at, created_by, updated_at, updated_by)
    SELECT v.id, v.clinic_id, v.patient_id, v.guardian_id, v.professional_id, v.room_id, v.equipment_id, v.service_id,
           v.starts_at, v.ends_at, s.buffer_before, s.buffer_after, v.status, step.status_at, step.channel,
           v.overbooking_reason, coalesce((v.was_starts_at <> v.starts_at)::int, 0),
           v.cancelled_by, v.cancel_reason, {_LATE}, s.price, v.note, step.version,
           v.visit_id, v.series_id, v.series_day, v.booked_at, :author, step.at, who.person_id
      FROM loaded_visit v JOIN clinicdesk.service s ON s.id = v.service_id
     {_STEPS.replace("WHERE at IS NOT NULL)", "WHERE at IS NOT NULL ORDER BY place DESC LIMIT 1)")} {_HANDS}
     ORDER BY v.starts_at
"""
_VERSIONS = f"""
    INSERT INTO clinicdesk.appointment_version (appointment_id, version, clinic_id, patient_id, guardian_id,
        professional_id, room_id, equipment_id, service_id, starts_at, ends_at, buffer_before, buffer_after, status,
        status_at, status_channel, overbooking_reason, reschedule_count, cancelled_by, cancel_reason,
        cancelled_late, price, note, visit_id, series_id, series_day, recorded_at, recorded_by, desk)
    SELECT v.id, step.version, v.clinic_id, v.patient_id, v.guardian_id,
           CASE WHEN step.moved THEN v.professional_id ELSE v.was_professional_id END,
           CASE WHEN step.moved THEN v.room_id ELSE v.was_room_id END, v.equipment_id, v.service_id,
           CASE WHEN step.moved THEN v.starts_at ELSE v.was_starts_at END,
           CASE WHEN step.moved THEN v.ends_at ELSE v.was_ends_at END, s.buffer_before, s.buffer_after,
           step.status, step.status_at, step.channel,
           v.overbooking_reason, coalesce((v.was_starts_at <> v.starts_at AND step.moved)::int, 0),
           CASE WHEN step.status = 'cancelled' THEN v.cancelled_by END,
           CASE WHEN step.status = 'cancelled' THEN v.cancel_reason ELSE '' END,
           step.status = 'cancelled' AND {_LATE}, s.price, v.note, v.visit_id, v.series_id,
           v.series_day, step.at, who.person_id, who.desk
      FROM loaded_visit v JOIN clinicdesk.service s ON s.id = v.service_id {_STEPS} {_HANDS}
     ORDER BY v.starts_at, step.version
"""
_HOLDS = """
    INSERT INTO clinicdesk.resource_hold (clinic_id, resource_id, during, appointment_id, exempt)
    SELECT v.clinic_id, held.id, tstzrange(v.starts_at - make_interval(mins => s.buffer_before),
                                           v.ends_at + make_interval(mins => s.buffer_after)), v.id, held.exempt
      FROM loaded_visit v JOIN clinicdesk.service s ON s.id = v.service_id
     CROSS JOIN LATERAL (VALUES (v.professional_id, v.overbooking_reason <> ''), (v.room_id, false),
                                (v.equipment_id, false)) AS held (id, exempt)
     WHERE held.id IS NOT NULL AND v.status NOT IN ('cancelled', 'no_show')
     ORDER BY v.starts_at
"""


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Write rows of one of the small tables; the columns are those of the first row."""
    if rows:
        connection.execute(insert(table), [dict(row) for row in rows])


def load_register(
    connection: Connection,
    patients: Iterable[DemoPatient],
    alerts: Iterable[DemoAlert],
    seal: Callable[[UUID, str], Sealed],
    key_version: int,
    author: UUID,
    writer: UUID,
) -> None:
    """Put patients on the register and the alerts that `writer` wrote about them; `seal` encrypts a CPF for one row."""
    _stage(
        connection,
        "loaded_patient",
        f"{_columns(t.patient, DemoPatient._fields)}, cpf_ciphertext bytea, cpf_index bytea",
    )
    copied = [name for name in DemoPatient._fields if name != "cpf"]
    place = DemoPatient._fields.index("cpf")
    _copy(
        connection,
        "loaded_patient",
        [*copied, "cpf_ciphertext", "cpf_index"],
        ((*one[:place], *one[place + 1 :], *(seal(one.id, one.cpf) if one.cpf else (None, None))) for one in patients),
    )
    _stage(connection, "loaded_alert", _columns(t.patient_alert, DemoAlert._fields))
    _copy(connection, "loaded_alert", DemoAlert._fields, alerts)
    authored = {"key_version": key_version, "author": author}
    _quietly(connection, ("patient", "patient_alert"), [(_PATIENTS, authored), (_ALERTS, {"writer": writer})])


_WAITING = """
    INSERT INTO clinicdesk.waiting_entry (id, clinic_id, patient_id, service_id, professional_id, weekdays, from_time,
        to_time, first_day, last_day, urgency, note, created_at, created_by, updated_at, updated_by)
    SELECT CAST(:id AS uuid), s.clinic_id, CAST(:patient_id AS uuid), s.id,
           (SELECT f.id FROM clinicdesk.professional f JOIN clinicdesk.professional_clinic c ON c.professional_id = f.id
             WHERE c.clinic_id = s.clinic_id AND f.name = :professional LIMIT 1),
           CAST(:weekdays AS smallint[]), CAST(:from_time AS time), CAST(:to_time AS time), CAST(:first_day AS date),
           CAST(:last_day AS date), CAST(:urgency AS smallint), CAST(:note AS text), CAST(:created_at AS timestamptz),
           CAST(:author AS uuid), CAST(:created_at AS timestamptz), CAST(:author AS uuid)
      FROM clinicdesk.service s WHERE s.clinic_id = :clinic AND s.name = :service LIMIT 1
"""


def load_agenda(
    connection: Connection,
    visits: Iterable[DemoVisit],
    series: Sequence[DemoSeries],
    author: UUID,
    colleague: UUID,
) -> None:
    """Put visits into the agenda with what they hold, every version they had, and what they add up to for patients.

    Needs the catalogue to be there.
    """
    insert_rows(connection, t.series, [one._asdict() for one in series])
    known = set(t.appointment.c.keys())
    moments = [name for name in DemoVisit._fields if name not in known]
    kinds = {"channel": "text", "id": "uuid"}
    extra = ", ".join(f"{name} {kinds.get(name.rpartition('_')[2], 'timestamptz')}" for name in moments)
    _stage(connection, "loaded_visit", f"{_columns(t.appointment, DemoVisit._fields)}, {extra}")
    _copy(connection, "loaded_visit", DemoVisit._fields, visits)
    connection.execute(text("ANALYZE loaded_visit"))
    hands = {"author": author, "colleague": colleague}
    _quietly(connection, ("appointment",), [(_APPOINTMENTS, hands), (_VERSIONS, hands), (_HOLDS, {})])
    connection.execute(text("ANALYZE clinicdesk.appointment"))
    metrics.recount(connection)


def load_front_desk(connection: Connection, desk: DemoFrontDesk, author: UUID) -> None:
    """Put recalls, the attempts at them and the calls of the day where they were when they happened."""
    tables = ("recall", "recall_attempt", "patient_call")
    by = {"created_by": author, "updated_by": author}
    for name in tables:
        connection.execute(text(f"ALTER TABLE clinicdesk.{name} DISABLE TRIGGER USER"))
    insert_rows(connection, t.recall, [one._asdict() | by | {"updated_at": one.created_at} for one in desk.recalls])
    tried = [one._asdict() | by | {"updated_at": one.created_at} for one in desk.attempts]
    insert_rows(connection, t.recall_attempt, tried)
    insert_rows(connection, t.patient_call, [one._asdict() for one in desk.calls])
    for name in tables:
        connection.execute(text(f"ALTER TABLE clinicdesk.{name} ENABLE TRIGGER USER"))


def load_waiting(connection: Connection, clinic_id: UUID, entries: Iterable[DemoWaiting], author: UUID) -> None:
    """Put people on the waiting list of a clinic; one whose service is not offered there is left out."""
    hands = {"clinic": clinic_id, "author": author}
    kept = [(_WAITING, {**one._asdict(), "weekdays": list(one.weekdays), **hands}) for one in entries]
    _quietly(connection, ("waiting_entry",), kept)


def analyze(connection: Connection) -> None:
    """Tell the planner how much there is now."""
    connection.execute(text("ANALYZE"))


def _columns(table: Table, fields: Sequence[str]) -> str:
    kept = [table.c[name] for name in fields if name in table.c]
    return ", ".join(f"{column.name} {column.type.compile(dialect=_DIALECT)}" for column in kept)


def _stage(connection: Connection, name: str, columns: str) -> None:
    connection.execute(text(f"CREATE TEMPORARY TABLE {name} ({columns}) ON COMMIT DROP"))


def _copy(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    driver: Any = connection.connection.dbapi_connection
    with driver.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _quietly(
    connection: Connection, tables: Sequence[str], statements: Sequence[tuple[str, Mapping[str, object]]]
) -> None:
    """Run the statements with the row triggers of `tables` off; only the tables' owner can."""
    for table in tables:
        connection.execute(text(f"ALTER TABLE clinicdesk.{table} DISABLE TRIGGER USER"))
    for statement, values in statements:
        connection.execute(text(statement), dict(values))
    # Keys that wait for the end of the transaction would forbid the change back.
    connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    for table in tables:
        connection.execute(text(f"ALTER TABLE clinicdesk.{table} ENABLE TRIGGER USER"))
