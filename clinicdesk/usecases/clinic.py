"""The handle everyone holds: a signed-in person, in one clinic, over one database."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field, replace
from uuid import UUID

from uuid_utils.compat import uuid7

from clinicdesk import keychain
from clinicdesk.domain.desks import ServerAddress
from clinicdesk.domain.snapshot import ClinicDays, Snapshot
from clinicdesk.domain.staff import Person
from clinicdesk.errors import ClinicError, KeyUnavailable, ServerAway
from clinicdesk.storage import engine as _engine
from clinicdesk.storage import sessions as _sessions
from clinicdesk.storage.changes import Change, Link, Watch
from clinicdesk.storage.engine import Engine, Transaction
from clinicdesk.storage.server_link import server_in

__all__ = ["Change", "Clinic", "FieldKeys", "Link", "Listening", "new_id"]


def new_id() -> UUID:
    """A new key or operation id (UUIDv7, RFC 9562): rows made later sort later."""
    return uuid7()


@dataclass(frozen=True)
class FieldKeys:
    """The keys a person unwrapped at sign-in, in memory alone. The register's key serves what all clinics share."""

    organisation_id: UUID
    register_key: bytes = field(repr=False)
    key_version: int = 1
    clinic_keys: Mapping[UUID, bytes] = field(default_factory=dict, repr=False)

    def seal_cpf(self, patient_id: UUID, digits: str) -> bytes:
        """A CPF encrypted for one patient's row."""
        return keychain.encrypt_field(self.register_key, self._cpf_place(patient_id), digits)

    def open_cpf(self, patient_id: UUID, sealed: bytes) -> str:
        """The digits of an encrypted CPF. Raises KeyUnavailable."""
        return keychain.decrypt_field(self.register_key, self._cpf_place(patient_id), sealed)

    def cpf_index(self, digits: str) -> bytes:
        """What a CPF is found by."""
        return keychain.blind_index(self.register_key, self.organisation_id, digits)

    def _cpf_place(self, patient_id: UUID) -> keychain.FieldPlace:
        return keychain.FieldPlace(self.organisation_id, "patient", patient_id, "cpf_ciphertext", self.key_version)


@dataclass
class _Line:
    """What the clinics of one sign-in share: the way to the server, whether it is lost, and what was kept of it."""

    engine: Engine | None  # None before the server was reached for the first time
    conninfo: Mapping[str, str]
    keys: FieldKeys | None
    lost: bool = False
    snapshot: Snapshot | None = None
    listening: list["Listening"] = field(default_factory=list)
    session_id: UUID | None = None  # None for work that stands on no list of sessions, as the command line's
    refused: ClinicError | None = None  # why nothing more may be asked of this database


class Listening:
    """Somebody who hears of every change, as soon as there is a server to hear; `close` ends it."""

    def __init__(self, line: _Line, changed: Callable[[Change], None], link_changed: Callable[[Link], None], desk: str):
        self._line, self._changed, self._link_changed, self._desk = line, changed, link_changed, desk
        self._watch: Watch | None = None
        line.listening.append(self)
        if line.engine is None:
            link_changed(Link.UNREACHABLE)
        else:
            self.begin()

    def begin(self) -> None:
        """Listen from now on."""
        self._watch = Watch(self._line.conninfo, self._changed, self._link_moved, self._desk)

    def try_now(self) -> None:
        """Look for the server at once instead of at the next turn."""
        if self._watch is not None:
            self._watch.try_now()

    def use_password(self, password: str) -> None:
        """Connect with another password from the next time on."""
        if self._watch is not None:
            self._watch.use_password(password)

    def close(self) -> None:
        """Hear nothing more; returns when the thread has ended."""
        if self in self._line.listening:
            self._line.listening.remove(self)
        if self._watch is not None:
            self._watch.close()

    def _link_moved(self, link: Link) -> None:
        line = self._line
        if link is Link.CONNECTED and line.lost and line.engine is not None:
            # What lies in the pool died with the server; whoever reloads now would be given it.
            _engine.forget_idle(line.engine)
        line.lost = link is not Link.CONNECTED
        self._link_changed(link)


class Clinic:
    """A person at work in a clinic. `close` gives the connections back; a closed one is not used again.

    Without an engine it is the clinic as it was kept at this desk, until `arrive` brings the server.
    """

    def __init__(
        self,
        engine: Engine | None,
        conninfo: Mapping[str, str],
        person: Person,
        clinic_id: UUID,
        desk: str,
        keys: FieldKeys | None,
        snapshot: Snapshot | None = None,
    ) -> None:
        self.person = person
        self.id = clinic_id
        self.desk = desk
        self._line = _Line(engine, dict(conninfo), keys, lost=engine is None, snapshot=snapshot)

    @property
    def server(self) -> ServerAddress | None:
        """The clinic server it is on; None on this computer."""
        return server_in(self._line.conninfo)

    @property
    def keys(self) -> FieldKeys:
        """The unwrapped keys. Raises KeyUnavailable when this sign-in had none."""
        if self._line.keys is None:
            raise KeyUnavailable
        return self._line.keys

    @property
    def session_id(self) -> UUID | None:
        """This sign-in among the sessions; None for work that is not listed there, as the command line's."""
        return self._line.session_id

    def open_session(self) -> None:
        """Stand on the list of who is at work from now on. Raises ClinicError."""
        session_id = new_id()
        with self.transaction() as tx:
            _sessions.open_session(tx, session_id, self.desk)
        self._line.session_id = session_id

    @property
    def away(self) -> bool:
        """Whether the server was not reached yet since this person signed in."""
        return self._line.engine is None

    @property
    def kept(self) -> ClinicDays | None:
        """What can be read of this clinic while the server is out of reach; None while it is not, or for nothing."""
        snapshot = self._line.snapshot if self._line.lost else None
        return snapshot.days.get(self.id) if snapshot is not None else None

    @property
    def snapshot(self) -> Snapshot | None:
        """What was kept last of this person's clinics."""
        return self._line.snapshot

    def hold_snapshot(self, snapshot: Snapshot) -> None:
        """Read from this when the server is out of reach."""
        self._line.snapshot = snapshot

    def transaction(self) -> AbstractContextManager[Transaction]:
        """One transaction: `with clinic.transaction() as tx`. Commits, or rolls back and raises a ClinicError.

        While the server is known to be out of reach nobody waits for it: ServerAway comes at once.
        """
        if self._line.refused is not None:
            raise replace(self._line.refused)  # one of its own for every thread
        if self._line.engine is None or self._line.lost:
            raise ServerAway
        return _engine.transaction(self._line.engine)

    def outgrown(self, error: ClinicError) -> None:
        """Ask nothing more of a database whose rules this program no longer knows: whatever is tried says why."""
        self._line.refused = error

    def watch(self, changed: Callable[[Change], None], link_changed: Callable[[Link], None]) -> Listening:
        """Hear of every change, from a thread that is not the caller's."""
        return Listening(self._line, changed, link_changed, self.desk)

    def in_clinic(self, clinic_id: UUID) -> "Clinic":
        """The same person at work in another clinic of theirs, over the same connections."""
        other = Clinic(self._line.engine, self._line.conninfo, self.person, clinic_id, self.desk, self._line.keys)
        other._line = self._line
        return other

    def arrive(self, signed_in: "Clinic") -> None:
        """The server is there: go on over the connections and with the keys of `signed_in`, in whatever is open."""
        line, real = self._line, signed_in._line
        line.engine, line.conninfo, line.keys = real.engine, real.conninfo, real.keys
        line.session_id = real.session_id
        for one in tuple(line.listening):
            one.begin()

    def accepts(self, password: str) -> bool:
        """Whether the server takes this for the person's password now. Raises AccountLocked or ClinicUnreachable."""
        return _engine.accepts({**self._line.conninfo, "password": password})

    def still_let_in(self) -> bool:
        """Whether the server lets this person in as they signed in. Raises AccountLocked or ClinicUnreachable."""
        let_in = _engine.accepts(self._line.conninfo)
        if let_in and self._line.engine is not None:
            _engine.forget_idle(self._line.engine)  # what died meanwhile is not handed out again
        return let_in

    def use_password(self, password: str) -> None:
        """Open the next connections with the password the person has changed to."""
        self._line.conninfo = {**self._line.conninfo, "password": password}
        if self._line.engine is not None:
            _engine.use_password(self._line.engine, password)
        for one in tuple(self._line.listening):
            one.use_password(password)

    def close(self) -> None:
        """End the session, the watches and the connections."""
        if self.session_id is not None and not self._line.lost:
            with suppress(ClinicError), self.transaction() as tx:
                _sessions.end(tx, self.session_id)
        for one in tuple(self._line.listening):
            one.close()
        # First: whoever asks a moment too late would open a connection that nobody closes.
        self._line.lost = True
        if self._line.engine is not None:
            self._line.engine.dispose()
