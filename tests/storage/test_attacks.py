"""What somebody with psql and their own password tries, and what comes of it."""

from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors, sql

from clinicdesk.errors import AccountLocked, LastOwner, NotAllowed, SignInRefused
from clinicdesk.storage.conflicts import as_clinic_error
from clinicdesk.storage.engine import check_server, login_of
from tests.office import PASSWORD, Office, put, refusal, value

NOT_ALLOWED = errors.InsufficientPrivilege


@pytest.mark.parametrize(
    "role", ["cd_owner", "cd_manager", "cd_professional", "cd_sync", "cd_schema", "cd_logins", "clinicdesk_admin"]
)
def test_nobody_becomes_somebody_else(role: str, rolled_back: Office) -> None:
    connection = rolled_back.connect("renata")
    for statement in (f"SET ROLE {role}", f"SET SESSION AUTHORIZATION {role}", f"GRANT {role} TO current_user"):
        assert isinstance(refusal(connection, statement), NOT_ALLOWED), statement


def test_setting_ones_own_group_changes_nothing(office: Office) -> None:
    connection = office.connect("bruno")
    office.book_row(office.connect("renata"))
    connection.execute("SET ROLE cd_reception")
    assert value(connection, "SELECT clinicdesk.my_person()") == office.sample.people["bruno"]
    assert value(connection, "SELECT count(*) FROM clinicdesk.appointment") == 0


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE public.x (a int)",
        "CREATE TABLE clinicdesk.x (a int)",
        "CREATE TEMPORARY TABLE person (id uuid, login text, active boolean)",
        "CREATE SCHEMA mine",
        "CREATE FUNCTION pg_temp.starts_with(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
        "CREATE EXTENSION dblink",
        "CREATE ROLE mine",
        "SET session_replication_role = replica",
        "COPY clinicdesk.clinic TO PROGRAM 'cat'",
        "COPY clinicdesk.clinic TO '/tmp/clinic'",
        "SELECT pg_read_file('postgresql.conf')",
        "SELECT * FROM pg_authid",
        "SELECT lo_create(0)",
        "SELECT lo_from_bytea(0, '\\x00')",
        "SELECT lo_open(1, 131072)",
        "ALTER FUNCTION clinicdesk.my_clinics() SECURITY INVOKER",
        "CREATE OR REPLACE FUNCTION clinicdesk.my_clinics() RETURNS uuid[] LANGUAGE sql AS 'SELECT null::uuid[]'",
        "ALTER TABLE clinicdesk.appointment DISABLE TRIGGER ALL",
        "CREATE POLICY mine ON clinicdesk.appointment USING (true)",
        "DROP POLICY clinic ON clinicdesk.appointment",
        "GRANT SELECT ON clinicdesk.audit TO PUBLIC",
        "LOCK TABLE clinicdesk.audit",
        "SELECT clinicdesk.give_login('x', 'owner', 'SCRAM-SHA-256$x', NULL)",
        "SELECT clinicdesk.require_owner()",
        "SELECT clinicdesk.add_person(gen_random_uuid(), 'mallory', 'M', 'owner', 'SCRAM-SHA-256$x', '{}', 200, NULL,"
        " NULL)",
        "SELECT clinicdesk.close_person(clinicdesk.my_person())",
        "INSERT INTO clinicdesk.audit (action, table_name, login) VALUES ('update', 'patient', 'claudia')",
        "UPDATE clinicdesk.audit SET login = 'claudia'",
        "DELETE FROM clinicdesk.audit",
        "TRUNCATE clinicdesk.audit",
        "DELETE FROM clinicdesk.appointment",
        "DELETE FROM clinicdesk.appointment_version",
        "UPDATE clinicdesk.appointment_version SET status = 'completed'",
        "DELETE FROM clinicdesk.resource_hold",
        "INSERT INTO clinicdesk.resource_hold (resource_id) VALUES (gen_random_uuid())",
        "INSERT INTO clinicdesk.slot_hold (id) VALUES (gen_random_uuid())",
        "UPDATE clinicdesk.slot_hold SET expires_at = now()",
        "DELETE FROM clinicdesk.operation",
        "UPDATE clinicdesk.appointment SET version = 1",
        "UPDATE clinicdesk.appointment SET created_by = NULL",
        "UPDATE clinicdesk.appointment SET updated_by = NULL",
        "UPDATE clinicdesk.appointment SET status_at = now()",
        "UPDATE clinicdesk.patient SET version = 1",
        "UPDATE clinicdesk.patient SET created_at = now()",
        "UPDATE clinicdesk.patient SET search_text = 'x'",
        "UPDATE clinicdesk.patient SET merged_into = NULL",
        "DELETE FROM clinicdesk.patient",
        "UPDATE clinicdesk.person SET role = 'owner' WHERE id = clinicdesk.my_person()",
        "UPDATE clinicdesk.person SET active = true",
        "UPDATE clinicdesk.person SET login = 'claudia'",
        "INSERT INTO clinicdesk.person_clinic SELECT clinicdesk.my_person(), id FROM clinicdesk.clinic",
        "INSERT INTO clinicdesk.wrapped_key SELECT * FROM clinicdesk.wrapped_key",
        "UPDATE clinicdesk.wrapped_key SET wrapped = ''",
        "INSERT INTO clinicdesk.operation (login) VALUES ('claudia')",
        "INSERT INTO clinicdesk.operation (at) VALUES (now())",
        "INSERT INTO clinicdesk.patient_alert (id, text) VALUES (gen_random_uuid(), 'x')",
    ],
)  # fmt: skip
def test_reception_is_refused(statement: str, rolled_back: Office) -> None:
    assert isinstance(refusal(rolled_back.connect("renata"), statement), NOT_ALLOWED | errors.InvalidSchemaName)


@pytest.mark.parametrize("attacker", ["renata", "otavio", "helena", "claudia", "sync"])
@pytest.mark.parametrize("victim", ["claudia", "bruno"])
def test_nobody_changes_another_password(attacker: str, victim: str, office: Office) -> None:
    if attacker == victim:
        victim = "renata"
    account = sql.Identifier(login_of(office.database, victim))
    connection = office.connect(attacker)
    for change in ("PASSWORD 'x'", "SUPERUSER", "NOLOGIN", "SET search_path = public", "RENAME TO mine"):
        with pytest.raises(NOT_ALLOWED):
            connection.execute(sql.SQL("ALTER ROLE {} ").format(account) + sql.SQL(change))  # type: ignore[arg-type]
    office.connect(victim)


def test_nobody_raises_their_own_rights(rolled_back: Office) -> None:
    connection = rolled_back.connect("renata")
    me = login_of(rolled_back.database, "renata")
    for change in ("SUPERUSER", "CREATEROLE", "BYPASSRLS", "CREATEDB", "REPLICATION"):
        assert isinstance(refusal(connection, f"ALTER ROLE {me} {change}"), NOT_ALLOWED)


def test_one_person_does_not_read_anothers_keys(rolled_back: Office) -> None:
    owners = {
        login: rolled_back.connect(login).execute("SELECT DISTINCT person_id FROM clinicdesk.wrapped_key").fetchall()
        for login in ("claudia", "renata", "otavio")
    }
    people = rolled_back.sample.people
    assert owners == {"claudia": [(people["claudia"],)], "renata": [(people["renata"],)], "otavio": []}


def test_one_person_does_not_write_anothers_keys(rolled_back: Office) -> None:
    connection, claudia = rolled_back.connect("renata"), rolled_back.sample.people["claudia"]
    key = value(connection, "SELECT id FROM clinicdesk.data_key LIMIT 1")
    statement = "SELECT clinicdesk.keep_wrapped_key(%s, %s, 'password', '\\x00')"
    assert isinstance(refusal(connection, statement, [key, claudia]), NOT_ALLOWED)
    connection.execute(statement.encode(), [key, rolled_back.sample.people["renata"]])


def test_only_an_owner_makes_people(rolled_back: Office) -> None:
    statement = (
        "SELECT clinicdesk.add_person(%s, 'nova', 'Nova', 'reception', 'SCRAM-SHA-256$4096:x', '{}', 200, NULL, NULL)"
    )
    for login in ("renata", "otavio", "helena", "sync"):
        assert isinstance(refusal(rolled_back.connect(login), statement, [uuid4()]), NOT_ALLOWED)


def test_an_owner_whose_account_was_closed_makes_nobody(office: Office) -> None:
    """The group stays with the login; being active is asked as well."""
    admin, session = office.admin(), office.connect("claudia")
    put_owner = "UPDATE clinicdesk.person SET role = 'owner' WHERE login = 'otavio'"
    admin.execute(put_owner)
    admin.execute("SELECT clinicdesk.close_person(%s)", [office.sample.people["claudia"]])
    statement = (
        "SELECT clinicdesk.add_person(%s, 'nova', 'Nova', 'owner', 'SCRAM-SHA-256$4096:x', '{}', 200, NULL, NULL)"
    )
    assert isinstance(refusal(session, statement, [uuid4()]), NOT_ALLOWED)


def test_a_login_is_made_of_a_verifier_never_of_a_password(rolled_back: Office) -> None:
    error = refusal(
        rolled_back.connect("claudia"),
        "SELECT clinicdesk.add_person(%s, 'nova', 'Nova', 'reception', 'senha em claro', '{}', 200, NULL, NULL)",
        [uuid4()],
    )
    assert error.sqlstate == "CD005"


def test_the_sync_role_is_not_for_people(rolled_back: Office) -> None:
    error = refusal(
        rolled_back.connect("claudia"),
        "SELECT clinicdesk.add_person(%s, 'nova', 'Nova', 'sync', %s, '{}', 200, NULL, NULL)",
        [uuid4(), rolled_back.sample.verifiers["renata"]],
    )
    assert error.diag.message_primary == "not a role of people"


def test_a_login_opens_its_own_database_alone(office: Office, shared_database: str) -> None:
    elsewhere: dict[str, Any] = {**office.conninfo("renata"), "dbname": shared_database}
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(**elsewhere)
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(**{**elsewhere, "dbname": "officetemplate"})


def test_the_last_owner_stays(office: Office) -> None:
    claudia = office.sample.people["claudia"]
    error = refusal(office.connect("claudia"), "SELECT clinicdesk.close_person(%s)", [claudia])
    assert isinstance(as_clinic_error(error), LastOwner)
    error = refusal(office.admin(), "UPDATE clinicdesk.person SET role = 'manager' WHERE id = %s", [claudia])
    assert error.sqlstate == "CD003"
    office.connect("claudia")


def test_a_closed_account_signs_in_no_more(office: Office) -> None:
    office.connect("claudia").execute("SELECT clinicdesk.close_person(%s)", [office.sample.people["bruno"]])
    with pytest.raises(AccountLocked):
        check_server(office.conninfo("bruno"))


def test_an_unknown_person_reads_like_a_wrong_password(office: Office) -> None:
    for conninfo in (office.conninfo("renata", "errada"), office.conninfo("ninguem", PASSWORD)):
        with pytest.raises(SignInRefused):
            check_server(conninfo)


def test_a_refusal_comes_out_as_a_fact(rolled_back: Office) -> None:
    error = refusal(rolled_back.connect("renata"), "DELETE FROM clinicdesk.patient")
    assert as_clinic_error(error) == NotAllowed()


def test_managers_overwrite_no_stamps(office: Office) -> None:
    """They hold INSERT on whole tables; who and when are the trigger's."""
    connection, key = office.connect("otavio"), uuid4()
    forged = {"version": 9, "created_by": office.sample.people["claudia"], "updated_by": None}
    put(connection, "service", id=key, clinic_id=office.sample.clinics["ipe"], name="x", **forged)
    row = connection.execute("SELECT version, created_by, updated_by FROM clinicdesk.service WHERE id = %s", [key])
    otavio = office.sample.people["otavio"]
    assert row.fetchone() == (1, otavio, otavio)
    connection.execute("UPDATE clinicdesk.service SET version = 1, created_by = NULL WHERE id = %s", [key])
    row = connection.execute("SELECT version, created_by, updated_by FROM clinicdesk.service WHERE id = %s", [key])
    assert row.fetchone() == (2, otavio, otavio)


def test_the_audit_says_who_keeps_a_key_and_not_the_key(rolled_back: Office) -> None:
    connection, claudia = rolled_back.connect("claudia"), rolled_back.sample.people["claudia"]
    key = value(connection, "SELECT id FROM clinicdesk.data_key LIMIT 1")
    connection.execute("SELECT clinicdesk.keep_wrapped_key(%s, %s, 'password', '\\x00')", [key, claudia])
    found = connection.execute(
        "SELECT action, after ->> 'person_id', after ->> 'data_key_id', before ? 'wrapped' OR after ? 'wrapped'"
        " FROM clinicdesk.audit WHERE table_name = 'wrapped_key' ORDER BY id DESC LIMIT 1"
    )
    assert found.fetchone() == ("update", str(claudia), str(key), False)
