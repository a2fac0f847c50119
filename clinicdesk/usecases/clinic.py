"""The handle everyone holds: a signed-in person, in one clinic, over one database."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from uuid import UUID

from uuid_utils.compat import uuid7

from clinicdesk import keychain
from clinicdesk.domain.staff import Person
from clinicdesk.errors import KeyUnavailable
from clinicdesk.storage import engine as _engine
from clinicdesk.storage.changes import Change, Link, Watch
from clinicdesk.storage.engine import Engine, Transaction

__all__ = ["Change", "Clinic", "FieldKeys", "Link", "Watch", "new_id"]


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


class Clinic:
    """A person at work in a clinic. `close` gives the connections back; a closed one is not used again."""

    def __init__(
        self,
        engine: Engine,
        conninfo: Mapping[str, str],
        person: Person,
        clinic_id: UUID,
        desk: str,
        keys: FieldKeys | None,
    ) -> None:
        self.person = person
        self.id = clinic_id
        self.desk = desk
        self._engine = engine
        self._conninfo = dict(conninfo)
        self._keys = keys
        self._watches: list[Watch] = []

    @property
    def keys(self) -> FieldKeys:
        """The unwrapped keys. Raises KeyUnavailable when this sign-in had none."""
        if self._keys is None:
            raise KeyUnavailable
        return self._keys

    def transaction(self) -> AbstractContextManager[Transaction]:
        """One transaction: `with clinic.transaction() as tx`. Commits, or rolls back and raises a ClinicError."""
        return _engine.transaction(self._engine)

    def watch(self, changed: Callable[[Change], None], link_changed: Callable[[Link], None]) -> Watch:
        """Hear of every change, from a thread that is not the caller's."""
        lost = False

        def link_moved(link: Link) -> None:
            nonlocal lost
            if link is Link.CONNECTED and lost:
                # What lies in the pool died with the server; whoever reloads now would be given it.
                _engine.forget_idle(self._engine)
            lost = link is not Link.CONNECTED
            link_changed(link)

        watch = Watch(self._conninfo, changed, link_moved, self.desk)
        self._watches.append(watch)
        return watch

    def in_clinic(self, clinic_id: UUID) -> "Clinic":
        """The same person at work in another clinic of theirs, over the same connections."""
        return Clinic(self._engine, self._conninfo, self.person, clinic_id, self.desk, self._keys)

    def close(self) -> None:
        """End the watches and the connections."""
        for watch in self._watches:
            watch.close()
        self._watches.clear()
        self._engine.dispose()
