"""People and their logins; the database's own functions make these, here they are only called."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select, text

from clinicdesk.domain.staff import AddPerson, Person, Role
from clinicdesk.storage import tables as t

_PEOPLE = (
    select(
        t.person.c.id,
        t.person.c.login,
        t.person.c.name,
        t.person.c.role,
        t.person.c.hue,
        func.array_remove(func.array_agg(t.person_clinic.c.clinic_id), None),
        t.professional.c.id,
        t.person.c.active,
    )
    .outerjoin(t.person_clinic, t.person_clinic.c.person_id == t.person.c.id)
    .outerjoin(t.professional, t.professional.c.person_id == t.person.c.id)
    .group_by(t.person.c.id, t.professional.c.id)
    .order_by(t.person.c.name)
)
_ADD = text(
    "SELECT clinicdesk.add_person(:id, :login, :name, :role, :verifier, :clinics, :hue, :profile, :code_expires)"
)
_KEEP_KEY = text("SELECT clinicdesk.keep_wrapped_key(:key, :person, :kind, :wrapped)")


def _person(row: Sequence[Any]) -> Person:
    return Person(row[0], row[1], row[2], Role(row[3]), row[4], tuple(row[5]), row[6], row[7])


def people(connection: Connection) -> list[Person]:
    """Everybody with a login in this organisation, by name."""
    return [_person(row) for row in connection.execute(_PEOPLE)]


def me(connection: Connection) -> Person | None:
    """The person this connection was opened by; None when the account was closed."""
    row = connection.execute(_PEOPLE.where(t.person.c.id == func.clinicdesk.my_person())).one_or_none()
    return _person(row) if row else None


def organisation_id(connection: Connection) -> UUID:
    """The one organisation of this database."""
    found: UUID = connection.execute(select(t.organisation.c.id)).scalar_one()
    return found


def verifier(connection: Connection, account: str, password: str) -> str:
    """The SCRAM verifier of a password, made on this side so that the password itself never travels."""
    driver: Any = connection.connection.dbapi_connection
    made: bytes = driver.pgconn.encrypt_password(password.encode(), account.encode(), b"scram-sha-256")
    return made.decode()


def database(connection: Connection) -> str:
    """The name of the database this connection is to."""
    return str(connection.execute(select(func.current_database())).scalar_one())


def add_person(connection: Connection, person_id: UUID, command: AddPerson, made_verifier: str) -> None:
    """Make a person and the login; refused by the database for anybody but an owner."""
    connection.execute(
        _ADD,
        {
            "id": person_id,
            "login": command.login,
            "name": command.name,
            "role": command.role,
            "verifier": made_verifier,
            "clinics": list(command.clinic_ids),
            "hue": command.hue,
            "profile": None,
            "code_expires": None,
        },
    )


def keep_wrapped_key(connection: Connection, key_id: UUID, person_id: UUID, kind: str, wrapped: bytes) -> None:
    """Keep a data key wrapped for a person, in place of an older wrapping of the same kind."""
    connection.execute(_KEEP_KEY, {"key": key_id, "person": person_id, "kind": kind, "wrapped": wrapped})


def wrapped_keys(connection: Connection, kind: str = "password") -> list[tuple[UUID, UUID | None, int, bytes]]:
    """This person's keys: the key's id, its clinic (None: the shared register), its version, and the wrapping."""
    k, w = t.data_key, t.wrapped_key
    rows = connection.execute(
        select(k.c.id, k.c.clinic_id, k.c.key_version, w.c.wrapped)
        .join(w, w.c.data_key_id == k.c.id)
        .where(w.c.kind == kind, k.c.retired_at.is_(None))
    )
    return [(row[0], row[1], row[2], bytes(row[3])) for row in rows]
