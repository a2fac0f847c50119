"""How the process that sends signs in: a login with nobody behind it, and a key that others seal to.

On one computer whoever owns the data folder makes the login, and its password lies in that folder. On a clinic's server
the login is known by the operating system's account and has no password at all.
"""

import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from filelock import FileLock

from clinicdesk import sealing
from clinicdesk.authority import write_whole
from clinicdesk.domain.clinics import Clinic as ClinicFacts
from clinicdesk.domain.patients import NOBODY
from clinicdesk.domain.staff import Person, Role
from clinicdesk.errors import KeyUnavailable, NoClinicHere, SignInRefused
from clinicdesk.keychain import FieldPlace, new_recovery_key
from clinicdesk.storage import clinics as clinic_rows
from clinicdesk.storage import staff as staff_rows
from clinicdesk.storage import sync_account as rows
from clinicdesk.storage.engine import login_of, open_engine, transaction
from clinicdesk.storage.ownership import engine_of_owner
from clinicdesk.usecases.clinic import Clinic, new_id
from clinicdesk.usecases.local import Local
from clinicdesk.usecases.server_place import ServerPlace

PROGRAM = "clinicdesk-sync"
PASSWORD_FILE, KEY_FILE, LOCK_FILE = "sync-password", "sync-key", "sync.lock"
CREDENTIALS = "CREDENTIALS_DIRECTORY"  # where systemd lays what a unit alone may read
_OWN = 0o600
_NO_CLINIC = UUID(int=0)


@dataclass
class SyncAccount:
    """The process signed in. `at` is its handle for one clinic; all of them share the connections."""

    conninfo: Mapping[str, str] = field(repr=False)
    private_key: bytes = field(repr=False)
    key_id: UUID
    line: Clinic  # at no clinic: for what concerns none of them

    def clinics(self) -> tuple[ClinicFacts, ...]:
        """Every clinic there is now, in its order."""
        with self.line.transaction() as tx:
            return tuple(clinic_rows.clinics(tx))

    def at(self, clinic_id: UUID) -> Clinic:
        """At work in one clinic."""
        return self.line.in_clinic(clinic_id)

    def open(self, place: FieldPlace, sealed: bytes) -> bytes:
        """What was sealed for this process at a desk. Raises KeyUnavailable for what was sealed to another."""
        return sealing.open_sealed(self.private_key, place, sealed)

    def close(self) -> None:
        """End every connection."""
        self.line.close()

    def __enter__(self) -> "SyncAccount":
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()


def sign_in_here(local: Local) -> SyncAccount:
    """Sign in on one computer; the login is made where it is missing or its password was lost.

    The demo sends nothing: its patients have phones that may be somebody's. Raises NoClinicHere, or what `check_server`
    raises.
    """
    if local.is_demo or not local.has_clinic():
        raise NoClinicHere(folder=str(local.data_dir))
    with _one_at_a_time(local.data_dir):
        conninfo = {**local.address, "user": login_of(local.database, rows.SYNC)}
        if password := _read(local.data_dir / PASSWORD_FILE):
            try:
                return _signed_in({**conninfo, "password": password.decode()}, local.data_dir)
            except SignInRefused:
                pass  # the clinic was moved or made anew, and the file is of the one before
        return _signed_in({**conninfo, "password": _new_password(local)}, local.data_dir)


@dataclass(frozen=True, slots=True)
class DueHere:
    """What the process that sends would have to do on this computer."""

    wanted: bool  # whether any clinic sends
    planned: int  # messages until this time tomorrow


def due_here(local: Local) -> DueHere:
    """Whether this computer has to send, and how much; asked also while nobody is signed in. Raises ClinicError."""
    return DueHere(*rows.due_here(local.admin, local.database))


def sign_in_at_server(place: ServerPlace, folder: Path) -> SyncAccount:
    """Sign in on a clinic's server, by this account of the operating system.

    Raises NoClinicHere while nobody made a clinic there, or what `check_server` raises.
    """
    user = login_of(place.database, rows.SYNC)
    return _signed_in({"host": place.socket, "port": str(place.port), "dbname": place.database, "user": user}, folder)


def private_key(folder: Path) -> bytes:
    """The key that secrets are sealed to: systemd's credential, else a file of its own, made where it is missing."""
    laid = os.environ.get(CREDENTIALS)
    if laid and (key := _read(Path(laid) / KEY_FILE)):
        return _checked(key)
    if key := _read(folder / KEY_FILE):
        return _checked(key)
    made = sealing.new_private_key()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(folder / KEY_FILE, made, _OWN)
    return made


def _signed_in(conninfo: Mapping[str, str], folder: Path) -> SyncAccount:
    engine, _version = open_engine(conninfo, PROGRAM)
    try:
        key = private_key(folder)
        with transaction(engine) as tx:
            clinics = clinic_rows.clinics(tx)
            if not clinics:
                raise NoClinicHere(folder=str(folder))
            key_id = _shown(key, rows.current_key(tx))
            if key_id is None:
                key_id = new_id()
                rows.show_key(tx, key_id, sealing.public_key_of(key), socket.gethostname()[:100])
        theirs = tuple(one.id for one in clinics)
        nobody = Person(NOBODY, rows.SYNC, "ClinicDesk", Role.RECEPTION, 200, theirs)
        return SyncAccount(conninfo, key, key_id, Clinic(engine, conninfo, nobody, _NO_CLINIC, PROGRAM, None))
    except BaseException:
        engine.dispose()
        raise


def _shown(key: bytes, current: tuple[UUID, bytes] | None) -> UUID | None:
    if current is not None and current[1] == sealing.public_key_of(key):
        return current[0]
    return None


def _new_password(local: Local) -> str:
    """Another password for the login, given as the clinic's owner, and kept for the next start."""
    password = new_recovery_key()
    engine = engine_of_owner(local.admin, local.database, local.owner_login(), PROGRAM)
    try:
        with transaction(engine) as tx:
            account = login_of(local.database, rows.SYNC)
            rows.give_login(tx, staff_rows.verifier(tx, account, password))
    finally:
        engine.dispose()
    write_whole(local.data_dir / PASSWORD_FILE, password.encode(), _OWN)
    return password


@contextmanager
def _one_at_a_time(data_dir: Path) -> Iterator[None]:
    """Keep a second process waiting that would give the login yet another password."""
    with FileLock(data_dir / LOCK_FILE, timeout=60):
        yield


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def _checked(key: bytes) -> bytes:
    if len(key) != sealing.KEY_BYTES:
        raise KeyUnavailable
    return key
