"""People and their logins; the database's own functions make and change these, here they are only called."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select, text

from clinicdesk.domain.staff import AddPerson, Capability, InvitePerson, Person, Profile, Role, SetAccess
from clinicdesk.storage import tables as t

WrappedKey = tuple[UUID, bytes]  # the key's id, and the key as a secret wraps it

_p = t.person.c
_PEOPLE = (
    select(
        _p.id,
        _p.login,
        _p.name,
        _p.role,
        _p.hue,
        func.array_remove(func.array_agg(t.person_clinic.c.clinic_id), None),
        t.professional.c.id,
        _p.active,
        _p.password_set_at.is_(None),
        _p.code_expires_at,
        _p.locked_at,
        _p.closed_at,
        _p.version,
        t.profile.c.id,
        t.profile.c.name,
        t.profile.c.denied,
        t.profile.c.version,
    )
    .outerjoin(t.person_clinic, t.person_clinic.c.person_id == _p.id)
    .outerjoin(t.professional, t.professional.c.person_id == _p.id)
    .outerjoin(t.profile, t.profile.c.id == _p.profile_id)
    .group_by(_p.id, t.professional.c.id, t.profile.c.id)
    .order_by(_p.name)
)
_ADD = text(
    "SELECT clinicdesk.add_person(:id, :login, :name, :role, :verifier, :clinics, :hue, :profile, :code_expires)"
)
_KEEP_KEY = text("SELECT clinicdesk.keep_wrapped_key(:key, :person, :kind, :wrapped)")
_SET_ACCESS = text("SELECT clinicdesk.set_access(:person, :role, :profile, CAST(:clinics AS uuid[]))")
_RESET = text(
    "SELECT clinicdesk.reset_access(:person, :verifier, :expires, CAST(:keys AS uuid[]), CAST(:wrapped AS bytea[]))"
)
_CHOOSE = text("SELECT clinicdesk.choose_password(:verifier, CAST(:keys AS uuid[]), CAST(:wrapped AS bytea[]))")
_INVITATION = text("SELECT person_id, name, role, data_key_id, wrapped FROM clinicdesk.my_invitation()")
_NAME = text(
    "UPDATE clinicdesk.person SET name = :name, hue = :hue WHERE id = :person AND (name, hue) <> (:name, :hue)"
)
_LOCK = text("SELECT version FROM clinicdesk.person WHERE id = :person FOR UPDATE")
_LAST_CHANGE = text(
    "SELECT p.version, coalesce(w.name, ''), p.updated_at FROM clinicdesk.person p"
    " LEFT JOIN clinicdesk.person w ON w.id = p.updated_by WHERE p.id = :person"
)
_LAST_SEEN = text("SELECT person_id, max(started_at) FROM clinicdesk.desk_session GROUP BY person_id")
_ACCOUNT = text("SELECT clinicdesk.login_of(session_user)")


def _person(row: Sequence[Any]) -> Person:
    role = Role(row[3])
    profile = Profile(row[13], row[14], role, denied(row[15]), row[16]) if row[13] else None
    return Person(
        row[0], row[1], row[2], role, row[4], tuple(row[5]), row[6], row[7], profile, row[8], row[9], row[10], row[11],
        row[12],
    )  # fmt: skip


def denied(names: Sequence[str]) -> frozenset[Capability]:
    """What a profile takes away, from its row."""
    # A release that knows fewer words than the database leaves out what it has no door for.
    known = {one.value for one in Capability}
    return frozenset(Capability(name) for name in names if name in known)


def people(connection: Connection) -> list[Person]:
    """Everybody with a login in this organisation, by name."""
    return [_person(row) for row in connection.execute(_PEOPLE)]


def one(connection: Connection, person_id: UUID) -> Person | None:
    """One person; None when there is nobody of that id."""
    row = connection.execute(_PEOPLE.where(_p.id == person_id)).one_or_none()
    return _person(row) if row else None


def me(connection: Connection) -> Person | None:
    """The person this connection was opened by; None when the account was closed, locked, or has no password yet."""
    row = connection.execute(_PEOPLE.where(_p.id == func.clinicdesk.my_person())).one_or_none()
    return _person(row) if row else None


def by_login(connection: Connection, login: str) -> Person | None:
    """The person of a login name; None when nobody has it."""
    row = connection.execute(_PEOPLE.where(_p.login == login)).one_or_none()
    return _person(row) if row else None


def last_sign_ins(connection: Connection) -> dict[UUID, dt.datetime]:
    """When each person signed in last, for those who ever did."""
    return {row[0]: row[1] for row in connection.execute(_LAST_SEEN)}


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


def my_login(connection: Connection) -> str:
    """The login name under which this connection works."""
    return str(connection.execute(_ACCOUNT).scalar_one())


# --- accounts --------------------------------------------------------------------------------------------------------


def add_person(connection: Connection, person_id: UUID, command: AddPerson, made_verifier: str) -> None:
    """Make a person and the login; refused by the database for anybody but an owner."""
    connection.execute(_ADD, _added(person_id, command, made_verifier, None, None))


def invite_person(
    connection: Connection, person_id: UUID, command: InvitePerson, made_verifier: str, expires: dt.datetime
) -> None:
    """Make a person whose login a code opens until `expires`."""
    connection.execute(_ADD, _added(person_id, command, made_verifier, command.profile_id, expires))


def _added(
    person_id: UUID,
    command: AddPerson | InvitePerson,
    made_verifier: str,
    profile_id: UUID | None,
    expires: dt.datetime | None,
) -> dict[str, Any]:
    return {
        "id": person_id,
        "login": command.login,
        "name": command.name,
        "role": command.role,
        "verifier": made_verifier,
        "clinics": list(command.clinic_ids),
        "hue": command.hue,
        "profile": profile_id,
        "code_expires": expires,
    }


def lock(connection: Connection, person_id: UUID) -> int | None:
    """Keep others from changing this person until the end of the transaction; the version, None for nobody."""
    found: int | None = connection.execute(_LOCK, {"person": person_id}).scalar_one_or_none()
    return found


def last_change(connection: Connection, person_id: UUID) -> tuple[int, str, dt.datetime]:
    """The version somebody's row is at, and who made it when."""
    row = connection.execute(_LAST_CHANGE, {"person": person_id}).one()
    return row[0], row[1], row[2]


def name_person(connection: Connection, person_id: UUID, name: str, hue: int) -> None:
    """Call somebody this, in this colour."""
    connection.execute(_NAME, {"person": person_id, "name": name, "hue": hue})


def set_access(connection: Connection, command: SetAccess) -> None:
    """Give somebody this role, this profile and these clinics; keys of clinics that are left go."""
    asked = {
        "person": command.person_id,
        "role": command.role,
        "profile": command.profile_id,
        "clinics": list(command.clinic_ids),
    }
    connection.execute(_SET_ACCESS, asked)


def reset_access(
    connection: Connection, person_id: UUID, made_verifier: str, expires: dt.datetime, wrapped: Sequence[WrappedKey]
) -> None:
    """Put a code in the place of somebody's password, with the keys as the code wraps them."""
    asked = {
        "person": person_id,
        "verifier": made_verifier,
        "expires": expires,
        "keys": [key for key, _blob in wrapped],
        "wrapped": [blob for _key, blob in wrapped],
    }
    connection.execute(_RESET, asked)


def close_person(connection: Connection, person_id: UUID) -> None:
    """End an account: its rights, its sessions and its login."""
    connection.execute(text("SELECT clinicdesk.close_person(:person)"), {"person": person_id})


def unlock_person(connection: Connection, person_id: UUID) -> None:
    """Let somebody try their password again."""
    connection.execute(text("SELECT clinicdesk.unlock_person(:person)"), {"person": person_id})


def end_connections(connection: Connection, person_id: UUID) -> None:
    """End what somebody has open. It asks no transaction, so what it follows from has to be committed."""
    connection.execute(text("SELECT clinicdesk.end_connections(:person)"), {"person": person_id})


# --- one's own password and keys -------------------------------------------------------------------------------------


def my_invitation(connection: Connection) -> tuple[str, list[WrappedKey]] | None:
    """The name of whoever has only a code, and their keys as the code wraps them; None when the code is over."""
    rows = connection.execute(_INVITATION).all()
    if not rows:
        return None
    return rows[0][1], [(row[3], bytes(row[4])) for row in rows if row[3] is not None]


def choose_password(connection: Connection, made_verifier: str, wrapped: Sequence[WrappedKey]) -> None:
    """Put a password of one's own in place, and every key under it."""
    keys, blobs = [key for key, _blob in wrapped], [blob for _key, blob in wrapped]
    connection.execute(_CHOOSE, {"verifier": made_verifier, "keys": keys, "wrapped": blobs})


def keep_wrapped_key(connection: Connection, key_id: UUID, person_id: UUID, kind: str, wrapped: bytes) -> None:
    """Keep a data key wrapped for a person; one's own in place of an older one of the same kind."""
    connection.execute(_KEEP_KEY, {"key": key_id, "person": person_id, "kind": kind, "wrapped": wrapped})


def wrapped_keys(connection: Connection, kind: str = "password") -> list[tuple[UUID, UUID | None, int, bytes]]:
    """This person's keys: the key's id, its clinic (None: the shared register), its version, and the wrapping.

    Read by an administrator they are everybody's.
    """
    k, w = t.data_key, t.wrapped_key
    rows = connection.execute(
        select(k.c.id, k.c.clinic_id, k.c.key_version, w.c.wrapped)
        .join(w, w.c.data_key_id == k.c.id)
        .where(w.c.kind == kind, k.c.retired_at.is_(None))
    )
    return [(row[0], row[1], row[2], bytes(row[3])) for row in rows]
