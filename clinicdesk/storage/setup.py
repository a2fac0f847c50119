"""Making a clinic's database: roles, tables, the first organisation, its keys and its first owner."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import Connection, exists, insert, select, text, update

from clinicdesk.domain.clinics import Clinic
from clinicdesk.storage import tables as t
from clinicdesk.storage.engine import Engine, make_engine
from clinicdesk.storage.migrate import current_revision, expected_revision, upgrade
from clinicdesk.storage.roles import create_database, database_exists, drop_database, prepare_cluster

_MAKING = 0x6D616B65  # one number for every program that makes a clinic on this server


@contextmanager
def making_alone(admin: Mapping[str, str]) -> Iterator[None]:
    """Keep whoever else would make a clinic waiting; a program that dies lets go, because its connection ends."""
    with psycopg.connect(**_arguments(admin), autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_MAKING])
        yield


def make_database(admin: Mapping[str, str], name: str) -> None:
    """Make an empty database of this program's revision. `admin` reaches the database `postgres` as administrator."""
    with psycopg.connect(**_arguments(admin), autocommit=True) as connection:
        prepare_cluster(connection)
        create_database(connection, name)
    try:
        upgrade({**admin, "dbname": name})
    except BaseException:
        remove_database(admin, name)
        raise


def has_database(admin: Mapping[str, str], name: str) -> bool:
    """Whether the server has a database of that name."""
    with psycopg.connect(**_arguments(admin), autocommit=True) as connection:
        return database_exists(connection, name)


def is_blank(admin: Mapping[str, str], name: str) -> bool:
    """Whether a database of this program's revision stands ready with nothing in it."""
    if not has_database(admin, name):
        return False
    with psycopg.connect(**_arguments({**admin, "dbname": name}), autocommit=True) as connection:
        if current_revision(connection) != expected_revision():
            return False
        return connection.execute("SELECT FROM clinicdesk.organisation LIMIT 1").fetchone() is None


def has_people(admin: Mapping[str, str], name: str) -> bool:
    """Whether anybody has a login in a database; its tables may not be there yet."""
    with psycopg.connect(**_arguments({**admin, "dbname": name}), autocommit=True) as connection:
        if connection.execute("SELECT to_regclass('clinicdesk.person')").fetchone() == (None,):
            return False
        return connection.execute("SELECT FROM clinicdesk.person LIMIT 1").fetchone() is not None


def remove_database(admin: Mapping[str, str], name: str) -> None:
    """Remove a database with all that is in it and the logins that belong to it."""
    with psycopg.connect(**_arguments(admin), autocommit=True) as connection:
        drop_database(connection, name)


def admin_engine(admin: Mapping[str, str], name: str) -> Engine:
    """Connections that act for the owner of the data folder; they are the server's administrator."""
    return make_engine({**admin, "dbname": name}, "setup")


def act_as_table_owner(connection: Connection) -> None:
    """For the rest of the transaction, be the role that owns the tables, and under its policies."""
    connection.execute(text("SET LOCAL ROLE cd_schema"))


def act_as_oneself(connection: Connection) -> None:
    """For the rest of the transaction, be the login that connected again."""
    connection.execute(text("SET LOCAL ROLE NONE"))


def may_found(connection: Connection) -> bool:
    """Whether this login may make the first clinic: with the first person that ends for every login."""
    return bool(connection.execute(text("SELECT pg_has_role(session_user, 'cd_founder', 'USAGE')")).scalar_one())


def is_peopled(connection: Connection) -> bool:
    """Whether anybody has a login in this database; asked as the tables' owner."""
    return bool(connection.execute(select(exists().select_from(t.person))).scalar_one())


def insert_organisation(connection: Connection, organisation_id: UUID, name: str) -> None:
    """The one organisation of a database."""
    connection.execute(insert(t.organisation), {"id": organisation_id, "name": name})


def insert_clinic(connection: Connection, organisation_id: UUID, clinic: Clinic, slug: str, position: int = 0) -> None:
    """A clinic with its scheduling policy."""
    connection.execute(
        insert(t.clinic),
        {
            "id": clinic.id,
            "organisation_id": organisation_id,
            "name": clinic.name,
            "slug": slug,
            "cnpj": clinic.cnpj,
            "zone": clinic.zone,
            "state": clinic.state,
            "city": clinic.city,
            "address": clinic.address,
            "phone": clinic.phone,
            "email": clinic.email,
            "position": position,
        },
    )
    policy = clinic.policy
    connection.execute(
        insert(t.scheduling_policy),
        {
            "clinic_id": clinic.id,
            "slot_duration_minutes": policy.slot_duration_minutes,
            "min_advance_hours": policy.min_advance_hours,
            "max_advance_days": policy.max_advance_days,
            "max_daily_appointments": policy.max_daily_appointments,
            "max_daily_overbookings": policy.max_daily_overbookings,
            "late_cancellation_hours": policy.late_cancellation_hours,
        },
    )


def tie_professional(connection: Connection, professional_id: UUID, person_id: UUID) -> None:
    """Say that a professional is the person of a login."""
    connection.execute(update(t.professional).where(t.professional.c.id == professional_id).values(person_id=person_id))


def insert_data_key(connection: Connection, key_id: UUID, clinic_id: UUID | None) -> None:
    """The row that stands for a data key; the key itself is only ever kept wrapped."""
    connection.execute(insert(t.data_key), {"id": key_id, "clinic_id": clinic_id})


def insert_wrapped_key(connection: Connection, key_id: UUID, person_id: UUID, kind: str, wrapped: bytes) -> None:
    """A data key as its first owner may open it."""
    values = {"data_key_id": key_id, "person_id": person_id, "kind": kind, "wrapped": wrapped}
    connection.execute(insert(t.wrapped_key), values)


def tell_server_unit(connection: Connection) -> None:
    """Have the unit beside a clinic's server look at what there is to do."""
    connection.execute(text("NOTIFY clinicdesk_server"))


def _arguments(conninfo: Mapping[str, str]) -> dict[str, Any]:
    return dict(conninfo)
