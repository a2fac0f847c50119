"""Joining a server, what a desk keeps of it, and what owners do with desks; TLS itself is tried by tests.server."""

import datetime as dt
import os
import socket
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg import errors

from clinicdesk.domain.clinics import Clinic
from clinicdesk.domain.desks import ServerAddress, read_code
from clinicdesk.domain.staff import AddPerson, Role
from clinicdesk.errors import (
    ClinicAlreadyHere,
    ClinicUnreachable,
    DeskNotEnrolled,
    EnrolmentRefused,
    HostNotFound,
    InvalidField,
    NobodyAnswers,
    NoClinicServer,
    NotAllowed,
    NotFound,
    ServerNotTrusted,
    WeakPassword,
)
from clinicdesk.keychain import Keychain, new_desk_code
from clinicdesk.settings import Settings
from clinicdesk.storage import enrolment
from clinicdesk.storage import setup as rows
from clinicdesk.storage.cluster import Cluster
from clinicdesk.storage.server_link import enrolment_conninfo, link_refusal, server_conninfo
from clinicdesk.usecases import desk_files, desks, setup, staff
from clinicdesk.usecases.clinic import new_id
from clinicdesk.usecases.place import joined, open_place, server_of
from tests.certificates import clinic_authority, join, signed
from tests.office import Office, refusal, value
from tests.storage.test_desks import answer, enrolled

ADDRESS = ServerAddress("localhost", 5432, "clinicdesk")
CODE = read_code("K7M4-Q2XT-9WPD-3HRA")
NOW = dt.datetime.now(dt.UTC)


# --- what a desk keeps -----------------------------------------------------------------------------------------------


def test_what_a_desk_keeps_is_its_own_account_s(data_dir: Path) -> None:
    key = join(data_dir, clinic_authority())
    files = desk_files.files_of(data_dir)
    for path in (files.authority, files.certificate, files.key):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(files.folder.stat().st_mode) == 0o700
    assert sorted(path.name for path in files.folder.iterdir()) == ["ca.crt", "desk.crt", "desk.key"]
    assert b"BEGIN ENCRYPTED PRIVATE KEY" in files.key.read_bytes()
    assert key.passphrase.encode() not in files.key.read_bytes()
    assert key.passphrase not in repr(key)
    assert desk_files.passphrase(data_dir) == key.passphrase


def test_a_place_on_a_server_is_opened_without_a_server_of_ones_own(data_dir: Path) -> None:
    join(data_dir, clinic_authority())
    settings = joined(Settings(), ServerAddress("servidor.local", 5433, "ipe"), "Recepção 1")
    assert settings.desk_name == "Recepção 1"
    with open_place(data_dir, settings) as place:
        assert place.is_server and place.local is None
        assert place.server == ServerAddress("servidor.local", 5433, "ipe") == server_of(settings)
        assert place.certificate is not None and place.certificate.ends_at > NOW + dt.timedelta(days=300)
        strict = {name: place.address[name] for name in ("sslmode", "channel_binding", "require_auth")}
        assert strict == {"sslmode": "verify-full", "channel_binding": "require", "require_auth": "scram-sha-256"}
        assert place.address["ssl_min_protocol_version"] == "TLSv1.3"
        assert place.address["sslrootcert"] == str(desk_files.files_of(data_dir).authority)
        assert place.address["sslpassword"] not in repr(place)
        assert not {"user", "password"} & set(place.address)
    assert not (data_dir / "postgres").exists()
    back = joined(settings, None)
    assert server_of(back) is None
    assert back == replace(Settings(), desk_name="Recepção 1")


def test_an_emptied_keychain_says_that_the_computer_is_to_be_enrolled_again(data_dir: Path) -> None:
    key = join(data_dir, clinic_authority())
    Keychain(data_dir).keep_secret("password of ana", "kept")
    Keychain(data_dir).forget_secret(desk_files.KEY_SECRET)
    settings = joined(Settings(), ADDRESS)
    with pytest.raises(DeskNotEnrolled) as told:
        open_place(data_dir, settings)
    assert told.value.reason == "no_key"
    Keychain(data_dir).keep_secret(desk_files.KEY_SECRET, "another")
    with pytest.raises(DeskNotEnrolled) as told:
        open_place(data_dir, settings)
    assert told.value.reason == "no_key"
    Keychain(data_dir).keep_secret(desk_files.KEY_SECRET, key.passphrase)
    open_place(data_dir, settings).close()
    assert Keychain(data_dir).secret("password of ana") == "kept"


@pytest.mark.parametrize("gone", ["ca.crt", "desk.crt", "desk.key"])
def test_a_file_that_is_gone_is_told(gone: str, data_dir: Path) -> None:
    join(data_dir, clinic_authority())
    (desk_files.files_of(data_dir).folder / gone).unlink()
    with pytest.raises(DeskNotEnrolled) as told:
        open_place(data_dir, joined(Settings(), ADDRESS))
    assert told.value.reason == "no_files"


def test_a_certificate_of_another_key_or_none_at_all_is_told(data_dir: Path) -> None:
    authority = clinic_authority()
    join(data_dir, authority)
    path = desk_files.files_of(data_dir).certificate
    for content in (signed(authority, desk_files.new_key("other")), "no certificate"):
        path.write_text(content)
        with pytest.raises(DeskNotEnrolled) as told:
            open_place(data_dir, joined(Settings(), ADDRESS))
        assert told.value.reason == "damaged"


def test_a_key_that_was_copied_with_open_rights_is_closed_again(data_dir: Path) -> None:
    join(data_dir, clinic_authority())
    key = desk_files.files_of(data_dir).key
    key.chmod(0o644)
    desk_files.passphrase(data_dir)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600


def test_a_certificate_that_does_not_fit_is_not_kept() -> None:
    authority, key = clinic_authority(), desk_files.new_key("Recepção 1")
    assert desk_files.checked(key, signed(authority, key), authority.pem).ends_at > NOW
    for certificate, signer in (
        (signed(authority, desk_files.new_key("other")), authority.pem),
        (signed(clinic_authority(), key), authority.pem),
        (authority.pem, authority.pem),
        ("nonsense", authority.pem),
        (signed(authority, key), "nonsense"),
    ):
        with pytest.raises(EnrolmentRefused) as told:
            desk_files.checked(key, certificate, signer)
        assert told.value.reason == "certificate"


def test_the_next_certificate_is_of_the_same_key_and_the_same_authority(data_dir: Path) -> None:
    authority = clinic_authority(NOW - dt.timedelta(days=400))
    key = join(data_dir, authority, now=NOW - dt.timedelta(days=340))
    before = desk_files.certificate_of(data_dir)
    assert before.ends_soon(NOW)
    request = desk_files.request_of(data_dir)
    assert desk_files.passphrase(data_dir) == key.passphrase
    again = replace(key, request=request)
    for wrong in (signed(clinic_authority(), again), signed(authority, desk_files.new_key("x")), "nonsense"):
        with pytest.raises(EnrolmentRefused):
            desk_files.replace_certificate(data_dir, wrong)
        assert desk_files.certificate_of(data_dir) == before
    desk_files.replace_certificate(data_dir, signed(authority, again))
    assert not desk_files.certificate_of(data_dir).ends_soon(NOW)
    open_place(data_dir, joined(Settings(), ADDRESS)).close()


# --- the way to a server ---------------------------------------------------------------------------------------------


@contextmanager
def stranger(reply: bytes) -> Iterator[ServerAddress]:
    """Something on this computer that answers every connection with the same words."""
    with socket.create_server(("localhost", 0)) as listening:
        address = ServerAddress("localhost", listening.getsockname()[1])

        def answer_all() -> None:
            while True:
                try:
                    connection, _peer = listening.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(64)
                    connection.sendall(reply)

        thread = threading.Thread(target=answer_all, daemon=True)
        thread.start()
        yield address
        listening.shutdown(socket.SHUT_RDWR)
        thread.join()


def test_a_server_that_speaks_in_clear_is_not_joined(data_dir: Path) -> None:
    data_dir.mkdir()
    with stranger(b"N") as address, pytest.raises(ServerNotTrusted) as told:
        desks.enrol(data_dir, address, CODE, "Recepção 1")
    assert told.value.reason == "no_encryption"
    assert list(data_dir.iterdir()) == []


@pytest.mark.parametrize("reply", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n"])
def test_what_is_no_server_is_told_apart(reply: bytes, data_dir: Path) -> None:
    with stranger(reply) as address, pytest.raises(NoClinicServer):
        desks.enrol(data_dir, address, CODE, "Recepção 1")


def test_what_only_says_yes_to_encryption_is_not_believed(data_dir: Path) -> None:
    with stranger(b"S") as address, pytest.raises((ServerNotTrusted, NoClinicServer)):
        desks.enrol(data_dir, address, CODE, "Recepção 1")


def test_nobody_at_the_port_is_told(data_dir: Path) -> None:
    with socket.create_server(("localhost", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(NobodyAnswers) as told:
        desks.enrol(data_dir, ServerAddress("localhost", port), CODE, "Recepção 1")
    assert (told.value.host, told.value.port) == ("localhost", port)
    assert isinstance(told.value, ClinicUnreachable)


def test_a_desk_without_a_name_is_not_even_asked_for(data_dir: Path) -> None:
    with pytest.raises(InvalidField):
        desks.enrol(data_dir, ADDRESS, CODE, " ")


@pytest.mark.parametrize(
    ("said", "fact"),
    [
        ("failed to resolve host 'x': [Errno -2] Name or service not known", HostNotFound("localhost")),
        ("could not translate host name", HostNotFound("localhost")),
        ("server does not support SSL, but SSL was required", ServerNotTrusted("no_encryption", "localhost")),
        ('server certificate for "a" does not match host name "b"', ServerNotTrusted("other_name", "localhost")),
        ("channel binding required, but server did not offer it", ServerNotTrusted("not_proven", "localhost")),
        ("incorrect server signature in SCRAM exchange", ServerNotTrusted("not_proven", "localhost")),
        ('authentication method requirement "scram-sha-256" failed', ServerNotTrusted("not_proven", "localhost")),
        ("SSL error: ssl/tls alert certificate revoked", DeskNotEnrolled("revoked")),
        ("SSL error: ssl/tls alert certificate expired", DeskNotEnrolled("expired")),
        ("SSL error: tlsv1 alert unknown ca", DeskNotEnrolled("refused")),
        ("FATAL:  connection requires a valid client certificate", DeskNotEnrolled("refused")),
        ('could not load private key file "k": bad decrypt', DeskNotEnrolled("no_key")),
        ('certificate present, but not private key file "k"', DeskNotEnrolled("no_files")),
        ('root certificate file "ca.crt" does not exist', DeskNotEnrolled("no_files")),
        ("FATAL:  no pg_hba.conf entry for host", NoClinicServer("localhost", 5432)),
        ("connection timeout expired", NobodyAnswers("localhost", 5432)),
        ("Connection refused", NobodyAnswers("localhost", 5432)),
        ("FATAL:  password authentication failed", None),
    ],
)
def test_why_there_is_no_way_to_a_server_is_a_fact(said: str, fact: Exception | None) -> None:
    conninfo = server_conninfo(ADDRESS, "ca", "crt", "key", "secret")
    found = link_refusal(psycopg.OperationalError(said), conninfo)
    assert (type(found), str(found)) == (type(fact), str(fact))
    # A server of this computer has no such troubles.
    assert link_refusal(psycopg.OperationalError(said), {"host": "/tmp", "port": "5432", "dbname": "x"}) is None


def test_before_anything_is_known_of_a_server_the_code_alone_proves_it() -> None:
    strict = enrolment_conninfo(ADDRESS)
    assert strict["sslmode"] == "require" and strict["channel_binding"] == "require"
    assert strict["sslcertmode"] == "disable" and strict["sslrootcert"] == ""


# --- a code --------------------------------------------------------------------------------------------------------


def test_an_owners_code_opens_the_way_in(office: Office) -> None:
    owner = office.desk("claudia")
    invitation = desks.invite(owner)
    left = invitation.expires_at - dt.datetime.now(dt.UTC)
    assert dt.timedelta(minutes=14) < left <= dt.timedelta(minutes=15)
    door = {**office.address, "user": invitation.code.login(office.database), "password": invitation.code.secret}
    with enrolment.code_connection(door) as connection:
        assert not enrolment.ask(connection, "request", "Sala 4").given
        assert not enrolment.is_founder(connection)
        assert abs(enrolment.server_clock(connection) - dt.datetime.now(dt.UTC)) < dt.timedelta(seconds=30)
        answer(office)
        assert enrolment.ask(connection, "request", "Sala 4").certificate == "certificate"
    with pytest.raises(EnrolmentRefused) as told, enrolment.code_connection(door) as connection:
        enrolment.ask(connection, "another request", "Sala 4")
    assert told.value.reason == "used"


def test_a_wrong_code_and_an_unknown_one_read_alike(office: Office) -> None:
    known = desks.invite(office.desk("claudia")).code
    for code in (replace(known, secret="0" * 12), read_code(new_desk_code())):
        door = {**office.address, "user": code.login(office.database), "password": code.secret}
        with pytest.raises(EnrolmentRefused) as told, enrolment.code_connection(door):
            pass
        assert told.value.reason == "code"


def test_a_code_for_another_kind_of_database_says_so(office: Office) -> None:
    code = desks.invite(office.desk("claudia")).code
    office.admin().execute("DROP FUNCTION clinicdesk.enrol_desk(text, text)")
    door = {**office.address, "user": code.login(office.database), "password": code.secret}
    with pytest.raises(NoClinicServer), enrolment.code_connection(door) as connection:
        enrolment.ask(connection, "request", "Sala 4")


@pytest.mark.parametrize("login", ["otavio", "renata", "helena"])
def test_codes_are_owners(login: str, office: Office) -> None:
    with pytest.raises(NotAllowed):
        desks.invite(office.desk(login))


# --- the desks -----------------------------------------------------------------------------------------------------


def test_the_list_says_who_was_where_last_and_who_let_them_in(office: Office) -> None:
    assert desks.desks(office.desk("claudia")) == []
    first, second = enrolled(office, "Recepção 2", "77"), enrolled(office, "Consultório", "78")
    admin = office.admin()
    for login, desk, seen in (("renata", first, "08:00"), ("helena", first, "09:30"), ("renata", second, "07:00")):
        admin.execute(
            "INSERT INTO clinicdesk.desk_session (id, person_id, desk_id, last_seen_at)"
            " VALUES (gen_random_uuid(), %s, %s, %s)",
            [office.sample.people[login], desk, f"2026-11-20 {seen}+00"],
        )
    found = desks.desks(office.desk("claudia"))
    assert [(one.name, one.last_person, one.enrolled_by, one.here) for one in found] == [
        ("Consultório", "Renata Souza", "Cláudia Meireles", False),
        ("Recepção 2", "Helena Prado", "Cláudia Meireles", False),
    ]
    assert found[1].last_seen_at == dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC)
    assert desks.desks(office.desk("otavio")) == found
    for login in ("renata", "helena"):
        with pytest.raises(NotAllowed):
            desks.desks(office.desk(login))


def test_a_desk_is_renamed_by_owners(office: Office) -> None:
    desk = enrolled(office)
    owner = office.desk("claudia")
    assert desks.rename(owner, desk, "  Sala   5 ") == "Sala 5"
    assert [one.name for one in desks.desks(owner)] == ["Sala 5"]
    with pytest.raises(InvalidField):
        desks.rename(owner, desk, "")
    with pytest.raises(NotFound):
        desks.rename(owner, office.sample.organisation_id, "Sala 6")
    with pytest.raises(NotAllowed):
        desks.rename(office.desk("otavio"), desk, "Sala 6")


def test_a_desk_that_was_shut_out_stands_below_and_stays(office: Office) -> None:
    desk, _other = enrolled(office, "A sala", "77"), enrolled(office, "Recepção", "78")
    owner = office.desk("claudia")
    desks.revoke(owner, desk)
    found = desks.desks(owner)
    assert [(one.name, one.revoked_by) for one in found] == [("Recepção", ""), ("A sala", "Cláudia Meireles")]
    with pytest.raises(NotFound):
        desks.revoke(owner, desk)
    with pytest.raises(NotFound):
        desks.rename(owner, desk, "Sala 6")
    with pytest.raises(NotAllowed):
        desks.revoke(office.desk("otavio"), found[0].id)


def test_on_one_computer_nobody_renews(office: Office, data_dir: Path) -> None:
    join(data_dir, clinic_authority())
    place = open_place(data_dir, joined(Settings(), ADDRESS))
    assert not desks.renew_certificate(office.desk("renata"), place, NOW)
    with pytest.raises(NotAllowed):  # no certificate was shown on this connection
        desks.renew_certificate(office.desk("renata"), place, NOW + dt.timedelta(days=360))


def test_an_office_is_on_no_server(office: Office) -> None:
    assert office.desk("renata").server is None


# --- the first clinic of a server ------------------------------------------------------------------------------------


@pytest.fixture
def bare(cluster: Cluster) -> Iterator[str]:
    """A server's database as its set-up leaves it: with tables and without anybody."""
    name = f"bare{uuid4().hex[:12]}"
    rows.make_database(cluster.admin_conninfo(), name)
    yield name
    rows.remove_database(cluster.admin_conninfo(), name)


def founders_door(cluster: Cluster, database: str) -> dict[str, str]:
    """What `enrol` gives whoever came with the first code."""
    code = read_code(new_desk_code())
    arguments: dict[str, Any] = cluster.admin_conninfo(database)
    with psycopg.connect(**arguments, autocommit=True) as admin:
        verifier = admin.pgconn.encrypt_password(code.secret.encode(), b"any", b"scram-sha-256").decode()
        admin.execute("SELECT clinicdesk.invite_founder(gen_random_uuid(), %s, %s, 15)", [code.part, verifier])
    return cluster.conninfo(database, code.login(database), code.secret)


def new_clinic() -> tuple[Clinic, AddPerson]:
    clinic = Clinic(new_id(), "Clínica Nova")
    return clinic, AddPerson(new_id(), "dona", "Nova Dona", Role.OWNER, "outra frase 77", (clinic.id,))


def test_a_founders_code_makes_the_first_clinic_and_nothing_more(cluster: Cluster, bare: str) -> None:
    door, late = founders_door(cluster, bare), founders_door(cluster, bare)
    clinic, owner = new_clinic()
    with enrolment.code_connection(door) as connection:
        assert enrolment.is_founder(connection)
    made = setup.found(door, "Nova", [clinic], owner, recovery_key="A" * 32)
    assert made.recovery_key == "A" * 32
    address = {name: found for name, found in door.items() if name not in ("user", "password")}
    work = staff.sign_in(address, "dona", owner.password, "Recepção 1").clinic
    assert work.keys.register_key == made.keys.register_key
    assert [one.login for one in staff.people(work)] == ["dona"]
    work.close()
    for again in (door, late):
        with pytest.raises(ClinicAlreadyHere):
            setup.found(again, "Outra", [clinic], replace(owner, login="ladra"))
    arguments: dict[str, Any] = door
    with psycopg.connect(**arguments, autocommit=True) as connection:
        for statement in (
            f"SELECT clinicdesk.give_login('{bare}_ladra', 'owner', 'SCRAM-SHA-256$x', NULL)",
            "SELECT clinicdesk.invite_desk(gen_random_uuid(), 'AAAA', 'SCRAM-SHA-256$x', 5)",
        ):
            assert isinstance(refusal(connection, statement), errors.InsufficientPrivilege)


def test_founding_is_whole_or_not_at_all(cluster: Cluster, bare: str) -> None:
    door = founders_door(cluster, bare)
    clinic, owner = new_clinic()
    with pytest.raises(InvalidField):
        setup.found(door, "Nova", [clinic], replace(owner, login="Not a login"))
    with pytest.raises(WeakPassword):
        setup.found(door, "Nova", [clinic], replace(owner, password="short"))
    arguments: dict[str, Any] = cluster.admin_conninfo(bare)
    with psycopg.connect(**arguments) as admin:
        for table in ("organisation", "clinic", "person", "data_key"):
            assert value(admin, f"SELECT count(*) FROM clinicdesk.{table}") == 0
    assert setup.found(door, "Nova", [clinic], owner).clinic_ids == (clinic.id,)


def test_a_desks_code_founds_nothing(office: Office) -> None:
    code = desks.invite(office.desk("claudia")).code
    door = {**office.address, "user": code.login(office.database), "password": code.secret}
    clinic, owner = new_clinic()
    with pytest.raises(ClinicAlreadyHere):
        setup.found(door, "Nova", [clinic], owner)
    assert value(office.admin(), "SELECT count(*) FROM clinicdesk.clinic") == 2


def test_a_disk_that_takes_nothing_is_told(data_dir: Path) -> None:
    if os.geteuid() == 0:  # root writes everywhere, so the folder is none
        data_dir.parent.mkdir(exist_ok=True)
        data_dir.write_text("a file")
    else:
        data_dir.mkdir(mode=0o500)
    authority, key = clinic_authority(), desk_files.new_key("x")
    with pytest.raises(OSError):
        desk_files.keep(data_dir, key, signed(authority, key), authority.pem)
