"""Sync at work on a copy of the organisation, with channels laid by the administrator, in one connection."""

import contextlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import psycopg
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from clinicdesk.domain.patients import NOBODY
from clinicdesk.domain.staff import Person, Role
from clinicdesk.keychain import FieldPlace
from clinicdesk.sealing import new_private_key, open_sealed, public_key_of, seal_to
from clinicdesk.storage.engine import login_of
from clinicdesk.usecases.clinic import Clinic
from tests.office import Office, _Nested, put, value

PUBLIC_ADDRESS = "https://recepcao.clinica-ipe.example"


@dataclass(frozen=True)
class LaidChannel:
    """A channel as it was laid."""

    id: UUID
    clinic_id: UUID
    hook_key: str

    @property
    def path(self) -> str:
        """Where its provider knocks."""
        return f"/hooks/{self.hook_key}"


class Ground:
    """The robot, and somebody who may lay what desks lay."""

    def __init__(self, office: Office, admin: psycopg.Connection[Any], sync: Clinic) -> None:
        self.office, self.admin, self.sync = office, admin, sync
        self.private_key = new_private_key()
        self.sync_key_id = uuid4()
        with self.laying():
            put(admin, "sync_key", id=self.sync_key_id, public_key=public_key_of(self.private_key))
            for clinic_id in office.sample.clinics.values():
                put(admin, "messaging_policy", clinic_id=clinic_id, active=True, public_address=PUBLIC_ADDRESS)

    def open(self, place: FieldPlace, sealed: bytes) -> bytes:
        """What desks sealed for sync."""
        return open_sealed(self.private_key, place, sealed)

    @contextlib.contextmanager
    def laying(self) -> Iterator[psycopg.Connection[Any]]:
        """The administrator instead of the robot, on the connection they share where nothing is committed."""
        sync = login_of(self.office.database, "sync")
        self.admin.execute("RESET SESSION AUTHORIZATION")
        try:
            yield self.admin
        finally:
            if not self.admin.autocommit:
                self.admin.execute(f'SET SESSION AUTHORIZATION "{sync}"'.encode())

    def channel(
        self,
        provider: str,
        kind: str = "whatsapp",
        secrets: Mapping[str, str] | None = None,
        clinic: str = "ipe",
        receives: str = "webhook",
        **settings: object,
    ) -> LaidChannel:
        """A channel with its credentials sealed as a desk seals them."""
        channel_id, clinic_id = uuid4(), self.office.sample.clinics[clinic]
        with self.laying() as admin:
            put(admin, "message_channel", id=channel_id, clinic_id=clinic_id, kind=kind, provider=provider,
                name=f"{provider} {channel_id}"[:60], receives=receives, settings=json.dumps(settings))  # fmt: skip
            for name, secret in (secrets or {}).items():
                self._seal(admin, clinic_id, channel_id, name, secret)
            key = value(admin, "SELECT hook_key FROM clinicdesk.message_channel WHERE id = %s", [channel_id])
        return LaidChannel(channel_id, clinic_id, key)

    def change_secret(self, channel: LaidChannel, name: str, secret: str) -> None:
        """Type another credential at a desk."""
        with self.laying() as admin:
            admin.execute("DELETE FROM clinicdesk.channel_secret WHERE channel_id = %s", [channel.id])
            self._seal(admin, channel.clinic_id, channel.id, name, secret)

    def count(self, statement: str, *parameters: object) -> Any:
        """The first column of the first row, as the administrator sees it."""
        with self.laying() as admin:
            return value(admin, statement, parameters)

    def _seal(self, admin: psycopg.Connection[Any], clinic_id: UUID, channel_id: UUID, name: str, secret: str) -> None:
        place = FieldPlace(clinic_id, "channel_secret", channel_id, name)
        sealed = seal_to(public_key_of(self.private_key), place, secret.encode())
        put(admin, "channel_secret", channel_id=channel_id, name=name, clinic_id=clinic_id, sealed=sealed,
            sync_key_id=self.sync_key_id)  # fmt: skip


@contextlib.contextmanager
def uncommitted(office: Office) -> Iterator[Ground]:
    """Ground of which nothing stays: robot and administrator are one connection, by turns."""
    arguments: dict[str, Any] = dict(office.cluster.admin_conninfo(office.database))
    engine = create_engine("postgresql+psycopg://", creator=lambda: psycopg.connect(**arguments), poolclass=NullPool)
    with contextlib.closing(engine.connect()) as connection:
        connection.exec_driver_sql("SELECT 1")
        raw: Any = connection.connection.driver_connection
        theirs = tuple(office.sample.clinics.values())
        nobody = Person(NOBODY, "sync", "ClinicDesk", Role.RECEPTION, 200, theirs)
        nested: Any = _Nested(connection)
        sync = Clinic(nested, office.conninfo("sync"), nobody, office.sample.clinics["ipe"], "sync", None)
        yield Ground(office, raw, sync)
    engine.dispose()


def committed(office: Office) -> Ground:
    """Ground in which everything stays and several threads may work."""
    return Ground(office, office.admin(), office.robot())
