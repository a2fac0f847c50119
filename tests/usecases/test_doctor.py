"""What `doctor` notices: everything that was altered, that ends soon or is gone, with what to do about it."""

import datetime as dt
import os
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from clinicdesk import authority, words
from clinicdesk.desk import wording_doctor
from clinicdesk.domain.clinics import Clinic
from clinicdesk.domain.staff import AddPerson, Role
from clinicdesk.errors import ClinicMoved, NobodyAnswers
from clinicdesk.settings import Settings
from clinicdesk.storage import health
from clinicdesk.usecases import desk_files, doctor, setup
from clinicdesk.usecases.checks import Check, State
from clinicdesk.usecases.doctor_database import database_checks, sending_check
from clinicdesk.usecases.local import MOVED_FILE, Local, open_folder
from tests.office import PASSWORD, Office, put, value

NOW = dt.datetime.now(dt.UTC)


def named(checks: list[Check]) -> dict[str, Check]:
    """The checks by name; each name stands once and is shown under one heading."""
    found = {check.name: check for check in checks}
    assert len(found) == len(checks)
    shown = [one.name for _heading, some in wording_doctor.grouped(checks) for one in some]
    assert sorted(shown) == sorted(found)
    assert wording_doctor.as_text(checks).count("\n") > len(checks)
    return found


def outcome(check: Check) -> tuple[State, str]:
    return check.state, check.advice


# --- a clinic of this computer ---------------------------------------------------------------------------------------


@pytest.fixture
def local(data_dir: Path) -> Iterator[Local]:
    """A clinic of its own on this computer."""
    with open_folder(data_dir) as opened:
        clinic = Clinic(uuid4(), "Clínica Ipê")
        owner = AddPerson(uuid4(), "claudia", "Cláudia Meireles", Role.OWNER, PASSWORD, (clinic.id,))
        setup.make_clinic(opened.admin, setup.DATABASE, "Bem Viver", [clinic], owner)
        yield opened


def test_a_clinic_of_this_computer_is_well(local: Local) -> None:
    found = named(doctor.examine(local.data_dir, Settings()))
    assert {name for name, check in found.items() if check.state is State.FAILED} == set()
    assert found["place"].facts == {"kind": "this_computer"}
    for name in ("schema", "durability", "extensions", "owner", "people_locked", "roles", "connections", "clock"):
        assert outcome(found[name]) == (State.OK, ""), name
    (local.data_dir / MOVED_FILE).write_text('{"host": "servidor.local", "sure": true}', "utf-8")
    moved = named(doctor.examine(local.data_dir, Settings()))["place"]
    assert (moved.state, moved.error) == (State.WARNING, ClinicMoved("servidor.local"))


# --- a database ------------------------------------------------------------------------------------------------------


def _looked_at(office: Office, login: str = "renata") -> dict[str, Check]:
    """As somebody at the front desk may ask."""
    clinic = office.desk(login)
    with clinic.transaction() as tx:
        return {check.name: check for check in database_checks(health.facts_in(tx))}


@pytest.mark.parametrize(
    ("alteration", "note"),
    [
        ('ALTER ROLE "{renata}" BYPASSRLS', "{renata}: bypassrls"),
        ('ALTER ROLE "{renata}" CREATEROLE', "{renata}: createrole"),
        ('ALTER ROLE "{renata}" SUPERUSER', "{renata}: superuser"),
        ('GRANT cd_schema TO "{renata}"', "{renata} → cd_schema"),
        ('GRANT "{claudia}" TO "{renata}"', "{renata} → {claudia}"),
        ('GRANT pg_read_all_data TO "{renata}"', "{renata} → pg_read_all_data"),
    ],
)
def test_an_altered_role_is_told(alteration: str, note: str, office: Office) -> None:
    names = {login: f"{office.database}_{login}" for login in ("renata", "claudia")}
    assert outcome(_looked_at(office)["roles"]) == (State.OK, "")
    admin = office.admin()
    admin.execute(alteration.format(**names).encode())
    check = _looked_at(office)["roles"]
    # A superuser is not removed with its database: it may be the server's administrator.
    admin.execute(f'ALTER ROLE "{names["renata"]}" NOSUPERUSER'.encode())
    assert outcome(check) == (State.FAILED, "roles_altered")
    assert check.facts["altered"] == (note.format(**names),)


def test_who_is_locked_or_cannot_sign_in_is_told(office: Office) -> None:
    found = _looked_at(office)
    assert found["owner"].facts == {"active_owners": 1} and found["people_locked"].facts == {"locked": ()}
    office.admin().execute("UPDATE clinicdesk.person SET locked_at = now() WHERE login = 'claudia'")
    found = _looked_at(office)
    assert outcome(found["owner"]) == (State.FAILED, "no_owner")
    assert outcome(found["people_locked"]) == (State.WARNING, "somebody_locked")
    assert found["people_locked"].facts == {"locked": ("Cláudia Meireles",)}


def test_a_missing_extension_and_a_newer_schema_are_told(office: Office) -> None:
    admin = office.admin()
    admin.execute("ALTER EXTENSION unaccent SET SCHEMA public")
    admin.execute("DROP EXTENSION unaccent CASCADE")
    admin.execute(
        "INSERT INTO clinicdesk.schema_release SELECT '29990101_0000', 2, '9.1', revision"
        " FROM clinicdesk.schema_release"
    )
    admin.execute("UPDATE clinicdesk.alembic_version SET version_num = '29990101_0000'")
    found = _looked_at(office)
    assert outcome(found["extensions"]) == (State.FAILED, "extensions_missing")
    assert outcome(found["schema"]) == (State.WARNING, "schema_ahead")


@pytest.mark.parametrize(
    ("days", "state", "advice"),
    [(0, State.OK, ""), (0.002, State.WARNING, "clocks_apart"), (2, State.FAILED, "clocks_far_apart")],
)
def test_a_clock_that_is_off_is_told(days: float, state: State, advice: str, rolled_back: Office) -> None:
    with rolled_back.desk("renata").transaction() as tx:
        found = health.facts_in(tx)
    there = found.clock + dt.timedelta(days=days)
    off = health.ServerFacts(**{name: getattr(found, name) for name in found.__slots__} | {"clock": there})
    check = next(one for one in database_checks(off) if one.name == "clock")
    assert outcome(check) == (state, advice)


def test_few_connections_and_slow_answers_are_told(rolled_back: Office) -> None:
    with rolled_back.desk("renata").transaction() as tx:
        found = health.facts_in(tx)
    full = {"connections": found.connections_allowed - 3, "milliseconds": 400}
    worse = health.ServerFacts(**{name: getattr(found, name) for name in found.__slots__} | full)
    checks = {one.name: one for one in database_checks(worse)}
    assert outcome(checks["connections"]) == (State.WARNING, "few_connections")
    assert outcome(checks["answering"]) == (State.WARNING, "answers_slowly")


# --- a clinic server -------------------------------------------------------------------------------------------------


class TlsDoor:
    """Answers as PostgreSQL does when it is asked for encryption, with a certificate that ends when a test likes."""

    def __init__(self, folder: Path, server_days: float, desk_days: float) -> None:
        self.clinic = authority.make_authority("servidor", NOW - dt.timedelta(days=800))
        key = ec.generate_private_key(ec.SECP256R1())
        public = key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        made = NOW + dt.timedelta(days=server_days) - authority.SERVER_LIFE
        certificate = authority.sign_server(self.clinic, public, [], ["127.0.0.1"], made)
        plain = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        (folder / "server.pem").write_bytes(plain + certificate.encode())
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(folder / "server.pem")
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._answer)
        self._thread.start()
        made_key = desk_files.new_key("Recepção")
        signed = authority.sign_desk(
            self.clinic, made_key.request, uuid4(), NOW + dt.timedelta(days=desk_days) - authority.DESK_LIFE
        )
        self.key, self.certificate = made_key, signed.certificate

    def _answer(self) -> None:
        connection, _address = self._listener.accept()
        with connection:
            if connection.recv(8):
                connection.sendall(b"S")
                with self._context.wrap_socket(connection, server_side=True) as talk:
                    talk.recv(1)

    def close(self) -> None:
        """Answer nobody any more."""
        with (
            socket.create_connection(("127.0.0.1", self.port)) if self._thread.is_alive() else closing(socket.socket())
        ):
            pass
        self._thread.join()
        self._listener.close()


def _desk_at(door: TlsDoor, data_dir: Path) -> Settings:
    data_dir.mkdir()
    desk_files.keep(data_dir, door.key, door.certificate, door.clinic.pem)
    return Settings(server_host="127.0.0.1", server_port=door.port)


@pytest.mark.parametrize(
    ("days", "state"), [(60, State.OK), (29, State.WARNING), (6, State.FAILED)], ids=["far", "in a month", "in a week"]
)
def test_certificates_that_end_are_told(days: float, state: State, data_dir: Path, tmp_path: Path) -> None:
    with closing(TlsDoor(tmp_path, days, days)) as door:
        found = named(doctor.examine(data_dir, _desk_at(door, data_dir)))
    assert outcome(found["server_reached"]) == (State.OK, "")
    assert outcome(found["server_certificate"]) == (state, "" if state is State.OK else "server_certificate_ends")
    assert outcome(found["desk_certificate"]) == (state, "" if state is State.OK else "desk_certificate_ends")
    assert outcome(found["desk_key"]) == (State.OK, "")
    assert outcome(found["signed_in"]) == (State.WARNING, "sign_in_for_more")


def test_a_server_that_is_gone_and_a_lost_key_are_told(data_dir: Path, tmp_path: Path) -> None:
    with closing(TlsDoor(tmp_path, 60, 60)) as door:
        settings = _desk_at(door, data_dir)
    (data_dir / "server" / "desk.key").unlink()
    found = named(doctor.examine(data_dir, settings))
    assert found["server_reached"].state is State.FAILED
    assert isinstance(found["server_reached"].error, NobodyAnswers)
    assert found["desk_key"].state is State.FAILED and found["desk_key"].error is not None


def test_somebody_signed_in_sees_more(office: Office, data_dir: Path, tmp_path: Path) -> None:
    with closing(TlsDoor(tmp_path, 60, 60)) as door:
        found = named(doctor.examine(data_dir, _desk_at(door, data_dir), office.desk("renata")))
    assert "signed_in" not in found
    assert outcome(found["encryption"]) == (State.FAILED, "not_encrypted")  # the tests' server speaks in clear
    assert outcome(found["desk_known"]) == (State.FAILED, "desk_unknown")
    assert outcome(found["server_unit"]) == (State.WARNING, "unit_away")
    assert found["database"].facts["kind"] == "server"
    assert outcome(found["roles"]) == (State.OK, "")


def test_what_is_kept_for_later_grows_old(data_dir: Path, tmp_path: Path) -> None:
    with closing(TlsDoor(tmp_path, 60, 60)) as door:
        settings = _desk_at(door, data_dir)
    folder = data_dir / "people" / "renata"
    folder.mkdir(parents=True)
    for name in ("key", "snapshot.sealed"):
        (folder / name).write_bytes(b"x")
    check = named(doctor.examine(data_dir, settings))["kept_here"]
    assert outcome(check) == (State.OK, "") and check.facts["people"] == 1
    old = time.time() - doctor.OLD_SNAPSHOT - 60
    os.utime(folder / "snapshot.sealed", (old, old))
    assert outcome(named(doctor.examine(data_dir, settings))["kept_here"]) == (State.WARNING, "kept_long_ago")


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_every_check_and_advice_has_words(language: str) -> None:
    words.use_language(language)
    for name in wording_doctor.CHECKS:
        for advice in ("", *wording_doctor.ADVICE):
            assert wording_doctor.as_text([Check(name, State.WARNING, {"seconds_apart": 3}, advice)])
    shown = [name for _heading, names in wording_doctor.GROUPS.values() for name in names]
    assert sorted(shown) == sorted(wording_doctor.CHECKS)


@pytest.mark.parametrize(
    ("sends", "seen", "expected"),
    [
        (False, None, (State.OK, "")),
        (True, None, (State.WARNING, "sender_away")),
        (True, 5, (State.OK, "")),
        (True, 600, (State.WARNING, "sender_away")),
    ],
)
def test_whether_anything_sends_is_said(sends: bool, seen: int | None, expected: tuple[State, str]) -> None:
    assert outcome(sending_check(sends, seen)) == expected


def test_a_process_that_sends_is_seen(office: Office) -> None:
    admin = office.admin()
    put(admin, "messaging_policy", clinic_id=office.sample.clinics["ipe"], active=True)
    found = health.look(office.cluster.admin_conninfo(), office.database)
    assert (found.sends, found.sender_seen) == (True, None)
    put(admin, "sync_process", id=uuid4(), host="mesa", release="1")
    found = health.look(office.cluster.admin_conninfo(), office.database)
    assert found.sender_seen is not None and found.sender_seen < 30
    admin.execute("SET SESSION AUTHORIZATION cd_guard")
    assert value(admin, "SELECT sends FROM clinicdesk.sync_standing()")
