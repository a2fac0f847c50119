"""Profiles as rows: what each takes away from its role, and how many people have it."""

import datetime as dt
from uuid import UUID

from sqlalchemy import Connection, delete, func, insert, select, text, update

from clinicdesk.domain.staff import Profile, Role, SaveProfile
from clinicdesk.storage import tables as t
from clinicdesk.storage.staff import denied

_P = t.profile.c
_PROFILES = select(_P.id, _P.name, _P.role, _P.denied, _P.version).order_by(func.lower(_P.name))
_LAST_CHANGE = text(
    "SELECT p.version, coalesce(w.name, ''), p.updated_at FROM clinicdesk.profile p"
    " LEFT JOIN clinicdesk.person w ON w.id = p.updated_by WHERE p.id = :profile"
)


def profiles(connection: Connection) -> list[Profile]:
    """Every profile, by name."""
    return [Profile(row[0], row[1], Role(row[2]), denied(row[3]), row[4]) for row in connection.execute(_PROFILES)]


def profile(connection: Connection, profile_id: UUID) -> Profile | None:
    """One profile; None when it is gone."""
    return next((one for one in profiles(connection) if one.id == profile_id), None)


def add(connection: Connection, profile_id: UUID, command: SaveProfile) -> None:
    """Make a profile."""
    values = {"id": profile_id, "name": command.name, "role": command.role, "denied": sorted(command.denied)}
    connection.execute(insert(t.profile), values)


def change(connection: Connection, command: SaveProfile) -> bool:
    """Change name and contents; False when the row is of another version or gone."""
    changed = connection.execute(
        update(t.profile)
        .where(_P.id == command.id, _P.version == command.seen_version)
        .values(name=command.name, denied=sorted(command.denied))
    )
    return changed.rowcount == 1


def remove(connection: Connection, profile_id: UUID, seen_version: int) -> bool:
    """Take it away; False when the row is of another version or gone."""
    gone = connection.execute(delete(t.profile).where(_P.id == profile_id, _P.version == seen_version))
    return gone.rowcount == 1


def people_with(connection: Connection, profile_id: UUID) -> int:
    """How many have it, those whose account was closed too."""
    asked = select(func.count()).where(t.person.c.profile_id == profile_id)
    return int(connection.execute(asked).scalar_one())


def last_change(connection: Connection, profile_id: UUID) -> tuple[int, str, dt.datetime] | None:
    """The version a profile is at, and who made it when; None when it is gone."""
    row = connection.execute(_LAST_CHANGE, {"profile": profile_id}).one_or_none()
    return (row[0], row[1], row[2]) if row else None
