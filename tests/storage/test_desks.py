"""A desk's way in, by the database's own functions: the code, the request, the answer, and the end of a desk."""

import datetime as dt
import json
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg import errors, sql

from clinicdesk.domain.desks import DeskCode, read_code
from clinicdesk.keychain import new_desk_code
from tests.office import Office, refusal, value

ASK = "SELECT desk_id, certificate, authority, refusal FROM clinicdesk.enrol_desk(%s, %s)"
RENEW = "SELECT desk_id, certificate, authority, refusal FROM clinicdesk.renew_desk(%s)"
ANSWER = "SELECT clinicdesk.answer_request(%s, %s, %s, %s, %s, %s)"
END = dt.datetime(2036, 1, 1, tzinfo=dt.UTC)


def invited(office: Office, login: str = "claudia", minutes: int = 15) -> DeskCode:
    """An owner's code for one desk."""
    code = read_code(new_desk_code())
    owner = office.connect(login)
    verifier = owner.pgconn.encrypt_password(code.secret.encode(), b"any", b"scram-sha-256").decode()
    owner.execute("SELECT clinicdesk.invite_desk(%s, %s, %s, %s)", [uuid4(), code.part, verifier, minutes])
    return code


def came(office: Office, code: DeskCode) -> psycopg.Connection[Any]:
    """The connection that a code opens."""
    conninfo: dict[str, Any] = {**office.address, "user": code.login(office.database), "password": code.secret}
    return psycopg.connect(**conninfo, autocommit=True)


def answer(office: Office, serial: str = "77", refused: str = "") -> UUID:
    """Answer the one request that waits, as the server's unit does; its id."""
    admin = office.admin()
    waiting = admin.execute("SELECT id FROM clinicdesk.waiting_requests()").fetchall()
    assert len(waiting) == 1
    signed = ("", "") if refused else ("certificate", "authority")
    admin.execute(ANSWER, [waiting[0][0], *signed, refused, serial, END])
    return UUID(str(waiting[0][0]))


def enrolled(office: Office, name: str = "Recepção 2", serial: str = "77") -> UUID:
    """A desk that joined; its id."""
    with came(office, invited(office)) as desk:
        desk.execute(ASK, ["request", name])
        answer(office, serial)
        row = desk.execute(ASK, ["request", name]).fetchone()
    assert row is not None
    return UUID(str(row[0]))


def test_a_code_asks_once_and_fetches_the_answer(office: Office) -> None:
    with came(office, invited(office)) as desk:
        first = desk.execute(ASK, ["request", "Recepção 2"]).fetchone()
        assert first is not None and first[1:] == (None, None, None)
        answer(office)
        assert desk.execute(ASK, ["request", "Recepção 2"]).fetchone() == (first[0], "certificate", "authority", None)
    row = (
        office.admin()
        .execute(
            "SELECT d.name, d.serial, d.expires_at, p.login FROM clinicdesk.desk d JOIN clinicdesk.person p"
            " ON p.id = d.enrolled_by WHERE d.id = %s",
            [first[0]],
        )
        .fetchone()
    )
    assert row == ("Recepção 2", "77", END, "claudia")


def test_a_code_signs_one_request_alone(office: Office) -> None:
    with came(office, invited(office)) as desk:
        desk.execute(ASK, ["request", "a"])
        assert isinstance(refusal(desk, ASK, ["another request", "a"]), errors.InsufficientPrivilege)
        answer(office)
        assert isinstance(refusal(desk, ASK, ["another request", "a"]), errors.InsufficientPrivilege)


def test_a_code_that_is_too_old_asks_nothing(office: Office) -> None:
    with came(office, invited(office)) as desk:
        office.admin().execute(
            "UPDATE clinicdesk.desk_request SET created_at = '2001-01-01', expires_at = '2001-01-02'"
        )
        assert isinstance(refusal(desk, ASK, ["request", "a"]), errors.InsufficientPrivilege)
        assert office.admin().execute("SELECT * FROM clinicdesk.waiting_requests()").fetchall() == []


def test_a_codes_password_ends_with_its_minutes(office: Office) -> None:
    code = invited(office, minutes=15)
    until = value(
        office.admin(), "SELECT rolvaliduntil FROM pg_roles WHERE rolname = %s", [code.login(office.database)]
    )
    assert dt.timedelta(minutes=14) < until - dt.datetime.now(dt.UTC) <= dt.timedelta(minutes=15)
    longest = invited(office, minutes=100_000)
    until = value(
        office.admin(), "SELECT rolvaliduntil FROM pg_roles WHERE rolname = %s", [longest.login(office.database)]
    )
    assert until - dt.datetime.now(dt.UTC) <= dt.timedelta(minutes=60)


def test_a_code_opens_nothing_but_its_function(office: Office) -> None:
    with came(office, invited(office)) as desk:
        for table in ("person", "patient", "desk", "desk_request", "appointment"):
            assert isinstance(refusal(desk, f"SELECT * FROM clinicdesk.{table}"), errors.InsufficientPrivilege)
        for role in ("cd_owner", "cd_schema", "cd_founder", "cd_logins", "cd_guard"):
            assert isinstance(refusal(desk, f"SET ROLE {role}"), errors.InsufficientPrivilege)
        assert isinstance(
            refusal(desk, "SELECT clinicdesk.invite_desk(gen_random_uuid(), 'AAAA', 'SCRAM-SHA-256$x', 5)"),
            errors.InsufficientPrivilege,
        )


@pytest.mark.parametrize("login", ["otavio", "renata", "helena"])
def test_only_owners_invite_and_shut_out(login: str, office: Office) -> None:
    desk = enrolled(office)
    person = office.connect(login)
    for statement, parameters in (
        ("SELECT clinicdesk.invite_desk(gen_random_uuid(), 'AAAA', 'SCRAM-SHA-256$x', 5)", []),
        ("SELECT clinicdesk.revoke_desk(%s)", [desk]),
        ("SELECT clinicdesk.end_revoked_connections()", []),
    ):
        assert isinstance(refusal(person, statement, parameters), errors.InsufficientPrivilege)


def test_a_code_is_four_letters_and_a_verifier(office: Office) -> None:
    owner = office.connect("claudia")
    invite = "SELECT clinicdesk.invite_desk(gen_random_uuid(), %s, %s, 5)"
    verifier = owner.pgconn.encrypt_password(b"any", b"any", b"scram-sha-256").decode()
    for part in ("AAA", "AAAAA", "aaaa", "AA-A", "A'A\""):
        assert refusal(owner, invite, [part, verifier]).sqlstate == "CD005"
    assert refusal(owner, invite, ["AAAA", "a password"]).sqlstate == "CD005"


def test_what_was_refused_makes_no_desk(office: Office) -> None:
    with came(office, invited(office)) as desk:
        desk.execute(ASK, ["nonsense", "a"])
        answer(office, refused="unreadable")
        row = desk.execute(ASK, ["nonsense", "a"]).fetchone()
        assert row is not None and row[1:] == (None, None, "unreadable")
    assert value(office.admin(), "SELECT count(*) FROM clinicdesk.desk") == 0


def test_an_answer_is_given_once(office: Office) -> None:
    with came(office, invited(office)) as desk:
        desk.execute(ASK, ["request", "a"])
        request = answer(office)
    office.admin().execute(ANSWER, [request, "other", "other", "", "78", END])
    assert value(office.admin(), "SELECT serial FROM clinicdesk.desk") == "77"


def test_used_and_old_codes_lose_their_logins(office: Office) -> None:
    admin = office.admin()
    logins = "SELECT count(*) FROM pg_roles WHERE starts_with(rolname, current_database() || '_+')"
    enrolled(office)
    waiting, old = invited(office), invited(office)
    assert value(admin, logins) == 3
    assert value(admin, "SELECT clinicdesk.remove_code_logins()") == 0  # the one just used may have to ask again
    admin.execute("UPDATE clinicdesk.desk_request SET fetched_at = fetched_at - interval '11 seconds'")
    admin.execute(
        "UPDATE clinicdesk.desk_request SET created_at = '2001-01-01', expires_at = '2001-01-02' WHERE login = %s",
        [old.login(office.database)],
    )
    assert value(admin, "SELECT clinicdesk.remove_code_logins()") == 2
    came(office, waiting).close()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        came(office, old)


def test_a_desk_asks_for_its_next_certificate_under_its_present_one(office: Office) -> None:
    # Without TLS nobody is at a desk.
    assert isinstance(refusal(office.connect("renata"), RENEW, ["request"]), errors.InsufficientPrivilege)


def test_a_renewal_is_fetched_by_whoever_asked_though_the_desk_has_the_next_certificate_by_then(office: Office) -> None:
    desk = enrolled(office, serial="77")
    admin = office.admin()
    admin.execute(
        "INSERT INTO clinicdesk.desk_request (id, login, desk_id, renewal, desk_name, csr, expires_at)"
        " VALUES (gen_random_uuid(), %s, %s, true, 'x', 'again', clock_timestamp() + interval '10 minutes')",
        [f"{office.database}_renata", desk],
    )
    answer(office, serial="78")
    fetched = office.connect("renata").execute(RENEW, ["again"]).fetchone()
    assert fetched == (desk, "certificate", "authority", None)
    assert isinstance(refusal(office.connect("helena"), RENEW, ["again"]), errors.InsufficientPrivilege)
    row = admin.execute("SELECT serial, former_serial, name FROM clinicdesk.desk").fetchone()
    assert row == ("78", "77", "Recepção 2")


def test_both_certificates_of_a_desk_that_was_shut_out_are_taken_back(office: Office) -> None:
    desk, other = enrolled(office, serial="77"), enrolled(office, "Sala 1", serial="90")
    admin = office.admin()
    admin.execute("UPDATE clinicdesk.desk SET former_serial = '76' WHERE id = %s", [desk])
    office.connect("claudia").execute("SELECT clinicdesk.revoke_desk(%s)", [desk])
    serials = [row[0] for row in admin.execute("SELECT serial FROM clinicdesk.revoked_serials()")]
    assert sorted(serials) == ["76", "77"]
    assert refusal(office.connect("claudia"), "SELECT clinicdesk.revoke_desk(%s)", [desk]).sqlstate == "CD004"
    left = admin.execute("SELECT id FROM clinicdesk.desk WHERE revoked_at IS NULL").fetchall()
    assert left == [(other,)]


def test_every_certificate_a_desk_ever_had_is_taken_back(office: Office) -> None:
    """Whoever works at a desk may renew it as often as they like, and keep the first one aside."""
    desk = enrolled(office, serial="77")
    for serial in ("78", "79", "80"):
        office.admin().execute(
            "INSERT INTO clinicdesk.desk_request (id, login, desk_id, renewal, csr, expires_at)"
            " VALUES (gen_random_uuid(), %s, %s, true, %s, clock_timestamp() + interval '10 minutes')",
            [f"{office.database}_renata", desk, f"request {serial}"],
        )
        answer(office, serial=serial)
    office.connect("claudia").execute("SELECT clinicdesk.revoke_desk(%s)", [desk])
    serials = [row[0] for row in office.admin().execute("SELECT serial FROM clinicdesk.revoked_serials()")]
    assert sorted(serials) == ["77", "78", "79", "80"]


def test_whoever_is_at_work_at_a_desk_is_out_with_it(office: Office) -> None:
    desk, other = enrolled(office, serial="77"), enrolled(office, "Sala 1", serial="78")
    admin = office.admin()
    for where in (desk, other):
        admin.execute(
            "INSERT INTO clinicdesk.desk_session (id, person_id, desk_id) VALUES (gen_random_uuid(), %s, %s)",
            [office.sample.people["renata"], where],
        )
    office.connect("claudia").execute("SELECT clinicdesk.revoke_desk(%s)", [desk])
    open_at = admin.execute("SELECT desk_id FROM clinicdesk.desk_session WHERE ended_at IS NULL").fetchall()
    assert open_at == [(other,)]
    by = value(admin, "SELECT ended_by FROM clinicdesk.desk_session WHERE desk_id = %s", [desk])
    assert by == office.sample.people["claudia"]


def test_a_desk_that_was_shut_out_gets_no_other_certificate(office: Office) -> None:
    desk = enrolled(office)
    admin = office.admin()
    admin.execute(
        "INSERT INTO clinicdesk.desk_request (id, login, desk_id, renewal, csr, expires_at)"
        " VALUES (gen_random_uuid(), %s, %s, true, 'again', clock_timestamp() + interval '10 minutes')",
        [f"{office.database}_renata", desk],
    )
    assert value(admin, "SELECT count(*) FROM clinicdesk.waiting_requests()") == 1
    office.connect("claudia").execute("SELECT clinicdesk.revoke_desk(%s)", [desk])
    assert value(admin, "SELECT count(*) FROM clinicdesk.waiting_requests()") == 0


def test_owners_give_a_desk_its_name_and_nothing_else(office: Office) -> None:
    desk = enrolled(office)
    owner = office.connect("claudia")
    owner.execute("UPDATE clinicdesk.desk SET name = 'Sala 3' WHERE id = %s", [desk])
    assert value(owner, "SELECT name FROM clinicdesk.desk") == "Sala 3"
    for column in ("serial = '1'", "former_serial = '1'", "revoked_at = NULL", "expires_at = 'infinity'"):
        assert isinstance(refusal(owner, f"UPDATE clinicdesk.desk SET {column}"), errors.InsufficientPrivilege)


def test_screens_hear_of_a_desk_that_came_or_went(office: Office) -> None:
    listener = office.connect("claudia")
    listener.execute("LISTEN clinicdesk")
    desk = enrolled(office)
    office.connect("claudia").execute("SELECT clinicdesk.revoke_desk(%s)", [desk])
    heard = [json.loads(note.payload) for note in listener.notifies(timeout=2, stop_after=2)]
    assert heard == [{"kind": "desk", "id": str(desk), "version": None}] * 2


def test_a_founders_code_makes_the_first_clinic_and_no_second(office: Office) -> None:
    admin = office.admin()
    code = read_code(new_desk_code())
    verifier = admin.pgconn.encrypt_password(code.secret.encode(), b"any", b"scram-sha-256").decode()
    admin.execute("SELECT clinicdesk.invite_founder(%s, %s, %s, 15)", [uuid4(), code.part, verifier])
    with came(office, code) as desk:  # there are people already, so it is a desk's code like any other
        assert isinstance(refusal(desk, "SET ROLE cd_schema"), errors.InsufficientPrivilege)
        statement = sql.SQL("SELECT clinicdesk.give_login({}, 'owner', 'SCRAM-SHA-256$x', NULL)").format(
            sql.Literal(f"{office.database}_thief")
        )
        with pytest.raises(errors.InsufficientPrivilege):
            desk.execute(statement)
